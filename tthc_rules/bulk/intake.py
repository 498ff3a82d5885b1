"""Nested tables under our names as the integer columns that the clock reads.

Whatever a dossier holds that the border of the one-dossier path might refuse is set aside here, by whole columns; the
few dossiers set aside then pass that border one by one, so that an error is worded in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic_core import PydanticCustomError

from tthc_rules.bulk.accepted import PROBLEM, wrong_type
from tthc_rules.bulk.cells import Column, Ints, as_text, cells, encode, holds_hidden, is_text, whole
from tthc_rules.bulk.columns import ALIASES, DOSSIER_COLUMNS, DOSSIER_ID, EVENT_COLUMNS, EVENTS, KNOWN_BY
from tthc_rules.bulk.foreign import bounds, canonical, need_columns, plain
from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law import clock
from tthc_rules.law.civil import DAY, FIRST_DATE, LAST_DATE, day_of, minute_of, order_of, read_clock, read_moment
from tthc_rules.law.codes import CHANNELS, KINDS, OTHER_LEVEL, UNITS
from tthc_rules.law.dossier import KIND_NAMES, MAX_EVENTS
from tthc_rules.law.fields import named
from tthc_rules.law.observed import GAPS, hidden_of

Row = dict[str, Any]

_FIRST: Final = day_of(FIRST_DATE) * DAY
_PAST: Final = (day_of(LAST_DATE) + 1) * DAY
_VIETNAM: Final = 7 * 3_600_000_000
_TICKS: Final = {"s": 1_000_000, "ms": 1_000, "us": 1}
_MAX_AMOUNT: Final = 2**31 - 1
_MAX_ID: Final = 200


@dataclass(frozen=True, slots=True)
class Moments:
    """A column of moments: microseconds since 1970 in Vietnam time, and whether the hour is missing."""

    order: Ints
    bare: Ints
    absent: Ints | None
    bad: Ints | None
    """Not a moment, or outside 1990–2100."""


@dataclass(slots=True)
class Batch:
    """Some dossiers as columns; `begins` and `ends` say which events are whose."""

    ids: Column
    begins: Ints
    ends: Ints
    kind: Ints
    has_unknown_kinds: bool
    order: Ints
    bare: Ints
    payload: dict[str, Column]
    """The fields of events that are there at all, by name."""
    there: dict[str, Ints]
    """For each of these and of the strange ones, which events have it: few."""
    read: dict[str, Moments]
    """Those that are moments, read, for those events."""
    strange: dict[str, Column]
    """Columns of events that nobody knows."""
    kind_text: Column
    amount: Ints
    unit: Ints
    cutoff: Ints
    awaits: Ints
    elsewhere: Ints
    hidden: Ints
    """What the source cannot show, as the clock is told it."""
    channel: Ints
    place: Ints
    """Index into `places`, or -1."""
    places: tuple[str, ...]
    procedure: Column | None
    carried: dict[str, Column]
    """What the result passes on unchanged."""
    odd_fields: dict[str, Ints]
    """For each field of dossiers that nobody knows, which have it."""
    aside: Ints
    """Dossiers that must pass the border one by one."""
    row: Callable[[int], Row]
    conflicts: dict[int, Problem]

    def __len__(self) -> int:
        return len(self.begins)


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
    kind, nameless, misspelt = _kinds(kind_text)
    when = moments(fields["at"], "at") if "at" in fields else Moments(*_no_moments(len(events)))
    for wrong in (nameless, misspelt, when.absent, when.bad):
        _set_aside(aside, wrong, begins, ends)
    strange_kinds = any(word not in KINDS for word in kind_text.dictionary.to_pylist())
    payload, strange, there, read = _payload(fields)
    for name, found in read.items():
        if found.bad is not None:
            at = there[name][found.bad]
            aside[owners(begins, ends, at[_lut(KNOWN_BY[name])[kind[at]]])] = True
    aside |= (ends - begins) > MAX_EVENTS
    get = {name: whole(table, name) for name in table.column_names if name in DOSSIER_COLUMNS}
    ids = as_text(get[DOSSIER_ID])
    length = pc.utf8_length(ids)
    aside |= cells(pc.fill_null(pc.or_(pc.less(length, 1), pc.greater(length, _MAX_ID)), True))
    _hidden_aside(get, fields, begins, ends, aside)
    odd = _odd_fields(table, aside)
    amount, unit, cutoff, awaits = _limits(get, n, aside)
    elsewhere = np.zeros(n, np.int32)
    if (column := get.get("filed_elsewhere")) is not None:
        elsewhere = cells(pc.fill_null(column, False)).astype(np.int32)
    channel = _codes(get.get("channel"), CHANNELS, n, 0, aside)
    if (column := get.get("other_level")) is not None:
        channel = channel | cells(pc.fill_null(column, False)).astype(channel.dtype) * OTHER_LEVEL
    place = _codes(get.get("jurisdiction"), {name: k for k, name in enumerate(places)}, n, -1, aside)
    conflicts = _conflicts(table, aside)
    for name in named(DOSSIER_COLUMNS, "list") & set(get):
        aside |= _holds_no_word(get[name])
    hidden = _hidden(get, n, aside)
    carried = {result: get[name] for name, result in CARRIED.items() if name in get}
    if "officers" in carried:
        said = _joined(carried["officers"])
        carried["officers"] = pc.if_else(pc.equal(said, ""), pa.scalar(None, pa.string()), said)
    if "observes" in carried:
        carried["observes"] = _joined(carried["observes"], empty="")
    if "unknown" in carried:
        carried["unknown"] = _joined(carried["unknown"])
    return Batch(
        ids, begins, ends, kind, strange_kinds, when.order, when.bare, payload, there, read, strange, kind_text,
        amount, unit, cutoff, awaits, elsewhere, hidden, channel, place, places,
        get.get("procedure"), carried, odd, aside, lambda k: row_of(table, k), conflicts,
    )  # fmt: skip


def _payload(
    fields: Mapping[str, Column],
) -> tuple[dict[str, Column], dict[str, Column], dict[str, Ints], dict[str, Moments]]:
    """The fields of events that are there at all: those that some kind knows, and those that none does."""
    payload, strange, there, read = {}, {}, {}, {}
    for name, column in fields.items():
        if name in ("kind", "at") or column.null_count == len(column):
            continue
        there[name] = at = _where_valid(column)
        if name not in KNOWN_BY:
            strange[name] = column
            continue
        payload[name] = column
        if EVENT_COLUMNS[name] == "moment":
            read[name] = moments(column.take(pa.array(at)), name)
    return payload, strange, there, read


def _where_valid(column: Column) -> Ints:
    """Which cells hold something."""
    if column.null_count == 0:
        return np.arange(len(column))
    first, rest = divmod(column.offset, 8)
    bits = np.frombuffer(column.buffers()[0], np.uint8)[first : (column.offset + len(column) + 7) // 8]
    return np.flatnonzero(np.unpackbits(bits, count=rest + len(column), bitorder="little")[rest:].view(bool))


def _hidden_aside(
    get: Mapping[str, Column], fields: Mapping[str, Column], begins: Ints, ends: Ints, aside: Ints
) -> None:
    """Set aside the dossiers with a character that nobody sees in an id, a unit or a person."""
    for name in (DOSSIER_ID, "procedure", "units.handling_agency", "units.one_stop_unit"):
        if name in get and (found := holds_hidden(get[name])) is not None:
            aside |= found
    if (column := get.get("officers")) is not None:
        said = column if is_text(column.type) else pc.binary_join(column, "|")
        if (found := holds_hidden(said)) is not None:
            aside |= found
    if (column := fields.get("agency")) is not None and is_text(column.type):
        _set_aside(aside, holds_hidden(column), begins, ends)


def _odd_fields(table: pa.Table, aside: Ints) -> dict[str, Ints]:
    """Which dossiers have a field that nobody knows; in a time limit, such a field is an error."""
    odd = {}
    for name in table.column_names:
        if name in DOSSIER_COLUMNS or name in (EVENTS, PROBLEM):
            continue
        valid = cells(whole(table, name).is_valid())
        if name.startswith("time_limit."):
            aside |= valid
        elif valid.any():
            odd[name] = valid
    return odd


def _conflicts(table: pa.Table, aside: Ints) -> dict[int, Problem]:
    """What was found wrong while the events were put together."""
    if PROBLEM not in table.column_names:
        return {}
    found = {}
    for row, name in enumerate(whole(table, PROBLEM).to_pylist()):
        if name is not None:
            aside[row] = True
            found[row] = _disagreement(str(table[DOSSIER_ID][row].as_py()), name)
    return found


def row_of(table: pa.Table, k: int) -> Row:
    """One dossier as the border of the one-dossier path takes it: nothing where a cell is empty."""
    data: Row = {}
    for name in table.column_names:
        value = plain(table[name][k])
        if value is None or name == PROBLEM:
            continue
        group, dot, inner = name.partition(".")
        if dot and group in ("units", "time_limit"):
            data.setdefault(group, {})[inner] = _items(name, value)
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
        return [item.strip() for item in value.split("|") if item.strip()]
    if DOSSIER_COLUMNS.get(name) == "number" and isinstance(value, float) and value.is_integer():
        return int(value)  # of a column in which another cell is a fraction
    return value


# -- events ------------------------------------------------------------------------------------------------------------


def _events(listed: Column | None, n: int) -> tuple[Ints, Ints, pa.StructArray]:
    """Where each dossier's events begin and end, and the events."""
    nothing = pa.StructArray.from_arrays([pa.array([], pa.string())], ["kind"])
    if listed is None or pa.types.is_null(listed.type):
        return np.zeros(n, np.int64), np.zeros(n, np.int64), nothing
    at = bounds(listed)
    begins, ends = at[:-1], at[1:]
    if listed.null_count:
        ends = np.where(cells(listed.is_valid()), ends, begins)
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


def _kinds(text: Column) -> tuple[Ints, Ints | None, Ints | None]:
    """The clock's codes of the kinds, 0 for one that nobody knows; where there is none; where one is misspelt."""
    words = text.dictionary.to_pylist()
    table = np.array([KINDS.get(word or "", 0) for word in words] or [0], np.int32)
    wrong = np.array([bool(KIND_NAMES.meant(word or "")) for word in words] or [False])
    at = cells(pc.fill_null(text.indices, 0) if text.null_count else text.indices)
    nameless = ~cells(text.is_valid()) if text.null_count else None
    return table[at], nameless, wrong[at] if wrong.any() else None


def moments(column: Column, name: str) -> Moments:
    """A column of timestamps, dates, or ISO text in either form."""
    kind = column.type
    absent = ~cells(column.is_valid()) if column.null_count else None
    if pa.types.is_timestamp(kind):
        ticks = cells(pc.fill_null(column, 0) if absent is not None else column).view(np.int64)
        if kind.unit == "ns":
            order = ticks // 1000
        else:
            step = _TICKS[kind.unit]
            wild = None if step == 1 else (ticks > _PAST // step) | (ticks < 0)
            order = ticks if wild is None else np.where(wild, 0, ticks) * step
        if kind.tz is not None:
            order = order + _VIETNAM
        return Moments(order, _zeros(len(order)), absent, _outside(order, absent))
    if pa.types.is_date(kind):
        number = pa.int32() if pa.types.is_date32(kind) else pa.int64()
        days = cells(pc.fill_null(column.cast(number), 0)).astype(np.int64)
        if pa.types.is_date64(kind):
            days //= 86_400_000
        order = np.clip(days, -(10**6), 10**6) * DAY
        return Moments(order, np.ones(len(order), np.int8), absent, _outside(order, absent))
    if is_text(kind):
        return _parsed(encode(column), absent)
    if pa.types.is_null(kind):
        order, bare, absent, bad = _no_moments(len(column))
        return Moments(order, bare, absent, bad)
    raise InputFileError(wrong_type(name, "moment", kind))


def _parsed(column: pa.DictionaryArray, absent: Ints | None) -> Moments:
    """Texts are read once each, by the one-dossier path's own reader."""
    words = column.dictionary.to_pylist()
    order = np.zeros(len(words) + 1, np.int64)
    bare = np.zeros(len(words) + 1, np.int8)
    bad = np.zeros(len(words) + 1, bool)
    for k, word in enumerate(words):
        try:
            moment = read_moment(word)
        except PydanticCustomError:
            bad[k] = True
        else:
            order[k], bare[k] = order_of(moment), minute_of(moment) < 0
    at = cells(pc.fill_null(column.indices, len(words)) if absent is not None else column.indices)
    return Moments(order[at], bare[at], absent, bad[at] if bad.any() else None)


def _outside(order: Ints, absent: Ints | None) -> Ints | None:
    if not len(order) or (int(order.min()) >= _FIRST and int(order.max()) < _PAST):
        return None
    wrong: Ints = (order < _FIRST) | (order >= _PAST)
    return wrong if absent is None else wrong & ~absent


def _set_aside(aside: Ints, wrong: Ints | None, begins: Ints, ends: Ints) -> None:
    """Set the dossiers of these events aside."""
    if wrong is None or not wrong.any():
        return
    aside[owners(begins, ends, np.flatnonzero(wrong))] = True


def owners(begins: Ints, ends: Ints, events: Ints) -> Any:
    """The dossiers of these events; what lies between dossiers belongs to none."""
    rows = np.flatnonzero(begins < ends)
    if not len(rows):
        return rows
    place: Any = np.searchsorted(begins[rows], events, side="right") - 1
    inside = (place >= 0) & (events < ends[rows[place]])
    return rows[place[inside]]


# -- dossiers ----------------------------------------------------------------------------------------------------------


def _limits(get: Mapping[str, Column], n: int, aside: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """The limit that the dossier itself names; doubtful ones are set aside."""
    amount, cutoff, awaits = np.zeros(n, np.int32), np.full(n, -1, np.int32), np.zeros(n, np.int32)
    unit = np.full(n, clock.LIMIT_UNKNOWN, np.int32)
    columns = {name.partition(".")[2]: c for name, c in get.items() if name.startswith("time_limit.")}
    if not columns:
        return amount, unit, cutoff, awaits
    given = {name: cells(column.is_valid()) for name, column in columns.items()}
    missing = np.zeros(n, bool)
    has_amount, has_unit = given.get("amount", missing), given.get("unit", missing)
    if "amount" in columns:
        column = columns["amount"]
        number = cells(pc.fill_null(column, 0))
        aside |= has_amount & ~((number >= 0) & (number <= _MAX_AMOUNT) & (np.floor(number) == number))
        amount = np.clip(number, 0, _MAX_AMOUNT).astype(np.int32)
    if "unit" in columns:
        unit = _codes(columns["unit"], UNITS, n, clock.LIMIT_UNKNOWN, aside)
    any_other = has_unit | given.get("cutoff", missing) | given.get("pauses_for", missing)
    aside |= (has_amount | any_other) & ~(has_amount & has_unit)
    if "none" in columns:
        says = given["none"]
        none = cells(pc.fill_null(columns["none"], False))
        unit = np.where(none, clock.LIMIT_NONE, unit).astype(np.int32)
        aside |= says & (~none | has_amount | any_other)
    if "cutoff" in columns:
        cutoff = _by_word(columns["cutoff"], _cutoff, -1, aside)
    if "pauses_for" in columns:
        awaits = _by_word(_joined(columns["pauses_for"]), _awaits, 0, aside)
    return amount, unit, cutoff, awaits


def _cutoff(word: str) -> int | None:
    try:
        return read_clock(word)
    except PydanticCustomError:
        return None


_WAITS: Final = {"payment": clock.WAITS_PAYMENT, "opinion": clock.WAITS_OPINION}


def _awaits(word: str) -> int | None:
    names = word.split("|")
    if len(names) > 2 or any(name not in _WAITS for name in names):
        return None
    bits = 0
    for name in names:
        bits |= _WAITS[name]
    return bits


def _hidden(get: Mapping[str, Column], n: int, aside: Ints) -> Ints:
    """What the source of each dossier cannot show, as the clock is told it."""
    hidden = np.zeros(n, np.int64)
    for name, read in (("observes", _unobserved), ("unknown", _gaps)):
        if (column := get.get(name)) is not None:
            hidden |= _by_word(_joined(column, empty=""), read, 0, aside, np.int64)
    return hidden


def _unobserved(word: str) -> int | None:
    names = word.split("|") if word else []
    return hidden_of(names, ()) if KINDS.keys() >= set(names) else None


def _gaps(word: str) -> int | None:
    names = word.split("|") if word else []
    return hidden_of(None, names) if GAPS.keys() >= set(names) else None


def _by_word(
    column: Column, read: Callable[[str], int | None], absent: int, aside: Ints, kind: type[np.signedinteger] = np.int32
) -> Ints:
    """A number for each distinct word; words that cannot be read set their dossier aside."""
    encoded = encode(column)
    values = [read(word) for word in encoded.dictionary.to_pylist()]
    table = np.array([*(absent if value is None else value for value in values), absent], kind)
    wrong = np.array([*(value is None for value in values), False])
    at = cells(pc.fill_null(encoded.indices, len(values)))
    aside |= wrong[at]
    return table[at]


def _codes(column: Column | None, words: Mapping[str, int], n: int, absent: int, aside: Ints) -> Ints:
    if column is None or pa.types.is_null(column.type):
        return np.full(n, absent, np.int32)
    return _by_word(column, words.get, absent, aside)


def _joined(column: Column, empty: str | None = None) -> Column:
    """A list of words as one text, `a|b`; a list without words is no text, or the one that is given."""
    if not is_text(column.type):
        said = pc.binary_join(column, "|")
        return pc.if_else(pc.equal(pc.list_value_length(column), 0), pa.scalar(empty, pa.string()), said)
    encoded = encode(column)
    lists = [[item.strip() for item in text.split("|")] for text in encoded.dictionary.to_pylist()]
    words = pa.array(["|".join(item for item in items if item) or empty for items in lists], pa.string())
    return words.take(encoded.indices)


def _holds_no_word(column: Column) -> Ints:
    """Whether a list has an item that is not there, or is more than one word."""
    if is_text(column.type):
        return np.zeros(len(column), bool)
    said = pc.binary_join(column, "|")
    bars = cells(pc.fill_null(pc.count_substring(said, "|"), 0))
    sizes = cells(pc.fill_null(pc.list_value_length(column), 0))
    return cells(column.is_valid()) & (~cells(said.is_valid()) | (bars >= np.maximum(sizes, 1)))


# -- payloads ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Payload:
    """What the clock reads of the fields of events: two numbers, a tag that tells agencies apart, flags."""

    x: Ints
    y: Ints
    tag: Ints
    flags: Ints


class Readers:
    """Reads payloads into arrays that are kept between batches, since most events have none."""

    def __init__(self) -> None:
        self._size = 0

    def read(self, batch: Batch) -> Payload:
        """The payload of every event of the batch."""
        n = max(len(batch.kind), 1)  # never quite empty: the rules look up events by clipped places
        if n > self._size:
            self._size = n + n // 8
            self._none = np.full(self._size, clock.NONE, np.int32)
            self._zero = np.zeros(self._size, np.int32)
        x, y, tag, flags = self._none[:n], self._none[:n], self._zero[:n], self._zero[:n]
        if not batch.payload:
            return Payload(x, y, tag, flags)
        x, y, flags = x.copy(), y.copy(), flags.copy()
        kind = batch.kind
        get = batch.payload.get
        for name, kinds in _SLIPS:
            _moment_into(x, y, batch, name, kinds)
        _day_into(x, batch, "from", clock.EXCLUDED)
        _day_into(y, batch, "to", clock.EXCLUDED)
        if "new_due" in batch.there:
            at = batch.there["new_due"]
            flags[at[kind[at] == clock.APOLOGY]] |= clock.HAS_NEW_DUE
        _words_into(flags, batch, "ground", clock.PAUSED, lambda word: clock.HAS_GROUND if word.strip() else 0)
        _words_into(flags, batch, "reason", clock.APOLOGY, _reason)
        _words_into(flags, batch, "form", clock.APOLOGY, _form)
        _flag_into(flags, batch, "after_appraisal", clock.SUPPLEMENT_REQUESTED, 0, 0, clock.BEFORE_APPRAISAL)
        _flag_into(flags, batch, "applicant_fault", clock.SUPPLEMENT_REQUESTED, 0, clock.APPLICANT_FAULT, 0)
        _flag_into(flags, batch, "applicant_fault", clock.ERROR_REPORTED, 0, clock.APPLICANT_FAULT, 0)
        _flag_into(flags, batch, "attached", clock.APOLOGY, clock.HAS_ATTACHED, clock.IS_ATTACHED, 0)
        if (column := get("agency")) is not None:
            tag, at = tag.copy(), batch.there["agency"]
            tag[at] = cells(encode(column).indices.take(pa.array(at))) + 1
        return Payload(x, y, tag, flags)


_SLIPS: Final = (
    ("appointed_due", (clock.ACCEPTED, clock.SUPPLEMENT_RECEIVED)),
    ("new_due", (clock.REAPPOINTED, clock.APOLOGY)),
    ("due", (clock.OPINION_REQUESTED,)),
)


def _reason(word: str) -> int:
    return clock.HAS_REASON if word.strip() else clock.HAS_REASON | clock.EMPTY_REASON


def _form(word: str) -> int:
    return clock.HAS_FORM | clock.IS_APOLOGY_SLIP if word == "apology_slip" else clock.HAS_FORM


def _moment_into(x: Ints, y: Ints, batch: Batch, name: str, kinds: tuple[int, ...]) -> None:
    read = batch.read.get(name)
    if read is None:
        return
    at = batch.there[name]
    mine = _lut(frozenset(kinds))[batch.kind[at]]
    at, order, bare = at[mine], read.order[mine], read.bare[mine]
    day = order // DAY
    x[at] = day
    y[at] = np.where(bare != 0, -1, -((day * DAY - order) // 60_000_000))


def _day_into(into: Ints, batch: Batch, name: str, of: int) -> None:
    read = batch.read.get(name)
    if read is None:
        return
    at = batch.there[name]
    mine = batch.kind[at] == of
    into[at[mine]] = read.order[mine] // DAY


def _words_into(flags: Ints, batch: Batch, name: str, of: int, read: Callable[[str], int]) -> None:
    column = batch.payload.get(name)
    if column is None:
        return
    at = batch.there[name]
    at = at[batch.kind[at] == of]
    encoded = encode(column)
    table = np.array([*(read(word) for word in encoded.dictionary.to_pylist()), 0], np.int32)
    flags[at] |= table[cells(encoded.indices.take(pa.array(at)))]


def _flag_into(flags: Ints, batch: Batch, name: str, of: int, there: int, true: int, false: int) -> None:
    column = batch.payload.get(name)
    if column is None:
        return
    at = batch.there[name]
    at = at[batch.kind[at] == of]
    flags[at] |= np.where(cells(column.take(pa.array(at))), there | true, there | false).astype(np.int32)


def unknown_fields(batch: Batch) -> Ints:
    """Events that carry a field that their kind does not know."""
    found = unknown_by_name(batch)
    return np.concatenate([np.zeros(0, np.int64), *found.values()])


def unknown_by_name(batch: Batch) -> dict[str, Ints]:
    """For each field the events of known kinds that carry it and do not know it."""
    found = {}
    for name, events in batch.there.items():
        kinds = batch.kind[events]
        at = events[(kinds != 0) & (~_lut(KNOWN_BY[name])[kinds] if name in KNOWN_BY else True)]
        if len(at):
            found[name] = at
    return found


def sameness(batch: Batch, events: Ints) -> list[Ints]:
    """For these events, numbers that are equal where the events are: kind, moment, and every field."""
    take = pa.array(events)
    found = [batch.order[events], batch.bare[events], cells(batch.kind_text.indices.take(take))]
    for name, column in (*batch.payload.items(), *batch.strange.items()):
        some = column.take(take)
        if EVENT_COLUMNS.get(name) == "moment" and some.null_count < len(some):
            read = moments(some, name)
            found += [read.order if read.absent is None else np.where(read.absent, -1, read.order), read.bare]
            if is_text(some.type):  # where it is no moment, or nobody asks whether it is one, the text itself tells
                meant = _lut(KNOWN_BY[name])[batch.kind[events]] & (True if read.bad is None else ~read.bad)
                found.append(np.where(meant, -1, cells(pc.fill_null(encode(some).indices, -1))))
        elif pa.types.is_boolean(some.type):
            found.append(cells(pc.fill_null(some.cast(pa.int8()), -1)))
        else:
            encoded = some if pa.types.is_dictionary(some.type) else some.cast(pa.string()).dictionary_encode()
            found.append(cells(pc.fill_null(encoded.indices, -1)))
    return found


# -- cells -------------------------------------------------------------------------------------------------------------


def _lut(codes: frozenset[int]) -> Ints:
    table = np.zeros(clock.N_KINDS, bool)
    table[list(codes)] = True
    return table


def _zeros(n: int) -> Ints:
    return np.zeros(n, np.int8)


def _no_moments(n: int) -> tuple[Ints, Ints, Ints, None]:
    return np.zeros(n, np.int64), np.zeros(n, np.int8), np.ones(n, bool), None


def _text(fields: Mapping[str, Column], name: str, n: int) -> pa.DictionaryArray:
    column = fields.get(name)
    if column is None:
        return pa.nulls(n, pa.string()).dictionary_encode()
    return encode(column)


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
