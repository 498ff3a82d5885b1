"""The same flat log as CSV and as Parquet, to CSV and to Parquet: how much more than its text a door costs.

    python -m benchmarks.doors [--quick] [--dossiers N] [--rounds N] [--folder FOLDER]

The rows of a dossier stand together, with its fields in each. `strict` is the reader that every doubtful file takes,
`one by one` the way without the packages of the fast core; these two judge a tenth of the dossiers.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.history import AS_OF, CHUNK, History
from benchmarks.rounds import Runner, at_most, heading, rounds, table
from tthc_rules import Rulebook
from tthc_rules.law.question import Question
from tthc_rules.logs.eventlog import read_dossiers
from tthc_rules.runs import together
from tthc_rules.runs.doors import rescore_log
from tthc_rules.runs.parts import rescore_file

GOAL: Final = 2.5
SLOW: Final = 10
"""One in so many dossiers is judged in the ways that are slow."""


def logs(history: History, folder: Path) -> None:
    """The history as `log.csv`, `log.parquet` (flat) and `nested.parquet`, and the tenth of it as `part.csv`."""
    history.write_flat(folder / "events.parquet", folder / "dossiers.parquet")
    history.write_nested(folder / "nested.parquet")
    events, dossiers = (pq.read_table(folder / f"{name}.parquet") for name in ("events", "dossiers"))
    at = pc.index_in(events["dossier_id"], dossiers["dossier_id"].combine_chunks())
    for name in dossiers.column_names:
        if name != "dossier_id":
            events = events.append_column(name, dossiers[name].combine_chunks().take(at.combine_chunks()))
    pq.write_table(events, folder / "log.parquet", compression="lz4")
    text = pa.table({name: _text(events[name]) for name in events.column_names})
    for name, rows in (("log", len(text)), ("part", len(text) // SLOW)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            written = csv.writer(file, lineterminator="\n")
            written.writerow(text.column_names)
            for batch in text.slice(0, rows).to_batches(max_chunksize=CHUNK):
                written.writerows(zip(*(column.to_pylist() for column in batch), strict=True))


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return column.cast(pa.string())
    return pc.strftime(column, "%Y-%m-%dT%H:%M") if pa.types.is_timestamp(kind) else column.cast(pa.string())


def bench(book: Rulebook, folder: Path, dossiers: int, count: int, *, slow: bool = True) -> list[Runner]:
    """Measure every way, in turns; or only those that take whole tables."""
    asked: Question = book.question(AS_OF)
    log, part, out = folder / "log.csv", folder / "part.csv", folder / "out.csv"

    def parquet(name: str, suffix: str) -> None:
        rescore_file(book, asked, folder / name, None, folder / f"out-{name}.{suffix}", grouped=True)

    def plain(scattered: bool) -> None:
        together.rescore_plain(book, asked, log, ",", out, scattered=scattered)

    def strict() -> None:
        together.rescore(book, asked, read_dossiers(part), out)

    def one_by_one() -> None:
        rescore_log(book, asked, part, out, fast=False)

    some = dossiers // SLOW
    runners = [
        Runner("CSV to CSV", lambda: plain(False), dossiers),
        Runner("Parquet to Parquet, the same flat log", lambda: parquet("log.parquet", "parquet"), dossiers),
        Runner("Parquet to Parquet, nested", lambda: parquet("nested.parquet", "parquet"), dossiers),
        Runner("Parquet to CSV, the same flat log", lambda: parquet("log.parquet", "csv"), dossiers),
        Runner("CSV to CSV, as if its rows were scattered", lambda: plain(True), dossiers),
        Runner("CSV to CSV, strict", strict, some),
        Runner("CSV to CSV, one by one", one_by_one, some),
    ]
    if not slow:
        runners = runners[:2]
    for runner in runners[:5]:
        runner.run()
    rounds(runners, count)
    return runners


def main(arguments: Sequence[str] | None = None) -> list[Runner]:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doors", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--dossiers", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files are made; a temporary folder by default")
    asked = parser.parse_args(arguments)
    dossiers, count = (20_000, 1) if asked.quick else (asked.dossiers, asked.rounds)
    book = Rulebook.load()
    print(heading(("llvmlite", "numpy", "pyarrow")), flush=True)
    with TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        logs(History(book.calendar("vn"), dossiers), folder)
        runners = bench(book, folder, dossiers, count)
    print(f"\n{dossiers:,} dossiers")
    print(table(runners, runners[1]))
    for other in runners[1:3]:
        print(at_most(f"CSV to CSV against {other.label} (wall)", runners[0].wall / other.wall, GOAL), flush=True)
    return runners


if __name__ == "__main__":
    main()
