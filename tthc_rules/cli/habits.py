"""The command on ways of counting: at which step the dates of a log's sender part from the law's."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

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
    fail_option,
    open_book,
    read_date,
    read_mapping,
)
from tthc_rules.cli.sent import FetchedOn, Jurisdiction, sent_file, tell_faults
from tthc_rules.cli.terminal import progress, say, show_json, show_toned

if TYPE_CHECKING:
    from tthc_rules.law.question import Question
    from tthc_rules.library import Rulebook
    from tthc_rules.logs.assemble import RawDossier
    from tthc_rules.runs.habits.table import HabitTable


class HabitForm(StrEnum):
    text = "text"
    csv = "csv"
    json = "json"


_OF_LOGS: Final = ("mapping", "dossiers", "delimiter", "sheet", "grouped")
_OF_SENDERS: Final = ("fetched_on", "jurisdiction")


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
    given = {
        "format": format, "mapping": mapping, "dossiers": dossiers, "delimiter": delimiter, "sheet": sheet,
        "grouped": grouped, "fetched_on": fetched_on, "jurisdiction": jurisdiction,
    }  # fmt: skip
    if output is None:
        found = _gathered(book, question, log, given, lang, quiet)
        _print(found, to, lang, plain)
    else:
        from tthc_rules.runs.habits.files import habit_form_of, write_habits
        from tthc_rules.runs.output import claimed

        form = habit_form_of(output)
        inputs = [path for path in (log, mapping, dossiers, *(rules or ())) if path is not None]
        with claimed((output,), inputs) as (place,):
            found = _gathered(book, question, log, given, lang, quiet)
            write_habits(found, place.path, form, lang.value, plain)
    _tell(found, output, lang, is_listed=output is None and to is HabitForm.text)


def _gathered(
    book: Rulebook, question: Question, log: Path, given: Mapping[str, Any], lang: Lang, quiet: bool
) -> HabitTable:
    """The table of the log, whatever it is."""
    from tthc_rules.runs.doors import question_of_log
    from tthc_rules.runs.habits.table import HabitCollector

    explained = read_mapping(given["mapping"], lang)
    collector = HabitCollector(book, question_of_log(book, question, explained))
    with progress(quiet) as tick, _opened(book, collector.question, log, given, explained, lang) as raws:
        return collector.take(raws, lambda done: tick(done, None))


@contextmanager
def _opened(
    book: Rulebook, question: Question, log: Path, given: Mapping[str, Any], mapping: Any, lang: Lang
) -> Iterator[Iterator[RawDossier]]:
    """The dossiers of a log, or of a sender's messages, of which what is wrong is told behind."""
    from tthc_rules.logs.diagnostics import DiagnosticTally
    from tthc_rules.logs.eventlog import FORMATS
    from tthc_rules.logs.senders import senders
    from tthc_rules.runs.rawlog import LogFile, every_dossier

    format = given["format"]
    named = next((known for known in FORMATS if known == format), None)
    if format is None or named is not None:
        _not_with("csv, xlsx, ndjson, json, xes, parquet", given, _OF_SENDERS)
        file = LogFile(log, named, mapping, given["dossiers"], given["delimiter"], given["sheet"], given["grouped"])
        yield every_dossier(book, question, file)
        return
    if format not in senders():
        fail_option("--format", format, (*FORMATS, *senders()))
    _not_with(format, given, _OF_LOGS)
    tally: DiagnosticTally = DiagnosticTally(format)
    reader = sent_file(log, format, given["fetched_on"], given["jurisdiction"]).reader(book, question.known_on)
    tally.add(sorted(reader.found))
    yield reader.raw(tally.add)
    tell_faults(tally, lang.value)


def _not_with(what: str, given: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """Refuse options that ask for something else."""
    for name in names:
        if given[name]:
            option = f"--{name.replace('_', '-')}"
            fail_option(option, str(given[name]), (f"không đi với {what} / not with {what}",))


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
            with TemporaryDirectory(prefix="tthc-rules-") as folder:
                path = Path(folder) / "habits"
                write_habits(found, path, to.value, lang.value, plain)
                sys.stdout.buffer.write(path.read_bytes())


def _tell(found: HabitTable, output: Path | None, lang: Lang, *, is_listed: bool) -> None:
    """What could not be judged is said first of all, and beside what another program reads."""
    from tthc_rules.runs.habits.listing import habit_totals

    if not is_listed:
        show_toned(habit_totals(found, lang.value), err=True)
    if output is not None:
        say(f"→ {output}", err=True)
    if found.refused:
        raise typer.Exit(FOUND)
