"""What calls for each slip on a day, and until when: read off the verdict, and off that with the slip given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, assert_never

from tthc_rules.law.civil import day_of, order_of
from tthc_rules.law.codes import EventKind
from tthc_rules.law.dossier import MAX_EVENTS, Dossier, Event
from tthc_rules.law.evidence import Citation
from tthc_rules.law.forms import Forms
from tthc_rules.law.rule import UnitThatOwes
from tthc_rules.result.slip.data import SlipDuty, SlipKind, SlipOnlyIf, SlipStanding
from tthc_rules.result.verdict import CitationRecord, Finding, NextAct, Verdict

Ask = Callable[[Mapping[str, Any]], Verdict]
"""The verdict on the same dossier and day, if that event had happened as well."""

FORM_NAMES: Final[Mapping[SlipKind, str]] = {
    "apology": "apology_slip",
    "supplement": "supplement_slip",
    "refusal": "refusal_slip",
    "stop": "stop_notice",
}
"""The form that each is drawn up on; of the others no circular has one."""
_FAULTS: Final = frozenset({"missed", "met_late", "broken"})
_RETURN: Final = "return_ineligible"
_ANSWER: Final = "online_answer"
_LOSS: Final = "apology_lost_file"
_REFUSAL: Final = "refusal_within_limit"
_CLOSING: Final = "closing_not_early"
"""Duties by their canonical ids."""


@dataclass(frozen=True, slots=True)
class SlipCall:
    """Why a slip may be drawn up: whether it is owed, by whom, when, and which duties it is for."""

    standing: SlipStanding
    issued_by: UnitThatOwes
    only_if: SlipOnlyIf | None = None
    served: tuple[NextAct | Finding, ...] = ()
    by: date | None = None
    by_time: str | None = None
    not_before: date | None = None
    overdue: bool = False
    warnings: tuple[Finding, ...] = ()
    grounds: tuple[Citation, ...] = ()
    """The clauses of the circular, where it asks for the paper itself."""

    @property
    def duties(self) -> tuple[SlipDuty, ...]:
        """The duties that it is for, by name."""
        return tuple(
            SlipDuty(one.id, dict(one.label if isinstance(one, NextAct) else one.duty.label)) for one in self.served
        )

    @property
    def citations(self) -> tuple[Citation | CitationRecord, ...]:
        """The clauses behind it, each once."""
        said = (c for one in self.served for c in (one if isinstance(one, NextAct) else one.duty).citations)
        return (*self.grounds, *dict.fromkeys(said))

    def until(self, act: NextAct | None) -> SlipCall:
        """The same, by the last day of an act that the law expects."""
        return self if act is None else replace(self, by=act.by, by_time=act.by_time, overdue=act.overdue)


@dataclass(frozen=True, slots=True)
class SlipCase:
    """One dossier on one day, asked what papers it calls for."""

    verdict: Verdict
    dossier: Dossier
    ask: Ask
    circular: Forms | None
    """The circular of forms in force on the day."""
    apologies: Collection[str]
    """The duties that are the apology for a late dossier."""

    def call(self, kind: SlipKind) -> SlipCall | None:
        """What calls for that slip, or nothing where it cannot be given on that day."""
        match kind:
            case "apology":
                return self._apology()
            case "supplement":
                return self._supplement()
            case "refusal":
                return self._refusal()
            case "stop":
                return self._stop()
            case "closing":
                return self._closing()
            case "loss":
                return self._loss()
            case kind:
                assert_never(kind)

    def _apology(self) -> SlipCall | None:
        """Until the result is there, while no apology is: whether it is owed yet, and by when."""
        acts = [act for act in self.verdict.next_acts if act.id in self.apologies]
        if not acts and self._has("apology_sent"):
            return self._recorded("handling_agency", self.apologies)
        duties = [one for one in self.verdict.obligations if one.id in self.apologies]
        if self._ended or not duties or self.verdict.clock.lawful_due is None:
            return None
        then = self._supposed("apology_sent", reason="-", new_due=self.verdict.as_of.isoformat())
        first = min(acts, key=lambda act: (act.by, act.id), default=None)
        notices = [act for act in self.verdict.next_acts if act.fulfilled_by == ("delay_notice_sent",)]
        call = SlipCall("owed", "handling_agency", None, (*duties, *notices), warnings=self._faults(then)).until(first)
        if all(one.outcome == "undetermined" for one in duties):
            return replace(call, standing="unknown")
        in_time = not self.is_late if first is None else first.only_if is not None
        return replace(call, standing="conditional", only_if="result_late") if in_time else call

    def _supplement(self) -> SlipCall | None:
        """While the file is in hand and no supplement is awaited."""
        if self._awaits_supplement:
            return self._recorded("handling_agency", (_RETURN,))
        if self._ended or not self._is_here:
            return None
        act = self._act_fulfilled_by("supplement_requested")
        then = self._supposed("supplement_requested")
        served = act or then.finding(_RETURN)
        issuer = self._owed_by(served) or "one_stop_unit"
        warned = self._faults(then)
        return SlipCall("conditional", issuer, "not_eligible", _one(served), warnings=warned).until(act)

    def _refusal(self) -> SlipCall | None:
        """While nothing has ended the dossier: the law asks only that it comes in time."""
        if self.verdict.clock.ended_by == "dossier_refused" or self._closed_by("dossier_refused"):
            return self._recorded("one_stop_unit", (_REFUSAL, _ANSWER))
        if self._ended or not self._is_here:
            return None
        act = self._act_fulfilled_by("dossier_refused")
        then = self._supposed("dossier_refused")
        within = then.finding(_REFUSAL)
        issuer: UnitThatOwes = "handling_agency" if self.verdict.clock.accepted_on else "one_stop_unit"
        call = SlipCall("conditional", issuer, "not_eligible", _one(within or act), warnings=self._faults(then))
        if within is None:
            return call.until(act)
        by = None if self.verdict.clock.lawful_due is None else within.act_by  # of a stopped clock nobody knows it yet
        return replace(call, by=by, overdue=by is not None and by < self.verdict.as_of)

    def _stop(self) -> SlipCall | None:
        """Where a circular has the notice: at once when the applicant has asked for it."""
        form = FORM_NAMES["stop"]
        if self.circular is None or form not in self.circular.labels:
            return None
        call = SlipCall("owed", "one_stop_unit", grounds=self.circular.grounds.get(form, ()))
        if any(one.kind == "slip_sent" and getattr(one, "form", None) == form for one in self._past):
            return replace(call, standing="recorded")
        if self.verdict.clock.ended_by in ("dossier_withdrawn", "processing_stopped"):
            return call
        if self._closed_by("dossier_withdrawn"):
            return call
        if self._ended or not self._is_here:
            return None
        return replace(call, standing="conditional", only_if="applicant_asks")

    def _closing(self) -> SlipCall | None:
        """While a supplement is awaited: whether the time in which the applicant may bring it has passed."""
        if self._has("dossier_closed"):
            return self._recorded("one_stop_unit", (_CLOSING,))
        if not self._awaits_supplement:
            return None
        then = self._supposed("dossier_closed")
        early = then.finding(_CLOSING)
        if early is None or early.act_by is None:
            return None
        call = SlipCall(
            "owed", "one_stop_unit", None, (early,), not_before=early.act_by + timedelta(1), warnings=self._faults(then)
        )
        if early.outcome == "met":
            return call
        return replace(call, standing="conditional", only_if="applicant_silent")

    def _loss(self) -> SlipCall | None:
        """Once a file is lost, until somebody has apologised for it."""
        duty = self.verdict.finding(_LOSS)
        if duty is None or duty.outcome == "not_owed":
            return None
        standing: SlipStanding = "recorded" if duty.done_on else "unknown" if duty.outcome == "undetermined" else "owed"
        return SlipCall(standing, "handling_agency", served=(duty,))

    def _recorded(self, issued_by: UnitThatOwes, duties: Collection[str]) -> SlipCall:
        """The act is in the log: its paper, with what the verdict says of the duties that it was for."""
        found = tuple(one for one in self.verdict.obligations if one.id in duties)
        return SlipCall("recorded", self._owed_by(found[0] if found else None) or issued_by, served=found)

    # -- what the verdict and the log say ------------------------------------------------------------------------------

    @property
    def is_late(self) -> bool:
        """The lawful due date has passed."""
        due, as_of = self.verdict.clock.lawful_due, self.verdict.as_of
        return due is not None and (due < as_of or (due == as_of and self.verdict.clock.due_time is not None))

    @property
    def _ended(self) -> bool:
        return self.verdict.clock.finished_on is not None or self.verdict.punctuality == "closed"

    @property
    def _is_here(self) -> bool:
        """The file is in an office: accepted, or sent and to be answered."""
        return self.verdict.clock.accepted_on is not None or self._has("dossier_submitted")

    @property
    def _past(self) -> list[Event]:
        day = day_of(self.verdict.as_of)
        return sorted((one for one in self.dossier.events if day_of(one.at) <= day), key=lambda one: order_of(one.at))

    def _has(self, kind: EventKind) -> bool:
        return any(one.kind == kind for one in self._past)

    def _closed_by(self, kind: EventKind) -> bool:
        """It ended so before it was accepted, which is no end of the clock."""
        return self.verdict.punctuality == "closed" and self._has(kind)

    @property
    def _awaits_supplement(self) -> bool:
        """The last of the requests and receipts is a request."""
        kinds = [one.kind for one in self._past if one.kind in ("supplement_requested", "supplement_received")]
        return not self._ended and kinds[-1:] == ["supplement_requested"]

    def _act_fulfilled_by(self, kind: EventKind) -> NextAct | None:
        return next((act for act in self.verdict.next_acts if kind in act.fulfilled_by), None)

    @staticmethod
    def _owed_by(one: NextAct | Finding | None) -> UnitThatOwes | None:
        owed_by = "" if one is None else one.owed_by if isinstance(one, NextAct) else one.duty.owed_by
        return owed_by or None

    def _supposed(self, kind: EventKind, **fields: object) -> Verdict:
        """The verdict if that came about on the day, behind all that did; a full dossier takes no event more."""
        if len(self.dossier.events) >= MAX_EVENTS:
            return self.verdict
        last, day = self._past[-1:], self.verdict.as_of
        at = last[0].at if last and day_of(last[0].at) == day_of(day) else day
        return self.ask({"kind": kind, "at": at.isoformat(), **fields})

    def _faults(self, then: Verdict) -> tuple[Finding, ...]:
        """What it would make late, missed or broken that is not so without it."""
        before = {(one.id, one.outcome) for one in (*self.verdict.obligations, *self.verdict.limits)}
        found = (*then.obligations, *then.limits)
        return tuple(one for one in found if one.outcome in _FAULTS and (one.id, one.outcome) not in before)


def _one(served: NextAct | Finding | None) -> tuple[NextAct | Finding, ...]:
    return () if served is None else (served,)
