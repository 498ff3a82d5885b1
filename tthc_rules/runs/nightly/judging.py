"""Rows of dossiers with their texts: on the fast core where it is installed, else one by one; the same either way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tthc_rules.errors import DossierError, EngineError, OptionError, TthcError
from tthc_rules.law.question import Question
from tthc_rules.library import Rulebook
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.result.columns import columns_of
from tthc_rules.result.row import Row, error_row, row_of
from tthc_rules.runs.writers import RowTexts


class Judge:
    """Judges dossiers as they were read, some at a time."""

    def __init__(self, book: Rulebook, question: Question, fast: bool) -> None:
        self.book, self.question = book, question
        self.rescorer: Any = None
        self.columns = columns_of(book.corpus.duties)
        if fast:
            from tthc_rules.bulk.rescore import Rescorer

            self.rescorer = Rescorer(book.plans, question)
            self.columns = tuple(self.rescorer.schema.names)

    def rows(self, raws: Sequence[RawDossier], texts: RowTexts) -> list[tuple[Row, bytes]]:
        """The row of each dossier, and its text."""
        if not raws:
            return []
        if self.rescorer is None:
            rows = [self._one(raw) for raw in raws]
            return list(zip(rows, texts.of_rows(rows), strict=True))
        from tthc_rules.bulk.result import rows_between
        from tthc_rules.runs.together import validated

        good, refused = validated(raws)
        batch = rows_between(self.rescorer.together(good), refused)
        rows = batch.to_pylist()
        return list(zip(rows, texts.of_batch(batch, rows), strict=True))

    def _one(self, raw: RawDossier) -> Row:
        question = self.question
        try:
            if raw.problems:
                raise DossierError(raw.problems)
            verdict = self.book.evaluate(
                raw.data, question.as_of, known_on=question.known_on, lateness=question.lateness,
                calendar=question.calendar, hours=question.hours, strict=question.strict,
            )  # fmt: skip
            return row_of(verdict)
        except (EngineError, OptionError):
            raise
        except TthcError as error:
            return error_row(raw.dossier_id, error)
