"""Every node of a rule has all that a node has: a schema tag, a meaning in each engine, a sentence, an oracle, a row.

The unions of `law/rule` are walked: a node added to one of them fails here until each of its readings knows it, and a
node that a reading does not know is refused there, never taken for another one. Where it then has to go is told in
CONTRIBUTING.md, «Add a node».
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from agreement.grid import situations_of
from agreement.oracle import oracle_judge
from agreement.situation import Group, Situation
from pydantic import TypeAdapter

from tthc_rules import EngineError, Rulebook
from tthc_rules.check.examples import possible_outcomes
from tthc_rules.durable.conditions import all_hold
from tthc_rules.durable.loading import DossierLoading
from tthc_rules.durable.translate import Translation
from tthc_rules.law import clock
from tthc_rules.law.compose import compose
from tthc_rules.law.facts import Seen
from tthc_rules.law.rule import (
    DATE_FACTS,
    Applicability,
    ChannelIs,
    Counted,
    DateNode,
    Deadline,
    Discharge,
    EachWithin,
    EventSeen,
    FieldIs,
    Fulfilment,
    InForce,
    Limit,
    NotBefore,
    Obligation,
    OtherLevel,
    ReappointmentStands,
    ReceivedAt,
    Rule,
    Statement,
)
from tthc_rules.law.statute import Statute
from tthc_rules.reference.explain import _Teller
from tthc_rules.reference.interpret import Reading, holds, judge
from tthc_rules.rulefile import schema
from tthc_rules.rulefile.resolve import Resolver

ROOT = Path(__file__).parents[1]
DOCS = (ROOT / "docs" / "rule-format.md").read_text(encoding="utf-8")
MONDAY = 19940  # 5 August 2024, as days since 1970
SEEN = Seen(MONDAY + 1, 540, 0)


@dataclass(frozen=True)
class Example:
    """A node as a lawyer writes it and as it is read; facts under which it says yes, and no."""

    written: dict[str, Any]
    node: Any
    yes: dict[str, Any]
    no: dict[str, Any]


def dated(**days: int) -> tuple[int | None, ...]:
    """Dates of a situation, by name, beside acceptance."""
    return tuple({"accepted": MONDAY, **days}.get(name) for name in DATE_FACTS)


CONDITIONS: Final = [
    Example(
        {"event": "dossier_lost", "since": "last_start"},
        EventSeen("dossier_lost", "last_start"),
        {"seen": ((("dossier_lost", "last_start"), (SEEN,)),)},
        {},
    ),
    Example(
        {"no_event": "opinion_requested"},
        EventSeen("opinion_requested", "acceptance", absent=True),
        {},
        {"seen": ((("opinion_requested", "acceptance"), (SEEN,)),)},
    ),
    Example({"other_level": True}, OtherLevel(), {"other_level": True}, {}),
    Example({"channel": ["online"]}, ChannelIs(frozenset({"online"})), {"channel": "online"}, {"channel": "postal"}),
    Example({"field": ["Đất  đai"]}, FieldIs(frozenset({"đất đai"})), {"field": "đất đai"}, {"field": "hộ tịch"}),
    Example(
        {"received": {"until": "15:00"}},
        ReceivedAt(900, late=False),
        {"accepted_minute": 900},
        {"accepted_minute": 901},
    ),
    Example(
        {"reappointment": "stands"},
        ReappointmentStands(),
        {"dates": (MONDAY, MONDAY + 7, MONDAY + 7, MONDAY + 7, MONDAY + 7, MONDAY + 9)},
        {},
    ),
]
WAYS: Final = [
    Example({"discharged_by": "sent"}, Discharge("sent"), {"seen": ((("apology_sent", "acceptance"), (SEEN,)),)}, {}),
    Example(
        {"states": {"event": "apology_sent", "fields": ["reason"]}},
        Statement("apology_sent", "acceptance", ("reason",)),
        {"seen": ((("apology_sent", "acceptance"), (Seen(MONDAY + 1, 540, clock.HAS_REASON),)),)},
        {"seen": ((("apology_sent", "acceptance"), (Seen(MONDAY + 1, 540, clock.HAS_REASON | clock.EMPTY_REASON),)),)},
    ),
    Example(
        {"not_before": {"event": "dossier_closed", "date": "open_request"}},
        NotBefore("dossier_closed", "open_request"),
        {"dates": dated(dossier_closed=MONDAY + 2, open_request=MONDAY + 1)},
        {"dates": dated(dossier_closed=MONDAY + 1, open_request=MONDAY + 1)},
    ),
    Example(
        {"each_within": {"event": "supplement_requested", "amount": 3, "unit": "workday"}},
        EachWithin("supplement_requested", 3),
        {"slowest_return": 3},
        {"slowest_return": 4},
    ),
]
COUNTS: Final = {"supplement_requests": "requests", "reappointments": "reappointments"}
"""What a limit counts -> the fact that holds it."""


ENDED: Final = ("met", "met_late", "missed")
NOT_CROSSED: Final = "tests/agreement/grid.py never tries both: in classes_of what the node asks for must vary"


def situation(**facts: Any) -> Situation:
    dates = (MONDAY, MONDAY + 7, MONDAY + 7, MONDAY + 7, MONDAY + 7, None)
    return Situation(MONDAY + 30, **{"dates": dates, **facts})


def rule_of(**parts: Any) -> Rule:
    """A rule that has always been law, with one duty or limit of these parts."""
    duty = Obligation("duty", "handling_agency", "applicant", parts.pop("way", Discharge("sent")))
    return Rule(
        "own",
        "one_stop/2000-01-01",
        {"vi": "quy tắc", "en": "rule"},
        InForce(0, None, 0),
        "dossier_accepted",
        deadlines={"sent": Deadline("sent", ("apology_sent",), "acceptance", "lawful_due")},
        obligations=() if "limits" in parts else (duty,),
        **parts,
    )


class Strange:
    """A node of tomorrow."""

    event, since, fields, any, amount, deadline = "dossier_lost", "acceptance", (), False, 1, "sent"


STRANGE: Any = Strange()


def ids(examples: list[Example]) -> list[str]:
    return [type(example.node).__name__ for example in examples]


def readers(rule: Rule, book: Rulebook) -> dict[str, Callable[[], object]]:
    """Every reading of a rule."""
    calendar = book.calendar("vn")
    here = situation()
    facts = here.facts(MONDAY + 30, calendar)
    return {
        "interpret": lambda: judge(Statute([(rule,)], MONDAY + 30), facts),
        "compose": lambda: compose(Statute([(rule,)], MONDAY + 30), (), MONDAY + 30, rule.duties),
        "durable": lambda: (
            all_hold(rule.applies_if, DossierLoading(), "here"),
            Translation(rule, DossierLoading()).findings(),
        ),
        "oracle": lambda: oracle_judge(Group("own", ((rule,),), MONDAY + 30, calendar, (here,))),
    }


# -- the unions, and what is listed here -------------------------------------------------------------------------------


def test_every_node_has_its_example_here() -> None:
    """In the three lists above: how it is written, what it is read as, facts that say yes and facts that say no."""
    for name, listed, union in (("CONDITIONS", CONDITIONS, Applicability), ("WAYS", WAYS, Fulfilment)):
        lacking = {node.__name__ for node in get_args(union)} - {*ids(listed)}
        assert not lacking, f"give each an Example in {name} of tests/test_nodes.py: {sorted(lacking)}"
    lacking = set(get_args(Counted)) - set(COUNTS)
    assert not lacking, f"name the fact that holds it in COUNTS of tests/test_nodes.py: {sorted(lacking)}"


def test_every_tag_of_the_schema_is_a_node() -> None:
    """As many shapes as nodes, each with a tag of its own; as many keys of an obligation as ways to fulfil it."""
    shapes = get_args(get_args(schema.ConditionPart)[0])
    tags = {get_args(shape)[1].tag for shape in shapes}
    listed = {f"<{next(iter(example.written))}>" for example in CONDITIONS}
    assert tags == listed, "the tags of ConditionPart in rulefile/schema/duties.py, and the first keys in CONDITIONS"
    assert len(shapes) == len(get_args(Applicability)) + 1  # an event is asked for, or its absence
    assert {next(iter(example.written)) for example in WAYS} <= set(schema.ObligationPart.model_fields)
    assert set(get_args(schema.LimitPart.model_fields["counts"].annotation)) == set(get_args(Counted))


# -- conditions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", CONDITIONS, ids=ids(CONDITIONS))
def test_a_condition_is_read_from_its_file(example: Example) -> None:
    part: Any = TypeAdapter(schema.ConditionPart).validate_python(example.written)
    complaints: list[object] = []
    assert Resolver(lambda problem, path: complaints.append(problem), {}).condition(part, ()) == example.node
    assert complaints == []


@pytest.mark.parametrize("example", CONDITIONS, ids=ids(CONDITIONS))
def test_a_condition_means_the_same_to_the_interpreter_and_the_oracle(example: Example, book: Rulebook) -> None:
    calendar = book.calendar("vn")
    rule = rule_of(applies_if=(example.node,))
    for facts, wanted in ((example.yes, True), (example.no, False)):
        here = situation(**facts)
        assert holds(example.node, here.facts(MONDAY + 30, calendar)) is wanted
        assert bool(oracle_judge(Group("own", ((rule,),), MONDAY + 30, calendar, (here,)))[0]) is wanted


@pytest.mark.parametrize("example", CONDITIONS, ids=ids(CONDITIONS))
def test_a_condition_has_a_step_a_translation_a_sentence_and_a_row(example: Example, book: Rulebook) -> None:
    rule, bare = rule_of(applies_if=(example.node,)), rule_of()
    of_rule, of_bare = (compose(Statute([(one,)], MONDAY), (), MONDAY, one.duties).source for one in (rule, bare))
    assert of_rule != of_bare  # the composed function asks for it
    assert len(all_hold((example.node,), DossierLoading(), "here").each) > 1
    said = []
    for lang in ("vi", "en"):
        teller = object.__new__(_Teller)
        teller.lang = lang
        said.append(teller.unfulfilled(example.node))
    assert all(said)
    assert said[0] != said[1]
    key = next(iter(example.written))
    assert re.search(rf"^\| `\{{{key}: ", DOCS, re.MULTILINE), f"docs/rule-format.md: no row «| `{{{key}: …}}` | …»"


@pytest.mark.parametrize("example", CONDITIONS, ids=ids(CONDITIONS))
def test_the_grid_crosses_what_a_condition_asks_for(example: Example, book: Rulebook) -> None:
    rule, calendar = rule_of(applies_if=(example.node,)), book.calendar("vn")
    tried = tuple(islice(situations_of(rule, calendar, [MONDAY, MONDAY + 5]), 3000))
    said = {bool(one) for one in oracle_judge(Group("own", ((rule,),), MONDAY + 30, calendar, tried))}
    assert said == {True, False}, NOT_CROSSED


# -- ways to fulfil a duty ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", WAYS, ids=ids(WAYS))
def test_a_way_is_read_from_its_file(example: Example) -> None:
    part = schema.ObligationPart.model_validate(
        {"id": "duty", "owed_by": "handling_agency", "to": "applicant", **example.written}
    )
    resolver = Resolver(lambda problem, path: None, {})
    assert resolver.fulfilled(part, ("sent",), ()) == example.node


@pytest.mark.parametrize("example", WAYS, ids=ids(WAYS))
def test_a_way_means_the_same_to_the_interpreter_and_the_oracle(example: Example, book: Rulebook) -> None:
    calendar = book.calendar("vn")
    rule = rule_of(way=example.node)
    said = []
    for facts in (example.yes, example.no):
        here = situation(**facts)
        (found,) = Reading(rule, here.facts(MONDAY + 30, calendar)).findings()
        (one,) = oracle_judge(Group("own", ((rule,),), MONDAY + 30, calendar, (here,)))[0]
        assert found.outcome == one.outcome
        said.append(found.outcome)
    assert said[0] == "met"
    assert said[1] in ("missed", "met_late")


@pytest.mark.parametrize("example", WAYS, ids=ids(WAYS))
def test_a_way_has_a_step_a_translation_outcomes_and_a_row(example: Example, book: Rulebook) -> None:
    rule = rule_of(way=example.node)
    composed = compose(Statute([(rule,)], MONDAY), (), MONDAY, rule.duties)
    assert composed.duties == ("duty",)
    assert "outcome[" in composed.source
    (translated,) = Translation(rule, DossierLoading()).findings()
    assert len({means.outcome for _, means in translated.each if means is not None}) > 1
    assert len(possible_outcomes(rule)["duty"]) > 1
    key = next(iter(example.written))
    assert re.search(rf"^\| `{key}` \| ", DOCS, re.MULTILINE), f"docs/rule-format.md: no row «| `{key}` | …»"


@pytest.mark.parametrize("example", WAYS, ids=ids(WAYS))
def test_the_grid_crosses_what_a_way_asks_for(example: Example, book: Rulebook) -> None:
    rule, calendar = rule_of(way=example.node), book.calendar("vn")
    if isinstance(example.node, NotBefore):  # as the law asks: so many days after the request that stood open
        last = DateNode("last", "open_request", 15, "calendar_day")
        way = replace(example.node, date=last.name)
        rule = replace(rule_of(way=way, dates=(last,)), picked_by=way.event)
    tried = tuple(islice(situations_of(rule, calendar, [MONDAY]), 3000))
    found = oracle_judge(Group("own", ((rule,),), MONDAY + 30, calendar, tried))
    said = {"met" if one.outcome == "met" else "not" for of_one in found for one in of_one if one.outcome in ENDED}
    assert said == {"met", "not"}, NOT_CROSSED


# -- limits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("counts", COUNTS)
def test_what_a_limit_counts_is_counted_by_all(counts: Any, book: Rulebook) -> None:
    calendar = book.calendar("vn")
    rule = rule_of(limits=(Limit("limit", counts, 1),))
    for times, wanted in ((1, "kept"), (2, "broken")):
        here = situation(**{COUNTS[counts]: times})
        (found,) = Reading(rule, here.facts(MONDAY + 30, calendar)).findings()
        (one,) = oracle_judge(Group("own", ((rule,),), MONDAY + 30, calendar, (here,)))[0]
        assert (found.outcome, one.outcome) == (wanted, wanted)
    other = next(name for name in COUNTS if name != counts)
    sources = [
        compose(Statute([(one,)], MONDAY), (), MONDAY, one.duties).source
        for one in (rule, replace(rule, limits=(Limit("limit", other, 1),)))  # type: ignore[arg-type]
    ]
    assert sources[0] != sources[1]
    (translated,) = Translation(rule, DossierLoading()).findings()
    assert {"kept", "broken"} <= {means.outcome for _, means in translated.each if means is not None}
    assert "`{id: NAME, counts: supplement_requests | reappointments" in DOCS


# -- a node that nobody knows ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["interpret", "compose", "durable", "oracle"])
@pytest.mark.parametrize(
    "rule",
    [
        rule_of(applies_if=(STRANGE,)),
        rule_of(way=STRANGE),
        rule_of(limits=(Limit("limit", "phone_calls", 1),)),  # type: ignore[arg-type]
    ],
    ids=["condition", "way", "limit"],
)
def test_a_node_of_tomorrow_is_refused_by_every_reading(rule: Rule, reader: str, book: Rulebook) -> None:
    with pytest.raises((AssertionError, EngineError, KeyError)):
        readers(rule, book)[reader]()


def test_a_node_of_tomorrow_is_refused_by_loader_explanation_and_check() -> None:
    with pytest.raises(AssertionError):
        Resolver(lambda problem, path: None, {}).condition(STRANGE, ())
    teller = object.__new__(_Teller)
    teller.lang = "vi"
    with pytest.raises(AssertionError):
        teller.unfulfilled(STRANGE)
    with pytest.raises(AssertionError):
        possible_outcomes(rule_of(way=STRANGE))
