"""Every case file of ours holds on the fast core too."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tthc_rules.check.cases import CaseRunner, find_case_files, read_cases

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow"):
    pytest.importorskip(package, reason=NEEDS)

CASES: Final = Path(__file__).parents[1] / "cases"
FILES: Final = [path.relative_to(CASES).as_posix() for path in find_case_files([CASES])]


@pytest.fixture(scope="module")
def runner() -> CaseRunner:
    """One for all files: it keeps a rulebook for each combination of readings."""
    return CaseRunner(engine="bulk")


def test_there_are_case_files_to_run() -> None:
    assert len(FILES) > 40


@pytest.mark.parametrize("name", FILES)
def test_every_case_of_a_file_holds_on_the_fast_core(runner: CaseRunner, name: str) -> None:
    results = [runner.run(case) for case in read_cases(CASES / name)]
    assert results
    assert [result.report("en") for result in results if not result.passed] == []
