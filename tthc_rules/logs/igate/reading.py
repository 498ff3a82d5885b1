"""The copies of one dossier of iGate -> its events, its gaps, what is wrong with it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from tthc_rules.logs.diagnostics import Diagnostic
from tthc_rules.logs.drafting import DossierDraft, gap, in_order, last_known, series_of
from tthc_rules.logs.igate.border import DATES, PAGES
from tthc_rules.logs.igate.states import State, channel_named, is_known, state_named, unit_named
from tthc_rules.logs.limits import LimitSource
from tthc_rules.logs.sentvalues import EMPTY, Form, Stamp, flag_of, read_stamp, text_of, whole_of
from tthc_rules.logs.sightings import Fact, ReadDossier, SenderBatch, Sighting

__all__ = ["IgateBatch"]

FORMS: Final[frozenset[Form]] = frozenset({"iso"})
_BULK: Final = 5
_ZONE: Final = timedelta(hours=7)
_UNDER_WAY: Final = frozenset(
    {"handling", "supplement", "supplemented", "payment", "paid", "paused", "finished", "stopped"}
)
_ENDS: Final[Mapping[str, str]] = {
    "refused": "dossier_refused",
    "stopped": "processing_stopped",
    "withdrawn": "dossier_withdrawn",
}


class IgateBatch(SenderBatch):
    """What is known of all dossiers together: pages, finishes of one second."""

    def __init__(self, limits: LimitSource, fetched_on: date | None, shows: Mapping[str, str]) -> None:
        self.limits, self.fetched_on, self.shows = limits, fetched_on, shows
        self.facts: Counter[Fact] = Counter()

    def dossier(self, key: str, sightings: list[Sighting]) -> tuple[ReadDossier | None, list[Diagnostic]]:
        """A dossier, and what is wrong with it."""
        if key == PAGES:
            for one in sightings:
                self.facts["page", json.dumps([one.data["n"], one.data["last"]])] += 1
            return None, []
        file = _IgateFile(DossierDraft(key, self.limits, self.shows), sightings, self)
        return file.read(), file.draft.found

    def of_all(self) -> list[Diagnostic]:
        """Pages that are missing; dossiers that ended in one second."""
        found = [
            Diagnostic("", "finish_bulk", "completedDate", "warning", (value,))
            for (name, value), count in self.facts.items()
            if name == "finish" and count >= _BULK
        ]
        pages = [json.loads(value) for name, value in self.facts if name == "page"]
        lasts = [is_last for _, is_last in pages]
        if not any(lasts) and False in lasts:
            found.append(Diagnostic("", "page_incomplete", "last", "info"))
        numbers = {number for number, _ in pages if number is not None}
        if numbers and numbers != set(range(max(numbers) + 1)):
            found.append(Diagnostic("", "page_incomplete", "number", "info"))
        return found


@dataclass(slots=True)
class _IgateFile:
    """One dossier while it is read."""

    draft: DossierDraft
    sightings: Sequence[Sighting]
    batch: IgateBatch
    copies: list[Sighting] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)
    stamps: dict[str, Stamp] = field(default_factory=dict)
    state: State = ""
    label: str = ""

    def read(self) -> ReadDossier:
        """The dossier."""
        self.copies = _by_change(self.sightings)
        self._final()
        self._governing()
        self._accepted()
        self._end()
        self._waiting()
        self._tasks()
        self._zones()
        kept = {name: value for one in self.copies for name, value in one.data["k"].items()}
        return self.draft.finish(self.label if is_known(self.label) else "", self._ids(), kept)

    # -- the values that hold ------------------------------------------------------------------------------------------

    def _final(self) -> None:
        draft = self.draft
        for name in sorted({name for one in self.copies for name in one.data["f"]}):
            series = series_of(self.copies, name)
            self.raw[name] = series[-1][1]
            if name in ("acceptedDate", "completedDate", "procedure.code"):
                values = [_compared(name, value) for _, value in series]
                draft.conflict(name, values, name == "completedDate")
        self.stamps = {name: read_stamp(self.raw.get(name), FORMS) for name in DATES}
        arrival = last_known(self.copies, self.batch.fetched_on)
        draft.dates(self.stamps, self.raw, arrival, ("appointmentDate", "dueDate"))
        draft.strange(self.copies)
        accepted = self.stamps["acceptedDate"]
        if accepted.fault == "unreadable" or (
            accepted.day is not None and accepted.day.isoformat() > (arrival or "9")[:10]
        ):
            draft.unknown.add("acceptance")

    def _governing(self) -> None:
        draft, raw = self.draft, self.raw
        draft.procedure = draft.unit(raw["procedure.code"], "procedure.code")
        draft.fields["field"] = draft.unit(raw["sector"], "procedure.sector")
        if agency := draft.unit(raw["agency"], "agency"):
            draft.fields["units"] = {"handling_agency": agency}
        draft.channel = channel_named(raw["applyMethod"])
        if raw["applyMethod"] and draft.channel is None:
            draft.tell("channel_unknown", "applyMethod", "info")
        task = state_named(raw["dossierTaskStatus"])
        self.label = raw["dossierStatus"] or raw["dossierTaskStatus"]
        self.state = state_named(self.label)
        if self.state == "handling" and task in ("supplement", "payment", "paused"):
            self.state = task  # the step says what the dossier waits for
        if self.label and not self.state:
            draft.tell("status_unknown", "dossierStatus", "info")
        draft.codes("code", self.stamps["acceptedDate"])
        draft.find_limit("procedure.code", self.stamps["acceptedDate"])
        self._limit()

    def _limit(self) -> None:
        """The sender's own limit: it stands where the catalogue has none, and is compared where it has one."""
        draft, raw = self.draft, self.raw
        flag = raw["undefindedCompleteTime"]
        if isinstance(flag, str) and flag:
            draft.tell("value_coerced", "undefindedCompleteTime", "info", flag)
        is_none, known = flag_of(flag) is True, draft.known
        if is_none:
            if self.stamps["appointmentDate"].moment is not None:
                draft.tell("no_limit_but_promised", "appointmentDate", "warning")
            if known is None:
                draft.limit = {"none": True}
            elif known.limit is not None and not known.limit.get("none"):
                draft.tell("limit_differs", "undefindedCompleteTime", "warning")
            return
        written = text_of(raw["processingTime"])
        if not written or written == "0":
            return
        amount, unit = whole_of(raw["processingTime"]), unit_named(raw["processingTimeUnit"], raw["timesheet"])
        if amount is None or unit is None:
            if known is None:
                draft.tell("limit_unreadable", "processingTime", "warning", raw["processingTime"])
        elif known is None:
            draft.limit = {"amount": amount, "unit": unit}
        elif known.limit is not None and (known.limit.get("amount"), known.limit.get("unit")) != (amount, unit):
            draft.tell("limit_differs", "processingTime", "warning", amount)

    # -- what happened -------------------------------------------------------------------------------------------------

    def _accepted(self) -> None:
        draft, accepted, due = self.draft, self.stamps["acceptedDate"], self.stamps["dueDate"]
        draft.event("dossier_submitted", self.stamps["appliedDate"])
        seen = [(_when(one), one.first, read_stamp(one.data["f"].get("appointmentDate"), FORMS)) for one in self.copies]
        promise = draft.moved(seen, "appointmentDate", frozenset())
        if promise.moment is None and due.moment is not None:
            draft.tell("promise_missing", "dueDate", "info", due.iso())
        draft.contradicted(accepted, promise, "appointmentDate")
        draft.event("dossier_accepted", accepted, appointed_due=promise.iso())
        was_accepted = self.state in _UNDER_WAY or self.stamps["completedDate"].moment is not None
        if accepted.moment is None and accepted.fault != "unreadable" and was_accepted:
            draft.tell("acceptance_missing", "acceptedDate", "warning")
            draft.unknown.add("acceptance")

    def _end(self) -> None:
        """The day of the result; of a dossier that was refused, stopped or withdrawn it is the day of that."""
        draft, finish = self.draft, self.stamps["completedDate"]
        if finish.moment is not None:
            draft.event(_ENDS.get(self.state, "result_issued"), finish)
            draft.ends_before(self.stamps["acceptedDate"], finish, "completedDate")
            if finish.has_hour:
                self.batch.facts["finish", finish.moment.isoformat()] += 1
                if finish.moment == self.stamps["appointmentDate"].moment:
                    draft.tell("finish_equals_due", "completedDate", "warning", finish.iso())
        elif self.state == "finished":
            draft.tell("finish_unknown", self._about(), "warning")
            draft.unknown.add("finish")
        elif self.state in _ENDS or self.state == "removed":
            draft.tell("state_without_time", self._about(), "warning")
            draft.unknown.add("finish")
        elif finish.fault == "unreadable":
            draft.unknown.add("finish")

    def _about(self) -> str:
        return "dossierStatus" if state_named(self.raw["dossierStatus"]) == self.state else "dossierTaskStatus"

    def _waiting(self) -> None:
        """A state that stops the clock has no time of its own: `updatedDate` is the last change of anything."""
        draft = self.draft
        stops = self.state in ("supplement", "supplemented", "paused")
        pays = self.state in ("payment", "paid")
        has_step = any(state_named(task["name"]) == "paused" for task in self._steps())
        if (stops and not (self.state == "paused" and has_step)) or (pays and draft.pauses_for_payment):
            draft.tell("state_without_time", self._about(), "warning")
            draft.unknown.add("pauses")
        elif pays:
            draft.tell("state_without_time", self._about(), "info")

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _steps(self) -> list[dict[str, Any]]:
        """The steps of all copies, a later copy's in the place of an earlier one's."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for one in self.copies:
            for task in one.data["tasks"]:
                found[str(task["created"]), task["agency"]] = task
        return list(found.values())

    def _tasks(self) -> None:
        """Each step from its creation; one that is over ended when the next began."""
        draft = self.draft
        steps = []
        for task in self._steps():
            created, due = read_stamp(task["created"], FORMS), read_stamp(task["due"], FORMS)
            draft.dates({"task.createdDate": created, "task.dueDate": due}, {}, "", ())
            if created.moment is not None:
                steps.append((created.moment, created, due, task))
        steps.sort(key=lambda step: (step[0], step[3]["agency"]))
        for moment, created, due, task in steps:
            agency = draft.unit(task["agency"], "task.agency")
            later = next((other for began, other, _, _ in steps if began > moment), EMPTY)
            is_over = task["current"] is False
            # a step that is over at no known time is neither on time nor late
            draft.event("step_assigned", created, agency=agency, due=None if is_over and later is EMPTY else due.iso())
            if is_over:
                draft.event("step_done", later, agency=agency)
                draft.tell("weak_step", "task", "info")
            match state_named(task["name"]):
                case "paused":
                    draft.event("clock_paused", created)
                    if is_over:
                        draft.event("clock_resumed", later)
                case "supplement" | "supplemented":
                    draft.tell("state_without_time", "task", "info")
                    draft.unknown.add("pauses")

    # -- the rest ------------------------------------------------------------------------------------------------------

    def _zones(self) -> None:
        """A literal Z on local time: exactly seven hours from a field whose zone is written otherwise."""
        for name in ("appliedDate", "acceptedDate", "completedDate"):
            stamp = self.stamps[name]
            if stamp.zone != "Z" or stamp.moment is None:
                continue
            for other in ("appliedDate", "acceptedDate"):
                beside = self.stamps[other]
                if beside.moment is not None and beside.zone != "Z" and gap(stamp, beside) == _ZONE:
                    self.draft.tell("zone_doubtful", name, "warning", stamp.iso(), beside.iso())

    def _ids(self) -> dict[str, tuple[str, ...]]:
        names = sorted({name for one in self.copies for name in one.data["i"]})
        return {
            name: tuple(sorted({one.data["i"][name] for one in self.copies if name in one.data["i"]})) for name in names
        }


def _when(one: Sighting) -> str:
    """When a copy was true: its own last change, else its arrival."""
    stamp = read_stamp(one.data["f"].get("updatedDate"), FORMS)
    return one.arrival if stamp.moment is None else stamp.moment.isoformat()


def _by_change(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Copies by their own last change where all have one: pages come in any order."""
    ordered = in_order(sightings)
    changes = [(read_stamp(one.data["f"].get("updatedDate"), FORMS).iso() or "", one) for one in ordered]
    if not all(change for change, _ in changes):
        return ordered
    return [one for _, one in sorted(changes, key=lambda change: change[0])]


def _compared(name: str, value: object) -> str:
    if name not in DATES:
        return text_of(value)
    stamp = read_stamp(value, FORMS)
    return stamp.iso() or ("?" if stamp.fault == "unreadable" else "")
