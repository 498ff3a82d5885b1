"""Calendar files -> `CalendarLaw`: a head, one file a year, and the statute for what is not yet published."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tthc_rules.errors import Problem
from tthc_rules.law.civil import day_of, written_day
from tthc_rules.law.workdays import CalendarLaw, CalendarRow, StatuteYear
from tthc_rules.rulefile import schema
from tthc_rules.rulefile.resolve import Path
from tthc_rules.rulefile.resolve.naming import Report


@dataclass
class CalendarParts:
    """The files of one calendar as they come."""

    head: schema.CalendarHead | None = None
    rows: dict[int, CalendarRow] = field(default_factory=dict)
    statute: tuple[StatuteYear, ...] = ()
    _written: list[tuple[date, Report, Path]] = field(default_factory=list)

    def add(self, part: schema.Part, report: Report) -> None:
        """Take one more file."""
        if isinstance(part, schema.CalendarHead):
            if self.head is not None:
                report(_twice(part.calendar), ("calendar",))
            self.head = part
        elif isinstance(part, schema.CalendarStatute):
            self.statute = tuple(_statute_year(y, report, ("years", at)) for at, y in enumerate(part.years))
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
        self._written.append((day.date, report, path))
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
        for day, report, path in self._written:
            if day.year < self.head.first_year:
                report(_before_first(day, self.head.first_year), path)
        return CalendarLaw(
            name,
            self.head.label.model_dump(),
            frozenset(schema.WEEKDAYS.index(day) for day in self.head.weekend),
            self.head.first_year,
            tuple(self.rows[day] for day in sorted(self.rows)),
            self.statute,
            self.head.published == "always",
        )


def _statute_year(part: schema.StatuteYearPart, report: Report, path: Path) -> StatuteYear:
    def days(key: str, listed: str) -> tuple[int, ...]:
        found = []
        for day in listed.split():
            try:
                found.append(day_of(written_day(f"{part.year}-{day}")))
            except ValueError:
                report(_no_such_day(part.year, day), (*path, key))
        return tuple(found)

    return StatuteYear(
        part.year, days("tet", part.tet), days("national_day", part.national_day), days("other", part.other)
    )


def _no_such_day(year: int, day: str) -> Problem:
    return Problem("TR-calendar-day", "", f"năm {year} không có ngày {day}", f"{year} has no day {day}")


def _before_first(day: date, first: int) -> Problem:
    said = (f"ngày {day:%d/%m/%Y} đứng trước năm đầu của lịch, {first}", f"{day} lies before the first year, {first}")
    return Problem("TR-calendar-year", "", *said)


def _twice(name: str) -> Problem:
    return Problem("TR-calendar-twice", "", f"lịch «{name}» có hai tệp đầu", f"calendar “{name}” has two head files")


def _day_twice(day: date) -> Problem:
    return Problem("TR-calendar-day-twice", "", f"ngày {day:%d/%m/%Y} ghi hai lần", f"{day} is written twice")


def _other_year(day: date, year: int) -> Problem:
    return Problem("TR-calendar-year", "", f"ngày {day:%d/%m/%Y} không thuộc năm {year}", f"{day} is not in {year}")
