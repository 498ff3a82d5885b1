"""The durable engine beside the reference: the same dossiers, the same verdicts, verdicts a second.

    python -m benchmarks.durable_engine [--quick] [--dossiers N] [--rounds N]

No time counts unless both engines say the same, to the byte, on every dossier of the sample.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from benchmarks.one_dossier import Bench, agree, prepare
from benchmarks.peers import INSTALL, installed
from benchmarks.sample import AS_OF
from benchmarks.timing import Figures, Row, figures, machine, measure
from tthc_rules import EngineError, Rulebook
from tthc_rules.law.question import Question
from tthc_rules.reference import engine as reference
from tthc_rules.reference.interpret import judge

PLACES: Final = (None, "son-la")
"""National rules alone; with an act of a place, which is a second question to the engine."""


def asked_of(engine: str, bench: Bench, place: str | None) -> Row:
    """One row: whole verdicts by that engine."""
    book = bench.book
    dossiers = [sample.dossier.model_copy(update={"jurisdiction": place}) for sample in bench.samples]
    for sample, dossier in zip(bench.samples, dossiers, strict=True):
        wanted, got = book.evaluate(dossier, AS_OF), book.evaluate(dossier, AS_OF, engine=engine)
        agree(engine, sample, got.model_dump_json(), wanted.model_dump_json())
        agree(engine, sample, got.explain(), wanted.explain())
    label = f"{engine}, {'national rules' if place is None else place}"
    return Row(label, label, lambda dossier: book.evaluate(dossier, AS_OF, engine=engine), dossiers)


def rules_alone(name: str, decide: Callable[..., Any], bench: Bench) -> Row:
    """One row: the rule layer, on facts that the clock made beforehand."""
    calls: list[tuple[Any, ...]] = []

    def recorder(*arguments: Any) -> list[Any]:
        calls.append(arguments)
        return judge(*arguments)

    engine = reference.ReferenceEngine(bench.book.corpus, recorder)
    for sample in bench.samples:
        engine.evaluate(sample.dossier, Question(AS_OF, AS_OF))
    label = f"{name}, rule layer alone"
    return Row(label, label, lambda arguments: decide(*arguments), calls)


def compile_time(rounds: int) -> float:
    """Milliseconds from a loaded rulebook to the first verdict by durable, less a verdict by the reference."""
    best = float("inf")
    dossier = {"dossier_id": "HS-1", "events": [{"kind": "dossier_accepted", "at": "2024-08-23T08:30"}]}
    corpus = Rulebook.load().corpus
    for _ in range(rounds):
        book = Rulebook(corpus)
        book.evaluate(dossier, AS_OF)
        start = time.perf_counter()
        book.evaluate(dossier, AS_OF, engine="durable")
        best = min(best, time.perf_counter() - start)
    return best * 1e3


def main(arguments: Sequence[str] | None = None) -> list[Figures]:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.durable_engine", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--dossiers", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=25)
    asked = parser.parse_args(arguments)
    bench = prepare(25 if asked.quick else asked.dossiers)
    try:
        from tthc_rules.durable.judge import DurableJudge

        durable = DurableJudge()
        rows = [asked_of(engine, bench, place) for place in PLACES for engine in ("reference", "durable")]
    except EngineError as error:
        print(f"{error.render('en')}\n{INSTALL}")
        return []
    rows += [rules_alone("reference", judge, bench), rules_alone("durable", durable, bench)]
    measure(rows, 2 if asked.quick else asked.rounds)
    durable.close()
    told = [figures(row, None) for row in rows]
    here = machine()
    print(f"{here['cpu']}, {here['python']}, load {here['load'][0]:.1f}; durable_rules {installed('durable_rules')}")
    print(f"{len(bench.samples)} dossiers, the same verdicts and explanations by both engines")
    print(f"{'':<34}{'CPU best µs':>12}{'median µs':>11}{'a second':>10}")
    for row in told:
        assert row.cpu_best is not None
        print(f"{row.label:<34}{row.cpu_best:>12.1f}{row.cpu_median:>11.1f}{1e6 / row.cpu_best:>10,.0f}")
    print(f"first verdict by durable, compiled on the way: {compile_time(1 if asked.quick else 5):,.0f} ms")
    return told


if __name__ == "__main__":
    main()
