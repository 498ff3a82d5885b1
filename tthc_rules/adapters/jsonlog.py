"""JSON and NDJSON records: strict JSON, objects only, every bad line reported at its place."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from tthc_rules import errors
from tthc_rules.adapters.files import chunks, decode, numbered_lines
from tthc_rules.errors import InputFileError, Problem

__all__ = ["JsonRecord", "flattened", "read_lines", "read_whole"]


@dataclass(frozen=True, slots=True)
class JsonRecord:
    """One object of the file, or what is wrong in its place."""

    place: str
    fields: dict[str, object]
    problem: Problem | None = None


def read_lines(path: Path) -> Iterator[JsonRecord]:
    """The objects of an NDJSON file, one a line; blank lines are skipped."""
    for number, line in numbered_lines(path):
        place = f"{path}:{number}"
        text, problem = decode(line, place)
        if problem is not None:
            yield JsonRecord(place, {}, problem)
        elif text.strip():
            value, fault = _parsed(text)
            if fault is None:
                yield _record(place, value)
            else:
                yield JsonRecord(place, {}, errors.json_broken(f"{place}:{fault[1]}", fault[2]))


def read_whole(path: Path) -> Iterator[JsonRecord]:
    """The objects of a JSON file that holds one object or a list of them; broken JSON is an `InputFileError`."""
    content = b"".join(chunks(path)).removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        problem = errors.text_not_utf8(f"{path}:{line}", error.start - before.rfind(b"\n"))
        raise InputFileError(problem) from error
    value, fault = _parsed(text)
    if fault is not None:
        raise InputFileError(errors.json_broken(f"{path}:{fault[0]}:{fault[1]}", fault[2]))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield _record(f"{path}[{index}]", item)
    else:
        yield _record(str(path), value)


def flattened(fields: dict[str, object], groups: Collection[str] | None = None, prefix: str = "") -> dict[str, object]:
    """Nested objects, or those of the `groups` only, as dotted names; null is absent."""
    flat: dict[str, object] = {}
    for name, value in fields.items():
        if isinstance(value, dict) and (groups is None or name in groups):
            flat.update(flattened(value, groups, f"{prefix}{name}."))
        elif value is not None:
            flat[prefix + name] = value
    return flat


def _record(place: str, value: object) -> JsonRecord:
    if isinstance(value, dict):
        return JsonRecord(place, value)
    return JsonRecord(
        place,
        {},
        errors.record_unsuitable(
            place, "ở đây phải là một đối tượng JSON (hồ sơ hoặc sự kiện)", "a JSON object is wanted (dossier or event)"
        ),
    )


def _parsed(text: str) -> tuple[object, tuple[int, int, str] | None]:
    """The value of the text, or the line, column and reason why it has none; no NaN, no repeated keys."""
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        return None, (error.lineno, error.colno, error.msg)
    except RecursionError:
        return None, (1, 1, "nested too deep")
    except ValueError as error:
        return None, (1, 1, str(error))
    return value, None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"key repeated: {next(name for name in names if names.count(name) > 1)}")
    return fields


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")
