"""A finding before it is dressed as a verdict: what every engine gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tthc_rules.law.codes import NoteCode
from tthc_rules.law.rule import Limit, Obligation, Outcome, Overlay, Responsibility, Rule


@dataclass(slots=True)
class Found:
    """A finding before it is dressed as a verdict."""

    id: str
    outcome: Outcome
    rule: Rule
    act_by: int | None = None
    done_on: int | None = None
    obligation: Obligation | None = None
    limit: Limit | None = None
    note: NoteCode | None = None
    picked: int = 0
    """The day that picked the version."""
    way: str = ""
    """By what the outcome came about, where there are several: `or_by`, `waived_by`."""
    overlays: tuple[Overlay, ...] = ()
    """The local acts in force on that day."""

    def answers(self) -> Iterator[tuple[Responsibility, Rule | Overlay]]:
        """Who answers for this outcome, and by which act."""
        acts: tuple[Rule | Overlay, ...] = (self.rule, *self.overlays)
        for act in acts:
            for answer in act.responsibilities:
                if answer.duty == self.id and self.outcome in answer.outcomes:
                    yield answer, act
