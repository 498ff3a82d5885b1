"""Messages in their exact words: which bound, which field, which day; what the machine said, in both languages."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import Dossier, DossierError, Rulebook, RuleFileError, TthcError
from tthc_rules.errors import file_not_readable, json_broken, reason_of
from tthc_rules.logs.complaints import day_absent, row_broken
from tthc_rules.logs.dates import DateForm

ROOT = Path(__file__).parents[1]
ACCEPTED = {"kind": "dossier_accepted", "at": "2024-08-23T08:30"}


def refused(**fields: Any) -> tuple[str, str]:
    """The first problem of a dossier, in both languages."""
    with pytest.raises(DossierError) as caught:
        Dossier.model_validate({"dossier_id": "H1", "events": [ACCEPTED], **fields})
    problem = caught.value.problems[0]
    return problem.vi, problem.en


# -- a dossier ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "vi", "en"),
    [
        (
            {"time_limit": {"amount": -1, "unit": "workday"}},
            "số nhỏ hơn mức cho phép: ít nhất là 0, ở đây là -1",
            "the number is below what is allowed: at least 0, here -1",
        ),
        (
            {"time_limit": {"amount": 2**31, "unit": "workday"}},
            "số lớn hơn mức cho phép: nhiều nhất là 2147483647, ở đây là 2147483648",
            "the number is above what is allowed: at most 2147483647, here 2147483648",
        ),
        (
            {"dossier_id": ""},
            "văn bản quá ngắn: ít nhất 1 ký tự, ở đây là 0",
            "the text is too short: at least 1 character(s), here 0",
        ),
        (
            {"dossier_id": "x" * 201},
            "văn bản quá dài: nhiều nhất 200 ký tự, ở đây là 201",
            "the text is too long: at most 200 character(s), here 201",
        ),
        (
            {"events": [ACCEPTED] * 501},
            "danh sách quá dài: nhiều nhất 500 mục, ở đây là 501",
            "the list is too long: at most 500 item(s), here 501",
        ),
        ({"events": [{"kind": "x"}]}, "thiếu trường bắt buộc «at»", "a required field is missing: “at”"),
        (
            {"time_limit": {"unit": "workday"}},
            "thiếu trường bắt buộc «amount»",
            "a required field is missing: “amount”",
        ),
    ],
)
def test_the_bound_that_was_broken_and_the_field_that_is_missing(fields: dict[str, Any], vi: str, en: str) -> None:
    assert refused(**fields) == (vi, en)


@pytest.mark.parametrize("written", ["day", "days", "ngày"])
def test_a_bare_day_names_both_units(written: str) -> None:
    """The decrees say «ngày» and «ngày làm việc»: which of them it is, only who knows the clause can say."""
    with pytest.raises(DossierError) as caught:
        Dossier.model_validate({"dossier_id": "H1", "time_limit": {"amount": 5, "unit": written}})
    problem = caught.value.problems[0]
    assert problem.vi == (
        f"«{written}» chưa nói là ngày nào: viết workday (ngày làm việc) hoặc calendar_day (ngày, tính cả ngày nghỉ)"
    )
    assert problem.en == f"“{written}” does not say which day: write workday (working days) or calendar_day (every day)"
    assert (problem.code, problem.known, problem.nearest) == ("TR-input-choice", ("workday", "calendar_day"), "")


@pytest.mark.parametrize(
    ("at", "vi", "en"),
    [
        (
            "2023-02-29",
            "không có ngày 29/02/2023: tháng 02/2023 có 28 ngày",
            "there is no day 29/02/2023: that month has",
        ),
        ("2024-02-30T08:00", "không có ngày 30/02/2024: tháng 02/2024 có 29 ngày", "there is no day 30/02/2024"),
        ("2024-04-31", "không có ngày 31/04/2024: tháng 04/2024 có 30 ngày", "there is no day 31/04/2024"),
        ("2024-04-00", "không có ngày 00/04/2024: tháng 04/2024 có 30 ngày", "there is no day 00/04/2024"),
        ("2024-13-01", "không có tháng 13", "there is no month 13"),
    ],
)
def test_a_day_that_does_not_exist_is_told_so(at: str, vi: str, en: str) -> None:
    said = refused(events=[{"kind": "dossier_accepted", "at": at}])
    assert said[0] == f"{vi} («{at}»)"
    assert said[1].startswith(en)


def test_a_day_that_does_not_exist_in_a_rule_and_in_a_record(tmp_path: Path, book: Rulebook) -> None:
    shipped = ROOT / "rulesets" / "one_stop" / "2018-06-21" / "supplement_once.yaml"
    text = shipped.read_text(encoding="utf-8").replace('from: "2018-06-21"', 'from: "2018-06-31"')
    folder = tmp_path / "one_stop" / "2018-06-21"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(text.replace("rule: supplement_once", "rule: own"), encoding="utf-8")
    with pytest.raises(RuleFileError, match="không có ngày 31/06/2018: tháng 06/2018 có 30 ngày"):
        Rulebook.load(tmp_path)
    posts = [{"unit": "so", "role": "head_of_unit", "person": "A", "from": "2024-06-31"}]
    with pytest.raises(TthcError, match="không có ngày 31/06/2024: tháng 06/2024 có 30 ngày"):
        book.account([], period="2024-07", as_of=date(2024, 8, 1), posts=posts)


def test_a_day_that_does_not_exist_in_a_form_of_a_mapping() -> None:
    form = DateForm("%d/%m/%Y %H:%M")
    assert form.absent("30/2/2024 08:00") == (
        "không có ngày 30/02/2024: tháng 02/2024 có 29 ngày",
        "there is no day 30/02/2024: that month has 29 days",
    )
    assert form.absent("29/2/2024 08:00") is None
    assert form.absent("2024-02-30") is None
    said = day_absent("a.csv:2", "ngày nhận", "30/2/2024", ("không có tháng 13", "there is no month 13"))
    assert said.vi == "«ngày nhận»: không có tháng 13 (ghi là 30/2/2024)"


# -- the machine -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "vi", "en"),
    [
        (errno.ENOENT, "không có tệp hay thư mục này", "there is no such file or folder"),
        (errno.EACCES, "không có quyền đọc hoặc ghi ở đây", "permission denied"),
        (errno.EISDIR, "đây là thư mục, không phải tệp", "this is a folder, not a file"),
        (errno.ENOSPC, "đĩa đã đầy", "the disk is full"),
        (errno.EROFS, "ổ đĩa chỉ cho đọc", "the disk is read-only"),
    ],
)
def test_what_the_machine_says_is_said_in_the_readers_language(number: int, vi: str, en: str) -> None:
    error = OSError(number, os.strerror(number), "hồ sơ.csv")
    assert reason_of(error) == reason_of(str(error)) == reason_of(error.strerror) == (vi, en)
    assert f"không đọc được tệp: {vi}; " in file_not_readable("hồ sơ.csv", error).vi


def test_what_has_no_words_of_ours_is_said_as_it_is() -> None:
    assert reason_of(OSError(9999, "odd thing")) == ("[Errno 9999] odd thing", "[Errno 9999] odd thing")
    assert reason_of(ValueError("odd")) == ("odd", "odd")


def test_a_broken_row_is_told_in_both_languages() -> None:
    said = row_broken("a.csv:3", "quote not closed in its row")
    assert said.vi == "dòng CSV hỏng (dấu ngoặc kép chưa đóng [quote not closed in its row]); kiểm tra dấu ngoặc kép"
    assert said.en == "broken CSV row (quote not closed in its row); check the quotes"


def test_broken_json_is_told_in_both_languages() -> None:
    said = json_broken("a.json:1:9", "Expecting ',' delimiter")
    assert said.vi == "JSON hỏng: thiếu dấu phẩy [Expecting ',' delimiter]; sửa hoặc xuất lại"
    assert said.en == "broken JSON: Expecting ',' delimiter; mend or export it again"


# -- the command line --------------------------------------------------------------------------------------------------


def tthc(*arguments: str | Path, cwd: Path = ROOT) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", "from tthc_rules.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        cwd=cwd,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def test_a_workbook_is_told_how(tmp_path: Path) -> None:
    for arguments in (
        ("rescore", tmp_path / "a.xls", "-o", "x.csv", "--as-of", "2024-09-10"),
        ("rescore", ROOT / "examples" / "one_stop" / "events.csv", "-o", tmp_path / "a.xls", "--as-of", "2024-09-10"),
        ("account", tmp_path / "a.xls", "-o", tmp_path / "x.html", "--period", "2024-Q4"),
    ):
        code, _, said = tthc(*arguments)
        assert code == 2
        assert f"TR-file-format {tmp_path / 'a.xls'}: «.xls» là bảng tính, ở đây không đọc hay ghi thẳng được." in said
        assert "chọn Tệp → Lưu thành (File → Save As), kiểu «CSV UTF-8», rồi dùng tệp .csv đó" in said


def test_no_word_of_the_api_stands_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"dossier_id": "H1", "events": []}', encoding="utf-8")
    for option, value in (("--calendar", "vm"), ("--hours", "x"), ("--reading", "x=y")):
        code, _, said = tthc("evaluate", tmp_path / "a.json", "--as-of", "2024-09-10", option, value)
        assert code == 2
        assert said.split(": ")[0].endswith(f" {option}"), said
    assert tthc("calendar", "vm", "2024")[2].startswith("TR-option-calendar lịch / calendar: không có lịch «vm»\n")
    lint = tthc("calendar", "lint", tmp_path / "a.json", "--reference", "vm")
    assert lint[2].startswith("TR-option-calendar --reference: không có lịch «vm»\n")
    code, _, said = tthc("evaluate", tmp_path / "a.json", "--as-of", "1989-09-10")
    assert said.startswith("TR-as-of-range --as-of: ")
    code, _, said = tthc("evaluate", tmp_path / "a.json", "--as-of", "2024-02-30")
    assert said.startswith("TR-option-date --as-of: không có ngày 30/02/2024: tháng 02/2024 có 29 ngày\n")
    (tmp_path / "a.dat").write_text("", encoding="utf-8")
    code, _, said = tthc("rescore", tmp_path / "a.dat", "-o", tmp_path / "x.csv", "--as-of", "2024-09-10")
    assert "đổi phần mở rộng của tệp, hoặc nêu định dạng bằng tùy chọn format\n" in said


def test_broken_json_has_its_file_its_line_and_its_column(tmp_path: Path) -> None:
    path = tmp_path / "hồ sơ.json"
    path.write_text('{"dossier_id": "H1",\n "events": [}', encoding="utf-8")
    code, _, said = tthc("evaluate", path, "--as-of", "2024-09-10")
    assert code == 2
    assert said.startswith(f"TR-input-json {path}:2:13: JSON hỏng: thiếu giá trị")


def test_check_speaks_of_the_folder_that_was_asked_about(tmp_path: Path) -> None:
    examples = 0
    for version in ("2018-06-21", "2025-07-01"):  # the examples of the first ask the second
        shipped = ROOT / "rulesets" / "one_stop" / version / "supplement_once.yaml"
        folder = tmp_path / "my-rules" / "one_stop" / version
        folder.mkdir(parents=True)
        text = shipped.read_text(encoding="utf-8")
        own = text.replace("rule: supplement_once", "rule: own_limit").replace("supplement_once", "own_limit")
        (folder / "own.yaml").write_text(own, encoding="utf-8")
        examples += text.count("  - name:")
    code, said, _ = tthc("check", "my-rules", cwd=tmp_path)
    lines = said.splitlines()
    assert lines[0] == f"my-rules: 2 tệp, 2 phiên bản, {examples} ví dụ / files, rule versions, examples"
    assert "đi kèm thư viện, không kiểm ở đây" in lines[1]
    assert "rulesets/" not in said
    assert "apology" not in said
    assert code in (0, 1)


def test_a_year_beyond_what_is_known_is_said_to_be(book: Rulebook) -> None:
    code, out, said = tthc("calendar", "vn", "2101")
    assert (code, out) == (2, "")
    assert said.startswith(
        "TR-calendar-range 2101: lịch «vn» chỉ biết từ 01/01/2007 đến 31/12/2100; "
        "ngoài khoảng đó không có căn cứ để trả lời\n"
    )
    calendar = book.calendar("vn")
    assert calendar.is_workday(date(2100, 12, 31))
    for ask in (
        lambda: calendar.is_workday(date(2101, 1, 1)),
        lambda: calendar.day(date(2101, 1, 3)),
        lambda: calendar.add_workdays(date(2100, 12, 31), 1),
        lambda: calendar.workdays_between(date(2100, 12, 31), date(2101, 1, 3)),
    ):
        with pytest.raises(TthcError) as caught:
            ask()
        assert caught.value.code == "TR-calendar-range"


def test_a_year_without_its_notice_is_said_to_be_provisional() -> None:
    code, out, _ = tthc("calendar", "vn", "2050")
    assert code == 0
    assert out.startswith("Năm 2050 chưa có đủ thông báo nghỉ lễ, tết: TẠM TÍNH theo luật, chưa có hoán đổi, làm bù.\n")
    assert " — (tạm tính)" not in out
    assert "TẠM TÍNH" not in tthc("calendar", "vn", "2026")[1]
