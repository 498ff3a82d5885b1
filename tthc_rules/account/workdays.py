"""Workdays for the clocks of units, by days since 1970-01-01: nothing where the calendar does not know the days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tthc_rules.law.civil import date_of, day_of
from tthc_rules.law.workdays import Calendar, CalendarError


@dataclass(frozen=True)
class Workdays:
    """The calendar as known; the day of an event is not counted."""

    calendar: Calendar | None

    def after(self, day: int, amount: int) -> int | None:
        """The last day of so many workdays after an event."""
        if self.calendar is None:
            return None
        try:
            return day_of(self.calendar.add_workdays(date_of(day), amount))
        except CalendarError:
            return None

    def before(self, day: int, amount: int) -> int | None:
        """The last day that has so many workdays between it and an event, the day of the event not counted."""
        if self.calendar is None:
            return None
        try:
            on = date_of(day)
            while amount:
                on -= timedelta(days=1)
                amount -= self.calendar.is_workday(on)
        except CalendarError:
            return None
        return day_of(on)

    def between(self, after: int, until: int) -> int:
        """The workdays after one day, up to and including another; none where the calendar does not know."""
        if self.calendar is None or until <= after:
            return 0
        try:
            return self.calendar.workdays_between(date_of(after), date_of(until))
        except CalendarError:
            return 0
