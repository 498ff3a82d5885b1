"""The table of a log as files: a row for each date, JSON of all, or the list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tthc_rules.errors import InputFileError, output_format_unknown
from tthc_rules.result.row import Row
from tthc_rules.runs.habits.listing import habit_listing
from tthc_rules.runs.habits.table import HabitTable, SenderDate
from tthc_rules.runs.output import write_text
from tthc_rules.runs.writers import table_writer

HABIT_FORMS: Final[dict[str, str]] = {".txt": "text", ".csv": "csv", ".xlsx": "xlsx", ".json": "json"}
"""What is written, by the extension of the file."""
HABIT_COLUMNS: Final = (
    "dossier_id", "procedure", "sender_due", "due", "due_time", "reason", "state", "days_apart", "habits", "otherwise",
    "error_code", "error",
)  # fmt: skip


def habit_form_of(path: Path) -> str:
    """What a file is to hold; raises `InputFileError` for an extension that is not known."""
    form = HABIT_FORMS.get(path.suffix.lower())
    if form is None:
        raise InputFileError(output_format_unknown(str(path), path.suffix, tuple(HABIT_FORMS)))
    return form


def write_habits(found: HabitTable, path: Path, form: str, lang: str, plain: bool = False) -> None:
    """Write the table in one of the forms; the file appears when it is whole."""
    match form:
        case "json":
            write_text(path, found.model_dump_json(indent=1) + "\n")
        case "text":
            write_text(path, "".join(f"{line.text}\n" for line in habit_listing(found, lang)))
        case _:
            with table_writer(path, HABIT_COLUMNS, plain, form) as writer:
                for row in _rows(found, lang):
                    writer.write(row)


def _rows(found: HabitTable, lang: str) -> Iterator[Row]:
    """A row for each that could not be judged, then one for each date."""
    for one in found.refused:
        said = f"{one.place}: {one.vi if lang == 'vi' else one.en}"
        yield {**dict.fromkeys(HABIT_COLUMNS), "dossier_id": one.dossier_id, "error_code": one.code, "error": said}
    for date in found.dates:
        yield _row(date)


def _row(one: SenderDate) -> Row:
    return {
        "dossier_id": one.dossier_id,
        "procedure": one.procedure,
        "sender_due": one.sender_due,
        "due": one.due,
        "due_time": one.due_time,
        "reason": one.reason,
        "state": one.state,
        "days_apart": one.days_apart,
        "habits": "|".join(one.habits),
        "otherwise": "|".join(one.otherwise),
        "error_code": None,
        "error": None,
    }
