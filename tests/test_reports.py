"""Every input that failed once is named by a test, and what is too long to be stored is made as it was."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FOLDERS = sorted(path.name for path in (TESTS / "reports").iterdir() if path.is_dir())


def test_a_test_names_each_folder() -> None:
    texts = [path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py") if path.name != Path(__file__).name]
    unnamed = {name for name in FOLDERS if not any(name in text for text in texts)}
    assert FOLDERS
    assert sorted(unnamed) == []


@pytest.mark.parametrize("name", FOLDERS)
def test_each_folder_says_what_is_right(name: str) -> None:
    assert (TESTS / "reports" / name / "README.md").read_text(encoding="utf-8").startswith(f"# {name}\n")


def test_the_long_cell_is_over_the_limit_of_a_cell(report: Callable[[str], Path]) -> None:
    with (report("03_broken_row_dossier_still_judged") / "b_long.csv").open(encoding="utf-8", newline="") as file:
        cell = file.read().splitlines()[-1].rpartition(",")[2]
    assert len(cell) > csv.field_size_limit()
