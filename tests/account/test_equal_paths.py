"""A table counted by columns gives the account that its rows give one by one."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import tthc_rules as tr
from tthc_rules.logs.records import read_results
from tthc_rules.result.row import row_of, steps_text

pa = pytest.importorskip("pyarrow")

DUTIES = (
    ("apology_before_due", "head_of_unit", ("met", "missed", "met_late", "not_owed", None)),
    ("late_notice_to_one_stop", "head_of_unit+officer", ("met", "missed", "pending", None)),
    ("transfer_same_day", "head_of_one_stop_unit", ("met", "missed", None)),
    ("supplement_once", "officer", ("kept", "broken", None)),
)
BESIDE: dict[str, Any] = {
    "units": [
        {"unit": "a", "kind": "provincial_department", "jurisdiction": "son-la", "superior": "p"},
        {"unit": "b", "kind": "provincial_department", "jurisdiction": "thanh-hoa", "to": "2024-09-30", "became": "c"},
        {"unit": "c", "kind": "district", "jurisdiction": "dak-lak", "superior": "p"},
        {"unit": "p", "kind": "provincial_peoples_committee"},
    ],
    "posts": [
        {"unit": "a", "role": "head_of_unit", "person": "A", "from": "2020-01-01", "to": "2024-08-15"},
        {"unit": "a", "role": "head_of_unit", "person": "B", "from": "2024-08-16"},
        {"unit": "b", "role": "head_of_unit", "person": "C", "from": "2024-08-16"},
        {"unit": "c", "role": "deputy_head", "person": "D", "from": "2024-01-16", "fields": "dat"},
        {"unit": "p", "role": "chair", "person": "P", "from": "2020-01-01"},
        {"unit": "m", "role": "head_of_one_stop_unit", "person": "M", "from": "2020-01-01", "to": "2024-08-31"},
    ],
    "unit_events": [
        {"unit": "a", "kind": "self_review_held", "at": "2024-09-30"},
        {"unit": "a", "kind": "corrective_request", "at": "2024-07-10"},
    ],
    "complete": [{"kind": kind, "from": "2024-01-01", "to": "2025-12-31"} for kind in ("petition", "self_review_held")],
    "petitions": [{"dossier_id": f"H{n}", "about": "behaviour", "at": "2024-08-01"} for n in range(0, 3000, 7)],
    "settings": {"backlog_days": 10, "repeat_no_change": {"metric": "on_time_qd766", "periods": 2}},
}


def made_up(count: int, seed: int) -> list[dict[str, Any]]:
    """Rows with everything that may be missing, repeated or wrong, and dates near each other."""
    chance = random.Random(seed)
    return [_row(number, chance) for number in range(count)]


def _row(number: int, chance: random.Random) -> dict[str, Any]:
    accepted = date(2024, 1, 1) + timedelta(chance.randrange(500))
    due = accepted + timedelta(chance.randrange(40))
    ended = chance.random() < 0.8
    row: dict[str, Any] = {
        "dossier_id": f"H{number if chance.random() > 0.002 else number - 1}",
        "error_code": "TR-moment-form" if chance.random() < 0.01 else None,
        "field": chance.choice([None, "dat", "xay"]),
        "handling_agency": chance.choice([None, "a", "b", "c", "d"]),
        "one_stop_unit": chance.choice([None, "m", "n", "a"]),
        "officers": chance.choice(["", "x", "x|y", "z"]),
        "punctuality": chance.choice(["no_limit", "undetermined"]) if chance.random() < 0.1 else "on_time",
        "accepted_on": None if chance.random() < 0.02 else accepted,
        "original_due": due - timedelta(chance.choice([0, 2])),
        "lawful_due": None if chance.random() < 0.05 else due,
        "current_due": due + timedelta(chance.choice([0, 0, 7])),
        "promised_due": due.isoformat() + chance.choice(["", "T10:00"]),
        "finished_on": accepted + timedelta(chance.randrange(60)) if ended else None,
        "ended_by": chance.choice(["result_issued", "dossier_refused", "dossier_withdrawn"]) if ended else None,
        "rules_digest": "q",
    }
    said = []
    for duty, roles, outcomes in DUTIES:
        row[duty] = chance.choice(outcomes)
        row[f"{duty}.act_by"] = due - timedelta(1) if row[duty] and duty != "supplement_once" else None
        if row[duty] in ("missed", "met_late", "broken"):
            said.append(f"{duty}={roles}")
    row["responsible"] = "|".join(said) or None
    row["steps"] = (
        None if row["error_code"] else [_step(accepted, chance) for _ in range(chance.choice([0, 0, 1, 2, 4]))]
    )
    row["observes"] = chance.choice([None, None, None, "", "result_issued", "clock_paused|supplement_requested"])
    row["unknown"] = chance.choice([None, None, None, "pauses", "finish", "finish|pauses"])
    row["punctuality_current"] = chance.choice([None, "undetermined", "closed", "on_time", "returned_late"])
    row["days_late_current"] = chance.choice([None, 0, 3])
    return row


def _step(accepted: date, chance: random.Random) -> dict[str, Any]:
    due = accepted + timedelta(chance.randrange(40))
    outcome = chance.choice(["early", "on_time", "late", "pending", "overdue", "undetermined"])
    done = due + timedelta({"early": -2, "on_time": 0, "late": chance.choice([0, 3])}.get(outcome, 0))
    return {
        "agency": chance.choice([None, "a", "b", "c", "e"]),
        "due": None if chance.random() < 0.1 else due.isoformat() + chance.choice(["", "", "T10:00"]),
        "done_on": done if outcome in ("early", "on_time", "late") else None,
        "outcome": outcome,
    }


@pytest.mark.parametrize(
    ("period", "as_of"),
    [
        ("2024-Q3", date(2024, 10, 15)),
        ("2024", date(2025, 6, 1)),
        ("2024-09", date(2024, 9, 20)),
        ("2025-H1", date(2025, 4, 1)),
        ("2024-H2", date(2025, 1, 1)),
        ("2025-03", date(2025, 3, 31)),
    ],
)
def test_both_ways_of_counting_agree(book: tr.Rulebook, period: str, as_of: date) -> None:
    rows = made_up(3000, as_of.toordinal())
    one_by_one = book.account(rows, period=period, as_of=as_of, **BESIDE)
    by_columns = book.account(pa.Table.from_pylist(rows), period=period, as_of=as_of, **BESIDE)
    assert json.loads(by_columns.to_json()) == json.loads(one_by_one.to_json())
    assert one_by_one.data["rows"]["repeated"] > 0
    counts = one_by_one.data["total"]["counts"]
    assert counts["finished"] > 50
    assert 5 < counts["undetermined"] < counts["promised_due"]["undetermined"] < counts["current_due"]["undetermined"]
    stated = [unit["steps"] for unit in one_by_one.data["units"] if unit["steps"]]
    assert all(sum(steps[state] for steps in stated) > 3 for state in ("in_time", "late", "open_late", "undetermined"))
    assert any(unit["late"]["mitigating"] for unit in one_by_one.data["units"])
    texts = [row | {"steps": steps_text(row["steps"] or [])} for row in rows]
    for written in (texts, pa.Table.from_pylist(texts)):
        assert book.account(written, period=period, as_of=as_of, **BESIDE).to_json() == one_by_one.to_json()


def test_a_result_tells_the_steps_of_its_verdicts(book: tr.Rulebook) -> None:
    """Verdicts, rows, the table of the fast core and its CSV cells: one account."""
    dossiers = [
        {
            "dossier_id": f"HS-{at}",
            "time_limit": {"amount": 5, "unit": "workday"},
            "units": {"handling_agency": "a"},
            "events": [
                {"kind": "dossier_accepted", "at": "2024-08-01T08:30"},
                {"kind": "step_assigned", "at": "2024-08-02T09:00", "agency": "b", "due": due},
                *([{"kind": "step_done", "at": done, "agency": "b"}] if done else []),
                *([{"kind": "result_issued", "at": end}] if end else []),
            ],
        }
        for at, (due, done, end) in enumerate(
            [
                ("2024-08-05", "2024-08-02T15:00", "2024-08-08T09:00"),  # early
                ("2024-08-05T10:00", "2024-08-05T10:01", "2024-08-12T09:00"),  # late by a minute, the dossier too
                ("2024-08-05T10:00", None, "2024-08-05T09:00"),  # ended before it was due
                ("2024-08-05", None, None),  # overdue
                ("2024-08-30", None, None),  # due on the last day of the period, by date
                ("2024-08-30T10:00", None, None),  # by the minute: past it
            ]
        )
    ]
    as_of = date(2024, 8, 30)
    verdicts = [book.evaluate(one, as_of) for one in dossiers]
    rows = [row_of(verdict) for verdict in verdicts]
    table = pa.Table.from_pylist(book.rescore_dossiers(dossiers, as_of))
    pairs = [(tr.Dossier.model_validate(one), verdict) for one, verdict in zip(dossiers, verdicts, strict=True)]
    made = [book.account(given, period="2024-08", as_of=as_of) for given in (rows, table, pairs)]
    for account in made:
        (b,) = (unit for unit in account.data["units"] if unit["unit"] == "b")
        said = {name: b["steps"][name] for name in ("assigned", "in_time", "late", "open_late", "undetermined")}
        assert said == {"assigned": 6, "in_time": 3, "late": 1, "open_late": 2, "undetermined": 0}
        (a,) = (unit for unit in account.data["units"] if unit["unit"] == "a")
        assert a["late"]["mitigating"] == 3  # the one late by a minute, and the two overdue ones that are open
    assert made[1].to_json() == made[0].to_json()


@pytest.mark.parametrize(
    "cell",
    ["[", "{}", '[{"agency": "a"}]', '[{"agency": 1, "due": null, "done_on": null, "outcome": "late"}]',
     '[{"agency": "a", "due": "20240823", "done_on": null, "outcome": "late"}]',
     '[{"agency": "a", "due": null, "done_on": null, "outcome": "met"}]', "[null]", "3"],
)  # fmt: skip
def test_steps_that_cannot_be_read_are_an_error_of_their_row(book: tr.Rulebook, cell: str) -> None:
    rows = [made_up(1, 5)[0] | {"error_code": None, "steps": cell}]
    for given in (rows, pa.Table.from_pylist(rows)):
        with pytest.raises(tr.AccountError) as refused:
            book.account(given, period="2024-Q3", as_of=date(2024, 10, 15))
        assert refused.value.code == "TR-account-row"


@pytest.mark.parametrize("steps", [[[1]], [["a"]], [[{"agency": "a"}]], [3], [[{"agency": 1, "due": "2024-08-01",
    "done_on": None, "outcome": "late"}]]])  # fmt: skip
def test_a_column_of_steps_that_holds_something_else_is_refused(book: tr.Rulebook, steps: list[Any]) -> None:
    table = pa.Table.from_pylist([made_up(1, 5)[0] | {"error_code": None, "steps": one} for one in steps])
    with pytest.raises(tr.AccountError) as refused:
        book.account(table, period="2024-Q3", as_of=date(2024, 10, 15))
    assert (refused.value.code, refused.value.problems[0].place) == ("TR-account-columns", "steps")


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_chunks_and_dictionaries_change_nothing(book: tr.Rulebook, chunk: int) -> None:
    rows = made_up(300, 11)
    table = pa.Table.from_pylist(rows)
    words = pa.dictionary(pa.int32(), pa.string())
    names = ("handling_agency", "officers", "apology_before_due", "responsible", "ended_by", "punctuality",
             "punctuality_current", "observes", "unknown")  # fmt: skip
    for name in names:
        table = table.set_column(table.column_names.index(name), name, table.column(name).cast(words))
    pieces = pa.Table.from_batches(table.to_batches(max_chunksize=chunk))
    wanted = book.account(rows, period="2024-Q3", as_of=date(2024, 10, 15), **BESIDE)
    found = book.account(pieces, period="2024-Q3", as_of=date(2024, 10, 15), **BESIDE)
    assert found.to_json() == wanted.to_json()


def test_an_empty_table_is_an_empty_account(book: tr.Rulebook) -> None:
    table = pa.Table.from_pylist(made_up(3, 1)).slice(0, 0)
    made = book.account(table, period="2024-Q3", as_of=date(2024, 10, 15))
    assert "TR-account-empty" in made.problems


def test_a_table_without_dates_is_refused(book: tr.Rulebook) -> None:
    with pytest.raises(tr.AccountError) as refused:
        book.account(pa.table({"dossier_id": ["H1"]}), period="2024-Q3", as_of=date(2024, 10, 15))
    assert refused.value.code == "TR-account-columns"


def test_ids_of_any_width_and_script_are_compared_as_written(book: tr.Rulebook) -> None:
    base = made_up(1, 5)[0] | {"error_code": None}
    for ids in (["A", "A ", "A"], ["Đ" * 3, "Đ" * 3], ["x" * 90, "y" * 90, "x" * 90], ["a", "b", "c"]):
        rows = [{**base, "dossier_id": one} for one in ids]
        made = book.account(pa.Table.from_pylist(rows), period="2024-Q3", as_of=date(2024, 10, 15))
        assert made.data["rows"]["repeated"] == len(ids) - len(set(ids))


def test_an_empty_cell_of_pandas_is_empty_in_rows_as_in_a_table(book: tr.Rulebook) -> None:
    """`frame.to_dict("records")` says NaN where nothing is."""
    known = {"dossier_id": "H1", "accepted_on": "2024-07-01", "lawful_due": "2024-07-10", "finished_on": "2024-07-20"}
    row = known | dict.fromkeys(("error_code", "handling_agency"), float("nan"))
    empty = pa.Table.from_pylist([known | {"error_code": None, "handling_agency": None}])
    by_columns = book.account(empty, period="2024-Q3", as_of=date(2024, 10, 15))
    one_by_one = book.account([row], period="2024-Q3", as_of=date(2024, 10, 15))
    assert one_by_one.data["rows"]["errors"] == 0
    assert one_by_one.to_json() == by_columns.to_json()


@pytest.mark.parametrize("name", ["finished_on", "error_code", "ended_by"])
@pytest.mark.parametrize("empty", ["NaT", "NA"])
def test_what_pandas_has_for_nothing_is_nothing_or_our_error(book: tr.Rulebook, name: str, empty: str) -> None:
    pandas = pytest.importorskip("pandas", reason="chưa cài pandas / pandas is not installed")
    known = {"dossier_id": "H1", "accepted_on": "2024-07-01", "lawful_due": "2024-07-10", "finished_on": "2024-07-20"}
    row = known | {name: getattr(pandas, empty)}
    try:
        made = book.account([row], period="2024-Q3", as_of=date(2024, 10, 15))
    except tr.TthcError:
        return
    assert made.to_json() == book.account([known | {name: None}], period="2024-Q3", as_of=date(2024, 10, 15)).to_json()


def test_a_frame_of_a_result_gives_the_account_of_the_result(book: tr.Rulebook) -> None:
    """Lists come out of pandas as arrays, numbers beside an empty cell as fractions, empty cells as NaN and NaT."""
    pytest.importorskip("pandas", reason="chưa cài pandas / pandas is not installed")
    rows = [row | {"days_late": None if at % 3 else at % 5} for at, row in enumerate(made_up(400, 3))]
    table = pa.Table.from_pylist(rows)
    wanted = book.account(table, period="2024-Q3", as_of=date(2024, 10, 15), **BESIDE).to_json()
    for as_dates in (True, False):
        found = table.to_pandas(date_as_object=as_dates).to_dict("records")
        assert book.account(found, period="2024-Q3", as_of=date(2024, 10, 15), **BESIDE).to_json() == wanted


def test_a_number_of_days_that_is_nan_leaves_a_closed_dossier_in_doubt(book: tr.Rulebook) -> None:
    row = made_up(1, 5)[0] | {"error_code": None, "punctuality": "closed", "lawful_due": date(2024, 7, 10)}
    row |= {"accepted_on": date(2024, 7, 1), "days_late": float("nan")}
    table = pa.table({name: pa.array([cell]) for name, cell in row.items()})  # a column of fractions, NaN and not null
    for given in ([row], table):
        made = book.account(given, period="2024-Q3", as_of=date(2024, 10, 15))
        assert made.data["rows"]["left_out"] == {"undetermined": 1}


@pytest.mark.parametrize("cell", [1.5, True, ["a"], date(2024, 7, 1)])
@pytest.mark.parametrize("name", ["handling_agency", "error_code", "ended_by", "officers"])
def test_a_cell_of_words_that_holds_something_else_is_refused(book: tr.Rulebook, name: str, cell: Any) -> None:
    row = made_up(1, 5)[0] | {"error_code": None, name: cell}
    for given in ([row], pa.Table.from_pylist([row])):
        with pytest.raises(tr.AccountError) as refused:
            book.account(given, period="2024-Q3", as_of=date(2024, 10, 15))
        assert refused.value.code in ("TR-account-row", "TR-account-columns")


HIDES = ("dossier_accepted", "supplement_received", "clock_resumed", "result_issued", "dossier_withdrawn")


def _in_doubt() -> list[dict[str, Any]]:
    """Late by some due date only, and by some of them in doubt: accepted on 4 August 2025, due on the 11th."""
    stops = (*HIDES, "supplement_requested", "clock_paused")
    said: list[dict[str, Any]] = [
        {"observes": [*stops]},
        {"observes": [*stops, "reappointed"]},
        {"observes": [*HIDES, "reappointed"]},
        {"observes": []},
        {"unknown": ["pauses"]},
        {},
    ]
    ends = [None, ("result_issued", "08-11"), ("result_issued", "08-13"), ("dossier_withdrawn", "08-13")]
    slips: list[dict[str, str]] = [{}, {"appointed_due": "2025-08-08"}]
    return [
        {
            "dossier_id": f"HS-{a}-{b}-{c}",
            "time_limit": {"amount": 5, "unit": "workday"},
            "units": {"handling_agency": "a"},
            **shown,
            "events": [
                {"kind": "dossier_accepted", "at": "2025-08-04T08:30", **slip},
                *([{"kind": end[0], "at": f"2025-{end[1]}T09:00"}] if end else []),
            ],
        }
        for a, shown in enumerate(said)
        for b, end in enumerate(ends)
        for c, slip in enumerate(slips)
    ]


@pytest.mark.parametrize("lateness", ["by_date", "promised_by_date"])
def test_what_is_in_doubt_by_one_due_date_is_so_however_it_is_handed_over(
    book: tr.Rulebook, tmp_path: Path, lateness: Any
) -> None:
    """Verdicts, pairs, rows, the table of the fast core and its files: the same sets by each due date."""
    dossiers, as_of = _in_doubt(), date(2025, 9, 5)
    verdicts = [book.evaluate(one, as_of, lateness=lateness) for one in dossiers]
    rows = [row_of(verdict) for verdict in verdicts]
    table = pa.Table.from_pylist(book.rescore_dossiers(dossiers, as_of, lateness=lateness))
    pairs = [(tr.Dossier.model_validate(one), verdict) for one, verdict in zip(dossiers, verdicts, strict=True)]
    lines = tmp_path / "r.ndjson"
    lines.write_text("".join(json.dumps(row, default=str) + "\n" for row in table.to_pylist()), encoding="utf-8")
    ways = (pairs, verdicts, rows, table, read_results(lines))
    wanted, *others = (book.account(way, period="2025-08", as_of=as_of).data["total"] for way in ways)
    assert all(other == wanted for other in others)
    by_due = {due: wanted["counts"][due]["undetermined"] for due in ("original_due", "current_due", "promised_due")}
    assert by_due["original_due"] <= wanted["counts"]["undetermined"] < by_due["current_due"]
    assert lateness == "promised_by_date" or wanted["counts"]["undetermined"] < by_due["promised_due"]


def test_an_empty_cell_of_csv_is_a_source_that_shows_everything(book: tr.Rulebook, tmp_path: Path) -> None:
    """There an empty text cannot be told from no text; in a row it says that nothing is observed."""
    row = {"dossier_id": "H1", "accepted_on": "2025-08-04", "lawful_due": "2025-08-11", "promised_due": "2025-08-08",
           "finished_on": "2025-08-11", "observes": ""}  # fmt: skip
    path = tmp_path / "r.csv"
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    late = []
    for given in ([row], read_results(path)):
        made = book.account(given, period="2025-08", as_of=date(2025, 9, 5))
        late.append(made.data["total"]["counts"]["promised_due"]["finished_late"])
    assert late == [0, 1]


@pytest.mark.parametrize(("name", "written", "plain"), [
    ("handling_agency", " S\u01a1\u0309 Xa\u0302y ", "S\u1edf X\u00e2y"),
    ("one_stop_unit", "B\u00f4\u0323 pha\u0323\u0302n ", "B\u1ed9 ph\u1eadn"),
    ("officers", " a | B\u0069\u0300nh |", "a|B\u00ecnh"),
])  # fmt: skip
def test_a_name_is_compared_in_one_form_in_rows_and_in_a_table(
    book: tr.Rulebook, name: str, written: str, plain: str
) -> None:
    base = made_up(1, 5)[0] | {"error_code": None, "accepted_on": date(2024, 7, 1), "lawful_due": date(2024, 7, 5)}
    base |= {"finished_on": date(2024, 8, 1), "punctuality": "returned_late"}
    given = [base | {"dossier_id": f"H{at}", name: one} for at, one in enumerate((written, plain))]
    meant = [base | {"dossier_id": f"H{at}", name: plain} for at in range(2)]
    wanted = book.account(meant, period="2024-Q3", as_of=date(2024, 10, 15)).to_json()
    for way in (given, pa.Table.from_pylist(given)):
        assert book.account(way, period="2024-Q3", as_of=date(2024, 10, 15)).to_json() == wanted


def test_the_agency_of_a_step_is_compared_in_one_form(book: tr.Rulebook) -> None:
    step = {"due": "2024-08-05", "done_on": date(2024, 8, 2), "outcome": "early"}
    base = made_up(1, 5)[0] | {"error_code": None, "accepted_on": date(2024, 8, 1), "finished_on": date(2024, 8, 8)}
    rows = [base | {"dossier_id": f"H{at}", "steps": [step | {"agency": agency}]}
            for at, agency in enumerate((" S\u01a1\u0309", "S\u1edf"))]  # fmt: skip
    texts = [row | {"steps": steps_text(row["steps"])} for row in rows]
    for way in (rows, pa.Table.from_pylist(rows), texts, pa.Table.from_pylist(texts)):
        unit = book.account(way, period="2024-Q3", as_of=date(2024, 10, 15)).unit("S\u1edf")
        assert unit is not None
        assert unit["steps"]["assigned"] == 2


@pytest.mark.parametrize("mark", ["\u200b", "\u202e", "\u0007"])
@pytest.mark.parametrize("name", ["handling_agency", "one_stop_unit", "officers", "field", "steps"])
def test_a_character_that_nobody_sees_is_refused_in_rows_and_in_a_table(
    book: tr.Rulebook, name: str, mark: str
) -> None:
    step = {"agency": f"a{mark}", "due": "2024-08-05", "done_on": date(2024, 8, 2), "outcome": "early"}
    row = made_up(1, 5)[0] | {"error_code": None, name: [step] if name == "steps" else f"a{mark}"}
    for given in ([row], pa.Table.from_pylist([row])):
        with pytest.raises(tr.AccountError) as refused:
            book.account(given, period="2024-Q3", as_of=date(2024, 10, 15))
        assert (refused.value.code, refused.value.place.partition(": ")[2]) == ("TR-input-hidden", name)
