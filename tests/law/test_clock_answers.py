"""The last answers of the clock: the day on which a verdict turns, what is noted, and the rims of a calendar.

Cases hold most of it (`tests/cases/clock/26_…`, `27_…`). Here stands what they cannot say: that nothing is noted
besides, that the composed rules turn on the same day as the interpreted ones, hours and days that are one's own.

August 2024: Monday 5 to Monday 12; five workdays from the 5th end on the 12th. March 2010: Monday 1, Monday 8; the
decree of 2007 knows no duties. March 2017: Monday 6, Monday 13; under the decision of 2015 an apology has no day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from tests.law.test_calendar_edges import FIRST, LAST, answer, asked
from tests.reference.test_own_rules import HOURS
from tests.walk.grown import EVERY_KIND
from tests.walk.logs import dossier_of, log
from tthc_rules import Rulebook, Verdict
from tthc_rules.law import clock
from tthc_rules.law.civil import day_of

Json = dict[str, Any]
FIVE: Final = {"amount": 5, "unit": "workday"}
PAUSES: Final = {"unknown": ["pauses"]}
FINISH: Final = {"unknown": ["finish"]}
TAKEN: Final = "dossier_accepted 08-05T08:30;"
IN_2010: Final = "dossier_accepted 2010-03-01T08:30;"
LATENESS_DUTIES: Final = ("apology_before_due", "late_notice_to_one_stop")


def without(*kinds: str) -> Json:
    return {"observes": [kind for kind in EVERY_KIND if kind not in kinds]}


def judged(book: Rulebook, events: str, as_of: str, limit: Json | None = FIVE, **more: Any) -> Verdict:
    asked = {key: more.pop(key) for key in ("lateness", "hours", "engine") if key in more}
    day = date.fromisoformat(as_of if as_of[4] == "-" else f"2024-{as_of}")
    return book.evaluate(dossier_of(limit, *log(events), channel="online", **more), day, **asked)


def codes(verdict: Verdict) -> list[str]:
    return [note.code for note in verdict.notes]


# -- the day on which a verdict turns ----------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["reference", "composed"])
@pytest.mark.parametrize(
    ("events", "as_of", "fields", "turns"),
    [
        # stops may be unseen: from the day after the date as seen nobody knows whether the file is late, paused or not
        (TAKEN + "clock_paused 08-07T09:00 ground=x", "08-08", PAUSES, "2024-08-13"),
        # a pause whose end would not be seen stands up to that day, under a decree without duties too
        (IN_2010 + "clock_paused 2010-03-03T09:00 ground=x", "2010-03-04", without("clock_resumed"), "2010-03-09"),
        # the end may be unseen: nothing is said of it on any day, and of the duties of lateness from 13/8 on nothing
        (TAKEN, "08-05", FINISH, "2024-08-13"),
        (IN_2010, "2010-03-01", FINISH, None),
        (IN_2010, "2010-03-08", FINISH, None),
        ("dossier_accepted 2017-03-06T08:30", "2017-03-06", FINISH, "2017-03-14"),
        # while a pause is seen to be open there is no date that could pass
        ("dossier_accepted 2017-03-06T08:30; clock_paused 2017-03-08T09:00 ground=x", "2017-03-09", FINISH, None),
        (TAKEN + "clock_paused 08-07T09:00 ground=x", "08-08", FINISH, None),
        # it has ended in time, whatever was not seen: its date passes, and nothing comes of that
        (TAKEN + "dossier_lost 08-06T09:00; result_issued 08-07T09:00", "08-08", PAUSES, None),
        # the slip and the new date say Thursday 20/4: due soon from Tuesday 18/4 on. That 13/3 has passed changes
        # nothing: an apology is pending before and after it, and a loss that would not be seen has no bearing on that
        ("dossier_accepted 2017-03-06T08:30 appointed_due=2017-04-20; reappointed 2017-03-10T09:00 new_due=2017-04-20",
         "2017-03-10", {**without("dossier_lost"), "lateness": "promised_by_date"}, "2017-04-18"),
        # before 22/6/2007 nothing says how many days are soon: only the day of the slip itself, a Wednesday
        ("dossier_accepted 2007-03-02T08:30 appointed_due=2007-03-07", "2007-03-05", {"lateness": "promised_by_date"},
         "2007-03-07"),
    ],
)  # fmt: skip
def test_the_day_on_which_a_verdict_turns(
    book: Rulebook, engine: str, events: str, as_of: str, fields: Json, turns: str | None
) -> None:
    found = judged(book, events, as_of, engine=engine, **fields).changes_on
    assert found == (None if turns is None else date.fromisoformat(turns))


# -- what is noted, and nothing else -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "as_of", "said"),
    [
        (FINISH, "2010-03-04", ["finish_unknown"]),
        (without("result_issued", "result_returned"), "2010-03-04", ["finish_unknown", "not_observed"]),
        (PAUSES, "2010-03-08", []),
        (PAUSES, "2010-03-09", ["pauses_unknown"]),
        (without("clock_paused"), "2010-03-09", ["pauses_unknown", "not_observed"]),
    ],
)
def test_what_follows_from_what_is_observed_is_noted_as_that_too(
    book: Rulebook, fields: Json, as_of: str, said: list[str]
) -> None:
    """What the record itself lacks is said once; where it lacks what its source does not show, that is noted beside."""
    assert codes(judged(book, IN_2010, as_of, **fields)) == said


def test_a_slip_differs_from_no_date_where_none_is_known(book: Rulebook) -> None:
    verdict = judged(book, TAKEN[:-1] + " appointed_due=08-14", "08-06", None)
    assert codes(verdict) == ["no_time_limit_known"]


def test_a_date_beyond_the_calendar_has_not_passed(book: Rulebook) -> None:
    """400 days from 1/6/2099 end in July 2100. Stopped from 2/6/2099 on, 399 are left then: no calendar has them all.

    That the end of the stop is not observed is not noted: it is not why nothing is known.
    """
    events = "dossier_accepted 2099-06-01T08:30; clock_paused 2099-06-02T09:00 ground=x; result_issued 2100-12-30T09:00"
    limit = {"amount": 400, "unit": "calendar_day"}
    verdict = judged(book, events, "2100-12-31", limit, **without("clock_resumed"))
    assert (verdict.punctuality, verdict.clock.lawful_due) == ("undetermined", None)
    assert "not_observed" not in codes(verdict)
    assert codes(verdict) == ["beyond_calendar"]


# -- a limit that ends a minute before midnight ------------------------------------------------------------------------

HANDLED: Final = """\
format: 1
rule: handled_by_due
label: {vi: "Thử", en: "Trial"}
effective: {from: "2018-06-21", picked_by: dossier_accepted}
instrument: {document: "01/QĐ-UBND thử", issued_on: "2018-06-01"}
citations: [{document: "01/QĐ-UBND thử", article: 3, status: text}]
deadlines: {handling: {event: handled, due: lawful_due}}
obligations:
  - {id: handled_by_due, owed_by: handling_agency, to: applicant, discharged_by: handling}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Offices that are open from 13:00 to 17:00 and from 19:59 to 23:59; in Hà Nội a duty to handle by the due date."""
    folder = tmp_path_factory.mktemp("own")
    place = folder / "local" / "ha-noi" / "2018-06-21"
    place.mkdir(parents=True)
    (folder / "evening.yaml").write_text(HOURS, encoding="utf-8")
    (place / "handled_by_due.yaml").write_text(HANDLED, encoding="utf-8")
    return Rulebook.load(Path(folder))


EVENING: Final = "dossier_accepted 08-05T18:00;"
TWELVE: Final = {"amount": 12, "unit": "work_hour"}


@pytest.mark.parametrize(("as_of", "said"), [("08-05", "pending"), ("08-06", "undetermined")])
def test_a_minute_before_midnight_has_passed_at_midnight(own: Rulebook, as_of: str, said: str) -> None:
    """Twelve hours from Monday 18:00: four of that evening, eight of Tuesday, which end at 23:59."""
    verdict = judged(own, EVENING, as_of, TWELVE, hours="evening", **PAUSES)
    assert (verdict.clock.lawful_due, verdict.clock.due_time) == (date(2024, 8, 6), "23:59")
    assert [finding.outcome for finding in verdict.obligations if finding.id in LATENESS_DUTIES] == [said, said]


@pytest.mark.parametrize("engine", ["reference", "composed"])
def test_from_that_day_on_nobody_knows_whether_a_paused_file_is_late(own: Rulebook, engine: str) -> None:
    """Paused at 20:00 it is seen, and others may not be: 23:59 of Tuesday has passed by the end of that day."""
    events = EVENING + "clock_paused 08-05T20:00 ground=x"
    verdict = judged(own, events, "08-05", TWELVE, hours="evening", engine=engine, **PAUSES)
    assert verdict.changes_on == date(2024, 8, 6)


@pytest.mark.parametrize(("fields", "said"), [({}, "missed"), (PAUSES, "undetermined")])
def test_a_withdrawal_in_time_leaves_open_what_a_stop_that_is_not_seen_would_move(
    own: Rulebook, fields: Json, said: str
) -> None:
    """Withdrawn on 9/8 and handled by nobody: the due date as seen, 12/8, has passed, a later one need not have."""
    verdict = judged(own, TAKEN + "dossier_withdrawn 08-09T09:00", "08-20", jurisdiction="ha-noi", **fields)
    finding = verdict.finding("handled_by_due")
    assert finding is not None
    assert finding.outcome == said


# -- the rims of a calendar of one's own: Monday 5/8 to Monday 12/8/2024, Saturday worked ------------------------------


def at_the_rim(
    book: Rulebook, accepted: str, as_of: date, limit: Json, promised: str | None = None, soon: int = 2
) -> list[int]:
    """The answer by the date on the slip, where there is one; so many workdays are soon."""
    slip = {} if promised is None else {"appointed_due": promised}
    one = asked(book, accepted, limit, as_of, **slip)
    question = replace(one.question, lateness="by_date" if promised is None else "promised_by_date")
    regimes = replace(one.regimes, soon=[soon] * len(one.regimes.soon))
    found: list[int] = answer(replace(one, question=question, regimes=regimes))
    return found


@pytest.mark.parametrize(
    ("accepted", "as_of", "promised", "soon", "said"),
    [
        # of a slip for the last day, 8, 9, 10 and 12/8 are left on 7/8, and 10 and 12/8 on 9/8
        ("2024-08-05T08:30", "2024-08-08", "2024-08-12", 2, clock.PENDING),
        ("2024-08-05T08:30", "2024-08-09", "2024-08-12", 2, clock.DUE_SOON),
        # on Sunday 4/8, before the calendar, two workdays are left until Tuesday, three until Wednesday
        ("2024-08-02T08:30", "2024-08-04", "2024-08-06", 2, clock.DUE_SOON),
        ("2024-08-02T08:30", "2024-08-04", "2024-08-07", 2, clock.PENDING),
        # only the day itself is soon: the first day is not, the day before; a day beyond the last is not, on that
        ("2024-08-02T08:30", "2024-08-04", "2024-08-05", 0, clock.PENDING),
        ("2024-08-02T08:30", "2024-08-05", "2024-08-05", 0, clock.DUE_SOON),
        ("2024-08-05T08:30", "2024-08-12", "2024-08-13", 0, clock.PENDING),
        ("2024-08-05T08:30", "2024-08-12", "2024-08-12", 0, clock.DUE_SOON),
    ],
)
def test_what_is_soon_at_the_rims(
    book: Rulebook, accepted: str, as_of: str, promised: str, soon: int, said: int
) -> None:
    out = at_the_rim(book, accepted, date.fromisoformat(as_of), FIVE, promised, soon)
    assert out[clock.O_PUNCTUALITY] == said


@pytest.mark.parametrize(("as_of", "workdays"), [(LAST, 6), (date(2024, 8, 13), clock.NONE)])
def test_workdays_late_from_the_first_day_to_the_last(book: Rulebook, as_of: date, workdays: int) -> None:
    """Due on the first day: 6, 7, 8, 9, 10 and 12/8 are late; of what lies behind the last nobody can count any."""
    out = at_the_rim(book, "2024-08-05T08:30", as_of, {"amount": 0, "unit": "workday"})
    assert (out[clock.O_LAWFUL_DAY], out[clock.O_PUNCTUALITY]) == (day_of(FIRST), clock.OVERDUE)
    assert out[clock.O_WORKDAYS_LATE] == workdays
    assert out[clock.O_DAYS_LATE] == day_of(as_of) - day_of(FIRST)


def test_the_day_of_the_start_is_not_counted_and_so_not_what_a_date_is_unsure_by(book: Rulebook) -> None:
    """Accepted on the first day, of which nothing is published yet; 6, 7, 8, 9 and 10/8 are."""
    out = answer(asked(book, "2024-08-05T08:30", FIVE, unsure=1))
    assert out[clock.O_LAWFUL_DAY] == day_of(date(2024, 8, 10))
    assert out[clock.O_PROVISIONAL] == 0
