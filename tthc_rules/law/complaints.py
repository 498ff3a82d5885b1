"""Pydantic's complaints, said in our words: a code, the JSON path, what is known there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from tthc_rules.errors import Problem, lookalikes, misspelt, nearest_of, shown
from tthc_rules.law.names import Names

MOST = 50
"""How many problems of one document are told."""
_QUOTED = re.compile(r"'([^']*)'")

# pydantic's type -> our code, Vietnamese, English; the first that the type starts with.
_WORDS: tuple[tuple[str, str, str, str], ...] = (
    ("missing", "TR-input-missing", "thiếu trường bắt buộc", "a required field is missing"),
    ("extra_forbidden", "TR-input-unknown-field", "không có trường này ở đây", "there is no such field here"),
    (
        "literal_error",
        "TR-input-choice",
        "giá trị không nằm trong danh sách",
        "the value is not one of those known here",
    ),
    ("union_tag", "TR-input-choice", "giá trị không nằm trong danh sách", "the value is not one of those known here"),
    ("int_", "TR-input-type", "phải là số nguyên", "must be a whole number"),
    ("bool_", "TR-input-type", "phải là true hoặc false", "must be true or false"),
    ("string_too_short", "TR-input-length", "văn bản quá ngắn", "the text is too short"),
    ("string_too_long", "TR-input-length", "văn bản quá dài", "the text is too long"),
    ("string_pattern", "TR-input-form", "văn bản sai khuôn dạng", "the text has the wrong form"),
    ("string_", "TR-input-type", "phải là văn bản (đặt trong ngoặc kép)", "must be text (put it in quotes)"),
    ("too_long", "TR-input-length", "danh sách quá dài", "the list is too long"),
    ("too_short", "TR-input-length", "danh sách quá ngắn", "the list is too short"),
    ("greater_than", "TR-input-range", "số nhỏ hơn mức cho phép", "the number is below what is allowed"),
    ("less_than", "TR-input-range", "số lớn hơn mức cho phép", "the number is above what is allowed"),
    ("json_invalid", "TR-input-json", "không phải JSON hợp lệ", "this is not valid JSON"),
    ("tuple_type", "TR-input-type", "phải là một danh sách", "must be a list"),
    ("list_type", "TR-input-type", "phải là một danh sách", "must be a list"),
    ("model_", "TR-input-type", "phải là một nhóm trường: giá trị", "must be a mapping of fields"),
    ("dict_", "TR-input-type", "phải là một nhóm trường: giá trị", "must be a mapping of fields"),
    ("recursion_loop", "TR-input-type", "dữ liệu tự chứa chính nó", "the data contains itself"),
)


def problems_of(
    error: ValidationError | None, prefix: str, shape: type[BaseModel] | None = None, names: Names | None = None
) -> tuple[Problem, ...]:
    """Every complaint of a pydantic validation as a `Problem`; `prefix` names the document it is about.

    With its `shape`, an unknown field is answered with those known in that place; with `names`, with these.
    """
    if error is None:
        return (Problem("TR-input-depth", prefix, "dữ liệu lồng quá sâu", "the data is nested too deeply"),)
    details = error.errors(include_url=False)
    problems = [_problem(detail, prefix, shape, names) for detail in details[:MOST]]
    if len(details) > MOST:
        more = len(details) - MOST
        problems.append(Problem("TR-input-more", prefix, f"còn {more} lỗi nữa", f"{more} more problems"))
    return tuple(problems)


def problem_of(error: PydanticCustomError, place: str) -> Problem:
    """A complaint of a reader of ours, where no model asked it."""
    return _said_both(error.type, place, error.message())


def _said_both(code: str, place: str, said: str, extra: str = "") -> Problem:
    """A message in both languages, `… / …`, as a problem."""
    vietnamese, _, english = said.partition(" / ")
    return Problem(code, place, vietnamese + extra, english + extra)


def json_path(location: Iterable[int | str]) -> str:
    """A place in data as people write it: `events[2].at`; the tags of unions, <so written>, are no part of it."""
    path = ""
    for step in location:
        if isinstance(step, str) and step.startswith("<"):
            continue
        path += f"[{step}]" if isinstance(step, int) else f".{shown(step)}" if path else shown(step)
    return path


def _problem(detail: ErrorDetails, prefix: str, shape: type[BaseModel] | None, names: Names | None) -> Problem:
    kind = _kind(detail)
    location = detail["loc"]
    place = ": ".join(part for part in (prefix, json_path(location)) if part)
    if isinstance(told := detail.get("ctx", {}).get("problem"), Problem):
        return told.at(place)
    if kind.startswith("TR-"):
        value = detail.get("ctx", {}).get("value")
        return _said_both(kind, place, detail["msg"], f" («{value}»)" if value else "")
    written = detail["input"]
    if kind == "literal_error" and location[-1] == "unit" and isinstance(written, str) and written in _EITHER_DAY:
        return _which_day(place, written)
    known: tuple[str, ...] = ()
    nearest = ""
    if kind == "literal_error":
        known = tuple(_QUOTED.findall(str(detail.get("ctx", {}).get("expected", ""))))
        nearest = nearest_of(detail["input"], known)
    elif kind == "extra_forbidden" and shape is not None:
        known = tuple(sorted(_fields_at(shape, location[:-1])))
        nearest = nearest_of(location[-1], known)
    elif kind == "extra_forbidden" and names is not None:
        name = str(location[-1])
        if meant := names.meant(name):
            return misspelt(place, name, meant)
        known, nearest = tuple(sorted(names.known)), names.nearest(name)
    for start, code, vietnamese, english in _WORDS:
        if kind.startswith(start):
            marks = lookalikes(detail["input"] if kind == "literal_error" else location[-1]) if nearest else ("", "")
            bound = _bound(kind, detail)
            vi, en = vietnamese + bound[0] + marks[0], english + bound[1] + marks[1]
            return Problem(code, place, vi, en, known=known, nearest=nearest)
    return Problem("TR-input-value", place, "giá trị không dùng được", detail["msg"], known=known, nearest=nearest)


# pydantic's type -> what it says of itself, Vietnamese, English.
_BOUNDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "greater_than_equal": ("ge", "ít nhất là {}", "at least {}"),
    "greater_than": ("gt", "phải lớn hơn {}", "more than {}"),
    "less_than_equal": ("le", "nhiều nhất là {}", "at most {}"),
    "less_than": ("lt", "phải nhỏ hơn {}", "less than {}"),
    "string_too_short": ("min_length", "ít nhất {} ký tự", "at least {} character(s)"),
    "string_too_long": ("max_length", "nhiều nhất {} ký tự", "at most {} character(s)"),
    "too_short": ("min_length", "ít nhất {} mục", "at least {} item(s)"),
    "too_long": ("max_length", "nhiều nhất {} mục", "at most {} item(s)"),
}


def _kind(detail: ErrorDetails) -> str:
    """Pydantic's type; a text that is measured after it was read is called a list there."""
    kind = detail["type"]
    return f"string_{kind}" if kind in ("too_short", "too_long") and isinstance(detail["input"], str) else kind


def _bound(kind: str, detail: ErrorDetails) -> tuple[str, str]:
    """The bound that was broken, with what was given; the name of a field that is not there; else nothing."""
    told = detail.get("ctx", {})
    if kind == "missing":
        name = shown(detail["loc"][-1])
        return f" «{name}»", f": “{name}”"
    if kind not in _BOUNDS:
        return "", ""
    key, vi, en = _BOUNDS[kind]
    written = detail["input"]
    given = len(written) if isinstance(written, str) else told.get("actual_length", written)
    given = given if isinstance(given, int | float) else None
    here = ("", "") if given is None else (f", ở đây là {shown(given)}", f", here {shown(given)}")
    return f": {vi.format(told[key])}{here[0]}", f": {en.format(told[key])}{here[1]}"


_EITHER_DAY: Final = frozenset({"day", "days", "ngày", "Day", "Days", "Ngày"})


def _which_day(place: str, written: str) -> Problem:
    """A bare «day» is two things in these decrees, and nobody chooses between them but who knows the clause."""
    return Problem(
        "TR-input-choice",
        place,
        f"«{written}» chưa nói là ngày nào: viết workday (ngày làm việc) hoặc calendar_day (ngày, tính cả ngày nghỉ)",
        f"“{written}” does not say which day: write workday (working days) or calendar_day (every day)",
        known=("workday", "calendar_day"),
    )


def _fields_at(shape: type[BaseModel], location: Iterable[int | str]) -> set[str]:
    """The fields that are known in a place of a document, found by walking its JSON Schema."""
    whole = shape.model_json_schema()
    nodes = [whole]
    for step in location:
        if isinstance(step, str) and step.startswith("<"):
            continue
        nodes = [child for node in nodes for child in _children(_resolved(node, whole), step)]
    return {name for node in nodes for one in _resolved(node, whole) for name in one.get("properties", {})}


def _resolved(node: Any, whole: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if not isinstance(node, Mapping):
        return []
    if "$ref" in node:
        return _resolved(whole["$defs"][node["$ref"].rsplit("/", 1)[-1]], whole)
    branches = [*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())]
    return [node] if not branches else [one for branch in branches for one in _resolved(branch, whole)]


def _children(nodes: Iterable[Mapping[str, Any]], step: int | str) -> list[Any]:
    found = []
    for node in nodes:
        if isinstance(step, int):
            found.append(node.get("items"))
        elif step in node.get("properties", {}):
            found.append(node["properties"][step])
        else:
            found += [node.get("additionalProperties"), *node.get("patternProperties", {}).values()]
    return [node for node in found if isinstance(node, Mapping)]
