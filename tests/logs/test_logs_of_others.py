"""Logs that were not written for this library: other clocks, ids in several columns, intervals, another law."""

from __future__ import annotations

import json
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.errors import InputFileError, OptionError, Problem
from tthc_rules.law.civil import read_moment
from tthc_rules.law.question import Question
from tthc_rules.logs.eventlog import RawDossier, read_dossiers
from tthc_rules.logs.mapping import Mapping, read_mapping
from tthc_rules.logs.sourceclock import SourceClock, UnknownZone, zone_named
from tthc_rules.runs.diff.compare import Side
from tthc_rules.runs.doors import rescore_log

ROOT = Path(__file__).parents[2]
HEAD = "format: 1\nmapping: m\nlabel: {vi: a, en: a}\n"
ROWS = "events_from_rows: {kind: {column: k}, at: {column: t}}\n"
PLAIN = HEAD + "dossier: {dossier_id: {column: ma}}\n" + ROWS
FORMATS = ("csv", "ndjson", "json", "xes", "parquet")


def mapping(said: str, text: str = PLAIN) -> Mapping:
    return read_mapping(text + said, "m.yaml")


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(InputFileError) as caught:
        read_mapping(text, "m.yaml")
    return caught.value.problems


def written(folder: Path, format: str, rows: list[dict[str, str]]) -> Path:
    """The rows as a log of that format; in XES the column `ma` is the trace's name."""
    path = folder / f"log.{format}"
    match format:
        case "csv":
            columns = list(dict.fromkeys(name for row in rows for name in row))
            lines = [",".join(columns), *(",".join(row.get(name, "") for name in columns) for row in rows)]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        case "ndjson":
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        case "json":
            path.write_text(json.dumps(rows), encoding="utf-8")
        case "xes":
            traces = ""
            for name in dict.fromkeys(row["ma"] for row in rows):
                events = [
                    "".join(f'<string key="{key}" value="{cell}"/>' for key, cell in row.items() if key != "ma")
                    for row in rows
                    if row["ma"] == name
                ]
                inside = "".join(f"<event>{event}</event>" for event in events)
                traces += f'<trace><string key="ma" value="{name}"/>{inside}</trace>'
            path.write_text(f"<log>{traces}</log>", encoding="utf-8")
        case _:
            pa = pytest.importorskip("pyarrow")
            from pyarrow import parquet

            parquet.write_table(pa.Table.from_pylist(rows), path)
    return path


def read(folder: Path, format: str, rows: list[dict[str, str]], said: str, text: str = PLAIN) -> list[RawDossier]:
    if format == "xes":
        text = text.replace("{column: ma}", '{column: "case:ma"}')
    return list(read_dossiers(written(folder, format, rows), mapping(said, text)))


def moments(raw: RawDossier) -> list[object]:
    events = raw.data["events"]
    assert isinstance(events, list)
    return [read_moment(event["at"]) for event in events]


# -- whose clock -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("said", "text", "moment"),
    [
        # Amsterdam is two hours before UTC in August and one in January; Vietnam seven.
        ("timezone: Europe/Amsterdam\n", "2024-08-23T21:30", datetime(2024, 8, 24, 2, 30)),
        ("timezone: Europe/Amsterdam\n", "2024-01-23T21:30", datetime(2024, 1, 24, 3, 30)),
        ("timezone: Europe/Amsterdam\n", "2024-08-23T21:30:00Z", datetime(2024, 8, 24, 4, 30)),
        ('timezone: "+01:00"\n', "2024-08-23 21:30:15.5", datetime(2024, 8, 24, 3, 30, 15, 500000)),
        ("timezone: America/New_York\n", "2024-08-23T24:00", datetime(2024, 8, 24, 10, 59, 59, 999999)),
        ("keep_wall_clock: true\n", "2024-08-23T21:30:00+02:00", datetime(2024, 8, 23, 21, 30)),
        ("keep_wall_clock: true\n", "2024-08-23T21:30", datetime(2024, 8, 23, 21, 30)),
        ("keep_wall_clock: true\n", "2024-08-23", date(2024, 8, 23)),
        # exported in UTC, kept as the office's own clock showed it
        ("keep_wall_clock: true\ntimezone: Europe/Amsterdam\n", "2024-08-22T22:00:00Z", datetime(2024, 8, 23, 0, 0)),
        ("keep_wall_clock: true\ntimezone: Europe/Amsterdam\n", "2024-08-23T10:00", datetime(2024, 8, 23, 10, 0)),
        ("timezone: Asia/Ho_Chi_Minh\n", "2024-08-23T21:30", datetime(2024, 8, 23, 21, 30)),
        ("timezone: Asia/Bangkok\n", "2024-08-23", date(2024, 8, 23)),
    ],
)
def test_moments_are_converted_once_or_kept_by_every_reader(
    tmp_path: Path, format: str, said: str, text: str, moment: date
) -> None:
    (raw,) = read(tmp_path, format, [{"ma": "H1", "k": "dossier_accepted", "t": text}], said + "regime: one_stop\n")
    assert raw.problems == ()
    assert moments(raw) == [moment]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "text",
    [
        "2024-03-31T02:30",  # the clocks went from 02:00 to 03:00
        "2024-10-27T02:30",  # and came by 02:30 twice
        "2024-08-23",  # 05:00 on the 23rd to 05:00 on the 24th in Vietnam
    ],
)
def test_what_the_zone_leaves_open_is_an_error_row_and_no_guess(tmp_path: Path, format: str, text: str) -> None:
    said = "timezone: Europe/Amsterdam\nregime: one_stop\n"
    (raw,) = read(tmp_path, format, [{"ma": "H1", "k": "dossier_accepted", "t": text}], said)
    assert [problem.code for problem in raw.problems] == ["TR-row-zone"]
    said += "keep_wall_clock: true\n"
    (raw,) = read(tmp_path, format, [{"ma": "H1", "k": "dossier_accepted", "t": text}], said)
    assert raw.problems == ()
    assert moments(raw) == [date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)]


def test_every_moment_of_a_log_is_of_its_clock(tmp_path: Path) -> None:
    text = (
        HEAD
        + """dossier: {dossier_id: {column: ma}}
timezone: Europe/Amsterdam
regime: one_stop
events_from_dossier:
  - kind: dossier_accepted
    at: {column: nhận, date_format: "%d/%m/%Y %H:%M"}
    appointed_due: {column: hẹn, date_format: "%d/%m/%Y %H:%M%z"}
"""
    )
    log = tmp_path / "log.csv"
    log.write_text("ma,nhận,hẹn\nH1,23/08/2024 21:30,30/08/2024 10:00+00:00\n", encoding="utf-8")
    (raw,) = read_dossiers(log, read_mapping(text, "m.yaml"))
    assert raw.data["events"] == [
        {
            "kind": "dossier_accepted",
            "at": "2024-08-23T21:30:00+02:00",
            "appointed_due": "2024-08-30T10:00:00+00:00",
        }
    ]


def test_moments_of_parquet_are_instants_of_the_zone_of_their_column(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    instant = datetime(2024, 8, 22, 22, 0)
    for zone, kept in (
        ("Europe/Amsterdam", datetime(2024, 8, 23)),
        ("UTC", instant),
        ("+02:00", datetime(2024, 8, 23)),
    ):
        column = pa.array([instant], pa.timestamp("us")).cast(pa.int64()).cast(pa.timestamp("us", zone))
        table = pa.table({"ma": ["H1"], "k": ["dossier_accepted"], "t": column})
        parquet.write_table(table, tmp_path / "log.parquet")
        for said, moment in (
            ("", datetime(2024, 8, 23, 5, 0)),
            ("keep_wall_clock: true\nregime: one_stop\n", kept),
            ("timezone: America/New_York\nregime: one_stop\n", datetime(2024, 8, 23, 5, 0)),
            ("timezone: Asia/Tokyo\nkeep_wall_clock: true\nregime: one_stop\n", datetime(2024, 8, 23, 7, 0)),
        ):
            (raw,) = read_dossiers(tmp_path / "log.parquet", mapping(said))
            assert moments(raw) == [moment], (zone, said)


def test_a_zone_that_this_machine_does_not_know_is_told_where_its_clock_is_kept() -> None:
    moment = datetime(2024, 8, 23, tzinfo=UnknownZone("Mars/Olympus"))
    said = SourceClock(keeps=True).read(moment, "log:1", "t")
    assert isinstance(said, Problem)
    assert (said.code, "Mars/Olympus" in said.vi) == ("TR-row-zone", True)
    assert read_moment(moment) == datetime(2024, 8, 23, 7)
    assert SourceClock("Asia/Tokyo", keeps=True).read(moment, "log:1", "t") == "2024-08-23T09:00:00"


def test_nested_parquet_is_refused_with_a_mapping_as_its_columns_are_no_rows(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    nested = pa.table({"ma": ["H1"], "events": [[{"kind": "dossier_accepted", "at": "2024-08-23"}]]})
    parquet.write_table(nested, tmp_path / "log.parquet")
    text = HEAD + "dossier: {dossier_id: {column: ma}, field: {column: events}}\n"
    with pytest.raises(InputFileError) as caught:
        list(read_dossiers(tmp_path / "log.parquet", read_mapping(text, "m.yaml")))
    assert caught.value.code == "TR-bulk-column"
    inside = pa.table({"ma": ["H1"], "việc": [{"loại": "dossier_accepted", "lúc": "2024-08-23T21:30"}]})
    parquet.write_table(inside, tmp_path / "log.parquet")
    text = HEAD + "dossier: {dossier_id: {column: ma}}\ntimezone: Europe/Amsterdam\nregime: one_stop\n"
    text += "events_from_rows: {kind: {column: việc.loại}, at: {column: việc.lúc}}\n"
    (raw,) = read_dossiers(tmp_path / "log.parquet", read_mapping(text, "m.yaml"))
    assert moments(raw) == [datetime(2024, 8, 24, 2, 30)]


@pytest.mark.parametrize(
    ("said", "code", "place", "nearest"),
    [
        ("timezone: Europe/Amsterdm\nregime: a\n", "TR-mapping-timezone", "m.yaml:6:11", "Europe/Amsterdam"),
        ("timezone: localtime\nregime: a\n", "TR-mapping-timezone", "m.yaml:6:11", None),
        ('timezone: "+15:00"\nregime: a\n', "TR-mapping-timezone", "m.yaml:6:11", None),
        ("timezone: Europe/Amsterdam\n", "TR-mapping-regime", "m.yaml:6:11", None),
        ("keep_wall_clock: true\n", "TR-mapping-regime", "m.yaml:6:18", None),
        ("timezone: Asia/Ho_Chi_Minh\nkeep_wall_clock: true\n", "TR-mapping-regime", "m.yaml:7:18", None),
    ],
)
def test_a_clock_that_means_nothing_is_an_error_at_its_place(
    said: str, code: str, place: str, nearest: str | None
) -> None:
    (problem,) = problems(PLAIN + said)
    assert (problem.code, problem.place) == (code, place)
    assert nearest is None or problem.nearest == nearest


@pytest.mark.parametrize(
    "said", ["", "timezone: Asia/Ho_Chi_Minh\n", 'timezone: "+07:00"\n', "keep_wall_clock: false\n"]
)
def test_a_log_by_vietnams_clock_needs_no_regime(said: str) -> None:
    assert not mapping(said).clock.is_foreign


@pytest.mark.parametrize("name", ["", "/etc/localtime", "../localtime", "Asia", "posix/UTC", "Nowhere", "+7", "+07:60"])
def test_what_is_no_zone(name: str) -> None:
    assert zone_named(name) is None


# -- whose law ---------------------------------------------------------------------------------------------------------

PERMIT = [
    {"ma": "P1", "k": "dossier_accepted", "t": "2011-11-19T10:00:00+01:00"},
    {"ma": "P1", "k": "result_issued", "t": "2012-01-16T10:00:00+01:00"},
]
FOREIGN = "keep_wall_clock: true\nregime: wabo\n"
LIMITED = PLAIN.replace(
    "{dossier_id: {column: ma}}",
    "{dossier_id: {column: ma}, time_limit.amount: {value: 56}, time_limit.unit: {value: calendar_day}}",
)


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("format", FORMATS)
def test_a_foreign_log_is_judged_by_its_own_rules_or_not_at_all(tmp_path: Path, format: str, fast: bool) -> None:
    path = written(tmp_path, format, PERMIT)
    text = LIMITED.replace("{column: ma}", '{column: "case:ma"}') if format == "xes" else LIMITED
    told = mapping(FOREIGN, text)
    question = Question(date(2012, 6, 1), date(2012, 6, 1))
    rows = {}
    for name, book in (("with", Rulebook.load(ROOT / "examples/receipt/rules")), ("without", Rulebook.load())):
        target = tmp_path / f"{name}.ndjson"
        rescore_log(book, question, path, target, mapping=told, fast=fast)
        (rows[name],) = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    # Saturday 19/11/2011 + 56 days: Saturday 14/1/2012, where every day counts and nothing rolls.
    assert (rows["with"]["lawful_due"], rows["with"]["punctuality"]) == ("2012-01-14", "returned_late")
    assert (rows["without"]["error_code"], rows["without"]["punctuality"]) == ("TR-dossier-regime", None)


@pytest.mark.parametrize("fast", [True, False])
def test_the_calendar_of_the_mapping_is_used_where_none_is_asked_for(tmp_path: Path, fast: bool) -> None:
    book = Rulebook.load(ROOT / "examples/receipt/rules")
    path = written(tmp_path, "csv", PERMIT)
    for asked, said, due in (
        (None, "", "2012-01-16"),  # Saturday rolls to Monday
        (None, "calendar: wabo\n", "2012-01-14"),
        ("vn", "calendar: wabo\n", "2012-01-16"),
    ):
        question = Question(date(2012, 6, 1), date(2012, 6, 1), calendar=asked)
        rescore_log(book, question, path, tmp_path / "out.ndjson", mapping=mapping(said, LIMITED), fast=fast)
        row = json.loads((tmp_path / "out.ndjson").read_text(encoding="utf-8"))
        assert row["lawful_due"] == due


def test_a_change_is_looked_for_by_the_calendar_of_the_mapping(tmp_path: Path) -> None:
    book = Rulebook.load(ROOT / "examples/receipt/rules")
    told = mapping("calendar: wabo\n", LIMITED)
    (raw,) = read_dossiers(written(tmp_path, "csv", PERMIT), told)
    sides = [Side("own", book).of_log(told), Side("asked", book, calendar="vn").of_log(told)]
    dues = [side.judge(raw, date(2012, 6, 1))["lawful_due"] for side in sides]
    assert dues == [date(2012, 1, 14), date(2012, 1, 16)]


def test_a_calendar_that_nobody_knows_is_told_of_the_mapping(tmp_path: Path) -> None:
    question = Question(date(2012, 6, 1), date(2012, 6, 1))
    with pytest.raises(OptionError) as caught:
        rescore_log(
            Rulebook.load(),
            question,
            written(tmp_path, "csv", PERMIT),
            tmp_path / "out.ndjson",
            mapping=mapping("calendar: wabbo\n", LIMITED),
        )
    assert (caught.value.code, caught.value.problems[0].place) == ("TR-option-calendar", "m: calendar")
    assert not (tmp_path / "out.ndjson").exists()


def test_the_regime_is_said_once_for_the_whole_log() -> None:
    text = HEAD + "dossier: {dossier_id: {column: ma}, regime: {column: r}}\n"
    assert [problem.code for problem in problems(text)] == ["TR-mapping-meaning"]


# -- values of several columns -----------------------------------------------------------------------------------------

JOINED = (
    HEAD
    + """dossier:
  dossier_id: {columns: [sở, số], join: "/"}
  procedure: {columns: [lĩnh vực, mã], join: "."}
events_from_rows:
  kind: {column: k}
  at: {columns: [ngày, giờ], join: " ", date_format: ["%d/%m/%Y %H:%M", "%d/%m/%Y"]}
"""
)


def row(**cells: str) -> dict[str, str]:
    ours = {"sở": "SXD", "số": "12", "lĩnh vực": "1", "mã": "004880", "k": "dossier_accepted", "ngày": "23/08/2024"}
    return {**ours, "giờ": "08:30", **cells}


@pytest.mark.parametrize("format", ["csv", "ndjson", "json", "parquet"])
def test_ids_procedures_and_moments_of_several_columns(tmp_path: Path, format: str) -> None:
    (raw,) = read(tmp_path, format, [row(), row(k="step_done", giờ="")], "", JOINED)
    assert (raw.dossier_id, raw.problems) == ("SXD/12", ())
    assert raw.data["procedure"] == "1.004880"
    assert moments(raw) == [datetime(2024, 8, 23, 8, 30), date(2024, 8, 23)]


@pytest.mark.parametrize("format", ["csv", "ndjson", "json", "parquet"])
@pytest.mark.parametrize(
    ("cells", "ids", "codes"),
    [
        ({"số": ""}, [""], ["TR-row-part"]),
        ({"sở": "S/X"}, [""], ["TR-row-part"]),
        ({"số": "1/2"}, ["SXD/1/2"], []),  # the last part may hold the sign: nothing else comes out the same
        ({"sở": "", "số": ""}, [""], ["TR-row-dossier-id"]),
        ({"mã": ""}, ["SXD/12"], ["TR-row-part"]),
        ({"lĩnh vực": "1.0"}, ["SXD/12"], ["TR-row-part"]),
        ({"lĩnh vực": "", "mã": ""}, ["SXD/12"], []),
        ({"ngày": ""}, ["SXD/12"], ["TR-row-type"]),
    ],
)
def test_a_value_of_several_columns_has_all_its_parts(
    tmp_path: Path, format: str, cells: dict[str, str], ids: list[str], codes: list[str]
) -> None:
    found = read(tmp_path, format, [row(**cells), row(sở="other")], "", JOINED)
    assert [raw.dossier_id for raw in found] == [*ids, "other/12"]
    assert [problem.code for raw in found for problem in raw.problems] == codes


def test_two_dossiers_never_become_one_by_joining(tmp_path: Path) -> None:
    found = read(tmp_path, "csv", [row(sở="A", số="B/C"), row(sở="A/B", số="C")], "", JOINED)
    assert [(raw.dossier_id, [problem.code for problem in raw.problems]) for raw in found] == [
        ("A/B/C", []),
        ("", ["TR-row-part"]),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "{columns: [a, b]}",
        "{columns: [a], join: '-'}",
        "{columns: [a, b], join: ''}",
        "{column: a, join: '-'}",
        "{column: a, columns: [b, c], join: '-'}",
        "{columns: [a, b], join: '-', value: x}",
    ],
)
def test_columns_and_what_joins_them_go_together(source: str) -> None:
    assert problems(HEAD + f"dossier: {{dossier_id: {source}}}\n")


# -- several events of a row -------------------------------------------------------------------------------------------

INTERVALS = (
    HEAD
    + """dossier: {dossier_id: {column: ma}}
events_from_rows:
  - kind: {column: việc, values: {chờ: clock_paused}, other: drop}
    at: {column: từ}
    reason: {column: lý do}
  - kind: {column: việc, values: {chờ: clock_resumed}, other: drop}
    at: {column: đến, may_be_empty: true}
  - {kind: step_done, at: {column: đến}, agency: {column: cơ quan}, only: [{column: việc, among: [bước]}]}
"""
)


@pytest.mark.parametrize("format", ["csv", "ndjson", "json", "xes", "parquet"])
def test_an_interval_gives_its_start_and_its_end(tmp_path: Path, format: str) -> None:
    rows = [
        {"ma": "H1", "việc": "chờ", "từ": "2024-08-23", "đến": "2024-08-26", "lý do": "thẩm định", "cơ quan": ""},
        {"ma": "H1", "việc": "bước", "từ": "2024-08-23", "đến": "2024-08-27", "lý do": "", "cơ quan": "SXD"},
        {"ma": "H1", "việc": "chờ", "từ": "2024-08-28", "đến": "", "lý do": "thẩm định", "cơ quan": ""},
    ]
    given = (
        [{name: cell for name, cell in one.items() if cell} for one in rows]
        if format not in ("csv", "parquet")
        else rows
    )
    (raw,) = read(tmp_path, format, given, "", INTERVALS)
    assert raw.problems == ()
    assert raw.data["events"] == [
        {"kind": "clock_paused", "at": "2024-08-23", "reason": "thẩm định"},
        {"kind": "clock_resumed", "at": "2024-08-26"},
        {"kind": "step_done", "at": "2024-08-27", "agency": "SXD"},
        {"kind": "clock_paused", "at": "2024-08-28", "reason": "thẩm định"},
    ]


def test_an_end_that_may_not_be_empty_is_an_error_where_it_is(tmp_path: Path) -> None:
    strict = INTERVALS.replace(", may_be_empty: true", "")
    rows = [{"ma": "H1", "việc": "chờ", "từ": "2024-08-23", "đến": "", "lý do": "x", "cơ quan": ""}]
    (raw,) = read(tmp_path, "csv", rows, "", strict)
    assert [problem.code for problem in raw.problems] == ["TR-row-event"]


@pytest.mark.parametrize(
    "said",
    [
        "events_from_dossier: [{kind: result_issued, at: {column: t, may_be_empty: true}}]\n",
        "events_from_rows: {kind: step_done, at: {column: t}, agency: {column: a, may_be_empty: true}}\n",
    ],
)
def test_only_the_moment_of_a_row_may_be_said_to_be_empty(said: str) -> None:
    assert [problem.code for problem in problems(HEAD + "dossier: {dossier_id: {column: ma}}\n" + said)] == [
        "TR-mapping-meaning"
    ]


def test_an_error_in_a_list_of_events_is_told_at_its_place() -> None:
    text = HEAD + "dossier: {dossier_id: {column: ma}}\nevents_from_rows:\n  - {kind: step_done, at: {column: t}}\n"
    (problem,) = problems(text + "  - {kind: step_don, at: {column: t}}\n")
    assert (problem.place, problem.nearest) == ("m.yaml:7:12", "step_done")
    (problem,) = problems(text + "  - {kind: step_done, at: {colum: t}}\n")[:1]
    assert problem.place.startswith("m.yaml:7:")


# -- years of two digits, halves of the day ----------------------------------------------------------------------------


def test_short_years_and_halves_of_the_day_are_declared(tmp_path: Path) -> None:
    text = PLAIN.replace("{column: t}", '{column: t, date_format: ["%d/%m/%y %I:%M %p", "%d/%m/%y"], years_from: 2000}')
    rows = [{"ma": "H1", "k": "dossier_accepted", "t": "23/08/24 02:15 CH"}, {"ma": "H1", "k": "x", "t": "24/08/24"}]
    (raw,) = read(tmp_path, "csv", rows, "", text)
    assert moments(raw) == [datetime(2024, 8, 23, 14, 15), date(2024, 8, 24)]


@pytest.mark.parametrize(
    "source",
    [
        '{column: t, date_format: "%d/%m/%y"}',
        '{column: t, date_format: "%d/%m/%Y", years_from: 2000}',
        "{column: t, years_from: 2000}",
        '{column: t, date_format: "%d/%m/%y", years_from: 2050}',
        '{column: t, date_format: "%d/%m/%Y %I:%M"}',
        '{column: t, date_format: ["%d/%m/%y", "%y/%m/%d"], years_from: 2000}',
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_at_load(source: str) -> None:
    assert problems(PLAIN.replace("{column: t}", source))


# -- real logs ---------------------------------------------------------------------------------------------------------


def test_a_log_of_loans_keeps_its_clock_and_stays_outside_the_one_stop_law(shared_data: Path) -> None:
    text = (
        HEAD
        + """keep_wall_clock: true
regime: loans
dossier: {dossier_id: {column: "case:concept:name"}}
events_from_rows:
  kind: {column: "concept:name", values: {A_SUBMITTED: dossier_submitted, A_ACCEPTED: dossier_accepted}, other: drop}
  at: {column: "time:timestamp"}
  only: [{column: "lifecycle:transition", among: [COMPLETE]}]
"""
    )
    raws: list[Any] = list(islice(read_dossiers(shared_data / "bpic2012.xes.gz", read_mapping(text, "m.yaml")), 200))
    assert not any(raw.problems for raw in raws)
    assert {raw.data["regime"] for raw in raws} == {"loans"}
    # README of the data: from 2011-10-01 on; the first instant of the log is 2011-10-01T00:38:44.546+02:00.
    assert moments(raws[0])[0] == datetime(2011, 10, 1, 0, 38, 44, 546000)
    (row,) = Rulebook.load().rescore_dossiers([raws[0].data], date(2012, 6, 1))
    assert row["error_code"] == "TR-dossier-regime"
