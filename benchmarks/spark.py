"""Spark on this machine beside the machine itself: the same dossiers from Parquet, nested and as a log.

    python -m benchmarks.spark --dossiers 2000000 [--rounds 3] [--cores 2] [--folder FOLDER]

Every way reads the Parquet files and makes every row of the result, and writes none. Rounds are interleaved, the first
is for warming up and is not counted. The two passes that judge nothing say what Spark itself costs. Nothing counts
unless it agrees: each way must find the same number of late dossiers and of workdays late.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.sample import AS_OF, SEED, samples
from benchmarks.timing import load, machine
from tthc_rules import Rulebook
from tthc_rules.bulk.dossiers import table_of_dossiers
from tthc_rules.integrations import spark

SHAPES: Final = 1_000
"""Dossiers that differ; the rest repeat them under other numbers."""
PIECE: Final = 100_000


@dataclass
class Way:
    """One way to the result, and how long it took, in seconds."""

    name: str
    run: Callable[[], object]
    against: str
    """The way whose time its own is divided by."""
    seconds: list[float] = field(default_factory=list)


def written(book: Rulebook, folder: Path, count: int) -> None:
    """The dossiers nested, and again as a log in no order beside a table of their fields."""
    shapes = table_of_dossiers([sample.dossier for sample in samples(SHAPES, book.calendar())])
    lists = shapes["events"].combine_chunks()
    events = pa.Table.from_struct_array(lists.values)
    events = events.set_column(1, "at", events["at"].cast(pa.timestamp("us")))
    sizes = np.diff(np.asarray(lists.offsets))
    random = np.random.default_rng(SEED)
    for name in ("nested", "events", "dossiers"):
        (folder / name).mkdir()
    for place, first in enumerate(range(0, count, PIECE)):
        n = min(PIECE, count - first)
        chosen = random.integers(0, SHAPES, n)
        ids = pa.array([f"H56.14-24-{number:09d}" for number in range(first, first + n)])
        offsets = np.append(0, np.cumsum(sizes[chosen])).astype(np.int32)
        begins = np.asarray(lists.offsets)[chosen]
        rows = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - begins, sizes[chosen])
        mine = events.take(pa.array(rows)).combine_chunks()
        fields = shapes.drop_columns(["events", "dossier_id"]).take(pa.array(chosen))
        inner = pa.StructArray.from_arrays([c.combine_chunks() for c in mine.columns], mine.column_names)
        whole = fields.append_column("events", pa.ListArray.from_arrays(pa.array(offsets), inner))
        whole = whole.add_column(0, "dossier_id", ids)
        log = mine.add_column(0, "dossier_id", ids.take(pa.array(np.repeat(np.arange(n), sizes[chosen]))))
        log = log.append_column("seq", pa.array(first * 8 + np.arange(len(log))))
        name = f"{place:04d}.parquet"
        pq.write_table(whole, folder / "nested" / name)
        pq.write_table(whole.drop_columns("events").take(pa.array(random.permutation(n))), folder / "dossiers" / name)
        pq.write_table(log, folder / "events" / name)
    _mixed(folder / "events", random)


def _mixed(folder: Path, random: np.random.Generator) -> None:
    """The log thrown about as a whole: the events of a dossier lie in many files."""
    log = pq.read_table(folder)
    log = log.take(pa.array(random.permutation(len(log))))
    files = sorted(folder.iterdir())
    size = -(-len(log) // len(files))
    for place, file in enumerate(files):
        pq.write_table(log.slice(place * size, size), file)


def session(cores: int, folder: Path) -> Any:
    """A local Spark that may use so many cores."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    return (
        SparkSession.builder.master(f"local[{cores}]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "6g")
        .config("spark.local.dir", str(folder / "local"))
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .getOrCreate()
    )


def as_it_is(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What Spark costs alone: every row to Python and back."""
    yield from batches


def drained(frame: Any) -> None:
    """All rows are made, none is kept."""
    frame.write.format("noop").mode("overwrite").save()


def ways(book: Rulebook, sparks: Any, folder: Path) -> list[Way]:
    """What is measured."""
    nested, events, dossiers = (str(folder / name) for name in ("nested", "events", "dossiers"))
    read = sparks.read.parquet

    def identity() -> None:
        frame = read(nested).toDF(*(f"c{place}" for place in range(len(read(nested).columns))))
        drained(frame.mapInArrow(as_it_is, frame.schema))

    def shuffled() -> None:
        frame = spark._together(read(events), read(dossiers), ("seq",))
        drained(frame.mapInArrow(as_it_is, frame.schema))

    def log_here() -> pa.Table:
        log = pq.read_table(events)
        log = log.take(pc.sort_indices(log, [("seq", "ascending")])).drop_columns("seq")
        return book.rescore(log, pq.read_table(dossiers), as_of=AS_OF)

    here, there = "one machine, nested", "one machine, log"
    return [
        Way(here, lambda: book.rescore(pq.read_table(nested), as_of=AS_OF), here),
        Way("Spark, nested: rows to Python and back", identity, here),
        Way("Spark, nested", lambda: drained(spark.rescore(read(nested), None, book, AS_OF)), here),
        Way(there, log_here, there),
        Way("Spark, log: shuffle, rows to Python and back", shuffled, there),
        Way(
            "Spark, log",
            lambda: drained(spark.rescore(read(events), read(dossiers), book, AS_OF, order_by="seq")),
            there,
        ),
    ]


def agreed(book: Rulebook, sparks: Any, folder: Path) -> tuple[int, ...]:
    """How many dossiers, how many late, workdays late: the same on every way, or the run ends."""
    from pyspark.sql import functions as f

    nested, events, dossiers = (folder / name for name in ("nested", "events", "dossiers"))
    table = book.rescore(pq.read_table(nested), as_of=AS_OF)
    late = pc.greater(table["workdays_late"], 0)
    expected = (len(table), pc.sum(late).as_py(), pc.sum(table["workdays_late"]).as_py())
    read = sparks.read.parquet
    for name, found in (
        ("nested", spark.rescore(read(str(nested)), None, book, AS_OF)),
        ("log", spark.rescore(read(str(events)), read(str(dossiers)), book, AS_OF, order_by="seq")),
    ):
        days = f.col("workdays_late")
        said = tuple(found.agg(f.count("*"), f.count_if(days > 0), f.sum(days)).first())
        if said != expected:
            raise SystemExit(f"Spark, {name}: {said}, one machine: {expected}")
    return expected


def measure(all_ways: Sequence[Way], rounds: int) -> None:
    """Every way once for warming up, then in turn."""
    for turn in range(rounds + 1):
        for way in all_ways:
            start = time.perf_counter()
            way.run()
            if turn:
                way.seconds.append(time.perf_counter() - start)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark")
    parser.add_argument("--dossiers", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=None, help="where the files go; taken away afterwards")
    asked = parser.parse_args()
    book = Rulebook.load()
    with TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        written(book, folder, asked.dossiers)
        sparks = session(asked.cores, folder)
        try:
            count, late, days = agreed(book, sparks, folder)
            before = load()
            all_ways = ways(book, sparks, folder)
            measure(all_ways, asked.rounds)
        finally:
            sparks.stop()
    print(f"{machine()}; load before {before}; rules {book.corpus.digest[:12]}")
    print(f"{count:,} dossiers, {late:,} late, {days:,} workdays late: the same on every way")
    best = {way.name: min(way.seconds) for way in all_ways}
    print(f"{'seconds':48}{'best':>8}{'median':>8}{'µs each':>9}{'ratio':>8}")
    for way in all_ways:
        took = best[way.name]
        each = took / count * 1e6
        print(f"{way.name:48}{took:8.2f}{median(way.seconds):8.2f}{each:9.2f}{took / best[way.against]:8.1f}")


if __name__ == "__main__":
    main()
