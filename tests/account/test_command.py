"""`rescore` and `account` make a report from the example; the files are whole or not there."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

from tthc_rules.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "one_stop"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["tthc-rules", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code


def beside(*names: str) -> list[str]:
    return [part for name in names for part in (f"--{name}", str(EXAMPLE / f"{name.replace('-', '_')}.csv"))]


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
def test_the_example_makes_an_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    results, report = tmp_path / f"results.{form}", tmp_path / "report.json"
    assert run(monkeypatch, "rescore", str(EXAMPLE / "events.csv"), "--as-of", "2025-01-10", "-o", str(results)) == 0
    files = beside("units", "posts", "unit-events")
    asked = ["--period", "2024-Q4", "--as-of", "2025-01-10", *files, "-o", str(report)]
    assert run(monkeypatch, "account", str(results), *asked) == 0
    data = json.loads(report.read_text(encoding="utf-8"))
    assert {unit["unit"] for unit in data["units"]} >= {"so-xay-dung", "so-tu-phap", "trung-tam-pvhcc", "ubnd-tinh"}
    built = next(unit for unit in data["units"] if unit["unit"] == "so-xay-dung")
    counts = built["counts"]
    parts = ("finished_early", "finished_on_the_day", "finished_late", "open_in_time", "open_late")
    assert sum(counts["lawful_due"][part] for part in parts) == counts["received"] + counts["carried_over"]
    with report.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    said = {(row["unit"], row["what"], row["name"]): row["value"] for row in rows}
    assert said["so-xay-dung", "count", "received"] == str(counts["received"])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([results.name, "report.csv", "report.json"])


def test_a_report_for_the_future_is_written_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results, report = tmp_path / "results.csv", tmp_path / "report.json"
    results.write_text("dossier_id,accepted_on,lawful_due,finished_on\r\n", encoding="utf-8")
    asked = ("--period", "2025-Q1", "--as-of", "2024-08-01", "-o", str(report))
    assert run(monkeypatch, "account", str(results), *asked) == 1
    assert json.loads(report.read_text(encoding="utf-8"))["units"] == []


@pytest.mark.parametrize(
    ("name", "text"), [("r.csv", "dossier_id,accepted_on\r\nH1,2024-07-01\r\n"), ("r.ndjson", "{}")]
)
def test_a_file_that_is_no_result_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    asked = ("--period", "2024-Q4", "-o", str(tmp_path / "report.json"))
    assert run(monkeypatch, "account", str(tmp_path / name), *asked) == 2
    assert "TR-account-columns" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--period", "2024-Q5", "-o", "report.json"), "TR-account-period"),
        (("--period", "2024-Q4", "-o", "report.pdf"), "TR-file-format"),
        (("--period", "2024-Q4", "-o", "report.json", "--posts", "nowhere.csv"), "TR-file-unreadable"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("results.csv").write_text("dossier_id,accepted_on,lawful_due,finished_on\r\n", encoding="utf-8")
    assert run(monkeypatch, "account", "results.csv", *arguments) == 2
    assert said in capsys.readouterr().err
    assert not Path("report.json").exists()
