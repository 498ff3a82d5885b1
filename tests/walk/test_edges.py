"""Every edge of one stop, one exclusion, one restart, and every month: exhaustively, the library against the walk."""

from __future__ import annotations

import calendar as months
import datetime as dt

import pytest
from dateutil.relativedelta import relativedelta

from tthc_rules import Rulebook
from tthc_rules.testing import event

from .compare import Asked, differs
from .counting import Json
from .days import ONE, day, days_known, walk
from .judge import CLOSES, OPENS, judge
from .logs import dossier_of

LIMITS: tuple[Json, ...] = (
    {"amount": 5, "unit": "workday"},
    {"amount": 0, "unit": "workday"},
    {"amount": 5, "unit": "calendar_day"},
    {"amount": 0, "unit": "calendar_day"},
    {"amount": 1, "unit": "week"},
    {"amount": 1, "unit": "month"},
    {"amount": 10, "unit": "work_hour"},
)
STARTS = ("2013-02-04", "2018-06-18", "2024-04-24", "2026-02-09", "2026-08-19")
"""One in each regime; before Tết, a swap, a make-up Saturday, a new decree; some limits end on a weekend."""


def answers(book: Rulebook, dossier: Json, as_of: dt.date) -> None:
    assert differs(book, Asked(dossier, as_of)) is None


def around(book: Rulebook, limit: Json, start: str) -> tuple[Json, list[dt.date]]:
    """The acceptance, and the days from two before its limit ends, unrolled, to two after it is due."""
    accepted = event("dossier_accepted", f"{start}T15:00")
    far = day(start) + dt.timedelta(days=90)
    standing = judge(dossier_of(limit, accepted), far, far).standing
    assert standing is not None
    assert book.evaluate(dossier_of(limit, accepted), far).clock.lawful_due == standing.day
    first = dt.date.fromordinal(standing.unrolled) if standing.unrolled else standing.day
    return accepted, [d for d in walk(first - 2 * ONE, standing.day + 2 * ONE) if d >= day(start)]


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit['amount']}-{limit['unit']}")
@pytest.mark.parametrize("kinds", [*OPENS.items(), ("supplement_requested", "supplement")])
def test_one_stop_at_each_edge_of_the_due_date(book: Rulebook, kinds: tuple[str, str], limit: Json) -> None:
    opens, waits = kinds
    closes = next((kind for kind, name in CLOSES.items() if name == waits), "supplement_received")
    said = {**limit, "pauses_for": ["payment", "opinion"]}
    for start in STARTS:
        accepted, turns = around(book, said, start)
        for turn in turns:
            opened = event(opens, f"{turn}T16:00")
            for shift in (0, 1, 12):
                until = turn + dt.timedelta(days=shift)
                closed = event(closes, f"{until}T16:30")
                result = event("result_issued", f"{until + 2 * ONE}T09:00")
                answers(book, dossier_of(said, accepted, opened, closed), until)
                answers(book, dossier_of(said, accepted, opened, closed, result), until + 9 * ONE)
                answers(book, dossier_of(said, accepted, opened, result), until + 9 * ONE)
            answers(book, dossier_of(said, accepted, opened), turn + 20 * ONE)


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit['amount']}-{limit['unit']}")
def test_one_exclusion_at_each_edge_of_the_due_date(book: Rulebook, limit: Json) -> None:
    for start in STARTS:
        accepted, turns = around(book, limit, start)
        for first in (*turns, day(start), day(start) + ONE):
            for shift in (0, 1, 12):
                last = first + dt.timedelta(days=shift)
                excluded = event("interval_excluded", f"{last}T17:00", **{"from": str(first), "to": str(last)})
                result = event("result_issued", f"{turns[-1]}T09:00")
                answers(book, dossier_of(limit, accepted, excluded), last + 9 * ONE)
                answers(book, dossier_of(limit, accepted, excluded, result), last + 9 * ONE)


@pytest.mark.parametrize("again", [None, -1, 0, 1, 2])
def test_a_restart_and_the_re_appointments_around_it(book: Rulebook, again: int | None) -> None:
    """A restart cancels the date that was re-appointed before it, a pause does not."""
    five: Json = {"amount": 5, "unit": "workday"}
    for start in STARTS:
        accepted, turns = around(book, five, start)
        for first in (0, 1, 30, 31):
            new_due = turns[2] + dt.timedelta(days=first)
            before = event("reappointed", f"{turns[0]}T08:00", new_due=str(new_due))
            asked = event("supplement_requested", f"{turns[0]}T09:00")
            back = event("supplement_received", f"{turns[0] + 3 * ONE}T09:00")
            steps = [accepted, before, asked, back]
            if again is not None:
                far = turns[0] + 60 * ONE
                standing = judge(dossier_of(five, *steps), far, far).standing
                assert standing is not None
                later = standing.day + dt.timedelta(days=again)
                steps.append(event("reappointed", f"{turns[0] + 4 * ONE}T09:00", new_due=str(later)))
            for shift in (0, 5, 12, 40):
                answers(book, dossier_of(five, *steps), turns[0] + dt.timedelta(days=4 + shift))


# -- months and years, exhaustively ------------------------------------------------------------------------------------


def due_dates(
    book: Rulebook, anchor: dt.date, unit: str, amounts: range
) -> list[tuple[dt.date | None, dt.date | None]]:
    found = []
    for amount in amounts:
        dossier = dossier_of({"amount": amount, "unit": unit}, event("dossier_accepted", anchor.isoformat()))
        clock = book.evaluate(dossier, anchor).clock
        found.append((clock.original_due, clock.lawful_due))
    return found


def rolled(anchor: dt.date, unit: str, amount: int) -> tuple[dt.date, dt.date]:
    end = anchor + (relativedelta(months=amount) if unit == "month" else relativedelta(years=amount))
    due = dt.date.fromordinal(days_known(anchor).next_workday(end.toordinal(), set()))
    return due, due


MONTH_ENDS = [
    dt.date(year, month, number)
    for year in range(2008, 2012)
    for month in range(1, 13)
    for number in range(28, months.monthrange(year, month)[1] + 1)
]


@pytest.mark.parametrize(
    "anchors", [list(walk(day("2023-02-27"), day("2024-03-01"))), MONTH_ENDS], ids=["a leap year", "ends"]
)
def test_months_are_added_as_relativedelta_adds_them_and_rolled_once(book: Rulebook, anchors: list[dt.date]) -> None:
    amounts = range(1, 31)
    for anchor in anchors:
        assert due_dates(book, anchor, "month", amounts) == [rolled(anchor, "month", n) for n in amounts], anchor


@pytest.mark.parametrize("leap", ["2008-02-29", "2012-02-29", "2016-02-29", "2020-02-29", "2024-02-29"])
def test_a_year_from_the_29th_of_february_ends_on_the_last_of_february(book: Rulebook, leap: str) -> None:
    amounts = range(1, 13)
    anchor = day(leap)
    assert due_dates(book, anchor, "year", amounts) == [rolled(anchor, "year", n) for n in amounts]
    assert rolled(day("2024-02-29"), "year", 1)[0] == day("2025-02-28")  # a Friday
    assert rolled(day("2024-02-29"), "year", 4)[0] == day("2028-02-29")


def test_adding_a_month_twice_is_not_adding_two(book: Rulebook) -> None:
    (first, _), (second, _) = due_dates(book, day("2024-01-31"), "month", range(1, 3))
    assert (first, second) == (day("2024-02-29"), day("2024-04-01"))  # 31/3 is a Sunday
    assert due_dates(book, day("2024-02-29"), "month", range(1, 2))[0][0] == day("2024-03-29")
