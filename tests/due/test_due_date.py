"""The date for a slip, without a dossier: every date and every day on the way by hand, from the published calendar."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Command
from hypothesis import given, settings
from hypothesis import strategies as st

from tthc_rules import OptionError, Rulebook, TimeLimit
from tthc_rules.result.duedate import DueDate

FIVE = {"amount": 5, "unit": "workday"}


def told(found: DueDate) -> dict[str, Any]:
    """Each day by its date: its number, its hours, or why it does not count."""
    return {f"{one.day:%d/%m}": one.number or [*one.hours] or one.worth for one in found.steps}


def test_five_workdays_step_over_a_weekend_and_a_day_off_by_name(book: Rulebook) -> None:
    """Friday 20/11/2026 is not counted; Tuesday 24/11 is the Day of Vietnamese Culture."""
    found = book.due("2026-11-20T15:30", time_limit=FIVE)
    assert (found.due, found.due_time, found.provisional, found.reason) == (dt.date(2026, 11, 30), None, False, "")
    assert told(found) == {
        "20/11": "start", "21/11": "day_off", "22/11": "day_off", "23/11": 1, "24/11": "day_off", "25/11": 2,
        "26/11": 3, "27/11": 4, "28/11": "day_off", "29/11": "day_off", "30/11": 5,
    }  # fmt: skip
    culture = found.steps[4]
    assert (culture.kind, culture.name["vi"]) == ("public_holiday", "Ngày Văn hóa Việt Nam")
    assert "28/2026/QH16" in culture.instrument
    assert found.known_on == dt.date(2026, 11, 20)
    assert found.version == "one_stop/2026-08-05"
    assert found.citations[0].say() == "khoản 3 Điều 17 Nghị định số 118/2025/NĐ-CP"
    assert found.assumptions == ("nd367_not_seen",)


def test_a_make_up_saturday_counts(book: Rulebook) -> None:
    """Saturday 22/8/2026 makes up for Monday 31/8."""
    found = book.due(dt.date(2026, 8, 20), time_limit=TimeLimit(amount=3, unit="workday"))
    assert found.due == dt.date(2026, 8, 24)
    assert told(found) == {"20/08": "start", "21/08": 1, "22/08": 2, "23/08": "day_off", "24/08": 3}
    assert (found.steps[2].kind, found.steps[2].name["vi"]) == ("makeup_workday", "Quốc khánh: làm bù")


def test_calendar_days_count_days_off_and_the_last_one_is_moved(book: Rulebook) -> None:
    """The fourth day is Tuesday 1/9/2026, a day off like 2/9: the file is due on Thursday 3/9."""
    found = book.due("2026-08-28", time_limit={"amount": 4, "unit": "calendar_day"})
    assert found.due == dt.date(2026, 9, 3)
    assert told(found) == {
        "28/08": "start", "29/08": 1, "30/08": 2, "31/08": 3, "01/09": 4, "02/09": "moved", "03/09": "moved",
    }  # fmt: skip
    assert found.steps[3].kind == "swapped_off"


def test_a_month_is_clipped_and_moved_off_the_weekend(book: Rulebook) -> None:
    """One month from 31/1/2026 is 28/2, a Saturday."""
    found = book.due("2026-01-31", time_limit={"amount": 1, "unit": "month"})
    assert found.due == dt.date(2026, 3, 2)
    assert told(found)["28/02"] == 28
    assert [told(found)[day] for day in ("01/03", "02/03")] == ["moved", "moved"]


def test_work_hours_end_at_their_minute(book: Rulebook) -> None:
    """Eleven hours from Friday 16:30: 0.5 that day, 8 on Monday, nothing on 24/11, and 2.5 on Wednesday from 7:30."""
    found = book.due("2026-11-20T16:30", time_limit={"amount": 11, "unit": "work_hour"})
    assert (found.due, found.due_time, found.hours) == (dt.date(2026, 11, 25), "10:00", "default")
    assert told(found) == {
        "20/11": [("16:30", "17:00")],
        "21/11": "day_off",
        "22/11": "day_off",
        "23/11": [("07:30", "11:30"), ("13:00", "17:00")],
        "24/11": "day_off",
        "25/11": [("07:30", "10:00")],
    }


def test_work_hours_go_by_the_table_that_is_named(book: Rulebook) -> None:
    """In summer Vĩnh Phúc works 7:00-11:30 and 13:30-17:00: one hour on Friday, three on Monday."""
    found = book.due("2026-06-12T16:00", time_limit={"amount": 4, "unit": "work_hour"}, hours="vinh-phuc")
    assert (found.due, found.due_time, found.hours) == (dt.date(2026, 6, 15), "10:00", "vinh-phuc")
    assert told(found)["15/06"] == [("07:00", "10:00")]


def test_work_hours_without_the_hour_of_acceptance_cannot_be_counted(book: Rulebook) -> None:
    found = book.due("2026-11-20", time_limit={"amount": 8, "unit": "work_hour"})
    assert (found.due, found.reason, found.steps) == (None, "hour_unknown", ())
    assert "cần giờ mà chỉ có ngày" in found.explain("vi")


@pytest.mark.parametrize(
    ("at", "due", "days"),
    [
        ("2026-11-20T14:00", "2026-11-20", {"20/11": "same_day"}),
        (
            "2026-11-20T15:01",
            "2026-11-23",
            {"20/11": "after_cutoff", "21/11": "day_off", "22/11": "day_off", "23/11": "same_day"},
        ),
        ("2026-11-21T09:00", "2026-11-23", {"21/11": "day_off", "22/11": "day_off", "23/11": "same_day"}),
    ],
)
def test_within_the_day_with_a_cutoff(book: Rulebook, at: str, due: str, days: dict[str, str]) -> None:
    found = book.due(at, time_limit={"amount": 0, "unit": "workday", "cutoff": "15:00"})
    assert found.due == dt.date.fromisoformat(due)
    assert told(found) == days


def test_what_is_known_of_the_calendar_is_given(book: Rulebook) -> None:
    """The swap of 2/1/2026 with Saturday 10/1 was decided on 25/12/2025; 1/1 is off."""
    ten = {"amount": 10, "unit": "workday"}
    assert book.due("2025-12-22", time_limit=ten).due == dt.date(2026, 1, 6)
    later = book.due("2025-12-22", time_limit=ten, known_on=dt.date(2025, 12, 25))
    assert later.due == dt.date(2026, 1, 7)
    assert told(later)["02/01"] == "day_off"


def test_days_that_no_letter_has_fixed_are_provisional(book: Rulebook) -> None:
    """Tết 2027 was fixed on 2/10/2026: before that, 4-10 February are off by statute alone, and may move."""
    ten = {"amount": 10, "unit": "workday"}
    found = book.due("2027-01-28", time_limit=ten, known_on=dt.date(2026, 9, 1))
    assert (found.due, found.provisional) == (dt.date(2027, 2, 18), True)
    assert {one.day.day for one in found.steps if one.provisional and one.day.month == 2} >= set(range(4, 11))
    assert "TẠM TÍNH" in found.explain("vi")
    assert "PROVISIONAL" in found.explain("en")
    fixed = book.due("2027-01-28", time_limit=ten)
    assert (fixed.due, fixed.provisional) == (dt.date(2027, 2, 18), False)
    assert "TẠM TÍNH" not in fixed.explain("vi")


def test_a_receipt_that_counts_from_the_next_workday(book: Rulebook) -> None:
    """Under the other reading a file received on Saturday 21/11 is received on Monday 23/11, which is not counted."""
    other = Rulebook.load(interpretations={"receipt_on_day_off": "next_workday"})
    two = {"amount": 2, "unit": "workday"}
    assert book.due("2026-11-21", time_limit=two).due == dt.date(2026, 11, 25)
    found = other.due("2026-11-21", time_limit=two)
    assert found.due == dt.date(2026, 11, 26)
    assert told(found) == {
        "21/11": "start", "22/11": "day_off", "23/11": "start", "24/11": "day_off", "25/11": 1, "26/11": 2,
    }  # fmt: skip


OWN_CLOCKS = Path(__file__).parents[1] / "golden" / "rules"


@pytest.mark.parametrize(
    ("at", "due", "first"),
    [("2026-11-16T15:59", "2026-12-09", {"16/11": "start", "17/11": 1}),
     ("2026-11-16T16:00", "2026-12-10", {"16/11": "start", "17/11": "start", "18/11": 1})],
)  # fmt: skip
def test_a_clock_with_a_cut_off_before_the_office_closes(at: str, due: str, first: dict[str, Any]) -> None:
    """Within sixty minutes of 17:00 the file counts as received on Tuesday 17/11; 16 workdays, without 24/11."""
    found = Rulebook.load(OWN_CLOCKS).due(at, procedure="KARAOKE", channel="online")
    assert (found.due, found.version) == (dt.date.fromisoformat(due), "linked_karaoke/2025-11-17")
    assert dict(list(told(found).items())[: len(first)]) == first


def test_where_the_slip_starts_the_clock_it_is_sent_at_the_acceptance() -> None:
    """NĐ 87/2020 Art. 12(3): three workdays from the slip, sent on Tuesday 17/11/2026: Friday."""
    found = Rulebook.load(OWN_CLOCKS).due("2026-11-17T08:30", procedure="HO-TICH", channel="online")
    assert (found.due, found.version) == (dt.date(2026, 11, 20), "civil_status_online/2025-07-01")


CATALOGUE = """\
format: 1
time_limits: thu
label: {vi: Thử nghiệm, en: A trial}
regime: one_stop
entries:
  - procedure: "1.000001"
    from: "2026-01-01"
    time_limit: {amount: 7, unit: workday}
    citations: [{document: 1/QĐ-UBND, status: secondary, source: "cổng"}]
  - procedure: "1.000001"
    from: "2026-01-01"
    channels: [online]
    time_limit: {amount: 4, unit: workday}
    citations: [{document: 2/QĐ-UBND, status: secondary, source: "cổng"}]
"""


@pytest.fixture
def with_catalogue(tmp_path: Path) -> Rulebook:
    (tmp_path / "thu_tuc.yaml").write_text(CATALOGUE, encoding="utf-8")
    return Rulebook.load(tmp_path)


def test_the_limit_of_a_procedure_is_that_of_its_channel(with_catalogue: Rulebook) -> None:
    """From Monday 2/11/2026: four workdays to Friday 6/11, seven to Wednesday 11/11."""
    online = with_catalogue.due("2026-11-02T09:00", procedure="1.000001", channel="online")
    assert (online.due, online.citations[0].document) == (dt.date(2026, 11, 6), "2/QĐ-UBND")
    assert isinstance(online.time_limit, TimeLimit)
    assert online.time_limit.amount == 4
    assert with_catalogue.due("2026-11-02T09:00", procedure="1.000001").due == dt.date(2026, 11, 11)
    own = with_catalogue.due("2026-11-02T09:00", procedure="1.000001", time_limit={"amount": 1, "unit": "workday"})
    assert (own.due, own.citations[0].document) == (dt.date(2026, 11, 3), "118/2025/NĐ-CP")


def test_a_procedure_without_a_limit_on_that_day(with_catalogue: Rulebook) -> None:
    found = with_catalogue.due("2025-11-03T09:00", procedure="1.000001")
    assert (found.due, found.reason) == (None, "no_time_limit_known")


def test_a_procedure_that_has_no_limit(book: Rulebook) -> None:
    found = book.due("2026-11-20", time_limit={"none": True})
    assert (found.due, found.reason, found.provisional) == (None, "no_limit", False)
    assert "thủ tục không có thời hạn" in found.explain("vi")


@pytest.mark.parametrize(
    ("accepted", "asked", "place", "code"),
    [
        ("2026-11-20", {}, "time_limit", "TR-option-limit"),
        ("2026-11-20", {"procedure": "1.000001"}, "procedure", "TR-option-procedure"),
        ("2026-11-20", {"time_limit": {"amount": -1, "unit": "workday"}}, "time_limit.amount", "TR-input-range"),
        ("2026-11-20", {"time_limit": {"amount": 1, "unit": "day"}}, "time_limit.unit", "TR-input-choice"),
        ("2026-11-20", {"time_limit": {"amuont": 1, "unit": "week"}}, "time_limit.amount", "TR-input-missing"),
        ("2026-11-20", {"time_limit": "5 workday"}, "time_limit", "TR-input-type"),
        ("2026-11-20", {"time_limit": FIVE, "channel": "mail"}, "channel", "TR-input-choice"),
        ("2026-11-20", {"time_limit": FIVE, "jurisdiction": "ha-noj"}, "jurisdiction", "TR-dossier-jurisdiction"),
        ("2026-11-20", {"time_limit": FIVE, "calendar": "vm"}, "calendar", "TR-option-calendar"),
        ("2026-11-20", {"time_limit": FIVE, "hours": "dêfault"}, "hours", "TR-option-hours"),
        ("2026-11-20", {"time_limit": FIVE, "known_on": "2026-11-20"}, "known_on", "TR-option-date"),
        ("2026-02-30", {"time_limit": FIVE}, "accepted", "TR-moment-form"),
        ("20/11/2026", {"time_limit": FIVE}, "accepted", "TR-moment-form"),
        ("1980-01-01", {"time_limit": FIVE}, "accepted", "TR-moment-range"),
        (20261120, {"time_limit": FIVE}, "accepted", "TR-moment-type"),
    ],
)
def test_what_cannot_be_asked_is_an_error_of_the_option(
    book: Rulebook, accepted: Any, asked: dict[str, Any], place: str, code: str
) -> None:
    with pytest.raises(OptionError) as error:
        book.due(accepted, **asked)
    assert (error.value.code, error.value.place) == (code, place)


UNITS = ["workday", "calendar_day", "week", "month", "year", "work_hour"]


@settings(max_examples=150, deadline=None)
@given(
    at=st.datetimes(dt.datetime(2008, 1, 1), dt.datetime(2027, 6, 1)),
    amount=st.integers(0, 40),
    unit=st.sampled_from(UNITS),
)
def test_it_is_the_original_due_date_of_such_a_dossier(book: Rulebook, at: dt.datetime, amount: int, unit: str) -> None:
    limit = {"amount": amount, "unit": unit}
    found = book.due(at, time_limit=limit)
    dossier = {"dossier_id": "H", "time_limit": limit, "events": [{"kind": "dossier_accepted", "at": at}]}
    clock = book.evaluate(dossier, at.date()).clock
    assert found.due is not None
    assert (found.due, found.due, found.due_time) == (clock.original_due, clock.lawful_due, clock.due_time)
    assert (found.provisional, found.version, found.reason) == (clock.provisional, clock.version, "")
    days = [at.date() + dt.timedelta(days=k) for k in range((found.due - at.date()).days + 1)]
    assert [one.day for one in found.steps] == days
    if amount and unit == "workday":
        assert [one.number for one in found.steps if one.number] == list(range(1, amount + 1))
        assert found.steps[-1].number == amount
    if amount and unit == "work_hour":
        spans = [span for one in found.steps for span in one.hours]
        minutes = [int(end[:2]) * 60 + int(end[3:]) - int(a[:2]) * 60 - int(a[3:]) for a, end in spans]
        assert sum(minutes) == amount * 60


@pytest.mark.parametrize("unit", UNITS)
def test_it_is_the_same_read_back(book: Rulebook, unit: str) -> None:
    found = book.due("2026-11-20T15:30", time_limit={"amount": 2, "unit": unit}, jurisdiction="son-la")
    back = DueDate.model_validate_json(found.model_dump_json())
    assert back == found
    assert back.explain("en") == found.explain("en")


def test_a_long_count_is_not_told_day_by_day(book: Rulebook) -> None:
    found = book.due("2026-11-20", time_limit={"amount": 2, "unit": "year"})
    assert found.due == dt.date(2028, 11, 20)
    assert "(dài hơn 400 ngày, không liệt kê)" in found.explain("vi")


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", ["5 workday", "5 ngày làm việc", " 05 ngày làm việc "])
def test_the_command_says_the_date_and_each_day(command: Command, limit: str) -> None:
    code, said = command("due", "--accepted", "2026-11-20T15:30", "--limit", limit)
    assert code == 0
    assert "HẠN TRẢ KẾT QUẢ: 30/11/2026 (thứ Hai)" in said
    assert "24/11/2026 thứ Ba    nghỉ lễ, tết — Ngày Văn hóa Việt Nam" in said


def test_the_command_gives_json(command: Command) -> None:
    code, said = command("due", "--accepted", "2026-11-20T16:30", "--limit", "8 work_hour", "--to", "json")
    assert code == 0
    found = json.loads(said)
    assert (found["due"], found["due_time"]) == ("2026-11-23", "16:30")


def test_the_command_in_english(command: Command) -> None:
    code, said = command("due", "--accepted", "2026-11-20", "--limit", "none", "--lang", "en")
    assert code == 0
    assert said.startswith("Accepted: 20/11/2026\nTime limit: none\nDUE: the procedure has no time limit\n")


@pytest.mark.parametrize(
    ("options", "place"),
    [
        (["--limit", "5-7 ngày"], "--limit"),
        (["--limit", "5 days"], "--limit"),
        (["--limit", "5 workday nếu đủ hồ sơ"], "--limit"),
        ([], "--limit"),
        (["--procedure", "1.000001"], "--procedure"),
        (["--limit", "5 workday", "--channel", "mail"], "--channel"),
        (["--limit", "99999999999 workday"], "--limit"),
        (["--limit", "5 workday", "--known-on", "hôm nay"], "--known-on"),
    ],
)
def test_what_the_command_cannot_use_is_two(command: Command, options: list[str], place: str) -> None:
    code, said = command("due", "--accepted", "2026-11-20", *options)
    assert code == 2
    assert said.startswith("TR-")
    assert f" {place}: " in said
