"""`Rulebook.rescore`: tables in memory, judged in parts on several threads, the rows in the order of the dossiers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tthc_rules.bulk.columns import DOSSIER_ID
from tthc_rules.bulk.dossiers import strange_names, table_of_dossiers
from tthc_rules.bulk.foreign import named, read_table, slices
from tthc_rules.bulk.governing import Plans
from tthc_rules.bulk.grouping import nested
from tthc_rules.bulk.intake import Batch, batch_of
from tthc_rules.bulk.result import result_schema, rows_between, table_of
from tthc_rules.bulk.score import Scorer
from tthc_rules.bulk.unknown import has_unknown, kinds_of, no_names, unknown_names
from tthc_rules.bulk.words import Kept
from tthc_rules.errors import DossierError, EngineError, OptionError, Problem, TthcError
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.question import Question
from tthc_rules.result.row import Row, error_row, row_of

PART: Final = 49_200
"""Dossiers that one thread judges at a time."""
_KINDS: Final = "kinds"
"""Where rows on their way say which kinds of events they come from: a piece says it of itself, whoever asks when."""
MOST_STRANGE: Final = 200
"""Names that nobody knows, of all dossiers that are judged together."""


class Rescorer:
    """Judges nested tables under one question, part by part; may be used from several threads."""

    def __init__(self, plans: Plans, question: Question) -> None:
        self.question = question
        self.scorer = Scorer(plans, question)
        self._kept: list[Kept] = []  # of those that judge no part now

    @property
    def schema(self) -> pa.Schema:
        """The columns of the result."""
        return result_schema(self.scorer.known.duties)

    def judge(self, table: pa.Table, one: Callable[[int], Row] | None = None) -> pa.RecordBatch:
        """The rows of a nested table, one a dossier, in its order; `one` judges a row that was set aside."""
        try:
            kept = self._kept.pop()
        except IndexError:
            kept = Kept(len(self.scorer.known.duties))
        batch = batch_of(table, self.scorer.places)
        if self.question.strict:
            batch.aside |= has_unknown(batch)
        answers = self.scorer.score(batch, kept)
        alone = one or (lambda row: self._one(batch, row))
        aside = {row: alone(row) for row in np.flatnonzero(batch.aside).tolist()}
        names = unknown_names(batch, self.scorer.as_of) if answers.met_unknown else no_names(len(batch))
        made = table_of(batch, answers, self.scorer.known.duties, self.scorer.corpus.digest, names, aside, kept)
        self._kept.append(kept)
        return made.replace_schema_metadata({**made.schema.metadata, _KINDS: json.dumps(sorted(kinds_of(batch)))})

    def judge_all(self, table: pa.Table) -> pa.Table:
        """The rows of a nested table of any length: in parts, on several threads."""
        parts = list(slices(table, PART))
        with ThreadPoolExecutor(min(len(parts), cpu_count() or 1)) as pool:
            made = list(pool.map(self.judge, parts))
        return pa.Table.from_batches(made, self.schema)

    def together(self, dossiers: Sequence[Dossier]) -> pa.RecordBatch:
        """The rows of dossiers, one each; what no table can hold is judged alone, and stops nobody else."""
        rows: dict[int, Row] = {}
        good: list[Dossier] = []
        strange: set[str] = set()
        for place, dossier in enumerate(dossiers):
            try:
                own = strange_names(dossier)
            except Exception:  # models of somebody else's
                rows[place] = self.alone(dossier)
                continue
            if len(strange | own) > MOST_STRANGE:  # each would be a column for all
                rows[place] = self.alone(dossier)
                continue
            strange |= own
            good.append(dossier)
        return rows_between(self._together(good), rows)

    def _together(self, dossiers: Sequence[Dossier]) -> pa.RecordBatch:
        try:
            table = named(table_of_dossiers(dossiers))
            return self.judge(table, lambda row: self.alone(dossiers[row])).replace_schema_metadata(
                self.schema.metadata
            )
        except (EngineError, OptionError):
            raise
        except Exception:  # whatever is in one of them: the halves tell which
            if len(dossiers) <= 1:
                nothing = pa.RecordBatch.from_pylist([], self.schema)
                return rows_between(nothing, dict(enumerate(map(self.alone, dossiers))))
        middle = len(dossiers) // 2
        halves = [self._together(dossiers[:middle]), self._together(dossiers[middle:])]
        (both,) = pa.Table.from_batches(halves).unify_dictionaries().combine_chunks().to_batches()
        return both

    def alone(self, given: object) -> Row:
        """One dossier through the border of the one-dossier path, in a row with every column."""
        try:
            dossier = given if isinstance(given, Dossier) else Dossier.model_validate(given)
            row = row_of(self.scorer.plans.evaluate(dossier, self.question))
        except (EngineError, OptionError):
            raise
        except TthcError as error:
            row = error_row(_id_of(given), error)
        except Exception as error:  # foreign classes, data without an end: an error row, as for any other fault
            row = error_row(_id_of(given), DossierError(_not_read(error)))
        return {name: row.get(name) for name in self.schema.names}

    def _one(self, batch: Batch, row: int) -> Row:
        """A dossier that was set aside."""
        data = batch.row(row)
        if row in batch.conflicts:
            return error_row(_id_of(data), DossierError(batch.conflicts[row]))
        return self.alone(data)


def kinds_in(made: pa.RecordBatch) -> list[str]:
    """The kinds of events behind rows as `judge` gives them: all that are known under one word."""
    kinds: list[str] = json.loads(made.schema.metadata[_KINDS.encode()])
    return kinds


def _id_of(given: Any) -> str:
    """The id of a dossier that cannot be judged, where it has one that can be written."""
    try:
        name = given.get(DOSSIER_ID) if isinstance(given, Mapping) else getattr(given, DOSSIER_ID, None)
        return str(name).encode("utf-8", "replace").decode() if isinstance(name, str) else ""
    except Exception:
        return ""


def _not_read(error: Exception) -> Problem:
    why = type(error).__name__
    vi, en = f"dữ liệu này không đọc được ({why})", f"this data cannot be read ({why})"
    return Problem("TR-input-value", "", vi, en)


def rescore(plans: Plans, question: Question, events: object, dossiers: object) -> pa.Table:
    """The verdicts on all dossiers of these tables, one row each."""
    rescorer = Rescorer(plans, question)
    table = nested(
        None if events is None else read_table(events, "events"),
        None if dossiers is None else read_table(dossiers, "dossiers"),
    )
    return rescorer.judge_all(table)


def rescore_dossiers(plans: Plans, question: Question, dossiers: Sequence[Dossier | Mapping[str, Any]]) -> list[Row]:
    """The rows of dossiers as the one-dossier path takes them; those that it refuses are error rows."""
    rescorer = Rescorer(plans, question)
    rows: list[Row] = []
    for start in range(0, len(dossiers), PART):
        refused: dict[int, Row] = {}
        good: list[Dossier] = []
        for place, given in enumerate(dossiers[start : start + PART]):
            try:
                good.append(given if isinstance(given, Dossier) else Dossier.model_validate(given))
            except Exception:
                refused[place] = rescorer.alone(given)
        rows += rows_between(rescorer.together(good), refused).to_pylist()
    return rows
