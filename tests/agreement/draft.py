"""A dossier while it is being made: a limit, a start, an estimate of its due date, and events around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from random import Random
from typing import Any, Final, TypeVar

from tthc_rules.law.civil import day_of
from tthc_rules.law.question import Question

from .ground import TIMES, Ground, Shifts, iso, iso_as_is, near

Json = dict[str, Any]
T = TypeVar("T")

BARE: Final = -1
YEAR_2013: Final = 15706
OFFICE: Final = (
    450,
    480,
    510,
    555,
    600,
    689,
    690,
    691,
    750,
    780,
    840,
    899,
    900,
    901,
    960,
    1019,
    1020,
    1021,
    1080,
    1200,
)
ENDS: Final = (
    "result_issued", "result_returned", "dossier_refused", "processing_stopped", "dossier_closed", "dossier_withdrawn",
)  # fmt: skip
GAPS: Final = ("acceptance", "pauses", "finish")
ENDED: Final = ("result_issued",) * 5 + ENDS
SIGNS: Final = (-1, 0, 1)
KINDS: Final = (
    "dossier_submitted", "dossier_accepted", "dossier_refused", "dossier_forwarded", "supplement_requested",
    "supplement_received", "clock_paused", "clock_resumed", "payment_awaited", "payment_received",
    "opinion_requested", "opinion_received", "step_assigned", "step_done", "delay_notice_sent", "apology_sent",
    "reappointed", "interval_excluded", "received_by_competent_agency", "result_issued", "result_returned",
    "processing_stopped", "dossier_withdrawn", "dossier_lost", "synced_national", "late_officers_published",
    "paper_forwarded", "error_reported", "result_corrected", "slip_sent", "dossier_closed",
)  # fmt: skip
_COMMON: Final = (
    "supplement_requested", "supplement_received", "clock_paused", "clock_resumed", "apology_sent", "reappointed",
    "dossier_forwarded", "delay_notice_sent", "interval_excluded", "payment_awaited", "payment_received",
    "opinion_requested", "opinion_received",
)  # fmt: skip
ANY_KIND: Final = KINDS + _COMMON
AGENCIES: Final = ("so-tai-chinh", "so-xay-dung", "ubnd-xa", None)
UNITS: Final = ("workday",) * 11 + ("calendar_day",) * 4 + ("work_hour",) * 3 + ("week", "month", "month", "year")
OWN_TIMES: Final = ("return_within", "answer_within", "closes_after")
OWN_UNITS: Final = (
    "workday",
    "workday",
    "calendar_day",
    "calendar_day",
    "work_hour",
    "work_hour",
    "week",
    "month",
    "year",
)
TABLE: Final[Shifts] = ((450, 690), (780, 1020))


class Draft:
    """One dossier in the making; `due` is where its limit ends, moved by the pauses and restarts that are added."""

    __slots__ = (
        "amount", "as_of", "base", "calendar", "cutoff", "doc", "due", "due_minute", "events", "ground", "hours",
        "idx", "is_open", "minute", "nth", "r", "start", "unit",
    )  # fmt: skip

    def __init__(self, rng: Random, ground: Ground, question: Question, is_open: bool, serial: str) -> None:
        self.r = rng.random
        self.ground = ground
        self.calendar = calendar = ground.calendar(question)
        self.base, self.idx, self.nth = calendar.base, calendar.idx, calendar.nth
        self.as_of = day_of(question.as_of)
        self.hours = question.hours
        self.is_open = is_open
        self.events: list[Json] = []
        self.doc: Json = {"dossier_id": serial}
        self.start = self.due = 0
        self.minute = 480
        self.due_minute = 1440
        self.amount, self.unit, self.cutoff = 5, "workday", -1

    # -- chance --------------------------------------------------------------------------------------------------------

    def pick(self, choices: Sequence[T]) -> T:
        """One of several."""
        return choices[int(self.r() * len(choices))]

    def some(self, low: int, high: int) -> int:
        """A number between two, both included."""
        return low + int(self.r() * (high - low + 1))

    def some_day(self) -> int:
        """A day: near the day that is asked about, or in the years that matter most."""
        if self.is_open:
            return self.as_of - self.some(0, 45)
        u = self.r()
        if u < 0.86:
            return YEAR_2013 + int(u / 0.86 * 5478)  # 2013 to 2027
        if u < 0.95:
            return 13150 + int((u - 0.86) / 0.09 * 2556)  # 2006 to 2012
        return 21185 + int((u - 0.95) / 0.05 * 26600)  # 2028 to 2100

    def special(self, days: tuple[int, ...]) -> int:
        """One of the special days, near the day that is asked about where one is asked about."""
        if not days:
            return self.some_day()
        if self.is_open:
            return near(days, self.as_of, self.r())
        day = self.pick(days)
        return day if day > YEAR_2013 or self.r() < 0.3 else self.pick(days)

    def rest(self) -> tuple[int, int]:
        """First and last day of a long rest."""
        rests = self.ground.long_rests
        if not rests:
            day = self.some_day()
            return day, day + 8
        if not self.is_open:
            return rests[-1 - int(self.r() ** 1.5 * len(rests))]
        first = near(tuple(rest[0] for rest in rests), self.as_of, self.r())
        return next(rest for rest in rests if rest[0] == first)

    # -- days ----------------------------------------------------------------------------------------------------------

    def works(self, day: int) -> bool:
        """Whether it is a workday, as known."""
        return 0 < day - self.base < len(self.idx) and bool(self.calendar.works[day - self.base])

    def add_workdays(self, day: int, amount: int) -> int:
        """So many workdays on (or back), or as many days where the calendar does not reach."""
        at = day - self.base
        if not 0 <= at < len(self.idx):
            return day + amount
        place = self.idx[at] + amount
        return self.nth[place] if 0 < place < len(self.nth) else day + amount

    def rolled(self, day: int) -> int:
        """The day itself or the next workday."""
        return day if self.works(day) else self.add_workdays(day, 1)

    # -- the limit and the start ---------------------------------------------------------------------------------------

    def limit(self, units: Sequence[str] = UNITS, *, zero: float = 0.04, waits: float = 0.25) -> None:
        """A limit of one of these units."""
        unit = self.pick(units)
        self.unit = unit
        u = self.r()
        top = {"workday": 20, "calendar_day": 40, "work_hour": 40, "week": 4, "month": 6, "year": 2}[unit]
        self.amount = 0 if u < zero else 1 + int(u * u * top)
        self.cutoff = -1
        limit: Json = {"amount": self.amount, "unit": unit}
        if self.r() < (0.6 if self.amount == 0 else 0.05):
            self.cutoff = self.pick((900, 690, 1019))
            limit["cutoff"] = TIMES[self.cutoff][1:]
        if self.r() < waits:
            limit["pauses_for"] = self.pick((["payment"], ["opinion"], ["payment", "opinion"], []))
        self.doc["time_limit"] = limit

    def own_times(self, *names: str) -> None:
        """What sector law says beside the limit."""
        for name in names or OWN_TIMES:
            unit = self.pick(OWN_UNITS)
            most = {"workday": 20, "calendar_day": 30, "work_hour": 24, "week": 4, "month": 2, "year": 1}[unit]
            amount = 2**31 - 1 if self.r() < 0.01 else self.some(0, most)
            self.doc.setdefault("time_limit", {"none": True})[name] = {"amount": amount, "unit": unit}

    def own_end(self, name: str, day: int, minute: int) -> tuple[int, int]:
        """Where such a time ends that began then, or close to it."""
        own = self.doc["time_limit"][name]
        if own["amount"] > 60:
            return day, 1440
        before = self.amount, self.unit, self.due, self.due_minute
        self.amount, self.unit = own["amount"], own["unit"]
        self.reckon(day, max(minute, 0))
        end = self.due, self.due_minute
        self.amount, self.unit, self.due, self.due_minute = before
        return end

    def set_limit(self, amount: int, unit: str, **more: object) -> None:
        """A limit as it is given."""
        self.amount, self.unit, self.cutoff = amount, unit, -1
        self.doc["time_limit"] = {"amount": amount, "unit": unit, **more}

    def begin(self, start: int, minute: int | None = None, **fields: object) -> None:
        """Accept the dossier on that day."""
        self.start = start
        self.minute = self.pick(OFFICE) if minute is None else minute
        self.add("dossier_accepted", start, self.minute, fields)
        self.reckon(start, self.minute)

    def begin_due(self, due: int, minute: int | None = None) -> None:
        """Accept the dossier so that it falls due on that day, or close to it."""
        if self.unit == "workday" or self.amount == 0:
            start = self.add_workdays(due, -self.amount)
        elif self.unit == "work_hour":
            start = self.add_workdays(due, -(self.amount // 8))
        else:
            start = due - self.amount * {"calendar_day": 1, "week": 7, "month": 30, "year": 365}[self.unit]
        if self.r() < 0.25:
            start += self.pick(SIGNS)
        self.begin(start, minute)

    def reckon(self, start: int, minute: int) -> None:
        """Where a plain limit from that start ends."""
        n = self.amount
        self.due_minute = 1440
        if n == 0:
            self.due = self.rolled(start)
        elif self.unit == "workday":
            self.due = self.add_workdays(start, n)
        elif self.unit == "work_hour":
            self.due, self.due_minute = self.by_hours(start, minute, n * 60)
        elif self.unit in ("calendar_day", "week"):
            self.due = self.rolled(start + n * (7 if self.unit == "week" else 1))
        else:
            first = date.fromordinal(start + 719163)
            months = first.year * 12 + first.month - 1 + n * (12 if self.unit == "year" else 1)
            year, month = months // 12, months % 12 + 1
            longest = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
            self.due = self.rolled(date(year, month, min(first.day, longest)).toordinal() - 719163)

    def by_hours(self, day: int, minute: int, left: int) -> tuple[int, int]:
        shifts = self.shifts(day)
        for _ in range(200):
            if self.works(day):
                for opens, closes in shifts:
                    start = max(opens, minute)
                    if start < closes:
                        if closes - start >= left:
                            return day, start + left
                        left -= closes - start
            minute = 0
            day += 1
        return day, 1440

    def shifts(self, day: int) -> Shifts:
        """Office hours on that day."""
        tables = self.ground.hours
        name = self.hours or self.ground.hours_of_place.get(self.doc.get("jurisdiction", ""), "default")
        label = iso_as_is(day)[5:]
        return next((s for first, last, s in tables.get(name, ()) if first <= label <= last), TABLE)

    # -- events --------------------------------------------------------------------------------------------------------

    def add(self, kind: str, day: int, minute: int | None = None, fields: Json | None = None) -> Json:
        """One event; without a minute one of the office day, `BARE` for a bare date."""
        if minute is None:
            minute = self.pick(OFFICE) if self.r() < 0.94 else BARE
        event: Json = {"kind": kind, "at": self.moment(day, minute)}
        if fields:
            event.update(fields)
        self.events.append(event)
        return event

    def moment(self, day: int, minute: int) -> str:
        """An instant as people and machines write it."""
        if minute < 0:
            return iso(day)
        u = self.r()
        if u < 0.95:
            return iso(day) + TIMES[minute]
        if u < 0.97:
            return f"{iso(day)}{TIMES[minute]}{self.pick((':00', ':01', ':30', ':59', ':00.000001', ':30,5'))}"
        ahead = self.pick((7, 7, 0, 9, -5))
        shifted = minute - 420 + ahead * 60
        day += shifted // 1440
        zone = "Z" if ahead == 0 else f"{'-' if ahead < 0 else '+'}{abs(ahead):02d}{':' if u < 0.99 else ''}00"
        return f"{iso(day)}{self.pick('T ')}{TIMES[shifted % 1440][1:]}{zone}"

    def appointment(self, day: int) -> str:
        """A date on a slip, with its hour now and then."""
        return iso(day) if self.r() < 0.7 else self.moment(day, self.pick(OFFICE))

    def any_event(self, first: int, last: int) -> Json:
        """Any event between two days, with fields of its kind."""
        kind = self.pick(ANY_KIND)
        day = self.some(first, last)
        fields = _FIELDS.get(kind)
        return self.add(kind, day, None, fields(self, day) if fields else None)

    def finish(self, days: Sequence[int] = SIGNS, *, never: float = 0.15, around: int | None = None) -> None:
        """An end so many days after the due date, or none."""
        if self.r() < never:
            return
        day = (self.due if around is None else around) + self.pick(days)
        minute = None
        if self.due_minute < 1440 and self.r() < 0.7:
            minute = max(0, min(self.due_minute + self.pick(SIGNS), 1439))
        self.add(self.pick(ENDED), day, minute)

    def pause(self, first: int, last: int | None, kind: str = "clock", agency: str | None = None) -> None:
        """A pause from one day to another, or without end; the estimate of the due date moves."""
        names = {
            "clock": ("clock_paused", "clock_resumed"),
            "payment": ("payment_awaited", "payment_received"),
            "opinion": ("opinion_requested", "opinion_received"),
            "supplement": ("supplement_requested", "supplement_received"),
        }[kind]
        asked: Json | None = None
        if kind == "clock":
            asked = paused(self, first)
        elif kind == "opinion" and agency is not None:
            asked = {"agency": agency}
        self.add(names[0], first, None, asked)
        if last is None:
            return
        self.add(names[1], last, None, {"agency": agency} if kind == "opinion" and agency is not None else None)
        if first >= self.due or last <= first:
            return
        if self.unit == "workday":
            a, b = first - self.base, last - self.base
            if 0 <= a < len(self.idx) and 0 <= b < len(self.idx):
                self.due = self.add_workdays(self.due, self.idx[b] - self.idx[a])
        else:
            self.due = self.rolled(self.due + last - first)

    def hide(self, *kinds: str) -> None:
        """The source does not observe these kinds, and shows every other."""
        self.doc["observes"] = [kind for kind in KINDS if kind not in kinds]

    def unseen(self) -> None:
        """What the source cannot show: a few kinds, most of them, all; or a gap that the record itself names."""
        u = self.r()
        if u < 0.45:
            self.hide(*(self.pick(KINDS) for _ in range(self.some(1, 6))))
        elif u < 0.55:
            self.doc["observes"] = self.pick(([], ["dossier_accepted"], ["dossier_accepted", "result_issued"], None))
        elif u < 0.65:
            self.hide("apology_sent", "delay_notice_sent")
        if u > 0.6:
            self.doc["unknown"] = self.pick(
                (["pauses"], ["pauses"], ["finish"], ["acceptance"], ["finish", "pauses"], [])
            )

    def slip(self, day: int, minute: int | None = None, **fields: object) -> None:
        """A slip of apology, complete unless said otherwise."""
        stated: Json = {"reason": "chờ xác minh", "new_due": iso(self.due + 5)}
        if self.r() < 0.3:
            stated = apology(self, day)
        self.add("apology_sent", day, minute, {**stated, **fields})


# -- what each kind may state ------------------------------------------------------------------------------------------


def _maybe(draft: Draft, fields: Json, name: str, chance: float, choices: Sequence[object]) -> None:
    if draft.r() < chance:
        fields[name] = draft.pick(choices)


def appointed(draft: Draft, day: int) -> Json:
    """A slip's date, now and then."""
    return {"appointed_due": draft.appointment(day + draft.some(0, 20))} if draft.r() < 0.4 else {}


def paused(draft: Draft, day: int) -> Json:
    """A pause, with or without its ground."""
    fields: Json = {}
    _maybe(draft, fields, "ground", 0.75, ("Điều 10 khoản 2", "Điều 7", "Điều 7", " ", ""))
    _maybe(draft, fields, "reason", 0.3, ("chờ xác minh", ""))
    return fields


def requested(draft: Draft, day: int) -> Json:
    """A request for a supplement."""
    fields: Json = {}
    _maybe(draft, fields, "after_appraisal", 0.25, (True, False, None))
    _maybe(draft, fields, "applicant_fault", 0.25, (True, False, None))
    return fields


def apology(draft: Draft, day: int) -> Json:
    """A slip of apology in all its degrees of completeness."""
    fields: Json = {}
    _maybe(draft, fields, "reason", 0.8, ("chờ xác minh", "thiếu người", "", "  ", None))
    _maybe(draft, fields, "new_due", 0.7, (iso(day + 5), iso(day + 9) + "T10:00", None))
    _maybe(draft, fields, "form", 0.6, ("apology_slip", "apology_slip", "other", None))
    _maybe(draft, fields, "attached", 0.6, (True, True, False, None))
    _maybe(draft, fields, "signer_role", 0.2, ("head_of_unit", "officer"))
    _maybe(draft, fields, "channel", 0.2, ("sms", "post"))
    return fields


def reappointed(draft: Draft, day: int) -> Json:
    """A new appointment, around the due date as estimated."""
    if draft.r() < 0.07:
        return {}
    return {"new_due": draft.appointment((draft.due or day) + draft.pick((-1, 0, 1, 1, 2, 3, 7, 10)))}


def excluded(draft: Draft, day: int) -> Json:
    """An interval that does not count, whole or faulty."""
    first = day - draft.some(0, 4)
    fields: Json = {"from": iso(first), "to": iso(first + draft.pick((0, 0, 1, 2, 3, 9, -1)))}
    if draft.r() < 0.08:
        del fields[draft.pick(("from", "to"))]
    _maybe(draft, fields, "reason", 0.3, ("bão", "mất điện"))
    _maybe(draft, fields, "ground", 0.3, ("Điều 16",))
    return fields


def agency(draft: Draft, day: int) -> Json:
    """The agency asked, and by when."""
    fields: Json = {}
    _maybe(draft, fields, "agency", 0.8, AGENCIES)
    return fields


def agency_and_due(draft: Draft, day: int) -> Json:
    """The agency asked, and by when."""
    fields = agency(draft, day)
    _maybe(draft, fields, "due", 0.3, (iso(day + 3),))
    return fields


def reported(draft: Draft, day: int) -> Json:
    """An error in a result, and whose fault it is."""
    fields: Json = {}
    _maybe(draft, fields, "applicant_fault", 0.5, (True, False, None))
    return fields


def slip(draft: Draft, day: int) -> Json:
    """A slip, by the name of its form."""
    fields: Json = {}
    _maybe(draft, fields, "form", 0.6, ("apology_slip", "receipt_slip", None))
    return fields


_FIELDS: Final[dict[str, Callable[[Draft, int], Json]]] = {
    "dossier_accepted": appointed,
    "supplement_requested": requested,
    "supplement_received": appointed,
    "clock_paused": paused,
    "opinion_requested": agency_and_due,
    "opinion_received": agency,
    "step_assigned": agency_and_due,
    "step_done": agency,
    "apology_sent": apology,
    "reappointed": reappointed,
    "interval_excluded": excluded,
    "error_reported": reported,
    "slip_sent": slip,
}
