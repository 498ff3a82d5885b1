"""Duties with a last day of their own for each cause: within so many workdays of an event, or of a petition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from tthc_rules.account.ground import WORST, DutyItem, Ground
from tthc_rules.account.inputs import PETITION
from tthc_rules.account.petitions import LISTED, PetitionClock, judge, name_of
from tthc_rules.law.civil import date_of
from tthc_rules.law.unit_duty import OnEvent, OnPetition, UnitDuty

_YEAR: Final = 366
"""How long before what it announces a notice may have been given, in days."""


def each_cause(item: DutyItem, causes: Iterable[tuple[str, PetitionClock]], ground: Ground) -> Iterator[DutyItem]:
    """The causes whose last day lies in the period, or that have none and began in it: the worst stands for them."""
    period = ground.period
    asked = [(name, one) for name, one in causes if (one.start if one.due is None else one.due) in period]
    if not asked:
        yield replace(item, outcome="not_owed", triggers=0)
        return
    outcomes = Counter(one.outcome for _, one in asked)
    chosen = min((one for _, one in asked), key=lambda one: WORST.index(one.outcome))
    yield replace(
        item,
        outcome=chosen.outcome,
        reason=chosen.reason,
        triggers=len(asked),
        act_by=min(
            (one.due for _, one in asked if one.outcome == chosen.outcome and one.due is not None), default=None
        ),
        done=tuple(sorted(one.done for _, one in asked if one.done is not None)),
        asked_on=chosen.due or chosen.start,
        outcomes=dict(sorted(outcomes.items())),
        about=tuple(name for name, one in asked if one.outcome in ("missed", "unknown", "met_late"))[:LISTED],
    )


def petitions_answered(duty: UnitDuty, way: OnPetition, ground: Ground) -> Iterator[tuple[str, PetitionClock]]:
    """Each petition of the unit that has this clock, and what the clock came to."""
    for at, petition in enumerate(ground.petitions):
        received = petition.received
        if received is None or received > ground.as_of:
            continue
        is_known = ground.is_complete(PETITION, received, ground.as_of)
        judged = judge(way, petition, ground.as_of, is_known, ground.workdays)
        if judged is not None and ground.under(duty, judged.start):
            yield name_of(petition, at), judged


def events_answered(duty: UnitDuty, way: OnEvent, ground: Ground) -> Iterator[tuple[str, PetitionClock]]:
    """Each event of the unit that gives rise to the duty, and whether it was answered in time."""
    for cause in ground.events:
        if cause.kind in way.kinds and ground.under(duty, cause.at):
            done = [e.at for e in ground.of_kind(duty.event) if cause.about is None or e.about == cause.about]
            judged = _ahead if way.within is not None and way.within.ahead else _after
            yield cause.about or date_of(cause.at).isoformat(), judged(cause.at, sorted(done), duty, way, ground)


def _after(cause: int, done: Sequence[int], duty: UnitDuty, way: OnEvent, ground: Ground) -> PetitionClock:
    configured = ground.settings.within_days.get(duty.id)
    due = ground.workdays.after(cause, way.within.amount) if way.within is not None else None
    if way.within is None and configured is not None:
        due = cause + configured
    first = next((day for day in done if day >= cause), None)
    if first is not None:
        return PetitionClock("met" if due is None or first <= due else "met_late", "", cause, due, first)
    if (way.within is None and due is None) or (due is not None and ground.as_of <= due):
        return PetitionClock("pending", "", cause, due, None)
    if due is not None and ground.is_complete(duty.event, cause, ground.as_of):
        return PetitionClock("missed", "", cause, due, None)
    return PetitionClock("unknown", "not_recorded", cause, due, None)


def _ahead(cause: int, done: Sequence[int], duty: UnitDuty, way: OnEvent, ground: Ground) -> PetitionClock:
    """Owed before its cause: a notice that came too late is late, one in the year before it was in time."""
    due = None if way.within is None else ground.workdays.before(cause, way.within.amount)
    first = min((day for day in done if cause - _YEAR <= day <= cause), default=None)
    if first is not None and due is not None:
        return PetitionClock("met" if first <= due else "met_late", "", cause, due, first)
    if due is not None and ground.is_complete(duty.event, cause - _YEAR, cause):
        return PetitionClock("missed", "", cause, due, None)
    return PetitionClock("unknown", "not_recorded", cause, due, None)
