"""The names in a batch that nobody knows, said for each dossier as `result/row.py` says them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from tthc_rules.bulk.cells import Ints, Mask, Places, cells
from tthc_rules.bulk.columns import KNOWN_BY, UNKNOWN
from tthc_rules.bulk.intake import Batch, kinds_table
from tthc_rules.law.civil import DAY
from tthc_rules.law.codes import KINDS, KNOWN_KIND
from tthc_rules.law.dossier import KIND_NAMES
from tthc_rules.law.fields import nearest_column
from tthc_rules.result.row import unknown_name

MOST_KINDS: Final = 40
"""Unknown kinds that are told of a batch."""


def has_unknown(batch: Batch) -> Mask:
    """Which dossiers, shape (dossiers,), have a name that nobody knows, in events of any day."""
    found = np.zeros(len(batch), bool)
    for _, rows in _names(batch, None):
        found[rows] = True
    return found


def kinds_of(batch: Batch) -> set[str]:
    """The unknown kinds of the batch as they are written, and one word for all that are known."""
    words = set(batch.kind_text.dictionary.to_pylist()) - {None}
    unknown = sorted(words - set(KINDS))
    return {*unknown[:MOST_KINDS], *((KNOWN_KIND,) if len(unknown) < len(words) else ())}


def unknown_names(batch: Batch, as_of: int) -> pa.DictionaryArray:
    """The column `unknown_names`: what the events up to day `as_of` and the dossiers call by names of their own."""
    said: dict[str, int] = {}
    rows, words = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
    for text, mine in _names(batch, as_of):
        rows.append(mine)
        words.append(np.full(len(mine), said.setdefault(text, len(said))))
    places = np.zeros(len(batch), np.int32)
    texts = {"": 0}
    order = sorted(said)
    rank = np.argsort(np.argsort(list(said))) if said else np.zeros(0, np.int64)
    pairs = np.unique(np.concatenate(rows) * max(len(said), 1) + rank[np.concatenate(words)])
    owner, word = np.divmod(pairs, max(len(said), 1))
    for row, mine in _by_row(owner, word):
        places[row] = texts.setdefault("|".join(order[place] for place in mine), len(texts))
    return pa.DictionaryArray.from_arrays(pa.array(places), pa.array(list(texts), pa.string()))


def no_names(n: int) -> pa.DictionaryArray:
    """The same where no dossier of n has any."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, np.int32)), pa.array([""], pa.string()))


def _by_row(owner: Places, word: Places) -> Iterator[tuple[Places, Places]]:
    """Rows that have the same words, with these words."""
    rows, firsts = np.unique(owner, return_index=True)
    ends = np.append(firsts[1:], len(owner))
    for count in np.unique(ends - firsts).tolist():
        alike = np.flatnonzero(ends - firsts == count)
        table = word[firsts[alike][:, None] + np.arange(count)]
        sets: Places
        sets, which = np.unique(table, axis=0, return_inverse=True)
        for number, places in _alike(which.ravel()):
            yield rows[alike[places]], sets[number]


def _alike(codes: Ints) -> Iterator[tuple[int, Places]]:
    """Each code with its places."""
    found, counts = np.unique(codes, return_counts=True)
    places: list[Places] = np.split(np.argsort(codes, kind="stable"), np.cumsum(counts)[:-1])
    yield from zip(found.tolist(), places, strict=False)


def _names(batch: Batch, as_of: int | None) -> Iterator[tuple[str, Places]]:
    """Each unknown name with the dossiers that have it."""
    for column, mask in batch.odd_fields.items():
        name = column.removesuffix(UNKNOWN)
        yield unknown_name("unknown_field", name, nearest_column(name, of_event=False)), np.flatnonzero(mask)
    for column, events in _unknown_by_name(batch).items():
        name = column.removesuffix(UNKNOWN)
        text = unknown_name("unknown_field", name, nearest_column(name, of_event=True))
        yield text, _owners(batch, events, as_of)[0]
    if (batch.kind_of == 0).any():
        rows, events = _owners(batch, np.flatnonzero(batch.kind == 0), as_of)
        valid = cells(batch.kind_text.is_valid())[events]
        rows, events = rows[valid], events[valid]
        codes = cells(batch.kind_text.indices.take(pa.array(events)))
        words = batch.kind_text.dictionary
        for code, places in _alike(codes):
            word = words[code].as_py()
            yield unknown_name("unknown_kind", word, KIND_NAMES.nearest(word)), rows[places]


def _unknown_by_name(batch: Batch) -> dict[str, Places]:
    """For each field the events of known kinds that carry it and do not know it."""
    found = {}
    for name, events in batch.there.items():
        kinds = batch.kind[events]
        at = events[(kinds != 0) & (~kinds_table(KNOWN_BY[name])[kinds] if name in KNOWN_BY else True)]
        if len(at):
            found[name] = at
    return found


def _owners(batch: Batch, events: Places, as_of: int | None) -> tuple[Places, Places]:
    """Whose events these are, of those that exist, and which; what lies between dossiers belongs to none.

    Shape (events that have one,) each.
    """
    if as_of is not None:
        events = events[batch.order[events] < (as_of + 1) * DAY]
    rows = np.flatnonzero(batch.begins < batch.ends)
    if not len(rows) or not len(events):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    place = np.searchsorted(batch.begins[rows], events, side="right") - 1
    inside = (place >= 0) & (events < batch.ends[rows[place]])
    return rows[place[inside]], events[inside]
