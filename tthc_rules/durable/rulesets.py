"""Decisions -> rulesets of durable-rules, as many as its limits ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from tthc_rules.durable import complaints
from tthc_rules.durable.branches import Branches, Test, tests_of
from tthc_rules.durable.loading import Reader

S = TypeVar("S")

MOST_MATCHES: Final = 60
"""Rules that one fact may fire; of 65 nothing fires at all."""
MOST_TESTS: Final = 500
"""Different tests of a ruleset; at 513 it may never come back."""
MOST_RULES: Final = 1500
"""Rules of a ruleset; of 4,342 the engine makes none (its error 106)."""
MOST_FACTS: Final = 200
"""Properties of a fact, the mark and the sid among them."""

MARK: Final = "mark"
SID: Final = "sid"
EVERY_TIME: Final = "every_time"
_LAST: Final = 1_000_000
"""The catch-all rule fires after all others: where it fired, nothing was left out."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A question with exactly one answer, and what each answer means."""

    name: str
    branches: Branches[Any]


@dataclass(slots=True)
class Ruleset(Generic[S]):
    """Some decisions in the JSON of durable-rules, without actions; each rule is one branch."""

    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    means: dict[str, tuple[int, Any]] = field(default_factory=dict)
    """By rule: the number of its decision, and what the branch means."""
    decisions: list[int] = field(default_factory=list)
    tests: set[tuple[object, ...]] = field(default_factory=set)
    facts: tuple[tuple[str, Reader[S]], ...] = ()
    """What it must be told."""


def pack(decisions: Sequence[Decision], readers: Mapping[str, Reader[S]]) -> list[Ruleset[S]]:
    """The decisions in order, a new ruleset where the one at hand is full."""
    packed: list[Ruleset[S]] = []
    asked: set[str] = set()
    for number, decision in enumerate(decisions):
        branches = [(condition, tests_of(condition), value) for condition, value in decision.branches.each]
        tests = {_key(test) for _, written, _ in branches for test in written}
        facts = {fact for condition, _, _ in branches for fact in condition}
        _fits_alone(decision.name, tests, facts)
        full = not packed or len(packed[-1].rules) + len(branches) > MOST_RULES
        if full or not _fits(packed[-1], asked, tests, facts):
            packed.append(Ruleset(rules={EVERY_TIME: {**_rule([]), "pri": _LAST}}, tests={_key({MARK: 1})}))
            asked = set()
        ruleset = packed[-1]
        asked |= facts
        ruleset.tests |= tests
        ruleset.decisions.append(number)
        for place, (_, written, value) in enumerate(branches):
            name = f"{decision.name}_{place}"
            ruleset.rules[name] = _rule(written)
            ruleset.means[name] = (number, value)
        ruleset.facts = tuple((name, reader) for name, reader in readers.items() if name in asked)
    return packed


def _rule(tests: Iterable[Test]) -> dict[str, Any]:
    """A rule with the mark in front, so that each kind of fact is asked for by something that it has."""
    all_of = [{MARK: 1}, *tests]
    return {"all": [{"m": {"$and": all_of} if len(all_of) > 1 else all_of[0]}]}


def _key(test: Test) -> tuple[object, ...]:
    """A test as the engine counts tests: by operator, fact and value; yes is not one."""
    ((name, asked),) = test.items()
    if isinstance(asked, dict):
        ((fact, value),) = asked.items()
        return name, fact, value
    return name, type(asked), asked


def _fits(ruleset: Ruleset[S], asked: set[str], tests: set[tuple[object, ...]], facts: set[str]) -> bool:
    """Of each decision one rule fires, and the catch-all beside them; the fact has its sid and its mark."""
    return (
        len(ruleset.decisions) + 2 <= MOST_MATCHES
        and len(ruleset.tests | tests) <= MOST_TESTS
        and len(asked | facts) + 2 <= MOST_FACTS
    )


def _fits_alone(name: str, tests: set[tuple[object, ...]], facts: set[str]) -> None:
    if len(tests) + 1 > MOST_TESTS:
        raise complaints.too_large(name, len(tests) + 1, MOST_TESTS, "phép thử khác nhau", "different tests")
    if len(facts) + 2 > MOST_FACTS:
        raise complaints.too_large(name, len(facts) + 2, MOST_FACTS, "dữ kiện", "facts")
