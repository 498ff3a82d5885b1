"""The command on due dates: the date for the slip of a file that is about to be accepted."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from tthc_rules.cli.options import (
    CalendarOption,
    HoursOption,
    KnownOn,
    Lang,
    Readings,
    Rules,
    fail_option,
    open_book,
    read_date,
)
from tthc_rules.cli.terminal import show, show_json


class SlipForm(StrEnum):
    text = "text"
    json = "json"


def due(
    accepted: Annotated[
        str,
        typer.Option(
            "--accepted", metavar="NGÀY[THH:MM]", help="Lúc tiếp nhận: 2026-11-20T15:30 / when it is accepted."
        ),
    ],
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
    jurisdiction: Annotated[
        str | None, typer.Option("--jurisdiction", help="Địa phương / the province, as in dossiers.")
    ] = None,
    known_on: KnownOn = None,
    calendar: CalendarOption = None,
    hours: HoursOption = None,
    rules: Rules = None,
    reading: Readings = None,
    to: Annotated[SlipForm, typer.Option("--to", help="In ra văn bản hay JSON / as text or JSON.")] = SlipForm.text,
    lang: Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ / language.")] = Lang.vi,
) -> None:
    """Ngày hẹn trả của một hồ sơ sắp tiếp nhận, đếm từng ngày. / The date for a slip, each day counted."""
    found = open_book(rules, reading).due(
        accepted,
        time_limit=None if limit is None else read_limit(limit),
        procedure=procedure,
        channel=channel,
        jurisdiction=jurisdiction,
        known_on=read_date(known_on, "--known-on") if known_on else None,
        calendar=calendar,
        hours=hours,
    )
    if to is SlipForm.json:
        show_json(found.model_dump_json(indent=2))
    else:
        show(found.explain(lang.value))


_LIMIT: Final = re.compile(r"(\d{1,9}) ?(\w+)", re.ASCII)


def read_limit(written: str) -> dict[str, Any]:
    """A time limit as it is typed: `5 workday`, or in the words of a catalogue (`5 ngày làm việc`)."""
    from typing import get_args

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
