"""Some nights of a small province, whatever comes in and goes out: each file is, byte for byte, that of a full run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tthc_rules import Rulebook

from .compared import CATALOGUE, Asked, nights, reasons


@pytest.fixture(scope="module")
def known() -> Rulebook:
    """The shipped law, with the limits of the procedures that the messages name."""
    return Rulebook.load(CATALOGUE)


@pytest.mark.parametrize(
    "asked",
    [
        Asked("csv", "csv"),
        Asked("csv", "ndjson", seed=2, fast=False, nights=3),
        Asked("csv", "csv", seed=3, is_delta=False, nights=3),
        Asked("events", "ndjson", seed=4, nights=4),
        Asked("dossiers", "csv", seed=5, nights=4),
        Asked("dossiers", "ndjson", seed=6, is_delta=False, nights=3),
        Asked("json", "csv", seed=13, nights=3),
        Asked("xes", "ndjson", seed=14, nights=3),
        Asked("dvcqg", "csv", seed=7),
        Asked("dvcqg", "ndjson", seed=8, arrive=False, nights=4),
        Asked("dvcqg", "csv", seed=9, is_delta=False, nights=3),
        Asked("igate", "csv", seed=10, nights=4),
        Asked("opencps", "csv", seed=11),
        Asked("opencps", "ndjson", seed=12, fast=False, nights=3),
    ],
    ids=str,
)
def test_a_night_is_a_full_run(known: Rulebook, tmp_path: Path, asked: Asked) -> None:
    told, others = [], Counter[str]()
    for _, night, names in nights(known, asked, tmp_path):
        told.append(night)
        others.update(names)
    assert others == {}
    assert told[0].carried == 0
    assert all(night.carried for night in told[1:])
    found = reasons(told[1:])
    assert found["new"]
    assert found["changed"]
