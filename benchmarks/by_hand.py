"""What somebody would write without the library, for exactly these dossiers: the clock, and the decision after it.

It knows limits in workdays, one pause at a time, restart by supplement, one re-appointment: the law of 61/2018/NĐ-CP as
far as `sample.py` asks for it. No malformed log, no other unit, no version of anything, and no reason given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from benchmarks.sample import Sample
from tthc_rules import Calendar, Dossier, Verdict

DUE_SOON: Final = 2
_EPOCH: Final = date(1970, 1, 1).toordinal()

Log = tuple[tuple[str, int, int], ...]
"""Events in order: kind, day since 1970-01-01, the new date of a re-appointment."""
Answer = tuple[int | None, int | None, int | None, str]
"""Lawful due date, current due date, workdays late, punctuality."""


def clock(  # noqa: C901, PLR0912 - one flat loop, as it would be written
    log: Log, amount: int, idx: Sequence[int], nth: Sequence[int], base: int, as_of: int
) -> Answer:
    """The due dates of a limit in workdays, and how late it is at the end of day `as_of`."""
    target, due, paused, waiting, again, done = 0, 0, 0, 0, 0, 0
    for kind, day, new in log:
        if done:
            break
        if kind == "dossier_accepted":
            target = idx[day - base] + amount
            due = nth[target]
        elif kind == "clock_paused":
            if day < due:
                paused = day
        elif kind == "clock_resumed":
            if paused:
                target += idx[day - base] - idx[paused - base]
                due = nth[target]
                paused = 0
        elif kind == "supplement_requested":
            if day < due:
                waiting = day
        elif kind == "supplement_received":
            if waiting:
                target = idx[day - base] + amount
                due = nth[target]
                paused = waiting = again = 0
        elif kind == "reappointed":
            if new > due and not again:
                again = new
        elif kind in ("result_issued", "result_returned"):
            done = day
    if not done and (paused or waiting):
        return None, None, None, "paused"
    current = max(again, due)
    until = done or as_of
    late = idx[until - base] - idx[due - base] if until > due else 0
    return due, current, late, _punctuality(done, due, idx[due - base] - idx[as_of - base], as_of)


def _punctuality(done: int, due: int, left: int, as_of: int) -> str:
    if done:
        return "returned_late" if done > due else "early" if done < due else "on_time"
    return "overdue" if as_of > due else "due_soon" if left <= DUE_SOON else "pending"


def clock_of_dossier(dossier: Dossier, idx: Sequence[int], nth: Sequence[int], base: int, as_of: int) -> Answer:
    """The same from the validated model: what reading five pydantic objects adds."""
    limit = dossier.time_limit
    return clock(log_of(dossier), limit.amount, idx, nth, base, as_of)  # type: ignore[union-attr]


def log_of(dossier: Dossier) -> Log:
    """The events as the hand-written clock takes them; these dossiers are in order as they are."""
    log = []
    event: Any  # the union of all kinds; `kind` says which
    for event in dossier.events:
        new = event.new_due if event.kind == "reappointed" else None
        log.append((event.kind, event.at.toordinal() - _EPOCH, 0 if new is None else new.toordinal() - _EPOCH))
    return tuple(log)


# -- the decision: from derived facts to outcomes ----------------------------------------------------------------------

Facts = dict[str, int | str | bool]
Decision = dict[str, str]

TRANSFER: Final = "transfer"
"""Both duties to forward: the one that applies to the hour of reception."""
DUTIES: Final = (
    "apology_before_due",
    "apology_content",
    "late_notice_to_one_stop",
    "result_by_new_date",
    "return_ineligible",
    "supplement_once",
    "supplement_max_two",
    "single_reappointment",
    TRANSFER,
)
_BOTH_TRANSFERS: Final = ("transfer_same_day", "transfer_next_morning")
NOTHING: Final = "-"


@dataclass(frozen=True, slots=True)
class _Days:
    """The first day of each kind of event."""

    first: Mapping[str, int]

    def __call__(self, kind: str) -> int | None:
        return self.first.get(kind)


def facts_of(sample: Sample, calendar: Calendar, as_of: int) -> Facts:
    """The derived facts that a rule engine is given: whole numbers, booleans, words; nothing is left out."""
    dossier = sample.dossier
    log = log_of(dossier)
    days = _Days({kind: day for kind, day, _ in reversed(log)})
    idx, base = calendar.idx, calendar.base
    due, current, _, state = clock(log, dossier.time_limit.amount, idx, calendar.nth, base, as_of)  # type: ignore[union-attr]
    if due is None or current is None:
        due = current = as_of
    done = days("result_issued")
    accepted = next(event.at for event in dossier.events if event.kind == "dossier_accepted")
    assert isinstance(accepted, datetime)
    received = accepted.toordinal() - _EPOCH
    after_hours = accepted.hour * 60 + accepted.minute > 15 * 60
    forward_by = calendar.nth[idx[received - base] + 1] if after_hours else received
    forwarded = days("dossier_forwarded")
    apology, notice, asked = days("apology_sent"), days("delay_notice_sent"), days("supplement_requested")
    slip: dict[str, Any] = next((event for event in sample.data["events"] if event["kind"] == "apology_sent"), {})
    return {
        "closed": done is not None,
        "waiting": state == "paused",
        "late": (as_of if done is None else done) - due,
        "workdays_left": idx[due - base] - idx[as_of - base],
        "apology": apology is not None,
        "apology_late": 0 if apology is None else apology - (due - 1),
        "reason": "absent" if "reason" not in slip else "given" if slip["reason"].strip() else "empty",
        "new_due": "new_due" in slip,
        "notice": notice is not None,
        "notice_late": 0 if notice is None else notice - (due - 1),
        "again": current > due,
        "again_late": (as_of if done is None else done) - current,
        "reappointments": sum(kind == "reappointed" for kind, _, _ in log),
        "requests": sum(kind == "supplement_requested" for kind, _, _ in log),
        "return_rank": -1 if asked is None else idx[asked - base - 1] - idx[received - base] + 1,
        "in_person": dossier.channel == "in_person",
        "forwarded": forwarded is not None,
        "forward_late": (as_of if forwarded is None else forwarded) - forward_by,
    }


def decide(facts: Facts) -> Decision:
    """The outcome of each duty of the shipped rules of 61/2018/NĐ-CP, and the punctuality: plain `if`s."""
    found = dict.fromkeys(DUTIES, NOTHING)
    closed, late = facts["closed"], int(facts["late"])
    owed = late > 0
    for duty, event in (("apology_before_due", "apology"), ("late_notice_to_one_stop", "notice")):
        found[duty] = _slip(owed, bool(closed), bool(facts[event]), int(facts[event + "_late"]))
    if facts["apology"]:
        stated = facts["reason"] == "given" and facts["new_due"]
        found["apology_content"] = "missed" if facts["reason"] == "empty" else "met" if stated else "undetermined"
    if facts["again"]:
        found["result_by_new_date"] = _deadline(bool(closed), int(facts["again_late"]))
    if int(facts["return_rank"]) >= 0:
        found["return_ineligible"] = "met" if int(facts["return_rank"]) <= 3 else "met_late"
    found["supplement_once"] = "broken" if int(facts["requests"]) > 1 else "kept"
    found["supplement_max_two"] = "broken" if int(facts["requests"]) > 2 else "kept"
    found["single_reappointment"] = "broken" if int(facts["reappointments"]) > 1 else "kept"
    if facts["in_person"]:
        found[TRANSFER] = _deadline(bool(facts["forwarded"]), int(facts["forward_late"]))
    found["punctuality"] = "paused" if facts["waiting"] else _state(bool(closed), late, int(facts["workdays_left"]))
    return found


def _slip(owed: bool, closed: bool, sent: bool, late: int) -> str:
    if not owed:
        return "not_owed" if closed else "pending"
    return "missed" if not sent else "met_late" if late > 0 else "met"


def _deadline(done: bool, late: int) -> str:
    if done:
        return "met_late" if late > 0 else "met"
    return "missed" if late > 0 else "pending"


def _state(closed: bool, late: int, left: int) -> str:
    if closed:
        return "returned_late" if late > 0 else "early" if late < 0 else "on_time"
    return "overdue" if late > 0 else "due_soon" if left <= DUE_SOON else "pending"


def decision_of(verdict: Verdict) -> Decision:
    """The library's verdict, reduced to what the decision above can say."""
    found = dict.fromkeys(DUTIES, NOTHING)
    for finding in (*verdict.obligations, *verdict.limits):
        duty = _duty_of(finding.id)
        if duty in found:
            found[duty] = finding.outcome
    found["punctuality"] = verdict.punctuality
    return found


def left_out(verdicts: Sequence[Verdict]) -> list[str]:
    """Duties and limits of the verdicts that the decision above does not know: rules that came later."""
    ids = {finding.id for verdict in verdicts for finding in (*verdict.obligations, *verdict.limits)}
    return sorted(each for each in ids if _duty_of(each) not in DUTIES)


def _duty_of(finding: str) -> str:
    return TRANSFER if finding in _BOTH_TRANSFERS else finding
