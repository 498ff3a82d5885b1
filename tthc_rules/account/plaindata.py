"""Parts of an account as plain data: counts by set, and the law behind indicators and duties."""

from __future__ import annotations

from typing import Any

from tthc_rules.account.tally import Counts, place_of
from tthc_rules.law.civil import date_of
from tthc_rules.law.evidence import Citation
from tthc_rules.law.indicator import (
    DERIVED_SETS,
    DUES,
    LAWFUL,
    PLAIN_SETS,
    SAID_BY_DUE,
    Count,
    Indicator,
    Share,
    Total,
    Way,
)
from tthc_rules.law.rule import Rule
from tthc_rules.law.unit_duty import Office, ToEstablish, UnitDuty


def size_of(counts: Counts, name: str, due: int = LAWFUL) -> int:
    """How many dossiers are in a set, by one of the due dates."""
    return sum(counts[place_of(part, due)] for part in DERIVED_SETS.get(name, (name,)))


def counts_json(counts: Counts) -> dict[str, Any]:
    """The sets by name: plain ones, then under each due date those that hang on it."""
    said: dict[str, Any] = {name: size_of(counts, name) for name in PLAIN_SETS}
    for at, due in enumerate(DUES):
        said[due] = {name: size_of(counts, name, at) for name in (*SAID_BY_DUE, *DERIVED_SETS)}
    return said


def definition_json(indicator: Indicator, in_force: bool) -> dict[str, Any]:
    """An indicator: how it is computed, and what it stands on."""
    way = indicator.way
    bands = {band.id: dict(band.label) for band in way.bands} if isinstance(way, Total) else {}
    return {
        "version": indicator.version,
        "in_force": in_force,
        "class": indicator.consequence if in_force else "info",
        "label": dict(indicator.label),
        "formula": dict(indicator.formula),
        "unit": _unit_of(way),
        "decimals": indicator.decimals,
        "citations": [citation_json(one) for one in indicator.citations],
        **({"bands": bands} if bands else {}),
    }


def _unit_of(way: Way) -> str:
    """In what a value is said: dossiers, per cent, or points."""
    if isinstance(way, Count):
        return "dossiers"
    return "per_cent" if isinstance(way, Share) and not way.points else "points"


def duty_json(duty: UnitDuty, closing: int) -> dict[str, Any]:
    """A duty of units: who owes it to whom, what it stands on, and which amendment was not seen by the closing day."""
    return {
        "version": duty.version,
        "label": dict(duty.label),
        "to": duty.to,
        "role": duty.role,
        "class": duty.consequence,
        "citations": [citation_json(one) for one in duty.citations],
        "interpretations": [dict(reading.about) for reading in duty.interpretations],
        **({"note": dict(duty.note)} if duty.note else {}),
        **({"assumptions": [duty.unseen.assumption]} if duty.unseen and duty.unseen.start <= closing else {}),
        **({"establishes": [_to_establish_json(one) for one in duty.establishes]} if duty.establishes else {}),
    }


def _to_establish_json(point: ToEstablish) -> dict[str, Any]:
    citations = [citation_json(one) for one in point.citations]
    return {"id": point.id, "label": dict(point.label), "citations": citations}


def dossier_duty_json(duty: str, rule: Rule) -> dict[str, Any]:
    """A duty of dossiers: what it is called, and as what accounts count it; its clauses stand beside each verdict."""
    counts_as = next((one.counts_as for one in rule.obligations if one.id == duty), None)
    return {"label": dict(rule.label), "rule": rule.id, "version": rule.version, "counts_as": counts_as}


def office_json(office: Office, first: int, last: int) -> dict[str, Any]:
    """Who holds a post by law from one day of the period to another."""
    return {
        "office": office.id,
        "role": office.role,
        "label": dict(office.label),
        "from": iso(first),
        "to": iso(last),
        "citations": [citation_json(one) for one in office.citations],
    }


def citation_json(one: Citation) -> dict[str, str]:
    """Where a text says it."""
    names = ("document", "article", "clause", "point", "quote", "source", "status")
    return {name: getattr(one, name) for name in names if getattr(one, name)} | {"vi": one.say("vi")}


def iso(day: int) -> str:
    """A day as it is written."""
    return date_of(day).isoformat()
