"""Two hundred rule versions against seventeen: what the composed rules cost when there are twelve times as many.

    python -m benchmarks.many_rules [--quick] [--dossiers N] [--rounds N]

Seventeen versions of the shipped rules are copied under other ids, in a folder of their own, until there are two
hundred; what several of them ask for is composed once, as it is for any rules. Timed is the compiled function alone, in
blocks of the fast core's own size, on what the clock has just found.
"""

from __future__ import annotations

import argparse
import re
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from benchmarks.history import Mix
from benchmarks.prepared import Ready, memory_for, ready, recorded
from benchmarks.rounds import Runner, Spent, at_most, heading, rounds, table
from tthc_rules import Rulebook
from tthc_rules.bulk.core import BLOCK
from tthc_rules.bulk.objects import run_clock
from tthc_rules.law.composed import PARAMETERS
from tthc_rules.library import shipped_rulesets

FEW: Final = 17
MANY: Final = 200
GOAL: Final = 12.0
FAMILY: Final = "one_stop"
_NO_RULE: Final = ("clock.yaml", "register.yaml", "retired.yaml")
_ID: Final = re.compile(r"^(?:rule: |  - id: )([a-z0-9_]+)$", re.MULTILINE)
_DUTIES: Final = re.compile(r"^(?:obligations|limits):\n(?:[ #].*\n|\n)*", re.MULTILINE)


def written(folder: Path, versions: int) -> Path:
    """A copy of the shipped law with so many versions of rules: some of them, and these again under other ids."""
    shutil.copytree(shipped_rulesets(), folder)
    own = folder / FAMILY
    rules = sorted(path for path in own.rglob("*.yaml") if path.name not in _NO_RULE)
    for path in rules[FEW:]:
        path.unlink()
    kept = rules[:FEW]
    texts = {path: path.read_text(encoding="utf-8") for path in kept}
    ids = {name for text in texts.values() for name in _ids(text)}
    for number in range(versions - FEW):
        turn, at = divmod(number, FEW)
        path = kept[at]
        text = re.sub(rf"\b({'|'.join(ids)})\b", rf"\1_{turn + 2}", texts[path])
        path.with_name(f"{path.stem}_{turn + 2}.yaml").write_text(text, encoding="utf-8")
    return folder


def _ids(text: str) -> list[str]:
    """The ids of a rule and of its duties."""
    duties = "".join(_DUTIES.findall(text))
    return [*re.findall(r"^rule: ([a-z0-9_]+)$", text, re.MULTILINE), *_ID.findall(duties)]


def versions_of(book: Rulebook) -> int:
    """How many versions of rules the family has."""
    return sum(len(versions) for versions in book.corpus.rules[FAMILY].values())


def passes(made: Ready) -> Callable[[], Spent]:
    """A pass of the compiled rules over every block, each just after the clock has run there; the rules alone count."""
    calls = recorded(made, block=BLOCK)
    plan = calls[0].plan
    duties = len(plan.composed.duties)
    found: dict[str, npt.NDArray[Any]] = {
        "outcome": np.zeros(duties * BLOCK, np.int8), "act_by": np.zeros(duties * BLOCK, np.int32),
        "act": np.zeros(duties * BLOCK, np.int8), "noted": np.zeros(BLOCK, np.int8),
        "readings": np.zeros(BLOCK, np.int64),
    }  # fmt: skip
    rows, memory = np.arange(BLOCK, dtype=np.int32), memory_for(calls)
    made_ready = []
    for call in calls:
        out = call.room(memory)
        values = {**call.values, **found, "rows": rows, "out": out.reshape(-1), "count": call.named("n")}
        rules = plan.rules.ready(*(values.get(name) for name in PARAMETERS))
        made_ready.append((call, out, run_clock().ready(*call.into(memory)), rules))

    def run() -> Spent:
        cpu = wall = 0
        for call, out, clock, rules in made_ready:
            for column in found.values():
                column.fill(0)
            out[:] = call.empty[:, None]
            clock()
            before, at = time.thread_time_ns(), time.perf_counter_ns()
            rules()
            cpu += time.thread_time_ns() - before
            wall += time.perf_counter_ns() - at
        return cpu / 1e9, wall / 1e9

    return run


def bench(dossiers: int, count: int) -> list[Runner]:
    """Measure: the few, then the many."""
    runners = []
    with TemporaryDirectory() as name:
        for versions in (FEW, MANY):
            book = Rulebook.load(written(Path(name) / str(versions), versions), shipped=False)
            made = ready(dossiers, Mix(), book=book)
            label = f"{versions_of(book)} versions, {len(made.scorer.known.duties)} duties: compiled rules"
            runners.append(Runner(label, passes(made), dossiers))
    rounds(runners, count)
    return runners


def main(arguments: Sequence[str] | None = None) -> list[Runner]:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many_rules", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--dossiers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args(arguments)
    dossiers, count = (10_000, 2) if asked.quick else (asked.dossiers, asked.rounds)
    print(heading(("llvmlite", "numpy")), flush=True)
    runners = bench(dossiers, count)
    few, many = runners
    print(table(runners, few))
    print(at_most(f"rules of {MANY} versions against {FEW}", many.cpu / few.cpu, GOAL))
    return runners


if __name__ == "__main__":
    main()
