"""The order of events, and what counts as an exact repeat."""

from __future__ import annotations

from datetime import date

import pytest

from tthc_rules.law.civil import day_of
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.timeline import timeline_of


@pytest.mark.parametrize("other", [1, 1.0, "true"])
def test_a_repeat_that_says_another_thing_in_an_unknown_field_is_no_repeat(other: object) -> None:
    paused = {"kind": "clock_paused", "at": "2024-08-26T08:00", "ground": "a"}
    given = {
        "dossier_id": "A",
        "events": [
            {"kind": "dossier_accepted", "at": "2024-08-23T08:30"},
            {**paused, "by": True},
            {**paused, "by": other},
        ],
    }
    line = timeline_of(Dossier.model_validate(given), day_of(date(2024, 9, 1)))
    assert "duplicate_event" not in [oddity.code for oddity in line.notes]
