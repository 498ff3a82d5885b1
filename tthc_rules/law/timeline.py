"""The only place that orders events: from a dossier to the integer columns that the clock reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from tthc_rules.law import clock
from tthc_rules.law.civil import EPOCH, day_of, minute_of, order_of
from tthc_rules.law.codes import KINDS, NoteCode
from tthc_rules.law.dossier import (
    DOSSIER_NAMES,
    EVENT_FIELD_NAMES,
    KIND_NAMES,
    UNIT_NAMES,
    Dossier,
    Event,
    unknown_fields,
)
from tthc_rules.law.names import Names
from tthc_rules.law.text import nfc

NONE: Final = clock.NONE
NOTHING: Final = (NONE, NONE, 0)


MOST_HINTS: Final = 200
"""For how many names of one dossier the nearest known one is looked for."""


class Oddity(NamedTuple):
    """What is odd about the input itself: a note, the place of its event in `dossier.events`, or -1, and a name."""

    code: NoteCode
    event: int
    name: str | None = None
    nearest: str | None = None


@dataclass(slots=True)
class Timeline:
    """The events that exist on a day, in order, without exact repeats, as columns.

    `x` is the event's date (new, appointed or first excluded), `y` that date's minute or the last excluded day; `tag`
    tells agencies apart; `origin[i]` is the event's place in `dossier.events`.
    """

    notes: list[Oddity]
    events: Sequence[Event]
    origin: Sequence[int]
    kind: Sequence[int]
    day: Sequence[int]
    minute: Sequence[int]
    x: Sequence[int]
    y: Sequence[int]
    tag: Sequence[int]
    flags: Sequence[int]


def timeline_of(dossier: Dossier, as_of: int) -> Timeline:
    """The events up to and including day `as_of`; later ones do not exist."""
    notes: list[Oddity] = []
    if dossier.__pydantic_extra__ or (dossier.units is not None and dossier.units.__pydantic_extra__):
        notes += _of_dossier(dossier)
    events = dossier.events
    agencies: dict[str, int] = {}
    rows: list[tuple[Event, int, int, int, int, int, int, int, int]] = []
    for origin in range(len(events)) if _rise(events) else _ordered(events, notes):
        event = events[origin]
        fields = event.__dict__
        at = fields["at"]
        day = at.toordinal() - EPOCH
        if day > as_of:
            break  # sorted: all that follow are later
        kind, read, by_agency = _KINDS.get(fields["kind"], _UNKNOWN)
        if not kind:
            notes.append(_oddity("unknown_kind", origin, fields["kind"], KIND_NAMES, notes))
        elif event.__pydantic_extra__:
            for name in unknown_fields(event):
                notes.append(_oddity("unknown_field", origin, name, EVENT_FIELD_NAMES, notes))
        x, y, flags = NOTHING if read is None else read(fields)
        tag = 0
        if by_agency and fields["agency"] is not None:
            tag = agencies.setdefault(fields["agency"], len(agencies) + 1)
        rows.append((event, origin, kind, day, minute_of(at), x, y, tag, flags))
    columns: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else [()] * 9
    return Timeline(notes, *columns)


_BEFORE_ALL: Final = datetime.min  # noqa: DTZ901 - a civil time


def _rise(events: Sequence[Event]) -> bool:
    """Whether each event has its hour and is later than the one before it: nothing to order, nothing said twice."""
    before = _BEFORE_ALL
    for event in events:
        at = event.__dict__["at"]
        if not isinstance(at, datetime) or at <= before:
            return False
        before = at
    return True


def unknown_names(dossier: Dossier) -> list[Oddity]:
    """Every name in the dossier that nobody knows, in events of any day."""
    found = _of_dossier(dossier)
    for origin, event in enumerate(dossier.events):
        if event.kind not in KINDS:
            found.append(_oddity("unknown_kind", origin, event.kind, KIND_NAMES, found))
        else:
            for name in unknown_fields(event):
                found.append(_oddity("unknown_field", origin, name, EVENT_FIELD_NAMES, found))
    return found


def _of_dossier(dossier: Dossier) -> list[Oddity]:
    found: list[Oddity] = []
    for name in unknown_fields(dossier):
        found.append(_oddity("unknown_field", -1, name, DOSSIER_NAMES, found))
    for name in unknown_fields(dossier.units) if dossier.units is not None else ():
        found.append(_oddity("unknown_field", -1, name, UNIT_NAMES, found, "units."))
    return found


def _oddity(code: NoteCode, event: int, name: str, names: Names, before: list[Oddity], group: str = "") -> Oddity:
    nearest = names.nearest(name) if len(before) < MOST_HINTS else ""
    return Oddity(code, event, group + name, group + nearest if nearest else None)


def _ordered(events: Sequence[Event], notes: list[Oddity]) -> Iterator[int]:
    """By time, ties in the order of the list, exact duplicates dropped and noted."""
    orders = [order_of(event.at) for event in events]
    ordered = sorted(range(len(events)), key=orders.__getitem__)
    seen: dict[Hashable, set[str]] = {}
    instant: int | None = None
    for place, origin in enumerate(ordered):
        event = events[origin]
        if orders[origin] != instant:
            instant = orders[origin]
            seen.clear()
        has_tie = seen or (place + 1 < len(ordered) and orders[ordered[place + 1]] == instant)
        if has_tie:
            alike = seen.setdefault((event.kind, event.at, *vars(event).values()), set())
            rest = _as_written(event)
            if rest in alike:
                notes.append(Oddity("duplicate_event", origin))
                continue
            if rest is not None:
                alike.add(rest)
        yield origin


def _as_written(event: Event) -> str | None:
    """The fields that we do not know, as JSON: `true`, 1 and 1.0 are three things there, and equal in Python."""
    if not (fields := unknown_fields(event)):
        return ""
    try:
        return nfc(json.dumps(fields, sort_keys=True, default=str, ensure_ascii=False))
    except (RecursionError, TypeError, ValueError):
        return None  # too deep or too odd to compare: like no other


# -- what each kind carries --------------------------------------------------------------------------------------------

Payload = tuple[int, int, int]
Fields = Mapping[str, Any]
"""An event's fields by name, as its model holds them: asking the model for each costs four times as much."""


def _slip(moment: date | None) -> tuple[int, int]:
    return (NONE, NONE) if moment is None else (day_of(moment), minute_of(moment))


def _appointed(fields: Fields) -> Payload:
    return *_slip(fields["appointed_due"]), 0


def _reappointed(fields: Fields) -> Payload:
    return *_slip(fields["new_due"]), 0


def _excluded(fields: Fields) -> Payload:
    first = NONE if fields["from_"] is None else day_of(fields["from_"])
    return first, NONE if fields["to"] is None else day_of(fields["to"]), 0


def _paused(fields: Fields) -> Payload:
    return NONE, NONE, clock.HAS_GROUND if fields["ground"] and fields["ground"].strip() else 0


def _requested(fields: Fields) -> Payload:
    flags = clock.BEFORE_APPRAISAL if fields["after_appraisal"] is False else 0
    return NONE, NONE, flags | (clock.APPLICANT_FAULT if fields["applicant_fault"] else 0)


def _asked(fields: Fields) -> Payload:
    return *_slip(fields["due"]), 0


def _reported(fields: Fields) -> Payload:
    return NONE, NONE, clock.APPLICANT_FAULT if fields["applicant_fault"] else 0


def _apology(fields: Fields) -> Payload:
    flags = 0
    if fields["reason"] is not None:
        flags |= clock.HAS_REASON
        if not fields["reason"].strip():
            flags |= clock.EMPTY_REASON
    if fields["new_due"] is not None:
        flags |= clock.HAS_NEW_DUE
    if fields["form"] is not None:
        flags |= clock.HAS_FORM
        if fields["form"] == "apology_slip":
            flags |= clock.IS_APOLOGY_SLIP
    if fields["attached"] is not None:
        flags |= clock.HAS_ATTACHED
        if fields["attached"]:
            flags |= clock.IS_ATTACHED
    return *_slip(fields["new_due"]), flags


_PAYLOAD: Final[dict[int, Callable[[Any], Payload]]] = {
    clock.ACCEPTED: _appointed,
    clock.SUPPLEMENT_RECEIVED: _appointed,
    clock.REAPPOINTED: _reappointed,
    clock.EXCLUDED: _excluded,
    clock.PAUSED: _paused,
    clock.SUPPLEMENT_REQUESTED: _requested,
    clock.APOLOGY: _apology,
    clock.OPINION_REQUESTED: _asked,
    clock.STEP_ASSIGNED: _asked,
    clock.ERROR_REPORTED: _reported,
}
_BY_AGENCY: Final = frozenset({clock.OPINION_REQUESTED, clock.OPINION_RECEIVED, clock.STEP_ASSIGNED, clock.STEP_DONE})
_KINDS: Final = {name: (code, _PAYLOAD.get(code), code in _BY_AGENCY) for name, code in KINDS.items()}
_UNKNOWN: Final = (0, None, False)


def moment_text(moment: date | datetime) -> str:
    """A moment as people in the office write it: 23/08/2024, or 08:30 23/08/2024."""
    if isinstance(moment, datetime):
        return f"{moment:%H:%M %d/%m/%Y}"
    return f"{moment:%d/%m/%Y}"
