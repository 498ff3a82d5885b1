"""Indicator files -> law: every set and fact is looked up, every class measured against its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal

from tthc_rules.errors import Problem
from tthc_rules.law.indicator import (
    JUDGED,
    SETS,
    Band,
    Count,
    FactTest,
    Indicator,
    MeanPoints,
    PointsRow,
    PointsTable,
    Share,
    StatedPoints,
    Total,
    Way,
)
from tthc_rules.rulefile import schema
from tthc_rules.rulefile.complaints import one_of
from tthc_rules.rulefile.resolve import Path, Resolver, citations, evidence, in_force

_WAYS: Final = ("share", "mean_points", "stated_points", "points_table", "total", "count")
_SIGNS: Final[tuple[Literal["at_least", "above", "below", "equals"], ...]] = ("at_least", "above", "below", "equals")


def indicator(resolver: Resolver, part: schema.IndicatorFile, version: str, source: str) -> Indicator:
    """One version of a definition; what is wrong with it goes to the resolver."""
    if sum(getattr(part, way) is not None for way in _WAYS) != 1:
        resolver.complain(one_of(*_WAYS), ("indicator",))
    best = evidence(part.citations)
    resolver.allowed(best, [(part.class_, ("class",))])
    bands = () if part.total is None else part.total.bands
    said = [part.indicator, *_both(part.label), *_both(part.formula), *(text for b in bands for text in _both(b.label))]
    resolver.no_discipline(" ".join(said))
    return Indicator(
        part.indicator,
        version,
        part.label.model_dump(),
        part.formula.model_dump(),
        in_force(part.effective, part.instrument, part.ended_by),
        citations(part.citations),
        resolver.interpretations(part.interpretations),
        best,
        resolver.unconfirmed or best != "unconfirmed",
        part.class_,
        part.decimals,
        _way(resolver, part),
        source,
        part.law_rows,
    )


def _way(resolver: Resolver, part: schema.IndicatorFile) -> Way:
    if part.share is not None:
        for key in ("numerator", "denominator"):
            for at, name in enumerate(getattr(part.share, key)):
                resolver.word(name, SETS, "tập hồ sơ", "set of dossiers", "TR-rule-unknown-set", ("share", key, at))
        return Share(part.share.numerator, part.share.denominator, part.share.complement, part.share.points)
    if part.mean_points is not None:
        cases = JUDGED[part.mean_points.judged]
        for case in part.mean_points.points:
            where: Path = ("mean_points", "points", case)
            resolver.word(case, cases, "trường hợp", "case", "TR-rule-unknown-case", where)
        return MeanPoints(part.mean_points.judged, dict(part.mean_points.points))
    if part.count is not None:
        for at, name in enumerate(part.count.sets):
            resolver.word(name, SETS, "tập hồ sơ", "set of dossiers", "TR-rule-unknown-set", ("count", "sets", at))
        return Count(part.count.sets)
    if part.stated_points is not None:
        return StatedPoints(part.stated_points.fact)
    if part.points_table is not None:
        rows = enumerate(part.points_table)
        return PointsTable(tuple(_row(resolver, row, ("points_table", at)) for at, row in rows))
    if part.total is None:
        return PointsTable(())  # already complained of
    return Total(part.total.of, _bands(resolver, part.total.bands), part.total.whose)


def _row(resolver: Resolver, part: schema.PointsRowPart, path: Path) -> PointsRow:
    tests = []
    for at, test in enumerate(part.if_):
        signs = [sign for sign in _SIGNS if getattr(test, sign) is not None]
        if len(signs) != 1:
            resolver.complain(one_of(*_SIGNS), (*path, "if", at))
        if (test.share is None) == (test.count is None):
            resolver.complain(one_of("share", "count"), (*path, "if", at))
        sign = signs[0] if signs else "equals"
        of: Literal["share", "count"] = "count" if test.share is None else "share"
        tests.append(FactTest(test.share or test.count or "", of, sign, getattr(test, sign) or 0))
    return PointsRow(part.points, tuple(tests), part.kinds)


def _bands(resolver: Resolver, parts: Sequence[schema.BandPart]) -> tuple[Band, ...]:
    """The classes, from the highest down, the last one without a floor: no total may fall between two."""
    bands = tuple(Band(b.id, b.label.model_dump(), None if b.at_least is None else Decimal(b.at_least)) for b in parts)
    floors = [band.at_least for band in bands]
    high = [floor for floor in floors[:-1] if floor is not None]
    if floors[-1] is not None or len(high) != len(floors) - 1 or high != sorted(set(high), reverse=True):
        resolver.complain(_bands_open(), ("total", "bands"))
    return bands


def _both(label: schema.LabelPart) -> tuple[str, str]:
    return label.vi, label.en


def _bands_open() -> Problem:
    return Problem(
        "TR-rule-bands",
        "",
        "các mức phải xếp từ cao xuống thấp, mức cuối không có at_least, để không tổng điểm nào lọt ra ngoài",
        "classes go from the highest down and the last has no at_least, so that no total falls between two",
    )
