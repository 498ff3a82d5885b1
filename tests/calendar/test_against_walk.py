"""Every start day and every limit up to 120 workdays, against a walk over the calendar files that shares no code."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

import tthc_rules

FOLDER = Path(__file__).resolve().parents[2] / "rulesets" / "calendars" / "vn"
FIRST, LAST, LONGEST = date(2007, 1, 1), date(2027, 12, 31), 120
ONE_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def calendar() -> Any:
    return tthc_rules.Rulebook.load().calendar("vn", known_on=None)


@pytest.fixture(scope="module")
def works() -> dict[date, bool]:
    """Whether each day up to the end of 2028 works, read day by day from the files: 2028 from the statute."""
    off: set[str] = set()
    on: set[str] = set()
    for year in range(FIRST.year, LAST.year + 1):
        for row in yaml.safe_load((FOLDER / f"{year}.yaml").read_text(encoding="utf-8"))["days"]:
            (on if row["is"] == "makeup_workday" else off).add(row["date"])
    statute = yaml.safe_load((FOLDER / "statute.yaml").read_text(encoding="utf-8"))
    (following,) = [year for year in statute["years"] if year["year"] == LAST.year + 1]
    for part in ("tet", "national_day", "other"):
        off |= {f"{LAST.year + 1}-{day}" for day in following[part].split()}
    answers: dict[date, bool] = {}
    day = FIRST
    while day.year <= LAST.year + 1:
        text = day.isoformat()
        answers[day] = text in on or (day.isoweekday() < 6 and text not in off)
        day += ONE_DAY
    return answers


def test_adding_workdays_equals_walking(calendar: Any, works: dict[date, bool]) -> None:
    add = calendar.add_workdays
    workdays = [day for day, working in works.items() if working]
    passed = 0
    day = FIRST
    while day <= LAST:
        passed += works[day]
        walked = workdays[passed : passed + LONGEST]
        assert [add(day, amount) for amount in range(1, LONGEST + 1)] == walked, day
        day += ONE_DAY


def test_counting_workdays_equals_walking(calendar: Any, works: dict[date, bool]) -> None:
    between = calendar.workdays_between
    days = list(works)
    for start, after in enumerate(days):
        if after > LAST:
            break
        count, walked, counted = 0, [], []
        for until in days[start : start + 46]:
            count += works[until] and until > after
            walked.append(count)
            counted.append(between(after, until))
        assert counted == walked, after


def test_the_days_themselves(calendar: Any, works: dict[date, bool]) -> None:
    assert {day: calendar.is_workday(day) for day in works} == works
    assert sum(working for day, working in works.items() if day.weekday() >= 5) == 21


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-01-09", 1, "2026-01-10"),  # a make-up Saturday counts
        ("2011-01-28", 2, "2011-01-30"),  # so does the one make-up Sunday
        ("2011-01-30", 1, "2011-02-08"),
        ("2026-11-22", 1, "2026-11-23"),  # from a Sunday, Monday is day 1 (counting.md section 10)
        ("2026-11-22", 3, "2026-11-26"),
        ("2027-02-03", 1, "2027-02-11"),  # over Tết
    ],
)
def test_examples_by_hand(calendar: Any, start: str, amount: int, due: str) -> None:
    assert calendar.add_workdays(date.fromisoformat(start), amount) == date.fromisoformat(due)
    assert calendar.workdays_between(date.fromisoformat(start), date.fromisoformat(due)) == amount
