"""The law that a group of dossiers shares, laid out once: its tables, its rules, its place in the clock's answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from tthc_rules.bulk.cells import Int32s
from tthc_rules.bulk.loaded import LoadedCode
from tthc_rules.bulk.objects import compiled_rules
from tthc_rules.bulk.tables import CalendarTables, HoursTables, RegimeTables
from tthc_rules.law.codes import blank
from tthc_rules.law.composed import Composed
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.known import KnownLaw
from tthc_rules.law.question import Question
from tthc_rules.result.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Governing:
    """What decides which law governs a dossier."""

    family: str
    place: str
    """`local/…` where the place has rules or acts of its own, else nothing."""
    calendar: str
    hours: str
    """The table of office hours, for limits in working hours."""


@dataclass(frozen=True, slots=True)
class LawPlan:
    """The tables and the rules of one governing law, as known on a day."""

    law: Governing
    calendar: CalendarTables
    regimes: RegimeTables
    hours: HoursTables
    composed: Composed
    rules: LoadedCode
    """The composed rules as machine code."""
    number: int
    """Its own among all plans."""
    first_in: Int32s
    since_in: Int32s
    """By kind of event: where the first of it, and the first since, stand among the clock's answers. Shape (kinds,)."""
    blank: Int32s
    """The clock's answers where nothing has happened. Shape (answers,)."""


@dataclass(slots=True)
class Plans:
    """Every plan of a rulebook that was asked for, kept: two days that know the same law share one."""

    known: KnownLaw
    evaluate: Callable[[Dossier, Question], Verdict]
    """Who judges a dossier that is set aside: the one-dossier path."""
    _plans: dict[tuple[Governing, int, int], LawPlan] = field(default_factory=dict)
    _calendars: dict[tuple[str, int], CalendarTables] = field(default_factory=dict)
    _hours: dict[tuple[str, str, int], HoursTables] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def plan(self, law: Governing, known_on: int) -> LawPlan:
        """The plan of a governing law, as known on a day."""
        calendar = self._calendar(law.calendar, known_on)
        key = (law, self.known.edition(known_on), calendar.now)
        plan = self._plans.get(key)
        if plan is None:
            composed = self.known.composed_of(law.family, law.place, known_on)
            regimes = RegimeTables.of(self.known.regimes_of(law.family, known_on))
            empty = np.asarray(blank(composed.slots.columns), np.int32)
            first, since = (np.asarray(table, np.int32) for table in composed.slots.tables())
            hours, rules = self._hours_of(law, calendar), compiled_rules(composed.source)
            plan = LawPlan(
                law, calendar, regimes, hours, composed, rules, next(self._numbers), first, since, empty
            )  # fmt: skip
            self._plans[key] = plan
        return plan

    def _calendar(self, name: str, known_on: int) -> CalendarTables:
        law = self.known.calendar_law(name)
        key = (name, law.known_on(known_on).edition)
        found = self._calendars.get(key)
        if found is None:
            found = self._calendars[key] = CalendarTables.of(law, known_on)
        return found

    def _hours_of(self, law: Governing, calendar: CalendarTables) -> HoursTables:
        if not law.hours:
            return HoursTables.none()
        key = (law.hours, law.calendar, calendar.now)
        found = self._hours.get(key)
        if found is None:
            found = self._hours[key] = HoursTables.of(self.known.corpus.hours[law.hours], calendar)
        return found
