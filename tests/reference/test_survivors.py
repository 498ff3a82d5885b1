"""`tests/reports/x18_mutants_that_survived`: the values that a change nobody noticed would have moved."""

from __future__ import annotations

from datetime import date

import pytest

from tthc_rules import Rulebook

AS_OF = date(2024, 9, 5)
SPANS = (("2024-09-05", "2024-09-06"), ("2024-09-11", "2024-09-12"), ("2024-09-06", "2024-09-11"))


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_three_exclusions_that_hang_together_are_one(book: Rulebook, order: tuple[int, ...]) -> None:
    """Accepted on 4/9; 5/9 to 12/9 do not count; the ten workdays are 13, 16-20, 23-26 September."""
    spans = [SPANS[at] for at in order]
    excluded = [
        {"kind": "interval_excluded", "at": "2024-09-04T09:00", "from": first, "to": last} for first, last in spans
    ]
    dossier = {
        "dossier_id": "x",
        "time_limit": {"amount": 10, "unit": "workday"},
        "events": [{"kind": "dossier_accepted", "at": "2024-09-04T08:30"}, *excluded],
    }
    assert book.evaluate(dossier, AS_OF).clock.lawful_due == date(2024, 9, 26)
    (row,) = book.rescore_dossiers([dossier], AS_OF)
    assert row["lawful_due"] == date(2024, 9, 26)
