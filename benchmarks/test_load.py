"""Every part of the load runs and its answers agree; no test judges a time."""

from __future__ import annotations

import sys

import pytest

pytest.importorskip("llvmlite")
if sys.platform != "linux":
    pytest.skip("memory is read from /proc", allow_module_level=True)

from benchmarks import load


@pytest.mark.parametrize(
    "part",
    [
        ["at-once", "--processes", "2", "--threads", "2", "--dossiers", "4", "--rounds", "1"],
        ["long", "--evaluations", "2000"],
        ["rules", "--files", "20", "--dossiers", "1000"],
        ["year", "--dossiers", "300"],
    ],
    ids=lambda part: part[0],
)
def test_load(part: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTHC_RULES_CACHE", "")
    assert load.main(part) == 0
