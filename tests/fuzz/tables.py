"""Tables of odd types, streams and Parquet files with flipped bytes, through `Rulebook.rescore` and the program."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from tthc_rules.errors import TthcError
from tthc_rules.law.fields import DOSSIER_FIELDS, EVENT_FIELDS, KINDS

from .by_command import answer, emptied, with_one_rulebook
from .drive import command
from .spoil import MOMENTS, TEXTS, misspelt, spoil_bytes

IDS: Final = ("HS-1", "HS-1", "HS-2", "HS-3", "", "HS-\u200b", "Ấ", "Ấ")
ATS: Final = (*MOMENTS[:8], "2024-08-26", "2024-08-28T10:00", "2024-09-06T15:01")
NAMES: Final = tuple(sorted({*EVENT_FIELDS, *DOSSIER_FIELDS} - {"kind", "at", "dossier_id"}))
OURS: Final = ("punctuality", "error_code", "tthc:problem", "time_limit", "units", "events", "dossier_id", "seq", "zz")


class Made(NamedTuple):
    """How a table reaches us: as itself, as the bytes of a stream, or as a file."""

    way: str
    table: Any
    dossiers: Any
    data: bytes = b""


class Tables:
    """Flat and nested tables, most columns right, a few of any type that Arrow has."""

    def prepare(self, folder: Path) -> None:
        """The law, and a place for the files."""
        self.book = with_one_rulebook()
        self.folder = folder / "files"

    def make(self, rng: Random) -> Made:
        """A table, now and then one of dossiers beside it."""
        import pyarrow as pa

        table = _flat(rng) if rng.random() < 0.7 else _nested(rng)
        dossiers = _attributes(rng) if rng.random() < 0.25 else None
        way = rng.choice(("table", "table", "table", "batches", "stream", "parquet", "parquet"))
        if way == "stream":
            sink = pa.BufferOutputStream()
            try:
                with pa.ipc.new_stream(sink, table.schema) as writer:
                    writer.write_table(table)
            except (pa.ArrowException, NotImplementedError):
                return Made("table", table, dossiers)
            return Made(way, table, None, spoil_bytes(rng, sink.getvalue().to_pybytes(), 3))
        if way == "parquet":
            import pyarrow.parquet as pq

            sink = pa.BufferOutputStream()
            try:
                pq.write_table(table, sink)
            except (pa.ArrowException, NotImplementedError):
                return Made("table", table, dossiers)
            return Made(way, table, None, spoil_bytes(rng, sink.getvalue().to_pybytes(), 3))
        return Made(way, table, dossiers)

    def give(self, made: Made) -> str:
        """The table by its way; what pyarrow itself refuses never reaches us."""
        import pyarrow as pa

        as_of = dt.date(2024, 10, 1)
        if made.way == "parquet":
            folder = emptied(self.folder)
            log = folder / "log.parquet"
            log.write_bytes(made.data)
            said = answer("rescore", log, "-o", folder / "out.parquet", "--as-of", "2024-10-01", "-q")
            if log.read_bytes() != made.data:
                raise AssertionError("the log is no longer what it was")
            return f"parquet {said}"
        given = made.table
        if made.way == "batches":
            given = pa.RecordBatchReader.from_batches(given.schema, given.to_batches(max_chunksize=1))
        elif made.way == "stream":
            try:
                given = pa.ipc.open_stream(made.data)
            except (pa.ArrowException, OSError, ValueError, UnicodeDecodeError):
                return "stream not opened"
        try:
            result = self.book.rescore(given, made.dossiers, as_of=as_of)
        except TthcError as error:
            error.render()
            return f"{made.way} error {error.code}"
        result.validate(full=True)
        return f"{made.way} {'rows' if len(result) else 'nothing'}"


def _flat(rng: Random) -> Any:
    n = rng.choice((0, 1, 3, 6))
    columns = {
        "dossier_id": _texts(rng, [rng.choice(IDS[:4] if rng.random() < 0.8 else IDS) for _ in range(n)]),
        "kind": _texts(rng, [rng.choice(KINDS) for _ in range(n)]),
        "at": _moments(rng, n),
        "time_limit.amount": _numbers(rng, n),
        "time_limit.unit": _texts(rng, ["workday"] * n),
    }
    return _spoilt(rng, columns, n)


def _attributes(rng: Random) -> Any:
    n = rng.choice((0, 1, 2, 3))
    ids = [f"HS-{number + 1}" for number in range(n)]
    if rng.random() < 0.1:
        ids = ids[:1] * n
    columns = {"dossier_id": _texts(rng, ids), "channel": _texts(rng, ["online"] * n)}
    return _spoilt(rng, columns, n)


def _nested(rng: Random) -> Any:
    import pyarrow as pa

    n = rng.choice((0, 1, 2, 3))
    sizes = [rng.randrange(4) for _ in range(n)]
    m = sum(sizes)
    fields = {"kind": _texts(rng, [rng.choice(KINDS) for _ in range(m)]), "at": _moments(rng, m)}
    for _ in range(rng.randrange(2)):
        fields[rng.choice((*NAMES, "zz", "at", "kinds"))] = _any(rng, m)
    mask = pa.array([rng.random() < 0.1 for _ in range(m)], pa.bool_())
    offsets = [0]
    for size in sizes:
        offsets.append(offsets[-1] + size)
    try:
        events = pa.StructArray.from_arrays(list(fields.values()), list(fields), mask=mask)
        kind = rng.choice((pa.ListArray, pa.ListArray, pa.LargeListArray))
        of = pa.int64() if kind is pa.LargeListArray else pa.int32()
        column = kind.from_arrays(pa.array(offsets, of), events)
    except (pa.ArrowException, NotImplementedError):
        return _flat(rng)
    columns = {"dossier_id": _texts(rng, [f"HS-{number}" for number in range(n)]), "events": column}
    limit = pa.StructArray.from_arrays([_numbers(rng, n), _texts(rng, ["workday"] * n)], ["amount", "unit"])
    if rng.random() < 0.7:
        columns["time_limit"] = limit
    return _spoilt(rng, columns, n)


def _spoilt(rng: Random, columns: dict[str, Any], n: int) -> Any:
    """The table, with a few columns more, of another type, under another name, or twice."""
    import pyarrow as pa

    for _ in range(rng.randrange(3)):
        columns[rng.choice((*NAMES, *OURS))] = _any(rng, n)
    if rng.random() < 0.15:
        columns[rng.choice(list(columns))] = _any(rng, n)
    names = list(columns)
    if rng.random() < 0.15:
        at = rng.randrange(len(names))
        names[at] = rng.choice((misspelt(rng, names[at]), rng.choice(names), "", "x" * 300))
    if rng.random() < 0.1:
        names[rng.randrange(len(names))] = rng.choice(("Ấ", "a\x00b", "ki\u200bnd", "dossier_id "))
    table = pa.Table.from_arrays(list(columns.values()), names=names)
    if rng.random() < 0.2 and n > 1:
        table = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    return table.slice(1) if rng.random() < 0.1 else table


def _with_nulls(rng: Random, values: list[Any], chance: float = 0.05) -> list[Any]:
    return [None if rng.random() < chance else value for value in values]


def _texts(rng: Random, values: list[str]) -> Any:
    import pyarrow as pa

    values = _with_nulls(rng, values)
    pick = rng.random()
    if pick < 0.6:
        return pa.array(values, pa.string())
    if pick < 0.75:
        return pa.array(values, pa.large_string())
    return pa.array(values, pa.string()).dictionary_encode() if pick < 0.9 else pa.array(values, pa.string_view())


def _moments(rng: Random, n: int) -> Any:
    import pyarrow as pa

    pick = rng.random()
    if pick < 0.6:
        return pa.array(_with_nulls(rng, [rng.choice(ATS) for _ in range(n)]), pa.string())
    days = [dt.datetime(2024, 8, rng.randrange(20, 31), rng.randrange(24), 30) for _ in range(n)]
    if pick < 0.9:
        zone = rng.choice((None, None, "UTC", "Asia/Ho_Chi_Minh", "+07:00", "Nowhere/Else"))
        values = pa.array(_with_nulls(rng, days), pa.timestamp("us")).cast(
            pa.timestamp(rng.choice(("s", "ms", "us", "ns")))
        )
        return values.cast(pa.timestamp(values.type.unit, zone)) if zone in (None, "UTC", "+07:00") else values
    return pa.array([day.date() for day in days], rng.choice((pa.date32(), pa.date64())))


def _numbers(rng: Random, n: int) -> Any:
    import pyarrow as pa

    of = rng.choice((pa.int64(), pa.int64(), pa.int8(), pa.uint64(), pa.float64(), pa.float32(), pa.decimal128(9, 2)))
    values: list[Any] = [rng.choice((5, 5, 5, 10, 0)) for _ in range(n)]
    if pa.types.is_decimal(of):
        values = [Decimal(value) for value in values]
    elif pa.types.is_floating(of):
        values = [
            float(value) if rng.random() < 0.9 else rng.choice((0.5, float("nan"), float("inf"))) for value in values
        ]
    return pa.array(_with_nulls(rng, values), of)


def _any(rng: Random, n: int) -> Any:
    """A column of any type."""
    import pyarrow as pa

    text = [rng.choice([text for text in TEXTS if text.isprintable()]) for _ in range(n)]
    ints = [rng.choice((0, 1, 5, -1, 127)) for _ in range(n)]
    struct = pa.StructArray.from_arrays(
        [pa.array(ints, pa.int64()), pa.array(text)], ["amount", rng.choice(("unit", "amount"))]
    )
    whole = pa.array([[word] for word in text], pa.list_(pa.string()))
    match rng.randrange(16):
        case 0:
            return pa.nulls(n, rng.choice((pa.null(), pa.string(), pa.int64(), pa.bool_(), pa.list_(pa.int8()))))
        case 1:
            return pa.array(
                [word.encode() for word in text], rng.choice((pa.binary(), pa.large_binary(), pa.binary_view()))
            )
        case 2:
            return pa.UnionArray.from_sparse(pa.array([0] * n, pa.int8()), [pa.array(text, pa.string())])
        case 3:
            offsets = pa.array(range(n), pa.int32())
            return pa.UnionArray.from_dense(pa.array([0] * n, pa.int8()), offsets, [pa.array(ints, pa.int64())])
        case 4:
            ends = pa.array(range(1, n + 1), pa.int32())
            return pa.RunEndEncodedArray.from_arrays(ends, pa.array(text, pa.string()))
        case 5:
            return pa.array([[(word, 1)] for word in text], pa.map_(pa.string(), pa.int64()))
        case 6:
            return struct
        case 7:
            return whole
        case 8:
            return pa.array([[1, 2]] * n, pa.list_(pa.int64(), 2))
        case 9:
            return pa.array([dt.timedelta(hours=8)] * n, pa.duration("us"))
        case 10:
            return pa.array([dt.time(8, 30)] * n, rng.choice((pa.time32("s"), pa.time64("us"))))
        case 11:
            return pa.array([rng.random() < 0.5 for _ in range(n)], pa.bool_())
        case 12:
            return pa.array([Decimal(10) ** 30] * n, pa.decimal256(40, 2))
        case 13:
            return pa.array(ints, pa.int64()).dictionary_encode()
        case 14:
            return pa.array([2.0**70 if rng.random() < 0.3 else float(value) for value in ints], pa.float64())
    return pa.array([[[word]] for word in text], pa.list_(pa.list_(pa.string())))


TARGET = Tables()

if __name__ == "__main__":
    sys.exit(command("tests.fuzz.tables"))
