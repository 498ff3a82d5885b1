"""The linter for an office's own calendar table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tthc_rules.check.calendar_lint import DoubtfulDay, lint_table, read_table
from tthc_rules.errors import InputFileError

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "rulesets" / "calendars" / "vn"
YEN_BAI = ROOT.parent / "shared" / "data" / "yenbai_one_stop_calendar_2012_2015.csv"

needs_yen_bai = pytest.mark.skipif(not YEN_BAI.exists(), reason=f"the real table {YEN_BAI} is not beside this checkout")

# shared/data/README.md: the days on which the office's table and the law differ
DISAGREEMENTS = [
    date(2012, 1, 23),
    date(2012, 1, 24),
    date(2012, 1, 25),
    date(2012, 1, 26),
    date(2012, 1, 27),
    date(2012, 1, 28),
    date(2012, 2, 4),
    date(2012, 4, 2),
    date(2012, 5, 2),
    date(2012, 9, 3),
    date(2012, 12, 31),
    date(2013, 1, 5),
]
VISIBLE = [
    ("TR-calendar-tet-open", date(2012, 1, 23)),
    ("TR-calendar-tet-open", date(2012, 1, 24)),
    ("TR-calendar-tet-open", date(2012, 1, 25)),
    ("TR-calendar-no-compensatory-day", date(2012, 1, 26)),
    ("TR-calendar-weekend-open", date(2012, 1, 28)),
    ("TR-calendar-no-compensatory-day", date(2012, 4, 2)),
    ("TR-calendar-closed-without-ground", date(2012, 5, 2)),
    ("TR-calendar-no-compensatory-day", date(2012, 9, 3)),
]


def days_from(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=step) for step in range((last - first).days + 1))


def lawful(first: int, last: int) -> dict[date, bool]:
    """The table of an office that made no mistake, from the calendar files."""
    rows: dict[str, str] = {}
    for year in range(first, last + 1):
        document = yaml.safe_load((FOLDER / f"{year}.yaml").read_text(encoding="utf-8"))
        rows |= {row["date"]: row["is"] for row in document["days"]}
    return {
        day: rows.get(day.isoformat(), "weekend" if day.weekday() >= 5 else "makeup_workday") != "makeup_workday"
        for day in days_from(date(first, 1, 1), date(last, 12, 31))
    }


def brief(findings: tuple[DoubtfulDay, ...]) -> list[tuple[str, date]]:
    return [(finding.code, finding.date) for finding in findings]


@pytest.fixture(scope="module")
def reference() -> Any:
    import tthc_rules

    return tthc_rules.Rulebook.load().calendar("vn", known_on=None)


# -- the real table ----------------------------------------------------------------------------------------------------


@needs_yen_bai
def test_yen_bai_beside_the_calendar(reference: Any) -> None:
    found = lint_table(read_table(YEN_BAI), reference)
    assert [finding.date for finding in found] == DISAGREEMENTS
    assert {finding.code for finding in found} == {"TR-calendar-differs"}


@needs_yen_bai
def test_yen_bai_alone() -> None:
    table = read_table(YEN_BAI)
    assert len(table) == 1461
    assert brief(lint_table(table)) == VISIBLE


@needs_yen_bai
def test_yen_bai_from_2013_on_is_clean() -> None:
    table = {day: closed for day, closed in read_table(YEN_BAI).items() if day >= date(2013, 1, 6)}
    assert len(table) == 1090
    assert lint_table(table) == ()


# -- lawful tables are clean, each seeded mistake is found -------------------------------------------------------------


def test_a_lawful_table_of_21_years_is_clean() -> None:
    assert lint_table(lawful(2007, 2027)) == ()


def test_a_lawful_table_agrees_with_the_calendar(reference: Any) -> None:
    assert lint_table(lawful(2007, 2027), reference) == ()


@pytest.mark.parametrize("year", range(2007, 2028))
def test_a_lawful_table_of_one_year_only_asks_about_swaps_over_its_edge(year: int) -> None:
    edges = {
        2012: [date(2012, 12, 31)],
        2013: [date(2013, 1, 5)],
        2014: [date(2014, 12, 27)],
        2015: [date(2015, 1, 2)],
        2018: [date(2018, 12, 31)],
        2019: [date(2019, 1, 5)],
    }
    expected = [("TR-calendar-swap-outside-table", day) for day in edges.get(year, [])]
    assert brief(lint_table(lawful(year, year))) == expected


@pytest.mark.parametrize(
    ("day", "closed", "code"),
    [
        (date(2026, 2, 17), False, "TR-calendar-tet-open"),
        (date(2026, 2, 20), False, "TR-calendar-tet-open"),  # the fifth day: on one side or the other
        (date(2025, 2, 1), False, "TR-calendar-weekend-open"),  # the fourth, but that year's five days ended before it
        (date(2025, 1, 27), False, "TR-calendar-tet-open"),
        (date(2023, 1, 22), False, "TR-calendar-tet-open"),  # a Tết day on a Sunday
        (date(2023, 1, 26), False, "TR-calendar-no-compensatory-day"),
        (date(2026, 1, 1), False, "TR-calendar-holiday-open"),
        (date(2026, 4, 26), False, "TR-calendar-holiday-open"),
        (date(2026, 4, 27), False, "TR-calendar-no-compensatory-day"),
        (date(2026, 9, 1), False, "TR-calendar-holiday-open"),
        (date(2026, 11, 24), False, "TR-calendar-holiday-open"),
        (date(2022, 5, 3), False, "TR-calendar-no-compensatory-day"),
        (date(2023, 9, 4), False, "TR-calendar-no-compensatory-day"),
        (date(2026, 1, 10), True, "TR-calendar-closed-without-ground"),  # 2/1 loses the day worked against it
        (date(2026, 1, 2), False, "TR-calendar-weekend-open"),
        (date(2026, 6, 10), True, "TR-calendar-closed-without-ground"),
        (date(2026, 6, 13), False, "TR-calendar-weekend-open"),
        (date(2026, 6, 14), False, "TR-calendar-weekend-open"),
    ],
)
def test_one_mistake_gives_one_finding(day: date, closed: bool, code: str) -> None:
    table = lawful(day.year - 1, day.year + (day.year < 2027))
    assert table[day] is not closed
    table[day] = closed
    found = lint_table(table)
    assert len(found) == 1
    assert found[0].code == code
    assert found[0].vi
    assert found[0].en


def test_every_single_mistake_of_a_year_is_found_beside_a_reference(reference: Any) -> None:
    table = lawful(2026, 2026)
    for day in table:
        wrong = table | {day: not table[day]}
        assert brief(lint_table(wrong, reference)) == [("TR-calendar-differs", day)]


def test_a_swap_may_lie_up_to_two_weeks_away() -> None:
    table = lawful(2026, 2026)
    near = table | {date(2026, 6, 10): True, date(2026, 6, 20): False}
    assert lint_table(near) == ()
    far = table | {date(2026, 6, 10): True, date(2026, 7, 4): False}
    assert brief(lint_table(far)) == [
        ("TR-calendar-closed-without-ground", date(2026, 6, 10)),
        ("TR-calendar-weekend-open", date(2026, 7, 4)),
    ]


def test_one_working_saturday_grounds_one_day_off_only() -> None:
    wrong = lawful(2026, 2026) | {
        date(2026, 6, 10): True,
        date(2026, 6, 11): True,
        date(2026, 6, 20): False,
    }
    assert brief(lint_table(wrong)) == [("TR-calendar-closed-without-ground", date(2026, 6, 11))]


def test_a_compensatory_day_for_the_cultural_day_has_no_ground() -> None:
    table = {day: day.weekday() >= 5 for day in days_from(date(2029, 10, 1), date(2029, 12, 31))}
    assert lint_table(table) == ()
    assert brief(lint_table(table | {date(2029, 11, 26): True})) == [
        ("TR-calendar-closed-without-ground", date(2029, 11, 26))
    ]


# -- the shape of the table --------------------------------------------------------------------------------------------


def test_gaps_are_found_with_and_without_a_reference(reference: Any) -> None:
    table = lawful(2026, 2026)
    for day in days_from(date(2026, 6, 8), date(2026, 6, 12)):
        del table[day]
    del table[date(2026, 7, 1)]
    expected = [("TR-calendar-missing-days", date(2026, 6, 8)), ("TR-calendar-missing-days", date(2026, 7, 1))]
    assert brief(lint_table(table)) == expected
    assert brief(lint_table(table, reference)) == expected
    assert "thiếu 5 ngày" in lint_table(table)[0].vi


def test_a_missing_day_is_not_an_open_day() -> None:
    table = lawful(2026, 2026)
    del table[date(2026, 4, 27)]
    assert brief(lint_table(table)) == [("TR-calendar-missing-days", date(2026, 4, 27))]


def test_years_that_cannot_be_checked_are_named(reference: Any) -> None:
    table = dict.fromkeys(days_from(date(2006, 12, 1), date(2006, 12, 31)), False)
    assert brief(lint_table(table)) == [("TR-calendar-not-covered", date(2006, 12, 1))]
    assert brief(lint_table(table, reference)) == [("TR-calendar-not-covered", date(2006, 12, 1))]


def test_an_empty_table_has_nothing_to_say() -> None:
    assert lint_table({}) == ()


def test_the_order_of_the_table_does_not_matter() -> None:
    table = lawful(2026, 2026) | {date(2026, 2, 17): False, date(2026, 6, 10): True}
    backwards = dict(reversed(table.items()))
    assert lint_table(backwards) == lint_table(table)


def test_findings_speak_vietnamese_and_english() -> None:
    (found,) = lint_table(lawful(2026, 2026) | {date(2026, 4, 27): False})
    assert found == DoubtfulDay(
        "TR-calendar-no-compensatory-day",
        date(2026, 4, 27),
        "Giỗ Tổ Hùng Vương rơi vào Chủ nhật 26/04/2026: phải nghỉ bù thứ Hai 27/04/2026, bảng ghi mở cửa",
        "Hùng Kings Commemoration Day falls on Sunday 2026-04-26: Monday 2026-04-27 must be off, the table says open",
    )


def test_a_disagreement_names_the_instrument(reference: Any) -> None:
    (found,) = lint_table({date(2026, 1, 2): False}, reference)
    assert "12729/VPCP-KGVX" in found.vi
    assert "12729/VPCP-KGVX" in found.en
    assert "nghỉ hoán đổi" in found.vi


# -- reading -----------------------------------------------------------------------------------------------------------


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        "date,office_off\n2026-01-01,1\n2026-01-02,0\n",
        "\ufeffdate,office_off\r\n2026-01-01,1\r\n2026-01-02,0\r\n",
        "note, office_off ,date\nlễ,1,2026-01-01\n\n, 0 , 2026-01-02 \n",
        '"date","office_off"\n"2026-01-01","1"\n2026-01-02,0',
    ],
)
def test_tables_that_can_be_read(tmp_path: Path, content: str) -> None:
    assert read_table(write(tmp_path, content)) == {date(2026, 1, 1): True, date(2026, 1, 2): False}
    assert read_table(str(write(tmp_path, content))) == {date(2026, 1, 1): True, date(2026, 1, 2): False}


def problems_of(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(InputFileError) as caught:
        read_table(path)
    assert all(problem.vi and problem.en for problem in caught.value.problems)
    assert caught.value.render("vi")
    return [(problem.code, problem.place.removeprefix(str(path))) for problem in caught.value.problems]


def test_all_problems_are_collected_with_their_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "date,office_off\n"
        "2026-01-01,1\n"
        "2026-02-30,0\n"
        "2026-01-01,1\n"
        "\n"
        "02/01/2026,yes\n"
        "2026-01-03\n"
        "2026-01-04,1,x\n"
        "2026-01-05,\n"
        "20260106,0\n",
    )
    assert problems_of(path) == [
        ("TR-table-date", ":3"),
        ("TR-table-duplicate", ":4"),
        ("TR-table-date", ":6"),
        ("TR-table-flag", ":6"),
        ("TR-table-row", ":7"),
        ("TR-table-row", ":8"),
        ("TR-table-flag", ":9"),
        ("TR-table-date", ":10"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", [("TR-table-empty", ":1")]),
        ("\n\n", [("TR-table-empty", ":1")]),
        ("date,office_off\n", [("TR-table-empty", ":1")]),
        ("2026-01-01,1\n", [("TR-table-column", ":1"), ("TR-table-column", ":1")]),
        ("date,off\n2026-01-01,1\n", [("TR-table-column", ":1")]),
        ("date;office_off\n2026-01-01;1\n", [("TR-table-column", ":1"), ("TR-table-column", ":1")]),
        (b"date,office_off\n2026-01-01,\xff\n", [("TR-table-unreadable", "")]),
        ("date,office_off\n2026-01-01," + "1" * 200_000, [("TR-table-unreadable", "")]),
        ("date,office_off\n2026-01-01,1\x00\n", [("TR-table-flag", ":2")]),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, content: str | bytes, expected: list[tuple[str, str]]) -> None:
    assert problems_of(write(tmp_path, content)) == expected


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "none.csv") == [("TR-table-unreadable", "")]
    assert problems_of(tmp_path) == [("TR-table-unreadable", "")]


def test_a_misspelt_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="office_of"):
        read_table(write(tmp_path, "date,office_of\n2026-01-01,1\n"))
