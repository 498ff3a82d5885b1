"""Forms of the one-stop unit: papers are named; which number each bears is said by the circular of the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tthc_rules.law.evidence import Citation, Text
from tthc_rules.law.rule import InForce


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of one circular: name -> number."""

    id: str
    version: str
    in_force: InForce
    document: str
    """The circular."""
    numbers: Mapping[str, str]
    labels: Mapping[str, Text]
    grounds: Mapping[str, tuple[Citation, ...]]
    """By name: the clause that asks for the paper, where the circular has one of its own."""
    citations: tuple[Citation, ...]
    source: str
    note: Text | None = None
