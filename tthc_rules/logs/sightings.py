"""What is kept of messages between the border and the reading: each copy of a dossier, without words about people.

Copies are held in memory up to a bound and then in sorted files, so that messages of any number are read; what is the
same and came at the same time is kept once.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import merge
from itertools import groupby
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Final, NamedTuple, TypeAlias
from weakref import finalize

from tthc_rules.errors import Problem
from tthc_rules.logs.diagnostics import Diagnostic
from tthc_rules.logs.limits import LimitSource

__all__ = [
    "BrokenError",
    "Fact",
    "Held",
    "ReadDossier",
    "Sender",
    "SenderBatch",
    "Sighting",
    "SightingStore",
    "Tie",
    "sightings_of",
]

MEMORY: Final = 256 * 1024 * 1024
"""Bytes of copies that are held before they go to a file."""
_EACH: Final = 300
"""Bytes that a copy costs beside its text."""


class BrokenError(Exception):
    """A body that cannot be read: a code, what is broken in a word, and both languages; no word of the body."""

    def __init__(self, code: str, about: str, vi: str, en: str, place: str = "") -> None:
        super().__init__(code, about)
        self.code, self.about, self.vi, self.en, self.place = code, about, vi, en, place


@dataclass(frozen=True, slots=True)
class Sighting:
    """One copy of (a part of) a dossier as a message had it: `data` is plain JSON.

    `arrival` is civil ISO text or nothing, `rank` orders copies of one arrival; `first` and `last` are the places in
    the stream where this very copy stood.
    """

    key: str
    arrival: str
    rank: int
    data: Mapping[str, Any]
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class ReadDossier:
    """One dossier as its sender's messages say: `data` is what `Rulebook.evaluate` takes.

    `status` is the sender's own word, `source_ids` its ids digit by digit, `kept` the fields that nobody knows. With
    `problems` it is an error row and must not be judged.
    """

    dossier_id: str
    data: dict[str, Any]
    status: str = ""
    source_ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def spoiled(self, problem: Problem) -> ReadDossier:
        """The same with a part that could not be read."""
        return replace(self, problems=(*self.problems, problem))


Fact: TypeAlias = tuple[str, str]
"""What one dossier adds to what is said of all: its name, and a value."""


class Tie(NamedTuple):
    """What two dossiers may share, and be read otherwise for it; one that does not count only looks at the others."""

    name: str
    value: str
    counts: bool = True


class SenderBatch(ABC):
    """One reading of one sender: what is known of all dossiers together while each of them is read.

    A night reads few of the dossiers of many nights: `ties` says which others must be looked at for one of them, and
    `of_all` asks nothing but `facts`.
    """

    facts: Counter[Fact]
    """What the dossiers that were read add to what is said of all."""
    enough: int | None = None
    """So many dossiers that count for a tie are as good as all of them; nothing: each of them matters."""

    def ties(self, key: str, sightings: Iterable[Sighting]) -> Iterable[Tie]:
        """What the reading of other dossiers may hang on in this one, or the reading of this one in others."""
        return ()

    def prepare(self, groups: Iterable[tuple[str, list[Sighting]]]) -> None:  # noqa: B027 - few senders need it
        """See all dossiers once before any of them is read."""

    @abstractmethod
    def dossier(self, key: str, sightings: list[Sighting]) -> tuple[ReadDossier | None, list[Diagnostic]]:
        """A dossier (nothing where it is none) and what is wrong with it."""

    def of_all(self) -> list[Diagnostic]:
        """What is said of the sender, once all dossiers have been read."""
        return []


class Sender(ABC):
    """A system whose messages are read; others are added under the entry-point group `tthc_rules.logs`."""

    name: str
    """As it is asked for; one that another package brings is asked for by its entry point."""
    label: tuple[str, str]
    """Its name for people, Vietnamese and English."""
    id_keys: tuple[str, ...]
    """The keys under which a message names its dossiers."""
    shows: Mapping[str, str]
    """For each kind of event whether the sender can show it: `always`, `sometimes`; other kinds never."""

    @abstractmethod
    def sightings(self, body: object, arrival: str, url: str) -> Iterator[Sighting | Diagnostic]:
        """What is kept of one body: this is the border, behind it stand no words about people."""

    @abstractmethod
    def batch(self, limits: LimitSource, fetched_on: date | None) -> SenderBatch:
        """A new reading."""

    def names_in(self, text: str | bytes) -> Iterator[str]:
        """The dossiers that a text names which cannot be read."""
        written = text if isinstance(text, str) else text.decode("utf-8", "replace")
        for key in map(re.escape, self.id_keys):
            found = re.findall(rf'"{key}"\s*:\s*"([^"\\]{{1,200}})"|<{key}>([^<]{{1,200}})</', written)
            names = [name for one in found if (name := (one[0] or one[1]).strip()) and self.may_name(name)]
            if names:
                yield from names
                return

    def may_name(self, name: str) -> bool:
        """Whether what stands under such a key can be a dossier's code: in a broken text it may be anybody's words."""
        return bool(name) and " " not in name


# -- the store ---------------------------------------------------------------------------------------------------------


class _Copy(NamedTuple):
    key: str
    arrival: str
    rank: int
    text: str
    first: int
    last: int


Held: TypeAlias = dict[tuple[str, int, str], tuple[int, int]]
"""The copies of one dossier (arrival, rank, text), and where in the stream each stood first and last."""


def sightings_of(key: str, held: Held) -> list[Sighting]:
    """The copies of a dossier, whatever the order in which they came."""
    return [Sighting(key, when, rank, json.loads(text), *places) for (when, rank, text), places in sorted(held.items())]


class SightingStore:
    """All copies of all dossiers; a reading goes over them dossier by dossier, as often as it likes."""

    def __init__(self, memory: int | None = None, count: int = 0) -> None:
        """`count` copies came before, in other nights."""
        self.memory = MEMORY if memory is None else memory
        self.count = count
        self.bytes = 0
        self.held: dict[str, Held] = {}
        self.files: list[Path] = []
        self.folder: Path | None = None

    def add(self, sighting: Sighting) -> None:
        """Keep a copy; the same one that came at the same time is there already."""
        text = json.dumps(sighting.data, sort_keys=True, separators=(",", ":"))
        copies = self.held.setdefault(sighting.key, {})
        one = sighting.arrival, sighting.rank, text
        known = copies.get(one)
        copies[one] = (self.count if known is None else known[0], self.count)
        self.count += 1
        if known is None:
            self.bytes += len(text) + _EACH
            if self.bytes > self.memory:
                self._to_a_file()

    def groups(self) -> Iterator[tuple[str, list[Sighting]]]:
        """The copies of each dossier, in the order of its key."""
        return ((key, sightings_of(key, held)) for key, held in self.copies())

    def copies(self) -> Iterator[tuple[str, Held]]:
        """The same as they are kept."""
        sources = [self._in_memory(), *map(_in_file, self.files)]
        for key, copies in groupby(merge(*sources, key=lambda copy: copy.key), key=lambda copy: copy.key):
            known: Held = {}
            for copy in copies:
                one = copy.arrival, copy.rank, copy.text
                first, last = known.get(one, (copy.first, copy.last))
                known[one] = min(first, copy.first), max(last, copy.last)
            yield key, known

    def _in_memory(self) -> Iterator[_Copy]:
        for key in sorted(self.held):
            for (arrival, rank, text), (first, last) in self.held[key].items():
                yield _Copy(key, arrival, rank, text, first, last)

    def _to_a_file(self) -> None:
        if self.folder is None:
            self.folder = Path(mkdtemp(prefix="tthc-rules-"))
            finalize(self, rmtree, self.folder, ignore_errors=True)  # nobody else may read it, and it goes with this
        path = self.folder / f"{len(self.files)}.ndjson"
        with path.open("w", encoding="ascii") as file:
            for copy in self._in_memory():
                file.write(json.dumps(copy) + "\n")
        self.files.append(path)
        self.held = {}
        self.bytes = 0


def _in_file(path: Path) -> Iterator[_Copy]:
    with path.open(encoding="ascii") as file:
        for line in file:
            yield _Copy(*json.loads(line))
