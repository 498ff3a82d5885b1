"""Quotes are sought in the clause that is cited, in the wording of their time; what is not held is listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tthc_rules import Rulebook
from tthc_rules.check.lint import Cited
from tthc_rules.check.quotes import HeldText, check_quotes, parts_of, read_texts, stands_in
from tthc_rules.cli import app
from tthc_rules.errors import RuleFileError
from tthc_rules.law.civil import day_of
from tthc_rules.law.corpus import Corpus, RegisterEntry
from tthc_rules.law.evidence import Citation

HEAD = (
    "number: {number}\ntitle: Nghị định thử\nissued on: 2018-04-23\n"
    "in force: {force}\nsource: bản gõ\ncompleteness: whole\n\n"
)
BODY = """Điều 1. Phạm vi
1. Trước hết.
a) Chậm nhất 01 ngày
trước ngày hết hạn;
b) Gửi văn bản xin lỗi.
2. Sau đó trong 03 ngày làm việc.
Điều 2. Hiệu lực
1. Có hiệu lực.
"""


def text(
    tmp_path: Path, body: str = BODY, name: str = "nd.txt", force: str = "2018-06-21 –", number: str = "9/2018/NĐ-CP"
) -> HeldText:
    path = tmp_path / name
    path.write_text(HEAD.format(force=force, number=number) + body, encoding="utf-8")
    return next(held for held in read_texts(tmp_path) if held.path == name)


def cited(quote: str, **place: Any) -> Citation:
    return Citation("9/2018/NĐ-CP", "text", **place, quote=quote)


def stands(held: HeldText, citation: Citation) -> bool:
    return any(stands_in(citation, part) for part in parts_of(held.text, citation))


@pytest.mark.parametrize(
    ("quote", "place", "right"),
    [
        ("Chậm nhất 01 ngày trước ngày hết hạn", {"article": "1", "clause": "1", "point": "a"}, True),
        ("Chậm nhất 01 ngày trước ngày hết hạn", {"article": "1", "clause": "1"}, True),
        ("chậm nhất 01 ngày", {"article": "1", "clause": "1", "point": "a"}, False),  # case is kept
        ("Gửi văn bản xin lỗi", {"article": "1", "clause": "1", "point": "a"}, False),  # the next point
        ("03 ngày làm việc", {"article": "1", "clause": "1"}, False),  # the next clause
        ("Có hiệu lực", {"article": "1"}, False),  # the next article
        ("Chậm nhất … hết hạn", {"article": "1", "clause": "1"}, True),
        ("hết hạn … Chậm nhất", {"article": "1", "clause": "1"}, False),
        ("Có hiệu lực", {"article": "3"}, False),
    ],
)
def test_a_quote_stands_in_its_own_place(tmp_path: Path, quote: str, place: dict[str, str], right: bool) -> None:
    assert stands(text(tmp_path), cited(quote, **place)) is right


def test_letters_are_compared_composed(tmp_path: Path) -> None:
    from unicodedata import normalize

    held = text(tmp_path, normalize("NFD", BODY))
    assert stands(held, cited("Chậm nhất 01 ngày", article="1", clause="1", point="a"))


def test_a_plan_is_cited_by_part_and_number(tmp_path: Path) -> None:
    held = text(
        tmp_path, "I. MỤC ĐÍCH\n8. Một.\nII. NHIỆM VỤ\n8\nKịp thời xử lý.\n9\nĐối thoại.\n3.6- Đề án.\n3.7- Khác.\n"
    )
    assert stands(held, cited("Kịp thời xử lý", point="II.8"))
    assert not stands(held, cited("Đối thoại", point="II.8"))
    assert stands(held, cited("Đề án", point="3.6"))
    assert not stands(held, cited("Khác", point="3.6"))


def test_a_misprint_of_a_scan_is_mended_only_where_that_is_said(tmp_path: Path) -> None:
    held = text(tmp_path, "5. thiếu tráchnhiệm, chậm trễ.\n")
    mended = cited("thiếu trách nhiệm, chậm trễ", point="5")
    assert not stands(held, mended)
    assert stands(held, replace(mended, quote_source="ocr"))
    assert not stands(held, replace(mended, quote="trong 03 ngày làm việc", quote_source="ocr"))


def corpus_of(*citations: Citation) -> Corpus:
    label = {"vi": "thử", "en": "test"}
    return Corpus(registers=(RegisterEntry("r", label, citations, "not_computable", label, "r.yaml:1:1"),))


def test_what_is_wrong_and_what_is_not_held_is_told(tmp_path: Path) -> None:
    held = text(tmp_path)
    corpus = corpus_of(
        cited("Gửi văn bản xin lỗi", article="1", clause="1", point="b"),
        cited("Gửi văn bản xin lỗi", article="1", clause="2"),
        cited("Gửi văn bản xin lỗi", article="1", clause="7"),
        Citation("1/2099/NĐ-CP", "text", "1", quote="không giữ"),
    )
    checked = check_quotes(corpus, [held])
    assert checked.held == 1
    assert [problem.code for problem in checked.wrong] == ["TR-quote-not-there", "TR-quote-no-clause"]
    assert "nằm ở chỗ khác" in checked.wrong[0].vi
    assert checked.not_held == {"1/2099/NĐ-CP": 1}


def test_a_clause_that_is_cited_without_its_words_must_be_there(tmp_path: Path) -> None:
    """«khoản 8 Điều 11» of a decree whose Article 11 has four clauses was cited as read."""
    held = text(tmp_path)
    corpus = corpus_of(
        cited("", article="1", clause="2"),
        cited("", article="1", clause="8"),
        cited("", article="12–15"),  # several articles: not looked up
        replace(cited("", article="9"), status="secondary"),  # nobody says that it was read
        Citation("1/2099/NĐ-CP", "text", "1"),
    )
    checked = check_quotes(corpus, [held])
    assert [problem.code for problem in checked.wrong] == ["TR-quote-no-clause"]
    assert "khoản 8 Điều 1" in checked.wrong[0].vi
    assert (checked.held, checked.not_held) == (0, {})


def test_a_number_may_stand_in_a_heading(tmp_path: Path) -> None:
    held = text(tmp_path, "1. Các Sở.\n## 7. Sở Nội vụ:\na) Trình quy định.\n8. Sở Tài chính.\n")
    assert stands(held, cited("Trình quy định", point="7"))
    assert not stands(held, cited("Sở Tài chính", point="7"))


def test_a_quote_is_sought_in_the_wording_of_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = text(tmp_path, "Điều 1. Cũ\n1. Lời cũ.\n", "cu.txt", "2018-06-21 – 2020-12-31")
    new = text(tmp_path, "Điều 1. Mới\n1. Lời mới.\n", "moi.txt", "2021-01-01 –")
    first = day_of(date(2021, 1, 1))
    for quote, start, right in (("Lời mới", first, True), ("Lời cũ", first, False)):
        one = Cited("r", "w", cited(quote, article="1", clause="1"), start)
        monkeypatch.setattr("tthc_rules.check.quotes.citations_of", lambda _, one=one: [one])
        assert check_quotes(Corpus(), [old, new]).held == int(right)


@pytest.mark.parametrize("head", ["", "number: 1\n", "title: x\nnumber: 1\n"])
def test_a_text_without_its_header_is_refused(tmp_path: Path, head: str) -> None:
    (tmp_path / "x.txt").write_text(head + "\nĐiều 1. X\n", encoding="utf-8")
    with pytest.raises(RuleFileError, match="TR-text-header"):
        read_texts(tmp_path)


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="TR-text-none"):
        read_texts(tmp_path)


def test_the_command_finds_a_wrong_quote(book: Rulebook, tmp_path: Path) -> None:
    text(tmp_path, "Điều 19. Giải quyết\n9. Không có lời nào.\n", number="61/2018/NĐ-CP")
    found = CliRunner().invoke(app, ["check", "rulesets", "--texts", str(tmp_path)])
    assert found.exit_code == 1
    assert "TR-quote-not-there" in found.stdout + found.stderr
