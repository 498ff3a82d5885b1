"""What rules ask of a dossier, as lines of the flat function: events, dates, deadlines, conditions, each written once.

A value is known by its meaning (the day of the first apology, the outcome of a deadline), whichever rule asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, assert_never

from tthc_rules.law import clock
from tthc_rules.law.codes import CHANNELS, FIELD_AT, OTHER_LEVEL
from tthc_rules.law.composed import (
    MET,
    MET_LATE,
    MISSED,
    PENDING,
    PLACES,
    RAISED_AT,
    RESULTS,
    UNDETERMINED,
    Slots,
)
from tthc_rules.law.flatlines import NONE, out_of
from tthc_rules.law.flattimes import Times
from tthc_rules.law.rule import (
    DATE_FACTS,
    ROLLED,
    Applicability,
    ChannelIs,
    DateNode,
    Deadline,
    EventSeen,
    FieldIs,
    OtherLevel,
    OwnTimeName,
    ReappointmentStands,
    ReceivedAt,
)

_COLUMNS: Final = {
    "original_due": clock.O_ORIGINAL_DAY,
    "lawful_due": clock.O_LAWFUL_DAY,
    "current_due": clock.O_CURRENT_DAY,
    "promised_due": clock.O_PROMISED_DAY,
    "reappointed_due": clock.O_REAPPOINTED_DAY,
    "opinion_due": clock.O_OPINION_DAY,
}
_OWN_MINUTE: Final = frozenset({"lawful_due", "current_due"})


class Flat(Times):
    """What the rules ask for, each meaning written once."""

    def __init__(self, slots: Slots) -> None:
        super().__init__()
        self.slots = slots
        self.surely_accepted = True
        """Whether the rules now being written are asked only of dossiers that were accepted."""

    # -- events --------------------------------------------------------------------------------------------------------

    def _place(self, event: str, since: str) -> str:
        """The first such event, as an index, or -1."""
        match event:
            case "finished":
                return self._expression("finished", lambda: out_of(clock.O_END))
            case "handled":
                return self._expression("handled", self._handled)
            case "result":
                return self._earliest(RESULTS, "acceptance")
            case "released":
                return self._expression("released", lambda: out_of(clock.O_RELEASED))
            case _ if (event, since) in RAISED_AT:
                return self._expression((event, since), lambda: out_of(RAISED_AT[event, since]))
            case _:
                column = self.slots.column(event, since)
                return self._expression((event, since), lambda: out_of(column))

    def _handled(self) -> str:
        end = self._place("finished", "acceptance")
        given_up = f"(kind[{end}] == {clock.WITHDRAWN} or kind[{end}] == {clock.DOSSIER_CLOSED})"
        return f"-1 if {end} >= 0 and {given_up} else {end}"

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

    def _done(self, events: Sequence[str], since: str, for_other_level: Sequence[str] = ()) -> str:
        """The earliest of several events and, for a file of another level, of some more; as an index, or -1."""
        if not for_other_level:
            return self._earliest(events, since)

        def text() -> str:
            usual, every = self._earliest(events, since), self._earliest((*events, *for_other_level), since)
            return f"{every} if {self._holds(OtherLevel())} else {usual}"

        return self._expression(("by level", *events, "and", *for_other_level, since), text)

    def _day(self, events: Sequence[str], since: str, for_other_level: Sequence[str] = ()) -> str:
        """The day of that event, or none."""
        meaning = ("day", *events, "and", *for_other_level, since)
        return self._expression(meaning, lambda: self._day_of(self._done(events, since, for_other_level)))

    # -- dates ---------------------------------------------------------------------------------------------------------

    def _accepted_at(self) -> str:
        accepted = out_of(clock.O_ACCEPTED)
        started = f"{accepted} if {out_of(clock.O_START)} >= 0 else -1"
        return self._expression("accepted_at", lambda: accepted if self.surely_accepted else started)

    def _accepted(self) -> str:
        at = self._accepted_at()
        return f"day[{at}]" if self.surely_accepted else self._day_of(at)

    def _date(self, name: str, nodes: dict[str, DateNode]) -> str:
        """A date by its name: one of the clock's, or one that the rule counts."""
        node = nodes.get(name)
        if node is None:
            if name == "accepted":
                return self._expression("accepted", self._accepted)
            if name in PLACES:
                return self._expression(name, lambda: self._day_of(self._raiser(name)))
            return self._expression(name, lambda: out_of(_COLUMNS[name]))
        return self._meaning(meaning_of(name, nodes), lambda into: self._count(into, node, nodes))

    def _raiser(self, name: str) -> str:
        """The event that raises a duty, as an index, or -1."""
        return self._expression(("place", name), lambda: out_of(PLACES[name]))

    @staticmethod
    def _day_of(place: str) -> str:
        return f"day[{place}] if {place} >= 0 else {NONE}"

    def _count(self, into: str, node: DateNode, nodes: dict[str, DateNode]) -> None:
        """A date counted from another one; none where that is not known or lies outside the calendar."""
        if node.by_moment:
            _, _, day, _ = self._ends(node)
            self.lines.add(f"{into} = {day}")
            return
        self._count_days(into, self._date(node.base, nodes), node)

    def _count_days(self, into: str, base: str, node: DateNode) -> None:
        """So many days or workdays from another day."""
        lines = self.lines
        lines.add(f"{into} = {NONE}")
        with lines.block(f"if base < {base} <= last:"):
            if node.unit == "calendar_day":
                lines.add(f"{into} = {base} {'-' if node.backwards else '+'} {node.amount}")
            elif node.amount == 0 and node.backwards:
                lines.add(f"{into} = {base}")
            else:
                # Backwards from a day off counts from the workday before it: the target day itself is not counted.
                # No workdays after a day: that workday, or the first one after a day off.
                place = self._variable()
                if node.backwards or node.amount == 0:
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

    def _ends(self, node: DateNode) -> tuple[str, str, str, str]:
        """The earliest and the latest moment at which a time that is counted from a moment ends: day, minute, twice."""
        key = ("ends", node.base, node.amount, node.unit, node.unless_limit)

        def write(name: str) -> None:
            rest = [self._variable() for _ in range(3)]
            for place, variable in enumerate(rest):
                self.scope.known[key, place] = variable
            at = self._accepted_at() if node.base == "accepted" else self._raiser(node.base)
            into, own = (name, *rest), self._own_time(node.unless_limit)
            for part, value in zip(into, (NONE, 0, NONE, 0), strict=True):
                self.lines.add(f"{part} = {value}")
            with self.lines.block(f"if {at} >= 0:"):
                self._count_from(into, at, node, own)

        first = self._meaning(key, write)
        found = [self.scope.find((key, part)) for part in range(3)]
        assert found[0] is not None
        assert found[1] is not None
        assert found[2] is not None
        return first, found[0], found[1], found[2]

    def _own_time(self, name: OwnTimeName | None) -> str | None:
        """What sector law says beside the limit, as one number: below nought where it says nothing."""
        return None if name is None else self._expression(("own time", name), lambda: f"{name}[k]")

    def _count_from(self, into: Sequence[str], at: str, node: DateNode, own: str | None) -> None:
        """The end of a node's own time, or of what sector law says in its place, from an event."""
        lines = self.lines
        if own is None or node.unless_limit is None:
            self._count_usual(into, at, node)
            return
        with lines.block(f"if {own} < 0:"):
            self._count_usual(into, at, node)
        with lines.block("else:"):
            self._count_own(into, at, own, node.unless_limit in ROLLED)

    def _count_usual(self, into: Sequence[str], at: str, node: DateNode) -> None:
        """The end of a node's own time from an event."""
        if node.unit == "work_hour":
            self._count_hours(into, at, str(node.amount))
        elif node.unit == "office_day":
            self._count_office_days(into, at, node.amount)
        else:
            last = self._variable()
            self._count_days(last, f"day[{at}]", node)
            self._until_midnight(into, last)

    # -- deadlines -----------------------------------------------------------------------------------------------------

    def _deadline(self, node: Deadline, nodes: dict[str, DateNode]) -> tuple[str, str, str]:
        """Outcome, due day, the event that did it."""
        counting = (node.events, node.since, node.for_other_level)
        place = self._done(*counting)
        due_name = node.due
        if due_name is None:
            there = ("there", *counting)
            return self._expression(there, lambda: self._there(node)), "", place

        def write(name: str) -> None:
            place, done = self._done(*counting), self._day(*counting)
            due = self._date(due_name, nodes)
            waiting, lines = self._waiting(), self.lines
            counted = nodes.get(due_name)
            if counted is not None and counted.by_moment:
                first_day, first, last_day, last = ends = self._ends(counted)
                at = self._within(ends, place)
                with lines.block(f"if {place} < 0 and {due} != {NONE}:"):
                    self._turn(f"{first_day} if {first} < 1440 else {first_day} + 1")
                    self._turn(f"{last_day} if {last} < 1440 else {last_day} + 1")
                with lines.block(f"if {due} == {NONE}:"):
                    lines.add(f"{name} = {PENDING} if {waiting} != 0 else {UNDETERMINED}")
                with lines.block(f"elif {place} >= 0:"):
                    lines.add(f"{name} = {UNDETERMINED} if {at} == 0 else ({MET} if {at} < 0 else {MET_LATE})")
                with lines.block("else:"):
                    lines.add(f"{name} = {UNDETERMINED}")
                    with lines.block(f"if today > {last_day} or (today == {last_day} and {last} < 1440):"):
                        lines.add(f"{name} = {MISSED}")
                    with lines.block(f"if today < {first_day} or (today == {first_day} and {first} >= 1440):"):
                        lines.add(f"{name} = {PENDING}")
                return
            self._turns(due, place, due_name)
            with lines.block(f"if {due} == {NONE}:"):
                lines.add(f"{name} = {PENDING} if {waiting} != 0 else {UNDETERMINED}")
            with lines.block(f"elif {done} != {NONE}:"):
                lines.add(f"{name} = {MET} if {done} <= {due} else {MET_LATE}")
            with lines.block("else:"):
                lines.add(f"{name} = {MISSED} if today > {due} else {PENDING}")
            if due_name in _OWN_MINUTE:
                self._by_the_minute(name, place, due, done)

        meaning = ("deadline", *counting, meaning_of(due_name, nodes))
        return self._meaning(meaning, write), self._date(due_name, nodes), place

    def _turns(self, due: str, place: str, due_name: str) -> None:
        """When a deadline whose event is missing passes: after its day, or at a minute of it."""
        passes = f"{due} + 1"
        if due_name in _OWN_MINUTE:
            at_a_minute = f"{out_of(clock.O_LAWFUL_MINUTE)} < 1440 and {due} == {out_of(clock.O_LAWFUL_DAY)}"
            passes = f"{due} if {at_a_minute} else {due} + 1"
        with self.lines.block(f"if {place} < 0 and {due} != {NONE}:"):
            self._turn(passes)

    def _turn(self, day: str) -> None:
        """A later day on which something is to be asked again; the first of them counts."""
        turns = self._variable()
        self.lines.add(f"{turns} = {day}")
        with self.lines.block(f"if today < {turns} < turn:"):
            self.lines.add(f"turn = {turns}")

    def _there(self, node: Deadline) -> str:
        otherwise = str(MISSED)
        if node.since == "opinion_due":
            otherwise = f"({UNDETERMINED} if {out_of(clock.O_OPINION_BARE)} >= 0 else {MISSED})"
        return f"{MET} if {self._done(node.events, node.since, node.for_other_level)} >= 0 else {otherwise}"

    def _waiting(self) -> str:
        """Whether the clock stands still: the due dates are open, not unknown."""
        return self._expression("waiting", lambda: out_of(clock.O_PAUSED))

    def _by_the_minute(self, name: str, place: str, due: str, done: str) -> None:
        """A limit in working hours ends at its own minute; only dates that are that very end are compared so."""
        lines = self.lines
        lawful, end = out_of(clock.O_LAWFUL_DAY), out_of(clock.O_LAWFUL_MINUTE)
        with lines.block(f"if {due} != {NONE} and {end} < 1440 and {due} == {lawful}:"):
            with lines.block(f"if {done} == {due}:"):
                at = self._variable()
                lines.add(f"{at} = minute[{place}]")
                with lines.block(f"if {at} < 0:"):
                    lines.add(f"{name} = {UNDETERMINED}")
                with lines.block("else:"):
                    lines.add(f"{name} = {MET} if {at} <= {end} else {MET_LATE}")
            with lines.block(f"elif {done} == {NONE} and today >= {due}:"):
                lines.add(f"{name} = {MISSED}")

    # -- conditions ----------------------------------------------------------------------------------------------------

    def _holds(self, condition: Applicability) -> str:
        """Whether a condition holds, as an expression."""
        match condition:
            case EventSeen():
                return f"{self._place(condition.event, condition.since)} {'<' if condition.absent else '>='} 0"
            case OtherLevel():
                return f"channel[k] & {OTHER_LEVEL} != 0"
            case ChannelIs():
                codes = sorted(CHANNELS[name] for name in condition.channels)
                channel = self._expression("channel", lambda: f"channel[k] & {OTHER_LEVEL - 1}")
                return "(" + (" or ".join(f"{channel} == {code}" for code in codes) or "0 == 1") + ")"
            case FieldIs():
                field = self._expression("field", lambda: f"channel[k] >> {FIELD_AT}")
                numbers = sorted(self.slots.field(name) for name in condition.fields)
                return "(" + (" or ".join(f"{field} == {number}" for number in numbers) or "0 == 1") + ")"
            case ReceivedAt():
                works, minute = self._works(), self._accepted_minute()
                in_time = f"({works} != 0 and {minute} <= {condition.cutoff})"
                return f"not {in_time}" if condition.late else in_time
            case ReappointmentStands():
                return f"{self._date('reappointed_due', {})} != {NONE}"
            case _:
                assert_never(condition)

    def _accepted_minute(self) -> str:
        def text() -> str:
            at = self._accepted_at()
            return f"minute[{at}]" if self.surely_accepted else f"minute[{at}] if {at} >= 0 else -1"

        return self._expression("accepted_minute", text)

    def _works(self) -> str:
        """Whether the day of acceptance is a workday."""

        def write(name: str) -> None:
            accepted = self._date("accepted", {})
            self.lines.add(f"{name} = 0")
            with self.lines.block(f"if base <= {accepted} <= last:"):
                before = f"(idx[{accepted} - base - 1] if {accepted} > base else 0)"
                self.lines.add(f"{name} = idx[{accepted} - base] - {before}")

        return self._meaning("works", write)


def meaning_of(name: str, nodes: dict[str, DateNode]) -> object:
    """What a date is counted from, and how: equal for equal dates of different rules."""
    node = nodes.get(name)
    if node is None:
        return name
    return meaning_of(node.base, nodes), node.amount, node.unit, node.backwards, node.rolled_back, node.unless_limit


assert set(DATE_FACTS) == {"accepted", *_COLUMNS, *PLACES}
