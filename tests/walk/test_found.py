"""What the walk found in the library: each with the answer that was counted by hand."""

from __future__ import annotations

import pytest

from tthc_rules import Rulebook
from tthc_rules.testing import event

from .days import LAST_HOUR, day
from .judge import judge
from .logs import TAKEN, dossier_of


@pytest.mark.parametrize("end", ["result_issued", "dossier_withdrawn"])
def test_waiting_from_between_the_unrolled_end_and_the_due_date(book: Rulebook, end: str) -> None:
    """Five days from Monday 5/8/2024 end on Saturday 10/8, rolled to 12/8; a request on Sunday, the end on Tuesday.

    «The result before the file came back: the waiting was a pause until the end»; «its due date is never before the
    first workday on or after the day the stop ended». So it is due on 13/8, and the end is on time.
    """
    waiting = event("supplement_requested", "2024-08-11T09:00")
    dossier = dossier_of({"amount": 5, "unit": "calendar_day"}, TAKEN, waiting, event(end, "2024-08-13T09:00"))
    verdict = book.evaluate(dossier, day("2024-08-20"))
    assert verdict.clock.lawful_due == day("2024-08-13")
    assert (verdict.workdays_late, verdict.days_late) == (0, 0)


@pytest.mark.parametrize(
    ("received", "resumed", "lawful"),
    [
        ("2024-08-11T16:00", "2024-08-12T08:00", "2024-08-12"),  # a Sunday: the limit ends there, rolled to Monday
        ("2024-08-11T14:00", "2024-08-12T08:00", "2024-08-12"),
        ("2024-08-09T16:00", "2024-08-12T08:00", "2024-08-13"),  # a Friday past the hour: Saturday, and three days
        ("2024-08-09T14:00", "2024-08-12T08:00", "2024-08-09"),  # in time: Friday is the due date, and no stop works
    ],
)
def test_no_receipt_on_a_day_off_is_past_the_hour(book: Rulebook, received: str, resumed: str, lawful: str) -> None:
    zero = {"amount": 0, "unit": "calendar_day", "cutoff": "15:00"}
    stop = (event("clock_paused", received), event("clock_resumed", resumed))
    verdict = book.evaluate(dossier_of(zero, event("dossier_accepted", received), *stop), day("2024-09-30"))
    assert verdict.clock.lawful_due == day(lawful)


def test_a_zero_limit_on_an_unpublished_day_is_provisional(book: Rulebook) -> None:
    """«`provisional: true` if the count to `lawful_due` stepped on such a day»: 1/3/2028 is itself not published."""
    accepted = event("dossier_accepted", "2028-03-01T08:30")
    one = book.evaluate(
        dossier_of({"amount": 1, "unit": "workday"}, accepted), day("2028-03-01"), known_on=day("2026-11-21")
    )
    assert one.clock.provisional
    none = book.evaluate(
        dossier_of({"amount": 0, "unit": "workday"}, accepted), day("2028-03-01"), known_on=day("2026-11-21")
    )
    assert none.clock.lawful_due == day("2028-03-01")
    assert none.clock.provisional


def test_a_limit_in_hours_that_ends_on_its_unpublished_day_is_provisional(book: Rulebook) -> None:
    accepted = event("dossier_accepted", "2028-03-01T08:00")
    known_on = day("2026-11-21")
    for amount, due in ((20, "2028-03-03"), (2, "2028-03-01")):
        dossier = dossier_of({"amount": amount, "unit": "work_hour"}, accepted)
        verdict = book.evaluate(dossier, day("2028-03-01"), known_on=known_on)
        assert (verdict.clock.lawful_due, verdict.clock.provisional) == (day(due), True)


# -- a start that is another event, or comes too late in the day -------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "lawful"),
    [
        ("2026-11-16T15:59", "2026-11-19"),  # Monday: three workdays are Tuesday to Thursday
        ("2026-11-16T16:00", "2026-11-20"),  # as received on Tuesday
        ("2026-11-16T16:01", "2026-11-20"),
        ("2026-11-16T17:30", "2026-11-20"),
        ("2026-11-14T10:00", "2026-11-19"),  # Saturday, as received on Monday
        ("2026-11-13T16:30", "2026-11-19"),  # Friday's last hour, as received on Monday
        ("2026-11-13T15:30", "2026-11-18"),
    ],
)
def test_the_last_hour_of_the_office_by_hand(book: Rulebook, at: str, lawful: str) -> None:
    three = {"amount": 3, "unit": "workday"}
    dossier = dossier_of(three, event("dossier_accepted", at), procedure=LAST_HOUR)
    far = day("2026-12-31")
    assert judge(dossier, far, far).lawful_due == day(lawful)
    assert book.evaluate(dossier, far).clock.lawful_due == day(lawful)


def test_a_file_that_comes_back_in_the_last_hour_restarts_on_the_next_workday(book: Rulebook) -> None:
    """«Thời hạn giải quyết được tính lại từ đầu sau khi nhận đủ hồ sơ»; it is received again, and 6(3) asks when."""
    dossier = dossier_of(
        {"amount": 3, "unit": "workday"},
        event("dossier_accepted", "2026-11-16T09:00"),
        event("supplement_requested", "2026-11-17T09:00"),
        event("supplement_received", "2026-11-18T16:30"),  # Wednesday, as on Thursday
        procedure=LAST_HOUR,
    )
    assert book.evaluate(dossier, day("2026-12-31")).clock.lawful_due == day("2026-11-25")  # 24/11 is a day off


# -- the slip, and the end of a day ------------------------------------------------------------------------------------


@pytest.mark.parametrize("core", ["one by one", "bulk"])
@pytest.mark.parametrize(
    ("slip", "differs"),
    [("2024-08-15", False), ("2024-08-12", True), ("2024-08-16", True)],
    ids=["right", "old", "other"],
)
def test_a_new_slip_is_held_against_the_date_as_it_stood_when_it_was_given(
    book: Rulebook, request: pytest.FixtureRequest, core: str, slip: str, differs: bool
) -> None:
    """«`promise_differs` after a new slip compares with the due date as it stood when the slip was given.»

    The file came back on Thursday 8/8 and the five workdays began again: 9, 12, 13, 14, 15/8. It was the first limit,
    12/8, that every slip was held against.
    """
    dossier = dossier_of(
        {"amount": 5, "unit": "workday"},
        TAKEN,
        event("supplement_requested", "2024-08-06T09:00"),
        event("supplement_received", "2024-08-08T09:00", appointed_due=slip),
    )
    if core == "bulk":
        request.getfixturevalue("bulk")
        (row,) = book.rescore_dossiers([dossier], day("2024-08-20"))
        notes = set(str(row["notes"] or "").split("|"))
    else:
        notes = {note.code for note in book.evaluate(dossier, day("2024-08-20")).notes}
    assert ("promise_differs" in notes) is differs


@pytest.mark.parametrize("core", ["one by one", "bulk"])
def test_the_end_of_a_day_is_that_day(book: Rulebook, request: pytest.FixtureRequest, core: str) -> None:
    """«The date never moves by it»: a request of Tuesday 13/8 at 23:59:30 that is the end, under `qd766`, is one
    workday after Monday 12/8, and not two."""
    dossier = dossier_of({"amount": 5, "unit": "workday"}, TAKEN, event("supplement_requested", "2024-08-13T23:59:30"))
    if core == "bulk":
        request.getfixturevalue("bulk")
        (row,) = book.rescore_dossiers([dossier], day("2024-08-20"), lateness="qd766")
        assert (row["punctuality"], row["workdays_late"], row["days_late"]) == ("returned_late", 1, 1)
    else:
        verdict = book.evaluate(dossier, day("2024-08-20"), lateness="qd766")
        assert (verdict.punctuality, verdict.workdays_late, verdict.days_late) == ("returned_late", 1, 1)
