"""The verdict: what a dossier's events mean on a day, each line with the clause behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Protocol

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from tthc_rules.errors import EngineError, OptionError, Problem, shown, unknown_word
from tthc_rules.law.civil import Moment, read_computed
from tthc_rules.law.codes import EndKind, EventKind, Lateness, NoteCode, OnlyIf, Punctuality, Reason, StepOutcome
from tthc_rules.law.evidence import Status, clause_text
from tthc_rules.law.habits.sender import SLIP, no_slip, read_sender_due
from tthc_rules.law.rule import Addressee, Consequence, Outcome, Role, UnitThatOwes
from tthc_rules.result.brief import brief
from tthc_rules.result.notebook import html_lines
from tthc_rules.result.tell import told

if TYPE_CHECKING:
    from tthc_rules.law.dossier import Dossier
    from tthc_rules.result.course import Course
    from tthc_rules.result.departure import Departure


LANGUAGES: Final = ("vi", "en")
READ_BACK: Final = {
    "vi": "Kết luận này được đọc lại từ tệp nên không còn các bước tính; hãy tính lại từ hồ sơ.",
    "en": "This verdict was read back from a file and has no steps; evaluate the dossier again.",
}


@dataclass(frozen=True, slots=True)
class CitationRecord:
    """Căn cứ: document, article, clause, point, whether the text was read (`text`, `secondary`, …), and where."""

    document: str
    article: str
    clause: str
    point: str
    quote: str
    status: Status
    source: str = ""
    """Where the text was read."""

    def say(self, lang: str = "vi") -> str:
        """The clause as lawyers write it."""
        return clause_text(self.document, self.article, self.clause, self.point, lang)


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers for a missed duty, by role, and what a competent person may do with it; never a sanction."""

    role: Role
    unit: UnitThatOwes | Literal[""]
    consequence: Consequence
    version: str
    """The folder of the rule, or of the local act that adds this."""
    citations: tuple[CitationRecord, ...]


@dataclass(frozen=True, slots=True)
class DutyRecord:
    """What the law says of a duty or limit: who owes it to whom, which version of which rule, and its clauses."""

    label: dict[str, str]
    owed_by: UnitThatOwes | Literal[""]
    to: Addressee | Literal[""]
    rule: str
    version: str
    citations: tuple[CitationRecord, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One duty or limit: its outcome, the day to act by, the day it was done, and who answers for it."""

    id: str
    outcome: Outcome
    act_by: date | None
    done_on: date | None
    answers: tuple[Answer, ...]
    duty: DutyRecord


@dataclass(frozen=True, slots=True)
class AgencyStep:
    """One agency's step in a dossier of several, or an opinion that was asked by a day: its own due date, and outcome.

    Without a due date nothing can be said of it.
    """

    agency: str | None
    due: Annotated[Moment, BeforeValidator(read_computed)] | None
    """As it was set: a date, or with a minute, by which it is then judged."""
    done_on: date | None
    outcome: StepOutcome


@dataclass(frozen=True, slots=True)
class SupposedEvent:
    """An event that has not happened, and that the verdict supposes."""

    kind: str
    at: Annotated[Moment, BeforeValidator(read_computed)]


@dataclass(frozen=True, slots=True)
class NextAct:
    """Việc phải làm tiếp theo: an act that the law still expects, by when and of whom, and by which clause."""

    id: str
    """`return_result`, the id of a duty, or `step:` and the agency."""
    by: date
    """The last day."""
    by_time: str | None
    """The last minute of it, «HH:MM», where the law or the one who asked set one."""
    overdue: bool
    """Its day has passed, and it can still be done."""
    only_if: OnlyIf | None
    """Owed only if the result will be late, the file is found not eligible, or what raises the duty comes about."""
    owed_by: UnitThatOwes | Literal[""]
    """In which capacity a unit owes it; empty for an agency's step."""
    unit: str | None
    """That unit as the dossier names it, or the agency of a step."""
    roles: tuple[Role, ...]
    """Who answers if it is not done in time."""
    fulfilled_by: tuple[EventKind, ...]
    """Kinds of event, any of which fulfils it."""
    label: dict[str, str]
    version: str
    """The folder of the rule, or of the clock."""
    citations: tuple[CitationRecord, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd in the input or the answer, by code; `event` is its place in the dossier's list, if it has one."""

    code: NoteCode
    event: int | None = None
    name: str | None = None
    """A kind or field that nobody knows, as written (`unknown_kind`, `unknown_field`)."""
    nearest: str | None = None
    """The known name that is nearest to it, if one is near."""


@dataclass(frozen=True, slots=True)
class ClockRecord:
    """The clock: which version ran, the four due dates, and how the work ended."""

    version: str | None
    accepted_on: date | None
    started_on: date | None
    original_due: date | None
    lawful_due: date | None
    current_due: date | None
    promised_due: Annotated[Moment, BeforeValidator(read_computed)] | None
    due_time: str | None
    """The minute of `lawful_due` for a limit in working hours, «HH:MM»; other limits end at 24:00."""
    reappointed_due: date | None
    finished_on: date | None
    ended_by: EndKind | None
    paused: bool
    provisional: bool | None
    reason: Reason
    """Why there is no due date, where there is none."""
    calendar: str
    citations: tuple[CitationRecord, ...]


@dataclass(frozen=True, slots=True)
class Digests:
    """Of the rules and of the calendar as known: with them a verdict can be replayed to the byte."""

    rules: str
    calendar: str


class Behind(Protocol):
    """What lies behind a verdict: its dossier, its fields, and who explains it."""

    @property
    def dossier(self) -> Dossier: ...
    def fields(self) -> Mapping[str, Any]: ...
    def explain(self, verdict: Verdict, lang: str, *, day_by_day: bool, departure: Departure | None) -> str: ...
    def departure(self, sender_due: Moment | None) -> Departure | None: ...
    def course(self, verdict: Verdict) -> Course: ...
    def to_html(self, verdict: Verdict, lang: str) -> str | None: ...


PageMaker = Callable[["Verdict", "Course", str], str]
"""Makes the page of a verdict in a language."""


class Verdict(BaseModel):
    """What is owed on a dossier on a day, and by what law; `explain` tells how each line came about."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    dossier_id: str
    as_of: date
    known_on: date
    lateness: Lateness
    supposed: tuple[SupposedEvent, ...] = ()
    """What was only supposed (`what_if`): such a verdict tells of no fact, and no result or account takes it."""
    clock: ClockRecord
    punctuality: Punctuality
    workdays_late: int | None
    days_late: int | None
    punctuality_current: Punctuality
    workdays_late_current: int | None
    days_late_current: int | None
    obligations: tuple[Finding, ...]
    limits: tuple[Finding, ...]
    steps: tuple[AgencyStep, ...]
    """In the order in which they were set; twice the same agency: twice."""
    next_acts: tuple[NextAct, ...]
    """What the law still expects, by day and then by id; nothing that rests on what the source cannot show."""
    changes_on: date | None
    """The first day after `as_of` on which a state, an outcome, a duty, a step or a due date will be another if nothing
    more happens and nothing more becomes known; null where none will before 2100."""
    notes: tuple[Note, ...]
    assumptions: tuple[str, ...]
    digests: Digests
    _behind: Any = PrivateAttr(default=None)

    @classmethod
    def unread(cls, behind: Behind) -> Verdict:
        """A verdict whose fields are dressed when the first of them is read."""
        verdict = cls.__new__(cls)
        put = object.__setattr__
        put(verdict, "__pydantic_extra__", None)
        put(verdict, "__pydantic_private__", {"_behind": behind})
        return verdict

    def _read(self) -> dict[str, Any]:
        """The fields, dressed now if nobody has read one yet."""
        if not self.__dict__:
            behind: Behind = (self.__pydantic_private__ or {})["_behind"]
            object.__setattr__(self, "__pydantic_fields_set__", set(_FIELDS))
            self.__dict__.update(behind.fields())
        return self.__dict__

    if not TYPE_CHECKING:  # a field that is not there yet is no error; to a type checker all fields are there

        def __getattr__(self, name: str) -> Any:
            if name in _UNREAD and not self.__dict__:
                self._read()
                return object.__getattribute__(self, name)
            return super().__getattr__(name)

    @model_serializer(mode="wrap")
    def _serialized(self, say: SerializerFunctionWrapHandler):  # type: ignore[no-untyped-def]  # a type would be its schema
        self._read()
        return say(self)

    def __iter__(self) -> Iterator[tuple[str, Any]]:  # type: ignore[override]
        yield from self._read().items()

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """What tells one verdict from another; all of it is in `explain` and in the fields."""
        said = self._read()
        for name in ("dossier_id", "as_of", "punctuality", "workdays_late"):
            yield name, said[name]
        yield "lawful_due", said["clock"].lawful_due

    def __copy__(self) -> Verdict:
        self._read()
        return super().__copy__()

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Verdict:
        """Nothing in a verdict can be changed: its parts need no copies."""
        return self.__copy__()

    def __eq__(self, other: object) -> bool:
        """Two verdicts are equal if they say the same, however they came about."""
        return isinstance(other, Verdict) and self._read() == other._read()

    def __getstate__(self) -> dict[Any, Any]:
        """What is pickled: what it says, without what lies behind it, as in JSON."""
        self._read()
        return {**super().__getstate__(), "__pydantic_private__": {"_behind": None}}

    def __hash__(self) -> int:
        return hash((self.dossier_id, self.as_of, self.known_on, self.digests))

    @property
    def responsible(self) -> dict[str, list[str]]:
        """The roles that answer, by duty, for what was missed, done late or broken."""
        return {
            finding.id: sorted({answer.role for answer in finding.answers})
            for finding in (*self.obligations, *self.limits)
            if finding.answers
        }

    def finding(self, duty: str) -> Finding | None:
        """The finding of that duty or limit, or nothing where it is not in force or does not apply."""
        return next((f for f in (*self.obligations, *self.limits) if f.id == duty), None)

    def explain(
        self,
        lang: str = "vi",
        *,
        short: bool = False,
        day_by_day: bool = False,
        sender_due: date | str | None = None,
    ) -> str:
        """Every step, every clause, what was not fulfilled and why; `day_by_day` lists the days that were counted.

        `short` is the answer in three to eight lines, which a verdict that was read back from a file has too.
        `sender_due` is the due date of another system (`"slip"`: that on the slip in the log): it is told which known
        way of counting gives it, as by `departure`.
        """
        _check_language(lang)
        departure = None if sender_due is None else self._departure(sender_due)
        if short:
            said = brief(self, lang)
            return said if departure is None else f"{said}\n{departure.explain(lang)}"
        behind: Behind | None = self._behind
        if behind is None:
            return READ_BACK[lang]
        return behind.explain(self, lang, day_by_day=day_by_day, departure=departure)

    def departure(self, sender_due: date | str) -> Departure:
        """Where the due date of another system parts from the law's, and which known ways of counting give it.

        Raises `OptionError` for what is no date, and for a verdict that was read back from a file.
        """
        found = self._asked_of(read_sender_due(sender_due))
        assert found is not None
        return found

    def departure_of_slip(self) -> Departure | None:
        """The same of the date on the newest slip in the log, beside what the law would have put there on that day.

        Nothing where the log has no date on a slip.
        """
        return self._asked_of(None)

    def _departure(self, sender_due: date | str) -> Departure:
        """Of a date, or of the slip where that is asked for."""
        if sender_due != SLIP:
            return self.departure(sender_due)
        found = self.departure_of_slip()
        if found is None:
            raise OptionError(no_slip(self.dossier_id))
        return found

    def _asked_of(self, sender_due: Moment | None) -> Departure | None:
        behind: Behind | None = self._behind
        if behind is None:
            raise OptionError(Problem("TR-option-sender-due", "sender_due", READ_BACK["vi"], READ_BACK["en"]))
        return behind.departure(sender_due)

    def tell(self, lang: str = "vi") -> str:
        """One paragraph for the applicant, without codes: received when, due when and why then, what is owed to him.

        A verdict that was read back from a file tells the same, without the limit and the days on the way.
        """
        _check_language(lang)
        behind: Behind | None = self._behind
        return told(self, None if behind is None else behind.course(self), lang)

    def to_html(self, lang: str = "vi") -> str:
        """The page of the dossier for the applicant: every day from the receipt on, stops, slips, acts; one file.

        Raises `EngineError` for a verdict that was read back from a file: it has no days.
        """
        _check_language(lang)
        behind: Behind | None = self._behind
        made = None if behind is None else behind.to_html(self, lang)
        if made is None:
            raise EngineError(Problem("TR-verdict-read-back", shown(self.dossier_id), READ_BACK["vi"], READ_BACK["en"]))
        return made

    def _repr_html_(self) -> str:
        """The short explanation, for a notebook."""
        return html_lines(self.explain("vi", short=True).splitlines())


def _check_language(lang: str) -> None:
    if lang not in LANGUAGES:
        words = ("ngôn ngữ", "language", str(lang), LANGUAGES, "TR-option-lang")
        raise OptionError(unknown_word("lang", *words))


_FIELDS: Final = frozenset(Verdict.model_fields)
_UNREAD: Final = _FIELDS | {"__pydantic_fields_set__"}
"""What is not there until the first of it is read."""
