"""What a foreign table may be made of: a closed list of Arrow types, asked of the schema before a cell is touched.

Arrow aborts the whole process on some types (a union with nulls), and raises whatever it likes on others: neither
validation nor flattening comes before this.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pyarrow as pa

from tthc_rules.bulk.cells import is_text
from tthc_rules.bulk.columns import ALIASES, DOSSIER_COLUMNS, EVENT_COLUMNS, EVENTS, Meaning
from tthc_rules.errors import InputFileError, Problem, shown
from tthc_rules.law.fields import GROUPS, misspelt_columns

PROBLEM: Final = "tthc:problem"
"""A column of our own: what was found wrong while events were put together."""
_NAMELESS: Final = re.compile(r"|Unnamed: \d+|__index_level_\d+__")
"""What pandas calls an index that has no name: nobody wrote it as a field."""
_DEEPEST: Final = 16
_LIST_OF_EVENTS: Final = "list<struct<kind, at, …>>"


class Accepts(NamedTuple):
    """What a column must be, in words, and the types that are taken for it."""

    vi: str
    en: str
    types: tuple[str, ...]


_TEXT: Final = ("string", "large_string", "string_view", "dictionary<…, string>")
MEANINGS: Final[dict[Meaning, Accepts]] = {
    "text": Accepts("văn bản", "text", _TEXT),
    "moment": Accepts(
        "timestamp, date hoặc văn bản ISO", "a timestamp, a date or ISO text", ("timestamp", "date", *_TEXT)
    ),
    "flag": Accepts("boolean", "boolean", ("bool",)),
    "number": Accepts("số nguyên", "whole numbers", ("int8 … uint64", "float, double: 5.0")),
    "list": Accepts("danh sách văn bản, hoặc văn bản a|b", "a list of text, or text a|b", ("list<string>", *_TEXT)),
}


def is_list(kind: pa.DataType) -> bool:
    """Whether cells are lists that lie one behind the other."""
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def is_float(kind: pa.DataType) -> bool:
    """What pandas makes of whole numbers with gaps, and of a column without any value."""
    return bool(pa.types.is_floating(kind))


def is_instant(kind: pa.DataType) -> bool:
    """A timestamp whose zone, if it has one, is text."""
    try:
        return bool(pa.types.is_timestamp(kind)) and (kind.tz is None or bool(kind.tz))
    except UnicodeDecodeError:
        return False


def our_name(column: str) -> str:
    """The documented name of a column: names of process mining translated, the prefix `case:` taken off."""
    return ALIASES.get(column, column.removeprefix("case:"))


def is_nameless(column: str) -> bool:
    """Whether a column is an index that nobody named."""
    return _NAMELESS.fullmatch(column) is not None


def check_schema(schema: pa.Schema) -> None:
    """Raise `InputFileError` with every column that cannot be read: its path, its type, and what is taken there."""
    problems = list(_problems(schema))
    if problems:
        raise InputFileError(problems)


def _problems(schema: pa.Schema) -> Iterator[Problem]:
    names, unreadable = _names(schema)
    if unreadable:
        yield from unreadable
        return
    found = [our_name(name) for name in names]
    kinds = [field.type for field in schema]
    flat = {**EVENT_COLUMNS, **DOSSIER_COLUMNS} if "kind" in found else DOSSIER_COLUMNS
    paths: list[str] = []
    for written, name, kind in zip(names, found, kinds, strict=True):
        if is_nameless(written):
            continue
        if name == PROBLEM:
            yield _ours(written)
        elif name == EVENTS:
            paths.append(name)
            yield from _of_events(kind)
        elif name in GROUPS:
            yield from _of_group(name, kind, paths)
        else:
            paths.append(name)
            yield from _of_column(name, flat.get(name), kind)
    yield from twice(paths)
    if "kind" in found:
        yield from misspelt_columns(of_either=[path for path in paths if path not in (EVENTS, *GROUPS)])
    else:
        yield from misspelt_columns(of_dossiers=paths)


def _of_group(name: str, kind: pa.DataType, paths: list[str]) -> Iterator[Problem]:
    """A group of fields in one column: a struct, in which a group may stand again, or nothing at all."""
    paths.append(name)
    if not pa.types.is_struct(kind):
        if not _may_be_empty(kind):
            yield no_group(name, kind)
        return
    inner, unreadable = _names(kind, f"{name}.")
    yield from unreadable
    for one, field in zip(inner, kind, strict=bool(inner)):
        path = f"{name}.{one}"
        if path in GROUPS:
            yield from _of_group(path, field.type, paths)
        else:
            paths.append(path)
            yield from _of_column(path, DOSSIER_COLUMNS.get(path), field.type)


def _of_events(kind: pa.DataType) -> Iterator[Problem]:
    """A column `events`: a list of structs, or nothing at all."""
    if _may_be_empty(kind):
        return
    if not (is_list(kind) and pa.types.is_struct(kind.value_type)):
        yield no_events(kind)
        return
    names, unreadable = _names(kind.value_type, f"{EVENTS}.")
    if unreadable:
        yield from unreadable
        return
    ours = [ALIASES.get(name, name) for name in names]
    for name, field in zip(ours, kind.value_type, strict=True):
        yield from _of_column(f"{EVENTS}.{name}", EVENT_COLUMNS.get(name), field.type)
    yield from twice([f"{EVENTS}.{name}" for name in ours])
    yield from misspelt_columns(of_events=ours, place=EVENTS)


def _of_column(path: str, meaning: Meaning | None, kind: pa.DataType) -> Iterator[Problem]:
    if meaning is None:
        yield from _of_unknown(path, kind)
    elif not (_may_be_empty(kind) or fits(kind, meaning)):
        yield wrong_type(path, meaning, kind)


def fits(kind: pa.DataType, meaning: Meaning) -> bool:
    """Whether cells of this type can say what the column is for."""
    if pa.types.is_dictionary(kind):
        inner = kind.value_type
        return not pa.types.is_nested(inner) and not pa.types.is_dictionary(inner) and fits(inner, meaning)
    match meaning:
        case "text":
            return is_text(kind)
        case "moment":
            return is_text(kind) or is_instant(kind) or bool(pa.types.is_date(kind))
        case "flag":
            return bool(pa.types.is_boolean(kind))
        case "number":
            return bool(pa.types.is_integer(kind)) or is_float(kind)
        case "list":
            return is_text(kind) or (is_list(kind) and (is_text(kind.value_type) or pa.types.is_null(kind.value_type)))


def _may_be_empty(kind: pa.DataType) -> bool:
    """Types that a column without any value has: whether it has none is asked of its cells."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_null(kind)) or is_float(kind)


_PLAIN: Final = (
    pa.types.is_null, pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal128,
    pa.types.is_decimal256, pa.types.is_date, pa.types.is_time, is_instant, pa.types.is_duration,
    pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_binary,
    pa.types.is_large_binary, pa.types.is_binary_view, pa.types.is_fixed_size_binary,
)  # fmt: skip


def _of_unknown(path: str, kind: pa.DataType, depth: int = 0) -> Iterator[Problem]:
    """A column that nobody knows is kept and noted: of it must be told what is there and what is the same."""
    if isinstance(kind, pa.BaseExtensionType) or depth > _DEEPEST:
        yield _not_taken(path, kind)
    elif any(is_one(kind) for is_one in _PLAIN):
        return
    elif pa.types.is_dictionary(kind):
        inner = kind.value_type
        if pa.types.is_dictionary(inner) or pa.types.is_nested(inner) or pa.types.is_binary_view(inner):
            yield _not_taken(path, kind)
        else:
            yield from _of_unknown(path, inner, depth + 1)
    elif is_list(kind):
        yield from _of_unknown(f"{path}[]", kind.value_type, depth + 1)
    elif pa.types.is_map(kind):
        yield from _of_unknown(f"{path}[].key", kind.key_type, depth + 1)
        yield from _of_unknown(f"{path}[].value", kind.item_type, depth + 1)
    elif pa.types.is_struct(kind):
        names, unreadable = _names(kind, f"{path}.")
        yield from unreadable
        yield from twice([f"{path}.{name}" for name in names])
        for name, field in zip(names, kind, strict=bool(names)):
            yield from _of_unknown(f"{path}.{name}", field.type, depth + 1)
    else:
        yield _not_taken(path, kind)


def _names(fields: Any, prefix: str = "") -> tuple[list[str], list[Problem]]:
    """The names of columns or of a struct's fields; those that are no text are told by their place."""
    names, problems = [], []
    for place, field in enumerate(fields, 1):
        try:
            names.append(field.name)
        except UnicodeDecodeError:
            words = "tên cột không phải văn bản UTF-8", "the name of the column is no UTF-8 text"
            problems.append(column_problem(f"{prefix}#{place}", *words))
    return ([], problems) if problems else (names, [])


def twice(paths: list[str]) -> Iterator[Problem]:
    """The names that stand at two columns."""
    for path, times in Counter(paths).items():
        if times > 1:
            yield column_problem(path, "cột có hai lần", "the column is there twice")


# -- complaints --------------------------------------------------------------------------------------------------------


def column_problem(path: str, vi: str, en: str, kind: object = None, known: tuple[str, ...] = ()) -> Problem:
    """What is wrong with a column of a table."""
    got = "" if kind is None else f" ({_said(kind)})"
    return Problem("TR-bulk-column", shown(path, 200), vi + got, en + got, known=known)


def _said(kind: object) -> str:
    try:
        return shown(str(kind), 100)
    except UnicodeDecodeError:  # the name of a field in it is no text
        return type(kind).__name__


def wrong_type(path: str, meaning: Meaning, kind: pa.DataType) -> Problem:
    """A column whose cells cannot say what it is for."""
    word = MEANINGS[meaning]
    return column_problem(path, f"phải là {word.vi}", f"must be {word.en}", kind, word.types)


def no_events(kind: pa.DataType) -> Problem:
    """A column `events` that is no list of events."""
    words = f"phải là {_LIST_OF_EVENTS}", f"must be {_LIST_OF_EVENTS}"
    return column_problem(EVENTS, *words, kind, ("list", "large_list", "fixed_size_list"))


def no_group(name: str, kind: pa.DataType) -> Problem:
    """A group of fields that is no struct."""
    inner = tuple(column for column in DOSSIER_COLUMNS if column.startswith(f"{name}."))
    words = "phải là struct, hoặc từng cột riêng", "must be a struct, or columns of their own"
    return column_problem(name, *words, kind, ("struct<…>", *inner))


def _not_taken(path: str, kind: pa.DataType) -> Problem:
    return column_problem(
        path,
        "kiểu dữ liệu này không đọc được; đổi kiểu hoặc bỏ cột",
        "this type is not read; change the type or leave the column out",
        kind,
        ("bool", "int", "float", "decimal", "string", "binary", "date", "time", "timestamp", "duration", "list",
         "struct", "map", "dictionary"),
    )  # fmt: skip


def _ours(name: str) -> Problem:
    return column_problem(
        name, "tên cột này là của thư viện; đổi tên hoặc bỏ cột", "this name is the library's own; rename the column"
    )
