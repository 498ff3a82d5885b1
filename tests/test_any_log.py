"""One dossier of any log: the same options for `explain`, `timeline`, `slip`, refused where they mean nothing."""

from __future__ import annotations

import json
from pathlib import Path
from unicodedata import normalize

import pytest
from conftest import Command

AS_OF = ("--as-of", "2024-09-03")
HEAD = ("dossier_id", "kind", "at", "time_limit.amount", "time_limit.unit")
ROWS = (
    ("HS-1", "dossier_accepted", "2024-08-23T08:30", "5", "workday"),
    ("HS-2", "dossier_accepted", "2024-08-26T08:30", "5", "workday"),
    ("HS-2", "result_issued", "2024-08-27T08:30", "5", "workday"),
)
DUE = "hạn 30/08/2024"
"""Of HS-1: 23/8/2024 is a Friday, five workdays after it are Monday to Friday."""


def csv_log(folder: Path) -> Path:
    path = folder / "nhật ký.csv"
    path.write_text("\n".join(",".join(row) for row in (HEAD, *ROWS)) + "\n", encoding="utf-8")
    return path


def test_rows_that_stand_together(command: Command, tmp_path: Path) -> None:
    code, said = command("explain", csv_log(tmp_path), "HS-1", *AS_OF, "--grouped")
    assert code == 0
    assert DUE in said


def test_a_sheet_that_is_not_the_first(command: Command, tmp_path: Path) -> None:
    absent = "chưa cài python-calamine, XlsxWriter / python-calamine, XlsxWriter are not installed"
    xlsxwriter = pytest.importorskip("xlsxwriter", reason=absent)
    pytest.importorskip("python_calamine", reason=absent)
    path = tmp_path / "sổ.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Bìa").write_string(0, 0, "Sổ theo dõi")
        sheet = book.add_worksheet("Nhật ký")
        for number, row in enumerate((HEAD, *ROWS)):
            sheet.write_row(number, 0, row)
    assert DUE in command("explain", path, "HS-1", *AS_OF, "--sheet", "Nhật ký")[1]
    code, said = command("timeline", path, "HS-1", *AS_OF, "-o", tmp_path / "trang.html", "--sheet", "Nhật ký")
    assert (code, (tmp_path / "trang.html").is_file()) == (0, True), said
    code, said = command("slip", path, "HS-1", *AS_OF, "-o", tmp_path / "phiếu.json", "--sheet", "Nhật ký")
    assert [one["kind"] for one in json.loads((tmp_path / "phiếu.json").read_text("utf-8"))] == ["apology"], said
    code, said = command("explain", path, "HS-1", *AS_OF, "--sheet", "Trang khác")
    assert code == 2
    assert "Trang khác" in said


def test_a_table_of_one_row_a_dossier(command: Command, tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path = tmp_path / "hồ sơ.parquet"
    events = [[{"kind": kind, "at": at}] for _, kind, at, *_ in ROWS[:2]]
    pq.write_table(
        pa.table({
            "dossier_id": ["HS-1", "HS-2"], "events": events,
            "time_limit.amount": [5, 5], "time_limit.unit": ["workday", "workday"],
        }),
        path,
    )  # fmt: skip
    assert DUE in command("explain", path, "HS-1", *AS_OF)[1]
    code, said = command("explain", path, "HS-9", *AS_OF)
    assert code == 2
    assert "TR-dossier-not-there HS-9: không có hồ sơ này trong 2 hồ sơ" in said
    assert "trong đó có HS-1, HS-2" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--jurisdiction", "son-la"), "TR-option-value --jurisdiction: chỉ dùng được với --format dvcqg"),
        (("--format", "dvcqg", "--grouped"), "TR-option-value --grouped: chỉ dùng được với --format csv"),
        (("--format", "dvcqg", "--dossiers", "x.csv"), "TR-option-value --dossiers: chỉ dùng được với --format csv"),
        (("--format", "dvc"), "TR-option-value --format: không nhận «dvc»"),
        (("--sheet", "1"), "TR-file-sheet"),
    ],
)
@pytest.mark.parametrize("name", ["explain", "timeline", "slip"])
def test_options_of_another_kind_of_log_are_refused(
    command: Command, tmp_path: Path, name: str, arguments: tuple[str, ...], said: str
) -> None:
    output = () if name == "explain" else ("-o", tmp_path / "ra.html")
    code, told = command(name, csv_log(tmp_path), "HS-1", *AS_OF, *output, *arguments)
    assert code == 2
    assert said in told
    assert not (tmp_path / "ra.html").exists()


def test_each_of_a_group_of_options_is_told_in_the_help(command: Command) -> None:
    for name in ("explain", "timeline", "slip", "due", "habits"):
        told = command(name, "--help")[1]
        assert [option for option in ("--sheet", "--grouped", "--fetched-on", "--calendar") if option not in told] == []


@pytest.mark.parametrize("asked", [normalize("NFD", "Hồ-1"), " Hồ-1 "])
def test_the_id_that_is_asked_for_is_read_as_those_of_the_log(command: Command, tmp_path: Path, asked: str) -> None:
    """A shell of macOS hands over letters and marks apart."""
    log = csv_log(tmp_path)
    log.write_text(log.read_text("utf-8").replace("HS-1", "Hồ-1"), encoding="utf-8")
    code, said = command("explain", log, asked, *AS_OF)
    assert code == 0, said
    assert DUE in said
