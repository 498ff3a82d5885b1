"""The ground that edges stand on: the days on which a calendar, a rule or a place of one rulebook changes."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Final

from tthc_rules import Rulebook
from tthc_rules.law.civil import FIRST_DATE, LAST_DATE, date_of, day_of
from tthc_rules.law.question import Question
from tthc_rules.law.workdays import Calendar

FIRST: Final = day_of(FIRST_DATE)
LAST: Final = day_of(LAST_DATE)
_ISO_FROM: Final = FIRST - 800
ISO: Final = tuple(date_of(day).isoformat() for day in range(_ISO_FROM, LAST + 800))
TIMES: Final = tuple(f"T{minute // 60:02d}:{minute % 60:02d}" for minute in range(1440))
Shifts = tuple[tuple[int, int], ...]


def d(text: str) -> int:
    """The day of an ISO date."""
    return day_of(dt.date.fromisoformat(text))


def iso(day: int) -> str:
    """The ISO date of a day, kept inside what a dossier may say."""
    return ISO[(FIRST if day < FIRST else min(day, LAST)) - _ISO_FROM]


def iso_as_is(day: int) -> str:
    """The ISO date of a day, also where it lies a little outside."""
    return ISO[day - _ISO_FROM]


@dataclass(slots=True)
class Ground:
    """What a rulebook knows of days, sorted for look-up."""

    book: Rulebook
    calendar_name: str
    turns: tuple[int, ...]
    """Version dates: first days, days after the last, of clocks, rules, overlays and places."""
    letters: tuple[int, ...]
    """Days on which a letter of the calendar, an instrument or the end of one became known."""
    long_rests: tuple[tuple[int, int], ...]
    """First and last day of each run of four and more days off, Tết above all."""
    made_up: tuple[int, ...]
    swapped: tuple[int, ...]
    places: tuple[str, ...]
    """Places with rules, overlays or hours of their own."""
    other_places: tuple[str, ...]
    ended_places: tuple[str, ...]
    own_spans: dict[str, tuple[tuple[int, int], ...]]
    """By place: first and last day of each of its rules and local acts."""
    procedures: tuple[str, ...]
    families: tuple[str, ...]
    hours: dict[str, tuple[tuple[str, str, Shifts], ...]]
    hours_of_place: dict[str, str]
    last_published: int
    calendars: dict[int, Calendar] = field(default_factory=dict)

    def calendar(self, question: Question) -> Calendar:
        """The calendar that the question knows."""
        day = day_of(question.known_on)
        found = self.calendars.get(day)
        if found is None:
            found = self.calendars[day] = self.book.calendar(self.calendar_name, known_on=question.known_on)
        return found


def ground_of(book: Rulebook) -> Ground:
    """Read a rulebook for the days on which it changes."""
    corpus = book.corpus
    name = "vn" if "vn" in corpus.calendars else next(iter(corpus.calendars))
    law = corpus.calendars[name]
    spans = [version.in_force for versions in corpus.clocks.values() for version in versions]
    spans += [v.in_force for rules in corpus.rules.values() for versions in rules.values() for v in versions]
    spans += [overlay.in_force for overlays in corpus.overlays.values() for overlay in overlays]
    turns = {span.start for span in spans} | {span.until + 1 for span in spans if span.until is not None}
    turns |= {day_of(place.until) + 1 for place in corpus.jurisdictions.values() if place.until is not None}
    letters = {span.issued_on for span in spans} | {s.end_known_on for s in spans if s.end_known_on is not None}
    letters |= set(law.publications)
    calendar = book.calendar(name)
    first, last = d("2008-01-01"), min(d("2030-12-31"), calendar.last)
    own = {family.partition("/")[2] for family in (*corpus.rules, *corpus.overlays) if family.startswith("local/")}
    hours_of = {place: table.id for table in corpus.hours.values() for place in table.jurisdictions}
    places = tuple(sorted((own | set(hours_of)) & set(corpus.jurisdictions)))
    ended = [one.id for one in corpus.jurisdictions.values() if one.until is not None]
    return Ground(
        book,
        name,
        tuple(sorted(turns)),
        tuple(sorted(letters)),
        _long_rests(calendar, first, last),
        tuple(row.day for row in law.rows if row.kind == "makeup_workday"),
        tuple(row.day for row in law.rows if row.kind == "swapped_off"),
        places,
        tuple(sorted(set(corpus.jurisdictions) - set(places))),
        tuple(sorted(ended)),
        _own_spans(book),
        tuple(sorted(corpus.catalogue)),
        tuple(sorted(corpus.clocks)),
        {table.id: table.seasons for table in corpus.hours.values()},
        hours_of,
        min(law.last_published_year, 2099),
    )


def _own_spans(book: Rulebook) -> dict[str, tuple[tuple[int, int], ...]]:
    corpus = book.corpus
    spans: dict[str, list[tuple[int, int]]] = {}
    rules = [(family, v) for family, named in corpus.rules.items() for versions in named.values() for v in versions]
    acts = [(family, act.in_force) for family, acts in corpus.overlays.items() for act in acts]
    for family, span in [*((family, rule.in_force) for family, rule in rules), *acts]:
        if family.startswith("local/"):
            start, until = span.start, span.until
            spans.setdefault(family.partition("/")[2], []).append((start, start + 900 if until is None else until))
    return {place: tuple(sorted(set(found))) for place, found in sorted(spans.items())}


def _long_rests(calendar: Calendar, first: int, last: int) -> tuple[tuple[int, int], ...]:
    rests = []
    start = first
    for day in range(first, last + 1):
        if calendar.works[day - calendar.base]:
            if day - start >= 4:
                rests.append((start, day - 1))
            start = day + 1
    return tuple(rests)


def near(days: tuple[int, ...], day: int, chance: float) -> int:
    """One of the sorted days close before or after another day."""
    at = bisect_right(days, day) - 1 + int(chance * 4) - 1
    return days[max(0, min(at, len(days) - 1))]


def within(days: tuple[int, ...], first: int, last: int) -> tuple[int, ...]:
    """Those of the sorted days that lie between two days."""
    return days[bisect_left(days, first) : bisect_right(days, last)]
