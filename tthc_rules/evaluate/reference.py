"""The reference engine: a dossier, a day, what was known -> a verdict, with everything that led to it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final, cast

from tthc_rules.errors import DossierError, OptionError, Problem, not_text, shown, unknown_word
from tthc_rules.evaluate.interpret import Found, judge
from tthc_rules.evaluate.verdict import (
    Answer,
    CitationRecord,
    ClockRecord,
    Digests,
    DutyRecord,
    Finding,
    Note,
    Verdict,
)
from tthc_rules.law import clock
from tthc_rules.law.civil import FIRST_DATE, LAST_DATE, date_of, day_of
from tthc_rules.law.codes import (
    ALL_FIRST,
    ALL_SINCE,
    KINDS,
    NOTES,
    POLICIES,
    PUNCTUALITY,
    REASONS,
    EndKind,
    NoteCode,
    blank,
)
from tthc_rules.law.complaints import MOST
from tthc_rules.law.corpus import Corpus, HoursTable
from tthc_rules.law.dossier import Dossier, NoTimeLimit, TimeLimit
from tthc_rules.law.facts import Facts, Seen
from tthc_rules.law.limits import limit_columns, limit_of
from tthc_rules.law.observed import hidden_from
from tthc_rules.law.office_hours import HoursColumns, hours_columns
from tthc_rules.law.regimes import Regimes
from tthc_rules.law.rule import CatalogueEntry, Citation, ClockVersion, Obligation, Overlay, Rule
from tthc_rules.law.statute import Statute
from tthc_rules.law.timeline import Oddity, Timeline, timeline_of, unknown_names
from tthc_rules.law.workdays import Calendar, CalendarLaw

DEFAULT_FAMILY: Final = "one_stop"
DEFAULT_CALENDAR: Final = "vn"
DEFAULT_HOURS: Final = "default"
_BLANK: Final = blank(2 * clock.N_KINDS)
_COLUMNS: Final = len(_BLANK)
_FIRST_OF_ALL: Final = ALL_FIRST[0]
_FIRST_SINCE: Final = ALL_SINCE[0]
Judge = Callable[[Statute, Facts, Sequence[Overlay]], list[Found]]
"""The rule layer: what governs, the facts, what the place adds -> every duty and limit."""
_FAULTS: Final = frozenset({"missed", "met_late", "broken"})


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the last day that exists, what was known, which lateness, and whose calendar and hours."""

    as_of: date
    known_on: date
    lateness: str = "by_date"
    calendar: str | None = None
    hours: str | None = None
    strict: bool = False
    """Whether a name that nobody knows is refused instead of noted."""


@dataclass(slots=True)
class Trace:
    """Everything a verdict was made of, for its explanation."""

    dossier: Dossier
    question: Question
    timeline: Timeline
    clock_version: ClockVersion | None
    limit: TimeLimit | NoTimeLimit | None
    entry: CatalogueEntry | None
    calendar: Calendar
    family_rules: Mapping[str, tuple[Rule, ...]]
    facts: Facts | None
    found: list[Found]
    out: list[int]
    mark: list[int]
    due_then: list[int]
    stops: list[tuple[int, int]] = field(default_factory=list)
    """What does not count on the way: (after this day, up to and including that)."""
    other_reading: Callable[[str], Verdict] | None = None
    """The verdict under the other reading of an interpretation of the clock."""


@dataclass(frozen=True, slots=True)
class _Tables:
    """A calendar as known when the dossier was accepted, and as known when the question is asked, for the clock."""

    edition: bytes
    now: int
    idx: tuple[int, ...]
    nth: tuple[int, ...]


@dataclass
class ReferenceEngine:
    """Holds the law and the tables made from it; every answer depends only on its arguments."""

    corpus: Corpus
    judge: Judge | None = None
    """Who decides the rule layer instead of the interpreter."""
    _regimes: dict[tuple[str, int], Regimes] = field(default_factory=dict)
    _statutes: dict[tuple[str, str, int], Statute] = field(default_factory=dict)
    _tables: dict[tuple[str, int, int], _Tables] = field(default_factory=dict)
    _hours: dict[tuple[str, str, int], HoursColumns] = field(default_factory=dict)
    _duties: dict[int, DutyRecord] = field(default_factory=dict)
    _kept: dict[int, Finding] = field(default_factory=dict)
    _records: dict[int, tuple[CitationRecord, ...]] = field(default_factory=dict)
    _digests: dict[tuple[str, int], Digests] = field(default_factory=dict)

    def evaluate(self, dossier: Dossier, question: Question, flipped: str = "") -> Verdict:
        """The verdict on one dossier. Data never raises here: what cannot be said is `undetermined`, with a reason.

        `flipped` names a reading of the clock to be taken the other way, for the explanation.
        """
        self.check_question(question)
        self._check_place(dossier)
        if question.strict and (odd := unknown_names(dossier)):
            raise DossierError(_unknown_name(dossier.dossier_id, oddity) for oddity in odd[:MOST])
        as_of, known_on = day_of(question.as_of), day_of(question.known_on)
        line = timeline_of(dossier, as_of)
        accepted = self._acceptance_day(line, as_of)
        entry = self._entry(dossier, accepted)
        family = entry.family if entry is not None else DEFAULT_FAMILY
        regimes = self.regimes_of(family, known_on)
        if flipped:
            regimes = regimes.with_other(flipped)
        limit = dossier.time_limit if dossier.time_limit is not None else limit_of(entry)
        used = regimes.at(accepted)
        law = self.calendar_law(question.calendar or (DEFAULT_CALENDAR if used is None else used.calendar))
        calendar = law.known_on(known_on)
        then = law.known_on(min(accepted, known_on))
        trace = self._run(dossier, question, line, regimes, limit, calendar, then)
        trace.entry = entry
        trace.other_reading = lambda name: self.evaluate(dossier, question, name)
        place = f"local/{dossier.jurisdiction}" if family == DEFAULT_FAMILY else ""
        trace.family_rules = self._rules_of(family, place)
        if trace.out[clock.O_START] >= 0:
            trace.facts = _facts(trace, as_of, known_on)
            statute = self.statute_of(family, place, known_on)
            trace.found = (self.judge or judge)(statute, trace.facts, self.corpus.overlays.get(place, ()))
        return self._verdict(trace)

    def _rules_of(self, family: str, place: str) -> Mapping[str, tuple[Rule, ...]]:
        """The national rules, and beside them those of the place."""
        national, local = self.corpus.rules.get(family, {}), self.corpus.rules.get(place)
        return {**national, **local} if local else national

    def statute_of(self, family: str, place: str, known_on: int) -> Statute:
        """The rules that may govern dossiers of a family and place, as known on a day."""
        key = (family, place, self.edition(known_on))
        found = self._statutes.get(key)
        if found is None:
            found = self._statutes[key] = Statute(self._rules_of(family, place).values(), known_on)
        return found

    @cached_property
    def _turns(self) -> list[int]:
        """The days on which a version, or the end of one, became known, ascending."""
        spans = [version.in_force for clocks in self.corpus.clocks.values() for version in clocks]
        spans += [v.in_force for rules in self.corpus.rules.values() for versions in rules.values() for v in versions]
        spans += [overlay.in_force for overlays in self.corpus.overlays.values() for overlay in overlays]
        known = {span.issued_on for span in spans} | {
            span.end_known_on for span in spans if span.end_known_on is not None
        }
        return sorted(known)

    def edition(self, known_on: int) -> int:
        """Two days with one edition know the same law: what is made for one serves the other."""
        return bisect_right(self._turns, known_on)

    # -- the question --------------------------------------------------------------------------------------------------

    def check_question(self, question: Question) -> None:
        """Raise `OptionError` where the question names what nobody knows."""
        for name in ("lateness", "calendar", "hours"):
            given = getattr(question, name)
            if given is not None and not isinstance(given, str):
                raise OptionError(not_text(name))
        corpus = self.corpus
        for name, code, known, vi, en in (
            ("lateness", "TR-option-lateness", POLICIES, "cách tính trễ hạn", "lateness policy"),
            ("calendar", "TR-option-calendar", corpus.calendars, "lịch", "calendar"),
            ("hours", "TR-option-hours", corpus.hours, "giờ làm việc", "hours table"),
        ):
            given = getattr(question, name)
            if given is not None and given not in known:
                raise OptionError(unknown_word(name, vi, en, given, tuple(known), code))
        if not FIRST_DATE <= question.as_of <= LAST_DATE:
            raise OptionError(_as_of_outside(question.as_of))

    def _check_place(self, dossier: Dossier) -> None:
        if dossier.jurisdiction is not None and dossier.jurisdiction not in self.corpus.jurisdictions:
            known = tuple(self.corpus.jurisdictions)
            words = ("địa phương", "jurisdiction", dossier.jurisdiction, known, "TR-dossier-jurisdiction")
            raise DossierError(unknown_word(f"{dossier.dossier_id}: jurisdiction", *words))

    @staticmethod
    def _acceptance_day(line: Timeline, as_of: int) -> int:
        """The day that the catalogue and the calendar of the promise are asked about."""
        for code in (clock.ACCEPTED, clock.RECEIVED_BY_COMPETENT):
            if code in line.kind:
                return line.day[line.kind.index(code)]
        return as_of

    def _entry(self, dossier: Dossier, day: int) -> CatalogueEntry | None:
        rows = self.corpus.catalogue.get(dossier.procedure or "", ())
        return next((r for r in rows if r.start <= day and (r.until is None or day <= r.until)), None)

    def regimes_of(self, family: str, known_on: int) -> Regimes:
        """The clock versions of a family, as known on a day."""
        key = (family, self.edition(known_on))
        found = self._regimes.get(key)
        if found is None:
            found = self._regimes[key] = Regimes.known_on(self.corpus.clocks.get(family, ()), known_on)
        return found

    def calendar_law(self, name: str) -> CalendarLaw:
        """The calendar of that name; raises `OptionError`."""
        law = self.corpus.calendars.get(name)
        if law is None:
            known = tuple(self.corpus.calendars)
            raise OptionError(unknown_word("calendar", "lịch", "calendar", name, known, "TR-option-calendar"))
        return law

    # -- the clock -----------------------------------------------------------------------------------------------------

    def _run(
        self,
        dossier: Dossier,
        question: Question,
        line: Timeline,
        regimes: Regimes,
        limit: TimeLimit | NoTimeLimit | None,
        calendar: Calendar,
        then: Calendar,
    ) -> Trace:
        n = len(line.kind)
        amount, unit, cutoff, awaits = limit_columns(limit)
        tables = self._tables_of(calendar, then)
        hours: HoursColumns = ((), (), ())
        if unit == clock.WORK_HOUR:
            table = self.hours_table(dossier.jurisdiction, question.hours)
            hours = self._hours_of(table, calendar)
            if then is not calendar:
                hours = (self._hours_of(table, then)[0] + hours[0], hours[1], hours[2])
        out = _BLANK[:]
        stop_from, stop_to = [0] * (n + 1), [0] * (n + 1)
        mark, due_then = [0] * n, [clock.NONE] * n
        clock.run(
            1, (0,), (n,), line.kind, line.day, line.minute, line.x, line.y, line.tag, line.flags,
            (amount,), (unit,), (cutoff,), (awaits,), (int(dossier.filed_elsewhere),), (hidden_from(dossier),),
            day_of(question.as_of), POLICIES[question.lateness],
            regimes.start, regimes.until, regimes.supplement, regimes.elsewhere, regimes.pause, regimes.receipt,
            regimes.soon,
            calendar.base, calendar.last, tables.edition, tables.now, tables.idx, tables.nth, calendar.provisional,
            hours[0], hours[1], hours[2],
            stop_from, stop_to, [0] * (n + 1), [0] * (n + 1), [0] * (n + 1), [0] * (n + 1),
            ALL_FIRST, ALL_SINCE, _FIRST_SINCE, _COLUMNS, out, mark, due_then,
        )  # fmt: skip
        version = regimes.versions[out[clock.O_REGIME]] if out[clock.O_REGIME] >= 0 else None
        stops = list(zip(stop_from, stop_to, strict=True))[: out[clock.O_STOPS]] if out[clock.O_STOPS] else []
        return Trace(dossier, question, line, version, limit, None, calendar, {}, None, [], out, mark, due_then, stops)

    def _tables_of(self, calendar: Calendar, then: Calendar) -> _Tables:
        key = (calendar.law.id, then.edition, calendar.edition)
        found = self._tables.get(key)
        if found is None:
            if then is calendar:
                found = _Tables(bytes(len(calendar.idx)), 0, calendar.idx, calendar.nth)
            else:
                columns = then.idx + calendar.idx, then.nth_padded + calendar.nth
                found = _Tables(bytes(len(calendar.idx)), 1, *columns)
            self._tables[key] = found
        return found

    def hours_table(self, jurisdiction: str | None, named: str | None) -> HoursTable:
        """The office hours that were asked for, else those of the place, else the ordinary ones."""
        if named is not None:
            return self.corpus.hours[named]
        for table in self.corpus.hours.values():
            if jurisdiction in table.jurisdictions:
                return table
        if DEFAULT_HOURS not in self.corpus.hours:
            words = ("giờ làm việc", "hours table", DEFAULT_HOURS, tuple(self.corpus.hours), "TR-option-hours")
            raise OptionError(unknown_word("hours", *words))
        return self.corpus.hours[DEFAULT_HOURS]

    def _hours_of(self, table: HoursTable, calendar: Calendar) -> HoursColumns:
        """Work minutes before each day, the timetable of each day, and the timetables (two shifts, four numbers)."""
        key = (table.id, calendar.law.id, calendar.edition)
        found = self._hours.get(key)
        if found is None:
            found = self._hours[key] = hours_columns(table, calendar)
        return found

    # -- the answer ----------------------------------------------------------------------------------------------------

    def _verdict(self, trace: Trace) -> Verdict:
        out, question = trace.out, trace.question
        used = trace.clock_version
        limits = [self._finding(found) for found in trace.found if found.limit is not None]
        duties = [self._finding(found) for found in trace.found if found.obligation is not None]
        key = (trace.calendar.law.id, trace.calendar.edition)
        digests = self._digests.get(key)
        if digests is None:
            digests = self._digests[key] = Digests(rules=self.corpus.digest, calendar=trace.calendar.digest)
        verdict = Verdict(
            dossier_id=trace.dossier.dossier_id,
            as_of=question.as_of,
            known_on=question.known_on,
            lateness=question.lateness,
            clock=self._clock(trace),
            punctuality=PUNCTUALITY[out[clock.O_PUNCTUALITY]],
            workdays_late=_number(out[clock.O_WORKDAYS_LATE]),
            days_late=_number(out[clock.O_DAYS_LATE]),
            punctuality_current=PUNCTUALITY[out[clock.O_PUNCTUALITY_CURRENT]],
            workdays_late_current=_number(out[clock.O_WORKDAYS_LATE_CURRENT]),
            days_late_current=_number(out[clock.O_DAYS_LATE_CURRENT]),
            obligations=tuple(duties),
            limits=tuple(limits),
            notes=self._notes(trace),
            assumptions=_assumptions(used, out, trace.found),
            digests=digests,
        )
        verdict._trace = trace
        return verdict

    def _clock(self, trace: Trace) -> ClockRecord:
        out, line = trace.out, trace.timeline
        end = out[clock.O_END]
        start, accepted = out[clock.O_START], out[clock.O_ACCEPTED]
        minute = out[clock.O_LAWFUL_MINUTE]
        due_time = None
        if out[clock.O_LAWFUL_DAY] != clock.NONE and minute < 1440:
            due_time = f"{minute // 60:02d}:{minute % 60:02d}"
        used = trace.clock_version
        return ClockRecord(
            version=None if used is None or start < 0 else used.version,
            accepted_on=None if accepted < 0 else date_of(line.day[accepted]),
            started_on=None if start < 0 else date_of(line.day[out[clock.O_LAST_START]]),
            original_due=_date(out[clock.O_ORIGINAL_DAY]),
            lawful_due=_date(out[clock.O_LAWFUL_DAY]),
            current_due=_date(out[clock.O_CURRENT_DAY]),
            promised_due=_promise(out),
            due_time=due_time,
            reappointed_due=_date(out[clock.O_REAPPOINTED_DAY]),
            finished_on=None if end < 0 else date_of(line.day[end]),
            ended_by=None if end < 0 else cast("EndKind", line.events[end].kind),
            paused=bool(out[clock.O_PAUSED]),
            provisional=None if out[clock.O_NOTES] & clock.ACCEPTANCE_UNKNOWN else bool(out[clock.O_PROVISIONAL]),
            reason=REASONS[out[clock.O_REASON]],
            calendar=trace.calendar.law.id,
            citations=() if used is None else self._citations(used.citations),
        )

    def _finding(self, found: Found) -> Finding:
        rule, duty = found.rule, found.obligation
        if found.limit is not None and found.outcome == "kept":
            # A limit that is kept has neither a date nor anyone to answer: the same finding for every dossier.
            kept = self._kept.get(id(found.limit))
            if kept is None:
                kept = Finding(found.id, found.outcome, None, None, (), self._duty(rule, None))
                self._kept[id(found.limit)] = kept
            return kept
        answers: tuple[Answer, ...] = ()
        if found.outcome in _FAULTS:
            answers = tuple(
                Answer(one.role, one.unit, one.consequence, act.version, self._citations(act.citations))
                for one, act in found.answers()
            )
        return Finding(
            found.id,
            found.outcome,
            None if found.act_by is None else date_of(found.act_by),
            None if found.done_on is None else date_of(found.done_on),
            answers,
            self._duty(rule, duty),
        )

    def _duty(self, rule: Rule, duty: Obligation | None) -> DutyRecord:
        found = self._duties.get(id(duty or rule))
        if found is None:
            found = self._duties[id(duty or rule)] = DutyRecord(
                dict(rule.label),
                "" if duty is None else duty.owed_by,
                "" if duty is None else duty.to,
                rule.id,
                rule.version,
                self._citations(rule.citations),
            )
        return found

    def _citations(self, citations: tuple[Citation, ...]) -> tuple[CitationRecord, ...]:
        found = self._records.get(id(citations))
        if found is None:
            found = self._records[id(citations)] = tuple(
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

    def _notes(self, trace: Trace) -> tuple[Note, ...]:
        line, out = trace.timeline, trace.out
        notes = [Note(o.code, None if o.event < 0 else o.event, o.name, o.nearest) for o in line.notes]
        left = out[clock.O_NOTES]
        if left:
            for at, mark in enumerate(trace.mark):
                for bit, code in NOTES.items():
                    if mark & bit:
                        notes.append(Note(code, line.origin[at]))
                        left &= ~bit
            notes += [Note(code) for bit, code in NOTES.items() if left & bit]
        reason = out[clock.O_REASON]
        if reason not in (clock.KNOWN, clock.LIMIT_IS_NONE):
            notes.append(Note(cast("NoteCode", REASONS[reason])))
        for found in trace.found:
            if found.note and Note(found.note) not in notes:
                notes.append(Note(found.note))
        if trace.dossier.jurisdiction is not None:
            notes += self._place_notes(trace.dossier.jurisdiction, trace)
        return tuple(notes)

    def _place_notes(self, jurisdiction: str, trace: Trace) -> list[Note]:
        place = self.corpus.jurisdictions[jurisdiction]
        start = trace.out[clock.O_START]
        day = trace.question.as_of if start < 0 else date_of(trace.timeline.day[start])
        family = f"local/{jurisdiction}"
        has_own = family in self.corpus.rules or family in self.corpus.overlays
        notes = [] if has_own else [Note("no_overlay")]
        if (place.until is not None and day > place.until) or (place.start is not None and day < place.start):
            notes.append(Note("jurisdiction_not_in_force"))
        return notes


# -- facts -------------------------------------------------------------------------------------------------------------


def _facts(trace: Trace, as_of: int, known_on: int) -> Facts:
    out, line = trace.out, trace.timeline
    accepted = out[clock.O_ACCEPTED]
    seen = _seen(out, line)
    return Facts(
        as_of,
        known_on,
        trace.calendar,
        {
            "accepted": line.day[accepted],
            "original_due": _number(out[clock.O_ORIGINAL_DAY]),
            "lawful_due": _number(out[clock.O_LAWFUL_DAY]),
            "current_due": _number(out[clock.O_CURRENT_DAY]),
            "promised_due": _number(out[clock.O_PROMISED_DAY]),
            "reappointed_due": _number(out[clock.O_REAPPOINTED_DAY]),
        },
        seen,
        seen.each,
        line.minute[accepted],
        out[clock.O_LAWFUL_MINUTE] if out[clock.O_LAWFUL_DAY] != clock.NONE else 1440,
        bool(out[clock.O_PAUSED]),
        trace.dossier.channel or "in_person",
        out[clock.O_REQUESTS],
        (
            _number(out[clock.O_REQUEST_2]),
            _number(out[clock.O_REQUEST_3]),
            _number(out[clock.O_REQUEST_LAST]),
        ),
        out[clock.O_RETURN_RANK],
        out[clock.O_REAPPOINTMENTS],
        out[clock.O_END] >= 0,
        hidden_from(trace.dossier),
        out[clock.O_UNSURE],
    )


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
        elif event == "result":
            both = [i for code in (clock.RESULT_ISSUED, clock.RESULT_RETURNED) if (i := out[_FIRST_OF_ALL + code]) >= 0]
            at = min(both, default=-1)
        else:
            columns = _FIRST_OF_ALL if since == "acceptance" else _FIRST_SINCE
            at = out[columns + KINDS[event]]
        return None if at < 0 else Seen(line.day[at], line.minute[at], line.flags[at])

    def each(self, event: str, since: str) -> list[Seen]:
        """All events of a kind, from the first that counts."""
        out, line = self.out, self.line
        first = out[(_FIRST_OF_ALL if since == "acceptance" else _FIRST_SINCE) + KINDS[event]]
        places = range(first, len(line.kind)) if first >= 0 else ()
        return [Seen(line.day[i], line.minute[i], line.flags[i]) for i in places if line.kind[i] == KINDS[event]]


# -- small conversions -------------------------------------------------------------------------------------------------


def _number(value: int) -> int | None:
    return None if value == clock.NONE else value


def _date(day: int) -> date | None:
    return None if day == clock.NONE else date_of(day)


def _promise(out: Sequence[int]) -> date | datetime | None:
    day, minute = out[clock.O_PROMISED_DAY], out[clock.O_PROMISED_MINUTE]
    if day == clock.NONE:
        return None
    if not 0 <= minute < 1440:
        return date_of(day)
    return datetime.combine(date_of(day), datetime.min.time()) + timedelta(minutes=minute)


def _assumptions(used: ClockVersion | None, out: Sequence[int], found: Sequence[Found]) -> tuple[str, ...]:
    """The unconfirmed interpretations that this verdict stands on."""
    names = []
    if used is not None and out[clock.O_RESTARTED] and used.supplement_reading:
        names.append(used.supplement_reading)
    for one in found:
        names += [reading.id for reading in one.rule.interpretations if reading.status == "unconfirmed"]
    return tuple(dict.fromkeys(names))


def _unknown_name(dossier_id: str, odd: Oddity) -> Problem:
    """A name that is refused under `strict`."""
    place = dossier_id if odd.event < 0 else f"{dossier_id}: events[{odd.event}]"
    if odd.code == "unknown_kind":
        return Problem(
            "TR-input-unknown-kind",
            f"{place}.kind",
            f"không có loại sự kiện «{shown(odd.name or '')}»",
            f"there is no kind of event “{shown(odd.name or '')}”",
            nearest=odd.nearest or "",
        )
    return Problem(
        "TR-input-unknown-field",
        f"{place}{': ' if odd.event < 0 else '.'}{shown(odd.name or '')}",
        f"không có trường «{shown(odd.name or '')}» ở đây",
        f"there is no field “{shown(odd.name or '')}” here",
        nearest=odd.nearest or "",
    )


def _as_of_outside(as_of: date) -> Problem:
    return Problem(
        "TR-as-of-range",
        "as_of",
        f"ngày xét {as_of} nằm ngoài 1990–2100",
        f"the day asked about, {as_of}, lies outside 1990–2100",
    )
