"""The documented columns: what a table of events and a table of dossiers may hold, and under which names."""

from __future__ import annotations

from typing import Final, Literal

from tthc_rules.law.codes import KINDS
from tthc_rules.law.dossier import EVENT_TYPES, Event

Meaning = Literal["moment", "text", "flag", "number", "list"]

DOSSIER_ID: Final = "dossier_id"
EVENTS: Final = "events"
"""The column of a nested table: `list<struct<kind, at, …>>`, one row a dossier."""

ALIASES: Final = {"case:concept:name": DOSSIER_ID, "concept:name": "kind", "time:timestamp": "at"}
"""The names of process mining."""

_MOMENTS: Final = frozenset({"at", "appointed_due", "new_due", "due", "from", "to"})
_FLAGS: Final = frozenset({"after_appraisal", "applicant_fault", "attached"})


def _fields(model: type[Event]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items() if name not in ("kind", "at")]


KNOWN_BY: Final[dict[str, frozenset[int]]] = {
    name: frozenset(KINDS[kind] for kind, model in EVENT_TYPES.items() if name in _fields(model))
    for name in dict.fromkeys(name for model in EVENT_TYPES.values() for name in _fields(model))
}
"""For each field that an event may carry, the kinds that know it."""

EVENT_COLUMNS: Final[dict[str, Meaning]] = {
    "kind": "text",
    "at": "moment",
    **{name: "moment" if name in _MOMENTS else "flag" if name in _FLAGS else "text" for name in KNOWN_BY},
}

DOSSIER_COLUMNS: Final[dict[str, Meaning]] = {
    DOSSIER_ID: "text",
    "procedure": "text",
    "jurisdiction": "text",
    "field": "text",
    "channel": "text",
    "units.handling_agency": "text",
    "units.one_stop_unit": "text",
    "officers": "list",
    "filed_elsewhere": "flag",
    "time_limit.amount": "number",
    "time_limit.unit": "text",
    "time_limit.cutoff": "text",
    "time_limit.pauses_for": "list",
    "time_limit.none": "flag",
}
