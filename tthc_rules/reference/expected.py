"""What the law still expects of duties, and the days on which one may come out otherwise: read off the nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from tthc_rules.law import clock
from tthc_rules.law.acts import Expected, is_past
from tthc_rules.law.codes import AFTER_THE_END, KINDS, OnlyIf
from tthc_rules.law.facts import Facts
from tthc_rules.law.observed import doubt_of
from tthc_rules.law.outcome import Ends, counted, own_ends
from tthc_rules.law.rule import (
    ROLLED,
    DateNode,
    Deadline,
    Discharge,
    EachWithin,
    NotBefore,
    Obligation,
    Overlay,
    Statement,
    received_later,
)
from tthc_rules.law.statute import Picked, Statute
from tthc_rules.reference.interpret import Reading, applies, excepted_by
from tthc_rules.result.found import Found


def expected(statute: Statute, facts: Facts, overlays: Sequence[Overlay], found: Iterable[Found]) -> Iterator[Expected]:
    """The acts that duties still expect, by what was found of them; the local acts in force beside each."""
    if facts.unsure & clock.FINISH_UNSURE:
        return  # whether it has ended is not known: nothing is asked of anyone
    by_name = {(one.rule.version, one.id): one for one in found}
    for rule, day in governing(statute, facts):
        reading = Reading(rule, facts)
        for duty in rule.obligations:
            one = by_name.get((rule.version, duty.id))
            act = None
            match duty.fulfilled:
                case Discharge() as way:
                    act = None if one is None else _discharge(reading, duty, rule.deadlines[way.deadline], one)
                case EachWithin() as way:
                    act = _each_within(reading, duty, way)
                case Statement() | NotBefore():
                    pass  # of what an event says that is there: there is no day to act by
                case way:
                    assert_never(way)
            if act is None:
                continue
            beside = [one for one in overlays if one.in_force.covers(day, facts.known_on)]
            if excepted_by(duty.id, beside, facts):
                continue
            act.overlays = tuple(beside)
            yield act


def governing(statute: Statute, facts: Facts) -> Iterator[Picked]:
    """The versions that govern and apply."""
    for picked in statute.governing(facts):
        if not picked.rule.repealed and picked.rule.is_on and applies(picked.rule, facts):
            yield picked


def _discharge(reading: Reading, duty: Obligation, by: Deadline, found: Found) -> Expected | None:
    """A duty with a day, while its event is missing and would be seen."""
    facts, doubt = reading.facts, doubt_of(reading.rule, duty)
    due = None if by.due is None else reading.date(by.due)
    if (
        due is None
        or (facts.ended and by.since != AFTER_THE_END)
        or reading.first(by.counting(facts.other_level), by.since) is not None
        or facts.hidden & doubt.absences(facts.other_level)
    ):
        return None
    ends = reading.ends(by.due or "")
    without_hour = found.note is None and not doubt.by_date and (ends is not None or reading.hour_is_missing)
    if found.outcome not in ("pending", "missed") and not (found.outcome == "undetermined" and without_hour):
        return None
    only_if: OnlyIf | None = None
    if duty.when is not None:
        if found.outcome == "undetermined":
            return None
        if reading.deadline(reading.rule.deadlines[duty.when.deadline])[0] == "pending":
            only_if = "result_late" if doubt.by_lateness else "raised_later"
    day, minute = _end(ends) if ends is not None else (due, reading.minute(by.due or "", due))
    overdue = found.outcome != "undetermined" and is_past(day, minute, facts.as_of)
    return Expected(duty.id, day, minute, overdue, only_if, reading.rule, duty)


def _each_within(reading: Reading, duty: Obligation, way: EachWithin) -> Expected | None:
    """The time in which a file that is not eligible goes back: until the due date or the first request."""
    facts = reading.facts
    lawful = facts.dates["lawful_due"]
    if (
        facts.start is None
        or facts.ended
        or facts.slowest_return >= 0
        or (facts.hidden >> KINDS[way.event] & 1)
        or facts.unsure & clock.PAUSES_SAID
        or (lawful is not None and facts.as_of > lawful)
    ):
        return None
    own = None if way.unless_limit is None else facts.own_times.get(way.unless_limit)
    if own is not None and way.unless_limit is not None:
        ends = own_ends(own, way.unless_limit in ROLLED, facts.start.day, facts.start.minute, facts)
        if ends is None:
            return None
        day, minute = _end(ends)
    else:
        last = counted(DateNode("", "", way.amount, "workday"), facts.start.day, facts.calendar)
        if last is None:
            return None
        day, minute = last, 1440
    return Expected(
        duty.id, day, minute, is_past(day, minute, facts.as_of), "not_eligible", reading.rule, duty
    )  # fmt: skip


def _end(ends: Ends) -> tuple[int, int]:
    """The last day on which such a time may end, and its minute where that is known."""
    return ends[1] if ends[0] == ends[1] else (ends[1][0], 1440)


def turning_days(statute: Statute, facts: Facts) -> Iterator[int]:
    """The days on which a deadline whose event is missing comes out otherwise, if nothing more happens."""
    for rule, _ in governing(statute, facts):
        reading = Reading(rule, facts)
        nodes = list(rule.deadlines.values())
        for duty in rule.obligations:
            if isinstance(duty.fulfilled, Discharge):
                later = received_later(duty, rule.deadlines[duty.fulfilled.deadline])
                nodes += [] if later is None else [later[1]]
        for node in nodes:
            due = None if node.due is None else reading.date(node.due)
            if due is None or reading.first(node.counting(facts.other_level), node.since) is not None:
                continue
            ends = reading.ends(node.due or "")
            for day, minute in ends if ends is not None else ((due, reading.minute(node.due or "", due)),):
                yield day if minute < 1440 else day + 1
