"""Every goal on speed in one run: its figure now, beside its peers, in interleaved rounds; a Markdown table.

    python -m benchmarks.table [--quick] [--only PART ...] [--dossiers N] [--rounds N] [--openfisca PYTHON]

Under six minutes on two quiet cores. Ratios are of best CPU times unless a row says wall; nothing counts unless it
agrees with its peer, as in the benchmarks that the rows come from. A peer that is not installed is said to be missing.
A hundred million events take longer than all else: `python -m benchmarks.bulk_scale --layouts nested`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks import bulk_clock, bulk_parquet, bulk_peers, bulk_start, c_clock, doors, many_rules
from benchmarks.bulk_rules import PLACES, THREADS, agree, threaded
from benchmarks.history import AS_OF, CHUNK, History, Mix
from benchmarks.one_dossier import fresh_process, prepare
from benchmarks.peers import installed
from benchmarks.prepared import Ready, memory_of, prepared, ready, recorded
from benchmarks.rounds import Runner, heading, rounds
from benchmarks.sample import AS_OF as AS_OF_SAMPLE
from benchmarks.timing import Row, load, measure
from tthc_rules import Dossier, Rulebook, Verdict

PACKAGES: Final = ("llvmlite", "numpy", "pyarrow", "polars", "duckdb", "openfisca-core", "durable_rules", "pydantic")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    dossiers: int
    rounds: int
    openfisca: str
    quick: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One goal and what was measured; nothing where it could not be."""

    what: str
    goal: float
    unit: str
    found: float | None
    floor: bool = False
    """Whether more is better."""
    note: str = ""

    def said(self) -> str:
        """The row of the table."""
        sign = "≥" if self.floor else "≤"
        goal = f"{sign} {self.goal:g} {self.unit}"
        if self.found is None:
            return f"| {self.what} | – | {goal} | {self.note} |"
        met = self.found >= self.goal if self.floor else self.found <= self.goal
        said = "**met**" if met else f"missed by {_figure(abs(self.found - self.goal))} {self.unit}"
        rest = "; ".join(filter(None, (said, self.note)))
        return f"| {self.what} | {_figure(self.found)} {self.unit} | {goal} | {rest} |"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


# -- one dossier -------------------------------------------------------------------------------------------------------


def one_dossier(size: Size) -> Iterator[Line]:
    """The verdict, unread and read, beside the validation of the same dossier; then a fresh process."""
    bench = prepare(25 if size.quick else 500)
    evaluate, dossiers = bench.book.evaluate, [sample.dossier for sample in bench.samples]

    def read(dossier: Dossier) -> Verdict:
        verdict = evaluate(dossier, AS_OF_SAMPLE)
        assert verdict.clock is not None
        return verdict

    rows = [
        Row("validate", "", Dossier.model_validate, [sample.data for sample in bench.samples]),
        Row("evaluate", "", lambda dossier: evaluate(dossier, AS_OF_SAMPLE), dossiers),
        Row("read", "", read, dossiers),
    ]
    measure(rows, 2 if size.quick else 40, 0.005 if size.quick else 0.06)
    validate, unread, whole = (min(row.cpu) for row in rows)
    wall = [min(row.wall) for row in rows]
    note = f"{unread:.1f} µs beside {validate:.1f}; wall {wall[1] / wall[0]:.2f} ×"
    yield Line(
        "one dossier, `Dossier` → `Verdict`, against `Dossier.model_validate`", 1.8, "×", unread / validate, note=note
    )
    note = f"{whole:.1f} µs; wall {wall[2] / wall[0]:.2f} ×"
    yield Line("the same, fully read", 2.8, "×", whole / validate, note=note)
    starts = {each.key: each for each in fresh_process(bench.samples[1], 1 if size.quick else 5)}
    for key, what, goal in (("import", "`import tthc_rules`", 110.0), ("load", "`Rulebook.load()` after it", 120.0)):
        best = starts[key].wall_best
        yield Line(what, goal, "ms", best, note=f"best wall; CPU {starts[key].cpu_best:.0f}")


# -- the fast core -----------------------------------------------------------------------------------------------------


def clock(size: Size) -> Iterator[Line]:
    """The clock beside the same loop in C, and what comes behind it."""
    made = ready(size.dossiers)
    agree(made, 50 if size.quick else 200)
    memory = memory_of(max(map(len, made.batches)), max(len(batch.order) for batch in made.batches))

    def prepare_all() -> None:
        for batch in made.batches:
            prepared(batch, made.scorer.as_of, memory)

    calls = recorded(made)
    runners = [
        Runner("clock", bulk_clock.passes(calls, bulk_clock.kernel), made.dossiers),
        Runner("score", threaded(made.score_all, 1), made.dossiers),
        Runner("prepare", prepare_all, made.dossiers),
    ]
    what = "clock alone / the same loop in C"
    try:
        library = c_clock.compiled()
    except c_clock.NoCompilerError as error:
        rounds(runners, size.rounds)
        yield Line(what, 1.1, "×", None, note=str(error))
    else:
        bulk_clock.agree(calls, library, "history")
        loop = Runner("C", bulk_clock.passes(calls, lambda given: c_clock.prepared(library, given)), made.dossiers)
        rounds([*runners, loop], size.rounds)
        note = f"{runners[0].cpu:.0f} ns beside {loop.cpu:.0f}"
        yield Line(what, 1.1, "×", runners[0].cpu / loop.cpu, note=note)
    alone, score, order = (runner.cpu for runner in runners)
    note = f"score {score:.0f} − prepare {order:.0f} − clock {alone:.0f}"
    yield Line("rules beyond the clock, with every result column", 30, "ns", score - order - alone, note=note)


def tables(size: Size) -> Iterator[Line]:
    """Tables to the result table: threads, and several laws at once."""
    # Two threads share whole pieces: of fewer than four each, one of them would mostly wait.
    dossiers = max(size.dossiers, 4 * THREADS * CHUNK) if size.dossiers >= CHUNK else size.dossiers
    made, places = ready(dossiers), ready(dossiers, Mix(places=PLACES))
    runners = [
        Runner("1 thread", threaded(made.judge_all, 1), made.dossiers),
        Runner("2 threads", threaded(made.judge_all, THREADS), made.dossiers),
        Runner("six provinces", threaded(places.judge_all, 1), places.dossiers),
    ]
    for runner in runners[::2]:  # what is compiled at first is measured by itself
        runner.run()
    rounds(runners, size.rounds)
    one, two, six = runners
    note = f"wall {one.wall:.0f} ns and {two.wall:.0f}"
    yield Line("tables → result table, two threads against one, wall", 1.75, "×", one.wall / two.wall, True, note)
    note = f"{six.cpu:.0f} ns beside {one.cpu:.0f}"
    yield Line("six provinces, four with acts of their own, against one", 1.3, "×", six.cpu / one.cpu, note=note)


def rules(size: Size) -> Iterator[Line]:
    """Twelve times as many rule versions."""
    few, many = many_rules.bench(min(size.dossiers, 100_000), size.rounds)
    note = f"{many.cpu:.0f} ns beside {few.cpu:.0f}"
    what = f"{many_rules.MANY} rule versions against {many_rules.FEW}: the compiled rules"
    yield Line(what, many_rules.GOAL, "×", many.cpu / few.cpu, note=note)


def queries(size: Size) -> Iterator[Line]:
    """numpy's business days, polars and DuckDB, for the due date and the lateness only."""
    mix = Mix(workdays_only=True)
    whole: Ready = ready(size.dossiers, mix)
    judge = Runner("tables to result table", threaded(whole.judge_all, 1), whole.dossiers)
    judge.run()
    runners, _ = bulk_peers.due_dates(size.dossiers, size.rounds, judge)
    ours = runners[0]
    for start, goal, against, what in (
        (
            "numpy.busday",
            1.1,
            judge,
            "tables → the whole result table, one thread, against `numpy.busday_offset`, `busday_count`",
        ),
        ("polars", 4, ours, "clock and all rules against polars, CPU"),
        ("DuckDB", 3, ours, "clock and all rules against DuckDB, CPU"),
    ):
        peer = next((runner for runner in runners if runner.label.startswith(start)), None)
        if peer is None:
            yield Line(what, goal, "×", None, against is ours, "not installed")
            continue
        note = f"{against.cpu:.0f} ns beside {peer.cpu:.0f}"
        ratio = judge.cpu / peer.cpu if against is judge else peer.cpu / ours.cpu
        yield Line(what, goal, "×", ratio, against is ours, note)


def engines(size: Size) -> Iterator[Line]:
    """OpenFisca-core and durable-rules."""
    what = "against OpenFisca-core on the smaller decision, one thread, CPU"
    if size.openfisca:
        (_, ours, peer), _ = bulk_peers.beside_openfisca(size.openfisca, size.dossiers, size.rounds)
        yield Line(what, 1, "×", peer.cpu / ours.cpu, True, f"{ours.cpu:.0f} ns beside {peer.cpu:.0f}")
    else:
        yield Line(what, 1, "×", None, True, "not installed in any Python that was named")
    what = "against durable-rules, CPU"
    if installed("durable_rules"):
        (_, ours, peer), _ = bulk_peers.beside_durable(min(size.rounds, 3), size.quick)
        yield Line(what, 700, "×", peer.cpu / ours.cpu, True, f"{ours.cpu:.0f} ns beside {peer.cpu:,.0f}")
    else:
        yield Line(what, 700, "×", None, True, "not installed")


# -- files -------------------------------------------------------------------------------------------------------------


def files(size: Size) -> Iterator[Line]:
    """Parquet to Parquet beside pyarrow alone; CSV to CSV beside Parquet to Parquet of the same log."""
    book = Rulebook.load()
    history = History(book.calendar("vn"), size.dossiers)
    with TemporaryDirectory() as name:
        for made in bulk_parquet.written(history, Path(name), ("nested", "grouped")):
            ours, alone, *_ = bulk_parquet.bench(book, made, Path(name), size.dossiers, min(size.rounds, 3))
            goal = 1.5 if made.name == "nested" else 2.2
            note = f"{ours.cpu:.0f} ns beside {alone.cpu:.0f}; wall {ours.wall / alone.wall:.2f} ×"
            yield Line(
                f"Parquet → Parquet, {made.name}, against pyarrow alone", goal, "×", ours.cpu / alone.cpu, note=note
            )
    some = size.dossiers // 4
    with TemporaryDirectory() as name:
        doors.logs(History(book.calendar("vn"), some), Path(name))
        plain, same, *_ = doors.bench(book, Path(name), some, min(size.rounds, 3), slow=False)
    note = f"{1e9 / plain.wall:,.0f} dossiers/s; CPU {plain.cpu / same.cpu:.2f} ×"
    yield Line("CSV → CSV against Parquet → Parquet of the same log, wall", 2.5, "×", plain.wall / same.wall, note=note)


def first_call(size: Size) -> Iterator[Line]:
    """The first call of a process, with nothing compiled yet and with what an earlier one compiled."""
    found = bulk_start.main(["--quick"] if size.quick else ["--rounds", "3"])
    yield Line("first call without what was compiled before", 1.5, "s", found["cold"], note="best wall")
    yield Line("first call with it", 0.3, "s", found["cached"], note="best wall")


PARTS: Final[dict[str, Callable[[Size], Iterator[Line]]]] = {
    each.__name__: each for each in (one_dossier, clock, rules, tables, queries, engines, files, first_call)
}


def main(arguments: Sequence[str] | None = None) -> list[Line]:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.table", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--only", nargs="+", choices=tuple(PARTS), default=tuple(PARTS))
    parser.add_argument("--dossiers", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--openfisca", default=os.environ.get("OPENFISCA_PYTHON", _own_python()), metavar="PYTHON")
    asked = parser.parse_args(arguments)
    size = Size(20_000, 1, asked.openfisca, True) if asked.quick else Size(
        asked.dossiers, asked.rounds, asked.openfisca, False
    )  # fmt: skip
    began = time.perf_counter()
    lines: list[Line] = []
    head = heading(PACKAGES)
    for name in asked.only:
        for line in PARTS[name](size):
            lines.append(line)
            print(line.said(), file=sys.stderr, flush=True)
    print(head)
    print(f"{size.dossiers:,} dossiers, as of {AS_OF}; {size.rounds} rounds; load {load()[0]:.1f} at the end")
    print(f"{time.perf_counter() - began:.0f} s in all\n")
    print("| what | now | goal | |\n|---|---:|---:|---|")
    print("\n".join(line.said() for line in lines))
    return lines


def _own_python() -> str:
    """This Python, if OpenFisca-core is beside us."""
    return sys.executable if installed("openfisca-core") else ""


if __name__ == "__main__":
    main()
