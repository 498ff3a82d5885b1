"""Inputs that must stay as they are while they are read: a log that is changed under way is no log of anybody's.

Between two looks a file is the same where nothing that the system says of it is another: its size and times, the time
of its last change of any kind (which nobody sets), which file it is. Where its content has a digest, that decides.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from tthc_rules.errors import InputFileError, Problem


class Steady:
    """Some inputs as they were when their reading began."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = tuple(paths)
        self._known = {file: _about(file) for path in self._paths for file in _files(path)}
        self._content: Callable[[], object] | None = None
        self.digest: object = None

    def know(self, content: Callable[[], object]) -> None:
        """From now on the digest of all of them, which this makes, says whether they are the same."""
        self._content, self.digest = content, content()

    def check(self) -> None:
        """Raise where one is no longer what it was; new files in a folder are not looked at."""
        now = {file: _about(file) for file in self._known}
        other = [file for file, about in now.items() if about != self._known[file]]
        if not other:
            return
        if self._content is None or self._content() != self.digest:
            raise InputFileError(_changed(other[0]))
        self._known = now

    def check_content(self) -> None:
        """Raise where the digest is another, whatever the system says."""
        self.check()
        if self._content is not None and self._content() != self.digest:
            raise InputFileError(_changed(self._paths[0]))


def _files(path: Path) -> list[Path]:
    return sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]


def _about(path: Path) -> tuple[int, ...] | None:
    """What the system says of a file; nothing where there is none."""
    try:
        about = os.stat(path)  # noqa: PTH116 - a name that is no file name is no file
    except (OSError, ValueError):
        return None
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns


def _changed(path: Path) -> Problem:
    return Problem(
        "TR-file-changed",
        str(path),
        "tệp vào bị thay đổi trong lúc đọc, nên không ghi kết quả nào; chạy lại trên một bản sao không ai sửa",
        "the input was changed while it was read, so nothing was written; run again on a copy that nobody touches",
    )
