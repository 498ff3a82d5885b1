"""The compiler: branches that cover everything once, limits that are kept, and no node that is skipped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tthc_rules import EngineError, Rulebook
from tthc_rules.durable.branches import Branches, Flag, Range, Scalar, Word, above, always, choose, flag, word
from tthc_rules.durable.conditions import all_hold
from tthc_rules.durable.decided import CompiledLaw, Stage
from tthc_rules.durable.judge import DurableJudge
from tthc_rules.durable.loading import DossierLoading
from tthc_rules.durable.local import Local
from tthc_rules.durable.rulesets import MOST_FACTS, MOST_MATCHES, MOST_TESTS, Decision, Ruleset, pack
from tthc_rules.durable.translate import Translation
from tthc_rules.law.civil import day_of
from tthc_rules.law.rule import Deadline, Discharge, Limit, Obligation, Overlay, Rule, Statement
from tthc_rules.law.statute import Statute

KNOWN_ON = day_of(date(2026, 11, 21))


def statute_of(book: Rulebook, place: str = "") -> Statute:
    rules = {**book.corpus.rules["one_stop"], **book.corpus.rules.get(place, {})}
    return Statute(rules.values(), KNOWN_ON)


def holding(branches: Branches[Any], fact: Mapping[str, Scalar]) -> list[Any]:
    """What the branches that hold on a fact mean, by plain comparison."""
    return [value for condition, value in branches.each if all(_holds(b, fact[n]) for n, b in condition.items())]


def _holds(bound: Range | Word | Flag, value: Any) -> bool:
    if isinstance(bound, Range):
        return (bound.above is None or value > bound.above) and (bound.up_to is None or value <= bound.up_to)
    if isinstance(bound, Word):
        return bool(value == bound.word) if bound.word is not None else value not in bound.others
    return bool(value == bound.value)


def values_of(branches: Branches[Any]) -> dict[str, list[Scalar]]:
    """For each fact the values at the edges of what is asked of it."""
    found: dict[str, set[Scalar]] = {}
    for condition, _ in branches.each:
        for name, bound in condition.items():
            edges = found.setdefault(name, set())
            if isinstance(bound, Range):
                edges.update(n + step for n in (bound.above, bound.up_to) if n is not None for step in (0, 1))
            elif isinstance(bound, Word):
                edges.update({"another", *bound.others} if bound.word is None else {bound.word})
            else:
                edges.update((True, False))
    return {name: sorted(edges, key=str) for name, edges in found.items()}


@pytest.mark.parametrize("place", ["", "local/son-la", "local/tuyen-quang"])
def test_exactly_one_branch_of_each_decision_holds(durable: None, book: Rulebook, place: str) -> None:
    random = Random(1)
    law = CompiledLaw(statute_of(book, place), book.corpus.overlays.get(place, ()))
    try:
        assert len(law.decisions) >= 13
        assert bool(law.local_decisions) == bool(place)
        for decision in (*law.decisions, *law.local_decisions):
            values = values_of(decision.branches)
            for _ in range(150):
                fact = {name: random.choice(edges) for name, edges in values.items()}
                assert len(holding(decision.branches, fact)) == 1, (decision.name, fact)
    finally:
        law.close()


def test_branches_leave_out_what_contradicts_the_way_there() -> None:
    three = above("x", 5).then(lambda more: above("x", 9) if more else always(False))
    assert [value for _, value in three.each] == [True, False, False]
    assert holding(three, {"x": 10}) == [True]
    assert len(always(1).each) == 1
    both_ways = choose(flag("a"), lambda: flag("a"), lambda: flag("a"))
    assert [value for _, value in both_ways.each] == [True, False]
    words: Branches[str | None] = word("c", ["b", "a"]).then(
        lambda one: word("c", ["a", "d"]) if one is None else always(one)
    )
    assert [value for _, value in words.each] == ["a", "b", "d", None]
    assert holding(words, {"c": "e"}) == [None]


# -- limits ------------------------------------------------------------------------------------------------------------


def limits_are_kept(rulesets: list[Ruleset[Any]], decisions: int) -> None:
    """Measured on what is given to durable-rules, not on what the compiler believes."""
    assert sorted(number for ruleset in rulesets for number in ruleset.decisions) == list(range(decisions))
    for ruleset in rulesets:
        tests = {
            json.dumps(test, sort_keys=True)
            for rule in ruleset.rules.values()
            for test in rule["all"][0]["m"].get("$and", [rule["all"][0]["m"]])
        }
        names = {name for test in tests for name in _named(json.loads(test))} - {"mark"}
        assert len(tests) <= MOST_TESTS == 500
        assert len({number for number, _ in ruleset.means.values()}) + 1 <= MOST_MATCHES == 60
        assert {name for name, _ in ruleset.facts} == names
        assert len(names) + 2 <= MOST_FACTS


def _named(test: dict[str, Any]) -> list[str]:
    return [name for key, value in test.items() for name in (value if key.startswith("$") else [key])]


def _chain(length: int, first: int = 0) -> Branches[bool]:
    decided: Branches[bool] = always(True)
    for n in range(length):
        rest = decided
        decided = choose(flag(f"y{first + n}"), lambda rest=rest: rest, lambda: always(False))  # type: ignore[misc]
    return decided


def test_decisions_are_split_where_a_limit_asks_for_it() -> None:
    readers = {f"{letter}{n}": lambda _: 0 for letter in "xy" for n in range(600)}
    matches = [Decision(f"d{n}", above("x0", n)) for n in range(130)]
    tests = [Decision(f"d{n}", word(f"x{n}", map(str, range(100)))) for n in range(20)]
    facts = [Decision(f"d{n}", _chain(10, 10 * n)) for n in range(60)]
    for decisions, at_least in ((matches, 3), (tests, 5), (facts, 4)):
        rulesets = pack(decisions, readers)
        assert len(rulesets) >= at_least
        limits_are_kept(rulesets, len(decisions))


@pytest.mark.parametrize(
    "branches",
    [word("x", map(str, range(600))), choose(above("x", 0), lambda: _chain(300), lambda: always(True))],
    ids=["tests", "facts"],
)
def test_what_fits_into_no_ruleset_is_an_error(branches: Branches[Any]) -> None:
    with pytest.raises(EngineError) as caught:
        pack([Decision("too_much", branches)], {})
    assert (caught.value.code, caught.value.place) == ("TR-engine-size", "too_much")


RULE = """format: 1
rule: trial_{n}
label: {{vi: "Nghĩa vụ thử {n}", en: "Trial duty {n}"}}
effective: {{from: "2018-06-21", picked_by: {picked_by}}}
instrument: {{document: "01/QĐ-UBND thử", issued_on: "2018-06-01"}}
citations: [{{document: "01/QĐ-UBND thử", article: 3, status: text}}]
dates:
  last_day: {{before: {base}, amount: {n}, unit: calendar_day, last_day_off: as_written}}
deadlines:
  done: {{event: finished, due: {base}}}
  told: {{event: [apology_sent, delay_notice_sent], since: last_start, due: last_day}}
obligations:
  - id: trial_{n}
    owed_by: handling_agency
    to: applicant
    when: {{deadline: done, is: [met_late, missed]}}
    discharged_by: told
  - id: other_{n}
    owed_by: handling_agency
    to: applicant
    discharged_by: told
    or_by: {{event: [result, dossier_forwarded], by: {base}}}
    waived_by: {{event: [dossier_withdrawn], by: last_day}}
responsibilities:
  - {{for: trial_{n}, if: [missed], role: officer, unit: handling_agency, class: breach}}
"""


def test_a_large_rulebook_is_split_and_judged_alike(durable: None, tmp_path: Path) -> None:
    place = tmp_path / "local" / "ha-noi" / "2018-06-21"
    place.mkdir(parents=True)
    for n in range(30):
        picked_by, base = (("lawful_due", "lawful_due"), ("dossier_accepted", "current_due"))[n % 2]
        text = RULE.format(n=n, picked_by=picked_by, base=base)
        (place / f"trial_{n}.yaml").write_text(text, encoding="utf-8")
    book = Rulebook.load(tmp_path)
    told: list[dict[str, Any]] = [
        {"kind": "dossier_accepted", "at": "2024-08-23T08:30"},
        {"kind": "apology_sent", "at": "2024-08-27T08:30"},
    ]
    restarted: list[dict[str, Any]] = [
        {"kind": "dossier_forwarded", "at": "2024-08-26T08:30"},
        {"kind": "supplement_requested", "at": "2024-08-27T09:30", "after_appraisal": True},
        {"kind": "supplement_received", "at": "2024-08-28T08:30"},
    ]
    for more in (
        [{"kind": "result_issued", "at": "2024-09-06T08:30"}],
        [{"kind": "dossier_withdrawn", "at": "2024-08-30T08:30"}],
        restarted,
    ):
        for limit in ({"amount": 5, "unit": "workday"}, {"amount": 40, "unit": "work_hour"}):
            data = {"dossier_id": "HS-1", "jurisdiction": "ha-noi", "time_limit": limit, "events": [*told, *more]}
            reference = book.evaluate(data, date(2024, 9, 10))
            assert len(reference.obligations) > 60
            assert book.evaluate(data, date(2024, 9, 10), engine="durable") == reference
    assert book._durable is not None
    judge = book._durable.judge
    assert isinstance(judge, DurableJudge)
    (law,) = judge._laws.values()
    assert len(law._stage.hosts) >= 2
    limits_are_kept(pack(law.decisions, law.loading.readers), len(law.decisions))


# -- nodes -------------------------------------------------------------------------------------------------------------


def test_a_node_without_a_translation_is_an_error(book: Rulebook) -> None:
    rule = next(rule for versions in book.corpus.rules["one_stop"].values() for rule in versions if rule.obligations)
    duty = rule.obligations[0]
    broken: list[tuple[Rule, Obligation | Limit]] = [
        (rule, replace(duty, fulfilled="by magic")),  # type: ignore[arg-type]
        (rule, replace(duty, fulfilled=Discharge("nowhere"))),
        (rule, replace(duty, fulfilled=Statement("apology_sent", "acceptance", ("weight",)))),
        (replace(rule, deadlines={"x": Deadline("x", ("finished",), "acceptance", "nowhere")}),
         replace(duty, fulfilled=Discharge("x"))),
        (rule, Limit("x", "phone_calls", 1)),  # type: ignore[arg-type]
    ]  # fmt: skip
    for of, node in broken:
        translation = Translation(of, DossierLoading())
        with pytest.raises(EngineError) as caught:
            translation.limit(node) if isinstance(node, Limit) else translation.obligation(node)
        assert caught.value.code == "TR-engine-node"
    with pytest.raises(EngineError) as caught:
        all_hold(("the moon is full",), DossierLoading(), "here")  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.place) == ("TR-engine-node", "here")
    with pytest.raises(EngineError):
        Translation(
            replace(rule, limits=(Limit("x", "supplement_requests", 3),)), DossierLoading()
        ).request_that_picks()


def test_nothing_is_compiled_of_a_place_without_acts() -> None:
    overlays: tuple[Overlay, ...] = ()
    assert Local(overlays).loading.readers == {}
    stage: Stage[Any] = Stage((), {})
    assert stage.decide({}) == []
