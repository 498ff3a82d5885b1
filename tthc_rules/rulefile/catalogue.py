"""Rows of a catalogue file -> its entries; and what two of them may not say together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tthc_rules.errors import Problem, unknown_word
from tthc_rules.law.civil import day_of
from tthc_rules.law.dossier import NoTimeLimit
from tthc_rules.law.rule import OWN_TIMES, CatalogueEntry
from tthc_rules.rulefile.resolve import citations
from tthc_rules.rulefile.schema.tables import CatalogueFile, CatalogueRow

_FIELDS: Final = {"channels": ("cách nộp", "the channel"), "jurisdictions": ("địa phương", "the place")}


def entries(part: CatalogueFile, source: str) -> Iterator[CatalogueEntry]:
    """The entries of a file, in its order."""
    return (_entry(row, part.regime, source) for row in part.entries)


def in_order(rows: Iterable[CatalogueEntry]) -> tuple[CatalogueEntry, ...]:
    """The most specific first, so that the first one that fits is the one that holds."""
    return tuple(sorted(rows, key=lambda row: (-len(row.fields), row.start)))


def problems_of(
    catalogue: Mapping[str, Iterable[CatalogueEntry]], families: tuple[str, ...], places: Iterable[str]
) -> Iterator[Problem]:
    """Unknown regimes and places, and entries of one procedure of which nobody could say which one holds."""
    known = tuple(places)
    for name, rows in catalogue.items():
        for family in sorted({row.family for row in rows} - set(families)):
            yield unknown_word(name, "dòng văn bản", "regime", family, families, "TR-rule-unknown-regime")
        for place in sorted({place for row in rows for place in row.jurisdictions} - set(known)):
            yield unknown_word(name, "địa phương", "jurisdiction", place, known, "TR-rule-unknown-place")
        yield from _doubtful(name, sorted(rows, key=lambda row: row.start))


def _doubtful(name: str, ascending: list[CatalogueEntry]) -> Iterator[Problem]:
    for at, earlier in enumerate(ascending):
        for later in ascending[at + 1 :]:
            if earlier.until is not None and earlier.until < later.start:
                break
            if not earlier.may_meet(later):
                continue
            if earlier.fields == later.fields:
                yield _two_limits(name, earlier, later)
            elif not (earlier.fields < later.fields or later.fields < earlier.fields):
                yield _two_fields(name, earlier, later)


def _entry(row: CatalogueRow, family: str, source: str) -> CatalogueEntry:
    limit = row.time_limit
    none = isinstance(limit, NoTimeLimit)
    return CatalogueEntry(
        row.procedure,
        day_of(row.from_),
        None if row.to is None else day_of(row.to),
        0 if isinstance(limit, NoTimeLimit) else limit.amount,
        "" if isinstance(limit, NoTimeLimit) else limit.unit,
        -1 if isinstance(limit, NoTimeLimit) or limit.cutoff is None else limit.cutoff,
        () if isinstance(limit, NoTimeLimit) else limit.pauses_for,
        family,
        none,
        citations(row.citations),
        row.channels or (),
        row.jurisdictions or (),
        source,
        None if row.known_from is None else day_of(row.known_from),
        tuple((name, own.amount, own.unit) for name in OWN_TIMES if (own := getattr(limit, name)) is not None),
    )


def _files(earlier: CatalogueEntry, later: CatalogueEntry) -> str:
    return " · ".join(dict.fromkeys((earlier.source, later.source)))


def _two_limits(name: str, earlier: CatalogueEntry, later: CatalogueEntry) -> Problem:
    return Problem(
        "TR-rule-overlap",
        name,
        f"thủ tục «{name}» có hai thời hạn giải quyết trong cùng một ngày ({_files(earlier, later)})",
        f"procedure “{name}” has two time limits on one day ({_files(earlier, later)})",
    )


def _two_fields(name: str, earlier: CatalogueEntry, later: CatalogueEntry) -> Problem:
    one, other = (_FIELDS[next(iter(row.fields))] for row in (earlier, later))
    return Problem(
        "TR-rule-entry",
        name,
        f"thủ tục «{name}»: một hồ sơ có thể khớp một dòng theo {one[0]} và một dòng theo {other[0]} trong cùng một"
        f" ngày, không rõ dòng nào áp dụng ({_files(earlier, later)}); ghi cả hai điều kiện vào một dòng",
        f"procedure “{name}”: a dossier may fit one entry by {one[1]} and one by {other[1]} on one day, and nothing"
        f" says which holds ({_files(earlier, later)}); name both in one entry",
    )
