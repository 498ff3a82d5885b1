"""What a change would change, as it is told: in words, by dossier, as a table and as JSON; bad words refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Command

from tthc_rules.cli.compared import read_side
from tthc_rules.result.columns import ACT_BY, FIXED_COLUMNS
from tthc_rules.result.columnwords import COLUMNS, cell_said, column_said
from tthc_rules.runs.diff.files import COLUMNS as OF_TABLE

DAYS = ("--known-on", "2025-12-24", "2025-12-30")
LETTER = "12729/VPCP-KGVX (25/12/2025): 02/01/2026 nghỉ hoán đổi; 10/01/2026 làm bù"


def dossier(name: str, accepted: str, amount: int, *events: dict[str, str]) -> dict[str, Any]:
    first = {"kind": "dossier_accepted", "at": accepted}
    return {"dossier_id": name, "time_limit": {"amount": amount, "unit": "workday"}, "events": [first, *events]}


OPEN = {**dossier("H-1", "2025-12-29T08:30", 5), "procedure": "1.004880", "units": {"handling_agency": "so-xay-dung"}}
"""30, 31/12, (1/1), 2, 5, 6/1; with 2/1 swapped off: 30, 31/12, 5, 6, 7/1."""
HOURS = """format: 1
hours: rieng
label: {vi: "Giờ riêng", en: "Own hours"}
citations: [{document: "Quyết định", status: secondary}]
seasons: [{from: "01-01", to: "12-31", shifts: [{from: "08:00", to: "12:00"}, {from: "13:00", to: "17:00"}]}]
"""
NOT_MOVED = dossier("H-2", "2025-12-22T08:30", 2)
ENDED = dossier("H-3", "2025-12-29T08:30", 5, {"kind": "result_issued", "at": "2025-12-30T08:30"})


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "nhật ký.ndjson"
    path.write_text("".join(json.dumps(one) + "\n" for one in (OPEN, NOT_MOVED, ENDED)), encoding="utf-8")
    return path


def test_a_letter_moves_open_dossiers_in_words(command: Command, log: Path) -> None:
    code, said = command("diff", *DAYS, "--open", "--on", log)
    assert code == 1
    lines = said.splitlines()
    assert lines[:6] == [
        "Trước: shipped, biết đến 24/12/2025",
        "Sau: shipped, biết đến 30/12/2025",
        "  xét đến hết ngày 30/12/2025",
        f"  {LETTER}",
        "",
        "H-1 (1.004880) — so-xay-dung",
    ]
    assert "    Hạn theo luật: 06/01/2026 → 07/01/2026" in lines
    assert [line for line in lines if line.startswith(("H-2", "H-3"))] == []
    assert "1 hồ sơ đang giải quyết đổi hạn, trong số 3" in lines
    assert not [line for line in lines if "lawful_due" in line]


def test_without_open_every_dossier_that_changes_is_told(command: Command, log: Path) -> None:
    said = command("diff", *DAYS, "--on", log, "--lang", "en", "--show", "1")[1]
    assert "H-1 (1.004880) — so-xay-dung" in said
    assert "    Lawful due date: 06/01/2026 → 07/01/2026" in said.splitlines()
    assert "H-3" not in said
    assert "… 1 more (--show, or -o FILE)" in said
    assert "2 dossiers change, of 3" in said


def test_nothing_changes(command: Command, log: Path) -> None:
    code, said = command("diff", "shipped", "shipped", "--on", log, "--as-of", "2025-12-30")
    assert (code, said.splitlines()[-1]) == (0, "0 hồ sơ thay đổi, trong số 3")


def test_the_table_has_a_row_for_each_cell(command: Command, log: Path, tmp_path: Path) -> None:
    code, said = command("diff", *DAYS, "--open", "--on", log, "-o", tmp_path / "đổi.csv")
    assert (code, said.splitlines()[-1]) == (1, f"→ {tmp_path / 'đổi.csv'}")
    with (tmp_path / "đổi.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == OF_TABLE
    lawful = next(row for row in rows if row["column"] == "lawful_due")
    assert (lawful["before"], lawful["after"], lawful["name"]) == ("2026-01-06", "2026-01-07", "Hạn theo luật")
    assert {row["dossier_id"] for row in rows} == {"H-1"}


def test_json_lists_all_in_both_languages(command: Command, log: Path) -> None:
    code, said = command("diff", *DAYS, "--on", log, "--format", "json", "-q")
    found = json.loads(said)
    assert code == 1
    assert [one["dossier_id"] for one in found["listed"]] == ["H-1", "H-3"]
    assert (found["dossiers"], found["changed"]) == (3, 2)
    assert found["letters"][0]["instrument"] == "12729/VPCP-KGVX"
    change = next(one for one in found["listed"][0]["changes"] if one["column"] == "lawful_due")
    assert change["name"] == {"vi": "Hạn theo luật", "en": "Lawful due date"}
    assert change["after_said"]["vi"] == "07/01/2026"


def test_the_page_stands_alone_and_shows_text_as_text(command: Command, tmp_path: Path) -> None:
    log = tmp_path / "log.ndjson"
    log.write_text(json.dumps({**OPEN, "dossier_id": "<script>alert(1)</script>"}) + "\n", encoding="utf-8")
    code, _ = command("diff", *DAYS, "--on", log, "-o", tmp_path / "đổi.html")
    text = (tmp_path / "đổi.html").read_text(encoding="utf-8")
    assert code == 1
    assert text.startswith('<!DOCTYPE html>\n<html lang="vi">')
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "http" not in text.replace("http-equiv", "")
    assert '<th scope="row">Hạn theo luật</th><td>06/01/2026</td><td>07/01/2026</td>' in text
    assert LETTER in text


def test_a_page_says_how_many_it_does_not_list(command: Command, log: Path, tmp_path: Path) -> None:
    command("diff", *DAYS, "--on", log, "-o", tmp_path / "x.html", "--show", "1", "--lang", "en")
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "1 more are not on this page" in text
    assert "Lawful due date" in text


@pytest.mark.parametrize(
    ("arguments", "code", "meant"),
    [
        (("shipped", "shipped,lateness=by_dat"), "TR-option-lateness", "by_date"),
        (("shipped", "shiped"), "TR-option-value", "shipped"),
        (("shipped", "shipped,knwon_on=2025-01-01"), "TR-rule-reading", "known_on"),
        (("shipped", "shipped,r1_suplement_effect=restart"), "TR-rule-reading", "r1_supplement_effect"),
        (("shipped", "shipped,r1_supplement_effect=restrat"), "TR-rule-reading", "restart"),
        (("shipped", "shipped,calendar=vm"), "TR-option-calendar", ""),
        (("shipped", "shipped,known_on=2025-13-01"), "TR-option-date", ""),
        (("shipped", "shipped,known_on"), "TR-option-value", ""),
        (("shipped",), "TR-option-value", ""),
        (("shipped", "--known-on", "2025-12-30", "2025-12-24"), "TR-option-value", ""),
        (("shipped", "shipped", "--known-on", "2025-12-24", "2025-12-30"), "TR-option-value", ""),
        (("shipped", "shipped", "--on-format", "ndjsn"), "TR-option-value", "ndjson"),
    ],
)
def test_bad_words_are_refused_with_the_nearest(
    command: Command, log: Path, arguments: tuple[str, ...], code: str, meant: str
) -> None:
    exit_code, said = command("diff", *arguments, "--on", log, "--as-of", "2026-01-20")
    assert exit_code == 2
    assert said.startswith(code)
    assert not meant or f"did you mean “{meant}”?" in said


def test_two_sides_without_a_day_ask_for_one(command: Command, log: Path) -> None:
    code, said = command("diff", "shipped", "shipped", "--on", log)
    assert (code, said.split(":")[0]) == (2, "TR-option-value --as-of")


def test_a_result_never_takes_the_place_of_a_side(command: Command, log: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "hours.yaml").write_text(HOURS, encoding="utf-8")
    code, said = command("diff", "shipped", rules, "--on", log, "--as-of", "2026-01-20", "-o", rules / "x.csv")
    assert (code, said.split()[0]) == (2, "TR-output-input")


# -- the words ---------------------------------------------------------------------------------------------------------

LABELS = {"apology_before_due": {"vi": "Văn bản xin lỗi", "en": "Apology"}}


def test_every_column_of_results_has_its_words() -> None:
    assert tuple(COLUMNS) == FIXED_COLUMNS


@pytest.mark.parametrize(
    ("column", "cell", "vi", "en"),
    [
        ("punctuality", "returned_late", "trả trễ hạn", "returned late"),
        ("punctuality", None, "không có", "none"),
        ("workdays_late", 3, "3 ngày", "3 days"),
        ("provisional", True, "có", "yes"),
        ("promised_due", "2024-08-12T16:30", "16:30 12/08/2024", "16:30 12/08/2024"),
        ("promised_due", "2024-08-12", "12/08/2024", "12/08/2024"),
        ("apology_before_due", "missed", "không thực hiện", "missed"),
        ("next_act", "apology_before_due", "Văn bản xin lỗi", "Apology"),
        (
            "next_act",
            "step:so-tu-phap",
            "Bước được giao cho cơ quan tham gia giải quyết: so-tu-phap",
            "The step that an agency was assigned: so-tu-phap",
        ),
        (
            "responsible",
            "apology_before_due=head_of_unit",
            "Văn bản xin lỗi: người đứng đầu cơ quan giải quyết",
            "Apology: head of the handling agency",
        ),
        (
            "steps",
            [{"agency": "so-tu-phap", "due": "2024-08-12", "done_on": None, "outcome": "overdue"}],
            "so-tu-phap: quá hạn, chưa xong (hạn 12/08/2024)",
            "so-tu-phap: past its due date, not done (due 12/08/2024)",
        ),
        ("clock_version", "one_stop/2018-06-21", "one_stop/2018-06-21", "one_stop/2018-06-21"),
    ],
)
def test_cells_in_words(column: str, cell: Any, vi: str, en: str) -> None:
    assert cell_said(column, cell, LABELS, "vi") == vi
    assert cell_said(column, cell, LABELS, "en") == en


def test_a_duty_is_named_with_its_id_and_its_last_day() -> None:
    assert column_said("apology_before_due", LABELS, "vi") == "Văn bản xin lỗi [apology_before_due]"
    said = column_said("apology_before_due" + ACT_BY, LABELS, "en")
    assert said == "Apology [apology_before_due], to be done by"
    assert column_said("gone_duty", LABELS, "vi") == "gone_duty"


def test_a_side_keeps_what_was_written() -> None:
    side = read_side("shipped,known_on=2025-12-24,lateness=qd766")
    assert (side.name, str(side.known_on), side.lateness) == (
        "shipped,known_on=2025-12-24,lateness=qd766", "2025-12-24", "qd766",
    )  # fmt: skip
