"""One run: which dossiers must be judged, their stream to the library, the results in their place, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, fields
from datetime import date
from hashlib import sha256
from threading import Event
from typing import Any, Final
from unicodedata import is_normalized

import pyarrow as pa

from tthc_postgres import results
from tthc_postgres.server import PortalError, Session, session
from tthc_rules import Rulebook
from tthc_rules.code import code_digest
from tthc_rules.errors import Problem
from tthc_rules.law.civil import day_of
from tthc_rules.law.question import Question
from tthc_rules.runs.nightly.basis import edition

Tick = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Basis:
    """What every row stands on beside its own dossier: where one of these is another, every dossier is judged anew."""

    law_digest: str
    law_edition: int
    calendar_digest: str
    code_digest: str
    source_digest: str
    question: str


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did: written into `tthc.runs`, and said at the end."""

    run_id: int
    because: str
    dossiers: int
    judged: int
    written: int
    removed: int
    errors: int
    notes: int
    reasons: dict[str, int]

    @property
    def carried(self) -> int:
        """Rows that stand as they were, without being judged."""
        return self.dossiers - self.judged


SINCE_LAST: Final = "since_last"
"""Why a run judged only some: all else stands on what it stood on before."""
WHY_ALL: Final[dict[str, tuple[str, str]]] = {
    "asked": ("được yêu cầu (--full)", "asked for (--full)"),
    "first": ("lần đầu", "the first run"),
    "earlier": ("ngày xét trước ngày của lần trước", "an earlier day than the last run's"),
    "law_digest": ("quy tắc khác lần trước", "other rules than the last run's"),
    "law_edition": ("có văn bản, danh mục vừa được biết", "law or catalogue that became known"),
    "calendar_digest": ("lịch khác lần trước", "another calendar than the last run's"),
    "code_digest": ("thư viện khác lần trước", "another version of the library"),
    "source_digest": ("khung nhìn tthc.dossiers đã đổi", "the view tthc.dossiers changed"),
    "question": ("câu hỏi khác lần trước", "another question than the last run's"),
}


def judge(uri: str, book: Rulebook, question: Question, is_full: bool, tick: Tick) -> Done:
    """Judge what must be judged and put the results in their place, in one transaction: a run that fails left nothing.

    Two connections see one snapshot: the dossiers stream out of one while the rows are copied into the other.
    """
    with session(uri) as writer, session(uri) as reader:
        writer.lock()
        columns = results.columns_of(book)
        results.check_table(writer, columns)
        snapshot = writer.begin()
        reader.begin(snapshot)
        basis = _basis(writer, book, question)
        because = "asked" if is_full else _why_all(writer, basis, question.as_of)
        reasons = {} if because else _choose(reader, question.as_of)
        whole = bool(because)
        ((dossiers,),) = reader.ask("SELECT count(*) FROM tthc.dossiers")
        run_id = _new_run(writer, basis, question, because or SINCE_LAST)
        wanted = dossiers if whole else sum(reasons.values())
        with reader.stream(_ALL if whole else _CHOSEN) as source:
            judged = _copied(writer, columns, _judged(book, question, source, lambda done: tick(done, wanted)))
        counts = results.place_rows(writer, columns, run_id, whole)
        errors, notes = _kept(writer, dossiers)
        done = Done(
            run_id, because or SINCE_LAST, dossiers, judged, **counts, errors=errors, notes=notes, reasons=reasons
        )
        _end_run(writer, done)
        writer.commit()
        return done


# -- which dossiers ------------------------------------------------------------------------------------------------

_ALL: Final = "SELECT * FROM tthc.dossiers"
_CHOSEN: Final = "SELECT d.* FROM tthc.dossiers d JOIN chosen USING (dossier_id)"


def _basis(writer: Session, book: Rulebook, question: Question) -> Basis:
    known = day_of(question.known_on)
    calendars = {name: law.known_on(known).digest for name, law in sorted(book.corpus.calendars.items())}
    ((source,),) = writer.ask(
        "SELECT md5(pg_get_viewdef('tthc.dossiers'::regclass) || string_agg(attname || ' ' ||"
        " format_type(atttypid, atttypmod), ',' ORDER BY attrelid, attnum)) FROM pg_attribute WHERE attnum > 0"
        " AND attrelid IN ('tthc.dossiers'::regclass, to_regclass('tthc.event'))"
    )
    return Basis(
        book.corpus.digest,
        edition(book.corpus, known),
        sha256(json.dumps(calendars).encode()).hexdigest(),
        code_digest(),
        source,
        json.dumps([question.lateness, question.calendar, question.hours]),
    )


def _why_all(writer: Session, basis: Basis, as_of: date) -> str:
    """Why every dossier is judged anew; nothing where only some are."""
    names = [field.name for field in fields(Basis)]
    last = writer.ask(
        f"SELECT as_of, {', '.join(names)} FROM tthc.runs WHERE ended IS NOT NULL ORDER BY run_id DESC LIMIT 1"
    )
    if not last:
        return "first"
    ((day, *before),) = last
    other = [name for name, was, now in zip(names, before, astuple(basis), strict=True) if was != now]
    return other[0] if other else "earlier" if as_of < day else ""


def _choose(reader: Session, as_of: date) -> dict[str, int]:
    """Put the dossiers that must be judged into a table beside the stream; how many for which reason."""
    reader.do("CREATE TEMPORARY TABLE chosen (dossier_id text PRIMARY KEY, why text NOT NULL)")
    reader.do(
        "INSERT INTO chosen SELECT d.dossier_id, min(c.why) FROM ("
        " SELECT c.dossier_id, CASE WHEN coalesce(r.dossier_id, e.dossier_id) IS NULL THEN '1 new' ELSE '2 changed' END"
        "  FROM tthc.changed c LEFT JOIN tthc.results r USING (dossier_id) LEFT JOIN tthc.errors e USING (dossier_id)"
        " UNION ALL SELECT dossier_id, '3 error' FROM tthc.errors WHERE look_on <= $1"
        " UNION ALL SELECT dossier_id, '4 ' || look_why FROM tthc.results WHERE look_on <= $1"
        ") c (dossier_id, why) JOIN tthc.dossiers d USING (dossier_id) GROUP BY d.dossier_id",
        as_of,
    )
    reader.do("ANALYZE chosen")
    found = reader.ask("SELECT substr(why, 3), count(*) FROM chosen GROUP BY why ORDER BY why")
    return {why: int(count) for why, count in found}


# -- from the stream to the server -----------------------------------------------------------------------------------


def _judged(
    book: Rulebook, question: Question, source: Iterator[pa.RecordBatch], tick: Callable[[int], None]
) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in source:
        for piece in _apart(batch):
            table = book.rescore(
                piece,
                as_of=question.as_of,
                known_on=question.known_on,
                lateness=question.lateness,
                calendar=question.calendar,
                hours=question.hours,
            )
            yield from results.rows_of(table, piece, question.as_of)
        done += len(batch)
        tick(done)


def _apart(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch, but ids whose letters are in pieces by themselves: the library puts them together, and one that then
    is another's would be an error or not by which batch both came in.
    """
    together = [is_normalized("NFC", one or "") for one in batch["dossier_id"].to_pylist()]
    if any(together):
        yield batch if all(together) else batch.filter(pa.array(together))
    yield from (batch.slice(row, 1) for row, whole in enumerate(together) if not whole)


def _copied(writer: Session, columns: dict[str, str], rows: Iterator[pa.RecordBatch]) -> int:
    """Copy rows to the server as they are made; what goes wrong in making them is raised as it was.

    They are made and sent in a thread beside the main one, which can so be interrupted between two batches.
    """
    schema = results.schema_of(columns)
    count = 0
    failed: list[BaseException] = []
    is_stopped = Event()

    def passed_on() -> Iterator[pa.RecordBatch]:
        nonlocal count
        try:
            for batch in rows:
                if is_stopped.is_set():
                    raise KeyboardInterrupt  # noqa: TRY301 - the stream's other end must see it
                count += len(batch)
                yield batch.select(schema.names).cast(schema)
        except BaseException as error:  # the stream's other end is C, which knows only that something failed
            failed.append(error)
            raise

    with ThreadPoolExecutor(1) as beside:
        copying = beside.submit(writer.copy_in, results.STAGED, pa.RecordBatchReader.from_batches(schema, passed_on()))
        try:
            copying.result()
        except BaseException:
            is_stopped.set()
            if failed and copying.done():
                raise failed[0] from None
            raise
    return count


# -- the table of runs ---------------------------------------------------------------------------------------------


def _new_run(writer: Session, basis: Basis, question: Question, because: str) -> int:
    names = [field.name for field in fields(Basis)]
    places = ", ".join(f"${number}" for number in range(5, 5 + len(names)))
    ((run_id,),) = writer.ask(
        f"INSERT INTO tthc.runs (as_of, known_on, whole, because, {', '.join(names)})"
        f" VALUES ($1, $2, $3, $4, {places}) RETURNING run_id",
        question.as_of,
        question.known_on,
        because != SINCE_LAST,
        because,
        *astuple(basis),
    )
    return int(run_id)


def _kept(writer: Session, dossiers: int) -> tuple[int, int]:
    """How many error rows and notes there are now; raises where a dossier of the portal has neither row nor error."""
    ((rows, errors, notes),) = writer.ask(
        "SELECT (SELECT count(*) FROM tthc.results), (SELECT count(*) FROM tthc.errors),"
        " (SELECT count(*) FROM tthc.notes)"
    )
    if rows + errors != dossiers:
        raise PortalError(_not_all(dossiers, rows + errors))
    return int(errors), int(notes)


def _not_all(dossiers: int, rows: int) -> Problem:
    return Problem(
        "PG-count",
        "tthc.results",
        f"cổng có {dossiers} hồ sơ mà kết quả có {rows}: có thay đổi không qua trigger (nạp khi trigger tắt?); kết quả "
        "cũ còn nguyên, chạy lại với --full",
        f"the portal has {dossiers} dossiers and the results {rows}: something changed past the triggers (loaded while "
        "they were off?); the old results are whole, run again with --full",
    )


def _end_run(writer: Session, done: Done) -> None:
    writer.do(
        "UPDATE tthc.runs SET ended = clock_timestamp(), dossiers = $2, judged = $3, written = $4, removed = $5,"
        " errors = $6, notes = $7, reasons = $8::text::jsonb WHERE run_id = $1",
        done.run_id,
        done.dossiers,
        done.judged,
        done.written,
        done.removed,
        done.errors,
        done.notes,
        json.dumps(done.reasons),
    )


def last_runs(uri: str, how_many: int) -> list[tuple[Any, ...]]:
    """The last runs, the newest first."""
    with session(uri) as asked:
        return asked.ask(
            "SELECT run_id, as_of, because, dossiers, judged, written, removed, errors, notes, law_digest, code_digest,"
            " extract(epoch FROM ended - began)::double precision FROM tthc.runs ORDER BY run_id DESC LIMIT $1",
            how_many,
        )
