"""How far a run is: a bar on a terminal, and a last word when it is stopped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from tthc_rules.cli.terminal import Terminated, say

if TYPE_CHECKING:
    from rich.progress import Progress

Pair = tuple[str, str]
Tick = Callable[[int, int | None], None]

DOSSIERS: Final[Pair] = ("hồ sơ", "dossiers")
PROCEDURES: Final[Pair] = ("thủ tục", "procedures")
CASES: Final[Pair] = ("ca", "cases")
ROWS: Final[Pair] = ("dòng", "rows")
_AT_ONCE: Final = 100
"""So many more are done before the bar is drawn again."""


def counted(number: float, lang: str) -> str:
    """A number as the reader's language writes it: 12.345 in Vietnamese, 12,345 in English."""
    text = f"{number:,.0f}"
    return text.replace(",", ".") if lang == "vi" else text


@contextmanager
def progress(quiet: bool, lang: str, what: Pair = DOSSIERS) -> Iterator[Tick]:
    """Count, rate and time to go on stderr, where that is a terminal; silent elsewhere, and where asked to be.

    Who stops the run is told how far it was.
    """
    done, whole = 0, None

    def count(so_far: int, total: int | None) -> None:
        nonlocal done, whole
        done, whole = so_far, total

    try:
        if quiet or not sys.stderr.isatty():
            yield count
        else:
            with _bar(lang, what) as draw:

                def tick(so_far: int, total: int | None) -> None:
                    count(so_far, total)
                    draw(so_far, total)

                yield tick
    except (KeyboardInterrupt, Terminated):
        with suppress(OSError):
            say(_stopped(done, whole, what), err=True)
        raise


def _stopped(done: int, whole: int | None, what: Pair) -> str:
    vi, en = (counted(done, lang) for lang in ("vi", "en"))
    if whole is None:
        return f"Đã dừng sau {vi} {what[0]}. / Stopped after {en} {what[1]}."
    left = (counted(max(whole - done, 0), lang) for lang in ("vi", "en"))
    return f"Đã dừng sau {vi} {what[0]}, còn {next(left)}. / Stopped after {en} {what[1]}, {next(left)} left."


@contextmanager
def _bar(lang: str, what: Pair) -> Iterator[Tick]:
    with _columns(lang, what) as bar:
        task = bar.add_task("", total=None)
        shown = 0

        def draw(done: int, total: int | None) -> None:
            nonlocal shown
            if total is not None or not shown <= done < shown + _AT_ONCE:
                shown = done
                bar.update(task, completed=done, total=total)

        yield draw


def _columns(lang: str, what: Pair) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TimeElapsedColumn
    from rich.progress import TimeRemainingColumn as ToGo
    from rich.text import Text

    word = what[0 if lang == "vi" else 1]

    class CountColumn(ProgressColumn):
        """How many are done, and how many in a second, in the numbers of the reader."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            rate = "" if speed is None else f"  {counted(speed, lang)} {word}/s"
            return Text(f"{counted(task.completed, lang)} {word}{rate}")

    columns = (SpinnerColumn(), CountColumn(), BarColumn(20), TimeElapsedColumn(), ToGo())
    return Progress(*columns, console=Console(stderr=True), transient=True)
