"""Everything a verdict was made of: what the explanation tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tthc_rules.law.acts import Expected
from tthc_rules.law.asked import StepFound
from tthc_rules.law.civil import Moment
from tthc_rules.law.daycount import DayCounted
from tthc_rules.law.dossier import Dossier, NoTimeLimit, TimeLimit
from tthc_rules.law.facts import Facts
from tthc_rules.law.question import Question
from tthc_rules.law.regimes import Regimes
from tthc_rules.law.rule import CatalogueEntry, ClockVersion, Rule
from tthc_rules.law.timeline import Timeline
from tthc_rules.law.workdays import Calendar
from tthc_rules.reference.course import course_of
from tthc_rules.reference.explain import explain
from tthc_rules.result.course import Course
from tthc_rules.result.departure import Departure
from tthc_rules.result.found import Found
from tthc_rules.result.verdict import PageMaker, Verdict


@dataclass(slots=True)
class Trace:
    """Everything a verdict was made of, for its explanation."""

    dossier: Dossier
    question: Question
    timeline: Timeline
    clock_version: ClockVersion | None
    limit: TimeLimit | NoTimeLimit | None
    entry: CatalogueEntry | None
    calendar: Calendar
    family_rules: Mapping[str, tuple[Rule, ...]]
    facts: Facts | None
    found: list[Found]
    steps: list[StepFound]
    regimes: Regimes
    out: list[int]
    mark: list[int]
    due_then: list[int]
    days: Callable[[], list[DayCounted]] = list
    """Each day from the last start to the lawful due date, and what it was worth."""
    waited: Callable[[], list[DayCounted]] = list
    """The same to the day that was asked about, of a dossier whose clock is stopped."""
    acts: tuple[Expected, ...] = ()
    """What the law still expects."""
    other_reading: Callable[[str], Verdict] | None = None
    """The verdict under the other reading of an interpretation of the clock."""
    page: PageMaker | None = None
    """Who makes a page of it."""
    departs: Callable[[Moment | None], Departure | None] = lambda sender_due: None
    """Where a sender's date parts from the law's."""

    def trace(self) -> Trace:
        """Itself: this is what a verdict of the reference engine was made of."""
        return self

    def fields(self) -> Mapping[str, Any]:
        """Nothing more: the reference engine dresses its verdicts at once."""
        raise LookupError("a verdict of the reference engine is dressed")

    def explain(self, verdict: Verdict, lang: str, *, day_by_day: bool, departure: Departure | None = None) -> str:
        """Every step, every clause, what was not fulfilled and why; and where a sender's date parts from the law's."""
        return explain(verdict, self, lang, day_by_day=day_by_day, departure=departure)

    def departure(self, sender_due: Moment | None) -> Departure | None:
        """Where that date, or that on the slip, parts from the law's."""
        return self.departs(sender_due)

    def course(self, verdict: Verdict) -> Course:
        """What happened, and each day on the way."""
        return course_of(verdict, self)

    def to_html(self, verdict: Verdict, lang: str) -> str | None:
        """The page, by whoever was handed over to make it."""
        return None if self.page is None else self.page(verdict, self.course(verdict), lang)
