"""The shape of every rule file, as a lawyer writes it; `tthc-rules schema` prints it as JSON Schema for editors."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from tthc_rules.law.civil import no_such_day
from tthc_rules.law.dossier import AnyTimeLimit, TimeOfDay
from tthc_rules.law.rule import (
    Addressee,
    Consequence,
    CountsAs,
    PetitionKind,
    PetitionSubject,
    Role,
    StatedField,
    Status,
    UnitThatOwes,
)


def _law_date(value: object) -> date:
    if isinstance(value, str) and len(value) == 10:
        if absent := no_such_day(value):
            raise PydanticCustomError("TR-rule-date", "{said}", {"said": " / ".join(absent)})
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise PydanticCustomError(
        "TR-rule-date", 'ngày phải viết "YYYY-MM-DD" trong ngoặc kép / write a date as "YYYY-MM-DD" in quotes'
    )


LawDate = Annotated[
    date,
    BeforeValidator(_law_date),
    WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]


def _month_day(value: str) -> str:
    try:
        date.fromisoformat(f"2024-{value}")
    except ValueError:
        raise PydanticCustomError("TR-rule-date", "không có ngày MM-DD này / there is no such day MM-DD") from None
    return value


MonthDay = Annotated[StrictStr, Field(pattern=r"^\d{2}-\d{2}$"), AfterValidator(_month_day)]
Name = Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Id = Annotated[StrictStr, Field(pattern=r"^[a-z0-9][a-z0-9_\-]*$", max_length=60)]
Format = Literal[1]
Channel = Literal["in_person", "online", "postal"]


class Part(BaseModel):
    """Any part of a rule file: no key that is not known, nothing changed after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


class Label(Part):
    vi: StrictStr
    en: StrictStr


class CitationPart(Part):
    """Căn cứ. `status`: text = read; secondary = reported; unconfirmed = not seen; design = our choice."""

    document: StrictStr
    article: StrictInt | StrictStr | None = None
    clause: StrictInt | StrictStr | None = None
    point: StrictStr | None = None
    quote: StrictStr | None = None
    quote_source: Literal["ocr"] | None = None
    source: StrictStr | None = None
    status: Status


class InterpretationPart(Part):
    """Cách hiểu: what this file reads, what it could have read, and why; `sets` is the place that it decides."""

    id: Name
    about: Label
    reads: StrictStr
    instead_of: StrictStr
    because: Label
    status: Status
    sets: StrictStr


class AmendedUnseen(Part):
    """Another instrument amended this one from that day on, and nobody has seen how."""

    document: StrictStr
    from_: LawDate = Field(alias="from")


class Instrument(Part):
    """The act that a version stands on; `amended_unseen` says that its wording since a day was not seen."""

    document: StrictStr
    issued_on: LawDate
    amended_unseen: AmendedUnseen | None = None


class Continued(Part):
    """The act that asked the same before, and since when: nothing falls between the two."""

    document: StrictStr
    from_: LawDate = Field(alias="from")


class Effective(Part):
    """From when, to when (last day), and which date of the dossier picks the version."""

    from_: LawDate = Field(alias="from")
    to: LawDate | None = None
    picked_by: Literal["dossier_accepted", "lawful_due", "supplement_requested"]


# -- duties ------------------------------------------------------------------------------------------------------------


class BeforeDate(Part):
    """So many days before another date; `rolled_back` moves a day off back to the workday before it."""

    before: StrictStr
    amount: Annotated[StrictInt, Field(ge=0, le=400)]
    unit: Literal["workday", "calendar_day"]
    last_day_off: Literal["as_written", "rolled_back"] = "as_written"


class AfterDate(Part):
    """So many days after another date, the first day not counted; `amount: 0` is that same day."""

    after: StrictStr
    amount: Annotated[StrictInt, Field(ge=0, le=400)]
    unit: Literal["workday", "calendar_day"]


class DeadlinePart(Part):
    """An event (or the first of several) against a due date."""

    event: StrictStr | tuple[StrictStr, ...]
    since: Literal["acceptance", "last_start"] = "acceptance"
    due: StrictStr | None = None


class DeadlineIsPart(Part):
    deadline: Name
    is_: tuple[Literal["met", "met_late", "missed"], ...] = Field(alias="is", min_length=1)


class EventSeenPart(Part):
    event: StrictStr
    since: Literal["acceptance", "last_start"] = "acceptance"


class ChannelPart(Part):
    channel: tuple[Channel, ...] = Field(min_length=1)


class ReceivedPart(Part):
    """`until: "15:00"`: on a workday up to and including that hour; `after: "15:00"`: later, or on a day off."""

    received: ReceivedHour


class ReceivedHour(Part):
    until: TimeOfDay | None = None
    after: TimeOfDay | None = None


class ReappointmentPart(Part):
    reappointment: Literal["stands"]


def _by_key(*keys: str) -> Discriminator:
    def tag(part: object) -> str:
        found = part.keys() if isinstance(part, Mapping) else vars(part).keys() if isinstance(part, Part) else ()
        return next((f"<{key}>" for key in keys if key in found), f"<{keys[0]}>")

    return Discriminator(tag)


ConditionPart = Annotated[
    Annotated[EventSeenPart, Tag("<event>")]
    | Annotated[ChannelPart, Tag("<channel>")]
    | Annotated[ReceivedPart, Tag("<received>")]
    | Annotated[ReappointmentPart, Tag("<reappointment>")],
    _by_key("event", "channel", "received", "reappointment"),
]
DatePart = Annotated[
    Annotated[BeforeDate, Tag("<before>")] | Annotated[AfterDate, Tag("<after>")], _by_key("before", "after")
]


class StatesPart(Part):
    """The event must state these fields; `form: apology_slip` and `attached` must be so, not only stated."""

    event: Literal["apology_sent"]
    since: Literal["acceptance", "last_start"] = "acceptance"
    fields: tuple[StatedField, ...] = Field(min_length=1)
    which: Literal["first", "any"] = "first"


class EachWithinPart(Part):
    """Each such event within so many workdays of the start (acceptance, or the restart) that it follows."""

    event: Literal["supplement_requested"]
    amount: Annotated[StrictInt, Field(ge=0, le=400)]
    unit: Literal["workday"]


class ByDatePart(Part):
    """One of these events by that date."""

    event: tuple[StrictStr, ...] = Field(min_length=1)
    by: StrictStr


class ObligationPart(Part):
    """Who owes what to whom; exactly one of `discharged_by`, `states`, `each_within` says by what it is fulfilled.

    `or_by` fulfils it as well, if it comes by the date; `waived_by` makes it not owed. `counts_as: apology`: accounts
    count a late dossier as apologised for, or not, by this duty.
    """

    id: Name
    owed_by: UnitThatOwes
    to: Addressee
    when: DeadlineIsPart | None = None
    discharged_by: Name | None = None
    states: StatesPart | None = None
    each_within: EachWithinPart | None = None
    or_by: ByDatePart | None = None
    waived_by: ByDatePart | None = None
    counts_as: CountsAs | None = None


class LimitPart(Part):
    id: Name
    counts: Literal["supplement_requests", "reappointments"]
    at_most: Annotated[StrictInt, Field(ge=1, le=2)]


class ResponsibilityPart(Part):
    """Who answers, by role. `class` is what a competent person may do with it; no class is a sanction."""

    for_: Name = Field(alias="for")
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

    format: Format
    rule: Name
    label: Label
    effective: Effective
    instrument: Instrument
    ended_by: Instrument | None = None
    continues: Continued | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    interpretations: tuple[InterpretationPart, ...] = ()
    applies_if: tuple[ConditionPart, ...] = ()
    dates: dict[Name, DatePart] = {}
    deadlines: dict[Name, DeadlinePart] = {}
    obligations: tuple[ObligationPart, ...] = ()
    limits: tuple[LimitPart, ...] = ()
    responsibilities: tuple[ResponsibilityPart, ...] = ()
    examples: tuple[ExamplePart, ...] = ()
    seed_rows: tuple[StrictStr, ...] = ()
    note: Label | None = None


class RepealFile(Part):
    """Says that a rule is law no more (or not yet again) from one day on: a gap must be stated, never left."""

    format: Format
    repealed: Name
    effective: Effective
    instrument: Instrument
    ended_by: Instrument | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    note: Label | None = None


# -- what a place adds or excepts --------------------------------------------------------------------------------------


class Span(Part):
    """From when to when (last day), on the date that picks the duty it touches."""

    from_: LawDate = Field(alias="from")
    to: LawDate | None = None


class ExceptionPart(Part):
    """«Trừ trường hợp…»: the duty is not owed where all these conditions hold."""

    duty: Name
    label: Label
    if_: tuple[ConditionPart, ...] = Field(alias="if", min_length=1)


class OverlayFile(Part):
    """A local act that adds who answers for a national duty, or excepts from it; it never replaces it."""

    format: Format
    overlay: Name
    label: Label
    effective: Span
    instrument: Instrument
    ended_by: Instrument | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    adds: tuple[ResponsibilityPart, ...] = ()
    excepts: tuple[ExceptionPart, ...] = ()
    seed_rows: tuple[StrictStr, ...] = ()
    note: Label | None = None


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

    kinds: tuple[Name, ...] = Field(min_length=1)
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


class FindingPart(Part):
    """What a competent person must establish before anything follows, and where a text says so."""

    id: Name
    label: Label
    citations: tuple[CitationPart, ...] = Field(min_length=1)


class UnitDutyFile(Part):
    """A duty of a unit or its head: periodic, once, on lateness, or a share to reach; computed from unit events."""

    format: Format
    unit_duty: Name
    label: Label
    effective: Span
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
    establishes: tuple[FindingPart, ...] = ()
    if_fact: Name | None = None
    unless_fact: Name | None = None
    seed_rows: tuple[StrictStr, ...] = ()
    law_rows: tuple[Name, ...] = ()
    note: Label | None = None


class OfficeFile(Part):
    """By whom a post is held, by law, at which level: one version of it."""

    format: Format
    office: Name
    label: Label
    effective: Span
    instrument: Instrument
    ended_by: Instrument | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    role: Role
    levels: tuple[Name, ...] = Field(min_length=1)
    law_rows: tuple[Name, ...] = ()
    note: Label | None = None


# -- indicators --------------------------------------------------------------------------------------------------------


class SharePart(Part):
    """Sets of dossiers above and below the line; `complement` is one minus the share."""

    numerator: tuple[StrictStr, ...] = Field(min_length=1)
    denominator: tuple[StrictStr, ...] = Field(min_length=1)
    complement: StrictBool = False
    points: Annotated[StrictInt, Field(ge=0, le=1000)] = 0


class MeanPointsPart(Part):
    """Points of each finished dossier by its case; a case that is not written is undefined."""

    judged: Literal["end", "steps", "requests", "conduct"]
    points: dict[StrictStr, Annotated[StrictInt, Field(ge=0, le=100)]] = Field(min_length=1)


class StatedPointsPart(Part):
    fact: Name


class FactTestPart(Part):
    """A fact's `share` (hundredths) or `count` against exactly one of the signs."""

    share: Name | None = None
    count: Name | None = None
    at_least: Annotated[StrictInt, Field(ge=0)] | None = None
    above: Annotated[StrictInt, Field(ge=0)] | None = None
    below: Annotated[StrictInt, Field(ge=0)] | None = None
    equals: Annotated[StrictInt, Field(ge=0)] | None = None


class PointsRowPart(Part):
    points: Annotated[StrictInt, Field(ge=0, le=100)]
    if_: tuple[FactTestPart, ...] = Field(alias="if", min_length=1)
    kinds: tuple[Name, ...] = ()


class BandPart(Part):
    """A class of a total, from so many points on; the last one has no floor."""

    id: Name
    label: Label
    at_least: Annotated[StrictStr, Field(pattern=r"^\d{1,3}(\.\d{1,2})?$")] | None = None


class TotalPart(Part):
    of: tuple[Name, ...] = Field(min_length=1)
    bands: tuple[BandPart, ...] = Field(min_length=1)
    whose: Literal["unit", "officer"] = "unit"


class IndicatorFile(Part):
    """A named definition of a number over many dossiers; exactly one of the five ways says how it is computed."""

    format: Format
    indicator: Name
    label: Label
    formula: Label
    effective: Span
    instrument: Instrument
    ended_by: Instrument | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    interpretations: tuple[InterpretationPart, ...] = ()
    class_: Consequence = Field(alias="class")
    decimals: Annotated[StrictInt, Field(ge=0, le=6)]
    share: SharePart | None = None
    mean_points: MeanPointsPart | None = None
    stated_points: StatedPointsPart | None = None
    points_table: tuple[PointsRowPart, ...] | None = None
    total: TotalPart | None = None
    law_rows: tuple[Name, ...] = ()
    note: Label | None = None


class FormRow(Part):
    form: Name
    label: Label
    number: StrictStr | None = None


class FormsFile(Part):
    """Forms by name: the number that each has in one circular."""

    format: Format
    forms: Name
    label: Label
    effective: Span
    instrument: Instrument
    ended_by: Instrument | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    rows: tuple[FormRow, ...]
    note: Label | None = None


# -- the clock of a regime ---------------------------------------------------------------------------------------------


class SupplementPart(Part):
    """What a request for a supplement after acceptance does, once the file is back: restart at zero, or pause."""

    effect: Literal["restart", "pause"]


class ClockFile(Part):
    format: Format
    clock: Name
    label: Label
    effective: Effective
    instrument: Instrument
    ended_by: Instrument | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    interpretations: tuple[InterpretationPart, ...] = ()
    calendar: Id
    supplement: SupplementPart
    filed_elsewhere_starts: Literal["dossier_accepted", "received_by_competent_agency"] = "dossier_accepted"
    pause_counts: Literal["first_day", "last_day"] = "first_day"
    receipt_on_day_off: Literal["event_day", "next_workday"] = "event_day"
    due_soon: Annotated[StrictInt, Field(ge=0, le=30)] = 2
    note: Label | None = None


# -- calendars, hours, catalogues, places ------------------------------------------------------------------------------

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class CalendarHead(Part):
    """A calendar by name: its week, its first year, whom it binds. `published: always` needs no yearly notice."""

    format: Format
    calendar: Id
    label: Label
    weekend: tuple[Weekday, ...]
    first_year: Annotated[StrictInt, Field(ge=1990, le=2100)]
    published: Literal["yearly", "always"] = "yearly"
    citations: tuple[CitationPart, ...] = ()
    scope: Label | None = None


class CalendarDay(Part):
    date: LawDate
    is_: Literal["public_holiday", "compensatory_off", "swapped_off", "makeup_workday"] = Field(alias="is")
    swapped_with: LawDate | None = None
    name: Label
    instrument: StrictStr
    source: StrictStr
    confidence: Literal["FOUND-official", "FOUND-secondary", "LIBRARY-only"]
    published_on: LawDate | None = None
    block: Literal["tet", "national_day"] | None = None


class CalendarYear(Part):
    format: Format
    calendar: Id
    year: Annotated[StrictInt, Field(ge=1990, le=2100)]
    days: tuple[CalendarDay, ...]


DayList = Annotated[StrictStr, Field(pattern=r"^(\d{2}-\d{2}( \d{2}-\d{2})*)?$")]


class StatuteYearPart(Part):
    year: Annotated[StrictInt, Field(ge=1990, le=2100)]
    tet: DayList
    national_day: DayList
    other: DayList


class CalendarStatute(Part):
    """Days off by statute alone, for years without a notice and blocks that await their letter."""

    format: Format
    calendar: Id
    statute: Literal[True]
    derived_from: StrictStr
    years: tuple[StatuteYearPart, ...]


class Shift(Part):
    from_: TimeOfDay = Field(alias="from")
    to: TimeOfDay

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.to <= self.from_:
            said = "ca làm việc kết thúc trước khi bắt đầu / a shift ends before it begins"
            raise PydanticCustomError("TR-hours-shift", said)
        return self


class Season(Part):
    from_: MonthDay = Field(alias="from")
    to: MonthDay
    shifts: tuple[Shift, ...] = Field(min_length=1, max_length=2)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if len(self.shifts) == 2 and self.shifts[1].from_ < self.shifts[0].to:
            raise PydanticCustomError("TR-hours-shift", "hai ca làm việc chồng lên nhau / two shifts overlap")
        return self


class HoursFile(Part):
    """Office hours of a place, by season; they only matter where a limit is in working hours."""

    format: Format
    hours: Id
    label: Label
    jurisdictions: tuple[Id, ...] = ()
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    seasons: tuple[Season, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole_year(self) -> Self:
        """The seasons stand in order and leave no day out, from 01-01 to 12-31."""
        leap = [date(2024, 1, 1) + timedelta(days=at) for at in range(366)]
        days = [f"{day:%m-%d}" for day in leap]
        covered = [day for season in self.seasons for day in days if season.from_ <= day <= season.to]
        if covered != days:
            raise PydanticCustomError(
                "TR-hours-season",
                "các mùa phải nối nhau từ 01-01 đến 12-31, không hở, không chồng / seasons must join, 01-01 to 12-31",
            )
        return self


class CatalogueRow(Part):
    procedure: StrictStr
    from_: LawDate = Field(alias="from")
    to: LawDate | None = None
    channels: tuple[Channel, ...] | None = Field(default=None, min_length=1)
    jurisdictions: tuple[Id, ...] | None = Field(default=None, min_length=1)
    time_limit: AnyTimeLimit
    citations: tuple[CitationPart, ...] = Field(min_length=1)


class CatalogueFile(Part):
    """Time limits of published procedures; `regime` is the folder whose clock runs them."""

    format: Format
    time_limits: Id
    label: Label
    regime: Name
    entries: tuple[CatalogueRow, ...]


class JurisdictionRow(Part):
    id: Id
    name: Label
    from_: LawDate | None = Field(default=None, alias="from")
    to: LawDate | None = None
    merged_into: Id | None = None


class JurisdictionsFile(Part):
    format: Format
    jurisdictions: Id
    label: Label
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    rows: tuple[JurisdictionRow, ...]


class RegisterRow(Part):
    """A duty of the instrument that is not computed from one dossier, and why."""

    id: Name
    label: Label
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    state: Literal["needs_unit_events", "needs_facts", "not_computable", "to_be_confirmed"]
    because: Label
    seed_rows: tuple[StrictStr, ...] = ()
    law_rows: tuple[Name, ...] = ()


class RegisterFile(Part):
    format: Format
    register_: Name = Field(alias="register")
    label: Label
    rows: tuple[RegisterRow, ...]


class LevelRow(Part):
    """A kind of unit that no longer exists, and its last day."""

    kind: Name
    label: Label
    until: LawDate


class LevelsFile(Part):
    """Kinds of units that have gone: no duty binds them after their last day."""

    format: Format
    levels: Name
    label: Label
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    rows: tuple[LevelRow, ...] = Field(min_length=1)


class RetiredRow(Part):
    """An id that is used no more: the id that stands in its place, if one does, and why."""

    id: Name
    successor: Name | None = None
    because: Label


class RetiredFile(Part):
    """Ids of duties, limits and readings that are used no more; whoever names one is told what stands in its place."""

    format: Format
    retired: Name
    label: Label
    rows: tuple[RetiredRow, ...]


KINDS: Final[Mapping[str, type[Part]]] = {
    "rule": RuleFile,
    "repealed": RepealFile,
    "clock": ClockFile,
    "overlay": OverlayFile,
    "unit_duty": UnitDutyFile,
    "indicator": IndicatorFile,
    "forms": FormsFile,
    "hours": HoursFile,
    "time_limits": CatalogueFile,
    "jurisdictions": JurisdictionsFile,
    "register": RegisterFile,
    "office": OfficeFile,
    "levels": LevelsFile,
    "retired": RetiredFile,
    "calendar": CalendarHead,
}
"""The key that says what a file is -> its shape."""


def shape_of(keys: Mapping[str, object]) -> type[Part] | None:
    """Which shape a file with these keys claims to have, or none."""
    if "calendar" in keys and "clock" not in keys:
        return CalendarYear if "year" in keys else CalendarStatute if "statute" in keys else CalendarHead
    return next((shape for key, shape in KINDS.items() if key in keys), None)
