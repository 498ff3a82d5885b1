"""The verdict: what a dossier's events mean on a day, each line with the clause behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PrivateAttr

from tthc_rules.errors import OptionError, unknown_word
from tthc_rules.law.civil import Moment, read_computed
from tthc_rules.law.codes import EndKind, Lateness, NoteCode, Punctuality, Reason
from tthc_rules.law.rule import Addressee, Consequence, Outcome, Role, Status, UnitThatOwes

if TYPE_CHECKING:
    from tthc_rules.evaluate.reference import Trace


LANGUAGES: Final = ("vi", "en")


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


class Verdict(BaseModel):
    """What is owed on a dossier on a day, and by what law; `explain` tells how each line came about."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    dossier_id: str
    as_of: date
    known_on: date
    lateness: Lateness
    clock: ClockRecord
    punctuality: Punctuality
    workdays_late: int | None
    days_late: int | None
    punctuality_current: Punctuality
    workdays_late_current: int | None
    days_late_current: int | None
    obligations: tuple[Finding, ...]
    limits: tuple[Finding, ...]
    notes: tuple[Note, ...]
    assumptions: tuple[str, ...]
    digests: Digests
    _trace: Any = PrivateAttr(default=None)

    def __eq__(self, other: object) -> bool:
        """Two verdicts are equal if they say the same, however they came about."""
        return isinstance(other, Verdict) and vars(self) == vars(other)

    def __getstate__(self) -> dict[Any, Any]:
        """What is pickled: what it says, without the trace, as in JSON."""
        return {**super().__getstate__(), "__pydantic_private__": {"_trace": None}}

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

    def explain(self, lang: str = "vi", *, day_by_day: bool = False) -> str:
        """Every step, every clause, what was not fulfilled and why; `day_by_day` lists the days that were counted."""
        from tthc_rules.evaluate.explain import explain

        if lang not in LANGUAGES:
            words = ("ngôn ngữ", "language", str(lang), LANGUAGES, "TR-option-lang")
            raise OptionError(unknown_word("lang", *words))
        trace: Trace | None = self._trace
        return explain(self, trace, lang, day_by_day=day_by_day)
