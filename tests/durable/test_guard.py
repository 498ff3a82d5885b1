"""The guard: whatever durable-rules swallows, drops or cannot do is an error of ours, and never a verdict."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tthc_rules import Dossier, EngineError, OptionError, Rulebook, Verdict
from tthc_rules.check.cases import CaseRunner, read_cases
from tthc_rules.durable import host as hosting
from tthc_rules.durable import judge as judging
from tthc_rules.durable.branches import above, flag
from tthc_rules.durable.decided import Stage
from tthc_rules.durable.host import GuardedHost
from tthc_rules.durable.judge import DurableJudge
from tthc_rules.durable.rulesets import EVERY_TIME, Decision, pack
from tthc_rules.law.question import Question
from tthc_rules.reference.engine import ReferenceEngine

DECISIONS = (Decision("late", above("days", 0)), Decision("paid", flag("is_paid")))
READERS = {"days": lambda of: of["days"], "is_paid": lambda of: of["is_paid"]}
AS_OF = date(2024, 9, 10)
DOSSIER = {
    "dossier_id": "HS-1",
    "time_limit": {"amount": 5, "unit": "workday"},
    "events": [{"kind": "dossier_accepted", "at": "2024-08-23T08:30"}],
}


@pytest.fixture
def stage(durable: None) -> Iterator[Stage[Any]]:
    made: Stage[Any] = Stage(DECISIONS, READERS)
    yield made
    made.close()


def code(ask: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(EngineError) as caught:
        ask(*arguments, **options)
    (problem,) = caught.value.problems
    assert problem.vi != problem.en
    return problem.code


# -- the host ----------------------------------------------------------------------------------------------------------


def test_each_decision_is_answered_once(stage: Stage[Any]) -> None:
    for _ in range(3):
        assert stage.decide({"days": 1, "is_paid": False}) == [True, False]
        assert stage.decide({"days": 0, "is_paid": True}) == [False, True]
        assert stage.decide({"days": -(1 << 31), "is_paid": True}) == [False, True]


@pytest.mark.parametrize("says_its_name", [True, False])
def test_an_action_that_raises_is_found_out(
    durable: None, monkeypatch: pytest.MonkeyPatch, says_its_name: bool
) -> None:
    def broken(self: GuardedHost, name: str) -> Any:
        def action(_context: Any) -> None:
            if says_its_name or name == EVERY_TIME:
                self._fired.append(name)
            if name != EVERY_TIME:
                raise ZeroDivisionError("swallowed")

        return action

    monkeypatch.setattr(GuardedHost, "action", broken)
    made: Stage[Any] = Stage(DECISIONS, READERS)
    with pytest.raises(EngineError, match="swallowed") as caught:
        made.decide({"days": 1, "is_paid": True})
    assert caught.value.code == "TR-engine-failed"
    made.close()


def test_an_action_that_loses_its_name_is_found_out(durable: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        GuardedHost,
        "action",
        lambda self, name: lambda _context: self._fired.append(name) if name.startswith(("paid", EVERY_TIME)) else None,
    )
    made: Stage[Any] = Stage(DECISIONS, READERS)
    with pytest.raises(EngineError, match="none of its branches fired"):
        made.decide({"days": 1, "is_paid": True})
    made.close()


def test_two_branches_at_once_are_found_out(durable: None) -> None:
    (ruleset,) = pack(DECISIONS, READERS)
    ruleset.rules["late_1"] = ruleset.rules["late_0"]
    made: Stage[Any] = Stage((), {})
    made.decisions, made.hosts = DECISIONS, [(GuardedHost(ruleset.rules), ruleset)]
    with pytest.raises(EngineError, match="two of its branches fired"):
        made.decide({"days": 1, "is_paid": True})
    made.close()


def test_without_the_catch_all_there_is_no_answer(durable: None) -> None:
    (ruleset,) = pack(DECISIONS, READERS)
    del ruleset.rules[EVERY_TIME]
    host = GuardedHost(ruleset.rules)
    assert code(host.ask, {"days": 1, "is_paid": True}) == "TR-engine-failed"
    host.close()


def test_a_fact_that_nothing_knows_is_no_answer(stage: Stage[Any]) -> None:
    (host, _), *_ = stage.hosts
    assert host.ask({}) == []  # the catch-all fires, and the decisions miss their branch
    assert code(stage.decide, {"days": None, "is_paid": True}) == "TR-engine-failed"


def test_more_matches_than_it_bears_are_an_error(durable: None) -> None:
    rules: dict[str, Any] = {
        f"r{n}": {"all": [{"m": {"$and": [{"mark": 1}, {"$gt": {"x": -n}}]}}]} for n in range(1, 80)
    }
    host = GuardedHost(rules)
    assert code(host.ask, {"x": 0}) == "TR-engine-failed"
    host.close()


def test_a_closed_host_does_not_answer(stage: Stage[Any]) -> None:
    (host, _), *_ = stage.hosts
    host.close()
    host.close()
    assert code(host.ask, {"days": 1, "is_paid": True}) == "TR-engine-failed"


def test_no_thread_is_started_and_the_ruleset_is_freed(durable: None, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, native = hosting.package()
    freed: list[int] = []
    monkeypatch.setattr(hosting, "package", lambda: (engine, _Native(native, freed)))
    before = threading.active_count()
    (ruleset,) = pack(DECISIONS, READERS)
    closed, dropped = GuardedHost(ruleset.rules), GuardedHost(ruleset.rules)
    assert threading.active_count() == before
    closed.close()
    assert len(freed) == 1
    del dropped
    gc.collect()
    assert len(freed) == 2


class _Native:
    """The native part, counting what is freed."""

    def __init__(self, native: Any, freed: list[int]) -> None:
        self._native, self._freed = native, freed

    def delete_ruleset(self, handle: int) -> None:
        self._freed.append(handle)
        self._native.delete_ruleset(handle)


# -- the engine --------------------------------------------------------------------------------------------------------


def test_a_broken_engine_is_not_asked_again(both: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    with DurableJudge() as judge:
        engine = ReferenceEngine(both.corpus, judge)
        book = Rulebook(both.corpus)
        book._durable = engine
        wanted = book.evaluate(DOSSIER, AS_OF, engine="durable")
        (law,) = judge._laws.values()
        monkeypatch.setattr(law._stage, "decide", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            book.evaluate(DOSSIER, AS_OF, engine="durable")
        assert judge._laws == {}
        assert book.evaluate(DOSSIER, AS_OF, engine="durable") == wanted == both.evaluate(DOSSIER, AS_OF)
    assert judge._laws == {}
    assert judge._known == {}


def test_laws_that_are_the_same_are_compiled_once(durable: None) -> None:
    book = Rulebook.load()
    for place in (None, "hue", "ha-noi", "can-tho"):
        book.evaluate({**DOSSIER, **({"jurisdiction": place} if place else {})}, AS_OF, engine="durable")
    assert book._durable is not None
    judge = book._durable.judge
    assert isinstance(judge, DurableJudge)
    assert len(judge._known) == 4
    assert len(judge._laws) == 1
    judge.close()


def test_the_law_compiled_first_makes_room(both: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MOST_LAWS", 2)
    judge = DurableJudge()
    engine = ReferenceEngine(both.corpus, judge)
    for _ in range(2):
        for year in (2018, 2024, 2026):
            asked = Question(AS_OF, date(year, 1, 1))
            dossier = Dossier.model_validate(DOSSIER)
            assert engine.evaluate(dossier, asked) == ReferenceEngine(both.corpus).evaluate(dossier, asked)
            assert len(judge._laws) <= 2
            assert set(map(id, judge._known.values())) == set(map(id, judge._laws.values()))
    judge.close()


def test_threads_take_turns(both: Rulebook) -> None:
    wanted = both.evaluate(DOSSIER, AS_OF)
    found: list[Verdict] = []

    def ask() -> None:
        for _ in range(25):
            found.append(both.evaluate(DOSSIER, AS_OF, engine="durable"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 100
    assert all(verdict == wanted for verdict in found)


def test_an_engine_that_fails_fails_the_case_that_expects_any_error(tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(hosting, "PYTHON", (3, 13))
    path = tmp_path / "x.tthc.yaml"
    path.write_text(
        "- {name: a, dossier: {dossier_id: a, events: []}, as_of: '2024-09-10', expect: {error: '*'}}\n".replace(
            "'", '"'
        ),
        encoding="utf-8",
    )
    (case,) = read_cases(path)
    with pytest.raises(EngineError):
        CaseRunner(engine="durable").run(case)


# -- where it cannot run -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(3, 13), (3, 14)])
def test_a_python_that_is_too_new(book: Rulebook, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int]) -> None:
    monkeypatch.setattr(hosting, "PYTHON", version)
    with pytest.raises(EngineError) as caught:
        Rulebook(book.corpus).evaluate(DOSSIER, AS_OF, engine="durable")
    assert caught.value.code == "TR-engine-durable"
    for lang in ("vi", "en"):
        told = caught.value.render(lang)
        assert f"Python {version[0]}.{version[1]}" in told
        assert 'pip install "tthc-rules[durable]"' in told


def test_a_package_that_is_missing(book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosting, "PYTHON", (3, 11))
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    fresh = Rulebook(book.corpus)
    assert code(fresh.evaluate, DOSSIER, AS_OF, engine="durable") == "TR-engine-durable"
    assert fresh.evaluate(DOSSIER, AS_OF) == fresh.evaluate(DOSSIER, AS_OF, engine="reference")


@pytest.mark.parametrize(("engine", "nearest"), [("durabel", "durable"), ("referense", "reference"), ("", "")])
def test_an_engine_that_is_not_known(book: Rulebook, engine: str, nearest: str) -> None:
    with pytest.raises(OptionError) as caught:
        book.evaluate(DOSSIER, AS_OF, engine=engine)
    (problem,) = caught.value.problems
    assert (problem.code, problem.nearest) == ("TR-option-engine", nearest)


def test_an_engine_that_is_no_text(book: Rulebook) -> None:
    with pytest.raises(OptionError) as caught:
        book.evaluate(DOSSIER, AS_OF, engine=["durable"])  # type: ignore[arg-type]
    assert caught.value.code == "TR-option-type"


def test_the_reference_never_imports_it() -> None:
    asked = (
        "import sys, datetime, tthc_rules; book = tthc_rules.Rulebook.load(); "
        f"book.evaluate({DOSSIER!r}, datetime.date(2024, 9, 10)); "
        "print([m for m in sys.modules if 'durable' in m])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_importing_and_asking_warn_of_nothing(durable: None) -> None:
    asked = (
        "import datetime, tthc_rules; book = tthc_rules.Rulebook.load(); "
        f"print(book.evaluate({DOSSIER!r}, datetime.date(2024, 9, 10), engine='durable').punctuality)"
    )
    command = [sys.executable, "-W", "error", "-c", asked]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert (done.stdout.strip(), done.stderr) == ("overdue", "")
