"""A disk that is full: from any border on by what a call raises, and as a file system of so many pages and no more.

Each time the earlier result is what it was, the error is ours, and once there is room the run goes through.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from .child import Child, Left, undisturbed
from .stage import Stage
from .stopping import Trial

PAGE: Final = 4
"""Thousands of bytes by which a file system grows."""
_NEEDS_ROOM: Final = re.compile(r"open |os\.mkdir |fsync|write_batch")
"""A name that changes needs none: its folder has it already."""
_ROOM: Final = 64 << 10


def can_mount() -> bool:
    """Whether a small file system can be had here: as root, or `unshare -rm` before the command."""
    with TemporaryDirectory() as folder, suppress(OSError, subprocess.CalledProcessError):
        (Path(folder) / "out").mkdir()
        with _small(Path(folder) / "out", 1):
            return True
    return False


def full(stage: Stage, step: int) -> Iterator[Trial]:
    """All that a full disk does to a run of this kind; pages so many at a time, where they can be had."""
    yield from full_from_each_border(stage)
    if can_mount():
        yield from full_at_each_page(stage, step)


def full_from_each_border(stage: Stage) -> Iterator[Trial]:
    """Whatever needs room is refused from a border on, for each sort of border."""
    for border in stage.sorts_of_borders:
        if not _NEEDS_ROOM.match(stage.borders[border - 1]):
            continue
        with stage.copied() as folder:
            trial = Trial(stage.kind.name, what=f"full from border {border} ({stage.borders[border - 1]})")
            left = _refusing_from(stage, folder, border)
            trial.wrong += _refused(stage, folder, left)
            trial.wrong += stage.unlike_whole(folder, undisturbed(folder, stage.words(folder)))
            yield trial


def _refusing_from(stage: Stage, folder: Path, border: int) -> Left:
    def act(number: int, name: str) -> None:
        if number >= border and _NEEDS_ROOM.match(name):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)

    return Child(folder, stage.kind.words(), act).left()


def full_at_each_page(stage: Stage, step: int = 1) -> Iterator[Trial]:
    """A file system with so many pages beyond what is there, from none to what the run needs."""
    pages, done = 0, False
    while not done:
        with stage.copied() as folder, _small(folder / "out", pages) as grow:
            trial = Trial(stage.kind.name, what=f"{pages} pages of room")
            left = undisturbed(folder, stage.kind.words())
            done = left.code == stage.code
            if not done:
                trial.wrong += _refused(stage, folder, left)
                grow()
                left = undisturbed(folder, stage.words(folder))
            trial.wrong += stage.unlike_whole(folder, left)
            yield trial
        pages += step


def _refused(stage: Stage, folder: Path, left: Left) -> list[str]:
    """What may not be after a run that had no room."""
    wrong = stage.wrong(folder, left)
    if left.code != 2:
        wrong.append(f"exit code {left.code}: {left.said[-300:]}")
    if not re.search(r"^TR-(result-unwritable|bulk-sort) .*", left.said, re.MULTILINE):
        wrong.append(f"no error of ours: {left.said[-300:]}")
    if "đĩa đã đầy" not in left.said:
        wrong.append(f"it does not say that the disk is full: {left.said[-300:]}")
    if stage.new(folder):
        wrong.append("a result was replaced")
    beside = [what for what in stage.left_beside(folder) if what != "partial" or not stage.kind.resumes]
    if beside:
        wrong.append(f"left behind: {', '.join(beside)}")
    return wrong


@contextmanager
def _small(out: Path, pages: int) -> Iterator[Callable[[], None]]:
    """The folder on a file system of its own, with so many pages of room; and what makes it larger."""
    aside = out.with_name("aside")
    out.rename(aside)
    out.mkdir()
    _mounted("-t", "tmpfs", "-o", f"size={_ROOM}k", "none", str(out))
    try:
        shutil.copytree(aside, out, dirs_exist_ok=True)
        shutil.rmtree(aside)
        about = os.statvfs(out)
        used = (about.f_blocks - about.f_bfree) * about.f_frsize // 1024
        _mounted("-o", f"remount,size={used + pages * PAGE}k", str(out))
        yield lambda: _mounted("-o", f"remount,size={_ROOM}k", str(out))
    finally:
        subprocess.run(["umount", str(out)], check=True)


def _mounted(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)
