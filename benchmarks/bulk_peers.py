"""The fast core beside polars, DuckDB, numpy's business days, OpenFisca-core and durable-rules.

    python -m benchmarks.bulk_peers [--quick] [--dossiers N] [--rounds N] [--openfisca PYTHON]

Polars, DuckDB and numpy answer for the due date and the lateness of limits in workdays; what they say otherwise than
the fast core is put down to a cause, dossier by dossier, or the run stops. OpenFisca-core and durable-rules decide what
both can express, and must agree on every dossier. OpenFisca-core needs a Python of its own: name it by the option or by
OPENFISCA_PYTHON (`python -m venv openfisca && openfisca/bin/pip install openfisca-core`).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pyarrow as pa

from benchmarks import bulk_queries as queries
from benchmarks import by_hand
from benchmarks.bulk_clock import DisagreementError, kernel, passes
from benchmarks.bulk_queries import Columns, DuckDB, Due, Polars, by_numpy
from benchmarks.bulk_rules import THREADS, threaded
from benchmarks.history import AS_OF, CHUNK, DAY, History, Mix
from benchmarks.one_dossier import Bench, prepare
from benchmarks.peers import Durable
from benchmarks.peers import installed as installed_peer
from benchmarks.prepared import Ready, ready, recorded
from benchmarks.rounds import Runner, Spent, at_least, heading, rounds, table
from benchmarks.sample import AS_OF as AS_OF_SAMPLE
from tthc_rules import Dossier
from tthc_rules.bulk.dossiers import table_of_dossiers
from tthc_rules.bulk.foreign import named
from tthc_rules.bulk.intake import batch_of, row_of
from tthc_rules.bulk.rescore import Rescorer
from tthc_rules.law import clock
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import PUNCTUALITY
from tthc_rules.law.composed import OUTCOMES

Ints = Any  # arrays of whole numbers
GOALS: Final = {"polars": 10.0, "DuckDB": 15.0, "numpy.busday": 15.0, "OpenFisca-core": 3.0, "durable-rules": 500.0}
EXPLAINED: Final = 2_000
"""How many differing dossiers of each peer are put down to a cause."""


# -- due date and lateness ---------------------------------------------------------------------------------------------


def columns(made: Ready, history: History) -> Columns:
    """The history as the peers take it."""
    parts = [(c.counts, c.kind, c.order // DAY, c.amount, c.awaits) for c in history]
    return queries.columns_of(parts, history.calendar, made.scorer.as_of)


def ours(made: Ready) -> Due:
    """What the fast core says."""
    names = ("lawful_due", "workdays_late", "days_late")
    answers = [[answer.column(name) for name in names] for answer in made.answers()]
    return Due(*(np.concatenate([answer[place] for answer in answers]) for place in range(3)))


def explained(label: str, made: Ready, wanted: Due, got: Due) -> str:
    """How many dossiers agree; why the others do not, from the marks of the one-dossier path."""
    differs = (wanted.due != got.due) | (wanted.workdays_late != got.workdays_late)
    differs |= wanted.days_late != got.days_late
    rows = np.flatnonzero(differs)
    some = rows[:: max(1, len(rows) // EXPLAINED)]
    causes = Counter(_cause(label, made, int(row)) for row in some)
    share = 1 - len(rows) / len(wanted.due)
    said = ", ".join(f"{name} {count / len(some):.0%}" for name, count in causes.most_common())
    return f"{label}: equal on {share:.2%}" + (f"; of the others, {len(some):,} looked at: {said}" if said else "")


_FAULTS: Final = clock.SECOND_ACCEPTANCE | clock.ORPHAN_RESUME | clock.ALREADY_PAUSED | clock.ORPHAN_SUPPLEMENT
_FAULTY: Final = _FAULTS | clock.AFTER_END | clock.ALREADY_WAITING | clock.BEFORE_ACCEPTANCE


def _cause(label: str, made: Ready, row: int) -> str:
    dossier = Dossier.model_validate(row_of(made.tables[row // CHUNK], row % CHUNK))
    verdict = made.book.evaluate(dossier, AS_OF)
    marks = verdict._behind.trace().mark
    steps = Counter(mark >> 20 << 20 for mark in marks)
    if any(mark & _FAULTY for mark in marks) or any(note.code == "duplicate_event" for note in verdict.notes):
        return "faulty log"
    if [event.at for event in dossier.events] != sorted(event.at for event in dossier.events):
        return "log out of order"
    if steps[clock.STEP_EXCLUDE]:
        return "interval excluded"
    if steps[clock.STEP_WITHOUT_EFFECT]:
        return "a stop that began too late to count"
    if steps[clock.STEP_OPEN] > 1:
        return "stops that overlap or were cut short"
    raise DisagreementError(f"{label}: {dossier.dossier_id}: a difference that nothing explains")


def due_dates(dossiers: int, count: int, *others: Runner) -> tuple[list[Runner], list[str]]:
    """The fast core, polars, DuckDB and numpy on one history; and whatever is to be measured in turn with them."""
    mix = Mix(workdays_only=True)
    made = ready(dossiers, mix)
    calendar = made.book.calendar("vn", known_on=AS_OF)
    given = columns(made, History(made.book.calendar("vn"), dossiers, mix))
    wanted = ours(made)
    by_prefix, by_busdays = queries.prefix_table(calendar), queries.busdays(calendar)
    runners = [
        Runner(f"fast core: clock and all rules, {THREADS} threads", threaded(made.score_all, THREADS), dossiers),
        Runner("fast core: clock alone, 1 thread", passes(recorded(made), kernel), dossiers),
    ]
    said = []
    peers: list[tuple[str, Callable[[], Callable[[], Due]], str]] = [
        ("numpy, prefix table, 1 thread", lambda: lambda: by_numpy(given, by_prefix), "numpy"),
        ("numpy.busday_offset and _count, 1 thread", lambda: lambda: by_numpy(given, by_busdays), "numpy"),
        (f"polars, lazy query, {THREADS} threads", lambda: Polars(given).run, "polars"),
        (f"DuckDB, SQL, {THREADS} threads", lambda: DuckDB(given, THREADS).run, "duckdb"),
    ]
    for label, make, distribution in peers:
        if not installed_peer(distribution):
            said.append(f"{label}: not installed")
            continue
        run = make()
        said.append(explained(label, made, wanted, run()))
        timed = run.__self__.fetch if isinstance(getattr(run, "__self__", None), DuckDB) else run  # type: ignore[attr-defined]
        runners.append(Runner(label, _dropped(timed), dossiers))
    weeks = by_numpy(given, queries.plain_weeks(calendar))
    wrong = float(np.mean(weeks.due != by_numpy(given, by_busdays).due))
    said.append(f"numpy with a week mask of Monday to Friday: {wrong:.2%} of due dates wrong (make-up Saturdays)")
    runners += others
    rounds(runners, count)
    return runners, [f"{dossiers:,} dossiers, {made.events:,} events, limits in workdays", *said]


def _dropped(run: Callable[[], object]) -> Callable[[], None]:
    def one() -> None:
        run()

    return one


# -- OpenFisca-core ----------------------------------------------------------------------------------------------------

_DECIDED: Final = ("apology_before_due", "late_notice_to_one_stop", "apology_content")


class OpenFisca:
    """A Python of its own that makes a pass when it is told to."""

    def __init__(self, python: str, history: History, made: Ready) -> None:
        self._folder = TemporaryDirectory()
        folder = Path(self._folder.name)
        calendar = made.book.calendar("vn", known_on=AS_OF)
        facts = [_facts(chunk) for chunk in history]
        for name in facts[0]:
            np.save(folder / f"{name}.npy", np.concatenate([part[name] for part in facts]).astype(np.int32))
        for name in ("idx", "nth"):
            np.save(folder / f"{name}.npy", np.asarray(getattr(calendar, name), np.int32))
        setting = {"base": calendar.base, "as_of": made.scorer.as_of, "part": CHUNK}
        (folder / "setting.json").write_text(json.dumps(setting), encoding="utf-8")
        script = str(Path(__file__).with_name("openfisca_decision.py"))
        command = [python, script, str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.version: str = self._line()["version"]
        self.answers = {path.stem[4:]: np.load(path) for path in folder.glob("out_*.npy")}

    def _line(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def run(self) -> Spent:
        """One pass: what it spent."""
        assert self._process.stdin is not None
        self._process.stdin.write("pass\n")
        self._process.stdin.flush()
        cpu, wall = self._line()
        return cpu, wall

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
        self._folder.cleanup()


def _facts(chunk: Any) -> dict[str, Ints]:
    """Derived facts, one a dossier: what OpenFisca is given instead of events."""
    n, day = len(chunk), chunk.order // DAY
    owner = np.repeat(np.arange(n), chunk.counts)

    def of(kind: int, values: Ints, absent: Any) -> Ints:
        at = np.flatnonzero(chunk.kind == kind)[::-1]
        found = np.full(n, absent, np.int64) if np.isscalar(absent) else np.array(absent, np.int64)
        found[owner[at]] = values[at]
        return found

    accepted = of(clock.ACCEPTED, day, 0)
    return {
        "accepted": accepted,
        "amount": chunk.amount,
        "paused": of(clock.PAUSED, day, accepted),
        "resumed": of(clock.RESUMED, day, accepted),
        "slip": of(clock.APOLOGY, day, clock.NONE),
        "reason": of(clock.APOLOGY, chunk.reason, -1),
        "done": of(clock.RESULT_ISSUED, day, clock.NONE),
    }


def beside_openfisca(python: str, dossiers: int, count: int) -> tuple[list[Runner], list[str]]:
    """The smaller decision: one pause, a slip, an end, under one decree."""
    mix = Mix(simple=True, faults=0.0)
    made = ready(dossiers, mix)
    peer = OpenFisca(python, History(made.book.calendar("vn"), dossiers, mix), made)
    wanted: dict[str, list[Ints]] = {}
    duties = made.scorer.known.duties
    for answer in made.answers():
        for name, values in (
            ("due", answer.column("lawful_due")),
            ("workdays_late", answer.column("workdays_late")),
            ("punctuality", answer.column("punctuality")),
            ("act_by", answer.act_by(duties.index("apology_before_due"))),
            *((name, answer.outcome(duties.index(name))) for name in _DECIDED),
        ):
            wanted.setdefault(name, []).append(values)
    for name, parts in wanted.items():
        differs = np.flatnonzero(np.concatenate(parts) != peer.answers[name])
        if len(differs):
            raise DisagreementError(f"OpenFisca-core: {name}, dossier {differs[0]} and {len(differs) - 1} more")
    runners = [
        Runner(f"fast core: clock and all rules, {THREADS} threads", threaded(made.score_all, THREADS), dossiers),
        Runner("fast core: the same, 1 thread", threaded(made.score_all, 1), dossiers),
        Runner(f"OpenFisca-core {peer.version}, seven variables, 1 thread", peer.run, dossiers),
    ]
    rounds(runners, count)
    peer.close()
    head = f"{dossiers:,} dossiers, {made.events:,} events; {', '.join(wanted)}: equal on every dossier"
    return runners, [head, "the fast core decides every duty, from events; OpenFisca these only, from derived facts"]


# -- durable-rules -----------------------------------------------------------------------------------------------------


def beside_durable(count: int, quick: bool) -> tuple[list[Runner], list[str]]:
    """The decision of `benchmarks.peers`, on the sample of the one-dossier benchmark."""
    bench = prepare(25 if quick else 500)
    facts = [by_hand.facts_of(sample, bench.calendar, bench.as_of) for sample in bench.samples]
    peer = Durable()
    single = named(table_of_dossiers([sample.dossier for sample in bench.samples]))
    rescorer = Rescorer(bench.book.plans, bench.book.question(AS_OF_SAMPLE))
    rows = rescorer.judge(single).to_pylist()
    for at, row in enumerate(rows):
        _same(row, peer.decide(facts[at]), by_hand.decision_of(bench.verdicts[at]))
    repeats = 2 if quick else 400
    tables = [pa.concat_tables([single] * repeats).combine_chunks()] * (2 if quick else 5)
    batches = [batch_of(each, rescorer.scorer.places) for each in tables]
    made = Ready(bench.book, rescorer, tables, batches, len(single) * repeats * len(tables), 0)

    def decide() -> None:
        for each in facts:
            peer.decide(each)

    runners = [
        Runner(f"fast core: clock and all rules, {THREADS} threads", threaded(made.score_all, THREADS), made.dossiers),
        Runner("fast core: the same, 1 thread", threaded(made.score_all, 1), made.dossiers),
        Runner("durable-rules: the decision alone, from derived facts", decide, len(facts)),
    ]
    rounds(runners, count)
    peer.close()
    return runners, [_sample_said(bench, made)]


def _same(row: dict[str, Any], theirs: by_hand.Decision, verdict: by_hand.Decision) -> None:
    found = {duty: row.get(duty) or by_hand.NOTHING for duty in by_hand.DUTIES if duty != by_hand.TRANSFER}
    found[by_hand.TRANSFER] = row["transfer_same_day"] or row["transfer_next_morning"] or by_hand.NOTHING
    found["punctuality"] = row["punctuality"]
    if not found == theirs == verdict:
        raise DisagreementError(f"durable-rules: {row['dossier_id']}: {theirs} instead of {found}")


def _sample_said(bench: Bench, made: Ready) -> str:
    return (
        f"{len(bench.samples)} dossiers of five events (the fast core: {made.dossiers:,}, the same over and over); "
        f"{len(by_hand.DUTIES) + 1} outcomes equal on every dossier"
    )


# -- the command -------------------------------------------------------------------------------------------------------


def _goals(runners: Sequence[Runner], unit: Runner) -> list[str]:
    said = []
    for runner in runners:
        for name, goal in GOALS.items():
            if runner.label.startswith(name):
                said += [
                    at_least(f"{name}, wall time, {THREADS} threads against its own", runner.wall / unit.wall, goal),
                    f"      the same in CPU time: {runner.cpu / unit.cpu:.2f} ×",
                ]
    return said


def main(arguments: Sequence[str] | None = None) -> list[Runner]:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk_peers", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--dossiers", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--openfisca", default=os.environ.get("OPENFISCA_PYTHON", ""), metavar="PYTHON")
    parser.add_argument("--only", choices=("queries", "openfisca", "durable"))
    asked = parser.parse_args(arguments)
    dossiers, count = (100_000, 2) if asked.quick else (asked.dossiers, asked.rounds)
    print(heading(("llvmlite", "numpy", "pyarrow", "polars", "duckdb", "durable_rules")), flush=True)
    parts: list[tuple[str, Callable[[], tuple[list[Runner], list[str]]]]] = [
        ("queries", lambda: due_dates(dossiers, count)),
        ("openfisca", lambda: beside_openfisca(asked.openfisca, min(dossiers, 2_000_000), count)),
        ("durable", lambda: beside_durable(count, asked.quick)),
    ]
    everything = []
    for name, part in parts:
        if asked.only not in (None, name):
            continue
        if name == "openfisca" and not asked.openfisca:
            print("\nOpenFisca-core: no Python named, see --help")
            continue
        if name == "durable" and not installed_peer("durable_rules"):
            print("\ndurable-rules: not installed")
            continue
        runners, said = part()
        print("\n" + "\n".join([*said, table(runners, runners[0]), *_goals(runners, runners[0])]), flush=True)
        everything += runners
    return everything


assert OUTCOMES[1] == "pending"
assert PUNCTUALITY[clock.EARLY] == "early"
assert day_of(AS_OF) > 0

if __name__ == "__main__":
    main()
