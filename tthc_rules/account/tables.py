"""A table of results as it comes: its columns asked by name and type before a cell is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.account.problems import column_not_read, column_twice, columns_missing, table_not_read
from tthc_rules.account.rows import NEEDED
from tthc_rules.arrow import reason, table_of
from tthc_rules.errors import AccountError
from tthc_rules.law.indicator import DUES
from tthc_rules.result.columns import ACT_BY, STEP_FIELDS, STEPS


def read_results(source: Any) -> pa.Table:
    """The table, of the types that an account reads, and sound to its last offset; raises `AccountError`."""
    try:
        table = table_of(source, _check)
        _check(table.schema)
        table.validate(full=True)
        names = table.column_names
        for place, name in enumerate(names):
            if wanted := _read_as(name, names):
                table = table.set_column(place, name, _plain(table.column(name), name, wanted))
    except AccountError:
        raise
    except Exception as error:  # a stream is foreign code: it raises what it likes, also midway
        raise AccountError(table_not_read(reason(error))) from None
    return table


def _check(schema: pa.Schema) -> None:
    """Refuse what an account cannot read before a cell is touched: Arrow aborts the process on some types."""
    names = schema.names
    missing = tuple(name for name in NEEDED if name not in names)
    if missing:
        raise AccountError(columns_missing(missing, tuple(names)))
    problems = [column_twice(name) for name, times in Counter(names).items() if times > 1]
    for field in schema:
        wanted = _read_as(field.name, names)
        fits = {"text": _is_id, "date": _is_day, STEPS: _is_steps, "": _is_sound}[wanted]
        if not fits(field.type):
            problems.append(column_not_read(field.name, str(field.type), wanted))
    if problems:
        raise AccountError(problems)


def _read_as(name: str, names: Sequence[str]) -> str:
    """What a column is read as, if it is read at all: a duty is known by its last day beside it."""
    if name in _DATES or name.endswith(ACT_BY):
        return "date"
    if name == STEPS:
        return STEPS
    return "text" if name in _READ or name + ACT_BY in names else ""


_DATES: Final = frozenset({"accepted_on", "finished_on", *DUES})
_READ: Final = frozenset(
    {"dossier_id", "error_code", "handling_agency", "one_stop_unit", "field", "officers", "ended_by", "punctuality",
     "responsible", "rules_digest", "punctuality_current", "observes", "unknown"}
)  # fmt: skip


def is_word(kind: pa.DataType) -> bool:
    """Text, plain or in a dictionary."""
    return _is_text(kind.value_type if pa.types.is_dictionary(kind) else kind)


def _is_id(kind: pa.DataType) -> bool:
    """Words, or whole numbers that are somebody's ids."""
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return is_word(kind) or bool(pa.types.is_integer(inner)) or _is_nothing(inner)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_nothing(kind: pa.DataType) -> bool:
    """What a column without any value is, also where pandas made it; whether it has none is asked of its cells."""
    return bool(pa.types.is_null(kind) or pa.types.is_floating(kind))


def _is_day(kind: pa.DataType) -> bool:
    """A date, an instant without a zone, or ISO text."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    instant = pa.types.is_timestamp(kind) and kind.tz is None
    return _is_text(kind) or bool(pa.types.is_date(kind) or instant) or _is_nothing(kind)


def _is_steps(kind: pa.DataType) -> bool:
    """Lists of structs, or their JSON text."""
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return is_word(kind) or _is_nothing(kind)
    inner = kind.value_type
    if pa.types.is_null(inner):
        return True
    if not pa.types.is_struct(inner):
        return False
    kinds = {field.name: field.type for field in inner}
    if len(kinds) < inner.num_fields or not kinds.keys() >= set(STEP_FIELDS):
        return False
    return all(
        is_word(kinds[name]) or pa.types.is_null(kinds[name]) or (name == "done_on" and pa.types.is_date32(kinds[name]))
        for name in STEP_FIELDS
    )


def _is_sound(kind: pa.DataType) -> bool:
    """A column that is not read, or only where it holds words."""
    odd = isinstance(kind, pa.BaseExtensionType) or pa.types.is_union(kind) or pa.types.is_run_end_encoded(kind)
    return not odd


def _plain(column: Any, name: str, wanted: str) -> Any:
    """A column in one of the types that are counted; one of fractions must be empty."""
    kind = column.type
    if wanted == STEPS and (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return column if pa.types.is_struct(kind.value_type) else pa.chunked_array([pa.nulls(len(column), pa.string())])
    if pa.types.is_dictionary(kind) and (name == "dossier_id" or not pa.types.is_string(kind.value_type)):
        column = pa.chunked_array([chunk.dictionary_decode() for chunk in column.chunks], kind.value_type)
        kind = kind.value_type
    if pa.types.is_floating(kind):
        if pc.any(pc.is_finite(column)).as_py():
            raise AccountError(column_not_read(name, str(kind), wanted))
        return pa.chunked_array([pa.nulls(len(column), pa.string())])
    plain = pa.types.is_null(kind) or _is_text(kind) or (wanted == "text" and pa.types.is_integer(kind))
    return column.cast(pa.string()) if plain else column
