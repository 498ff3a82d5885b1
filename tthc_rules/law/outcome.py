"""The deadline primitive, and a date counted from another: defined once, for every engine."""

from __future__ import annotations

from tthc_rules.law.rule import DateNode, Outcome
from tthc_rules.law.workdays import Calendar


def deadline(done: int | None, due: int | None, as_of: int) -> Outcome:
    """Whether an event met its due date, as far as that can be said on `as_of`; days since 1970-01-01.

    `done` is the event's day if it exists on `as_of`. An event that is not there has not happened; a due date that is
    not given is unknown.
    """
    if due is None:
        return "undetermined"
    if done is not None:
        return "met" if done <= due else "met_late"
    return "missed" if as_of > due else "pending"


def counted(node: DateNode, base: int | None, calendar: Calendar) -> int | None:
    """A date counted from another one, or nothing where that is not known or lies outside the calendar."""
    if base is None or not calendar.base < base <= calendar.last:
        return None
    at = base - calendar.base
    if node.unit == "calendar_day":
        day = base - node.amount if node.backwards else base + node.amount
    elif node.amount == 0:
        day = base
    else:
        # Backwards from a day off counts from the workday before it: the target day itself is not counted.
        before = calendar.idx[at - 1] + 1 if node.backwards else calendar.idx[at]
        place = before - node.amount if node.backwards else before + node.amount
        if not 0 < place < len(calendar.nth):
            return None
        day = calendar.nth[place]
    if not calendar.base <= day <= calendar.last:
        return None
    return calendar.nth[calendar.idx[day - calendar.base]] if node.rolled_back else day
