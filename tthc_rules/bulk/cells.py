"""Single columns, in one piece: as numpy has them, as text, as words in a dictionary."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa

Ints: TypeAlias = Any  # arrays of whole numbers
Column: TypeAlias = Any  # a pyarrow array: the package has no types

_WORDS: Final = pa.dictionary(pa.int32(), pa.string())


def cells(column: Any) -> Any:
    """A column without nulls as numpy has it."""
    return np.asarray(column.to_numpy(zero_copy_only=False))


def whole(table: pa.Table, name: str) -> Column:
    """A column in one piece."""
    return in_one(table[name])


def in_one(column: pa.ChunkedArray) -> Column:
    """Chunks as one array."""
    try:
        joined = column.combine_chunks()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # dictionaries that hold a null, or lie inside of lists
        plain = _decoded(column.type)
        joined = pa.chunked_array([chunk.cast(plain) for chunk in column.chunks], plain).combine_chunks()
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _decoded(kind: pa.DataType) -> pa.DataType:
    """The type with words where it had dictionaries."""
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_decoded(field.type)) for field in kind])
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(_decoded(kind.value_type), kind.list_size)
    if pa.types.is_large_list(kind):
        return pa.large_list(_decoded(kind.value_type))
    return pa.list_(_decoded(kind.value_type)) if pa.types.is_list(kind) else kind


def is_text(kind: pa.DataType) -> bool:
    """Whether a column holds text, plain or as a dictionary."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def encode(column: Column) -> pa.DictionaryArray:
    """A column of text as places in a dictionary in which no word stands twice and none is null."""
    if pa.types.is_dictionary(column.type):
        words, places = column.dictionary, column.indices
        if words.null_count == 0 and _unique(words):
            if column.type == _WORDS:
                return column
            return pa.DictionaryArray.from_arrays(places.cast(pa.int32()), words.cast(pa.string()))
        again = words.cast(pa.string()).dictionary_encode()
        return pa.DictionaryArray.from_arrays(again.indices.take(places.cast(pa.int64())), again.dictionary)
    return as_text(column).dictionary_encode()


def _unique(dictionary: Column) -> bool:
    return len(dictionary) < 2 or len(dictionary.unique()) == len(dictionary)


def as_text(column: Column) -> Column:
    """A column of text in the one type of text that the rest reads."""
    return column if pa.types.is_string(column.type) else column.cast(pa.string())
