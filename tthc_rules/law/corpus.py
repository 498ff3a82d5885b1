"""All the law that was loaded, resolved and checked, in one immutable value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from tthc_rules.errors import Problem, nearest_of, retired_word, unknown_word
from tthc_rules.law.evidence import Citation, Interpretation, Text
from tthc_rules.law.forms import Forms
from tthc_rules.law.indicator import Indicator
from tthc_rules.law.rule import CatalogueEntry, ClockVersion, CountsAs, Overlay, Rule
from tthc_rules.law.text import alike
from tthc_rules.law.unit_duty import Office, UnitDuty
from tthc_rules.law.workdays import CalendarLaw

Shift = tuple[int, int]


@dataclass(frozen=True, slots=True)
class HoursTable:
    """Office hours of a place, by season: (first MM-DD, last MM-DD, shifts in minutes of the day)."""

    id: str
    jurisdictions: tuple[str, ...]
    seasons: tuple[tuple[str, str, tuple[Shift, ...]], ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A province by its unaccented name; it may have ended in another."""

    id: str
    name: Text
    start: date | None
    until: date | None
    merged_into: str


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A duty that is not computed from one dossier, and why: a gap named as a gap."""

    id: str
    label: Text
    citations: tuple[Citation, ...]
    state: str
    because: Text
    source: str
    seed_rows: tuple[str, ...] = ()
    law_rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """A kind of unit that has gone, its last day, and what says so."""

    kind: str
    label: Text
    until: int
    citations: tuple[Citation, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Retired:
    """An id that is used no more, and the one that stands in its place, if one does."""

    id: str
    successor: str
    because: Text
    source: str

    def told(self, place: str) -> Problem:
        """What whoever names it is told."""
        return retired_word(place, self.id, self.successor, (self.because["vi"], self.because["en"]))


@dataclass(frozen=True, slots=True)
class Example:
    """Facts and outcomes written inside a rule."""

    name: str
    given: Mapping[str, str | int | bool | None]
    expect: Mapping[str, str | None]
    source: str


def versions_of(rules: Mapping[str, Mapping[str, Iterable[Rule]]]) -> Iterator[Rule]:
    """Every version of the rules of these families, repeals among them."""
    for family in rules.values():
        for versions in family.values():
            yield from versions


def duties_of(rules: Mapping[str, Mapping[str, Iterable[Rule]]]) -> tuple[str, ...]:
    """Every duty and limit that they know, in order."""
    return tuple(sorted({duty for rule in versions_of(rules) for duty in rule.duties}))


@dataclass(frozen=True)
class Corpus:
    """Clocks and rules by family, versions in order of their first day; calendars, hours, catalogue, places."""

    clocks: Mapping[str, tuple[ClockVersion, ...]] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, tuple[Rule, ...]]] = field(default_factory=dict)
    calendars: Mapping[str, CalendarLaw] = field(default_factory=dict)
    hours: Mapping[str, HoursTable] = field(default_factory=dict)
    catalogue: Mapping[str, tuple[CatalogueEntry, ...]] = field(default_factory=dict)
    jurisdictions: Mapping[str, Jurisdiction] = field(default_factory=dict)
    place_lists: Mapping[str, tuple[Citation, ...]] = field(default_factory=dict)
    """By file: what the list of places stands on."""
    registers: tuple[RegisterEntry, ...] = ()
    overlays: Mapping[str, tuple[Overlay, ...]] = field(default_factory=dict)
    """By family: what a place adds or excepts."""
    unit_duties: Mapping[str, tuple[UnitDuty, ...]] = field(default_factory=dict)
    """By id, versions in order."""
    forms: tuple[Forms, ...] = ()
    examples: Mapping[str, tuple[Example, ...]] = field(default_factory=dict)
    """Examples by the source of their rule."""
    interpretations: Mapping[str, Interpretation] = field(default_factory=dict)
    digest: str = ""
    files: tuple[str, ...] = ()
    indicators: Mapping[str, tuple[Indicator, ...]] = field(default_factory=dict)
    retired: Mapping[str, Retired] = field(default_factory=dict)
    """By id, versions in order."""
    offices: Mapping[str, tuple[Office, ...]] = field(default_factory=dict)
    """Who holds a post by law; by id, versions in order."""
    levels: Mapping[str, Level] = field(default_factory=dict)
    """Kinds of units that have gone."""

    def beside(self, family: str) -> str:
        """The family whose rules govern the dossiers of this one too, or nothing."""
        versions = self.clocks.get(family, ())
        return versions[-1].beside if versions else ""

    def rules_of(self, family: str) -> Mapping[str, tuple[Rule, ...]]:
        """The rules of a family: those that stand beside it, but for the ids that it has rules of its own for."""
        own, beside = self.rules.get(family, {}), self.rules.get(self.beside(family), {})
        return {**beside, **own} if beside else own

    def rule_versions(self) -> Iterator[Rule]:
        """Every version of every rule on dossiers, of every family, repeals among them."""
        return versions_of(self.rules)

    @cached_property
    def duties(self) -> tuple[str, ...]:
        """Every duty and limit that some rule knows, at any time and in any place, in order."""
        return duties_of(self.rules)

    def unknown_place(self, place: str, written: str) -> Problem:
        """What whoever names a place that is not listed is told: the nearest id, also where it is called by name."""
        known = tuple(self.jurisdictions)
        names = {alike(name): one.id for one in self.jurisdictions.values() for name in one.name.values()}
        problem = unknown_word(place, "địa phương", "jurisdiction", written, known, "TR-dossier-jurisdiction")
        as_id = "-".join(alike(written[:100]).split())
        return replace(problem, nearest=names.get(alike(written[:100])) or nearest_of(as_id, known) or problem.nearest)

    def counted_as(self, what: CountsAs) -> frozenset[str]:
        """The duties that accounts count as that, as their rules say."""
        return frozenset(
            duty.id for rule in self.rule_versions() for duty in rule.obligations if duty.counts_as == what
        )
