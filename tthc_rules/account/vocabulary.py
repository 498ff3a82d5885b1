"""The words of the caller's records that some law knows: kinds of units, events, facts; the others are said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from tthc_rules.account import problems
from tthc_rules.account.ground import ANY_KIND
from tthc_rules.account.inputs import PETITION
from tthc_rules.account.problems import Remark
from tthc_rules.account.question import Given
from tthc_rules.account.rows import ONE_STOP
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.indicator import Indicator, PointsTable, StatedPoints
from tthc_rules.law.unit_duty import Target, UnitDuty, causes_of

_EVENTS: Final = frozenset({"inspection", "written_reminder", "corrective_request"})
_MEASURED: Final = frozenset({"on_time", "early"})
"""Targets that the dossiers tell of, and no fact."""


def kinds_of_units(corpus: Corpus) -> frozenset[str]:
    """Every kind of unit that a duty, an office by law or an indicator names."""
    named = {kind for duty in _duties(corpus) for kind in duty.owed_by} - {ANY_KIND}
    named |= {level for versions in corpus.offices.values() for office in versions for level in office.levels}
    named |= {kind for table in _tables(corpus) for row in table.rows for kind in row.kinds}
    return frozenset({*named, *corpus.levels, ONE_STOP})


def words_not_known(given: Given, corpus: Corpus) -> Iterator[Remark]:
    """What the records name and nothing uses: events, logs that are declared complete, facts."""
    events = _EVENTS | {duty.event for duty in _duties(corpus)}
    events |= {kind for duty in _duties(corpus) for kind in causes_of(duty.way)}
    named = Counter(event.kind for event in given.events)
    named.update(one.kind for one in given.complete if one.kind != PETITION)
    for kind, count in sorted(named.items()):
        if kind not in events:
            yield problems.unknown_event(kind, count)
    facts = _facts(corpus)
    for name, count in sorted(Counter(fact.name for fact in given.facts).items()):
        if name not in facts:
            yield problems.unknown_fact(name, count, facts)


def _facts(corpus: Corpus) -> frozenset[str]:
    named = {fact for duty in _duties(corpus) for fact in (duty.if_fact, duty.unless_fact)} - {""}
    named |= {duty.way.of for duty in _duties(corpus) if isinstance(duty.way, Target)} - _MEASURED
    named |= {one.way.fact for one in _indicators(corpus) if isinstance(one.way, StatedPoints)}
    named |= {test.fact for table in _tables(corpus) for row in table.rows for test in row.tests}
    return frozenset(named)


def _duties(corpus: Corpus) -> Iterator[UnitDuty]:
    return (version for versions in corpus.unit_duties.values() for version in versions)


def _indicators(corpus: Corpus) -> Iterator[Indicator]:
    return (version for versions in corpus.indicators.values() for version in versions)


def _tables(corpus: Corpus) -> Iterator[PointsTable]:
    return (one.way for one in _indicators(corpus) if isinstance(one.way, PointsTable))
