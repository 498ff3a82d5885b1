"""The rule layer: one rule version and the facts of a dossier -> findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, assert_never

from tthc_rules.law import clock
from tthc_rules.law.codes import NoteCode
from tthc_rules.law.facts import EMPTY, MUST_BE, STATED, Facts, Seen
from tthc_rules.law.observed import Doubt, doubt_of
from tthc_rules.law.outcome import Ends, counted, ends_after, past, returned, within
from tthc_rules.law.outcome import deadline as deadline_outcome
from tthc_rules.law.rule import (
    Applicability,
    ByDate,
    ChannelIs,
    Deadline,
    DeadlineIs,
    Discharge,
    EachWithin,
    EventSeen,
    FieldIs,
    LabelledException,
    Limit,
    NotBefore,
    Obligation,
    OtherLevel,
    Outcome,
    Overlay,
    ReappointmentStands,
    ReceivedAt,
    Rule,
    Statement,
    received_later,
)
from tthc_rules.law.statute import Statute
from tthc_rules.result.found import Found

_OWN_MINUTE: Final = frozenset({"lawful_due", "current_due"})


def holds(condition: Applicability, facts: Facts) -> bool:
    """Whether one condition holds; an hour that was not recorded is asked of «until», not of «after»."""
    match condition:
        case EventSeen():
            return (facts.seen(condition.event, condition.since) is None) == condition.absent
        case OtherLevel():
            return facts.other_level
        case FieldIs():
            return facts.field in condition.fields
        case ChannelIs():
            return facts.channel in condition.channels
        case ReceivedAt():
            in_time = _works(facts) and facts.accepted_minute <= condition.cutoff
            return in_time != condition.late
        case ReappointmentStands():
            return facts.dates.get("reappointed_due") is not None
        case _:
            assert_never(condition)


def _works(facts: Facts) -> bool:
    """Whether the day of acceptance is a workday."""
    accepted = facts.dates["accepted"]
    calendar = facts.calendar
    if accepted is None or not calendar.base <= accepted <= calendar.last:
        return False
    return bool(calendar.works[accepted - calendar.base])


def applies(rule: Rule, facts: Facts) -> bool:
    """Whether every condition of the rule holds."""
    for condition in rule.applies_if:  # noqa: SIM110 - a loop is twice as fast as all() on nothing
        if not holds(condition, facts):
            return False
    return True


@dataclass(slots=True)
class Reading:
    """One rule version read against the facts."""

    rule: Rule
    facts: Facts
    _dates: dict[str, int | None] = field(init=False)
    _ends: dict[str, Ends | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._dates = dict(self.facts.dates) if self.rule.dates else self.facts.dates
        for node in self.rule.dates:
            if node.by_moment:
                self._ends[node.name] = ends = ends_after(node, self.facts)
                self._dates[node.name] = None if ends is None else ends[1][0]
                continue
            self._dates[node.name] = counted(node, self._dates.get(node.base), self.facts.calendar)

    # -- dates and deadlines -------------------------------------------------------------------------------------------

    def ends(self, name: str) -> Ends | None:
        """When a time that is counted from a moment ends; nothing for dates that are days."""
        return self._ends.get(name)

    def minute(self, name: str, due: int) -> int:
        """The minute at which that date ends: a limit in working hours ends at its own, all else with its day."""
        its_own = name in _OWN_MINUTE and due == self.facts.dates["lawful_due"]
        return self.facts.lawful_minute if its_own else 1440

    def date(self, name: str) -> int | None:
        """A date by its name: one of the clock's, or one that the rule counts."""
        return self._dates.get(name)

    def first(self, events: Sequence[str], since: str) -> Seen | None:
        """The earliest of several events, or nothing."""
        if len(events) == 1:
            return self.facts.seen(events[0], since)
        found = [seen for event in events if (seen := self.facts.seen(event, since)) is not None]
        return min(found, default=None)

    def deadline(self, node: Deadline) -> tuple[Outcome, int | None, int | None]:
        """Outcome, due day, day done."""
        facts = self.facts
        seen = self.first(node.counting(facts.other_level), node.since)
        done = None if seen is None else seen.day
        if node.due is None:
            if seen is None and node.since == "opinion_due" and facts.opinion_bare:
                return "undetermined", None, done
            return ("met" if seen is not None else "missed"), None, done
        due = self._dates.get(node.due)
        if due is None and facts.waiting:
            return "pending", None, done
        ends = self._ends.get(node.due)
        if ends is not None:
            at = past(ends, facts.as_of) if seen is None else within(ends, seen.day, seen.minute)
            words: tuple[Outcome, Outcome] = ("pending", "missed") if seen is None else ("met", "met_late")
            return ("undetermined" if at == 0 else words[at > 0]), due, done
        outcome = deadline_outcome(done, due, facts.as_of)
        if facts.lawful_minute < 1440 and due is not None and due == facts.dates["lawful_due"]:
            outcome = self._by_the_minute(node.due, outcome, seen, due)
        return outcome, due, done

    def _by_the_minute(self, name: str, outcome: Outcome, seen: Seen | None, due: int) -> Outcome:
        """A limit in working hours ends at its own minute; only dates that are that very end are compared so."""
        if name not in _OWN_MINUTE:
            return outcome
        if seen is not None:
            if seen.day != due:
                return outcome
            if seen.minute < 0:
                return "undetermined"
            return "met" if seen.minute <= self.facts.lawful_minute else "met_late"
        return "missed" if self.facts.as_of >= due else outcome

    @property
    def hour_is_missing(self) -> bool:
        """Whether the rule turns on an hour of reception that was not recorded; on a day off no hour is needed."""
        if self.facts.accepted_minute >= 0 or not any(isinstance(c, ReceivedAt) for c in self.rule.applies_if):
            return False
        return _works(self.facts)

    # -- obligations and limits ----------------------------------------------------------------------------------------

    def findings(self) -> list[Found]:
        """Every duty and limit of a rule that applies."""
        found = [self.obligation(obligation) for obligation in self.rule.obligations if self.is_present(obligation)]
        return found + [self.limit(limit) for limit in self.rule.limits]

    def limit(self, node: Limit) -> Found:
        """Whether a limit was kept, as far as the source shows."""
        facts = self.facts
        outcome: Outcome = "broken" if times(node, facts) > node.at_most else "kept"
        found = Found(node.id, outcome, self.rule, limit=node)
        if not facts.hidden:
            return found
        doubt = doubt_of(self.rule, node)
        if outcome == "kept" and facts.hidden & doubt.kinds:
            found.outcome, found.note = "undetermined", "not_observed"
        elif (outcome == "kept" or doubt.by_date_said) and facts.unsure & clock.PAUSES_SAID:
            found.outcome, found.note = "undetermined", "pauses_unknown"
        return found

    def is_present(self, node: Obligation) -> bool:
        """A duty on each request is there once a request is."""
        return not isinstance(node.fulfilled, EachWithin) or self.facts.slowest_return >= 0

    def obligation(self, node: Obligation) -> Found:
        """The outcome of one duty, by what fulfils it."""
        way = node.fulfilled
        match way:
            case Discharge():
                return self._discharge(node, way)
            case Statement():
                return self._statement(node, way)
            case NotBefore():
                return self._not_before(node, way)
            case EachWithin():
                outcome, note = self._as_observed(node, returned(way, self.facts))
                return Found(node.id, outcome, self.rule, obligation=node, note=note)
            case _:
                assert_never(way)

    def _not_before(self, node: Obligation, way: NotBefore) -> Found:
        """Whether what raised the duty came after the date that it had to wait for."""
        done, waits = self.facts.dates[way.event], self._dates.get(way.date)
        outcome: Outcome = "undetermined"
        note: NoteCode | None = None
        if done is not None and waits is not None:
            ends = self._ends.get(way.date)
            minute = self.facts.minutes.get(way.event, -1)
            after = (1 if done > waits else -1) if ends is None else within(ends, done, minute)
            if after:
                outcome, note = self._as_observed(node, "met" if after > 0 else "missed")
        return Found(node.id, outcome, self.rule, waits, done, node, note=note)

    def _statement(self, node: Obligation, way: Statement) -> Found:
        seen, outcome = self._best(way) if way.any else self._first(way)
        if node.when is not None:
            outcome, note = self._triggered(node, node.when, outcome)
        else:
            outcome, note = self._as_observed(node, outcome)
        done = None if seen is None or outcome in ("not_owed", "pending") else seen.day
        return Found(node.id, outcome, self.rule, done_on=done, obligation=node, note=note)

    def _first(self, way: Statement) -> tuple[Seen | None, Outcome]:
        seen = self.facts.seen(way.event, way.since)
        return seen, "missed" if seen is None else stated(way.fields, seen.flags)

    def _best(self, way: Statement) -> tuple[Seen | None, Outcome]:
        """Of several such events the one that fulfils best."""
        judged = [(stated(way.fields, seen.flags), seen) for seen in self.facts.each(way.event, way.since)]
        for outcome in ("met", "undetermined", "missed"):
            for said, seen in judged:
                if said == outcome:
                    return seen, said
        return None, "missed"

    def _discharge(self, node: Obligation, way: Discharge) -> Found:
        by = self.rule.deadlines[way.deadline]
        found = self._done_or_not(node, by)
        if found.act_by is not None and found.act_by < self.rule.asked_since:
            found.outcome, found.note, found.way = "not_owed", "act_by_before_in_force", ""
        elif self.hour_is_missing and not self._whatever_the_hour(node, by, found):
            found = Found(node.id, "undetermined", self.rule, found.act_by, self.deadline(by)[2], node)
        if found.outcome in ("not_owed", "pending"):
            found.done_on = None
        return found

    def _done_or_not(self, node: Obligation, by: Deadline) -> Found:
        """A duty against its deadline, with what fulfils it or releases from it as well."""
        outcome, due, done = self.deadline(by)
        found = Found(node.id, outcome, self.rule, due, done, node)
        if node.when is not None:
            found.outcome, found.note = self._triggered(node, node.when, outcome)
        elif outcome != "met":
            if (seen := self._by(node.or_by)) is not None:
                found.outcome, found.done_on, found.way = "met", seen.day, "or_by"
            elif self._by(node.waived) is not None:
                found.outcome, found.way = "not_owed", "waived_by"
            else:
                in_doubt = self._by(node.or_by, 0) is not None or self._by(node.waived, 0) is not None
                found.outcome, found.note = self._as_observed(node, "undetermined" if in_doubt else outcome)
        return found

    def _whatever_the_hour(self, node: Obligation, by: Deadline, found: Found) -> bool:
        """Whether the date that would bind after the hour gives the same outcome."""
        later = received_later(node, by)
        return later is not None and self._done_or_not(*later).outcome == found.outcome

    def _triggered(self, node: Obligation, when: DeadlineIs, then: Outcome) -> tuple[Outcome, NoteCode | None]:
        """The outcome of a duty that is owed once a deadline has that outcome, and what is noted."""
        if self.facts.unsure & clock.LATENESS_UNSURE and (doubt := doubt_of(self.rule, node)).by_lateness:
            return (then if then == "met" or doubt.judged else "undetermined"), None
        trigger = self.deadline(self.rule.deadlines[when.deadline])[0]
        if trigger in when.outcomes:
            return self._as_observed(node, then)
        return (trigger if trigger in ("pending", "undetermined") else "not_owed"), None

    def _raised_unseen(self, doubt: Doubt, outcome: Outcome) -> NoteCode | None:
        """What is noted where the absence that raised the duty need not have been seen."""
        if doubt.raised == clock.REQUEST_UNSURE and self.facts.unsure & clock.PAUSES_SAID:
            return "pauses_unknown"
        stands = outcome == "met" and doubt.raised == clock.OPINION_UNSURE
        return "not_observed" if self.facts.unsure & doubt.raised and not stands else None

    def _as_observed(self, node: Obligation, outcome: Outcome) -> tuple[Outcome, NoteCode | None]:
        """The outcome as far as the source could show another, and what is noted."""
        facts = self.facts
        doubt = doubt_of(self.rule, node)
        if facts.hidden and doubt.raised and (note := self._raised_unseen(doubt, outcome)) is not None:
            return "undetermined", note
        if outcome == "missed" and not facts.ended and self.rule.is_undated(node):
            return "pending", None
        if not facts.hidden or outcome == "met":
            return outcome, None
        if doubt.by_finish and facts.unsure & clock.FINISH_UNSURE:
            return "undetermined", "finish_unknown"
        if outcome in ("missed", "met_late"):
            if doubt.by_date and facts.unsure & (clock.PAUSES_UNSURE | clock.LATENESS_UNSURE):
                return "undetermined", None
            if doubt.by_date_said and facts.unsure & clock.PAUSES_SAID:
                return "undetermined", "pauses_unknown"
        if outcome == "missed" and facts.hidden & doubt.absences(facts.other_level) and not doubt.judged:
            return "undetermined", "not_observed"
        if outcome in ("missed", "met_late") and doubt.or_result and facts.unsure & clock.FINISH_UNSURE:
            return "undetermined", "finish_unknown"
        return outcome, None

    def _by(self, node: ByDate | None, at: int = -1) -> Seen | None:
        """The event that came by the date, or nothing; `at` 0: one without an hour on the day of an hour."""
        if node is None:
            return None
        by = self._dates.get(node.by)
        seen = self.first(node.events, "acceptance")
        ends = self._ends.get(node.by)
        if seen is None or by is None:
            return None
        when = (-1 if seen.day <= by else 1) if ends is None else within(ends, seen.day, seen.minute)
        return seen if when == at else None


def times(limit: Limit, facts: Facts) -> int:
    """How often that happened which a limit counts."""
    match limit.counts:
        case "supplement_requests":
            return facts.requests
        case "reappointments":
            return facts.reappointments
        case _:
            assert_never(limit.counts)


def lacking(way: Statement, flags: int) -> Iterator[tuple[str, str]]:
    """Each field that an event does not state as the clause asks, and how: `empty`, `absent`, `otherwise`."""
    for name in way.fields:
        if flags & EMPTY.get(name, 0):
            yield name, "empty"
        elif not flags & STATED[name]:
            yield name, "absent"
        elif not flags & MUST_BE.get(name, flags | 1):
            yield name, "otherwise"


def stated(fields: Iterable[str], flags: int) -> Outcome:
    """What an event states against what it must state: empty or otherwise is a miss, silent is not known."""
    if any(flags & EMPTY.get(name, 0) for name in fields):
        return "missed"
    if not all(flags & STATED[name] for name in fields):
        return "undetermined"
    return "met" if all(flags & MUST_BE.get(name, flags | 1) for name in fields) else "missed"


def judge(statute: Statute, facts: Facts, overlays: Sequence[Overlay] = ()) -> list[Found]:
    """Every duty and limit that is in force and applies, with what the place adds or excepts."""
    found: list[Found] = []
    for rule, day in statute.governing(facts):
        if rule.repealed or not rule.is_on or not applies(rule, facts):
            continue
        for one in Reading(rule, facts).findings():
            one.picked = day
            found.append(one)
            if overlays:
                _overlay(one, [o for o in overlays if o.in_force.covers(day, facts.known_on)], facts)
    return found


def _overlay(found: Found, overlays: Sequence[Overlay], facts: Facts) -> None:
    """Add who answers; take the one exception that applies. Two that apply at once contradict each other: no answer."""
    found.overlays = tuple(overlays)
    exceptions = excepted_by(found.id, overlays, facts)
    if len(exceptions) == 1:
        found.outcome, found.note = "not_owed", "excepted"
    elif exceptions:
        found.outcome, found.note = "undetermined", "two_exceptions"


def excepted_by(duty: str, overlays: Iterable[Overlay], facts: Facts) -> list[LabelledException]:
    """The exceptions that apply to a duty."""
    return [
        exception
        for overlay in overlays
        for exception in overlay.excepts
        if exception.duty == duty and all(holds(condition, facts) for condition in exception.conditions)
    ]
