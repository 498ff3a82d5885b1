"""The order of events, and what counts as an exact repeat."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.law.civil import day_of
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.timeline import moment_text, timeline_of

ACCEPTED = {"kind": "dossier_accepted", "at": "2024-08-23T08:30"}


def repeats(*events: dict[str, Any]) -> list[int]:
    """The places, in the list as it was given, of the events that only say again what another said."""
    given = Dossier.model_validate({"dossier_id": "A", "events": [ACCEPTED, *events]})
    line = timeline_of(given, day_of(date(2024, 9, 1)))
    return [oddity.event for oddity in line.notes if oddity.code == "duplicate_event"]


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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"by": "a", "why": "b"}, {"why": "b", "by": "a"}),
        ({"by": {"name": "a", "room": 3}}, {"by": {"room": 3, "name": "a"}}),
        ({"by": "kế toán"}, {"by": "ke\u0302\u0301 toa\u0301n"}),
    ],
    ids=["the other order of fields", "the other order inside one", "letters in two pieces"],
)
def test_a_repeat_may_write_its_unknown_fields_otherwise(one: dict[str, Any], other: dict[str, Any]) -> None:
    paused = {"kind": "clock_paused", "at": "2024-08-26T08:00", "ground": "a"}
    assert repeats({**paused, **one}, {**paused, **other}) == [2]


def test_the_nearest_names_are_looked_for_only_so_many_times(book: Rulebook) -> None:
    """Of 202 kinds that nobody knows, on 202 days, all are noted, and the first 200 with the nearest name."""
    first = date(2024, 1, 1).toordinal()
    events = [{"kind": "result_printed", "at": date.fromordinal(first + n).isoformat()} for n in range(202)]
    notes = book.evaluate({"dossier_id": "A", "events": events}, date(2024, 12, 31)).notes
    near = [note.nearest for note in notes if note.code == "unknown_kind"]
    assert near == ["result_returned"] * 200 + [None] * 2


@pytest.mark.parametrize(("ground", "lacks"), [("Điều 5", False), (" ", True), ("", True), (None, True)])
def test_a_pause_whose_ground_is_blank_is_one_without_ground(book: Rulebook, ground: str | None, lacks: bool) -> None:
    paused = {"kind": "clock_paused", "at": "2024-08-26T08:00", "ground": ground}
    verdict = book.evaluate({"dossier_id": "A", "events": [ACCEPTED, paused]}, date(2024, 9, 1))
    assert ("pause_without_ground" in {note.code for note in verdict.notes}) is lacks


@pytest.mark.parametrize(
    ("moment", "text"),
    [(date(2024, 8, 23), "23/08/2024"), (datetime(2024, 8, 23, 8, 30), "08:30 23/08/2024")],
)
def test_a_moment_is_written_as_in_the_office_with_its_hour_where_it_has_one(moment: date, text: str) -> None:
    assert moment_text(moment) == text
