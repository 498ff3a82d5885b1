"""An account reads its files as `rescore` reads a log: nothing is filled in, nothing taken twice, each fault placed."""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import tthc_rules as tr
from tthc_rules.cli import main
from tthc_rules.errors import InputFileError
from tthc_rules.logs.csv import read_rows
from tthc_rules.logs.records import read_records, read_results, read_settings
from tthc_rules.logs.spreadsheet import guarded, unguarded
from tthc_rules.runs.writers import writer_for

Report = Callable[[str], Path]
HEAD = "dossier_id,accepted_on,lawful_due,finished_on,handling_agency\n"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> object:
    monkeypatch.setattr(sys, "argv", ["tthc-rules", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code


def asked(folder: Path, results: str, *more: object) -> tuple[object, ...]:
    period = ("--period", "2024-Q3", "--as-of", "2024-10-01")
    return ("account", folder / results, *period, "-o", folder / "acc.json", *more)


@pytest.mark.parametrize(
    ("arguments", "code", "place"),
    [
        (("cut.csv",), "TR-row-width", "cut.csv:3"),
        (("dup.csv",), "TR-file-header", "dup.csv:1"),
        (("blank.csv", "--posts", "posts_dup.csv"), "TR-file-header", "posts_dup.csv:1"),
    ],
)
def test_a_row_that_was_cut_and_a_name_that_is_there_twice_are_refused(
    report: Report,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: str,
    place: str,
) -> None:
    folder = report("08_account_reads_cut_rows")
    monkeypatch.chdir(folder)
    assert run(monkeypatch, *asked(folder, *arguments)) == 2
    said = capsys.readouterr().err
    assert code in said
    assert place in said
    assert not (folder / "acc.json").exists()


def test_an_empty_row_is_none(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = report("08_account_reads_cut_rows")
    assert run(monkeypatch, *asked(folder, "blank.csv")) == 0
    assert json.loads((folder / "acc.json").read_text(encoding="utf-8"))["rows"]["read"] == 1


@pytest.mark.parametrize("option", ["--posts", "--unit-events", "--settings"])
def test_deep_json_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    """The report x13_deep_json_in_account_files."""
    (tmp_path / "r.csv").write_text(HEAD + "H1,2024-08-23,2024-08-30,,so\n", encoding="utf-8")
    (tmp_path / "deep.json").write_text("[" * 200_000, encoding="utf-8")
    assert run(monkeypatch, *asked(tmp_path, "r.csv", option, tmp_path / "deep.json")) == 2
    said = capsys.readouterr().err
    assert "TR-row-json" in said
    assert "deep.json:1:2: " in said  # the item that is too deep, not the list
    assert "Traceback" not in said


def refused(problem: InputFileError) -> list[tuple[str, str]]:
    return [(one.code, one.place.rpartition("/")[2]) for one in problem.problems]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("p.csv", b"unit,role,person,frm\nso,head_of_unit,A,2024-01-01\n", [("TR-input-unknown-field", "p.csv:1")]),
        ("p.csv", b"unit;role;person;from\nso;head_of_unit;A;2024-01-01\n", [("TR-input-unknown-field", "p.csv:1")]),
        ("p.csv", b"unit,role\nso\nsu,x\nse,\"a\"b\n", [("TR-row-width", "p.csv:2"), ("TR-row-csv", "p.csv:4")]),
        ("p.csv", b"unit,role\ns\xef,x\n", [("TR-file-encoding", "p.csv:2:2")]),
        ("p.csv", "unit,role\n".encode("utf-16"), [("TR-file-encoding", "p.csv:1:1")]),
        ("p.ndjson", b'{"unit": "so"}\n{"unit": "a", "unit": "b"}\n[]\n',
         [("TR-row-json", "p.ndjson:2:15"), ("TR-row-record", "p.ndjson:3")]),
        ("p.json", b'[{"unit": "a"}, 5]', [("TR-row-record", "p.json[1]")]),
        ("p.json", b'[{"unit": "a",\n "unit": "b"}]', [("TR-row-json", "p.json:2:2")]),
        ("p.json", b'{"unit": "a"}', [("TR-account-records", "p.json")]),
        ("p.json", b"", [("TR-row-json", "p.json:1:1")]),
        ("p.txt", b"", [("TR-file-format", "p.txt")]),
    ],
)  # fmt: skip
def test_a_file_that_is_not_whole_is_refused_with_every_fault_in_it(
    tmp_path: Path, name: str, content: bytes, found: list[tuple[str, str]]
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputFileError) as caught:
        read_records(tmp_path / name, "posts")
    assert refused(caught.value) == found


def test_another_delimiter_is_named_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("unit;role;person;from\nso;head_of_unit;A;2024-01-01\n", encoding="utf-8")
    with pytest.raises(InputFileError) as caught:
        read_records(tmp_path / "p.csv", "posts")
    assert "--delimiter ';'" in caught.value.problems[0].en
    assert read_records(tmp_path / "p.csv", "posts", ";") == [
        {"unit": "so", "role": "head_of_unit", "person": "A", "from": "2024-01-01"}
    ]


@pytest.mark.parametrize("name", ["p.csv.gz", "p.csv", "p.ndjson", "p.json"])
def test_records_are_the_same_from_every_form(tmp_path: Path, name: str) -> None:
    record = {"unit": " Sơ\u0309 A\u00a0", "name": "x", "count": 5, "at": "2024-08-23T24:00"}
    text = {
        "csv": "\ufeffunit,name,count,at,\r\n Sơ\u0309 A\u00a0,x,05,2024-08-23T24:00,\r\n",
        "ndjson": json.dumps(record),
        "json": json.dumps([record]),
    }[name.split(".")[1]]
    content = text.encode()
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    (found,) = read_records(tmp_path / name, "unit_facts")
    assert found == {"unit": "Sở A", "name": "x", "count": 5, "at": "2024-08-23T23:59:59.999999"}
    assert found.place.startswith(str(tmp_path / name))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.csv", "dossier_id,accepted_on\nH1,2024-07-01\n"),
        ("r.csv", "dossier_id,accepted_on\n"),
        ("r.csv", ""),
        ("r.ndjson", "{}"),
        ("r.ndjson", '{"dossier_id": "H1", "accepted_on": null, "lawful_due": null, "finished_on": null}\n{"a": 1}'),
    ],
)
def test_results_without_their_dates_are_refused(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputFileError) as caught:
        list(read_results(tmp_path / name))
    assert caught.value.code == "TR-account-columns"


def test_settings_are_an_object(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(InputFileError) as caught:
        read_settings(tmp_path / "s.json")
    assert caught.value.code == "TR-row-record"


def test_a_fault_of_many_records_is_told_once_at_its_first_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "r.csv").write_text(HEAD + "H1,2024-08-23,2024-08-30,,so\n", encoding="utf-8")
    rows = "".join(f"so,head_of_unit,P{n},1/1/2024\n" for n in range(40))
    (tmp_path / "p.csv").write_text("unit,role,person,from\n" + rows, encoding="utf-8")
    assert run(monkeypatch, *asked(tmp_path, "r.csv", "--posts", tmp_path / "p.csv")) == 2
    said = capsys.readouterr().err
    assert said.count("TR-account-date") == 1
    assert f"{tmp_path}/p.csv:2: from" in said
    assert "and at 39 more places" in said


def test_a_cell_of_a_result_that_cannot_be_read_is_told_at_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "r.csv").write_text(HEAD + "H1,2024-08-23,20240830,,so\n", encoding="utf-8")
    assert run(monkeypatch, *asked(tmp_path, "r.csv")) == 2
    assert f"TR-account-row {tmp_path}/r.csv:2" in capsys.readouterr().err


def test_remarks_of_one_kind_are_gathered_on_the_terminal_and_kept_in_the_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"H{n},2024-08-23,2024-08-30,,so-{n}\n" for n in range(40))
    (tmp_path / "r.csv").write_text(HEAD + rows, encoding="utf-8")
    assert run(monkeypatch, *asked(tmp_path, "r.csv", "--lang", "en")) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("TR-account-unit-kind")]
    assert len(said) == 4
    assert said[3] == "TR-account-unit-kind: and 37 more"
    kept = json.loads((tmp_path / "acc.json").read_text(encoding="utf-8"))["problems"]
    assert sum(problem["code"] == "TR-account-unit-kind" for problem in kept) == 40


def test_a_date_of_a_record_is_a_civil_date(book: tr.Rulebook) -> None:
    post = {"unit": "so", "role": "head_of_unit", "person": "A"}
    row = {"dossier_id": "H1", "handling_agency": "so", "accepted_on": "2024-07-01", "lawful_due": "2024-07-10"}
    made = book.account([row], period="2024-07", posts=[{**post, "from": "2024-07-09T18:00:00Z"}])
    unit = made.unit("so")
    assert unit is not None
    assert unit["posts"][0]["from"] == "2024-07-10"  # 01:00 on the 10th in Vietnam
    with pytest.raises(tr.AccountError):
        book.account([row], period="2024-07", posts=[{**post, "from": "20240709"}])


# -- text that a spreadsheet would run ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+84", "'+84"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'=1", "''=1"),
        ("''=1", "'''=1"),
        ("'x", "'x"),
        ("x=1", "x=1"),
        ("", ""),
        ("'", "'"),
    ],
)
def test_a_formula_gets_an_apostrophe_that_the_reader_takes_off(text: str, cell: str) -> None:
    assert guarded(text) == cell
    assert unguarded(cell) == text


def test_an_apostrophe_before_anything_else_is_part_of_the_text() -> None:
    assert unguarded("'x") == "'x"


EVIL = "x11_escapes_and_formulas"
IDS = ["=HYPERLINK(1)", "+1", "-2", "@a", "'=b", "'c"]


def rescored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> Path:
    events = [{"kind": "dossier_accepted", "at": "2024-08-23"}]
    told = {
        "units": {"handling_agency": "=so", "one_stop_unit": "=so"},
        "time_limit": {"amount": 5, "unit": "workday"},
        "events": events,
    }
    log = [{"dossier_id": name, **told} for name in IDS]
    (tmp_path / "log.ndjson").write_text("\n".join(map(json.dumps, log)), encoding="utf-8")
    target = tmp_path / "out.csv"
    run(monkeypatch, "rescore", tmp_path / "log.ndjson", "-o", target, "--as-of", "2024-10-01", *more)
    return target


def test_results_run_nothing_in_a_spreadsheet_and_come_back_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = rescored(tmp_path, monkeypatch)
    with target.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert [row["dossier_id"] for row in written] == [guarded(name) for name in IDS]
    assert not any(cell[:1] in "=+-@\t\r" for row in written for cell in row.values() if cell)
    assert [row.cells["dossier_id"] for row in read_rows(target)[1]] == IDS
    assert run(monkeypatch, *asked(tmp_path, "out.csv")) in (0, 1)
    account = json.loads((tmp_path / "acc.json").read_text(encoding="utf-8"))
    assert [unit["unit"] for unit in account["units"]] == ["=so"]
    with (tmp_path / "acc.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["unit"] for row in csv.DictReader(file)} == {"'=so"}


def test_plain_leaves_text_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with rescored(tmp_path, monkeypatch, "--plain").open(encoding="utf-8-sig", newline="") as file:
        assert [row["dossier_id"] for row in csv.DictReader(file)] == IDS


def test_numbers_get_no_apostrophe(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    with writer_for(target, ("a", "b", "c")) as writer:
        writer.write({"a": -3, "b": "-3", "c": True})
    assert target.read_text(encoding="utf-8-sig").splitlines()[1] == "-3,'-3,true"
