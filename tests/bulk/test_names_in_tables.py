"""Names and letters in tables: as for one dossier, and a misspelt column stops before any row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")
pytest.importorskip("llvmlite")

from typer.testing import CliRunner  # noqa: E402

from tthc_rules import Dossier, InputFileError, Rulebook  # noqa: E402
from tthc_rules.bulk.cells import composed  # noqa: E402
from tthc_rules.cli import app, main  # noqa: E402

AS_OF = dt.date(2024, 9, 20)
Json = dict[str, Any]


def _one(column: str, values: list[Any]) -> dict[str, Any]:
    return {column: values}


def log(*rows: tuple[Any, ...], columns: str = "dossier_id kind at", **more: Any) -> Any:
    names = columns.split()
    table = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    table |= {"time_limit.amount": [5] * len(rows), "time_limit.unit": ["workday"] * len(rows), **more}
    return pa.table(table)


def rows_of(book: Rulebook, table: Any, **options: Any) -> dict[str, Json]:
    return {row["dossier_id"]: row for row in book.rescore(table, as_of=AS_OF, **options).to_pylist()}


def test_a_misspelt_kind_is_the_error_row_of_its_dossier(book: Rulebook) -> None:
    rows = rows_of(
        book,
        log(
            ("a", "dossier_accepted", "2024-08-23T08:30"),
            ("a", "apology_send", "2024-08-28"),
            ("b", "dossier_accepted", "2024-08-23T08:30"),
            ("b", "scanned", "2024-08-28"),
        ),
    )
    assert rows["a"]["error_code"] == "TR-input-misspelt"
    assert rows["a"]["punctuality"] is None
    assert (rows["b"]["error_code"], rows["b"]["notes"], rows["b"]["unknown_names"]) == (
        None, "unknown_kind", "kind:scanned",
    )  # fmt: skip


def test_unknown_names_are_said_as_for_one_dossier(book: Rulebook) -> None:
    dossiers: list[Json] = [
        {"dossier_id": "a", "sector": "x", "units": {"phone": "1"},
         "events": [{"kind": "dossier_accepted", "at": "2024-08-23T08:30", "lý_do": "x", "new_due": "2024-09-01"},
                    {"kind": "result_printed", "at": "2024-08-24"}, {"kind": "result_printed", "at": "2024-08-24"},
                    {"kind": "scanned", "at": "2024-08-25", "agency": "z"}, {"kind": "later", "at": "2025-01-01"}]},
        {"dossier_id": "b", "events": [{"kind": "dossier_accepted", "at": "2024-08-23T08:30"}]},
        {"dossier_id": "c", "events": [{"kind": "a|b", "at": "2024-08-23T08:30"}]},
    ]  # fmt: skip
    expected = {
        "a": "field:lý_do|field:new_due→new_due|field:sector|field:units.phone"
        "|kind:result_printed→result_returned|kind:scanned",
        "b": "",
        "c": "kind:a¦b",
    }
    from tthc_rules.result.row import row_of

    assert {d["dossier_id"]: row_of(book.evaluate(d, AS_OF))["unknown_names"] for d in dossiers} == expected
    fast = {row["dossier_id"]: row["unknown_names"] for row in book.rescore_dossiers(dossiers, AS_OF)}
    assert fast == expected


def test_strict_refuses_in_tables_too(book: Rulebook) -> None:
    table = log(
        ("a", "dossier_accepted", "2024-08-23T08:30"),
        ("a", "scanned", "2024-12-28"),
        ("b", "dossier_accepted", "2024-08-23T08:30"),
        ("c", "dossier_accepted", "2024-08-23T08:30"),
        note=[None, None, None, "x"],
    )
    codes = {name: row["error_code"] for name, row in rows_of(book, table, strict=True).items()}
    assert codes == {"a": "TR-input-unknown-kind", "b": None, "c": "TR-input-unknown-field"}
    assert {row["error_code"] for row in rows_of(book, table).values()} == {None}


@pytest.mark.parametrize("column", ["new_deu", "Reason", "officer", "juristiction", "units.handling_agncy"])
def test_a_misspelt_column_stops_before_any_row(book: Rulebook, column: str) -> None:
    table = log(("a", "dossier_accepted", "2024-08-23T08:30"), **_one(column, [None]))
    with pytest.raises(InputFileError) as caught:
        book.rescore(table, as_of=AS_OF)
    assert caught.value.code == "TR-input-misspelt"
    assert column in caught.value.place


def test_a_misspelt_field_in_a_nested_table(book: Rulebook) -> None:
    events = [[{"kind": "dossier_accepted", "at": "2024-08-23T08:30", "appointed_du": None}]]
    with pytest.raises(InputFileError) as caught:
        book.rescore(pa.table({"dossier_id": ["a"], "events": events}), as_of=AS_OF)
    assert [(p.code, p.place, p.nearest) for p in caught.value.problems] == [
        ("TR-input-misspelt", "events: appointed_du", "appointed_due")
    ]
    with pytest.raises(InputFileError):
        book.rescore(pa.table({"dossier_id": ["a"], "event": events}), as_of=AS_OF)


@pytest.mark.parametrize("as_dictionary", [False, True])
def test_an_id_in_two_forms_of_letters_is_one_dossier(book: Rulebook, as_dictionary: bool) -> None:
    table = log(
        ("HS-\u1ea4N-1", "dossier_accepted", "2024-08-23T08:30"),
        ("HS-A\u0302\u0301N-1", "result_issued", "2024-08-28T10:00"),
    )
    if as_dictionary:
        table = table.set_column(0, "dossier_id", table["dossier_id"].combine_chunks().dictionary_encode())
    rows = rows_of(book, table)
    assert {name: row["punctuality"] for name, row in rows.items()} == {"HS-\u1ea4N-1": "early"}


def test_a_unit_in_two_forms_is_no_conflict(book: Rulebook) -> None:
    unit = ["S\u1edf X\xe2y d\u1ef1ng", "So\u031b\u0309 Xa\u0302y du\u031b\u0323ng"]
    table = log(
        ("a", "dossier_accepted", "2024-08-23T08:30"),
        ("a", "result_issued", "2024-08-28T10:00"),
        **_one("units.handling_agency", unit),
    )
    row = rows_of(book, table)["a"]
    assert (row["error_code"], row["handling_agency"]) == (None, unit[0])


@pytest.mark.parametrize("bad", ["\u200b", "\x00", "\u202e", "\u00ad", "\x7f", "\x85"])
@pytest.mark.parametrize("where", ["dossier_id", "units.handling_agency", "officers", "procedure", "agency"])
def test_what_nobody_sees_makes_an_error_row(book: Rulebook, bad: str, where: str) -> None:
    dossier_id = f"a{bad}" if where == "dossier_id" else "a"
    more: dict[str, Any] = {} if where == "dossier_id" else {where: [f"x{bad}y", f"x{bad}y", None]}
    table = log(
        (dossier_id, "dossier_accepted", "2024-08-23T08:30"),
        (dossier_id, "opinion_requested", "2024-08-26T08:30"),
        ("b", "dossier_accepted", "2024-08-23T08:30"),
        **more,
    )
    rows = rows_of(book, table)
    assert rows[dossier_id]["error_code"] == "TR-input-hidden"
    assert rows["b"]["error_code"] is None


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: object) -> tuple[int, str]:
    monkeypatch.setattr("sys.argv", ["tthc-rules", *map(str, words)])
    with pytest.raises(SystemExit) as caught:
        main()
    return int(caught.value.code or 0), capsys.readouterr().err


LOG = "dossier_id,kind,at\n1,nhận,2024-08-23T08:30\n1,trả,2024-08-28T10:00\n2,nhận,2024-08-23T08:30\n"


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("output", ["out.csv", "out.parquet"])
def test_a_log_of_which_no_kind_is_known_exits_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, suffix: str, output: str
) -> None:
    log_file = tmp_path / f"log{suffix}"
    if suffix == ".csv":
        log_file.write_text(LOG, encoding="utf-8")
    else:
        from pyarrow import csv, parquet

        (tmp_path / "x.csv").write_text(LOG, encoding="utf-8")
        parquet.write_table(csv.read_csv(tmp_path / "x.csv", convert_options=csv.ConvertOptions(
            column_types={"dossier_id": pa.string(), "at": pa.string()})), log_file)  # fmt: skip
        (tmp_path / "x.csv").unlink()
    code, said = run(capsys, monkeypatch, "rescore", log_file, "-o", tmp_path / output, "--as-of", "2024-09-20", "-q")
    assert code == 2
    assert "TR-file-kinds" in said
    assert "«nhận»" in said
    assert "«trả»" in said
    assert "--mapping" in said
    assert [path.name for path in tmp_path.iterdir()] == [log_file.name]


def test_the_summary_counts_unknown_names(tmp_path: Path) -> None:
    log_file = tmp_path / "log.csv"
    log_file.write_text(LOG + "3,dossier_accepted,2024-08-23T08:30\n", encoding="utf-8")
    words = ["rescore", str(log_file), "-o", str(tmp_path / "out.csv"), "--as-of", "2024-09-20", "-q"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    assert "2  kind:nhận" in done.stderr
    assert "1  kind:trả" in done.stderr
    strict = CliRunner().invoke(app, [*words, "--strict"])
    assert strict.exit_code == 1
    assert "2  TR-input-unknown-kind" in strict.stderr


def test_a_scorer_keeps_nothing_of_a_batch(book: Rulebook) -> None:
    """Threads share it: what one of them would leave in it, another would read past the end of."""
    from tthc_rules.bulk.rescore import Rescorer
    from tthc_rules.bulk.score import Scorer

    seen: list[str] = []

    class Watched(Scorer):
        def __setattr__(self, name: str, value: object) -> None:
            seen.append(name)
            super().__setattr__(name, value)

    rescorer = Rescorer(book.plans, book.question(AS_OF))
    rescorer.scorer = Watched(book.plans, book.question(AS_OF))
    seen.clear()
    rescorer.together([Dossier.model_validate({"dossier_id": "a", "events": []})])
    assert seen == []


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_letters_come_out_in_one_piece(kind: Any) -> None:
    """Arrow before version 26 gave them in pieces."""
    apart = pa.array(["S\u01a1\u0309", None, "e\u0301", "e", "S\u1edf", ""], kind)
    assert composed(apart).to_pylist() == ["S\u1edf", None, "\u00e9", "e", "S\u1edf", ""]
    assert composed(apart[1:3]).to_pylist() == [None, "\u00e9"]
    assert composed(apart).type == kind
