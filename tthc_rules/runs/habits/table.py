"""The table of a log: each date of its sender beside the law's, and how many of them each way of counting gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from tthc_rules.errors import DossierError, EngineError, OptionError, TthcError, not_dossiers
from tthc_rules.law.civil import Moment, read_computed
from tthc_rules.law.codes import Reason
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.habits.kinds import HABITS, Habit
from tthc_rules.law.habits.sender import UNSET
from tthc_rules.law.question import Question
from tthc_rules.library import Rulebook
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.result.departure import Departure
from tthc_rules.runs.due.acts import Refused
from tthc_rules.runs.onebyone import Summary

SenderState = Literal["agrees", "departs", "no_lawful_date"]
"""Of a date of the sender: it is the law's, it is another, or the law has none."""


@dataclass(frozen=True, slots=True)
class SenderDate:
    """One dossier's date of the sender, beside the law's as it stood when the slip was given."""

    dossier_id: str
    procedure: str | None
    sender_due: Annotated[Moment, BeforeValidator(read_computed)]
    due: date | None
    due_time: str | None
    reason: Reason
    state: SenderState
    days_apart: int | None
    """Calendar days from the law's date to the sender's: negative where that is earlier."""
    habits: tuple[Habit, ...]
    """Every way of counting that gives the sender's date."""
    otherwise: tuple[Habit, ...]
    """Those that would have given another."""

    @classmethod
    def of(cls, dossier: Dossier, found: Departure) -> SenderDate:
        """From where its date parts from the law's."""
        state: SenderState = "agrees" if found.agrees_with else "departs" if found.departs else "no_lawful_date"
        apart = None
        if found.due is not None and found.sender_due != UNSET:
            apart = found.sender_due.toordinal() - found.due.toordinal()
        return cls(
            found.dossier_id, dossier.procedure, found.sender_due, found.due, found.due_time, found.reason,
            state, apart, tuple(dict.fromkeys(one.habit for one in found.habits)), found.otherwise,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class HabitCount:
    """How many dates of a log a way of counting gives."""

    habit: Habit
    gives: int
    """Dates that depart and that it gives."""
    share: float
    """Of all dates that depart."""
    alone: int
    """Of those, the ones that no other way of counting gives."""
    otherwise: int
    """Dates, also of those that agree with the law, where it would have given another: they speak against it."""


class HabitTable(BaseModel):
    """The dates of a log beside the law's, and which ways of counting they come of."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    as_of: date
    known_on: date
    dossiers: int
    undated: int
    """Dossiers without a date of the sender."""
    agree: int
    depart: int
    no_lawful_date: int
    """Dates for which the law has none: no known limit, an hour that is not recorded, a clock that stands."""
    unexplained: int
    """Dates that depart and that no known way of counting gives."""
    refused: tuple[Refused, ...]
    habits: tuple[HabitCount, ...]
    """Those that give some date, the most first."""
    dates: tuple[SenderDate, ...]

    @property
    def refused_dossiers(self) -> int:
        """How many dossiers, and rows of none, could not be judged."""
        return len({one.dossier_id or (one.place, one.code) for one in self.refused})


def habits_of(
    book: Rulebook,
    dossiers: Iterable[Dossier | Mapping[str, Any]],
    as_of: date,
    *,
    known_on: date | None = None,
    calendar: str | None = None,
    hours: str | None = None,
) -> HabitTable:
    """The table of dossiers as `evaluate` takes them; a malformed one is counted, and stops no other."""
    if isinstance(dossiers, Dossier | Mapping | str | bytes) or not isinstance(dossiers, Iterable):
        raise OptionError(not_dossiers("dossiers"))
    question = book.question(as_of, known_on, "by_date", calendar, hours)
    return HabitCollector(book, question).take(_raw(one, f"dossiers[{at}]") for at, one in enumerate(dossiers))


def _raw(one: object, place: str) -> RawDossier:
    """A dossier of a program as one of a file."""
    if isinstance(one, Dossier):
        return RawDossier(one.dossier_id, one.model_dump(by_alias=True, exclude_unset=True), place)
    data = dict(one) if isinstance(one, Mapping) else {}
    name = data.get("dossier_id")
    return RawDossier(name if isinstance(name, str) else "", data, place)


@dataclass
class HabitCollector:
    """Takes dossiers, and asks of each where the date on its slip parts from the law's."""

    book: Rulebook
    question: Question
    summary: Summary = field(default_factory=Summary)
    undated: int = 0
    refused: list[Refused] = field(default_factory=list)
    dates: list[SenderDate] = field(default_factory=list)

    def take(self, raws: Iterable[RawDossier], progress: Callable[[int], None] = lambda done: None) -> HabitTable:
        """All dossiers of a log; raises `InputFileError` for one in which no kind of event is known."""
        first = ""
        for raw in raws:
            first = first or raw.place
            self.summary.see_kinds(raw.data)
            self._one(raw)
            progress(self.summary.dossiers + self.summary.nameless)
        self.summary.check_kinds(first)
        return self._table()

    def _one(self, raw: RawDossier) -> None:
        self.summary.dossiers += bool(raw.dossier_id)
        self.summary.nameless += not raw.dossier_id
        asked = self.question
        try:
            if raw.problems:
                raise DossierError(raw.problems)
            dossier = Dossier.model_validate(raw.data)
            verdict = self.book.evaluate(
                dossier, asked.as_of, known_on=asked.known_on, lateness=asked.lateness, calendar=asked.calendar,
                hours=asked.hours, strict=asked.strict,
            )  # fmt: skip
            found = verdict.departure_of_slip()
        except (EngineError, OptionError):
            raise
        except TthcError as error:
            self.refused += [Refused.of(raw, problem) for problem in error.problems]
            return
        if found is None:
            self.undated += 1
        else:
            self.dates.append(SenderDate.of(dossier, found))

    def _table(self) -> HabitTable:
        states = Counter(one.state for one in self.dates)
        departed = [one for one in self.dates if one.state == "departs"]
        asked = self.question
        return HabitTable(
            as_of=asked.as_of, known_on=asked.known_on, dossiers=self.summary.dossiers, undated=self.undated,
            agree=states["agrees"], depart=len(departed), no_lawful_date=states["no_lawful_date"],
            unexplained=sum(not one.habits for one in departed), refused=tuple(self.refused),
            habits=tuple(_counts(self.dates, departed)), dates=tuple(self.dates),
        )  # fmt: skip


def _counts(dates: Iterable[SenderDate], departed: list[SenderDate]) -> list[HabitCount]:
    """By way of counting, the one that gives most dates first."""
    gives = Counter(habit for one in departed for habit in one.habits)
    alone = Counter(one.habits[0] for one in departed if len(one.habits) == 1)
    against = Counter(habit for one in dates if one.state != "no_lawful_date" for habit in one.otherwise)
    found = [
        HabitCount(habit, gives[habit], gives[habit] / len(departed), alone[habit], against[habit])
        for habit in HABITS
        if gives[habit]
    ]
    return sorted(found, key=lambda one: (-one.gives, one.otherwise))
