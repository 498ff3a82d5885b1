"""The composed function: flat, without a word of a rule file, and the same source for the same law."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from agreement.rules import write

from tthc_rules import Rulebook
from tthc_rules.errors import EngineError
from tthc_rules.law import compose as composing
from tthc_rules.law.compose import compose
from tthc_rules.law.composed import PARAMETERS, Composed
from tthc_rules.law.evidence import Citation
from tthc_rules.law.rule import FOREVER, Discharge, NotBefore, Obligation, Rule
from tthc_rules.law.statute import Statute

HOSTILE = "x'); import os; os.abort() #\n"


def composed_of(book: Rulebook, rules: list[tuple[Rule, ...]] | None = None) -> Composed:
    listed = list(book.corpus.rules["one_stop"].values()) if rules is None else rules
    duties = tuple(dict.fromkeys(duty for versions in listed for rule in versions for duty in rule.duties))
    return compose(Statute(listed, FOREVER - 1), (), FOREVER - 1, duties)


def test_it_is_one_function_over_whole_numbers(book: Rulebook) -> None:
    (function,) = ast.parse(composed_of(book).source).body
    assert isinstance(function, ast.FunctionDef)
    assert tuple(argument.arg for argument in function.args.args) == PARAMETERS
    allowed = {"n", *PARAMETERS, "j", "k", "range", "len", "min", "today", "turn", "by", "what"}
    names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    assert {name for name in names if not (name[0] == "v" and name[1:].isdigit())} <= allowed
    constants = {node.value for node in ast.walk(function) if isinstance(node, ast.Constant)}
    assert {type(value) for value in constants} <= {int, type(None)}  # `done is not None`


def test_no_text_of_a_rule_file_enters_it(book: Rulebook) -> None:
    plain = list(book.corpus.rules["one_stop"].values())
    hostile = [tuple(_renamed(rule) for rule in versions) for versions in plain]
    made = composed_of(book, hostile)
    assert HOSTILE in made.duties[0]
    assert "import" not in made.source
    assert "os" not in {node.id for node in ast.walk(ast.parse(made.source)) if isinstance(node, ast.Name)}
    assert made.source == composed_of(book, plain).source


def _renamed(rule: Rule) -> Rule:
    """The rule with hostile names wherever a rule file may choose one."""
    return replace(
        rule,
        id=rule.id + HOSTILE,
        label={"vi": HOSTILE, "en": HOSTILE},
        citations=(Citation(HOSTILE, "text"),),
        dates=tuple(replace(node, name=node.name + HOSTILE) for node in rule.dates),
        deadlines={
            name + HOSTILE: replace(node, name=node.name + HOSTILE, due=_due(rule, node.due))
            for name, node in rule.deadlines.items()
        },
        obligations=tuple(_obligation(rule, duty) for duty in rule.obligations),
        limits=tuple(replace(limit, id=limit.id + HOSTILE) for limit in rule.limits),
        interpretations=tuple(replace(one, id=one.id + HOSTILE) for one in rule.interpretations),
    )


def _due(rule: Rule, name: str | None) -> str | None:
    return name + HOSTILE if name in {node.name for node in rule.dates} else name


def _obligation(rule: Rule, duty: Obligation) -> Obligation:
    way = duty.fulfilled
    if isinstance(way, Discharge):
        way = replace(way, deadline=way.deadline + HOSTILE)
    if isinstance(way, NotBefore):
        way = replace(way, date=str(_due(rule, way.date)))
    by = [None if one is None else replace(one, by=str(_due(rule, one.by))) for one in (duty.or_by, duty.waived)]
    when = None if duty.when is None else replace(duty.when, deadline=duty.when.deadline + HOSTILE)
    later = _due(rule, duty.hour_unknown)
    return replace(
        duty, id=duty.id + HOSTILE, fulfilled=way, when=when, or_by=by[0], waived=by[1], hour_unknown=later
    )  # fmt: skip


def test_its_size_is_bounded(book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tthc_rules.law.flatlines.MOST_LINES", 50)
    with pytest.raises(EngineError, match="TR-rule-size"):
        composed_of(book)


def test_a_duty_of_too_many_versions_is_refused(book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "MOST_ACTS", 1)
    with pytest.raises(EngineError, match="TR-rule-acts"):
        composed_of(book)


def assigned_first(source: str) -> list[str]:
    """The variables that are read above every line that gives them a value."""
    given: set[str] = set()
    wrong = []
    for line in source.splitlines():
        target = re.match(r"\s*(?:for )?(v\d+) (?:=|in|\+=|-=) ", line)
        read = re.findall(r"\bv\d+\b", line)
        if target is not None and " += " not in line and " -= " not in line:
            read.remove(target[1])
        wrong += [name for name in read if name not in given]
        if target is not None:
            given.add(target[1])
    return wrong


@pytest.mark.parametrize("seed", range(6))
def test_no_variable_is_read_before_it_has_a_value(seed: int, tmp_path: Path, book: Rulebook) -> None:
    corpus = Rulebook.load(write(seed, tmp_path), shipped=False).corpus if seed else book.corpus
    for family in corpus.clocks:
        rules = list(corpus.rules.get(family, {}).values())
        made = compose(Statute(rules, FOREVER - 1), (), FOREVER - 1, corpus.duties)
        assert assigned_first(made.source) == []
