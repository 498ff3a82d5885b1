"""Commands on dossiers: one, and many."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tthc_rules.cli.anylog import AnyLog, with_format
from tthc_rules.cli.explained import Days, Full, tell
from tthc_rules.cli.grouped import AskedOn, ByCalendar, HowRead, in_groups
from tthc_rules.cli.nights import (
    Delta,
    KeepState,
    Previous,
    all_anew,
    is_night,
    night_files,
    night_log,
    rescore_one_night,
)
from tthc_rules.cli.options import (
    FOUND,
    FetchedOn,
    Jurisdiction,
    Lang,
    LatenessChoice,
    LatenessOption,
    Plain,
    Quiet,
    Readings,
    Rules,
    Strict,
    Unconfirmed,
    fail_option,
    in_file,
    open_book,
    read_bytes,
    read_supposed,
    refuse,
)
from tthc_rules.cli.progress import progress
from tthc_rules.cli.results import STDIO, arrow, is_printed, takes_stdout
from tthc_rules.cli.sent import one_sent, sent_file, tell_faults
from tthc_rules.cli.stdin import stdin_kept, stdin_parts, takes_stdin
from tthc_rules.cli.stopped import stoppable
from tthc_rules.cli.terminal import say, show, show_json
from tthc_rules.errors import (
    EngineError,
    bulk_missing,
)

if TYPE_CHECKING:
    from tthc_rules.law.question import Question
    from tthc_rules.library import Rulebook
    from tthc_rules.result.verdict import Verdict
    from tthc_rules.runs.onebyone import Summary
    from tthc_rules.runs.rawlog import LogFile
    from tthc_rules.runs.sent import SentFile


@in_groups
def evaluate(
    *,
    dossier: Annotated[Path, typer.Argument(help="Tệp JSON của một hồ sơ, hoặc - / one dossier as JSON, or -.")],
    asked: AskedOn,
    lang: Annotated[
        Lang | None, typer.Option("--lang", help="Giải thích bằng lời thay cho JSON / explain in words.")
    ] = None,
    full: Full = False,
    days: Days = False,
    lateness: LatenessOption = LatenessChoice.by_date,
    counted: ByCalendar,
    rules: Rules = None,
    reading: Readings = None,
    unconfirmed: Unconfirmed = False,
    strict: Strict = False,
    format: Annotated[
        str | None, typer.Option("--format", help="Tệp là thông điệp của nguồn này / a sender's messages.")
    ] = None,
    dossier_id: Annotated[
        str | None, typer.Option("--dossier", help="Mã hồ sơ, nếu thông điệp có nhiều / which dossier of them.")
    ] = None,
    fetched_on: FetchedOn = None,
    jurisdiction: Jurisdiction = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option("--what-if", metavar="SỰ_KIỆN", help='"supplement_received 2026-11-27", tệp JSON / suppose.'),
    ] = None,
) -> None:
    """Kết luận về một hồ sơ: JSON, hoặc lời giải thích nếu có --lang. / The verdict on one dossier."""
    from tthc_rules.law.dossier import Dossier

    book = open_book(rules, reading, unconfirmed)
    read: Dossier | dict[str, Any]
    if format is not None:
        with stdin_kept(format) if dossier == STDIO else nullcontext(dossier) as place:
            sent = sent_file(place, format, fetched_on, jurisdiction)
            read = one_sent(sent.reader(book, asked.known or asked.day), dossier_id, (lang or Lang.vi).value)
    else:
        text = b"".join(stdin_parts()) if dossier == STDIO else read_bytes(dossier)
        read = in_file(dossier, lambda: Dossier.model_validate_json(text))
    verdict = book.evaluate(
        read,
        asked.day,
        known_on=asked.known,
        lateness=lateness.value,
        calendar=counted.calendar,
        hours=counted.hours,
        strict=strict,
        what_if=read_supposed(what_if) if what_if else None,
    )
    if lang is None and not full and not days:
        show_json(verdict.model_dump_json(indent=2))
    else:
        tell(verdict, lang or Lang.vi, full, days)


_NO_NIGHT: Final = "khi không có --keep-state, --previous", "without --keep-state, --previous"


class ResultForm(StrEnum):
    csv = "csv"
    ndjson = "ndjson"
    parquet = "parquet"
    xlsx = "xlsx"


@takes_stdin("events", "format", "--format")
@takes_stdout
@in_groups
def rescore(
    *,
    events: Annotated[
        Path, typer.Argument(help="Tệp hồ sơ: parquet, csv, xlsx, ndjson, json, xes; - là stdin / the dossiers.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Kết quả: .csv, .xlsx, .ndjson, .parquet; - là stdout / the result.")
    ],
    asked: AskedOn,
    to: Annotated[ResultForm | None, typer.Option("--to", help="Định dạng ra của -o - / the form on stdout.")] = None,
    how: HowRead,
    resume: Annotated[
        bool, typer.Option("--resume", help="Chạy tiếp lần chạy dở (Parquet) / go on with a stopped run.")
    ] = False,
    memory: Annotated[
        str, typer.Option("--memory", help="Bộ nhớ để sắp xếp nhật ký (Parquet) / memory for sorting.")
    ] = "1GB",
    lateness: LatenessOption = LatenessChoice.by_date,
    counted: ByCalendar,
    rules: Rules = None,
    reading: Readings = None,
    unconfirmed: Unconfirmed = False,
    strict: Strict = False,
    lang: Annotated[
        Lang, typer.Option("--lang", help="Ngôn ngữ của phần tóm tắt / language of the summary.")
    ] = Lang.vi,
    explain: Annotated[
        int, typer.Option("--explain", min=0, help="Giải thích bằng lời N hồ sơ đầu / explain the first N dossiers.")
    ] = 0,
    full: Full = False,
    plain: Plain = False,
    quiet: Quiet = False,
    diagnostics: Annotated[
        Path | None, typer.Option("--diagnostics", help="Bảng chẩn đoán của thông điệp / what is wrong with messages.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Bảng đếm chẩn đoán của nguồn / each fault, counted.")
    ] = None,
    keep_state: KeepState = False,
    previous: Previous = None,
    delta: Delta = False,
) -> None:
    """Chấm lại nhiều hồ sơ, mỗi hồ sơ một dòng kết quả. / Judge a file of dossiers, one row each.

    --format dvcqg, igate, opencps: tệp hoặc thư mục thông điệp của nguồn đó (xem tthc-rules senders). / The messages of
    a sender, in a file or folder.
    """
    from tthc_rules.logs.eventlog import FORMATS
    from tthc_rules.logs.senders import senders
    from tthc_rules.runs.doors import rescore_log
    from tthc_rules.runs.rawlog import LogFile

    night = is_night(keep_state, previous, delta)
    if is_printed(output) and explain:
        fail_option("--explain", str(explain), ("-o TỆP / -o FILE",))
    source = AnyLog(events, how).source(lang)
    book = open_book(rules, reading, unconfirmed)
    question = book.question(asked.day, asked.known, lateness.value, counted.calendar, counted.hours, strict)
    if not isinstance(source, LogFile):
        refuse({"--resume": resume}, *with_format(["parquet"]))
        if night:
            refuse({"--explain": explain}, *_NO_NIGHT)
            files = night_files(output, previous, delta, diagnostics, report, plain, rules or ())
            rescore_one_night(book, question, source, files, lang, quiet)
            return
        _rescore_sent(
            book, question, source, output, diagnostics, report, tuple(rules or ()), explain, full, plain, lang, quiet
        )
        return
    refuse({"--diagnostics": diagnostics, "--report": report}, *with_format(senders()))
    if source.is_table:
        if is_printed(output) and to is ResultForm.parquet:  # which is a folder of parts
            fail_option("--to", to.value, tuple(one.value for one in ResultForm if one is not to))
        refuse({
            "--delimiter": how.delimiter, "--sheet": how.sheet, "--explain": explain, "--keep-state": keep_state,
            "--delta": delta,
        }, *with_format(one for one in FORMATS if one != "parquet"))  # fmt: skip
        _rescore_parquet(
            book,
            question,
            replace(source, memory=memory),
            output,
            tuple(rules or ()),
            resume,
            plain,
            lang,
            quiet,
            night,
        )
        return
    if resume:
        fail_option("--resume", "", (".parquet", "không có --mapping / without --mapping"))
    inputs = [path for path in (how.mapping, *(rules or ())) if path is not None]
    if night:
        refuse({"--dossiers": how.dossiers, "--grouped": how.grouped, "--explain": explain}, *_NO_NIGHT)
        files = night_files(output, previous, delta, None, None, plain, inputs)
        nightly = night_log(events, source.format, source.mapping, how.delimiter)
        rescore_one_night(book, question, nightly, files, lang, quiet)
        return
    told: list[Verdict] = []
    with stoppable(*_files(output)):
        with progress(quiet, lang.value) as tick:
            summary = rescore_log(
                book,
                question,
                events,
                output,
                mapping=source.mapping,
                dossiers=source.dossiers,
                format=source.format,
                delimiter=source.delimiter,
                sheet=source.sheet,
                grouped=source.grouped,
                plain=plain,
                explained=explain,
                each=told.append,
                progress=lambda done: tick(done, None),
                inputs=inputs,
            )
        _explain(told, lang, full)
        _tell(summary, output, lang)


def _rescore_parquet(
    book: Rulebook,
    question: Question,
    log: LogFile,
    output: Path,
    rules: Iterable[Path],
    resume: bool,
    plain: bool,
    lang: Lang,
    quiet: bool,
    night: bool,
) -> None:
    """Judge a Parquet log on the fast core; stopped, it says how to go on."""
    try:
        from tthc_rules.runs.parts import rescore_file
    except ImportError as error:
        raise EngineError(bulk_missing(error.name or "")) from None
    with stoppable(*_files(output)):
        with progress(quiet, lang.value) as tick:
            summary = rescore_file(
                book,
                question,
                log.events,
                log.dossiers,
                output,
                grouped=log.grouped,
                resume=resume,
                memory=log.memory,
                plain=plain,
                progress=tick,
                inputs=rules,
            )
        if night:
            all_anew(summary.dossiers, lang)
        _tell(summary, output, lang)


def _rescore_sent(
    book: Rulebook,
    question: Question,
    sent: SentFile,
    output: Path,
    diagnostics: Path | None,
    report: Path | None,
    rules: tuple[Path, ...],
    explain: int,
    full: bool,
    plain: bool,
    lang: Lang,
    quiet: bool,
) -> None:
    """Judge the dossiers of a sender's messages, and say what is wrong with the messages."""
    from tthc_rules.runs.sent import rescore_messages

    told: list[Verdict] = []
    with stoppable(*_files(output, diagnostics, report)):
        with progress(quiet, lang.value) as tick:
            summary, tally = rescore_messages(
                book,
                question,
                sent,
                output,
                diagnostics=diagnostics,
                report=report,
                plain=plain,
                explained=explain,
                each=told.append,
                progress=lambda done: tick(done, None),
                inputs=rules,
            )
        _explain(told, lang, full)
        tell_faults(tally, lang.value)
        _tell(summary, output, lang)


def _explain(told: list[Verdict], lang: Lang, full: bool) -> None:
    """Say of the first verdicts what led to them."""
    for verdict in told:
        tell(verdict, lang, full, False)
        show("")


def _files(*outputs: Path | None) -> list[Path]:
    """The results that stay as files: not what is printed when it is whole."""
    return [path for path in outputs if path is not None and not is_printed(path)]


def _tell(summary: Summary, output: Path, lang: Lang) -> None:
    for line in summary.lines(lang.value):
        say(line, err=True)
    say(arrow(output), err=True)
    if summary.errors:
        raise typer.Exit(FOUND)
