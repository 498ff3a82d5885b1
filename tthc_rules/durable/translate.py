"""One rule version -> decisions: each node of the representation has its translation here, or loading fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from tthc_rules.durable import complaints
from tthc_rules.durable.branches import Branches, Flag, above, always, choose, flag
from tthc_rules.durable.conditions import if_known, known_day, not_
from tthc_rules.durable.deadlines import Deadlines, just
from tthc_rules.durable.loading import MISSING, STATED, Among, FactDate, First
from tthc_rules.law.clock import FINISH_UNSURE, LATENESS_UNSURE, PAUSES_SAID, PAUSES_UNSURE, REQUEST_UNSURE
from tthc_rules.law.codes import NoteCode
from tthc_rules.law.observed import Doubt, doubt_of
from tthc_rules.law.rule import (
    Deadline,
    DeadlineIs,
    Discharge,
    EachWithin,
    Limit,
    NotBefore,
    Obligation,
    Outcome,
    Statement,
    received_later,
)

_NOT_DONE: Final = ("not_owed", "pending")
_STATES: Final = {"reason": "has_reason", "new_due": "has_new_due", "form": "has_form", "attached": "has_attached"}
_EMPTY: Final = {"reason": "empty_reason"}
_MUST_BE: Final = {"form": "is_apology_slip", "attached": "is_attached"}


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a branch means for a duty or limit: its outcome, and where its dates are to be read."""

    outcome: Outcome
    act_by: FactDate | None = None
    done: First | Among | FactDate | None = None
    note: NoteCode | None = None
    way: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of a deadline, and the other way to it, if one was taken."""

    outcome: Outcome
    way: str = ""


Finding: TypeAlias = Branches[Consequence | None]
"""Nothing where the duty is absent."""


class Translation(Deadlines):
    """One rule version, node by node."""

    # -- obligations and limits ----------------------------------------------------------------------------------------

    def findings(self) -> list[Finding]:
        """Every duty, then every limit, as they stand in the rule."""
        return [*map(self.obligation, self.rule.obligations), *map(self.limit, self.rule.limits)]

    def limit(self, node: Limit) -> Finding:
        match node.counts:
            case "supplement_requests":
                times = self.loading.requests()
            case "reappointments":
                times = self.loading.reappointments()
            case _:
                raise complaints.node_unknown(self.place(node.id), node.counts)
        doubt = doubt_of(self.rule, node)

        def said(outcome: Outcome) -> Finding:
            unseen: Finding = always(Consequence("undetermined", note="pauses_unknown"))
            return choose(flag(self.loading.unsure(PAUSES_SAID)), lambda: unseen, lambda: always(Consequence(outcome)))

        def kept() -> Finding:
            hidden: Finding = always(Consequence("undetermined", note="not_observed"))
            return choose(flag(self.loading.hides(doubt.kinds)), lambda: hidden, lambda: said("kept"))

        def broken() -> Finding:
            return said("broken") if doubt.by_date_said else always(Consequence("broken"))

        return choose(above(times, node.at_most), broken, kept)

    def obligation(self, node: Obligation) -> Finding:
        way = node.fulfilled
        match way:
            case Discharge():
                return self.discharge(node, way)
            case Statement():
                return self.statement(node, way)
            case EachWithin():
                return self.each_within(node, way)
            case NotBefore():
                return self.not_before(node, way)
            case _:
                raise complaints.node_unknown(self.place(node.id), way)

    def each_within(self, node: Obligation, way: EachWithin) -> Finding:
        def said(outcome: Outcome) -> Finding:
            return self.as_observed(node, outcome).then(lambda said: always(Consequence(said[0], note=said[1])))

        def late() -> Finding:
            if way.unless_limit is None:
                slowest = above(self.loading.slowest_return(), way.amount)
                return choose(slowest, lambda: said("met_late"), lambda: said("met"))
            returned = self.loading.returned(way)
            return choose(
                above(returned, 0),
                lambda: said("met_late"),
                lambda: choose(above(returned, -1), lambda: said("undetermined"), lambda: said("met")),
            )

        return choose(above(self.loading.slowest_return(), -1), late, lambda: always(None))

    def not_before(self, node: Obligation, way: NotBefore) -> Finding:
        day, event = self.day(way.date), self.day(way.event)

        def after(late: bool) -> Finding:
            return self.as_observed(node, "met" if late else "missed").then(
                lambda said: always(Consequence(said[0], day, event, said[1]))
            )

        unsaid: Finding = always(Consequence("undetermined", day, event))

        def by_moment() -> Finding:
            moment = self.loading.moment_of(event, day)
            return choose(
                above(moment, 0),
                lambda: after(True),
                lambda: choose(above(moment, -1), lambda: unsaid, lambda: after(False)),
            )

        def came() -> Finding:
            if day.node is not None and day.node.by_moment:
                return by_moment()
            return above(self.loading.days_between(day, event), 0).then(after)

        return choose(self.is_known(day), lambda: choose(self.is_known(event), came, lambda: unsaid), lambda: unsaid)

    def statement(self, node: Obligation, way: Statement) -> Finding:
        stated = self.best_stated(way) if way.any else self.first_stated(way)
        if node.when is None:
            return stated.then(lambda one: self._seen_as(node, one))
        when, doubt = node.when, doubt_of(self.rule, node)

        def then(trigger: Outcome) -> Finding:
            outcome = _after(when, trigger)
            if outcome is None:
                return stated.then(lambda one: self._seen_as(node, one))
            if outcome in _NOT_DONE:
                return always(Consequence(outcome))
            return stated.then(lambda one: always(Consequence(outcome, done=one.done)))

        def known(one: Consequence) -> Finding:
            return always(one if one.outcome == "met" or doubt.judged else Consequence("undetermined", done=one.done))

        return self.once_late(doubt, lambda: stated.then(known), lambda: self.deadline(when.deadline).then(then))

    def once_late(self, doubt: Doubt, unsure: Callable[[], Finding], sure: Callable[[], Finding]) -> Finding:
        """What is owed once the dossier is late, by whether that can be said."""
        if not doubt.by_lateness:
            return sure()
        return choose(flag(self.loading.unsure(LATENESS_UNSURE)), unsure, sure)

    def _seen_as(self, node: Obligation, one: Consequence) -> Finding:
        return self.as_observed(node, one.outcome).then(
            lambda said: always(Consequence(said[0], done=None if said[0] in _NOT_DONE else one.done, note=said[1]))
        )

    def as_observed(self, node: Obligation, outcome: Outcome) -> Branches[tuple[Outcome, NoteCode | None]]:
        """The outcome as far as the source could show another, and what is noted."""
        doubt, loading = doubt_of(self.rule, node), self.loading
        asked: list[tuple[Branches[bool], tuple[Outcome, NoteCode | None]]] = []
        if outcome == "missed" and self.rule.is_undated(node):
            asked.append((not_(flag(loading.ended())), ("pending", None)))
        if outcome != "met" and doubt.by_finish:
            asked.append((flag(loading.unsure(FINISH_UNSURE)), ("undetermined", "finish_unknown")))
        if outcome in ("missed", "met_late"):
            if doubt.by_date:
                asked.append((flag(loading.unsure(PAUSES_UNSURE | LATENESS_UNSURE)), ("undetermined", None)))
            if doubt.by_date_said:
                asked.append((flag(loading.unsure(PAUSES_SAID)), ("undetermined", "pauses_unknown")))
        if outcome == "missed":
            asked += [(unseen, ("undetermined", "not_observed")) for unseen in self.unseen(doubt)]
        if outcome in ("missed", "met_late") and doubt.or_result:
            asked.append((flag(loading.unsure(FINISH_UNSURE)), ("undetermined", "finish_unknown")))
        if doubt.raised == REQUEST_UNSURE:
            asked.insert(0, (flag(loading.unsure(REQUEST_UNSURE)), ("undetermined", "not_observed")))
            asked.insert(0, (flag(loading.unsure(PAUSES_SAID)), ("undetermined", "pauses_unknown")))
        elif doubt.raised and outcome != "met":
            asked.insert(0, (flag(loading.unsure(doubt.raised)), ("undetermined", "not_observed")))
        decided: Branches[tuple[Outcome, NoteCode | None]] = always((outcome, None))
        for question, instead in reversed(asked):
            decided = _rather(question, instead, decided)
        return decided

    def unseen(self, doubt: Doubt) -> Iterator[Branches[bool]]:
        """Whether an absence on which a miss rests would not have been seen."""
        loading = self.loading
        if doubt.kinds and not doubt.judged:
            yield flag(loading.hides(doubt.kinds))
        if doubt.for_other_level and not doubt.judged:
            more = flag(loading.hides(doubt.for_other_level))
            yield choose(flag(loading.other_level()), lambda: more, lambda: always(False))

    def first_stated(self, way: Statement) -> Branches[Consequence]:
        first = First((way.event,), way.since)
        return choose(
            self.is_seen(first),
            lambda: self.states(way.fields, lambda what: self.loading.states(first, what)).then(
                lambda outcome: always(Consequence(outcome, done=first))
            ),
            lambda: always(Consequence("missed")),
        )

    def best_stated(self, way: Statement) -> Branches[Consequence]:
        """Of several events the one that fulfils best; which flags make which outcome is settled here, once."""
        found: dict[Outcome, list[tuple[int, int]]] = {"met": [], "undetermined": [], "missed": []}
        for condition, outcome in self.states(way.fields, lambda what: what).each:
            asked = on = 0
            for what, bound in condition.items():
                asked |= STATED[what]
                on |= STATED[what] if bound == Flag(True) else 0
            found[outcome].append((asked, on))
        decided: Branches[Consequence] = always(Consequence("missed"))
        for outcome in reversed(found):
            if found[outcome]:
                decided = self._rather(Among(way.event, way.since, tuple(found[outcome])), outcome, decided)
        return decided

    def _rather(self, among: Among, outcome: Outcome, otherwise: Branches[Consequence]) -> Branches[Consequence]:
        return choose(
            flag(self.loading.some(among)), lambda: always(Consequence(outcome, done=among)), lambda: otherwise
        )

    def states(self, fields: Sequence[str], fact: Callable[[str], str]) -> Branches[Outcome]:
        """Empty or otherwise than the clause asks is a miss; what is silent is not known."""
        for name in fields:
            if name not in _STATES:
                raise complaints.name_unknown(self.place("states"), name)
        steps: list[tuple[str, bool, Outcome]] = [
            *((_EMPTY[name], True, "missed") for name in fields if name in _EMPTY),
            *((_STATES[name], False, "undetermined") for name in fields),
            *((_MUST_BE[name], False, "missed") for name in fields if name in _MUST_BE),
        ]
        decided = just("met")
        for what, wrong, outcome in reversed(steps):
            decided = _unless(flag(fact(what)), wrong, outcome, decided)
        return decided

    def discharge(self, node: Obligation, way: Discharge) -> Finding:
        by = self.node(way.deadline)
        if by.for_other_level:
            usual = replace(by, for_other_level=())
            every = replace(usual, events=by.counting(other_level=True))
            return choose(
                flag(self.loading.other_level()),
                lambda: self.discharged(node, every),
                lambda: self.discharged(node, usual),
            )
        return self.discharged(node, by)

    def discharged(self, node: Obligation, by: Deadline) -> Finding:
        """By a deadline of which it is settled what counts: in force, and where the hour decides, by both dates."""
        due = None if by.due is None else self.day(by.due)
        unsaid: Finding = always(Consequence("undetermined", due, First(by.events, by.since)))

        def whatever_the_hour() -> Finding:
            later = received_later(node, by)
            if later is None:
                return unsaid
            if node.when is not None:
                return self.done_or_not(node, by).then(
                    lambda one: self.done_or_not(*later).then(lambda two: always(one) if _alike(one, two) else unsaid)
                )
            return self.settled(node, by).then(
                lambda one: self.settled(*later).then(lambda two: by_both(one, two, *later))
            )

        def by_both(one: Settled, two: Settled, later: Obligation, then: Deadline) -> Finding:
            """What both dates come to; only where they differ it matters what the source could show."""
            found = self.as_settled(node, by, one)
            if one == two and doubt_of(self.rule, node) == doubt_of(self.rule, later):
                return found
            return found.then(
                lambda said: self.as_settled(later, then, two).then(
                    lambda other: always(said) if _alike(said, other) else unsaid
                )
            )

        return choose(
            self.lies_before_the_law(due),
            lambda: always(Consequence("not_owed", due, note="act_by_before_in_force")),
            lambda: choose(self.hour_is_missing(), whatever_the_hour, lambda: self.done_or_not(node, by)),
        )

    def done_or_not(self, node: Obligation, by: Deadline) -> Finding:
        """A duty against its deadline, with what fulfils it or releases from it as well."""
        if node.when is None:
            return self.settled(node, by).then(lambda settled: self.as_settled(node, by, settled))
        due = None if by.due is None else self.day(by.due)
        first = First(by.events, by.since)

        def say(outcome: Outcome, note: NoteCode | None = None) -> Finding:
            return always(Consequence(outcome, due, None if outcome in _NOT_DONE else first, note))

        def observed(outcome: Outcome) -> Finding:
            return self.as_observed(node, outcome).then(lambda said: say(said[0], said[1]))

        when, done = node.when, self.outcome_of(by)
        return self.once_late(
            doubt_of(self.rule, node),
            lambda: done.then(lambda outcome: say("met" if outcome == "met" else "undetermined")),
            lambda: self.deadline(when.deadline).then(
                lambda trigger: say(outcome) if (outcome := _after(when, trigger)) is not None else done.then(observed)
            ),
        )

    def settled(self, node: Obligation, by: Deadline) -> Branches[Settled]:
        """What came of the deadline, and whether another way fulfils the duty or releases from it."""

        def other(outcome: Outcome) -> Branches[Settled]:
            return choose(
                self.came_by(node.or_by),
                lambda: always(Settled("met", "or_by")),
                lambda: choose(
                    self.came_by(node.waived),
                    lambda: always(Settled("not_owed", "waived_by")),
                    lambda: choose(
                        self.may_have_come(node.or_by),
                        lambda: always(Settled("undetermined")),
                        lambda: choose(
                            self.may_have_come(node.waived),
                            lambda: always(Settled("undetermined")),
                            lambda: always(Settled(outcome)),
                        ),
                    ),
                ),
            )

        return self.outcome_of(by).then(lambda outcome: always(Settled("met")) if outcome == "met" else other(outcome))

    def as_settled(self, node: Obligation, by: Deadline, settled: Settled) -> Finding:
        """What is said of a duty that came about so, as far as the source could show another."""
        due = None if by.due is None else self.day(by.due)
        first = First(by.events, by.since)
        if settled.way == "or_by" and node.or_by is not None:
            return always(Consequence("met", due, First(node.or_by.events, "acceptance"), way="or_by"))
        if settled.way or settled.outcome == "met":
            done = None if settled.outcome in _NOT_DONE else first
            return always(Consequence(settled.outcome, due, done, way=settled.way))
        return self.as_observed(node, settled.outcome).then(
            lambda said: always(Consequence(said[0], due, None if said[0] in _NOT_DONE else first, said[1]))
        )

    def lies_before_the_law(self, due: FactDate | None) -> Branches[bool]:
        """Whether the act-by day lies before the first day of the instrument."""
        if due is None:
            return always(False)
        day = self.loading.day(due)
        return choose(self.is_known(due), lambda: not_(above(day, self.rule.asked_since - 1)), lambda: always(False))

    # -- the picking day -----------------------------------------------------------------------------------------------

    def request_that_picks(self) -> Branches[str | None]:
        """A limit on requests: the day of the request that exceeds it, else of the last one, else of acceptance."""
        return self._request_that_picks(self.rule.limits)

    def _request_that_picks(self, limits: Sequence[Limit]) -> Branches[str | None]:
        if not limits:
            last = self.loading.request_day(2)
            return choose(above(last, MISSING), lambda: always(last), lambda: known_day(self.loading, "accepted"))
        limit, *rest = limits
        if limit.at_most not in (1, 2):
            raise complaints.name_unknown(self.place(limit.id), f"at_most: {limit.at_most}")
        which = self.loading.request_day(limit.at_most - 1)
        return choose(
            above(self.loading.requests(), limit.at_most),
            lambda: if_known(which),
            lambda: self._request_that_picks(rest),
        )


def _alike(one: Consequence | None, other: Consequence | None) -> bool:
    return one is not None and other is not None and one.outcome == other.outcome


def _after(when: DeadlineIs, trigger: Outcome) -> Outcome | None:
    """What the trigger alone decides; nothing where the duty has come about."""
    if trigger in when.outcomes:
        return None
    return trigger if trigger in ("pending", "undetermined") else "not_owed"


def _unless(question: Branches[bool], wrong: bool, outcome: Outcome, otherwise: Branches[Outcome]) -> Branches[Outcome]:
    return question.then(lambda answer: just(outcome) if answer == wrong else otherwise)


def _rather(
    question: Branches[bool],
    instead: tuple[Outcome, NoteCode | None],
    otherwise: Branches[tuple[Outcome, NoteCode | None]],
) -> Branches[tuple[Outcome, NoteCode | None]]:
    return question.then(lambda answer: always(instead) if answer else otherwise)
