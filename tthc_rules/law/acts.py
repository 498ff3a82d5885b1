"""What the law still expects of a dossier: each act with its last day, in the order in which they fall due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, assert_never, cast

from tthc_rules.law import clock, steps
from tthc_rules.law.asked import Asked, StepFound
from tthc_rules.law.codes import KINDS, RETURN_RESULT, STEP, EventKind, OnlyIf
from tthc_rules.law.evidence import Citation
from tthc_rules.law.regimes import Regimes
from tthc_rules.law.rule import (
    ANSWER,
    ClockVersion,
    Discharge,
    EachWithin,
    NotBefore,
    Obligation,
    Overlay,
    Rule,
    Statement,
)
from tthc_rules.law.timeline import Timeline

_RESULTS: Final[tuple[EventKind, ...]] = ("result_issued", "result_returned")
_ENDS: Final[tuple[EventKind, ...]] = (*_RESULTS, "dossier_refused", "processing_stopped")
_EVENTS: Final[dict[str, tuple[EventKind, ...]]] = {
    "result": _RESULTS,
    "finished": _ENDS,
    "handled": _ENDS,
    ANSWER: ("dossier_accepted", "supplement_requested", "dossier_refused"),
}
"""What the names of ends stand for."""


@dataclass(slots=True)
class Expected:
    """An act that is still expected; days since 1970-01-01, the minute 1440 where its day counts to the end."""

    id: str
    day: int
    minute: int = 1440
    overdue: bool = False
    only_if: OnlyIf | None = None
    rule: Rule | None = None
    duty: Obligation | None = None
    overlays: tuple[Overlay, ...] = ()
    """The local acts in force beside the rule."""
    step: StepFound | None = None

    def law(
        self, used: ClockVersion | None, regimes: Regimes, line: Timeline
    ) -> tuple[str, tuple[Citation, ...]]:  # fmt: skip
        """The folder of the law behind it, and its clauses; `used` is the clock that runs."""
        if self.step is not None:
            return step_law(regimes, line, self.step.set_by)
        if self.rule is not None:
            return self.rule.version, self.rule.citations
        return ("", ()) if used is None else (used.version, (*used.citations, *used.result.citations))

    def fulfilled_by(self, asked: Asked) -> tuple[EventKind, ...]:
        """The kinds of event, any of which fulfils it."""
        if self.step is not None:
            return (answer_to(asked.timeline.kind[self.step.set_by]),)
        if self.duty is None or self.rule is None:
            return _RESULTS
        match self.duty.fulfilled:
            case Discharge() as way:
                named = self.rule.deadlines[way.deadline].counting(asked.dossier.other_level)
                return tuple(dict.fromkeys(kind for name in named for kind in _kinds(name)))
            case EachWithin() | Statement() | NotBefore() as way:
                return _kinds(way.event)
            case way:
                assert_never(way)


def _kinds(name: str) -> tuple[EventKind, ...]:
    """The kinds of event behind an event's name in a rule."""
    return _EVENTS.get(name) or (cast("EventKind", name),)


def step_law(regimes: Regimes, line: Timeline, set_by: int) -> tuple[str, tuple[Citation, ...]]:
    """The clock version in force on the day a step was set, and the clauses by which it has a due date."""
    law = regimes.at(line.day[set_by])
    if law is None:
        return "", ()
    asks = line.kind[set_by] == clock.OPINION_REQUESTED
    return law.version, law.steps.opinions if asks else law.steps.agencies


def answer_to(kind: int) -> EventKind:
    """The kind of event that does a step, by the code of the one that sets it."""
    return "step_done" if kind == clock.STEP_ASSIGNED else "opinion_received"


def is_past(day: int, minute: int, as_of: int) -> bool:
    """Whether a moment lies before the end of `as_of`."""
    return as_of > day or (as_of == day and minute < 1440)


def acts_of(
    asked: Asked, out: Sequence[int], of_duties: Iterable[Expected], found: Sequence[StepFound]
) -> tuple[Expected, ...]:
    """Every act that is expected, by day and then by name: those of duties, the result, the steps of agencies."""
    acts = [*of_duties, *_result(asked, out), *_steps(asked, out, found)]
    return tuple(sorted(acts, key=lambda act: (act.day, act.id)))


def _result(asked: Asked, out: Sequence[int]) -> Iterator[Expected]:
    """The result by the lawful due date, while it can be said that the dossier is open and whether it is late."""
    day, minute = out[clock.O_LAWFUL_DAY], out[clock.O_LAWFUL_MINUTE]
    in_doubt = out[clock.O_UNSURE] & (clock.LATENESS_UNSURE | clock.FINISH_UNSURE)
    if out[clock.O_START] >= 0 > out[clock.O_END] and day != clock.NONE and not in_doubt:
        yield Expected(RETURN_RESULT, day, minute, is_past(day, minute, asked.as_of))


def _steps(asked: Asked, out: Sequence[int], found: Sequence[StepFound]) -> Iterator[Expected]:
    """The steps that are not done, while the dossier is open and the source would show that they were."""
    if out[clock.O_END] >= 0 or out[clock.O_UNSURE] & clock.FINISH_UNSURE:
        return
    line = asked.timeline
    for one in found:
        answer = KINDS[answer_to(line.kind[one.set_by])]
        if one.outcome in (steps.PENDING, steps.OVERDUE) and not asked.hidden >> answer & 1:
            agency = getattr(line.events[one.set_by], "agency", None) or ""
            minute = line.y[one.set_by]
            yield Expected(
                STEP + agency, line.x[one.set_by], minute if 0 <= minute < 1440 else 1440,
                one.outcome == steps.OVERDUE, step=one,
            )  # fmt: skip
