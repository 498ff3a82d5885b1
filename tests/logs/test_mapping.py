"""Mapping files: strict, placed errors, suggestions, and what the sources give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from pydantic import BaseModel

from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law.dossier import EVENT_TYPES, Dossier
from tthc_rules.logs.eventlog import RawDossier, read_dossiers
from tthc_rules.logs.layout import BOOLEAN_FIELDS, INTEGER_FIELDS, LIST_FIELDS
from tthc_rules.logs.mapping import DOSSIER_FIELDS, TIME_FIELDS, event_fields, load_mapping, read_mapping

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "receipt" / "mapping.yaml"

HEAD = """format: 1
mapping: tinh-x
label: {vi: Tỉnh X, en: Province X}
"""
DOSSIER = (
    HEAD
    + """dossier:
  dossier_id: {column: ma}
"""
)


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(InputFileError) as caught:
        read_mapping(text, "m.yaml")
    return caught.value.problems


def mapped(tmp_path: Path, mapping: str, log: str) -> list[RawDossier]:
    path = tmp_path / "log.csv"
    path.write_text(log, encoding="utf-8")
    return list(read_dossiers(path, read_mapping(mapping, "m.yaml")))


def one(tmp_path: Path, mapping: str, log: str) -> dict[str, Any]:
    (raw,) = mapped(tmp_path, mapping, log)
    assert raw.problems == ()
    return raw.data


def test_the_shipped_example_loads_and_keeps_no_personal_data() -> None:
    mapping = load_mapping(EXAMPLE)
    assert mapping.required_columns == (
        "case:concept:name",
        "case:department",
        "case:channel",
        "case:startdate",
        "case:deadline",
        "case:enddate",
        "concept:name",
        "time:timestamp",
    )
    (rows,) = mapping.events_from_rows
    assert rows.kind.values is not None
    assert len(rows.kind.values) == 27


def test_known_fields_and_their_types_are_those_of_the_dossier() -> None:
    assert {"procedure", "channel", "units.handling_agency", "time_limit.amount", "time_limit.none"} <= DOSSIER_FIELDS
    assert not {"dossier_id", "events", "units", "time_limit"} & DOSSIER_FIELDS
    assert event_fields("interval_excluded") == {"from", "to", "reason", "ground"}
    assert event_fields("result_issued") == frozenset()
    models: list[type[BaseModel]] = [*EVENT_TYPES.values(), Dossier]
    annotated = {
        field.alias or name: str(field.annotation) for model in models for name, field in model.model_fields.items()
    }
    annotated |= {"filed_elsewhere": str(Dossier.__annotations__["filed_elsewhere"])}
    boolean = {name for name, said in annotated.items() if "bool" in said.lower()} | {"time_limit.none"}
    assert boolean == BOOLEAN_FIELDS
    moments = {name for name, said in annotated.items() if "read_moment" in said or name == "at"}
    assert moments == TIME_FIELDS
    assert INTEGER_FIELDS | LIST_FIELDS <= DOSSIER_FIELDS


@pytest.mark.parametrize(
    ("text", "place", "nearest"),
    [
        (DOSSIER + "doser: 1\n", "m.yaml:6:1", "dossier"),
        (DOSSIER + "  chanel: {column: k}\n", "m.yaml:6:3", "channel"),
        (DOSSIER + "  channel: {colum: k}\n", "m.yaml:6:13", "column"),
        (DOSSIER + "csv: {delimitter: ';'}\n", "m.yaml:6:7", "delimiter"),
        (DOSSIER + "  channel: {column: k, values: {'1': onlin}}\n", "m.yaml:6:38", "online"),
        (DOSSIER + "  time_limit.unit: {value: workdays}\n", "m.yaml:6:28", "workday"),
        (DOSSIER + "events_from_dossier:\n  - {kind: result_isued, at: {column: x}}\n", "m.yaml:7:12", "result_issued"),
        (
            DOSSIER
            + "events_from_dossier:\n  - {kind: dossier_accepted, at: {column: x}, apointed_due: {column: y}}\n",
            "m.yaml:7:47",
            "appointed_due",
        ),
        (
            DOSSIER + "events_from_rows:\n  at: {column: t}\n  kind: {column: k, values: {a: stepdone}}\n",
            "m.yaml:8:33",
            "step_done",
        ),
        (DOSSIER + "events_from_rows: {at: {column: t}, kind: result_isued}\n", "m.yaml:6:43", "result_issued"),
        (
            DOSSIER + "events_from_rows:\n  at: {column: t}\n  kind: step_done\n  only: [{colum: x, among: [y]}]\n",
            "m.yaml:9:11",
            "column",
        ),
    ],
)
def test_an_unknown_word_is_an_error_at_its_place_with_a_suggestion(text: str, place: str, nearest: str) -> None:
    found = [problem for problem in problems(text) if problem.nearest]
    assert [(problem.place, problem.nearest) for problem in found] == [(place, nearest)]
    assert found[0].excerpt
    assert found[0].vi
    assert found[0].en


@pytest.mark.parametrize(
    "line",
    [
        "  procedure: {column: a, value: b}",
        "  procedure: {}",
        "  procedure: {column: a, other: drop}",
        "  procedure: {value: a, optional: true}",
        "  procedure: {column: a, values: {x: [1, {}]}}",
        "  procedure: {column: a, date_format: '%d/%m/%Y'}",
        "  procedure: a",
        "events_from_dossier: [{kind: result_issued, at: {column: x, date_format: '%d %b %Y'}}]",
        "events_from_dossier: [{kind: result_issued, at: {column: x, date_format: []}}]",
        "events_from_dossier: [{kind: result_issued}]",
        "events_from_dossier: [{kind: result_issued, at: {column: x}, due: {column: y}}]",
        "events_from_rows: {kind: step_done, at: {column: x}, only: [{column: y, among: []}]}",
        "csv: {delimiter: ';;'}",
        "format: 2",
    ],
)
def test_a_source_that_makes_no_sense_is_an_error_in_both_languages(line: str) -> None:
    text = DOSSIER + line + "\n" if line != "format: 2" else DOSSIER.replace("format: 1", line)
    found = problems(text)
    assert all(problem.place.startswith("m.yaml:") for problem in found)
    assert all(problem.vi and problem.en for problem in found)


def test_several_errors_are_reported_together() -> None:
    assert len(problems(DOSSIER + "  chanel: {column: a}\n  fild: {column: b}\n")) == 2


def test_the_id_must_be_a_column_as_it_is() -> None:
    assert problems(HEAD + "dossier: {dossier_id: {value: x}}\n")[0].code == "TR-mapping-meaning"
    assert problems(HEAD + "dossier: {dossier_id: {column: x, values: {a: b}}}\n")[0].code == "TR-mapping-meaning"
    assert problems(HEAD + "dossier: {}\n")[0].code == "TR-input-missing"


@pytest.mark.parametrize("text", ["", "a: &x 1", "a: 1\na: 2", "- 1", "[", "1"])
def test_what_is_not_a_mapping_is_an_input_file_error(text: str) -> None:
    assert problems(text)


def test_a_mapping_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputFileError) as caught:
        read_dossiers(tmp_path / "log.csv", tmp_path / "m.yaml")
    assert caught.value.code == "TR-file-unreadable"


def test_constants_values_types_and_nested_names(tmp_path: Path) -> None:
    mapping = (
        DOSSIER
        + """  procedure: {value: "1.001"}
  channel: {column: kênh, values: {"1": in_person, "2": online}, other: drop}
  time_limit.amount: {column: số ngày}
  time_limit.unit: {value: workday}
  time_limit.pauses_for: {value: [payment]}
  filed_elsewhere: {column: nơi khác, values: {có: true, không: false}}
  officers: {column: cán bộ}
events_from_rows:
  kind: {column: việc, values: {nhận: dossier_accepted, bổ sung: supplement_requested}}
  at: {column: lúc}
  applicant_fault: {column: lỗi dân}
"""
    )
    log = (
        "ma,kênh,số ngày,nơi khác,cán bộ,việc,lúc,lỗi dân\n"
        "H1,2,5,không,a | b,nhận,2024-08-23,\n"
        "H1,2,5,không,a | b,bổ sung,2024-08-26,TRUE\n"
    )
    assert one(tmp_path, mapping, log) == {
        "dossier_id": "H1",
        "procedure": "1.001",
        "channel": "online",
        "time_limit": {"amount": 5, "unit": "workday", "pauses_for": ["payment"]},
        "filed_elsewhere": False,
        "officers": ["a", "b"],
        "events": [
            {"kind": "dossier_accepted", "at": "2024-08-23"},
            {"kind": "supplement_requested", "at": "2024-08-26", "applicant_fault": True},
        ],
    }


@pytest.mark.parametrize(
    ("other", "kinds", "codes"),
    [
        ("keep", ["dossier_accepted", "lạ"], []),
        ("drop", ["dossier_accepted"], []),
        ("error", ["dossier_accepted"], ["TR-row-value"]),
    ],
)
def test_a_value_without_translation_is_kept_unless_the_mapping_says_otherwise(
    tmp_path: Path, other: str, kinds: list[str], codes: list[str]
) -> None:
    mapping = DOSSIER + (
        "events_from_rows:\n"
        f"  kind: {{column: k, values: {{nhận: dossier_accepted, bỏ: null}}, other: {other}}}\n"
        "  at: {column: t}\n"
    )
    (raw,) = mapped(tmp_path, mapping, "ma,k,t\nH1,nhận,2024-08-23\nH1,lạ,2024-08-24\nH1,bỏ,\n")
    assert [event["kind"] for event in raw.data["events"]] == kinds  # type: ignore[attr-defined]
    assert [problem.code for problem in raw.problems] == codes


def test_decomposed_vietnamese_in_header_and_values_is_the_same_text(tmp_path: Path) -> None:
    mapping = DOSSIER + "  channel: {column: kênh, values: {trực tiếp: in_person}, other: error}\n"
    assert one(tmp_path, mapping, normalize("NFD", "ma,kênh\nH1,trực tiếp\n"))["channel"] == "in_person"


def test_dates_in_other_forms(tmp_path: Path) -> None:
    mapping = (
        DOSSIER
        + """events_from_dossier:
  - kind: dossier_accepted
    at: {column: nhận, date_format: ["%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y%m%d%H%M%S"]}
"""
    )
    raws = mapped(tmp_path, mapping, "ma,nhận\nA,23/08/2024 08:30\nB,23/08/2024\nC,20240823083000\nD,08/23/2024\nE,\n")
    assert [raw.data["events"] for raw in raws] == [
        [{"kind": "dossier_accepted", "at": "2024-08-23T08:30:00"}],
        [{"kind": "dossier_accepted", "at": "2024-08-23"}],
        [{"kind": "dossier_accepted", "at": "2024-08-23T08:30:00"}],
        [],
        [],
    ]
    assert [[problem.code for problem in raw.problems] for raw in raws] == [[], [], [], ["TR-row-type"], []]


def test_only_some_rows_make_events(tmp_path: Path) -> None:
    mapping = (
        DOSSIER
        + """events_from_rows:
  kind: step_done
  at: {column: t}
  only: [{column: lifecycle:transition, among: [complete, COMPLETE]}]
"""
    )
    data = one(tmp_path, mapping, "ma,t,lifecycle:transition\nH1,2024-08-23,start\nH1,2024-08-24,complete\n")
    assert data["events"] == [{"kind": "step_done", "at": "2024-08-24"}]


def test_events_from_attributes_come_first_and_only_where_the_cell_is_filled(tmp_path: Path) -> None:
    mapping = (
        DOSSIER
        + """events_from_dossier:
  - {kind: dossier_accepted, at: {column: nhận}, appointed_due: {column: hẹn}}
  - {kind: result_issued, at: {column: xong}}
events_from_rows: {kind: {column: k}, at: {column: t}}
"""
    )
    log = "ma,nhận,hẹn,xong,k,t\nH1,2024-08-23,2024-08-30,,step_done,2024-08-24\nH1,2024-08-23,2024-08-30,,,\n"
    assert one(tmp_path, mapping, log)["events"] == [
        {"kind": "dossier_accepted", "at": "2024-08-23", "appointed_due": "2024-08-30"},
        {"kind": "step_done", "at": "2024-08-24"},
    ]


def test_a_column_that_is_not_in_the_log(tmp_path: Path) -> None:
    with pytest.raises(InputFileError) as caught:
        mapped(tmp_path, DOSSIER + "  procedure: {column: thủ tục}\n", "ma,thu tục\nH1,x\n")
    assert caught.value.code == "TR-file-columns"
    assert caught.value.problems[0].known == ("ma", "thu tục")
    assert caught.value.problems[0].nearest == "thu tục"
    optional = DOSSIER + "  procedure: {column: thủ tục, optional: true}\n"
    assert one(tmp_path, optional, "ma,x\nH1,1\n") == {"dossier_id": "H1", "events": []}


def test_the_mapping_says_the_delimiter_and_the_call_overrides_it(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("ma|x\nH1|1\n", encoding="utf-8")
    mapping = read_mapping(DOSSIER + "csv: {delimiter: ';'}\n", "m.yaml")
    with pytest.raises(InputFileError):
        list(read_dossiers(path, mapping))
    assert [raw.dossier_id for raw in read_dossiers(path, mapping, delimiter="|")] == ["H1"]


def test_columns_without_a_place_in_the_mapping_are_not_kept(tmp_path: Path) -> None:
    assert one(tmp_path, DOSSIER, "ma,họ tên,số CCCD\nH1,A,0123\n") == {"dossier_id": "H1", "events": []}


# -- what the source can show ------------------------------------------------------------------------------------------

OPEN = "events_from_rows: {kind: {column: k}, at: {column: t}}\n"
CLOSED = "events_from_rows: {kind: {column: k, values: {nhận: dossier_accepted}, other: drop}, at: {column: t}}\n"
LOG = "ma,k,t,trạng thái\nH1,nhận,2024-08-23,5\nH1,xong,2024-08-24,11\nH2,nhận,2024-08-23,5\n"


def test_the_mapping_says_what_its_source_can_show_and_which_records_are_not_whole(tmp_path: Path) -> None:
    said = "observes: [dossier_accepted, result_issued]\nunknown_if: {trạng thái: 11}\n"
    first, second = mapped(tmp_path, DOSSIER + OPEN + said, LOG)
    assert first.data["observes"] == second.data["observes"] == ["dossier_accepted", "result_issued"]
    assert (first.data["unknown"], second.data.get("unknown")) == (["pauses"], None)


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        ('"11"', ["pauses"]),
        ("[10, 11]", ["pauses"]),
        ("{11: finish}", ["finish"]),
        ("{11: [finish, pauses]}", ["finish", "pauses"]),
        ("{12: finish}", None),
    ],
)
def test_a_value_says_what_is_unknown_of_its_record(tmp_path: Path, said: str, unknown: list[str] | None) -> None:
    said = said.replace("11:", '"11":').replace("12:", '"12":')
    first, _ = mapped(tmp_path, f"{DOSSIER}{OPEN}unknown_if: {{trạng thái: {said}}}\n", LOG)
    assert first.data.get("unknown") == unknown


def test_nothing_observed_is_said_with_an_empty_list(tmp_path: Path) -> None:
    assert mapped(tmp_path, DOSSIER + OPEN + "observes: []\n", LOG)[0].data["observes"] == []


@pytest.mark.parametrize(
    ("text", "place", "nearest"),
    [
        (DOSSIER + OPEN + "observes: [result_isued]\n", "m.yaml:7:12", "result_issued"),
        (DOSSIER + OPEN + "unknown_if: {k: {a: finnish}}\n", "m.yaml:7:21", "finish"),
        (DOSSIER + "  observes: {value: [result_isued]}\n" + OPEN, "m.yaml:6:21", "result_issued"),
        (DOSSIER + OPEN + "ignore: [k]\n", "m.yaml:7:10", ""),
    ],
)
def test_words_about_the_source_are_checked(text: str, place: str, nearest: str) -> None:
    assert (place, nearest) in {(problem.place, problem.nearest) for problem in problems(text)}


def test_a_column_that_says_what_is_unknown_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputFileError) as caught:
        mapped(tmp_path, DOSSIER + OPEN + "unknown_if: {tình trạng: 11}\n", LOG)
    assert caught.value.code == "TR-file-columns"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (OPEN, ()),
        (OPEN.replace("{column: k}", "{column: k, values: {a: step_done}}"), ()),
        (CLOSED, ("dossier_accepted",)),
        (CLOSED.replace("drop", "error"), ("dossier_accepted",)),
        (OPEN.replace("{column: k}", "step_done"), ("step_done",)),
        ("events_from_dossier: [{kind: result_issued, at: {column: t}}]\n", ("result_issued",)),
        (CLOSED + "observes: [dossier_accepted]\n", ()),
        ("  observes: {column: o}\n" + CLOSED, ()),
    ],
)
def test_a_closed_list_of_kinds_without_observes_is_remarked_once(text: str, kinds: tuple[str, ...]) -> None:
    found = read_mapping(DOSSIER + text, "m.yaml").remarks("m.yaml")
    assert [(problem.code, problem.known) for problem in found] == ([("TR-mapping-observes", kinds)] if kinds else [])


def _of_records(tmp_path: Path, mapping: str, rows: list[dict[str, Any]]) -> list[RawDossier]:
    """The rows as NDJSON that has only ASCII, as most programs write it."""
    path = tmp_path / "log.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return list(read_dossiers(path, read_mapping(mapping, "m.yaml")))


def _of_parquet(tmp_path: Path, mapping: str, rows: list[dict[str, Any]]) -> list[RawDossier]:
    parquet = pytest.importorskip("pyarrow.parquet")
    pa = pytest.importorskip("pyarrow")
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "log.parquet")
    return list(read_dossiers(tmp_path / "log.parquet", read_mapping(mapping, "m.yaml")))


_DONE = (
    DOSSIER
    + """events_from_rows:
  kind: {value: result_issued}
  at: {column: luc}
  only: [{column: xong, among: ["true", "Đã xong"]}]
observes: [result_issued]
unknown_if: {tt: ["Đang chờ"]}
"""
)


@pytest.mark.parametrize("read", [_of_records, _of_parquet])
@pytest.mark.parametrize("done", [True, " true ", normalize("NFD", "Đã xong"), " Đã xong"])
def test_a_filter_of_rows_compares_as_a_csv_does(tmp_path: Path, read: Any, done: object) -> None:
    """A CSV of these cells says «true», «Đã xong»: the same row makes the same event from every file."""
    (raw,) = read(tmp_path, _DONE, [{"ma": "H1", "luc": "2024-08-28", "xong": done, "tt": "x"}])
    assert [event["kind"] for event in raw.data["events"]] == ["result_issued"]


@pytest.mark.parametrize("read", [_of_records, _of_parquet])
def test_a_state_that_tells_of_a_gap_is_composed_before_it_is_compared(tmp_path: Path, read: Any) -> None:
    row = {"ma": "H1", "luc": "2024-08-28", "xong": "true", "tt": normalize("NFD", "Đang chờ")}
    (raw,) = read(tmp_path, _DONE, [row])
    assert raw.data["unknown"] == ["pauses"]


def test_names_of_columns_of_parquet_are_composed_too(tmp_path: Path) -> None:
    mapping = (
        DOSSIER.replace("column: ma", "column: Mã")
        + "events_from_rows: {kind: {value: dossier_accepted}, at: {column: luc}}\n"
    )
    (raw,) = _of_parquet(tmp_path, mapping, [{normalize("NFD", "Mã"): "H1", "luc": "2024-08-28"}])
    assert (raw.dossier_id, raw.problems) == ("H1", ())


def test_a_cell_that_is_not_there_is_among_no_words(tmp_path: Path) -> None:
    mapping = _DONE.replace('"true", "Đã xong"', '"None"')
    rows = [{"ma": "H1", "luc": "2024-08-28", "tt": "x"}, {"ma": "H2", "luc": "2024-08-28", "tt": "x", "xong": "None"}]
    assert [len(raw.data["events"]) for raw in _of_records(tmp_path, mapping, rows)] == [0, 1]  # type: ignore[arg-type]


def test_two_columns_that_look_the_same_are_refused(tmp_path: Path) -> None:
    mapping = (
        DOSSIER.replace("column: ma", "column: Mã") + "events_from_rows: {kind: dossier_accepted, at: {column: a}}\n"
    )
    with pytest.raises(InputFileError) as caught:
        _of_parquet(tmp_path, mapping, [{"Mã": "H1", normalize("NFD", "Mã"): "H2", "a": "2024-08-28"}])
    assert caught.value.code == "TR-bulk-column"
