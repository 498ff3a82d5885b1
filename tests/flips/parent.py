"""Runs children, and goes on behind the case of which one died."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
HANG = 30
"""Seconds after which a case that says nothing hangs."""


@dataclass(slots=True)
class Found:
    """What came of some cases."""

    came: Counter[str] = field(default_factory=Counter)
    foreign: list[tuple[int, str]] = field(default_factory=list)
    crashes: list[tuple[int, int]] = field(default_factory=list)
    """The number of a case, and the signal that ended its child."""
    slowest: int = 0
    """Milliseconds of the slowest case that came to an end."""

    def __str__(self) -> str:
        said = ", ".join(f"{word} {number:,}" for word, number in sorted(self.came.items()))
        lines = [f"{said}; slowest {self.slowest} ms"]
        lines += [f"  case {number}: {what}" for number, what in self.foreign]
        lines += [f"  case {number}: ended by signal {signal}" for number, signal in self.crashes]
        return "\n".join(lines)


def run(form: str, first: int, last: int, found: Found) -> Found:
    """The cases from one number up to another."""
    while first < last:
        command = [sys.executable, "-m", "tests.flips.child", form, str(first), str(last)]
        ran = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=HANG + (last - first) / 4, check=False
        )
        begun = first
        for line in ran.stdout.splitlines():
            number, _, rest = line.partition(" ")
            begun = int(number)
            spent, _, came = rest.partition(" ")
            if not came:
                break
            first = begun + 1
            found.slowest = max(found.slowest, int(spent))
            if came.startswith("FOREIGN"):
                found.foreign.append((begun, came))
                came = "FOREIGN"
            found.came[came] += 1
        if ran.returncode == 0:
            break
        if ran.returncode > 0:
            raise RuntimeError(ran.stderr)
        found.crashes.append((begun, -ran.returncode))
        first = begun + 1
    return found
