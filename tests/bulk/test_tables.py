"""Every table that `Rulebook.rescore` takes, in every layout and type, says what the reference engine says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from tthc_rules import Rulebook
from tthc_rules.result.columns import DATES, NUMBERS, columns_of

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow"):
    pytest.importorskip(package, reason=NEEDS)

import pyarrow as pa  # noqa: E402
import pyarrow.compute as pc  # noqa: E402
from agreement.generate import block_at  # noqa: E402
from agreement.ground import ground_of  # noqa: E402
from truth import AS_OF, DOSSIERS, Json, assert_as_reference, columns, fields_of, log_of, wanted  # noqa: E402

MOMENTS: Final = ("at", "appointed_due", "new_due", "due", "from", "to")
LIMIT: Final = {"time_limit.amount": 5, "time_limit.unit": "workday"}
FIVE: Final = {"amount": 5, "unit": "workday"}

# -- the same dossiers as tables ---------------------------------------------------------------------------------------


def flat(dossiers: Sequence[Json] = DOSSIERS, own: bool = False) -> Any:
    return pa.table(columns(log_of(dossiers, own)))


def fields(dossiers: Sequence[Json] = DOSSIERS) -> Any:
    return pa.table(columns(fields_of(dossiers)))


def nested(dossiers: Sequence[Json] = DOSSIERS) -> Any:
    table = fields(dossiers)
    names = dict.fromkeys(name for dossier in dossiers for event in dossier["events"] for name in event)
    logs = [[{name: event.get(name) for name in names} for event in dossier["events"]] for dossier in dossiers]
    return table.append_column("events", pa.array(logs))


def accepted(*moments: str | date | datetime, **more: Any) -> list[Json]:
    """Dossiers that were accepted at these moments, as the one-dossier path takes them."""
    return [
        {
            "dossier_id": f"H{number}",
            "time_limit": FIVE,
            **more,
            "events": [{"kind": "dossier_accepted", "at": moment}],
        }
        for number, moment in enumerate(moments)
    ]


def accepted_log(at: Any, **more: Any) -> Any:
    """The same as a flat log with that column `at`."""
    n = len(at)
    made = {"dossier_id": [f"H{k}" for k in range(n)], "kind": ["dossier_accepted"] * n, "at": at}
    for name, value in {**LIMIT, **more}.items():
        made[name] = value if isinstance(value, list | pa.Array | pa.ChunkedArray) else [value] * n
    return pa.table(made)


def with_cast(table: Any, name: str, kind: Any) -> Any:
    place = table.schema.get_field_index(name)
    return table.set_column(place, name, table[name].cast(kind))


class OnlyAStream:
    """Somebody's table: nothing but the Arrow stream interface."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


# -- layouts -----------------------------------------------------------------------------------------------------------


def test_a_nested_table_is_judged_as_its_dossiers(book: Rulebook) -> None:
    assert_as_reference(book, book.rescore(nested(), as_of=AS_OF), DOSSIERS)


def test_a_nested_table_may_be_given_as_dossiers(book: Rulebook) -> None:
    assert_as_reference(book, book.rescore(dossiers=nested(), as_of=AS_OF), DOSSIERS)


def test_a_flat_log_with_a_table_of_dossiers(book: Rulebook) -> None:
    assert_as_reference(book, book.rescore(flat(), fields(), as_of=AS_OF), DOSSIERS)


def test_a_flat_log_with_the_fields_in_the_log(book: Rulebook) -> None:
    assert_as_reference(book, book.rescore(flat(own=True), as_of=AS_OF), DOSSIERS)


def test_a_field_in_the_log_may_stand_in_one_row_of_the_dossier_only(book: Rulebook) -> None:
    rows = log_of(DOSSIERS[:1])
    rows[2] |= {"channel": "in_person", "jurisdiction": "thanh-hoa"}
    rows[3] |= LIMIT
    given = {k: v for k, v in DOSSIERS[0].items() if k in ("dossier_id", "events", "channel", "jurisdiction")}
    assert_as_reference(book, book.rescore(pa.table(columns(rows)), as_of=AS_OF), [{**given, "time_limit": FIVE}])


def test_the_rows_of_a_log_may_lie_in_any_order(book: Rulebook) -> None:
    log = flat()
    order = sorted(range(len(log)), key=lambda k: k * 7 % len(log))
    assert_as_reference(book, book.rescore(log.take(order), fields(), as_of=AS_OF), DOSSIERS)


@pytest.mark.parametrize("lateness", ["by_instant", "promised_by_date", "promised_by_instant", "qd766"])
def test_every_policy_of_lateness_is_passed_on(book: Rulebook, lateness: str) -> None:
    got = book.rescore(flat(), fields(), as_of=AS_OF, lateness=lateness)
    assert_as_reference(book, got, DOSSIERS, lateness=lateness)


def test_what_was_known_on_another_day_is_passed_on(book: Rulebook) -> None:
    got = book.rescore(flat(), fields(), as_of=AS_OF, known_on=date(2018, 1, 1))
    assert_as_reference(book, got, DOSSIERS, known_on=date(2018, 1, 1))


def test_the_columns_of_the_result_are_the_documented_ones(book: Rulebook) -> None:
    table = book.rescore(nested(), as_of=AS_OF)
    duties = [name for name in table.column_names if f"{name}.act_by" in table.column_names]
    assert duties == sorted(duties)
    assert tuple(table.column_names) == columns_of(duties)
    for name in table.column_names:
        kind = table.schema.field(name).type
        if name in DATES or name.endswith(".act_by"):
            assert kind == pa.date32()
        elif name in NUMBERS:
            assert kind == pa.int32()


def test_no_dictionary_of_the_result_holds_a_word_twice(book: Rulebook) -> None:
    (batch,) = book.rescore(nested(), as_of=AS_OF).combine_chunks().to_batches()
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if pa.types.is_dictionary(column.type):
            words = column.dictionary.to_pylist()
            assert (name, len(words)) == (name, len(set(words)))


def test_the_process_mining_names_are_taken(book: Rulebook) -> None:
    names = {"dossier_id": "case:concept:name", "kind": "concept:name", "at": "time:timestamp"}
    log = flat(own=True)
    renamed = [names.get(n, f"case:{n}" if n in fields().column_names else n) for n in log.column_names]
    assert "case:time_limit.amount" in renamed
    assert_as_reference(book, book.rescore(log.rename_columns(renamed), as_of=AS_OF), DOSSIERS)


def test_the_process_mining_names_are_taken_in_both_tables(book: Rulebook) -> None:
    log = flat().rename_columns(
        [
            {"dossier_id": "case:concept:name", "kind": "concept:name", "at": "time:timestamp"}.get(n, n)
            for n in flat().column_names
        ]
    )
    about = fields().rename_columns([n if n != "dossier_id" else "case:concept:name" for n in fields().column_names])
    assert_as_reference(book, book.rescore(log, about, as_of=AS_OF), DOSSIERS)


def test_the_process_mining_names_are_taken_inside_nested_events(book: Rulebook) -> None:
    logs = [
        [{"concept:name": e["kind"], "time:timestamp": e["at"]} for e in dossier["events"]] for dossier in DOSSIERS[-2:]
    ]
    plain = [{**d, "events": [{"kind": e["kind"], "at": e["at"]} for e in d["events"]]} for d in DOSSIERS[-2:]]
    table = fields(DOSSIERS[-2:]).append_column("events", pa.array(logs))
    assert_as_reference(book, book.rescore(table, as_of=AS_OF), plain)


def test_a_broken_dossier_under_process_mining_names_has_the_code_of_its_own_fault(book: Rulebook) -> None:
    events = [{"concept:name": "dossier_accepted", "time:timestamp": "2024-08-23"}]
    table = pa.table({"dossier_id": ["A"], "jurisdiction": ["atlantis"], "events": [events]})
    plain = {"dossier_id": "A", "jurisdiction": "atlantis"}
    plain["events"] = [{"kind": "dossier_accepted", "at": "2024-08-23"}]  # type: ignore[assignment]
    assert_as_reference(book, book.rescore(table, as_of=AS_OF), [plain])


def test_groups_may_be_struct_columns(book: Rulebook) -> None:
    given = [
        {**accepted("2024-08-23")[0], "units": {"handling_agency": "stp", "one_stop_unit": None}},
        {**accepted("2024-08-23")[0], "dossier_id": "H1", "time_limit": {"amount": 2, "unit": "week"}},
        {**accepted("2024-08-23")[0], "dossier_id": "H2", "time_limit": {"none": True}},
        {**accepted("2024-08-23")[0], "dossier_id": "H3", "time_limit": None},
    ]
    limits = pa.array(
        [row["time_limit"] for row in given],
        pa.struct([("unit", pa.string()), ("amount", pa.int16()), ("none", pa.bool_())]),
    )
    units = pa.array([row.get("units") for row in given])
    about = pa.table({"dossier_id": [row["dossier_id"] for row in given], "time_limit": limits, "units": units})
    log = pa.table(columns(log_of(given)))
    assert_as_reference(book, book.rescore(log, about, as_of=AS_OF), given)


def test_groups_may_be_struct_columns_of_the_log(book: Rulebook) -> None:
    log = accepted_log(["2024-08-23", "2024-08-26"]).drop(list(LIMIT))
    log = log.append_column("time_limit", pa.chunked_array([[{"amount": 5, "unit": "workday"}]] * 2))
    assert_as_reference(book, book.rescore(log, as_of=AS_OF), accepted("2024-08-23", "2024-08-26"))


# -- the order of the rows ---------------------------------------------------------------------------------------------


def test_rows_come_as_the_dossiers_table_has_them_then_as_the_log_first_names_them(book: Rulebook) -> None:
    log = accepted_log(["2024-08-23"] * 6).drop(list(LIMIT))
    log = log.set_column(0, "dossier_id", pa.array(["Z", "B", "Z", "Y", "A", "C"]))
    table = book.rescore(log, pa.table({"dossier_id": ["C", "Q", "B"]}), as_of=AS_OF)
    assert table["dossier_id"].to_pylist() == ["C", "Q", "B", "Z", "Y", "A"]


def test_without_a_dossiers_table_rows_come_as_the_log_first_names_them(book: Rulebook) -> None:
    log = pa.table({"dossier_id": ["b", "a", "b", "c", "a"], "kind": ["step_done"] * 5, "at": ["2024-08-23"] * 5})
    assert book.rescore(log, as_of=AS_OF)["dossier_id"].to_pylist() == ["b", "a", "c"]


def test_a_dossier_of_the_table_without_events_is_not_started(book: Rulebook) -> None:
    given = [*accepted("2024-08-23"), {"dossier_id": "nothing yet", "time_limit": FIVE, "events": []}]
    assert_as_reference(book, book.rescore(flat(given), fields(given), as_of=AS_OF), given)


def test_ids_that_only_the_log_knows_have_no_fields(book: Rulebook) -> None:
    given = accepted("2024-08-23", "2024-08-26")
    del given[1]["time_limit"]
    assert_as_reference(book, book.rescore(flat(given), fields(given[:1]), as_of=AS_OF), given)


# -- whose tables ------------------------------------------------------------------------------------------------------


def test_a_class_that_only_has_the_stream_interface_is_a_table(book: Rulebook) -> None:
    got = book.rescore(OnlyAStream(flat()), OnlyAStream(fields()), as_of=AS_OF)
    assert_as_reference(book, got, DOSSIERS)


def test_a_nested_stream_is_a_table(book: Rulebook) -> None:
    assert_as_reference(book, book.rescore(OnlyAStream(nested()), as_of=AS_OF), DOSSIERS)


def test_a_reader_of_record_batches_is_a_table(book: Rulebook) -> None:
    reader = pa.RecordBatchReader.from_batches(nested().schema, nested().to_batches(max_chunksize=2))
    assert_as_reference(book, book.rescore(reader, as_of=AS_OF), DOSSIERS)


def test_polars_frames_are_tables(book: Rulebook) -> None:
    polars = pytest.importorskip("polars", reason="chưa cài polars / polars is not installed")
    got = book.rescore(polars.DataFrame(flat()), polars.DataFrame(fields()), as_of=AS_OF)
    assert_as_reference(book, got, DOSSIERS)


def test_nested_polars_frames_are_tables(book: Rulebook) -> None:
    polars = pytest.importorskip("polars", reason="chưa cài polars / polars is not installed")
    assert_as_reference(book, book.rescore(polars.DataFrame(nested()), as_of=AS_OF), DOSSIERS)


def test_polars_categories_are_words(book: Rulebook) -> None:
    polars = pytest.importorskip("polars", reason="chưa cài polars / polars is not installed")
    log = polars.DataFrame(flat()).with_columns(polars.col("kind", "agency").cast(polars.Categorical))
    words = polars.col("jurisdiction", "channel", "time_limit.unit", "procedure").cast(polars.Categorical)
    about = polars.DataFrame(fields()).with_columns(words)
    assert_as_reference(book, book.rescore(log, about, as_of=AS_OF), DOSSIERS)


def test_polars_categories_may_be_fields_in_the_log(book: Rulebook) -> None:
    polars = pytest.importorskip("polars", reason="chưa cài polars / polars is not installed")
    words = polars.col("jurisdiction", "channel", "time_limit.unit").cast(polars.Categorical)
    log = polars.DataFrame(flat(own=True)).with_columns(words)
    assert_as_reference(book, book.rescore(log, as_of=AS_OF), DOSSIERS)


def test_polars_datetimes_with_a_zone_are_instants(book: Rulebook) -> None:
    polars = pytest.importorskip("polars", reason="chưa cài polars / polars is not installed")
    frame = polars.DataFrame(accepted_log(pa.array([datetime(2024, 8, 22, 17, 30)])))
    frame = frame.with_columns(polars.col("at").dt.replace_time_zone("UTC"))
    assert_as_reference(book, book.rescore(frame, as_of=AS_OF), accepted("2024-08-23T00:30"))


def test_duckdb_relations_are_tables(book: Rulebook) -> None:
    duckdb = pytest.importorskip("duckdb", reason="chưa cài duckdb / duckdb is not installed")
    with duckdb.connect() as base:
        log, about = flat(), fields()
        base.register("log", log)
        base.register("about", about)
        got = book.rescore(base.sql("SELECT * FROM log"), base.sql("SELECT * FROM about"), as_of=AS_OF)
    assert_as_reference(book, got, DOSSIERS)


def test_duckdb_timestamps_and_dates_are_moments(book: Rulebook) -> None:
    duckdb = pytest.importorskip("duckdb", reason="chưa cài duckdb / duckdb is not installed")
    asked = (
        "SELECT 'H0' AS dossier_id, 'dossier_accepted' AS kind, TIMESTAMP '2024-08-23 15:00:30' AS at,"
        ' 5 AS "time_limit.amount", \'workday\' AS "time_limit.unit"'
    )
    with duckdb.connect() as base:
        assert_as_reference(book, book.rescore(base.sql(asked), as_of=AS_OF), accepted("2024-08-23T15:00:30"))
        asked = asked.replace("TIMESTAMP '2024-08-23 15:00:30'", "DATE '2024-08-23'")
        assert_as_reference(book, book.rescore(base.sql(asked), as_of=AS_OF), accepted("2024-08-23"))


def test_pandas_frames_are_tables(book: Rulebook) -> None:
    pandas = pytest.importorskip("pandas", reason="chưa cài pandas / pandas is not installed")
    log = pandas.DataFrame(columns(log_of(DOSSIERS)))
    about = fields().to_pandas()
    about["time_limit.amount"] = about["time_limit.amount"].astype("Int64")
    assert_as_reference(book, book.rescore(log, about, as_of=AS_OF), DOSSIERS)


def test_pandas_timestamps_are_moments(book: Rulebook) -> None:
    pandas = pytest.importorskip("pandas", reason="chưa cài pandas / pandas is not installed")
    frame = accepted_log(["2024-08-23T08:30", "2024-08-23T15:00:30"]).to_pandas()
    frame["at"] = pandas.to_datetime(frame["at"], format="ISO8601")
    given = accepted("2024-08-23T08:30", "2024-08-23T15:00:30")
    assert_as_reference(book, book.rescore(frame, as_of=AS_OF), given)


def test_pandas_categories_are_words(book: Rulebook) -> None:
    pytest.importorskip("pandas", reason="chưa cài pandas / pandas is not installed")
    frame = accepted_log(["2024-08-23T08:30"] * 2, channel=["online", "in_person"]).to_pandas()
    frame = frame.astype({"kind": "category", "channel": "category", "time_limit.unit": "category"})
    given = accepted("2024-08-23T08:30", "2024-08-23T08:30")
    given[0]["channel"], given[1]["channel"] = "online", "in_person"
    assert_as_reference(book, book.rescore(frame, as_of=AS_OF), given)


# -- lists -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text", "list", "large_list", "list of dictionary"])
@pytest.mark.parametrize("place", ["dossiers", "log"])
def test_officers_and_pauses_are_lists_or_text_with_bars(book: Rulebook, kind: str, place: str) -> None:
    officers: list[list[str] | None] = [["a", "b"], ["c"], None]
    pauses: list[list[str] | None] = [["payment", "opinion"], ["opinion"], None]
    given = accepted("2024-08-23", "2024-08-23", "2024-08-23")
    for dossier, named, waits in zip(given, officers, pauses, strict=True):
        dossier["events"].append({"kind": "payment_awaited", "at": "2024-08-26"})
        if named is not None and waits is not None:
            dossier |= {"officers": named, "time_limit": {**FIVE, "pauses_for": waits}}
    into: Callable[[Any], Any] = {
        "text": lambda lists: pa.array([None if one is None else "|".join(one) for one in lists]),
        "list": lambda lists: pa.array(lists, pa.list_(pa.string())),
        "large_list": lambda lists: pa.array(lists, pa.large_list(pa.large_string())),
        "list of dictionary": lambda lists: pa.array(lists, pa.list_(pa.dictionary(pa.int8(), pa.string()))),
    }[kind]
    about = pa.table({"dossier_id": ["H0", "H1", "H2"], **{n: [v] * 3 for n, v in LIMIT.items()}})
    about = about.append_column("officers", into(officers)).append_column("time_limit.pauses_for", into(pauses))
    log = pa.table(columns(log_of(given)))
    if place == "dossiers":
        got = book.rescore(log, about, as_of=AS_OF)
    else:
        rows = pa.array([0, 0, 1, 1, 2, 2])
        for name in about.column_names[1:]:
            log = log.append_column(name, about[name].combine_chunks().take(rows))
        got = book.rescore(log, as_of=AS_OF)
    assert_as_reference(book, got, given)


def test_blanks_beside_the_bars_of_officers_are_not_part_of_a_name(book: Rulebook) -> None:
    log = accepted_log(["2024-08-23"] * 3, officers=["a | b", "a|", " | "])
    given = accepted("2024-08-23", "2024-08-23", "2024-08-23")
    given[0]["officers"], given[1]["officers"], given[2]["officers"] = ["a", "b"], ["a"], []
    assert_as_reference(book, book.rescore(log, as_of=AS_OF), given)


def test_blanks_beside_the_bars_of_pauses_are_not_part_of_a_word(book: Rulebook) -> None:
    log = accepted_log(["2024-08-23"], **{"time_limit.pauses_for": [" payment | opinion "]})
    given = accepted("2024-08-23", time_limit={**FIVE, "pauses_for": ["payment", "opinion"]})
    assert_as_reference(book, book.rescore(log, as_of=AS_OF), given)


def test_an_empty_list_of_officers_and_a_null_one_are_alike(book: Rulebook) -> None:
    about = pa.table({"dossier_id": ["H0", "H1"], "officers": pa.array([[], None], pa.list_(pa.string()))})
    given: list[Json] = [{"dossier_id": "H0", "officers": [], "events": []}, {"dossier_id": "H1", "events": []}]
    assert_as_reference(book, book.rescore(dossiers=about, as_of=AS_OF), given)


def test_null_and_empty_lists_of_events_are_dossiers_without_events(book: Rulebook) -> None:
    given = accepted("2024-08-23", "2024-08-23", "2024-08-23", "2024-08-23")
    given[0]["events"], given[2]["events"] = [], []
    table = nested(given)
    logs = table["events"].combine_chunks()
    kind = logs.type
    logs = pa.array([None, logs[1].as_py(), [], logs[3].as_py()], kind)
    table = table.set_column(table.schema.get_field_index("events"), "events", logs)
    assert_as_reference(book, book.rescore(table, as_of=AS_OF), given)


@pytest.mark.parametrize("hidden", [None, "2150-01-01"], ids=["no moment", "no such year"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_events_that_lie_under_a_null_list_belong_to_nobody(book: Rulebook, place: int, hidden: str | None) -> None:
    at = [hidden if k == place else "2024-08-23" for k in range(3)]
    events = pa.StructArray.from_arrays([pa.array(["dossier_accepted"] * 3), pa.array(at)], ["kind", "at"])
    valid = pa.array([k != place for k in range(3)])
    mask = pa.py_buffer(bytes([sum(1 << k for k in range(3) if k != place)]))
    offsets = pa.array([0, 1, 2, 3], pa.int32())
    logs = pa.ListArray.from_buffers(pa.list_(events.type), 3, [mask, offsets.buffers()[1]], children=[events])
    assert logs.is_valid().equals(valid)
    given = accepted("2024-08-23", "2024-08-23", "2024-08-23")
    given[place]["events"] = []
    about = pa.table({"dossier_id": ["H0", "H1", "H2"], **{n: [v] * 3 for n, v in LIMIT.items()}})
    assert_as_reference(book, book.rescore(about.append_column("events", logs), as_of=AS_OF), given)


# -- how words are stored ----------------------------------------------------------------------------------------------

WORDS: Final = {
    "large_string": pa.large_string(),
    "string_view": pa.string_view(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
    "dictionary of int8": pa.dictionary(pa.int8(), pa.string()),
    "dictionary of uint8": pa.dictionary(pa.uint8(), pa.string()),
    "dictionary of uint32": pa.dictionary(pa.uint32(), pa.large_string()),
}


def as_words(table: Any, kind: Any) -> Any:
    """The table with every column of text stored in that way."""
    for field in table.schema:
        if pa.types.is_string(field.type):
            table = with_cast(table, field.name, kind)
    return table


@pytest.mark.parametrize("kind", WORDS)
def test_words_may_be_stored_in_any_way_in_two_tables(book: Rulebook, kind: str) -> None:
    got = book.rescore(as_words(flat(), WORDS[kind]), as_words(fields(), WORDS[kind]), as_of=AS_OF)
    assert_as_reference(book, got, DOSSIERS)


@pytest.mark.parametrize("kind", WORDS)
def test_words_may_be_stored_in_any_way_in_one_log(book: Rulebook, kind: str) -> None:
    log = as_words(flat(own=True).drop(["officers", "time_limit.pauses_for"]), WORDS[kind])
    given = [{k: v for k, v in dossier.items() if k != "officers"} for dossier in DOSSIERS]
    given[1]["time_limit"] = {"amount": 10, "unit": "workday"}
    assert_as_reference(book, book.rescore(log, as_of=AS_OF), given)


@pytest.mark.parametrize("kind", WORDS)
def test_words_may_be_stored_in_any_way_in_nested_events(book: Rulebook, kind: str) -> None:
    table = nested()
    logs = table["events"].combine_chunks()
    inner = [
        column.cast(WORDS[kind]) if pa.types.is_string(column.type) else column for column in logs.values.flatten()
    ]
    events = pa.StructArray.from_arrays(inner, [logs.type.value_type[k].name for k in range(len(inner))])
    made = pa.ListArray.from_arrays(logs.offsets, events)
    table = table.set_column(table.schema.get_field_index("events"), "events", made)
    assert_as_reference(book, book.rescore(table, as_of=AS_OF), DOSSIERS)


@pytest.mark.parametrize("column", ["agency", "reason", "officers", "time_limit.cutoff", "at"])
def test_a_dictionary_may_be_as_full_as_its_numbers_allow(book: Rulebook, column: str) -> None:
    words = [f"{k // 60:02d}:{k % 60:02d}" for k in range(128)]
    if column == "at":
        words = [f"2024-08-23T{word}" for word in words]
    values = pa.DictionaryArray.from_arrays(pa.array([*range(128), None], pa.int8()), pa.array(words))
    given = []
    for number, word in enumerate([*words, None]):
        at = word or "2024-08-23" if column == "at" else "2024-08-23"
        event = {"kind": "dossier_accepted", "at": at}
        dossier: Json = {"dossier_id": f"H{number}", "time_limit": FIVE, "events": [event]}
        given.append(dossier)
        if word is None:
            continue
        if column == "officers":
            dossier["officers"] = [word]
        elif column == "time_limit.cutoff":
            dossier["time_limit"] = {**FIVE, "cutoff": word}
        elif column in ("agency", "reason"):
            event[column] = word
    log = accepted_log(values if column == "at" else ["2024-08-23"] * 129)
    if column == "at":
        log, given = log.slice(0, 128), given[:128]
    else:
        log = log.append_column(column, values)
    assert_as_reference(book, book.rescore(log, as_of=AS_OF), given)


def test_a_dictionary_may_hold_a_word_twice(book: Rulebook) -> None:
    kinds = pa.DictionaryArray.from_arrays(
        pa.array([0, 1, 2, 3], pa.int8()),
        pa.array(["opinion_requested", "opinion_received", "dossier_accepted", "opinion_received"]),
    )
    agencies = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 1], pa.int8()), pa.array(["stp", "stp"]))
    at = ["2024-08-26", "2024-08-28", "2024-08-23", "2024-08-28"]
    log = pa.table({"dossier_id": ["H0"] * 4, "kind": kinds, "at": at, "agency": agencies})
    log = log.append_column("time_limit.pauses_for", pa.array(["opinion"] * 4))
    for name, value in LIMIT.items():
        log = log.append_column(name, pa.array([value] * 4))
    events = [{k: v for k, v in row.items() if v and k in ("kind", "at", "agency")} for row in log.to_pylist()]
    given = [{"dossier_id": "H0", "time_limit": {**FIVE, "pauses_for": ["opinion"]}, "events": events}]
    assert_as_reference(book, book.rescore(log, as_of=AS_OF), given)


def test_fields_in_the_log_may_come_from_a_dictionary_that_holds_a_word_twice(book: Rulebook) -> None:
    channel = pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int8()), pa.array(["online", "online"]))
    log = accepted_log(["2024-08-23", "2024-08-26"], channel=channel).set_column(0, "dossier_id", pa.array(["A", "A"]))
    given = accepted("2024-08-23", channel="online")
    given[0]["dossier_id"] = "A"
    given[0]["events"].append({"kind": "dossier_accepted", "at": "2024-08-26"})
    assert_as_reference(book, book.rescore(log, as_of=AS_OF), given)


@pytest.mark.parametrize("name", ["filed_elsewhere", "officers", "time_limit.pauses_for", "time_limit.none", "channel"])
def test_a_column_of_nothing_but_nulls_says_nothing(book: Rulebook, name: str) -> None:
    log = accepted_log(["2024-08-23"]).append_column(name, pa.nulls(1))
    assert_as_reference(book, book.rescore(log, as_of=AS_OF), accepted("2024-08-23"))


def test_a_limit_of_nothing_but_nulls_is_no_limit_known(book: Rulebook) -> None:
    log = accepted_log(["2024-08-23"]).drop(list(LIMIT))
    for name in LIMIT:
        log = log.append_column(name, pa.nulls(1))
    given = accepted("2024-08-23")
    del given[0]["time_limit"]
    assert_as_reference(book, book.rescore(log, as_of=AS_OF), given)


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint8(), pa.int16(), pa.uint32(), pa.int64(), pa.uint64()], ids=str)
def test_amounts_may_be_whole_numbers_of_any_size(book: Rulebook, kind: Any) -> None:
    log = with_cast(accepted_log(["2024-08-23"]), "time_limit.amount", kind)
    assert_as_reference(book, book.rescore(log, as_of=AS_OF), accepted("2024-08-23"))


# -- chunks and slices -------------------------------------------------------------------------------------------------


def chunked(table: Any, size: int) -> Any:
    return pa.Table.from_batches(table.to_batches(max_chunksize=size), table.schema)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_chunks_change_nothing(book: Rulebook, size: int) -> None:
    got = book.rescore(chunked(flat(), size), chunked(fields(), size), as_of=AS_OF)
    assert_as_reference(book, got, DOSSIERS)


@pytest.mark.parametrize("size", [1, 4])
def test_chunks_of_a_nested_table_change_nothing(book: Rulebook, size: int) -> None:
    assert_as_reference(book, book.rescore(chunked(nested(), size), as_of=AS_OF), DOSSIERS)


def test_chunks_may_have_dictionaries_of_their_own(book: Rulebook) -> None:
    kind = pa.dictionary(pa.int8(), pa.string())
    pieces = [as_words(piece, kind) for piece in (flat(own=True).slice(k, 3) for k in range(0, len(flat()), 3))]
    log = pa.concat_tables(piece.drop(["officers", "time_limit.pauses_for"]) for piece in pieces)
    given = [{k: v for k, v in dossier.items() if k != "officers"} for dossier in DOSSIERS]
    given[1]["time_limit"] = {"amount": 10, "unit": "workday"}
    assert_as_reference(book, book.rescore(log, as_of=AS_OF), given)


@pytest.mark.parametrize(("first", "length"), [(1, 4), (2, 1), (5, 1), (0, 3), (3, 0)])
def test_a_slice_of_a_nested_table_is_those_dossiers(book: Rulebook, first: int, length: int) -> None:
    got = book.rescore(nested().slice(first, length), as_of=AS_OF)
    assert_as_reference(book, got, DOSSIERS[first : first + length])


@pytest.mark.parametrize(("first", "length"), [(5, 8), (13, 2), (5, 0)])
def test_a_slice_of_a_log_is_those_events(book: Rulebook, first: int, length: int) -> None:
    log = flat(own=True)
    part = log.slice(first, length)
    whole = pa.table(part.to_pydict(), schema=log.schema)
    assert book.rescore(part, as_of=AS_OF).equals(book.rescore(whole, as_of=AS_OF))


def test_a_slice_of_slices_from_a_stream_is_those_dossiers(book: Rulebook) -> None:
    table = nested().slice(1).slice(1, 3)
    assert_as_reference(book, book.rescore(OnlyAStream(table), as_of=AS_OF), DOSSIERS[2:5])


def test_struct_columns_may_be_slices(book: Rulebook) -> None:
    limits = pa.array([{"amount": 99, "unit": "year"}, None, {"amount": 5, "unit": "workday"}]).slice(1)
    about = pa.table({"dossier_id": ["H0", "H1"], "time_limit": limits})
    given = accepted("2024-08-23", "2024-08-23")
    del given[0]["time_limit"]
    assert_as_reference(book, book.rescore(flat(given), about, as_of=AS_OF), given)


# -- moments -----------------------------------------------------------------------------------------------------------

AT: Final = (
    datetime(2024, 8, 23, 15, 0, 0),
    datetime(2024, 8, 23, 15, 0, 1),
    datetime(2024, 8, 22, 17, 0, 0),
    datetime(2024, 8, 22, 16, 59, 59),
    datetime(1990, 1, 1),
    datetime(2100, 12, 31, 16, 59, 59),
)
LATER: Final = date(2024, 11, 1)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_without_a_zone_are_vietnam_time(book: Rulebook, unit: str) -> None:
    got = book.rescore(accepted_log(pa.array(AT, pa.timestamp(unit))), as_of=LATER)
    assert_as_reference(book, got, accepted(*AT), LATER)


@pytest.mark.parametrize("zone", ["UTC", "+07:00", "Asia/Ho_Chi_Minh", "America/New_York"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_with_a_zone_are_instants(book: Rulebook, unit: str, zone: str) -> None:
    instants = [moment.replace(tzinfo=UTC) for moment in AT]
    got = book.rescore(accepted_log(pa.array(instants, pa.timestamp(unit, zone))), as_of=LATER)
    assert_as_reference(book, got, accepted(*[moment + timedelta(hours=7) for moment in AT]), LATER)


@pytest.mark.parametrize(("unit", "ticks"), [("ms", 1), ("us", 1), ("ns", 1000), ("ns", 999), ("ns", 1)])
def test_fractions_of_a_second_past_three_are_past_three(book: Rulebook, unit: str, ticks: int) -> None:
    at = pa.array([datetime(2024, 8, 23, 15)], pa.timestamp(unit)).cast(pa.int64())
    fraction = {"ms": f"{ticks:03d}", "us": f"{ticks:06d}", "ns": f"{ticks:09d}"}[unit]
    log = accepted_log(pc.add(at, ticks).cast(pa.timestamp(unit)))
    got = book.rescore(log, as_of=AS_OF)
    assert_as_reference(book, got, accepted(f"2024-08-23T15:00:00.{fraction}"))


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64()], ids=str)
def test_dates_are_days_whose_hour_is_unknown(book: Rulebook, kind: Any) -> None:
    days = [date(2024, 8, 23), date(1990, 1, 1), date(2100, 12, 31), date(2024, 8, 31)]
    got = book.rescore(accepted_log(pa.array(days, kind)), as_of=AS_OF)
    assert_as_reference(book, got, accepted(*days))


def test_text_may_mix_dates_hours_and_offsets(book: Rulebook) -> None:
    texts = [
        "2024-08-23",
        "2024-08-23T15:00",
        "2024-08-23 15:00",
        "2024-08-23T15:00:30",
        "2024-08-23T15:00:00.5",
        "2024-08-23T15:00:00,000000001",
        "2024-08-23T08:00Z",
        "2024-08-22T17:00:00+00:00",
        "2024-08-22T23:59:59-0500",
        "2024-08-23T22:00+14:00",
    ]
    assert_as_reference(book, book.rescore(accepted_log(texts), as_of=AS_OF), accepted(*texts))


@pytest.mark.parametrize("kind", [pa.date32(), pa.timestamp("s"), pa.timestamp("us", "UTC"), pa.string()], ids=str)
def test_moments_of_payloads_may_have_any_type(book: Rulebook, kind: Any) -> None:
    moments: dict[str, Any] = {
        "appointed_due": date(2024, 8, 29),
        "new_due": date(2024, 9, 5),
        "from": date(2024, 8, 26),
        "to": date(2024, 8, 27),
    }
    said: dict[str, Any] = dict(moments)
    if pa.types.is_timestamp(kind):
        moments = {name: datetime(day.year, day.month, day.day, 10) for name, day in moments.items()}
        said = {name: moment.replace(hour=17 if kind.tz else 10) for name, moment in moments.items()}
    if pa.types.is_string(kind):
        moments = {name: day.isoformat() for name, day in moments.items()}
    carries = {"dossier_accepted": ["appointed_due"], "apology_sent": ["new_due"], "reappointed": ["new_due"]}
    carries["interval_excluded"] = ["from", "to"]
    kinds = ["dossier_accepted", "interval_excluded", "apology_sent", "reappointed", "result_issued"]
    at = [f"2024-08-{23 + k}T10:00" for k in range(5)]
    log = pa.table({"dossier_id": ["H0"] * 5, "kind": kinds, "at": at, **{n: [v] * 5 for n, v in LIMIT.items()}})
    for name, moment in moments.items():
        cells = [moment if name in carries.get(k, ()) else None for k in kinds]
        log = log.append_column(name, pa.array(cells, kind))
    events = [{"kind": k, "at": a, **{n: said[n] for n in carries.get(k, ())}} for k, a in zip(kinds, at, strict=True)]
    given = [{"dossier_id": "H0", "time_limit": FIVE, "events": events}]
    assert_as_reference(book, book.rescore(log, as_of=AS_OF), given)


# -- nothing in it -----------------------------------------------------------------------------------------------------


def test_an_empty_nested_table_gives_an_empty_result(book: Rulebook) -> None:
    empty = book.rescore(nested().slice(0, 0), as_of=AS_OF)
    assert (len(empty), empty.schema) == (0, book.rescore(nested(), as_of=AS_OF).schema)


def test_an_empty_log_gives_an_empty_result(book: Rulebook) -> None:
    assert len(book.rescore(flat(own=True).slice(0, 0), as_of=AS_OF)) == 0


def test_an_empty_log_beside_an_empty_table_of_dossiers_gives_an_empty_result(book: Rulebook) -> None:
    assert len(book.rescore(flat().slice(0, 0), fields().slice(0, 0), as_of=AS_OF)) == 0


def test_an_empty_log_beside_dossiers_leaves_them_without_events(book: Rulebook) -> None:
    given = [{**dossier, "events": []} for dossier in DOSSIERS]
    assert_as_reference(book, book.rescore(flat().slice(0, 0), fields(), as_of=AS_OF), given)


def test_a_log_beside_an_empty_table_of_dossiers_has_no_fields(book: Rulebook) -> None:
    given = [{"dossier_id": dossier["dossier_id"], "events": dossier["events"]} for dossier in DOSSIERS]
    assert_as_reference(book, book.rescore(flat(), fields().slice(0, 0), as_of=AS_OF), given)


def test_columns_of_null_type_in_an_empty_table_are_columns(book: Rulebook) -> None:
    empty = pa.table({name: pa.nulls(0) for name in ("dossier_id", "kind", "at", "officers", "time_limit.amount")})
    empty = with_cast(empty, "dossier_id", pa.string())
    assert len(book.rescore(empty, as_of=AS_OF)) == 0


def test_a_table_of_no_chunks_gives_an_empty_result(book: Rulebook) -> None:
    empty = pa.table([pa.chunked_array([], field.type) for field in nested().schema], schema=nested().schema)
    assert len(book.rescore(empty, as_of=AS_OF)) == 0


def test_dossiers_that_never_had_an_event_need_no_column_of_events(book: Rulebook) -> None:
    given = [{**dossier, "events": []} for dossier in DOSSIERS]
    assert_as_reference(book, book.rescore(dossiers=fields(), as_of=AS_OF), given)


# -- many, of every sort -----------------------------------------------------------------------------------------------


def test_a_generated_block_is_judged_alike_flat_and_nested(book: Rulebook) -> None:
    question, made = block_at(20240823, 3, 250, ground_of(book))
    asked: Json = {"known_on": question.known_on, "lateness": question.lateness, "hours": question.hours}
    day = question.as_of
    given: list[Json] = []
    for _, dossier in made:
        row = wanted(book, dossier, day, **asked)
        known = ("events", "time_limit", "units", "officers")
        plain = all(isinstance(value, str | bool) for name, value in dossier.items() if name not in known)
        if "error_code" not in row and plain:
            given.append({**dossier, "dossier_id": f"{len(given)}"})
    assert len(given) > 100
    assert_as_reference(book, book.rescore(nested(given), as_of=day, **asked), given, day, **asked)
    assert_as_reference(book, book.rescore(flat(given), fields(given), as_of=day, **asked), given, day, **asked)


LIFECYCLE_LOG = {
    "case:concept:name": ["H1", "H1", "H2", "H1", "H3"],
    "concept:name": ["result_issued", "dossier_accepted", "dossier_accepted", "result_issued", "dossier_accepted"],
    "time:timestamp": ["2024-08-26T10:00", "2024-08-23T08:30", "2024-08-23T08:30", "2024-09-06T10:00", "2024-08-23"],
    "lifecycle:transition": ["schedule", "complete", "", "COMPLETE", "start"],
    "case:time_limit.amount": [5, 5, 5, 5, 5],
    "case:time_limit.unit": ["workday"] * 5,
}


@pytest.mark.parametrize("as_words", [False, True])
def test_only_what_was_completed_is_done(book: Rulebook, as_words: bool) -> None:
    log = pa.table(LIFECYCLE_LOG)
    if as_words:
        column = log["lifecycle:transition"].combine_chunks().dictionary_encode()
        log = log.set_column(3, "lifecycle:transition", column)
    rows = {row["dossier_id"]: row for row in book.rescore(log, as_of=date(2024, 10, 1)).to_pylist()}
    # due on 30/8; 31/8 to 3/9 are days off, so 4, 5 and 6/9 are late
    assert (rows["H1"]["finished_on"], rows["H1"]["punctuality"]) == (date(2024, 9, 6), "returned_late")
    assert rows["H1"]["workdays_late"] == 3
    assert rows["H1"]["notes"] == ""
    assert rows["H2"]["accepted_on"] == date(2024, 8, 23)
    assert rows["H3"]["punctuality"] == "not_started"  # it was only begun; the row still describes the dossier


@pytest.mark.parametrize(("other", "code"), [("A|B", None), ("A |  B", None), ("B|A", "TR-bulk-conflict")])
def test_lists_in_a_flat_log_are_compared_as_they_are_read(book: Rulebook, other: str, code: str | None) -> None:
    log = pa.table(
        {"dossier_id": ["H1", "H1"], "kind": ["dossier_accepted", "result_issued"], "at": ["2024-08-23", "2024-08-26"],
         "officers": ["A | B", other]}
    )  # fmt: skip
    (row,) = book.rescore(log, as_of=date(2024, 10, 1)).to_pylist()
    assert row["error_code"] == code
