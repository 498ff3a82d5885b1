"""Columns of moments as microseconds of Vietnam, and whether their hour is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic_core import PydanticCustomError

from tthc_rules.bulk.accepted import wrong_type
from tthc_rules.bulk.cells import Column, Int8s, Int64s, Mask, Places, cells, encode, is_text
from tthc_rules.errors import InputFileError
from tthc_rules.law.civil import DAY, FIRST_DATE, LAST_DATE, day_of, minute_of, order_of, read_moment

_FIRST: Final = day_of(FIRST_DATE) * DAY
_PAST: Final = (day_of(LAST_DATE) + 1) * DAY
_VIETNAM: Final = 7 * 3_600_000_000
_TICKS: Final = {"s": 1_000_000, "ms": 1_000, "us": 1}


@dataclass(frozen=True, slots=True)
class Moments:
    """A column of moments: microseconds since 1970 in Vietnam time, and whether the hour is missing.

    Every array has the shape (cells,).
    """

    order: Int64s
    bare: Int8s
    absent: Mask | None
    bad: Mask | None
    """Not a moment, or outside 1990–2100."""


def moments(column: Column, name: str) -> Moments:
    """A column of timestamps, dates, or ISO text in either form."""
    kind = column.type
    absent = ~cells(column.is_valid()) if column.null_count else None
    if pa.types.is_timestamp(kind):
        return _of_ticks(cells(pc.fill_null(column, 0) if absent is not None else column).view(np.int64), kind, absent)
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
        order, bare, absent, bad = no_moments(len(column))
        return Moments(order, bare, absent, bad)
    raise InputFileError(wrong_type(name, "moment", kind))


def orders(column: Column, name: str) -> tuple[Int64s, Int8s | None]:
    """The moments of a column, outside 1990–2100 where there is none; which have no hour, if some have none."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "us" and kind.tz is None and not column.null_count:
        return cells(column).view(np.int64), None
    read = moments(column, name)
    return read.order, read.bare if read.bare.any() else None


def moments_at(column: Column, at: Places, name: str) -> Moments:
    """The moments of the cells at these places, all of which hold something; shape (len(at),) each."""
    if not pa.types.is_timestamp(column.type):
        return moments(column.take(pa.array(at)), name)
    ticks = np.frombuffer(column.buffers()[1], np.int64)[column.offset : column.offset + len(column)]
    return _of_ticks(ticks[at], column.type, None)


def _of_ticks(ticks: Int64s, kind: pa.DataType, absent: Mask | None) -> Moments:
    """Timestamps as Arrow counts them."""
    if kind.unit == "ns":
        order = ticks // 1000
    else:
        step = _TICKS[kind.unit]
        wild = None if step == 1 else (ticks > _PAST // step) | (ticks < 0)
        order = ticks if wild is None else np.where(wild, 0, ticks) * step
    if kind.tz is not None:
        order = order + _VIETNAM
    return Moments(order, zeros(len(order)), absent, _outside(order, absent))


def _parsed(column: pa.DictionaryArray, absent: Mask | None) -> Moments:
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


def _outside(order: Int64s, absent: Mask | None) -> Mask | None:
    if not len(order) or (int(order.min()) >= _FIRST and int(order.max()) < _PAST):
        return None
    wrong: Mask = (order < _FIRST) | (order >= _PAST)
    return wrong if absent is None else wrong & ~absent


def zeros(n: int) -> Int8s:
    return np.zeros(n, np.int8)


def no_moments(n: int) -> tuple[Int64s, Int8s, Mask, None]:
    """The parts of `Moments` where no cell holds one. Shape (n,) each."""
    return np.zeros(n, np.int64), np.zeros(n, np.int8), np.ones(n, bool), None
