"""A note stands where it says something: not on what still counts after the end, nor where nothing changed by it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tthc_rules import Rulebook

LIMIT = {"amount": 5, "unit": "workday"}
ACCEPTED = {"kind": "dossier_accepted", "at": "2024-08-05T08:30"}  # Monday; due Monday 2024-08-12
EVERYTHING = [
    "dossier_submitted", "dossier_accepted", "dossier_forwarded", "supplement_requested", "supplement_received",
    "clock_paused", "clock_resumed", "payment_awaited", "payment_received", "opinion_requested", "opinion_received",
    "interval_excluded", "reappointed", "apology_sent", "delay_notice_sent", "result_issued", "result_returned",
    "dossier_refused", "dossier_withdrawn", "processing_stopped", "dossier_closed",
]  # fmt: skip


def codes(book: Rulebook, events: list[dict[str, Any]], as_of: date = date(2024, 8, 20), **fields: Any) -> set[str]:
    dossier = {"dossier_id": "HS-1", "channel": "online", "time_limit": LIMIT, "events": events, **fields}
    return {note.code for note in book.evaluate(dossier, as_of).notes}


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "step_done", "agency": "so-tai-chinh"},
        {"kind": "opinion_received", "agency": "so-tai-chinh"},
        {"kind": "dossier_forwarded"},
        {"kind": "paper_forwarded"},
        {"kind": "error_reported"},
        {"kind": "result_corrected"},
        {"kind": "result_returned"},
        {"kind": "synced_national"},
        {"kind": "late_officers_published"},
        {"kind": "apology_sent", "reason": "chờ", "new_due": "2024-08-20"},
        {"kind": "delay_notice_sent"},
    ],
)
def test_what_still_counts_after_the_end_bears_no_note(book: Rulebook, event: dict[str, Any]) -> None:
    result = {"kind": "result_issued", "at": "2024-08-09T09:00"}
    assert "after_end" not in codes(book, [ACCEPTED, result, {**event, "at": "2024-08-13T09:00"}])


@pytest.mark.parametrize("kind", ["clock_paused", "supplement_requested", "dossier_withdrawn", "dossier_lost"])
def test_what_no_longer_counts_after_the_end_bears_one(book: Rulebook, kind: str) -> None:
    result = {"kind": "result_issued", "at": "2024-08-09T09:00"}
    assert "after_end" in codes(book, [ACCEPTED, result, {"kind": kind, "at": "2024-08-13T09:00"}])


def test_a_closing_while_a_request_is_open_bears_no_note(book: Rulebook) -> None:
    request = {"kind": "supplement_requested", "at": "2024-08-07T09:00"}
    closing = {"kind": "dossier_closed", "at": "2024-08-28T09:00"}
    assert "closing_without_request" not in codes(book, [ACCEPTED, request, closing], date(2024, 8, 30))
    assert "closing_without_request" in codes(book, [ACCEPTED, closing], date(2024, 8, 30))


@pytest.mark.parametrize("kind", ["result_issued", "result_returned"])
def test_an_error_is_reported_of_either_result(book: Rulebook, kind: str) -> None:
    error = {"kind": "error_reported", "at": "2024-08-13T09:00"}
    assert "before_result" not in codes(book, [ACCEPTED, {"kind": kind, "at": "2024-08-09T09:00"}, error])
    assert "before_result" in codes(book, [ACCEPTED, error])


MARKS = {"not_observed", "pauses_unknown", "finish_unknown", "acceptance_unknown"}
EARLY = {"kind": "result_issued", "at": "2024-08-09T09:00"}
LATE = {"kind": "result_issued", "at": "2024-08-13T09:00"}


def without(*kinds: str) -> list[str]:
    return [kind for kind in EVERYTHING if kind not in kinds]


@pytest.mark.parametrize(
    ("events", "fields"),
    [
        ([ACCEPTED, EARLY], {"observes": without("apology_sent")}),  # not owed whatever was sent
        ([ACCEPTED, EARLY], {"observes": without("clock_paused")}),  # early stands
        ([ACCEPTED, LATE], {"observes": without("interval_excluded")}),
        ([ACCEPTED, LATE], {"observes": without("payment_awaited", "opinion_requested")}),  # this limit does not pause
        ([ACCEPTED, EARLY], {"observes": without("dossier_withdrawn", "dossier_refused")}),
        ([ACCEPTED, EARLY], {"unknown": ["finish"]}),  # with an end seen all is ordinary
        ([ACCEPTED, LATE], {"unknown": ["finish"]}),
        ([{"kind": "dossier_submitted", "at": "2024-08-05"}], {"unknown": ["pauses", "finish"]}),  # not started
        ([ACCEPTED, LATE], {"observes": EVERYTHING, "unknown": []}),
        ([ACCEPTED], {"observes": EVERYTHING}),
    ],
)
def test_no_note_where_nothing_changed(book: Rulebook, events: list[dict[str, Any]], fields: dict[str, Any]) -> None:
    assert codes(book, events, **fields) & MARKS == set()


@pytest.mark.parametrize(
    ("events", "fields", "note"),
    [
        ([ACCEPTED, LATE], {"observes": without("apology_sent")}, "not_observed"),
        ([ACCEPTED, LATE], {"observes": without("delay_notice_sent")}, "not_observed"),
        ([ACCEPTED, EARLY], {"observes": without("reappointed")}, "not_observed"),  # the limit that was kept
        ([ACCEPTED, LATE], {"observes": without("clock_paused")}, "pauses_unknown"),
        ([ACCEPTED], {"observes": without("result_issued", "result_returned")}, "finish_unknown"),
        ([], {"observes": without("dossier_accepted")}, "acceptance_unknown"),
        ([ACCEPTED, LATE], {"unknown": ["pauses"]}, "pauses_unknown"),
        ([ACCEPTED], {"unknown": ["finish"]}, "finish_unknown"),
        ([ACCEPTED, LATE], {"unknown": ["acceptance"]}, "acceptance_unknown"),
    ],
)
def test_a_note_where_an_outcome_changed(
    book: Rulebook, events: list[dict[str, Any]], fields: dict[str, Any], note: str
) -> None:
    assert note in codes(book, events, **fields)
