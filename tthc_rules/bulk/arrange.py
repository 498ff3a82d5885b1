"""Puts a batch's events in order for the clock, as `law/timeline.py` does for one dossier, and notes what is odd."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tthc_rules.bulk.cells import Int8s, Int32s, Int64s, Mask, Places
from tthc_rules.bulk.intake import Batch, owners
from tthc_rules.bulk.objects import split_moments
from tthc_rules.bulk.payloads import Payloads, Readers, sameness, unknown_fields
from tthc_rules.bulk.prepare import DAY

UNKNOWN_KIND = 1  # bits of `notes`
UNKNOWN_FIELD = 2
DUPLICATE = 4
_FIELD_UNKNOWN = 1 << 20  # carried with an event's flags while events are moved; the clock does not look at it


@dataclass(slots=True)
class Arranged:
    """The columns that the clock reads, and for each dossier what is odd about its log."""

    begins: Int64s
    ends: Int64s
    """Which events are whose, shape (dossiers,); those that do not exist yet lie behind the end."""
    kind: Int32s
    day: Int32s
    minute: Int32s
    """Of each event, shape (events,)."""
    payload: Payloads
    notes: Int8s
    """Bits of what is odd about the log, shape (dossiers,)."""


def arranged(batch: Batch, as_of: int, readers: Readers) -> Arranged:
    """The events up to day `as_of`, in order, exact repeats dropped."""
    n, m = len(batch), len(batch.kind)
    day, minute, odd = np.zeros(max(m, 1), np.int32), np.zeros(max(m, 1), np.int32), np.zeros(n, np.int8)
    ends = batch.ends.copy()
    ends[batch.aside] = batch.begins[batch.aside]  # these are answered elsewhere; their moments may be no moments
    split_moments()(n, batch.begins, ends, batch.order, batch.bare, batch.kind, as_of, day, minute, odd)
    payload = readers.read(batch)
    fields = unknown_fields(batch)
    has_fields = len(fields) > 0
    if has_fields:
        payload.flags[fields] |= _FIELD_UNKNOWN
    kind = batch.kind if m else np.zeros(1, np.int32)
    made = Arranged(batch.begins, ends, kind, day, minute, payload, np.zeros(n, np.int8))
    if odd.any():
        _sort(batch, made, np.flatnonzero(odd), as_of)
    _note(batch, made, has_fields)
    return made


def _sort(batch: Batch, made: Arranged, rows: Places, as_of: int) -> None:
    """Order the events of these dossiers by time, ties as they stand, and drop exact repeats."""
    lengths = batch.ends[rows] - batch.begins[rows]
    owner = np.repeat(rows, lengths)
    starts = np.cumsum(lengths) - lengths
    events = np.arange(len(owner)) - np.repeat(starts - batch.begins[rows], lengths)
    events = events[np.lexsort((batch.order[events], owner))]  # lexsort keeps ties as they stand
    exists = batch.order[events] < (as_of + 1) * DAY
    drop = _repeats(batch, events, owner) & exists
    keep = exists & ~drop
    np.bitwise_or.at(made.notes, owner[drop], DUPLICATE)
    counts = np.bincount(np.searchsorted(rows, owner[keep]), minlength=len(rows))
    made.ends[rows] = batch.begins[rows] + counts
    kept = events[keep]
    firsts = np.cumsum(counts) - counts
    places = np.arange(len(kept)) - np.repeat(firsts - batch.begins[rows], counts)
    made.kind = made.kind.copy()  # the batch's own
    payload = made.payload
    for column in (made.kind, made.day, made.minute, payload.x, payload.y, payload.tag, payload.flags):
        column[places] = column[kept]


def _repeats(batch: Batch, events: Places, owner: Places) -> Mask:
    """Which of these events, shape (len(events),), say just what an earlier one of the same dossier says."""
    drop = np.zeros(len(events), bool)
    order = batch.order[events]
    same = (owner[1:] == owner[:-1]) & (order[1:] == order[:-1])
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if not len(tied):
        return drop
    columns = [owner[tied], *sameness(batch, events[tied])]
    place = np.lexsort(columns[::-1])  # stable: of equals, the first that happened comes first
    again = np.ones(len(tied) - 1, bool)
    for column in columns:
        sorted_column = column[place]
        again &= sorted_column[1:] == sorted_column[:-1]
    drop[tied[place[1:][again]]] = True
    return drop


def _note(batch: Batch, made: Arranged, has_fields: bool) -> None:
    """Note the dossiers with an unknown kind of event, or a field that nobody knows, among what exists."""
    for dossiers in batch.odd_fields.values():
        made.notes[dossiers] |= UNKNOWN_FIELD
    if batch.has_unknown_kinds:
        _mark(made, made.kind == 0, UNKNOWN_KIND)
    if has_fields:
        _mark(made, (made.payload.flags & _FIELD_UNKNOWN != 0) & (made.kind != 0), UNKNOWN_FIELD)


def _mark(made: Arranged, events: Mask, bit: int) -> None:
    """Note the dossiers of these events, where the events exist for them."""
    made.notes[owners(made.begins, made.ends, np.flatnonzero(events))] |= bit
