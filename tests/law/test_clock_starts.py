"""How the clock begins, where no case reaches: its columns, several dossiers in one call, the rim of a calendar.

In August 2026 the 6th is a Thursday; in August 2024 the 5th is a Monday.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from tests.law.test_several_at_once import called
from tthc_rules import Dossier, Rulebook
from tthc_rules.law import clock
from tthc_rules.law.asked import Asked, asked_of, clocked
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import KINDS, POLICIES, blank
from tthc_rules.law.known import Tables
from tthc_rules.law.question import Question
from tthc_rules.testing import event

Data = dict[str, Any]
AS_OF: Final = date(2026, 8, 20)
FIVE: Final[Data] = {"amount": 5, "unit": "workday"}


def dossier(*events: Data, **fields: Any) -> Data:
    return {"dossier_id": "HS", "time_limit": FIVE, "events": list(events), **fields}


def asked(book: Rulebook, data: Data, as_of: date = AS_OF) -> Asked:
    return asked_of(book._known, Dossier.model_validate(data), Question(as_of, as_of))


ACCEPTED: Final = event("dossier_accepted", "2026-08-06T08:00")
RECEIVED: Final = event("received_by_competent_agency", "2026-08-10T09:00")
SLIP: Final = event("slip_sent", "2026-08-10T09:00")
FINISHED: Final = event("result_issued", "2026-08-07T09:00")
WITHDRAWN: Final = event("dossier_withdrawn", "2026-08-11T09:00")
BY_SLIP: Final[Data] = {"regime": "civil_status_online", "channel": "online"}

FILED_AFTER_THE_END: Final = dossier(
    ACCEPTED, FINISHED, event("dossier_submitted", "2026-08-10T09:00"), event("dossier_refused", "2026-08-10T10:00"),
    WITHDRAWN,
)  # fmt: skip
SENT_ON_TWICE: Final = dossier(
    ACCEPTED,
    event("dossier_forwarded", "2026-08-06T09:00"),
    event("dossier_forwarded", "2026-08-07T09:00"),
    RECEIVED,
    filed_elsewhere=True,
)
RECORD_LACKS_ACCEPTANCE: Final = dossier(ACCEPTED, WITHDRAWN, unknown=["acceptance"])
ACCEPTANCE_NOT_SHOWN: Final = dossier(event("synced_national", "2026-08-06T09:00"), observes=["result_issued"])


# -- what the columns hold ---------------------------------------------------------------------------------------------


def column(book: Rulebook, data: Data, at: int) -> int:
    found: int = called([asked(book, data)], clock.BY_DATE).out[0][at]
    return found


@pytest.mark.parametrize(
    ("data", "at", "holds"),
    [
        (dossier(), clock.O_REGIME, -1),
        (dossier(), clock.O_END, -1),
        (dossier(ACCEPTED), clock.O_END, -1),
        (dossier(ACCEPTED), clock.O_STOPS, 0),
        (dossier(ACCEPTED), clock.O_LAWFUL_MINUTE, 1440),  # a day that ends at 24:00
        (dossier(RECEIVED, filed_elsewhere=True, **BY_SLIP), clock.O_ACCEPTED, -1),
        (FILED_AFTER_THE_END, clock.O_SUBMITTED, -1),
        (FILED_AFTER_THE_END, clock.O_ANSWERED, -1),
        (FILED_AFTER_THE_END, clock.O_RELEASED, -1),
    ],
)
def test_what_is_not_there_is_in_no_column(book: Rulebook, data: Data, at: int, holds: int) -> None:
    assert column(book, data, at) == holds


@pytest.mark.parametrize("data", [SENT_ON_TWICE, dossier(ACCEPTED, SLIP, **BY_SLIP)])
def test_an_event_that_nobody_asks_for_is_written_nowhere(book: Rulebook, data: Data) -> None:
    """There is one column of first events, and no kind that goes there."""
    out, nothing = blank(1), [-1] * clock.N_KINDS
    clocked(asked(book, data), nothing, nothing, clock.O_FIRST, out)
    assert out[clock.O_START] >= 0
    assert out[clock.O_FIRST] == -1


@pytest.mark.parametrize(
    ("data", "notes"),
    [
        (RECORD_LACKS_ACCEPTANCE, {"acceptance_unknown"}),
        (ACCEPTANCE_NOT_SHOWN, {"acceptance_unknown", "not_observed"}),
    ],
)
def test_whether_the_record_or_the_source_lacks_the_acceptance_is_noted(
    book: Rulebook, data: Data, notes: set[str]
) -> None:
    assert {note.code for note in book.evaluate(data, AS_OF).notes} == notes


def test_the_page_tells_which_event_started_the_clock(book: Rulebook) -> None:
    page = book.evaluate(dossier(ACCEPTED, FINISHED), AS_OF).to_html("en")
    assert page.count("the clock starts; this day is not counted") == 1


# -- several in one call -----------------------------------------------------------------------------------------------


def answered_as_alone(several: Sequence[Asked]) -> None:
    """Whichever of them comes first, each is answered as by itself."""
    assert len({(id(one.regimes), id(one.calendar), id(one.tables), one.hours) for one in several}) == 1
    alone = [called([one], POLICIES["by_date"]) for one in several]
    for first in range(len(several)):
        order = [*range(first, len(several)), *range(first)]
        together = called([several[place] for place in order], POLICIES["by_date"])
        for at, place in enumerate(order):
            assert together.out[at] == alone[place].out[0], (first, place)
            assert together.events[at] == alone[place].events[0], (first, place)


def test_dossiers_that_begin_oddly_do_not_write_into_each_other(book: Rulebook) -> None:
    odd = [
        FILED_AFTER_THE_END,
        SENT_ON_TWICE,
        RECORD_LACKS_ACCEPTANCE,
        ACCEPTANCE_NOT_SHOWN,
        dossier(event("dossier_submitted", "2026-08-06T07:30"), ACCEPTED, channel="online"),
        dossier(ACCEPTED, unknown=["pauses"]),
        dossier(event("dossier_submitted", "2026-08-06T07:30"), channel="online", unknown=["finish"]),
    ]
    answered_as_alone([asked(book, data) for data in odd])


def test_a_withdrawal_before_the_acceptance_means_the_same_wherever_its_dossier_stands(book: Rulebook) -> None:
    """The slip is not seen, and need not have been."""
    gone = dossier(
        event("dossier_withdrawn", "2026-08-05T09:00"),
        ACCEPTED,
        observes=sorted(KINDS.keys() - {"slip_sent"}),
        **BY_SLIP,
    )
    answered_as_alone([asked(book, data) for data in (gone, dossier(ACCEPTED, SLIP, **BY_SLIP), gone)])


# -- the rim of a calendar ---------------------------------------------------------------------------------------------

FIRST, LAST = date(2024, 8, 5), date(2024, 8, 12)
DAYS: Final = bytes([1, 1, 1, 1, 1, 1, 0, 1])
"""Monday to Monday, and Saturday is worked."""
ZERO: Final[Data] = {"amount": 0, "unit": "workday"}


def off(day: date) -> bytes:
    return bytes(0 if at == (day - FIRST).days else works for at, works in enumerate(DAYS))


def answer(one: Asked, then: bytes, now: bytes) -> list[int]:
    """By a calendar of these days alone: as known on each of them, and as known when it is asked."""
    before, after = (one.calendar.stretch(day_of(FIRST), works) for works in (then, now))
    tables = Tables(bytes(len(DAYS)), 1, before.idx + after.idx, before.nth_padded + after.nth)
    out, nothing = blank(0), [-1] * clock.N_KINDS
    clocked(replace(one, calendar=after, tables=tables), nothing, nothing, clock.O_FIRST, out)
    return out


@pytest.mark.parametrize(
    ("day", "lawful"),
    [(FIRST, day_of(date(2024, 8, 6))), (LAST, clock.NONE)],  # off, as known later: the next one, if there is one
)
def test_accepted_on_the_first_and_the_last_day_of_the_calendar(book: Rulebook, day: date, lawful: int) -> None:
    """The original due date goes by what was known on that day: it was worked."""
    one = asked(book, dossier(event("dossier_accepted", f"{day}T08:30"), time_limit=ZERO), LAST)
    out = answer(one, DAYS, off(day))
    assert (out[clock.O_ORIGINAL_DAY], out[clock.O_LAWFUL_DAY]) == (day_of(day), lawful)


def test_accepted_after_the_last_day_of_the_calendar(book: Rulebook) -> None:
    one = asked(book, dossier(event("dossier_accepted", "2024-08-13T08:30")), date(2024, 8, 20))
    out = answer(one, DAYS, DAYS)
    assert (out[clock.O_REASON], out[clock.O_LAWFUL_DAY]) == (clock.BEYOND_CALENDAR, clock.NONE)


def test_accepted_long_before_the_calendar_begins_and_started_in_it(book: Rulebook) -> None:
    """The slip was sent on Monday 5/8: five workdays are 6, 7, 8, 9 and 10/8."""
    accepted, slip = event("dossier_accepted", "2024-07-15T08:30"), event("slip_sent", "2024-08-05T09:00")
    out = answer(asked(book, dossier(accepted, slip, **BY_SLIP), LAST), DAYS, DAYS)
    due = day_of(date(2024, 8, 10))
    assert (out[clock.O_ORIGINAL_DAY], out[clock.O_LAWFUL_DAY]) == (due, due)
