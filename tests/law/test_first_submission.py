"""What answers the first submission, and what releases from answering it: SEMANTICS `online_answer`, at its edges.

Submitted on Wednesday 6/8/2025 at 08:30; eight working hours end on Thursday at 08:30.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.testing import event

Event = dict[str, Any]
SUBMITTED: Event = {"kind": "dossier_submitted", "at": "2025-08-06T08:30"}
THE_DAY_BEFORE: Event = {"kind": "dossier_accepted", "at": "2025-08-05T08:30"}


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        ([event("supplement_requested", "2025-08-06T08:30")], "met"),
        # midnight is a known hour, and before it: an answer comes at or after what it answers
        ([event("supplement_requested", "2025-08-06T00:00")], "missed"),
        # an acceptance answers what is stamped later on its own day, not on the next
        ([THE_DAY_BEFORE], "missed"),
        ([THE_DAY_BEFORE, event("clock_paused", "2025-08-06T09:00", ground="a")], "missed"),
        ([THE_DAY_BEFORE, event("processing_stopped", "2025-08-06T10:00")], "not_owed"),
        ([event("dossier_withdrawn", "2025-08-06T10:00")], "not_owed"),
        ([event("dossier_withdrawn", "2025-08-07T08:31")], "missed"),
    ],
)
def test_the_answer_to_a_submission(book: Rulebook, engine: str, events: list[Event], outcome: str) -> None:
    dossier = {
        "dossier_id": "HS",
        "channel": "online",
        "time_limit": {"amount": 15, "unit": "workday"},
        "events": [SUBMITTED, *events],
    }
    found = book.evaluate(dossier, date(2025, 8, 8), engine=engine).obligations
    assert {one.id: (one.outcome, one.act_by) for one in found}["online_answer"] == (outcome, date(2025, 8, 7))
