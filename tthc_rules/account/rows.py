"""One dossier as an account sees it: a result row, flat, and what only its events tell beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, get_args

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
NEEDED: Final = ("dossier_id", "accepted_on", "lawful_due", "finished_on")


@dataclass(frozen=True, slots=True)
class Fine:
    """What a result row does not hold and the dossier's events tell."""

    requests: tuple[int, ...]
    synced: int | None


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


def words_of(columns: Collection[str]) -> dict[str, tuple[str, ...]]:
    """What each column of few words may say; that of a duty is known by its last day beside it."""
    duties = (name for name in duties_among(columns) if name + ACT_BY in columns)
    words = {
        "punctuality": get_args(Punctuality),
        "ended_by": get_args(EndKind),
        **dict.fromkeys(duties, get_args(Outcome)),
    }
    return {name: known for name, known in words.items() if name in columns}


def is_in_doubt(punctuality: str, lawful: object, days_late: object) -> bool:
    """Undetermined; or closed past the due date as seen, where whether it was late cannot be said."""
    return punctuality == "undetermined" or (punctuality == "closed" and lawful is not None and days_late is None)


def row_of_mapping(cells: Mapping[str, Any], place: str) -> DossierRow:
    """A result row as written to CSV or NDJSON, or as a mapping."""
    outcomes = []
    for name, known in words_of(cells).items():
        if (word := _text(cells, name)) and word not in known:
            raise AccountError(word_not_known(place, name, word, known))
    for name in duties_among(cells):
        if cells[name]:
            outcomes.append((name, str(cells[name]), _day(cells, name + ACT_BY, place)))
    return DossierRow(
        _text(cells, "dossier_id") or "",
        _text(cells, "handling_agency"),
        _text(cells, "one_stop_unit"),
        _text(cells, "field"),
        _text(cells, "officers") or "",
        _day(cells, "accepted_on", place),
        tuple(_day(cells, due, place) for due in DUES),
        _day(cells, "finished_on", place),
        _text(cells, "ended_by") in GIVEN_BACK,
        _text(cells, "punctuality") or "",
        bool(_text(cells, "error_code")),
        tuple(outcomes),
        _text(cells, "responsible") or "",
        _text(cells, "rules_digest") or "",
        steps=steps_of_cell(cells[STEPS], place) if STEPS in cells else None,
        in_doubt=is_in_doubt(
            _text(cells, "punctuality") or "",
            _text(cells, "lawful_due"),
            _text(cells, "days_late") if "days_late" in cells else 0,
        ),
    )


def row_of_verdict(verdict: Any, dossier: Any | None) -> DossierRow:
    """A verdict as a row, with the units of its dossier where that is given, and what only its events tell.

    Raises `AccountError` for one that only supposes events.
    """
    if getattr(verdict, "supposed", ()):
        raise AccountError(supposed_no_fact(verdict.dossier_id))
    clock = verdict.clock
    units = getattr(dossier, "units", None)
    dues = (clock.original_due, clock.lawful_due, clock.current_due, clock.promised_due)
    return DossierRow(
        verdict.dossier_id,
        None if units is None else units.handling_agency or None,
        None if units is None else units.one_stop_unit or None,
        getattr(dossier, "field", None) or None,
        "|".join(getattr(dossier, "officers", ())),
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
    )


def fine_of(dossier: Any) -> Fine:
    """Requests that were not the applicant's fault, and synchronisation, in the order of time."""
    events = sorted(dossier.events, key=lambda event: event.at.isoformat())
    requests = [e for e in events if e.kind == "supplement_requested" and not getattr(e, "applicant_fault", None)]
    synced = [day_of(event.at) for event in events if event.kind == "synced_national"]
    return Fine(
        tuple(day_of(event.at) for event in requests),
        min(synced, default=None),
    )


def roles_of(responsible: str) -> dict[str, tuple[str, ...]]:
    """The roles by duty, from the column `responsible`: `duty=role+role|duty=role`."""
    return {
        duty: tuple(roles.split("+"))
        for duty, sign, roles in (part.partition("=") for part in responsible.split("|"))
        if sign
    }


def _text(cells: Mapping[str, Any], name: str) -> str | None:
    value = cells.get(name)
    return None if value is None or value == "" else str(value)


def _day(cells: Mapping[str, Any], name: str, place: str) -> int | None:
    value = cells.get(name)
    if value is None or value == "":
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
