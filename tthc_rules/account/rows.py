"""One dossier as an account sees it: a result row, flat, and what only its events tell beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from numbers import Integral
from typing import Any, Final, get_args

from tthc_rules.account.cells import is_nothing, name_in, names_in
from tthc_rules.account.problems import row_not_read, word_not_known
from tthc_rules.account.steps import CountedStep, steps_of_cell, steps_of_verdict
from tthc_rules.errors import AccountError, supposed_no_fact
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import EndKind, Punctuality
from tthc_rules.law.indicator import DUES
from tthc_rules.law.rule import Outcome
from tthc_rules.result.columns import ACT_BY, STEPS, duties_among

BREACHES: Final = ("missed", "met_late", "broken")
GIVEN_BACK: Final = frozenset({"dossier_refused", "processing_stopped", "dossier_closed", "dossier_withdrawn"})
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LEFT_OUT: Final = ("no_limit",)
HANDLING: Final = "handling_agency"
ONE_STOP: Final = "one_stop_unit"
NEEDED: Final = ("dossier_id", "accepted_on", "lawful_due", "finished_on")


@dataclass(frozen=True, slots=True)
class Fine:
    """What a result row does not hold and the dossier's events tell."""

    requests: tuple[int, ...]
    shows_requests: bool
    """Whether there are no others: a request that is not there was not made."""
    synced: int | None
    shows_synced: bool


@dataclass(frozen=True, slots=True)
class DossierRow:
    """A dossier in days since 1970-01-01; `outcomes` are its breaches and apologies, with the last day to act."""

    dossier_id: str
    handling: str | None
    one_stop: str | None
    field: str | None
    officers: str
    accepted: int | None
    dues: tuple[int | None, ...]
    finished: int | None
    given_back: bool
    punctuality: str
    is_error: bool
    outcomes: tuple[tuple[str, str, int | None], ...]
    responsible: str
    rules: str
    fine: Fine | None = None
    steps: tuple[CountedStep, ...] | None = None
    """The steps of its agencies; nothing where the row does not say."""
    in_doubt: bool = False
    """Whether it is late cannot be said: in no numerator and in no denominator."""
    doubted: tuple[bool, ...] = (False,) * len(DUES)
    """By which due dates that cannot be said should it seem late by them; what is in time by them stands."""


def words_of(columns: Collection[str]) -> dict[str, tuple[str, ...]]:
    """What each column of few words may say; that of a duty is known by its last day beside it."""
    duties = (name for name in duties_among(columns) if name + ACT_BY in columns)
    words = {
        "punctuality": get_args(Punctuality),
        "punctuality_current": get_args(Punctuality),
        "ended_by": get_args(EndKind),
        **dict.fromkeys(duties, get_args(Outcome)),
    }
    return {name: known for name, known in words.items() if name in columns}


def is_in_doubt(punctuality: str, lawful: object, days_late: object) -> bool:
    """Undetermined; or closed past the due date as seen, where whether it was late cannot be said."""
    return punctuality == "undetermined" or (punctuality == "closed" and lawful is not None and days_late is None)


def hides_stops(observes: str | None, unknown: str) -> bool:
    """Whether there may be stops that are not seen: as unseen receipts, they may bring a new slip."""
    hidden = observes is not None and not _STOPS.issubset(observes.split("|"))
    return hidden or "pauses" in unknown.split("|")


_STOPS: Final = frozenset({"supplement_requested", "clock_paused"})


def doubted_dues(stops_hidden: Any, current_in_doubt: Any) -> tuple[Any, ...]:
    """By which of `DUES` a dossier that seems late is in doubt, of one or by columns: the first limit has no stops."""
    return (stops_hidden & False, stops_hidden, stops_hidden | current_in_doubt, stops_hidden)


def row_of_mapping(cells: Mapping[str, Any], place: str) -> DossierRow:
    """A result row as written to CSV or NDJSON, or as a mapping."""
    outcomes = []
    for name, known in words_of(cells).items():
        if (word := _text(cells, name, place)) and word not in known:
            raise AccountError(word_not_known(place, name, word, known))
    for name in duties_among(cells):
        if isinstance(cells[name], str) and cells[name]:  # what is no word is a column of somebody's own
            outcomes.append((name, cells[name], _day(cells, name + ACT_BY, place)))
    dues = {due: _day(cells, due, place) for due in DUES}
    return DossierRow(
        _text(cells, "dossier_id", place),
        name_in(_text(cells, HANDLING, place), place, HANDLING) or None,
        name_in(_text(cells, ONE_STOP, place), place, ONE_STOP) or None,
        name_in(_text(cells, "field", place), place, "field") or None,
        names_in(_text(cells, "officers", place), place, "officers"),
        _day(cells, "accepted_on", place),
        tuple(dues.values()),
        _day(cells, "finished_on", place),
        _text(cells, "ended_by", place) in GIVEN_BACK,
        _text(cells, "punctuality", place),
        bool(_text(cells, "error_code", place)),
        tuple(outcomes),
        _text(cells, "responsible", place),
        _text(cells, "rules_digest", place),
        steps=steps_of_cell(cells[STEPS], place) if STEPS in cells else None,
        in_doubt=is_in_doubt(_text(cells, "punctuality", place), dues["lawful_due"], _number(cells, "days_late")),
        doubted=doubted_dues(
            hides_stops(_observed(cells, place), _text(cells, "unknown", place)),
            is_in_doubt(
                _text(cells, "punctuality_current", place), dues["current_due"], _number(cells, "days_late_current")
            ),
        ),
    )


def row_of_verdict(verdict: Any, dossier: Any | None) -> DossierRow:
    """A verdict as a row, with the units of its dossier where that is given, and what only its events tell.

    Raises `AccountError` for one that only supposes events.
    """
    if getattr(verdict, "supposed", ()):
        raise AccountError(supposed_no_fact(verdict.dossier_id))
    clock = verdict.clock
    units, place = getattr(dossier, "units", None), verdict.dossier_id
    dues = (clock.original_due, clock.lawful_due, clock.current_due, clock.promised_due)
    told = dossier or getattr(getattr(verdict, "_behind", None), "dossier", None)
    observes = getattr(told, "observes", None)
    return DossierRow(
        verdict.dossier_id,
        name_in(getattr(units, HANDLING, None) or "", place, HANDLING) or None,
        name_in(getattr(units, ONE_STOP, None) or "", place, ONE_STOP) or None,
        name_in(getattr(dossier, "field", None) or "", place, "field") or None,
        names_in("|".join(getattr(dossier, "officers", ())), place, "officers"),
        _day_of(clock.accepted_on),
        tuple(_day_of(due) for due in dues),
        _day_of(clock.finished_on),
        clock.ended_by in GIVEN_BACK,
        verdict.punctuality,
        False,
        tuple((f.id, f.outcome, _day_of(f.act_by)) for f in (*verdict.obligations, *verdict.limits)),
        "|".join(f"{duty}={'+'.join(roles)}" for duty, roles in verdict.responsible.items()),
        verdict.digests.rules,
        None if dossier is None else fine_of(dossier),
        steps_of_verdict(verdict),
        is_in_doubt(verdict.punctuality, clock.lawful_due, verdict.days_late),
        doubted_dues(
            hides_stops(None if observes is None else "|".join(observes), "|".join(getattr(told, "unknown", ()))),
            is_in_doubt(verdict.punctuality_current, clock.current_due, verdict.days_late_current),
        ),
    )


def fine_of(dossier: Any) -> Fine:
    """Requests that were not the applicant's fault, and synchronisation, in the order of time."""
    events = sorted(dossier.events, key=lambda event: event.at.isoformat())
    requests = [e for e in events if e.kind == "supplement_requested" and not getattr(e, "applicant_fault", None)]
    synced = [day_of(event.at) for event in events if event.kind == "synced_national"]
    observed = dossier.observes
    return Fine(
        tuple(day_of(event.at) for event in requests),
        "pauses" not in dossier.unknown and (observed is None or "supplement_requested" in observed),
        min(synced, default=None),
        observed is None or "synced_national" in observed,
    )


def roles_of(responsible: str) -> dict[str, tuple[str, ...]]:
    """The roles by duty, from the column `responsible`: `duty=role+role|duty=role`."""
    return {
        duty: tuple(roles.split("+"))
        for duty, sign, roles in (part.partition("=") for part in responsible.split("|"))
        if sign
    }


def _text(cells: Mapping[str, Any], name: str, place: str) -> str:
    """Words, or a whole number that is somebody's id; no words where there are none."""
    value = cells.get(name)
    if isinstance(value, str):
        return value
    if is_nothing(value):
        return ""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise AccountError(row_not_read(place, name, value))
    return str(value)


def _observed(cells: Mapping[str, Any], place: str) -> str | None:
    """What the source observes: an empty text is nothing at all, and an empty cell says nothing of it."""
    said = _text(cells, "observes", place)
    return said if said or isinstance(cells.get("observes"), str) else None


def _number(cells: Mapping[str, Any], name: str) -> object:
    """What stands in a column of numbers; 0 where there is no such column."""
    value = cells.get(name, 0)
    return None if is_nothing(value) else value


def _day(cells: Mapping[str, Any], name: str, place: str) -> int | None:
    value = cells.get(name)
    if is_nothing(value):
        return None
    if isinstance(value, date):
        return day_of(value)
    found = _DAY.match(str(value))  # Python itself also takes 20240823 and 2024-W34-5
    with suppress(ValueError):
        if found is not None:
            return day_of(date.fromisoformat(found[0]))
    raise AccountError(row_not_read(place, name, value))


def _day_of(moment: date | datetime | None) -> int | None:
    return None if moment is None else day_of(moment)
