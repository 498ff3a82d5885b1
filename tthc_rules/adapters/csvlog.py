"""CSV rows as written: strict quotes, every bad row reported at its line, and no row lost to another row's quote."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from tthc_rules import errors
from tthc_rules.adapters.files import decode, numbered_lines
from tthc_rules.errors import InputFileError, Problem

__all__ = ["CsvRow", "read_rows"]

MAX_RECORD_LINES = 200


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: the cells that are not empty under their column names, and what is wrong with the row."""

    place: str
    cells: dict[str, str]
    problem: Problem | None = None


def read_rows(path: Path, delimiter: str = ",") -> tuple[tuple[str, ...], Iterator[CsvRow]]:
    """The column names and the rows; a file without a usable header is an `InputFileError`.

    Cells lose the white space around them and an empty cell is absent. A row with the wrong number of cells keeps
    those that could be placed, so that the dossier it seems to belong to is known to be incomplete.
    """
    records = _records(path, delimiter)
    place, cells, problem = next(records, (f"{path}:1", [], None))
    if problem is not None:
        raise InputFileError(problem)
    header = tuple(normalize("NFC", cell.strip()) for cell in cells)
    faults = [
        errors.column_header_unusable(place, number, name)
        for number, name in enumerate(header, 1)
        if not name or name in header[: number - 1]
    ]
    if faults:
        raise InputFileError(faults)
    return header, _rows(records, header)


def _rows(records: Iterator[tuple[str, list[str], Problem | None]], header: tuple[str, ...]) -> Iterator[CsvRow]:
    for place, written, fault in records:
        cells = {name: text for name, cell in zip(header, written, strict=False) if (text := cell.strip())}
        if not cells and fault is None:
            continue
        misfit = len(written) != len(header)
        yield CsvRow(place, cells, fault or (errors.row_width(place, len(written), len(header)) if misfit else None))


class _Lines:
    """Text lines for `csv.reader` that remembers the lines of the present record, and takes them back."""

    def __init__(self, path: Path) -> None:
        self.source = numbered_lines(path)
        self.path = path
        self.waiting: deque[tuple[int, str, Problem | None]] = deque()
        self.taken: list[tuple[int, str, Problem | None]] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_RECORD_LINES:
            raise csv.Error(f"quote not closed within {MAX_RECORD_LINES} lines")
        if self.waiting:
            item = self.waiting.popleft()
        else:
            number, line = next(self.source)
            text, problem = decode(line, f"{self.path}:{number}")
            item = (number, text, problem)
        self.taken.append(item)
        return item[1]

    def give_back(self) -> None:
        """Let all lines of the present record but the first be read again, as records of their own."""
        self.waiting.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def _records(path: Path, delimiter: str) -> Iterator[tuple[str, list[str], Problem | None]]:
    """The records with the place of their first line; the lines behind a broken one are read again."""
    lines = _Lines(path)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = 0
    while True:
        lines.taken.clear()
        fault = ""
        cells: list[str] = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fault = str(error)
        width = width or len(cells)
        if len(lines.taken) > 1 and (fault or len(cells) != width):
            lines.give_back()
            cells, fault = [], fault or "quote not closed in its row"
        place = f"{path}:{lines.taken[0][0]}"
        problem = next((problem for _, _, problem in lines.taken if problem), None)
        if problem is None and fault:
            problem = errors.row_broken(place, fault)
        if problem is None and not cells:
            continue
        yield place, cells, problem
