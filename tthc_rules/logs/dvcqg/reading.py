"""The copies and rows of one dossier of the national portal -> its events, its gaps, what is wrong with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final

from tthc_rules.logs.diagnostics import Diagnostic, technical
from tthc_rules.logs.dossiercodes import join_key, read_dossier_code
from tthc_rules.logs.drafting import DossierDraft, gap, in_order, is_before, last_known, series_of
from tthc_rules.logs.dvcqg import rows as progress
from tthc_rules.logs.dvcqg.border import DATES
from tthc_rules.logs.dvcqg.rows import FORMS, STATES, ProgressRow, state_of
from tthc_rules.logs.dvcqg.supplements import supplements
from tthc_rules.logs.limits import LimitSource
from tthc_rules.logs.sentvalues import EMPTY, Stamp, read_stamp, text_of
from tthc_rules.logs.sightings import Fact, ReadDossier, SenderBatch, Sighting, Tie

__all__ = ["DvcqgBatch"]

_CHANNELS: Final = {"1": "in_person", "2": "online", "3": "postal"}
_FINISH: Final = ("NgayKetThucXuLy", "NgayTra")
_FIXED: Final = ("NgayTiepNhan", "MaTTHC", "KenhThucHien")
"""What no later copy may say otherwise."""
_SAME_SECOND: Final = timedelta(seconds=5)
_A_DAY: Final = timedelta(days=1)
_MANY: Final = 3
_BULK: Final = 5
_BATCH_OF_HOURS: Final = 20
_DEFAULT_PROMISE: Final = timedelta(hours=2)
_SHIFTS: Final = ((time(7), time(11, 30)), (time(13, 30), time(17)))
"""The fixed hours of the system whose procedures without a limit get a promise of two hours."""


class DvcqgBatch(SenderBatch):
    """What is known of all dossiers together: dates that several share, hours, promises that are never there."""

    def __init__(self, limits: LimitSource, fetched_on: date | None, shows: Mapping[str, str]) -> None:
        self.limits, self.fetched_on, self.shows = limits, fetched_on, shows
        self.shared: set[str] = set()
        """Seconds of the export in which several dossiers were received."""
        self.exported: set[str] = set()
        """Those in which several were finished."""
        self.facts: Counter[Fact] = Counter()

    enough = _MANY

    def ties(self, key: str, sightings: Iterable[Sighting]) -> Iterator[Tie]:
        """The seconds of receipts and finishes; those count that may be the second of an export."""
        code = read_dossier_code(key)
        for one in sightings:
            fields = one.data.get("f", {})
            receipt = read_stamp(fields.get("NgayTiepNhan"), FORMS)
            if receipt.moment is not None:
                is_other = code is not None and code.day not in (None, receipt.day)
                yield Tie("received", receipt.moment.isoformat(), is_other)
            finish = read_stamp(fields.get("NgayKetThucXuLy"), FORMS)
            if finish.moment is not None:
                yield Tie("finished", finish.moment.isoformat(), _near(one.arrival, finish))

    def prepare(self, groups: Iterable[tuple[str, list[Sighting]]]) -> None:
        """Find the seconds at which several were received whose codes bear other days, or were sent and finished."""
        named: dict[str, defaultdict[str, set[str]]] = {"received": defaultdict(set), "finished": defaultdict(set)}
        for key, sightings in groups:
            for tie in self.ties(key, sightings):
                if tie.counts:
                    self._add(named[tie.name][tie.value], key)
        self.shared, self.exported = (
            {moment for moment, names in seen.items() if len(names) >= self.enough} for seen in named.values()
        )

    def _add(self, names: set[str], name: str) -> None:
        """Keep a name, as long as it matters how many there are."""
        if len(names) < self.enough:
            names.add(name)

    def dossier(self, key: str, sightings: list[Sighting]) -> tuple[ReadDossier | None, list[Diagnostic]]:
        """A dossier, and what is wrong with it."""
        file = _DvcqgFile(DossierDraft(key, self.limits, self.shows), sightings, self)
        return file.read(), file.draft.found

    def of_all(self) -> list[Diagnostic]:
        """Many that ended in one second; a clock without afternoon; promises that are always empty; names of units."""
        facts = self.facts
        found = [
            Diagnostic("", "finish_bulk", "NgayKetThucXuLy", "warning", (value,))
            for (name, value), count in facts.items()
            if name == "finish" and count >= _BULK
        ]
        if facts["morning", ""] >= _BATCH_OF_HOURS and not facts["afternoon", ""]:
            found.append(Diagnostic("", "twelve_hour_clock", "", "warning"))
        if facts["no_promise", ""] >= _MANY and not facts["promise", ""]:
            found.append(Diagnostic("", "due_always_empty", "NgayHenTra", "warning"))
        units = Counter(value.partition("\t")[0] for name, value in facts if name == "unit")
        found += [
            Diagnostic("", "unit_unresolved", "DonViXuLy", "info", (unit,))  # of the shape of codes: it names nobody
            for unit, names in units.items()
            if names > 1
        ]
        return found


@dataclass(slots=True)
class _DvcqgFile:
    """One dossier while it is read; each step looks at the final values and tells what it finds."""

    draft: DossierDraft
    sightings: Sequence[Sighting]
    batch: DvcqgBatch
    copies: list[Sighting] = field(default_factory=list)
    rows: list[ProgressRow] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)
    stamps: dict[str, Stamp] = field(default_factory=dict)
    accepted: Stamp = EMPTY
    status: str = ""
    arrival: str = ""
    ended: bool = False
    """Whether the moment of an end is known."""

    def read(self) -> ReadDossier:
        """The dossier."""
        self.copies = in_order([one for one in self.sightings if one.data["t"] == "dossier"])
        self.rows, unreadable = progress.read_rows(one for one in self.sightings if one.data["t"] == "row")
        if unreadable:
            self.draft.tell("date_unreadable", "ThoiDiemXuLy", "warning")
            self.draft.unknown.add("pauses")
        self._final()
        self._acceptance()
        self._submission()
        self._end()
        self._promise()
        supplements(self.draft, self.copies, self.rows, self.stamps, self.accepted)
        self._rows()
        self._state()
        self._synced()
        self._batch_facts()
        return self.draft.finish(self._label(), self._ids(), self._kept())

    # -- the values that hold ------------------------------------------------------------------------------------------

    def _final(self) -> None:
        """The last copy wins field by field; what copies say against each other is told."""
        draft = self.draft
        names = {name for one in self.copies for name in one.data["f"]}
        for name in sorted(names):
            series = series_of(self.copies, name)
            self.raw[name] = series[-1][1]
            if name in _FIXED or name in _FINISH:
                read = [_compared(name, value) for _, value in series]
                draft.conflict(name, read, name == "NgayKetThucXuLy")
        self.stamps = {name: read_stamp(self.raw.get(name), FORMS) for name in DATES}
        self.arrival = last_known(self.sightings, self.batch.fetched_on)
        draft.dates(self.stamps, self.raw, self.arrival, ("NgayHenTra",))
        for name, stamp in self.stamps.items():
            if stamp.moment is not None and stamp.has_hour and 1 <= stamp.moment.hour <= 6:
                draft.tell("twelve_hour_clock", name, "info", self.raw.get(name))
        self._scalars()

    def _scalars(self) -> None:
        draft, raw = self.draft, self.raw
        for name in ("TrangThaiHoSo", "KenhThucHien"):
            if isinstance(raw.get(name), int):
                draft.tell("value_coerced", name, "info", raw[name])
        draft.strange(self.copies)
        self.status = state_of(raw.get("TrangThaiHoSo"))
        if self.copies and self.status not in STATES:
            draft.tell("status_unknown", "TrangThaiHoSo", "warning", self.status)
        channel = state_of(raw.get("KenhThucHien"))
        draft.channel = _CHANNELS.get(channel)
        if channel and draft.channel is None:
            draft.tell("channel_unknown", "KenhThucHien", "info", channel)
        draft.procedure = draft.unit(text_of(raw.get("MaTTHC")), "MaTTHC")
        draft.fields["field"] = draft.unit(text_of(raw.get("MaLinhVuc")), "MaLinhVuc")
        if agency := draft.unit(text_of(raw.get("DonViXuLy")), "DonViXuLy"):
            draft.fields["units"] = {"handling_agency": agency}

    # -- acceptance ----------------------------------------------------------------------------------------------------

    def _acceptance(self) -> None:
        draft, stamp = self.draft, self.stamps["NgayTiepNhan"]
        row = progress.first(self.rows, "2")
        if self._is_export_time(stamp):
            draft.tell("date_is_export_time", "NgayTiepNhan", "warning", self.raw.get("NgayTiepNhan"), self.arrival)
            draft.unknown.add("acceptance")
        elif stamp.moment is not None:
            self.accepted = stamp
            if row is not None and gap(row.at, stamp) > _A_DAY and not self._after_request(row):
                draft.tell("field_row_conflict", "NgayTiepNhan", "warning", stamp.iso(), row.at.iso())
            if self.status == "1" and not self._was_accepted():  # some senders put the day of the online form there
                draft.tell("acceptance_doubtful", "TrangThaiHoSo", "warning", self.status)
                draft.unknown.add("acceptance")
        elif stamp.fault == "unreadable":
            draft.unknown.add("acceptance")
        elif row is not None:
            self.accepted = row.at
            draft.tell("acceptance_from_row", "ThoiDiemXuLy", "info", row.at.iso())
        elif self._was_accepted():
            draft.tell("acceptance_missing", "NgayTiepNhan", "warning")
            draft.unknown.add("acceptance")
        if stamp.moment is not None and stamp.day is not None and stamp.day.isoformat() > (self.arrival or "9")[:10]:
            draft.unknown.add("acceptance")
        draft.codes("MaHoSo", stamp)
        draft.find_limit("MaTTHC", self.accepted)

    def _after_request(self, row: ProgressRow) -> bool:
        """Whether a row 2 is the receipt of a supplement."""
        return any(other.status == "5" and other.moment < row.moment for other in self.rows)

    def _was_accepted(self) -> bool:
        handled = {"2", "4", "5", "6", "8", "9", "10"}
        return self.status in handled or any(row.status in handled for row in self.rows)

    def _is_export_time(self, stamp: Stamp) -> bool:
        """Whether a receipt is the second in which the message was made: only where the code bears another day."""
        if stamp.moment is None:
            return False
        code = read_dossier_code(self.draft.dossier_id)
        if code is not None and code.day is not None and code.day == stamp.day:
            return False
        near = any(_near(one.arrival, stamp) for one in self.copies)
        return near or stamp.moment.isoformat() in self.batch.shared

    def _submission(self) -> None:
        name = "NgayNopHoSo" if self.stamps["NgayNopHoSo"].moment is not None else "NgayNop"
        stamp = self.stamps[name]
        if stamp.moment is None and (row := progress.first(self.rows, "1")) is not None:
            stamp = row.at
        if stamp.moment is not None and self.accepted.day is not None and stamp.moment.date() > self.accepted.day:
            self.draft.tell("date_order", name, "warning", stamp.iso(), self.accepted.iso())
        self.draft.event("dossier_submitted", stamp)

    # -- the promise ---------------------------------------------------------------------------------------------------

    def _promise(self) -> None:
        """The promise of the first copy that has one; a later one is told: a re-appointment where its time is known."""
        draft = self.draft
        explained = {
            read_stamp(episode.get("NgayHenTraMoi"), FORMS).moment
            for one in self.copies
            for episode in one.data.get("e", ())
        }
        seen = [(one.arrival, one.first, read_stamp(one.data["f"].get("NgayHenTra"), FORMS)) for one in self.copies]
        promise = draft.moved(seen, "NgayHenTra", explained)
        if self._is_default(promise):
            draft.tell("due_is_default", "NgayHenTra", "warning", self.accepted.iso(), promise.iso())
            promise = EMPTY
        draft.contradicted(self.accepted, promise, "NgayHenTra")
        draft.event("dossier_accepted", self.accepted, appointed_due=promise.iso())

    def _is_default(self, promise: Stamp) -> bool:
        """Whether the promise is two hours of the system's fixed hours, which no limit of this procedure gives."""
        limit = self.draft.known.limit if self.draft.known else None
        if promise.moment is None or self.accepted.moment is None or not promise.has_hour or not self.accepted.has_hour:
            return False
        if limit is not None and limit.get("unit") == "work_hour":
            return False
        return promise.moment == _in_shifts(self.accepted.moment, _DEFAULT_PROMISE)

    # -- the end -------------------------------------------------------------------------------------------------------

    def _end(self) -> None:
        draft, finish, returned = self.draft, self.stamps["NgayKetThucXuLy"], self.stamps["NgayTra"]
        if finish.moment is not None and finish.moment.isoformat() in self.batch.exported:
            draft.tell("date_is_export_time", "NgayKetThucXuLy", "warning", finish.iso(), self.arrival)
            finish = Stamp(fault="unreadable")  # as good as none: the end is there, and its day is not
        without_due = self.stamps["NgayHenTra"].moment is None
        nines = [row for row in self.rows if row.status == "9"]
        at_receipt = without_due and any(row.moment == self.accepted.moment for row in nines)
        if at_receipt and finish.moment is None:
            draft.tell("finish_at_receipt", "ThoiDiemXuLy", "warning", self.accepted.iso())
        is_erased = progress.erased(self.rows, self.accepted, without_due)
        is_empty = "NgayKetThucXuLy" in self.raw and finish.moment is None and finish.fault != "unreadable"
        if is_erased or (self.status == "9" and is_empty and not at_receipt):
            draft.tell("pause_erased", "TrangThai" if is_erased else "TrangThaiHoSo", "warning")
            draft.unknown |= {"pauses"} if finish.moment is not None else {"pauses", "finish"}
        elif (nines or self.status in ("9", "10")) and finish.moment is returned.moment is None and not at_receipt:
            self._end_from_row(nines)
        if finish.fault == "unreadable":
            draft.unknown |= {"finish"} if returned.moment is None else {"finish", "pauses"}
        self._event_of(finish, "result_issued", "NgayKetThucXuLy", nines[-1:])
        tens = [row for row in self.rows if row.status == "10"]
        if returned.moment is None and tens and returned.fault == "":
            returned = tens[0].at
        self._event_of(returned, "result_returned", "NgayTra", tens[:1])
        if finish.moment is not None and returned.moment is not None and is_before(returned, finish):
            draft.tell("date_order", "NgayTra", "warning", finish.iso(), returned.iso())
        promised = self.stamps["NgayHenTra"]
        if finish.moment is not None and finish.moment == promised.moment and finish.has_hour:
            draft.tell("finish_equals_due", "NgayKetThucXuLy", "warning", finish.iso())

    def _end_from_row(self, nines: Sequence[ProgressRow]) -> None:
        """A dossier that has ended, whose end only a row can tell: one that stands alone and is nobody's filler."""
        if len(nines) == 1 and not nines[0].synthetic and nines[0].moment != self.accepted.moment:
            self.ended = True
            self.draft.event("result_issued", nines[0].at)
        elif not any(row.status == "10" for row in self.rows):
            self.draft.tell("finish_unknown", "TrangThaiHoSo", "warning", self.status)
            self.draft.unknown.add("finish")

    def _event_of(self, stamp: Stamp, kind: str, name: str, rows: Sequence[ProgressRow]) -> None:
        if stamp.moment is None:
            return
        self.ended = True
        self.draft.ends_before(self.accepted, stamp, name)
        self.draft.event(kind, stamp)
        for row in rows:
            if gap(row.at, stamp) > _A_DAY and not row.pause and row.moment != self.accepted.moment:
                self.draft.tell("field_row_conflict", name, "warning", stamp.iso(), row.at.iso())

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _rows(self) -> None:
        draft, rows = self.draft, self.rows
        fillers = {self.accepted.moment, self.stamps["NgayTiepNhan"].moment, self.stamps["NgayKetThucXuLy"].moment}
        if any(row.synthetic and row.moment in fillers for row in rows):
            draft.tell("synthetic_row", "NguoiXuLy", "info")
        if progress.odd_order(rows):
            draft.tell("status_order", "TrangThai", "info")
        for status in sorted({row.status for row in rows if row.status not in STATES}):
            draft.tell("status_unknown", "TrangThai", "warning", status)
        if self.accepted.moment is not None:
            forwarded = progress.first(rows, "4", after=self.accepted.moment - timedelta(seconds=1))
            if forwarded is not None:
                draft.tell("weak_forwarding", "TrangThai", "info", forwarded.at.iso())
                draft.event("dossier_forwarded", forwarded.at)
        for paid_from, paid in progress.payments(rows):
            draft.event("payment_awaited", paid_from.at)
            if paid is not None:
                draft.event("payment_received", paid.at)
        for unit, begun, due, done, is_weak in progress.steps(rows):
            agency = draft.unit(unit, "PhongBanXuLy")
            draft.event("step_assigned", begun, agency=agency, due=due.iso())
            draft.event("step_done", done, agency=agency)
            if is_weak:
                draft.tell("weak_step", "NgayKetThucTheoQuyDinh", "info")

    # -- the state -----------------------------------------------------------------------------------------------------

    def _state(self) -> None:
        """States that have their time become events; of one that has none, only what it hides is kept."""
        draft = self.draft
        refused, row = self.stamps["NgayTuChoi"], progress.first(self.rows, "3")
        draft.event("dossier_refused", refused if refused.moment is not None or row is None else row.at)
        for status, kind in (("7", "dossier_withdrawn"), ("8", "processing_stopped")):
            if (row := progress.first(self.rows, status)) is not None:
                draft.event(kind, row.at)
        self._falling()
        updates = {state_of(one.data["status"]): one for one in self.sightings if one.data["t"] == "state"}
        for status, about in [(self.status, "TrangThaiHoSo"), *((status, "TrangThai") for status in sorted(updates))]:
            self._without_time(status, about)

    def _without_time(self, status: str, about: str) -> None:
        draft = self.draft
        kinds = {event["kind"] for event in draft.events}
        match status:
            case "3" | "7" | "8":
                kind = {"3": "dossier_refused", "7": "dossier_withdrawn", "8": "processing_stopped"}[status]
                if kind not in kinds and not (self.ended and about == "TrangThai"):
                    draft.tell("state_without_time", about, "warning", status)
                    draft.unknown.add("finish")
            case "5" if "supplement_requested" not in kinds:
                draft.tell("state_without_time", about, "warning", status)
                draft.unknown.add("pauses")
            case "6" if "payment_awaited" not in kinds:
                stops = draft.pauses_for_payment
                draft.tell("state_without_time", about, "warning" if stops else "info", status)
                if stops:
                    draft.unknown.add("pauses")
            case "9" | "10" if about == "TrangThai" and not self.ended:
                draft.tell("state_without_time", about, "warning", status)
                draft.unknown.add("finish")
            case _ if about == "TrangThai" and status not in STATES:
                draft.tell("status_unknown", about, "warning", status)

    def _falling(self) -> None:
        """Whether a copy that came later bears an earlier state."""
        ranks = [
            int(state) for _, value in series_of(self.copies, "TrangThaiHoSo") if (state := state_of(value)) in STATES
        ]
        over = {3, 7, 8, 9, 10}
        if any(one in over and other < one and other not in over for one, other in pairwise(ranks)):
            self.draft.tell("status_order", "TrangThaiHoSo", "info", *map(str, ranks))

    # -- the rest ------------------------------------------------------------------------------------------------------

    def _synced(self) -> None:
        """The first message is the synchronisation, where every message came with its time."""
        if self.copies and all(one.arrival for one in self.copies):
            self.draft.event("synced_national", read_stamp(min(one.arrival for one in self.copies), FORMS))

    def _batch_facts(self) -> None:
        facts, finish = self.batch.facts, self.stamps["NgayKetThucXuLy"]
        if finish.moment is not None and finish.has_hour:
            facts["finish", finish.moment.isoformat()] += 1
        for stamp in self.stamps.values():
            if stamp.moment is not None and stamp.has_hour:
                facts["afternoon" if stamp.moment.hour >= 13 else "morning", ""] += 1
        if self.accepted.moment is not None and self.copies:
            facts["no_promise" if self.stamps["NgayHenTra"].moment is None else "promise", ""] += 1
        units = self.draft.fields.get("units")
        if units and self.draft.code is not None:
            facts["unit", f"{self.draft.code.unit}\t{units['handling_agency']}"] += 1

    def _label(self) -> str:
        return STATES.get(self.status, technical(self.status))

    def _ids(self) -> dict[str, tuple[str, ...]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for one in self.copies:
            for name, value in one.data["i"].items():
                found[name].add(value)
            for episode in one.data.get("e", ()):
                if number := episode.get("HoSoBoSungId"):
                    found["HoSoBoSungId"].add(number)
        return {name: tuple(sorted(values)) for name, values in sorted(found.items())}

    def _kept(self) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for one in self.copies:
            kept |= one.data["k"]
        return kept


def _compared(name: str, value: object) -> str:
    """A value as copies are compared by it."""
    if name in DATES:
        stamp = read_stamp(value, FORMS)
        return stamp.iso() or ("?" if stamp.fault == "unreadable" else "")
    if name == "MaTTHC":
        return join_key(text_of(value)) or text_of(value)
    return state_of(value)


def _near(arrival: str, stamp: Stamp) -> bool:
    """Whether a moment is that at which the message came."""
    assert stamp.moment is not None
    return bool(arrival) and abs(datetime.fromisoformat(arrival) - stamp.moment) <= _SAME_SECOND


def _in_shifts(start: datetime, length: timedelta) -> datetime:
    """The moment that lies so much later in the fixed hours, Monday to Friday."""
    at, left = start, length
    while True:
        for begin, end in _SHIFTS:
            opens, closes = datetime.combine(at.date(), begin), datetime.combine(at.date(), end)
            if at.weekday() < 5 and at < closes:
                here = max(at, opens)
                if here + left <= closes:
                    return here + left
                left -= closes - here
                at = closes
        at = datetime.combine(at.date() + timedelta(days=1), time())
