"""Verdicts as rows: one flat, documented shape for CSV, NDJSON and Parquet, written beside and renamed when whole."""

from __future__ import annotations

import csv
import json
import os
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Literal, Self

from tthc_rules.errors import InputFileError, Problem, TthcError
from tthc_rules.evaluate.verdict import CitationRecord, Verdict

ResultFormat = Literal["csv", "ndjson", "parquet"]
RESULT_FORMATS: Final[dict[str, ResultFormat]] = {
    ".csv": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
}
FIXED_COLUMNS: Final = (
    "dossier_id",
    "error_code",
    "error",
    "procedure",
    "jurisdiction",
    "field",
    "channel",
    "handling_agency",
    "one_stop_unit",
    "officers",
    "punctuality",
    "workdays_late",
    "days_late",
    "punctuality_current",
    "workdays_late_current",
    "days_late_current",
    "clock_version",
    "accepted_on",
    "original_due",
    "lawful_due",
    "current_due",
    "promised_due",
    "finished_on",
    "ended_by",
    "provisional",
    "responsible",
    "clauses",
    "notes",
    "assumptions",
    "rules_digest",
    "calendar_digest",
)
_DATES: Final = frozenset({"accepted_on", "original_due", "lawful_due", "current_due", "finished_on"})
_NUMBERS: Final = frozenset({"workdays_late", "days_late", "workdays_late_current", "days_late_current"})
_PARQUET_ROWS: Final = 20_000

Cell = str | int | bool | date | datetime | None
Row = dict[str, Cell]


def columns_of(duties: Iterable[str]) -> tuple[str, ...]:
    """The columns of a result: the fixed ones, then outcome and act-by date of every duty that the rulebook knows."""
    return (*FIXED_COLUMNS, *(name for duty in duties for name in (duty, f"{duty}.act_by")))


def row_of(verdict: Verdict, dossier: Mapping[str, Any] | None = None) -> Row:
    """One verdict as a row, with what its dossier says of itself: procedure, place, field, channel, units, officers."""
    clock = verdict.clock
    row: Row = {
        "dossier_id": verdict.dossier_id,
        **({} if dossier is None else _passed_on(dossier)),
        "punctuality": verdict.punctuality,
        "workdays_late": verdict.workdays_late,
        "days_late": verdict.days_late,
        "punctuality_current": verdict.punctuality_current,
        "workdays_late_current": verdict.workdays_late_current,
        "days_late_current": verdict.days_late_current,
        "clock_version": clock.version,
        "accepted_on": clock.accepted_on,
        "original_due": clock.original_due,
        "lawful_due": clock.lawful_due,
        "current_due": clock.current_due,
        "promised_due": None if clock.promised_due is None else clock.promised_due.isoformat()[:16],
        "finished_on": clock.finished_on,
        "ended_by": clock.ended_by,
        "provisional": clock.provisional,
        "responsible": "|".join(f"{duty}={'+'.join(roles)}" for duty, roles in verdict.responsible.items()),
        "clauses": "|".join(_clauses(verdict)),
        "notes": "|".join(dict.fromkeys(note.code for note in verdict.notes)),
        "assumptions": "|".join(verdict.assumptions),
        "rules_digest": verdict.digests.rules,
        "calendar_digest": verdict.digests.calendar,
    }
    for finding in (*verdict.obligations, *verdict.limits):
        row[finding.id] = finding.outcome
        row[f"{finding.id}.act_by"] = finding.act_by
    return row


def _passed_on(dossier: Mapping[str, Any]) -> Row:
    """The columns that no rule computes: an account needs them, and a reader too."""
    units = dossier.get("units") or {}
    return {
        **{name: dossier.get(name) for name in ("procedure", "jurisdiction", "field", "channel")},
        **{name: units.get(name) for name in ("handling_agency", "one_stop_unit")},
        "officers": "|".join(dossier.get("officers") or ()) or None,
    }


def _clauses(verdict: Verdict) -> Iterator[str]:
    """The clause behind the clock, and behind each duty or limit that came out."""
    for citation in verdict.clock.citations[:1]:
        yield f"clock={_clause(citation)}"
    for finding in (*verdict.obligations, *verdict.limits):
        for citation in finding.duty.citations[:1]:
            yield f"{finding.id}={_clause(citation)}"


def _clause(citation: CitationRecord) -> str:
    parts = (("điểm", citation.point), ("khoản", citation.clause), ("Điều", citation.article))
    return " ".join((*(f"{word} {value}" for word, value in parts if value), citation.document))


def error_row(dossier_id: str, error: TthcError) -> Row:
    """A dossier that could not be judged, as a row: it is never dropped."""
    said = "; ".join(f"{problem.place}: {problem.vi}" for problem in error.problems)
    return {"dossier_id": dossier_id, "error_code": error.code, "error": said}


def result_format(path: Path, named: str | None = None) -> ResultFormat:
    """The format named, or that of the file's extension."""
    suffix = f".{named}" if named else path.suffix.lower()
    if suffix not in RESULT_FORMATS:
        raise InputFileError(
            Problem(
                "TR-result-format",
                str(path),
                "không biết định dạng kết quả",
                "the format of the result is not known",
                known=tuple(RESULT_FORMATS),
            )
        )
    return RESULT_FORMATS[suffix]


class ResultWriter:
    """Writes rows to a temporary file beside the target, and renames it once everything is there."""

    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        self.path, self.columns = path, columns
        self.partial = path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> Self:
        try:
            self.open()
        except OSError as error:
            raise InputFileError(_unwritable(self.path, error)) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
            if kind is None:
                self.partial.replace(self.path)
        except OSError as failed:
            raise InputFileError(_unwritable(self.path, failed)) from None
        finally:
            with suppress(OSError):
                self.partial.unlink(missing_ok=True)

    @abstractmethod
    def open(self) -> None:
        """Open the temporary file."""

    @abstractmethod
    def write(self, row: Mapping[str, Cell]) -> None:
        """Write one row."""

    @abstractmethod
    def close(self) -> None:
        """Write what is left and make it durable."""


class _TextWriter(ResultWriter):
    file: IO[str]
    encoding = "utf-8"

    def open(self) -> None:
        self.file = self.partial.open("w", encoding=self.encoding, newline="")

    def close(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()


class CsvWriter(_TextWriter):
    """CSV with a header; UTF-8 with a mark, so that a spreadsheet reads Vietnamese."""

    encoding = "utf-8-sig"

    def open(self) -> None:
        super().open()
        self.table = csv.DictWriter(self.file, self.columns, lineterminator="\r\n")
        self.table.writeheader()

    def write(self, row: Mapping[str, Cell]) -> None:
        cells = {name: _plain(value) for name, value in row.items()}
        self.table.writerow({name: str(v).lower() if isinstance(v, bool) else v for name, v in cells.items()})


class NdjsonWriter(_TextWriter):
    """One JSON object a line, every column in it."""

    def write(self, row: Mapping[str, Cell]) -> None:
        cells = {name: _plain(row.get(name)) if name not in _NUMBERS else row.get(name) for name in self.columns}
        self.file.write(json.dumps(cells, ensure_ascii=False) + "\n")


class ParquetWriter(ResultWriter):
    """Parquet with dates as dates and words dictionary-encoded; needs pyarrow."""

    def open(self) -> None:
        try:
            import pyarrow as arrow
            from pyarrow import parquet
        except ImportError:
            raise InputFileError(_needs_pyarrow(self.path)) from None
        words = arrow.dictionary(arrow.int32(), arrow.string())
        self.schema = arrow.schema([(name, self._type(name, arrow, words)) for name in self.columns])
        self.arrow = arrow
        self.rows: list[Mapping[str, Cell]] = []
        self.file = parquet.ParquetWriter(self.partial, self.schema, compression="lz4")

    @staticmethod
    def _type(name: str, arrow: Any, words: Any) -> Any:
        if name in _DATES or name.endswith(".act_by"):
            return arrow.date32()
        if name in _NUMBERS:
            return arrow.int32()
        if name == "provisional":
            return arrow.bool_()
        return arrow.string() if name in ("dossier_id", "error", "promised_due") else words

    def write(self, row: Mapping[str, Cell]) -> None:
        self.rows.append(row)
        if len(self.rows) >= _PARQUET_ROWS:
            self._flush()

    def _flush(self) -> None:
        arrays = [
            self.arrow.array([row.get(field.name) for row in self.rows], type=field.type) for field in self.schema
        ]
        self.file.write_table(self.arrow.Table.from_arrays(arrays, schema=self.schema))
        self.rows = []

    def close(self) -> None:
        if self.rows:
            self._flush()
        self.file.close()


_WRITERS: Final[dict[ResultFormat, type[ResultWriter]]] = {
    "csv": CsvWriter,
    "ndjson": NdjsonWriter,
    "parquet": ParquetWriter,
}


def writer_for(path: Path, columns: tuple[str, ...], named: str | None = None) -> ResultWriter:
    """The writer for a target file."""
    return _WRITERS[result_format(path, named)](path, columns)


def _plain(value: Cell) -> str | bool | None:
    if value is None or isinstance(value, str | bool):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _unwritable(path: Path, error: OSError) -> Problem:
    reason = error.strerror or str(error)
    return Problem(
        "TR-result-unwritable", str(path), f"không ghi được kết quả: {reason}", f"cannot write the result: {reason}"
    )


def _needs_pyarrow(path: Path) -> Problem:
    return Problem(
        "TR-result-parquet",
        str(path),
        'ghi Parquet cần pyarrow: cài bằng  pip install "tthc-rules[parquet]"',
        'Parquet needs pyarrow: install it with  pip install "tthc-rules[parquet]"',
    )
