"""The notebook of the examples: it runs as a script, counts what the command counts, and its charts are whole."""

from __future__ import annotations

import csv
import json
import runpy
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
from conftest import ROOT, Command

pytest.importorskip("llvmlite", reason='chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"')
for package in ("polars", "altair"):
    pytest.importorskip(package, reason=f"chưa cài {package} / {package} is not installed")

NOTEBOOK: Final = ROOT / "examples" / "notebook" / "lateness.py"
LATE: Final = ("returned_late", "overdue")
DEFINITIONS: Final = ("by_date", "by_instant", "promised_by_date", "promised_by_instant", "qd766")

Row = dict[str, str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the notebook leaves when it is run as a script, from another folder than its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("elsewhere"))
        return runpy.run_path(str(NOTEBOOK))


def results(command: Command, example: str, as_of: str, folder: Path, lateness: str = "by_date") -> list[Row]:
    """The same dossiers by the command, as text."""
    log, out = ROOT / "examples" / example / "events.csv", folder / f"{lateness}.csv"
    code, said = command("rescore", log, "--as-of", as_of, "--lateness", lateness, "-o", out)
    assert code == 0, said
    with out.open(encoding="utf-8-sig", newline="") as table:
        return list(csv.DictReader(table))


def names(example: str) -> dict[str, str]:
    with (ROOT / "examples" / example / "units.csv").open(encoding="utf-8", newline="") as table:
        return {row["unit"]: row["name"] for row in csv.DictReader(table)}


def test_lateness_by_unit_and_month_is_what_the_command_says(
    made: dict[str, Any], command: Command, tmp_path: Path
) -> None:
    due, late, called = Counter[tuple[str, str]](), Counter[tuple[str, str]](), names("province")
    for row in results(command, "province", "2026-10-10", tmp_path):
        if "" < row["lawful_due"] <= "2026-10-10":
            key = called[row["handling_agency"]], row["lawful_due"][:7]
            due[key] += 1
            late[key] += row["punctuality"] in LATE
    counted = {(row["unit"], row["month"]): (row["due"], row["late"]) for row in made["by_month"].to_dicts()}
    assert counted == {key: (due[key], late[key]) for key in due}
    assert sum(late.values()) == 30
    assert max(late, key=lambda key: late[key]) == ("Sở Xây dựng", "2026-08")  # the bad month of the example


def test_every_definition_of_late_is_what_the_command_says(
    made: dict[str, Any], command: Command, tmp_path: Path
) -> None:
    called, table = names("one_stop"), {row["unit"]: row for row in made["side_by_side"].to_dicts()}
    for definition in DEFINITIONS:
        rows = results(command, "one_stop", "2026-11-21", tmp_path, definition)
        late = Counter(called[row["handling_agency"]] for row in rows if row["punctuality"] in LATE)
        assert {unit: row[definition] for unit, row in table.items()} == late
    assert sum(row["dossiers"] for row in table.values()) == 400
    assert len(made["only_by_slip"]) == sum(row["promised_by_date"] - row["by_date"] for row in table.values())


@pytest.mark.parametrize(("chart", "table"), [("late_by_month", "by_month"), ("late_by_definition", "by_definition")])
def test_a_chart_is_whole_and_holds_its_table(made: dict[str, Any], chart: str, table: str, tmp_path: Path) -> None:
    made[chart].save(tmp_path / "chart.json")
    made[chart].save(tmp_path / "chart.html")
    said = json.loads((tmp_path / "chart.json").read_text(encoding="utf-8"))
    assert "vega-lite" in said["$schema"]
    (held,) = said["datasets"].values()
    assert held == made[table].to_dicts()
    page = (tmp_path / "chart.html").read_text(encoding="utf-8")
    assert "<html" in page
    assert json.dumps(said["title"])[1:-1] in page or said["title"] in page


def test_it_is_a_notebook() -> None:
    jupytext = pytest.importorskip("jupytext", reason="chưa cài jupytext / jupytext is not installed")
    read = jupytext.read(NOTEBOOK)
    kinds = Counter(cell.cell_type for cell in read.cells)
    assert (kinds["markdown"], kinds["code"]) == (4, 6)
    again = jupytext.reads(jupytext.writes(read, fmt="ipynb"), fmt="ipynb")
    assert [cell.source for cell in again.cells] == [cell.source for cell in read.cells]
