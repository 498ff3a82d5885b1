"""The trial of one module's mutants: a pytest plugin that forks the collected session once for each mutant."""

from __future__ import annotations

import gc
import json
import os
import pickle
import resource
import selectors
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import Any, Final, NamedTuple, NoReturn

import pytest

from .exchange import Exchange, forget
from .kept import Outcome, Result
from .making import Mutant, Source
from .rooms import NOT_ASKED, Room

HERE: Final = Path(__file__).parent
INI: Final = HERE.parents[1] / "pyproject.toml"
LEAST: Final = 2.0
"""Seconds of the processor that every test may take."""
MULTIPLE: Final = 20
"""How many times its usual time of the processor a test may take before it counts as failed by time."""
OVERHEAD: Final = 0.01
"""Seconds that pytest takes for a test that does nothing."""
OFTEN: Final = 2000
MEMORY: Final = 4 << 30
ALONE: Final = ("no:randomly", "no:xdist", "no:cacheprovider", "no:benchmark")


class Measured(NamedTuple):
    """What one test does when nothing is wrong."""

    lines: frozenset[int]
    seconds: float


@dataclass
class Child:
    """A forked process, and what it has said so far."""

    pid: int
    mutant: Mutant | None
    said: bytes = b""


@dataclass
class Trial:
    """Tries mutants of one module; hands each result to `tell` as it comes."""

    source: Source
    mutants: Sequence[Mutant]
    room: Room
    tell: Callable[[Mutant, Result], None]
    folder: Path
    """Where it is kept what each test reaches."""
    jobs: int = 1
    budget: float = float("inf")
    """Seconds of usual time after which no further test is asked of a mutant."""
    said: list[str] = field(default_factory=list)
    """What went wrong before any mutant was tried."""

    def run(self) -> bool:
        """Collect the tests and try every mutant; false where that could not be done."""
        warm = f"{HERE / 'warming.py'}::test_{'a_folder_is_there' if self.room.loads else 'the_law_is_read'}"
        with _silence():
            code = pytest.main([warm, *self.room.tests, *self._options()], plugins=[self])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self.said.append(f"the tests could not be collected: pytest {' '.join(self.room.tests)}")
        return not self.said

    def _options(self) -> list[str]:
        alone = [f"-p{name}" for name in ALONE]
        return ["-q", "-s", "--tb=no", "--assert=plain", f"-c{INI}", f"--tthc-engine={self.room.engine}", *alone]

    # -- hooks of pytest -----------------------------------------------------------------------------------------------

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [one for one in items if not any(part in one.nodeid for part in NOT_ASKED)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        warm, *items = session.items
        self._warm(session, warm, items[0])
        self._files = {item.path for item in items}
        gc.unfreeze()  # what the trial of another module froze is not among the objects that are looked through
        self._exchange = Exchange(self.source)
        measured = self._measure(items)
        self._items = [item for item in items if _name(item) in measured]
        self._measured = [measured[_name(item)] for item in self._items]
        every = frozenset(range(1, len(self.source.lines) + 1))
        self._often = [one.lines == every for one in self._measured]
        reaching = Counter(line for one in self._measured for line in one.lines)
        self._worth = [
            sum(1 / reaching[line] for line in one.lines) / (one.seconds + OVERHEAD) for one in self._measured
        ]
        gc.freeze()  # the children need not copy what a collection would only look at
        self._killers: Counter[int] = Counter()
        self._near: dict[int, Counter[int]] = defaultdict(Counter)
        in_turn = sorted(self.mutants, key=lambda one: self._exchange.place_of(one) == "import")  # these are dear: last
        for child, answer in _forked(map(self._work, in_turn), self.jobs):
            assert child.mutant is not None
            self._note(child.mutant, answer)
        return True

    def _warm(self, session: pytest.Session, warm: pytest.Item, following: pytest.Item) -> None:
        if self.room.loads:
            from tthc_rules import cachefolder

            cachefolder.kept = lambda name: None
        session.config.hook.pytest_runtest_protocol(item=warm, nextitem=following)

    # -- what each test reaches ----------------------------------------------------------------------------------------

    def _measure(self, items: Sequence[pytest.Item]) -> dict[str, Measured]:
        """What each test that passes reaches of the module; from the last run where neither of them has changed."""
        path = self.folder / f"{self.source.module}.reached.json"
        digests = {item.path: sha256(item.path.read_bytes()).hexdigest()[:12] for item in items}
        source = sha256(self.source.text.encode()).hexdigest()
        known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        tests: dict[str, Any] = known.get("tests", {}) if known.get("source") == source else {}
        wanted = {_name(item): f"{self.room.engine} {digests[item.path]}" for item in items}
        tests = {name: one for name, one in tests.items() if wanted.get(name) == one["of"]}
        new = [item for item in items if _name(item) not in tests]
        if new:
            ((_, answer),) = _forked([(None, lambda say: self._traced(new))], 1)
            for item, (passed, lines, seconds) in zip(new, answer[0] if answer else (), strict=True):
                name = _name(item)
                tests[name] = {"of": wanted[name], "passed": passed, "lines": lines, "seconds": round(seconds, 4)}
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"source": source, "tests": tests}), encoding="utf-8")
        return {
            name: Measured(frozenset(one["lines"]), one["seconds"])
            for name, one in tests.items()
            if one["passed"] and (one["lines"] or self.room.makes_once)
        }

    def _traced(self, items: Sequence[pytest.Item]) -> list[tuple[bool, list[int], float]]:
        """Of a test that calls the module very often it is taken that it reaches all of it."""
        lines: set[int] = set()
        calls = 0
        file = str(self.source.path)

        def enter(frame: FrameType, event: str, argument: object) -> Any:
            nonlocal calls
            if frame.f_code.co_filename != file:
                return None
            calls += 1
            if calls > OFTEN:
                lines.update(range(1, len(self.source.lines) + 1))
                sys.settrace(None)
                return None
            return follow

        def follow(frame: FrameType, event: str, argument: object) -> Any:
            lines.add(frame.f_lineno)
            return follow

        def begin(place: int) -> None:
            nonlocal calls
            calls = 0
            lines.clear()
            sys.settrace(enter)

        found = []
        for _, passed in _protocols(items, before=begin):
            sys.settrace(None)
            found.append((passed.is_ok, sorted(lines), passed.seconds))
        return found

    # -- one mutant ----------------------------------------------------------------------------------------------------

    def _work(self, mutant: Mutant) -> tuple[Mutant, Work]:
        """What the child does; which tests it asks is settled when it is its turn."""
        place = self._exchange.place_of(mutant)
        if place == "nowhere":
            return mutant, lambda say: ("same", "", 0)
        if place == "import":
            return mutant, lambda say: self._anew(mutant, say)
        chosen = self._chosen(mutant)
        if not chosen:
            return mutant, lambda say: ("unreached", "", 0)
        return mutant, lambda say: self._first_failure(mutant, chosen, say)

    def _chosen(self, mutant: Mutant) -> list[int]:
        """The tests that reach it: first those that killed its neighbours, then quick ones that reach what few do."""
        reached = set(range(mutant.first, mutant.last + 1))
        near: Counter[int] = Counter()
        for line in range(mutant.first - 2, mutant.last + 3):
            near += self._near[line]
        measured = self._measured
        reaches = [bool(one.lines & reached) for one in measured]
        chosen = [at for at in range(len(measured)) if reaches[at] or self.room.makes_once]
        later = [not reaches[at] or self._often[at] for at in range(len(measured))]
        chosen.sort(key=lambda at: (-near[at], -self._killers[at], later[at], -self._worth[at]))
        spent = 0.0
        for place, at in enumerate(chosen):
            spent += measured[at].seconds + OVERHEAD
            if spent > self.budget:
                return chosen[: place + 1]
        return chosen

    def _first_failure(self, mutant: Mutant, chosen: Sequence[int], say: Say) -> tuple[Outcome, int, int]:
        self._exchange.put(mutant)
        if self.room.loads:
            _forget_books(self._items[0].config)

        def begin(place: int) -> None:
            usual = self._measured[chosen[place]].seconds
            _watch(max(LEAST, MULTIPLE * usual), lambda: say(("time", chosen[place], place + 1)))

        for place, (_, passed) in enumerate(_protocols([self._items[at] for at in chosen], before=begin)):
            if not passed.is_ok:
                return "killed", chosen[place], place + 1
        return "survived", -1, len(chosen)

    def _anew(self, mutant: Mutant, say: Say) -> tuple[Outcome, str, int]:
        """All is imported anew with it: the first tests of the room, then the others where no budget is set."""
        forget(mutant, self._files)
        usual = sum(one.seconds for one in self._measured)
        _watch(MULTIPLE * max(LEAST, usual), lambda: say(("time", "", 1)))
        first, *others = self.room.tests
        for tests in filter(None, ([first], others if self.budget == float("inf") else ())):
            code = pytest.main([*tests, "-x", *self._options()])
            if code != pytest.ExitCode.OK:
                return "killed", f"{tests[0]}…", 1
        return "survived", "", 2

    def _note(self, mutant: Mutant, answer: Any) -> None:
        """Hand on what a child said; one that died without a word was killed."""
        said: tuple[Outcome, Any, int]
        said, seconds = answer if answer is not None else (("killed", "", 0), 0.0)
        outcome, by, asked = said
        if isinstance(by, int):
            if by >= 0:
                self._killers[by] += 1
                self._near[mutant.line][by] += 1
            by = self._items[by].nodeid if by >= 0 else ""
        self.tell(mutant, Result(mutant.key, self.source.module, outcome, by, round(seconds, 3), asked))


# -- tests run one after the other -------------------------------------------------------------------------------------


class Passed(NamedTuple):
    """How one test went."""

    is_ok: bool
    seconds: float


class _Reports:
    """Whether any report of the test that runs is a failure, or it was skipped."""

    def __init__(self) -> None:
        self.is_ok = True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.is_ok = False


def _protocols(items: Sequence[pytest.Item], before: Callable[[int], object]) -> Iterator[tuple[pytest.Item, Passed]]:
    """Run tests as pytest does, in this order; a skipped one does not pass."""
    reports = _Reports()
    items[0].config.pluginmanager.register(reports)
    for place, item in enumerate(items):
        reports.is_ok = True
        started = time.process_time()
        before(place)
        following = items[place + 1] if place + 1 < len(items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        yield item, Passed(reports.is_ok, time.process_time() - started)


def _name(item: pytest.Item) -> str:
    """The name of a test, without the folder that the checkout lies in."""
    return item.nodeid


def _forget_books(config: pytest.Config) -> None:
    """The law that the collecting of cases has read was read without the mutant."""
    from tthc_rules.integrations.pytest_plugin import _RUNNERS

    config.stash[_RUNNERS] = {}


# -- processes ---------------------------------------------------------------------------------------------------------


Say = Callable[[object], NoReturn]
"""Tells the parent of a child what was found, and ends the child."""
Work = Callable[[Say], object]


def _forked(works: Iterable[tuple[Mutant | None, Work]], jobs: int) -> Iterator[tuple[Child, Any]]:
    """Each work in a child of its own, so many at a time; what it came to, or nothing where the child died."""
    queue, running = iter(works), selectors.DefaultSelector()
    while True:
        while len(running.get_map()) < jobs and (work := next(queue, None)) is not None:
            reader, child = _fork(*work)
            running.register(reader, selectors.EVENT_READ, child)
        if not running.get_map():
            return
        for key, _ in running.select():
            child, said = key.data, os.read(key.fd, 1 << 16)
            if said:
                child.said += said
                continue
            running.unregister(key.fd)
            os.close(key.fd)
            os.waitpid(child.pid, 0)
            yield child, pickle.loads(child.said) if child.said else None


def _fork(mutant: Mutant | None, work: Work) -> tuple[int, Child]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return reader, Child(pid, mutant)

    def say(found: object) -> NoReturn:
        signal.setitimer(signal.ITIMER_PROF, 0)
        left = pickle.dumps((found, time.process_time()))
        while left:
            left = left[os.write(writer, left) :]
        os._exit(0)

    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        say(work(say))
    finally:
        os._exit(1)


def _watch(seconds: float, expired: Callable[[], object]) -> None:
    """What is done where the processor has worked so long."""
    signal.signal(signal.SIGPROF, lambda number, frame: expired())
    signal.setitimer(signal.ITIMER_PROF, seconds)


class _silence:  # noqa: N801 - used as a word: with _silence()
    """What pytest prints goes nowhere; of the parent and of its children."""

    def __enter__(self) -> None:
        sys.stdout.flush()
        self._kept = os.dup(1)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)

    def __exit__(self, *about: object) -> None:
        sys.stdout.flush()
        os.dup2(self._kept, 1)
        os.close(self._kept)
