"""What the calendar cannot be asked: one error for every method, with what was given and what to give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any, Final

import pytest

from tthc_rules import Rulebook
from tthc_rules.law.workdays import Calendar, CalendarError

DAY: Final = date(2024, 8, 23)
METHODS: Final[dict[str, Callable[[Calendar, Any], object]]] = {
    "is_workday": lambda calendar, day: calendar.is_workday(day),
    "day": lambda calendar, day: calendar.day(day),
    "add_workdays": lambda calendar, day: calendar.add_workdays(day, 5),
    "workdays_between after": lambda calendar, day: calendar.workdays_between(day, DAY),
    "workdays_between until": lambda calendar, day: calendar.workdays_between(DAY, day),
}
NO_DATES: Final[tuple[Any, ...]] = (
    "2024-08-23", "", "hôm nay", b"2024-08-23", 20240823, 19958, 1.5, True, None, [], {}, object, (2024, 8, 23),
    datetime(2024, 8, 23, 8, 30), datetime(2024, 8, 22, 20, tzinfo=UTC),
)  # fmt: skip


@pytest.mark.parametrize("day", NO_DATES, ids=repr)
@pytest.mark.parametrize("method", METHODS)
def test_what_is_no_date_is_our_error(book: Rulebook, method: str, day: object) -> None:
    with pytest.raises(CalendarError) as caught:
        METHODS[method](book.calendar(), day)
    assert caught.value.code == "TR-calendar-date"
    assert type(day).__name__ in caught.value.problems[0].vi


@pytest.mark.parametrize("amount", [10.5, 10.0, "10", None, True, False, Fraction(10), [10], b"1"], ids=repr)
def test_what_is_no_whole_number_of_days_is_our_error(book: Rulebook, amount: Any) -> None:
    with pytest.raises(CalendarError) as caught:
        book.calendar().add_workdays(DAY, amount)
    assert caught.value.code == "TR-calendar-amount"


@pytest.mark.parametrize(
    ("amount", "code"),
    [(-1, "amount"), (-(2**70), "amount"), (10**6, "range"), (2**70, "range"), (10**6000, "range")],
    ids=["-1", "-2**70", "10**6", "2**70", "10**6000"],
)
def test_amounts_beyond_the_calendar_are_our_error(book: Rulebook, amount: int, code: str) -> None:
    with pytest.raises(CalendarError) as caught:
        book.calendar().add_workdays(DAY, amount)
    assert caught.value.code == f"TR-calendar-{code}"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("day", [date.min, date(2006, 12, 31), date(2102, 1, 1), date.max], ids=str)
def test_days_beyond_the_calendar_are_our_error(book: Rulebook, method: str, day: date) -> None:
    with pytest.raises(CalendarError) as caught:
        METHODS[method](book.calendar(), day)
    assert caught.value.code == "TR-calendar-range"


class Five:
    """A whole number of another make, such as numpy's."""

    def __index__(self) -> int:
        return 5


def test_whole_numbers_of_other_makes_are_numbers_of_days(book: Rulebook) -> None:
    """Friday 23/8/2024 and five workdays: Friday 30/8."""
    assert book.calendar().add_workdays(DAY, Five()) == date(2024, 8, 30)  # type: ignore[arg-type]
