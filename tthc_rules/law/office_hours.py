"""Office hours over a calendar: how many minutes the offices have worked before each day."""

from __future__ import annotations

from datetime import timedelta

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
    before, shift_of, total = [0], [], 0
    day = date_of(calendar.base)
    for works in calendar.works:
        label = f"{day:%m-%d}"
        season = next(
            (k for k, (first_day, last_day, _) in enumerate(table.seasons) if first_day <= label <= last_day), 0
        )
        shift_of.append(season)
        total += minutes[season] if works else 0
        before.append(total)
        day += timedelta(days=1)
    return tuple(before), tuple(shift_of), tuple(shifts)
