"""A short run of each part, in a process of its own: what it does is forked, and never from a process with tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDS = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow", "duckdb"):
    pytest.importorskip(package, reason=NEEDS)
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="hệ này không có fork / there is no fork here")


def stops(*arguments: str) -> str:
    """What the command says that finds nothing wrong."""
    program = [sys.executable, "-m", "tests.stops", "--dossiers", "12", *arguments]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_a_run_that_is_stopped_at_any_border_goes_on_to_the_same_bytes() -> None:
    said = stops("--each-border", "--kinds", "parts,night")
    reached = re.match(r"(\d+) kills", said)
    assert reached is not None
    assert int(reached[1]) > 28
    assert said.endswith("findings: 0\n")
