"""Rows of an event log become raw dossiers; a layout says what the columns mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from collections.abc import Mapping as Cells
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from tthc_rules.errors import Problem
from tthc_rules.law import fields
from tthc_rules.logs import complaints

__all__ = ["GROUPS", "Draft", "Layout", "RawDossier", "Record", "SheetPlace", "assembled", "owners", "place_at", "put"]

GROUPS: Final = tuple(fields.GROUPS)
"""The groups of fields of a dossier; a dot in any other name is a part of the name."""


class SheetPlace(str):
    """The place of a row of a sheet, which knows the letters of its columns."""

    columns: Cells[str, str]

    def __new__(cls, place: str, columns: Cells[str, str]) -> SheetPlace:
        """The place, with the letters by the names of the columns."""
        made = super().__new__(cls, place)
        made.columns = columns
        return made

    def at(self, column: str) -> str:
        """The place of the cell in that column."""
        return f"{self}:{self.columns[column]}" if column in self.columns else str(self)


def place_at(place: str, column: str) -> str:
    """The place of a cell, where a row's own says as much."""
    return place.at(column) if isinstance(place, SheetPlace) else place


class Record(NamedTuple):
    """One row: its place, its cells, and what is wrong with it; then `again` is the other way to read what is left."""

    place: str
    cells: Cells[str, object]
    problem: Problem | None = None
    again: Cells[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RawDossier:
    """One dossier as a file has it, not validated; with `problems` it is an error row and must not be judged."""

    dossier_id: str
    data: dict[str, object]
    place: str
    problems: tuple[Problem, ...] = ()
    maybe: tuple[str, ...] = ()
    """The dossiers that an error row without an id may belong to."""
    left_out: Cells[str, int] = field(default_factory=dict)
    """How many rows were no events, by what they said of themselves (`start`, `schedule`)."""


class Layout(Protocol):
    """What the columns of a log mean."""

    inherits: bool
    """Whether an event may take values from the attributes of its trace."""
    serial: Set[str]
    """The columns in which a number of a spreadsheet is a day that it counts."""

    def check(self, place: str, columns: Sequence[str], delimiter: str) -> None:
        """Raise `InputFileError` if the header lacks a column that must be there."""

    def wanted(self, columns: Sequence[str]) -> Set[str]:
        """The columns that are read at all."""

    def id_of(self, cells: Cells[str, object]) -> str:
        """The dossier the row belongs to, or nothing."""

    def attributes(self, cells: Cells[str, object]) -> Iterable[tuple[str, object]]:
        """The columns of the row that describe the dossier, those that are there."""

    def same(self, column: str, one: object, other: object) -> bool:
        """Whether two cells of a column that describes the dossier say the same, once they are read."""

    def left_out(self, cells: Cells[str, object]) -> str:
        """The word by which the row says that it is not the doing of an activity (`start`, `schedule`), or nothing."""

    def gaps(self, cells: Cells[str, object]) -> Iterable[str]:
        """What the row says is incomplete in the record of its dossier."""

    def unnamed(self, cells: Cells[str, object], place: str) -> Problem:
        """Why the row does not say which dossier it belongs to."""

    def events(self, cells: Cells[str, object], place: str) -> Iterable[dict[str, object] | Problem]:
        """The events in the row, or what is wrong with them; none if the row only describes the dossier."""

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
    maybe: tuple[str, ...] = ()
    left_out: Counter[str] = field(default_factory=Counter)
    gaps: set[str] = field(default_factory=set)

    def report(self, problem: Problem, about: str = "") -> None:
        """Keep the problem; of those about the same column the first is enough."""
        self.problems.setdefault(f"{problem.code} {about or problem.place}", problem)

    def add_attributes(self, plan: Layout, cells: Cells[str, object], place: str) -> None:
        """Take what the row says of the dossier: an attribute has one value, which some rows may leave out."""
        self.gaps.update(plan.gaps(cells))
        for column, value in plan.attributes(cells):
            known = self.attributes.setdefault(column, value)
            if known is not value and known != value and not plan.same(column, known, value):
                self.report(complaints.attribute_conflict(place_at(place, column), column, known, value), column)

    def add_events(self, plan: Layout, cells: Cells[str, object], place: str) -> None:
        """Take the events in the row, if what happened was done."""
        if word := plan.left_out(cells):
            self.left_out[word] += 1
            return
        for event in plan.events(cells, place):
            if isinstance(event, Problem):
                self.report(event)
            else:
                self.events.append(event)

    def finish(self, plan: Layout) -> RawDossier:
        """The dossier with all its events: those in its attributes first, then the rows' in the order of the file."""
        data = plan.dossier(self)
        made = data.pop("events", [])
        assert isinstance(made, list)
        data["events"] = made + self.events
        return RawDossier(self.dossier_id, data, self.place, tuple(self.problems.values()), left_out=self.left_out)


def owners(record: Record, plan: Layout) -> tuple[bool, tuple[str, ...]]:
    """The dossier that the row belongs to; or those it may belong to, where a bad row can be read in two ways."""
    first = plan.id_of(record.cells)
    if record.problem is None:
        return bool(first), (first,) if first else ()
    found = tuple(name for name in dict.fromkeys((first, plan.id_of(record.again))) if name)
    return bool(first) and len(found) == 1 and bool(plan.id_of(record.again)), found


def assembled(records: Iterable[Record], plan: Layout, grouped: bool = False) -> Iterator[RawDossier]:
    """The dossiers in rows, in the order of their first row; a bad row is an error row or spoils its own dossier only.

    The rows of one dossier may be scattered over the file, unless `grouped` promises that they stand together: then
    each dossier comes out as soon as the next one begins.
    """
    drafts: dict[str, Draft] = {}
    doubtful: list[Draft] = []
    for record in records:
        place, cells, problem, _ = record
        is_sure, names = owners(record, plan)
        if not is_sure:
            draft = Draft("", place, maybe=names)
            draft.report(problem or plan.unnamed(cells, place))
            if names and not grouped:
                doubtful.append(draft)
            else:
                drafts[f"\0{place}"] = draft
            continue
        dossier_id = names[0]
        if grouped and dossier_id not in drafts:
            yield from (_finished(draft, plan) for draft in drafts.values())
            drafts.clear()
        draft = drafts.get(dossier_id) or drafts.setdefault(dossier_id, Draft(dossier_id, place))
        if problem is not None:
            draft.report(problem)
            continue
        draft.add_attributes(plan, cells, place)
        draft.add_events(plan, cells, place)
    for draft in doubtful:
        _give(draft, drafts)
    yield from (_finished(draft, plan) for draft in drafts.values())


def _give(doubtful: Draft, drafts: dict[str, Draft]) -> None:
    """A bad row spoils each dossier of the file that it may belong to; of none, it is an error row of its own."""
    known = [drafts[name] for name in doubtful.maybe if name in drafts]
    for draft in known:
        for problem in doubtful.problems.values():
            draft.report(problem)
    if not known:
        drafts[f"\0{doubtful.place}"] = Draft("", doubtful.place, problems=doubtful.problems)


def _finished(draft: Draft, plan: Layout) -> RawDossier:
    if draft.dossier_id:
        return draft.finish(plan)
    return RawDossier("", {}, draft.place, tuple(draft.problems.values()), draft.maybe)


def put(data: dict[str, object], name: str, value: object, replace: bool = False) -> bool:
    """Set a field, `units.x` and `time_limit.x` inside their groups; false if another value is in its way."""
    group, dot, rest = name.partition(".")
    whole = group
    while dot and whole in GROUPS:
        inner = data.setdefault(group, {})
        if not isinstance(inner, dict):
            return False
        data, name = inner, rest
        group, dot, rest = name.partition(".")
        whole = f"{whole}.{group}"
    if replace:
        data[name] = value
    return data.setdefault(name, value) == value
