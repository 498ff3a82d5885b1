"""The shipped calendar of Vietnam, row by row against the researched table it was made from."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

import tthc_rules

ROOT = Path(__file__).resolve().parents[2]
CSV = ROOT.parent / "shared" / "law" / "vn_workdays.csv"
FOLDER = ROOT / "rulesets" / "calendars" / "vn"
FIRST, LAST = date(2007, 1, 1), date(2027, 12, 31)

needs_csv = pytest.mark.skipif(not CSV.exists(), reason=f"the researched table {CSV} is not beside this checkout")


def all_days() -> Iterator[date]:
    return (FIRST + timedelta(days=step) for step in range((LAST - FIRST).days + 1))


@pytest.fixture(scope="module")
def calendar() -> Any:
    return tthc_rules.Rulebook.load().calendar("vn", known_on=None)


@pytest.fixture(scope="module")
def researched() -> dict[date, dict[str, str]]:
    with CSV.open(encoding="utf-8", newline="") as stream:
        return {date.fromisoformat(row["date"]): row for row in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def shipped() -> dict[date, dict[str, Any]]:
    files = sorted(FOLDER.glob("[0-9][0-9][0-9][0-9].yaml"))
    years = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    assert [(year["calendar"], year["year"]) for year in years] == [("vn", int(file.stem)) for file in files]
    rows = [row for year in years for row in year["days"]]
    assert all(row["date"].startswith(str(year["year"])) for year in years for row in year["days"])
    assert len({row["date"] for row in rows}) == len(rows)
    return {date.fromisoformat(row["date"]): row for row in rows}


def kind_of(row: dict[str, str]) -> str:
    if row["kind"] == "workday":
        return "makeup_workday"
    if "nghỉ hoán đổi" in row["name"]:
        return "swapped_off"
    return "compensatory_off" if "nghỉ bù" in row["name"] else "public_holiday"


@needs_csv
def test_every_researched_row_is_answered_alike(calendar: Any, researched: dict[date, dict[str, str]]) -> None:
    assert len(researched) == 310
    for day, row in researched.items():
        answer = calendar.day(day)
        published = date.fromisoformat(row["published_on"]) if row["published_on"] else None
        assert (answer.date, answer.kind, answer.is_workday) == (day, kind_of(row), row["kind"] == "workday"), row
        assert (answer.confidence, answer.published_on) == (row["confidence"], published), row
        assert answer.name, row
        assert answer.instrument, row
        assert not answer.provisional, row
        assert calendar.is_workday(day) is answer.is_workday


@needs_csv
def test_every_day_that_is_not_researched_follows_the_week(calendar: Any, researched: dict[date, Any]) -> None:
    for day in all_days():
        if day not in researched:
            weekend = day.weekday() >= 5
            assert calendar.is_workday(day) is not weekend, day
            answer = calendar.day(day)
            assert (answer.kind, answer.is_workday) == ("weekend" if weekend else "workday", not weekend), day
            assert not answer.provisional, day


@needs_csv
def test_the_files_hold_each_row_once_with_its_source(
    shipped: dict[date, dict[str, Any]], researched: dict[date, dict[str, str]]
) -> None:
    assert shipped.keys() == researched.keys()
    for day, row in researched.items():
        kept = shipped[day]
        assert kept["is"] == kind_of(row)
        assert kept["source"] == row["source"]
        assert kept["confidence"] == row["confidence"]
        assert kept.get("published_on", "") == row["published_on"]


def test_every_swap_names_its_other_half(shipped: dict[date, dict[str, Any]]) -> None:
    opposite = {"swapped_off": "makeup_workday", "makeup_workday": "swapped_off"}
    halves = [day for day, row in shipped.items() if row["is"] in opposite]
    assert len(halves) == 42
    for day in halves:
        other = date.fromisoformat(shipped[day]["swapped_with"])
        assert shipped[other]["swapped_with"] == day.isoformat()
        assert shipped[other]["is"] == opposite[shipped[day]["is"]]
        assert shipped[other]["instrument"] == shipped[day]["instrument"]
        assert shipped[other].get("published_on") == shipped[day].get("published_on")
        assert (day.weekday() >= 5) is (shipped[day]["is"] == "makeup_workday")
    assert all("swapped_with" not in row for row in shipped.values() if row["is"] not in opposite)


def test_blocks_are_marked_where_a_letter_is_awaited(shipped: dict[date, dict[str, Any]]) -> None:
    marked = {day: row["block"] for day, row in shipped.items() if "block" in row}
    assert {shipped[day]["is"] for day in marked} == {"public_holiday", "compensatory_off"}
    beside = {day for day, block in marked.items() if block == "national_day"}
    fixed = [(2021, 3), (2022, 1), (2023, 1), (2023, 4), (2024, 3), (2025, 1), (2026, 1), (2027, 3)]
    assert beside == {date(year, 9, day) for year, day in fixed}
    assert all(day.month < 3 and "Tết Nguyên đán" in shipped[day]["name"]["vi"] for day in marked.keys() - beside)
    for year in range(2007, 2028):
        days = [d for d, b in marked.items() if b == "tet" and d.year == year and shipped[d]["is"] == "public_holiday"]
        assert len(days) == (4 if year <= 2013 else 5), year
        assert (max(days) - min(days)).days == len(days) - 1, year


def test_the_names_are_clean(shipped: dict[date, dict[str, Any]]) -> None:
    for row in shipped.values():
        assert row["name"].keys() == {"vi", "en"}
        assert not any(mark in row["name"]["vi"] for mark in ("[", "Sat", "Sun", "SUNDAY", "year", "swap"))
    assert shipped[date(2011, 1, 30)]["name"]["vi"] == "Tết Nguyên đán: làm bù vào Chủ nhật"
