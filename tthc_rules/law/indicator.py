"""Indicators as typed, immutable nodes: what is counted over many dossiers, and by whose definition.

There are no formulas in code: a node names sets of dossiers from a closed list, or facts that a unit states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from tthc_rules.law.evidence import Citation, Interpretation, Status, Text
from tthc_rules.law.rule import Consequence, InForce

PLAIN_SETS: Final = ("received", "carried_over", "finished", "late", "undetermined")
"""Sets that need no due date to choose; `late` always hangs on `lawful_due`; what is `undetermined` is in no other.

Counted by another due date, they hold the dossiers of which it can be said whether they were late by that one."""

DUE_SETS: Final = (
    "finished_early",
    "finished_on_the_day",
    "finished_late",
    "open_in_time",
    "open_late",
    "received_finished_in_time",
    "received_open_in_time",
    "received_given_back_late",
)
"""Sets that differ with the due date compared."""

SAID_BY_DUE: Final = ("undetermined", *DUE_SETS)
"""What is shown under each due date."""

DERIVED_SETS: Final[Mapping[str, tuple[str, ...]]] = {"finished_in_time": ("finished_early", "finished_on_the_day")}
"""Sets that are sums of others."""

SETS: Final = (*PLAIN_SETS, *DUE_SETS, *DERIVED_SETS)
DUES: Final = ("original_due", "lawful_due", "current_due", "promised_due")
LAWFUL: Final = DUES.index("lawful_due")

Judged = Literal["end", "steps", "requests", "conduct"]
JUDGED: Final[Mapping[Judged, tuple[str, ...]]] = {
    "end": ("early", "on_the_day", "late"),
    "steps": ("early", "on_the_day", "late"),
    "requests": ("none", "one", "more"),
    "conduct": ("early", "on_the_day", "late", "petition"),
}
"""What a finished dossier can be given points for, and the cases of each."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of dossiers: sets above, sets below; `complement` is one minus it; `points` is what 100 % is worth."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    complement: bool = False
    points: int = 0


@dataclass(frozen=True, slots=True)
class MeanPoints:
    """The mean of points over finished dossiers; a case without points is undefined and counted apart."""

    judged: Judged
    points: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StatedPoints:
    """Points that the unit states as a fact: a sum and the number of dossiers."""

    fact: str


@dataclass(frozen=True, slots=True)
class FactTest:
    """A test of a fact of the unit: its share in hundredths, or its count."""

    fact: str
    of: Literal["share", "count"]
    sign: Literal["at_least", "above", "below", "equals"]
    value: int


@dataclass(frozen=True, slots=True)
class PointsRow:
    """A row of a table: points where every test holds; `kinds` are the units it is for, none for all."""

    points: int
    tests: tuple[FactTest, ...]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PointsTable:
    """The first row that holds gives the points; where no row holds the text is silent and the points undefined."""

    rows: tuple[PointsRow, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A class of a total: from so many points on."""

    id: str
    label: Text
    at_least: Decimal | None


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of indicators, for a unit or for an officer, and the class it falls in."""

    of: tuple[str, ...]
    bands: tuple[Band, ...]
    whose: Literal["unit", "officer"] = "unit"


@dataclass(frozen=True, slots=True)
class Count:
    """How many dossiers are in these sets together: a line of a report form."""

    sets: tuple[str, ...]


Way = Share | MeanPoints | StatedPoints | PointsTable | Total | Count


@dataclass(frozen=True, slots=True)
class Indicator:
    """One version of one definition, with its formula in words for whoever reads the number."""

    id: str
    version: str
    label: Text
    formula: Text
    in_force: InForce
    citations: tuple[Citation, ...]
    interpretations: tuple[Interpretation, ...]
    evidence: Status
    is_on: bool
    consequence: Consequence
    decimals: int
    way: Way
    source: str
    law_rows: tuple[str, ...] = ()
