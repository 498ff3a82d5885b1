"""Duties of units and their heads: schema -> law."""

from __future__ import annotations

from typing import Final, assert_never

from tthc_rules.law.civil import day_of
from tthc_rules.law.unit_duty import (
    AfterRequest,
    Office,
    OnBreach,
    Once,
    OnEvent,
    OnLateness,
    OnPetition,
    Periodic,
    Target,
    ToEstablish,
    UnitDuty,
    WhenOwed,
    Within,
)
from tthc_rules.rulefile import complaints, schema
from tthc_rules.rulefile.resolve.naming import Naming, citations, evidence, in_force, unseen

_BY_EVENT: Final = (
    schema.PeriodicPart, schema.OncePart, schema.OnLatenessPart, schema.AfterRequestPart, schema.OnEventPart,
)  # fmt: skip
"""What only an event of the unit fulfils; the others are counted or looked up."""
_NO_WAY: Final = Once(0)
"""Stands where a file was complained of; no rulebook is made of it."""


class UnitResolver(Naming):
    """Resolves a duty of a unit, and who holds an office."""

    __slots__ = ()

    def unit_duty(self, part: schema.UnitDutyFile, version: str, source: str) -> UnitDuty:
        if len(part.ways) != 1:
            self.complain(complaints.one_of(*schema.WAYS), ("unit_duty",))
        best = evidence(part.citations)
        self.allowed(best, [(part.class_, ("class",))])
        found = " ".join(f"{one.id} {one.label.vi} {one.label.en}" for one in part.establishes)
        note = "" if part.note is None else f"{part.note.vi} {part.note.en}"
        self.no_discipline(f"{part.unit_duty} {part.label.vi} {part.label.en} {found} {note}")
        if not part.event and any(isinstance(way, _BY_EVENT) for way in part.ways):
            self.complain(complaints.one_of("event"), ("unit_duty",))
        ways = [self._way(way) for way in part.ways]
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
            ways[0] if ways else _NO_WAY,
            part.seed_rows,
            source,
            tuple(ToEstablish(one.id, one.label.model_dump(), citations(one.citations)) for one in part.establishes),
            part.if_fact or "",
            part.unless_fact or "",
            part.law_rows,
            None if part.note is None else part.note.model_dump(),
            unseen(part.instrument),
        )

    def _way(self, part: schema.WhenOwedPart) -> WhenOwed:
        match part:
            case schema.PeriodicPart():
                return Periodic(part.every, part.at_least, part.before, part.before_means == "strict")
            case schema.OncePart():
                return self._once(part)
            case schema.TargetPart():
                return self._target(part)
            case schema.OnLatenessPart():
                return OnLateness(part.also, part.within_days, part.each or "", part.counts == "subordinates")
            case schema.AfterRequestPart():
                return AfterRequest(part.event, part.metric or "", part.every, part.periods, part.margin)
            case schema.OnBreachPart():
                return OnBreach(part.of, part.counts == "subordinates", part.roles)
            case schema.OnEventPart():
                return OnEvent(part.kinds, _within(part.within))
            case schema.OnPetitionPart():
                return _on_petition(part)
            case _:
                assert_never(part)

    def _once(self, part: schema.OncePart) -> Once:
        """The last compliant day: «trước ngày» is strict unless read otherwise."""
        if part.by is not None and part.before is None:
            return Once(day_of(part.by))
        if part.before is not None and part.by is None:
            return Once(day_of(part.before) - (part.before_means == "strict"))
        self.complain(complaints.one_of("by", "before"), ("once",))
        return _NO_WAY

    def _target(self, part: schema.TargetPart) -> Target:
        if part.above is not None and part.at_least is None:
            return Target(part.of, part.above, is_strict=True)
        if part.at_least is not None and part.above is None:
            return Target(part.of, part.at_least, is_strict=False)
        self.complain(complaints.one_of("above", "at_least"), ("target",))
        return Target(part.of, 0, is_strict=False)

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
