"""The fields of events as the compiled loops of `prepare` read them, out of the memory that Arrow has them in.

Columns come as `foreign.canonical` leaves them: the words of a dictionary are each another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import types

from tthc_rules.bulk.cells import Column, Int32s, Int64s, Places, cells, encode, valid
from tthc_rules.bulk.columns import EVENT_COLUMNS, KNOWN_BY
from tthc_rules.bulk.loaded import Located
from tthc_rules.bulk.moments import moments_at
from tthc_rules.law import clock


class FieldReading(Enum):
    """How a field is read: by the loop of `prepare` of that name."""

    SLIP = "slips"
    DAY = "days"
    WORD = "meanings"
    TAG = "tags"
    KNOWN_ONLY = ""
    """Nothing is read of it: which kinds know it is all that matters."""


def _bits(kinds: Iterable[int]) -> int:
    return sum(1 << kind for kind in kinds)


def _slip(*wanted: int, flagged: tuple[int, ...] = (), flag: int = 0) -> tuple[FieldReading, dict[str, int | str]]:
    return FieldReading.SLIP, {"wanted": _bits(wanted), "flagged": _bits(flagged), "flag": flag}


def _word(*wanted: int) -> tuple[FieldReading, dict[str, int | str]]:
    return FieldReading.WORD, {"wanted": _bits(wanted)}


_READINGS: Final[Mapping[str, tuple[FieldReading, dict[str, int | str]]]] = {
    "appointed_due": _slip(clock.ACCEPTED, clock.SUPPLEMENT_RECEIVED),
    "new_due": _slip(clock.REAPPOINTED, clock.APOLOGY, flagged=(clock.APOLOGY,), flag=clock.HAS_NEW_DUE),
    "due": _slip(clock.OPINION_REQUESTED, clock.STEP_ASSIGNED),
    "from": (FieldReading.DAY, {"into": "x"}),
    "to": (FieldReading.DAY, {"into": "y"}),
    "ground": _word(clock.PAUSED),
    "reason": _word(clock.APOLOGY),
    "form": _word(clock.APOLOGY),
    "after_appraisal": _word(clock.SUPPLEMENT_REQUESTED),
    "applicant_fault": _word(clock.SUPPLEMENT_REQUESTED, clock.ERROR_REPORTED),
    "attached": _word(clock.APOLOGY),
    "agency": (FieldReading.TAG, {}),
}

STRANGE: Final = "strange"
"""Stands for all the fields that nobody knows."""

FIELDS: Final[Mapping[str, tuple[FieldReading, dict[str, int | str]]]] = {
    **{
        name: (reading, {**given, "known": _bits(KNOWN_BY[name])})
        for name in KNOWN_BY
        for reading, given in (_READINGS.get(name, (FieldReading.KNOWN_ONLY, {})),)
    },
    STRANGE: (FieldReading.KNOWN_ONLY, {"known": 0}),
}
"""Each field: its reading, and what the loop takes besides the column: numbers, or the column that it writes."""


def _ground(word: str) -> int:
    return clock.HAS_GROUND if word.strip() else 0


def _reason(word: str) -> int:
    return clock.HAS_REASON if word.strip() else clock.HAS_REASON | clock.EMPTY_REASON


def _form(word: str) -> int:
    return clock.HAS_FORM | clock.IS_APOLOGY_SLIP if word == "apology_slip" else clock.HAS_FORM


_MEANINGS: Final[Mapping[str, Callable[[str], int]]] = {"ground": _ground, "reason": _reason, "form": _form}
_FLAGS: Final[Mapping[str, tuple[int, int]]] = {
    "after_appraisal": (clock.BEFORE_APPRAISAL, 0),
    "applicant_fault": (0, clock.APPLICANT_FAULT),
    "attached": (clock.HAS_ATTACHED, clock.HAS_ATTACHED | clock.IS_ATTACHED),
}
"""What `false` and `true` mean."""


def read_fields(payload: Mapping[str, Column], strange: Mapping[str, Column]) -> dict[str, Any]:
    """What the compiled call takes of the fields of events, by the names of its parameters."""
    taken: dict[str, Any] = {}
    for name, (reading, _) in FIELDS.items():
        column = payload.get(name)
        taken[f"has_{name}"] = int(column is not None)
        taken[f"bits_{name}"] = _NO_CODES if column is None else valid_bits(column)
        match reading:
            case FieldReading.SLIP | FieldReading.DAY:
                values, bare = (None, None) if column is None else _moments(column, name)
                taken[f"values_{name}"] = _NO_LONGS if values is None else values
                taken[f"some_bare_{name}"] = int(bare is not None)
                taken[f"bare_{name}"] = _NO_BYTES if bare is None else bare
            case FieldReading.WORD | FieldReading.TAG:
                codes, meaning = (_NO_CODES, _NO_CODES) if column is None else _codes(column, name)
                taken[f"codes_{name}"], taken[f"meaning_{name}"] = codes, meaning
            case FieldReading.KNOWN_ONLY:
                pass
    if strange:
        taken[f"has_{STRANGE}"] = 1
        taken[f"bits_{STRANGE}"] = np.bitwise_or.reduce([valid_bits(column) for column in strange.values()])
    return taken


_NO_LONGS: Final = Located(np.zeros(1, np.int64))
_NO_CODES: Final = Located(np.zeros(1, np.int32))
_NO_BYTES: Final = Located(np.zeros(1, np.int8))


def valid_bits(column: Column) -> Int32s:
    """Which cells hold something, a bit each, the first one lowest. Shape (len(column) // 32 + 1,)."""
    n = len(column)
    bits = np.zeros(n // 32 + 1, np.int32)
    into = bits.view(np.uint8)
    if column.null_count == 0:
        into[: n // 8] = 255
        into[n // 8] = (1 << n % 8) - 1
        return bits
    first, rest = divmod(column.offset, 8)
    size = (n + 7) // 8
    given = np.frombuffer(column.buffers()[0], np.uint8)[first : (column.offset + n + 7) // 8]
    if rest == 0:
        into[:size] = given
    else:
        into[:size] = given[:size] >> rest
        into[: len(given) - 1] |= given[1:] << (8 - rest)
    if n % 8:
        into[size - 1] &= (1 << n % 8) - 1
    return bits


def places_of(column: Column) -> Places:
    """Which cells hold something, ascending. Shape (cells that do,)."""
    return np.flatnonzero(valid(column))


def _moments(column: Column, name: str) -> tuple[Int64s, Any]:
    """The moment of each cell that holds one, shape (len(column),); of each whether its hour is missing, if some is."""
    kind = column.type
    if types.is_timestamp(kind) and kind.unit == "us" and kind.tz is None:
        return np.frombuffer(column.buffers()[1], np.int64)[column.offset : column.offset + len(column)], None
    at = places_of(column)
    read = moments_at(column, at, name)
    values = np.empty(len(column), np.int64)
    values[at] = read.order
    if read.bad is not None:
        values[at[read.bad]] = -1
    if not read.bare.any():
        return values, None
    bare = np.zeros(len(column), np.int8)
    bare[at] = read.bare
    return values, bare


def _codes(column: Column, name: str) -> tuple[Int32s, Int32s | Located]:
    """The code of each cell that holds something, shape (len(column),), and the flags that each code means."""
    if EVENT_COLUMNS[name] == "flag":
        return cells(column.cast(pa.int8()).fill_null(0)).astype(np.int32), np.array(_FLAGS[name], np.int32)
    encoded = column if types.is_dictionary(column.type) else encode(column)
    places = encoded.indices
    codes = np.frombuffer(places.buffers()[1], np.int32)[places.offset : places.offset + len(places)]
    read = _MEANINGS.get(name)
    if read is None:
        return codes, _NO_CODES
    return codes, np.array([*(read(word) for word in encoded.dictionary.to_pylist()), 0], np.int32)
