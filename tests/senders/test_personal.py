"""What of a record is about people, whatever key it stands under, and what may be kept of what nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tthc_rules.logs.personal import KnownFields, dropped_texts, identifier, kept_fields, names_nobody, without

KNOWN = KnownFields(("MaHoSo", "userCode"), ("TenTTHC", "accountKind"), ("ChuHoSo", "GiayTo"))
"""Fields that are read, those known and not needed (one of each is called as people's are), those of people."""
MAU = "Nguyễn Văn Mẫu"


def words(**record: Any) -> set[str]:
    return set(dropped_texts(record, KNOWN))


def kept(record: Mapping[str, object]) -> tuple[dict[str, object], list[str]]:
    return kept_fields(record, KNOWN, dropped_texts(record, KNOWN))


def nested(depth: int, kind: type) -> object:
    """A 1 in so many lists or objects."""
    value: object = 1
    for _ in range(depth):
        value = [value] if kind is list else {"a": value}
    return value


# -- words about people ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "record",
    [
        {"ChuHoSo": MAU},
        {"ChuHoSo": [MAU]},
        {"ChuHoSo": {"x": MAU}},
        {"ChuHoSo": [{"x": [MAU]}]},
        {"hoTenMoi": MAU},
        {"moi": {"hoTen": MAU}},
        {"moi": [{"x": {"hoTen": [MAU]}}]},
        {"MaHoSo": {"hoTen": MAU}},
    ],
)
def test_words_about_people_are_found_however_deep_they_stand(record: dict[str, Any]) -> None:
    assert words(**record) == {MAU.casefold()}


def test_a_known_field_that_is_called_as_peoples_are_is_no_word_about_people() -> None:
    assert words(userCode="H99.14-0001", accountKind="VNeID-2", TenTTHC="Cấp phép", moi="Cấp phép") == set()


def test_a_word_of_six_letters_is_looked_for_and_a_shorter_one_is_not() -> None:
    assert words(ChuHoSo=" Lê Bảo ") == {"lê bảo"}
    assert words(ChuHoSo=" Lê Ba ", GiayTo=["", 123456]) == set()


def test_a_number_is_looked_for_as_its_digits_are_where_it_is_as_long_as_those_of_people() -> None:
    assert words(ChuHoSo=12345678, GiayTo=[True, 1.5, None]) == set()
    assert words(ChuHoSo=123456789, GiayTo=[Decimal("123456789012")]) == {"123456789", "123456789012"}
    assert not names_nobody("HS-123456789012", dropped_texts({"GiayTo": 123456789012}, KNOWN))


def test_a_number_of_somebody_is_not_kept_under_a_key_that_nobody_knows() -> None:
    assert kept({"GiayTo": 1234567890123, "moi": 1234567890123, "khac": 1234567890124}) == (
        {"khac": 1234567890124},
        ["moi"],
    )
    assert kept({"moi": 123456789012, "so": 912345678, "luc": 1725413400000, "n": 42}) == (
        {"luc": 1725413400000, "n": 42},
        ["moi", "so"],
    )


def test_what_stands_nearest_is_looked_for_before_hundreds_of_papers() -> None:
    papers = [{"hoTen": f"giấy tờ {n}"} for n in range(1000)]
    assert MAU.casefold() in words(ChuHoSo=MAU, moi=papers)
    assert MAU.casefold() in words(moi=papers, ChuHoSo={"x": MAU})


def test_no_record_makes_more_than_four_hundred_words_to_look_for() -> None:
    assert len(words(ChuHoSo=[f"NGƯỜI MẪU {n}" for n in range(399)])) == 399
    assert len(words(ChuHoSo=[f"NGƯỜI MẪU {n}" for n in range(1000)])) == 400


def test_a_word_is_found_in_any_letters_and_one_of_many_is_enough() -> None:
    people = frozenset({"nguyễn văn mẫu", "trần thị mẫu"})
    assert not without("hồ sơ của NGUYỄN VĂN MẪU", people)
    assert not without("ho\u0302\u0300 so\u031b cu\u0309a Nguye\u0302\u0303n Va\u0306n Ma\u0302\u0303u", people)
    assert without("hồ sơ của Nguyễn Văn", people)
    assert without(MAU, frozenset())


# -- a dossier's code --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "word", "is_code"),
    [
        ("HS Nguyễn Văn Mẫu", MAU, False),
        ("HS-NGUYỄN VĂN MẪU-1", MAU, False),
        ("HS-000000001", "000000001", False),  # an identity card has nine digits, a citizen's number twelve
        ("HS-000000000001", "000000000001", False),
        ("HS-20240904-1", "20240904", True),  # eight are a day
        ("H99.14-240904-0001", "H99.14-240904-0001", True),  # a note that repeats the code names nobody
        ("H99.14-240904-0001", "H99.14", True),
        ("H99.14-240904-0001", "000000001", True),
    ],
)
def test_a_code_with_a_name_or_an_identity_number_in_it_is_somebody(code: str, word: str, is_code: bool) -> None:
    people = dropped_texts({"ChuHoSo": [word, "TRẦN THỊ MẪU"]}, KNOWN)
    assert names_nobody(code, people) is is_code


# -- what may be kept --------------------------------------------------------------------------------------------------


def test_known_fields_are_neither_kept_nor_dropped() -> None:
    known = KnownFields(("so", "userCode"), ("ten", "accountKind"), ("nguoi", "GiayTo"))
    record = dict.fromkeys(("so", "userCode", "ten", "accountKind", "nguoi", "GiayTo"), "T1")
    assert kept_fields(record, known, dropped_texts(record, known)) == ({}, [])


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("ghiChuMoi", "ghiChuMoi"),
        ("tên khác", "?"),
        (MAU, "?"),
        ("9a", "?"),
        ("a" * 65, "?"),
        ("NguyenVanMau", "?"),
        ("NGUYENVANMAU.x", "?"),
    ],
)
def test_a_field_whose_name_speaks_of_people_is_dropped_and_named_only_by_an_identifier(key: str, told: str) -> None:
    assert kept({key: "T1", "ChuHoSo": "Nguyenvanmau"}) == ({}, [told])


def test_the_name_of_a_field_is_told_where_it_is_an_identifier() -> None:
    told = {key: identifier(key) for key in ("a", "CoMoi", "a.b_9", "a" * 64, "", "a b", "9a", "đơn", "a" * 65)}
    assert told == {
        "a": "a", "CoMoi": "CoMoi", "a.b_9": "a.b_9", "a" * 64: "a" * 64, "": "?", "a b": "?", "9a": "?", "đơn": "?",
        "a" * 65: "?",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "stays"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (0.5, 0.5),
        (Decimal("8103194.10"), "8103194.10"),
        ("T1", "T1"),
        ("2024-09-04 08:30:00", "2024-09-04 08:30:00"),
        ("x" * 400, "x" * 400),
        ([1, ["T1", None]], [1, ["T1", None]]),
        ({"a": {"b": Decimal("0.10")}, "c": [Decimal("1.0")]}, {"a": {"b": "0.10"}, "c": ["1.0"]}),
        ([], []),
        ({}, {}),
    ],
)
def test_numbers_codes_and_dates_under_an_unknown_key_are_kept_digit_by_digit(value: object, stays: object) -> None:
    assert kept({"moi": value}) == ({"moi": stays}, [])


@pytest.mark.parametrize(
    "value",
    [
        "hai chữ",
        "x" * 401,
        "a@b.vn",
        "0912345678",
        "so:000000001",
        "xNguyenvanmau",
        ["T1", "hai chữ"],
        ["hai chữ", "T1"],
        {"a": "T1", "b": "hai chữ"},
        {"a": "hai chữ", "b": "T1"},
        {"a": 1, "hoTen": 1},
        {"a": 1, "hai chữ": 1},
        {"a": [{"b": "hai chữ"}]},
        ("T1",),
    ],
)
def test_words_under_an_unknown_key_are_dropped_with_all_that_they_stand_in(value: object) -> None:
    assert kept({"moi": value, "ChuHoSo": "NguyenVanMau", "sau": 1}) == ({"sau": 1}, ["moi"])


@pytest.mark.parametrize("kind", [list, dict])
def test_eight_lists_or_objects_one_in_the_other_are_kept_and_nine_are_not(kind: type) -> None:
    assert kept({"moi": nested(8, kind)}) == ({"moi": nested(8, kind)}, [])
    assert kept({"moi": nested(9, kind)}) == ({}, ["moi"])
    assert kept({"moi": nested(30, kind)}) == ({}, ["moi"])
