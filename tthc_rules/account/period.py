"""Periods of the civil calendar: a month, a quarter, a half-year, a year, by the name people give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tthc_rules.law.civil import FIRST_DATE, LAST_DATE, date_of, day_of

MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_MARKS: Final = {"quarter": "Q", "half_year": "H"}
_WRITTEN: Final = re.compile(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A month (`2026-07`), quarter (`2026-Q3`), half-year (`2026-H2`) or year (`2026`); days since 1970-01-01."""

    id: str
    kind: str
    first: int
    last: int

    def __contains__(self, day: object) -> bool:
        return isinstance(day, int) and self.first <= day <= self.last


def read_period(written: object) -> Period | None:
    """The period of that name, or nothing where it is no such name."""
    found = _WRITTEN.fullmatch(written) if isinstance(written, str) else None
    if found is None or not FIRST_DATE.year <= int(found[1]) <= LAST_DATE.year:
        return None
    year, month, quarter, half = found.groups()
    kind, number = next(
        ((k, int(n)) for k, n in (("month", month), ("quarter", quarter), ("half_year", half)) if n), ("year", 1)
    )
    return _of(int(year), kind, number)


def period_of(day: int, kind: str) -> Period:
    """The period of that kind in which a day lies."""
    on = date_of(day)
    return _of(on.year, kind, (on.month - 1) // MONTHS[kind] + 1)


def next_period(period: Period) -> Period:
    """The period of the same kind that follows."""
    return period_of(period.last + 1, period.kind)


def period_before(period: Period) -> Period | None:
    """The period of the same kind that ends the day before; none before the first year."""
    return None if period.first <= day_of(FIRST_DATE) else period_of(period.first - 1, period.kind)


def ending_in(period: Period, kind: str) -> Iterator[Period]:
    """The periods of a kind whose last day lies in this one."""
    one = period_of(period.first, kind)
    while one.last <= period.last:
        yield one
        one = next_period(one)


def _of(year: int, kind: str, number: int) -> Period:
    length = MONTHS[kind]
    start = (number - 1) * length + 1
    after = date(year + (start + length > 12), (start + length - 1) % 12 + 1, 1)
    written = f"{year}" if kind == "year" else f"{year}-{number:02d}" if kind == "month" else ""
    name = written or f"{year}-{_MARKS[kind]}{number}"
    return Period(name, kind, day_of(date(year, start, 1)), day_of(after - timedelta(days=1)))
