"""Seeded bugs of the fourth reading: the rules as durable-rules has them, in what is translated, loaded and joined."""

from __future__ import annotations

from typing import Final

from .bugs import Bug

TRANSLATE: Final = "tthc_rules.durable.translate"
DEADLINES: Final = "tthc_rules.durable.deadlines"
CONDITIONS: Final = "tthc_rules.durable.conditions"
LOADING: Final = "tthc_rules.durable.loading"
DECIDED: Final = "tthc_rules.durable.decided"

_BUGS: Final = (
    # days shifted
    Bug(
        "done on the due date is late",
        DEADLINES,
        'late(first, day), 0), lambda: just("met_',
        'late(first, day), -1), lambda: just("met_',
    ),
    Bug(
        "missed on the due date",
        DEADLINES,
        'past(day), 0), lambda: just("missed")',
        'past(day), -1), lambda: just("missed")',
    ),
    Bug("15:00 is after 15:00", CONDITIONS, "accepted_minute(), cutoff)", "accepted_minute(), cutoff - 1)"),
    Bug("a version begins a day late", CONDITIONS, "above(day, start - 1),", "above(day, start),"),
    Bug(
        "a version ends a day early",
        CONDITIONS,
        "not_(above(day, until)),\n        lambda: always(False)",
        "not_(above(day, until - 1)),\n        lambda: always(False)",
    ),
    Bug("as many as allowed is too many", TRANSLATE, "above(times, node.at_most)", "above(times, node.at_most - 1)"),
    Bug("the third workday is late", TRANSLATE, "above(returned, 0),", "above(returned, -1),"),
    # masks inverted
    Bug(
        "an act after the day to act counts",
        DEADLINES,
        "not_(above(self.loading.late(first, day), 0))",
        "above(self.loading.late(first, day), 0)",
    ),
    Bug(
        "an undated duty is missed while the dossier is open",
        TRANSLATE,
        "not_(flag(loading.ended()))",
        "flag(loading.ended())",
    ),
    Bug("the absent is there", CONDITIONS, "return not_(there) if condition.absent else there", "return there"),
    Bug(
        "those who were not asked are judged", TRANSLATE, "slowest_return(), -1), late,", "slowest_return(), -2), late,"
    ),
    # actions removed
    Bug("the conditions of a version are ignored", DEADLINES, "all_hold(self.rule.applies_if,", "all_hold((),"),
    Bug("a hidden act is missed", TRANSLATE, "for unseen in self.unseen(doubt)]", "for unseen in ()]"),
    Bug(
        "an hour of reception is not needed",
        TRANSLATE,
        "choose(self.hour_is_missing(), whatever_the_hour,",
        "choose(always(False), whatever_the_hour,",
    ),
    Bug(
        "an empty reason is a reason",
        TRANSLATE,
        '_EMPTY: Final = {"reason": "empty_reason"}',
        "_EMPTY: Final = dict[str, str]()",
    ),
    Bug("nobody answers by the rule", DECIDED, "answers_of(rule, duty.id, means.outcome)", "()"),
    Bug("what a place adds is left out", DECIDED, "(*judged.answered, (means.answer, means.act))", "judged.answered"),
    Bug("the older version governs as well", DECIDED, "self._governs(spans, at + 1, place, kind)", "always(None)"),
    # facts swapped or beside
    Bug(
        "two facts swapped",
        LOADING,
        '"requests", lambda of: of.facts.requests',
        '"requests", lambda of: of.facts.reappointments',
    ),
    Bug("a bit off by one kind", LOADING, "of.facts.hidden & kinds", "of.facts.hidden >> 1 & kinds"),
    Bug("the day of the request beside", LOADING, "request_days[which]", "request_days[which - 1]"),
    Bug("a day off is a workday at reception", LOADING, "bool(calendar.works[accepted - calendar.base])", "True"),
    Bug(
        "the workday beside",
        LOADING,
        "calendar.works[accepted - calendar.base]",
        "calendar.works[accepted - calendar.base - 1]",
    ),
)

DURABLE_BUGS: Final = tuple(bug._replace(name=f"durable: {bug.name}", engine="durable") for bug in _BUGS)
