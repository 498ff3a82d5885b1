"""A closed list of Arrow types is taken, asked of the schema before a cell is touched; the rest is refused by name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from tthc_rules import Rulebook
from tthc_rules.errors import InputFileError

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow"):
    pytest.importorskip(package, reason=NEEDS)

import pyarrow as pa  # noqa: E402
from truth import Json, assert_as_reference  # noqa: E402

REPORTS: Final = Path(__file__).parent.parent / "reports"
AS_OF: Final = date(2026, 1, 1)
LOG: Final = {"dossier_id": ["a"], "kind": ["dossier_accepted"], "at": ["2024-01-02"]}
ACCEPTED: Final = {"kind": "dossier_accepted", "at": "2024-01-02"}
FIVE: Final = {"amount": 5, "unit": "workday"}


def refused(book: Rulebook, *tables: Any) -> list[tuple[str, str]]:
    """What is said of these tables: code and place of each problem."""
    with pytest.raises(InputFileError) as caught:
        book.rescore(*tables, as_of=AS_OF)
    for problem in caught.value.problems:
        assert problem.vi
        assert problem.en
    return [(problem.code, problem.place) for problem in caught.value.problems]


def union(n: int) -> Any:
    return pa.UnionArray.from_sparse(pa.array([0] * n, pa.int8()), [pa.array(["x"] * n)])


# -- types that abort the process, or raise what they like -------------------------------------------------------------


@pytest.mark.parametrize(("which", "path"), [("event", "events.note"), ("limit", "time_limit.unit")])
def test_a_union_with_nulls_is_refused_and_the_process_goes_on(which: str, path: str) -> None:
    """In a process of its own: Arrow aborts in `flatten()` where the schema was not asked first."""
    script = REPORTS / "x04_arrow_union_aborts_process" / "repro.py"
    ran = subprocess.run([sys.executable, str(script), which], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 1  # not killed by a signal
    assert f"TR-bulk-column {path}:" in ran.stderr
    assert "sparse_union" in ran.stderr


ODD: Final[dict[str, Callable[[], Any]]] = {
    "sparse union": lambda: union(1),
    "dense union": lambda: pa.UnionArray.from_dense(
        pa.array([0], pa.int8()), pa.array([0], pa.int32()), [pa.array(["x"])]
    ),
    "run-end encoded": lambda: pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int32()), pa.array(["x"])),
    "interval": lambda: pa.array([(1, 2, 3)], pa.month_day_nano_interval()),
    "list view": lambda: pa.array([["x"]], pa.list_view(pa.string())),
    "list of unions": lambda: pa.ListArray.from_arrays([0, 1], union(1)),
    "struct of unions": lambda: pa.StructArray.from_arrays([union(1)], ["u"]),
    "an extension": lambda: pa.ExtensionArray.from_storage(Box(), pa.array(["x"])),
    "a dictionary of structs": lambda: pa.DictionaryArray.from_arrays([0], pa.array([{"a": 1}])),
    "deeper than anyone nests": lambda: pa.nulls(1, deep(40)),
}


class Box(pa.ExtensionType):  # type: ignore[misc]
    """A type of somebody else."""

    def __init__(self) -> None:
        super().__init__(pa.string(), "test.box")

    def __arrow_ext_serialize__(self) -> bytes:
        return b""

    @classmethod
    def __arrow_ext_deserialize__(cls, storage: Any, data: bytes) -> Any:
        return cls()


def deep(levels: int) -> Any:
    kind = pa.string()
    for _ in range(levels):
        kind = pa.list_(kind)
    return kind


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ["mood", "kind", "at", "agency", "officers", "time_limit.amount", "filed_elsewhere"])
def test_an_odd_type_is_refused_with_its_path_wherever_it_stands(book: Rulebook, name: str, odd: str) -> None:
    cell = ODD[odd]()
    ((code, place),) = refused(book, pa.table({**LOG, name: cell}))
    assert (code, place.split(".u")[0].split("[]")[0]) == ("TR-bulk-column", name)
    group, _, inner = name.partition(".")
    if inner:
        struct = pa.StructArray.from_arrays([cell], [inner])
        table = pa.table({**LOG, group: struct})
    else:
        event = pa.StructArray.from_arrays(
            [cell if one == name else pa.array(["x"]) for one in ("kind", "at", name)][: 2 + (name not in LOG)],
            ["kind", "at", name][: 2 + (name not in LOG)],
        )
        table = pa.table({"dossier_id": ["a"], "events": pa.ListArray.from_arrays([0, 1], event)})
    problems = refused(book, table)
    assert [code for code, _ in problems] == ["TR-bulk-column"]
    assert (name if inner else f"events.{name}") in problems[0][1]


def test_every_column_that_cannot_be_read_is_told_at_once(book: Rulebook) -> None:
    table = pa.table({**LOG, "mood": union(1), "agency": pa.array([7]), "new_due": pa.array([True])})
    assert refused(book, table) == [("TR-bulk-column", name) for name in ("mood", "agency", "new_due")]


def test_the_type_and_what_is_taken_are_told(book: Rulebook) -> None:
    with pytest.raises(InputFileError) as caught:
        book.rescore(pa.table({**LOG, "time_limit.amount": [b"5"]}), as_of=AS_OF)
    (problem,) = caught.value.problems
    assert "binary" in problem.vi
    assert "float, double: 5.0" in problem.known


# -- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("log", "about", "place"),
    [
        (LOG, {"dossier_id": ["a"], "time_limit": ["5 ngày"], "time_limit.amount": [5]}, "time_limit"),
        ({**LOG, "at": ["bad"]}, {"dossier_id": ["a"], "units": ["x"], "units.handling_agency": ["y"]}, "units"),
        (LOG, {"dossier_id": ["a", "a"], "tthc:problem": ["x", "y"]}, "tthc:problem"),
        ({**LOG, "case:tthc:problem": ["x"]}, None, "case:tthc:problem"),
        ({**LOG, "time_limit": [5]}, None, "time_limit"),
        (LOG, {"dossier_id": ["a"], "time_limit": [FIVE], "time_limit.amount": [5]}, "time_limit.amount"),
        (LOG, {"dossier_id": ["a"], "case:dossier_id": ["a"]}, "dossier_id"),
    ],
)
def test_columns_that_get_in_each_others_way_are_named(
    book: Rulebook, log: Json, about: Json | None, place: str
) -> None:
    tables = [pa.table(log)] if about is None else [pa.table(log), pa.table(about)]
    assert refused(book, *tables) == [("TR-bulk-column", place)]


def test_a_column_twice_beside_a_struct_is_named(book: Rulebook) -> None:
    units = pa.StructArray.from_arrays([pa.array(["x"])], ["handling_agency"])
    cells = [pa.array(["a"]), units, pa.array(["dossier_accepted"]), pa.array(["2024-01-02"]), pa.array(["a"])]
    table = pa.table(cells, names=["dossier_id", "units", "kind", "at", "dossier_id"])
    assert refused(book, table) == [("TR-bulk-column", "dossier_id")]


@pytest.mark.parametrize("column", ["mood", "units"])
def test_a_field_of_a_struct_twice_is_named(book: Rulebook, column: str) -> None:
    twice = pa.StructArray.from_arrays([pa.array(["x"]), pa.array(["y"])], ["one_stop_unit"] * 2)
    assert refused(book, pa.table({**LOG, column: twice})) == [("TR-bulk-column", f"{column}.one_stop_unit")]


def test_a_field_of_events_twice_is_named_also_under_two_names(book: Rulebook) -> None:
    event = pa.StructArray.from_arrays([pa.array(["x"])] * 3, ["kind", "at", "concept:name"])
    table = pa.table({"dossier_id": ["a"], "events": pa.ListArray.from_arrays([0, 1], event)})
    assert refused(book, table) == [("TR-bulk-column", "events.kind")]


def test_the_report_of_odd_tables_has_no_foreign_exception() -> None:
    script = REPORTS / "x06_table_foreign_exceptions" / "repro.py"
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=True)
    said = ran.stdout.splitlines()
    assert len(said) == 7
    assert all(line.endswith("-> ours TR-bulk-column") for line in said), ran.stdout


# -- the same words and numbers, however they are stored ---------------------------------------------------------------


def limited(amounts: Any) -> Any:
    n = len(amounts)
    about = {"dossier_id": [f"{k}" for k in range(n)], "time_limit.amount": amounts, "time_limit.unit": ["workday"] * n}
    return pa.table(about).append_column("events", pa.array([[ACCEPTED]] * n))


def test_whole_numbers_may_be_fractions_and_what_is_none_is_an_error_row(book: Rulebook) -> None:
    """5.0 is the amount 5, not-a-number is none; the rest is what `evaluate` says of such an amount."""
    got = book.rescore(limited(pa.array([5.0, 2.5, float("nan"), None, float("inf"), -1.0, 1e300])), as_of=AS_OF)
    rows = got.to_pylist()
    given = [{"amount": amount, "unit": "workday"} for amount in (5, 2.5, None, None, float("inf"), -1, 10**300)]
    for dossier in given[2:4]:
        del dossier["amount"]
    assert_as_reference(
        book, rows, [{"dossier_id": f"{k}", "time_limit": one, "events": [ACCEPTED]} for k, one in enumerate(given)],
        AS_OF,
    )  # fmt: skip
    whole = book.rescore(limited(pa.array([5.0, None, float("nan")])), as_of=AS_OF).to_pylist()
    assert whole[0] == rows[0]
    assert [row["error_code"] for row in whole[1:]] == [rows[2]["error_code"]] * 2
