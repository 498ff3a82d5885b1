"""A flat log in Parquet that must be sorted first says the same as the same log in memory, whatever its columns."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from tthc_rules import Rulebook

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow", "duckdb"):
    pytest.importorskip(package, reason=NEEDS)

import pyarrow as pa  # noqa: E402
from pyarrow import parquet  # noqa: E402

from tthc_rules.runs.parts import rescore_file  # noqa: E402

AS_OF: Final = date(2026, 1, 1)
LOG: Final = {
    "dossier_id": ["b", "a", "b", "a"],
    "kind": ["result_issued", "dossier_accepted", "dossier_accepted", "result_issued"],
    "at": ["2024-01-05", "2024-01-02", "2024-01-02", "2024-01-05"],
}
COLUMNS: Final[dict[str, Any]] = {
    "decimal": pa.array([Decimal(1), None, Decimal(2), Decimal(1)], pa.decimal128(20, 2)),
    "half": pa.array([1.0, None, 2.0, 1.0], pa.float16()),
    "not-a-number": pa.array([float("nan"), None, 1.5, 2.0]),
    "list": pa.array([["a"], None, [], ["b"]]),
    "struct": pa.array([{"a": 1}, None, {"a": 2}, {"a": 1}]),
    "map": pa.array([[("a", 1)], None, [], [("b", 2)]], pa.map_(pa.string(), pa.int8())),
    "bytes": pa.array([b"\xff", None, b"", b"a"]),
    "length": pa.array([1, None, 2, 3], pa.duration("us")),
    "lengths": pa.array([[1], None, [2], [3]], pa.list_(pa.duration("us"))),
    "time": pa.array([1, None, 2, 3], pa.time64("ns")),
    "unsigned": pa.array([2**64 - 1, None, 0, 1], pa.uint64()),
    "instant": pa.array([1, None, 2**62, 3], pa.timestamp("ns", "UTC")),
    "words": pa.array(["x", None, "y", "x"]).dictionary_encode(),
    "nothing": pa.nulls(4),
    "time_limit.amount": pa.array([5.0, None, None, 5.0], pa.float16()),
    "units": pa.array([{"handling_agency": "x", "floor": 3}] * 4),
    "officers": pa.array([["a", "b"], ["c", "d"], ["a", "b"], ["c", "d"]], pa.list_(pa.string(), 2)),
    "file_row_number": pa.array([1, 2, 3, 4]),
    "": pa.array([1, 2, 3, 4]),
}


def sorted_rows(book: Rulebook, log: Any, folder: Path) -> list[dict[str, Any]]:
    parquet.write_table(log, folder / "log.parquet")
    rescore_file(book, book.question(AS_OF), folder / "log.parquet", None, folder / "result.parquet")
    rows: list[dict[str, Any]] = parquet.read_table(folder / "result.parquet").to_pylist()
    return rows


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_any_type_travels_through_the_sort(book: Rulebook, name: str, tmp_path: Path) -> None:
    log = pa.table({**LOG, "time_limit.unit": ["workday"] * 4, name: COLUMNS[name]})
    if name != "time_limit.amount":
        log = log.append_column("time_limit.amount", pa.array([5] * 4))
    rows = sorted_rows(book, log, tmp_path)
    in_memory = {row["dossier_id"]: row for row in book.rescore(log, as_of=AS_OF).to_pylist()}
    assert [row["dossier_id"] for row in rows] == ["a", "b"]
    assert [in_memory[row["dossier_id"]] for row in rows] == rows
    assert {row["lawful_due"] for row in rows} == {date(2024, 1, 9)}


def test_two_forms_of_one_id_are_one_dossier(book: Rulebook, tmp_path: Path) -> None:
    """Between the two ways to write «hồ sơ» there are other ids in order of bytes; half a dossier is never judged."""
    one, other = (unicodedata.normalize(form, "hồ sơ") for form in ("NFC", "NFD"))
    log = pa.table(
        {
            "dossier_id": [one, "hz", other],
            "kind": ["dossier_accepted", "dossier_accepted", "result_issued"],
            "at": ["2024-01-02", "2024-01-02", "2024-01-05"],
        }
    )
    rows = sorted_rows(book, log, tmp_path)
    assert [(row["dossier_id"], row["ended_by"]) for row in rows] == [("hz", None), (one, "result_issued")]


ACCEPTED: Final = "dossier_accepted"
ISSUED: Final = "result_issued"
LOGS: Final[dict[str, list[tuple[str | None, str]]]] = {
    "in order": [("a", ACCEPTED), ("a", ISSUED), ("b", ACCEPTED), ("c", ACCEPTED)],
    "scattered": [("a", ACCEPTED), ("b", ACCEPTED), ("a", ISSUED), ("c", ACCEPTED)],
    "in order from the end": [("c", ACCEPTED), ("b", ACCEPTED), ("a", ACCEPTED), ("a", ISSUED)],
    "one without an id": [("a", ACCEPTED), ("a", ISSUED), (None, ACCEPTED), ("b", ACCEPTED), ("c", ACCEPTED)],
    "falls where a part of the file ends": [("b", ACCEPTED), ("c", ACCEPTED), ("a", ACCEPTED), ("a", ISSUED)],
}
FIELDS: Final[dict[str, list[str]]] = {"all": ["a", "b", "c"], "not all": ["a", "c"], "not in order": ["c", "b", "a"]}


@pytest.mark.parametrize("fields", FIELDS)
@pytest.mark.parametrize("name", LOGS)
def test_in_whatever_order_rows_stand_each_dossier_is_whole(
    book: Rulebook, name: str, fields: str, tmp_path: Path
) -> None:
    """What is in order by itself is not sorted; the rows say the same, in the same order."""
    ids, kinds = zip(*LOGS[name], strict=True)
    days = ["2024-01-05" if kind == ISSUED else "2024-01-02" for kind in kinds]
    log, dossiers = tmp_path / "log.parquet", tmp_path / "dossiers.parquet"
    parquet.write_table(pa.table({"dossier_id": ids, "kind": kinds, "at": days}), log, row_group_size=2)
    who = [f"unit-{name}" for name in FIELDS[fields]]
    parquet.write_table(pa.table({"dossier_id": FIELDS[fields], "units.handling_agency": who}), dossiers)
    rescore_file(book, book.question(AS_OF), log, dossiers, tmp_path / "result.parquet")
    rows = parquet.read_table(tmp_path / "result.parquet").to_pylist()
    found = [(row["dossier_id"], row["ended_by"], row["handling_agency"]) for row in rows if row["dossier_id"]]
    listed = {name: f"unit-{name}" for name in FIELDS[fields]}
    assert found == [("a", ISSUED, listed.get("a")), ("b", None, listed.get("b")), ("c", None, listed.get("c"))]
    assert [row["error_code"] is not None for row in rows] == [False] * 3 + [True] * (len(rows) - 3)
    assert len(rows) == len({id for id, _ in LOGS[name]})
