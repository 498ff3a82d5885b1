"""Dates counted from others, on a fortnight that is small enough to count with a finger.

Day 100 is a Sunday, 101 to 105 are Monday to Friday, 108 to 112 again, 113 is a Saturday; the offices work from 07:30
to 11:30 and from 13:00 to 17:00.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import accumulate
from typing import Any, Literal

import pytest

from tthc_rules import Rulebook
from tthc_rules.law.civil import day_of
from tthc_rules.law.dossier import OwnTime
from tthc_rules.law.facts import Facts, Seen
from tthc_rules.law.outcome import (
    counted,
    deadline,
    ends_after,
    hours_after,
    last_day,
    months_after,
    office_day,
    own_ends,
    past,
    returned,
    within,
)
from tthc_rules.law.rule import FOREVER, DateNode, EachWithin
from tthc_rules.law.workdays import Calendar

FORTNIGHT = bytes([0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0])
SHIFTS = (450, 690, 780, 1020)
Unit = Literal["workday", "calendar_day", "work_hour", "office_day"]
NO_HOURS: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]] = ((), (), ())


@pytest.fixture
def calendar(book: Rulebook) -> Calendar:
    return book.calendar().stretch(100, FORTNIGHT)


def hours_of(calendar: Calendar, shifts: tuple[int, ...] = SHIFTS) -> tuple[Any, Any, Any]:
    length = shifts[1] - shifts[0] + shifts[3] - shifts[2]
    return tuple(accumulate((length * works for works in calendar.works), initial=0)), (0,) * 14, shifts


def facts_of(calendar: Calendar, day: int | None = None, minute: int | None = None, **more: Any) -> Facts:
    minutes = {} if minute is None else {"submitted": minute}
    facts = Facts(113, 113, calendar, {"submitted": day}, lambda *_: None, lambda *_: [], hours=hours_of(calendar))
    return replace(facts, minutes=minutes, **more)


def node(amount: int, unit: Unit, **more: Any) -> DateNode:
    return DateNode("by", "submitted", amount, unit, **more)


@pytest.mark.parametrize(
    ("done", "due", "as_of", "outcome"),
    [
        (None, None, 9, "undetermined"), (4, None, 9, "undetermined"),
        (4, 5, 9, "met"), (5, 5, 5, "met"), (6, 5, 9, "met_late"),
        (None, 5, 4, "pending"), (None, 5, 5, "pending"), (None, 5, 6, "missed"),
    ],
)  # fmt: skip
def test_a_deadline(done: int | None, due: int | None, as_of: int, outcome: str) -> None:
    assert deadline(done, due, as_of) == outcome


@pytest.mark.parametrize(
    ("base", "amount", "unit", "more", "day"),
    [
        (104, 1, "calendar_day", {}, 105), (105, 3, "calendar_day", {}, 108),
        (104, 1, "calendar_day", {"backwards": True}, 103), (108, 1, "calendar_day", {"backwards": True}, 107),
        (108, 1, "calendar_day", {"backwards": True, "rolled_back": True}, 105),
        (104, 1, "workday", {}, 105), (105, 1, "workday", {}, 108), (106, 1, "workday", {}, 108),
        (109, 1, "workday", {"backwards": True}, 108), (108, 1, "workday", {"backwards": True}, 105),
        (107, 1, "workday", {"backwards": True}, 105), (106, 2, "workday", {"backwards": True}, 104),
        # «Zero is the same day; zero workdays after a day off is the first workday after it.»
        (104, 0, "workday", {}, 104), (106, 0, "workday", {}, 108), (107, 0, "workday", {}, 108),
        (106, 0, "workday", {"backwards": True}, 106),
        (106, 0, "workday", {"backwards": True, "rolled_back": True}, 105),
        # the edges of what the calendar knows
        (102, 1, "workday", {"backwards": True}, 101), (101, 1, "workday", {"backwards": True}, None),
        (103, 3, "calendar_day", {"backwards": True}, 100), (102, 3, "calendar_day", {"backwards": True}, None),
        (111, 1, "workday", {}, 112), (112, 1, "workday", {}, None), (101, 99, "workday", {}, None),
        (110, 3, "calendar_day", {}, 113), (110, 4, "calendar_day", {}, None),
        (113, 1, "calendar_day", {"backwards": True}, 112), (114, 1, "calendar_day", {"backwards": True}, None),
        (100, 1, "workday", {"backwards": True}, None),
        (99, 2, "calendar_day", {}, None), (None, 1, "workday", {}, None),
    ],
)  # fmt: skip
def test_a_day_counted_from_another(
    calendar: Calendar, base: int | None, amount: int, unit: Unit, more: dict[str, bool], day: int | None
) -> None:
    assert counted(node(amount, unit, **more), base, calendar) == day


@pytest.mark.parametrize(
    ("day", "minute", "amount", "end"),
    [
        (101, 510, 8, (102, 510)),  # from 08:30: three hours, four, and one of the next day
        (101, 450, 4, (101, 690)), (101, 450, 5, (101, 840)), (101, 0, 8, (101, 1020)), (101, 1440, 8, (102, 1020)),
        (101, 720, 4, (101, 1020)),  # in the break nothing runs
        (105, 960, 2, (108, 510)),
        (107, 600, 1, (108, 510)), (106, 600, 1, (108, 510)), (100, 600, 1, (101, 510)),  # off: from 07:30
        (112, 450, 8, (112, 1020)), (112, 450, 9, None), (111, 960, 2, (112, 510)),
        (99, 600, 1, None), (114, 600, 1, None),
    ],
)  # fmt: skip
def test_hours_after_a_moment(
    calendar: Calendar, day: int, minute: int, amount: int, end: tuple[int, int] | None
) -> None:
    assert hours_after(day, minute, amount, hours_of(calendar), calendar) == end


def test_the_last_day_of_a_calendar_may_be_worked(book: Rulebook) -> None:
    calendar = book.calendar().stretch(100, FORTNIGHT[:-1])  # it ends with Friday 112
    assert hours_after(111, 960, 2, hours_of(calendar), calendar) == (112, 510)


def test_without_office_hours_nothing_is_counted_by_them(calendar: Calendar) -> None:
    assert hours_after(101, 510, 8, NO_HOURS, calendar) is None
    facts = facts_of(calendar, 101, 510, hours=NO_HOURS)
    assert office_day(101, 510, 1, facts) is None
    assert ends_after(node(8, "work_hour"), facts) is None
    assert ends_after(node(1, "office_day"), facts) is None


@pytest.mark.parametrize(
    ("day", "minute", "amount", "found"),
    [
        (101, 510, 0, 101), (101, 1019, 0, 101), (101, 1020, 0, 102), (101, 0, 0, 101), (101, 1440, 1, 103),
        (105, 510, 0, 105), (105, 1020, 0, 108), (105, 510, 1, 108), (107, 510, 0, 108), (107, 510, 1, 109),
        (106, 1030, 0, 108), (101, 510, 2, 103), (104, 510, 4, 110),
        (100, 510, 0, None),  # as with days: what was before the first day is not known, and nothing counted from it
        (112, 510, 0, 112), (112, 1020, 0, None), (112, 510, 1, None), (99, 510, 0, None), (114, 510, 0, None),
    ],
)  # fmt: skip
def test_the_office_day_of_a_moment(calendar: Calendar, day: int, minute: int, amount: int, found: int | None) -> None:
    assert office_day(day, minute, amount, facts_of(calendar)) == found


@pytest.mark.parametrize(
    ("amount", "unit", "minute", "ends"),
    [
        (8, "work_hour", 510, ((102, 510), (102, 510))), (8, "work_hour", 0, ((101, 1020), (101, 1020))),
        (8, "work_hour", -1, ((101, 1020), (102, 1020))), (8, "work_hour", None, ((101, 1020), (102, 1020))),
        (80, "work_hour", -1, None), (79, "work_hour", None, None), (99, "work_hour", 510, None),
        (0, "office_day", 510, ((101, 1440), (101, 1440))), (0, "office_day", 0, ((101, 1440), (101, 1440))),
        (0, "office_day", -1, ((101, 1440), (102, 1440))), (9, "office_day", -1, None),
        (9, "office_day", 510, ((112, 1440), (112, 1440))), (10, "office_day", 510, None),
        (2, "workday", 510, ((103, 1440), (103, 1440))), (2, "workday", None, ((103, 1440), (103, 1440))),
        (99, "workday", 510, None),
    ],
)  # fmt: skip
def test_when_a_time_that_is_counted_from_a_moment_ends(
    calendar: Calendar, amount: int, unit: Unit, minute: int | None, ends: object
) -> None:
    """Of a moment at no known hour the first and the last end that it can have; from the end of Monday nine office
    days more are not in this fortnight, from its morning they are."""
    assert ends_after(node(amount, unit), facts_of(calendar, 101, minute)) == ends


def test_a_time_from_nothing_does_not_end(calendar: Calendar) -> None:
    assert ends_after(node(1, "workday"), facts_of(calendar)) is None


def test_an_office_that_is_open_at_midnight_counts_from_midnight(calendar: Calendar) -> None:
    facts = facts_of(calendar, 101, -1, hours=hours_of(calendar, (0, 720, 720, 1440)))
    assert ends_after(node(8, "work_hour"), facts) == ((101, 480), (102, 480))
    assert ends_after(node(0, "office_day"), facts) == ((101, 1440), (102, 1440))  # half a minute before it is 24:00
    closes_early = facts_of(calendar, 101, -1, hours=hours_of(calendar, (0, 1, 1, 1)))
    assert ends_after(node(0, "office_day"), closes_early) == ((101, 1440), (102, 1440))


def test_sector_law_stands_in_the_place_of_the_decree(calendar: Calendar) -> None:
    own = {"answer_within": OwnTime(amount=3, unit="workday")}
    facts = facts_of(calendar, 101, 510, own_times=own)
    assert ends_after(node(1, "workday"), facts) == ((102, 1440), (102, 1440))
    assert ends_after(node(1, "workday", unless_limit="answer_within"), facts) == ((104, 1440), (104, 1440))
    assert ends_after(node(1, "workday", unless_limit="closes_after"), facts) == ((102, 1440), (102, 1440))


@pytest.mark.parametrize(
    ("amount", "unit", "rolled", "written"),
    [
        (0, "workday", 102, 102), (3, "workday", 105, 105), (4, "workday", 108, 108), (99, "workday", None, None),
        (0, "work_hour", 102, 102), (0, "calendar_day", 102, 102), (3, "calendar_day", 105, 105),
        (4, "calendar_day", 108, 106), (11, "calendar_day", None, 113), (12, "calendar_day", None, None),
        (1, "week", 109, 109), (2, "week", None, None), (1, "month", None, None), (1, "year", None, None),
    ],
)  # fmt: skip
def test_the_last_day_of_a_time(
    calendar: Calendar, amount: int, unit: Any, rolled: int | None, written: int | None
) -> None:
    """From Tuesday 102: moved off a day off like a limit, or as it is written."""
    own = OwnTime(amount=amount, unit=unit)
    assert last_day(own, True, 102, calendar) == rolled
    assert last_day(own, False, 102, calendar) == written


def test_a_time_of_nothing_from_a_day_off(calendar: Calendar) -> None:
    nothing = OwnTime(amount=0, unit="workday")
    assert [last_day(nothing, rolls, 106, calendar) for rolls in (True, False)] == [108, 106]
    assert last_day(nothing, True, 113, calendar) is None
    assert last_day(nothing, False, 113, calendar) == 113
    assert last_day(nothing, False, 114, calendar) is None
    assert last_day(nothing, False, 99, calendar) is None
    assert last_day(OwnTime(amount=3, unit="calendar_day"), False, 100, calendar) is None


def test_own_times_in_hours(calendar: Calendar) -> None:
    facts = facts_of(calendar)
    assert own_ends(OwnTime(amount=4, unit="work_hour"), True, 101, 450, facts) == ((101, 690), (101, 690))
    assert own_ends(OwnTime(amount=0, unit="work_hour"), True, 101, 450, facts) == ((101, 1440), (101, 1440))
    assert own_ends(OwnTime(amount=99, unit="workday"), True, 101, 450, facts) is None


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2024-01-31", 1, "2024-02-29"), ("2023-01-31", 1, "2023-02-28"), ("2024-03-31", 1, "2024-04-30"),
        ("2024-11-15", 1, "2024-12-15"), ("2024-12-15", 1, "2025-01-15"), ("2024-02-29", 12, "2025-02-28"),
        ("2024-08-31", 0, "2024-08-31"), ("2024-05-31", 13, "2025-06-30"),
        ("2023-03-31", 11, "2024-02-29"),
    ],
)  # fmt: skip
def test_months_after(day: str, months: int, then: str) -> None:
    assert months_after(day_of(date.fromisoformat(day)), months) == day_of(date.fromisoformat(then))


def test_a_year_that_there_is_not_is_far() -> None:
    day = day_of(date(2024, 12, 31))
    assert months_after(day, 12 * (9999 - 2024)) == day_of(date(9999, 12, 31))
    assert months_after(day, 12 * (9999 - 2024) + 1) == FOREVER


ENDS = ((101, 690), (102, 540))  # between 11:30 of the one day and 09:00 of the next


@pytest.mark.parametrize(
    ("day", "minute", "said"),
    [
        (101, 690, -1), (101, 691, 0), (101, 0, -1), (100, 1439, -1), (101, -1, 0), (100, -1, -1),
        (102, 540, 0), (102, 541, 1), (102, -1, 0), (103, -1, 1), (103, 0, 1),
    ],
)  # fmt: skip
def test_an_event_against_such_an_end(day: int, minute: int, said: int) -> None:
    assert within(ENDS, day, minute) == said


def test_an_event_without_its_hour_against_the_edges_of_a_day() -> None:
    assert within(((101, 1440), (101, 1440)), 101, -1) == -1
    assert within(((101, 1439), (101, 1439)), 101, -1) == -1  # no event of the day lies after its last minute
    assert within(((101, 1438), (101, 1438)), 101, -1) == 0
    assert within(((101, 0), (101, 0)), 101, -1) == 0  # midnight itself would be in time
    assert within(((100, 1440), (100, 1440)), 101, -1) == 1


@pytest.mark.parametrize(("as_of", "said"), [(100, -1), (101, 0), (102, 1), (103, 1)])
def test_the_end_of_a_day_against_such_an_end(as_of: int, said: int) -> None:
    assert past(ENDS, as_of) == said


def test_the_end_of_a_day_against_the_end_of_that_day() -> None:
    whole = ((101, 1440), (101, 1440))
    assert [past(whole, as_of) for as_of in (100, 101, 102)] == [-1, -1, 1]
    assert past(((101, 1439), (101, 1439)), 101) == 1
    assert past(((101, 1439), (102, 540)), 101) == 0


def test_each_day_has_the_hours_of_its_season(calendar: Calendar) -> None:
    """In the second week the offices work from 07:00 to 11:00 and from 13:00 to 16:00, seven hours."""
    worked = [480 * works for works in calendar.works[:7]] + [420 * works for works in calendar.works[7:]]
    hours = (tuple(accumulate(worked, initial=0)), (0,) * 7 + (1,) * 7, (*SHIFTS, 420, 660, 780, 960))
    facts = facts_of(calendar, hours=hours)
    assert [office_day(day, 960, 0, facts) for day in (105, 108)] == [105, 109]
    assert [office_day(day, 900, 0, facts) for day in (105, 108)] == [105, 108]
    assert hours_after(105, 960, 2, hours, calendar) == (108, 480)
    assert hours_after(108, 420, 5, hours, calendar) == (108, 840)
    assert hours_after(108, 600, 2, hours, calendar) == (108, 840)


def test_the_worst_return_counts(calendar: Calendar) -> None:
    way = EachWithin("supplement_requested", 3, unless_limit="return_within")

    def said(*returns: tuple[int, int], slowest: int = 0, own: int | None = 2) -> str:
        """Started on Monday 101 at 08:30, sent back at those moments; two workdays are to 103."""
        seen = [(Seen(101, 510, 0), Seen(day, minute, 0)) for day, minute in returns]
        times = {} if own is None else {"return_within": OwnTime(amount=own, unit="work_hour")}
        return returned(way, facts_of(calendar, returns=seen, slowest_return=slowest, own_times=times))

    assert [said(slowest=rank, own=None) for rank in (0, 3, 4)] == ["met", "met", "met_late"]
    assert said() == "met"
    assert said((101, 630), slowest=9) == "met"  # two hours: to 10:30
    assert said((101, 631)) == "met_late"
    assert said((101, -1)) == "undetermined"
    assert said((101, -1), (101, 600)) == said((101, 600), (101, -1)) == "undetermined"
    assert said((101, -1), (101, 631)) == said((101, 631), (101, -1)) == "met_late"
    assert said((101, 600), own=99) == "undetermined"
