"""One, ten and a hundred million events through `rescore_file`: time of a dossier, and peak memory.

    python -m benchmarks.bulk_scale [--quick] [--layouts nested grouped arrival] [--rounds N] [--folder FOLDER]

Each pass is a process of its own, whose peak memory the system tells. The files are made chunk by chunk.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.bulk_parquet import Files, rescored, written
from benchmarks.history import AS_OF, EVENTS_PER_DOSSIER, History
from benchmarks.rounds import at_most, heading
from benchmarks.timing import peak
from tthc_rules import Rulebook

GOAL_SPREAD: Final = 15.0
GOAL_MEMORY: Final = 1.15
SIZES: Final = (1_000_000, 10_000_000, 100_000_000)


@dataclass(frozen=True, slots=True)
class Pass:
    """What a process said."""

    wall: float
    cpu: float
    before: float
    peak: float


def child(events: str, dossiers: str, output: str) -> None:
    """One pass; prints what it took."""
    book = Rulebook.load()
    for table in History(book.calendar("vn"), 1_000).nested():
        book.rescore(table, as_of=AS_OF)  # what a first call costs is told by `bulk_start`
    files = Files("", Path(events), Path(dossiers) if dossiers else None)
    before = peak()
    wall, cpu = time.perf_counter(), time.process_time()
    rescored(book, files, Path(output))
    print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu, before, peak()]))


def passed(files: Files, output: Path) -> Pass:
    """A pass in a process of its own."""
    arguments = [str(files.events), str(files.dossiers or ""), str(output)]
    command = [sys.executable, "-m", "benchmarks.bulk_scale", "--child", *arguments]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return Pass(*json.loads(said.splitlines()[-1]))


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk_scale", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run: a hundredth")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where the files are made; a temporary folder by default")
    parser.add_argument("--layouts", nargs="+", default=("nested", "grouped"))
    parser.add_argument("--events", nargs="+", type=int, default=SIZES)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.child:
        child(*asked.child)
        return
    book = Rulebook.load()
    print(heading(("llvmlite", "numpy", "pyarrow", "duckdb")), flush=True)
    heads = (("dossiers", 12), ("s", 9), ("ns a dossier", 15), ("CPU ns", 9), ("peak MB", 10), ("of it at rest", 15))
    print(f"{'events':<26}" + "".join(f"{name:>{width}}" for name, width in heads))
    for layout in asked.layouts:
        found: list[tuple[float, float]] = []
        for events in asked.events:
            dossiers = round(events / EVENTS_PER_DOSSIER / (100 if asked.quick else 1))
            with TemporaryDirectory(dir=asked.folder) as name:
                (files,) = written(History(book.calendar("vn"), dossiers), Path(name), [layout])
                passes = [passed(files, Path(name) / "out.parquet") for _ in range(asked.rounds)]
            best = min(passes, key=lambda each: each.wall)
            peak = max(each.peak for each in passes)
            cpu = min(each.cpu for each in passes)
            found.append((best.wall / dossiers * 1e9, peak))
            print(
                f"{f'{layout}, {events:,}':<26}{dossiers:>12,}{best.wall:>9.2f}{best.wall / dossiers * 1e9:>15.0f}"
                f"{cpu / dossiers * 1e9:>9.0f}{peak:>10.0f}{best.before:>15.0f}",
                flush=True,
            )
        times, peaks = zip(*found, strict=True)
        spread = (max(times) / min(times) - 1) * 100
        print(at_most(f"{layout}: spread of the time of a dossier", spread, GOAL_SPREAD, "%"))
        largest = f"{layout}: peak memory, the largest against the one before"
        if len(peaks) > 1:
            print(at_most(largest, peaks[-1] / peaks[-2], GOAL_MEMORY))


if __name__ == "__main__":
    main()
