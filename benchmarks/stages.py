"""Where the time of one verdict goes: each stage of the reference engine, inclusive, wrapped one at a time.

    python -m benchmarks.stages [--quick] [--dossiers N] [--rounds N]

It looks inside the engine by name: a stage that was renamed is reported as not found, and nothing breaks.
"""

from __future__ import annotations

import argparse
import inspect
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from benchmarks.one_dossier import Bench, prepare
from benchmarks.sample import AS_OF

TARGETS: Final = (
    ("Rulebook.evaluate", "tthc_rules.library", "Rulebook.evaluate"),
    ("  what governs", "tthc_rules.reference.composed", "asked_of"),
    ("    timeline", "tthc_rules.law.asked", "timeline_of"),
    ("  clock, with its columns", "tthc_rules.reference.composed", "clocked"),
    ("    clock.run", "tthc_rules.law.clock", "run"),
    ("  rules", "tthc_rules.reference.composed", "_Judged._judge"),
    ("dressing, when it is read", "tthc_rules.reference.composed", "_Judged.fields"),
    ("    clock record", "tthc_rules.result.dress", "Dresser._clock"),
    ("    findings dressed", "tthc_rules.reference.composed", "_Judged._findings"),
    ("    notes", "tthc_rules.result.dress", "Dresser._notes"),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: calls and inclusive µs a dossier; nothing where it was not found."""

    label: str
    calls: float | None = None
    cost: float | None = None


class _Meter:
    """Stands in for a function and adds up what it took."""

    def __init__(self, inner: Callable[..., Any]) -> None:
        self.inner, self.calls, self.spent = inner, 0, 0

    def bound(self) -> Callable[..., Any]:
        """A plain function, so that it binds as a method does."""
        inner, clock = self.inner, time.perf_counter_ns

        def metered(*arguments: Any, **options: Any) -> Any:
            start = clock()
            result = inner(*arguments, **options)
            self.spent += clock() - start
            self.calls += 1
            return result

        return metered


def overhead(times: int = 200_000) -> float:
    """What a meter counts of itself, in ns a call."""
    meter = _Meter(lambda *_: None)
    call = meter.bound()
    for _ in range(times):
        call(1, 2)
    return meter.spent / meter.calls


def stage(bench: Bench, label: str, module: str, path: str, rounds: int, own: float) -> Stage:
    """The best of `rounds` passes over the sample with one stage metered."""
    owner: Any = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent, None)
    inner = getattr(owner, name, None)
    if inner is None:
        return Stage(label)
    best, calls, count = float("inf"), 0.0, len(bench.samples)
    as_it_was = inspect.getattr_static(owner, name)
    inherited = name not in vars(owner)
    for _ in range(rounds):
        meter = _Meter(inner)
        metered = meter.bound()
        setattr(owner, name, staticmethod(metered) if isinstance(as_it_was, staticmethod) else metered)
        try:
            for sample in bench.samples:
                bench.book.evaluate(sample.dossier, AS_OF)
        finally:
            if inherited:
                delattr(owner, name)
            else:
                setattr(owner, name, as_it_was)
        best, calls = min(best, (meter.spent - meter.calls * own) / count / 1e3), meter.calls / count
    return Stage(label, calls, best)


def main(arguments: Sequence[str] | None = None) -> list[Stage]:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stages", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--dossiers", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=25)
    asked = parser.parse_args(arguments)
    bench = prepare(25 if asked.quick else asked.dossiers)
    rounds = 2 if asked.quick else asked.rounds
    own = overhead()
    stages = [stage(bench, label, module, path, rounds, own) for label, module, path in TARGETS]
    print(f"{'inclusive, best of ' + str(rounds) + ' (wall)':<44}{'calls':>8}{'µs':>9}")
    for each in stages:
        if each.cost is None:
            print(f"{each.label:<44}{'not found':>17}")
        else:
            print(f"{each.label:<44}{each.calls:>8.1f}{each.cost:>9.2f}")
    return stages


if __name__ == "__main__":
    main()
