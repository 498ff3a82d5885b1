"""What an account is asked: which period, as of which day, with what beside the dossiers; and what must be counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tthc_rules.account.inputs import Complete, Petition, Post, Settings, UnitEvent, UnitFact, UnitRecord
from tthc_rules.account.period import Period, ending_in, next_period, period_before, period_of
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.unit_duty import AfterRequest


@dataclass(frozen=True)
class AccountQuestion:
    """What is asked: which period, as of which day, by what was known."""

    period: Period
    as_of: int
    known_on: int
    stated_as_of: bool = True

    @property
    def closing(self) -> int:
        """The last day that is counted."""
        return min(self.period.last, self.as_of)


@dataclass(frozen=True)
class Given:
    """Everything handed over beside the dossiers."""

    units: tuple[UnitRecord, ...] = ()
    posts: tuple[Post, ...] = ()
    events: tuple[UnitEvent, ...] = ()
    complete: tuple[Complete, ...] = ()
    facts: tuple[UnitFact, ...] = ()
    petitions: tuple[Petition, ...] = ()
    settings: Settings = field(default_factory=Settings)

    def petitioned(self, as_of: int) -> frozenset[str]:
        """The dossiers with a petition about behaviour that was not found false."""
        counted = (p for p in self.petitions if p.about == "behaviour" and p.found != "false")
        return frozenset(
            p.dossier_id for p in counted if p.dossier_id and p.received is not None and p.received <= as_of
        )


def periods_of(question: AccountQuestion, given: Given, corpus: Corpus) -> tuple[Period, ...]:
    """The periods to count: the account's own, its months, the one before, and those that a corrective request is
    measured by."""
    before = period_before(question.period)
    wanted = [question.period, *months_of(question), *(() if before is None else (before,))]
    ways = [version.way for versions in corpus.unit_duties.values() for version in versions]
    kinds = {way.event: way for way in ways if isinstance(way, AfterRequest)}
    own = given.settings.repeat_no_change
    for event in given.events:
        asked = kinds.get(event.kind)
        if asked is None or event.at > question.closing:
            continue
        every, periods = (own.every, own.periods) if own else (asked.every, asked.periods or 0)
        period = period_of(event.at, every)
        for _ in range(periods + 1):
            if period.last <= question.as_of:
                wanted.append(period)
            period = next_period(period)
    return tuple(dict.fromkeys(wanted))


def spans_of(periods: Sequence[Period], question: AccountQuestion) -> tuple[tuple[int, int], ...]:
    """The days counted of each period: up to the closing day."""
    return tuple((period.first, min(period.last, question.as_of)) for period in periods)


def months_of(question: AccountQuestion) -> tuple[Period, ...]:
    """The months of the period that have begun."""
    return tuple(month for month in ending_in(question.period, "month") if month.first <= question.as_of)
