"""What is said on a terminal, and being asked to stop."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from shutil import get_terminal_size
from textwrap import fill
from typing import Any, Final, NoReturn

import typer

from tthc_rules.errors import visible


def say(line: str, *, err: bool = False) -> None:
    """One line; whatever a user's text holds, it stays one line."""
    typer.echo(_fitted(visible(line), err), err=err)


def show(text: str, *, err: bool = False, colour: Mapping[str, str] | None = None) -> None:
    """Several lines of ours, in which words of users are in one line each; on a terminal coloured by their signs."""
    for line in text.split("\n"):
        fitted = _fitted(visible(line), err)
        ink = None if colour is None else colour.get(line[:1])
        typer.echo(fitted if ink is None else typer.style(fitted, fg=ink), err=err)


def show_toned(lines: Iterable[tuple[str, str]], *, err: bool = False) -> None:
    """Lines with the tone in which each is said, which is a colour where a terminal shows one."""
    plain = bool(os.environ.get("NO_COLOR"))
    for text, tone in lines:
        line = _fitted(visible(text), err)
        typer.echo(line if plain else typer.style(line, **_TONES[tone]), err=err)


_TONES: Final[dict[str, dict[str, Any]]] = {
    "": {},
    "head": {"bold": True},
    "late": {"fg": "red", "bold": True},
    "today": {"fg": "yellow"},
    "faint": {"dim": True},
}


def _fitted(line: str, err: bool) -> str:
    """The line as a terminal shows it, broken between words; into a file or another program it goes as it is."""
    if not (sys.stderr if err else sys.stdout).isatty():
        return line
    width = get_terminal_size().columns
    rest = " " * (len(line) - len(line.lstrip()) + 4)
    if len(line) <= width or width < len(rest) + 20:
        return line
    return fill(line, width, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)


def show_json(text: str) -> None:
    """JSON: what a terminal would act on or hide is written as JSON's own escape, so that the value is the same."""
    typer.echo(harmless_json(text))


def harmless_json(text: str) -> str:
    """The text of JSON, with those escapes in it."""
    return "".join(sign if sign == "\n" or visible(sign) == sign else _json_escape(sign) for sign in text)


def _json_escape(sign: str) -> str:
    return json.dumps(sign)[1:-1] if ord(sign) > 0x7F else f"\\u{ord(sign):04x}"


def give_streams() -> None:
    """Standard streams where whoever started the program closed them, in the order in which they are numbered.

    To read the input or to write the output then fails, as a full disk does; what is said beside goes nowhere. No file
    of ours gets their numbers, under which other code would write into it.
    """
    for name, way, mode in (("stdin", os.O_WRONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_WRONLY, "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, way), mode, encoding="utf-8"))


class Terminated(BaseException):
    """The system asks the program to end: what was begun is put away, as for a person who interrupts it."""


@contextmanager
def terminable() -> Iterator[None]:
    """Within, being asked to end (SIGTERM, and Ctrl-Break on Windows) lets whoever holds something put it away."""

    def end(number: int, frame: object) -> NoReturn:
        raise Terminated

    names = ("SIGTERM", "SIGBREAK", "SIGHUP")
    before = {}
    with suppress(ValueError):  # only the main thread may ask for signals
        for name in names:
            if (number := getattr(signal, name, None)) is not None and signal.getsignal(number) == signal.SIG_DFL:
                before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
