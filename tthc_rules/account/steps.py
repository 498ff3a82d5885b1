"""The steps of agencies as an account counts them: those of a verdict, or as a row of results carries them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from tthc_rules.account.cells import is_nothing, name_in
from tthc_rules.account.problems import row_not_read
from tthc_rules.errors import AccountError
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import STEP_OUTCOMES
from tthc_rules.result.columns import STEPS

STATES: Final = ("in_time", "late", "open_late", "undetermined")
IN_TIME, LATE, OPEN_LATE, UNDETERMINED = STATES
WORDS: Final = frozenset(STEP_OUTCOMES) - {""}


class CountedStep(NamedTuple):
    """One agency's step, in days since 1970-01-01; `timed`: its due date has a minute."""

    agency: str | None
    due: int | None
    timed: bool
    done: int | None
    outcome: str
    """As it was on the day of the verdict."""


def steps_of_verdict(verdict: Any) -> tuple[CountedStep, ...]:
    """The steps of a verdict."""
    return tuple(
        CountedStep(
            name_in(step.agency or "", verdict.dossier_id, STEPS) or None,
            None if step.due is None else day_of(step.due),
            isinstance(step.due, datetime),
            None if step.done_on is None else day_of(step.done_on),
            step.outcome,
        )
        for step in verdict.steps
    )


def steps_of_cell(cell: object, place: str) -> tuple[CountedStep, ...]:
    """The steps in a cell of a row: a list of objects (pandas: an array), the same as JSON text, or nothing."""
    listed = cell.tolist() if hasattr(cell, "tolist") else cell
    if is_nothing(listed):
        return ()
    try:
        said = _listed(json.loads(listed) if isinstance(listed, str) else listed)
        return tuple(_step_of(step, place) for step in said)
    except AccountError:
        raise
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise AccountError(row_not_read(place, STEPS, cell)) from None


_DAY: Final = 10
"""How long a day is, as text; what is longer has a minute."""


def _listed(said: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(said, list | tuple):
        raise TypeError(said)
    return said


def has_minute(due: str) -> bool:
    """Whether a due date as text has a minute."""
    return len(due) > _DAY


def read_day(said: str) -> int:
    """The day of a date or moment as text; raises `ValueError`."""
    if said[4:5] != "-" or said[7:8] != "-":  # Python also takes 20240823, 2024-W34-5
        raise ValueError(said)
    return day_of(date.fromisoformat(said[:_DAY]))


def _step_of(said: Mapping[str, Any], place: str) -> CountedStep:
    agency, due, done = said["agency"], said["due"], said["done_on"]
    if said["outcome"] not in WORDS or not isinstance(agency, str | None):
        raise ValueError(said)
    agency = name_in(agency or "", place, STEPS) or None
    return CountedStep(agency, _day_of(due), has_minute(due or ""), _day_of(done), said["outcome"])


def _day_of(said: object) -> int | None:
    if said is None:
        return None
    if isinstance(said, date):
        return day_of(said)
    if not isinstance(said, str):
        raise TypeError(said)
    return read_day(said)


class StepState(NamedTuple):
    """How a step stands on the closing day: the state, the last day on which that was decided, and against its due."""

    state: str
    last: int
    end: int
    """-1 where nothing can be said yet; 0 early, 1 on the day, 2 late."""


def state_of(step: CountedStep, finished: int | None, closing: int) -> StepState:
    """A step on the closing day. What was not done when the dossier ended is neither done nor awaited after it."""
    done = step.done if step.done is not None and step.done <= closing else None
    ended = finished if finished is not None and finished <= closing else None
    last = done if done is not None else ended if ended is not None else closing
    if step.due is None:
        return StepState(UNDETERMINED, last, -1)
    if done is not None:
        if done > step.due or (done == step.due and step.outcome == "late"):
            return StepState(LATE, last, 2)
        return StepState(IN_TIME, last, 0 if done < step.due else 1)
    if ended is None:
        passed = step.due < closing or (step.due == closing and step.timed)
    elif step.done is None:
        passed = step.outcome in ("overdue", "undetermined")
    else:  # it was done after the closing day
        passed = step.due < ended
    if not passed:
        return StepState(IN_TIME, last, -1)
    return StepState(UNDETERMINED, last, -1) if step.outcome == "undetermined" else StepState(OPEN_LATE, last, 2)


def is_counted(step: CountedStep, stands: StepState, first: int, closing: int) -> bool:
    """Whether a step is among those of the period: it fell due in it, was late in it, or is open."""
    due_by_then = step.due is not None and step.due <= closing
    return stands.last >= first and (due_by_then or stands.state in (IN_TIME, UNDETERMINED))


def worst_of(stands: Iterable[StepState]) -> int:
    """The worst of the steps against their own due dates; -1 where none of them says anything."""
    return max((one.end for one in stands), default=-1)
