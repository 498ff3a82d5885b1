"""Messages of the national portal, made by hand: each trap of the reference, and what is not to be concluded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.logs.dvcqg import border
from tthc_rules.logs.messages import Message, MessageReading, read_messages
from tthc_rules.logs.sightings import Sighting

FIVE = {"1.000001": {"amount": 5, "unit": "workday"}}
NEVER = {"missed", "met_late", "broken"}


def dossier(number: str = "H99.14-240902-0001", **fields: Any) -> dict[str, Any]:
    """A snapshot of a dossier that was received on Wednesday 4/9/2024 with five workdays: until 11/9."""
    usual = {
        "MaHoSo": number,
        "MaTTHC": "1.000001.000.00.00.H99",
        "KenhThucHien": "1",
        "NgayTiepNhan": "20240904083000",
        "NgayHenTra": "20240911170000",
        "TrangThaiHoSo": "4",
        "NgayKetThucXuLy": "",
        "NgayTra": "",
        "DanhSachHoSoBoSung": [],
    }
    return {**usual, **fields}


CODE = "H99.14-240904-0001"


def row(at: str, state: str, **fields: Any) -> dict[str, Any]:
    """A progress row of that dossier."""
    usual = {"MaHoSo": CODE, "NguoiXuLy": "CB-02", "ThoiDiemXuLy": at, "TrangThai": state}
    return {**usual, "PhongBanXuLy": "Địa chính", "NoiDungXuLy": "", "NgayBatDau": "", **fields}


def read(*bodies: Any, at: str | None = None, catalogue: Any = FIVE, fetched_on: date | None = None) -> MessageReading:
    return read_messages("dvcqg", [Message(body, at) for body in bodies], catalogue, fetched_on=fetched_on)


def codes(reading: MessageReading, level: str = "") -> set[tuple[str, str]]:
    return {(one.code, one.about) for one in reading.diagnostics if level in ("", one.level)}


def events(reading: MessageReading) -> list[tuple[str, str]]:
    (one,) = reading.dossiers
    return [(event["kind"], event["at"]) for event in one.data["events"]]


def unknown(reading: MessageReading) -> list[str]:
    (one,) = reading.dossiers
    return list(one.data.get("unknown", []))


def test_the_sample_of_the_guide(book: Rulebook) -> None:
    """Three workdays from Friday 23/8: 28/8; the supplement restarts on 28/8: 28/8 + 3 over 2 and 3/9 is 4/9/2024."""
    episode = {
        "HoSoBoSungId": "1", "NgayBoSung": "20240826100000", "NgayTiepNhanBoSung": "20240828150000",
        "NgayHenTraTruoc": "20240828170000", "NgayHenTraMoi": "20240830170000", "TrangThaiBoSung": "1",
    }  # fmt: skip
    sent = dossier(
        "H56.14-240823-0001", NgayTiepNhan="20240823083000", NgayHenTra="20240830170000", TrangThaiHoSo="10",
        NgayKetThucXuLy="20240830164500", NgayTra="20240904090000", DanhSachHoSoBoSung=[episode],
    )  # fmt: skip
    reading = read(sent, catalogue={"1.000001": {"amount": 3, "unit": "workday"}})
    verdict = book.evaluate(reading.dossiers[0].data, date(2024, 9, 10))
    assert (verdict.clock.lawful_due, verdict.punctuality) == (date(2024, 9, 4), "early")
    assert ("due_differs", "NgayHenTraMoi") in codes(reading, "info")
    assert not codes(reading, "warning")
    assert not NEVER & {found.outcome for found in (*verdict.obligations, *verdict.limits)}


def test_a_slip_of_a_receipt_replaces_the_promise(book: Rulebook) -> None:
    episode = {
        "NgayBoSung": "20240905100000",
        "NgayTiepNhanBoSung": "20240909100000",
        "NgayHenTraMoi": "20240913170000",
    }
    reading = read(dossier(CODE, DanhSachHoSoBoSung=[episode]))
    received = next(one for one in reading.dossiers[0].data["events"] if one["kind"] == "supplement_received")
    assert received["appointed_due"] == "2024-09-13T17:00:00"
    promised = book.evaluate(reading.dossiers[0].data, date(2024, 9, 10)).clock.promised_due
    assert promised is not None
    assert promised.isoformat()[:10] == "2024-09-13"


def test_a_moved_promise_is_a_re_appointment_only_where_its_arrival_is_known() -> None:
    first, second = dossier(CODE), dossier(CODE, NgayHenTra="20240918170000")
    silent = read(first, second)
    assert [kind for kind, _ in events(silent)] == ["dossier_accepted"]
    assert ("due_moved_unexplained", "NgayHenTra") in codes(silent, "warning")
    assert "reappointed" not in silent.dossiers[0].data["observes"]
    timed = read_messages(
        "dvcqg", [Message(first, "2024-09-04T09:00:00"), Message(second, "2024-09-10T09:00:00")], FIVE
    )
    assert ("reappointed", "2024-09-10T09:00:00") in events(timed)
    assert "reappointed" in timed.dossiers[0].data["observes"]
    assert timed.dossiers[0].data["events"][0]["appointed_due"] == "2024-09-11T17:00:00"


def test_a_state_nine_without_its_finish_is_no_finish(book: Rulebook) -> None:
    reading = read(dossier(CODE, TrangThaiHoSo="9"))
    assert codes(reading, "warning") == {("pause_erased", "TrangThaiHoSo")}
    assert unknown(reading) == ["finish", "pauses"]
    assert book.evaluate(reading.dossiers[0].data, date(2024, 12, 2)).punctuality == "undetermined"


@pytest.mark.parametrize("text", ["Yêu cầu bổ sung", "Chờ thực hiện NVTC", "Tạm dừng"])
def test_a_row_nine_that_speaks_of_waiting_is_no_finish(text: str) -> None:
    reading = read(dossier(CODE), [row("20240906100000", "9", NoiDungXuLy=text)])
    assert ("pause_erased", "TrangThai") in codes(reading, "warning")
    assert "result_issued" not in dict(events(reading))
    assert text not in repr(reading)


def test_a_nine_that_is_followed_by_work_is_no_finish() -> None:
    reading = read(dossier(CODE), [row("20240906100000", "9"), row("20240909100000", "4")])
    assert {"pause_erased", "status_order"} <= {code for code, _ in codes(reading)}
    assert "result_issued" not in dict(events(reading))


def test_a_row_that_is_newer_than_its_snapshot_ends_the_dossier(book: Rulebook) -> None:
    """The last snapshot says «đang xử lý»; a row 9 of an officer came after it, on the due date."""
    reading = read(dossier(CODE), [row("20240911100000", "9")])
    assert ("result_issued", "2024-09-11T10:00:00") in events(reading)
    assert book.evaluate(reading.dossiers[0].data, date(2024, 12, 2)).punctuality == "on_time"
    filler = read(dossier(CODE), [row("20240911100000", "9", NguoiXuLy="Cán bộ một cửa")])
    assert "result_issued" not in dict(events(filler))
    assert unknown(filler) == ["finish"]


def test_a_state_nine_in_a_list_that_has_no_finish_at_all_is_an_unknown_finish() -> None:
    listed = {
        "MaHoSo": CODE,
        "NgayTiepNhan": "2024-09-04 08:30:00",
        "NgayHenTra": "2024-09-11 17:00:00",
        "TrangThaiHoSo": "9",
    }
    assert codes(read(listed), "warning") == {("finish_unknown", "TrangThaiHoSo")}
    assert unknown(read(listed)) == ["finish"]
    assert ("result_issued", "2024-09-10T09:00:00") in events(read(listed, [row("20240910090000", "9")]))


def test_a_file_that_is_newly_filed_is_not_accepted_by_its_date(book: Rulebook) -> None:
    reading = read(dossier(CODE, TrangThaiHoSo="1"))
    assert codes(reading, "warning") == {("acceptance_doubtful", "TrangThaiHoSo")}
    assert book.evaluate(reading.dossiers[0].data, date(2024, 12, 2)).punctuality == "undetermined"
    followed = read(dossier(CODE, TrangThaiHoSo="1"), dossier(CODE, TrangThaiHoSo="2"))
    assert unknown(followed) == []
    assert unknown(read(dossier(CODE, TrangThaiHoSo="1"), [row("20240904083000", "2")])) == []


def test_a_lost_episode_is_kept_and_makes_the_pauses_incomplete() -> None:
    one = {"HoSoBoSungId": "1", "NgayBoSung": "20240905100000", "NgayTiepNhanBoSung": "20240906100000"}
    two = {"HoSoBoSungId": "2", "NgayBoSung": "20240909100000", "NgayTiepNhanBoSung": "20240910100000"}
    reading = read(dossier(CODE, DanhSachHoSoBoSung=[one]), dossier(CODE, DanhSachHoSoBoSung=[two]))
    assert [at for kind, at in events(reading) if kind == "supplement_requested"] == [
        "2024-09-05T10:00:00",
        "2024-09-09T10:00:00",
    ]
    assert ("pauses_incomplete", "DanhSachHoSoBoSung") in codes(reading, "warning")
    assert unknown(reading) == ["pauses"]


def test_a_row_five_beside_one_episode_is_a_request_of_its_own() -> None:
    one = {"HoSoBoSungId": "1", "NgayBoSung": "20240909100000", "NgayTiepNhanBoSung": "20240910100000"}
    rows = [
        row("20240905100000", "5"),
        row("20240906100000", "4"),
        row("20240909100000", "5"),
        row("20240910100000", "4"),
    ]
    reading = read(dossier(CODE, DanhSachHoSoBoSung=[one]), rows)
    assert sum(kind == "supplement_requested" for kind, _ in events(reading)) == 2
    assert ("pauses_incomplete", "TrangThai") in codes(reading, "warning")


def test_a_state_that_is_sent_twice_is_one_request_and_says_that_something_is_missing() -> None:
    reading = read(dossier(CODE), [row("20240905100000", "5"), row("20240906100000", "5"), row("20240909100000", "4")])
    assert sum(kind == "supplement_requested" for kind, _ in events(reading)) == 1
    assert unknown(reading) == ["pauses"]


@pytest.mark.parametrize(
    ("state", "gap", "level"),
    [
        ("5", ["pauses"], "warning"),
        ("3", ["finish"], "warning"),
        ("7", ["finish"], "warning"),
        ("8", ["finish"], "warning"),
    ],
)
def test_a_state_without_its_time_makes_no_event(state: str, gap: list[str], level: str) -> None:
    reading = read(dossier(CODE, TrangThaiHoSo=state))
    assert ("state_without_time", "TrangThaiHoSo") in codes(reading, level)
    assert events(reading) == [("dossier_accepted", "2024-09-04T08:30:00")]
    assert unknown(reading) == gap


def test_a_payment_without_its_time_matters_only_where_the_limit_waits_for_it() -> None:
    sent = dossier(CODE, TrangThaiHoSo="6")
    assert ("state_without_time", "TrangThaiHoSo") in codes(read(sent), "info")
    assert unknown(read(sent)) == []
    waits = {"1.000001": {"amount": 5, "unit": "workday", "pauses_for": ["payment"]}}
    assert unknown(read(sent, catalogue=waits)) == ["pauses"]


def test_an_update_of_a_state_has_no_time_even_where_its_arrival_is_known() -> None:
    update = {"IdHoSo": "7", "MaHoSo": CODE, "TrangThai": 5, "NoiDungYKien": "(ví dụ)"}
    reading = read_messages(
        "dvcqg", [Message(dossier(CODE), "2024-09-04T09:00:00"), Message(update, "2024-09-06T09:00:00")], FIVE
    )
    assert ("state_without_time", "TrangThai") in codes(reading, "warning")
    assert "supplement_requested" not in dict(events(reading))
    assert unknown(reading) == ["pauses"]


def test_the_shape_of_the_ministry_of_2026() -> None:
    sent = {
        "MaHoSo": "G09.20-20260609-0092637", "MaTTHC": "1.000001", "MaDichVuCong": "x", "LoaiDoiTuong": 1,
        "MaDonViTiepNhan": "G09.20", "NgayNop": "2026-06-08 22:10:00", "NgayTiepNhan": "2026-06-09 08:00:00",
    }  # fmt: skip
    progress = {"IDHoSo": 9, "MaHoSo": sent["MaHoSo"], "TrangThai": 4, "ThoiDiemXuLy": "2026-06-10T09:00:00.000"}
    reading = read(sent, [progress])
    assert events(reading) == [
        ("dossier_submitted", "2026-06-08T22:10:00"),
        ("dossier_accepted", "2026-06-09T08:00:00"),
        ("dossier_forwarded", "2026-06-10T09:00:00"),
    ]
    assert "appointed_due" not in reading.dossiers[0].data["events"][1]
    assert not {code for code, _ in codes(reading)} & {"code_date_mismatch", "code_shape_unknown", "unknown_field"}


@pytest.mark.parametrize(
    ("body", "about"),
    [
        ({"soHoSoLT": "1", "maHoSo": CODE, "trangThai": 2, "ngayBatDau": "04/09/2024 08:00:00"}, "soHoSoLT"),
        ({"MaHoSo": CODE, "StatusId": 2, "NgayTiepNhan": "20240904083000"}, "StatusId"),
        ({"id": "1", "code": CODE, "dossierStatus": {"id": 5}, "MaHoSo": ""}, "dossierStatus"),
        ([1, 2], ""),
        ("[[]]", None),
    ],
)  # fmt: skip
def test_states_of_other_tables_are_refused_by_name(body: Any, about: str | None) -> None:
    reading = read(body)
    assert reading.dossiers == ()
    wanted = set() if about is None else {("message_not_understood", about)}
    assert codes(reading, "error") == wanted
    assert bool(reading.broken) == bool(wanted)


def test_answers_and_other_services_are_left_out() -> None:
    reading = read({"error_code": 0, "session": "PHIEN-MAU"}, {"service": "LayThuTuc", "session": "PHIEN-MAU"})
    assert codes(reading) == {("message_ignored", "error_code"), ("message_ignored", "service")}
    assert reading.broken == ()
    assert "PHIEN-MAU" not in repr(reading)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ('{"MaHoSo": "H99.14-240904-0001", "ChuHoSo": "NGƯỜI MẪU", "ChuHoSo": "B"}', "key_repeated"),
        ('{"MaHoSo": "H99.14-240904-0001", "NGƯỜI MẪU": 1, "NGƯỜI MẪU": 2}', "key_repeated"),
        ('{"MaHoSo": "H99.14-240904-0001", "a": NaN, "ChuHoSo": "NGƯỜI MẪU"}', "no_number"),
        ('{"MaHoSo": "H99.14-240904-0001", "ChuHoSo": "NGƯỜI MẪU", ', "json"),
        ('{"MaHoSo": "H99.14-240904-0001", "a": ' + "[" * 100 + "]" * 100 + ', "b": "NGƯỜI MẪU"}', "nested_too_deep"),
        ('{"MaHoSo": "H99.14-240904-0001", "a": ' + "[" * 99_999, "nested_too_deep"),
        ('<!DOCTYPE a [<!ENTITY b "NGƯỜI MẪU">]><a><MaHoSo>H99.14-240904-0001</MaHoSo>&b;</a>', "doctype"),
        ('<!DOCTYPE a SYSTEM "http://x/y"><a><MaHoSo>H99.14-240904-0001</MaHoSo></a>', "doctype"),
        ("<a><MaHoSo>H99.14-240904-0001</MaHoSo><b>NGƯỜI MẪU</a>", "xml"),
        ("<a>" * 40 + "<MaHoSo>H99.14-240904-0001</MaHoSo>", "nested_too_deep"),
    ],
)
def test_a_broken_message_spoils_the_dossiers_that_it_names(text: str, about: str) -> None:
    reading = read(dossier(CODE), dossier("H99.14-240904-0002"), text)
    assert codes(reading, "error") == {("message_broken", about)}
    bad, good = reading.dossiers
    assert [problem.code for problem in bad.problems] != []
    assert all(problem.code.startswith("TR-message-") for problem in bad.problems)
    assert good.problems == ()
    said = repr(reading) + "".join(problem.render() for problem in bad.problems)
    assert "NGƯỜI MẪU" not in said


def test_a_broken_message_may_name_thousands() -> None:
    """Among as many that are whole, without being looked for in all of them."""
    names = [f"H99.14-2409{n % 28 + 1:02d}-{n:05d}" for n in range(4000)]
    broken = "[" + ",".join(f'{{"MaHoSo": "{name}"}}' for name in names[::2]) + ",NaN]"
    reading = read([{"MaHoSo": name, "NgayTiepNhan": ""} for name in names[1::2]], broken)
    assert [one.dossier_id for one in reading.dossiers] == sorted(names)
    assert sum(bool(one.problems) for one in reading.dossiers) == 2000


def test_a_dossier_that_was_sent_without_end_is_an_error_row() -> None:
    rows = [
        row(f"2024{n // 3600 % 9 + 1:02d}04{n // 3600:02d}{n // 60 % 60:02d}{n % 60:02d}", "4") for n in range(5_002)
    ]
    (one,) = read(rows).dossiers
    assert [problem.code for problem in one.problems] == ["TR-file-size"]


def test_a_broken_message_that_names_nobody_is_told() -> None:
    reading = read("{", b"\xff\xfe", {"MaHoSo": ""}, {"data": [dossier("")]})
    assert reading.dossiers == ()
    assert len(reading.broken) == 4
    assert codes(reading, "error") >= {("message_broken", "json"), ("message_broken", "encoding")}
    assert ("dossier_unnamed", "MaHoSo") in codes(reading, "error")


def test_no_exception_holds_the_text() -> None:
    """What a reader of errors may walk to from ours has no word of the message."""
    from tthc_rules.logs.messages import bodies_of
    from tthc_rules.logs.sightings import BrokenError

    for text in (
        '{"a": "NGƯỜI MẪU", ',
        '{"NGƯỜI MẪU": 1, "NGƯỜI MẪU": 2}',
        "<a>NGƯỜI MẪU</b>",
        "<!DOCTYPE a>NGƯỜI MẪU",
    ):
        with pytest.raises(BrokenError) as caught:
            list(bodies_of(text))
        error: BaseException | None = caught.value
        while error is not None:
            assert "MẪU" not in repr(error) + str(vars(error))
            error = error.__cause__ or error.__context__


def test_integers_pass_whole() -> None:
    number = 2**63 + 1
    episode = {"HoSoBoSungId": number, "NgayBoSung": "20240905100000"}
    sent = dossier(CODE, DanhSachHoSoBoSung=[episode], SoMoi=number, SoLe=8103194.0)
    for body in (sent, json.dumps(sent)):
        (one,) = read(body).dossiers
        assert one.source_ids["HoSoBoSungId"] == (str(number),)
        assert one.kept["SoMoi"] == number
    assert read('{"MaHoSo": "H99.14-240904-0001", "NgayTiepNhan": "", "SoLe": 8103194.10}').dossiers[0].kept == {
        "SoLe": "8103194.10"
    }


def test_people_are_found_again_under_other_keys() -> None:
    sent = dossier(
        CODE, ChuHoSo="NGUYỄN VĂN MẪU", TenKhachMoi="Nguyễn Văn Mẫu", GocMoi="hs của nguyễn văn mẫu",
        SoMoi="0912345678",
        ThuMoi="a@b.vn", LopMoi={"trong": {"hoTenCha": "X"}}, CoMoi="T1", DonViXuLy="Nguyễn Văn Mẫu"
    )  # fmt: skip
    reading = read(sent)
    (one,) = reading.dossiers
    assert one.kept == {"CoMoi": "T1"}
    assert "units" not in one.data
    assert "mẫu" not in repr(reading).casefold()
    assert {about for code, about in codes(reading) if code == "field_dropped"} == {
        "TenKhachMoi", "GocMoi", "SoMoi", "ThuMoi", "LopMoi",
    }  # fmt: skip


@pytest.mark.parametrize(
    "value", ["NGƯỜI MẪU", "000000000001", "0000000000", {"a": "NGƯỜI MẪU"}, ["NGƯỜI MẪU"], True, 1e300]
)
def test_a_date_that_is_none_is_told_without_its_words(value: Any) -> None:
    reading = read(dossier(CODE, NgayKetThucXuLy=value, TrangThaiHoSo="9"))
    assert ("date_unreadable", "NgayKetThucXuLy") in codes(reading, "warning")
    assert "NGƯỜI MẪU" not in repr(reading)
    assert "000000000001" not in repr(reading)
    assert "finish" in unknown(reading)


def test_an_end_before_the_beginning_is_not_judged(book: Rulebook) -> None:
    reading = read(dossier(CODE, NgayKetThucXuLy="20240903100000", TrangThaiHoSo="9"))
    assert ("date_order", "NgayKetThucXuLy") in codes(reading, "warning")
    assert book.evaluate(reading.dossiers[0].data, date(2024, 12, 2)).punctuality == "undetermined"


def test_days_without_hours_keep_their_order(book: Rulebook) -> None:
    """Received at half past eight, finished on that day at no known hour: the finish is not before the receipt."""
    reading = read(dossier(CODE, NgayKetThucXuLy="20240904000000", TrangThaiHoSo="9", NgayHenTra="20240911000000"))
    assert events(reading) == [("dossier_accepted", "2024-09-04"), ("result_issued", "2024-09-04")]
    assert reading.dossiers[0].data["events"][0]["appointed_due"] == "2024-09-11"
    assert ("time_of_day_missing", "NgayHenTra") in codes(reading, "info")
    assert book.evaluate(reading.dossiers[0].data, date(2024, 12, 2)).punctuality == "early"


def test_the_default_promise_of_two_hours_is_none() -> None:
    """Received at 16:30, two hours of 7:00–11:30 and 13:30–17:00 end at 8:30 of the next day."""
    for received, promised in (("20240904083000", "20240904103000"), ("20240906163000", "20240909083000")):
        sent = dossier("H99.14-240904-0001", NgayTiepNhan=received, NgayHenTra=promised)
        reading = read(sent)
        assert ("due_is_default", "NgayHenTra") in codes(reading, "warning")
        assert "appointed_due" not in reading.dossiers[0].data["events"][0]
    hours = {"1.000001": {"amount": 2, "unit": "work_hour"}}
    kept = read(dossier(CODE, NgayHenTra="20240904103000"), catalogue=hours)
    assert "appointed_due" in kept.dossiers[0].data["events"][0]


def test_a_sender_that_never_promises_is_told_once() -> None:
    reading = read([dossier(f"H99.14-240904-000{n}", NgayHenTra="") for n in range(4)])
    assert [one.dossier_id for one in reading.diagnostics if one.code == "due_always_empty"] == [""]


def test_a_receipt_that_is_the_second_of_the_export_is_unknown(book: Rulebook) -> None:
    old = dossier("H99.14-240612-0015", NgayTiepNhan="20240904083004")
    reading = read(old, at="2024-09-04T08:30:07")
    assert ("date_is_export_time", "NgayTiepNhan") in codes(reading, "warning")
    assert book.evaluate(reading.dossiers[0].data, date(2024, 12, 2)).punctuality == "undetermined"
    fresh = read(dossier(CODE, NgayTiepNhan="20240904083004"), at="2024-09-04T08:30:07")
    assert fresh.dossiers[0].data.get("unknown") is None  # its code bears that day: it was sent at once


def test_a_finish_that_is_the_second_of_the_export_is_unknown(book: Rulebook) -> None:
    sent = [dossier(f"H99.14-240904-000{n}", NgayKetThucXuLy="20240930103007", TrangThaiHoSo="9") for n in range(3)]
    for count, wanted in ((2, "returned_late"), (3, "undetermined")):
        reading = read(sent[:count], at="2024-09-30T10:30:09")
        found = ("date_is_export_time", "NgayKetThucXuLy") in codes(reading, "warning")
        assert found == (wanted == "undetermined")
        assert book.evaluate(reading.dossiers[0].data, date(2024, 12, 2)).punctuality == wanted


def test_a_return_beside_a_finish_that_was_emptied_accuses_nobody(book: Rulebook) -> None:
    """The result was there in time; a later copy lost its day and kept the return, which was after the due date."""
    first = dossier(CODE, NgayKetThucXuLy="20240910150000", TrangThaiHoSo="9")
    later = dossier(CODE, NgayTra="20240920090000", TrangThaiHoSo="10")
    reading = read(first, later)
    assert ("snapshot_conflict", "NgayKetThucXuLy") in codes(reading, "warning")
    assert book.evaluate(reading.dossiers[0].data, date(2024, 12, 2)).punctuality == "undetermined"


def test_steps_have_their_unit_and_their_day() -> None:
    first = row("20240906100000", "4", NgayBatDau="20240904083000", NgayKetThucTheoQuyDinh="20240906170000")
    second = row("20240909100000", "4", NgayKetThucTheoQuyDinh="20240910170000", PhongBanXuLy="Văn phòng")
    reading = read(dossier(CODE), [first, second, row("20240910090000", "4")])
    steps = [
        (one["kind"], one["agency"], one["at"], one.get("due"))
        for one in reading.dossiers[0].data["events"]
        if one["kind"].startswith("step")
    ]
    assert steps == [
        ("step_assigned", "Địa chính", "2024-09-04T08:30:00", "2024-09-06T17:00:00"),
        ("step_done", "Địa chính", "2024-09-06T10:00:00", None),
        ("step_assigned", "Văn phòng", "2024-09-09T10:00:00", "2024-09-10T17:00:00"),
        ("step_done", "Văn phòng", "2024-09-10T09:00:00", None),
    ]
    assert ("weak_step", "NgayKetThucTheoQuyDinh") in codes(reading, "info")


def test_an_instant_that_no_portal_may_write_is_told_at_the_day_it_is_known() -> None:
    sent = dossier(CODE, NgayKetThucXuLy="20250904083000", TrangThaiHoSo="9")
    assert ("date_in_future", "NgayKetThucXuLy") in codes(read(sent, at="2024-09-10T09:00:00"), "warning")
    assert ("date_in_future", "NgayKetThucXuLy") in codes(read(sent, fetched_on=date(2024, 10, 1)), "warning")
    assert ("date_in_future", "NgayKetThucXuLy") not in codes(read(sent))


def test_a_clock_of_twelve_hours_is_told_of_the_sender() -> None:
    sent = [dossier(f"H99.14-240904-{n:04d}", NgayHenTra="20240911050000") for n in range(12)]
    reading = read(sent)
    assert [one.level for one in reading.diagnostics if one.code == "twelve_hour_clock" and not one.dossier_id] == [
        "warning"
    ]
    assert reading.dossiers[0].data["events"][0]["appointed_due"] == "2024-09-11T05:00:00"


@pytest.mark.parametrize("given", ["hôm qua", "2024-02-30T08:00", 7])
def test_a_time_of_arrival_that_cannot_be_read_is_none(given: Any) -> None:
    reading = read(dossier(CODE), at=given)
    assert ("arrival_unreadable", "received_at") in codes(reading, "warning")
    assert "synced_national" not in dict(events(reading))


def test_words_of_a_note_are_no_ground_to_drop_a_code_or_a_unit() -> None:
    reading = read(dossier(CODE, GhiChu="UBND", ThongTinKhac="1.00", MaDoiTuong="0904", DonViXuLy="UBND xã Ví Dụ"))
    (one,) = reading.dossiers
    assert one.data["procedure"] == "1.000001.000.00.00.H99"
    assert one.data["units"] == {"handling_agency": "UBND xã Ví Dụ"}


@pytest.mark.parametrize("number", ["Nguyễn Văn Mẫu", "HS của NGUYỄN VĂN MẪU", "HS-000000000001"])
def test_a_code_that_is_somebody_is_no_name(number: str) -> None:
    sent = dossier(number, ChuHoSo="NGUYỄN VĂN MẪU", SoGiayToChuHoSo="000000000001")
    for body in (sent, json.dumps(sent, ensure_ascii=False)[:-1]):
        reading = read(body)
        assert {code for code, _ in codes(reading, "error")} <= {"dossier_unnamed", "message_broken"}
        assert len(reading.broken) == 1 or number.startswith("HS-")
        assert "mẫu" not in repr(reading).casefold()
    assert read(sent).dossiers == ()


# -- the border --------------------------------------------------------------------------------------------------------

MAU = "NGƯỜI MẪU SỐ MỘT"
UPDATE = "https://example.vn/DongBoHoSoMC?isUpdating=True"


def sighted(record: dict[str, Any]) -> Mapping[str, Any]:
    """What passes the border of a record."""
    (one,) = border.sightings(record, "", "")
    assert isinstance(one, Sighting)
    return one.data


def status(*sent: tuple[Any, str]) -> str:
    """The state of a dossier whose copies came in one second, each with its address."""
    messages = [Message(body, "2024-09-04T08:30:05", url) for body, url in sent]
    (one,) = read_messages("dvcqg", messages, FIVE).dossiers
    return one.status


def enveloped(state: str, updating: str) -> dict[str, Any]:
    return {"service": "DongBoHoSoMC", "isUpdating": updating, "data": dossier(CODE, TrangThaiHoSo=state)}


def test_of_two_copies_of_one_second_the_update_is_the_later_one_in_any_order() -> None:
    """One sender pushes a new dossier with state 1, and within that second the update with state 2."""
    new, update = dossier(CODE, TrangThaiHoSo="1"), dossier(CODE, TrangThaiHoSo="2")
    pairs = [
        ((new, "/x"), (update, UPDATE)),
        ((enveloped("1", "False"), "/x"), (enveloped("2", "True"), "/x")),
        ((enveloped("1", "False"), UPDATE), (update, UPDATE)),
        ((new, "/x"), (enveloped("2", "True"), "/x")),
    ]
    for first, later in pairs:
        assert status(first, later) == status(later, first) == "Được tiếp nhận"


def test_of_two_updates_or_two_new_copies_of_one_second_the_last_one_holds() -> None:
    one, other = (dossier(CODE, TrangThaiHoSo=state) for state in "12")
    assert status((one, UPDATE), (enveloped("2", "True"), "")) == "Được tiếp nhận"
    assert status((enveloped("1", "True"), ""), (other, UPDATE)) == "Được tiếp nhận"
    assert status((one, ""), (enveloped("2", "False"), "")) == "Được tiếp nhận"
    assert status((enveloped("1", "False"), ""), (other, "")) == "Được tiếp nhận"


@pytest.mark.parametrize("body", [{"data": [dossier(CODE)]}, {"data": dossier(CODE)}, [[dossier(CODE)]]])
def test_a_dossier_is_read_wherever_it_stands(body: Any) -> None:
    assert read(body).dossiers == read(dossier(CODE)).dossiers
    assert codes(read(body)) == codes(read(dossier(CODE)))


@pytest.mark.parametrize("key", ["data", "service", "error_code"])
def test_a_record_with_its_code_is_a_record_whatever_stands_beside_it(key: str) -> None:
    reading = read({**dossier(CODE), key: "x1"})
    assert events(reading) == events(read(dossier(CODE)))
    assert codes(reading, "error") == set()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"service": "DongBoHoSoMC"}, set()),
        ({"service": "DongBoHoSoMC", "data": None}, set()),
        ({"service": "DongBoHoSoMC", "data": "text"}, {("message_not_understood", "data")}),
        ({"service": "LayThuTuc", "data": [dossier(CODE)]}, {("message_ignored", "service")}),
        ({"error_code": 0, "data": [dossier(CODE)]}, {("message_ignored", "error_code")}),
        ({"x": 1}, {("message_not_understood", "")}),
        ({"data": {"x": 1}}, {("message_not_understood", "")}),
        ({"TrangThai": 5}, {("dossier_unnamed", "MaHoSo")}),
        ({"TrangThaiHoSo": "5"}, {("dossier_unnamed", "MaHoSo")}),
        ({"NgayTiepNhan": "20240904083000"}, {("dossier_unnamed", "MaHoSo")}),
    ],
)
def test_a_body_without_a_dossier_says_what_it_is(body: Any, said: set[tuple[str, str]]) -> None:
    assert codes(read(body)) == said
    assert read(body).dossiers == ()


def test_a_code_alone_is_a_dossier_and_a_time_or_a_state_of_a_step_is_a_row() -> None:
    assert [one.dossier_id for one in read({"MaHoSo": CODE}).dossiers] == [CODE]
    assert sighted({"MaHoSo": CODE})["t"] == "dossier"
    assert sighted({"MaHoSo": CODE, "ThoiDiemXuLy": "20240904083000"})["t"] == "row"
    assert sighted({"MaHoSo": CODE, "TrangThai": 5})["t"] == "state"


@pytest.mark.parametrize("key", ["MaDoiTuong", "ChucDanh"])
def test_a_number_of_somebody_in_a_dossier_or_in_a_row_is_no_code(key: str) -> None:
    """One sender puts the identity number into `MaDoiTuong`."""
    reading = read(dossier("HS-000000000001", **{key: "000000000001"}))
    assert codes(reading) == {("dossier_unnamed", "MaHoSo")}


def test_an_empty_unit_does_not_take_away_the_one_that_an_earlier_copy_names() -> None:
    (one,) = read(dossier(CODE, DonViXuLy="UBND xã Ví Dụ"), dossier(CODE, DonViXuLy="")).dossiers
    assert one.data["units"] == {"handling_agency": "UBND xã Ví Dụ"}


def test_an_id_that_is_empty_or_somebodys_is_none() -> None:
    sent = dossier(CODE, SoGiayToChuHoSo="B0000001", SoBienNhan="B0000001", MaDichVuCong="", IdHoSo=7)
    (one,) = read(sent).dossiers
    assert one.source_ids == {"IdHoSo": ("7",)}


@pytest.mark.parametrize(
    ("number", "written", "coerced"),
    [("7", "7", False), (7, "7", True), (None, None, False), ("", None, False), (MAU, None, False)],
)
def test_the_id_of_an_episode_passes_as_text_unless_it_names_somebody(
    number: Any, written: str | None, coerced: bool
) -> None:
    episode = {"HoSoBoSungId": number, "NgayBoSung": "20240905100000", "NguoiYeuCauBoSung": MAU}
    (kept,) = sighted(dossier(CODE, DanhSachHoSoBoSung=["x", episode]))["e"]
    assert kept.get("HoSoBoSungId") == written
    assert ("HoSoBoSungId" in kept) == (written is not None)
    told = codes(read(dossier(CODE, DanhSachHoSoBoSung=episode)))  # one that is no list
    assert (("value_coerced", "HoSoBoSungId") in told) == coerced


def test_an_episode_that_is_done_at_no_known_time_leaves_the_pauses_unknown() -> None:
    episode = {"NgayBoSung": "20240905100000", "TrangThaiBoSung": "1", "CotMoi": 1, "họ tên": 1}
    reading = read(dossier(CODE, DanhSachHoSoBoSung=episode))
    assert codes(reading, "warning") == {("state_without_time", "NgayTiepNhanBoSung")}
    assert unknown(reading) == ["pauses"]
    assert {about for code, about in codes(reading) if code == "unknown_field"} == {"CotMoi", "?"}


def test_of_the_unknown_fields_of_a_row_their_names_pass_where_they_are_identifiers() -> None:
    assert sighted(row("20240904083000", "4", CotMoi=1, **{"họ tên": 1}))["x"] == ["?", "CotMoi"]


@pytest.mark.parametrize(
    ("value", "stays"), [(4, 4), ("4", "4"), (True, "true"), (4.0, "4"), (0.5, "0.5"), (None, ""), (MAU, "")]
)
def test_a_state_passes_as_a_number_or_a_word_unless_it_names_somebody(value: Any, stays: Any) -> None:
    kept = sighted(row("20240904083000", value, NguoiXuLy=MAU))["status"]
    assert kept == stays
    assert type(kept) is type(stays)
