"""The README's account: its commands, its sentences, its picture, and the story of the province that it is made of."""

from __future__ import annotations

import csv
import json
import re
import runpy
from pathlib import Path
from random import Random

import pytest
from picture import PICTURE, ROOT, commands, made, maker

from tthc_rules import Rulebook

EXAMPLE = ROOT / "examples" / "province"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("account"))


def test_the_picture_was_made_by_the_commands_of_the_readme() -> None:
    """After they change: python tests/report/picture.py."""
    assert maker(PICTURE.read_bytes()) == "\n".join(commands())
    assert commands()[1].startswith(".venv/bin/tthc-rules account ")


def test_the_page_opens_with_the_sentences_of_the_readme(page: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = [one for one in re.findall(r"^```text\n(.*?)^```$", text, re.M | re.S) if "đơn vị nhiều" in one]
    said = page.read_text(encoding="utf-8").replace("\u00a0", " ")
    assert [line for line in shown.splitlines() if line not in said] == []


def test_the_example_tells_of_one_bad_month(page: Path) -> None:
    """Every department is on time for nine dossiers in ten in every month, but for one of them in August."""
    data = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    rates = {
        (unit["unit"], month["period"]): month["indicators"]["on_time_qd766"]
        for unit in data["units"]
        for month in unit["series"]
        if unit["unit"].startswith("so-")
    }
    assert len(rates) == 12
    assert {place for place, rate in rates.items() if rate < 90} == {("so-xay-dung", "2026-08")}
    assert data["total"]["indicators"]["on_time_qd766"]["value"] > 90
    assert [problem["code"] for problem in data["problems"] if problem["level"] == "error"] == []


def test_the_log_is_what_its_script_makes(book: Rulebook) -> None:
    script = runpy.run_path(str(EXAMPLE / "generate.py"))
    rows = script["dossiers"](Random(script["SEED"]), book.calendar("vn"))
    with (EXAMPLE / "events.csv").open(encoding="utf-8", newline="") as log:
        kept = list(csv.DictReader(log))
    assert [{name: str(row.get(name, "")) for name in script["COLUMNS"]} for row in rows] == kept
