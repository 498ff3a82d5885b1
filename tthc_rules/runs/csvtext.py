"""Rows of a result as the lines of a CSV, by whole columns: each word is written once, whoever has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.bulk.cells import Column
from tthc_rules.result.row import steps_text

_ODD: Final = "^'*[=+\\-@\t\r]|[,\"\r\n]"
"""Text that is not written as it stands: what a spreadsheet would run, and what would break the cell."""
_BREAKS: Final = re.compile('[,"\r\n]')


def lines_of(batch: pa.RecordBatch, guarded: Callable[[str], str]) -> pa.Buffer:
    """The lines of these rows, as `csv.writer` makes them of the cells that `CsvWriter` makes."""
    if not len(batch):
        return pa.py_buffer(b"")
    lines = each_line(batch, guarded)
    offsets, data = lines.buffers()[1:]
    ends = np.frombuffer(offsets, np.int32)[lines.offset : lines.offset + len(lines) + 1]
    return data.slice(int(ends[0]), int(ends[-1] - ends[0]))


def each_line(batch: pa.RecordBatch, guarded: Callable[[str], str]) -> Column:
    """The same lines, one by one, as a column of text; there must be rows."""
    parts: list[Column | str] = [_written(batch.column(0), guarded)]  # a column: cells alone would make one line
    for column in batch.columns[1:]:
        cell = _same(column, guarded)
        parts += [",", _written(column, guarded) if cell is None else cell]
    joined: list[Column | str] = []
    for part in [*parts, "\r\n"]:
        if isinstance(part, str) and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return pc.binary_join_element_wise(*joined, "", null_handling="replace", null_replacement="")


def _same(column: Column, guarded: Callable[[str], str]) -> str | None:
    """The cell that all rows have, where that is seen at once."""
    if column.null_count == len(column):
        return ""
    if pa.types.is_list(column.type) and not len(column.flatten()):
        return ""
    if pa.types.is_dictionary(column.type) and not column.null_count and len(column.dictionary) == 1:
        return _quoted(guarded(column.dictionary[0].as_py()))
    return None


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
    if pa.types.is_list(kind):
        return pa.array([_quoted(steps_text(steps or ())) for steps in column.to_pylist()], pa.string())
    if pa.types.is_date(kind):
        days = column.dictionary_encode()
        return days.dictionary.cast(pa.string()).take(days.indices)
    return column.cast(pa.string())


def _quoted(text: str) -> str:
    """The text as one cell."""
    return '"' + text.replace('"', '""') + '"' if _BREAKS.search(text) else text
