"""Verdicts as rows: one flat, documented shape for CSV, NDJSON and Parquet, written beside and renamed when whole."""

from __future__ import annotations

import csv
import json
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import IO, Any, Final, Literal

from tthc_rules.errors import SPREADSHEETS, InputFileError, Problem, spreadsheet
from tthc_rules.logs import complaints
from tthc_rules.logs.spreadsheet import guarded
from tthc_rules.result.columns import NUMBERS, duties_among, result_schema
from tthc_rules.result.row import Cell, steps_text
from tthc_rules.runs.output import OutputPlace, beside, discard, mark

ResultFormat = Literal["csv", "ndjson", "parquet", "xlsx"]
RESULT_FORMATS: Final[dict[str, ResultFormat]] = {
    ".csv": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
_PARQUET_ROWS: Final = 20_000
_SHEET_ROWS: Final = 1_048_576
_SHEET_TEXT: Final = 32_767
"""What Excel holds: rows of a sheet, letters of a cell."""
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the same in every file: no clock is read
FILTERED: Final = (
    "dossier_id", "error_code", "punctuality", "finished_on", "accepted_on", "lawful_due", "handling_agency",
)  # fmt: skip
"""The columns of a Parquet result that people pick rows by: their lowest and highest values are written. Of all
columns, that would be a third of the time of writing."""


def result_format(path: Path, named: str | None = None) -> ResultFormat:
    """The format named, or that of the file's extension."""
    suffix = f".{named}" if named else path.suffix.lower()
    if suffix in SPREADSHEETS and suffix not in RESULT_FORMATS:
        raise InputFileError(spreadsheet(str(path), suffix, tuple(RESULT_FORMATS)))
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
    if suffix == ".xlsx" and not _has_xlsxwriter():  # before hours of work, and not behind them
        raise InputFileError(complaints.xlsx_missing(str(path)))
    return RESULT_FORMATS[suffix]


def _has_xlsxwriter() -> bool:
    try:
        import xlsxwriter  # noqa: F401
    except ImportError:
        return False
    return True


class ResultWriter:
    """Writes rows to a file."""

    def __init__(self, path: Path, columns: tuple[str, ...], target: Path) -> None:
        """`path` is written, and becomes `target` when it is whole."""
        self.path, self.columns, self.target = path, columns, target

    @abstractmethod
    def open(self) -> None:
        """Open the file."""

    @abstractmethod
    def write(self, row: Mapping[str, Cell]) -> None:
        """Write one row."""

    def write_batch(self, batch: Any) -> None:
        """Write the rows of an Arrow table."""
        for row in batch.to_pylist():
            self.write(row)

    @abstractmethod
    def close(self) -> None:
        """Write what is left."""


class _TextWriter(ResultWriter):
    file: IO[str]
    encoding = "utf-8"

    def open(self) -> None:
        self.begin(self.path.open("w", encoding=self.encoding, newline=""))

    def begin(self, file: IO[str]) -> None:
        """Take the file, and write what stands before the rows."""
        self.file = file

    def close(self) -> None:
        self.file.close()


class CsvWriter(_TextWriter):
    """CSV with a header; UTF-8 with a mark, so that a spreadsheet reads Vietnamese, and runs none of the text."""

    encoding = "utf-8-sig"
    plain = False

    def begin(self, file: IO[str]) -> None:
        super().begin(file)
        self.table = csv.DictWriter(self.file, self.columns, lineterminator="\r\n")
        self.table.writeheader()

    def write(self, row: Mapping[str, Cell]) -> None:
        self.table.writerow({name: self._cell(value) for name, value in row.items()})

    def write_batch(self, batch: Any) -> None:
        """Write the rows of an Arrow table: the same bytes, made by columns."""
        from tthc_rules.runs.csvtext import lines_of

        self.file.flush()
        assert isinstance(self.file, TextIOWrapper)
        self.file.buffer.write(lines_of(batch, str if self.plain else guarded))

    def _cell(self, value: Cell) -> str | None:
        if isinstance(value, list):
            return steps_text(value)
        if isinstance(value, str):
            return value if self.plain else guarded(value)
        said = _plain(value)
        return str(said).lower() if isinstance(said, bool) else said


class PlainCsvWriter(CsvWriter):
    """CSV whose text is written as it is, for other programs than spreadsheets."""

    plain = True


class NdjsonWriter(_TextWriter):
    """One JSON object a line, every column in it."""

    def write(self, row: Mapping[str, Cell]) -> None:
        cells = {name: _plain(row.get(name)) if name not in NUMBERS else row.get(name) for name in self.columns}
        self.file.write(json.dumps(cells, ensure_ascii=False) + "\n")


class ParquetWriter(ResultWriter):
    """Parquet with dates as dates and words dictionary-encoded; needs pyarrow."""

    def open(self) -> None:
        try:
            import pyarrow as arrow
            from pyarrow import parquet
        except ImportError:
            raise InputFileError(parquet_missing(self.target)) from None
        self.schema = result_schema(duties_among(self.columns), arrow)
        self.arrow = arrow
        self.rows: list[Mapping[str, Cell]] = []
        self.file = parquet.ParquetWriter(self.path, self.schema, compression="lz4", write_statistics=list(FILTERED))

    def write(self, row: Mapping[str, Cell]) -> None:
        self.rows.append(row)
        if len(self.rows) >= _PARQUET_ROWS:
            self._flush()

    def write_batch(self, batch: Any) -> None:
        """Write the rows of an Arrow table as they are."""
        if self.rows:
            self._flush()
        self.file.write_batch(batch.replace_schema_metadata(self.schema.metadata))

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


class XlsxWriter(ResultWriter):
    """One sheet of an Excel workbook: words are text cells, so that codes keep their zeros; needs XlsxWriter."""

    def open(self) -> None:
        from xlsxwriter import Workbook

        self.aside = OutputPlace(self.target, self.target).sort
        discard(self.aside, unfinished=True)
        mark(self.aside, "sort")
        options = {"constant_memory": True, "tmpdir": str(self.aside)}
        self.book = Workbook(str(self.path), options)
        self.book.set_properties({"created": _MADE})  # else it is the machine's clock
        self.sheet = self.book.add_worksheet("ket_qua")
        self.sheet.freeze_panes(1, 1)
        self.row = 0
        for column, name in enumerate(self.columns):
            self.sheet.write_string(0, column, name)

    def write(self, row: Mapping[str, Cell]) -> None:
        self.row += 1
        if self.row >= _SHEET_ROWS:
            raise InputFileError(_sheet_full(self.target, f"{_SHEET_ROWS - 1} rows"))
        for column, name in enumerate(self.columns):
            value = row.get(name)
            if value is None:
                continue
            if isinstance(value, bool):
                self.sheet.write_boolean(self.row, column, value)
            elif name in NUMBERS and isinstance(value, int | float):
                self.sheet.write_number(self.row, column, value)
            else:
                self._text(self.row, column, value)

    def _text(self, row: int, column: int, value: Cell) -> None:
        text = steps_text(value) if isinstance(value, list) else str(_plain(value))
        if len(text) > _SHEET_TEXT:
            raise InputFileError(_sheet_full(self.target, f"{_SHEET_TEXT} letters in a cell"))
        self.sheet.write_string(row, column, text)

    def close(self) -> None:
        from xlsxwriter.exceptions import FileCreateError

        try:
            self.book.close()
        except FileCreateError as error:
            raise OSError(*error.args) from error
        finally:
            discard(self.aside, unfinished=True)


_WRITERS: Final[dict[ResultFormat, type[ResultWriter]]] = {
    "csv": CsvWriter,
    "ndjson": NdjsonWriter,
    "parquet": ParquetWriter,
    "xlsx": XlsxWriter,
}


class RowTexts:
    """The rows of a result in text one by one, each as the writer of a file writes it."""

    def __init__(self, columns: tuple[str, ...], form: ResultFormat, plain: bool, target: Path) -> None:
        kind = _WRITERS[form]
        assert issubclass(kind, _TextWriter)
        self.writer = (PlainCsvWriter if plain and kind is CsvWriter else kind)(target, columns, target)
        self.file = StringIO(newline="")
        self.writer.begin(self.file)
        self.before = self.file.getvalue().encode(self.writer.encoding)
        """What stands before the rows."""

    def of_rows(self, rows: Iterable[Mapping[str, Cell]]) -> list[bytes]:
        """The texts of these rows."""
        found = []
        for row in rows:
            self.file.seek(0)
            self.file.truncate()
            self.writer.write(row)
            found.append(self.file.getvalue().encode())
        return found

    def of_batch(self, batch: Any, rows: Iterable[Mapping[str, Cell]]) -> list[bytes]:
        """The texts of the rows of an Arrow table, which are these."""
        if not isinstance(self.writer, CsvWriter) or not len(batch):
            return self.of_rows(rows)
        from tthc_rules.runs.csvtext import each_line

        return [text.encode() for text in each_line(batch, str if self.writer.plain else guarded).to_pylist()]


@contextmanager
def writer_for(
    path: Path, columns: tuple[str, ...], named: str | None = None, plain: bool = False
) -> Iterator[ResultWriter]:
    """The writer of a result, which takes its name once everything is there; `plain` leaves text in CSV as it is."""
    kind = _WRITERS[result_format(path, named)]
    with _written_by(PlainCsvWriter if plain and kind is CsvWriter else kind, path, columns) as writer:
        yield writer


class _TextParquetWriter(ParquetWriter):
    """Parquet of a table that is none of results: every column as text or whole numbers."""

    def open(self) -> None:
        try:
            import pyarrow as arrow
            from pyarrow import parquet
        except ImportError:
            raise InputFileError(parquet_missing(self.target)) from None
        kinds = {name: arrow.int64() if name in ("dossiers", "times") else arrow.string() for name in self.columns}
        self.schema = arrow.schema(list(kinds.items()))
        self.arrow = arrow
        self.rows: list[Mapping[str, Cell]] = []
        self.file = parquet.ParquetWriter(self.path, self.schema)


@contextmanager
def table_writer(
    path: Path, columns: tuple[str, ...], plain: bool = False, named: str | None = None
) -> Iterator[ResultWriter]:
    """The writer of a table beside a result, such as that of diagnostics; a format that is named wins."""
    kind = {**_WRITERS, "parquet": _TextParquetWriter}[result_format(path, named)]
    with _written_by(PlainCsvWriter if plain and kind is CsvWriter else kind, path, columns) as writer:
        yield writer


@contextmanager
def _written_by(kind: type[ResultWriter], path: Path, columns: tuple[str, ...]) -> Iterator[ResultWriter]:
    """The writer, closed when everything was written; what it wrote is thrown away when not."""
    with beside(path) as partial:
        writer = kind(partial, columns, path)
        writer.open()
        try:
            yield writer
        except BaseException:
            with suppress(Exception):  # it is thrown away
                writer.close()
            raise
        writer.close()


def _plain(value: Cell) -> Any:
    """A cell as JSON has it."""
    if isinstance(value, list):
        return [{name: _plain(cell) for name, cell in step.items()} for step in value]
    if value is None or isinstance(value, str | bool):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _sheet_full(path: Path, most: str) -> Problem:
    return Problem(
        "TR-result-sheet",
        str(path),
        f"một trang tính Excel không chứa hết kết quả (nhiều nhất {most}); ghi ra .csv hoặc .parquet",
        f"an Excel sheet cannot hold the result (at most {most}); write .csv or .parquet",
    )


def parquet_missing(path: Path) -> Problem:
    """Parquet is asked for without the package that writes it."""
    return Problem(
        "TR-result-parquet",
        str(path),
        'ghi Parquet cần pyarrow: cài bằng  pip install "tthc-rules[parquet]"',
        'Parquet needs pyarrow: install it with  pip install "tthc-rules[parquet]"',
    )
