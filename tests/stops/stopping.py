"""One trial: a run is stopped, what is left is looked at, and the run goes on until it is done."""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from .child import Child, Left, stopped_at, undisturbed
from .stage import Stage

SIGNALS: Final = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
"""What stops a run: outright, as the system asks, as a person does."""
_CODES: Final = {signal.SIGKILL: -signal.SIGKILL, signal.SIGTERM: 2, signal.SIGINT: 130}
_REMOVING: Final = re.compile(r"os\.(remove|rmdir) ")
_AGAIN: Final = 3
"""Stops of one run at most."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a run is stopped: before a border of that number, or so many seconds after its beginning."""

    number: signal.Signals
    border: int | None = None
    after: float = 0.0

    def __str__(self) -> str:
        where = f"after {self.after:.4f} s" if self.border is None else f"before border {self.border}"
        return f"{self.number.name} {where}"


@dataclass(slots=True)
class Trial:
    """What came of a trial."""

    kind: str
    what: str = ""
    """What is done to the run, where it is not stopped."""
    stops: list[Stop] = field(default_factory=list)
    """Those that reached the run before its end."""
    left: list[str] = field(default_factory=list)
    """What was left beside the result by them."""
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = "; ".join([*filter(None, [self.what]), *map(str, self.stops)])
        return f"{self.kind}: {told}\n" + "\n".join(f"    {line}" for line in self.wrong)


def tried(stage: Stage, first: Stop, random: Random | None) -> Trial:
    """Stop a run, at `random` again when it goes on, and hold what comes of it against an undisturbed run."""
    trial = Trial(stage.kind.name)
    with stage.copied() as folder:
        stop: Stop | None = first
        words = stage.kind.words()
        while stop is not None:
            before = stage.which(folder)
            left = _stopped(folder, words, stop)
            if left.code == stage.code and stage.new(folder) == len(
                stage.kind.results
            ):  # it came to its end before the signal
                break
            trial.stops.append(stop)
            trial.left += stage.left_beside(folder)
            trial.wrong += stage.wrong(folder, left) + _untold(stage, folder, words, stop, left, before)
            words = stage.words(folder)
            again = random is not None and len(trial.stops) < _AGAIN and random.random() < 0.3
            stop = at_some_moment(stage, random, random.choice(SIGNALS)) if random is not None and again else None
        else:
            left = undisturbed(folder, words)
        trial.wrong += stage.unlike_whole(folder, left)
    return trial


def _stopped(folder: Path, words: tuple[str, ...], stop: Stop) -> Left:
    if stop.border is not None:
        return stopped_at(folder, words, stop.border, stop.number)
    child = Child(folder, words)
    child.stop_after(stop.after, stop.number)
    return child.left()


def at_some_moment(stage: Stage, random: Random, number: signal.Signals) -> Stop:
    """A stop at any moment of the usual time of a run."""
    return Stop(number, after=random.uniform(0, 1.05 * stage.seconds))


def _untold(
    stage: Stage, folder: Path, words: Sequence[str], stop: Stop, left: Left, before: Sequence[int]
) -> list[str]:
    """What a run that could still speak did not say, or said wrongly: how it ended, what is left, how to go on.

    It puts away what it began, unless it is stopped while it does so.
    """
    number = stop.number
    if number == signal.SIGKILL:
        return [] if left.code == -number else [f"exit code {left.code} after SIGKILL"]
    wrong = [] if left.code == _CODES[number] else [f"exit code {left.code} after {number.name}: {left.said[-300:]}"]
    beside = [what for what in stage.left_beside(folder) if what != "partial" or not stage.kind.resumes]
    if beside and not (stop.border is None or _REMOVING.match(stage.borders[stop.border - 1])):
        wrong.append(f"left behind: {', '.join(beside)}")
    said = _state(stage, folder, before)
    if said == "resume" and "--resume" in words and SAID["again"] in left.said:
        said = "again"  # it was stopped before it looked, and the same words go on
    if SAID[said] not in left.said:
        wrong.append(f"it does not say «{SAID[said]}»: {left.said[-400:]}")
    wrong += [f"it says «{SAID[other]}»" for other in SAID if other != said and SAID[other] in left.said]
    return wrong


def _state(stage: Stage, folder: Path, before: Sequence[int]) -> str:
    replaced = sum(now != old for now, old in zip(stage.which(folder), before, strict=True))
    if replaced:
        return "whole" if replaced == len(stage.kind.results) else "some"
    return "resume" if stage.resuming(folder) else "again"


SAID: Final = {
    "whole": "Kết quả đã ghi trọn",
    "some": "Mới thay một số tệp kết quả",
    "resume": "thêm --resume để làm tiếp",
    "again": "kết quả cũ còn nguyên",
}
"""What is said of each state: the result is there; some files of it are; parts are kept; nothing is."""
