"""The command that explains one dossier of a log, and how an explanation is told on a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

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
    fail_option,
    open_book,
    read_date,
    read_mapping,
)
from tthc_rules.cli.sent import FetchedOn, Jurisdiction, one_sent, sent_file
from tthc_rules.cli.terminal import show
from tthc_rules.errors import DossierError, InputFileError, Problem, shown

if TYPE_CHECKING:
    from tthc_rules.logs.assemble import RawDossier
    from tthc_rules.logs.mapping import Mapping
    from tthc_rules.result.verdict import Verdict

Full = Annotated[bool, typer.Option("--full", help="Đủ mọi bước, mọi căn cứ / every step and every clause.")]
Days = Annotated[bool, typer.Option("--days", help="Đủ, và đếm từng ngày / in full, with each day that was counted.")]

_COLOURS: Final = {"✗": typer.colors.RED, "?": typer.colors.YELLOW, "→": typer.colors.CYAN}
"""By the sign that a line of the short form begins with."""
_SOME: Final = 3
"""Ids of a log that are named where the one asked for is not in it."""


def explain(
    log: Annotated[Path, typer.Argument(help="Nhật ký: csv, ndjson, json, xes, parquet / the log.")],
    dossier_id: Annotated[str, typer.Argument(help="Mã hồ sơ / the dossier.", metavar="DOSSIER_ID")],
    as_of: AsOf,
    known_on: KnownOn = None,
    full: Full = False,
    days: Days = False,
    lang: Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ / language.")] = Lang.vi,
    mapping: MappingFile = None,
    dossiers: DossierTable = None,
    format: Annotated[
        str | None, typer.Option("--format", help="Định dạng vào, hoặc nguồn của thông điệp / format, or a sender.")
    ] = None,
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
    / In short: due date, state, what was not done and who answers, what comes next.
    """
    from tthc_rules.logs.eventlog import FORMATS
    from tthc_rules.logs.senders import senders

    day = read_date(as_of, "--as-of")
    known = read_date(known_on, "--known-on") if known_on else None
    book = open_book(rules, reading, unconfirmed)
    found: dict[str, Any]
    if format is not None and format not in FORMATS and format in senders():
        sent = sent_file(log, format, fetched_on, jurisdiction)
        found = one_sent(sent.reader(book, known or day), dossier_id, lang.value)
    else:
        named = next((known_format for known_format in FORMATS if known_format == format), None)
        if format is not None and named is None:
            fail_option("--format", format, (*FORMATS, *senders()))
        found = _in_log(log, dossier_id, read_mapping(mapping, lang), dossiers, named, delimiter)
    how = {"known_on": known, "lateness": lateness.value, "calendar": calendar, "hours": hours}
    tell(book.evaluate(found, day, **how), lang, full, days)  # type: ignore[arg-type]


def tell(verdict: Verdict, lang: Lang, full: bool, days: bool) -> None:
    """A verdict in words: in short unless all of it is asked for."""
    if full or days:
        show(verdict.explain(lang.value, day_by_day=days))
        return
    show(verdict.explain(lang.value, short=True), colour=_COLOURS)


def _in_log(
    log: Path,
    dossier_id: str,
    mapping: Mapping | None,
    dossiers: Path | None,
    format: Any,
    delimiter: str | None,
) -> dict[str, Any]:
    """The dossier of that id; an error row of it raises what is wrong with it."""
    from tthc_rules.logs.eventlog import read_dossiers

    some: list[str] = []
    count = 0
    for raw in read_dossiers(log, mapping, dossiers, format=format, delimiter=delimiter):
        if raw.dossier_id == dossier_id:
            return _whole(raw)
        count += 1
        if len(some) < _SOME and raw.dossier_id:
            some.append(shown(raw.dossier_id))
    like = ", ".join(some)
    raise InputFileError(
        Problem(
            "TR-dossier-not-there",
            shown(dossier_id),
            f"không có hồ sơ này trong {count} hồ sơ của {log}" + (f"; trong đó có {like}" if like else ""),
            f"no such dossier among the {count} of {log}" + (f"; there are {like}" if like else ""),
        )
    )


def _whole(raw: RawDossier) -> dict[str, Any]:
    if raw.problems:
        raise DossierError(raw.problems)
    return raw.data
