"""The rows of the table of duties and the rows that rule files say they carry are the same set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tthc_rules import Rulebook
from tthc_rules.check.sourcepages import law_rows

TABLES = Path(__file__).parents[3] / "shared" / "law"
NO_ROWS = {"text"}
"""Words in code that stand in a first column and name no row."""


def test_every_row_is_carried_and_no_other() -> None:
    tables = [TABLES / "duties.md", TABLES / "current.md"]
    if not all(table.is_file() for table in tables):
        pytest.skip("không có bảng nghĩa vụ bên cạnh mã nguồn / the table of duties does not lie beside this checkout")
    text = "".join(table.read_text(encoding="utf-8") for table in tables)
    cells = re.findall(r"^\|\s*(`[a-z0-9_]+`[^|]*)\|", text, re.MULTILINE)
    rows = {row for cell in cells for row in re.findall(r"`([a-z0-9_]+)`", cell)} - NO_ROWS
    book = Rulebook.load(unconfirmed=True)
    carried = set(law_rows(book.corpus))
    assert sorted(rows - carried - set(book.corpus.retired)) == [], "rows of the table that no file carries"
    assert sorted(carried - rows) == [], "law_rows that the table does not have"
    assert len(rows) > 100


def test_what_a_dossier_is_judged_by_says_its_row() -> None:
    book = Rulebook.load(unconfirmed=True)
    rules = [rule for rule in book.corpus.rule_versions() if not rule.version.startswith("local/")]
    lacking = [f"{rule.version}/{rule.id}" for rule in rules if not rule.law_rows and not rule.repealed]
    assert lacking == [], "these files have no law_rows"
