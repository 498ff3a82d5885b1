"""The body of a request: of a type that is taken, no larger and no slower than allowed, before anybody reads it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from email.message import Message
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request

from tthc_web.limits import Limits
from tthc_web.problems import too_large, too_slow, wrong_type

JSON: Final = ("application/json",)
NDJSON: Final = ("application/x-ndjson", "application/ndjson", "application/jsonl")


def check_head(headers: Headers, types: Sequence[str], most: int) -> None:
    """Refuse by its head a body of another type, one that is packed, and one that says itself that it is too large."""
    said = Message()
    said["content-type"] = headers.get("content-type", "")
    if said.get_content_type() not in types or said.get_content_charset("utf-8") not in ("utf-8", "utf8"):
        raise wrong_type("Content-Type", types)
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise wrong_type("Content-Encoding", ("identity",))
    announced = headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > 15 or int(announced) > most):
        raise too_large(most)


async def read_body(request: Request, limits: Limits) -> bytes:
    """The whole body with one dossier."""
    check_head(request.headers, JSON, limits.body_bytes)
    body = bytearray()
    try:
        async with asyncio.timeout(limits.seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limits.body_bytes:
                    raise too_large(limits.body_bytes)
    except TimeoutError:
        raise too_slow(limits.seconds) from None
    return bytes(body)
