"""Whole passes over millions of dossiers, in interleaved rounds: CPU and wall time of each, verdicts on goals."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from benchmarks.timing import load, machine

Spent = tuple[float, float]
"""CPU and wall time of a pass, in seconds."""


@dataclass
class Runner:
    """One way to do the work: `run` makes a pass and may say itself what it spent."""

    label: str
    run: Callable[[], Spent | None]
    dossiers: int
    note: str = ""
    spent: list[Spent] = field(default_factory=list)

    def once(self) -> None:
        """One timed pass."""
        gc.collect()
        cpu, wall = time.process_time(), time.perf_counter()
        said = self.run()
        own = time.process_time() - cpu, time.perf_counter() - wall
        self.spent.append(own if said is None else said)

    @property
    def cpu(self) -> float:
        """Best CPU time of a dossier, in ns."""
        return min(cpu for cpu, _ in self.spent) / self.dossiers * 1e9

    @property
    def wall(self) -> float:
        """Best wall time of a dossier, in ns."""
        return min(wall for _, wall in self.spent) / self.dossiers * 1e9


def rounds(runners: Sequence[Runner], count: int) -> None:
    """`count` passes of each, in turn; each round starts with another one. The first pass of all is not counted."""
    for turn in range(count):
        first = turn % len(runners)
        for runner in (*runners[first:], *runners[:first]):
            runner.once()


def heading(packages: Iterable[str]) -> str:
    """The machine and the versions."""
    where = machine()
    return (
        f"{time.strftime('%Y-%m-%d %H:%M')}: {where['cpu']}, {where['cores']} cores, {where['system']}, "
        f"{where['python']}, load {load()[0]:.1f}\n{', '.join(f'{name} {installed(name)}' for name in packages)}"
    )


def installed(distribution: str) -> str:
    """The version that is installed, or nothing."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"


_WIDE: Final = 58


def table(runners: Sequence[Runner], unit: Runner) -> str:
    """The figures; ratios are of the unit's best times."""
    heads = (("CPU", 10), ("wall", 10), ("M dossiers/s", 15), ("× CPU", 9), ("× wall", 9))
    lines = [f"{'ns a dossier, best pass':<{_WIDE}}" + "".join(f"{name:>{width}}" for name, width in heads)]
    for each in runners:
        figures = f"{each.cpu:>10.1f}{each.wall:>10.1f}{1e3 / each.wall:>15.2f}"
        figures += f"{each.cpu / unit.cpu:>9.2f}{each.wall / unit.wall:>9.2f}"
        lines.append(f"{each.label:<{_WIDE}}{figures}{'  ' + each.note if each.note else ''}")
    return "\n".join(lines)


def at_most(what: str, value: float, goal: float, unit: str = "×") -> str:
    """The verdict on a goal that is a ceiling."""
    said = "goal met" if value <= goal else f"missed by {value - goal:.2f} {unit}"
    return f"goal: {what} at most {goal:g} {unit}: {value:.2f} {unit}, {said}"


def at_least(what: str, value: float, goal: float, unit: str = "×") -> str:
    """The verdict on a goal that is a floor."""
    said = "goal met" if value >= goal else f"missed by {goal - value:.2f} {unit}"
    return f"goal: {what} at least {goal:g} {unit}: {value:.2f} {unit}, {said}"
