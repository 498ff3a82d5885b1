"""The rules of one governing law as one flat function over whole numbers, in the language of the clock.

`reference/interpret` walks the nodes and defines what they mean; here the same nodes are written out, once for each
governing law, as a function that CPython runs for one dossier and `bulk` compiles behind the clock. Its source holds
whole numbers, our own names and numbered variables, and no text of a rule file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter
from typing import Final, assert_never

from tthc_rules.errors import EngineError, Problem
from tthc_rules.law import clock
from tthc_rules.law.codes import KINDS
from tthc_rules.law.composed import (
    BEFORE_IN_FORCE,
    BROKEN,
    BY_OTHER,
    CODES,
    EXCEPTED,
    FINISH,
    KEPT,
    MET,
    MET_LATE,
    MISSED,
    NOT_OBSERVED,
    NOT_OWED,
    PARAMETERS,
    PAUSES,
    PENDING,
    PLACES,
    TWO_EXCEPTIONS,
    UNDETERMINED,
    WAIVED,
    Act,
    Composed,
    Slots,
    slots_of,
)
from tthc_rules.law.facts import EMPTY, MUST_BE, STATED
from tthc_rules.law.flat import Flat
from tthc_rules.law.flatlines import NONE, out_of
from tthc_rules.law.observed import doubt_of
from tthc_rules.law.rule import (
    FOREVER,
    RAISERS,
    ROLLED,
    ByDate,
    DateNode,
    Deadline,
    DeadlineIs,
    Discharge,
    EachWithin,
    LabelledException,
    Limit,
    NotBefore,
    Obligation,
    OtherLevel,
    Overlay,
    OwnTimeName,
    ReceivedAt,
    Rule,
    Statement,
    received_later,
)
from tthc_rules.law.statute import Statute

MOST_ACTS: Final = 120
"""Of one duty: versions, with the local acts beside them; their number is kept in eight bits."""

_PARTS: Final = (
    (
        clock.O_START,
        ("dossier_accepted", "lawful_due", *(one for one in RAISERS if one != "dossier_submitted"), "requests"),
    ),
    (clock.O_SUBMITTED, ("dossier_submitted",)),
)
"""What must be there for rules to be looked at, and by which days those are picked."""

_REQUESTS: Final = {1: clock.O_REQUEST_2, 2: clock.O_REQUEST_3}
"""The column of the request that exceeds a limit."""


def compose(
    statute: Statute, overlays: Sequence[Overlay], known_on: int, duties: Sequence[str], slots: Slots | None = None
) -> Composed:
    """The rules that may govern dossiers of a family and place, as known on a day, written as one function.

    `slots` are the first events that are asked for here and elsewhere; without them, those that these rules ask for.
    """
    return _Composer(statute, overlays, known_on, duties, slots).composed()


@dataclass(slots=True)
class _Finding:
    """The variables of one finding: outcome, day to act by, note, event that did it, way."""

    outcome: str
    act_by: str = "0"
    note: str = "0"
    done: str = "-1"
    way: str = "0"


class _Composer(Flat):
    """Writes the function: first what several versions ask for, then version by version."""

    def __init__(
        self, statute: Statute, overlays: Sequence[Overlay], known_on: int, duties: Sequence[str], slots: Slots | None
    ) -> None:
        self.statute, self.known_on = statute, known_on
        self.overlays = tuple(one for one in overlays if known_on >= one.in_force.issued_on)
        self.duties = {duty: place for place, duty in enumerate(duties)}
        self.acts: tuple[list[Act], ...] = tuple([] for _ in duties)
        self._codes: dict[tuple[int, int, tuple[int, ...]], int] = {}
        self.by_date = {name: _governed(*laid_out) for name, laid_out in statute.by_date.items()}
        rules = [rule for listed in self.by_date.values() for rule, _ in listed]
        rules += [rule for spans in statute.by_request for _, _, rule in spans if not rule.repealed and rule.is_on]
        spans = (*chain(*statute.spans.values()), *chain(*statute.by_request))
        self._rank = {
            (id(rule), duty): n for n, (rule, duty) in enumerate((r, d) for _, _, r in spans for d in r.duties)
        }
        unconfirmed = (one.id for rule in rules for one in rule.interpretations if one.status == "unconfirmed")
        unseen = (rule.unseen.assumption for rule in rules if rule.unseen is not None)
        self.readings = tuple(dict.fromkeys((*unconfirmed, *unseen)))
        super().__init__(slots or slots_of(rules, self.overlays))

    def composed(self) -> Composed:
        """The whole function."""
        head = [f"def rules({', '.join(PARAMETERS)}):", "    for j in range(count):", "        k = rows[j]"]
        lines: list[str] = []
        for guard, parts in _PARTS:
            if any(part in parts for part, listed in self.by_date.items() if listed) or "requests" in parts:
                shared = self._shared(parts)
                self._reset()
                for write in shared:
                    write()
                before = len(self.lines.lines)
                self._versions(parts)
                if len(self.lines.lines) > before:
                    lines += [f"        if {out_of(guard)} >= 0:", *self.lines.lines]
        source = "\n".join([*head, *lines]) + "\n"
        return Composed(source, self.slots, tuple(self.duties), tuple(map(tuple, self.acts)), self.readings)

    def _shared(self, parts: Collection[str]) -> list[Callable[[], object]]:
        """What more than one version asks for, in an order in which each stands on those before it.

        Found by writing everything once and counting: what a version asks for is just what its text needs.
        """
        order: dict[object, Callable[[], object]] = {}
        acts, codes = [list(listed) for listed in self.acts], dict(self._codes)
        self._reset()
        self._asked.clear()
        self._order = order
        self._versions(parts)
        self._order = None
        for listed, before in zip(self.acts, acts, strict=True):
            listed[:] = before
        self._codes = codes
        return [write for meaning, write in order.items() if len(self._asked.get(meaning, ())) > 1]

    # -- versions ------------------------------------------------------------------------------------------------------

    def _versions(self, parts: Collection[str]) -> None:
        """Every version in force on the day that picks it; repeals and rules that are off among them find nothing."""
        for name, listed in self.by_date.items():
            if name not in parts or not listed:
                continue
            match name:
                case "dossier_accepted":
                    day = self._date("accepted", {})
                case "lawful_due":
                    day = self._picking_due()
                case _:
                    day = self._date(name, {})
            for spans, alike in groupby(listed, key=itemgetter(1)):
                within = " or ".join(_within(day, start, until) for start, until in spans)
                with self._inner(f"if {within}:"):
                    for rule, _ in alike:
                        self._version(rule, day)
        for spans in self.statute.by_request if "requests" in parts else ():
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
        last, accepted, day = out_of(clock.O_REQUEST_LAST), self._date("accepted", {}), self._variable()
        self.lines.add(f"{day} = {last} if {last} != {NONE} else {accepted}")
        for limit in rule.limits[::-1]:
            if limit.at_most not in _REQUESTS:
                raise EngineError(_no_column(rule, limit))
            with self.lines.block(f"if {out_of(clock.O_REQUESTS)} > {limit.at_most}:"):
                self.lines.add(f"{day} = {out_of(_REQUESTS[limit.at_most])}")
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
            match duty.fulfilled:
                case EachWithin() as way:
                    rank = self._expression("return_rank", lambda: out_of(clock.O_RETURN_RANK))
                    with self._inner(f"if {rank} >= 0:"):
                        self._put(duty, rule, picked, self._each_within(duty, way, rule, rank))
                case Statement() as way:
                    self._put(duty, rule, picked, self._stated(duty, way, rule, nodes))
                case Discharge() as way:
                    self._put(duty, rule, picked, self._discharged(duty, way, rule, nodes))
                case NotBefore() as way:
                    self._put(duty, rule, picked, self._not_before(duty, way, rule, nodes))
                case way:
                    assert_never(way)
        for limit in rule.limits:
            self._put(limit, rule, picked, self._limited(limit, rule))

    # -- obligations and limits ----------------------------------------------------------------------------------------

    def _each_within(self, duty: Obligation, way: EachWithin, rule: Rule, rank: str) -> _Finding:
        outcome, note = self._variable(), self._variable()
        self.lines.add(f"{outcome} = {MET} if {rank} <= {way.amount} else {MET_LATE}")
        if way.unless_limit is not None:
            own = self._own_time(way.unless_limit)
            with self._inner(f"if {own} >= 0:"):
                self._each_within_own(outcome, str(own), way.unless_limit)
        self.lines.add(f"{note} = 0")
        self._as_observed(duty, rule, outcome, note)
        return _Finding(outcome, note=note)

    def _each_within_own(self, outcome: str, own: str, name: OwnTimeName) -> None:
        """Every request against the time of sector law after the start that it follows; the worst counts."""
        lines, until, at, start = self.lines, self._variable(), self._variable(), self._variable()
        ends = [self._variable() for _ in range(4)]
        lines.add(f"{outcome} = {MET}")
        lines.add(f"{until} = {out_of(clock.O_END)}")
        with lines.block(f"if {until} < 0:"):
            lines.add(f"{until} = ends[k]")
        mine = f"kind[{at}] == {clock.SUPPLEMENT_REQUESTED} and begun[{at}] >= 0"
        first = f"{out_of(clock.O_START)} + 1"
        with lines.block(f"for {at} in range({first}, {until}):"), lines.block(f"if {mine}:"):
            lines.add(f"{start} = begun[{at}]")
            for part, value in zip(ends, (NONE, 0, NONE, 0), strict=True):
                lines.add(f"{part} = {value}")
            self._count_own(ends, start, own, name in ROLLED)
            within = self._within(ends, at)
            with lines.block(f"if {ends[2]} == {NONE}:"):
                lines.add(f"{within} = 0")
            with lines.block(f"if {within} > 0:"):
                lines.add(f"{outcome} = {MET_LATE}")
            with lines.block(f"elif {within} == 0 and {outcome} == {MET}:"):
                lines.add(f"{outcome} = {UNDETERMINED}")

    def _not_before(self, duty: Obligation, way: NotBefore, rule: Rule, nodes: dict[str, DateNode]) -> _Finding:
        """Whether what raised the duty came after the date that it had to wait for."""
        lines, waits, done = self.lines, self._date(way.date, nodes), self._date(way.event, {})
        at = self._expression(("place", way.event), lambda: out_of(PLACES[way.event]))
        outcome, note = self._variable(), self._variable()
        self._hides(), self._unsure()
        lines.add(f"{outcome} = {UNDETERMINED}")
        lines.add(f"{note} = 0")
        node = nodes.get(way.date)
        after = f"(1 if {done} > {waits} else -1)"
        if node is not None and node.by_moment:
            after = self._within(self._ends(node), at)
        with lines.block(f"if {waits} != {NONE} and {done} != {NONE} and {after} != 0:"):
            lines.add(f"{outcome} = {MET} if {after} > 0 else {MISSED}")
            self._as_observed(duty, rule, outcome, note)
        return _Finding(outcome, waits, note, at)

    def _limited(self, limit: Limit, rule: Rule) -> _Finding:
        """Whether a limit was kept, as far as the source shows."""
        match limit.counts:
            case "supplement_requests":
                column = clock.O_REQUESTS
            case "reappointments":
                column = clock.O_REAPPOINTMENTS
            case _:
                assert_never(limit.counts)
        outcome, note = self._variable(), self._variable()
        hides, unsure, doubt, lines = self._hides(), self._unsure(), doubt_of(rule, limit), self.lines
        lines.add(f"{outcome} = {BROKEN} if {out_of(column)} > {limit.at_most} else {KEPT}")
        lines.add(f"{note} = 0")
        said = f"{unsure} & {clock.PAUSES_SAID} != 0"
        if not doubt.by_date_said:
            said += f" and {outcome} == {KEPT}"
        with lines.block(f"if {hides} != 0:"):
            self._first_of(
                outcome, note,
                [(f"{outcome} == {KEPT} and {hides} & {doubt.kinds} != 0", NOT_OBSERVED), (said, PAUSES)],
            )  # fmt: skip
        return _Finding(outcome, note=note)

    # -- what the source cannot show -----------------------------------------------------------------------------------

    def _hides(self) -> str:
        return self._expression("hides", lambda: "hidden[k]")

    def _unsure(self) -> str:
        return self._expression("unsure", lambda: out_of(clock.O_UNSURE))

    def _first_of(self, outcome: str, note: str, asked: Sequence[tuple[str, int]]) -> None:
        """Undetermined by the first question that holds, with its note."""
        word = "if"
        for question, code in asked:
            with self.lines.block(f"{word} {question}:"):
                self.lines.add(f"{outcome} = {UNDETERMINED}")
                self.lines.add(f"{note} = {code}")
            word = "elif"

    def _as_observed(self, duty: Obligation, rule: Rule, outcome: str, note: str) -> None:
        """The outcome as far as the source could show another, and what is noted."""
        doubt, lines = doubt_of(rule, duty), self.lines
        hides, unsure, word = self._hides(), self._unsure(), "if"
        missed, failed = f"{outcome} == {MISSED}", f"({outcome} == {MISSED} or {outcome} == {MET_LATE})"
        asked: list[tuple[str, int]] = []
        if doubt.by_finish:
            asked.append((f"{unsure} & {clock.FINISH_UNSURE} != 0", FINISH))
        if doubt.by_date:
            asked.append((f"{failed} and {unsure} & {clock.PAUSES_UNSURE | clock.LATENESS_UNSURE} != 0", 0))
        if doubt.by_date_said:
            asked.append((f"{failed} and {unsure} & {clock.PAUSES_SAID} != 0", PAUSES))
        if doubt.kinds and not doubt.judged:
            asked.append((f"{missed} and {hides} & {doubt.kinds} != 0", NOT_OBSERVED))
        if doubt.for_other_level and not doubt.judged:
            level = self._holds(OtherLevel())
            asked.append((f"{missed} and {level} and {hides} & {doubt.for_other_level} != 0", NOT_OBSERVED))
        if doubt.or_result:
            asked.append((f"{missed} and {unsure} & {clock.FINISH_UNSURE} != 0", FINISH))
        if doubt.raised:
            raised = [(f"{hides} != 0 and {unsure} & {doubt.raised} != 0", NOT_OBSERVED)]
            if doubt.raised == clock.REQUEST_UNSURE:
                raised.insert(0, (f"{hides} != 0 and {unsure} & {clock.PAUSES_SAID} != 0", PAUSES))
            else:
                raised = [(f"{outcome} != {MET} and {question}", code) for question, code in raised]
            self._first_of(outcome, note, raised)
            word = "elif"
        if rule.is_undated(duty):
            end = self._place("finished", "acceptance")
            with lines.block(f"{word} {missed} and {end} < 0:"):
                lines.add(f"{outcome} = {PENDING}")
            word = "elif"
        if asked:
            with lines.block(f"{word} {hides} != 0 and {outcome} != {MET}:"):
                self._first_of(outcome, note, asked)

    def _stated(self, duty: Obligation, way: Statement, rule: Rule, nodes: dict[str, DateNode]) -> _Finding:
        """What the first such event states, or the one that states best."""
        lines, first = self.lines, self._place(way.event, way.since)
        outcome, by, note = self._variable(), self._variable(), self._variable()
        lines.add(f"{note} = 0")
        lines.add(f"{outcome} = {MISSED}")
        lines.add(f"{by} = {first}")
        with lines.block(f"if {first} >= 0:"):
            self._judge(outcome, way.fields, f"flags[{first}]")
            if way.any:
                self._best(outcome, by, way, first)
        if duty.when is not None:
            self._triggered(duty, duty.when, outcome, note, rule, nodes)
        else:
            self._as_observed(duty, rule, outcome, note)
        lines.add(f"{by} = -1 if {outcome} == {NOT_OWED} or {outcome} == {PENDING} else {by}")
        return _Finding(outcome, note=note, done=by)

    def _best(self, outcome: str, by: str, way: Statement, first: str) -> None:
        """Of several such events the one that fulfils best, the first of its like."""
        lines, at, said = self.lines, self._variable(), self._variable()
        mine = f"kind[{at}] == {KINDS[way.event]} and {outcome} != {MET}"
        with lines.block(f"for {at} in range({first} + 1, ends[k]):"), lines.block(f"if {mine}:"):
            self._judge(said, way.fields, f"flags[{at}]")
            with lines.block(f"if {said} == {MET} or ({said} == {UNDETERMINED} and {outcome} == {MISSED}):"):
                lines.add(f"{outcome} = {said}")
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
            self._triggered(duty, duty.when, found.outcome, found.note, rule, nodes)
        else:
            self._other_ways(duty, rule, found, nodes)
        if any(isinstance(condition, ReceivedAt) for condition in rule.applies_if):
            self._without_the_hour(duty, rule.deadlines[way.deadline], rule, found, nodes)
        if due:
            with lines.block(f"if {NONE} < {due} < {rule.asked_since}:"):
                for name, code in ((found.outcome, NOT_OWED), (found.note, BEFORE_IN_FORCE), (found.way, 0)):
                    lines.add(f"{name} = {code}")
        with lines.block(f"if {found.outcome} == {NOT_OWED} or {found.outcome} == {PENDING}:"):
            lines.add(f"{found.done} = -1")
        return found

    def _without_the_hour(
        self, duty: Obligation, by: Deadline, rule: Rule, found: _Finding, nodes: dict[str, DateNode]
    ) -> None:
        """Where the hour of reception was not recorded: the outcome stands if the later date gives the same."""
        works, minute, lines = self._works(), self._accepted_minute(), self.lines
        place = self._done(by.events, by.since, by.for_other_level)
        later = received_later(duty, by)
        with self._inner(f"if {minute} < 0 and {works} != 0:"):
            head = "if 0 == 0:"
            if later is not None:
                then, due = later
                raw, _, _ = self._deadline(due, nodes)
                other = _Finding(*(self._variable() for _ in range(5)))
                for name, value in ((other.outcome, raw), (other.note, "0"), (other.done, "-1"), (other.way, "0")):
                    lines.add(f"{name} = {value}")
                self._other_ways(then, rule, other, nodes)
                head = f"if {other.outcome} != {found.outcome}:"
            with lines.block(head):
                for name, value in (
                    (found.outcome, str(UNDETERMINED)), (found.note, "0"), (found.done, place), (found.way, "0"),
                ):  # fmt: skip
                    lines.add(f"{name} = {value}")

    def _other_ways(self, duty: Obligation, rule: Rule, found: _Finding, nodes: dict[str, DateNode]) -> None:
        """What fulfils the duty as well, and what releases from it; else the outcome as far as the source shows."""
        if duty.or_by is None and duty.waived is None:
            self._as_observed(duty, rule, found.outcome, found.note)
            return
        ways = ((duty.or_by, MET, BY_OTHER), (duty.waived, NOT_OWED, WAIVED))
        came = [(self._came_by(by, nodes), code, way) for by, code, way in ways if by is not None]
        self._hides(), self._unsure(), self._place("finished", "acceptance")
        word = "if"
        with self.lines.block(f"if {found.outcome} != {MET}:"):
            for (by, place), code, way in came:
                with self.lines.block(f"{word} {by}:"):
                    self.lines.add(f"{found.outcome} = {code}")
                    self.lines.add(f"{found.way} = {way}")
                    if way == BY_OTHER:
                        self.lines.add(f"{found.done} = {place}")
                word = "elif"
            with self.lines.block("else:"):
                self.lines.add(f"{found.note} = 0")
                self._as_observed(duty, rule, found.outcome, found.note)

    def _came_by(self, node: ByDate, nodes: dict[str, DateNode]) -> tuple[str, str]:
        """Whether one of the events came by the date; and the event."""
        place = self._earliest(node.events, "acceptance")
        counted = nodes.get(node.by)
        if counted is not None and counted.by_moment:
            at = self._within(self._ends(counted), place)
            return f"{place} >= 0 and {self._date(node.by, nodes)} != {NONE} and {at} <= 0", place
        by, done = self._date(node.by, nodes), self._day(node.events, "acceptance")
        return f"{place} >= 0 and {by} != {NONE} and {done} <= {by}", place

    def _triggered(
        self, duty: Obligation, when: DeadlineIs, outcome: str, note: str, rule: Rule, nodes: dict[str, DateNode]
    ) -> None:
        """What is owed only once a deadline has this outcome; open while that deadline is."""
        trigger, _, _ = self._deadline(rule.deadlines[when.deadline], nodes)
        unsure, doubt, lines, word = self._unsure(), doubt_of(rule, duty), self.lines, "if"
        self._hides(), self._place("finished", "acceptance")
        if doubt.by_lateness:
            with lines.block(f"if {unsure} & {clock.LATENESS_UNSURE} != 0:"):
                keeps = "" if doubt.judged else f" if {outcome} == {MET} else {UNDETERMINED}"
                lines.add(f"{outcome} = {outcome}{keeps}")
            word = "elif"
        fires = " and ".join(f"{trigger} != {CODES[name]}" for name in sorted(when.outcomes))
        with lines.block(f"{word} {fires}:"):
            open_ = f"{trigger} == {PENDING} or {trigger} == {UNDETERMINED}"
            lines.add(f"{outcome} = {trigger} if {open_} else {NOT_OWED}")
        with lines.block("else:"):
            lines.add(f"{note} = 0")
            self._as_observed(duty, rule, outcome, note)

    # -- findings ------------------------------------------------------------------------------------------------------

    def _put(self, duty: Obligation | Limit, rule: Rule, picked: str, found: _Finding) -> None:
        """Write a finding, with what the place adds or excepts."""
        at, code = self.duties[duty.id], self._variable()
        cell = f"{at} * n + k"
        self._beside(duty, rule, picked, code, found)
        lines = self.lines
        lines.add(f"outcome[{cell}] = {found.outcome}")
        if found.act_by != "0":
            lines.add(f"act_by[{cell}] = {found.act_by}")
        lines.add(f"act[{cell}] = {code}")
        if found.note != "0":
            lines.add(f"noted[k] = noted[k] | {found.note}")
        bits = sum(1 << self.readings.index(r.id) for r in rule.interpretations if r.status == "unconfirmed")
        if bits:
            lines.add(f"readings[k] = readings[k] | {bits}")
        if rule.unseen is not None:
            bit = 1 << self.readings.index(rule.unseen.assumption)
            with lines.block(f"if {picked} >= {rule.unseen.start}:"):
                lines.add(f"readings[k] = readings[k] | {bit}")
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
            self.acts[at].append(Act(rule, overlays, duty, self._rank[id(rule), duty.id]))
            code = self._codes[key] = len(self.acts[at])
        return code


# -- what the nodes ask for --------------------------------------------------------------------------------------------


def _within(day: str, start: int, until: int) -> str:
    return f"{start} <= {day} <= {until}" if until < FOREVER else f"{day} >= {start}"


def _bits(table: dict[str, int], names: Iterable[str]) -> int:
    bits = 0
    for name in names:
        bits |= table.get(name, 0)
    return bits


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
