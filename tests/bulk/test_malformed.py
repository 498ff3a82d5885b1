"""One bad row is one error row, with the code that the one-dossier path gives, and never stops a batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tthc_rules import Rulebook
from tthc_rules.errors import InputFileError

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow"):
    pytest.importorskip(package, reason=NEEDS)

import pyarrow as pa  # noqa: E402
from truth import AS_OF, Json, assert_as_reference, assert_error, columns, fields_of, log_of, wanted  # noqa: E402

FIVE: Final = {"amount": 5, "unit": "workday"}
GOOD: Final[Json] = {
    "dossier_id": "good",
    "time_limit": FIVE,
    "events": [{"kind": "dossier_accepted", "at": "2024-08-23T08:30"}],
}
LIMIT: Final = {"time_limit.amount": 5, "time_limit.unit": "workday"}
EVENT: Final = pa.struct([("kind", pa.string()), ("at", pa.string())])


def bad(**more: Any) -> Json:
    """A dossier that is good but for this."""
    return {**GOOD, "dossier_id": "bad", **more}


def happened(*events: Json, **more: Any) -> Json:
    """A dossier that was accepted, and then this happened."""
    return bad(events=[*GOOD["events"], *events], **more)


def flat(*dossiers: Json) -> Any:
    return pa.table(columns(log_of(dossiers, own=True)))


def nested(*dossiers: Json) -> Any:
    table = pa.table(columns(fields_of(dossiers)))
    return table.append_column("events", pa.array([dossier["events"] for dossier in dossiers]))


def neighbours(book: Rulebook, table: Any, *codes: str) -> list[Json]:
    """The bad rows of a table whose good rows must be judged as ever."""
    rows = table.to_pylist()
    good = wanted(book, GOOD)
    for row in rows:
        if (row["dossier_id"] or "").startswith("good"):
            assert row == {name: good.get(name) for name in row} | {"dossier_id": row["dossier_id"]}
    found = [row for row in rows if not (row["dossier_id"] or "").startswith("good")]
    for row in found:
        assert_error(row, *codes)
    return found


def good(number: int) -> Json:
    return {**GOOD, "dossier_id": f"good {number}"}


def said(dossier: Json) -> Json:
    """The dossier with nothing where a cell of its log is empty."""
    events = [{name: value for name, value in event.items() if value is not None} for event in dossier["events"]]
    return {**dossier, "events": events}


# -- bad dossiers ------------------------------------------------------------------------------------------------------

BROKEN: Final[dict[str, Json]] = {
    "no kind": happened({"kind": None, "at": "2024-08-26"}),
    "no moment": happened({"kind": "result_issued", "at": None}),
    "nothing but nulls": happened({"kind": None, "at": None}),
    "before 1990": happened({"kind": "result_issued", "at": "1989-12-31T23:59:59"}),
    "after 2100": happened({"kind": "result_issued", "at": "2101-01-01"}),
    "after 2100 in Vietnam": happened({"kind": "result_issued", "at": "2100-12-31T17:00Z"}),
    "year 9999": happened({"kind": "result_issued", "at": "9999-12-31T23:59:59-12:00"}),
    "not ISO": happened({"kind": "result_issued", "at": "23/08/2024"}),
    "no such day": happened({"kind": "result_issued", "at": "2023-02-29"}),
    "no such hour": happened({"kind": "result_issued", "at": "2024-08-26T24:00"}),
    "fourteen digits": happened({"kind": "result_issued", "at": "20240826080000"}),
    "an empty moment": happened({"kind": "result_issued", "at": ""}),
    "digits of another script": happened({"kind": "result_issued", "at": "２０２４-08-26"}),
    "a moment on an unknown kind": happened({"kind": "whatever", "at": "soon"}),
    "a bad slip": happened({"kind": "reappointed", "at": "2024-08-26", "new_due": "soon"}),
    "a slip in 2150": happened({"kind": "reappointed", "at": "2024-08-26", "new_due": "2150-01-01"}),
    "a bad end of an interval": happened(
        {"kind": "interval_excluded", "at": "2024-08-26", "from": "2024-08-26", "to": "x"}
    ),
    "a bad due date that no clock reads": happened({"kind": "step_assigned", "at": "2024-08-26", "due": "x"}),
    "a fault after the day asked about": happened({"kind": "reappointed", "at": "2099-08-26", "new_due": "soon"}),
    "501 events": bad(events=[{"kind": "step_done", "at": "2024-08-26"}] * 501),
    "an empty id": bad(dossier_id=""),
    "an id of 201 characters": bad(dossier_id="ồ" * 201),
    "an unknown province": bad(jurisdiction="atlantis"),
    "an empty province": bad(jurisdiction=""),
    "an unknown channel": bad(channel="carrier pigeon"),
    "a channel in capitals": bad(channel="ONLINE"),
    "a negative amount": bad(time_limit={"amount": -1, "unit": "workday"}),
    "an enormous amount": bad(time_limit={"amount": 2**31, "unit": "workday"}),
    "the largest number": bad(time_limit={"amount": 2**63 - 1, "unit": "workday"}),
    "an amount without a unit": bad(time_limit={"amount": 5}),
    "a unit without an amount": bad(time_limit={"unit": "workday"}),
    "an unknown unit": bad(time_limit={"amount": 5, "unit": "fortnight"}),
    "a cutoff at 25:00": bad(time_limit={**FIVE, "cutoff": "25:00"}),
    "a cutoff at 24:00": bad(time_limit={**FIVE, "cutoff": "24:00"}),
    "a cutoff at 9:00": bad(time_limit={**FIVE, "cutoff": "9:00"}),
    "a cutoff alone": bad(time_limit={"cutoff": "15:00"}),
    "none and an amount": bad(time_limit={**FIVE, "none": True}),
    "none that is false": bad(time_limit={"none": False}),
    "a limit with a field of its own": bad(time_limit={**FIVE, "working": "yes"}),
    "waiting for godot": bad(time_limit={**FIVE, "pauses_for": ["payment", "godot"]}),
    "waiting for three": bad(time_limit={**FIVE, "pauses_for": ["payment", "opinion", "payment"]}),
    "two faults": bad(jurisdiction="atlantis", channel="pigeon"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_bad_dossier_between_good_ones_is_one_error_row(book: Rulebook, fault: str) -> None:
    broken = BROKEN[fault]
    want = wanted(book, said(broken))
    assert "error_code" in want
    log = pa.table(columns(log_of([good(1), broken, good(2)])))
    about = pa.table(columns(fields_of([good(1), broken, good(2)])))
    for got in (
        book.rescore(nested(good(1), broken, good(2)), as_of=AS_OF),
        book.rescore(log, about, as_of=AS_OF),
    ):
        (row,) = neighbours(book, got, str(want["error_code"]))
        assert row["dossier_id"] == broken["dossier_id"]


def test_all_bad_dossiers_at_once_are_their_own_error_rows(book: Rulebook) -> None:
    everything = [
        {**dossier, "dossier_id": f"{n}"} for n, dossier in enumerate(BROKEN.values()) if dossier["dossier_id"]
    ]
    for number in range(0, len(everything), 3):
        everything.insert(number, good(number))
    got = book.rescore(nested(*everything), as_of=AS_OF)
    assert_as_reference(book, got, [said(dossier) for dossier in everything])


@pytest.mark.parametrize("fault", [name for name in BROKEN if name not in ("a limit with a field of its own",)])
def test_a_bad_dossier_whose_fields_stand_in_the_log_is_one_error_row(book: Rulebook, fault: str) -> None:
    want = wanted(book, said(BROKEN[fault]))
    log = flat(good(1), BROKEN[fault], good(2))
    assert len(neighbours(book, book.rescore(log, as_of=AS_OF), str(want["error_code"]))) == 1


def test_the_row_of_a_bad_dossier_is_its_reference_row(book: Rulebook) -> None:
    broken = happened({"kind": "result_issued", "at": "23/08/2024"})
    (row,) = book.rescore(nested(broken), as_of=AS_OF).to_pylist()
    want = wanted(book, broken)
    assert row == {name: want.get(name) for name in row}


def test_a_null_id_is_an_error_row_for_each_of_its_events(book: Rulebook) -> None:
    rows = log_of([good(1), {**GOOD, "dossier_id": None}, {**GOOD, "dossier_id": None}, good(2)], own=True)
    found = neighbours(book, book.rescore(pa.table(columns(rows)), as_of=AS_OF), "TR-input-missing", "TR-input-type")
    assert [row["dossier_id"] or "" for row in found] == ["", ""]


def test_a_null_id_in_a_nested_table_is_an_error_row(book: Rulebook) -> None:
    table = nested(good(1), {**GOOD, "dossier_id": None}, good(2))
    assert len(neighbours(book, book.rescore(table, as_of=AS_OF), "TR-input-missing", "TR-input-type")) == 1


def test_a_null_id_in_the_table_of_dossiers_is_an_error_row(book: Rulebook) -> None:
    log = pa.table(columns(log_of([good(1), good(2)])))
    about = pa.table({"dossier_id": ["good 2", None, "good 1"], **{name: [v] * 3 for name, v in LIMIT.items()}})
    table = book.rescore(log, about, as_of=AS_OF)
    assert len(neighbours(book, table, "TR-input-missing", "TR-input-type")) == 1
    assert [row or "" for row in table["dossier_id"].to_pylist()] == ["good 2", "", "good 1"]


def test_an_id_of_200_characters_is_an_id(book: Rulebook) -> None:
    long = {**GOOD, "dossier_id": "ồ" * 200}
    assert_as_reference(book, book.rescore(nested(long), as_of=AS_OF), [long])


def test_five_hundred_events_are_not_too_many(book: Rulebook) -> None:
    events = [*GOOD["events"], *({"kind": "step_done", "at": f"2024-08-26T08:{k % 60:02d}"} for k in range(499))]
    assert_as_reference(book, book.rescore(flat(bad(events=events)), as_of=AS_OF), [bad(events=events)])


def test_a_null_among_the_officers_is_an_error_as_in_evaluate(book: Rulebook) -> None:
    table = nested(good(1), bad(officers=["a", None]), good(2))
    code = str(wanted(book, bad(officers=["a", None]))["error_code"])
    assert len(neighbours(book, book.rescore(table, as_of=AS_OF), code)) == 1


def test_a_null_among_the_pauses_is_an_error_as_in_evaluate(book: Rulebook) -> None:
    broken = bad(time_limit={**FIVE, "pauses_for": ["payment", None]})
    code = str(wanted(book, broken)["error_code"])
    assert len(neighbours(book, book.rescore(nested(good(1), broken, good(2)), as_of=AS_OF), code)) == 1


def test_a_null_among_the_events_is_an_error(book: Rulebook) -> None:
    logs = pa.array([GOOD["events"], [*GOOD["events"], None], GOOD["events"]], pa.list_(EVENT))
    table = pa.table({"dossier_id": ["good 1", "bad", "good 2"], **{n: [v] * 3 for n, v in LIMIT.items()}})
    got = book.rescore(table.append_column("events", logs), as_of=AS_OF)
    assert len(neighbours(book, got, "TR-input-missing", "TR-input-type")) == 1


def test_a_fault_of_the_last_dossier_does_not_fall_on_an_empty_neighbour(book: Rulebook) -> None:
    empty = [{"dossier_id": f"good {k}", "time_limit": FIVE, "events": []} for k in range(4)]
    broken = happened({"kind": "result_issued", "at": "never"})
    given = [empty[0], empty[1], broken, empty[2], empty[3]]
    table = pa.table(columns(fields_of(given)))
    table = table.append_column("events", pa.array([d["events"] for d in given], pa.list_(EVENT)))
    assert_as_reference(book, book.rescore(table, as_of=AS_OF), given)


@pytest.mark.parametrize("known", [True, False])
def test_a_bad_moment_in_a_field_that_the_kind_does_not_know_is_only_noted(book: Rulebook, known: bool) -> None:
    kind = "reappointed" if known else "result_issued"
    odd = happened({"kind": kind, "at": "2024-08-26", "new_due": "soon"})
    (row,) = book.rescore(nested(odd), as_of=AS_OF).to_pylist()
    assert (row["error_code"] is None) is not known
    assert_as_reference(book, [row], [odd])


# -- absurd numbers ----------------------------------------------------------------------------------------------------


def at_column(cells: Any) -> Any:
    """Good dossiers around those whose moments these are."""
    n = len(cells)
    ids = ["good 1", *(f"bad {k}" for k in range(n)), "good 2"]
    fine = datetime(2024, 8, 23, 8, 30)
    around = pa.array([fine.date() if pa.types.is_date(cells.type) else fine], cells.type)
    at = pa.chunked_array([around, cells, around])
    made = {"dossier_id": ids, "kind": ["dossier_accepted"] * (n + 2), "at": at}
    return pa.table({**made, **{name: [value] * (n + 2) for name, value in LIMIT.items()}})


DAYS: Final = [2_130_706_473, -2_130_706_473, 2**31 - 1, -(2**31), 47_847, 7_304, 10**6, -1]


def test_absurd_days_are_error_rows(book: Rulebook) -> None:
    table = at_column(pa.array(DAYS, pa.int32()).cast(pa.date32()))
    rows = book.rescore(table, as_of=AS_OF).to_pylist()
    assert [row["error_code"] for row in rows] == [None, *["TR-moment-range"] * len(DAYS), None]


def test_absurd_milliseconds_of_days_are_error_rows(book: Rulebook) -> None:
    days = [2_130_706_473, -2_130_706_473, 47_847, 7_304, 106_751_991_167, -106_751_991_167]
    table = at_column(pa.array([day * 86_400_000 for day in days], pa.int64()).cast(pa.date64()))
    rows = book.rescore(table, as_of=AS_OF).to_pylist()
    assert [row["error_code"] for row in rows] == [None, *["TR-moment-range"] * len(days), None]


@pytest.mark.parametrize("zone", [None, "UTC", "+07:00"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_absurd_instants_are_error_rows(book: Rulebook, unit: str, zone: str | None) -> None:
    ticks = [2**63 - 1, -(2**62), 2**62, -1, 0, 2_130_706_473 * 86_400]
    if unit == "ns":
        ticks[0], ticks[-1] = 2**62 + 1, -(2**62)
    elif unit in ("s", "ms"):
        ticks.append(2**63 // {"s": 10**6, "ms": 10**3}[unit] + 1)
    table = at_column(pa.array(ticks, pa.int64()).cast(pa.timestamp(unit, zone)))
    rows = book.rescore(table, as_of=AS_OF).to_pylist()
    assert [row["error_code"] for row in rows[1:-1]] == ["TR-moment-range"] * len(ticks)
    assert rows[0]["error_code"] is None


@pytest.mark.parametrize(("ticks", "zone"), [(-(2**63), None), (1 - 2**63, "UTC"), (2**63 - 1, "UTC")])
def test_the_smallest_and_largest_numbers_of_nanoseconds_are_outside_the_range_too(
    book: Rulebook, ticks: int, zone: str | None
) -> None:
    cells = pa.array([ticks], pa.int64()).cast(pa.timestamp("ns", zone))
    rows = book.rescore(at_column(cells), as_of=AS_OF).to_pylist()
    assert [row["error_code"] for row in rows] == [None, "TR-moment-range", None]


def test_the_last_and_first_instants_of_the_range_lie_in_vietnam(book: Rulebook) -> None:
    instants = ["1989-12-31T16:59:59", "1989-12-31T17:00:00", "2100-12-31T16:59:59", "2100-12-31T17:00:00"]
    cells = pa.array([datetime.fromisoformat(text) for text in instants], pa.timestamp("s")).cast(
        pa.timestamp("s", "UTC")
    )
    rows = book.rescore(at_column(cells), as_of=AS_OF).to_pylist()
    assert [row["error_code"] for row in rows[1:-1]] == ["TR-moment-range", None, None, "TR-moment-range"]


def test_an_instant_in_nanoseconds_of_a_dossier_with_another_fault_keeps_that_fault(book: Rulebook) -> None:
    cells = pa.array([1724380200_000_000_001], pa.int64()).cast(pa.timestamp("ns"))
    table = at_column(cells).append_column("jurisdiction", pa.array([None, "atlantis", None]))
    rows = book.rescore(table, as_of=AS_OF).to_pylist()
    assert [row["error_code"] for row in rows] == [None, "TR-dossier-jurisdiction", None]


def test_a_zone_that_nobody_knows_is_refused_or_its_bad_instants_are_error_rows(book: Rulebook) -> None:
    cells = pa.array([1724380200, 2**62], pa.int64()).cast(pa.timestamp("s", "Mars/Olympus_Mons"))
    refusal = ""
    try:
        rows = book.rescore(at_column(cells), as_of=AS_OF).to_pylist()
    except InputFileError as error:
        refusal = error.place
    if not refusal:
        assert len(rows) == 4
        assert_error(rows[2], "TR-moment-range", "TR-moment-form", "TR-moment-type")
    assert refusal in ("", "at")


def test_absurd_days_of_a_slip_are_an_error_row(book: Rulebook) -> None:
    log = flat(good(1), happened({"kind": "reappointed", "at": "2024-08-26"}), good(2))
    slips = pa.array([None, None, 2_130_706_473, None], pa.int32()).cast(pa.date32())
    neighbours(book, book.rescore(log.append_column("new_due", slips), as_of=AS_OF), "TR-moment-range")


# -- tables that contradict each other or themselves -------------------------------------------------------------------


def test_a_dossier_twice_in_the_table_of_dossiers_is_judged_by_neither_row(book: Rulebook) -> None:
    log = pa.table(columns(log_of([good(1), good(2)])))
    about = pa.table({"dossier_id": ["good 1", "good 2", "good 1"], **{name: [v] * 3 for name, v in LIMIT.items()}})
    rows = book.rescore(log, about, as_of=AS_OF).to_pylist()
    assert [row["dossier_id"] for row in rows] == ["good 1", "good 2", "good 1"]
    assert_error(rows[0], "TR-bulk-twice")
    assert_error(rows[2], "TR-bulk-twice")
    assert_as_reference(book, rows[1:2], [good(2)])


def test_a_dossier_twice_in_a_nested_table_is_judged_by_neither_row(book: Rulebook) -> None:
    kind = pa.struct([("kind", pa.string()), ("at", pa.string())])
    logs = [[("dossier_accepted", "2024-08-23T08:30")], [("result_issued", "2024-08-28T08:30")]]
    events = pa.array([[{"kind": k, "at": at} for k, at in log] for log in (*logs, logs[0])], pa.list_(kind))
    table = pa.table({"dossier_id": ["a", "a", "b"], "time_limit.amount": [5] * 3, "time_limit.unit": ["workday"] * 3})
    rows = book.rescore(table.append_column("events", events), as_of=AS_OF).to_pylist()
    assert [row["error_code"] for row in rows] == [
        "TR-bulk-twice",
        "TR-bulk-twice",
        None,
    ]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("channel", ["online", "in_person"]),
        ("jurisdiction", ["son-la", "thanh-hoa"]),
        ("time_limit.amount", [5, 6]),
        ("filed_elsewhere", [True, False]),
        ("officers", [["a"], ["a", "b"]]),
        ("units.handling_agency", ["x", "y"]),
    ],
)
def test_rows_of_a_log_that_disagree_on_a_field_are_one_error_row(
    book: Rulebook, field: str, values: list[Any]
) -> None:
    rows = log_of([good(1), happened({"kind": "result_issued", "at": "2024-08-26"}), good(2)], own=True)
    rows[1][field], rows[2][field] = values
    (row,) = neighbours(book, book.rescore(pa.table(columns(rows)), as_of=AS_OF), "TR-bulk-conflict")
    assert field in row["error"]


def test_rows_of_a_log_that_disagree_in_a_struct_column_are_one_error_row(book: Rulebook) -> None:
    rows = log_of([good(1), happened({"kind": "result_issued", "at": "2024-08-26"}), good(2)])
    log = pa.table(columns(rows))
    limits = pa.array([FIVE, FIVE, {"amount": 6, "unit": "workday"}, FIVE])
    neighbours(book, book.rescore(log.append_column("time_limit", limits), as_of=AS_OF), "TR-bulk-conflict")


def test_beside_a_table_of_dossiers_a_field_in_the_log_is_read(book: Rulebook) -> None:
    """It was an unknown field once, and the dossier was judged without it."""
    log = flat(good(1)).append_column("jurisdiction", pa.array(["atlantis"]))
    about = pa.table({"dossier_id": ["good 1"], **{name: [value] for name, value in LIMIT.items()}})
    (row,) = book.rescore(log.drop(list(LIMIT)), about, as_of=AS_OF).to_pylist()
    assert (row["error_code"], row["notes"]) == ("TR-dossier-jurisdiction", None)


def test_rows_of_a_log_that_disagree_are_an_error_row_whatever_a_table_of_dossiers_says(book: Rulebook) -> None:
    rows = log_of([good(1), happened({"kind": "result_issued", "at": "2024-08-26"}), good(2)], own=True)
    rows[1]["time_limit.amount"] = 6
    about = pa.table(columns(fields_of([good(1), happened(), good(2)])))
    neighbours(book, book.rescore(pa.table(columns(rows)), about, as_of=AS_OF), "TR-bulk-conflict")


# -- columns that cannot be read ---------------------------------------------------------------------------------------

WRONG: Final[dict[str, Callable[[int], Any]]] = {
    "kind": lambda n: pa.array([1] * n),
    "at": lambda n: pa.array([True] * n),
    "dossier_id": lambda n: pa.array(range(n)),
    "procedure": lambda n: pa.array([1.5] * n),
    "jurisdiction": lambda n: pa.array([b"son-la"] * n),
    "channel": lambda n: pa.array([[1]] * n),
    "officers": lambda n: pa.array([[1]] * n),
    "filed_elsewhere": lambda n: pa.array(["true"] * n),
    "time_limit.amount": lambda n: pa.array(["5"] * n),
    "time_limit.unit": lambda n: pa.array([{"a": 1}] * n),
    "time_limit.cutoff": lambda n: pa.array([900] * n),
    "time_limit.none": lambda n: pa.array([1] * n),
    "time_limit.pauses_for": lambda n: pa.array([True] * n),
    "new_due": lambda n: pa.array([20240823] * n),
    "appointed_due": lambda n: pa.array([0], pa.time32("s")).take(pa.array([0] * n)),
    "after_appraisal": lambda n: pa.array(["yes"] * n),
    "agency": lambda n: pa.array([7] * n),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_column_of_a_wrong_type_is_named(book: Rulebook, name: str) -> None:
    log = flat(good(1), good(2))
    column = WRONG[name](2)
    place = log.schema.get_field_index(name)
    log = log.append_column(name, column) if place < 0 else log.set_column(place, name, column)
    with pytest.raises(InputFileError) as caught:
        book.rescore(log, as_of=AS_OF)
    assert (caught.value.code, caught.value.place) == ("TR-bulk-column", name)


@pytest.mark.parametrize(
    "events",
    [
        pa.array(["dossier_accepted"]),
        pa.array([["dossier_accepted"]]),
        pa.array([{"kind": "dossier_accepted", "at": "2024-08-23"}]),
        pa.array([[("kind", "at")]], pa.map_(pa.string(), pa.string())),
    ],
    ids=["text", "list of text", "struct", "map"],
)
def test_events_that_are_no_list_of_structs_are_refused(book: Rulebook, events: Any) -> None:
    with pytest.raises(InputFileError) as caught:
        book.rescore(pa.table({"dossier_id": ["A"], "events": events}), as_of=AS_OF)
    assert (caught.value.code, caught.value.place) == ("TR-bulk-column", "events")


@pytest.mark.parametrize("field", ["kind", "at", "new_due", "attached"])
def test_a_field_of_a_wrong_type_in_nested_events_is_named(book: Rulebook, field: str) -> None:
    event = {"kind": "dossier_accepted", "at": "2024-08-23", field: 1.5}
    with pytest.raises(InputFileError) as caught:
        book.rescore(pa.table({"dossier_id": ["A"], "events": [[event]]}), as_of=AS_OF)
    assert caught.value.code == "TR-bulk-column"
    assert field in caught.value.place


@pytest.mark.parametrize(
    ("written", "missing"),
    [({"kind": "kin"}, "kind"), ({"at": "att"}, "at"), ({"dossier_id": "the_dossier"}, "dossier_id")],
)
def test_a_missing_column_is_named_with_the_nearest_one_there(
    book: Rulebook, written: dict[str, str], missing: str
) -> None:
    log = flat(good(1))
    log = log.rename_columns([written.get(name, name) for name in log.column_names])
    with pytest.raises(InputFileError) as caught:
        book.rescore(log, as_of=AS_OF)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place, problem.nearest) == ("TR-bulk-column", missing, written[missing])


def test_an_id_missing_from_the_table_of_dossiers_is_named(book: Rulebook) -> None:
    with pytest.raises(InputFileError) as caught:
        book.rescore(flat(good(1)), pa.table({"ma_ho_so": ["good 1"]}), as_of=AS_OF)
    assert (caught.value.code, caught.value.place) == ("TR-bulk-column", "dossier_id")


def test_a_column_that_is_there_twice_is_named(book: Rulebook) -> None:
    log = flat(good(1))
    log = log.append_column("concept:name", pa.array(["dossier_accepted"]))
    with pytest.raises(InputFileError) as caught:
        book.rescore(log, as_of=AS_OF)
    assert (caught.value.code, caught.value.place) == ("TR-bulk-column", "kind")


@pytest.mark.parametrize(
    "given", [42, "log.parquet", [1, 2], object(), {"dossier_id": 5}], ids=lambda given: type(given).__name__
)
def test_what_is_no_table_is_refused(book: Rulebook, given: object) -> None:
    with pytest.raises(InputFileError) as caught:
        book.rescore(given, as_of=AS_OF)
    assert (caught.value.code, caught.value.place) == ("TR-bulk-table", "events")


def test_neither_a_log_nor_dossiers_is_refused(book: Rulebook) -> None:
    with pytest.raises(InputFileError) as caught:
        book.rescore(as_of=AS_OF)
    assert caught.value.code == "TR-bulk-table"


def test_a_nested_table_beside_a_table_of_dossiers_is_refused(book: Rulebook) -> None:
    with pytest.raises(InputFileError) as caught:
        book.rescore(nested(good(1)), pa.table({"dossier_id": ["good 1"]}), as_of=AS_OF)
    assert caught.value.code == "TR-bulk-table"


# -- corrupt Arrow from elsewhere --------------------------------------------------------------------------------------


class Foreign:
    """A stream from a program that makes mistakes."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def with_memory(column: Any, number: int) -> tuple[Any, bytearray]:
    """The column, and the memory of one of its buffers, which can be written over once everything was checked."""
    own = [None if old is None else pa.py_buffer(old.to_pybytes()) for old in column.buffers()]
    chosen = own[number]
    assert chosen is not None
    memory = bytearray(chosen.to_pybytes())
    own[number] = pa.py_buffer(memory)
    if pa.types.is_list(column.type):
        return pa.Array.from_buffers(column.type, len(column), own[:2], children=[column.values]), memory
    return pa.Array.from_buffers(column.type, len(column), own), memory


def write(memory: bytearray, numbers: list[int]) -> None:
    for place, number in enumerate(numbers):
        memory[4 * place : 4 * place + 4] = number.to_bytes(4, "little", signed=True)


def with_offsets(offsets: list[int]) -> Any:
    """A nested table whose lists of events begin and end at these places of two events."""
    event = {"kind": "dossier_accepted", "at": "2024-08-23"}
    column, memory = with_memory(pa.array([[event], [event]], pa.list_(EVENT)), 1)
    table = pa.table({"dossier_id": ["A", "B"], "events": column})
    write(memory, offsets)
    return table


def with_text_offsets(offsets: list[int]) -> Any:
    column, memory = with_memory(pa.array(["A", "B"]), 1)
    table = pa.table({"dossier_id": column, "kind": ["step_done"] * 2, "at": ["2024-08-23"] * 2})
    write(memory, offsets)
    return table


def with_bytes(name: str, data: bytes) -> Any:
    """A log with one event, in which the text of a column is these bytes."""
    column, memory = with_memory(pa.array(["A" * len(data)]), 2)
    table = pa.table({"dossier_id": ["A"], "kind": ["step_done"], "at": ["2024-08-23"], name: column})
    memory[: len(data)] = data
    return table


def with_words(indices: list[int]) -> Any:
    """A log whose kinds are these places in a dictionary of one word."""
    column, memory = with_memory(pa.array([0] * len(indices), pa.int32()), 1)
    kinds = pa.DictionaryArray.from_arrays(column, pa.array(["dossier_accepted"]))
    table = pa.table({"dossier_id": ["A"] * len(indices), "kind": kinds, "at": ["2024-08-23"] * len(indices)})
    write(memory, indices)
    return table


CORRUPT: Final[dict[str, Callable[[], Any]]] = {
    "list offsets beyond the events": lambda: with_offsets([0, 1, 9_999_999]),
    "list offsets that fall": lambda: with_offsets([0, 2, 1]),
    "list offsets below nothing": lambda: with_offsets([-5, 1, 2]),
    "text offsets beyond the text": lambda: with_text_offsets([0, 1, 99_999]),
    "text offsets that fall": lambda: with_text_offsets([0, 2, 1]),
    "an id that is no UTF-8": lambda: with_bytes("dossier_id", b"\xff\xfe"),
    "a moment that is no UTF-8": lambda: with_bytes("at", b"\xc3\x28"),
    "half a character at the end": lambda: with_bytes("mood", "đ".encode()[:1]),
    "a word beyond the dictionary": lambda: with_words([0, 7]),
    "a word before the dictionary": lambda: with_words([0, -1]),
}


@pytest.mark.parametrize("foreign", [False, True], ids=["pyarrow", "stream"])
@pytest.mark.parametrize("fault", CORRUPT)
def test_corrupt_arrow_is_refused(book: Rulebook, fault: str, foreign: bool) -> None:
    table = CORRUPT[fault]()
    with pytest.raises(InputFileError) as caught:
        book.rescore(Foreign(table) if foreign else table, as_of=AS_OF)
    assert (caught.value.code, caught.value.place) == ("TR-bulk-table", "events")


def test_a_corrupt_table_of_dossiers_is_refused(book: Rulebook) -> None:
    with pytest.raises(InputFileError) as caught:
        book.rescore(flat(good(1)), with_bytes("dossier_id", b"\xff").select(["dossier_id"]), as_of=AS_OF)
    assert (caught.value.code, caught.value.place) == ("TR-bulk-table", "dossiers")


def test_a_stream_that_fails_midway_is_refused(book: Rulebook) -> None:
    def batches() -> Any:
        yield from flat(good(1)).to_batches()
        raise OSError("mất kết nối")

    reader = pa.RecordBatchReader.from_batches(flat(good(1)).schema, batches())
    with pytest.raises(InputFileError) as caught:
        book.rescore(reader, as_of=AS_OF)
    assert caught.value.code == "TR-bulk-table"


# -- odd, but not wrong ------------------------------------------------------------------------------------------------

AT: Final = "2024-08-26T09:00"
ODD: Final[dict[str, list[Json]]] = {
    "an unknown kind": [{"kind": "tea_was_had", "at": AT}],
    "an empty kind": [{"kind": "", "at": AT}],
    "an unknown field": [{"kind": "result_issued", "at": AT, "mood": "good"}],
    "a field of another kind": [{"kind": "result_issued", "at": AT, "new_due": "2024-09-05"}],
    "an unknown field of an unknown kind": [{"kind": "tea_was_had", "at": AT, "mood": "good"}],
    "an odd event after the day asked about": [{"kind": "tea_was_had", "at": "2024-12-01", "mood": "good"}],
    "out of order": [{"kind": "clock_resumed", "at": "2024-08-28"}, {"kind": "clock_paused", "at": "2024-08-26"}],
    "before the acceptance": [
        {"kind": "clock_paused", "at": "2024-08-22"},
        {"kind": "clock_resumed", "at": "2024-08-28"},
    ],
    "a duplicate": [{"kind": "step_done", "at": AT}] * 2,
    "a duplicate said three times": [{"kind": "supplement_requested", "at": AT, "after_appraisal": True}] * 3,
    "a duplicate in another wording": [
        {"kind": "result_issued", "at": "2024-08-26T09:00:00"},
        {"kind": "result_issued", "at": "2024-08-26 02:00Z"},
    ],
    "a duplicate with an unknown field": [{"kind": "step_done", "at": AT, "mood": "good"}] * 2,
    "a duplicate of an unknown kind": [{"kind": "tea_was_had", "at": AT, "mood": "good"}] * 2,
    "a date and its first instant": [
        {"kind": "result_issued", "at": "2024-08-26"},
        {"kind": "result_issued", "at": "2024-08-26T00:00"},
    ],
    "apart by a payload": [
        {"kind": "opinion_requested", "at": AT, "agency": "x"},
        {"kind": "opinion_requested", "at": AT, "agency": "y"},
    ],
    "apart by a payload that is missing": [
        {"kind": "supplement_requested", "at": AT, "after_appraisal": False},
        {"kind": "supplement_requested", "at": AT},
    ],
    "apart by a moment": [
        {"kind": "reappointed", "at": AT, "new_due": "2024-09-05"},
        {"kind": "reappointed", "at": AT, "new_due": "2024-09-06"},
    ],
    "apart by the hour of a moment": [
        {"kind": "reappointed", "at": AT, "new_due": "2024-09-05"},
        {"kind": "reappointed", "at": AT, "new_due": "2024-09-05T00:00"},
    ],
    "apart by an unknown field alone": [
        {"kind": "step_done", "at": AT, "mood": "good"},
        {"kind": "step_done", "at": AT, "mood": "bad"},
    ],
    "apart by an unknown field that one lacks": [
        {"kind": "step_done", "at": AT, "mood": "good"},
        {"kind": "step_done", "at": AT},
    ],
    "apart by a moment that is none, in a field of another kind": [
        {"kind": "step_done", "at": AT, "new_due": "soon"},
        {"kind": "step_done", "at": AT, "new_due": "later"},
    ],
    "alike but for a space in a field of another kind": [
        {"kind": "step_done", "at": AT, "new_due": "2024-09-05T08:00"},
        {"kind": "step_done", "at": AT, "new_due": "2024-09-05 08:00"},
    ],
    "a tie of two unknown kinds": [{"kind": "tea_was_had", "at": AT}, {"kind": "coffee_was_had", "at": AT}],
    "a tie in the list's order": [{"kind": "clock_paused", "at": AT}, {"kind": "clock_resumed", "at": AT}],
    "a tie in the other order": [{"kind": "clock_resumed", "at": AT}, {"kind": "clock_paused", "at": AT}],
    "a duplicate with a tie between": [
        {"kind": "clock_paused", "at": AT},
        {"kind": "clock_resumed", "at": AT},
        {"kind": "clock_paused", "at": AT},
    ],
    "a duplicate out of order": [
        {"kind": "result_issued", "at": "2024-08-28T10:00"},
        {"kind": "clock_paused", "at": AT, "ground": "x"},
        {"kind": "result_issued", "at": "2024-08-28T10:00"},
    ],
    "duplicates after the day asked about": [{"kind": "step_done", "at": "2024-12-01"}] * 2,
}


@pytest.mark.parametrize("layout", [nested, flat])
@pytest.mark.parametrize("oddity", ODD)
def test_an_odd_log_is_judged_and_noted_as_by_the_reference(
    book: Rulebook, oddity: str, layout: Callable[..., Any]
) -> None:
    dossiers = [good(1), happened(*ODD[oddity]), good(2)]
    assert_as_reference(book, book.rescore(layout(*dossiers), as_of=AS_OF), dossiers)


def test_all_odd_logs_at_once_are_judged_as_by_the_reference(book: Rulebook) -> None:
    dossiers = [happened(*events, dossier_id=f"{n}") for n, events in enumerate(ODD.values())]
    assert_as_reference(book, book.rescore(flat(*dossiers), as_of=AS_OF), dossiers)


@pytest.mark.parametrize("layout", [nested, flat])
def test_an_unknown_column_is_noted_only_where_it_says_something(book: Rulebook, layout: Callable[..., Any]) -> None:
    dossiers = [good(1), happened({"kind": "step_done", "at": AT, "mood": "good"}), good(2)]
    rows = book.rescore(layout(*dossiers), as_of=AS_OF).to_pylist()
    assert [row["notes"] for row in rows] == ["", "unknown_field", ""]


def test_an_unknown_field_of_a_dossier_is_noted(book: Rulebook) -> None:
    dossiers = [good(1), bad(mood="good"), good(2)]
    rows = book.rescore(nested(*dossiers), as_of=AS_OF).to_pylist()
    assert [row["notes"] for row in rows] == ["", "unknown_field", ""]


STRANGE: Final[dict[str, Any]] = {
    "number": pa.array([1, 1, 2]),
    "fraction": pa.array([0.5, 0.5, 1.5]),
    "list": pa.array([["a"], ["a"], ["b"]]),
    "struct": pa.array([{"a": 1}, {"a": 1}, {"a": 2}]),
    "bytes": pa.array([b"\xff", b"\xff", b"\xfe"]),
    "instant": pa.array([0, 0, 1], pa.timestamp("ns")),
    "day": pa.array([2_130_706_473, 2_130_706_473, 1], pa.int32()).cast(pa.date32()),
    "length": pa.array([1, 1, 2], pa.duration("s")),
    "view": pa.array(["a", "a", "b"], pa.string_view()),
    "map": pa.array([[("a", 1)], [("a", 1)], [("a", 2)]], pa.map_(pa.string(), pa.int32())),
    "dictionary with a word twice": pa.DictionaryArray.from_arrays(pa.array([0, 1, 2], pa.int8()), ["a", "a", "b"]),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_an_unknown_column_of_any_type_tells_near_duplicates_apart(book: Rulebook, kind: str) -> None:
    log = pa.table(
        {
            "dossier_id": ["A"] * 4,
            "kind": ["dossier_accepted", "tea_was_had", "tea_was_had", "tea_was_had"],
            "at": ["2024-08-23", AT, AT, AT],
            "mood": pa.concat_arrays([pa.nulls(1, STRANGE[kind].type), STRANGE[kind]]),
        }
    )
    (row,) = book.rescore(log, as_of=AS_OF).to_pylist()
    assert set(row["notes"].split("|")) >= {"duplicate_event", "unknown_kind"}
    apart = pa.concat_tables([log.slice(0, 2), log.slice(3)])
    (row,) = book.rescore(apart, as_of=AS_OF).to_pylist()
    assert "duplicate_event" not in row["notes"]
    assert row["error_code"] is None


@pytest.mark.parametrize("kind", STRANGE)
def test_a_bad_dossier_beside_an_unknown_column_of_any_type_is_an_error_row(book: Rulebook, kind: str) -> None:
    log = pa.table(
        {
            "dossier_id": ["bad", "bad", "good"],
            "kind": ["dossier_accepted"] * 3,
            "at": ["never", "2024-08-23", "2024-08-23"],
            "mood": STRANGE[kind],
        }
    )
    rows = book.rescore(log, as_of=AS_OF).to_pylist()
    assert [row["error_code"] for row in rows] == ["TR-moment-form", None]


# -- any table whatever ------------------------------------------------------------------------------------------------


def mostly(good_cells: st.SearchStrategy[Any], bad_cells: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(good_cells, good_cells, good_cells, bad_cells)


TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
STAMPS: Final = st.sampled_from(["2024-08-23", "2024-08-23T08:30", "2024-08-26T15:00:30", "2024-08-30 09:00Z"])
BAD_STAMPS: Final = st.one_of(TEXT, st.none(), st.sampled_from(["1989-12-31", "2101-01-01T00:00", "2024-02-30"]))
IDS: Final = mostly(st.sampled_from(["A", "B", "C"]), st.one_of(st.none(), TEXT))
WORDS: Final = st.sampled_from(
    ["dossier_accepted", "supplement_requested", "supplement_received", "clock_paused", "reappointed", "result_issued"]
)
CELLS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "kind": mostly(WORDS, st.one_of(TEXT, st.none())),
    "at": mostly(STAMPS, BAD_STAMPS),
    "new_due": st.one_of(st.none(), mostly(STAMPS, BAD_STAMPS)),
    "appointed_due": st.one_of(st.none(), mostly(STAMPS, BAD_STAMPS)),
    "after_appraisal": st.sampled_from([None, True, False]),
    "mood": st.one_of(st.none(), TEXT),
    "agency": st.one_of(st.none(), TEXT),
}
FIELDS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "time_limit.amount": st.one_of(st.just(5), st.none(), st.integers(-(2**63), 2**63 - 1)),
    "time_limit.unit": st.one_of(st.just("workday"), st.none(), TEXT),
    "time_limit.cutoff": st.one_of(st.none(), st.none(), st.sampled_from(["15:00", "25:00", ""])),
    "time_limit.none": st.sampled_from([None, None, None, True, False]),
    "time_limit.pauses_for": st.sampled_from([None, None, "payment", "payment|opinion", "godot", "|"]),
    "channel": st.one_of(st.none(), st.sampled_from(["online", "in_person"]), TEXT),
    "jurisdiction": st.one_of(st.none(), st.sampled_from(["son-la", "atlantis"])),
    "officers": st.one_of(st.none(), st.lists(st.one_of(st.text("ab", max_size=2)), max_size=3)),
    "filed_elsewhere": st.sampled_from([None, True, False]),
}
TYPES: Final = {"time_limit.amount": pa.int64(), "after_appraisal": pa.bool_(), "filed_elsewhere": pa.bool_()}
TYPES.update({"time_limit.none": pa.bool_(), "officers": pa.list_(pa.string())})


def typed(rows: list[Json], names: list[str]) -> dict[str, Any]:
    return {name: pa.array([row[name] for row in rows], TYPES.get(name, pa.string())) for name in names}


def some(cells: dict[str, st.SearchStrategy[Any]], most: int) -> st.SearchStrategy[list[Json]]:
    return st.lists(st.fixed_dictionaries(cells), max_size=most)


ANY: Final = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def plain(row: Json) -> Json:
    """A row as the one-dossier path takes it."""
    made: Json = {}
    for name, value in row.items():
        if value is None:
            continue
        group, _, inner = name.partition(".")
        cell = [word for word in value.split("|") if word] if name == "time_limit.pauses_for" else value
        if inner:
            made.setdefault(group, {})[inner] = cell
        else:
            made[name] = cell
    return made


@ANY
@given(rows=some({"dossier_id": IDS, "logged": some(CELLS, 5), **FIELDS}, 6))
def test_any_nested_table_gives_each_dossier_its_reference_row(book: Rulebook, rows: list[Json]) -> None:
    kind = pa.struct([(name, TYPES.get(name, pa.string())) for name in CELLS])
    table = pa.table(typed(rows, ["dossier_id", *FIELDS]))
    table = table.append_column("events", pa.array([row["logged"] for row in rows], pa.list_(kind)))
    got = book.rescore(table, as_of=AS_OF).to_pylist()
    assert len(got) == len(rows)
    ids = Counter(row["dossier_id"] for row in rows if row["dossier_id"] is not None)
    for row, made in zip(rows, got, strict=True):
        if ids[row["dossier_id"]] > 1:
            assert_error(made, "TR-bulk-twice")
            continue
        fields = {name: value for name, value in row.items() if name != "logged"}
        dossier = {**plain(fields), "events": [plain(event) for event in row["logged"]]}
        want = wanted(book, dossier)
        if "error_code" in want:
            assert_error(made, str(want["error_code"]))
        else:
            assert made == {name: want.get(name) for name in made}


@ANY
@given(rows=some({"dossier_id": IDS, **CELLS, **FIELDS}, 10))
def test_any_flat_log_gives_each_dossier_one_row(book: Rulebook, rows: list[Json]) -> None:
    table = book.rescore(pa.table(typed(rows, ["dossier_id", *CELLS, *FIELDS])), as_of=AS_OF)
    named = list(dict.fromkeys(row["dossier_id"] for row in rows if row["dossier_id"] is not None))
    nameless = sum(row["dossier_id"] is None for row in rows)
    assert [row or "" for row in table["dossier_id"].to_pylist()] == named + [""] * nameless


@ANY
@given(
    logged=some({"dossier_id": IDS, **CELLS}, 8),
    about=some({"dossier_id": IDS, **FIELDS}, 5),
    order=st.randoms(use_true_random=False),
)
def test_any_log_beside_any_table_of_dossiers_gives_one_row_for_each(
    book: Rulebook, logged: list[Json], about: list[Json], order: Any
) -> None:
    order.shuffle(logged)
    log, fields = pa.table(typed(logged, ["dossier_id", *CELLS])), pa.table(typed(about, ["dossier_id", *FIELDS]))
    table = book.rescore(log, fields, as_of=AS_OF)
    listed = [row["dossier_id"] for row in about]
    named = [row["dossier_id"] for row in logged if row["dossier_id"] is not None]
    more = dict.fromkeys(name for name in named if name not in listed)
    nameless = [""] * (len(logged) - len(named))
    assert [name or "" for name in table["dossier_id"].to_pylist()] == [name or "" for name in listed] + [
        *more,
        *nameless,
    ]


ODD_TYPES: Final = (
    pa.null(), pa.int8(), pa.uint64(), pa.float64(), pa.bool_(), pa.string(), pa.large_string(), pa.binary(),
    pa.date32(), pa.timestamp("ns"), pa.timestamp("s", "UTC"), pa.time64("us"), pa.duration("ms"),
    pa.list_(pa.string()), pa.large_list(pa.int8()), pa.struct([("a", pa.int8())]), pa.decimal128(9, 2),
    pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.uint16(), pa.large_string()), pa.list_(pa.null()),
    pa.string_view(), pa.dictionary(pa.int8(), pa.int64()), pa.binary(4), pa.map_(pa.string(), pa.string()),
)  # fmt: skip


def with_column(table: Any, name: str, cells: Any) -> Any:
    place = table.schema.get_field_index(name)
    return table.append_column(name, cells) if place < 0 else table.set_column(place, name, cells)


@pytest.mark.parametrize("column", ["dossier_id", "mood", "units", "time_limit", *CELLS, *FIELDS])
def test_a_column_of_any_type_is_taken_or_refused_by_name(book: Rulebook, column: str) -> None:
    surprises = []
    for layout in (nested(good(1), good(2)), flat(good(1), good(2))):
        for kind in ODD_TYPES:
            table = with_column(layout, column, pa.nulls(2, kind))
            try:
                got = book.rescore(table, as_of=AS_OF)
            except InputFileError as error:
                if column not in error.place:
                    surprises.append(f"{kind}: {error.code} {error.place}")
            except Exception as error:
                surprises.append(f"{kind}, {len(table.column_names)} columns: {type(error).__name__}")
            else:
                assert len(got) == 2
    assert surprises == []
