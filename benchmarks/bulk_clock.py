"""The clock alone, compiled from `law/clock.py`, beside the same loop written in C.

    python -m benchmarks.bulk_clock [--quick] [--dossiers N] [--rounds N]

Both get the arguments that the fast core itself gives the clock. No time counts unless every column of every answer is
equal, on the history and on random malformed logs under every lateness policy.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from benchmarks import c_clock
from benchmarks.prepared import Call, Ints, Ready, memory_for, ready, recorded
from benchmarks.rounds import Runner, Spent, at_most, heading, rounds, table
from tthc_rules.bulk.core import SCRATCH
from tthc_rules.bulk.objects import run_clock
from tthc_rules.law import clock
from tthc_rules.law.codes import POLICIES
from tthc_rules.law.dossier import MAX_EVENTS

GOAL: Final = 1.3
MALFORMED: Final = 200_000


class DisagreementError(Exception):
    """Two that must say the same do not: no time of theirs means anything."""


# -- malformed logs ----------------------------------------------------------------------------------------------------


def malformed(call: Call, dossiers: int, policy: int, seed: int) -> Call:
    """Random logs under the law of a call: any kind after any other, any field, any limit, hours missing."""
    rng = np.random.default_rng((seed, policy))
    counts = rng.integers(0, 13, dossiers)
    ends = np.cumsum(counts)
    begins = ends - counts
    m = int(ends[-1])
    base, last = call.named("base"), call.named("last")
    # Days ascend in each log, from anywhere in the calendar or a little outside; most steps are short.
    first = np.where(rng.random(dossiers) < 0.9, rng.integers(16_000, 20_800, dossiers), rng.integers(7_305, 47_800))
    first = np.where(rng.random(dossiers) < 0.02, rng.choice([base - 1, base, base + 1, last - 30], dossiers), first)
    step = np.where(rng.random(m) < 0.3, 0, rng.geometric(0.25, m))
    owner = np.repeat(np.arange(dossiers), counts)
    walked = np.cumsum(step)
    before = np.concatenate(([0], walked))[begins]
    day = np.minimum(first[owner] + walked - before[owner], last)  # nothing exists after `as_of`, nor that after it
    minute = np.where(rng.random(m) < 0.1, -1, rng.integers(0, 1441, m))
    likely = [clock.ACCEPTED, clock.PAUSED, clock.RESUMED, clock.SUPPLEMENT_REQUESTED, clock.SUPPLEMENT_RECEIVED]
    kind = np.where(rng.random(m) < 0.5, rng.choice(likely, m), rng.integers(0, clock.N_KINDS, m))
    kind[begins[(counts > 0) & (rng.random(dossiers) < 0.7)]] = clock.ACCEPTED
    x = np.where(rng.random(m) < 0.5, day + rng.integers(-3, 40, m), clock.NONE)
    between = np.where(rng.random(m) < 0.1, clock.NONE, x + rng.integers(-2, 30, m))
    y = np.where(kind == clock.EXCLUDED, np.where(x == clock.NONE, x, between), rng.integers(-1, 1441, m))
    some = rng.integers(0, 40, dossiers)
    given: dict[str, Any] = {
        "n": dossiers,
        "begins": begins.astype(np.int64),
        "ends": ends.astype(np.int64),
        "amount": np.where(rng.random(dossiers) < 0.02, rng.integers(40, 40_000, dossiers), some),
        "unit": rng.choice([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7], dossiers),
        "cutoff": np.where(rng.random(dossiers) < 0.5, -1, 900),
        "awaits": rng.integers(0, 4, dossiers),
        "elsewhere": rng.integers(0, 2, dossiers),
        "hidden": np.where(rng.random(dossiers) < 0.8, 0, rng.integers(0, 1 << 43, dossiers)),
        "kind": kind,
        "day": day,
        "minute": minute,
        "x": x,
        "y": y,
        "tag": rng.integers(0, 3, m),
        "flags": rng.integers(0, 1024, m),
        "begun": np.zeros(m),
        "policy": policy,
        "as_of": int(rng.integers(19_000, 21_000)),
    }
    values = dict(call.values)
    for name, value in given.items():
        kept = isinstance(value, int) or name in ("begins", "ends", "hidden")
        values[name] = value if kept else np.asarray(value).astype(np.int32)
    values |= {name: np.zeros(MAX_EVENTS + 2, np.int32) for name in SCRATCH}
    return Call(values, call.plan)


# -- equal, column by column -------------------------------------------------------------------------------------------


def both(call: Call, library: Any) -> tuple[Ints, Ints]:
    """The answers of the kernel and of the C loop."""
    size = int(call.named("n")) * len(call.empty)
    answers = []
    for c in (False, True):
        out = np.empty(size, np.int32)
        call.room(out)[:] = call.empty[:, None]
        arguments = call.into(out)
        if c:
            c_clock.prepared(library, arguments)()
        else:
            run_clock()(*arguments)
        answers.append(call.room(out))
    return answers[0], answers[1]


def agree(calls: Sequence[Call], library: Any, where: str) -> int:
    """Raise where a column differs; say how many dossiers were compared."""
    compared = 0
    for call in calls:
        ours, theirs = both(call, library)
        if not np.array_equal(ours, theirs):
            column, row = np.argwhere(ours != theirs)[0]
            raise DisagreementError(f"{where}: column {column}, row {row}: {ours[:, row]} and {theirs[:, row]}")
        compared += int(call.named("n"))
    return compared


# -- time --------------------------------------------------------------------------------------------------------------


def passes(calls: Sequence[Call], make: Callable[[list[Any]], Callable[[], None]]) -> Callable[[], Spent]:
    """A pass over all calls; only the clock itself is on the watch, not the laying out of blank answers."""
    memory = memory_for(calls)
    ready_calls = [(call, make(call.into(memory))) for call in calls]

    def one() -> Spent:
        cpu = wall = 0
        for call, run in ready_calls:
            call.room(memory)[:] = call.empty[:, None]
            c, w = time.process_time_ns(), time.perf_counter_ns()
            run()
            wall += time.perf_counter_ns() - w
            cpu += time.process_time_ns() - c
        return cpu / 1e9, wall / 1e9

    return one


def kernel(arguments: list[Any]) -> Callable[[], None]:
    """A call of the compiled kernel."""
    run = run_clock()
    return lambda: run(*arguments)


def bench(made: Ready, count: int, fuzz: int) -> tuple[list[Runner], str]:
    """Check, then measure."""
    calls = recorded(made)
    runners = [Runner("clock.py compiled", passes(calls, kernel), made.dossiers)]
    try:
        library = c_clock.compiled()
    except c_clock.NoCompilerError as error:
        rounds(runners, count)
        return runners, str(error)
    in_hours = next(call for call in calls if len(call.named("hours")) > 1)
    checked = agree(calls, library, "history")
    odd = sum(
        agree([malformed(in_hours, fuzz, policy, 7)], library, f"malformed, {name}")
        for name, policy in POLICIES.items()
    )
    runners.append(
        Runner("the same loop in C", passes(calls, lambda given: c_clock.prepared(library, given)), made.dossiers)
    )
    rounds(runners, count)
    said = f"{checked:,} dossiers of the history and {odd:,} malformed ones: all {len(calls[0].empty)} columns equal"
    return runners, said


def main(arguments: Sequence[str] | None = None) -> list[Runner]:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk_clock", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--dossiers", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args(arguments)
    made = ready(100_000 if asked.quick else asked.dossiers)
    runners, said = bench(made, 2 if asked.quick else asked.rounds, 2_000 if asked.quick else MALFORMED)
    print(heading(("llvmlite", "numpy")))
    print(f"{made.dossiers:,} dossiers, {made.events:,} events, one thread; {said}")
    if len(runners) > 1:
        print(f"{c_clock.compiler()}, {' '.join(c_clock.FLAGS[:2])}")
    print(table(runners, runners[-1]))
    if len(runners) > 1:
        print(at_most("clock, against the same loop in C (CPU)", runners[0].cpu / runners[1].cpu, GOAL))
    return runners


if __name__ == "__main__":
    main()
