"""What the explanation says of a finding: why it came out so, what nobody recorded, and in which order it is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tthc_rules import Rulebook, Verdict
from tthc_rules.testing import event

Json = dict[str, Any]
ACCEPTED = event("dossier_accepted", "2024-08-05T08:30")  # Monday; five workdays end on Monday 12/8/2024


def verdict_on(book: Rulebook, as_of: date, *events: Json, **more: Any) -> Verdict:
    limit = {"amount": 5, "unit": "workday"}
    data = {"dossier_id": "E", "time_limit": limit, "events": [*events], **more}
    return book.evaluate(data, as_of, engine="reference")


def told(verdict: Verdict, name: str) -> str:
    """The line below that of a duty, or of the step of an agency: why."""
    lines = verdict.explain("en").splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith("  [") and name in line)
    return lines[at + 1].strip()


# -- why a duty came out so --------------------------------------------------------------------------------------------


def test_an_hour_that_nobody_recorded_is_told_with_the_date_that_it_would_move(book: Rulebook) -> None:
    sent = event("dossier_forwarded", "2024-08-06T08:00")
    verdict = verdict_on(book, date(2024, 8, 20), event("dossier_accepted", "2024-08-05"), sent)
    assert told(verdict, "(transfer_same_day,") == (
        "by 05/08/2024; done 06/08/2024; the hour of reception was not recorded; had it been later, by 06/08/2024"
    )


def test_what_hangs_on_an_hour_is_not_laid_on_a_lateness_that_cannot_be_said(book: Rulebook) -> None:
    """Whether the file is late is not known either; but the forwarding is not judged by that."""
    limit = {"amount": 0, "unit": "workday"}
    accepted = event("dossier_accepted", "2024-08-05")
    verdict = verdict_on(book, date(2024, 8, 6), accepted, time_limit=limit, unknown=["pauses"])
    assert told(verdict, "(transfer_same_day,").startswith("by 05/08/2024; a fact that it needs is missing; the hour")


def test_a_second_lateness_that_cannot_be_said_is_told_as_one(book: Rulebook) -> None:
    new_date = event("reappointed", "2024-08-09T10:00", new_due="2024-08-16")
    verdict = verdict_on(book, date(2024, 8, 19), ACCEPTED, new_date, unknown=["pauses"])
    said = "by 16/08/2024; whether the dossier is late cannot be said: see the notes"
    assert told(verdict, "(result_by_new_date,") == said


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (date(2017, 8, 16), "the dossier is neither closed nor late"),
        (date(2017, 8, 17), "raised and not done; it has no day of its own, and the dossier is still open"),
    ],
)
def test_a_duty_without_a_day_is_told_as_raised_once_the_dossier_is_late(
    book: Rulebook, as_of: date, said: str
) -> None:
    """Accepted on Wednesday 9/8/2017; five workdays end on Wednesday 16/8."""
    assert told(verdict_on(book, as_of, event("dossier_accepted", "2017-08-09T08:30")), "(apology_r1,") == said


def test_of_two_slips_of_one_day_that_one_is_told_which_was_judged(book: Rulebook) -> None:
    """One is not attached, of the other it is not recorded: the second may have done, so nothing can be said."""
    slips = [
        event("apology_sent", "2025-03-07T09:00", form="apology_slip", attached=False),
        event("apology_sent", "2025-03-07T10:00", form="apology_slip"),
    ]
    accepted, result = event("dossier_accepted", "2025-03-03T08:30"), event("result_issued", "2025-03-12T09:00")
    verdict = verdict_on(book, date(2025, 3, 25), accepted, *slips, result, jurisdiction="tuyen-quang")
    assert told(verdict, "(overlay_tuyen_quang_form04,") == (
        "apology sent 07/03/2025: whether it is attached is not recorded"
    )
    alone = verdict_on(book, date(2025, 3, 25), accepted, slips[0], result, jurisdiction="tuyen-quang")
    assert told(alone, "(overlay_tuyen_quang_form04,") == "apology sent 07/03/2025: it is not attached on the system"


def test_what_a_later_slip_lacks_is_not_told_of_the_first(book: Rulebook) -> None:
    """Of the first slip the content is judged, and it lacks nothing; that the end has no hour is what decides."""
    verdict = verdict_on(
        book,
        date(2025, 8, 25),
        event("dossier_accepted", "2025-08-04T08:30"),
        event("apology_sent", "2025-08-05T09:00", reason="chờ xác minh", new_due="2025-08-08"),
        event("apology_sent", "2025-08-06T10:00"),
        event("result_issued", "2025-08-07"),
        time_limit={"amount": 24, "unit": "work_hour"},
    )
    assert told(verdict, "(apology_content,") == "done 05/08/2025"


def test_who_answers_beside_is_told_with_the_act_that_says_so(book: Rulebook) -> None:
    verdict = verdict_on(
        book, date(2024, 8, 25), ACCEPTED, event("result_issued", "2024-08-20T09:00"), jurisdiction="thanh-hoa"
    )
    lines = verdict.explain("en").splitlines()
    officer = next(at for at, line in enumerate(lines) if line.startswith("      Answers: the officer in charge"))
    assert lines[officer + 1].startswith("        Thanh Hóa")
    assert lines[officer + 1].endswith(" [local/thanh-hoa/2015-07-18]")
    assert lines[officer + 2].startswith("        Source: ")


# -- what did not apply ------------------------------------------------------------------------------------------------


def test_a_rule_that_an_event_keeps_away_names_it(book: Rulebook) -> None:
    events = [event("opinion_requested", "2024-08-06T08:00"), event("dossier_refused", "2024-08-09T09:00")]
    text = verdict_on(book, date(2024, 8, 20), ACCEPTED, *events).explain("en")
    assert "\n  refusal_within_limit: there is a “opinion requested”\n" in text


def test_a_rule_of_another_field_says_so(book: Rulebook) -> None:
    accepted = event("dossier_accepted", "2026-01-05T08:30")
    text = verdict_on(book, date(2026, 1, 20), accepted, jurisdiction="lai-chau").explain("en")
    assert "\n  overlay_lai_chau_land: the dossier is of another field, or names none\n" in text


# -- steps -------------------------------------------------------------------------------------------------------------


def test_a_step_is_told_with_what_nobody_recorded_of_it(book: Rulebook) -> None:
    verdict = verdict_on(
        book,
        date(2024, 8, 20),
        ACCEPTED,
        event("step_assigned", "2024-08-06T08:00", agency="so-xay-dung"),
        event("step_assigned", "2024-08-06T09:00", due="2024-08-08"),
        event("result_issued", "2024-08-09T09:00"),
    )
    assert told(verdict, "] so-xay-dung:") == "no due date is recorded: nothing can be said"
    assert told(verdict, "] agency not recorded:") == "due 08/08/2024; not done when the dossier ended 09:00 09/08/2024"


# -- the rest ----------------------------------------------------------------------------------------------------------


def test_each_assumption_is_told_by_what_it_is_about(book: Rulebook) -> None:
    """Accepted under R1 and due years later under R3: one reading that could be another, one text that was not seen."""
    events = [event("supplement_requested", "2018-06-04"), event("supplement_received", "2018-06-11")]
    accepted = event("dossier_accepted", "2018-06-01T08:30")
    limit = {"amount": 2000, "unit": "workday"}
    verdict = verdict_on(book, date(2026, 1, 10), accepted, *events, time_limit=limit)
    assert verdict.assumptions == ("nd367_not_seen", "r1_supplement_effect")
    text = verdict.explain("en")
    assert "\n  nd367_not_seen: from 31/12/2025 what 367/2025/NĐ-CP amended was not seen" in text
    assert "\n  r1_supplement_effect: the other reading: due " in text


def test_that_it_changes_is_told_where_nothing_is_to_be_done(book: Rulebook) -> None:
    verdict = verdict_on(book, date(2024, 8, 7), ACCEPTED, channel="online", observes=["dossier_accepted"])
    assert verdict.next_acts == ()
    assert "\n  If nothing more happens, this verdict changes on 13/08/2024" in verdict.explain("en")


def test_what_is_only_supposed_is_said_first(book: Rulebook) -> None:
    data = {"dossier_id": "E", "time_limit": {"amount": 5, "unit": "workday"}, "events": [ACCEPTED]}
    result = {"kind": "result_issued", "at": "2024-08-09"}
    verdict = book.evaluate(data, date(2024, 8, 7), engine="reference", what_if=[result])
    assert verdict.explain("en").splitlines()[1].startswith("SUPPOSED, it has not happened: ")


def test_the_date_of_another_system_is_told_below_the_count_and_above_the_source(book: Rulebook) -> None:
    verdict = verdict_on(book, date(2024, 8, 7), ACCEPTED, observes=["dossier_accepted", "result_issued"])
    alone = verdict.explain("en").splitlines()
    parts = [
        "TIME LIMIT",
        "DAY BY DAY",
        "THE DATE OF THE SYSTEM: 10/08/2024",
        "THE SOURCE",
        "DUTIES AND LIMITS",
    ]
    for day_by_day in (False, True):
        lines = verdict.explain("en", day_by_day=day_by_day, sender_due=date(2024, 8, 10)).splitlines()
        heads = [line for line in lines if line in parts]
        assert heads == [part for part in parts if part != "DAY BY DAY" or day_by_day]
    assert [line for line in alone if line in parts] == [parts[0], *parts[3:]]
