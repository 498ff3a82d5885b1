"""The first call of the fast core in a fresh process: with nothing compiled yet, and with the cache of an earlier run.

python -m benchmarks.bulk_start [--quick] [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.history import AS_OF, History
from benchmarks.rounds import at_most, heading
from tthc_rules import Rulebook

GOAL_COLD: Final = 3.0
GOAL_CACHED: Final = 0.5
STEPS: Final = ("import tthc_rules", "Rulebook.load()", "pyarrow, the table", "first rescore", "second rescore")

_FRESH: Final = """
import json, sys, time
from datetime import date
marks = [(time.perf_counter(), time.process_time())]
mark = lambda: marks.append((time.perf_counter(), time.process_time()))
import tthc_rules
mark()
book = tthc_rules.Rulebook.load()
mark()
import pyarrow.parquet
table = pyarrow.parquet.read_table(sys.argv[1])
mark()
for _ in range(2):
    assert len(book.rescore(table, as_of=date.fromisoformat(sys.argv[2]))) == len(table)
    mark()
print(json.dumps(marks))
"""


def fresh(path: Path, cache: str) -> list[tuple[float, float]]:
    """Wall and CPU seconds of each step in a process of its own."""
    command = [sys.executable, "-c", _FRESH, str(path), AS_OF.isoformat()]
    environment = {**os.environ, "TTHC_RULES_CACHE": cache}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    marks = json.loads(said)
    return [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(marks)]


def main(arguments: Sequence[str] | None = None) -> dict[str, float]:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk_start", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--dossiers", type=int, default=1_000)
    asked = parser.parse_args(arguments)
    count = 1 if asked.quick else asked.rounds
    cold, cached = [], []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "history.parquet"
        tables = History(Rulebook.load().calendar("vn"), asked.dossiers).nested()
        pq.write_table(pa.concat_tables(tables), path)
        for _ in range(count):
            with TemporaryDirectory() as cache:
                cold.append(fresh(path, cache))
                cached.append(fresh(path, cache))
    print(heading(("llvmlite", "numpy", "pyarrow")))
    print(f"{asked.dossiers:,} dossiers, {count} fresh processes of each kind; seconds, best and median")
    print(f"{'':<34}{'no cache: wall':>18}{'CPU':>14}{'cached: wall':>18}{'CPU':>14}")
    for place, step in enumerate(STEPS):
        cells = ""
        for runs in (cold, cached):
            for which, width in ((0, 18), (1, 14)):
                values = [run[place][which] for run in runs]
                cells += f"{f'{min(values):.2f} {median(values):.2f}':>{width}}"
        print(f"{step:<34}{cells}")
    first = STEPS.index("first rescore")
    found = {name: min(run[first][0] for run in runs) for name, runs in (("cold", cold), ("cached", cached))}
    print(at_most("first call without a cache (best wall)", found["cold"], GOAL_COLD, "s"))
    print(at_most("first call with one (best wall)", found["cached"], GOAL_CACHED, "s"))
    return found


if __name__ == "__main__":
    main()
