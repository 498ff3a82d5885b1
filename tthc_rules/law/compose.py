"""The rules of one governing law as one flat function over whole numbers, in the language of the clock.

`reference/interpret` walks the nodes and defines what they mean; here the same nodes are written out, once for each
governing law, as a function that CPython runs for one dossier and `bulk` compiles behind the clock. Its source holds
whole numbers, our own names and numbered variables, and no text of a rule file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Final, assert_never

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
    LabelledException,
    Limit,
    Obligation,
    Overlay,
    ReappointmentStands,
    ReceivedAt,
    Rule,
    Statement,
)

OUTCOMES: Final = ("", "pending", "met", "met_late", "missed", "undetermined", "not_owed", "kept", "broken")
ABSENT, PENDING, MET, MET_LATE, MISSED, UNDETERMINED, NOT_OWED, KEPT, BROKEN = range(9)
CODES: Final = {name: code for code, name in enumerate(OUTCOMES)}

EXCEPTED, TWO_EXCEPTIONS, BEFORE_IN_FORCE = 1, 2, 4  # bits of what is noted of a finding
NOTED: Final = {EXCEPTED: "excepted", TWO_EXCEPTIONS: "two_exceptions", BEFORE_IN_FORCE: "act_by_before_in_force"}

BY_OTHER, WAIVED = 1, 2  # how an outcome came about, where there are several ways
WAYS: Final = ("", "or_by", "waived_by")

NONE: Final = clock.NONE
RESULTS: Final = ("result_issued", "result_returned")
MOST_ACTS: Final = 120
"""Of one duty: versions, with the local acts beside them; their number is kept in eight bits."""
MOST_LINES: Final = 200_000

PARAMETERS: Final = (
    "n", "ends", "kind", "day", "minute", "flags", "out", "channel", "as_of", "base", "last", "idx", "nth",
    "rows", "size", "outcome", "act_by", "act", "noted", "readings", "done", "way",
)  # fmt: skip
"""What the function takes: n dossiers, their events and the clock's answers, the question, the calendar; then what it
finds, `size` cells a duty: dossier k stands at `rows[k]`. `done` (the event that did it) and `way` are None where nobody
asks for them."""

_COLUMNS: Final = {
    "original_due": clock.O_ORIGINAL_DAY,
    "lawful_due": clock.O_LAWFUL_DAY,
    "current_due": clock.O_CURRENT_DAY,
    "promised_due": clock.O_PROMISED_DAY,
    "reappointed_due": clock.O_REAPPOINTED_DAY,
}
_OWN_MINUTE: Final = frozenset({"lawful_due", "current_due"})
_REQUESTS: Final = {1: clock.O_REQUEST_2, 2: clock.O_REQUEST_3}
"""The column of the request that exceeds a limit."""


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

    def tables(self) -> tuple[list[int], list[int]]:
        """Kind -> column, as the clock takes it: since acceptance, and since the last start."""
        first, since = [-1] * clock.N_KINDS, [-1] * clock.N_KINDS
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


@dataclass(frozen=True, slots=True)
class Act:
    """A rule version with the local acts that stand beside it: what a finding came from."""

    rule: Rule
    overlays: tuple[Overlay, ...]
    duty: Obligation | Limit


@dataclass(frozen=True, slots=True)
class Composed:
    """The function's source, and what its numbers stand for."""

    source: str
    slots: Slots
    duties: tuple[str, ...]
    acts: tuple[tuple[Act, ...], ...]
    """By duty: act code - 1 -> what it stands for."""
    readings: tuple[str, ...]
    """By bit: the unconfirmed readings that a finding may stand on."""


def compose(statute: Statute, overlays: Sequence[Overlay], known_on: int, duties: Sequence[str]) -> Composed:
    """The rules that may govern dossiers of a family and place, as known on a day, written as one function."""
    return _Composer(statute, overlays, known_on, duties).composed()


# -- text --------------------------------------------------------------------------------------------------------------


class _Lines:
    """Lines of source, indented by the blocks that they stand in."""

    def __init__(self, depth: int) -> None:
        self.lines: list[str] = []
        self.depth = depth

    def add(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)
        if len(self.lines) > MOST_LINES:
            raise EngineError(_too_large())

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        self.add(head)
        self.depth += 1
        yield
        self.depth -= 1


@dataclass(slots=True)
class _Scope:
    """The variables that hold a meaning here; an inner scope sees those of the outer one."""

    outer: _Scope | None = None
    known: dict[object, str] = field(default_factory=dict)

    def find(self, meaning: object) -> str | None:
        found = self.known.get(meaning)
        return found if found is not None or self.outer is None else self.outer.find(meaning)


@dataclass(slots=True)
class _Finding:
    """The variables of one finding: outcome, day to act by, note, event that did it, way."""

    outcome: str
    act_by: str = "0"
    note: str = "0"
    done: str = "-1"
    way: str = "0"


class _Composer:
    """Writes the function: first what several versions ask for, then version by version."""

    def __init__(self, statute: Statute, overlays: Sequence[Overlay], known_on: int, duties: Sequence[str]) -> None:
        self.statute, self.known_on = statute, known_on
        self.overlays = tuple(one for one in overlays if known_on >= one.in_force.issued_on)
        self.duties = {duty: place for place, duty in enumerate(duties)}
        self.acts: tuple[list[Act], ...] = tuple([] for _ in duties)
        self._codes: dict[tuple[int, int, tuple[int, ...]], int] = {}
        self.by_date = {name: _governed(*laid_out) for name, laid_out in statute.by_date.items()}
        rules = [rule for listed in self.by_date.values() for rule, _ in listed]
        rules += [rule for spans in statute.by_request for _, _, rule in spans if not rule.repealed and rule.is_on]
        self.rules = rules
        self.readings = tuple(
            dict.fromkeys(r.id for rule in rules for r in rule.interpretations if r.status == "unconfirmed")
        )
        self.slots = _slots(rules, self.overlays)
        self.lines = _Lines(3)
        self.scope = _Scope()
        self._variables = 0
        self._asked: dict[object, set[int]] = {}
        self._asking: int | None = None
        self._order: dict[object, Callable[[], object]] | None = None

    def composed(self) -> Composed:
        """The whole function."""
        shared = self._shared()
        self._reset()
        for write in shared:
            write()
        self._versions()
        head = [
            f"def rules({', '.join(PARAMETERS)}):",
            "    for k in range(n):",
            f"        if {_out(clock.O_START)} >= 0:",
            "            r = rows[k]",
        ]
        source = "\n".join([*head, *self.lines.lines]) + "\n"
        return Composed(source, self.slots, tuple(self.duties), tuple(map(tuple, self.acts)), self.readings)

    def _reset(self) -> None:
        self.lines, self.scope, self._variables = _Lines(3), _Scope(), 0
        self._asking = None

    def _shared(self) -> list[Callable[[], object]]:
        """What more than one version asks for, in an order in which each stands on those before it.

        Found by writing everything once and counting: what a version asks for is just what its text needs.
        """
        order: dict[object, Callable[[], object]] = {}
        self._order = order
        self._versions()
        self._order = None
        for listed in self.acts:
            listed.clear()
        self._codes.clear()
        return [write for meaning, write in order.items() if len(self._asked.get(meaning, ())) > 1]

    # -- variables -----------------------------------------------------------------------------------------------------

    def _variable(self) -> str:
        self._variables += 1
        return f"v{self._variables}"

    def _meaning(self, meaning: object, write: Callable[[str], None]) -> str:
        """The variable that holds a meaning, written here if no scope around has it."""
        if self._asking is not None and self._order is not None:
            self._asked.setdefault(meaning, set()).add(self._asking)
        found = self.scope.find(meaning)
        if found is None:
            found = self._variable()
            self.scope.known[meaning] = found
            write(found)
            if self._order is not None:
                self._order.setdefault(meaning, lambda: self._meaning(meaning, write))
        return found

    def _expression(self, meaning: object, text: Callable[[], str]) -> str:
        return self._meaning(meaning, lambda name: self.lines.add(f"{name} = {text()}"))

    @contextmanager
    def _inner(self, head: str) -> Iterator[None]:
        """A block whose variables nobody outside it may use."""
        self.scope = _Scope(self.scope)
        with self.lines.block(head):
            before = len(self.lines.lines)
            yield
            if len(self.lines.lines) == before:
                self.lines.add("pass")
        assert self.scope.outer is not None
        self.scope = self.scope.outer

    # -- events --------------------------------------------------------------------------------------------------------

    def _place(self, event: str, since: str) -> str:
        """The first such event, as an index, or -1."""
        match event:
            case "finished":
                return self._expression("finished", lambda: _out(clock.O_END))
            case "handled":
                return self._expression("handled", self._handled)
            case "result":
                return self._earliest(RESULTS, "acceptance")
            case _:
                column = self.slots.column(event, since)
                return self._expression((event, since), lambda: _out(column))

    def _handled(self) -> str:
        end = self._place("finished", "acceptance")
        return f"-1 if {end} >= 0 and kind[{end}] == {clock.WITHDRAWN} else {end}"

    def _earliest(self, events: Sequence[str], since: str) -> str:
        """The earliest of several events, as an index, or -1: events stand in the order of time."""
        if len(events) == 1:
            return self._place(events[0], since)

        def write(name: str) -> None:
            places = [self._place(event, since) for event in events]
            self.lines.add(f"{name} = {places[0]}")
            for place in places[1:]:
                with self.lines.block(f"if {place} >= 0 and ({name} < 0 or {place} < {name}):"):
                    self.lines.add(f"{name} = {place}")

        return self._meaning(("earliest", *events, since), write)

    def _day(self, events: Sequence[str], since: str) -> str:
        """The day of the earliest of several events, or none."""

        def text() -> str:
            place = self._earliest(events, since)
            return f"day[{place}] if {place} >= 0 else {NONE}"

        return self._expression(("day", *events, since), text)

    # -- dates ---------------------------------------------------------------------------------------------------------

    def _accepted_at(self) -> str:
        return self._expression("accepted_at", lambda: _out(clock.O_ACCEPTED))

    def _date(self, name: str, nodes: dict[str, DateNode]) -> str:
        """A date by its name: one of the clock's, or one that the rule counts."""
        node = nodes.get(name)
        if node is None:
            if name == "accepted":
                return self._expression("accepted", lambda: f"day[{self._accepted_at()}]")
            return self._expression(name, lambda: _out(_COLUMNS[name]))
        return self._meaning(_meaning_of(name, nodes), lambda into: self._count(into, node, nodes))

    def _count(self, into: str, node: DateNode, nodes: dict[str, DateNode]) -> None:
        """A date counted from another one; none where that is not known or lies outside the calendar."""
        base, lines = self._date(node.base, nodes), self.lines
        lines.add(f"{into} = {NONE}")
        with lines.block(f"if base < {base} <= last:"):
            if node.unit == "calendar_day":
                lines.add(f"{into} = {base} {'-' if node.backwards else '+'} {node.amount}")
            elif node.amount == 0:
                lines.add(f"{into} = {base}")
            else:
                # Backwards from a day off counts from the workday before it: the target day itself is not counted.
                place = self._variable()
                if node.backwards:
                    lines.add(f"{place} = idx[{base} - base - 1] + {1 - node.amount}")
                else:
                    lines.add(f"{place} = idx[{base} - base] + {node.amount}")
                with lines.block(f"if 0 < {place} < len(nth):"):
                    lines.add(f"{into} = nth[{place}]")
            with lines.block(f"if not base <= {into} <= last:"):
                lines.add(f"{into} = {NONE}")
            if node.rolled_back:
                with lines.block("else:"):
                    lines.add(f"{into} = nth[idx[{into} - base]]")

    # -- deadlines -----------------------------------------------------------------------------------------------------

    def _deadline(self, node: Deadline, nodes: dict[str, DateNode]) -> tuple[str, str, str]:
        """Outcome, due day, the event that did it."""
        place = self._earliest(node.events, node.since)
        due_name = node.due
        if due_name is None:
            there = ("there", *node.events, node.since)
            return self._expression(there, lambda: self._there(node)), "", place

        def write(name: str) -> None:
            due, done = self._date(due_name, nodes), self._day(node.events, node.since)
            waiting, lines = self._waiting(), self.lines
            with lines.block(f"if {due} == {NONE}:"):
                lines.add(f"{name} = {PENDING} if {waiting} != 0 else {UNDETERMINED}")
            with lines.block(f"elif {done} != {NONE}:"):
                lines.add(f"{name} = {MET} if {done} <= {due} else {MET_LATE}")
            with lines.block("else:"):
                lines.add(f"{name} = {MISSED} if as_of > {due} else {PENDING}")
            if due_name in _OWN_MINUTE:
                self._by_the_minute(name, node, due, done)

        meaning = ("deadline", node.events, node.since, _meaning_of(due_name, nodes))
        return self._meaning(meaning, write), self._date(due_name, nodes), place

    def _there(self, node: Deadline) -> str:
        return f"{MET} if {self._earliest(node.events, node.since)} >= 0 else {MISSED}"

    def _waiting(self) -> str:
        """Whether the clock stands still: the due dates are open, not unknown."""
        return self._expression("waiting", lambda: _out(clock.O_PAUSED))

    def _by_the_minute(self, name: str, node: Deadline, due: str, done: str) -> None:
        """A limit in working hours ends at its own minute; only dates that are that very end are compared so."""
        lines = self.lines
        lawful, end = _out(clock.O_LAWFUL_DAY), _out(clock.O_LAWFUL_MINUTE)
        with lines.block(f"if {due} != {NONE} and {end} < 1440 and {due} == {lawful}:"):
            with lines.block(f"if {done} == {due}:"):
                at = self._variable()
                lines.add(f"{at} = 9999")
                for event in node.events:
                    place = self._place(event, node.since)
                    with lines.block(f"if {place} >= 0 and day[{place}] == {due}:"):
                        lines.add(f"{at} = min({at}, minute[{place}])")
                with lines.block(f"if {at} < 0:"):
                    lines.add(f"{name} = {UNDETERMINED}")
                with lines.block("else:"):
                    lines.add(f"{name} = {MET} if {at} <= {end} else {MET_LATE}")
            with lines.block(f"elif {done} == {NONE} and as_of >= {due}:"):
                lines.add(f"{name} = {MISSED}")

    # -- conditions ----------------------------------------------------------------------------------------------------

    def _holds(self, condition: Applicability) -> str:
        """Whether a condition holds, as an expression."""
        match condition:
            case EventSeen():
                return f"{self._place(condition.event, condition.since)} >= 0"
            case ChannelIs():
                codes = sorted(CHANNELS[name] for name in condition.channels)
                channel = self._expression("channel", lambda: "channel[k]")
                return "(" + (" or ".join(f"{channel} == {code}" for code in codes) or "0 == 1") + ")"
            case ReceivedAt():
                works, minute = self._works(), self._accepted_minute()
                in_time = f"({works} != 0 and {minute} <= {condition.cutoff})"
                return f"not {in_time}" if condition.late else in_time
            case ReappointmentStands():
                return f"{self._date('reappointed_due', {})} != {NONE}"
            case _:
                assert_never(condition)

    def _accepted_minute(self) -> str:
        return self._expression("accepted_minute", lambda: f"minute[{self._accepted_at()}]")

    def _works(self) -> str:
        """Whether the day of acceptance is a workday."""

        def write(name: str) -> None:
            accepted = self._date("accepted", {})
            self.lines.add(f"{name} = 0")
            with self.lines.block(f"if base <= {accepted} <= last:"):
                before = f"(idx[{accepted} - base - 1] if {accepted} > base else 0)"
                self.lines.add(f"{name} = idx[{accepted} - base] - {before}")

        return self._meaning("works", write)

    # -- versions ------------------------------------------------------------------------------------------------------

    def _versions(self) -> None:
        """Every version in force on the day that picks it; repeals and rules that are off among them find nothing."""
        due = self._picking_due() if self.by_date["lawful_due"] else ""
        for name, listed in self.by_date.items():
            day = self._date("accepted", {}) if name == "dossier_accepted" else due
            for spans, alike in groupby(listed, key=itemgetter(1)):
                within = " or ".join(_within(day, start, until) for start, until in spans)
                with self._inner(f"if {within}:"):
                    for rule, _ in alike:
                        self._version(rule, day)
        for spans in self.statute.by_request:
            self._by_request(spans)

    def _picking_due(self) -> str:
        """The lawful due date, or while that is open the original one."""
        lawful, original, waiting = self._date("lawful_due", {}), self._date("original_due", {}), self._waiting()
        return self._expression(
            "picking_due", lambda: f"{original} if {lawful} == {NONE} and {waiting} != 0 else {lawful}"
        )

    def _by_request(self, spans: Sequence[tuple[int, int, Rule]]) -> None:
        """A limit on requests: of its versions the newest whose own day lies in it; the day depends on the limit."""
        if not any(not rule.repealed and rule.is_on for _, _, rule in spans):
            return
        left = self._variable()
        self.lines.add(f"{left} = 1")
        for start, until, rule in spans:
            with self._inner(f"if {left} == 1:"):
                day = self._day_of_request(rule)
                with self._inner(f"if {_within(day, start, until)}:"):
                    self.lines.add(f"{left} = 0")
                    if not rule.repealed and rule.is_on:
                        self._version(rule, day)

    def _day_of_request(self, rule: Rule) -> str:
        """The day of the request that exceeds the limit, else of the last one, else of acceptance."""
        last, accepted, day = _out(clock.O_REQUEST_LAST), self._date("accepted", {}), self._variable()
        self.lines.add(f"{day} = {last} if {last} != {NONE} else {accepted}")
        for limit in rule.limits[::-1]:
            if limit.at_most not in _REQUESTS:
                raise EngineError(_no_column(rule, limit))
            with self.lines.block(f"if {_out(clock.O_REQUESTS)} > {limit.at_most}:"):
                self.lines.add(f"{day} = {_out(_REQUESTS[limit.at_most])}")
        return day

    def _version(self, rule: Rule, picked: str) -> None:
        """What one version finds, if it applies."""
        self._asking = id(rule)
        if rule.applies_if:
            with self._inner(f"if {' and '.join(self._holds(condition) for condition in rule.applies_if)}:"):
                self._findings(rule, picked)
        else:
            self._findings(rule, picked)
        self._asking = None

    def _findings(self, rule: Rule, picked: str) -> None:
        nodes = {node.name: node for node in rule.dates}
        for duty in rule.obligations:
            way = duty.fulfilled
            if isinstance(way, EachWithin):
                rank = self._expression("return_rank", lambda: _out(clock.O_RETURN_RANK))
                with self._inner(f"if {rank} >= 0:"):
                    self._put(duty, rule, picked, self._each_within(way, rank))
            else:
                stated = isinstance(way, Statement)
                found = self._stated(duty, way, rule, nodes) if stated else self._discharged(duty, way, rule, nodes)
                self._put(duty, rule, picked, found)
        for limit in rule.limits:
            self._put(limit, rule, picked, self._limited(limit))

    # -- obligations and limits ----------------------------------------------------------------------------------------

    def _each_within(self, way: EachWithin, rank: str) -> _Finding:
        outcome = self._variable()
        self.lines.add(f"{outcome} = {MET} if {rank} <= {way.amount} else {MET_LATE}")
        return _Finding(outcome)

    def _limited(self, limit: Limit) -> _Finding:
        column = clock.O_REQUESTS if limit.counts == "supplement_requests" else clock.O_REAPPOINTMENTS
        outcome = self._variable()
        self.lines.add(f"{outcome} = {BROKEN} if {_out(column)} > {limit.at_most} else {KEPT}")
        return _Finding(outcome)

    def _stated(self, duty: Obligation, way: Statement, rule: Rule, nodes: dict[str, DateNode]) -> _Finding:
        """What the first such event states, or the one that states best."""
        lines, first = self.lines, self._place(way.event, way.since)
        outcome, by = self._variable(), self._variable()
        lines.add(f"{outcome} = {MISSED}")
        lines.add(f"{by} = {first}")
        with lines.block(f"if {first} >= 0:"):
            self._judge(outcome, way.fields, f"flags[{first}]")
            if way.any:
                self._best(outcome, by, way, first)
        if duty.when is not None:
            self._triggered(duty.when, outcome, rule, nodes)
        lines.add(f"{by} = -1 if {outcome} == {NOT_OWED} or {outcome} == {PENDING} else {by}")
        return _Finding(outcome, done=by)

    def _best(self, outcome: str, by: str, way: Statement, first: str) -> None:
        """Of several such events the one that fulfils best, the first of its like."""
        lines, at, said = self.lines, self._variable(), self._variable()
        with lines.block(f"if {outcome} != {MET}:"), lines.block(f"for {at} in range({first} + 1, ends[k]):"):
            with lines.block(f"if kind[{at}] == {KINDS[way.event]}:"):
                self._judge(said, way.fields, f"flags[{at}]")
                with lines.block(f"if {said} == {MET}:"):
                    lines.add(f"{outcome} = {MET}")
                    lines.add(f"{by} = {at}")
                    lines.add("break")
                with lines.block(f"if {said} == {UNDETERMINED} and {outcome} == {MISSED}:"):
                    lines.add(f"{outcome} = {UNDETERMINED}")
                    lines.add(f"{by} = {at}")

    def _judge(self, into: str, fields: Iterable[str], flags: str) -> None:
        """What an event states against what it must state: empty or otherwise is a miss, silent is not known."""
        names = tuple(fields)
        empty, stated = _bits(EMPTY, names), _bits(STATED, names)
        must, lines, read = _bits(MUST_BE, names), self.lines, self._variable()
        lines.add(f"{read} = {flags}")
        with lines.block(f"if {read} & {empty} != 0:"):
            lines.add(f"{into} = {MISSED}")
        with lines.block(f"elif {read} & {stated} != {stated}:"):
            lines.add(f"{into} = {UNDETERMINED}")
        with lines.block("else:"):
            lines.add(f"{into} = {MET} if {read} & {must} == {must} else {MISSED}")

    def _discharged(self, duty: Obligation, way: Discharge, rule: Rule, nodes: dict[str, DateNode]) -> _Finding:
        raw, due, place = self._deadline(rule.deadlines[way.deadline], nodes)
        lines = self.lines
        found = _Finding(self._variable(), due or "0", self._variable(), self._variable(), self._variable())
        for name, value in ((found.outcome, raw), (found.note, "0"), (found.done, place), (found.way, "0")):
            lines.add(f"{name} = {value}")
        # In the order of precedence from the last to the first: each overrides those before it.
        if duty.when is not None:
            self._triggered(duty.when, found.outcome, rule, nodes)
        elif duty.or_by is not None or duty.waived is not None:
            self._other_ways(duty, found, nodes)
        if any(isinstance(condition, ReceivedAt) for condition in rule.applies_if):
            works, minute = self._works(), self._accepted_minute()
            with lines.block(f"if {minute} < 0 and {works} != 0:"):
                for name, value in ((found.outcome, str(UNDETERMINED)), (found.done, place), (found.way, "0")):
                    lines.add(f"{name} = {value}")
        if due:
            with lines.block(f"if {NONE} < {due} < {rule.in_force.start}:"):
                for name, code in ((found.outcome, NOT_OWED), (found.note, BEFORE_IN_FORCE), (found.way, 0)):
                    lines.add(f"{name} = {code}")
        with lines.block(f"if {found.outcome} == {NOT_OWED} or {found.outcome} == {PENDING}:"):
            lines.add(f"{found.done} = -1")
        return found

    def _other_ways(self, duty: Obligation, found: _Finding, nodes: dict[str, DateNode]) -> None:
        """What fulfils the duty as well, and what releases from it."""
        ways = ((duty.or_by, MET, BY_OTHER), (duty.waived, NOT_OWED, WAIVED))
        came = [(self._came_by(by, nodes), code, way) for by, code, way in ways if by is not None]
        word = "if"
        with self.lines.block(f"if {found.outcome} != {MET}:"):
            for (by, place), code, way in came:
                with self.lines.block(f"{word} {by}:"):
                    self.lines.add(f"{found.outcome} = {code}")
                    self.lines.add(f"{found.way} = {way}")
                    if way == BY_OTHER:
                        self.lines.add(f"{found.done} = {place}")
                word = "elif"

    def _came_by(self, node: ByDate, nodes: dict[str, DateNode]) -> tuple[str, str]:
        """Whether one of the events came by the date; and the event."""
        place = self._earliest(node.events, "acceptance")
        by, done = self._date(node.by, nodes), self._day(node.events, "acceptance")
        return f"{place} >= 0 and {by} != {NONE} and {done} <= {by}", place

    def _triggered(self, when: DeadlineIs, outcome: str, rule: Rule, nodes: dict[str, DateNode]) -> None:
        """What is owed only once a deadline has this outcome; open while that deadline is."""
        trigger, _, _ = self._deadline(rule.deadlines[when.deadline], nodes)
        fires = " and ".join(f"{trigger} != {CODES[name]}" for name in sorted(when.outcomes))
        with self.lines.block(f"if {fires}:"):
            open_ = f"{trigger} == {PENDING} or {trigger} == {UNDETERMINED}"
            self.lines.add(f"{outcome} = {trigger} if {open_} else {NOT_OWED}")

    # -- findings ------------------------------------------------------------------------------------------------------

    def _put(self, duty: Obligation | Limit, rule: Rule, picked: str, found: _Finding) -> None:
        """Write a finding, with what the place adds or excepts."""
        at, code = self.duties[duty.id], self._variable()
        cell = f"{at} * size + r"
        self._beside(duty, rule, picked, code, found)
        lines = self.lines
        lines.add(f"outcome[{cell}] = {found.outcome}")
        if found.act_by != "0":
            lines.add(f"act_by[{cell}] = {found.act_by}")
        lines.add(f"act[{cell}] = {code}")
        if found.note != "0":
            lines.add(f"noted[r] = noted[r] | {found.note}")
        bits = sum(1 << self.readings.index(r.id) for r in rule.interpretations if r.status == "unconfirmed")
        if bits:
            lines.add(f"readings[r] = readings[r] | {bits}")
        if found.done != "-1":
            with lines.block("if done is not None:"):
                lines.add(f"done[{cell}] = {found.done}")
                if found.way != "0":
                    lines.add(f"way[{cell}] = {found.way}")

    def _beside(self, duty: Obligation | Limit, rule: Rule, picked: str, code: str, found: _Finding) -> None:
        """The number of the rule with the local acts in force on the picking day, and their exceptions."""
        word = "if"
        segments = list(_segments(self.overlays, self.known_on))
        if len(segments) == 1:
            self.lines.add(f"{code} = {self._act(duty, rule, segments[0][1])}")
            return
        excepts = any(one.duty == duty.id for overlay in self.overlays for one in overlay.excepts)
        if excepts and found.note == "0":
            found.note = self._variable()
            self.lines.add(f"{found.note} = 0")
        for until, overlays in segments:
            head = "else:" if until >= FOREVER else f"{word} {picked} <= {until}:"
            with self._inner(head):
                self.lines.add(f"{code} = {self._act(duty, rule, overlays)}")
                if excepts:
                    self._excepted([one for o in overlays for one in o.excepts if one.duty == duty.id], found)
            word = "elif"

    def _excepted(self, exceptions: Sequence[LabelledException], found: _Finding) -> None:
        """Take the one exception that applies; two that apply at once contradict each other: no answer."""
        if not exceptions:
            return
        lines, count = self.lines, self._variable()
        lines.add(f"{count} = 0")
        for one in exceptions:
            holds = " and ".join(self._holds(condition) for condition in one.conditions) or "0 == 0"
            with lines.block(f"if {holds}:"):
                lines.add(f"{count} += 1")
        for head, outcome, note in (
            (f"if {count} == 1:", NOT_OWED, EXCEPTED),
            (f"if {count} > 1:", UNDETERMINED, TWO_EXCEPTIONS),
        ):
            with lines.block(head):
                lines.add(f"{found.outcome} = {outcome}")
                lines.add(f"{found.note} = {note}")

    def _act(self, duty: Obligation | Limit, rule: Rule, overlays: tuple[Overlay, ...]) -> int:
        """A number for a rule version and the local acts beside it; `acts` tells what it stands for."""
        at = self.duties[duty.id]
        key = (at, id(rule), tuple(id(overlay) for overlay in overlays))
        code = self._codes.get(key)
        if code is None:
            if len(self.acts[at]) >= MOST_ACTS:
                raise EngineError(_too_many(rule))
            self.acts[at].append(Act(rule, overlays, duty))
            code = self._codes[key] = len(self.acts[at])
        return code


# -- what the nodes ask for --------------------------------------------------------------------------------------------


def _out(column: int) -> str:
    return f"out[{column} * n + k]"


def _within(day: str, start: int, until: int) -> str:
    return f"{start} <= {day} <= {until}" if until < FOREVER else f"{day} >= {start}"


def _bits(table: dict[str, int], names: Iterable[str]) -> int:
    bits = 0
    for name in names:
        bits |= table.get(name, 0)
    return bits


def _meaning_of(name: str, nodes: dict[str, DateNode]) -> object:
    """What a date is counted from, and how: equal for equal dates of different rules."""
    node = nodes.get(name)
    if node is None:
        return name
    return _meaning_of(node.base, nodes), node.amount, node.unit, node.backwards, node.rolled_back


def _segments(overlays: Sequence[Overlay], known_on: int) -> Iterator[tuple[int, tuple[Overlay, ...]]]:
    """(last day, the acts in force up to it), over all days."""
    spans = [(one.in_force.start, one.in_force.known_end(known_on), one) for one in overlays]
    edges = sorted({start - 1 for start, _, _ in spans} | {until for _, until, _ in spans if until < FOREVER})
    for until in (*edges, FOREVER):
        yield until, tuple(one for start, end, one in spans if start <= until <= end)


def _governed(
    starts: Sequence[int], rules: Sequence[tuple[Rule, ...]]
) -> tuple[tuple[Rule, tuple[tuple[int, int], ...]], ...]:
    """The rule versions that may be found at all, each with the days that pick it."""
    edges = [*starts, FOREVER + 1]
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
    return tuple((rule, tuple(spans[name])) for name, rule in order.items() if not rule.repealed and rule.is_on)


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
        if isinstance(condition, EventSeen) and condition.event not in ENDS:
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


# -- what cannot be composed -------------------------------------------------------------------------------------------


def _no_column(rule: Rule, limit: Limit) -> Problem:
    return Problem(
        "TR-rule-limit",
        rule.source or rule.id,
        f"giới hạn «{limit.at_most}» lần yêu cầu: đồng hồ chỉ ghi ngày của yêu cầu thứ hai và thứ ba",
        f"a limit of {limit.at_most} requests: the clock keeps the days of the second and third request only",
    )


def _too_many(rule: Rule) -> Problem:
    return Problem(
        "TR-rule-acts",
        rule.source or rule.id,
        f"một nghĩa vụ có quá {MOST_ACTS} phiên bản, kể cả quy định địa phương đi kèm",
        f"one duty has more than {MOST_ACTS} versions, local acts beside them counted",
    )


def _too_large() -> Problem:
    return Problem(
        "TR-rule-size",
        "rules",
        "các quy tắc cùng điều chỉnh một hồ sơ quá nhiều để ghép lại",
        "too many rules govern one dossier to be put together",
    )


assert set(DATE_FACTS) == {"accepted", *_COLUMNS}
