"""The clock and the steps take many dossiers in one call: each is answered as it is by itself.

What is compiled is called so, and is read from the same source; here CPython runs it, so that no compiler is needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pytest

from tthc_rules import Dossier, Rulebook, TthcError
from tthc_rules.check.cases import CasePart, find_case_files, read_cases
from tthc_rules.law import clock, steps
from tthc_rules.law.asked import Asked, asked_of
from tthc_rules.law.codes import POLICIES, blank
from tthc_rules.law.composed import Slots
from tthc_rules.law.question import Question

CASES: Final = Path(__file__).parents[1] / "cases"
ROOMS: Final = ("blind", "clock", "crossed", "ends", "families", "law", "observes", "stops")
SLOTS: Final = Slots(
    ("dossier_forwarded", "received_by_competent_agency", "result_issued", "slip_sent", "error_reported"),
    ("apology_sent", "delay_notice_sent", "result_corrected"),
)


ASKED_AT_ONCE: Final = (
    ("by_date", date(2026, 11, 30)),
    ("by_instant", date(2024, 9, 5)),  # many stand open on these
    ("promised_by_instant", date(2025, 8, 8)),
    ("qd766", date(2026, 11, 30)),
)


@dataclass
class Said:
    """What one call answers, by dossier."""

    out: list[tuple[int, ...]] = field(default_factory=list)
    events: list[tuple[tuple[int, ...], ...]] = field(default_factory=list)
    """Of each event its mark, the due date after it, the start that it follows, its step, and what did it."""


def called(several: Sequence[Asked], policy: int, left: int = 0) -> Said:
    """One call of the clock and one of the steps for these dossiers, which share everything but their events.

    `left` is what stands in the memory that they share, from an earlier call.
    """
    one, n = several[0], len(several)
    lines = [asked.timeline for asked in several]

    def joined(name: str) -> list[int]:
        return list(chain.from_iterable(getattr(line, name) for line in lines))

    kind, day, minute, x, y, tag, flags = map(joined, ("kind", "day", "minute", "x", "y", "tag", "flags"))
    ends: list[int] = []
    for line in lines:
        ends.append((ends[-1] if ends else 0) + len(line.kind))
    begins = [0, *ends[:-1]]
    amount, unit, cutoff, awaits = zip(*(asked.columns for asked in several), strict=True)
    elsewhere = [int(asked.dossier.filed_elsewhere) for asked in several]
    hidden = [asked.hidden for asked in several]
    blanks = blank(SLOTS.columns)
    out = [value for value in blanks for _ in range(n)]
    longest = max(len(line.kind) for line in lines) + 1
    scratch = [[left] * longest for _ in range(6)]
    first_in, since_in = SLOTS.tables()
    mark, due_then, begun = [0] * len(kind), [clock.NONE] * len(kind), [-1] * len(kind)
    regimes, calendar, tables, hours = one.regimes, one.calendar, one.tables, one.hours
    clock.run(
        n, begins, ends, kind, day, minute, x, y, tag, flags, amount, unit, cutoff, awaits, elsewhere, hidden,
        one.as_of, policy,
        regimes.start, regimes.until, regimes.supplement, regimes.elsewhere, regimes.event, regimes.cutoff,
        regimes.pause, regimes.receipt, regimes.soon,
        calendar.base, calendar.last, tables.edition, tables.now, tables.idx, tables.nth, calendar.provisional,
        hours[0], hours[1], hours[2],
        scratch[0], scratch[1], scratch[2], scratch[3], scratch[4], scratch[5], begun,
        first_in, since_in, SLOTS.since_at, len(blanks), out, mark, due_then,
    )  # fmt: skip
    outcome, done = [0] * len(kind), [-1] * len(kind)
    steps.stepped(n, begins, ends, kind, day, minute, x, y, tag, hidden, one.as_of, out, outcome, done)
    said = Said()
    for k, (lo, hi) in enumerate(zip(begins, ends, strict=True)):
        said.out.append(tuple(_own(column, out[column * n + k], lo) for column in range(len(blanks))))
        of_events = (mark[lo:hi], due_then[lo:hi], _placed(begun[lo:hi], lo), outcome[lo:hi], _placed(done[lo:hi], lo))
        said.events.append(tuple(map(tuple, of_events)))
    return said


EVENTS: Final = frozenset(
    {clock.O_ACCEPTED, clock.O_START, clock.O_LAST_START, clock.O_END, *range(clock.O_SUBMITTED, clock.O_OPINION_DAY)}
    | set(range(clock.O_FIRST, clock.O_FIRST + SLOTS.columns))
)
"""The columns that hold the place of an event."""


def _own(column: int, value: int, first: int) -> int:
    return value - first if column in EVENTS and value >= 0 else value


def _placed(places: Sequence[int], first: int) -> list[int]:
    return [place - first if place >= 0 else place for place in places]


def dossiers() -> Iterator[dict[str, Any]]:
    for path in find_case_files([CASES / room for room in ROOMS]):
        for case in read_cases(path):
            if isinstance(case.part, CasePart) and not case.options.rules:
                yield case.part.dossier


def asked_alike(book: Rulebook, as_of: date) -> list[list[Asked]]:
    """The dossiers of the cases, together with those that share their law, their calendars and their hours."""
    known, alike = book._known, defaultdict(list)
    for data in dossiers():
        try:
            asked = asked_of(known, Dossier.model_validate(data), Question(as_of, as_of))
        except TthcError:  # a case of bad input
            continue
        alike[id(asked.regimes), id(asked.calendar), id(asked.tables), asked.hours].append(asked)
    return [several for several in alike.values() if len(several) > 2]


@pytest.mark.parametrize(("lateness", "as_of"), ASKED_AT_ONCE)
def test_each_is_answered_as_by_itself(book: Rulebook, lateness: str, as_of: date) -> None:
    policy = POLICIES[lateness]
    compared = 0
    for several in asked_alike(book, as_of):
        together = called(several, policy, left=1 << 30)
        for place, asked in enumerate(several):
            alone = called([asked], policy)
            assert together.out[place] == alone.out[0], asked.dossier.dossier_id
            assert together.events[place] == alone.events[0], asked.dossier.dossier_id
            compared += 1
    assert compared > 400
