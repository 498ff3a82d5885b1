"""CSV rows as written: strict quotes, every bad row reported at its line, and no row lost to another row's quote."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tthc_rules.errors import InputFileError, Problem
from tthc_rules.logs import complaints
from tthc_rules.logs.files import MAX_LINE, decode, numbered_lines
from tthc_rules.logs.spreadsheet import unguarded

__all__ = ["CsvRow", "read_rows"]

MAX_RECORD_LINES = 200
MAX_COLUMNS = 16_384
"""As many as a sheet has."""
_INDEX: Final = re.compile(r"Unnamed: \d+")
"""What pandas calls an index column that it wrote without a name."""


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: the cells that are not empty under their column names, and what is wrong with the row.

    With a `problem`, `cells` are those that could be placed counted from the left, `again` from the right: where the
    two differ, it is not known which is which.
    """

    place: str
    cells: dict[str, str]
    problem: Problem | None = None
    again: dict[str, str] = field(default_factory=dict)


def read_rows(path: Path, delimiter: str = ",") -> tuple[tuple[str, ...], Iterator[CsvRow]]:
    """The column names and the rows; a file without a usable header is an `InputFileError`.

    Cells lose the white space around them, and the apostrophe of a text that a spreadsheet would run; an empty cell is
    absent. A column without a name is read by nobody. A bad row keeps the cells that could be placed, so that the
    dossier it belongs to is known to be incomplete.
    """
    records = _records(path, delimiter)
    first = next(records, _Record(f"{path}:1", []))
    if first.problem is not None:
        raise InputFileError(first.problem)
    if len(first.cells) > MAX_COLUMNS:
        raise InputFileError(complaints.record_too_large(first.place, f"{MAX_COLUMNS} columns"))
    header = tuple("" if _INDEX.fullmatch(name := cell.strip()) else name for cell in first.cells)
    first_of = {name: number for number, name in reversed([*enumerate(header, 1)])}
    faults = [
        complaints.column_header_unusable(first.place, number, name)
        for number, name in enumerate(header, 1)
        if name and number > first_of[name]
    ]
    if faults:
        raise InputFileError(faults)
    return tuple(name for name in header if name), _rows(records, header)


@dataclass(slots=True)
class _Record:
    """The cells of one record; of a broken one those before the break, and those after it, the last one first."""

    place: str
    cells: list[str]
    problem: Problem | None = None
    last: list[str] | None = None


def _rows(records: Iterator[_Record], header: tuple[str, ...]) -> Iterator[CsvRow]:
    for record in records:
        cells = _placed(header, record.cells)
        misfit = record.last is None and len(record.cells) != len(header)
        if not cells and record.problem is None:
            continue
        if record.problem is None and not misfit:
            yield CsvRow(record.place, cells)
            continue
        if misfit:  # the first column is where it is; of others the end of the row may know better
            sure, last = _placed(header[:1], record.cells), record.cells[::-1]
        else:
            sure, last = cells, record.last or []
        problem = record.problem or complaints.row_width(record.place, len(record.cells), len(header))
        again = {**_placed(header[::-1], last), **sure}
        yield CsvRow(record.place, _readable(cells), problem, _readable(again))


def _placed(header: Sequence[str], written: Sequence[str]) -> dict[str, str]:
    """The cells that hold something, under the names of their columns."""
    cells = zip(header, written, strict=False)
    return {name: unguarded(text) for name, cell in cells if (text := cell.strip()) and name}


def _readable(cells: dict[str, str]) -> dict[str, str]:
    """The cells of a bad row without those in which a byte was replaced."""
    return {name: text for name, text in cells.items() if "\ufffd" not in text}


class _CsvLines:
    """Text lines for `csv.reader` that remembers the lines of the present record, and takes them back."""

    def __init__(self, path: Path) -> None:
        self.source = numbered_lines(path)
        self.path = path
        self.waiting: deque[tuple[int, str, Problem | None]] = deque()
        self.taken: list[tuple[int, str, Problem | None]] = []
        self.held = 0
        """Characters of the lines of the present record."""

    def __iter__(self) -> _CsvLines:
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
        self.held = self.held + len(item[1]) if self.taken else len(item[1])
        if self.taken and self.held > MAX_LINE:
            self.waiting.appendleft(item)
            raise csv.Error(f"quote not closed within {MAX_LINE} characters")
        self.taken.append(item)
        return item[1]

    def give_back(self) -> None:
        """Let all lines of the present record but the first be read again, as records of their own."""
        self.waiting.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def _records(path: Path, delimiter: str) -> Iterator[_Record]:
    """The records with the place of their first line; the lines behind a broken one are read again."""
    lines = _CsvLines(path)
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
        several = len(lines.taken) > 1
        if several and (fault or len(cells) != width):
            lines.give_back()
            fault = fault or "quote not closed in its row"
        number, text, _ = lines.taken[0]
        place = f"{path}:{number}"
        problem = next((problem for _, _, problem in lines.taken if problem), None)
        is_cut = problem is not None and problem.code == "TR-file-size"
        if fault or is_cut:
            before, after = _around_break(text, delimiter)
            problem = problem or complaints.row_broken(place, fault)
            yield _Record(place, before, problem, [] if several or is_cut else after)
        elif cells or problem:
            yield _Record(place, cells, problem)


def _around_break(line: str, delimiter: str) -> tuple[list[str], list[str]]:
    """The cells of a broken line before the break, and those behind it, the last one first."""
    sign = re.escape(delimiter)
    cell = re.compile(rf'(?:"((?:[^"]|"")*+)"|((?!")[^\r\n{sign}]*+))(?={sign})')
    before: list[str] = []
    at = 0
    while (found := cell.match(line, at)) and found.end() - at <= csv.field_size_limit():
        before.append(found[2] if found[1] is None else found[1].replace('""', '"'))
        at = found.end() + 1
    after: list[str] = []
    for part in reversed(line[at:].rstrip("\r\n").split(delimiter)[1:]):
        text = part[1:-1] if len(part) > 1 and part[0] == part[-1] == '"' else part
        if '"' in text or "\r" in text or len(text) > csv.field_size_limit():
            break
        after.append(text)
    return before, after
