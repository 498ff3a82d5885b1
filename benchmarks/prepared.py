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
from tthc_rules.bulk.core import OF_DOSSIERS, SCRATCH, arguments, block_memory, preparing
from tthc_rules.bulk.governing import LawPlan
from tthc_rules.bulk.intake import Batch, batch_of
from tthc_rules.bulk.prepare import F_TIED
from tthc_rules.bulk.repeated import repeated
from tthc_rules.bulk.rescore import Rescorer
from tthc_rules.bulk.score import Answers, Scorer, batch_columns
from tthc_rules.bulk.words import Kept
from tthc_rules.law import clock
from tthc_rules.law.dossier import MAX_EVENTS

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
            if not hasattr(kept, "kept"):
                kept.kept = self.kept()
            self.scorer.score(batch, kept.kept)

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
        kept = self.kept()
        for batch in self.batches:
            yield self.scorer.score(batch, kept)

    def kept(self) -> Kept:
        """What a thread keeps."""
        return Kept(len(self.scorer.known.duties))


def ready(
    dossiers: int, mix: Mix | None = None, lateness: str = "by_date", book: Rulebook | None = None
) -> Ready:  # fmt: skip
    """A history of that many dossiers, judged as of its end under the shipped rules, or those of another book."""
    book = book or Rulebook.load()
    history = History(book.calendar("vn"), dossiers, mix or Mix())
    rescorer = Rescorer(book.plans, book.question(AS_OF, None, lateness))
    tables = list(history.nested())
    batches = [batch_of(table, rescorer.scorer.places) for table in tables]
    return Ready(book, rescorer, tables, batches, dossiers, sum(len(batch.kind) for batch in batches))


# -- the clock's calls -------------------------------------------------------------------------------------------------


@dataclass
class Call:
    """One call of the clock, as the fast core made it."""

    values: dict[str, Any]
    """What the clock takes, and the rules behind it: by the names of parameters."""
    plan: LawPlan

    @property
    def arguments(self) -> list[Any]:
        """What the clock takes, in its order."""
        return self._taken(None)

    @property
    def empty(self) -> Ints:
        """One blank answer."""
        return self.plan.blank

    def named(self, name: str) -> Any:
        """An argument."""
        return self.values[name]

    def into(self, out: Ints) -> list[Any]:
        """The arguments with the answers laid out in that memory."""
        return self._taken(self.room(out).reshape(-1))

    def _taken(self, out: Ints | None) -> list[Any]:
        every = {"idx": self.values["all_idx"], "nth": self.values["all_nth"]}  # the clock reads every edition
        given = {**self.values, **every, "out": out, "mark": None, "due_then": None}
        return [given[name] for name in PARAMETERS]

    def room(self, out: Ints) -> Ints:
        """This call's part of that memory, one row a column."""
        n = int(self.named("n"))
        return out[: n * len(self.empty)].reshape(len(self.empty), n)


def prepared(batch: Batch, as_of: int, memory: dict[str, Any] | None = None) -> dict[str, Any]:
    """The events of a whole batch as the clock reads them, and what its dossiers say: by the names of parameters."""
    n, m = len(batch), len(batch.order)
    call, takes = preparing()
    given = {**(memory or memory_of(n, m)), **batch_columns(batch), "n": n, "first": 0, "as_of": as_of}
    given |= {"whole": 1, "rows": np.zeros(1, np.int32), "tied": np.zeros(n, np.int32), "told": 0}
    given["again"] = np.zeros(1, np.int8)
    given["fit"][:] = 0
    call(*arguments(takes, given))
    if tied := int(given["fit"][F_TIED]):
        given |= {"told": 1, "again": repeated(batch, given["tied"][:tied])}
        call(*arguments(takes, given))
    return {**given, "begins": given["own"][:n], "ends": given["until"][:n]}


def memory_of(dossiers: int, events: int) -> dict[str, Any]:
    """Memory for so much in one block."""
    made = block_memory(0, events)
    for name in ("run_from", "run_to", "run_into", "own", "until"):
        made[name] = np.empty(dossiers + 1, np.int64)
    for name in ("state", "log_notes"):
        made[name] = np.empty(dossiers, np.int8)
    return made


def recorded(made: Ready, batches: Iterable[Batch] | None = None, block: int | None = None) -> list[Call]:
    """Calls of the clock alone over these batches, as the fast core makes them, in blocks of its own."""
    block = block or BLOCK
    calls: list[Call] = []
    scorer = made.scorer
    for batch in made.batches if batches is None else batches:
        columns = prepared(batch, scorer.as_of)
        for group in scorer.groups(batch, np.zeros(len(batch), np.int32)):
            plan = group.plans[0]
            law = scorer.law_columns(plan)
            law |= {name: np.zeros(MAX_EVENTS + 2, np.int32) for name in SCRATCH}
            for start in range(0, group.size, block):
                stop = min(start + block, group.size)
                here: Any = slice(start, stop) if group.rows is None else group.rows[start:stop]
                picked = {name: columns[name][here] for name in ("begins", "ends", *OF_DOSSIERS) if name in columns}
                values = {**columns, **law, **picked, "n": stop - start}
                calls.append(Call(values, plan))
    return calls


BLOCK: Final = 16_400
"""Dossiers of a call: enough for the call itself to weigh nothing, and not a power of two."""


def memory_for(calls: Iterable[Call]) -> Ints:
    """Memory for the answers of the largest call."""
    return np.empty(max(int(call.named("n")) * len(call.empty) for call in calls), np.int32)
