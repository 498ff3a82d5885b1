"""What stops the clock, where no case reaches: effects of events, columns, several dossiers in one call, late hours.

In August 2024 the 5th, the 12th and the 19th are Mondays, in August 2016 the 22nd is; no day off but the weekends.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from tests.law.test_several_at_once import SLOTS, called
from tests.walk.logs import dossier_of, log
from tthc_rules import Rulebook, Verdict
from tthc_rules.law import clock
from tthc_rules.law.asked import Asked, asked_of, clocked
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import blank
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.known import Tables
from tthc_rules.law.question import Question

Data = dict[str, Any]
FIVE: Final[Data] = {"amount": 5, "unit": "workday", "pauses_for": ["payment", "opinion"]}
HOURS: Final[Data] = {"amount": 16, "unit": "work_hour", "pauses_for": ["payment", "opinion"]}
NO_LIMIT: Final[Data] = {"none": True}
TAKEN: Final = "dossier_accepted 08-05T08:30;"
"""Five workdays from it end on Monday 12/8/2024."""
AS_OF: Final = date(2024, 8, 20)
PLACES: Final = {name: at for at, name in enumerate(inspect.signature(clock.run).parameters)}


def judged(book: Rulebook, events: str, limit: Data = FIVE, as_of: date = AS_OF, **more: Any) -> Verdict:
    return book.evaluate(dossier_of(limit, *log(events)), as_of, **more)


def asked(book: Rulebook, events: str, limit: Data = FIVE) -> Asked:
    return asked_of(book._known, Dossier.model_validate(dossier_of(limit, *log(events))), Question(AS_OF, AS_OF))


def columns(one: Asked) -> tuple[int, ...]:
    found: tuple[int, ...] = called([one], clock.BY_DATE).out[0]
    return found


# -- what an event did -------------------------------------------------------------------------------------------------


def effects(verdict: Verdict) -> list[str]:
    """What each event did to the limit, as the page and the explanation tell it."""
    assert verdict._behind is not None
    return [one.effect for one in verdict._behind.course(verdict).events]


@pytest.mark.parametrize(
    ("stop", "ends", "closed"),
    [
        ("clock_paused", "clock_resumed", "wait"),
        ("payment_awaited", "payment_received", "wait"),
        ("opinion_requested", "opinion_received", "wait"),
        ("supplement_requested", "supplement_received", "restart"),
    ],
)
def test_what_a_stop_did_is_told(book: Rulebook, stop: str, ends: str, closed: str) -> None:
    """On the due date, 12/8, it comes too late, and what ends it ends nothing."""
    assert effects(judged(book, f"{TAKEN} {stop} 08-07T09:00; {ends} 08-08T09:00")) == ["start", "open", closed]
    assert effects(judged(book, f"{TAKEN} {stop} 08-12T09:00; {ends} 08-13T09:00")) == ["start", "without_effect", ""]


def test_under_the_decision_of_2015_a_supplement_is_a_wait(book: Rulebook) -> None:
    events = (
        "dossier_accepted 2016-08-22T08:30; supplement_requested 2016-08-23T09:00; supplement_received 2016-08-24T09:00"
    )
    assert effects(judged(book, events, as_of=date(2016, 8, 26))) == ["start", "open", "wait"]


def test_a_new_day_for_the_result_is_told(book: Rulebook) -> None:
    assert effects(judged(book, f"{TAKEN} reappointed 08-07T09:00 new_due=08-20")) == ["start", "reappoint"]


def test_without_a_limit_a_supplement_only_does_something_where_it_restarts(book: Rulebook) -> None:
    """A restart is a new start, from which duties run; of a wait there is nothing that it could move."""
    taken = "dossier_accepted {0}-22T08:30; supplement_requested {0}-23T09:00; supplement_received {0}-24T09:00"
    waited = effects(judged(book, taken.format("2016-08"), NO_LIMIT, date(2016, 8, 26)))
    assert {"open", "wait", "restart"}.isdisjoint(waited)
    assert effects(judged(book, taken.format("2024-08"), NO_LIMIT, date(2024, 8, 26))) == ["start", "open", "restart"]


def test_the_limit_runs_from_the_last_restart(book: Rulebook) -> None:
    events = f"{TAKEN} supplement_requested 08-07T09:00; supplement_received 08-08T09:00"
    assert judged(book, events).clock.started_on == date(2024, 8, 8)


@pytest.mark.parametrize(
    ("events", "notes"),
    [
        ("result_returned 08-07T09:00; error_reported 08-08T09:00; result_issued 08-09T09:00", []),
        ("error_reported 08-07T09:00; result_issued 08-08T09:00; result_returned 08-09T09:00", ["before_result"]),
    ],
)
def test_an_error_is_reported_after_a_result_whichever_it_was(book: Rulebook, events: str, notes: list[str]) -> None:
    assert [note.code for note in judged(book, TAKEN + events).notes] == notes


# -- after the end -----------------------------------------------------------------------------------------------------

LATE: Final = f"{TAKEN} result_issued 08-14T09:00;"
"""Late: what is sent afterwards is sent too late, and yet was sent."""


def test_the_first_notice_after_the_end_is_the_one_that_counts(book: Rulebook) -> None:
    """Owed by 11/8; only a notice is one, and only the first of several."""
    notice = "late_notice_to_one_stop"
    without = judged(book, f"{LATE} result_returned 08-15T09:00; synced_national 08-16T09:00").obligations
    assert {one.id: one.outcome for one in without}[notice] == "missed"
    two = judged(book, f"{LATE} delay_notice_sent 08-15T09:00; delay_notice_sent 08-16T09:00").obligations
    assert {one.id: (one.outcome, one.done_on) for one in two}[notice] == ("met_late", date(2024, 8, 15))


def test_of_a_kind_that_nobody_asks_for_nothing_is_written(book: Rulebook) -> None:
    """The last column is that of the first correction since the last start."""
    last = clock.O_FIRST + SLOTS.columns - 1
    assert columns(asked(book, f"{LATE} result_returned 08-15T09:00"))[last] == -1
    assert columns(asked(book, f"{LATE} result_corrected 08-15T09:00; result_corrected 08-16T09:00"))[last] == 2


# -- columns -----------------------------------------------------------------------------------------------------------


def test_opinions_that_are_out_together_are_one_stop(book: Rulebook) -> None:
    """Both are out on 8/8, and the first is answered first: from 6/8 to 9/8 one or the other is waited for."""
    one = asked(
        book,
        f"{TAKEN} opinion_requested 08-06T09:00 agency=a; opinion_requested 08-08T09:00 agency=b;"
        "opinion_received 08-08T10:00 agency=a; opinion_received 08-09T09:00 agency=b",
    )
    nothing = [-1] * clock.N_KINDS
    first = day_of(date(2024, 8, 6))
    assert clocked(one, nothing, nothing, clock.O_FIRST, blank(0)) == [(first, first + 3)]


def test_a_restart_leaves_none_of_the_slips_before_it(book: Rulebook) -> None:
    """The first column since the last start is that of slips, and -1 stands for none."""
    slip = f"{TAKEN} supplement_requested 08-06T09:00; apology_sent 08-07T09:00;"
    assert columns(asked(book, slip))[SLOTS.since_at] == 2
    assert columns(asked(book, f"{slip} supplement_received 08-08T09:00"))[SLOTS.since_at] == -1


@pytest.mark.parametrize("often", [1, 2, 3])
def test_it_is_counted_how_often_a_supplement_had_its_effect(book: Rulebook, often: int) -> None:
    """Requested at 9:00 and received at 10:00 of a day, on Tuesday 6/8 and the days behind it."""
    pairs = [f"supplement_requested 08-0{5 + n}T09:00; supplement_received 08-0{5 + n}T10:00" for n in (1, 2, 3)]
    assert columns(asked(book, TAKEN + ";".join(pairs[:often])))[clock.O_RESTARTED] == often


def test_a_file_that_went_back_on_a_day_off_of_its_receipt_went_back_at_once(book: Rulebook) -> None:
    """On Sunday 11/8, an hour after it came: no workday lies between."""
    one = asked(book, "dossier_accepted 08-11T08:30; supplement_requested 08-11T09:30")
    assert columns(one)[clock.O_RETURN_RANK] == 0


@pytest.mark.parametrize(
    ("accepted", "back", "workdays"),
    [
        ("08-05T08:30", "08-06T09:00", 1),  # from the calendar's first day
        ("08-09T08:30", "08-12T09:00", 2),  # to its last one: Saturday is worked
        ("08-09T08:30", "08-13T09:00", 0),  # behind it and before it nothing is known, and nothing is counted
        ("08-02T08:30", "08-06T09:00", 0),
    ],
)
def test_a_return_is_counted_as_far_as_the_calendar_goes(
    book: Rulebook, accepted: str, back: str, workdays: int
) -> None:
    """A calendar of our own, from Monday 5/8 to Monday 12/8/2024, Saturday worked."""
    works = bytes([1, 1, 1, 1, 1, 1, 0, 1])
    one = asked(book, f"dossier_accepted {accepted}; supplement_requested {back}")
    calendar = one.calendar.stretch(day_of(date(2024, 8, 5)), works)
    calendar.provisional = (0,) * len(works)
    tables = Tables(bytes(len(works)), 0, calendar.idx, calendar.nth)
    assert columns(replace(one, calendar=calendar, tables=tables))[clock.O_RETURN_RANK] == workdays


def test_a_request_before_appraisal_sends_no_file_back_whatever_stood_there(
    book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fast core uses its memory again: what another dossier left there is no start that this request follows."""
    sound: Callable[..., None] = clock.run
    found: list[list[int]] = []

    def run(*given: Any) -> None:
        given[PLACES["begun"]][:] = [0] * len(given[PLACES["begun"]])
        sound(*given)
        found.append(given[PLACES["begun"]])

    monkeypatch.setattr(clock, "run", run)
    called([asked(book, f"{TAKEN} supplement_requested 08-06T09:00 after_appraisal=false")], clock.BY_DATE)
    assert [begun[1] for begun in found] == [-1]


# -- several in one call -----------------------------------------------------------------------------------------------


def test_stops_of_several_dossiers_do_not_touch_each_other(book: Rulebook) -> None:
    """Three requests; a slip before a restart; two slips after the end; each at every place, answered as by itself."""
    three = "".join(
        f"supplement_requested 08-0{n}T09:00; supplement_received 08-0{n}T10:00; apology_sent 08-0{n}T11:00;"
        for n in (6, 7, 8)
    )
    several = [
        asked(book, events)
        for events in (
            f"{TAKEN} {three} supplement_requested 08-09T09:00; supplement_received 08-09T10:00",
            f"{LATE} apology_sent 08-15T09:00; apology_sent 08-16T09:00; result_corrected 08-16T10:00",
            f"{TAKEN} apology_sent 08-06T09:00",
        )
    ]
    alone = [called([one], clock.BY_DATE) for one in several]
    for first in range(len(several)):
        order = [*range(first, len(several)), *range(first)]
        together = called([several[place] for place in order], clock.BY_DATE, left=1 << 30)
        for at, place in enumerate(order):
            assert together.out[at] == alone[place].out[0], (first, place)
            assert together.events[at] == alone[place].events[0], (first, place)


# -- office hours until a minute before midnight -----------------------------------------------------------------------

LATE_HOURS: Final = """\
format: 1
hours: toi
label: {vi: "Giờ tối", en: "Evening hours"}
citations:
  - {document: x, status: design}
seasons:
  - {from: "01-01", to: "12-31", shifts: [{from: "08:00", to: "23:59"}]}
"""


@pytest.mark.parametrize("stop", ["clock_paused", "payment_awaited", "opinion_requested", "supplement_requested"])
def test_a_stop_of_the_last_day_may_begin_in_its_last_minute(tmp_path: Path, stop: str) -> None:
    """Accepted at 23:58 with sixteen hours to go: a minute on Monday and 959 on Tuesday, due at 23:59.

    A stop that begins at 23:59 changes nothing, and that day ends at 24:00; an earlier one stops the clock. Without its
    hour nobody knows.
    """
    (tmp_path / "toi.yaml").write_text(LATE_HOURS, encoding="utf-8")
    book = Rulebook.load(tmp_path)
    taken = "dossier_accepted 08-19T23:58;"
    assert judged(book, taken, HOURS, hours="toi").clock.due_time == "23:59"
    for hour, said in (("T23:58", "paused"), ("T23:59", "overdue"), ("", "undetermined")):
        assert judged(book, f"{taken} {stop} 08-20{hour}", HOURS, hours="toi").punctuality == said, hour
