"""Time-limit texts: the 39 real ones of the national portal read by hand, odd ones, and whatever hypothesis finds."""

from __future__ import annotations

import csv
import dataclasses
import re
import unicodedata
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import ends
from hypothesis import given, settings
from hypothesis import strategies as st

from tthc_rules.logs import mentions
from tthc_rules.logs.terms import (
    Alternative,
    Conditional,
    LimitUnit,
    NoTerm,
    SameDay,
    Term,
    TimeLimitText,
    UnitUnknown,
    Unreadable,
    as_time_limit,
    read_term,
)

REAL_TEXTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "vn_tthc_thoi_han_2021.csv"


@pytest.fixture(scope="module")
def real() -> Counter[str]:
    """The real texts and how often each occurs."""
    if not REAL_TEXTS.is_file():
        pytest.skip(f"the real texts are not beside this tree: {REAL_TEXTS}")
    with REAL_TEXTS.open(encoding="utf-8-sig", newline="") as lines:
        return Counter(row["thoi_han_giai_quyet"] for row in csv.DictReader(lines))


def workdays(amount: int) -> TimeLimitText:
    return TimeLimitText(amount, "workday")


def days(amount: int) -> TimeLimitText:
    return TimeLimitText(amount, "calendar_day")


EXAM = "Theo hướng dẫn tổ chức kỳ thi tốt nghiệp THPT hằng năm của Bộ Giáo dục và Đào tạo"
AFTER_15 = (
    "trường hợp nhận hồ sơ sau 15 giờ mà không giải quyết được ngay thì trả kết quả trong ngày làm việc tiếp theo."
)
INSURANCE = (
    "a) Nhận hồ sơ từ đơn vị SDLĐ: Tối đa 06 ngày làm việc kể từ ngày cơ quan BHXH nhận đủ hồ sơ theo quy định. "
    "b) Nhận hồ sơ từ người hưởng (theo quy định tại điểm 1b mục Trình tự thực hiện): "
    "Tối đa 03 ngày làm việc kể từ ngày nhận đủ hồ sơ theo quy định."
)
ADVISED = "03 ngày làm việc, trường hợp phải xác minh thì không quá 08 ngày làm việc."

READINGS: list[tuple[str, int, Term]] = [
    ("5 Ngày", 15, days(5)),
    ("30 Ngày", 6, days(30)),
    ("15 Ngày", 3, days(15)),
    ("07 Ngày", 2, days(7)),
    ("20 Ngày làm việc", 12, workdays(20)),
    ("03 Ngày làm việc", 9, workdays(3)),
    ("60 Ngày làm việc", 6, workdays(60)),
    ("5 Ngày làm việc", 6, workdays(5)),
    ("07 Ngày làm việc", 5, workdays(7)),
    ("30 Ngày làm việc", 5, workdays(30)),
    ("10 Ngày làm việc", 5, workdays(10)),
    ("15 Ngày làm việc", 5, workdays(15)),
    ("3 Ngày làm việc", 4, workdays(3)),
    ("24 Ngày làm việc", 3, workdays(24)),
    ("12 Ngày làm việc", 3, workdays(12)),
    ("1 Ngày làm việc", 2, workdays(1)),
    ("02 Ngày làm việc", 1, workdays(2)),
    ("1 Tháng", 2, TimeLimitText(1, "month")),
    ("1", 6, UnitUnknown(1)),
    ("30", 3, UnitUnknown(30)),
    ("0", 9, UnitUnknown(0)),
    ("", 9, NoTerm("not_filled_in", "")),
    ("Không quy định", 4, NoTerm("not_regulated", "Không quy định")),
    ("không quy định", 2, NoTerm("not_regulated", "không quy định")),
    ("Không có", 2, NoTerm("none", "Không có")),
    ("Chưa quy định cụ thể.", 2, NoTerm("not_regulated", "Chưa quy định cụ thể.")),
    ("Không xác định", 1, NoTerm("unknown", "Không xác định")),
    ("Khác", 1, NoTerm("refers_elsewhere", "Khác")),
    ("khác", 1, NoTerm("refers_elsewhere", "khác")),
    ("Tùy theo đợt", 1, NoTerm("refers_elsewhere", "Tùy theo đợt")),
    (
        "Do sở giáo dục và đào tạo quy định",
        1,
        NoTerm("refers_elsewhere", "Do sở giáo dục và đào tạo quy định"),
    ),
    (EXAM, 4, NoTerm("refers_elsewhere", EXAM)),
    (f"Ngay trong ngày tiếp nhận yêu cầu, {AFTER_15}", 6, SameDay("15:00")),
    (f"Ngay trong ngày tiếp nhận hồ sơ; {AFTER_15}", 6, SameDay("15:00")),
    (
        "Tối đa 6 ngày làm việc kể từ ngày cơ quan BHXH nhận đủ hồ sơ theo quy định.",
        3,
        TimeLimitText(6, "workday", "complete_receipt"),
    ),
    (ADVISED, 1, Conditional(workdays(3), (Alternative("trường hợp phải xác minh", workdays(8)),))),
    (
        INSURANCE,
        3,
        Conditional(
            None,
            (
                Alternative("Nhận hồ sơ từ đơn vị SDLĐ", TimeLimitText(6, "workday", "complete_receipt")),
                Alternative(
                    "Nhận hồ sơ từ người hưởng (theo quy định tại điểm 1b mục Trình tự thực hiện)",
                    TimeLimitText(3, "workday", "complete_receipt"),
                ),
            ),
        ),
    ),
]
LINKED = "- Thời hạn thực hiện liên thông các thủ tục hành chính"
SCHOOL_FEES = "- Phương thức chi trả tiền hỗ trợ chi phí học tập"


def starting(texts: Counter[str], start: str) -> str:
    (found,) = [text for text in texts if text.startswith(start)]
    return found


# -- the 39 real texts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), [(text, expected) for text, _, expected in READINGS])
def test_a_real_text_is_read_as_by_hand(text: str, expected: Term) -> None:
    assert read_term(text) == expected


def test_linked_procedures_have_a_base_two_extensions_and_a_local_leave(real: Counter[str]) -> None:
    term = read_term(starting(real, LINKED))
    assert isinstance(term, Conditional)
    assert term.base == TimeLimitText(15, "workday", "complete_submission")
    late, far = term.alternatives
    assert (late.limit, late.is_extension) == (workdays(2), True)
    assert late.condition_text.startswith("Trường hợp hồ sơ, thông tin chưa đầy đủ hoặc chưa đúng quy định")
    assert late.condition_text.endswith("theo yêu cầu của cơ quan Bảo hiểm xã hội")
    assert (far.limit, far.is_extension) == (workdays(5), True)
    assert far.condition_text.startswith("Đối với các xã cách xa trụ sở")
    assert far.condition_text.endswith("từ 50 km trở lên, giao thông đi lại khó khăn, chưa được kết nối Internet")
    assert "các địa phương có thể quy định cụ thể" in term.local_override
    assert as_time_limit(term) is None


def test_the_numbers_about_school_fees_are_not_a_limit(real: Counter[str]) -> None:
    text = starting(real, SCHOOL_FEES)
    assert read_term(text) == NoTerm("not_a_limit", text)


def test_a_limit_put_into_the_school_fees_is_not_passed_over(real: Counter[str]) -> None:
    text = starting(real, SCHOOL_FEES)
    for added in (
        " Giải quyết trong 5 tháng.",
        " Thời hạn ba ngày.",
        " Tối đa một tuần.",
        " Sau nửa tháng.",
        " Hạn 5.",
    ):
        assert read_term(text + added) == Unreadable(text + added)


def test_every_real_text_is_in_the_tables_above(real: Counter[str]) -> None:
    by_hand = Counter({text: count for text, count, _ in READINGS})
    by_hand[starting(real, LINKED)] = by_hand[starting(real, SCHOOL_FEES)] = 1
    assert len(by_hand) == 39
    assert by_hand == real


def test_the_161_rows_by_kind_and_reason(real: Counter[str]) -> None:
    kinds: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for text, count in real.items():
        term = read_term(text)
        kinds[type(term).__name__] += count
        if isinstance(term, NoTerm):
            reasons[term.reason] += count
    assert kinds == {"TimeLimitText": 97, "UnitUnknown": 18, "SameDay": 12, "NoTerm": 29, "Conditional": 5}
    assert kinds.total() == 161
    assert reasons == {
        "not_filled_in": 9,
        "not_regulated": 8,
        "none": 2,
        "unknown": 1,
        "refers_elsewhere": 8,
        "not_a_limit": 1,
    }
    assert sum(count for text, count in real.items() if as_time_limit(read_term(text))) == 97 + 12


def test_the_real_texts_read_the_same_when_decomposed(real: Counter[str]) -> None:
    for text in real:
        assert read_term(unicodedata.normalize("NFD", text)) == read_term(text)


# -- wordings of one's own ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05 (năm) ngày làm việc", workdays(5)),
        ("05(năm) ngày làm việc", workdays(5)),
        ("năm (05) ngày làm việc", workdays(5)),
        ("Mười lăm (15) ngày", days(15)),
        ("05 (năm) năm", TimeLimitText(5, "year")),
        ("10 (mười) ngày", days(10)),
        ("20 (hai mươi) ngày", days(20)),
        ("21 (hai mươi mốt) ngày", days(21)),
        ("24 (hai mươi tư) ngày", days(24)),
        ("24 (Hai Mươi Bốn) ngày", days(24)),
        ("45 (bốn mươi lăm) ngày", days(45)),
        ("100 (một trăm) ngày", days(100)),
        ("105 (một trăm lẻ năm) ngày", days(105)),
        ("120 (một trăm hai mươi) ngày", days(120)),
        ("5 ngày.", days(5)),
        ("5 ngày ;", days(5)),
        ("5ngày làm việc", workdays(5)),
        ("  5\n ngày\tlàm  việc ", workdays(5)),
        ("03\u00a0Ngày\u00a0làm\u202fviệc", workdays(3)),
        ("\ufeff03 ngày\u200b", days(3)),
        (unicodedata.normalize("NFD", "03 Ngày làm việc"), workdays(3)),
        ("０３ ngày làm việc", workdays(3)),
        ("03 NGÀY LÀM VIỆC", workdays(3)),
        ("2 tuần", TimeLimitText(2, "week")),
        ("2 năm", TimeLimitText(2, "year")),
        ("8 giờ làm việc", TimeLimitText(8, "work_hour")),
        ("- Tối đa không quá 10 ngày", days(10)),
        ("0 Ngày làm việc", workdays(0)),
        ("Trong ngày", SameDay()),
        ("Ngay trong ngày làm việc.", SameDay()),
        ("Chưa có quy định", NoTerm("not_regulated", "Chưa có quy định")),
        ("Theo quy định của pháp luật", NoTerm("refers_elsewhere", "Theo quy định của pháp luật")),
        ("Tuỳ theo đợt", NoTerm("refers_elsewhere", "Tuỳ theo đợt")),
        (" \u00a0\n", NoTerm("not_filled_in")),
        (
            "Thời hạn giải quyết: 05 ngày làm việc, kể từ ngày nhận được hồ sơ hợp lệ",
            TimeLimitText(5, "workday", "valid_receipt"),
        ),
        (
            "Trong thời hạn không quá 10 ngày kể từ khi nhận hồ sơ đầy đủ, hợp lệ theo quy định",
            TimeLimitText(10, "calendar_day", "complete_receipt"),
        ),
        ("Thời hạn thực hiện liên thông nhóm thủ tục khai sinh, cư trú là 5 ngày", days(5)),
        (
            "5 ngày. Địa phương có thể quy định thời hạn ngắn hơn.",
            Conditional(days(5), (), "Địa phương có thể quy định thời hạn ngắn hơn."),
        ),
        ("15 ngày kể từ ngày tiếp nhận hồ sơ", TimeLimitText(15, "calendar_day", "receipt")),
        ("Trường hợp phải xác minh: 8 ngày", Conditional(None, (Alternative("Trường hợp phải xác minh", days(8)),))),
        (
            "5 ngày; nếu phải xác minh thì được gia hạn thêm tối đa 02 tuần",
            Conditional(days(5), (Alternative("nếu phải xác minh", TimeLimitText(2, "week"), is_extension=True),)),
        ),
    ],
)
def test_what_is_said_plainly_is_read(text: str, expected: Term) -> None:
    assert read_term(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "5-7 ngày",
        "5 - 7 ngày",
        "05 đến 07 ngày",
        "5 hoặc 7 ngày",
        "1/2 ngày",
        "½ ngày",
        "5² ngày",
        "٥ ngày",
        "1.000 ngày",
        "99999 ngày",
        "9" * 5000 + " ngày",
        "-5 ngày",
        "- 5 ngày",
        "1\u200b5 ngày",
        "\u202e51 ngày",
        "năm ngày làm việc",
        "05 (sáu) ngày làm việc",
        "bốn (05) ngày",
        "05 (năm)",
        "01 ngày làm việc (08 giờ làm việc)",
        "01 tháng 15 ngày",
        "30 phút",
        "5 ngay lam viec",
        "5 days",
        "5d",
        "ít nhất 5 ngày",
        "tối thiểu 5 ngày",
        "khoảng 5 ngày",
        "trên 5 ngày",
        "sau 5 ngày",
        "trước ngày 5",
        "tháng 5",
        "5 ngày trở lên",
        "5 ngày/hồ sơ",
        "5 ngày...",
        "5 ngày…",
        "5 ngày,",
        "5 ngày làm việc kể từ ngày",
        "5 ngày làm việc kể từ ngày có kết quả thẩm định",
        "5 ngày làm việc kể từ ngày nhận đủ hồ sơ và phí",
        "16 ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ và 5 ngày xin ý kiến",
        "5 ngày; 3 ngày",
        "Cấp huyện 5 ngày, cấp tỉnh 3 ngày",
        "Bước 1: 2 ngày. Bước 2: 3 ngày",
        "a) Kiểm tra hồ sơ: 2 ngày. b) Thẩm định: 5 ngày",
        "5 ngày, trường hợp phức tạp thì kéo dài hơn",
        "5 ngày, trường hợp phức tạp thì được kéo dài không quá 8 ngày",
        "Trường hợp phức tạp thì được kéo dài thêm 8 ngày",
        "5 ngày, trường hợp gia hạn thì không quá 8 ngày",
        "5 ngày, trường hợp khó trừ hồ sơ mới thì không quá 8 ngày",
        "5 ngày, trường hợp khó thì báo cáo, thì không quá 8 ngày",
        "Thời hạn thực hiện liên thông các thủ tục đối với hồ sơ mới là 5 ngày",
        "Thời hạn thực hiện liên thông các thủ tục khai sinh 3 ngày và cư trú là 5 ngày",
        "Thời hạn thực hiện liên thông các thủ tục gia hạn là 5 ngày",
        "Địa phương có thể quy định thời hạn ngắn hơn.",
        "5 ngày. Địa phương có thể quy định thời hạn 3 ngày hoặc ngắn hơn.",
        "5 ngày. Địa phương có thể quy định thời hạn ngắn hơn. Địa phương có thể quy định thời hạn ngắn hơn.",
        "5 ngày, trường hợp xác minh khoản 5 ngày thì không quá 8 ngày",
        "5 ngày, trường hợp xác minh quá ba ngày thì không quá 8 ngày",
        "Đối với hồ sơ mới: thẩm định: 5 ngày",
        "Trong ngày làm việc tiếp theo",
        "Ngay",
        "Ngay trong ngày tiếp nhận hồ sơ; " + AFTER_15.replace("15", "3"),
        "Ngay trong ngày tiếp nhận hồ sơ; " + AFTER_15.replace("15", "25"),
        "Theo quy định, 5 ngày",
        "Theo quy định trong năm ngày",
        "Theo quy định trong nửa tháng",
        "Do pháp luật chưa quy định",
        "Không quá",
        "None",
        "null",
        "nan",
        "-",
        "?",
        "\x00",
        "\ud800",
        "a" + "\u0301" * 5_000 + "\u0323" * 5_000,
        "5 ngày" + " " * 20_000,
        "5 ngày. " * 1_000,
    ],
)
def test_what_would_be_a_guess_is_unreadable_and_kept(text: str) -> None:
    term = read_term(text)
    assert term == Unreadable(text)
    assert as_time_limit(term) is None


@pytest.mark.parametrize("value", [5, 5.0, float("nan"), b"5 ngay", ["5 ngày"], object()])
def test_what_is_no_text_is_unreadable(value: object) -> None:
    assert read_term(value) == Unreadable(f"<{type(value).__name__}>")


def test_nothing_given_is_not_filled_in() -> None:
    assert read_term(None) == NoTerm("not_filled_in")


def test_every_number_in_words_agrees_with_its_own_digits_only() -> None:
    for number in range(1, 1000):
        words = mentions._spelled(number)
        assert read_term(f"{number} ({words}) ngày") == days(number)
        assert isinstance(read_term(f"{number + 1} ({words}) ngày"), Unreadable)


# -- as a dossier's time limit -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (workdays(5), {"amount": 5, "unit": "workday"}),
        (TimeLimitText(1, "month", "complete_receipt"), {"amount": 1, "unit": "month"}),
        (SameDay("15:00"), {"amount": 0, "unit": "workday", "cutoff": "15:00"}),
        (SameDay(), {"amount": 0, "unit": "workday"}),
        (workdays(0), None),
        (TimeLimitText(15, "workday", "complete_submission"), None),
        (UnitUnknown(30), None),
        (UnitUnknown(0), None),
        (NoTerm("none", "Không có"), None),
        (Conditional(workdays(3), ()), None),
        (Unreadable("5-7 ngày"), None),
    ],
)
def test_only_what_is_fully_said_becomes_a_time_limit(term: Term, expected: dict[str, int | str] | None) -> None:
    assert as_time_limit(term) == expected


# -- what a person sees ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("03 Ngày làm việc", "3 ngày làm việc", "3 working days"),
        ("1 Ngày", "1 ngày (theo lịch)", "1 calendar day"),
        (
            "6 ngày làm việc kể từ ngày nhận đủ hồ sơ",
            "6 ngày làm việc, kể từ khi nhận đủ hồ sơ",
            "6 working days, from receipt of the complete dossier",
        ),
        ("30", "chỉ ghi số 30, không ghi đơn vị", "the number 30 without a unit"),
        (
            "Không có",
            "văn bản nói không có thời hạn: «Không có»",
            "the text says there is none: “Không có”",
        ),
        ("", "không điền thời hạn", "the time limit is not filled in"),
        (
            "Ngay trong ngày tiếp nhận hồ sơ; " + AFTER_15,
            "trong ngày tiếp nhận; nhận sau 15:00 thì trong ngày làm việc tiếp theo",
            "on the day of receipt; on the next working day if received after 15:00",
        ),
        (
            ADVISED,
            "3 ngày làm việc; «trường hợp phải xác minh»: 8 ngày làm việc",
            "3 working days; “trường hợp phải xác minh”: 8 working days",
        ),
        (
            "5 ngày; nếu phải xác minh thì được gia hạn thêm 02 tuần",
            "5 ngày (theo lịch); «nếu phải xác minh»: thêm không quá 2 tuần",
            "5 calendar days; “nếu phải xác minh”: up to another 2 weeks",
        ),
        (
            "5-7\nngày",
            "không đọc được chắc chắn, cần người xem: «5-7 ngày»",
            "not read with certainty, a person must look: “5-7 ngày”",
        ),
    ],
)
def test_a_reading_says_itself_in_two_languages(text: str, vi: str, en: str) -> None:
    assert read_term(text).say() == vi
    assert read_term(text).say("vi") == vi
    assert read_term(text).say("en") == en


def test_a_reading_cannot_be_changed() -> None:
    for term in (read_term("5 ngày"), read_term("1"), read_term(""), read_term(ADVISED), read_term("?")):
        field = dataclasses.fields(term)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(term, field, 1)
        assert hash(term) == hash(term)


# -- whatever comes ----------------------------------------------------------------------------------------------------

VOCABULARY = """
    0 1 03 05 15 30 2021 ５ ½ (năm) (mười) năm ngày tháng tuần giờ làm việc Ngày . , ; : - / ( ) … a) b) tối đa không
    quá trong thời hạn giải quyết là kể từ nhận nộp đủ hồ sơ hợp lệ trường hợp nếu đối với thì kéo dài thêm theo quy
    định do khác có chưa ngay tiếp sau phương thức chi trả lần tháng/năm học
"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\u00a0", "\u200b", "\u0301"])
PHRASES = st.sampled_from(
    [
        "05 ngày làm việc",
        "tối đa 6 ngày làm việc",
        "trường hợp phải xác minh thì không quá 08 ngày",
        "kể từ ngày nhận đủ hồ sơ",
        "nếu khó thì được kéo dài thêm 2 ngày",
        "a) Nhận hồ sơ từ A: 3 ngày.",
        "đối với xã xa: ",
        "Phương thức chi trả đủ 4 tháng",
        "Theo hướng dẫn",
        "Không quy định",
        ", ",
        ". ",
        "; ",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.text(st.characters(), max_size=50).map(lambda text: text * 300),
    st.lists(st.one_of(WORDS, PHRASES), max_size=40).map(" ".join),
    st.lists(st.one_of(WORDS, PHRASES), max_size=12).map("".join),
)


def amounts_of(term: Term) -> list[int | Decimal]:
    match term:
        case TimeLimitText(amount, _, _) | UnitUnknown(amount):
            return [amount]
        case Conditional(base, alternatives, _):
            return [limit.amount for limit in (base, *(other.limit for other in alternatives)) if limit]
        case SameDay(str(hour)):
            return [int(hour[:2])]
        case _:
            return []


def check_any(text: str) -> None:
    """No error, no invented number, one line to say, and no text that takes long."""
    ends(lambda: read_term(text))
    term = read_term(text)
    said = [term.say("vi"), term.say("en")]
    mapping = as_time_limit(term)
    written = {int(run.translate(mentions._FULL_WIDTH)) for run in re.findall("[0-9０-９]{1,4000}", text)}
    assert set(amounts_of(term)) <= written
    assert all(line and "\n" not in line for line in said)
    assert mapping is None or isinstance(term, TimeLimitText | SameDay)


@settings(deadline=None, max_examples=400)
@given(TEXTS)
def test_any_text_is_read_quickly_without_error_and_without_inventing_a_number(text: str) -> None:
    check_any(text)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from([text for text, _, _ in READINGS]), st.integers(0, 300), st.one_of(WORDS, st.characters()))
def test_a_real_text_with_something_put_into_it_invents_no_number(text: str, at: int, added: str) -> None:
    check_any(text[:at] + added + text[at:])
    check_any(text[:at] + " " + added + " " + text[at:])


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 9999), st.sampled_from(["workday", "calendar_day", "month", "week", "year", "work_hour"]))
def test_what_a_limit_says_in_vietnamese_is_read_back(amount: int, unit: LimitUnit) -> None:
    limit = TimeLimitText(amount, unit)
    assert read_term(limit.say("vi").replace(" (theo lịch)", "")) == limit


@pytest.mark.parametrize(
    "start", ["", "trường hợp ", "phương thức chi trả ", f"{LINKED} ", "a) nhận hồ sơ từ ", "5 ngày. "]
)
@pytest.mark.parametrize(
    "again",
    [
        "trường hợp ",
        "thì ",
        "đối với a thì không quá ",
        "nếu a: 5 ngày; ",
        "năm ",
        "1 (một ",
        "đủ 4 tháng (",
        "địa phương có thể quy định thời hạn ngắn hơn ",
        "tối đa không quá 5 ngày ",
        "e\u0323\u0301",
        "- ",
        "1",
        " ",
    ],
)
def test_a_long_repetition_takes_no_time(start: str, again: str) -> None:
    check_any((start + again * mentions.MAX_CHARACTERS)[: mentions.MAX_CHARACTERS])


def test_a_pile_of_marks_takes_no_time() -> None:
    check_any("a" + "\u0301" * 4_999 + "\u0323" * 5_000)
