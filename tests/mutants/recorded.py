"""`python -m tests.mutants.recorded [--dossiers N] [--jobs N]`: the clock's mutants, held against what it was asked.

A mutant of the clock that survives is asked of five thousand tests by `python -m tests.mutants law.clock`, a minute for
each. Here the calls of the clock are recorded first, those of the dossiers that the walk grows (the first ones that
every build walks) and those of every case; a mutant runs them again. Only where it answers otherwise is the dossier
judged with it and held against the walk, or the case. What survives goes to the tests: the results are kept where
`python -m tests.mutants` finds them. Exit codes as there.
"""

from __future__ import annotations

import argparse
import inspect
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from random import Random
from types import FunctionType
from typing import Any, Final, NoReturn

from tests.law.test_several_at_once import ASKED_AT_ONCE, asked_alike, called
from tests.walk.__main__ import BLOCK, PROCEDURES
from tests.walk.compare import Asked, differs_from, expected, law
from tests.walk.counting import OpenError
from tests.walk.grown import grown
from tests.walk.judge import Judged
from tthc_rules import Rulebook
from tthc_rules.check.cases import Case, CaseRunner, find_case_files, read_cases
from tthc_rules.law import clock
from tthc_rules.law.asked import Asked as AskedOf
from tthc_rules.law.codes import POLICIES

from .kept import Outcome, Result, Results, arguments
from .making import Mutant, Source, mutants_of

CASES: Final = Path(__file__).parents[1] / "cases"
MODULE: Final = "law.clock"
MOST_AT_ONCE: Final = 12
ENOUGH: Final = 15.0
"""Seconds of the processor after which a mutant that has not answered counts as killed by time."""
WRITTEN: Final = (
    "stop_from", "stop_to", "stop_over", "asked_tag", "asked_at", "asked_works", "begun", "out", "mark", "due_then",
)  # fmt: skip
"""What the clock writes into."""
PLACES: Final = {name: at for at, name in enumerate(inspect.signature(clock.run).parameters)}


@dataclass(frozen=True)
class Call:
    """One call of the clock: what it was given, and what it said."""

    given: tuple[Any, ...]
    said: tuple[Any, ...]

    def repeated(self) -> tuple[Any, ...]:
        """What the clock says now."""
        written = {PLACES[name] for name in WRITTEN}
        given = [list(one) if at in written and one is not None else one for at, one in enumerate(self.given)]
        clock.run(*given)
        return _said(given)


def _said(given: Sequence[Any]) -> tuple[Any, ...]:
    out, begun, mark, due_then, stop_from, stop_to = (
        given[PLACES[name]] for name in ("out", "begun", "mark", "due_then", "stop_from", "stop_to")
    )
    stops = out[clock.O_STOPS]
    written = (out, begun, mark or (), due_then or (), stop_from[:stops], stop_to[:stops])
    return tuple(map(tuple, written))  # others write into these later


@dataclass(frozen=True)
class Held:
    """A dossier of the walk, or a case: the calls of the clock that it needs, and whether it is judged rightly."""

    name: str
    calls: Sequence[Call]
    is_right: Callable[[], bool]

    def notices(self) -> bool:
        """Whether the clock that runs now says otherwise, and that is wrong."""
        try:
            same = all(call.repeated() == call.said for call in self.calls)
            return not same and not self.is_right()
        except Late:
            raise
        except Exception:  # whatever a mutant does
            return True


class Late(BaseException):
    """A mutant takes too long."""


def recorded(ask: Callable[[], object]) -> list[Call]:
    """The calls of the clock while something is asked."""
    calls: list[Call] = []
    sound: Callable[..., None] = clock.run

    def run(*given: Any) -> None:
        before = tuple(list(one) if isinstance(one, list) else one for one in given)
        sound(*given)
        calls.append(Call(before, _said(given)))

    clock.run = run
    try:
        ask()
    finally:
        clock.run = sound
    return calls


def of_the_walk(dossiers: int) -> Iterator[Held]:
    """The first dossiers of every build, as the walk judges them."""
    with tempfile.TemporaryDirectory() as folder:
        book = law(Path(folder))
    for number in range(0, dossiers, BLOCK):
        random = Random(f"1/{number // BLOCK}")
        for _ in range(min(BLOCK, dossiers - number)):
            asked = grown(random, procedures=PROCEDURES)
            try:
                walked = expected(asked)
            except OpenError:
                continue
            right = _walked(book, asked, walked)
            yield Held("tests.walk", recorded(right), right)


def _walked(book: Rulebook, asked: Asked, walked: Judged) -> Callable[[], bool]:
    return lambda: differs_from(walked, book, asked) is None


def of_the_cases() -> Iterator[Held]:
    """Every case that is right."""
    runner = CaseRunner()
    for path in find_case_files([CASES]):
        for case in read_cases(path):
            right = _passed(runner, case)
            right()  # what is read once need not be recorded
            yield Held(f"{path.relative_to(CASES.parents[1]).as_posix()}::{case.name}", recorded(right), right)


def _passed(runner: CaseRunner, case: Case) -> Callable[[], bool]:
    return lambda: runner.run(case).passed


def of_several() -> Iterator[Held]:
    """Several dossiers in one call, which are answered as each is by itself."""
    book = Rulebook.load()
    for lateness, as_of in ASKED_AT_ONCE:
        for several in asked_alike(book, as_of):
            right = _alike(several[:MOST_AT_ONCE], POLICIES[lateness])
            yield Held("tests/law/test_several_at_once.py", recorded(right), right)


def _alike(several: Sequence[AskedOf], policy: int) -> Callable[[], bool]:
    def right() -> bool:
        together, alone = called(several, policy, left=1 << 30), [called([one], policy) for one in several]
        return all(
            together.out[at] == one.out[0] and together.events[at] == one.events[0] for at, one in enumerate(alone)
        )

    return right


class Bench:
    """All that is held against a mutant; what noticed the last ones is asked first."""

    def __init__(self, held: Sequence[Held], mutants: Sequence[Mutant]) -> None:
        self.mutants, self._held = mutants, list(held)
        assert isinstance(clock.run, FunctionType)
        self._run = clock.run

    def trial(self, place: int) -> tuple[int, Outcome, str, float, int]:
        """How the mutant of that place went, by what, how long it took, how many were asked."""
        began = time.process_time()
        sound = self._run.__code__
        made: dict[str, Any] = {}
        exec(compile(self.mutants[place].text, clock.__file__, "exec", dont_inherit=True), made)
        self._run.__code__ = made["run"].__code__
        signal.signal(signal.SIGPROF, _too_late)
        signal.setitimer(signal.ITIMER_PROF, ENOUGH)
        outcome: Outcome = "survived"
        by, asked = "", 0
        try:
            for asked, held in enumerate(self._held, 1):
                if held.notices():
                    outcome, by = "killed", held.name
                    self._held.insert(0, self._held.pop(asked - 1))
                    break
        except Late:
            outcome = "time"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self._run.__code__ = sound
        return place, outcome, by, time.process_time() - began, asked


def _too_late(number: int, frame: object) -> NoReturn:
    raise Late


_BENCH: list[Bench] = []
"""What forked children find: the calls are not handed to each of them."""


def _trial(place: int) -> tuple[int, Outcome, str, float, int]:
    return _BENCH[0].trial(place)


def main(given: Sequence[str] | None = None) -> int:
    """Try the clock's mutants, and say how many survived."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.recorded", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=20_000, help="of the walk")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--results", type=Path, default=Path(".mutants"))
    parser.add_argument("--most", type=int, help="so many mutants")
    asked = parser.parse_args(given)
    results, argued, source = Results(asked.results / "results.jsonl"), arguments(), Source.of(MODULE)
    first = inspect.getsourcelines(clock.run)[1]  # what is done at import is not for calls to tell
    mutants = [
        one for one in mutants_of(source) if one.first >= first and one.key not in argued and not results.is_dead(one)
    ][: asked.most]
    cases = list(of_the_cases())
    Random(1).shuffle(cases)
    walked = of_the_walk(asked.dossiers)
    held = [*cases[:300], *islice(walked, 2000), *cases[300:], *of_several(), *walked]
    if wrong := [one.name for one in held if not one.is_right()]:
        print(f"not right without a mutant: {wrong[0]}", file=sys.stderr)
        return 2
    _BENCH[:] = [Bench(held, mutants)]
    tried: Counter[str] = Counter()
    with get_context("fork").Pool(asked.jobs) as pool:
        for place, outcome, by, seconds, many in pool.imap_unordered(_trial, range(len(mutants))):
            mutant = mutants[place]
            results.add(Result(mutant.key, MODULE, outcome, by, round(seconds, 3), many))
            tried[outcome] += 1
            if outcome == "survived":
                line, becomes = mutant.said()
                print(f"{mutant.key} {MODULE}:{mutant.line}: {line} -> {becomes}", flush=True)
    said = ", ".join(f"{number} {word}" for word, number in sorted(tried.items()))
    print(f"{len(mutants)} mutants, {len(held)} dossiers and cases: {said}")
    return 1 if tried["survived"] else 0


if __name__ == "__main__":
    sys.exit(main())
