"""Steps of agencies: expected by hand from SEMANTICS «Steps», the same of every engine, in every form of a result."""

from __future__ import annotations

import csv
import json
import pickle
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import Dossier, Rulebook, Verdict
from tthc_rules.check.cases import CaseRunner, read_cases
from tthc_rules.errors import CaseError
from tthc_rules.law.codes import KINDS
from tthc_rules.result.row import Row, steps_in
from tthc_rules.testing import event

Event = dict[str, Any]
AS_OF = date(2025, 8, 29)
ACCEPTED: Event = {"kind": "dossier_accepted", "at": "2025-08-04T08:30"}


def set_(at: str, due: str | None = None, agency: str | None = "A") -> Event:
    return event("step_assigned", at, due=due, agency=agency)


def done(at: str, agency: str | None = "A") -> Event:
    return event("step_done", at, agency=agency)


def asked(at: str, due: str | None = None) -> Event:
    return event("opinion_requested", at, agency="A", due=due)


def answered(at: str) -> Event:
    return event("opinion_received", at, agency="A")


def dossier_of(*events: Event, **fields: Any) -> dict[str, Any]:
    limit = {"amount": 15, "unit": "workday"}
    return {"dossier_id": "HS", "time_limit": limit, "events": [ACCEPTED, *events], **fields}


# (what, events, [(agency, due, done on, outcome)])
ROWS: list[tuple[str, list[Event], list[tuple[str | None, str | None, str | None, str]]]] = [
    ("nothing set", [], []),
    ("done and never set", [done("2025-08-07T09:00")], []),
    ("set for one, done by another", [set_("2025-08-05T09:00", "2025-08-08"), done("2025-08-07T09:00", "B")],
     [("A", "2025-08-08", None, "overdue")]),
    ("no agency in either", [set_("2025-08-05T09:00", "2025-08-08", None), done("2025-08-07T09:00", None)],
     [(None, "2025-08-08", "2025-08-07", "early")]),
    ("no agency where it is set, one and another that did something",
     [set_("2025-08-05T09:00", "2025-08-08", None), done("2025-08-06T09:00", "A"), done("2025-08-07T09:00", "B")],
     [(None, "2025-08-08", None, "overdue")]),
    ("the minute of the due date", [set_("2025-08-05T09:00", "2025-08-08T10:00"), done("2025-08-08T10:00")],
     [("A", "2025-08-08T10:00", "2025-08-08", "on_time")]),
    ("a second after it: minutes are rounded up",
     [set_("2025-08-05T09:00", "2025-08-08T10:00"), done("2025-08-08T10:00:01")],
     [("A", "2025-08-08T10:00", "2025-08-08", "late")]),
    ("a due date with seconds is its minute, rounded up",
     [set_("2025-08-05T09:00", "2025-08-08T09:59:30"), done("2025-08-08T10:00")],
     [("A", "2025-08-08T10:00", "2025-08-08", "on_time")]),
    ("earlier on the day of a due date with a minute: dates are compared",
     [set_("2025-08-05T09:00", "2025-08-08T10:00"), done("2025-08-08T07:00")],
     [("A", "2025-08-08T10:00", "2025-08-08", "on_time")]),
    ("done at no known hour, on the day of a due date with a minute: by date",
     [set_("2025-08-05T09:00", "2025-08-08T10:00"), done("2025-08-08")],
     [("A", "2025-08-08T10:00", "2025-08-08", "on_time")]),
    ("done on the day it was set, at no known hour",
     [set_("2025-08-05T09:00", "2025-08-08"), done("2025-08-05")],
     [("A", "2025-08-08", "2025-08-05", "early")]),
    ("done before it was set", [done("2025-08-05T08:00"), set_("2025-08-05T09:00", "2025-08-08")],
     [("A", "2025-08-08", None, "overdue")]),
    ("two that are open at once, each needs its own",
     [set_("2025-08-05T09:00", "2025-08-08"), set_("2025-08-06T09:00", "2025-08-12"), done("2025-08-07T09:00")],
     [("A", "2025-08-08", "2025-08-07", "early"), ("A", "2025-08-12", None, "overdue")]),
    ("two that are open at once, both done",
     [set_("2025-08-05T09:00", "2025-08-08"), set_("2025-08-06T09:00", "2025-08-12"),
      done("2025-08-08T09:00"), done("2025-08-13T09:00")],
     [("A", "2025-08-08", "2025-08-08", "on_time"), ("A", "2025-08-12", "2025-08-13", "late")]),
    ("one after the other", [set_("2025-08-05T09:00", "2025-08-08"), done("2025-08-11T09:00"),
                             set_("2025-08-12T09:00", "2025-09-12")],
     [("A", "2025-08-08", "2025-08-11", "late"), ("A", "2025-09-12", None, "pending")]),
    ("without a due date, done", [set_("2025-08-05T09:00"), done("2025-08-07T09:00")],
     [("A", None, "2025-08-07", "undetermined")]),
    ("set before acceptance, done after it", [set_("2025-08-01T09:00", "2025-08-08"), done("2025-08-07T09:00")], []),
    ("set after the end", [{"kind": "result_issued", "at": "2025-08-06T09:00"}, set_("2025-08-07T09:00", "2025-08-08")],
     []),
    ("the end in the minute of its due date: not past it",
     [set_("2025-08-05T09:00", "2025-08-08T10:00"), {"kind": "result_issued", "at": "2025-08-08T10:00"}],
     [("A", "2025-08-08T10:00", None, "pending")]),
    ("the end a minute later", [set_("2025-08-05T09:00", "2025-08-08T10:00"),
                                {"kind": "result_issued", "at": "2025-08-08T10:01"}],
     [("A", "2025-08-08T10:00", None, "overdue")]),
    ("the end on that day at no known hour", [set_("2025-08-05T09:00", "2025-08-08T10:00"),
                                              {"kind": "dossier_withdrawn", "at": "2025-08-08"}],
     [("A", "2025-08-08T10:00", None, "pending")]),
    ("an opinion that is asked by no day is no step", [asked("2025-08-05T09:00")], []),
    ("one answer answers all that had been asked",
     [asked("2025-08-05T09:00", "2025-08-08"), asked("2025-08-06T09:00", "2025-08-12"), answered("2025-08-11T09:00")],
     [("A", "2025-08-08", "2025-08-11", "late"), ("A", "2025-08-12", "2025-08-11", "early")]),
    ("an answer of before does not answer what is asked later on that day",
     [asked("2025-08-05T09:00", "2025-08-08"), answered("2025-08-06"), asked("2025-08-06T09:00", "2025-08-12")],
     [("A", "2025-08-08", "2025-08-06", "early"), ("A", "2025-08-12", None, "overdue")]),
    ("a step is not done by an opinion", [set_("2025-08-05T09:00", "2025-08-08"), answered("2025-08-06T09:00")],
     [("A", "2025-08-08", None, "overdue")]),
    ("an answer after the end", [asked("2025-08-05T09:00", "2025-08-08"),
                                 {"kind": "result_issued", "at": "2025-08-07T09:00"}, answered("2025-08-11T09:00")],
     [("A", "2025-08-08", "2025-08-11", "late")]),
    ("a new appointment and days that are excluded are no steps, though they carry a day",
     [set_("2025-08-05T09:00", "2025-08-08"),
      {"kind": "reappointed", "at": "2025-08-06T09:00", "new_due": "2025-09-12"},
      {"kind": "interval_excluded", "at": "2025-08-06T09:00", "from": "2025-08-07", "to": "2025-08-07"}],
     [("A", "2025-08-08", None, "overdue")]),
    ("done before the acceptance, on its day and at no known hour: an act of handling without effect",
     [done("2025-08-04"), set_("2025-08-04T09:00", "2025-08-08")], [("A", "2025-08-08", None, "overdue")]),
    ("done on the day before it was set, at no known hour",
     [done("2025-08-05"), set_("2025-08-06T09:00", "2025-08-08")], [("A", "2025-08-08", None, "overdue")]),
    ("the same, with another event of the day between them",
     [done("2025-08-05"), {"kind": "delay_notice_sent", "at": "2025-08-06T08:00"},
      set_("2025-08-06T09:00", "2025-08-08")],
     [("A", "2025-08-08", None, "overdue")]),
    ("done at midnight is at a known hour, before it was set",
     [done("2025-08-05T00:00"), set_("2025-08-05T09:00", "2025-08-08")], [("A", "2025-08-08", None, "overdue")]),
    ("done in the minute in which it is set, named before it",
     [done("2025-08-05T09:00"), set_("2025-08-05T09:00", "2025-08-08")], [("A", "2025-08-08", "2025-08-05", "early")]),
    ("due at midnight: the rest of that day is late",
     [set_("2025-08-05T09:00", "2025-08-08T00:00"), done("2025-08-08T09:00")],
     [("A", "2025-08-08T00:00", "2025-08-08", "late")]),
    ("due at midnight, and the dossier ended later on that day",
     [set_("2025-08-05T09:00", "2025-08-08T00:00"), {"kind": "result_issued", "at": "2025-08-08T10:00"}],
     [("A", "2025-08-08T00:00", None, "overdue")]),
    ("due in the last minute but one of the day that is asked about: that day has ended",
     [set_("2025-08-05T09:00", "2025-08-29T23:59")], [("A", "2025-08-29T23:59", None, "overdue")]),
    ("due half a minute before midnight, rounded up: when the day has ended it is not past",
     [set_("2025-08-05T09:00", "2025-08-29T23:59:30")], [("A", "2025-08-29", None, "pending")]),
]  # fmt: skip


def said(verdict: Verdict) -> list[tuple[str | None, str | None, str | None, str]]:
    return [
        (
            step.agency,
            None if step.due is None else step.due.isoformat()[:16],
            None if step.done_on is None else step.done_on.isoformat(),
            step.outcome,
        )
        for step in verdict.steps
    ]


@pytest.mark.parametrize(("events", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_step_by_hand(book: Rulebook, engine: str, events: list[Event], expected: list[Any]) -> None:
    assert said(book.evaluate(dossier_of(*events), AS_OF, engine=engine)) == expected


def test_in_bulk_a_dossier_has_its_own_steps_among_many(bulk: None, book: Rulebook) -> None:
    many = [dossier_of(*events, dossier_id=f"HS-{at}") for at, (_, events, _) in enumerate(ROWS * 30)]
    many[5]["events"] = "broken"
    rows = book.rescore_dossiers(many, AS_OF)
    for at, row in enumerate(rows):
        expected = [
            dict(zip(("agency", "due", "done_on", "outcome"), step, strict=True)) for step in ROWS[at % len(ROWS)][2]
        ]
        assert (row["steps"] is None) is (at == 5)
        got = [step | {"done_on": step["done_on"] and str(step["done_on"])} for step in steps_in(row)]
        assert got == ([] if at == 5 else expected), at


HIDING = sorted(set(KINDS) - {"step_done", "opinion_received"})


@pytest.mark.parametrize("engine", ["composed", "reference", "bulk"], indirect=True)
@pytest.mark.parametrize("event", [set_("2025-08-05T09:00", "2025-08-08"), asked("2025-08-05T09:00", "2025-08-08")])
def test_what_a_source_cannot_show_is_held_against_no_agency(book: Rulebook, engine: str, event: Event) -> None:
    verdict = book.evaluate(dossier_of(event, observes=HIDING), AS_OF, engine=engine)
    assert [step.outcome for step in verdict.steps] == ["undetermined"]
    assert "not_observed" in [note.code for note in verdict.notes]
    before = book.evaluate(dossier_of(event, observes=HIDING), date(2025, 8, 8), engine=engine)
    assert [step.outcome for step in before.steps] == ["pending"]
    assert "not_observed" not in [note.code for note in before.notes]


@pytest.mark.parametrize(
    ("due", "turns"),
    [
        ("2025-08-13", "2025-08-14"),  # pending to the end of that day
        ("2025-08-13T10:00", "2025-08-13"),  # at the end of that day its minute is past
        ("2025-08-13T00:00", "2025-08-13"),
        ("2025-08-13T23:59", "2025-08-13"),
        ("2025-08-13T23:59:30", "2025-08-14"),  # rounded up to the end of the day
    ],
)
def test_the_day_on_which_a_step_becomes_overdue(book: Rulebook, due: str, turns: str) -> None:
    """Fifteen workdays from 4/8/2025 end on 25/8, so nothing else changes before 22/8."""
    for engine in ("reference", "composed"):
        verdict = book.evaluate(dossier_of(set_("2025-08-05T09:00", due)), date(2025, 8, 11), engine=engine)
        assert verdict.changes_on == date.fromisoformat(turns)
        before, after = (book.evaluate(dossier_of(set_("2025-08-05T09:00", due)), date(2025, 8, day), engine=engine)
                         for day in (verdict.changes_on.day - 1, verdict.changes_on.day))  # fmt: skip
        assert [step.outcome for one in (before, after) for step in one.steps] == ["pending", "overdue"]


def test_what_is_there_counts_though_the_source_need_not_show_it(book: Rulebook) -> None:
    verdict = book.evaluate(
        dossier_of(set_("2025-08-05T09:00", "2025-08-08"), done("2025-08-11T09:00"), observes=HIDING), AS_OF
    )
    assert [step.outcome for step in verdict.steps] == ["late"]
    assert "not_observed" not in [note.code for note in verdict.notes]


def test_without_a_known_acceptance_there_are_no_steps(book: Rulebook) -> None:
    verdict = book.evaluate(dossier_of(set_("2025-08-05T09:00", "2025-08-08"), unknown=["acceptance"]), AS_OF)
    assert verdict.steps == ()


def test_steps_in_a_verdict_are_read_back_compared_and_pickled(book: Rulebook) -> None:
    dossier = dossier_of(set_("2025-08-05T09:00", "2025-08-08T10:00"), set_("2025-08-05T09:00", "2025-08-20", "B"))
    verdict = book.evaluate(dossier, AS_OF)
    assert verdict.steps[0].due == datetime(2025, 8, 8, 10)
    assert verdict.steps[1].due == date(2025, 8, 20)
    again = Verdict.model_validate_json(verdict.model_dump_json())
    assert again == verdict == pickle.loads(pickle.dumps(verdict))
    assert again.steps == verdict.steps
    other = book.evaluate(dossier_of(set_("2025-08-05T09:00", "2025-08-08T10:00")), AS_OF)
    assert other != verdict


def test_the_explanation_says_each_step_and_its_clause(book: Rulebook) -> None:
    verdict = book.evaluate(
        dossier_of(set_("2025-08-05T09:00", "2025-08-08T10:00"), done("2025-08-08T10:01"),
                   asked("2025-08-05T09:00", "2025-08-20")), AS_OF
    )  # fmt: skip
    told = verdict.explain("vi")
    assert "[xong trễ hạn] A: giao việc cho một bước 09:00 05/08/2025" in told
    assert "hạn 10:00 08/08/2025; đã xong 10:01 08/08/2025" in told
    assert (
        "điểm a khoản 2 Điều 20 Nghị định số 118/2025/NĐ-CP «thời hạn giải quyết của từng cơ quan» (đã đọc văn bản)"
        in told
    )
    assert (
        "điểm b khoản 4 Điều 19 Nghị định số 118/2025/NĐ-CP «nêu rõ nội dung, thời hạn lấy ý kiến» (đã đọc văn bản)"
        in told
    )
    assert "[done late] A: step assigned 09:00 05/08/2025" in verdict.explain("en")
    assert "[past its due date, not done] A: opinion requested" in verdict.explain("en")


def test_the_clause_is_that_of_the_day_on_which_the_step_was_set(book: Rulebook) -> None:
    """Accepted under Decree 61, a step before and one after Decree 118 came into force."""
    dossier = {"dossier_id": "HS", "time_limit": {"amount": 30, "unit": "workday"}, "events": [
        {"kind": "dossier_accepted", "at": "2025-06-20T08:30"},
        set_("2025-06-30T09:00", "2025-07-04"), set_("2025-07-01T09:00", "2025-07-04", "B")]}  # fmt: skip
    told = book.evaluate(dossier, date(2025, 7, 3)).explain("vi").partition("CÁC BƯỚC")[2]
    first, second = told.partition("B: giao việc")[::2]
    assert "Điều 19 Nghị định số 61/2018/NĐ-CP" in first
    assert "118/2025" not in first
    assert "điểm a khoản 2 Điều 20 Nghị định số 118/2025/NĐ-CP" in second.partition("VIỆC PHẢI")[0]
    assert "61/2018" not in second.partition("VIỆC PHẢI")[0]


# -- results -----------------------------------------------------------------------------------------------------------


def test_steps_in_the_files_of_a_result(bulk: None, book: Rulebook, tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    from tthc_rules.logs.eventlog import read_dossiers
    from tthc_rules.runs import onebyone, together

    log = tmp_path / "log.ndjson"
    events = [set_("2025-08-05T09:00", "2025-08-08T10:00", 'Sở "A", B'), set_("2025-08-05T09:00")]
    dossiers = [
        dossier_of(*events, dossier_id="HS-1"),
        dossier_of(dossier_id="HS-2"),
        {"dossier_id": "HS-3", "events": 1},
    ]
    log.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in dossiers), encoding="utf-8")
    expected = [
        {"agency": 'Sở "A", B', "due": "2025-08-08T10:00", "done_on": None, "outcome": "overdue"},
        {"agency": "A", "due": None, "done_on": None, "outcome": "undetermined"},
    ]
    for suffix in ("csv", "ndjson", "parquet"):
        slow, fast = tmp_path / f"slow.{suffix}", tmp_path / f"fast.{suffix}"
        onebyone.rescore(book, read_dossiers(log), slow, AS_OF)
        together.rescore(book, book.question(AS_OF), read_dossiers(log), fast)
        if suffix != "parquet":
            assert slow.read_bytes() == fast.read_bytes()
    with (tmp_path / "fast.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row["steps"] for row in csv.DictReader(file)]
    assert [json.loads(cell) if cell else None for cell in cells] == [expected, None, None]
    lines = [json.loads(line) for line in (tmp_path / "fast.ndjson").read_text(encoding="utf-8").splitlines()]
    assert [line["steps"] for line in lines] == [expected, [], None]
    slow_table, fast_table = (parquet.read_table(tmp_path / f"{name}.parquet") for name in ("slow", "fast"))
    assert fast_table.schema.equals(slow_table.schema)
    assert fast_table["steps"].to_pylist() == slow_table["steps"].to_pylist() == [expected, [], None]
    inner = pa.struct(
        [("agency", pa.string()), ("due", pa.string()), ("done_on", pa.date32()), ("outcome", pa.string())]
    )
    assert fast_table.schema.field("steps").type.equals(pa.list_(pa.field("element", inner)))


# -- cases -------------------------------------------------------------------------------------------------------------


def case_of(tmp_path: Path, steps: str) -> Path:
    path = tmp_path / "steps.tthc.yaml"
    path.write_text(
        f"""- name: hai bước
  dossier:
    dossier_id: HS
    time_limit: {{amount: 15, unit: workday}}
    events:
      - {{kind: dossier_accepted, at: "2025-08-04T08:30"}}
      - {{kind: step_assigned, at: "2025-08-05T09:00", agency: so-xay-dung, due: "2025-08-08"}}
      - {{kind: step_done, at: "2025-08-07T09:00", agency: so-xay-dung}}
      - {{kind: step_assigned, at: "2025-08-11T09:00", agency: so-xay-dung, due: "2025-08-15"}}
      - {{kind: step_done, at: "2025-08-07T09:00", agency: so-tu-phap}}
  as_of: "2025-08-20"
  expect: {{steps: {steps}}}
""",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("steps", "passes"),
    [
        ("{so-xay-dung: overdue}", True),  # the last one that was set
        ("{so-xay-dung: early}", False),
        ("{so-xay-dung: [early, overdue]}", True),
        ("{so-xay-dung: [overdue]}", False),
        ("{so-tu-phap: null}", True),
        ("{so-tu-phap: early}", False),
        ("{so-xay-dung: null}", False),
        ("null", False),
    ],
)
@pytest.mark.parametrize("engine", ["reference", "bulk"], indirect=True)
def test_steps_of_a_case(tmp_path: Path, steps: str, passes: bool, engine: str) -> None:
    (case,) = read_cases(case_of(tmp_path, steps))
    assert CaseRunner(engine=engine).run(case).passed is passes


def test_an_agency_that_no_event_names_is_an_error(tmp_path: Path) -> None:
    (case,) = read_cases(case_of(tmp_path, "{so-xay-dug: early}"))
    with pytest.raises(CaseError) as caught:
        CaseRunner().check(case)
    (problem,) = caught.value.problems
    assert (problem.code, problem.nearest) == ("TR-case-name", "so-xay-dung")
    assert problem.place.endswith("steps.tthc.yaml:12:20")


@pytest.mark.parametrize("steps", ["{so-xay-dung: overdu}", "{so-xay-dung: [early, overdu]}"])
def test_a_word_that_no_step_has_is_an_error(tmp_path: Path, steps: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_cases(case_of(tmp_path, steps))
    (problem,) = caught.value.problems
    assert (problem.code, problem.nearest) == ("TR-input-choice", "overdue")
    assert ":12:" in problem.place


def test_a_model_of_a_dossier_is_judged_alike(book: Rulebook) -> None:
    events = [set_("2025-08-05T09:00", "2025-08-08")]
    assert (
        book.evaluate(Dossier.model_validate(dossier_of(*events)), AS_OF).steps
        == book.evaluate(dossier_of(*events), AS_OF).steps
    )


def test_a_row_that_is_put_among_others_brings_its_steps_and_leaves_theirs(bulk: None, book: Rulebook) -> None:
    from tthc_rules.bulk.rescore import Rescorer
    from tthc_rules.bulk.result import rows_between, with_rows

    rescorer = Rescorer(book.plans, book.question(AS_OF))
    two = [set_("2025-08-05T09:00", "2025-08-08"), set_("2025-08-06T09:00", None, "B")]
    logs = [two, [], [set_("2025-08-05T09:00", "2025-08-20", "C"), done("2025-08-19", "C")]]
    made = rescorer.together([Dossier.model_validate(dossier_of(*events)) for events in logs])
    agencies = [[step["agency"] for step in steps] for steps in made["steps"].to_pylist()]
    assert agencies == [["A", "B"], [], ["C"]]
    first: Row
    second: Row
    first, second = {**made.to_pylist()[0], "dossier_id": "x"}, {"dossier_id": "y", "error_code": "TR-moment-form"}
    for whole in (made, made.slice(1)):
        shown = agencies[len(made) - len(whole) :]
        between = rows_between(whole, {0: first, 2: second})["steps"].to_pylist()
        said = [None if steps is None else [step["agency"] for step in steps] for steps in between]
        assert said == [["A", "B"], shown[0], None, *shown[1:]]
        replaced = with_rows(whole, {0: second, 1: first})["steps"].to_pylist()
        said = [None if steps is None else [step["agency"] for step in steps] for steps in replaced]
        assert said == [None, ["A", "B"], *shown[2:]]
