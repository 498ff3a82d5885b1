"""What stands in the fields, where it comes from, and what stays blank whatever is known."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from drawn import ALL, accepted, dossier, event

from tthc_rules import Rulebook
from tthc_rules.result.slip import words
from tthc_rules.result.slip.data import SLIP_KINDS, Slip
from tthc_rules.result.slip.fields import FIELDS, in_words

SAID_BY_A_PERSON = {"reason", "signer", "number", "issued", "parent", "to_supply", "contact", "contact_phone"}
PERSONAL = {"applicant", "applicant_id", "address", "phone", "email"}
NAMES = {"so-xay-dung": "Sở Xây dựng", "1.004442": "Cấp giấy phép xây dựng"}


def everything(book: Rulebook) -> list[Slip]:
    """A slip of every kind, from logs that say as much as a log can."""
    lost = event("dossier_lost", "2025-08-07T09:00")
    asked = event("supplement_requested", "2025-08-08T09:00", reason="thiếu bản vẽ")
    sent = event("apology_sent", "2025-08-12", reason="chờ xác minh", new_due="2025-08-20", signer_role="giám đốc")
    stopped = event("dossier_withdrawn", "2025-08-12T09:00")
    return [
        *book.slips(dossier(lost, sent), date(2025, 8, 14), kinds=["apology", "supplement", "refusal", "loss"]),
        *book.slips(dossier(asked), date(2025, 8, 25), kinds=["closing"]),
        *book.slips(dossier(stopped), date(2025, 9, 16)),
    ]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (date(2025, 6, 30), "ngày 30 tháng 6 năm 2025"),
        (date(2025, 7, 1), "ngày 01 tháng 7 năm 2025"),
        (date(2026, 1, 9), "ngày 09 tháng 01 năm 2026"),
        (date(2026, 2, 10), "ngày 10 tháng 02 năm 2026"),
        (date(2026, 3, 31), "ngày 31 tháng 3 năm 2026"),
        (date(2026, 12, 5), "ngày 05 tháng 12 năm 2026"),
        (datetime(2025, 6, 30, 17, 0), "17 giờ 00 phút, ngày 30 tháng 6 năm 2025"),
        (datetime(2025, 7, 1, 8, 5), "08 giờ 05 phút, ngày 01 tháng 7 năm 2025"),
    ],
)
def test_dates_in_words(moment: date, said: str) -> None:
    assert in_words(moment) == said


@pytest.mark.parametrize(
    ("at", "due", "said"),
    [
        ("2025-06-23T08:30", date(2025, 6, 30), "ngày 30 tháng 6 năm 2025"),
        ("2025-06-24T08:30", date(2025, 7, 1), "ngày 01 tháng 7 năm 2025"),
    ],
)
def test_the_appointed_date_on_each_side_of_the_decree(book: Rulebook, at: str, due: date, said: str) -> None:
    (slip,) = book.slips(accepted(at), due + timedelta(1))
    field = slip.field("promised_due")
    assert field is not None
    assert (field.printed, field.source) == (said, "clock.promised_due")


@pytest.mark.parametrize(
    ("day", "number", "title"),
    [
        (date(2019, 1, 5), None, "Văn bản xin lỗi và hẹn lại ngày trả kết quả"),
        (date(2019, 1, 6), "04", "Phiếu xin lỗi và hẹn lại ngày trả kết quả"),
    ],
)
def test_the_first_circular(book: Rulebook, day: date, number: str | None, title: str) -> None:
    (slip,) = book.slips(accepted("2018-12-10T08:30"), day)
    assert slip.title["vi"] == title
    assert (slip.form and slip.form.number) == number
    assert ("no_form" in slip.remarks) == (number is None)


@pytest.mark.parametrize(
    ("day", "called", "title"),
    [
        (
            date(2025, 9, 14),
            "Mẫu số 04, Thông tư số 01/2018/TT-VPCP",
            "Phiếu xin lỗi và hẹn lại ngày trả kết quả",
        ),
        (
            date(2025, 9, 15),
            "Mẫu số 04, Thông tư số 03/2025/TT-VPCP",
            "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
        ),
    ],
)
def test_the_second_circular(book: Rulebook, day: date, called: str, title: str) -> None:
    (slip,) = book.slips(accepted("2025-09-03T08:30"), day)  # 4, 5, 8, 9, 10/9
    assert slip.form is not None
    assert (slip.form.called["vi"], slip.title["vi"]) == (called, title)
    # the gap after Decree 118, in which the older forms are used, is said to be unconfirmed
    assert ("unconfirmed" in {one.status for one in slip.form.citations}) == (day == date(2025, 9, 14))


def test_a_circular_that_is_not_known_yet_names_nothing(book: Rulebook) -> None:
    (slip,) = book.slips(accepted("2025-09-03T08:30"), date(2025, 9, 20), known_on=date(2025, 9, 14))
    assert slip.form is not None
    assert slip.form.document == "01/2018/TT-VPCP"


@pytest.mark.parametrize(
    ("kind", "number"), [("supplement", "02"), ("refusal", "03"), ("stop", "05"), ("closing", None), ("loss", None)]
)
def test_the_numbers_of_the_others(book: Rulebook, kind: str, number: str | None) -> None:
    given = {
        "closing": dossier(event("supplement_requested", "2025-09-01")),
        "loss": dossier(event("dossier_lost", "2025-08-07")),
    }
    (slip,) = book.slips(given.get(kind, dossier()), date(2025, 9, 16), kinds=[kind])  # type: ignore[list-item]
    assert (slip.form and slip.form.number) == number


def test_what_a_person_must_say_is_blank_whatever_the_log_says(book: Rulebook) -> None:
    slips = everything(book)
    assert [one.kind for one in slips] == ["apology", "supplement", "refusal", "loss", "closing", "stop"]
    for slip in slips:
        for field in slip.fields:
            if field.name in SAID_BY_A_PERSON | PERSONAL:
                assert (field.value, field.printed, field.source) == (None, None, ""), (slip.kind, field.name)
                assert field.blank == ("personal_data" if field.name in PERSONAL else "to_say")
        assert "thiếu bản vẽ" not in slip.model_dump_json()
        assert "chờ xác minh" not in slip.model_dump_json()
        assert "giám đốc" not in slip.model_dump_json()


def test_every_field_says_where_it_comes_from(book: Rulebook) -> None:
    for slip in everything(book):
        assert [one.name for one in slip.fields] == [name for name in FIELDS[slip.kind] if slip.field(name)]
        for field in slip.fields:
            assert field.origin["vi"]
            assert field.origin["en"]
            assert (field.value is None) == (field.printed is None) == (field.blank is not None) == (not field.source)


def test_a_source_is_a_place_in_the_dossier(book: Rulebook) -> None:
    """The list need not be in the order of time: the place is that of the list."""
    given = dossier(event("dossier_lost", "2025-08-07T09:00"))
    given["events"].reverse()
    (slip,) = book.slips(given, date(2025, 8, 8), kinds=["loss"])
    said = {one.name: one.source for one in slip.fields if one.source}
    assert (said["accepted"], said["lost"], said["issuer"]) == ("events[1].at", "events[0].at", "units.handling_agency")


def test_units_and_procedures_bear_their_names(book: Rulebook) -> None:
    named, plain = (book.slips(dossier(), date(2025, 8, 14), names=names)[0] for names in (NAMES, {}))
    assert [field.printed for slip in (named, plain) if (field := slip.field("issuer"))] == [
        "Sở Xây dựng",
        "so-xay-dung",
    ]
    assert [field.printed for slip in (named, plain) if (field := slip.field("procedure"))] == [
        *("Cấp giấy phép xây dựng", "1.004442"),
    ]


def test_what_the_dossier_does_not_say_is_said_to_be_missing(book: Rulebook) -> None:
    bare = {name: value for name, value in dossier().items() if name not in ("units", "procedure")}
    (slip,) = book.slips(bare, date(2025, 8, 14))
    blanks = {one.name: one.blank for one in slip.fields}
    assert (blanks["procedure"], blanks["issuer"], blanks["dossier_id"]) == ("not_given", "to_say", None)


def test_a_new_date_is_there_only_if_the_log_has_it(book: Rulebook) -> None:
    again = event("reappointed", "2025-08-12", new_due="2025-08-20")
    blank, known = (book.slips(given, date(2025, 8, 14))[0].field("new_due") for given in (dossier(), dossier(again)))
    assert blank is not None
    assert known is not None
    assert (blank.value, blank.blank) == (None, "to_say")
    assert (known.value, known.source) == ("2025-08-20", "clock.reappointed_due")


def test_the_lawful_date_is_said_where_it_is_another(book: Rulebook) -> None:
    assert book.slips(dossier(), date(2025, 8, 14))[0].field("lawful_due") is None
    paused = [event("clock_paused", "2025-08-07", ground="x"), event("clock_resumed", "2025-08-11")]
    (slip,) = book.slips(dossier(*paused), date(2025, 8, 20))
    lawful = slip.field("lawful_due")
    assert lawful is not None
    assert lawful.value == "2025-08-15"  # 8 and 11/8 do not count


def test_the_words_are_whole() -> None:
    assert set(words.KINDS) == set(words.TITLES) == set(SLIP_KINDS) == set(ALL)
    assert {name for names in FIELDS.values() for name in names} == set(words.LABELS)
    assert all(vi and en for pairs in (words.LABELS, words.TO_SAY, words.REMARKS) for vi, en in pairs.values())


def test_a_slip_is_a_draft_for_good(book: Rulebook) -> None:
    (slip,) = book.slips(dossier(), date(2025, 8, 14))
    dumped: dict[str, Any] = slip.model_dump(mode="json")
    assert dumped["draft"] is True
    assert Slip.model_validate(dumped) == slip
    with pytest.raises(ValueError, match="draft"):
        Slip.model_validate({**dumped, "draft": False})
