"""What the clock counts at the rim of a calendar and what an explanation tells of it; what it says after the end.

Most stand on a calendar of our own from Monday 5/8/2024 to Monday 12/8/2024, Saturday worked; what lies outside it is
not known. The offices work from 07:30 to 11:30 and from 13:00 to 17:00.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from tests.law.test_calendar_edges import FIRST, LAST, WORKS, answer, lawful
from tests.law.test_several_at_once import SLOTS, called
from tthc_rules import Dossier, Rulebook
from tthc_rules.law import clock
from tthc_rules.law.asked import Asked, asked_of
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import POLICIES
from tthc_rules.law.known import Tables
from tthc_rules.law.office_hours import hours_columns
from tthc_rules.law.question import Question
from tthc_rules.result.course import Course

Json = dict[str, Any]
WEDNESDAY_OFF: Final = bytes([1, 1, 0, 1, 1, 1, 0, 1])
SUNDAY: Final = date(2024, 8, 4)
FROM_SUNDAY: Final = bytes([0, *WORKS])


def event(kind: str, at: str, **more: Any) -> Json:
    return {"kind": kind, "at": at, **more}


def paused(since: str, until: str) -> list[Json]:
    return [event("clock_paused", since, ground="a"), event("clock_resumed", until)]


def excluded(first: str, last: str) -> Json:
    return event("interval_excluded", "2024-08-05T08:30", **{"from": first, "to": last})


def dossier_of(limit: Json, *events: Json, **more: Any) -> Dossier:
    return Dossier.model_validate({"dossier_id": "K", "time_limit": limit, "events": [*events], **more})


def asked(
    book: Rulebook, at: str, amount: int, unit: str, *events: Json, cutoff: str | None = None, first: date = FIRST,
    works: bytes = WORKS,
) -> Asked:  # fmt: skip
    """A dossier accepted then, with these events, by a calendar that begins on that first day."""
    limit = {"amount": amount, "unit": unit, "cutoff": cutoff}
    one = asked_of(
        book._known, dossier_of(limit, event("dossier_accepted", at), *events), Question(date(2024, 8, 20), LAST)
    )
    calendar = one.calendar.stretch(day_of(first), works)
    tables = Tables(bytes(len(works)), 0, calendar.idx, calendar.nth)
    hours = hours_columns(book._known.hours_table(None, None), calendar)
    return replace(one, calendar=calendar, tables=tables, hours=hours)


def is_beyond(one: Asked) -> bool:
    """Whether no due date is known, since it lies beyond the calendar."""
    return lawful(one) is None and answer(one)[clock.O_REASON] == clock.BEYOND_CALENDAR


# -- the first and the last day of a calendar --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "unit", "events", "due"),
    [
        (5, "workday", paused("2024-08-06", "2024-08-07"), LAST),  # 6, 8, 9, 10 and 12/8: not 7/8
        (2, "workday", paused("2024-08-05T09:00", "2024-08-06T09:00"), date(2024, 8, 8)),  # 7 and 8/8: not 6/8
        (0, "workday", [excluded("2024-08-05", "2024-08-06")], date(2024, 8, 7)),  # the first day itself is taken out
        (7, "calendar_day", [], LAST),
        (2, "work_hour", [], FIRST),  # 09:30
    ],
)
def test_a_limit_ends_on_the_last_day_or_is_stopped_on_the_first(
    book: Rulebook, amount: int, unit: str, events: list[Json], due: date
) -> None:
    assert lawful(asked(book, "2024-08-05T07:30", amount, unit, *events)) == due


@pytest.mark.parametrize(
    ("amount", "unit", "events"),
    [
        (6, "workday", paused("2024-08-06", "2024-08-07")),  # one more than there are
        (2, "workday", [excluded("2024-08-07", "2024-08-13")]),
        (57, "work_hour", []),  # seven days of eight hours are 56
        (12, "work_hour", [excluded("2024-08-06", "2024-08-12")]),  # eight hours of 5/8, then nothing is known
    ],
)
def test_what_ends_behind_the_last_day_is_not_known(book: Rulebook, amount: int, unit: str, events: list[Json]) -> None:
    assert is_beyond(asked(book, "2024-08-05T07:30", amount, unit, *events))


def test_all_the_hours_of_a_calendar_end_with_its_last_minute(book: Rulebook) -> None:
    """Seven days of eight hours: Monday 12/8 at 17:00."""
    out = answer(asked(book, "2024-08-05T07:30", 56, "work_hour"))
    assert (out[clock.O_LAWFUL_DAY], out[clock.O_LAWFUL_MINUTE]) == (day_of(LAST), 17 * 60)


def test_before_the_calendar_no_hours_are_counted(book: Rulebook) -> None:
    """A month before it, no table is read: there is none of those days."""
    out = answer(asked(book, "2024-07-01T08:30", 5, "work_hour"))
    assert out[clock.O_REASON] == clock.BEFORE_CALENDAR


@pytest.mark.parametrize(
    ("stop", "due"),
    [
        (paused("2024-08-07T09:00", "2024-08-12T09:00"), LAST),
        ([excluded("2024-08-08", "2024-08-11")], LAST),
        ([excluded("2024-08-08", "2024-08-12")], None),
        ([excluded("2024-08-08", "2024-08-13")], None),
    ],
)
def test_a_rolled_day_that_is_stopped_up_to_the_last_day(book: Rulebook, stop: list[Json], due: date | None) -> None:
    """Two calendar days end on Wednesday 7/8, a day off here, and roll to Thursday 8/8; that day is stopped."""
    one = asked(book, "2024-08-05T08:30", 2, "calendar_day", *stop, works=WEDNESDAY_OFF)
    assert lawful(one) == due
    assert is_beyond(one) is (due is None)


def test_the_last_day_is_that_of_the_edition_that_counts(book: Rulebook) -> None:
    """When it was accepted Saturday was to be worked, and six workdays ended on Monday 12/8; now there are five."""
    one = asked(book, "2024-08-05T08:30", 6, "workday")
    now = one.calendar.stretch(day_of(FIRST), bytes([1, 1, 1, 1, 1, 0, 0, 1]))
    idx, nth = one.calendar.idx + now.idx, one.calendar.nth_padded + now.nth
    one = replace(one, calendar=now, tables=Tables(bytes(len(WORKS)), 1, idx, nth))
    assert answer(one)[clock.O_ORIGINAL_DAY] == day_of(LAST)
    assert is_beyond(one)


# -- a start that counts as one of the next workday --------------------------------------------------------------------


def by_the_last_hour(one: Asked) -> Asked:
    """A start within the last hour of the office counts as one of the next workday."""
    return replace(one, regimes=replace(one.regimes, cutoff=[60] * len(one.regimes.cutoff)))


@pytest.mark.parametrize(("at", "due"), [("2024-08-05T15:59", "2024-08-06"), ("2024-08-05T16:00", "2024-08-07")])
def test_the_last_hour_of_the_first_day(book: Rulebook, at: str, due: str) -> None:
    assert lawful(by_the_last_hour(asked(book, at, 1, "workday"))) == date.fromisoformat(due)


def test_the_last_hour_of_the_last_day(book: Rulebook) -> None:
    """There is no next workday to count as one of."""
    assert is_beyond(by_the_last_hour(asked(book, "2024-08-12T16:00", 1, "workday")))


# -- a calendar that begins with a day off -----------------------------------------------------------------------------


def test_on_a_first_day_that_is_off_nobody_asks_for_the_hour(book: Rulebook) -> None:
    """Sunday 4/8: whether before the cut-off or after it, the limit ends on Monday."""
    one = asked(book, "2024-08-04", 0, "workday", cutoff="15:00", first=SUNDAY, works=FROM_SUNDAY)
    assert lawful(one) == FIRST


@pytest.mark.parametrize(
    ("first", "works", "at", "stop", "due"),
    [
        (FIRST, WORKS, "2024-08-05T08:30", [], FIRST),
        (SUNDAY, FROM_SUNDAY, "2024-08-04T15:01", [], FIRST),  # a day off: no receipt is too late
        # Stopped from the day on which it would end, unrolled: no day is added, but it ends with the stop at the
        # earliest.
        (SUNDAY, FROM_SUNDAY, "2024-08-04T15:01", paused("2024-08-04T16:00", "2024-08-06T09:00"), date(2024, 8, 6)),
    ],
    ids=["worked", "off", "off and stopped"],
)
def test_in_the_day_counted_by_the_calendar_on_its_first_day(
    book: Rulebook, first: date, works: bytes, at: str, stop: list[Json], due: date
) -> None:
    one = asked(book, at, 0, "calendar_day", *stop, cutoff="15:00", first=first, works=works)
    assert lawful(one) == due


# -- what is told of it ------------------------------------------------------------------------------------------------


def course(book: Rulebook, limit: Json, *events: Json, as_of: date = date(2024, 9, 5), **more: Any) -> Course:
    verdict = book.evaluate(dossier_of(limit, *events, **more), as_of)
    assert verdict._behind is not None
    told: Course = verdict._behind.course(verdict)
    return told


def test_each_event_that_moved_the_limit_tells_the_due_date_after_it(book: Rulebook) -> None:
    """From Monday 19/8/2024 five workdays: 26/8. Friday 23/8 does not count: 27/8. Stopped on 21 and 22/8: 29/8.

    What is recorded later to lie before stands from the beginning: the wait ends with 29/8, not with 28/8.
    """
    told = course(
        book,
        {"amount": 5, "unit": "workday"},
        event("dossier_accepted", "2024-08-19T08:30"),
        *paused("2024-08-20T09:00", "2024-08-22T09:00"),
        event("interval_excluded", "2024-08-26T09:00", **{"from": "2024-08-23", "to": "2024-08-23"}),
        event("result_issued", "2024-08-27T09:00"),
    )
    done = [(one.effect, one.due, one.days) for one in told.events]
    friday = date(2024, 8, 23)
    assert done == [
        ("start", None, None),
        ("open", None, None),
        ("wait", date(2024, 8, 29), None),
        ("exclude", date(2024, 8, 29), (friday, friday)),
        ("", None, None),
    ]


def test_a_restart_tells_the_due_date_from_then_on(book: Rulebook) -> None:
    """Back on Monday 26/8/2024: 27, 28, 29, 30/8 and, after the days off of 31/8 to 3/9, Wednesday 4/9."""
    told = course(
        book,
        {"amount": 5, "unit": "workday"},
        event("dossier_accepted", "2024-08-19T08:30"),
        event("supplement_requested", "2024-08-20T09:00"),
        event("supplement_received", "2024-08-26T09:00"),
    )
    assert [(one.effect, one.due) for one in told.events][2] == ("restart", date(2024, 9, 4))


def test_a_start_of_the_next_workday_is_a_start_and_told_as_such(book: Rulebook) -> None:
    """In the last hour of Wednesday 4/3/2026: as on Thursday 5/3, which is not counted; 6, 9 and 10/3 are."""
    told = course(
        book,
        {"amount": 3, "unit": "workday"},
        event("dossier_accepted", "2026-03-04T16:00"),
        as_of=date(2026, 3, 20),
        regime="linked_karaoke",
    )
    assert told.events[0].effect == "start"
    assert [(one.day.day, one.worth) for one in told.days] == [
        (4, "start"), (5, "start"), (6, "counted"), (7, "day_off"), (8, "day_off"), (9, "counted"), (10, "counted"),
    ]  # fmt: skip


def test_the_days_after_the_end_of_a_limit_are_told_to_be_rolled_over(book: Rulebook) -> None:
    """Five calendar days from Monday 19/8/2024 end on Saturday 24/8, which is counted; the due date is Monday 26/8."""
    told = course(book, {"amount": 5, "unit": "calendar_day"}, event("dossier_accepted", "2024-08-19T08:30"))
    assert [one.worth for one in told.days] == ["start", *["counted"] * 5, "moved", "moved"]


def test_a_stop_of_no_minute_does_not_part_the_hours(book: Rulebook) -> None:
    """Paused at 09:00 and resumed at 09:00: six hours of Monday 19/8/2024 go on through it, to 15:00."""
    told = course(
        book,
        {"amount": 6, "unit": "work_hour"},
        event("dossier_accepted", "2024-08-19T07:30"),
        *paused("2024-08-19T09:00", "2024-08-19T09:00"),
    )
    assert [one.hours for one in told.days] == [(("07:30", "11:30"), ("13:00", "15:00"))]


@pytest.mark.parametrize("unit", ["workday", "calendar_day", "week", "month", "year", "work_hour"])
def test_a_limit_beyond_the_calendar_is_told_alike_in_every_unit(book: Rulebook, unit: str) -> None:
    """Where no due date is known a pause moves none."""
    limit = {"amount": 1_000_000, "unit": unit}
    events = [event("dossier_accepted", "2024-08-19T08:30"), *paused("2024-08-20T09:00", "2024-08-21T09:00")]
    assert [one.effect for one in course(book, limit, *events).events] == ["start", "without_effect", ""]
    verdict = book.evaluate(dossier_of(limit, *events), date(2024, 9, 5))
    assert (verdict.clock.lawful_due, verdict.clock.reason) == (None, "beyond_calendar")
    assert "beyond_calendar" in {note.code for note in verdict.notes}


# -- after the end -----------------------------------------------------------------------------------------------------

ACCEPTED: Final = event("dossier_accepted", "2024-08-19T08:30")
FIVE: Final = {"amount": 5, "unit": "workday"}


@pytest.mark.parametrize(
    ("end", "notes"),
    [("result_issued", []), ("result_returned", []), ("dossier_refused", ["before_result"])],
)
def test_an_error_is_reported_after_a_result_or_before_any(book: Rulebook, end: str, notes: list[str]) -> None:
    events = [ACCEPTED, event(end, "2024-08-22T09:00"), event("error_reported", "2024-08-23T09:00")]
    verdict = book.evaluate(dossier_of(FIVE, *events, channel="online"), date(2024, 9, 5))
    assert [note.code for note in verdict.notes] == notes


def firsts(book: Rulebook, *after: Json) -> dict[tuple[str, str], int]:
    """The places of the first events after a result, where there are any: since acceptance, since the last start."""
    dossier = dossier_of(FIVE, ACCEPTED, event("result_issued", "2024-08-22T09:00"), *after)
    question = Question(date(2024, 9, 5), date(2024, 9, 5))
    out = called([asked_of(book._known, dossier, question)], POLICIES["by_date"]).out[0][clock.O_FIRST :]
    names = [("acceptance", name) for name in SLOTS.since_acceptance] + [("start", name) for name in SLOTS.since_start]
    return {name: place for name, place in zip(names, out, strict=True) if place > 1}


def forwarded(day: int) -> Json:
    return event("dossier_forwarded", f"2024-08-{day}T09:00")


def reported(day: int, fault: bool | None = None) -> Json:
    return event("error_reported", f"2024-08-{day}T09:00", **({} if fault is None else {"applicant_fault": fault}))


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ([reported(23), reported(26)], {("acceptance", "error_reported"): 2}),
        ([reported(23, fault=True), reported(26, fault=False)], {("acceptance", "error_reported"): 3}),
        ([reported(23, fault=True)], {}),
        ([forwarded(23), forwarded(26)], {("acceptance", "dossier_forwarded"): 2}),
        ([event("late_officers_published", "2024-08-23T09:00")], {}),  # of which no rule asks here
        ([event("result_corrected", "2024-08-23T09:00")], {("start", "result_corrected"): 2}),
    ],
)  # fmt: skip
def test_the_first_event_of_each_kind_after_the_end(
    book: Rulebook, after: Sequence[Json], found: dict[tuple[str, str], int]
) -> None:
    """The first that counts, not the last; an error that is the applicant's own counts for nothing."""
    assert firsts(book, *after) == found
