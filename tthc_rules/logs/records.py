"""What an account reads: results and the caller's records, by the same readers as a log, each row with its place.

A file that could be read only in part is refused with what is wrong in it: a row that is missing would look like a
dossier in time, or like a post that nobody held.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from tthc_rules.account.inputs import MANY, SHAPES, Placed
from tthc_rules.account.problems import columns_missing
from tthc_rules.account.rows import NEEDED
from tthc_rules.errors import InputFileError, Problem, file_format_unknown
from tthc_rules.law.text import nfc
from tthc_rules.logs.complaints import column_unknown, delimiter_unusable, record_unsuitable
from tthc_rules.logs.csv import read_rows
from tthc_rules.logs.dates import end_of_day
from tthc_rules.logs.json import JsonRecord, read_lines, read_value
from tthc_rules.logs.layout import delimiter_hint
from tthc_rules.result.columns import FIXED_COLUMNS, RESULTS_FORMAT, RESULTS_FORMAT_KEY

__all__ = ["read_records", "read_results", "read_settings"]

_RESULTS: Final = (".parquet", ".csv", ".ndjson", ".jsonl")
_RECORDS: Final = (".csv", ".json", ".ndjson", ".jsonl")
_WHOLE: Final = frozenset({"count", "of", "periods", "margin"})


def read_results(path: Path, delimiter: str = ",") -> Any:
    """A file of results as `account` takes it: a table of Parquet, or rows one by one."""
    match _suffix(path, _RESULTS):
        case ".parquet":
            return _table(path)
        case ".csv":
            header, rows = _csv(path, delimiter)
            _check_columns(f"{path}:1", header, delimiter)
            check_format(path, header)
            return map(_without_observes, _sound(rows))
        case _:
            return _whole_rows(path, _sound(_json_lines(path)))


def read_records(path: Path, name: str, delimiter: str = ",") -> list[Placed]:
    """A file of records (`posts`, `unit_events`, …): CSV with a header, a JSON list, or one JSON object a line."""
    match _suffix(path, _RECORDS):
        case ".csv":
            header, rows = _csv(path, delimiter)
            known = tuple(field.alias or name for name, field in SHAPES[name].model_fields.items())
            hint = delimiter_hint(header, delimiter)
            if problems := [column_unknown(f"{path}:1", one, known, hint) for one in header if one not in known]:
                raise InputFileError(problems)
            return [_typed(row) for row in _sound(rows)]
        case ".json":
            return list(_sound(_json_list(path)))
        case _:
            return list(_sound(_json_lines(path)))


def read_settings(path: Path) -> Mapping[str, Any]:
    """The settings in a JSON file."""
    value = read_value(path)
    if not isinstance(value, dict):
        raise InputFileError(_no_object(str(path)))
    return value


def _suffix(path: Path, known: tuple[str, ...]) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    suffix = suffixes[-1] if suffixes else ""
    if suffix not in known:
        raise InputFileError(file_format_unknown(str(path), suffix, known))
    return suffix


# -- rows, each with its place, or what is wrong with it ---------------------------------------------------------------


def _csv(path: Path, delimiter: str) -> tuple[tuple[str, ...], Iterator[Placed | Problem]]:
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise InputFileError(delimiter_unusable(str(path), delimiter))
    header, rows = read_rows(path, delimiter)
    return header, (row.problem or Placed(_read(row.cells), row.place) for row in rows)


def _json_lines(path: Path) -> Iterator[Placed | Problem]:
    return map(_of_json, read_lines(path))


def _json_list(path: Path) -> Iterator[Placed | Problem]:
    value = read_value(path)
    if not isinstance(value, list):
        raise InputFileError(_not_a_list(path))
    for index, item in enumerate(value):
        place = f"{path}[{index}]"
        yield _of_json(JsonRecord(place, item) if isinstance(item, dict) else JsonRecord(place, {}, _no_object(place)))


def _of_json(record: JsonRecord) -> Placed | Problem:
    return record.problem or Placed(_read(record.fields), record.place)


def _read(cells: Mapping[str, object]) -> dict[str, object]:
    """Text without the blanks around it, in NFC; 24:00 as the end of its day."""
    return {name: end_of_day(nfc(value.strip())) if isinstance(value, str) else value for name, value in cells.items()}


def _sound(rows: Iterable[Placed | Problem]) -> Iterator[Placed]:
    """The rows; once one is bad, the rest is only looked through for what else is wrong."""
    problems: list[Problem] = []
    for row in rows:
        if isinstance(row, Problem):
            problems.append(row)
            if len(problems) >= MANY:
                break
        elif not problems:
            yield row
    if problems:
        raise InputFileError(problems)


def _without_observes(row: Placed) -> Placed:
    """The row; an empty cell of CSV does not say that nothing is observed, as an empty text does elsewhere."""
    if not row.get("observes"):
        row.pop("observes", None)
    return row


def _check_columns(place: str, names: Iterable[str], delimiter: str = ",") -> None:
    """Without its dates every dossier would look on time."""
    known = tuple(names)
    if missing := tuple(name for name in NEEDED if name not in known):
        raise InputFileError(columns_missing(missing, known, delimiter_hint(known, delimiter)).at(place))


def _whole_rows(path: Path, rows: Iterable[Placed]) -> Iterator[Placed]:
    for row in rows:
        _check_columns(row.place, row)
        check_format(path, row)
        yield row


def _typed(row: Placed) -> Placed:
    """The row with whole numbers where the record wants them."""
    for name in _WHOLE & row.keys():
        with suppress(ValueError):
            row[name] = int(row[name])
    return row


def _table(path: Path) -> Any:
    try:
        from tthc_rules.logs.parquetfiles import read_whole
    except ImportError:
        raise InputFileError(_needs_pyarrow(path)) from None
    table = read_whole(path)
    check_format(path, table.column_names, table.schema.metadata)
    return table


# -- complaints --------------------------------------------------------------------------------------------------------


def _no_object(place: str) -> Problem:
    return record_unsuitable(place, "ở đây phải là một đối tượng JSON {…}", "a JSON object {…} is wanted here")


def _not_a_list(path: Path) -> Problem:
    return Problem("TR-account-records", str(path), "tệp phải chứa một danh sách", "the file must hold a list")


def _needs_pyarrow(path: Path) -> Problem:
    return Problem(
        "TR-result-parquet",
        str(path),
        'đọc Parquet cần pyarrow: cài bằng  pip install "tthc-rules[parquet]"',
        'Parquet needs pyarrow: install it with  pip install "tthc-rules[parquet]"',
    )


def check_format(path: Path, columns: Collection[str], metadata: Mapping[bytes, bytes] | None = None) -> None:
    """Refuse a result of another version: a table says its format, a text shows it by its columns."""
    said = (metadata or {}).get(RESULTS_FORMAT_KEY.encode())
    if said is not None:
        other = said != str(RESULTS_FORMAT).encode()
    else:
        other = "rules_digest" in columns and not set(FIXED_COLUMNS) <= set(columns)
    if other:
        raise InputFileError(_older(path))


def _older(path: Path) -> Problem:
    return Problem(
        "TR-result-older",
        str(path),
        "kết quả này do một phiên bản khác ghi, các cột có nghĩa khác; chấm lại bằng tthc-rules rescore",
        "this result was written by another version, and its columns differ; make it again with tthc-rules rescore",
    )
