"""Dossiers grown step by step, each step set near an edge of what came before it.

The day before, on and after the due date as it stands, Tết, a swap, a new decree, the day on which a letter came.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any, TypeVar

from .answers import ENDS
from .compare import Asked
from .counting import Json, OpenError, moment
from .days import LAST_HOUR, ONE, PUBLICATIONS, REGIMES, SLIP, day, rows, walk
from .judge import Judged, judge

Some = TypeVar("Some")
FAR = dt.date(2100, 1, 1)
EDGES = (
    {row.date + dt.timedelta(days=shift) for row in rows() for shift in (-9, -4, -3, -2, -1, 0, 1)}
    | {regime.start + dt.timedelta(days=shift) for regime in REGIMES for shift in (-8, -2, -1, 0, 1)}
    | {published + dt.timedelta(days=shift) for published in PUBLICATIONS for shift in (-1, 0, 1)}
    | {dt.date(year, month, months.monthrange(year, month)[1]) for year in range(2008, 2029) for month in range(1, 13)}
)
SPANS = (
    ("2007-06-18", "2015-05-15"),
    ("2015-05-15", "2018-06-21"),
    ("2018-06-21", "2022-01-01"),
    ("2022-01-01", "2025-07-01"),
    ("2025-07-01", "2026-08-05"),
    ("2026-08-05", "2029-01-01"),
)
"""By regime, or that decree with the many years would have most of the edges."""


def _edges(first: str, until: str) -> list[dt.date]:
    return sorted(edge for edge in EDGES if day(first) <= edge < day(until))


ANCHORS: dict[str | None, tuple[list[dt.date], ...]] = {
    None: (*(_edges(a, b) for a, b in SPANS), list(walk(day("2007-06-22"), day("2028-06-30")))),
    SLIP: (
        _edges("2020-09-12", "2028-06-01"),
        [day(f"20{text}") for text in ("20-09-14", "20-09-15", "25-06-30", "25-07-01")],
    ),
    LAST_HOUR: (_edges("2025-11-14", "2028-06-01"), list(walk(day("2025-11-15"), day("2027-12-31")))),
}
NEAR_CLOSING = ("15:58:30", "15:59", "16:00", "16:00:30", "16:01", "16:59", "17:00", "17:01", "09:00", "07:30")
HOURS = (
    "07:30", "08:30", "11:29:30", "11:30", "12:10", "15:00", "15:00:30", "15:01", "16:59", "17:00", "23:59:30", "00:00",
)  # fmt: skip
AMOUNTS = {
    "workday": (0, 1, 2, 3, 5, 7, 10, 15, 30),
    "calendar_day": (0, 1, 3, 5, 10, 29, 30, 45),
    "week": (0, 1, 2, 4),
    "month": (0, 1, 2, 3, 6, 12, 13),
    "year": (0, 1, 2),
    "work_hour": (0, 1, 2, 4, 8, 16, 20),
}
UNITS = ("workday", "workday", "workday", "calendar_day", "calendar_day", "week", "month", "year", "work_hour")
POLICIES = ("by_date", "by_date", "by_instant", "promised_by_date", "promised_by_instant", "qd766", "qd766")
KINDS = {
    "pause": "clock_paused", "resume": "clock_resumed", "request": "supplement_requested",
    "receive": "supplement_received", "pay": "payment_awaited", "paid": "payment_received",
    "ask": "opinion_requested", "answer": "opinion_received", "accept": "dossier_accepted", "lost": "dossier_lost",
}  # fmt: skip
CLOSING = {"pause": "resume", "request": "receive", "pay": "paid", "ask": "answer"}
RECEIPTS = {KINDS[opened]: KINDS[closed] for opened, closed in CLOSING.items()}
STEPS = (
    "pair", "pair", "pair", "pair", "many", "many", "pause", "resume", "request", "receive", "ask", "answer", "silent",
    "reappoint", "reappoint", "exclude", "exclude", "chain", "accept", "same", "lost", "other",
)  # fmt: skip
REQUESTS = ("request", "request", "receive", "receive", "silent", "same")
"""What the policy `qd766` looks at."""
OTHERS = (
    "dossier_submitted", "dossier_forwarded", "step_assigned", "step_done", "apology_sent", "delay_notice_sent",
    "paper_forwarded", "synced_national", "late_officers_published",
)  # fmt: skip
END_KINDS = tuple(kind for kinds in ENDS for kind in kinds)
EARLY = (
    "clock_paused", "clock_resumed", "supplement_requested", "supplement_received", "reappointed", "interval_excluded",
    "dossier_submitted", "dossier_lost", *OTHERS, *END_KINDS,
)  # fmt: skip
BEFORE = ("dossier_refused", "dossier_withdrawn", "dossier_closed", "processing_stopped")
CLOCK_KINDS = (*KINDS.values(), "interval_excluded", "reappointed", *END_KINDS)
EVERY_KIND = tuple(
    dict.fromkeys((*CLOCK_KINDS, *OTHERS, "slip_sent", "received_by_competent_agency", "error_reported"))
)


class Grower:
    """Adds one event after the other, each at a day that the state of the walk makes interesting."""

    def __init__(self, random: Random, unit: str, procedure: str | None = None) -> None:
        self.random = random
        self.hours = NEAR_CLOSING if procedure else HOURS
        limit: Json = {"amount": self.pick(AMOUNTS[unit]), "unit": unit}
        if limit["amount"] == 0 and self.chance(2):
            limit["cutoff"] = self.pick(("15:00", "11:30"))
        limit["pauses_for"] = self.pick(([], ["payment"], ["opinion"], ["payment", "opinion"], ["payment", "opinion"]))
        self.by_hour = unit == "work_hour" and limit["amount"] > 0
        self.anchor = self.pick(self.pick(ANCHORS[procedure]))
        self.last = self.anchor
        self.events: list[Json] = []
        self.dossier: Json = {"dossier_id": "W", "events": self.events, "time_limit": limit}
        if procedure:
            self.dossier["procedure"] = procedure
        self.known: tuple[int, Judged] = -1, Judged()  # of so many events
        self.lateness = self.pick(POLICIES)

    # -- chance --

    def pick(self, among: Sequence[Some]) -> Some:
        return among[int(self.random.random() * len(among))]

    def chance(self, of: int) -> bool:
        """One time in so many."""
        return int(self.random.random() * of) == 0

    def shifted(self, date: dt.date, *shifts: int) -> dt.date:
        return date + dt.timedelta(days=self.pick(shifts))

    def moment(self, date: dt.date, *, bare: bool) -> str:
        return date.isoformat() if bare else f"{date}T{self.pick(self.hours)}"

    def bare(self) -> bool:
        return self.chance(6 if self.by_hour else 8)

    def now(self) -> Judged:
        if self.known[0] != len(self.events):
            try:
                self.known = len(self.events), judge(self.dossier, self.last, FAR)
            except OpenError:
                self.known = len(self.events), Judged()
        return self.known[1]

    def date(self) -> dt.date:
        """A day from which on the next thing may happen."""
        chosen = self.shifted(self.last, 0, 1, 2, 4, 9)
        standing = self.now().standing if self.chance(2) else None
        if standing is not None:
            turns = [standing.day, standing.day]
            turns += [dt.date.fromordinal(standing.unrolled)] if standing.unrolled else []
            turn = self.shifted(self.pick(turns), -2, -1, -1, 0, 0, 1, 1, 2)
            if self.last <= turn <= self.last + dt.timedelta(days=900):
                chosen = turn
        self.last = chosen
        return chosen

    def add(self, kind: str, at: str, **data: Any) -> None:
        self.events.append({"kind": kind, "at": at, **data})

    # -- steps --

    def accept(self) -> None:
        accepted: Json = {"kind": "dossier_accepted", "at": self.moment(self.anchor, bare=self.chance(10))}
        if self.chance(4):
            promised = self.shifted(self.anchor, 1, 5, 7, 9)
            accepted["appointed_due"] = self.moment(promised, bare=self.chance(2))
        self.events.append(accepted)
        if self.dossier.get("procedure") == SLIP and not self.chance(10):
            sent = self.shifted(self.anchor, -1, 0, 0, 0, 1, 3)
            self.last = max(self.last, sent)
            self.add("slip_sent", self.moment(sent, bare=self.chance(6)))

    def step(self) -> None:
        step = self.pick(REQUESTS if self.lateness == "qd766" and self.chance(2) else STEPS)
        if step == "pair":
            opened = self.pick(tuple(CLOSING))
            self.happen(opened)
            self.happen(CLOSING[opened])
        elif step == "many":
            self.many()
        else:
            self.happen(step)

    def many(self) -> None:
        """Several stops at once: opened and ended in any order, some never; an exclusion chain over them."""
        opened = [self.pick(("pause", "pay", "ask", "ask", "request")) for _ in range(self.pick((2, 2, 3, 4)))]
        events: list[tuple[str, str]] = []
        for number, what in enumerate(opened):
            self.happen(what, agency=("so-a", "so-b")[number % 2])
            events.append((CLOSING[what], ("so-a", "so-b")[number % 2]))
        if self.chance(3):
            self.happen("chain")
        self.random.shuffle(events)
        for what, agency in events[: self.pick((1, 2, 4, 4))]:
            self.happen(what, agency=agency)

    def happen(self, what: str, agency: str | None = None) -> None:
        if what == "same":
            twin = dict(self.pick(self.events))
            if twin["at"].count(":") == 1 and self.chance(2):
                twin["at"] += ":00"
            self.events.append(twin)
            return
        at = self.moment(self.date(), bare=self.bare())
        match what:
            case "exclude":
                self.exclude(at)
            case "chain":
                self.chain(at)
            case "reappoint":
                self.reappoint(at)
            case "receive" if self.chance(2):
                promised = self.moment(self.shifted(self.last, 1, 3, 5, 8), bare=self.chance(2))
                self.add("supplement_received", at, appointed_due=promised)
            case "silent":
                self.add("supplement_requested", at, after_appraisal=False)
            case "ask" | "answer":
                self.add(KINDS[what], at, agency=agency or self.pick(("so-a", "so-b")))
            case "pause" if not self.chance(4):
                self.add("clock_paused", at, ground="…")
            case "other":
                kind = self.pick(OTHERS)
                self.add(kind, at, **({"agency": "so-a"} if kind.startswith("step") else {}))
            case _:
                self.add(KINDS[what], at)

    def reappoint(self, at: str) -> None:
        if self.chance(12):
            self.add("reappointed", at)
        elif not self.now().waiting:
            standing = self.now().standing
            base = self.last if standing is None else standing.day
            self.add("reappointed", at, new_due=self.shifted(base, -1, 0, 1, 2, 3, 10).isoformat())

    def exclude(self, at: str) -> None:
        middle = self.pick((self.last, self.anchor))
        if self.chance(2) and (standing := self.now().standing):
            middle = standing.day
        first = self.shifted(middle, -3, -1, 0, 1)
        ends = {"from": first.isoformat(), "to": self.shifted(first, -1, 0, 1, 4).isoformat()}
        if self.chance(15):
            del ends[self.pick(("from", "to"))]
        self.add("interval_excluded", at, **ends)

    def chain(self, at: str) -> None:
        """Two or three exclusions apart, and one over them that joins them, recorded in any order."""
        first = begin = self.shifted(self.last, -3, 0, 1)
        spans = []
        for _ in range(self.pick((2, 2, 3))):
            spans.append((begin, self.shifted(begin, 0, 1, 3)))
            begin = self.shifted(spans[-1][1], 2, 3, 5)
        spans.append((self.shifted(first, -1, 0, 1), self.shifted(self.pick(spans[-1]), -1, 0, 1)))
        self.random.shuffle(spans)
        for begin, end in spans:
            self.add("interval_excluded", at, **{"from": begin.isoformat(), "to": end.isoformat()})

    def finish(self) -> None:
        for _ in range(self.pick((0, 1, 1, 1, 2, 3))):
            self.add(self.pick(END_KINDS), self.moment(self.date(), bare=self.chance(7)))

    def early(self) -> None:
        """Before the acceptance, or on its day."""
        for _ in range(self.pick((1, 1, 2, 3))):
            kind = self.pick(BEFORE) if self.chance(2) else self.pick(EARLY)
            data: Json = {"agency": "so-a"} if kind.startswith(("step", "opinion")) else {}
            date = self.shifted(self.anchor, 0, -1, -3)
            self.add(kind, self.moment(date, bare=not self.chance(3)), **data)

    def hide(self) -> None:
        """What the source cannot show, and what this record lacks."""
        if self.chance(2):
            self.dossier["unknown"] = self.random.sample(
                ("acceptance", "pauses", "pauses", "finish", "finish"), self.pick((0, 1, 1, 1, 2))
            )
        if self.chance(2):
            hidden = {self.pick(CLOCK_KINDS) for _ in range(self.pick((1, 1, 2, 3)))}
            opened = [event["kind"] for event in self.events if event["kind"] in RECEIPTS]
            if opened and self.chance(2):  # a stop whose end was not seen: the source could not have shown it
                receipt = RECEIPTS[self.pick(opened)]
                self.events[:] = [event for event in self.events if event["kind"] != receipt]
                hidden = {receipt}
            elif self.chance(4):
                hidden = {"result_issued", "result_returned"}
            elif self.chance(10):
                hidden = set(EVERY_KIND)
            self.dossier["observes"] = [kind for kind in EVERY_KIND if kind not in hidden]

    def question(self) -> Asked:
        as_of = self.shifted(self.last, 0, 0, 1, 20)
        if self.chance(12):
            as_of = self.anchor
        if self.chance(2) and (standing := self.now().standing):
            as_of = self.shifted(standing.day, -3, -2, -1, 0, 1, 2, 8)
        known_on = None
        if not self.chance(3):
            far = [self.anchor - ONE, self.anchor, self.anchor + dt.timedelta(days=40), dt.date(2030, 1, 1)]
            near = [date for date in PUBLICATIONS if abs((date - self.anchor).days) < 400]
            known_on = self.shifted(self.pick(near), -1, 0) if near and self.chance(2) else self.pick(far)
        instants = [moment(one["at"]).instant for one in self.events]
        if len(set(instants)) == len(instants) and self.chance(2):
            self.events.reverse()
        return Asked(self.dossier, as_of, known_on, self.lateness)


def grown(
    random: Random, units: Sequence[str] = UNITS, procedures: Sequence[str | None] = (None,), gaps: int = 3
) -> Asked:
    """One dossier and what is asked of it; one in `gaps` has a source of gaps (0: none)."""
    grower = Grower(random, grower_unit := random.choice(units), random.choice(procedures))
    if not grower.chance(30):
        grower.accept()
        for _ in range(grower.pick((0, 1, 1, 2, 3, 5))):
            grower.step()
        grower.finish()
        if grower.chance(4):
            grower.step()  # after the end
    if not grower.events or grower.chance(6):
        grower.early()
    if grower.dossier.get("procedure") is None and grower.chance(12):
        grower.dossier["filed_elsewhere"] = True
        grower.add("received_by_competent_agency", grower.moment(grower.date(), bare=grower.bare()))
    if grower.dossier.get("procedure") is None and gaps and grower.chance(gaps):
        grower.hide()
    if grower.chance(60) and grower_unit != "work_hour":
        grower.dossier["time_limit"] = {"none": True}
    return grower.question()
