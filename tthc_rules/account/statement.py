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
from tthc_rules.account.figures import Figures
from tthc_rules.account.flatrows import COLUMNS, rows_of
from tthc_rules.account.gather import BreachKey, UnitTally, by_officer, gather
from tthc_rules.account.ground import DutyItem, Ground, worst
from tthc_rules.account.indicators import Stated, Value
from tthc_rules.account.inputs import Petition
from tthc_rules.account.organisation import Organisation
from tthc_rules.account.period import Period
from tthc_rules.account.petitions import once_each, petitions_json
from tthc_rules.account.plaindata import (
    counts_json,
    definition_json,
    dossier_duty_json,
    duty_json,
    iso,
    office_json,
)
from tthc_rules.account.problems import Remark
from tthc_rules.account.question import AccountQuestion, Given, months_of
from tthc_rules.account.rows import HANDLING, ONE_STOP
from tthc_rules.account.steps import STATES as STEP_STATES
from tthc_rules.account.tally import CAPACITIES, IS_LATE, Tally, UnitId
from tthc_rules.account.vocabulary import kinds_of_units, words_not_known
from tthc_rules.account.workdays import Workdays
from tthc_rules.errors import AccountError, OptionError, unknown_word
from tthc_rules.law.civil import date_of
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.indicator import Indicator, Share, Total
from tthc_rules.law.rule import Rule
from tthc_rules.law.unit_duty import UnitDuty
from tthc_rules.result.notebook import html_lines
from tthc_rules.result.verdict import LANGUAGES

CALENDAR: Final = "vn"
"""By which calendar the workdays of units are counted."""


AccountPage = Callable[[Mapping[str, Any], str], str]
"""Makes the page of an account's data in a language."""


@dataclass(frozen=True, repr=False)
class Account:
    """An account as plain data, ready for JSON; it prepares what a competent person looks at and decides nothing."""

    data: Mapping[str, Any]
    page: AccountPage | None = field(default=None, compare=False)
    """Who makes its page: the rulebook hands it over, an account that was read back has none."""

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

    def to_rows(self) -> list[dict[str, Any]]:
        """A row for each figure, duty and answer of each unit, as in the CSV file."""
        return list(rows_of(self.data))

    def to_frame(self) -> Any:
        """The same rows as a `pandas.DataFrame`; raises `AccountError` where pandas is not installed."""
        try:
            from pandas import DataFrame
        except ImportError:
            raise AccountError(problems.no_pandas()) from None
        return DataFrame(self.to_rows(), columns=list(COLUMNS))

    def to_html(self, lang: str = "vi") -> str:
        """The account as one page that stands alone, Vietnamese first; with `en` the English stands beside it at once.

        Raises `AccountError` for an account that was read back from a file and so is handed no page.
        """
        if lang not in LANGUAGES:
            raise OptionError(unknown_word("lang", "ngôn ngữ", "language", str(lang), LANGUAGES, "TR-option-lang"))
        if self.page is None:
            raise AccountError(problems.no_page())
        return self.page(self.data, lang)

    def __repr__(self) -> str:
        """The period, the day, how many units and dossiers; all of it is in `data`."""
        return f"<Account {'; '.join(self._in_short())}>"

    def _repr_html_(self) -> str:
        """The same, for a notebook."""
        return html_lines([f"Account {self._in_short()[0]}", *self._in_short()[1:]])

    def _in_short(self) -> list[str]:
        data = self.data
        counts = data["total"]["counts"]
        dossiers = "no figures" if counts is None else f"{counts['received'] + counts['carried_over']} dossiers"
        late = [] if counts is None else [f"{counts['late']} late"]
        levels = Counter(problem["level"] for problem in data["problems"])
        remarks = [f"{count} {level}{'s' * (count > 1)}" for level, count in sorted(levels.items())]
        units = f"{len(data['units'])} units"
        return [f"{data['period']['id']} as of {data['as_of']}", units, dossiers, *late, *remarks]


def make_account(
    corpus: Corpus,
    question: AccountQuestion,
    given: Given,
    organisation: Organisation,
    periods: Sequence[Period],
    tally: Tally | None,
    page: AccountPage | None = None,
) -> Account:
    """The account from a tally; without one (a period that has not begun) it has no figures."""
    return Account(_Statement(corpus, question, given, organisation, tuple(periods), tally).make(), page)


@dataclass
class _Statement:
    corpus: Corpus
    question: AccountQuestion
    given: Given
    organisation: Organisation
    periods: tuple[Period, ...]
    tally: Tally | None
    remarks: list[Remark] = field(default_factory=list)
    bears: set[tuple[str, str]] = field(default_factory=set)

    def make(self) -> dict[str, Any]:
        question, tally = self.question, self.tally
        self.answering = Answering(self.organisation, self.corpus)
        figures = self.figures = Figures(self.corpus, question, self.given, self.organisation, self.periods)
        self.petitions, twice = once_each(self.given.petitions)
        self.remarks += [problems.petition_twice(name) for name in sorted(set(twice))]
        self.kinds = kinds_of_units(self.corpus)
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
            "definitions": {n: definition_json(one, figures.in_force(one)) for n, one in figures.indicators.items()},
            "duties": {
                name: duty_json(self._duty(name, version), question.closing) for name, version in sorted(self.bears)
            },
            "dossier_duties": self._dossier_duties(units),
            "total": figures.total(tally),
            "before": figures.before(tally),
            "units": units,
            "officers": [] if tally is None else list(figures.officers(tally)),
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
        self.remarks += [problems.days_reversed("complete", one.kind) for one in self.given.complete if one.is_empty]
        self.remarks += words_not_known(self.given, self.corpus)

    # -- the law behind it ---------------------------------------------------------------------------------------------

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

    # -- one unit ------------------------------------------------------------------------------------------------------

    def _names(self) -> list[UnitId]:
        closing = self.question.closing
        happened = [event for event in self.given.events if event.at <= self.question.as_of]
        named = {self.organisation.current(event.unit, closing) for event in happened}
        named |= {self.organisation.current(post.unit, closing) for post in self.given.posts}
        named |= {self.organisation.current(petition.unit, closing) for petition in self.petitions}
        named |= set(self.organisation.registered(closing))
        named |= {name for name in self.by_unit if name is not None}
        found = sorted(name for name in named if name)
        return [*found, None] if None in self.by_unit else [*found]

    def _unit(self, name: UnitId) -> dict[str, Any]:
        unit = self.by_unit.get(name) or UnitTally()
        record = self.organisation.record(name, self.question.closing)
        kind = "" if record is None else record.kind or ""
        facts = self.figures.facts(name)
        basis = self.figures.basis(name, unit, 0, facts, kind)
        values = self.figures.values(basis)
        figures = {n: self.figures.figure(self.figures.indicators[n], value, basis) for n, value in values.items()}
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
            "series": [self.figures.month(unit, month) for month in months_of(self.question)],
            "duties": [item_json(item, self._persons(name, item)) for item in items],
            "breaches": breaches,
            "late": late,
            "late_list": list(self._late_list(unit)),
            "steps": self._steps(unit),
            "petitions": petitions_json(self._petitions_of(name), self.question.period.first, self.question.closing),
            "rating": self._rating(names, unit, values, items, breaches),
        }

    def _ground(self, name: UnitId, unit: UnitTally, kind: str, facts: Mapping[str, Stated]) -> Ground | None:
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
        if kind and kind not in self.kinds:
            self.remarks.append(problems.unit_of_unknown_kind(name, kind, self.kinds))
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
            self.figures.complete(name),
            facts,
            self.given.settings,
            late,
            _by_due_date(still_open),
            unit.apologies,
            self._late_in(name),
            self.figures.measure(name, unit, facts, kind),
            _by_day(unit.breaches),
            pair if ("synced", "") in synced else None,
            self._late_below(name),
            lambda roles: _by_day(unit.breaches, frozenset(roles)),
            self._petitions_of(name),
            self.workdays,
        )

    def _petitions_of(self, name: UnitId) -> list[Petition]:
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
            return sum(one.counted(at)[IS_LATE] for one in found)

        return late_in

    def _late_list(self, unit: UnitTally) -> Iterator[dict[str, Any]]:
        """For each month with late dossiers, the officers in them: what a list would hold; posting it is for people."""
        for month in months_of(self.question):
            at = self.periods.index(month)
            late = unit.counted(at, HANDLING)[IS_LATE]
            if late:
                officers = by_officer({names: n for (period, names), n in unit.late_officers.items() if period == at})
                listed = [{"officer": officer, "count": count} for officer, count in sorted(officers.items())]
                yield {"month": month.id, "late": late, "officers": listed}

    def _steps(self, unit: UnitTally) -> dict[str, Any] | None:
        if not unit.steps:
            return None
        states: Counter[str] = Counter()
        answers: Counter[tuple[UnitId, str]] = Counter()
        for (name, state, due), count in unit.steps.items():
            states[state] += count
            if state.endswith("late"):
                held = self.organisation.holders(name, "head_of_unit", due)
                for person in [post.person for post in held] or [""]:
                    answers[name, person] += count
        named = sorted(answers.items(), key=lambda one: (one[0][0] or "", one[0][1]))
        return {
            "assigned": sum(states.values()),
            **{state: states[state] for state in STEP_STATES},
            "answers": [
                {"role": "head_of_unit", "unit": name, "person": person or None, "count": n}
                for (name, person), n in named
            ],
        }

    def _persons(self, name: UnitId, item: DutyItem) -> list[str]:
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

    def _offices(self, name: UnitId, kind: str) -> Iterator[dict[str, Any]]:
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
        items: Sequence[DutyItem],
        breaches: Sequence[Mapping[str, Any]],
    ) -> dict[str, Any]:
        """What is handed to the yearly rating of the unit, its head and deputies; it is no grade."""
        indicators = self.figures.indicators
        duties: dict[str, list[str]] = defaultdict(list)
        for item in items:
            duties[item.duty].append(item.outcome)
        return {
            "class": "rating_input",
            "ratios": {n: values[n].as_json() for n, one in indicators.items() if isinstance(one.way, Share)},
            "scores": {n: values[n].as_json() for n, one in indicators.items() if n in values and _is_total(one)},
            "late": unit.counted(0)[IS_LATE],
            "missing_apologies": _size_of(unit.apologies, "no"),
            "unknown_apologies": _size_of(unit.apologies, "unknown"),
            "breaches": {breach["duty"]: breach["count"] for breach in breaches},
            "duties": {name: worst(outcomes) for name, outcomes in sorted(duties.items())},
            "persons": [post for post in self._posts(names) if post["role"] in ("head_of_unit", "deputy_head")],
        }


def _is_total(indicator: Indicator) -> bool:
    return isinstance(indicator.way, Total)


def _by_due_date(counted: Mapping[tuple[UnitId, str | None, int, bool], int]) -> Counter[int]:
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
