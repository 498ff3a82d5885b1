"""The shape of duties and limits of dossiers, and of what a place adds to them or excepts from them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    Tag,
)

from tthc_rules.law.dossier import TimeOfDay
from tthc_rules.law.rule import (
    Addressee,
    Consequence,
    CountsAs,
    OwnTimeName,
    Role,
    Since,
    StatedField,
    UnitThatOwes,
)
from tthc_rules.rulefile.schema.parts import (
    Channel,
    CitationPart,
    Continued,
    Effective,
    FormatNumber,
    Instrument,
    InterpretationPart,
    LabelPart,
    Part,
    SnakeName,
    SpanPart,
    by_key,
)


class BeforeDate(Part):
    """So many days before another date; `rolled_back` moves a day off back to the workday before it."""

    before: StrictStr
    amount: Annotated[StrictInt, Field(ge=0, le=400)]
    unit: Literal["workday", "calendar_day"]
    last_day_off: Literal["as_written", "rolled_back"] = "as_written"


class AfterDate(Part):
    """So many days after another date, the first day not counted; `amount: 0` is that same day, in workdays the first
    one on or after it.

    `work_hour`: so many working hours after the first submission, by the minute. `office_day`: so many workdays after
    the one in which the first submission falls, which is the next workday where the office had closed.
    `unless_limit`: where the limit of the dossier gives this time, it is counted in its place.
    """

    after: StrictStr
    amount: Annotated[StrictInt, Field(ge=0, le=400)]
    unit: Literal["workday", "calendar_day", "work_hour", "office_day"]
    unless_limit: OwnTimeName | None = None


class DeadlinePart(Part):
    """An event (or the first of several) against a due date; `since` may be what raised the duty.

    `for_other_level`: these events count as well where the file is for an authority of another level.
    """

    event: StrictStr | Annotated[tuple[StrictStr, ...], Field(min_length=1)]
    since: Since = "acceptance"
    due: StrictStr | None = None
    for_other_level: tuple[StrictStr, ...] = ()


class DeadlineIsPart(Part):
    deadline: SnakeName
    is_: tuple[Literal["met", "met_late", "missed"], ...] = Field(alias="is", min_length=1)


class EventSeenPart(Part):
    event: StrictStr
    since: Literal["acceptance", "last_start"] = "acceptance"


class NoEventPart(Part):
    """True while there is no such event."""

    no_event: StrictStr


class OtherLevelPart(Part):
    """True for files of an authority of another level."""

    other_level: Literal[True]


class ChannelPart(Part):
    channel: tuple[Channel, ...] = Field(min_length=1)


class FieldPart(Part):
    """True for dossiers of one of these fields (lĩnh vực), whatever their case and blanks; one that names none: not."""

    field: tuple[Annotated[StrictStr, Field(pattern=r"\S", max_length=200)], ...] = Field(min_length=1)


class ReceivedPart(Part):
    """`until: "15:00"`: on a workday up to and including that hour; `after: "15:00"`: later, or on a day off."""

    received: ReceivedHour


class ReceivedHour(Part):
    until: TimeOfDay | None = None
    after: TimeOfDay | None = None


class ReappointmentPart(Part):
    reappointment: Literal["stands"]


ConditionPart = Annotated[
    Annotated[EventSeenPart, Tag("<event>")]
    | Annotated[NoEventPart, Tag("<no_event>")]
    | Annotated[OtherLevelPart, Tag("<other_level>")]
    | Annotated[ChannelPart, Tag("<channel>")]
    | Annotated[FieldPart, Tag("<field>")]
    | Annotated[ReceivedPart, Tag("<received>")]
    | Annotated[ReappointmentPart, Tag("<reappointment>")],
    by_key("event", "no_event", "other_level", "channel", "field", "received", "reappointment"),
]


DatePart = Annotated[
    Annotated[BeforeDate, Tag("<before>")] | Annotated[AfterDate, Tag("<after>")], by_key("before", "after")
]


class StatesPart(Part):
    """The event must state these fields; `form: apology_slip` and `attached` must be so, not only stated."""

    event: Literal["apology_sent"]
    since: Literal["acceptance", "last_start"] = "acceptance"
    fields: tuple[StatedField, ...] = Field(min_length=1)
    which: Literal["first", "any"] = "first"


class EachWithinPart(Part):
    """Each such event within so many workdays of the start (acceptance, or the restart) that it follows.

    `unless_limit`: where the limit of the dossier gives this time, it is counted in their place.
    """

    event: Literal["supplement_requested"]
    amount: Annotated[StrictInt, Field(ge=0, le=400)]
    unit: Literal["workday"]
    unless_limit: OwnTimeName | None = None


class NotBeforePart(Part):
    """The event that raised the duty lies after that date."""

    event: Literal["dossier_closed"]
    date: StrictStr


class ByDatePart(Part):
    """One of these events by that date."""

    event: tuple[StrictStr, ...] = Field(min_length=1)
    by: StrictStr


class ObligationPart(Part):
    """Who owes what to whom; one of `discharged_by`, `states`, `each_within`, `not_before` says what fulfils it.

    `or_by` fulfils it as well, if it comes by the date; `waived_by` makes it not owed. `counts_as: apology`: accounts
    count a late dossier as apologised for, or not, by this duty. `hour_unknown`: the date that would bind had the file
    been received after the hour; where no hour was recorded both are asked, and their common outcome stands.
    """

    id: SnakeName
    owed_by: UnitThatOwes
    to: Addressee
    when: DeadlineIsPart | None = None
    discharged_by: SnakeName | None = None
    states: StatesPart | None = None
    each_within: EachWithinPart | None = None
    not_before: NotBeforePart | None = None
    or_by: ByDatePart | None = None
    waived_by: ByDatePart | None = None
    counts_as: CountsAs | None = None
    hour_unknown: StrictStr | None = None


class LimitPart(Part):
    id: SnakeName
    counts: Literal["supplement_requests", "reappointments"]
    at_most: Annotated[StrictInt, Field(ge=1, le=2)]


class ResponsibilityPart(Part):
    """Who answers, by role. `class` is what a competent person may do with it; no class is a sanction."""

    for_: SnakeName = Field(alias="for")
    if_: tuple[Literal["missed", "met_late", "broken"], ...] = Field(alias="if", min_length=1)
    role: Role
    unit: UnitThatOwes
    class_: Consequence = Field(alias="class")


class ExamplePart(Part):
    """Facts in, outcomes out: checked each time the rules are checked."""

    name: StrictStr
    given: dict[StrictStr, StrictStr | StrictInt | StrictBool | None]
    expect: dict[StrictStr, StrictStr | None]


class RuleFile(Part):
    """A duty or a limit of the one-stop decrees, one version of it."""

    format: FormatNumber
    rule: SnakeName
    label: LabelPart
    effective: Effective
    instrument: Instrument
    ended_by: Instrument | None = None
    continues: Continued | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    interpretations: tuple[InterpretationPart, ...] = ()
    applies_if: tuple[ConditionPart, ...] = ()
    dates: dict[SnakeName, DatePart] = Field({})
    deadlines: dict[SnakeName, DeadlinePart] = Field({})
    obligations: tuple[ObligationPart, ...] = ()
    limits: tuple[LimitPart, ...] = ()
    responsibilities: tuple[ResponsibilityPart, ...] = ()
    examples: tuple[ExamplePart, ...] = ()
    seed_rows: tuple[StrictStr, ...] = ()
    law_rows: tuple[SnakeName, ...] = ()
    note: LabelPart | None = None


class RepealFile(Part):
    """Says that a rule is law no more (or not yet again) from one day on: a gap must be stated, never left."""

    format: FormatNumber
    repealed: SnakeName
    effective: Effective
    instrument: Instrument
    ended_by: Instrument | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    note: LabelPart | None = None


class ExceptionPart(Part):
    """«Trừ trường hợp…»: the duty is not owed where all these conditions hold."""

    duty: SnakeName
    label: LabelPart
    if_: tuple[ConditionPart, ...] = Field(alias="if", min_length=1)


class OverlayFile(Part):
    """A local act that adds who answers for a national duty, or excepts from it; it never replaces it."""

    format: FormatNumber
    overlay: SnakeName
    label: LabelPart
    effective: SpanPart
    instrument: Instrument
    ended_by: Instrument | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    adds: tuple[ResponsibilityPart, ...] = ()
    excepts: tuple[ExceptionPart, ...] = ()
    seed_rows: tuple[StrictStr, ...] = ()
    note: LabelPart | None = None
