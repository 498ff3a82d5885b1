"""What a change would change: a reading, what was known, a policy."""

from __future__ import annotations

from datetime import date

import pytest

from tthc_rules import Rulebook
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.runs.diff.compare import Change, Difference, Side, compare

# Accepted Mon 22/8/2016, 5 workdays, due Mon 29/8; asked on Wed 24/8, back on Thu 25/8: paused → 30/8.
# Restarted instead: 26, 29, 30, 31/8, 1/9 = 1/9.
RESTARTED = RawDossier(
    "a",
    {
        "dossier_id": "a",
        "time_limit": {"amount": 5, "unit": "workday"},
        "events": [
            {"kind": "dossier_accepted", "at": "2016-08-22T08:30"},
            {"kind": "supplement_requested", "at": "2016-08-24T09:00"},
            {"kind": "supplement_received", "at": "2016-08-25T09:00"},
        ],
    },
    "in.ndjson:1",
)
PLAIN = RawDossier(
    "b",
    {
        "dossier_id": "b",
        "time_limit": {"amount": 5, "unit": "workday"},
        "events": [{"kind": "dossier_accepted", "at": "2025-12-29T08:30"}],
    },
    "in.ndjson:2",
)


def test_the_other_reading_moves_the_due_date(book: Rulebook) -> None:
    other = Rulebook.load(interpretations={"r1_supplement_effect": "restart"})
    total = Difference()
    sides = Side("as read", book), Side("restart", other)
    changes = list(compare(*sides, [RESTARTED, PLAIN], date(2016, 8, 29), total))
    assert [one.dossier_id for one in changes] == ["a"]
    assert Change("lawful_due", date(2016, 8, 30), date(2016, 9, 1)) in changes[0].changes
    assert (total.dossiers, total.changed) == (2, 1)


def test_what_was_known_moves_the_due_date(book: Rulebook) -> None:
    """2/1/2026 was swapped off on 25/12/2025: from Mon 29/12, 5 workdays are 30, 31/12, (2/1), 5, 6, 7/1, (8/1)."""
    total = Difference()
    before = Side("before", book, known_on=date(2025, 12, 24))
    after = Side("after", book, known_on=date(2025, 12, 25))
    changes = list(compare(before, after, [PLAIN], date(2026, 1, 20), total))
    assert Change("lawful_due", date(2026, 1, 6), date(2026, 1, 7)) in changes[0].changes


def test_nothing_changes_between_equal_sides(book: Rulebook) -> None:
    total = Difference()
    assert list(compare(Side("a", book), Side("b", book), [RESTARTED, PLAIN], date(2026, 1, 20), total)) == []
    assert total.changed == 0


@pytest.mark.parametrize("bad", [{"dossier_id": "x"}, {"dossier_id": "x", "events": 3}])
def test_a_bad_dossier_is_compared_like_any_other(book: Rulebook, bad: dict[str, object]) -> None:
    total = Difference()
    raw = RawDossier("x", bad, "in.ndjson:9")
    assert list(compare(Side("a", book), Side("b", book), [raw], date(2026, 1, 20), total)) == []
    assert total.dossiers == 1
