"""Files of dossiers: CSV, NDJSON, JSON; grouping, bad rows, attributes from a second file, the real log."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tthc_rules.errors import InputFileError
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.text import nfc
from tthc_rules.logs.csv import MAX_RECORD_LINES
from tthc_rules.logs.eventlog import RawDossier, format_of, read_dossiers

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
EXAMPLE = ROOT / "examples" / "receipt" / "mapping.yaml"

ACCEPTED = {"kind": "dossier_accepted", "at": "2024-08-23"}
ISSUED = {"kind": "result_issued", "at": "2024-08-30"}


def write(tmp_path: Path, content: str | bytes, name: str = "log.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(tmp_path: Path, content: str | bytes, name: str = "log.csv", **options: Any) -> list[RawDossier]:
    return list(read_dossiers(write(tmp_path, content, name), **options))


def codes(raws: list[RawDossier]) -> list[tuple[str, list[str]]]:
    return [(raw.dossier_id, [problem.code for problem in raw.problems]) for raw in raws]


# -- CSV ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    ["dossier_id,kind,at", "case:concept:name,concept:name,time:timestamp", " dossier_id , concept:name,at"],
)
def test_rows_become_dossiers(tmp_path: Path, header: str) -> None:
    raws = read(tmp_path, f"{header}\nH1,dossier_accepted,2024-08-23\nH1,result_issued,2024-08-30\n")
    assert raws == [
        RawDossier("H1", {"dossier_id": "H1", "events": [ACCEPTED, ISSUED]}, str(tmp_path / "log.csv") + ":2")
    ]


def test_columns_of_dossier_and_event_with_their_types(tmp_path: Path) -> None:
    (raw,) = read(
        tmp_path,
        "dossier_id,kind,at,channel,event:channel,units.handling_agency,time_limit.amount,time_limit.unit,case:khu_vực,"
        "filed_elsewhere,attached,new_due,ghi chú\n"
        "H1,dossier_accepted,2024-08-23,online,,so-xay-dung,5,workday,A,false,,,\n"
        "H1,apology_sent,2024-08-29,online,sms,,,,,,True,2024-09-04,x\n",
    )
    assert raw.problems == ()
    assert raw.data == {
        "dossier_id": "H1",
        "channel": "online",
        "units": {"handling_agency": "so-xay-dung"},
        "time_limit": {"amount": 5, "unit": "workday"},
        "khu_vực": "A",
        "filed_elsewhere": False,
        "events": [
            ACCEPTED,
            {
                "kind": "apology_sent",
                "at": "2024-08-29",
                "channel": "sms",
                "attached": True,
                "new_due": "2024-09-04",
                "ghi chú": "x",
            },
        ],
    }
    Dossier.model_validate(raw.data)


def test_what_is_no_integer_or_boolean_is_left_for_the_dossier_to_refuse(tmp_path: Path) -> None:
    (raw,) = read(tmp_path, "dossier_id,kind,at,time_limit.amount,attached\nH1,apology_sent,2024-08-23,5.5,có\n")
    assert raw.data["time_limit"] == {"amount": "5.5"}
    assert raw.data["events"] == [{"kind": "apology_sent", "at": "2024-08-23", "attached": "có"}]


def test_scattered_rows_are_grouped_in_the_order_of_the_file(tmp_path: Path) -> None:
    log = (
        "dossier_id,kind,at\nB,result_issued,2024-08-30\nA,dossier_accepted,2024-08-23\nB,dossier_accepted,2024-08-23\n"
    )
    raws = read(tmp_path, log)
    assert [(raw.dossier_id, raw.data["events"]) for raw in raws] == [("B", [ISSUED, ACCEPTED]), ("A", [ACCEPTED])]


def test_grouped_rows_stream_and_a_broken_promise_is_reported(tmp_path: Path) -> None:
    rows = "".join(f"H{n},dossier_accepted,2024-08-23\nH{n},result_issued,2024-08-30\n" for n in range(3))
    path = write(tmp_path, "dossier_id,kind,at\n" + rows + "H0,result_returned,2024-09-01\n")
    raws = list(read_dossiers(path, grouped=True))
    assert codes(raws) == [("H0", ["TR-row-repeated"]), ("H1", []), ("H2", [])]
    assert raws[0].problems[0].place == f"{path}:8"
    assert f"{path}:2" in raws[0].problems[0].vi


@pytest.mark.parametrize("name", ["log.csv", "HỒ SƠ 2024.CSV", "a.b.csv.gz"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_marks_line_ends_and_names_of_files(tmp_path: Path, name: str, end: str, mark: str) -> None:
    text = mark + end.join(["dossier_id,kind,at", '"H1",dossier_accepted,2024-08-23', "", ",,", ""])
    content = gzip.compress(text.encode()) if name.endswith("gz") else text.encode()
    assert [raw.data["events"] for raw in read(tmp_path, content, name)] == [[ACCEPTED]]


def test_windows_paths_are_understood_as_names() -> None:
    assert format_of(Path(r"C:\Hồ sơ\tháng 8.CSV")) == "csv"
    assert format_of(Path("D:/du lieu/log.xes.gz")) == "xes"
    assert format_of(Path("log.dat"), "ndjson") == "ndjson"


def test_quoted_newlines_and_places_after_them(tmp_path: Path) -> None:
    raws = read(
        tmp_path,
        'dossier_id,kind,at,reason\nH1,apology_sent,2024-08-23,"dòng 1\r\ndòng ""2"", hết"\nH2,x,,\n',
    )
    assert raws[0].data["events"] == [{"kind": "apology_sent", "at": "2024-08-23", "reason": 'dòng 1\r\ndòng "2", hết'}]
    assert raws[1].problems[0].place.endswith("log.csv:4")


def test_a_row_without_an_event_only_describes_the_dossier(tmp_path: Path) -> None:
    (raw,) = read(tmp_path, "dossier_id,kind,at,procedure\nH1,,,1.001\n")
    assert raw == RawDossier("H1", {"dossier_id": "H1", "procedure": "1.001", "events": []}, f"{tmp_path}/log.csv:2")


def test_an_attribute_may_be_left_out_of_some_rows_but_not_change(tmp_path: Path) -> None:
    raws = read(
        tmp_path,
        "dossier_id,kind,at,procedure\nA,x,2024-08-23,\nA,y,2024-08-24,1.001\nA,z,2024-08-25,\n"
        "B,x,2024-08-23,1.001\nB,y,2024-08-24,1.002\nB,z,2024-08-24,1.003\n",
    )
    assert codes(raws) == [("A", []), ("B", ["TR-row-conflict"])]
    assert raws[0].data["procedure"] == raws[1].data["procedure"] == "1.001"
    assert raws[1].problems[0].place.endswith(":6")


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("H2,dossier_accepted", ("H2", ["TR-row-width"])),
        ("H2,dossier_accepted,2024-08-23,thừa", ("H2", ["TR-row-width"])),
        (",dossier_accepted,2024-08-23", ("", ["TR-row-dossier-id"])),
        ("H2,,2024-08-23", ("H2", ["TR-row-event"])),
        ("H2,dossier_accepted,", ("H2", ["TR-row-event"])),
        ('"H2"x,dossier_accepted,2024-08-23', ("", ["TR-row-csv"])),
        ('"H2,dossier_accepted,2024-08-23', ("", ["TR-row-csv"])),
        ("H2,dossier_accepted,2024\r08", ("H2", ["TR-row-csv"])),
        (b"H2,ti\xe1\xbb,2024-08-23", ("H2", ["TR-file-encoding"])),
        ("H2," + "a" * 140_000 + ",2024-08-23", ("H2", ["TR-row-csv"])),
        ('H2,"x"y",2024-08-23', ("H2", ["TR-row-csv"])),
        (b"H\xe1\xbb,x,2024-08-23", ("", ["TR-file-encoding"])),
    ],
)
def test_a_bad_row_is_an_error_row_and_the_rest_is_read(
    tmp_path: Path, row: str | bytes, found: tuple[str, list[str]]
) -> None:
    line = row if isinstance(row, bytes) else row.encode()
    log = b"dossier_id,kind,at\nH1,dossier_accepted,2024-08-23\n" + line + b'\nH3,"dossier_accepted",2024-08-23\n'
    raws = read(tmp_path, log)
    assert codes(raws) == [("H1", []), found, ("H3", [])]
    assert raws[1].problems[0].place.startswith(f"{tmp_path}/log.csv:3")
    assert raws[2].data["events"] == [ACCEPTED]
    assert read(tmp_path, log, grouped=True) == raws


def test_a_bad_row_marks_the_dossier_it_belongs_to_as_incomplete(tmp_path: Path) -> None:
    raws = read(tmp_path, "dossier_id,kind,at\nH1,dossier_accepted,2024-08-23\nH1,result_issued\nH2,x,2024-08-23\n")
    assert codes(raws) == [("H1", ["TR-row-width"]), ("H2", [])]


def test_a_quote_never_closed_loses_no_other_row(tmp_path: Path) -> None:
    rows = "".join(f"H{n},dossier_accepted,2024-08-23\n" for n in range(3 * MAX_RECORD_LINES))
    raws = read(tmp_path, 'dossier_id,kind,at\n"X,dossier_accepted,2024-08-23\n' + rows)
    assert len(raws) == 1 + 3 * MAX_RECORD_LINES
    assert [found for found in codes(raws) if found[1]] == [("", ["TR-row-csv"])]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "TR-file-columns"),
        (b"\xef\xbb\xbf", "TR-file-columns"),
        (b"\n\n", "TR-file-columns"),
        (b"dossier_id,kind\nH1,x\n", "TR-file-columns"),
        (b"dossier_id;kind;at\n", "TR-file-columns"),
        (b"dossier_id,kind,at,at\n", "TR-file-header"),
        ("dossier_id,kind,at\n".encode("utf-16"), "TR-file-encoding"),
        (b"dossier_id,kind,at,t\xean\n", "TR-file-encoding"),
        (b'"dossier_id,kind,at\n', "TR-row-csv"),
        (b"\x1f\x8bkh\xf4ng", "TR-file-unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_at_all(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(InputFileError) as caught:
        read(tmp_path, content)
    assert caught.value.code == code
    assert str(tmp_path / "log.csv") in caught.value.place


def test_missing_columns_are_named_with_what_is_there_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputFileError) as caught:
        read(tmp_path, "Mã hồ sơ;Việc;Lúc\n")
    (problem,) = caught.value.problems
    assert "dossier_id (case:concept:name)" in problem.en
    assert "delimiter=';'" in problem.vi
    assert problem.known == ("Mã hồ sơ;Việc;Lúc",)
    assert "mapping" in caught.value.render("en")


def test_a_header_alone_is_a_log_without_dossiers(tmp_path: Path) -> None:
    assert read(tmp_path, "dossier_id,kind,at\n") == []


def test_other_delimiters_are_named_never_guessed(tmp_path: Path) -> None:
    log = "dossier_id;kind;at\nH1;dossier_accepted;2024-08-23\n"
    assert [raw.data["events"] for raw in read(tmp_path, log, delimiter=";")] == [[ACCEPTED]]
    for bad in ("", ";;", "\n", '"'):
        with pytest.raises(InputFileError) as caught:
            read(tmp_path, log, delimiter=bad)
        assert caught.value.code == "TR-file-delimiter"


def test_unknown_formats_and_missing_files(tmp_path: Path) -> None:
    for name, format in (("log.ods", None), ("log", None), ("log.csv", "xls"), (".csv", None)):
        with pytest.raises(InputFileError) as caught:
            read_dossiers(tmp_path / name, format=format)  # type: ignore[arg-type]
        assert caught.value.code == "TR-file-format"
    for path in (tmp_path / "không có.csv", tmp_path):
        with pytest.raises(InputFileError) as caught:
            list(read_dossiers(path, format="csv"))
        assert caught.value.code == "TR-file-unreadable"


# -- JSON --------------------------------------------------------------------------------------------------------------


def lines(*values: object) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


@pytest.mark.parametrize("name", ["log.ndjson", "log.jsonl"])
def test_one_dossier_a_line_comes_out_untouched(tmp_path: Path, name: str) -> None:
    dossier = {"dossier_id": "H1", "time_limit": {"amount": "5"}, "events": [{"kind": "x", "at": None, "reason": ""}]}
    raws = read(tmp_path, lines(dossier) + "\n" + lines({"dossier_id": "H2"}), name)
    assert [raw.data for raw in raws] == [dossier, {"dossier_id": "H2"}]
    assert raws[1].place == f"{tmp_path}/{name}:3"


def test_one_event_a_line_is_grouped(tmp_path: Path) -> None:
    content = lines(
        {"dossier_id": "H1", "kind": "dossier_accepted", "at": "2024-08-23", "time_limit": {"amount": 5}},
        {"dossier_id": 7, "kind": "dossier_accepted", "at": "2024-08-23"},
        {"dossier_id": "H1", "kind": "apology_sent", "at": "2024-08-29", "reason": "", "attached": True, "form": None},
    )
    raws = read(tmp_path, content, "log.ndjson")
    assert [raw.data for raw in raws] == [
        {
            "dossier_id": "H1",
            "time_limit": {"amount": 5},
            "events": [ACCEPTED, {"kind": "apology_sent", "at": "2024-08-29", "reason": "", "attached": True}],
        },
        {"dossier_id": "7", "events": [ACCEPTED]},
    ]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b'{"dossier_id": "H2"', ("H2", ["TR-row-json"])),
        (b'{"dossier_id": 2', ("", ["TR-row-json"])),
        (b'{"dossier_id": "H2", "events": [', ("H2", ["TR-row-json"])),
        (b'{"dossier_id": "H2", "note": NaN}', ("H2", ["TR-row-json"])),
        (b'{"dossier_id": "H2", "note": 1, "note": 2}', ("H2", ["TR-row-json"])),
        (b'{"dossier_id": "H2", "note": "\xff"}', ("H2", ["TR-file-encoding"])),
        (b"[]", ("", ["TR-row-record"])),
        (b"null", ("", ["TR-row-record"])),
        (b'{"dossier_id": NaN}', ("", ["TR-row-json"])),
        (b'{"dossier_id": "a", "dossier_id": "b"}', ("", ["TR-row-json"])),
        (b'{"dossier_id": "\\ud800"}', ("", ["TR-row-json"])),
        (b"[" * 100_000, ("", ["TR-row-json"])),
        (b'{"dossier_id": ' + b"1" * 5_000 + b"}", ("", ["TR-row-json"])),
        (b'{"dossier_id": "\xff"}', ("", ["TR-file-encoding"])),
        (b'{"events": []}', ("", ["TR-row-dossier-id"])),
        (b'{"dossier_id": "H2", "kind": "x", "at": "2024-08-23"}', ("H2", ["TR-row-record"])),
    ],
)
def test_a_bad_line_is_an_error_row(tmp_path: Path, line: bytes, found: tuple[str, list[str]]) -> None:
    good = b'{"dossier_id": "%s", "events": []}\n'
    raws = read(tmp_path, good % b"H1" + line + b"\n" + good % b"H3", "log.ndjson")
    assert codes(raws) == [("H1", []), found, ("H3", [])]
    assert raws[1].problems[0].place.startswith(f"{tmp_path}/log.ndjson:2")


def test_a_dossier_among_events_and_a_broken_first_line(tmp_path: Path) -> None:
    content = "{\n" + lines({"dossier_id": "H1", **ACCEPTED}, {"dossier_id": "H2", "events": []})
    assert codes(read(tmp_path, content, "log.ndjson")) == [
        ("", ["TR-row-json"]),
        ("H1", []),
        ("H2", ["TR-row-record"]),
    ]


def test_names_that_are_value_and_group_at_once(tmp_path: Path) -> None:
    event = {"dossier_id": "H1", **ACCEPTED, "x": {"y": 1}, "x.y": 2}
    (raw,) = read(tmp_path, lines(event), "log.ndjson")
    assert raw.problems == ()
    assert raw.data["events"] == [{**ACCEPTED, "x": {"y": 1}, "x.y": 2}]


@pytest.mark.parametrize(
    "columns",
    [
        "units,units.one_stop_unit",
        "units.one_stop_unit,case:units.one_stop_unit",
        "case:events,a",
        "due,event:due",
        "event:units,event:units.x",
    ],
)
def test_two_columns_for_one_field_are_a_problem(tmp_path: Path, columns: str) -> None:
    log = f"dossier_id,kind,at,{columns}\nH1,dossier_accepted,2024-08-23,1,2\n"
    assert codes(read(tmp_path, log)) == [("H1", ["TR-row-conflict"])]


def test_json_rows_with_a_mapping(tmp_path: Path) -> None:
    mapping = write(
        tmp_path,
        "format: 1\nmapping: m\nlabel: {vi: a, en: b}\n"
        "dossier: {dossier_id: {column: hồ sơ.mã}, filed_elsewhere: {column: nơi khác}, field: {column: lĩnh vực}}\n"
        "events_from_rows: {kind: {column: việc, values: {'1': step_done, 'true': step_done}}, at: {column: lúc}}\n",
        "m.yaml",
    )
    content = lines(
        {"hồ sơ": {"mã": 7}, "việc": 1, "lúc": "2024-08-23", "nơi khác": True, "lĩnh vực": 3},
        {"hồ sơ": {"mã": 7}, "việc": True, "lúc": "2024-08-24"},
        {"hồ sơ": "?"},
    )
    raws = read(tmp_path, content, "log.ndjson", mapping=mapping)
    assert codes(raws) == [("7", []), ("", ["TR-row-dossier-id"])]
    assert raws[0].data == {
        "dossier_id": "7",
        "filed_elsewhere": True,
        "field": "3",
        "events": [{"kind": "step_done", "at": "2024-08-23"}, {"kind": "step_done", "at": "2024-08-24"}],
    }


@pytest.mark.parametrize("name", ["log.csv", "log.ndjson"])
def test_a_line_without_an_end_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("tthc_rules.logs.files.MAX_LINE", 100)
    good = {"log.csv": "H%d,x,2024-08-23\n", "log.ndjson": '{"dossier_id": "H%d", "kind": "x", "at": "2024-08-23"}\n'}
    head = "dossier_id,kind,at\n" if name == "log.csv" else ""
    raws = read(tmp_path, head + good[name] % 1 + "a" * 1_050 + "\n" + good[name] % 2, name)
    assert codes(raws) == [("H1", []), ("", ["TR-file-size"]), ("H2", [])]


def test_json_holds_one_dossier_or_a_list(tmp_path: Path) -> None:
    (raw,) = read(tmp_path, '\ufeff{"dossier_id": "H1",\n "events": []}', "log.json")
    assert raw == RawDossier("H1", {"dossier_id": "H1", "events": []}, f"{tmp_path}/log.json")
    raws = read(tmp_path, '[{"dossier_id": "H1"}, 5, {"dossier_id": "H2"}]', "log.json")
    assert codes(raws) == [("H1", []), ("", ["TR-row-record"]), ("H2", [])]
    assert raws[1].place == f"{tmp_path}/log.json[1]"
    assert read(tmp_path, "[]", "log.json") == []
    assert read(tmp_path, "", "log.ndjson") == []


@pytest.mark.parametrize(("content", "place"), [(b"", ":1:1"), (b'{"a":\n 1;}', ":2:3"), (b'{"a":\n "\xff"}', ":2:3")])
def test_a_json_file_that_is_broken_is_an_error(tmp_path: Path, content: bytes, place: str) -> None:
    with pytest.raises(InputFileError) as caught:
        read(tmp_path, content, "log.json")
    assert caught.value.place == f"{tmp_path}/log.json{place}"


# -- a second file of attributes ---------------------------------------------------------------------------------------

LOG = (
    "dossier_id,kind,at,channel,time_limit.amount,time_limit.unit\n"
    "H1,dossier_accepted,2024-08-23,online,5,workday\nH2,dossier_accepted,2024-08-23,,,\n"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "dossier_id,procedure,time_limit.amount,filed_elsewhere\nH1,1.001,7,false\n"),
        ("a.csv", "case:concept:name,case:procedure,case:time_limit.amount,case:filed_elsewhere\nH1,1.001,7,false\n"),
        (
            "a.ndjson",
            '{"dossier_id": "H1", "procedure": "1.001", "time_limit": {"amount": 7}, "filed_elsewhere": false}',
        ),
        ("a.json", '[{"dossier_id": "H1", "procedure": "1.001", "time_limit.amount": 7, "filed_elsewhere": false}]'),
    ],
)
def test_attributes_are_laid_over_those_of_the_log(tmp_path: Path, name: str, content: str) -> None:
    first, second = read(tmp_path, LOG, dossiers=write(tmp_path, content, name))
    assert first.problems == second.problems == ()
    assert first.data == {
        "dossier_id": "H1",
        "channel": "online",
        "time_limit": {"amount": 7, "unit": "workday"},
        "procedure": "1.001",
        "filed_elsewhere": False,
        "events": [ACCEPTED],
    }
    assert second.data == {"dossier_id": "H2", "events": [ACCEPTED]}


def test_attributes_without_a_dossier_and_bad_rows_are_error_rows(tmp_path: Path) -> None:
    attributes = write(
        tmp_path, "dossier_id,procedure,field\nH1,1.001\nH9,1.001,x\n,1.001,x\nH2,1.001,x\nH2,1.002,x\n", "a.csv"
    )
    raws = read(tmp_path, LOG, dossiers=attributes)
    assert codes(raws) == [
        ("H1", ["TR-row-width"]),
        ("H2", ["TR-row-conflict"]),
        ("H9", ["TR-row-not-in-log"]),
        ("", ["TR-row-dossier-id"]),
    ]
    assert raws[2].place == f"{attributes}:3"


def test_attributes_that_cannot_be_laid_over(tmp_path: Path) -> None:
    attributes = write(
        tmp_path,
        '{"dossier_id": "H1", "units": "x", "units.handling_agency": "y"}\n{"dossier_id": "H2", "events": []}',
        "a.ndjson",
    )
    assert codes(read(tmp_path, LOG, dossiers=attributes)) == [
        ("H1", ["TR-row-conflict"]),
        ("H2", ["TR-row-record"]),
    ]


def test_attributes_may_not_rename_a_dossier(tmp_path: Path) -> None:
    attributes = write(tmp_path, "dossier_id,case:dossier_id\nH1,H2\n", "a.csv")
    assert codes(read(tmp_path, LOG, dossiers=attributes)) == [("H1", ["TR-row-record"]), ("H2", [])]


def test_a_file_of_attributes_must_be_readable(tmp_path: Path) -> None:
    for name, content, code in (
        ("a.csv", "mã,procedure\n", "TR-file-columns"),
        ("a.xes", "<log/>", "TR-file-format"),
        ("a.json", "{", "TR-row-json"),
    ):
        with pytest.raises(InputFileError) as caught:
            read(tmp_path, LOG, dossiers=write(tmp_path, content, name))
        assert caught.value.code == code


# -- for all files -----------------------------------------------------------------------------------------------------

CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=9)
EVENT = st.fixed_dictionaries({"kind": CELL, "at": CELL}, optional={"reason": CELL.map(lambda text: f'{text}\n,"x')})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@example(rows=[("Tie\u0302n", {"kind": "\u212b", "at": "o\u031b", "reason": "e\u0302\nx"})], delimiter=",", bom=False)
@given(rows=st.lists(st.tuples(CELL, EVENT), max_size=20), delimiter=st.sampled_from(",;\t|"), bom=st.booleans())
def test_what_a_csv_writer_writes_is_read_back(
    tmp_path: Path, rows: list[tuple[str, dict[str, str]]], delimiter: str, bom: bool
) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, ["dossier_id", "kind", "at", "reason"], delimiter=delimiter)
    writer.writeheader()
    wanted: dict[str, list[dict[str, str]]] = {}
    for dossier_id, event in rows:
        writer.writerow({"dossier_id": dossier_id, **event})
        wanted.setdefault(nfc(dossier_id), []).append({name: nfc(cell) for name, cell in event.items()})
    content = ("\ufeff" if bom else "") + text.getvalue()
    raws = read(tmp_path, content, delimiter=delimiter)
    assert {raw.dossier_id: raw.data["events"] for raw in raws} == wanted
    assert all(raw.problems == () for raw in raws)


PIECES = st.sampled_from(
    [
        *(b"dossier_id,kind,at\n", b"H1,x,2024-08-23", b"\n", b"\r", b'"', b",", b"\xff", b"\xef\xbb\xbf", b"\x00"),
        *(b"{", b"}", b'{"dossier_id": "H1"}', b'"events":', b"[", b"\x1f\x8b", b"<!DOCTYPE x>", b"<log>", b"</log>"),
        *(b"<trace>", b"</trace>", b"<event>", b"</event>", b'<list key="a">', b"</list>"),
        b'<string key="concept:name" value="H1"/>',
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    name=st.sampled_from(["a.csv", "a.ndjson", "a.json", "a.xes"]),
    content=st.one_of(st.binary(max_size=60), st.lists(PIECES, max_size=30).map(b"".join)),
    grouped=st.booleans(),
)
def test_no_bytes_make_it_fail_in_another_way(tmp_path: Path, name: str, content: bytes, grouped: bool) -> None:
    try:
        raws = read(tmp_path, content, name, grouped=grouped)
    except InputFileError as error:
        error.render("vi").encode()
        return
    for raw in raws:
        assert raw.problems or raw.dossier_id
        assert all(problem.vi and problem.en for problem in raw.problems)
        json.dumps(raw.data, ensure_ascii=False).encode()


# -- the real log ------------------------------------------------------------------------------------------------------

real = pytest.mark.skipif(not (DATA / "receipt.csv").exists(), reason="../shared/data/receipt.csv is not here")


@real
def test_the_receipt_log_is_the_same_from_csv_and_xes() -> None:
    table = list(read_dossiers(DATA / "receipt.csv", EXAMPLE))
    traces = list(read_dossiers(DATA / "08_receipt.xes.gz", EXAMPLE))
    assert len(table) == len(traces) == 1_434
    assert not any(raw.problems for raw in table + traces)
    made = [event for raw in table for event in raw.data["events"]]  # type: ignore[attr-defined]
    assert sum(event["kind"] == "step_done" for event in made) == 8_577
    assert sum(event["kind"] == "dossier_accepted" and "appointed_due" in event for event in made) == 1_434
    assert sum(event["kind"] == "result_issued" for event in made) == 1_329
    assert len(made) == 8_577 + 1_434 + 1_329
    for left, right in zip(table, traces, strict=True):
        assert Dossier.model_validate(left.data) == Dossier.model_validate(right.data)
    assert {raw.data.get("channel") for raw in table} == {"online", "in_person", "postal", None}
    assert not any("Resource" in json.dumps(raw.data) for raw in table)


@real
def test_the_receipt_log_is_the_same_value_by_value_without_a_mapping() -> None:
    moments = {"startdate", "deadline", "enddate", "enddate_planned", "at"}

    def comparable(fields: dict[str, Any]) -> dict[str, object]:
        return {
            name: datetime.fromisoformat(value) if name in moments else value
            for name, value in fields.items()
            if name != "events"
        }

    table = read_dossiers(DATA / "receipt.csv", grouped=True)
    for left, right in zip(table, read_dossiers(DATA / "08_receipt.xes.gz"), strict=True):
        ours: Any = left.data
        theirs: Any = right.data
        assert comparable(ours) == comparable(theirs)
        assert [comparable(event) for event in ours["events"]] == [comparable(event) for event in theirs["events"]]
