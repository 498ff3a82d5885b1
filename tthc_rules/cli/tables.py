"""Commands on calendars, catalogues and formats."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tthc_rules.cli.options import (
    FOUND,
    KnownOn,
    Lang,
    Rules,
    fail_option,
    named_calendar,
    open_book,
    read_date,
)
from tthc_rules.cli.terminal import progress, say, show, show_json
from tthc_rules.errors import (
    InputFileError,
    OptionError,
    Problem,
)

if TYPE_CHECKING:
    from tthc_rules.law.workdays import Calendar


def calendar(
    name: Annotated[str, typer.Argument(help="Tên lịch (vn), hoặc chữ lint / calendar id, or the word lint.")],
    what: Annotated[str, typer.Argument(help="Năm, hoặc tệp CSV cần kiểm / a year, or the CSV to lint.")],
    known_on: KnownOn = None,
    reference: Annotated[
        str, typer.Option("--reference", help="Lịch đối chiếu khi lint, none = không / reference calendar for lint.")
    ] = "vn",
    rules: Rules = None,
    lang: Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ / language.")] = Lang.vi,
) -> None:
    """In ngày nghỉ, làm bù của một năm; hoặc kiểm bảng ngày nghỉ của cơ quan: calendar lint TỆP. / Print or lint."""
    book = open_book(rules, None)
    known = read_date(known_on, "--known-on") if known_on else None
    if name == "lint":
        beside = None if reference == "none" else named_calendar(book, reference, known, "--reference")
        _lint_calendar(Path(what), beside, lang)
        return
    law = named_calendar(book, name, known, "lịch / calendar")
    if not what.isdigit() or len(what) != 4:
        raise OptionError(_not_a_year(what))
    _print_year(law, int(what), lang)


def catalogue(
    published: Annotated[
        Path, typer.Argument(help="Danh mục: JSON của cổng quốc gia, hoặc bảng .csv, .ndjson / published procedures.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Tệp quy tắc .yaml, thường trong procedures/ / the rule file.")
    ],
    rest: Annotated[
        Path | None, typer.Option("--rest", help="Tệp .csv: mọi dòng để lại, và vì sao / what is left out, and why.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="YYYY-MM-DD", help="Ngày công bố, nếu dòng không ghi / day of publication."),
    ] = None,
    regime: Annotated[
        str, typer.Option("--regime", help="Dòng văn bản chạy thời hạn / family of the clock.")
    ] = "one_stop",
    jurisdiction: Annotated[
        str | None, typer.Option("--jurisdiction", help="Địa phương công bố / the place whose catalogue this is.")
    ] = None,
    delimiter: Annotated[str, typer.Option("--delimiter", help="Dấu ngăn cột của CSV / CSV delimiter.")] = ",",
    lang: Annotated[
        Lang, typer.Option("--lang", help="Ngôn ngữ của phần tóm tắt / language of the summary.")
    ] = Lang.vi,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Không hiện tiến độ / no progress bar.")] = False,
) -> None:
    """Lập tệp thời hạn từ danh mục thủ tục; chỗ mâu thuẫn, không chắc để lại. / Published limits as a rule file."""
    from tthc_rules.logs.catalogue import read_catalogue
    from tthc_rules.runs.catalogue import catalogue as made

    book = open_book(None, None)
    for option, written, known in (
        ("--regime", regime, tuple(book.corpus.clocks)),
        ("--jurisdiction", jurisdiction or "", ("", *book.corpus.jurisdictions)),
    ):
        if written not in known and (option != "--regime" or not _NAME.fullmatch(written)):
            fail_option(option, written, known)
    with progress(quiet, "thủ tục") as tick:
        outcome = made(
            read_catalogue(published, delimiter),
            output,
            rest=rest,
            since=read_date(since, "--from") if since else None,
            regime=regime,
            jurisdiction=jurisdiction,
            inputs=[published],
            progress=lambda done: tick(done, None),
        )
    for problem in outcome.problems[:20]:
        show(problem.render(lang.value), err=True)
    for line in outcome.summary(lang.value):
        say(line, err=True)
    for path in outcome.files:
        say(f"→ {path}", err=True)
    if outcome.problems or outcome.conflicts:
        raise typer.Exit(FOUND)


_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")  # a family of the reader's own folders


def schema(
    name: Annotated[
        str, typer.Argument(help="dossier, verdict, account, rule, case, calendar, time_limits, hours, mapping…")
    ],
) -> None:
    """In JSON Schema (draft-07) của một định dạng. / Print the JSON Schema of a format."""
    from tthc_rules.integrations.jsonschema import json_schema

    show_json(json.dumps(json_schema(name), ensure_ascii=False, indent=2))


def _lint_calendar(path: Path, reference: Calendar | None, lang: Lang) -> None:
    from tthc_rules.check.calendar_lint import lint_table, read_table

    findings = lint_table(read_table(path), reference)
    for finding in findings:
        say(f"{finding.date:%d/%m/%Y} {finding.code}: {finding.vi if lang is Lang.vi else finding.en}")
    say(f"{len(findings)} lỗi / findings", err=True)
    if findings:
        raise typer.Exit(FOUND)


def _print_year(law: Calendar, year: int, lang: Lang) -> None:
    from datetime import timedelta

    from tthc_rules.law.workdays import year_unknown
    from tthc_rules.result import words

    if not law.first_year <= year <= law.last_year:
        raise InputFileError(year_unknown(law, year))
    if law.is_provisional(year):
        say(
            f"Năm {year} chưa có thông báo nghỉ lễ, tết: TẠM TÍNH theo luật, chưa có hoán đổi, làm bù."
            if lang is Lang.vi
            else f"{year} has no published calendar: PROVISIONAL, by statute alone, without swaps and make-up days."
        )
    day = date(year, 1, 1)
    total = 0
    while day.year == year:
        info = law.day(day)
        total += info.is_workday
        if info.kind not in ("workday", "weekend"):
            kind = words.say(words.DAYS, info.kind, lang.value)
            weekday = words.WEEKDAYS[day.weekday()][0 if lang is Lang.vi else 1]
            unsure = (
                " (tạm tính)" if info.provisional and lang is Lang.vi else " (provisional)" if info.provisional else ""
            )
            act = f" — {info.instrument}" if info.instrument else ""
            say(f"{day:%d/%m/%Y} {weekday:<9} {kind}: {info.name[lang.value]}{act}{unsure}")
        day += timedelta(days=1)
    say(f"{total} ngày làm việc / workdays")


def _not_a_year(text: str) -> Problem:
    return Problem("TR-option-value", "năm", f"«{text}» không phải một năm", f"“{text}” is not a year")
