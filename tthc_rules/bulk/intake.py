"""Nested tables under our names as the integer columns that the clock reads.

Whatever a dossier holds that the border of the one-dossier path might refuse is set aside here, by whole columns; the
few dossiers set aside then pass that border one by one, so that an error is worded in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.bulk.accepted import PROBLEM
from tthc_rules.bulk.cells import (
    Column,
    Int8s,
    Int32s,
    Int64s,
    Mask,
    Places,
    as_text,
    cells,
    encode,
    holds_hidden,
    is_text,
    truths,
    valid,
    whole,
)
from tthc_rules.bulk.coded import codes, hidden_bits, holds_no_word, joined, limits, own_times, words_in
from tthc_rules.bulk.columns import ALIASES, DOSSIER_COLUMNS, DOSSIER_ID, EVENT_COLUMNS, EVENTS, KNOWN_BY
from tthc_rules.bulk.fields import places_of, read_fields
from tthc_rules.bulk.foreign import bounds, canonical, need_columns, plain
from tthc_rules.bulk.moments import orders
from tthc_rules.errors import Problem
from tthc_rules.law import clock
from tthc_rules.law.codes import CHANNELS, KINDS, OTHER_LEVEL
from tthc_rules.law.dossier import KIND_NAMES, MAX_EVENTS
from tthc_rules.law.fields import GROUPS, named

RawRow = dict[str, Any]

_MAX_ID: Final = 200


@dataclass
class Batch:
    """Some dossiers as columns; `begins` and `ends` say which events are whose.

    Arrays of dossiers have the shape (dossiers,), those of events (events,).
    """

    ids: Column
    begins: Int64s
    ends: Int64s
    kind_text: pa.DictionaryArray
    kind_at: Int32s
    """Of each event the place of its kind in `kind_of`."""
    kind_of: Int32s
    """By word of `kind_text`: its code, 0 for a kind that nobody knows, -1 for what is none. One more stands for
    nothing."""
    may_have_steps: bool
    """Whether some event may set an agency a task."""
    order: Int64s
    """Of each event its moment, as `Moments` has it; outside 1990–2100 for what is none."""
    bare: Int8s | None
    """Whether its hour is missing; nothing where all have theirs."""
    payload: dict[str, Column]
    """The fields of events that are there at all, by name."""
    strange: dict[str, Column]
    """Columns of events that nobody knows."""
    fields: dict[str, Any]
    """Both, as the compiled call reads them."""
    amount: Int32s
    unit: Int32s
    cutoff: Int32s
    awaits: Int32s
    own_times: Int32s
    """What sector law says beside the limit, a row for each of `OWN_TIMES`, as `law/limits.packed` writes it, or -1.
    Shape (3, dossiers)."""
    elsewhere: Int32s
    hidden: Int64s
    """What the source cannot show, as the clock is told it."""
    channel: Int32s
    place: Int32s
    """Index into `places`, or -1."""
    places: tuple[str, ...]
    procedure: Column | None
    regime: Column | None
    carried: dict[str, Column]
    """What the result passes on unchanged."""
    odd_fields: dict[str, Mask]
    """For each field of dossiers that nobody knows, which have it."""
    aside: Mask
    """Dossiers that must pass the border one by one; the compiled call adds those whose events must."""
    row: Callable[[int], RawRow]
    conflicts: dict[int, Problem]

    def __len__(self) -> int:
        return len(self.begins)

    @cached_property
    def kind(self) -> Int32s:
        """Of each event its code, 0 for a kind that nobody knows. Shape (events,)."""
        return np.maximum(self.kind_of[self.kind_at], 0)

    @cached_property
    def there(self) -> dict[str, Places]:
        """For each field of events, which events have it. Shape (events that have it,)."""
        return {name: places_of(column) for name, column in (*self.payload.items(), *self.strange.items())}


CARRIED: Final = {
    "procedure": "procedure",
    "jurisdiction": "jurisdiction",
    "field": "field",
    "channel": "channel",
    "units.handling_agency": "handling_agency",
    "units.one_stop_unit": "one_stop_unit",
    "officers": "officers",
    "observes": "observes",
    "unknown": "unknown",
}
"""Columns of a dossier that its row of the result repeats, for accounts; and their names there."""


# -- tables ------------------------------------------------------------------------------------------------------------


def batch_of(table: pa.Table, places: tuple[str, ...]) -> Batch:
    """A nested table, one row a dossier, as columns."""
    n = len(table)
    need_columns(table, DOSSIER_ID)
    listed = whole(table, EVENTS) if EVENTS in table.column_names else None
    begins, ends, events = _events(listed, n)
    fields = _fields_of(events)
    aside = np.zeros(n, bool)

    kind_text = _text(fields, "kind", len(events))
    kind_at, kind_of = _kinds(kind_text)
    order, bare = orders(fields["at"], "at") if "at" in fields else (np.zeros(len(events), np.int64), None)
    payload, strange = _payload(fields)
    aside |= (ends - begins) > MAX_EVENTS
    get = {name: whole(table, name) for name in table.column_names if name in DOSSIER_COLUMNS}
    ids = as_text(get[DOSSIER_ID])
    _ids_aside(ids, aside)
    _hidden_aside(get, fields, begins, ends, aside)
    odd = _odd_fields(table, aside)
    amount, unit, cutoff, awaits = limits(get, n, aside)
    own = own_times(get, n, aside)
    elsewhere = np.zeros(n, np.int32)
    if (column := get.get("filed_elsewhere")) is not None:
        elsewhere = truths(column).astype(np.int32)
    channel = codes(get.get("channel"), CHANNELS, n, 0, aside)
    if (column := get.get("other_level")) is not None:
        channel = channel | truths(column).astype(channel.dtype) * OTHER_LEVEL
    place = codes(get.get("jurisdiction"), {name: k for k, name in enumerate(places)}, n, -1, aside)
    conflicts = _conflicts(table, aside)
    for name in named(DOSSIER_COLUMNS, "list") & set(get):
        aside |= holds_no_word(get[name])
    hidden = hidden_bits(get, n, aside)
    carried = {result: get[name] for name, result in CARRIED.items() if name in get}
    if "officers" in carried:
        said = joined(carried["officers"])
        carried["officers"] = pc.if_else(pc.equal(said, ""), pa.scalar(None, pa.string()), said)
    if "observes" in carried:
        carried["observes"] = joined(carried["observes"], empty="")
    if "unknown" in carried:
        carried["unknown"] = joined(carried["unknown"])
    return Batch(
        ids, begins, ends, kind_text, kind_at, kind_of, _may_have_steps(kind_text, payload), order, bare,
        payload, strange, read_fields(payload, strange), amount, unit, cutoff, awaits, own, elsewhere, hidden,
        channel, place, places, get.get("procedure"), get.get("regime"), carried, odd, aside,
        lambda k: row_of(table, k), conflicts,
    )  # fmt: skip


def _payload(fields: Mapping[str, Column]) -> tuple[dict[str, Column], dict[str, Column]]:
    """The fields of events that are there at all: those that some kind knows, and those that none does."""
    there = {
        name: column
        for name, column in fields.items()
        if name not in ("kind", "at") and column.null_count < len(column)
    }
    payload = {name: column for name, column in there.items() if name in KNOWN_BY}
    return payload, {name: column for name, column in there.items() if name not in KNOWN_BY}


def _may_have_steps(kind_text: pa.DictionaryArray, payload: Mapping[str, Column]) -> bool:
    """Whether some event may set an agency a task: an opinion is one where it has a day."""
    words = kind_text.dictionary.to_pylist()
    return "step_assigned" in words or ("opinion_requested" in words and "due" in payload)


def _ids_aside(ids: Column, aside: Mask) -> None:
    """Set aside the dossiers without an id, and those whose id is too long."""
    if not ids.null_count and len(ids):
        bytes_of = np.diff(np.frombuffer(ids.buffers()[1], np.int32)[ids.offset : ids.offset + len(ids) + 1])
        if bytes_of.min() >= 1 and bytes_of.max() <= _MAX_ID:
            return  # a letter takes a byte or more
    length = pc.utf8_length(ids)
    aside |= cells(pc.fill_null(pc.or_(pc.less(length, 1), pc.greater(length, _MAX_ID)), True))


def _hidden_aside(
    get: Mapping[str, Column], fields: Mapping[str, Column], begins: Int64s, ends: Int64s, aside: Mask
) -> None:
    """Set aside the dossiers with a character that nobody sees in an id, a unit or a person."""
    for name in (DOSSIER_ID, "procedure", "regime", "units.handling_agency", "units.one_stop_unit"):
        if name in get and (found := holds_hidden(get[name])) is not None:
            aside |= found
    if (column := get.get("officers")) is not None:
        said = column if is_text(column.type) else pc.binary_join(column, "|")
        if (found := holds_hidden(said)) is not None:
            aside |= found
    if (column := fields.get("agency")) is not None and is_text(column.type):
        _set_aside(aside, holds_hidden(column), begins, ends)


def _odd_fields(table: pa.Table, aside: Mask) -> dict[str, Mask]:
    """Which dossiers have a field that nobody knows; in a time limit, such a field is an error."""
    odd = {}
    for name in table.column_names:
        if name in DOSSIER_COLUMNS or name in (EVENTS, PROBLEM):
            continue
        there = valid(whole(table, name))
        if name.startswith("time_limit."):
            aside |= there
        elif there.any():
            odd[name] = there
    return odd


def _conflicts(table: pa.Table, aside: Mask) -> dict[int, Problem]:
    """What was found wrong while the events were put together."""
    if PROBLEM not in table.column_names:
        return {}
    found = {}
    for row, name in enumerate(whole(table, PROBLEM).to_pylist()):
        if name is not None:
            aside[row] = True
            found[row] = _disagreement(str(table[DOSSIER_ID][row].as_py()), name)
    return found


def row_of(table: pa.Table, k: int) -> RawRow:
    """One dossier as the border of the one-dossier path takes it: nothing where a cell is empty."""
    data: RawRow = {}
    for name in table.column_names:
        value = plain(table[name][k])
        if value is None or name == PROBLEM:
            continue
        *groups, inner = name.split(".")
        if groups and groups[0] in GROUPS:
            into = data
            for group in groups:
                into = into.setdefault(group, {})
            into[inner] = _items(name, value)
        elif name == EVENTS:
            data[name] = [_under_our_names(event) for event in value]
        else:
            data[name] = _items(name, value)
    data.setdefault(EVENTS, [])
    return data


def _under_our_names(event: Any) -> Any:
    return {ALIASES.get(name, name): value for name, value in event.items()} if isinstance(event, dict) else event


def _items(name: str, value: Any) -> Any:
    if DOSSIER_COLUMNS.get(name) == "list" and isinstance(value, str):
        return words_in(value)
    if DOSSIER_COLUMNS.get(name) == "number" and isinstance(value, float) and value.is_integer():
        return int(value)  # of a column in which another cell is a fraction
    return value


# -- events ------------------------------------------------------------------------------------------------------------


def _events(listed: Column | None, n: int) -> tuple[Int64s, Int64s, pa.StructArray]:
    """Where each dossier's events begin and end, shape (n,), and the events."""
    nothing = pa.StructArray.from_arrays([pa.array([], pa.string())], ["kind"])
    if listed is None or pa.types.is_null(listed.type):
        return np.zeros(n, np.int64), np.zeros(n, np.int64), nothing
    at = bounds(listed)
    begins, ends = at[:-1], at[1:]
    if listed.null_count:
        ends = np.where(valid(listed), ends, begins)
    first, last = (int(begins[0]), int(at[-1])) if n else (0, 0)
    events = listed.values.slice(first, last - first)
    return begins - first, ends - first, events


def _fields_of(events: pa.StructArray) -> dict[str, Column]:
    """The columns of the events; those of an event that is null are null."""
    columns = events.flatten()
    found = {}
    for place, inner in enumerate(events.type):
        name = ALIASES.get(inner.name, inner.name)
        found[name] = canonical(columns[place], f"{EVENTS}.{name}", EVENT_COLUMNS.get(name))
    return found


def _kinds(text: pa.DictionaryArray) -> tuple[Int32s, Int32s]:
    """Of each event the place of its kind among the codes, shape (len(text),); the codes, as `Batch` has them."""
    words = text.dictionary.to_pylist()
    codes = [-1 if KIND_NAMES.meant(word or "") else KINDS.get(word or "", 0) for word in words]
    places = text.indices.fill_null(len(words)) if text.null_count else text.indices
    return cells(places), np.array([*codes, -1], np.int32)


def _set_aside(aside: Mask, wrong: Mask | None, begins: Int64s, ends: Int64s) -> None:
    """Set the dossiers of these events aside."""
    if wrong is None or not wrong.any():
        return
    aside[owners(begins, ends, np.flatnonzero(wrong))] = True


def owners(begins: Int64s, ends: Int64s, events: Places) -> Places:
    """The dossiers of these events; what lies between dossiers belongs to none. Shape (events that have one,)."""
    rows = np.flatnonzero(begins < ends)
    if not len(rows):
        return rows
    place = np.searchsorted(begins[rows], events, side="right") - 1
    inside = (place >= 0) & (events < ends[rows[place]])
    return rows[place[inside]]


def kinds_table(codes: frozenset[int]) -> Mask:
    """Whether a kind is one of these, by its code. Shape (kinds,)."""
    table = np.zeros(clock.N_KINDS, bool)
    table[list(codes)] = True
    return table


def _text(fields: Mapping[str, Column], name: str, n: int) -> pa.DictionaryArray:
    column = fields.get(name)
    if column is None:
        return pa.nulls(n, pa.string()).dictionary_encode()
    return column if pa.types.is_dictionary(column.type) else encode(column)


def _disagreement(dossier_id: str, name: str) -> Problem:
    if name == "twice":
        return Problem(
            "TR-bulk-twice", dossier_id, "hồ sơ có hai dòng trong bảng", "the dossier has two rows in the table"
        )
    return Problem(
        "TR-bulk-conflict",
        f"{dossier_id}: {name}",
        "các dòng của hồ sơ ghi giá trị khác nhau",
        "the rows of the dossier give different values",
    )
