"""The server, through ADBC: what is asked of it, and what it refuses in words for the person who has to mend it.

Every value goes to the server as a parameter; only names of columns, which are quoted, are ever put into a statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import pyarrow as pa

from tthc_rules.errors import Problem, TthcError, shown

_BATCH_BYTES: Final = 8 << 20
"""Of one batch that comes from the server: so much is in memory at a time."""
VIEW: Final = "tthc.dossiers"
"""What a portal hands over: made by `bridge.sql`."""
_LOCK: Final = 7_746_843_001
"""The advisory lock of a run: two runs never write the same results."""
_SETTINGS: Final = ("SET client_encoding = 'UTF8'", "SET statement_timeout = 0", "SET lock_timeout = '1min'")
"""Whatever the environment or the account says: a long COPY is no statement that hangs."""
_CANCELLED: Final = "57014"
"""The SQLSTATE of a statement that a person stopped: so ADBC passes on an interrupt, and so does an administrator."""
_SAID: Final = {
    "canceling statement due to user request": _CANCELLED,
    "terminating connection": "57P01",
    "server closed the connection": "08006",
}
"""The SQLSTATE behind words of the server, where the driver passes on no more than these."""
_SNAPSHOT: Final = re.compile(r"[0-9A-F-]{3,60}", re.ASCII)
_T = TypeVar("_T")


class PortalError(TthcError):
    """The server refuses, or holds what a run cannot go on with."""


class Session:
    """One connection; in a transaction once `begin` was called, else every statement stands alone."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a small answer; values stand where the statement says $1, $2, …"""

        def asked() -> list[tuple[Any, ...]]:
            with self._connection.cursor() as cursor:
                cursor.execute(statement, values or None)
                return list(cursor.fetchall())

        return _plainly(asked)

    def do(self, statement: str, *values: object) -> None:
        """A statement without an answer."""

        def done() -> None:
            with self._connection.cursor() as cursor:
                cursor.execute(statement, values or None)

        _plainly(done)

    def do_all(self, path: Path) -> None:
        """The statements of a file, one after the other."""
        for statement in path.read_text(encoding="utf-8").split(";\n\n"):
            if any(line and not line.startswith("--") for line in statement.splitlines()):
                self.do(statement)

    @contextmanager
    def stream(self, statement: str) -> Iterator[Iterator[pa.RecordBatch]]:
        """The rows of a large answer as an Arrow stream: COPY on the server's side, a batch at a time on ours."""
        with self._connection.cursor() as cursor:
            cursor.adbc_statement.set_options(**{"adbc.postgresql.batch_size_hint_bytes": str(_BATCH_BYTES)})
            _plainly(lambda: cursor.execute(statement))
            yield _batches(cursor.fetch_record_batch())

    def copy_in(self, table: str, rows: pa.RecordBatchReader) -> None:
        """Make a temporary table of these rows, by COPY; it goes with the connection."""

        def copied() -> None:
            with self._connection.cursor() as cursor:
                cursor.adbc_ingest(table, rows, mode="create", temporary=True)

        _plainly(copied)

    def begin(self, snapshot: str | None = None) -> str:
        """Begin a transaction that sees one state of the database, its own or that of another's snapshot."""
        _plainly(lambda: self._connection.adbc_connection.set_autocommit(False))
        self.do("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if snapshot is not None:
            assert _SNAPSHOT.fullmatch(snapshot), snapshot  # the one value that SQL takes as a literal only
            self.do(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
            return snapshot
        ((exported,),) = self.ask("SELECT pg_export_snapshot()")
        return str(exported)

    def commit(self) -> None:
        """Make the transaction's work stand."""
        _plainly(self._connection.adbc_connection.commit)

    def lock(self) -> None:
        """Be the only run on this database, until the connection closes."""
        ((mine,),) = self.ask("SELECT pg_try_advisory_lock($1)", _LOCK)
        if not mine:
            raise PortalError(busy())


@contextmanager
def session(uri: str) -> Iterator[Session]:
    """A connection, which is closed at the end; a transaction that was not committed is undone."""
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError as error:
        raise PortalError(driver_missing(error.name or "")) from None
    connection = _plainly(lambda: dbapi.connect(uri, autocommit=True), connecting=True)
    try:
        made = Session(connection)
        ((encoding,),) = made.ask("SELECT current_setting('server_encoding')")
        if encoding != "UTF8":
            raise PortalError(not_utf8(encoding))
        for setting in _SETTINGS:
            made.do(setting)
        yield made
    finally:
        with suppress(Exception):  # a server that is gone has undone everything already
            connection.close()


def _plainly(action: Callable[[], _T], *, connecting: bool = False) -> _T:
    """Do it; what the driver raises becomes a problem with a code."""
    from adbc_driver_postgresql.dbapi import Error

    try:
        return action()
    except Error as error:
        raise _told(error.sqlstate, str(error), connecting) from None


def _batches(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The batches of a stream; what breaks off comes from Arrow, which knows no SQLSTATE."""
    try:
        yield from reader
    except (OSError, pa.ArrowException) as error:
        raise _told(None, str(error)) from None


def _told(state: str | None, why: str, connecting: bool = False) -> BaseException:
    """The error to raise for what the server said: a statement that was stopped is an interrupt."""
    known = state or next((code for words, code in _SAID.items() if words in why), "")
    return KeyboardInterrupt() if known == _CANCELLED else PortalError(refused(known, why, connecting))


# -- what is said --------------------------------------------------------------------------------------------------


def quoted(name: str) -> str:
    """The name of a column or a table as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def driver_missing(package: str) -> Problem:
    """ADBC's driver is not installed."""
    return Problem(
        "PG-driver",
        package,
        "chưa cài trình nối ADBC với PostgreSQL: pip install adbc-driver-postgresql",
        "the ADBC driver for PostgreSQL is not installed: pip install adbc-driver-postgresql",
    )


def not_utf8(encoding: str) -> Problem:
    """A database that cannot hold every letter of Vietnamese."""
    return Problem(
        "PG-encoding",
        encoding,
        "cơ sở dữ liệu không dùng UTF8 nên không chứa được mọi chữ Việt: chép sang một cơ sở dữ liệu UTF8",
        "the database is not in UTF8 and cannot hold every Vietnamese letter: copy it into one that is",
    )


def busy() -> Problem:
    """Another run holds the lock."""
    return Problem(
        "PG-busy",
        "tthc.results",
        "một lượt chấm khác đang chạy trên cơ sở dữ liệu này; chờ nó xong rồi chạy lại",
        "another run is at work on this database; wait for it, then run again",
    )


def refused(state: str, why: str, connecting: bool) -> Problem:
    """What the server said, by its SQLSTATE."""
    first = _first_line(why)
    code, vi, en = _no_bridge() if state == "42P01" and VIEW in first else _words_of(state, connecting)
    return Problem(code, state, f"{vi} [{first}]", f"{en} [{first}]")


def _no_bridge() -> tuple[str, str, str]:
    """The one thing that `setup` cannot make for a portal of somebody's own."""
    return (
        "PG-schema",
        f"chưa có {VIEW}: viết lại bridge.sql cho cổng của bạn (README), psql -1 -f; cổng bịa: judge.py setup --demo",
        f"{VIEW} is not there: rewrite bridge.sql for your portal (README), then psql -1 -f; or judge.py setup --demo",
    )


def _words_of(state: str, connecting: bool) -> tuple[str, str, str]:
    if state == "42501":
        return (
            "PG-permission",
            "tài khoản này không đủ quyền; người quản trị chạy: judge.py setup --runner TÀI_KHOẢN",
            "this account lacks a right; the owner runs: judge.py setup --runner ACCOUNT",
        )
    if state in ("42P01", "3F000", "42704", "42703", "42883"):
        return (
            "PG-schema",
            "cơ sở dữ liệu thiếu bảng, cột hoặc kiểu của ví dụ này, hoặc của bản khác: chạy judge.py setup",
            "a table, column or type is missing, or is another version's: run judge.py setup",
        )
    if state == "23505":
        return (
            "PG-twice",
            "tthc.dossiers đưa ra một hồ sơ hai lần; sửa bridge.sql để mỗi hồ sơ là một dòng",
            "tthc.dossiers gives a dossier twice; mend bridge.sql so that each has one row",
        )
    if state in ("40001", "40P01", "55P03"):
        return (
            "PG-busy",
            "có giao dịch khác đụng vào kết quả; kết quả cũ còn nguyên, hãy chạy lại",
            "another transaction touched the results; the old ones are whole, run again",
        )
    if connecting or state[:2] in ("08", "28", "3D") or state[:3] == "57P":
        return (
            "PG-server",
            "không nối được, hoặc mất máy chủ; kiểm tra địa chỉ, cơ sở dữ liệu, tài khoản, PGPASSWORD hoặc ~/.pgpass",
            "the server cannot be reached, or was lost; check address, database, account, PGPASSWORD or ~/.pgpass",
        )
    return (
        "PG-refused",
        "máy chủ từ chối; kết quả cũ còn nguyên",
        "the server refuses; the old results are whole",
    )


def _first_line(why: str) -> str:
    """What the server said without the statement, and without an address that could hold a password."""
    said = re.sub(r"\w+://\S+", "…", why.splitlines()[0] if why else "")
    return shown(re.sub(r"^[A-Z_]+: (\[libpq\] )?", "", said), 300)
