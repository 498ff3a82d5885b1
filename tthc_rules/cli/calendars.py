"""The command on calendars: a year in words, its days for other programs, the table of an office looked through."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tthc_rules.cli.options import (
    FOUND,
    KnownOn,
    Lang,
    LangOption,
    Rules,
    fail_option,
    named_calendar,
    open_book,
    read_date,
)
from tthc_rules.cli.results import STDIO, refuse_screen, result_place
from tthc_rules.cli.stdin import stdin_kept
from tthc_rules.cli.terminal import say
from tthc_rules.errors import OptionError, Problem

if TYPE_CHECKING:
    from tthc_rules.law.workdays import Calendar
    from tthc_rules.runs.calendars.days import CalendarList, ListedDay, ListedYear


class CalendarFormat(StrEnum):
    text = "text"
    ics = "ics"
    json = "json"
    parquet = "parquet"
    csv = "csv"


def calendar(
    name: Annotated[str, typer.Argument(help="Tên lịch (vn), hoặc chữ lint / calendar id, or the word lint.")],
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NĂM]...", help="Năm; bỏ trống: mọi năm đã công bố. Sau lint: tệp CSV / years, or the CSV to lint."
        ),
    ] = None,
    to: Annotated[
        CalendarFormat | None,
        typer.Option("--format", help="Dạng in ra; với -o thì theo đuôi tệp / the form, if no file says it."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Tệp .ics, .json, .parquet, .csv; - là stdout / the file.")
    ] = None,
    known_on: KnownOn = None,
    reference: Annotated[
        str, typer.Option("--reference", help="Lịch đối chiếu khi lint, none = không / reference calendar for lint.")
    ] = "vn",
    rules: Rules = None,
    lang: LangOption = Lang.vi,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Chỉ in kết quả / the result alone.")] = False,
) -> None:
    """Ngày nghỉ, ngày làm bù; cho chương trình khác: --format ics|json|parquet|csv; kiểm bảng: calendar lint TỆP. /
    Days off and make-up workdays, for other programs too; or lint a table.

    tthc-rules calendar vn 2026; tthc-rules calendar vn --format ics -o lich.ics: mọi năm đã công bố. / Without years,
    all that are published.
    """
    book = open_book(rules, None)
    known = read_date(known_on, "--known-on") if known_on else None
    given = what or []
    if name == "lint":
        if len(given) != 1:
            fail_option("lint", " ".join(given), ("calendar lint TỆP.csv",))
        beside = None if reference == "none" else named_calendar(book, reference, known, "--reference")
        with stdin_kept("csv") if Path(given[0]) == STDIO else nullcontext(Path(given[0])) as table:
            _lint_calendar(table, beside, lang)
        return
    law = named_calendar(book, name, known, "lịch / calendar")
    if wrong := [text for text in given if not (text.isascii() and text.isdigit() and len(text) == 4)]:
        raise OptionError(_not_a_year(text) for text in wrong)
    from tthc_rules.runs.calendars.days import list_of
    from tthc_rules.runs.calendars.files import FORMS, form_of, write_calendar

    to_file = output is not None and output != STDIO
    form = to or (CalendarFormat(form_of(output)) if output is not None and to_file else CalendarFormat.text)
    found = list_of(law, map(int, given), known)
    if form is CalendarFormat.text:
        if output is not None and to_file:
            fail_option("--format", form.value, tuple(one.value for one in CalendarFormat if one is not form))
        _print(found, is_long=bool(given), lang=lang)
        return
    if form is CalendarFormat.parquet:
        refuse_screen(output, "Parquet")
    with result_place(output, rules or ()) as path:
        write_calendar(found, path, FORMS[f".{form.value}"], lang.value)
    if not quiet:
        _tell(found, output if to_file else None, lang)


def _print(found: CalendarList, *, is_long: bool, lang: Lang) -> None:
    """The days of the years that were named; of all years only how many days each has."""
    for note in _notes(found, lang):
        say(note)
    if is_long:
        for day in found.days:
            if day.is_of_an_act:
                say(_line(day, lang))
    if is_long and len(found.years) == 1:
        say(f"{found.years[0].workdays} ngày làm việc / workdays")
        return
    for year in found.years:
        say(_total(year, lang))


def _total(year: ListedYear, lang: Lang) -> str:
    if lang is Lang.vi:
        days = f"{year.days_off} ngày nghỉ trong tuần, {year.makeup_workdays} ngày làm bù"
        return f"{year.year}: {year.workdays} ngày làm việc, {days}"
    days = f"{year.days_off} days off within the week, {year.makeup_workdays} make-up workdays"
    return f"{year.year}: {year.workdays} workdays, {days}"


def _line(day: ListedDay, lang: Lang) -> str:
    from tthc_rules.result import words

    weekday = words.of(words.WEEKDAYS[day.date.weekday()], lang.value)
    unsure = {Lang.vi: " (tạm tính)", Lang.en: " (provisional)"}[lang] if day.provisional else ""
    act = f" — {day.instrument}" if day.instrument else ""
    kind = words.say(words.DAYS, day.kind, lang.value)
    return f"{day.date:%d/%m/%Y} {weekday:<9} {kind}: {day.name[lang.value]}{act}{unsure}"


def _notes(found: CalendarList, lang: Lang) -> list[str]:
    """What a reader must know first: which years still await a letter."""
    if not (unsure := found.provisional_years):
        return []
    years = _years(unsure)
    if lang is Lang.vi:
        return [f"Năm {years} chưa có đủ thông báo nghỉ lễ, tết: TẠM TÍNH theo luật, chưa có hoán đổi, làm bù."]
    return [f"{years}: not all notices are published; PROVISIONAL, by statute alone, without swaps and make-up days."]


def _years(years: Sequence[int]) -> str:
    """Years as they are read: 2028, or 2028–2030 where they follow each other."""
    if len(years) > 1 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}–{years[-1]}"
    return ", ".join(map(str, years))


def _tell(found: CalendarList, output: Path | None, lang: Lang) -> None:
    """Beside what another program reads: how far it can be relied on."""
    for note in _notes(found, lang):
        say(note, err=True)
    if found.published_to is not None:
        day = f"{found.published_to:%d/%m/%Y}"
        vi = f"{len(found.days)} ngày; lịch đã công bố đến {day}, sau ngày đó còn có thể đổi"
        say(vi if lang is Lang.vi else f"{len(found.days)} days; published to {day}, later days may change", err=True)
    if output is not None:
        say(f"→ {output}", err=True)


def _lint_calendar(path: Path, reference: Calendar | None, lang: Lang) -> None:
    from tthc_rules.check.calendar_lint import lint_table, read_table

    findings = lint_table(read_table(path), reference)
    for finding in findings:
        say(f"{finding.date:%d/%m/%Y} {finding.code}: {finding.vi if lang is Lang.vi else finding.en}")
    say(f"{len(findings)} lỗi / findings", err=True)
    if findings:
        raise typer.Exit(FOUND)


def _not_a_year(text: str) -> Problem:
    return Problem("TR-option-value", "năm", f"«{text}» không phải một năm", f"“{text}” is not a year")
