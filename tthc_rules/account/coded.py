"""A column of words as numbers, and rows counted by several of them: what counting by columns is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

NONE: Final = -(1 << 30)
"""No day, as an integer that is earlier than any."""
Ints = Any
"""A numpy array of integers."""


class Coded:
    """A column of words as small integers, and the words, as they are `read`; -1 is none."""

    def __init__(self, column: Any, rows: int, read: Callable[[str], str] = str) -> None:
        if column is None:
            self.codes: Ints = np.full(rows, -1, dtype=np.int32)
            self.words: list[str] = []
            return
        values = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if isinstance(values, pa.ChunkedArray):  # more than one chunk where the dictionaries cannot be joined
            values = pa.concat_arrays(values.chunks)
        if not pa.types.is_dictionary(values.type):
            values = pc.dictionary_encode(pc.cast(values, pa.string()))
        codes = pc.fill_null(pc.cast(values.indices, pa.int32()), -1)
        self.codes = np.asarray(codes)
        self.words = [read(word or "") for word in values.dictionary.to_pylist()]
        if len(set(self.words)) != len(self.words) or "" in self.words:
            self._normalise()

    def _normalise(self) -> None:
        """Each word once; an empty one is none."""
        places: dict[str, int] = {}
        lookup = [places.setdefault(word, len(places)) if word else -1 for word in self.words]
        self.codes = np.append(np.array(lookup, dtype=np.int32), np.int32(-1))[self.codes]
        self.words = list(places)

    def word(self, code: int) -> str | None:
        return None if code < 0 else self.words[code]

    def mask(self, wanted: Iterable[str]) -> Ints:
        """Which rows hold one of these words."""
        return self.lookup([word in set(wanted) for word in self.words], False)

    def lookup(self, values: Sequence[Any], missing: Any, dtype: Any = None) -> Ints:
        """For each row the value that belongs to its word."""
        return np.array([*values, missing], dtype=dtype)[self.codes]


def grouped(*columns: Ints) -> Iterator[tuple[tuple[int, ...], int]]:
    """(values, how many rows) of each combination that occurs; the columns are packed into one integer."""
    if not len(columns[0]):
        return
    lows = [int(column.min()) for column in columns]
    widths = [int(column.max()) - low + 1 for column, low in zip(columns, lows, strict=True)]
    key = np.zeros(len(columns[0]), dtype=np.int64)
    room = 1
    for width in widths:
        room *= width
    if room >= 1 << 62:
        yield from _grouped_apart(columns)
        return
    for column, low, width in zip(columns, lows, widths, strict=True):
        key = key * width + (column.astype(np.int64) - low)
    if room <= 4 * len(key) + 1024:
        sizes = np.bincount(key, minlength=1)
        found = np.flatnonzero(sizes)
        counts = sizes[found]
    else:
        found, counts = np.unique(key, return_counts=True)
    parts = []
    for low, width in zip(reversed(lows), reversed(widths), strict=True):
        parts.append((found % width + low).tolist())
        found = found // width
    yield from zip(zip(*reversed(parts), strict=True), counts.tolist(), strict=True)


def _grouped_apart(columns: Sequence[Ints]) -> Iterator[tuple[tuple[int, ...], int]]:
    """The same where the combinations are too many for one integer."""
    stacked = np.stack([column.astype(np.int64) for column in columns], axis=1)
    found, counts = np.unique(stacked, axis=0, return_counts=True)
    yield from zip(map(tuple, found.tolist()), counts.tolist(), strict=True)
