"""The state beside a result: of each dossier what its reading was made of, its row, and when it must be looked at.

One SQLite file, which a night copies and never writes to again; at its end, behind all that SQLite reads, stands the
digest of everything before.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from tthc_rules.errors import InputFileError
from tthc_rules.logs.sightings import Fact
from tthc_rules.runs.nightly import complaints
from tthc_rules.runs.output import plain_file, unwritable, written

FORMAT: Final = 3
"""The shape of a state: it rises when what is written here changes."""
_OURS: Final = 0x74746863
_HEAD: Final = b"SQLite format 3\0"
_SIGN_AT: Final = 68
"""Where a file of SQLite bears the number of whose it is."""
_DIGEST: Final = 32
_AT_ONCE: Final = 500
_TABLES: Final = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE dossiers(
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, part INTEGER NOT NULL, seq INTEGER NOT NULL, digest BLOB,
    next_on INTEGER, why TEXT NOT NULL, tally INTEGER, faults INTEGER, line BLOB
);
CREATE INDEX in_order ON dossiers(part, seq, key);
CREATE INDEX to_look_at ON dossiers(next_on) WHERE next_on IS NOT NULL;
CREATE TABLE sources(id INTEGER PRIMARY KEY, text BLOB NOT NULL, facts TEXT NOT NULL);
CREATE TABLE told(id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE tallies(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE ties(tie TEXT, counts INTEGER, id INTEGER, PRIMARY KEY(tie, counts, id)) WITHOUT ROWID;
CREATE TABLE facts(name TEXT, value TEXT, count INTEGER NOT NULL, PRIMARY KEY(name, value)) WITHOUT ROWID;
"""


class KeptRow(NamedTuple):
    """What a state keeps of one dossier (or of a row of none): its place in the result, and its line there.

    `next_on` is the next day on which it is judged anew whatever happens: nothing for never, 0 for every night.
    """

    id: int
    key: str
    part: int
    seq: int
    digest: bytes | None
    next_on: int | None
    why: str
    tally: int | None
    faults: int | None
    line: bytes | None


_KEPT: Final = ", ".join(KeptRow._fields)


class State:
    """An open state."""

    def __init__(self, path: Path, shown: Path, tables: sqlite3.Connection) -> None:
        self.path, self.shown, self.tables = path, shown, tables
        self._tallies: dict[str, int] = {}
        self._texts: dict[int, str] = {}

    # -- opening -------------------------------------------------------------------------------------------------------

    @classmethod
    @contextmanager
    def made(cls, path: Path, shown: Path) -> Iterator[State]:
        """A new state in an empty file; `shown` is its name for people."""
        address, first = f"{path.resolve().as_uri()}?mode=rw", f"PRAGMA application_id = {_OURS};{_TABLES}"
        with _opened(cls, path, shown, address) as state, _written(state, first):
            state.say("format", FORMAT)
            yield state
        _close(path, shown)

    @classmethod
    @contextmanager
    def copied(cls, path: Path, shown: Path) -> Iterator[State]:
        """A copy of the state of the night before, which becomes that of this night."""
        with written(shown):
            os.truncate(path, path.stat().st_size - _DIGEST)
        with _opened(cls, path, shown, f"{path.resolve().as_uri()}?mode=rw") as state, _written(state):
            yield state
        _close(path, shown)

    @classmethod
    @contextmanager
    def read(cls, path: Path) -> Iterator[State]:
        """The state of the night before, which nobody writes to."""
        check(path)
        with _opened(cls, path, path, f"{path.resolve().as_uri()}?mode=ro&immutable=1") as state:
            if (format := state.said("format")) != FORMAT:
                raise InputFileError(complaints.older_state(path, format))
            _check_digest(path)
            yield state

    # -- what is said of all -------------------------------------------------------------------------------------------

    def say(self, name: str, value: Any) -> None:
        """Keep a value under a name."""
        self.tables.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, json.dumps(value, ensure_ascii=False)))

    def said(self, name: str) -> Any:
        """The value under a name, nothing where there is none."""
        found = self.tables.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if found is None else json.loads(found[0])

    def tally(self, text: str) -> int:
        """The number under which this count is kept."""
        if text not in self._tallies:
            self.tables.execute("INSERT OR IGNORE INTO tallies(text) VALUES (?)", (text,))
            (self._tallies[text],) = self.tables.execute("SELECT id FROM tallies WHERE text = ?", (text,)).fetchone()
        return self._tallies[text]

    def tallied(self, number: int) -> str:
        """The count kept under that number."""
        if number not in self._texts:
            found = self.tables.execute("SELECT text FROM tallies WHERE id = ?", (number,)).fetchone()
            if found is None:
                raise InputFileError(complaints.foreign_state(self.shown))
            self._texts[number] = found[0]
        return self._texts[number]

    # -- dossiers ------------------------------------------------------------------------------------------------------

    def find(self, keys: Sequence[str]) -> dict[str, KeptRow]:
        """What is kept of these."""
        found: dict[str, KeptRow] = {}
        for asked in _asked(keys):
            rows = self.tables.execute(f"SELECT {_KEPT} FROM dossiers WHERE key IN ({_marks(asked)})", asked)
            found |= {(kept := KeptRow(*row)).key: kept for row in rows}
        return found

    def put(self, kept: Iterable[KeptRow]) -> None:
        """Keep these, new or in the place of what bears their number."""
        put = f"INSERT OR REPLACE INTO dossiers({_KEPT}) VALUES ({_marks(KeptRow._fields)})"
        self.tables.executemany(put, kept)

    def drop(self, part: int) -> None:
        """Forget a part of the result."""
        self.tables.execute("DELETE FROM sources WHERE id IN (SELECT id FROM dossiers WHERE part = ?)", (part,))
        self.tables.execute("DELETE FROM dossiers WHERE part = ?", (part,))

    def next_id(self) -> int:
        """A number that nobody has, and all after it."""
        (last,) = self.tables.execute("SELECT max(id) FROM dossiers").fetchone()
        return (last or 0) + 1

    def next_seq(self) -> int:
        """The place behind all that are there."""
        (last,) = self.tables.execute("SELECT max(seq) FROM dossiers").fetchone()
        return (last or 0) + 1

    def keys(self, part: int | None = None, due: int | None = None) -> list[str]:
        """The keys of a part, or of those whose day has come by `due`, in the order of the result."""
        where, asked = ("part = ?", part) if due is None else ("next_on IS NOT NULL AND next_on <= ?", due)
        found = self.tables.execute(f"SELECT key FROM dossiers WHERE {where} ORDER BY part, seq, key", (asked,))
        return [key for (key,) in found]

    def in_order(self) -> Iterator[KeptRow]:
        """All that is kept, in the order of the result."""
        for row in self.tables.execute(f"SELECT {_KEPT} FROM dossiers ORDER BY part, seq, key"):
            yield KeptRow(*row)

    # -- what readings are made of -------------------------------------------------------------------------------------

    def sources(self, keys: Sequence[str]) -> dict[str, bytes]:
        """What the readings of these were made of."""
        found: dict[str, bytes] = {}
        for asked in _asked(keys):
            wanted = f"SELECT key, text FROM dossiers JOIN sources USING (id) WHERE key IN ({_marks(asked)})"
            found |= dict(self.tables.execute(wanted, asked))
        return found

    def put_sources(self, sources: Iterable[tuple[int, bytes, str]]) -> None:
        """Keep what readings were made of, with what each adds to what is said of all."""
        self.tables.executemany("INSERT OR REPLACE INTO sources VALUES (?, ?, ?)", sources)

    def put_texts(self, texts: Iterable[tuple[int, bytes]]) -> None:
        """Keep what readings will be made of; what each added when it was read last stays."""
        put = "INSERT INTO sources VALUES (?, ?, '') ON CONFLICT(id) DO UPDATE SET text = excluded.text"
        self.tables.executemany(put, texts)

    def facts_of(self, ids: Sequence[int]) -> Iterator[str]:
        """What these added to what is said of all."""
        for asked in _asked(ids):
            for (text,) in self.tables.execute(f"SELECT facts FROM sources WHERE id IN ({_marks(asked)})", asked):
                yield text

    def add_facts(self, facts: Counter[Fact]) -> None:
        """Add to what is said of all; counts below nothing take away."""
        add = "INSERT INTO facts VALUES (?, ?, ?) ON CONFLICT(name, value) DO UPDATE SET count = count + excluded.count"
        self.tables.executemany(add, [(*fact, count) for fact, count in facts.items() if count])
        self.tables.execute("DELETE FROM facts WHERE count <= 0")

    def facts(self) -> Counter[Fact]:
        """What all add to what is said of all."""
        return Counter({(name, value): count for name, value, count in self.tables.execute("SELECT * FROM facts")})

    # -- what is wrong with messages -----------------------------------------------------------------------------------

    def tell(self, told: Iterable[tuple[int, str]]) -> None:
        """Keep what is wrong with dossiers; nothing takes away what was."""
        rows = list(told)
        self.tables.executemany("INSERT OR REPLACE INTO told VALUES (?, ?)", [row for row in rows if row[1]])
        self.tables.executemany("DELETE FROM told WHERE id = ?", [(row[0],) for row in rows if not row[1]])

    def all_told(self) -> Iterator[str]:
        """What is wrong with each dossier, in the order of the result."""
        asked = "SELECT text FROM dossiers JOIN told USING (id) ORDER BY part, seq, key"
        return (text for (text,) in self.tables.execute(asked))

    def faults(self) -> Iterator[tuple[int, int]]:
        """The counts of what is wrong, and how many dossiers have each."""
        asked = "SELECT faults, count(*) FROM dossiers WHERE faults IS NOT NULL GROUP BY faults"
        return iter(self.tables.execute(asked).fetchall())

    # -- ties ----------------------------------------------------------------------------------------------------------

    def tie(self, number: int, ties: dict[str, bool]) -> None:
        """A dossier holds these ties, and counts for those that say so."""
        self.tables.executemany(
            "INSERT OR REPLACE INTO ties VALUES (?, ?, ?)", [(tie, counts, number) for tie, counts in ties.items()]
        )

    def untie(self, number: int, ties: Iterable[str]) -> None:
        """A dossier holds these no longer."""
        gone = "DELETE FROM ties WHERE tie = ? AND counts IN (0, 1) AND id = ?"
        self.tables.executemany(gone, [(tie, number) for tie in ties])

    def tied(self, tie: str, most: int | None = None, counting: bool = False) -> list[str]:
        """The keys of those that hold a tie, of those that count for it, so many at most."""
        asked = "SELECT key FROM ties JOIN dossiers USING (id) WHERE tie = ?"
        asked += (" AND counts = 1" if counting else "") + ("" if most is None else f" LIMIT {most}")
        return [key for (key,) in self.tables.execute(asked, (tie,))]


def check(path: Path) -> None:
    """Raise unless a file may be a state of ours."""
    try:
        with plain_file(path) as file:
            head = file.read(_SIGN_AT + 4)
    except FileNotFoundError:
        raise InputFileError(complaints.no_state(path)) from None
    except OSError:
        raise InputFileError(complaints.foreign_state(path)) from None
    if not is_ours(head):
        raise InputFileError(complaints.foreign_state(path))


def _close(path: Path, shown: Path) -> None:
    """Put the digest of a state that is written behind it."""
    with written(shown):
        made = _digest_of(path, path.stat().st_size)
        with path.open("ab") as file:
            file.write(made)


def _check_digest(path: Path) -> None:
    """Raise unless every byte is what was written."""
    try:
        size = path.stat().st_size - _DIGEST
        with plain_file(path) as file:
            file.seek(size)
            same = file.read() == _digest_of(path, size)
    except OSError:
        same = False
    if not same:
        raise InputFileError(complaints.foreign_state(path))


def _digest_of(path: Path, size: int) -> bytes:
    made = sha256()
    with plain_file(path) as file:
        while size > 0 and (block := file.read(min(1 << 20, size))):
            made.update(block)
            size -= len(block)
    return made.digest()


def is_ours(head: bytes) -> bool:
    """Whether a file that begins so is a state of ours."""
    return head.startswith(_HEAD) and head[_SIGN_AT : _SIGN_AT + 4] == _OURS.to_bytes(4, "big")


@contextmanager
def _opened(kind: type[State], path: Path, shown: Path, address: str) -> Iterator[State]:
    """The state in a file; what its reader says of it is our error."""
    tables = None
    try:
        tables = sqlite3.connect(address, uri=True, isolation_level=None)
        tables.executescript("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")
        yield kind(path, shown, tables)
    except sqlite3.Error as error:
        raise InputFileError(_said(shown, error)) from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise InputFileError(complaints.foreign_state(shown)) from None
    finally:
        if tables is not None:
            with suppress(sqlite3.Error):
                tables.close()


@contextmanager
def _written(state: State, first: str = "") -> Iterator[None]:
    """A file that is thrown away if it does not become whole needs no journal, not even for what comes first."""
    state.tables.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;{first}")
    yield
    state.tables.execute("COMMIT")


_DISK: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})


def _said(path: Path, error: sqlite3.Error) -> Any:
    number = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if number in _DISK:
        return unwritable(path, OSError(errno.ENOSPC, "") if number == sqlite3.SQLITE_FULL else OSError(str(error)))
    return complaints.foreign_state(path)


def _asked(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def _marks(asked: Sequence[Any]) -> str:
    return ", ".join("?" * len(asked))
