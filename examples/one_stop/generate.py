"""Makes `events.csv`: a synthetic one-stop unit, the same at every run. No real dossier and no person is in it.

python examples/one_stop/generate.py
"""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from tthc_rules import Calendar, Rulebook

SEED = 61_2018
DOSSIERS = 400
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
    "ground",
)
PROCEDURES = (("1.001612", 3), ("1.004884", 5), ("2.000908", 10), ("1.003554", 15), ("1.002693", 20))
AGENCIES = ("so-xay-dung", "so-tu-phap", "so-nong-nghiep-va-moi-truong")
REASONS = ("chờ kết quả xác minh tại thực địa", "chờ ý kiến cơ quan phối hợp", "hồ sơ cần thẩm định lại")


def at(random: Random, day: date) -> datetime:
    """An office hour of that day."""
    hour = random.choice((7, 8, 8, 9, 9, 10, 13, 14, 14, 15, 16))
    return datetime(day.year, day.month, day.day, hour, random.choice((5, 15, 30, 45, 55)))


def dossier(number: int, random: Random, calendar: Calendar) -> list[dict[str, object]]:
    """The events of one dossier: most in time, some paused, returned for a supplement, apologised for, or late."""
    start = date(2018, 7, 2) + timedelta(days=random.randrange(0, 3050))
    while not calendar.is_workday(start):
        start += timedelta(days=1)
    procedure, amount = random.choice(PROCEDURES)
    channel = random.choices(("in_person", "online", "postal"), (60, 32, 8))[0]
    due = calendar.add_workdays(start, amount)
    accepted = at(random, start)
    fixed = {
        "dossier_id": f"H56.14-{start:%y%m%d}-{number:04d}",
        "procedure": procedure,
        "channel": channel,
        "time_limit.amount": amount,
        "time_limit.unit": "workday",
        "units.handling_agency": random.choice(AGENCIES),
        "units.one_stop_unit": "trung-tam-pvhcc",
    }
    events: list[tuple[str, datetime, dict[str, object]]] = [("dossier_accepted", accepted, {"appointed_due": due})]
    forwarded = accepted + timedelta(hours=1) if random.random() < 0.93 else accepted + timedelta(days=3)
    events.append(("dossier_forwarded", forwarded, {}))
    story = random.random()
    shift = 0
    if story < 0.12 and amount >= 5:
        asked = calendar.add_workdays(start, random.choice((1, 2, 3, 4)))
        back = calendar.add_workdays(asked, random.randrange(1, 12))
        events += [("supplement_requested", at(random, asked), {}), ("supplement_received", at(random, back), {})]
        due = calendar.add_workdays(back, amount)
    elif story < 0.18:
        paused = calendar.add_workdays(start, 1)
        shift = random.randrange(1, 6)
        resumed = calendar.add_workdays(paused, shift)
        events.append(("clock_paused", at(random, paused), {"reason": "chờ nộp phí", "ground": "thông báo nộp phí"}))
        events.append(("clock_resumed", at(random, resumed), {}))
    end = calendar.add_workdays(start if due is None else due, shift) if shift else due
    outcome = random.random()
    if outcome < 0.62:
        back_to = end - timedelta(days=random.randrange(0, max(1, amount // 2)))
        finish = back_to if calendar.is_workday(back_to) and back_to > events[-1][1].date() else end
    elif outcome < 0.9:
        finish = calendar.add_workdays(end, random.randrange(1, 9))
        sorry = random.random()
        if sorry < 0.6:
            slip = end - timedelta(days=1) if sorry < 0.4 else end
            new_due = calendar.add_workdays(end, 5)
            reason = random.choice(REASONS)
            events.append(("apology_sent", at(random, slip), {"reason": reason, "new_due": new_due}))
            events.append(("reappointed", at(random, slip), {"new_due": new_due}))
            if sorry < 0.3:
                events.append(("delay_notice_sent", at(random, slip), {}))
    else:
        finish = None
    if finish is not None and finish <= date(2026, 11, 20):
        events.append(("result_issued", at(random, finish), {}))
        events.append(("result_returned", at(random, finish) + timedelta(days=1), {}))
    known = [event for event in sorted(events, key=lambda event: event[1]) if event[1].date() <= date(2026, 11, 20)]
    return [{**fixed, "kind": kind, "at": f"{moment:%Y-%m-%dT%H:%M}", **more} for kind, moment, more in known]


def main() -> None:
    """Write the file beside this script."""
    random = Random(SEED)
    calendar = Rulebook.load().calendar("vn")
    target = Path(__file__).with_name("events.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        for number in range(1, DOSSIERS + 1):
            table.writerows(dossier(number, random, calendar))


if __name__ == "__main__":
    main()
