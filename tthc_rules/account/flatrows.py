"""An account as rows: one for each figure, duty and answer of each unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tthc_rules.law.indicator import DUES, PLAIN_SETS, SAID_BY_DUE

COLUMNS: Final = (
    *("unit", "kind", "what", "name", "of", "value", "numerator", "denominator", "outcome", "reason", "class"),
    *("role", "person", "days", "dossiers"),
)


def rows_of(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of all units, each with every column."""
    blank = dict.fromkeys(COLUMNS)
    for unit in data["units"]:
        for row in _unit_rows(unit):
            yield {**blank, "unit": unit["unit"], "kind": unit["kind"], **row}


def _unit_rows(unit: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    counts = unit["counts"]
    for name in PLAIN_SETS:
        yield {"what": "count", "name": name, "value": counts[name]}
    for due in DUES:
        for name in SAID_BY_DUE:
            yield {"what": "count", "name": name, "of": due, "value": counts[due][name]}
    for name, figure in unit["indicators"].items():
        for due, one in (figure.get("by_due") or {"": figure}).items():
            said = {key: one.get(key) for key in ("value", "numerator", "denominator", "reason")}
            yield {"what": "indicator", "name": name, "of": due, **said, "outcome": figure.get("band")}
    for duty in unit["duties"]:
        said = {key: duty[key] for key in ("outcome", "reason", "class")}
        yield {"what": "duty", "name": duty["duty"], "of": duty["window"], **said, "person": "|".join(duty["persons"])}
    for one in (*unit["breaches"], {**unit["late"], "duty": "late"}):
        yield {"what": "breach", "name": one["duty"], "value": one["count"], "dossiers": "|".join(one["dossiers"])}
        yield from _answer_rows(one["duty"], one["answers"])


def _answer_rows(duty: str, answers: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for answer in answers:
        said = {key: answer.get(key) for key in ("role", "person", "class", "days")}
        yield {"what": "answers", "name": duty, "of": answer["unit"], "value": answer["count"], **said}
