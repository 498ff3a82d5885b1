"""One child: cases from one to another, each told before it is begun and once it is over."""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import ipc, parquet

from tthc_rules import Rulebook
from tthc_rules.errors import TthcError
from tthc_rules.runs.parts import rescore_file

from .odd import Odd

AS_OF: Final = date(2024, 9, 20)
WORDS: Final = pa.dictionary(pa.int8(), pa.string())
EVENT: Final = pa.struct(
    [
        ("kind", WORDS), ("at", pa.timestamp("us")), ("appointed_due", pa.string()), ("reason", pa.large_string()),
        ("attached", pa.bool_()), ("mood", pa.struct([("a", pa.float64()), ("b", pa.list_(pa.int16()))])),
    ]
)  # fmt: skip
EVENTS: Final[list[dict[str, Any]]] = [
    {"kind": "dossier_accepted", "at": 1724398200000000, "appointed_due": "2024-08-30T16:30"},
    {"kind": "apology_sent", "at": 1724918400000000, "reason": "chờ", "attached": True},
    {"kind": "tea_was_had", "at": None, "mood": {"a": 0.5, "b": [1, None]}},
    {"kind": "result_issued", "at": 1725590400000000},
]


def nested(n: int = 9) -> pa.Table:
    """Some dossiers with their events, of many types."""
    return pa.table(
        {
            "dossier_id": [f"hồ sơ {k}" for k in range(n)],
            "time_limit": pa.array(
                [None if k % 4 == 3 else {"amount": k, "unit": "workday"} for k in range(n)],
                pa.struct([("amount", pa.int16()), ("unit", WORDS)]),
            ),
            "officers": pa.array([["a", "b"], None, []] * (n // 3), pa.large_list(pa.string())),
            "channel": pa.array(["online", None, "in_person"] * (n // 3)).dictionary_encode(),
            "filed_elsewhere": [None, True, False] * (n // 3),
            "paid": pa.array(range(n), pa.decimal128(9, 2)),
            "events": pa.array([EVENTS[: 2 + k % 3] for k in range(n)], pa.list_(EVENT)),
        }
    )


def flat(n: int = 9) -> pa.Table:
    """The same, one row an event."""
    rows = [{"dossier_id": f"hồ sơ {k}", **event} for k in range(n) for event in EVENTS[: 2 + k % 3]]
    schema = pa.schema([("dossier_id", pa.string()), *EVENT])
    return pa.Table.from_pylist(rows, schema=schema)


def _streamed(table: pa.Table, **options: Any) -> bytes:
    sink = io.BytesIO()
    with ipc.new_stream(sink, table.schema, options=ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, max_chunksize=4)
    return sink.getvalue()


def _filed(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    with ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _parquet(table: pa.Table, **options: Any) -> bytes:
    sink = io.BytesIO()
    parquet.write_table(table, sink, row_group_size=4, **options)
    return sink.getvalue()


ODD: Final = "odd tables"
FORMS: Final[dict[str, Callable[[], bytes]]] = {
    ODD: lambda: b"",
    "stream": lambda: _streamed(nested()),
    "stream of a log": lambda: _streamed(flat()),
    "stream, lz4": lambda: _streamed(nested(), compression="lz4"),
    "file": lambda: _filed(nested()),
    "parquet": lambda: _parquet(nested().drop_columns(["paid"])),
    "parquet of a log": lambda: _parquet(flat().drop_columns(["mood"]), compression="none"),
    "parquet, grouped": lambda: _parquet(flat().drop_columns(["mood"]), compression="none"),
}


def flipped(data: bytes, number: int) -> bytes:
    """The bytes with a few of them changed, or the end cut off; the same for the same number."""
    chance = random.Random(number)
    made = bytearray(data)
    if chance.random() < 0.05:
        return bytes(made[: chance.randrange(len(made))])
    for _ in range(chance.choice((1, 1, 1, 2, 4, 16))):
        place = chance.randrange(len(made))
        made[place] = chance.choice((made[place] ^ (1 << chance.randrange(8)), chance.randrange(256), 0, 255, 127))
    return bytes(made)


def read(book: Rulebook, form: str, data: bytes, folder: Path) -> str:
    """What comes of these bytes: rows, or that the caller himself could not open them; raises what the library does."""
    if form.startswith("parquet"):
        path = folder / "log.parquet"
        path.write_bytes(data)
        question = book.question(AS_OF)
        grouped = form == "parquet, grouped"
        rescore_file(book, question, path, None, folder / "out.ndjson", grouped=grouped, threads=1)
        return "rows"
    try:
        source = ipc.open_file(pa.BufferReader(data)) if form == "file" else ipc.open_stream(pa.BufferReader(data))
        if form == "file":
            source = source.read_all()
    except Exception:  # the caller's own reading
        return "not opened"
    book.rescore(source, as_of=AS_OF)
    return "rows"


def odd(book: Rulebook, number: int) -> str:
    """Two tables of any shape and type, alone or one beside the other."""
    made = Odd(number)
    try:
        log, about = made.table(), made.table()
    except pa.ArrowException:  # Arrow itself does not make such a table
        return "not made"
    if made.chance.random() < 0.7:
        book.rescore(log, as_of=AS_OF)
    elif made.chance.random() < 0.5:
        book.rescore(log, about, as_of=AS_OF)
    else:
        book.rescore(pa.RecordBatchReader.from_stream(log), dossiers=about, as_of=AS_OF)
    return "rows"


def main(form: str, first: int, last: int) -> None:
    """Each case is told before it is begun, so that a crash has a number."""
    book, data = Rulebook.load(), FORMS[form]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book.rescore(nested(), as_of=AS_OF)  # what is made once is made before any clock runs
        for number in range(first, last):
            print(f"{number}", end=" ", flush=True)
            begun = time.perf_counter()
            try:
                came = odd(book, number) if form == ODD else read(book, form, flipped(data, number), folder)
            except TthcError as error:
                came = error.code
            except Exception as error:
                came = f"FOREIGN {type(error).__module__}.{type(error).__name__}: {str(error)[:200]!r}"
            print(f"{1000 * (time.perf_counter() - begun):.0f} {came}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
