"""The application served as it is used: by uvicorn, on a port of this machine."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

for _name in ("fastapi", "uvicorn", "httpx"):
    pytest.importorskip(_name, reason="chưa cài fastapi, uvicorn, httpx / fastapi, uvicorn, httpx are not installed")

import httpx  # noqa: E402
import uvicorn  # noqa: E402
from tthc_web.app import create_app  # noqa: E402
from tthc_web.limits import Limits  # noqa: E402

from tthc_rules import Rulebook  # noqa: E402

Response: TypeAlias = httpx.Response
ROOT: Final = Path(__file__).resolve().parents[2]
PATIENCE: Final = 60.0
"""Seconds for anything that must come about."""
AS_OF: Final = date(2025, 9, 20)
LATE: Final[dict[str, Any]] = {
    "dossier_id": "H56-HS-0001",
    "channel": "online",
    "time_limit": {"amount": 5, "unit": "workday"},
    "events": [
        {"kind": "dossier_accepted", "at": "2025-08-25T08:30"},
        {"kind": "result_issued", "at": "2025-09-16T10:00"},
    ],
}
OPEN: Final[dict[str, Any]] = {**LATE, "dossier_id": "H56-HS-0002", "events": LATE["events"][:1]}
JSON: Final = {"Content-Type": "application/json"}
NDJSON: Final = {"Content-Type": "application/x-ndjson"}


@dataclass(frozen=True)
class Site:
    """A running application: how it is asked, and the socket behind that."""

    port: int
    client: httpx.Client

    def ask(self, path: str, body: object, as_of: date | str = AS_OF, **options: Any) -> Response:
        """Send a dossier, or bytes as they are."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(path, content=sent, headers=JSON, params={"as_of": str(as_of), **options})

    def batch(self, lines: bytes, **options: Any) -> Response:
        return self.client.post("/v1/batch", content=lines, headers=NDJSON, params={"as_of": str(AS_OF), **options})

    @contextmanager
    def raw(self, head: str) -> Iterator[socket.socket]:
        """A connection on which a request was begun; what follows is the caller's."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as one:
            one.sendall(head.replace("\n", "\r\n").encode() + b"Host: localhost\r\n\r\n")
            yield one


@contextmanager
def served(book: Rulebook, limits: Limits | None = None) -> Iterator[Site]:
    """The application around a rulebook, until the end of the block."""
    config = uvicorn.Config(
        create_app(book, limits), port=0, log_config=None, access_log=False, ws="none", loop="asyncio", http="h11"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            yield Site(port, client)
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


def wait_until(is_so: Any) -> None:
    """Wait for what must come about."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def posted(address: str, body: bytes, headers: dict[str, str]) -> Response:
    """The answer of any address to a body."""
    return httpx.post(address, content=body, headers=headers, timeout=PATIENCE)


def problem(answer: Response, status: int, code: str) -> dict[str, Any]:
    """The document of an error, held against what every one of them has."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said: dict[str, Any] = answer.json()
    assert (said["status"], said["code"]) == (status, code)
    assert said["type"] == f"urn:problem-type:tthc-rules:{code}"
    assert said["problems"][0]["code"] == code
    assert said["detail"] == f"{said['problems'][0]['vi']} / {said['problems'][0]['en']}"
    assert " / " in said["title"]
    return said


def rows(answer: Response) -> list[dict[str, Any]]:
    """The rows of a batch."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]
