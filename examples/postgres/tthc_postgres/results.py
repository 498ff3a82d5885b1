"""The library's results as tables of the database: which columns, and how the rows of a run take their place.

The columns are those of the library's own table, so that a new version brings its new columns by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from tthc_postgres.server import PortalError, Session, quoted
from tthc_rules import Rulebook
from tthc_rules.errors import Problem
from tthc_rules.law.civil import date_of
from tthc_rules.law.fields import EVENT_FIELDS, named
from tthc_rules.result.row import steps_text
from tthc_rules.runs.nightly.reasons import EVERY_NIGHT, next_look

OURS: Final = {"look_on": "date", "look_why": "text"}
"""Beside the library's columns: the first later day on which a row must be made anew though nothing came, and why."""
IN_ERRORS: Final = ("error_code", "error")
"""Columns of rows that could not be judged: they stand in a table of their own."""
_LOOKED_AT: Final = (
    "error_code", "unknown_names", "provisional", "finished_on", "ended_by", "accepted_on", "punctuality",
    "changes_on", "original_due", "lawful_due", "current_due", "promised_due",
)  # fmt: skip
_MOMENTS: Final = named(EVENT_FIELDS, "moment")
_VIETNAM: Final = timedelta(hours=7)


def columns_of(book: Rulebook) -> dict[str, str]:
    """The columns of `tthc.results` and their types, the dossier first."""
    nothing = pa.table({"dossier_id": pa.array([], pa.string()), "events": pa.array([], pa.null())})
    schema = book.rescore(nothing, as_of=date(2026, 1, 1)).schema
    return {field.name: _type_of(field.type) for field in schema if field.name not in IN_ERRORS} | OURS


def _type_of(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "jsonb"
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_boolean(kind):
        return "boolean"
    return "integer" if pa.types.is_integer(kind) else "text"


# -- the table -----------------------------------------------------------------------------------------------------


def make_table(session: Session, columns: Mapping[str, str]) -> None:
    """The table of results, or the columns that it lacks; nothing that is there is changed."""
    first, *_ = columns
    session.do(f"CREATE TABLE IF NOT EXISTS tthc.results ({quoted(first)} text PRIMARY KEY, run_id bigint NOT NULL)")
    there = columns_there(session)
    for name in columns:
        if name not in there:
            session.do(f"ALTER TABLE tthc.results ADD COLUMN {quoted(name)} {columns[name]}")
    session.do("CREATE INDEX IF NOT EXISTS results_look_on ON tthc.results (look_on)")
    session.do("CREATE INDEX IF NOT EXISTS results_unit ON tthc.results (handling_agency, punctuality)")


def columns_there(session: Session) -> set[str]:
    """The columns that the table of results has now."""
    found = session.ask(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass('tthc.results') AND attnum > 0"
        " AND NOT attisdropped"
    )
    return {name for (name,) in found}


def check_table(session: Session, columns: Mapping[str, str]) -> None:
    """Raise where the table is not there, or is that of other rules: a column left alone would tell of the old law."""
    there = columns_there(session)
    if missing := [name for name in columns if name not in there]:
        raise PortalError(_columns_missing(missing))
    if strange := sorted(there - {*columns, "run_id"}):
        raise PortalError(_columns_strange(strange))


def _columns_missing(missing: list[str]) -> Problem:
    names = _some(missing)
    return Problem(
        "PG-schema",
        "tthc.results",
        f"thiếu cột {names}: chạy judge.py setup, cùng --rules nếu có (chỉ thêm cột, không đổi gì đã có)",
        f"columns are missing, {names}: run judge.py setup, with the same --rules (it adds columns, changes nothing)",
    )


def _columns_strange(strange: list[str]) -> Problem:
    names = _some(strange)
    return Problem(
        "PG-schema",
        "tthc.results",
        f"có cột mà bộ quy tắc này không ghi: {names}; nêu lại --rules của lần trước, hoặc bỏ các cột ấy",
        f"it has columns that these rules do not write: {names}; give the --rules of before, or drop these columns",
    )


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")


# -- rows on their way to the server -------------------------------------------------------------------------------


def rows_of(judged: pa.Table, source: pa.RecordBatch, as_of: date) -> Iterator[pa.RecordBatch]:
    """The rows of one batch as the server takes them, under the very ids that the portal has."""
    looks = [_look(row, text, as_of) for row, text in zip(_looked_at(judged), later_days(source, as_of), strict=True)]
    columns: dict[str, Any] = {name: _plain(judged[name]) for name in judged.column_names}
    columns["dossier_id"] = source["dossier_id"]  # the library takes blanks off an id; the portal's is the key
    columns["look_on"] = pa.array([day for day, _ in looks], pa.date32())
    columns["look_why"] = pa.array([why for _, why in looks], pa.string())
    yield from pa.table(columns).combine_chunks().to_batches()


def schema_of(columns: Mapping[str, str]) -> pa.Schema:
    """The Arrow types of these rows."""
    kinds = {"text": pa.string(), "jsonb": pa.string(), "date": pa.date32(), "boolean": pa.bool_()}
    first, *rest = columns
    return pa.schema(
        [(first, pa.string()), *((name, pa.string()) for name in IN_ERRORS)]
        + [(name, kinds.get(columns[name], pa.int32())) for name in rest]
    )


def _plain(column: pa.ChunkedArray) -> Any:
    """Words without a dictionary, steps as JSON: what COPY writes."""
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    if pa.types.is_list(column.type):
        return pa.array([None if steps is None else steps_text(steps) or "[]" for steps in column.to_pylist()])
    return column


def _looked_at(judged: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = judged.select(list(_LOOKED_AT)).to_pylist()
    return rows


def _look(row: dict[str, Any], text: str, as_of: date) -> tuple[date | None, str | None]:
    """The first later day on which this row must be made anew, as the library's own nights have it."""
    day, why = next_look(row, text, as_of)
    if day is None:
        return None, None
    return as_of + timedelta(days=1) if day == EVERY_NIGHT else date_of(day), str(why)


def later_days(source: pa.RecordBatch, as_of: date) -> list[str]:
    """Of each dossier the moments written in it that may lie after the day: from then on something in it counts."""
    found = [""] * len(source)
    events = source["events"]
    inner, rows = pc.list_flatten(events), pc.list_parent_indices(events)
    the_day_before = (as_of - timedelta(days=1)).isoformat()  # a moment with an offset may be the next day here
    for place, field in enumerate(inner.type):
        if field.name not in _MOMENTS:
            continue
        written = _as_text(inner.field(place))
        is_later = pc.fill_null(pc.greater(written, the_day_before), False)
        for row, text in zip(rows.filter(is_later).to_pylist(), written.filter(is_later).to_pylist(), strict=True):
            found[row] += f" {text}"
    return found


def _as_text(moments: pa.Array) -> pa.Array:
    if not pa.types.is_timestamp(moments.type):
        return moments.cast(pa.string())
    civil = moments.cast(pa.timestamp("us"), safe=False)
    if moments.type.tz is not None:
        civil = pc.add(civil, pa.scalar(_VIETNAM, pa.duration("us")))
    return civil.cast(pa.date32()).cast(pa.string())


# -- rows into their place -----------------------------------------------------------------------------------------

STAGED: Final = "judged"
"""The temporary table into which a run copies its rows, before they take their place all at once."""


def place_rows(session: Session, columns: Mapping[str, str], run_id: int, is_whole: bool) -> dict[str, int]:
    """Let the staged rows take their place: only rows that say something else are written; how many of what."""
    session.do(f"CREATE UNIQUE INDEX ON {STAGED} (dossier_id)")
    session.do(f"ANALYZE {STAGED}")
    removed = sum(_removed(session, table, is_whole) for table in ("results", "errors"))
    session.do(
        f"DELETE FROM tthc.results USING {STAGED} s WHERE results.dossier_id = s.dossier_id AND s.error_code <> ''"
    )
    session.do(
        f"DELETE FROM tthc.errors USING {STAGED} s WHERE errors.dossier_id = s.dossier_id AND s.error_code IS NULL"
    )
    written = _upsert(session, columns, run_id) + _upsert_errors(session, run_id)
    _place_notes(session, run_id)
    session.do("DELETE FROM tthc.changed")  # those that this snapshot sees; what came since stays
    return {"removed": removed, "written": written}


_GONE: Final = (
    f" t WHERE NOT EXISTS (SELECT FROM {STAGED} s WHERE s.dossier_id = t.dossier_id)"
    " AND ($1 OR t.dossier_id IN (SELECT dossier_id FROM tthc.changed)) RETURNING 1)"
    " SELECT count(*) FROM gone"
)


def _removed(session: Session, table: str, is_whole: bool) -> int:
    """Take away rows of dossiers that the portal no longer has."""
    ((count,),) = session.ask(f"WITH gone AS (DELETE FROM tthc.{quoted(table)}{_GONE}", is_whole)
    return int(count)


def _upsert(session: Session, columns: Mapping[str, str], run_id: int) -> int:
    names = ", ".join(quoted(name) for name in columns)
    values = ", ".join(f"s.{quoted(name)}{'::jsonb' if kind == 'jsonb' else ''}" for name, kind in columns.items())
    first, *rest = (quoted(name) for name in columns)
    sets = ", ".join(f"{name} = EXCLUDED.{name}" for name in rest)
    before, after = (", ".join(f"{of}.{name}" for name in rest) for of in ("r", "EXCLUDED"))
    ((count,),) = session.ask(
        f"WITH written AS (INSERT INTO tthc.results AS r ({names}, run_id) SELECT {values}, $1::bigint FROM {STAGED} s"
        f" WHERE s.error_code IS NULL ON CONFLICT ({first}) DO UPDATE SET {sets}, run_id = EXCLUDED.run_id"
        f" WHERE ({before}) IS DISTINCT FROM ({after}) RETURNING 1) SELECT count(*) FROM written",
        run_id,
    )
    return int(count)


def _upsert_errors(session: Session, run_id: int) -> int:
    ((count,),) = session.ask(
        "WITH written AS (INSERT INTO tthc.errors AS e (dossier_id, error_code, error, look_on, run_id)"
        f" SELECT dossier_id, error_code, error, look_on, $1::bigint FROM {STAGED} WHERE error_code <> ''"
        " ON CONFLICT (dossier_id) DO UPDATE SET error_code = EXCLUDED.error_code, error = EXCLUDED.error,"
        " look_on = EXCLUDED.look_on, run_id = EXCLUDED.run_id"
        " WHERE (e.error_code, e.error, e.look_on)"
        " IS DISTINCT FROM (EXCLUDED.error_code, EXCLUDED.error, EXCLUDED.look_on)"
        " RETURNING 1) SELECT count(*) FROM written",
        run_id,
    )
    return int(count)


def _place_notes(session: Session, run_id: int) -> None:
    """The notes of the dossiers that were judged, one row each; names that nobody knows stand beside their note."""
    session.do(
        "CREATE TEMPORARY TABLE noted AS SELECT DISTINCT dossier_id, note, name FROM ("
        f" SELECT dossier_id, unnest(string_to_array(notes, '|')) AS note, '' AS name FROM {STAGED} UNION ALL"
        f" SELECT dossier_id, 'unknown_name', unnest(string_to_array(unknown_names, '|')) FROM {STAGED}"
        ") said WHERE note <> '' AND (name <> '' OR note <> 'unknown_name')"
    )
    session.do(
        "DELETE FROM tthc.notes n WHERE NOT EXISTS"
        " (SELECT FROM noted d WHERE (d.dossier_id, d.note, d.name) = (n.dossier_id, n.note, n.name))"
        f" AND (EXISTS (SELECT FROM {STAGED} s WHERE s.dossier_id = n.dossier_id) OR NOT EXISTS"
        " (SELECT FROM tthc.results r WHERE r.dossier_id = n.dossier_id))"
    )
    session.do(
        "INSERT INTO tthc.notes (dossier_id, note, name, run_id) SELECT dossier_id, note, name, $1::bigint FROM noted"
        " ON CONFLICT DO NOTHING",
        run_id,
    )
