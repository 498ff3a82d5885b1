"""A dossier while its copies are read: events, what the record lost, what is wrong; the same steps for every sender."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from tthc_rules.law.text import hidden
from tthc_rules.logs.diagnostics import Diagnostic, Level, technical
from tthc_rules.logs.dossiercodes import DossierCode, join_key, read_dossier_code
from tthc_rules.logs.limits import KnownLimit, LimitSource
from tthc_rules.logs.senders import observed
from tthc_rules.logs.sentvalues import EMPTY, Stamp
from tthc_rules.logs.sightings import ReadDossier, Sighting

__all__ = ["DossierDraft", "gap", "in_order", "is_before", "last_known", "series_of"]

_ORDER: Final = {
    kind: place
    for place, kinds in enumerate(
        (
            "dossier_submitted", "dossier_accepted", "dossier_forwarded", "step_assigned step_done",
            "supplement_requested", "clock_paused", "payment_awaited", "supplement_received", "payment_received",
            "clock_resumed", "reappointed", "dossier_refused", "processing_stopped", "result_issued",
            "result_returned", "dossier_withdrawn", "synced_national",
        )
    )
    for kind in kinds.split()
}  # fmt: skip
"""In which order events of one moment stand in the list: ties keep it. Steps keep the order in which they were read:
one ends at the moment at which the next begins."""


def in_order(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Copies in the order in which they were sent: by arrival where all have one, else as they stood in the stream."""
    if all(one.arrival for one in sightings):
        return sorted(sightings, key=lambda one: (one.arrival, one.rank, one.first))
    return sorted(sightings, key=lambda one: one.last)


def last_known(copies: Iterable[Sighting], fetched_on: date | None) -> str:
    """The day or moment after which nothing of these copies can have happened: the last arrival, else the fetching."""
    arrivals = [one.arrival for one in copies if one.arrival]
    return max(arrivals) if arrivals else "" if fetched_on is None else fetched_on.isoformat()


def series_of(copies: Iterable[Sighting], name: str) -> list[tuple[str, Any]]:
    """The values of a field, copy by copy, with their arrivals; copies without the field say nothing of it."""
    return [(one.arrival, one.data["f"][name]) for one in copies if name in one.data["f"]]


def _moves(seen: Sequence[tuple[str, int, Stamp]]) -> list[tuple[str, Stamp]]:
    """The promises of copies, each where it first differs from the one before.

    A copy is when it was sent (nothing: not known), its place in the stream, its promise; they come in their order.
    """
    timed = all(when for when, _, _ in seen)
    found: list[tuple[str, Stamp]] = []
    for when, _, stamp in seen if timed else sorted(seen, key=lambda one: one[1]):
        if stamp.moment is None:
            continue
        known = found[-1:] if timed else found  # without times a promise that comes again may be an old copy
        if all(stamp.moment != other.moment for _, other in known):
            found.append((when, stamp))
    return found


@dataclass(slots=True)
class DossierDraft:
    """What has been read of one dossier so far."""

    dossier_id: str
    limits: LimitSource
    shows: Mapping[str, str]
    events: list[dict[str, Any]] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    found: list[Diagnostic] = field(default_factory=list)
    procedure: str = ""
    channel: str | None = None
    code: DossierCode | None = None
    known: KnownLimit | None = None
    limit: Mapping[str, Any] | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    watched: set[str] = field(default_factory=set)
    """Kinds whose absence this record shows, though the sender shows them only sometimes."""

    # -- telling -------------------------------------------------------------------------------------------------------

    def tell(self, code: str, about: str, level: Level, *values: object) -> None:
        """Say what is wrong with a field."""
        self.found.append(Diagnostic(self.dossier_id, code, about, level, tuple(map(technical, values))))

    def event(self, kind: str, stamp: Stamp, **values: object) -> None:
        """Something happened, at a moment that is known."""
        if (at := stamp.iso()) is not None:
            self.events.append({"kind": kind, "at": at, **{k: v for k, v in values.items() if v not in (None, "")}})

    def dates(self, stamps: Mapping[str, Stamp], raw: Mapping[str, Any], arrival: str, promises: Iterable[str]) -> None:
        """What is wrong with the dates of the record, each by itself; promises may lie in the future."""
        later = set(promises)
        for name, stamp in stamps.items():
            if stamp.fault == "unreadable":
                self.tell("date_unreadable", name, "warning", raw.get(name))
            elif stamp.fault == "unset":
                self.tell("date_unset", name, "info", raw.get(name))
            if stamp.moment is None:
                continue
            if stamp.coerced:
                self.tell("value_coerced", name, "info", raw.get(name))
            if not stamp.has_hour:
                self.tell("time_of_day_missing", name, "info", raw.get(name))
            if name not in later and arrival and stamp.moment.date().isoformat() > arrival[:10]:
                self.tell("date_in_future", name, "warning", raw.get(name), arrival)

    # -- what governs it -----------------------------------------------------------------------------------------------

    def codes(self, about: str, accepted: Stamp) -> None:
        """The dossier's code: its shape, and its day against the day of acceptance."""
        self.code = code = read_dossier_code(self.dossier_id)
        if code is None or code.day is None:
            self.tell("code_shape_unknown", about, "info")
            return
        if code.is_replaced:
            self.tell("code_replaced", about, "info", self.dossier_id)
        if accepted.day is not None and accepted.day != code.day:
            self.tell("code_date_mismatch", about, "warning", code.day.isoformat(), accepted.day.isoformat())

    def find_limit(self, about: str, accepted: Stamp) -> None:
        """What the catalogue says of the procedure, for this way of filing."""
        if not self.procedure:
            return
        if not join_key(self.procedure):
            self.tell("procedure_code_unknown", about, "warning")
        self.known = known = self.limits.of(self.procedure, self.channel, accepted.day)
        if known is None:
            return
        if known.is_by_channel:
            self.tell("limit_by_channel", about, "info", join_key(self.procedure))
        if known.procedure:
            self.procedure = known.procedure
        elif known.limit is not None:
            self.limit = known.limit

    @property
    def pauses_for_payment(self) -> bool:
        """Whether an unpaid fee stops the clock of this limit."""
        limit = self.known.limit if self.known and self.known.limit is not None else self.limit
        return limit is not None and "payment" in (limit.get("pauses_for") or ())

    def contradicted(self, accepted: Stamp, promised: Stamp, about: str) -> bool:
        """Whether the promise lies before the acceptance; with another day in the code, nobody knows which is right."""
        if accepted.moment is None or promised.moment is None or not is_before(promised, accepted):
            return False
        self.tell("date_order", about, "warning", accepted.iso(), promised.iso())
        if self.code is not None and self.code.day is not None and self.code.day != accepted.day:
            self.unknown.add("acceptance")
        return True

    def day_and_month(self, stamps: Mapping[str, Stamp], acceptance: str) -> None:
        """A date whose day and month, exchanged, would fit the code and the order of the others."""
        code_day, accepted = self.code.day if self.code else None, stamps.get(acceptance, EMPTY)
        if code_day is None or accepted.moment is None or accepted.day == code_day:
            return
        if _exchanged(accepted.moment.date()) == code_day:
            self.tell("day_month_doubtful", acceptance, "warning", accepted.iso(), code_day.isoformat())
            self.unknown.add("acceptance")

    def ends_before(self, accepted: Stamp, end: Stamp, about: str) -> bool:
        """Whether the end lies before the acceptance: one of the two is wrong, and the clock can say nothing."""
        if accepted.moment is None or end.moment is None or not is_before(end, accepted):
            return False
        self.tell("date_order", about, "warning", accepted.iso(), end.iso())
        self.unknown.add("acceptance")
        return True

    # -- the end -------------------------------------------------------------------------------------------------------

    def finish(self, status: str, ids: Mapping[str, tuple[str, ...]], kept: Mapping[str, Any]) -> ReadDossier:
        """The dossier."""
        events = _coarse(sorted(self.events, key=lambda event: (event["at"], _ORDER[event["kind"]])))
        data: dict[str, Any] = {"dossier_id": self.dossier_id}
        if self.procedure:
            data["procedure"] = self.procedure
        if self.channel is not None:
            data["channel"] = self.channel
        if self.limit is not None:
            data["time_limit"] = dict(self.limit)
        data |= {name: value for name, value in self.fields.items() if value not in (None, "", {})}
        data["observes"] = observed(self.shows, {event["kind"] for event in events} | self.watched)
        if self.unknown:
            data["unknown"] = sorted(self.unknown)
        data["events"] = events
        return ReadDossier(self.dossier_id, data, status, ids, kept)

    # -- copies --------------------------------------------------------------------------------------------------------

    def strange(self, copies: Iterable[Sighting]) -> None:
        """The fields that nobody knows, and those that were dropped."""
        for one in copies:
            for name in one.data["k"]:
                self.tell("unknown_field", name, "info")
            for name in one.data["x"]:
                self.tell("field_dropped", name, "info")

    def conflict(self, name: str, values: Sequence[str], is_finish: bool = False) -> None:
        """A field that must not change, as copies have it; a finish that was emptied again is no unfinishing."""
        others = {one for one in values[:-1] if one != values[-1] and one}
        if others:
            self.tell("snapshot_conflict", name, "warning", *sorted(others), values[-1])
            if is_finish and not values[-1]:  # a return that is left may be much later than the result
                self.unknown |= {"finish", "pauses"}

    def moved(self, seen: Sequence[tuple[str, int, Stamp]], about: str, explained: Set[object]) -> Stamp:
        """The first promise; a later one that no slip explains is a re-appointment, where its time is known."""
        moves = _moves(seen)
        timed = bool(seen) and all(when for when, _, _ in seen)
        if timed and len({when for when, _, _ in seen}) > 1:
            self.watched.add("reappointed")
        for (_, earlier), (when, stamp) in pairwise(moves):
            if stamp.moment in explained:
                continue
            self.tell("due_moved_unexplained", about, "warning", earlier.iso(), stamp.iso())
            if timed:
                self.event("reappointed", Stamp(datetime.fromisoformat(when)), new_due=stamp.iso())
        return moves[0][1] if moves else EMPTY

    def unit(self, name: str, about: str) -> str:
        """The name of a unit, if it may stand in a result."""
        if name and (hidden(name) or len(name) > 200):
            self.tell("value_unreadable", about, "warning")
            return ""
        return name


def is_before(one: Stamp, other: Stamp) -> bool:
    """Whether one lies before the other; without an hour, by the day."""
    assert one.moment is not None
    assert other.moment is not None
    if one.has_hour and other.has_hour:
        return one.moment < other.moment
    return one.moment.date() < other.moment.date()


def _exchanged(day: date) -> date | None:
    return date(day.year, day.day, day.month) if day.day <= 12 else None


def _coarse(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where an event of a day has no hour, no other of that day keeps its own: their order is that of the list.

    A bare day stands at the start of its day, so that a result without an hour would come before its acceptance.
    """
    bare = {event["at"] for event in events if len(event["at"]) == 10}
    if not bare:
        return events
    for event in events:
        if event["at"][:10] in bare and event["kind"] != "synced_national":
            event["at"] = event["at"][:10]
    return sorted(events, key=lambda event: (event["at"][:10], event["at"], _ORDER[event["kind"]]))


def gap(one: Stamp, other: Stamp) -> timedelta:
    """How far two moments lie apart."""
    assert one.moment is not None
    assert other.moment is not None
    return abs(one.moment - other.moment)
