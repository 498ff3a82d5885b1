"""A dossier as the law counts it: one thing of it is changed, and all is counted again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from tthc_rules.law import clock
from tthc_rules.law.asked import Asked, clocked
from tthc_rules.law.codes import ALL_FIRST, ALL_SINCE, blank
from tthc_rules.law.corpus import HoursTable
from tthc_rules.law.habits.kinds import WHOLE_DAY, Counted
from tthc_rules.law.known import KnownLaw, Tables
from tthc_rules.law.office_hours import hours_columns
from tthc_rules.law.workdays import Calendar

_BLANK: Final = blank(2 * clock.N_KINDS)
_BEYOND: Final = 90
"""Days behind the lawful due date for which a changed calendar is laid out."""
STOPPING: Final = frozenset({
    clock.PAUSED, clock.RESUMED, clock.PAYMENT_AWAITED, clock.PAYMENT_RECEIVED, clock.OPINION_REQUESTED,
    clock.OPINION_RECEIVED, clock.SUPPLEMENT_REQUESTED, clock.SUPPLEMENT_RECEIVED, clock.EXCLUDED,
})  # fmt: skip
"""What may stop a clock, and what lets it go on."""


@dataclass(frozen=True)
class LawfulCount:
    """One dossier, counted by the law in one edition of the calendar."""

    known: KnownLaw
    asked: Asked
    out: Sequence[int]
    """What the clock answered."""
    today: int
    """The day on which a system would count it anew."""
    by_days: dict[frozenset[tuple[int, bool]], Counted | None] = field(default_factory=dict)
    """What calendars that differ in some days gave: several ways of counting know the same days."""

    @classmethod
    def of(cls, known: KnownLaw, asked: Asked, today: int) -> LawfulCount:
        """The dossier, counted."""
        return cls(known, asked, _run(asked), today)

    @property
    def lawful(self) -> Counted | None:
        """The date by law, where there is one."""
        return _due(self.out)

    @property
    def start(self) -> int:
        """The place in the timeline of what started the clock, or -1."""
        return self.out[clock.O_START]

    @property
    def last_start(self) -> int:
        """The place of the last start: a restart is one."""
        return self.out[clock.O_LAST_START]

    @property
    def unit(self) -> int:
        """The unit of the limit, as a code of the clock."""
        return self.asked.columns[1]

    @property
    def amount(self) -> int:
        """The amount of the limit."""
        return self.asked.columns[0]

    @property
    def is_in_hours(self) -> bool:
        """Whether the limit is counted in working hours."""
        return self.unit == clock.WORK_HOUR and self.amount > 0

    @property
    def table(self) -> HoursTable:
        """The office hours by which the law counts hours here."""
        return self.known.hours_table(self.asked.dossier.jurisdiction, self.asked.question.hours)

    @cached_property
    def special(self) -> Mapping[int, str]:
        """The days from the start on that are no ordinary days of the week, by their kind."""
        calendar, first, lawful = self.asked.calendar, self.asked.timeline.day[self.start], self.lawful
        last = first if lawful is None else lawful.day + _BEYOND
        return calendar.special(max(first, calendar.base), min(last, calendar.until))

    def recounted(self, **changes: Any) -> Counted | None:
        """The due date with some things of the dossier or its law changed; nothing where there is none then."""
        return _due(_run(self.changed(**changes)))

    def changed(self, **changes: Any) -> Asked:
        """The same with some things changed, in the one edition of the calendar that is known when it is asked."""
        calendar = self.asked.calendar
        one: dict[str, Any] = {"tables": self.known.tables_of(calendar, calendar)}
        if self.is_in_hours or self.asked.regimes.asks_for_hours:
            one["hours"] = self.known.hours_of(self.table, calendar)
        return replace(self.asked, **{**one, **changes})

    def with_limit(self, amount: int, unit: int, table: HoursTable | None = None, **changes: Any) -> Counted | None:
        """The due date of another limit; of one in working hours by other office hours, where they are named."""
        if unit == clock.WORK_HOUR:
            changes["hours"] = self.known.hours_of(table or self.table, self.asked.calendar)
        return self.recounted(columns=(amount, unit, -1, self.asked.columns[3]), **changes)

    def due_with(self, turned: Mapping[int, bool]) -> Counted | None:
        """The due date by a calendar with some days worked or off."""
        key = frozenset(turned.items())
        if key not in self.by_days:
            self.by_days[key] = self.by_calendar(self.with_days(turned))
        return self.by_days[key]

    def with_days(self, turned: Mapping[int, bool], *, every: bool = False) -> Calendar:
        """The stretch of the calendar that the dossier lies in, with some days worked or off, or `every` day worked."""
        calendar, day, lawful = self.asked.calendar, self.asked.timeline.day, self.lawful
        first = max(min(day) - 7, calendar.base)
        last = min(max(*day, lawful.day if lawful else 0) + _BEYOND, calendar.last)
        works = bytearray(calendar.works[first - calendar.base : last - calendar.base + 1])
        if every:
            works = bytearray(b"\x01" * len(works))
        for at, is_worked in turned.items():
            if first <= at <= last:
                works[at - first] = is_worked
        return calendar.stretch(first, bytes(works))

    def by_calendar(self, calendar: Calendar, table: HoursTable | None = None, **changes: Any) -> Counted | None:
        """The due date by such a stretch of a calendar."""
        tables = Tables(bytes(len(calendar.idx)), 0, calendar.idx, calendar.nth)
        if self.is_in_hours or self.asked.regimes.asks_for_hours:
            changes["hours"] = hours_columns(table or self.table, calendar)
        return self.recounted(calendar=calendar, tables=tables, **changes)

    def without(self, places: Iterable[int]) -> Asked:
        """The dossier without the effect of some events."""
        gone = set(places)
        line = self.asked.timeline
        kinds = [0 if place in gone else kind for place, kind in enumerate(line.kind)]
        return self.changed(timeline=replace(line, kind=kinds))

    @cached_property
    def unstopped(self) -> LawfulCount:
        """The dossier as if nothing had stopped its clock."""
        stops = [place for place, kind in enumerate(self.asked.timeline.kind) if kind in STOPPING]
        if not stops:
            return self
        asked = self.without(stops)
        return replace(self, asked=asked, out=_run(asked), by_days={})


def _run(asked: Asked) -> list[int]:
    """What the clock answers; how late the dossier is today is not asked."""
    out = _BLANK[:]
    clocked(asked, ALL_FIRST, ALL_SINCE, ALL_SINCE[0], out)
    return out


def _due(out: Sequence[int]) -> Counted | None:
    day = out[clock.O_LAWFUL_DAY]
    return None if day == clock.NONE else Counted(day, min(out[clock.O_LAWFUL_MINUTE], WHOLE_DAY))
