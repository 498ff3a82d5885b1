"""What is added to the compiled core costs: looking ahead (`next_act`, `changes_on`), and one more duty.

    python -m benchmarks.additions [--quick] [--dossiers N] [--rounds N]

Timed is `Scorer.score` on one thread: as it is, without all that looks ahead, and without the duties that came with
Decree 118/2025. What is left out is left out of the source before it is compiled; nothing else differs.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import patch

from benchmarks.bulk_rules import threaded
from benchmarks.prepared import Ready, ready
from benchmarks.rounds import Runner, at_most, heading, rounds, table
from tthc_rules import Rulebook
from tthc_rules.bulk import core
from tthc_rules.law import flatacts
from tthc_rules.library import shipped_rulesets

ADDED: Final = (
    "apology_lost_file", "closing_not_early", "error_corrected", "online_answer", "opinion_overdue_notice",
    "paper_to_other_level",
)  # fmt: skip
"""The duties that Decree 118/2025 added, by their files in the folder of that decree."""
DECREE: Final = "one_stop/2025-07-01"
GOAL_AHEAD: Final = 25.0
GOAL_DUTY: Final = 2.0


def before_the_duties(folder: Path) -> Path:
    """A copy of the shipped law without the duties that the decree added."""
    shutil.copytree(shipped_rulesets(), folder)
    for duty in ADDED:
        (folder / DECREE / f"{duty}.yaml").unlink()
    return folder


@contextmanager
def not_ahead() -> Iterator[None]:
    """Within it rules are composed, and the call is written, without what looks ahead."""

    def pass_by(*_: object) -> None:
        """No line is written."""

    def nothing(*_: object) -> list[str]:
        return []

    core.judging.cache_clear()
    with (
        patch.object(flatacts.Acts, "_turns", pass_by),
        patch.object(flatacts.Acts, "_turn", lambda acts, _: acts.lines.add("turn = turn")),
        patch.object(flatacts.Acts, "_expected", pass_by),
        patch.object(core._Judge, "_what_lies_ahead", nothing),
    ):
        yield
    core.judging.cache_clear()


def without_looking_ahead(made: Ready) -> Callable[[], None]:
    """A pass without what looks ahead; its own code is compiled here."""
    with not_ahead():
        made.score_all(1)
        call = core.judging()

    def run() -> None:
        with patch("tthc_rules.bulk.score.judging", lambda: call):
            made.score_all(1)

    return run


def bench(dossiers: int, count: int) -> list[Runner]:
    """Measure: as it is, without looking ahead, without the duties."""
    made, blind = ready(dossiers), ready(dossiers)
    with TemporaryDirectory() as name:
        fewer = ready(dossiers, book=Rulebook.load(before_the_duties(Path(name) / "rules"), shipped=False))
    runners = [
        Runner("clock and all rules", threaded(made.score_all, 1), dossiers),
        Runner("without next_act, changes_on", without_looking_ahead(blind), dossiers),
        Runner(f"without {len(ADDED)} duties", threaded(fewer.score_all, 1), dossiers),
    ]
    for runner in runners:
        runner.run()
    rounds(runners, count)
    return runners


def main(arguments: Sequence[str] | None = None) -> list[Runner]:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.additions", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--dossiers", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args(arguments)
    dossiers, count = (10_000, 2) if asked.quick else (asked.dossiers, asked.rounds)
    print(heading(("llvmlite", "numpy")), flush=True)
    runners = bench(dossiers, count)
    whole, blind, fewer = (runner.cpu for runner in runners)
    print(table(runners, runners[0]))
    print(at_most("next_act and changes_on of a dossier", whole - blind, GOAL_AHEAD, "ns"))
    print(at_most("one more duty", (whole - fewer) / len(ADDED), GOAL_DUTY, "ns"))
    return runners


if __name__ == "__main__":
    main()
