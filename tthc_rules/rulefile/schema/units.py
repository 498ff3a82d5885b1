"""The shape of duties of a unit or its head."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import (
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
)

from tthc_rules.law.rule import Consequence, Role
from tthc_rules.law.unit_duty import PetitionKind, PetitionSubject
from tthc_rules.rulefile.schema.parts import (
    CitationPart,
    FormatNumber,
    Instrument,
    InterpretationPart,
    LabelPart,
    LawDate,
    MonthDay,
    Part,
    SnakeName,
    SpanPart,
)


class PeriodicPart(Part):
    """So often in every period; `before` names the days (MM-DD) before which, and says how «trước ngày» is read."""

    every: Literal["month", "quarter", "half_year", "year"]
    at_least: Annotated[StrictInt, Field(ge=1, le=100)] = 1
    before: tuple[MonthDay, ...] = ()
    before_means: Literal["strict", "inclusive"] = "strict"


class OncePart(Part):
    """Once, by a last day (`by`), or before a day (`before`, as «trước ngày» is read)."""

    by: LawDate | None = None
    before: LawDate | None = None
    before_means: Literal["strict", "inclusive"] = "strict"


class TargetPart(Part):
    """A share that a unit must reach: `above` is strict, `at_least` is not; hundredths."""

    of: StrictStr
    above: Annotated[StrictInt, Field(ge=0, le=100)] | None = None
    at_least: Annotated[StrictInt, Field(ge=0, le=100)] | None = None


class OnLatenessPart(Part):
    """Caused by any late dossier of the unit, or by what `also` names; `within_days` is configuration, no clause."""

    also: tuple[StrictStr, ...] = ()
    within_days: Annotated[StrictInt, Field(ge=1, le=3650)] | None = None
    each: Literal["month"] | None = None
    counts: Literal["own", "subordinates"] = "own"


class AfterRequestPart(Part):
    """Told to correct, and no change: `metric`, `every`, `periods` and `margin` are configuration, no clause."""

    event: StrictStr
    metric: StrictStr | None = None
    every: Literal["month", "quarter", "half_year", "year"] = "month"
    periods: Annotated[StrictInt, Field(ge=1, le=60)] | None = None
    margin: Annotated[StrictInt, Field(ge=0, le=100)] = 0


class OnBreachPart(Part):
    """Caused by any breach that is found in the unit's dossiers, or by any late dossier; nothing discharges it."""

    of: Literal["breach", "late"] = "breach"
    counts: Literal["own", "subordinates"] = "own"
    roles: tuple[Role, ...] = ()


class WithinPart(Part):
    """So many workdays after an event, its day not counted; `ahead`: at least so many workdays before it."""

    amount: Annotated[StrictInt, Field(ge=0, le=3650)]
    unit: Literal["workday"] = "workday"
    ahead: StrictBool = False


class OnEventPart(Part):
    """Caused by each such event of the unit, to be answered within so many days of it; without `within`, undated."""

    kinds: tuple[SnakeName, ...] = Field(min_length=1)
    within: WithinPart | None = None


class OnPetitionPart(Part):
    """Caused by each petition: within so many days of `after`, one of `by`; `releases` end the duty undone.

    `if_made`: judged only where the event of `by` is there. `waiting` says what the asking for more does to the days.
    """

    after: PetitionKind = "petition_received"
    by: tuple[PetitionKind, ...] = Field(min_length=1)
    within: WithinPart | None = None
    about: tuple[PetitionSubject, ...] = ()
    competent: StrictBool | None = None
    releases: tuple[PetitionKind, ...] = ()
    if_made: StrictBool = False
    waiting: Literal["counts", "pause", "restart"] = "counts"


WhenOwedPart = (
    PeriodicPart
    | OncePart
    | TargetPart
    | OnLatenessPart
    | AfterRequestPart
    | OnBreachPart
    | OnEventPart
    | OnPetitionPart
)
WAYS: Final = (
    *("periodic", "once", "target", "on_lateness", "after_request", "on_breach"),
    *("on_event", "on_petition"),
)
"""Their keys."""


class ToEstablishPart(Part):
    """What a competent person must establish before anything follows, and where a text says so."""

    id: SnakeName
    label: LabelPart
    citations: tuple[CitationPart, ...] = Field(min_length=1)


class UnitDutyFile(Part):
    """A duty of a unit or its head: periodic, once, on lateness, or a share to reach; computed from unit events."""

    format: FormatNumber
    unit_duty: SnakeName
    label: LabelPart
    effective: SpanPart
    instrument: Instrument
    ended_by: Instrument | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    interpretations: tuple[InterpretationPart, ...] = ()
    owed_by: tuple[StrictStr, ...] = Field(min_length=1)
    to: StrictStr | None = None
    role: Role
    class_: Consequence = Field(alias="class")
    event: StrictStr | None = None
    recipients: tuple[StrictStr, ...] = ()
    periodic: PeriodicPart | None = None
    once: OncePart | None = None
    target: TargetPart | None = None
    on_lateness: OnLatenessPart | None = None
    after_request: AfterRequestPart | None = None
    on_breach: OnBreachPart | None = None
    on_event: OnEventPart | None = None
    on_petition: OnPetitionPart | None = None
    establishes: tuple[ToEstablishPart, ...] = ()
    if_fact: SnakeName | None = None
    unless_fact: SnakeName | None = None
    seed_rows: tuple[StrictStr, ...] = ()
    law_rows: tuple[SnakeName, ...] = ()
    note: LabelPart | None = None

    @property
    def ways(self) -> tuple[WhenOwedPart, ...]:
        """What it says of when it is owed: one of them, as `resolve` asks."""
        parts: tuple[WhenOwedPart | None, ...] = (
            self.periodic,
            self.once,
            self.target,
            self.on_lateness,
            self.after_request,
            self.on_breach,
            self.on_event,
            self.on_petition,
        )
        return tuple(part for part in parts if part is not None)


class OfficeFile(Part):
    """By whom a post is held, by law, at which level: one version of it."""

    format: FormatNumber
    office: SnakeName
    label: LabelPart
    effective: SpanPart
    instrument: Instrument
    ended_by: Instrument | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    role: Role
    levels: tuple[SnakeName, ...] = Field(min_length=1)
    law_rows: tuple[SnakeName, ...] = ()
    note: LabelPart | None = None
