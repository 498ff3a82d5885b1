"""The commands that explain one dossier of a log: on the terminal, and as a page for its applicant."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tthc_rules.cli.found import FormatOrSender, Log, LogSource, OneDossier
from tthc_rules.cli.options import (
    AsOf,
    CalendarOption,
    Delimiter,
    DossierTable,
    HoursOption,
    KnownOn,
    Lang,
    LatenessChoice,
    LatenessOption,
    MappingFile,
    Readings,
    Rules,
    Unconfirmed,
    open_book,
    read_date,
    read_mapping,
)
from tthc_rules.cli.sent import FetchedOn, Jurisdiction
from tthc_rules.cli.stdin import takes_stdin
from tthc_rules.cli.terminal import say, show
from tthc_rules.errors import InputFileError, file_format_unknown

if TYPE_CHECKING:
    from tthc_rules.library import Rulebook
    from tthc_rules.result.verdict import Verdict

LangOption = Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ / language.")]
Full = Annotated[bool, typer.Option("--full", help="Đủ mọi bước, mọi căn cứ / every step and every clause.")]
Days = Annotated[bool, typer.Option("--days", help="Đủ, và đếm từng ngày / in full, with each day that was counted.")]
SenderDue = Annotated[
    str | None,
    typer.Option(
        "--sender-due",
        metavar="NGÀY|slip",
        help="Ngày của hệ thống khác (slip: phiếu hẹn): cách tính nào cho ra / which way of counting gives it.",
    ),
]

_COLOURS: Final = {"✗": typer.colors.RED, "?": typer.colors.YELLOW, "→": typer.colors.CYAN}
"""By the sign that a line of the short form begins with."""


@takes_stdin("log", "format", "--format")
def explain(
    log: Log,
    dossier_id: OneDossier,
    as_of: AsOf,
    known_on: KnownOn = None,
    full: Full = False,
    days: Days = False,
    sender_due: SenderDue = None,
    lang: LangOption = Lang.vi,
    mapping: MappingFile = None,
    dossiers: DossierTable = None,
    format: FormatOrSender = None,
    delimiter: Delimiter = None,
    lateness: LatenessOption = LatenessChoice.by_date,
    calendar: CalendarOption = None,
    hours: HoursOption = None,
    rules: Rules = None,
    reading: Readings = None,
    unconfirmed: Unconfirmed = False,
    fetched_on: FetchedOn = None,
    jurisdiction: Jurisdiction = None,
) -> None:
    """Vì sao một hồ sơ của nhật ký có kết luận ấy. / Why a dossier of a log stands as it does.

    Ngắn gọn: hạn, tình trạng, việc không làm và ai chịu trách nhiệm, việc tiếp theo. --full: đủ mọi bước, mọi căn cứ.
    --sender-due 2026-11-12: ngày ấy khác luật ở bước nào. / In short: due date, state, what was not done and who
    answers, what comes next; --sender-due says where the date of another system departs.
    """
    asked = LogQuestion(dossier_id, as_of, known_on, lateness, calendar, hours)
    source = LogSource(log, read_mapping(mapping, lang), dossiers, format, delimiter, fetched_on, jurisdiction)
    tell(judged(source, asked, open_book(rules, reading, unconfirmed), lang), lang, full, days, sender_due)


def timeline(
    log: Log,
    dossier_id: OneDossier,
    as_of: AsOf,
    output: Annotated[Path, typer.Option("-o", "--output", help="Trang được ghi: .html / the page.")],
    known_on: KnownOn = None,
    lang: LangOption = Lang.vi,
    mapping: MappingFile = None,
    dossiers: DossierTable = None,
    format: FormatOrSender = None,
    delimiter: Delimiter = None,
    lateness: LatenessOption = LatenessChoice.by_date,
    calendar: CalendarOption = None,
    hours: HoursOption = None,
    rules: Rules = None,
    reading: Readings = None,
    unconfirmed: Unconfirmed = False,
    fetched_on: FetchedOn = None,
    jurisdiction: Jurisdiction = None,
) -> None:
    """Trang của một hồ sơ cho người nộp: từng ngày, từng việc. / The page of a dossier, for its applicant.

    Một tệp HTML tự đứng, in được: các ngày từ khi tiếp nhận đến hạn, ngày nghỉ có tên, tạm dừng, tính lại, phiếu hẹn,
    việc phải làm. Đoạn nói ngắn gọn ở đầu trang cũng được in ra. / One HTML file; its first paragraph is printed too.
    """
    from tthc_rules.runs.output import claimed, write_text

    if output.suffix.lower() != ".html":
        raise InputFileError(file_format_unknown(str(output), output.suffix, (".html",)))
    asked = LogQuestion(dossier_id, as_of, known_on, lateness, calendar, hours)
    source = LogSource(log, read_mapping(mapping, lang), dossiers, format, delimiter, fetched_on, jurisdiction)
    given = [path for path in (log, mapping, dossiers, *(rules or ())) if path is not None]
    with claimed([output], given) as (target,):
        verdict = judged(source, asked, open_book(rules, reading, unconfirmed), lang)
        write_text(target.path, verdict.to_html(lang.value))
    show(verdict.tell(lang.value))
    say(f"→ {output}", err=True)


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """Which dossier of a log, and what is asked of it, as typed."""

    dossier_id: str
    as_of: str
    known_on: str | None
    lateness: LatenessChoice
    calendar: str | None
    hours: str | None


def judged(source: LogSource, asked: LogQuestion, book: Rulebook, lang: Lang) -> Verdict:
    """The verdict on one dossier of a log, or of the messages of a sender."""
    day = read_date(asked.as_of, "--as-of")
    known = read_date(asked.known_on, "--known-on") if asked.known_on else None
    found = source.dossier(asked.dossier_id, book, known or day, lang.value)
    how = {"known_on": known, "lateness": asked.lateness.value, "calendar": asked.calendar, "hours": asked.hours}
    return book.evaluate(found, day, **how)  # type: ignore[arg-type]


def tell(verdict: Verdict, lang: Lang, full: bool, days: bool, sender_due: str | None = None) -> None:
    """A verdict in words: in short unless all of it is asked for; where a sender's date parts from it, if one is."""
    if full or days:
        show(verdict.explain(lang.value, day_by_day=days, sender_due=sender_due))
        return
    show(verdict.explain(lang.value, short=True, sender_due=sender_due), colour=_COLOURS)
