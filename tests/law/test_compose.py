"""The composed function: flat, without a word of a rule file, and the same source for the same law."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from agreement.rules import write

from tthc_rules import Rulebook
from tthc_rules.errors import EngineError
from tthc_rules.law import compose as composing
from tthc_rules.law.compose import compose
from tthc_rules.law.composed import PARAMETERS, Composed, Slots
from tthc_rules.law.evidence import Citation, Interpretation
from tthc_rules.law.rule import (
    FOREVER,
    ChannelIs,
    Discharge,
    InForce,
    Limit,
    NotBefore,
    Obligation,
    Picker,
    ReceivedAt,
    Rule,
    Statement,
)
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


# -- what is written, and what is not ----------------------------------------------------------------------------------

APOLOGY = Obligation("apology", "handling_agency", "applicant", Statement("apology_sent", "acceptance", ("reason",)))
ONLINE = ChannelIs(frozenset({"online"}))


def own(name: str, start: int = 0, until: int | None = None, by: Picker = "dossier_accepted", **more: Any) -> Rule:
    """A version that is law from one day to another, with one duty of that name where nothing else is said."""
    more.setdefault("obligations", (replace(APOLOGY, id=name),))
    return Rule(name, f"one_stop/{start}", {"vi": name, "en": name}, InForce(start, until, 0), by, **more)


def limit(name: str, at_most: int, start: int = 0, until: int | None = None, **more: Any) -> Rule:
    limits = (Limit(name, "supplement_requests", at_most),)
    return own(name, start, until, "supplement_requested", obligations=(), limits=limits, **more)


def written(*rules: Rule | tuple[Rule, ...], slots: Slots | None = None) -> Composed:
    listed = [rule if isinstance(rule, tuple) else (rule,) for rule in rules]
    duties = tuple(dict.fromkeys(duty for versions in listed for rule in versions for duty in rule.duties))
    return compose(Statute(listed, FOREVER - 1), (), FOREVER - 1, duties, slots)


def lines_with(made: Composed, part: str) -> list[str]:
    return [line for line in made.source.splitlines() if part in line]


@pytest.mark.parametrize(
    "rule",
    [own("a"), own("a", by="dossier_submitted"), own("a", by="dossier_lost"), limit("a", 1)],
    ids=["by acceptance", "by submission", "by a loss", "by request"],
)
def test_a_rule_that_stands_alone_is_written_once(rule: Rule) -> None:
    made = written(rule)
    assert len(lines_with(made, "outcome[0 * n + k] =")) == 1
    assert [len(acts) for acts in made.acts] == [1]


@pytest.mark.parametrize(
    "rules",
    [
        (),
        (own("a", is_on=False),),
        ((own("a", 0, 9, is_on=False), own("a", 10, repealed=True, obligations=())),),
        (limit("a", 3, is_on=False),),
        (own("a", 0, by="supplement_requested", repealed=True, obligations=()),),
    ],
    ids=["no rule", "off", "off, then repealed", "a limit that is off", "a limit that is repealed"],
)
def test_where_nothing_is_owed_nothing_is_asked(rules: tuple[Rule | tuple[Rule, ...], ...]) -> None:
    made = written(*rules)
    assert lines_with(made, "if ") == []
    ast.parse(made.source)


def test_what_several_ask_for_is_read_once_before_them_and_what_one_asks_for_inside_it() -> None:
    two = [own("a", applies_if=(ONLINE,)), own("b", applies_if=(ONLINE,))]
    three = [*two, own("c", applies_if=(ONLINE,))]
    inside, (before,), (still,) = (lines_with(written(*rules), "= channel[k]") for rules in (two[:1], two, three))
    assert before == still
    assert len(inside) == 1
    assert _depth(inside[0]) > _depth(before)


def test_that_is_so_too_for_rules_that_are_picked_by_the_submission() -> None:
    """They stand in a part of their own, beside that of rules which the acceptance picks."""
    received = [own(name, applies_if=(ONLINE,)) for name in "ab"]
    sent = [own(name, by="dossier_submitted", applies_if=(ONLINE,)) for name in "cd"]
    first, second = lines_with(written(received[0], sent[0]), "= channel[k]")
    assert _depth(first) == _depth(second)
    first, second = lines_with(written(received[0], *sent), "= channel[k]")
    assert _depth(first) > _depth(second)
    first, second = lines_with(written(*received, *sent), "= channel[k]")
    assert _depth(first) == _depth(second)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def test_a_version_is_asked_for_by_its_own_days_whatever_begins_between() -> None:
    made = written(own("a", 100, 199), (own("b", 0, 149), own("b", 150)), own("c", 120, 130))
    spans = [re.sub(r"v\d+", "day", line.strip()) for line in made.source.splitlines() if " <= v" in line]
    assert sorted(spans) == ["if 0 <= day <= 149:", "if 100 <= day <= 199:", "if 120 <= day <= 130:"]
    assert len(lines_with(made, ">= 150:")) == 1


def test_versions_of_the_same_days_are_asked_for_together() -> None:
    made = written(own("a", 100, 199), own("b", 100, 199), own("c", 100, 198))
    assert [len(lines_with(made, f"<= {last}:")) for last in (199, 198)] == [1, 1]


def test_the_columns_of_first_events_are_those_that_are_given() -> None:
    everywhere = Slots(("dossier_forwarded", "apology_sent"), ("delay_notice_sent",))
    assert written(own("a"), slots=everywhere).slots == everywhere
    assert written(own("a")).slots == Slots(("apology_sent",), ())


READING = Interpretation("reading", {}, "a", "b", {}, "unconfirmed")


@pytest.mark.parametrize(
    ("rule", "readings", "events"),
    [
        (own("a", interpretations=(READING,)), ("reading",), ("apology_sent",)),
        (own("a", interpretations=(replace(READING, status="text"),)), (), ("apology_sent",)),
        (own("a", is_on=False, interpretations=(READING,)), (), ()),
        (limit("a", 1, interpretations=(READING,)), ("reading",), ()),
        (limit("a", 1, interpretations=(replace(READING, status="design"),)), (), ()),
        (limit("a", 1, is_on=False, interpretations=(READING,)), (), ()),
    ],
)
def test_what_is_off_has_no_open_reading_and_asks_for_no_event(
    rule: Rule, readings: tuple[str, ...], events: tuple[str, ...]
) -> None:
    made = written(rule)
    assert (made.readings, made.slots.since_acceptance) == (readings, events)


def test_a_rule_that_the_submission_picks_does_not_count_on_an_acceptance() -> None:
    """The hour of reception is asked only where there is a reception."""
    received = (ReceivedAt(900, late=False),)
    (line,) = lines_with(written(own("a", by="dossier_submitted", applies_if=received)), "= minute[")
    assert line.endswith(">= 0 else -1")
    (line,) = lines_with(written(own("a", applies_if=received)), "= minute[")
    assert line.endswith("]")


# -- what cannot be composed -------------------------------------------------------------------------------------------


def refused(*rules: Rule | tuple[Rule, ...]) -> tuple[str, str]:
    with pytest.raises(EngineError) as caught:
        written(*rules)
    return caught.value.code, caught.value.place


def test_a_duty_may_have_so_many_versions_and_no_more() -> None:
    """Their number is kept in eight bits: 120 are allowed, and one more is not."""
    versions = tuple(own("a", day, day) for day in range(121))
    assert len(written(versions[:120]).acts[0]) == 120
    assert refused(versions) == ("TR-rule-acts", "a")
    assert refused(tuple(replace(one, source="a.yaml:1") for one in versions)) == ("TR-rule-acts", "a.yaml:1")


def test_a_limit_whose_day_the_clock_does_not_keep_is_refused_with_its_place() -> None:
    assert refused(limit("a", 3)) == ("TR-rule-limit", "a")
    assert refused(limit("a", 3, source="a.yaml:1")) == ("TR-rule-limit", "a.yaml:1")
