"""A history made ready: batches as the fast core scores them, and the clock's calls as it makes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from inspect import signature
from threading import local
from typing import Any, Final

import numpy as np
import pyarrow as pa

from benchmarks.history import AS_OF, History, Mix
from tthc_rules import Rulebook
from tthc_rules.bulk import score
from tthc_rules.bulk.intake import Batch, Readers, batch_of
from tthc_rules.bulk.rescore import Rescorer
from tthc_rules.bulk.score import Answers, Scorer
from tthc_rules.law import clock
from tthc_rules.law.codes import blank

PARAMETERS: Final = tuple(signature(clock.run).parameters)
Ints = Any  # arrays of whole numbers


@dataclass
class Ready:
    """A history with all that is made before a scoring is timed."""

    book: Rulebook
    rescorer: Rescorer
    tables: list[pa.Table]
    batches: list[Batch]
    dossiers: int
    events: int

    @property
    def scorer(self) -> Scorer:
        """The scoring entry."""
        return self.rescorer.scorer

    def score_all(self, threads: int) -> None:
        """Every batch, its answers dropped."""
        kept = local()

        def one(batch: Batch) -> None:
            if not hasattr(kept, "readers"):
                kept.readers = Readers()
            self.scorer.score(batch, kept.readers)

        if threads == 1:
            for batch in self.batches:
                one(batch)
            return
        with ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(one, self.batches):
                pass

    def judge_all(self, threads: int) -> None:
        """Every table: checked, scored, its result table made and dropped."""
        with ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(self._judge, self.tables):
                pass

    def _judge(self, table: pa.Table) -> None:
        self.rescorer.judge(table)

    def answers(self) -> Iterator[Answers]:
        """The answers, batch by batch."""
        readers = Readers()
        for batch in self.batches:
            yield self.scorer.score(batch, readers)[0]


def ready(dossiers: int, mix: Mix | None = None, lateness: str = "by_date") -> Ready:
    """A history of that many dossiers, judged as of its end under the shipped rules."""
    book = Rulebook.load()
    history = History(book.calendar("vn"), dossiers, mix or Mix())
    rescorer = Rescorer(book.plans, book.question(AS_OF, None, lateness))
    tables = list(history.nested())
    batches = [batch_of(table, rescorer.scorer.places) for table in tables]
    return Ready(book, rescorer, tables, batches, dossiers, sum(len(batch.kind) for batch in batches))


# -- the clock's calls -------------------------------------------------------------------------------------------------


@dataclass
class Call:
    """One call of the clock, as the fast core made it."""

    arguments: list[Any]
    empty: Ints
    """One blank answer."""

    def named(self, name: str) -> Any:
        """An argument."""
        return self.arguments[PARAMETERS.index(name)]

    def into(self, out: Ints) -> list[Any]:
        """The arguments with the answers laid out in that memory."""
        given = list(self.arguments)
        given[PARAMETERS.index("out")] = self.room(out).reshape(-1)
        return given

    def room(self, out: Ints) -> Ints:
        """This call's part of that memory, one row a column."""
        n = int(self.named("n"))
        return out[: n * len(self.empty)].reshape(len(self.empty), n)


def recorded(made: Ready, batches: Iterable[Batch] | None = None) -> list[Call]:
    """Every call of the clock while these batches are scored."""
    calls: list[Call] = []
    module: Any = score
    real = module.run_clock

    def recorder(*arguments: Any) -> None:
        real()(*arguments)
        given = list(arguments)
        n, out = given[0], given[PARAMETERS.index("out")]
        given[PARAMETERS.index("out")] = None
        calls.append(Call(given, np.asarray(blank(len(out) // n - clock.O_FIRST), np.int32)))

    module.run_clock = lambda: recorder
    try:
        readers = Readers()
        for batch in made.batches if batches is None else batches:
            made.scorer.score(batch, readers)
    finally:
        module.run_clock = real
    return calls


def memory_for(calls: Iterable[Call]) -> Ints:
    """Memory for the answers of the largest call."""
    return np.empty(max(int(call.named("n")) * len(call.empty) for call in calls), np.int32)
