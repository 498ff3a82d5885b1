"""The clock and all shipped rules: dossiers a second, on one thread and on two.

    python -m benchmarks.bulk_rules [--quick] [--dossiers N] [--rounds N]

Timed is `Scorer.score` on batches that are columns already; below it, the same with the tables read and the result
table built. The answers of 500 dossiers are compared with those of the one-dossier path first.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from benchmarks.bulk_clock import DisagreementError, kernel, passes
from benchmarks.history import AS_OF, Mix
from benchmarks.prepared import Ready, ready, recorded
from benchmarks.rounds import Runner, at_least, heading, rounds, table
from tthc_rules import Dossier
from tthc_rules.bulk.intake import batch_of, row_of
from tthc_rules.result.row import row_of as row_of_verdict

GOAL_MILLIONS: Final = 16.0
THREADS: Final = 2


def agree(made: Ready, count: int) -> int:
    """Raise where a row of the result differs from the verdict of the one-dossier path."""
    source = made.tables[-1]
    picked = np.sort(np.random.default_rng(1).choice(len(source), count, replace=False))
    rows = made.rescorer.judge(source).take(pa.array(picked)).to_pylist()
    for at, row in zip(picked.tolist(), rows, strict=True):
        dossier = Dossier.model_validate(row_of(source, at))
        wanted = row_of_verdict(made.book.evaluate(dossier, AS_OF))
        for name, value in row.items():
            if (wanted.get(name) or None) != (value or None):
                raise DisagreementError(f"{dossier.dossier_id}, {name}: {value} instead of {wanted.get(name)}")
    return len(rows)


def threaded(run: Callable[[int], None], threads: int) -> Callable[[], None]:
    """A pass on so many threads."""
    return lambda: run(threads)


def bench(made: Ready, count: int) -> list[Runner]:
    """Measure."""
    n = made.dossiers

    def intake() -> None:
        for each in made.tables:
            batch_of(each, made.scorer.places)

    runners = [
        Runner("clock alone, 1 thread", passes(recorded(made), kernel), n),
        Runner("clock and all rules, 1 thread", threaded(made.score_all, 1), n),
        Runner(f"clock and all rules, {THREADS} threads", threaded(made.score_all, THREADS), n),
        Runner("tables read into columns, 1 thread", intake, n),
        Runner(f"from tables to the result table, {THREADS} threads", threaded(made.judge_all, THREADS), n),
    ]
    rounds(runners, count)
    return runners


def main(arguments: Sequence[str] | None = None) -> list[Runner]:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk_rules", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--dossiers", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args(arguments)
    dossiers = 100_000 if asked.quick else asked.dossiers
    count = 2 if asked.quick else asked.rounds
    print(heading(("llvmlite", "numpy", "pyarrow")), flush=True)
    everything: list[Runner] = []
    for title, mix in (
        ("limits in workdays, days, months and hours", Mix()),
        ("limits in workdays only", Mix(workdays_only=True)),
        ("six provinces, four with acts of their own", Mix(places=PLACES)),
    ):
        made = ready(dossiers, mix)
        said = agree(made, 50 if asked.quick else 500)
        runners = bench(made, count)
        print(f"\n{title}: {dossiers:,} dossiers, {made.events:,} events; {said} rows equal to the one-dossier path")
        print(table(runners, runners[2]), flush=True)
        everything += runners
        del made
    print(at_least(f"clock and all rules, {THREADS} threads", 1e3 / everything[2].wall, GOAL_MILLIONS, "M dossiers/s"))
    return everything


PLACES: Final = ("son-la", "tuyen-quang", "thanh-hoa", "tp-hcm", "lam-dong", "ha-noi")

if __name__ == "__main__":
    main()
