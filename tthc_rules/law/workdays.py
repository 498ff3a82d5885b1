"""The calendar as law: which days work, by which act, and what was known of it on a given day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from operator import index
from typing import Final, SupportsIndex

from tthc_rules.errors import Problem, TthcError, shown
from tthc_rules.law import clock
from tthc_rules.law.civil import date_of, day_of

LAST_DAY: Final = day_of(date(2101, 12, 31))
"""One year past the last date an event may bear: a limit may run over the edge a little, not for ever."""

Date = date  # a field of `Day` bears the name

WORKING: Final = frozenset({"workday", "makeup_workday"})


class CalendarError(TthcError):
    """A question to the calendar that it cannot answer."""


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One day that an act takes out of the ordinary week, or puts back into it."""

    day: int
    kind: str
    name: Mapping[str, str]
    instrument: str
    source: str
    confidence: str
    published_on: int | None = None
    block: str = ""
    swapped_with: int | None = None


@dataclass(frozen=True, slots=True)
class StatuteYear:
    """The days off that the statute alone gives a year, before any letter fixes its blocks."""

    year: int
    tet: tuple[int, ...]
    national_day: tuple[int, ...]
    other: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """What the calendar knows of one date."""

    date: Date
    kind: str
    is_workday: bool
    name: Mapping[str, str]
    instrument: str
    confidence: str
    published_on: Date | None
    provisional: bool


@dataclass(frozen=True)
class CalendarLaw:
    """All rows of one calendar with their dates of publication: `known_on` turns it into a `Calendar`."""

    id: str
    label: Mapping[str, str]
    weekend: frozenset[int]
    first_year: int
    rows: tuple[CalendarRow, ...]
    statute: tuple[StatuteYear, ...] = ()
    always_published: bool = False
    _known: dict[int, Calendar] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def publications(self) -> tuple[int, ...]:
        """The days on which something became known, ascending."""
        return tuple(sorted({row.published_on for row in self.rows if row.published_on is not None}))

    @cached_property
    def last_published_year(self) -> int:
        """The last year with an annual notice; after it every answer is provisional."""
        if self.always_published:
            return 9999
        return max((date_of(row.day).year for row in self.rows), default=self.first_year - 1)

    def known_on(self, day: int | None) -> Calendar:
        """The calendar as it was known at the end of that day; `None` is all that is known today."""
        edition = len(self.publications) if day is None else bisect_right(self.publications, day)
        calendar = self._known.get(edition)
        if calendar is None:
            calendar = self._known[edition] = Calendar(self, edition)
        return calendar


class Calendar:
    """Working days as known on one day: dates in, dates out; the tables below serve the clock.

    `idx[d - base]` is the number of workdays from `base` up to and including day d, `nth[k]` the day of the k-th one,
    `provisional[d - base]` the number of provisional days up to d.
    """

    def __init__(self, law: CalendarLaw, edition: int) -> None:
        self.law = law
        self.edition = edition
        horizon = law.publications[edition - 1] if edition else -(1 << 31)
        self.base = day_of(date(law.first_year, 1, 1))
        self.last = LAST_DAY
        self._rows: dict[int, CalendarRow] = {}
        self._provisional: dict[int, str] = {}
        awaiting: set[tuple[int, str]] = set()
        for row in law.rows:
            if row.published_on is None or row.published_on <= horizon:
                self._rows[row.day] = row
            elif row.block:
                awaiting.add((date_of(row.day).year, row.block))
        for year in law.statute:
            if year.year > law.last_published_year:
                self._provisional.update(dict.fromkeys(year.tet + year.national_day + year.other, "statute"))
            else:
                for block in ("tet", "national_day"):
                    if (year.year, block) in awaiting:
                        self._provisional.update(dict.fromkeys(getattr(year, block), block))
        self._build()

    def _build(self) -> None:
        length = self.last - self.base + 1
        # 1970-01-01 was a Thursday (weekday 3).
        week = [0 if (self.base + k + 3) % 7 in self.law.weekend else 1 for k in range(7)]
        works = bytearray((week * (length // 7 + 1))[:length])
        for day in self._provisional:
            works[day - self.base] = 0
        for day, row in self._rows.items():
            works[day - self.base] = row.kind in WORKING
        self._lay_out(bytes(works))
        unsure = bytearray(length)
        if self.law.last_published_year < 9999:
            start = day_of(date(self.law.last_published_year + 1, 1, 1)) - self.base
            unsure[start:] = b"\x01" * (length - start)
        for day in self._provisional:
            unsure[day - self.base] = 1
        self.provisional = tuple(accumulate(unsure))
        self.digest = sha256(self.works + bytes(unsure)).hexdigest()

    def _lay_out(self, works: bytes) -> None:
        """The tables of these days; tuples of numbers, since the garbage collector does not walk through them."""
        self.works = works
        self.idx = tuple(accumulate(works))
        self.nth = (self.base - 1, *(day for day, working in enumerate(works, self.base) if working))

    def stretch(self, first: int, works: bytes) -> Calendar:
        """Some days of it from `first` on, worked or off as told: as somebody has it who knows other days."""
        other = Calendar.__new__(Calendar)
        other.law, other.edition, other.digest = self.law, self.edition, ""
        other.base, other.last = first, first + len(works) - 1
        other._rows, other._provisional = self._rows, self._provisional
        other._lay_out(works)
        other.provisional = (0,) * len(works)
        return other

    @cached_property
    def nth_padded(self) -> tuple[int, ...]:
        """`nth`, filled up to one more than the days of the calendar: so long is each edition for the clock."""
        return self.nth + (clock.NONE,) * (len(self.idx) + 1 - len(self.nth))

    @property
    def first_year(self) -> int:
        """The first year that it knows."""
        return self.law.first_year

    @cached_property
    def last_year(self) -> int:
        """The last year of which an act or the statute says anything; the table below goes on, for the clock alone."""
        return max((year.year for year in self.law.statute), default=date_of(self.last).year)

    @cached_property
    def until(self) -> int:
        """The last day that it answers for."""
        return day_of(date(self.last_year, 12, 31))

    def is_provisional(self, year: int) -> bool:
        """Whether no notice has been published for that year, as known."""
        return year > self.law.last_published_year

    def special(self, first: int, last: int) -> dict[int, str]:
        """The days, up to and including the last, that an act takes out of the week or puts into it, by their kind."""
        rows, statute = self._rows, self._provisional
        return {
            day: rows[day].kind if day in rows else "public_holiday"
            for day in range(first, last + 1)
            if day in rows or day in statute
        }

    # -- the public questions ------------------------------------------------------------------------------------------

    def is_workday(self, day: date) -> bool:
        """Whether state bodies with a five-day week work on that date, make-up days included."""
        return bool(self.works[self._at(day)])

    def add_workdays(self, day: date, amount: int) -> date:
        """The due date of a limit of that many workdays: the starting day is not counted.

        Zero is the date itself where it works, else the next workday. Raises `CalendarError` out of range.
        """
        at, many = self._at(day), self._amount(amount)
        count = self.idx[at] + many if many else (self.idx[at - 1] if at else 0) + 1
        if count >= len(self.nth) or self.nth[count] > self.until:
            raise CalendarError(_outside(f"{day} + {shown(amount)}", self))
        return date_of(self.nth[count])

    def workdays_between(self, after: date, until: date) -> int:
        """The number of workdays in (after, until]; negative where the dates are reversed."""
        return self.idx[self._at(until)] - self.idx[self._at(after)]

    def day(self, day: date) -> Day:
        """What kind of day it is, by which act, and how sure that is."""
        at = self._at(day)
        row = self._rows.get(at + self.base)
        unsure = self.provisional[at] > (self.provisional[at - 1] if at else 0)
        if row is not None:
            published = None if row.published_on is None else date_of(row.published_on)
            working = row.kind in WORKING
            return Day(day, row.kind, working, row.name, row.instrument, row.confidence, published, unsure)
        if at + self.base in self._provisional:
            name = {
                "vi": "ngày nghỉ theo luật, chờ thông báo hằng năm",
                "en": "day off by statute, awaiting its letter",
            }
            return Day(day, "public_holiday", False, name, "", "PROVISIONAL", None, True)
        working = bool(self.works[at])
        return Day(day, "workday" if working else "weekend", working, {}, "", "", None, unsure)

    def _amount(self, amount: object) -> int:
        """A number of workdays, at most one more than there are; `True` and 10.0 are no numbers of days."""
        if isinstance(amount, bool) or not isinstance(amount, SupportsIndex):
            raise CalendarError(_no_amount(amount))
        many = index(amount)
        if many < 0:
            raise CalendarError(_negative(amount))
        return min(many, len(self.nth))

    def _at(self, day: object) -> int:
        if isinstance(day, datetime) or not isinstance(day, date):
            raise CalendarError(_no_date(day))
        at = day_of(day) - self.base
        if not 0 <= at <= self.until - self.base:
            raise CalendarError(_outside(str(day), self))
        return at


def year_unknown(calendar: Calendar, year: int) -> Problem:
    """A year of which no act says anything: before the calendar begins, or beyond what is known of the statute."""
    return _outside(str(year), calendar)


def _outside(what: str, calendar: Calendar) -> Problem:
    first, last = f"{date_of(calendar.base):%d/%m/%Y}", f"{date_of(calendar.until):%d/%m/%Y}"
    return Problem(
        "TR-calendar-range",
        what,
        f"lịch «{calendar.law.id}» chỉ biết từ {first} đến {last}; ngoài khoảng đó không có căn cứ để trả lời",
        f"calendar “{calendar.law.id}” is known from {first} to {last} only; nothing says what lies beyond",
    )


def _negative(amount: object) -> Problem:
    return Problem(
        "TR-calendar-amount",
        shown(amount),
        "số ngày làm việc phải từ 0 trở lên",
        "an amount of workdays is zero or more",
    )


def _no_amount(amount: object) -> Problem:
    return Problem(
        "TR-calendar-amount",
        shown(amount),
        f"số ngày làm việc phải là số nguyên (int), không phải {type(amount).__name__}",
        f"an amount of workdays is a whole number (int), not {type(amount).__name__}",
    )


def _no_date(day: object) -> Problem:
    return Problem(
        "TR-calendar-date",
        shown(day),
        f"phải là một ngày (datetime.date), không phải {type(day).__name__}; của datetime thì lấy .date()",
        f"it must be a date (datetime.date), not {type(day).__name__}; of a datetime take .date()",
    )
