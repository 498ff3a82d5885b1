"""The copies of one dossier of OpenCPS -> its events, its gaps, what is wrong with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from tthc_rules.logs.diagnostics import Diagnostic, technical
from tthc_rules.logs.drafting import DossierDraft, in_order, last_known, series_of
from tthc_rules.logs.limits import LimitSource
from tthc_rules.logs.opencps.border import DATES
from tthc_rules.logs.sentvalues import EMPTY, Form, Stamp, flag_of, read_stamp, text_of, whole_of
from tthc_rules.logs.sightings import Fact, ReadDossier, SenderBatch, Sighting, Tie

__all__ = ["OpencpsBatch"]

FORMS: Final[frozenset[Form]] = frozenset({"epoch", "day_first", "digits", "iso"})
_BULK: Final = 5
_BEFORE: Final = frozenset({"new", "collecting", "receiving"})
_ENDS: Final[Mapping[str, str]] = {
    "cancelled": "dossier_withdrawn",
    "denied": "dossier_refused",
    "unresolved": "processing_stopped",
}
"""States under which the same date is stamped as for a result, and is none."""
_RESULT: Final = frozenset({"releasing", "done"})
_STOPS: Final = frozenset({"waiting", "pausing"})
_OTHERS: Final = frozenset(
    {"processing", "handover", "paying", "posting", "correcting", "cancelling", "interoperating"}
)
_STATES: Final = _BEFORE | _ENDS.keys() | _RESULT | _STOPS | _OTHERS
_UNITS: Final[Mapping[int, str]] = {0: "workday", 1: "work_hour"}
_COPY, _GROUP = 2, 9


class OpencpsBatch(SenderBatch):
    """What is known of all dossiers together: which of them had no number yet, finishes of one second."""

    def __init__(self, limits: LimitSource, fetched_on: date | None, shows: Mapping[str, str]) -> None:
        self.limits, self.fetched_on, self.shows = limits, fetched_on, shows
        self.facts: Counter[Fact] = Counter()
        self.early: defaultdict[str, list[Sighting]] = defaultdict(list)
        """By number, the copies of dossiers from before they had it."""
        self.joined: set[str] = set()

    def ties(self, key: str, sightings: Iterable[Sighting]) -> Iterator[Tie]:
        """The `referenceUid` by which a number and what came before it find each other."""
        return (Tie("uid", one.data["uid"]) for one in sightings if one.data["uid"])

    def prepare(self, groups: Iterable[tuple[str, list[Sighting]]]) -> None:
        """Find the numbers of dossiers that were first sent without one: a dossier is known by `referenceUid`."""
        numbers: dict[str, str] = {}
        unnumbered: list[Sighting] = []
        for _, sightings in groups:
            for one in sightings:
                if not one.data["number"]:
                    unnumbered.append(one)
                elif one.data["uid"] and not _is(one, _COPY):
                    numbers[one.data["uid"]] = one.data["number"]
        for one in unnumbered:
            if (number := numbers.get(one.data["uid"])) is not None:
                self.early[number].append(one)
                self.joined.add(one.key)

    def dossier(self, key: str, sightings: list[Sighting]) -> tuple[ReadDossier | None, list[Diagnostic]]:
        """A dossier, and what is wrong with it; a copy between agencies is none, nor is an envelope of others."""
        if key in self.joined:
            return None, []
        own = [one for one in sightings if not _is(one, _COPY)]
        found = [Diagnostic(key, "copy_ignored", "originality", "info")] if len(own) < len(sightings) else []
        if any(_is(one, _GROUP) for one in own):
            return None, [*found, Diagnostic(key, "group_file", "originality", "info")]
        if not own:
            return None, found
        file = _OpencpsFile(DossierDraft(key, self.limits, self.shows), [*self.early.get(key, ()), *own], self)
        return file.read(), [*found, *file.draft.found]

    def of_all(self) -> list[Diagnostic]:
        """Many that ended in one second."""
        return [
            Diagnostic("", "finish_bulk", "releaseDate", "warning", (value,))
            for (name, value), count in self.facts.items()
            if name == "finish" and count >= _BULK
        ]


def _is(one: Sighting, kind: int) -> bool:
    return whole_of(one.data["f"].get("originality")) == kind


@dataclass(slots=True)
class _OpencpsFile:
    """One dossier while it is read."""

    draft: DossierDraft
    sightings: Sequence[Sighting]
    batch: OpencpsBatch
    copies: list[Sighting] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)
    stamps: dict[str, Stamp] = field(default_factory=dict)
    status: str = ""

    def read(self) -> ReadDossier:
        """The dossier."""
        self.copies = in_order(self.sightings)
        self._final()
        self._governing()
        self._accepted()
        self._end()
        self._waiting()
        self._wishes()
        kept: dict[str, Any] = {}
        for one in self.copies:
            kept |= one.data["k"] | ({"dossierOverdue": one.data["says"]} if one.data["says"] else {})
        label = self.status if self.status in _STATES else technical(self.status)
        return self.draft.finish(label, self._ids(), kept)

    def _final(self) -> None:
        draft = self.draft
        for name in sorted({name for one in self.copies for name in one.data["f"]}):
            series = series_of(self.copies, name)
            self.raw[name] = series[-1][1]
            if name in ("receiveDate", "releaseDate", "finishDate", "serviceCode"):
                draft.conflict(name, [_compared(name, value) for _, value in series], name == "releaseDate")
        self.stamps = {name: read_stamp(self.raw.get(name), FORMS) for name in DATES}
        if self.copies[-1].data["text"]:  # of XML all is text
            self.stamps = {name: _as_sent(stamp) for name, stamp in self.stamps.items()}
        arrival = last_known(self.copies, self.batch.fetched_on)
        draft.dates(self.stamps, self.raw, arrival, ("dueDate", "extendDate"))
        draft.strange(self.copies)
        received = self.stamps["receiveDate"]
        is_future = received.day is not None and received.day.isoformat() > (arrival or "9")[:10]
        if received.fault == "unreadable" or is_future:
            draft.unknown.add("acceptance")
        for name in ("releaseDate", "finishDate"):
            other = self.stamps["finishDate" if name == "releaseDate" else "releaseDate"]
            if self.stamps[name].fault == "unreadable":
                draft.unknown |= {"finish"} if other.moment is None else {"pauses"} if name == "releaseDate" else set()

    def _governing(self) -> None:
        draft, raw, received = self.draft, self.raw, self.stamps["receiveDate"]
        self.status = text_of(raw.get("dossierStatus")).casefold()
        if self.status not in _STATES:
            draft.tell("status_unknown", "dossierStatus", "info", self.status)
        is_online = flag_of(raw.get("online"))
        if is_online is not None:
            draft.channel = "online" if is_online else "in_person"
        draft.procedure = draft.unit(text_of(raw.get("serviceCode")), "serviceCode")
        draft.fields["field"] = draft.unit(text_of(raw.get("domainCode")), "domainCode")
        if agency := draft.unit(text_of(raw.get("govAgencyCode")), "govAgencyCode"):
            draft.fields["units"] = {"handling_agency": agency}
        draft.codes("dossierNo", received)
        if isinstance(raw.get("receiveDate"), str) and "/" in raw["receiveDate"]:
            draft.day_and_month(self.stamps, "receiveDate")
        draft.find_limit("serviceCode", received)
        self._limit()

    def _limit(self) -> None:
        """The sender's own limit: days of eight hours, or hours; without a unit parts of that system differ."""
        draft, raw, known = self.draft, self.raw, self.draft.known
        written = text_of(raw.get("durationCount"))
        if not written or not written.strip("0."):
            return
        amount, unit = whole_of(raw.get("durationCount")), _UNITS.get(_number(raw.get("durationUnit")))
        for name in ("durationCount", "durationUnit"):
            if isinstance(raw.get(name), str) and raw[name] and not self.copies[-1].data["text"]:
                draft.tell("value_coerced", name, "info", raw[name])
        if amount is None or unit is None:
            if known is None:
                about = "durationCount" if amount is None else "durationUnit"
                draft.tell("limit_unreadable", about, "warning", raw.get(about))
        elif known is None:
            draft.limit = {"amount": amount, "unit": unit}
        elif known.limit is not None and (known.limit.get("amount"), known.limit.get("unit")) != (amount, unit):
            draft.tell("limit_differs", "durationCount", "warning", amount)

    # -- what happened -------------------------------------------------------------------------------------------------

    def _accepted(self) -> None:
        draft, received = self.draft, self.stamps["receiveDate"]
        draft.event("dossier_submitted", self.stamps["submitDate"])
        seen = [(one.arrival, one.first, read_stamp(one.data["f"].get("dueDate"), FORMS)) for one in self.copies]
        promise = draft.moved(seen, "dueDate", frozenset())
        draft.contradicted(received, promise, "dueDate")
        draft.event("dossier_accepted", received, appointed_due=promise.iso())
        handled = _RESULT | _STOPS | _OTHERS - {"cancelling", "correcting"}
        if received.moment is None and received.fault != "unreadable" and self.status in handled:
            draft.tell("acceptance_missing", "receiveDate", "warning", self.status)
            draft.unknown.add("acceptance")

    def _end(self) -> None:
        """The release is a result, a refusal, a stop or a withdrawal, as the state says; the finish is the return."""
        draft, released, finished = self.draft, self.stamps["releaseDate"], self.stamps["finishDate"]
        kind = _ENDS.get(self.status)
        end = released if released.moment is not None or kind is None else finished
        about = "releaseDate" if end is released else "finishDate"
        draft.event(kind or "result_issued", end)
        if end.moment is not None:
            draft.ends_before(self.stamps["receiveDate"], end, about)
            if end.has_hour:
                self.batch.facts["finish", end.moment.isoformat()] += 1
                if kind is None and end.moment == self.stamps["dueDate"].moment:
                    draft.tell("finish_equals_due", about, "warning", end.iso())
        if kind is None and finished.moment is not None:
            draft.event("result_returned", finished)
            draft.ends_before(self.stamps["receiveDate"], finished, "finishDate")
            if released.moment is None:
                draft.tell("finish_is_return", "finishDate", "info", finished.iso())
        elif end.moment is None and (kind is not None or self.status in _RESULT):
            draft.tell("state_without_time" if kind else "finish_unknown", "dossierStatus", "warning", self.status)
            draft.unknown.add("finish")

    def _waiting(self) -> None:
        """No time of a pause is stored: a state or a lock that stops the clock makes no event."""
        draft = self.draft
        match text_of(self.raw.get("lockState")).upper():
            case "PAUSE_OVERDUE":
                draft.tell("pause_of_overdue", "lockState", "warning")
            case "PAUSE":
                draft.tell("state_without_time", "lockState", "warning")
                draft.unknown.add("pauses")
        if self.status in _STOPS or (self.status == "paying" and draft.pauses_for_payment):
            draft.tell("state_without_time", "dossierStatus", "warning")
            draft.unknown.add("pauses")
        elif self.status == "paying":
            draft.tell("state_without_time", "dossierStatus", "info")

    def _wishes(self) -> None:
        """What the applicant asks for, and a date that is called an extension and is none."""
        draft, stamps = self.draft, self.stamps
        extended, due = stamps["extendDate"], stamps["dueDate"]
        if stamps["cancellingDate"].moment is not None and self.status != "cancelled":
            draft.tell("withdrawal_asked", "cancellingDate", "info", stamps["cancellingDate"].iso())
        for name in ("correcttingDate", "correctingDate"):
            if stamps[name].moment is not None:
                draft.tell("amendment_asked", name, "info", stamps[name].iso())
        is_late = extended.moment is not None and due.moment is not None and extended.moment > due.moment
        if extended.moment is not None and (is_late or extended.moment != stamps["releaseDate"].moment):
            draft.tell("extend_date_unclear", "extendDate", "warning", extended.iso(), due.iso())

    def _ids(self) -> dict[str, tuple[str, ...]]:
        names = sorted({name for one in self.copies for name in one.data["i"]})
        return {
            name: tuple(sorted({one.data["i"][name] for one in self.copies if name in one.data["i"]})) for name in names
        }


def _as_sent(stamp: Stamp) -> Stamp:
    return EMPTY if stamp is EMPTY else Stamp(stamp.moment, stamp.has_hour, stamp.zone, stamp.fault)


def _number(value: object) -> int:
    found = whole_of(value)
    return -1 if found is None else found


def _compared(name: str, value: object) -> str:
    if name not in DATES:
        return text_of(value)
    stamp = read_stamp(value, FORMS)
    return stamp.iso() or ("?" if stamp.fault == "unreadable" else "")
