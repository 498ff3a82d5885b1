"""From what an engine found to the records of a verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final, Literal, cast

from tthc_rules.law import clock
from tthc_rules.law.acts import Expected
from tthc_rules.law.asked import Asked, StepFound
from tthc_rules.law.civil import clock_time, date_of
from tthc_rules.law.codes import NOTES, PUNCTUALITY, REASONS, STEP_OUTCOMES, EndKind, EventKind, NoteCode, StepOutcome
from tthc_rules.law.composed import NOTED
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.evidence import Citation, Text
from tthc_rules.law.rule import ClockVersion, Obligation, Overlay, Role, Rule, UnitThatOwes
from tthc_rules.result import words
from tthc_rules.result.found import Found
from tthc_rules.result.verdict import (
    AgencyStep,
    Answer,
    CitationRecord,
    ClockRecord,
    Digests,
    DutyRecord,
    Finding,
    NextAct,
    Note,
    SupposedEvent,
)

_ACTS: Final[Mapping[str, Text]] = {act: {"vi": vi, "en": en} for act, (vi, en) in words.ACTS.items()}
_FAULTS: Final = frozenset({"missed", "met_late", "broken"})


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lies ahead of a dossier if nothing more happens."""

    acts: tuple[Expected, ...] = ()
    changes_on: int | None = None


@dataclass(frozen=True, slots=True)
class _ToldOfAct:
    """What is told alike of an act of every dossier."""

    owed_by: UnitThatOwes | Literal[""]
    roles: tuple[Role, ...]
    fulfilled_by: tuple[EventKind, ...]
    label: dict[str, str]
    version: str
    citations: tuple[CitationRecord, ...]


@dataclass
class Dresser:
    """Makes the records; those that are the same for every dossier are made once, and found by what they say."""

    corpus: Corpus
    _duties: dict[tuple[str, str, str], DutyRecord] = field(default_factory=dict)
    _clocks: dict[str, tuple[CitationRecord, ...]] = field(default_factory=dict)
    _records: dict[tuple[Citation, ...], tuple[CitationRecord, ...]] = field(default_factory=dict)
    _acts: dict[tuple[object, ...], _ToldOfAct] = field(default_factory=dict)
    _digests: dict[tuple[str, int], Digests] = field(default_factory=dict)

    def fields(
        self,
        asked: Asked,
        out: Sequence[int],
        mark: Sequence[int],
        findings: Sequence[Finding],
        steps: Sequence[StepFound],
        noted: Collection[str],
        stands_on: Collection[str],
        ahead: Ahead,
    ) -> dict[str, Any]:
        """The fields of a verdict: the clock's answers, what each event did, duties, limits and steps, their notes.

        `stands_on`: the unconfirmed readings, and the amendments that were not seen, which the findings stand on.
        """
        question, calendar = asked.question, asked.calendar
        key = (calendar.law.id, calendar.edition)
        digests = self._digests.get(key)
        if digests is None:
            digests = self._digests[key] = Digests(rules=self.corpus.digest, calendar=calendar.digest)
        used = version_of(asked, out)
        return {
            "dossier_id": asked.dossier.dossier_id,
            "as_of": question.as_of,
            "known_on": question.known_on,
            "lateness": question.lateness,
            "supposed": tuple(_supposed(asked)) if question.supposed else (),
            "clock": self._clock(asked, out, used),
            "punctuality": PUNCTUALITY[out[clock.O_PUNCTUALITY]],
            "workdays_late": number(out[clock.O_WORKDAYS_LATE]),
            "days_late": number(out[clock.O_DAYS_LATE]),
            "punctuality_current": PUNCTUALITY[out[clock.O_PUNCTUALITY_CURRENT]],
            "workdays_late_current": number(out[clock.O_WORKDAYS_LATE_CURRENT]),
            "days_late_current": number(out[clock.O_DAYS_LATE_CURRENT]),
            "obligations": tuple([one for one in findings if one.duty.owed_by]),
            "limits": tuple([one for one in findings if not one.duty.owed_by]),
            "steps": tuple([_step(asked, one) for one in steps]),
            "next_acts": tuple([self._act(asked, act, used) for act in ahead.acts]),
            "changes_on": None if ahead.changes_on is None else date_of(ahead.changes_on),
            "notes": self._notes(asked, out, mark, noted),
            "assumptions": _assumptions(asked, used, out, stands_on),
            "digests": digests,
        }

    def _clock(self, asked: Asked, out: Sequence[int], used: ClockVersion | None) -> ClockRecord:
        day = asked.timeline.day
        end, start, accepted = out[clock.O_END], out[clock.O_START], out[clock.O_ACCEPTED]
        lawful, minute = out[clock.O_LAWFUL_DAY], out[clock.O_LAWFUL_MINUTE]
        return ClockRecord(
            version=None if used is None or start < 0 else used.version,
            accepted_on=None if accepted < 0 else date_of(day[accepted]),
            started_on=None if start < 0 else date_of(day[out[clock.O_LAST_START]]),
            original_due=_date(out[clock.O_ORIGINAL_DAY]),
            lawful_due=_date(lawful),
            current_due=_date(out[clock.O_CURRENT_DAY]),
            promised_due=_moment(out[clock.O_PROMISED_DAY], out[clock.O_PROMISED_MINUTE]),
            due_time=clock_time(minute) if lawful != clock.NONE and minute < 1440 else None,
            reappointed_due=_date(out[clock.O_REAPPOINTED_DAY]),
            finished_on=None if end < 0 else date_of(day[end]),
            ended_by=None if end < 0 else cast("EndKind", asked.timeline.events[end].kind),
            paused=bool(out[clock.O_PAUSED]),
            provisional=None if out[clock.O_NOTES] & clock.ACCEPTANCE_UNKNOWN else bool(out[clock.O_PROVISIONAL]),
            reason=REASONS[out[clock.O_REASON]],
            calendar=asked.calendar.law.id,
            citations=() if used is None else self._clock_citations(used),
        )

    def _clock_citations(self, used: ClockVersion) -> tuple[CitationRecord, ...]:
        found = self._clocks.get(used.version)
        if found is None:
            found = self._clocks[used.version] = self.citations(used.citations)
        return found

    def finding(self, found: Found) -> Finding:
        """A duty or limit as a verdict tells it."""
        answers: tuple[Answer, ...] = ()
        if found.outcome in _FAULTS:
            answers = tuple(
                Answer(one.role, one.unit, one.consequence, act.version, self.citations(act.citations))
                for one, act in found.answers()
            )
        return Finding(
            found.id,
            found.outcome,
            None if found.act_by is None else date_of(found.act_by),
            None if found.done_on is None else date_of(found.done_on),
            answers,
            self._duty(found.rule, found.obligation),
        )

    def _act(self, asked: Asked, act: Expected, used: ClockVersion | None) -> NextAct:
        """An act that is expected, as a verdict tells it."""
        units, unit, step = asked.dossier.units, None, act.step
        key: tuple[object, ...]
        if step is not None:
            event = asked.timeline.events[step.set_by]
            unit = getattr(event, "agency", None)
            law = asked.regimes.at(asked.timeline.day[step.set_by])
            key = (event.kind, "" if law is None else law.version)
        elif act.rule is not None:
            beside = tuple([(one.version, one.id) for one in act.overlays])
            key = (act.rule.version, act.rule.id, act.id, asked.dossier.other_level, beside)
        else:
            key = ("" if used is None else used.version,)
        told = self._acts.get(key)
        if told is None:
            told = self._acts[key] = self._told_of(asked, act, used)
        if units is not None and told.owed_by:
            unit = getattr(units, told.owed_by, None)
        minute = act.minute
        return NextAct(
            act.id, date_of(act.day), clock_time(minute) if minute < 1440 else None, act.overdue, act.only_if,
            told.owed_by, unit, told.roles, told.fulfilled_by, told.label, told.version, told.citations,
        )  # fmt: skip

    def _told_of(self, asked: Asked, act: Expected, used: ClockVersion | None) -> _ToldOfAct:
        """What is told alike of an act of every dossier."""
        version, citations = act.law(used, asked.regimes, asked.timeline)
        owed_by: UnitThatOwes | Literal[""] = ""
        roles: Collection[Role] = ()
        if act.step is not None:
            label = _ACTS[asked.timeline.events[act.step.set_by].kind]
        elif act.rule is not None and act.duty is not None:
            label, owed_by = act.rule.label, act.duty.owed_by
            roles = roles_for(act.duty.id, (act.rule, *act.overlays))
        else:
            label = _ACTS["return_result"]
            if used is not None:
                owed_by = used.result.owed_by
                roles = () if used.result.role is None else (used.result.role,)
        return _ToldOfAct(
            owed_by, tuple(sorted(roles)), act.fulfilled_by(asked), dict(label), version, self.citations(citations)
        )

    def _duty(self, rule: Rule, duty: Obligation | None) -> DutyRecord:
        key = (rule.version, rule.id, "" if duty is None else duty.id)
        found = self._duties.get(key)
        if found is None:
            found = self._duties[key] = DutyRecord(
                dict(rule.label),
                "" if duty is None else duty.owed_by,
                "" if duty is None else duty.to,
                rule.id,
                rule.version,
                self.citations(rule.citations),
            )
        return found

    def citations(self, citations: tuple[Citation, ...]) -> tuple[CitationRecord, ...]:
        """Clauses as a verdict tells them."""
        found = self._records.get(citations)
        if found is None:
            found = self._records[citations] = tuple(
                CitationRecord(
                    document=c.document,
                    article=c.article,
                    clause=c.clause,
                    point=c.point,
                    quote=c.quote,
                    status=c.status,
                    source=c.source,
                )
                for c in citations
            )
        return found

    def _notes(
        self, asked: Asked, out: Sequence[int], marks: Sequence[int], noted: Collection[str]
    ) -> tuple[Note, ...]:
        line = asked.timeline
        notes = [Note(o.code, None if o.event < 0 else o.event, o.name, o.nearest) for o in line.notes]
        left = out[clock.O_NOTES]
        if left:
            for at, mark in enumerate(marks):
                for bit, code in NOTES.items():
                    if mark & bit:
                        notes.append(Note(code, line.origin[at]))
                        left &= ~bit
            notes += [Note(code) for bit, code in NOTES.items() if left & bit]
        reason = out[clock.O_REASON]
        if reason not in (clock.KNOWN, clock.LIMIT_IS_NONE):
            notes.append(Note(cast("NoteCode", REASONS[reason])))
        if noted:
            notes += [Note(code) for code in NOTED.values() if code in noted and Note(code) not in notes]
        if asked.dossier.jurisdiction is not None:
            notes += self._place_notes(asked.dossier.jurisdiction, asked, out[clock.O_START])
        return tuple(notes)

    def _place_notes(self, jurisdiction: str, asked: Asked, start: int) -> list[Note]:
        place = self.corpus.jurisdictions[jurisdiction]
        day = asked.question.as_of if start < 0 else date_of(asked.timeline.day[start])
        family = f"local/{jurisdiction}"
        has_own = family in self.corpus.rules or family in self.corpus.overlays
        notes = [] if has_own else [Note("no_overlay")]
        if (place.until is not None and day > place.until) or (place.start is not None and day < place.start):
            notes.append(Note("jurisdiction_not_in_force"))
        return notes


def roles_for(duty: str, acts: Iterable[Rule | Overlay]) -> set[Role]:
    """Who answers by these acts if a duty is not done in time."""
    return {
        one.role
        for act in acts
        for one in act.responsibilities
        if one.duty == duty and not one.outcomes.isdisjoint(("missed", "met_late"))
    }


def version_of(asked: Asked, out: Sequence[int]) -> ClockVersion | None:
    """The version of the clock that ran, if one did."""
    regime = out[clock.O_REGIME]
    return asked.regimes.versions[regime] if regime >= 0 else None


def number(value: int) -> int | None:
    """A number of the clock, or nothing."""
    return None if value == clock.NONE else value


def _date(day: int) -> date | None:
    return None if day == clock.NONE else date_of(day)


def _supposed(asked: Asked) -> Iterator[SupposedEvent]:
    events = asked.dossier.events
    for event in events[len(events) - asked.question.supposed :]:
        yield SupposedEvent(event.kind, event.at)


def _step(asked: Asked, found: StepFound) -> AgencyStep:
    line, at = asked.timeline, found.set_by
    done = None if found.done_by < 0 else date_of(line.day[found.done_by])
    agency = getattr(line.events[at], "agency", None)
    return AgencyStep(agency, _moment(line.x[at], line.y[at]), done, cast("StepOutcome", STEP_OUTCOMES[found.outcome]))


def _moment(day: int, minute: int) -> date | datetime | None:
    if day == clock.NONE:
        return None
    if not 0 <= minute < 1440:
        return date_of(day)
    return datetime.combine(date_of(day), time(*divmod(minute, 60)))


def stood_on(found: Iterable[Found]) -> Iterator[str]:
    """The unconfirmed readings that findings stand on, and the amendments of their versions that were not seen."""
    for one in found:
        yield from (reading.id for reading in one.rule.interpretations if reading.status == "unconfirmed")
        if one.rule.unseen is not None and one.rule.unseen.bears_on(one.picked):
            yield one.rule.unseen.assumption


def _assumptions(
    asked: Asked, used: ClockVersion | None, out: Sequence[int], stands_on: Iterable[str]
) -> tuple[str, ...]:
    """What this verdict assumes: its clock and its findings."""
    names = set(stands_on)
    if used is not None:
        if out[clock.O_RESTARTED] and used.supplement_reading:
            names.add(used.supplement_reading)
        # Accepted and not yet with the competent authority: the version that asks for that was picked after its start.
        accepted = out[clock.O_ACCEPTED]
        picked = used.in_force.start if accepted < 0 else asked.timeline.day[accepted]
        if used.unseen is not None and used.unseen.bears_on(picked):
            names.add(used.unseen.assumption)
    return tuple(sorted(names))
