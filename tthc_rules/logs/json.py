"""JSON and NDJSON records: strict JSON, objects only, every bad line reported at its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tthc_rules import errors
from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law.jsontext import JsonError, read_json, readings
from tthc_rules.law.text import nfc
from tthc_rules.logs import complaints
from tthc_rules.logs.files import MAX_LINE, decode, numbered_lines
from tthc_rules.logs.jsonstream import JsonItem, items

__all__ = ["JsonRecord", "flattened", "read_lines", "read_value", "read_whole"]

MAX_ITEMS = 1_000_000
"""Records of a list that is held in memory as a whole."""


@dataclass(frozen=True, slots=True)
class JsonRecord:
    """One object of the file; with a `problem`, what was readable of it, in two readings where there are two."""

    place: str
    fields: dict[str, object]
    problem: Problem | None = None
    again: dict[str, object] = field(default_factory=dict)


def read_lines(path: Path) -> Iterator[JsonRecord]:
    """The objects of an NDJSON file, one a line; blank lines are skipped, a broken one is each object that it names."""
    for number, line in numbered_lines(path):
        place = f"{path}:{number}"
        text, problem = decode(line, place)
        if problem is not None:
            yield from _readable(place, text, problem, is_cut=len(line) >= MAX_LINE)
        elif text.strip():
            try:
                yield _record(place, read_json(text))
            except JsonError as broken:
                yield from _readable(place, text, errors.json_broken(f"{place}:{broken.column}", broken.why))


def _readable(place: str, text: str, problem: Problem, is_cut: bool = False) -> Iterator[JsonRecord]:
    """What is left of a broken line: where a line end was lost, it is of several objects, and each lacks its part."""
    seen = 0
    for at, first, last in readings(text):
        yield JsonRecord(f"{place}:{at + 1}" if seen else place, _as_written(first), problem, _as_written(last))
        seen += 1
    if not seen or (is_cut and seen > 1):  # what was cut off may be another's
        yield JsonRecord(f"{place}:{len(text) + 1}" if seen else place, {}, problem)


def _as_written(fields: dict[str, object]) -> dict[str, object]:
    """The fields without text in which a byte was replaced."""
    return {
        name: _as_written(value) if isinstance(value, dict) else value
        for name, value in fields.items()
        if not (isinstance(value, str) and "\ufffd" in value)
    }


def read_whole(path: Path) -> Iterator[JsonRecord]:
    """The objects of a JSON file that holds one object or a list of them; broken JSON is an `InputFileError`."""
    for item in items(path):
        value = _value(path, item)
        if item.number is not None:
            yield _record(f"{path}[{item.number}]", value)
        elif isinstance(value, list):
            yield from (_record(f"{path}[{index}]", each) for index, each in enumerate(value))
        else:
            yield _record(str(path), value)


def read_value(path: Path) -> object:
    """The one value of a JSON file; broken JSON is an `InputFileError` at its line and column."""
    found: list[object] = []
    for item in items(path):
        value = _value(path, item)
        if item.number is None:
            return value
        found.append(value)
        if len(found) > MAX_ITEMS:
            raise InputFileError(complaints.record_too_large(str(path), f"{MAX_ITEMS} records"))
    return found


def _value(path: Path, item: JsonItem) -> object:
    try:
        return read_json(item.text)
    except JsonError as broken:
        line, column = item.line + broken.line - 1, broken.column + (item.column - 1 if broken.line == 1 else 0)
        raise InputFileError(errors.json_broken(f"{path}:{line}:{column}", broken.why)) from None


def flattened(fields: dict[str, object], groups: Collection[str] | None = None) -> tuple[dict[str, object], str]:
    """Nested objects, or those of the `groups` only, under dotted names; and a name that is there twice."""
    flat: dict[str, object] = {}
    return flat, _flatten(flat, fields, groups, "")


def _flatten(flat: dict[str, object], fields: dict[str, object], groups: Collection[str] | None, prefix: str) -> str:
    twice = ""
    for written, value in fields.items():
        name = prefix + nfc(written)
        if isinstance(value, dict) and (groups is None or name in groups):
            twice = _flatten(flat, value, groups, f"{name}.") or twice
        elif value is not None:
            twice = name if name in flat else twice
            flat[name] = value
    return twice


def _record(place: str, value: object) -> JsonRecord:
    if isinstance(value, dict):
        return JsonRecord(place, value)
    return JsonRecord(
        place,
        {},
        complaints.record_unsuitable(
            place, "ở đây phải là một đối tượng JSON (hồ sơ hoặc sự kiện)", "a JSON object is wanted (dossier or event)"
        ),
    )
