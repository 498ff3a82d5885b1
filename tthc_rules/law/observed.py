"""What a source cannot show: the kinds of event that it does not observe, and what a record is known to lack.

An event that is not there has not happened, in a log that would show it. What rests on an absence that the log would
not show is `undetermined`: `Doubt` says, for each duty and limit, which absences and which due dates those are. It is
read off the rule once; every engine asks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from tthc_rules.law import clock
from tthc_rules.law.codes import KINDS
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.rule import (
    ANSWER,
    Deadline,
    Discharge,
    EachWithin,
    EventSeen,
    Limit,
    NotBefore,
    Obligation,
    Rule,
    Statement,
)

EVERY_KIND: Final = sum(1 << code for code in KINDS.values())
GAPS: Final[Mapping[str, int]] = {
    "acceptance": clock.GAP_ACCEPTANCE,
    "pauses": clock.GAP_PAUSES,
    "finish": clock.GAP_FINISH,
}


def kinds_of(words: Iterable[str]) -> int:
    """These kinds of event as bits."""
    bits = 0
    for word in words:
        bits |= 1 << KINDS[word]
    return bits


def hidden_of(observes: Iterable[str] | None, unknown: Iterable[str]) -> int:
    """What the clock is told: bits of the kinds that are not observed, and of what the record lacks."""
    bits = 0 if observes is None else EVERY_KIND & ~kinds_of(observes)
    for word in unknown:
        bits |= GAPS[word]
    return bits


def hidden_from(dossier: Dossier) -> int:
    """The same, of a dossier."""
    if dossier.observes is None and not dossier.unknown:
        return 0
    return hidden_of(dossier.observes, dossier.unknown)


# -- what a duty rests on ----------------------------------------------------------------------------------------------

_CLOCK_DATES: Final = frozenset({"lawful_due", "current_due"})
_FINISHES: Final = frozenset({"finished", "handled"})
"""Any end, and any end by the authority: whether one would be seen, the clock says."""
_ENDS_BY_THE_AUTHORITY: Final = kinds_of(("result_issued", "result_returned", "dossier_refused", "processing_stopped"))
_COUNTED: Final = {"supplement_requests": "supplement_requested", "reappointments": "reappointed"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What would make an outcome of one duty or limit `undetermined`."""

    kinds: int = 0
    """Bits of kinds: a would-be `missed`, or `kept`, rests on the absence of every one of them."""
    for_other_level: int = 0
    """More such kinds, where the file is for an authority of another level."""
    by_finish: bool = False
    """Discharged by an end: nothing can be said where an end need not have been seen, unless it was met."""
    or_result: bool = False
    """A result would discharge it as well."""
    by_date: bool = False
    """It hangs on an end against the due date: missed or late, it is in doubt wherever stops may not be seen."""
    by_date_said: bool = False
    """Measured by the clock in another way: missed, late or broken, in doubt where the record itself lacks stops."""
    by_lateness: bool = False
    """It is owed once the dossier is late."""
    judged: bool = False
    """It is about what an event states that is there: judged however late the dossier is."""
    raised: int = 0
    """Raised by an absence: the bit of the clock that says whether that absence would have been seen."""

    def absences(self, other_level: bool) -> int:
        """The kinds that such a file rests on."""
        return self.kinds | self.for_other_level if other_level else self.kinds


def doubt_of(rule: Rule, node: Obligation | Limit) -> Doubt:
    """What a duty or limit of that rule rests on."""
    if isinstance(node, Limit):
        return Doubt(kinds=kinds_of((_COUNTED[node.counts],)), by_date_said=node.counts == "reappointments")
    by_lateness = node.when is not None and _is_lateness(rule.deadlines[node.when.deadline], rule)
    way = node.fulfilled
    match way:
        case Statement():
            judged = not way.any and any(isinstance(c, EventSeen) and c.event == way.event for c in rule.applies_if)
            return Doubt(kinds=kinds_of((way.event,)), by_lateness=by_lateness, judged=judged)
        case EachWithin():
            return Doubt(by_date_said=True)
        case NotBefore():
            return Doubt(raised=clock.REQUEST_UNSURE)
        case Discharge():
            return _doubt_of_discharge(rule, node, way, by_lateness)
        case _:
            assert_never(way)


def _doubt_of_discharge(rule: Rule, node: Obligation, way: Discharge, by_lateness: bool) -> Doubt:
    by = rule.deadlines[way.deadline]
    also = () if node.or_by is None else node.or_by.events
    events = (*by.events, *also)
    named = [event for event in events if event in KINDS]
    if ANSWER in events:
        named += ["dossier_accepted", "supplement_requested", "dossier_refused"]
    kinds = kinds_of(named) | (clock.RESULTS if "result" in events else 0)
    if not _FINISHES.isdisjoint(by.events):
        kinds |= _ENDS_BY_THE_AUTHORITY
    by_finish = not _FINISHES.isdisjoint(by.events)
    on_clock = by.due is not None and _rests_on_clock(by.due, rule)
    return Doubt(
        kinds,
        kinds_of(by.for_other_level),
        by_finish=by_finish,
        or_result="result" in events or not _FINISHES.isdisjoint(also),
        by_date=on_clock and by_finish and node.when is None,
        by_date_said=on_clock and not by_finish and node.when is None,
        by_lateness=by_lateness,
        raised=clock.OPINION_UNSURE if by.since == "opinion_due" else 0,
    )


def _is_lateness(deadline: Deadline, rule: Rule) -> bool:
    is_end = not _FINISHES.isdisjoint(deadline.events)
    return is_end and deadline.due is not None and _rests_on_clock(deadline.due, rule)


def _rests_on_clock(name: str, rule: Rule) -> bool:
    """Whether a date is one that a stop moves, or is counted from one."""
    nodes = {node.name: node.base for node in rule.dates}
    while name in nodes:
        name = nodes[name]
    return name in _CLOCK_DATES
