"""Makes `events.csv`: a synthetic province of 2026, the same at every run. No real dossier and no person is in it.

Four departments and two communes, April to September. About one dossier in thirty is late; of those that the Department
of Construction owes in August, when it moves to another system, two in five are.

python examples/province/generate.py
"""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from tthc_rules import Calendar, Rulebook

SEED = 2026
FIRST, LAST, SEEN = date(2026, 4, 1), date(2026, 9, 30), date(2026, 10, 9)
"""Accepted from the first day to the last; recorded up to the day on which the export was made."""
COLUMNS = (
    "dossier_id",
    "kind",
    "at",
    "procedure",
    "channel",
    "time_limit.amount",
    "time_limit.unit",
    "units.handling_agency",
    "units.one_stop_unit",
    "appointed_due",
    "new_due",
    "reason",
)
UNITS = {
    "so-xay-dung": (24, (("1.013234", 7), ("1.013236", 20))),
    "so-tu-phap": (20, (("2.000488", 10), ("1.003976", 5))),
    "so-nong-nghiep-va-moi-truong": (18, (("1.012753", 15), ("1.004237", 10))),
    "so-noi-vu": (12, (("1.013017", 15), ("2.002307", 12))),
    "ubnd-phuong-ha-lam": (16, (("1.001193", 1), ("2.000815", 1), ("1.004884", 3))),
    "ubnd-xa-dong-son": (10, (("1.001193", 1), ("1.004884", 3))),
}
"""Dossiers of a month, and procedures with their limits in workdays."""
USUALLY, MOVING = 0.035, 0.4
"""How many are late: mostly, and in the one bad month of the one department."""
REASONS = ("chuyển đổi hệ thống, dữ liệu chưa liên thông", "chờ kết quả xác minh", "hồ sơ cần thẩm định lại")


def at(random: Random, day: date, first: int = 7) -> datetime:
    """An office hour of that day."""
    hour = random.choice([one for one in (7, 8, 8, 9, 9, 10, 13, 14, 14, 15) if one >= first])
    return datetime(day.year, day.month, day.day, hour, random.choice((30, 40, 45, 50, 55)))


Story = list[tuple[str, datetime, dict[str, object]]]


def begun(random: Random, calendar: Calendar, accepted: datetime, amount: int) -> tuple[Story, date]:
    """A dossier up to its due date: accepted and forwarded, now and then sent back once for a supplement."""
    start = accepted.date()
    due = calendar.add_workdays(start, amount)
    story: Story = [("dossier_accepted", accepted, {"appointed_due": due})]
    forwarded = accepted + timedelta(minutes=random.choice((20, 40, 60)))
    if accepted.hour >= 15:
        forwarded = datetime.combine(calendar.add_workdays(start, 1), datetime.min.time()) + timedelta(hours=8)
    story.append(("dossier_forwarded", forwarded, {}))
    if amount >= 5 and random.random() < 0.08:
        asked = calendar.add_workdays(start, random.choice((1, 2, 3)))
        back = calendar.add_workdays(asked, random.randrange(1, 8))
        due = calendar.add_workdays(back, amount)
        story += [("supplement_requested", at(random, asked, 9), {})]
        story += [("supplement_received", at(random, back), {"appointed_due": due})]
    return story, due


def ended(random: Random, calendar: Calendar, story: Story, due: date, amount: int, is_late: bool) -> Story:
    """Its end: mostly early or on the day; a late one is mostly apologised for on the day before, and re-appointed."""
    if not is_late:
        day = due
        for _ in range(random.choice((0, 0, 1, 1, 2)) if amount > 3 else 0):
            earlier = day - timedelta(days=1)
            if calendar.is_workday(earlier) and earlier > story[-1][1].date():
                day = earlier
        done = at(random, day)
        return [*story, ("result_issued", done, {}), ("result_returned", done + timedelta(hours=1), {})]
    done = at(random, calendar.add_workdays(due, random.choice((1, 1, 2, 3, 4))))
    told = random.random()
    letters: Story = []
    if told < 0.85 and amount > 1:
        before = at(random, due - timedelta(days=1 if told < 0.7 else 0), 9)
        new_due = calendar.add_workdays(due, 5)
        letters = [
            ("delay_notice_sent", before, {}),
            ("apology_sent", before + timedelta(minutes=5), {"reason": random.choice(REASONS), "new_due": new_due}),
            ("reappointed", before + timedelta(minutes=10), {"new_due": new_due}),
        ]
    return [*story, *letters, ("result_issued", done, {}), ("result_returned", done + timedelta(hours=1), {})]


def dossiers(random: Random, calendar: Calendar) -> list[dict[str, object]]:
    """The rows of the log, dossier by dossier, in the order of acceptance."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    workdays = [day for day in days if calendar.is_workday(day)]
    accepted = sorted(
        (at(random, random.choice([day for day in workdays if day.month == month])), unit)
        for unit, (monthly, _) in UNITS.items()
        for month in range(FIRST.month, LAST.month + 1)
        for _ in range(monthly)
    )
    rows = []
    for number, (moment, unit) in enumerate(accepted, 1):
        procedure, amount = random.choice(UNITS[unit][1])
        fixed = {
            "dossier_id": f"H99.{10 + list(UNITS).index(unit)}-{moment:%y%m%d}-{number:04d}",
            "procedure": procedure,
            "channel": random.choices(("online", "in_person", "postal"), (65, 30, 5))[0],
            "time_limit.amount": amount,
            "time_limit.unit": "workday",
            "units.handling_agency": unit,
            "units.one_stop_unit": "trung-tam-pvhcc" if unit.startswith("so-") else unit,
        }
        story, due = begun(random, calendar, moment, amount)
        is_bad = unit == "so-xay-dung" and due.month == 8
        story = ended(random, calendar, story, due, amount, random.random() < (MOVING if is_bad else USUALLY))
        seen = sorted((one for one in story if one[1].date() <= SEEN), key=lambda one: one[1])
        rows += [{**fixed, "kind": kind, "at": f"{on:%Y-%m-%dT%H:%M}", **more} for kind, on, more in seen]
    return rows


def main() -> None:
    """Write the file beside this script."""
    target = Path(__file__).with_name("events.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(dossiers(Random(SEED), Rulebook.load().calendar("vn")))


if __name__ == "__main__":
    main()
