"""A Parquet log is read as every other log: blanks around names, one form of letters, 24:00, what was only begun."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from tthc_rules import Rulebook

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("duckdb")

from tthc_rules.logs.parquetcells import as_read  # noqa: E402
from tthc_rules.runs.parts import rescore_file  # noqa: E402

AS_OF = date(2024, 10, 1)


def judged(book: Rulebook, folder: Path, log: Any, **options: Any) -> tuple[Any, dict[str, dict[str, Any]]]:
    parquet.write_table(log, folder / "log.parquet")
    question = book.question(AS_OF)
    summary = rescore_file(book, question, folder / "log.parquet", None, folder / "out.parquet", **options)
    rows = parquet.read_table(folder / "out.parquet").to_pylist()
    return summary, {row["dossier_id"]: row for row in rows}


def flat(ids: list[str], kinds: list[str], at: list[str], **more: list[Any]) -> Any:
    limit = {"time_limit.amount": [5] * len(ids), "time_limit.unit": ["workday"] * len(ids)}
    return pa.table({"dossier_id": ids, "kind": kinds, "at": at, **limit, **more})


@pytest.mark.parametrize("first", [" HS-1", "HS-1\u00a0", "HS-1\t", "HS-1"])
@pytest.mark.parametrize("form", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_an_id_with_blanks_around_it_is_that_id(book: Rulebook, tmp_path: Path, first: str, form: Any) -> None:
    ids = [first, "HS-1 x", "HS-1"]
    log = flat(ids, ["dossier_accepted"] * 2 + ["result_issued"], ["2024-08-23T08:30"] * 2 + ["2024-08-28T10:00"])
    log = log.set_column(0, "dossier_id", pa.array(ids).cast(form) if form != pa.string() else pa.array(ids))
    _, rows = judged(book, tmp_path, log)
    assert set(rows) == {"HS-1", "HS-1 x"}
    assert (rows["HS-1"]["punctuality"], rows["HS-1"]["finished_on"]) == ("early", date(2024, 8, 28))


def test_one_id_in_two_unicode_forms_is_one_dossier_after_the_sort(book: Rulebook, tmp_path: Path) -> None:
    ids = [normalize("NFD", "HS-ẤN-1"), "HS-ẤM", "HS-ẤN-1"]
    log = flat(ids, ["dossier_accepted"] * 2 + ["result_issued"], ["2024-08-23T08:30"] * 2 + ["2024-08-28T10:00"])
    _, rows = judged(book, tmp_path, log)
    assert set(rows) == {"HS-ẤN-1", "HS-ẤM"}
    assert rows["HS-ẤN-1"]["punctuality"] == "early"


@pytest.mark.parametrize("grouped", [False, True])
def test_24_00_is_the_end_of_its_day(book: Rulebook, tmp_path: Path, grouped: bool) -> None:
    log = flat(["H1", "H1"], ["dossier_accepted", "result_issued"], ["2024-08-22T24:00", "2024-08-29T24:00:00"])
    _, rows = judged(book, tmp_path, log, grouped=grouped)
    # Thursday 22/8 + 5 workdays = Thursday 29/8, which ends at 24:00
    found = rows["H1"]
    assert (found["accepted_on"], found["lawful_due"], found["punctuality"]) == (
        date(2024, 8, 22),
        date(2024, 8, 29),
        "on_time",
    )


def test_nested_events_are_read_alike(book: Rulebook, tmp_path: Path) -> None:
    events = [{"kind": "dossier_accepted", "at": "2024-08-22T24:00", "agency": None}]
    kind = pa.list_(pa.struct({"kind": pa.string(), "at": pa.string(), "agency": pa.string()}))
    log = pa.table(
        {
            "dossier_id": ["H1 ", "H2", "H3"],
            "units": [{"handling_agency": "\u00a0sở A "}, None, {"handling_agency": None}],
            "events": pa.array([events, None, []], kind),
        }
    )
    _, rows = judged(book, tmp_path, log)
    assert rows["H1"]["accepted_on"] == date(2024, 8, 22)
    assert rows["H1"]["handling_agency"] == "sở A"
    assert set(rows) == {"H1", "H2", "H3"}


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("name", ["out.parquet", "out.ndjson"])
def test_what_was_only_begun_is_left_out_and_counted(book: Rulebook, tmp_path: Path, grouped: bool, name: str) -> None:
    log = flat(
        ["H1"] * 3,
        ["dossier_accepted", "result_issued", "result_issued"],
        ["2024-08-23T08:30", "2024-08-26T10:00", "2024-09-06T10:00"],
        **{"lifecycle:transition": ["complete", "Schedule", None]},
    )
    parquet.write_table(log, tmp_path / "log.parquet")
    summary = rescore_file(book, book.question(AS_OF), tmp_path / "log.parquet", None, tmp_path / name, grouped=grouped)
    assert summary.left_out == {"schedule": 1}
    assert summary.punctuality == {"returned_late": 1}


def test_what_needs_no_change_is_handed_on_as_it_is() -> None:
    log = flat(["H1", "H2"], ["dossier_accepted"] * 2, ["2024-08-23"] * 2)
    assert as_read(log) is log


@pytest.mark.parametrize(
    ("ids", "spoiled"),
    [
        (["H1", "H2", "H3"], set()),
        (["H3", "H1", "H2"], set()),
        (["H1", "H2", "H1"], {"H1"}),
        (["H1", "H1 ", "H2"], {"H1"}),
        ([None, "H2", "H2", None], {None, "H2"}),
        ([], set()),
    ],
)
def test_a_nested_dossier_that_comes_again_is_judged_at_no_place(
    book: Rulebook, tmp_path: Path, ids: list[str | None], spoiled: set[str | None]
) -> None:
    events = [[{"kind": "dossier_accepted", "at": "2024-08-23"}]] * len(ids)
    kind = pa.list_(pa.struct({"kind": pa.string(), "at": pa.string()}))
    log = pa.table({"dossier_id": pa.array(ids, pa.string()), "events": pa.array(events, kind)})
    parquet.write_table(log, tmp_path / "log.parquet", row_group_size=2)
    rescore_file(book, book.question(AS_OF), tmp_path / "log.parquet", None, tmp_path / "out.parquet")
    rows = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert len(rows) == len(ids)
    assert {row["dossier_id"] or None for row in rows if row["error_code"]} == spoiled
    assert {row["error_code"] for row in rows if row["dossier_id"] and row["error_code"]} <= {"TR-bulk-twice"}


def test_views_of_text_are_read_alike(book: Rulebook, tmp_path: Path) -> None:
    """A type that a log may have: its rows must not fall apart into two dossiers."""
    kinds, at = ["dossier_accepted", "result_issued"], ["2024-08-23T08:30", "2024-08-27T24:00"]
    log = flat([" HS-1", "HS-1"], kinds, at)
    for place, name in ((0, "dossier_id"), (2, "at")):
        log = log.set_column(place, name, log[name].cast(pa.string_view()))
    _, rows = judged(book, tmp_path, log)
    assert {name: row["punctuality"] for name, row in rows.items()} == {"HS-1": "early"}


def test_names_in_lists_of_a_fixed_size_are_read_alike(book: Rulebook, tmp_path: Path) -> None:
    moments = [
        ("dossier_accepted", "2024-08-22T24:00", None, None),
        ("opinion_requested", "2024-08-26T08:00", " x ", "2024-08-27"),
    ]
    moments.append(("opinion_received", "2024-08-26T09:00", "x", None))
    events = [dict(zip(("kind", "at", "agency", "due"), one, strict=True)) for one in moments]
    log = pa.Table.from_pylist([{"dossier_id": "H1", "time_limit": {"amount": 5, "unit": "workday"}, "events": events}])
    made = log["events"].combine_chunks()
    log = log.set_column(log.column_names.index("events"), "events", made.cast(pa.list_(made.type.value_type, 3)))
    found = judged(book, tmp_path, log)[1]["H1"]
    assert found["error_code"] is None, found["error"]
    assert [(step["agency"], step["outcome"]) for step in found["steps"]] == [("x", "early")]


@pytest.mark.parametrize("form", [pa.string(), pa.large_string()])
def test_blanks_around_the_name_of_an_officer_are_no_part_of_it(book: Rulebook, tmp_path: Path, form: Any) -> None:
    log = flat(["H1"], ["dossier_accepted"], ["2024-08-23T08:30"], officers=[[" A ", "B"]])
    log = log.set_column(log.column_names.index("officers"), "officers", log["officers"].cast(pa.list_(form)))
    assert judged(book, tmp_path, log)[1]["H1"]["officers"] == "A|B"


def test_columns_of_process_mining_in_nested_events_are_read_alike(book: Rulebook, tmp_path: Path) -> None:
    event = {"concept:name": "dossier_accepted", "time:timestamp": "2024-08-22T24:00"}
    log = pa.Table.from_pylist([{"dossier_id": "H1", "field": " Đất đai\u00a0", "events": [event]}])
    found = judged(book, tmp_path, log)[1]["H1"]
    assert (found["error_code"], found["accepted_on"], found["field"]) == (None, date(2024, 8, 22), "Đất đai")


def test_lists_of_a_fixed_size_keep_their_gaps(book: Rulebook, tmp_path: Path) -> None:
    kind = pa.list_(pa.struct({"kind": pa.string(), "at": pa.string()}), 1)
    events = pa.array([[{"kind": "dossier_accepted", "at": "2024-08-22T24:00"}], None], kind)
    rows = judged(book, tmp_path, pa.table({"dossier_id": ["H1", "H2"], "events": events}))[1]
    assert [rows[name]["accepted_on"] for name in ("H1", "H2")] == [date(2024, 8, 22), None]
    assert rows["H2"]["error_code"] is None
