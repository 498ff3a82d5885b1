"""The documented columns: what a table of events and a table of dossiers may hold, and under which names."""

from __future__ import annotations

from typing import Final

from tthc_rules.law.codes import KINDS
from tthc_rules.law.fields import DOSSIER_FIELDS, DOSSIER_ID, EVENT_FIELDS, EVENTS, FIELDS_OF, Meaning

__all__ = ["ALIASES", "DOSSIER_COLUMNS", "DOSSIER_ID", "EVENTS", "EVENT_COLUMNS", "KNOWN_BY", "UNKNOWN", "Meaning"]

ALIASES: Final = {"case:concept:name": DOSSIER_ID, "concept:name": "kind", "time:timestamp": "at"}
"""The names of process mining."""

UNKNOWN: Final = "?tthc"
"""Ends the name of a field that its place does not know, where a column of that name would be known."""

EVENT_COLUMNS: Final = EVENT_FIELDS
DOSSIER_COLUMNS: Final = DOSSIER_FIELDS

KNOWN_BY: Final[dict[str, frozenset[int]]] = {
    name: frozenset(KINDS[kind] for kind, fields in FIELDS_OF.items() if name in fields)
    for name in EVENT_COLUMNS
    if name not in ("kind", "at")
}
"""For each field that an event may carry, the kinds that know it."""
