"""Rows of an Excel sheet, as those of a CSV: names in one row, cells under them, each bad cell told at its place.

A cell is what is stored in it: a formula its last value, a date the day that the workbook counts, a hidden row a row.
Nothing is made up of a number: text stays text, and what Excel itself has lost of a code is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law.text import nfc
from tthc_rules.logs import complaints
from tthc_rules.logs.assemble import Record, SheetPlace
from tthc_rules.logs.dates import SERIAL_TEXT, counted
from tthc_rules.logs.xlsxparts import NO_VALUE, Look, bytes_of, look, refused

__all__ = ["OpenSheet", "open_sheet"]

_EXACT: Final = 10**15
"""Excel keeps fifteen digits of a number."""
_EPOCHS: Final = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - civil times
_MOST_DAYS: Final = 80_000.0


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet whose names of columns are known."""

    place: str
    """The file, the sheet and the row of the names."""
    columns: tuple[str, ...]
    _path: Path
    _look: Look
    _sheet: Any
    _names: Mapping[int, str]
    """By column, from 1."""
    _row: int
    _merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = field(default=(), repr=False)

    def rows(self, wanted: Set[str], serial: Set[str]) -> Iterator[Record]:
        """The rows below the names, with the wanted columns; in the `serial` ones a number is a day."""
        names = {column: name for column, name in self._names.items() if name in wanted}
        letters = {name: letters_of(column) for column, name in names.items()}
        spread, joined = self._spread(names)
        faults = _by_row(self._bad(), names)
        kept: dict[int, object] = {}
        for number, cells in _numbered(self._sheet, self._look.sheet, self._path):
            if number <= self._row:
                continue
            row = {column: cell for column in names if (cell := _cell(cells.get(column))) is not None}
            for column in spread.get(number, ()):
                kept[column] = row.get(column)
            for column in spread.get(-number, ()):
                if column not in row and (cell := kept.get(column)) is not None:
                    row[column] = cell
            place = SheetPlace(f"{self._path}:{self._look.sheet}:{number}", letters)
            bad = faults.get(number, {})
            read = {names[column]: cell for column, cell in row.items() if column not in bad}
            problem = self._fault(place, names, bad, row, joined.get(number))
            for name in serial & read.keys():
                read[name] = _day(read[name], self._look.is_1904)
            if read or problem is not None:
                yield Record(place, read, problem, read)

    def _bad(self) -> dict[tuple[int, int], str]:
        """The cells in error; one that was joined down is that of every row."""
        found = dict(self._look.bad)
        for (top, left), (bottom, right) in self._merged:
            if left == right and (said := found.get((top + 1, left + 1))) is not None:
                found.update({(row, left + 1): said for row in range(top + 2, bottom + 2)})
        return found

    def _spread(self, names: Mapping[int, str]) -> tuple[dict[int, list[int]], dict[int, int]]:
        """Where cells were joined: down one column (its first row, and with a minus the others), or across several."""
        spread: dict[int, list[int]] = {}
        joined: dict[int, int] = {}
        for (top, left), (bottom, right) in self._merged:
            if bottom + 1 <= self._row or not any(left < column <= right + 1 for column in names):
                continue
            if left == right:
                spread.setdefault(top + 1, []).append(left + 1)
                for row in range(top + 2, bottom + 2):
                    spread.setdefault(-row, []).append(left + 1)
            elif sum(left < column <= right + 1 for column in names) > 1:
                joined.update(dict.fromkeys(range(max(top + 1, self._row + 1), bottom + 2), left + 1))
        return spread, joined

    def _fault(
        self,
        place: SheetPlace,
        names: Mapping[int, str],
        bad: Mapping[int, str],
        row: Mapping[int, object],
        joined: int | None,
    ) -> Problem | None:
        for column, shown in sorted(bad.items()):
            return complaints.cell_in_error(place.at(names[column]), names[column], "" if shown == NO_VALUE else shown)
        if joined is not None:
            return complaints.cells_joined(f"{place}:{letters_of(joined)}")
        for column, cell in row.items():
            if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _EXACT:
                return complaints.number_rounded(place.at(names[column]), names[column])
        return None


def open_sheet(path: Path, sheet: str | None = None, header_row: int = 1) -> OpenSheet:
    """The sheet of that name, or the first one that is seen; raises `InputFileError` where it has no usable names."""
    data = bytes_of(path)
    found = look(path, data, sheet)
    opened = _opened(path, data, found.sheet)
    merged = tuple(opened.merged_cell_ranges or ())
    place = f"{path}:{found.sheet}:{header_row}"
    header: dict[int, object] = {}
    above = {
        (left, row): (top + 1, left) for (top, left), (bottom, right) in merged if left == right
        for row in range(top + 2, bottom + 2)
    }  # fmt: skip
    seen: dict[tuple[int, int], object] = {}
    for number, cells in _numbered(opened, found.sheet, path):
        if number > header_row:
            break
        seen.update({(number, column): cell for column, cell in cells.items()})
        header = cells if number == header_row else {}
    for (left, row), (top, _) in above.items():
        if row == header_row:
            header = {**header, left + 1: seen.get((top, left + 1))}
    names = {column: name for column, cell in sorted(header.items()) if (name := _name(cell))}
    if faults := list(_header_faults(place, header_row, names, merged, found)):
        raise InputFileError(faults)
    return OpenSheet(place, tuple(names.values()), path, found, opened, names, header_row, merged)


def _header_faults(
    place: str,
    header_row: int,
    names: Mapping[int, str],
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    found: Look,
) -> Iterator[Problem]:
    if not names:
        yield complaints.header_empty(place)
    for column, name in names.items():
        if name in [other for at, other in names.items() if at < column]:
            yield complaints.column_header_unusable(f"{place}:{letters_of(column)}", column, name)
    for (top, left), (bottom, right) in merged:
        if top < header_row <= bottom + 1 and right > left and left + 1 in names:
            yield complaints.header_joined(f"{place}:{letters_of(left + 1)}", names[left + 1])
    for (row, column), shown in found.bad.items():
        if row == header_row:
            yield complaints.cell_in_error(f"{place}:{letters_of(column)}", letters_of(column), shown)


def _opened(path: Path, data: bytes, sheet: str) -> Any:
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        raise InputFileError(complaints.xlsx_missing(str(path))) from None
    try:
        return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(sheet)
    except BaseException as error:  # a broken file may end in a panic of its language, which is no `Exception`
        raise _foreign(path, error) from None


def _foreign(path: Path, error: BaseException) -> BaseException:
    """What the reader of values said, as our error; what a person or the system says stays what it is."""
    if isinstance(error, Exception) or type(error).__module__ == "pyo3_runtime":
        return InputFileError(refused(path, str(error)[:200], str(error)[:200]))
    return error


def _numbered(sheet: Any, name: str, path: Path) -> Iterator[tuple[int, dict[int, object]]]:
    """The rows with their numbers, and their cells by column, both from 1."""
    if sheet.start is None:
        return
    left = sheet.start[1] + 1
    rows = sheet.iter_rows()
    number = 0
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except BaseException as error:
            raise _foreign(path, error) from None
        number += 1
        yield number, dict(enumerate(row, left))


def _by_row(bad: Mapping[tuple[int, int], str], names: Mapping[int, str]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for (row, column), shown in bad.items():
        if column in names:
            found.setdefault(row, {})[column] = shown
    return found


def _cell(value: object) -> object:
    """What is stored in a cell: trimmed text, a whole number as one; nothing where there is none."""
    if isinstance(value, str):
        return nfc(value).strip() or None
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return value


def _name(cell: object) -> str:
    """The name of a column, on one line."""
    value = _cell(cell)
    return "" if value is None else " ".join(str(value).split())


def _day(value: object, is_1904: bool) -> object:
    """The moment that a number counts, to the second; anything else as it is."""
    if isinstance(value, str) and SERIAL_TEXT.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST_DAYS:
        return value
    return counted(value, _EPOCHS[is_1904])


def letters_of(column: int) -> str:
    """The letters that a spreadsheet shows above a column."""
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
