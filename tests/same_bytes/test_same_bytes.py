"""A small part of `python -m tests.same_bytes`: everything that must change nothing, changed at once."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from .compared import BASE, Setting, differences, first_difference, run, settings
from .made import FORMS, put, put_units, rows, turned

EVERYTHING = Setting(
    "all", "at once",
    {"PYTHONHASHSEED": "42", "TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"threads": 3, "small": True}, "rows",
)  # fmt: skip


def test_everything_changed_at_once_gives_the_same_rows(bulk: None, tmp_path: Path) -> None:
    given = rows(24, 3)
    forms = [form for form in put(tmp_path / "log", given) if form in ("csv", "events", "flat", "nested")]
    put_units(tmp_path / "log")
    used = run(BASE, tmp_path / "log", tmp_path / "base", forms)
    assert used == run(EVERYTHING, tmp_path / "log", tmp_path / "other", forms)
    found, names = differences(tmp_path / "base", tmp_path / "other", EVERYTHING.how)
    assert found == []
    told = {f"{form}.{suffix}" for form in forms for suffix in ("csv", "ndjson", "parquet.rows")}
    assert {*names} == {*told, "account.json", "account.csv", "account.html", "figures.json", "verdicts.txt"}
    with (tmp_path / "base" / "csv.csv").open(encoding="utf-8-sig", newline="") as file:
        results = list(csv.DictReader(file))
    assert len({row["dossier_id"] for row in given}) == len({row["dossier_id"] for row in results}) == len(results)
    assert {bool(row["error"]) for row in results} == {True, False}
    assert len({row["punctuality"] for row in results}) > 3


def test_every_axis_is_there() -> None:
    axes: dict[str, list[Setting]] = {}
    for one in settings(["/a/python"]):
        axes.setdefault(one.axis, []).append(one)
    assert list(axes) == ["hash seed", "zone", "locale", "threads", "blocks", "order", "core", "cache", "python"]
    assert [one.asked["threads"] for one in axes["threads"]] == [2, 3, 4]
    assert "threads" not in BASE.asked


def test_an_order_holds_the_same_rows_and_those_of_a_dossier_in_theirs() -> None:
    given = rows(24, 3)
    other = turned(given, 1)
    assert other != given
    names = {row["dossier_id"] for row in given}
    for name in names:
        assert [row for row in other if row["dossier_id"] == name] == [
            row for row in given if row["dossier_id"] == name
        ]


def test_each_form_holds_each_dossier(bulk: None, tmp_path: Path) -> None:
    given = rows(24, 3)
    made = put(tmp_path, given)
    assert {*FORMS} - {*made} <= {"xlsx"}
    name = given[0]["dossier_id"].encode()
    for form in ("csv", "events", "dossiers", "json", "xes"):
        assert name in (tmp_path / FORMS[form]).read_bytes()


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (b"a\nbc\n", b"a\nbd\n", "byte 3 (line 2, byte 2 of it): b'a\\nbc\\n' and b'a\\nbd\\n'"),
        (b"a\n", b"a\nb", "byte 2 (line 2, byte 1 of it): b'a\\n' and b'a\\nb'"),
        (b"", b"x", "byte 0 (line 1, byte 1 of it): b'' and b'x'"),
    ],
)
def test_the_first_byte_that_differs_is_told(first: bytes, second: bytes, said: str) -> None:
    assert first_difference(first, second) == said


def test_what_differs_is_found_and_what_only_moved_is_not(tmp_path: Path) -> None:
    for name, lines in (("one", b"id,x\r\na,log.csv:3\r\nb,2\r\n"), ("two", b"id,x\r\nb,2\r\na,log.csv:9\r\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "csv.csv").write_bytes(lines)
    assert differences(tmp_path / "one", tmp_path / "two", "set") == ([], ["csv.csv"])
    (found,) = differences(tmp_path / "one", tmp_path / "two", "bytes")[0]
    assert found.startswith("csv.csv: byte 6 (line 2, byte 1 of it)")
    (tmp_path / "two" / "csv.csv").write_bytes(b"id,x\r\nb,3\r\na,log.csv:9\r\n")
    assert len(differences(tmp_path / "one", tmp_path / "two", "set")[0]) == 1
