"""The days of a calendar as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from tthc_rules.errors import InputFileError
from tthc_rules.law.civil import date_of, day_of
from tthc_rules.law.workdays import Calendar, year_unknown

Date = date  # a field of `ListedDay` bears the name
ORDINARY: Final = frozenset({"workday", "weekend"})
"""What a day is by the week alone; every other day is one of an act."""


@dataclass(frozen=True, slots=True)
class ListedDay:
    """One date: whether state bodies work on it, and by which act if not by the week."""

    date: Date
    works: bool
    index: int
    """Workdays from the first day of the calendar up to and including this one: N workdays after a day fall due on the
    workday whose index is N more."""
    kind: str
    name: dict[str, str]
    instrument: str
    known_from: Date | None
    """The day of the letter that decided it; nothing where the statute or the week does."""
    provisional: bool

    @property
    def is_of_an_act(self) -> bool:
        """Whether it is a day off with a name, or one that is worked for another."""
        return self.kind not in ORDINARY


@dataclass(frozen=True, slots=True)
class ListedYear:
    """One year: how many workdays, and whether all its letters are known."""

    year: int
    workdays: int
    days_off: int
    """Days off with a name that do not fall on a weekend."""
    makeup_workdays: int
    provisional: bool


class CalendarList(BaseModel):
    """The days of some years of a calendar, as they were known on one day."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    calendar: str
    label: dict[str, str]
    known_on: date | None
    """Letters of later days are not in it; nothing where all that this version of the law holds was asked for."""
    last_letter: date | None
    """The day of the latest letter that is in it."""
    edition: int
    """How many days had brought letters by then: it rises when one comes."""
    digest: str
    """SHA-256 of the open and closed days as known, as a verdict bears it."""
    first_day: date
    """Where the index begins."""
    published_to: date | None
    """The last day of the years whose letters are all known; what lies after it may still change."""
    years: tuple[ListedYear, ...]
    days: tuple[ListedDay, ...]

    @property
    def provisional_years(self) -> tuple[int, ...]:
        """The years that still await a letter."""
        return tuple(one.year for one in self.years if one.provisional)


def list_of(calendar: Calendar, years: Iterable[int], known_on: date | None) -> CalendarList:
    """The days of these years, or of every published one; raises `InputFileError` for a year nothing is known of."""
    published = published_years(calendar)
    wanted = tuple(dict.fromkeys(years)) or published
    if unknown := [year for year in wanted if not calendar.first_year <= year <= calendar.last_year]:
        raise InputFileError(year_unknown(calendar, year) for year in unknown)
    days = {year: _days(calendar, year) for year in sorted(wanted)}
    letters = calendar.law.publications[: calendar.edition]
    return CalendarList(
        calendar=calendar.law.id,
        label=dict(calendar.law.label),
        known_on=known_on,
        last_letter=date_of(letters[-1]) if letters else None,
        edition=calendar.edition,
        digest=calendar.digest,
        first_day=date_of(calendar.base),
        published_to=date(published[-1], 12, 31) if published else None,
        years=tuple(_year(calendar, year, found) for year, found in days.items()),
        days=tuple(day for found in days.values() for day in found),
    )


def published_years(calendar: Calendar) -> tuple[int, ...]:
    """The years from the first on whose letters are all known."""
    last = min(calendar.law.last_published_year, calendar.last_year)
    years = range(calendar.first_year, last + 1)
    return tuple(year for year in years if not _is_provisional(calendar, year))


def _is_provisional(calendar: Calendar, year: int) -> bool:
    first, last = (day_of(date(year, *day)) - calendar.base for day in ((1, 1), (12, 31)))
    return calendar.provisional[last] > (calendar.provisional[first - 1] if first else 0)


def _days(calendar: Calendar, year: int) -> tuple[ListedDay, ...]:
    first = date(year, 1, 1)
    return tuple(_day(calendar, first + timedelta(at)) for at in range((date(year + 1, 1, 1) - first).days))


def _day(calendar: Calendar, day: date) -> ListedDay:
    info = calendar.day(day)
    index = calendar.idx[day_of(day) - calendar.base]
    return ListedDay(
        day, info.is_workday, index, info.kind, dict(info.name), info.instrument, info.published_on, info.provisional
    )


def _year(calendar: Calendar, year: int, days: tuple[ListedDay, ...]) -> ListedYear:
    weekend = calendar.law.weekend
    return ListedYear(
        year,
        sum(day.works for day in days),
        sum(day.is_of_an_act and not day.works and day.date.weekday() not in weekend for day in days),
        sum(day.is_of_an_act and day.works for day in days),
        _is_provisional(calendar, year),
    )
