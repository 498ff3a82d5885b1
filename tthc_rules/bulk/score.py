"""A batch of dossiers in, answers out: groups by the law that governs them, the clock, then the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from tthc_rules.bulk.arrange import Arranged, arranged
from tthc_rules.bulk.entries import Entries
from tthc_rules.bulk.governing import Governing, Plan, Plans
from tthc_rules.bulk.intake import Batch, Readers
from tthc_rules.bulk.objects import run_clock
from tthc_rules.law import clock
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import POLICIES, UNITS
from tthc_rules.law.dossier import MAX_EVENTS
from tthc_rules.law.known import DEFAULT_CALENDAR, DEFAULT_FAMILY
from tthc_rules.law.question import Question

Ints: TypeAlias = Any  # arrays of whole numbers

BLOCK: Final = 16_400
"""Dossiers at a time: their answers fit a processor's second cache. Not a power of two: the answers lie a column apart,
and columns apart by one push each other out of the first cache."""

_FAR: Final = 2**31 - 1
NO_OVERLAY, NOT_IN_FORCE = 1, 2  # bits of what is noted about the place

TAKEN: Final = {
    "punctuality": clock.O_PUNCTUALITY,
    "workdays_late": clock.O_WORKDAYS_LATE,
    "days_late": clock.O_DAYS_LATE,
    "punctuality_current": clock.O_PUNCTUALITY_CURRENT,
    "workdays_late_current": clock.O_WORKDAYS_LATE_CURRENT,
    "days_late_current": clock.O_DAYS_LATE_CURRENT,
    "original_due": clock.O_ORIGINAL_DAY,
    "lawful_due": clock.O_LAWFUL_DAY,
    "current_due": clock.O_CURRENT_DAY,
    "promised_day": clock.O_PROMISED_DAY,
    "promised_minute": clock.O_PROMISED_MINUTE,
    "provisional": clock.O_PROVISIONAL,
    "reason": clock.O_REASON,
    "notes": clock.O_NOTES,
    "restarted": clock.O_RESTARTED,
    "regime": clock.O_REGIME,
}
"""The clock's answers that go into the result."""
SMALL: Final = frozenset({"punctuality", "punctuality_current", "provisional", "reason", "restarted", "regime"})


@dataclass(slots=True)
class Findings:
    """For each duty: outcome, day to act by (0 or `NONE`: none), what it came from (0, or `acts[duty][code - 1]`)."""

    outcome: Ints
    act_by: Ints
    act: Ints
    noted: Ints
    readings: Ints
    """Bits of the unconfirmed readings that a finding stands on."""

    @classmethod
    def of(cls, duties: int, n: int) -> Findings:
        """Nothing found yet."""
        return cls(
            np.zeros((duties, n), np.int8),
            np.zeros((duties, n), np.int32),
            np.zeros((duties, n), np.int8),
            np.zeros(n, np.int8),
            np.zeros(n, np.int64),
        )


@dataclass(slots=True)
class Answers:
    """What was found for each dossier of a batch, as columns."""

    clock: dict[str, Ints]
    accepted: Ints
    start: Ints
    """Day of the event that started the clock, or none."""
    finished: Ints
    ended_by: Ints
    log_notes: Ints
    place_notes: Ints
    plan: Ints
    """Which of `plans` governs."""
    findings: Findings
    plans: list[Plan] = field(default_factory=list)

    @classmethod
    def of(cls, n: int, duties: int) -> Answers:
        """Room for n dossiers."""
        columns = {name: np.empty(n, np.int8 if name in SMALL else np.int32) for name in TAKEN}
        accepted, start, finished = np.empty((3, n), np.int32)
        return cls(
            columns, accepted, start, finished, np.empty(n, np.int8), np.zeros(n, np.int8), np.zeros(n, np.int8),
            np.zeros(n, np.int16), Findings.of(duties, n),
        )  # fmt: skip


class Scorer:
    """Answers batches under one question; safe to share between threads."""

    def __init__(self, plans: Plans, question: Question) -> None:
        plans.known.check_question(question)
        self.plans, self.known, self.question = plans, plans.known, question
        self.corpus = self.known.corpus
        self.as_of, self.known_on = day_of(question.as_of), day_of(question.known_on)
        self.places = tuple(self.corpus.jurisdictions)
        own = {*self.corpus.rules, *self.corpus.overlays}
        self._own = [f"local/{name}" if f"local/{name}" in own else "" for name in self.places]
        self._where = self._places_in_force()

    @cached_property
    def _entries(self) -> Entries:
        return Entries.of(self.corpus, self.places, self.known_on)

    # -- a batch -------------------------------------------------------------------------------------------------------

    def score(self, batch: Batch, readers: Readers) -> tuple[Answers, Arranged]:
        """The answers for every dossier of the batch; those set aside come out as if nothing had happened."""
        made = arranged(batch, self.as_of, readers)
        answers = Answers.of(len(batch), len(self.known.duties))
        answers.log_notes[:] = made.notes
        scratch = np.zeros((6, MAX_EVENTS + 2), np.int32)
        for number, (law, rows) in enumerate(self._groups(batch, made)):
            plan = self.plans.plan(law, self.known_on)
            answers.plans.append(plan)
            size = len(batch) if rows is None else len(rows)
            for start in range(0, size, BLOCK):
                block: Any = slice(start, min(start + BLOCK, size))
                here = block if rows is None else rows[block]
                answers.plan[here] = number
                self._block(plan, batch, made, here, answers, scratch)
        self._note_places(batch, answers)
        return answers, made

    def _block(self, plan: Plan, batch: Batch, made: Arranged, here: Any, answers: Answers, scratch: Ints) -> None:
        begins, ends = made.begins[here], made.ends[here]
        n = len(begins)
        out = np.empty((len(plan.blank), n), np.int32)
        out[:] = plan.blank[:, None]
        tables, hours, payload = plan.calendar, plan.hours, made.payload
        run_clock()(
            n, begins, ends, made.kind, made.day, made.minute, payload.x, payload.y, payload.tag, payload.flags,
            batch.amount[here], batch.unit[here], batch.cutoff[here], batch.awaits[here], batch.elsewhere[here],
            batch.hidden[here],
            self.as_of, POLICIES[self.question.lateness],
            *plan.regimes.columns,
            tables.calendar.base, tables.calendar.last, tables.edition, tables.now,
            tables.all_idx, tables.all_nth, tables.provisional,
            hours.before, hours.shift_of, hours.shifts,
            *scratch,
            plan.first_in, plan.since_in, plan.composed.slots.since_at, len(out), out.reshape(-1), None, None,
        )  # fmt: skip
        rows = np.arange(here.start, here.stop, dtype=np.int32) if isinstance(here, slice) else here.astype(np.int32)
        found = answers.findings
        plan.rules(
            n, ends, made.kind, made.day, made.minute, payload.flags, out.reshape(-1), batch.channel[here],
            batch.hidden[here], self.as_of, tables.calendar.base, tables.calendar.last, tables.idx, tables.nth,
            rows, len(batch), found.outcome.reshape(-1), found.act_by.reshape(-1), found.act.reshape(-1),
            found.noted, found.readings, None, None,
        )  # fmt: skip
        for name, column in TAKEN.items():
            answers.clock[name][here] = out[column]
        answers.accepted[here] = looked_up(made.day, out[clock.O_ACCEPTED], clock.NONE)
        answers.start[here] = looked_up(made.day, out[clock.O_START], clock.NONE)
        answers.finished[here] = looked_up(made.day, out[clock.O_END], clock.NONE)
        answers.ended_by[here] = looked_up(made.kind, out[clock.O_END], 0)

    # -- who is governed by what ---------------------------------------------------------------------------------------

    def _groups(self, batch: Batch, made: Arranged) -> Iterator[tuple[Governing, Ints | None]]:
        """The dossiers by governing law; one group without rows to pick where the whole batch has one."""
        family, families = self._families(batch, made)
        calendar, calendars = self._calendars_of(batch, made, family, families)
        place, places = self._own_places(batch, family, families)
        hours, tables = self._hours_tables(batch)
        key: Ints = np.zeros(1, np.int64)
        for codes, names in ((family, families), (place, places), (calendar, calendars), (hours, tables)):
            key = key * len(names)
            if len(names) > 1:
                key = key + codes
        if len(key) < len(batch):
            key = np.broadcast_to(key, len(batch))
        for code, rows in _alike(key):
            rest, h = divmod(code, len(tables))
            rest, c = divmod(rest, len(calendars))
            f, p = divmod(rest, len(places))
            yield Governing(families[f], places[p], calendars[c], tables[h]), rows

    def _own_places(self, batch: Batch, family: Ints, families: list[str]) -> tuple[Ints, list[str]]:
        """The place of each dossier, where it has rules or acts of its own; they stand beside one family only."""
        there = np.flatnonzero(np.bincount(batch.place + 1, minlength=1)[1:])
        own = [place for place in there.tolist() if self._own[place]]
        names = ["", *(self._own[place] for place in own)]
        codes = np.zeros(len(self.places) + 1, np.int32)
        codes[own] = range(1, len(names))
        if len(names) == 1:
            return family, names
        ours = np.array([name == DEFAULT_FAMILY for name in families])[family]
        return codes[batch.place] * ours, names

    def _accepted(self, batch: Batch, made: Arranged) -> Ints:
        """The day that the catalogue and the clock's version are asked about."""
        day = np.full(len(batch), self.as_of, np.int32)
        rows = np.repeat(np.arange(len(batch)), made.ends - made.begins)
        firsts = np.cumsum(made.ends - made.begins) - (made.ends - made.begins)
        events = np.arange(len(rows)) - np.repeat(firsts - made.begins, made.ends - made.begins)
        for code in (clock.RECEIVED_BY_COMPETENT, clock.ACCEPTED):
            hit = made.kind[events] == code
            day[rows[hit][::-1]] = made.day[events[hit]][::-1]  # the first is written last
        return day

    def _families(self, batch: Batch, made: Arranged) -> tuple[Ints, list[str]]:
        """The family of each dossier's procedure; takes the catalogue's limit where the dossier names none."""
        family = np.zeros(len(batch), np.int32)
        families = [DEFAULT_FAMILY]
        if not self.corpus.catalogue or batch.procedure is None:
            return family, families
        entry = self._entries.of_batch(batch, self._accepted(batch, made))
        hit = np.flatnonzero(entry >= 0)
        for code in np.unique(self._entries.family[entry[hit]]).tolist():
            name = self._entries.families[code]
            if name not in families:
                families.append(name)
            family[hit[self._entries.family[entry[hit]] == code]] = families.index(name)
        ours = hit[batch.unit[hit] == clock.LIMIT_UNKNOWN]
        columns = self._entries.limits[entry[ours]].T
        for into, values in zip((batch.amount, batch.unit, batch.cutoff, batch.awaits), columns, strict=True):
            into[ours] = values
        return family, families

    def _calendars_of(self, batch: Batch, made: Arranged, family: Ints, families: list[str]) -> tuple[Ints, list[str]]:
        """The calendar of each dossier: the one asked for, else that of the clock version that runs it."""
        if self.question.calendar is not None:
            return np.zeros(len(batch), np.int32), [self.question.calendar]
        versions = {f: self.known.regimes_of(name, self.known_on) for f, name in enumerate(families)}
        named = {v.calendar for regimes in versions.values() for v in regimes.versions}
        if named <= {DEFAULT_CALENDAR}:
            return np.zeros(len(batch), np.int32), [DEFAULT_CALENDAR]
        names = [DEFAULT_CALENDAR, *sorted(named - {DEFAULT_CALENDAR})]
        which = np.zeros(len(batch), np.int32)
        day = self._accepted(batch, made)
        for f, regimes in versions.items():
            for version, start, until in zip(regimes.versions, regimes.start, regimes.until, strict=True):
                which[(family == f) & (day >= start) & (day <= until)] = names.index(version.calendar)
        return which, names

    def _hours_tables(self, batch: Batch) -> tuple[Ints, list[str]]:
        """The office hours of each dossier; they matter for limits in working hours only."""
        which = np.zeros(len(batch), np.int32)
        tables = [""]
        in_hours = batch.unit == UNITS["work_hour"]
        if not in_hours.any():
            return which, tables
        for place in np.unique(batch.place[in_hours]).tolist():
            name = self.known.hours_table(self.places[place] if place >= 0 else None, self.question.hours).id
            if name not in tables:
                tables.append(name)
            which[in_hours & (batch.place == place)] = tables.index(name)
        if len(tables) == 2:  # only they read it: all dossiers may share it
            return np.zeros(len(batch), np.int32), tables[1:]
        return which, tables

    def _places_in_force(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int8]]:
        """By place: its first and last day, and what is noted of it; the last row, -1, is no place."""
        listed = [self.corpus.jurisdictions[name] for name in self.places]
        first = [clock.NONE if where.start is None else day_of(where.start) for where in listed]
        last = [_FAR if where.until is None else day_of(where.until) for where in listed]
        bits = [0 if own else NO_OVERLAY for own in self._own]
        days = np.array([*first, clock.NONE], np.int32), np.array([*last, _FAR], np.int32)
        return *days, np.array([*bits, 0], np.int8)

    # -- what is noted -------------------------------------------------------------------------------------------------

    def _note_places(self, batch: Batch, answers: Answers) -> None:
        """Where no act of a place is known, and where the place itself is not in force."""
        day = np.where(answers.start == clock.NONE, self.as_of, answers.start)
        first, last, bits = (column[batch.place] for column in self._where)
        answers.place_notes |= bits | np.where((day < first) | (day > last), np.int8(NOT_IN_FORCE), np.int8(0))


def looked_up(values: Ints, place: Ints, absent: int) -> Ints:
    """The values at those places, and something else where the place is -1."""
    found = values.take(place, mode="clip")
    found[place < 0] = absent
    return found


def _alike(key: Ints) -> Iterator[tuple[int, Ints | None]]:
    """Each key with its rows; no rows to pick where all are alike."""
    if len(key) == 0:
        return
    if (key == key[0]).all():
        yield int(key[0]), None
        return
    keys, which, counts = np.unique(key, return_inverse=True, return_counts=True)
    rows = np.split(np.argsort(which, kind="stable"), np.cumsum(counts)[:-1])
    yield from zip(keys.tolist(), rows, strict=True)
