"""The pages for lawyers: generated, current, and complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from tthc_rules import InputFileError, Rulebook
from tthc_rules.check.pages import INDEX, pages, seed_rows
from tthc_rules.cli.rules import write_pages

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
    for name in ("r0_supplement_effect", "r1_supplement_effect"):
        assert name in page


def test_a_page_says_both_languages(made: dict[str, str]) -> None:
    assert "Văn bản xin lỗi" in made["apology_before_due.md"]
    assert "Apology in writing" in made["apology_before_due.md"]


def test_the_table_of_the_source_documents_is_whole(book: Rulebook, made: dict[str, str]) -> None:
    page = made["van-ban-nguon.md"]
    rows = seed_rows(book.corpus)
    assert len(rows) == 86
    assert all(f"| {row} |" in page for row in rows)


def test_pages_never_take_the_place_of_a_file_of_the_user(book: Rulebook, tmp_path: Path) -> None:
    """A note beside the pages stays; a page that is no more goes; a folder with somebody's README is refused."""
    own = tmp_path / "own"
    own.mkdir()
    (own / INDEX).write_text("sổ tay của tôi", encoding="utf-8")
    with pytest.raises(InputFileError, match="TR-output-foreign"):
        write_pages(book, own)
    assert [path.name for path in own.iterdir()] == [INDEX]
    assert (own / INDEX).read_text(encoding="utf-8") == "sổ tay của tôi"
    folder = tmp_path / "pages"
    write_pages(book, folder)
    (folder / "ghi-chu.md").write_text("của tôi", encoding="utf-8")
    (folder / "cu.md").write_text("trang cũ", encoding="utf-8")
    index = folder / INDEX
    index.write_text(index.read_text(encoding="utf-8") + "- [cũ](cu.md)\n", encoding="utf-8")
    write_pages(book, folder)
    assert (folder / "ghi-chu.md").read_text(encoding="utf-8") == "của tôi"
    assert not (folder / "cu.md").exists()
