"""Which days work, as known on one day, and which regime a dossier is accepted under: read from the files."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

FILES = Path(__file__).resolve().parents[2] / "rulesets" / "calendars" / "vn"
ONE = dt.timedelta(days=1)
PUBLISHED_TO = 2027
KNOWN_FOR_EVER = dt.date.min
FIRST, LAST = dt.date(2006, 12, 1).toordinal(), dt.date(2040, 12, 31).toordinal()
"""The walk goes nowhere else."""


@lru_cache(maxsize=100_000)
def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def walk(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += ONE


@dataclass(frozen=True)
class Row:
    date: dt.date
    works: bool
    since: dt.date
    block: str | None


@cache
def rows() -> tuple[Row, ...]:
    found = []
    for year in range(2007, PUBLISHED_TO + 1):
        for row in yaml.safe_load((FILES / f"{year}.yaml").read_text(encoding="utf-8"))["days"]:
            since = day(row["published_on"]) if row.get("published_on") else KNOWN_FOR_EVER
            found.append(Row(day(row["date"]), row["is"] == "makeup_workday", since, row.get("block")))
    return tuple(found)


@cache
def statute() -> dict[int, dict[str, set[dt.date]]]:
    parts = yaml.safe_load((FILES / "statute.yaml").read_text(encoding="utf-8"))["years"]
    return {
        part["year"]: {
            block: {day(f"{part['year']}-{text}") for text in part[block].split()}
            for block in ("tet", "national_day", "other")
        }
        for part in parts
    }


class Days:
    """Which days work, as known on one day: published rows, and the statute where a letter is still awaited.

    Days are ordinals here, so that many dossiers can be walked.
    """

    def __init__(self, known_on: dt.date) -> None:
        works: dict[dt.date, bool] = {}
        unsure: set[dt.date] = set()
        awaited = {(row.date.year, row.block) for row in rows() if row.block and row.since > known_on}
        for year, blocks in statute().items():
            for block, listed in blocks.items():
                if year > PUBLISHED_TO or (year, block) in awaited:
                    works.update(dict.fromkeys(listed, False))
                    unsure |= listed
        works.update({row.date: row.works for row in rows() if row.since <= known_on})
        dates = [dt.date.fromordinal(number) for number in range(FIRST, LAST + 1)]
        self._works = bytes(works.get(date, date.isoweekday() <= 5) for date in dates)
        self._unsure = bytes(date.year > PUBLISHED_TO or date in unsure for date in dates)

    def works(self, number: int) -> int:
        return self._works[number - FIRST]

    def unsure(self, first: int, last: int) -> bool:
        return any(self._unsure[first - FIRST : last - FIRST + 1])

    def count(self, after: int, until: int) -> int:
        """Workdays in (after, until]."""
        return sum(self._works[after - FIRST + 1 : until - FIRST + 1])

    def next_workday(self, number: int, stopped: set[int]) -> int:
        while not self.works(number) or number in stopped:
            number += 1
        return number


PUBLICATIONS = sorted({row.since for row in rows() if row.since != KNOWN_FOR_EVER})


@cache
def _edition(number: int) -> Days:
    return Days(PUBLICATIONS[number - 1] if number else KNOWN_FOR_EVER)


def days_known(known_on: dt.date) -> Days:
    return _edition(bisect_right(PUBLICATIONS, known_on))


# -- regimes: SEMANTICS «Regime folders», «Supplement», and the days of issue in the files -----------------------------


@dataclass(frozen=True)
class Regime:
    folder: str
    start: dt.date
    issued: dt.date
    restarts: bool
    elsewhere: bool = False
    by_slip: bool = False
    """NĐ 87/2020 Art. 12(3)(c): «được tính từ thời điểm gửi Phiếu hẹn trả kết quả»."""
    last_hour: bool = False
    """NĐ 297/2025 Art. 6(3): what comes in the last hour of the office counts from the next workday; Art. 3(5): after
    17:00 and on days off too."""


REGIMES = (
    Regime("one_stop/2007-06-22", day("2007-06-22"), day("2007-06-22"), restarts=False),
    Regime("one_stop/2015-05-15", day("2015-05-15"), day("2015-03-25"), restarts=False),
    Regime("one_stop/2018-06-21", day("2018-06-21"), day("2018-04-23"), restarts=True),
    Regime("one_stop/2025-07-01", day("2025-07-01"), day("2025-06-09"), restarts=True),
    Regime("one_stop/2026-08-05", day("2026-08-05"), day("2026-08-05"), restarts=True, elsewhere=True),
)


SLIP = "H"
LAST_HOUR = "K"
"""Procedures that a catalogue beside these files puts under decrees of their own."""
OWN_REGIMES = {
    SLIP: (
        Regime("civil_status_online/2020-09-15", day("2020-09-15"), day("2020-07-28"), restarts=True, by_slip=True),
        Regime("civil_status_online/2025-07-01", day("2025-07-01"), day("2025-06-09"), restarts=True, by_slip=True),
    ),
    LAST_HOUR: (
        Regime("linked_karaoke/2025-11-17", day("2025-11-17"), day("2025-11-17"), restarts=True, last_hour=True),
    ),
}


def regime_of(accepted: dt.date, known_on: dt.date, procedure: str | None = None) -> Regime | None:
    """A rule is known from its instrument's date of issue; before that the older rule goes on."""
    regimes = OWN_REGIMES[procedure] if procedure else REGIMES
    return next((r for r in reversed(regimes) if r.start <= accepted and r.issued <= known_on), None)
