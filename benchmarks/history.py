"""A province's history, the same one every time: dossiers accepted from 2015 to 2026, 4.8 events each, in chunks.

Dossiers stand in the order of their acceptance. Nine in ten have a limit of 1 to 30 workdays; the others calendar days,
months, work hours, or the same day. About one in eight ends late; some were paused, supplemented, waited for money or
for an opinion, or were given a new date; four in a thousand have a fault in their log.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tthc_rules import Calendar
from tthc_rules.law import clock
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import CHANNELS, KINDS, UNITS

Ints = Any  # arrays of whole numbers

SEED: Final = 20261121
FIRST_DAY: Final = date(2015, 1, 5)
LAST_DAY: Final = date(2026, 10, 30)
AS_OF: Final = date(2026, 10, 31)
CHUNK: Final = 65_600
"""Dossiers made at a time."""
SHIFT: Final = 8 * 3600
"""Seconds that an office works in a day."""
DAY: Final = 86_400_000_000
EVENTS_PER_DOSSIER: Final = 4.8

LIMITS: Final = (1, 2, 3, 5, 7, 8, 10, 12, 15, 20, 25, 30)
LIMIT_SHARES: Final = (0.06, 0.07, 0.16, 0.18, 0.1, 0.05, 0.12, 0.05, 0.1, 0.06, 0.02, 0.03)
KIND_WORDS: Final = ("unknown", *KINDS)
UNIT_WORDS: Final = tuple(UNITS)
CHANNEL_WORDS: Final = tuple(CHANNELS)
WAIT_WORDS: Final = ("", "payment", "opinion", "payment|opinion")
AGENCIES: Final = tuple(f"agency-{number:02d}" for number in range(30))
PROCEDURES: Final = tuple(f"1.{4000 + 7 * number:06d}" for number in range(200))
REASONS: Final = ("chờ ý kiến của cơ quan phối hợp", "", "hồ sơ phức tạp, cần thẩm tra thêm")
FORMS: Final = ("apology_slip",)
GROUNDS: Final = ("khoản 2 Điều 21", "chờ giám định")


@dataclass(frozen=True, slots=True)
class Mix:
    """What the dossiers are like."""

    workdays_only: bool = False
    """No limit but in workdays: what the peers can express."""
    faults: float = 0.004
    places: tuple[str, ...] = ()
    """Provinces, if dossiers name one."""
    simple: bool = False
    """Accepted, at most one pause, a slip, an end: the smaller decision, under one decree."""


@dataclass(slots=True)
class Chunk:
    """Some dossiers as columns, and their events one after another."""

    first: int
    """Number of the first dossier."""
    amount: Ints
    unit: Ints
    cutoff: Ints
    awaits: Ints
    elsewhere: Ints
    channel: Ints
    procedure: Ints
    agency: Ints
    place: Ints
    counts: Ints
    kind: Ints
    order: Ints
    """Microseconds since 1970, Vietnam time."""
    appointed: Ints
    """Microseconds, or 0."""
    new_due: Ints
    """Day, or `NONE`."""
    asked: Ints
    """Agency of an opinion, or -1."""
    from_day: Ints
    to_day: Ints
    ground: Ints
    reason: Ints
    form: Ints

    def __len__(self) -> int:
        return len(self.amount)

    # -- Arrow ---------------------------------------------------------------------------------------------------------

    def ids(self) -> pa.Array:
        """`H56.14-` and nine digits."""
        n = len(self)
        number = np.arange(self.first, self.first + n)
        text = np.empty((n, 16), np.uint8)
        text[:, :7] = np.frombuffer(b"H56.14-", np.uint8)
        for place in range(9):
            text[:, 15 - place] = number // 10**place % 10 + ord("0")
        offsets = np.arange(0, 16 * n + 1, 16, dtype=np.int32)
        return pa.StringArray.from_buffers(n, pa.py_buffer(offsets), pa.py_buffer(text.reshape(-1)))

    def dossiers(self, places: tuple[str, ...] = ()) -> pa.Table:
        """The fields of the dossiers."""
        columns = {
            "dossier_id": self.ids(),
            "procedure": _words(self.procedure, PROCEDURES),
            "channel": _words(self.channel, CHANNEL_WORDS),
            "units.handling_agency": _words(self.agency, AGENCIES),
            "filed_elsewhere": pa.array(self.elsewhere != 0),
            "time_limit.amount": pa.array(self.amount),
            "time_limit.unit": _words(self.unit, UNIT_WORDS),
            "time_limit.cutoff": _words(np.where(self.cutoff < 0, -1, 0), ("15:00",)),
            "time_limit.pauses_for": _words(np.where(self.awaits == 0, -1, self.awaits), WAIT_WORDS),
        }
        if places:
            columns["jurisdiction"] = _words(self.place, places)
        return pa.table(columns)

    def events(self) -> pa.StructArray:
        """The events, each a struct."""
        columns = {
            "kind": _words(self.kind, KIND_WORDS),
            "at": pa.Array.from_buffers(pa.timestamp("us"), len(self.order), [None, pa.py_buffer(self.order)]),
            "appointed_due": pa.array(self.appointed, pa.timestamp("us"), mask=self.appointed == 0),
            "new_due": _dates(self.new_due),
            "agency": _words(self.asked, AGENCIES),
            "ground": _words(self.ground, GROUNDS),
            "reason": _words(self.reason, REASONS),
            "form": _words(self.form, FORMS),
            "from": _dates(self.from_day),
            "to": _dates(self.to_day),
        }
        return pa.StructArray.from_arrays(list(columns.values()), list(columns))

    def nested(self, places: tuple[str, ...] = ()) -> pa.Table:
        """One row a dossier, its events in a column of lists."""
        offsets = pa.array(np.concatenate(([0], np.cumsum(self.counts))).astype(np.int32))
        return self.dossiers(places).append_column("events", pa.ListArray.from_arrays(offsets, self.events()))

    def flat(self) -> pa.Table:
        """One row an event, the dossiers' rows together."""
        events = self.events()
        owner = pa.array(np.repeat(np.arange(len(self), dtype=np.int32), self.counts))
        columns = {"dossier_id": self.ids().take(owner)}
        columns |= {inner.name: events.field(place) for place, inner in enumerate(events.type)}
        return pa.table(columns)


def _dates(days: Ints) -> pa.Array:
    return pa.array(days.astype(np.int64) * DAY, pa.timestamp("us"), mask=days == clock.NONE)


def _words(codes: Ints, words: tuple[str, ...]) -> pa.DictionaryArray:
    absent = codes < 0
    indices = pa.array(np.where(absent, 0, codes).astype(np.int16), mask=absent if absent.any() else None)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))


@dataclass
class History:
    """`dossiers` dossiers; any chunk can be made by itself."""

    calendar: Calendar
    dossiers: int
    mix: Mix = field(default_factory=Mix)
    seed: int = SEED

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.dossiers // CHUNK)

    def __iter__(self) -> Iterator[Chunk]:
        for number in range(self.chunks):
            yield self.chunk(number)

    def nested(self) -> Iterator[pa.Table]:
        """The nested table, chunk by chunk."""
        for chunk in self:
            yield chunk.nested(self.mix.places)

    @cached_property
    def _nth(self) -> Ints:
        return np.asarray(self.calendar.nth, np.int64)

    def _work_day(self, day: date) -> int:
        """Which workday a date is."""
        return self.calendar.idx[day_of(day) - self.calendar.base]

    def chunk(self, number: int) -> Chunk:
        """One chunk, by its number."""
        n = min(CHUNK, self.dossiers - number * CHUNK)
        return _Maker(self, number * CHUNK, n, np.random.default_rng((self.seed, number))).chunk()

    # -- files ---------------------------------------------------------------------------------------------------------

    def write_nested(self, path: Path) -> None:
        """A Parquet file with one row a dossier."""
        _write(path, self.nested())

    def write_flat(self, events: Path, dossiers: Path, in_arrival_order: bool = False) -> None:
        """A Parquet file with one row an event, and one with the dossiers' fields."""
        _write(dossiers, (chunk.dossiers(self.mix.places) for chunk in self))
        _write(events, self._arrivals() if in_arrival_order else (chunk.flat() for chunk in self))

    def _arrivals(self) -> Iterator[pa.Table]:
        """The events as a system logs them: by time, whatever dossier they belong to."""
        waiting: pa.Table | None = None
        for number in range(self.chunks):
            table = self.chunk(number).flat()
            if waiting is not None:
                table = pa.concat_tables([waiting, table]).unify_dictionaries().combine_chunks()
            at = table["at"].to_numpy().view(np.int64)
            place = np.argsort(at, kind="stable")
            ready = len(at)
            if number + 1 < self.chunks:
                later = (self._start(number + 1) // SHIFT - 3) * 1.0  # nothing later happens three workdays earlier
                ready = int(np.searchsorted(at[place], self._nth[int(later)] * DAY))
            yield table.take(pa.array(place[:ready]))
            waiting = table.take(pa.array(place[ready:]))

    def _start(self, number: int) -> int:
        """The first second of a chunk, in seconds of work."""
        first, last = FIRST_DAY, LAST_DAY
        if self.mix.simple:
            first, last = date(2018, 7, 2), date(2024, 12, 31)
        low, high = self._work_day(first) * SHIFT, self._work_day(last) * SHIFT
        return low + (high - low) * number // self.chunks


def _write(path: Path, tables: Iterator[pa.Table]) -> None:
    writer: pq.ParquetWriter | None = None
    for table in tables:
        if writer is None:
            writer = pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1)
        writer.write_table(table)
    if writer is not None:
        writer.close()


class _Maker:
    """Makes the events of a chunk: a column of moments for each step a dossier may take, then those that happened."""

    def __init__(self, history: History, first: int, n: int, rng: np.random.Generator) -> None:
        self.history, self.first, self.n, self.rng = history, first, n, rng
        self.mix = history.mix
        self.steps: list[tuple[Any, Ints, Ints]] = []  # kind(s), seconds of work, whether it happened
        self.fields: dict[str, dict[int, Ints]] = {}
        self._limits()

    def _limits(self) -> None:
        n, rng = self.n, self.rng
        self.amount = rng.choice(np.array(LIMITS, np.int32), n, p=LIMIT_SHARES)
        self.unit = np.full(n, clock.WORKDAY, np.int32)
        self.cutoff = np.full(n, -1, np.int32)
        self.length = self.amount.copy()  # in workdays, about
        if self.mix.workdays_only or self.mix.simple:
            return
        other = rng.random(n)
        for low, high, unit, amounts, length in (
            (0.0, 0.05, clock.CALENDAR_DAY, (5, 61), 5 / 7),
            (0.05, 0.07, clock.MONTH, (1, 4), 21.0),
            (0.07, 0.09, clock.WORK_HOUR, (4, 41), 1 / 8),
        ):
            mine = np.flatnonzero((other >= low) & (other < high))
            self.unit[mine] = unit
            self.amount[mine] = rng.integers(*amounts, len(mine))
            self.length[mine] = np.ceil(self.amount[mine] * length)
        same_day = (other >= 0.09) & (other < 0.1)
        self.amount[same_day] = 0
        self.length[same_day] = 0
        self.cutoff[same_day] = 15 * 60

    def share(self, share: float) -> Ints:
        """Whether something happened, for each dossier."""
        return self.rng.random(self.n) < share

    def days(self, fewest: float, most: float) -> Ints:
        """A stretch of work, in seconds."""
        return (self.rng.uniform(fewest, most, self.n) * SHIFT).astype(np.int64)

    def step(self, kind: Any, at: Ints, happened: Ints, **fields: Ints) -> None:
        """Add a step that some dossiers took."""
        for name, values in fields.items():
            self.fields.setdefault(name, {})[len(self.steps)] = values
        self.steps.append((kind, at, happened))

    def later(self, at: Ints, by: Ints, happened: Ints) -> Ints:
        """The moment moves on where something happened."""
        return np.where(happened, at + by, at)

    def chunk(self) -> Chunk:
        """The chunk."""
        history, n, rng, share, days = self.history, self.n, self.rng, self.share, self.days
        nth = history._nth
        number = self.first // CHUNK
        low, high = history._start(number), history._start(number + 1)
        accepted = np.sort(rng.integers(low, high, n))
        simple = self.mix.simple
        channel = rng.choice(3, n, p=(0.5, 0.4, 0.1))
        awaits = rng.choice(4, n, p=(0.9, 0.05, 0.04, 0.01)).astype(np.int32) * (not simple)
        elsewhere = share(0.01) & (not (simple or self.mix.workdays_only))

        # How it began.
        self.step(clock.SUBMITTED, accepted - days(0.01, 2.5), share(0.37) & (not simple))
        slip = share(0.6) & (self.unit == clock.WORKDAY) & (self.amount > 0)
        off = np.where(share(0.02), 1, 0)
        appointed = nth[accepted // SHIFT + self.length + off] * DAY + 17 * 3_600_000_000
        self.step(clock.ACCEPTED, accepted, np.ones(n, bool), appointed=np.where(slip, appointed, 0))
        forwarded = share(0.95) & (not simple)
        now = self.later(accepted, days(0.01, 0.7), forwarded)
        self.step(clock.FORWARDED, now, forwarded)
        there = elsewhere & share(0.9)
        now = self.later(now, days(0.1, 1), there)
        self.step(clock.RECEIVED_BY_COMPETENT, now, there)

        now, started, stopped = self._stopped(accepted, awaits, now)

        # How it ended: by the due date, or some days after it.
        due = started + self.length + stopped
        late = share(0.105)
        done_day = np.where(
            late, due + rng.geometric(0.3, n), started + stopped + (self.length * rng.uniform(0.2, 1, n)).astype(int)
        )
        now = self._apologise(late, due, now)
        excluded = share(0.003) & (not simple)
        first_off = nth[started] + rng.integers(1, 20, n)
        last_off = first_off + rng.integers(0, 4, n)
        self.step(clock.EXCLUDED, now, excluded, from_day=first_off, to_day=last_off)
        done = np.maximum(done_day * SHIFT + rng.integers(0, SHIFT, n), now + 60)
        ended = share(0.985) & ~self.lost
        how = rng.random(n)
        others = (clock.REFUSED, clock.STOPPED, clock.WITHDRAWN)
        rare = np.choose((how * 150).astype(int) % 3, others)
        kind = np.where((how < 0.02) & (not simple), rare, clock.RESULT_ISSUED)
        self.step(kind, done, ended)
        returned = ended & (kind == clock.RESULT_ISSUED) & share(0.95) & (not simple)
        self.step(clock.RESULT_RETURNED, done + days(0.01, 2), returned)
        return self._laid_out(channel, awaits, elsewhere)

    def _stopped(self, accepted: Ints, awaits: Ints, now: Ints) -> tuple[Ints, Ints, Ints]:
        """What stopped the clock: the moment after it, the workday it started from last, the workdays it stood."""
        n, rng, share, days = self.n, self.rng, self.share, self.days
        simple, long_enough = self.mix.simple, self.length >= 3
        pays = ((awaits & 1) != 0) & share(0.9) & long_enough
        now = self.later(now, days(0.05, 1), pays)
        stopped = np.zeros(n, np.int64)
        begun = now // SHIFT
        self.step(clock.PAYMENT_AWAITED, now, pays)
        now = self.later(now, days(0.05, 3), pays)
        self.step(clock.PAYMENT_RECEIVED, now, pays)
        stopped += np.where(pays, now // SHIFT - begun, 0)
        asks = share(0.08) & long_enough & (not simple)
        now = self.later(now, days(0.1, 1.5), asks)
        begun = now // SHIFT
        self.step(clock.SUPPLEMENT_REQUESTED, now, asks)
        now = self.later(now, days(1, 10), asks)
        back = asks & share(0.97)
        self.step(clock.SUPPLEMENT_RECEIVED, now, back)
        restarts = asks & (accepted >= self.history._work_day(date(2018, 6, 21)) * SHIFT)
        stopped += np.where(asks & ~restarts, now // SHIFT - begun, 0)
        started: Ints = np.where(restarts, now, accepted)
        started = started // SHIFT
        stopped[restarts] = 0
        wants = ((awaits & 2) != 0) & share(0.8) & long_enough
        now = self.later(now, days(0.1, 1), wants)
        begun = now // SHIFT
        asked = rng.integers(0, len(AGENCIES), n)
        self.step(clock.OPINION_REQUESTED, now, wants, asked=np.where(wants, asked, -1))
        pauses = share(0.5 if simple else 0.06) & long_enough
        now = self.later(now, days(0.1, 1), pauses)
        begun = np.where(wants, begun, now // SHIFT)
        grounded = np.where(share(0.9), rng.integers(0, 2, n), -1)
        self.step(clock.PAUSED, now, pauses, ground=grounded)
        now = self.later(now, days(0.2, 4), wants)
        self.step(clock.OPINION_RECEIVED, now, wants, asked=np.where(wants, asked, -1))
        now = self.later(now, days(0.5, 8), pauses)
        self.step(clock.RESUMED, now, pauses)
        stopped += np.where(wants | pauses, now // SHIFT - begun, 0)
        self.lost = asks & ~back
        return now, started, stopped

    def _apologise(self, late: Ints, due: Ints, now: Ints) -> Ints:
        """A slip, a notice and a new date on dossiers that run late."""
        n, rng = self.n, self.rng
        nth = self.history._nth
        sorry = late & self.share(0.7)
        when = (due - rng.choice((0, 1, 1, 2), n)) * SHIFT + rng.integers(0, SHIFT, n)
        now = np.where(sorry, np.maximum(when, now + 60), now)
        told = self.share(0.9)
        new = nth[due + rng.integers(3, 12, n)]
        self.step(
            clock.APOLOGY,
            now,
            sorry,
            form=np.where(told, 0, -1),
            reason=np.where(told, rng.integers(0, 3, n), -1),
            new_due=np.where(told, new, clock.NONE),
        )
        if self.mix.simple:
            return now
        notice = sorry & self.share(0.5)
        now = self.later(now, self.days(0.001, 0.05), notice)
        self.step(clock.DELAY_NOTICE, now, notice)
        again = sorry & self.share(0.7)
        now = self.later(now, self.days(0.001, 0.02), again)
        self.step(clock.REAPPOINTED, now, again, new_due=new)
        return now

    def _laid_out(self, channel: Ints, awaits: Ints, elsewhere: Ints) -> Chunk:
        n, width = self.n, len(self.steps)
        at = np.empty((n, width), np.int64)
        there = np.empty((n, width), bool)
        kinds = np.empty((n, width), np.int8)
        for place, (kind, moment, happened) in enumerate(self.steps):
            at[:, place], there[:, place], kinds[:, place] = moment, happened, kind
        day, second = np.divmod(at, SHIFT)
        second += 27_000  # half past seven; the afternoon begins at one
        second[second >= 41_400] += 5_400
        order = self.history._nth[day] * DAY + second * 1_000_000
        there &= order < (day_of(AS_OF) + 1) * DAY

        def column(name: str, absent: int, kind: type) -> Ints:
            table: Ints = np.full((n, width), absent, kind)
            for place, values in self.fields.get(name, {}).items():
                table[:, place] = values
            return table[there]

        n_places = max(len(self.mix.places), 1)
        chunk = Chunk(
            self.first, self.amount, self.unit, self.cutoff, awaits, elsewhere.astype(np.int32),
            channel.astype(np.int32), self.rng.integers(0, len(PROCEDURES), n), self.rng.integers(0, len(AGENCIES), n),
            self.rng.integers(0, n_places, n), there.sum(axis=1), kinds[there], order[there],
            column("appointed", 0, np.int64), column("new_due", clock.NONE, np.int32), column("asked", -1, np.int8),
            column("from_day", clock.NONE, np.int32), column("to_day", clock.NONE, np.int32),
            column("ground", -1, np.int8), column("reason", -1, np.int8), column("form", -1, np.int8),
        )  # fmt: skip
        self._spoil(chunk)
        return chunk

    def _spoil(self, chunk: Chunk) -> None:
        """A repeated event, a resumption of nothing, or two events that changed places."""
        rows = np.flatnonzero(self.share(self.mix.faults) & (chunk.counts >= 3))
        at = (np.cumsum(chunk.counts) - chunk.counts)[rows] + 2
        fault = self.rng.integers(0, 3, len(rows))
        again, orphan, swapped = at[fault == 0], at[fault == 1], at[fault == 2]
        for column in (
            chunk.kind, chunk.order, chunk.appointed, chunk.new_due, chunk.asked, chunk.from_day, chunk.to_day,
            chunk.ground, chunk.reason, chunk.form,
        ):  # fmt: skip
            column[again] = column[again - 1]
            column[swapped], column[swapped - 1] = column[swapped - 1], column[swapped]
        for column, absent in (
            (chunk.kind, clock.RESUMED), (chunk.appointed, 0), (chunk.new_due, clock.NONE), (chunk.asked, -1),
            (chunk.from_day, clock.NONE), (chunk.to_day, clock.NONE), (chunk.ground, -1), (chunk.reason, -1),
            (chunk.form, -1),
        ):  # fmt: skip
            column[orphan] = absent
