"""The rule layer read aloud: SEMANTICS as slow code, to be compared with every judge.

It knows the nodes of a rule and a calendar's list of workdays. It counts days by walking them, compares instants and
not days, and shares no code with the engines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import assert_never

from tthc_rules.law import clock
from tthc_rules.law.dossier import OwnTime
from tthc_rules.law.facts import Seen
from tthc_rules.law.rule import (
    Applicability,
    ByDate,
    ChannelIs,
    DateNode,
    Deadline,
    Discharge,
    EachWithin,
    EventSeen,
    FieldIs,
    NotBefore,
    Obligation,
    OtherLevel,
    Overlay,
    ReappointmentStands,
    ReceivedAt,
    Rule,
    Statement,
)
from tthc_rules.law.workdays import Calendar

from .situation import Finding, Group, Situation

DAY = 1440


def works(calendar: Calendar, day: int) -> bool:
    """Whether offices work on that day."""
    return calendar.base <= day <= calendar.last and bool(calendar.works[day - calendar.base])


def counted_by_walking(node: DateNode, base: int | None, calendar: Calendar) -> int | None:
    """So many days from another one, step by step."""
    if base is None:
        return None
    step = -1 if node.backwards else 1
    day, left = base, node.amount
    if left == 0 and node.unit == "workday" and not node.backwards:
        while not works(calendar, day):  # none that works on a day off: the first one that works
            if day >= calendar.last:
                return None
            day += 1
    while left:
        day += step
        if not calendar.base < day < calendar.last:
            return None
        if node.unit == "calendar_day" or works(calendar, day):
            left -= 1
    while node.rolled_back and not works(calendar, day):
        day -= 1
    return day


def own_time_by_walking(own: OwnTime, name: str, day: int, calendar: Calendar) -> int | None:
    """The last day of a time that sector law gives: a return and an answer end on a workday, a closing as written."""
    if own.unit == "workday":
        left = own.amount
        while left:
            day += 1
            left -= works(calendar, day)
            if day >= calendar.last:
                return None
    elif own.unit in ("month", "year"):
        then = date.fromordinal(day + 719163)
        months = then.month - 1 + own.amount * (12 if own.unit == "year" else 1)
        wanted = then.day
        while True:
            try:
                day = date(then.year + months // 12, months % 12 + 1, wanted).toordinal() - 719163
                break
            except ValueError:
                wanted -= 1
    else:
        day += own.amount * {"calendar_day": 1, "week": 7}[own.unit]
    while name != "closes_after" and not works(calendar, day):
        day += 1
    return day


def oracle_judge(group: Group) -> list[list[Finding]]:
    """Every situation by every line of versions."""
    return [
        [one for versions in group.rules for one in _judged(versions, situation, group)]
        for situation in group.situations
    ]


def _judged(versions: Sequence[Rule], situation: Situation, group: Group) -> list[Finding]:
    for rule in sorted(versions, key=lambda version: version.in_force.start, reverse=True):
        day = _picking_day(rule, situation)
        span = rule.in_force
        if day is None or span.issued_on > group.known_on or day < span.start:
            continue
        end_is_known = span.end_known_on is None or span.end_known_on <= group.known_on
        if span.until is not None and end_is_known and day > span.until:
            continue
        if rule.repealed or not rule.is_on or not all(_holds(c, situation, group.calendar) for c in rule.applies_if):
            return []
        acts = [o for o in group.overlays if _in_force(o, day, group.known_on)]
        return [_with_place(one, rule, acts, situation, group) for one in _Reader(rule, situation, group).said()]
    return []


def _in_force(overlay: Overlay, day: int, known_on: int) -> bool:
    span = overlay.in_force
    if known_on < span.issued_on or day < span.start:
        return False
    return span.until is None or day <= span.until or (span.end_known_on is not None and known_on < span.end_known_on)


def _picking_day(rule: Rule, situation: Situation) -> int | None:
    if rule.picked_by == "dossier_accepted":
        return situation.date("accepted")
    if rule.picked_by == "lawful_due":
        due = situation.date("lawful_due")
        return situation.date("original_due") if due is None and situation.waiting else due
    if rule.picked_by != "supplement_requested":
        return situation.date(rule.picked_by)
    # the request that exceeds, else the last one, else acceptance
    for limit in rule.limits:
        if situation.requests >= limit.at_most + 1:
            return situation.request_days[limit.at_most - 1]
    last = situation.request_days[2]
    return situation.date("accepted") if last is None else last


def _holds(condition: Applicability, situation: Situation, calendar: Calendar) -> bool:
    if isinstance(condition, EventSeen):
        return bool(_events(situation, condition.event, condition.since)) is not condition.absent
    if isinstance(condition, OtherLevel):
        return situation.other_level
    if isinstance(condition, ChannelIs):
        return situation.channel in condition.channels
    if isinstance(condition, FieldIs):
        return situation.field in condition.fields
    if isinstance(condition, ReceivedAt):
        day = situation.date("accepted")
        late = day is None or not works(calendar, day) or situation.accepted_minute > condition.cutoff
        return late if condition.late else not late
    if isinstance(condition, ReappointmentStands):
        return situation.date("reappointed_due") is not None
    assert_never(condition)


def _events(situation: Situation, event: str, since: str) -> Sequence[Seen]:
    return next((found for key, found in situation.seen if key == (event, since)), ())


def without_a_day(rule: Rule, duty: Obligation) -> bool:
    """Whether no day is named by which it is to be done: a deadline without a date, or any event that states so."""
    if isinstance(duty.fulfilled, Discharge):
        return rule.deadlines[duty.fulfilled.deadline].due is None
    return isinstance(duty.fulfilled, Statement) and duty.fulfilled.any


class _Reader:
    """One version of one rule, against one situation."""

    def __init__(self, rule: Rule, situation: Situation, group: Group) -> None:
        self.rule, self.situation, self.group = rule, situation, group
        self.dates = situation.by_name()
        self.own = dict(situation.own_times)
        for node in rule.dates:
            self.dates[node.name] = self.counted(node)

    def counted(self, node: DateNode) -> int | None:
        """A date by its own count, or by that of sector law."""
        base = self.dates[node.base]
        own = self.own.get(node.unless_limit or "")
        if node.unit in ("work_hour", "office_day") and own is None:
            return None  # no situation here has office hours
        if own is None or base is None:
            return counted_by_walking(node, base, self.group.calendar)
        return own_time_by_walking(own, node.unless_limit or "", base, self.group.calendar)

    def returned(self, way: EachWithin) -> str:
        """Whether every file that went back did so in time."""
        name = way.unless_limit or ""
        own = self.own.get(name)
        if own is None:
            return "met_late" if self.situation.slowest_return > way.amount else "met"
        ends = [own_time_by_walking(own, name, start.day, self.group.calendar) for start, _ in self.situation.returns]
        asked = [one.day for _, one in self.situation.returns]
        late = any(end is not None and day > end for day, end in zip(asked, ends, strict=True))
        return "met_late" if late else "undetermined" if None in ends else "met"

    def said(self) -> Iterable[Finding]:
        """Every duty and limit."""
        situation = self.situation
        for duty in self.rule.obligations:
            if isinstance(duty.fulfilled, EachWithin):
                if situation.slowest_return >= 0:
                    yield self._dressed(duty.id, self.returned(duty.fulfilled))
            elif isinstance(duty.fulfilled, Statement):
                yield self._statement(duty, duty.fulfilled)
            elif isinstance(duty.fulfilled, Discharge):
                yield self._discharge(duty, self.rule.deadlines[duty.fulfilled.deadline])
            elif isinstance(duty.fulfilled, NotBefore):
                waits, done = self.dates[duty.fulfilled.date], self.dates[duty.fulfilled.event]
                said = "undetermined" if waits is None or done is None else "met" if done > waits else "missed"
                yield self._dressed(duty.id, said, waits, done)
            else:
                assert_never(duty.fulfilled)
        counted = {"supplement_requests": situation.requests, "reappointments": situation.reappointments}
        for limit in self.rule.limits:
            times = counted[limit.counts]
            yield Finding(limit.id, "kept" if times <= limit.at_most else "broken", None, None, "", ())

    def _dressed(
        self, duty: str, outcome: str, due: int | None = None, done: int | None = None, note: str = ""
    ) -> Finding:
        return Finding(duty, outcome, due, None if outcome in ("pending", "not_owed") else done, note, ())

    # -- a deadline: instants, a day ends at 24:00 ---------------------------------------------------------------------

    def earliest(self, events: Iterable[str], since: str) -> Seen | None:
        """The first of several events."""
        found = [some[0] for event in events if (some := _events(self.situation, event, since))]
        return min(found, key=lambda seen: (seen.day, seen.minute)) if found else None

    def did(self, node: Deadline) -> Seen | None:
        """What a deadline waits for; a file for another level may have gone on paper, or have arrived there."""
        also = node.for_other_level if self.situation.other_level else ()
        return self.earliest([*node.events, *also], node.since)

    def deadline(self, node: Deadline) -> str:
        """met, met_late, missed, pending, undetermined."""
        done = self.did(node)
        if node.due is None:
            if done is None and node.since == "opinion_due" and self.situation.opinion_bare:
                return "undetermined"
            return "missed" if done is None else "met"
        due = self.dates[node.due]
        if due is None:
            return "pending" if self.situation.waiting else "undetermined"
        ends = (due + 1) * DAY
        minute = self.situation.lawful_minute
        if node.due in ("lawful_due", "current_due") and due == self.situation.date("lawful_due") and minute < DAY:
            ends = due * DAY + minute
        if done is None:
            return "missed" if (self.situation.as_of + 1) * DAY > ends else "pending"
        if done.minute < 0 and done.day == due and ends % DAY:
            return "undetermined"
        at = done.day * DAY + max(done.minute, 0)
        # the last minute of a day belongs to it; a limit in hours ends with its own minute
        return "met" if at <= ends - (0 if ends % DAY else 1) else "met_late"

    def came_by(self, way: ByDate | None) -> int | None:
        """The day of an event that came by a date."""
        if way is None:
            return None
        by, seen = self.dates[way.by], self.earliest(way.events, "acceptance")
        return seen.day if seen is not None and by is not None and seen.day <= by else None

    # -- a duty --------------------------------------------------------------------------------------------------------

    def _discharge(self, duty: Obligation, node: Deadline) -> Finding:
        due = None if node.due is None else self.dates[node.due]
        seen = self.did(node)
        done = None if seen is None else seen.day
        since = self.rule.in_force.start if self.rule.continues is None else self.rule.continues
        if due is not None and due < since:
            return self._dressed(duty.id, "not_owed", due, done, "act_by_before_in_force")
        found = self._outcome(duty, node, due, done)
        if self._hour_is_asked():
            # two hours are possible, and with them two last days: what both say is known all the same
            other = None if duty.hour_unknown is None else self._as_if(duty, node, duty.hour_unknown, done)
            if other is None or other.outcome != found.outcome:
                return self._dressed(duty.id, "undetermined", due, done)
        return found

    def _as_if(self, duty: Obligation, node: Deadline, last_day: str, done: int | None) -> Finding:
        """The same duty with another last day."""
        or_by, waived = (
            replace(way, by=last_day) if way is not None and way.by == node.due else way
            for way in (duty.or_by, duty.waived)
        )
        other = replace(duty, or_by=or_by, waived=waived)
        return self._outcome(other, replace(node, due=last_day), self.dates[last_day], done)

    def _outcome(self, duty: Obligation, node: Deadline, due: int | None, done: int | None) -> Finding:
        outcome = self.deadline(node)
        if duty.when is not None:
            return self._dressed(duty.id, self._after(duty, outcome), due, done)
        if outcome != "met":
            if (other := self.came_by(duty.or_by)) is not None:
                return self._dressed(duty.id, "met", due, other)
            if self.came_by(duty.waived) is not None:
                return self._dressed(duty.id, "not_owed", due, done)
        return self._dressed(duty.id, self._while_open(duty, outcome), due, done)

    def _while_open(self, duty: Obligation, outcome: str) -> str:
        """There is no day on which a duty without one is missed while the dossier is open."""
        is_open = not self.situation.ended and without_a_day(self.rule, duty)
        return "pending" if outcome == "missed" and is_open else outcome

    def _hour_is_asked(self) -> bool:
        """Only where the hour decides which of two duties it is: received on a workday, at an unknown hour."""
        day = self.situation.date("accepted")
        asks = any(isinstance(condition, ReceivedAt) for condition in self.rule.applies_if)
        return asks and self.situation.accepted_minute < 0 and day is not None and works(self.group.calendar, day)

    def _after(self, duty: Obligation, outcome: str) -> str:
        """A triggered duty: pending until closed or late, not owed when closed in time."""
        assert duty.when is not None
        trigger = self.deadline(self.rule.deadlines[duty.when.deadline])
        if trigger in duty.when.outcomes:
            return self._while_open(duty, outcome)
        return {"pending": "pending", "undetermined": "undetermined"}.get(trigger, "not_owed")

    def _statement(self, duty: Obligation, way: Statement) -> Finding:
        found = [(_states(way, seen), seen) for seen in _events(self.situation, way.event, way.since)]
        if not way.any:
            found = found[:1]
        best = min(found, key=lambda one: ("met", "undetermined", "missed").index(one[0]), default=None)
        outcome = "missed" if best is None else best[0]
        outcome = self._while_open(duty, outcome) if duty.when is None else self._after(duty, outcome)
        return self._dressed(duty.id, outcome, None, None if best is None else best[1].day)


def _states(way: Statement, seen: Seen) -> str:
    """What one event says: an empty reason is a miss, silence is not known, the wrong form or no attachment a miss."""
    said = {
        "reason": (clock.HAS_REASON, clock.HAS_REASON),
        "new_due": (clock.HAS_NEW_DUE, clock.HAS_NEW_DUE),
        "form": (clock.HAS_FORM, clock.IS_APOLOGY_SLIP),
        "attached": (clock.HAS_ATTACHED, clock.IS_ATTACHED),
    }
    if "reason" in way.fields and seen.flags & clock.EMPTY_REASON:
        return "missed"
    if any(not seen.flags & said[name][0] for name in way.fields):
        return "undetermined"
    return "missed" if any(not seen.flags & said[name][1] for name in way.fields) else "met"


def _with_place(one: Finding, rule: Rule, acts: list[Overlay], situation: Situation, group: Group) -> Finding:
    """Exceptions of the place, then who answers: by the rule, and by each act of the place."""
    excepted = [
        exception
        for act in acts
        for exception in act.excepts
        if exception.duty == one.id and all(_holds(c, situation, group.calendar) for c in exception.conditions)
    ]
    if len(excepted) == 1:
        one = one._replace(outcome="not_owed", note="excepted")
    elif excepted:
        one = one._replace(outcome="undetermined", note="two_exceptions")
    answers = [*rule.responsibilities, *(answer for act in acts for answer in act.responsibilities)]
    roles = {answer.role for answer in answers if answer.duty == one.id and one.outcome in answer.outcomes}
    return one._replace(roles=tuple(sorted(roles)))
