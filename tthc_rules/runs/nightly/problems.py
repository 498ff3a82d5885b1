"""Problems as a state keeps them: what could not be read is an error row in the nights after, in the same words."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from tthc_rules.errors import Problem


def problem_cells(problem: Problem) -> list[Any]:
    """A problem as JSON."""
    return list(astuple(problem))


def problem_of(cells: list[Any]) -> Problem:
    """The problem in such cells."""
    code, place, vi, en, excerpt, known, nearest = cells
    return Problem(code, place, vi, en, excerpt, tuple(known), nearest)
