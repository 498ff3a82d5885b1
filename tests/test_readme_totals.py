"""The totals of the main job in the README, counted anew with nothing of the library.

How they were counted: the log is read as plain CSV, the days off and the make-up days from the calendar's YAML files. A
dossier is due so many workdays after its acceptance, that day not counted. A pause (p, r] that begins before the due
date moves it by the workdays that lie in it; a supplement that was asked for before the due date starts the whole limit
anew on the day it came back (Decree 61 Art. 19(4), Decree 118 Art. 19(5)). The day of the result against that due date
gives early, on time or late; without a result the day asked about does. A late dossier without an apology has missed
it, one without a notice to the one-stop unit has missed that: no letter in this log comes before a restart.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
AS_OF = date(2026, 11, 21)
Events = list[tuple[str, date]]


@pytest.fixture(scope="module")
def workdays() -> set[date]:
    """Every workday of the years that the log touches."""
    off: set[date] = set()
    worked: set[date] = set()
    for year in range(2018, 2028):
        file = ROOT / "rulesets" / "calendars" / "vn" / f"{year}.yaml"
        for row in yaml.safe_load(file.read_text(encoding="utf-8"))["days"]:
            (worked if row["is"] == "makeup_workday" else off).add(date.fromisoformat(row["date"]))
    days = (date(2018, 1, 1) + timedelta(days=n) for n in range(3652))
    return {day for day in days if day in worked or (day.weekday() < 5 and day not in off)}


def after(day: date, amount: int, workdays: set[date]) -> date:
    """So many workdays later, the day itself not counted."""
    while amount:
        day += timedelta(days=1)
        amount -= day in workdays
    return day


def due_of(events: Events, amount: int, workdays: set[date]) -> date:
    """The due date of a dossier that is stopped at most once."""
    at = dict(events)
    due = after(at["dossier_accepted"], amount, workdays)
    if at.get("supplement_requested", due) < due:
        return after(at["supplement_received"], amount, workdays)
    if at.get("clock_paused", due) < due:
        stopped = (at["clock_resumed"] - at["clock_paused"]).days
        waited = (at["clock_paused"] + timedelta(days=n) for n in range(1, stopped + 1))
        due = after(due, sum(day in workdays for day in waited), workdays)
    return due


def state_of(finished: date | None, due: date, workdays: set[date]) -> str:
    if finished is not None:
        return "early" if finished < due else "on_time" if finished == due else "returned_late"
    left = sum(AS_OF < day <= due for day in workdays)
    return "overdue" if due < AS_OF else "due_soon" if left <= 2 else "pending"


def test_the_readme_tells_the_totals_that_were_counted_apart(workdays: set[date]) -> None:
    dossiers: dict[str, Events] = defaultdict(list)
    amounts: dict[str, int] = {}
    with (ROOT / "examples" / "one_stop" / "events.csv").open(encoding="utf-8", newline="") as log:
        for row in csv.DictReader(log):
            dossiers[row["dossier_id"]].append((row["kind"], date.fromisoformat(row["at"][:10])))
            amounts[row["dossier_id"]] = int(row["time_limit.amount"])
            assert row["time_limit.unit"] == "workday"
    told: Counter[str] = Counter()
    for name, events in dossiers.items():
        kinds = Counter(kind for kind, _ in events)
        assert max(kinds.values()) == 1
        assert not {"supplement_requested", "clock_paused"} <= kinds.keys()
        state = state_of(dict(events).get("result_issued"), due_of(events, amounts[name], workdays), workdays)
        told[state] += 1
        if state in {"returned_late", "overdue"}:
            told["late_notice_to_one_stop"] += "delay_notice_sent" not in kinds
            told["apology_before_due"] += "apology_sent" not in kinds
    assert len(dossiers) == 400
    blocks = re.findall(r"^```text\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    blocks = [block for block in blocks if "400 " in block]
    assert len(blocks) == 2
    for block in blocks:
        shown = {name: int(n) for n, name in re.findall(r"^ +(\d+)  .*?\[?([a-z_]+)\]?$", block, re.M)}
        assert shown == {name: number for name, number in told.items() if number}
