"""The fields of events: what the clock reads of them, which kind does not know them, which events are the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.bulk.cells import Int32s, Ints, Places, cells, encode, is_text
from tthc_rules.bulk.columns import EVENT_COLUMNS, KNOWN_BY
from tthc_rules.bulk.intake import Batch, kinds_table
from tthc_rules.bulk.moments import moments
from tthc_rules.bulk.objects import put_moments
from tthc_rules.law import clock
from tthc_rules.law.civil import DAY


@dataclass(frozen=True, slots=True)
class Payloads:
    """What the clock reads of the fields of events: two numbers, a tag that tells agencies apart, flags.

    Shape (events,) each.
    """

    x: Int32s
    y: Int32s
    tag: Int32s
    flags: Int32s


_APART: Final = 16
"""A bit in the length of each column: then no two are 4 KB apart, and push each other out of the first cache."""


class Readers:
    """Reads payloads into arrays that are kept: what was read of one batch stands until the next one is read."""

    def __init__(self) -> None:
        self._columns = np.zeros((4, 0), np.int32)

    def read(self, batch: Batch) -> Payloads:
        """The payload of every event of the batch."""
        n = max(len(batch.kind), 1)  # never quite empty: the rules look up events by clipped places
        if n > self._columns.shape[1]:
            self._columns = np.empty((4, n + n // 8 | _APART), np.int32)
        x, y, tag, flags = self._columns[:, :n]
        x.fill(clock.NONE)
        y.fill(clock.NONE)
        tag.fill(0)
        flags.fill(0)
        kind = batch.kind
        get = batch.payload.get
        for name, kinds in _SLIPS:
            _moment_into(x, y, batch, name, kinds)
        _day_into(x, batch, "from", clock.EXCLUDED)
        _day_into(y, batch, "to", clock.EXCLUDED)
        if "new_due" in batch.there:
            at = batch.there["new_due"]
            flags[at[kind[at] == clock.APOLOGY]] |= clock.HAS_NEW_DUE
        _words_into(flags, batch, "ground", clock.PAUSED, lambda word: clock.HAS_GROUND if word.strip() else 0)
        _words_into(flags, batch, "reason", clock.APOLOGY, _reason)
        _words_into(flags, batch, "form", clock.APOLOGY, _form)
        _flag_into(flags, batch, "after_appraisal", clock.SUPPLEMENT_REQUESTED, 0, 0, clock.BEFORE_APPRAISAL)
        _flag_into(flags, batch, "applicant_fault", clock.SUPPLEMENT_REQUESTED, 0, clock.APPLICANT_FAULT, 0)
        _flag_into(flags, batch, "applicant_fault", clock.ERROR_REPORTED, 0, clock.APPLICANT_FAULT, 0)
        _flag_into(flags, batch, "attached", clock.APOLOGY, clock.HAS_ATTACHED, clock.IS_ATTACHED, 0)
        if (column := get("agency")) is not None:
            at = batch.there["agency"]
            tag[at] = cells(encode(column).indices.take(pa.array(at))) + 1
        return Payloads(x, y, tag, flags)


_SLIPS: Final = (
    ("appointed_due", (clock.ACCEPTED, clock.SUPPLEMENT_RECEIVED)),
    ("new_due", (clock.REAPPOINTED, clock.APOLOGY)),
    ("due", (clock.OPINION_REQUESTED, clock.STEP_ASSIGNED)),
)


def _reason(word: str) -> int:
    return clock.HAS_REASON if word.strip() else clock.HAS_REASON | clock.EMPTY_REASON


def _form(word: str) -> int:
    return clock.HAS_FORM | clock.IS_APOLOGY_SLIP if word == "apology_slip" else clock.HAS_FORM


def _moment_into(x: Int32s, y: Int32s, batch: Batch, name: str, kinds: tuple[int, ...]) -> None:
    read = batch.read.get(name)
    if read is None:
        return
    at = batch.there[name]
    wanted = sum(1 << kind for kind in kinds)
    put_moments()(len(at), at, batch.kind, wanted, read.order, read.bare, x, y)


def _day_into(into: Int32s, batch: Batch, name: str, of: int) -> None:
    read = batch.read.get(name)
    if read is None:
        return
    at = batch.there[name]
    mine = batch.kind[at] == of
    into[at[mine]] = read.order[mine] // DAY


def _words_into(flags: Int32s, batch: Batch, name: str, of: int, read: Callable[[str], int]) -> None:
    column = batch.payload.get(name)
    if column is None:
        return
    at = batch.there[name]
    at = at[batch.kind[at] == of]
    encoded = encode(column)
    table = np.array([*(read(word) for word in encoded.dictionary.to_pylist()), 0], np.int32)
    flags[at] |= table[cells(encoded.indices.take(pa.array(at)))]


def _flag_into(flags: Int32s, batch: Batch, name: str, of: int, there: int, true: int, false: int) -> None:
    column = batch.payload.get(name)
    if column is None:
        return
    at = batch.there[name]
    at = at[batch.kind[at] == of]
    flags[at] |= np.where(cells(column.take(pa.array(at))), there | true, there | false).astype(np.int32)


def unknown_fields(batch: Batch) -> Places:
    """Events that carry a field that their kind does not know. Shape (such fields,)."""
    found = unknown_by_name(batch)
    return np.concatenate([np.zeros(0, np.intp), *found.values()])


def unknown_by_name(batch: Batch) -> dict[str, Places]:
    """For each field the events of known kinds that carry it and do not know it."""
    found = {}
    for name, events in batch.there.items():
        kinds = batch.kind[events]
        at = events[(kinds != 0) & (~kinds_table(KNOWN_BY[name])[kinds] if name in KNOWN_BY else True)]
        if len(at):
            found[name] = at
    return found


def sameness(batch: Batch, events: Places) -> list[Ints]:
    """For these events, numbers that are equal where the events are: kind, moment, and every field.

    Shape (len(events),) each.
    """
    take = pa.array(events)
    found: list[Ints] = [batch.order[events], batch.bare[events], cells(batch.kind_text.indices.take(take))]
    for name, column in (*batch.payload.items(), *batch.strange.items()):
        some = column.take(take)
        if EVENT_COLUMNS.get(name) == "moment" and some.null_count < len(some):
            read = moments(some, name)
            found += [read.order if read.absent is None else np.where(read.absent, -1, read.order), read.bare]
            if is_text(some.type):  # where it is no moment, or nobody asks whether it is one, the text itself tells
                meant = kinds_table(KNOWN_BY[name])[batch.kind[events]] & (True if read.bad is None else ~read.bad)
                found.append(np.where(meant, -1, cells(pc.fill_null(encode(some).indices, -1))))
        elif pa.types.is_boolean(some.type):
            found.append(cells(pc.fill_null(some.cast(pa.int8()), -1)))
        else:
            encoded = some if pa.types.is_dictionary(some.type) else some.cast(pa.string()).dictionary_encode()
            found.append(cells(pc.fill_null(encoded.indices, -1)))
    return found
