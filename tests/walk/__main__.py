"""The long run: `python -m tests.walk --dossiers 200000 --seed 1 --jobs 2`.

Exit codes: 0 the library agrees with the walk, 1 it does not, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from random import Random

from tthc_rules import Rulebook

from .compare import Difference, differs, law, smallest
from .days import LAST_HOUR, SLIP
from .grown import grown

BLOCK = 250
PROCEDURES = (None,) * 8 + (SLIP, LAST_HOUR)


@cache
def _book() -> Rulebook:
    with tempfile.TemporaryDirectory() as folder:
        return law(Path(folder))


def block(task: tuple[int, int, int]) -> tuple[int, list[Difference]]:
    """One block of dossiers, its own seed: how many, and where they differ."""
    seed, number, size = task
    random = Random(f"{seed}/{number}")
    found: list[Difference] = []
    for _ in range(size):
        difference = differs(_book(), grown(random, procedures=PROCEDURES))
        if difference is not None:
            found.append(smallest(_book(), difference) if len(found) < 3 else difference)
    return size, found


def blocks(seed: int, dossiers: int) -> Iterator[tuple[int, int, int]]:
    for number, first in enumerate(range(0, dossiers, BLOCK)):
        yield seed, number, min(BLOCK, dossiers - first)


def main(arguments: list[str] | None = None) -> int:
    """Compare, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.walk", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--most", type=int, default=10, help="stop after so many differences")
    parser.add_argument("--show", type=int, default=5, help="print so many of them")
    asked = parser.parse_args(arguments)
    began = time.perf_counter()
    compared, stopped = 0, False
    found: list[Difference] = []
    tasks = list(blocks(asked.seed, asked.dossiers))
    with ProcessPoolExecutor(asked.jobs) as pool:
        try:
            for size, differences in pool.map(block, tasks) if asked.jobs > 1 else map(block, tasks):
                compared += size
                found += differences
                if sys.stderr.isatty():
                    pace = compared / (time.perf_counter() - began)
                    said = f"\r{compared:,} of {asked.dossiers:,}, {pace:,.0f} a second, {len(found)} differences   "
                    print(said, end="", file=sys.stderr, flush=True)
                if len(found) >= asked.most:
                    break
        except KeyboardInterrupt:
            stopped = True
        pool.shutdown(cancel_futures=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    seconds = time.perf_counter() - began
    print(f"seed {asked.seed}: {compared:,} dossiers in {seconds:,.0f} s, {compared / seconds:,.0f} a second")
    for difference in found[: asked.show]:
        print(f"\n{difference}")
    for key, number in Counter(one.key for one in found).most_common():
        print(f"{key}: {number} differences")
    if found:
        return 1
    return 130 if stopped else 0


if __name__ == "__main__":
    sys.exit(main())
