"""Duties of units and their heads over a period, three-valued: what is not recorded is not known.

Not recorded becomes «missed» only where the caller declares the log of that kind of event complete for those days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, assert_never

from tthc_rules.account.causes import each_cause, events_answered, petitions_answered
from tthc_rules.account.ground import ANY_KIND, WORST, DutyItem, Ground
from tthc_rules.account.indicators import Value
from tthc_rules.account.inputs import UnitEvent
from tthc_rules.account.period import Period, ending_in, next_period, period_of
from tthc_rules.law.civil import date_of, day_of
from tthc_rules.law.inforce import pick
from tthc_rules.law.unit_duty import (
    AfterRequest,
    OnBreach,
    Once,
    OnEvent,
    OnLateness,
    OnPetition,
    Periodic,
    Target,
    UnitDuty,
)


def duty_items(duties: Mapping[str, Sequence[UnitDuty]], ground: Ground) -> Iterator[DutyItem]:
    """Every duty that binds the unit in the period, window by window."""
    for name in sorted(duties):
        versions = [d for d in duties[name] if d.is_on and _is_here(d, ground.place)]
        for duty, window in _windows(versions, ground):
            for item in _judge(duty, window, ground):
                bound = _bound(duty, item, ground)
                yield replace(bound, consequence=_class(bound.outcome, duty))


def _bound(duty: UnitDuty, item: DutyItem, ground: Ground) -> DutyItem:
    """Whether the duty binds this unit at all, where a fact that it states decides: not stated is not known."""
    if item.outcome == "not_owed":
        return item
    needed = ground.facts.get(duty.if_fact) if duty.if_fact else None
    if duty.if_fact and needed is None:
        return replace(item, outcome="unknown", reason="no_facts")
    exempt = ground.facts.get(duty.unless_fact) if duty.unless_fact else None
    if (needed is not None and not needed.count) or (exempt is not None and exempt.count):
        return replace(item, outcome="not_owed", reason="not_bound")
    return item


def _class(outcome: str, duty: UnitDuty) -> str | None:
    if outcome in ("missed", "met_late"):
        return duty.consequence
    return "duty_open" if outcome == "pending" else None


def _is_here(duty: UnitDuty, place: str) -> bool:
    family, _, _ = duty.version.rpartition("/")
    return not family.startswith("local/") or family == f"local/{place}"


def _windows(versions: Sequence[UnitDuty], ground: Ground) -> Iterator[tuple[UnitDuty, Period]]:
    """(version, window), each window by the version in force on the window's own last day."""
    for version in versions:
        if ANY_KIND in version.owed_by or ground.kinds & set(version.owed_by):
            for window, day in _asked(version, ground):
                if pick(versions, day, ground.known_on) is version:
                    yield version, window


def _asked(duty: UnitDuty, ground: Ground) -> Iterator[tuple[Period, int]]:
    """The windows of a duty in the period, with the day on which it must be in force."""
    period = ground.period
    match duty.way:
        case Periodic() as way:
            windows = _windows_with_dates(way, period) if way.before else ending_in(period, way.every)
            yield from ((window, window.last) for window in windows)
        case OnLateness(each="month") as way:
            yield from ((window, window.last) for window in ending_in(period, way.each))
        case Once(last_day):
            if last_day in period:
                yield period, last_day
        case Target() if duty.in_force.start <= period.first:
            yield period, period.last
        case OnLateness() if duty.event == "finished":
            yield period, period.last
        case Target() | OnLateness() | AfterRequest() | OnBreach() | OnEvent() | OnPetition():
            last = min(period.last, duty.in_force.known_end(ground.known_on))
            if last in period:
                yield period, last
        case _:
            assert_never(duty.way)


def _windows_with_dates(way: Periodic, period: Period) -> Iterator[Period]:
    """The windows that have a last compliant day in the period, though they may end after it."""
    window = period_of(period.first, way.every)
    while window.first <= period.last:
        if any(day in period for day in _last_days(way, window)):
            yield window
        window = next_period(window)


def _last_days(way: Periodic, window: Period) -> list[int]:
    years = {date_of(window.first).year, date_of(window.last).year}
    named = [day_of(date.fromisoformat(f"{year}-{day}")) for year in sorted(years) for day in _real(way.before, year)]
    return [day - way.before_is_strict for day in named if window.first <= day <= window.last]


def _real(days: Iterable[str], year: int) -> Iterator[str]:
    """29 February is a day of leap years only; in others the last of the month."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (day if day != "02-29" or leap else "02-28" for day in days)


def _judge(duty: UnitDuty, window: Period, ground: Ground) -> Iterator[DutyItem]:
    asked_on = min(window.last, ground.closing, duty.in_force.known_end(ground.known_on))
    item = DutyItem(duty.id, duty.version, window.id, "unknown", asked_on=asked_on)
    match duty.way:
        case Periodic() | OnLateness(each="month") | Target() if window.first < duty.in_force.start:
            yield replace(item, outcome="not_owed", reason="before_in_force")
        case Periodic() as way:
            yield from _periodic(duty, way, window, item, ground)
        case Once(last_day):
            yield _by_day(duty, item, ground.of_kind(duty.event), ground, duty.in_force.start, last_day, None)
        case Target() as way:
            yield _target(way, item, ground)
        case AfterRequest() as way:
            yield _after_request(duty, way, item, ground)
        case OnBreach() as way:
            days = _days_answered_for(duty, way, ground)
            count = sum(count for day, count in days.items() if ground.under(duty, day))
            yield replace(item, outcome="missed" if count else "not_owed", triggers=count, is_finding=True)
        case OnEvent() as way:
            yield from each_cause(item, events_answered(duty, way, ground), ground)
        case OnPetition() as way:
            yield from each_cause(item, petitions_answered(duty, way, ground), ground)
        case OnLateness() as way:
            yield _lateness(duty, way, window, item, ground)
        case _:
            assert_never(duty.way)


# -- periodic, once ----------------------------------------------------------------------------------------------------


def _periodic(duty: UnitDuty, way: Periodic, window: Period, item: DutyItem, ground: Ground) -> Iterator[DutyItem]:
    events = [
        event
        for event in ground.of_kind(duty.event)
        if (event.period == window.id if event.period is not None else event.at in window)
    ]
    if not way.before:
        yield _by_day(duty, item, events, ground, window.first, window.last, window.last)
        return
    for last in _last_days(way, window):
        if last in ground.period:
            yield _by_day(duty, item, events, ground, window.first, last, window.last)


def _by_day(
    duty: UnitDuty,
    item: DutyItem,
    events: Sequence[UnitEvent],
    ground: Ground,
    first: int,
    last: int,
    until: int | None,
) -> DutyItem:
    """Done by the last day, after it, or not; where several must be told, the worst of them."""
    has_own_day = not isinstance(duty.way, Periodic) or bool(duty.way.before)
    if not duty.recipients:
        outcome, reason = _one_by_day(duty, events, ground, first, last, until, has_own_day)
    else:
        judged = []
        unnamed = [event for event in events if not event.to]
        for recipient in duty.recipients:
            told = [event for event in events if recipient in event.to]
            outcome, reason = _one_by_day(duty, told, ground, first, last, until, has_own_day)
            if outcome in ("unknown", "missed", "pending") and unnamed:
                outcome, reason = "unknown", "recipient_not_stated"
            judged.append((outcome, reason))
        outcome, reason = min(judged, key=lambda one: WORST.index(one[0]))
    done = tuple(sorted(event.at for event in events))
    return replace(item, outcome=outcome, reason=reason, act_by=last, done=done, asked_on=last)


def _one_by_day(
    duty: UnitDuty,
    events: Sequence[UnitEvent],
    ground: Ground,
    first: int,
    last: int,
    until: int | None,
    has_own_day: bool,
) -> tuple[str, str]:
    needed = duty.way.at_least if isinstance(duty.way, Periodic) else 1
    on_time = [e for e in events if e.at <= last] if has_own_day else list(events)
    if len(on_time) >= needed:
        return "met", ""
    if len(events) >= needed:
        return "met_late", ""
    if ground.as_of <= last:
        return "pending", ""
    if ground.is_complete(duty.event, first, min(ground.as_of, last if until is None else until)):
        return "missed", ""
    return "unknown", "not_recorded"


# -- on lateness -------------------------------------------------------------------------------------------------------


def _capacity(duty: UnitDuty) -> str:
    return "one_stop_unit" if duty.role == "head_of_one_stop_unit" else "handling_agency"


def _lateness(duty: UnitDuty, way: OnLateness, window: Period, item: DutyItem, ground: Ground) -> DutyItem:
    """What lateness gives rise to: a list each month, the head's apology, an end to the backlog, or another answer."""
    if way.each:
        return _each(duty, way, window, item, ground)
    if duty.event == "apology_sent":
        return _apologies(duty, way, item, ground)
    if duty.event == "finished":
        return _backlog(duty, way, item, ground)
    return _each_answered(duty, way, item, ground)


def _each_answered(duty: UnitDuty, way: OnLateness, item: DutyItem, ground: Ground) -> DutyItem:
    """Each cause needs the event on its day or after it: one review answers for all that came before it."""
    causes: Counter[int] = Counter()
    for due, count in ground.triggers.get(_capacity(duty), Counter()).items():
        if ground.under(duty, due + 1):
            causes[due + 1] += count
    if sum(causes.values()) < ground.settings.least_late:
        causes.clear()
    causes.update(_also(duty, way, ground))
    if not causes:
        return replace(item, outcome="not_owed", triggers=0)
    return replace(_all_answered(duty, way, item, causes, ground), triggers=sum(causes.values()))


def _also(duty: UnitDuty, way: OnLateness, ground: Ground) -> list[int]:
    """The days in the period of what gives rise to the duty besides lateness."""
    days = [event.at for event in ground.events if event.kind in way.also]
    return [day for day in days if ground.period.first <= day <= ground.closing and ground.under(duty, day)]


def _all_answered(duty: UnitDuty, way: OnLateness, item: DutyItem, causes: Iterable[int], ground: Ground) -> DutyItem:
    """The worst of what each cause came to, by the events of the unit."""
    done = sorted(event.at for event in ground.of_kind(duty.event))
    days = ground.settings.within_days.get(duty.id, way.within_days)
    outcomes = {_answered(day, done, days, duty, ground) for day in causes}
    outcome, reason = min(outcomes, key=lambda one: WORST.index(one[0]))
    act_by = None if days is None else min(causes) + days
    return replace(item, outcome=outcome, reason=reason, done=tuple(done), act_by=act_by)


def _answered(cause: int, done: Sequence[int], days: int | None, duty: UnitDuty, ground: Ground) -> tuple[str, str]:
    after = next((day for day in done if day >= cause), None)
    if after is not None:
        return ("met" if days is None or after <= cause + days else "met_late"), ""
    if not ground.is_complete(duty.event, cause, ground.as_of):
        return "unknown", "not_recorded"
    return ("missed" if days is not None and ground.as_of > cause + days else "pending"), ""


def _days_answered_for(duty: UnitDuty, way: OnBreach, ground: Ground) -> Counter[int]:
    """The days of what a head answers for as such: breaches, or lateness by its first overdue day."""
    if way.of == "breach":
        return ground.breaches_of(way.roles) if way.roles else ground.breaches
    late = ground.late_below() if way.of_subordinates else ground.triggers.get(_capacity(duty), Counter())
    return Counter({due + 1: count for due, count in late.items()})


def _each(duty: UnitDuty, way: OnLateness, window: Period, item: DutyItem, ground: Ground) -> DutyItem:
    """A list for each month with a late dossier; it may be posted after the month that it is about."""
    if window.first > ground.as_of:
        return replace(item, outcome="not_owed", triggers=0)
    late = ground.late_in(window, way.of_subordinates)
    if late < ground.settings.least_late:
        return replace(item, outcome="not_owed", triggers=late)
    posted = [
        event
        for event in ground.of_kind(duty.event)
        if (event.period == window.id if event.period is not None else event.at in window)
    ]
    judged = _one_by_day(duty, posted, ground, window.first, window.last, window.last, has_own_day=False)
    done = tuple(event.at for event in posted)
    return replace(item, outcome=judged[0], reason=judged[1], triggers=late, done=done, act_by=window.last)


def _apologies(duty: UnitDuty, way: OnLateness, item: DutyItem, ground: Ground) -> DutyItem:
    """The head's apology: for late dossiers what they say of it, for other causes what the unit recorded."""
    found: Counter[str] = Counter()
    for (due, state), count in ground.apologies.items():
        if ground.under(duty, due + 1):
            found[state] += count
    if sum(found.values()) < ground.settings.least_late:
        found.clear()
    also = _also(duty, way, ground)
    judged = [_all_answered(duty, way, item, also, ground)] if also else []
    if found:
        outcome = "missed" if found["no"] else "unknown" if found["unknown"] else "met"
        judged.append(replace(item, outcome=outcome, reason="no_facts" if outcome == "unknown" else ""))
    judged = judged or [replace(item, outcome="not_owed")]
    chosen = min(judged, key=lambda one: WORST.index(one.outcome))
    return replace(chosen, triggers=sum(found.values()) + len(also))


def _backlog(duty: UnitDuty, way: OnLateness, item: DutyItem, ground: Ground) -> DutyItem:
    """Dossiers that stay open past their due date for longer than configured."""
    total = sum(ground.open_since.values())
    if not total:
        return replace(item, outcome="met", triggers=0)
    days = ground.settings.within_days.get(duty.id, way.within_days)
    days = ground.settings.backlog_days if days is None else days
    if days is None:
        return replace(item, outcome="unknown", reason="not_configured", triggers=total)
    old = sum(count for due, count in ground.open_since.items() if ground.closing - due > days)
    return replace(item, outcome="missed" if old else "met", triggers=old)


# -- shares, no change -------------------------------------------------------------------------------------------------


def _target(way: Target, item: DutyItem, ground: Ground) -> DutyItem:
    value = _share_of(way.of, ground)
    done = replace(item, value=value)
    if ground.is_open:
        return replace(done, outcome="pending")
    if value.reason:
        return replace(done, outcome="unknown", reason=value.reason)
    above, below = value.numerator or 0, value.denominator or 0
    is_met = above * 100 > way.percent * below if way.is_strict else above * 100 >= way.percent * below
    return replace(done, outcome="met" if is_met else "missed")


def _share_of(name: str, ground: Ground) -> Value:
    if name == "on_time":
        return ground.measure(ground.settings.on_time, None)
    if name == "early":
        return ground.measure("early_share", None)
    if name == "synced_national" and ground.synced is not None:
        above, below = ground.synced
        return Value(None, "" if below else "zero_denominator", above, below)
    stated = ground.facts.get(name)
    if stated is None or stated.of is None:
        return Value(None, "no_facts")
    return Value(None, "" if stated.of else "zero_denominator", stated.count, stated.of)


def _after_request(duty: UnitDuty, way: AfterRequest, item: DutyItem, ground: Ground) -> DutyItem:
    """Told to correct: is the figure better in one of the next periods? A person considers what follows."""
    made = [e.at for e in ground.events if e.kind == way.event and e.at <= ground.closing]
    requests = [day for day in made if ground.under(duty, day)]
    if not requests:
        return replace(item, outcome="not_owed", triggers=0)
    own = ground.settings.repeat_no_change
    metric, every = (own.metric, own.every) if own else (way.metric, way.every)
    periods, margin = (own.periods, own.margin) if own else (way.periods, way.margin)
    asked = replace(item, triggers=len(requests), done=tuple(requests))
    if not metric or periods is None:
        return replace(asked, outcome="unknown", reason="not_configured")
    base_period = period_of(max(requests), every)
    base = ground.measure(metric, base_period)
    if base.value is None:
        return replace(asked, outcome="unknown", reason=base.reason, value=base)
    return _compared(asked, metric, base_period, base.value, periods, Decimal(margin), ground)


def _compared(
    item: DutyItem, metric: str, base_period: Period, base: Decimal, periods: int, margin: Decimal, ground: Ground
) -> DutyItem:
    following = base_period
    missing = ""
    for _ in range(periods):
        following = next_period(following)
        if following.last > ground.as_of:
            return replace(item, outcome="pending", act_by=following.last)
        value = ground.measure(metric, following)
        if value.value is None:
            missing = value.reason
        elif value.value > base + margin:
            return replace(item, outcome="met", value=value)
    outcome = "unknown" if missing else "missed"
    return replace(item, outcome=outcome, reason=missing)


def item_json(item: DutyItem, person: Sequence[str]) -> dict[str, Any]:
    """A duty of a unit as JSON."""
    return {
        "duty": item.duty,
        "window": item.window,
        "outcome": item.outcome,
        "reason": item.reason or None,
        "class": item.consequence,
        "act_by": None if item.act_by is None else date_of(item.act_by).isoformat(),
        "triggers": item.triggers,
        "done": [date_of(day).isoformat() for day in item.done],
        "persons": list(person),
        **({"is_finding": True} if item.is_finding else {}),
        **({} if item.value is None else {"value": item.value.as_json()}),
        **({} if item.outcomes is None else {"outcomes": dict(item.outcomes), "about": list(item.about)}),
    }
