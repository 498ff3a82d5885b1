"""Limits of 2025 and 2026, read by hand from the texts before the reader learned them: `tests/limits.csv`.

`row` is the digest of a row of the crawl (which may not be redistributed whole); `words` quotes the limit in it, whole
where `whole` says so. `reading` is what a person read: «7 workday complete_receipt | condition: …», «conflict unit»,
«refused start» …
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from conftest import ends

from tthc_rules.logs.described import read_limit
from tthc_rules.logs.stated import (
    Conditional,
    Conflict,
    LimitStep,
    NoTerm,
    SameDay,
    Term,
    TimeLimitText,
    UnitUnknown,
    Unreadable,
)
from tthc_rules.logs.terms import as_time_limit, read_term

BY_HAND = Path(__file__).parents[1] / "limits.csv"
CRAWL = Path(__file__).resolve().parents[3] / "shared" / "data" / "tthc_limits_2026.csv"
Row = dict[str, str]


def by_hand() -> list[Row]:
    with BY_HAND.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def crawl() -> dict[str, Row]:
    """The rows of the crawl by their digest."""
    if not CRAWL.is_file():
        pytest.skip(f"the crawl is not beside this tree: {CRAWL}")
    with CRAWL.open(encoding="utf-8", newline="") as lines:
        return {
            hashlib.sha256("\x1f".join(row.values()).encode()).hexdigest()[:16]: row for row in csv.DictReader(lines)
        }


def said(term: Term | Conflict) -> str:
    """A reading in the words of the file."""
    match term:
        case Conflict(about=about):
            return f"conflict {about}"
        case Unreadable(refusal=refusal):
            return f"refused {refusal}"
        case NoTerm(reason):
            return f"no_term {reason}"
        case UnitUnknown(amount, written):
            return f"unit_unknown {amount} {written}".strip()
        case SameDay(cutoff, conditions):
            return " | ".join((f"same_day {cutoff or ''}".strip(), *(f"condition: {words}" for words in conditions)))
        case TimeLimitText():
            return " | ".join((limit(term), *kept(term)))
        case Conditional(base, alternatives):
            cases = [f"{one.condition_text}: {limit(one.limit)}" for one in alternatives]
            return " | ".join(("cases", *([limit(base)] if base else []), *cases))


def limit(term: TimeLimitText) -> str:
    return f"{term.amount} {term.unit} {term.from_ or ''}".strip()


def kept(term: TimeLimitText) -> list[str]:
    steps = [f"step: {one.agency}: {one.limit.amount} {unit_of(one)}" for one in term.steps]
    words = [f"{name}: {word}" for name, word in (("receiver", term.receiver), ("received", term.received)) if word]
    return [*words, *(f"condition: {words}" for words in term.conditions), *steps]


def unit_of(step: LimitStep) -> str:
    return step.limit.written if isinstance(step.limit, UnitUnknown) else step.limit.unit


def named(row: Row) -> str:
    return f"{row['procedure']} {row['channel']} {row['row'] or row['cell'] or row['words']}"[:80]


@pytest.mark.parametrize("row", [row for row in by_hand() if row["row"]], ids=named)
def test_a_row_of_the_crawl_reads_as_by_hand(row: Row) -> None:
    found = crawl()[row["row"]]
    assert said(read_limit(found["cell"], found["description"])) == row["reading"], found


@pytest.mark.parametrize("row", [row for row in by_hand() if row["whole"] == "yes"], ids=named)
def test_a_quoted_text_reads_as_by_hand(row: Row) -> None:
    assert said(read_limit(row["cell"], row["words"] or None)) == row["reading"]


# -- the measure -------------------------------------------------------------------------------------------------------


def test_every_class_of_the_refused_was_read_by_hand() -> None:
    rows = by_hand()
    assert {row["class"] for row in rows} >= set("ABCDEFGHIJKLM")
    assert len({row["row"] for row in rows if row["row"]}) >= 150


def test_the_same_number_with_two_units_is_never_one_of_them() -> None:
    """Found here without the reader: a cell «N Ngày», and «N ngày làm việc» in its description, or the other way."""
    cell = re.compile(r"(\d+) Ngày( làm việc)?")
    days = re.compile(r"(?<![\d/.,])0*(\d+)(?: \([^)]*\))? ngày( làm việc)?(?! \d)")
    found = 0
    for row in crawl().values():
        told = cell.fullmatch(row["cell"])
        named = [(int(number), bool(work)) for number, work in days.findall(row["description"])]
        if told is None:
            continue
        number, work = int(told[1]), bool(told[2])
        if (number, not work) in named and (number, work) not in named:
            found += 1
            assert said(read_limit(row["cell"], row["description"])) == "conflict unit", row
    assert found > 30


def test_what_is_refused_is_counted_by_kind() -> None:
    """No row is left without an answer, and nine in ten of those without a free text are read."""
    counted = Counter(said(read_limit(row["cell"], row["description"])).split(" ")[0] for row in crawl().values())
    assert sum(counted.values()) == len(crawl()) == 499
    plain = [row for row in crawl().values() if row["description"] in ("Miễn phí", "Không có thông tin")]
    assert len(plain) > 90
    assert all(not isinstance(read_limit(row["cell"], row["description"]), Unreadable | Conflict) for row in plain)


# -- cell and description ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "description", "reading"),
    [
        ("10 Ngày làm việc", None, "10 workday"),
        ("10 Ngày làm việc", "", "10 workday"),
        ("10 Ngày làm việc", "Không có thông tin", "10 workday"),
        ("10 Ngày làm việc", "Miễn phí", "10 workday"),
        ("10 Ngày làm việc", "10 ngày làm việc kể từ ngày nhận đủ hồ sơ", "10 workday complete_receipt"),
        ("10 Ngày làm việc", "10 ngày kể từ ngày nhận đủ hồ sơ", "conflict unit"),
        ("10 Ngày", "Nộp trực tiếp. 10 ngày làm việc kể từ ngày nhận đủ hồ sơ", "conflict unit"),
        ("10 Ngày làm việc", "12 ngày làm việc", "conflict amount"),
        ("10 Ngày làm việc", "Không quy định", "conflict amount"),
        ("10 Ngày làm việc", "Trong ngày", "conflict amount"),
        ("10 Ngày làm việc", "5-10 ngày làm việc", "refused words"),
        ("10 Ngày làm việc", "không quá mười ngày", "refused unit"),
        ("10 Ngày làm việc", "từ 5 đến 10 ngày làm việc", "refused words"),
        ("10 Ngày làm việc", "Trả kết quả sau ít nhất 10 ngày làm việc", "refused words"),
        ("10 Ngày làm việc", "- 10 ngày làm việc. Miễn phí", "10 workday"),
        ("10 Ngày làm việc", "kể từ ngày nhận đủ hồ sơ", "10 workday complete_receipt"),
        ("10 Ngày làm việc", "kể từ ngày có kết quả thẩm định", "refused start"),
        ("10 Ngày làm việc", "Nộp trực tiếp, tính từ ngày có kết quả thẩm định", "refused start"),
        ("10 Ngày làm việc", "Áp dụng kể từ ngày 01/7/2026", "10 workday"),
        ("10 ngày, không tính thời gian nghỉ lễ", "", "refused condition"),
        ("02 ngày làm việc (cắt giảm 01/03 ngày làm việc)", "", "2 workday"),
        ("03 ngày làm việc (cắt giảm 01/03 ngày làm việc)", "", "refused words"),
        ("03 ngày làm việc (cắt giảm còn 02 ngày làm việc)", "", "refused several"),
        ("10 ngày kể từ ngày nhận được văn bản yêu cầu bổ sung", "", "refused start"),
        ("10 ngày kể từ ngày nhận được đơn đề nghị của cơ quan khác", "", "refused start"),
        ("10 ngày kể từ ngày nhận đủ hồ sơ và lệ phí", "", "refused start"),
        ("10 ngày kể từ ngày Sở Xây dựng và Sở Tài chính nhận đủ hồ sơ", "", "refused start"),
        ("10 ngày kể từ ngày Sở Xây dựng thẩm định và nhận đủ hồ sơ", "", "refused start"),
        ("10 ngày đối với trường hợp A, 15 ngày đối với trường hợp B", "", "refused several"),
        ("Ngay trong ngày", "Trong ngày", "same_day"),
        ("10 Ngày làm việc", "Trường hợp cấp lại", "refused condition"),
        ("10 Ngày làm việc", "Nộp hồ sơ. Trường hợp phức tạp thì kéo dài thêm 5 ngày làm việc", "refused several"),
        ("10 Ngày làm việc", "Cơ quan A: 10 ngày làm việc", "refused part"),
        ("10 Ngày làm việc", "10 ngày làm việc kể từ ngày có kết quả thẩm định", "refused start"),
        ("", "10 ngày làm việc", "10 workday"),
        ("Không có thông tin", "10 ngày làm việc", "10 workday"),
        ("Không có thông tin", "Nộp trực tiếp; trả kết quả sau 10 ngày làm việc tại bộ phận", "refused words"),
        ("", "", "no_term not_filled_in"),
        ("10", "10 ngày làm việc kể từ ngày nhận đủ hồ sơ", "10 workday complete_receipt"),
        ("10", "12 ngày làm việc", "conflict amount"),
        ("8 Giờ", "8 giờ làm việc", "8 work_hour"),
        ("8 Giờ", "8 ngày làm việc", "conflict amount"),
        ("8 Giờ", "08 giờ", "unit_unknown 8 giờ"),
        ("10-15 ngày", "10 ngày", "refused words"),
        ("10 Ngày làm việc", "100,000 VNĐ(một lần)10 ngày làm việc", "10 workday"),
        ("10 Ngày làm việc", "100,000 VNĐ(một lần10 ngày làm việc", "refused words"),
        ("10 Ngày làm việc", "100,000 VNĐ(thẻ có giá trị 2 năm)10 ngày làm việc", "10 workday"),
    ],
)
def test_cell_and_description_are_read_together(cell: str, description: str | None, reading: str) -> None:
    assert said(read_limit(cell, description)) == reading


def test_a_conflict_keeps_both_texts() -> None:
    term = read_limit("15 Ngày", "15 ngày làm việc kể từ ngày nhận được hồ sơ.")
    assert term == Conflict("15 Ngày", "15 ngày làm việc kể từ ngày nhận được hồ sơ.", "unit")
    assert term.say() == "hai đơn vị khác nhau: «15 Ngày» · «15 ngày làm việc kể từ ngày nhận được hồ sơ.»"


def test_steps_that_do_not_add_up_are_refused() -> None:
    text = "07 ngày làm việc, kể từ ngày nhận đủ hồ sơ (Sở Nội vụ: 03 ngày; UBND cấp xã: 05 ngày)"
    assert isinstance(read_term(text), Unreadable)


def test_steps_in_the_unit_of_the_whole_have_it() -> None:
    term = read_term("7 ngày (Sở Nội vụ: 3 ngày; UBND cấp xã: 4 ngày)")
    one, other = TimeLimitText(3, "calendar_day"), TimeLimitText(4, "calendar_day")
    assert term == TimeLimitText(
        7, "calendar_day", steps=(LimitStep("Sở Nội vụ", one), LimitStep("UBND cấp xã", other))
    )


@pytest.mark.parametrize("value", [5, b"5", [], object()])
def test_what_is_no_text_is_refused(value: object) -> None:
    assert isinstance(read_limit("5 ngày", value), Unreadable)
    assert isinstance(read_limit(value, "5 ngày"), Unreadable)


@pytest.mark.parametrize("again", ["trường hợp ", "5 ngày ", "(nếu có) ", "- ", "kể từ ngày nhận ", "(", "1 "])
def test_a_long_description_takes_no_time(again: str) -> None:
    ends(lambda: read_limit("5 ngày", ("5 ngày, " + again * 10_000)[:10_000]))


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("1.5 Ngày làm việc", None),  # a dossier has no half days
        ("8 Giờ", None),
        ("10 ngày kể từ ngày nhận được văn bản đề nghị", {"amount": 10, "unit": "calendar_day"}),
        ("21 ngày kể từ ngày nhận được báo cáo của Tổ giám sát thanh lý.", None),  # not the applicant's own file
        ("7 ngày làm việc, không tính thời gian khắc phục", {"amount": 7, "unit": "workday"}),
    ],
)
def test_what_becomes_the_limit_of_a_dossier(text: str, limit: dict[str, object] | None) -> None:
    assert as_time_limit(read_term(text)) == limit
