"""How long the account of a year takes on a table of results: all units, twelve months.

python -m benchmarks.accounts --dossiers 5000000 --units 300 --officers 6000
"""

from __future__ import annotations

import argparse
import resource
from datetime import date
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa

import tthc_rules as tr
from tthc_rules.law.civil import day_of

YEAR = 2024
DUTIES = (
    "apology_before_due",
    "late_notice_to_one_stop",
    "transfer_same_day",
    "single_reappointment",
    "supplement_once",
)
ROLES = {"transfer_same_day": "head_of_one_stop_unit", "supplement_once": "officer"}


def made(dossiers: int, units: int, officers: int, seed: int = 7) -> Any:
    """A table of results with the columns that an account reads; made up, with no dossier of anyone."""
    random = np.random.default_rng(seed)
    first = day_of(date(YEAR, 1, 1))
    accepted = first - 30 + random.integers(0, 396, dossiers, dtype=np.int32)
    due = accepted + random.integers(1, 45, dossiers, dtype=np.int32)
    finished = due + random.integers(-20, 6, dossiers, dtype=np.int32)
    finished = np.maximum(finished, accepted)
    is_open = random.random(dossiers) < 0.04
    late = is_open | (finished > due)
    outcomes = np.array(["met", "missed", "not_owed"])
    unit = random.integers(0, units, dossiers)
    own = officers // units
    officer = unit * own + random.integers(0, own, dossiers)
    table = {
        "dossier_id": pa.array(np.char.add("H", np.arange(dossiers).astype("U8"))),
        "field": _words([f"linh-vuc-{n}" for n in range(40)], random.integers(0, 40, dossiers)),
        "handling_agency": _words([f"don-vi-{n}" for n in range(units)], unit),
        "one_stop_unit": _words([f"mot-cua-{n}" for n in range(max(1, units // 10))], unit // 10 % max(1, units // 10)),
        "officers": _words([f"cb-{n}" for n in range(officers)], officer),
        "punctuality": _words(["on_time", "overdue"], late.astype(np.int32)),
        "accepted_on": _days(accepted),
        "original_due": _days(due),
        "lawful_due": _days(due),
        "current_due": _days(due + np.where(random.random(dossiers) < 0.05, 7, 0).astype(np.int32)),
        "promised_due": pa.array(due, pa.date32()).cast(pa.string()),
        "finished_on": pa.array(finished, pa.date32(), mask=is_open),
        "ended_by": _words(["result_issued", "dossier_refused"], (random.random(dossiers) < 0.03).astype(np.int32)),
    }
    said = np.zeros(dossiers, dtype=np.int32)
    for at, duty in enumerate(DUTIES):
        missed = late & (random.random(dossiers) < 0.5) if at < 2 else random.random(dossiers) < 0.01
        said += missed.astype(np.int32) << at
        bad = "broken" if duty.startswith(("single", "supplement")) else "missed"
        table[duty] = _words([bad if word == "missed" else word for word in outcomes], np.where(missed, 1, 2))
        table[f"{duty}.act_by"] = _days(due - 1)
    sets = [
        "|".join(f"{d}={ROLES.get(d, 'head_of_unit')}" for at, d in enumerate(DUTIES) if number >> at & 1)
        for number in range(1 << len(DUTIES))
    ]
    return pa.table({**table, "responsible": _words(sets, said)})


def _words(words: list[str], codes: Any) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(words))


def _days(days: Any) -> Any:
    return pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32())


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--dossiers", type=int, default=5_000_000)
    asked.add_argument("--units", type=int, default=300)
    asked.add_argument("--officers", type=int, default=6_000)
    asked.add_argument("--runs", type=int, default=3)
    options = asked.parse_args()
    table = made(options.dossiers, options.units, options.officers)
    book = tr.Rulebook.load()
    units = [{"unit": f"don-vi-{n}", "kind": "provincial_department"} for n in range(options.units)]
    posts = [
        {"unit": f"don-vi-{n}", "role": "head_of_unit", "person": f"{n}-{half}", "from": first, "to": last}
        for n in range(options.units)
        for half, first, last in ((1, "2020-01-01", "2024-06-30"), (2, "2024-07-01", None))
    ]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for run in range(options.runs):
        start = perf_counter()
        account = book.account(table, period=str(YEAR), as_of=date(YEAR + 1, 1, 15), units=units, posts=posts)
        seconds = perf_counter() - start
        size = len(account.to_json())
        print(f"run {run + 1}: {seconds:.2f} s, {len(account.data['units'])} units, {size / 1e6:.1f} MB of JSON")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    held = table.nbytes / 2**20
    print(f"{options.dossiers:,} dossiers; table {held:.0f} MiB; peak {peak:.0f} MiB, of which before {before:.0f} MiB")


if __name__ == "__main__":
    main()
