"""The catalogue as columns: which entry holds for each dossier of a batch, whatever the number of procedures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.bulk.cells import Int32s, Mask
from tthc_rules.bulk.intake import Batch
from tthc_rules.law.codes import CHANNELS, OTHER_LEVEL
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.limits import limit_columns, limit_of, own_time_columns
from tthc_rules.law.rule import CatalogueEntry

_ALWAYS: Final = np.iinfo(np.int32).max
_EVERY_CHANNEL: Final = (1 << len(CHANNELS)) - 1


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries that are known, a procedure's together and the most specific first."""

    spans: dict[str, tuple[int, int]]
    """Where the entries of a procedure begin, and how many they are."""
    most: int
    start: Int32s
    until: Int32s
    """The first and the last day of each entry. Shape (entries,)."""
    channels: Int32s
    """A bit for each way of filing that the entry is for. Shape (entries,)."""
    places: Int32s
    """A row of `fits`. Shape (entries,)."""
    fits: Mask
    """For each set of places that some entry names: which places are in it; the last column is no place. Shape (sets,
    places + 1)."""
    family: Int32s
    """Which of `families`. Shape (entries,)."""
    families: tuple[str, ...]
    limits: Int32s
    """Amount, unit, cut-off and what it waits for, then what sector law says beside it. Shape (entries, 7)."""

    @classmethod
    def of(cls, corpus: Corpus, places: Sequence[str], known_on: int) -> Entries:
        """What is known of the catalogue on a day."""
        spans: dict[str, tuple[int, int]] = {}
        rows: list[CatalogueEntry] = []
        for procedure, entries in corpus.catalogue.items():
            known = [entry for entry in entries if entry.known_from is None or entry.known_from <= known_on]
            spans[procedure] = (len(rows), len(known))
            rows += known
        families = tuple(dict.fromkeys(entry.family for entry in rows))
        sets = list(dict.fromkeys(entry.jurisdictions for entry in rows))
        fits = np.array([[not one or place in one for place in (*places, None)] for one in sets], bool)
        return cls(
            spans,
            max((count for _, count in spans.values()), default=0),
            _ints([entry.start for entry in rows]),
            _ints([_ALWAYS if entry.until is None else entry.until for entry in rows]),
            _ints([sum(1 << CHANNELS[name] for name in entry.channels) or _EVERY_CHANNEL for entry in rows]),
            _ints([sets.index(entry.jurisdictions) for entry in rows]),
            fits,
            _ints([families.index(entry.family) for entry in rows]),
            families,
            _ints([(*limit_columns(limit), *own_time_columns(limit)) for limit in map(limit_of, rows)]).reshape(-1, 7),
        )

    def turning(self, after: int) -> frozenset[str]:
        """The procedures of which an entry begins after that day, or ends on it or later."""
        return frozenset(
            procedure
            for procedure, (first, count) in self.spans.items()
            for start, until in zip(self.start[first : first + count], self.until[first : first + count], strict=True)
            if start > after or after <= until < _ALWAYS
        )

    def of_batch(self, batch: Batch, day: Int32s) -> Int32s:
        """The entry of each dossier on its day, or -1. Shape (dossiers,)."""
        found = np.full(len(batch), -1, np.int32)
        if batch.procedure is None:
            return found
        encoded = pc.fill_null(batch.procedure.cast(pa.string()), "").dictionary_encode()
        spans = _ints([self.spans.get(name, (0, 0)) for name in encoded.dictionary.to_pylist()]).reshape(-1, 2)
        first, count = spans[np.asarray(encoded.indices)].T
        for rank in range(self.most):
            rows = np.flatnonzero((found < 0) & (rank < count))
            entry = first[rows] + rank
            holds = (
                (self.start[entry] <= day[rows])
                & (day[rows] <= self.until[entry])
                & (self.channels[entry] >> (batch.channel[rows] & OTHER_LEVEL - 1) & 1 == 1)
                & self.fits[self.places[entry], batch.place[rows]]
            )
            found[rows[holds]] = entry[holds]
        return found


def _ints(values: Sequence[object]) -> Int32s:
    return np.array(values, np.int32)
