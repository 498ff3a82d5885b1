"""Every outcome that a duty or limit in force can have is expected by some case, written from the text."""

from __future__ import annotations

from pathlib import Path

from tthc_rules import Rulebook
from tthc_rules.check.cases import CasePart, find_case_files, read_cases
from tthc_rules.check.examples import every_rule, possible_outcomes


def test_every_outcome_of_every_duty_has_a_case(book: Rulebook) -> None:
    possible = {
        (duty, outcome)
        for rule in every_rule(book.corpus)
        if rule.is_on
        for duty, outcomes in possible_outcomes(rule).items()
        for outcome in outcomes
    }
    expected = {
        (duty, outcome)
        for path in find_case_files([Path(__file__).parent])
        for case in read_cases(path)
        if isinstance(case.part, CasePart)
        for asked in (case.part.expect.obligations, case.part.expect.limits)
        for duty, outcome in (asked or {}).items()
    }
    assert sorted(possible - expected) == [], "no case below tests/cases expects these"


def test_there_are_as_many_cases_as_we_say() -> None:
    cases = [case for path in find_case_files([Path(__file__).parent]) for case in read_cases(path)]
    assert len(cases) >= 1000
    assert len({(case.place, case.name) for case in cases}) == len(cases)
