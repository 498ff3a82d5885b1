"""A look at each following day: what `changes_on` must say, found without knowing on which days anything may turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from tthc_rules import Dossier, Verdict
from tthc_rules.law.civil import date_of, day_of
from tthc_rules.law.question import Question
from tthc_rules.reference.engine import Answered, ReferenceEngine
from tthc_rules.result.dress import Ahead

HORIZON: Final = date(2100, 1, 1)
STEPS: Final = (1,) * 75 + (7,) * 20 + (90,) * 12 + (365,) * 10
"""Each day at first; after that now and then, since what has not changed by a day looked at has not changed before."""


class Looker(ReferenceEngine):
    """The reference engine that looks at one day only."""

    def ahead(self, judged: Answered) -> Ahead:
        return Ahead()


def said(verdict: Verdict) -> tuple[object, ...]:
    """What counts as a difference: states, due dates, outcomes, days to act by, steps; no counts, no notes."""
    clock = verdict.clock
    return (
        verdict.punctuality,
        verdict.punctuality_current,
        (clock.original_due, clock.lawful_due, clock.due_time, clock.current_due, clock.promised_due),
        {one.id: (one.outcome, one.act_by) for one in (*verdict.obligations, *verdict.limits)},
        [(step.agency, step.due, step.done_on, step.outcome) for step in verdict.steps],
    )


def as_it_stands(dossier: Dossier, as_of: date) -> Dossier:
    """The dossier if nothing more happens."""
    events = tuple(event for event in dossier.events if day_of(event.at) <= day_of(as_of))
    return dossier.model_copy(update={"events": events})


def days_after(as_of: date) -> Iterator[date]:
    """The days that are looked at."""
    day = as_of
    for step in STEPS:
        day += timedelta(days=step)
        if day < HORIZON:
            yield day


def disagrees(engine: ReferenceEngine, dossier: Dossier, asked: Question, answer: date | None) -> str:
    """How `changes_on` differs from what is seen by looking, or nothing."""
    stands = as_it_stands(dossier, asked.as_of)

    def on(day: date) -> tuple[object, ...]:
        question = Question(day, asked.known_on, asked.lateness, asked.calendar, asked.hours)
        return said(engine.evaluate(stands, question))

    now = on(asked.as_of)
    for day in days_after(asked.as_of):
        if answer is not None and day >= answer:
            break
        if on(day) != now:
            return f"differs on {day} already, said {answer}"
    if answer is None:
        return ""
    if not asked.as_of < answer < HORIZON:
        return f"{answer} is no later day before {HORIZON}"
    if on(date_of(day_of(answer) - 1)) != now:
        return f"differs before {answer} already"
    return f"nothing differs on {answer}" if on(answer) == now else ""
