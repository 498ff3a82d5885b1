"""A plain CSV as blocks of text columns, by a native reader; whatever the strict reader might see otherwise is refused.

Plain is a file of whole lines, each with as many cells as the header, quotes that open and close a cell in its line,
and no control character. There both readers see the same cells. Any other file is refused, at whichever block that is
seen, and is then read by `logs/csv.py`, which says what is wrong with it, and where.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as native

from tthc_rules.bulk.cells import Column
from tthc_rules.law.text import nfc
from tthc_rules.logs.csv import read_rows
from tthc_rules.logs.files import chunks
from tthc_rules.logs.spreadsheet import unguarded

__all__ = ["Block", "NotPlainError", "blocks", "header_of"]

BLOCK: Final = 16 << 20
"""Bytes that are read at a time."""
_MOST_OF_ONE: Final = 4
"""Blocks of rows of one dossier: each is read again with every further one."""
_MARK: Final = b"\xef\xbb\xbf"
_QUOTE: Final = ord('"')
_MAX_LINE: Final = csv.field_size_limit()
_WORDS: Final = pa.dictionary(pa.int32(), pa.string())
_GREEK: Final = "\u037e".encode()
"""A question mark that becomes a semicolon where letters are brought into one form."""
_ODD: Final = "^[ \t']|[ \t]$"
_MINUTE: Final = (
    "^(?:199[0-9]|20[0-9][0-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    "[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,6})?)?$"
)


class NotPlainError(Exception):
    """The strict reader must read this file."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines as columns under the names of the header: text, trimmed, nothing where a cell is empty."""

    table: pa.Table
    lines: Any
    """The number of each row's line in the file."""


def header_of(path: Path, delimiter: str) -> tuple[str, ...]:
    """The columns as the strict reader names them; a column that nobody reads has no name."""
    if (
        len(delimiter) != 1
        or not (delimiter.isprintable() or delimiter == "\t")
        or not delimiter.isascii()
        or delimiter == '"'
    ):
        raise NotPlainError
    names, _ = read_rows(path, delimiter)
    first = next(chunks(path), b"").removeprefix(_MARK).partition(b"\n")[0]
    try:
        (cells,) = csv.reader([first.decode()], delimiter=delimiter, strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError):
        raise NotPlainError from None
    written = [nfc(cell).strip() for cell in cells]
    header = tuple(name if name in names else "" for name in written)
    if tuple(name for name in header if name) != names:
        raise NotPlainError
    return header


def blocks(path: Path, header: Sequence[str], delimiter: str, key: str, when: str, whole: bool) -> Iterator[Block]:
    """The rows of the file; in column `when` stand moments. `whole` ends no block within rows of the same `key`."""
    number, rest, is_first = 1, b"", True
    for piece, is_last in _pieces(path):
        data = rest + piece if rest else piece
        if is_first:
            data = data.removeprefix(_MARK)
            data = data.partition(b"\n")[2]
            number, is_first = 2, False
        if is_last:
            data = data.rstrip(b"\r\n")
            data += b"\n" if data else b""
        end = data.rfind(b"\n") + 1
        data, rest = data[:end], data[end:]
        if not data:
            continue
        ends = _checked(data, delimiter)
        table = _parsed(data, header, delimiter, len(ends), when)
        if whole and not is_last:
            last = _last_change(table[key])
            begin = int(ends[last - 1]) + 1 if last else 0
            rest = data[begin:] + rest
            if len(rest) > _MOST_OF_ONE * BLOCK:
                raise NotPlainError
            table, ends = table.slice(0, last), ends[:last]
        lines = np.arange(number, number + len(ends), dtype=np.int64)
        number += len(ends)
        if len(table):
            yield Block(table, lines)


def _pieces(path: Path) -> Iterator[tuple[bytes, bool]]:
    """The bytes in pieces of about `BLOCK`, and whether it is the last one."""
    kept: list[bytes] = []
    size = 0
    for chunk in chunks(path):
        if size >= BLOCK:
            yield b"".join(kept), False
            kept, size = [], 0
        kept.append(chunk)
        size += len(chunk)
    yield b"".join(kept), True


def _checked(data: bytes, delimiter: str) -> Any:
    """Where each line ends; raises `NotPlainError`."""
    signs = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(signs == 10)
    returns = data.count(b"\r")
    control = len(ends) + returns + (data.count(b"\t") if delimiter == "\t" else 0)
    if np.count_nonzero(signs < 0x20) != control or (returns and data.count(b"\r\n") != returns):
        raise NotPlainError
    if int(np.diff(ends, prepend=-1).max()) > _MAX_LINE:
        raise NotPlainError
    if not _pair(signs, ends, ord(delimiter)):
        raise NotPlainError
    if delimiter == ";" and _GREEK in data:
        raise NotPlainError
    return ends


def _pair(signs: Any, ends: Any, sign: int) -> bool:
    """Whether quotes come in pairs that open and close a cell of one line; two that touch inside are a quote."""
    at = np.flatnonzero(signs == _QUOTE)
    if not len(at):
        return True
    if len(at) % 2:
        return False
    opening, closing = at[::2], at[1::2]
    touch = closing[:-1] + 1 == opening[1:]
    before, after = signs[opening - 1], signs[closing + 1]  # what is last in a block is the end of a line
    begins = (opening == 0) | (before == sign) | (before == 10)
    stops = (after == sign) | (after == 10) | (after == 13)
    begins[1:] |= touch
    stops[:-1] |= touch
    lines = np.searchsorted(ends, opening) == np.searchsorted(ends, closing)
    return bool(begins.all() and stops.all() and lines.all())


def _parsed(data: bytes, header: Sequence[str], delimiter: str, lines: int, when: str) -> pa.Table:
    names = [name or f"\0{place}" for place, name in enumerate(header)]
    try:
        table = native.read_csv(
            pa.BufferReader(data),
            native.ReadOptions(column_names=names, block_size=len(data) + 1),
            native.ParseOptions(delimiter=delimiter, quote_char='"', double_quote=True, newlines_in_values=False),
            native.ConvertOptions(
                column_types={name: pa.string() if name == when else _WORDS for name in names},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        raise NotPlainError from None
    if len(table) != lines:  # a line was blank
        raise NotPlainError
    return pa.table({name: _cleaned(table[name]) for name in header if name})


def _cleaned(column: Column) -> Column:
    """The cells as the strict reader gives them: trimmed, freed of the mark of a formula, nothing where empty."""
    column = column.combine_chunks()
    words = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_string(words.type):
        if pc.all(pc.match_substring_regex(words, _MINUTE)).as_py():
            with suppress(pa.ArrowInvalid):  # no such day
                return words.cast(pa.timestamp("us"))
        words = words.dictionary_encode()
    cleaned = _trimmed(words.dictionary).dictionary_encode()
    return pa.DictionaryArray.from_arrays(cleaned.indices.take(words.indices), cleaned.dictionary)


def _trimmed(words: Column) -> Column:
    is_ascii = pc.all(pc.string_is_ascii(words), min_count=0).as_py()
    if not is_ascii or pc.any(pc.match_substring_regex(words, _ODD), min_count=0).as_py():
        words = pa.array([unguarded(nfc(word).strip()) for word in words.to_pylist()], pa.string())
    return pc.if_else(pc.equal(words, ""), pa.scalar(None, pa.string()), words)


def _last_change(column: Column) -> int:
    """Where the rows begin that have the same as the last one; rows that have nothing stand alone."""
    codes = np.asarray(pc.fill_null(column.combine_chunks().indices, -1))
    if codes[-1] < 0:
        return len(codes) - 1
    other = np.flatnonzero(codes != codes[-1])
    return int(other[-1]) + 1 if len(other) else 0
