"""Steps by a second reading: from the log as written and the end that a verdict found, without our timeline or loop."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from .draft import Json

_VIETNAM: Final = timezone(timedelta(hours=7))
Moment = tuple[date, int | None]
"""A day and its minute, where one is written."""
Dated = tuple[tuple[datetime, Moment], Json]
PAIRS: Final = {"step_assigned": "step_done", "opinion_requested": "opinion_received"}


def moment(text: str) -> tuple[datetime, Moment]:
    """An instant to sort by, and what it says."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day), (day, None)
    at = datetime.fromisoformat(text.replace(",", "."))
    if at.tzinfo is not None:
        at = at.astimezone(_VIETNAM).replace(tzinfo=None)
    minute = at.hour * 60 + at.minute + (1 if at.second or at.microsecond else 0)
    return at, (at.date(), minute)


def steps_of(dossier: Json, as_of: date, start: str, end: str) -> list[dict[str, Any]]:
    """The steps of a dossier that began with the first event of kind `start`, and ended with that of kind `end`."""
    events = [(moment(event["at"]), event) for event in dossier["events"]]
    events.sort(key=lambda pair: pair[0][0])  # ties keep the order of the list
    events = [pair for pair in events if pair[0][1][0] <= as_of]
    kinds = [event["kind"] for _, event in events]
    if start not in kinds:
        return []
    first = kinds.index(start)
    last = kinds.index(end, first + 1) if end else len(kinds)
    observes = dossier.get("observes")
    used: set[int] = set()
    found = []
    for at in range(first + 1, last):
        event = events[at][1]
        answer = PAIRS.get(event["kind"])
        due = None if event.get("due") is None else moment(event["due"])[1]
        if answer is None or (answer == "opinion_received" and due is None):
            continue

        done = next((n for n in range(first + 1, len(events)) if _does(events[n], events[at], n > at, n in used)), None)
        if done is not None:
            used.add(done)
        ended = events[last][0][1] if end else (as_of, 1440)
        outcome = _outcome(due, None if done is None else events[done][0][1], ended)
        if outcome == "overdue" and observes is not None and answer not in observes:
            outcome = "undetermined"
        found.append(
            {
                "agency": event.get("agency"),
                "due": None if due is None else _text(due),
                "done_on": None if done is None else events[done][0][1][0],
                "outcome": outcome,
            }
        )
    return found


def _does(one: Dated, task: Dated, comes_later: bool, did_another: bool) -> bool:
    """Whether an event does what another one asked: after it, or on that day at no hour that tells them apart."""
    (_, (day, minute)), event = one
    (_, (asked_on, asked_at)), asked = task
    if event["kind"] != PAIRS[asked["kind"]] or event.get("agency") != asked.get("agency"):
        return False
    if comes_later:
        return event["kind"] == "opinion_received" or not did_another
    return day == asked_on and minute in (None, asked_at) and not did_another


def _outcome(due: Moment | None, done: Moment | None, ended: Moment) -> str:
    if due is None:
        return "undetermined"
    if done is None:
        return "overdue" if _is_after(ended, due) else "pending"
    if done[0] < due[0]:
        return "early"
    return "late" if _is_after(done, due) else "on_time"


def _is_after(one: Moment, due: Moment) -> bool:
    """By the minute where both have one, else by date."""
    if one[1] is None or due[1] is None:
        return one[0] > due[0]
    return one > due


def _text(due: Moment) -> str:
    day, minute = due
    return day.isoformat() if minute is None or minute >= 1440 else f"{day}T{minute // 60:02d}:{minute % 60:02d}"
