"""One dossier, from validated input to verdict, beside what else could do a part of it.

    python -m benchmarks.one_dossier [--quick] [--json FILE] [--dossiers N] [--rounds N]

Every row is checked before its time counts: the hand-written clock and the clock's own columns against the verdict's
due dates, each peer's decision against the verdict's outcomes, on every dossier of the sample.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks import by_hand
from benchmarks.peers import INSTALL, PEERS, Peer, installed
from benchmarks.sample import AS_OF, Sample, samples
from benchmarks.timing import TARGET_SECONDS, Figures, Row, figures, load, machine, measure
from tthc_rules import Calendar, Dossier, Rulebook, Verdict
from tthc_rules.law import clock
from tthc_rules.law.civil import day_of

ROOT: Final = Path(__file__).resolve().parent.parent
GOAL_VERDICT_US: Final = 100.0
GOAL_IMPORT_MS: Final = 150.0
UNIT: Final = "by_hand"
"""The row that ratios are of."""


class DisagreementError(Exception):
    """Two rows that must say the same do not: no time of theirs means anything."""


def agree(who: str, sample: Sample, got: object, wanted: object) -> None:
    """Raise where an answer differs."""
    if got != wanted:
        raise DisagreementError(f"{who}: {sample.dossier.dossier_id} ({sample.shape}): {got} instead of {wanted}")


# -- the clock alone ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bench:
    """The sample and what is known of it."""

    book: Rulebook
    calendar: Calendar
    samples: list[Sample]
    verdicts: list[Verdict]
    as_of: int

    def due(self, place: int) -> by_hand.Answer:
        """What the hand-written clock must say."""
        verdict = self.verdicts[place]
        lawful, current = verdict.clock.lawful_due, verdict.clock.current_due
        return (
            None if lawful is None else day_of(lawful),
            None if current is None else day_of(current),
            verdict.workdays_late,
            verdict.punctuality,
        )


def prepare(count: int) -> Bench:
    """The shipped rules and `count` dossiers with their verdicts."""
    book = Rulebook.load()
    calendar = book.calendar("vn", known_on=AS_OF)
    made = samples(count, calendar)
    verdicts = [book.evaluate(sample.dossier, AS_OF) for sample in made]
    return Bench(book, calendar, made, verdicts, day_of(AS_OF))


def hand_rows(bench: Bench) -> list[Row]:
    """(a): the clock by hand, from whole numbers; and from the model."""
    run, read = by_hand.clock, by_hand.clock_of_dossier
    idx, nth, base, as_of = bench.calendar.idx, bench.calendar.nth, bench.calendar.base, bench.as_of
    logs = []
    for place, sample in enumerate(bench.samples):
        limit = sample.dossier.time_limit
        item = (by_hand.log_of(sample.dossier), limit.amount)  # type: ignore[union-attr]
        agree(UNIT, sample, run(*item, idx, nth, base, as_of), bench.due(place))
        agree(UNIT, sample, read(sample.dossier, idx, nth, base, as_of), bench.due(place))
        logs.append(item)
    return [
        Row(UNIT, "(a) clock by hand, from integers", lambda item: run(item[0], item[1], idx, nth, base, as_of), logs),
        Row(
            "by_hand_model",
            "(a') the same, reading the Dossier model",
            lambda dossier: read(dossier, idx, nth, base, as_of),
            [sample.dossier for sample in bench.samples],
        ),
    ]


_LONG: Final = 5_000


def recorded(bench: Bench) -> list[list[Any]]:
    """The arguments with which the engine calls the clock, dossier by dossier."""
    calls: list[list[Any]] = []
    run: Any = clock.run

    def recorder(*arguments: Any) -> None:
        # The engine writes the next dossier into the same columns; those of the calendar stay, and are long.
        calls.append([list(one) if isinstance(one, list) and len(one) < _LONG else one for one in arguments])
        run(*arguments)

    clock.run = recorder  # type: ignore[assignment, unused-ignore]
    try:
        for place, sample in enumerate(bench.samples):
            bench.book.evaluate(sample.dossier, AS_OF, engine="reference")
            del calls[place + 1 :]  # of another calendar, where the slip was given under another
    finally:
        clock.run = run
    return calls


def clock_rows(bench: Bench) -> list[Row]:
    """(b): `clock.run` replayed on the engine's own columns, with its trace and without."""
    calls = recorded(bench)
    names = list(inspect.signature(clock.run).parameters)
    out, mark = names.index("out"), names.index("mark")
    run: Any = clock.run
    silent = []
    for place, arguments in enumerate(calls):
        quiet = list(arguments)
        quiet[mark] = None
        silent.append(quiet)
        for call in (arguments, quiet):
            run(*call)
            answers = [
                None if call[out][column] == clock.NONE else call[out][column]
                for column in (clock.O_LAWFUL_DAY, clock.O_CURRENT_DAY, clock.O_WORKDAYS_LATE)
            ]
            agree("clock.run", bench.samples[place], tuple(answers), bench.due(place)[:3])
    return [
        Row("clock", "(b) clock.run, columns made beforehand", lambda item: run(*item), silent),
        Row("clock_trace", "(b') the same, with the trace for the explanation", lambda item: run(*item), calls),
    ]


# -- the library -------------------------------------------------------------------------------------------------------


def library_rows(bench: Bench) -> list[Row]:
    """The verdict itself, and what stands before and after it."""
    evaluate, validate, validate_json = bench.book.evaluate, Dossier.model_validate, Dossier.model_validate_json
    dossiers = [sample.dossier for sample in bench.samples]
    data = [sample.data for sample in bench.samples]
    texts = [json.dumps(each, ensure_ascii=False).encode() for each in data]
    for sample, text in zip(bench.samples, texts, strict=True):
        agree("validation", sample, validate_json(text), sample.dossier)
    return [
        Row("evaluate", "Rulebook.evaluate: Dossier to Verdict", lambda dossier: evaluate(dossier, AS_OF), dossiers),
        Row("validate", "(e) Dossier.model_validate(dict)", validate, data),
        Row("validate_json", "(e') Dossier.model_validate_json(bytes)", validate_json, texts),
        Row("dump", "(f) verdict.model_dump_json()", lambda verdict: verdict.model_dump_json(), bench.verdicts),
        Row("explain", '(g) verdict.explain("vi")', lambda verdict: verdict.explain("vi"), bench.verdicts),
    ]


# -- peers -------------------------------------------------------------------------------------------------------------


def peer_rows(bench: Bench) -> tuple[list[Row], list[Figures], list[Peer]]:
    """(c), (d): engines that decide from derived facts; those that are not there say so."""
    facts = [by_hand.facts_of(sample, bench.calendar, bench.as_of) for sample in bench.samples]
    rows = [_decision_row("decide", "decision by hand, from derived facts", by_hand.decide, facts, bench)]
    missing, peers = [], []
    for letter, kind in zip(("(c)", "(d)", "(d')"), PEERS, strict=True):
        label, found = f"{letter} {kind.name}", installed(kind.distribution)
        if not found:
            missing.append(Figures(kind.__name__.lower(), label, note=f"not installed; {INSTALL}"))
            continue
        peer = kind()
        peers.append(peer)
        row = _decision_row(kind.__name__.lower(), label, peer.decide, facts, bench)
        row.note = found
        rows.append(row)
    return rows, missing, peers


def _decision_row(
    key: str, label: str, decide: Callable[[by_hand.Facts], by_hand.Decision], facts: list[by_hand.Facts], bench: Bench
) -> Row:
    for place, sample in enumerate(bench.samples):
        agree(label, sample, decide(facts[place]), by_hand.decision_of(bench.verdicts[place]))
    return Row(key, label, decide, facts)


# -- start-up ----------------------------------------------------------------------------------------------------------

_FRESH: Final = """
import json, sys, time
from datetime import date
text = sys.stdin.read()
marks = [("start", time.perf_counter(), time.process_time())]
mark = lambda name: marks.append((name, time.perf_counter(), time.process_time()))
import tthc_rules
mark("import")
heavy = sorted({"numpy", "numba", "pyarrow", "duckdb"} & set(sys.modules))
book = tthc_rules.Rulebook.load()
mark("load")
dossier = tthc_rules.Dossier.model_validate(json.loads(text))
mark("validate")
verdict = book.evaluate(dossier, date.fromisoformat(sys.argv[1]))
mark("evaluate")
verdict.model_dump_json()
mark("dump")
print(json.dumps({"heavy": heavy, "marks": marks}))
"""
_PYDANTIC: Final = """
import json, time
marks = [("start", time.perf_counter(), time.process_time())]
from pydantic import BaseModel, BeforeValidator, Discriminator, Field, PrivateAttr, StrictStr
marks.append(("pydantic", time.perf_counter(), time.process_time()))
print(json.dumps({"heavy": [], "marks": marks}))
"""
STAGES: Final = ("import", "pydantic", "load", "validate", "evaluate", "dump")
_LABELS: Final = {
    "import": "(h) import tthc_rules",
    "pydantic": "    for scale: pydantic alone",
    "load": "(h) Rulebook.load(), right after it",
    "validate": "first Dossier.model_validate",
    "evaluate": "first Rulebook.evaluate",
    "dump": "first model_dump_json",
}


@dataclass(frozen=True, slots=True)
class Start:
    """One stage of a fresh process, in ms."""

    key: str
    label: str
    wall_median: float
    wall_best: float
    cpu_median: float
    cpu_best: float


def fresh_process(sample: Sample, times: int) -> list[Start]:
    """Import, load and first use in `times` new interpreters, after one that compiles the byte code.

    The byte code lies in a folder of its own, so that a switch against writing it, or a file that was edited a minute
    ago, does not make an installed library look slow.
    """
    with TemporaryDirectory() as folder:
        return _fresh_processes(sample, times, _environment(folder))


def _environment(folder: str) -> dict[str, str]:
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def _fresh_processes(sample: Sample, times: int, environment: dict[str, str]) -> list[Start]:
    wall: dict[str, list[float]] = {stage: [] for stage in STAGES}
    cpu: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for turn in range(times + 1):
        for script in (_FRESH, _PYDANTIC):
            marks = _told(script, sample, environment)
            for (_, *before), (stage, *after) in pairwise(marks):
                if turn:
                    wall[stage].append((after[0] - before[0]) * 1e3)
                    cpu[stage].append((after[1] - before[1]) * 1e3)
    return [
        Start(stage, _LABELS[stage], median(wall[stage]), min(wall[stage]), median(cpu[stage]), min(cpu[stage]))
        for stage in STAGES
    ]


def _told(script: str, sample: Sample, environment: dict[str, str]) -> list[list[Any]]:
    """The marks that a fresh process set: name, wall seconds, CPU seconds."""
    done = subprocess.run(
        [sys.executable, "-c", script, AS_OF.isoformat()],
        input=json.dumps(sample.data),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=environment,
    )
    told = json.loads(done.stdout)
    if told["heavy"]:
        raise DisagreementError(f"importing tthc_rules imports {', '.join(told['heavy'])}")
    marks: list[list[Any]] = told["marks"]
    return marks


# -- the report --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run says."""

    made_on: str
    machine: dict[str, Any]
    setting: dict[str, Any]
    rows: list[Figures]
    start: list[Start]

    def as_json(self) -> str:
        """The report for a machine."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    def as_text(self) -> str:
        """The report as a plain table."""
        setting, where = self.setting, self.machine
        loads = f"load average {_loads(where['load'])} before, {_loads(setting['load_after'])} after"
        sample = f"{setting['dossiers']} dossiers of 5 events, {setting['findings']:.1f} findings a verdict"
        rules = f"{setting['rules']} rule versions, rules digest {setting['digest']}"
        lines = [
            f"{self.made_on}: {where['cpu']}, {where['cores']} cores, {where['python']}, {where['system']}",
            f"{loads}; " + ", ".join(f"{name} {number}" for name, number in setting["versions"].items()),
            f"{sample}; {rules}; {setting['rounds']} interleaved rounds",
            "punctuality: " + ", ".join(f"{name} {count}" for name, count in setting["mix"].items()),
            f"not decided by the peers: {', '.join(setting['left_out']) or 'nothing'}",
            "",
            f"{'µs a dossier':<58}{'CPU best':>10}{'CPU med.':>10}{'wall best':>11}{'wall med.':>11}{'× (a)':>9}",
        ]
        lines += [_line(row) for row in self.rows]
        head = f"{'ms in a fresh process':<58}{'wall med.':>10}{'wall best':>10}{'CPU med.':>11}{'CPU best':>11}"
        lines += ["", head]
        lines += [
            f"{each.label:<58}{each.wall_median:>10.1f}{each.wall_best:>10.1f}{each.cpu_median:>11.1f}{each.cpu_best:>11.1f}"
            for each in self.start
        ]
        return "\n".join([*lines, "", *self.goals()])

    def goals(self) -> list[str]:
        """Each goal and how far it is; a benchmark reports, it does not fail."""
        verdict = next(row.cpu_best for row in self.rows if row.key == "evaluate")
        assert verdict is not None
        opening = self.start[0].wall_median
        whole, start = _judged(verdict, GOAL_VERDICT_US, "µs"), _judged(opening, GOAL_IMPORT_MS, "ms")
        return [
            f"goal: whole verdict at most {GOAL_VERDICT_US:.0f} µs (best CPU): {whole}",
            f"goal: import at most {GOAL_IMPORT_MS:.0f} ms (median wall): {start}; numpy is not imported",
        ]


def _loads(three: Sequence[float]) -> str:
    return "/".join(f"{each:.2f}" for each in three)


def _line(row: Figures) -> str:
    if row.cpu_best is None:
        return f"{row.label:<58}{row.note:>10}"
    numbers = f"{row.cpu_best:>10.2f}{row.cpu_median:>10.2f}{row.wall_best:>11.2f}{row.wall_median:>11.2f}"
    return f"{row.label:<58}{numbers}{row.ratio:>9.1f}"


def _judged(value: float, goal: float, unit: str) -> str:
    if value <= goal:
        return f"met, {value:.1f} {unit}"
    return f"missed by {value - goal:.1f} {unit} ({value:.1f} {unit}, {value / goal:.2f} × the goal)"


def run(count: int, rounds: int, fresh: int, target: float) -> Report:
    """Prepare, check, measure."""
    where = machine()
    bench = prepare(count)
    peers_found, missing, peers = peer_rows(bench)
    rows = [*hand_rows(bench), *clock_rows(bench), *library_rows(bench), *peers_found]
    try:
        measure(rows, rounds, target)
    finally:
        for peer in peers:
            peer.close()
    unit = min(next(row for row in rows if row.key == UNIT).cpu)
    start = fresh_process(bench.samples[1], fresh)
    return Report(
        datetime.now().strftime("%Y-%m-%d %H:%M"),
        where,
        _setting(bench, rounds),
        [*(figures(row, unit) for row in rows), *missing],
        start,
    )


def _setting(bench: Bench, rounds: int) -> dict[str, Any]:
    corpus = bench.book.corpus
    distributions = ["tthc-rules", "pydantic", *dict.fromkeys(kind.distribution for kind in PEERS)]
    return {
        "as_of": AS_OF.isoformat(),
        "dossiers": len(bench.samples),
        "rounds": rounds,
        "shapes": dict(Counter(sample.shape for sample in bench.samples)),
        "mix": dict(Counter(verdict.punctuality for verdict in bench.verdicts)),
        "findings": sum(len(v.obligations) + len(v.limits) for v in bench.verdicts) / len(bench.verdicts),
        "left_out": by_hand.left_out(bench.verdicts),
        "rules": sum(len(versions) for family in corpus.rules.values() for versions in family.values()),
        "digest": corpus.digest[:12],
        "versions": {name: version(name) for name in distributions if installed(name)},
        "load_after": list(load()),
    }


def main(arguments: Sequence[str] | None = None) -> Report:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.one_dossier", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run: few dossiers, two rounds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument("--dossiers", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=15)
    asked = parser.parse_args(arguments)
    report = run(25, 2, 1, 0.005) if asked.quick else run(asked.dossiers, asked.rounds, 7, TARGET_SECONDS)
    print(report.as_text())
    if asked.json is not None:
        asked.json.write_text(report.as_json() + "\n", encoding="utf-8")
    return report


if __name__ == "__main__":
    main()
