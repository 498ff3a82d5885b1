"""The acts that fall due, and those that a calendar must take back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from tthc_rules.errors import DossierError, EngineError, OptionError, Problem, TthcError
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import KNOWN_KIND, STEP, EventKind, OnlyIf
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.known import DEFAULT_CALENDAR
from tthc_rules.law.question import Question
from tthc_rules.law.rule import Role, UnitThatOwes
from tthc_rules.law.workdays import Calendar
from tthc_rules.library import Rulebook
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.result.verdict import NextAct, Verdict
from tthc_rules.runs.onebyone import Summary

TAKEN_BACK: Final = 14
"""Days for which a calendar says that an act is no more."""


@dataclass(frozen=True, slots=True)
class DueAct:
    """One act of one dossier: of whom, by when, and what fulfils it."""

    unit: str | None
    """Who owes it, as the dossier names it, or the agency of a step."""
    owed_by: UnitThatOwes | Literal[""]
    roles: tuple[Role, ...]
    """Who answers if it is not done in time."""
    dossier_id: str
    procedure: str | None
    act: str
    label: dict[str, str]
    by: date
    by_time: str | None
    overdue: bool
    workdays_left: int
    """Workdays after the day asked about up to the last day; negative for those since a last day that has passed."""
    only_if: OnlyIf | None
    provisional: bool
    """The last day was counted over a day off that no letter has fixed: it may move."""
    fulfilled_by: tuple[EventKind, ...]
    version: str
    clause: str
    number: int = 1
    """Which of the acts of that name in its dossier it is: an agency may have two steps."""

    @property
    def is_past_condition(self) -> bool:
        """Its day has passed and nothing has raised it: there is nothing to be done now."""
        return self.overdue and self.only_if is not None


@dataclass(frozen=True, slots=True)
class Refused:
    """A dossier, or a row of none, that could not be judged."""

    dossier_id: str
    place: str
    code: str
    vi: str
    en: str

    @classmethod
    def of(cls, raw: RawDossier, problem: Problem) -> Refused:
        """One of the things that are wrong with it."""
        return cls(raw.dossier_id, problem.place, problem.code, problem.vi, problem.en)


class DueActs(BaseModel):
    """What falls due up to a day, and what could not be judged."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    as_of: date
    known_on: date
    within: int
    until: date
    """The last day that is looked at: days off after the last workday are in it."""
    dossiers: int
    undetermined: int
    """Dossiers of which it cannot be said what is to be done, since the source does not show it."""
    refused: tuple[Refused, ...]
    acts: tuple[DueAct, ...]
    taken_back: tuple[DueAct, ...] = Field(default=(), exclude=True)
    """Acts that were in the list within the last days and are no more: done, not owed any longer, or moved.
    Only a calendar takes them back; JSON leaves them out."""

    @property
    def refused_dossiers(self) -> int:
        """How many dossiers, and rows of none, could not be judged."""
        return len({one.dossier_id or (one.place, one.code) for one in self.refused})


def window_end(calendar: Calendar, as_of: date, within: int) -> date:
    """The last day of so many workdays, that day included; the days off that follow belong to it.

    What falls due on a Sunday has to be done by the Friday before. Raises `CalendarError` out of its range.
    """
    return calendar.add_workdays(as_of - timedelta(1), within + 1) - timedelta(1)


@dataclass
class Collector:
    """Takes dossiers, and gathers what falls due in them."""

    book: Rulebook
    question: Question
    within: int
    with_taken_back: bool = False
    """Whether what has gone from the list is gathered too."""
    summary: Summary = field(default_factory=Summary)
    undetermined: int = 0
    refused: list[Refused] = field(default_factory=list)
    acts: list[DueAct] = field(default_factory=list)
    taken_back: list[DueAct] = field(default_factory=list)

    def __post_init__(self) -> None:
        asked = self.question
        self.calendar = self.book.calendar(asked.calendar or DEFAULT_CALENDAR, known_on=asked.known_on)
        self.until = window_end(self.calendar, asked.as_of, self.within)

    def take(self, raws: Iterable[RawDossier], progress: Callable[[int], None] = lambda done: None) -> DueActs:
        """All dossiers of a log; raises `InputFileError` for one in which no kind of event is known."""
        first = ""
        for raw in raws:
            first = first or raw.place
            self.summary.see_kinds(raw.data)
            self._one(raw)
            progress(self.summary.dossiers + self.summary.nameless)
        self.summary.check_kinds(first)
        asked = self.question
        return DueActs(
            as_of=asked.as_of, known_on=asked.known_on, within=self.within, until=self.until,
            dossiers=self.summary.dossiers, undetermined=self.undetermined, refused=tuple(self.refused),
            acts=tuple(sorted(self.acts, key=_order)), taken_back=tuple(sorted(self.taken_back, key=_order)),
        )  # fmt: skip

    def settled(self, dossiers: int) -> None:
        """So many dossiers more, of which nothing is expected any longer."""
        self.summary.dossiers += dossiers
        self.summary.kinds[KNOWN_KIND] += dossiers  # that they ended says an event that is known

    def _one(self, raw: RawDossier) -> None:
        self.summary.dossiers += bool(raw.dossier_id)
        self.summary.nameless += not raw.dossier_id
        try:
            if raw.problems:
                raise DossierError(raw.problems)
            dossier = Dossier.model_validate(raw.data)
            verdict = self._verdict(dossier, self.question)
        except (EngineError, OptionError):
            raise
        except TthcError as error:
            self.refused += [Refused.of(raw, problem) for problem in error.problems]
            return
        mine = list(self._acts(dossier, verdict, self.until))
        self.acts += mine
        self.undetermined += verdict.punctuality == "undetermined" and not verdict.next_acts
        if self.with_taken_back:
            self._take_back(dossier, verdict, {(one.act, one.number) for one in mine})

    def _verdict(self, dossier: Dossier, asked: Question) -> Verdict:
        return self.book.evaluate(
            dossier, asked.as_of, known_on=asked.known_on, lateness=asked.lateness, calendar=asked.calendar,
            hours=asked.hours, strict=asked.strict,
        )  # fmt: skip

    def _acts(self, dossier: Dossier, verdict: Verdict, until: date) -> Iterator[DueAct]:
        """The acts of a dossier up to a day."""
        seen: Counter[str] = Counter()
        for act in verdict.next_acts:
            seen[act.id] += 1
            if act.by <= until:
                yield self._act(dossier, verdict, act, seen[act.id])

    def _act(self, dossier: Dossier, verdict: Verdict, act: NextAct, number: int) -> DueAct:
        return DueAct(
            act.unit, act.owed_by, act.roles, dossier.dossier_id, dossier.procedure, act.id, act.label, act.by,
            act.by_time, act.overdue, self._workdays(verdict.as_of, act.by), act.only_if,
            self._is_provisional(verdict, act), act.fulfilled_by, act.version,
            act.citations[0].say() if act.citations else "", number,
        )  # fmt: skip

    def _take_back(self, dossier: Dossier, now: Verdict, stands: set[tuple[str, int]]) -> None:
        """What stood in the list before an event of the last days, or before its day, and stands there no more."""
        today = self.question.as_of
        turned = {event.at.toordinal() for event in dossier.events}
        if now.clock.lawful_due is not None:
            due = now.clock.lawful_due.toordinal()
            turned |= {due, due + 1}  # past it, by the hour or the day, some acts go without an event
        for day in sorted(turned, reverse=True):
            if not today.toordinal() - TAKEN_BACK < day <= today.toordinal():
                continue
            before = replace(self.question, as_of=date.fromordinal(day - 1))
            until = window_end(self.calendar, before.as_of, self.within)
            for one in self._acts(dossier, self._verdict(dossier, before), until):
                is_old = one.is_past_condition and one.by.toordinal() < today.toordinal() - TAKEN_BACK
                if (one.act, one.number) not in stands and not is_old:
                    stands.add((one.act, one.number))
                    self.taken_back.append(one)

    def _is_provisional(self, verdict: Verdict, act: NextAct) -> bool:
        """Whether a day that no letter has fixed lies between the start and the last day; that of a step was set."""
        start = verdict.clock.started_on
        if start is None or act.id.startswith(STEP):
            return False
        first, last = self._place(start), self._place(act.by)
        return self.calendar.provisional[last] > self.calendar.provisional[first]

    def _place(self, day: date) -> int:
        """The place of a day in the calendar's tables, the nearest where it lies outside."""
        return min(max(day_of(day) - self.calendar.base, 0), len(self.calendar.idx) - 1)

    def _workdays(self, after: date, until: date) -> int:
        """Workdays in (after, until], within what the calendar knows."""
        return self.calendar.idx[self._place(until)] - self.calendar.idx[self._place(after)]


def _order(one: DueAct) -> tuple[date, str, str, str, int]:
    return one.by, one.by_time or "24:00", one.dossier_id, one.act, one.number
