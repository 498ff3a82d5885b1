"""The clock against a walk: SEMANTICS.md read aloud as slow code, day by day and minute by minute, and compared.

`judge` below knows nothing of the library. It reads the calendar files itself, walks one day (or one office minute)
after the other, adds months by `relativedelta`, and keeps what is stopped as a plain set of days. Dossiers are grown
step by step, each step set near an edge of what came before: the day before, on and after the due date, Tết, a swap,
a new decree. `TTHC_EXPLORE=20` tries twenty times as many, and others each time.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
import json
import os
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from tthc_rules import Rulebook, Verdict
from tthc_rules.testing import event

Json = dict[str, Any]
FILES = Path(__file__).resolve().parents[2] / "rulesets" / "calendars" / "vn"
ONE = dt.timedelta(days=1)
PUBLISHED_TO = 2027
KNOWN_FOR_EVER = dt.date.min


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# -- the calendar, read from its files ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    date: dt.date
    works: bool
    since: dt.date
    block: str | None


@cache
def rows() -> tuple[Row, ...]:
    found = []
    for year in range(2007, PUBLISHED_TO + 1):
        for row in yaml.safe_load((FILES / f"{year}.yaml").read_text(encoding="utf-8"))["days"]:
            since = day(row["published_on"]) if row.get("published_on") else KNOWN_FOR_EVER
            found.append(Row(day(row["date"]), row["is"] == "makeup_workday", since, row.get("block")))
    return tuple(found)


@cache
def statute() -> dict[int, dict[str, set[dt.date]]]:
    parts = yaml.safe_load((FILES / "statute.yaml").read_text(encoding="utf-8"))["years"]
    return {
        part["year"]: {
            block: {day(f"{part['year']}-{text}") for text in part[block].split()}
            for block in ("tet", "national_day", "other")
        }
        for part in parts
    }


@dataclass
class Days:
    """Which days work, as known on one day: published rows, and the statute where a letter is still awaited."""

    known_on: dt.date
    _works: dict[dt.date, bool] = field(default_factory=dict)
    _unsure: set[dt.date] = field(default_factory=set)

    def __post_init__(self) -> None:
        awaited = {(row.date.year, row.block) for row in rows() if row.block and row.since > self.known_on}
        for year, blocks in statute().items():
            for block, listed in blocks.items():
                if year > PUBLISHED_TO or (year, block) in awaited:
                    self._works.update(dict.fromkeys(listed, False))
                    self._unsure |= listed
        self._works.update({row.date: row.works for row in rows() if row.since <= self.known_on})

    def works(self, date: dt.date) -> bool:
        found = self._works.get(date)
        return date.isoweekday() <= 5 if found is None else found

    def unsure(self, date: dt.date) -> bool:
        return date.year > PUBLISHED_TO or date in self._unsure

    def count(self, after: dt.date, until: dt.date) -> int:
        """Workdays in (after, until]."""
        return sum(self.works(date) for date in walk(after + ONE, until))

    def next_workday(self, date: dt.date, stopped: set[dt.date]) -> dt.date:
        while not self.works(date) or date in stopped:
            date += ONE
        return date


PUBLICATIONS = sorted({row.since for row in rows() if row.since != KNOWN_FOR_EVER})


@cache
def _edition(number: int) -> Days:
    return Days(PUBLICATIONS[number - 1] if number else KNOWN_FOR_EVER)


def days_known(known_on: dt.date) -> Days:
    return _edition(bisect_right(PUBLICATIONS, known_on))


def walk(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += ONE


# -- regimes: SEMANTICS «Regime folders», «Supplement», and the days of issue in the files -----------------------------


@dataclass(frozen=True)
class Regime:
    folder: str
    start: dt.date
    issued: dt.date
    restarts: bool
    elsewhere: bool = False
    by_slip: bool = False
    """NĐ 87/2020 Art. 12(3)(c): «được tính từ thời điểm gửi Phiếu hẹn trả kết quả»."""
    last_hour: bool = False
    """NĐ 297/2025 Art. 6(3): what comes in the last hour of the office counts from the next workday; Art. 3(5): after
    17:00 and on days off too."""


REGIMES = (
    Regime("one_stop/2007-06-22", day("2007-06-22"), day("2007-06-22"), restarts=False),
    Regime("one_stop/2015-05-15", day("2015-05-15"), day("2015-03-25"), restarts=False),
    Regime("one_stop/2018-06-21", day("2018-06-21"), day("2018-04-23"), restarts=True),
    Regime("one_stop/2025-07-01", day("2025-07-01"), day("2025-06-09"), restarts=True),
    Regime("one_stop/2026-08-05", day("2026-08-05"), day("2026-08-05"), restarts=True, elsewhere=True),
)


SLIP = "H"
LAST_HOUR = "K"
"""Procedures that a catalogue beside this file puts under decrees of their own."""
OWN_REGIMES = {
    SLIP: (
        Regime("civil_status_online/2020-09-15", day("2020-09-15"), day("2020-07-28"), restarts=True, by_slip=True),
        Regime("civil_status_online/2025-07-01", day("2025-07-01"), day("2025-06-09"), restarts=True, by_slip=True),
    ),
    LAST_HOUR: (
        Regime("linked_karaoke/2025-11-17", day("2025-11-17"), day("2025-11-17"), restarts=True, last_hour=True),
    ),
}


def regime_of(accepted: dt.date, known_on: dt.date, procedure: str | None = None) -> Regime | None:
    """A rule is known from its instrument's date of issue; before that the older rule goes on."""
    regimes = OWN_REGIMES[procedure] if procedure else REGIMES
    return next((r for r in reversed(regimes) if r.start <= accepted and r.issued <= known_on), None)


# -- moments -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """A civil moment: its exact place in the order, its day, its minute rounded up (none for a bare date)."""

    instant: dt.datetime
    minute: int | None

    @classmethod
    def read(cls, text: str) -> Moment:
        if len(text) == 10:
            return cls(dt.datetime.fromisoformat(text), None)
        instant = dt.datetime.fromisoformat(text)
        return cls(instant, instant.hour * 60 + instant.minute + (instant.second > 0))

    @property
    def day(self) -> dt.date:
        return self.instant.date()

    @property
    def absolute(self) -> int:
        """Minutes since day 0; a bare date stands at the start of its day."""
        return self.day.toordinal() * 1440 + (self.minute or 0)


@dataclass(frozen=True)
class Happening:
    kind: str
    at: Moment
    data: Json = field(compare=False)
    rest: str = ""

    @classmethod
    def read(cls, event: Json) -> Happening:
        rest = repr(sorted((key, value) for key, value in event.items() if key not in ("kind", "at")))
        return cls(event["kind"], Moment.read(event["at"]), event, rest)


def timeline(dossier: Json, as_of: dt.date) -> list[Happening]:
    """Ordered by `at`, ties in the order of the list, later ones do not exist, exact duplicates dropped."""
    events = [Happening.read(event) for event in dossier["events"]]
    kept: list[Happening] = []
    for happened in sorted(events, key=lambda one: one.at.instant):
        if happened.at.day <= as_of and happened not in kept:
            kept.append(happened)
    return kept


# -- the due date, walked ----------------------------------------------------------------------------------------------

OFFICE = (range(7 * 60 + 30, 11 * 60 + 30), range(13 * 60, 17 * 60))


LAST_HOUR_BEGINS = 16 * 60
"""«trong thời gian 01 giờ trước khi kết thúc giờ hành chính»: the office closes at 17:00; 16:00 is its first minute."""


def counted_as(start: Moment, days: Days) -> Moment:
    """NĐ 297/2025: a file of the last hour, of a later one, or of a day off counts as one of the next workday."""
    if days.works(start.day):
        if start.minute is None:
            raise UnknownError
        if start.minute < LAST_HOUR_BEGINS:
            return start
    moved = days.next_workday(start.day + ONE, set())
    return Moment(dt.datetime.combine(moved, dt.time()), 0)


class UnknownError(Exception):
    """No due date can be said."""


class OpenError(Exception):
    """SEMANTICS leaves open what is asked here: such a dossier is not compared."""


@dataclass(frozen=True)
class Due:
    day: dt.date
    minute: int  # 1440: the end of the day
    gate: int  # a stop must begin before this: the due day, or the minute of a limit in hours
    unrolled: dt.date | None = None


@dataclass
class Stops:
    """What does not count: days, and for limits in working hours stretches of minutes [from, to)."""

    days: set[dt.date] = field(default_factory=set)
    minutes: list[tuple[int, int]] = field(default_factory=list)
    ends: list[tuple[dt.date, dt.date]] = field(default_factory=list)  # the day p, the first day on which it may end

    def add(self, since: Moment, until: Moment) -> None:
        """A pause (p, r]."""
        self.days |= set(walk(since.day + ONE, until.day))
        self.minutes.append((since.absolute, until.absolute))
        self.ends.append((since.day, until.day))

    def exclude(self, first: dt.date, last: dt.date) -> None:
        """Both ends inclusive."""
        self.days |= set(walk(first, last))
        self.minutes.append((first.toordinal() * 1440, (last.toordinal() + 1) * 1440))
        self.ends.append((first - ONE, last + ONE))

    def plus(self, waits: list[tuple[Moment, Moment]]) -> Stops:
        more = Stops(set(self.days), list(self.minutes), list(self.ends))
        for since, until in waits:
            more.add(since, until)
        return more


def due_of(limit: Json, start: Moment, stops: Stops, days: Days) -> Due:
    amount, unit = limit["amount"], limit["unit"]
    if amount == 0 and unit in ("workday", "work_hour"):
        date = days.next_workday(_zero(limit, start, days), stops.days)
        return Due(date, 1440, date.toordinal(), date)
    if unit == "work_hour":
        return _hours(amount * 60, start, stops, days)
    if unit == "workday":
        date = start.day
        while amount:
            date += ONE
            amount -= days.works(date) and date not in stops.days
        return Due(date, 1440, date.toordinal(), date)
    first = start.day
    if amount:
        end = (
            first
            + {
                "calendar_day": relativedelta(days=amount),
                "week": relativedelta(weeks=amount),
                "month": relativedelta(months=amount),
                "year": relativedelta(years=amount),
            }[unit]
        )
    else:
        end = _zero(limit, start, days)  # received past the hour, the next day: a stop moves it as it moves any other
    left = (end - first).days
    date = first
    while left:
        date += ONE
        left -= date not in stops.days
    due = days.next_workday(date, set())
    # A limit that is stopped before its rolled due date does not end while it is stopped.
    while late := [over for p, over in stops.ends if p < due < over]:
        due = days.next_workday(min(late), set())
    return Due(due, 1440, due.toordinal(), date)


def _zero(limit: Json, start: Moment, days: Days) -> dt.date:
    """The day on which a zero limit would end, before it is rolled."""
    first = start.day
    if limit.get("cutoff") and days.works(first):
        if start.minute is None:
            raise UnknownError
        hour, minute = limit["cutoff"].split(":")
        if start.minute > int(hour) * 60 + int(minute):
            first += ONE
    return first


def _hours(left: int, start: Moment, stops: Stops, days: Days) -> Due:
    if start.minute is None:
        raise UnknownError
    date, opening = start.day, start.absolute
    while True:
        midnight = date.toordinal() * 1440
        if days.works(date):
            here = [(a, b) for a, b in stops.minutes if b > midnight and a < midnight + 1440]
            for shift in OFFICE:
                for minute in shift:
                    now = midnight + minute
                    if now < opening or any(a <= now < b for a, b in here):
                        continue
                    left -= 1
                    if not left:
                        return Due(date, minute + 1, now + 1)
        date += ONE


# -- the whole dossier -------------------------------------------------------------------------------------------------

ENDS = (
    ("result_issued",),
    ("result_returned",),
    ("dossier_refused", "processing_stopped"),
    ("dossier_closed",),
    ("dossier_withdrawn",),
)
SHUT = ("dossier_refused", "dossier_closed", "dossier_withdrawn")
OPENS = {"clock_paused": "pause", "payment_awaited": "payment", "opinion_requested": "opinion"}
CLOSES = {"clock_resumed": "pause", "payment_received": "payment", "opinion_received": "opinion"}


@dataclass
class Wait:
    since: Moment
    works: bool
    counts: bool  # as a pause


@dataclass
class Judged:
    """What SEMANTICS says of a dossier."""

    version: str | None = None
    original_due: dt.date | None = None
    lawful_due: dt.date | None = None
    current_due: dt.date | None = None
    due_time: str | None = None
    finished_on: dt.date | None = None
    paused: bool = False
    provisional: bool | None = False
    punctuality: str = "not_started"
    workdays_late: int | None = None
    days_late: int | None = None
    punctuality_current: str = "not_started"
    workdays_late_current: int | None = None
    days_late_current: int | None = None
    # for the growing of dossiers only
    standing: Due | None = field(default=None, compare=False)
    waiting: bool = field(default=False, compare=False)
    numbers_unsaid: bool = field(default=False, compare=False)


def judge(dossier: Json, as_of: dt.date, known_on: dt.date, lateness: str = "by_date") -> Judged:
    events = timeline(dossier, as_of)
    return _Judge(dossier, events, as_of, known_on, lateness).verdict()


class _Judge:
    def __init__(
        self, dossier: Json, events: list[Happening], as_of: dt.date, known_on: dt.date, lateness: str
    ) -> None:
        self.dossier, self.events, self.as_of, self.known_on, self.lateness = dossier, events, as_of, known_on, lateness
        self.days = days_known(known_on)
        self.limit: Json | None = dossier.get("time_limit")
        self.stops = Stops()
        self.waits: dict[str, Wait] = {}
        self.reappointed: dt.date | None = None
        self.said = Judged()
        self.failed = False
        self.silent = False  # a request before appraisal is out: no clock, but its receipt is no orphan

    def verdict(self) -> Judged:
        said = self.said
        elsewhere = self.dossier.get("filed_elsewhere", False)
        accepted = self._first("dossier_accepted")
        picked = accepted
        if picked is None and elsewhere:
            picked = self._first("received_by_competent_agency")
        procedure = self.dossier.get("procedure")
        self.regime = None if picked is None else regime_of(self.events[picked].at.day, self.known_on, procedure)
        start = accepted
        if accepted is not None and self.regime is not None and self.regime.by_slip:
            start = self._first("slip_sent", accepted)
        if elsewhere and self.regime is not None and self.regime.elsewhere:
            start = self._first("received_by_competent_agency", picked or 0)
        if start is None:
            shut = any(event.kind in SHUT for event in self.events)
            said.punctuality = said.punctuality_current = "closed" if shut else "not_started"
            if shut:
                first = next(e for e in self.events if e.kind in SHUT)
                said.finished_on = first.at.day
            return said
        said.version = None if self.regime is None else self.regime.folder
        slip_of = accepted if accepted is not None else start
        self.promised = self._slip(self.events[slip_of])
        end = self._end(start)
        known_then = min(self.events[slip_of].at.day, self.known_on)
        self._run(start, end, known_then)
        return self._conclude(end)

    def _first(self, kind: str, since: int = 0) -> int | None:
        return next((i for i, e in enumerate(self.events) if i >= since and e.kind == kind), None)

    @staticmethod
    def _slip(event: Happening) -> Moment | None:
        text = event.data.get("appointed_due")
        return None if text is None else Moment.read(text)

    def _end(self, start: int) -> int | None:
        """By precedence and not by time; the first of its kind."""
        for kinds in ENDS:
            for place in range(start + 1, len(self.events)):
                if self.events[place].kind in kinds:
                    return place
        return None

    # -- event by event --

    def _run(self, start: int, end: int | None, known_then: dt.date) -> None:
        first = self.events[start]
        self.start = first.at
        if self.regime is None or self.limit is None or "none" in self.limit:
            self.failed = True
            return
        try:
            original = self._due(Stops(), days_known(known_then))
            self.said.original_due = original.day
            self.by_the_minute = original.minute < 1440
            if self.promised is None:
                self.original = original
            for event in self.events[start + 1 :]:
                if event.kind == "interval_excluded" and "from" in event.data and "to" in event.data:
                    first_day, last_day = day(event.data["from"]), day(event.data["to"])
                    if first_day <= last_day:
                        self.stops.exclude(first_day, last_day)
            self.due = self._due(self.stops, self.days)
            for place in range(start + 1, len(self.events) if end is None else end + 1):
                self._take(self.events[place])
                if place == end:
                    self._close(self.events[place].at)
                self.due = self._due(self.stops, self.days)
        except UnknownError:
            self.failed = True

    def _due(self, stops: Stops, days: Days) -> Due:
        assert self.limit is not None
        assert self.regime is not None
        start = counted_as(self.start, days) if self.regime.last_hour else self.start
        return due_of(self.limit, start, stops, days)

    def _stands(self, at: Moment) -> Due:
        """The due date as it stands at that moment: what is open is stopped up to there."""
        assert self.limit is not None
        if self.by_the_minute and at.minute is None:
            raise OpenError("a pause without its hour, in a limit by the hour")
        open_now = [(wait.since, at) for wait in self.waits.values() if wait.works and wait.counts]
        return self._due(self.stops.plus(open_now), self.days)

    def _before(self, at: Moment, gate: int) -> bool:
        return (at.absolute if self.by_the_minute else at.day.toordinal()) < gate

    def _open(self, name: str, at: Moment) -> None:
        if name not in self.waits:
            works = self._is_stopped() or self._before(at, self._stands(at).gate)
            self.waits[name] = Wait(at, works, works)

    def _is_stopped(self) -> bool:
        """While the limit is stopped its due date is open, and every day is before it."""
        return any(wait.works for wait in self.waits.values())

    def _shut(self, name: str, at: Moment) -> None:
        wait = self.waits.pop(name, None)
        if wait is not None and wait.works:
            self._stop(wait.since, at)

    def _stop(self, since: Moment, until: Moment) -> None:
        if self.by_the_minute and None in (since.minute, until.minute):
            raise UnknownError
        self.stops.add(since, until)

    def _take(self, event: Happening) -> None:
        assert self.limit is not None
        kind, at, data = event.kind, event.at, event.data
        waits_for = self.limit.get("pauses_for", ())
        if kind in OPENS or kind in CLOSES:
            name = OPENS.get(kind) or CLOSES[kind]
            if name == "pause" or name in waits_for:
                (self._open if kind in OPENS else self._shut)(name + data.get("agency", ""), at)
        elif kind == "supplement_requested":
            if data.get("after_appraisal") is False:
                self.silent = True
            else:
                self._request(at)
        elif kind == "supplement_received":
            self._receive(event)
        elif kind == "reappointed" and "new_due" in data:
            if any(wait.works for wait in self.waits.values()):
                raise OpenError("later than a lawful due date that is open")
            if day(data["new_due"]) > self.due.day and self.reappointed is None:
                self.reappointed = day(data["new_due"])

    def _request(self, at: Moment) -> None:
        """A request on or after the due date changes nothing; one while another is open neither."""
        if "supplement" in self.waits:
            return
        works = self._is_stopped() or self._before(at, self._stands(at).gate)
        self.waits["supplement"] = Wait(at, works, works)

    def _receive(self, event: Happening) -> None:
        wait = self.waits.pop("supplement", None)
        if wait is None and not self.silent:
            return  # an orphan, and its slip with it
        self.promised = self._slip(event) or self.promised
        if wait is None:
            self.silent = False
            return
        assert self.regime is not None
        if not wait.works:
            return
        if self.regime.restarts:
            self.start = event.at
            self.waits.clear()
            self.reappointed = None
        else:
            self._stop(wait.since, event.at)

    def _close(self, at: Moment) -> None:
        """An end closes an open pause on that day."""
        for wait in self.waits.values():
            if wait.works and wait.counts:
                self._stop(wait.since, at)
        self.waits.clear()

    # -- the answer --

    def _conclude(self, end: int | None) -> Judged:
        said = self.said
        finish = None if end is None else self.events[end]
        if finish is not None:
            said.finished_on = finish.at.day
        said.waiting = any(wait.works for wait in self.waits.values())
        said.paused = not self.failed and said.waiting
        lawful = None if self.failed or said.paused else self.due
        said.standing = None if self.failed else self.due
        current = lawful
        if lawful is not None:
            said.lawful_due = said.current_due = lawful.day
            if lawful.minute < 1440:
                said.due_time = f"{lawful.minute // 60:02d}:{lawful.minute % 60:02d}"
            if self.reappointed is not None and self.reappointed > lawful.day:
                current = Due(self.reappointed, 1440, 0)
                said.current_due = self.reappointed
            assert said.current_due is not None
            first = self.start.day if self._counts_its_start() else self.start.day + ONE
            said.provisional = any(self.days.unsure(date) for date in walk(first, said.current_due))
        answer = self._late(lawful if self.lateness.startswith("by_") else self._promise(), finish)
        said.punctuality, said.workdays_late, said.days_late = answer
        unsaid = said.punctuality == "undetermined"
        answer = self._late(current, finish)
        said.punctuality_current, said.workdays_late_current, said.days_late_current = answer
        said.numbers_unsaid = unsaid or said.punctuality_current == "undetermined"
        return said

    def _counts_its_start(self) -> bool:
        """A zero limit may end on its start day, a limit in hours too; others leave it out."""
        assert self.limit is not None
        return self.by_the_minute or self.limit["amount"] == 0

    def _promise(self) -> Due | None:
        if self.failed:
            raise OpenError("a promise without a lawful due date")
        if self.promised is None:
            return self.original
        timed = self.lateness == "promised_by_instant" and self.promised.minute is not None
        return Due(self.promised.day, (self.promised.minute or 0) if timed else 1440, 0)

    def _late(self, due: Due | None, finish: Happening | None) -> tuple[str, int | None, int | None]:
        withdrawn = finish is not None and finish.kind in ("dossier_closed", "dossier_withdrawn")
        if self.limit is not None and "none" in self.limit:
            return "closed" if withdrawn else "no_limit", None, None
        if self.said.paused:
            return "paused", None, None
        if due is None:
            return "closed" if withdrawn else "undetermined", None, None
        reached = self.as_of if finish is None else finish.at.day
        minute = 1440 if finish is None else finish.at.minute
        if reached == due.day and due.minute < 1440 and minute is None:
            return "closed" if withdrawn else "undetermined", None, None
        late = reached > due.day or (reached == due.day and (minute or 0) > due.minute)
        workdays = self.days.count(due.day, reached) if late else 0
        days = (reached - due.day).days if late else 0
        if withdrawn:
            name = "closed"
        elif finish is not None:
            name = "returned_late" if late else "early" if reached < due.day else "on_time"
        elif late:
            name = "overdue"
        else:
            name = "due_soon" if self.days.count(self.as_of, due.day) <= 2 else "pending"
        return name, workdays, days


# -- the walk itself, by hand ------------------------------------------------------------------------------------------


def dossier_of(limit: Json | None, *events: Json, **more: Any) -> Json:
    said = {"dossier_id": "W", "events": list(events), **more}
    if limit is not None:
        said["time_limit"] = limit
    return said


FIVE = {"amount": 5, "unit": "workday"}
TAKEN = event("dossier_accepted", "2024-08-05T08:30")


@pytest.mark.parametrize(
    ("limit", "events", "lawful"),
    [
        (FIVE, (), "2024-08-12"),
        (FIVE, (event("clock_paused", "2024-08-07T09:00"), event("clock_resumed", "2024-08-09T09:00")), "2024-08-14"),
        (FIVE, (event("clock_paused", "2024-08-12T09:00"), event("clock_resumed", "2024-08-14T09:00")), "2024-08-12"),
        (
            FIVE,
            (event("interval_excluded", "2024-08-20T09:00", **{"from": "2024-08-07", "to": "2024-08-08"}),),
            "2024-08-14",
        ),
        (
            FIVE,
            (event("supplement_requested", "2024-08-07T09:00"), event("supplement_received", "2024-08-14T09:00")),
            "2024-08-21",
        ),
        (
            FIVE,
            (event("supplement_requested", "2024-08-07T09:00"), event("result_issued", "2024-08-14T09:00")),
            "2024-08-19",
        ),
        (
            {"amount": 5, "unit": "calendar_day"},
            (event("clock_paused", "2024-08-09T09:00"), event("clock_resumed", "2024-08-13T09:00")),
            "2024-08-14",
        ),
        (
            {"amount": 5, "unit": "calendar_day"},
            (event("clock_paused", "2024-08-10T09:00"), event("clock_resumed", "2024-08-13T09:00")),
            "2024-08-13",
        ),
        ({"amount": 8, "unit": "work_hour"}, (), "2024-08-06"),
    ],
)
def test_the_walk_gives_the_answers_that_were_counted_by_hand(
    limit: Json, events: tuple[Json, ...], lawful: str
) -> None:
    far = day("2024-09-30")
    assert judge(dossier_of(limit, TAKEN, *events), far, far).lawful_due == day(lawful)


# -- growing dossiers at the edges -------------------------------------------------------------------------------------

EDGES = (
    {row.date + dt.timedelta(days=shift) for row in rows() for shift in (-9, -4, -3, -2, -1, 0, 1)}
    | {regime.start + dt.timedelta(days=shift) for regime in REGIMES for shift in (-8, -2, -1, 0, 1)}
    | {published + dt.timedelta(days=shift) for published in PUBLICATIONS for shift in (-1, 0, 1)}
    | {dt.date(year, month, months.monthrange(year, month)[1]) for year in range(2008, 2029) for month in range(1, 13)}
)
SPANS = (
    ("2007-06-18", "2015-05-15"),
    ("2015-05-15", "2018-06-21"),
    ("2018-06-21", "2022-01-01"),
    ("2022-01-01", "2025-07-01"),
    ("2025-07-01", "2026-08-05"),
    ("2026-08-05", "2029-01-01"),
)
"""By regime, or that decree with the many years would have most of the edges."""
ANCHORS = st.one_of(
    *(st.sampled_from(sorted(edge for edge in EDGES if day(a) <= edge < day(b))) for a, b in SPANS),
    st.integers(day("2007-06-22").toordinal(), day("2028-06-30").toordinal()).map(dt.date.fromordinal),
)
OWN_ANCHORS = {
    SLIP: st.one_of(
        st.sampled_from(sorted(edge for edge in EDGES if day("2020-09-12") <= edge < day("2028-06-01"))),
        st.sampled_from([day("2020-09-14"), day("2020-09-15"), day("2025-06-30"), day("2025-07-01")]),
    ),
    LAST_HOUR: st.one_of(
        st.sampled_from(sorted(edge for edge in EDGES if day("2025-11-14") <= edge < day("2028-06-01"))),
        st.integers(day("2025-11-15").toordinal(), day("2027-12-31").toordinal()).map(dt.date.fromordinal),
    ),
}
NEAR_CLOSING = ("15:58:30", "15:59", "16:00", "16:00:30", "16:01", "16:59", "17:00", "17:01", "09:00", "07:30")
HOURS = (
    "07:30", "08:30", "11:29:30", "11:30", "12:10", "15:00", "15:00:30", "15:01", "16:59", "17:00", "23:59:30", "00:00",
)  # fmt: skip
PAIRS = (("pause", "resume"), ("request", "receive"), ("pay", "paid"), ("ask", "answer"))
STEPS = (
    PAIRS[0], PAIRS[0], PAIRS[1], PAIRS[1], PAIRS[2], PAIRS[3],
    "pause", "resume", "request", "receive", "ask", "answer", "silent",
    "reappoint", "reappoint", "exclude", "exclude", "chain", "accept", "same", "lost",
)  # fmt: skip
AMOUNTS = {
    "workday": (0, 1, 2, 3, 5, 7, 10, 15, 30),
    "calendar_day": (0, 1, 3, 5, 10, 29, 30, 45),
    "week": (0, 1, 2, 4),
    "month": (0, 1, 2, 3, 6, 12, 13),
    "year": (0, 1, 2),
    "work_hour": (0, 1, 2, 4, 8, 16, 20),
}


@dataclass
class Grown:
    dossier: Json
    as_of: dt.date
    known_on: dt.date | None
    lateness: str


Draw = Callable[[Any], Any]


class _Grower:
    """Adds one event after the other, each at a day that the state of the walk makes interesting."""

    def __init__(self, draw: Draw, unit: str, procedure: str | None = None) -> None:
        self.draw = draw
        self.hours_drawn = NEAR_CLOSING if procedure else HOURS
        limit: Json = {"amount": draw(st.sampled_from(AMOUNTS[unit])), "unit": unit}
        if limit["amount"] == 0 and draw(st.booleans()):
            limit["cutoff"] = draw(st.sampled_from(("15:00", "11:30")))
        limit["pauses_for"] = draw(st.sampled_from(([], ["payment"], ["opinion"], ["payment", "opinion"])))
        self.hours = unit == "work_hour" and limit["amount"] > 0
        self.anchor: dt.date = draw(OWN_ANCHORS[procedure] if procedure else ANCHORS)
        self.last = self.anchor
        accepted = event("dossier_accepted", self.moment(self.anchor, bare=not draw(st.integers(0, 9))))
        if not draw(st.integers(0, 3)):
            promised = self.anchor + dt.timedelta(days=draw(st.sampled_from((1, 5, 7, 9))))
            accepted["appointed_due"] = self.moment(promised, bare=draw(st.booleans()))
        self.dossier = dossier_of(limit, accepted)
        self.events: list[Json] = self.dossier["events"]
        if procedure:
            self.dossier["procedure"] = procedure
        if procedure == SLIP and draw(st.integers(0, 9)):
            sent = self.anchor + dt.timedelta(days=draw(st.sampled_from((-1, 0, 0, 0, 1, 3))))
            self.last = max(self.last, sent)
            self.add("slip_sent", self.moment(sent, bare=not draw(st.integers(0, 5))))

    def moment(self, date: dt.date, bare: bool = False) -> str:
        return date.isoformat() if bare else f"{date}T{self.draw(st.sampled_from(self.hours_drawn))}"

    def now(self) -> Judged:
        try:
            return judge(self.dossier, self.last, dt.date(2100, 1, 1))
        except OpenError:
            return Judged()

    def date(self) -> dt.date:
        """A day from which on the next thing may happen."""
        near = [self.last + dt.timedelta(days=shift) for shift in (0, 1, 2, 4, 9)]
        standing = self.now().standing
        if standing is not None:
            turn = [standing.day + dt.timedelta(days=shift) for shift in (-2, -1, 0, 1, 2)]
            if not self.hours:
                turn += [dt.date.fromordinal(standing.gate + shift) for shift in (-1, 0, 1)]
            near += [date for date in turn if self.last <= date <= self.last + dt.timedelta(days=900)]
        chosen: dt.date = self.draw(st.sampled_from(near))
        self.last = chosen
        return chosen

    def add(self, kind: str, at: str, **data: Any) -> None:
        self.events.append(event(kind, at, **data))

    def step(self) -> None:
        chosen = self.draw(st.sampled_from(STEPS))
        for what in (chosen,) if isinstance(chosen, str) else chosen:
            self.happen(what)

    def happen(self, what: str) -> None:
        if what == "same":
            twin = dict(self.draw(st.sampled_from(self.events)))
            if twin["at"].count(":") == 1 and self.draw(st.booleans()):
                twin["at"] += ":00"
            self.events.append(twin)
            return
        at = self.moment(self.date(), bare=not self.hours and not self.draw(st.integers(0, 7)))
        if what == "exclude":
            self.exclude(at)
        elif what == "chain":
            self.chain(at)
        elif what == "reappoint":
            if not self.now().waiting:
                standing = self.now().standing
                base = self.last if standing is None else standing.day
                shift = self.draw(st.sampled_from((-1, 0, 1, 2, 3, 10)))
                self.add("reappointed", at, new_due=(base + dt.timedelta(days=shift)).isoformat())
        elif what == "receive" and self.draw(st.booleans()):
            promised = self.moment(self.last + dt.timedelta(days=5), bare=self.draw(st.booleans()))
            self.add("supplement_received", at, appointed_due=promised)
        elif what == "silent":
            self.add("supplement_requested", at, after_appraisal=False)
        elif what in ("ask", "answer"):
            kind = "opinion_requested" if what == "ask" else "opinion_received"
            self.add(kind, at, agency=self.draw(st.sampled_from(("so-a", "so-b"))))
        else:
            kind = {
                "pause": "clock_paused", "resume": "clock_resumed", "request": "supplement_requested",
                "receive": "supplement_received", "pay": "payment_awaited", "paid": "payment_received",
                "accept": "dossier_accepted", "lost": "dossier_lost",
            }[what]  # fmt: skip
            self.add(kind, at)

    def exclude(self, at: str) -> None:
        standing = self.now().standing
        middle = self.last if standing is None else self.draw(st.sampled_from((self.last, standing.day, self.anchor)))
        first = middle + dt.timedelta(days=self.draw(st.sampled_from((-3, -1, 0, 1))))
        last = first + dt.timedelta(days=self.draw(st.sampled_from((-1, 0, 1, 4))))
        self.add("interval_excluded", at, **{"from": first.isoformat(), "to": last.isoformat()})

    def chain(self, at: str) -> None:
        """Two or three exclusions apart, and one over them that joins them, recorded in any order."""
        first = self.last + dt.timedelta(days=self.draw(st.sampled_from((-3, 0, 1))))
        spans, begin = [], first
        for _ in range(self.draw(st.sampled_from((2, 2, 3)))):
            end = begin + dt.timedelta(days=self.draw(st.sampled_from((0, 1, 3))))
            spans.append((begin, end))
            begin = end + dt.timedelta(days=self.draw(st.sampled_from((2, 3, 5))))
        reach = [dt.timedelta(days=self.draw(st.sampled_from((-1, 0, 1)))) for _ in "ab"]
        spans.append((first + reach[0], spans[-1][self.draw(st.integers(0, 1))] + reach[1]))
        for begin, end in self.draw(st.permutations(spans)):
            self.add("interval_excluded", at, **{"from": begin.isoformat(), "to": end.isoformat()})

    def finish(self) -> None:
        kinds = [kind for group in ENDS for kind in group]
        for _ in range(self.draw(st.sampled_from((0, 1, 1, 1, 2)))):
            bare = not self.draw(st.integers(0, 6))
            self.add(self.draw(st.sampled_from(kinds)), self.moment(self.date(), bare=bare))

    def question(self) -> Grown:
        state = self.now()
        turn = [self.last, self.last, self.last + dt.timedelta(days=1), self.last + dt.timedelta(days=20), self.anchor]
        if state.standing is not None:
            turn += [state.standing.day + dt.timedelta(days=shift) for shift in (-3, -2, -1, 0, 1, 2, 8)]
        as_of = self.draw(st.sampled_from(turn))
        published = [date + dt.timedelta(days=shift) for date in PUBLICATIONS for shift in (-1, 0)]
        near = [date for date in published if abs((date - self.anchor).days) < 400]
        far = [self.anchor - ONE, self.anchor, self.anchor + dt.timedelta(days=40), dt.date(2030, 1, 1)]
        known_on = self.draw(st.none() | st.sampled_from(near + far))
        policies = ("by_date", "by_date", "by_instant", "promised_by_date", "promised_by_instant")
        lateness = self.draw(st.sampled_from(policies))
        instants = [Moment.read(one["at"]).instant for one in self.events]
        if len(set(instants)) == len(instants) and self.draw(st.booleans()):
            self.events.reverse()
        return Grown(self.dossier, as_of, known_on, lateness)


@st.composite
def grown(draw: Draw, units: tuple[str, ...], procedures: tuple[str | None, ...] = (None,)) -> Grown:
    grower = _Grower(draw, draw(st.sampled_from(units)), draw(st.sampled_from(procedures)))
    for _ in range(draw(st.integers(0, 5))):
        grower.step()
    grower.finish()
    if not draw(st.integers(0, 3)):
        grower.step()  # after the end
    if not draw(st.integers(0, 5)):
        early = grower.anchor - dt.timedelta(days=draw(st.sampled_from((0, 1, 3))))
        kind = draw(st.sampled_from(("clock_paused", "result_issued", "supplement_requested", "dossier_refused")))
        grower.events.append(event(kind, early.isoformat()))
    if not draw(st.integers(0, 7)):
        grower.dossier["filed_elsewhere"] = True
        grower.add("received_by_competent_agency", grower.moment(grower.date()))
    return grower.question()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The shipped law, and a catalogue that knows two procedures under decrees of their own."""
    folder = tmp_path_factory.mktemp("catalogue")
    for name, family, first in (
        (SLIP, "civil_status_online", "2020-01-01"),
        (LAST_HOUR, "linked_karaoke", "2025-01-01"),
    ):
        entry = {
            "procedure": name,
            "from": first,
            "time_limit": {"amount": 99, "unit": "workday"},  # every dossier here says its own
            "citations": [{"document": "x", "status": "text"}],
        }
        label = {"vi": "t", "en": "t"}
        said = {"format": 1, "time_limits": name.lower(), "label": label, "regime": family, "entries": [entry]}
        (folder / f"{name.lower()}.yaml").write_text(json.dumps(said), encoding="utf-8")
    return Rulebook.load(folder)


def found(verdict: Verdict) -> Judged:
    clock = verdict.clock
    return Judged(
        clock.version,
        clock.original_due,
        clock.lawful_due,
        clock.current_due,
        clock.due_time,
        clock.finished_on,
        clock.paused,
        clock.provisional,
        verdict.punctuality,
        verdict.workdays_late,
        verdict.days_late,
        verdict.punctuality_current,
        verdict.workdays_late_current,
        verdict.days_late_current,
    )


def compare(book: Rulebook, case: Grown) -> None:
    known_on = case.as_of if case.known_on is None else case.known_on
    try:
        expected = judge(case.dossier, case.as_of, known_on, case.lateness)
    except OpenError:
        reject()
    verdict = book.evaluate(case.dossier, case.as_of, known_on=case.known_on, lateness=case.lateness)
    answer = found(verdict)
    if expected.numbers_unsaid:
        gone: Json = {
            "workdays_late": None,
            "days_late": None,
            "workdays_late_current": None,
            "days_late_current": None,
        }
        answer, expected = replace(answer, **gone), replace(expected, **gone)
    assert answer == expected, case


EXPLORE = int(os.environ.get("TTHC_EXPLORE", "0"))
"""How many times as many examples to try, and not always the same ones."""
QUICK = settings(
    deadline=None,
    database=None,
    derandomize=not EXPLORE,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@given(grown(("workday",)))
@settings(QUICK, max_examples=600 * (EXPLORE or 1))
def test_limits_in_workdays(book: Rulebook, case: Grown) -> None:
    compare(book, case)


@given(grown(("calendar_day", "week", "month", "year")))
@settings(QUICK, max_examples=650 * (EXPLORE or 1))
def test_limits_in_days_weeks_months_years(book: Rulebook, case: Grown) -> None:
    compare(book, case)


@given(grown(("work_hour",)))
@settings(QUICK, max_examples=250 * (EXPLORE or 1))
def test_limits_in_working_hours(book: Rulebook, case: Grown) -> None:
    compare(book, case)


@given(grown(("workday", "workday", "calendar_day", "month"), (SLIP, LAST_HOUR)))
@settings(QUICK, max_examples=500 * (EXPLORE or 1))
def test_limits_that_start_otherwise(book: Rulebook, case: Grown) -> None:
    compare(book, case)


@given(grown(("work_hour",), (SLIP, LAST_HOUR)))
@settings(QUICK, max_examples=150 * (EXPLORE or 1))
def test_limits_in_working_hours_that_start_otherwise(book: Rulebook, case: Grown) -> None:
    compare(book, case)


# -- every edge of one stop, exhaustively ------------------------------------------------------------------------------

LIMITS: tuple[Json, ...] = (
    {"amount": 5, "unit": "workday"},
    {"amount": 0, "unit": "workday"},
    {"amount": 5, "unit": "calendar_day"},
    {"amount": 0, "unit": "calendar_day"},
    {"amount": 1, "unit": "week"},
    {"amount": 1, "unit": "month"},
    {"amount": 10, "unit": "work_hour"},
)
STARTS = ("2013-02-04", "2018-06-18", "2024-04-24", "2026-02-09", "2026-08-19")
"""One in each regime; before Tết, a swap, a make-up Saturday, a new decree; some limits end on a weekend."""


def answers(book: Rulebook, dossier: Json, as_of: dt.date) -> None:
    expected = judge(dossier, as_of, as_of)
    answer = replace(found(book.evaluate(dossier, as_of)), provisional=expected.provisional)
    assert answer == expected, (dossier, as_of)


def around(book: Rulebook, limit: Json, start: str) -> tuple[Json, list[dt.date]]:
    """The acceptance, and the days from two before its limit ends, unrolled, to two after it is due."""
    accepted = event("dossier_accepted", f"{start}T15:00")
    far = day(start) + dt.timedelta(days=90)
    standing = judge(dossier_of(limit, accepted), far, far).standing
    assert standing is not None
    assert book.evaluate(dossier_of(limit, accepted), far).clock.lawful_due == standing.day
    first = standing.unrolled or standing.day
    return accepted, [d for d in walk(first - 2 * ONE, standing.day + 2 * ONE) if d >= day(start)]


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit['amount']}-{limit['unit']}")
@pytest.mark.parametrize("kinds", [*OPENS.items(), ("supplement_requested", "supplement")])
def test_one_stop_at_each_edge_of_the_due_date(book: Rulebook, kinds: tuple[str, str], limit: Json) -> None:
    opens, waits = kinds
    closes = next((kind for kind, name in CLOSES.items() if name == waits), "supplement_received")
    said = {**limit, "pauses_for": ["payment", "opinion"]}
    for start in STARTS:
        accepted, turns = around(book, said, start)
        for turn in turns:
            opened = event(opens, f"{turn}T16:00")
            for shift in (0, 1, 12):
                until = turn + dt.timedelta(days=shift)
                closed = event(closes, f"{until}T16:30")
                result = event("result_issued", f"{until + 2 * ONE}T09:00")
                answers(book, dossier_of(said, accepted, opened, closed), until)
                answers(book, dossier_of(said, accepted, opened, closed, result), until + 9 * ONE)
                answers(book, dossier_of(said, accepted, opened, result), until + 9 * ONE)
            answers(book, dossier_of(said, accepted, opened), turn + 20 * ONE)


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit['amount']}-{limit['unit']}")
def test_one_exclusion_at_each_edge_of_the_due_date(book: Rulebook, limit: Json) -> None:
    for start in STARTS:
        accepted, turns = around(book, limit, start)
        for first in (*turns, day(start), day(start) + ONE):
            for shift in (0, 1, 12):
                last = first + dt.timedelta(days=shift)
                excluded = event("interval_excluded", f"{last}T17:00", **{"from": str(first), "to": str(last)})
                result = event("result_issued", f"{turns[-1]}T09:00")
                answers(book, dossier_of(limit, accepted, excluded), last + 9 * ONE)
                answers(book, dossier_of(limit, accepted, excluded, result), last + 9 * ONE)


@pytest.mark.parametrize("again", [None, -1, 0, 1, 2])
def test_a_restart_and_the_re_appointments_around_it(book: Rulebook, again: int | None) -> None:
    """A restart cancels the date that was re-appointed before it, a pause does not."""
    five: Json = {"amount": 5, "unit": "workday"}
    for start in STARTS:
        accepted, turns = around(book, five, start)
        for first in (0, 1, 30, 31):
            new_due = turns[2] + dt.timedelta(days=first)
            before = event("reappointed", f"{turns[0]}T08:00", new_due=str(new_due))
            asked = event("supplement_requested", f"{turns[0]}T09:00")
            back = event("supplement_received", f"{turns[0] + 3 * ONE}T09:00")
            steps = [accepted, before, asked, back]
            if again is not None:
                far = turns[0] + 60 * ONE
                standing = judge(dossier_of(five, *steps), far, far).standing
                assert standing is not None
                later = standing.day + dt.timedelta(days=again)
                steps.append(event("reappointed", f"{turns[0] + 4 * ONE}T09:00", new_due=str(later)))
            for shift in (0, 5, 12, 40):
                answers(book, dossier_of(five, *steps), turns[0] + dt.timedelta(days=4 + shift))


# -- months and years, exhaustively ------------------------------------------------------------------------------------


def due_dates(
    book: Rulebook, anchor: dt.date, unit: str, amounts: range
) -> list[tuple[dt.date | None, dt.date | None]]:
    found = []
    for amount in amounts:
        dossier = dossier_of({"amount": amount, "unit": unit}, event("dossier_accepted", anchor.isoformat()))
        clock = book.evaluate(dossier, anchor).clock
        found.append((clock.original_due, clock.lawful_due))
    return found


def rolled(anchor: dt.date, unit: str, amount: int) -> tuple[dt.date, dt.date]:
    end = anchor + (relativedelta(months=amount) if unit == "month" else relativedelta(years=amount))
    due = days_known(anchor).next_workday(end, set())
    return due, due


MONTH_ENDS = [
    dt.date(year, month, number)
    for year in range(2008, 2012)
    for month in range(1, 13)
    for number in range(28, months.monthrange(year, month)[1] + 1)
]


@pytest.mark.parametrize(
    "anchors", [list(walk(day("2023-02-27"), day("2024-03-01"))), MONTH_ENDS], ids=["a leap year", "ends"]
)
def test_months_are_added_as_relativedelta_adds_them_and_rolled_once(book: Rulebook, anchors: list[dt.date]) -> None:
    amounts = range(1, 31)
    for anchor in anchors:
        assert due_dates(book, anchor, "month", amounts) == [rolled(anchor, "month", n) for n in amounts], anchor


@pytest.mark.parametrize("leap", ["2008-02-29", "2012-02-29", "2016-02-29", "2020-02-29", "2024-02-29"])
def test_a_year_from_the_29th_of_february_ends_on_the_last_of_february(book: Rulebook, leap: str) -> None:
    amounts = range(1, 13)
    anchor = day(leap)
    assert due_dates(book, anchor, "year", amounts) == [rolled(anchor, "year", n) for n in amounts]
    assert rolled(day("2024-02-29"), "year", 1)[0] == day("2025-02-28")  # a Friday
    assert rolled(day("2024-02-29"), "year", 4)[0] == day("2028-02-29")


def test_adding_a_month_twice_is_not_adding_two(book: Rulebook) -> None:
    (first, _), (second, _) = due_dates(book, day("2024-01-31"), "month", range(1, 3))
    assert (first, second) == (day("2024-02-29"), day("2024-04-01"))  # 31/3 is a Sunday
    assert due_dates(book, day("2024-02-29"), "month", range(1, 2))[0][0] == day("2024-03-29")


# -- what the walk found -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["result_issued", "dossier_withdrawn"])
def test_waiting_from_between_the_unrolled_end_and_the_due_date(book: Rulebook, end: str) -> None:
    """Five days from Monday 5/8/2024 end on Saturday 10/8, rolled to 12/8; a request on Sunday, the end on Tuesday.

    «The result before the file came back: the waiting was a pause until the end»; «its due date is never before the
    first workday on or after the day the stop ended». So it is due on 13/8, and the end is on time.
    """
    waiting = event("supplement_requested", "2024-08-11T09:00")
    dossier = dossier_of({"amount": 5, "unit": "calendar_day"}, TAKEN, waiting, event(end, "2024-08-13T09:00"))
    verdict = book.evaluate(dossier, day("2024-08-20"))
    assert verdict.clock.lawful_due == day("2024-08-13")
    assert (verdict.workdays_late, verdict.days_late) == (0, 0)


@pytest.mark.parametrize(
    ("received", "resumed", "lawful"),
    [
        ("2024-08-11T16:00", "2024-08-12T08:00", "2024-08-12"),  # a Sunday: the limit ends there, rolled to Monday
        ("2024-08-11T14:00", "2024-08-12T08:00", "2024-08-12"),
        ("2024-08-09T16:00", "2024-08-12T08:00", "2024-08-13"),  # a Friday past the hour: Saturday, and three days
        ("2024-08-09T14:00", "2024-08-12T08:00", "2024-08-09"),  # in time: Friday is the due date, and no stop works
    ],
)
def test_no_receipt_on_a_day_off_is_past_the_hour(book: Rulebook, received: str, resumed: str, lawful: str) -> None:
    zero = {"amount": 0, "unit": "calendar_day", "cutoff": "15:00"}
    stop = (event("clock_paused", received), event("clock_resumed", resumed))
    verdict = book.evaluate(dossier_of(zero, event("dossier_accepted", received), *stop), day("2024-09-30"))
    assert verdict.clock.lawful_due == day(lawful)


def test_a_zero_limit_on_an_unpublished_day_is_provisional(book: Rulebook) -> None:
    """«`provisional: true` if the count to `lawful_due` stepped on such a day»: 1/3/2028 is itself not published."""
    accepted = event("dossier_accepted", "2028-03-01T08:30")
    one = book.evaluate(
        dossier_of({"amount": 1, "unit": "workday"}, accepted), day("2028-03-01"), known_on=day("2026-11-21")
    )
    assert one.clock.provisional
    none = book.evaluate(
        dossier_of({"amount": 0, "unit": "workday"}, accepted), day("2028-03-01"), known_on=day("2026-11-21")
    )
    assert none.clock.lawful_due == day("2028-03-01")
    assert none.clock.provisional


def test_a_limit_in_hours_that_ends_on_its_unpublished_day_is_provisional(book: Rulebook) -> None:
    accepted = event("dossier_accepted", "2028-03-01T08:00")
    known_on = day("2026-11-21")
    for amount, due in ((20, "2028-03-03"), (2, "2028-03-01")):
        dossier = dossier_of({"amount": amount, "unit": "work_hour"}, accepted)
        verdict = book.evaluate(dossier, day("2028-03-01"), known_on=known_on)
        assert (verdict.clock.lawful_due, verdict.clock.provisional) == (day(due), True)


# -- a start that is another event, or comes too late in the day -------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "lawful"),
    [
        ("2026-11-16T15:59", "2026-11-19"),  # Monday: three workdays are Tuesday to Thursday
        ("2026-11-16T16:00", "2026-11-20"),  # as received on Tuesday
        ("2026-11-16T16:01", "2026-11-20"),
        ("2026-11-16T17:30", "2026-11-20"),
        ("2026-11-14T10:00", "2026-11-19"),  # Saturday, as received on Monday
        ("2026-11-13T16:30", "2026-11-19"),  # Friday's last hour, as received on Monday
        ("2026-11-13T15:30", "2026-11-18"),
    ],
)
def test_the_last_hour_of_the_office_by_hand(book: Rulebook, at: str, lawful: str) -> None:
    three = {"amount": 3, "unit": "workday"}
    dossier = dossier_of(three, event("dossier_accepted", at), procedure=LAST_HOUR)
    far = day("2026-12-31")
    assert judge(dossier, far, far).lawful_due == day(lawful)
    assert book.evaluate(dossier, far).clock.lawful_due == day(lawful)


def test_a_file_that_comes_back_in_the_last_hour_restarts_on_the_next_workday(book: Rulebook) -> None:
    """«Thời hạn giải quyết được tính lại từ đầu sau khi nhận đủ hồ sơ»; it is received again, and 6(3) asks when."""
    dossier = dossier_of(
        {"amount": 3, "unit": "workday"},
        event("dossier_accepted", "2026-11-16T09:00"),
        event("supplement_requested", "2026-11-17T09:00"),
        event("supplement_received", "2026-11-18T16:30"),  # Wednesday, as on Thursday
        procedure=LAST_HOUR,
    )
    assert book.evaluate(dossier, day("2026-12-31")).clock.lawful_due == day("2026-11-25")  # 24/11 is a day off
