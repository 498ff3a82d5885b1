"""The columns of a result, the same for every engine that writes one and for the accounts that read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

RESULTS_FORMAT: Final = 2
"""Which columns a result has and what they mean, as a number that rises when either changes."""
RESULTS_FORMAT_KEY: Final = "results_format"
"""Where a table of results says it, in its metadata; a text says it by its columns."""
FIXED_COLUMNS: Final = (
    "dossier_id",
    "error_code",
    "error",
    "procedure",
    "jurisdiction",
    "field",
    "channel",
    "handling_agency",
    "one_stop_unit",
    "officers",
    "observes",
    "unknown",
    "punctuality",
    "workdays_late",
    "days_late",
    "punctuality_current",
    "workdays_late_current",
    "days_late_current",
    "clock_version",
    "accepted_on",
    "original_due",
    "lawful_due",
    "current_due",
    "promised_due",
    "finished_on",
    "ended_by",
    "provisional",
    "responsible",
    "versions",
    "clauses",
    "notes",
    "unknown_names",
    "assumptions",
    "rules_digest",
    "calendar_digest",
)
"""Every other column of a result is a duty or a limit, or the last day to act on it."""

ACT_BY: Final = ".act_by"


def duties_among(columns: Iterable[str]) -> tuple[str, ...]:
    """The columns of a result that hold the outcome of a duty or a limit."""
    return tuple(name for name in columns if name not in _FIXED and not name.endswith(ACT_BY))


_FIXED: Final = frozenset(FIXED_COLUMNS)
