"""A folder in which a run is stopped, and what may be found there afterwards.

An earlier result stands at the place of each result, and files of somebody else stand beside it, some of them under
names that a run might use. Whatever happens, a result is the earlier one or the new one, byte for byte.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.nightly.province import FIRST

from .child import Left, borders_of, undisturbed
from .kinds import EARLIER, Kind

Files = dict[str, bytes | None]
FOREIGN: Final[Files] = {
    "notes.txt": b"mine",
    "r.csv.bak": b"mine",
    ".r.csv.4711.0.part": b"mine",
    ".r.parquet.4711.0.part": b"mine",
    ".r.parquet.partial.bak": b"mine",
    ".other.csv.lock": b"mine",
}
"""Files of somebody else, beside the results."""
_KEPT: Final = re.compile(r"\.(?P<result>.+?)\.(?P<what>partial|sort|old|lock|\d+\.\d+\.part)")
"""What a run keeps beside a result."""


def everything(folder: Path) -> Files:
    """All that lies in a folder, byte by byte."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def within(files: Files, name: str) -> Files:
    """What stands under a name: the file itself, or the folder and all in it."""
    return {
        path.removeprefix(name): found for path, found in files.items() if path == name or path.startswith(f"{name}/")
    }


@dataclass(frozen=True, slots=True)
class Stage:
    """A kind of run over a province; `place` is as a run finds it, `whole` what an undisturbed run makes of `out`."""

    kind: Kind
    place: Path
    earlier: Files
    whole: Files
    code: int
    borders: tuple[str, ...]
    seconds: float

    @classmethod
    def made(cls, kind: Kind, province: Path, place: Path) -> Stage:
        """Make it, in a new folder."""
        shutil.copytree(province, place / "in")
        out = place / "out"
        out.mkdir()
        if "--previous" in kind.options:
            words = ("rescore", "in/before.csv", "-o", "in/previous.csv", "--keep-state", "--as-of", str(FIRST), "-q")
            undisturbed(place, words)
        undisturbed(place, kind.words(EARLIER))
        for name in kind.results[1:]:
            if not name.endswith(".state"):  # a table, which may be the same on both days
                (out / name).write_bytes(b"earlier")
        for name, content in FOREIGN.items():
            assert content is not None
            (out / name).write_bytes(content)
        earlier = everything(out)
        with TemporaryDirectory() as folder:
            shutil.copytree(place, folder, dirs_exist_ok=True)
            borders = borders_of(Path(folder), kind.words())
        with TemporaryDirectory() as folder:
            shutil.copytree(place, folder, dirs_exist_ok=True)
            left = undisturbed(Path(folder), kind.words())
            whole = everything(Path(folder) / "out")
        made = cls(kind, place, earlier, whole, left.code, tuple(borders), left.seconds)
        for name in kind.results:
            assert within(whole, name), left.said
            assert within(earlier, name) != within(whole, name), f"{name}: another day makes no other result"
        return made

    @property
    def sorts_of_borders(self) -> list[int]:
        """A border of each sort: the first of those that differ in a number alone."""
        sorts: dict[str, int] = {}
        for number, name in enumerate(self.borders, 1):
            sorts.setdefault(re.sub(r"\d+", "", name), number)
        return list(sorts.values())

    @contextmanager
    def copied(self) -> Iterator[Path]:
        """A copy of it, to do with as one likes."""
        with TemporaryDirectory(prefix="tthc-stops-") as folder:
            shutil.copytree(self.place, folder, dirs_exist_ok=True)
            yield Path(folder)

    def resuming(self, folder: Path) -> bool:
        """Whether there is a stopped run to go on with."""
        return (folder / "out" / f".{self.kind.results[0]}.partial").is_dir()

    def words(self, folder: Path) -> tuple[str, ...]:
        """What is typed to go on: the command again, with `--resume` where there is something to resume."""
        return (*self.kind.words(), *(("--resume",) if self.resuming(folder) else ()))

    # -- what may be found ---------------------------------------------------------------------------------------------

    def wrong(self, folder: Path, left: Left) -> list[str]:
        """What may not be after a stop."""
        found = everything(folder / "out")
        wrong = self._wrong_elsewhere(folder, found)
        wrong += [f"{name}: {state}" for name in self.kind.results if (state := self._state(found, name)) == "another"]
        if "Traceback" in left.said:
            wrong.append("a traceback")
        return wrong

    def new(self, folder: Path) -> int:
        """How many of the results are the new ones."""
        found = everything(folder / "out")
        return sum(self._state(found, name) == "whole" for name in self.kind.results)

    def which(self, folder: Path) -> list[int]:
        """Which file or folder bears the name of each result: the number that it has on the disk."""
        places = [folder / "out" / name for name in self.kind.results]
        return [place.stat().st_ino if place.exists() else 0 for place in places]

    def left_beside(self, folder: Path) -> list[str]:
        """What is kept beside the results, by what it is."""
        names = {name.partition("/")[0] for name in everything(folder / "out")} - self.earlier.keys()
        return sorted(match["what"].rpartition(".")[2] for name in names if (match := _KEPT.fullmatch(name)))

    def unlike_whole(self, folder: Path, left: Left) -> list[str]:
        """How what lies there differs from what an undisturbed run leaves."""
        found = everything(folder / "out")
        wrong = self._wrong_elsewhere(folder, found)
        if left.code != self.code:
            wrong.append(f"exit code {left.code} and not {self.code}: {left.said[:300]}")
        for name in sorted(found.keys() | self.whole.keys()):
            if found.get(name, b"\0nothing") != self.whole.get(name, b"\0nothing"):
                wrong.append(f"{name}: not as after an undisturbed run")
        return wrong

    def _state(self, found: Files, name: str) -> str:
        here = within(found, name)
        if here == within(self.whole, name):
            return "whole"
        if here == within(self.earlier, name):
            return "earlier"
        if not here and within(found, f".{name}.old") == within(self.earlier, name):
            return "aside"
        return "another"

    def _wrong_elsewhere(self, folder: Path, found: Files) -> list[str]:
        """Inputs or files of somebody else that are not as they were, and strange new ones."""
        wrong = []
        if everything(folder / "in") != everything(self.place / "in"):
            wrong.append("an input was changed")
        wrong += [
            f"{name}: of somebody else, and changed" for name, content in FOREIGN.items() if found.get(name) != content
        ]
        tops = {name.partition("/")[0] for name in found} - self.earlier.keys() - set(self.kind.results)
        wrong += [f"{name}: a name that no run uses" for name in sorted(tops) if not _KEPT.fullmatch(name)]
        return wrong
