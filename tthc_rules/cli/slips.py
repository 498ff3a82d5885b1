"""The command that draws up the slips of one dossier of a log."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tthc_rules.cli.found import FormatOrSender, Log, LogSource, OneDossier
from tthc_rules.cli.options import (
    FOUND,
    AsOf,
    CalendarOption,
    Delimiter,
    DossierTable,
    HoursOption,
    KnownOn,
    Lang,
    MappingFile,
    Readings,
    Rules,
    open_book,
    read_date,
    read_mapping,
)
from tthc_rules.cli.sent import FetchedOn, Jurisdiction
from tthc_rules.cli.terminal import say
from tthc_rules.errors import InputFileError, file_format_unknown, shown

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


def slip(
    log: Log,
    dossier_id: OneDossier,
    as_of: AsOf,
    output: Annotated[Path, typer.Option("-o", "--output", help="Tệp ra: .html, .docx, .json / the file.")],
    form: Annotated[
        list[SlipChoice] | None,
        typer.Option("--form", help="Chỉ phiếu này, dù chưa phải lập / these, owed or not (repeatable)."),
    ] = None,
    units: Annotated[
        Path | None, typer.Option("--units", help="Danh mục đơn vị: tên in trên phiếu / names of units.")
    ] = None,
    known_on: KnownOn = None,
    lang: Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ của lời báo / language of what is said.")] = Lang.vi,
    mapping: MappingFile = None,
    dossiers: DossierTable = None,
    format: FormatOrSender = None,
    delimiter: Delimiter = None,
    calendar: CalendarOption = None,
    hours: HoursOption = None,
    rules: Rules = None,
    reading: Readings = None,
    fetched_on: FetchedOn = None,
    jurisdiction: Jurisdiction = None,
) -> None:
    """Phiếu phải gửi tổ chức, cá nhân, bản dự thảo. / The slips that are owed to the applicant, as drafts.

    Tên, số mẫu theo ngày xét; lý do, ngày hẹn lại, người ký để trống. Không có phiếu nào: không ghi tệp, mã thoát 1.
    / Named by the form in force on the day; what a person must say is blank. Without a slip: no file, exit code 1.
    """
    from tthc_rules.result.slip.data import SLIP_KINDS
    from tthc_rules.runs.output import claimed

    suffix = output.suffix.lower()
    if suffix not in _SUFFIXES:
        raise InputFileError(file_format_unknown(str(output), output.suffix, _SUFFIXES))
    day = read_date(as_of, "--as-of")
    known = read_date(known_on, "--known-on") if known_on else None
    inputs = [path for path in (log, mapping, dossiers, units, *(rules or ())) if path is not None]
    with claimed((output,), inputs) as (place,):
        book = open_book(rules, reading)
        read = read_mapping(mapping, lang)
        source = LogSource(log, read, dossiers, format, delimiter, fetched_on, jurisdiction)
        found = source.dossier(dossier_id, book, known or day, lang.value)
        how: dict[str, Any] = {"known_on": known, "calendar": calendar, "hours": hours, "names": _names(units)}
        possible = book.slips(found, day, kinds=SLIP_KINDS, **how)
        wanted = None if form is None else {one.value for one in form}
        chosen = [one for one in possible if (one.standing == "owed" if wanted is None else one.kind in wanted)]
        if chosen:
            _write(place.path, suffix, [one.model_dump(mode="json") for one in chosen], str(output))
    _tell(chosen, possible, wanted, dossier_id, output, lang)


def _names(units: Path | None) -> dict[str, str]:
    """What units are called, by id."""
    from tthc_rules.logs.records import read_records

    if units is None:
        return {}
    rows = read_records(units, "units")
    return {str(row["unit"]): str(row["name"]) for row in rows if row.get("unit") and row.get("name")}


def _write(path: Path, suffix: str, slips: list[dict[str, Any]], named: str) -> None:
    from tthc_rules.runs.output import beside, write_text

    match suffix:
        case ".json":
            write_text(path, json.dumps(slips, ensure_ascii=False, indent=1) + "\n")
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
        say(f"→ {output}", err=True)
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
