"""Cells that say the same in two ways, columns that nobody named, what was begun and not done, blanks around names."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.cli import main
from tthc_rules.errors import InputFileError
from tthc_rules.logs.eventlog import RawDossier, read_dossiers
from tthc_rules.logs.mapping import read_mapping

Report = Callable[[str], Path]
Judged = tuple[object, list[dict[str, str]]]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> object:
    monkeypatch.setattr(sys, "argv", ["tthc-rules", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code


def judged(monkeypatch: pytest.MonkeyPatch, folder: Path, log: str, *more: object) -> Judged:
    code = run(monkeypatch, "rescore", folder / log, "-o", folder / "out.csv", "--as-of", "2024-10-01", *more)
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        return code, list(csv.DictReader(file))


def read(tmp_path: Path, content: str, name: str = "log.csv", **options: Any) -> list[RawDossier]:
    (tmp_path / name).write_text(content, encoding="utf-8")
    return list(read_dossiers(tmp_path / name, **options))


@pytest.mark.parametrize("log", ["a.csv", "b.csv", "c.csv"])
def test_equal_values_written_twice_are_one(report: Report, monkeypatch: pytest.MonkeyPatch, log: str) -> None:
    code, (row,) = judged(monkeypatch, report("10_equal_values_written_twice"), log)
    # 23/8/2024 is a Friday: five workdays end on Friday the 30th
    assert (code, row["lawful_due"], row["finished_on"], row["punctuality"]) == (0, "2024-08-30", "2024-08-28", "early")


@pytest.mark.parametrize(
    ("column", "one", "other", "same"),
    [
        ("time_limit.amount", "05", "5.0", True),
        ("time_limit.amount", "5", "6", False),
        ("filed_elsewhere", "TRUE", "true", True),
        ("officers", "A|B", "B|A", False),
        ("procedure", "1.001", " 1.001\u00a0", True),
        ("procedure", "03", "3", False),  # an id is a text
        ("units.handling_agency", "Sở Xây dựng", "So\u031b\u0309 Xa\u0302y du\u031b\u0323ng", True),
    ],
)
def test_values_are_compared_as_they_are_read(tmp_path: Path, column: str, one: str, other: str, same: bool) -> None:
    log = f"dossier_id,kind,at,{column}\nH1,x,2024-08-23,{one}\nH1,y,2024-08-24,{other}\n"
    (raw,) = read(tmp_path, log)
    assert [problem.code for problem in raw.problems] == ([] if same else ["TR-row-conflict"])
    mapping = read_mapping(
        f"format: 1\nmapping: m\nlabel: {{vi: a, en: b}}\ndossier: {{dossier_id: {{column: dossier_id}}, {column}: "
        f"{{column: {column}}}}}\nevents_from_rows: {{kind: {{column: kind}}, at: {{column: at}}}}\n",
        "m.yaml",
    )
    assert [problem.code for problem in read(tmp_path, log, mapping=mapping)[0].problems] == (
        [] if same else ["TR-row-conflict"]
    )


@pytest.mark.parametrize("arguments", [("a.csv",), ("b.csv",), ("a.csv", "--mapping", "m.yaml")])
def test_a_column_without_a_name_is_read_by_nobody(
    report: Report, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    folder = report("12_column_without_a_name")
    more = [folder / name if name.endswith(".yaml") else name for name in arguments[1:]]
    code, (row,) = judged(monkeypatch, folder, arguments[0], *more)
    assert (code, row["punctuality"], row["notes"]) == (0, "early", "")


def test_an_index_that_pandas_named_is_none_either(tmp_path: Path) -> None:
    (raw,) = read(tmp_path, "Unnamed: 0,dossier_id,kind,at\n0,H1,x,2024-08-23\n")
    assert raw.data["events"] == [{"kind": "x", "at": "2024-08-23"}]


@pytest.mark.parametrize("log", ["a.xes", "b.csv"])
def test_only_what_was_completed_is_done(
    report: Report, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], log: str
) -> None:
    code, (row,) = judged(monkeypatch, report("07_lifecycle_start_counts_as_done"), log, "--lang", "en")
    # due on 30/8; 31/8 to 3/9 are days off, so 4, 5 and 6/9 are late
    assert (code, row["finished_on"], row["punctuality"], row["workdays_late"]) == (
        0,
        "2024-09-06",
        "returned_late",
        "3",
    )
    assert row["notes"] == ""
    said = capsys.readouterr().err
    assert "Rows of what was not done, left out" in said
    assert f"1  {'start' if log == 'a.xes' else 'schedule'}" in said


LIFECYCLE = "ma,k,t,lifecycle:transition\nH1,nhận,2024-08-23,START\nH1,nhận,2024-08-24,Complete\nH1,nhận,2024-08-25,\n"
MAPPING = """format: 1
mapping: m
label: {{vi: a, en: b}}
dossier: {{dossier_id: {{column: ma}}}}
events_from_rows:
  kind: {{column: k, values: {{nhận: dossier_accepted}}}}
  at: {{column: t}}
  {more}
"""


@pytest.mark.parametrize(
    ("more", "days", "left_out"),
    [
        ("", ["2024-08-24", "2024-08-25"], {"start": 1}),
        ("only: [{column: lifecycle:transition, among: [START]}]", ["2024-08-23"], {}),
    ],
)
def test_the_mapping_says_which_transitions_count(
    tmp_path: Path, more: str, days: list[str], left_out: dict[str, int]
) -> None:
    (raw,) = read(tmp_path, LIFECYCLE, mapping=read_mapping(MAPPING.format(more=more), "m.yaml"))
    assert [event["at"] for event in raw.data["events"]] == days  # type: ignore[attr-defined]
    assert raw.left_out == left_out


@pytest.mark.parametrize("name", ["log.csv", "log.ndjson", "whole.ndjson", "log.xes"])
def test_blanks_around_names_are_no_part_of_them(tmp_path: Path, name: str) -> None:
    event = '"kind": "opinion_requested", "at": "2024-08-23", "agency": "sở\u00a0"'
    said = '"units": {"handling_agency": "\u00a0sở A "}, "officers": [" A\u00a0"]'
    text = {
        "log.csv": "dossier_id,kind,at,agency,units.handling_agency,officers\n"
        "\u00a0H1 ,opinion_requested,2024-08-23,sở\u00a0,\u00a0sở A ,\u00a0A |\n",
        "log.ndjson": f'{{"dossier_id": " H1\u00a0", {said}, {event}}}',
        "whole.ndjson": f'{{"dossier_id": " H1\u00a0", {said}, "events": [{{{event}}}]}}',
        "log.xes": '<log><trace><string key="concept:name" value=" H1 "/><string key="units.handling_agency" '
        'value="\u00a0sở A "/><string key="officers" value=" A "/><event><string key="concept:name" '
        'value="opinion_requested"/><date key="time:timestamp" value="2024-08-23"/><string key="agency" '
        'value="sở\u00a0"/></event></trace></log>',
    }[name]
    (raw,) = read(tmp_path, text, name)
    assert raw.dossier_id == "H1"
    assert raw.data == {
        "dossier_id": "H1",
        "units": {"handling_agency": "sở A"},
        "officers": ["A"],
        "events": [{"kind": "opinion_requested", "at": "2024-08-23", "agency": "sở"}],
    }


def test_one_id_in_two_unicode_forms_is_one_dossier(report: Report) -> None:
    folder = report("06_same_name_in_two_unicode_forms")
    (raw,) = read_dossiers(folder / "a.csv")
    assert len(raw.data["events"]) == 2  # type: ignore[arg-type]
    (raw,) = read_dossiers(folder / "conflict.csv")
    assert raw.problems == ()


def test_what_the_source_can_show_is_a_list_with_bars(tmp_path: Path) -> None:
    raws = read(
        tmp_path,
        "dossier_id,kind,at,observes,unknown\nH1,x,2024-08-23,result_issued | clock_paused,pauses\n"
        "H2,x,2024-08-23,|,\nH3,x,2024-08-23,,\n",
    )
    assert [(raw.data.get("observes"), raw.data.get("unknown")) for raw in raws] == [
        (["result_issued", "clock_paused"], ["pauses"]),
        ([], None),
        (None, None),
    ]
    (raw,) = read(tmp_path, '{"dossier_id": "H1", "kind": "x", "at": "2024-08-23", "observes": ""}', "log.ndjson")
    assert raw.data["observes"] == []


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("dossier_id,kind,at,apointed_due", "appointed_due"),
        ("dossier_id,kind,at,case:chanel", "channel"),
        ("dossier_id,kind,at,units.handling_agencies", "units.handling_agency"),
        ("dossier_id,knd,at", "kind"),
    ],
)
def test_a_misspelt_column_stops_the_run_before_any_row(tmp_path: Path, header: str, named: str) -> None:
    with pytest.raises(InputFileError) as caught:
        read(tmp_path, header + "\n")
    assert caught.value.code in ("TR-input-misspelt", "TR-file-columns")
    assert named in str(caught.value)


def test_a_misspelt_column_of_attributes_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("dossier_id,chanel\nH1,online\n", encoding="utf-8")
    with pytest.raises(InputFileError) as caught:
        read(tmp_path, "dossier_id,kind,at\nH1,x,2024-08-23\n", dossiers=tmp_path / "a.csv")
    assert caught.value.code == "TR-input-misspelt"


def test_columns_that_the_mapping_names_or_ignores_are_nobodys_misspelling(tmp_path: Path) -> None:
    log = "ma,k,t,lifecycle:transition,apointed_due,Chanel\nH1,nhận,2024-08-24,,2024-08-30,x\n"
    mapped = "appointed_due: {column: apointed_due}\nignore: [Chanel]"
    (raw,) = read(tmp_path, log, mapping=read_mapping(MAPPING.format(more=mapped), "m.yaml"))
    assert raw.data["events"] == [{"kind": "dossier_accepted", "at": "2024-08-24", "appointed_due": "2024-08-30"}]
    for left in ("", "\nignore: [Chanel]", "appointed_due: {column: apointed_due}"):
        with pytest.raises(InputFileError) as caught:
            read(tmp_path, log, mapping=read_mapping(MAPPING.format(more=left), "m.yaml"))
        assert caught.value.code == "TR-input-misspelt"


@pytest.mark.parametrize(("value", "code"), [(1.00488, "TR-input-type"), (12, None), ("1.004880", None)])
def test_a_code_that_came_as_a_fraction_is_an_error_row(tmp_path: Path, value: object, code: str | None) -> None:
    (tmp_path / "log.ndjson").write_text(
        json.dumps({"dossier_id": "A", "kind": "dossier_accepted", "at": "2024-08-23", "procedure": value}) + "\n",
        encoding="utf-8",
    )
    (raw,) = read_dossiers(tmp_path / "log.ndjson")
    (row,) = Rulebook.load().rescore_dossiers([raw.data], date(2024, 10, 1))
    assert row["error_code"] == code


def test_blanks_around_a_field_of_law_are_no_part_of_it(tmp_path: Path) -> None:
    """A deputy is in charge of fields by their names; a CSV has none of these blanks."""
    row = {"dossier_id": "H1", "kind": "dossier_accepted", "at": "2024-08-23", "field": " dat "}
    for name, text in (("a.csv", ",".join(row) + "\n" + ",".join(row.values())), ("a.ndjson", json.dumps(row))):
        (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    assert [raw.data["field"] for name in ("a.csv", "a.ndjson") for raw in read_dossiers(tmp_path / name)] == [
        "dat"
    ] * 2
