"""The days of a calendar as files: iCalendar, JSON, Parquet, CSV."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, assert_never

from tthc_rules.errors import InputFileError, output_format_unknown
from tthc_rules.result.row import Row
from tthc_rules.runs.calendars.days import CalendarList
from tthc_rules.runs.calendars.icalendar import icalendar
from tthc_rules.runs.output import beside, write_text
from tthc_rules.runs.writers import parquet_missing, table_writer

CalendarForm = Literal["ics", "json", "parquet", "csv"]
FORMS: Final[dict[str, CalendarForm]] = {".ics": "ics", ".json": "json", ".parquet": "parquet", ".csv": "csv"}
"""What is written, by the extension of the file."""
COLUMNS: Final = (
    "date", "works", "index", "kind", "name_vi", "name_en", "instrument", "known_from", "provisional",
)  # fmt: skip


def form_of(path: Path) -> CalendarForm:
    """What a file is to hold; raises `InputFileError` for an extension that is not known."""
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise InputFileError(output_format_unknown(str(path), path.suffix, tuple(FORMS)))
    return form


def write_calendar(found: CalendarList, path: Path, form: CalendarForm, lang: str) -> None:
    """Write the days in one of the forms; the file appears when it is whole."""
    match form:
        case "ics":
            write_text(path, icalendar(found, lang))
        case "json":
            write_text(path, found.model_dump_json(indent=1) + "\n")
        case "csv":
            with table_writer(path, COLUMNS, named="csv") as writer:
                for row in rows(found):
                    writer.write(row)
        case "parquet":
            _write_parquet(found, path)
        case _:
            assert_never(form)


def rows(found: CalendarList) -> Iterator[Row]:
    """A row for each day; what there is not is empty."""
    for day in found.days:
        yield {
            "date": day.date,
            "works": day.works,
            "index": day.index,
            "kind": day.kind,
            "name_vi": day.name.get("vi"),
            "name_en": day.name.get("en"),
            "instrument": day.instrument or None,
            "known_from": day.known_from,
            "provisional": day.provisional,
        }


def _write_parquet(found: CalendarList, path: Path) -> None:
    """Dates as dates and numbers as numbers: the table is joined by other programs."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        raise InputFileError(parquet_missing(path)) from None
    text: Any = arrow.string()
    types: dict[str, Any] = dict.fromkeys(COLUMNS, text) | {
        "date": arrow.date32(), "works": arrow.bool_(), "index": arrow.int32(), "known_from": arrow.date32(),
        "provisional": arrow.bool_(),
    }  # fmt: skip
    said = {"calendar": found.calendar, "digest": found.digest, "known_on": str(found.known_on or "")}
    schema = arrow.schema([(name, types[name]) for name in COLUMNS], said)
    with beside(path) as partial:
        parquet.write_table(arrow.Table.from_pylist(list(rows(found)), schema), partial)
