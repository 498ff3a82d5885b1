"""The days of a finding: until when, and when it was done, where an hour that nobody recorded decides."""

from __future__ import annotations

from datetime import date

from tthc_rules import Rulebook
from tthc_rules.testing import event


def test_what_was_done_is_told_where_nothing_can_be_said(book: Rulebook, engine: str) -> None:
    """Received on Monday 5/8/2024 at no known hour, forwarded on Tuesday: late if received by 15:00."""
    data = {
        "dossier_id": "F",
        "time_limit": {"amount": 5, "unit": "workday"},
        "events": [event("dossier_accepted", "2024-08-05"), event("dossier_forwarded", "2024-08-06T08:00")],
    }
    found = book.evaluate(data, date(2024, 8, 20), engine=engine).finding("transfer_same_day")
    assert found is not None
    assert (found.outcome, found.act_by, found.done_on) == ("undetermined", date(2024, 8, 5), date(2024, 8, 6))


def test_a_time_in_hours_from_no_known_hour_is_told_by_its_last_day(book: Rulebook, engine: str) -> None:
    """Sent on Wednesday 6/8/2025: eight hours end at 17:00 of that day at the earliest, of Thursday at the latest."""
    data = {"dossier_id": "F", "channel": "online", "events": [event("dossier_submitted", "2025-08-06")]}
    found = book.evaluate(data, date(2025, 8, 6), engine=engine).finding("online_answer")
    assert found is not None
    assert (found.outcome, found.act_by) == ("undetermined", date(2025, 8, 7))


def test_an_act_by_the_minute_names_it(book: Rulebook, engine: str) -> None:
    """Sent on Wednesday 6/8/2025 at 08:00: seven and a half hours of that day, half an hour of Thursday."""
    data = {"dossier_id": "F", "channel": "online", "events": [event("dossier_submitted", "2025-08-06T08:00")]}
    (act,) = book.evaluate(data, date(2025, 8, 6), engine=engine).next_acts
    assert (act.id, act.by, act.by_time) == ("online_answer", date(2025, 8, 7), "08:00")


def test_a_new_date_has_no_hour_though_the_limit_has_one(book: Rulebook, engine: str) -> None:
    """Eight hours from 08:30 of Wednesday 6/8/2025 end at 08:30 of Thursday; the new date ends with Monday 11/8."""
    data = {
        "dossier_id": "F",
        "channel": "online",
        "time_limit": {"amount": 8, "unit": "work_hour"},
        "events": [
            event("dossier_accepted", "2025-08-06T08:30"),
            event("reappointed", "2025-08-07T08:00", new_due="2025-08-11"),
        ],
    }
    acts = {act.id: act for act in book.evaluate(data, date(2025, 8, 11), engine=engine).next_acts}
    act = acts["result_by_new_date"]
    assert (act.by, act.by_time, act.overdue) == (date(2025, 8, 11), None, False)
    assert (acts["return_result"].by_time, acts["return_result"].overdue) == ("08:30", True)


def test_a_day_to_act_by_has_no_hour_though_the_limit_ends_at_one_on_that_day(book: Rulebook, engine: str) -> None:
    """Four hours from 15:30 of Tuesday 20/8/2024 end at 10:00 of Wednesday, the day by which the file is forwarded."""
    data = {
        "dossier_id": "F",
        "time_limit": {"amount": 4, "unit": "work_hour"},
        "events": [event("dossier_accepted", "2024-08-20T15:30")],
    }
    acts = {act.id: act for act in book.evaluate(data, date(2024, 8, 21), engine=engine).next_acts}
    act = acts["transfer_next_morning"]
    assert (act.by, act.by_time, act.overdue) == (date(2024, 8, 21), None, False)
    assert (acts["return_result"].by, acts["return_result"].by_time) == (date(2024, 8, 21), "10:00")
