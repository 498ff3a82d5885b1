"""Parquet in, Parquet out, in bounded memory: read, judge and write at once, part by part, so that a run can go on.

The result is a folder of parts, which every Parquet reader takes for one table. A part is written beside, synced and
renamed, then entered in the manifest; the folder bears its own name only when all parts are there. A run that was
stopped leaves `.<name>.partial`; resumed, it gives the bytes that an undisturbed run gives.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from queue import Full, Queue
from threading import Event, Thread
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from tthc_rules.bulk.rescore import PART, Rescorer, kinds_in
from tthc_rules.code import code_digest
from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law.civil import day_of
from tthc_rules.law.question import Question
from tthc_rules.library import Rulebook
from tthc_rules.logs.parquetfiles import identity, opened
from tthc_rules.result.columns import RESULTS_FORMAT
from tthc_rules.runs import tally
from tthc_rules.runs.manifest import COUNTED, Manifest, Tallies, WholePart, digest_of, name_of
from tthc_rules.runs.onebyone import Summary
from tthc_rules.runs.output import MANIFEST, OutputPlace, beside, check_ours, claimed, discard, replace, written
from tthc_rules.runs.source import Source, Table
from tthc_rules.runs.steady import Steady
from tthc_rules.runs.writers import FILTERED, result_format, writer_for

PIECES: Final = 20
"""Pieces in a part: about a million dossiers."""
_AHEAD: Final = 1
"""Pieces that are read before they are needed."""

Progress = Callable[[int, int | None], None]


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
    inputs: Iterable[Path] = (),
) -> Summary:
    """Judge a Parquet log and write one row for each dossier; returns what was counted.

    A nested log (a column `events`) is read as it stands; so is a flat one with `grouped`, which promises that the rows
    of a dossier stand together. Any other is sorted by dossier first, on disk, within `memory`; its result is in order
    of dossier id. `resume` goes on where a run was stopped, and refuses other rules, another question, other input or
    other code. The output is neither the log nor any of the other `inputs`.
    """
    rescorer = Rescorer(book.plans, question)
    form = result_format(output, format)
    if resume and form != "parquet":
        raise InputFileError(_only_parquet(output))
    given = [events, *((dossiers,) if dossiers is not None else ()), *inputs]
    with claimed((output,), given, parents=form == "parquet") as (target,):
        read = [path for path in (events, dossiers) if path is not None]
        steady = Steady(read)
        source = Source.open(events, dossiers, grouped, memory, target)
        if form != "parquet":
            return _as_text(rescorer, source, steady, target, form, plain, threads, progress)
        check_ours(target.old)
        steady.know(lambda: [identity(path) for path in read])
        manifest = _begin(target, _run(book, question, rescorer, source, steady), resume)
        summary = Summary(core="fast")
        for part in manifest.parts:
            _add(summary, part)
        begun = len(manifest.parts) * PIECES
        with written(output), closing(judged(rescorer.judge, source, begun, threads)) as pieces:
            _write_parts(rescorer, source, steady, target.work, manifest, summary, pieces, progress)
            steady.check_content()
            try:
                summary.ended(str(events))
            except InputFileError:  # there is nothing to go on with
                discard(target.work, unfinished=True)
                raise
            manifest.write(target.work)
            replace(target.work, target)
        return summary


def _run(book: Rulebook, question: Question, rescorer: Rescorer, source: Source, steady: Steady) -> dict[str, Any]:
    """What a run is made of, as its manifest says it."""
    known = day_of(question.known_on)
    return {
        "format": 2,
        "code": code_digest(),
        "input": steady.digest,
        "grouped": source.is_grouped,
        "rules": book.corpus.digest,
        "calendars": {name: law.known_on(known).digest for name, law in sorted(book.corpus.calendars.items())},
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


# -- parts -------------------------------------------------------------------------------------------------------------


def _begin(target: OutputPlace, run: dict[str, Any], resume: bool) -> Manifest:
    """The manifest to go on with; parts that are not entered in it are left over from the stop."""
    work = target.work
    manifest = Manifest(results_format=RESULTS_FORMAT, run=run)
    if resume and not work.is_dir():
        raise InputFileError(_nothing_to_resume(target))
    if resume and os.path.lexists(work / MANIFEST):
        manifest = _resumed(work, manifest)
    check_ours(work, unfinished=True)
    with written(work):
        if not resume:
            discard(work, unfinished=True)
        work.mkdir(parents=True, exist_ok=True)
        known = {part.name for part in manifest.parts} | {MANIFEST}
        for path in work.iterdir():
            if path.name not in known:
                path.unlink()
        manifest.write(work)
    return manifest


def _resumed(work: Path, wanted: Manifest) -> Manifest:
    """The manifest of the stopped run, if it is the same run and its parts are what it says."""
    found = Manifest.read(work)
    other = [name for name in wanted.run if found.run.get(name) != wanted.run[name]]
    if found.results_format != wanted.results_format:
        other.append("results_format")
    if other:
        raise InputFileError(_other_run(work, other))
    for part in found.parts:
        path = work / part.name
        try:
            same = digest_of(path) == part.digest
            if same:
                with opened(path) as file:
                    same = file.metadata.num_rows == part.rows
        except (OSError, InputFileError):
            same = False
        if not same:
            raise InputFileError(_part_changed(path))
    return found


def _write_parts(
    rescorer: Rescorer, source: Source, steady: Steady, work: Path, manifest: Manifest, summary: Summary,
    pieces: Iterator[Any], progress: Progress,
) -> None:  # fmt: skip
    done = sum(part.rows for part in manifest.parts)
    progress(done, source.total)
    batch = next(pieces, None)
    words = [f.name for f in rescorer.schema if pa.types.is_dictionary(f.type)]
    while batch is not None:
        name, rows = name_of(len(manifest.parts)), 0
        counts: dict[str, Counter[str]] = {name: Counter() for name in COUNTED}
        with (
            beside(work / name) as path,
            parquet.ParquetWriter(
                path, rescorer.schema, compression="lz4", use_dictionary=words, write_statistics=list(FILTERED)
            ) as writer,
        ):
            for _ in range(PIECES):
                writer.write_batch(batch)
                rows += len(batch)
                done += len(batch)
                _count(batch, rescorer, counts)
                progress(done, source.total)
                batch = next(pieces, None)
                if batch is None:
                    break
        said: Tallies = {name: dict(sorted(counts[name].items())) for name in COUNTED}
        part = WholePart(name=name, rows=rows, digest=digest_of(work / name), counts=said)
        steady.check()  # what another input gave is not entered: the input may be put back before a resume
        manifest.parts.append(part)
        manifest.write(work)
        _add(summary, part)
        pa.default_memory_pool().release_unused()  # what a part needed is not kept for the next
    if not manifest.parts:  # an empty log has an empty table
        with beside(work / name_of(0)) as path:
            parquet.write_table(rescorer.schema.empty_table(), path, compression="lz4")
        manifest.parts.append(WholePart(name=name_of(0), rows=0, digest=digest_of(work / name_of(0)), counts={}))
    steady.check()
    if source.total is not None and done != source.total:
        raise InputFileError(_part_changed(work / MANIFEST))
    source.check()
    summary.left_out.update(source.left_out)


def _as_text(
    rescorer: Rescorer,
    source: Source,
    steady: Steady,
    target: OutputPlace,
    format: str,
    plain: bool,
    threads: int | None,
    progress: Progress,
) -> Summary:
    """The same rows as CSV or NDJSON, in one file."""
    summary = Summary(core="fast")
    with (
        writer_for(target.path, tuple(rescorer.schema.names), format, plain) as writer,
        closing(judged(rescorer.judge, source, 0, threads)) as pieces,
    ):
        for batch in pieces:
            writer.write_batch(batch)
            tally.add(summary, batch)
            summary.kinds.update(kinds_in(batch))
            progress(summary.dossiers + summary.nameless, source.total)
        source.check()
        steady.check()
        summary.left_out.update(source.left_out)
        summary.ended(str(source.events))
    return summary


class Pieces(Protocol):
    """A log as pieces of whole dossiers."""

    def pieces(self) -> Generator[Any, None, None]:
        """The pieces, the same at every reading."""

    def stop(self) -> None:
        """Let the thread that reads come to its end."""


def judged(judge: Callable[[Any], Any], source: Pieces, skip: int, threads: int | None) -> Generator[Any, None, None]:
    """The rows of each piece, in order; reading, judging and whoever takes the rows work at once."""
    workers = threads or os.cpu_count() or 1
    running: deque[Future[Any]] = deque()
    with ThreadPoolExecutor(workers) as pool, _ahead(source) as coming:
        try:
            for number, piece in enumerate(coming):
                if number < skip:
                    continue
                running.append(pool.submit(judge, piece))
                if len(running) >= workers:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            for future in running:
                future.cancel()


@contextmanager
def _ahead(source: Pieces) -> Iterator[Iterator[Table]]:
    """The pieces of a log, read by a thread of their own; leaving stops it, and the sort that it may wait for."""
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
            with closing(source.pieces()) as pieces:
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
        source.stop()
        thread.join(timeout=30)


# -- counting ----------------------------------------------------------------------------------------------------------


def _count(batch: Any, rescorer: Rescorer, counts: dict[str, Counter[str]]) -> None:
    for name, column in (
        ("punctuality", "punctuality"),
        ("notes", "notes"),
        ("names", "unknown_names"),
        ("errors", "error_code"),
    ):
        counts[name].update(_tally(batch[column], name in ("notes", "names")))
    counts["kinds"].update(kinds_in(batch))
    if nameless := pc.sum(pc.equal(pc.fill_null(batch["dossier_id"], ""), "")).as_py():
        counts["rows"]["nameless"] += nameless
    for duty in rescorer.scorer.known.duties:
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


def _add(summary: Summary, part: WholePart) -> None:
    nameless = part.counts.get("rows", {}).get("nameless", 0)
    summary.nameless += nameless
    summary.dossiers += part.rows - nameless
    summary.punctuality.update(part.counts.get("punctuality", {}))
    summary.notes.update(part.counts.get("notes", {}))
    summary.names.update(part.counts.get("names", {}))
    summary.kinds.update(part.counts.get("kinds", {}))
    summary.missed.update(part.counts.get("missed", {}))
    summary.errors.update(part.counts.get("errors", {}))


# -- complaints --------------------------------------------------------------------------------------------------------


def _nothing_to_resume(target: OutputPlace) -> Problem:
    if target.path.is_dir():
        vi, en = "không có lần chạy dở; kết quả ở đây đã trọn", "no run was stopped; the result that is here is whole"
    else:
        vi, en = "không có lần chạy dở nào ở đây", "no run was stopped here"
    more = "; chạy lại không có --resume để làm mới", "; run again without --resume to make it anew"
    return Problem("TR-bulk-resume", str(target.named), vi + more[0], en + more[1])


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
