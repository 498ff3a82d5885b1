"""The deadline primitive, and a date counted from another: defined once, for every engine."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from tthc_rules.law.facts import Facts
from tthc_rules.law.rule import DateNode, Outcome
from tthc_rules.law.workdays import Calendar


def deadline(done: int | None, due: int | None, as_of: int) -> Outcome:
    """Whether an event met its due date, as far as that can be said on `as_of`; days since 1970-01-01.

    `done` is the event's day if it exists on `as_of`. An event that is not there has not happened; a due date that is
    not given is unknown.
    """
    if due is None:
        return "undetermined"
    if done is not None:
        return "met" if done <= due else "met_late"
    return "missed" if as_of > due else "pending"


def counted(node: DateNode, base: int | None, calendar: Calendar) -> int | None:
    """A date counted from another one, or nothing where that is not known or lies outside the calendar."""
    if base is None or not calendar.base < base <= calendar.last:
        return None
    at = base - calendar.base
    if node.unit == "calendar_day":
        day = base - node.amount if node.backwards else base + node.amount
    elif node.amount == 0:
        day = base
    else:
        # Backwards from a day off counts from the workday before it: the target day itself is not counted.
        before = calendar.idx[at - 1] + 1 if node.backwards else calendar.idx[at]
        place = before - node.amount if node.backwards else before + node.amount
        if not 0 < place < len(calendar.nth):
            return None
        day = calendar.nth[place]
    if not calendar.base <= day <= calendar.last:
        return None
    return calendar.nth[calendar.idx[day - calendar.base]] if node.rolled_back else day


def hours_after(
    day: int, minute: int, amount: int, hours: tuple[Sequence[int], Sequence[int], Sequence[int]], calendar: Calendar
) -> tuple[int, int] | None:
    """The day and minute at which so many office hours have passed since a moment, or nothing beyond the calendar."""
    before, shift_of, shifts = hours
    if not before or not calendar.base <= day < calendar.last:
        return None
    at = day - calendar.base
    target, h = before[at] + amount * 60, shift_of[at] * 4
    if before[at + 1] > before[at]:
        for slot in (h, h + 2):
            target += max(0, min(minute, shifts[slot + 1]) - shifts[slot])
    if target > before[-1]:
        return None
    at = bisect_left(before, target) - 1
    rest, h = target - before[at], shift_of[at] * 4
    morning = shifts[h + 1] - shifts[h]
    return calendar.base + at, shifts[h] + rest if rest <= morning else shifts[h + 2] + rest - morning


Ends = tuple[tuple[int, int], tuple[int, int]]
"""The earliest and the latest moment at which a time in working hours can end; one moment where the hour is known."""


def ends_after(node: DateNode, facts: Facts) -> Ends | None:
    """When so many working hours after the first submission end."""
    day = facts.dates.get(node.base)
    if day is None:
        return None
    known = facts.submitted_minute >= 0
    found = [
        hours_after(day, minute, node.amount, facts.hours, facts.calendar)
        for minute in ((facts.submitted_minute,) * 2 if known else (0, 1440))
    ]
    return None if found[0] is None or found[1] is None else (found[0], found[1])


def within(ends: Ends, day: int, minute: int) -> int:
    """An event against such an end: -1 in time, 1 late, 0 where a day without an hour decides."""
    if (day, 1439 if minute < 0 else minute) <= ends[0]:
        return -1
    return 1 if (day, max(minute, 0)) > ends[1] else 0


def past(ends: Ends, as_of: int) -> int:
    """The end of a day against such an end: 1 past it, -1 before it, 0 where that is not known."""
    return 1 if as_of >= ends[1][0] else -1 if as_of < ends[0][0] else 0
