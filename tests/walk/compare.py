"""The library held against the walk, and a dossier on which they differ made as small as it can be."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from tthc_rules import Rulebook, Verdict

from .counting import Json, OpenError
from .days import LAST_HOUR, SLIP
from .judge import Judged, judge

MARKS = {"acceptance_unknown", "pauses_unknown", "finish_unknown", "not_observed"}
"""Notes of a source of gaps: its duties, of which the walk knows nothing, may have them too."""
NOTES = MARKS | {
    "before_acceptance", "second_acceptance", "duplicate_event", "orphan_resume", "already_paused", "already_waiting",
    "orphan_supplement", "after_end", "closing_without_request", "reappointment_ignored", "pause_without_ground",
    "exclusion_ignored", "promise_differs", "no_time_limit_known", "no_regime_in_force",
}  # fmt: skip
KEYS = tuple(one.name for one in fields(Judged) if one.compare and one.name != "notes")


@dataclass(frozen=True)
class Asked:
    dossier: Json
    as_of: dt.date
    known_on: dt.date | None = None
    lateness: str = "by_date"


@dataclass(frozen=True)
class Difference:
    asked: Asked
    key: str
    walk: object
    library: object

    def __str__(self) -> str:
        asked = self.asked
        question = f"as_of={asked.as_of} known_on={asked.known_on} lateness={asked.lateness}"
        dossier = json.dumps(asked.dossier, ensure_ascii=False)
        return f"{self.key}: the walk {self.walk}, the library {self.library}\n  {question}\n  {dossier}"


def law(folder: Path) -> Rulebook:
    """The shipped law, and a catalogue that knows two procedures under decrees of their own."""
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
        clock.promised_due,
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
        frozenset((note.code, note.event) for note in verdict.notes if note.code in NOTES),
    )


def expected(asked: Asked) -> Judged:
    known_on = asked.as_of if asked.known_on is None else asked.known_on
    return judge(asked.dossier, asked.as_of, known_on, asked.lateness)


def differs(book: Rulebook, asked: Asked) -> Difference | None:
    """The first key on which they differ; none too where the text leaves open what is asked."""
    try:
        walked = expected(asked)
    except OpenError:
        return None
    return differs_from(walked, book, asked)


def differs_from(walked: Judged, book: Rulebook, asked: Asked) -> Difference | None:
    """The first key on which the library says otherwise than the walk."""
    verdict = book.evaluate(asked.dossier, asked.as_of, known_on=asked.known_on, lateness=asked.lateness)
    answered = found(verdict)
    for key in KEYS:
        if key not in walked.unsaid and getattr(walked, key) != getattr(answered, key):
            return Difference(asked, key, getattr(walked, key), getattr(answered, key))
    if "notes" not in walked.unsaid:
        wanted, got = (
            {one for one in notes if one[0] not in walked.unsaid} for notes in (walked.notes, answered.notes)
        )
        if asked.dossier.keys() & {"observes", "unknown"}:
            got = {one for one in got if one[0] not in MARKS or one in wanted}
        if wanted != got:
            return Difference(asked, "notes", sorted(wanted - got, key=str), sorted(got - wanted, key=str))
    return None


def smallest(book: Rulebook, difference: Difference) -> Difference:
    """The same key still differs without an event, a field, a question."""
    while smaller := next(_still(book, difference), None):
        difference = smaller
    return difference


def _still(book: Rulebook, difference: Difference) -> Iterator[Difference]:
    for asked in _less(difference.asked):
        one = differs(book, asked)
        if one is not None and one.key == difference.key:
            yield one


def _less(asked: Asked) -> Iterator[Asked]:
    events: list[Json] = asked.dossier["events"]
    for place, event in enumerate(events):
        yield _with(asked, events=[*events[:place], *events[place + 1 :]])
        for key in event.keys() - {"kind", "at", "agency"}:
            less = {name: value for name, value in event.items() if name != key}
            yield _with(asked, events=[*events[:place], less, *events[place + 1 :]])
    for key in asked.dossier.keys() - {"dossier_id", "events"}:
        yield replace(asked, dossier={name: value for name, value in asked.dossier.items() if name != key})
    for key in ("observes", "unknown"):
        listed = asked.dossier.get(key) or []
        for place in range(len(listed)):
            yield _with(asked, **{key: [*listed[:place], *listed[place + 1 :]]})
    if asked.known_on is not None:
        yield replace(asked, known_on=None)
    if asked.lateness != "by_date":
        yield replace(asked, lateness="by_date")


def _with(asked: Asked, **more: Any) -> Asked:
    return replace(asked, dossier={**asked.dossier, **more})
