"""Calendar files -> `CalendarLaw`: a head, one file a year, and the statute for what is not yet published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from tthc_rules.errors import Problem
from tthc_rules.law.civil import day_of
from tthc_rules.law.workdays import CalendarLaw, CalendarRow, StatuteYear
from tthc_rules.rulefile import schema
from tthc_rules.rulefile.resolve import Path

Report = Callable[[Problem, Path], None]


@dataclass
class CalendarParts:
    """The files of one calendar as they come."""

    head: schema.CalendarHead | None = None
    rows: dict[int, CalendarRow] = field(default_factory=dict)
    statute: tuple[StatuteYear, ...] = ()

    def add(self, part: schema.Part, report: Report) -> None:
        """Take one more file."""
        if isinstance(part, schema.CalendarHead):
            if self.head is not None:
                report(_twice(part.calendar), ("calendar",))
            self.head = part
        elif isinstance(part, schema.CalendarStatute):
            self.statute = tuple(_statute_year(year) for year in part.years)
        elif isinstance(part, schema.CalendarYear):
            for at, day in enumerate(part.days):
                self._add_day(day, part.year, report, ("days", at, "date"))

    def _add_day(self, day: schema.CalendarDay, year: int, report: Report, path: Path) -> None:
        row = CalendarRow(
            day_of(day.date),
            day.is_,
            day.name.model_dump(),
            day.instrument,
            day.source,
            day.confidence,
            None if day.published_on is None else day_of(day.published_on),
            day.block or "",
            None if day.swapped_with is None else day_of(day.swapped_with),
        )
        if row.day in self.rows:
            report(_day_twice(day.date), path)
        if day.date.year != year:
            report(_other_year(day.date, year), path)
        self.rows[row.day] = row

    def law(self, name: str, problems: list[Problem]) -> CalendarLaw | None:
        """The calendar, or nothing (and a problem) where its head is missing."""
        if self.head is None:
            problems.append(
                Problem(
                    "TR-calendar-head",
                    name,
                    f"lịch «{name}» chưa có tệp đầu (calendar, label, weekend, first_year)",
                    f"calendar “{name}” has no head file (calendar, label, weekend, first_year)",
                )
            )
            return None
        return CalendarLaw(
            name,
            self.head.label.model_dump(),
            frozenset(schema.WEEKDAYS.index(day) for day in self.head.weekend),
            self.head.first_year,
            tuple(self.rows[day] for day in sorted(self.rows)),
            self.statute,
            self.head.published == "always",
        )


def _statute_year(part: schema.StatuteYearPart) -> StatuteYear:
    def days(listed: str) -> tuple[int, ...]:
        return tuple(day_of(date.fromisoformat(f"{part.year}-{day}")) for day in listed.split())

    return StatuteYear(part.year, days(part.tet), days(part.national_day), days(part.other))


def _twice(name: str) -> Problem:
    return Problem("TR-calendar-twice", "", f"lịch «{name}» có hai tệp đầu", f"calendar “{name}” has two head files")


def _day_twice(day: date) -> Problem:
    return Problem("TR-calendar-day-twice", "", f"ngày {day:%d/%m/%Y} ghi hai lần", f"{day} is written twice")


def _other_year(day: date, year: int) -> Problem:
    return Problem("TR-calendar-year", "", f"ngày {day:%d/%m/%Y} không thuộc năm {year}", f"{day} is not in {year}")
