"""The tool that makes and tries mutants: what it makes, how it tries it, and that its arguments are not stale."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import text_file

from .__main__ import main
from .exchange import Exchange
from .kept import Result, Results, arguments, entry_for
from .making import Mutant, NoModuleError, Source, mutants_of
from .rooms import ROOMS

ROOT = Path(__file__).parents[2]


def source_of(text: str) -> Source:
    return Source("law.sample", Path("sample.py"), text)


def becomes(text: str) -> set[str]:
    """What a text of one line becomes."""
    return {mutant.text.strip() for mutant in mutants_of(source_of(text))}


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("f(a < b)", {"f(a <= b)", "f(a >= b)", "pass"}),
        ("f(a <= b < c)", {"f(a < b < c)", "f(a > b < c)", "f(a <= b <= c)", "f(a <= b >= c)", "pass"}),
        ("f(a is  not b)", {"f(a is b)", "pass"}),
        ("f(a not in b)", {"f(a in b)", "pass"}),
        ("f(a and b)", {"f(True and b)", "f(a and True)", "f(a or b)", "pass"}),
        ("f(a or b or c)", {"f(False or b or c)", "f(a or False or c)", "f(a or b or False)", "pass"}),
        ("f(not a)", {"f((a))", "pass"}),
        ("a[0] += 5", {"a[0] -= 5", "a[1] += 5", "a[-1] += 5", "a[0] += 6", "a[0] += 4", "pass"}),
        ("f(-1)", {"f(0)", "f(-2)", "pass"}),
        ("f(a < 5)", {"f(a <= 5)", "f(a >= 5)", "f(a < 4)", "pass"}),
        ("f(5 <= a)", {"f(5 < a)", "f(5 > a)", "f(4 <= a)", "pass"}),
        ("f(True)", {"f(False)", "pass"}),
        ("f(a - b // c)", {"f(a + b // c)", "f(a - b * c)", "pass"}),
        ("f(1 << a | b)", {"f(2 << a | b)", "f(0 << a | b)", "f(1 >> a | b)", "f(1 << a & b)", "pass"}),
        ("f(min(a, b))", {"f(max(a, b))", "pass"}),
        ("f(a if b else c)", {"f(a if not (b) else c)", "pass"}),
        ('f("%s" % a)', {"pass"}),
        ('f(f"{a + 1}")', {"pass"}),
        ("def f(a: int = 0) -> x[1]: return a", {"def f(a: int = 1) -> x[1]: return a",
         "def f(a: int = -1) -> x[1]: return a", "def f(a: int = 0) -> x[1]: return None"}),
        ("a: Final = 7", {"a: Final = 8", "a: Final = 6"}),
        ('"""A docstring."""', set()),
        ("if TYPE_CHECKING: f(a < b)", set()),
    ],
)  # fmt: skip
def test_what_is_made(line: str, made: set[str]) -> None:
    assert becomes(line) == made


def test_every_mutant_can_be_compiled_and_bears_a_name_of_its_own() -> None:
    for module in ("law.outcome", "law.steps", "logs.jsonstream"):
        made = mutants_of(Source.of(module))
        assert len({mutant.key for mutant in made}) == len(made) > 100
        for mutant in made:
            compile(mutant.text, "mutant", "exec")


def test_a_name_goes_with_its_line_and_those_beside_it() -> None:
    text = "a = f(1)\nb = g(a < 2)\nc = h(b)\nd = 3\n"
    before = {mutant.said(): mutant.key for mutant in mutants_of(source_of(text))}
    moved = {mutant.said(): mutant.key for mutant in mutants_of(source_of(f"z = 1\n{text.replace('d = 3', 'd = 4')}"))}
    told = ("b = g(a < 2)", "b = g(a <= 2)")
    assert before[told] == moved[told]
    other = {mutant.said(): mutant.key for mutant in mutants_of(source_of(text.replace("c = h(b)", "c = h(a)")))}
    assert before[told] != other[told]


def test_text_before_a_change_may_be_of_any_letters() -> None:
    (mutant, _) = [one for one in mutants_of(source_of('f("hồ sơ", a < b)')) if "pass" not in one.new]
    assert mutant.text == 'f("hồ sơ", a <= b)'
    assert mutant.diff().splitlines()[1:] == ['-f("hồ sơ", a < b)', '+f("hồ sơ", a <= b)']


def test_a_module_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NoModuleError, match=r"no module law\.clocks"):
        Source.of("law.clocks")
    assert main(["law.clocks"]) == 2
    assert "no module law.clocks" in capsys.readouterr().err
    assert main(["errors"]) == 2
    assert "rooms.py" in capsys.readouterr().err


@pytest.mark.parametrize("module", ROOMS)
def test_every_room_names_tests_that_are_there(module: str) -> None:
    assert Source.of(module).text
    assert [test for test in ROOMS[module].tests if not (ROOT / test.partition("::")[0]).exists()] == []


# -- exchanging --------------------------------------------------------------------------------------------------------


def the_one(module: str, said: str) -> Mutant:
    (found,) = [mutant for mutant in mutants_of(Source.of(module)) if mutant.said()[1] == said]
    return found


def test_functions_run_other_code_wherever_they_were_imported_to() -> None:
    from tthc_rules.law.outcome import deadline

    exchange = Exchange(Source.of("law.outcome"))
    mutant = the_one("law.outcome", 'return "met" if done < due else "met_late"')
    sound = deadline.__code__
    assert exchange.place_of(mutant) == "functions"
    try:
        exchange.put(mutant)
        assert deadline(5, 5, 9) == "met_late"
    finally:
        deadline.__code__ = sound
    assert deadline(5, 5, 9) == "met"


def test_what_is_done_while_importing_is_told_from_what_functions_do() -> None:
    exchange = Exchange(Source.of("law.clock"))
    assert exchange.place_of(the_one("law.clock", "LOST = 25")) == "import"


# -- trying ------------------------------------------------------------------------------------------------------------

SMALL = """
from tthc_rules.law.outcome import deadline
from tthc_rules.law.steps import EARLY


def test_deadlines():
    assert EARLY == 1
    assert deadline(5, 5, 9) == "met"
    day = deadline(None, 5, 5)
    while day != "pending":
        pass
"""
TRY = """
import json, sys
from pathlib import Path
from tests.mutants.making import Source, mutants_of
from tests.mutants.rooms import Room
from tests.mutants.trial import Trial

test, folder, wanted = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
for module, said in wanted:
    source = Source.of(module)
    chosen = [mutant for mutant in mutants_of(source) if mutant.said()[1] == said]
    tell = lambda mutant, result: print(result.outcome, file=sys.stderr, flush=True)
    assert Trial(source, chosen, Room((test,), loads=True), tell, folder).run()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="hệ này không có os.fork / no os.fork here")
def test_a_mutant_is_killed_by_a_test_by_time_or_while_importing_or_it_survives(tmp_path: Path) -> None:
    tried = {
        ("law.outcome", 'return "met" if done < due else "met_late"'): "killed",
        ("law.outcome", 'return "missed" if as_of >= due else "pending"'): "time",
        ("law.outcome", 'return "missed" if as_of <= due else "pending"'): "time",
        ("law.outcome", "return (day, 1441), (day, 1440)"): "unreached",
        ("law.steps", "EARLY = 2  # outcomes: places in `codes.STEP_OUTCOMES`"): "killed",
        ("law.steps", "LATE = 4"): "survived",
    }
    test = text_file(tmp_path, SMALL, "test_small.py")
    script = [sys.executable, "-c", TRY, str(test), str(tmp_path / "kept"), json.dumps(list(tried))]
    done = subprocess.run(script, capture_output=True, encoding="utf-8", cwd=ROOT, check=False)
    assert done.stderr.split() == list(tried.values())


# -- what is kept ------------------------------------------------------------------------------------------------------


def test_results_go_on_where_they_were_left(tmp_path: Path) -> None:
    killed, survived = mutants_of(source_of("f(a < b)"))[:2]
    path = tmp_path / "new" / "results.jsonl"
    Results(path).add(Result(killed.key, "law.sample", "survived"))
    Results(path).add(Result(killed.key, "law.sample", "killed", "tests/x.py::test", 0.5, 3))
    Results(path).add(Result(survived.key, "law.sample", "survived"))
    again = Results(path)
    assert [again.is_dead(one) for one in (killed, survived)] == [True, False]
    assert again.found[killed.key].by == "tests/x.py::test"


def test_every_argument_speaks_of_a_mutant_that_is_made() -> None:
    """A line that changed takes the argument for it away: is it still true?"""
    argued = arguments()
    made = {one.key: one for module in {a.module for a in argued.values()} for one in mutants_of(Source.of(module))}
    gone = [argument for argument in argued.values() if argument.key not in made]
    assert gone == []
    assert [argument for argument in argued.values() if not argument.speaks_of(made[argument.key])] == []
    assert [argument.key for argument in argued.values() if len(argument.why) < 30] == []


def test_an_argument_goes_stale_with_its_line(tmp_path: Path) -> None:
    mutant = mutants_of(source_of("f(a < b)"))[0]
    entry = f"""
[[equivalent]]
why = "because"
mutants = [
{entry_for(mutant)}
]
"""
    (argument,) = arguments(text_file(tmp_path, entry, "law.sample.toml").parent).values()
    assert argument.speaks_of(mutant)
    assert [one for one in mutants_of(source_of("f(a < c)")) if one.key == argument.key] == []
    assert not replace(argument, line="f(a < c)").speaks_of(mutant)
    with pytest.raises(ValueError, match="two arguments"):
        arguments(text_file(tmp_path, entry * 2, "law.sample.toml").parent)
