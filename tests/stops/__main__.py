"""The long run: `python -m tests.stops --kills 1000 --seed 1 --jobs 2`.

Half of the kills are at a border (a call that changes what lies in the folder), half at any moment. Other parts:
`--part "each border"`, one kill at a border of each sort; `--part "full disk"`, no room from any border on, and behind
`unshare -rm` a file system of any number of pages; `--part meddling`, inputs that are changed, put back or aged under
way, and two runs on one result.

Exit codes: 0 nothing was lost or believed, 1 something was, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import get_context

from .killing import PARTS, Share, done, told
from .kinds import KINDS


def main(arguments: list[str] | None = None) -> int:
    """Stop runs, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.stops", description=__doc__)
    parser.add_argument("--part", choices=PARTS, default="kills")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--dossiers", type=int, default=120)
    parser.add_argument("--kinds", default=",".join(kind.name for kind in KINDS))
    parser.add_argument("--pages", type=int, default=1, help="by how many the room of a full disk grows")
    parser.add_argument("--show", type=int, default=10, help="print so many findings")
    asked = parser.parse_args(arguments)
    if not hasattr(os, "fork"):
        print("hệ này không có fork / there is no fork here")
        return 0
    began, each, kinds = time.monotonic(), -(-asked.kills // asked.jobs), tuple(asked.kinds.split(","))
    shares = [
        Share(asked.part, kinds, each, asked.seed, asked.dossiers, asked.pages, first, asked.jobs)
        for first in range(asked.jobs)
    ]
    stopped = False
    with ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool:
        running = [pool.submit(done, share) for share in shares]
        try:
            wait(running)
        except KeyboardInterrupt:  # each of the processes has it too
            stopped = True
        trials = [trial for one in running for trial in one.result()]
    used = sum(os.times()[:4])
    code = told(trials, asked.show, f"{time.monotonic() - began:,.0f} s, {used:,.0f} s of the processor")
    return 130 if stopped and not code else code


if __name__ == "__main__":
    sys.exit(main())
