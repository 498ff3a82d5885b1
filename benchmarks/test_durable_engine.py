"""A smoke test: both engines agree on the sample, with and without the acts of a place. No time is judged here."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import pytest

from benchmarks import durable_engine

MISSING = sys.version_info >= (3, 13) or find_spec("durable_rules_engine") is None


@pytest.mark.skipif(MISSING, reason="no durable-rules here")
def test_it_runs_and_agrees(capsys: pytest.CaptureFixture[str]) -> None:
    rows = durable_engine.main(["--quick"])
    assert len(rows) == 6
    assert "the same verdicts and explanations" in capsys.readouterr().out
