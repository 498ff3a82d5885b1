"""Ways of counting that give a stop of the clock another effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, assert_never

from tthc_rules.law import clock
from tthc_rules.law.habits.count import STOPPING, LawfulCount
from tthc_rules.law.habits.kinds import ByStops, Counted, HabitDue
from tthc_rules.law.habits.lengths import HOURS_OF_A_DAY

_OPENING: Final[dict[int, int]] = {
    clock.PAUSED: clock.RESUMED,
    clock.SUPPLEMENT_REQUESTED: clock.SUPPLEMENT_RECEIVED,
    clock.PAYMENT_AWAITED: clock.PAYMENT_RECEIVED,
    clock.OPINION_REQUESTED: clock.OPINION_RECEIVED,
}
"""What stops a clock, and what lets it go on."""


def by_stops(count: LawfulCount, habit: ByStops) -> HabitDue | None:
    """What another effect of its stops gives; nothing for a dossier that nothing has stopped."""
    stops = [place for place in range(count.start + 1, _end(count)) if _stops(count, place)]
    if count.start < 0 or not stops:
        return None
    days = tuple(dict.fromkeys(count.asked.timeline.day[place] for place in stops))
    due = _counted(count, habit)
    return None if due is None else HabitDue(habit, due, days)


def _counted(count: LawfulCount, habit: ByStops) -> Counted | None:
    regimes = count.asked.regimes
    pauses, restarts = ([effect] * len(regimes.supplement) for effect in (clock.BY_PAUSE, clock.BY_RESTART))
    match habit:
        case "stops_ignored":
            return count.unstopped.lawful
        case "pause_for_restart":
            return count.recounted(regimes=replace(regimes, supplement=pauses))
        case "restart_for_pause":
            return count.recounted(regimes=replace(regimes, supplement=restarts))
        case "waited_calendar_days":
            return _waited_calendar_days(count)
        case "waited_hours":
            if count.unit != clock.WORKDAY or not count.amount:
                return None
            hours = HOURS_OF_A_DAY * count.amount
            return count.with_limit(hours, clock.WORK_HOUR, regimes=replace(regimes, supplement=pauses))
        case "pause_begins_counted":
            return count.recounted(regimes=replace(regimes, pause=[clock.LAST_DAY_COUNTS] * len(regimes.pause)))
        case "last_pause_only":
            return _last_only(count)
        case "pause_when_overdue":
            return _while_overdue(count)
        case _:
            assert_never(habit)


def _end(count: LawfulCount) -> int:
    """The place where the dossier ends, or behind its last event."""
    end = count.out[clock.O_END]
    return len(count.asked.timeline.kind) if end < 0 else end


def _stops(count: LawfulCount, place: int) -> bool:
    """Whether an event may stop this clock."""
    line, awaits = count.asked.timeline, count.asked.columns[3]
    match line.kind[place]:
        case clock.PAUSED | clock.EXCLUDED:
            return True
        case clock.SUPPLEMENT_REQUESTED:
            return not line.flags[place] & clock.BEFORE_APPRAISAL
        case clock.PAYMENT_AWAITED:
            return bool(awaits & clock.WAITS_PAYMENT)
        case clock.OPINION_REQUESTED:
            return bool(awaits & clock.WAITS_OPINION)
        case _:
            return False


def _waits(count: LawfulCount, *kinds: int) -> Iterator[tuple[int, int]]:
    """The days from which and to which something was waited for, of those waits that ended."""
    line = count.asked.timeline
    since: dict[int, int] = {}
    for place in range(count.start + 1, _end(count)):
        kind, day = line.kind[place], line.day[place]
        if kind in kinds and _stops(count, place):
            since.setdefault(_OPENING[kind], day)
        elif kind in since:
            yield since.pop(kind), day


def _waited_calendar_days(count: LawfulCount) -> Counted | None:
    """For each supplement: the calendar days that were waited, less one, and then one workday."""
    due, calendar = count.unstopped.lawful, count.asked.calendar
    waits = list(_waits(count, clock.SUPPLEMENT_REQUESTED))
    if due is None or not waits or count.is_in_hours:
        return None
    day = due.day
    for since, until in waits:
        moved = day + until - since - 1
        if not calendar.base <= moved < calendar.until:
            return None
        day = calendar.nth[calendar.idx[moved - calendar.base] + 1]
    return Counted(day)


def _last_only(count: LawfulCount) -> Counted | None:
    """Of several stops only the last."""
    line = count.asked.timeline
    opened = [
        place for place in range(count.start + 1, _end(count)) if line.kind[place] in _OPENING and _stops(count, place)
    ]
    if len(opened) < 2:
        return None
    before = [place for place in range(count.start + 1, opened[-1]) if line.kind[place] in STOPPING]
    return LawfulCount.of(count.known, count.without(before), count.today).lawful


def _while_overdue(count: LawfulCount) -> Counted | None:
    """A stop that began when the dossier was due or late, taken off as any other: by law it changes nothing."""
    lawful, calendar = count.lawful, count.asked.calendar
    if lawful is None:
        return None
    day, moved = lawful.day, False
    for since, until in _waits(count, *_OPENING):
        if since >= lawful.day and until < calendar.until:
            moved = True
            if count.unit in (clock.WORKDAY, clock.WORK_HOUR):
                place = calendar.idx[day - calendar.base] + calendar.idx[until - calendar.base]
                day = calendar.nth[place - calendar.idx[since - calendar.base]]
            else:
                day = calendar.nth[calendar.idx[day + until - since - 1 - calendar.base] + 1]
    return Counted(day, lawful.minute) if moved else None
