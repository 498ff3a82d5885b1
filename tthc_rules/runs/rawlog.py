"""The dossiers of any log that is judged: of files as `read_dossiers` reads them, of Parquet tables, of messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from tthc_rules.errors import EngineError, Problem, TthcError, bulk_missing
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.question import Question
from tthc_rules.library import Rulebook
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.logs.eventlog import Format, read_dossiers
from tthc_rules.logs.mapping import Mapping
from tthc_rules.runs.doors import has_fast_core

if TYPE_CHECKING:
    from tthc_rules.bulk.intake import Batch

AT_ONCE: Final = 5_000
"""Dossiers that are looked at together."""
_ASKED: Final = ("dossier_id", "error_code", "finished_on", "error_corrected")
_OPEN: Final = frozenset({"pending", "missed", "undetermined"})

Settled = Callable[[int], None]
"""Told of so many dossiers that are left out."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log and what is said of it."""

    events: Path
    format: Format | None = None
    mapping: Mapping | None = None
    dossiers: Path | None = None
    delimiter: str | None = None
    sheet: str | None = None
    grouped: bool = False
    memory: str = "1GB"

    @property
    def is_table(self) -> bool:
        """Whether it is read as a table of Parquet: flat or nested, one file or a folder of them."""
        named = self.format == "parquet" or (
            self.format is None and (self.events.suffix.lower() == ".parquet" or self.events.is_dir())
        )
        return named and self.mapping is None


def open_dossiers(
    book: Rulebook, question: Question, log: LogFile, since: date, settled: Settled
) -> Iterator[RawDossier]:
    """The dossiers of a log that may still expect an act, or did so on a day from `since` on.

    Those that ended before and of whose result no error stands are left out and only counted, where the fast core is
    there to tell them apart.
    """
    if log.is_table:
        yield from _of_table(book, question, log, since, settled)
        return
    yield from still_open(book, question, _of_file(log), since, settled)


def every_dossier(book: Rulebook, question: Question, log: LogFile) -> Iterator[RawDossier]:
    """The dossiers of a log, whatever has become of them."""
    if log.is_table:
        yield from _of_table(book, question, log, date.min, lambda dossiers: None)
    else:
        yield from _of_file(log)


def _of_file(log: LogFile) -> Iterator[RawDossier]:
    """The dossiers of a log that is no table of Parquet."""
    return read_dossiers(
        log.events,
        log.mapping,
        log.dossiers,
        format=log.format,
        delimiter=log.delimiter,
        sheet=log.sheet,
        grouped=log.grouped,
    )


def still_open(
    book: Rulebook, question: Question, raws: Iterator[RawDossier], since: date, settled: Settled
) -> Iterator[RawDossier]:
    """The same of dossiers that were read already."""
    if not has_fast_core(book):
        yield from raws
        return
    from tthc_rules.bulk.rescore import Rescorer

    rescorer = Rescorer(book.plans, question)
    while part := list(islice(raws, AT_ONCE)):
        good: list[Dossier] = []
        places: list[int] = []
        for place, raw in enumerate(part):
            if not raw.problems:
                try:
                    good.append(Dossier.model_validate(raw.data))
                    places.append(place)
                except TthcError:
                    continue
        rows = _looked_at(rescorer.together(good))
        closed = {place for place, row in zip(places, rows, strict=True) if _is_settled(row, since)}
        settled(len(closed))
        yield from (raw for place, raw in enumerate(part) if place not in closed)


def _of_table(book: Rulebook, question: Question, log: LogFile, since: date, settled: Settled) -> Iterator[RawDossier]:
    plans = book.plans
    try:
        import pyarrow as pa

        from tthc_rules.bulk.intake import batch_of
        from tthc_rules.bulk.rescore import Rescorer
        from tthc_rules.runs.output import OutputPlace
        from tthc_rules.runs.source import Source
    except ImportError as error:
        raise EngineError(bulk_missing(error.name or "")) from None
    rescorer = Rescorer(plans, question)
    with TemporaryDirectory(prefix="tthc-rules-") as folder:
        place = OutputPlace.of(Path(folder) / "sorted")
        source = Source.open(log.events, log.dossiers, log.grouped, log.memory, place)
        try:
            for piece in source.pieces():
                rows = _looked_at(rescorer.judge(piece))
                kept = [at for at, row in enumerate(rows) if not _is_settled(row, since)]
                settled(len(rows) - len(kept))
                batch = batch_of(piece.take(pa.array(kept, pa.int64())), rescorer.scorer.places)
                for at in range(len(kept)):
                    name = rows[kept[at]]["dossier_id"] or ""
                    yield RawDossier(name, batch.row(at), f"{log.events}: {name}", _problems(batch, at))
            source.check()
        finally:
            source.stop()


def _looked_at(made: Any) -> list[dict[str, Any]]:
    """Of judged dossiers what says whether they are settled."""
    rows: list[dict[str, Any]] = made.select([name for name in _ASKED if name in made.schema.names]).to_pylist()
    return rows


def _problems(batch: Batch, at: int) -> tuple[Problem, ...]:
    return (batch.conflicts[at],) if at in batch.conflicts else ()


def _is_settled(row: dict[str, Any], since: date) -> bool:
    """Whether a judged dossier expects nothing since that day: it ended before, and no error in its result stands."""
    ended: date | None = row["finished_on"]
    return row["error_code"] is None and ended is not None and ended < since and row.get("error_corrected") not in _OPEN
