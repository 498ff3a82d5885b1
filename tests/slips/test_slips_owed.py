"""Which slip a dossier calls for on which day, as the clauses and the calendar have it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from drawn import ACCEPTED, ALL, accepted, dossier, event

from tthc_rules import OptionError, Rulebook

REQUESTED = event("supplement_requested", "2025-08-08T09:00")


def standings(book: Rulebook, given: dict[str, Any], day: date) -> dict[str, str]:
    return {one.kind: one.standing for one in book.slips(given, day, kinds=ALL)}


# -- the apology -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "standing", "overdue"),
    [
        (date(2025, 8, 12), "conditional", False),  # its last day
        (date(2025, 8, 13), "conditional", True),  # the due date: too late for the slip, the result may still come
        (date(2025, 8, 14), "owed", True),
    ],
)
def test_an_apology_is_owed_once_the_result_is_late(book: Rulebook, day: date, standing: str, overdue: bool) -> None:
    (slip,) = book.slips(dossier(), day, kinds=["apology"])
    assert (slip.standing, slip.by, slip.overdue) == (standing, date(2025, 8, 12), overdue)
    assert slip.only_if == ("result_late" if standing == "conditional" else None)
    assert slip.past_due == (standing == "owed")
    assert [one.kind for one in book.slips(dossier(), day)] == (["apology"] if standing == "owed" else [])
    assert [one.id for one in slip.serves] == ["apology_before_due", "late_notice_to_one_stop"]


@pytest.mark.parametrize(
    ("at", "due", "clause"),
    [
        # Monday 23/6/2025: 24, 25, 26, 27, 30/6
        ("2025-06-23T08:30", date(2025, 6, 30), "khoản 9 Điều 19 Nghị định số 61/2018/NĐ-CP"),
        ("2025-06-24T08:30", date(2025, 7, 1), "khoản 6 Điều 19 Nghị định số 118/2025/NĐ-CP"),
    ],
)
def test_the_clause_is_that_of_the_due_date(book: Rulebook, at: str, due: date, clause: str) -> None:
    (slip,) = book.slips(accepted(at), due + timedelta(1))
    assert slip.by == due - timedelta(1)
    assert slip.citations[0].vi == clause
    promised = slip.field("promised_due")
    assert promised is not None
    assert promised.value == due.isoformat()


def test_an_apology_in_the_log_is_owed_no_more(book: Rulebook) -> None:
    sent = event("apology_sent", "2025-08-12", reason="chờ xác minh", new_due="2025-08-20")
    assert book.slips(dossier(sent), date(2025, 8, 14)) == ()
    (slip,) = book.slips(dossier(sent), date(2025, 8, 14), kinds=["apology"])
    assert slip.standing == "recorded"


def test_after_the_result_there_is_nothing_to_re_appoint(book: Rulebook) -> None:
    given = dossier(event("result_issued", "2025-08-15T10:00"))
    assert standings(book, given, date(2025, 8, 20)) == {}


def test_nobody_is_said_to_owe_what_the_source_cannot_show(book: Rulebook) -> None:
    given = dossier(observes=["dossier_accepted", "result_issued"])
    assert book.slips(given, date(2025, 8, 15)) == ()
    assert standings(book, given, date(2025, 8, 15))["apology"] == "unknown"


def test_a_paused_dossier_has_no_date_to_re_appoint(book: Rulebook) -> None:
    given = dossier(event("clock_paused", "2025-08-08T09:00", ground="x"))
    assert "apology" not in standings(book, given, date(2025, 8, 20))


def test_before_2018_the_apology_has_no_last_day_and_no_form(book: Rulebook) -> None:
    # Wednesday 3/8/2016: 4, 5, 8, 9, 10/8
    early, late = (book.slips(accepted("2016-08-03"), date(2016, 8, day), kinds=["apology"]) for day in (10, 11))
    assert [one.standing for one in (*early, *late)] == ["conditional", "owed"]
    assert late[0].by is None
    assert late[0].form is None
    assert [one.id for one in late[0].serves] == ["apology_r1"]


# -- the others --------------------------------------------------------------------------------------------------------


def test_a_file_that_is_not_eligible_goes_back_within_three_workdays(book: Rulebook) -> None:
    (slip,) = book.slips(dossier(), date(2025, 8, 8), kinds=["supplement"])
    assert (slip.standing, slip.only_if, slip.by) == ("conditional", "not_eligible", date(2025, 8, 11))
    assert (slip.issued_by, slip.warnings) == ("handling_agency", ())
    (late,) = book.slips(dossier(), date(2025, 8, 12), kinds=["supplement"])
    assert [(one.id, one.outcome) for one in late.warnings] == [("return_ineligible", "met_late")]


def test_a_second_request_is_warned_of(book: Rulebook) -> None:
    given = dossier(REQUESTED, event("supplement_received", "2025-08-12T09:00"))
    (slip,) = book.slips(given, date(2025, 8, 13), kinds=["supplement"])
    assert ("supplement_once", "broken") in [(one.id, one.outcome) for one in slip.warnings]


def test_an_online_file_is_answered_by_the_one_stop_unit(book: Rulebook) -> None:
    given = {**dossier(channel="online"), "events": [event("dossier_submitted", "2025-08-06T08:00")]}
    for slip in book.slips(given, date(2025, 8, 6), kinds=["supplement", "refusal"]):
        # eight working hours from 8:00: the day has them until 17:00 with the break, so the next morning at 8:00
        assert (slip.by, slip.by_time, slip.issued_by) == (date(2025, 8, 7), "08:00", "one_stop_unit")
        assert [one.id for one in slip.serves] == ["online_answer"]
        assert slip.field("accepted") is None
        assert slip.field("submitted") is not None


@pytest.mark.parametrize(("day", "late"), [(13, False), (14, True)])
def test_a_refusal_comes_within_the_limit(book: Rulebook, day: int, late: bool) -> None:
    (slip,) = book.slips(dossier(), date(2025, 8, day), kinds=["refusal"])
    assert (slip.by, slip.overdue) == (date(2025, 8, 13), late)
    assert [one.id for one in slip.warnings] == (["refusal_within_limit"] if late else [])


def test_what_the_log_holds_may_be_printed(book: Rulebook) -> None:
    refused = dossier(event("dossier_refused", "2025-08-11T09:00"))
    assert standings(book, refused, date(2025, 8, 12)) == {"refusal": "recorded"}
    closed = dossier(REQUESTED, event("dossier_closed", "2025-08-25T09:00"))
    assert standings(book, closed, date(2025, 8, 26)) == {"closing": "recorded"}
    (slip,) = book.slips(closed, date(2025, 8, 26), kinds=["closing"])
    day = slip.field("closed")
    assert day is not None
    assert (day.value, day.printed) == ("2025-08-25", "ngày 25 tháng 8 năm 2025")


@pytest.mark.parametrize(("day", "standing"), [(23, "conditional"), (24, "owed")])
def test_a_silent_file_is_closed_after_fifteen_days(book: Rulebook, day: int, standing: str) -> None:
    """Asked on 8/8: the fifteenth day is 23/8, a Saturday, and it is not moved."""
    (slip,) = book.slips(dossier(REQUESTED), date(2025, 8, day), kinds=["closing"])
    assert (slip.standing, slip.not_before) == (standing, date(2025, 8, 24))
    assert [one.id for one in slip.warnings] == ([] if standing == "owed" else ["closing_not_early"])
    ground = slip.field("ground")
    assert ground is not None
    assert ground.value == "khoản 5 Điều 19 Nghị định số 118/2025/NĐ-CP"


def test_decree_61_knows_no_closing(book: Rulebook) -> None:
    given = {**accepted("2024-08-06"), "jurisdiction": None}
    given["events"] = [*given["events"], event("supplement_requested", "2024-08-08")]
    assert "closing" not in standings(book, given, date(2024, 9, 20))


@pytest.mark.parametrize(("day", "owed"), [(date(2025, 9, 14), []), (date(2025, 9, 15), ["stop"])])
def test_the_stop_notice_is_there_since_its_circular(book: Rulebook, day: date, owed: list[str]) -> None:
    given = dossier(event("dossier_withdrawn", "2025-08-12T09:00"))
    assert [one.kind for one in book.slips(given, day)] == owed


def test_a_stop_notice_that_was_given_is_not_owed_again(book: Rulebook) -> None:
    stopped = event("dossier_withdrawn", "2025-08-12T09:00")
    given = dossier(stopped, event("slip_sent", "2025-09-16", form="stop_notice"))
    assert standings(book, given, date(2025, 9, 20)) == {"stop": "recorded"}
    other = dossier(stopped, event("slip_sent", "2025-09-16", form="receipt_slip"))
    assert standings(book, other, date(2025, 9, 20)) == {"stop": "owed"}


def test_who_stopped_is_said(book: Rulebook) -> None:
    by_request, by_agency = (
        book.slips(dossier(event(kind, "2025-08-12T09:00")), date(2025, 9, 16))[0]
        for kind in ("dossier_withdrawn", "processing_stopped")
    )
    assert by_request.field("stop_asked") is not None
    assert by_request.field("stopped") is None
    assert by_agency.field("stop_asked") is None
    assert by_agency.field("stopped") is not None


def test_a_lost_file_is_apologised_for(book: Rulebook) -> None:
    lost = event("dossier_lost", "2025-08-07")
    assert standings(book, dossier(lost), date(2025, 8, 8))["loss"] == "owed"
    said = dossier(lost, event("apology_sent", "2025-08-08"))
    assert standings(book, said, date(2025, 8, 9))["loss"] == "recorded"
    (refusal,) = book.slips(dossier(lost), date(2025, 8, 8), kinds=["refusal"])
    assert [(one.id, one.outcome) for one in refusal.warnings] == [("apology_lost_file", "missed")]


# -- what is asked -----------------------------------------------------------------------------------------------------


def test_a_kind_that_nobody_knows_is_refused(book: Rulebook) -> None:
    with pytest.raises(OptionError) as refused:
        book.slips(dossier(), date(2025, 8, 8), kinds=["apologies"])  # type: ignore[list-item]
    assert refused.value.code == "TR-option-slip"
    assert refused.value.problems[0].nearest == "apology"


@pytest.mark.parametrize("names", [["so"], {"so": 1}])
def test_names_are_words(book: Rulebook, names: Any) -> None:
    with pytest.raises(OptionError) as refused:
        book.slips(dossier(), date(2025, 8, 8), names=names)
    assert refused.value.code == "TR-option-type"


def test_one_kind_may_be_given_as_a_word(book: Rulebook) -> None:
    assert [one.kind for one in book.slips(dossier(), date(2025, 8, 8), kinds="refusal")] == ["refusal"]  # type: ignore[arg-type]


def test_a_full_dossier_is_drawn_up_too(book: Rulebook) -> None:
    """Nothing can be supposed of a dossier of 500 events: what it would make late is not said."""
    opinions = [
        event("synced_national", f"2025-08-{7 + at % 5:02d}T{at // 60 % 24:02d}:{at % 60:02d}") for at in range(499)
    ]
    given = dossier(*opinions)
    assert len(given["events"]) == 500
    (slip,) = book.slips(given, date(2025, 8, 14))
    assert (slip.kind, slip.warnings) == ("apology", ())


def test_an_empty_dossier_calls_for_nothing(book: Rulebook) -> None:
    assert book.slips({"dossier_id": "a"}, date(2025, 8, 8), kinds=ALL) == ()
    assert ACCEPTED["kind"] == "dossier_accepted"
