"""The command on due dates: what falls due in a log, or the date for the slip of a file about to be accepted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args

import typer

from tthc_rules.cli.anylog import AnyLog, dossiers_of, mapping_of
from tthc_rules.cli.grouped import ByCalendar, HowRead, in_groups
from tthc_rules.cli.options import (
    KnownOn,
    Lang,
    LangOption,
    Plain,
    Quiet,
    Readings,
    Rules,
    Strict,
    fail_option,
    open_book,
    read_date,
    refuse,
)
from tthc_rules.cli.progress import progress
from tthc_rules.cli.results import STDIO, made_into, result_place, tell_of_result
from tthc_rules.cli.stdin import takes_stdin
from tthc_rules.cli.terminal import show, show_json, show_toned

if TYPE_CHECKING:
    from tthc_rules.law.question import Question
    from tthc_rules.library import Rulebook
    from tthc_rules.runs.due.acts import DueActs


class Form(StrEnum):
    text = "text"
    csv = "csv"
    json = "json"
    ics = "ics"


@takes_stdin("log", "format", "--format")
@in_groups
def due(
    *,
    log: Annotated[
        Path | None, typer.Argument(help="Tệp hồ sơ, như của rescore; bỏ trống khi có --accepted / a log.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="Ngày xét / the day asked about.")
    ] = None,
    within: Annotated[
        int, typer.Option("--within", min=0, max=250, help="Số ngày làm việc, kể cả ngày xét / workdays ahead.")
    ] = 3,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Tệp ra: .txt, .csv, .xlsx, .json, .ics / the file.")
    ] = None,
    to: Annotated[
        Form, typer.Option("--to", help="In ra màn hình dạng nào, nếu không có -o / the form on stdout.")
    ] = Form.text,
    accepted: Annotated[
        str | None,
        typer.Option("--accepted", metavar="NGÀY[THH:MM]", help="Lúc tiếp nhận: hỏi ngày hẹn / ask for a slip's date."),
    ] = None,
    limit: Annotated[
        str | None,
        typer.Option("--limit", metavar="THỜI_HẠN", help='"5 workday", "5 ngày làm việc", "none" / the time limit.'),
    ] = None,
    procedure: Annotated[
        str | None, typer.Option("--procedure", help="Mã thủ tục trong danh mục / a procedure of the catalogue.")
    ] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", help="in_person, online, postal: cách nộp / the way of filing.")
    ] = None,
    known_on: KnownOn = None,
    how: HowRead,
    counted: ByCalendar,
    rules: Rules = None,
    reading: Readings = None,
    strict: Strict = False,
    plain: Plain = False,
    lang: LangOption = Lang.vi,
    quiet: Quiet = False,
) -> None:
    """Việc đến hạn trong nhật ký, theo đơn vị và vai trò; hoặc ngày hẹn của một hồ sơ. / Who must act by when.

    Nhật ký: tthc-rules due LOG --as-of NGÀY --within 3. Ngày hẹn trả: tthc-rules due --accepted LÚC --limit THỜI_HẠN,
    hoặc --procedure. / A log, or --accepted for the date of a slip, each day counted.
    """
    known = read_date(known_on, "--known-on") if known_on else None
    output = None if output == STDIO else output
    if accepted is not None:
        refuse({
            "LOG": log, "--as-of": as_of, "-o": output, "--mapping": how.mapping, "--dossiers": how.dossiers,
            "--format": how.format, "--delimiter": how.delimiter, "--sheet": how.sheet, "--grouped": how.grouped,
            "--fetched-on": how.fetched_on,
        }, "khi hỏi về một nhật ký", "when a log is asked about")  # fmt: skip
        _slip(open_book(rules, reading), accepted, limit, {
            "procedure": procedure, "channel": channel, "jurisdiction": how.jurisdiction, "known_on": known,
            "calendar": counted.calendar, "hours": counted.hours,
        }, to, lang)  # fmt: skip
        return
    if log is None or as_of is None:
        fail_option("due", "", ("LOG --as-of YYYY-MM-DD", "--accepted YYYY-MM-DDTHH:MM --limit …"))
    refuse({"--limit": limit, "--procedure": procedure, "--channel": channel}, "với --accepted", "with --accepted")
    from tthc_rules.runs.due.files import form_of, write_due
    from tthc_rules.runs.due.listing import refused_lines, total_lines

    book = open_book(rules, reading)
    question = book.question(read_date(as_of, "--as-of"), known, "by_date", counted.calendar, counted.hours, strict)
    given = AnyLog(log, how)
    form = to.value if output is None else form_of(output)
    found = made_into(
        output,
        [*given.files, *(rules or ())],
        lambda: _gathered(book, question, given, within, form == "ics", lang, quiet),
        lambda acts, path: write_due(acts, path, form, lang.value, plain),
        lambda acts: _print(acts, to, lang, plain),
    )
    is_listed = output is None and to is Form.text
    lines = [] if is_listed else [*refused_lines(found, lang.value), *total_lines(found, lang.value)]
    tell_of_result(lines, output, not found.refused)


def _gathered(
    book: Rulebook, question: Question, given: AnyLog, within: int, with_taken_back: bool, lang: Lang, quiet: bool
) -> DueActs:
    """What falls due in the log, whatever it is."""
    from tthc_rules.runs.doors import question_of_log
    from tthc_rules.runs.due.acts import TAKEN_BACK, Collector
    from tthc_rules.runs.rawlog import open_dossiers, still_open

    source = given.source(lang)
    collector = Collector(book, question_of_log(book, question, mapping_of(source)), within, with_taken_back)
    asked, since, settled = collector.question, question.as_of - timedelta(TAKEN_BACK), collector.settled
    with (
        progress(quiet, lang.value) as tick,
        dossiers_of(
            source, book, asked, lang,
            lambda file: open_dossiers(book, asked, file, since, settled),
            lambda raws: still_open(book, asked, raws, since, settled),
        ) as raws,
    ):  # fmt: skip
        return collector.take(raws, lambda done: tick(done, None))


def _print(found: DueActs, to: Form, lang: Lang, plain: bool) -> None:
    """The list on stdout, in the form that was asked for."""
    from tthc_rules.runs.due.files import as_json, write_due
    from tthc_rules.runs.due.listing import listing

    match to:
        case Form.text:
            show_toned(listing(found, lang.value))
        case Form.json:
            show_json(as_json(found).rstrip())
        case _:
            with result_place(None) as path:
                write_due(found, path, to.value, lang.value, plain)


def _slip(book: Rulebook, accepted: str, limit: str | None, fields: Mapping[str, Any], to: Form, lang: Lang) -> None:
    """The date for a slip."""
    if to not in (Form.text, Form.json):
        fail_option("--to", to.value, ("text", "json"))
    found = book.due(accepted, time_limit=None if limit is None else read_limit(limit), **fields)
    if to is Form.json:
        show_json(found.model_dump_json(indent=2))
    else:
        show(found.explain(lang.value))


_LIMIT: Final = re.compile(r"(\d{1,9}) ?(\w+)", re.ASCII)


def read_limit(written: str) -> dict[str, Any]:
    """A time limit as it is typed: `5 workday`, or in the words of a catalogue (`5 ngày làm việc`)."""
    from tthc_rules.law.dossier import Unit
    from tthc_rules.logs.stated import TimeLimitText
    from tthc_rules.logs.terms import as_time_limit, read_term

    plain = written.strip()
    if plain == "none":
        return {"none": True}
    if (found := _LIMIT.fullmatch(plain)) and found[2] in get_args(Unit):
        return {"amount": int(found[1]), "unit": found[2]}
    term = read_term(plain)
    limit = as_time_limit(term)
    if limit is None or (isinstance(term, TimeLimitText) and (term.conditions or term.steps)):
        fail_option("--limit", written, (*(f"5 {unit}" for unit in get_args(Unit)), "5 ngày làm việc", "none"))
    return limit
