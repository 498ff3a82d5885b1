"""The composed function's numbers, and what they stand for: outcomes, columns of first events, acts, readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tthc_rules.law import clock
from tthc_rules.law.codes import KINDS, NoteCode, OnlyIf
from tthc_rules.law.rule import (
    ANSWER,
    ENDS,
    OPEN_REQUEST,
    RAISED,
    Applicability,
    EventSeen,
    FieldIs,
    Limit,
    Obligation,
    Overlay,
    Rule,
    Statement,
)

OUTCOMES: Final = ("", "pending", "met", "met_late", "missed", "undetermined", "not_owed", "kept", "broken")
ABSENT, PENDING, MET, MET_LATE, MISSED, UNDETERMINED, NOT_OWED, KEPT, BROKEN = range(9)
CODES: Final = {name: code for code, name in enumerate(OUTCOMES)}

EXCEPTED, TWO_EXCEPTIONS, BEFORE_IN_FORCE, NOT_OBSERVED, PAUSES, FINISH = 1, 2, 4, 8, 16, 32
"""Bits of what is noted of a finding."""
NOTED: Final[dict[int, NoteCode]] = {
    EXCEPTED: "excepted",
    TWO_EXCEPTIONS: "two_exceptions",
    BEFORE_IN_FORCE: "act_by_before_in_force",
    NOT_OBSERVED: "not_observed",
    PAUSES: "pauses_unknown",
    FINISH: "finish_unknown",
}

BY_OTHER, WAIVED = 1, 2  # how an outcome came about, where there are several ways
WAYS: Final = ("", "or_by", "waived_by")

OWED, RESULT_LATE, RAISED_LATER, NOT_ELIGIBLE = 1, 2, 3, 4  # how an act is expected
ONLY_IF: Final[tuple[OnlyIf | None, ...]] = (None, None, "result_late", "raised_later", "not_eligible")
"""By that: on what it still depends."""

PLACES: Final[dict[str, int]] = {
    "dossier_submitted": clock.O_SUBMITTED,
    "dossier_lost": clock.O_LOST,
    "error_reported": clock.O_REPORTED,
    "dossier_closed": clock.O_CLOSED,
    OPEN_REQUEST: clock.O_OPEN_REQUEST,
}
"""The dates of what raises a duty: the column that holds the event."""
_COLUMNS: Final = {
    ANSWER: clock.O_ANSWERED,
    "lost_apology": clock.O_LOST_APOLOGY,
    "corrected": clock.O_CORRECTED,
    "opinion_notice": clock.O_OPINION_NOTICE,
}
RAISED_AT: Final = {pair: _COLUMNS[name] for pair, name in RAISED.items()}
"""(event, since what raised the duty) -> the column that holds the first such event."""

RESULTS: Final = ("result_issued", "result_returned")

PARAMETERS: Final = (
    "n", "ends", "kind", "day", "minute", "flags", "begun", "out", "channel", "hidden",
    "return_within", "answer_within", "closes_after", "asked_on", "base", "last", "idx", "nth",
    "office", "shift_of", "shifts", "rows", "count", "outcome", "act_by", "act", "noted", "readings",
    "turns", "next_by", "next_what", "done", "way",
    "expects", "expect_by", "expect_minute", "expect_act",
)  # fmt: skip
"""What the function takes: n dossiers, their events and the clock's answers, what sector law says beside their limits
(`limits.packed`), the day on which each is asked about, the calendar, and which `count` of the dossiers the rules
govern; then what it finds, n cells a duty; by dossier the next day on which a deadline passes, and the first act that
is expected. `done` (the event that did it), `way` and what is expected of each duty are None where nobody asks."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Which first events the rules ask for, and in which columns of the clock they come out."""

    since_acceptance: tuple[str, ...]
    since_start: tuple[str, ...]
    fields: tuple[str, ...] = ()
    """The fields of dossiers that the rules name, in order."""

    @property
    def columns(self) -> int:
        """How many columns that is."""
        return len(self.since_acceptance) + len(self.since_start)

    @property
    def since_at(self) -> int:
        """The first column that a restart empties."""
        return clock.O_FIRST + len(self.since_acceptance)

    def tables(self) -> tuple[list[int], list[int]]:
        """Kind -> column, as the clock takes it: since acceptance, and since the last start."""
        first, since = [-1] * clock.N_KINDS, [-1] * clock.N_KINDS
        for place, event in enumerate(self.since_acceptance):
            first[KINDS[event]] = clock.O_FIRST + place
        for place, event in enumerate(self.since_start):
            since[KINDS[event]] = self.since_at + place
        return first, since

    def field(self, name: str) -> int:
        """The number of a field, 0 for one that no rule names; `name` as `text.alike` has it."""
        return self.fields.index(name) + 1 if name in self.fields else 0

    def column(self, event: str, since: str) -> int:
        """The column of an event."""
        if since == "acceptance":
            return clock.O_FIRST + self.since_acceptance.index(event)
        return self.since_at + self.since_start.index(event)


@dataclass(frozen=True, slots=True)
class Act:
    """A rule version with the local acts that stand beside it: what a finding came from."""

    rule: Rule
    overlays: tuple[Overlay, ...]
    duty: Obligation | Limit
    rank: int
    """Its place among the findings of a verdict."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The function's source, and what its numbers stand for."""

    source: str
    slots: Slots
    duties: tuple[str, ...]
    acts: tuple[tuple[Act, ...], ...]
    """By duty: act code - 1 -> what it stands for."""
    readings: tuple[str, ...]
    """By bit: the unconfirmed readings that a finding may stand on."""


def slots_of(rules: Iterable[Rule], overlays: Iterable[Overlay]) -> Slots:
    """The first events that these rules ask for."""
    asked: dict[str, dict[str, None]] = {"acceptance": {}, "last_start": {}}
    conditions: list[Applicability] = [c for overlay in overlays for e in overlay.excepts for c in e.conditions]
    for rule in rules:
        conditions += rule.applies_if
        for event, since in _asked_by(rule):
            if event == "result":
                asked["acceptance"].update(dict.fromkeys(RESULTS))
            elif event not in ENDS and (event, since) not in RAISED:
                asked[since].setdefault(event)
    for condition in conditions:
        if isinstance(condition, EventSeen) and condition.event not in ENDS:
            asked[condition.since].setdefault(condition.event)
    named = {name for condition in conditions if isinstance(condition, FieldIs) for name in condition.fields}
    return Slots(tuple(asked["acceptance"]), tuple(asked["last_start"]), tuple(sorted(named)))


def _asked_by(rule: Rule) -> Iterator[tuple[str, str]]:
    """The events that a rule's deadlines and duties name, and since when."""
    for deadline in rule.deadlines.values():
        yield from ((event, deadline.since) for event in deadline.counting(other_level=True))
    for obligation in rule.obligations:
        if isinstance(obligation.fulfilled, Statement):
            yield obligation.fulfilled.event, obligation.fulfilled.since
        for by in (obligation.or_by, obligation.waived):
            yield from ((event, "acceptance") for event in (() if by is None else by.events))
