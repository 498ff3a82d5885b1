"""The deadline primitive: defined once, for every engine."""

from __future__ import annotations

from tthc_rules.law.rule import Outcome


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
