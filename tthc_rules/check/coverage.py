"""What the cases of a run reach of the rules: of each version of each duty and limit every outcome, every other way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tthc_rules.check.examples import ToReach, every_rule, possible_outcomes
from tthc_rules.library import Rulebook
from tthc_rules.reference.trace import Trace
from tthc_rules.result.verdict import Verdict


@dataclass
class CaseCoverage:
    """What the cases should reach, and what they have reached."""

    needed: frozenset[ToReach]
    reached: set[ToReach] = field(default_factory=set)

    @classmethod
    def of(cls, folders: Sequence[Path] = ()) -> CaseCoverage:
        """Of the rules in these folders, else of the shipped law; those that are off or repealed reach nothing."""
        rules = [
            rule
            for rule in every_rule(Rulebook.load(*folders).corpus)
            if rule.is_on and (not folders or any(Path(rule.source).is_relative_to(folder) for folder in folders))
        ]
        outcomes = {
            ToReach(rule.version, duty, f"outcome {outcome}")
            for rule in rules
            for duty, found in possible_outcomes(rule).items()
            for outcome in found
        }
        ways = {
            ToReach(rule.version, duty.id, f"way {way}")
            for rule in rules
            for duty in rule.obligations
            for way, by in (("or_by", duty.or_by), ("waived_by", duty.waived))
            if by is not None
        }
        return cls(frozenset(outcomes | ways))

    def add(self, reached: Iterable[ToReach]) -> None:
        """What one more case reaches; what nobody asked for does not count."""
        self.reached |= self.needed.intersection(reached)

    @property
    def missing(self) -> list[ToReach]:
        """What no case reaches, in order."""
        return sorted(self.needed - self.reached)

    @property
    def percent(self) -> float:
        """Of a hundred; all, where there is nothing to reach."""
        return 100 * len(self.reached) / len(self.needed) if self.needed else 100.0


def reached_by(verdict: Verdict) -> set[ToReach]:
    """What a verdict reaches: its findings, by the versions that they come from."""
    trace: Trace = verdict._behind.trace()
    return {
        ToReach(found.rule.version, found.id, what)
        for found in trace.found
        for what in (f"outcome {found.outcome}", *([f"way {found.way}"] if found.way else []))
    }
