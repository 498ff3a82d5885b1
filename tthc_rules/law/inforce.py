"""Which version of a rule is law: exactly one, or repealed, for every day from the first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

from tthc_rules.errors import Problem
from tthc_rules.law.civil import date_of
from tthc_rules.law.rule import InForce


class Versioned(Protocol):
    """Anything that is in force from one day to another."""

    @property
    def in_force(self) -> InForce: ...
    @property
    def version(self) -> str: ...
    @property
    def source(self) -> str: ...


V = TypeVar("V", bound=Versioned)


def ordered(versions: Iterable[V]) -> tuple[V, ...]:
    """The versions of one rule by their first day."""
    return tuple(sorted(versions, key=lambda version: version.in_force.start))


def as_known(versions: Sequence[V], known_on: int) -> tuple[tuple[int, int, V], ...]:
    """(first day, last day, version) of the versions known on a day, the one that began last first.

    A version is known from its instrument's date of issue; its end only with the instrument that repeals it.
    """
    return tuple(
        (version.in_force.start, version.in_force.known_end(known_on), version)
        for version in reversed(versions)
        if known_on >= version.in_force.issued_on
    )


def pick(versions: Sequence[V], day: int, known_on: int) -> V | None:
    """The version in force on `day` as known on `known_on`: of those that cover it, the one that began last."""
    return next((version for start, until, version in as_known(versions, known_on) if start <= day <= until), None)


def gaps_and_overlaps(name: str, versions: Sequence[Versioned]) -> list[Problem]:
    """What is wrong on the date axis of one rule: two versions on one day, none on a day between, reversed dates."""
    problems: list[Problem] = []
    for version in versions:
        until = version.in_force.until
        if until is not None and until < version.in_force.start:
            problems.append(_reversed(name, version))
    for earlier, later in pairwise(versions):
        until = earlier.in_force.until
        if until is None or until >= later.in_force.start:
            problems.append(_overlap(name, earlier, later))
        elif until + 1 < later.in_force.start:
            problems.append(_gap(name, earlier, later))
    return problems


def _reversed(name: str, version: Versioned) -> Problem:
    return Problem(
        "TR-rule-interval",
        version.source,
        f"«{name}»: ngày hết hiệu lực đứng trước ngày có hiệu lực",
        f"“{name}”: its last day lies before its first",
    )


def _overlap(name: str, earlier: Versioned, later: Versioned) -> Problem:
    day = date_of(later.in_force.start)
    return Problem(
        "TR-rule-overlap",
        later.source,
        f"«{name}»: ngày {day:%d/%m/%Y} có hai phiên bản cùng hiệu lực; phiên bản kia ở {earlier.source}",
        f"“{name}”: two versions are in force on {day}; the other is at {earlier.source}",
    )


def _gap(name: str, earlier: Versioned, later: Versioned) -> Problem:
    first, last = date_of((earlier.in_force.until or 0) + 1), date_of(later.in_force.start - 1)
    return Problem(
        "TR-rule-gap",
        later.source,
        f"«{name}»: từ {first:%d/%m/%Y} đến {last:%d/%m/%Y} không có phiên bản nào; "
        "nếu quy định đã bị bãi bỏ, hãy viết tệp «repealed»",
        f"“{name}”: no version from {first} to {last}; if it was repealed then, say so in a “repealed” file",
    )
