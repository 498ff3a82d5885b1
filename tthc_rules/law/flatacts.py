"""What is still expected of duties, as lines of the flat function: `reference/expected` says what it means."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from tthc_rules.law import clock
from tthc_rules.law.codes import AFTER_THE_END, KINDS, RETURN_RESULT, STEP
from tthc_rules.law.composed import (
    MISSED,
    OWED,
    PENDING,
    RAISED_LATER,
    RESULT_LATE,
    UNDETERMINED,
)
from tthc_rules.law.flatlines import NONE, out_of
from tthc_rules.law.fulfilled import FoundAs, Fulfilled
from tthc_rules.law.observed import Doubt, doubt_of
from tthc_rules.law.rule import (
    ROLLED,
    DateNode,
    Deadline,
    Discharge,
    EachWithin,
    Obligation,
    OtherLevel,
    ReceivedAt,
    Rule,
)

OWN_MINUTE: Final = ("lawful_due", "current_due")


def rank_of(act: str, duties: Sequence[str]) -> int:
    """The place of an act among all by its name: odd for duties, even between them."""
    place = bisect_left(duties, act)
    return 2 * place + 1 if place < len(duties) and duties[place] == act else 2 * place


def result_rank(duties: Sequence[str]) -> int:
    """The rank of returning the result."""
    return rank_of(RETURN_RESULT, duties)


def step_rank(duties: Sequence[str]) -> int:
    """The rank of the steps of agencies."""
    return rank_of(STEP, duties)


class Acts(Fulfilled):
    """Writes whether a duty is still expected: for one dossier every act, for many the first that hangs on nothing."""

    def _expected(self, duty: Obligation, rule: Rule, found: FoundAs, code: str, at: int) -> None:
        """A duty with a day, while its event is missing and would be seen."""
        if not isinstance(duty.fulfilled, Discharge):
            return
        by = rule.deadlines[duty.fulfilled.deadline]
        if by.due is None:
            return
        nodes = {node.name: node for node in rule.dates}
        due, trigger, lines = self._date(by.due, nodes), None, self.lines
        if duty.when is not None:
            trigger, _, _ = self._deadline(rule.deadlines[duty.when.deadline], nodes)
        open_, doubt = self._is_open(duty, by, rule, found, due), doubt_of(rule, duty)
        with lines.block(f"if {open_}:"):
            if trigger is None:
                self._first(due, 2 * at + 1)
            else:
                with lines.block(f"if {trigger} != {PENDING}:"):
                    self._first(due, 2 * at + 1)
            with lines.block("if expects is not None:"):
                cell = f"{at} * n + k"
                lines.add(f"expects[{cell}] = {OWED}")
                if trigger is not None:
                    with lines.block(f"if {trigger} == {PENDING}:"):
                        lines.add(f"expects[{cell}] = {RESULT_LATE if doubt.by_lateness else RAISED_LATER}")
                lines.add(f"expect_act[{cell}] = {code}")
                lines.add(f"expect_by[{cell}] = {due}")
                lines.add(f"expect_minute[{cell}] = {self._last_minute(by.due, due, nodes)}")

    def _is_open(self, duty: Obligation, by: Deadline, rule: Rule, found: FoundAs, due: str) -> str:
        """Whether the law still expects it and the source would show that it was done."""
        doubt = doubt_of(rule, duty)
        outcome = f"{found.outcome} == {PENDING} or {found.outcome} == {MISSED}"
        if without_hour := self._without_an_hour(duty, by, rule, doubt):
            outcome += f" or ({found.outcome} == {UNDETERMINED} and {found.note} == 0{without_hour})"
        place = self._done(by.events, by.since, by.for_other_level)
        asked = [f"({outcome})", f"{place} < 0", f"{due} != {NONE}"]
        asked.append(f"{self._unsure()} & {clock.FINISH_UNSURE} == 0")
        if by.since != AFTER_THE_END:
            asked.append(f"{self._place('finished', 'acceptance')} < 0")
        if doubt.kinds:
            asked.append(f"{self._hides()} & {doubt.kinds} == 0")
        if doubt.for_other_level:
            level = self._holds(OtherLevel())
            asked.append(f"({self._hides()} & {doubt.for_other_level} == 0 or not {level})")
        return " and ".join(asked)

    def _without_an_hour(self, duty: Obligation, by: Deadline, rule: Rule, doubt: Doubt) -> str:
        """Where an outcome may be open for want of an hour: what must hold besides, beginning with «and»."""
        if duty.when is not None or doubt.by_date:
            return ""
        if any(node.name == by.due and node.by_moment for node in rule.dates):
            return " and 0 == 0"
        if any(isinstance(condition, ReceivedAt) for condition in rule.applies_if):
            return f" and {self._accepted_minute()} < 0 and {self._works()} != 0"
        return ""

    def _first(self, day: str, rank: int) -> None:
        """The first act that hangs on nothing more, by its day and then by the rank of its name."""
        with self.lines.block(f"if {day} < by or ({day} == by and {rank} < what):"):
            self.lines.add(f"by = {day}")
            self.lines.add(f"what = {rank}")

    def _last_minute(self, name: str, due: str, nodes: dict[str, DateNode]) -> str:
        """The minute at which its day ends, where that is known."""
        node = nodes.get(name)
        if node is not None and node.by_moment:
            first_day, first, last_day, last = self._ends(node)
            return f"{last} if {first_day} == {last_day} and {first} == {last} else 1440"
        if name in OWN_MINUTE:
            return f"{out_of(clock.O_LAWFUL_MINUTE)} if {due} == {out_of(clock.O_LAWFUL_DAY)} else 1440"
        return "1440"

    def _may_go_back(self, way: EachWithin, at: int) -> tuple[str, str, str]:
        """The time in which a file that is not eligible goes back: whether it runs, its last day and minute."""
        lines, day, minute, open_ = self.lines, self._variable(), self._variable(), self._variable()
        start, lawful = out_of(clock.O_LAST_START), out_of(clock.O_LAWFUL_DAY)
        asked = (
            f"{out_of(clock.O_START)} >= 0 > {out_of(clock.O_END)}",
            f"{out_of(clock.O_RETURN_RANK)} < 0",
            f"hidden[k] & {1 << KINDS[way.event]} == 0",
            f"{out_of(clock.O_UNSURE)} & {clock.PAUSES_SAID | clock.FINISH_UNSURE} == 0",
            f"({lawful} == {NONE} or today <= {lawful})",
        )
        lines.add(f"{open_} = 1 if {' and '.join(asked)} else 0")
        lines.add(f"{day} = {NONE}")
        lines.add(f"{minute} = 1440")
        with lines.block(f"if {open_} != 0:"):
            self._count_days(day, f"day[{start}]", DateNode("", "", way.amount, "workday"))
            if way.unless_limit is not None:
                own, ends, event = self._variable(), [self._variable() for _ in range(4)], self._variable()
                lines.add(f"{own} = {way.unless_limit}[k]")
                with lines.block(f"if {own} >= 0:"):
                    lines.add(f"{event} = {start}")
                    for part, value in zip(ends, (NONE, 0, NONE, 0), strict=True):
                        lines.add(f"{part} = {value}")
                    self._count_own(ends, event, own, way.unless_limit in ROLLED)
                    lines.add(f"{day} = {ends[2]}")
                    same = f"{ends[0]} == {ends[2]} and {ends[1]} == {ends[3]}"
                    lines.add(f"{minute} = {ends[3]} if {same} else 1440")
        return f"{open_} != 0 and {day} != {NONE}", day, minute
