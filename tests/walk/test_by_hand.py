"""The walk itself, held against answers that were counted by hand from the text and a calendar; the library beside it.

August 2024 is under the decree of 2018: 5/8 is a Monday, and five workdays from it end on Monday 12/8; 31/8 to 3/9 are
days off. What the walk is trusted with on a hundred thousand dossiers is trusted because of what stands here.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tthc_rules import Rulebook

from .compare import MARKS, Asked, expected, found
from .counting import Json
from .days import day
from .grown import EVERY_KIND
from .logs import dossier_of, log

FIVE: Json = {"amount": 5, "unit": "workday"}
BOTH: Json = {**FIVE, "pauses_for": ["payment", "opinion"]}
FIVE_DAYS: Json = {"amount": 5, "unit": "calendar_day"}
HOURS: Json = {"amount": 8, "unit": "work_hour"}
TAKEN = "dossier_accepted 08-05T08:30;"
SLIP = "dossier_accepted 08-05T08:30 appointed_due=08-12T17:00;"


def without(*kinds: str) -> Json:
    return {"observes": [kind for kind in EVERY_KIND if kind not in kinds]}


def told(name: str, workdays: int | None = None, days: int | None = None, **more: Any) -> Json:
    """The punctuality, and its numbers: both 0 unless they are given, none where nothing can be said."""
    if name not in ("undetermined", "paused", "not_started", "no_limit"):
        workdays, days = workdays or 0, (workdays or 0) if days is None else days
    return {"punctuality": name, "workdays_late": workdays, "days_late": days, **more}


def check(
    book: Rulebook,
    events: str,
    wanted: Json,
    as_of: str,
    limit: Json | None = FIVE,
    lateness: str = "by_date",
    **fields: Any,
) -> None:
    asked = Asked(dossier_of(limit, *log(events), **fields), day(f"2024-{as_of}"), None, lateness)
    walked, answered = expected(asked), found(book.evaluate(asked.dossier, asked.as_of, lateness=lateness))
    for key, value in wanted.items():
        said = dt.date.fromisoformat(f"2024-{value}") if value and key.endswith(("_due", "_on")) else value
        assert key not in walked.unsaid
        assert getattr(walked, key) == said, f"the walk, {key}"
        assert getattr(answered, key) == said, f"the library, {key}"


@pytest.mark.parametrize(
    ("limit", "events", "lawful"),
    [
        (FIVE, "", "08-12"),
        (FIVE, "clock_paused 08-07T09:00; clock_resumed 08-09T09:00", "08-14"),
        (FIVE, "clock_paused 08-12T09:00; clock_resumed 08-14T09:00", "08-12"),
        (FIVE, "interval_excluded 08-20T09:00 from=08-07 to=08-08", "08-14"),
        (FIVE, "supplement_requested 08-07T09:00; supplement_received 08-14T09:00", "08-21"),
        (FIVE, "supplement_requested 08-07T09:00; result_issued 08-14T09:00", "08-19"),
        (FIVE_DAYS, "clock_paused 08-09T09:00; clock_resumed 08-13T09:00", "08-14"),
        (FIVE_DAYS, "clock_paused 08-10T09:00; clock_resumed 08-13T09:00", "08-13"),
        (HOURS, "", "08-06"),
        # several stops at once: each day that is stopped counts once
        (BOTH, ("payment_awaited 08-06T09:00; opinion_requested 08-07T09:00 agency=a;"
               "payment_received 08-08T09:00; opinion_received 08-13T09:00 agency=a"), "08-19"),
        (BOTH, ("opinion_requested 08-06T09:00 agency=a; opinion_received 08-07T09:00 agency=a;"
               "opinion_requested 08-08T09:00 agency=b; opinion_received 08-09T09:00 agency=b"), "08-14"),
        (BOTH, ("opinion_requested 08-06T09:00 agency=a; opinion_requested 08-06T10:00 agency=b;"
               "opinion_received 08-07T09:00 agency=b; opinion_received 08-09T09:00 agency=a"), "08-15"),
        (FIVE, "payment_awaited 08-06T09:00; payment_received 08-09T09:00", "08-12"),  # this limit does not wait for it
        # what begins while another stop is open works, though 12/8 has passed: the date was open
        (BOTH, ("payment_awaited 08-09T09:00; clock_paused 08-13T09:00;"
               "payment_received 08-14T09:00; clock_resumed 08-16T09:00"), "08-19"),
        (BOTH, ("payment_awaited 08-09T09:00; payment_received 08-12T09:00;"
               "clock_paused 08-13T09:00; clock_resumed 08-16T09:00"), "08-13"),  # it is on the due date: nothing
        # three days are excluded by two intervals and by one that joins them; a pause over them adds none
        (FIVE, ("interval_excluded 08-20T09:00 from=08-07 to=08-07; interval_excluded 08-20T09:00 from=08-09 to=08-09;"
               "interval_excluded 08-20T09:00 from=08-07 to=08-09"), "08-15"),
        (FIVE, ("clock_paused 08-06T09:00; clock_resumed 08-08T09:00;"
               "interval_excluded 08-20T09:00 from=08-07 to=08-07;"
               "interval_excluded 08-20T09:00 from=08-09 to=08-09; interval_excluded 08-20T09:00 from=08-07 to=08-09"),
               "08-15"),
        # two excluded days are joined by what lies over them, a third stays apart: 6, 12, 13, 15 and 16/8 are counted
        (FIVE, ("interval_excluded 08-20T09:00 from=08-07 to=08-07; interval_excluded 08-20T09:00 from=08-09 to=08-09;"
               "interval_excluded 08-20T09:00 from=08-14 to=08-14; interval_excluded 08-20T09:00 from=08-07 to=08-09"),
               "08-16"),
        # seven days on the way: to Saturday 17/8; what is excluded up to 19/8 keeps it from ending on that Monday
        (FIVE_DAYS, ("interval_excluded 08-20T09:00 from=08-06 to=08-06;"
                    "interval_excluded 08-20T09:00 from=08-12 to=08-12;"
                    "interval_excluded 08-20T09:00 from=08-18 to=08-19;"
                    "interval_excluded 08-20T09:00 from=08-06 to=08-12"), "08-20"),
        # the same with 20/8 and 21/8, which come after that Monday and keep nothing from ending
        (FIVE_DAYS, ("interval_excluded 08-20T09:00 from=08-06 to=08-07;"
                    "interval_excluded 08-20T09:00 from=08-08 to=08-08;"
                    "interval_excluded 08-20T09:00 from=08-12 to=08-12;"
                    "interval_excluded 08-20T09:00 from=08-20 to=08-21;"
                    "interval_excluded 08-20T09:00 from=08-08 to=08-12"), "08-19"),
        # of two that begin on the same day the longer one holds
        (FIVE_DAYS, ("interval_excluded 08-20T09:00 from=08-11 to=08-12;"
                    "interval_excluded 08-20T09:00 from=08-11 to=08-11"), "08-13"),
        # an opinion of nobody that is named is an opinion too
        (BOTH, ("opinion_requested 08-06T09:00 agency=a; opinion_received 08-07T09:00 agency=a;"
               "opinion_requested 08-08T09:00; opinion_received 08-09T09:00"), "08-14"),
        # a restart closes what is open: five workdays from 9/8
        (BOTH, "payment_awaited 08-06T09:00; supplement_requested 08-07T09:00; supplement_received 08-09T09:00",
         "08-16"),
        # a request while the clock is stopped works, though 12/8 has passed: five workdays from Thursday 15/8
        (FIVE, "clock_paused 08-09T09:00; supplement_requested 08-13T09:00; supplement_received 08-15T09:00", "08-22"),
        # 7/8 was stopped by the payment, 9/8 and 12/8 by the pause; 8/8 is counted
        (BOTH, ("payment_awaited 08-06T09:00; payment_received 08-07T09:00; clock_paused 08-08T09:00;"
               "result_issued 08-12T09:00"), "08-15"),
        # a closing for silence: the waiting was a pause until then; two days are counted, three are left after 30/8
        (FIVE, "supplement_requested 08-07T09:00; dossier_closed 08-30T09:00", "09-06"),
    ],
)  # fmt: skip
def test_the_walk_gives_the_due_dates_that_were_counted_by_hand(
    book: Rulebook, limit: Json, events: str, lawful: str
) -> None:
    check(book, TAKEN + events, {"lawful_due": lawful}, "09-30", limit)


@pytest.mark.parametrize(
    ("events", "as_of", "wanted"),
    [
        ("dossier_refused 08-02T09:00", "08-20",
         {**told("closed", finished_on="08-02"), "workdays_late": None, "days_late": None}),
        ("dossier_closed 08-02T09:00", "08-20", {"punctuality": "closed", "finished_on": "08-02", "version": None}),
        ("processing_stopped 08-02T09:00", "08-20", told("not_started", finished_on=None)),
        ("dossier_refused 08-02T09:00;" + TAKEN, "08-06", told("pending", lawful_due="08-12", finished_on=None)),
        ("dossier_withdrawn 08-05T08:00;" + TAKEN, "08-12", told("due_soon", lawful_due="08-12")),
        (TAKEN + "dossier_withdrawn 08-07T09:00; result_issued 08-14T09:00", "08-20",
         told("returned_late", 2, finished_on="08-14")),
        (TAKEN + "dossier_withdrawn 08-07T09:00; result_issued 08-14T09:00", "08-13",
         told("closed", finished_on="08-07")),
        (TAKEN + "processing_stopped 08-08T09:00; dossier_refused 08-09T09:00", "08-20",
         told("early", finished_on="08-08")),
        (TAKEN + "result_returned 08-08T09:00; result_issued 08-13T09:00", "08-20",
         told("returned_late", 1, finished_on="08-13")),
        (TAKEN + "result_issued 08-12T09:00; result_issued 08-13T09:00", "08-20", told("on_time", finished_on="08-12")),
        (TAKEN + "dossier_withdrawn 08-07T09:00; dossier_closed 08-08T09:00", "08-20",
         told("closed", finished_on="08-08")),
        (TAKEN + "dossier_closed 08-16T09:00; dossier_refused 08-19T09:00", "08-20",
         told("returned_late", 5, 7, finished_on="08-19")),
        (TAKEN + "dossier_withdrawn 08-18T09:00", "08-20", told("closed", 4, 6, finished_on="08-18")),
        (TAKEN + "processing_stopped 08-14T09:00", "08-20", told("returned_late", 2, finished_on="08-14")),
        (TAKEN + "clock_paused 08-07T09:00; processing_stopped 08-14T09:00", "08-20",
         told("early", lawful_due="08-19")),
        (TAKEN + "dossier_lost 08-07T09:00", "08-09", told("due_soon", finished_on=None)),
    ],
)  # fmt: skip
def test_ends_by_hand(book: Rulebook, events: str, as_of: str, wanted: Json) -> None:
    check(book, events, wanted, as_of)


PAUSES: Json = {"unknown": ["pauses"]}
FINISH: Json = {"unknown": ["finish"]}
ACCEPTANCE: Json = {"unknown": ["acceptance"]}
NOTHING: Json = {
    "original_due": None,
    "lawful_due": None,
    "promised_due": None,
    "finished_on": None,
    "provisional": None,
}
UNSAID = told("undetermined")
HOUR: Json = {"punctuality": "undetermined"}  # of its numbers the text does not speak


@pytest.mark.parametrize(
    ("fields", "events", "as_of", "wanted"),
    [
        (FINISH, "", "09-30", {**UNSAID, "lawful_due": "08-12", "punctuality_current": "undetermined"}),
        (FINISH, "", "08-07", UNSAID),
        (FINISH, "result_issued 08-09T09:00", "09-30", told("early", punctuality_current="early")),
        (FINISH, "result_issued 08-13T09:00", "08-12", UNSAID),  # it lies after the day that is asked about
        (FINISH, "dossier_withdrawn 08-14T09:00", "09-30", told("closed", 2)),
        (FINISH, "clock_paused 08-07T09:00", "08-09", {**UNSAID, "lawful_due": None, "paused": True}),
        (PAUSES, "result_issued 08-12T09:00", "09-30", told("on_time")),
        (PAUSES, "result_issued 08-13T09:00", "09-30", {**UNSAID, "lawful_due": "08-12", "finished_on": "08-13"}),
        (PAUSES, "", "08-12", told("due_soon")),
        (PAUSES, "", "08-13", UNSAID),
        (PAUSES, "clock_paused 08-07T09:00", "08-09", UNSAID),
        (PAUSES, "dossier_withdrawn 08-09T09:00", "09-30", told("closed")),
        (PAUSES, "dossier_withdrawn 08-14T09:00", "09-30",
         {"punctuality": "closed", "workdays_late": None, "days_late": None, "finished_on": "08-14"}),
        (PAUSES, "reappointed 08-09T09:00 new_due=08-20; result_issued 08-15T09:00", "09-30",
         {**UNSAID, "punctuality_current": "early", "workdays_late_current": 0, "current_due": "08-20"}),
        (PAUSES, "reappointed 08-09T09:00 new_due=08-20; result_issued 08-21T09:00", "09-30",
         {**UNSAID, "punctuality_current": "undetermined", "workdays_late_current": None}),
        (ACCEPTANCE, "result_issued 08-13T09:00", "09-30", {**UNSAID, **NOTHING}),
        (ACCEPTANCE, "dossier_closed 08-13T09:00", "09-30",
         {"punctuality": "closed", "workdays_late": None, **NOTHING}),
        (ACCEPTANCE, "dossier_withdrawn 08-13T09:00", "09-30",
         {"punctuality": "closed", "workdays_late": None, **NOTHING}),
        (without("dossier_accepted"), "result_issued 08-13T09:00", "09-30", told("returned_late", 1)),  # it is there
        (without("result_issued", "result_returned"), "", "08-13", UNSAID),
        (without("result_issued"), "", "08-13", told("overdue", 1)),  # the return of it would be seen
        (without("clock_paused"), "result_issued 08-13T09:00", "09-30", UNSAID),
        (without("supplement_requested"), "result_issued 08-13T09:00", "09-30", UNSAID),
        (without("payment_awaited"), "result_issued 08-13T09:00", "09-30", told("returned_late", 1)),
        (without("interval_excluded"), "result_issued 08-13T09:00", "09-30", told("returned_late", 1)),
        # the resumption is not observed: the date without that pause is 12/8
        (without("clock_resumed"), "clock_paused 08-08T09:00", "08-12", told("paused")),
        (without("clock_resumed"), "clock_paused 08-08T09:00", "08-13", UNSAID),
        (without("clock_resumed"), "clock_paused 08-08T09:00; result_issued 08-12T09:00", "09-30",
         told("early", lawful_due="08-14")),
        (without("clock_resumed"), "clock_paused 08-08T09:00; result_issued 08-13T09:00", "09-30",
         {**UNSAID, "lawful_due": "08-15"}),
        (without("clock_resumed"), "clock_paused 08-07T09:00; clock_resumed 08-08T09:00; result_issued 08-13T09:00",
         "09-30", told("on_time", lawful_due="08-13")),  # that one is there
        (without("supplement_received"), "supplement_requested 08-08T09:00", "08-12", told("paused")),
        (without("supplement_received"), "supplement_requested 08-08T09:00", "08-13", UNSAID),
        (without("reappointed"), "result_issued 08-14T09:00", "09-30",
         told("returned_late", 2, punctuality_current="undetermined", workdays_late_current=None)),
        (without("reappointed"), "result_issued 08-12T09:00", "09-30", told("on_time", punctuality_current="on_time")),
        # that no slip of apology would be seen has no bearing on the clock
        (without("apology_sent"), "result_issued 08-13T09:00", "09-30",
         told("returned_late", 1, punctuality_current="returned_late", workdays_late_current=1)),
        (without("apology_sent"), "", "08-13", told("overdue", 1)),
        (without("apology_sent"), "clock_paused 08-08T09:00", "08-20", told("paused")),
        (without("apology_sent"), "supplement_requested 08-08T09:00", "08-20", told("paused")),
        (without("supplement_received"), "supplement_requested 08-08T09:00; result_issued 08-13T09:00", "09-30",
         {**UNSAID, "finished_on": "08-13"}),
        # 12/8 has passed and the resumption is not seen: a new date does not mend that
        (without("clock_resumed"), ("reappointed 08-07T09:00 new_due=08-20; clock_paused 08-08T09:00;"
                                    "result_issued 08-14T09:00"), "09-30", {**UNSAID, "current_due": "08-20"}),
        ({"observes": []}, "result_issued 08-12T09:00", "09-30", told("on_time")),
        ({"observes": []}, "result_issued 08-13T09:00", "09-30", UNSAID),
        ({"observes": []}, "", "08-06", UNSAID),
    ],
)  # fmt: skip
def test_what_a_source_cannot_show_by_hand(book: Rulebook, fields: Json, events: str, as_of: str, wanted: Json) -> None:
    check(book, TAKEN + events, wanted, as_of, **fields)


@pytest.mark.parametrize(
    ("limit", "fields", "lateness", "events", "as_of", "wanted"),
    [
        (BOTH, without("payment_awaited"), "by_date", TAKEN + "result_issued 08-13T09:00", "09-30", UNSAID),
        (BOTH, without("opinion_requested"), "by_date", TAKEN + "result_issued 08-12T09:00", "09-30", told("on_time")),
        (BOTH, without("opinion_requested"), "by_date", TAKEN + "result_issued 08-13T09:00", "09-30", UNSAID),
        (BOTH, without("apology_sent"), "by_date", TAKEN + "result_issued 08-13T09:00", "09-30",
         told("returned_late", 1)),
        *((BOTH, without("apology_sent"), "by_date", TAKEN + stop, "08-20", told("paused"))
          for stop in ("payment_awaited 08-08T09:00", "opinion_requested 08-08T09:00 agency=a")),
        # the end of the stop would not be seen: without it 12/8 has passed
        *((BOTH, without(end), "by_date", TAKEN + stop + "; result_issued 08-13T09:00", "09-30", UNSAID)
          for stop, end in (("payment_awaited 08-08T09:00", "payment_received"),
                            ("opinion_requested 08-08T09:00 agency=a", "opinion_received"))),
        (BOTH, without("opinion_received"), "by_date", TAKEN + "opinion_requested 08-07T09:00 agency=a", "08-13",
         UNSAID),
        # the payment is seen to be open still: without the opinion there is no date that could have passed
        (BOTH, without("opinion_received"), "by_date",
         TAKEN + "opinion_requested 08-07T09:00 agency=a; payment_awaited 08-08T09:00", "08-13", told("paused")),
        (FIVE, PAUSES, "promised_by_date", SLIP + "result_issued 08-12T18:00", "09-30", told("on_time")),
        (FIVE, PAUSES, "promised_by_instant", SLIP + "result_issued 08-12T18:00", "09-30", UNSAID),
        (FIVE, FINISH, "qd766", SLIP, "08-07", UNSAID),
        (FIVE, without("supplement_received"), "promised_by_instant",
         SLIP + "supplement_requested 08-08T09:00; result_issued 08-12T17:00", "09-30", told("on_time")),
        # the payment is seen to be open, whatever came back: paused stays paused under every policy
        *((BOTH, without("supplement_received"), policy,
           SLIP + "payment_awaited 08-07T09:00; supplement_requested 08-08T09:00", "08-20", told("paused"))
          for policy in ("by_date", "promised_by_date", "promised_by_instant", "qd766")),
        ({"none": True}, FINISH, "by_date", TAKEN, "08-07", told("no_limit")),
        ({"none": True}, PAUSES, "by_date", TAKEN, "08-07", told("no_limit")),
        (FIVE, {"unknown": ["pauses", "finish"]}, "by_date", "dossier_submitted 08-05T08:00", "08-07",
         told("not_started")),
        (FIVE, without("dossier_accepted"), "by_date", "result_issued 08-13T09:00", "09-30", {**UNSAID, **NOTHING}),
        (HOURS, PAUSES, "by_date", TAKEN + "result_issued 08-06T08:30", "09-30", told("on_time")),
        (HOURS, PAUSES, "by_date", TAKEN + "result_issued 08-06T08:31", "09-30", {**UNSAID, "due_time": "08:30"}),
    ],
)  # fmt: skip
def test_what_a_source_cannot_show_of_other_limits_and_policies(
    book: Rulebook, limit: Json, fields: Json, lateness: str, events: str, as_of: str, wanted: Json
) -> None:
    check(book, events, wanted, as_of, limit, lateness, **fields)


WAITED = "supplement_requested 08-06T09:00; supplement_received 08-08T09:00;"
"""Two days of 24 hours."""
SILENT = (
    "supplement_requested 08-08T08:00 after_appraisal=false; supplement_received 08-08T09:00 appointed_due=08-15T17:00;"
)
"""It does not stop the clock, and brings a new slip."""
BARE_BACK = "supplement_requested 08-08T09:00; supplement_received 08-09;"
LATE: Json = {"punctuality": "returned_late"}


@pytest.mark.parametrize(
    ("events", "as_of", "wanted"),
    [
        (SLIP + "result_issued 08-12T17:00", "09-30", told("on_time")),
        (SLIP + "result_issued 08-12T17:01", "09-30", told("returned_late")),  # of the same day: no day late
        (SLIP + "result_issued 08-09T23:00", "09-30", told("early")),
        (SLIP + "result_issued 08-12T00:00", "09-30", told("on_time")),  # midnight is an hour
        (SLIP + WAITED + "result_issued 08-14T17:00", "09-30", told("on_time")),
        (SLIP + WAITED + "result_issued 08-14T17:01", "09-30", told("returned_late")),
        (SLIP + WAITED + "result_issued 08-13T10:00", "09-30", told("early")),
        (SLIP + WAITED + "result_issued 08-16T10:00", "09-30", told("returned_late", 2)),  # as on 14/8 at 10:00
        (SLIP + WAITED + "result_issued 08-20T10:00", "09-30", told("returned_late", 4, 6)),  # as on Sunday 18/8
        (TAKEN + WAITED + "result_issued 08-14T23:00", "09-30", told("on_time")),  # no slip: 12/8, all of it
        (TAKEN + WAITED + "result_issued 08-15T08:59", "09-30", told("returned_late", 1)),
        # a slip given at the receipt contains the waiting
        (SLIP + "supplement_requested 08-06T09:00; supplement_received 08-08T09:00 appointed_due=08-15T17:00;"
         "result_issued 08-15T17:01", "09-30", told("returned_late")),
        (SLIP + "supplement_requested 08-06T09:00; supplement_received 08-08T09:00 appointed_due=08-15;"
         "supplement_requested 08-09T08:00; supplement_received 08-09T20:00; result_issued 08-16T10:00", "09-30",
         told("on_time", promised_due="08-15")),  # twelve hours after it: as on 15/8 at 22:00
        (SLIP + "supplement_requested 08-06T09:00; result_issued 08-30T09:00", "09-30",
         told("early")),  # waited for to its end
        (SLIP + "supplement_requested 08-12T16:00; result_issued 08-30T09:00", "09-30", told("on_time")),
        (SLIP + "supplement_requested 08-12T17:01; result_issued 08-30T00:00", "09-30", told("returned_late")),
        # two days, from midnight to midnight
        *((SLIP + "supplement_requested 08-06T00:00; supplement_received 08-08T00:00;" + end, "09-30", told(name))
          for end, name in (("result_issued 08-14T17:00", "on_time"), ("result_issued 08-14T17:01", "returned_late"))),
        # a new slip leaves nothing of what came before it, nor of its unknown hours: after it an hour was waited for
        *((SLIP + before + "supplement_requested 08-09T09:00; supplement_received 08-09T10:00;" + end, "09-30",
           told(name))
          for before in ("supplement_requested 08-06; supplement_received 08-08T09:00 appointed_due=08-15T17:00;",
                         "supplement_requested 08-06T09:00; supplement_received 08-08 appointed_due=08-15T17:00;",
                         SILENT, "supplement_requested 08-06; supplement_received 08-07;" + SILENT)
          for end, name in (("result_issued 08-15T18:00", "on_time"), ("result_issued 08-15T18:01", "returned_late"))),
        # of 9/8 no hour is known, but an hour was waited for at least: before midnight
        (SLIP + "supplement_requested 08-08T23:00; supplement_received 08-09; result_issued 08-12T00:30", "09-30",
         told("early")),
        # only a day: undetermined where an hour of it could decide
        (SLIP + "result_issued 08-12", "09-30", HOUR),
        (SLIP + "result_issued 08-09", "09-30", told("early")),
        (SLIP + "result_issued 08-13", "09-30", told("returned_late", 1)),
        (SLIP + "supplement_requested 08-06; supplement_received 08-08T09:00; result_issued 08-14T18:00",
         "09-30", HOUR),
        # a request is not later than its receipt: from 8/8 on it waited for nine hours at most, and 12/8 17:00 is kept
        (SLIP + "supplement_requested 08-08; supplement_received 08-08T09:00; result_issued 08-12T17:00", "09-30",
         told("on_time")),
        (SLIP + "supplement_requested 08-08; supplement_received 08-08T09:00; result_issued 08-12T17:01", "09-30",
         HOUR),
        (SLIP + "supplement_requested 08-08; supplement_received 08-08T09:00; result_issued 08-13T02:00", "09-30",
         HOUR),
        (SLIP + "supplement_requested 08-08; supplement_received 08-08T09:00; result_issued 08-13T02:01", "09-30",
         {"punctuality": "returned_late"}),
        # both on 14/8: a result at the minute of the receipt is as of 12/8 17:00, any later one is late
        (SLIP + "supplement_requested 08-12T17:00; supplement_received 08-14; result_issued 08-14", "09-30", HOUR),
        # nor does the file come back after its result: from 12/8 18:00 on all of it is later than the slip
        (SLIP + "supplement_requested 08-12T18:00; supplement_received 08-14; result_issued 08-14T09:00", "09-30",
         {"punctuality": "returned_late"}),
        # the file that goes again on 9/8 at 10:00 had come back by then: it waited for 15 to 25 hours, then for two
        *((SLIP + BARE_BACK + "supplement_requested 08-09T10:00; supplement_received 08-09T12:00;" + end, "09-30", said)
          for end, said in (("result_issued 08-13T10:00", told("on_time")), ("result_issued 08-13T10:01", HOUR),
                            ("result_issued 08-13T20:00", HOUR), ("result_issued 08-13T20:01", LATE))),
        # and an hour more that day, which says nothing of the first receipt again
        *((SLIP + BARE_BACK + "supplement_requested 08-09T10:00; supplement_received 08-09T12:00;"
           "supplement_requested 08-09T13:00; supplement_received 08-09T14:00;" + end, "09-30", said)
          for end, said in (("result_issued 08-13T11:00", told("on_time")), ("result_issued 08-13T21:00", HOUR),
                            ("result_issued 08-13T21:01", LATE))),
        # it goes again at no known hour: between the two lie 0 to 23:59 hours, of the 48 hours from 8/8 to 10/8
        *((SLIP + BARE_BACK + "supplement_requested 08-09; supplement_received 08-10T09:00;" + end, "09-30", said)
          for end, said in (("result_issued 08-13T00:00", told("early")), ("result_issued 08-13T12:00", HOUR),
                            ("result_issued 08-14T17:00", HOUR), ("result_issued 08-14T17:01", LATE))),
        # on a later day that it goes again says nothing of the receipt: 15 to 38:59 hours, then two
        (SLIP + BARE_BACK + "supplement_requested 08-10T10:00; supplement_received 08-10T12:00;"
         "result_issued 08-14T07:59", "09-30", HOUR),
        # the new slip contains the waiting before it, whatever its hour
        *((SLIP + "supplement_requested 08-08T09:00; supplement_received 08-09 appointed_due=08-16T17:00;"
           "supplement_requested 08-09T10:00; supplement_received 08-09T12:00;" + end, "09-30", told(name))
          for end, name in (("result_issued 08-16T19:00", "on_time"), ("result_issued 08-16T19:01", "returned_late"))),
        # from 14/8 15:00 on it is waited for, but for 7:30 hours at most: as of 14/8, at any hour of the receipt
        (SLIP + "supplement_requested 08-14T15:00; supplement_received 08-16; supplement_requested 08-16T07:30;"
         "result_issued 08-20T12:10", "09-30", told("returned_late", 2)),
        # open
        (SLIP, "08-11", told("due_soon")),
        (SLIP, "08-12", told("overdue")),  # at 24:00 the hour of the slip has passed
        (SLIP + "supplement_requested 08-06T09:00", "08-20", told("paused")),
        (SLIP + "supplement_requested 08-12T09:00", "08-20", told("on_time")),  # one request and nothing later
        (SLIP + "supplement_requested 08-13T09:00", "08-20", told("returned_late", 1)),
        (SLIP + "supplement_requested 08-13T23:59:30", "08-20", told("returned_late", 1)),  # and not of the 14th
        (SLIP + "result_issued 08-13T23:59:30", "08-20", told("returned_late", 1)),
        (SLIP + "supplement_requested 08-12", "08-20", HOUR),
        (SLIP + WAITED + "supplement_requested 08-08T10:00; supplement_received 08-08T11:00", "08-09", told("overdue")),
        (SLIP + WAITED + "supplement_requested 08-08T10:00; supplement_received 08-08T11:00; result_issued 08-09T09:00",
         "08-09", told("early")),  # finished: the second request is no lateness
        # the second request, on the new due date, is the last thing that happened: more than one is late all the same
        (SLIP + WAITED + "supplement_requested 08-15T09:00", "08-20", {"punctuality": "overdue"}),
        (SLIP + "dossier_withdrawn 08-09T09:00", "08-20", told("closed")),
    ],
)  # fmt: skip
def test_the_policy_qd766_by_hand(book: Rulebook, events: str, as_of: str, wanted: Json) -> None:
    check(book, events, wanted, as_of, lateness="qd766")


BACK = "supplement_requested 08-06T09:00; supplement_received 08-08T09:00 "


@pytest.mark.parametrize(
    ("limit", "events", "notes"),
    [
        (FIVE, TAKEN, []),
        (FIVE, TAKEN + "clock_resumed 08-06T09:00", [("orphan_resume", 1)]),
        (FIVE, TAKEN + "clock_paused 08-06T09:00 ground=x; clock_paused 08-07T09:00 ground=x", [("already_paused", 2)]),
        (FIVE, TAKEN + "clock_paused 08-06T09:00; clock_resumed 08-07T09:00; clock_resumed 08-08T09:00",
         [("pause_without_ground", 1), ("orphan_resume", 3)]),
        (FIVE, TAKEN + "clock_paused 08-06T09:00 ground=x; supplement_requested 08-07T09:00;"
         "supplement_received 08-08T09:00; clock_resumed 08-09T09:00", [("orphan_resume", 4)]),  # the restart closed it
        (BOTH, TAKEN + "opinion_requested 08-06T09:00 agency=a; opinion_received 08-07T09:00 agency=b",
         [("orphan_resume", 2)]),
        (BOTH, TAKEN + "payment_awaited 08-06T09:00; payment_awaited 08-07T09:00", [("already_paused", 2)]),
        (BOTH, TAKEN + "opinion_requested 08-06T09:00 agency=a; opinion_requested 08-07T09:00 agency=b", []),
        (FIVE, TAKEN + "supplement_received 08-06T09:00 appointed_due=08-30", [("orphan_supplement", 1)]),
        (FIVE, TAKEN + "supplement_requested 08-06T09:00; supplement_requested 08-07T09:00;"
         "supplement_received 08-08T09:00;"
         "supplement_received 08-09T09:00", [("already_waiting", 2), ("orphan_supplement", 4)]),
        (FIVE, TAKEN + "supplement_requested 08-06T09:00 after_appraisal=false; supplement_received 08-07T09:00", []),
        (FIVE, "supplement_requested 08-02T09:00;" + TAKEN, []),  # guidance at reception
        (FIVE, TAKEN + "interval_excluded 08-06T09:00 from=08-08 to=08-07", [("exclusion_ignored", 1)]),
        (FIVE, TAKEN + "interval_excluded 08-06T09:00 from=08-08", [("exclusion_ignored", 1)]),
        (FIVE, TAKEN + "reappointed 08-06T09:00 new_due=08-12", [("reappointment_ignored", 1)]),
        (FIVE, TAKEN + "reappointed 08-06T09:00", [("reappointment_ignored", 1)]),
        (FIVE, TAKEN + "reappointed 08-06T09:00 new_due=08-13; reappointed 08-13T09:00 new_due=08-20", []),
        (FIVE, TAKEN + "result_issued 08-07T09:00; reappointed 08-08T09:00 new_due=08-20",
         [("after_end", 2), ("reappointment_ignored", 2)]),
        (FIVE, TAKEN + "result_issued 08-07T09:00; clock_paused 08-08T09:00; result_returned 08-09T09:00;"
         "interval_excluded 08-09T10:00 from=08-06 to=08-06", [("after_end", 2)]),
        (FIVE, TAKEN + "result_issued 08-07T09:00; result_issued 08-08T09:00; dossier_withdrawn 08-08T10:00",
         [("after_end", 2), ("after_end", 3)]),
        (FIVE, "clock_paused 08-01T09:00; dossier_refused 08-01T10:00;"
         "interval_excluded 08-01T11:00 from=08-06 to=08-06;"
         "reappointed 08-02T09:00 new_due=08-20; result_issued 08-02T10:00; dossier_lost 08-02T11:00;" + TAKEN,
         [("before_acceptance", place) for place in (0, 2, 3, 4, 5)]),
        (FIVE, "result_issued 08-05;" + TAKEN, [("before_acceptance", 0)]),  # at the start of its day
        (FIVE, TAKEN + "dossier_accepted 08-06T08:30", [("second_acceptance", 1)]),
        (FIVE, TAKEN + "dossier_accepted 08-05T08:30:00", [("duplicate_event", 1)]),
        (FIVE, TAKEN + "dossier_closed 08-06T09:00", [("closing_without_request", 1)]),
        (FIVE, TAKEN + "supplement_requested 08-06T09:00; dossier_closed 08-07T09:00", []),
        (FIVE, "dossier_accepted 08-05T08:30 appointed_due=08-13", [("promise_differs", None)]),
        (FIVE, "dossier_accepted 08-05T08:30 appointed_due=08-12T10:00", []),
        # a new slip: five workdays from Thursday 8/8 end on 15/8, whatever the first slip said
        (FIVE, SLIP + BACK + "appointed_due=08-15", []),
        (FIVE, SLIP + BACK + "appointed_due=08-12", [("promise_differs", None)]),
        (FIVE, TAKEN + BACK + "appointed_due=08-15T10:00", []),
        (FIVE, "dossier_accepted 08-05T08:30 appointed_due=08-13;" + BACK + "appointed_due=08-15", []),
        (FIVE, SLIP + BACK + "appointed_due=08-15; clock_paused 08-13T09:00 ground=x; clock_resumed 08-14T09:00", []),
        (FIVE, SLIP + "interval_excluded 08-06T08:00 from=08-13 to=08-13;" + BACK + "appointed_due=08-16", []),
        # on the due date a request changes nothing, and its receipt may still bring a slip: 12/8 stands
        (FIVE, SLIP + "supplement_requested 08-12T09:00; supplement_received 08-13T09:00 appointed_due=08-12", []),
        (FIVE, SLIP + "supplement_requested 08-12T09:00; supplement_received 08-13T09:00 appointed_due=08-15",
         [("promise_differs", None)]),
        # an orphan brings no slip, at the minute of the first one neither: that is held against the first due date
        (FIVE, SLIP + "supplement_received 08-05T08:30; interval_excluded 08-06T08:00 from=08-09 to=08-09",
         [("orphan_supplement", 1)]),
        (None, TAKEN, [("no_time_limit_known", None)]),
    ],
)  # fmt: skip
def test_the_notes_of_the_clock_by_hand(
    book: Rulebook, limit: Json | None, events: str, notes: list[tuple[str, int | None]]
) -> None:
    check(book, events, {"notes": frozenset(notes)}, "08-20", limit)


SIXTEEN: Json = {**HOURS, "amount": 16}
HOURS_BOTH: Json = {**HOURS, "pauses_for": ["payment", "opinion"]}
SIXTEEN_BOTH: Json = {**SIXTEEN, "pauses_for": ["payment", "opinion"]}
STOPS = (
    ("clock_paused", "clock_resumed"),
    ("payment_awaited", "payment_received"),
    ("opinion_requested", "opinion_received"),
)


@pytest.mark.parametrize(
    ("limit", "events", "wanted"),
    [
        (FIVE, "dossier_accepted 08-05; result_issued 08-12", told("on_time", lawful_due="08-12")),
        (FIVE, "dossier_accepted 08-05; clock_paused 08-12; clock_resumed 08-14", {"lawful_due": "08-12"}),
        (FIVE, "dossier_accepted 08-05; clock_paused 08-09; clock_resumed 08-12", {"lawful_due": "08-13"}),
        (FIVE, "dossier_accepted 08-05; supplement_requested 08-07; supplement_received 08-14",
         {"lawful_due": "08-21"}),
        (FIVE, "dossier_accepted 08-05; reappointed 08-07 new_due=08-14", {"current_due": "08-14"}),
        (FIVE, "result_issued 08-05;" + TAKEN, told("overdue", 6, 8, finished_on=None)),
        (HOURS, "dossier_accepted 08-05", {**UNSAID, "lawful_due": None}),
        (HOURS, TAKEN + "result_issued 08-06", {**HOUR, "lawful_due": "08-06", "due_time": "08:30"}),
        (HOURS, TAKEN + "result_issued 08-07", told("returned_late", 1)),
        (HOURS, TAKEN + "clock_paused 08-06; clock_resumed 08-06T09:00", {**UNSAID, "lawful_due": None}),
        (HOURS, TAKEN + "clock_paused 08-05T10:00; clock_resumed 08-06", {**UNSAID, "lawful_due": None}),
        (HOURS, TAKEN + "clock_paused 08-07; clock_resumed 08-09", {"lawful_due": "08-06", "due_time": "08:30"}),
        (FIVE, TAKEN + "clock_paused 08-07T09:00; result_issued 08-14", told("early", lawful_due="08-19")),
        (HOURS, TAKEN + "interval_excluded 08-05T09:00 from=08-05 to=08-05",
         {"lawful_due": "08-06", "due_time": "17:00"}),
        # midnight is an hour: an hour and a half of Monday is worked, four hours and 13:00 to 15:30 of Tuesday
        *((HOURS_BOTH, TAKEN + f"{stop[0]} 08-05T10:00 agency=a; {stop[1]} 08-06T00:00 agency=a",
           {"lawful_due": "08-06", "due_time": "15:30"}) for stop in STOPS),
        # seven hours of Monday; the half hour from 07:30 on is stopped
        *((HOURS_BOTH, TAKEN + f"{stop[0]} 08-06T00:00 agency=a; {stop[1]} 08-06T08:00 agency=a",
           {"lawful_due": "08-06", "due_time": "09:00"}) for stop in STOPS),
        # stopped to its end: six hours and a half are left of Tuesday, from 09:00 to 17:00
        *((HOURS_BOTH, TAKEN + f"{kind} 08-05T10:00 agency=a; result_issued 08-06T09:00",
           told("on_time", lawful_due="08-06", due_time="17:00"))
          for kind in ("supplement_requested", *(kind for kind, _ in STOPS))),
        *((HOURS_BOTH, TAKEN + f"{stop[0]} {first} agency=a; {stop[1]} {last} agency=a", {**UNSAID, "lawful_due": None})
          for stop in STOPS for first, last in (("08-06", "08-06T09:00"), ("08-05T10:00", "08-06"))),
        # the second opinion was asked for at no known hour, and is still out when the first is there
        (HOURS_BOTH, TAKEN + "opinion_requested 08-05T10:00 agency=a; opinion_requested 08-06 agency=b;"
         "opinion_received 08-06T09:00 agency=a; opinion_received 08-06T10:00 agency=b",
         {**UNSAID, "lawful_due": None}),
        # sixteen hours are due on Wednesday 7/8 at 08:30; what needs no hour is said
        (SIXTEEN, TAKEN + "clock_paused 08-06", told("paused")),
        (SIXTEEN, TAKEN + "clock_paused 08-07", {**UNSAID, "paused": False}),  # before the due minute, or after it
        *((SIXTEEN_BOTH, TAKEN + f"{kind} 08-07 agency=a", {**UNSAID, "paused": False})
          for kind in ("supplement_requested", *(kind for kind, _ in STOPS))),
        # while another stop is open there is no due minute that it could come after
        *((SIXTEEN_BOTH, TAKEN + f"{other} 08-06T09:00 agency=b; {kind} 08-07 agency=a", told("paused"))
          for kind in ("supplement_requested", *(kind for kind, _ in STOPS))
          for other in ("clock_paused", "payment_awaited") if kind != other),
        (SIXTEEN, TAKEN + "clock_paused 08-06; clock_resumed 08-07T09:00", {**UNSAID, "lawful_due": None}),
        (SIXTEEN, TAKEN + "clock_paused 08-06; result_issued 08-07T08:00", {**UNSAID, "lawful_due": None}),
        (SIXTEEN, TAKEN + "supplement_requested 08-06; supplement_received 08-08T08:30",
         {"lawful_due": "08-12", "due_time": "08:30"}),  # a restart: sixteen hours from Thursday 08:30
        ({"amount": 0, "unit": "workday", "cutoff": "15:00"}, "dossier_accepted 08-05", {**UNSAID, "lawful_due": None}),
        ({"amount": 0, "unit": "workday", "cutoff": "15:00"}, "dossier_accepted 08-04", {"lawful_due": "08-05"}),
        ({"amount": 0, "unit": "workday", "cutoff": "00:00"}, "dossier_accepted 08-05", {**UNSAID, "lawful_due": None}),
    ],
)  # fmt: skip
def test_bare_dates_by_hand(book: Rulebook, limit: Json, events: str, wanted: Json) -> None:
    check(book, events, wanted, "08-20", limit)


@pytest.mark.parametrize(
    ("fields", "events", "marks"),
    [
        (ACCEPTANCE, "result_issued 08-13T09:00", {"acceptance_unknown"}),
        (FINISH, TAKEN, {"finish_unknown"}),
        (PAUSES, TAKEN + "result_issued 08-13T09:00", {"pauses_unknown"}),
        # the record does not say so itself: it follows from what its source can show
        (without("dossier_accepted"), "result_issued 08-13T09:00", {"acceptance_unknown", "not_observed"}),
        (without("result_issued", "result_returned"), TAKEN, {"finish_unknown", "not_observed"}),
        (without("clock_paused"), TAKEN + "result_issued 08-13T09:00", {"pauses_unknown", "not_observed"}),
        (without("apology_sent"), TAKEN + "result_issued 08-09T09:00", set()),
    ],
)  # fmt: skip
def test_whence_it_is_not_known_is_noted(book: Rulebook, fields: Json, events: str, marks: set[str]) -> None:
    verdict = book.evaluate(dossier_of(FIVE, *log(events), channel="online", **fields), day("2024-08-20"))
    told_of = {note.code for note in verdict.notes} & MARKS
    assert told_of == marks
