"""Acts that fall due as files: a table, JSON, a calendar, or the list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tthc_rules.errors import InputFileError, output_format_unknown
from tthc_rules.result.row import Row
from tthc_rules.runs.due.acts import DueAct, DueActs
from tthc_rules.runs.due.icalendar import icalendar
from tthc_rules.runs.due.listing import listing
from tthc_rules.runs.output import write_text
from tthc_rules.runs.writers import table_writer

FORMS: Final[dict[str, str]] = {".txt": "text", ".csv": "csv", ".xlsx": "xlsx", ".json": "json", ".ics": "ics"}
"""What is written, by the extension of the file."""
COLUMNS: Final = (
    "unit", "roles", "owed_by", "dossier_id", "procedure", "act", "label", "by", "by_time", "overdue", "workdays_left",
    "only_if", "provisional", "fulfilled_by", "version", "clause", "error_code", "error",
)  # fmt: skip


def form_of(path: Path) -> str:
    """What a file is to hold; raises `InputFileError` for an extension that is not known."""
    form = FORMS.get(path.suffix.lower())
    if form is not None:
        return form
    raise InputFileError(output_format_unknown(str(path), path.suffix, tuple(FORMS)))


def write_due(found: DueActs, path: Path, form: str, lang: str, plain: bool = False) -> None:
    """Write the acts in one of the forms; the file appears when it is whole."""
    match form:
        case "json":
            write_text(path, as_json(found))
        case "ics":
            write_text(path, icalendar(found, lang))
        case "text":
            write_text(path, "".join(f"{line.text}\n" for line in listing(found, lang)))
        case _:
            with table_writer(path, COLUMNS, plain, form) as writer:
                for row in rows(found, lang):
                    writer.write(row)


def as_json(found: DueActs) -> str:
    """The acts as JSON; what only a calendar takes back is left out."""
    return found.model_dump_json(indent=1) + "\n"


def rows(found: DueActs, lang: str) -> Iterator[Row]:
    """A row for each that could not be judged, then one for each act."""
    for one in found.refused:
        said = f"{one.place}: {one.vi if lang == 'vi' else one.en}"
        yield {**dict.fromkeys(COLUMNS), "dossier_id": one.dossier_id, "error_code": one.code, "error": said}
    for act in found.acts:
        yield _row(act, lang)


def _row(one: DueAct, lang: str) -> Row:
    return {
        "unit": one.unit,
        "roles": "|".join(one.roles),
        "owed_by": one.owed_by,
        "dossier_id": one.dossier_id,
        "procedure": one.procedure,
        "act": one.act,
        "label": one.label[lang],
        "by": one.by,
        "by_time": one.by_time,
        "overdue": one.overdue,
        "workdays_left": one.workdays_left,
        "only_if": one.only_if,
        "provisional": one.provisional,
        "fulfilled_by": "|".join(one.fulfilled_by),
        "version": one.version,
        "clause": one.clause,
        "error_code": None,
        "error": None,
    }
