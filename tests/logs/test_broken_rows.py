"""A dossier of which some row could not be read is not judged; a row whose dossier cannot be read is said first."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tthc_rules.cli import main
from tthc_rules.logs.eventlog import RawDossier, read_dossiers

Report = Callable[[str], Path]
REPORT = "03_broken_row_dossier_still_judged"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> object:
    monkeypatch.setattr(sys, "argv", ["tthc-rules", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code


def result(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def codes(raws: list[RawDossier]) -> list[tuple[str, list[str]]]:
    return [(raw.dossier_id, [problem.code for problem in raw.problems]) for raw in raws]


def read(tmp_path: Path, content: str | bytes, name: str = "log.csv", **options: Any) -> list[RawDossier]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_dossiers(path, **options))


@pytest.mark.parametrize(
    ("log", "code"),
    [
        ("a_quote.csv", "TR-row-csv"),
        ("b_long.csv", "TR-row-csv"),
        ("c_cr.csv", "TR-row-csv"),
        ("d_dupkey.ndjson", "TR-row-json"),
        ("ok_encoding.csv", "TR-file-encoding"),
    ],
)
def test_the_dossier_is_the_error_row(
    report: Report, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], log: str, code: str
) -> None:
    folder = report(REPORT)
    assert run(monkeypatch, "rescore", folder / log, "-o", folder / "out.csv", "--as-of", "2024-10-01") == 1
    (row,) = result(folder / "out.csv")
    assert (row["dossier_id"], row["error_code"], row["punctuality"], row["responsible"]) == ("HS-1", code, "", "")
    assert capsys.readouterr().err.startswith("1 hồ sơ\n")


def test_a_refused_row_of_attributes_spoils_its_dossier(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = report(REPORT)
    asked = ("rescore", folder / "e_log.csv", "--dossiers", folder / "e_attr.csv", "-o", folder / "out.csv")
    assert run(monkeypatch, *asked, "--as-of", "2024-10-01") == 1
    (row,) = result(folder / "out.csv")
    assert (row["dossier_id"], row["error_code"], row["responsible"]) == ("HS-1", "TR-row-csv", "")


def test_rows_of_no_readable_dossier_are_counted_and_said_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log.csv"
    log.write_text('dossier_id,kind,at\nH1,dossier_accepted,2024-08-23\n,result_issued,2024-08-28\n"H"2,x,2024-08-28\n')
    assert run(monkeypatch, "rescore", log, "-o", tmp_path / "out.csv", "--as-of", "2024-10-01", "--lang", "en") == 1
    first, second, *_ = capsys.readouterr().err.splitlines()
    assert first == "2 rows whose dossier cannot be read: any dossier may lack what stood there"
    assert second == "1 dossiers"


HEAD = "kind,at,dossier_id,reason\n"
GOOD = "dossier_accepted,2024-08-23,HS-1,\n"


@pytest.mark.parametrize(
    ("row", "spoiled"),
    [
        ('apology_sent,2024-08-28,HS-1,"trả "đúng" hẹn"\n', ["HS-1"]),  # the id stands before the break
        ('"apology"_sent,2024-08-28,HS-1,x\n', ["HS-1"]),  # behind it
        ("apology_sent,2024-08-28,10:00,HS-1,x\n", ["HS-1"]),  # moved by one cell too many
        ("2024-08-28,HS-1,x\n", ["HS-1"]),  # moved by one too few
        ("apology_sent,2024-08-28\n", [""]),  # cut before it: whose it is, cannot be said
        ('"apology"_sent,2024-08-28,HS-7,x\n', [""]),  # no dossier of this log, and the row cannot be trusted
    ],
)
def test_an_id_that_is_not_the_first_column_is_looked_for_from_both_ends(
    tmp_path: Path, row: str, spoiled: list[str]
) -> None:
    for place in (0, 1):
        rows = [GOOD, "step_done,2024-08-24,HS-2,\n"]
        rows.insert(place, row)
        raws = read(tmp_path, HEAD + "".join(rows))
        assert [raw.dossier_id for raw in raws if raw.problems] == spoiled
        assert sorted(raw.dossier_id for raw in raws if raw.dossier_id) == ["HS-1", "HS-2"]
        assert sorted(codes(read(tmp_path, HEAD + "".join(rows), grouped=True))) == sorted(codes(raws))


@pytest.mark.parametrize(
    ("line", "spoiled"),
    [
        ('{"dossier_id": "H1", "kind": "result_issued", "at": "2024-08-2', "H1"),
        ('{"dossier_id": "H1", "kind": "x", "at": "2024-08-28", "n": {"a": 1, "a": 2}}', "H1"),
        ('{"dossier_id": "H1", "kind": "x", "at": "2024-08-28", "n": -Infinity}', "H1"),
        ('{"dossier_id": "H9", "dossier_id": "H1", "kind": "x", "at": "2024-08-28"}', "H1"),
        ('{"kind": "x", "at": "2024-08-28", "dossier_id": "H', ""),
        ('{"dossier_id": "H8", "dossier_id": "H9", "kind": "x", "at": "2024-08-28"}', ""),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_a_broken_line_of_json_spoils_the_dossier_it_names(
    tmp_path: Path, line: str, spoiled: str, whole: bool
) -> None:
    event = '"kind": "dossier_accepted", "at": "2024-08-23"'
    good = f'{{"dossier_id": "H1", "events": [{{{event}}}]}}\n' if whole else f'{{"dossier_id": "H1", {event}}}\n'
    for content in (good + line, line + "\n" + good):
        raws = read(tmp_path, content, "log.ndjson")
        assert [raw.dossier_id for raw in raws if raw.problems] == [spoiled]
        assert [raw.dossier_id for raw in raws if raw.dossier_id] == ["H1"]
        assert {problem.code for raw in raws for problem in raw.problems} <= {"TR-row-json", "TR-row-repeated"}


def test_a_repeated_key_is_told_at_its_line_and_column(tmp_path: Path) -> None:
    (raw,) = read(tmp_path, '{"dossier_id": "H1", "field": "a",  "field": "b"}', "log.ndjson")
    assert raw.problems[0].place == f"{tmp_path}/log.ndjson:1:37"
    assert "key repeated: field" in raw.problems[0].en


def test_a_dotted_name_beside_the_group_that_holds_it_is_the_key_twice(tmp_path: Path) -> None:
    event = '{"dossier_id": "H1", "kind": "x", "at": "2024-08-23", "time_limit": {"amount": 5}, "time_limit.amount": 7}'
    assert codes(read(tmp_path, event, "log.ndjson")) == [("H1", ["TR-row-json"])]


ACCEPTED = '<event><string key="concept:name" value="dossier_accepted"/><date key="time:timestamp" value="2024-08-23"/>'


def test_a_second_trace_spoils_the_dossier(tmp_path: Path) -> None:
    def trace(name: str) -> str:
        return f'<trace><string key="concept:name" value="{name}"/>{ACCEPTED}</event></trace>'

    raws = read(tmp_path, f"<log>{trace('H1')}{trace('H2')}{trace(' H1 ')}</log>", "log.xes")
    assert codes(raws) == [("H1", ["TR-row-repeated"]), ("H2", [])]


def test_attributes_whose_dossier_cannot_be_said_spoil_those_it_may_be(tmp_path: Path) -> None:
    attributes = tmp_path / "a.csv"
    attributes.write_text('channel,dossier_id,note\n"on"line,H1,x\n"on"line,H7,x\n', encoding="utf-8")
    log = "dossier_id,kind,at\nH1,dossier_accepted,2024-08-23\nH2,dossier_accepted,2024-08-23\n"
    assert codes(read(tmp_path, log, dossiers=attributes)) == [
        ("H1", ["TR-row-csv"]),
        ("H2", []),
        ("", ["TR-row-csv"]),
    ]


@pytest.mark.parametrize("between", ["", " ", ",", "\r"])
@pytest.mark.parametrize("whole", [False, True])
def test_two_objects_on_one_line_spoil_both_their_dossiers(tmp_path: Path, between: str, whole: bool) -> None:
    """A line end that was lost: what stands behind it is of this file, and the second dossier lacks it."""
    accepted, issued = (
        f'"kind": "{kind}", "at": "{at}"'
        for kind, at in (("dossier_accepted", "2024-08-23"), ("result_issued", "2024-08-28"))
    )
    form = '{{"dossier_id": "{}", "events": [{{{}}}]}}' if whole else '{{"dossier_id": "{}", {}}}'
    first, second = (form.format(name, issued) for name in ("H1", "H2"))
    good = "".join(form.format(name, accepted) + "\n" for name in ("H1", "H2"))
    raws = read(tmp_path, f"{good}{first}{between}{second}\n", "log.ndjson")
    assert [raw.dossier_id for raw in raws if raw.problems] == ["H1", "H2"]
    only = read(tmp_path, f"{first}{between}{second}\n{form.format('H3', accepted)}\n", "log.ndjson")
    spoiled = {raw.dossier_id for raw in only if raw.problems}
    assert spoiled == {"H1", "H2"} or "" in spoiled
    assert "H3" not in spoiled


_ROW = '{{"dossier_id": "{}", "kind": "result_issued", "at": "2024-08-28"}}'


@pytest.mark.parametrize(
    ("line", "spoiled"),
    [
        ('{"dossier_id": "H1", "kind": "result_issued", "at": "2024-08-2' + _ROW.format("H2"), ["H1", "H2"]),
        ('{"dossier_id": "H1", "ghi_chu": {"a": [' + _ROW.format("H2"), ["H1", "H2"]),
        ('8-28"}' + _ROW.format("H2"), ["H2", ""]),
        (_ROW.format("H1") + '{"kind": "result_issued", "dossier_', ["H1", ""]),
        (_ROW.format("H1") + _ROW.format("H1"), ["H1"]),
        (_ROW.format("H1") + ",", ["H1"]),
        (f"[{_ROW.format('H1')},{_ROW.format('H2')},", ["H1", "H2"]),
        ("},", [""]),
    ],
)
@pytest.mark.parametrize("grouped", [False, True])
def test_what_was_cut_off_or_stands_alone_on_a_line_is_of_somebody(
    tmp_path: Path, line: str, spoiled: list[str], grouped: bool
) -> None:
    """A program that was killed while it wrote, and went on behind: both dossiers lack something."""
    good = "".join(
        f'{{"dossier_id": "{name}", "kind": "dossier_accepted", "at": "2024-08-23"}}\n' for name in ("H1", "H2")
    )
    raws = read(tmp_path, good + line + "\n", "log.ndjson", grouped=grouped)
    assert [raw.dossier_id for raw in raws if raw.problems] == spoiled
    assert sorted(raw.dossier_id for raw in raws if raw.dossier_id) == ["H1", "H2"]


def test_a_file_whose_line_ends_are_those_of_an_old_mac_counts_its_dossiers(tmp_path: Path) -> None:
    raws = read(tmp_path, "\r".join(map(_ROW.format, ("H1", "H2", "H1"))), "log.ndjson")
    assert [(raw.dossier_id, raw.problems[0].code) for raw in raws] == [("H1", "TR-row-json"), ("H2", "TR-row-json")]


def test_behind_what_is_cut_off_of_a_long_line_any_dossier_may_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("files", "json"):
        monkeypatch.setattr(f"tthc_rules.logs.{module}.MAX_LINE", 200)
    raws = read(tmp_path, "\r".join(map(_ROW.format, ("H1", "H2", "H3", "H4", "H5"))), "log.ndjson")
    assert [raw.dossier_id for raw in raws] == ["H1", "H2", "H3", "", ""]  # the fourth, and what was cut off
    assert {raw.problems[0].code for raw in raws} == {"TR-file-size"}
