"""`changes_on` against a look at each following day, on random dossiers and on every case."""

from __future__ import annotations

from collections import Counter
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
