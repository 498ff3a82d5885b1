"""The account: for a period, every unit's figures, duties and breaches, and who held which post; as plain data."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tthc_rules.account import problems
from tthc_rules.account.answers import Answering
from tthc_rules.account.duties import duty_items, item_json
from tthc_rules.account.gather import BreachKey, UnitTally, by_officer, each_officer, gather, totals
from tthc_rules.account.ground import Ground, Item, worst
from tthc_rules.account.indicators import ENDED, NOT_YET, Basis, Stated, Value, by_due, compute
from tthc_rules.account.inputs import PETITION, Complete, Petition
from tthc_rules.account.organisation import Organisation
from tthc_rules.account.period import Period
from tthc_rules.account.petitions import once_each, petitions_json
from tthc_rules.account.problems import Remark
from tthc_rules.account.question import Given, Question, months_of
from tthc_rules.account.tally import CAPACITIES, ENDS, HANDLING, LATE, ONE_STOP, WIDTH, Tally, Unit, place_of
from tthc_rules.account.workdays import Workdays
from tthc_rules.account.written import (
    counts_json,
    definition_json,
    dossier_duty_json,
    duty_json,
    iso,
    office_json,
    size_of,
)
from tthc_rules.law.civil import date_of
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.indicator import DUE_SETS, PLAIN_SETS, Count, Indicator, Share, Total
from tthc_rules.law.rule import Rule
from tthc_rules.law.unit_duty import UnitDuty, causes_of

CALENDAR: Final = "vn"
"""By which calendar the workdays of units are counted."""
KNOWN_EVENTS: Final = frozenset({"inspection", "written_reminder", "corrective_request"})


@dataclass(frozen=True)
class Account:
    """An account as plain data, ready for JSON; it prepares what a competent person looks at and decides nothing."""

    data: Mapping[str, Any]

    @property
    def problems(self) -> list[str]:
        """The codes of what is wrong or missing in the input."""
        return [problem["code"] for problem in self.data["problems"]]

    def unit(self, name: str | None) -> Mapping[str, Any] | None:
        """The account of one unit, or nothing where it has none."""
        return next((unit for unit in self.data["units"] if unit["unit"] == name), None)

    def to_json(self, indent: int | None = None) -> str:
        """The account as a JSON text."""
        return json.dumps(self.data, ensure_ascii=False, indent=indent)


def make_account(
    corpus: Corpus,
    question: Question,
    given: Given,
    organisation: Organisation,
    periods: Sequence[Period],
    tally: Tally | None,
) -> Account:
    """The account from a tally; without one (a period that has not begun) it has no figures."""
    return Account(_Statement(corpus, question, given, organisation, tuple(periods), tally).make())


@dataclass
class _Statement:
    corpus: Corpus
    question: Question
    given: Given
    organisation: Organisation
    periods: tuple[Period, ...]
    tally: Tally | None
    remarks: list[Remark] = field(default_factory=list)
    bears: set[tuple[str, str]] = field(default_factory=set)

    def make(self) -> dict[str, Any]:
        question, tally = self.question, self.tally
        self.answering = Answering(self.organisation, self.corpus)
        self.indicators = {name: self._version(versions) for name, versions in sorted(self.corpus.indicators.items())}
        self.petitions, twice = once_each(self.given.petitions)
        self.remarks += [problems.petition_twice(name) for name in sorted(set(twice))]
        calendar = self.corpus.calendars.get(CALENDAR)
        self.workdays = Workdays(None if calendar is None else calendar.known_on(question.known_on))
        self.by_unit = {} if tally is None else gather(tally, self.organisation, question.closing)
        self._remark_question()
        units = [] if tally is None else [self._unit(name) for name in self._names()]
        self._remark_input()
        return {
            "format": 1,
            "period": {
                "id": question.period.id,
                "kind": question.period.kind,
                "first": iso(question.period.first),
                "last": iso(question.period.last),
            },
            "as_of": iso(question.as_of),
            "known_on": iso(question.known_on),
            "closing_day": iso(question.closing),
            "closed": question.as_of >= question.period.last,
            "rows": {
                "read": 0 if tally is None else tally.read,
                "errors": 0 if tally is None else tally.errors,
                "repeated": 0 if tally is None else tally.repeated,
                "left_out": {} if tally is None else dict(sorted(tally.left_out.items())),
            },
            "problems": [remark.as_json() for remark in self.remarks],
            "definitions": {name: definition_json(one, self._in_force(one)) for name, one in self.indicators.items()},
            "duties": {
                name: duty_json(self._duty(name, version), question.closing) for name, version in sorted(self.bears)
            },
            "dossier_duties": self._dossier_duties(units),
            "total": self._total(),
            "units": units,
            "officers": [] if tally is None else list(self._officers(tally)),
            "settings": self.given.settings.model_dump(),
            "digests": {"rules": self.corpus.digest, "judged_by": [] if tally is None else sorted(tally.rules)},
        }

    # -- what is wrong or missing --------------------------------------------------------------------------------------

    def _remark_question(self) -> None:
        question = self.question
        day = f"{date_of(question.as_of):%d/%m/%Y}"
        if not question.stated_as_of:
            self.remarks.append(problems.as_of_taken(day))
        if question.as_of < question.period.first:
            self.remarks.append(problems.period_in_future(question.period.id, day))
        elif question.as_of < question.period.last:
            self.remarks.append(problems.period_open(question.period.id, day))

    def _remark_input(self) -> None:
        tally = self.tally
        if tally is not None:
            if not any(any(counts[0]) for counts in tally.counts.values()):
                self.remarks.append(problems.no_dossier(self.question.period.id))
            if tally.errors:
                self.remarks.append(problems.error_rows(tally.errors))
            if tally.repeated:
                self.remarks.append(problems.twice(tally.repeated, tally.repeated_example))
            if tally.without_unit:
                self.remarks.append(problems.without_unit(tally.without_unit))
            self.remarks += [problems.left_out(count, why) for why, count in sorted(tally.left_out.items())]
            if len(tally.rules) > 1:
                self.remarks.append(problems.mixed_rules(len(tally.rules)))
        self.remarks += self.organisation.remarks
        self.remarks += self.answering.vacancies.remarks()
        later = sum(event.at > self.question.as_of for event in self.given.events)
        if later:
            self.remarks.append(problems.later_events(later, f"{date_of(self.question.as_of):%d/%m/%Y}"))
        known = set(KNOWN_EVENTS)
        for versions in self.corpus.unit_duties.values():
            known |= {version.event for version in versions}
            known |= {kind for version in versions for kind in causes_of(version.way)}
        strange = Counter(event.kind for event in self.given.events if event.kind not in known)
        self.remarks += [problems.unknown_event(kind, count) for kind, count in sorted(strange.items())]

    # -- the law behind it ---------------------------------------------------------------------------------------------

    def _version(self, versions: Sequence[Indicator]) -> Indicator:
        """The version in force on the period's last day; else the one that began last before it, else the first."""
        begun = [version for version in versions if version.in_force.start <= self.question.period.last]
        return (begun or list(versions[:1]))[-1]

    def _in_force(self, indicator: Indicator) -> bool:
        return indicator.is_on and indicator.in_force.covers(self.question.period.last, self.question.known_on)

    def _computed(self, indicator: Indicator, basis: Basis, others: Callable[[str], Value] | None = None) -> Value:
        """Its value; points end with the instrument that gives them, a share of dossiers can still be counted."""
        ends = indicator.in_force.known_end(self.question.known_on)
        if ends < self.question.period.last and not isinstance(indicator.way, Share):
            return Value(None, ENDED)
        if isinstance(indicator.way, Count) and not self._in_force(indicator):
            return Value(None, NOT_YET)
        return compute(indicator, basis, others)

    def _duty(self, name: str, version: str) -> UnitDuty:
        return next(one for one in self.corpus.unit_duties[name] if one.version == version)

    def _dossier_duties(self, units: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """What the duties are called that some unit's dossiers missed, and as what they count; own rules too."""
        named = {breach["duty"] for unit in units for breach in unit["breaches"]}
        by_duty: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.corpus.rule_versions():
            for duty in rule.duties:
                by_duty[duty].append(rule)
        return {
            duty: dossier_duty_json(duty, self._newest(by_duty[duty])) for duty in sorted(named) if by_duty.get(duty)
        }

    def _newest(self, versions: Sequence[Rule]) -> Rule:
        """The version that began last before the period was over."""
        begun = [version for version in versions if version.in_force.start <= self.question.period.last]
        return max(begun or versions, key=lambda version: version.in_force.start)

    # -- all units, all officers ---------------------------------------------------------------------------------------

    def _total(self) -> dict[str, Any]:
        counts = [0] * WIDTH if self.tally is None else totals(self.tally)[0]
        if self.tally is None:
            return {"counts": None, "indicators": {}}
        basis = Basis(counts, {}, False, {}, False, None, {}, "")
        shares = {name: one for name, one in self.indicators.items() if isinstance(one.way, Share)}
        return {
            "counts": counts_json(counts),
            "indicators": {name: self._figure(one, compute(one, basis), basis) for name, one in shares.items()},
        }

    def _officers(self, tally: Tally) -> Iterator[dict[str, Any]]:
        """Each officer's finished dossiers and points: an input to the rating of a person by a person."""
        closing = self.question.closing
        ends: dict[str, Counter[str]] = defaultdict(Counter)
        petitions: dict[str, Counter[str]] = defaultdict(Counter)
        fine: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        units: dict[str, set[str]] = defaultdict(set)
        for (name, officers, end, petition), count in tally.officer_ends.items():
            for officer in each_officer(officers):
                ends[officer][end] += count
                petitions[officer][end] += count * petition
                units[officer].add(self.organisation.current(name, closing) or "")
        for (_, officers, what, case), count in tally.officer_fine.items():
            for officer in each_officer(officers):
                fine[officer][what, case] += count
        late: Counter[str] = Counter()
        for (at, _, officers), count in tally.late_officers.items():
            if at == 0:
                for officer in each_officer(officers):
                    late[officer] += count
        totals_of = [(n, one) for n, one in self.indicators.items() if isinstance(one.way, Total)]
        for officer in sorted({*ends, *late}):
            counts = [0] * WIDTH
            for end in ENDS:
                counts[place_of(f"finished_{end}")] = ends[officer][end]
            at_units = sorted(units[officer])
            basis = Basis(
                counts,
                fine[officer],
                bool(fine[officer]),
                petitions[officer],
                bool(at_units) and all(self._petitions_known(unit) for unit in at_units),
                self._late_points(),
                {},
                "",
            )
            indicators = {}
            for name, one in totals_of:
                if isinstance(one.way, Total) and one.way.whose == "officer":
                    parts = {part: self._computed(self.indicators[part], basis) for part in one.way.of}
                    indicators[name] = self._figure(one, self._computed(one, basis, parts.__getitem__), None)
                    indicators |= {part: self._figure(self.indicators[part], v, None) for part, v in parts.items()}
            yield {
                "officer": officer,
                "units": at_units,
                "counts": {**{f"finished_{end}": ends[officer][end] for end in ENDS}, "late": late[officer]},
                "indicators": indicators,
            }

    # -- one unit ------------------------------------------------------------------------------------------------------

    def _names(self) -> list[Unit]:
        closing = self.question.closing
        happened = [event for event in self.given.events if event.at <= self.question.as_of]
        named = {self.organisation.current(event.unit, closing) for event in happened}
        named |= {self.organisation.current(post.unit, closing) for post in self.given.posts}
        named |= {self.organisation.current(petition.unit, closing) for petition in self.petitions}
        named |= set(self.organisation.registered(closing))
        named |= {name for name in self.by_unit if name is not None}
        found = sorted(name for name in named if name)
        return [*found, None] if None in self.by_unit else [*found]

    def _unit(self, name: Unit) -> dict[str, Any]:
        unit = self.by_unit.get(name) or UnitTally()
        record = self.organisation.record(name, self.question.closing)
        kind = "" if record is None else record.kind or ""
        facts = self._facts(name)
        basis = self._basis(name, unit, 0, facts, kind)
        values = self._values(basis)
        figures = {n: self._figure(self.indicators[n], value, basis) for n, value in values.items()}
        zero = [n for n, value in values.items() if value.reason == "zero_denominator"]
        if zero and (name is not None):
            self.remarks.append(problems.zero_denominator(name, ", ".join(sorted(zero))))
        ground = self._ground(name, unit, kind, facts)
        items = [] if name is None or ground is None else list(duty_items(self.corpus.unit_duties, ground))
        self.bears |= {(item.duty, item.version) for item in items}
        breaches = self.answering.breaches(unit)
        late = self.answering.lateness(unit, self.question.closing)
        names = {name, *unit.names} - {None}
        return {
            "unit": name,
            "name": None if record is None else record.name,
            "kind": kind or None,
            "jurisdiction": None if record is None else record.jurisdiction,
            "superior": None if record is None else record.superior,
            "as": [capacity for capacity in CAPACITIES if capacity in unit.counts],
            "formerly": sorted(unit.names - {name or ""}),
            "posts": list(self._posts(names)),
            "offices": list(self._offices(name, kind)),
            "counts": counts_json(unit.counted(0)),
            "indicators": figures,
            "series": [self._month(name, unit, month) for month in months_of(self.question)],
            "duties": [item_json(item, self._persons(name, item)) for item in items],
            "breaches": breaches,
            "late": late,
            "late_list": list(self._late_list(unit)),
            "steps": self._steps(unit),
            "petitions": petitions_json(self._petitions_of(name), self.question.period.first, self.question.closing),
            "rating": self._rating(names, unit, values, items, breaches),
        }

    def _facts(self, name: Unit) -> dict[str, Stated]:
        """The latest of each fact that the unit stated up to the closing day."""
        closing = self.question.closing
        own = [f for f in self.given.facts if f.at <= closing and self.organisation.current(f.unit, closing) == name]
        return {fact.name: Stated(fact.count, fact.of) for fact in sorted(own, key=lambda fact: fact.at)}

    def _basis(self, name: Unit, unit: UnitTally, period: int, facts: Mapping[str, Stated], kind: str) -> Basis:
        capacity = unit.capacity
        return Basis(
            unit.counted(period),
            unit.fine[capacity] if period == 0 else {},
            period == 0 and bool(unit.fine[capacity]),
            unit.petitions[capacity] if period == 0 else {},
            period == 0 and self._petitions_known(name),
            self._late_points(),
            facts,
            kind,
        )

    def _late_points(self) -> int | None:
        written = self.given.settings.late_without_petition
        return None if written == "undefined" else int(written)

    def _petitions_known(self, name: Unit) -> bool:
        spans = sorted((c.from_, c.to) for c in self._complete(name) if c.kind == PETITION)
        day = self.question.period.first
        for start, end in spans:
            if start <= day:
                day = max(day, end + 1)
        return day > self.question.closing

    def _complete(self, name: Unit) -> tuple[Complete, ...]:
        closing = self.question.closing
        return tuple(
            one
            for one in self.given.complete
            if one.unit is None or self.organisation.current(one.unit, closing) == name
        )

    def _values(self, basis: Basis) -> dict[str, Value]:
        plain = {n: self._computed(one, basis) for n, one in self.indicators.items() if not isinstance(one.way, Total)}
        whole = {
            n: self._computed(one, basis, plain.__getitem__)
            for n, one in self.indicators.items()
            if isinstance(one.way, Total) and one.way.whose == "unit"
        }
        return {**plain, **whole}

    def _figure(self, indicator: Indicator, value: Value, basis: Basis | None) -> dict[str, Any]:
        said = value.as_json()
        if basis is not None and value.reason not in (ENDED, NOT_YET) and (dues := by_due(indicator, basis)):
            said["by_due"] = {due: one.as_json() for due, one in dues.items()}
        return said

    def _ground(self, name: Unit, unit: UnitTally, kind: str, facts: Mapping[str, Stated]) -> Ground | None:
        closing = self.question.closing
        record = self.organisation.record(name, closing)
        kinds = frozenset(({kind} if kind else set()) | ({ONE_STOP} if ONE_STOP in unit.counts else set()))
        if name is not None and not kind and (HANDLING in unit.counts or not kinds):
            self.remarks.append(problems.unit_without_kind(name))
        if not kinds or name is None:
            return None
        level = self.corpus.levels.get(kind)
        if level is not None and closing > level.until:
            said = (level.label["vi"], level.label["en"])
            self.remarks.append(problems.level_gone(name, said, f"{date_of(level.until):%d/%m/%Y}"))
        events = [
            event
            for event in self.given.events
            if event.at <= self.question.as_of and self.organisation.current(event.unit, closing) == name
        ]
        late = {capacity: _by_due_date(counted) for capacity, counted in unit.late.items()}
        still_open = {key: count for key, count in unit.late[HANDLING].items() if key[3]}
        synced = unit.fine[unit.capacity]
        pair = (synced["synced", "yes"], synced["synced", "yes"] + synced["synced", "no"])
        return Ground(
            name,
            kinds,
            "" if record is None else record.jurisdiction or "",
            self.question.period,
            closing,
            self.question.as_of,
            self.question.known_on,
            events,
            self._complete(name),
            facts,
            self.given.settings,
            late,
            _by_due_date(still_open),
            unit.apologies,
            self._late_in(name),
            self._measure(name, unit, facts, kind),
            _by_day(unit.breaches),
            pair if unit.fine[unit.capacity] else None,
            self._late_below(name),
            lambda roles: _by_day(unit.breaches, frozenset(roles)),
            self._petitions_of(name),
            self.workdays,
        )

    def _petitions_of(self, name: Unit) -> list[Petition]:
        closing = self.question.closing
        return [p for p in self.petitions if p.unit and self.organisation.current(p.unit, closing) == name]

    def _late_below(self, name: str) -> Callable[[], Counter[int]]:
        def late_below() -> Counter[int]:
            names = self.organisation.below(name, self.question.closing)
            found = [_by_due_date(self.by_unit[one].late[HANDLING]) for one in names if one in self.by_unit]
            return sum(found, Counter())

        return late_below

    def _late_in(self, name: str) -> Callable[[Period, bool], int]:
        def late_in(month: Period, with_below: bool) -> int:
            at = self.periods.index(month)
            names = self.organisation.below(name, self.question.closing) if with_below else {name}
            found = [self.by_unit[one] for one in names if one in self.by_unit]
            return sum(one.counted(at)[LATE] for one in found)

        return late_in

    def _measure(
        self, name: Unit, unit: UnitTally, facts: Mapping[str, Stated], kind: str
    ) -> Callable[[str, Period | None], Value]:
        def measure(indicator: str, period: Period | None) -> Value:
            if period is not None and period not in self.periods:
                return Value(None, "no_facts")
            at = 0 if period is None else self.periods.index(period)
            basis = self._basis(name, unit, at, facts, kind)
            return self._values(basis)[indicator] if indicator in self.indicators else Value(None, "no_facts")

        return measure

    def _month(self, name: Unit, unit: UnitTally, month: Period) -> dict[str, Any]:
        counts = unit.counted(self.periods.index(month))
        basis = Basis(counts, {}, False, {}, False, None, {}, "")
        shares = {n: one for n, one in self.indicators.items() if isinstance(one.way, Share)}
        return {
            "period": month.id,
            "counts": {s: size_of(counts, s) for s in (*PLAIN_SETS, *DUE_SETS[:5])},
            "indicators": {n: compute(one, basis).as_json()["value"] for n, one in shares.items()},
        }

    def _late_list(self, unit: UnitTally) -> Iterator[dict[str, Any]]:
        """For each month with late dossiers, the officers in them: what a list would hold; posting it is for people."""
        for month in months_of(self.question):
            at = self.periods.index(month)
            late = unit.counted(at, HANDLING)[LATE]
            if late:
                officers = by_officer({names: n for (period, names), n in unit.late_officers.items() if period == at})
                listed = [{"officer": officer, "count": count} for officer, count in sorted(officers.items())]
                yield {"month": month.id, "late": late, "officers": listed}

    def _steps(self, unit: UnitTally) -> dict[str, Any] | None:
        if not unit.steps:
            return None
        states: Counter[str] = Counter()
        answers: Counter[tuple[Unit, str]] = Counter()
        for (name, state, due), count in unit.steps.items():
            states[state] += count
            if state != "in_time":
                held = self.organisation.holders(name, "head_of_unit", due)
                for person in [post.person for post in held] or [""]:
                    answers[name, person] += count
        named = sorted(answers.items(), key=lambda one: (one[0][0] or "", one[0][1]))
        return {
            "assigned": sum(states.values()),
            **{state: states[state] for state in ("in_time", "late", "open_late")},
            "answers": [
                {"role": "head_of_unit", "unit": name, "person": person or None, "count": n}
                for (name, person), n in named
            ],
        }

    def _persons(self, name: Unit, item: Item) -> list[str]:
        duty = self._duty(item.duty, item.version)
        found = self.organisation.holders(name, duty.role, item.asked_on or self.question.closing)
        return [post.person for post in found]

    def _posts(self, names: set[Any]) -> Iterator[dict[str, Any]]:
        for post, days in self.organisation.tenures(names, self.question.period.first, self.question.closing):
            until = None if post.to is None else iso(post.to)
            yield {
                "unit": post.unit,
                "role": post.role,
                "person": post.person,
                "from": iso(post.from_),
                "to": until,
                "days": days,
            }

    def _offices(self, name: Unit, kind: str) -> Iterator[dict[str, Any]]:
        """Who holds the posts of a unit of that level by law, as it changes in the period."""
        question = self.question
        record = self.organisation.record(name, question.closing)
        above = None if record is None else self.organisation.record(record.superior, question.closing)
        levels = {kind} | ({above.kind or ""} if kind == ONE_STOP and above is not None else set())
        for versions in self.corpus.offices.values():
            for office in versions:
                first = max(question.period.first, office.in_force.start)
                last = min(question.closing, office.in_force.known_end(question.known_on))
                if first <= last and levels & set(office.levels) and office.in_force.issued_on <= question.known_on:
                    yield office_json(office, first, last)

    def _rating(
        self,
        names: set[Any],
        unit: UnitTally,
        values: Mapping[str, Value],
        items: Sequence[Item],
        breaches: Sequence[Mapping[str, Any]],
    ) -> dict[str, Any]:
        """What is handed to the yearly rating of the unit, its head and deputies; it is no grade."""
        duties: dict[str, list[str]] = defaultdict(list)
        for item in items:
            duties[item.duty].append(item.outcome)
        return {
            "class": "rating_input",
            "ratios": {n: values[n].as_json() for n, one in self.indicators.items() if isinstance(one.way, Share)},
            "scores": {n: values[n].as_json() for n, one in self.indicators.items() if n in values and _is_total(one)},
            "late": unit.counted(0)[LATE],
            "missing_apologies": _size_of(unit.apologies, "no"),
            "unknown_apologies": _size_of(unit.apologies, "unknown"),
            "breaches": {breach["duty"]: breach["count"] for breach in breaches},
            "duties": {name: worst(outcomes) for name, outcomes in sorted(duties.items())},
            "persons": [post for post in self._posts(names) if post["role"] in ("head_of_unit", "deputy_head")],
        }


def _is_total(indicator: Indicator) -> bool:
    return isinstance(indicator.way, Total)


def _by_due_date(counted: Mapping[tuple[Unit, str | None, int, bool], int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for (_, _, due, _), count in counted.items():
        found[due] += count
    return found


def _by_day(breaches: Mapping[str, Counter[BreachKey]], roles: frozenset[str] = frozenset()) -> Counter[int]:
    """Breaches by their day; of some roles only, where roles are named."""
    found: Counter[int] = Counter()
    for counted in breaches.values():
        for (_, day, answering, *_), count in counted.items():
            if not roles or roles & set(answering):
                found[day] += count
    return found


def _size_of(apologies: Mapping[tuple[int, str], int], state: str) -> int:
    return sum(count for (_, said), count in apologies.items() if said == state)
