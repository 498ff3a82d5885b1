"""The engines against the reference, dossier by dossier; and that a comparison would see a difference."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tthc_rules import Rulebook
from tthc_rules.check.cases import read_cases
from tthc_rules.law.question import Question
from tthc_rules.result.row import Row

from . import __main__ as nightly
from .compare import (
    ENGINES,
    Difference,
    Tally,
    columns_that_differ,
    differences,
    key,
    reference_engine,
    run,
    tasks,
    why_missing,
    work,
)
from .draft import Json
from .generate import PLAIN, block_at
from .ground import ground_of
from .rules import write

ASKED = Question(dt.date(2024, 9, 20), dt.date(2024, 9, 20))
ONE: Json = {
    "dossier_id": "H1",
    "time_limit": {"amount": 5, "unit": "workday"},
    "events": [{"kind": "dossier_accepted", "at": "2024-08-05T08:30"}],
}


# -- the engines -------------------------------------------------------------------------------------------------------


def _agree(book: Rulebook, engines: tuple[str, ...], n: int, seed: int, jobs: int) -> None:
    for engine in engines:
        if reason := why_missing(engine, book):
            pytest.skip(reason)
    whole = Tally()
    for tally in run(tasks(seed, n, engines), jobs):
        whole.add(tally)
        assert not whole.differences, "\n\n".join(map(str, whole.differences[:3]))
    assert whole.compared >= n
    assert whole.compared - whole.edges[PLAIN] >= 0.30 * whole.compared


@pytest.mark.slow
def test_reference_composed_and_bulk_agree_on_200_000_dossiers(book: Rulebook) -> None:
    _agree(book, ("reference", "composed", "bulk"), 200_000, seed=1, jobs=2)


@pytest.mark.slow
def test_durable_agrees_with_them_on_the_same_200_000_dossiers(book: Rulebook) -> None:
    """Beside the composed rules, which the test above holds against the reference on these very dossiers."""
    _agree(book, ("composed", "durable"), 200_000, seed=1, jobs=2)


@pytest.mark.parametrize(
    ("engine", "seed"),
    [
        *(("bulk", seed) for seed in range(6)),
        *(("composed", seed) for seed in range(6)),
        ("durable", 6),
        ("durable", 9),
    ],
)
def test_they_agree_under_rules_that_nobody_wrote(book: Rulebook, engine: str, seed: int, tmp_path: Path) -> None:
    if reason := why_missing(engine, book):
        pytest.skip(reason)
    other = Rulebook.load(write(seed, tmp_path), shipped=False)
    for task in tasks(seed, 200 if engine == "durable" else 600, ("reference", engine), 200):
        found = work(task, other, ground_of(other)).differences
        assert not found, str(found[0])


def test_an_engine_without_its_package_is_missing(book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    assert "TR-engine-durable" in why_missing("durable", book)
    assert why_missing("reference", book) == ""


# -- the comparison ----------------------------------------------------------------------------------------------------


def test_order_says_nothing_where_it_should_not() -> None:
    a: Row = {
        "dossier_id": "x",
        "notes": "a|b",
        "responsible": "d=r|e=s",
        "lawful_due": dt.date(2024, 5, 6),
        "limit": None,
    }
    b: Row = {"lawful_due": dt.date(2024, 5, 6), "notes": "b|a", "responsible": "e=s|d=r", "dossier_id": "x"}
    assert key(a) == key(b)
    assert columns_that_differ(a, b) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("lawful_due", dt.date(2024, 5, 7)),
        ("lawful_due", None),
        ("notes", "a"),
        ("notes", "a|b|c"),
        ("responsible", "d=r+s|e=s"),
        ("duty", "missed"),
        ("duty.act_by", dt.date(2024, 5, 5)),
        ("workdays_late", 1),
        ("workdays_late", None),
        ("provisional", True),
        ("error_code", "TR-moment-form"),
    ],
)
def test_every_column_counts(column: str, value: object) -> None:
    row: Row = {
        "dossier_id": "x", "lawful_due": dt.date(2024, 5, 6), "notes": "a|b", "responsible": "d=r|e=s", "duty": "met",
        "duty.act_by": dt.date(2024, 5, 6), "workdays_late": 0, "provisional": False,
    }  # fmt: skip
    other: Row = {**row, column: value}  # type: ignore[dict-item]
    assert key(row) != key(other)
    assert column in columns_that_differ(row, other)


def test_of_a_broken_dossier_only_the_code_counts() -> None:
    assert key({"dossier_id": "x", "error_code": "TR-a", "error": "so"}) == key({"error_code": "TR-a", "error": "thus"})
    assert key({"error_code": "TR-a"}) != key({"error_code": "TR-b"})


def test_a_difference_can_be_read(book: Rulebook) -> None:
    left = reference_engine(book, ASKED, [ONE])
    right: list[Row] = [{**left[0], "lawful_due": dt.date(2024, 8, 13)}]
    (found,) = differences(("reference", "bulk"), [("end_at_due", ONE)], ASKED, left, right)
    assert found.columns == ["lawful_due"]
    said = str(found)
    for wanted in (
        "edge end_at_due; as_of 2024-09-20",
        '"dossier_accepted"',
        "reference  2024-08-12",
        "bulk       2024-08-13",
    ):
        assert wanted in said


def test_a_row_too_few_is_seen(book: Rulebook) -> None:
    with pytest.raises(AssertionError, match="2 dossiers, reference: 2 rows, bulk: 1 rows"):
        list(differences(("reference", "bulk"), [("a", ONE), ("b", ONE)], ASKED, [{}, {}], [{}]))


def test_processes_find_what_one_finds() -> None:
    def counted(jobs: int) -> tuple[Counter[str], Counter[str]]:
        whole = Tally()
        for tally in run(tasks(1, 400, ["reference"], 50, chunk=2), jobs):
            whole.add(tally)
        return whole.edges, whole.outcomes

    assert counted(2) == counted(1)


def test_the_nightly_run_passes_where_engines_agree(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(ENGINES, "again", reference_engine)
    cases = tmp_path / "cases.tthc.yaml"
    options = ["--dossiers", "300", "--block", "100", "--engines", "reference,again", "--cases", str(cases)]
    assert nightly.main(options) == 0
    said = capsys.readouterr()
    assert "300 dossiers" in said.out
    assert "on edges: " in said.out
    assert "differences: 0" in said.out
    assert "300 of 300" in said.err
    assert not cases.exists()


def test_the_nightly_run_fails_and_leaves_cases_where_they_do_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(ENGINES, "wrong", _one_day_off)
    cases = tmp_path / "cases.tthc.yaml"
    options = [
        "--dossiers",
        "200",
        "--block",
        "100",
        "--engines",
        "reference,wrong",
        "--cases",
        str(cases),
        "--most",
        "7",
    ]
    assert nightly.main(options) == 1
    assert "days_late" in capsys.readouterr().out
    saved = read_cases(cases)
    assert len(saved) == 7
    assert all("days_late" in case.name for case in saved)


def _one_day_off(book: Rulebook, question: Question, dossiers: list[Json]) -> list[Row]:
    rows = reference_engine(book, question, dossiers)
    for row in rows:
        if isinstance(late := row.get("days_late"), int):
            row["days_late"] = late + 1
    return rows


def test_stopped_by_hand_it_says_how_far_it_came(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], book: Rulebook
) -> None:
    count = iter(range(100))

    def tired(book: Rulebook, question: Question, dossiers: list[Json]) -> list[Row]:
        if dossiers and next(count) > 9:
            raise KeyboardInterrupt
        return reference_engine(book, question, dossiers)

    monkeypatch.setitem(ENGINES, "tired", tired)
    assert nightly.main(["--dossiers", "2000", "--block", "20", "--engines", "reference,tired"]) == 130
    assert "160 dossiers" in capsys.readouterr().out


@pytest.mark.parametrize("engines", ["reference,bulks", "no"])
def test_an_unknown_engine_is_told(engines: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert nightly.main(["--engines", engines]) == 2
    assert "known: reference, composed, bulk, durable" in capsys.readouterr().err


def test_a_question_of_a_block_is_the_same_for_all_engines(book: Rulebook) -> None:
    question, made = block_at(1, 0, 50, ground_of(book))
    given = [dossier for _, dossier in made]
    rows = reference_engine(book, question, given)
    again = partial(reference_engine, book, replace(question))(given)
    assert [key(row) for row in rows] == [key(row) for row in again]
    assert isinstance(Difference("x", question, given[0], (("a", rows[0]), ("b", again[0]))).case("1")["dossier"], dict)
