"""Indicators from counts: each definition is data, and a denominator of zero is named and never a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tthc_rules.account.tally import ENDS, Counts, place_of
from tthc_rules.law.indicator import (
    DERIVED_SETS,
    DUES,
    LAWFUL,
    Count,
    FactTest,
    Indicator,
    MeanPoints,
    PointsTable,
    Share,
    StatedPoints,
    Total,
)

ZERO = "zero_denominator"
ENDED = "ended"
"""Points of an instrument that has ended: there are none, whatever was counted."""
NOT_YET = "before_in_force"
"""Lines of a report that no act asked for yet."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact as the unit states it: a count, and what it is a share of."""

    count: int
    of: int | None


@dataclass(frozen=True, slots=True)
class Value:
    """A value with what it was computed from; without a value, the reason."""

    value: Decimal | None
    reason: str = ""
    numerator: int | None = None
    denominator: int | None = None
    undefined: int = 0
    """Dossiers on which the text is silent: in no numerator and no denominator."""
    band: str | None = None
    parts: int | None = None
    of: int | None = None

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"value": None if self.value is None else _number(self.value)}
        for name in ("numerator", "denominator", "band"):
            if getattr(self, name) is not None:
                said[name] = getattr(self, name)
        if self.parts is not None:
            said["n_indicators"], said["of"] = self.parts, self.of
        if self.reason:
            said["reason"] = self.reason
        if self.undefined:
            said["undefined"] = self.undefined
        return said


@dataclass(frozen=True, slots=True)
class Basis:
    """What indicators are computed from, for one unit or one officer and one period."""

    counts: Counts
    fine: Mapping[tuple[str, str], int]
    """(steps or requests, case) -> finished dossiers; without a case, whether the source says so much."""
    petitions: Mapping[str, int]
    """end -> finished dossiers with a petition about behaviour."""
    petitions_known: bool
    late_without_petition: int | None
    facts: Mapping[str, Stated]
    kind: str


def rounded(numerator: int, denominator: int, decimals: int) -> Decimal:
    """A quotient rounded half up, by integers, so that 17.545 is never 17.54 for want of a bit."""
    scale: int = 10**decimals
    whole = (2 * abs(numerator) * scale + denominator) // (2 * denominator)
    value = Decimal(whole if numerator >= 0 else -whole) / scale
    return value.quantize(Decimal(1).scaleb(-decimals)) if decimals else value


def size(counts: Counts, names: Sequence[str], due: int = LAWFUL) -> int:
    """How many dossiers are in these sets together; the sets of one definition do not overlap."""
    return sum(counts[place_of(part, due)] for name in names for part in DERIVED_SETS.get(name, (name,)))


def share(way: Share, counts: Counts, decimals: int, due: int = LAWFUL) -> Value:
    """A share in per cent, or in points of a maximum."""
    above, below = size(counts, way.numerator, due), size(counts, way.denominator, due)
    return ratio(below - above if way.complement else above, below, decimals, way.points or 100)


def ratio(above: int, below: int, decimals: int, worth: int = 100) -> Value:
    """So many of so many, where all of them are worth that much."""
    if below == 0:
        return Value(None, ZERO, above, below)
    return Value(rounded(above * worth, below, decimals), "", above, below)


def compute(
    indicator: Indicator, basis: Basis, others: Callable[[str], Value] | None = None, due: int = LAWFUL
) -> Value:
    """The value of an indicator; `others` gives the parts of a total."""
    way = indicator.way
    if isinstance(way, Share):
        return share(way, basis.counts, indicator.decimals, due)
    if isinstance(way, Count):
        return Value(Decimal(size(basis.counts, way.sets, due)))
    if isinstance(way, MeanPoints):
        return _mean(way, basis, indicator.decimals, due)
    if isinstance(way, StatedPoints):
        stated = basis.facts.get(way.fact)
        if stated is None or stated.of is None:
            return Value(None, "no_facts")
        return ratio(stated.count, stated.of, indicator.decimals, 1)
    if isinstance(way, PointsTable):
        return _table(way, basis)
    return _total(way, [others(name) for name in way.of] if others is not None else [])


def _mean(way: MeanPoints, basis: Basis, decimals: int, due: int) -> Value:
    ends = {end: basis.counts[place_of(f"finished_{end}", due)] for end in ENDS}
    points: Mapping[str, int] = way.points
    if way.judged == "end":
        cases: Mapping[str, int] = ends
    elif way.judged == "conduct":
        if not basis.petitions_known:
            return Value(None, "not_recorded")
        cases = {end: count - basis.petitions.get(end, 0) for end, count in ends.items()}
        cases = {**cases, "petition": sum(basis.petitions.values())}
        if basis.late_without_petition is not None and "late" not in points:
            points = {**points, "late": basis.late_without_petition}
    elif (way.judged, "") not in basis.fine:
        return Value(None, "no_facts")
    else:
        cases = {case: count for (what, case), count in basis.fine.items() if what == way.judged and case}
    above = sum(points[case] * count for case, count in cases.items() if case in points)
    below = sum(count for case, count in cases.items() if case in points)
    undefined = sum(cases.values()) - below
    if below == 0:
        return Value(None, "undefined" if undefined else ZERO, above, below, undefined)
    return Value(rounded(above, below, decimals), "", above, below, undefined)


def _table(way: PointsTable, basis: Basis) -> Value:
    """The first row that holds; a row that could hold, were a fact known, ends the search."""
    for row in way.rows:
        if row.kinds and basis.kind not in row.kinds:
            if not basis.kind:
                return Value(None, "no_facts")
            continue
        found = [_holds(test, basis.facts.get(test.fact)) for test in row.tests]
        if False in found:
            continue
        if None in found:
            return Value(None, "no_facts")
        return Value(Decimal(row.points))
    return Value(None, "undefined")


def _holds(test: FactTest, stated: Stated | None) -> bool | None:
    if stated is None or (test.of == "share" and not stated.of):
        return None
    left, right = stated.count, test.value
    if test.of == "share":
        left, right = stated.count * 100, test.value * (stated.of or 0)
    if test.sign == "at_least":
        return left >= right
    if test.sign == "above":
        return left > right
    return left < right if test.sign == "below" else left == right


def _total(way: Total, parts: Sequence[Value]) -> Value:
    known = [part.value for part in parts if part.value is not None]
    if not known:
        return Value(None, "no_indicator", parts=0, of=len(way.of))
    total = sum(known, Decimal(0))
    return Value(total, band=band_of(way, total), parts=len(known), of=len(way.of))


def band_of(way: Total, total: Decimal) -> str:
    """The class of a total: the first whose floor it reaches."""
    return next(band.id for band in way.bands if band.at_least is None or total >= band.at_least)


def by_due(indicator: Indicator, basis: Basis) -> dict[str, Value]:
    """The value against each of the four due dates, where they can differ."""
    hangs = isinstance(indicator.way, Share | Count) or (
        isinstance(indicator.way, MeanPoints) and indicator.way.judged == "end"
    )
    return {name: compute(indicator, basis, None, at) for at, name in enumerate(DUES)} if hangs else {}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
