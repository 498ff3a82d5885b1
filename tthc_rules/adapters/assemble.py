"""Rows of an event log become raw dossiers; a plan (`plans.py`) says what the columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Cells
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

from tthc_rules import errors
from tthc_rules.errors import Problem

__all__ = ["GROUPS", "Draft", "Plan", "RawDossier", "Record", "assembled", "put"]

GROUPS: Final = ("units", "time_limit")
"""The groups of fields of a dossier; a dot in any other name is a part of the name."""

Record: TypeAlias = tuple[str, Cells[str, object], Problem | None]
"""One row: its place, its cells, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class RawDossier:
    """One dossier as a file has it, not validated; with `problems` it is an error row and must not be judged."""

    dossier_id: str
    data: dict[str, object]
    place: str
    problems: tuple[Problem, ...] = ()


class Plan(Protocol):
    """What the columns of a log mean."""

    inherits: bool
    """Whether an event may take values from the attributes of its trace."""

    def check(self, place: str, columns: Sequence[str], delimiter: str) -> None:
        """Raise `InputFileError` if the header lacks a column that must be there."""

    def id_of(self, cells: Cells[str, object]) -> str:
        """The dossier the row belongs to, or nothing."""

    def attributes(self, cells: Cells[str, object]) -> Iterable[tuple[str, object]]:
        """The columns of the row that describe the dossier, those that are there."""

    def event(self, cells: Cells[str, object], place: str) -> dict[str, object] | Problem | None:
        """The event in the row, what is wrong with it, or nothing if the row only describes the dossier."""

    def dossier(self, draft: Draft) -> dict[str, object]:
        """The fields of the dossier, with events that stand in its attributes; problems go to the draft."""

    def unseen(self) -> Problem | None:
        """A complaint about columns that the mapping names and no row had."""


@dataclass(slots=True)
class Draft:
    """A dossier while its rows come in."""

    dossier_id: str
    place: str
    attributes: dict[str, object] = field(default_factory=dict)
    events: list[dict[str, object]] = field(default_factory=list)
    problems: dict[str, Problem] = field(default_factory=dict)

    def report(self, problem: Problem, about: str = "") -> None:
        """Keep the problem; of those about the same column the first is enough."""
        self.problems.setdefault(f"{problem.code} {about or problem.place}", problem)

    def add_attributes(self, plan: Plan, cells: Cells[str, object], place: str) -> None:
        """Take what the row says of the dossier: an attribute has one value, which some rows may leave out."""
        for column, value in plan.attributes(cells):
            known = self.attributes.setdefault(column, value)
            if known is not value and known != value:
                self.report(errors.attribute_conflict(place, column, known, value), column)

    def add_event(self, plan: Plan, cells: Cells[str, object], place: str) -> None:
        """Take the event in the row."""
        event = plan.event(cells, place)
        if isinstance(event, Problem):
            self.report(event)
        elif event is not None:
            self.events.append(event)

    def finish(self, plan: Plan) -> RawDossier:
        """The dossier with all its events: those in its attributes first, then the rows' in the order of the file."""
        data = plan.dossier(self)
        made = data.pop("events", [])
        assert isinstance(made, list)
        data["events"] = made + self.events
        return RawDossier(self.dossier_id, data, self.place, tuple(self.problems.values()))


def assembled(records: Iterable[Record], plan: Plan, grouped: bool = False) -> Iterator[RawDossier]:
    """The dossiers in rows, in the order of their first row; a bad row is an error row or spoils its own dossier only.

    The rows of one dossier may be scattered over the file, unless `grouped` promises that they stand together: then
    each dossier comes out as soon as the next one begins.
    """
    drafts: dict[str, Draft] = {}
    for place, cells, problem in records:
        dossier_id = plan.id_of(cells)
        if not dossier_id:
            draft = drafts[f"\0{place}"] = Draft("", place)
            draft.report(problem or errors.dossier_id_missing(place))
            continue
        if grouped and dossier_id not in drafts:
            yield from (_finished(draft, plan) for draft in drafts.values())
            drafts.clear()
        draft = drafts.get(dossier_id) or drafts.setdefault(dossier_id, Draft(dossier_id, place))
        if problem is not None:
            draft.report(problem)
            continue
        draft.add_attributes(plan, cells, place)
        draft.add_event(plan, cells, place)
    yield from (_finished(draft, plan) for draft in drafts.values())


def _finished(draft: Draft, plan: Plan) -> RawDossier:
    if draft.dossier_id:
        return draft.finish(plan)
    return RawDossier("", {}, draft.place, tuple(draft.problems.values()))


def put(data: dict[str, object], name: str, value: object, replace: bool = False) -> bool:
    """Set a field, `units.x` and `time_limit.x` inside their groups; false if another value is in its way."""
    group, dot, rest = name.partition(".")
    if dot and group in GROUPS:
        inner = data.setdefault(group, {})
        if not isinstance(inner, dict):
            return False
        data, name = inner, rest
    if replace:
        data[name] = value
    return data.setdefault(name, value) == value
