"""Days off and make-up workdays as an iCalendar: all-day events for whoever plans by the days that offices work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256

from tthc_rules.result import words
from tthc_rules.runs.calendars.days import CalendarList, ListedDay
from tthc_rules.runs.icaltext import calendar_text, escaped


def icalendar(found: CalendarList, lang: str) -> str:
    """The calendar; ordinary workdays and weekends are no events."""
    name = f"{found.label[lang]} ({found.calendar})"
    events = (line for day in found.days if day.is_of_an_act for line in _event(found, day, lang))
    return calendar_text("calendar", name, lang, events)


def _event(found: CalendarList, day: ListedDay, lang: str) -> Iterator[str]:
    """One day: its name is that of calendar and date, so that a letter that changes it changes the event."""
    said = sha256(f"{found.calendar}\0{day.date.isoformat()}".encode()).hexdigest()[:40]
    stamp = found.last_letter or found.first_day
    yield "BEGIN:VEVENT"
    yield f"UID:{said}@tthc-rules"
    yield f"DTSTAMP:{stamp:%Y%m%d}T000000Z"
    yield f"SEQUENCE:{found.edition}"
    yield f"DTSTART;VALUE=DATE:{day.date:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day.date + timedelta(1):%Y%m%d}"
    yield f"SUMMARY:{escaped(_summary(day, lang))}"
    yield f"DESCRIPTION:{escaped(chr(10).join(_description(day, lang)))}"
    yield f"CATEGORIES:{escaped(words.say(words.DAYS, day.kind, lang))}"
    yield f"STATUS:{'TENTATIVE' if day.provisional else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _summary(day: ListedDay, lang: str) -> str:
    """A make-up workday is told from the days off at first sight."""
    if not day.works:
        return day.name[lang]
    return f"{'ĐI LÀM' if lang == 'vi' else 'WORKDAY'}: {day.name[lang]}"


def _description(day: ListedDay, lang: str) -> Iterator[str]:
    vi = lang == "vi"
    yield words.say(words.DAYS, day.kind, lang)
    if day.instrument:
        yield f"{'Căn cứ' if vi else 'Source'}: {day.instrument}"
    if day.known_from is not None:
        yield f"{'Công bố ngày' if vi else 'Published on'} {_said(day.known_from)}"
    if day.provisional:
        yield words.of(words.PROVISIONAL, lang)


def _said(day: date) -> str:
    return f"{day:%d/%m/%Y}"
