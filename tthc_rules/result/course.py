"""Diễn biến của hồ sơ: what happened to a dossier, what each event did to its limit, and each day on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tthc_rules.law.civil import Moment
from tthc_rules.law.dossier import NoTimeLimit, TimeLimit
from tthc_rules.result.counted import CountedDay

Effect = Literal["", "start", "open", "wait", "restart", "without_effect", "exclude", "reappoint"]
"""What an event did to the limit: nothing that moves it; it starts; it stops; the wait that ends does not count; it
starts anew; it came too late to stop it; some days are taken out; the day for the result is set anew."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event, and what it did to the limit."""

    kind: str
    at: Moment
    effect: Effect
    due: date | None
    """The lawful due date as it stood after it, where it moved it."""
    days: tuple[date, date] | None
    """The days that it takes out of the limit, both of them too."""
    slip: Moment | None
    """The day for the result that a slip given with it names."""
    is_end: bool
    supposed: bool


@dataclass(frozen=True, slots=True)
class Course:
    """A dossier from its receipt on: its limit, its events, its days."""

    limit: TimeLimit | NoTimeLimit | None
    events: tuple[Happened, ...]
    before: tuple[CountedDay, ...]
    """The days from the receipt up to the event that started the limit anew; they count for nothing."""
    days: tuple[CountedDay, ...]
    """Each day from the last start to the lawful due date; of a dossier that waits, to the day asked about."""
    late: tuple[CountedDay, ...]
    """The days after the due date, until it ended or was asked about, of a dossier that is late."""
