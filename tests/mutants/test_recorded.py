"""The clock's mutants held against its recorded calls: what is wrong is noticed, what says the same is not."""

from __future__ import annotations

from datetime import date

import pytest

from tests.walk.compare import Asked, expected
from tests.walk.logs import dossier_of, log
from tthc_rules import Rulebook
from tthc_rules.law import clock

from .making import Source, mutants_of
from .recorded import MODULE, Bench, Call, Held, _walked, of_the_walk, recorded

LATE = "dossier_accepted 2024-08-05T08:30; result_issued 2024-08-13T09:00"


@pytest.fixture
def held(book: Rulebook) -> Held:
    """Five workdays from Monday 5/8/2024 end on 12/8: a day late."""
    asked = Asked(dossier_of({"amount": 5, "unit": "workday"}, *log(LATE)), date(2024, 8, 20))
    right = _walked(book, asked, expected(asked))
    return Held("a day late", recorded(right), right)


def test_a_call_is_recorded_and_says_the_same_again(held: Held) -> None:
    (call,) = held.calls
    assert isinstance(call, Call)
    assert call.repeated() == call.said
    assert not held.notices()


@pytest.mark.parametrize(
    ("line", "becomes", "outcome"),
    [
        ("is_late = f_day > d", "is_late = f_day <= d", "killed"),
        ("is_late = f_day > d", "is_late = f_day >= d", "survived"),  # on the due date nothing is asked here
        ("i += 1", "i -= 1", "killed"),
    ],
)
def test_a_mutant_is_tried_and_taken_away(held: Held, line: str, becomes: str, outcome: str) -> None:
    sound = clock.run.__code__
    tried = [one for one in mutants_of(Source.of(MODULE)) if one.said() == (line, becomes)][-1:]
    place, found, by, _, asked = Bench([held], tried).trial(0)
    assert (place, found, asked) == (0, outcome, 1)
    assert by == ("a day late" if outcome == "killed" else "")
    assert clock.run.__code__ is sound
    assert not held.notices()


def test_the_walk_gives_its_dossiers_with_their_calls() -> None:
    held = list(of_the_walk(20))
    assert 10 < len(held) <= 20
    assert all(one.is_right() for one in held)
    assert sum(bool(one.calls) for one in held) > 10
