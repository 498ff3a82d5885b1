"""The examples inside rule files: facts in, outcomes out, and what they cover."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, assert_never

from tthc_rules.errors import DossierError, Problem, RuleFileError, TthcError
from tthc_rules.law import clock
from tthc_rules.law.civil import Moment, day_of, minute_of, read_moment
from tthc_rules.law.codes import KINDS
from tthc_rules.law.corpus import Corpus, Example
from tthc_rules.law.dossier import OwnTime
from tthc_rules.law.facts import Facts, Seen
from tthc_rules.law.known import DEFAULT_HOURS
from tthc_rules.law.office_hours import HoursColumns, hours_columns
from tthc_rules.law.rule import (
    DATE_FACTS,
    MOMENTS,
    OWN_TIMES,
    RAISERS,
    Discharge,
    EachWithin,
    Fulfilment,
    NotBefore,
    Rule,
    Statement,
)
from tthc_rules.law.statute import Statute
from tthc_rules.law.text import alike
from tthc_rules.law.workdays import Calendar
from tthc_rules.reference.interpret import holds, judge

_WORDS: Final = frozenset({"channel", "field", "reason", "new_due", "form", "attached"})
_COUNTS: Final = frozenset({"supplement_requests", "reappointments", "other_level"})
_ENDS: Final = ("finished", "handled", "result", "answer", "released")
_KNOWN: Final = (
    *dict.fromkeys((*DATE_FACTS, *KINDS)),
    *_ENDS,
    *sorted(_WORDS | _COUNTS),
    *OWN_TIMES,
    "as_of",
    "known_on",
)


class ToReach(NamedTuple):
    """One thing that an example should reach: an outcome, a way to it, a condition that decides, a boundary day."""

    version: str
    subject: str
    what: str


@dataclass
class Coverage:
    """What the examples reach of what there is to reach, and what went wrong on the way."""

    ran: int = 0
    failed: list[Problem] = field(default_factory=list)
    needed: set[ToReach] = field(default_factory=set)
    reached: set[ToReach] = field(default_factory=set)

    @property
    def missing(self) -> list[ToReach]:
        """What no example reaches, in order."""
        return sorted(self.needed - self.reached)


def every_rule(corpus: Corpus) -> Iterator[Rule]:
    """Every rule version that is law somewhere, in a stable order."""
    for _, family in sorted(corpus.rules.items()):
        for _, versions in sorted(family.items()):
            yield from (rule for rule in versions if not rule.repealed)


def possible_outcomes(rule: Rule) -> dict[str, frozenset[str]]:
    """The outcomes that a duty or limit can have, from how it is written."""
    possible: dict[str, frozenset[str]] = {limit.id: frozenset({"kept", "broken"}) for limit in rule.limits}
    for duty in rule.obligations:
        outcomes = _fulfilled(rule, duty.fulfilled)
        if duty.hour_unknown is not None:
            outcomes |= {"undetermined"}
        if duty.when is not None:
            outcomes |= {"pending", "not_owed"}
        if duty.waived is not None:
            outcomes |= {"not_owed"}
        possible[duty.id] = frozenset(outcomes)
    return possible


def _fulfilled(rule: Rule, way: Fulfilment) -> set[str]:
    match way:
        case Discharge():
            return _discharged(rule, way)
        case Statement():
            return {"met", "missed", "undetermined"}
        case EachWithin():
            return {"met", "met_late"}
        case NotBefore():
            return {"met", "missed", "undetermined"}
        case _:
            assert_never(way)


def _discharged(rule: Rule, way: Discharge) -> set[str]:
    node = rule.deadlines[way.deadline]
    if node.due is None:
        return {"met", "missed", "pending"} if rule.picked_by in RAISERS else {"met", "missed"}
    seen_first = any(getattr(condition, "event", None) in node.events for condition in rule.applies_if)
    return {"met", "met_late"} if seen_first else {"met", "met_late", "missed", "pending"}


def run_examples(corpus: Corpus, calendar: Calendar, asked: Callable[[str], bool] = lambda source: True) -> Coverage:
    """Every example of every rule whose source is asked for, against the rule layer."""
    coverage = Coverage()
    table = corpus.hours.get(DEFAULT_HOURS)
    hours: HoursColumns = ((), (), ()) if table is None else hours_columns(table, calendar)
    for rule in every_rule(corpus):
        if not rule.is_on or not asked(rule.source):
            continue
        coverage.needed |= needed_by(rule)
        versions = corpus.rules[rule.family][rule.id]
        for example in corpus.examples.get(rule.source, ()):
            coverage.ran += 1
            try:
                _run(example, rule, versions, calendar, hours, coverage)
            except TthcError as error:
                coverage.failed += [
                    problem.at(f"{example.source} {problem.place}".strip()) for problem in error.problems
                ]
    return coverage


def _run(
    example: Example,
    rule: Rule,
    versions: tuple[Rule, ...],
    calendar: Calendar,
    hours: HoursColumns,
    coverage: Coverage,
) -> None:
    facts = facts_of(example, calendar, hours)
    statute = Statute([versions], facts.known_on)
    found = {one.id: one for one in judge(statute, facts)}
    for duty, wanted in example.expect.items():
        got = found[duty].outcome if duty in found else None
        if got != wanted:
            coverage.failed.append(_differs(example, duty, wanted, got))
        elif got is not None and found[duty].rule is rule:
            coverage.reached.add(ToReach(rule.version, duty, f"outcome {got}"))
            if found[duty].way:
                coverage.reached.add(ToReach(rule.version, duty, f"way {found[duty].way}"))
    coverage.reached |= set(_conditions_decided(rule, statute, facts)) | set(_boundaries_hit(rule, facts))


def needed_by(rule: Rule) -> set[ToReach]:
    """Outcomes, ways, masking MC/DC over the conditions (each one alone decides), and the days around each boundary."""
    needed = {
        ToReach(rule.version, duty, f"outcome {outcome}")
        for duty, outcomes in possible_outcomes(rule).items()
        for outcome in outcomes
    }
    for duty in rule.obligations:
        for way, by in (("or_by", duty.or_by), ("waived_by", duty.waived)):
            if by is not None:
                needed.add(ToReach(rule.version, duty.id, f"way {way}"))
    if rule.applies_if:
        needed.add(ToReach(rule.version, rule.id, "conditions all true"))
    needed |= {ToReach(rule.version, rule.id, f"condition {at + 1} alone false") for at in range(len(rule.applies_if))}
    return needed | {ToReach(rule.version, rule.id, what) for what in _boundary_days(rule).values()}


def _conditions_decided(rule: Rule, statute: Statute, facts: Facts) -> Iterator[ToReach]:
    if not rule.applies_if or all(picked.rule is not rule for picked in statute.governing(facts)):
        return
    held = [holds(condition, facts) for condition in rule.applies_if]
    if all(held):
        yield ToReach(rule.version, rule.id, "conditions all true")
    elif held.count(False) == 1:
        yield ToReach(rule.version, rule.id, f"condition {held.index(False) + 1} alone false")


def _boundary_days(rule: Rule) -> dict[int, str]:
    """The days before, on and after each day on which the law changes for this rule."""
    changes = {"first day": rule.in_force.start}
    if rule.in_force.until is not None:
        changes["end"] = rule.in_force.until + 1
    signs = ((-1, "D−1"), (0, "D"), (1, "D+1"))
    return {day + by: f"{name} {sign}" for name, day in changes.items() for by, sign in signs}


def _boundaries_hit(rule: Rule, facts: Facts) -> Iterator[ToReach]:
    day = facts.dates["accepted"]
    if rule.picked_by in RAISERS:
        day = facts.dates[rule.picked_by]
    elif rule.picked_by == "lawful_due":
        day = facts.dates["lawful_due"]
    elif rule.picked_by == "supplement_requested" and facts.request_days[2] is not None:
        day = facts.request_days[2]
    what = _boundary_days(rule).get(day) if day is not None else None
    if what is not None:
        yield ToReach(rule.version, rule.id, what)


def facts_of(example: Example, calendar: Calendar, hours: HoursColumns = ((), (), ())) -> Facts:
    """The facts that an example gives; what it does not give has not happened."""
    given = dict(example.given)
    for name in given:
        if name not in _KNOWN:
            raise RuleFileError(_unknown(example, name))
    moments = {name: read_given(example, name, value) for name, value in given.items() if _is_moment(name)}
    if "as_of" not in moments:
        raise RuleFileError(_lacks(example, "as_of"))
    days = {name: day_of(moment) for name, moment in moments.items()}
    dates: dict[str, int | None] = {name: days.get(name) for name in DATE_FACTS}
    lawful, again = dates["lawful_due"], dates["reappointed_due"]
    if dates["current_due"] is None and lawful is not None:
        dates["current_due"] = lawful if again is None else max(lawful, again)
    if dates["original_due"] is None:
        dates["original_due"] = lawful
    accepted = moments.get("accepted")
    request = days.get("supplement_requested")
    requests = given.get("supplement_requests", 0)
    assert isinstance(requests, int)
    repeated = given.get("reappointments", 0)
    return Facts(
        days["as_of"],
        days.get("known_on", days["as_of"]),
        calendar,
        dates,
        lambda event, since: _seen(event, moments, given),
        lambda event, since: [seen] if (seen := _seen(event, moments, given)) is not None else [],
        -1 if accepted is None else minute_of(accepted),
        channel=str(given.get("channel", "in_person")),
        requests=requests,
        request_days=(request if requests > 1 else None, request if requests > 2 else None, request),
        slowest_return=_workdays(dates["accepted"], request, calendar),
        reappointments=repeated if isinstance(repeated, int) else 0,
        ended=_seen("finished", moments, given) is not None,
        other_level=given.get("other_level") is True,
        field=alike(str(given.get("field", ""))),
        minutes={name: minute_of(moment) for name, moment in moments.items() if name in MOMENTS},
        own_times={name: _own_time(example, name, given[name]) for name in OWN_TIMES if name in given},
        returns=() if accepted is None or request is None else ((_at(accepted), _at(moments["supplement_requested"])),),
        hours=hours,
    )


def _at(moment: Moment) -> Seen:
    return Seen(day_of(moment), minute_of(moment), 0)


def _own_time(example: Example, name: str, value: object) -> OwnTime:
    """What sector law says, as an example gives it: «5 workday»."""
    amount, _, unit = str(value).partition(" ")
    try:
        return OwnTime.model_validate(
            {"amount": int(amount) if amount.isascii() and amount.isdigit() else -1, "unit": unit}
        )
    except DossierError:
        vi, en = f"«{value}» không phải một thời gian", f"“{value}” is no time"
        raise RuleFileError(Problem("TR-rule-example", f"{example.source} {name}", vi, en)) from None


def _is_moment(name: str) -> bool:
    return name not in _WORDS and name not in _COUNTS and name not in OWN_TIMES


def read_given(example: Example, name: str, value: object) -> Moment:
    """A moment of an example; raises `RuleFileError` at its place."""
    try:
        return read_moment(value)
    except ValueError as error:
        vi, _, en = str(error).partition(" / ")
        raise RuleFileError(Problem("TR-rule-example", f"{example.source} {name}", vi, en or vi)) from None


def _seen(event: str, moments: Mapping[str, Moment], given: Mapping[str, object]) -> Seen | None:
    moment = moments.get(event)
    if event in ("finished", "handled", "result") and moment is None:
        withdrawn = moments.get("dossier_closed") or moments.get("dossier_withdrawn")
        moment = moments.get("finished") or (withdrawn if event == "finished" else None)
    if moment is None:
        return None
    flags = 0
    if event == "apology_sent":
        reason = given.get("reason")
        flags |= clock.HAS_REASON if reason is not None else 0
        flags |= clock.EMPTY_REASON if reason == "" else 0
        flags |= clock.HAS_NEW_DUE if given.get("new_due") is not None else 0
        flags |= clock.HAS_FORM if given.get("form") is not None else 0
        flags |= clock.HAS_ATTACHED if given.get("attached") is not None else 0
        flags |= clock.IS_ATTACHED if given.get("attached") is True else 0
        flags |= clock.IS_APOLOGY_SLIP if given.get("form") == "apology_slip" else 0
    return Seen(day_of(moment), minute_of(moment), flags)


def _workdays(accepted: int | None, request: int | None, calendar: Calendar) -> int:
    if accepted is None or request is None:
        return -1
    at, then = accepted - calendar.base, request - calendar.base
    return max(0, calendar.idx[then - 1] - calendar.idx[at] + 1) if request > accepted else 0


def _differs(example: Example, duty: str, wanted: str | None, got: str | None) -> Problem:
    return Problem(
        "TR-rule-example",
        example.source,
        f"ví dụ «{example.name}»: {duty} cần «{wanted}», quy tắc cho «{got}»",
        f"example “{example.name}”: {duty} should be “{wanted}”, the rule says “{got}”",
    )


def _unknown(example: Example, name: str) -> Problem:
    return Problem(
        "TR-rule-example",
        example.source,
        f"ví dụ «{example.name}» nêu dữ kiện không biết «{name}»",
        f"example “{example.name}” gives an unknown fact “{name}”",
        known=_KNOWN,
    )


def _lacks(example: Example, name: str) -> Problem:
    return Problem(
        "TR-rule-example",
        example.source,
        f"ví dụ «{example.name}» thiếu «{name}»",
        f"example “{example.name}” lacks “{name}”",
    )
