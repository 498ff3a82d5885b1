"""The command on ways of counting: at which step the dates of a log's sender part from the law's."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tthc_rules.cli.anylog import AnyLog, dossiers_of, mapping_of
from tthc_rules.cli.grouped import AskedOn, ByCalendar, HowRead, in_groups
from tthc_rules.cli.options import (
    Lang,
    LangOption,
    Log,
    Plain,
    Quiet,
    Readings,
    Rules,
    Strict,
    open_book,
)
from tthc_rules.cli.progress import progress
from tthc_rules.cli.results import STDIO, made_into, result_place, tell_of_result
from tthc_rules.cli.stdin import takes_stdin
from tthc_rules.cli.terminal import show_json, show_toned

if TYPE_CHECKING:
    from tthc_rules.law.question import Question
    from tthc_rules.library import Rulebook
    from tthc_rules.runs.habits.table import HabitTable


class HabitForm(StrEnum):
    text = "text"
    csv = "csv"
    json = "json"


@takes_stdin("log", "format", "--format")
@in_groups
def habits(
    *,
    log: Log,
    asked: AskedOn,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Tệp ra: .txt, .csv, .xlsx, .json / the file.")
    ] = None,
    to: Annotated[
        HabitForm, typer.Option("--to", help="In ra màn hình dạng nào, nếu không có -o / the form on stdout.")
    ] = HabitForm.text,
    how: HowRead,
    counted: ByCalendar,
    rules: Rules = None,
    reading: Readings = None,
    strict: Strict = False,
    plain: Plain = False,
    lang: LangOption = Lang.vi,
    quiet: Quiet = False,
) -> None:
    """Ngày hẹn trong nhật ký khác luật ở bước nào: quên ngày lễ, đếm cả ngày nhận… / How a sender counts its dates.

    Mỗi ngày hẹn trên phiếu đặt cạnh ngày theo luật của hôm cấp phiếu; cách tính nào đã biết cho ra ngày ấy, bao nhiêu
    phần trăm. Không kết luận về ai. / Each date on a slip beside the law's; which known ways of counting give it.
    """
    from tthc_rules.runs.habits.files import habit_form_of, write_habits
    from tthc_rules.runs.habits.listing import habit_totals

    output = None if output == STDIO else output
    book = open_book(rules, reading)
    question = book.question(asked.day, asked.known, "by_date", counted.calendar, counted.hours, strict)
    given = AnyLog(log, how)
    form = "" if output is None else habit_form_of(output)
    found = made_into(
        output,
        [*given.files, *(rules or ())],
        lambda: _gathered(book, question, given, lang, quiet),
        lambda table, path: write_habits(table, path, form, lang.value, plain),
        lambda table: _print(table, to, lang, plain),
    )
    is_listed = output is None and to is HabitForm.text
    tell_of_result([] if is_listed else habit_totals(found, lang.value), output, not found.refused)


def _gathered(book: Rulebook, question: Question, given: AnyLog, lang: Lang, quiet: bool) -> HabitTable:
    """The table of the log, whatever it is."""
    from tthc_rules.runs.doors import question_of_log
    from tthc_rules.runs.habits.table import HabitCollector
    from tthc_rules.runs.rawlog import every_dossier

    source = given.source(lang)
    collector = HabitCollector(book, question_of_log(book, question, mapping_of(source)))
    with (
        progress(quiet, lang.value) as tick,
        dossiers_of(source, book, question, lang, lambda file: every_dossier(book, collector.question, file)) as raws,
    ):
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
