"""Moments in their order, and the due date, walked: one day, or one office minute, after the other."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from dateutil.relativedelta import relativedelta

from .days import Days

Json: TypeAlias = dict[str, Any]
DAY = 1440


class UnknownError(Exception):
    """No due date can be said."""


class OpenError(Exception):
    """SEMANTICS leaves open what is asked here: such a dossier is not compared."""


# -- moments -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """A civil moment: its exact place in the order, its day, its minute rounded up (none for a bare date)."""

    instant: dt.datetime
    minute: int | None
    number: int
    """The ordinal of its day."""

    @property
    def day(self) -> dt.date:
        return self.instant.date()

    @property
    def absolute(self) -> int:
        """Minutes since day 0; a bare date stands at the start of its day."""
        return self.number * DAY + (self.minute or 0)

    def at(self, minute: int) -> Moment:
        """The same day at a minute that is supposed."""
        return Moment(self.instant, minute, self.number)


@lru_cache(maxsize=200_000)
def moment(text: str) -> Moment:
    instant = dt.datetime.fromisoformat(text)
    minute = None if len(text) == 10 else instant.hour * 60 + instant.minute + (instant.second > 0)
    return Moment(instant, minute, instant.toordinal())


@dataclass(frozen=True)
class Happening:
    kind: str
    at: Moment
    place: int = field(compare=False)
    data: Json = field(compare=False)
    rest: str = ""


def _read(place: int, event: Json) -> Happening:
    rest = repr(sorted((key, value) for key, value in event.items() if key not in ("kind", "at")))
    return Happening(event["kind"], moment(event["at"]), place, event, rest)


def timeline(dossier: Json, as_of: dt.date) -> tuple[list[Happening], list[Happening]]:
    """Ordered by `at`, ties in the order of the list, later ones do not exist; and the exact duplicates dropped."""
    events = [_read(place, event) for place, event in enumerate(dossier["events"])]
    kept: list[Happening] = []
    dropped: list[Happening] = []
    for happened in sorted(events, key=lambda one: one.at.instant):
        if happened.at.number <= as_of.toordinal():
            (dropped if happened in kept else kept).append(happened)
    return kept, dropped


# -- the due date, walked ----------------------------------------------------------------------------------------------

OFFICE = (range(7 * 60 + 30, 11 * 60 + 30), range(13 * 60, 17 * 60))


LAST_HOUR_BEGINS = 16 * 60
"""«trong thời gian 01 giờ trước khi kết thúc giờ hành chính»: the office closes at 17:00; 16:00 is its first minute."""


def counted_as(start: Moment, days: Days) -> Moment:
    """NĐ 297/2025: a file of the last hour, of a later one, or of a day off counts as one of the next workday."""
    if days.works(start.number):
        if start.minute is None:
            raise UnknownError
        if start.minute < LAST_HOUR_BEGINS:
            return start
    moved = days.next_workday(start.number + 1, set())
    return Moment(dt.datetime.combine(dt.date.fromordinal(moved), dt.time()), 0, moved)


@dataclass(frozen=True)
class Due:
    number: int
    minute: int  # 1440: the end of the day
    gate: int  # a stop must begin before this: the due day, or the minute of a limit in hours
    unrolled: int | None = None

    @property
    def day(self) -> dt.date:
        return dt.date.fromordinal(self.number)

    @property
    def absolute(self) -> int:
        return self.number * DAY + self.minute


@dataclass
class Stops:
    """What does not count: days, and for limits in working hours stretches of minutes [from, to)."""

    days: set[int] = field(default_factory=set)
    minutes: list[tuple[int, int]] = field(default_factory=list)
    ends: list[tuple[int, int]] = field(default_factory=list)  # the day p, the first day on which it may end

    def add(self, since: Moment, until: Moment) -> None:
        """A pause (p, r]."""
        self.days.update(range(since.number + 1, until.number + 1))
        self.minutes.append((since.absolute, until.absolute))
        self.ends.append((since.number, until.number))

    def exclude(self, first: int, last: int) -> None:
        """Both ends inclusive."""
        self.days.update(range(first, last + 1))
        self.minutes.append((first * DAY, (last + 1) * DAY))
        self.ends.append((first - 1, last + 1))

    def plus(self, waits: list[tuple[Moment, Moment]]) -> Stops:
        more = Stops(set(self.days), list(self.minutes), list(self.ends))
        for since, until in waits:
            more.add(since, until)
        return more


def due_of(limit: Json, start: Moment, stops: Stops, days: Days) -> Due:
    amount, unit = limit["amount"], limit["unit"]
    if amount == 0 and unit in ("workday", "work_hour"):
        number = days.next_workday(_zero(limit, start, days), stops.days)
        return Due(number, DAY, number, number)
    if unit == "work_hour":
        return _hours(amount * 60, start, stops, days)
    number = start.number
    if unit == "workday":
        while amount:
            number += 1
            amount -= days.works(number) and number not in stops.days
        return Due(number, DAY, number, number)
    # Received past the hour of a zero limit: the next day, and a stop moves it as it moves any other.
    end = _plus(number, unit, amount) if amount else _zero(limit, start, days)
    left = end - number
    while left:
        number += 1
        left -= number not in stops.days
    due = days.next_workday(number, set())
    # A limit that is stopped before its rolled due date does not end while it is stopped.
    while late := [over for p, over in stops.ends if p < due < over]:
        due = days.next_workday(min(late), set())
    return Due(due, DAY, due, number)


@lru_cache(maxsize=100_000)
def _plus(number: int, unit: str, amount: int) -> int:
    more = {
        "calendar_day": relativedelta(days=amount),
        "week": relativedelta(weeks=amount),
        "month": relativedelta(months=amount),
        "year": relativedelta(years=amount),
    }[unit]
    end = dt.date.fromordinal(number) + more
    return end.toordinal()


def _zero(limit: Json, start: Moment, days: Days) -> int:
    """The day on which a zero limit would end, before it is rolled."""
    if limit.get("cutoff") and days.works(start.number):
        if start.minute is None:
            raise UnknownError
        hour, minute = limit["cutoff"].split(":")
        if start.minute > int(hour) * 60 + int(minute):
            return start.number + 1
    return start.number


def _hours(left: int, start: Moment, stops: Stops, days: Days) -> Due:
    if start.minute is None:
        raise UnknownError
    number, opening = start.number, start.absolute
    while True:
        midnight = number * DAY
        if days.works(number):
            here = [(a, b) for a, b in stops.minutes if b > midnight and a < midnight + DAY]
            for shift in OFFICE:
                first, last = midnight + shift.start, midnight + shift.stop
                if not here and opening <= first:  # nothing to skip: all its minutes at once
                    if left <= len(shift):
                        return Due(number, shift.start + left, first + left)
                    left -= len(shift)
                    continue
                if any(a <= first and last <= b for a, b in here):
                    continue
                for now in range(max(first, opening), last):
                    if any(a <= now < b for a, b in here):
                        continue
                    left -= 1
                    if not left:
                        return Due(number, now - midnight + 1, now + 1)
        number += 1
