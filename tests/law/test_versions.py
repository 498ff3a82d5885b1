"""Versions on the axis of days, a few at a time and by hand: which one is law, and what is wrong among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from tthc_rules.law.civil import day_of
from tthc_rules.law.inforce import as_known, gaps_and_overlaps, ordered, pick
from tthc_rules.law.rule import FOREVER, InForce


@dataclass(frozen=True)
class Version:
    version: str
    in_force: InForce

    @property
    def source(self) -> str:
        return f"{self.version}.yaml"


def version(name: str, start: int, until: int | None = None, issued: int = 0, end_known: int | None = None) -> Version:
    return Version(name, InForce(start, until, issued, end_known))


FIRST = version("first", 10, 19, issued=5, end_known=15)
SECOND = version("second", 20, issued=15)


def test_versions_are_put_by_their_first_day() -> None:
    assert ordered([SECOND, FIRST]) == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("known_on", "known"),
    [
        (4, ()),
        (5, ((10, FOREVER, FIRST),)),
        (14, ((10, FOREVER, FIRST),)),  # the instrument that ends it is not issued
        (15, ((20, FOREVER, SECOND), (10, 19, FIRST))),
    ],
)
def test_what_is_known_of_them(known_on: int, known: object) -> None:
    assert as_known((FIRST, SECOND), known_on) == known


@pytest.mark.parametrize(
    ("day", "known_on", "found"),
    [
        (9, 99, None), (10, 99, FIRST), (19, 99, FIRST), (20, 99, SECOND), (999, 99, SECOND),
        (20, 14, FIRST), (20, 15, SECOND), (10, 4, None),
    ],
)  # fmt: skip
def test_the_version_in_force(day: int, known_on: int, found: Version | None) -> None:
    assert pick((FIRST, SECOND), day, known_on) is found


def test_after_its_last_day_a_version_is_law_no_more() -> None:
    (over,) = (version("over", 10, 19),)
    assert [pick((over,), day, 99) for day in (19, 20)] == [over, None]


@pytest.mark.parametrize(
    ("versions", "codes"),
    [
        ((), []),
        ((version("a", 10),), []),
        ((version("a", 10, 10),), []),  # one day
        ((version("a", 10, 9),), ["TR-rule-interval"]),
        ((version("a", 10, 19), version("b", 20)), []),
        ((version("a", 10, 20), version("b", 20)), ["TR-rule-overlap"]),
        ((version("a", 10, 21), version("b", 20)), ["TR-rule-overlap"]),
        ((version("a", 10), version("b", 20)), ["TR-rule-overlap"]),
        ((version("a", 10, 18), version("b", 20)), ["TR-rule-gap"]),
        ((version("a", 10, 18), version("b", 20, 19), version("c", 20)), ["TR-rule-interval", "TR-rule-gap"]),
        ((version("a", 10, 18), version("b", 20, 20), version("c", 20)), ["TR-rule-gap", "TR-rule-overlap"]),
    ],
)
def test_what_is_wrong_among_them(versions: tuple[Version, ...], codes: list[str]) -> None:
    assert [problem.code for problem in gaps_and_overlaps("x", versions)] == codes


def test_the_days_of_a_gap_are_told() -> None:
    """The one ends with 5 March, the other begins on 9 March: nothing is law from the 6th to the 8th."""
    ends, begins = day_of(date(2024, 3, 5)), day_of(date(2024, 3, 9))
    (problem,) = gaps_and_overlaps("x", (version("a", 10, ends), version("b", begins)))
    assert problem.place == "b.yaml"
    assert "từ 06/03/2024 đến 08/03/2024 không có phiên bản nào" in problem.vi
    assert "no version from 2024-03-06 to 2024-03-08" in problem.en


def test_the_day_and_the_two_places_of_an_overlap_are_told() -> None:
    begins = day_of(date(2024, 3, 9))
    (problem,) = gaps_and_overlaps("x", (version("a", 10), version("b", begins)))
    assert problem.place == "b.yaml"
    assert "ngày 09/03/2024 có hai phiên bản cùng hiệu lực; phiên bản kia ở a.yaml" in problem.vi
    (problem,) = gaps_and_overlaps("x", (version("a", 10, 9),))
    assert (problem.code, problem.place) == ("TR-rule-interval", "a.yaml")
