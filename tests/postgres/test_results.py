"""What comes back into the database is what `rescore` says of the same log; times, texts, broken rows as they are."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

import pytest
from conftest import tthc

from tthc_rules import Rulebook

from .conftest import FIRST
from .running import Example, Server

LIMIT: Final = "time_limit.amount", "time_limit.unit"


def table(server: Server, uri: str, query: str) -> list[dict[str, str]]:
    """The rows of a query as the server itself writes them into a CSV."""
    said = server.psql(uri, "SET timezone = 'Asia/Ho_Chi_Minh'", f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)")
    return list(csv.DictReader(io.StringIO(said)))


def as_text(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    """Rows by dossier, flags and steps in one way of writing."""
    flags = {"t": "true", "f": "false"}
    for row in rows:
        row["provisional"] = flags.get(row["provisional"], row["provisional"])
        row["steps"] = json.dumps(json.loads(row["steps"] or "[]"), sort_keys=True)
    return {row["dossier_id"]: row for row in rows}


def exported(server: Server, uri: str, folder: Path) -> tuple[Path, Path]:
    """The log and its dossiers as CSV files, written by the server."""
    events, dossiers = folder / "events.csv", folder / "dossiers.csv"
    fields = '"units.handling_agency", "units.one_stop_unit", "time_limit.amount", "time_limit.unit"'
    dossiers.write_text(
        server.psql(
            uri,
            "COPY (SELECT dossier_id, procedure, field, channel, "
            + fields
            + ", array_to_string(observes, '|') observes"
            " FROM tthc.dossiers ORDER BY dossier_id) TO STDOUT (FORMAT csv, HEADER)",
        ),
        encoding="utf-8",
    )
    events.write_text(
        server.psql(
            uri,
            "SET timezone = 'Asia/Ho_Chi_Minh'",
            "COPY (SELECT d.dossier_id, e.kind, e.at, to_char(e.appointed_due, 'YYYY-MM-DD\"T\"HH24:MI') appointed_due,"
            " e.new_due, to_char(e.due, 'YYYY-MM-DD\"T\"HH24:MI') due, e.reason, e.ground, e.agency"
            " FROM tthc.dossiers d, unnest(d.events) WITH ORDINALITY e ORDER BY d.dossier_id, e.ordinality)"
            " TO STDOUT (FORMAT csv, HEADER)",
        ),
        encoding="utf-8",
    )
    return events, dossiers


def test_results_are_those_of_rescore(server: Server, portal: str, example: Example, tmp_path: Path) -> None:
    code, said = example("run", "--as-of", FIRST, "--db", portal)
    assert code == 1, said  # error rows are there
    events, dossiers = exported(server, portal, tmp_path)
    out = tmp_path / "out.csv"
    told = tthc("rescore", events, "--dossiers", dossiers, "--as-of", FIRST, "-o", out, "--plain", "-q")
    assert told.returncode == 1, told.stderr
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    broken = {row["dossier_id"]: row["error_code"] for row in rows if row["error_code"]}
    judged = as_text([row for row in rows if not row["error_code"]])
    columns = [name for name in rows[0] if name not in ("error_code", "error")]
    back = as_text(table(server, portal, "SELECT * FROM tthc.results"))
    errors = table(server, portal, "SELECT dossier_id, error_code FROM tthc.errors")
    assert (len(judged), len(broken)) == (311, 3)
    assert {one["dossier_id"]: one["error_code"] for one in errors} == broken
    assert back.keys() == judged.keys()
    differing = [
        (one, name, back[one][name], judged[one][name])
        for one in judged
        for name in columns
        if back[one][name] != judged[one][name]
    ]
    assert differing == []
    states = {row["punctuality"] for row in judged.values()}
    assert {"on_time", "early", "returned_late", "overdue", "paused", "pending"} <= states
    said_notes = {(row["dossier_id"], note) for row in judged.values() for note in row["notes"].split("|") if note}
    notes = {
        (row["dossier_id"], row["note"]) for row in table(server, portal, "SELECT * FROM tthc.notes WHERE name = ''")
    }
    assert notes == said_notes != set()
    ((run,),) = [table(server, portal, "SELECT * FROM tthc.runs")]
    book = Rulebook.load()
    assert (run["as_of"], run["law_digest"], run["because"]) == (FIRST, book.corpus.digest, "first")
    assert int(run["dossiers"]) == len(rows) == int(run["judged"])
    assert (int(run["errors"]), int(run["notes"])) == (
        len(broken),
        len(table(server, portal, "SELECT * FROM tthc.notes")),
    )


def test_a_nested_parquet_of_the_same_stream_says_the_same(
    server: Server, portal: str, example: Example, tmp_path: Path
) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    with example.server.session(portal) as asked, asked.stream("SELECT * FROM tthc.dossiers") as stream:
        pq.write_table(pa.Table.from_batches(stream), tmp_path / "log.parquet")
    out = tmp_path / "out.ndjson"
    assert tthc("rescore", tmp_path / "log.parquet", "--as-of", FIRST, "-o", out, "-q").returncode == 1
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    judged = {row["dossier_id"]: row for row in rows if not row["error_code"]}
    said = server.psql(portal, "SELECT to_jsonb(r) FROM tthc.results r")
    back = {row["dossier_id"]: row for row in map(json.loads, said.splitlines())}
    assert back.keys() == judged.keys()
    for one, row in judged.items():
        assert {name: back[one][name] for name in row if name not in ("error_code", "error")} == {
            name: cell for name, cell in row.items() if name not in ("error_code", "error")
        }


# -- times ---------------------------------------------------------------------------------------------------------

VIEW: Final = """
CREATE TYPE tthc.event AS (kind text, at {type});
CREATE VIEW tthc.dossiers AS SELECT 'HS-1'::text AS dossier_id, 5 AS "time_limit.amount",
'workday' AS "time_limit.unit",
ARRAY[ROW ('dossier_accepted', {accepted})::tthc.event, ROW ('result_issued', {issued})::tthc.event] AS events
"""


@pytest.mark.parametrize(
    ("type", "accepted", "issued"),
    [
        # 23/8/2024 is a Friday: five workdays are 30/8. Issued on 6/9, after the days off of 31/8 to 3/9: three late.
        pytest.param("timestamptz", "'2024-08-22 17:30+00'", "'2024-09-05 22:00-04'", id="with a zone"),
        pytest.param("timestamp", "'2024-08-23 00:30'", "'2024-09-06 10:00'", id="without a zone"),
        pytest.param("date", "'2024-08-23'", "'2024-09-06'", id="a day only"),
        pytest.param("text", "'2024-08-23'", "'2024-09-06T10:00'", id="a text that mixes both"),
        pytest.param("text", "'2024-08-22T17:30:00Z'", "'2024-09-06T10:00+07:00'", id="a text with a zone"),
    ],
)
def test_times_are_vietnams(
    server: Server, bare: Callable[[str], str], example: Example, type: str, accepted: str, issued: str
) -> None:
    uri = bare(VIEW.format(type=type, accepted=accepted, issued=issued))
    code, said = example("run", "--as-of", "2024-09-10", "--db", uri)
    assert code == 0, said
    (row,) = table(server, uri, "SELECT * FROM tthc.results")
    assert (row["accepted_on"], row["lawful_due"], row["finished_on"]) == ("2024-08-23", "2024-08-30", "2024-09-06")
    assert (row["punctuality"], row["workdays_late"]) == ("returned_late", "3")


def test_a_moment_still_to_come_brings_its_dossier_back_on_its_day(
    server: Server, bare: Callable[[str], str], example: Example
) -> None:
    """Issued at 01:00 of the 27th in Vietnam, which is the 26th in UTC and on the server; due only in September."""
    view = VIEW.format(type="timestamptz", accepted="'2024-08-23 08:30+07'", issued="'2024-08-26 18:00+00'")
    uri = bare(view.replace(" 5 AS", " 20 AS"))
    found = []
    for day in ("2024-08-24", "2024-08-26", "2024-08-27", "2024-08-28"):
        assert example("run", "--as-of", day, "--db", uri)[0] == 0
        (row,) = table(
            server, uri, "SELECT r.*, n.judged FROM tthc.results r, tthc.runs n ORDER BY n.run_id DESC LIMIT 1"
        )
        found.append((row["judged"], row["punctuality"], row["finished_on"]))
    assert found == [
        ("1", "pending", ""),
        ("0", "pending", ""),
        ("1", "early", "2024-08-27"),
        ("0", "early", "2024-08-27"),
    ]


# -- nulls, texts, broken rows -------------------------------------------------------------------------------------

TEXTS: Final = (
    "Sở Xây dựng, «phòng» số 5",
    "'; DROP TABLE tthc.results; --",
    "$1",
    "%s {0} :name",
    r"\N",
    "\\",
    'a"b',
    "a'b''c",
    "a,b;c\td",
    "🏛 ủy ban",
    "\uffa0-=+@cmd|' /C calc'!A0",
)
_COLUMNS: Final = ("dossier_id", "units.handling_agency", "procedure", "events", *LIMIT)


def literal(text: str | None) -> str:
    """A text as SQL writes it: the test's own statements, not those of the example."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def view_of(rows: Sequence[tuple[str, str | None, str | None, str]]) -> str:
    """A portal of dossiers with an agency, a procedure and a reason each, accepted on 23/8/2024 for five workdays."""
    selects = [
        f'SELECT {literal(one)} AS dossier_id, {literal(agency)}::text AS "units.handling_agency",'
        f' {literal(procedure)}::text AS procedure, 5 AS "time_limit.amount", \'workday\' AS "time_limit.unit",'
        f" ARRAY[ROW ('dossier_accepted', '2024-08-23T08:30', NULL)::tthc.event,"
        f" ROW ('apology_sent', '2024-08-29T08:30', {literal(reason)})::tthc.event] AS events"
        for one, agency, procedure, reason in rows
    ]
    return "CREATE TYPE tthc.event AS (kind text, at text, reason text); CREATE VIEW tthc.dossiers AS " + (
        " UNION ALL ".join(selects)
    )


def evaluated(one: str, agency: str | None, reason: str) -> dict[str, Any]:
    """The same dossier as `evaluate` takes it."""
    return {
        "dossier_id": one,
        "time_limit": {"amount": 5, "unit": "workday"},
        "units": {"handling_agency": agency},
        "events": [
            {"kind": "dossier_accepted", "at": "2024-08-23T08:30"},
            {"kind": "apology_sent", "at": "2024-08-29T08:30", "reason": reason},
        ],
    }


def test_hostile_texts_go_in_and_come_out_as_they_are(
    server: Server, bare: Callable[[str], str], example: Example, book: Rulebook
) -> None:
    rows = [(f"HS {text}", text, text, text) for text in TEXTS]
    uri = bare(view_of(rows))
    code, said = example("run", "--as-of", "2024-09-10", "--db", uri)
    assert code in (0, 1), said
    back = {row["dossier_id"]: row for row in table(server, uri, "SELECT * FROM tthc.results")}
    errors = {row["dossier_id"]: row["error_code"] for row in table(server, uri, "SELECT * FROM tthc.errors")}
    assert back.keys() | errors.keys() == {one for one, *_ in rows}
    for one, agency, _, reason in rows:
        (expected,) = book.rescore_dossiers([evaluated(one, agency, reason)], date(2024, 9, 10))
        if expected["error_code"] is None:
            row = back[one]
            assert (row["handling_agency"], row["procedure"]) == (expected["handling_agency"], agency)
            assert row["apology_before_due"] == expected["apology_before_due"]
        else:
            assert errors[one] == expected["error_code"]
    assert errors.keys() == {f"HS {text}" for text in TEXTS if not text.isprintable() or "\uffa0" in text}


def test_an_id_keeps_its_blanks_and_its_form_of_letters(
    server: Server, bare: Callable[[str], str], example: Example
) -> None:
    """The library puts letters together: the portal's own key is what a result stands under, and is nobody else's."""
    ids = [" HS-1 ", "HS-1", normalize("NFC", "HS-ồ"), normalize("NFD", "HS-ồ")]
    uri = bare(view_of([(one, None, None, "x") for one in ids]))
    code, said = example("run", "--as-of", "2024-09-10", "--db", uri)
    assert code == 0, said
    found = server.psql(uri, "SELECT json_agg(dossier_id) FROM tthc.results")
    assert sorted(json.loads(found)) == sorted(ids)


def test_nothing_but_nulls_is_an_error_row_or_not_started(
    server: Server, bare: Callable[[str], str], example: Example
) -> None:
    uri = bare(
        "CREATE TYPE tthc.event AS (kind text, at timestamptz); CREATE VIEW tthc.dossiers AS SELECT * FROM (VALUES"
        " ('none', NULL::tthc.event[], NULL::int, NULL::text), ('empty', ARRAY[]::tthc.event[], 5, 'workday'),"
        " ('no time', ARRAY[ROW ('dossier_accepted', NULL)::tthc.event], 5, 'workday'),"
        " ('no kind', ARRAY[ROW (NULL, '2024-08-23 08:30+07')::tthc.event], 5, 'workday'),"
        " ('for ever', ARRAY[ROW ('dossier_accepted', 'infinity')::tthc.event], 5, 'workday'),"
        " ('half a limit', ARRAY[ROW ('dossier_accepted', '2024-08-23 08:30+07')::tthc.event], 5, NULL),"
        " ('good', ARRAY[ROW ('dossier_accepted', '2024-08-23 08:30+07')::tthc.event], 5, 'workday'))"
        ' v (dossier_id, events, "time_limit.amount", "time_limit.unit")'
    )
    code, said = example("run", "--as-of", "2024-08-26", "--db", uri)
    assert code == 1, said
    judged = {row["dossier_id"]: row["punctuality"] for row in table(server, uri, "SELECT * FROM tthc.results")}
    errors = {row["dossier_id"]: row["error_code"] for row in table(server, uri, "SELECT * FROM tthc.errors")}
    assert judged == {"none": "not_started", "empty": "not_started", "good": "pending"}
    assert sorted(errors) == ["for ever", "half a limit", "no kind", "no time"]
    assert all(code.startswith("TR-") for code in errors.values())


def test_a_broken_dossier_that_is_mended_leaves_the_errors_and_one_that_breaks_comes_to_them(
    server: Server, portal: str, example: Example
) -> None:
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    (broken, *_) = table(server, portal, "SELECT dossier_id FROM tthc.errors ORDER BY 1")
    (whole, *_) = table(server, portal, "SELECT dossier_id FROM tthc.results WHERE notes <> '' ORDER BY 1")
    first, second = literal(broken["dossier_id"]), literal(whole["dossier_id"])
    server.psql(
        portal,
        f"UPDATE cong.ho_so SET ma_thu_tuc = '9.900003' WHERE ma_ho_so = {first}",
        f"UPDATE cong.ho_so SET ma_thu_tuc = '9.900007' WHERE ma_ho_so = {second}",
    )
    assert example("run", "--as-of", FIRST, "--db", portal)[0] == 1
    places = (
        "SELECT (SELECT count(*) FROM tthc.results WHERE dossier_id = {0}), (SELECT count(*) FROM tthc.errors WHERE"
    )
    places += " dossier_id = {0}), (SELECT count(*) FROM tthc.notes WHERE dossier_id = {0})"
    assert server.psql(portal, places.format(first)).startswith("1|0|")
    assert server.psql(portal, places.format(second)) == "0|1|0\n"
