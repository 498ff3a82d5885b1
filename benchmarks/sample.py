"""Dossiers of five events, the same ones every time: what a portal holds at the end of November 2024."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from tthc_rules import Calendar, Dossier

SEED: Final = 20261121
AS_OF: Final = date(2024, 11, 29)
FIRST_DAY: Final = date(2024, 5, 13)
LAST_DAY: Final = date(2024, 10, 18)

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """One dossier: as JSON holds it, and validated."""

    shape: str
    data: Data
    dossier: Dossier


class _Maker:
    """Makes one dossier after another; every draw comes from one generator with a fixed seed."""

    def __init__(self, calendar: Calendar, seed: int) -> None:
        self.calendar, self.random = calendar, Random(seed)
        self.made = 0

    def after(self, day: date, fewest: int, most: int) -> date:
        return self.calendar.add_workdays(day, self.random.randint(fewest, max(fewest, most)))

    def at(self, day: date, first: str = "07:30", last: str = "16:45") -> str:
        low, high = (int(text[:2]) * 60 + int(text[3:]) for text in (first, last))
        minutes = self.random.randint(low, high)
        return datetime.combine(day, time(minutes // 60, minutes % 60)).isoformat(timespec="minutes")

    def workday(self, first: date, last: date) -> date:
        day = first + timedelta(days=self.random.randrange((last - first).days + 1))
        return self.calendar.add_workdays(day, 0)

    def reception(self, day: date, due: date) -> list[Data]:
        """Accepted, with the slip's date on half of the dossiers, and forwarded: in time, but for one in ten."""
        accepted: Data = {"kind": "dossier_accepted", "at": self.at(day)}
        if self.random.random() < 0.5:
            accepted["appointed_due"] = f"{due}T17:00"
        late = accepted["at"][11:] > "15:00" or self.random.random() < 0.1
        forwarded = self.at(self.after(day, 1, 1), last="08:30") if late else self.at(day, "16:46", "17:00")
        return [accepted, {"kind": "dossier_forwarded", "at": forwarded}]

    def dossier(self, limit: int, events: list[Data]) -> Data:
        self.made += 1
        channel = self.random.choices(("in_person", "online", "postal"), (60, 30, 10))[0]
        return {
            "dossier_id": f"H56.14-240823-{self.made:04d}",
            "procedure": "1.004227",
            "channel": channel,
            "units": {"handling_agency": "so-tai-nguyen", "one_stop_unit": "ttpvhcc"},
            "time_limit": {"amount": limit, "unit": "workday"},
            "events": events,
        }

    # -- the five shapes -----------------------------------------------------------------------------------------------

    def on_time(self) -> Data:
        limit, day = self.random.randint(3, 20), self.workday(FIRST_DAY, LAST_DAY)
        done = self.after(day, 2, limit)
        events = [
            {"kind": "dossier_submitted", "at": self.at(day, "07:00", "07:29")},
            *self.reception(day, self.calendar.add_workdays(day, limit)),
            {"kind": "result_issued", "at": self.at(done, "08:31")},
            {"kind": "result_returned", "at": self.at(self.after(done, 1, 3))},
        ]
        return self.dossier(limit, events)

    def late_with_apology(self) -> Data:
        """Some slips come too late or say too little; some systems log slip and new date in one instant."""
        limit, day = self.random.randint(3, 20), self.workday(FIRST_DAY, LAST_DAY)
        due = self.calendar.add_workdays(day, limit)
        slip_day = self.calendar.add_workdays(day, limit - self.random.choice((0, 1, 1, 2)))
        new = self.after(due, 3, 8)
        slip: Data = {"kind": "apology_sent", "at": self.at(slip_day, "08:31"), "form": "apology_slip"}
        if self.random.random() < 0.9:
            slip |= {"reason": self.random.choice(("chờ ý kiến của cơ quan phối hợp", "")), "new_due": f"{new}"}
        again = slip["at"] if self.random.random() < 0.5 else f"{slip['at'][:11]}16:59"
        events = [
            *self.reception(day, due),
            slip,
            {"kind": "reappointed", "at": again, "new_due": f"{new}"},
            {"kind": "result_issued", "at": self.at(self.after(due, 1, 10))},
        ]
        return self.dossier(limit, events)

    def paused(self) -> Data:
        """One in five still stands still."""
        if self.random.random() < 0.2:
            return self.still_paused()
        limit, day = self.random.randint(5, 20), self.workday(FIRST_DAY, LAST_DAY)
        stop = self.after(day, 2, limit - 1)
        resumed = self.after(stop, 1, 15)
        events = [
            *self.reception(day, self.calendar.add_workdays(day, limit)),
            {"kind": "clock_paused", "at": self.at(stop), "ground": "khoản 2 Điều 21", "reason": "chờ giám định"},
            {"kind": "clock_resumed", "at": self.at(resumed)},
            {"kind": "result_issued", "at": self.at(self.after(resumed, 1, limit))},
        ]
        return self.dossier(limit, events)

    def still_paused(self) -> Data:
        limit, day = self.random.randint(8, 20), self.workday(date(2024, 10, 21), date(2024, 11, 15))
        step = self.after(day, 1, 2)
        events = [
            {"kind": "dossier_submitted", "at": self.at(day, "07:00", "07:29")},
            *self.reception(day, self.calendar.add_workdays(day, limit)),
            {"kind": "step_assigned", "at": self.at(step, "08:31"), "agency": "phong-chuyen-mon"},
            {"kind": "clock_paused", "at": self.at(self.after(step, 1, 5)), "ground": "khoản 2 Điều 21"},
        ]
        return self.dossier(limit, events)

    def supplement(self) -> Data:
        limit, day = self.random.randint(5, 20), self.workday(FIRST_DAY, LAST_DAY)
        asked = self.after(day, 2, 4)
        back = self.after(asked, 1, 10)
        events = [
            *self.reception(day, self.calendar.add_workdays(day, limit)),
            {"kind": "supplement_requested", "at": self.at(asked), "after_appraisal": True},
            {"kind": "supplement_received", "at": self.at(back)},
            {"kind": "result_issued", "at": self.at(self.after(back, 1, limit + 3))},
        ]
        return self.dossier(limit, events)

    def open(self) -> Data:
        """No result yet: not due, due soon, or overdue."""
        limit, day = self.random.randint(5, 20), self.workday(date(2024, 10, 21), date(2024, 11, 22))
        step = self.after(day, 1, 2)
        agency = {"agency": "phong-chuyen-mon"}
        events = [
            {"kind": "dossier_submitted", "at": self.at(day, "07:00", "07:29")},
            *self.reception(day, self.calendar.add_workdays(day, limit)),
            {"kind": "step_assigned", "at": self.at(step, "08:31"), "due": f"{self.after(step, 1, 3)}", **agency},
            {"kind": "step_done", "at": self.at(self.after(step, 1, 2)), **agency},
        ]
        return self.dossier(limit, events)


SHAPES: Final[tuple[tuple[str, Callable[[_Maker], Data]], ...]] = (
    ("on time", _Maker.on_time),
    ("late with apology", _Maker.late_with_apology),
    ("paused", _Maker.paused),
    ("supplement and restart", _Maker.supplement),
    ("open or overdue", _Maker.open),
)


def samples(count: int, calendar: Calendar, seed: int = SEED) -> list[Sample]:
    """`count` dossiers, the five shapes in equal parts and in turn."""
    maker = _Maker(calendar, seed)
    made = []
    for place in range(count):
        shape, make = SHAPES[place % len(SHAPES)]
        data = make(maker)
        while max(event["at"] for event in data["events"])[:10] > f"{AS_OF}":
            data = make(maker)
        dossier = Dossier.model_validate(data)
        assert len(dossier.events) == 5
        made.append(Sample(shape, data, dossier))
    return made
