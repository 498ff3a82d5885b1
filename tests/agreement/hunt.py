"""Hunting seeded bugs: the same dossiers through a sound engine and through one with a bug, until they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from tthc_rules import Dossier, Rulebook
from tthc_rules.errors import EngineError, TthcError
from tthc_rules.law.question import Question
from tthc_rules.reference.engine import ReferenceEngine
from tthc_rules.result.row import Row, error_row, row_of

from .bugs import REFERENCE, WORKDAYS, Bug
from .compare import Difference, Engine, differences
from .draft import Json
from .generate import Block, block_at
from .ground import ground_of
from .patching import World

JOINED: Final = frozenset({"tthc_rules.durable.decided", "tthc_rules.durable.conditions"})
"""Where durable-rules is asked of the acts of places."""
DIGESTS: Final = frozenset({"rules_digest", "calendar_digest"})


@dataclass
class Pool:
    """Blocks and the rows of the sound engine, made once and kept for every bug."""

    book: Rulebook
    sound: Engine
    seed: int = 1
    block: int = 100
    valid: dict[int, Dossier | Row] = field(default_factory=dict)
    """By the identity of its JSON: the dossier as read, or the row of its error."""
    _made: list[tuple[Block, list[Row]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ground = ground_of(self.book)
        self.engine = ReferenceEngine(self.book.corpus)

    def at(self, number: int) -> tuple[Block, list[Row]]:
        """A block and its sound rows."""
        while number >= len(self._made):
            block = block_at(self.seed, len(self._made), self.block, self._ground)
            for _, dossier in block[1]:
                self.valid[id(dossier)] = _read(dossier)
            self._made.append((block, self.sound(self.book, block[0], [dossier for _, dossier in block[1]])))
        return self._made[number]


def _read(dossier: Json) -> Dossier | Row:
    try:
        return Dossier.model_validate(dossier)
    except TthcError as error:
        name = dossier.get("dossier_id")
        return error_row(name if isinstance(name, str) else "", error)


def reference_of(world: World | None, pool: Pool) -> Engine:
    """The reference engine of a world; it takes dossiers that the pool has read."""
    if world is None:
        engine: Any = pool.engine
    else:
        corpus = pool.book.corpus
        if world.module == WORKDAYS:
            law = world.load(WORKDAYS).CalendarLaw
            names = ("id", "label", "weekend", "first_year", "rows", "statute", "always_published")
            calendars = {n: law(**{name: getattr(c, name) for name in names}) for n, c in corpus.calendars.items()}
            corpus = replace(corpus, calendars=calendars)
        engine = world.load(REFERENCE).ReferenceEngine(corpus)
        if world.module != WORKDAYS:
            for tables in ("_hours", "_tables"):  # columns of the calendar, dear to make; no bug here touches them
                vars(engine.known)[tables] = vars(pool.engine.known).get(tables, {})

    return _one_by_one(engine, pool)


def composed_of(world: World, pool: Pool) -> Engine:
    """The composed rules of a world, in CPython."""
    reference = world.load(REFERENCE).ReferenceEngine(pool.book.corpus)
    return _one_by_one(world.load("tthc_rules.reference.composed").ComposedEngine(reference), pool)


def _one_by_one(engine: Any, pool: Pool) -> Engine:
    def rows(book: Rulebook, question: Question, dossiers: list[Json]) -> list[Row]:
        return [_row(engine, question, pool.valid[id(dossier)]) for dossier in dossiers]

    return rows


def _row(engine: Any, question: Question, read: Dossier | Row) -> Row:
    if not isinstance(read, Dossier):
        return read
    try:
        return row_of(engine.evaluate(read, question))
    except TthcError as error:
        return error_row(read.dossier_id, error)


def bulk_of(world: World, pool: Pool) -> Engine:
    """The bulk core of a world; its plans are laid out anew."""
    known = world.load("tthc_rules.law.known").KnownLaw(pool.book.corpus)
    plans = world.load("tthc_rules.bulk.governing").Plans(known, pool.engine.evaluate)
    rescore = world.load("tthc_rules.bulk.rescore").rescore_dossiers

    def rows(book: Rulebook, question: Question, dossiers: list[Json]) -> list[Row]:
        read = (pool.valid[id(dossier)] for dossier in dossiers)
        found: list[Row] = rescore(
            plans, question, [o if isinstance(o, Dossier) else d for o, d in zip(read, dossiers, strict=True)]
        )
        return found

    return rows


class DurableOf:
    """The rules of a world as durable-rules has them, under the sound clock; closed when it was asked.

    Compiling a statute is dear: dossiers of the usual family and of no place are judged by it, and of one place with
    acts of its own where the bug may lie in these; the others by the sound reference, which cannot differ from itself.
    """

    def __init__(self, world: World, pool: Pool) -> None:
        self._judge = world.load("tthc_rules.durable.judge").DurableJudge()
        self._engine = ReferenceEngine(pool.book.corpus, self._judge, pool.engine.known)
        self._places: set[str | None] = {None}
        if world.module in JOINED:
            self._places.add(min(pool.book.corpus.overlays).removeprefix("local/"))
        self._pool = pool

    def __call__(self, book: Rulebook, question: Question, dossiers: list[Json]) -> list[Row]:
        read = [self._pool.valid[id(dossier)] for dossier in dossiers]
        return [_row(self._engine if self._is_asked(one) else self._pool.engine, question, one) for one in read]

    def _is_asked(self, read: Dossier | Row) -> bool:
        return isinstance(read, Dossier) and read.procedure is None and read.jurisdiction in self._places

    def close(self) -> None:
        """Give back what the native engine holds."""
        self._judge.close()


FACTORIES: Final[dict[str, Callable[[World, Pool], Engine]]] = {
    "reference": reference_of,
    "composed": composed_of,
    "bulk": bulk_of,
    "durable": DurableOf,
}
"""How each engine is made in a world that has a bug."""


class Found(NamedTuple):
    """The first difference, and after how many dossiers it was seen."""

    after: int
    difference: Difference


def find(bug: Bug, pool: Pool, most: int) -> Found | None:
    """The first difference that a bug makes, or nothing within so many dossiers."""
    world = World(bug.module, bug.old, bug.new, bug.nth, bug.of)
    engine = FACTORIES[bug.engine](world, pool)
    blocks = range(most // pool.block)
    with ExitStack() as stack:
        if isinstance(engine, DurableOf):
            stack.callback(engine.close)
        if bug.engine == "bulk" and bug.module.startswith(_COMPOSED):
            # Compiling the rules of each block is dear: CPython, which runs the same lines, says where to look first.
            near = _first(bug, composed_of(world, pool), pool, blocks)
            there = near and _first(bug, engine, pool, [(near.after - 1) // pool.block])
            if there is not None:
                return there
        return _first(bug, engine, pool, blocks)


_COMPOSED: Final = "tthc_rules.law."


def _first(bug: Bug, engine: Engine, pool: Pool, blocks: Iterable[int]) -> Found | None:
    for number in blocks:
        (question, made), sound = pool.at(number)
        try:
            got = engine(pool.book, question, [dossier for _, dossier in made])
        except Exception as error:
            if bug.engine == "bulk" and isinstance(error, EngineError):
                raise  # the compiler refused the line: that is no wrong answer
            got = [{"error_code": repr(error)} for _ in made]  # an engine that falls over is found out
        for difference in differences(("sound", bug.name), made, question, sound, got):
            if set(difference.columns) <= DIGESTS:
                continue  # a digest shows that something changed, not that it matters
            place = next(at for at, (_, dossier) in enumerate(made) if dossier is difference.dossier)
            return Found(number * pool.block + place + 1, difference)
    return None
