"""Time limits as the clock reads them, and those of the catalogue."""

from __future__ import annotations

from typing import assert_never

from tthc_rules.law import clock
from tthc_rules.law.civil import clock_time
from tthc_rules.law.codes import UNITS
from tthc_rules.law.dossier import NoTimeLimit, TimeLimit
from tthc_rules.law.rule import CatalogueEntry


def limit_of(entry: CatalogueEntry | None) -> TimeLimit | NoTimeLimit | None:
    """The limit of a catalogue entry, in the shape of a dossier's own."""
    if entry is None:
        return None
    if entry.none:
        return NoTimeLimit(none=True)
    cutoff = None if entry.cutoff < 0 else clock_time(entry.cutoff)
    return TimeLimit.model_validate(
        {"amount": entry.amount, "unit": entry.unit, "cutoff": cutoff, "pauses_for": entry.pauses_for}
    )


def limit_columns(limit: TimeLimit | NoTimeLimit | None) -> tuple[int, int, int, int]:
    """Amount, unit, cut-off minute (-1: none) and what the limit waits for, as the clock's numbers."""
    match limit:
        case None:
            return 0, clock.LIMIT_UNKNOWN, -1, 0
        case NoTimeLimit():
            return 0, clock.LIMIT_NONE, -1, 0
        case TimeLimit():
            awaits = (clock.WAITS_PAYMENT if "payment" in limit.pauses_for else 0) | (
                clock.WAITS_OPINION if "opinion" in limit.pauses_for else 0
            )
            return limit.amount, UNITS[limit.unit], -1 if limit.cutoff is None else limit.cutoff, awaits
        case _:
            assert_never(limit)
