"""A short run of each target, always the same, and the driver itself seen to find what it is for."""

from __future__ import annotations

import os
import time
from pathlib import Path
from random import Random

import pytest

from .drive import SLOW, run

INPUTS = {
    "dossier_json": 300,
    "adapters": 60,
    "tables": 80,
    "account_files": 40,
    "manifests": 60,
    "messages": 150,
    "workbooks": 60,
}
NEEDS = {"workbooks": ("xlsxwriter", "python_calamine")}


@pytest.mark.parametrize("name", INPUTS)
def test_nothing_is_found(name: str) -> None:
    for package in NEEDS.get(name, ()):
        pytest.importorskip(
            package, reason="chưa cài python-calamine, XlsxWriter / python-calamine, XlsxWriter are not installed"
        )
    report = run(f"{__package__}.{name}", seed=20261129, inputs=INPUTS[name])
    found = [finding for finding in report.findings if finding.kind != "slow"]  # speed is the long run's to judge
    assert [str(finding) for finding in found] == []
    assert report.inputs == INPUTS[name]
    assert len(report.answers) > 2


class Bad:
    """Does all that it should not, at some number."""

    def prepare(self, folder: Path) -> None: ...

    def make(self, rng: Random) -> int:
        return rng.randrange(40)

    def give(self, made: int) -> str:
        match made:
            case 1:
                raise KeyError("not ours")
            case 2:
                os.abort()
            case 3:
                until = time.process_time() + SLOW + 0.05
                while time.process_time() < until:
                    pass
        return "fine"


TARGET = Bad()


def test_the_driver_finds_what_it_is_for() -> None:
    report = run(__name__, seed=1, inputs=200)
    assert {finding.kind for finding in report.findings} == {"foreign exception", "abort", "slow"}
    assert "KeyError: 'not ours'" in str(report.findings)
