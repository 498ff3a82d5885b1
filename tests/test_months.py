"""A dossier of each month since 1/7/2025: the log and the cases are the same dossiers, and the command tells them."""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tthc_rules.check.cases import CaseRunner, read_cases
from tthc_rules.cli import main

FOLDER = Path(__file__).parents[1] / "examples" / "months"
CASES = FOLDER / "expected.tthc.yaml"
MONTHS = [f"{2025 + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}" for month in range(7, 24)]
OF_EVENTS = ("agency", "due", "reason", "new_due")


def written() -> list[dict[str, Any]]:
    """The cases as they are written."""
    return list(yaml.safe_load(CASES.read_text(encoding="utf-8")))


def logged() -> dict[str, dict[str, Any]]:
    """The dossiers of the log, put together from its rows with nothing of the library."""
    found: dict[str, dict[str, Any]] = defaultdict(lambda: {"time_limit": {}, "events": []})
    with (FOLDER / "events.csv").open(encoding="utf-8", newline="") as log:
        for row in csv.DictReader(log):
            dossier = found[row["dossier_id"]]
            dossier["dossier_id"] = row["dossier_id"]
            stated = {name: row[name] for name in OF_EVENTS if row[name]}
            dossier["events"].append({"kind": row["kind"], "at": row["at"], **stated})
            if row["channel"]:
                dossier["channel"] = row["channel"]
                dossier["time_limit"] = {"amount": int(row["time_limit.amount"]), "unit": row["time_limit.unit"]}
            dossier |= {name: True for name in ("other_level", "filed_elsewhere") if row[name] == "true"}
    return dict(found)


def test_every_month_from_july_2025_to_november_2026_has_one() -> None:
    assert [case["dossier"]["dossier_id"] for case in written()] == MONTHS
    for case in written():
        accepted = next(e["at"] for e in case["dossier"]["events"] if e["kind"] == "dossier_accepted")
        assert accepted.startswith(case["dossier"]["dossier_id"])


def test_the_log_holds_the_same_dossiers() -> None:
    assert logged() == {case["dossier"]["dossier_id"]: case["dossier"] for case in written()}


def test_every_engine_judges_them_as_worked_by_hand(engine: str) -> None:
    runner = CaseRunner(engine=engine)
    results = [runner.run(case) for case in read_cases(CASES)]
    assert [result.report() for result in results if not result.passed] == []


def test_they_show_different_duties() -> None:
    """Every duty that the law has for a dossier since 1/7/2025 is met, late or missed in one of them."""
    shown: dict[str, set[str]] = defaultdict(set)
    for case in written():
        outcomes: Mapping[str, str | None] = case["expect"]["obligations"] | case["expect"].get("limits", {})
        for duty, outcome in outcomes.items():
            shown[duty].add(str(outcome))
    told = {duty for duty, outcomes in shown.items() if outcomes & {"met", "met_late", "missed", "kept", "broken"}}
    assert told == {
        "apology_before_due",
        "apology_content",
        "apology_lost_file",
        "closing_not_early",
        "error_corrected",
        "late_notice_to_one_stop",
        "online_answer",
        "opinion_overdue_notice",
        "paper_to_other_level",
        "refusal_within_limit",
        "result_by_new_date",
        "return_ineligible",
        "single_reappointment",
        "supplement_max_two",
        "supplement_once",
        "transfer_next_morning",
        "transfer_same_day",
    }


def test_the_command_tells_due_date_duties_and_clause_of_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command of the README: every due date worked by hand, and a clause beside every outcome that was not met."""
    arguments = ["--as-of", "2026-11-30", "-o", str(tmp_path / "months.csv"), "--explain", str(len(MONTHS)), "--full"]
    monkeypatch.setattr(sys, "argv", ["tthc-rules", "rescore", str(FOLDER / "events.csv"), *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 0
    told = capsys.readouterr().out.split("\nHồ sơ ")
    by_month = {part.removeprefix("Hồ sơ ")[:7]: part for part in told if part.removeprefix("Hồ sơ ")[:2] == "20"}
    assert list(by_month) == MONTHS
    for case in written():
        part = by_month[case["dossier"]["dossier_id"]]
        year, month, day = case["expect"]["lawful_due"].split("-")
        assert f"Hạn theo luật: {day}/{month}/{year}" in part
        for duty in case["expect"]["responsible"] or {}:
            said = part.split(f"({duty}, ", 1)[1].split("\n  [")[0]
            assert "/NĐ-CP «" in said
    with (tmp_path / "months.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = {row["dossier_id"]: row for row in csv.DictReader(table)}
    expected = {case["dossier"]["dossier_id"]: case["expect"] for case in written()}
    assert {name: (row["lawful_due"], row["punctuality"]) for name, row in rows.items()} == {
        name: (expect["lawful_due"], expect["punctuality"]) for name, expect in expected.items()
    }
