"""The closed set of ways of counting that are known from systems of others, and what each of them gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

from tthc_rules.law.dossier import NoTimeLimit, TimeLimit

ByCalendar = Literal[
    "holidays_forgotten",
    "makeup_missed",
    "weekends_only",
    "past_holidays_forgotten",
    "start_year_only",
    "older_calendar",
    "newer_calendar",
]
"""Another calendar: which days are worked."""
ByStart = Literal["start_day_counted", "day_off_start_moved", "after_hours_start_moved"]
"""Another first day."""
ByLength = Literal[
    "calendar_days_for_workdays",
    "workdays_for_days",
    "days_of_24_hours",
    "days_off_added_once",
    "eight_hour_day",
]
"""Another unit."""
ByHours = Literal["fixed_hours", "default_hours", "lunch_ignored", "rounded_to_quarter", "wrong_at_1130"]
"""Other office hours, of a limit in working hours."""
ByLimit = Literal["other_channel", "two_hours", "failed"]
"""Another limit, or none."""
ByStops = Literal[
    "stops_ignored",
    "pause_for_restart",
    "restart_for_pause",
    "waited_calendar_days",
    "waited_hours",
    "pause_begins_counted",
    "last_pause_only",
    "pause_when_overdue",
]
"""Another effect of what stops the clock."""
Habit = Literal[ByCalendar, ByStart, ByLength, ByHours, ByLimit, ByStops]
"""A way of counting."""

BY_CALENDAR: Final[tuple[ByCalendar, ...]] = get_args(ByCalendar)
BY_START: Final[tuple[ByStart, ...]] = get_args(ByStart)
BY_LENGTH: Final[tuple[ByLength, ...]] = get_args(ByLength)
BY_HOURS: Final[tuple[ByHours, ...]] = get_args(ByHours)
BY_LIMIT: Final[tuple[ByLimit, ...]] = get_args(ByLimit)
BY_STOPS: Final[tuple[ByStops, ...]] = get_args(ByStops)
HABITS: Final[tuple[Habit, ...]] = get_args(Habit)
"""In the order in which they are told."""

WHOLE_DAY: Final = 1440
"""The minute of a date that has none: it ends at 24:00."""


class Counted(NamedTuple):
    """A due date as days since 1970, and its minute; 1440 where it ends with its day."""

    day: int
    minute: int = WHOLE_DAY

    def is_written_as(self, day: int, minute: int) -> bool:
        """Whether somebody's date is this one; its minute (-1: none) counts only where this one has a minute too."""
        return self.day == day and (self.minute == WHOLE_DAY or minute in (-1, self.minute))


@dataclass(frozen=True, slots=True)
class HabitDue:
    """What a way of counting gives for a dossier, where that is not the law's date."""

    habit: Habit
    due: Counted
    days: tuple[int, ...] = ()
    """The days at which it parts from the law."""
    channel: str = ""
    """Whose limit it takes."""
    limit: TimeLimit | NoTimeLimit | None = None
    """The limit of that channel."""
