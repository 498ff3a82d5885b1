"""The clock at the first and the last day of a calendar, and with several editions of it, as the fast core has them.

A calendar of our own from Monday 5/8/2024 to Monday 12/8/2024, Saturday worked; what lies outside it is not known.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any, Final

import pytest

from tthc_rules import Dossier, Rulebook
from tthc_rules.law import clock
from tthc_rules.law.asked import Asked, asked_of, clocked
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import blank
from tthc_rules.law.known import Tables
from tthc_rules.law.question import Question

FIRST, LAST = date(2024, 8, 5), date(2024, 8, 12)
WORKS: Final = bytes([1, 1, 1, 1, 1, 1, 0, 1])
FIVE: Final = {"amount": 5, "unit": "workday"}


def asked(book: Rulebook, at: str, limit: dict[str, Any], as_of: date = LAST, unsure: int = 0, **more: Any) -> Asked:
    """A dossier accepted then, by that calendar; its first days, so many, are not published yet."""
    dossier = {"dossier_id": "K", "time_limit": limit, "events": [{"kind": "dossier_accepted", "at": at, **more}]}
    one = asked_of(book._known, Dossier.model_validate(dossier), Question(as_of, as_of))
    calendar = one.calendar.stretch(day_of(FIRST), WORKS)
    calendar.provisional = tuple(min(n + 1, unsure) for n in range(len(WORKS)))
    tables = Tables(bytes(len(WORKS)), 0, calendar.idx, calendar.nth)
    return replace(one, calendar=calendar, tables=tables)


def answer(one: Asked) -> list[int]:
    out = blank(0)
    nothing = [-1] * clock.N_KINDS
    clocked(one, nothing, nothing, clock.O_FIRST, out)
    return out


def lawful(one: Asked) -> date | None:
    found = answer(one)[clock.O_LAWFUL_DAY]
    return None if found == clock.NONE else date.fromordinal(found + date(1970, 1, 1).toordinal())


@pytest.mark.parametrize(
    ("at", "limit", "due"),
    [
        ("2024-08-05T08:30", {"amount": 6, "unit": "workday"}, LAST),  # 6, 7, 8, 9, 10 and 12/8
        ("2024-08-05T08:30", {"amount": 7, "unit": "workday"}, None),
        ("2024-08-05T08:30", {"amount": 6, "unit": "calendar_day"}, LAST),  # Sunday 11/8, rolled to the last day
        ("2024-08-05T08:30", {"amount": 8, "unit": "calendar_day"}, None),
        ("2024-08-05T08:30", {"amount": 0, "unit": "workday"}, FIRST),
        ("2024-08-05T15:01", {"amount": 0, "unit": "workday", "cutoff": "15:00"}, date(2024, 8, 6)),
        ("2024-08-05T15:01", {"amount": 0, "unit": "calendar_day", "cutoff": "15:00"}, date(2024, 8, 6)),
        ("2024-08-05", {"amount": 0, "unit": "workday", "cutoff": "15:00"}, None),  # a workday: its hour decides
        ("2024-08-12T08:30", {"amount": 0, "unit": "workday"}, LAST),
        ("2024-08-02T08:30", FIVE, None),  # before it begins
    ],
)  # fmt: skip
def test_a_limit_at_the_edges(book: Rulebook, at: str, limit: dict[str, Any], due: date | None) -> None:
    assert lawful(asked(book, at, limit, date(2024, 8, 20))) == due


def test_before_the_calendar_nothing_is_counted(book: Rulebook) -> None:
    assert answer(asked(book, "2024-08-02T08:30", FIVE))[clock.O_REASON] == clock.BEFORE_CALENDAR


@pytest.mark.parametrize(("amount", "said"), [(2, clock.DUE_SOON), (3, clock.PENDING)])
def test_the_first_day_itself_has_been(book: Rulebook, amount: int, said: int) -> None:
    """Asked on it: of two workdays Tuesday and Wednesday are left, which is soon; of three one more."""
    one = asked(book, "2024-08-05T08:30", {"amount": amount, "unit": "workday"}, FIRST)
    assert answer(one)[clock.O_PUNCTUALITY] == said


@pytest.mark.parametrize(("unsure", "said"), [(0, 0), (1, 1)])
def test_a_limit_that_ends_on_the_first_day_is_as_sure_as_that_day(book: Rulebook, unsure: int, said: int) -> None:
    one = asked(book, "2024-08-05T08:30", {"amount": 0, "unit": "workday"}, unsure=unsure)
    assert answer(one)[clock.O_PROVISIONAL] == said


# -- several editions --------------------------------------------------------------------------------------------------


def of_three_editions(book: Rulebook, one: Asked) -> Asked:
    """The same with three editions of its calendar one behind the other: of 2023, of 10/4/2024, and the last one."""
    known, law = book._known, one.calendar.law
    editions = [law.known_on(day_of(date(2023, 6, 1))), law.known_on(day_of(date(2024, 4, 10))), one.calendar]
    turn = day_of(date(2024, 1, 1)) - one.calendar.base
    tables = Tables(
        bytes(turn) + bytes([1]) * (len(one.calendar.idx) - turn),
        2,
        tuple(chain.from_iterable(edition.idx for edition in editions)),
        tuple(chain.from_iterable(edition.nth_padded for edition in editions)),
    )
    columns = [known.hours_of(known.hours_table(None, None), edition) for edition in editions]
    hours = (tuple(chain.from_iterable(before for before, _, _ in columns)), *columns[-1][1:])
    return replace(one, tables=tables, hours=hours)


@pytest.mark.parametrize(
    ("amount", "unit", "original", "due"),
    [
        (14, "workday", "2024-05-03", "2024-05-04"),
        (24, "calendar_day", "2024-05-06", "2024-05-04"),  # Saturday 4/5
        (112, "work_hour", "2024-05-03", "2024-05-04"),  # fourteen days of eight hours
        (0, "workday", "2024-04-10", "2024-04-10"),
    ],
)
def test_the_original_date_is_counted_in_the_edition_of_the_day_of_acceptance(
    book: Rulebook, amount: int, unit: str, original: str, due: str
) -> None:
    """The letter of 12/4/2024 takes Monday 29/4 off and has Saturday 4/5 worked instead; 18/4, 30/4 and 1/5 are off."""
    accepted = {"kind": "dossier_accepted", "at": "2024-04-10T17:00"}
    dossier = {"dossier_id": "K", "time_limit": {"amount": amount, "unit": unit}, "events": [accepted]}
    question = Question(date(2024, 6, 3), date(2024, 6, 3))
    out = answer(of_three_editions(book, asked_of(book._known, Dossier.model_validate(dossier), question)))
    assert out[clock.O_ORIGINAL_DAY] == day_of(date.fromisoformat(original))
    assert out[clock.O_LAWFUL_DAY] == day_of(date.fromisoformat(due))


# -- the year 2000 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "amount", "unit", "due"),
    [
        ("2000-01-31T08:30", 1, "month", "2000-02-29"),  # 400 divides it: a leap year
        ("2000-02-29T08:30", 1, "month", "2000-03-29"),
        ("2000-02-29T08:30", 1, "year", "2001-02-28"),
        ("2000-03-01T08:30", 1, "month", "2000-04-01"),
        ("1999-12-31T08:30", 2, "month", "2000-02-29"),
        ("1999-11-30T08:30", 1, "month", "1999-12-30"),
    ],
)
def test_months_around_the_leap_day_of_2000(book: Rulebook, at: str, amount: int, unit: str, due: str) -> None:
    """A calendar may begin in 1990, and so may a clock of somebody's own; every day of this one is worked."""
    one = asked(book, at, {"amount": amount, "unit": unit})
    calendar = one.calendar.stretch(day_of(date(1999, 1, 1)), bytes([1]) * 1200)
    tables = Tables(bytes(1200), 0, calendar.idx, calendar.nth)
    regimes = replace(one.regimes, start=[calendar.base, *one.regimes.start[1:]])
    assert lawful(replace(one, calendar=calendar, tables=tables, regimes=regimes)) == date.fromisoformat(due)
