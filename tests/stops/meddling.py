"""Inputs that are changed while they are read, results that two runs want at once, files whose times go backwards.

Whatever is done, a result is that of the input as it was, or the run refuses and the earlier result stands; and what a
run goes on with is the very input that it began with, by its digest.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from .child import Act, Child, Left, undisturbed
from .stage import Files, Stage, everything, within
from .stopping import Trial

Meddle = Callable[[Path], None]
_YEAR: Final = b"2026-11-0"
"""What stands in every log, before the last digit of a day; the last of them is read last."""
_LAST: Final = 15
"""Borders before the end of a run, when its last parts are entered."""


def appended(path: Path) -> None:
    """A row more, as a system that still writes its log adds one; of Parquet, bytes."""
    with path.open("ab") as file:
        file.write(path.read_bytes()[-200:])


def truncated(path: Path) -> None:
    """Half of it is gone."""
    os.truncate(path, path.stat().st_size // 2)


def replaced(path: Path) -> None:
    """Another file takes its name."""
    other = path.with_name("other")
    other.write_bytes(_another_day(path.read_bytes()))
    other.replace(path)


def same_size_and_times(path: Path) -> None:
    """Other bytes in the same file, whose times are set back to what they were."""
    about = path.stat()
    path.write_bytes(_another_day(path.read_bytes()))
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def _another_day(content: bytes) -> bytes:
    place = content.rindex(_YEAR) + len(_YEAR)
    return content[:place] + (b"4" if content[place : place + 1] != b"4" else b"5") + content[place + 1 :]


MEDDLES: Final[tuple[Meddle, ...]] = (appended, truncated, replaced, same_size_and_times)


def log_of(stage: Stage, folder: Path) -> Path:
    """The file that is meddled with: the log, or the last file of a folder of them."""
    path = folder / "in" / stage.kind.log
    return max(path.iterdir()) if path.is_dir() else path


def meddled(stage: Stage) -> Iterator[Trial]:
    """All that is done to a run of this kind."""
    yield from changed_under_way(stage)
    yield from times_moved(stage)
    yield from two_at_once(stage)
    if stage.kind.resumes:
        yield from put_back(stage)
    if "--previous" in stage.kind.options:
        yield from previous_changed(stage)


def changed_under_way(stage: Stage) -> Iterator[Trial]:
    """The log is changed at a border of each sort, in each way in turn; then the run is made anew."""
    for number, border in enumerate(stage.sorts_of_borders):
        meddle = MEDDLES[number % len(MEDDLES)]
        with stage.copied() as folder:
            trial = Trial(stage.kind.name, what=f"{meddle.__name__} at border {border} ({stage.borders[border - 1]})")
            left = Child(folder, stage.kind.words(), _once(border, partial(meddle, log_of(stage, folder)))).left()
            wanted, code = _of_another(stage, meddle)
            if code == 2 or not _is(stage, folder, left, wanted, code):
                trial.wrong += _one_or_the_other(stage, folder, left)
            if stage.resuming(folder):
                resumed = undisturbed(folder, stage.words(folder))
                if resumed.code != 2 or "TR-bulk-" not in resumed.said:
                    trial.wrong.append(f"it goes on with another input: {resumed.said[-300:]}")
            left = undisturbed(folder, stage.kind.words())
            if not _is(stage, folder, left, wanted, code):
                trial.wrong.append(f"not what the changed input gives: exit code {left.code}: {left.said[-300:]}")
            yield trial


def put_back(stage: Stage) -> Iterator[Trial]:
    """The log is replaced, the run is killed, the log is put back with its times: what was judged of the other is not
    believed when the run goes on."""
    for border in stage.sorts_of_borders:
        late = len(stage.borders) - _LAST
        if border > late:
            continue
        with stage.copied() as folder:
            trial = Trial(stage.kind.name, what=f"another input from border {border} on, killed, put back")
            path = log_of(stage, folder)
            kept, about = path.read_bytes(), path.stat()

            def act(number: int, name: str, border: int = border, path: Path = path, late: int = late) -> None:
                if number == border:
                    same_size_and_times(path)
                if number == late:
                    os.kill(os.getpid(), signal.SIGKILL)

            Child(folder, stage.kind.words(), act).left()
            path.write_bytes(kept)
            os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
            left = undisturbed(folder, stage.words(folder))
            if (left.code, left.said[:14]) == (2, "TR-bulk-resume"):  # the other was there when the run began
                left = undisturbed(folder, stage.kind.words())
            trial.wrong += stage.unlike_whole(folder, left)
            yield trial


def times_moved(stage: Stage) -> Iterator[Trial]:
    """A killed run goes on over a log whose content is the same and whose times are older, or newer; a log of the same
    size and times with other bytes is refused."""
    border = stage.sorts_of_borders[-4]
    for days in (-4000, 4000):
        with stage.copied() as folder:
            trial = Trial(stage.kind.name, what=f"killed, times moved by {days} days")
            _killed(stage, folder, border)
            path = log_of(stage, folder)
            moved = path.stat().st_mtime + 86400 * days
            os.utime(path, (moved, moved))
            trial.wrong += stage.unlike_whole(folder, undisturbed(folder, stage.words(folder)))
            yield trial
    if stage.kind.resumes:
        with stage.copied() as folder:
            trial = Trial(stage.kind.name, what="killed, other bytes under the same size and times")
            _killed(stage, folder, border)
            same_size_and_times(log_of(stage, folder))
            left = undisturbed(folder, stage.words(folder))
            if (left.code, left.said[:14]) != (2, "TR-bulk-resume"):
                trial.wrong.append(f"another input is believed: exit code {left.code}: {left.said[-300:]}")
            yield trial


def previous_changed(stage: Stage) -> Iterator[Trial]:
    """The result, or the state, of the night before is other bytes under the same size and times."""
    for name in ("previous.csv", "previous.csv.state"):
        with stage.copied() as folder:
            trial = Trial(stage.kind.name, what=f"{name} changed, its times set back")
            same_size_and_times(folder / "in" / name)
            left = undisturbed(folder, stage.kind.words())
            found = everything(folder / "out")
            if (left.code, left.said[:9]) != (2, "TR-night-"):
                trial.wrong.append(f"it is believed: exit code {left.code}: {left.said[-300:]}")
            if found != stage.earlier:
                trial.wrong.append("the earlier result is not what it was")
            yield trial


def two_at_once(stage: Stage) -> Iterator[Trial]:
    """A second run on the same result begins before a border of each sort of the first, which waits meanwhile."""
    for border in stage.sorts_of_borders[1:]:
        with stage.copied() as folder:
            trial = Trial(stage.kind.name, what=f"a second run at border {border} ({stage.borders[border - 1]})")
            here, there = os.pipe(), os.pipe()

            def act(number: int, name: str, border: int = border, here: tuple[int, int] = here) -> None:
                if number == border:
                    os.write(here[1], b".")
                    os.read(there[0], 1)  # noqa: B023 - the child has that of its own time

            first = Child(folder, stage.kind.words(), act)
            os.read(here[0], 1)
            before = everything(folder / "out")
            second = undisturbed(folder, stage.kind.words())
            held = f".{stage.kind.results[0]}.lock" in before
            if held and (second.code, second.said[:16]) != (2, "TR-output-locked"):
                trial.wrong.append(f"the second run: exit code {second.code}: {second.said[-300:]}")
            if held and everything(folder / "out") != before:
                trial.wrong.append("the second run touched what the first was writing")
            os.write(there[1], b".")
            left = first.left()
            for end in (*here, *there):
                os.close(end)
            trial.wrong += stage.unlike_whole(folder, left)
            yield trial


def _killed(stage: Stage, folder: Path, border: int) -> None:
    Child(folder, stage.kind.words(), _once(border, lambda: os.kill(os.getpid(), signal.SIGKILL))).left()


def _once(border: int, do: Callable[[], None]) -> Act:
    def act(number: int, name: str) -> None:
        if number == border:
            do()

    return act


def _one_or_the_other(stage: Stage, folder: Path, left: Left) -> list[str]:
    """Every result is that of the log as it was, or the earlier one and the run has refused."""
    wrong = [one for one in stage.wrong(folder, left) if one != "an input was changed"]
    new = stage.new(folder)
    if left.code == 2:
        if new:
            wrong.append("it refused, and a result was replaced")
        if "TR-" not in left.said:
            wrong.append(f"no error of ours: {left.said[-300:]}")
    elif left.code != stage.code or new != len(stage.kind.results):
        wrong.append(f"exit code {left.code}, {new} results of the log as it was: {left.said[-300:]}")
    return wrong


def _is(stage: Stage, folder: Path, left: Left, wanted: Files, code: int) -> bool:
    """Whether a run ended as it does over the changed log, with its results where it has any."""
    found = everything(folder / "out")
    same = all(within(found, name) == within(wanted, name) for name in stage.kind.results)
    return left.code == code and (same or code == 2)


def _of_another(stage: Stage, meddle: Meddle) -> tuple[Files, int]:
    """What an undisturbed run makes of the changed log, and its exit code."""
    with TemporaryDirectory() as place:
        shutil.copytree(stage.place, place, dirs_exist_ok=True)
        meddle(log_of(stage, Path(place)))
        left = undisturbed(Path(place), stage.kind.words())
        return everything(Path(place) / "out"), left.code
