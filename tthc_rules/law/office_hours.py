"""Office hours over a calendar: how many minutes the offices have worked before each day."""

from __future__ import annotations

from calendar import isleap
from datetime import date, timedelta
from itertools import accumulate

from tthc_rules.law.civil import date_of
from tthc_rules.law.corpus import HoursTable
from tthc_rules.law.workdays import Calendar

HoursColumns = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]


def hours_columns(table: HoursTable, calendar: Calendar) -> HoursColumns:
    """Work minutes before each day (one more at the end), the timetable of each day, and the timetables themselves."""
    shifts: list[int] = []
    for _, _, slots in table.seasons:
        first = slots[0]
        second = slots[1] if len(slots) > 1 else (first[1], first[1])
        shifts += [*first, *second]
    minutes = [shifts[k + 1] - shifts[k] + shifts[k + 3] - shifts[k + 2] for k in range(0, len(shifts), 4)]
    season_of = _seasons(table, date_of(calendar.base), len(calendar.works))
    worked = (minutes[season] if works else 0 for season, works in zip(season_of, calendar.works, strict=True))
    return tuple(accumulate(worked, initial=0)), tuple(season_of), tuple(shifts)


def _seasons(table: HoursTable, first: date, days: int) -> list[int]:
    """The timetable of each day from the first on, a year at a time: seasons are days of the year."""
    common, leap = _seasons_of_a_year(table, 2023), _seasons_of_a_year(table, 2024)
    years = range(first.year, (first + timedelta(days=days)).year + 1)
    seasons = [season for year in years for season in (leap if isleap(year) else common)]
    before = first.timetuple().tm_yday - 1
    return seasons[before : before + days]


def _seasons_of_a_year(table: HoursTable, year: int) -> list[int]:
    day, seasons = date(year, 1, 1), []
    while day.year == year:
        label = f"{day:%m-%d}"
        seasons.append(next((k for k, (start, end, _) in enumerate(table.seasons) if start <= label <= end), 0))
        day += timedelta(days=1)
    return seasons
