"""Dossiers of the one-dossier path as a nested table: for cases, and to compare the engines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import pyarrow as pa

from tthc_rules.bulk.columns import DOSSIER_COLUMNS, DOSSIER_ID, EVENT_COLUMNS, EVENTS, UNKNOWN
from tthc_rules.law.civil import clock_time
from tthc_rules.law.dossier import EVENT_TYPES, Dossier, Event, NoTimeLimit, OwnTime, unknown_fields
from tthc_rules.law.rule import OWN_TIMES

_TYPES: Final = {
    "text": pa.string(),
    "number": pa.int64(),
    "flag": pa.bool_(),
    "list": pa.list_(pa.string()),
}
_OURS: Final = frozenset({Event, *EVENT_TYPES.values()})
_FLAGS: Final = frozenset(name for name, meaning in EVENT_COLUMNS.items() if meaning == "flag")


def table_of_dossiers(dossiers: Sequence[Dossier]) -> pa.Table:
    """One row each; moments as ISO text, since a column may mix dates and instants."""
    logs = [[_event(event) for event in dossier.events] for dossier in dossiers]
    names = dict.fromkeys(name for log in logs for event in log for name in event)
    kinds = [(name, pa.bool_() if name in _FLAGS else pa.string()) for name in {"kind": 0, "at": 0, **names}]
    rows = [_fields(dossier) for dossier in dossiers]
    columns: dict[str, Any] = {DOSSIER_ID: pa.array([dossier.dossier_id for dossier in dossiers], pa.string())}
    for name in dict.fromkeys(name for row in rows for name in row):
        columns[name] = pa.array([row.get(name) for row in rows], _TYPES[DOSSIER_COLUMNS.get(name, "text")])
    columns[EVENTS] = pa.array(logs, pa.list_(pa.struct(kinds)))
    return pa.table(columns)


def strange_names(dossier: Dossier) -> set[str]:
    """The names in a dossier that nobody knows; raises `TypeError` for models of somebody else's."""
    names = {*unknown_fields(dossier), *(unknown_fields(dossier.units) if dossier.units else ())}
    for event in dossier.events:
        if type(event) not in _OURS:
            raise TypeError(type(event))
        names.update(unknown_fields(event))
    if type(dossier) is not Dossier:
        raise TypeError(type(dossier))
    return names


def _event(event: Event) -> dict[str, Any]:
    fields = {(field.alias or name): getattr(event, name) for name, field in type(event).model_fields.items()}
    made = {name: v.isoformat() if isinstance(v, date) else v for name, v in fields.items() if v is not None}
    return {**made, **_strange(unknown_fields(event))}


def _strange(fields: dict[str, Any], group: str = "") -> dict[str, str]:
    """Fields that their place does not know, under names that no place knows."""
    said = {name: json.dumps(value, sort_keys=True, default=str) for name, value in fields.items()}
    return {f"{group}{name}{UNKNOWN}": text for name, text in said.items()}


def _fields(dossier: Dossier) -> dict[str, Any]:
    limit, units = dossier.time_limit, dossier.units
    made: dict[str, Any] = {
        "procedure": dossier.procedure,
        "regime": dossier.regime,
        "jurisdiction": dossier.jurisdiction,
        "field": dossier.field,
        "channel": dossier.channel,
        "filed_elsewhere": dossier.filed_elsewhere,
        "other_level": dossier.other_level,
        "officers": list(dossier.officers),
        "observes": None if dossier.observes is None else list(dossier.observes),
        "unknown": list(dossier.unknown),
    }
    if units is not None:
        made["units.handling_agency"], made["units.one_stop_unit"] = units.handling_agency, units.one_stop_unit
    if isinstance(limit, NoTimeLimit):
        made["time_limit.none"] = True
    elif limit is not None:
        made["time_limit.amount"], made["time_limit.unit"] = limit.amount, limit.unit
        made["time_limit.pauses_for"] = list(limit.pauses_for)
        if limit.cutoff is not None:
            made["time_limit.cutoff"] = clock_time(limit.cutoff)
    for name in OWN_TIMES:
        own: OwnTime | None = getattr(limit, name, None)
        if own is not None:
            made[f"time_limit.{name}.amount"], made[f"time_limit.{name}.unit"] = own.amount, own.unit
    return {
        **{name: value for name, value in made.items() if value is not None},
        **_strange(unknown_fields(dossier)),
        **_strange({} if units is None else unknown_fields(units), "units."),
    }
