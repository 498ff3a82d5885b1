"""iCalendar (RFC 5545) as text: the frame of a calendar, lines folded by octets, values escaped.

Stateless: no clock is read and nothing is remembered between two runs, so who makes an event says what it is called,
how new it is and since when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from tthc_rules.errors import visible

LINE: Final = 75
"""Octets of a line, its end not counted."""


def calendar_text(product: str, name: str, lang: str, events: Iterable[str]) -> str:
    """A calendar of the lines of its events."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//tthc-rules//{product}//{lang.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        *events,
        "END:VCALENDAR",
    ]
    return "".join(part + "\r\n" for line in lines for part in folded(line))


def folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, each after the first behind a blank; no character is cut."""
    piece, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LINE:
            yield piece
            piece, size = " ", 1
        piece += letter
        size += octets
    yield piece


def escaped(text: str) -> str:
    """Text as a value has it; what a screen would act on or hide is said."""
    lines: Iterable[str] = (visible(line) for line in text.split("\n"))
    safe = (line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in lines)
    return "\\n".join(safe)
