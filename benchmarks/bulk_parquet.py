"""Parquet to Parquet, beside pyarrow reading and writing the same columns without looking at them.

    python -m benchmarks.bulk_parquet [--quick] [--dossiers N] [--rounds N] [--folder FOLDER]

pyarrow reads every column of the input on one thread while it writes the very result of the fast core, held in memory
beforehand, on another, with the compression, the dictionaries and the row groups of the fast core's own file.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.history import AS_OF, CHUNK, History
from benchmarks.rounds import Runner, at_most, heading, rounds, table
from tthc_rules import Rulebook

GOAL: Final = 1.3


@dataclass(frozen=True, slots=True)
class Files:
    """One layout of a history."""

    name: str
    events: Path
    dossiers: Path | None

    @property
    def inputs(self) -> list[Path]:
        """What is read."""
        return [path for path in (self.events, self.dossiers) if path is not None]


def written(history: History, folder: Path, layouts: Iterable[str]) -> list[Files]:
    """The history in each layout."""
    made = []
    for name in layouts:
        events = folder / f"{name}.parquet"
        dossiers = None if name == "nested" else folder / f"{name}-dossiers.parquet"
        if dossiers is None:
            history.write_nested(events)
        else:
            history.write_flat(events, dossiers, name == "arrival")
        made.append(Files(name, events, dossiers))
    return made


def rescored(book: Rulebook, files: Files, output: Path) -> None:
    """One pass of the fast core."""
    from tthc_rules.runs.parts import rescore_file

    rescore_file(book, book.question(AS_OF), files.events, files.dossiers, output)


class Alone:
    """pyarrow reading the input and writing the result, both at once, nothing between them."""

    def __init__(self, files: Files, result: Path, output: Path) -> None:
        self.files, self.output = files, output
        parts = [pq.ParquetFile(part) for part in sorted(result.glob("part-*.parquet"))]
        group = parts[0].metadata.row_group(0)
        self.schema = parts[0].schema_arrow
        self.settings = _settings(group)
        self.rows = group.num_rows
        self.batches = [
            batch
            for part in parts
            for place in range(part.num_row_groups)
            for batch in part.read_row_group(place).combine_chunks().to_batches()
        ]

    def read(self) -> None:
        """Every column of the input, batch by batch."""
        for path in self.files.inputs:
            with pq.ParquetFile(path) as file:
                if "events" in file.schema_arrow.names:  # words inside lists are read by row group only
                    for group in range(file.num_row_groups):
                        file.read_row_group(group)
                else:
                    for _ in file.iter_batches(CHUNK):
                        pass

    def write(self) -> None:
        """The result as it is."""
        with pq.ParquetWriter(self.output, self.schema, **self.settings) as writer:
            for batch in self.batches:
                writer.write_batch(batch, self.rows)

    def run(self) -> None:
        """Both."""
        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(self.read), pool.submit(self.write)]:
                future.result()


def _settings(group: Any) -> dict[str, Any]:
    columns = [group.column(place) for place in range(group.num_columns)]
    dictionary = [c.path_in_schema for c in columns if any("DICTIONARY" in encoding for encoding in c.encodings)]
    return {
        "compression": {c.path_in_schema: c.compression.lower() for c in columns},
        "use_dictionary": dictionary,
        "write_statistics": [c.path_in_schema for c in columns if c.is_stats_set],
    }


def bench(book: Rulebook, files: Files, folder: Path, dossiers: int, count: int) -> list[Runner]:
    """Measure one layout."""
    output = folder / f"{files.name}-out.parquet"
    rescored(book, files, output)
    assert sum(pq.read_metadata(part).num_rows for part in output.glob("part-*.parquet")) == dossiers
    alone = Alone(files, output, folder / f"{files.name}-alone.parquet")
    runners = [
        Runner(f"{files.name}: the fast core", lambda: rescored(book, files, output), dossiers),
        Runner(f"{files.name}: pyarrow alone, reading and writing at once", alone.run, dossiers),
        Runner("    reading alone", alone.read, dossiers),
        Runner("    writing alone", alone.write, dossiers),
    ]
    rounds(runners, count)
    return runners


def main(arguments: Sequence[str] | None = None) -> list[Runner]:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk_parquet", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--dossiers", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files are made; a temporary folder by default")
    parser.add_argument("--layouts", nargs="+", default=("nested", "grouped", "arrival"))
    asked = parser.parse_args(arguments)
    dossiers, count = (100_000, 1) if asked.quick else (asked.dossiers, asked.rounds)
    book = Rulebook.load()
    history = History(book.calendar("vn"), dossiers)
    everything = []
    print(heading(("llvmlite", "numpy", "pyarrow", "duckdb")), flush=True)
    with TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        for files in written(history, folder, asked.layouts):
            runners = bench(book, files, folder, dossiers, count)
            megabytes = ", ".join(f"{path.stem} {path.stat().st_size / 1e6:,.0f} MB" for path in files.inputs)
            print(f"\n{dossiers:,} dossiers; {megabytes}; pyarrow {pa.__version__}")
            print(table(runners, runners[1]))
            goal = f"Parquet to Parquet, {files.name}, against pyarrow alone (wall)"
            if files.name == "arrival":
                print(f"{goal}: {runners[0].wall / runners[1].wall:.2f} ×, no goal")
            else:
                print(at_most(goal, runners[0].wall / runners[1].wall, GOAL), flush=True)
            everything += runners
    return everything


if __name__ == "__main__":
    main()
