"""From dossiers in any shape to an account: verdicts, verdicts with their dossiers, result rows, or an Arrow table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from tthc_rules.account.answers import cuts_of
from tthc_rules.account.inputs import (
    MANY,
    Complete,
    Petition,
    Post,
    UnitEvent,
    UnitFact,
    UnitRecord,
    read_records,
    read_settings,
)
from tthc_rules.account.organisation import Organisation, contradictions
from tthc_rules.account.period import read_period
from tthc_rules.account.problems import period_not_read, results_not_read, row_not_read
from tthc_rules.account.question import AccountQuestion, Given, periods_of, spans_of
from tthc_rules.account.rows import DossierRow, row_of_mapping, row_of_verdict
from tthc_rules.account.statement import Account, AccountPage, make_account
from tthc_rules.account.tally import Tally, tally_rows
from tthc_rules.errors import AccountError, Problem
from tthc_rules.law.civil import day_of
from tthc_rules.law.corpus import Corpus

GivenRecords = Iterable[Mapping[str, Any] | Any] | None


@dataclass(frozen=True)
class Beside:
    """What is handed over beside the dossiers, as it comes: mappings or records."""

    units: GivenRecords = None
    posts: GivenRecords = None
    unit_events: GivenRecords = None
    complete: GivenRecords = None
    unit_facts: GivenRecords = None
    petitions: GivenRecords = None
    settings: Any = None

    def read(self, corpus: Corpus) -> Given:
        """Checked records; raises `AccountError`."""

        def check(unit: UnitRecord, place: str) -> Iterator[Problem]:
            if unit.jurisdiction and unit.jurisdiction not in corpus.jurisdictions:
                yield corpus.unknown_place(f"{place}: jurisdiction", unit.jurisdiction)

        units = read_records(UnitRecord, self.units, "units", check)
        if differing := tuple(contradictions(units)):
            raise AccountError(differing[:MANY])
        return Given(
            units,
            read_records(Post, self.posts, "posts"),
            read_records(UnitEvent, self.unit_events, "unit_events"),
            read_records(Complete, self.complete, "complete"),
            read_records(UnitFact, self.unit_facts, "unit_facts"),
            read_records(Petition, self.petitions, "petitions"),
            read_settings(self.settings, corpus.indicators, corpus.unit_duties),
        )


def account(
    corpus: Corpus,
    results: Any,
    period: str,
    as_of: int | None,
    known_on: int | None,
    beside: Beside,
    page: AccountPage | None = None,
) -> Account:
    """The account of a period; days are counted since 1970-01-01."""
    asked = read_period(period)
    if asked is None:
        raise AccountError(period_not_read(period))
    given = beside.read(corpus)
    stated = as_of is not None
    is_table = hasattr(results, "__arrow_c_stream__") or hasattr(results, "__arrow_c_array__")
    if not is_table and (isinstance(results, str | bytes) or not isinstance(results, Iterable)):
        raise AccountError(results_not_read(results))
    found: Iterator[Any] = iter(()) if is_table else iter(results)
    if as_of is None and not is_table:
        listed = list(found)
        days = [day_of(verdict.as_of) for verdict in map(_verdict, listed) if hasattr(verdict, "as_of")]
        as_of, stated, found = max(days, default=None), bool(days), iter(listed)
    day = asked.last if as_of is None else as_of
    question = AccountQuestion(asked, day, day if known_on is None else known_on, stated)
    if question.as_of < asked.first:
        return make_account(corpus, question, given, Organisation(given.units, given.posts), (asked,), None, page)
    periods = periods_of(question, given, corpus)
    organisation = Organisation(given.units, given.posts)
    apologies = corpus.counted_as("apology")
    tally = Tally(spans_of(periods, question), cuts_of(organisation, corpus), organisation.by_field, apologies)
    petitioned = given.petitioned(question.as_of)
    if is_table:
        from tthc_rules.account.columns import tally_table

        tally = tally_table(results, tally, petitioned)
    else:
        tally = tally_rows(_rows(found), tally, petitioned)
    return make_account(corpus, question, given, organisation, periods, tally, page)


def _verdict(result: Any) -> Any:
    """The verdict alone, or in a pair with its dossier, in either order."""
    if isinstance(result, tuple):
        return next((one for one in result if hasattr(one, "punctuality")), None)
    return result


def _rows(results: Iterable[Any]) -> Iterator[DossierRow]:
    for number, result in enumerate(chain(results)):
        if isinstance(result, DossierRow):
            yield result
        elif isinstance(result, Mapping):
            yield row_of_mapping(result, getattr(result, "place", f"results[{number}]"))
        else:
            verdict = _verdict(result)
            if not hasattr(verdict, "punctuality"):
                raise AccountError(row_not_read(f"results[{number}]", "verdict", type(result).__name__))
            dossier = next((o for o in result if o is not verdict), None) if isinstance(result, tuple) else None
            yield row_of_verdict(verdict, dossier)
