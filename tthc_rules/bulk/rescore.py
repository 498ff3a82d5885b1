"""`Rulebook.rescore`: tables in memory, judged in parts on several threads, the rows in the order of the dossiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from threading import local
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tthc_rules.bulk.dossiers import table_of_dossiers
from tthc_rules.bulk.foreign import named, read_table, slices
from tthc_rules.bulk.grouping import nested
from tthc_rules.bulk.intake import Batch, Readers, batch_of
from tthc_rules.bulk.plans import Plans
from tthc_rules.bulk.result import result_schema, table_of
from tthc_rules.bulk.score import Scorer
from tthc_rules.errors import DossierError, TthcError
from tthc_rules.evaluate.reference import Question, ReferenceEngine
from tthc_rules.evaluate.row import Row, error_row, row_of
from tthc_rules.law.dossier import Dossier

PART: Final = 49_200
"""Dossiers in a part: three blocks."""


class Rescorer:
    """Judges nested tables under one question, part by part; may be used from several threads."""

    def __init__(self, plans: Plans, question: Question) -> None:
        self.question = question
        self.scorer = Scorer(plans, question)
        self._kept = local()

    @property
    def schema(self) -> pa.Schema:
        """The columns of the result."""
        return result_schema(self.scorer.plans.duties)

    def judge(self, table: pa.Table) -> pa.RecordBatch:
        """The rows of a nested table, one a dossier, in its order."""
        readers = getattr(self._kept, "readers", None)
        if readers is None:
            readers = self._kept.readers = Readers()
        batch = batch_of(table, self.scorer.places)
        answers, _ = self.scorer.score(batch, readers)
        aside = {int(row): self._one(batch, int(row)) for row in np.flatnonzero(batch.aside)}
        return table_of(batch, answers, self.scorer.plans.duties, self.scorer.corpus.digest, aside)

    def _one(self, batch: Batch, row: int) -> Row:
        """A dossier that was set aside, through the border of the one-dossier path."""
        data = batch.row(row)
        try:
            if row in batch.conflicts:
                raise DossierError(batch.conflicts[row])
            return row_of(self.scorer.engine.evaluate(Dossier.model_validate(data), self.question))
        except TthcError as error:
            name = data.get("dossier_id")
            return error_row(name if isinstance(name, str) else "", error)


def plans_of(engine: ReferenceEngine) -> Plans:
    """The law of an engine, as the fast core lays it out."""
    return Plans.of(engine)


def rescore(plans: Plans, question: Question, events: object, dossiers: object) -> pa.Table:
    """The verdicts on all dossiers of these tables, one row each."""
    rescorer = Rescorer(plans, question)
    table = nested(
        None if events is None else read_table(events, "events"),
        None if dossiers is None else read_table(dossiers, "dossiers"),
    )
    parts = list(slices(table, PART))
    with ThreadPoolExecutor(min(len(parts), cpu_count() or 1)) as pool:
        made = list(pool.map(rescorer.judge, parts))
    return pa.Table.from_batches(made, rescorer.schema)


def rescore_dossiers(plans: Plans, question: Question, dossiers: Sequence[Dossier | Mapping[str, Any]]) -> list[Row]:
    """The rows of dossiers as the one-dossier path takes them; those that it refuses are error rows."""
    rows: list[Row] = []
    good: list[tuple[int, Dossier]] = []
    for place, given in enumerate(dossiers):
        rows.append({})
        try:
            good.append((place, given if isinstance(given, Dossier) else Dossier.model_validate(given)))
        except TthcError as error:
            name = given.get("dossier_id") if isinstance(given, Mapping) else None
            rows[place] = error_row(name if isinstance(name, str) else "", error)
    if good:
        table = named(table_of_dossiers([dossier for _, dossier in good]))
        made = Rescorer(plans, question).judge(table).to_pylist()
        for (place, _), row in zip(good, made, strict=True):
            rows[place] = row
    return rows
