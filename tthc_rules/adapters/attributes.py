"""A second file with attributes of dossiers, laid over the dossiers of an event log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tthc_rules import errors
from tthc_rules.adapters.assemble import GROUPS, RawDossier, put
from tthc_rules.adapters.csvlog import read_rows
from tthc_rules.adapters.jsonlog import flattened, read_lines, read_whole
from tthc_rules.adapters.plans import delimiter_hint, dossier_id_of, typed
from tthc_rules.errors import InputFileError, Problem

__all__ = ["Attributes", "merged", "read_attributes"]

_IDS = ("dossier_id", "case:concept:name")


@dataclass(slots=True)
class Attributes:
    """What the file says of one dossier, by dotted names."""

    dossier_id: str
    place: str
    fields: dict[str, object] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_attributes(path: Path, format: str, delimiter: str = ",") -> dict[str, Attributes]:
    """The attributes in a CSV, NDJSON or JSON file by dossier id; a row without one stands under its place."""
    found: dict[str, Attributes] = {}
    for place, cells, unread in _rows(path, format, delimiter):
        dossier_id = next((text for name in _IDS if (text := dossier_id_of(cells.get(name)))), "")
        fields = {column.removeprefix("case:"): value for column, value in cells.items() if column not in _IDS}
        entry = found.setdefault(dossier_id or f"\0{place}", Attributes(dossier_id, place))
        if (problem := unread or _fault(dossier_id, fields, place)) is not None:
            entry.problems.append(problem)
            continue
        for name, value in fields.items():
            _note(entry, name, value, place)
    return found


def _fault(dossier_id: str, fields: dict[str, object], place: str) -> Problem | None:
    if not dossier_id:
        return errors.dossier_id_missing(place)
    if fields.keys() & {"events", "dossier_id"}:
        return errors.record_unsuitable(
            place,
            "tệp thuộc tính chỉ có thuộc tính của hồ sơ; sự kiện phải nằm trong nhật ký",
            "a file of attributes has attributes of dossiers only; events belong in the log",
        )
    return None


def _note(entry: Attributes, name: str, value: object, place: str) -> None:
    known = entry.fields.setdefault(name, value)
    if known != value:
        entry.problems.append(errors.attribute_conflict(place, name, known, value))


def _rows(path: Path, format: str, delimiter: str) -> Iterator[tuple[str, dict[str, object], Problem | None]]:
    if format != "csv":
        for record in read_lines(path) if format == "ndjson" else read_whole(path):
            yield record.place, flattened(record.fields, GROUPS), record.problem
        return
    header, rows = read_rows(path, delimiter)
    if not set(_IDS) & set(header):
        hint = delimiter_hint(header, delimiter)
        raise InputFileError(errors.columns_missing(f"{path}:1", ["dossier_id"], header, hint))
    for row in rows:
        cells = {name: typed(name.removeprefix("case:"), text) for name, text in row.cells.items()}
        yield row.place, cells, row.problem


def merged(found: Iterable[RawDossier], attributes: dict[str, Attributes]) -> Iterator[RawDossier]:
    """The dossiers with their attributes laid over them; attributes of no dossier come last, as error rows."""
    used: set[str] = set()
    for raw in found:
        entry = attributes.get(raw.dossier_id) if raw.dossier_id else None
        if entry is None:
            yield raw
            continue
        used.add(raw.dossier_id)
        problems = [*raw.problems, *entry.problems]
        for name, value in entry.fields.items():
            if not put(raw.data, name, value, replace=True):
                problems.append(errors.attribute_conflict(entry.place, name, raw.data[name.split(".")[0]], value))
        yield RawDossier(raw.dossier_id, raw.data, raw.place, tuple(problems))
    for entry in attributes.values():
        if entry.dossier_id and entry.dossier_id not in used:
            absent = errors.dossier_not_in_log(entry.place, entry.dossier_id)
            yield RawDossier(entry.dossier_id, {}, entry.place, (*entry.problems, absent))
        elif not entry.dossier_id:
            yield RawDossier("", {}, entry.place, tuple(entry.problems))
