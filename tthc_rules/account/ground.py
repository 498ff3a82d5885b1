"""What the duties of one unit are judged by, and what one of them comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tthc_rules.account.indicators import Stated, Value
from tthc_rules.account.inputs import Complete, Petition, Settings, UnitEvent
from tthc_rules.account.period import Period
from tthc_rules.account.workdays import Workdays
from tthc_rules.law.unit_duty import UnitDuty

ANY_KIND: Final = "any"
"""In `owed_by`: whatever kind of unit it is."""
WORST: Final = ("missed", "unknown", "pending", "met_late", "met", "not_owed")
"""Which outcome stands for several."""


@dataclass(frozen=True, slots=True)
class DutyItem:
    """One duty in one window: its outcome, why it is unknown, the last day, and what was done when."""

    duty: str
    version: str
    window: str
    outcome: str
    reason: str = ""
    consequence: str | None = None
    act_by: int | None = None
    triggers: int | None = None
    done: tuple[int, ...] = ()
    value: Value | None = None
    asked_on: int = 0
    """The day whose holder of the post answers."""
    outcomes: Mapping[str, int] | None = None
    """How many causes came to what, where each cause has its own last day."""
    is_finding: bool = False
    """It says what the period holds, and not that something was left undone."""
    about: tuple[str, ...] = ()
    """Which causes were missed, met late or are not known."""


@dataclass(frozen=True)
class Ground:
    """Everything that the duties of one unit are judged by."""

    unit: str
    kinds: frozenset[str]
    place: str
    period: Period
    closing: int
    as_of: int
    known_on: int
    events: Sequence[UnitEvent]
    complete: Sequence[Complete]
    facts: Mapping[str, Stated]
    settings: Settings
    triggers: Mapping[str, Counter[int]]
    """By capacity (`handling_agency`, `one_stop_unit`): the due dates of its late dossiers."""
    open_since: Counter[int]
    """The due dates of its dossiers that are open and late."""
    apologies: Counter[tuple[int, str]]
    """Of its late dossiers: the due date, and whether it was apologised for."""
    late_in: Callable[[Period, bool], int]
    """How many dossiers were late in a month: the unit's own, or with those of the units below."""
    measure: Callable[[str, Period | None], Value]
    """An indicator of the unit, in the account's period or in another."""
    breaches: Counter[int]
    """When duties of its dossiers were missed, met late or broken, to the day on which a duty begins or ends."""
    synced: tuple[int, int] | None
    """Received dossiers that were synchronised, and all of them; nothing where no dossiers were given."""
    late_below: Callable[[], Counter[int]]
    """The due dates of late dossiers of the unit and of all units below it."""
    breaches_of: Callable[[tuple[str, ...]], Counter[int]]
    """As `breaches`, only those that one of these roles answers for."""
    petitions: Sequence[Petition]
    workdays: Workdays

    @property
    def is_open(self) -> bool:
        return self.as_of < self.period.last

    def is_complete(self, kind: str, first: int, last: int) -> bool:
        """Whether the log of that kind is declared complete on every day of a span."""
        day = first
        spans = sorted((c.from_, c.to) for c in self.complete if c.kind == kind)
        for start, end in spans:
            if start > day:
                break
            day = max(day, end + 1)
        return day > last

    def under(self, duty: UnitDuty, day: int) -> bool:
        """Whether a duty was in force on a day, as known: what happened before or after gives rise to nothing."""
        return duty.in_force.start <= day <= duty.in_force.known_end(self.known_on)

    def of_kind(self, kind: str) -> list[UnitEvent]:
        return [event for event in self.events if event.kind == kind]


def worst(outcomes: Iterable[str]) -> str:
    """The outcome that stands for several windows or recipients."""
    return min(outcomes, key=WORST.index)
