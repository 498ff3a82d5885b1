"""Interleaved rounds on a machine that is never quite quiet: CPU and wall time, best and median, per dossier."""

from __future__ import annotations

import gc
import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

TARGET_SECONDS: Final = 0.06
"""How long one block of one row runs, at least: long beside the clock's grain, short beside a neighbour's burst."""


@dataclass
class Row:
    """One thing that is measured: called once for each item, `repeats` times over."""

    key: str
    label: str
    call: Callable[[Any], object]
    items: Sequence[Any]
    note: str = ""
    repeats: int = 1
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def once(self) -> None:
        """One pass over the items, not timed."""
        call = self.call
        for item in self.items:
            call(item)

    def calibrate(self, target: float) -> None:
        """Enough repeats for a block of the target length, from a second pass: the first one fills the caches."""
        self.once()
        start = time.perf_counter()
        self.once()
        self.repeats = max(1, round(target / max(time.perf_counter() - start, 1e-9)))

    def block(self) -> None:
        """One timed block; the results are µs a call."""
        gc.collect()
        call, items = self.call, self.items
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(self.repeats):
            for item in items:
                call(item)
        used_cpu, used_wall = time.process_time() - cpu, time.perf_counter() - wall
        calls = self.repeats * len(items)
        self.cpu.append(used_cpu / calls * 1e6)
        self.wall.append(used_wall / calls * 1e6)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is printed of a row, in µs; nothing where it could not be measured."""

    key: str
    label: str
    cpu_best: float | None = None
    cpu_median: float | None = None
    wall_best: float | None = None
    wall_median: float | None = None
    ratio: float | None = None
    note: str = ""


def measure(rows: Sequence[Row], rounds: int, target: float = TARGET_SECONDS) -> None:
    """`rounds` blocks of every row, in turn; each round starts with another row."""
    for row in rows:
        row.calibrate(target)
    for turn in range(rounds):
        start = turn % len(rows)
        for row in (*rows[start:], *rows[:start]):
            row.block()


def figures(row: Row, unit: float | None) -> Figures:
    """The figures of one row; the ratio is of best CPU times."""
    best = min(row.cpu)
    return Figures(
        row.key,
        row.label,
        best,
        median(row.cpu),
        min(row.wall),
        median(row.wall),
        None if unit is None else best / unit,
        row.note,
    )


def machine() -> dict[str, Any]:
    """Where the figures were made."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load": list(load()),
    }


def load() -> tuple[float, float, float]:
    """The load averages, where the system has them."""
    try:
        return os.getloadavg()
    except (AttributeError, OSError):
        return (-1.0, -1.0, -1.0)


def timed(run: Callable[[], object]) -> float:
    """The seconds of one run."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def peak() -> float:
    """Peak memory of this process, in MB; the system call may count the process that started it, the file does not."""
    if (kilobytes := _status("VmHWM")) is not None:
        return kilobytes / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def resident() -> float:
    """The memory that this process holds, in MB; only where the system has a file that says so."""
    kilobytes = _status("VmRSS")
    assert kilobytes is not None
    return kilobytes / 1e3


def _status(name: str) -> int | None:
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    lines = status.read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
