"""Answers of iGate, made by hand: states by name, pages, steps, zones, limits that say too little."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.logs.igate.states import channel_named, state_named, unit_named
from tthc_rules.logs.messages import Message, MessageReading, read_messages

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
