"""The commands that explain one dossier of a log: on the terminal, and as a page for its applicant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tthc_rules.cli.anylog import AnyLog
from tthc_rules.cli.grouped import AskedOn, ByCalendar, HowRead, in_groups
from tthc_rules.cli.options import (
    Lang,
    LangOption,
    LatenessChoice,
    LatenessOption,
    Log,
    OneDossier,
    Readings,
    Rules,
    Unconfirmed,
    open_book,
)
from tthc_rules.cli.results import STDIO, result_place
from tthc_rules.cli.stdin import takes_stdin
from tthc_rules.cli.terminal import say, show
from tthc_rules.errors import InputFileError, output_format_unknown

if TYPE_CHECKING:
    from tthc_rules.library import Rulebook
    from tthc_rules.result.verdict import Verdict

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
@in_groups
def explain(
    *,
    log: Log,
    dossier_id: OneDossier,
    asked: AskedOn,
    full: Full = False,
    days: Days = False,
    sender_due: SenderDue = None,
    how: HowRead,
    counted: ByCalendar,
    lateness: LatenessOption = LatenessChoice.by_date,
    rules: Rules = None,
    reading: Readings = None,
    unconfirmed: Unconfirmed = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Vì sao một hồ sơ của nhật ký có kết luận ấy. / Why a dossier of a log stands as it does.

    Ngắn gọn: hạn, tình trạng, việc không làm và ai chịu trách nhiệm, việc tiếp theo. --full: đủ mọi bước, mọi căn cứ.
    --sender-due 2026-11-12: ngày ấy khác luật ở bước nào. / In short: due date, state, what was not done and who
    answers, what comes next; --sender-due says where the date of another system departs.
    """
    book = open_book(rules, reading, unconfirmed)
    verdict = judged(book, AnyLog(log, how), dossier_id, asked, lateness, counted, lang)
    tell(verdict, lang, full, days, sender_due)


@takes_stdin("log", "format", "--format")
@in_groups
def timeline(
    *,
    log: Log,
    dossier_id: OneDossier,
    asked: AskedOn,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Trang được ghi: .html; - là stdout / the page; - is stdout.")
    ],
    how: HowRead,
    counted: ByCalendar,
    lateness: LatenessOption = LatenessChoice.by_date,
    rules: Rules = None,
    reading: Readings = None,
    unconfirmed: Unconfirmed = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Trang của một hồ sơ cho người nộp: từng ngày, từng việc. / The page of a dossier, for its applicant.

    Một tệp HTML tự đứng, in được: các ngày từ khi tiếp nhận đến hạn, ngày nghỉ có tên, tạm dừng, tính lại, phiếu hẹn,
    việc phải làm. Đoạn nói ngắn gọn ở đầu trang cũng được in ra. / One HTML file; its first paragraph is printed too.
    """
    from tthc_rules.runs.output import write_text

    if output != STDIO and output.suffix.lower() != ".html":
        raise InputFileError(output_format_unknown(str(output), output.suffix, (".html",)))
    given = AnyLog(log, how)
    with result_place(output, [*given.files, *(rules or ())], ".html") as path:
        book = open_book(rules, reading, unconfirmed)
        verdict = judged(book, given, dossier_id, asked, lateness, counted, lang)
        write_text(path, verdict.to_html(lang.value))
    if output != STDIO:
        show(verdict.tell(lang.value))
        say(f"→ {output}", err=True)


def judged(
    book: Rulebook,
    log: AnyLog,
    dossier_id: str,
    asked: AskedOn,
    lateness: LatenessChoice,
    counted: ByCalendar,
    lang: Lang,
) -> Verdict:
    """The verdict on one dossier of a log, or of the messages of a sender."""
    how = lateness.value, counted.calendar, counted.hours
    question = book.question(asked.day, asked.known, *how)
    dossier = log.dossier(dossier_id, book, question, lang)
    return book.evaluate(dossier, asked.day, known_on=asked.known, lateness=how[0], calendar=how[1], hours=how[2])


def tell(verdict: Verdict, lang: Lang, full: bool, days: bool, sender_due: str | None = None) -> None:
    """A verdict in words: in short unless all of it is asked for; where a sender's date parts from it, if one is."""
    if full or days:
        show(verdict.explain(lang.value, day_by_day=days, sender_due=sender_due))
        return
    show(verdict.explain(lang.value, short=True, sender_due=sender_due), colour=_COLOURS)
