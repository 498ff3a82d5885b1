"""XES logs: streaming, safe, nested attributes, globals are not values, the real logs."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from tthc_rules.errors import InputFileError
from tthc_rules.logs.eventlog import read_dossiers
from tthc_rules.logs.mapping import read_mapping
from tthc_rules.logs.xes import MAX_DEPTH, MAX_TOKEN, read_traces

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"

EVENT = '<event><string key="concept:name" value="{}"/><date key="time:timestamp" value="{}"/></event>'
ACCEPTED = EVENT.format("dossier_accepted", "2024-08-23T08:30:00+07:00")


def log(tmp_path: Path, inside: str, name: str = "log.xes") -> Path:
    path = tmp_path / name
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<log xmlns="http://www.xes-standard.org/">\n{inside}\n</log>'
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def trace(name: str, inside: str = "") -> str:
    return f'<trace><string key="concept:name" value="{name}"/>{inside}</trace>'


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz", "HỒ SƠ.XES"])
def test_a_trace_becomes_a_dossier(tmp_path: Path, name: str) -> None:
    path = log(tmp_path, trace("H1", '<string key="procedure" value="1.001"/>' + ACCEPTED), name)
    (raw,) = read_dossiers(path)
    assert raw.problems == ()
    assert raw.place == f"{path}:3"
    assert raw.data == {
        "dossier_id": "H1",
        "procedure": "1.001",
        "events": [{"kind": "dossier_accepted", "at": "2024-08-23T08:30:00+07:00"}],
    }


def test_global_defaults_are_not_values(tmp_path: Path) -> None:
    defaults = (
        '<global scope="trace"><string key="channel" value="UNKNOWN"/></global>'
        '<global scope="event"><date key="due" value="1970-01-01T00:00:00.000+01:00"/></global>'
    )
    (raw,) = read_dossiers(log(tmp_path, defaults + trace("H1", ACCEPTED)))
    assert "channel" not in raw.data
    assert raw.data["events"] == [{"kind": "dossier_accepted", "at": "2024-08-23T08:30:00+07:00"}]


def test_types_nested_attributes_lists_and_containers(tmp_path: Path) -> None:
    attributes = (
        '<container key="time_limit"><int key="amount" value="5"/><string key="unit" value="workday"/>'
        '<list key="pauses_for"><values><string key="a" value="payment"/><string key="b" value="opinion"/>'
        "</values></list>"
        '</container><boolean key="filed_elsewhere" value="true"/><float key="cost" value="1.5"/>'
        '<int key="procedure" value="7"/>'
        '<string key="place" value="Hà Nội"><string key="ward" value="Ba Đình"/></string>'
    )
    (found,) = read_traces(log(tmp_path, trace("H1", attributes)))
    assert found.problems == []
    assert found.attributes == {
        "case:concept:name": "H1",
        "case:time_limit.amount": 5,
        "case:time_limit.unit": "workday",
        "case:time_limit.pauses_for": ["payment", "opinion"],
        "case:filed_elsewhere": True,
        "case:cost": 1.5,
        "case:procedure": 7,
        "case:place": "Hà Nội",
        "case:place.ward": "Ba Đình",
    }
    (raw,) = read_dossiers(log(tmp_path, trace("H1", attributes.replace('<string key="place"', '<string key="x"'))))
    assert raw.data["time_limit"] == {"amount": 5, "unit": "workday", "pauses_for": ["payment", "opinion"]}
    assert raw.data["procedure"] == "7"
    assert raw.data["filed_elsewhere"] is True


def test_an_attribute_with_a_value_and_nested_attributes_keeps_both(tmp_path: Path) -> None:
    nested = '<string key="x" value="a"><string key="y" value="b"/></string>'
    (raw,) = read_dossiers(log(tmp_path, trace("H1", nested)))
    assert raw.problems == ()
    assert raw.data == {"dossier_id": "H1", "x": "a", "x.y": "b", "events": []}


def test_a_group_that_is_also_a_value_is_a_problem_of_its_dossier(tmp_path: Path) -> None:
    nested = '<string key="time_limit" value="5 ngày"><int key="amount" value="5"/></string>'
    first, second = read_dossiers(log(tmp_path, trace("H1", nested) + trace("H2")))
    assert [problem.code for problem in first.problems] == ["TR-row-conflict"]
    assert second.problems == ()


@pytest.mark.parametrize("prefix", ["", "xes:"])
def test_element_prefixes_are_ignored(tmp_path: Path, prefix: str) -> None:
    path = tmp_path / "log.xes"
    path.write_text('<x:log><x:trace><x:string key="concept:name" value="H1"/></x:trace></x:log>'.replace("x:", prefix))
    assert [raw.dossier_id for raw in read_dossiers(path)] == ["H1"]


@pytest.mark.parametrize(
    ("attribute", "code"),
    [
        ('<int key="n" value="nhiều"/>', "TR-row-type"),
        ('<float key="n" value="inf"/>', "TR-row-type"),
        ('<boolean key="n" value="có"/>', "TR-row-type"),
        ('<string value="x"/>', "TR-row-record"),
        ('<string key="n" value="1"/><string key="n" value="2"/>', "TR-row-conflict"),
        ("<string key='a'>" * (MAX_DEPTH + 1) + "</string>" * (MAX_DEPTH + 1), "TR-row-record"),
        ('<event><date key="time:timestamp" value="2024-08-23"/></event>', "TR-row-event"),
        ('<event><string key="concept:name" value="dossier_accepted"/></event>', "TR-row-event"),
    ],
)
def test_a_bad_attribute_spoils_only_its_own_dossier(tmp_path: Path, attribute: str, code: str) -> None:
    before, bad, after = read_dossiers(log(tmp_path, "\n".join([trace("H1"), trace("H2", attribute), trace("H3")])))
    assert [problem.code for problem in bad.problems] == [code]
    assert bad.problems[0].place.endswith("log.xes:4")
    assert before.problems == after.problems == ()


def test_no_id_events_outside_traces_and_repeated_ids_are_error_rows(tmp_path: Path) -> None:
    found = list(read_dossiers(log(tmp_path, "<trace/>" + ACCEPTED + trace("H1") + trace("H1", ACCEPTED))))
    assert [(raw.dossier_id, [problem.code for problem in raw.problems]) for raw in found] == [
        ("", ["TR-row-dossier-id"]),
        ("", ["TR-row-dossier-id"]),
        ("H1", ["TR-row-repeated"]),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "TR-file-xml"),
        ("không phải XML", "TR-file-xml"),
        ("<html></html>", "TR-file-xml"),
        ("<log><trace><trace/></trace></log>", "TR-file-xml"),
        ("<log><trace>", "TR-file-xml"),
        ('<!DOCTYPE log [<!ENTITY a "aaaa">]><log>&a;</log>', "TR-file-doctype"),
        ('<!DOCTYPE log SYSTEM "file:///etc/passwd"><log/>', "TR-file-doctype"),
    ],
)
def test_what_is_not_xes_is_an_error_with_its_place(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "log.xes"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputFileError) as caught:
        list(read_dossiers(path))
    assert caught.value.code == code
    assert caught.value.place.startswith(f"{path}:1")


def test_of_a_file_that_is_cut_no_dossier_is_given(tmp_path: Path) -> None:
    path = log(tmp_path, "".join(trace(f"H{n}", ACCEPTED * 40) for n in range(500)), "log.xes.gz")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputFileError) as caught:
        next(read_dossiers(path))
    assert caught.value.code == "TR-file-unreadable"


def test_one_huge_token_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = log(tmp_path, trace("a" * (20 * MAX_TOKEN)))
    tracemalloc.start()
    with pytest.raises(InputFileError) as caught:
        list(read_dossiers(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.code == "TR-file-size"
    assert peak < 4 * MAX_TOKEN


def test_one_huge_trace_is_an_error_row_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tthc_rules.logs.xes.MAX_TRACE", 1_000_000)
    big, after = read_dossiers(log(tmp_path, trace("H1", ACCEPTED * 20_000) + trace("H2", ACCEPTED)))
    assert (big.dossier_id, [problem.code for problem in big.problems]) == ("H1", ["TR-file-size"])
    assert after.problems == ()
    assert after.data["events"] == [{"kind": "dossier_accepted", "at": "2024-08-23T08:30:00+07:00"}]


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    path = log(tmp_path, "".join(trace(f"H{n}", ACCEPTED * 50) for n in range(1_000)), "log.xes.gz")
    tracemalloc.start()
    assert sum(1 for _ in read_traces(path)) == 1_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


MAPPING = """
format: 1
mapping: m
label: {vi: a, en: b}
dossier: {dossier_id: {column: "case:concept:name"}, procedure: {column: "case:ma_thu_tuc"}}
events_from_rows: {kind: {column: "concept:name"}, at: {column: "time:timestamp"}, agency: {column: "case:so"}}
"""


def test_a_column_that_never_occurs_is_told_at_the_end(tmp_path: Path) -> None:
    mapping = read_mapping(MAPPING, "m.yaml")
    *_, last = read_dossiers(log(tmp_path, trace("H1", '<string key="so" value="SXD"/>' + ACCEPTED)), mapping)
    assert [problem.code for problem in last.problems] == ["TR-file-columns"]
    assert "case:ma_thu_tuc" in last.problems[0].en
    assert "case:so" in last.problems[0].known


def test_events_inherit_mapped_attributes_of_their_trace(tmp_path: Path) -> None:
    mapping = read_mapping(MAPPING, "m.yaml")
    attributes = '<string key="so" value="SXD"/><string key="ma_thu_tuc" value="1.001"/>'
    (raw,) = read_dossiers(log(tmp_path, trace("H1", attributes + ACCEPTED)), mapping)
    assert raw.data["procedure"] == "1.001"
    assert raw.data["events"] == [{"kind": "dossier_accepted", "at": "2024-08-23T08:30:00+07:00", "agency": "SXD"}]


@pytest.mark.skipif(not (DATA / "bpic2012.xes.gz").exists(), reason="../shared/data/bpic2012.xes.gz is not here")
def test_bpic2012_is_read_whole_in_bounded_memory() -> None:
    dossiers = events = missing = 0
    for found in read_traces(DATA / "bpic2012.xes.gz"):
        assert found.problems == []
        dossiers += 1
        events += len(found.events)
        missing += sum("org:resource" not in event for _, event in found.events)
    assert (dossiers, events, missing) == (13_087, 262_200, 18_010)


@pytest.mark.parametrize("encoding", ["x-none", "big5", "utf-7", "idna", "base64", "utf-16", "cp1258x", "hex"])
def test_an_encoding_that_is_not_read_is_an_error_of_ours(tmp_path: Path, encoding: str) -> None:
    """The report x10_xes_encoding_traceback."""
    path = tmp_path / "log.xes"
    path.write_bytes(f'<?xml version="1.0" encoding="{encoding}"?><log>{trace("H1")}</log>'.encode())
    with pytest.raises(InputFileError) as caught:
        list(read_dossiers(path))
    assert caught.value.code in ("TR-file-encoding", "TR-file-xml")


def test_an_encoding_that_is_declared_and_known_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    text = f'<?xml version="1.0" encoding="windows-1258"?><log>{trace("Hê1", ACCEPTED)}</log>'
    path.write_bytes(text.encode("cp1258"))
    assert [raw.dossier_id for raw in read_dossiers(path)] == ["Hê1"]
