"""Steps as the engines find them, against a second reading of the log."""

from __future__ import annotations

from collections import Counter

import pytest

from tthc_rules import Rulebook
from tthc_rules.law.codes import STEP_OUTCOMES
from tthc_rules.result.row import steps_in

from .compare import bulk_engine, why_missing
from .generate import blocks
from .steps_oracle import steps_of


def test_steps_are_those_of_a_second_reading(book: Rulebook) -> None:
    if reason := why_missing("bulk", book):
        pytest.skip(reason)
    seen: Counter[str] = Counter()
    for question, block in blocks(21, 12_000, book, 400):
        rows = bulk_engine(book, question, [dossier for _, dossier in block])
        for (edge, dossier), row in zip(block, rows, strict=True):
            if row["error_code"] or dossier.get("filed_elsewhere") or "duplicate_event" in str(row["notes"]):
                continue
            ended = str(row["ended_by"] or "")
            wanted = steps_of(dossier, question.as_of, "dossier_accepted", ended) if row["accepted_on"] else []
            assert steps_in(row) == wanted, (edge, question, dossier)
            seen.update(step["outcome"] for step in wanted)
    assert set(seen) == set(STEP_OUTCOMES) - {""}
    assert min(seen.values()) > 20, seen
