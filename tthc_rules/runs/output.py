"""Where a result may be written, and how: never over an input or what somebody else made, whole or not at all.

A result is one file, or a folder of parts with a manifest that says who made it. It is written beside its place, under
a name that begins with a dot, and takes the place when it is whole. A link is followed: what it leads to is written,
and the link stays. Two runs on one result are told apart by a lock on a file beside it, which ends with the process.
What a run keeps beside is entered in that file, so that the next run knows what one that was killed left there: an
earlier result gets its name back, the rest is removed.

Windows: files are told apart by their index there too, locks are those of `msvcrt`, modes are not kept. On a file
system without locks two runs are not told apart.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from tthc_rules.errors import InputFileError, Problem, file_name_not_text, reason_of

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

MANIFEST: Final = "_manifest.json"
MADE_BY: Final = "tthc-rules"
_MARK: Final = b"tthc-rules lock\n"
_MOST_ENTERED: Final = 1 << 16
"""Bytes of a lock: a run enters two names at most."""
_MOST: Final = 64 << 20
"""Bytes of a manifest: a run of ten thousand parts has fewer."""
_PART: Final = re.compile(r"part-\d{5,9}\.parquet")
_UNFINISHED: Final = re.compile(rf"\.({_PART.pattern}|{re.escape(MANIFEST)})(\.\d+)*\.part")


@dataclass(frozen=True, slots=True)
class OutputPlace:
    """The place of one result: its name as given, where that leads, and the names beside it that a run uses."""

    named: Path
    path: Path

    @classmethod
    def of(cls, named: Path) -> OutputPlace:
        """The place that a name leads to, links followed."""
        if (problem := file_name_not_text(str(named))) is not None:
            raise InputFileError(problem)
        return cls(named, Path(os.path.realpath(named)))

    @property
    def work(self) -> Path:
        """The folder of parts until it is whole."""
        return self._beside("partial")

    @property
    def old(self) -> Path:
        """The folder that bore the name before, while the new one takes it."""
        return self._beside("old")

    @property
    def sort(self) -> Path:
        """Where a sort or a workbook keeps what does not fit: beside the result, where there is room for a result."""
        return self._beside("sort")

    @property
    def lock(self) -> Path:
        """The file that a run holds while it writes."""
        return self._beside("lock")

    def _beside(self, what: str) -> Path:
        return self.path.with_name(f".{self.path.name}.{what}")


@contextmanager
def claimed(
    outputs: Sequence[Path], inputs: Iterable[Path] = (), *, parents: bool = False
) -> Iterator[tuple[OutputPlace, ...]]:
    """The places of these results, held by this run alone; raises `InputFileError`, and nothing is touched.

    No output, and no file that a run keeps beside it, may be one of the `inputs`, lie in one or hold one; none may be
    a device, or a folder that is not a result of ours. `parents` makes the folders above where they are not there.
    """
    targets = tuple(map(OutputPlace.of, outputs))
    given = [path for path in inputs if os.path.lexists(path)]
    for one, other in combinations(targets, 2):
        if _same(one.path, other.path):
            raise InputFileError(_twice(one.named, other.named))
    for target in targets:
        with written(target.named):
            for path in given:
                _check_input(target, path)
            _check_kind(target)
    with ExitStack() as held:
        for target in sorted(targets, key=lambda one: one.path):
            if parents:
                with written(target.named):
                    target.path.parent.mkdir(parents=True, exist_ok=True)
            held.enter_context(_locked(target))
        yield targets


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A new, empty file beside, which takes the name once it is written, whole and on disk; else it is gone."""
    with written(path):
        partial = _new_file(OutputPlace(path, path))
        try:
            yield partial
            with partial.open("rb+") as file:
                os.fsync(file.fileno())
            with suppress(OSError):  # who could read the old result can read the new one, and nobody else
                partial.chmod(stat.S_IMODE(path.stat().st_mode))
            if path.is_dir():
                replace(partial, OutputPlace(path, path))
            else:
                partial.replace(path)
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text in one piece."""
    with beside(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="")


def replace(work: Path, target: OutputPlace) -> None:
    """The file or folder takes the name of the result; what bore it before goes only then."""
    with written(target.named):
        if target.path.is_dir():
            check_ours(target.path)
        aside = target.path.is_dir() or (work.is_dir() and target.path.exists())  # no folder takes a file's name
        if aside:
            discard(target.old)
            _enter(target, target.old)
            target.path.replace(target.old)
        try:
            work.replace(target.path)
        except BaseException:
            if aside:
                with suppress(OSError):  # where the new one bears the name, it keeps it
                    target.old.replace(target.path)
            raise
        if aside:
            _put_away(target.old)


@contextmanager
def written(path: Path) -> Iterator[None]:
    """Whatever the disk refuses is our error."""
    try:
        yield
    except OSError as error:
        raise InputFileError(unwritable(path, error)) from None


# -- what is ours ------------------------------------------------------------------------------------------------------


def mark(folder: Path, holds: str) -> None:
    """Make a folder that says that it is ours."""
    folder.mkdir(parents=True)
    write_text(folder / MANIFEST, json.dumps({"made_by": MADE_BY, "holds": holds}))


def discard(folder: Path, *, unfinished: bool = False) -> None:
    """Remove a folder that an earlier run of ours left; refuse any other."""
    with suppress(OSError):
        folder.rmdir()  # nothing in it: a run was killed in here
    check_ours(folder, unfinished=unfinished)
    if os.path.lexists(folder):
        for path in folder.iterdir():
            if path.name != MANIFEST:  # which says to the end that the folder is ours
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        shutil.rmtree(folder)


def _put_away(old: Path) -> None:
    if old.is_dir():
        discard(old)
    else:
        old.unlink()


def check_ours(folder: Path, *, unfinished: bool = False) -> None:
    """Raise unless nothing is there, or a folder in which everything is ours by its manifest.

    A run that was killed leaves parts that its manifest does not name yet: in an `unfinished` folder these are ours.
    """
    if not os.path.lexists(folder):
        return
    strange = _not_ours(folder, unfinished)
    if strange is not None:
        raise InputFileError(_foreign(folder, strange))


def read_manifest(folder: Path) -> Any:
    """What the manifest in a folder says, unchecked; raises `OSError` or `ValueError`."""
    with plain_file(folder / MANIFEST) as file:
        content = file.read(_MOST + 1)
    if len(content) > _MOST:
        raise ValueError(f"> {_MOST} bytes")
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("nested too deep") from None


def plain_file(path: Path) -> Any:
    """A file opened for reading that is neither a link nor a device; raises `OSError`."""
    flags = os.O_RDONLY
    for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    handle = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "not a plain file")
    return os.fdopen(handle, "rb")


def _not_ours(folder: Path, unfinished: bool) -> str | None:
    """The name of what in the folder is not ours, empty where it is the folder itself; or nothing."""
    if folder.is_symlink() or not folder.is_dir():
        return ""
    names = [path.name for path in folder.iterdir()]
    try:
        said = read_manifest(folder)
    except (OSError, ValueError):
        # A run that was killed before its first word left nothing of anybody's in it.
        strange = next((name for name in sorted(names) if not _UNFINISHED.fullmatch(name)), None)
        return strange if unfinished else strange or ""
    if not isinstance(said, dict) or not (said.get("made_by") == MADE_BY or _is_older(said)):
        return MANIFEST
    if said.get("holds") == "sort":
        return None
    listed = _listed(said)
    ours = {MANIFEST, *(name for name in names if name in listed or (unfinished and _is_of_a_run(name)))}
    return next((name for name in sorted(names) if name not in ours or not _is_plain(folder / name)), None)


def _listed(said: dict[str, Any]) -> set[str]:
    """The names of the parts that a manifest lists."""
    parts = said.get("parts")
    named = [part.get("name") for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    return {name for name in named if isinstance(name, str)}


def _is_older(said: dict[str, Any]) -> bool:
    """A manifest from before it said who made it."""
    run = said.get("run")
    return isinstance(run, dict) and {"rules", "calendars", "question", "part_rows"} <= run.keys()


def _is_of_a_run(name: str) -> bool:
    return bool(_PART.fullmatch(name) or _UNFINISHED.fullmatch(name))


def _is_plain(path: Path) -> bool:
    return not path.is_symlink() and path.is_file()


# -- what may not be ---------------------------------------------------------------------------------------------------


def _check_kind(target: OutputPlace) -> None:
    """A result takes the place of nothing, of a file, or of a result of ours."""
    if not os.path.lexists(target.path):
        return
    kind = target.path.lstat().st_mode
    if stat.S_ISDIR(kind):
        check_ours(target.path)
    elif not stat.S_ISREG(kind):
        raise InputFileError(_no_place(target.named))


def _check_input(target: OutputPlace, given: Path) -> None:
    """Neither the result nor what a run keeps beside it is an input, lies in one, or holds one."""
    for place in (target.path, target.work, target.old, target.sort, target.lock):
        within = [place, *place.parents] if given.is_dir() else [place]
        real = Path(os.path.realpath(given))
        around = [real, *real.parents] if place.is_dir() else [real]
        if any(_same(path, given) for path in within) or any(_same(place, path) for path in around):
            raise InputFileError(_is_input(target.named, given))


def _same(one: Path, other: Path) -> bool:
    """Whether two names lead to one file: by the file where both are there, by the name where not."""
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))


@contextmanager
def _locked(target: OutputPlace) -> Iterator[None]:
    """Hold the lock of a result; raises where another run holds it. It is removed by whoever held it last."""
    with written(target.named):
        handle, keeps_out = _lock_held(target)
    try:
        if keeps_out:
            with written(target.named):
                _take_up(target, handle)
        yield
    finally:
        if keeps_out:
            with suppress(OSError, InputFileError):
                _take_up(target, handle)  # what could not be put away: a second stop came
        if sys.platform != "win32":
            _unlink(target.lock)  # while it is held: who waits at the old file sees that it is no more
        os.close(handle)
        if sys.platform == "win32":
            _unlink(target.lock)


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _lock_held(target: OutputPlace) -> tuple[int, bool]:
    """The lock, open, and whether it keeps others out: on a file system without locks it cannot."""
    flags = os.O_RDWR | os.O_CREAT
    for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    while True:
        handle = os.open(target.lock, flags, 0o666)
        try:
            keeps_out = _keeps_out(handle, target)
            if keeps_out is not None:
                return handle, keeps_out
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # it was removed meanwhile by who held it


def _keeps_out(handle: int, target: OutputPlace) -> bool | None:
    """Whether the lock, now ours, keeps others out; nothing where it is gone; raises where it is another run's."""
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode) or os.read(handle, len(_MARK)) not in (b"", _MARK):
        raise InputFileError(_foreign(target.lock, ""))
    keeps_out = _try_to_lock(handle, target)
    try:
        same = sys.platform == "win32" or os.path.samestat(target.lock.lstat(), about)
    except OSError:
        return None
    if same and about.st_size == 0:
        try:
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, _MARK)
        except OSError:
            _unlink(target.lock)
            raise
    return keeps_out if same else None


def _enter(target: OutputPlace, beside: Path) -> None:
    """Enter what will lie beside a result in the lock that is held for it, where one is."""
    with suppress(FileNotFoundError):
        handle = os.open(target.lock, os.O_WRONLY | os.O_APPEND)
        try:
            os.write(handle, os.fsencode(beside.name) + b"\0")
        finally:
            os.close(handle)


def _take_up(target: OutputPlace, handle: int) -> None:
    """What a run that was killed left beside the result: the earlier one gets its name back, the rest goes."""
    os.lseek(handle, len(_MARK), os.SEEK_SET)
    entered = {os.fsdecode(name) for name in os.read(handle, _MOST_ENTERED).split(b"\0")}
    for path in (target.path.with_name(name) for name in sorted(entered) if _is_part(target, name)):
        if _is_plain(path):
            path.unlink()
    if _is_result(target.old, target.old.name in entered) and not os.path.lexists(target.path):
        target.old.replace(target.path)
    elif target.old.name in entered and _is_plain(target.old):
        target.old.unlink()
    elif target.old.is_dir() and (not any(target.old.iterdir()) or _not_ours(target.old, False) is None):
        discard(target.old)
    if target.sort.is_dir() and _not_ours(target.sort, True) is None:
        discard(target.sort, unfinished=True)
    os.ftruncate(handle, len(_MARK))


def _is_result(old: Path, is_entered: bool) -> bool:
    """Whether this is a result that lost its name, whole: a file that was entered, or a folder with all its parts."""
    if not old.is_dir():
        return is_entered and _is_plain(old)
    return _not_ours(old, False) is None and all(_is_plain(old / name) for name in _listed(read_manifest(old)))


def _is_part(target: OutputPlace, name: str) -> bool:
    return re.fullmatch(rf"\.{re.escape(target.path.name)}\.\d+\.\d+\.part", name) is not None


def _try_to_lock(handle: int, target: OutputPlace) -> bool:
    """Take the lock, and say whether it keeps others out; raises where another run holds it."""
    try:
        if sys.platform == "win32":
            os.lseek(handle, 1 << 20, os.SEEK_SET)  # a byte that nobody reads
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            raise InputFileError(_busy(target.named)) from None
        return False
    return True


def _new_file(target: OutputPlace) -> Path:
    """A name beside that nobody has: never a link, never a file of somebody else."""
    for number in range(1000):
        partial = target.path.with_name(f".{target.path.name}.{os.getpid()}.{number}.part")
        if os.path.lexists(partial):
            continue
        _enter(target, partial)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        return partial
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


# -- complaints --------------------------------------------------------------------------------------------------------


def unwritable(path: Path, error: OSError) -> Problem:
    """The disk, or who may write to it, refused."""
    vi, en = reason_of(error)
    return Problem("TR-result-unwritable", str(path), f"không ghi được kết quả: {vi}", f"cannot write the result: {en}")


def _is_input(output: Path, given: Path) -> Problem:
    return Problem(
        "TR-output-input",
        str(output),
        f"ghi kết quả vào đây (và các tệp cạnh nó) sẽ làm mất tệp vào «{given}»; nêu tên khác cho kết quả",
        f"a result here, or a file beside it, would destroy the input “{given}”; give the result another name",
    )


def _twice(one: Path, other: Path) -> Problem:
    return Problem(
        "TR-output-input",
        str(one),
        f"hai kết quả cùng ghi vào một chỗ: «{one}» và «{other}»",
        f"two results have one place: “{one}” and “{other}”",
    )


def _foreign(path: Path, strange: str) -> Problem:
    vi = f" («{strange}» không phải của thư viện)" if strange else ""
    en = f" (“{strange}” is not ours)" if strange else ""
    return Problem(
        "TR-output-foreign",
        str(path),
        f"chỗ này không phải do thư viện tạo ra{vi}, nên không thay và không xóa; dời nó đi hoặc nêu tên khác",
        f"this was not made by the library{en}, so it is not replaced or removed; move it, or give another name",
    )


def _no_place(path: Path) -> Problem:
    return Problem(
        "TR-output-kind",
        str(path),
        "kết quả phải là một tệp thường: đây là thiết bị, ống dẫn hoặc liên kết vòng",
        "a result is a plain file: this is a device, a FIFO, or a link that goes round",
    )


def _busy(path: Path) -> Problem:
    return Problem(
        "TR-output-locked",
        str(path),
        "một lần chạy khác đang ghi kết quả này; chờ nó xong, hoặc nêu tên khác",
        "another run is writing this result; wait for it, or give another name",
    )
