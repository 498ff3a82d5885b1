"""The command on ways of counting: at which step the dates of a log's sender part from the law's."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tthc_rules.cli.anylog import AnyLog
from tthc_rules.cli.options import (
    FOUND,
    AsOf,
    CalendarOption,
    Delimiter,
    DossierTable,
    Grouped,
    HoursOption,
    KnownOn,
    Lang,
    MappingFile,
    Plain,
    Readings,
    Rules,
    Sheet,
    Strict,
    open_book,
    read_date,
    read_mapping,
)
from tthc_rules.cli.progress import progress
from tthc_rules.cli.results import result_place
from tthc_rules.cli.sent import FetchedOn, Jurisdiction
from tthc_rules.cli.terminal import say, show_json, show_toned

if TYPE_CHECKING:
    from tthc_rules.law.question import Question
    from tthc_rules.library import Rulebook
    from tthc_rules.runs.habits.table import HabitTable


class HabitForm(StrEnum):
    text = "text"
    csv = "csv"
    json = "json"


def habits(
    log: Annotated[Path, typer.Argument(help="Nhật ký, như của rescore / a log.")],
    as_of: AsOf,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Tệp ra: .txt, .csv, .xlsx, .json / the file.")
    ] = None,
    to: Annotated[
        HabitForm, typer.Option("--to", help="In ra màn hình dạng nào, nếu không có -o / the form on stdout.")
    ] = HabitForm.text,
    known_on: KnownOn = None,
    mapping: MappingFile = None,
    dossiers: DossierTable = None,
    format: Annotated[
        str | None, typer.Option("--format", help="Định dạng vào, hoặc nguồn của thông điệp / format, or a sender.")
    ] = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    grouped: Grouped = False,
    fetched_on: FetchedOn = None,
    jurisdiction: Jurisdiction = None,
    calendar: CalendarOption = None,
    hours: HoursOption = None,
    rules: Rules = None,
    reading: Readings = None,
    strict: Strict = False,
    plain: Plain = False,
    lang: Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ / language.")] = Lang.vi,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Không hiện tiến độ / no progress bar.")] = False,
) -> None:
    """Ngày hẹn trong nhật ký khác luật ở bước nào: quên ngày lễ, đếm cả ngày nhận… / How a sender counts its dates.

    Mỗi ngày hẹn trên phiếu đặt cạnh ngày theo luật của hôm cấp phiếu; cách tính nào đã biết cho ra ngày ấy, bao nhiêu
    phần trăm. Không kết luận về ai. / Each date on a slip beside the law's; which known ways of counting give it.
    """
    day = read_date(as_of, "--as-of")
    known = read_date(known_on, "--known-on") if known_on else None
    book = open_book(rules, reading)
    question = book.question(day, known, "by_date", calendar, hours, strict)
    given = AnyLog(log, format, mapping, dossiers, delimiter, sheet, grouped, fetched_on, jurisdiction)
    if output is None:
        found = _gathered(book, question, given, lang, quiet)
        _print(found, to, lang, plain)
    else:
        from tthc_rules.runs.habits.files import habit_form_of, write_habits
        from tthc_rules.runs.output import claimed

        form = habit_form_of(output)
        with claimed((output,), [*given.files, *(rules or ())]) as (place,):
            found = _gathered(book, question, given, lang, quiet)
            write_habits(found, place.path, form, lang.value, plain)
    _tell(found, output, lang, is_listed=output is None and to is HabitForm.text)


def _gathered(book: Rulebook, question: Question, given: AnyLog, lang: Lang, quiet: bool) -> HabitTable:
    """The table of the log, whatever it is."""
    from tthc_rules.runs.doors import question_of_log
    from tthc_rules.runs.habits.table import HabitCollector
    from tthc_rules.runs.rawlog import every_dossier

    explained = read_mapping(given.mapping, lang)
    collector = HabitCollector(book, question_of_log(book, question, explained))
    with (
        progress(quiet, lang.value) as tick,
        given.opened(
            book, question.known_on, explained, lang,
            lambda file: every_dossier(book, collector.question, file), lambda raws: raws,
        ) as raws,
    ):  # fmt: skip
        return collector.take(raws, lambda done: tick(done, None))


def _print(found: HabitTable, to: HabitForm, lang: Lang, plain: bool) -> None:
    """The table on stdout, in the form that was asked for."""
    from tthc_rules.runs.habits.files import write_habits
    from tthc_rules.runs.habits.listing import habit_listing

    match to:
        case HabitForm.text:
            show_toned(habit_listing(found, lang.value))
        case HabitForm.json:
            show_json(found.model_dump_json(indent=1))
        case HabitForm.csv:
            with result_place(None) as path:
                write_habits(found, path, to.value, lang.value, plain)


def _tell(found: HabitTable, output: Path | None, lang: Lang, *, is_listed: bool) -> None:
    """What could not be judged is said first of all, and beside what another program reads."""
    from tthc_rules.runs.habits.listing import habit_totals

    if not is_listed:
        show_toned(habit_totals(found, lang.value), err=True)
    if output is not None:
        say(f"→ {output}", err=True)
    if found.refused:
        raise typer.Exit(FOUND)
