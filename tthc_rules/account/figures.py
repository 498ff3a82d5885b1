"""The figures of an account: what the indicators of units and officers come to, and from what they are counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tthc_rules.account.gather import UnitTally, each_officer, totals
from tthc_rules.account.indicators import ENDED, NOT_YET, Basis, Stated, Value, by_due, compute
from tthc_rules.account.inputs import PETITION, Complete
from tthc_rules.account.organisation import Organisation
from tthc_rules.account.period import Period, period_before
from tthc_rules.account.plaindata import counts_json, size_of
from tthc_rules.account.question import AccountQuestion, Given
from tthc_rules.account.tally import ENDS, WIDTH, Counts, Tally, UnitId, place_of
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.indicator import DUE_SETS, PLAIN_SETS, Count, Indicator, Share, Total


@dataclass(frozen=True)
class Figures:
    """The indicators of one account, each in the version of its period, over whatever is counted."""

    corpus: Corpus
    question: AccountQuestion
    given: Given
    organisation: Organisation
    periods: tuple[Period, ...]

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Each indicator in the version that the period is counted by."""
        return {name: self._version(versions) for name, versions in sorted(self.corpus.indicators.items())}

    def _version(self, versions: Sequence[Indicator]) -> Indicator:
        """The version in force on the period's last day; else the one that began last before it, else the first."""
        begun = [version for version in versions if version.in_force.start <= self.question.period.last]
        return (begun or list(versions[:1]))[-1]

    def in_force(self, indicator: Indicator) -> bool:
        """Whether the indicator is law at the end of the period, as known."""
        return indicator.is_on and indicator.in_force.covers(self.question.period.last, self.question.known_on)

    def _computed(self, indicator: Indicator, basis: Basis, others: Callable[[str], Value] | None = None) -> Value:
        """Its value; points end with the instrument that gives them, a share of dossiers can still be counted."""
        ends = indicator.in_force.known_end(self.question.known_on)
        if ends < self.question.period.last and not isinstance(indicator.way, Share):
            return Value(None, ENDED)
        if isinstance(indicator.way, Count) and not self.in_force(indicator):
            return Value(None, NOT_YET)
        return compute(indicator, basis, others)

    def basis(self, name: UnitId, unit: UnitTally, period: int, facts: Mapping[str, Stated], kind: str) -> Basis:
        """What a unit's values of one period are counted from."""
        capacity = unit.capacity
        return Basis(
            unit.counted(period),
            unit.fine[capacity] if period == 0 else {},
            unit.petitions[capacity] if period == 0 else {},
            period == 0 and self._petitions_known(name),
            self._late_points(),
            facts,
            kind,
        )

    def _late_points(self) -> int | None:
        written = self.given.settings.late_without_petition
        return None if written == "undefined" else int(written)

    def _petitions_known(self, name: UnitId) -> bool:
        spans = sorted((c.from_, c.to) for c in self.complete(name) if c.kind == PETITION)
        day = self.question.period.first
        for start, end in spans:
            if start <= day:
                day = max(day, end + 1)
        return day > self.question.closing

    def complete(self, name: UnitId) -> tuple[Complete, ...]:
        """What the unit's log is declared complete for."""
        closing = self.question.closing
        return tuple(
            one
            for one in self.given.complete
            if one.unit is None or self.organisation.current(one.unit, closing) == name
        )

    def facts(self, name: UnitId) -> dict[str, Stated]:
        """The latest of each fact that the unit stated up to the closing day."""
        closing = self.question.closing
        own = [f for f in self.given.facts if f.at <= closing and self.organisation.current(f.unit, closing) == name]
        return {fact.name: Stated(fact.count, fact.of) for fact in sorted(own, key=lambda fact: fact.at)}

    def values(self, basis: Basis) -> dict[str, Value]:
        """Every value of a unit; totals from the others."""
        plain = {n: self._computed(one, basis) for n, one in self.indicators.items() if not isinstance(one.way, Total)}
        whole = {
            n: self._computed(one, basis, plain.__getitem__)
            for n, one in self.indicators.items()
            if isinstance(one.way, Total) and one.way.whose == "unit"
        }
        return {**plain, **whole}

    def figure(self, indicator: Indicator, value: Value, basis: Basis | None) -> dict[str, Any]:
        """A value as the account shows it, with the other due dates that it can be counted by."""
        shown = value.as_json()
        if basis is not None and value.reason not in (ENDED, NOT_YET) and (dues := by_due(indicator, basis)):
            shown["by_due"] = {due: one.as_json() for due, one in dues.items()}
        return shown

    def measure(
        self, name: UnitId, unit: UnitTally, facts: Mapping[str, Stated], kind: str
    ) -> Callable[[str, Period | None], Value]:
        """What an indicator of the unit came to in any of the periods."""

        def measure(indicator: str, period: Period | None) -> Value:
            if period is not None and period not in self.periods:
                return Value(None, "no_facts")
            at = 0 if period is None else self.periods.index(period)
            basis = self.basis(name, unit, at, facts, kind)
            return self.values(basis)[indicator] if indicator in self.indicators else Value(None, "no_facts")

        return measure

    def month(self, unit: UnitTally, month: Period) -> dict[str, Any]:
        """One month of the series."""
        return self._shares_of(month, unit.counted(self.periods.index(month)))

    def _shares_of(self, period: Period, counts: Counts) -> dict[str, Any]:
        basis = Basis(counts, {}, {}, False, None, {}, "")
        shares = {n: one for n, one in self.indicators.items() if isinstance(one.way, Share)}
        return {
            "period": period.id,
            "counts": {s: size_of(counts, s) for s in (*PLAIN_SETS, *DUE_SETS[:5])},
            "indicators": {n: compute(one, basis).as_json()["value"] for n, one in shares.items()},
        }

    def total(self, tally: Tally | None) -> dict[str, Any]:
        """All units together; a period that has not begun has no figures."""
        if tally is None:
            return {"counts": None, "indicators": {}}
        counts = totals(tally)[0]
        basis = Basis(counts, {}, {}, False, None, {}, "")
        shares = {name: one for name, one in self.indicators.items() if isinstance(one.way, Share)}
        return {
            "counts": counts_json(counts),
            "indicators": {name: self.figure(one, compute(one, basis), basis) for name, one in shares.items()},
        }

    def before(self, tally: Tally | None) -> dict[str, Any] | None:
        """The period before, by the same definitions and of the same results; none where they hold no dossier of it."""
        before = period_before(self.question.period)
        if tally is None or before not in self.periods:
            return None
        counts = totals(tally)[self.periods.index(before)]
        if not size_of(counts, "received") + size_of(counts, "carried_over"):
            return None
        return self._shares_of(before, counts)

    def officers(self, tally: Tally) -> Iterator[dict[str, Any]]:
        """Each officer's finished dossiers and points: an input to the rating of a person by a person."""
        closing = self.question.closing
        ends: dict[str, Counter[str]] = defaultdict(Counter)
        petitions: dict[str, Counter[str]] = defaultdict(Counter)
        fine: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        units: dict[str, set[str]] = defaultdict(set)
        for (name, officers, end, petition), count in tally.officer_ends.items():
            for officer in each_officer(officers):
                ends[officer][end] += count
                petitions[officer][end] += count * petition
                units[officer].add(self.organisation.current(name, closing) or "")
        for (_, officers, what, case), count in tally.officer_fine.items():
            for officer in each_officer(officers):
                fine[officer][what, case] += count
        late: Counter[str] = Counter()
        for (at, _, officers), count in tally.late_officers.items():
            if at == 0:
                for officer in each_officer(officers):
                    late[officer] += count
        totals_of = [(n, one) for n, one in self.indicators.items() if isinstance(one.way, Total)]
        for officer in sorted({*ends, *late}):
            counts = [0] * WIDTH
            for end in ENDS:
                counts[place_of(f"finished_{end}")] = ends[officer][end]
            at_units = sorted(units[officer])
            basis = Basis(
                counts,
                fine[officer],
                petitions[officer],
                bool(at_units) and all(self._petitions_known(unit) for unit in at_units),
                self._late_points(),
                {},
                "",
            )
            indicators = {}
            for name, one in totals_of:
                if isinstance(one.way, Total) and one.way.whose == "officer":
                    parts = {part: self._computed(self.indicators[part], basis) for part in one.way.of}
                    indicators[name] = self.figure(one, self._computed(one, basis, parts.__getitem__), None)
                    indicators |= {part: self.figure(self.indicators[part], v, None) for part, v in parts.items()}
            yield {
                "officer": officer,
                "units": at_units,
                "counts": {**{f"finished_{end}": ends[officer][end] for end in ENDS}, "late": late[officer]},
                "indicators": indicators,
            }
