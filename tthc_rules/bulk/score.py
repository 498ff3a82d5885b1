"""A batch of dossiers in, answers out: groups by the law that governs them, the clock, then the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.bulk.cells import Int8s, Int32s, Int64s, Ints, Mask, Places, cells
from tthc_rules.bulk.coded import codes, numbers
from tthc_rules.bulk.core import BLOCK, CODERS, arguments, judging
from tthc_rules.bulk.entries import Entries
from tthc_rules.bulk.governing import Governing, LawPlan, Plans
from tthc_rules.bulk.intake import Batch
from tthc_rules.bulk.loaded import located
from tthc_rules.bulk.objects import accepted_days
from tthc_rules.bulk.prepare import F_TIED, F_UNKNOWN, UNKNOWN_FIELD
from tthc_rules.bulk.repeated import repeated
from tthc_rules.bulk.telling import NO_OVERLAY, STEP_COLUMNS
from tthc_rules.bulk.words import Kept
from tthc_rules.law import clock
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import CHANNELS, FIELD_AT, NOTES, OTHER_LEVEL, POLICIES, REASONS, UNITS
from tthc_rules.law.composed import NOTED
from tthc_rules.law.flatacts import result_rank
from tthc_rules.law.known import DEFAULT_CALENDAR, DEFAULT_FAMILY
from tthc_rules.law.question import Question
from tthc_rules.law.rule import OWN_TIMES, Applicability, FieldIs
from tthc_rules.law.text import alike

_FAR: Final = 2**31 - 1
NUMBERS: Final = (
    clock.O_WORKDAYS_LATE,
    clock.O_DAYS_LATE,
    clock.O_WORKDAYS_LATE_CURRENT,
    clock.O_DAYS_LATE_CURRENT,
    clock.O_ORIGINAL_DAY,
    clock.O_LAWFUL_DAY,
    clock.O_CURRENT_DAY,
)
"""The clock's answers that are columns of the result as they stand."""
DATES: Final = (
    "workdays_late", "days_late", "workdays_late_current", "days_late_current", "original_due", "lawful_due",
    "current_due", "accepted_on", "finished_on", "changes_on", "next_act_by",
)  # fmt: skip
"""The rows of `Answers.dates` before those of the duties."""
CODES: Final = ("punctuality", "punctuality_current", "ended_by", "provisional")
"""The rows of `Answers.codes` before those of the duties."""

LOG_AT: Final = 3 + max(NOTES).bit_length()
NOTED_AT: Final = LOG_AT + 3
PLACE_AT: Final = NOTED_AT + max(NOTED).bit_length()
"""Where the bits of notes stand in their key, behind the reason and the clock's own."""
assert len(REASONS) <= 8
assert PLACE_AT + 2 < 62


@dataclass(slots=True)
class Answers:
    """What was found for each dossier of a batch, as the columns of the result: a row of each array is one of them."""

    size: int
    """Dossiers; the rows are a little longer."""
    dates: Int32s
    """Numbers and days since 1970, `NONE` where there is none: `DATES`, then for each duty the day to act by (0: none).
    Shape (11 + duties, stride)."""
    codes: Int8s
    """`CODES`, then for each duty its outcome. Shape (4 + duties, stride)."""
    words: Int32s
    """For each of `core.CODERS` the number of its key among those that came up. Shape (5, stride)."""
    steps: Int32s
    """The steps, as `telling.put_steps` writes them: a row for each of its columns. Shape (7, room)."""
    told: Int64s
    """How many steps there are. Shape (1,)."""
    met_unknown: bool = False
    """Whether some dossier has a name that nobody knows."""

    @classmethod
    def of(cls, n: int, duties: int, stepping: int = 0) -> Answers:
        """Room for n dossiers, on memory that Arrow keeps for its own; and for as many steps."""
        stride = -(-max(n, 1) // 64) * 64
        stride += 64 if stride % 1024 == 0 else 0  # columns 4 KB apart push each other out of the first cache

        def room(rows: int, kind: str) -> npt.NDArray[Any]:
            memory = pa.allocate_buffer(rows * stride * np.dtype(kind).itemsize)
            return np.frombuffer(memory, kind).reshape(rows, stride)

        dates, codes = room(len(DATES) + duties, "int32"), room(len(CODES) + duties, "int8")
        steps = np.empty((STEP_COLUMNS, max(stepping, 1)), np.int32)
        return cls(n, dates, codes, room(len(CODERS), "int32"), steps, np.zeros(1, np.int64))

    def column(self, name: str) -> Int32s | Int8s:
        """One of `DATES` or `CODES`. Shape (size,)."""
        if name in DATES:
            return self.dates[DATES.index(name), : self.size]
        return self.codes[CODES.index(name), : self.size]

    def act_by(self, duty: int) -> Int32s:
        """The day to act by of the duty in that place, 0 or less where there is none. Shape (size,)."""
        return self.dates[len(DATES) + duty, : self.size]

    def outcome(self, duty: int) -> Int8s:
        """The outcome of the duty in that place. Shape (size,)."""
        return self.codes[len(CODES) + duty, : self.size]

    def key(self, coder: str) -> Int32s:
        """The keys of one of `core.CODERS`. Shape (size,)."""
        return self.words[CODERS.index(coder), : self.size]


@dataclass(frozen=True, slots=True)
class Group:
    """The dossiers of a batch that one clock runs for: all of them, or some rows; and by which of the laws."""

    plans: tuple[LawPlan, ...]
    rows: Int32s | None
    size: int


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
        self._laws: dict[int, dict[str, Any]] = {}

    @cached_property
    def _turning(self) -> frozenset[str]:
        return self._entries.turning(self.as_of) if self.corpus.catalogue else frozenset()

    @cached_property
    def _entries(self) -> Entries:
        return Entries.of(self.corpus, self.places, self.known_on)

    # -- a batch -------------------------------------------------------------------------------------------------------

    def score(self, batch: Batch, kept: Kept) -> Answers:
        """The answers for every dossier of the batch; those set aside come out as if nothing had happened."""
        kept.begin_part()
        self._number_fields(batch)
        batch.aside |= self._law_turns(batch)
        answers = Answers.of(len(batch), len(self.known.duties), len(batch.order) if batch.may_have_steps else 0)
        law_of, tied_rows = np.zeros(len(batch), np.int32), np.empty(len(batch), np.int32)
        groups = list(self.groups(batch, law_of))
        shared = located({**self._shared(batch, answers, kept), "law_of": law_of, "tied": tied_rows})
        for group in groups:
            kept.plans |= {plan.number: plan for plan in group.plans}
            given = {**shared, **self._of_group(group)}
            self._judge(given, group.rows, group.size, kept)
            if tied := int(kept.block["fit"][F_TIED]):
                rows = tied_rows[:tied].copy()
                kept.block["fit"][F_TIED] = 0
                self._judge({**given, "told": 1, "again": repeated(batch, rows)}, rows, tied, kept)
        answers.met_unknown = bool(batch.odd_fields) or kept.block["fit"][F_UNKNOWN] != 0
        return answers

    def _number_fields(self, batch: Batch) -> None:
        """Give each dossier the number of its field, where some rule may ask it for that."""
        column, slots = batch.carried.get("field"), self.known.slots
        everywhere, places = self._by_field
        if column is not None and (everywhere or np.isin(batch.place, places).any()):
            found = numbers(column, lambda text: slots.field(alike(text)))
            batch.channel = batch.channel & (1 << FIELD_AT) - 1 | found << FIELD_AT

    @cached_property
    def _by_field(self) -> tuple[bool, Int32s]:
        """Whether some rule of every place asks for the field of a dossier; and which places have one that does."""
        asking = {rule.family for rule in self.corpus.rule_versions() if _asks_field(rule.applies_if)}
        asking |= {
            family
            for family, overlays in self.corpus.overlays.items()
            if any(_asks_field(one.conditions) for overlay in overlays for one in overlay.excepts)
        }
        own = [at for at, name in enumerate(self._own) if name and name in asking]
        return bool(asking - {name for name in self._own if name}), np.array(own, np.int32)

    def _judge(self, given: dict[str, Any], rows: Int32s | None, size: int, kept: Kept) -> None:
        """The answers for some rows or all; more room is made for words as they come up."""
        call, takes = judging()
        done = np.array([0, size], np.int64)
        mine = {"done": done, "whole": int(rows is None), "rows": given["governed"] if rows is None else rows}
        while done[0] < size:
            kept.make_room()
            call(*arguments(takes, {**given, **mine, **kept.memory()}))

    def _of_group(self, group: Group) -> dict[str, Any]:
        """What the compiled call takes of the laws of a group."""
        return {
            **self._law_located(group.plans[0]), "laws": len(group.plans),
            "plans": np.array([plan.number for plan in group.plans], np.int32),
            "rules": np.array([plan.rules.address for plan in group.plans], np.int64),
            "out": np.empty(len(group.plans[0].blank) * BLOCK, np.int32),
        }  # fmt: skip

    def _law_located(self, plan: LawPlan) -> dict[str, Any]:
        found = self._laws.get(plan.number)
        if found is None:
            found = self._laws[plan.number] = located(self.law_columns(plan))
        return found

    def law_columns(self, plan: LawPlan) -> dict[str, Any]:
        """What the clock and the rules take of a law, by the names of their parameters."""
        tables, hours = plan.calendar, plan.hours
        regime = ("from", "until", "supplement", "elsewhere", "event", "cutoff", "pause", "receipt", "soon")
        return {
            "as_of": self.as_of, "policy": POLICIES[self.question.lateness],
            **{f"regime_{name}": column for name, column in zip(regime, plan.regimes.columns, strict=True)},
            "regime_unseen": plan.regimes.unseen,
            "base": tables.calendar.base, "last": tables.calendar.last, "edition": tables.edition, "now": tables.now,
            "all_idx": tables.all_idx, "all_nth": tables.all_nth, "provisional": tables.provisional,
            "idx": tables.idx, "nth": tables.nth,
            "hours": hours.before, "office": office_of(plan), "shift_of": hours.shift_of, "shifts": hours.shifts,
            "first_in": plan.first_in, "since_in": plan.since_in, "since_at": plan.composed.slots.since_at,
            "n_out": len(plan.blank), "blank": plan.blank,
        }  # fmt: skip

    def _shared(self, batch: Batch, answers: Answers, kept: Kept) -> dict[str, Any]:
        """What the compiled call takes besides the law: the batch, memory for a block, and where the answers go."""
        return {
            **batch_columns(batch), **kept.located,
            **dict(zip(("place_from", "place_until", "place_bits"), self._where, strict=True)),
            "step": BLOCK, "duties": len(self.known.duties), "result_rank": result_rank(self.known.duties),
            "told": 0, "again": np.zeros(1, np.int8),
            "log_at": LOG_AT, "noted_at": NOTED_AT, "place_at": PLACE_AT,
            "stepping": answers.steps.shape[1] if batch.may_have_steps else 0,
            "steps": answers.steps.reshape(-1), "told_steps": answers.told,
            "taken": np.array(NUMBERS, np.int32), "n_dates": len(DATES),
            "all_dates": answers.dates.reshape(-1), "all_codes": answers.codes.reshape(-1),
            "all_words": answers.words.reshape(-1), "stride": answers.dates.shape[1],
        }  # fmt: skip

    # -- who is governed by what ---------------------------------------------------------------------------------------

    def groups(self, batch: Batch, law_of: Int32s) -> Iterator[Group]:
        """The dossiers by the clock that runs for them; `law_of` is told which of the group's laws governs each."""
        family, families = self._families(batch)
        calendar, calendars = self._calendars_of(batch, family, families)
        place, places = self._own_places(batch, family, families)
        hours, tables = self._hours_tables(batch, family, families)
        key: Ints = np.zeros(1, np.int64)
        for which, names in ((family, families), (calendar, calendars), (hours, tables)):
            key = key * len(names)
            if len(names) > 1:
                key = key + which
        if len(key) < len(batch):
            key = np.broadcast_to(key, len(batch))
        for code, rows in _alike(key):
            rest, h = divmod(code, len(tables))
            f, c = divmod(rest, len(calendars))
            mine = place if rows is None else place[rows]
            there = np.flatnonzero(np.bincount(mine, minlength=len(places))) if len(places) > 1 else np.zeros(1, int)
            plans = {
                p: self.plans.plan(Governing(families[f], places[p], calendars[c], tables[h]), self.known_on)
                for p in there.tolist()
            }
            for slots in dict.fromkeys(plan.composed.slots for plan in plans.values()):
                numbers = {p: plan for p, plan in plans.items() if plan.composed.slots == slots}
                which = np.full(len(places), -1, np.int32)
                which[list(numbers)] = np.arange(len(numbers))
                own = rows
                if len(numbers) < len(plans):
                    own = np.flatnonzero(which[mine] >= 0) if rows is None else rows[which[mine] >= 0]
                if len(numbers) > 1:
                    law_of[slice(None) if own is None else own] = which[place if own is None else place[own]]
                size = len(batch) if own is None else len(own)
                yield Group(tuple(numbers.values()), None if own is None else own.astype(np.int32), size)

    def _own_places(self, batch: Batch, family: Int32s, families: list[str]) -> tuple[Int32s, list[str]]:
        """The place of each dossier, where it has rules or acts of its own; they stand beside one family only."""
        there = np.flatnonzero(np.bincount(batch.place + 1, minlength=1)[1:])
        own = [place for place in there.tolist() if self._own[place]]
        names = ["", *(self._own[place] for place in own)]
        codes = np.zeros(len(self.places) + 1, np.int32)
        codes[own] = range(1, len(names))
        if len(names) == 1:
            return family, names
        ours = np.array([self.known.has_places(name) for name in families])[family]
        return codes[batch.place] * ours, names

    def _accepted(self, batch: Batch) -> Int32s:
        """For each dossier, shape (dossiers,), the day that the catalogue and the clock's version are asked about."""
        day = np.empty(len(batch), np.int32)
        accepted_days()(
            len(batch), batch.begins, batch.ends, batch.aside.view(np.int8), batch.kind_at, batch.kind_of, batch.order,
            self.as_of, clock.ACCEPTED, clock.RECEIVED_BY_COMPETENT, day,
        )  # fmt: skip
        return day

    def _law_turns(self, batch: Batch) -> Mask:
        """Dossiers that nobody accepted before today, and whose law is another on some later day: they are set aside.

        Until they are accepted the catalogue and the calendar are asked about the day itself: `asked.catalogue_turns`.
        """
        regimes = [self.known.regimes_of(name, self.known_on) for name in self.corpus.clocks]
        calendars = any(len({version.calendar for version in one.versions}) > 1 for one in regimes)
        if calendars:
            return np.equal(self._accepted(batch), self.as_of)
        if batch.procedure is None or not self._turning:
            return np.zeros(len(batch), bool)
        named = pc.is_in(batch.procedure.cast(pa.string()), pa.array(sorted(self._turning), pa.string()))
        found: Mask = cells(pc.fill_null(named, False)) & (self._accepted(batch) == self.as_of)
        return found

    def _families(self, batch: Batch) -> tuple[Int32s, list[str]]:
        """The family of each dossier, by its own word or its procedure's; those where the two differ are set aside.

        Takes the catalogue's limit where the dossier names none.
        """
        families = [DEFAULT_FAMILY]
        if batch.regime is not None:
            families += [name for name in self.corpus.clocks if name != DEFAULT_FAMILY]
        words = {name: k for k, name in enumerate(families) if name in self.corpus.clocks}
        named = codes(batch.regime, words, len(batch), -1, batch.aside)
        family = np.maximum(named, 0)
        if not self.corpus.catalogue or batch.procedure is None:
            return family, families
        entry = self._entries.of_batch(batch, self._accepted(batch))
        hit = np.flatnonzero(entry >= 0)
        for code in np.unique(self._entries.family[entry[hit]]).tolist():
            name = self._entries.families[code]
            if name not in families:
                families.append(name)
            mine = hit[self._entries.family[entry[hit]] == code]
            batch.aside[mine[(named[mine] >= 0) & (named[mine] != families.index(name))]] = True
            family[mine] = families.index(name)
        ours = hit[batch.unit[hit] == clock.LIMIT_UNKNOWN]
        columns = self._entries.limits[entry[ours]].T
        every = (batch.amount, batch.unit, batch.cutoff, batch.awaits, *batch.own_times)
        for into, values in zip(every, columns, strict=True):
            into[ours] = values
        return family, families

    def _calendars_of(self, batch: Batch, family: Int32s, families: list[str]) -> tuple[Int32s, list[str]]:
        """The calendar of each dossier: the one asked for, else that of the clock version that runs it."""
        if self.question.calendar is not None:
            return np.zeros(len(batch), np.int32), [self.question.calendar]
        versions = {f: self.known.regimes_of(name, self.known_on) for f, name in enumerate(families)}
        named = {v.calendar for regimes in versions.values() for v in regimes.versions}
        if named <= {DEFAULT_CALENDAR}:
            return np.zeros(len(batch), np.int32), [DEFAULT_CALENDAR]
        names = [DEFAULT_CALENDAR, *sorted(named - {DEFAULT_CALENDAR})]
        which = np.zeros(len(batch), np.int32)
        day = self._accepted(batch)
        for f, regimes in versions.items():
            for version, start, until in zip(regimes.versions, regimes.start, regimes.until, strict=True):
                which[(family == f) & (day >= start) & (day <= until)] = names.index(version.calendar)
        return which, names

    def _hours_tables(self, batch: Batch, family: Int32s, families: list[str]) -> tuple[Int32s, list[str]]:
        """The office hours of each dossier; they matter for what is counted in working hours or by when they end."""
        which = np.zeros(len(batch), np.int32)
        tables = [""]
        in_hours = (batch.unit == UNITS["work_hour"]) | (batch.channel & OTHER_LEVEL - 1 == CHANNELS["online"])
        for own in batch.own_times:
            if own.max(initial=-1) >= 0:
                in_hours |= (own & 7 == UNITS["work_hour"]) & (own >= 0)
        in_hours |= self.known.counts_hours_of_all
        by_close = [self.known.regimes_of(name, self.known_on).asks_for_hours for name in families]
        if any(by_close):
            in_hours |= np.array(by_close)[family]
        if not in_hours.any():
            return which, tables
        table_of = np.zeros(len(self.places) + 1, np.int32)  # by place, the last one none
        for place in np.flatnonzero(np.bincount(batch.place[in_hours] + 1)) - 1:
            name = self.known.hours_table(self.places[place] if place >= 0 else None, self.question.hours).id
            if name not in tables:
                tables.append(name)
            table_of[place] = tables.index(name)
        if len(tables) == 2:  # only they read it: all dossiers may share it
            return which, tables[1:]
        return np.where(in_hours, table_of[batch.place], 0).astype(np.int32), tables

    def _places_in_force(self) -> tuple[Int32s, Int32s, Int8s]:
        """By place: its first and last day, and what is noted of it; the first row is no place."""
        listed = [self.corpus.jurisdictions[name] for name in self.places]
        first = [clock.NONE, *(clock.NONE if where.start is None else day_of(where.start) for where in listed)]
        until = [_FAR, *(_FAR if where.until is None else day_of(where.until) for where in listed)]
        bits = [0, *(0 if own else NO_OVERLAY for own in self._own)]
        return np.array(first, np.int32), np.array(until, np.int32), np.array(bits, np.int8)


def _asks_field(conditions: Iterable[Applicability]) -> bool:
    return any(isinstance(condition, FieldIs) for condition in conditions)


def office_of(plan: LawPlan) -> Int32s:
    """The minutes that offices work before each day, as known now; nothing where no dossier of the plan asks.

    Shape (days + 1,).
    """
    days = plan.calendar.calendar.last - plan.calendar.calendar.base + 2
    start = plan.calendar.now * days
    return plan.hours.before[start : start + days] if plan.law.hours else plan.hours.before[:0]


def batch_columns(batch: Batch) -> dict[str, Any]:
    """What the compiled call takes of a batch, by the names of its parameters."""
    odd = np.zeros(len(batch), np.int8)
    for dossiers in batch.odd_fields.values():
        odd[dossiers] = UNKNOWN_FIELD
    return {
        "begins": batch.begins, "ends": batch.ends, "aside": batch.aside.view(np.int8), "given_notes": odd,
        "kind_at": batch.kind_at, "kind_of": batch.kind_of, "order": batch.order,
        "some_bare": int(batch.bare is not None), "bare": odd[:0] if batch.bare is None else batch.bare,
        **batch.fields,
        "amount": batch.amount, "unit": batch.unit, "cutoff": batch.cutoff, "awaits": batch.awaits,
        "elsewhere": batch.elsewhere, "hidden": batch.hidden, "channel": batch.channel,
        **dict(zip(OWN_TIMES, batch.own_times, strict=True)), "place": batch.place,
    }  # fmt: skip


def _alike(key: Ints) -> Iterator[tuple[int, Places | None]]:
    """Each key with its rows; no rows to pick where all are alike."""
    if len(key) == 0:
        return
    if (key == key[0]).all():
        yield int(key[0]), None
        return
    keys, which, counts = np.unique(key, return_inverse=True, return_counts=True)
    rows = np.split(np.argsort(which, kind="stable"), np.cumsum(counts)[:-1])
    yield from zip(keys.tolist(), rows, strict=True)
