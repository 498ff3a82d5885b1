"""Files of Parquet are read by their names, and a manifest that comes back is read as foreign data."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from tthc_rules import Rulebook, cli
from tthc_rules.errors import InputFileError

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow", "duckdb"):
    pytest.importorskip(package, reason=NEEDS)

import pyarrow as pa  # noqa: E402
from pyarrow import parquet  # noqa: E402

from tthc_rules import code  # noqa: E402
from tthc_rules.runs import parts as stream  # noqa: E402
from tthc_rules.runs import source as parquetsource  # noqa: E402
from tthc_rules.runs.parts import rescore_file  # noqa: E402

AS_OF: Final = date(2024, 10, 1)
ROOT: Final = Path(__file__).parents[2]


def log_of(*ids: str, **more: Any) -> Any:
    """Each dossier accepted on 23 August 2024 with five workdays, its result on the 28th: in time."""
    rows = [
        {"dossier_id": name, "kind": kind, "at": at, "time_limit.amount": 5, "time_limit.unit": "workday", **more}
        for name in ids
        for kind, at in (("dossier_accepted", "2024-08-23T08:30"), ("result_issued", "2024-08-28T10:00"))
    ]
    return pa.Table.from_pylist(rows)


def write(path: Path, table: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, path)
    return path


def rescored(book: Rulebook, events: Path, output: Path, **how: Any) -> list[dict[str, Any]]:
    dossiers = how.pop("dossiers", None)
    rescore_file(book, book.question(AS_OF), events, dossiers, output, **how)
    rows: list[dict[str, Any]] = parquet.ParquetFile(next(iter(sorted(output.glob("part-*"))))).read().to_pylist()
    return rows


# -- a named file is that file (reports x01_glob_in_file_name, x02_hive_path_changes_verdict) --------------------------


@pytest.mark.parametrize(
    ("named", "beside"),
    [
        ("log[1].parquet", "log1.parquet"),
        ("log*.parquet", "log-all.parquet"),
        ("log?.parquet", "logs.parquet"),
        ("{a,b}.parquet", "a.parquet"),
        ("**.parquet", "x.parquet"),
        ("~.parquet", "y.parquet"),
        ("a'b\"c.parquet", "z.parquet"),
    ],
)
@pytest.mark.parametrize("as_dossiers", [False, True], ids=["the log", "the file of dossiers"])
def test_the_file_that_is_named_is_judged_and_no_other(
    book: Rulebook, tmp_path: Path, named: str, beside: str, as_dossiers: bool
) -> None:
    write(tmp_path / beside, pa.Table.from_pylist([{"dossier_id": "WRONG", "channel": "online"}]))
    if as_dossiers:
        about = write(tmp_path / named, pa.Table.from_pylist([{"dossier_id": "RIGHT", "channel": "postal"}]))
        rows = rescored(book, write(tmp_path / "e.parquet", log_of("RIGHT")), tmp_path / "out.parquet", dossiers=about)
        assert rows[0]["channel"] == "postal"
    else:
        rows = rescored(book, write(tmp_path / named, log_of("RIGHT")), tmp_path / "out.parquet")
    assert [row["dossier_id"] for row in rows] == ["RIGHT"]


@pytest.mark.parametrize(
    "folder", ["plain", "channel=online", "jurisdiction=son-la", "kind=dossier_refused", "dossier_id=X", "a=1/b=2"]
)
@pytest.mark.parametrize("layout", ["sorted", "grouped", "dossiers", "folder"])
def test_the_same_bytes_give_the_same_rows_wherever_they_lie(
    book: Rulebook, tmp_path: Path, folder: str, layout: str
) -> None:
    place = tmp_path / folder
    events = write(place / "log.parquet", log_of("B", "A"))
    about = None
    if layout == "dossiers":
        limit = {"time_limit.amount": 5, "time_limit.unit": "workday"}
        fields = [{"dossier_id": name, **limit} for name in ("A", "B")]
        about = write(place / "d.parquet", pa.Table.from_pylist(fields))
    if layout == "folder":
        events = place
    output = tmp_path / "out" / "out.parquet"
    rows = rescored(book, events, output, dossiers=about, grouped=layout == "grouped")
    said = {(row["dossier_id"], row["channel"], row["jurisdiction"], row["punctuality"]) for row in rows}
    assert said == {("A", None, None, "early"), ("B", None, None, "early")}


@pytest.mark.parametrize("folder", ["plain", "punctuality=overdue", "handling_agency=X"])
def test_an_account_reads_results_wherever_they_lie(
    book: Rulebook, tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write(tmp_path / "log.parquet", log_of("A", **{"units.handling_agency": "so-y-te"}))
    (tmp_path / folder).mkdir()
    results = tmp_path / folder / "results.parquet"
    rescored(book, log, results)
    words = ("account", results, "--period", "2024-Q3", "--as-of", "2024-10-01", "-o", tmp_path / "a.json")
    monkeypatch.setattr(sys, "argv", ["tthc-rules", *map(str, words)])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 0
    units = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["units"]
    counts = {unit["unit"]: unit["counts"]["lawful_due"]["finished_early"] for unit in units}
    assert counts["so-y-te"] == 1


def test_a_folder_with_files_in_a_folder_inside_is_not_read_in_part(book: Rulebook, tmp_path: Path) -> None:
    write(tmp_path / "log" / "a.parquet", log_of("A"))
    write(tmp_path / "log" / "year=2024" / "b.parquet", log_of("B"))
    with pytest.raises(InputFileError) as caught:
        rescored(book, tmp_path / "log", tmp_path / "out.parquet")
    assert (caught.value.code, "year=2024" in caught.value.place) == ("TR-bulk-file", True)


@pytest.mark.parametrize("kinds", ["names that differ in case", "nanoseconds", "a zone", "seconds", "dates"])
def test_a_sort_changes_no_name_and_no_moment(
    book: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kinds: str
) -> None:
    """Sorted on disk as judged in memory: 15:00:00.000000001 is after 15:00, `Note` is not `note`, SQL is a name."""
    put_in_order: Any = parquetsource._put_in_order
    at: Any = {
        "nanoseconds": pa.array([1_724_425_200_000_000_001, 1_724_839_200_000_000_000], pa.timestamp("ns")),
        "a zone": pa.array([datetime(2024, 8, 23, 8, tzinfo=UTC)] * 2, pa.timestamp("ns", "Asia/Tokyo")),
        "seconds": pa.array([datetime(2024, 8, 23, 15), datetime(2024, 8, 28)], pa.timestamp("s")),
        "dates": pa.array([date(2024, 8, 23), date(2024, 8, 28)], pa.date64()),
    }.get(kinds, pa.array(["2024-08-23T08:30", "2024-08-28"]))
    table = pa.table(
        {
            "dossier_id": ["A", "A"],
            "kind": ["dossier_accepted", "forwarded"],
            "at": at,
            **({"Note": ["x", None], "note": ["y", "z"]} if kinds.startswith("names") else {}),
            **({'c0" FROM log; DROP TABLE log; --': ["x", None]} if kinds.startswith("names") else {}),
        }
    )
    other = table.slice(0, 1).set_column(0, "dossier_id", pa.array(["B"]))  # before A: without it nothing is sorted
    table = pa.concat_tables([other, table])
    sorts = []

    def counted(*given: Any) -> Any:
        sorts.append(given)
        return put_in_order(*given)

    monkeypatch.setattr(parquetsource, "_put_in_order", counted)
    rows = rescored(book, write(tmp_path / "log.parquet", table), tmp_path / "out.parquet")
    assert len(sorts) == 1
    assert rows == sorted(book.rescore(table, as_of=AS_OF).to_pylist(), key=lambda row: str(row["dossier_id"]))


def test_columns_that_some_files_of_a_folder_lack_are_empty_there(book: Rulebook, tmp_path: Path) -> None:
    write(tmp_path / "log" / "a.parquet", log_of("A"))
    write(tmp_path / "log" / "b.parquet", log_of("B", channel="online"))
    rows = rescored(book, tmp_path / "log", tmp_path / "out.parquet")
    assert [(row["dossier_id"], row["channel"]) for row in rows] == [("A", None), ("B", "online")]


@pytest.mark.parametrize("grouped", [False, True])
def test_the_name_of_a_column_that_is_no_text_is_our_error(book: Rulebook, tmp_path: Path, grouped: bool) -> None:
    path = write(tmp_path / "log.parquet", log_of("A", remark="x"))
    data = path.read_bytes()
    assert data.count(b"remark") > 1
    path.write_bytes(data.replace(b"remark", b"rem\xff\xferk"[:6]))
    with pytest.raises(InputFileError) as caught:
        rescored(book, path, tmp_path / "out.parquet", grouped=grouped)
    assert caught.value.code.startswith("TR-bulk-")


@pytest.mark.skipif(sys.platform == "win32", reason="tên tệp của Unix là các byte / names are bytes on Unix")
def test_a_file_in_the_folder_whose_name_is_no_text_is_our_error(book: Rulebook, tmp_path: Path) -> None:
    import os

    write(tmp_path / "log" / "a.parquet", log_of("A"))
    (tmp_path / "log" / os.fsdecode(b"\xff.parquet")).write_bytes(b"x")
    with pytest.raises(InputFileError) as caught:
        rescored(book, tmp_path / "log", tmp_path / "out.parquet")
    assert caught.value.code == "TR-file-name"


# -- resumed under other code (report x07_resume_after_upgrade) --------------------------------------------------------


@pytest.fixture
def stopped(book: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path, Path]:
    """A log of twenty dossiers, the place of its result, and the manifest of a run that was stopped after one part."""
    monkeypatch.setattr(parquetsource, "_EVENTS", 10)
    monkeypatch.setattr(stream, "PIECES", 1)
    log = write(tmp_path / "log.parquet", log_of(*(f"HS-{k:02d}" for k in range(20))))
    place = tmp_path / "out.parquet"

    def stop(done: int, total: int | None) -> None:
        if done >= 14:
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        rescored(book, log, place, grouped=True, progress=stop)
    return log, place, tmp_path / ".out.parquet.partial" / "_manifest.json"


def resumed(book: Rulebook, stopped: tuple[Path, Path, Path]) -> str:
    """The code of the refusal, or nothing."""
    try:
        rescored(book, stopped[0], stopped[1], grouped=True, resume=True)
    except InputFileError as error:
        assert not stopped[1].exists()
        return error.code
    return ""


def test_the_stopped_run_can_be_resumed(book: Rulebook, stopped: tuple[Path, Path, Path]) -> None:
    assert resumed(book, stopped) == ""


def test_another_version_of_the_code_makes_another_run(
    book: Rulebook, stopped: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "code_digest", lambda: "0" * 64)
    with pytest.raises(InputFileError) as caught:
        rescored(book, stopped[0], stopped[1], grouped=True, resume=True)
    assert caught.value.code == "TR-bulk-resume"
    assert "code" in caught.value.problems[0].en


def said(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], object]:
    return change


FOREIGN: Final[dict[str, Callable[[dict[str, Any]], object]]] = {
    "of an older format": lambda data: data.pop("results_format"),
    "of another format": lambda data: data.update(results_format=1),
    "made by others": lambda data: data.update(made_by="dbt"),
    "with more": lambda data: data.update(more=1),
    "without code": lambda data: data["run"].pop("code"),
    "a run that is a list": lambda data: data.update(run=[]),
    "parts that are an object": lambda data: data.update(parts={}),
    "a part that is null": lambda data: data["parts"].append(None),
    "a part out of the folder": lambda data: data["parts"][0].update(name="../../log.parquet"),
    "a part with a long number": lambda data: data["parts"][0].update(name="part-00000.parquet\n"),
    "a part twice": lambda data: data["parts"].append(dict(data["parts"][0])),
    "parts in another order": lambda data: data["parts"].reverse(),
    "the first part left out": lambda data: data["parts"].pop(0),
    "rows that are true": lambda data: data["parts"][0].update(rows=True),
    "rows below zero": lambda data: data["parts"][0].update(rows=-1),
    "rows as text": lambda data: data["parts"][0].update(rows="5"),
    "more rows than there are": lambda data: (
        data["parts"][0].update(rows=data["parts"][0]["rows"] + 1),
        data["parts"][0]["counts"]["punctuality"].update(early=data["parts"][0]["rows"]),
    ),
    "counts that do not add up": lambda data: data["parts"][0]["counts"]["punctuality"].update(early=1),
    "counts of what is not counted": lambda data: data["parts"][0]["counts"].update(stars={"a": 1}),
    "a count that is a fraction": lambda data: data["parts"][0]["counts"]["punctuality"].update(early=4.0),
    "words that a terminal acts on": lambda data: data["parts"][0]["counts"]["notes"].update({"\x1b[2J": 1}),
    "more misses than rows": lambda data: data["parts"][0]["counts"]["missed"].update(apology_before_due=10**6),
    "another digest": lambda data: data["parts"][0].update(digest="0" * 64),
    "a digest that is none": lambda data: data["parts"][0].update(digest="x"),
}


@pytest.mark.parametrize("change", FOREIGN)
def test_a_manifest_that_cannot_be_ours_is_not_built_upon(
    book: Rulebook, stopped: tuple[Path, Path, Path], change: str
) -> None:
    data = json.loads(stopped[2].read_text(encoding="utf-8"))
    assert len(data["parts"]) > 1
    FOREIGN[change](data)
    stopped[2].write_text(json.dumps(data), encoding="utf-8")
    kept = stopped[2].read_bytes()
    assert resumed(book, stopped) == "TR-bulk-resume"
    assert stopped[2].read_bytes() == kept


@pytest.mark.parametrize("text", ["", "[" * 200_000, '{"a": NaN}', "\xff", "null", "1e999"])
def test_a_manifest_that_is_no_json_of_ours_is_not_built_upon(
    book: Rulebook, stopped: tuple[Path, Path, Path], text: str
) -> None:
    stopped[2].write_bytes(text.encode("latin-1"))
    assert resumed(book, stopped) == "TR-bulk-resume"


def test_a_log_that_the_parts_do_not_add_up_to_is_not_published(book: Rulebook, tmp_path: Path) -> None:
    """A manifest that claims parts beyond the end of a nested log."""
    events = [[{"kind": "dossier_accepted", "at": "2024-08-23"}]]
    log = write(tmp_path / "log.parquet", pa.table({"dossier_id": ["A"], "events": events}))
    rescored(book, log, tmp_path / "out.parquet")
    work = tmp_path / ".out.parquet.partial"
    (tmp_path / "out.parquet").rename(work)
    data = json.loads((work / "_manifest.json").read_text(encoding="utf-8"))
    data["parts"].append({**data["parts"][0], "name": "part-00001.parquet"})
    (work / "part-00001.parquet").write_bytes((work / "part-00000.parquet").read_bytes())
    (work / "_manifest.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputFileError) as caught:
        rescored(book, log, tmp_path / "out.parquet", resume=True)
    assert (caught.value.code, (tmp_path / "out.parquet").exists()) == ("TR-bulk-resume", False)


# -- results of an older version ---------------------------------------------------------------------------------------


def account(monkeypatch: pytest.MonkeyPatch, results: Path) -> object:
    words = ("account", results, "--period", "2024-Q3", "--as-of", "2024-10-01", "-o", results.with_name("a.json"))
    monkeypatch.setattr(sys, "argv", ["tthc-rules", *map(str, words)])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return caught.value.code


def mark_as(number: str) -> Callable[[Any], Any]:
    return lambda table: table.replace_schema_metadata({"results_format": number})


def from_before(table: Any) -> Any:
    """As version 0.1.0 wrote it: no mark, and without a column that came later."""
    return table.drop_columns(["versions"]).replace_schema_metadata(None)


@pytest.mark.parametrize(
    ("change", "code"), [(mark_as("4"), 0), (mark_as("3"), 2), (mark_as("5"), 2), (from_before, 2)]
)
@pytest.mark.parametrize("form", ["parquet", "folder", "csv", "ndjson"])
def test_an_older_result_is_to_be_made_again(
    book: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    change: Callable[[Any], Any], code: int, form: str,
) -> None:  # fmt: skip
    if form in ("csv", "ndjson") and change is not from_before:
        return  # a text has no mark
    table = change(book.rescore(log_of("A", **{"units.handling_agency": "so-y-te"}), as_of=AS_OF))
    results = tmp_path / ("results.parquet" if form == "folder" else f"results.{form}")
    if form in ("csv", "ndjson"):
        rows = [{name: None if v is None else str(v) for name, v in row.items()} for row in table.to_pylist()]
        if form == "csv":
            lines = [",".join(table.column_names), *(",".join(v or "" for v in row.values()) for row in rows)]
            results.write_text("\n".join(line.replace("|", ";") for line in lines), encoding="utf-8")
        else:
            results.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    else:
        write(results / "part-00000.parquet" if form == "folder" else results, table)
    capsys.readouterr()
    assert account(monkeypatch, results) == code
    if code:
        assert "TR-result-older" in capsys.readouterr().err


def test_a_result_says_its_format(book: Rulebook, tmp_path: Path) -> None:
    log = write(tmp_path / "log.parquet", log_of("A"))
    rescored(book, log, tmp_path / "out.parquet")
    assert parquet.read_schema(tmp_path / "out.parquet" / "part-00000.parquet").metadata[b"results_format"] == b"4"
    assert book.rescore(log_of("A"), as_of=AS_OF).schema.metadata == {b"results_format": b"4"}


# -- the code that a result stands on ----------------------------------------------------------------------------------


def test_every_layer_is_on_a_list() -> None:
    package = ROOT / "tthc_rules"
    layers = {path.name for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert layers <= {*code.RUNNING, *code.SHOWING}
    assert not {*code.RUNNING} & {*code.SHOWING}


def test_the_digest_sees_every_line_of_its_layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("law/deep/a.py", "logs/b.py", "errors.py", "code.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1", encoding="utf-8")
    monkeypatch.setattr(code, "__file__", str(tmp_path / "code.py"))
    digests = set()
    for name in ("", "law/deep/a.py", "errors.py", "logs/b.py"):
        if name:
            (tmp_path / name).write_text("2", encoding="utf-8")
        digests.add(code.code_digest.__wrapped__(("errors.py", "law", "logs")))
    assert len(digests) == 4
