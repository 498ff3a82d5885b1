"""Cells of Parquet as every reader gives them: no blanks around names of things, 24:00 as the end of its day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.bulk.accepted import is_list, our_name
from tthc_rules.bulk.cells import Column, composed, is_text, whole
from tthc_rules.bulk.columns import ALIASES, DOSSIER_ID, EVENT_COLUMNS, EVENTS
from tthc_rules.law.fields import named
from tthc_rules.logs.dates import end_of_day
from tthc_rules.logs.layout import NAME_FIELDS

_NAMES: Final = NAME_FIELDS | {DOSSIER_ID, "agency"}
_PERSONS: Final = "officers"
_MOMENTS: Final = named(EVENT_COLUMNS, "moment")
_BLANK: Final = 0x20
_BEGINS: Final = (0xC2, 0xE1, 0xE2, 0xE3)
"""The first bytes of blanks that are not ASCII."""
_ENDS: Final = (0x80, 0xC0)
"""Between these are the last bytes of letters and blanks that are not ASCII."""


def as_read(table: Any) -> Any:
    """The table, of the same columns and types, with its cells as every reader gives them."""
    for place, name in enumerate(table.column_names):
        before = whole(table, name) if table.column_names.count(name) == 1 else None
        after = None if before is None else _read(before, our_name(name))
        if after is not before:
            table = table.set_column(place, table.schema.field(place), after)
    return table


def _read(column: Column, name: str) -> Column:
    kind = column.type
    if pa.types.is_struct(kind) and name in ("units", EVENTS):
        return _struct(column, name)
    if is_list(kind) and name in (EVENTS, _PERSONS):
        inside = _read(column.values, EVENTS) if name == EVENTS else _of_words(column.values, _trimmed)
        return column if inside is column.values or column.offset else _listed(column, inside)
    if name in _NAMES:
        return _of_words(column, lambda words: composed(_trimmed(words)) if name == DOSSIER_ID else _trimmed(words))
    return _of_words(column, _ends_of_days) if name in _MOMENTS else column


def _listed(column: Column, inside: Column) -> Column:
    """The lists of the column with other cells in them."""
    kind = column.type
    mask = column.is_null() if column.null_count else None
    if pa.types.is_fixed_size_list(kind):
        return pa.FixedSizeListArray.from_arrays(inside, type=kind, mask=mask)
    made = pa.LargeListArray if pa.types.is_large_list(kind) else pa.ListArray
    return made.from_arrays(column.offsets, inside, type=kind, mask=mask)


def _struct(column: Column, name: str) -> Column:
    """A struct with its fields as they are read."""
    names = [ALIASES.get(field.name, field.name) if name == EVENTS else f"{name}.{field.name}" for field in column.type]
    fields = [column.field(place) for place in range(column.type.num_fields)]
    read = list(map(_read, fields, names))
    if all(one is other for one, other in zip(fields, read, strict=True)) or column.offset:
        return column
    mask = column.is_null() if column.null_count else None
    return pa.StructArray.from_arrays(read, fields=list(column.type), mask=mask)


def _of_words(column: Column, read: Callable[[Column], Column]) -> Column:
    """A column of text, or the words of its dictionary, read."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        words = _of_words(column.dictionary, read)
        return column if words is column.dictionary else pa.DictionaryArray.from_arrays(column.indices, words)
    if pa.types.is_string_view(kind):  # its cells lie in no one piece
        plain = column.cast(pa.string())
        return column if (words := read(plain)) is plain else pa.array(words.to_pylist(), kind)
    return read(column) if is_text(kind) else column


def _trimmed(column: Column) -> Column:
    """Text without blanks around it, also those that are not ASCII."""
    return pc.utf8_trim_whitespace(column) if _may_have_blanks(column) else column


def _may_have_blanks(column: Column) -> bool:
    """Whether some text begins or ends with what may be a blank: a look at two bytes of each."""
    data = column.buffers()[2]
    if not len(column) or data is None:
        return False
    wide = pa.types.is_large_string(column.type)
    offsets: Any = np.frombuffer(column.buffers()[1], np.int64 if wide else np.int32)
    begins, ends = offsets[column.offset : column.offset + len(column)], offsets[column.offset + 1 :][: len(column)]
    there = ends > begins
    written: Any = np.frombuffer(data, np.uint8)
    first, last = written[begins[there]], written[ends[there] - 1]
    is_blank = (first <= _BLANK) | np.isin(first, _BEGINS) | (last <= _BLANK) | ((last >= _ENDS[0]) & (last < _ENDS[1]))
    return bool(is_blank.any())


def _ends_of_days(column: Column) -> Column:
    """ISO text in which 24:00 is the last moment of its day."""
    if not pc.any(pc.match_substring(column, "24:00")).as_py():
        return column
    return pa.array([None if text is None else end_of_day(text) for text in column.to_pylist()], column.type)
