"""Many dossiers as a stream: a line in, a row out, in the same order, while the rest is still on its way.

A client may send all before it reads anything; so what comes is always taken, and waits on disk until it is judged.
Memory holds a piece of it, however fast one side is and however slow the other.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import date
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import Any, Final, NamedTuple

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tthc_rules import Rulebook
from tthc_rules.errors import DossierError, Problem, TthcError
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.jsontext import readings
from tthc_rules.logs.complaints import record_too_large
from tthc_rules.result.row import error_row, row_of
from tthc_web.asked import BatchQuestion
from tthc_web.guard import log_fault
from tthc_web.limits import Limits
from tthc_web.problems import WebError, answer_to, busy, document_of, fault, too_large, too_many_lines, too_slow

_PIECE: Final = 32 * 1024
"""Bytes that are judged at once: even of the shortest lines, few enough rows to hold."""
_KEPT: Final = 1 << 20
"""Bytes that wait in memory; more wait on disk."""
_FAREWELL_SECONDS: Final = 5
"""For the last row, where time is up and the client may not be reading."""

log = logging.getLogger("tthc_web")


class Line(NamedTuple):
    """A line of the batch, by its number from 1; of one that is too long only the beginning."""

    number: int
    text: bytes
    is_cut: bool


class Lines:
    """Cuts pieces into lines and holds no more than one line of them."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._begun = bytearray()
        self._is_cut = False
        self._number = 0

    def of(self, piece: bytes) -> Iterator[Line]:
        """The lines that end in this piece."""
        start = 0
        while (end := piece.find(b"\n", start)) >= 0:
            self._add(piece[start:end])
            start = end + 1
            yield self._ended()
        self._add(piece[start:])

    def last(self) -> Iterator[Line]:
        """What stands behind the last line end, if anything does."""
        if self._begun:
            yield self._ended()

    def _add(self, part: bytes) -> None:
        room = self._longest - len(self._begun)
        self._is_cut = self._is_cut or len(part) > room
        self._begun += part[:room]

    def _ended(self) -> Line:
        self._number += 1
        line = Line(self._number, bytes(self._begun), self._is_cut)
        self._begun.clear()
        self._is_cut = False
        return line


class Backlog:
    """What has come and is not judged, first in, first out."""

    def __init__(self) -> None:
        # Written and read on the event loop: a piece goes to the system's cache, and one thread needs no lock.
        self._file = SpooledTemporaryFile(_KEPT)  # noqa: SIM115 - closed by `close`
        self._written = self._read = 0
        self._news = asyncio.Event()
        self._has_ended = False
        self.stopped: WebError | None = None

    def put(self, chunk: bytes) -> None:
        """Add what came."""
        self._file.seek(self._written)
        self._file.write(chunk)
        self._written += len(chunk)
        self._news.set()

    def end(self, stopped: WebError | None = None) -> None:
        """No more will be kept: all is there, or what `stopped` says."""
        if not self._has_ended:
            self._has_ended, self.stopped = True, stopped
            self._news.set()

    async def get(self) -> bytes:
        """The next piece, when there is one; nothing at the end."""
        while self._read == self._written:
            if self._has_ended:
                return b""
            self._news.clear()
            await self._news.wait()
        self._file.seek(self._read)
        piece = self._file.read(_PIECE)
        self._read += len(piece)
        if self._read == self._written:
            self._file.seek(0)
            self._file.truncate()
            self._read = self._written = 0
        return piece

    def close(self) -> None:
        self._file.close()


class Judge:
    """Makes the row of a line; whatever is in one, the others are judged."""

    def __init__(self, book: Rulebook, asked: BatchQuestion) -> None:
        self._book, self._asked = book, asked
        book.question(**asked.options())  # a question that cannot be put is no row's fault

    def row(self, line: Line) -> str:
        """The row of a line, without its end."""
        try:
            return self._judged(line)
        except DossierError as error:
            return self._refused(line, DossierError(_in_batch(line, one) for one in error.problems))
        except TthcError as error:
            return self._refused(line, error)
        except Exception as error:  # a fault of ours in one row is that row's
            log_fault(log, error)
            return self._refused(line, fault())

    def _judged(self, line: Line) -> str:
        if line.is_cut:
            raise DossierError(record_too_large(str(line.number), f"{len(line.text)} bytes"))
        verdict = self._book.evaluate(Dossier.model_validate_json(line.text), **self._asked.options())
        match self._asked.answer:
            case "verdict":
                return f'{{"line":{line.number},"verdict":{verdict.model_dump_json()}}}'
            case "row":
                return _text({"line": line.number, **row_of(verdict)})

    def _refused(self, line: Line, error: TthcError) -> str:
        named = _named(line.text)
        problem = {"problem": document_of(error).model_dump(mode="json")}
        match self._asked.answer:
            case "verdict":
                return _text({"line": line.number, "dossier_id": named or None, **problem})
            case "row":
                return _text({"line": line.number, **error_row(named, error), **problem})


OffLoop = Callable[..., Awaitable[Any]]
"""Runs a function on a thread that judges."""


class BatchAnswer(Response):
    """The rows of a batch, sent while its lines come; where a limit stops it, the last row says so.

    A stop before the first row is an answer of its own, with the status of its error.
    """

    media_type = "application/x-ndjson"

    def __init__(self, judge: Judge, limits: Limits, slots: asyncio.Semaphore, off_loop: OffLoop) -> None:
        super().__init__()
        del self.headers["content-length"]  # nobody knows it yet
        self._judge, self._limits, self._slots, self._off_loop = judge, limits, slots, off_loop
        self._has_begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._slots.locked():
            await answer_to(busy())(scope, receive, send)
            return
        async with self._slots:
            with closing(Backlog()) as backlog:
                stopped = await self._run(receive, send, backlog)
        if stopped is None:
            return
        if not self._has_begun:
            await answer_to(stopped)(scope, receive, send)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL_SECONDS):
                row = _text({"stopped": True, "problem": document_of(stopped).model_dump(mode="json")})
                await send({"type": "http.response.body", "body": f"{row}\n".encode(), "more_body": False})

    async def _run(self, receive: Receive, send: Send, backlog: Backlog) -> WebError | None:
        """Take and answer side by side, until all is said, a limit is met, or the client is gone."""
        taking = asyncio.create_task(self._take(receive, backlog))
        answering = asyncio.create_task(self._answer(send, backlog))
        try:
            done, _ = await asyncio.wait(
                (taking, answering), timeout=self._limits.batch_seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if not done:
                return too_slow(self._limits.batch_seconds)
            for one in done:
                one.result()
        except WebError as stopped:
            return stopped
        finally:
            for one in (taking, answering):
                one.cancel()
            await asyncio.gather(taking, answering, return_exceptions=True)
        return None

    async def _take(self, receive: Receive, backlog: Backlog) -> None:
        """Take what comes until the client is gone; of what is too much, nothing is kept."""
        came = 0
        while (message := await receive())["type"] != "http.disconnect":
            chunk = message.get("body", b"")
            came += len(chunk)
            if came > self._limits.batch_bytes:
                backlog.end(too_large(self._limits.batch_bytes))
            elif chunk:
                backlog.put(chunk)
            if not message.get("more_body", False):
                backlog.end()

    async def _answer(self, send: Send, backlog: Backlog) -> None:
        """Judge what has come, piece by piece; raises the `WebError` of a limit behind the last row within it."""
        lines = Lines(self._limits.line_bytes)
        while piece := await backlog.get():
            await self._send(send, lines.of(piece))
        if backlog.stopped is not None:  # what stands behind the last line end is no line then
            raise backlog.stopped
        await self._send(send, lines.last())
        await self._say(send, b"", is_last=True)

    async def _send(self, send: Send, lines: Iterator[Line]) -> None:
        rows, is_over = await self._off_loop(self._rows, lines)
        if rows:
            await self._say(send, rows)
        if is_over:
            raise too_many_lines(self._limits.batch_lines)

    def _rows(self, lines: Iterator[Line]) -> tuple[bytes, bool]:
        """The rows of the lines within the limit, and whether there are more; blank lines count, and have none."""
        rows: list[str] = []
        for line in lines:
            if line.number > self._limits.batch_lines:
                return _sent(rows), True
            if line.text.strip():
                rows.append(self._judge.row(line))
        return _sent(rows), False

    async def _say(self, send: Send, rows: bytes, is_last: bool = False) -> None:
        if not self._has_begun:
            self._has_begun = True
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": rows, "more_body": not is_last})


def _in_batch(line: Line, problem: Problem) -> Problem:
    """The same problem; a place in the text of the line, «1:7», as one in the batch."""
    if problem.code != "TR-input-json":
        return problem
    return problem.at(f"{line.number}:{problem.place.rpartition(':')[2]}")


def _named(text: bytes) -> str:
    """The id of the dossier that a line is about, where it can be read and is of one."""
    found = list(islice(readings(text.decode("utf-8", "replace").removeprefix("\ufeff")), 2))
    if len(found) != 1:
        return ""
    _, first, last = found[0]
    name = first.get("dossier_id")
    if not isinstance(name, str) or name != last.get("dossier_id"):
        return ""
    return name if name.isprintable() and "\ufffd" not in name else ""


def _sent(rows: Sequence[str]) -> bytes:
    """Rows as they are sent; half a letter, which no encoding has, as JSON escapes it."""
    return "".join(f"{row}\n" for row in rows).encode("utf-8", "backslashreplace")


def _text(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)
