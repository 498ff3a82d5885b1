"""A short run in a process of its own: it forks, which a process that runs tests should not."""

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


def test_a_run_that_is_stopped_starved_or_deceived_loses_and_believes_nothing() -> None:
    program = [sys.executable, "-m", "tests.stops", "--part", "short", "--kinds", "parts,night", "--dossiers", "12"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    figures = re.match(r"(\d+) runs, (\d+) kills", done.stdout)
    assert figures is not None
    assert int(figures[1]) > 50
    assert int(figures[2]) > 28
