"""The list of what falls due as text, table, JSON and calendar: on the terminal, in files, for readers of iCalendar."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from conftest import Command, tthc
from senders.sampled import Sample, samples

from tthc_rules import Rulebook
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.runs.due.acts import Collector, DueActs
from tthc_rules.runs.due.files import COLUMNS, write_due
from tthc_rules.runs.due.icalendar import icalendar, uid_of
from tthc_rules.runs.icaltext import folded
from tthc_rules.runs.sent import SentFile

ROOT = Path(__file__).parents[2]
AS_OF = dt.date(2026, 11, 23)
HEAD = {"time_limit": {"amount": 3, "unit": "workday"}}
LATE = {
    **HEAD, "dossier_id": "H01.05-261116-0001", "procedure": "1.004880", "channel": "online",
    "units": {"handling_agency": "Sở Xây dựng, Phòng 1; số 2"},
    "events": [{"kind": "dossier_accepted", "at": "2026-11-16T09:00"},
               {"kind": "dossier_forwarded", "at": "2026-11-16T10:00"}],
}  # fmt: skip
DONE = {
    **HEAD, "dossier_id": "H01.05-261119-0002", "channel": "online", "units": {"handling_agency": "so-noi-vu"},
    "events": [{"kind": "dossier_accepted", "at": "2026-11-19T09:00"}, {"kind": "result_issued", "at": "2026-11-23"}],
}  # fmt: skip
BROKEN = {**HEAD, "dossier_id": "H01.05-261119-0003", "events": [{"kind": "dossier_accepted", "at": "19/11/2026"}]}


ISO = "ngày giờ phải viết theo ISO, ví dụ 2024-08-23T08:30"
NOTICE = "Thông báo bằng văn bản cho Bộ phận Một cửa, chậm nhất 01 ngày trước ngày hết hạn"


def log_of(folder: Path, *dossiers: Any, name: str = "log.ndjson") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in dossiers), encoding="utf-8")
    return path


def gathered(book: Rulebook, *dossiers: Any, as_of: dt.date = AS_OF, within: int = 3) -> DueActs:
    read = (RawDossier(one["dossier_id"], one, "log:1") for one in dossiers)
    return Collector(book, book.question(as_of), within, True).take(read)


# -- text --------------------------------------------------------------------------------------------------------------


def test_the_list_in_words(tmp_path: Path) -> None:
    """Due on Thursday 19/11: two workdays ago; apology and notice one day before that."""
    done = tthc("due", log_of(tmp_path, LATE, DONE, BROKEN), "--as-of", "2026-11-23")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "1 HỒ SƠ, DÒNG LỖI, KHÔNG XÉT ĐƯỢC",
        f"  TR-moment-form H01.05-261119-0003: events[0].at: {ISO} («19/11/2026»)",
        "",
        "VIỆC ĐẾN HẠN đến hết ngày 26/11/2026",
        "  xét đến hết ngày 23/11/2026, trong 3 ngày làm việc kể cả ngày đó",
        "  3 hồ sơ; 3 việc, 3 đã quá ngày",
        "",
        "Sở Xây dựng, Phòng 1; số 2 — người đứng đầu cơ quan giải quyết",
        "  18/11/2026 thứ Tư — QUÁ NGÀY 3 ngày làm việc",
        "    H01.05-261116-0001 (1.004880)",
        "      Văn bản xin lỗi và đề nghị gia hạn, chậm nhất 01 ngày trước ngày hết hạn [apology_before_due]",
        "    H01.05-261116-0001 (1.004880)",
        f"      {NOTICE} [late_notice_to_one_stop]",
        "  19/11/2026 thứ Năm — QUÁ NGÀY 2 ngày làm việc",
        "    H01.05-261116-0001 (1.004880)",
        "      Trả kết quả giải quyết, chậm nhất ngày hết hạn [return_result]",
    ]


def test_the_list_in_english(tmp_path: Path) -> None:
    done = tthc("due", log_of(tmp_path, LATE), "--as-of", "2026-11-23", "--within", "1", "--lang", "en")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "WHAT FALLS DUE up to and including 24/11/2026"
    assert "  19/11/2026 Thu — PAST BY 2 workdays" in lines
    assert "      The result is returned by the due date [return_result]" in lines


@pytest.mark.parametrize("dossiers", [(), (DONE,)])
def test_nothing_due(tmp_path: Path, command: Command, dossiers: tuple[Any, ...]) -> None:
    log = log_of(tmp_path, *dossiers)
    code, said = command("due", log, "--as-of", "2026-11-23")
    assert code == 0, said
    assert said.splitlines()[2:] == [f"  {len(dossiers)} hồ sơ; 0 việc, 0 đã quá ngày", "  không có việc nào"]
    for name in ("due.csv", "due.json"):
        assert command("due", log, "--as-of", "2026-11-23", "-o", tmp_path / name)[0] == 0
    assert (tmp_path / "due.csv").read_text(encoding="utf-8-sig").splitlines() == [",".join(COLUMNS)]
    assert json.loads((tmp_path / "due.json").read_text(encoding="utf-8"))["acts"] == []


@pytest.mark.skipif(os.name != "posix", reason="cần thiết bị đầu cuối giả / needs a pseudo-terminal")
@pytest.mark.parametrize("colour", [True, False])
def test_a_narrow_terminal_shows_it_in_colour(tmp_path: Path, colour: bool) -> None:
    import pty

    main, other = pty.openpty()
    command = [sys.executable, "-c", "from tthc_rules.cli import main; main()", "due"]
    environment = {**os.environ, "COLUMNS": "60", "NO_COLOR": "" if colour else "1"}
    arguments = [*command, str(log_of(tmp_path, LATE, BROKEN)), "--as-of", "2026-11-23"]
    with subprocess.Popen(arguments, stdout=other, stderr=other, env=environment, cwd=ROOT):
        os.close(other)
        said = b""
        with suppress(OSError):  # the other end is closed
            while part := os.read(main, 1 << 16):
                said += part
    os.close(main)
    said = said.replace(b"\r\n", b"\n")
    bare = re.sub(r"\x1b\[[0-9;]*m", "", said.decode())
    assert (b"\x1b[31m\x1b[1m" in said) is colour
    assert max(map(len, bare.splitlines())) <= 60
    assert "  18/11/2026 thứ Tư — QUÁ NGÀY 3 ngày làm việc\n" in bare


# -- tables, JSON ------------------------------------------------------------------------------------------------------


def test_a_table_has_what_could_not_be_judged_first(tmp_path: Path, command: Command) -> None:
    code, said = command("due", log_of(tmp_path, LATE, BROKEN), "--as-of", "2026-11-23", "-o", tmp_path / "việc.csv")
    assert code == 1
    assert said.startswith("1 HỒ SƠ, DÒNG LỖI, KHÔNG XÉT ĐƯỢC\n")
    with (tmp_path / "việc.csv").open(encoding="utf-8-sig", newline="") as file:
        first, *acts = csv.DictReader(file)
    assert (first["dossier_id"], first["error_code"], first["act"]) == ("H01.05-261119-0003", "TR-moment-form", "")
    assert [(one["by"], one["act"], one["workdays_left"], one["overdue"]) for one in acts] == [
        ("2026-11-18", "apology_before_due", "-3", "true"),
        ("2026-11-18", "late_notice_to_one_stop", "-3", "true"),
        ("2026-11-19", "return_result", "-2", "true"),
    ]
    assert {one["unit"] for one in acts} == {"Sở Xây dựng, Phòng 1; số 2"}
    assert acts[2]["fulfilled_by"] == "result_issued|result_returned"
    assert {one["roles"] for one in acts} == {"head_of_unit"}


@pytest.mark.parametrize(("form", "suffix"), [("csv", ".csv"), ("json", ".json"), ("ics", ".ics")])
def test_stdout_and_a_file_are_the_same(tmp_path: Path, form: str, suffix: str) -> None:
    log = log_of(tmp_path, LATE, DONE)
    target = tmp_path / f"due{suffix}"
    assert tthc("due", log, "--as-of", "2026-11-23", "-o", target).returncode == 0
    done = subprocess.run(
        [sys.executable, "-c", "from tthc_rules.cli import main; main()", "due", str(log), "--as-of", "2026-11-23",
         "--to", form],
        capture_output=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout == target.read_bytes()


def test_a_workbook_has_the_rows_of_the_table(tmp_path: Path, command: Command) -> None:
    absent = "chưa cài python-calamine, XlsxWriter / python-calamine, XlsxWriter are not installed"
    pytest.importorskip("xlsxwriter", reason=absent)
    calamine = pytest.importorskip("python_calamine", reason=absent)
    log = log_of(tmp_path, LATE, BROKEN)
    for name in ("due.xlsx", "due.csv"):
        assert command("due", log, "--as-of", "2026-11-23", "-o", tmp_path / name)[0] == 1
    head, *cells = calamine.CalamineWorkbook.from_path(tmp_path / "due.xlsx").get_sheet_by_index(0).to_python()
    with (tmp_path / "due.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [dict(zip(head, map(str, row), strict=True)) | {"overdue": "", "provisional": ""} for row in cells] == [
            row | {"overdue": "", "provisional": ""} for row in csv.DictReader(file)
        ]
    assert cells[1][head.index("procedure")] == "1.004880"


def test_text_that_a_spreadsheet_would_run_is_guarded(tmp_path: Path, command: Command) -> None:
    log = log_of(tmp_path, LATE | {"units": {"handling_agency": "=1+1"}})
    for options, unit in (((), "'=1+1"), (("--plain",), "=1+1")):
        assert command("due", log, "--as-of", "2026-11-23", "-o", tmp_path / "due.csv", *options)[0] == 0
        text = (tmp_path / "due.csv").read_text(encoding="utf-8-sig")
        assert {row["unit"] for row in csv.DictReader(io.StringIO(text))} == {unit}


# -- the calendar ------------------------------------------------------------------------------------------------------


def unfolded(text: str) -> list[str]:
    """The lines of a calendar put together again, as a reader does it: by octets."""
    joined = text.encode().replace(b"\r\n ", b"")
    assert joined.endswith(b"\r\n")
    return joined[:-2].decode().split("\r\n")


def events_of(text: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for line in unfolded(text):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and not line.startswith("END:"):
            found[-1][name] = value
    return found


def test_a_calendar_is_folded_by_octets_and_no_character_is_cut(book: Rulebook) -> None:
    text = icalendar(gathered(book, LATE, DONE), "vi")
    lines = text.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert any(len(line) >= 73 for line in lines)
    for line in lines:
        line.decode()
    assert b"\n" not in text.encode().replace(b"\r\n", b"")


@pytest.mark.parametrize("text", ["", "a" * 75, "a" * 76, "ế" * 200, "a" + "ế" * 25, "😀" * 40, "aa" + "đ" * 37])
def test_folding_loses_nothing(text: str) -> None:
    pieces = list(folded(text))
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == text
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert all(len(piece.encode()) >= 72 for piece in pieces[:-1])


def test_what_an_event_says(book: Rulebook) -> None:
    events = events_of(icalendar(gathered(book, LATE, DONE), "vi"))
    result = next(one for one in events if "Trả kết quả" in one["SUMMARY"] and one["STATUS"] == "CONFIRMED")
    assert (result["DTSTART;VALUE=DATE"], result["DTEND;VALUE=DATE"]) == ("20261119", "20261120")
    assert (result["DTSTAMP"], result["SEQUENCE"]) == ("20261123T000000Z", "20780")  # days since 1/1/1970
    assert result["SUMMARY"] == ("QUÁ NGÀY: H01.05-261116-0001: Trả kết quả giải quyết\\, chậm nhất ngày hết hạn")
    assert "Đơn vị: Sở Xây dựng\\, Phòng 1\\; số 2\\n" in result["DESCRIPTION"]
    assert re.fullmatch(r"[0-9a-f]{40}@tthc-rules", result["UID"])
    assert "261116" not in result["UID"]
    gone = {one["DTSTART;VALUE=DATE"]: one["STATUS"] for one in events if "261119-0002" in one["SUMMARY"]}
    assert gone == {"20261124": "CANCELLED", "20261125": "CANCELLED"}
    assert len({one["UID"] for one in events}) == len(events)


def test_an_event_keeps_its_name_from_day_to_day(book: Rulebook) -> None:
    days = [AS_OF - dt.timedelta(1), AS_OF, AS_OF + dt.timedelta(1)]
    seen = [{one["UID"]: one for one in events_of(icalendar(gathered(book, DONE, as_of=day), "vi"))} for day in days]
    assert seen[0].keys() == seen[1].keys() == seen[2].keys() != set()
    assert [{one["STATUS"] for one in day.values()} for day in seen] == [{"CONFIRMED"}, {"CANCELLED"}, {"CANCELLED"}]
    assert [{int(one["SEQUENCE"]) for one in day.values()} for day in seen] == [{20779}, {20780}, {20781}]
    assert icalendar(gathered(book, DONE), "vi") == icalendar(gathered(book, DONE), "vi")


def test_the_stamp_is_what_was_known_and_no_clock(book: Rulebook, tmp_path: Path, command: Command) -> None:
    log = log_of(tmp_path, LATE)
    asked = ("due", log, "--as-of", "2026-11-23", "--known-on", "2026-11-20", "-o", tmp_path / "due.ics")
    assert command(*asked)[0] == 0
    assert {one["DTSTAMP"] for one in events_of((tmp_path / "due.ics").read_bytes().decode())} == {"20261120T000000Z"}


def test_two_steps_of_one_agency_are_two_events(book: Rulebook) -> None:
    steps = [
        {"kind": "step_assigned", "at": f"2026-11-16T1{n}:00", "agency": "xa-1", "due": f"2026-11-2{n}"} for n in "35"
    ]
    found = gathered(book, LATE | {"events": [*LATE["events"], *steps]})
    mine = [one for one in found.acts if one.act == "step:xa-1"]
    assert [one.number for one in mine] == [1, 2]
    assert len({uid_of(one) for one in mine}) == 2


def test_what_acts_on_a_screen_is_said_in_a_calendar(book: Rulebook) -> None:
    """A unit whose name bears what turns text around is refused at the border; in the calendar nothing of it acts."""
    found = gathered(book, LATE | {"units": {"handling_agency": "so\\n;x,y"}})
    assert "so\\\\n\\;x\\,y" in "\n".join(unfolded(icalendar(found, "en")))


ALL = list(samples("dvcqg", "igate", "opencps"))


def messages(folder: Path, sample: Sample) -> Path:
    log = folder / "m.ndjson"
    lines = [json.dumps(part, ensure_ascii=False) for part in sample.given["transport"]]
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return log


@pytest.mark.parametrize("sample", ALL, ids=str)
def test_nothing_personal_is_in_any_form(sample: Sample, book: Rulebook, tmp_path: Path) -> None:
    reader = SentFile(messages(tmp_path, sample), sample.sender, sample.as_of).reader(book, sample.as_of)
    found = Collector(book, book.question(sample.as_of), 250, True).take(reader.raw(lambda found: None))
    shown = ""
    for form in ("text", "csv", "json", "ics"):
        write_due(found, tmp_path / "due", form, "vi")
        shown += (tmp_path / "due").read_text(encoding="utf-8")
    assert [word for word in sample.expected["never"] if word in shown] == []


def test_messages_of_a_sender_are_a_log_too(tmp_path: Path, command: Command) -> None:
    (sample,) = (one for one in ALL if str(one) == "dvcqg-08")
    log = messages(tmp_path, sample)
    code, said = command("due", log, "--format", "dvcqg", "--as-of", "2024-10-15", "-o", tmp_path / "due.json")
    assert code == 0, said
    assert "2 hồ sơ bị ghi lại trạng thái 9" in said
    found = json.loads((tmp_path / "due.json").read_text(encoding="utf-8"))
    assert (found["dossiers"], found["acts"]) == (2, [])


# -- what cannot be used -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (["due"], "TR-option-value due:"),
        (["due", "LOG"], "TR-option-value due:"),
        (["due", "LOG", "--as-of", "hôm nay"], "TR-option-date --as-of:"),
        (["due", "LOG", "--as-of", "2026-11-23", "--within", "-1"], "TR-usage --within:"),
        (["due", "LOG", "--as-of", "2026-11-23", "-o", "due.pdf"], "TR-file-format due.pdf:"),
        (["due", "LOG", "--as-of", "2026-11-23", "-o", "LOG"], "TR-file-format"),
        (["due", "LOG", "--as-of", "2026-11-23", "--limit", "5 workday"], "TR-option-value --limit:"),
        (["due", "LOG", "--as-of", "2026-11-23", "--accepted", "2026-11-20"], "TR-option-value LOG:"),
        (["due", "LOG", "--as-of", "2026-11-23", "--format", "dvcqq"], "TR-option-value --format:"),
        (["due", "LOG", "--as-of", "2026-11-23", "--fetched-on", "2026-11-23"], "TR-option-value --fetched-on:"),
        (["due", "none.ndjson", "--as-of", "2026-11-23"], "TR-file-unreadable none.ndjson"),
        (["due", "LOG", "--as-of", "1991-01-01"], "TR-calendar-range"),
        (["due", "--accepted", "2026-11-20", "--limit", "5 workday", "--to", "ics"], "TR-option-value --to:"),
    ],
)
def test_what_cannot_be_used_is_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command, arguments: list[str], place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    log_of(tmp_path, LATE)
    code, said = command(*(word.replace("LOG", "log.ndjson") for word in arguments))
    assert code == 2
    assert said.startswith(place)


def test_the_output_is_never_an_input(tmp_path: Path, command: Command) -> None:
    log = log_of(tmp_path, LATE, name="log.json")
    before = log.read_bytes()
    code, said = command("due", log, "--as-of", "2026-11-23", "-o", log, "--format", "ndjson")
    assert code == 2
    assert said.startswith("TR-output-input")
    assert log.read_bytes() == before


def test_a_log_in_which_nothing_is_known_is_refused(tmp_path: Path, command: Command) -> None:
    strange = {**HEAD, "dossier_id": "H", "events": [{"kind": "scanned", "at": "2026-11-20"}]}
    code, said = command("due", log_of(tmp_path, strange), "--as-of", "2026-11-23")
    assert code == 2
    assert said.startswith("TR-file-kinds")


def test_rows_of_no_dossier_are_said_first(tmp_path: Path, command: Command) -> None:
    log = tmp_path / "log.csv"
    log.write_text("dossier_id,kind,at\n,dossier_accepted,2026-11-20\nH,dossier_accepted,2026-11-20\n", "utf-8")
    code, said = command("due", log, "--as-of", "2026-11-23")
    assert code == 1
    assert said.splitlines()[1] == "  1 dòng không đọc được mã hồ sơ: hồ sơ nào cũng có thể thiếu việc"


def test_the_help_says_both_forms(command: Command) -> None:
    code, said = command("due", "--help")
    assert code == 0
    assert "--accepted" in said
    assert "--within" in said
