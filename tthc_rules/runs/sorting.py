"""Rows in order of one of their columns, by an external sort on disk that is told nothing of files.

DuckDB reads names as patterns, takes two names that differ in case for one, and counts moments in units of its own. So
it is handed rows, under names of ours, with moments as whole numbers: what comes back is what went in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tthc_rules.errors import InputFileError, Problem, shown
from tthc_rules.runs.output import OutputPlace, discard, mark, written

_ROW: Final = "n"
_SIZE: Final = re.compile(r"\s*\d+(\.\d+)?\s*[KMGT]i?B\s*", re.ASCII | re.IGNORECASE)


@dataclass(slots=True)
class Sorter:
    """One sort at work, or several at once."""

    base: Any
    at_work: list[Any] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)
    """What was wrong with the rows themselves: the sort would only tell its text."""

    def in_order(self, schema: pa.Schema, key: int, rows: Iterator[pa.Table], size: int) -> Iterator[pa.Table]:
        """The rows by the text in a column, nulls last; those of one text as they came."""
        kept = [place for place, kind in enumerate(schema.types) if not pa.types.is_null(kind)]
        sent = pa.schema([*((f"c{place}", _sent(schema.types[place])) for place in kept), (_ROW, pa.int64())])
        by = [f"c{key} NULLS LAST", _ROW] if key in kept else [_ROW]
        with self.base.cursor() as cursor:
            self.at_work.append(cursor)
            cursor.register("log", pa.RecordBatchReader.from_batches(sent, self._handed(sent, kept, rows)))
            names = ", ".join([*(f"c{place}" for place in kept), _ROW])
            found = cursor.sql(f"SELECT {names} FROM log ORDER BY {', '.join(by)}")
            for batch in found.to_arrow_reader(size):
                yield _as_before(batch, schema, kept)

    def _handed(self, sent: pa.Schema, kept: list[int], rows: Iterator[pa.Table]) -> Iterator[pa.RecordBatch]:
        done = 0
        try:
            for table in rows:
                columns = [table.column(place).cast(sent.field(f"c{place}").type) for place in kept]
                numbers = pa.array(np.arange(done, done + len(table), dtype=np.int64))
                done += len(table)
                yield from pa.table([*columns, numbers], schema=sent).to_batches()
        except BaseException as error:
            self.faults.append(error)
            raise

    def stop(self) -> None:
        """End a sort that another thread waits for."""
        for cursor in self.at_work:
            with suppress(Exception):  # it has just come to its end by itself
                cursor.interrupt()


def check_memory(memory: str) -> None:
    """Refuse what is no size, also where the log will turn out to need no sort."""
    if _SIZE.fullmatch(memory) is None:
        raise InputFileError(_no_size(memory))


@contextmanager
def sorter(target: OutputPlace, log: Path, memory: str, started: Callable[[Sorter], None]) -> Iterator[Sorter]:
    """A sort of this log within so much memory; it spills beside the result, and leaves nothing there."""
    try:
        import duckdb
    except ImportError:
        raise InputFileError(_needs_duckdb(log)) from None
    made = None
    try:
        with written(target.sort):
            discard(target.sort, unfinished=True)
            mark(target.sort, "sort")
        with duckdb.connect() as base:
            base.execute("SET threads = 2")
            base.execute("SET memory_limit = $1", [memory])
            base.execute("SET temp_directory = $1", [str(target.sort)])
            for fetches in ("autoinstall_known_extensions", "autoload_known_extensions"):
                base.execute(f"SET {fetches} = false")  # a sort needs none, and nothing here opens a network
            made = Sorter(base)
            started(made)
            yield made
    except duckdb.Error as error:
        raise (made.faults[0] if made is not None and made.faults else InputFileError(_unsorted(log, error))) from None
    finally:
        with written(target.sort):
            discard(target.sort, unfinished=True)


def _sent(kind: pa.DataType) -> pa.DataType:
    """How a column travels: moments as the whole numbers that they are, words as text."""
    if pa.types.is_timestamp(kind) or pa.types.is_date64(kind):
        return pa.int64()
    if pa.types.is_dictionary(kind):
        return _sent(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    return kind


def _as_before(batch: pa.RecordBatch, schema: pa.Schema, kept: list[int]) -> pa.Table:
    """The rows under the names and as the moments that they had."""
    columns = [pa.nulls(len(batch), kind) for kind in schema.types]
    for place in kept:
        column, kind = batch.column(f"c{place}"), schema.types[place]
        columns[place] = column.cast(kind) if pa.types.is_timestamp(kind) or pa.types.is_date64(kind) else column
    return pa.Table.from_arrays(columns, names=schema.names)


def _unsorted(path: Path, error: Exception) -> Problem:
    why = str(error).splitlines()[0] if str(error) else type(error).__name__
    return Problem("TR-bulk-sort", str(path), f"không sắp xếp được: {why}", f"it cannot be sorted: {why}")


def _needs_duckdb(path: Path) -> Problem:
    return Problem(
        "TR-bulk-sort",
        str(path),
        'sắp xếp nhật ký cần duckdb: pip install "tthc-rules[bulk]"; hoặc --grouped nếu đã gom theo hồ sơ',
        'sorting a log needs duckdb: pip install "tthc-rules[bulk]"; or --grouped where dossiers stand together',
    )


def _no_size(memory: str) -> Problem:
    return Problem(
        "TR-bulk-memory",
        "memory",
        f"«{shown(memory)}» không phải một dung lượng; hãy ghi một số và đơn vị, như 500MB, 2GB",
        f"“{shown(memory)}” is no size; write a number and its unit, as 500MB, 2GB",
    )
