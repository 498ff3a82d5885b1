"""Excel in and out: rows as those of a CSV, each with its traps told at sheet, row and column; text stays text."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.cli import main
from tthc_rules.errors import InputFileError
from tthc_rules.law.civil import read_moment
from tthc_rules.law.question import Question
from tthc_rules.logs import xlsxparts
from tthc_rules.logs.eventlog import RawDossier, read_dossiers
from tthc_rules.logs.mapping import read_mapping
from tthc_rules.runs import writers
from tthc_rules.runs.doors import rescore_log
from tthc_rules.runs.writers import writer_for

ABSENT = "chưa cài python-calamine, XlsxWriter / python-calamine, XlsxWriter are not installed"
pytest.importorskip("python_calamine", reason=ABSENT)
xlsxwriter = pytest.importorskip("xlsxwriter", reason=ABSENT)

HEAD = ("dossier_id", "kind", "at", "time_limit.amount", "time_limit.unit")
LOG = [
    HEAD,
    ("00123", "dossier_accepted", "2024-08-23T08:30", 5, "workday"),
    ("00123", "result_issued", "2024-08-28T10:00", 5, "workday"),
    ("1.004880", "dossier_accepted", "2024-08-23", 5, "workday"),
]
MAPPED = """format: 1
mapping: m
label: {vi: a, en: a}
dossier: {dossier_id: {column: Mã}}
events_from_dossier: [{kind: dossier_accepted, at: {column: Ngày}}]
observes: [dossier_accepted]
"""


def book(
    path: Path, rows: list[Any], fill: Callable[[Any, Any], None] = lambda book, sheet: None, **options: Any
) -> Path:
    """A workbook with the rows in its first sheet; dates are formatted as dates."""
    with xlsxwriter.Workbook(str(path), options) as made:
        sheet = made.add_worksheet("Sổ")
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        moment = made.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        hour = made.add_format({"num_format": "hh:mm"})
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                match cell:
                    case datetime():
                        sheet.write_datetime(at, column, cell, moment)
                    case date():
                        sheet.write_datetime(at, column, cell, day)
                    case time():
                        sheet.write_datetime(at, column, cell, hour)
                    case str():
                        sheet.write_string(at, column, cell)
                    case None:
                        pass
                    case _:
                        sheet.write(at, column, cell)
        fill(made, sheet)
    return path


def mapped(path: Path, said: str = "", text: str = MAPPED, **how: Any) -> list[RawDossier]:
    return list(read_dossiers(path, read_mapping(text + said, "m.yaml"), **how))


def told(found: list[RawDossier]) -> list[tuple[str, list[str], list[object]]]:
    """Of each dossier its id, its errors, and the moments of its events."""
    return [
        (raw.dossier_id, [problem.code for problem in raw.problems], [read_moment(e["at"]) for e in _events(raw)])
        for raw in found
    ]


def _events(raw: RawDossier) -> list[dict[str, Any]]:
    events = raw.data.get("events", [])
    assert isinstance(events, list)
    return events


def refusal(path: Path, said: str = "", text: str = MAPPED, **how: Any) -> tuple[str, str]:
    with pytest.raises(InputFileError) as caught:
        mapped(path, said, text, **how)
    return caught.value.code, caught.value.problems[0].place


# -- the same rows as a CSV --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fast", [True, False])
def test_a_workbook_is_judged_as_the_csv_of_its_cells(tmp_path: Path, fast: bool) -> None:
    law, question = Rulebook.load(), Question(date(2024, 10, 1), date(2024, 10, 1))
    (tmp_path / "log.csv").write_text("\n".join(",".join(map(str, row)) for row in LOG) + "\n", encoding="utf-8")
    book(tmp_path / "log.xlsx", LOG)
    rows = {}
    for name in ("log.csv", "log.xlsx"):
        rescore_log(law, question, tmp_path / name, tmp_path / "out.ndjson", fast=fast)
        rows[name] = (tmp_path / "out.ndjson").read_text(encoding="utf-8")
    assert rows["log.xlsx"] == rows["log.csv"]
    made = [json.loads(line) for line in rows["log.xlsx"].splitlines()]
    # Friday 23/8/2024 + 5 workdays = Friday 30/8/2024
    assert [(row["dossier_id"], row["lawful_due"]) for row in made] == [
        ("00123", "2024-08-30"),
        ("1.004880", "2024-08-30"),
    ]


def test_dates_numbers_and_flags_are_what_is_stored(tmp_path: Path) -> None:
    rows = [
        (*HEAD, "filed_elsewhere", "time_limit.cutoff"),
        ("A", "dossier_accepted", datetime(2024, 8, 23, 8, 30), 5, "workday", False, time(15, 0)),
        ("B", "dossier_accepted", date(2024, 8, 23), 5, "workday", True, "15:00"),
        (12345, "dossier_accepted", "2024-08-23T08:30", "05", "workday", None, None),
    ]
    found = list(read_dossiers(book(tmp_path / "log.xlsx", rows)))
    assert told(found) == [
        ("A", [], [datetime(2024, 8, 23, 8, 30)]),
        ("B", [], [date(2024, 8, 23)]),
        ("12345", [], [datetime(2024, 8, 23, 8, 30)]),
    ]
    assert [raw.data["time_limit"] for raw in found] == [
        {"amount": 5, "unit": "workday", "cutoff": "15:00"},
        {"amount": 5, "unit": "workday", "cutoff": "15:00"},
        {"amount": 5, "unit": "workday"},
    ]
    assert [raw.data.get("filed_elsewhere") for raw in found] == [False, True, None]


@pytest.mark.parametrize("is_1904", [False, True])
def test_every_minute_of_a_day_is_that_minute_in_both_day_counts(tmp_path: Path, is_1904: bool) -> None:
    moments = [datetime(2024, 8, 23, n // 60, n % 60) for n in range(1, 1440)]
    rows = [("Mã", "Ngày"), *((f"H{n}", moment) for n, moment in enumerate(moments))]
    path = book(tmp_path / "a.xlsx", rows, date_1904=is_1904)
    assert told(mapped(path)) == [(f"H{n}", [], [moment]) for n, moment in enumerate(moments)]


@pytest.mark.parametrize(
    ("is_1904", "number"), [(False, 45527), (True, 45527 - 1462)]
)  # 23/8/2024 counted from 30/12/1899 and from 1/1/1904
def test_a_day_that_is_only_a_number_is_read_where_that_is_declared(tmp_path: Path, is_1904: bool, number: int) -> None:
    rows = [("Mã", "Ngày"), ("A", number), ("B", number + 0.354166666664), ("C", str(number)), ("D", "23/08/2024")]
    path = book(tmp_path / "a.xlsx", rows, date_1904=is_1904)
    text = MAPPED.replace("{column: Ngày}", '{column: Ngày, date_format: [serial, "%d/%m/%Y"]}')
    day = date(2024, 8, 23)
    assert told(mapped(path, text=text)) == [
        ("A", [], [day]),
        ("B", [], [datetime(2024, 8, 23, 8, 30)]),
        ("C", [], [day]),
        ("D", [], [day]),
    ]
    with pytest.raises(ValueError):  # not declared: no moment at all
        told(mapped(path))


def test_a_number_in_another_form_is_no_serial_day(tmp_path: Path) -> None:
    text = MAPPED.replace("{column: Ngày}", '{column: Ngày, date_format: "%Y%m%d"}')
    path = book(tmp_path / "a.xlsx", [("Mã", "Ngày"), ("A", "20240823"), ("B", 20240823), ("C", 45527)])
    day = date(2024, 8, 23)
    assert told(mapped(path, text=text)) == [("A", [], [day]), ("B", [], [day]), ("C", ["TR-row-type"], [])]


@pytest.mark.parametrize("name", ["procedure", "units.handling_agency"])
def test_a_code_that_became_a_fraction_is_no_code(tmp_path: Path, name: str) -> None:
    rows = [(*HEAD, name), ("A", "dossier_accepted", "2024-08-23", 5, "workday", 1.00488), LOG[1]]
    (row, other) = Rulebook.load().rescore_dossiers(
        [raw.data for raw in read_dossiers(book(tmp_path / "log.xlsx", rows))], date(2024, 10, 1)
    )
    assert row["error_code"] is not None
    assert other["error_code"] is None


# -- where the rows are ------------------------------------------------------------------------------------------------


def sheets(book: Any, sheet: Any) -> None:
    """Before the first: a hidden sheet; behind it another one."""
    hidden = book.add_worksheet("ẩn")
    hidden.write_row(0, 0, ["Mã", "Ngày"])
    hidden.write_row(1, 0, ["ẩn", "2024-08-23"])
    second = book.add_worksheet("Hai")
    second.write_row(0, 0, ["Mã", "Ngày"])
    second.write_row(1, 0, ["hai", "2024-08-24"])
    second.activate()
    hidden.hide()


def test_the_first_visible_sheet_or_the_one_that_is_named(tmp_path: Path) -> None:
    def hide_first(made: Any, sheet: Any) -> None:
        sheets(made, sheet)
        sheet.hide()

    path = book(tmp_path / "a.xlsx", [("Mã", "Ngày"), ("một", "2024-08-23")], sheets)
    assert [raw.dossier_id for raw in mapped(path)] == ["một"]
    assert [raw.dossier_id for raw in mapped(path, sheet="Hai")] == ["hai"]
    assert [raw.dossier_id for raw in mapped(path, sheet="ẩn")] == ["ẩn"]
    assert [raw.dossier_id for raw in mapped(path, "xlsx: {sheet: Hai}\n")] == ["hai"]
    assert [raw.dossier_id for raw in mapped(path, "xlsx: {sheet: Hai}\n", sheet="Sổ")] == ["một"]
    assert [raw.dossier_id for raw in mapped(book(tmp_path / "b.xlsx", [("x",)], hide_first))] == ["hai"]
    assert refusal(path, sheet="Haii") == ("TR-file-sheet", str(path))
    (tmp_path / "a.csv").write_text("Mã,Ngày\n", encoding="utf-8")
    assert refusal(tmp_path / "a.csv", sheet="Hai") == ("TR-file-sheet", str(tmp_path / "a.csv"))


def test_a_table_may_stand_anywhere_and_hidden_rows_count(tmp_path: Path) -> None:
    rows = [
        (),
        (None, "SỔ THEO DÕI"),
        (),
        (None, "Mã", "Ngày"),
        (),
        (None, "A", "2024-08-23"),
        (None, "B", "2024-08-24"),
    ]

    def hide(made: Any, sheet: Any) -> None:
        sheet.set_row(5, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
        sheet.merge_range(1, 1, 1, 2, "SỔ THEO DÕI")

    path = book(tmp_path / "a.xlsx", rows, hide)
    found = mapped(path, "xlsx: {header_row: 4}\n")
    assert told(found) == [("A", [], [date(2024, 8, 23)]), ("B", [], [date(2024, 8, 24)])]
    assert [raw.place for raw in found] == [f"{path}:Sổ:6", f"{path}:Sổ:7"]
    assert refusal(path) == ("TR-file-header", f"{path}:Sổ:1")
    assert refusal(path, "xlsx: {header_row: 2}\n") == ("TR-file-header", f"{path}:Sổ:2:B")
    assert refusal(path, "xlsx: {header_row: 6}\n") == ("TR-file-columns", f"{path}:Sổ:6")
    assert refusal(path, "xlsx: {header_row: 9}\n") == ("TR-file-header", f"{path}:Sổ:9")


def test_names_that_are_merged_down_are_names_and_across_are_not(tmp_path: Path) -> None:
    rows = [("Mã", "Thời gian", None), (None, "Ngày", "Giờ"), ("A", "2024-08-23", "08:30")]

    def merge(made: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 1, 0, "Mã")
        sheet.merge_range(0, 1, 0, 2, "Thời gian")

    path = book(tmp_path / "a.xlsx", rows, merge)
    assert told(mapped(path, "xlsx: {header_row: 2}\n")) == [("A", [], [date(2024, 8, 23)])]
    assert refusal(path) == ("TR-file-header", f"{path}:Sổ:1:B")


def test_a_name_is_one_line_and_is_there_once(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx", [("Mã\n hồ  sơ", "Ngày", None, "Ghi chú"), ("A", "2024-08-23", "không ai đọc", "x")]
    )
    assert [raw.dossier_id for raw in mapped(path, text=MAPPED.replace("column: Mã", "column: Mã hồ sơ"))] == ["A"]
    path = book(tmp_path / "b.xlsx", [("Mã", "Ngày", "Mã"), ("A", "2024-08-23", "B")])
    assert refusal(path) == ("TR-file-header", f"{path}:Sổ:1:C")


def test_cells_merged_down_say_the_same_of_every_row_and_across_are_an_error(tmp_path: Path) -> None:
    rows = [
        ("dossier_id", "kind", "at"),
        ("A", "dossier_accepted", "2024-08-23"),
        (None, "result_issued", "2024-08-26"),
    ]
    rows += [("B", "dossier_accepted", "2024-08-23"), ("C", "dossier_accepted", "2024-08-23")]

    def merge(made: Any, sheet: Any) -> None:
        sheet.merge_range(1, 0, 2, 0, "A")
        sheet.merge_range(3, 1, 3, 2, "dossier_accepted")

    path = book(tmp_path / "a.xlsx", rows, merge)
    found = list(read_dossiers(path))
    assert told(found) == [
        ("A", [], [date(2024, 8, 23), date(2024, 8, 26)]),
        ("B", ["TR-row-cell"], []),
        ("C", [], [date(2024, 8, 23)]),
    ]
    assert found[1].problems[0].place == f"{path}:Sổ:4:B"


# -- what a cell does not say ------------------------------------------------------------------------------------------


def test_a_formula_is_its_stored_value_and_an_error_is_an_error_row(tmp_path: Path) -> None:
    def formulas(made: Any, sheet: Any) -> None:
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_formula(1, 0, '="A"&"1"', None, "A1")
        sheet.write_formula(1, 1, "=TODAY()", day, 45527)
        sheet.write_formula(2, 1, "=B99", None, "#REF!")
        sheet.write_formula(3, 0, "=B99", None, "#N/A")
        sheet.write_formula(4, 2, "=1/0", None, "#DIV/0!")

    rows = [("Mã", "Ngày", "Ghi chú"), (), ("B", None), (None, "2024-08-23"), ("C", "2024-08-23")]
    path = book(tmp_path / "a.xlsx", rows, formulas)
    found = mapped(path)
    assert told(found) == [
        ("A1", [], [date(2024, 8, 23)]),
        ("B", ["TR-row-cell"], []),
        ("", ["TR-row-cell"], []),
        ("C", [], [date(2024, 8, 23)]),  # a column that nobody reads
    ]
    assert [problem.place for raw in found for problem in raw.problems] == [f"{path}:Sổ:3:B", f"{path}:Sổ:4:A"]
    assert "#REF!" in found[1].problems[0].vi


def changed(path: Path, name: str, change: Callable[[str], str]) -> Path:
    """The workbook with one of its parts written anew."""
    with zipfile.ZipFile(path) as package:
        parts = {info: package.read(info) for info in package.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in parts.items():
            package.writestr(part, change(data.decode()) if part == name else data)
    return path


SHEET1 = "xl/worksheets/sheet1.xml"


def test_a_formula_that_was_never_worked_out_is_an_error_row(tmp_path: Path) -> None:
    rows = [("Mã", "Ngày"), ("A", None), ("B", "2024-08-23")]
    path = book(tmp_path / "a.xlsx", rows, lambda made, sheet: sheet.write_formula(1, 1, "=TODAY()", None, 45527))
    changed(path, SHEET1, lambda text: re.sub(r"<v>45527</v>", "", text))
    found = mapped(path)
    assert told(found) == [("A", ["TR-row-cell"], []), ("B", [], [date(2024, 8, 23)])]
    assert found[0].problems[0].place == f"{path}:Sổ:2:B"


def test_an_error_that_is_merged_down_is_one_of_every_row(tmp_path: Path) -> None:
    rows = [("dossier_id", "kind", "at"), ("A", "dossier_accepted", None), ("B", "dossier_accepted", None)]

    def merge(made: Any, sheet: Any) -> None:
        sheet.merge_range(1, 2, 2, 2, "")
        sheet.write_formula(1, 2, "=Z9", None, "#REF!")

    found = list(read_dossiers(book(tmp_path / "a.xlsx", rows, merge)))
    assert told(found) == [("A", ["TR-row-cell"], []), ("B", ["TR-row-cell"], [])]


def test_formulas_behind_the_cells_are_nobodys_value(tmp_path: Path) -> None:
    """A list of choices that lies in another sheet is a formula in the last part of the sheet."""
    path = book(tmp_path / "a.xlsx", [("Mã", "Ngày"), ("A", "2024-08-23")])
    choices = '<extLst><ext xmlns:xm="http://x"><xm:f>Hai!$A$1:$A$9</xm:f></ext></extLst></worksheet>'
    changed(path, SHEET1, lambda text: text.replace("</worksheet>", choices))
    assert told(mapped(path)) == [("A", [], [date(2024, 8, 23)])]


def test_a_long_number_has_lost_its_digits(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx", [("Mã", "Ngày", "CCCD"), (1234567890123456, "2024-08-23", 1), (5, "2024-08-23", 1e18)]
    )
    assert [(raw.dossier_id, [problem.code for problem in raw.problems]) for raw in mapped(path)] == [
        ("", ["TR-row-cell"]),
        ("5", []),
    ]


def test_what_a_cell_cannot_say_is_told_at_its_column(tmp_path: Path) -> None:
    text = MAPPED.replace("{column: Ngày}", '{column: Ngày, date_format: "%d/%m/%Y"}')
    path = book(tmp_path / "a.xlsx", [("Mã", "Ngày"), ("A", "31/02/2024")])
    (raw,) = mapped(path, text=text)
    assert [(problem.code, problem.place) for problem in raw.problems] == [("TR-row-type", f"{path}:Sổ:2:B")]


# -- files that are none -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"Ma,Ngay\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)],
    ids=["empty", "cut", "csv", "ole"],
)
def test_what_is_no_workbook(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    assert refusal(path) == ("TR-file-xlsx", str(path))


def test_a_workbook_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a.xlsx")[0] == "TR-file-unreadable"
    (tmp_path / "b.xlsx").mkdir()
    assert refusal(tmp_path / "b.xlsx")[0] == "TR-file-unreadable"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("xl/workbook.xml", lambda text: text.replace("<sheets>", "<sheets")),
        ("xl/workbook.xml", lambda text: re.sub(r"<sheet .*?/>", "", text)),
        ("xl/_rels/workbook.xml.rels", lambda text: text.replace("worksheets/sheet1.xml", "worksheets/sheet9.xml")),
        (SHEET1, lambda text: text[: len(text) // 2]),
        (SHEET1, lambda text: text.replace("?>", '?><!DOCTYPE a [<!ENTITY b "c">]>', 1)),
        ("xl/sharedStrings.xml", lambda text: text[: len(text) // 2]),
    ],
)
def test_a_broken_part_is_our_error(tmp_path: Path, name: str, change: Callable[[str], str]) -> None:
    path = changed(book(tmp_path / "a.xlsx", [("Mã", "Ngày"), ("A", "2024-08-23")]), name, change)
    code, place = refusal(path)
    assert code in ("TR-file-xlsx", "TR-file-doctype")
    assert place.startswith(str(path))


def test_a_bomb_is_not_unpacked_and_a_far_corner_is_not_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "a.xlsx", [("Mã", "Ngày"), ("A", "2024-08-23")])
    far = changed(
        book(tmp_path / "far.xlsx", [("Mã", "Ngày"), ("A", "2024-08-23")]),
        SHEET1,
        lambda text: text.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    )
    assert refusal(far) == ("TR-file-size", f"{far}:Sổ")
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        for name in package.namelist():
            made.writestr(name, package.read(name))
        with made.open("xl/media/big", "w", force_zip64=True) as part:
            for _ in range(1100):
                part.write(bytes(1 << 20))
    assert bomb.stat().st_size < 4 << 20
    assert refusal(bomb) == ("TR-file-size", str(bomb))
    monkeypatch.setattr(xlsxparts, "MAX_PACKED", 100)
    assert refusal(path) == ("TR-file-size", str(path))


def test_a_part_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [("Mã", "Ngày"), ("A", "2024-08-23")])
    with zipfile.ZipFile(path) as package:
        info = package.getinfo("xl/sharedStrings.xml")
        size = info.file_size.to_bytes(4, "little") + len(info.filename).to_bytes(2, "little")
    data = path.read_bytes()
    assert data.count(size) == 2  # in the part itself and in the list of parts
    path.write_bytes(data.replace(size, (7).to_bytes(4, "little") + size[4:]))
    assert refusal(path)[0] == "TR-file-xlsx"


def test_without_the_extra_it_is_told_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "a.xlsx", [("Mã", "Ngày"), ("A", "2024-08-23")])
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    assert refusal(path) == ("TR-file-xlsx-extra", str(path))
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(InputFileError) as caught, writer_for(tmp_path / "out.xlsx", ("dossier_id",)):
        pass
    (problem,) = caught.value.problems
    assert (problem.code, problem.place) == ("TR-file-xlsx-extra", str(tmp_path / "out.xlsx"))
    assert 'pip install "tthc-rules[xlsx]"' in problem.vi
    assert not (tmp_path / "out.xlsx").exists()


# -- beside a log, and out ---------------------------------------------------------------------------------------------


def test_attributes_of_dossiers_come_from_a_workbook(tmp_path: Path) -> None:
    log = book(tmp_path / "log.xlsx", [row[:3] for row in LOG])
    rows = [("dossier_id", "procedure", "time_limit.amount", "time_limit.unit"), ("00123", "1.004880", 5, "workday")]
    beside = book(tmp_path / "d.xlsx", [*rows, ("1.004880", None, 7, "workday"), ("lạ", None, 7, "workday")])
    first, second, third = read_dossiers(log, dossiers=beside)
    assert (first.data["procedure"], first.data["time_limit"]) == ("1.004880", {"amount": 5, "unit": "workday"})
    assert second.data["time_limit"] == {"amount": 7, "unit": "workday"}
    assert [(problem.code, problem.place) for problem in third.problems] == [("TR-row-not-in-log", f"{beside}:Sổ:4")]
    wrong = book(tmp_path / "e.xlsx", [("dossier_id", "chanel"), ("00123", "online")])
    with pytest.raises(InputFileError) as caught:
        list(read_dossiers(log, dossiers=wrong))
    assert caught.value.problems[0].place.startswith(f"{wrong}:Sổ:1")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> object:
    monkeypatch.setattr(sys, "argv", ["tthc-rules", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code


def cells_of(path: Path) -> list[list[Any]]:
    from python_calamine import CalamineWorkbook

    return list(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows())


@pytest.mark.parametrize("source", ["log.xlsx", "log.csv"])
def test_the_result_is_a_workbook_whose_words_are_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    book(tmp_path / "log.xlsx", LOG)
    (tmp_path / "log.csv").write_text("\n".join(",".join(map(str, row)) for row in LOG) + "\n", encoding="utf-8")
    asked = ("rescore", tmp_path / source, "--as-of", "2024-10-01", "-q", "-o")
    assert run(monkeypatch, *asked, tmp_path / "out.xlsx") == 0
    assert run(monkeypatch, *asked, tmp_path / "out.csv") == 0
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    head, *body = cells_of(tmp_path / "out.xlsx")
    assert head == list(rows[0])
    for row, cells in zip(rows, body, strict=True):
        said = [
            str(int(cell)) if isinstance(cell, float) else str(cell).lower() if isinstance(cell, bool) else cell
            for cell in cells
        ]
        assert said == list(row.values())
    assert [cells[0] for cells in body] == ["00123", "1.004880"]
    assert isinstance(body[1][head.index("workdays_late")], float)
    once = (tmp_path / "out.xlsx").read_bytes()
    assert run(monkeypatch, *asked, tmp_path / "out.xlsx") == 0
    assert (tmp_path / "out.xlsx").read_bytes() == once
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.csv", "log.xlsx", "out.csv", "out.xlsx"]


def test_text_that_a_spreadsheet_would_run_or_decode_comes_back(tmp_path: Path) -> None:
    odd = ["=1+1", "'=a", "-1", "_x0041_", "a\tb", "https://a.vn", "Sở Xây dựng", "x" * 32_767]
    with writer_for(tmp_path / "a.xlsx", ("dossier_id", "error")) as writer:
        for text in odd:
            writer.write({"dossier_id": text})
    assert [row[0] for row in cells_of(tmp_path / "a.xlsx")[1:]] == odd


def test_a_result_that_no_sheet_holds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for row, rows in (({"dossier_id": "x" * 32_768}, 10), ({"dossier_id": "x"}, 1)):
        monkeypatch.setattr(writers, "_SHEET_ROWS", rows)
        with pytest.raises(InputFileError) as caught, writer_for(tmp_path / "a.xlsx", ("dossier_id",)) as writer:
            writer.write(row)
        (problem,) = caught.value.problems
        assert (problem.code, problem.place) == ("TR-result-sheet", str(tmp_path / "a.xlsx"))
    assert not list(tmp_path.iterdir())


def test_a_sheet_is_named_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def second(made: Any, sheet: Any) -> None:
        other = made.add_worksheet("Hai")
        for at, row in enumerate(LOG):
            other.write_row(at, 0, [str(cell) for cell in row])

    path = book(tmp_path / "a.xlsx", [("không phải sổ",)], second)
    asked = ("rescore", path, "--as-of", "2024-10-01", "-q", "-o", tmp_path / "out.csv")
    assert run(monkeypatch, *asked) == 2
    assert run(monkeypatch, *asked, "--sheet", "Hai") == 0
    assert run(monkeypatch, *asked, "--sheet", "Ba") == 2


def test_a_large_sheet_in_a_stream_of_rows(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"constant_memory": True}) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["Mã", "Ngày"])
        for number in range(1, 5_001):
            sheet.write_row(number, 0, [f"H{number}", "2024-08-23"])
    assert sum(not raw.problems for raw in mapped(tmp_path / "a.xlsx")) == 5_000


def test_a_workbook_in_memory_is_not_read_twice(tmp_path: Path) -> None:
    """What was looked through is what is read: the file may change in between."""
    path = book(tmp_path / "a.xlsx", [("Mã", "Ngày"), ("A", "2024-08-23")])
    data = xlsxparts.bytes_of(path)
    path.unlink()
    assert xlsxparts.look(path, data).sheet == "Sổ"
    assert zipfile.is_zipfile(io.BytesIO(data))
