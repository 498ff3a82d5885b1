"""Dossiers written in short, for the tests: one event a word, «kind at key=value …», one after the other with «; »."""

from __future__ import annotations

from typing import Any

from tthc_rules.testing import event

from .counting import Json

TAKEN = event("dossier_accepted", "2024-08-05T08:30")
"""A Monday; five workdays end on Monday 12/8/2024, five calendar days on Saturday 10/8, rolled to that Monday."""


def dossier_of(limit: Json | None, *events: Json, **more: Any) -> Json:
    said = {"dossier_id": "W", "events": list(events), **more}
    if limit is not None:
        said["time_limit"] = limit
    return said


def log(text: str) -> list[Json]:
    """«clock_paused 08-07T09:00 ground=x; …»: days of 2024 may leave out their year."""
    events = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        kind, at, *rest = part.split()
        said: Json = {key: _value(value) for key, value in (one.split("=") for one in rest)}
        events.append(event(kind, _dated(at), **said))
    return events


def _dated(at: str) -> str:
    return f"2024-{at}" if at[2] == "-" else at


def _value(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    return _dated(text) if text[2:3] == "-" else text
