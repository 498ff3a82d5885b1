"""What is said of the chosen dossiers is what is kept: verdict and explanation, word by word.

Where the law moved: `python -m tests.golden`, then read the difference.
"""

from __future__ import annotations

from typing import get_args

import pytest

from tthc_rules import Rulebook
from tthc_rules.law.codes import NoteCode, Punctuality, StepOutcome
from tthc_rules.law.rule import DutyOutcome, LimitOutcome

from .asked import SAID, Asked, golden_book, kept, read, shows

CHOSEN = read()


@pytest.fixture(scope="module")
def golden() -> Rulebook:
    return golden_book()


@pytest.mark.parametrize("asked", CHOSEN, ids=lambda asked: asked.name)
@pytest.mark.parametrize("engine", ["composed", "reference"])
def test_what_is_said_is_what_is_kept(golden: Rulebook, asked: Asked, engine: str) -> None:
    assert asked.said(golden, engine) == kept(asked.name)


def test_every_state_note_and_outcome_is_among_them(golden: Rulebook) -> None:
    shown = {what for asked in CHOSEN for what in shows(asked.verdict(golden))}
    wanted = {
        *(("punctuality", word) for word in get_args(Punctuality)),
        *(("note", word) for word in get_args(NoteCode)),
        *(("obligation", word) for word in get_args(DutyOutcome)),
        *(("limit", word) for word in get_args(LimitOutcome)),
        *(("step", word) for word in get_args(StepOutcome)),
    }
    assert wanted - shown == set()  # `python -m tests.golden choose` adds what a case shows
    assert len(CHOSEN) >= 35


def test_nothing_is_kept_of_no_dossier() -> None:
    assert {path.name.split(".")[0] for path in SAID.iterdir()} == {asked.name for asked in CHOSEN}
