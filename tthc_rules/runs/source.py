"""A Parquet log as pieces of nested dossiers, in bounded memory: as it stands, or sorted by dossier on disk.

Every row is read by pyarrow and checked, whichever way it takes from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.bulk.accepted import PROBLEM, check_schema, our_name
from tthc_rules.bulk.cells import as_text, whole
from tthc_rules.bulk.columns import DOSSIER_ID, EVENTS
from tthc_rules.bulk.foreign import checked, named
from tthc_rules.bulk.grouping import TWICE, left_out, nested, rises
from tthc_rules.bulk.rescore import PART
from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law.dossier import MAX_EVENTS
from tthc_rules.logs.parquetcells import as_read
from tthc_rules.logs.parquetfiles import files_of, opened, reading, rows_of, schema_of
from tthc_rules.runs.output import OutputPlace, check_ours
from tthc_rules.runs.sorting import Sorter, check_memory, sorter

_EVENTS: Final = 5 * PART
"""Events read at a time from a flat log."""

Table: TypeAlias = Any  # a pyarrow table: the package has no types


def head(path: Path) -> Table:
    """The columns of a log, without rows, under our names; complains of types that are not read."""
    schema = schema_of(path)
    check_schema(schema)
    return named(schema.empty_table())


def _batches(path: Path, size: int) -> Iterator[Table]:
    for file in files_of(path):
        with opened(file) as source:
            for batch in source.iter_batches(size):
                yield _checked(pa.Table.from_batches([batch]), path)


def _row_groups(path: Path) -> Iterator[Table]:
    """Nested tables are read by row group: the Parquet reader cannot cut words inside lists anywhere else."""
    for file in files_of(path):
        with opened(file) as source:
            for group in range(source.num_row_groups):
                table = named(_checked(source.read_row_group(group), path))
                for start in range(0, len(table), PART):
                    yield table.slice(start, PART)


def _ids(path: Path) -> Iterator[Any]:
    """The ids of a nested log as they are read, piece by piece; nothing else of it."""
    for file in files_of(path):
        with opened(file) as source:
            name = next((name for name in source.schema_arrow.names if our_name(name) == DOSSIER_ID), None)
            if name is None:
                yield pa.nulls(source.metadata.num_rows, pa.string())
                continue
            for batch in source.iter_batches(_EVENTS, columns=[name]):
                table = _checked(pa.Table.from_batches([batch]), path)
                yield as_text(whole(named(table), DOSSIER_ID))


def _ids_that_come_again(path: Path) -> Any:
    """The dossiers that a nested log has in more than one place, or nothing: each half would be judged as a whole."""
    if _rising(_ids(path)):
        return None
    seen = np.sort(np.concatenate([np.zeros(0, np.int64), *map(_hashes, _ids(path))]))
    again = np.unique(seen[1:][seen[1:] == seen[:-1]])
    if not len(again):
        return None
    found: Counter[str] = Counter()
    for ids in _ids(path):
        there = ids.drop_null()
        found.update(there.filter(pa.array(np.isin(_hashes(there), again))).to_pylist())
    return pa.array([name for name, times in found.items() if times > 1], pa.string())


def _rising(pieces: Iterator[Any], *, again: bool = False) -> bool:
    """Whether each id is greater than the one before, or the same `again`: nothing to remember then, nor to sort."""
    last = b""
    for ids in pieces:
        if not rises(ids, again=again):
            return False
        first = ids[0].as_py().encode() if len(ids) else b""
        if len(ids) and (first < last or (first == last and not again)):
            return False
        last = ids[-1].as_py().encode() if len(ids) else last
    return True


def _not_in_one_piece(rows: Table, twice: Any) -> Table:
    """The rows, those of dossiers that stand in several places with their problem."""
    said = pc.if_else(
        pc.is_in(rows[DOSSIER_ID].cast(pa.string()), value_set=twice), TWICE, pa.scalar(None, pa.string())
    )
    return rows.append_column(PROBLEM, said)


def _checked(table: Table, path: Path) -> Table:
    with reading(path):
        return as_read(checked(table))


# -- a log as pieces ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Source:
    """A log in Parquet, as pieces of nested dossiers: the same pieces at every reading."""

    events: Path
    dossiers: Path | None
    total: int | None
    """Dossiers, where the files say how many."""
    is_nested: bool
    is_grouped: bool
    memory: str
    target: OutputPlace
    """The result: an external sort spills beside it."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Rows that are nothing done, as far as was read."""
    _seen: list[Any] = field(default_factory=list)
    _sorter: Sorter | None = None

    @classmethod
    def open(cls, events: Path, dossiers: Path | None, grouped: bool, memory: str, target: OutputPlace) -> Source:
        """Look at the columns; complains of them before anything is read or written."""
        columns = head(events)
        is_nested = EVENTS in columns.column_names
        if is_nested and dossiers is not None:
            raise InputFileError(_nested_and_dossiers(events))
        nested(columns, None if dossiers is None else head(dossiers))
        total = rows_of(events) if is_nested else None
        is_grouped = grouped and dossiers is None
        check_memory(memory)
        if not is_nested and not is_grouped:
            check_ours(target.sort, unfinished=True)
        return cls(events, dossiers, total, is_nested, is_grouped, memory, target)

    def pieces(self) -> Generator[Table, None, None]:
        """Nested tables of about `PART` dossiers."""
        if self.is_nested:
            twice = _ids_that_come_again(self.events)
            for rows in _row_groups(self.events):
                yield rows if twice is None else _not_in_one_piece(rows, twice)
        elif self.is_grouped:
            yield from self._whole_dossiers(self._counted(map(named, _batches(self.events, _EVENTS))))
        else:
            yield from self._sorted()

    def stop(self) -> None:
        """Let the thread that reads come to its end."""
        if self._sorter is not None:
            self._sorter.stop()

    def _counted(self, batches: Iterator[Table]) -> Iterator[Table]:
        for rows in batches:
            self.left_out.update(left_out(rows))
            yield rows

    def _whole_dossiers(self, batches: Iterator[Table]) -> Iterator[Table]:
        """Nested tables of flat rows that stand together, cut between two dossiers."""
        for rows in _cut(batches):
            table = nested(rows, None)
            ids = table[DOSSIER_ID].combine_chunks()
            self._seen.append(_hashes(ids))
            yield table

    def _sorted(self) -> Iterator[Table]:
        """The log in order of dossier, the rows of the dossiers' table beside it; sorted on disk what is not."""

        def started(sorting: Sorter) -> None:
            self._sorter = sorting

        def in_order(path: Path) -> Iterator[Table]:
            return _rows(path) if path in ordered or sorting is None else _put_in_order(sorting, path)

        paths = [path for path in (self.events, self.dossiers) if path is not None]
        ordered = [path for path in paths if _rising(_ids(path), again=True)]
        at_work = nullcontext() if ordered == paths else sorter(self.target, self.events, self.memory, started)
        with at_work as sorting:
            events = _cut(self._counted(in_order(self.events)))
            if self.dossiers is None:
                for rows in events:
                    yield nested(rows, None)
            else:
                yield from _merged(events, in_order(self.dossiers), head(self.dossiers))

    def check(self) -> None:
        """Refuse a log that was said to be grouped and is not: each half of a dossier would be judged as a whole."""
        if not self._seen:
            return
        seen = np.concatenate(self._seen)
        seen.sort()
        if (seen[1:] == seen[:-1]).any():
            raise InputFileError(_not_grouped(self.events))


def _cut(batches: Iterator[Table]) -> Iterator[Table]:
    """Flat tables that end where a dossier ends."""
    rest: Table | None = None
    for batch in batches:
        rows = batch if rest is None else pa.concat_tables([rest, batch], promote_options="permissive")
        last = _last_change(rows[DOSSIER_ID].combine_chunks())
        if last > 0:
            yield rows.slice(0, last)
        rest = rows.slice(last)
    if rest is not None and len(rest):
        yield rest


def _rows(path: Path) -> Iterator[Table]:
    """The rows of a log as they stand in its files, under our names and types."""
    schema = schema_of(path)
    return (named(_aligned(table, schema, path)) for table in _batches(path, _EVENTS))


def _put_in_order(sorting: Sorter, path: Path) -> Iterator[Table]:
    """The rows of a log by dossier; those of one dossier as they stand in the files."""
    ours = named(schema_of(path).empty_table()).schema
    # Under our names and types before they are sorted: ids are compared as one dossier is, and all types travel.
    yield from map(named, sorting.in_order(ours, ours.get_field_index(DOSSIER_ID), _rows(path), _EVENTS))


def _aligned(table: Table, schema: Any, path: Path) -> Table:
    """The rows of one file under the columns of all."""
    if table.schema.equals(schema):
        return table
    with reading(path):
        columns = [
            table[name].cast(kind) if name in table.column_names else pa.nulls(len(table), kind)
            for name, kind in zip(schema.names, schema.types, strict=True)
        ]
    return pa.table(columns, schema=schema)


def _merged(events: Iterator[Table], dossiers: Iterator[Table], head: Table) -> Iterator[Table]:
    """Both in order of dossier: the rows of the one that belong to each piece of the other."""
    waiting: Table | None = next(dossiers, None)
    for rows in events:
        last = rows[DOSSIER_ID][len(rows) - 1].as_py()
        mine = []
        while waiting is not None:
            ids = waiting[DOSSIER_ID]
            if last is None:
                here = len(waiting)
            else:
                below = pc.less_equal(ids.cast(pa.binary()), pa.scalar(last.encode()))
                here = pc.sum(pc.fill_null(below, False)).as_py() or 0
            mine.append(waiting.slice(0, here))
            if here < len(waiting):
                waiting = waiting.slice(here)
                break
            waiting = next(dossiers, None)
        table = nested(rows, pa.concat_tables(mine, promote_options="permissive") if mine else head)
        if not rises(whole(table, DOSSIER_ID), again=True):  # the log knows dossiers that the other table does not
            table = table.take(pc.sort_indices(table[DOSSIER_ID].cast(pa.binary())))  # nulls come last
        yield table
    while waiting is not None:
        yield nested(_no_events(), waiting)
        waiting = next(dossiers, None)


def _no_events() -> Table:
    return pa.table({name: pa.array([], pa.string()) for name in (DOSSIER_ID, "kind", "at")})


def _last_change(ids: Any) -> int:
    """Where the last dossier of a table begins; rows without an id are dossiers of their own."""
    n = len(ids)
    if not n:
        return 0
    last = ids[n - 1]
    if not last.is_valid:
        return n - 1
    for size in (2 * MAX_EVENTS, n):  # mostly, the last dossier is seen to begin near the end
        tail = ids.slice(max(n - size, 0))
        other = np.flatnonzero(np.asarray(pc.fill_null(pc.not_equal(tail, last), True)))
        if len(other):
            return n - len(tail) + int(other[-1]) + 1
    return 0


def _hashes(ids: Any) -> Any:
    """Sixty-four bits of each id: enough to see one come back, at eight bytes a dossier."""
    texts = [text for text in ids.to_pylist() if text is not None]
    return np.fromiter((hash(text) for text in texts), np.int64, len(texts))


# -- complaints --------------------------------------------------------------------------------------------------------


def _nested_and_dossiers(path: Path) -> Problem:
    return Problem(
        "TR-bulk-table",
        str(path),
        "nhật ký đã lồng (có cột events) mang sẵn thuộc tính hồ sơ; bỏ --dossiers",
        "a nested log (with a column events) holds the dossiers' fields itself; leave out --dossiers",
    )


def _not_grouped(path: Path) -> Problem:
    return Problem(
        "TR-bulk-grouped",
        str(path),
        "có hồ sơ nằm ở hai chỗ cách nhau; chạy lại không có --grouped để sắp xếp trước",
        "some dossier stands in two places; run again without --grouped, to sort first",
    )
