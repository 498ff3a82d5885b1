"""A comparison as files: a table with a row for each cell that changes, or JSON; a page is made of the JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from tthc_rules.errors import InputFileError, output_format_unknown
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.result.row import Row
from tthc_rules.runs.diff.comparison import Comparing, Comparison, SaidDossier
from tthc_rules.runs.writers import table_writer

FORMS: Final[dict[str, str]] = {".txt": "text", ".html": "html", ".csv": "csv", ".json": "json"}
"""What is written, by the extension of the file."""
COLUMNS: Final = (
    "dossier_id", "procedure", "handling_agency", "column", "name", "before", "after", "before_said", "after_said",
)  # fmt: skip


def form_of(path: Path) -> str:
    """What a file is to hold; raises `InputFileError` for an extension that is not known."""
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise InputFileError(output_format_unknown(str(path), path.suffix, tuple(FORMS)))
    return form


def write_table(
    asked: Comparing,
    dossiers: Iterable[RawDossier],
    path: Path,
    lang: str,
    plain: bool,
    progress: Callable[[int], None],
) -> Comparison:
    """Compare, and write each dossier as it is found to change: however many there are, none is kept."""
    with table_writer(path, COLUMNS, plain, "csv") as writer:

        def write(one: SaidDossier) -> None:
            for row in _rows(one, lang):
                writer.write(row)

        return asked.take(dossiers, 0, write, progress)


def _rows(one: SaidDossier, lang: str) -> Iterator[Row]:
    for change in one.changes:
        yield {
            "dossier_id": one.dossier_id,
            "procedure": one.procedure or None,
            "handling_agency": one.handling_agency or None,
            "column": change.column,
            "name": change.name[lang],
            "before": change.before,
            "after": change.after,
            "before_said": change.before_said[lang],
            "after_said": change.after_said[lang],
        }
