"""Many kills, shared among processes, and what is said of them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from .child import warmed
from .kinds import KINDS, province
from .stage import Stage
from .stopping import SIGNALS, Stop, Trial, at_some_moment, tried


@dataclass(frozen=True, slots=True)
class Share:
    """What one process does: the kills from its own number on, in steps of how many processes there are."""

    kinds: tuple[str, ...]
    kills: int
    seed: int
    dossiers: int
    each_border: bool = False
    first: int = 0
    step: int = 1


def kills(share: Share) -> Iterator[Trial]:
    """The trials of a share, until so many kills have reached a run."""
    warmed()
    with TemporaryDirectory(prefix="tthc-stops-") as folder:
        province(Path(folder) / "province", share.seed, share.dossiers)
        chosen = [kind for kind in KINDS if kind.name in share.kinds]
        stages = [Stage.made(kind, Path(folder) / "province", Path(folder) / kind.name) for kind in chosen]
        if share.each_border:
            yield from _at_each_border(stages, share)
            return
        number, reached = share.first, 0
        while reached < share.kills:
            trial = _trial(stages, share.seed, number)
            number += share.step
            reached += len(trial.stops)
            yield trial


def _at_each_border(stages: Sequence[Stage], share: Share) -> Iterator[Trial]:
    """A stop before a border of each sort, the signals in turn; the seed says which comes first."""
    stops = [(stage, border) for stage in stages for border in stage.sorts_of_borders]
    for number, (stage, border) in enumerate(stops):
        if number % share.step == share.first:
            yield tried(stage, Stop(SIGNALS[(number + share.seed) % len(SIGNALS)], border), None)


def _trial(stages: Sequence[Stage], seed: int, number: int) -> Trial:
    """The trial of that number: the kinds in turn, for each the signals in turn, at a border or at a moment."""
    random = Random(f"{seed}/{number}")
    round, place = divmod(number, len(stages))
    stage, signal = stages[place], SIGNALS[round % len(SIGNALS)]
    border, at_border = round // len(SIGNALS) // 2, round // len(SIGNALS) % 2 == 0
    if not at_border:
        return tried(stage, at_some_moment(stage, random, signal), random)
    step = max(1, len(stage.borders) // 17)  # several times around, and each time between those of the time before
    return tried(stage, Stop(signal, 1 + border * step % len(stage.borders)), random)


def done(share: Share) -> list[Trial]:
    """All trials of a share; how far it is goes to stderr."""
    trials: list[Trial] = []
    for trial in kills(share):
        trials.append(trial)
        if len(trials) % 25 == 0:
            reached, wrong = sum(len(one.stops) for one in trials), sum(bool(one.wrong) for one in trials)
            print(
                f"share {share.first}: {reached} of {share.kills} kills, {wrong} findings", file=sys.stderr, flush=True
            )
    return trials


def told(trials: Sequence[Trial], show: int, took: str) -> int:
    """What was found, as figures and as the first findings; the exit code."""
    reached = Counter((trial.kind, stop.number.name) for trial in trials for stop in trial.stops)
    print(f"{reached.total():,} kills in {len(trials):,} runs, {took}")
    for kind in dict.fromkeys(trial.kind for trial in trials):
        of_kind = ", ".join(f"{reached[kind, number.name]} {number.name}" for number in SIGNALS)
        at_borders = sum(stop.border is not None for trial in trials if trial.kind == kind for stop in trial.stops)
        left = Counter(what for trial in trials if trial.kind == kind for what in trial.left)
        beside = ", ".join(f"{what} {count}" for what, count in sorted(left.items()))
        print(f"  {kind}: {of_kind}; {at_borders} at borders; left behind meanwhile: {beside or 'nothing'}")
    wrong = [trial for trial in trials if trial.wrong]
    print(f"findings: {len(wrong)}")
    for trial in wrong[:show]:
        print(f"  {trial}")
    return 1 if wrong else 0
