"""What comes about of one duty or limit, as lines of the flat function: what fulfils, releases, hides, raises it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from tthc_rules.law import clock
from tthc_rules.law.codes import KINDS
from tthc_rules.law.composed import (
    BEFORE_IN_FORCE,
    BROKEN,
    BY_OTHER,
    CODES,
    FINISH,
    KEPT,
    MET,
    MET_LATE,
    MISSED,
    NOT_OBSERVED,
    NOT_OWED,
    PAUSES,
    PENDING,
    PLACES,
    UNDETERMINED,
    WAIVED,
)
from tthc_rules.law.facts import EMPTY, MUST_BE, STATED
from tthc_rules.law.flat import Flat
from tthc_rules.law.flatlines import NONE, out_of
from tthc_rules.law.observed import doubt_of
from tthc_rules.law.rule import (
    ROLLED,
    ByDate,
    DateNode,
    Deadline,
    DeadlineIs,
    Discharge,
    EachWithin,
    Limit,
    NotBefore,
    Obligation,
    OtherLevel,
    OwnTimeName,
    ReceivedAt,
    Rule,
    Statement,
    received_later,
)


@dataclass(slots=True)
class FoundAs:
    """The variables of one finding: outcome, day to act by, note, event that did it, way."""

    outcome: str
    act_by: str = "0"
    note: str = "0"
    done: str = "-1"
    way: str = "0"


class Fulfilled(Flat):
    """Writes the outcome of duties and limits, each against its own nodes."""

    def _each_within(self, duty: Obligation, way: EachWithin, rule: Rule, rank: str) -> FoundAs:
        outcome, note = self._variable(), self._variable()
        self.lines.add(f"{outcome} = {MET} if {rank} <= {way.amount} else {MET_LATE}")
        if way.unless_limit is not None:
            own = self._own_time(way.unless_limit)
            with self._inner(f"if {own} >= 0:"):
                self._each_within_own(outcome, str(own), way.unless_limit)
        self.lines.add(f"{note} = 0")
        self._as_observed(duty, rule, outcome, note)
        return FoundAs(outcome, note=note)

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

    def _not_before(self, duty: Obligation, way: NotBefore, rule: Rule, nodes: dict[str, DateNode]) -> FoundAs:
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
        return FoundAs(outcome, waits, note, at)

    def _limited(self, limit: Limit, rule: Rule) -> FoundAs:
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
        return FoundAs(outcome, note=note)

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
            asked.append((f"{failed} and {unsure} & {clock.FINISH_UNSURE} != 0", FINISH))
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

    def _stated(self, duty: Obligation, way: Statement, rule: Rule, nodes: dict[str, DateNode]) -> FoundAs:
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
        return FoundAs(outcome, note=note, done=by)

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

    def _discharged(self, duty: Obligation, way: Discharge, rule: Rule, nodes: dict[str, DateNode]) -> FoundAs:
        raw, due, place = self._deadline(rule.deadlines[way.deadline], nodes)
        lines = self.lines
        found = FoundAs(self._variable(), due or "0", self._variable(), self._variable(), self._variable())
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
        self, duty: Obligation, by: Deadline, rule: Rule, found: FoundAs, nodes: dict[str, DateNode]
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
                other = FoundAs(*(self._variable() for _ in range(5)))
                for name, value in ((other.outcome, raw), (other.note, "0"), (other.done, "-1"), (other.way, "0")):
                    lines.add(f"{name} = {value}")
                self._other_ways(then, rule, other, nodes)
                head = f"if {other.outcome} != {found.outcome}:"
            with lines.block(head):
                for name, value in (
                    (found.outcome, str(UNDETERMINED)), (found.note, "0"), (found.done, place), (found.way, "0"),
                ):  # fmt: skip
                    lines.add(f"{name} = {value}")

    def _other_ways(self, duty: Obligation, rule: Rule, found: FoundAs, nodes: dict[str, DateNode]) -> None:
        """What fulfils the duty as well, and what releases from it; else the outcome as far as the source shows."""
        if duty.or_by is None and duty.waived is None:
            self._as_observed(duty, rule, found.outcome, found.note)
            return
        ways = ((duty.or_by, MET, BY_OTHER), (duty.waived, NOT_OWED, WAIVED))
        came = [(self._came_by(by, nodes), code, way) for by, code, way in ways if by is not None]
        doubts = [doubt for (_, doubt, _), _, _ in came if doubt]
        self._hides(), self._unsure(), self._place("finished", "acceptance")
        word = "if"
        with self.lines.block(f"if {found.outcome} != {MET}:"):
            for (by, _, place), code, way in came:
                with self.lines.block(f"{word} {by}:"):
                    self.lines.add(f"{found.outcome} = {code}")
                    self.lines.add(f"{found.way} = {way}")
                    if way == BY_OTHER:
                        self.lines.add(f"{found.done} = {place}")
                word = "elif"
            with self.lines.block("else:"):
                self.lines.add(f"{found.note} = 0")
                if doubts:
                    with self.lines.block(f"if {' or '.join(f'({doubt})' for doubt in doubts)}:"):
                        self.lines.add(f"{found.outcome} = {UNDETERMINED}")
                self._as_observed(duty, rule, found.outcome, found.note)

    def _came_by(self, node: ByDate, nodes: dict[str, DateNode]) -> tuple[str, str, str]:
        """Whether one of the events came by the date, whether its missing hour decides that; and the event."""
        place = self._earliest(node.events, "acceptance")
        counted = nodes.get(node.by)
        if counted is not None and counted.by_moment:
            at = self._within(self._ends(counted), place)
            asked = f"{place} >= 0 and {self._date(node.by, nodes)} != {NONE}"
            return f"{asked} and {at} < 0", f"{asked} and {at} == 0", place
        by, done = self._date(node.by, nodes), self._day(node.events, "acceptance")
        return f"{place} >= 0 and {by} != {NONE} and {done} <= {by}", "", place

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


def _bits(table: dict[str, int], names: Iterable[str]) -> int:
    bits = 0
    for name in names:
        bits |= table.get(name, 0)
    return bits
