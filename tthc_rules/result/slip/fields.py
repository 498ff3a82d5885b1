"""What each field of a slip says, and where that comes from; what a person must say is left blank, always."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from tthc_rules.law.civil import Moment, day_of, order_of
from tthc_rules.law.codes import EventKind
from tthc_rules.law.dossier import Dossier, Event
from tthc_rules.law.evidence import Citation
from tthc_rules.law.rule import UnitThatOwes
from tthc_rules.result import words
from tthc_rules.result.slip import words as slip_words
from tthc_rules.result.slip.data import Blank, FieldType, SlipField, SlipKind
from tthc_rules.result.verdict import CitationRecord, Verdict

_HEAD: Final = ("parent", "issuer", "number", "issued")
_PERSON: Final = frozenset({"applicant", "applicant_id", "address", "phone", "email"})
FIELDS: Final[Mapping[SlipKind, tuple[str, ...]]] = {
    "apology": (
        *_HEAD, "applicant", "accepted", "procedure", "applicant_id", "dossier_id", "promised_due", "lawful_due",
        "reason", "new_due", "one_stop_unit", "signer",
    ),
    "supplement": (
        *_HEAD, "applicant", "procedure", "dossier_id", "accepted", "submitted", "address", "phone", "email",
        "to_supply", "reason", "contact", "contact_phone", "signer",
    ),
    "refusal": (
        *_HEAD, "applicant", "applicant_id", "address", "phone", "email", "dossier_id", "procedure", "accepted",
        "submitted", "reason", "signer",
    ),
    "stop": (
        *_HEAD, "applicant", "accepted", "procedure", "applicant_id", "dossier_id", "stop_asked", "stopped",
        "reason", "returned", "signer",
    ),
    "closing": (
        *_HEAD, "applicant", "accepted", "procedure", "applicant_id", "dossier_id", "requested", "ground", "closed",
        "reason", "signer",
    ),
    "loss": (
        *_HEAD, "applicant", "accepted", "procedure", "applicant_id", "dossier_id", "lost", "lost_papers", "remedy",
        "signer",
    ),
}  # fmt: skip
"""The fields of each paper, in the order in which it has them."""
_IF_KNOWN: Final = frozenset({"lawful_due", "submitted", "stopped"})
"""Fields that a paper has only where there is something to say in them."""
_DATES: Final = frozenset({"new_due", "closed", "lawful_due"})
_MOMENTS: Final = frozenset({"accepted", "submitted", "promised_due", "stop_asked", "stopped", "requested", "lost"})
_LINES: Final[Mapping[str, int]] = {"to_supply": 5, "reason": 2, "returned": 2, "lost_papers": 2, "remedy": 2}
_LINES_OF: Final[Mapping[tuple[SlipKind, str], int]] = {("refusal", "reason"): 4}


def in_words(moment: Moment) -> str:
    """A day or moment as papers write it: a zero before days below ten and before January and February."""
    month = f"{moment.month:02d}" if moment.month <= 2 else f"{moment.month}"
    day = f"ngày {moment.day:02d} tháng {month} năm {moment.year}"
    if isinstance(moment, datetime):
        return f"{moment.hour:02d} giờ {moment.minute:02d} phút, {day}"
    return day


@dataclass(frozen=True, slots=True)
class _Known:
    """A value that is known, where it was read, and how that is told."""

    value: str | Moment
    source: str
    origin: words.Pair


@dataclass(frozen=True, slots=True)
class SlipGround:
    """What the fields of one slip are filled from."""

    kind: SlipKind
    verdict: Verdict
    dossier: Dossier
    names: Mapping[str, str]
    """What units and procedures are called, by id."""
    issued_by: UnitThatOwes
    citations: tuple[Citation | CitationRecord, ...]

    def fields(self) -> Iterator[SlipField]:
        """The fields of the paper, in its order."""
        for name in FIELDS[self.kind]:
            known = self._known(name)
            if known is not None or not self._leaves_out(name):
                yield self._field(name, known)

    def _leaves_out(self, name: str) -> bool:
        """Whether the paper says nothing of it where it is not known: a stop is the applicant's or the agency's own."""
        if name == "stop_asked":
            return self.event("processing_stopped") is not None
        if name == "accepted":
            return self.verdict.clock.accepted_on is None and self.event("dossier_submitted") is not None
        return name in _IF_KNOWN

    def event(self, *kinds: EventKind, last: bool = False) -> tuple[int, Event] | None:
        """The first (or the last) such event up to the day, with its place in the dossier's list."""
        day = day_of(self.verdict.as_of)
        found = [(at, one) for at, one in enumerate(self.dossier.events) if one.kind in kinds and day_of(one.at) <= day]
        if not found:
            return None
        return (max if last else min)(found, key=lambda one: order_of(one[1].at))

    def _field(self, name: str, known: _Known | None) -> SlipField:
        type_: FieldType = "moment" if name in _MOMENTS else "date" if name in _DATES else "text"
        label = _both(slip_words.LABELS[name])
        lines = _LINES_OF.get((self.kind, name), _LINES.get(name, 1))
        if known is not None:
            value, printed = _written(known.value)
            return SlipField(name, label, type_, value, printed, known.source, None, _both(known.origin), lines)
        blank, origin = _left_blank(name)
        return SlipField(name, label, type_, None, None, "", blank, _both(origin), lines)

    def _known(self, name: str) -> _Known | None:
        read: Callable[[], _Known | None] | None = {
            "issuer": lambda: self._unit(self.issued_by),
            "one_stop_unit": lambda: self._unit("one_stop_unit"),
            "dossier_id": lambda: _Known(self.dossier.dossier_id, "dossier_id", slip_words.FROM_DOSSIER),
            "procedure": lambda: self._named(self.dossier.procedure, "procedure"),
            "accepted": lambda: self._at("dossier_accepted") if self.verdict.clock.accepted_on else None,
            "submitted": lambda: None if self.verdict.clock.accepted_on else self._at("dossier_submitted"),
            "promised_due": self._promised,
            "lawful_due": self._lawful,
            "new_due": self._new_due,
            "stop_asked": lambda: self._at("dossier_withdrawn"),
            "stopped": lambda: self._at("processing_stopped"),
            "requested": lambda: self._at("supplement_requested", last=True),
            "closed": self._closed,
            "lost": lambda: self._at("dossier_lost", last=True),
            "ground": self._ground,
        }.get(name)
        return None if read is None else read()

    def _at(self, *kinds: EventKind, last: bool = False) -> _Known | None:
        found = self.event(*kinds, last=last)
        if found is None:
            return None
        place, event = found
        return _Known(event.at, f"events[{place}].at", _told(slip_words.FROM_EVENT, words.EVENTS[event.kind]))

    def _closed(self) -> _Known | None:
        known = self._at("dossier_closed")
        if known is None or not isinstance(known.value, datetime):
            return known
        return replace(known, value=known.value.date())

    def _unit(self, capacity: UnitThatOwes) -> _Known | None:
        units = self.dossier.units
        return self._named(None if units is None else getattr(units, capacity, None), f"units.{capacity}")

    def _named(self, written: str | None, source: str) -> _Known | None:
        if written is None:
            return None
        name = self.names.get(written)
        if name is None:
            return _Known(written, source, slip_words.FROM_DOSSIER)
        return _Known(name, source, _told(slip_words.FROM_NAMES, (written, written)))

    def _promised(self) -> _Known | None:
        due = self.verdict.clock.promised_due
        if due is None:
            return None
        told = ("ngày hẹn trên phiếu, hoặc hạn tính từ ngày tiếp nhận", "the slip, or the limit from acceptance")
        return _Known(due, "clock.promised_due", told)

    def _lawful(self) -> _Known | None:
        """The lawful due date, where it is not the appointed one."""
        due, promised = self.verdict.clock.lawful_due, self.verdict.clock.promised_due
        if due is None or (promised is not None and day_of(promised) == day_of(due)):
            return None
        return _Known(due, "clock.lawful_due", _told(slip_words.FROM_CLOCK, ("hạn theo luật", "the lawful due date")))

    def _new_due(self) -> _Known | None:
        """A date that was re-appointed already: it stands in the log, nobody has to think of it."""
        due = self.verdict.clock.reappointed_due
        if due is not None:
            return _Known(due, "clock.reappointed_due", _told(slip_words.FROM_EVENT, words.EVENTS["reappointed"]))
        found = self.event("apology_sent", last=True)
        said = None if found is None else getattr(found[1], "new_due", None)
        if found is None or said is None:
            return None
        origin = _told(slip_words.FROM_EVENT, words.EVENTS["apology_sent"])
        return _Known(said, f"events[{found[0]}].new_due", origin)

    def _ground(self) -> _Known | None:
        for place, clause in enumerate(self.citations):
            if clause.article:
                return _Known(clause.say("vi"), f"citations[{place}]", slip_words.FROM_CLAUSE)
        return None


def _left_blank(name: str) -> tuple[Blank, words.Pair]:
    """Why a field is blank, and who has to say it."""
    if name in _PERSON:
        return "personal_data", slip_words.PERSONAL
    said = slip_words.TO_SAY.get(name)
    return ("not_given", slip_words.NOT_GIVEN) if said is None else ("to_say", said)


def _written(value: str | Moment) -> tuple[str, str]:
    """The value as data, and as the paper has it."""
    if isinstance(value, date):
        return value.isoformat() if not isinstance(value, datetime) else value.isoformat("T", "minutes"), in_words(
            value
        )
    return value, value


def _told(pattern: words.Pair, what: words.Pair) -> words.Pair:
    return pattern[0].format(what[0]), pattern[1].format(what[1])


def _both(pair: words.Pair) -> dict[str, str]:
    return {"vi": pair[0], "en": pair[1]}
