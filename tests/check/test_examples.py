"""The examples inside rules: that they run, that a false one is found, and that coverage can fail."""

from __future__ import annotations

from pathlib import Path

from tthc_rules import Rulebook
from tthc_rules.check.examples import needed_by, run_examples

RULES = Path(__file__).parents[2] / "rulesets"


def test_every_shipped_example_holds_and_everything_is_reached(book: Rulebook) -> None:
    coverage = run_examples(book.corpus, book.calendar("vn"))
    assert coverage.ran > 150
    assert [problem.render("en") for problem in coverage.failed] == []
    assert coverage.missing == []


def own_rules(folder: Path, change: tuple[str, str]) -> Rulebook:
    text = (RULES / "one_stop" / "2018-06-21" / "refusal_within_limit.yaml").read_text(encoding="utf-8")
    assert change[0] in text
    text = text.replace(', to: "2025-06-30"', "")  # its own last day, and not that of the version that follows it
    text = "".join(line for line in text.splitlines(True) if not line.startswith("ended_by:"))
    text = text.replace("rule: refusal_within_limit", "rule: own_duty").replace(*change)
    target = folder / "local" / "ha-noi" / "2018-06-21"
    target.mkdir(parents=True)
    (target / "own_duty.yaml").write_text(text, encoding="utf-8")
    return Rulebook.load(folder)


def test_a_false_example_is_found_at_its_place(tmp_path: Path) -> None:
    book = own_rules(tmp_path, ("expect: {refusal_within_limit: met_late}", "expect: {refusal_within_limit: met}"))
    failed = run_examples(book.corpus, book.calendar("vn")).failed
    assert [problem.code for problem in failed] == ["TR-rule-example"]
    assert "own_duty.yaml:" in failed[0].place


def test_an_outcome_without_an_example_is_missed(tmp_path: Path) -> None:
    book = own_rules(tmp_path, ("expect: {refusal_within_limit: met_late}", "expect: {}"))
    found = [item.what for item in run_examples(book.corpus, book.calendar("vn")).missing]
    assert "outcome met_late" in found


def test_what_a_rule_needs_is_read_from_how_it_is_written(book: Rulebook) -> None:
    rule = book.corpus.rules["one_stop"]["transfer_same_day"][0]
    needed = {item.what for item in needed_by(rule)}
    assert {"outcome met", "outcome met_late", "outcome missed", "outcome pending", "outcome not_owed"} <= needed
    assert {"conditions all true", "condition 1 alone false", "condition 2 alone false"} <= needed
    assert {"way or_by", "way waived_by"} <= needed
    assert {"first day D−1", "first day D", "first day D+1", "end D−1", "end D", "end D+1"} <= needed
