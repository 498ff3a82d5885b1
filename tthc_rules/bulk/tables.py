"""The law as arrays: calendars with all their editions, clock versions, office hours, as known on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tthc_rules.bulk.cells import Int32s, Ints, Mask
from tthc_rules.law.corpus import HoursTable
from tthc_rules.law.office_hours import hours_columns
from tthc_rules.law.regimes import Regimes
from tthc_rules.law.workdays import Calendar, CalendarLaw

_FAR: Final = 2**31 - 1


def int32(values: Sequence[int] | Ints) -> Int32s:
    """Numbers as the clock's columns, shape (len(values),); what lies beyond its range stands at the edge."""
    return np.clip(np.asarray(values, np.int64), -(2**31), _FAR).astype(np.int32)


@dataclass(frozen=True, slots=True)
class CalendarTables:
    """A calendar in every edition up to the one known on a day; the rule layer reads the last one."""

    calendar: Calendar
    edition: Int32s
    """Which edition was known on each day. Shape (days,)."""
    now: int
    all_idx: Int32s
    all_nth: Int32s
    """How many workdays there are up to each day, and the day of the k-th of them: edition behind edition. Shape
    (editions x days,) and (editions x (days + 1),)."""
    provisional: Int32s
    """How many days not yet published there are up to each day. Shape (days,)."""
    idx: Int32s
    nth: Int32s
    """The same in the edition known now; `nth` ends with its last workday."""
    works: Mask
    """Whether each day is a workday. Shape (days,)."""

    @classmethod
    def of(cls, law: CalendarLaw, known_on: int) -> CalendarTables:
        """The editions that were known by the end of that day."""
        calendar = law.known_on(known_on)
        editions = _editions(calendar)
        days = np.arange(calendar.base, calendar.last + 1)
        published = np.asarray(law.publications[: calendar.edition], np.int64)
        return cls(
            calendar,
            np.searchsorted(published, days, side="right").astype(np.int32),
            calendar.edition,
            np.concatenate([int32(edition.idx) for edition in editions]),
            np.concatenate([int32(edition.nth_padded) for edition in editions]),
            int32(calendar.provisional),
            int32(calendar.idx),
            int32(calendar.nth),
            np.frombuffer(calendar.works, np.uint8).astype(bool),
        )


@dataclass(frozen=True, slots=True)
class HoursTables:
    """Work minutes before each day in every edition, and the timetables."""

    before: Int32s
    """Edition behind edition. Shape (editions x (days + 1),)."""
    shift_of: Int32s
    """The timetable of each day. Shape (days,)."""
    shifts: Int32s
    """Two shifts of two minutes of the day each, timetable behind timetable. Shape (4 x timetables,)."""

    @classmethod
    def none(cls) -> HoursTables:
        """For limits that are not in working hours."""
        nothing = np.zeros(1, np.int32)
        return cls(nothing, nothing, nothing)

    @classmethod
    def of(cls, table: HoursTable, tables: CalendarTables) -> HoursTables:
        """The office hours of a place over that calendar."""
        _, seasons, slots = hours_columns(table, tables.calendar)
        shift_of, shifts = int32(seasons), int32(slots)
        minutes = (shifts[1::4] - shifts[0::4] + shifts[3::4] - shifts[2::4])[shift_of]
        before = []
        for edition in _editions(tables.calendar):
            works = np.frombuffer(edition.works, np.uint8)
            before.append(np.concatenate([[0], np.cumsum(works * minutes)]))
        return cls(int32(np.concatenate(before)), shift_of, shifts)


def _editions(calendar: Calendar) -> list[Calendar]:
    """Every edition of a calendar up to this one."""
    law = calendar.law
    return [law.known_on(law.publications[k - 1] if k else -_FAR) for k in range(calendar.edition + 1)]


@dataclass(frozen=True, slots=True)
class RegimeTables:
    """The clock versions of a family, as the clock reads them."""

    regimes: Regimes
    columns: tuple[Int32s, ...]
    """What the clock reads of each version. Shape (versions,) each."""
    unseen: Int32s
    """By version: the first day on which its wording is one that nobody has seen. Shape (versions,)."""

    @classmethod
    def of(cls, regimes: Regimes) -> RegimeTables:
        """From the versions known on a day."""
        rows = (
            regimes.start,
            regimes.until,
            regimes.supplement,
            regimes.elsewhere,
            regimes.event,
            regimes.cutoff,
            regimes.pause,
            regimes.receipt,
            regimes.soon,
        )
        unseen = [_FAR if version.unseen is None else version.unseen.start for version in regimes.versions]
        return cls(regimes, tuple(int32(row) for row in rows), int32(unseen))
