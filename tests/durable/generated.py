"""Dossiers that stand on edges: days around a due date and around the turns of the law, hours missing, odd logs."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any, Final

from tthc_rules.law.codes import KINDS, POLICIES

Json = dict[str, Any]

TURNS: Final = tuple(
    map(date.fromisoformat, ("2010-10-14", "2015-05-15", "2018-06-21", "2025-06-09", "2025-07-01", "2026-08-05"))
)
PLACES: Final = (None, None, "son-la", "tuyen-quang", "thanh-hoa", "dak-lak", "tp-hcm", "hue")
HOURS: Final = ("", "T07:30", "T08:00", "T11:30", "T14:59", "T15:00", "T15:01", "T16:59", "T17:00", "T23:59")
LIMITS: Final = (
    *({"amount": amount, "unit": "workday"} for amount in (0, 1, 3, 5, 5, 7)),
    {"amount": 4, "unit": "work_hour"},
    {"amount": 12, "unit": "work_hour"},
    {"amount": 10, "unit": "calendar_day"},
    {"amount": 1, "unit": "month"},
    {"none": True},
    None,
)
LIKELY: Final = (
    *("apology_sent", "delay_notice_sent", "dossier_forwarded", "reappointed", "result_issued") * 3,
    *("supplement_requested", "supplement_received", "clock_paused", "clock_resumed", "dossier_refused") * 2,
    *("result_returned", "dossier_withdrawn", "processing_stopped", "dossier_accepted"),
    *KINDS,
)


def question(random: Random, dossier: Json) -> Json:
    """As of a day near what happens, known then or at some other time."""
    days = [date.fromisoformat(event["at"][:10]) for event in dossier["events"]]
    as_of = random.choice((*days, max(days), max(days))) + timedelta(days=random.choice((0, 0, 1, 5, 40)))
    known_on = as_of if random.random() < 0.8 else random.choice(TURNS) + timedelta(days=random.choice((-1, 0, 400)))
    return {"as_of": as_of, "known_on": known_on, "lateness": random.choice(tuple(POLICIES))}


def dossier(random: Random, number: int) -> Json:
    """One dossier: accepted near a turn of the law or anywhere, then some events in the weeks after."""
    accepted = (
        random.choice(TURNS) + timedelta(days=random.randint(-15, 3))
        if random.random() < 0.5
        else date(2015, 1, 1) + timedelta(days=random.randrange(4300))
    )
    events = [{"kind": "dossier_accepted", "at": f"{accepted}{random.choice(HOURS)}"}]
    events += [_event(random, accepted) for _ in range(random.randint(0, 6))]
    made: Json = {"dossier_id": f"HS-{number}", "events": events}
    for name, choices in (("jurisdiction", PLACES), ("time_limit", LIMITS), ("channel", (None, "online", "postal"))):
        chosen = random.choice(choices)
        if chosen is not None:
            made[name] = chosen
    return made


def _event(random: Random, accepted: date) -> Json:
    kind = random.choice(LIKELY)
    day = accepted + timedelta(days=random.choice((0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 20, 31)))
    event: Json = {"kind": kind, "at": f"{day}{random.choice(HOURS)}"}
    if kind == "reappointed" or (kind == "apology_sent" and random.random() < 0.7):
        event["new_due"] = f"{day + timedelta(days=random.randint(-3, 15))}"
    if kind == "apology_sent":
        maybe: Json = {
            "reason": random.choice(("", "chờ ý kiến")),
            "form": random.choice(("apology_slip", "other")),
            "attached": random.choice((True, False)),
        }
        event |= {name: value for name, value in maybe.items() if random.random() < 0.7}
    if kind == "supplement_requested":
        event |= {"after_appraisal": True} if random.random() < 0.5 else {}
        event |= {"applicant_fault": True} if random.random() < 0.1 else {}
    if kind == "interval_excluded":
        event |= {"from": f"{day}", "to": f"{day + timedelta(days=random.randint(0, 5))}", "reason": "lý do"}
    return event
