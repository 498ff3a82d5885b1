"""A folder of files that are made once and believed later: compiled code, the loaded law.

What is kept is run, so it is only taken from a plain file and a folder that are our own and that nobody else may write
to, the folders above included; from anywhere else nothing is read, nothing is kept there, and it is made anew. Windows
has no such owners and modes: there the folder is the user's own (`LOCALAPPDATA`), and one that `TTHC_RULES_CACHE` names
is not checked.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Collection
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Final

from tthc_rules import journal

CACHE_VARIABLE: Final = "TTHC_RULES_CACHE"
"""Names the folder; without it, it is the user's own cache folder."""

_MOST: Final = 16 << 20
"""Bytes of a file; what is larger is none of ours."""
_SEAL: Final = 32


def cache_folder() -> Path | None:
    """Where files are kept between runs; nowhere, for a user without a home (as in many containers)."""
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named)
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA")
    else:
        home = os.environ.get("XDG_CACHE_HOME")
    if home:
        return Path(home) / "tthc-rules"
    try:
        return Path.home() / ("AppData/Local" if sys.platform == "win32" else ".cache") / "tthc-rules"
    except RuntimeError:
        return None


def kept(name: str) -> bytes | None:
    """What was kept under that name by an earlier run, if it is there, whole and our own."""
    folder = _own_folder()
    if folder is None:
        journal.cache_closed()
        return None
    found = _kept(folder / name)
    content = None if found is None or found != _sealed(name, found[_SEAL:]) else found[_SEAL:]
    journal.cache_asked(content is not None)
    return content


def _kept(path: Path) -> bytes | None:
    """What that file holds, if it is a plain file that nobody else may write to."""
    flags = os.O_RDONLY
    for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode) or about.st_size > _MOST or not _closed(about, (_me(),)):
                return None
            return file.read(_MOST)
    except (OSError, ValueError):
        return None


def keep(name: str, content: bytes) -> None:
    """Keep it for the next run; where that cannot be, it is made anew each time, and nothing else is lost."""
    folder = _own_folder()
    if folder is None:
        return
    with suppress(OSError):
        handle, partial = mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_sealed(name, content))
            Path(partial).replace(folder / name)
        except OSError:
            Path(partial).unlink()


def _sealed(name: str, content: bytes) -> bytes:
    """The content behind a digest of it and of the name that it is kept under."""
    return sha256(name.encode() + b"\0" + content).digest() + content


def _own_folder() -> Path | None:
    """The cache folder, made if it is not there; nothing where somebody else could put a file into it."""
    named = cache_folder()
    if named is None:
        return None
    try:
        named.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = named.resolve(strict=True)
        above = all(_closed(each.stat(), (0, _me()), sticky=True) for each in folder.parents)
        return folder if above and _closed(folder.stat(), (_me(),)) else None
    except (OSError, RuntimeError, ValueError):  # it cannot be made, its links go round, its name is no name
        return None


def _me() -> int:
    return -1 if sys.platform == "win32" else os.geteuid()


def _closed(about: os.stat_result, owners: Collection[int], sticky: bool = False) -> bool:
    """Whether it is of these owners and nobody else may write to it; in a sticky folder nobody can rename ours."""
    if sys.platform == "win32":
        return True
    open_to_others = about.st_mode & 0o022 and not (sticky and about.st_mode & stat.S_ISVTX)
    return about.st_uid in owners and not open_to_others
