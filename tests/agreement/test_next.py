"""`changes_on` against a look at each following day, on random dossiers and on every case."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest

from tthc_rules import Dossier, Rulebook
from tthc_rules.check.cases import CaseRunner, UnitCasePart, find_case_files, read_cases
from tthc_rules.errors import TthcError
from tthc_rules.law.civil import date_of, day_of
from tthc_rules.law.next import HORIZON
from tthc_rules.law.question import Question

from . import looking
from .generate import block_at
from .ground import ground_of
from .looking import Looker, disagrees

CASES = find_case_files([Path(__file__).parents[1] / "cases"])
AROUND = (-3, -2, -1, 0, 0, 0, 1, 1, 2)


def test_the_horizon_is_the_year_2100() -> None:
    assert date_of(HORIZON) == looking.HORIZON


def _asked_around(rng: Random, book: Rulebook, dossier: Dossier, asked: Question) -> Question:
    """A question on a day of the dossier, or beside one: most changes lie near its events and due dates."""
    verdict = book.evaluate(
        dossier, asked.as_of, known_on=asked.known_on, lateness=asked.lateness, calendar=asked.calendar,
        hours=asked.hours, engine="reference",
    )  # fmt: skip
    clock = verdict.clock
    days = [day_of(event.at) for event in dossier.events] or [day_of(asked.as_of)]
    days += [day_of(due) for due in (clock.lawful_due, clock.original_due, clock.current_due) if due is not None]
    days += [day_of(duty.act_by) for duty in verdict.obligations if duty.act_by is not None]
    as_of = date_of(min(max(rng.choice(days) + rng.choice(AROUND), 8000), HORIZON - 400))
    known_on = asked.known_on if rng.random() < 0.5 else as_of
    return Question(as_of, known_on, asked.lateness, asked.calendar, asked.hours)


@pytest.mark.parametrize("seed", range(4))
def test_as_if_one_had_looked_each_day(book: Rulebook, seed: int) -> None:
    ground, rng, seen = ground_of(book), Random(seed), Counter[str]()
    engine, looker = book._reference, Looker(book.corpus, known=book._known)
    for number in range(25):
        question, made = block_at(900 + seed, number, 12, ground)
        for edge, given in made:
            try:
                dossier = Dossier.model_validate(given)
                asked = _asked_around(rng, book, dossier, question)
                answer = engine.evaluate(dossier, asked).changes_on
            except TthcError:
                continue
            seen["never" if answer is None else "some day"] += 1
            assert not (wrong := disagrees(looker, dossier, asked, answer)), f"{edge}: {wrong}\n{asked}\n{given}"
    assert seen["some day"] > 60 < seen["never"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name.partition('.')[0]}")
def test_of_every_case(path: Path) -> None:
    runner = CaseRunner()
    for case in read_cases(path):
        if isinstance(case.part, UnitCasePart) or case.part.expect.error is not None:
            continue
        book, options = runner.book(case), case.options
        asked = book.question(
            case.part.as_of, case.part.known_on, options.lateness or "by_date", options.calendar, options.hours
        )
        dossier = Dossier.model_validate(case.part.dossier)
        answer = book._reference.evaluate(dossier, asked).changes_on
        looker = Looker(book.corpus, known=book._known)
        assert not (wrong := disagrees(looker, dossier, asked, answer)), f"{case.place}: {wrong}"


# -- what few dossiers show --------------------------------------------------------------------------------------------

ENGINES = ("reference", "composed", "bulk")
CATALOGUE = """
format: 1
time_limits: filed
label: {vi: Danh mục thử, en: A catalogue to try}
regime: one_stop
entries:
  - procedure: P-1
    from: "2026-01-01"
    to: "2026-03-12"
    time_limit: {amount: 5, unit: workday, answer_within: {amount: 5, unit: workday}}
    citations: [{document: Danh mục thử, status: design}]
  - procedure: P-1
    from: "2026-03-13"
    time_limit: {amount: 5, unit: workday, answer_within: {amount: 2, unit: workday}}
    citations: [{document: Danh mục thử, status: design}]
"""


def _row(book: Rulebook, dossier: dict[str, object], as_of: str) -> dict[str, object]:
    (row,) = book.rescore_dossiers([dossier], date.fromisoformat(as_of))
    return dict(row)


def _changes(book: Rulebook, dossier: dict[str, object], as_of: str) -> set[str]:
    """What each engine says, and what is seen by looking."""
    day = date.fromisoformat(as_of)
    found = {str(book.evaluate(dossier, day, engine=engine).changes_on) for engine in ENGINES}
    found.add(str(_row(book, dossier, as_of)["changes_on"]))
    read, asked = Dossier.model_validate(dossier), book.question(day)
    answer = None if found == {"None"} else date.fromisoformat(min(found))
    assert disagrees(Looker(book.corpus, known=book._known), read, asked, answer) == ""
    return found


def test_an_opinion_that_only_a_step_takes_as_given(book: Rulebook) -> None:
    """The answer stands before the request on its day, at no known hour: the step is done, the opinion is overdue."""
    dossier: dict[str, object] = {
        "dossier_id": "HS", "time_limit": {"amount": 20, "unit": "workday"}, "channel": "online",
        "events": [
            {"kind": "dossier_accepted", "at": "2026-03-02T08:30"},
            {"kind": "opinion_received", "at": "2026-03-03", "agency": "so-a"},
            {"kind": "opinion_requested", "at": "2026-03-03T10:00", "agency": "so-a", "due": "2026-03-06T10:00"},
            {"kind": "opinion_requested", "at": "2026-03-03T11:00", "agency": "so-xay-dung", "due": "2026-03-10"},
            {"kind": "opinion_received", "at": "2026-03-04T10:00", "agency": "so-xay-dung"},
        ],
    }  # fmt: skip
    assert _changes(book, dossier, "2026-03-04") == {"2026-03-06"}


def test_the_catalogue_is_asked_about_the_day_until_a_dossier_is_accepted(tmp_path: Path) -> None:
    """Filed on Monday 9/3: five workdays end on 16/3; from 13/3 the entry gives two, which ended on 11/3."""
    (tmp_path / "procedures").mkdir()
    (tmp_path / "procedures" / "filed.yaml").write_text(CATALOGUE, encoding="utf-8")
    book = Rulebook.load(tmp_path)
    dossier: dict[str, object] = {
        "dossier_id": "HS", "procedure": "P-1", "channel": "online",
        "events": [{"kind": "dossier_submitted", "at": "2026-03-09T08:30"}],
    }  # fmt: skip
    assert _changes(book, dossier, "2026-03-09") == {"2026-03-13"}
    assert _changes(book, dossier, "2026-03-13") == {"None"}
    row = _row(book, dossier, "2026-03-09")
    assert (row["next_act"], str(row["next_act_by"]), row["next_act_roles"]) == (
        "online_answer", "2026-03-16", "head_of_one_stop_unit",
    )  # fmt: skip


def test_the_column_names_no_act_that_hangs_on_a_condition(book: Rulebook) -> None:
    """The third workday for a return has passed; the result by its day is what stands in the row."""
    dossier: dict[str, object] = {
        "dossier_id": "HS", "time_limit": {"amount": 10, "unit": "workday"}, "channel": "postal",
        "events": [{"kind": "dossier_accepted", "at": "2026-03-02T08:30"}],
    }  # fmt: skip
    verdict = book.evaluate(dossier, date(2026, 3, 10))
    assert [(act.id, act.overdue, act.only_if) for act in verdict.next_acts] == [
        ("return_ineligible", True, "not_eligible"),
        ("apology_before_due", False, "result_late"),
        ("late_notice_to_one_stop", False, "result_late"),
        ("return_result", False, None),
    ]
    assert _row(book, dossier, "2026-03-10")["next_act"] == "return_result"
    late = book.evaluate(dossier, date(2026, 3, 17))
    assert [(act.id, str(act.by), act.overdue, act.only_if) for act in late.next_acts] == [
        ("apology_before_due", "2026-03-15", True, None),
        ("late_notice_to_one_stop", "2026-03-15", True, None),
        ("return_result", "2026-03-16", True, None),
    ]
    assert _row(book, dossier, "2026-03-17")["next_act"] == "apology_before_due"


def test_an_act_says_its_minute_its_unit_and_who_answers(book: Rulebook) -> None:
    """Filed online at 15:00: eight working hours end at 15:00 of the next workday; a step is due at 10:00."""
    filed: dict[str, object] = {
        "dossier_id": "HS", "channel": "online", "units": {"one_stop_unit": "tt-hcc"},
        "events": [{"kind": "dossier_submitted", "at": "2026-03-02T15:00"}],
    }  # fmt: skip
    (act,) = book.evaluate(filed, date(2026, 3, 2)).next_acts
    assert (act.id, str(act.by), act.by_time, act.owed_by, act.unit, act.roles, act.fulfilled_by) == (
        "online_answer", "2026-03-03", "15:00", "one_stop_unit", "tt-hcc", ("head_of_one_stop_unit",),
        ("dossier_accepted", "supplement_requested", "dossier_refused"),
    )  # fmt: skip
    assert act.citations[0].article == "17"
    given: dict[str, object] = {
        "dossier_id": "HS", "channel": "postal", "time_limit": {"none": True},
        "events": [
            {"kind": "dossier_accepted", "at": "2026-03-02T08:30"},
            {"kind": "step_assigned", "at": "2026-03-02T09:00", "agency": "so-a", "due": "2026-03-04T10:00"},
            {"kind": "step_assigned", "at": "2026-03-02T09:00", "agency": "so-b", "due": "2026-03-03"},
        ],
    }  # fmt: skip
    acts = book.evaluate(given, date(2026, 3, 4)).next_acts
    assert [(act.id, act.by_time, act.overdue, act.unit, act.fulfilled_by) for act in acts if act.only_if is None] == [
        ("step:so-b", None, True, "so-b", ("step_done",)),
        ("step:so-a", "10:00", True, "so-a", ("step_done",)),
    ]
    assert _row(book, given, "2026-03-04")["next_act"] == "step:so-b"
