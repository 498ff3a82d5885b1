"""Where a result goes: a file that is claimed, or the standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any, Final, ParamSpec, TypeVar

import typer

from tthc_rules.cli.options import FOUND
from tthc_rules.cli.stopped import stoppable
from tthc_rules.cli.terminal import harmless_json, say, show_toned
from tthc_rules.errors import OptionError, Problem, visible

STDIO: Final = Path("-")
"""How standard input and output are named where a file could be."""
_PRINTED: Final = "tthc-rules-stdout"
P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def result_place(output: Path | None, inputs: Iterable[Path | None] = (), suffix: str = "") -> Iterator[Path]:
    """The place of one result, held by this run; for `-`, or nothing, a file that is printed once it is whole."""
    if output is not None and output != STDIO:
        from tthc_rules.runs.output import claimed

        given = [path for path in inputs if path not in (None, STDIO)]
        with stoppable(output), claimed((output,), given) as (place,):
            yield place.path
        return
    with TemporaryDirectory(prefix="tthc-rules-") as folder:
        path = Path(folder) / f"{_PRINTED}{suffix}"
        try:
            yield path
        except typer.Exit:  # the result is whole, and says what was found
            _print(path)
            raise
        _print(path)


def made_into(
    output: Path | None,
    inputs: Iterable[Path],
    make: Callable[[], R],
    write: Callable[[R, Path], None],
    show: Callable[[R], None],
) -> R:
    """What was made, written into the file that is held for it meanwhile; without one it is shown."""
    if output is None:
        made = make()
        show(made)
        return made
    with result_place(output, inputs) as path:
        made = make()
        write(made, path)
    return made


def tell_of_result(lines: Iterable[tuple[str, str]], output: Path | None, is_whole: bool) -> None:
    """What was counted, said beside the result, and where that went; exits with 1 where a dossier was refused."""
    show_toned(lines, err=True)
    if output is not None:
        say(arrow(output), err=True)
    if not is_whole:
        raise typer.Exit(FOUND)


def _print(path: Path) -> None:
    """The bytes of a result; on a terminal its lines, with nothing in them that one acts on."""
    sys.stdout.flush()
    with path.open("rb") as whole:
        if sys.stdout.isatty():
            for line in whole:
                text = line.decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")
                typer.echo(harmless_json(text) if path.suffix in (".json", ".ndjson") else visible(text))
        else:
            copyfileobj(whole, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def is_printed(output: Path) -> bool:
    """Whether this is the file in which a result for standard output is kept until it is whole."""
    return output.stem == _PRINTED


def arrow(output: Path) -> str:
    """Where a result went, as it is told behind it."""
    return "→ stdout" if output == STDIO or is_printed(output) else f"→ {output}"


def takes_stdout(command: Callable[P, R]) -> Callable[P, R]:
    """A command whose `output` may be `-`; the form is then said by `to`, since no extension tells it."""

    @wraps(command)
    def run(*args: P.args, **given: P.kwargs) -> R:
        if given["output"] != STDIO:
            return command(*args, **given)
        form = given["to"]
        if form is None:
            raise OptionError(_form_needed())
        if form in ("parquet", "xlsx"):
            refuse_screen(STDIO, str(form))
        with result_place(STDIO, suffix=f".{form}") as path:
            whole: dict[str, Any] = {**given, "output": path}
            return command(*args, **whole)

    return run


def refuse_screen(output: Path | None, what: str) -> None:
    """Raise where bytes that are no text would be shown on a terminal."""
    if output in (None, STDIO) and sys.stdout.isatty():
        raise OptionError(_not_for_screens(what))


def _form_needed() -> Problem:
    return Problem(
        "TR-stdin-format",
        "--to",
        "ghi ra stdout (-o -) thì phải nêu định dạng: thêm --to",
        "standard output (-o -) has no extension: name the format by --to",
        known=("csv", "ndjson", "parquet", "xlsx"),
    )


def _not_for_screens(what: str) -> Problem:
    return Problem(
        "TR-output-screen",
        "stdout",
        f"{what} là tệp nhị phân, không in ra màn hình; thêm -o TỆP, hoặc chuyển sang chương trình khác (| …, > TỆP)",
        f"{what} is binary and is not shown on a terminal; add -o FILE, or send it on (| …, > FILE)",
    )
