"""Decisions as disjoint branches: every combination of facts falls into exactly one of them, by construction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

Scalar: TypeAlias = int | str | bool
Test: TypeAlias = dict[str, Scalar | dict[str, Scalar]]
"""One test as durable-rules writes it."""

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Range:
    """A number above one bound and up to another."""

    above: int | None = None
    up_to: int | None = None

    def tests(self, fact: str) -> list[Test]:
        found: list[Test] = []
        if self.above is not None:
            found.append({"$gt": {fact: self.above}})
        if self.up_to is not None:
            found.append({"$lte": {fact: self.up_to}})
        return found


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or none of several."""

    word: str | None = None
    others: frozenset[str] = frozenset()

    def tests(self, fact: str) -> list[Test]:
        if self.word is not None:
            return [{fact: self.word}]
        return [{"$neq": {fact: other}} for other in sorted(self.others)]


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    value: bool

    def tests(self, fact: str) -> list[Test]:
        return [{fact: self.value}]


Bound: TypeAlias = Range | Word | Flag
Condition: TypeAlias = Mapping[str, Bound]
"""What is asked of each fact; all of it must hold."""


def tests_of(condition: Condition) -> list[Test]:
    """The condition as durable-rules writes it."""
    return [test for fact, bound in condition.items() for test in bound.tests(fact)]


def _ranges(one: Range, other: Range) -> Range | None:
    above = max((n for n in (one.above, other.above) if n is not None), default=None)
    up_to = min((n for n in (one.up_to, other.up_to) if n is not None), default=None)
    return None if above is not None and up_to is not None and above >= up_to else Range(above, up_to)


def _words(one: Word, other: Word) -> Word | None:
    if one.word is None and other.word is None:
        return Word(None, one.others | other.others)
    told = one.word if one.word is not None else other.word
    fits = all(w.word == told if w.word is not None else told not in w.others for w in (one, other))
    return Word(told) if fits else None


def _both(one: Bound, other: Bound) -> Bound | None:
    if isinstance(one, Range) and isinstance(other, Range):
        return _ranges(one, other)
    if isinstance(one, Word) and isinstance(other, Word):
        return _words(one, other)
    return one if one == other else None


def both(one: Condition, other: Condition) -> Condition | None:
    """Both at once, or nothing where they contradict each other."""
    merged = dict(one)
    for fact, bound in other.items():
        before = merged.get(fact)
        if before is None:
            merged[fact] = bound
            continue
        narrower = _both(before, bound)
        if narrower is None:
            return None
        merged[fact] = narrower
    return merged


@dataclass(frozen=True, slots=True)
class Branches(Generic[T]):
    """What follows from each of the conditions; together they cover everything, and no two hold at once."""

    each: tuple[tuple[Condition, T], ...]

    def then(self, step: Callable[[T], Branches[U]]) -> Branches[U]:
        """Go on deciding in each branch; what contradicts the way there is left out.

        Branches that mean the same go on alike, so each value is asked once: asked in every branch, a law of thirty
        rules takes seven seconds instead of one.
        """
        steps = {value: step(value).each for value in dict.fromkeys(value for _, value in self.each)}
        return Branches(
            tuple(
                (merged, further)
                for condition, value in self.each
                for more, further in steps[value]
                if (merged := both(condition, more)) is not None
            )
        )


def always(value: T) -> Branches[T]:
    """No question at all."""
    return Branches((({}, value),))


def above(fact: str, number: int) -> Branches[bool]:
    """Whether a number is greater than that one."""
    return Branches((({fact: Range(above=number)}, True), ({fact: Range(up_to=number)}, False)))


def flag(fact: str) -> Branches[bool]:
    """Whether it is so."""
    return Branches((({fact: Flag(True)}, True), ({fact: Flag(False)}, False)))


def word(fact: str, words: Iterable[str]) -> Branches[str | None]:
    """Which of these words it is, or none of them."""
    listed = sorted(set(words))
    said: list[tuple[Condition, str | None]] = [({fact: Word(one)}, one) for one in listed]
    return Branches((*said, ({fact: Word(None, frozenset(listed))}, None)))


def choose(question: Branches[bool], yes: Callable[[], Branches[T]], no: Callable[[], Branches[T]]) -> Branches[T]:
    """One decision or the other."""
    return question.then(lambda answer: yes() if answer else no())
