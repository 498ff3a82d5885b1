"""A result on a terminal: the words of an error row are the only ones that were never let in, and act on nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from conftest import Command

LOG = (
    "dossier_id,kind,at\n"
    '"H\x1b[31m1",dossier_accepted,2026-10-01T08:00\n'
    '"H\x9b2J2\u202e",dossier_accepted,2026-10-01T08:00\n'
    "H3,dossier_accepted,2026-10-01T08:00\n"
)


@pytest.mark.parametrize("form", ["csv", "ndjson"])
@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_result_acts_on_no_terminal(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, form: str, is_terminal: bool
) -> None:
    log = tmp_path / "log.csv"
    log.write_text(LOG, encoding="utf-8")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    code, said = command("rescore", log, "--as-of", "2026-11-02", "-o", "-", "--to", form, "-q")
    assert code == 1
    assert not {"\x1b", "\x9b", "\u202e"} & set(said) if is_terminal else "\u202e" in said
    rows = [line for line in said.split("\n") if line.startswith(("H", "{")) and "TR-input-hidden" in line]
    assert len(rows) == 2
    if form == "ndjson":  # the value is the same, written in another way
        assert [json.loads(row)["dossier_id"] for row in rows] == ["H\x1b[31m1", "H\x9b2J2\u202e"]
    elif is_terminal:
        assert rows[0].startswith(r"H\u{1b}[31m1,TR-input-hidden,")
    assert (not is_terminal and form == "csv") == said.startswith("\ufeff")
