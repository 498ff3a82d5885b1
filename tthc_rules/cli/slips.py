"""The command that draws up the slips of one dossier of a log."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tthc_rules.cli.anylog import AnyLog
from tthc_rules.cli.grouped import AskedOn, ByCalendar, HowRead, in_groups
from tthc_rules.cli.options import (
    FOUND,
    Lang,
    Log,
    OneDossier,
    Readings,
    Rules,
    open_book,
)
from tthc_rules.cli.results import STDIO, arrow
from tthc_rules.cli.stdin import takes_stdin
from tthc_rules.cli.stopped import stoppable
from tthc_rules.cli.terminal import say, show_json
from tthc_rules.errors import InputFileError, output_format_unknown, shown

if TYPE_CHECKING:
    from tthc_rules.result.slip.data import Slip

_SUFFIXES: Final = (".html", ".docx", ".json")


class SlipChoice(StrEnum):
    apology = "apology"
    supplement = "supplement"
    refusal = "refusal"
    stop = "stop"
    closing = "closing"
    loss = "loss"


@takes_stdin("log", "format", "--format")
@in_groups
def slip(
    *,
    log: Log,
    dossier_id: OneDossier,
    asked: AskedOn,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Tệp ra: .html, .docx, .json; - in JSON ra stdout / the file.")
    ],
    form: Annotated[
        list[SlipChoice] | None,
        typer.Option("--form", help="Chỉ phiếu này, dù chưa phải lập / these, owed or not (repeatable)."),
    ] = None,
    units: Annotated[
        Path | None, typer.Option("--units", help="Danh mục đơn vị: tên in trên phiếu / names of units.")
    ] = None,
    how: HowRead,
    counted: ByCalendar,
    rules: Rules = None,
    reading: Readings = None,
    lang: Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ của lời báo / language of what is said.")] = Lang.vi,
) -> None:
    """Phiếu phải gửi tổ chức, cá nhân, bản dự thảo. / The slips that are owed to the applicant, as drafts.

    Tên, số mẫu theo ngày xét; lý do, ngày hẹn lại, người ký để trống. Không có phiếu nào: không ghi tệp, mã thoát 1.
    / Named by the form in force on the day; what a person must say is blank. Without a slip: no file, exit code 1.
    """
    from tthc_rules.result.slip.data import SLIP_KINDS
    from tthc_rules.runs.output import claimed

    suffix = output.suffix.lower()
    if output != STDIO and suffix not in _SUFFIXES:
        raise InputFileError(output_format_unknown(str(output), output.suffix, _SUFFIXES))
    given = AnyLog(log, how)
    inputs = [path for path in (*given.files, units, *(rules or ())) if path is not None]
    into = [] if output == STDIO else [output]
    with stoppable(*into), claimed(into, inputs) as places:
        book = open_book(rules, reading)
        where: dict[str, Any] = {"calendar": counted.calendar, "hours": counted.hours}
        question = book.question(asked.day, asked.known, **where)
        dossier = given.dossier(dossier_id, book, question, lang)
        possible = book.slips(dossier, asked.day, kinds=SLIP_KINDS, known_on=asked.known, names=_names(units), **where)
        wanted = None if form is None else {one.value for one in form}
        chosen = [one for one in possible if (one.standing == "owed" if wanted is None else one.kind in wanted)]
        data = [one.model_dump(mode="json") for one in chosen]
        for place in places if chosen else ():
            _write(place.path, suffix, data, str(output))
    if chosen and output == STDIO:
        show_json(_as_json(data))
    _tell(chosen, possible, wanted, dossier_id, output, lang)


def _names(units: Path | None) -> dict[str, str]:
    """What units are called, by id."""
    from tthc_rules.logs.records import read_records

    if units is None:
        return {}
    rows = read_records(units, "units")
    return {str(row["unit"]): str(row["name"]) for row in rows if row.get("unit") and row.get("name")}


def _as_json(slips: list[dict[str, Any]]) -> str:
    return json.dumps(slips, ensure_ascii=False, indent=1)


def _write(path: Path, suffix: str, slips: list[dict[str, Any]], named: str) -> None:
    from tthc_rules.runs.output import beside, write_text

    match suffix:
        case ".json":
            write_text(path, _as_json(slips) + "\n")
        case ".docx":
            from tthc_rules.report.worddocument import slip_document

            content = slip_document(slips, named)
            with beside(path) as partial:
                partial.write_bytes(content)
        case _:
            from tthc_rules.report.slip import slip_page

            write_text(path, slip_page(slips))


def _tell(
    chosen: list[Slip], possible: Iterable[Slip], wanted: Collection[str] | None, name: str, output: Path, lang: Lang
) -> None:
    """What was drawn up; what was not, and what else may be."""
    vi = lang is Lang.vi
    for line in _lines(chosen, lang):
        say(line, err=True)
    missing = sorted(set(wanted or ()) - {one.kind for one in chosen})
    if missing:
        what = ", ".join(missing)
        say(f"Ngày này không lập được: {what}" if vi else f"Not to be drawn up on that day: {what}", err=True)
    if chosen:
        say(arrow(output), err=True)
    else:
        if wanted is None:
            none = "không có phiếu nào phải lập vào ngày này" if vi else "owes no slip on that day"
            say(f"{'Hồ sơ' if vi else 'Dossier'} {shown(name)} {none}", err=True)
        say("Không ghi tệp nào" if vi else "Nothing was written", err=True)
        others = [one for one in possible if one not in chosen]
        if others:
            say("Có thể lập, bằng --form:" if vi else "By --form these may be drawn up:", err=True)
        for line in _lines(others, lang):
            say(f"  {line}", err=True)
    if missing or not chosen:
        raise typer.Exit(FOUND)


def _lines(slips: Iterable[Slip], lang: Lang) -> Iterator[str]:
    """A line for each slip: its kind, why, until when, what giving it now would make late."""
    from tthc_rules.result import words
    from tthc_rules.result.slip import words as slip_words

    def of(pairs: dict[str, words.Pair], code: str) -> str:
        return words.say(pairs, code, lang.value)

    vi = lang is Lang.vi
    for one in slips:
        parts = [of(slip_words.STANDINGS, one.standing)]
        if one.only_if:
            parts.append(of(slip_words.ONLY_IF, one.only_if))
        if one.not_before:
            parts.append(f"{'sớm nhất' if vi else 'not before'} {one.not_before:%d/%m/%Y}")
        if one.by:
            hour = f"{one.by_time} " if one.by_time else ""
            late = "" if not one.overdue else " (đã quá ngày)" if vi else " (past its day)"
            parts.append(f"{'chậm nhất' if vi else 'by'} {hour}{one.by:%d/%m/%Y}{late}")
        number = f" ({one.form.called[lang.value]})" if one.form else ""
        yield f"{one.title[lang.value]}{number} [{one.kind}]: {'; '.join(parts)}"
        for warning in one.warnings:
            outcome = of(words.OUTCOMES, warning.outcome)
            given = f"{'gửi ngày' if vi else 'given on'} {one.as_of:%d/%m/%Y}"
            yield f"  ! {given}: {outcome} – {warning.duty.label[lang.value]}"
