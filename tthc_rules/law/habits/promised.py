"""The date that a log itself has of its sender: that of the slip, and what the law would have put there then."""

from __future__ import annotations

from dataclasses import replace

from tthc_rules.law import clock
from tthc_rules.law.asked import Asked
from tthc_rules.law.civil import Moment
from tthc_rules.law.habits.count import LawfulCount
from tthc_rules.law.known import KnownLaw
from tthc_rules.law.timeline import Timeline

_WITH_SLIP = (clock.ACCEPTED, clock.SUPPLEMENT_RECEIVED)


def slip_place(count: LawfulCount) -> int | None:
    """The place of the event on which the newest slip that counts was given, or nothing where none is recorded."""
    line, out = count.asked.timeline, count.out
    slips = [place for place, kind in enumerate(line.kind) if kind in _WITH_SLIP and line.x[place] != clock.NONE]
    promised = out[clock.O_PROMISED_DAY], out[clock.O_PROMISED_MINUTE]
    if count.start >= 0:
        slips = [place for place in slips if (line.x[place], line.y[place]) == promised]
    return slips[-1] if slips else None


def date_on_slip(line: Timeline, place: int) -> Moment:
    """The date that was written there, with its hour if it has one."""
    moment: Moment = line.events[place].appointed_due  # type: ignore[attr-defined]  # `_WITH_SLIP` have it
    return moment


def as_of_slip(known: KnownLaw, count: LawfulCount, place: int) -> LawfulCount:
    """The dossier as it stood when that slip was given, by the calendar as known then: later events had not happened.

    Where another event starts the clock, such as the slip that is sent, it is seen as well.
    """
    asked, line = count.asked, count.asked.timeline
    n = max(place, count.start) + 1
    day = line.day[n - 1]
    then = asked.calendar.law.known_on(min(day, asked.known_on))
    hours = asked.hours and known.hours_of(count.table, then)
    cut = replace(
        line, events=line.events[:n], origin=line.origin[:n], kind=line.kind[:n], day=line.day[:n],
        minute=line.minute[:n], x=line.x[:n], y=line.y[:n], tag=line.tag[:n], flags=line.flags[:n],
    )  # fmt: skip
    then_asked: Asked = replace(
        asked, as_of=day, timeline=cut, calendar=then, tables=known.tables_of(then, then), hours=hours
    )
    return LawfulCount.of(known, then_asked, count.today)
