"""Around every request: headers that keep a browser strict, a line of log without a word of the dossier."""

from __future__ import annotations

import logging
from time import perf_counter
from traceback import extract_tb
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tthc_web.problems import answer_to, fault

log = logging.getLogger("tthc_web")

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every answer, where it does not say otherwise itself."""


class Guard:
    """The outermost part of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, sent = perf_counter(), 0, 0

        async def sending(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:  # the server would log it with its words, which may be the dossier's
            log_fault(log, error)
            if not status:
                await answer_to(fault())(scope, receive, sending)
        finally:
            # The path as it was routed, never as it was written; no query, no address of the client.
            path = getattr(scope.get("route"), "path", "-")
            took = (perf_counter() - began) * 1000
            log.info("%s %s %s %.0f ms %d B", scope["method"], path, status or "-", took, sent)


def log_fault(to: logging.Logger, error: BaseException) -> None:
    """What broke and where; what it said of itself is left out."""
    places = " < ".join(
        f"{frame.name} {frame.filename}:{frame.lineno}" for frame in reversed(extract_tb(error.__traceback__))
    )
    to.error("%s: %s", type(error).__name__, places)
