"""Where a result goes: a file that is claimed, or the standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory

from tthc_rules.errors import OptionError, Problem

STDIO = Path("-")
"""How standard input and output are named where a file could be."""


@contextmanager
def result_place(output: Path | None, inputs: Iterable[Path | None] = ()) -> Iterator[Path]:
    """The place of one result, held by this run; for `-`, or nothing, a file that is printed once it is whole."""
    if output is not None and output != STDIO:
        from tthc_rules.runs.output import claimed

        with claimed((output,), [path for path in inputs if path not in (None, STDIO)]) as (place,):
            yield place.path
        return
    with TemporaryDirectory(prefix="tthc-rules-") as folder:
        path = Path(folder) / "result"
        yield path
        sys.stdout.flush()
        with path.open("rb") as whole:
            copyfileobj(whole, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def refuse_screen(output: Path | None, what: str) -> None:
    """Raise where bytes that are no text would be shown on a terminal."""
    if output in (None, STDIO) and sys.stdout.isatty():
        raise OptionError(_not_for_screens(what))


def _not_for_screens(what: str) -> Problem:
    return Problem(
        "TR-output-screen",
        "stdout",
        f"{what} là tệp nhị phân, không in ra màn hình; thêm -o TỆP, hoặc chuyển sang chương trình khác (| …, > TỆP)",
        f"{what} is binary and is not shown on a terminal; add -o FILE, or send it on (| …, > FILE)",
    )
