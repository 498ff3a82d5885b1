"""Conditions and days as branches: whether a version applies, which day picks it, whether an act is in force."""

from __future__ import annotations

from collections.abc import Sequence

from tthc_rules.durable import complaints
from tthc_rules.durable.branches import Branches, above, always, choose, flag, word
from tthc_rules.durable.loading import MISSING, DossierLoading, FactDate, First
from tthc_rules.law.rule import (
    FOREVER,
    Applicability,
    ChannelIs,
    EventSeen,
    FieldIs,
    InForce,
    OtherLevel,
    ReappointmentStands,
    ReceivedAt,
)


def all_hold(conditions: Sequence[Applicability], loading: DossierLoading, place: str) -> Branches[bool]:
    """Whether every condition holds."""
    if not conditions:
        return always(True)
    one, *rest = conditions
    return choose(holds(one, loading, place), lambda: all_hold(rest, loading, place), lambda: always(False))


def holds(condition: Applicability, loading: DossierLoading, place: str) -> Branches[bool]:
    """Whether one condition holds; an hour that was not recorded is asked of «until», not of «after»."""
    match condition:
        case EventSeen():
            there = flag(loading.seen(First((condition.event,), condition.since)))
            return not_(there) if condition.absent else there
        case OtherLevel():
            return flag(loading.other_level())
        case ChannelIs():
            return word(loading.channel(), condition.channels).then(lambda said: always(said is not None))
        case FieldIs():
            return flag(loading.field_is(condition.fields))
        case ReceivedAt():
            late, cutoff = condition.late, condition.cutoff
            return choose(
                flag(loading.accepted_on_workday()),
                lambda: above(loading.accepted_minute(), cutoff).then(lambda after: always(after == late)),
                lambda: always(late),
            )
        case ReappointmentStands():
            return above(loading.day(FactDate("reappointed_due")), MISSING)
        case _:
            raise complaints.node_unknown(place, condition)


def known_day(loading: DossierLoading, name: str) -> Branches[str | None]:
    """The fact that holds that day, or nothing where the day is not known."""
    return if_known(loading.day(FactDate(name)))


def due_that_picks(loading: DossierLoading) -> Branches[str | None]:
    """The lawful due date; while the clock stands still, the original one."""
    lawful = loading.day(FactDate("lawful_due"))
    return choose(
        above(lawful, MISSING),
        lambda: always(lawful),
        lambda: choose(flag(loading.waiting()), lambda: known_day(loading, "original_due"), lambda: always(None)),
    )


def lies_within(day: str, start: int, until: int) -> Branches[bool]:
    """Whether a day lies in a span of days."""
    return choose(
        above(day, start - 1),
        lambda: always(True) if until >= FOREVER else not_(above(day, until)),
        lambda: always(False),
    )


def covers(span: InForce, day: str, loading: DossierLoading) -> Branches[bool]:
    """Whether a local act is in force on a day, as known on the day of the question."""
    known_on = loading.known_on()

    def begun() -> Branches[bool]:
        if span.until is None:
            return always(True)
        until = span.until
        if span.end_known_on is None:
            return not_(above(day, until))
        return choose(above(known_on, span.end_known_on - 1), lambda: not_(above(day, until)), lambda: always(True))

    return choose(
        above(known_on, span.issued_on - 1),
        lambda: choose(above(day, span.start - 1), begun, lambda: always(False)),
        lambda: always(False),
    )


def if_known(day: str) -> Branches[str | None]:
    return above(day, MISSING).then(lambda known: always(day if known else None))


def not_(question: Branches[bool]) -> Branches[bool]:
    return question.then(lambda answer: always(not answer))
