"""Two engines side by side: what must be equal in a row, and what a difference looks like to a person."""

from __future__ import annotations

import inspect
import json
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from importlib import import_module
from itertools import islice
from multiprocessing import get_context
from typing import Any, Final

from tthc_rules import Rulebook
from tthc_rules.durable.host import package
from tthc_rules.errors import EngineError, TthcError
from tthc_rules.law.question import Question
from tthc_rules.result.columns import FIXED_COLUMNS
from tthc_rules.result.row import Row, error_row, row_of, steps_in

from .draft import Json
from .generate import block_at
from .ground import Ground, ground_of

Engine = Callable[[Rulebook, Question, list[Json]], list[Row]]
Key = tuple[tuple[str, object], ...]

SETS: Final = dict.fromkeys(("notes", "unknown_names", "assumptions", "clauses", "responsible", "versions"), "|")
"""Columns whose order says nothing."""


class EngineMissingError(Exception):
    """The engine is not in this checkout."""


# -- what must be equal ------------------------------------------------------------------------------------------------


def key(row: Mapping[str, Any]) -> Key:
    """What two engines must agree on: every column but the wording of errors; of a broken dossier its code alone."""
    if row.get("error_code"):
        return (("error_code", row["error_code"]),)
    return tuple(sorted((name, _plain(name, value)) for name, value in row.items() if value not in (None, "")))


def _plain(name: str, value: Any) -> object:
    if name in SETS:
        return tuple(sorted(set(value.split(SETS[name]))))
    return value.isoformat() if hasattr(value, "isoformat") else value


def columns_that_differ(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[str]:
    """The columns in which two rows say different things."""
    a, b = dict(key(left)), dict(key(right))
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


@dataclass(frozen=True)
class Difference:
    """One dossier on which two engines disagree; printed, it can be read and pasted."""

    edge: str
    question: Question
    dossier: Json
    rows: tuple[tuple[str, Row], tuple[str, Row]]

    @property
    def columns(self) -> list[str]:
        """The columns in which they differ."""
        return columns_that_differ(self.rows[0][1], self.rows[1][1])

    def __str__(self) -> str:
        asked = self.question
        lines = [
            f"edge {self.edge}; as_of {asked.as_of}, known_on {asked.known_on}, lateness {asked.lateness}",
            f"calendar {asked.calendar}, hours {asked.hours}",
            shown(self.dossier),
        ]
        width = max((len(column) for column in self.columns), default=0)
        for column in self.columns:
            for name, row in self.rows:
                lines.append(f"  {column:{width}}  {name:10} {row.get(column)}")
        return "\n".join(lines)

    def case(self, name: str) -> Json:
        """A skeleton of a case; what is right is for a person to write under `expect`."""
        asked = self.question
        options = {"lateness": asked.lateness, "calendar": asked.calendar, "hours": asked.hours}
        said = {engine: {c: str(row[c]) for c in self.columns if row.get(c) is not None} for engine, row in self.rows}
        return {
            "name": f"{name}, {self.edge}: {json.dumps(said, ensure_ascii=False)}",
            "dossier": self.dossier,
            "as_of": str(asked.as_of),
            "known_on": str(asked.known_on),
            "options": {name: value for name, value in options.items() if value is not None},
            "expect": {},
        }


def shown(dossier: Json) -> str:
    """A dossier as JSON, one event a line."""
    rest = {name: value for name, value in dossier.items() if name != "events"}
    events = dossier.get("events")
    if not isinstance(events, list) or len(events) > 60:
        return json.dumps(dossier, ensure_ascii=False, default=str)[:6000]
    head = json.dumps(rest, ensure_ascii=False, default=str)[:-1]
    body = ",\n".join("    " + json.dumps(event, ensure_ascii=False, default=str) for event in events)
    return f'{head}{", " if rest else ""}"events": [\n{body}\n]}}'


def differences(
    names: tuple[str, str], edges: Sequence[tuple[str, Json]], question: Question, left: list[Row], right: list[Row]
) -> Iterator[Difference]:
    """Where two lists of rows disagree."""
    if not len(edges) == len(left) == len(right):
        raise AssertionError(f"{len(edges)} dossiers, {names[0]}: {len(left)} rows, {names[1]}: {len(right)} rows")
    for (edge, dossier), a, b in zip(edges, left, right, strict=True):
        if _said(a) != _said(b) and key(a) != key(b):
            yield Difference(edge, question, dossier, ((names[0], a), (names[1], b)))


def _said(row: Row) -> Row:
    """The cells that say something: most rows agree in these at once, and need no key."""
    return {name: value for name, value in row.items() if value is not None and value != ""}


# -- the engines -------------------------------------------------------------------------------------------------------


def reference_engine(book: Rulebook, question: Question, dossiers: list[Json]) -> list[Row]:
    """The reference, one dossier after the other."""
    return [_one(book, question, dossier, engine="reference") for dossier in dossiers]


def composed_engine(book: Rulebook, question: Question, dossiers: list[Json]) -> list[Row]:
    """The composed rules in CPython, one dossier after the other."""
    return [_one(book, question, dossier, engine="composed") for dossier in dossiers]


def durable_engine(book: Rulebook, question: Question, dossiers: list[Json]) -> list[Row]:
    """The engine on durable-rules, one dossier after the other."""
    _need(book.evaluate, "engine", "tthc_rules.durable.judge")
    try:
        package()  # asked also where there is no dossier to judge
    except EngineError as error:
        raise EngineMissingError(str(error)) from None
    return [_one(book, question, dossier, engine="durable") for dossier in dossiers]


def bulk_engine(book: Rulebook, question: Question, dossiers: list[Json]) -> list[Row]:
    """The bulk core, all dossiers at once: the one place that knows how it is called."""
    rescore = getattr(book, "rescore_dossiers", None)
    _need(rescore, "dossiers", "tthc_rules.bulk.rescore")
    rows: list[Row] = rescore(  # type: ignore[misc]
        dossiers,
        question.as_of,
        known_on=question.known_on,
        lateness=question.lateness,
        calendar=question.calendar,
        hours=question.hours,
    )
    return rows


def _need(method: Any, parameter: str, module: str) -> None:
    """Complain where an engine is not there: its method, its module, or a package that it imports."""
    if method is None or parameter not in inspect.signature(method).parameters:
        raise EngineMissingError(f"Rulebook does not offer {module}")
    try:
        import_module(module)
    except (ImportError, SyntaxError) as error:
        raise EngineMissingError(f"{module} cannot be imported: {error}") from None


def _one(book: Rulebook, question: Question, dossier: Json, **options: Any) -> Row:
    try:
        verdict = book.evaluate(
            dossier,
            question.as_of,
            known_on=question.known_on,
            lateness=question.lateness,
            calendar=question.calendar,
            hours=question.hours,
            **options,
        )
    except TthcError as error:
        name = dossier.get("dossier_id")
        return error_row(name if isinstance(name, str) else "", error)
    return row_of(verdict)


ENGINES: Final[dict[str, Engine]] = {
    "reference": reference_engine,
    "composed": composed_engine,
    "bulk": bulk_engine,
    "durable": durable_engine,
}


def why_missing(name: str, book: Rulebook) -> str:
    """Why an engine cannot be run here, or nothing."""
    from datetime import date

    try:
        ENGINES[name](book, Question(date(2024, 9, 1), date(2024, 9, 1)), [])
    except EngineMissingError as error:
        return str(error)
    return ""


# -- many blocks, in several processes ---------------------------------------------------------------------------------


@dataclass
class Tally:
    """How many dossiers were compared, by edge, and where the engines differ."""

    edges: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    """Where one engine runs alone, its words: `punctuality=…`, `note=…`, `<duty>=…`, `error=…`."""
    differences: list[Difference] = field(default_factory=list)

    @property
    def compared(self) -> int:
        """How many dossiers."""
        return self.edges.total()

    def add(self, other: Tally, most: int = 20) -> None:
        """Take in what another one counted."""
        self.edges += other.edges
        self.outcomes += other.outcomes
        self.differences = (self.differences + other.differences)[:most]


@dataclass(frozen=True)
class Task:
    """Some blocks, by number, and the engines to run on them."""

    seed: int
    numbers: tuple[int, ...]
    size: int
    engines: tuple[str, ...]


def tasks(seed: int, n: int, engines: Sequence[str], block: int = 500, chunk: int = 8) -> Iterator[Task]:
    """The blocks of a run, a few a task."""
    total = -(-n // block)
    for first in range(0, total, chunk):
        yield Task(seed, tuple(range(first, min(first + chunk, total))), block, tuple(engines))


def judged(row: Row) -> Iterator[str]:
    """The words of a row, for the record of what was seen."""
    if row.get("error_code"):
        yield f"error={row['error_code']}"
        return
    for name, value in row.items():
        if name == "notes":
            for note in str(value).split("|") if value else ():
                yield f"note={note}"
        elif name == "steps":
            for step in steps_in(row):
                yield f"step={step['outcome']}"
        elif name not in _NO_WORDS and not name.endswith(".act_by"):
            yield f"{name}={value}"


_NO_WORDS: Final = frozenset(FIXED_COLUMNS) - {
    "punctuality", "punctuality_current", "ended_by", "clock_version", "assumptions", "provisional"
}  # fmt: skip


def work(task: Task, book: Rulebook, ground: Ground, engines: Mapping[str, Engine] = ENGINES) -> Tally:
    """Run the engines on the blocks of a task."""
    tally = Tally()
    for number in task.numbers:
        question, made = block_at(task.seed, number, task.size, ground)
        given = [dossier for _, dossier in made]
        tally.edges.update(edge for edge, _ in made)
        first, *others = task.engines
        wanted = engines[first](book, question, given)
        for row in wanted if not others else ():
            tally.outcomes.update(judged(row))
        for name in others:
            got = engines[name](book, question, given)
            tally.differences += differences((first, name), made, question, wanted, got)
    return tally


_LOADED: dict[tuple[str, ...], tuple[Rulebook, Ground]] = {}


def _work_apart(task: Task, folders: tuple[str, ...]) -> Tally:
    """`work`, in a process that loads the rules once."""
    found = _LOADED.get(folders)
    if found is None:
        book = Rulebook.load(*folders)
        found = _LOADED[folders] = (book, ground_of(book))
    return work(task, *found)


def run(todo: Iterable[Task], jobs: int = 1, folders: tuple[str, ...] = ()) -> Generator[Tally, None, None]:
    """The tallies of the tasks, as they are done; `jobs` processes, each with its own rulebook."""
    if jobs == 1:
        for task in todo:
            yield _work_apart(task, folders)
        return
    queue = iter(todo)
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running: set[Future[Tally]] = set()
        try:
            while True:
                for task in islice(queue, 2 * jobs - len(running)):
                    running.add(pool.submit(_work_apart, task, folders))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            for future in running:
                future.cancel()
