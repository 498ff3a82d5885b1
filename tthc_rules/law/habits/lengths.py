"""Ways of counting that know another length: another unit, other office hours, another limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from tthc_rules.law import clock
from tthc_rules.law.codes import CHANNELS
from tthc_rules.law.corpus import HoursTable
from tthc_rules.law.habits.count import LawfulCount
from tthc_rules.law.habits.days import FIXED
from tthc_rules.law.habits.kinds import WHOLE_DAY, ByHours, ByLength, ByLimit, Counted, HabitDue
from tthc_rules.law.known import DEFAULT_HOURS, entry_among
from tthc_rules.law.limits import limit_columns, limit_of

HOURS_OF_A_DAY: Final = 8
_DEFAULT_HOURS: Final = 2
"""The limit that a system gives to a procedure without one."""
_QUARTER: Final = 15
_AFTERNOON: Final = 810
_AT_1130: Final = 690
_AT_3: Final = 180
ALL_DAY: Final = HoursTable("all-day", (), (("01-01", "12-31", ((0, 720), (720, 1440))),), ())
FAILED: Final = -719162
"""0001-01-01: what a calculation that failed leaves behind."""
_OF_DAYS: Final = (clock.CALENDAR_DAY, clock.WEEK, clock.MONTH, clock.YEAR)


def by_length(count: LawfulCount, habit: ByLength) -> HabitDue | None:
    """What another unit of the limit gives."""
    if count.start < 0 or not count.amount:
        return None
    amount, unit = count.amount, count.unit
    due: Counted | None = None
    match habit:
        case "calendar_days_for_workdays":
            if unit == clock.WORKDAY:
                due = count.with_limit(amount, clock.CALENDAR_DAY)
        case "workdays_for_days":
            if unit in _OF_DAYS:
                due = count.with_limit(amount, clock.WORKDAY)
        case "days_of_24_hours":
            due = _around_the_clock(count)
        case "days_off_added_once":
            due = _days_off_added(count)
        case "eight_hour_day":
            if unit == clock.WORKDAY:
                due = count.with_limit(HOURS_OF_A_DAY * amount, clock.WORK_HOUR, FIXED)
            elif unit == clock.WORK_HOUR and amount % HOURS_OF_A_DAY == 0:
                due = count.with_limit(amount // HOURS_OF_A_DAY, clock.WORKDAY)
        case _:
            assert_never(habit)
    return None if due is None else HabitDue(habit, due)


def _around_the_clock(count: LawfulCount) -> Counted | None:
    """Every day and every hour counts, and nothing is moved off a day off."""
    if count.lawful is None:
        return None
    every = count.with_days({}, every=True)
    if count.unit == clock.WORKDAY:
        columns = (count.amount, clock.CALENDAR_DAY, -1, count.asked.columns[3])
        return count.by_calendar(every, columns=columns)
    return count.by_calendar(every, ALL_DAY)


def _days_off_added(count: LawfulCount) -> Counted | None:
    """The limit in calendar days and, once, a day for each day off in it; the added days are not looked at."""
    if count.unit != clock.WORKDAY or count.out[clock.O_STOPS] or count.lawful is None:
        return None
    calendar, first = count.asked.calendar, count.asked.timeline.day[count.last_start]
    plain = first + count.amount
    off = count.amount - (calendar.idx[plain - calendar.base] - calendar.idx[first - calendar.base])
    return Counted(plain + off)


def by_hours(count: LawfulCount, habit: ByHours) -> HabitDue | None:
    """What other office hours give to a limit in working hours."""
    lawful = count.lawful
    if count.start < 0 or not count.is_in_hours or lawful is None:
        return None
    due: Counted | None = None
    match habit:
        case "fixed_hours":
            due = count.with_limit(count.amount, clock.WORK_HOUR, FIXED)
        case "default_hours":
            default = count.known.corpus.hours.get(DEFAULT_HOURS)
            if default is not None and default.id != count.table.id:
                due = count.with_limit(count.amount, clock.WORK_HOUR, default)
        case "lunch_ignored":
            due = _through_lunch(count)
        case "rounded_to_quarter":
            due = Counted(lawful.day, -(-lawful.minute // _QUARTER) * _QUARTER)
        case "wrong_at_1130":
            line = count.asked.timeline
            if count.amount == 1 and line.minute[count.last_start] == _AT_1130:
                due = Counted(line.day[count.last_start], _AT_3)
        case _:
            assert_never(habit)
    return None if due is None else HabitDue(habit, due)


def _through_lunch(count: LawfulCount) -> Counted | None:
    """By the fixed hours, what runs over into another day counted from its morning on through the lunch break."""
    due = count.with_limit(count.amount, clock.WORK_HOUR, FIXED)
    if due is None or due.minute <= _AFTERNOON or due.day == count.asked.timeline.day[count.last_start]:
        return None
    return Counted(due.day, due.minute - (_AFTERNOON - _AT_1130))


def by_limit(count: LawfulCount, habit: ByLimit) -> Iterator[HabitDue]:
    """What another limit gives: that of another way of filing, the one a system has by default, or none at all."""
    match habit:
        case "other_channel":
            yield from _of_other_channels(count)
        case "two_hours":
            is_hours = (count.amount, count.unit) == (_DEFAULT_HOURS, clock.WORK_HOUR)
            if count.start >= 0 and not is_hours:
                due = count.unstopped.with_limit(_DEFAULT_HOURS, clock.WORK_HOUR, FIXED)
                if due is not None:
                    yield HabitDue(habit, due)
        case "failed":
            yield HabitDue(habit, Counted(FAILED, WHOLE_DAY))
        case _:
            assert_never(habit)


def _of_other_channels(count: LawfulCount) -> Iterator[HabitDue]:
    """By the limit of each other way of filing that the catalogue has for this procedure, place and day."""
    dossier, asked = count.asked.dossier, count.asked
    rows = count.known.corpus.catalogue.get(dossier.procedure or "", ())
    if not rows or count.start < 0:
        return
    day, own = asked.timeline.day[count.start], dossier.channel or "in_person"
    limits = {
        channel: limit_of(entry_among(rows, channel, dossier.jurisdiction, day, asked.known_on)) for channel in CHANNELS
    }
    seen = {asked.columns, limit_columns(limits.pop(own))}
    for channel, limit in limits.items():
        columns = limit_columns(limit)
        if columns in seen:
            continue
        seen.add(columns)
        hours = count.known.hours_of(count.table, asked.calendar) if columns[1] == clock.WORK_HOUR else asked.hours
        due = count.recounted(columns=columns, hours=hours)
        if due is not None:
            yield HabitDue("other_channel", due, channel=channel, limit=limit)
