"""What is given to the tests of others: dossiers in a line, an assertion that explains, strategies whose draws hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tthc_rules import Calendar, CaseError, Dossier, DossierError, Rulebook
from tthc_rules.testing import assert_verdict, dossier, event, strategies

DRAWN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
AS_OF = date(2024, 9, 10)
LATE = dossier(event("result_issued", "2024-09-06T10:00"), accepted="2024-08-23T08:30", limit=5)
"""Accepted on a Friday, 5 workdays: Friday 30/8; 31/8 to 3/9 are days off, so 4, 5 and 6/9 are three workdays late."""


def test_a_dossier_in_a_line_is_what_a_portal_would_send() -> None:
    assert LATE == {
        "dossier_id": "HS-1",
        "time_limit": {"amount": 5, "unit": "workday"},
        "events": [
            {"kind": "dossier_accepted", "at": "2024-08-23T08:30"},
            {"kind": "result_issued", "at": "2024-09-06T10:00"},
        ],
    }
    assert event("interval_excluded", date(2024, 9, 4), from_="2024-09-05", to=date(2024, 9, 6), reason=None) == {
        "kind": "interval_excluded",
        "at": "2024-09-04",
        "from": "2024-09-05",
        "to": "2024-09-06",
    }
    assert dossier(dossier_id="A", accepted=datetime(2024, 8, 23, 8, 30), channel=None) == {
        "dossier_id": "A",
        "events": [{"kind": "dossier_accepted", "at": "2024-08-23T08:30:00"}],
    }


@pytest.mark.parametrize("engine", ["reference", "composed", "bulk"])
def test_a_verdict_that_says_it_comes_back(book: Rulebook, engine: str) -> None:
    verdict = assert_verdict(
        book,
        LATE,
        AS_OF,
        engine=engine,
        punctuality="returned_late",
        workdays_late=3,
        lawful_due=date(2024, 8, 30),
        obligations={"apology_before_due": "missed", "result_by_new_date": None},
        responsible={"apology_before_due": {"head_of_unit"}},
    )
    assert verdict.dossier_id == "HS-1"


def test_one_that_says_otherwise_is_explained(book: Rulebook) -> None:
    with pytest.raises(AssertionError) as caught:
        assert_verdict(book, Dossier.model_validate(LATE), "2024-09-10", workdays_late=2)
    said = str(caught.value)
    assert "workdays_late: cần / expected 2, được / got 3" in said
    assert "Điều 19" in said  # the explanation, with its clause


@pytest.mark.parametrize(
    "expected",
    [{"punctualty": "late"}, {"punctuality": "late"}, {"obligations": {"apology_befor_due": None}}, {"clock": 5}],
)
def test_what_would_assert_nothing_is_an_error(book: Rulebook, expected: dict[str, Any]) -> None:
    with pytest.raises(CaseError):
        assert_verdict(book, LATE, AS_OF, **expected)


def test_a_dossier_that_is_refused_says_why(book: Rulebook) -> None:
    bad = dossier(event("result_isued", "2024-09-06"), accepted="2024-08-23", limit=5)
    with pytest.raises(DossierError, match="TR-input-misspelt"):
        assert_verdict(book, bad, AS_OF, punctuality="returned_late")


@DRAWN
@given(strategies.dossiers())
def test_what_is_drawn_is_read_and_judged(book: Rulebook, drawn: dict[str, Any]) -> None:
    read = Dossier.model_validate(drawn)
    moments = [str(one["at"])[:10] for one in drawn["events"]]
    assert moments == sorted(moments)
    assert not {note.code for note in book.evaluate(read, date(2027, 12, 31)).notes} & {
        "before_acceptance",
        "duplicate_event",
        "second_acceptance",
        "unknown_kind",
        "unknown_field",
    }


@DRAWN
@given(strategies.dossiers(faults=True, accepted=(date(2025, 7, 1), date(2025, 7, 1))))
def test_faults_are_judged_too(book: Rulebook, drawn: dict[str, Any]) -> None:
    assert any(str(one["at"]).startswith("2025-07-01") for one in drawn["events"])
    book.evaluate(drawn, date(2027, 12, 31))


@DRAWN
@given(strategies.logs(most=4, limit=st.just({"amount": 5, "unit": "workday"})))
def test_a_log_has_ids_of_its_own(drawn: list[dict[str, Any]]) -> None:
    assert [one["dossier_id"] for one in drawn] == [f"HS-{number + 1}" for number in range(len(drawn))]
    assert all(one["time_limit"] == {"amount": 5, "unit": "workday"} for one in drawn)


@DRAWN
@given(strategies.calendars(), st.integers(0, 365), st.integers(1, 60))
def test_a_calendar_that_is_drawn_counts_like_one(calendar: Calendar, start: int, amount: int) -> None:
    day = date(2024, 1, 1) + timedelta(start)
    due = calendar.add_workdays(day, amount)
    assert calendar.is_workday(due)
    assert (
        calendar.workdays_between(day, due)
        == amount
        == sum(calendar.is_workday(day + timedelta(1 + n)) for n in range((due - day).days))
    )


@pytest.mark.parametrize("faults", [False, True])
def test_every_kind_of_life_can_be_drawn(faults: bool) -> None:
    """A strategy that never drew an end, a stop or an apology would test little."""
    seen: set[str] = set()

    @settings(max_examples=400, deadline=None, derandomize=True, database=None)
    @given(strategies.dossiers(faults=faults))
    def drawing(drawn: dict[str, Any]) -> None:
        seen.update(one["kind"] for one in drawn["events"])

    drawing()
    assert {"apology_sent", "reappointed", "result_issued", "dossier_withdrawn", "supplement_received"} <= seen
