"""The reference engine: a dossier, a day, what was known -> a verdict, with everything that led to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tthc_rules.errors import DossierError
from tthc_rules.law import clock
from tthc_rules.law.acts import Expected, acts_of
from tthc_rules.law.asked import Asked, StepFound, asked_of, asked_on, catalogue_turns, clocked, steps_of
from tthc_rules.law.codes import ALL_FIRST, ALL_SINCE, KINDS, blank
from tthc_rules.law.composed import PLACES, RAISED_AT
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.daycount import days_counted, days_waited
from tthc_rules.law.dossier import Dossier, Event, OwnTime, TimeLimit
from tthc_rules.law.facts import Facts, Seen
from tthc_rules.law.known import KnownLaw
from tthc_rules.law.next import HORIZON
from tthc_rules.law.question import Question
from tthc_rules.law.rule import OWN_TIMES, Overlay
from tthc_rules.law.statute import Statute
from tthc_rules.law.text import alike
from tthc_rules.law.timeline import Timeline
from tthc_rules.reference.expected import expected, turning_days
from tthc_rules.reference.interpret import judge
from tthc_rules.reference.trace import Trace
from tthc_rules.result.counted import CountedDay
from tthc_rules.result.departure import departure_of
from tthc_rules.result.dress import Ahead, Dresser, number, stood_on, version_of
from tthc_rules.result.duedate import DueDate
from tthc_rules.result.found import Found
from tthc_rules.result.verdict import ClockRecord, PageMaker, Verdict

_BLANK: Final = blank(2 * clock.N_KINDS)
_FIRST_OF_ALL: Final = ALL_FIRST[0]
_FIRST_SINCE: Final = ALL_SINCE[0]
Judge = Callable[[Statute, Facts, Sequence[Overlay]], list[Found]]
"""The rule layer: what governs, the facts, what the place adds -> every duty and limit."""


@dataclass(slots=True)
class Answered:
    """What came out of one dossier on one day, before it is dressed."""

    asked: Asked
    out: list[int]
    stops: list[tuple[int, int]]
    statute: Statute
    facts: Facts | None
    found: list[Found]
    steps: list[StepFound]

    def said(self) -> tuple[object, ...]:
        """What counts as a difference: both punctualities, every due date, every outcome, the day to act, the steps."""
        return (
            *(self.out[column] for column in _SAID),
            {(one.id, one.outcome, one.act_by) for one in self.found},
            tuple(step.outcome for step in self.steps),
        )

    def turning_days(self, known: KnownLaw) -> Iterator[int]:
        """The later days on which something in it may turn."""
        days = [self.out[clock.O_TURNS], self.out[clock.O_UNSURE_FROM]]
        if self.facts is not None:
            days += turning_days(self.statute, self.facts)
            days += _opinions_raised(self.asked)
            days += catalogue_turns(known, self.asked)
        return (day for day in days if day > self.asked.as_of)


_SAID: Final = (
    clock.O_PUNCTUALITY, clock.O_PUNCTUALITY_CURRENT, clock.O_ORIGINAL_DAY, clock.O_LAWFUL_DAY, clock.O_CURRENT_DAY,
    clock.O_PROMISED_DAY,
)  # fmt: skip


def _opinions_raised(asked: Asked) -> Iterator[int]:
    """The days from which an opinion that was asked by a day is overdue, whether or not it was given."""
    line = asked.timeline
    for kind, due, minute in zip(line.kind, line.x, line.y, strict=True):
        if kind == clock.OPINION_REQUESTED and due != clock.NONE:
            yield due if 0 <= minute < 1440 else due + 1


class ReferenceEngine:
    """Judges one dossier by reading the rules node by node; every answer depends only on its arguments."""

    def __init__(
        self,
        corpus: Corpus,
        judge: Judge = judge,
        known: KnownLaw | None = None,
        page: PageMaker | None = None,
    ) -> None:
        self.corpus = corpus
        self.known = KnownLaw(corpus) if known is None else known
        self.judge = judge
        """Who decides the rule layer: the interpreter, or another that is asked in its place."""
        self.page = page
        """Who makes a page of a verdict; it is handed over, for pages stand above."""
        self._dresser = Dresser(corpus)

    def evaluate(self, dossier: Dossier, question: Question, flipped: str = "") -> Verdict:
        """The verdict on one dossier. Data never raises here: what cannot be said is `undetermined`, with a reason.

        `flipped` names a reading of the clock to be taken the other way, for the explanation.
        """
        asked = asked_of(self.known, dossier, question, flipped)
        n = len(asked.timeline.kind)
        mark, due_then = [0] * n, [clock.NONE] * n
        judged = self.answered(asked, mark, due_then)
        out, found, steps, ahead = judged.out, judged.found, judged.steps, self.ahead(judged)
        noted = {one.note for one in found if one.note}
        findings = [self._dresser.finding(one) for one in found]
        verdict = Verdict(**self._dresser.fields(asked, out, mark, findings, steps, noted, set(stood_on(found)), ahead))
        verdict._behind = Trace(
            dossier, question, asked.timeline, version_of(asked, out), asked.limit, asked.entry, asked.calendar,
            self.known.rules_of(asked.family, asked.place), judged.facts, found, steps, asked.regimes, out, mark,
            due_then, lambda: days_counted(asked, out, mark, judged.stops),
            lambda: days_waited(asked, out, mark, judged.stops), ahead.acts,
            lambda name: self.evaluate(dossier, question, name), self.page,
            lambda sender_due: departure_of(self.known, asked, sender_due),
        )  # fmt: skip
        return verdict

    def answered(self, asked: Asked, mark: list[int] | None = None, due_then: list[int] | None = None) -> Answered:
        """What the clock, the rules and the steps say of a dossier."""
        out = _BLANK[:]
        stops = clocked(asked, ALL_FIRST, ALL_SINCE, _FIRST_SINCE, out, mark, due_then)
        facts, found = None, []
        statute = self.known.statute_of(asked.family, asked.place, asked.known_on)
        if out[clock.O_START] >= 0 or out[clock.O_SUBMITTED] >= 0:
            facts = _facts(asked, out)
            found = self.judge(statute, facts, self.corpus.overlays.get(asked.place, ()))
        return Answered(asked, out, stops, statute, facts, found, steps_of(asked, out))

    def due(self, slip: Dossier, question: Question) -> DueDate:
        """The date for a slip: of a file that is accepted, of which nothing else has happened; no rule is asked.

        Where another event starts the clock, such as the slip that is sent, it comes with the acceptance.
        """
        asked = asked_of(self.known, slip, question)
        used = asked.regimes.at(asked.timeline.day[0])
        if used is not None and used.starts.event != slip.events[0].kind:
            started = Event(kind=used.starts.event, at=slip.events[0].at)
            asked = asked_of(self.known, slip.model_copy(update={"events": (*slip.events, started)}), question)
        out, mark = _BLANK[:], [0] * len(asked.timeline.kind)
        stops = clocked(asked, ALL_FIRST, ALL_SINCE, _FIRST_SINCE, out, mark, [clock.NONE] * len(mark))
        said = self._dresser.fields(asked, out, (), (), (), (), (), Ahead())
        record: ClockRecord = said["clock"]
        limit = asked.limit
        in_hours = isinstance(limit, TimeLimit) and limit.unit == "work_hour" and limit.amount > 0
        by_catalogue = () if asked.entry is None or slip.time_limit is not None else asked.entry.citations
        return DueDate(
            accepted=asked.timeline.events[0].at,
            known_on=question.known_on,
            procedure=slip.procedure,
            channel=slip.channel,
            jurisdiction=slip.jurisdiction,
            time_limit=limit,
            due=record.lawful_due,
            due_time=record.due_time,
            provisional=bool(record.provisional),
            reason=record.reason,
            steps=tuple(map(CountedDay.of, days_counted(asked, out, mark, stops))),
            version=record.version,
            calendar=record.calendar,
            hours=self.known.hours_table(slip.jurisdiction, question.hours).id if in_hours else None,
            notes=said["notes"],
            assumptions=said["assumptions"],
            citations=(*self._dresser.citations(by_catalogue), *record.citations),
            digests=said["digests"],
        )

    def ahead(self, judged: Answered) -> Ahead:
        """What the law still expects, and when the verdict changes."""
        acts: tuple[Expected, ...] = ()
        if judged.facts is not None:
            overlays = self.corpus.overlays.get(judged.asked.place, ())
            of_duties = expected(judged.statute, judged.facts, overlays, judged.found)
            acts = acts_of(judged.asked, judged.out, of_duties, judged.steps)
        return Ahead(acts, self.changes_on(judged))

    def changes_on(self, first: Answered) -> int | None:
        """The first day on which the verdict differs if nothing more happens and nothing more becomes known.

        It is asked again on each day on which something in it may turn; null where nothing does before the horizon.
        """
        said, judged = first.said(), first
        while (day := min(judged.turning_days(self.known), default=HORIZON)) < HORIZON:
            try:
                judged = self.answered(asked_on(self.known, first.asked, day))
            except DossierError:  # the catalogue of that day contradicts the dossier: there is no verdict then
                return day
            if judged.said() != said:
                return day
        return None


# -- facts -------------------------------------------------------------------------------------------------------------


def _facts(asked: Asked, out: list[int]) -> Facts:
    line = asked.timeline
    accepted = out[clock.O_ACCEPTED] if out[clock.O_START] >= 0 else -1  # no rule asks before the clock has started
    seen = _seen(out, line)
    return Facts(
        asked.as_of,
        asked.known_on,
        asked.calendar,
        {
            "accepted": None if accepted < 0 else line.day[accepted],
            "original_due": number(out[clock.O_ORIGINAL_DAY]),
            "lawful_due": number(out[clock.O_LAWFUL_DAY]),
            "current_due": number(out[clock.O_CURRENT_DAY]),
            "promised_due": number(out[clock.O_PROMISED_DAY]),
            "reappointed_due": number(out[clock.O_REAPPOINTED_DAY]),
            "opinion_due": number(out[clock.O_OPINION_DAY]),
            **{name: None if out[at] < 0 else line.day[out[at]] for name, at in PLACES.items()},
        },
        seen,
        seen.each,
        -1 if accepted < 0 else line.minute[accepted],
        out[clock.O_LAWFUL_MINUTE] if out[clock.O_LAWFUL_DAY] != clock.NONE else 1440,
        bool(out[clock.O_PAUSED]),
        asked.dossier.channel or "in_person",
        out[clock.O_REQUESTS],
        (
            number(out[clock.O_REQUEST_2]),
            number(out[clock.O_REQUEST_3]),
            number(out[clock.O_REQUEST_LAST]),
        ),
        out[clock.O_RETURN_RANK],
        out[clock.O_REAPPOINTMENTS],
        out[clock.O_END] >= 0,
        asked.hidden,
        out[clock.O_UNSURE],
        other_level=asked.dossier.other_level,
        field=alike(asked.dossier.field or ""),
        minutes={
            "accepted": -1 if accepted < 0 else line.minute[accepted],
            **{name: line.minute[out[at]] for name, at in PLACES.items() if out[at] >= 0},
        },
        own_times=_own_times(asked),
        returns=_returns(asked),
        hours=asked.office,
        start=_event(line, out[clock.O_LAST_START]),
        opinion_bare=out[clock.O_OPINION_BARE] >= 0,
    )


def _event(line: Timeline, at: int) -> Seen | None:
    return None if at < 0 else Seen(line.day[at], line.minute[at], line.flags[at])


def _own_times(asked: Asked) -> dict[str, OwnTime]:
    """What sector law says beside the limit."""
    if asked.limit is None:
        return {}
    return {name: own for name in OWN_TIMES if (own := getattr(asked.limit, name)) is not None}


def _returns(asked: Asked) -> list[tuple[Seen, Seen]]:
    """Each request that sent the file back, after the start that it follows."""
    line = asked.timeline

    def seen(at: int) -> Seen:
        return Seen(line.day[at], line.minute[at], line.flags[at])

    return [(seen(start), seen(at)) for at, start in enumerate(asked.begun) if start >= 0]


class _seen:  # noqa: N801 - a function with two things bound
    """(event or end, since) -> the first such event of this timeline."""

    __slots__ = ("line", "out")

    def __init__(self, out: list[int], line: Timeline) -> None:
        self.out, self.line = out, line

    def __call__(self, event: str, since: str) -> Seen | None:
        out, line = self.out, self.line
        if event == "finished":
            at = out[clock.O_END]
        elif event == "handled":
            at = out[clock.O_END]
            at = -1 if at >= 0 and line.kind[at] in (clock.WITHDRAWN, clock.DOSSIER_CLOSED) else at
        elif (event, since) in RAISED_AT:
            at = out[RAISED_AT[event, since]]
        elif event == "released":
            at = out[clock.O_RELEASED]
        elif event == "result":
            both = [i for code in (clock.RESULT_ISSUED, clock.RESULT_RETURNED) if (i := out[_FIRST_OF_ALL + code]) >= 0]
            at = min(both, default=-1)
        else:
            columns = _FIRST_OF_ALL if since == "acceptance" else _FIRST_SINCE
            at = out[columns + KINDS[event]]
        return _event(line, at)

    def each(self, event: str, since: str) -> list[Seen]:
        """All events of a kind, from the first that counts."""
        out, line = self.out, self.line
        first = out[(_FIRST_OF_ALL if since == "acceptance" else _FIRST_SINCE) + KINDS[event]]
        places = range(first, len(line.kind)) if first >= 0 else ()
        return [Seen(line.day[i], line.minute[i], line.flags[i]) for i in places if line.kind[i] == KINDS[event]]
