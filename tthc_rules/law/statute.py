"""The rules that may govern a dossier, as known on a day: which version of each is picked by which day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tthc_rules.law.facts import Facts
from tthc_rules.law.inforce import as_known
from tthc_rules.law.rule import FOREVER, RAISERS, Rule


class Picked(NamedTuple):
    """A version of a rule and the day that picked it."""

    rule: Rule
    day: int


class Statute:
    """The rules that may govern a dossier, as known on a day, laid out by the date that picks them.

    For each picking date, the days on which anything changes and the versions in force from each of them: which rules
    govern a dossier is then one look-up, not one for each rule.
    """

    def __init__(self, rules: Iterable[Sequence[Rule]], known_on: int) -> None:
        spans: dict[str, list[tuple[int, int, Rule]]] = {
            name: [] for name in ("dossier_accepted", "lawful_due", *RAISERS)
        }
        self.by_request: list[tuple[tuple[int, int, Rule], ...]] = []
        for versions in rules:
            known = as_known(versions, known_on)
            if versions[-1].picked_by == "supplement_requested":
                self.by_request.append(known)
            else:
                ends = FOREVER
                for start, until, rule in known:  # the one that began last goes first, and cuts those before it
                    spans[rule.picked_by].append((start, min(until, ends), rule))
                    ends = start - 1
        self.spans = spans
        """By picking date: (first day, last day, version), rule by rule, the newest version first."""
        self.by_date = {name: _segments(listed) for name, listed in spans.items()}

    def governing(self, facts: Facts) -> Iterator[Picked]:
        """Every version in force on its picking day, repeals and rules that are off among them."""
        for name, (starts, rules) in self.by_date.items():
            day = _day_that_picks(name, facts) if starts else None
            if day is not None:
                for rule in rules[bisect_right(starts, day)]:
                    yield Picked(rule, day)
        for spans in self.by_request:
            for start, until, rule in spans:
                asked = _day_of_request(rule, facts)
                if asked is not None and start <= asked <= until:
                    yield Picked(rule, asked)
                    break


def _segments(spans: list[tuple[int, int, Rule]]) -> tuple[list[int], list[tuple[Rule, ...]]]:
    """The days on which anything changes, ascending, and the rules in force before the first, and from each on."""
    starts = sorted({start for start, _, _ in spans} | {until + 1 for _, until, _ in spans if until < FOREVER})
    rules: list[tuple[Rule, ...]] = [()]
    rules += [tuple(rule for first, last, rule in spans if first <= day <= last) for day in starts]
    return starts, rules


def picking_day(rule: Rule, facts: Facts) -> int | None:
    """The day that picks the version of a rule, or nothing where there is none."""
    return (
        _day_of_request(rule, facts)
        if rule.picked_by == "supplement_requested"
        else _day_that_picks(rule.picked_by, facts)
    )


def _day_that_picks(name: str, facts: Facts) -> int | None:
    """The day of that name, for rules that are not picked by a request."""
    if name == "dossier_accepted":
        return facts.dates["accepted"]
    due = facts.dates.get(name)
    return facts.dates["original_due"] if name == "lawful_due" and due is None and facts.waiting else due


def _day_of_request(rule: Rule, facts: Facts) -> int | None:
    """A limit on requests: the day of the request that exceeds it, else of the last one, else of acceptance."""
    second, third, last = facts.request_days
    for limit in rule.limits:
        if facts.requests > limit.at_most:
            return {1: second, 2: third}[limit.at_most]
    return last if last is not None else facts.dates["accepted"]
