"""The rule layer as steps over columns: each node of a rule has one step here, or the rules do not load for bulk.

A `Program` is made from the same `Statute` that the one-dossier path walks. What two rules share (a counted date, the
outcome of a deadline) is computed once for a block of dossiers and kept in `Facts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, assert_never

import numpy as np

from tthc_rules.bulk.tables import CalendarTables
from tthc_rules.errors import EngineError, Problem
from tthc_rules.evaluate.interpret import EMPTY, MUST_BE, STATED, Statute
from tthc_rules.law import clock
from tthc_rules.law.codes import CHANNELS, KINDS
from tthc_rules.law.rule import (
    DATE_FACTS,
    ENDS,
    FOREVER,
    Applicability,
    ByDate,
    ChannelIs,
    DateNode,
    Deadline,
    DeadlineIs,
    Discharge,
    EachWithin,
    EventSeen,
    Fulfilment,
    Limit,
    Obligation,
    Overlay,
    ReappointmentStands,
    ReceivedAt,
    Rule,
    Statement,
)

Ints: TypeAlias = Any  # arrays of whole numbers; numpy cannot say more without saying it at every step
Bits: TypeAlias = Any  # arrays of truth values

OUTCOMES: Final = ("", "pending", "met", "met_late", "missed", "undetermined", "not_owed", "kept", "broken")
ABSENT, PENDING, MET, MET_LATE, MISSED, UNDETERMINED, NOT_OWED, KEPT, BROKEN = range(9)
CODES: Final = {name: code for code, name in enumerate(OUTCOMES)}
FAULTS: Final = (MET_LATE, MISSED, BROKEN)
NONE: Final = clock.NONE
MOST_ACTS: Final = 25  # of one duty: with the outcome they share eight bits

EXCEPTED, TWO_EXCEPTIONS, BEFORE_IN_FORCE = 1, 2, 4  # bits of what is noted on the way
NOTED: Final = {EXCEPTED: "excepted", TWO_EXCEPTIONS: "two_exceptions", BEFORE_IN_FORCE: "act_by_before_in_force"}


@dataclass(frozen=True, slots=True)
class Slots:
    """Which first events the rules ask for, and in which columns of the clock they come out."""

    since_acceptance: tuple[str, ...]
    since_start: tuple[str, ...]

    @property
    def columns(self) -> int:
        """How many columns that is."""
        return len(self.since_acceptance) + len(self.since_start)

    @property
    def since_at(self) -> int:
        """The first column that a restart empties."""
        return clock.O_FIRST + len(self.since_acceptance)

    def tables(self) -> tuple[Ints, Ints]:
        """Kind -> column, as the clock takes it."""
        first, since = np.full(clock.N_KINDS, -1, np.int32), np.full(clock.N_KINDS, -1, np.int32)
        for place, event in enumerate(self.since_acceptance):
            first[KINDS[event]] = clock.O_FIRST + place
        for place, event in enumerate(self.since_start):
            since[KINDS[event]] = self.since_at + place
        return first, since

    def column(self, event: str, since: str) -> int:
        """The column of an event."""
        if since == "acceptance":
            return clock.O_FIRST + self.since_acceptance.index(event)
        return self.since_at + self.since_start.index(event)


@dataclass(slots=True)
class Facts:
    """What the clock found for a block of dossiers, and what the steps have made of it so far."""

    out: Ints
    """The clock's answers, a row a column."""
    slots: Slots
    begins: Ints
    ends: Ints
    kind: Ints
    day: Ints
    minute: Ints
    flags: Ints
    tables: CalendarTables
    as_of: int
    started: Bits
    channel: Ints
    accepted: Ints
    accepted_minute: Ints
    end_day: Ints
    end_kind: Ints
    given_up: Bits
    """Withdrawn, or closed for the applicant's silence: ended, and not by the authority."""
    waiting: Bits
    by_the_minute: Ints
    """Where the lawful due date ends at its own minute: few."""
    _days: dict[tuple[str, str], Ints] = field(default_factory=dict)
    _dates: dict[object, Ints] = field(default_factory=dict)
    _outcomes: dict[object, Ints] = field(default_factory=dict)
    _holds: dict[object, Bits] = field(default_factory=dict)

    @classmethod
    def of(
        cls, out: Ints, slots: Slots, begins: Ints, ends: Ints, events: Any, flags: Ints, channel: Ints,
        tables: CalendarTables, as_of: int,
    ) -> Facts:  # fmt: skip
        """From the answers of the clock."""
        started = out[clock.O_START] >= 0
        accepted_at, end_at = out[clock.O_ACCEPTED], out[clock.O_END]
        accepted = looked_up(events.day, accepted_at, NONE)
        end_day = looked_up(events.day, end_at, NONE)
        end_kind = looked_up(events.kind, end_at, 0)
        short = (out[clock.O_LAWFUL_DAY] != NONE) & (out[clock.O_LAWFUL_MINUTE] < 1440)
        return cls(
            out, slots, begins, ends, events.kind, events.day, events.minute, flags, tables, as_of, started, channel,
            accepted, events.minute.take(accepted_at, mode="clip"), end_day, end_kind,
            (end_kind == clock.WITHDRAWN) | (end_kind == clock.DOSSIER_CLOSED), out[clock.O_PAUSED] != 0,
            np.flatnonzero(short),
        )  # fmt: skip

    # -- events --------------------------------------------------------------------------------------------------------

    def place(self, event: str, since: str) -> Ints:
        """The first such event, as an index, or -1."""
        if event == "finished":
            return self.out[clock.O_END]
        if event == "handled":
            return pick(self.given_up, np.int32(-1), self.out[clock.O_END])
        if event == "result":
            issued, returned = (self.out[self.slots.column(name, "acceptance")] for name in RESULTS)
            return np.minimum(issued.view(np.uint32), returned.view(np.uint32)).view(np.int32)  # -1 is the greatest
        return self.out[self.slots.column(event, since)]

    def done(self, event: str, since: str) -> Ints:
        """The day of the first such event, or none."""
        key = (event, since if event not in ENDS else "acceptance")
        found = self._days.get(key)
        if found is None:
            if event == "finished":
                found = self.end_day
            elif event == "handled":
                found = pick(self.given_up, np.int32(NONE), self.end_day)
            else:
                found = looked_up(self.day, self.place(event, since), NONE)
            self._days[key] = found
        return found

    def earliest(self, events: Sequence[str], since: str) -> Ints:
        """The day of the earliest of several events, or none."""
        if len(events) == 1:
            return self.done(events[0], since)
        key = (*events, since)
        found = self._dates.get(key)
        if found is None:
            # Read without its sign, «none» is greater than every day.
            days = [self.done(event, since).view(np.uint32) for event in events]
            least = days[0]
            for other in days[1:]:
                least = np.minimum(least, other)
            found = self._dates[key] = least.view(np.int32)
        return found

    # -- dates ---------------------------------------------------------------------------------------------------------

    def date(self, name: str, nodes: dict[str, DateNode]) -> Ints:
        """A date by its name: one of the clock's, or one that the rule counts."""
        node = nodes.get(name)
        if node is None:
            return self.accepted if name == "accepted" else self.out[_DATE_COLUMNS[name]]
        key = _meaning(name, nodes)
        found = self._dates.get(key)
        if found is None:
            found = self._dates[key] = counted(node, self.date(node.base, nodes), self.tables)
        return found

    def outcome(self, node: Deadline, nodes: dict[str, DateNode]) -> Ints:
        """The outcome of a deadline."""
        if node.due is None:
            return pick(self.earliest(node.events, node.since) != NONE, np.uint8(MET), np.uint8(MISSED))
        due = self.date(node.due, nodes)
        key = (node.events, node.since, _meaning(node.due, nodes))
        found = self._outcomes.get(key)
        if found is None:
            done = self.earliest(node.events, node.since)
            met = (done > due).view(np.uint8) + np.uint8(MET)
            open_ = (due < self.as_of).view(np.uint8) * np.uint8(MISSED - PENDING) + np.uint8(PENDING)
            found = pick(done != NONE, met, open_)
            unknown = due == NONE
            if unknown.any():
                found = pick(unknown, pick(self.waiting, np.uint8(PENDING), np.uint8(UNDETERMINED)), found)
            if len(self.by_the_minute) and node.due in _OWN_MINUTE:
                self._to_the_minute(found, node, due, done)
            self._outcomes[key] = found
        return found

    def _to_the_minute(self, found: Ints, node: Deadline, due: Ints, done: Ints) -> None:
        """A limit in working hours ends at its own minute."""
        rows = self.by_the_minute
        rows = rows[due[rows] == self.out[clock.O_LAWFUL_DAY][rows]]
        lawful, on, due = self.out[clock.O_LAWFUL_MINUTE][rows], done[rows], due[rows]
        found[rows[(on == NONE) & (due <= self.as_of)]] = MISSED
        that_day = np.flatnonzero(on == due)
        minute = np.full(len(that_day), 1 << 20)
        for event in node.events:
            place = self.place(event, node.since)[rows[that_day]]
            there = (place >= 0) & (self.day.take(place, mode="clip") == on[that_day])
            minute = np.where(there, np.minimum(minute, self.minute.take(place, mode="clip")), minute)
        said = np.where(minute <= lawful[that_day], MET, MET_LATE)
        found[rows[that_day]] = np.where(minute < 0, UNDETERMINED, said)

    # -- conditions ----------------------------------------------------------------------------------------------------

    def holds(self, condition: Applicability) -> Bits:
        """Whether a condition holds; conditions are small and frozen, and so their own keys."""
        found = self._holds.get(condition)
        if found is None:
            found = self._holds[condition] = _condition(self, condition)
        return found

    def works(self) -> Bits:
        """Whether the day of acceptance is a workday."""
        found = self._holds.get("works")
        if found is None:
            base, last = self.tables.calendar.base, self.tables.calendar.last
            inside = (self.accepted >= base) & (self.accepted <= last)
            found = self._holds["works"] = inside & self.tables.works.take(self.accepted - base, mode="clip")
        return found


def _meaning(name: str, nodes: dict[str, DateNode]) -> object:
    """What a date is counted from, and how: equal for equal dates of different rules."""
    node = nodes.get(name)
    if node is None:
        return name
    return _meaning(node.base, nodes), node.amount, node.unit, node.backwards, node.rolled_back


RESULTS: Final = ("result_issued", "result_returned")
_OWN_MINUTE: Final = frozenset({"lawful_due", "current_due"})
_DATE_COLUMNS: Final = {
    "original_due": clock.O_ORIGINAL_DAY,
    "lawful_due": clock.O_LAWFUL_DAY,
    "current_due": clock.O_CURRENT_DAY,
    "promised_due": clock.O_PROMISED_DAY,
    "reappointed_due": clock.O_REAPPOINTED_DAY,
}


def counted(node: DateNode, base: Ints, tables: CalendarTables) -> Ints:
    """A date counted from another one; none where that is not known or lies outside the calendar."""
    first, last = tables.calendar.base, tables.calendar.last
    valid = (base > first) & (base <= last)
    at = base - first
    if node.unit == "calendar_day":
        day = base - node.amount if node.backwards else base + node.amount
    elif node.amount == 0:
        day = base
    else:
        if node.backwards:
            place = tables.idx.take(at - 1, mode="clip") + (1 - node.amount)
        else:
            place = tables.idx.take(at, mode="clip") + node.amount
        valid &= (place > 0) & (place < len(tables.nth))
        day = tables.nth.take(place, mode="clip")
    valid &= (day >= first) & (day <= last)
    if node.rolled_back:
        day = tables.nth.take(tables.idx.take(day - first, mode="clip"), mode="clip")
    return pick(valid, day, np.int32(NONE))


def _condition(facts: Facts, condition: Applicability) -> Bits:
    match condition:
        case EventSeen():
            return np.asarray(facts.done(condition.event, condition.since) != NONE)
        case ChannelIs():
            return _channel_is(facts, condition)
        case ReceivedAt():
            in_time = facts.works() & (facts.accepted_minute <= condition.cutoff)
            return np.asarray(in_time != condition.late)
        case ReappointmentStands():
            return np.asarray(facts.out[clock.O_REAPPOINTED_DAY] != NONE)
        case _:
            assert_never(condition)


def _channel_is(facts: Facts, condition: ChannelIs) -> Bits:
    found = np.zeros(len(facts.channel), bool)
    for name in condition.channels:
        found |= facts.channel == CHANNELS[name]
    return found


# -- a program ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Governed:
    """A rule version and the days that pick it, under one picking date."""

    rule: Rule
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Act:
    """A rule version with the local acts that stand beside it: what a finding came from."""

    rule: Rule
    overlays: tuple[Overlay, ...]


@dataclass(slots=True)
class Findings:
    """For each duty: outcome, day to act by (0 or `NONE`: none), what it came from (0, or `acts[duty][code - 1]`)."""

    outcome: Ints
    act_by: Ints
    act: Ints
    notes: Ints
    readings: Ints
    """Bits of the unconfirmed readings that a finding stands on."""

    @classmethod
    def of(cls, duties: int, n: int) -> Findings:
        """Nothing found yet."""
        return cls(
            np.zeros((duties, n), np.uint8),
            np.zeros((duties, n), np.int32),
            np.zeros((duties, n), np.uint8),
            np.zeros(n, np.uint8),
            np.zeros(n, np.uint64),
        )

    def at(self, rows: Any) -> Findings:
        """The same for some rows: a view for a slice, a copy for places."""
        return Findings(
            self.outcome[:, rows], self.act_by[:, rows], self.act[:, rows], self.notes[rows], self.readings[rows]
        )

    def put(self, rows: Any, found: Findings) -> None:
        """Write what was found at those rows."""
        self.outcome[:, rows], self.act_by[:, rows], self.act[:, rows] = found.outcome, found.act_by, found.act
        self.notes[rows], self.readings[rows] = found.notes, found.readings


class Program:
    """The rules of a family and place, as known on a day, ready to run over blocks of dossiers."""

    def __init__(self, statute: Statute, overlays: Sequence[Overlay], known_on: int, duties: Sequence[str]) -> None:
        self.duties = {duty: place for place, duty in enumerate(duties)}
        self.known_on = known_on
        self.overlays = tuple(overlay for overlay in overlays if known_on >= overlay.in_force.issued_on)
        self.by_date = {name: _governed(*laid_out) for name, laid_out in statute.by_date.items()}
        self.by_request = tuple(statute.by_request)
        self.acts: tuple[list[Act], ...] = tuple([] for _ in duties)
        self.readings: list[str] = []
        self._act_codes: dict[tuple[int, int, tuple[int, ...]], int] = {}
        rules = [governed.rule for listed in self.by_date.values() for governed in listed]
        rules += [rule for spans in self.by_request for _, _, rule in spans if not rule.repealed and rule.is_on]
        self._check(rules, self.overlays)
        for rule in rules:
            self.readings += [r.id for r in rule.interpretations if r.status == "unconfirmed"]
        self.readings = list(dict.fromkeys(self.readings))
        self.slots = _slots(rules, self.overlays)
        owners = Counter(duty for rule in {rule.id: rule for rule in rules}.values() for duty in rule.duties)
        self.shared = {duty for duty, count in owners.items() if count > 1}

    @staticmethod
    def _check(rules: Iterable[Rule], overlays: Iterable[Overlay]) -> None:
        """Refuse what has no step: silence would be a wrong verdict."""
        for overlay in overlays:
            for condition in (c for exception in overlay.excepts for c in exception.conditions):
                if not isinstance(condition, Applicability):
                    raise EngineError(_no_step(overlay, type(condition).__name__))
        for rule in rules:
            nodes: list[object] = [*rule.applies_if, *(duty.fulfilled for duty in rule.obligations)]
            for node in nodes:
                if not isinstance(node, Applicability | Fulfilment):
                    raise EngineError(_no_step(rule, type(node).__name__))
            for limit in rule.limits:
                if rule.picked_by == "supplement_requested" and limit.at_most not in _REQUESTS:
                    raise EngineError(_no_step(rule, f"at_most: {limit.at_most}"))

    def _act_code(self, duty: int, rule: Rule, overlays: tuple[Overlay, ...]) -> int:
        """A number for a rule version and the local acts beside it; `acts` tells what it stands for."""
        key = (duty, id(rule), tuple(id(overlay) for overlay in overlays))
        code = self._act_codes.get(key)
        if code is None:
            acts = self.acts[duty]
            if len(acts) >= MOST_ACTS:
                raise EngineError(_too_many(rule))
            acts.append(Act(rule, overlays))
            code = self._act_codes[key] = len(acts)
        return code

    def run(self, facts: Facts, found: Findings) -> None:
        """Put every duty and limit of these dossiers into `found`, which holds nothing yet."""
        due = facts.out[clock.O_LAWFUL_DAY]
        if facts.waiting.any():
            due = pick((due == NONE) & facts.waiting, facts.out[clock.O_ORIGINAL_DAY], due)
        for name, day in (("dossier_accepted", facts.accepted), ("lawful_due", due)):
            for governed in self.by_date[name]:
                self._apply(governed.rule, _within(day, governed.spans), day, facts, found)
        for spans in self.by_request:
            left = facts.started.copy()
            for start, until, rule in spans:
                day = _day_of_request(rule, facts)
                mask = left & (day >= start) & (day <= until)
                left &= ~mask
                if not rule.repealed and rule.is_on:
                    self._apply(rule, mask, day, facts, found)

    def _apply(self, rule: Rule, mask: Bits, picked: Ints, facts: Facts, found: Findings) -> None:
        for condition in rule.applies_if:
            mask = mask & facts.holds(condition)
        if not mask.any():
            return
        nodes = {node.name: node for node in rule.dates}
        for obligation in rule.obligations:
            here = mask
            if isinstance(obligation.fulfilled, EachWithin):
                here = mask & (facts.out[clock.O_RETURN_RANK] >= 0)
            outcome, act_by, noted = obligated(obligation, rule, nodes, facts)
            self._put(obligation.id, rule, here, outcome, act_by, noted, picked, facts, found)
        for limit in rule.limits:
            outcome = _limited(limit, facts)
            self._put(limit.id, rule, mask, outcome, None, None, picked, facts, found)

    def _put(
        self, duty: str, rule: Rule, mask: Bits, outcome: Ints, act_by: Ints | None, noted: Ints | None,
        picked: Ints, facts: Facts, found: Findings,
    ) -> None:  # fmt: skip
        """Blend a finding into its column where the rule governs."""
        at = self.duties[duty]
        notes = None if noted is None else noted & full(mask)
        readings = sum(1 << self.readings.index(r.id) for r in rule.interpretations if r.status == "unconfirmed")
        if readings:
            found.readings |= mask * np.uint64(readings)
        groups = self._beside(mask, picked)
        for here, overlays in groups:
            self._blend(duty, found.act[at], np.uint8(self._act_code(at, rule, overlays)), here)
        if any(overlay.excepts for overlay in self.overlays):
            outcome, notes = self._excepted(duty, mask, outcome, notes, groups, facts)
        self._blend(duty, found.outcome[at], outcome, mask)
        if act_by is not None:
            self._blend(duty, found.act_by[at], act_by, mask)
        elif duty in self.shared:
            self._blend(duty, found.act_by[at], np.int32(0), mask)
        if notes is not None:
            found.notes |= notes

    def _blend(self, duty: str, into: Ints, value: Ints, mask: Bits) -> None:
        """Put a value where the mask is set; what one rule alone speaks of is still empty there."""
        if duty in self.shared:
            into[:] = pick(mask, value, into)
        else:
            into |= value & full(mask, into.dtype)

    def _beside(self, mask: Bits, picked: Ints) -> list[tuple[Bits, tuple[Overlay, ...]]]:
        """The dossiers of a rule by the local acts that are in force beside it."""
        groups: list[tuple[Bits, tuple[Overlay, ...]]] = [(mask, ())]
        for overlay in self.overlays:
            span = ((overlay.in_force.start, overlay.in_force.known_end(self.known_on)),)
            covered = _within(picked, span)
            split = []
            for here, acts in groups:
                with_it, without = here & covered, here & ~covered
                if with_it.any():
                    split.append((with_it, (*acts, overlay)))
                if without.any():
                    split.append((without, acts))
            groups = split
        return groups

    @staticmethod
    def _excepted(
        duty: str, mask: Bits, outcome: Ints, notes: Ints | None,
        groups: list[tuple[Bits, tuple[Overlay, ...]]], facts: Facts,
    ) -> tuple[Ints, Ints | None]:  # fmt: skip
        """Take the one exception that applies; two that apply at once contradict each other."""
        count = np.zeros(len(mask), np.uint8)
        for here, overlays in groups:
            for exception in (e for overlay in overlays for e in overlay.excepts if e.duty == duty):
                holds = here
                for condition in exception.conditions:
                    holds = holds & facts.holds(condition)
                count += holds
        if not count.any():
            return outcome, notes
        one, two = count == 1, count > 1
        said = np.zeros(len(mask), np.uint8) if notes is None else notes
        for which, instead, note in ((two, UNDETERMINED, TWO_EXCEPTIONS), (one, NOT_OWED, EXCEPTED)):
            outcome = pick(which, np.uint8(instead), outcome)
            said = pick(which, np.uint8(note), said)
        return outcome, said


def full(mask: Bits, dtype: Any = np.uint8) -> Ints:
    """All bits set where the mask is, none elsewhere."""
    return np.negative(mask.view(np.int8), dtype=np.int8).astype(f"i{np.dtype(dtype).itemsize}").view(dtype)


def pick(mask: Bits, yes: Ints, no: Ints) -> Ints:
    """One or the other by the mask, without a branch: thirteen times as fast as `np.where` on small numbers."""
    return no ^ ((yes ^ no) & full(mask, no.dtype))


def looked_up(values: Ints, place: Ints, absent: int) -> Ints:
    """The values at those places, and something else where the place is -1."""
    return pick(place < 0, np.int32(absent), values.take(place, mode="clip"))


def _within(day: Ints, spans: Sequence[tuple[int, int]]) -> Bits:
    mask: Bits | None = None
    for start, until in spans:
        here = (day >= start) & (day <= until) if until < FOREVER else day >= start
        mask = here if mask is None else mask | here
    assert mask is not None
    return mask


def _governed(starts: Sequence[int], rules: Sequence[tuple[Rule, ...]]) -> tuple[Governed, ...]:
    """The rule versions that may be found at all, each with the days that pick it."""
    edges = [*starts, FOREVER]
    spans: dict[int, list[tuple[int, int]]] = {}
    order: dict[int, Rule] = {}
    for place, listed in enumerate(rules[1:]):
        for rule in listed:
            order.setdefault(id(rule), rule)
            first, last = edges[place], edges[place + 1] - 1
            known = spans.setdefault(id(rule), [])
            if known and known[-1][1] + 1 == first:
                known[-1] = (known[-1][0], last)
            else:
                known.append((first, last))
    return tuple(Governed(rule, tuple(spans[name])) for name, rule in order.items() if not rule.repealed and rule.is_on)


# -- obligations and limits --------------------------------------------------------------------------------------------


def obligated(
    node: Obligation, rule: Rule, nodes: dict[str, DateNode], facts: Facts
) -> tuple[Ints, Ints | None, Ints | None]:
    """Outcome, day to act by, and what is noted."""
    way = node.fulfilled
    match way:
        case Discharge():
            return _discharged(node, way, rule, nodes, facts)
        case Statement():
            outcome = _stated(way, facts)
            if node.when is not None:
                outcome = _triggered(node.when, outcome, rule, nodes, facts)
            return outcome, None, None
        case EachWithin():
            within = facts.out[clock.O_RETURN_RANK] <= way.amount
            return pick(within, np.uint8(MET), np.uint8(MET_LATE)), None, None
        case _:
            assert_never(way)


def _discharged(
    node: Obligation, way: Discharge, rule: Rule, nodes: dict[str, DateNode], facts: Facts
) -> tuple[Ints, Ints | None, Ints | None]:
    by = rule.deadlines[way.deadline]
    raw = facts.outcome(by, nodes)
    outcome = raw
    if node.when is not None:
        outcome = _triggered(node.when, raw, rule, nodes, facts)
    elif node.or_by is not None or node.waived is not None:
        instead, waived = _came_by(node.or_by, nodes, facts), _came_by(node.waived, nodes, facts)
        unmet = raw != MET
        if waived is not None:
            outcome = pick(unmet & waived, np.uint8(NOT_OWED), outcome)
        if instead is not None:
            outcome = pick(unmet & instead, np.uint8(MET), outcome)
    if any(isinstance(condition, ReceivedAt) for condition in rule.applies_if):
        outcome = pick((facts.accepted_minute < 0) & facts.works(), np.uint8(UNDETERMINED), outcome)
    if by.due is None:
        return outcome, None, None
    due = facts.date(by.due, nodes)
    early = due.view(np.uint32) < rule.in_force.start  # read without its sign, «none» is greater than every day
    if not early.any():
        return outcome, due, None
    return pick(early, np.uint8(NOT_OWED), outcome), due, early.view(np.uint8) * np.uint8(BEFORE_IN_FORCE)


def _triggered(when: DeadlineIs, then: Ints, rule: Rule, nodes: dict[str, DateNode], facts: Facts) -> Ints:
    trigger = facts.outcome(rule.deadlines[when.deadline], nodes)
    fires = np.zeros(len(trigger), bool)
    for outcome in when.outcomes:
        fires |= trigger == CODES[outcome]
    open_ = (trigger == PENDING) | (trigger == UNDETERMINED)
    return pick(fires, then, pick(open_, trigger, np.uint8(NOT_OWED)))


def _came_by(node: ByDate | None, nodes: dict[str, DateNode], facts: Facts) -> Bits | None:
    if node is None:
        return None
    by = facts.date(node.by, nodes)
    done = facts.earliest(node.events, "acceptance")
    return (done != NONE) & (by != NONE) & (done <= by)


def _stated(way: Statement, facts: Facts) -> Ints:
    """What the first such event states, or the one that states best."""
    place = facts.place(way.event, way.since)
    found = np.full(len(place), MISSED, np.uint8)
    there = np.flatnonzero(place >= 0)
    found[there] = judged(way.fields, facts.flags[place[there]])
    if way.any:
        code = KINDS[way.event]
        for row in there[found[there] != MET]:
            places = np.arange(place[row], facts.ends[row])
            mine = places[facts.kind[places] == code]
            said = judged(way.fields, facts.flags[mine])
            found[row] = MET if (said == MET).any() else UNDETERMINED if (said == UNDETERMINED).any() else MISSED
    return found


def judged(fields: Iterable[str], flags: Ints) -> Ints:
    """What events state against what they must state: empty or otherwise is a miss, silent is not known."""
    found = np.full(len(flags), MET, np.uint8)
    for name in fields:
        if name in MUST_BE:
            found[flags & MUST_BE[name] == 0] = MISSED
    for name in fields:
        found[flags & STATED[name] == 0] = UNDETERMINED
    for name in fields:
        if name in EMPTY:
            found[flags & EMPTY[name] != 0] = MISSED
    return found


def _limited(limit: Limit, facts: Facts) -> Ints:
    match limit.counts:
        case "supplement_requests":
            column = clock.O_REQUESTS
        case "reappointments":
            column = clock.O_REAPPOINTMENTS
        case _:
            assert_never(limit.counts)
    return (facts.out[column] > limit.at_most).view(np.uint8) + np.uint8(KEPT)


_REQUESTS: Final = {1: clock.O_REQUEST_2, 2: clock.O_REQUEST_3}
"""The column of the request that exceeds a limit."""


def _day_of_request(rule: Rule, facts: Facts) -> Ints:
    """The day of the request that exceeds the limit, else of the last one, else of acceptance."""
    last = facts.out[clock.O_REQUEST_LAST]
    day = pick(last != NONE, last, facts.accepted)
    for limit in rule.limits[::-1]:
        day = pick(facts.out[clock.O_REQUESTS] > limit.at_most, facts.out[_REQUESTS[limit.at_most]], day)
    return day


def _slots(rules: Iterable[Rule], overlays: Iterable[Overlay]) -> Slots:
    """The first events that these rules ask for."""
    asked: dict[str, dict[str, None]] = {"acceptance": {}, "last_start": {}}
    conditions: list[Applicability] = [c for overlay in overlays for e in overlay.excepts for c in e.conditions]
    for rule in rules:
        conditions += rule.applies_if
        for event, since in _asked_by(rule):
            if event == "result":
                asked["acceptance"].update(dict.fromkeys(RESULTS))
            elif event not in ENDS:
                asked[since].setdefault(event)
    for condition in conditions:
        if isinstance(condition, EventSeen):
            asked[condition.since].setdefault(condition.event)
    return Slots(tuple(asked["acceptance"]), tuple(asked["last_start"]))


def _asked_by(rule: Rule) -> Iterator[tuple[str, str]]:
    """The events that a rule's deadlines and duties name, and since when."""
    for deadline in rule.deadlines.values():
        yield from ((event, deadline.since) for event in deadline.events)
    for obligation in rule.obligations:
        if isinstance(obligation.fulfilled, Statement):
            yield obligation.fulfilled.event, obligation.fulfilled.since
        for by in (obligation.or_by, obligation.waived):
            yield from ((event, "acceptance") for event in (() if by is None else by.events))


def _no_step(rule: Rule | Overlay, node: str) -> Problem:
    return Problem(
        "TR-bulk-node",
        rule.source or rule.id,
        f"bộ máy chấm hàng loạt chưa biết «{node}»; hãy chấm từng hồ sơ",
        f"the fast core has no step for “{node}”; judge the dossiers one by one",
    )


def _too_many(rule: Rule) -> Problem:
    return Problem(
        "TR-bulk-acts",
        rule.source or rule.id,
        f"một nghĩa vụ có quá {MOST_ACTS} phiên bản, kể cả quy định địa phương đi kèm",
        f"one duty has more than {MOST_ACTS} versions, local acts beside them counted",
    )


assert set(DATE_FACTS) == {"accepted", *_DATE_COLUMNS}
