"""Dates as other systems write them: full width where nothing separates, one reading only, offsets, 24:00."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from tthc_rules.cli import main
from tthc_rules.law.civil import read_moment
from tthc_rules.logs.dates import DateForm, date_form, end_of_day, two_readings
from tthc_rules.logs.eventlog import read_dossiers

Report = Callable[[str], Path]
Judged = tuple[object, list[dict[str, str]]]


def judged(monkeypatch: pytest.MonkeyPatch, folder: Path, log: str, mapping: str = "") -> Judged:
    asked = ["rescore", str(folder / log), "-o", str(folder / "out.csv"), "--as-of", "2024-10-01", "-q"]
    asked += ["--mapping", str(folder / mapping)] if mapping else []
    monkeypatch.setattr(sys, "argv", ["tthc-rules", *asked])
    with pytest.raises(SystemExit) as stopped:
        main()
    if not (folder / "out.csv").exists():
        return stopped.value.code, []
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        return stopped.value.code, list(csv.DictReader(file))


@pytest.mark.parametrize(("log", "mapping"), [("a.csv", "m.yaml"), ("b.csv", "m14.yaml"), ("c.csv", "m8.yaml")])
def test_a_run_of_digits_that_is_too_short_is_an_error_row(
    report: Report, monkeypatch: pytest.MonkeyPatch, log: str, mapping: str
) -> None:
    code, (row,) = judged(monkeypatch, report("04_digits_without_separators"), log, mapping)
    assert (code, row["error_code"], row["punctuality"]) == (1, "TR-row-type", "")


def test_two_orders_of_day_and_month_are_refused_with_a_text_that_has_both(
    report: Report, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, rows = judged(monkeypatch, report("05_two_orders_of_day_and_month"), "a.csv", "m.yaml")
    assert (code, rows) == (2, [])
    said = capsys.readouterr().err
    assert "TR-mapping-date-format" in said
    assert "m.yaml:9:" in said


@pytest.mark.parametrize(("log", "mapping"), [("a.csv", ""), ("b.csv", "m.yaml")])
def test_an_offset_of_hours_is_iso(report: Report, monkeypatch: pytest.MonkeyPatch, log: str, mapping: str) -> None:
    code, (row,) = judged(monkeypatch, report("09_offset_without_minutes"), log, mapping)
    assert (code, row["finished_on"], row["punctuality"]) == (0, "2024-08-28", "early")


def test_midnight_that_ends_a_day_belongs_to_that_day(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = report("14_24_00_not_translated")
    code, (row,) = judged(monkeypatch, folder, "a.csv", "m.yaml")
    # Thursday 22/8 + 5 workdays = Thursday 29/8; received after 15:00, so the transfer is due on the 23rd
    assert (code, row["accepted_on"], row["lawful_due"], row["finished_on"]) == (
        0,
        "2024-08-22",
        "2024-08-29",
        "2024-08-28",
    )
    assert row["transfer_next_morning.act_by"] == "2024-08-23"
    code, (row,) = judged(monkeypatch, folder, "b.csv")
    assert (code, row["accepted_on"], row["lawful_due"]) == (0, "2024-08-22", "2024-08-29")


@pytest.mark.parametrize("name", ["log.ndjson", "events.ndjson", "log.xes"])
def test_24_00_is_read_in_every_log(tmp_path: Path, name: str) -> None:
    text = {
        "log.ndjson": '{"dossier_id": "H1", "events": [{"kind": "dossier_accepted", "at": "2024-08-22 24:00:00"}]}',
        "events.ndjson": '{"dossier_id": "H1", "kind": "dossier_accepted", "at": "2024-08-22 24:00:00"}',
        "log.xes": '<log><trace><string key="concept:name" value="H1"/><event><string key="concept:name" '
        'value="dossier_accepted"/><date key="time:timestamp" value="2024-08-22T24:00:00"/></event></trace></log>',
    }[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    (raw,) = read_dossiers(tmp_path / name)
    assert raw.data["events"] == [{"kind": "dossier_accepted", "at": "2024-08-22T23:59:59.999999"}]


@pytest.mark.parametrize("zone", ["+07", "+0700", "+07:00"])
def test_offsets_are_written_in_four_ways(zone: str) -> None:
    assert read_moment(f"2024-08-23T08:30{zone}") == datetime(2024, 8, 23, 8, 30)
    assert read_moment("2024-08-23T01:30Z") == datetime(2024, 8, 23, 8, 30)
    assert date_form("%d/%m/%Y %H:%M%z").read(f"23/08/2024 08:30{zone}") == "2024-08-23T08:30:00+07:00"
    assert date_form("%d/%m/%Y %H:%M%z").read("23/08/2024 08:30Z") == "2024-08-23T08:30:00+00:00"
    assert end_of_day(f"2024-08-23T24:00{zone}") == f"2024-08-23T23:59:59.999999{zone}"


@pytest.mark.parametrize(
    ("form", "text", "read"),
    [
        ("%d%m%Y", "01122024", "2024-12-01"),
        ("%d%m%Y", "1122024", None),
        ("%d/%m/%Y", "1/2/2024", "2024-02-01"),
        ("%d/%m/%Y", "31/02/2024", None),
        ("%d/%m/%Y", "01/02/24", None),
        ("%d/%m/%Y", "01/02/2024 08:00", None),
        ("%d/%m/%Y %H:%M", "01/02/2024 8:05", "2024-02-01T08:05:00"),
        ("%d/%m/%Y %H:%M", "01/02/2024 8:5", None),
        ("%d/%m/%Y %H:%M", "01/02/2024  08:05", "2024-02-01T08:05:00"),
        ("%d/%m/%Y %H%M", "01/02/2024 805", None),
        ("%d/%m/%Y %H:%M:%S", "01/02/2024 24:00:00", "2024-02-01T23:59:59.999999"),
        ("%d/%m/%Y %H:%M:%S", "01/02/2024 24:00:01", None),
        ("%d/%m/%Y %H:%M", "01/02/2024 25:00", None),
        ("%Y%m%d%H%M%S%f", "20240201080500123", "2024-02-01T08:05:00.123000"),
        ("%Y%m%d%H%M%S%f", "2024020108050012", None),
        ("%Y-%m-%dT%H:%M:%S.%f", "2024-02-01T08:05:00.1234567", "2024-02-01T08:05:00.123456"),
        ("%H giờ %M ngày %d/%m/%Y", "8 giờ 05 ngày 01/02/2024", "2024-02-01T08:05:00"),
        ("%d/%m/%Y", "٠١/٠٢/٢٠٢٤", None),
    ],
)
def test_what_a_form_reads(form: str, text: str, read: str | None) -> None:
    assert date_form(form).read(text) == read


@pytest.mark.parametrize(
    "form", ["", "%", "%%", "%d/%m", "%d/%d/%m/%Y", "%d/%m/%y", "%d/%m/%Y %M", "%d/%m/%Y %H:%M %z%z", "%d/%m/%Y%"]
)
def test_a_form_says_day_month_and_year_once_each(form: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        DateForm(form)


@pytest.mark.parametrize(
    ("forms", "clash"),
    [
        (("%d/%m/%Y", "%m/%d/%Y"), True),
        (("%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"), True),
        (("%Y-%m-%d", "%Y-%d-%m"), True),
        (("%d%m%Y", "%m%d%Y"), True),
        (("%Y%m%d%H%M", "%H%M%d%m%Y"), True),
        (("%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y%m%d%H%M%S"), False),
        (("%d/%m/%Y", "%d-%m-%Y"), False),
        (("%d/%m/%Y", "%m-%d-%Y"), False),
        (("%d/%m/%Y", "%d/%m/%Y"), False),
        (("%Y%m%d", "%d%m%Y"), False),  # 19MM or 20MM as day and month leave a year before 1990
    ],
)
def test_a_list_of_forms_has_one_reading(forms: tuple[str, ...], clash: bool) -> None:
    found = two_readings(forms)
    assert (found is not None) == clash
    if found is not None:
        text, one, other = found
        assert one != other
        assert {one, other} <= {date_form(form).read(text) for form in forms}


def test_a_bare_date_stays_one() -> None:
    assert end_of_day("2024-08-23") == "2024-08-23"
    assert read_moment(end_of_day("2024-08-23")) == date(2024, 8, 23)


@pytest.mark.parametrize(
    ("form", "text", "read"),
    [
        ("%d/%m/%Y %I:%M %p", "23/08/2024 08:30 SA", "2024-08-23T08:30:00"),
        ("%d/%m/%Y %I:%M %p", "23/08/2024 2:15 CH", "2024-08-23T14:15:00"),
        ("%d/%m/%Y %I:%M %p", "23/08/2024 12:00 ch", "2024-08-23T12:00:00"),
        ("%d/%m/%Y %I:%M %p", "23/08/2024 12:30 SA", "2024-08-23T00:30:00"),
        ("%m/%d/%Y %I:%M:%S %p", "8/23/2024 11:59:59 PM", "2024-08-23T23:59:59"),
        ("%d/%m/%Y %I:%M%p", "23/08/2024 12:30am", "2024-08-23T00:30:00"),
        ("%d/%m/%Y %I:%M %p", "23/08/2024 14:15 CH", None),
        ("%d/%m/%Y %I:%M %p", "23/08/2024 00:15 SA", None),
        ("%d/%m/%Y %I:%M %p", "23/08/2024 08:30", None),
        ("%d/%m/%Y %I:%M %p", "23/08/2024 08:30 XX", None),
        ("%d/%m/%Y %p %I:%M", "23/08/2024 CH 03:30", "2024-08-23T15:30:00"),
    ],
)
def test_an_hour_of_twelve_has_its_half_of_the_day(form: str, text: str, read: str | None) -> None:
    assert date_form(form).read(text) == read


@pytest.mark.parametrize(
    ("years_from", "text", "read"),
    [
        (2000, "23/08/24", "2024-08-23"),
        (2000, "23/08/99", "2099-08-23"),
        (1950, "23/08/99", "1999-08-23"),
        (1950, "23/08/49", "2049-08-23"),
        (1950, "23/08/50", "1950-08-23"),
        (2001, "23/08/00", "2100-08-23"),
        (2000, "23/08/2024", None),
        (2000, "23/08/4", None),
        (2000, "30/02/24", None),
    ],
)
def test_a_year_of_two_digits_lies_in_the_hundred_years_that_are_said(
    years_from: int, text: str, read: str | None
) -> None:
    assert date_form("%d/%m/%y", years_from).read(text) == read


@pytest.mark.parametrize("form", ["%d/%m/%Y %I:%M", "%d/%m/%Y %p", "%d/%m/%Y %H:%M %p", "%d/%m/%Y %I:%H %p"])
def test_halves_of_the_day_and_hours_of_twelve_go_together(form: str) -> None:
    with pytest.raises(ValueError):
        DateForm(form)


@pytest.mark.parametrize(
    ("forms", "has_two"),
    [
        (("%d/%m/%y", "%y/%m/%d"), True),
        (("%d/%m/%y", "%m/%d/%y"), True),
        (("%d%m%Y", "%d%m%y%H"), True),
        (("%d/%m/%y", "%d/%m/%Y"), False),
        (("%d/%m/%Y %I:%M %p", "%m/%d/%Y %I:%M %p"), True),
        (("%d/%m/%Y %I:%M %p", "%d/%m/%Y %H:%M"), False),
    ],
)
def test_two_readings_are_found_among_short_years_and_hours_of_twelve(forms: tuple[str, ...], has_two: bool) -> None:
    found = two_readings(forms)
    assert (found is not None) == has_two
    if found is not None:
        text, one, other = found
        assert {one, other} <= {date_form(form, 2000 if "%y" in form else None).read(text) for form in forms}


def test_a_day_that_is_not_there_is_told_with_its_whole_year() -> None:
    said = date_form("%d/%m/%y", 2000).absent("30/02/24")
    assert said is not None
    assert "30/02/2024" in said[0]


@pytest.mark.parametrize("number", ["46328.999999", "46328.99999999", "46328.999999999"])
def test_a_day_that_a_spreadsheet_counts_is_not_moved_by_its_last_moments(number: str) -> None:
    """23:59:59.997 is how a data base writes the end of a day; the same cell formatted as a date keeps its day."""
    read = date_form("serial").read(number)
    assert read is not None
    assert read_moment(read).isoformat()[:10] == "2026-11-02"
