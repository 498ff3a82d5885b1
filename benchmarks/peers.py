"""The same decision in two rule engines: derived facts in, an outcome for each duty out.

Both get facts that were derived beforehand: neither has a calendar, nor a fold over an event history.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from benchmarks.by_hand import DUE_SOON, DUTIES, NOTHING, TRANSFER, Decision, Facts

INSTALL: Final = "pip install durable-rules zen-engine"

Test = tuple[str, str, int | str | bool]
"""A fact, a comparison, a value."""

_CLOSED: Final[Test] = ("closed", "==", True)
_OPEN: Final[Test] = ("closed", "==", False)
_LATE: Final[Test] = ("late", ">", 0)
_IN_TIME: Final[Test] = ("late", "<=", 0)
_RUNS: Final[tuple[Test, Test]] = (_OPEN, ("waiting", "==", False))


def _slip(event: str) -> tuple[tuple[str, tuple[Test, ...]], ...]:
    sent: Test = (event, "==", True)
    return (
        ("not_owed", (_IN_TIME, _CLOSED)),
        ("pending", (_IN_TIME, _OPEN)),
        ("missed", (_LATE, (event, "==", False))),
        ("met", (_LATE, sent, (f"{event}_late", "<=", 0))),
        ("met_late", (_LATE, sent, (f"{event}_late", ">", 0))),
    )


def _deadline(only_if: str, done: str, late: str) -> tuple[tuple[str, tuple[Test, ...]], ...]:
    applies: Test = (only_if, "==", True)
    return (
        ("met", (applies, (done, "==", True), (late, "<=", 0))),
        ("met_late", (applies, (done, "==", True), (late, ">", 0))),
        ("pending", (applies, (done, "==", False), (late, "<=", 0))),
        ("missed", (applies, (done, "==", False), (late, ">", 0))),
    )


def _at_most(most: int, count: str) -> tuple[tuple[str, tuple[Test, ...]], ...]:
    return ("kept", ((count, "<=", most),)), ("broken", ((count, ">", most),))


_APOLOGY: Final[Test] = ("apology", "==", True)
RULES: Final[dict[str, tuple[tuple[str, tuple[Test, ...]], ...]]] = {
    "apology_before_due": _slip("apology"),
    "apology_content": (
        ("missed", (_APOLOGY, ("reason", "==", "empty"))),
        ("met", (_APOLOGY, ("reason", "==", "given"), ("new_due", "==", True))),
        ("undetermined", (_APOLOGY, ("reason", "==", "absent"))),
        ("undetermined", (_APOLOGY, ("reason", "==", "given"), ("new_due", "==", False))),
    ),
    "late_notice_to_one_stop": _slip("notice"),
    "result_by_new_date": _deadline("again", "closed", "again_late"),
    "return_ineligible": (
        ("met", (("return_rank", ">=", 0), ("return_rank", "<=", 3))),
        ("met_late", (("return_rank", ">", 3),)),
    ),
    "supplement_once": _at_most(1, "requests"),
    "supplement_max_two": _at_most(2, "requests"),
    "single_reappointment": _at_most(1, "reappointments"),
    TRANSFER: _deadline("in_person", "forwarded", "forward_late"),
    "punctuality": (
        ("paused", (("waiting", "==", True),)),
        ("returned_late", (_CLOSED, _LATE)),
        ("on_time", (_CLOSED, ("late", "==", 0))),
        ("early", (_CLOSED, ("late", "<", 0))),
        ("overdue", (*_RUNS, _LATE)),
        ("due_soon", (*_RUNS, _IN_TIME, ("workdays_left", "<=", DUE_SOON))),
        ("pending", (*_RUNS, _IN_TIME, ("workdays_left", ">", DUE_SOON))),
    ),
}
"""For each duty its outcomes; no two of one duty hold at once."""


class Peer(ABC):
    """An engine that was given the rules."""

    name: str
    distribution: str

    @abstractmethod
    def decide(self, facts: Facts) -> Decision:
        """The outcome of each duty."""

    def close(self) -> None:  # noqa: B027 - most have nothing to give back
        """Give back what the engine holds."""


class Durable(Peer):
    """durable_rules in the one way that was found safe: no threads, one sid, assert, then retract whatever happens."""

    name = "durable-rules, assert and retract"
    distribution = "durable_rules"

    def __init__(self) -> None:
        from durable.engine import Host

        class Quiet(Host):  # type: ignore[misc, unused-ignore]
            """A host that starts no timer threads."""

            def _run(self) -> None:
                pass

        self._fired: list[tuple[str, str]] = []
        rules: dict[str, Any] = {"anything": {"all": [{"m": {"mark": 1}}], "run": self._note("", "")}}
        for duty, outcomes in RULES.items():
            for place, (outcome, tests) in enumerate(outcomes):
                both = [{"mark": 1}, *(_condition(*test) for test in tests)]
                rules[f"{duty}_{place}"] = {"all": [{"m": {"$and": both}}], "run": self._note(duty, outcome)}
        self._host: Any = Quiet()
        self._host.register_rulesets({"decision": rules})

    def _note(self, duty: str, outcome: str) -> Callable[[Any], None]:
        fired, name = self._fired, (duty, outcome)

        def action(_context: Any) -> None:
            fired.append(name)

        return action

    def decide(self, facts: Facts) -> Decision:
        fact = {"sid": "one", "mark": 1, **facts}
        fired = self._fired
        fired.clear()
        try:
            self._host.assert_fact("decision", fact)
            found = dict.fromkeys(DUTIES, NOTHING)
            found.update(fired)
            del found[""]  # the catch-all rule fires every time, or something is wrong
        finally:
            self._host.retract_fact("decision", fact)
        return found

    def close(self) -> None:
        import durable_rules_engine  # type: ignore[import-not-found, unused-ignore]

        durable_rules_engine.delete_ruleset(self._host.get_ruleset("decision")._handle)


def _condition(fact: str, comparison: str, value: int | str | bool) -> dict[str, Any]:
    if comparison == "==":
        return {fact: value}
    return {{">": "$gt", ">=": "$gte", "<": "$lt", "<=": "$lte"}[comparison]: {fact: value}}


class Zen(Peer):
    """zen-engine: one compiled decision model; an expression for each duty, a decision table for the punctuality."""

    name = "zen-engine, one evaluate of a decision model"
    distribution = "zen_engine"

    def __init__(self) -> None:
        import zen

        # The engine must outlive its decision.
        self._engine: Any = zen.ZenEngine()
        self._decision: Any = self._engine.create_decision(json.dumps(decision_model()))

    def decide(self, facts: Facts) -> Decision:
        found: Decision = self._decision.evaluate(facts)["result"]
        return found


class ZenExpression(Peer):
    """zen-engine at its fastest: no decision model, all duties in one compiled expression."""

    name = "zen-engine, one compiled expression"
    distribution = "zen_engine"

    def __init__(self) -> None:
        import zen

        duties = ", ".join(f"{duty}: {_expression(outcomes)}" for duty, outcomes in RULES.items())
        self._expression: Any = zen.compile_expression(f"{{{duties}}}")

    def decide(self, facts: Facts) -> Decision:
        found: Decision = self._expression.evaluate(facts)
        return found


def decision_model() -> dict[str, Any]:
    """The rules as a JSON decision model."""
    nodes: list[dict[str, Any]] = [
        {"id": "facts", "name": "facts", "type": "inputNode", "content": {}},
        {
            "id": "duties",
            "name": "duties",
            "type": "expressionNode",
            "content": {
                "expressions": [
                    {"id": duty, "key": duty, "value": _expression(RULES[duty])}
                    for duty in RULES
                    if duty != "punctuality"
                ]
            },
        },
        {"id": "state", "name": "state", "type": "decisionTableNode", "content": _table("punctuality")},
        {"id": "answer", "name": "answer", "type": "outputNode", "content": {}},
    ]
    edges = [("facts", "duties"), ("facts", "state"), ("duties", "answer"), ("state", "answer")]
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [{**node, "position": {"x": 0, "y": 0}} for node in nodes],
        "edges": [{"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in edges],
    }


def _expression(outcomes: tuple[tuple[str, tuple[Test, ...]], ...]) -> str:
    text = f"'{NOTHING}'"
    for outcome, tests in reversed(outcomes):
        text = f"{' and '.join(f'{fact} {how} {_literal(value)}' for fact, how, value in tests)} ? '{outcome}' : {text}"
    return text


def _table(duty: str) -> dict[str, Any]:
    facts = list(dict.fromkeys(fact for _, tests in RULES[duty] for fact, _, _ in tests))
    rows = []
    for place, (outcome, tests) in enumerate(RULES[duty]):
        cells = dict.fromkeys(facts, "")
        for fact, comparison, value in tests:
            cells[fact] = _literal(value) if comparison == "==" else f"{comparison} {_literal(value)}"
        rows.append({"_id": f"{place}", **cells, "out": f'"{outcome}"'})
    return {
        "hitPolicy": "first",
        "inputs": [{"id": fact, "name": fact, "field": fact} for fact in facts],
        "outputs": [{"id": "out", "name": duty, "field": duty}],
        "rules": rows,
    }


def _literal(value: int | str | bool) -> str:
    return f"'{value}'" if isinstance(value, str) else json.dumps(value)


PEERS: Final[tuple[type[Peer], ...]] = (Durable, Zen, ZenExpression)


def installed(distribution: str) -> str:
    """The version that is installed, or nothing."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""
