"""Messages of OpenCPS, made by hand: states and what their dates mean, forms of dates, copies, XML."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.logs.messages import Message, MessageReading, read_messages
from tthc_rules.logs.opencps import border
from tthc_rules.logs.sightings import Sighting

CODE = "H99.99-240904-0001"
FIVE = {"1.000001": {"amount": 5, "unit": "workday"}}


def at(day: int, hour: int = 8, minute: int = 30) -> int:
    """A moment of September 2024 in Vietnam, in milliseconds since 1970."""
    return int(datetime(2024, 9, day, hour - 7, minute, tzinfo=UTC).timestamp()) * 1000


def dossier(state: str = "processing", **fields: Any) -> dict[str, Any]:
    """A dossier that was received on Wednesday 4/9/2024 with five workdays: until 11/9."""
    usual = {
        "referenceUid": "uid-1",
        "dossierNo": CODE,
        "serviceCode": "1.000001.000.00.00.H99",
        "applicantName": "NGƯỜI MẪU",
        "password": "MATKHAU-MAU",
        "dossierStatus": state,
        "online": "false",
        "originality": 3,
        "lockState": "",
        "submitDate": 0,
        "receiveDate": at(4),
        "dueDate": at(11),
        "releaseDate": 0,
        "finishDate": 0,
    }
    return {**usual, **fields}


def read(*bodies: Any, catalogue: Any = FIVE) -> MessageReading:
    return read_messages("opencps", [Message(body) for body in bodies], catalogue)


def codes(reading: MessageReading, level: str = "") -> set[tuple[str, str]]:
    return {(one.code, one.about) for one in reading.diagnostics if level in ("", one.level)}


def data(reading: MessageReading) -> dict[str, Any]:
    (one,) = reading.dossiers
    return one.data


def events(reading: MessageReading) -> list[tuple[str, str]]:
    return [(event["kind"], event["at"]) for event in data(reading)["events"]]


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        ("done", ["result_issued", "result_returned"]),
        ("releasing", ["result_issued", "result_returned"]),
        ("unresolved", ["processing_stopped"]),
        ("cancelled", ["dossier_withdrawn"]),
        ("denied", ["dossier_refused"]),
    ],
)
def test_the_state_says_what_the_release_is(state: str, kinds: list[str]) -> None:
    reading = read(dossier(state, releaseDate=at(10, 10), finishDate=at(10, 16)))
    assert [kind for kind, _ in events(reading)] == ["dossier_accepted", *kinds]
    assert events(reading)[1][1] == "2024-09-10T10:30:00"
    assert "unknown" not in data(reading)


@pytest.mark.parametrize(
    ("fields", "about", "gap"),
    [
        ({"dossierStatus": "waiting"}, "dossierStatus", ["pauses"]),
        ({"dossierStatus": "pausing"}, "dossierStatus", ["pauses"]),
        ({"lockState": "PAUSE"}, "lockState", ["pauses"]),
        ({"dossierStatus": "denied"}, "dossierStatus", ["finish"]),
        ({"dossierStatus": "cancelled"}, "dossierStatus", ["finish"]),
        ({"dossierStatus": "unresolved"}, "dossierStatus", ["finish"]),
    ],
)
def test_a_state_without_its_time_makes_no_event(fields: dict[str, str], about: str, gap: list[str]) -> None:
    reading = read(dossier(**fields))
    assert ("state_without_time", about) in codes(reading, "warning")
    assert [kind for kind, _ in events(reading)] == ["dossier_accepted"]
    assert data(reading)["unknown"] == gap


def test_what_ended_at_no_known_time_is_not_judged(book: Rulebook) -> None:
    reading = read(dossier("done"))
    assert codes(reading, "warning") == {("finish_unknown", "dossierStatus")}
    assert book.evaluate(data(reading), date(2024, 12, 2)).punctuality == "undetermined"


def test_an_extension_date_is_never_an_extension() -> None:
    """Set to the moment of the release where a file is early: a mark of that system, and no date of anything."""
    early = read(dossier("releasing", releaseDate=at(10), extendDate=at(10)))
    assert not codes(early, "warning")
    late = read(dossier(extendDate=at(18)))
    assert codes(late, "warning") == {("extend_date_unclear", "extendDate")}
    assert "reappointed" not in dict(events(early)) | dict(events(late))


def test_what_the_applicant_asks_for_is_told_and_is_no_event() -> None:
    reading = read(dossier("correcting", correcttingDate=at(5), cancellingDate=at(6)))
    assert codes(reading, "info") == {("amendment_asked", "correcttingDate"), ("withdrawal_asked", "cancellingDate")}
    assert [kind for kind, _ in events(reading)] == ["dossier_accepted"]


def test_a_dossier_is_known_by_its_uid_before_it_has_a_number() -> None:
    before = dossier("new", dossierNo="", receiveDate=0, dueDate=0, submitDate=at(3))
    reading = read(before, dossier())
    (one,) = reading.dossiers
    assert one.dossier_id == CODE
    assert one.source_ids["referenceUid"] == ("uid-1",)
    (alone,) = read(before).dossiers
    assert alone.dossier_id == "uid-1"
    assert "unknown" not in alone.data


def test_a_copy_between_agencies_is_no_dossier() -> None:
    copy = dossier(referenceUid="uid-2", originality=2, receiveDate=at(2))
    for order in ((copy, dossier()), (dossier(), copy)):
        reading = read(*order)
        assert events(reading) == [("dossier_accepted", "2024-09-04T08:30:00")]
        assert ("copy_ignored", "originality") in codes(reading, "info")
    assert read(copy).dossiers == ()


def test_xml_is_read_as_json_is() -> None:
    rows = "".join(f"<{name}>{value}</{name}>" for name, value in dossier("done", releaseDate=at(10)).items())
    other = rows.replace("0001", "0002").replace("uid-1", "uid-2")
    for text in (
        f"<dossier>{rows}</dossier>",
        f'<?xml version="1.0"?>\n<ns:result xmlns:ns="x"><total>1</total><data>{rows}</data></ns:result>',
        f"<a><list><item>{rows}</item><item>{other}</item></list></a>",
    ):
        reading = read(text)
        first = reading.dossiers[0]
        assert first.data == data(read(dossier("done", releaseDate=at(10))))
        assert not codes(reading, "error")
        assert "MẪU" not in repr(reading)
    assert len(reading.dossiers) == 2


def test_a_limit_in_hours_and_what_says_too_little() -> None:
    hours = read(dossier(durationCount=4, durationUnit=1), catalogue={})
    assert data(hours)["time_limit"] == {"amount": 4, "unit": "work_hour"}
    assert "time_limit" not in data(read(dossier(durationCount=4), catalogue={}))
    assert "time_limit" not in data(read(dossier(durationCount=0, durationUnit=0), catalogue={}))
    assert ("limit_differs", "durationCount") in codes(read(dossier(durationCount=4, durationUnit=0)), "warning")


def test_day_and_month_are_never_exchanged() -> None:
    """The code says 4/9; the file was received on «09/04/2024», which exchanged would be that day."""
    reading = read(dossier(receiveDate="09/04/2024 08:30:00", dueDate="11/09/2024 17:00:00"))
    assert events(reading) == [("dossier_accepted", "2024-04-09T08:30:00")]
    assert ("day_month_doubtful", "receiveDate") in codes(reading, "warning")
    assert data(reading)["unknown"] == ["acceptance"]


@pytest.mark.parametrize(
    ("value", "wanted", "code"),
    [
        ("20240910103000", "2024-09-10T10:30:00", None),
        ("10/09/2024 10:30:00", "2024-09-10T10:30:00", None),
        ("2024-09-10T03:30:00Z", "2024-09-10T10:30:00", None),
        (at(10, 10), "2024-09-10T10:30:00", None),
        (float(at(10, 10)), "2024-09-10T10:30:00", "value_coerced"),
        ("10/09/2024", "2024-09-10", "time_of_day_missing"),
        ("254/2024", None, "date_unreadable"),
        ("31/09/2024 08:00:00", None, "date_unreadable"),
        (-1, None, "date_unreadable"),
        (1725000000, None, "date_unreadable"),
        (-62135596800000, None, "date_unset"),
        ("undefined", None, "date_unset"),
    ],
)
def test_the_forms_of_dates(value: Any, wanted: str | None, code: str | None) -> None:
    reading = read(dossier("releasing", releaseDate=value))
    assert dict(events(reading)).get("result_issued") == wanted
    found = {name for name, about in codes(reading) if about == "releaseDate"}
    assert found == ({code} if code else set())


def test_a_release_that_cannot_be_read_beside_its_return_accuses_nobody(book: Rulebook) -> None:
    reading = read(dossier("done", releaseDate="31/09/2024", finishDate=at(20)))
    assert data(reading)["unknown"] == ["pauses"]  # the result may have been there long before its return
    assert book.evaluate(data(reading), date(2024, 12, 2)).punctuality == "undetermined"


def test_messages_of_others_are_refused_by_name() -> None:
    reading = read({"MaHoSo": CODE}, {"soHoSoLT": 1}, "text", {"total": 0}, {"total": 0, "data": []})
    assert codes(reading, "error") == {
        ("message_not_understood", "MaHoSo"),
        ("message_not_understood", "soHoSoLT"),
        ("message_broken", "json"),
    }


# -- the border --------------------------------------------------------------------------------------------------------

MAU = "NGƯỜI MẪU SỐ MỘT"


def sighted(**fields: Any) -> Mapping[str, Any]:
    """What passes the border of a dossier with these fields, whose applicant is so called."""
    (one,) = border.sightings(dossier(**{"applicantName": MAU, **fields}), "")
    assert isinstance(one, Sighting)
    return one.data


def wrapped(depth: int, body: Any) -> Any:
    for _ in range(depth):
        body = {"data": [body]}
    return body


def test_a_dossier_may_stand_in_five_objects_and_not_in_six() -> None:
    reading = read(wrapped(5, dossier()))
    assert [one.dossier_id for one in reading.dossiers] == [CODE]
    assert codes(reading, "error") == set()
    for depth in (6, 20):
        refused = read(wrapped(depth, dossier()))
        assert refused.dossiers == ()
        assert codes(refused) == {("message_not_understood", "")}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"dossierNo": CODE, "receiveDate": at(4)}, True),
        ({"dossierNo": CODE, "dossierStatus": "processing"}, True),
        ({"referenceUid": CODE}, True),
        ({"dossierNo": CODE}, False),
        ({"dossierStatus": "processing"}, False),
        ({"dossierNo": CODE, "data": []}, False),
    ],
)
def test_a_dossier_is_told_by_two_of_its_fields_or_by_its_uid(body: dict[str, Any], found: bool) -> None:
    assert [one.dossier_id for one in read(body).dossiers] == [CODE] * found


def test_an_answer_without_dossiers_is_told_unless_it_counts_none() -> None:
    assert codes(read({"total": 0})) == set()
    assert codes(read([[dossier()], {"data": dossier(dossierNo="H99.99-240904-0002", referenceUid="uid-2")}])) == (
        codes(read(dossier()))
    )
    for body in ({}, {"message": "ok"}, [7], ["text"]):
        assert codes(read(body)) == {("message_not_understood", "")}


def test_a_dossier_without_number_and_uid_or_called_like_somebody_has_no_name() -> None:
    for number, uid in (("", ""), (f"HS {MAU}", "uid-1"), ("", MAU)):
        reading = read(dossier(applicantName=MAU, dossierNo=number, referenceUid=uid))
        assert reading.dossiers == ()
        assert codes(reading) == {("dossier_unnamed", "dossierNo")}
        assert "MẪU" not in repr(reading)


def test_a_uid_with_somebodys_name_is_no_id_and_does_not_take_the_number_away() -> None:
    (one,) = read(dossier(applicantName=MAU, referenceUid=MAU, dossierId="")).dossiers
    assert (one.dossier_id, one.source_ids) == (CODE, {})
    (one,) = read(dossier(referenceUid="uid-1", dossierId=7)).dossiers
    assert one.source_ids == {"referenceUid": ("uid-1",), "dossierId": ("7",)}


def test_what_the_sender_says_of_the_delay_is_kept_where_it_is_short_and_names_nobody() -> None:
    for said, stays in (("Còn 2 ngày", True), ("x" * 80, True), ("x" * 81, False), (f"chờ {MAU}", False)):
        (one,) = read(dossier(applicantName=MAU, dossierOverdue=said)).dossiers
        assert one.kept == ({"dossierOverdue": said} if stays else {})


@pytest.mark.parametrize(
    ("value", "stays"),
    [
        (None, None),
        (7, 7),
        ("7", "7"),
        ("ABC", "ABC"),
        ("x" * 200, "x" * 200),
        ("x" * 201, ""),
        (MAU.title(), ""),
        (f"SỞ {MAU}", ""),
        ("000001", "000001"),
    ],
)
def test_a_word_or_a_number_passes_as_it_was_sent_unless_it_names_somebody(value: Any, stays: Any) -> None:
    """A number stays also where a note repeats it."""
    kept = sighted(domainCode=value, applicantNote="000001")["f"]["domainCode"]
    assert kept == stays
    assert type(kept) is type(stays)


def test_a_limit_in_text_is_told_where_other_fields_are_numbers() -> None:
    coerced = {("value_coerced", "durationCount"), ("value_coerced", "durationUnit")}
    text = dossier(durationCount="5", durationUnit="0")
    assert codes(read(text)) & coerced == coerced
    as_xml = {name: str(value) for name, value in text.items()}
    assert codes(read(as_xml)) & coerced == set()
    assert codes(read(dossier(durationCount=5, durationUnit=0))) & coerced == set()
