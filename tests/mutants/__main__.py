"""`python -m tests.mutants MODULE… [--sample N --seed S] [--jobs N] [--list]`: which mutants does no test notice?

Exit codes: 0 each was killed or has its argument, 1 some survived, 2 the module or the tests cannot be used, 130
stopped by Ctrl-C; what was tried by then is kept, and the next run goes on.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from .kept import DEAD, EQUIVALENT, Argument, Result, Results, arguments, entry_for
from .making import Mutant, NoModuleError, Source, mutants_of
from .rooms import ROOMS


def main(given: Sequence[str] | None = None) -> int:
    """Try the mutants of each module that is named, and say what survived."""
    asked = _options(given)
    if not hasattr(os, "fork"):
        print("mutants are tried in forked processes, which this system does not have", file=sys.stderr)
        return 2
    try:
        sources = [Source.of(name) for name in asked.modules]
    except NoModuleError as error:
        print(error, file=sys.stderr)
        return 2
    if unknown := [one.module for one in sources if one.module not in ROOMS]:
        print(f"no tests are named for {', '.join(unknown)}: see {ROOMS_FILE}", file=sys.stderr)
        return 2
    results = Results(asked.results / "results.jsonl")
    code = 0
    for source in sources:
        mutants = _sampled(mutants_of(source), asked)
        if asked.list:
            for mutant in mutants:
                print(f"{mutant.key} {source.module}:{mutant.line}\n{mutant.diff()}")
            continue
        try:
            code = max(code, _try(source, mutants, results, asked))
        except KeyboardInterrupt:
            return 130
    return code


ROOMS_FILE = "tests/mutants/rooms.py"


def _options(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("modules", nargs="+", metavar="MODULE", help="law.clock, reference.interpret, …")
    parser.add_argument("--sample", type=int, metavar="N", help="so many of each module, by chance")
    parser.add_argument("--seed", type=int, default=1, help="of that chance")
    parser.add_argument("--lines", metavar="A-B", help="only those on these lines")
    parser.add_argument("--key", action="append", default=[], help="only this one; may be given again")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time")
    parser.add_argument("--budget", type=float, default=float("inf"), metavar="SECONDS",
                        help="ask no more tests of a mutant than usually take so long")  # fmt: skip
    parser.add_argument("--list", action="store_true", help="say which there are, and try none")
    parser.add_argument("--anew", action="store_true", help="try those again that were killed before")
    parser.add_argument("--results", type=Path, default=Path(".mutants"), help="the folder in which results are kept")
    return parser.parse_args(given)


def _sampled(mutants: Sequence[Mutant], asked: argparse.Namespace) -> list[Mutant]:
    """Those that are asked for, in the order of the text."""
    chosen = list(mutants)
    if asked.key:
        chosen = [one for one in chosen if one.key in asked.key]
    if asked.lines:
        first, _, last = asked.lines.partition("-")
        chosen = [one for one in chosen if int(first) <= one.line <= int(last or first)]
    if asked.sample is not None and asked.sample < len(chosen):
        places = sorted(Random(asked.seed).sample(range(len(chosen)), asked.sample))
        chosen = [chosen[at] for at in places]
    return chosen


def _try(source: Source, mutants: Sequence[Mutant], results: Results, asked: argparse.Namespace) -> int:
    """Try what is left to be tried, and say how it stands with all of them."""
    from .trial import Trial

    argued = arguments()
    todo = [
        one
        for one in mutants
        if one.key not in argued and (asked.anew or one.key in asked.key or not results.is_dead(one))
    ]

    def tell(mutant: Mutant, result: Result) -> None:
        results.add(result)
        tried[result.outcome] += 1
        said = ", ".join(f"{number} {word}" for word, number in sorted(tried.items()))
        print(f"\r{source.module}: {tried.total()} of {len(todo)}: {said}   ", end="", file=sys.stderr, flush=True)

    tried: Counter[str] = Counter()
    if todo:
        trial = Trial(source, todo, ROOMS[source.module], tell, asked.results, asked.jobs, asked.budget)
        is_done = trial.run()
        print(file=sys.stderr)
        if not is_done:
            print("\n".join(trial.said), file=sys.stderr)
            return 2
    return _sum_up(source, mutants, results.found, argued)


def _sum_up(
    source: Source, mutants: Sequence[Mutant], found: Mapping[str, Result], argued: Mapping[str, Argument]
) -> int:
    count: Counter[str] = Counter()
    seconds = 0.0
    for mutant in mutants:
        if mutant.key in argued:
            count["equivalent"] += 1
        elif (result := found.get(mutant.key)) is not None:
            count[result.outcome] += 1
            seconds += result.seconds
            if result.outcome not in DEAD:
                print(f"{result.outcome}, {result.asked} tests\n{mutant.diff()}\n{entry_for(mutant)}\n")
        else:
            count["not tried"] += 1
    said = ", ".join(f"{number} {word}" for word, number in sorted(count.items()))
    print(f"{source.module}: {len(mutants)} mutants: {said}; {seconds:,.0f} s of the processor")
    left = count["survived"] + count["unreached"] + count["not tried"]
    if left:
        print(f"{left} open: a test kills each, or its argument goes into {EQUIVALENT.name}/{source.module}.toml")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
