"""The deadline primitive, and a date counted from another: defined once, for every engine."""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Sequence
from datetime import MAXYEAR, date

from tthc_rules.law.civil import date_of, day_of
from tthc_rules.law.dossier import OwnTime
from tthc_rules.law.facts import Facts
from tthc_rules.law.rule import FOREVER, ROLLED, DateNode, EachWithin, Outcome
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
    elif node.amount == 0 and node.backwards:
        day = base
    else:
        # No workdays after a day: that workday, or the first one after a day off.
        # Backwards from a day off counts from the workday before it: the target day itself is not counted.
        before = calendar.idx[at - 1] + 1 if node.backwards or node.amount == 0 else calendar.idx[at]
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
"""The earliest and the latest moment at which a time can end, as day and minute; one moment where the hour is known, or
does not matter: a time that is counted in days ends with its last day."""


def ends_after(node: DateNode, facts: Facts) -> Ends | None:
    """When a time that is counted from a moment ends: the node's own, or what sector law says in its place."""
    day, minute = facts.dates.get(node.base), facts.minutes.get(node.base, -1)
    if day is None:
        return None
    own = None if node.unless_limit is None else facts.own_times.get(node.unless_limit)
    if node.unless_limit is not None and own is not None:
        return own_ends(own, node.unless_limit in ROLLED, day, minute, facts)
    if node.unit == "work_hour":
        return _hours_ends(day, minute, node.amount, facts)
    if node.unit == "office_day":
        return _office_ends(day, minute, node.amount, facts)
    last = counted(node, day, facts.calendar)
    return None if last is None else _end_of(last)


def own_ends(own: OwnTime, rolls: bool, day: int, minute: int, facts: Facts) -> Ends | None:
    """When a time of sector law ends that began at this moment."""
    if own.unit == "work_hour" and own.amount:
        return _hours_ends(day, minute, own.amount, facts)
    last = last_day(own, rolls, day, facts.calendar)
    return None if last is None else _end_of(last)


def _end_of(day: int) -> Ends:
    return (day, 1440), (day, 1440)


def _hours_ends(day: int, minute: int, amount: int, facts: Facts) -> Ends | None:
    found = [
        hours_after(day, at, amount, facts.hours, facts.calendar)
        for at in ((minute,) * 2 if minute >= 0 else (0, 1440))
    ]
    return None if found[0] is None or found[1] is None else (found[0], found[1])


def _office_ends(day: int, minute: int, amount: int, facts: Facts) -> Ends | None:
    """The end of the office day in which a moment falls, or of one so many workdays later."""
    found = [office_day(day, at, amount, facts) for at in ((minute,) * 2 if minute >= 0 else (0, 1440))]
    return None if found[0] is None or found[1] is None else ((found[0], 1440), (found[1], 1440))


def office_day(day: int, minute: int, amount: int, facts: Facts) -> int | None:
    """The workday in which a moment falls, the next one where the office has closed by then; so many workdays on."""
    (before, shift_of, shifts), calendar = facts.hours, facts.calendar
    if not before or not calendar.base < day < calendar.last:
        return None
    at = day - calendar.base
    place = calendar.idx[at] + amount
    if before[at + 1] == before[at] or minute >= shifts[shift_of[at] * 4 + 3]:
        place += 1
    return calendar.nth[place] if place < len(calendar.nth) else None


def last_day(own: OwnTime, rolls: bool, day: int, calendar: Calendar) -> int | None:
    """The last day of a time: counted like a limit, and with it moved off a day off, or as it is written."""
    if not calendar.base < day <= calendar.last:
        return None
    at, last = day - calendar.base, day
    match own.unit:
        case "workday" | "work_hour":
            if own.amount == 0 and not rolls:
                return day
            place = calendar.idx[at] + own.amount if own.amount else calendar.idx[at - 1] + 1
            return calendar.nth[place] if place < len(calendar.nth) else None
        case "calendar_day":
            last += own.amount
        case "week":
            last += 7 * own.amount
        case "month":
            last = months_after(day, own.amount)
        case "year":
            last = months_after(day, 12 * own.amount)
    if last > calendar.last:
        return None
    if not rolls:
        return last
    place = calendar.idx[last - calendar.base - 1] + 1
    return calendar.nth[place] if place < len(calendar.nth) else None


def months_after(day: int, months: int) -> int:
    """The corresponding day so many months later, or the last day of that month; far where there is no such year."""
    then = date_of(day)
    years, month = divmod(then.month - 1 + months, 12)
    if then.year + years > MAXYEAR:
        return FOREVER
    longest = monthrange(then.year + years, month + 1)[1]
    return day_of(date(then.year + years, month + 1, min(then.day, longest)))


def returned(way: EachWithin, facts: Facts) -> Outcome:
    """Whether every file that went back did so in time; the worst counts."""
    own = None if way.unless_limit is None else facts.own_times.get(way.unless_limit)
    if way.unless_limit is None or own is None:
        return "met" if facts.slowest_return <= way.amount else "met_late"
    said: Outcome = "met"
    for start, asked in facts.returns:
        ends = own_ends(own, way.unless_limit in ROLLED, start.day, start.minute, facts)
        at = 0 if ends is None else within(ends, asked.day, asked.minute)
        if at > 0:
            return "met_late"
        if at == 0:
            said = "undetermined"
    return said


def within(ends: Ends, day: int, minute: int) -> int:
    """An event against such an end: -1 in time, 1 late, 0 where a day without an hour decides."""
    if (day, 1439 if minute < 0 else minute) <= ends[0]:
        return -1
    return 1 if (day, max(minute, 0)) > ends[1] else 0


def past(ends: Ends, as_of: int) -> int:
    """The end of a day against such an end: 1 past it, -1 before it, 0 where that is not known."""
    return 1 if (as_of, 1440) > ends[1] else -1 if (as_of, 1440) <= ends[0] else 0
