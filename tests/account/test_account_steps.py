"""Steps of agencies as an account counts them: of rows, of a table of lists and of a table of texts alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import pytest

from tthc_rules import Account, AccountError, Rulebook

pa = pytest.importorskip("pyarrow")

Rows = list[dict[str, Any]]


def step(due: str | None, done: str | None, outcome: str, agency: str | None = "b") -> dict[str, Any]:
    return {"agency": agency, "due": due, "done_on": done, "outcome": outcome}


def row(*steps: dict[str, Any], finished: str | None = None, **more: Any) -> dict[str, Any]:
    """Accepted on 1/7/2024, due on 6/8/2024."""
    base = {"dossier_id": "H1", "handling_agency": "a", "accepted_on": "2024-07-01", "lawful_due": "2024-08-06"}
    return {**base, "finished_on": finished, "steps": list(steps), **more}


def as_texts(rows: Rows) -> Rows:
    return [{**one, "steps": json.dumps(one["steps"]) if one["steps"] else None} for one in rows]


def as_large_lists(rows: Rows) -> Any:
    table = pa.Table.from_pylist(rows)
    place = table.column_names.index("steps")
    cells = table.column("steps")
    return table.set_column(place, "steps", cells.cast(pa.large_list(cells.type.value_type)))


WAYS: Final[Mapping[str, Callable[[Rows], Any]]] = {
    "rows": lambda rows: rows,
    "rows of texts": as_texts,
    "lists": pa.Table.from_pylist,
    "large lists": as_large_lists,
    "lists in chunks": lambda rows: pa.Table.from_batches(pa.Table.from_pylist(rows).to_batches(max_chunksize=1)),
    "texts": lambda rows: pa.Table.from_pylist(as_texts(rows)),
}


def accounts(book: Rulebook, rows: Rows, period: str = "2024-08") -> list[Account]:
    """One account for each way in which the rows may be handed over."""
    return [book.account(way(rows), period=period, as_of=date(2024, 10, 10)) for way in WAYS.values()]


def states(made: Account, unit: str) -> dict[str, int]:
    said = (made.unit(unit) or {}).get("steps") or {}
    return {name: said[name] for name in ("in_time", "late", "open_late", "undetermined") if said.get(name)}


def mean_points(made: Account, unit: str = "a") -> tuple[Any, ...]:
    figure = made.unit(unit)["indicators"]["tt01_2"]  # type: ignore[index]
    return figure["value"], figure.get("reason")


IN_TIME, LATE, OPEN_LATE, UNDETERMINED = "in_time", "late", "open_late", "undetermined"
LIVES: Final[Mapping[str, tuple[dict[str, Any], str | None, tuple[str | None, ...]]]] = {
    "done before its day": (step("2024-08-05", "2024-08-03", "early"), None, (IN_TIME, IN_TIME, None)),
    "done on its day": (step("2024-08-05", "2024-08-05", "on_time"), None, (IN_TIME, IN_TIME, None)),
    "done a day late": (step("2024-08-05", "2024-08-06", "late"), None, (IN_TIME, LATE, None)),
    "done within its minute": (step("2024-08-05T10:00", "2024-08-05", "on_time"), None, (IN_TIME, IN_TIME, None)),
    "done minutes late": (step("2024-08-05T10:00", "2024-08-05", "late"), None, (IN_TIME, LATE, None)),
    "done late on the last day of the month": (step("2024-08-30", "2024-08-31", "late"), None, (IN_TIME, LATE, None)),
    "done late on the first of the next": (step("2024-08-31", "2024-09-01", "late"), None, (IN_TIME, IN_TIME, LATE)),
    "late at the end of a month, done in the next": (
        step("2024-08-20", "2024-09-02", "late"),
        None,
        (IN_TIME, OPEN_LATE, LATE),
    ),
    "due on the last day of the month": (step("2024-08-31", None, "overdue"), None, (IN_TIME, IN_TIME, OPEN_LATE)),
    "due at an hour of that day": (step("2024-08-31T10:00", None, "overdue"), None, (IN_TIME, OPEN_LATE, OPEN_LATE)),
    "due the day before": (step("2024-08-30", None, "overdue"), None, (IN_TIME, OPEN_LATE, OPEN_LATE)),
    "ended before it was due": (step("2024-08-20", None, "pending"), "2024-08-10", (IN_TIME, IN_TIME, None)),
    "ended on its day": (step("2024-08-10", None, "pending"), "2024-08-10", (IN_TIME, IN_TIME, None)),
    "ended after its day": (step("2024-08-05", None, "overdue"), "2024-08-10", (IN_TIME, OPEN_LATE, None)),
    "ended on the last day, an hour before": (
        step("2024-08-31T10:00", None, "pending"),
        "2024-08-31",
        (IN_TIME, IN_TIME, None),
    ),
    "ended in the next month": (step("2024-08-30", None, "overdue"), "2024-09-10", (IN_TIME, OPEN_LATE, OPEN_LATE)),
    "past when the dossier ended, done after": (
        step("2024-08-05", "2024-09-05", "late"),
        "2024-08-10",
        (IN_TIME, OPEN_LATE, LATE),
    ),
    "due when the dossier ended, done after": (
        step("2024-08-10", "2024-09-05", "late"),
        "2024-08-10",
        (IN_TIME, IN_TIME, LATE),
    ),
    "not due when the dossier ended, done after": (
        step("2024-09-20", "2024-09-05", "early"),
        "2024-08-10",
        (IN_TIME, IN_TIME, IN_TIME),
    ),
    "without a day": (step(None, None, "undetermined"), None, (UNDETERMINED,) * 3),
    "without a day, done": (step(None, "2024-08-06", "undetermined"), None, (UNDETERMINED, UNDETERMINED, None)),
    "without a day, ended": (step(None, None, "undetermined"), "2024-08-10", (UNDETERMINED, UNDETERMINED, None)),
    "not shown by its source": (
        step("2024-08-05", None, "undetermined"),
        None,
        (IN_TIME, UNDETERMINED, UNDETERMINED),
    ),
    "not shown by its source, ended": (
        step("2024-08-05", None, "undetermined"),
        "2024-08-10",
        (IN_TIME, UNDETERMINED, None),
    ),
}


@pytest.mark.parametrize(("place", "period"), [(0, "2024-07"), (1, "2024-08"), (2, "2024-09")])
def test_a_step_counts_in_each_month_in_which_it_was_done_fell_due_or_was_open(
    book: Rulebook, place: int, period: str
) -> None:
    """July, August and September 2024, each as it stood on its last day; each step is of an agency of its own."""
    rows = [row({**one, "agency": life}, dossier_id=life, finished=ended) for life, (one, ended, _) in LIVES.items()]
    wanted = {life: {state: 1} if (state := stood[place]) else {} for life, (_, _, stood) in LIVES.items()}
    for made in accounts(book, rows, period):
        assert {life: states(made, life) for life in LIVES} == wanted


def test_the_day_on_which_a_step_was_done_may_be_a_date(book: Rulebook) -> None:
    rows = [row({**step("2024-08-05", None, "late"), "done_on": date(2024, 8, 6)})]
    for given in (rows, pa.Table.from_pylist(rows)):
        assert states(book.account(given, period="2024-08", as_of=date(2024, 10, 10)), "b") == {LATE: 1}


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ([step("2024-08-05", "2024-08-04", "early")], (2, None)),
        ([step("2024-08-05", "2024-08-05", "on_time")], (1, None)),
        ([step("2024-08-05", "2024-08-06", "late")], (0, None)),
        ([step("2024-08-05T10:00", "2024-08-05", "late")], (0, None)),
        ([step("2024-08-05", None, "overdue")], (0, None)),
        ([step("2024-08-05", "2024-08-04", "early"), step("2024-08-05", "2024-08-05", "on_time")], (1, None)),
        ([step("2024-08-05", "2024-08-06", "late"), step("2024-08-09", "2024-08-08", "early", "c")], (0, None)),
        ([step("2024-08-20", None, "pending")], (None, "zero_denominator")),
        ([step("2024-08-05", None, "undetermined")], (None, "zero_denominator")),
        ([step(None, "2024-08-04", "undetermined")], (None, "zero_denominator")),
        ([], (None, "zero_denominator")),
    ],
)
def test_the_worst_step_of_a_dossier_gives_its_points(
    book: Rulebook, steps: list[dict[str, Any]], wanted: tuple[Any, ...]
) -> None:
    """TT 01/2018 Art. 13: all shorter than their limits 2 points, some equal 1, some longer 0; ended on 10/8."""
    for made in accounts(book, [row(*steps, finished="2024-08-10")]):
        assert mean_points(made) == wanted


def test_of_several_dossiers_each_has_its_own_points(book: Rulebook) -> None:
    """Two alike with 2 points, between them one with 0 and one without steps: 4 points of three dossiers are 1.3."""
    early, late = step("2024-08-05", "2024-08-04", "early"), step("2024-08-05", "2024-08-06", "late", "c")
    lives = [(early, early), (), (late,), (early, early)]
    rows = [row(*steps, dossier_id=f"H{n}", finished="2024-08-10") for n, steps in enumerate(lives)]
    for made in accounts(book, rows):
        assert mean_points(made) == (1.3, None)
        assert (states(made, "b"), states(made, "c")) == ({IN_TIME: 4}, {LATE: 1})


def test_without_a_column_of_steps_nothing_is_known_of_them(book: Rulebook) -> None:
    bare = row(finished="2024-08-10")
    del bare["steps"]
    for given in ([bare], pa.Table.from_pylist([bare])):
        assert mean_points(book.account(given, period="2024-08", as_of=date(2024, 10, 10))) == (None, "no_facts")


@pytest.mark.parametrize("cell", [None, "", "[]"])
def test_an_empty_cell_is_a_dossier_without_steps(book: Rulebook, cell: str | None) -> None:
    rows = [row(finished="2024-08-10", steps=cell)]
    for given in (rows, pa.Table.from_pylist(rows)):
        made = book.account(given, period="2024-08", as_of=date(2024, 10, 10))
        assert mean_points(made) == (None, "zero_denominator")


def test_a_table_may_hold_no_step_at_all(book: Rulebook) -> None:
    """A column that is typed as lists of steps, of which the one dossier that is left has none."""
    rows = [row(step("2024-08-05", None, "overdue")), row(dossier_id="H2", finished="2024-08-10")]
    made = book.account(pa.Table.from_pylist(rows).slice(1), period="2024-08", as_of=date(2024, 10, 10))
    assert [unit["unit"] for unit in made.data["units"]] == ["a"]
    assert mean_points(made) == (None, "zero_denominator")


@pytest.mark.parametrize("agency", [None, ""])
def test_a_step_of_an_agency_that_is_not_recorded_is_of_no_unit(book: Rulebook, agency: str | None) -> None:
    """It speaks for the dossier's points all the same, and is nobody else's fault."""
    rows = [row(step("2024-08-05", "2024-08-07", "late", agency), finished="2024-08-10")]
    for made in accounts(book, rows):
        assert [(unit["unit"], unit["steps"]) for unit in made.data["units"]] == [("a", None)]
        assert mean_points(made) == (0, None)
        assert made.data["units"][0]["late"]["mitigating"] == 0


@pytest.mark.parametrize(
    ("lead", "agency", "done", "wanted"),
    [
        ("a", "b", "2024-08-07", 1),
        ("a", "b", None, 1),
        ("a", "b", "2024-08-05", 0),
        ("a", "a", "2024-08-07", 0),
        (None, "b", "2024-08-07", 1),
    ],
)
def test_the_late_step_of_another_agency_is_said_beside_the_late_dossier(
    book: Rulebook, lead: str | None, agency: str, done: str | None, wanted: int
) -> None:
    """The dossier was due on 6/8 and ended on 10/8; the step was due on 5/8."""
    outcome = "overdue" if done is None else "late" if done > "2024-08-05" else "on_time"
    one = row(step("2024-08-05", done, outcome, agency), finished="2024-08-10", handling_agency=lead)
    for made in accounts(book, [one]):
        assert made.unit(lead)["late"]["mitigating"] == wanted  # type: ignore[index]


@pytest.mark.parametrize(
    ("one", "wanted"),
    [
        (step("2024-08-05", "2024-08-03", "late"), {IN_TIME: 1}),
        (step("2024-10-01", None, "overdue"), {}),
    ],
)
def test_no_step_is_late_before_its_day_whatever_its_row_says(
    book: Rulebook, one: dict[str, Any], wanted: dict[str, int]
) -> None:
    """Rows that contradict themselves: done two days early, and due long after the dossier's end on 10/8."""
    for made in accounts(book, [row(one, finished="2024-08-10")]):
        assert states(made, "b") == wanted


@pytest.mark.parametrize(
    "odd",
    [
        step("2024-W34-5", None, "pending"),
        step("20240823", None, "pending"),
        step("2024-08-32", None, "pending"),
        step("2024-08-23", "2024-W34-5", "late"),
        step("2024-08-23", None, "met"),
        step("2024-08-23", None, ""),
        {**step("2024-08-23", None, "late"), "outcome": None},
        None,
    ],
    ids=repr,
)
def test_a_step_that_cannot_be_read_is_refused_in_each_way(book: Rulebook, odd: Any) -> None:
    """ISO weeks and undashed days are no days here, though Python reads them."""
    rows = [row(step("2024-08-05", None, "pending"), odd)]
    for way in WAYS.values():
        with pytest.raises(AccountError) as refused:
            book.account(way(rows), period="2024-08", as_of=date(2024, 10, 10))
        assert refused.value.code == "TR-account-row"


@pytest.mark.parametrize(
    "cell",
    [{}, 3, "3", "{}", [step("2024-08-05", None, "late", 1)], [step(7, None, "late")], [step(None, 7, "late")]],  # type: ignore[arg-type]
)
def test_a_row_whose_steps_are_something_else_is_refused(book: Rulebook, cell: Any) -> None:
    with pytest.raises(AccountError, match="TR-account-row"):
        book.account([row(steps=cell)], period="2024-08", as_of=date(2024, 10, 10))
