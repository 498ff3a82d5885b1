"""What is typed about nights, and the command's own part in them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tthc_rules.cli.options import FOUND, Lang, fail_option
from tthc_rules.cli.progress import progress
from tthc_rules.cli.sent import tell_faults
from tthc_rules.cli.stopped import stoppable
from tthc_rules.cli.terminal import say
from tthc_rules.errors import InputFileError

if TYPE_CHECKING:
    from tthc_rules.law.question import Question
    from tthc_rules.library import Rulebook
    from tthc_rules.logs.mapping import Mapping as LogMapping
    from tthc_rules.runs.nightly.night import NightFiles
    from tthc_rules.runs.nightly.rowlogs import NightLog
    from tthc_rules.runs.sent import SentFile

KeepState = Annotated[
    bool, typer.Option("--keep-state", help="Giữ trạng thái cạnh kết quả cho đêm sau / for the next night.")
]
Previous = Annotated[
    Path | None,
    typer.Option("--previous", help="Kết quả đêm trước: chỉ tính lại hồ sơ cần tính / last night's result."),
]
Delta = Annotated[bool, typer.Option("--delta", help="Tệp vào chỉ có cái mới của đêm nay / only what came tonight.")]


def is_night(keep_state: bool, previous: Path | None, delta: bool) -> bool:
    """Whether a run is one of nights."""
    if delta and previous is None:
        fail_option("--delta", "", ("--previous",))
    return keep_state or previous is not None


def night_log(events: Path, format: str | None, mapping: LogMapping | None, delimiter: str | None) -> NightLog:
    """The log of a night; raises for one of which no state is kept."""
    from tthc_rules.logs.eventlog import format_of, sign_of
    from tthc_rules.runs.nightly import complaints
    from tthc_rules.runs.nightly.rowlogs import FORMATS, NightLog

    form = format_of(events, format)
    if form not in FORMATS or (form == "xes" and mapping is not None):
        what = "xes, --mapping" if form == "xes" else form
        raise InputFileError(complaints.not_kept(events, what, FORMATS))
    return NightLog(events, form, mapping, sign_of(events, mapping, delimiter))


def night_files(
    output: Path,
    previous: Path | None,
    delta: bool,
    diagnostics: Path | None,
    report: Path | None,
    plain: bool,
    inputs: Iterable[Path],
) -> NightFiles:
    """The files of a night."""
    from tthc_rules.runs.nightly.night import NightFiles

    return NightFiles(output, previous, delta, diagnostics, report, plain, tuple(inputs))


def rescore_one_night(
    book: Rulebook, question: Question, log: NightLog | SentFile, files: NightFiles, lang: Lang, quiet: bool
) -> None:
    """Judge what must be judged since the night before, and say how much that was."""
    from tthc_rules.runs.nightly.night import rescore_night, state_of

    tables = [path for path in (files.diagnostics, files.report) if path is not None]
    with stoppable(files.output, state_of(files.output), *tables):
        with progress(quiet, lang.value) as tick:
            night = rescore_night(book, question, log, files, progress=lambda done: tick(done, None))
        if night.faults is not None:
            tell_faults(night.faults, lang.value)
        for line in night.lines(lang.value):
            say(line, err=True)
        say(f"→ {files.output}", err=True)
        if night.summary.errors:
            raise typer.Exit(FOUND)


def all_anew(dossiers: int, lang: Lang) -> None:
    """A whole log of Parquet is judged anew: reading a row of the night before costs more than judging it."""
    say(
        f"Tính lại tất cả {dossiers} hồ sơ: với cả tệp Parquet, tính lại nhanh hơn đọc lại kết quả đêm trước"
        if lang is Lang.vi
        else f"All {dossiers} judged anew: of a whole Parquet log that is faster than reading last night's rows",
        err=True,
    )
