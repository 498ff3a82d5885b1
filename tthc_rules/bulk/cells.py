"""Single columns, in one piece: as numpy has them, as text, as words in a dictionary."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.law.text import HIDDEN, nfc

Int8s: TypeAlias = npt.NDArray[np.int8]
Int32s: TypeAlias = npt.NDArray[np.int32]
Int64s: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]
"""Which of some rows, events or cells are meant, one truth each."""
Places: TypeAlias = npt.NDArray[np.intp]
"""Which of them are meant, by their places."""
Ints: TypeAlias = npt.NDArray[np.integer[Any]]
"""Whole numbers of any width."""
Column: TypeAlias = Any  # a pyarrow array: the package has no types

_WORDS: Final = pa.dictionary(pa.int32(), pa.string())


def cells(column: Any) -> Any:
    """A column without nulls as numpy has it: the dtype of its type, shape (len(column),)."""
    return np.asarray(column.to_numpy(zero_copy_only=False))


def valid(column: Column) -> Mask:
    """Which cells hold something. Shape (len(column),)."""
    if not column.null_count:
        return np.ones(len(column), bool)
    bits = column.buffers()[0]
    return np.zeros(len(column), bool) if bits is None else _unpacked(bits, column)


def truths(column: Column) -> Mask:
    """Which cells of a column of flags are true; where there is nothing, it is false. Shape (len(column),)."""
    if column.null_count == len(column):
        return np.zeros(len(column), bool)
    true = _unpacked(column.buffers()[1], column)
    return true & valid(column) if column.null_count else true


def _unpacked(bits: Any, column: Column) -> Mask:
    first, rest = divmod(column.offset, 8)
    mine = np.frombuffer(bits, np.uint8)[first : (column.offset + len(column) + 7) // 8]
    found: Mask = np.unpackbits(mine, count=rest + len(column), bitorder="little")[rest:].view(bool)
    return found


def whole(table: pa.Table, name: str) -> Column:
    """A column in one piece."""
    return in_one(table[name])


def in_one(column: pa.ChunkedArray) -> Column:
    """Chunks as one array; a single one as it is: to combine it would be to copy it."""
    if column.num_chunks == 1:
        return column.chunk(0)
    try:
        joined = column.combine_chunks()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # dictionaries that hold a null, or lie inside of lists
        joined = pa.chunked_array([_decoded(chunk) for chunk in column.chunks]).combine_chunks()
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _decoded(column: Column) -> Column:
    """The column with words where it had dictionaries."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        words = column.dictionary
        return (words.cast(pa.string()) if is_text(words.type) else words).take(column.indices)
    if pa.types.is_struct(kind):
        inner = [_decoded(column.field(place)) for place in range(kind.num_fields)]
        return pa.StructArray.from_arrays(inner, [field.name for field in kind], mask=column.is_null())
    if pa.types.is_fixed_size_list(kind):
        size = kind.list_size
        inside = column.values.slice(column.offset * size, len(column) * size)
        return pa.FixedSizeListArray.from_arrays(_decoded(inside), size, mask=column.is_null())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        shape = pa.LargeListArray if pa.types.is_large_list(kind) else pa.ListArray
        offsets = pa.array(np.array(column.offsets))
        return shape.from_arrays(offsets, _decoded(column.values), mask=column.is_null())
    return column


def is_text(kind: pa.DataType) -> bool:
    """Whether a column holds text, plain or as a dictionary."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def encode(column: Column) -> pa.DictionaryArray:
    """A column of text as places in a dictionary in which no word stands twice and none is null."""
    if not pa.types.is_dictionary(column.type):
        return as_text(column).dictionary_encode()
    words, places = column.dictionary, column.indices
    if _plain_words(words):
        if column.type == _WORDS:
            return column
        # the places are those of the column that came in: nothing to check about them again
        return pa.DictionaryArray.from_arrays(places.cast(pa.int32()), words.cast(pa.string()), safe=False)
    if words.null_count == 0 and _unique(words):
        words = as_text(words)
        if _unique(words):
            return pa.DictionaryArray.from_arrays(places.cast(pa.int32()), words, safe=False)
    again = as_text(words).dictionary_encode()
    return pa.DictionaryArray.from_arrays(again.indices.take(places.cast(pa.int64())), again.dictionary)


_FEW: Final = 512


def _plain_words(dictionary: Column) -> bool:
    """Whether these words, if they are few, are each there, each another one, and in the one form of letters."""
    if len(dictionary) > _FEW:
        return False
    words = dictionary.to_pylist()
    return None not in words and len({*words}) == len(words) and all(nfc(word) is word for word in words)


def _unique(dictionary: Column) -> bool:
    return len(dictionary) < 2 or len(dictionary.unique()) == len(dictionary)


def as_text(column: Column) -> Column:
    """A column of text in the one type of text that the rest reads, each letter in one piece (NFC)."""
    return composed(column if pa.types.is_string(column.type) else column.cast(pa.string()))


def composed(column: Column) -> Column:
    """Each letter in one piece, word by word: Arrow before version 26 takes letters apart where it is asked for NFC."""
    if pc.all(pc.string_is_ascii(column)).as_py() is not False:
        return column
    words = column.dictionary_encode()
    written = words.dictionary.to_pylist()
    said = [nfc(word) for word in written]
    return column if said == written else pa.array(said, column.type).take(words.indices)


_FIRST_SEEN: Final = 0x20
_NOT_SEEN: Final = 0x7F
_NOT_ASCII: Final = 0x80


def _letters(column: Column) -> tuple[int, int]:
    """The lowest and the highest byte of a column of plain text."""
    offsets, data = column.buffers()[1], column.buffers()[2]
    if not len(column) or offsets is None or data is None:
        return _FIRST_SEEN, _FIRST_SEEN
    ends = np.frombuffer(offsets, np.int32)
    written = np.frombuffer(data, np.uint8)[ends[column.offset] : ends[column.offset + len(column)]]
    return (int(written.min()), int(written.max())) if len(written) else (_FIRST_SEEN, _FIRST_SEEN)


def holds_hidden(column: Column) -> Mask | None:
    """Which cells of a text hold a character that nobody sees, shape (len(column),); or nothing where none does."""
    if pa.types.is_dictionary(column.type):
        words = holds_hidden(as_text(column.dictionary))
        if words is None:
            return None
        hidden: Mask = np.append(words, False)[cells(pc.fill_null(column.indices.cast(pa.int64()), len(words)))]
        return hidden
    column = column if pa.types.is_string(column.type) else column.cast(pa.string())
    low, high = _letters(column)
    if low >= _FIRST_SEEN and high < _NOT_SEEN:
        return None
    found: Mask = cells(pc.fill_null(pc.match_substring_regex(column, HIDDEN), False))
    return found if found.any() else None
