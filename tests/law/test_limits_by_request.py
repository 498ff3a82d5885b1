"""Which version of a limit on requests is judged: that of the request that exceeds it, else of the last one.

The day depends on the limit, so two versions may each hold their own: then the newer one is judged (`law/statute`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.law.civil import day_of
from tthc_rules.law.evidence import AmendedUnseen, Citation, Interpretation
from tthc_rules.law.rule import ChannelIs, InForce, Limit, Rule

LABEL = {"vi": "giới hạn thử", "en": "trial limit"}
AUGUST = {n: day_of(date(2024, 8, n)) for n in range(1, 32)}
ENGINES = pytest.mark.parametrize("engine", ["reference", "composed"])


def version(first: int, last: int | None, *at_most: int, **more: Any) -> Rule:
    """From one day of August 2024 to another, no more than so many requests."""
    limits = tuple(Limit(f"at_most_{most}", "supplement_requests", most) for most in at_most)
    return Rule(
        "own", f"one_stop/2024-08-{first:02d}", LABEL,
        InForce(AUGUST[first], None if last is None else AUGUST[last], AUGUST[1]),
        "supplement_requested", (Citation("1/NĐ", "text"),), limits=limits, **more,
    )  # fmt: skip


def found(book: Rulebook, engine: str, asked_on: tuple[int, ...], *versions: Rule) -> dict[str, tuple[str, str]]:
    """By limit its outcome and the first day of its version, of a dossier that was asked on these days of August."""
    one_stop = {**book.corpus.rules["one_stop"], "own": versions}
    own = Rulebook(replace(book.corpus, rules={**book.corpus.rules, "one_stop": one_stop}))
    requests = [
        {"kind": kind, "at": f"2024-08-{day:02d}T{hour}:00"}
        for day in asked_on
        for kind, hour in (("supplement_requested", "09"), ("supplement_received", "15"))
    ]
    dossier = {
        "dossier_id": "A",
        "time_limit": {"amount": 20, "unit": "workday"},
        "events": [{"kind": "dossier_accepted", "at": "2024-08-05T08:30"}, *requests],
    }
    verdict = own.evaluate(dossier, date(2024, 8, 20), engine=engine)
    findings = {name: verdict.finding(name) for name in ("at_most_1", "at_most_2")}
    return {name: (one.outcome, one.duty.version[-2:]) for name, one in findings.items() if one is not None}


@ENGINES
def test_where_two_versions_could_be_picked_the_newer_one_is(book: Rulebook, engine: str) -> None:
    """By the older one the second request exceeds, on its last day; by the newer one the third, on its second day."""
    versions = version(1, 7, 1), replace(version(8, None, 2), limits=(Limit("at_most_1", "supplement_requests", 2),))
    assert found(book, engine, (6, 7, 9), *versions) == {"at_most_1": ("broken", "08")}


@ENGINES
def test_of_two_limits_in_one_version_the_first_that_is_exceeded_picks_it(book: Rulebook, engine: str) -> None:
    """The second request breaks the first limit on the 7th, the third breaks the other on the 9th."""
    versions = version(1, 8, 1, 2), version(9, None, 1, 2)
    assert found(book, engine, (6, 7, 9), *versions) == {"at_most_1": ("broken", "01"), "at_most_2": ("broken", "01")}


@ENGINES
def test_a_version_that_nobody_read_limits_nothing_and_leaves_the_others_alone(book: Rulebook, engine: str) -> None:
    versions = version(1, 7, 1, is_on=False), version(8, None, 1)
    assert found(book, engine, (6, 7), *versions) == {}
    assert found(book, engine, (6, 9), *versions) == {"at_most_1": ("broken", "08")}


@ENGINES
def test_a_repealed_version_limits_nothing_and_leaves_the_others_alone(book: Rulebook, engine: str) -> None:
    versions = version(1, 7, 1), version(8, None, repealed=True)
    assert found(book, engine, (6, 9), *versions) == {}
    assert found(book, engine, (6, 7), *versions) == {"at_most_1": ("broken", "01")}


def reading(name: str) -> Interpretation:
    return Interpretation(name, LABEL, "a", "b", LABEL, "unconfirmed")


@ENGINES
@pytest.mark.parametrize(("day", "unseen"), [(6, ()), (7, ("nd9_not_seen",)), (8, ("nd9_not_seen",))])
def test_a_verdict_assumes_the_open_readings_of_the_versions_it_found(
    book: Rulebook, engine: str, day: int, unseen: tuple[str, ...]
) -> None:
    """Of three limits one is for files sent online: what it reads is not assumed of a file brought in person."""
    amended = AmendedUnseen("9/2024/NĐ-CP", AUGUST[7])
    online = ChannelIs(frozenset({"online"}))
    rules = {
        "first": version(1, None, 1, interpretations=(reading("first"),), applies_if=(online,)),
        "second": version(1, None, 1, interpretations=(reading("second"), reading("third"))),
        "fourth": version(1, None, 1, unseen=amended),
    }
    named = {
        name: (replace(rule, id=name, limits=(Limit(f"of_{name}", "supplement_requests", 1),)),)
        for name, rule in rules.items()
    }
    own = Rulebook(replace(book.corpus, rules={"one_stop": named}))
    dossier = {
        "dossier_id": "A",
        "time_limit": {"amount": 20, "unit": "workday"},
        "events": [
            {"kind": "dossier_accepted", "at": "2024-08-05T08:30"},
            {"kind": "supplement_requested", "at": f"2024-08-{day:02d}T09:00"},
        ],
    }
    verdict = own.evaluate(dossier, date(2024, 8, 20), engine=engine)
    assert set(verdict.assumptions) == {"second", "third", *unseen}
