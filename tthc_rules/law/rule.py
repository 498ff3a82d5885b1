"""Rules as typed, immutable nodes: the one meeting point of loader and engines.

Each node has one meaning, one kernel in every engine, and one sentence in the explanation. There are no expressions: a
node names facts that the clock found, and the law's own words for what to do with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, assert_never, get_args

from tthc_rules.law.evidence import AmendedUnseen, Citation, Interpretation, Status, Text

DutyOutcome = Literal["pending", "met", "met_late", "missed", "undetermined", "not_owed"]
LimitOutcome = Literal["kept", "broken", "undetermined"]
Outcome = Literal["pending", "met", "met_late", "missed", "undetermined", "not_owed", "kept", "broken"]
Consequence = Literal["breach", "duty_open", "score", "rating_input", "review_trigger", "info"]
Since = Literal["acceptance", "last_start", "dossier_submitted", "dossier_lost", "error_reported", "opinion_due"]
"""From where an event counts: acceptance, the last start, or what raised the duty."""
Raiser = Literal["dossier_submitted", "dossier_lost", "error_reported", "opinion_due", "dossier_closed"]
"""What raises a duty of its own: without it there is no such duty, and its day picks the version."""
Picker = Literal["dossier_accepted", "lawful_due", "supplement_requested"] | Raiser
OwnTimeName = Literal["return_within", "answer_within", "closes_after"]
"""A field of the limit: what sector law says in the place of the decree's own time."""
UnitThatOwes = Literal["handling_agency", "one_stop_unit", "consulted_agency"]
Addressee = Literal["applicant", "handling_agency", "one_stop_unit"]
Role = Literal["head_of_unit", "head_of_one_stop_unit", "officer", "deputy_head", "chair", "registration_authority"]
"""Of these one is no person: the clause binds the registration authority as such."""
StatedField = Literal["reason", "new_due", "form", "attached"]
Counted = Literal["supplement_requests", "reappointments"]
CountsAs = Literal["apology"]

FOREVER: Final = 1 << 31


@dataclass(frozen=True, slots=True)
class InForce:
    """From when to when a version is law, and since when that was known.

    `issued_on` is the day of its instrument; the end is known only from `end_known_on`, the day of the instrument that
    repeals it: before that the version goes on. Days since 1970-01-01; `until` is the last day.
    """

    start: int
    until: int | None
    issued_on: int
    end_known_on: int | None = None

    def known_end(self, known_on: int) -> int:
        """The last day as known: without the instrument that ends it, the version goes on."""
        if self.until is None or (self.end_known_on is not None and known_on < self.end_known_on):
            return FOREVER
        return self.until

    def covers(self, day: int, known_on: int) -> bool:
        """Whether the version is in force on `day`, as known on `known_on`."""
        return known_on >= self.issued_on and self.start <= day <= self.known_end(known_on)


# -- dates -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DateNode:
    """A date counted from another: backwards («chậm nhất 01 ngày trước») or forwards.

    Zero is the same day; zero workdays after a day off is the first workday after it.
    """

    name: str
    base: str
    amount: int
    unit: Literal["workday", "calendar_day", "work_hour", "office_day"]
    """Working hours are counted from the minute of the first submission, by the office hours of the place; of office
    days the first is the workday in which that minute falls: the next one, where the office had closed."""
    backwards: bool = False
    rolled_back: bool = False
    """Roll a day off back to the workday before it."""
    unless_limit: OwnTimeName | None = None
    """Where the limit of the dossier gives this time, it is counted in the place of `amount` and `unit`."""

    @property
    def by_moment(self) -> bool:
        """Whether it may end at a minute, and is therefore counted from a moment and not from a day."""
        return self.by_office_hours or self.unless_limit is not None

    @property
    def by_office_hours(self) -> bool:
        """Whether the office hours of the place are asked for."""
        return self.unit in ("work_hour", "office_day")


# -- conditions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeadlineIs:
    """True once a deadline of the same rule has one of these outcomes; open while that deadline is."""

    deadline: str
    outcomes: frozenset[str]


@dataclass(frozen=True, slots=True)
class EventSeen:
    """True once an event of that kind exists."""

    event: str
    since: Since
    absent: bool = False
    """True while there is none."""


@dataclass(frozen=True, slots=True)
class OtherLevel:
    """True for files of an authority of another level than the one that received them."""


@dataclass(frozen=True, slots=True)
class ChannelIs:
    """True for dossiers filed that way; a missing channel is in person."""

    channels: frozenset[str]


@dataclass(frozen=True, slots=True)
class FieldIs:
    """True for dossiers of one of these fields (lĩnh vực), as `text.alike` has them; a dossier may name none."""

    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReceivedAt:
    """Whether the file was received on a workday up to the hour (`late` false), or later or on a day off (`late` true).

    An hour that was not recorded is asked of the first, and not of the second, so that one of a pair answers.
    """

    cutoff: int
    late: bool


@dataclass(frozen=True, slots=True)
class ReappointmentStands:
    """True while a valid re-appointment moves the current due date."""


Applicability = EventSeen | ChannelIs | FieldIs | OtherLevel | ReceivedAt | ReappointmentStands


# -- deadlines, obligations, limits ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deadline:
    """An event against a due date (DESIGN section 3); without a due date the event is simply there or not."""

    name: str
    events: tuple[str, ...]
    since: Since
    due: str | None
    for_other_level: tuple[str, ...] = ()
    """These count as well where the file is for an authority of another level."""

    def counting(self, other_level: bool) -> tuple[str, ...]:
        """The events that count for such a file."""
        return (*self.events, *self.for_other_level) if other_level else self.events


@dataclass(frozen=True, slots=True)
class ByDate:
    """One of these events, by that date."""

    events: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Discharge:
    """The duty is fulfilled by a deadline of the rule."""

    deadline: str


@dataclass(frozen=True, slots=True)
class Statement:
    """The duty is fulfilled where the event states what the clause asks for."""

    event: str
    since: Since
    fields: tuple[str, ...]
    any: bool = False
    """Any such event will do; otherwise the first one is judged."""


@dataclass(frozen=True, slots=True)
class EachWithin:
    """Fulfilled if every request came within so many workdays of the start that it follows; the worst counts."""

    event: str
    amount: int
    unless_limit: OwnTimeName | None = None
    """Where the limit of the dossier gives this time, it is counted in the place of the workdays."""


@dataclass(frozen=True, slots=True)
class NotBefore:
    """Fulfilled if the event that raised the duty lies after that date; nothing is said where the date is not known."""

    event: Literal["dossier_closed"]
    date: str


Fulfilment = Discharge | Statement | EachWithin | NotBefore


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something a unit owes: to whom, when, and by what it is fulfilled."""

    id: str
    owed_by: UnitThatOwes
    to: Addressee
    fulfilled: Fulfilment
    when: DeadlineIs | None = None
    or_by: ByDate | None = None
    """Fulfils the duty as well; coming later it does not count."""
    waived: ByDate | None = None
    """Makes the duty not owed."""
    counts_as: CountsAs | None = None
    """As what accounts count it: which of several duties to apologise is *the* apology for a late dossier."""
    hour_unknown: str | None = None
    """The date that would bind had the file been received after the hour: where no hour was recorded, the duty is
    judged by both dates, and nothing is said where they differ."""


def received_later(duty: Obligation, by: Deadline) -> tuple[Obligation, Deadline] | None:
    """The duty and its deadline as they would bind had the file been received after the hour, where that is said."""
    date = duty.hour_unknown
    if date is None:
        return None
    or_by, waived = (
        way if way is None or way.by != by.due else replace(way, by=date) for way in (duty.or_by, duty.waived)
    )
    return replace(duty, or_by=or_by, waived=waived, hour_unknown=None), replace(by, due=date)


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may happen to one dossier."""

    id: str
    counts: Counted
    at_most: int


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Who answers, by role, when a duty ends in one of these outcomes; never a sanction."""

    duty: str
    outcomes: frozenset[str]
    role: Role
    unit: UnitThatOwes
    consequence: Consequence


@dataclass(frozen=True, slots=True)
class LabelledException:
    """A labelled exception: the duty that it names is not owed where all its conditions hold."""

    duty: str
    label: Text
    conditions: tuple[Applicability, ...]


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a place adds to national duties, or excepts from them; it never replaces one."""

    id: str
    version: str
    label: Text
    in_force: InForce
    citations: tuple[Citation, ...]
    responsibilities: tuple[Responsibility, ...]
    excepts: tuple[LabelledException, ...]
    seed_rows: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule, resolved: every name in it is known, every number carries its citation."""

    id: str
    version: str
    label: Text
    in_force: InForce
    picked_by: Picker
    citations: tuple[Citation, ...] = ()
    interpretations: tuple[Interpretation, ...] = ()
    applies_if: tuple[Applicability, ...] = ()
    dates: tuple[DateNode, ...] = ()
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    obligations: tuple[Obligation, ...] = ()
    limits: tuple[Limit, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()
    repealed: bool = False
    source: str = ""
    evidence: Status = "unconfirmed"
    """The best status among its citations."""
    is_on: bool = True
    """A rule that stands only on what nobody read is off unless the rulebook was loaded with it."""
    seed_rows: tuple[str, ...] = ()
    law_rows: tuple[str, ...] = ()
    """Rows of the table of duties that it carries."""
    note: Text | None = None
    continues: int | None = None
    """The first day of the version before it that asked the same: a day to act by that lies there is judged."""
    unseen: AmendedUnseen | None = None

    @property
    def asked_since(self) -> int:
        """The first day on which the duty was law, in this version or in the one that it continues."""
        return self.in_force.start if self.continues is None else self.continues

    def is_undated(self, duty: Obligation) -> bool:
        """Whether there is no day on which the duty is missed: then it is missed only once the dossier has ended."""
        match duty.fulfilled:
            case Discharge():
                return self.deadlines[duty.fulfilled.deadline].due is None
            case Statement():
                return duty.fulfilled.any
            case EachWithin() | NotBefore():
                return False
            case _:
                assert_never(duty.fulfilled)

    @property
    def duties(self) -> tuple[str, ...]:
        """The ids of what it obliges to and of what it limits."""
        return (*(duty.id for duty in self.obligations), *(limit.id for limit in self.limits))

    @property
    def family(self) -> str:
        """The line of instruments it belongs to, or the place: its folder without the date."""
        return self.version.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class StepsLaw:
    """Under what clauses each agency of a dossier has a due date of its own."""

    agencies: tuple[Citation, ...] = ()
    """Of a step that is assigned."""
    opinions: tuple[Citation, ...] = ()
    """Of an opinion that is asked by a day."""

    def citations(self) -> tuple[Citation, ...]:
        """All of them."""
        return (*self.agencies, *self.opinions)


@dataclass(frozen=True, slots=True)
class ResultLaw:
    """Who has to return the result by the due date, and why that role answers for it."""

    owed_by: UnitThatOwes = "handling_agency"
    role: Role | None = None
    """None where the file of the clock names nobody."""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Starts:
    """What starts the clock: an event at or after the acceptance; and until when on a workday it counts there.

    A start within `cutoff` minutes before the office closes, or later on that workday, is one of the next workday. The
    law may leave open whether the very first of these minutes is one of them: `at_cutoff`.
    """

    event: Literal["dossier_accepted", "slip_sent"] = "dossier_accepted"
    cutoff: int | None = None
    at_cutoff: Literal["next_workday", "same_day"] = "next_workday"

    @property
    def minutes_before_close(self) -> int:
        """As the clock takes it: from so many minutes before the close on, or -1."""
        if self.cutoff is None:
            return -1
        return self.cutoff if self.at_cutoff == "next_workday" else self.cutoff - 1


@dataclass(frozen=True, slots=True)
class ClockVersion:
    """How one regime runs the clock: what starts it, and what a supplement does to it."""

    version: str
    label: Text
    in_force: InForce
    calendar: str
    supplement: Literal["pause", "restart"]
    supplement_reading: str
    """The interpretation that fixes `supplement`, or nothing where the text itself says it."""
    starts_elsewhere: bool
    pause_counts: Literal["first_day", "last_day"]
    """Which end of a pause still counts: the law does not say."""
    receipt_on_day_off: Literal["event_day", "next_workday"]
    due_soon: int
    citations: tuple[Citation, ...] = ()
    interpretations: tuple[Interpretation, ...] = ()
    source: str = ""
    unseen: AmendedUnseen | None = None
    steps: StepsLaw = StepsLaw()
    result: ResultLaw = ResultLaw()
    starts: Starts = Starts()
    beside: str = ""
    """The family whose rules govern these dossiers too, but for those of the same id in its own."""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """The time limit that the published procedure has from one day to another."""

    procedure: str
    start: int
    until: int | None
    amount: int
    unit: str
    cutoff: int
    pauses_for: tuple[str, ...]
    family: str
    none: bool = False
    citations: tuple[Citation, ...] = ()
    channels: tuple[str, ...] = ()
    """The ways of filing that it is for; none named: all of them."""
    jurisdictions: tuple[str, ...] = ()
    """The places that it is for; none named: all of them."""
    source: str = ""
    known_from: int | None = None
    """The day from which it is known; none: as long as the law."""
    own_times: tuple[tuple[OwnTimeName, int, str], ...] = ()
    """What sector law says beside the limit: which of its fields, amount, unit."""

    @property
    def fields(self) -> frozenset[str]:
        """What it asks of a dossier beside the procedure and the day; the more, the more specific."""
        return frozenset(name for name in ("channels", "jurisdictions") if getattr(self, name))

    def may_meet(self, other: CatalogueEntry) -> bool:
        """Whether one dossier of one day could fit both."""
        if not (
            (other.until is None or self.start <= other.until) and (self.until is None or other.start <= self.until)
        ):
            return False
        fields = ((self.channels, other.channels), (self.jurisdictions, other.jurisdictions))
        return all(not mine or not theirs or set(mine) & set(theirs) for mine, theirs in fields)


# -- the closed vocabulary ---------------------------------------------------------------------------------------------

RAISERS: Final[tuple[Raiser, ...]] = get_args(Raiser)
OPEN_REQUEST: Final = "open_request"
"""The request that stood open when the dossier was closed for the applicant's silence."""
DATE_FACTS: Final = (
    "accepted", "original_due", "lawful_due", "current_due", "promised_due", "reappointed_due", *RAISERS, OPEN_REQUEST,
)  # fmt: skip
"""Dates that a rule may count from."""

MOMENTS: Final = ("dossier_submitted", "accepted", "open_request", "dossier_lost", "error_reported", "dossier_closed")
"""Dates that are the day of an event, whose minute is known too: what may end at a minute is counted from one."""
OWN_TIMES: Final[tuple[OwnTimeName, ...]] = get_args(OwnTimeName)
ROLLED: Final[frozenset[OwnTimeName]] = frozenset({"return_within", "answer_within"})
"""Times that end like a limit, on a workday; «sau …» («closes after») is counted as it is written."""

ANSWER: Final = "answer"
RAISED: Final[Mapping[tuple[str, str], str]] = {
    (ANSWER, "dossier_submitted"): ANSWER,
    ("apology_sent", "dossier_lost"): "lost_apology",
    ("result_corrected", "error_reported"): "corrected",
    ("delay_notice_sent", "opinion_due"): "opinion_notice",
}
"""(event, since what raised the duty) -> the clock's name for the first such event."""

ENDS: Final = ("finished", "handled", "result", ANSWER, "released")
"""Ends that a rule may name: any end; an end by the authority (not a withdrawal); a result issued or returned."""
