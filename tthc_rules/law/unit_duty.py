"""Duties of a unit or its head, who holds an office: what an account asks beside the duties of dossiers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, assert_never

from tthc_rules.law.evidence import AmendedUnseen, Citation, Interpretation, Status, Text
from tthc_rules.law.rule import Consequence, InForce, Role

PetitionKind = Literal[
    "petition_received",
    "petition_forwarded",
    "petition_refused",
    "petition_more_asked",
    "petition_more_received",
    "petition_handled",
    "petition_published",
]
"""What happens to a petition."""
PetitionSubject = Literal["behaviour", "regulation", "other"]
"""Late or obstructive handling, a regulation itself, or anything else."""
Every = Literal["month", "quarter", "half_year", "year"]


# -- when a duty is owed -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Periodic:
    """So often in every period; by the days of `before` (MM-DD) where the text names them."""

    every: Every
    at_least: int
    before: tuple[str, ...]
    before_is_strict: bool


@dataclass(frozen=True, slots=True)
class Once:
    """Once, by a last day."""

    last_day: int


@dataclass(frozen=True, slots=True)
class Target:
    """A share that a unit must reach, or go above."""

    of: str
    percent: int
    is_strict: bool


@dataclass(frozen=True, slots=True)
class OnLateness:
    """Any late dossier is to be answered by the event of the duty, and so is each event of a kind in `also`."""

    also: tuple[str, ...]
    within_days: int | None
    each: Literal["month", ""]
    """The duty arises anew in each such period in which a dossier is late, and not with each dossier."""
    of_subordinates: bool
    """Late dossiers of the units below count, not only its own."""


@dataclass(frozen=True, slots=True)
class OnBreach:
    """Any breach in the unit's dossiers, or any late dossier, is for a superior to look at; nothing discharges it."""

    of: Literal["breach", "late"]
    of_subordinates: bool
    roles: tuple[Role, ...]
    """Only breaches that one of these roles answers for; none: all."""


@dataclass(frozen=True, slots=True)
class AfterRequest:
    """Told to correct, and nothing changed: the event, and what the text leaves to configuration."""

    event: str
    metric: str
    every: Every
    periods: int | None
    margin: int


@dataclass(frozen=True, slots=True)
class Within:
    """So many workdays after an event, its day not counted; `ahead`: at least so many workdays before it."""

    amount: int
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class OnEvent:
    """Each such event of the unit must be answered by the event of the duty, within so many days of it."""

    kinds: tuple[str, ...]
    within: Within | None


@dataclass(frozen=True, slots=True)
class OnPetition:
    """Each petition: one of `by` within so many days of `after`, unless one of `releases` came first."""

    after: PetitionKind
    by: tuple[PetitionKind, ...]
    within: Within | None
    about: tuple[PetitionSubject, ...]
    competent: bool | None
    """Only petitions that the unit is, or is not, competent to handle; nothing: whichever."""
    releases: tuple[PetitionKind, ...]
    if_made: bool
    """Judged only where it was done: the text asks when, not whether."""
    waiting: Literal["counts", "pause", "restart"]
    """What the days between asking for more and receiving it do to the count."""


WhenOwed = Periodic | Once | Target | OnLateness | AfterRequest | OnBreach | OnEvent | OnPetition
"""When a duty of a unit is owed, and by what it is met: exactly one of these."""


def causes_of(way: WhenOwed) -> tuple[str, ...]:
    """The kinds of events of a unit that give rise to a duty owed in that way."""
    match way:
        case OnLateness():
            return way.also
        case OnEvent():
            return way.kinds
        case AfterRequest():
            return (way.event,)
        case Periodic() | Once() | Target() | OnBreach() | OnPetition():
            return ()
        case _:
            assert_never(way)


# -- the duty ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToEstablish:
    """What a competent person must establish before anything follows; never what follows."""

    id: str
    label: Text
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class UnitDuty:
    """A duty of a unit or its head, computed from unit events and from the lateness of its dossiers."""

    id: str
    version: str
    label: Text
    in_force: InForce
    citations: tuple[Citation, ...]
    interpretations: tuple[Interpretation, ...]
    evidence: Status
    is_on: bool
    """A duty that stands only on what nobody read is off unless the rulebook was loaded with it."""
    owed_by: tuple[str, ...]
    to: str
    role: str
    consequence: Consequence
    event: str
    recipients: tuple[str, ...]
    way: WhenOwed
    seed_rows: tuple[str, ...]
    source: str
    establishes: tuple[ToEstablish, ...] = ()
    """What a competent person must find out first, clause by clause."""
    if_fact: str = ""
    """Binds only a unit that stated this fact, with a number above 0."""
    unless_fact: str = ""
    """Does not bind a unit that stated this fact, with a number above 0."""
    law_rows: tuple[str, ...] = ()
    note: Text | None = None
    unseen: AmendedUnseen | None = None
    """What amended its text from a day on, and was not seen."""


@dataclass(frozen=True, slots=True)
class Office:
    """Who holds a post by law at which level: one version of it."""

    id: str
    version: str
    label: Text
    in_force: InForce
    citations: tuple[Citation, ...]
    role: Role
    levels: tuple[str, ...]
    source: str
    law_rows: tuple[str, ...] = ()
