"""Dates, events and deadlines of one rule version as branches: what came when, against what day, hour or minute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tthc_rules.durable import complaints
from tthc_rules.durable.branches import Branches, above, always, choose, flag
from tthc_rules.durable.conditions import all_hold, not_
from tthc_rules.durable.loading import MISSING, DossierLoading, FactDate, First, counted_from
from tthc_rules.law.rule import (
    DATE_FACTS,
    ByDate,
    Deadline,
    Outcome,
    ReceivedAt,
    Rule,
)

_WHOLE_DAY: Final = 1440
_BY_THE_MINUTE: Final = ("lawful_due", "current_due")
"""Dates that end at their own minute where the limit is in working hours."""


class Deadlines:
    """The dates and deadlines of one rule version."""

    def __init__(self, rule: Rule, loading: DossierLoading) -> None:
        self.rule, self.loading = rule, loading
        self.days = {name: FactDate(name) for name in DATE_FACTS}
        for node in rule.dates:
            self.days[node.name] = counted_from(self.day(node.base), node)

    def place(self, part: str) -> str:
        return f"{self.rule.source or self.rule.version}: {part}"

    def day(self, name: str) -> FactDate:
        day = self.days.get(name)
        if day is None:
            raise complaints.name_unknown(self.place("dates"), name)
        return day

    def is_known(self, day: FactDate) -> Branches[bool]:
        return above(self.loading.day(day), MISSING)

    def is_seen(self, first: First) -> Branches[bool]:
        return flag(self.loading.seen(first))

    def came_by(self, node: ByDate | None) -> Branches[bool]:
        """Whether one of these events came by that date."""
        if node is None:
            return always(False)
        first, day = First(node.events, "acceptance"), self.day(node.by)
        if day.node is not None and day.node.by_moment:
            return self._both_there(first, day, lambda: not_(above(self.loading.moment(first, day), -1)))
        return self._both_there(first, day, lambda: not_(above(self.loading.late(first, day), 0)))

    def may_have_come(self, node: ByDate | None) -> Branches[bool]:
        """Whether the hour that one of these events does not bear decides whether it came by that date."""
        day = None if node is None else self.day(node.by)
        if node is None or day is None or day.node is None or not day.node.by_moment:
            return always(False)
        first = First(node.events, "acceptance")
        at = self.loading.moment(first, day)
        return self._both_there(
            first, day, lambda: choose(above(at, -1), lambda: not_(above(at, 0)), lambda: always(False))
        )

    def _both_there(self, first: First, day: FactDate, then: Callable[[], Branches[bool]]) -> Branches[bool]:
        """Where the event was seen and the date is known; false where not."""
        return choose(
            self.is_seen(first),
            lambda: choose(self.is_known(day), then, lambda: always(False)),
            lambda: always(False),
        )

    def applies(self) -> Branches[bool]:
        return all_hold(self.rule.applies_if, self.loading, self.place("applies_if"))

    def hour_is_missing(self) -> Branches[bool]:
        """Whether the rule turns on an hour of reception that was not recorded."""
        if not any(isinstance(condition, ReceivedAt) for condition in self.rule.applies_if):
            return always(False)
        return choose(
            above(self.loading.accepted_minute(), -1),
            lambda: always(False),
            lambda: flag(self.loading.accepted_on_workday()),
        )

    def deadline(self, name: str) -> Branches[Outcome]:
        return self.outcome_of(self.node(name))

    def outcome_of(self, node: Deadline) -> Branches[Outcome]:
        if node.for_other_level:
            usual = replace(node, for_other_level=())
            every = replace(usual, events=node.counting(other_level=True))
            return choose(
                flag(self.loading.other_level()), lambda: self.outcome_of(every), lambda: self.outcome_of(usual)
            )
        first = First(node.events, node.since)
        if node.due is None:
            missed: Branches[Outcome] = just("missed")
            if node.since == "opinion_due":
                missed = flag(self.loading.opinion_bare()).then(lambda bare: just("undetermined" if bare else "missed"))
            return choose(self.is_seen(first), lambda: just("met"), lambda: missed)
        day = self.day(node.due)
        if day.node is not None and day.node.by_moment:
            return choose(
                self.is_known(day),
                lambda: self.by_the_hour(first, day),
                lambda: choose(flag(self.loading.waiting()), lambda: just("pending"), lambda: just("undetermined")),
            )
        return choose(
            self.is_known(day),
            lambda: choose(
                self.ends_at_its_minute(node.due),
                lambda: self.by_the_minute(first, day),
                lambda: self.by_the_day(first, day),
            ),
            lambda: choose(flag(self.loading.waiting()), lambda: just("pending"), lambda: just("undetermined")),
        )

    def by_the_hour(self, first: First, day: FactDate) -> Branches[Outcome]:
        moment = self.loading.moment(first, day)

        def said(early: Outcome, late: Outcome) -> Branches[Outcome]:
            return choose(
                above(moment, 0),
                lambda: just(late),
                lambda: choose(above(moment, -1), lambda: just("undetermined"), lambda: just(early)),
            )

        return choose(self.is_seen(first), lambda: said("met", "met_late"), lambda: said("pending", "missed"))

    def node(self, name: str) -> Deadline:
        node = self.rule.deadlines.get(name)
        if not isinstance(node, Deadline):
            raise complaints.name_unknown(self.place("deadlines"), name)
        return node

    def by_the_day(self, first: First, day: FactDate) -> Branches[Outcome]:
        return choose(
            self.is_seen(first),
            lambda: choose(above(self.loading.late(first, day), 0), lambda: just("met_late"), lambda: just("met")),
            lambda: choose(above(self.loading.past(day), 0), lambda: just("missed"), lambda: just("pending")),
        )

    def ends_at_its_minute(self, name: str | None) -> Branches[bool]:
        """Whether that date is the very end of a limit in working hours."""
        if name not in _BY_THE_MINUTE:
            return always(False)
        lawful, day = self.day("lawful_due"), self.day(name)
        return choose(
            above(self.loading.lawful_minute(), _WHOLE_DAY - 1),
            lambda: always(False),
            lambda: always(True) if day == lawful else flag(self.loading.is_same(day, lawful)),
        )

    def by_the_minute(self, first: First, day: FactDate) -> Branches[Outcome]:
        loading = self.loading
        late = loading.late(first, day)
        on_the_day = choose(
            flag(loading.hour_is_known(first)),
            lambda: choose(above(loading.minutes_late(first), 0), lambda: just("met_late"), lambda: just("met")),
            lambda: just("undetermined"),
        )
        return choose(
            self.is_seen(first),
            lambda: choose(
                above(late, 0),
                lambda: just("met_late"),
                lambda: choose(above(late, -1), lambda: on_the_day, lambda: just("met")),
            ),
            lambda: choose(above(loading.past(day), -1), lambda: just("missed"), lambda: just("pending")),
        )


def just(outcome: Outcome) -> Branches[Outcome]:
    return always(outcome)
