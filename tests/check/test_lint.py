"""The shipped rules have no finding of their own: nothing named is unused, nothing lacks an example."""

from __future__ import annotations

from tthc_rules import Rulebook
from tthc_rules.check.lint import lint


def test_the_shipped_rules_are_clean(book: Rulebook) -> None:
    assert [problem.render("vi") for problem in lint(book.corpus)] == []
