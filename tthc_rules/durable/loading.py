"""What the clock found, as one flat fact: flags, whole numbers and words, each made only if some rule asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeAlias, TypeVar

from tthc_rules.durable.branches import Scalar
from tthc_rules.law import clock
from tthc_rules.law.facts import Facts, Seen
from tthc_rules.law.outcome import counted, ends_after, past, returned, within
from tthc_rules.law.rule import DateNode, EachWithin

MISSING: Final = -(1 << 31)
"""A day that is not known: before every day, and a value all the same, as a missing property makes every test false."""

STATED: Final[Mapping[str, int]] = {
    "has_reason": clock.HAS_REASON,
    "empty_reason": clock.EMPTY_REASON,
    "has_new_due": clock.HAS_NEW_DUE,
    "has_form": clock.HAS_FORM,
    "is_apology_slip": clock.IS_APOLOGY_SLIP,
    "has_attached": clock.HAS_ATTACHED,
    "is_attached": clock.IS_ATTACHED,
}
"""What an event may say, and its bit."""

S = TypeVar("S")
Reader: TypeAlias = Callable[[S], Scalar]


@dataclass(frozen=True, slots=True)
class FactDate:
    """A date: one that the clock found, or one that is counted from another."""

    name: str
    base: FactDate | None = None
    node: DateNode | None = None


@dataclass(frozen=True, slots=True)
class First:
    """The earliest of some events."""

    events: tuple[str, ...]
    since: str

    @property
    def name(self) -> str:
        return f"{'_or_'.join(self.events)}__{self.since}"


@dataclass(frozen=True, slots=True)
class Among:
    """The first event of a kind whose flags are those of one of these (bits asked, bits set)."""

    event: str
    since: str
    ways: tuple[tuple[int, int], ...]


def counted_from(base: FactDate, node: DateNode) -> FactDate:
    """A date by how it is counted: versions that count alike ask for one fact."""
    way = f"{'minus' if node.backwards else 'plus'}_{node.amount}_{node.unit}{'_rolled' * node.rolled_back}"
    own = "" if node.unless_limit is None else f"_unless_{node.unless_limit}"
    return FactDate(f"{base.name}_{way}{own}", base, node)


@dataclass(slots=True)
class Loaded:
    """The facts of one dossier, with what is asked of them more than once."""

    facts: Facts
    _days: dict[str, int | None] = field(default_factory=dict)
    _first: dict[First, Seen | None] = field(default_factory=dict)

    def day(self, day: FactDate) -> int | None:
        if day.base is None or day.node is None:
            return self.facts.dates.get(day.name)
        if day.node.by_moment:
            ends = ends_after(day.node, self.facts)
            return None if ends is None else ends[1][0]
        if day.name not in self._days:
            self._days[day.name] = counted(day.node, self.day(day.base), self.facts.calendar)
        return self._days[day.name]

    def first(self, first: First) -> Seen | None:
        if first not in self._first:
            seen = [one for event in first.events if (one := self.facts.seen(event, first.since)) is not None]
            self._first[first] = min(seen, default=None)
        return self._first[first]

    def among(self, among: Among) -> Seen | None:
        each = self.facts.each(among.event, among.since)
        return next((seen for seen in each if any(seen.flags & bits == on for bits, on in among.ways)), None)

    def done(self, which: First | Among | FactDate | None) -> int | None:
        """The day on which that was done."""
        if which is None:
            return None
        if isinstance(which, FactDate):
            return self.day(which)
        seen = self.first(which) if isinstance(which, First) else self.among(which)
        return None if seen is None else seen.day


@dataclass(slots=True)
class Loading(Generic[S]):
    """The facts that rules asked for, by name, and how each is read."""

    readers: dict[str, Reader[S]] = field(default_factory=dict)

    def ask(self, name: str, reader: Reader[S]) -> str:
        """One fact of that name; asked again, it is the same."""
        self.readers.setdefault(name, reader)
        return name


class DossierLoading(Loading[Loaded]):
    """The facts of a dossier."""

    # -- days ----------------------------------------------------------------------------------------------------------

    def day(self, day: FactDate) -> str:
        """The day itself, to be compared with the days of the law."""
        return self.ask(day.name, lambda of: _number(of.day(day)))

    def past(self, day: FactDate) -> str:
        """How many days the day asked about lies after it; nought where it is not known."""
        return self.ask(f"as_of__after__{day.name}", lambda of: _between(of.day(day), of.facts.as_of))

    def is_same(self, one: FactDate, other: FactDate) -> str:
        return self.ask(
            f"{one.name}__is__{other.name}",
            lambda of: of.day(one) is not None and of.day(one) == of.day(other),
        )

    def days_between(self, first: FactDate, last: FactDate) -> str:
        """How many days the last lies after the first; nought where either is not known."""

        def read(of: Loaded) -> int:
            then = of.day(last)
            return 0 if then is None else _between(of.day(first), then)

        return self.ask(f"{last.name}__after_day__{first.name}", read)

    def moment(self, first: First, day: FactDate) -> str:
        """The event against an end in working hours; the day asked about, where there is no event: -1, 0, 1."""

        def read(of: Loaded) -> int:
            seen, ends = of.first(first), None if day.node is None else ends_after(day.node, of.facts)
            if ends is None:
                return 0
            return past(ends, of.facts.as_of) if seen is None else within(ends, seen.day, seen.minute)

        return self.ask(f"{first.name}__moment__{day.name}", read)

    def moment_of(self, event: FactDate, day: FactDate) -> str:
        """The event that raised a duty against such an end: -1, 0, 1."""

        def read(of: Loaded) -> int:
            done, ends = of.day(event), None if day.node is None else ends_after(day.node, of.facts)
            if done is None or ends is None:
                return 0
            return within(ends, done, of.facts.minutes.get(event.name, -1))

        return self.ask(f"{event.name}__moment__{day.name}", read)

    def returned(self, way: EachWithin) -> str:
        """Whether every file that went back did so in time: -1, 1, and 0 where that is not known."""
        said = {"met": -1, "met_late": 1}
        name = f"returned_{way.amount}_unless_{way.unless_limit}"
        return self.ask(name, lambda of: said.get(returned(way, of.facts), 0))

    def request_day(self, which: int) -> str:
        """The day of the second request that counts, of the third, or of the last (nought, one, two)."""
        name = ("request_second", "request_third", "request_last")[which]
        return self.ask(name, lambda of: _number(of.facts.request_days[which]))

    def known_on(self) -> str:
        return self.ask("known_on", lambda of: of.facts.known_on)

    # -- events --------------------------------------------------------------------------------------------------------

    def seen(self, first: First) -> str:
        """Whether there is one at all."""
        return self.ask(first.name, lambda of: of.first(first) is not None)

    def late(self, first: First, day: FactDate) -> str:
        """How many days the event came after that day, negative for before; nought where either is not known."""

        def read(of: Loaded) -> int:
            seen = of.first(first)
            return 0 if seen is None else _between(of.day(day), seen.day)

        return self.ask(f"{first.name}__after__{day.name}", read)

    def hour_is_known(self, first: First) -> str:
        return self.ask(
            f"{first.name}__hour_known", lambda of: (seen := of.first(first)) is not None and seen.minute >= 0
        )

    def minutes_late(self, first: First) -> str:
        """By how many minutes of the day the event came after the end of a limit in working hours."""

        def read(of: Loaded) -> int:
            seen = of.first(first)
            return 0 if seen is None else seen.minute - of.facts.lawful_minute

        return self.ask(f"{first.name}__minutes_late", read)

    def states(self, first: First, what: str) -> str:
        """Whether the event states that."""
        bit = STATED[what]
        return self.ask(
            f"{first.name}__{what}", lambda of: (seen := of.first(first)) is not None and bool(seen.flags & bit)
        )

    def some(self, among: Among) -> str:
        """Whether there is an event with such flags."""
        ways = "_".join(f"{bits}_{on}" for bits, on in among.ways)
        return self.ask(f"some_{among.event}__{among.since}__{ways}", lambda of: of.among(among) is not None)

    # -- numbers, words and flags --------------------------------------------------------------------------------------

    def waiting(self) -> str:
        return self.ask("waiting", lambda of: of.facts.waiting)

    def lawful_minute(self) -> str:
        return self.ask("lawful_minute", lambda of: of.facts.lawful_minute)

    def accepted_minute(self) -> str:
        return self.ask("accepted_minute", lambda of: of.facts.accepted_minute)

    def accepted_on_workday(self) -> str:
        return self.ask("accepted_on_workday", lambda of: _works(of.facts))

    def other_level(self) -> str:
        return self.ask("other_level", lambda of: of.facts.other_level)

    def opinion_bare(self) -> str:
        return self.ask("opinion_bare", lambda of: of.facts.opinion_bare)

    def channel(self) -> str:
        return self.ask("channel", lambda of: of.facts.channel)

    def field_is(self, fields: frozenset[str]) -> str:
        """Whether the dossier is of one of these fields; the fact is named after them, whatever letters they have."""
        name = "_".join(field.encode().hex() for field in sorted(fields))
        return self.ask(f"field_is_{name}", lambda of: of.facts.field in fields)

    def requests(self) -> str:
        return self.ask("requests", lambda of: of.facts.requests)

    def reappointments(self) -> str:
        return self.ask("reappointments", lambda of: of.facts.reappointments)

    def slowest_return(self) -> str:
        return self.ask("slowest_return", lambda of: of.facts.slowest_return)

    def ended(self) -> str:
        return self.ask("ended", lambda of: of.facts.ended)

    def hides(self, kinds: int) -> str:
        """Whether the source does not observe one of these kinds."""
        return self.ask(f"hides_{kinds}", lambda of: bool(of.facts.hidden & kinds))

    def unsure(self, bits: int) -> str:
        """Whether one of these things cannot be said of the dossier."""
        return self.ask(f"unsure_{bits}", lambda of: bool(of.facts.unsure & bits))


def load(names: Sequence[tuple[str, Reader[S]]], source: S) -> dict[str, Scalar]:
    """The fact that one ruleset is asked about."""
    return {name: reader(source) for name, reader in names}


def _number(day: int | None) -> int:
    return MISSING if day is None else day


def _between(first: int | None, last: int) -> int:
    return 0 if first is None else last - first


def _works(facts: Facts) -> bool:
    """Whether the calendar has the day of acceptance as a workday."""
    accepted, calendar = facts.dates.get("accepted"), facts.calendar
    if accepted is None or not calendar.base <= accepted <= calendar.last:
        return False
    return bool(calendar.works[accepted - calendar.base])
