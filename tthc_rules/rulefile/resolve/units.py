"""Duties of units and their heads: schema -> law."""

from __future__ import annotations

from typing import Final

from tthc_rules.law.civil import day_of
from tthc_rules.law.rule import (
    AfterRequest,
    Finding,
    Office,
    OnEvent,
    OnPetition,
    UnitDuty,
    Within,
)
from tthc_rules.rulefile import complaints, schema
from tthc_rules.rulefile.resolve.naming import Naming, citations, evidence, in_force, unseen

_UNIT_WAYS: Final = (
    *("periodic", "once", "target", "on_lateness", "after_request", "on_breach"),
    *("on_event", "on_petition"),
)


class Units(Naming):
    """Resolves a duty of a unit, and who holds an office."""

    __slots__ = ()

    def unit_duty(self, part: schema.UnitDutyFile, version: str, source: str) -> UnitDuty:
        ways = [way for way in _UNIT_WAYS if getattr(part, way) is not None]
        if len(ways) != 1:
            self.complain(complaints.one_of(*_UNIT_WAYS), ("unit_duty",))
        if part.once is not None and (part.once.by is None) == (part.once.before is None):
            self.complain(complaints.one_of("by", "before"), ("once",))
        if part.target is not None and (part.target.above is None) == (part.target.at_least is None):
            self.complain(complaints.one_of("above", "at_least"), ("target",))
        best = evidence(part.citations)
        self.allowed(best, [(part.class_, ("class",))])
        found = " ".join(f"{one.id} {one.label.vi} {one.label.en}" for one in part.establishes)
        self.no_discipline(f"{part.unit_duty} {part.label.vi} {part.label.en} {found}")
        if part.on_event is not None and part.event is None:
            self.complain(complaints.one_of("event"), ("unit_duty",))
        periodic, target, lateness = part.periodic, part.target, part.on_lateness
        share = None if target is None else target.above if target.above is not None else target.at_least
        return UnitDuty(
            part.unit_duty,
            version,
            part.label.model_dump(),
            in_force(part.effective, part.instrument, part.ended_by),
            citations(part.citations),
            self.interpretations(part.interpretations),
            best,
            self.unconfirmed or best != "unconfirmed",
            part.owed_by,
            part.to or "",
            part.role,
            part.class_,
            part.event or "",
            part.recipients,
            "" if periodic is None else periodic.every,
            0 if periodic is None else periodic.at_least,
            () if periodic is None else periodic.before,
            periodic is None or periodic.before_means == "strict",
            _last_day(part.once),
            "" if target is None else target.of,
            share,
            target is not None and target.above is not None,
            lateness is not None,
            () if lateness is None else lateness.also,
            None if lateness is None else lateness.within_days,
            part.seed_rows,
            source,
            "" if lateness is None else lateness.each or "",
            _of_subordinates(part),
            None if part.after_request is None else _after_request(part.after_request),
            part.on_breach is not None,
            "breach" if part.on_breach is None else part.on_breach.of,
            () if part.on_breach is None else part.on_breach.roles,
            None if part.on_event is None else OnEvent(part.on_event.kinds, _within(part.on_event.within)),
            None if part.on_petition is None else _on_petition(part.on_petition),
            tuple(Finding(one.id, one.label.model_dump(), citations(one.citations)) for one in part.establishes),
            part.if_fact or "",
            part.unless_fact or "",
            part.law_rows,
            None if part.note is None else part.note.model_dump(),
            unseen(part.instrument),
        )

    def office(self, part: schema.OfficeFile, version: str, source: str) -> Office:
        return Office(
            part.office,
            version,
            part.label.model_dump(),
            in_force(part.effective, part.instrument, part.ended_by),
            citations(part.citations),
            part.role,
            part.levels,
            source,
            part.law_rows,
        )


def _of_subordinates(part: schema.UnitDutyFile) -> bool:
    return any(way is not None and way.counts == "subordinates" for way in (part.on_lateness, part.on_breach))


def _within(part: schema.WithinPart | None) -> Within | None:
    return None if part is None else Within(part.amount, part.ahead)


def _on_petition(part: schema.OnPetitionPart) -> OnPetition:
    return OnPetition(
        part.after,
        part.by,
        _within(part.within),
        part.about,
        part.competent,
        part.releases,
        part.if_made,
        part.waiting,
    )


def _after_request(part: schema.AfterRequestPart) -> AfterRequest:
    return AfterRequest(part.event, part.metric or "", part.every, part.periods, part.margin)


def _last_day(once: schema.OncePart | None) -> int | None:
    """The last compliant day: «trước ngày» is strict unless read otherwise."""
    if once is None:
        return None
    if once.by is not None:
        return day_of(once.by)
    return None if once.before is None else day_of(once.before) - (once.before_means == "strict")
