"""Every row of the table of duties is a rule, a duty of units, an indicator or a register row: none is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tthc_rules import Rulebook
from tthc_rules.check.lawpages import law_rows

TABLES = Path(__file__).parents[3] / "shared" / "law"
NO_ROWS = {"text"}
"""Words in code that stand in a first column and name no row."""
WAITING = {"close_after_15d", "error_correct_3wd", "transfer_paper_other_level"}
"""Rows whose rule names them by `law_rows` once it is there."""


@pytest.mark.parametrize("name", ["duties.md", "current.md"])
def test_no_row_is_missing(name: str) -> None:
    table = TABLES / name
    if not table.is_file():
        pytest.skip("không có bảng nghĩa vụ bên cạnh mã nguồn / the table of duties does not lie beside this checkout")
    cells = re.findall(r"^\|\s*(`[a-z0-9_]+`[^|]*)\|", table.read_text(encoding="utf-8"), re.MULTILINE)
    rows = {row for cell in cells for row in re.findall(r"`([a-z0-9_]+)`", cell)} - NO_ROWS
    book = Rulebook.load(unconfirmed=True)
    known = set(law_rows(book.corpus)) | set(book.corpus.retired)
    assert sorted(rows - known - WAITING) == []
    assert len(rows) > 50
