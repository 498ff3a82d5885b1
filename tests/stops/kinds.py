"""Kinds of runs: each a command over a small province, what it reads, and the results that it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from tests.nightly.province import (
    COLUMNS,
    FIRST,
    Life,
    as_csv,
    as_dossiers,
    as_events,
    dossiers_of,
    lives,
    messages_of,
    rows_of,
    write,
)

NIGHT: Final = FIRST + timedelta(days=1)
"""The day of which every run judges."""
EARLIER: Final = FIRST - timedelta(days=20)
"""The day of which the earlier results judge."""
_NIGHTS: Final = 2


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of run, as it is typed: its log, its options, its results."""

    name: str
    log: str
    options: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    resumes: bool = False

    def words(self, as_of: date = NIGHT) -> tuple[str, ...]:
        """What is typed behind the name of the program."""
        return ("rescore", f"in/{self.log}", "-o", f"out/{self.results[0]}", *self.options, "--as-of", str(as_of), "-q")


_PREVIOUS: Final = ("--previous", "in/previous.csv", "--delta")
KINDS: Final = (
    Kind("parts", "nested.parquet", (), ("r.parquet",), True),
    Kind("sorted", "flat.parquet", ("--memory", "200MB"), ("r.parquet",), True),
    Kind("grouped", "grouped.parquet", ("--grouped",), ("r.parquet",), True),
    Kind("csv", "log.csv", (), ("r.csv",)),
    Kind("ndjson", "dossiers.ndjson", (), ("r.ndjson",)),
    Kind("parquet to csv", "nested.parquet", (), ("r.csv",)),
    *((Kind("csv to xlsx", "log.csv", (), ("r.xlsx",)),) if find_spec("xlsxwriter") else ()),
    Kind("csv to parquet", "log.csv", (), ("r.parquet",)),
    Kind("first night", "log.csv", ("--keep-state",), ("r.csv", "r.csv.state")),
    Kind("night", "delta.csv", _PREVIOUS, ("r.csv", "r.csv.state")),
    Kind(
        "messages",
        "inbox",
        ("--format", "dvcqg", "--diagnostics", "out/faults.csv", "--report", "out/report.csv"),
        ("r.csv", "faults.csv", "report.csv"),
    ),
)


def province(folder: Path, seed: int, dossiers: int) -> None:
    """What all kinds read, but for the result of the night before, which a run must make."""
    everybody = lives(seed, dossiers, _NIGHTS)
    rows = list(rows_of(everybody, None, NIGHT))
    write(folder / "log.csv", as_csv(iter(rows)))
    write(folder / "events.ndjson", as_events(iter(rows)))
    write(folder / "dossiers.ndjson", as_dossiers(dossiers_of(everybody, None, NIGHT)))
    write(folder / "before.csv", as_csv(rows_of(everybody, None, FIRST)))
    write(folder / "delta.csv", as_csv(rows_of(everybody, FIRST, NIGHT)))
    for day in (FIRST, NIGHT):
        write(folder / "inbox" / f"{day}.ndjson", messages_of("dvcqg", everybody, day, True))
    whole = [row for row in rows if len(row) == len(COLUMNS)]
    _table(folder / "flat.parquet", _flat(whole))
    _table(folder / "grouped.parquet", _flat(sorted(whole, key=lambda row: row[0])))
    _table(folder / "nested.parquet", _nested(everybody))


def _table(path: Path, table: Any) -> None:
    how = {"compression": "none", "use_dictionary": False, "write_statistics": False}
    parquet.write_table(table, path, row_group_size=4, **how)


def _flat(rows: Sequence[Sequence[str]]) -> Any:
    cells = {name: [row[place] or None for row in rows] for place, name in enumerate(COLUMNS)}
    table = pa.table({name: pa.array(column, pa.string()) for name, column in cells.items()})
    place = COLUMNS.index("time_limit.amount")
    return table.set_column(place, COLUMNS[place], table[place].cast(pa.int64()))


def _nested(everybody: Sequence[Life]) -> Any:
    known = [(life, life.until(NIGHT)) for life in everybody]
    event = pa.struct({"kind": pa.string(), "at": pa.string(), "appointed_due": pa.string(), "new_due": pa.string()})
    return pa.table(
        {
            "dossier_id": [life.code for life, _ in known],
            "time_limit.amount": pa.array([life.limit for life, _ in known], pa.int64()),
            "time_limit.unit": ["workday" for _ in known],
            "events": pa.array(
                [[{"kind": one.kind, "at": one.at.isoformat(), **one.fields} for one in seen] for _, seen in known],
                pa.list_(event),
            ),
        }
    )
