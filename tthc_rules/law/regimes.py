"""Which clock runs a dossier: the versions known on a day, as the columns that the clock reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tthc_rules.law import clock
from tthc_rules.law.codes import KINDS, PAUSE_COUNTS, RECEIPTS, SUPPLEMENT_EFFECTS
from tthc_rules.law.rule import ClockVersion


@dataclass(slots=True)
class Regimes:
    """The clock versions of a family that are known on a day, as the columns that the clock reads."""

    versions: tuple[ClockVersion, ...]
    start: list[int]
    until: list[int]
    supplement: list[int]
    elsewhere: list[int]
    event: list[int]
    """The kind of event that starts the clock."""
    cutoff: list[int]
    """How many minutes before the office closes a start counts as one of the next workday; -1: at no hour."""
    pause: list[int]
    receipt: list[int]
    soon: list[int]

    @classmethod
    def known_on(cls, versions: Iterable[ClockVersion], day: int) -> Regimes:
        """The versions whose instrument was issued by that day."""
        known = tuple(version for version in versions if version.in_force.issued_on <= day)
        return cls(
            known,
            [c.in_force.start for c in known],
            [c.in_force.known_end(day) for c in known],
            [SUPPLEMENT_EFFECTS[c.supplement] for c in known],
            [int(c.starts_elsewhere) for c in known],
            [KINDS[c.starts.event] for c in known],
            [c.starts.minutes_before_close for c in known],
            [PAUSE_COUNTS[c.pause_counts] for c in known],
            [RECEIPTS[c.receipt_on_day_off] for c in known],
            [c.due_soon for c in known],
        )

    @property
    def asks_for_hours(self) -> bool:
        """Whether some version counts by when the office closes."""
        return max(self.cutoff, default=clock.NO_CUTOFF) != clock.NO_CUTOFF

    def at(self, day: int) -> ClockVersion | None:
        """The version that runs the clock of a dossier accepted on that day."""
        found = None
        for version, start, until in zip(self.versions, self.start, self.until, strict=True):
            if start <= day <= until:
                found = version
        return found

    def with_other(self, reading: str) -> Regimes:
        """The same versions with the supplement effect that this reading did not take."""
        flip = {clock.BY_PAUSE: clock.BY_RESTART, clock.BY_RESTART: clock.BY_PAUSE}
        effects = [
            flip[effect] if version.supplement_reading == reading else effect
            for version, effect in zip(self.versions, self.supplement, strict=True)
        ]
        return replace(self, supplement=effects)
