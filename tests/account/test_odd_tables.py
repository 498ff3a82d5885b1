"""A table of results as any program may hand it over: the same account, or our error that names the column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest

from tthc_rules import Rulebook
from tthc_rules.errors import AccountError

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow"):
    pytest.importorskip(package, reason=NEEDS)

import pyarrow as pa  # noqa: E402

LOG: Final = {
    "dossier_id": ["1", "1", "2"],
    "kind": ["dossier_accepted", "result_issued", "dossier_accepted"],
    "at": ["2024-07-01", "2024-07-05", "2024-07-02"],
    "time_limit.amount": [5] * 3,
    "time_limit.unit": ["workday"] * 3,
    "units.handling_agency": ["17"] * 3,
}
WORDS: Final = ("dossier_id", "error_code", "handling_agency", "punctuality", "responsible", "officers", "rules_digest")
DAYS: Final = ("accepted_on", "lawful_due", "finished_on", "apology_before_due.act_by")


@pytest.fixture(scope="module")
def results(book: Rulebook) -> Any:
    return book.rescore(LOG, as_of=date(2024, 8, 1))


def asked(book: Rulebook, table: Any) -> Any:
    return book.account(table, period="2024-07", as_of=date(2024, 8, 1))


def put(table: Any, name: str, cells: Any) -> Any:
    return table.set_column(table.schema.get_field_index(name), name, cells)


SAME: Final[dict[str, Callable[[Any], Any]]] = {
    "plain text": lambda cells: cells.cast(pa.string()),
    "large text": lambda cells: cells.cast(pa.string()).cast(pa.large_string()),
    "viewed text": lambda cells: cells.cast(pa.string()).cast(pa.string_view()),
    "words": lambda cells: cells.cast(pa.string()).dictionary_encode(),
    "chunks": lambda cells: pa.chunked_array([cells.cast(pa.string()).slice(k, 1).combine_chunks() for k in (0, 1)]),
}


@pytest.mark.parametrize("how", SAME)
@pytest.mark.parametrize("name", [*WORDS, *DAYS, "apology_before_due"])
def test_the_same_words_stored_in_another_way_are_the_same_account(
    book: Rulebook, results: Any, name: str, how: str
) -> None:
    got = asked(book, put(results, name, SAME[how](results[name])))
    assert got.to_json() == asked(book, results).to_json()


@pytest.mark.parametrize("kind", [pa.date64(), pa.timestamp("s"), pa.timestamp("ns")], ids=str)
def test_days_may_be_instants_without_a_zone(book: Rulebook, results: Any, kind: Any) -> None:
    table = results
    for name in DAYS:
        table = put(table, name, results[name].cast(kind))
    assert asked(book, table).to_json() == asked(book, results).to_json()


def test_ids_may_be_whole_numbers_and_empty_columns_what_pandas_makes_of_them(book: Rulebook, results: Any) -> None:
    table = put(results, "handling_agency", results["handling_agency"].cast(pa.string()).cast(pa.int64()))
    table = put(table, "dossier_id", results["dossier_id"].cast(pa.int64()))
    table = put(table, "officers", pa.array([float("nan")] * 2))
    table = put(table, "one_stop_unit", pa.nulls(2))
    assert asked(book, table).to_json() == asked(book, results).to_json()


def union() -> Any:
    return pa.UnionArray.from_sparse(pa.array([0, 0], pa.int8()), [pa.array(["x", "y"])])


ODD: Final[dict[str, Callable[[], Any]]] = {
    "union": union,
    "run-end encoded": lambda: pa.RunEndEncodedArray.from_arrays(pa.array([2], pa.int32()), pa.array(["x"])),
    "list": lambda: pa.array([["x"], None]),
    "struct": lambda: pa.array([{"a": 1}, None]),
    "bytes": lambda: pa.array([b"\xff", None]),
    "boolean": lambda: pa.array([True, None]),
    "fractions": lambda: pa.array([1.5, None]),
    "instants with a zone": lambda: pa.array([0, None], pa.timestamp("s", "UTC")),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", [*WORDS, *DAYS, "apology_before_due"])
def test_a_column_of_an_odd_type_is_named(book: Rulebook, results: Any, name: str, odd: str) -> None:
    with pytest.raises(AccountError) as caught:
        asked(book, put(results, name, ODD[odd]()))
    assert (caught.value.code, caught.value.place) == ("TR-account-columns", name)


@pytest.mark.parametrize("odd", ["union", "run-end encoded"])
def test_an_odd_column_that_nobody_reads_is_named_too(book: Rulebook, results: Any, odd: str) -> None:
    with pytest.raises(AccountError) as caught:
        asked(book, results.append_column("mood", ODD[odd]()))
    assert (caught.value.code, caught.value.place) == ("TR-account-columns", "mood")


def test_a_column_twice_is_named(book: Rulebook, results: Any) -> None:
    with pytest.raises(AccountError) as caught:
        asked(book, results.append_column("punctuality", results["punctuality"]))
    assert (caught.value.code, caught.value.place) == ("TR-account-columns", "punctuality")


class Stream:
    """A stream that ends badly."""

    def __arrow_c_stream__(self, requested: object = None) -> object:
        raise KeyError("boom")


def midway(table: Any) -> Any:
    def batches() -> Any:
        yield from table.to_batches()
        raise ZeroDivisionError

    return pa.RecordBatchReader.from_batches(table.schema, batches())


def test_streams_that_end_badly_are_our_error(book: Rulebook, results: Any) -> None:
    for source in (Stream(), midway(results)):
        with pytest.raises(AccountError) as caught:
            asked(book, source)
        assert (caught.value.code, caught.value.place) == ("TR-account-columns", "results")


@pytest.mark.parametrize("given", [5, None, "results.csv", b"x"], ids=repr)
def test_what_is_neither_a_table_nor_a_list_is_our_error(book: Rulebook, given: Any) -> None:
    with pytest.raises(AccountError) as caught:
        asked(book, given)
    assert (caught.value.code, caught.value.place) == ("TR-account-row", "results")


@pytest.mark.parametrize("column", ["punctuality", "ended_by", "apology_before_due", "supplement_once"])
@pytest.mark.parametrize("way", ["table", "rows"])
def test_a_word_that_no_verdict_says_is_refused_with_its_row(
    book: Rulebook, results: Any, column: str, way: str
) -> None:
    """`misssed` is not `not missed`: who owes an apology would be passed over."""
    spoilt = put(results, column, pa.array(["", "misssed"]))
    with pytest.raises(AccountError, match=r"results\[1\].*misssed"):
        asked(book, spoilt if way == "table" else spoilt.to_pylist())
