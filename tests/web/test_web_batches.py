"""A batch: a row a line, in order, while the lines come; a bad line is a row, a limit is said, a client may leave."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import tracemalloc
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from serving import AS_OF, JSON, LATE, OPEN, Site, problem, rows, served, wait_until
from tthc_web.asked import BatchQuestion
from tthc_web.batch import Backlog, BatchAnswer, Judge, Line, Lines
from tthc_web.limits import Limits

from tthc_rules import Rulebook
from tthc_rules.result.row import row_of

HEAD = f"POST /v1/batch?as_of={AS_OF} HTTP/1.1\nContent-Type: application/x-ndjson\nTransfer-Encoding: chunked\n"


@pytest.fixture(scope="module")
def site(book: Rulebook) -> Iterator[Site]:
    with served(book) as one:
        yield one


def line_of(number: int, **fields: Any) -> bytes:
    return json.dumps({**LATE, "dossier_id": f"HS-{number}", **fields}).encode() + b"\n"


# -- rows --------------------------------------------------------------------------------------------------------------


def test_each_line_has_its_verdict_in_the_order_of_the_lines(site: Site, book: Rulebook) -> None:
    dossiers = [{**one, "dossier_id": f"HS-{at}"} for at, one in enumerate([LATE, OPEN] * 400)]
    told = rows(site.batch(b"".join(json.dumps(one).encode() + b"\n" for one in dossiers)))
    assert [row["line"] for row in told] == list(range(1, 801))
    for row, dossier in zip(told, dossiers, strict=True):
        assert row["verdict"] == book.evaluate(dossier, AS_OF).model_dump(mode="json")


def test_rows_are_those_of_a_result(site: Site, book: Rulebook) -> None:
    told = rows(site.batch(line_of(1) + line_of(2, channel="x"), answer="row"))
    row = json.loads(json.dumps(row_of(book.evaluate(json.loads(line_of(1)), AS_OF)), default=str))
    assert told[0] == {"line": 1, **row}
    assert (told[1]["line"], told[1]["dossier_id"], told[1]["error_code"]) == (2, "HS-2", "TR-input-choice")
    assert told[1]["problem"]["problems"][0]["place"] == "HS-2: channel"
    assert told[1]["error"].startswith("HS-2: channel: ")


BAD = [
    (b"nope", None, "TR-input-json", "2:1"),
    (b'{"dossier_id": "HS-9", "events": [', "HS-9", "TR-input-json", "2:35"),
    (b'{"dossier_id": "HS-9", "dossier_id": "HS-8"}', None, "TR-input-json", "2:24"),
    (b'{"dossier_id": "HS-9", "weight": NaN}', "HS-9", "TR-input-json", "2:34"),
    (b'{"dossier_id": "H\xf4"}', None, "TR-input-json", "2:18"),
    (b'{"dossier_id": "\\ud800"}', None, "TR-input-json", "2:17"),
    (b'{"dossier_id": "A\\u202eB"}', None, "TR-input-hidden", r"A\u{202e}B: dossier_id"),
    (b"[" * 100_000, None, "TR-input-json", "2:1"),
    (b"[1]", None, "TR-input-type", ""),
    (b'{"dossier_id": "HS-9", "jurisdiction": "atlantis"}', "HS-9", "TR-dossier-jurisdiction", "HS-9: jurisdiction"),
    (b'{"dossier_id": "HS-9", "x": "' + b"x" * (1 << 20) + b'"}', "HS-9", "TR-file-size", "2"),
]


@pytest.mark.parametrize(("line", "named", "code", "place"), BAD, ids=[f"{one[2]} {at}" for at, one in enumerate(BAD)])
def test_a_bad_line_is_a_row_with_its_line_and_stops_no_other(
    site: Site, line: bytes, named: str | None, code: str, place: str
) -> None:
    told = rows(site.batch(line_of(1) + line + b"\n" + line_of(3)))
    assert [(row["line"], "verdict" in row) for row in told] == [(1, True), (2, False), (3, True)]
    assert told[1]["dossier_id"] == named
    assert (told[1]["problem"]["code"], told[1]["problem"]["problems"][0]["place"]) == (code, place)


def test_blank_lines_are_counted_and_have_no_row(site: Site) -> None:
    told = rows(site.batch(b"\n\n" + line_of(3) + b"  \r\n" + line_of(5).strip()))
    assert [row["line"] for row in told] == [3, 5]


def test_windows_line_ends_and_the_mark_before_a_text_are_no_fault(site: Site) -> None:
    told = rows(site.batch(b"\xef\xbb\xbf" + line_of(1).replace(b"\n", b"\r\n") + line_of(2)))
    assert ["verdict" in row for row in told] == [True, True]


def test_nothing_in_gives_nothing_out(site: Site) -> None:
    assert rows(site.batch(b"")) == []


def test_strict_holds_for_every_line(site: Site) -> None:
    told = rows(site.batch(line_of(1) + line_of(2, weight=3), strict="true"))
    assert [row.get("problem", {}).get("code") for row in told] == [None, "TR-input-unknown-field"]


def test_a_question_that_cannot_be_put_is_no_rows_fault(site: Site) -> None:
    problem(site.batch(line_of(1), lateness="never"), 422, "TR-option-lateness")
    problem(site.batch(line_of(1), answer="page"), 422, "TR-input-choice")
    answer = site.client.post("/v1/batch", content=line_of(1), headers=JSON, params={"as_of": str(AS_OF)})
    assert problem(answer, 415, "TR-web-type")["problems"][0]["known"][0] == "application/x-ndjson"


# -- a stream ----------------------------------------------------------------------------------------------------------


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


class Talk:
    """A batch on a connection of its own: lines are sent when one likes, rows are read as they come."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._came = b""

    def send(self, lines: bytes, is_last: bool = False) -> None:
        self._connection.sendall(chunk(lines) + (b"0\r\n\r\n" if is_last else b""))

    def row(self) -> dict[str, Any]:
        """The next row: what stands in braces on a line."""
        while True:
            for line in self._came.split(b"\r\n"):
                if line.startswith(b"{") and line.endswith(b"\n"):
                    first, _, rest = line.partition(b"\n")
                    self._came = self._came.replace(first + b"\n", b"", 1)
                    assert not rest.strip() or rest.startswith(b"{")
                    said: dict[str, Any] = json.loads(first)
                    return said
            more = self._connection.recv(65536)
            assert more, self._came
            self._came += more


def test_a_row_comes_before_the_next_line_is_sent(site: Site) -> None:
    with site.raw(HEAD) as connection:
        talk = Talk(connection)
        for number in (1, 2, 3):
            talk.send(line_of(number), is_last=number == 3)
            row = talk.row()
            assert (row["line"], row["verdict"]["dossier_id"]) == (number, f"HS-{number}")


def test_a_line_may_come_in_pieces(site: Site) -> None:
    line = line_of(1, field="Đất đai")
    with site.raw(HEAD) as connection:
        talk = Talk(connection)
        for at in range(0, len(line), 7):
            talk.send(line[at : at + 7])
        assert talk.row()["verdict"]["dossier_id"] == "HS-1"
        talk.send(line_of(2).strip(), is_last=True)  # the last line needs no end
        assert talk.row()["line"] == 2


def test_a_client_may_send_all_before_it_reads_anything(site: Site) -> None:
    """Many times what sockets hold: a server that stopped reading while nobody reads would wait for ever."""
    count = 3000
    told = rows(site.batch(b"".join(map(line_of, range(count)))))
    assert [row["line"] for row in told] == list(range(1, count + 1))


def test_a_client_that_leaves_in_the_middle_frees_its_place(book: Rulebook, caplog: pytest.LogCaptureFixture) -> None:
    with served(book, Limits(batches=1)) as site:
        with site.raw(HEAD) as connection:
            talk = Talk(connection)
            talk.send(line_of(1))
            talk.row()
            problem(site.batch(line_of(1)), 503, "TR-web-busy")
        wait_until(lambda: site.batch(line_of(1)).status_code == HTTPStatus.OK)
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


# -- limits ------------------------------------------------------------------------------------------------------------


def stopped(told: list[dict[str, Any]], status: int, code: str) -> list[int]:
    """The lines that were judged before the row that says what stopped the batch."""
    assert told[-1]["stopped"] is True
    assert (told[-1]["problem"]["status"], told[-1]["problem"]["code"]) == (status, code)
    assert not [row for row in told[:-1] if "stopped" in row]
    return [row["line"] for row in told[:-1]]


def test_lines_beyond_the_limit_are_said_not_to_be_judged(book: Rulebook) -> None:
    with served(book, Limits(batch_lines=3)) as site:
        assert [row["line"] for row in rows(site.batch(b"".join(map(line_of, range(3)))))] == [1, 2, 3]
        told = rows(site.batch(b"".join(map(line_of, range(5)))))
        assert stopped(told, 413, "TR-web-lines") == [1, 2, 3]
        problem(site.batch(b"\n\n\n" + line_of(4)), 413, "TR-web-lines")
        problem(site.batch(b"\n" * 4), 413, "TR-web-lines")
        assert rows(site.batch(b"\n" * 3)) == []


def test_a_batch_that_is_too_large_is_refused_or_stopped(book: Rulebook) -> None:
    size = len(line_of(1))
    with served(book, Limits(batch_bytes=3 * size + 30)) as site:
        problem(site.batch(line_of(1) * 4), 413, "TR-web-size")  # it says so itself
        with site.raw(HEAD) as connection:
            talk = Talk(connection)
            for number in (1, 2, 3):
                talk.send(line_of(number))
                assert talk.row()["line"] == number
            talk.send(line_of(4)[:20])
            talk.send(line_of(4)[20:])
            assert stopped([talk.row()], 413, "TR-web-size") == []


def test_a_batch_that_takes_too_long_is_stopped(book: Rulebook) -> None:
    with served(book, Limits(batch_seconds=1)) as site:
        with site.raw(HEAD) as connection:
            talk = Talk(connection)
            talk.send(line_of(1))
            assert talk.row()["line"] == 1
            assert stopped([talk.row()], 408, "TR-web-time") == []
        with site.raw(HEAD) as connection:
            connection.sendall(chunk(b'{"dossier_id":'))
            assert b" 408 " in connection.recv(65536).splitlines()[0]


def test_one_batch_more_than_there_are_places_is_sent_away(book: Rulebook) -> None:
    with served(book, Limits(batches=2)) as site, site.raw(HEAD) as one, site.raw(HEAD) as other:
        for connection in (one, other):
            talk = Talk(connection)
            talk.send(line_of(1))
            talk.row()
        answer = site.batch(line_of(1))
        problem(answer, 503, "TR-web-busy")
        assert answer.headers["retry-after"] == "5"
        assert site.ask("/v1/verdict", LATE).status_code == 200


def test_lines_are_cut_and_only_the_beginning_of_a_long_one_is_held() -> None:
    lines = Lines(5)
    assert [*lines.of(b"ab\n\ncdefg\nhi")] == [Line(1, b"ab", False), Line(2, b"", False), Line(3, b"cdefg", False)]
    assert [*lines.of(b"j" * 100)] == []
    assert [*lines.of(b"\nk")] == [Line(4, b"hijjj", True)]
    assert [*lines.last()] == [Line(5, b"k", False)]
    assert [*lines.last()] == []


def test_what_waits_comes_out_as_it_went_in() -> None:
    async def through() -> bytes:
        backlog, got = Backlog(), b""
        for at in range(50):
            backlog.put(bytes([at]) * 70_000)
            if at % 3 == 0:
                got += await backlog.get()
        backlog.end()
        while piece := await backlog.get():
            got += piece
        backlog.close()
        return got

    assert asyncio.run(through()) == b"".join(bytes([at]) * 70_000 for at in range(50))


@pytest.mark.parametrize("line", [b"x" * 65_536, b"x" * 65_535 + b"\n"], ids=["one line", "many lines"])
def test_memory_is_bounded_however_much_comes(book: Rulebook, line: bytes) -> None:
    """Sixty-four megabytes that come at once, to somebody who reads nothing until all of it was sent."""
    pieces, came = 1024, threading.Event()
    left = iter(range(pieces))

    async def receive() -> dict[str, Any]:
        if next(left, None) is not None:
            return {"type": "http.request", "body": line, "more_body": True}
        if not came.is_set():
            came.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.Event().wait()
        raise AssertionError

    said: list[int] = []

    async def send(message: dict[str, Any]) -> None:
        while not came.is_set():
            await asyncio.sleep(0)
        said.append(len(message.get("body", b"")))

    async def off_loop(job: Any, *given: Any) -> Any:
        return job(*given)

    async def run() -> None:
        judge = Judge(book, BatchQuestion(as_of=AS_OF))
        limits = Limits(line_bytes=1000)
        await BatchAnswer(judge, limits, asyncio.Semaphore(1), off_loop)({"type": "http"}, receive, send)

    tracemalloc.start()
    try:
        asyncio.run(run())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(said) > 0
    assert peak < 16_000_000
