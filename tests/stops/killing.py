"""All trials of the command, shared among processes, and what is said of them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, Literal, assert_never, get_args

from .child import warmed
from .disks import full, full_from_each_border
from .kinds import KINDS, province
from .meddling import changed_under_way, meddled, previous_changed, put_back
from .stage import Stage
from .stopping import SIGNALS, Stop, Trial, at_some_moment, tried

Part = Literal["kills", "each border", "full disk", "meddling", "short"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
_SPREAD: Final = 0.6180339887
"""Multiples of it, without their whole numbers, never stand close together: any number of them covers all borders."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one process does: what is its turn where `step` processes take turns."""

    part: Part
    kinds: tuple[str, ...]
    kills: int
    seed: int
    dossiers: int
    pages: int
    first: int = 0
    step: int = 1


def trials_of(share: Share) -> Iterator[Trial]:
    """The trials of a share; of kills, until so many have reached a run."""
    warmed()
    with TemporaryDirectory(prefix="tthc-stops-") as folder:
        province(Path(folder) / "province", share.seed, share.dossiers)
        chosen = [kind for kind in KINDS if kind.name in share.kinds]
        if share.part in ("full disk", "meddling"):
            chosen = chosen[share.first :: share.step]
        stages = [Stage.made(kind, Path(folder) / "province", Path(folder) / kind.name) for kind in chosen]
        match share.part:
            case "kills":
                yield from _kills(stages, share)
            case "each border":
                yield from _at_each_border(stages, share)
            case "full disk":
                yield from (trial for stage in stages for trial in full(stage, share.pages))
            case "meddling":
                yield from (trial for stage in stages for trial in meddled(stage))
            case "short":
                yield from _a_little(stages, share)
            case _:
                assert_never(share.part)


def _kills(stages: Sequence[Stage], share: Share) -> Iterator[Trial]:
    number, reached = share.first, 0
    while reached < share.kills:
        trial = _kill(stages, share.seed, number)
        number += share.step
        reached += len(trial.stops)
        yield trial


def _kill(stages: Sequence[Stage], seed: int, number: int) -> Trial:
    """The trial of that number: the kinds in turn, for each the signals in turn, at a border or at a moment."""
    random = Random(f"{seed}/{number}")
    round, place = divmod(number, len(stages))
    stage, signal = stages[place], SIGNALS[round % len(SIGNALS)]
    round, at_moment = divmod(round // len(SIGNALS), 2)
    if at_moment:
        return tried(stage, at_some_moment(stage, random, signal), random)
    return tried(stage, Stop(signal, 1 + int(round * _SPREAD % 1 * len(stage.borders))), random)


def _at_each_border(stages: Sequence[Stage], share: Share) -> Iterator[Trial]:
    """A stop before a border of each sort, the signals in turn; the seed says which comes first."""
    stops = [(stage, border) for stage in stages for border in stage.sorts_of_borders]
    for number, (stage, border) in enumerate(stops):
        if number % share.step == share.first:
            yield tried(stage, Stop(SIGNALS[(number + share.seed) % len(SIGNALS)], border), None)


def _a_little(stages: Sequence[Stage], share: Share) -> Iterator[Trial]:
    """What the suite has the time for: of each part that which hangs on borders alone."""
    yield from _at_each_border(stages, share)
    for stage in stages:
        yield from full_from_each_border(stage)
        yield from islice(changed_under_way(stage), 0, None, 6)
        if stage.kind.resumes:
            yield from islice(put_back(stage), 2, 3)
        if "--previous" in stage.kind.options:
            yield from previous_changed(stage)


def done(share: Share) -> list[Trial]:
    """All trials of a share; how far it is goes to stderr."""
    trials: list[Trial] = []
    with suppress(KeyboardInterrupt):  # what is done so far is told
        for trial in trials_of(share):
            trials.append(trial)
            if len(trials) % 25 == 0:
                reached, wrong = sum(len(one.stops) for one in trials), sum(bool(one.wrong) for one in trials)
                said = f"share {share.first}: {reached} kills in {len(trials)} runs, {wrong} findings"
                print(said, file=sys.stderr, flush=True)
    return trials


def told(trials: Sequence[Trial], show: int, took: str) -> int:
    """What was found, as figures and as the first findings; the exit code."""
    reached = Counter((trial.kind, stop.number.name) for trial in trials for stop in trial.stops)
    print(f"{len(trials):,} runs, {reached.total():,} kills, {took}")
    for kind in dict.fromkeys(trial.kind for trial in trials):
        of_kind = [trial for trial in trials if trial.kind == kind]
        if stops := [stop for trial in of_kind for stop in trial.stops]:
            signals = ", ".join(f"{reached[kind, number.name]} {number.name}" for number in SIGNALS)
            left = Counter(what for trial in of_kind for what in trial.left)
            beside = ", ".join(f"{what} {count}" for what, count in sorted(left.items())) or "nothing"
            at_borders = sum(stop.border is not None for stop in stops)
            print(f"  {kind}: {signals}; {at_borders} at borders; left for the next run: {beside}")
        else:
            print(f"  {kind}: {len(of_kind)} runs")
    wrong = [trial for trial in trials if trial.wrong]
    print(f"findings: {len(wrong)}")
    for trial in wrong[:show]:
        print(f"  {trial}")
    return 1 if wrong else 0
