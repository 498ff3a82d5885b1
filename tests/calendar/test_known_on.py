"""The calendar as it was known on a given day: a letter does not exist before it is published."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

import tthc_rules


@pytest.fixture(scope="module")
def book() -> Any:
    return tthc_rules.Rulebook.load()


def kinds(book: Any, known_on: date | None, *days: date) -> list[str]:
    calendar = book.calendar("vn", known_on=known_on)
    return [calendar.day(day).kind for day in days]


@pytest.mark.parametrize(
    ("off", "worked", "eve", "published"),
    [
        (date(2026, 1, 2), date(2026, 1, 10), date(2025, 12, 24), date(2025, 12, 25)),
        (date(2024, 4, 29), date(2024, 5, 4), date(2024, 4, 11), date(2024, 4, 12)),
        (date(2026, 8, 31), date(2026, 8, 22), date(2025, 10, 15), date(2025, 10, 16)),
        (date(2012, 12, 31), date(2013, 1, 5), date(2012, 11, 22), date(2012, 11, 23)),
        (date(2011, 2, 1), date(2011, 1, 30), date(2010, 12, 30), date(2010, 12, 31)),
    ],
)
def test_a_swap_exists_from_the_day_of_its_letter(
    book: Any, off: date, worked: date, eve: date, published: date
) -> None:
    assert kinds(book, eve, off, worked) == ["workday", "weekend"]
    assert kinds(book, published, off, worked) == ["swapped_off", "makeup_workday"]
    assert kinds(book, None, off, worked) == ["swapped_off", "makeup_workday"]
    before, after = (book.calendar("vn", known_on=known_on) for known_on in (eve, published))
    assert (before.is_workday(off), before.is_workday(worked)) == (True, False)
    assert (after.is_workday(off), after.is_workday(worked)) == (False, True)
    assert not any(calendar.day(day).provisional for calendar in (before, after) for day in (off, worked))


def test_a_slip_printed_before_the_letter_was_right(book: Any) -> None:
    """Two workdays from 31/12/2025: 5/1 as known on 24/12/2025, 6/1 from the letter on."""
    start = date(2025, 12, 31)
    assert book.calendar("vn", known_on=date(2025, 12, 24)).add_workdays(start, 2) == date(2026, 1, 5)
    assert book.calendar("vn", known_on=date(2025, 12, 25)).add_workdays(start, 2) == date(2026, 1, 6)
    # the make-up Saturday puts the tenth day back where it was
    assert book.calendar("vn", known_on=date(2025, 12, 24)).add_workdays(start, 7) == date(2026, 1, 12)
    assert book.calendar("vn", known_on=date(2025, 12, 25)).add_workdays(start, 7) == date(2026, 1, 12)


@pytest.mark.parametrize(
    ("day", "eve", "published"),
    [
        (date(2026, 11, 24), date(2026, 4, 23), date(2026, 4, 24)),
        (date(2007, 4, 26), date(2007, 4, 1), date(2007, 4, 2)),
    ],
)
def test_a_new_holiday_exists_from_the_day_of_its_act(book: Any, day: date, eve: date, published: date) -> None:
    assert kinds(book, eve, day) == ["workday"]
    assert kinds(book, published, day) == ["public_holiday"]
    assert not book.calendar("vn", known_on=published).day(day).provisional


def test_tet_2027_is_provisional_until_its_letter(book: Any) -> None:
    block = [date(2027, 2, day) for day in (4, 5, 6, 7, 8, 9, 10)] + [date(2027, 9, 3)]
    before = book.calendar("vn", known_on=date(2026, 10, 1))
    after = book.calendar("vn", known_on=date(2026, 10, 2))
    for day in block:
        assert not before.is_workday(day)
        assert not after.is_workday(day)
        assert not after.day(day).provisional
        assert after.day(day).published_on == date(2026, 10, 2)
        assert after.day(day).instrument == "10065/VPCP-KGVX"
    for day in block:
        if day.weekday() < 5:
            assert before.day(day).provisional, day
            assert before.day(day).published_on is None
    for day in (date(2027, 1, 1), date(2027, 3, 1), date(2027, 4, 30), date(2027, 9, 2)):
        assert not before.day(day).provisional, day


@pytest.mark.parametrize(
    ("letter", "block"),
    [
        (date(2023, 11, 3), [date(2024, 2, day) for day in (8, 9, 12, 13, 14)] + [date(2024, 9, 3)]),
        (date(2024, 11, 26), [date(2025, 1, day) for day in (27, 28, 29, 30, 31)] + [date(2025, 9, 1)]),
    ],
)
def test_blocks_of_2024_and_2025_are_provisional_until_their_letters(
    book: Any, letter: date, block: list[date]
) -> None:
    """8662/VPCP-KGVX of 3/11/2023 and 8726/VPCP-KGVX of 26/11/2024 moved no working day: the statute says the same."""
    before = book.calendar("vn", known_on=letter - timedelta(days=1))
    after = book.calendar("vn", known_on=letter)
    for day in block:
        assert not before.is_workday(day), day
        assert before.day(day).provisional, day
        assert not after.is_workday(day), day
        assert (after.day(day).provisional, after.day(day).published_on) == (False, letter), day


def test_the_swap_of_2_may_2025_exists_from_26_november_2024(book: Any) -> None:
    eve, letter = date(2024, 11, 25), date(2024, 11, 26)
    swapped = (date(2025, 4, 26), date(2025, 5, 2))
    assert kinds(book, eve, *swapped) == ["weekend", "workday"]
    assert kinds(book, letter, *swapped) == ["makeup_workday", "swapped_off"]
    # From Thursday 24/4: the second workday is Monday 28/4 without the swap, Saturday 26/4 with it.
    assert book.calendar("vn", known_on=eve).add_workdays(date(2025, 4, 24), 2) == date(2025, 4, 28)
    assert book.calendar("vn", known_on=letter).add_workdays(date(2025, 4, 24), 2) == date(2025, 4, 26)
    # The fifth one is Monday 5/5 either way.
    assert book.calendar("vn", known_on=eve).add_workdays(date(2025, 4, 24), 5) == date(2025, 5, 5)
    assert book.calendar("vn", known_on=letter).add_workdays(date(2025, 4, 24), 5) == date(2025, 5, 5)


@pytest.mark.parametrize("known_on", [None, date(2026, 11, 21)])
def test_2028_is_provisional(book: Any, known_on: date | None) -> None:
    calendar = book.calendar("vn", known_on=known_on)
    off = [(1, 3), (1, 24), (1, 25), (1, 26), (1, 27), (1, 28), (4, 4), (5, 1), (5, 2), (9, 1), (9, 4), (11, 24)]
    for month, day in off:
        answer = calendar.day(date(2028, month, day))
        assert (answer.is_workday, answer.provisional, answer.published_on) == (False, True, None), answer
    ordinary = calendar.day(date(2028, 3, 1))
    assert (ordinary.is_workday, ordinary.provisional) == (True, True)
    assert calendar.add_workdays(date(2028, 1, 21), 1) == date(2028, 1, 31)


def test_the_cultural_day_on_a_weekend_is_not_made_up(book: Any) -> None:
    calendar = book.calendar("vn", known_on=None)
    assert calendar.is_workday(date(2029, 11, 26))
    assert calendar.is_workday(date(2030, 11, 25))


def test_known_on_may_be_any_date(book: Any) -> None:
    assert book.calendar("vn", known_on=date(1990, 1, 1)).day(date(2026, 1, 1)).kind == "public_holiday"
    assert book.calendar("vn", known_on=date(2100, 1, 1)).day(date(2026, 1, 2)).kind == "swapped_off"
