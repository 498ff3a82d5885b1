"""Standard input in the place of a file: `-`, which any reader then takes for the file that it is kept in."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager, suppress
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, ParamSpec, TypeVar

from tthc_rules.cli.results import STDIO
from tthc_rules.errors import InputFileError, OptionError, Problem, file_not_readable

_NAME: Final = "stdin"
_AT_ONCE: Final = 1 << 16
"""Octets that are read at once."""
P = ParamSpec("P")
R = TypeVar("R")


def takes_stdin(file: str, format: str, option: str, *sides: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A command whose argument `file` may be `-`; its format is then said by `option`, since no extension tells it.

    `sides` are arguments that begin with a folder.
    """

    def of(command: Callable[P, R]) -> Callable[P, R]:
        @wraps(command)
        def run(*args: P.args, **given: P.kwargs) -> R:
            if given[file] != STDIO:
                return command(*args, **given)
            if given[format] is None:
                raise OptionError(_format_needed(option))
            whole: dict[str, Any] = {name: _absolute(value, name in sides) for name, value in given.items()}
            with stdin_kept(str(given[format])) as place:
                return command(*args, **(whole | {file: place}))

        return run

    return of


@contextmanager
def stdin_kept(format: str) -> Iterator[Path]:
    """Standard input as a file, gone afterwards.

    The program stands in its folder meanwhile: a place in it is «stdin.csv:3», in every run and in every result.
    """
    with TemporaryDirectory(prefix="tthc-rules-") as folder:
        kept = Path(folder) / _NAME
        with kept.open("wb") as file:
            file.writelines(stdin_parts())
        named = kept.rename(kept.with_suffix(_suffix(kept, format)))
        with chdir(folder):
            yield Path(named.name)


def stdin_parts() -> Iterator[bytes]:
    """What comes through standard input; raises `InputFileError` where nothing can be read there."""
    try:
        while part := os.read(sys.stdin.fileno(), _AT_ONCE):  # which lets itself be interrupted
            yield part
    except OSError as error:
        raise InputFileError(file_not_readable(_NAME, error)) from None


def _suffix(kept: Path, format: str) -> str:
    """The extension of a format; of a sender's messages, what they look like."""
    from tthc_rules.logs.eventlog import FORMATS
    from tthc_rules.logs.senders import senders

    if format not in senders():
        return f".{format}" if format in FORMATS else ""  # of another the command says what is known
    with kept.open("rb") as file:
        first = next((line.strip() for line in file if line.strip()), b"")
        more = any(line.strip() for line in file)
    if first.removeprefix(b"\xef\xbb\xbf").startswith(b"<"):
        return ".xml"
    with suppress(ValueError):
        if more and isinstance(json.loads(first), dict):
            return ".ndjson"
    return ".json"


def _absolute(value: object, is_side: bool) -> object:
    """A path as it is named from anywhere."""
    match value:
        case Path() if value != STDIO:
            return value.absolute()
        case list():
            return [_absolute(one, is_side) for one in value]
        case str() if is_side:
            place, comma, rest = value.partition(",")
            return f"{Path(place).absolute()}{comma}{rest}" if Path(place).is_dir() else value
        case _:
            return value


def _format_needed(option: str) -> Problem:
    from tthc_rules.logs.eventlog import FORMATS
    from tthc_rules.logs.senders import senders

    known: Sequence[str] = (*FORMATS, *senders()) if option == "--format" else FORMATS
    return Problem(
        "TR-stdin-format",
        option,
        f"đọc từ stdin (-) thì phải nêu định dạng: thêm {option}",
        f"standard input (-) has no extension: name its format by {option}",
        known=tuple(known),
    )
