"""Run once before any child is forked: what every test needs and no mutant touches is there from then on."""

from __future__ import annotations

from pathlib import Path

from tthc_rules import Rulebook


def test_the_law_is_read(book: Rulebook, tmp_path: Path) -> None:
    assert book.corpus.digest
    assert tmp_path.is_dir()


def test_a_folder_is_there(tmp_path: Path) -> None:
    """All that is needed where the law itself is read anew under each mutant."""
    assert tmp_path.is_dir()
