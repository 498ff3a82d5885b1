"""The whole dossier: SEMANTICS «Four due dates», «Clock», «Malformed logs», one event after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from . import qd766, unseen
from .answers import ENDS, WITHDRAWALS, Answer, compared
from .counting import (
    DAY,
    Due,
    Happening,
    Json,
    Moment,
    OpenError,
    Stops,
    UnknownError,
    counted_as,
    due_of,
    moment,
    timeline,
)  # fmt: skip
from .days import Days, day, days_known, regime_of
from .unseen import Seen, Source

SHUT = ("dossier_refused", "dossier_closed", "dossier_withdrawn")
OPENS = {"clock_paused": "pause", "payment_awaited": "payment", "opinion_requested": "opinion"}
CLOSES = {"clock_resumed": "pause", "payment_received": "payment", "opinion_received": "opinion"}
RECEIPTS = {name: kind for kind, name in CLOSES.items()} | {"supplement": "supplement_received"}
NOT_BEFORE_ACCEPTANCE = {
    "clock_paused", "clock_resumed", "reappointed", "interval_excluded", "result_issued", "result_returned",
    "processing_stopped", "apology_sent", "delay_notice_sent", "dossier_forwarded", "step_assigned", "step_done",
    "dossier_lost", "paper_forwarded", "error_reported", "result_corrected", "slip_sent",
}  # fmt: skip
"""«pause, re-appointment, exclusion, result, stop, slip, notice, forwarding, step, loss, `paper_forwarded`, …»"""
AFTER_THE_END = {
    "result_returned", "synced_national", "late_officers_published", "apology_sent", "delay_notice_sent", "slip_sent",
    "step_done", "opinion_received", "dossier_forwarded", "paper_forwarded", "error_reported", "result_corrected",
    "interval_excluded", "dossier_accepted",
}  # fmt: skip
"""«except the return of the result, synchronisation, publication, slips, notices and the kinds that «Decided besides»
lets count»; an exclusion counts whenever it is recorded; a second acceptance has a note of its own."""


@dataclass
class Wait:
    since: Moment
    """Its own beginning, or that of one that ended while it was open: «overlaps count once (union)»."""
    works: bool


@dataclass
class Judged:
    """What SEMANTICS says of a dossier."""

    version: str | None = None
    original_due: dt.date | None = None
    lawful_due: dt.date | None = None
    current_due: dt.date | None = None
    promised_due: dt.datetime | dt.date | None = None
    due_time: str | None = None
    finished_on: dt.date | None = None
    paused: bool = False
    provisional: bool | None = False
    punctuality: str = "not_started"
    workdays_late: int | None = None
    days_late: int | None = None
    punctuality_current: str = "not_started"
    workdays_late_current: int | None = None
    days_late_current: int | None = None
    notes: frozenset[tuple[str, int | None]] = frozenset()

    unsaid: set[str] = field(default_factory=set, compare=False)
    """Of which of the above, and of which notes, the text says nothing here."""
    # for the growing of dossiers only
    standing: Due | None = field(default=None, compare=False)
    waiting: bool = field(default=False, compare=False)


def judge(dossier: Json, as_of: dt.date, known_on: dt.date, lateness: str = "by_date") -> Judged:
    return _Judge(dossier, as_of, known_on, lateness).verdict()


class _Judge:
    def __init__(self, dossier: Json, as_of: dt.date, known_on: dt.date, lateness: str) -> None:
        self.dossier, self.as_of, self.known_on, self.lateness = dossier, as_of, known_on, lateness
        self.events, self.dropped = timeline(dossier, as_of)
        self.days = days_known(known_on)
        self.limit: Json | None = dossier.get("time_limit")
        self.source = Source.of(dossier, self.events)
        self.stops = Stops()
        self.waits: dict[str, Wait] = {}
        self.reappointed: dt.date | None = None
        self.said = Judged()
        self.notes: set[tuple[str, int | None]] = set()
        self.failed = False
        self.silent = False  # a request before appraisal is out: no clock, but its receipt is no orphan
        self.requests: list[qd766.Request] = []
        self.asked = False  # «the open request is the last one after acceptance without a receipt after it»
        self.slip_with: Happening | None = None  # the event that the newest slip was given with
        self.without_stop: Due | None = None

    def verdict(self) -> Judged:
        for twin in self.dropped:
            self.notes.add(("duplicate_event", twin.place))
        said = self._verdict()
        said.notes = frozenset(self.notes)
        return said

    def _verdict(self) -> Judged:
        said = self.said
        elsewhere = self.dossier.get("filed_elsewhere", False)
        accepted = self._first("dossier_accepted")
        picked = accepted
        if picked is None and elsewhere:
            picked = self._first("received_by_competent_agency")
        procedure = self.dossier.get("procedure")
        if self.source.acceptance:
            return self._nothing_known(accepted)
        self.regime = None if picked is None else regime_of(self.events[picked].at.day, self.known_on, procedure)
        start, opener = accepted, "dossier_accepted"
        if accepted is not None and self.regime is not None and self.regime.by_slip:
            opener = "slip_sent"
            start = self._first(opener, accepted)
        if elsewhere and self.regime is not None and self.regime.elsewhere:
            opener = "received_by_competent_agency"
            start = self._first(opener, picked or 0)
        if elsewhere or procedure:
            said.unsaid.add("notes")  # of a clock that starts at another event the table says nothing
        else:
            self._note_before(len(self.events) if accepted is None else accepted)
        if start is None:
            first = next((e for e in self.events if e.kind in SHUT), None)
            waits = "undetermined" if accepted is not None and self.source.hides(opener) else "not_started"
            said.punctuality = said.punctuality_current = waits if first is None else "closed"
            said.finished_on = None if first is None else first.at.day
            if accepted is not None:
                said.unsaid.add("promised_due")  # accepted, and the clock not started
            return said
        said.version = None if self.regime is None else self.regime.folder
        slip_of = accepted if accepted is not None else start
        self.promised = self._slip(self.events[slip_of])
        end = self._end(start)
        known_then = min(self.events[slip_of].at.day, self.known_on)
        self._note_after(start, end)
        self._run(start, end, known_then)
        return self._conclude(end)

    def _first(self, kind: str, since: int = 0) -> int | None:
        return next((i for i, e in enumerate(self.events) if i >= since and e.kind == kind), None)

    def _slip(self, event: Happening) -> Moment | None:
        text = event.data.get("appointed_due")
        if text is None:
            return None
        self.slip_with = event
        return moment(text)

    def _end(self, start: int) -> int | None:
        """By precedence and not by time; the first of its kind."""
        for kinds in ENDS:
            for place in range(start + 1, len(self.events)):
                if self.events[place].kind in kinds:
                    return place
        return None

    # -- what is malformed --

    def _note_before(self, acceptance: int) -> None:
        for event in self.events[:acceptance]:
            if event.kind in NOT_BEFORE_ACCEPTANCE:
                self.notes.add(("before_acceptance", event.place))
        for event in self.events[acceptance + 1 :]:
            if event.kind == "dossier_accepted":
                self.notes.add(("second_acceptance", event.place))

    def _note_after(self, start: int, end: int | None) -> None:
        for event in self.events[start + 1 :]:
            if event.kind == "interval_excluded" and _interval(event) is None:
                self.notes.add(("exclusion_ignored", event.place))
        for event in self.events[end + 1 :] if end is not None else ():
            if event.kind not in AFTER_THE_END:
                self.notes.add(("after_end", event.place))
            if event.kind == "reappointed":
                self.notes.add(("reappointment_ignored", event.place))

    # -- event by event --

    def _run(self, start: int, end: int | None, known_then: dt.date) -> None:
        self.start = self.events[start].at
        if self.regime is None or self.limit is None or "none" in self.limit:
            self._fail()
            if self.regime is None:
                if self.limit is not None and "none" in self.limit:
                    raise OpenError("no limit, and no regime either")
                self.notes.add(("no_regime_in_force", None))
            elif self.limit is None:
                self.notes.add(("no_time_limit_known", None))
            return
        try:
            original = self._due(Stops(), days_known(known_then))
            self.said.original_due = original.day
            self.by_the_minute = original.minute < DAY
            self.original = original
            if self.promised is not None and self.promised.number != original.number:
                self.notes.add(("promise_differs", None))
            for event in self.events[start + 1 :]:
                if event.kind == "interval_excluded" and (interval := _interval(event)):
                    self.stops.exclude(*interval)
            self.due = self._due(self.stops, self.days)
            for place in range(start + 1, len(self.events) if end is None else end + 1):
                self._take(self.events[place])
                if place == end:
                    self._close(self.events[place])
                self.due = self._due(self.stops, self.days)
                self._compare_slip(self.events[place])
        except UnknownError:
            self._fail()

    def _fail(self) -> None:
        self.failed = True
        # What a stop or a slip does is not said of a clock that cannot run.
        self.said.unsaid |= {
            "hour_unknown", "orphan_resume", "already_paused", "orphan_supplement", "already_waiting",
            "reappointment_ignored", "promise_differs", "pause_without_ground", "promised_due",
            "closing_without_request",
        }  # fmt: skip

    def _due(self, stops: Stops, days: Days) -> Due:
        assert self.limit is not None
        assert self.regime is not None
        start = counted_as(self.start, days) if self.regime.last_hour else self.start
        return due_of(self.limit, start, stops, days)

    def _stands(self, at: Moment) -> Due:
        """The due date as it stands at that moment: what is open is stopped up to there."""
        open_now = [(wait.since, at) for wait in self.waits.values() if wait.works]
        return self._due(self.stops.plus(open_now), self.days) if open_now else self.due

    def _open(self, name: str, at: Moment) -> None:
        if name not in self.waits:
            works = self._is_stopped()
            if not works:
                gate = self._stands(at).gate
                works = (at.absolute if self.by_the_minute else at.number) < gate
                if works and self.by_the_minute and at.minute is None and at.at(DAY).absolute > gate:
                    raise UnknownError  # at some hour of that day it would not
            self.waits[name] = Wait(at, works)

    def _is_stopped(self) -> bool:
        """While the limit is stopped its due date is open, and every day is before it."""
        return any(wait.works for wait in self.waits.values())

    def _shut(self, name: str, at: Moment) -> None:
        wait = self.waits.pop(name, None)
        if wait is not None and wait.works:
            self._end_stop(wait, at)

    def _end_stop(self, wait: Wait, at: Moment) -> None:
        for other in self.waits.values():
            if other.works and not self.by_the_minute:  # minutes are counted as they are
                other.since = min(wait.since, other.since, key=lambda one: one.instant)
        self._stop(wait.since, at)

    def _stop(self, since: Moment, until: Moment) -> None:
        if self.by_the_minute and None in (since.minute, until.minute):
            begins, ends = ([one] if one.minute is not None else [one.at(0), one.at(DAY)] for one in (since, until))
            if len({self._due(self.stops.plus([(a, b)]), self.days) for a in begins for b in ends}) == 1:
                raise OpenError("a stop without its hour, which no due date needs")
            raise UnknownError
        self.stops.add(since, until)

    def _take(self, event: Happening) -> None:
        assert self.limit is not None
        kind, at, data = event.kind, event.at, event.data
        if kind in OPENS or kind in CLOSES:
            name = OPENS.get(kind) or CLOSES[kind]
            if kind == "clock_paused" and not data.get("ground"):
                self.notes.add(("pause_without_ground", event.place))
            if name == "pause" or name in self.limit.get("pauses_for", ()):
                name += data.get("agency", "")
                self._note_pause(event, name)
                (self._open if kind in OPENS else self._shut)(name, at)
        elif kind == "supplement_requested":
            if data.get("after_appraisal") is False:
                self.silent = self.silent or "supplement" not in self.waits
                self.said.unsaid |= {"already_waiting", "orphan_supplement"}
                self.requests.append(qd766.Request(at, event.place, silent=True))
            else:
                self._request(event)
        elif kind == "supplement_received":
            self._receive(event)
        elif kind == "reappointed":
            self._reappoint(event)
        if kind in ("supplement_requested", "supplement_received"):
            self.asked = kind == "supplement_requested"
        if kind == "dossier_closed" and not self.asked:
            self.notes.add(("closing_without_request", event.place))

    def _note_pause(self, event: Happening, name: str) -> None:
        """Resumed without a pause, paused while paused: what this limit pauses for, each wait by itself."""
        if event.kind in CLOSES and name not in self.waits:
            self.notes.add(("orphan_resume", event.place))
        if event.kind in OPENS and name in self.waits:
            self.notes.add(("already_paused", event.place))

    def _reappoint(self, event: Happening) -> None:
        if "new_due" not in event.data:
            self.notes.add(("reappointment_ignored", event.place))
            return
        if self._is_stopped():
            raise OpenError("later than a lawful due date that is open")
        new_due = day(event.data["new_due"])
        if new_due <= self.due.day:
            self.notes.add(("reappointment_ignored", event.place))
        elif self.reappointed is None:
            self.reappointed = new_due

    def _request(self, event: Happening) -> None:
        """A request on or after the due date changes nothing; one while another is open neither."""
        again = "supplement" in self.waits
        self.requests.append(qd766.Request(event.at, event.place, again=again))
        if again:
            self.notes.add(("already_waiting", event.place))
        self._open("supplement", event.at)

    def _receive(self, event: Happening) -> None:
        wait = self.waits.pop("supplement", None)
        if wait is None and not self.silent:
            self.notes.add(("orphan_supplement", event.place))
            return  # an orphan, and its slip with it
        qd766.receive(self.requests, event)
        self.promised = self._slip(event) or self.promised
        if wait is None:
            self.silent = False
            return
        assert self.regime is not None
        if not wait.works:
            return
        if self.regime.restarts:
            self.start = event.at
            self.waits.clear()
            self.reappointed = None
        else:
            self._end_stop(wait, event.at)

    def _compare_slip(self, event: Happening) -> None:
        """After a new slip: against the due date as it stood when the slip was given."""
        if event.kind != "supplement_received" or self.slip_with is not event or self.promised is None:
            return
        self.notes.discard(("promise_differs", None))
        self.said.unsaid.discard("promise_differs")
        then = days_known(min(event.at.day, self.known_on))
        if self._is_stopped() or self._due(self.stops, then).number != self.due.number:
            self.said.unsaid.add("promise_differs")  # it is open, or another one as the calendar was known then
        elif self.promised.number != self.due.number:
            self.notes.add(("promise_differs", None))

    def _close(self, event: Happening) -> None:
        """An end closes an open pause on that day."""
        self._look_away(event.at, ended=True)
        for wait in self.waits.values():
            if wait.works:
                self._stop(wait.since, event.at)
        self.waits.clear()

    def _look_away(self, at: Moment, *, ended: bool) -> None:
        """The date without those open stops whose resumption or receipt the source cannot show."""
        works = {name: wait.since for name, wait in self.waits.items() if wait.works}
        hidden = {name for name in works if self.source.hides(_receipt(name))}
        seen = [(since, at) for name, since in works.items() if name not in hidden]
        if hidden and (ended or not seen):  # a stop that is still seen to be open leaves the date open
            self.without_stop = self._due(self.stops.plus(seen), self.days)

    # -- the answer --

    def _conclude(self, end: int | None) -> Judged:
        said = self.said
        finish = None if end is None else self.events[end]
        if finish is not None:
            said.finished_on = finish.at.day
        said.waiting = any(wait.works for wait in self.waits.values())
        said.paused = not self.failed and said.waiting
        if finish is None and not self.failed:
            self._look_away(self._now(), ended=False)
        lawful = None if self.failed or said.paused else self.due
        said.standing = None if self.failed else self.due
        current = lawful
        if lawful is not None:
            said.lawful_due = said.current_due = lawful.day
            if lawful.minute < DAY:
                said.due_time = f"{lawful.minute // 60:02d}:{lawful.minute % 60:02d}"
            if self.reappointed is not None and self.reappointed > lawful.day:
                number = self.reappointed.toordinal()
                current = Due(number, DAY, 0)
                said.current_due = self.reappointed
            assert said.current_due is not None
            first = self.start.number + (not self._counts_its_start())
            said.provisional = self.days.unsure(first, said.current_due.toordinal())
        if not self.failed:
            said.promised_due = self._promise()
        seen = Seen(
            self.source, finish, self._reached(finish), self.without_stop, self.reappointed is not None, self.asked
        )
        self._answer("", seen, lambda: self._by_policy(lawful, finish), self.lateness)
        self._answer("_current", seen, lambda: self._late(current, finish), "current")
        return said

    def _answer(self, ending: str, seen: Seen, given: Callable[[], Answer], policy: str) -> None:
        name, numbers = f"punctuality{ending}", (f"workdays_late{ending}", f"days_late{ending}")
        try:
            answer, note = unseen.veiled(given(), seen, policy)
        except OpenError:
            self.said.unsaid |= {name, *numbers}
            return
        for key, value in zip((name, *numbers), (answer.name, answer.workdays, answer.days), strict=True):
            setattr(self.said, key, value)
        if answer.numbers_unsaid:
            self.said.unsaid.update(numbers)
        if note:
            self.notes.add((note, None))

    def _now(self) -> Moment:
        return Moment(dt.datetime.combine(self.as_of, dt.time()), DAY, self.as_of.toordinal())

    def _reached(self, finish: Happening | None) -> tuple[int, int]:
        at = self._now() if finish is None else finish.at
        return at.number, at.minute or 0

    def _promise(self) -> dt.datetime | dt.date:
        """The date on the slip, or the limit from acceptance; with its minute where it has one."""
        number, minute = self.original.number, self.original.minute if self.by_the_minute else None
        if self.promised is not None:
            number, minute = self.promised.number, self.promised.minute
        if minute in (None, DAY):  # 23:59:30 is 24:00: the end of that day, and the date does not move
            return dt.date.fromordinal(number)
        assert minute is not None
        return dt.datetime.combine(dt.date.fromordinal(number), dt.time()) + dt.timedelta(minutes=minute)

    def _counts_its_start(self) -> bool:
        """A zero limit may end on its start day, a limit in hours too; others leave it out."""
        assert self.limit is not None
        return self.by_the_minute or self.limit["amount"] == 0

    def _by_policy(self, lawful: Due | None, finish: Happening | None) -> Answer:
        if self.lateness.startswith("by_"):
            return self._late(lawful, finish)
        if self.failed:
            raise OpenError("a promise without a lawful due date")
        if self.promised is None:
            due = self.original
        else:
            timed = self.lateness != "promised_by_date" and self.promised.minute is not None
            due = Due(self.promised.number, (self.promised.minute or 0) if timed else DAY, 0)
        if self.lateness == "qd766" and not self.said.paused:
            last, as_of = self.events[-1], self.as_of.toordinal()
            slip_at = None if self.slip_with is None else self.slip_with.at
            return qd766.answer(qd766.Facts(self.requests, slip_at, due, finish, last, as_of, self.days))
        return self._late(due, finish)

    def _late(self, due: Due | None, finish: Happening | None) -> Answer:
        withdrawn = finish is not None and finish.kind in WITHDRAWALS
        if self.limit is not None and "none" in self.limit:
            return Answer("closed" if withdrawn else "no_limit")
        if self.said.paused:
            return Answer("paused")
        if due is None:
            return Answer("closed" if withdrawn else "undetermined")
        reached = self.as_of.toordinal() if finish is None else finish.at.number
        minute = DAY if finish is None else finish.at.minute
        if reached == due.number and due.minute < DAY and minute is None:
            return Answer("closed" if withdrawn else "undetermined", numbers_unsaid=True)
        return compared(due, reached, minute or 0, None if finish is None else finish.kind, self.days)

    def _nothing_known(self, accepted: int | None) -> Judged:
        """`unknown: [acceptance]`, and where the acceptance is neither observed nor seen."""
        said = self.said
        said.provisional = None
        said.unsaid.add("notes")
        shut = [e.kind for e in self.events if e.kind in (kind for kinds in ENDS for kind in kinds)]
        closed = bool(shut) and all(kind in WITHDRAWALS for kind in shut)
        if shut and not closed and any(kind in SHUT for kind in shut):
            raise OpenError("which of several ends it is depends on an acceptance that is not known")
        said.punctuality = said.punctuality_current = "closed" if closed else "undetermined"
        if not closed:
            self.notes.add(("acceptance_unknown", None))
        return said


def _interval(event: Happening) -> tuple[int, int] | None:
    if "from" not in event.data or "to" not in event.data:
        return None
    first, last = day(event.data["from"]).toordinal(), day(event.data["to"]).toordinal()
    return (first, last) if first <= last else None


def _receipt(name: str) -> str:
    """The kind that ends the wait of that name (an opinion's bears its agency)."""
    return next(kind for wait, kind in RECEIPTS.items() if name.startswith(wait))
