"""Rows of a Parquet log for a mapping: only the columns that are named, of a closed list of types, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from tthc_rules.bulk.accepted import column_problem, twice
from tthc_rules.bulk.cells import is_text
from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law.text import nfc
from tthc_rules.logs.assemble import Record
from tthc_rules.logs.parquetfiles import files_of, opened, reading, schema_of
from tthc_rules.logs.sourceclock import UnknownZone, zone_named

__all__ = ["column_names", "read_table_rows"]

_ROWS: Final = 50_000
_EXACT: Final = 2**53
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - a civil time
_TICKS: Final = {"s": 1_000_000, "ms": 1_000, "us": 1}
_KNOWN: Final = ("string", "bool", "int", "float", "date", "timestamp", "list<string>", "dictionary", "struct")


def column_names(path: Path) -> tuple[str, ...]:
    """The columns of the log, those of structs with a dot."""
    with reading(path):
        return tuple(name for field in schema_of(path) for name in _leaves(field.name, field.type))


def read_table_rows(path: Path, wanted: Set[str]) -> Iterator[Record]:
    """The rows of the file, or of the files in the folder, with the wanted columns under their names."""
    for file in files_of(path):
        rows = count(1)
        with opened(file) as source:
            kept = [f for f in source.schema_arrow if wanted & set(_leaves(f.name, f.type))]
            problems = [problem for f in kept if (problem := _unreadable_type(f.name, f.type))]
            problems += twice([name for f in kept for name in _leaves(f.name, f.type) if name in wanted])
            if problems:
                raise InputFileError(problems)
            for batch in source.iter_batches(_ROWS, columns=[f.name for f in kept]):
                batch.validate(full=True)
                columns = [_columns(f.name, column) for f, column in zip(batch.schema, batch, strict=True)]
                values = [(name, _values(column)) for name, column in chain(*columns) if name in wanted]
                for at in range(len(batch)):
                    place = f"{file}:{next(rows)}"
                    cells = {name: cell for name, column in values if (cell := column[at]) is not None and cell != ""}
                    if cells:
                        yield Record(place, cells)


def _leaves(name: str, kind: Any) -> Iterator[str]:
    if pa.types.is_struct(kind):
        for inner in kind:
            yield from _leaves(f"{name}.{inner.name}", inner.type)
    else:
        yield nfc(name)


def _unreadable_type(name: str, kind: Any) -> Problem | None:
    if pa.types.is_struct(kind):
        return next((found for one in kind if (found := _unreadable_type(f"{name}.{one.name}", one.type))), None)
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    is_plain = pa.types.is_null(inner) or pa.types.is_boolean(inner) or pa.types.is_integer(inner) or is_text(inner)
    is_words = pa.types.is_list(inner) and is_text(inner.value_type) and not pa.types.is_dictionary(inner.value_type)
    is_number = pa.types.is_float32(inner) or pa.types.is_float64(inner)
    is_moment = pa.types.is_timestamp(inner) or pa.types.is_date(inner)
    if is_plain or is_words or is_number or is_moment:
        return None
    return column_problem(name, "kiểu dữ liệu này không đọc được", "this type is not read", kind, _KNOWN)


def _columns(name: str, column: Any) -> Iterator[tuple[str, Any]]:
    """The column, or those of the struct that it is."""
    if not pa.types.is_struct(column.type):
        yield nfc(name), column
        return
    for inner, field in zip(column.flatten(), column.type, strict=True):
        yield from _columns(f"{name}.{field.name}", inner)


def _values(column: Any) -> list[Any]:
    """The cells as a mapping reads them; a moment that no calendar has is one outside every range."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_timestamp(kind):
        zone = None if kind.tz is None else zone_named(kind.tz) or UnknownZone(kind.tz)
        return [None if ticks is None else _moment(ticks, kind, zone) for ticks in column.cast(pa.int64()).to_pylist()]
    if pa.types.is_date(kind):
        days = column.cast(pa.int32() if pa.types.is_date32(kind) else pa.int64()).to_pylist()
        return [None if n is None else _day(n if pa.types.is_date32(kind) else n // 86_400_000) for n in days]
    if pa.types.is_floating(kind):
        return [_number(value) for value in column.to_pylist()]
    return list(column.to_pylist())


def _moment(ticks: int, kind: Any, zone: tzinfo | None) -> date:
    """The civil moment, or where the column has a zone, the instant as its clock showed it."""
    micro = ticks // 1000 if kind.unit == "ns" else ticks * _TICKS[kind.unit]
    try:
        moment = _EPOCH + timedelta(microseconds=micro)
        return moment if zone is None else moment.replace(tzinfo=UTC).astimezone(zone)
    except OverflowError:
        return date.min


def _day(number: int) -> date:
    try:
        return date.fromordinal(number + _EPOCH.toordinal())
    except (ValueError, OverflowError):
        return date.min


def _number(value: float | None) -> float | None:
    """A whole number as one, as pandas writes it beside an empty cell; NaN is an empty cell."""
    if value is None or value != value:  # noqa: PLR0124 - only NaN is not itself
        return None
    return int(value) if abs(value) < _EXACT and value.is_integer() else value
