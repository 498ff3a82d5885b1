"""Foreign tables in: checked, under the documented names, in the few types that the rest reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.arrow import reason, table_of
from tthc_rules.bulk.accepted import (
    check_schema,
    column_problem,
    fits,
    is_float,
    is_list,
    is_nameless,
    no_events,
    no_group,
    our_name,
    wrong_type,
)
from tthc_rules.bulk.cells import Column, Int64s, as_text, cells, encode, is_text, whole
from tthc_rules.bulk.columns import DOSSIER_COLUMNS, EVENT_COLUMNS, EVENTS, Meaning
from tthc_rules.errors import InputFileError, Problem, TthcError, nearest_of, shown
from tthc_rules.law.fields import GROUPS

_VIETNAM: Final = timedelta(hours=7)
_TICKS: Final = {"s": 1_000_000, "ms": 1_000, "us": 1}


def read_table(source: object, name: str) -> pa.Table:
    """Anything with the Arrow stream interface as a table that was checked to its last offset."""
    try:
        table = checked(table_of(source, check_schema))
    except TthcError:
        raise
    except Exception as error:  # a stream is foreign code: it raises what it likes, also midway
        culprit = _culprit(source)
        raise InputFileError(_unreadable(source, name, error) if culprit is None else culprit) from None
    return named(table)


def checked(table: pa.Table) -> pa.Table:
    """The table, of accepted types only, and sound to its last offset; raises `InputFileError` or what Arrow raises."""
    check_schema(table.schema)
    table.validate(full=True)
    return table


def _culprit(source: Any) -> Problem | None:
    """The column of a mapping or of a frame that Arrow cannot take."""
    if not (isinstance(source, Mapping) or hasattr(source, "iloc")):
        return None
    try:
        names = list(source if isinstance(source, Mapping) else source.columns)
        for name in names:
            if not isinstance(name, str):
                return column_problem(shown(name), "tên cột phải là văn bản", "the name of a column must be text")
            name.encode()
            if names.count(name) > 1:
                return column_problem(name, "cột có hai lần", "the column is there twice")
    except UnicodeEncodeError:
        return column_problem(shown(name), "tên cột có ký tự hỏng", "the name of a column holds half a character")
    except Exception:
        return None
    for name in names:
        try:
            pa.array(source[name], from_pandas=True)
        except (pa.ArrowException, OverflowError, UnicodeError) as error:
            why = reason(error)
            vi, en = f"có ô không đọc được: {why}", f"a cell of it cannot be read: {why}"
            return column_problem(name, vi, en)
        except Exception:
            return None
    return None


def named(table: pa.Table) -> pa.Table:
    """The table under our names: aliases resolved, `case:` taken off, groups (`units`, `time_limit`) flattened."""
    table = table.select([name for name in table.column_names if not is_nameless(name)])
    table = table.rename_columns([our_name(name) for name in table.column_names])
    for group in GROUPS:
        if group in table.column_names:
            table = _flattened(table, group)
    meanings = {**EVENT_COLUMNS, **DOSSIER_COLUMNS} if "kind" in table.column_names else DOSSIER_COLUMNS
    for place, name in enumerate(table.column_names):
        if name != EVENTS:
            table = table.set_column(place, name, canonical(whole(table, name), name, meanings.get(name)))
        elif not is_list(table[name].type):  # the schema allows it where no dossier has events
            if not is_empty(whole(table, name)):
                raise InputFileError(no_events(table[name].type))
            table = table.set_column(place, name, pa.nulls(len(table)))
    return table


def _flattened(table: pa.Table, group: str) -> pa.Table:
    """The fields of a struct column as columns of their own; those of a struct that is null are null."""
    column = whole(table, group)
    table = table.drop_columns([group])
    if pa.types.is_struct(column.type):
        for field, inner in zip(column.type, column.flatten(), strict=True):
            table = table.append_column(f"{group}.{field.name}", inner)
    elif not is_empty(column):
        raise InputFileError(no_group(group, column.type))
    return table


_TYPES: Final[dict[Meaning, pa.DataType]] = {
    "text": pa.string(),
    "list": pa.list_(pa.string()),
    "flag": pa.bool_(),
    "number": pa.int64(),
    "moment": pa.timestamp("us"),
}


def canonical(column: Column, path: str, meaning: Meaning | None) -> Column:
    """The column in a type that the rest reads: the same words and numbers, however they were stored.

    Columns of one type come out as one type, whatever is in them: pieces of a table fit together.
    """
    if meaning is None:
        return _tellable(column)
    if pa.types.is_dictionary(column.type) and not is_text(column.type):
        column = column.dictionary_decode()
    if pa.types.is_null(column.type) or (is_float(column.type) and meaning != "number" and is_empty(column)):
        return pa.nulls(len(column), _TYPES[meaning])
    if not fits(column.type, meaning):
        raise InputFileError(wrong_type(path, meaning, column.type))
    if is_text(column.type):
        return encode(column) if pa.types.is_dictionary(column.type) else as_text(column)
    match meaning:
        case "list":
            return _words_of_lists(column)
        case "number":
            return _fractions(column) if is_float(column.type) else column
        case _:
            return column


def is_empty(column: Column) -> bool:
    """Whether no cell holds anything; not-a-number is nothing."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return bool(pc.all(column.is_null(nan_is_null=True), min_count=0).as_py())


def _fractions(column: Column) -> Column:
    """Fractions of one width; not-a-number is nothing. As an amount, one that is no whole number is refused."""
    column = column.cast(pa.float64())
    return pc.if_else(column.is_null(nan_is_null=True), pa.scalar(None, pa.float64()), column)


def _words_of_lists(column: Column) -> Column:
    if column.type == pa.list_(pa.string()):
        return column
    values = column.values
    words = as_text(values.dictionary_decode() if pa.types.is_dictionary(values.type) else values)
    mask = pa.array(~cells(column.is_valid())) if column.null_count else None
    return pa.ListArray.from_arrays(pa.array(bounds(column).astype(np.int32)), words, mask=mask)


def bounds(lists: Column) -> Int64s:
    """Where each list begins in `values`, and where the last one ends. Shape (len(lists) + 1,)."""
    if not pa.types.is_fixed_size_list(lists.type):
        offsets: Int64s = cells(lists.offsets).astype(np.int64)
        return offsets
    size: int = lists.type.list_size
    first: int = lists.offset
    return (first + np.arange(len(lists) + 1, dtype=np.int64)) * size


def _tellable(column: Column) -> Column:
    """A column that nobody knows: only whether there is something, and whether two things are the same, matters."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return encode(column) if is_text(kind) else _tellable(column.dictionary_decode())
    if pa.types.is_temporal(kind):
        return column.view(pa.int32() if kind.bit_width == 32 else pa.int64())
    if pa.types.is_string(kind):
        return as_text(column)
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind):
        return column
    if is_float(kind):
        column = _fractions(column)
    return pa.array([None if value is None else repr(value) for value in map(plain, column)], pa.string())


# -- cells as the border of the one-dossier path takes them ------------------------------------------------------------


def plain(scalar: Any) -> Any:
    """A cell as Python has it; nothing where it is empty, inside lists and structs too."""
    if isinstance(scalar, pa.ListScalar | pa.LargeListScalar):  # one of fixed size is a list too
        return None if not scalar.is_valid else [plain(item) for item in scalar.values]
    if isinstance(scalar, pa.StructScalar):
        if not scalar.is_valid:
            return None
        return {name: value for name in scalar if (value := plain(scalar[name])) is not None}
    try:
        if isinstance(scalar, pa.TimestampScalar):
            return None if not scalar.is_valid else _moment_of(scalar)
        return scalar.as_py()
    except (ValueError, OverflowError, ArithmeticError):
        return date.min  # a number of days that is no date: outside every range


_START: Final = datetime.fromisoformat("1970-01-01")


def _moment_of(scalar: Any) -> datetime:
    ticks = scalar.value // 1000 if scalar.type.unit == "ns" else scalar.value * _TICKS[scalar.type.unit]
    return _START + timedelta(microseconds=ticks) + (timedelta() if scalar.type.tz is None else _VIETNAM)


# -- the rest ----------------------------------------------------------------------------------------------------------


def need_columns(table: pa.Table, *needed: str) -> None:
    """Raise `InputFileError` for a column that must be there."""
    for name in needed:
        if name not in table.column_names:
            known = tuple(table.column_names)
            problem = column_problem(name, "thiếu cột này", "this column is missing")
            raise InputFileError(replace(problem, known=known, nearest=nearest_of(name, known)))


def slices(table: pa.Table, size: int) -> Iterator[pa.Table]:
    """The table in parts of so many rows."""
    for start in range(0, max(len(table), 1), size):
        yield table.slice(start, size)


_TABLES: Final = ("pyarrow", "pandas.DataFrame", "polars.DataFrame", "DuckDB", "__arrow_c_stream__",
                  "polars.LazyFrame: tthc_rules.integrations.frames")  # fmt: skip


def _unreadable(source: object, name: str, error: Exception) -> Problem:
    """A table that breaks off while it is read, or what is none at all: then with those that are."""
    why = reason(error)
    vi, en = f"không phải bảng Arrow đọc được: {why}", f"this is no readable Arrow table: {why}"
    is_one = isinstance(source, Mapping) or hasattr(type(source), "__arrow_c_stream__")
    return Problem("TR-bulk-table", name, vi, en, known=() if is_one else _TABLES)
