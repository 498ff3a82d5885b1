"""The calendar for other programs: table, JSON, Parquet and iCalendar, on stdout and as files."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from conftest import Command, tthc

from tthc_rules import Rulebook
from tthc_rules.runs.calendars.days import CalendarList, list_of
from tthc_rules.runs.calendars.files import COLUMNS
from tthc_rules.runs.calendars.icalendar import icalendar

ROOT = Path(__file__).parents[2]
DAYS_OF_2026 = 17
"""Rows of acts: 1/1, 2/1, 10/1; 16–20/2; 26/4, 27/4, 30/4, 1/5; 22/8, 31/8, 1/9, 2/9; 24/11."""


def listed(book: Rulebook, *years: int, known_on: date | None = None) -> CalendarList:
    return list_of(book.calendar("vn", known_on=known_on), years, known_on)


def test_the_index_counts_limits(book: Rulebook) -> None:
    """Accepted on 22/12/2025, ten workdays: 23, 24, 25, 26, 29, 30, 31/12, (1/1, 2/1 off), 5, 6, 7/1."""
    days = {day.date: day for day in listed(book, 2025, 2026).days}
    due = days[date(2025, 12, 22)].index + 10
    assert [day.date for day in days.values() if day.works and day.index == due] == [date(2026, 1, 7)]
    assert days[date(2026, 1, 10)].works  # a Saturday, worked for 2/1
    assert days[date(2026, 1, 10)].index == days[date(2026, 1, 9)].index + 1
    assert days[date(2026, 1, 11)].index == days[date(2026, 1, 10)].index


def test_a_letter_is_in_it_from_its_day_on(book: Rulebook) -> None:
    before, after = (listed(book, 2026, known_on=date(2025, 12, day)) for day in (24, 25))
    at = date(2026, 1, 2).timetuple().tm_yday - 1
    assert (before.days[at].works, before.days[at].known_from) == (True, None)
    assert (after.days[at].works, after.days[at].known_from) == (False, date(2025, 12, 25))
    assert after.days[at].instrument == "12729/VPCP-KGVX"
    assert (before.last_letter, after.last_letter) == (date(2025, 10, 16), date(2025, 12, 25))
    assert after.edition == before.edition + 1
    assert before.digest != after.digest


def test_a_year_that_awaits_a_letter_says_so(book: Rulebook) -> None:
    """The notice on 2026 is of 16/10/2025: on the day before, 2025 is the last published year."""
    early = listed(book, 2025, 2026, known_on=date(2025, 10, 15))
    assert early.provisional_years == (2026,)
    assert early.published_to == date(2025, 12, 31)
    assert listed(book, known_on=date(2025, 10, 15)).years[-1].year == 2025
    later = listed(book, 2027, 2028)
    assert later.provisional_years == (2028,)
    assert later.published_to == date(2027, 12, 31)


def test_events_are_the_days_of_acts_whole_days_folded(book: Rulebook) -> None:
    text = icalendar(listed(book, 2026), "vi")
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.count("BEGIN:VEVENT\r\n") == DAYS_OF_2026
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    plain = text.replace("\r\n ", "")
    swap = next(event for event in plain.split("BEGIN:VEVENT") if "DTSTART;VALUE=DATE:20260110" in event)
    assert "DTEND;VALUE=DATE:20260111\r\n" in swap
    assert "SUMMARY:ĐI LÀM: Tết Dương lịch: làm bù\r\n" in swap
    assert r"DESCRIPTION:làm bù\nCăn cứ: 12729/VPCP-KGVX\nCông bố ngày 25/12/2025" in swap
    assert "STATUS:CONFIRMED" in swap
    assert len({uid for uid in plain.split("\r\n") if uid.startswith("UID:")}) == DAYS_OF_2026
    assert "STATUS:TENTATIVE" in icalendar(listed(book, 2028), "en")


def test_a_new_letter_makes_the_same_event_newer(book: Rulebook) -> None:
    """Whoever reads the calendar again takes the event for the same, and for a later edition of it."""
    before, after = (icalendar(listed(book, 2026, known_on=date(2025, 12, day)), "vi") for day in (24, 25))
    uids = [{line for line in text.split("\r\n") if line.startswith("UID:")} for text in (before, after)]
    assert uids[0] < uids[1]
    assert len(uids[1] - uids[0]) == 2
    assert before.split("SEQUENCE:")[1] < after.split("SEQUENCE:")[1]


def test_the_table_and_json_on_stdout() -> None:
    done = tthc("calendar", "vn", "2026", "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 365
    assert sum(row["works"] == "true" for row in rows) == 249
    assert rows[1]["name_vi"] == "Tết Dương lịch: nghỉ hoán đổi"
    assert "lịch đã công bố đến 31/12/2027" in done.stderr
    done = tthc("calendar", "vn", "2028", "--format", "json", "-q", "-o", "-")
    found = json.loads(done.stdout)
    assert done.stderr == ""
    assert (found["calendar"], found["known_on"], len(found["days"])) == ("vn", None, 366)
    assert found["years"] == [
        {"year": 2028, "workdays": 248, "days_off": 12, "makeup_workdays": 0, "provisional": True}
    ]


def test_beyond_the_published_years_is_said_beside(command: Command, tmp_path: Path) -> None:
    code, said = command("calendar", "vn", "2027", "2028", "2029", "-o", tmp_path / "lịch.ics")
    assert code == 0
    assert said.splitlines()[0].startswith("Năm 2028–2029 chưa có đủ thông báo nghỉ lễ, tết: TẠM TÍNH")
    assert said.splitlines()[-1] == f"→ {tmp_path / 'lịch.ics'}"
    code, said = command("calendar", "vn", "2101", "--format", "csv")
    assert (code, said.split()[0]) == (2, "TR-calendar-range")


def test_parquet_has_dates_and_numbers(command: Command, tmp_path: Path) -> None:
    parquet = pytest.importorskip(
        "pyarrow.parquet", reason='chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
    )
    assert command("calendar", "vn", "-o", tmp_path / "vn.parquet")[0] == 0
    table = parquet.read_table(tmp_path / "vn.parquet")
    assert [str(table.schema.field(name).type) for name in ("date", "works", "index", "known_from")] == [
        "date32[day]", "bool", "int32", "date32[day]",
    ]  # fmt: skip
    days = table.to_pylist()
    assert (days[0]["date"], days[-1]["date"]) == (date(2007, 1, 1), date(2027, 12, 31))
    assert days[-1]["index"] == sum(day["works"] for day in days)


@pytest.mark.skipif(os.name != "posix", reason="cần thiết bị đầu cuối giả / needs a pseudo-terminal")
def test_parquet_is_not_shown_on_a_terminal() -> None:
    import pty

    main, other = pty.openpty()
    command = [sys.executable, "-c", "from tthc_rules.cli import main; main()", "calendar", "vn", "--format", "parquet"]
    done = subprocess.run(command, stdout=other, stderr=subprocess.PIPE, cwd=ROOT, timeout=60, check=False)
    os.close(other)
    os.close(main)
    assert done.returncode == 2
    assert done.stderr.startswith(b"TR-output-screen stdout:")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("vn", "2026", "-o", "lịch.doc"), "TR-file-format"),
        (("vn", "2026", "20x6"), "TR-option-value"),
        (("vn", "2026", "--format", "text", "-o", "x.csv"), "TR-option-value"),
        (("lint",), "TR-option-value"),
    ],
)
def test_what_cannot_be_asked(command: Command, arguments: tuple[str, ...], code: str) -> None:
    assert command("calendar", *arguments)[0] == 2
    assert command("calendar", *arguments)[1].startswith(code)


def test_all_years_in_words_are_one_line_each(command: Command) -> None:
    code, said = command("calendar", "vn")
    assert code == 0
    lines = said.splitlines()
    assert [line[:4] for line in lines] == [str(year) for year in range(2007, 2028)]
    assert lines[-2] == "2026: 249 ngày làm việc, 14 ngày nghỉ trong tuần, 2 ngày làm bù"
