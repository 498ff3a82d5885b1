"""The pages for lawyers: generated, current, and complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from tthc_rules import Rulebook
from tthc_rules.check.pages import pages, seed_rows

PAGES = Path(__file__).parents[2] / "docs" / "rules"


@pytest.fixture(scope="module")
def made(book: Rulebook) -> dict[str, str]:
    return pages(book.corpus)


def test_the_pages_in_docs_are_current(made: dict[str, str]) -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    assert written.keys() == made.keys()
    stale = [name for name, text in made.items() if written[name] != text]
    assert stale == [], "tthc-rules check rulesets --pages docs/rules"


def test_each_rule_has_its_clause_quote_and_status(book: Rulebook, made: dict[str, str]) -> None:
    for family, rules in book.corpus.rules.items():
        for name, versions in rules.items():
            page = made[f"{name}.md" if family == "one_stop" else f"{family.replace('/', '-')}-{name}.md"]
            for version in versions:
                assert version.version in page
                for citation in version.citations:
                    assert citation.say("vi") in page
                    assert citation.quote in page


def test_what_is_not_confirmed_is_on_its_page(made: dict[str, str]) -> None:
    page = made["chua-xac-nhan.md"]
    for name in ("r0_supplement_effect", "r1_supplement_effect", "r3_supplement_effect"):
        assert name in page


def test_a_page_says_both_languages(made: dict[str, str]) -> None:
    assert "Văn bản xin lỗi" in made["apology_before_due.md"]
    assert "Apology in writing" in made["apology_before_due.md"]


def test_the_table_of_the_source_documents_is_whole(book: Rulebook, made: dict[str, str]) -> None:
    page = made["van-ban-nguon.md"]
    rows = seed_rows(book.corpus)
    assert len(rows) == 86
    assert all(f"| {row} |" in page for row in rows)
