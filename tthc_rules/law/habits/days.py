"""Ways of counting that know other days: another calendar, another first day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, assert_never

from tthc_rules.law import clock
from tthc_rules.law.civil import date_of
from tthc_rules.law.corpus import HoursTable
from tthc_rules.law.habits.count import LawfulCount
from tthc_rules.law.habits.kinds import ByCalendar, ByStart, Counted, HabitDue
from tthc_rules.law.outcome import months_after

OFF: Final = frozenset({"public_holiday", "compensatory_off", "swapped_off"})
MAKEUP: Final = "makeup_workday"
_MOVED: Final = frozenset({"compensatory_off", "swapped_off", MAKEUP})
"""What is announced year by year, and no recurring holiday gives."""

FIXED: Final = HoursTable("fixed-of-a-system", (), (("01-01", "12-31", ((420, 690), (810, 1020))),), ())
"""7:00–11:30 and 13:30–17:00: office hours that a system has written into its code."""
_CLOSING: Final = 1020
_TO_CLOSING: Final = HoursTable("fixed-of-a-system-to-17:00", (), (("01-01", "12-31", ((420, 690), (810, 1021))),), ())
"""The same for a clock that asks whether the office has closed: at 17:00 itself it has not."""


def by_calendar(count: LawfulCount, habit: ByCalendar) -> HabitDue | None:
    """What another calendar gives; nothing where the two agree on every day up to the lawful due date."""
    lawful = count.lawful
    if lawful is None or count.start < 0:
        return None
    first = count.asked.timeline.day[count.start]
    turned = {day: works for day, works in _turned(count, habit).items() if day >= first}
    parts = tuple(sorted(day for day in turned if day <= lawful.day))
    if not parts:
        return None
    due = count.due_with(turned)
    if due is not None and due.day > lawful.day:
        parts = tuple(sorted(day for day in turned if day <= due.day))
    return None if due is None else HabitDue(habit, due, parts)


def _turned(count: LawfulCount, habit: ByCalendar) -> Mapping[int, bool]:
    """The days that this calendar has otherwise: worked, or off."""
    special = count.special
    match habit:
        case "holidays_forgotten":
            return {day: True for day, kind in special.items() if kind in OFF and _is_of_week(count, day)}
        case "makeup_missed":
            return {day: False for day, kind in special.items() if kind == MAKEUP}
        case "weekends_only":
            return {day: kind != MAKEUP for day, kind in special.items() if kind == MAKEUP or _is_of_week(count, day)}
        case "past_holidays_forgotten":
            gone = (day for day, kind in special.items() if kind in OFF and day < count.today)
            missed = (day for day, kind in special.items() if kind == MAKEUP)
            return {**{day: True for day in gone if _is_of_week(count, day)}, **dict.fromkeys(missed, False)}
        case "start_year_only":
            year = date_of(count.asked.timeline.day[count.start]).year
            later = {day: kind for day, kind in special.items() if kind in _MOVED and date_of(day).year > year}
            return {day: kind != MAKEUP for day, kind in later.items() if kind == MAKEUP or _is_of_week(count, day)}
        case "older_calendar":
            return _as_known(count, count.asked.timeline.day[count.start])
        case "newer_calendar":
            return _as_known(count, count.asked.known_on)
        case _:
            assert_never(habit)


def _as_known(count: LawfulCount, day: int) -> Mapping[int, bool]:
    """The days that the calendar known on that day has otherwise than the one by which the law counts here."""
    here, first = count.asked.calendar, count.asked.timeline.day[count.start]
    other = here.law.known_on(min(day, count.asked.known_on))
    lawful = count.lawful
    if other is here or lawful is None:
        return {}
    days = range(max(first, here.base), min(lawful.day + 30, here.last) + 1)
    works = ((day, other.works[day - other.base]) for day in days)
    return {day: bool(worked) for day, worked in works if worked != here.works[day - here.base]}


def _is_of_week(count: LawfulCount, day: int) -> bool:
    """Whether it is a day of the working week."""
    return date_of(day).weekday() not in count.asked.calendar.law.weekend


def by_start(count: LawfulCount, habit: ByStart) -> HabitDue | None:
    """What another first day gives."""
    if count.start < 0 or count.lawful is None:
        return None
    first = count.asked.timeline.day[count.last_start]
    due: Counted | None
    match habit:
        case "start_day_counted":
            due = _start_counted(count, first)
        case "day_off_start_moved":
            due = None if _works(count, first) else _from_next_workday(count, first)
        case "after_hours_start_moved":
            due = _after_hours(count, first)
        case _:
            assert_never(habit)
    return None if due is None else HabitDue(habit, due, (first,))


def _start_counted(count: LawfulCount, first: int) -> Counted | None:
    """The day of the last start as the first of the limit: one day less to count, where it is a day that counts."""
    amount, unit = count.amount, count.unit
    match unit:
        case clock.WORKDAY if amount and _works(count, first):
            return count.with_limit(amount - 1, clock.WORKDAY)
        case clock.CALENDAR_DAY if amount:
            length = amount
        case clock.WEEK if amount:
            length = 7 * amount
        case clock.MONTH | clock.YEAR if amount:
            length = months_after(first, amount if unit == clock.MONTH else 12 * amount) - first
        case _:
            return None
    return count.with_limit(length - 1, clock.CALENDAR_DAY)


def _from_next_workday(count: LawfulCount, first: int) -> Counted | None:
    """As if it had been received on the next workday; in working hours at the clock time at which it was."""
    asked = count.asked
    if not count.is_in_hours:
        receipt = [clock.NEXT_WORKDAY] * len(asked.regimes.receipt)
        return count.recounted(regimes=replace(asked.regimes, receipt=receipt))
    line, place, calendar = asked.timeline, count.last_start, asked.calendar
    moved = calendar.nth[calendar.idx[first - calendar.base] + 1]
    if place + 1 < len(line.day) and line.day[place + 1] < moved:
        return None
    days = [moved if at == place else day for at, day in enumerate(line.day)]
    return count.recounted(timeline=replace(line, day=days))


def _after_hours(count: LawfulCount, first: int) -> Counted | None:
    """As if what came after 17:00 had been received on the next workday: one workday more."""
    asked, calendar = count.asked, count.asked.calendar
    if asked.timeline.minute[count.last_start] <= _CLOSING or not _works(count, first):
        return None
    if count.is_in_hours:
        lawful = count.lawful
        return lawful and Counted(calendar.nth[calendar.idx[lawful.day - calendar.base] + 1], lawful.minute)
    cutoff = [0] * len(asked.regimes.cutoff)
    hours = count.known.hours_of(_TO_CLOSING, calendar)
    return count.recounted(regimes=replace(asked.regimes, cutoff=cutoff), hours=hours)


def _works(count: LawfulCount, day: int) -> bool:
    calendar = count.asked.calendar
    return calendar.base <= day <= calendar.last and bool(calendar.works[day - calendar.base])
