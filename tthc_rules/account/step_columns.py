"""The steps of a table of results by columns: the same counts as step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.account.cells import name_in
from tthc_rules.account.coded import NONE, Coded, Ints
from tthc_rules.account.problems import row_not_read
from tthc_rules.account.steps import (
    IN_TIME,
    LATE,
    OPEN_LATE,
    STATES,
    UNDETERMINED,
    WORDS,
    has_minute,
    read_day,
    steps_of_cell,
)
from tthc_rules.errors import AccountError
from tthc_rules.result.columns import STEPS


@dataclass(frozen=True, slots=True)
class StepColumns:
    """Every step of a table: in which row it stands, and `CountedStep` by columns, of shape (steps,)."""

    known: bool
    """Whether the table says anything of steps."""
    row: Ints
    agency: Ints
    """Places in `agencies`, -1 where none is recorded."""
    agencies: list[str]
    due: Ints
    timed: Ints
    done: Ints
    outcome: Ints
    """Places in `outcomes`."""
    outcomes: list[str]

    @classmethod
    def of(cls, column: Any, rows: int) -> StepColumns:
        """The column `steps`: lists of structs, or their JSON text; raises `AccountError`."""
        if column is None:
            return _of_texts(Coded(None, rows), known=False)
        kind = column.type
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            return _of_lists(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column)
        return _of_texts(Coded(column, rows), known=True)

    def says(self, *words: str) -> Ints:
        """Which steps came out in one of these ways."""
        return np.array([word in words for word in self.outcomes] or [False])[self.outcome]

    def of_another(self, handling: Coded) -> Ints:
        """Which steps are of an agency that is not the handling one of its dossier."""
        places = {word: place for place, word in enumerate(handling.words)}
        mine = np.array([*(places.get(word, -2) for word in self.agencies), -1])[self.agency]
        return (self.agency >= 0) & (mine != handling.codes[self.row])


def _of_texts(coded: Coded, *, known: bool) -> StepColumns:
    listed = [steps_of_cell(word, "results") for word in coded.words]
    lengths = coded.lookup([len(steps) for steps in listed], 0, np.int64)
    begins = coded.lookup(np.cumsum([0, *map(len, listed)])[:-1].tolist(), 0, np.int64)
    at = np.arange(lengths.sum()) + np.repeat(begins - (np.cumsum(lengths) - lengths), lengths)
    steps = [step for one in listed for step in one]
    agencies = list(dict.fromkeys(step.agency for step in steps if step.agency is not None))
    outcomes = sorted(WORDS)

    def taken(values: list[int]) -> Ints:
        return np.array(values, np.int64)[at]

    return StepColumns(
        known,
        np.repeat(np.arange(len(lengths)), lengths),
        taken([-1 if step.agency is None else agencies.index(step.agency) for step in steps]),
        agencies,
        taken([NONE if step.due is None else step.due for step in steps]),
        taken([step.timed for step in steps]).astype(bool),
        taken([NONE if step.done is None else step.done for step in steps]),
        taken([outcomes.index(step.outcome) for step in steps]),
        outcomes,
    )


def _of_lists(column: Any) -> StepColumns:
    steps = pc.list_flatten(column)
    count = len(steps)
    due, done, outcome = (Coded(pc.struct_field(steps, name), count) for name in ("due", "done_on", "outcome"))
    agency = Coded(pc.struct_field(steps, "agency"), count, lambda word: name_in(word, "results", STEPS))
    if steps.null_count or (outcome.codes < 0).any() or not WORDS.issuperset(outcome.words):
        raise AccountError(row_not_read("results", STEPS, outcome.words))
    return StepColumns(
        True,
        np.asarray(pc.list_parent_indices(column)),
        agency.codes,
        agency.words,
        _days(due),
        due.lookup([has_minute(word) for word in due.words], False, bool),
        _days(done),
        outcome.codes,
        outcome.words,
    )


def _days(coded: Coded) -> Ints:
    try:
        return coded.lookup([read_day(word) for word in coded.words], NONE, np.int64)
    except ValueError:
        raise AccountError(row_not_read("results", STEPS, coded.words)) from None


@dataclass(frozen=True, slots=True)
class StandingColumns:
    """`StepState` of every step, by columns, of shape (steps,)."""

    state: Ints
    """Places in `steps.STATES`."""
    last: Ints
    end: Ints

    @classmethod
    def of(cls, steps: StepColumns, finished: Ints, closing: int) -> StandingColumns:
        """The steps on the closing day, as `steps.state_of` has each; `finished` is that of the rows."""
        finish = finished[steps.row]
        ended = (finish != NONE) & (finish <= closing)
        done = (steps.done != NONE) & (steps.done <= closing)
        known = steps.due != NONE
        late = done & ((steps.done > steps.due) | ((steps.done == steps.due) & steps.says("late")))
        open_passed = (steps.due < closing) | ((steps.due == closing) & steps.timed)
        ended_passed = np.where(steps.done == NONE, steps.says("overdue", "undetermined"), steps.due < finish)
        passed = known & ~done & np.where(ended, ended_passed, open_passed)
        unsure = ~known | (passed & steps.says("undetermined"))
        state = np.full(len(steps.row), STATES.index(IN_TIME))
        state[known & late] = STATES.index(LATE)
        state[passed] = STATES.index(OPEN_LATE)
        state[unsure] = STATES.index(UNDETERMINED)
        end = np.full(len(steps.row), -1)
        end[known & done] = np.where(late, 2, np.where(steps.done < steps.due, 0, 1))[known & done]
        end[passed & ~unsure] = 2
        return cls(state, np.where(done, steps.done, np.where(ended, finish, closing)), end)

    @property
    def is_late(self) -> Ints:
        """Which steps were late, or are."""
        return np.isin(self.state, [STATES.index(LATE), STATES.index(OPEN_LATE)])
