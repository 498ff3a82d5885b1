"""The reported inputs about names and letters: what was wrong in each is right, by the value its README gives."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tthc_rules import Rulebook, RuleFileError
from tthc_rules.cli import app

Report = Callable[[str], Path]
AS_OF = dt.date(2026, 1, 1)
UNIT = "S\u1edf X\xe2y d\u1ef1ng"


def rescored(log: Path) -> tuple[int, dict[str, dict[str, str]]]:
    out = log.with_suffix(".out.csv")
    done = CliRunner().invoke(app, ["rescore", str(log), "-o", str(out), "--as-of", "2024-10-01", "-q"])
    with out.open(encoding="utf-8-sig", newline="") as file:
        return done.exit_code, {row["dossier_id"]: row for row in csv.DictReader(file)}


def test_one_dossier_in_two_forms_of_letters(report: Report) -> None:
    folder = report("06_same_name_in_two_unicode_forms")
    code, rows = rescored(folder / "a.csv")
    assert code == 0
    assert {name: row["punctuality"] for name, row in rows.items()} == {"HS-\u1ea4N-1": "early"}


@pytest.mark.parametrize("name", ["b.csv", "c.csv"])
def test_an_id_with_something_hidden_is_an_error_row(report: Report, name: str) -> None:
    code, rows = rescored(report("06_same_name_in_two_unicode_forms") / name)
    assert code == 1
    (odd,) = (row for dossier, row in rows.items() if dossier != "HS-1")
    assert (odd["error_code"], odd["punctuality"]) == ("TR-input-hidden", "")


def test_the_same_unit_in_two_forms_is_no_conflict(report: Report) -> None:
    code, rows = rescored(report("06_same_name_in_two_unicode_forms") / "conflict.csv")
    assert (code, rows["HS-1"]["error_code"], rows["HS-1"]["handling_agency"]) == (0, "", UNIT)


def test_an_account_has_one_unit_and_finds_its_head(report: Report) -> None:
    folder = report("06_same_name_in_two_unicode_forms")
    rescored(folder / "ev.csv")
    CliRunner().invoke(
        app,
        ["account", str(folder / "ev.out.csv"), "--posts", str(folder / "posts.csv"), "--period", "2024-Q3",
         "--as-of", "2024-10-01", "-o", str(folder / "acc.json")],
    )  # fmt: skip
    units = json.loads((folder / "acc.json").read_text(encoding="utf-8"))["units"]
    (unit,) = (one for one in units if one["unit"] is not None)
    assert (unit["unit"], unit["counts"]["received"]) == (UNIT, 2)
    assert unit["indicators"]["on_time_nd61"]["value"] == 50
    assert [answer["person"] for answer in unit["late"]["answers"]] == ["A"]


DEEP: Any = 1
for _ in range(2000):
    DEEP = [DEEP]
GOOD: dict[str, Any] = {
    "dossier_id": "good",
    "time_limit": {"amount": 5, "unit": "workday"},
    "events": [{"kind": "dossier_accepted", "at": "2024-08-23T08:30"}],
}
HALF = "\ud800"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("procedure", HALF, "TR-input-text"),
        ("field", HALF, "TR-input-text"),
        ("officers", [HALF], "TR-input-text"),
        ("units", {"handling_agency": HALF}, "TR-input-text"),
        ("jurisdiction", HALF, "TR-input-text"),
        (
            "events",
            [*GOOD["events"], {"kind": "apology_sent", "at": "2024-08-24", "reason": HALF}],
            "TR-input-text",
        ),
        ("z", {1: 2, "a": 3}, None),
        ("z", DEEP, None),
        ("z", 10**6000, None),
    ],
    ids=["procedure", "field", "officers", "units", "jurisdiction", "reason", "mixed keys", "deep", "long number"],
)
def test_one_dossier_never_stops_a_batch(book: Rulebook, field: str, value: Any, code: str | None) -> None:
    """x05_batch_dies_of_one_dossier: an error row, or judged where only what nobody knows is odd."""
    pytest.importorskip("llvmlite")
    rows = book.rescore_dossiers([GOOD, {**GOOD, "dossier_id": "bad", field: value}, GOOD], AS_OF)
    assert [row["punctuality"] for row in rows[::2]] == ["overdue", "overdue"]
    assert rows[1]["error_code"] == code
    assert rows[1]["punctuality"] == (None if code else "overdue")


@pytest.mark.parametrize("what", ["link", "yml", "YAML", "empty"])
def test_no_rule_is_passed_over(tmp_path: Path, what: str) -> None:
    """x09_rules_skipped_silently: what is not loaded is said; unreadable folders are in tests/rulefile."""
    rules, kept = tmp_path / "quy-tac", tmp_path / "kho"
    for folder in (rules, kept):
        folder.mkdir()
    (kept / "x.yaml").write_text("format: 1\n", encoding="utf-8")
    if what == "link":
        (rules / "one_stop").symlink_to(kept)
    elif what != "empty":
        (rules / f"x.{what}").write_text("format: 1\n", encoding="utf-8")
    with pytest.raises(RuleFileError) as caught:
        Rulebook.load(rules)
    expected = {"link": "TR-rule-link", "yml": "TR-rule-suffix", "YAML": "TR-rule-suffix", "empty": "TR-rule-empty"}
    assert [problem.code for problem in caught.value.problems] == [expected[what]]
