"""How a time limit came to its due date: each day from the start on, and what it was worth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tthc_rules.law import clock
from tthc_rules.law.asked import Asked
from tthc_rules.law.civil import date_of
from tthc_rules.law.dossier import TimeLimit
from tthc_rules.law.workdays import Calendar, Day

Worth = Literal["counted", "start", "same_day", "after_cutoff", "day_off", "stopped", "moved"]
"""What a day was worth: it counts; it is the day of the start, which does not; it is the day itself, or the workday
after one, of a limit of zero; received too late for that; it is a day off; the clock was stopped; the last day was a
day off and the due date moved past it."""
Span = tuple[int, int]
STEP: Final = 15 << 20
"""Where a mark says what the event did to the clock."""


@dataclass(frozen=True, slots=True)
class DayCounted:
    """One day on the way."""

    day: Day
    worth: Worth
    number: int | None = None
    """Which day of the limit it is; of a limit in working hours nothing."""
    hours: tuple[Span, ...] = ()
    """Of a limit in working hours: from which minute to which it counts."""


def next_workday(calendar: Calendar, day: int) -> int:
    """The first workday after that day."""
    return calendar.nth[calendar.idx[day - calendar.base] + 1]


def days_counted(asked: Asked, out: Sequence[int], mark: Sequence[int], stops: Sequence[Span]) -> list[DayCounted]:
    """Each day from the last start to the lawful due date, as far as the calendar knows; none without a due date.

    `out`, `mark` and `stops` are what the clock answered.
    """
    return _counted(asked, out, mark, stops, out[clock.O_LAWFUL_DAY])


def days_waited(asked: Asked, out: Sequence[int], mark: Sequence[int], stops: Sequence[Span]) -> list[DayCounted]:
    """The same of a dossier whose clock is stopped: each day from the last start to the day that was asked about."""
    if not out[clock.O_PAUSED]:
        return []
    waits, since = 0, -1
    for at, done in enumerate(mark):
        step = done & STEP
        if step == clock.STEP_OPEN:
            since = at if waits == 0 else since
            waits += 1
        elif step in (clock.STEP_PAUSE, clock.STEP_RESTART):
            waits = 0 if step == clock.STEP_RESTART else waits - 1
    line = asked.timeline
    open_stop = (line.day[since], asked.as_of)
    if isinstance(asked.limit, TimeLimit) and asked.limit.unit == "work_hour":
        open_stop = (open_stop[0] * 1440 + max(line.minute[since], 0), (asked.as_of + 1) * 1440)
    return _counted(asked, out, mark, [*stops, open_stop], asked.as_of)


def _counted(
    asked: Asked, out: Sequence[int], mark: Sequence[int], stops: Sequence[Span], due: int
) -> list[DayCounted]:
    start, limit, calendar = out[clock.O_LAST_START], asked.limit, asked.calendar
    if start < 0 or due == clock.NONE or not isinstance(limit, TimeLimit):
        return []
    first = asked.timeline.day[start]
    days = [calendar.day(date_of(day)) for day in range(first, min(due, calendar.until) + 1)]
    if limit.unit == "work_hour" and limit.amount:
        minute = out[clock.O_LAWFUL_MINUTE] if due == out[clock.O_LAWFUL_DAY] else 1440
        return list(_by_the_hour(asked, out, stops, days, due * 1440 + minute))
    begun = next_workday(calendar, first) if mark[start] & clock.FROM_NEXT_WORKDAY else first
    by_workday, count, counted = limit.unit == "workday" or not limit.amount, 0, []
    for number, day in enumerate(days, first):
        worth: Worth = "counted"
        if number < begun or (number == begun and limit.amount):
            worth = "start" if number in (first, begun) else "day_off"
        elif _within(number, stops):
            worth = "stopped"
        elif by_workday and not day.is_workday:
            worth = "day_off"
        elif not limit.amount:
            worth = "same_day" if number == due else "after_cutoff"
        elif not by_workday and due == out[clock.O_LAWFUL_DAY] and number > out[clock.O_UNROLLED]:
            worth = "moved"
        else:
            count += 1
        counted.append(DayCounted(day, worth, count if worth == "counted" else None))
    return counted


def _by_the_hour(
    asked: Asked, out: Sequence[int], stops: Sequence[Span], days: Iterable[Day], due: int
) -> Iterator[DayCounted]:
    """The hours of each day that count: those that the office is open, after the start, up to the minute it is due."""
    start = out[clock.O_LAST_START]
    first = asked.timeline.day[start]
    begun = first * 1440 + max(asked.timeline.minute[start], 0)
    _, timetable, shifts = asked.hours
    for number, day in enumerate(days, first):
        midnight = number * 1440
        at = timetable[number - asked.calendar.base] * 4
        office = [(midnight + shifts[k], midnight + shifts[k + 1]) for k in (at, at + 2)] if day.is_workday else []
        left = [(max(a, begun), min(b, due)) for a, b in office]
        for after, until in stops:
            left = [part for a, b in left for part in ((a, min(b, after)), (max(a, until), b))]
        hours = tuple((a - midnight, b - midnight) for a, b in left if a < b)
        worth: Worth = "counted"
        if not hours:
            worth = "day_off" if not day.is_workday else "start" if number == first else "stopped"
        yield DayCounted(day, worth, None, hours)


def _within(day: int, stops: Iterable[Span]) -> bool:
    return any(after < day <= until for after, until in stops)
