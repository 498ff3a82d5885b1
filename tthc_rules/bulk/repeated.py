"""Events that are said twice: which say just what an earlier one of the same dossier says, at the same instant."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.bulk.cells import Int8s, Int32s, Ints, Mask, Places, cells, encode, is_text
from tthc_rules.bulk.columns import EVENT_COLUMNS, KNOWN_BY
from tthc_rules.bulk.intake import Batch, kinds_table
from tthc_rules.bulk.moments import moments


def repeated(batch: Batch, dossiers: Int32s) -> Int8s:
    """Of every event of the batch, shape (events,), whether it is one; looked at are those of these dossiers."""
    marked = np.zeros(max(len(batch.order), 1), np.int8)
    lengths = batch.ends[dossiers] - batch.begins[dossiers]
    owner = np.repeat(dossiers, lengths)
    starts = np.cumsum(lengths) - lengths
    events = np.arange(len(owner)) - np.repeat(starts - batch.begins[dossiers], lengths)
    events = events[np.lexsort((batch.order[events], owner))]  # lexsort keeps ties as they stand
    marked[events[_repeats(batch, events, owner)]] = 1
    return marked


def _repeats(batch: Batch, events: Places, owner: Int32s) -> Mask:
    """Which of these events, shape (len(events),), say just what an earlier one of the same dossier says."""
    drop = np.zeros(len(events), bool)
    order = batch.order[events]
    same = (owner[1:] == owner[:-1]) & (order[1:] == order[:-1])
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if not len(tied):
        return drop
    columns = [owner[tied], *_sameness(batch, events[tied])]
    place = np.lexsort(columns[::-1])  # stable: of equals, the first that happened comes first
    again = np.ones(len(tied) - 1, bool)
    for column in columns:
        sorted_column = column[place]
        again &= sorted_column[1:] == sorted_column[:-1]
    drop[tied[place[1:][again]]] = True
    return drop


def _sameness(batch: Batch, events: Places) -> list[Ints]:
    """For these events, numbers that are equal where the events are: kind, moment, and every field.

    Shape (len(events),) each.
    """
    take = pa.array(events)
    bare = np.zeros(len(events), np.int8) if batch.bare is None else batch.bare[events]
    found: list[Ints] = [batch.order[events], bare, batch.kind_at[events]]
    kind = np.maximum(batch.kind_of[batch.kind_at[events]], 0)
    for name, column in (*batch.payload.items(), *batch.strange.items()):
        some = column.take(take)
        if some.null_count == len(some):
            continue
        if EVENT_COLUMNS.get(name) == "moment":
            read = moments(some, name)
            found += [read.order if read.absent is None else np.where(read.absent, -1, read.order), read.bare]
            if is_text(some.type):  # where it is no moment, or nobody asks whether it is one, the text itself tells
                meant = kinds_table(KNOWN_BY[name])[kind] & (True if read.bad is None else ~read.bad)
                found.append(np.where(meant, -1, cells(pc.fill_null(encode(some).indices, -1))))
        elif pa.types.is_boolean(some.type):
            found.append(cells(pc.fill_null(some.cast(pa.int8()), -1)))
        else:
            encoded = some if pa.types.is_dictionary(some.type) else some.cast(pa.string()).dictionary_encode()
            found.append(cells(pc.fill_null(encoded.indices, -1)))
    return found
