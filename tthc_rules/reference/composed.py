"""One dossier by the composed rules: the clock and one flat function, as numbers; dressed when the verdict is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, cast

from tthc_rules.errors import EngineError, engines_differ
from tthc_rules.law import clock
from tthc_rules.law import next as ahead
from tthc_rules.law.acts import Expected, acts_of, is_past
from tthc_rules.law.asked import Asked, asked_of, catalogue_turns, clocked, steps_of
from tthc_rules.law.civil import Moment
from tthc_rules.law.codes import CHANNELS, FIELD_AT, OTHER_LEVEL, blank
from tthc_rules.law.composed import NOTED, ONLY_IF, OUTCOMES, UNDETERMINED, Composed
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.next import FAR
from tthc_rules.law.question import Question
from tthc_rules.law.rule import Limit, Obligation, Outcome
from tthc_rules.law.text import alike
from tthc_rules.reference.engine import ReferenceEngine
from tthc_rules.reference.trace import Trace
from tthc_rules.result.course import Course
from tthc_rules.result.departure import Departure, departure_of
from tthc_rules.result.dress import Ahead, Dresser, number
from tthc_rules.result.found import Found
from tthc_rules.result.verdict import Finding, Verdict

MOST_KEPT: Final = 20_000
"""Findings that are kept of one law: those of some years of days, a few MB."""
_RANK: Final = itemgetter(0)
_NOTHING: Final[list[int]] = []


@dataclass(frozen=True, slots=True)
class _ComposedFunction:
    """The composed rules of one governing law, as CPython runs them, and the clock's columns that they ask for."""

    composed: Composed
    rules: Callable[..., None]
    first_in: list[int]
    since_in: list[int]
    since_at: int
    blank: list[int]
    findings: dict[tuple[int, int, int, int, int], tuple[int, Finding]]
    """Findings by what they say (duty, act, outcome, act by, done on), each with its place in a verdict: those of other
    dossiers serve again."""

    @classmethod
    def of(cls, composed: Composed) -> _ComposedFunction:
        """From the source that `law/compose` wrote: whole numbers and our own names, nothing of a rule file."""
        made: dict[str, Any] = {}
        exec(compile(composed.source, "<composed rules>", "exec"), made)
        slots = composed.slots
        return cls(composed, made["rules"], *slots.tables(), slots.since_at, blank(slots.columns), {})


class ComposedEngine:
    """Judges one dossier by the composed rules; the reference engine explains, and is asked to agree."""

    def __init__(self, reference: ReferenceEngine) -> None:
        self.reference, self.known = reference, reference.known
        self.dresser = Dresser(reference.corpus)
        self._functions: dict[tuple[str, str, int], _ComposedFunction] = {}

    def evaluate(self, dossier: Dossier, question: Question) -> Verdict:
        """The verdict on one dossier, as the reference engine gives it."""
        asked = asked_of(self.known, dossier, question)
        key = (asked.family, asked.place, asked.edition)
        function = self._functions.get(key)
        if function is None:
            function = _ComposedFunction.of(self.known.composed_of(asked.family, asked.place, asked.known_on))
            self._functions[key] = function
        out = function.blank[:]
        clocked(asked, function.first_in, function.since_in, function.since_at, out)
        return Verdict.unread(_Judged(self, asked, function, out))


class _Judged:
    """What the numbers say of one dossier, before anyone reads it."""

    __slots__ = (
        "act", "act_by", "asked", "done", "engine", "expected", "function", "noted", "out", "outcome", "readings",
        "turns", "way",
    )  # fmt: skip

    def __init__(self, engine: ComposedEngine, asked: Asked, function: _ComposedFunction, out: list[int]) -> None:
        self.engine, self.asked, self.function, self.out = engine, asked, function, out
        self.outcome = self.act_by = self.act = self.done = self.way = _NOTHING
        self.expected: list[list[int]] = []
        self.noted = self.readings = 0
        self.turns = FAR
        if self.is_governed:
            self._judge()

    @property
    def is_governed(self) -> bool:
        """Whether rules are looked at."""
        return self.out[clock.O_START] >= 0 or self.out[clock.O_SUBMITTED] >= 0

    @property
    def dossier(self) -> Dossier:
        """The dossier that was judged."""
        return self.asked.dossier

    def _judge(self) -> None:
        """Run the rules."""
        size = len(self.function.composed.duties)
        self.outcome, self.act_by, self.act, self.way = [0] * size, [0] * size, [0] * size, [0] * size
        self.expected = [[0] * size for _ in range(4)]
        self.done, noted, readings, turns = [-1] * size, [0], [0], [FAR]
        self._rules(
            self.out, (self.asked.as_of,), self.outcome, self.act_by, self.act, noted, readings, turns, self.done,
            self.way, *self.expected,
        )  # fmt: skip
        self.noted, self.readings, self.turns = noted[0], readings[0], turns[0]

    def _rules(
        self, out: list[int], asked_on: Sequence[int], outcome: list[int], act_by: list[int], act: list[int],
        noted: list[int], readings: list[int], turns: list[int], *told: list[int] | None,
    ) -> None:  # fmt: skip
        """Ask the rules what they find on a day; `told` is what one may ask of them besides."""
        asked, line, calendar = self.asked, self.asked.timeline, self.asked.calendar
        self.function.rules(
            1, (len(line.kind),), line.kind, line.day, line.minute, line.flags, asked.begun,
            out,
            (self._reception(),),
            (asked.hidden,), *((own,) for own in asked.own_times), asked_on,
            calendar.base, calendar.last, calendar.idx, calendar.nth, *asked.office,
            (0,), 1, outcome, act_by, act, noted, readings, turns, [0], [0], *told,
        )  # fmt: skip

    def _reception(self) -> int:
        """How the file was filed, of what level it is and of what field, as one number."""
        dossier, slots = self.asked.dossier, self.function.composed.slots
        found = CHANNELS[dossier.channel or "in_person"] | dossier.other_level * OTHER_LEVEL
        if slots.fields and dossier.field:
            found |= slots.field(alike(dossier.field)) << FIELD_AT
        return found

    def fields(self) -> dict[str, Any]:
        """The fields of the verdict."""
        steps = steps_of(self.asked, self.out)
        mark: Sequence[int] = ()
        if self.out[clock.O_NOTES]:  # which event did it: asked of the clock only where there is something to say
            mark = self._marks()
        noted = {name for bit, name in NOTED.items() if self.noted & bit} if self.noted else ()
        readings = self.function.composed.readings if self.readings else ()
        stands_on = {name for place, name in enumerate(readings) if self.readings >> place & 1}
        acts = acts_of(self.asked, self.out, self._expected(), steps) if self.is_governed else ()
        return self.engine.dresser.fields(
            self.asked, self.out, mark, self._findings(), steps, noted, stands_on, Ahead(acts, self._changes_on())
        )  # fmt: skip

    def _expected(self) -> Iterator[Expected]:
        """What duties still expect."""
        if not any(self.expected[0]):
            return
        for at, (how, code, day, minute) in enumerate(zip(*self._expectations(), strict=True)):
            if how:
                act = self.function.composed.acts[at][code - 1]
                overdue = self.outcome[at] != UNDETERMINED and is_past(day, minute, self.asked.as_of)
                assert isinstance(act.duty, Obligation)
                yield Expected(
                    act.duty.id, day, minute, overdue, ONLY_IF[how], act.rule, act.duty, act.overlays
                )  # fmt: skip

    def _expectations(self) -> tuple[list[int], list[int], list[int], list[int]]:
        """By duty: how it is expected, by which act, its last day and minute."""
        how, day, minute, code = self.expected
        return how, code, day, minute

    def _changes_on(self) -> int | None:
        """The first day on which the verdict differs, as `law/next` finds it; `steps_of` was asked before."""
        if self.turns == FAR and self.out[clock.O_TURNS] == clock.NONE and self.out[clock.O_END] >= 0:
            return None  # it has ended, and nothing is left that could pass
        if self.is_governed and next(catalogue_turns(self.engine.known, self.asked), None) is not None:
            reference = self.engine.reference
            return reference.changes_on(reference.answered(self.asked))
        asked, line, out = self.asked, self.asked.timeline, self.out[:]
        duties = len(self.outcome)
        turns, asked_on, change, left, counts = [self.turns], [asked.as_of], [0], [0], [0, 1]
        while counts[1]:
            ahead.soonest(
                1, (len(line.kind),), line.kind, line.x, line.y, line.tag, (asked.hidden,), asked.as_of, out, turns,
                asked_on, change, left, counts,
            )  # fmt: skip
            if counts[1]:
                outcome, act_by, act, new_turns = [0] * duties, [0] * duties, [0] * duties, [FAR]
                self._rules(out, asked_on, outcome, act_by, act, [0], [0], new_turns, *(None,) * 6)
                ahead.compared(
                    1, duties, self.outcome, self.act_by, outcome, act_by, new_turns, turns, asked_on, change, left,
                    counts,
                )  # fmt: skip
        return number(change[0])

    def _marks(self) -> list[int]:
        slots = self.function.composed.slots
        n = len(self.asked.timeline.kind)
        mark, due_then = [0] * n, [clock.NONE] * n
        clocked(self.asked, *slots.tables(), slots.since_at, blank(slots.columns), mark, due_then)
        return mark

    def _findings(self) -> list[Finding]:
        """The findings, in the order in which a verdict tells them."""
        day, kept = self.asked.timeline.day, self.function.findings
        found: list[tuple[int, Finding]] = []
        for at, code in enumerate(self.act):
            if code:
                done = self.done[at]
                key = (at, code, self.outcome[at], self.act_by[at], day[done] if done >= 0 else -1)
                ranked = kept.get(key)
                if ranked is None:
                    if len(kept) >= MOST_KEPT:
                        kept.clear()
                    ranked = kept[key] = self._finding(*key)
                found.append(ranked)
        found.sort(key=_RANK)
        return [one for _, one in found]

    def _finding(self, at: int, code: int, outcome: int, by: int, done_on: int) -> tuple[int, Finding]:
        act = self.function.composed.acts[at][code - 1]
        duty = act.duty
        found = Found(
            duty.id,
            cast("Outcome", OUTCOMES[outcome]),
            act.rule,
            by if by > 0 else None,
            None if done_on < 0 else done_on,
            duty if isinstance(duty, Obligation) else None,
            duty if isinstance(duty, Limit) else None,
            overlays=act.overlays,
        )
        return act.rank, self.engine.dresser.finding(found)

    def trace(self) -> Trace:
        """What it was made of, as the reference engine tells it; raises `EngineError` if that finds otherwise."""
        verdict = self.engine.reference.evaluate(self.asked.dossier, self.asked.question)
        if verdict != Verdict.unread(self):
            raise EngineError(engines_differ(self.asked.dossier.dossier_id))
        trace: Trace = verdict._behind
        return trace

    def explain(self, verdict: Verdict, lang: str, *, day_by_day: bool, departure: Departure | None = None) -> str:
        """The explanation of the reference engine."""
        return self.trace().explain(verdict, lang, day_by_day=day_by_day, departure=departure)

    def course(self, verdict: Verdict) -> Course:
        """What happened, and each day on the way, by the reference engine."""
        return self.trace().course(verdict)

    def to_html(self, verdict: Verdict, lang: str) -> str | None:
        """The page of the reference engine."""
        return self.trace().to_html(verdict, lang)

    def departure(self, sender_due: Moment | None) -> Departure | None:
        """Where that date, or that on the slip, parts from the law's; no rule is asked."""
        return departure_of(self.engine.known, self.asked, sender_due)
