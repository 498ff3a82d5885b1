"""A second file with attributes of dossiers, laid over the dossiers of an event log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Cells
from dataclasses import dataclass, field, replace
from pathlib import Path

from tthc_rules import errors
from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law.fields import misspelt_columns
from tthc_rules.logs import complaints
from tthc_rules.logs.assemble import GROUPS, RawDossier, Record, put
from tthc_rules.logs.csv import CsvRow, read_rows
from tthc_rules.logs.json import flattened, read_lines, read_whole
from tthc_rules.logs.layout import LIST_FIELDS, NAME_FIELDS, delimiter_hint, dossier_id_of, same, typed
from tthc_rules.logs.xlsx import open_sheet

__all__ = ["AttributeFile", "Attributes", "merged", "read_attributes"]

_IDS = ("dossier_id", "case:concept:name")


@dataclass(slots=True)
class Attributes:
    """What the file says of one dossier, by dotted names."""

    dossier_id: str
    place: str
    fields: dict[str, object] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class AttributeFile:
    """What a file says of dossiers, and of which dossiers it may say something in rows that could not be read."""

    by_id: dict[str, Attributes] = field(default_factory=dict)
    nameless: list[RawDossier] = field(default_factory=list)


def read_attributes(path: Path, format: str, delimiter: str = ",") -> AttributeFile:
    """The attributes in a CSV, NDJSON, JSON or Excel file by dossier id; a row not read spoils its own."""
    found = AttributeFile()
    for place, cells, unread, again in _rows(path, format, delimiter):
        dossier_id = _id_of(cells)
        other = dossier_id if unread is None else _id_of(again)
        fields = {column.removeprefix("case:"): value for column, value in cells.items() if column not in _IDS}
        problem = unread or _fault(dossier_id, fields, place)
        if problem is not None and (not dossier_id or other != dossier_id):
            names = tuple(name for name in dict.fromkeys((dossier_id, other)) if name)
            found.nameless.append(RawDossier("", {}, place, (problem,), names))
            continue
        entry = found.by_id.setdefault(dossier_id, Attributes(dossier_id, place))
        if problem is not None:
            entry.problems.append(problem)
            continue
        for name, value in fields.items():
            _note(entry, name, value, place)
    return found


def _id_of(cells: Cells[str, object]) -> str:
    return next((text for name in _IDS if (text := dossier_id_of(cells.get(name)))), "")


def _fault(dossier_id: str, fields: dict[str, object], place: str) -> Problem | None:
    if not dossier_id:
        return complaints.dossier_id_missing(place)
    if fields.keys() & {"events", "dossier_id"}:
        return complaints.record_unsuitable(
            place,
            "tệp thuộc tính chỉ có thuộc tính của hồ sơ; sự kiện phải nằm trong nhật ký",
            "a file of attributes has attributes of dossiers only; events belong in the log",
        )
    return None


def _note(entry: Attributes, name: str, value: object, place: str) -> None:
    known = entry.fields.setdefault(name, value)
    if known is not value and not same(name, known, value):
        entry.problems.append(complaints.attribute_conflict(place, name, known, value))


def _rows(path: Path, format: str, delimiter: str) -> Iterator[Record]:
    if format not in ("csv", "xlsx"):
        for record in read_lines(path) if format == "ndjson" else read_whole(path):
            fields, twice = flattened(record.fields, GROUPS)
            problem = errors.json_broken(record.place, f"key repeated: {twice}") if twice else None
            yield Record(record.place, _typed(fields), record.problem or problem, record.again or fields)
        return
    header, rows, place = _table(path, format, delimiter)
    if not set(_IDS) & set(header):
        hint = delimiter_hint(header, delimiter)
        raise InputFileError(errors.columns_missing(place, ["dossier_id"], header, hint))
    described = [column.removeprefix("case:") for column in header if column not in _IDS]
    if problems := misspelt_columns(of_dossiers=described, place=place):
        raise InputFileError(problems)
    for row in rows:
        yield Record(row.place, _typed(row.cells, text=True), row.problem, row.again)


def _table(path: Path, format: str, delimiter: str) -> tuple[tuple[str, ...], Iterator[CsvRow | Record], str]:
    """The columns, the rows, and where the names of the columns stand."""
    if format == "csv":
        return *read_rows(path, delimiter), f"{path}:1"
    sheet = open_sheet(path)
    return sheet.columns, sheet.rows(frozenset(sheet.columns), frozenset()), sheet.place


def _typed(cells: Cells[str, object], text: bool = False) -> dict[str, object]:
    """The cells with what a text stands for; of JSON only the names of things."""
    names = {column: column.removeprefix("case:") for column in cells}
    return {
        column: typed(name, cells[column]) if text or name in LIST_FIELDS or name in NAME_FIELDS else cells[column]
        for column, name in names.items()
    }


def merged(found: Iterable[RawDossier], file: AttributeFile) -> Iterator[RawDossier]:
    """The dossiers with their attributes laid over them; attributes of no dossier come last, as error rows."""
    used: set[str] = set()
    spoiled: dict[str, list[Problem]] = {}
    for row in file.nameless:
        for name in row.maybe:
            spoiled.setdefault(name, []).extend(row.problems)
    for raw in found:
        entry = file.by_id.get(raw.dossier_id) if raw.dossier_id else None
        if entry is None and raw.dossier_id not in spoiled:
            yield raw
            continue
        used.add(raw.dossier_id)
        problems = [*raw.problems, *spoiled.get(raw.dossier_id, ())]
        if entry is not None:
            problems += _laid_over(raw, entry)
        yield replace(raw, problems=tuple(problems))
    for entry in file.by_id.values():
        if entry.dossier_id not in used:
            absent = complaints.dossier_not_in_log(entry.place, entry.dossier_id)
            problems = [*entry.problems, *spoiled.get(entry.dossier_id, ()), absent]
            used.add(entry.dossier_id)
            yield RawDossier(entry.dossier_id, {}, entry.place, tuple(problems))
    yield from (replace(row, maybe=()) for row in file.nameless if not used & set(row.maybe))


def _laid_over(raw: RawDossier, entry: Attributes) -> Iterator[Problem]:
    """Put the attributes into the data of the dossier; what is wrong with them."""
    yield from entry.problems
    for name, value in entry.fields.items():
        if not put(raw.data, name, value, replace=True):
            yield complaints.attribute_conflict(entry.place, name, raw.data[name.split(".")[0]], value)
