"""The clock against the walk, on dossiers grown at the edges. `TTHC_EXPLORE=20`: twenty times as many, others."""

from __future__ import annotations

import os
from random import Random

import pytest

from tthc_rules import Rulebook

from .compare import differs, smallest
from .days import LAST_HOUR, SLIP
from .grown import grown

EXPLORE = int(os.environ.get("TTHC_EXPLORE", "0"))
"""How many times as many dossiers to try, and not always the same ones."""
DAYS = ("calendar_day", "week", "month", "year")


@pytest.mark.parametrize(
    ("units", "procedures", "gaps", "dossiers"),
    [
        (("workday",), (None,), 0, 1200),
        (DAYS, (None,), 0, 1200),
        (("work_hour",), (None,), 0, 400),
        (("workday", *DAYS, "work_hour"), (None,), 1, 1500),
        (("workday", "workday", "calendar_day", "month"), (SLIP, LAST_HOUR), 0, 500),
        (("work_hour",), (SLIP, LAST_HOUR), 0, 200),
    ],
    ids=["workdays", "days, weeks, months, years", "hours", "what a source cannot show", "other starts", "their hours"],
)
def test_the_library_agrees_with_the_walk(
    book: Rulebook, units: tuple[str, ...], procedures: tuple[str | None, ...], gaps: int, dossiers: int
) -> None:
    random = Random() if EXPLORE else Random(15)
    for _ in range(dossiers * (EXPLORE or 1)):
        difference = differs(book, grown(random, units, procedures, gaps))
        assert difference is None, str(smallest(book, difference))
