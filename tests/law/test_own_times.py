"""What sector law says beside the limit: in every unit, on every way in, from the dossier and from the catalogue.

August 2025: Friday 1, Monday 4, Wednesday 6, Saturday 9, Monday 11; a holiday is only Monday 1 and Tuesday 2 September.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import DossierError, Rulebook

Json = dict[str, Any]
AS_OF = date(2025, 12, 15)


def sent_back(own: Json, *at: str, accepted: str = "2025-08-06T08:30") -> Json:
    """A file that went back on those days, and came again the day after each."""
    events = [{"kind": "dossier_accepted", "at": accepted}]
    for asked in at:
        events.append({"kind": "supplement_requested", "at": asked})
    return {
        "dossier_id": "H",
        "time_limit": {"amount": 200, "unit": "workday", "return_within": own},
        "events": events,
    }


def outcome(book: Rulebook, dossier: Json, duty: str, engine: str) -> str | None:
    found = book.evaluate(dossier, AS_OF, engine=engine).obligations
    return next((one.outcome for one in found if one.id == duty), None)


# (amount, unit) -> the last moment in time, the first that is late
ENDS = [
    (0, "workday", "2025-08-06T17:00", "2025-08-07T08:00"),
    (2, "workday", "2025-08-08", "2025-08-09"),
    (3, "calendar_day", "2025-08-11T23:59", "2025-08-12"),  # Saturday 9 rolls to Monday 11
    (1, "week", "2025-08-13", "2025-08-14"),
    (1, "month", "2025-09-08", "2025-09-09"),  # Saturday 6 September rolls to Monday 8
    (4, "work_hour", "2025-08-06T14:00", "2025-08-06T14:01"),  # three hours of the morning, one of the afternoon
    (0, "work_hour", "2025-08-06T17:00", "2025-08-07T08:00"),
]


@pytest.mark.parametrize(("amount", "unit", "last", "late"), ENDS, ids=str)
def test_a_return_in_every_unit(book: Rulebook, engine: str, amount: int, unit: str, last: str, late: str) -> None:
    own = {"amount": amount, "unit": unit}
    assert outcome(book, sent_back(own, last), "return_ineligible", engine) == "met"
    assert outcome(book, sent_back(own, late), "return_ineligible", engine) == "met_late"


def test_a_year_and_more_than_the_calendar(book: Rulebook, engine: str) -> None:
    """29 February 2024 and a year is 28 February 2025, a Friday."""
    for last, said in (("2025-02-28", "met"), ("2025-03-01", "met_late")):
        dossier = sent_back({"amount": 1, "unit": "year"}, last, accepted="2024-02-29T08:00")
        dossier["time_limit"]["amount"] = 400
        assert outcome(book, dossier, "return_ineligible", engine) == said
    for unit in ("workday", "year", "work_hour"):
        far = sent_back({"amount": 2**31 - 1, "unit": unit}, "2025-08-07T08:00")
        assert outcome(book, far, "return_ineligible", engine) == "undetermined"


def test_an_input_ends_with_2100_and_a_time_may_run_past_it(book: Rulebook, engine: str) -> None:
    """Two months from 28 December 2100 are 28 February 2101, a Monday: 31 December 2100 is a Friday."""
    own = {"answer_within": {"amount": 2, "unit": "month"}, "amount": 5, "unit": "workday"}
    submitted = {"kind": "dossier_submitted", "at": "2100-12-28T13:00"}
    accepted = {"kind": "dossier_accepted", "at": "2100-12-31T16:00"}
    online: Json = {"dossier_id": "H1", "channel": "online", "time_limit": own, "events": [submitted, accepted]}
    verdict = book.evaluate(online, date(2100, 12, 31), engine=engine)
    (answer,) = (found for found in verdict.obligations if found.id == "online_answer")
    assert (answer.outcome, answer.act_by) == ("met", date(2101, 2, 28))


def test_the_worst_of_several_returns_counts_each_from_its_own_start(book: Rulebook, engine: str) -> None:
    """Five days: to 13/8 after acceptance, to Friday 22/8 after the restart of Friday 15/8."""
    own = {"amount": 5, "unit": "workday"}

    def twice(first: str, back: str, second: str) -> Json:
        dossier = sent_back(own, first)
        dossier["events"] += [
            {"kind": "supplement_received", "at": back},
            {"kind": "supplement_requested", "at": second},
        ]
        return dossier

    said = [
        outcome(book, twice("2025-08-13", "2025-08-15", second), "return_ineligible", engine)
        for second in ("2025-08-22", "2025-08-25")
    ]
    assert said == ["met", "met_late"]
    assert outcome(book, twice("2025-08-14", "2025-08-15", "2025-08-18"), "return_ineligible", engine) == "met_late"


def test_an_hour_that_nobody_recorded_is_asked_only_where_it_decides(book: Rulebook, engine: str) -> None:
    """Four working hours of Wednesday end between 11:30 and 11:30 of Thursday, where its hour is not known."""
    own = {"amount": 4, "unit": "work_hour"}
    for accepted, asked, said in (
        ("2025-08-06", "2025-08-06T11:00", "met"),
        ("2025-08-06", "2025-08-06T14:00", "undetermined"),
        ("2025-08-06", "2025-08-07T11:31", "met_late"),
        ("2025-08-05T16:00", "2025-08-06", "undetermined"),  # one hour of Tuesday, three of Wednesday: 10:30
        ("2025-08-05T16:00", "2025-08-07", "met_late"),
    ):
        found = outcome(book, sent_back(own, asked, accepted=accepted), "return_ineligible", engine)
        assert found == said, (accepted, asked)


def test_a_closing_waits_as_it_is_written(book: Rulebook, engine: str) -> None:
    """Asked on Wednesday 6/8 at 09:00; nothing is moved off a day off."""
    for amount, unit, closed, said in (
        (3, "calendar_day", "2025-08-09", "missed"),
        (3, "calendar_day", "2025-08-10", "met"),  # Sunday
        (1, "month", "2025-09-06", "missed"),
        (1, "month", "2025-09-07", "met"),
        (0, "workday", "2025-08-06T10:00", "missed"),
        (0, "workday", "2025-08-07", "met"),
        (2, "work_hour", "2025-08-06T11:00", "missed"),
        (2, "work_hour", "2025-08-06T11:01", "met"),
    ):
        dossier = sent_back({"amount": 9, "unit": "workday"}, "2025-08-06T09:00")
        dossier["time_limit"]["closes_after"] = {"amount": amount, "unit": unit}
        dossier["events"].append({"kind": "dossier_closed", "at": closed})
        found = outcome(book, dossier, "closing_not_early", engine)
        assert found == said, (amount, unit, closed)
    dossier = sent_back({"amount": 9, "unit": "workday"}, "2025-08-06T16:00")  # to 08:30 of Thursday
    dossier["time_limit"]["closes_after"] = {"amount": 2, "unit": "work_hour"}
    dossier["events"].append({"kind": "dossier_closed", "at": "2025-08-07"})
    assert outcome(book, dossier, "closing_not_early", engine) == "undetermined"


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 3},
        {"unit": "workday"},
        {"amount": -1, "unit": "workday"},
        {"amount": 1.5, "unit": "workday"},
        {"amount": 3, "unit": "day"},
        {"amount": 3, "unit": "workday", "cutoff": "15:00"},
        3,
        {},
    ],
)
@pytest.mark.parametrize("name", ["return_within", "answer_within", "closes_after"])
def test_what_is_no_time_is_an_input_error(book: Rulebook, name: str, wrong: object) -> None:
    dossier = sent_back({"amount": 3, "unit": "workday"}, "2025-08-08")
    dossier["time_limit"][name] = wrong
    with pytest.raises(DossierError):
        book.evaluate(dossier, AS_OF)
    (row,) = book.rescore_dossiers([dossier], AS_OF)
    assert str(row["error_code"]).startswith("TR-input-")


def test_without_a_limit_it_may_stand_and_without_a_length_it_may_not(book: Rulebook, engine: str) -> None:
    own = {"answer_within": {"amount": 1, "unit": "workday"}}
    online: Json = {
        "dossier_id": "H",
        "channel": "online",
        "time_limit": {"none": True, **own},
        "events": [
            {"kind": "dossier_submitted", "at": "2025-08-06T08:30"},
            {"kind": "dossier_accepted", "at": "2025-08-07T16:00"},
        ],
    }
    assert outcome(book, online, "online_answer", engine) == "met"
    with pytest.raises(DossierError):
        book.evaluate({**online, "time_limit": own}, AS_OF)


CATALOGUE = """\
format: 1
time_limits: thu
label: {vi: Thử nghiệm, en: A trial}
regime: one_stop
entries:
  - procedure: "1.000001"
    from: "2024-01-01"
    time_limit:
      {amount: 20, unit: workday, return_within: {amount: 1, unit: workday}, closes_after: {amount: 1, unit: week}}
    citations: [{document: 1/QĐ-UBND, status: secondary, source: "cổng"}]
"""


def test_the_catalogue_says_it_where_the_dossier_names_no_limit(tmp_path: Path, engine: str) -> None:
    (tmp_path / "thu.yaml").write_text(CATALOGUE, encoding="utf-8")
    own = Rulebook.load(tmp_path)
    dossier = sent_back({"amount": 9, "unit": "workday"}, "2025-08-08")
    dossier["procedure"] = "1.000001"
    assert outcome(own, dossier, "return_ineligible", engine) == "met"
    del dossier["time_limit"]
    assert outcome(own, dossier, "return_ineligible", engine) == "met_late"
    dossier["events"].append({"kind": "dossier_closed", "at": "2025-08-15T08:00"})
    assert outcome(own, dossier, "closing_not_early", engine) == "missed"
    dossier["events"][-1]["at"] = "2025-08-16T08:00"
    assert outcome(own, dossier, "closing_not_early", engine) == "met"


MAPPING = """\
format: 1
mapping: cong
label: {vi: "Cổng", en: "Portal"}
dossier:
  dossier_id: {column: MaHS}
  time_limit.amount: {value: 200}
  time_limit.unit: {value: workday}
  time_limit.return_within.amount: {column: Tra}
  time_limit.return_within.unit: {value: workday}
events_from_dossier:
  - {kind: dossier_accepted, at: {column: Nhan}}
  - {kind: supplement_requested, at: {column: Yc}}
"""


# -- on every way in ---------------------------------------------------------------------------------------------------

FLAT = {
    "time_limit.amount": 200,
    "time_limit.unit": "workday",
    "time_limit.return_within.amount": 1,
    "time_limit.return_within.unit": "workday",
}


def test_tables_take_it_flat_and_as_structs(book: Rulebook) -> None:
    pa = pytest.importorskip("pyarrow", reason="bulk is not installed")
    events = [[{"kind": e["kind"], "at": e["at"]} for e in sent_back({}, "2025-08-08")["events"]]]
    flat = pa.table({"dossier_id": ["H"], **{name: [value] for name, value in FLAT.items()}, "events": events})
    inner = {"amount": 200, "unit": "workday", "return_within": {"amount": 1, "unit": "workday"}}
    nested = pa.table({"dossier_id": ["H"], "time_limit": [inner], "events": events})
    half = pa.table({"dossier_id": ["H"], "time_limit.return_within": [inner["return_within"]], "events": events})
    half = half.append_column("time_limit.amount", pa.array([200])).append_column(
        "time_limit.unit", pa.array(["workday"])
    )
    for table in (flat, nested, half):
        (row,) = book.rescore(table, as_of=AS_OF).to_pylist()
        assert row["return_ineligible"] == "met_late"
    for wrong in (
        {"return_within": {"amount": None, "unit": "workday"}},
        {"return_within": {"amount": -1, "unit": "workday"}},
    ):
        broken = pa.table({"dossier_id": ["H"], "time_limit": [{**inner, **wrong}], "events": events})
        (row,) = book.rescore(broken, as_of=AS_OF).to_pylist()
        assert str(row["error_code"]).startswith("TR-input-"), wrong


def test_logs_of_every_format_carry_it(book: Rulebook, tmp_path: Path) -> None:
    from tthc_rules.runs.doors import rescore_log

    dossier = sent_back({"amount": 1, "unit": "workday"}, "2025-08-08")
    rows = [{"case:concept:name": "H", **event, **FLAT} for event in dossier["events"]]
    names = list(rows[0])
    lines = [",".join(names), *(",".join(str(row[name]) for name in names) for row in rows)]
    logs = {
        "flat.csv": "\n".join(lines).replace("case:concept:name", "dossier_id") + "\n",
        "whole.ndjson": json.dumps(dossier) + "\n",
        "events.ndjson": "".join(
            json.dumps({"dossier_id": "H", **event, "time_limit": dossier["time_limit"]}) + "\n"
            for event in dossier["events"]
        ),
    }
    for name, text in logs.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        for fast in (True, False):
            output = tmp_path / f"{name}.{fast}.ndjson"
            rescore_log(book, book.question(AS_OF), tmp_path / name, output, fast=fast)
            (row,) = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
            assert row["return_ineligible"] == "met_late", (name, fast, row)


def test_a_mapping_names_it(book: Rulebook, tmp_path: Path) -> None:
    from tthc_rules.logs.mapping import load_mapping
    from tthc_rules.runs.doors import rescore_log

    (tmp_path / "cong.yaml").write_text(MAPPING, encoding="utf-8")
    rows = ("H1,1,2025-08-06T08:30,2025-08-08T08:00", "H2,5,2025-08-06T08:30,2025-08-08T08:00")
    (tmp_path / "cong.csv").write_text("\n".join(("MaHS,Tra,Nhan,Yc", *rows, "")), encoding="utf-8")
    mapping = load_mapping(tmp_path / "cong.yaml")
    output = tmp_path / "ra.ndjson"
    rescore_log(book, book.question(AS_OF), tmp_path / "cong.csv", output, mapping=mapping)
    found = [json.loads(line)["return_ineligible"] for line in output.read_text(encoding="utf-8").splitlines()]
    assert found == ["met_late", "met"]
