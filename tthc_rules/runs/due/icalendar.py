"""Acts as an iCalendar (RFC 5545): all-day events, which a calendar that reads it again each day keeps up to date.

Stateless: what an event is called is a digest of its dossier and act, how new it is the day asked about; no clock is
read and nothing is remembered between two runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Final

from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import STEP
from tthc_rules.result import words
from tthc_rules.runs.due.acts import DueAct, DueActs
from tthc_rules.runs.icaltext import calendar_text, escaped

_NAME: Final = ("Việc đến hạn của thủ tục hành chính", "What falls due in administrative dossiers")


def icalendar(found: DueActs, lang: str) -> str:
    """The calendar; what is past its day with nothing to raise it is no event."""
    return calendar_text("due", words.of(_NAME, lang), lang, _events(found, lang))


def _events(found: DueActs, lang: str) -> Iterator[str]:
    for one in found.acts:
        if not one.is_past_condition:
            yield from _event(found, one, lang, stands=True)
    for one in found.taken_back:
        yield from _event(found, one, lang, stands=False)


def uid_of(one: DueAct) -> str:
    """The name of an event: the same for the same act of the same dossier, on every day and every machine."""
    said = f"{one.dossier_id}\0{one.act}\0{one.number}"
    return f"{sha256(said.encode()).hexdigest()[:40]}@tthc-rules"


def _event(found: DueActs, one: DueAct, lang: str, *, stands: bool) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{uid_of(one)}"
    yield f"DTSTAMP:{found.known_on:%Y%m%d}T000000Z"
    yield f"SEQUENCE:{max(day_of(found.as_of), 0)}"
    yield f"DTSTART;VALUE=DATE:{one.by:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.by + timedelta(1):%Y%m%d}"
    yield f"SUMMARY:{escaped(_summary(one, lang, stands))}"
    yield f"DESCRIPTION:{escaped(chr(10).join(_description(one, lang)))}"
    yield f"STATUS:{'CONFIRMED' if stands else 'CANCELLED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _summary(one: DueAct, lang: str, stands: bool) -> str:
    label = one.label[lang]
    if one.act.startswith(STEP) and one.unit:
        label += f" ({one.unit})"
    if one.by_time is not None:
        label += f" — {'trước' if lang == 'vi' else 'by'} {one.by_time}"
    if one.only_if is not None:
        label += f" — {words.say(words.ONLY_IF, one.only_if, lang)}"
    mark = ""
    if not stands:
        mark = "KHÔNG CÒN: " if lang == "vi" else "NO LONGER: "
    elif one.overdue:
        mark = "QUÁ NGÀY: " if lang == "vi" else "PAST ITS DAY: "
    return f"{mark}{one.dossier_id}: {label}"


def _description(one: DueAct, lang: str) -> Iterator[str]:
    """Of whom, what fulfils it, by which clause; units and roles, and no person."""
    vi = lang == "vi"
    if one.unit is not None:
        yield f"{'Đơn vị' if vi else 'Unit'}: {one.unit}"
    if one.roles:
        roles = ", ".join(words.say(words.ROLES, role, lang) for role in one.roles)
        yield f"{'Quá ngày thì người trả lời' if vi else 'Past the day answers'}: {roles}"
    kinds = ", ".join(words.say(words.EVENTS, kind, lang) for kind in one.fulfilled_by)
    yield f"{'Coi là đã làm khi có' if vi else 'Fulfilled by'}: {kinds}"
    if one.clause:
        yield f"{'Căn cứ' if vi else 'Source'}: {one.clause}"
    if one.provisional:
        yield words.of(words.PROVISIONAL, lang)
