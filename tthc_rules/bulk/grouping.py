"""Flat logs made nested: the events of one dossier together, one row a dossier."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.bulk.accepted import PROBLEM
from tthc_rules.bulk.cells import (
    Column,
    Int64s,
    Ints,
    Mask,
    Places,
    as_text,
    cells,
    encode,
    in_one,
    is_text,
    valid,
    whole,
)
from tthc_rules.bulk.coded import words_in
from tthc_rules.bulk.columns import DOSSIER_COLUMNS, DOSSIER_ID, EVENT_COLUMNS, EVENTS
from tthc_rules.bulk.foreign import need_columns
from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law.fields import LIFECYCLE, is_done

TWICE: Final = "twice"


def nested(events: pa.Table | None, dossiers: pa.Table | None) -> pa.Table:
    """One row a dossier, with its events: the dossiers' table first, then those that only the log knows.

    A table that has a column `events` is nested already. Fields of dossiers may stand in the log, the same in all rows
    of a dossier; rows that disagree make an error row. What the table of dossiers says takes precedence. A name that
    events have too, `channel`, is theirs in the log where that table has it.
    """
    if events is None or EVENTS in events.column_names:
        table = dossiers if events is None else events
        if table is None or (events is not None and dossiers is not None):
            raise InputFileError(_which())
        need_columns(table, DOSSIER_ID)
        return _with_problems(table, dict.fromkeys(np.flatnonzero(twice_in(table)).tolist(), TWICE))
    need_columns(events, DOSSIER_ID, "kind", "at")
    codes, ids, twice = _codes(events, dossiers)
    done = done_rows(events)
    of_events = codes if done is None else codes[done]
    order: Places | None = None if done is None else np.flatnonzero(done)
    if (np.diff(of_events) < 0).any():
        again = np.argsort(of_events, kind="stable")
        order = again if order is None else order[again]
    offsets = np.zeros(len(ids) + 1, np.int64)
    np.cumsum(np.bincount(of_events, minlength=len(ids)), out=offsets[1:])
    logged = [name for name in events.column_names if name != DOSSIER_ID and name not in LIFECYCLE]
    theirs = EVENT_COLUMNS.keys() & set(() if dossiers is None else dossiers.column_names)
    own = [name for name in logged if name in DOSSIER_COLUMNS and name not in theirs]
    logged = [name for name in logged if name not in own]
    columns = [whole(events, name) for name in logged]
    if order is not None:
        columns = [column.take(pa.array(order)) for column in columns]
    listed = pa.LargeListArray.from_arrays(pa.array(offsets), pa.StructArray.from_arrays(columns, logged))
    table, problems = _with_logged_fields(pa.table({DOSSIER_ID: ids, EVENTS: listed}), events, own, codes)
    if dossiers is not None:
        table = _laid_over(table, dossiers)
    return _with_problems(table, problems | dict.fromkeys(np.flatnonzero(twice).tolist(), TWICE))


def twice_in(dossiers: pa.Table) -> Mask:
    """Which rows of a table of dossiers bear an id that another row bears too, shape (rows,)."""
    return _again(cells(pc.fill_null(encode(whole(dossiers, DOSSIER_ID)).indices, -1)))


def rises(ids: pa.Array, *, again: bool = False) -> bool:
    """Whether each id is greater than the one before it, or the same `again`: then none comes back later on."""
    if ids.null_count or len(ids) < 2:
        return not ids.null_count
    written = ids.cast(pa.binary())
    above = pc.greater_equal if again else pc.greater
    return bool(pc.all(above(written[1:], written[:-1])).as_py())


def done_rows(events: pa.Table) -> Mask | None:
    """Which rows of a flat log are something done, by the life cycle that process mining writes; nothing where all are.

    The others still describe their dossier.
    """
    said = _lifecycle(events)
    if said is None:
        return None
    words = np.array([*map(is_done, said.dictionary.to_pylist()), True])
    done = words[cells(pc.fill_null(said.indices.cast(pa.int64()), len(words) - 1))]
    return None if done.all() else done


def left_out(events: pa.Table) -> Counter[str]:
    """How many rows of a flat log are nothing done, by what they say of themselves."""
    said = _lifecycle(events)
    if said is None:
        return Counter()
    words = said.dictionary.to_pylist()
    counts = np.bincount(cells(said.indices.drop_null().cast(pa.int64())), minlength=len(words)).tolist()
    found = Counter[str]()
    for word, count in zip(words, counts, strict=True):
        if count and not is_done(word):
            found[word.strip().lower()] += count
    return found


def _lifecycle(events: pa.Table) -> pa.DictionaryArray | None:
    name = next((name for name in LIFECYCLE if name in events.column_names), None)
    column = None if name is None else whole(events, name)
    return None if column is None or not is_text(column.type) else encode(column)


def _codes(events: pa.Table, dossiers: pa.Table | None) -> tuple[Int64s, pa.Array, Mask]:
    """Which row each event belongs to, the ids of the rows, and which rows of the dossiers' table are repeats.

    Shapes (events,), (rows,) and (dossiers,).
    """
    logged = _ids(events)
    if dossiers is None:
        listed = pa.nulls(0, pa.string())
    else:
        need_columns(dossiers, DOSSIER_ID)
        listed = _ids(dossiers)
    n = len(listed)
    heads, run = _runs(logged)
    both = in_one(pa.chunked_array([listed, heads]))
    encoded = both.dictionary_encode()
    code = cells(pc.fill_null(encoded.indices, -1)).astype(np.int64)
    # rows: the dossiers' table as it stands, then new ids, then a row for each event without one
    row_of = np.full(len(encoded.dictionary), -1, np.int64)
    own = code[:n]
    rows = np.flatnonzero(own >= 0)
    row_of[own[rows][::-1]] = rows[::-1]
    twice = _again(own)
    new = np.flatnonzero(row_of < 0)  # the dictionary is in order of appearance
    row_of[new] = n + np.arange(len(new))
    of_runs = code[n:]
    nameless = np.flatnonzero(of_runs < 0)
    codes = row_of[np.where(of_runs < 0, 0, of_runs)] if len(row_of) else np.zeros(len(of_runs), np.int64)
    codes[nameless] = n + len(new) + np.arange(len(nameless))
    names = [listed, encoded.dictionary.take(pa.array(new)), pa.nulls(len(nameless), pa.string())]
    return codes[run], in_one(pa.chunked_array(names)), twice


def _runs(ids: pa.Array) -> tuple[pa.Array, Places]:
    """The first id of each run of the same ids, and which run each row is of, shape (len(ids),); none is by itself.

    Words are looked up run by run: in a log in which dossiers stand together, once a dossier.
    """
    if not len(ids):
        return ids, np.zeros(0, np.intp)
    other = np.ones(len(ids), bool)
    other[1:] = cells(pc.fill_null(pc.not_equal(ids[1:], ids[:-1]), True))
    return ids.take(pa.array(np.flatnonzero(other))), np.cumsum(other) - 1


def _again(codes: Ints) -> Mask:
    """Which rows bear an id that another row bears too: neither is the whole dossier. Codes below 0 bear none.

    Shape (len(codes),).
    """
    counts = np.bincount(codes[codes >= 0]) if len(codes) else np.zeros(0, np.int64)
    again = np.zeros(len(codes), bool)
    named = codes >= 0
    again[named] = counts[codes[named]] > 1
    return again


def _with_problems(table: pa.Table, problems: dict[int, str]) -> pa.Table:
    """The table with what is wrong with rows of it: a field on which the log disagrees, or that they share an id."""
    if not problems:
        return table
    return table.append_column(PROBLEM, pa.array([problems.get(row) for row in range(len(table))], pa.string()))


def _ids(table: pa.Table) -> pa.Array:
    return whole(table, DOSSIER_ID).cast(pa.string())


def _laid_over(table: pa.Table, dossiers: pa.Table) -> pa.Table:
    """The table with the fields of the dossiers' table, which are those of its first rows, over those of the log."""
    more = len(table) - len(dossiers)
    for name in dossiers.column_names:
        if name in (DOSSIER_ID, EVENTS):
            continue
        column = whole(dossiers, name)
        padded = in_one(pa.chunked_array([column, pa.nulls(more, column.type)]))
        if name in table.column_names:
            logged = whole(table, name)
            table = table.set_column(table.column_names.index(name), name, _first_of(padded, logged))
        else:
            table = table.append_column(name, padded)
    return table


def _first_of(column: Column, other: Column) -> Column:
    """The cells of a column, where it has none those of the other, which means the same but may be of another type."""
    if column.type != other.type or pa.types.is_dictionary(column.type):
        column, other = _of_one_type(column, other.type), _of_one_type(other, column.type)
    n = len(column)
    places = np.where(valid(column), np.arange(n), n + np.arange(n))
    return pa.concat_arrays([column, other]).take(pa.array(places))


def _of_one_type(column: Column, other: pa.DataType) -> Column:
    """The column in the type in which it can stand beside the other: words as text, or as a list; any numbers."""
    if is_text(column.type) and pa.types.is_list(other):
        encoded = encode(column)
        return pa.array([words_in(text) for text in encoded.dictionary.to_pylist()], other).take(encoded.indices)
    if is_text(column.type):
        return as_text(column)
    return column if pa.types.is_list(column.type) else column.cast(pa.float64(), safe=False)


def _with_logged_fields(
    table: pa.Table, events: pa.Table, own: list[str], codes: Int64s
) -> tuple[pa.Table, dict[int, str]]:
    """The fields of dossiers that stand in the log: one value each, which some rows may leave out; who disagree."""
    conflicts: dict[int, str] = {}
    for name in own:
        column = whole(events, name)
        there = np.flatnonzero(cells(column.is_valid()))
        first = np.full(len(table), -1, np.int64)
        first[codes[there][::-1]] = there[::-1]
        where = pa.array(first, mask=first < 0)
        table = table.append_column(name, column.take(where))
        values = column if not pa.types.is_list(column.type) else pc.binary_join(column, "|")
        values = values if pa.types.is_dictionary(values.type) else values.cast(pa.string()).dictionary_encode()
        value = cells(pc.fill_null(values.indices.cast(pa.int64()), -1))
        if is_text(values.dictionary.type):
            value = _as_read(values.dictionary.to_pylist())[value]
        other = there[value[there] != value[first[codes[there]]]]
        for row in np.unique(codes[other]).tolist():
            conflicts.setdefault(row, name)
    return table, conflicts


def _as_read(words: list[str | None]) -> Int64s:
    """For each word a number, the same where two say the same once read: «A | B» and «A|B»; the last is no word's."""
    numbers: dict[str, int] = {}
    read = ["|".join(part.strip() for part in (word or "").split("|")) for word in words]
    return np.array([*(numbers.setdefault(word, len(numbers)) for word in read), -1], np.int64)


def _which() -> Problem:
    return Problem(
        "TR-bulk-table",
        "events, dossiers",
        "cần một bảng đã lồng (có cột events), hoặc một nhật ký phẳng với bảng hồ sơ nếu có",
        "give one nested table (with a column events), or a flat log with a table of dossiers beside it",
    )
