"""Parquet in, Parquet out, in bounded memory: read, judge and write at once, part by part, so that a run can go on.

The result is a folder of parts, which every Parquet reader takes for one table. A part is written beside, synced and
renamed, then entered in the manifest; the folder bears its own name only when all parts are there. A run that was
stopped leaves `.<name>.partial`; resumed, it gives the bytes that an undisturbed run gives.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from pathlib import Path
from queue import Full, Queue
from threading import Event, Thread
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from tthc_rules.adapters.rescore import Summary
from tthc_rules.adapters.results import result_format, writer_for
from tthc_rules.bulk.accepted import check_schema
from tthc_rules.bulk.columns import DOSSIER_ID, EVENTS
from tthc_rules.bulk.foreign import checked, named
from tthc_rules.bulk.grouping import nested
from tthc_rules.bulk.rescore import PART, Rescorer
from tthc_rules.errors import InputFileError, Problem
from tthc_rules.evaluate.reference import Question
from tthc_rules.law.civil import day_of
from tthc_rules.library import Rulebook

PIECES: Final = 20
"""Pieces in a part: about a million dossiers."""
_EVENTS: Final = 5 * PART
"""Events read at a time from a flat log."""
_AHEAD: Final = 1
"""Pieces that are read before they are needed."""
MANIFEST: Final = "_manifest.json"

Table: TypeAlias = Any
Progress = Callable[[int, int | None], None]


@dataclass(slots=True)
class Part:
    """A part that is whole: its file, its rows, and what was counted in it."""

    name: str
    rows: int
    digest: str
    counts: dict[str, dict[str, int]]


@dataclass(slots=True)
class Manifest:
    """What a run is made of: a resume under anything else is another run."""

    run: dict[str, Any]
    parts: list[Part] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write it beside, sync, rename."""
        said = {"run": self.run, "parts": [_as_dict(part) for part in self.parts]}
        with _beside(folder / MANIFEST) as path:
            path.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of a run that was stopped."""
        try:
            said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            return cls(said["run"], [Part(**part) for part in said["parts"]])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputFileError(_no_manifest(folder, error)) from None


def _as_dict(part: Part) -> dict[str, Any]:
    return {"name": part.name, "rows": part.rows, "digest": part.digest, "counts": part.counts}


def rescore_file(
    book: Rulebook,
    question: Question,
    events: Path,
    dossiers: Path | None,
    output: Path,
    *,
    grouped: bool = False,
    resume: bool = False,
    format: str | None = None,
    plain: bool = False,
    memory: str = "1GB",
    threads: int | None = None,
    progress: Progress = lambda done, total: None,
) -> Summary:
    """Judge a Parquet log and write one row for each dossier; returns what was counted.

    A nested log (a column `events`) is read as it stands; so is a flat one with `grouped`, which promises that the rows
    of a dossier stand together. Any other is sorted by dossier first, on disk, within `memory`; its result is in order
    of dossier id. `resume` goes on where a run was stopped, and refuses other rules, another question or other input.
    """
    rescorer = Rescorer(book.plans, question)
    source = _Source.open(events, dossiers, grouped, memory, output.with_name(f".{output.name}.sort"))
    if result_format(output, format) != "parquet":
        if resume:
            raise InputFileError(_only_parquet(output))
        return _as_text(rescorer, source, output, format, plain, threads, progress)
    run = {
        "format": 1,
        "input": [_identity(path) for path in (events, dossiers) if path is not None],
        "grouped": grouped,
        "rules": book.corpus.digest,
        "calendars": {name: law.known_on(_day(question)).digest for name, law in sorted(book.corpus.calendars.items())},
        "question": {
            "as_of": question.as_of.isoformat(),
            "known_on": question.known_on.isoformat(),
            "lateness": question.lateness,
            "calendar": question.calendar,
            "hours": question.hours,
            "strict": question.strict,
        },
        "columns": rescorer.schema.names,
        "part_rows": PIECES * PART,
    }
    work = output.with_name(f".{output.name}.partial")
    manifest = _begin(work, run, resume)
    summary = Summary()
    for part in manifest.parts:
        _add(summary, part)
    with _writing(output):
        _write_parts(rescorer, source, work, manifest, summary, threads, progress)
        try:
            summary.check_kinds(str(events))
        except InputFileError:
            _remove(work)
            raise
        manifest.write(work)
        _publish(work, output)
    return summary


def _day(question: Question) -> int:
    return day_of(question.known_on)


# -- parts -------------------------------------------------------------------------------------------------------------


def _begin(work: Path, run: dict[str, Any], resume: bool) -> Manifest:
    """The manifest to go on with; parts that are not entered in it are left over from the stop."""
    if not resume:
        shutil.rmtree(work, ignore_errors=True)
    elif not work.is_dir():
        raise InputFileError(_nothing_to_resume(work))
    manifest = Manifest(run)
    if resume and (work / MANIFEST).exists():
        manifest = Manifest.read(work)
        other = [name for name in run if manifest.run.get(name) != run[name]]
        if other:
            raise InputFileError(_other_run(work, other))
        for part in manifest.parts:
            if not (work / part.name).is_file() or _digest(work / part.name) != part.digest:
                raise InputFileError(_part_changed(work / part.name))
    with _writing(work):
        work.mkdir(parents=True, exist_ok=True)
        known = {part.name for part in manifest.parts} | {MANIFEST}
        for path in work.iterdir():
            if path.name not in known:
                path.unlink()
        manifest.write(work)
    return manifest


def _write_parts(
    rescorer: Rescorer, source: _Source, work: Path, manifest: Manifest, summary: Summary,
    threads: int | None, progress: Progress,
) -> None:  # fmt: skip
    done = sum(part.rows for part in manifest.parts)
    skip = len(manifest.parts) * PIECES
    progress(done, source.total)
    pieces = _judged(rescorer, source.pieces(), skip, threads)
    batch = next(pieces, None)
    words = [f.name for f in rescorer.schema if pa.types.is_dictionary(f.type)]
    while batch is not None:
        part = Part(f"part-{len(manifest.parts):05d}.parquet", 0, "", {})
        counts: dict[str, Counter[str]] = {name: Counter() for name in _COUNTED}
        with (
            _beside(work / part.name) as path,
            parquet.ParquetWriter(
                path, rescorer.schema, compression="lz4", use_dictionary=words, store_schema=True
            ) as writer,
        ):
            for _ in range(PIECES):
                writer.write_batch(batch)
                part.rows += len(batch)
                done += len(batch)
                _count(batch, rescorer, counts)
                progress(done, source.total)
                batch = next(pieces, None)
                if batch is None:
                    break
        part.digest = _digest(work / part.name)
        counts["kinds"].update(rescorer.kinds_seen())
        part.counts = {name: dict(sorted(counter.items())) for name, counter in counts.items()}
        manifest.parts.append(part)
        manifest.write(work)
        _add(summary, part)
        pa.default_memory_pool().release_unused()  # what a part needed is not kept for the next
    if not manifest.parts:  # an empty log has an empty table
        with _beside(work / "part-00000.parquet") as path:
            parquet.write_table(rescorer.schema.empty_table(), path, compression="lz4")
        manifest.parts.append(Part("part-00000.parquet", 0, _digest(work / "part-00000.parquet"), {}))
    source.check()


def _as_text(
    rescorer: Rescorer,
    source: _Source,
    output: Path,
    format: str | None,
    plain: bool,
    threads: int | None,
    progress: Progress,
) -> Summary:
    """The same rows as CSV or NDJSON, in one file."""
    summary = Summary()
    with writer_for(output, tuple(rescorer.schema.names), format, plain) as writer:
        for batch in _judged(rescorer, source.pieces(), 0, threads):
            for row in batch.to_pylist():
                writer.write(row)
                summary.add(row)
            progress(summary.dossiers + summary.nameless, source.total)
        source.check()
        summary.kinds.update(rescorer.kinds_seen())
        summary.check_kinds(str(source.events))
    return summary


def _judged(rescorer: Rescorer, pieces: Iterator[Table], skip: int, threads: int | None) -> Iterator[Any]:
    """The rows of each piece, in order; reading, judging and whoever takes the rows work at once."""
    workers = threads or os.cpu_count() or 1
    running: deque[Future[Any]] = deque()
    with ThreadPoolExecutor(workers) as pool, _ahead(pieces) as coming:
        try:
            for number, piece in enumerate(coming):
                if number < skip:
                    continue
                running.append(pool.submit(rescorer.judge, piece))
                if len(running) >= workers:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            for future in running:
                future.cancel()


@contextmanager
def _ahead(pieces: Iterator[Table]) -> Iterator[Iterator[Table]]:
    """The pieces, read by a thread of their own; leaving stops it."""
    queue: Queue[Any] = Queue(_AHEAD)
    stop = Event()
    end = object()

    def put(item: object) -> bool:
        while not stop.is_set():
            try:
                queue.put(item, timeout=0.2)
            except Full:  # look again whether anyone still reads
                continue
            return True
        return False

    def read() -> None:
        try:
            for piece in pieces:
                if not put(piece):
                    return
            put(end)
        except BaseException as error:
            put(error)

    def taken() -> Iterator[Table]:
        while (item := queue.get()) is not end:
            if isinstance(item, BaseException):
                raise item
            yield item

    thread = Thread(target=read, daemon=True)
    thread.start()
    try:
        yield taken()
    finally:
        stop.set()
        thread.join(timeout=30)


# -- what is read ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Source:
    """A log in Parquet, as pieces of nested dossiers: the same pieces at every reading."""

    events: Path
    dossiers: Path | None
    total: int | None
    """Dossiers, where the files say how many."""
    is_nested: bool
    is_grouped: bool
    memory: str
    spill: Path
    """Where an external sort keeps what does not fit: beside the result, where there is room for a result."""
    _seen: list[Any] = field(default_factory=list)

    @classmethod
    def open(cls, events: Path, dossiers: Path | None, grouped: bool, memory: str, spill: Path) -> _Source:
        head = _head(events)
        is_nested = EVENTS in head.column_names
        if is_nested and dossiers is not None:
            raise InputFileError(_nested_and_dossiers(events))
        nested(head, None if dossiers is None else _head(dossiers))  # complains of columns before anything is read
        total = _rows(events) if is_nested else None
        return cls(events, dossiers, total, is_nested, grouped and dossiers is None, memory, spill)

    def pieces(self) -> Iterator[Table]:
        """Nested tables of about `PART` dossiers."""
        if self.is_nested:
            yield from _row_groups(self.events)
        elif self.is_grouped:
            yield from self._whole_dossiers(_batches(self.events, _EVENTS))
        else:
            yield from self._sorted()

    def _whole_dossiers(self, batches: Iterator[Table]) -> Iterator[Table]:
        """Nested tables of flat rows that stand together, cut between two dossiers."""
        for rows in self._cut(batches):
            table = nested(rows, None)
            ids = table[DOSSIER_ID].combine_chunks()
            self._seen.append(_hashes(ids))
            yield table

    @staticmethod
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

    def _sorted(self) -> Iterator[Table]:
        """The log in order of dossier, by an external sort, with the rows of the dossiers' table beside it."""
        try:
            import duckdb
        except ImportError:
            raise InputFileError(_needs_duckdb(self.events)) from None
        try:
            with duckdb.connect() as base:
                base.execute("SET threads = 2")
                base.execute("SET memory_limit = $1", [self.memory])
                base.execute("SET temp_directory = $1", [str(self.spill)])
                events = self._cut(_in_order(base, self.events))
                if self.dossiers is None:
                    for rows in events:
                        yield nested(rows, None)
                else:
                    with base.cursor() as other:
                        yield from _merged(events, _in_order(other, self.dossiers), _head(self.dossiers))
        except (duckdb.OutOfMemoryException, duckdb.ParserException) as error:
            raise InputFileError(_unsorted(self.events, error)) from None
        except duckdb.Error as error:
            raise InputFileError(_unreadable(self.events, str(error).splitlines()[0])) from None
        finally:
            shutil.rmtree(self.spill, ignore_errors=True)

    def check(self) -> None:
        """Refuse a log that was said to be grouped and is not: each half of a dossier would be judged as a whole."""
        if not self._seen:
            return
        seen = np.concatenate(self._seen)
        seen.sort()
        if (seen[1:] == seen[:-1]).any():
            raise InputFileError(_not_grouped(self.events))


_FILE: Final = "tthc_file"


def _in_order(base: Any, path: Path) -> Iterator[Table]:
    """The rows of a file by dossier; those of one dossier as they stand in the file."""
    source = f"read_parquet(?, file_row_number = true, filename = '{_FILE}')"
    with _reading(path):
        names = parquet.read_schema(_first(path)).names
    key = next((name for name in (DOSSIER_ID, "case:concept:name", "case:dossier_id") if name in names), DOSSIER_ID)
    quoted = '"' + key.replace('"', '""') + '"'
    place = f"{_FILE}, file_row_number"
    asked = f"SELECT * EXCLUDE ({place}) FROM {source} ORDER BY {quoted} NULLS LAST, {place}"
    reader = base.sql(asked, params=[_glob(path)]).to_arrow_reader(_EVENTS)
    for batch in reader:
        yield named(_checked(pa.Table.from_batches([batch]), path))


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
        yield table.take(pc.sort_indices(table[DOSSIER_ID].cast(pa.binary())))  # nulls come last
    while waiting is not None:
        yield nested(_no_events(), waiting)
        waiting = next(dossiers, None)


def _no_events() -> Table:
    return pa.table({name: pa.array([], pa.string()) for name in (DOSSIER_ID, "kind", "at")})


def _batches(path: Path, size: int) -> Iterator[Table]:
    for file in _files(path):
        with _reading(path), parquet.ParquetFile(file, buffer_size=1 << 20, pre_buffer=False) as source:
            for batch in source.iter_batches(size):
                yield named(_checked(pa.Table.from_batches([batch]), path))


def _row_groups(path: Path) -> Iterator[Table]:
    """Nested tables are read by row group: the Parquet reader cannot cut words inside lists anywhere else."""
    for file in _files(path):
        with _reading(path), parquet.ParquetFile(file, buffer_size=1 << 20, pre_buffer=False) as source:
            for group in range(source.num_row_groups):
                table = named(_checked(source.read_row_group(group), path))
                for start in range(0, len(table), PART):
                    yield table.slice(start, PART)


def _checked(table: Table, path: Path) -> Table:
    with _reading(path):
        return checked(table)


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.parquet")) if path.is_dir() else [path]


def _glob(path: Path) -> str:
    return str(path / "*.parquet") if path.is_dir() else str(path)


def _head(path: Path) -> Table:
    """The columns of a file, without rows, under our names."""
    with _reading(path):
        schema = parquet.read_schema(_first(path)).remove_metadata()
        check_schema(schema)
        return named(schema.empty_table())


def _first(path: Path) -> Path:
    files = _files(path)
    if not files:
        raise InputFileError(_unreadable(path, "không có tệp .parquet nào / no .parquet file in it"))
    return files[0]


def _rows(path: Path) -> int:
    with _reading(path):
        return sum(parquet.read_metadata(file).num_rows for file in _files(path))


def _last_change(ids: Any) -> int:
    """Where the last dossier of a table begins; rows without an id are dossiers of their own."""
    codes = np.asarray(pc.fill_null(ids.cast(pa.string()).dictionary_encode().indices, -1))
    if not len(codes):
        return 0
    if codes[-1] < 0:
        return len(codes) - 1
    other = np.flatnonzero(codes != codes[-1])
    return int(other[-1]) + 1 if len(other) else 0


def _hashes(ids: Any) -> Any:
    """Sixty-four bits of each id: enough to see one come back, at eight bytes a dossier."""
    texts = [text for text in ids.to_pylist() if text is not None]
    return np.fromiter((hash(text) for text in texts), np.int64, len(texts))


# -- counting ----------------------------------------------------------------------------------------------------------

_COUNTED: Final = ("punctuality", "notes", "names", "kinds", "missed", "errors", "rows")


def _count(batch: Any, rescorer: Rescorer, counts: dict[str, Counter[str]]) -> None:
    for name, column in (
        ("punctuality", "punctuality"),
        ("notes", "notes"),
        ("names", "unknown_names"),
        ("errors", "error_code"),
    ):
        counts[name].update(_tally(batch[column], name in ("notes", "names")))
    if nameless := pc.sum(pc.equal(pc.fill_null(batch["dossier_id"], ""), "")).as_py():
        counts["rows"]["nameless"] += nameless
    for duty in rescorer.scorer.plans.duties:
        tally = _tally(batch[duty], False)
        fault = tally["missed"] + tally["broken"]
        if fault:
            counts["missed"][duty] += fault


def _tally(column: Any, is_list: bool) -> Counter[str]:
    found: Counter[str] = Counter()
    indices = column.indices.drop_null()
    numbers = np.bincount(np.asarray(indices), minlength=len(column.dictionary)).tolist()
    for word, number in zip(column.dictionary.to_pylist(), numbers, strict=False):
        if word and number:
            for one in word.split("|") if is_list else (word,):
                found[one] += int(number)
    return found


def _add(summary: Summary, part: Part) -> None:
    nameless = part.counts.get("rows", {}).get("nameless", 0)
    summary.nameless += nameless
    summary.dossiers += part.rows - nameless
    for name, counter in (
        ("punctuality", summary.punctuality),
        ("notes", summary.notes),
        ("names", summary.names),
        ("kinds", summary.kinds),
        ("missed", summary.missed),
        ("errors", summary.errors),
    ):
        counter.update(part.counts.get(name, {}))


# -- files -------------------------------------------------------------------------------------------------------------


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A file beside, which takes the name once it is whole and on disk."""
    partial = path.with_name(f".{path.name}.part")
    yield partial
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    partial.replace(path)


def _publish(work: Path, output: Path) -> None:
    """The folder takes its name; what bore it before goes only then."""
    old = output.with_name(f".{output.name}.old")
    _remove(old)
    if output.exists():
        output.replace(old)
    work.replace(output)
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    made = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            made.update(block)
    return made.hexdigest()


def _identity(path: Path) -> dict[str, Any]:
    """What tells an input from another: every byte of it, at about a second a gigabyte."""
    found = []
    for file in _files(path):
        with _reading(path), file.open("rb") as source:
            made = blake2b(digest_size=32)
            while block := source.read(1 << 20):
                made.update(block)
            found.append({"name": file.name, "size": source.tell(), "digest": made.hexdigest()})
    return {"files": found}


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise InputFileError(_unreadable(path, str(error).splitlines()[0] if str(error) else "")) from None


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputFileError(_unwritable(path, error)) from None


# -- complaints --------------------------------------------------------------------------------------------------------


def _unreadable(path: Path, why: str) -> Problem:
    vi, en = f"không đọc được tệp Parquet: {why}", f"cannot read the Parquet file: {why}"
    return Problem("TR-bulk-file", str(path), vi, en)


def _unwritable(path: Path, error: OSError) -> Problem:
    why = error.strerror or str(error)
    vi, en = f"không ghi được kết quả: {why}", f"cannot write the result: {why}"
    return Problem("TR-result-unwritable", str(path), vi, en)


def _nothing_to_resume(work: Path) -> Problem:
    return Problem(
        "TR-bulk-resume",
        str(work),
        "không có lần chạy dở nào ở đây; chạy lại không có --resume",
        "no run was stopped here; run again without --resume",
    )


def _no_manifest(work: Path, error: Exception) -> Problem:
    return Problem(
        "TR-bulk-resume",
        str(work / MANIFEST),
        f"không đọc được bản kê của lần chạy dở: {error}; xóa thư mục này rồi chạy lại",
        f"the manifest of the stopped run cannot be read: {error}; delete the folder and run again",
    )


def _other_run(work: Path, names: list[str]) -> Problem:
    listed = ", ".join(names)
    return Problem(
        "TR-bulk-resume",
        str(work),
        f"lần chạy dở khác ở: {listed}; chạy lại từ đầu (bỏ --resume) hoặc dùng đúng quy tắc, câu hỏi, dữ liệu cũ",
        f"the stopped run differs in: {listed}; start anew (without --resume), or use its rules, question and input",
    )


def _part_changed(path: Path) -> Problem:
    return Problem(
        "TR-bulk-resume",
        str(path),
        "phần đã ghi bị mất hoặc bị sửa; xóa thư mục này rồi chạy lại từ đầu",
        "a part that was written is gone or changed; delete the folder and start anew",
    )


def _only_parquet(path: Path) -> Problem:
    return Problem(
        "TR-bulk-resume",
        str(path),
        "chỉ kết quả Parquet mới chạy tiếp được",
        "only a Parquet result can be resumed",
        known=(".parquet",),
    )


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


def _unsorted(path: Path, error: Exception) -> Problem:
    why = str(error).splitlines()[0]
    return Problem("TR-bulk-sort", str(path), f"không sắp xếp được: {why}", f"it cannot be sorted: {why}")


def _needs_duckdb(path: Path) -> Problem:
    return Problem(
        "TR-bulk-sort",
        str(path),
        'sắp xếp nhật ký cần duckdb: pip install "tthc-rules[bulk]"; hoặc --grouped nếu đã gom theo hồ sơ',
        'sorting a log needs duckdb: pip install "tthc-rules[bulk]"; or --grouped where dossiers stand together',
    )
