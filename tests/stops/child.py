"""The command in a child of a process that is warm already: stopped at a border or at a moment, or let be.

A border is a call that changes what lies in the folder: a file opened for writing, synced, renamed, removed, a folder
made or removed, rows handed to a writer of Parquet, a table of a state written. They are counted, so that one run says
how many there are, and the next is stopped before any of them.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final, NoReturn
from unittest import mock

from pyarrow import parquet
from typer.main import get_command

from tthc_rules import Rulebook, cli
from tthc_rules.cli import dossiers
from tthc_rules.logs import csvblocks
from tthc_rules.runs import parts, source, together
from tthc_rules.runs.nightly import night, record  # noqa: F401 - the first only has to be imported before the fork

from .kinds import NIGHT

STUCK: Final = 600.0
"""Seconds after which a child that has not ended is a finding."""
SMALL: Final = (
    (parts, "PART", 4), (source, "PART", 4), (parts, "PIECES", 2), (source, "_EVENTS", 20), (together, "AT_ONCE", 8),
    (csvblocks, "BLOCK", 2_000), (record, "AT_ONCE", 8),
)  # fmt: skip
"""Sizes that no option sets, so that a small log is one of many pieces and parts."""
_CHANGES: Final = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect"})
_FOR_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT

Act = Callable[[int, str], None]
"""What is done before a border, told its number (from 1 on) and its name."""


@dataclass(frozen=True, slots=True)
class Left:
    """How a child ended: its exit code, or the number of the signal below nothing; what it said; how long it took."""

    code: int
    said: str
    seconds: float


def warmed() -> None:
    """Make this a process whose children begin at once: the law is loaded, its code compiled, parts are small."""
    import duckdb  # noqa: F401

    book = Rulebook.load()
    book.rescore_dossiers([{"dossier_id": "1", "events": [{"kind": "dossier_accepted", "at": "2026-11-02"}]}], NIGHT)
    for target, name, value in SMALL:
        mock.patch.object(target, name, value).start()
    mock.patch.object(dossiers, "open_book", return_value=book).start()
    mock.patch.object(cli, "app", get_command(cli.app)).start()  # which is else put together at each call
    gc.collect()
    gc.freeze()  # what is there is not looked through, and so not copied, in each child


class Child:
    """A child that runs the command in a folder."""

    def __init__(self, folder: Path, words: Sequence[str], act: Act | None = None) -> None:
        """Begin; `act` is called in the child, before each of its borders."""
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `left`
        ready, tell = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # 3.12: Arrow's idle threads do not come along
            self.pid = os.fork()
        if self.pid == 0:
            os.close(ready)
            _work(folder, words, act, self._said.fileno(), tell)
        os.close(tell)
        os.read(ready, 1)
        os.close(ready)
        self._began = time.monotonic()

    def stop_after(self, seconds: float, number: int) -> None:
        """Send it a signal so long after its beginning; it is waited for afterwards, so the number is still its own."""
        time.sleep(max(0.0, self._began + seconds - time.monotonic()))
        os.kill(self.pid, number)

    def left(self) -> Left:
        """Wait for its end."""
        end = self._began + STUCK
        pause = 0.0005
        while not (ended := os.waitpid(self.pid, os.WNOHANG))[0]:
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                raise TimeoutError(f"a run that did not end in {STUCK:.0f} s")
            time.sleep(pause)
            pause = min(2 * pause, 0.02)
        seconds = time.monotonic() - self._began
        self._said.seek(0)
        said = self._said.read().decode("utf-8", "replace")
        self._said.close()
        return Left(os.waitstatus_to_exitcode(ended[1]), said, seconds)


def _work(folder: Path, words: Sequence[str], act: Act | None, said: int, tell: int) -> NoReturn:
    """In the child: what a program does from its first line to its last."""
    code = 70
    try:
        os.chdir(folder)
        os.dup2(said, 1)
        os.dup2(said, 2)
        sys.stdout, sys.stderr = (TextIOWrapper(os.fdopen(n, "wb", closefd=False), line_buffering=True) for n in (1, 2))
        sys.argv = ["tthc-rules", *words]
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if act is not None:
            _watch(folder, act)
        os.write(tell, b".")
        os.close(tell)
        cli.main()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0
    except BaseException:
        traceback.print_exc()
        code = 1
    finally:
        with suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _watch(folder: Path, act: Act) -> None:
    """Call `act` before each border; what it raises is raised there."""
    count, out = 0, f"{folder / 'out'}{os.sep}"

    def border(name: str) -> None:
        nonlocal count
        count += 1
        act(count, name)

    def audited(event: str, about: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = about
            if not (isinstance(flags, int) and flags & _FOR_WRITING) and not (
                isinstance(mode, str) and mode[:1] == "w"
            ):
                return
        elif event in _CHANGES:
            path = about[0]
        else:
            return
        if event in ("os.remove", "os.rmdir") and about[1] != -1:  # of a folder that is removed with all in it
            border(f"{event} {path}")
        elif isinstance(path, str | os.PathLike):
            whole = os.path.abspath(os.fspath(path).removeprefix("file://").partition("?")[0])  # noqa: PTH100
            if whole.startswith(out):
                border(f"{event} {whole.removeprefix(out)}")

    def before(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def called(*given: Any, **named: Any) -> Any:
            border(name)
            return real(*given, **named)

        setattr(owner, name, called)

    sys.addaudithook(audited)
    before(os, "fsync")
    before(parquet.ParquetWriter, "write_batch")
    before(record.Recorder, "flush")


def undisturbed(folder: Path, words: Sequence[str]) -> Left:
    """A run to its end."""
    return Child(folder, words).left()


def borders_of(folder: Path, words: Sequence[str]) -> list[str]:
    """The names of the borders of a run, in order."""
    with tempfile.TemporaryFile(buffering=0) as noted:

        def note(number: int, name: str) -> None:
            noted.write(f"{name}\n".encode())

        Child(folder, words, note).left()
        noted.seek(0)
        return noted.read().decode().splitlines()


def stopped_at(folder: Path, words: Sequence[str], border: int, number: int) -> Left:
    """A run that a signal reaches before that border."""

    def act(at: int, name: str) -> None:
        if at == border:
            os.kill(os.getpid(), number)

    return Child(folder, words, act).left()
