"""What a place adds or excepts, as decisions of their own: its rules see what the national ones concluded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from tthc_rules.durable.branches import Branches, above, always, choose, flag, word
from tthc_rules.durable.loading import Loading
from tthc_rules.durable.rulesets import Decision
from tthc_rules.law.codes import NoteCode
from tthc_rules.law.rule import Outcome, Overlay, Responsibility, Rule

ABSENT: Final = "absent"
"""The version and the outcome of a duty that is not there."""

Key: TypeAlias = tuple[str, ...]
"""How a picking day is found: what has one key shares the local acts in force."""
Answered: TypeAlias = tuple[tuple[Responsibility, Rule | Overlay], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One version of a rule at one of its duties; no duty where the version has fewer."""

    rule: Rule
    duty: str
    key: Key


@dataclass(frozen=True, slots=True)
class Slot:
    """One duty of one rule: the number of its decision, and its versions, newest first."""

    number: int
    versions: tuple[Version, ...]


@dataclass(slots=True)
class Concluded:
    """What the first rules concluded, as the second ones ask for it."""

    version: dict[int, str] = field(default_factory=dict)
    outcome: dict[int, str] = field(default_factory=dict)
    exceptions: dict[int, int] = field(default_factory=dict)
    in_force: dict[tuple[int, Key], bool] = field(default_factory=dict)
    """By local act and picking day."""


@dataclass(frozen=True, slots=True)
class Excepted:
    """Another outcome, by exception."""

    outcome: Outcome
    note: NoteCode
    answers: Answered


@dataclass(frozen=True, slots=True)
class Added:
    """One more who answers."""

    answer: Responsibility
    act: Overlay


def answers_of(rule: Rule, duty: str, outcome: str) -> Answered:
    """Who answers for an outcome by the rule itself."""
    return tuple((one, rule) for one in rule.responsibilities if one.duty == duty and outcome in one.outcomes)


class Local:
    """The decisions of one place."""

    def __init__(self, overlays: Sequence[Overlay]) -> None:
        self.overlays = overlays
        self.loading: Loading[Concluded] = Loading()

    def decisions(self, slot: Slot) -> list[Decision]:
        """What the place has to say of one duty, in the order of its acts."""
        duties = {version.duty for version in slot.versions}
        excepted = any(one.duty in duties for overlay in self.overlays for one in overlay.excepts)
        found = [Decision(f"exception_{slot.number}", self.exception(slot))] if excepted else []
        for at, overlay in enumerate(self.overlays):
            for place, answer in enumerate(overlay.responsibilities):
                if answer.duty in duties:
                    added = self.added(slot, at, answer, excepted)
                    found.append(Decision(f"added_{slot.number}_{at}_{place}", added))
        return found

    def exception(self, slot: Slot) -> Branches[Excepted | None]:
        """One exception takes the duty away; two that apply at once contradict each other."""
        how_many = self.exceptions(slot)

        def changed(version: Version, outcome: Outcome, note: NoteCode) -> Branches[Excepted | None]:
            return always(Excepted(outcome, note, answers_of(version.rule, version.duty, outcome)))

        def of(version: Version | None) -> Branches[Excepted | None]:
            if version is None:
                return always(None)
            return choose(
                above(how_many, 1),
                lambda: changed(version, "undetermined", "two_exceptions"),
                lambda: choose(
                    above(how_many, 0), lambda: changed(version, "not_owed", "excepted"), lambda: always(None)
                ),
            )

        return self.version(slot).then(of)

    def added(self, slot: Slot, at: int, answer: Responsibility, excepted: bool) -> Branches[Added | None]:
        """Whether the act is in force on the picking day and the duty ended so."""
        who = Added(answer, self.overlays[at])

        def as_it_was() -> Branches[bool]:
            return word(self.outcome(slot), answer.outcomes).then(lambda said: always(said is not None))

        def ended_so() -> Branches[bool]:
            if not excepted:
                return as_it_was()
            how_many = self.exceptions(slot)
            return choose(
                above(how_many, 1),
                lambda: always("undetermined" in answer.outcomes),
                lambda: choose(above(how_many, 0), lambda: always("not_owed" in answer.outcomes), as_it_was),
            )

        def of(version: Version | None) -> Branches[bool]:
            if version is None or version.duty != answer.duty:
                return always(False)
            return choose(flag(self.in_force(at, version.key)), ended_so, lambda: always(False))

        return self.version(slot).then(of).then(lambda so: always(who if so else None))

    # -- what is asked -------------------------------------------------------------------------------------------------

    def version(self, slot: Slot) -> Branches[Version | None]:
        """The version that governs, or nothing where the duty is absent."""
        names = {name_of(at): version for at, version in enumerate(slot.versions)}
        fact = self.loading.ask(f"version_{slot.number}", lambda of: of.version.get(slot.number, ABSENT))
        return word(fact, names).then(lambda name: always(None if name is None else names[name]))

    def outcome(self, slot: Slot) -> str:
        return self.loading.ask(f"outcome_{slot.number}", lambda of: of.outcome.get(slot.number, ABSENT))

    def exceptions(self, slot: Slot) -> str:
        return self.loading.ask(f"exceptions_{slot.number}", lambda of: of.exceptions.get(slot.number, 0))

    def in_force(self, at: int, key: Key) -> str:
        return self.loading.ask(f"act_{at}_{'_'.join(key)}", lambda of: of.in_force[at, key])


def name_of(version: int) -> str:
    """A version's number as a word."""
    return f"v{version}"
