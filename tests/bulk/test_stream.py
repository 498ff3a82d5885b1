"""Parquet in, one row a dossier out: the same rows as in memory, and after any stop the same bytes as without."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
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
from pyarrow import parquet  # noqa: E402
from truth import AS_OF, DOSSIERS, Json, assert_as_reference, columns, fields_of, log_of  # noqa: E402

from tthc_rules import cli  # noqa: E402
from tthc_rules.bulk.rescore import Rescorer  # noqa: E402
from tthc_rules.runs import source as parquetsource  # noqa: E402
from tthc_rules.runs.output import MANIFEST  # noqa: E402
from tthc_rules.runs.parts import rescore_file  # noqa: E402

ROOT: Final = Path(__file__).parents[2]
SMALL: Final = {"parts.PART": 5, "source.PART": 5, "parts.PIECES": 2, "source._EVENTS": 17}
"""Sizes that make several parts of a few dozen dossiers: ten dossiers a part in a nested log."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a few dossiers."""
    for name, size in SMALL.items():
        monkeypatch.setattr(f"tthc_rules.runs.{name}", size)


@pytest.fixture
def sorting() -> None:
    """Asked for by every test whose log is sorted on disk."""
    pytest.importorskip("duckdb", reason='chưa cài duckdb / not installed: pip install "tthc-rules[bulk]"')


# -- logs --------------------------------------------------------------------------------------------------------------


def many(n: int = 30) -> list[Json]:
    """Dossiers of every sort, every ninth of them broken, in order of id."""
    made = []
    for k in range(n):
        dossier = {**DOSSIERS[k % len(DOSSIERS)], "dossier_id": f"H56.14-{k:04d}-đ"}
        if k % 9 == 4:
            dossier["jurisdiction"] = "atlantis"
        if k % 9 == 7:
            dossier["events"] = [*dossier["events"], {"kind": "result_issued", "at": "32/13/2024"}]
        made.append(dossier)
    return made


def log_table(dossiers: Sequence[Json], own: bool = True) -> Any:
    return pa.table(columns(log_of(dossiers, own)))


def about_table(dossiers: Sequence[Json]) -> Any:
    return pa.table(columns(fields_of(dossiers)))


def nested_table(dossiers: Sequence[Json]) -> Any:
    names = dict.fromkeys(name for dossier in dossiers for event in dossier["events"] for name in event)
    logs = [[{name: event.get(name) for name in names} for event in dossier["events"]] for dossier in dossiers]
    return about_table(dossiers).append_column("events", pa.array(logs))


def shuffled(table: Any) -> Any:
    """The rows in another order, as they arrive; those of one dossier in theirs."""
    return table.take(sorted(range(len(table)), key=lambda k: (k * 37 % 11, k)))


def written(path: Path, table: Any, **how: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, path, **{"row_group_size": 10, **how})
    return path


def judged(
    book: Rulebook, events: Path, output: Path, dossiers: Path | None = None, as_of: date = AS_OF, **how: Any
) -> Any:
    return rescore_file(book, book.question(as_of), events, dossiers, output, **how)


def rows_of(output: Path) -> list[Json]:
    rows: list[Json] = parquet.read_table(output).to_pylist()
    return rows


def by_id(rows: list[Json]) -> list[Json]:
    """In order of dossier id as bytes, those without one last."""
    return sorted(rows, key=lambda row: (not row["dossier_id"], (row["dossier_id"] or "").encode()))


def content(folder: Path) -> dict[str, str]:
    """The files of a folder, by a digest of their bytes: equal only where every byte is."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def partial(output: Path) -> Path:
    return output.with_name(f".{output.name}.partial")


class Stopped(Exception):  # noqa: N818
    """Something from outside that ends a run."""


def stopping_at(rows: int) -> Callable[[int, int | None], None]:
    def progress(done: int, total: int | None) -> None:
        if done >= rows:
            raise Stopped

    return progress


def stopped(book: Rulebook, events: Path, output: Path, at: int = 20, **how: Any) -> None:
    with pytest.raises(Stopped):
        judged(book, events, output, progress=stopping_at(at), **how)


# -- the same rows as in memory ----------------------------------------------------------------------------------------


def test_a_nested_file_gives_the_rows_of_its_dossiers_in_several_parts(book: Rulebook, tmp_path: Path) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many()))
    judged(book, events, tmp_path / "out.parquet")
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), many())
    assert len(list((tmp_path / "out.parquet").glob("part-*.parquet"))) == 3


def test_the_types_of_the_file_are_those_of_the_table_in_memory(book: Rulebook, tmp_path: Path) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many()))
    judged(book, events, tmp_path / "out.parquet")
    in_memory = book.rescore(nested_table(many()), as_of=AS_OF)
    assert parquet.read_table(tmp_path / "out.parquet").schema.equals(in_memory.schema)


def test_a_grouped_flat_file_gives_the_rows_of_its_dossiers(book: Rulebook, tmp_path: Path) -> None:
    events = written(tmp_path / "log.parquet", log_table(many()))
    judged(book, events, tmp_path / "out.parquet", grouped=True)
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), many())


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_where_a_grouped_file_is_cut_changes_nothing(
    book: Rulebook, tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquetsource, "_EVENTS", size)
    events = written(tmp_path / "log.parquet", log_table(many(12)))
    judged(book, events, tmp_path / "out.parquet", grouped=True)
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), many(12))


def test_grouped_events_without_an_id_are_a_row_each(book: Rulebook, tmp_path: Path) -> None:
    rows = [*log_of(many(3)), *({"dossier_id": None, "kind": "step_done", "at": "2024-08-23"} for _ in range(9))]
    log = pa.table(columns(rows))
    judged(book, written(tmp_path / "log.parquet", log), tmp_path / "out.parquet", grouped=True)
    assert rows_of(tmp_path / "out.parquet") == book.rescore(log, as_of=AS_OF).to_pylist()


def test_a_file_in_order_of_arrival_is_sorted_by_dossier(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    log = shuffled(log_table(many()))
    judged(book, written(tmp_path / "log.parquet", log), tmp_path / "out.parquet")
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), many())


def test_events_without_an_id_come_last_in_a_sorted_result(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    nameless = [{"dossier_id": None, "kind": "step_done", "at": "2024-08-23"} for _ in range(3)]
    log = shuffled(pa.table(columns([*nameless, *log_of(many(5))])))
    judged(book, written(tmp_path / "log.parquet", log), tmp_path / "out.parquet")
    assert rows_of(tmp_path / "out.parquet") == by_id(book.rescore(log, as_of=AS_OF).to_pylist())


def test_ids_are_sorted_as_bytes(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    ids = ["Đ1", "D1", "d1", "Z", "đ", "😀", "a b", "\uffff", "10", "9", "é", "e\u0301"]
    given = [{**DOSSIERS[0], "dossier_id": name} for name in ids]
    log = shuffled(log_table(given))
    judged(book, written(tmp_path / "log.parquet", log), tmp_path / "out.parquet")
    assert rows_of(tmp_path / "out.parquet") == by_id(book.rescore(log, as_of=AS_OF).to_pylist())


def test_ties_of_a_sorted_file_keep_the_order_of_its_rows(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    at = "2024-08-26T09:00"
    tied = [{"kind": kind, "at": at} for kind in ("clock_resumed", "clock_paused", "result_issued")]
    given = [
        {"dossier_id": "A", "events": [{"kind": "dossier_accepted", "at": "2024-08-23"}, *tied]},
        {"dossier_id": "B", "events": [{"kind": "dossier_accepted", "at": "2024-08-23"}, *tied[::-1]]},
    ]
    log = log_table(given).take([4, 0, 5, 1, 6, 2, 7, 3])
    judged(book, written(tmp_path / "log.parquet", log), tmp_path / "out.parquet")
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), given)


def test_a_file_under_process_mining_names_is_sorted_too(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    names = {"dossier_id": "case:concept:name", "kind": "concept:name", "at": "time:timestamp"}
    log = shuffled(log_table(many(9)))
    log = log.rename_columns([names.get(name, name) for name in log.column_names])
    judged(book, written(tmp_path / "log.parquet", log), tmp_path / "out.parquet")
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), many(9))


# -- with a file of dossiers -------------------------------------------------------------------------------------------


def test_the_fields_may_stand_in_a_file_of_dossiers(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    log = written(tmp_path / "log.parquet", shuffled(log_table(many(), own=False)))
    about = written(tmp_path / "about.parquet", about_table(many()).take(list(range(29, -1, -1))))
    judged(book, log, tmp_path / "out.parquet", about)
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), many())


def test_words_in_a_file_of_dossiers_may_be_dictionaries(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    log = written(tmp_path / "log.parquet", shuffled(log_table(many(), own=False)))
    about = about_table(many())
    for place, name in enumerate(about.column_names):
        if pa.types.is_string(about[name].type) and name != "dossier_id":
            about = about.set_column(place, name, about[name].dictionary_encode())
    judged(book, log, tmp_path / "out.parquet", written(tmp_path / "about.parquet", about))
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), many())


def test_dossiers_without_events_have_rows_wherever_they_stand(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    given = [{**dossier, "events": []} if k % 5 < 2 or k > 26 else dossier for k, dossier in enumerate(many())]
    log = written(tmp_path / "log.parquet", shuffled(log_table(given, own=False)))
    judged(book, log, tmp_path / "out.parquet", written(tmp_path / "about.parquet", about_table(given)))
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), given)


def test_ids_that_only_the_log_knows_keep_the_order_of_ids(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    log, about = shuffled(log_table(many(), own=False)), about_table(many()).take(list(range(0, 30, 2)))
    paths = written(tmp_path / "log.parquet", log), written(tmp_path / "about.parquet", about)
    judged(book, paths[0], tmp_path / "out.parquet", paths[1])
    rows = rows_of(tmp_path / "out.parquet")
    assert [row["dossier_id"] for row in rows] == [dossier["dossier_id"] for dossier in many()]


def test_each_id_is_judged_as_in_memory_whether_or_not_it_has_fields(
    book: Rulebook, tmp_path: Path, sorting: None
) -> None:
    log, about = shuffled(log_table(many(), own=False)), about_table(many()).take(list(range(0, 20, 2)))
    paths = written(tmp_path / "log.parquet", log), written(tmp_path / "about.parquet", about)
    judged(book, paths[0], tmp_path / "out.parquet", paths[1])
    assert by_id(rows_of(tmp_path / "out.parquet")) == by_id(book.rescore(log, about, as_of=AS_OF).to_pylist())


def test_a_field_in_the_log_means_the_same_before_and_after_the_last_known_dossier(
    book: Rulebook, tmp_path: Path, sorting: None
) -> None:
    log = shuffled(log_table(many(30), own=False))
    log = log.append_column("jurisdiction", pa.array(["son-la"] * len(log)))
    about = about_table(many(6))
    paths = written(tmp_path / "log.parquet", log), written(tmp_path / "about.parquet", about)
    judged(book, paths[0], tmp_path / "out.parquet", paths[1])
    assert by_id(rows_of(tmp_path / "out.parquet")) == by_id(book.rescore(log, about, as_of=AS_OF).to_pylist())


def test_a_dossier_twice_in_the_file_of_dossiers_is_an_error_row(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    log = written(tmp_path / "log.parquet", shuffled(log_table(many(9), own=False)))
    about = pa.concat_tables([about_table(many(9)), about_table(many(9)).slice(2, 1)])
    judged(book, log, tmp_path / "out.parquet", written(tmp_path / "about.parquet", about))
    rows = rows_of(tmp_path / "out.parquet")
    assert len(rows) == 10
    twice = many(9)[2]["dossier_id"]
    assert [row["error_code"] for row in rows if row["dossier_id"] == twice] == ["TR-bulk-twice"] * 2


def test_a_row_without_an_id_in_the_file_of_dossiers_is_an_error_row(
    book: Rulebook, tmp_path: Path, sorting: None
) -> None:
    log = written(tmp_path / "log.parquet", shuffled(log_table(many(9), own=False)))
    about = about_table([*many(9), {"dossier_id": None}])
    judged(book, log, tmp_path / "out.parquet", written(tmp_path / "about.parquet", about))
    rows = rows_of(tmp_path / "out.parquet")
    assert len(rows) == 10
    assert sum(not row["dossier_id"] for row in rows) == 1


def test_an_empty_log_beside_a_file_of_dossiers(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    given = [{**dossier, "events": []} for dossier in many()]
    log = written(tmp_path / "log.parquet", log_table(many(), own=False).slice(0, 0))
    judged(book, log, tmp_path / "out.parquet", written(tmp_path / "about.parquet", about_table(given)))
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), given)


def test_a_nested_log_beside_a_file_of_dossiers_is_refused(book: Rulebook, tmp_path: Path) -> None:
    log = written(tmp_path / "log.parquet", nested_table(many(3)))
    with pytest.raises(InputFileError) as caught:
        judged(book, log, tmp_path / "out.parquet", written(tmp_path / "about.parquet", about_table(many(3))))
    assert caught.value.code == "TR-bulk-table"


# -- folders -----------------------------------------------------------------------------------------------------------


def test_a_folder_of_nested_files_is_one_log_in_order_of_their_names(book: Rulebook, tmp_path: Path) -> None:
    written(tmp_path / "log" / "b.parquet", nested_table(many()[20:]))
    written(tmp_path / "log" / "a.parquet", nested_table(many()[:20]))
    (tmp_path / "log" / "notes.txt").write_text("không phải dữ liệu", encoding="utf-8")
    judged(book, tmp_path / "log", tmp_path / "out.parquet")
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), many())


def test_a_dossier_of_a_grouped_folder_may_go_on_in_the_next_file(book: Rulebook, tmp_path: Path) -> None:
    log = log_table(many())
    for name, start in (("a", 0), ("b", 11), ("c", 50)):
        end = {"a": 11, "b": 50, "c": len(log)}[name]
        written(tmp_path / "log" / f"{name}.parquet", log.slice(start, end - start))
    judged(book, tmp_path / "log", tmp_path / "out.parquet", grouped=True)
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), many())


def test_a_folder_in_order_of_arrival_is_sorted_whole(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    log = shuffled(log_table(many()))
    written(tmp_path / "log" / "2.parquet", log.slice(60))
    written(tmp_path / "log" / "1.parquet", log.slice(0, 60))
    judged(book, tmp_path / "log", tmp_path / "out.parquet")
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), many())


def test_ties_across_the_files_of_a_folder_keep_the_order_of_the_files(
    book: Rulebook, tmp_path: Path, sorting: None
) -> None:
    at = "2024-08-26T09:00"
    events = [{"kind": "dossier_accepted", "at": "2024-08-23"}, {"kind": "clock_paused", "at": at, "ground": "x"}]
    given = [{"dossier_id": "A", "events": [*events, {"kind": "clock_resumed", "at": at}]}]
    log = log_table(given)
    written(tmp_path / "log" / "1.parquet", log.slice(0, 2))
    written(tmp_path / "log" / "2.parquet", log.slice(2))
    judged(book, tmp_path / "log", tmp_path / "out.parquet")
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), given)


def test_a_folder_without_parquet_files_is_refused(book: Rulebook, tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    with pytest.raises(InputFileError) as caught:
        judged(book, tmp_path / "log", tmp_path / "out.parquet")
    assert caught.value.code == "TR-bulk-file"


# -- names of files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", ["nested", "grouped", "sorted"])
@pytest.mark.parametrize(
    "name", ["hồ sơ tháng 8, đợt 1.parquet", "log [2024].parquet", "100% hồ sơ's.parquet", "what? * .parquet"]
)
def test_names_of_files_may_hold_anything(book: Rulebook, tmp_path: Path, name: str, layout: str) -> None:
    if layout == "sorted":
        pytest.importorskip("duckdb", reason="chưa cài duckdb / duckdb is not installed")
    table = nested_table(many(9)) if layout == "nested" else log_table(many(9))
    events = written(tmp_path / "thư mục vào [1]" / name, table)
    output = tmp_path / "thư mục ra" / f"kết quả {name}"
    output.parent.mkdir()
    judged(book, events, output, grouped=layout == "grouped")
    assert_as_reference(book, rows_of(output), many(9))


# -- text out ----------------------------------------------------------------------------------------------------------


def as_json(row: Json) -> Json:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


@pytest.mark.parametrize("grouped", [False, True])
def test_ndjson_has_the_same_rows(book: Rulebook, tmp_path: Path, grouped: bool) -> None:
    table = log_table(many()) if grouped else nested_table(many())
    summary = judged(book, written(tmp_path / "log.parquet", table), tmp_path / "out.ndjson", grouped=grouped)
    lines = (tmp_path / "out.ndjson").read_text(encoding="utf-8").splitlines()
    expected = book.rescore(nested_table(many()), as_of=AS_OF).to_pylist()
    assert [json.loads(line) for line in lines] == [as_json(row) for row in expected]
    assert summary.dossiers == 30


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_the_same_rows(book: Rulebook, tmp_path: Path) -> None:
    judged(book, written(tmp_path / "log.parquet", nested_table(many())), tmp_path / "out.csv")
    expected = book.rescore(nested_table(many()), as_of=AS_OF).to_pylist()
    rows = csv_rows(tmp_path / "out.csv")
    got = [{name: cell for name, cell in row.items() if name != "provisional"} for row in rows]
    assert got == [
        {name: "" if cell in (None, []) else str(cell) for name, cell in as_json(row).items() if name != "provisional"}
        for row in expected
    ]


def test_csv_writes_provisional_as_documented(book: Rulebook, tmp_path: Path) -> None:
    judged(book, written(tmp_path / "log.parquet", nested_table(many(5))), tmp_path / "out.csv")
    assert {row["provisional"] for row in csv_rows(tmp_path / "out.csv")} == {"false", ""}


def test_csv_has_a_mark_and_windows_line_ends(book: Rulebook, tmp_path: Path) -> None:
    judged(book, written(tmp_path / "log.parquet", nested_table(many(5))), tmp_path / "out.csv")
    data = (tmp_path / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfdossier_id,error_code,")
    assert data.count(b"\r\n") == 6 == data.count(b"\n")


def test_a_stopped_run_leaves_no_text(book: Rulebook, tmp_path: Path) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many()))
    stopped(book, events, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_text_cannot_be_resumed(book: Rulebook, tmp_path: Path) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many()))
    with pytest.raises(InputFileError) as caught:
        judged(book, events, tmp_path / "out.csv", resume=True)
    assert caught.value.code == "TR-bulk-resume"


# -- the summary and the manifest --------------------------------------------------------------------------------------


def test_the_summary_counts_the_rows(book: Rulebook, tmp_path: Path) -> None:
    summary = judged(book, written(tmp_path / "log.parquet", nested_table(many())), tmp_path / "out.parquet")
    rows = book.rescore(nested_table(many()), as_of=AS_OF).to_pylist()
    good = [row for row in rows if not row["error_code"]]
    assert summary.dossiers == 30
    assert summary.errors == Counter(row["error_code"] for row in rows if row["error_code"])
    assert summary.punctuality == Counter(row["punctuality"] for row in good)
    assert summary.notes == Counter(note for row in good for note in row["notes"].split("|") if note)
    faults = ("missed", "broken")
    assert summary.missed == Counter(name for row in good for name, value in row.items() if value in faults)


def test_the_manifest_says_what_the_result_was_made_of(book: Rulebook, tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    events = written(tmp_path / "log.parquet", nested_table(many()))
    rescore_file(book, book.question(AS_OF, date(2024, 9, 1), "qd766"), events, None, output)
    said = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
    assert said["run"]["rules"] == book.corpus.digest
    assert said["run"]["question"]["as_of"] == "2024-09-20"
    assert said["run"]["question"]["known_on"] == "2024-09-01"
    assert said["run"]["question"]["lateness"] == "qd766"
    assert said["run"]["calendars"]["vn"] == book.calendar("vn", known_on=date(2024, 9, 1)).digest
    assert [file["name"] for file in said["run"]["input"][0]["files"]] == ["log.parquet"]
    assert said["run"]["input"][0]["files"][0]["size"] == events.stat().st_size
    assert sum(part["rows"] for part in said["parts"]) == 30
    for part in said["parts"]:
        assert parquet.read_metadata(output / part["name"]).num_rows == part["rows"]
        assert hashlib.sha256((output / part["name"]).read_bytes()).hexdigest() == part["digest"]


def test_the_result_holds_its_parts_and_the_manifest_and_nothing_else(book: Rulebook, tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    judged(book, written(tmp_path / "log.parquet", nested_table(many())), output)
    said = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
    assert set(content(output)) == {MANIFEST, *(part["name"] for part in said["parts"])}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.parquet", "out.parquet"]


def test_progress_is_told_of_every_dossier_and_of_all_of_them(book: Rulebook, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    events = written(tmp_path / "log.parquet", nested_table(many()))
    judged(book, events, tmp_path / "out.parquet", progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1] == (30, 30)


@pytest.mark.parametrize("layout", ["nested", "grouped", "sorted"])
@pytest.mark.parametrize("output", ["out.parquet", "out.csv", "out.ndjson"])
def test_an_empty_file_gives_an_empty_result(book: Rulebook, tmp_path: Path, layout: str, output: str) -> None:
    if layout == "sorted":
        pytest.importorskip("duckdb", reason="chưa cài duckdb / duckdb is not installed")
    table = nested_table(many(3)) if layout == "nested" else log_table(many(3))
    events = written(tmp_path / "log.parquet", table.slice(0, 0))
    summary = judged(book, events, tmp_path / output, grouped=layout == "grouped")
    assert summary.dossiers == 0
    if output == "out.parquet":
        got = parquet.read_table(tmp_path / output)
        assert (len(got), got.schema.names) == (0, book.rescore(nested_table(many(1)), as_of=AS_OF).schema.names)
    else:
        assert (tmp_path / output).exists()


def test_a_thread_more_or_less_changes_no_byte(book: Rulebook, tmp_path: Path) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many()))
    judged(book, events, tmp_path / "1", threads=1, format="parquet")
    judged(book, events, tmp_path / "3", threads=3, format="parquet")
    assert content(tmp_path / "1") == content(tmp_path / "3")


# -- nothing under the final name until all is written -----------------------------------------------------------------


def test_the_final_name_appears_only_when_all_is_written(book: Rulebook, tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    seen = []
    events = written(tmp_path / "log.parquet", nested_table(many()))
    judged(book, events, output, progress=lambda done, total: seen.append(output.exists()))
    assert set(seen) == {False}
    assert output.is_dir()


def test_a_stopped_run_leaves_nothing_under_the_final_name(book: Rulebook, tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    stopped(book, written(tmp_path / "log.parquet", nested_table(many())), output)
    assert not output.exists()
    assert (partial(output) / MANIFEST).is_file()


@pytest.mark.parametrize("before", ["folder", "file"])
def test_what_bore_the_name_before_stays_until_the_end(book: Rulebook, tmp_path: Path, before: str) -> None:
    output = tmp_path / "out.parquet"
    old = output if before == "file" else output / "part-00000.parquet"
    if before == "file":
        written(old, pa.table({"old": [1]}))
    else:
        judged(book, written(tmp_path / "log.parquet", nested_table(many(3))), output)
    kept = old.read_bytes()
    events = written(tmp_path / "log.parquet", nested_table(many()))
    stopped(book, events, output)
    assert old.read_bytes() == kept
    judged(book, events, output)
    assert len(rows_of(output)) == 30
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.parquet", "out.parquet"]


def test_a_run_without_resume_starts_anew(book: Rulebook, tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    events = written(tmp_path / "log.parquet", nested_table(many()))
    stopped(book, events, output)
    judged(book, events, output, as_of=date(2024, 10, 1))
    assert_as_reference(book, rows_of(output), many(), date(2024, 10, 1))


def test_an_output_below_a_file_is_unwritable(book: Rulebook, tmp_path: Path) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many(3)))
    for name in ("out.parquet", "out.csv"):
        with pytest.raises(InputFileError) as caught:
            judged(book, events, events / name)
        assert caught.value.code == "TR-result-unwritable"


def test_a_folder_that_may_not_be_written_is_unwritable(book: Rulebook, tmp_path: Path) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many(3)))
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    if os.access(closed, os.W_OK):
        pytest.skip("người chạy có quyền ghi mọi nơi / whoever runs this may write anywhere")
    for name in ("out.parquet", "out.csv"):
        with pytest.raises(InputFileError) as caught:
            judged(book, events, closed / name)
        assert caught.value.code == "TR-result-unwritable"


def test_a_disk_that_fills_up_is_said_and_can_be_resumed(
    book: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many()))
    judged(book, events, tmp_path / "whole", format="parquet")
    calls = []

    def full(file: int) -> None:
        calls.append(file)
        if len(calls) > 6:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(InputFileError) as caught:
            judged(book, events, tmp_path / "out", format="parquet")
    assert caught.value.code == "TR-result-unwritable"
    assert not (tmp_path / "out").exists()
    judged(book, events, tmp_path / "out", format="parquet", resume=True)
    assert content(tmp_path / "out") == content(tmp_path / "whole")


# -- grouped, or not ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["out.parquet", "out.csv"])
def test_a_log_that_is_not_grouped_is_refused_and_nothing_is_published(
    book: Rulebook, tmp_path: Path, output: str
) -> None:
    log = log_table(many())
    log = pa.concat_tables([log.slice(1, 44), log.slice(0, 1), log.slice(45)])
    with pytest.raises(InputFileError) as caught:
        judged(book, written(tmp_path / "log.parquet", log), tmp_path / output, grouped=True)
    assert caught.value.code == "TR-bulk-grouped"
    assert not (tmp_path / output).exists()


@pytest.mark.parametrize("apart", [1, 2, 4, 8, 16])
def test_rows_that_are_a_little_apart_are_refused_or_judged_as_one_dossier(
    book: Rulebook, tmp_path: Path, apart: int
) -> None:
    log = log_table(many())
    log = pa.concat_tables([log.slice(1, 4 + apart), log.slice(0, 1), log.slice(5 + apart)])
    refusal = ""
    try:
        judged(book, written(tmp_path / "log.parquet", log), tmp_path / "out.parquet", grouped=True)
    except InputFileError as error:
        refusal = error.code
    if refusal:
        assert (refusal, (tmp_path / "out.parquet").exists()) == ("TR-bulk-grouped", False)
    else:
        assert by_id(rows_of(tmp_path / "out.parquet")) == by_id(book.rescore(log, as_of=AS_OF).to_pylist())


def test_a_log_that_is_not_grouped_stays_refused_when_resumed(book: Rulebook, tmp_path: Path) -> None:
    log = log_table(many())
    events = written(tmp_path / "log.parquet", pa.concat_tables([log.slice(1), log.slice(0, 1)]))
    for resume in (False, True):
        with pytest.raises(InputFileError) as caught:
            judged(book, events, tmp_path / "out.parquet", grouped=True, resume=resume)
        assert caught.value.code == "TR-bulk-grouped"
    assert not (tmp_path / "out.parquet").exists()


# -- stopped, and resumed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0, 10, 25, 30])
def test_a_nested_run_stopped_anywhere_and_resumed_gives_the_bytes_of_an_undisturbed_one(
    book: Rulebook, tmp_path: Path, at: int
) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many()))
    whole = judged(book, events, tmp_path / "whole", format="parquet")
    stopped(book, events, tmp_path / "out", at, format="parquet")
    resumed = judged(book, events, tmp_path / "out", format="parquet", resume=True)
    assert content(tmp_path / "out") == content(tmp_path / "whole")
    assert resumed == whole


@pytest.mark.parametrize("layout", ["grouped", "sorted", "with dossiers"])
def test_a_flat_run_stopped_and_resumed_gives_the_bytes_of_an_undisturbed_one(
    book: Rulebook, tmp_path: Path, layout: str
) -> None:
    if layout != "grouped":
        pytest.importorskip("duckdb", reason="chưa cài duckdb / duckdb is not installed")
    log = log_table(many(), own=layout != "with dossiers")
    events = written(tmp_path / "log.parquet", log if layout == "grouped" else shuffled(log))
    about = written(tmp_path / "about.parquet", about_table(many())) if layout == "with dossiers" else None
    how: Json = {"dossiers": about, "grouped": layout == "grouped", "format": "parquet"}
    judged(book, events, tmp_path / "whole", **how)
    stopped(book, events, tmp_path / "out", 20, **how)
    judged(book, events, tmp_path / "out", **how, resume=True)
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_run_may_be_stopped_and_resumed_again_and_again(book: Rulebook, tmp_path: Path) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many()))
    judged(book, events, tmp_path / "whole", format="parquet")
    stopped(book, events, tmp_path / "out", 9, format="parquet")
    for at in (17, 26):
        stopped(book, events, tmp_path / "out", at, format="parquet", resume=True)
    judged(book, events, tmp_path / "out", format="parquet", resume=True)
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_what_is_done_is_not_judged_again(book: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many()))
    stopped(book, events, tmp_path / "out.parquet", 25)
    done: list[int] = []
    judged(book, events, tmp_path / "out.parquet", resume=True, progress=lambda rows, total: done.append(rows))
    assert done[0] == 20


def test_rubbish_of_the_stop_is_swept_away(book: Rulebook, tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    events = written(tmp_path / "log.parquet", nested_table(many()))
    stopped(book, events, output)
    (partial(output) / ".part-00009.parquet.part").write_bytes(b"half")
    (partial(output) / "part-00099.parquet").write_bytes(b"not entered")
    judged(book, events, output, resume=True)
    assert_as_reference(book, rows_of(output), many())


RUNNER: Final = f"""
import sys, time
from tthc_rules.runs import parts, source
for name, size in {SMALL!r}.items():
    module, name = name.split(".")
    setattr(vars()[module], name, size)
count = parts._count
def slowly(*given):
    time.sleep(0.05)
    count(*given)
parts._count = slowly
from tthc_rules.cli import main
main()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="hệ này không có SIGKILL / no SIGKILL here")
def test_a_run_killed_outright_and_resumed_gives_the_bytes_of_an_undisturbed_one(
    book: Rulebook, tmp_path: Path
) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many(120)))
    judged(book, events, tmp_path / "whole.parquet")
    output = tmp_path / "out.parquet"
    asked = [sys.executable, "-c", RUNNER, "rescore", str(events), "-o", str(output), "--as-of", "2024-09-20", "-q"]
    with subprocess.Popen(asked, cwd=ROOT, stderr=subprocess.PIPE) as run:
        end = time.monotonic() + 90
        while not (partial(output) / "part-00002.parquet").exists() and time.monotonic() < end:
            assert run.poll() is None, run.communicate()[1].decode()
            time.sleep(0.01)
        run.kill()
        run.communicate()
    assert run.returncode == -signal.SIGKILL
    assert not output.exists()
    assert 0 < len(json.loads((partial(output) / MANIFEST).read_text(encoding="utf-8"))["parts"]) < 12
    judged(book, events, output, resume=True)
    assert content(output) == content(tmp_path / "whole.parquet")


# -- what may not be resumed -------------------------------------------------------------------------------------------


def refused(book: Rulebook, events: Path, output: Path, **how: Any) -> InputFileError:
    with pytest.raises(InputFileError) as caught:
        judged(book, events, output, resume=True, **how)
    assert caught.value.code == "TR-bulk-resume"
    assert not output.exists()
    return caught.value


@pytest.fixture
def stop(book: Rulebook, tmp_path: Path) -> tuple[Path, Path]:
    """The input and the output of a nested run that was stopped."""
    events, output = written(tmp_path / "log.parquet", nested_table(many())), tmp_path / "out.parquet"
    stopped(book, events, output)
    return events, output


def test_there_must_be_something_to_resume(book: Rulebook, tmp_path: Path) -> None:
    refused(book, written(tmp_path / "log.parquet", nested_table(many())), tmp_path / "out.parquet")


def test_a_run_that_was_finished_cannot_be_resumed(book: Rulebook, tmp_path: Path) -> None:
    events, output = written(tmp_path / "log.parquet", nested_table(many())), tmp_path / "out.parquet"
    judged(book, events, output)
    kept = content(output)
    with pytest.raises(InputFileError) as caught:
        judged(book, events, output, resume=True)
    assert caught.value.code == "TR-bulk-resume"
    assert content(output) == kept


def test_another_day_is_another_run(book: Rulebook, stop: tuple[Path, Path]) -> None:
    refused(book, *stop, as_of=date(2024, 9, 21))


@pytest.mark.parametrize(
    "more", [{"known_on": date(2024, 9, 1)}, {"lateness": "qd766"}, {"calendar": "vn"}, {"hours": "default"}], ids=repr
)
def test_another_question_is_another_run(book: Rulebook, stop: tuple[Path, Path], more: Json) -> None:
    with pytest.raises(InputFileError) as caught:
        rescore_file(book, book.question(AS_OF, **more), stop[0], None, stop[1], resume=True)
    assert caught.value.code == "TR-bulk-resume"


def test_other_rules_are_another_run(stop: tuple[Path, Path], tmp_path: Path) -> None:
    shipped = ROOT / "rulesets" / "hours" / "default.yaml"
    text = shipped.read_text(encoding="utf-8").replace("hours: default", "hours: gio-khac")
    (tmp_path / "rules" / "hours").mkdir(parents=True)
    (tmp_path / "rules" / "hours" / "gio-khac.yaml").write_text(text, encoding="utf-8")
    refused(Rulebook.load(tmp_path / "rules"), *stop)


def test_another_reading_is_another_run(stop: tuple[Path, Path]) -> None:
    refused(Rulebook.load(interpretations={"r1_supplement_effect": "restart"}), *stop)


def test_duties_that_nobody_confirmed_make_another_run(stop: tuple[Path, Path]) -> None:
    refused(Rulebook.load(unconfirmed=True), *stop)


def test_another_input_is_another_run(book: Rulebook, stop: tuple[Path, Path]) -> None:
    written(stop[0], nested_table(many(31)))
    refused(book, *stop)


def test_an_input_of_the_same_size_with_one_moment_changed_is_another_run(book: Rulebook, tmp_path: Path) -> None:
    events, output = tmp_path / "log.parquet", tmp_path / "out.parquet"
    how: Json = {"compression": "none", "use_dictionary": False}
    given = many()
    written(events, nested_table(given), **how)
    stopped(book, events, output)
    place = 29
    changed = [dict(event) for event in given[place]["events"]]
    changed[0]["at"] = changed[0]["at"].replace(changed[0]["at"][8:10], "20", 1)
    given[place] = {**given[place], "events": changed}
    before = events.read_bytes()
    written(events, nested_table(given), **how)
    after = events.read_bytes()
    assert (len(after), after[-2000:], after != before) == (len(before), before[-2000:], True)
    refused(book, events, output)


def test_a_part_that_was_changed_is_not_built_upon(book: Rulebook, stop: tuple[Path, Path]) -> None:
    part = partial(stop[1]) / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:-1] + b"X")
    refused(book, *stop)


def test_a_part_that_is_gone_is_not_built_upon(book: Rulebook, stop: tuple[Path, Path]) -> None:
    (partial(stop[1]) / "part-00000.parquet").unlink()
    refused(book, *stop)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"run": {}, "parts": [{"name": ""}]}', '{"run": 1, "parts": 2}']
)
def test_a_manifest_that_cannot_be_read_is_not_built_upon(book: Rulebook, stop: tuple[Path, Path], text: str) -> None:
    (partial(stop[1]) / MANIFEST).write_text(text, encoding="utf-8")
    refused(book, *stop)


def test_grouped_or_not_is_another_run(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    events = written(tmp_path / "log.parquet", log_table(many()))
    stopped(book, events, tmp_path / "out.parquet", grouped=True)
    refused(book, events, tmp_path / "out.parquet")


def test_a_refusal_to_resume_leaves_the_stopped_run_as_it_was(book: Rulebook, stop: tuple[Path, Path]) -> None:
    kept = content(partial(stop[1]))
    refused(book, *stop, as_of=date(2025, 1, 1))
    assert content(partial(stop[1])) == kept


# -- files that cannot be read -----------------------------------------------------------------------------------------


def unreadable(book: Rulebook, events: Path, *codes: str, **how: Any) -> InputFileError:
    output = events.with_name("out.parquet")
    with pytest.raises(InputFileError) as caught:
        judged(book, events, output, **how)
    assert caught.value.code in codes
    assert not output.exists()
    return caught.value


def test_a_file_that_is_not_there_is_refused(book: Rulebook, tmp_path: Path) -> None:
    unreadable(book, tmp_path / "log.parquet", "TR-bulk-file")


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" * 100, b"not parquet at all, only text"], ids=repr)
def test_a_file_that_is_no_parquet_is_refused(book: Rulebook, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "log.parquet").write_bytes(data)
    unreadable(book, tmp_path / "log.parquet", "TR-bulk-file")


def test_a_file_that_was_cut_short_is_refused(book: Rulebook, tmp_path: Path) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many()))
    events.write_bytes(events.read_bytes()[:-20])
    unreadable(book, events, "TR-bulk-file")


@pytest.mark.parametrize("layout", ["nested", "grouped", "sorted"])
def test_a_file_with_a_broken_page_is_refused(book: Rulebook, tmp_path: Path, layout: str) -> None:
    if layout == "sorted":
        pytest.importorskip("duckdb", reason="chưa cài duckdb / duckdb is not installed")
    events = written(tmp_path / "log.parquet", nested_table(many()) if layout == "nested" else log_table(many()))
    data = bytearray(events.read_bytes())
    data[4:400] = b"\xff" * 396
    events.write_bytes(data)
    unreadable(book, events, "TR-bulk-file", "TR-bulk-table", "TR-bulk-sort", grouped=layout == "grouped")


@pytest.mark.parametrize("grouped", [True, False], ids=["grouped", "sorted"])
@pytest.mark.parametrize("missing", ["dossier_id", "kind", "at"])
def test_a_missing_column_is_named(book: Rulebook, tmp_path: Path, missing: str, grouped: bool) -> None:
    if not grouped:
        pytest.importorskip("duckdb", reason="chưa cài duckdb / duckdb is not installed")
    events = written(tmp_path / "log.parquet", log_table(many(9)).drop([missing]))
    assert unreadable(book, events, "TR-bulk-column", grouped=grouped).place == missing


def test_an_id_missing_from_a_nested_file_is_named(book: Rulebook, tmp_path: Path) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many(9)).drop(["dossier_id"]))
    assert unreadable(book, events, "TR-bulk-column").place == "dossier_id"


@pytest.mark.parametrize("layout", ["grouped", "sorted", "with dossiers"])
def test_ids_that_are_numbers_are_refused_by_name(book: Rulebook, tmp_path: Path, layout: str) -> None:
    if layout != "grouped":
        pytest.importorskip("duckdb", reason="chưa cài duckdb / duckdb is not installed")
    log = log_table(many(9), own=False)
    log = log.set_column(0, "dossier_id", pa.array(range(len(log))))
    about = written(tmp_path / "about.parquet", about_table(many(9))) if layout == "with dossiers" else None
    events = written(tmp_path / "log.parquet", log)
    error = unreadable(book, events, "TR-bulk-column", grouped=layout == "grouped", dossiers=about)
    assert error.place == "dossier_id"


@pytest.mark.parametrize("fault", ["missing", "numbers"])
def test_ids_of_a_file_of_dossiers_must_be_there_and_text(
    book: Rulebook, tmp_path: Path, sorting: None, fault: str
) -> None:
    about = about_table(many(9)).drop(["dossier_id"])
    if fault == "numbers":
        about = about.append_column("dossier_id", pa.array(range(9)))
    events = written(tmp_path / "log.parquet", log_table(many(9), own=False))
    about_path = written(tmp_path / "about.parquet", about)
    assert unreadable(book, events, "TR-bulk-column", dossiers=about_path).place == "dossier_id"


def test_a_memory_that_is_no_size_is_refused(book: Rulebook, tmp_path: Path, sorting: None) -> None:
    events = written(tmp_path / "log.parquet", log_table(many(3)))
    with pytest.raises(InputFileError):
        judged(book, events, tmp_path / "out.parquet", memory="rất nhiều'")
    assert not (tmp_path / "out.parquet").exists()


def test_sorting_leaves_nothing_beside_the_log(
    book: Rulebook, tmp_path: Path, sorting: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    events = written(tmp_path / "log" / "log.parquet", shuffled(log_table(many())))
    judged(book, events, tmp_path / "out.parquet")
    assert [path.name for path in events.parent.iterdir()] == ["log.parquet"]


# -- the command line --------------------------------------------------------------------------------------------------


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str | Path
) -> tuple[object, str]:
    """The exit code of a command, and what it said on stderr."""
    words = ["tthc-rules", "rescore", *map(str, arguments), "--as-of", "2024-09-20"]
    monkeypatch.setattr(sys, "argv", words)
    capsys.readouterr()
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return caught.value.code, capsys.readouterr().err


def test_the_command_judges_a_nested_file(
    book: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    events = written(tmp_path / "hồ sơ.parquet", nested_table([d for k, d in enumerate(many()) if k % 9 not in (4, 7)]))
    code, said = run(monkeypatch, capsys, events, "-o", tmp_path / "kết quả.parquet")
    assert (code, "24 hồ sơ" in said, str(tmp_path / "kết quả.parquet") in said) == (0, True, True)
    assert len(rows_of(tmp_path / "kết quả.parquet")) == 24


def test_the_command_ends_with_one_where_rows_are_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    events = written(tmp_path / "log.parquet", log_table(many()))
    code, said = run(monkeypatch, capsys, events, "-o", tmp_path / "out.csv", "--grouped", "--lang", "en")
    assert code == 1
    assert "TR-dossier-jurisdiction" in said


def test_the_command_takes_a_folder(
    book: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path / "log" / "a.parquet", nested_table(many()))
    assert run(monkeypatch, capsys, tmp_path / "log", "-o", tmp_path / "out.parquet")[0] == 1
    assert_as_reference(book, rows_of(tmp_path / "out.parquet"), many())


@pytest.mark.parametrize("option", [("--delimiter", ";"), ("--explain", "1")], ids=" ".join)
def test_options_of_text_formats_are_refused_for_parquet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: tuple[str, str]
) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many(3)))
    code, said = run(monkeypatch, capsys, events, "-o", tmp_path / "out.parquet", *option)
    assert code == 2
    assert said.startswith(f"TR-option-value {option[0]}")
    assert not (tmp_path / "out.parquet").exists()


def test_resume_is_refused_for_text_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log.csv").write_text("dossier_id,kind,at\nA,step_done,2024-08-23\n", encoding="utf-8")
    code, said = run(monkeypatch, capsys, tmp_path / "log.csv", "-o", tmp_path / "out.parquet", "--resume")
    assert (code, said[:15]) == (2, "TR-option-value")


def test_resume_with_nothing_to_resume_is_unusable_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many(3)))
    code, said = run(monkeypatch, capsys, events, "-o", tmp_path / "out.parquet", "--resume")
    assert (code, said[:14]) == (2, "TR-bulk-resume")


def interrupted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """What the command says on stderr when somebody stops it after five pieces."""
    real, pieces = Rescorer.judge, []

    def judge(self: Any, table: Any) -> Any:
        pieces.append(table)
        if len(pieces) == 5:
            signal.raise_signal(signal.SIGINT)
        return real(self, table)

    def wait(self: Any, piece: Any) -> Any:
        time.sleep(0.02)
        return judge(self, piece)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may have had it ignored
    try:
        with monkeypatch.context() as patch:
            patch.setattr(Rescorer, "judge", wait)
            code, said = run(monkeypatch, capsys, *arguments)
    finally:
        signal.signal(signal.SIGINT, before)
    assert code == 130
    return said


def test_an_interrupted_command_ends_with_130_and_can_be_resumed(
    book: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many()))
    output = tmp_path / "out.parquet"
    said = interrupted(monkeypatch, capsys, events, "-o", output)
    assert "--resume" in said
    assert not output.exists()
    assert run(monkeypatch, capsys, events, "-o", output, "--resume")[0] == 1
    judged(book, events, tmp_path / "whole.parquet")
    assert content(output) == content(tmp_path / "whole.parquet")


def test_an_interrupted_command_that_writes_text_does_not_speak_of_resuming(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    events = written(tmp_path / "log.parquet", nested_table(many()))
    said = interrupted(monkeypatch, capsys, events, "-o", tmp_path / "out.csv")
    assert "--resume" not in said
    assert not (tmp_path / "out.csv").exists()
