"""The nightly run: `python -m tests.agreement --dossiers 10000000 --engines reference,bulk --seed 1 --jobs 2`.

Exit codes: 0 the engines agree, 1 they differ, 2 an engine is missing or unknown, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from tthc_rules import Rulebook

from .compare import ENGINES, Tally, run, tasks, why_missing
from .generate import PLAIN


def main(arguments: list[str] | None = None) -> int:
    """Compare, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.agreement", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=200_000)
    parser.add_argument("--engines", default="reference,bulk", help="the first is the measure of the others")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--block", type=int, default=500, help="dossiers that are asked one question")
    parser.add_argument("--rules", action="append", default=[], help="a folder of rule files, added to the shipped law")
    parser.add_argument("--cases", type=Path, default=Path("disagreements.tthc.yaml"), help="where differences go")
    parser.add_argument("--most", type=int, default=20, help="stop after so many differences")
    asked = parser.parse_args(arguments)
    engines = asked.engines.split(",")
    if unknown := [name for name in engines if name not in ENGINES]:
        print(f"unknown engine: {', '.join(unknown)}; known: {', '.join(ENGINES)}", file=sys.stderr)
        return 2
    book = Rulebook.load(*asked.rules)
    if missing := [reason for name in engines if (reason := why_missing(name, book))]:
        print("\n".join(missing), file=sys.stderr)
        return 2
    whole = Tally()
    started = time.perf_counter()
    stopped = False
    results = run(tasks(asked.seed, asked.dossiers, engines, asked.block), asked.jobs, tuple(asked.rules))
    try:
        for tally in results:
            whole.add(tally, asked.most)
            _progress(whole, asked.dossiers, time.perf_counter() - started)
            if len(whole.differences) >= asked.most:
                break
    except KeyboardInterrupt:
        stopped = True
    finally:
        results.close()
    print(file=sys.stderr)
    _summary(whole, engines, asked.seed, time.perf_counter() - started)
    if whole.differences:
        _save(whole, asked.cases)
        return 1
    return 130 if stopped else 0


def _progress(whole: Tally, wanted: int, seconds: float) -> None:
    rate = whole.compared / seconds if seconds else 0.0
    left = (wanted - whole.compared) / rate if rate else 0.0
    said = f"{whole.compared:,} of {wanted:,}, {rate:,.0f} a second, {left / 60:,.0f} min left, "
    print(f"\r{said}{len(whole.differences)} differences   ", end="", file=sys.stderr, flush=True)


def _summary(whole: Tally, engines: list[str], seed: int, seconds: float) -> None:
    print(f"{', '.join(engines)}; seed {seed}; {whole.compared:,} dossiers in {seconds:,.0f} s")
    if whole.compared:
        on_edges = whole.compared - whole.edges[PLAIN]
        print(f"on edges: {on_edges:,} ({100 * on_edges / whole.compared:.1f} %)")
    for edge, count in whole.edges.most_common():
        print(f"  {edge:24} {count:>10,}")
    print(f"differences: {len(whole.differences)}")


def _save(whole: Tally, path: Path) -> None:
    for difference in whole.differences[:5]:
        print(f"\n{difference}")
    cases = [difference.case(f"{number}") for number, difference in enumerate(whole.differences, 1)]
    path.write_text(json.dumps(cases, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    print(f"\n{len(cases)} cases to be decided: {path}")


if __name__ == "__main__":
    sys.exit(main())
