"""The readings that a caller asks for: written into a file before it is checked against its shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tthc_rules.errors import Problem, unknown_word
from tthc_rules.rulefile import complaints
from tthc_rules.rulefile.resolve.naming import Path

_READING_KEYS: Final = ("id", "reads", "instead_of", "sets")


def choose(data: object, alternatives: Mapping[str, str]) -> list[tuple[Problem, Path]]:
    """Write the readings that the caller asked for into a file's data, before it is checked against its schema."""
    problems: list[tuple[Problem, Path]] = []
    parts = data.get("interpretations") if isinstance(data, dict) else None
    for at, part in enumerate(parts if isinstance(parts, list) else ()):
        if not isinstance(part, dict) or not all(isinstance(part.get(key), str) for key in _READING_KEYS):
            continue  # the schema will say so
        problem = _choose_one(data, part, alternatives.get(part["id"], part["reads"]))
        if problem is not None:
            problems.append((problem, ("interpretations", at, "sets")))
    return problems


def _choose_one(data: object, part: Mapping[str, str], wanted: str) -> Problem | None:
    *above, last = part["sets"].split(".")
    place = data
    for step in above:
        place = place.get(step) if isinstance(place, dict) else None
    if not isinstance(place, dict) or place.get(last) != part["reads"]:
        return complaints.sets_nothing(part["sets"], part["reads"])
    if wanted not in (part["reads"], part["instead_of"]):
        known = (part["reads"], part["instead_of"])
        return unknown_word("", "cách hiểu", "reading", wanted, known, "TR-rule-reading")
    place[last] = wanted
    return None
