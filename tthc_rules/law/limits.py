"""Time limits as the clock reads them, and those of the catalogue."""

from __future__ import annotations

from typing import Final, assert_never

from tthc_rules.law import clock
from tthc_rules.law.civil import clock_time
from tthc_rules.law.codes import UNITS
from tthc_rules.law.dossier import NoTimeLimit, TimeLimit
from tthc_rules.law.rule import CatalogueEntry

_LONGEST: Final = 1_000_000
NO_OWN_TIMES: Final = (-1, -1, -1)


def limit_of(entry: CatalogueEntry | None) -> TimeLimit | NoTimeLimit | None:
    """The limit of a catalogue entry, in the shape of a dossier's own."""
    if entry is None:
        return None
    own = {name: {"amount": amount, "unit": unit} for name, amount, unit in entry.own_times}
    if entry.none:
        return NoTimeLimit.model_validate({"none": True, **own})
    cutoff = None if entry.cutoff < 0 else clock_time(entry.cutoff)
    return TimeLimit.model_validate(
        {"amount": entry.amount, "unit": entry.unit, "cutoff": cutoff, "pauses_for": entry.pauses_for, **own}
    )


def own_time_columns(limit: TimeLimit | NoTimeLimit | None) -> tuple[int, int, int]:
    """Each time that sector law has beside the limit, in the order of `OWN_TIMES`: as one number, or -1."""
    if limit is None:
        return NO_OWN_TIMES
    times = back, answer, closing = limit.return_within, limit.answer_within, limit.closes_after
    if back is None and answer is None and closing is None:
        return NO_OWN_TIMES
    own = [-1 if time is None else packed(time.amount, UNITS[time.unit]) for time in times]
    return own[0], own[1], own[2]


def packed(amount: int, unit: int) -> int:
    """Amount and unit as one number; what is longer than any calendar is as long as the longest."""
    return min(amount, _LONGEST) << 3 | unit


def unpacked(own: int) -> tuple[int, int]:
    """The amount and the unit of such a number."""
    return own >> 3, own & 7


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
