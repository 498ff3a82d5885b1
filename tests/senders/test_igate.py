"""Answers of iGate, made by hand: states by name, pages, steps, zones, limits that say too little."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.logs.igate import border
from tthc_rules.logs.igate.states import channel_named, state_named, unit_named
from tthc_rules.logs.messages import Message, MessageReading, read_messages
from tthc_rules.logs.sightings import Sighting

CODE = "H99.53-250506-0001"
FIVE = {"1.000001": {"amount": 5, "unit": "workday"}}


def dossier(state: str = "Đang xử lý", **fields: Any) -> dict[str, Any]:
    """A dossier that was accepted on Tuesday 6/5/2025 with five workdays: until 13/5."""
    usual = {
        "id": "66aa",
        "code": CODE,
        "dossierStatus": {"id": 2, "name": state},
        "applicant": {"data": {"fullname": "NGƯỜI MẪU"}},
        "procedure": {"code": "1.000001.000.00.00.H99"},
        "applyMethod": {"id": 1, "name": "Trực tiếp"},
        "acceptedDate": "2025-05-06T08:00:00.000+0700",
        "appointmentDate": "2025-05-13T17:00:00.000+0700",
    }
    return {**usual, **fields}


def read(*bodies: Any, catalogue: Any = FIVE) -> MessageReading:
    return read_messages("igate", [Message(body) for body in bodies], catalogue)


def codes(reading: MessageReading, level: str = "") -> set[tuple[str, str]]:
    return {(one.code, one.about) for one in reading.diagnostics if level in ("", one.level)}


def data(reading: MessageReading) -> dict[str, Any]:
    (one,) = reading.dossiers
    return one.data


def kinds(reading: MessageReading) -> list[str]:
    return [event["kind"] for event in data(reading)["events"]]


@pytest.mark.parametrize(
    ("name", "gap"),
    [
        ("Yêu cầu bổ sung giấy tờ", ["pauses"]),
        ("ĐÃ BỔ SUNG", ["pauses"]),
        ("Tạm dừng", ["pauses"]),
        ("Đã trả kết quả", ["finish"]),
        ("Từ chối tiếp nhận", ["finish"]),
        ("Dừng xử lý", ["finish"]),
        ("Đã hủy", ["finish"]),
        ("Yêu cầu thanh toán", []),
        ("Đang xử lý", []),
        ("Tên lạ", []),
    ],
)
def test_a_state_is_read_by_its_name_and_has_no_time(name: str, gap: list[str]) -> None:
    reading = read(dossier(name, updatedDate="2025-05-09T08:00:00.000+0700"))
    assert kinds(reading) == ["dossier_accepted"]
    assert data(reading).get("unknown", []) == gap
    for number in (1, 5, 8, 18):  # numbers mean nothing
        other = dossier(name, dossierStatus={"id": number, "name": name}, updatedDate="2025-05-09T08:00:00.000+0700")
        assert data(read(other)) == data(reading)


def test_names_as_lists_and_the_name_of_the_step() -> None:
    names = [{"languageId": 46, "name": "Processing"}, {"languageId": 228, "name": "Tạm dừng"}]
    assert data(read(dossier(dossierStatus={"id": 1, "name": names})))["unknown"] == ["pauses"]
    by_step = read(dossier("", dossierTaskStatus={"id": "x", "name": names}))
    assert ("state_without_time", "dossierTaskStatus") in codes(by_step, "warning")
    assert by_step.dossiers[0].status == "Tạm dừng"


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("Đã trả kết quả", "result_issued"),
        ("Từ chối", "dossier_refused"),
        ("Dừng xử lý", "processing_stopped"),
        ("Rút hồ sơ", "dossier_withdrawn"),
    ],
)
def test_the_day_of_an_end_is_that_of_its_state(state: str, kind: str) -> None:
    reading = read(dossier(state, completedDate="2025-05-12T10:00:00.000+0700"))
    assert kinds(reading) == ["dossier_accepted", kind]
    assert "unknown" not in data(reading)


def test_a_limit_of_the_sender_stands_only_where_the_catalogue_has_none() -> None:
    def process(amount: Any, sheet: str = "Ngày làm việc") -> dict[str, Any]:
        made = {"processingTime": amount, "processingTimeUnit": "d", "timesheet": {"name": sheet}}
        return {"processDefinition": made}

    own = read(dossier(procedureProcessDefinition=process(3)), catalogue={})
    assert data(own)["time_limit"] == {"amount": 3, "unit": "workday"}
    both = read(dossier(procedureProcessDefinition=process(3)))
    assert data(both)["time_limit"] == {"amount": 5, "unit": "workday"}
    assert ("limit_differs", "processingTime") in codes(both, "warning")
    half = read(dossier(procedureProcessDefinition=process(0.5)), catalogue={})
    assert "time_limit" not in data(half)
    assert ("limit_unreadable", "processingTime") in codes(half, "warning")
    agrees = read(dossier(procedureProcessDefinition=process("5")))
    assert not codes(agrees, "warning")


def test_pages_are_complete_with_their_first_and_their_last() -> None:
    pages = [{"content": [], "number": n, "last": n == 2} for n in range(3)]
    assert codes(read(*pages)) == set()
    assert codes(read(*reversed(pages))) == set()
    assert codes(read(*pages[:2])) == {("page_incomplete", "last")}
    assert codes(read(*pages[1:])) == {("page_incomplete", "number")}


def test_steps_end_where_the_next_begins() -> None:
    task = [
        {"id": "a", "createdDate": "2025-05-06T08:05:00.000+0700", "isCurrent": 0, "agency": {"name": "Một cửa"},
         "assignee": {"fullname": "CÁN BỘ MẪU"}},
        {"id": "b", "createdDate": "2025-05-06T14:00:00.000+0700", "isCurrent": 1, "agency": {"name": "Phòng A"}},
    ]  # fmt: skip
    running = [{**task[1], "dueDate": "2025-05-09T17:00:00.000+0700"}]
    reading = read(dossier(task=task, currentTask=running))
    steps = [event for event in data(reading)["events"] if event["kind"].startswith("step")]
    assert steps == [
        {"kind": "step_assigned", "at": "2025-05-06T08:05:00", "agency": "Một cửa"},
        {"kind": "step_done", "at": "2025-05-06T14:00:00", "agency": "Một cửa"},
        {"kind": "step_assigned", "at": "2025-05-06T14:00:00", "agency": "Phòng A", "due": "2025-05-09T17:00:00"},
    ]
    assert {"step_assigned", "step_done"} <= set(data(reading)["observes"])
    assert "dossier_forwarded" not in data(reading)["observes"]
    assert "MẪU" not in repr(reading)


def test_a_step_that_is_over_at_no_known_time_is_not_late(book: Rulebook) -> None:
    over = {"id": "a", "createdDate": "2025-05-06T08:05:00", "dueDate": "2025-05-07T17:00:00", "isCurrent": 0}
    verdict = book.evaluate(data(read(dossier(task=[over]))), date(2025, 5, 20))
    assert [step.outcome for step in verdict.steps] == ["undetermined"]


def test_a_step_that_stops_the_clock_has_its_time() -> None:
    stop = {
        "id": "a",
        "createdDate": "2025-05-07T08:00:00",
        "isCurrent": 0,
        "bpmProcessDefinitionTask": {"name": "Tạm dừng"},
    }
    goes_on = {"id": "b", "createdDate": "2025-05-09T08:00:00", "isCurrent": 1}
    reading = read(dossier(task=[stop, goes_on]))
    assert [kind for kind in kinds(reading) if kind.startswith("clock")] == ["clock_paused", "clock_resumed"]


def test_nobody_is_accused_of_a_transfer_that_no_task_shows(book: Rulebook) -> None:
    verdict = book.evaluate(
        data(read(dossier(currentTask={"id": "a", "createdDate": "2025-05-06T08:05:00"}))), date(2025, 5, 12)
    )
    transfers = {one.id: one.outcome for one in verdict.obligations if one.id.startswith("transfer")}
    assert set(transfers.values()) == {"undetermined"}


def test_a_literal_z_on_local_time_is_told_and_nothing_is_shifted() -> None:
    reading = read(dossier(appliedDate="2025-05-06T08:00:00.000+0700", acceptedDate="2025-05-06T08:00:00.000Z"))
    assert ("zone_doubtful", "acceptedDate") in codes(reading, "warning")
    assert data(reading)["events"][-1]["at"] == "2025-05-06T15:00:00"


def test_a_finish_that_was_emptied_is_no_unfinishing() -> None:
    first = dossier(completedDate="2025-05-12T10:00:00.000+0700", updatedDate="2025-05-12T10:00:00.000+0700")
    later = dossier(completedDate=None, updatedDate="2025-05-14T10:00:00.000+0700")
    for order in ((first, later), (later, first)):
        reading = read(*order)
        assert ("snapshot_conflict", "completedDate") in codes(reading, "warning")
        assert data(reading)["unknown"] == ["finish", "pauses"]


def test_only_an_id_and_words_for_nothing() -> None:
    reading = read(dossier(code="", nationCode="undefined", appointmentDate="Invalid date"))
    (one,) = reading.dossiers
    assert one.dossier_id == "66aa"
    assert one.source_ids == {"id": ("66aa",)}
    assert ("date_unset", "appointmentDate") in codes(reading, "info")
    assert ("dossier_unnamed", "code") in codes(read(dossier(code="", id=None)), "error")


def test_an_acceptance_that_is_missing() -> None:
    assert data(read(dossier(acceptedDate=None)))["unknown"] == ["acceptance"]
    assert "unknown" not in data(read(dossier("Mới đăng ký", acceptedDate=None)))


def test_messages_of_others_are_refused_by_name() -> None:
    reading = read({"MaHoSo": CODE, "TrangThaiHoSo": "5"}, {"x": 1}, 7)
    assert codes(reading, "error") == {("message_not_understood", "MaHoSo"), ("message_not_understood", "")}
    assert reading.dossiers == ()


@pytest.mark.parametrize("broken", [lambda sent: json.dumps(sent)[:-1], lambda sent: {**sent, "x": float("nan")}])
def test_a_broken_answer_spoils_its_dossier_and_neither_procedure_nor_agency(broken: Any) -> None:
    sent = dossier(agency={"code": "000.00.53.H99", "name": "UBND xã Ví Dụ"})
    reading = read(broken(sent), dossier(code="H99.53-250506-0002"))
    assert [(one.dossier_id, bool(one.problems)) for one in reading.dossiers] == [
        (CODE, True),
        ("H99.53-250506-0002", False),
    ]


def test_names_of_states_channels_units() -> None:
    assert state_named("  đang   XỬ LÝ ") == "handling"
    assert state_named("Tiếp nhận và chờ bổ sung thành phần") == "supplement"
    assert state_named("5") == ""
    assert (channel_named("Nộp trực tuyến"), channel_named("Bưu chính công ích"), channel_named("3")) == (
        "online",
        "postal",
        None,
    )
    assert (unit_named("d", ""), unit_named("h", "Ngày làm việc"), unit_named("d", "Ngày làm việc")) == (
        None,
        None,
        "workday",
    )


def test_a_text_of_the_answer_is_read_as_its_value() -> None:
    body = {"content": [dossier()], "number": 0, "last": True}
    assert read(body).dossiers == read(json.dumps(body)).dossiers


# -- the border --------------------------------------------------------------------------------------------------------

MAU = "NGƯỜI MẪU SỐ MỘT"
OTHER = "CÁN BỘ MẪU SỐ HAI"


def sighted(**fields: Any) -> Mapping[str, Any]:
    """What passes the border of a dossier with these fields, whose applicant is so called."""
    (one,) = border.sightings(dossier(**{"applicant": {"fullname": MAU}, **fields}), "")
    assert isinstance(one, Sighting)
    return one.data


@pytest.mark.parametrize(
    "body", [[dossier()], {"data": dossier()}, {"data": [dossier()]}, {"content": [dossier()], "number": 0}]
)
def test_a_dossier_is_read_wherever_it_stands(body: Any) -> None:
    reading = read(body)
    assert data(reading) == data(read(dossier()))
    assert codes(reading, "error") == set()


def test_a_code_goes_before_an_id_and_neither_may_be_somebody() -> None:
    assert [one.dossier_id for one in read(dossier(code="", id="66aa")).dossiers] == ["66aa"]
    assert [one.dossier_id for one in read(dossier(id=None)).dossiers] == [CODE]
    for code, number in ((f"HS {MAU}", "66aa"), ("", f"HS {MAU}")):
        reading = read(dossier(applicant={"fullname": MAU}, code=code, id=number))
        assert reading.dossiers == ()
        assert codes(reading) == {("dossier_unnamed", "code")}


def test_an_id_that_names_somebody_or_nothing_is_none() -> None:
    (one,) = read(dossier(applicant={"fullname": MAU}, id=MAU, nationCode="null")).dossiers
    assert one.source_ids == {}
    (one,) = read(dossier(nationCode="000.00.00.H99")).dossiers
    assert one.source_ids == {"id": ("66aa",), "nationCode": ("000.00.00.H99",)}


def test_an_agency_is_its_code_and_without_one_its_name() -> None:
    for agency, name in (
        ({"code": "000.00.53.H99", "name": "UBND xã Ví Dụ"}, "000.00.53.H99"),
        ({"name": "UBND xã Ví Dụ"}, "UBND xã Ví Dụ"),
        ({"code": "", "name": {"languageId": 228, "name": "UBND xã Ví Dụ"}}, "UBND xã Ví Dụ"),
        ({"code": MAU, "name": f"nhà {MAU}"}, ""),
        ("UBND", ""),
    ):
        assert sighted(agency=agency)["f"]["agency"] == name


def test_the_limit_of_the_process_goes_before_that_of_the_dossier() -> None:
    process = {"processDefinition": {"processingTime": 3}}
    assert sighted(processingTime=4, procedureProcessDefinition=process)["f"]["processingTime"] == 3
    assert sighted(processingTime=4, procedureProcessDefinition={})["f"]["processingTime"] == 4


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Tạm dừng", "Tạm dừng"),
        ({"languageId": 46, "name": "Paused"}, "Paused"),
        ([{"languageId": 46, "name": "Paused"}, None, {"languageId": 228, "name": "Tạm dừng"}, {}], "Tạm dừng"),
        ([{"languageId": 46, "name": "Paused"}, {"languageId": 1, "name": "En pause"}], "Paused"),
        ([], ""),
        ([None], ""),
        ("x" * 200, "x" * 200),
        ("x" * 201, ""),
        (f"chờ {MAU}", ""),
    ],
)  # fmt: skip
def test_a_name_is_the_vietnamese_one_else_the_first_and_nobodys_own(name: Any, said: str) -> None:
    assert sighted(dossierStatus={"id": 1, "name": name})["f"]["dossierStatus"] == said


@pytest.mark.parametrize(
    ("value", "stays"),
    [
        (None, None),
        (5, 5),
        (True, "true"),
        (0.5, "0.5"),
        (Decimal("0.50"), "0.50"),
        ("5", "5"),
        ("false", "false"),
        ("-1,5", "-1,5"),
        ("9" * 20, "9" * 20),
        ("9" * 21, "?"),
        ("5 ngày", "?"),
        (MAU, "?"),
    ],
)
def test_a_number_passes_digit_by_digit_and_no_words_with_it(value: Any, stays: Any) -> None:
    kept = sighted(processingTime=value)["f"]["processingTime"]
    assert kept == stays
    assert type(kept) is type(stays)


def test_a_step_is_known_by_its_id_and_runs_where_it_is_the_running_one() -> None:
    made = "2025-05-06T14:00:00"
    past = {"id": "a", "createdDate": made, "isCurrent": 0}
    assert [one["current"] for one in sighted(task=[past, {"id": "b"}])["tasks"]] == [False, None]
    (joined,) = sighted(task=past, currentTask=[{"id": "a", "dueDate": "2025-05-09T17:00:00"}])["tasks"]
    assert joined == {"created": made, "due": "2025-05-09T17:00:00", "current": True, "agency": "", "name": ""}
    assert [one["current"] for one in sighted(currentTask={**past, "createdDate": ""})["tasks"]] == [False]
    assert len(sighted(task=[{"createdDate": made}, None, "b", {"createdDate": made}], currentTask=[{}])["tasks"]) == 3


def test_a_step_names_its_unit_and_no_officer_and_no_applicant() -> None:
    def unit(**agency: str) -> str:
        task = {"id": "a", "assignee": {"fullname": OTHER}, "agency": agency}
        (one,) = sighted(task=[task])["tasks"]
        return str(one["agency"])

    assert unit(name="Phòng A", code="000.01.53.H99") == "Phòng A"
    assert unit(name="", code="000.01.53.H99") == "000.01.53.H99"
    assert unit(name=f"phòng của {OTHER}") == ""
    assert unit(name=f"phòng của {MAU}", code=MAU) == ""


@pytest.mark.parametrize("body", [{"x": 1}, {}, {"data": 1}, 7, [7], {"content": [{"x": 1}]}])
def test_each_answer_without_a_dossier_is_told(body: Any) -> None:
    assert codes(read(body)) == {("message_not_understood", "")}
