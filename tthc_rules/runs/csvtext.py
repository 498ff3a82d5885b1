"""Rows of a result as the lines of a CSV, by whole columns: each word is written once, whoever has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

Column: TypeAlias = Any  # a pyarrow array: the package has no types

_ODD: Final = "^'*[=+\\-@\t\r]|[,\"\r\n]"
"""Text that is not written as it stands: what a spreadsheet would run, and what would break the cell."""
_BREAKS: Final = re.compile('[,"\r\n]')


def lines_of(batch: pa.RecordBatch, guarded: Callable[[str], str]) -> pa.Buffer:
    """The lines of these rows, as `csv.writer` makes them of the cells that `CsvWriter` makes."""
    if not len(batch):
        return pa.py_buffer(b"")
    cells = [_written(column, guarded) for column in batch]
    ends = pa.scalar("\r\n")
    joined = pc.binary_join_element_wise(*cells, ",", null_handling="replace", null_replacement="")
    lines = pc.binary_join_element_wise(joined, ends, "")
    offsets, data = lines.buffers()[1:]
    first, last = (
        int.from_bytes(offsets[at * 4 : at * 4 + 4].to_pybytes(), "little")
        for at in (lines.offset, lines.offset + len(lines))
    )
    return data.slice(first, last - first)


def _written(column: Column, guarded: Callable[[str], str]) -> Column:
    """A column as the text of its cells."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        words = pa.array([_quoted(guarded(word)) for word in column.dictionary.to_pylist()], pa.string())
        return words.take(column.indices)
    if pa.types.is_string(kind):
        odd = pc.match_substring_regex(column, _ODD)
        if pc.any(odd).as_py():
            said = [None if text is None else _quoted(guarded(text)) for text in column.filter(odd).to_pylist()]
            return pc.replace_with_mask(column, pc.fill_null(odd, False), pa.array(said, pa.string()))
        return column
    if pa.types.is_date(kind):
        days = column.dictionary_encode()
        return days.dictionary.cast(pa.string()).take(days.indices)
    return column.cast(pa.string())


def _quoted(text: str) -> str:
    """The text as one cell."""
    return '"' + text.replace('"', '""') + '"' if _BREAKS.search(text) else text
