"""The package `holidays` as a cross-check: it is wrong on fifteen known days, and on no other day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest
import yaml

import tthc_rules

STATUTE = Path(__file__).resolve().parents[2] / "rulesets" / "calendars" / "vn" / "statute.yaml"

# law/counting.md section 11, `holidays` 0.109: the day, and whether state bodies truly worked on it
KNOWN_DIFFERENCES = {
    date(2011, 1, 29): True,
    date(2011, 1, 30): True,
    date(2011, 4, 9): True,
    date(2011, 1, 31): False,
    date(2011, 2, 1): False,
    date(2011, 4, 11): False,
    date(2012, 12, 31): False,
    date(2013, 1, 5): True,
    date(2013, 2, 23): True,
    date(2014, 1, 28): False,
    date(2014, 2, 5): False,
    date(2014, 1, 25): True,
    date(2014, 2, 8): True,
    date(2026, 1, 2): False,
    date(2026, 1, 10): True,
}


def listed(year: int, **options: Any) -> dict[date, str]:
    """The package's days off in one year; the language is given, else it follows the machine's locale."""
    found = holidays.country_holidays("VN", years=year, language="en_US", **options)
    return {day: name for day, name in found.items() if day.year == year}


@pytest.fixture(scope="module")
def statute() -> dict[int, dict[str, set[date]]]:
    document = yaml.safe_load(STATUTE.read_text(encoding="utf-8"))
    return {
        row["year"]: {
            part: {date.fromisoformat(f"{row['year']}-{day}") for day in row[part].split()}
            for part in ("tet", "national_day", "other")
        }
        for row in document["years"]
    }


def test_the_known_differences_and_no_other() -> None:
    calendar = tthc_rules.Rulebook.load().calendar("vn", known_on=None)
    library = holidays.country_holidays("VN", years=range(2007, 2029), language="en_US")
    days = [date(2007, 1, 1) + timedelta(days=step) for step in range((date(2028, 1, 1) - date(2007, 1, 1)).days)]
    differing = {
        day: calendar.is_workday(day) for day in days if calendar.is_workday(day) != library.is_working_day(day)
    }
    assert differing == KNOWN_DIFFERENCES


def test_the_statute_covers_every_year_once(statute: dict[int, Any]) -> None:
    assert list(statute) == list(range(2008, 2101))
    for year, parts in statute.items():
        assert sum(map(len, parts.values())) == len(set().union(*parts.values())), year


@pytest.mark.parametrize("year", range(2028, 2101))
def test_the_statute_equals_the_library_but_for_the_cultural_day(
    statute: dict[int, dict[str, set[date]]], year: int
) -> None:
    library = listed(year)
    cultural_day = date(year, 11, 24)
    made_up = {day for day in library if day.month == 11 and day != cultural_day}
    # the law gives 24/11 no compensatory day; the library does
    monday = cultural_day + timedelta(days=7 - cultural_day.weekday())
    assert made_up == ({monday} if cultural_day.weekday() >= 5 else set())
    assert set().union(*statute[year].values()) == library.keys() - made_up
    assert cultural_day in statute[year]["other"]


@pytest.mark.parametrize("year", range(2028, 2101))
def test_the_parts_of_the_statute(statute: dict[int, dict[str, set[date]]], year: int) -> None:
    parts = statute[year]
    actual = listed(year, observed=False)
    (new_year,) = (day for day, name in actual.items() if name == "Lunar New Year")
    assert {new_year + timedelta(days=step) for step in range(-1, 3)} <= parts["tet"]
    weekdays = {day for day in parts["tet"] if day.weekday() < 5}
    assert len(weekdays) == 5
    assert all(abs((day - new_year).days) <= 7 for day in parts["tet"])
    national = date(year, 9, 2)
    assert national in parts["other"]
    assert all(day.month == 9 for day in parts["national_day"])
    assert parts["national_day"] & {date(year, 9, 1), date(year, 9, 3)}
    assert len({day for day in parts["national_day"] | {national} if day.weekday() < 5}) == 2


def test_the_weekends_of_2029_and_2030(statute: dict[int, dict[str, set[date]]]) -> None:
    assert date(2029, 11, 26) in listed(2029)
    assert date(2030, 11, 25) in listed(2030)
    assert date(2029, 11, 26) not in statute[2029]["other"]
    assert date(2030, 11, 25) not in statute[2030]["other"]


def test_tet_2013_had_four_days(statute: dict[int, dict[str, set[date]]]) -> None:
    """The library applies the five days of the Code in force on 1/5/2013 to February 2013."""
    tet = {date(2013, 2, day) for day in range(9, 15)}
    assert statute[2013]["tet"] == tet
    assert {day for day in listed(2013) if day.month == 2} - tet == {date(2013, 2, 15)}
