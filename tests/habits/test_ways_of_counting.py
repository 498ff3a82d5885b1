"""Each known way of counting, by hand from the calendar: what it gives, and that it is told for that date.

2026: 2/1 off by swap for Saturday 10/1 (letter of 25/12/2025); Tết 16–20/2; 27/4 off in lieu; 30/4, 1/5; Saturday 22/8
worked for Monday 31/8; 1/9, 2/9; 24/11. November has no other day off than 24/11; 2/11 is a Monday.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from tthc_rules import OptionError, Rulebook, Verdict
from tthc_rules.law.habits.kinds import HABITS, Habit
from tthc_rules.result import habit_words
from tthc_rules.result.departure import Departure


def verdict_of(
    book: Rulebook,
    accepted: str,
    amount: int,
    unit: str = "workday",
    *events: tuple[str, str] | dict[str, Any],
    as_of: str = "2026-12-31",
    **more: Any,
) -> Verdict:
    """A dossier that is accepted then, with that limit and the events that follow."""
    happened = [one if isinstance(one, dict) else {"kind": one[0], "at": one[1]} for one in events]
    dossier = {
        "dossier_id": "HS-1",
        "time_limit": {"amount": amount, "unit": unit},
        "events": [{"kind": "dossier_accepted", "at": accepted}, *happened],
        **more,
    }
    return book.evaluate(dossier, date.fromisoformat(as_of))


def ways(found: Departure) -> set[str]:
    return {one.habit for one in found.habits}


SUPPLEMENT = (("supplement_requested", "2026-11-04T09:00"), ("supplement_received", "2026-11-09T09:00"))
OVER_A_WEEKEND = (("supplement_requested", "2026-11-06T09:00"), ("supplement_received", "2026-11-09T09:00"))
IN_2017 = (("supplement_requested", "2017-03-08T07:30"), ("supplement_received", "2017-03-10T17:00"))

# way of counting; accepted, amount, unit, events, as of, what else; the law's date; the sender's
BY_HAND: list[tuple[Habit, tuple[Any, ...], dict[str, Any], str, str]] = [
    # 23, 24/4, (27 off), 28, 29, (30/4, 1/5 off), 4/5 is the fifth; all counted: 23, 24, 27, 28, 29
    ("holidays_forgotten", ("2026-04-22T09:00", 5), {}, "2026-05-04", "2026-04-29"),
    # 20, 21, Saturday 22 (worked), 24, 25; without Saturday: 20, 21, 24, 25, 26
    ("makeup_missed", ("2026-08-19T09:00", 5), {}, "2026-08-25", "2026-08-26"),
    # 21, 22, 24–28, 3/9, 4/9, 7/9; weekends only: 21, 24–28, 31/8, 1, 2, 3/9
    ("weekends_only", ("2026-08-20T09:00", 10), {}, "2026-09-07", "2026-09-03"),
    # 25–28 (4), 3, 4, 7, 8/9; counted anew on 1/9, for which 31/8 is over and worked: 25–28, 31, 3, 4, 7/9
    ("past_holidays_forgotten", ("2026-08-24T09:00", 8), {"as_of": "2026-09-01"}, "2026-09-08", "2026-09-07"),
    # 29, 30, 31/12, (1/1, 2/1 off), 5, 6/1; the swap of next year not loaded: 29, 30, 31, 2/1, 5/1
    ("start_year_only", ("2025-12-26T09:00", 5), {}, "2026-01-06", "2026-01-05"),
    # 23–26 (4), 29–31 (7), (1, 2/1 off), 5, 6, 7/1; before the letter of 25/12 2/1 is a workday: … 2, 5, 6/1
    ("older_calendar", ("2025-12-22T08:30", 10), {}, "2026-01-07", "2026-01-06"),
    # 10, 11, 12, 13, 16; with the 9th: 9, 10, 11, 12, 13
    ("start_day_counted", ("2026-11-09T09:00", 5), {}, "2026-11-16", "2026-11-13"),
    # 30 April (31 March has no like in April) is off, and so is 1 May: Monday 4 May; one day less is Wednesday 29 April
    ("start_day_counted", ("2026-03-31T09:00", 1, "month"), {}, "2026-05-04", "2026-04-29"),
    # 2 + 10; the 2nd counted: one day less
    ("start_day_counted", ("2026-11-02T09:00", 10, "calendar_day"), {}, "2026-11-12", "2026-11-11"),
    # received on Saturday 14/11: 16–20; received on Monday the 16th: 17–20, 23
    ("day_off_start_moved", ("2026-11-14T09:00", 5), {}, "2026-11-20", "2026-11-23"),
    # Saturday 14:00, 4 hours: Monday 7:30–11:30; at the clock time of Saturday: Monday 14:00–17:00, Tuesday 7:30–8:30
    ("day_off_start_moved", ("2026-11-14T14:00", 4, "work_hour"), {}, "2026-11-16T11:30", "2026-11-17T08:30"),
    # as above to 16/11; received at 17:30, one workday more
    ("after_hours_start_moved", ("2026-11-09T17:30", 5), {}, "2026-11-16", "2026-11-17"),
    # 17:30, 1 hour: Tuesday 7:30–8:30; one workday more
    ("after_hours_start_moved", ("2026-11-09T17:30", 1, "work_hour"), {}, "2026-11-10T08:30", "2026-11-11T08:30"),
    # 3–6 (4), 9–13 (9), 16, 17, 18; 2 + 12 is Saturday the 14th, moved to Monday the 16th
    ("calendar_days_for_workdays", ("2026-11-02T09:00", 12), {}, "2026-11-18", "2026-11-16"),
    # 2 + 10 = 12/11; 3–6, 9–13, 16 are ten workdays
    ("workdays_for_days", ("2026-11-02T09:00", 10, "calendar_day"), {}, "2026-11-12", "2026-11-16"),
    # 2 December; an unknown unit for workdays: one workday
    ("workdays_for_days", ("2026-11-02T09:00", 1, "month"), {}, "2026-12-02", "2026-11-03"),
    # as above, left on Saturday the 14th
    ("days_of_24_hours", ("2026-11-02T09:00", 12), {}, "2026-11-18", "2026-11-14"),
    # 7 days: Sunday 15/11, moved to Monday; left where it is
    ("days_of_24_hours", ("2026-11-08T09:00", 7, "calendar_day"), {}, "2026-11-16", "2026-11-15"),
    # Friday 15:00–17:00 (2), Monday 7:30–11:30 (6), 13:00–15:00; around the clock 8 hours end at 23:00
    ("days_of_24_hours", ("2026-11-13T15:00", 8, "work_hour"), {}, "2026-11-16T15:00", "2026-11-13T23:00"),
    # 6, 9–13, 16; 5 + 7 = 12/11, and the two days off in between once more: Saturday the 14th
    ("days_off_added_once", ("2026-11-05T09:00", 7), {}, "2026-11-16", "2026-11-14"),
    # the 10th; 8 hours from 7:00 are over at 17:00 of the 9th
    ("eight_hour_day", ("2026-11-09T06:30", 1), {}, "2026-11-10", "2026-11-09T17:00"),
    # Monday 10:00–11:30, 13:00–17:00 (5.5), Tuesday (13.5), Wednesday 7:30–10:00; two days: the end of Wednesday
    ("eight_hour_day", ("2026-11-09T10:00", 16, "work_hour"), {}, "2026-11-11T10:00", "2026-11-11T17:00"),
    # 9:00–11:30 (2.5) and 13:00–14:30; from 13:30: 15:00
    ("fixed_hours", ("2026-11-09T09:00", 4, "work_hour"), {}, "2026-11-09T14:30", "2026-11-09T15:00"),
    # in winter 7:30–12:00, 13:00–16:30: 9:00–12:00, 13:00–14:00; by default 9:00–11:30, 13:00–14:30
    (
        "default_hours", ("2026-11-09T09:00", 4, "work_hour"), {"jurisdiction": "vinh-phuc"},
        "2026-11-09T14:00", "2026-11-09T14:30",
    ),
    # 15:00–17:00, 7:30–11:30, 13:00–15:00; fixed: 15:00–17:00, and 6 hours from 7:00 without a break
    ("lunch_ignored", ("2026-11-09T15:00", 8, "work_hour"), {}, "2026-11-10T15:00", "2026-11-10T13:00"),
    ("rounded_to_quarter", ("2026-11-09T09:07", 1, "work_hour"), {}, "2026-11-09T10:07", "2026-11-09T10:15"),
    # 13:00–14:00
    ("wrong_at_1130", ("2026-11-09T11:30", 1, "work_hour"), {}, "2026-11-09T14:00", "2026-11-09T03:00"),
    # fixed hours: 10:00–11:30 and 13:30–14:00
    ("two_hours", ("2026-11-09T10:00", 5), {}, "2026-11-16", "2026-11-09T14:00"),
    ("failed", ("2026-11-09T10:00", 5), {}, "2026-11-16", "0001-01-01"),
    # the limit anew after 9/11: 10–13, 16; untouched since 2/11: 3–6, 9
    ("stops_ignored", ("2026-11-02T09:00", 5, "workday", *SUPPLEMENT), {}, "2026-11-16", "2026-11-09"),
    # 9/11 and the three workdays 5, 6, 9
    ("pause_for_restart", ("2026-11-02T09:00", 5, "workday", *SUPPLEMENT), {}, "2026-11-16", "2026-11-12"),
    # NĐ before 2018: 13/3 and the two workdays 9, 10; anew after the 10th: 13–17
    ("restart_for_pause", ("2017-03-06T09:00", 5, "workday", *IN_2017), {}, "2017-03-15", "2017-03-17"),
    # 9/11 and three calendar days, less one: the 11th, and one workday; by pause it would be the 10th
    ("waited_calendar_days", ("2026-11-02T09:00", 5, "workday", *OVER_A_WEEKEND), {}, "2026-11-16", "2026-11-12"),
    # 40 hours end on 13/3 at 9:00; waited from 7:30 on the 8th to 17:00 on the 10th: 24 hours, three days more
    ("waited_hours", ("2017-03-06T09:00", 5, "workday", *IN_2017), {}, "2017-03-15", "2017-03-16T09:00"),
    # 7–10, 13–17, 20; nothing between Friday and Sunday is a workday; with the Friday and without the Sunday: one
    (
        "pause_begins_counted",
        ("2017-03-06T09:00", 10, "workday", ("clock_paused", "2017-03-10"), ("clock_resumed", "2017-03-12")),
        {}, "2017-03-20", "2017-03-21",
    ),
    # 20/3 and 8, 9, 14; the 14th alone
    (
        "last_pause_only",
        (
            "2017-03-06T09:00", 10, "workday", ("clock_paused", "2017-03-07"), ("clock_resumed", "2017-03-09"),
            ("clock_paused", "2017-03-13"), ("clock_resumed", "2017-03-14"),
        ),
        {}, "2017-03-23", "2017-03-21",
    ),
    # 13/3 had passed when it was asked for; with 15, 16
    (
        "pause_when_overdue",
        (
            "2017-03-06T09:00", 5, "workday",
            ("supplement_requested", "2017-03-14T09:00"), ("supplement_received", "2017-03-16T09:00"),
        ),
        {}, "2017-03-13", "2017-03-15",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("habit", "dossier", "more", "lawful", "sender_due"), BY_HAND)
def test_each_way_by_hand(
    book: Rulebook, habit: str, dossier: tuple[Any, ...], more: dict[str, Any], lawful: str, sender_due: str
) -> None:
    verdict = verdict_of(book, *dossier, **more)
    found = verdict.departure(sender_due)
    due = "" if found.due is None else f"{found.due}T{found.due_time}" if found.due_time else str(found.due)
    assert due == lawful
    assert found.departs
    assert habit in ways(found)
    assert habit not in found.otherwise
    assert verdict.departure(lawful).habits == ()
    told_apart = habit != "failed" and not (habit == "eight_hour_day" and lawful[:10] == sender_due[:10])
    assert (habit in verdict.departure(lawful).otherwise) is told_apart  # two days of eight hours end with the day


def test_every_way_is_tried_by_hand_and_has_its_words() -> None:
    elsewhere = {"newer_calendar", "other_channel"}  # in tests of their own
    assert {habit for habit, *_ in BY_HAND} | elsewhere == set(HABITS)
    assert tuple(habit_words.HABITS) == HABITS == get_args(Habit)


def test_the_page_has_each_with_its_sentence() -> None:
    page = (Path(__file__).parents[2] / "docs" / "habits.md").read_text(encoding="utf-8")
    rows = [row.split(" | ") for row in page.splitlines() if row.startswith("| `") and row.count(" | ") == 2]
    assert {row[0].strip("| `"): row[1] for row in rows} == {
        habit: f"{vi} / {en}" for habit, (vi, en) in habit_words.HABITS.items()
    }
    assert all(row[2].strip("| ") for row in rows)


def test_a_letter_that_came_after_the_slip(book: Rulebook) -> None:
    """Accepted on 22/12/2025, ten workdays: 6/1 as known then, 7/1 since the letter of 25/12 moved 2/1."""
    accepted = {"kind": "dossier_accepted", "at": "2025-12-22T08:30"}
    dossier = {"dossier_id": "HS-1", "time_limit": {"amount": 10, "unit": "workday"}}
    for slip, agrees in (("2026-01-06", "lawful_due"), ("2026-01-07", None)):
        events = [{**accepted, "appointed_due": slip}]
        found = book.evaluate({**dossier, "events": events}, date(2026, 1, 20)).departure_of_slip()
        assert found is not None
        assert (found.due, found.agrees_with, found.of_slip) == (date(2026, 1, 6), agrees, True)
        assert found.known_on == date(2025, 12, 22)
        assert ways(found) == ({"newer_calendar"} if agrees is None else set())


CATALOGUE = """\
format: 1
time_limits: thu
label: {vi: Thử nghiệm, en: A trial}
regime: one_stop
entries:
"""
ENTRY = """\
  - procedure: "1.004884"
    from: "2020-01-01"
    channels: [%s]
    time_limit: {amount: %d, unit: %s}
    citations: [{document: 1/QĐ-UBND, status: secondary, source: "cổng"}]
"""


@pytest.fixture
def with_channels(tmp_path: Path) -> Rulebook:
    folder = tmp_path / "rules"
    folder.mkdir()
    entries = (
        ENTRY % row for row in (("in_person", 5, "workday"), ("online", 3, "workday"), ("postal", 4, "work_hour"))
    )
    (folder / "thu_tuc.yaml").write_text(CATALOGUE + "".join(entries), encoding="utf-8")
    return Rulebook.load(folder)


def test_the_limit_of_another_channel(with_channels: Rulebook) -> None:
    """Five workdays from 2/11 are 9/11; three are 5/11; four hours 9:00–11:30, 13:00–14:30."""
    dossier = {
        "dossier_id": "HS-1",
        "procedure": "1.004884",
        "channel": "in_person",
        "events": [{"kind": "dossier_accepted", "at": "2026-11-02T09:00"}],
    }
    verdict = with_channels.evaluate(dossier, date(2026, 11, 10))
    online = verdict.departure("2026-11-05")
    assert online.due == date(2026, 11, 9)
    assert [(one.habit, one.channel) for one in online.habits] == [("other_channel", "online")]
    assert "  → lấy thời hạn của cách nộp khác: trực tuyến, 3 ngày làm việc [other_channel]" in online.explain()
    assert verdict.departure("2026-11-02T14:30").habits[0].channel == "postal"
    assert verdict.departure("2026-11-02T14:31").habits == ()
    of_online = with_channels.evaluate({**dossier, "channel": "online"}, date(2026, 11, 10)).departure("2026-11-09")
    assert [one.channel for one in of_online.habits] == ["in_person"]


# -- several, none, agreement ------------------------------------------------------------------------------------------


def test_several_ways_are_all_said(book: Rulebook) -> None:
    """23–27/11 without 24/11: 20/11 + 5 workdays is 30/11; 27/11 by three ways."""
    found = verdict_of(book, "2026-11-20T15:30", 5).departure("2026-11-27")
    assert found.due == date(2026, 11, 30)
    assert ways(found) == {"holidays_forgotten", "weekends_only", "past_holidays_forgotten", "start_day_counted"}
    lines = found.explain().splitlines()
    assert lines[0] == "NGÀY CỦA HỆ THỐNG: 27/11/2026"
    assert lines[1] == "  Theo luật: 30/11/2026 (lịch biết đến ngày 31/12/2026); hệ thống sớm hơn 3 ngày"
    assert "      24/11/2026 Ngày Văn hóa Việt Nam" in lines
    assert "  4 cách tính cùng cho ra ngày này: riêng con số không phân biệt được." in lines
    assert lines[-1] == "  Ngày khác nhau là điều cần hỏi bên gửi, không phải kết luận về ai."
    english = found.explain("en").splitlines()
    assert "  4 ways of counting give this date: the number alone cannot tell them apart." in english
    assert "      24/11/2026 Vietnam Culture Day" in english


def test_one_way_is_said_alone(book: Rulebook) -> None:
    found = verdict_of(book, "2026-11-09T09:00", 5).departure("2026-11-13")
    assert ways(found) == {"start_day_counted"}
    assert "không phân biệt được" not in found.explain()


def test_none_of_them(book: Rulebook) -> None:
    found = verdict_of(book, "2026-11-09T09:00", 5).departure("2026-11-27")
    assert (found.departs, found.habits) == (True, ())
    assert "  Không cách tính nào đã biết cho ra ngày này." in found.explain().splitlines()
    assert "  None of the known ways of counting gives this date." in found.explain("en").splitlines()


def test_they_agree(book: Rulebook) -> None:
    for sender_due in ("2026-11-16", "2026-11-16T08:00", date(2026, 11, 16), datetime(2026, 11, 16, 17, 0)):
        found = verdict_of(book, "2026-11-09T09:00", 5).departure(sender_due)
        assert (found.agrees_with, found.departs, found.habits) == ("lawful_due", False, ())
    assert found.explain().splitlines()[1:] == [
        "  Theo luật: 16/11/2026 (lịch biết đến ngày 31/12/2026)",
        "  Hai ngày trùng nhau.",
    ]


def test_a_limit_in_hours_is_compared_by_the_minute(book: Rulebook) -> None:
    """4 hours from 9:00: 9:00–11:30, 13:00–14:30."""
    verdict = verdict_of(book, "2026-11-09T09:00", 4, "work_hour")
    assert verdict.departure("2026-11-09").agrees_with == "lawful_due"
    assert verdict.departure("2026-11-09T14:30").agrees_with == "lawful_due"
    found = verdict.departure("2026-11-09T14:31")
    assert (found.departs, found.habits) == (True, ())
    assert "14:30 09/11/2026 (lịch biết đến ngày 31/12/2026); khác giờ" in found.explain()


def test_a_new_appointment_is_no_departure(book: Rulebook) -> None:
    again = {"kind": "reappointed", "at": "2026-11-13T09:00", "new_due": "2026-11-19"}
    found = verdict_of(book, "2026-11-09T09:00", 5, "workday", again).departure("2026-11-19")
    assert (found.agrees_with, found.departs) == ("current_due", False)
    assert found.explain().splitlines()[-1] == "  Trùng với ngày đã hẹn lại."


def test_office_closes_at_five_sharp(book: Rulebook) -> None:
    for limit in ((5, "workday"), (1, "work_hour")):
        at_five = verdict_of(book, "2026-11-09T17:00", *limit).departure("2026-11-17")
        assert "after_hours_start_moved" not in (*ways(at_five), *at_five.otherwise)


# -- where the law has no date -----------------------------------------------------------------------------------------


def test_an_open_pause(book: Rulebook) -> None:
    """Asked for on 4/11 and not there yet: no date by law; 9/11 is what the slip said."""
    request = ("supplement_requested", "2026-11-04T09:00")
    found = verdict_of(book, "2026-11-02T09:00", 5, "workday", request, as_of="2026-11-12").departure("2026-11-09")
    assert (found.due, found.paused, found.departs, found.agrees_with) == (None, True, False, None)
    assert [(one.habit, one.days[0].day) for one in found.habits] == [("stops_ignored", date(2026, 11, 4))]
    assert found.explain().splitlines()[1] == "  Theo luật: đang tạm dừng, hạn chưa xác định"


@pytest.mark.parametrize("limit", [None, {"none": True}])
def test_no_limit(book: Rulebook, limit: Any) -> None:
    """10:00–11:30, 13:30–14:00: the default of a procedure without a limit."""
    dossier = {"dossier_id": "HS-1", "time_limit": limit,
               "events": [{"kind": "dossier_accepted", "at": "2026-11-09T10:00"}]}  # fmt: skip
    verdict = book.evaluate(dossier, date(2026, 11, 30))
    found = verdict.departure("2026-11-09T14:00")
    assert (found.due, ways(found)) == (None, {"two_hours"})
    assert found.reason in ("no_time_limit_known", "no_limit")
    assert verdict.departure("2026-11-16").habits == ()


def test_what_cannot_be_counted_gives_nothing(book: Rulebook) -> None:
    five, hours = {"amount": 5, "unit": "workday"}, {"amount": 4, "unit": "work_hour"}
    endless = {"amount": 2**31 - 1, "unit": "workday"}
    pause = {"kind": "clock_paused", "at": "2090-01-01"}
    dossiers: tuple[dict[str, Any], ...] = (
        {"events": []},
        {"events": [{"kind": "result_issued", "at": "2026-11-09"}]},
        {"time_limit": hours, "events": [{"kind": "dossier_accepted", "at": "2026-11-09"}]},
        {"time_limit": five, "events": [{"kind": "dossier_accepted", "at": "2005-11-09"}]},
        {"time_limit": five, "events": [{"kind": "dossier_accepted", "at": "2100-12-30"}]},
        {"time_limit": endless, "events": [{"kind": "dossier_accepted", "at": "2026-11-09T09:00"}, pause]},
    )
    for dossier in dossiers:
        verdict = book.evaluate({"dossier_id": "HS-1", **dossier}, date(2100, 12, 31))
        found = verdict.departure("2026-11-20")
        assert found.habits == () or found.due is not None
        assert found.explain()
        assert verdict.departure_of_slip() is None


# -- the slip in the log -----------------------------------------------------------------------------------------------


def test_a_slip_is_held_against_what_had_happened_then(book: Rulebook) -> None:
    """9/11 was right when it was written; what came later does not make it a departure."""
    events = [
        {"kind": "dossier_accepted", "at": "2026-11-02T09:00", "appointed_due": "2026-11-09"},
        {"kind": "supplement_requested", "at": "2026-11-04T09:00"},
        {"kind": "supplement_received", "at": "2026-11-09T09:00"},
    ]
    dossier = {"dossier_id": "HS-1", "time_limit": {"amount": 5, "unit": "workday"}, "events": events}
    verdict = book.evaluate(dossier, date(2026, 11, 30))
    found = verdict.departure_of_slip()
    assert found is not None
    assert (found.due, found.agrees_with) == (date(2026, 11, 9), "lawful_due")
    assert found == book.evaluate(dossier, date(2026, 11, 30), engine="reference").departure_of_slip()
    assert ways(verdict.departure("2026-11-09")) == {"stops_ignored"}
    # the new slip, 12/11, by a pause of 5, 6, 9/11, or of as many hours, in the place of the restart (16/11)
    events[2]["appointed_due"] = "2026-11-12"
    found = book.evaluate(dossier, date(2026, 11, 30)).departure_of_slip()
    assert found is not None
    assert (found.due, ways(found)) == (date(2026, 11, 16), {"pause_for_restart", "waited_hours"})


# -- how it is asked ---------------------------------------------------------------------------------------------------


def test_explain_tells_it_beside_the_limit(book: Rulebook) -> None:
    verdict = verdict_of(book, "2026-11-09T09:00", 5)
    lines = verdict.explain(sender_due="2026-11-13").splitlines()
    at = lines.index("NGÀY CỦA HỆ THỐNG: 13/11/2026")
    assert lines[at - 2] == "  Hạn theo luật: 16/11/2026"
    assert lines[at + 3] == "  → đếm cả ngày tiếp nhận là ngày thứ nhất [start_day_counted]"
    assert "NGÀY CỦA HỆ THỐNG" not in verdict.explain()
    short = verdict.explain("en", short=True, sender_due=date(2026, 11, 13)).splitlines()
    assert "THE DATE OF THE SYSTEM: 13/11/2026" in short
    assert len(short) < 14


@pytest.mark.parametrize("given", ["", "mai", "13/11/2026", "2026-11-31", 20261113, None.__class__])
def test_what_is_no_date_is_refused(book: Rulebook, given: Any) -> None:
    with pytest.raises(OptionError) as refused:
        verdict_of(book, "2026-11-09T09:00", 5).departure(given)
    (problem,) = refused.value.problems
    assert (problem.code, problem.place) == ("TR-option-sender-due", "sender_due")


def test_no_slip_and_no_steps_are_said(book: Rulebook) -> None:
    verdict = verdict_of(book, "2026-11-09T09:00", 5)
    assert verdict.departure_of_slip() is None
    with pytest.raises(OptionError, match="HS-1 không ghi ngày hẹn trên phiếu"):
        verdict.explain(sender_due="slip")
    read_back = Verdict.model_validate_json(verdict.model_dump_json())
    with pytest.raises(OptionError, match="đọc lại từ tệp"):
        read_back.departure("2026-11-13")
    with pytest.raises(OptionError, match="TR-option-lang"):
        verdict.departure("2026-11-13").explain("fr")


def test_the_whole_as_json(book: Rulebook) -> None:
    for sender_due in ("2026-11-13", "2026-11-09T11:00", "0001-01-01"):
        found = verdict_of(book, "2026-11-09T09:00", 5).departure(sender_due)
        assert Departure.model_validate_json(found.model_dump_json()) == found
    assert "NGÀY CỦA HỆ THỐNG: 0001-01-01" in found.explain()
