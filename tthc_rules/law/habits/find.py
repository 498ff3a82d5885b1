"""All ways of counting, asked of one dossier."""

from __future__ import annotations

from collections.abc import Iterator

from tthc_rules.law.habits.count import LawfulCount
from tthc_rules.law.habits.days import by_calendar, by_start
from tthc_rules.law.habits.kinds import (
    BY_CALENDAR,
    BY_HOURS,
    BY_LENGTH,
    BY_LIMIT,
    BY_START,
    BY_STOPS,
    HabitDue,
)
from tthc_rules.law.habits.lengths import by_hours, by_length, by_limit
from tthc_rules.law.habits.stopped import by_stops


def habit_dues(count: LawfulCount) -> Iterator[HabitDue]:
    """What each way of counting gives, of those that give another date than the law."""
    lawful = count.lawful
    for found in _all(count):
        if found is not None and not (lawful is not None and lawful.is_written_as(*found.due)):
            yield found


def _all(count: LawfulCount) -> Iterator[HabitDue | None]:
    yield from (by_calendar(count, habit) for habit in BY_CALENDAR)
    yield from (by_start(count, habit) for habit in BY_START)
    yield from (by_length(count, habit) for habit in BY_LENGTH)
    yield from (by_hours(count, habit) for habit in BY_HOURS)
    for habit in BY_LIMIT:
        yield from by_limit(count, habit)
    yield from (by_stops(count, stop) for stop in BY_STOPS)
