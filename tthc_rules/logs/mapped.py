"""What the columns of an event log mean by a mapping file; the columns that it does not name are not kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from collections.abc import Mapping as Cells
from datetime import date, datetime, time
from itertools import starmap
from typing import Final

from tthc_rules import errors
from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law import fields
from tthc_rules.logs import complaints
from tthc_rules.logs.assemble import Draft, place_at, put
from tthc_rules.logs.dates import SERIAL, date_form
from tthc_rules.logs.layout import (
    as_written,
    complete,
    composed,
    delimiter_hint,
    dossier_id_of,
    no_misspelt,
    not_done,
    same,
    typed,
)
from tthc_rules.logs.mapping import TIME_FIELDS, Mapping, RowEvents, ValueSource
from tthc_rules.logs.sourceclock import SourceClock

__all__ = ["MappedLayout"]

MAX_COLUMNS_SHOWN: Final = 40
_DROPPED: Final = object()


def joined(cells: Cells[str, object], columns: Sequence[str], join: str, place: str, name: str) -> object:
    """The cells of several columns as one text, in which no other cells could come out the same; nothing without any.

    Or what is wrong: a part that is missing, or that holds the sign that joins (in the last one it can do no harm).
    """
    parts: list[str] = []
    missing = ""
    for column in columns:
        cell = cells.get(column)
        text = str(cell).strip() if isinstance(cell, str | int) and not isinstance(cell, bool) else ""
        missing = missing or ("" if text else column)
        if join in text and column != columns[-1]:
            return complaints.part_has_join(place_at(place, column), name, column, join)
        parts.append(text)
    if missing:
        return complaints.part_missing(place_at(place, missing), name, missing) if any(parts) else None
    return join.join(parts)


class _Value:
    """One source of a mapping, ready to be read from rows."""

    def __init__(self, name: str, source: ValueSource, clock: SourceClock) -> None:
        self.name = name
        self.columns = source.named
        self.column = source.named[0] if source.named else ""
        self.join = source.join
        self.source = source
        self.clock = clock if name in TIME_FIELDS and clock.is_foreign else None
        self.constant = typed(name, source.value)
        self.forms = [date_form(written, source.years_from) for written in source.date_format]
        self.table: dict[str, object] | None = None
        if source.values is not None:
            self.table = {
                as_written(written): _DROPPED if value is None else typed(name, value)
                for written, value in source.values.items()
            }

    def read(self, cells: Cells[str, object], place: str) -> object:
        """The value in the row: `None` if absent, `_DROPPED` if the mapping drops it, or a `Problem`."""
        value = self._read(cells, place)
        if self.clock is None or value is None or value is _DROPPED or isinstance(value, Problem):
            return value
        return self.clock.read(value, place_at(place, self.column), self.column or self.name)

    def _read(self, cells: Cells[str, object], place: str) -> object:
        if not self.columns:
            return self.constant
        value = cells.get(self.column) if self.join is None else self._joined(cells, place)
        if value is None or isinstance(value, Problem):
            return value
        if self.table is not None:
            return self._looked_up(value, place)
        if self.forms and isinstance(value, str | int) and not isinstance(value, bool):
            return self._dated(str(value), place_at(place, self.column))
        return typed(self.name, value)

    def _joined(self, cells: Cells[str, object], place: str) -> object:
        """The parts as one; of a moment those that are there, for its forms are strict."""
        assert self.join is not None
        if self.name not in TIME_FIELDS:
            return joined(cells, self.columns, self.join, place, self.name)
        parts = [cell for column in self.columns if (cell := cells.get(column)) is not None]
        match parts:
            case [date() as day, time() as hour] if not isinstance(day, datetime):
                return datetime.combine(day, hour)
            case _:
                return self.join.join(str(part).strip() for part in parts) or None

    def same(self, one: Cells[str, object], other: Cells[str, object]) -> bool:
        """Whether the cells of two rows give the same value."""
        first, second = (self.read({name: composed(cell) for name, cell in row.items()}, "") for row in (one, other))
        if isinstance(first, Problem) or isinstance(second, Problem):
            return False
        return first is second or same(self.name, first, second)

    def _looked_up(self, value: object, place: str) -> object:
        assert self.table is not None
        if (found := self.table.get(as_written(value))) is not None:
            return found
        if self.source.other == "keep":
            return typed(self.name, value)
        if self.source.other == "drop":
            return _DROPPED
        return complaints.value_not_mapped(place_at(place, self.column), self.column, value, sorted(self.table))

    def _dated(self, value: str, place: str) -> object:
        read = (form.read(value) for form in self.forms)
        found = next((moment for moment in read if moment is not None), None)
        if found is None:
            if absent := next((said for form in self.forms if (said := form.absent(value))), None):
                return complaints.day_absent(place, self.column, value, absent)
            return complaints.value_not_of_type(place, self.column, value, " | ".join(self.source.date_format))
        return found


class _RowEvent:
    """How a row becomes one event."""

    def __init__(self, rows: RowEvents, mapping: Mapping, of_dossier: Set[str]) -> None:
        extra = rows.__pydantic_extra__.items()
        self.values = [
            _Value(name, source, mapping.clock) for name, source in [("kind", rows.kind), ("at", rows.at), *extra]
        ]
        self.only = [(each.column, frozenset(map(as_written, each.among))) for each in rows.only]
        self.may_be_empty = rows.at.may_be_empty
        self.of_rows = {
            each.name
            for each in self.values
            if any(not column.startswith("case:") and column not in of_dossier for column in each.columns)
        }

    @property
    def columns(self) -> set[str]:
        """The columns that it looks at."""
        return {column for column, _ in self.only} | {column for each in self.values for column in each.columns}

    def event(self, cells: Cells[str, object], place: str) -> dict[str, object] | Problem | None:
        """The event in the row, what is wrong with it, or nothing if the row has none."""
        for column, among in self.only:
            if (cell := cells.get(column)) is None or as_written(cell) not in among:
                return None
        event: dict[str, object] = {}
        present = False
        for each in self.values:
            value = each.read(cells, place)
            if isinstance(value, Problem) or (value is _DROPPED and each.name == "kind"):
                return value if isinstance(value, Problem) else None
            if value is not None and value is not _DROPPED:
                event[each.name] = value
                present = present or each.name in self.of_rows
            elif each.name == "at" and self.may_be_empty:
                return None
        return complete(event, place) if present else None


class MappedLayout:
    """Columns that a mapping file explains; the others are not kept."""

    inherits = True

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.id = mapping.dossier.dossier_id
        self.fields = self._values(mapping.dossier.__pydantic_extra__)
        self.made = [
            (made.kind, self._values({"at": made.at, **made.__pydantic_extra__}))
            for made in mapping.events_from_dossier
        ]
        self.constants = [*self.fields, *(value for _, values in self.made for value in values)]
        self.constant_columns = tuple(dict.fromkeys(name for value in self.constants for name in value.columns))
        self.rows = [_RowEvent(rows, mapping, frozenset(self.constant_columns)) for rows in mapping.events_from_rows]
        told = {column for row in self.rows for column in row.columns}
        self.only_done = bool(self.rows) and not told & set(fields.LIFECYCLE)
        self.serial: Set[str] = frozenset(
            column for _, source, _ in mapping.sources() if SERIAL in source.date_format for column in source.named
        )
        self.gaps_of = {
            column: {as_written(value): gaps for value, gaps in said.items()}
            for column, said in mapping.unknown_if.items()
        }
        self.missing = dict.fromkeys(mapping.required_columns)
        self.columns: dict[str, None] = {}

    def _values(self, sources: Cells[str, ValueSource]) -> list[_Value]:
        return list(starmap(lambda name, source: _Value(name, source, self.mapping.clock), sources.items()))

    def check(self, place: str, columns: Sequence[str], delimiter: str) -> None:
        """See `Layout`."""
        missing = [column for column in self.mapping.required_columns if column not in columns]
        if missing:
            raise InputFileError(errors.columns_missing(place, missing, columns, delimiter_hint(columns, delimiter)))
        self.missing.clear()
        no_misspelt(place, [column for column in columns if column not in self.wanted(()) | set(self.mapping.ignore)])

    def wanted(self, columns: Sequence[str]) -> Set[str]:
        """See `Layout`."""
        mapped = {column for _, source, _ in self.mapping.sources() for column in source.named}
        only = {column for row in self.rows for column, _ in row.only}
        return mapped | only | set(self.mapping.unknown_if) | set(fields.LIFECYCLE)

    def id_of(self, cells: Cells[str, object]) -> str:
        """See `Layout`."""
        value = self._id(cells, "")
        return "" if isinstance(value, Problem) else dossier_id_of(value)

    def unnamed(self, cells: Cells[str, object], place: str) -> Problem:
        """See `Layout`."""
        value = self._id(cells, place)
        return value if isinstance(value, Problem) else complaints.dossier_id_missing(place)

    def _id(self, cells: Cells[str, object], place: str) -> object:
        if self.id.join is None:
            return cells.get(self.id.column or "")
        return joined(cells, self.id.named, self.id.join, place, "dossier_id")

    def attributes(self, cells: Cells[str, object]) -> Iterable[tuple[str, object]]:
        """See `Layout`."""
        if self.missing and cells:
            if len(self.columns) < MAX_COLUMNS_SHOWN:
                self.columns.update(dict.fromkeys(cells))
            self.missing = {column: None for column in self.missing if column not in cells}
        return [(column, value) for column in self.constant_columns if (value := cells.get(column)) is not None]

    def same(self, column: str, one: object, other: object) -> bool:
        """See `Layout`."""
        return all(
            each.same({column: one}, {column: other}) if each.join is None else composed(one) == composed(other)
            for each in self.constants
            if column in each.columns
        )

    def left_out(self, cells: Cells[str, object]) -> str:
        """See `Layout`."""
        return not_done(cells) if self.only_done else ""

    def gaps(self, cells: Cells[str, object]) -> Iterable[str]:
        """See `Layout`."""
        for column, words in self.gaps_of.items():
            if (cell := cells.get(column)) is not None:
                yield from words.get(as_written(cell), ())

    def events(self, cells: Cells[str, object], place: str) -> Iterable[dict[str, object] | Problem]:
        """See `Layout`."""
        return [event for row in self.rows if (event := row.event(cells, place)) is not None]

    def dossier(self, draft: Draft) -> dict[str, object]:
        """See `Layout`."""
        data: dict[str, object] = {"dossier_id": draft.dossier_id}
        if self.mapping.regime is not None:
            data["regime"] = self.mapping.regime
        for name, value in self._read(self.fields, draft):
            put(data, name, value)
        events: list[dict[str, object]] = []
        for kind, values in self.made:
            event = {"kind": kind, **dict(self._read(values, draft))}
            if "at" in event:
                events.append(event)
        data["events"] = events
        if self.mapping.observes is not None and "observes" not in data:
            data["observes"] = list(self.mapping.observes)
        if draft.gaps:
            said = data.get("unknown")
            data["unknown"] = sorted(draft.gaps.union(said if isinstance(said, list) else ()))
        return data

    def _read(self, values: Iterable[_Value], draft: Draft) -> Iterator[tuple[str, object]]:
        for each in values:
            value = each.read(draft.attributes, draft.place)
            if isinstance(value, Problem):
                draft.report(value, each.column or "")
            elif value is not None and value is not _DROPPED:
                yield each.name, value

    def unseen(self) -> Problem | None:
        """See `Layout`."""
        if not self.missing:
            return None
        return errors.columns_missing("", list(self.missing), list(self.columns))
