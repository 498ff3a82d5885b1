"""A folder to begin with: what is written loads, passes, is judged as it stands, and replaces nothing."""

from __future__ import annotations

import csv
import json
import re
import shlex
from pathlib import Path

import pytest
from conftest import Command

from tthc_rules.logs.mapping import load_mapping
from tthc_rules.runs.starter.begin import FILES


@pytest.fixture
def begun(command: Command, tmp_path: Path) -> Path:
    folder = tmp_path / "thư mục mới"
    code, said = command("init", folder)
    assert code == 0, said
    return folder


def test_the_next_steps_are_what_to_type(command: Command, tmp_path: Path) -> None:
    """Each line that is shown to be typed is run as it stands; the last judges the register."""
    folder = tmp_path / "thư mục"
    _, said = command("init", folder)
    typed = [line.strip() for line in said.splitlines() if line.strip().startswith("tthc-rules ")]
    assert [shlex.split(line)[1] for line in typed] == ["check", "test", "rescore"]
    told = [command(*shlex.split(line)[1:]) for line in typed]
    assert [code for code, _ in told] == [0, 0, 0]
    assert "3 ca đạt, 0 ca sai" in told[1][1]
    with (folder / "ket-qua.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [(row["dossier_id"], row["lawful_due"], row["punctuality"], row["workdays_late"]) for row in rows]
    assert found == [
        ("HS-0001", "2026-11-23", "on_time", "0"),
        ("HS-0002", "2026-11-23", "returned_late", "2"),
        ("HS-0003", "2026-12-02", "due_soon", "0"),
    ]
    assert rows[1]["apology_before_due"] == "missed"


def test_the_mapping_leaves_nothing_unsaid(begun: Path) -> None:
    assert load_mapping(begun / "mapping.yaml").remarks("") == ()


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".yaml")])
def test_the_editor_finds_the_schema(begun: Path, name: str) -> None:
    first = (begun / name).read_text(encoding="utf-8").splitlines()[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert found is not None
    schema = json.loads(((begun / name).parent / found[1]).read_text(encoding="utf-8"))
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_nothing_is_replaced_and_then_nothing_is_written(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text("của tôi", encoding="utf-8")
    code, said = command("init", tmp_path)
    assert (code, said.split()[0]) == (2, "TR-init-exists")
    assert "mapping.yaml" in said
    assert [path.name for path in tmp_path.iterdir()] == ["mapping.yaml"]
    assert (tmp_path / "mapping.yaml").read_text(encoding="utf-8") == "của tôi"


def test_a_folder_with_other_files_is_begun_beside_them(command: Command, tmp_path: Path) -> None:
    (tmp_path / "ghi chú.txt").write_text("của tôi", encoding="utf-8")
    assert command("init", tmp_path, "-q") == (0, "")
    assert (tmp_path / "mapping.yaml").is_file()
    assert (tmp_path / "ghi chú.txt").read_text(encoding="utf-8") == "của tôi"


def test_a_file_in_the_place_of_the_folder(command: Command, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("", encoding="utf-8")
    code, said = command("init", tmp_path / "x")
    assert (code, said.split()[0]) == (2, "TR-result-unwritable")


def test_in_english(command: Command, tmp_path: Path) -> None:
    said = command("init", tmp_path / "new", "--lang", "en")[1]
    assert "What next:" in said.splitlines()
    assert "  2. Run the cases" in said.splitlines()
