"""One dossier by the composed rules: the clock and one flat function, as numbers; dressed when the verdict is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from tthc_rules.errors import EngineError, engines_differ
from tthc_rules.law import clock
from tthc_rules.law.asked import Asked, asked_of, clocked
from tthc_rules.law.codes import CHANNELS, OTHER_LEVEL, blank
from tthc_rules.law.composed import NOTED, OUTCOMES, WAYS, Composed
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.question import Question
from tthc_rules.law.rule import Limit, Obligation, Outcome
from tthc_rules.reference.engine import ReferenceEngine
from tthc_rules.reference.trace import Trace
from tthc_rules.result.dress import Dresser
from tthc_rules.result.found import Found
from tthc_rules.result.verdict import Verdict


@dataclass(frozen=True, slots=True)
class _ComposedFunction:
    """The composed rules of one governing law, as CPython runs them, and the clock's columns that they ask for."""

    composed: Composed
    rules: Callable[..., None]
    first_in: list[int]
    since_in: list[int]
    since_at: int
    blank: list[int]

    @classmethod
    def of(cls, composed: Composed) -> _ComposedFunction:
        """From the source that `law/compose` wrote: whole numbers and our own names, nothing of a rule file."""
        made: dict[str, Any] = {}
        exec(compile(composed.source, "<composed rules>", "exec"), made)
        slots = composed.slots
        return cls(composed, made["rules"], *slots.tables(), slots.since_at, blank(slots.columns))


class ComposedEngine:
    """Judges one dossier by the composed rules; the reference engine explains, and is asked to agree."""

    def __init__(self, reference: ReferenceEngine) -> None:
        self.reference, self.known = reference, reference.known
        self.dresser = Dresser(reference.corpus)
        self._functions: dict[tuple[str, str, int], _ComposedFunction] = {}

    def evaluate(self, dossier: Dossier, question: Question) -> Verdict:
        """The verdict on one dossier, as the reference engine gives it."""
        asked = asked_of(self.known, dossier, question)
        key = (asked.family, asked.place, self.known.edition(asked.known_on))
        function = self._functions.get(key)
        if function is None:
            function = _ComposedFunction.of(self.known.composed_of(asked.family, asked.place, asked.known_on))
            self._functions[key] = function
        out = function.blank[:]
        clocked(asked, function.first_in, function.since_in, function.since_at, out)
        judged = _Judged(self, asked, function.composed, out)
        if out[clock.O_START] >= 0 or out[clock.O_SUBMITTED] >= 0:
            judged.judge(function.rules)
        return Verdict.unread(judged)


@dataclass(slots=True)
class _Judged:
    """What the numbers say of one dossier, before anyone reads it."""

    engine: ComposedEngine
    asked: Asked
    composed: Composed
    out: list[int]
    outcome: list[int] = field(default_factory=list)
    act_by: list[int] = field(default_factory=list)
    act: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    way: list[int] = field(default_factory=list)
    noted: int = 0
    readings: int = 0

    @property
    def dossier(self) -> Dossier:
        """The dossier that was judged."""
        return self.asked.dossier

    def judge(self, rules: Callable[..., None]) -> None:
        """Run the rules."""
        asked, line, calendar = self.asked, self.asked.timeline, self.asked.calendar
        size = len(self.composed.duties)
        self.outcome, self.act_by, self.act, self.way = [0] * size, [0] * size, [0] * size, [0] * size
        self.done, noted, readings = [-1] * size, [0], [0]
        rules(
            1, (len(line.kind),), line.kind, line.day, line.minute, line.flags, self.out,
            (CHANNELS[asked.dossier.channel or "in_person"] | asked.dossier.other_level * OTHER_LEVEL,),
            (asked.hidden,), asked.as_of,
            calendar.base, calendar.last, calendar.idx, calendar.nth, *asked.office,
            (0,), 1, self.outcome, self.act_by, self.act, noted, readings, self.done, self.way,
        )  # fmt: skip
        self.noted, self.readings = noted[0], readings[0]

    def fields(self) -> dict[str, Any]:
        """The fields of the verdict."""
        asked, out = self.asked, self.out
        mark: list[int] = []
        if out[clock.O_NOTES]:  # which event did it: asked of the clock only where there is something to say
            mark = self._marks()
        noted = {name for bit, name in NOTED.items() if self.noted & bit}
        stands_on = {name for place, name in enumerate(self.composed.readings) if self.readings >> place & 1}
        return self.engine.dresser.fields(asked, out, mark, self._found(), noted, stands_on)

    def _marks(self) -> list[int]:
        slots = self.composed.slots
        n = len(self.asked.timeline.kind)
        mark, due_then = [0] * n, [clock.NONE] * n
        clocked(self.asked, *slots.tables(), slots.since_at, blank(slots.columns), mark, due_then)
        return mark

    def _found(self) -> list[Found]:
        """The findings, in the order in which a verdict tells them."""
        day = self.asked.timeline.day
        found: list[tuple[int, Found]] = []
        for at, code in enumerate(self.act):
            if not code:
                continue
            act = self.composed.acts[at][code - 1]
            duty, by, done = act.duty, self.act_by[at], self.done[at]
            one = Found(
                duty.id,
                cast("Outcome", OUTCOMES[self.outcome[at]]),
                act.rule,
                by if by > 0 else None,
                day[done] if done >= 0 else None,
                duty if isinstance(duty, Obligation) else None,
                duty if isinstance(duty, Limit) else None,
                way=WAYS[self.way[at]],
                overlays=act.overlays,
            )
            found.append((act.rank, one))
        return [one for _, one in sorted(found, key=lambda pair: pair[0])]

    def trace(self) -> Trace:
        """What it was made of, as the reference engine tells it; raises `EngineError` if that finds otherwise."""
        verdict = self.engine.reference.evaluate(self.asked.dossier, self.asked.question)
        if verdict != Verdict.unread(self):
            raise EngineError(engines_differ(self.asked.dossier.dossier_id))
        trace: Trace = verdict._behind
        return trace

    def explain(self, verdict: Verdict, lang: str, *, day_by_day: bool) -> str:
        """The explanation of the reference engine."""
        return self.trace().explain(verdict, lang, day_by_day=day_by_day)
