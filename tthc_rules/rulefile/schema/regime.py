"""The shape of the clock of a regime."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    Field,
    StrictInt,
)

from tthc_rules.law.rule import Role
from tthc_rules.rulefile.schema.parts import (
    CitationPart,
    Effective,
    FormatNumber,
    Id,
    Instrument,
    InterpretationPart,
    LabelPart,
    Part,
    SnakeName,
)


class SupplementPart(Part):
    """What a request for a supplement after acceptance does, once the file is back: restart at zero, or pause."""

    effect: Literal["restart", "pause"]


class CutoffPart(Part):
    """So many hours before the office closes on a workday: «01 giờ trước khi kết thúc giờ hành chính»."""

    amount: Annotated[StrictInt, Field(ge=1, le=4)]
    unit: Literal["work_hour"]


class StartsPart(Part):
    """What starts the clock: the first such event at or after the acceptance, and until when it counts on its own day.

    `cutoff_before_close`: a start within so many hours before the office closes, or later on that workday, counts as
    one of the next workday; `at_cutoff` says whether the very first of these minutes is one of them.
    """

    event: Literal["dossier_accepted", "slip_sent"] = "dossier_accepted"
    cutoff_before_close: CutoffPart | None = None
    at_cutoff: Literal["next_workday", "same_day"] = "next_workday"


class StepsPart(Part):
    """The clauses by which each agency has a due date of its own; the due dates themselves are in the dossier."""

    agencies: tuple[CitationPart, ...] = Field(min_length=1)
    opinions: tuple[CitationPart, ...] = Field(min_length=1)


class ResultPart(Part):
    """Who has to return the result by the due date: the unit, the role that answers, and why it does."""

    owed_by: Literal["handling_agency", "one_stop_unit"] = "handling_agency"
    role: Role
    citations: tuple[CitationPart, ...] = Field(min_length=1)


class ClockFile(Part):
    format: FormatNumber
    clock: SnakeName
    label: LabelPart
    effective: Effective
    instrument: Instrument
    ended_by: Instrument | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    interpretations: tuple[InterpretationPart, ...] = ()
    beside: SnakeName | None = None
    """The family whose rules govern these dossiers too, but for those of the same id here."""
    calendar: Id
    supplement: SupplementPart
    starts: StartsPart = StartsPart()
    filed_elsewhere_starts: Literal["dossier_accepted", "received_by_competent_agency"] = "dossier_accepted"
    pause_counts: Literal["first_day", "last_day"] = "first_day"
    receipt_on_day_off: Literal["event_day", "next_workday"] = "event_day"
    steps: StepsPart | None = None
    result: ResultPart | None = None
    due_soon: Annotated[StrictInt, Field(ge=0, le=30)] = 2
    note: LabelPart | None = None
