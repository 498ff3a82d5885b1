"""Tables of other programs through the Arrow interfaces: foreign code, which raises what it likes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from tthc_rules.errors import shown


def table_of(source: Any, check: Callable[[pa.Schema], None]) -> pa.Table:
    """What is handed over as one table; `check` is asked of the schema of a stream before anything is read of it."""
    if isinstance(source, pa.Table):
        return source
    if isinstance(source, Mapping):
        return pa.table(dict(source))
    if isinstance(source, pa.RecordBatch):
        return pa.Table.from_batches([source])
    if isinstance(source, pa.RecordBatchReader):  # as it is: the C interface forgets how long its buffers are
        return _read_all(source, check)
    if hasattr(source, "__arrow_c_stream__"):
        with pa.RecordBatchReader.from_stream(source) as reader:
            return _read_all(reader, check)
    return pa.table(source)


def _read_all(reader: pa.RecordBatchReader, check: Callable[[pa.Schema], None]) -> pa.Table:
    check(reader.schema)
    return reader.read_all()


def reason(error: Exception) -> str:
    """What a foreign exception says, in one line."""
    said = (str(error).splitlines() or [""])[0].partition(". Detail: Python exception")[0]
    return shown(said or type(error).__name__, 200)
