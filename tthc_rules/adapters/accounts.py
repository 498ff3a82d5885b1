"""Files of an account: results and records in; the account out as JSON and CSV, renamed when whole."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from tthc_rules.account.problems import columns_missing
from tthc_rules.account.rows import NEEDED
from tthc_rules.account.statement import Account
from tthc_rules.errors import InputFileError, Problem, file_format_unknown, file_not_readable
from tthc_rules.law.indicator import DUE_SETS, DUES, PLAIN_SETS

RESULTS: Final = (".parquet", ".csv", ".ndjson", ".jsonl")
RECORDS: Final = (".csv", ".json", ".ndjson", ".jsonl")
TARGETS: Final = (".html", ".json", ".csv")
CSV_COLUMNS: Final = (
    *("unit", "kind", "what", "name", "of", "value", "numerator", "denominator", "outcome", "reason", "class"),
    *("role", "person", "days", "dossiers"),
)
_WHOLE: Final = frozenset({"count", "of", "periods", "margin"})


def read_results(path: Path) -> Any:
    """A file of results as `account` takes it: a table of Parquet, or rows one by one."""
    suffix = path.suffix.lower()
    if suffix not in RESULTS:
        raise InputFileError(file_format_unknown(str(path), suffix, RESULTS))
    if suffix == ".parquet":
        return _table(path)
    return _with_columns(path, _csv_rows(path) if suffix == ".csv" else _json_lines(path))


def _with_columns(path: Path, rows: Iterable[Any]) -> Iterator[Any]:
    """The rows, once the first has shown that it is a result: without its dates everything would look on time."""
    for number, row in enumerate(rows):
        if number == 0:
            names = tuple(row) if isinstance(row, Mapping) else ()
            missing = tuple(name for name in NEEDED if name not in names)
            if missing:
                raise InputFileError(columns_missing(missing, names).at(str(path)))
        yield row


def read_records(path: Path) -> list[dict[str, Any]]:
    """A file of records (posts, unit events, …): CSV with a header, a JSON list, or one JSON object a line."""
    suffix = path.suffix.lower()
    if suffix not in RECORDS:
        raise InputFileError(file_format_unknown(str(path), suffix, RECORDS))
    if suffix == ".csv":
        return [_filled(row) for row in _csv_rows(path)]
    found = list(_json_lines(path)) if suffix != ".json" else read_json(path)
    if not isinstance(found, list):
        raise InputFileError(_not_a_list(path))
    return found


def read_json(path: Path) -> Any:
    """The data of one JSON file."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputFileError(file_not_readable(str(path), str(error))) from None


def _table(path: Path) -> Any:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise InputFileError(_needs_pyarrow(path)) from None
    try:
        return parquet.read_table(path)
    except (OSError, ArrowException) as error:
        raise InputFileError(file_not_readable(str(path), str(error))) from None


def _csv_rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield {name: value for name, value in row.items() if isinstance(name, str) and isinstance(value, str)}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputFileError(file_not_readable(str(path), str(error))) from None


def _json_lines(path: Path) -> Iterator[Any]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for line in file:
                if line.strip():
                    yield json.loads(line)
    except (OSError, ValueError) as error:
        raise InputFileError(file_not_readable(str(path), str(error))) from None


def _filled(row: Mapping[str, str]) -> dict[str, Any]:
    """A row without its empty cells; whole numbers where the record wants them."""
    cells: dict[str, Any] = {name.strip(): value.strip() for name, value in row.items() if value.strip()}
    for name in _WHOLE & cells.keys():
        with suppress(ValueError):
            cells[name] = int(cells[name])
    return cells


def targets(path: Path) -> tuple[Path, Path, Path | None]:
    """(JSON, CSV, HTML or nothing): what is written for a target."""
    suffix = path.suffix.lower()
    if suffix not in TARGETS:
        raise InputFileError(file_format_unknown(str(path), suffix, TARGETS))
    return path.with_suffix(".json"), path.with_suffix(".csv"), path if suffix == ".html" else None


def write_text(path: Path, text: str) -> None:
    """Write a file beside its place and rename it once it is whole."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise InputFileError(_unwritable(path, error)) from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def as_csv(account: Account) -> str:
    """The account as rows: one for each figure, duty and answer; UTF-8 with a mark, so that a spreadsheet reads it."""
    text = io.StringIO()
    table = csv.DictWriter(text, CSV_COLUMNS, lineterminator="\r\n", restval="")
    table.writeheader()
    for unit in account.data["units"]:
        for row in _unit_rows(unit):
            said = {name: "" if value is None else value for name, value in row.items()}
            table.writerow({"unit": unit["unit"] or "", "kind": unit["kind"] or "", **said})
    return "\ufeff" + text.getvalue()


def _unit_rows(unit: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    counts = unit["counts"]
    for name in PLAIN_SETS:
        yield {"what": "count", "name": name, "value": counts[name]}
    for due in DUES:
        for name in DUE_SETS:
            yield {"what": "count", "name": name, "of": due, "value": counts[due][name]}
    for name, figure in unit["indicators"].items():
        for due, one in (figure.get("by_due") or {"": figure}).items():
            said = {key: one.get(key) for key in ("value", "numerator", "denominator", "reason")}
            yield {"what": "indicator", "name": name, "of": due, **said, "outcome": figure.get("band")}
    for duty in unit["duties"]:
        said = {key: duty[key] for key in ("outcome", "reason", "class")}
        yield {"what": "duty", "name": duty["duty"], "of": duty["window"], **said, "person": "|".join(duty["persons"])}
    for one in (*unit["breaches"], {**unit["late"], "duty": "late"}):
        yield {"what": "breach", "name": one["duty"], "value": one["count"], "dossiers": "|".join(one["dossiers"])}
        yield from _answer_rows(one["duty"], one["answers"])


def _answer_rows(duty: str, answers: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for answer in answers:
        said = {key: answer.get(key) for key in ("role", "person", "class", "days")}
        yield {"what": "answers", "name": duty, "of": answer["unit"], "value": answer["count"], **said}


def _unwritable(path: Path, error: OSError) -> Problem:
    reason = error.strerror or str(error)
    return Problem("TR-result-unwritable", str(path), f"không ghi được: {reason}", f"cannot write: {reason}")


def _not_a_list(path: Path) -> Problem:
    return Problem("TR-account-records", str(path), "tệp phải chứa một danh sách", "the file must hold a list")


def _needs_pyarrow(path: Path) -> Problem:
    return Problem(
        "TR-result-parquet",
        str(path),
        'đọc Parquet cần pyarrow: cài bằng  pip install "tthc-rules[parquet]"',
        'Parquet needs pyarrow: install it with  pip install "tthc-rules[parquet]"',
    )
