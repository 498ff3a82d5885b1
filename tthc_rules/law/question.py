"""What is asked of a dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the last day that exists, what was known, which lateness, and whose calendar and hours."""

    as_of: date
    known_on: date
    lateness: str = "by_date"
    calendar: str | None = None
    hours: str | None = None
    strict: bool = False
    """Whether a name that nobody knows is refused instead of noted."""
    supposed: int = 0
    """How many of the dossier's last events have not happened: they are supposed."""
