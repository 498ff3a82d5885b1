"""What the columns of an event log mean: by their own names (`PlainLayout`) or by a mapping file (`MappedLayout`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from collections.abc import Mapping as Cells
from contextlib import suppress
from itertools import starmap
from typing import Final
from unicodedata import normalize

from pydantic_core import PydanticCustomError

from tthc_rules import errors
from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law import fields
from tthc_rules.law.civil import read_moment
from tthc_rules.logs import complaints
from tthc_rules.logs.assemble import GROUPS, Draft, put
from tthc_rules.logs.dates import date_form, end_of_day
from tthc_rules.logs.mapping import DOSSIER_FIELDS, TIME_FIELDS, Mapping, ValueSource

__all__ = ["MappedLayout", "PlainLayout", "delimiter_hint", "dossier_id_of", "same", "trimmed", "typed"]

_FIELDS: Final = {**fields.DOSSIER_FIELDS, **fields.EVENT_FIELDS}
BOOLEAN_FIELDS: Final = fields.named(_FIELDS, "flag")
INTEGER_FIELDS: Final = fields.named(_FIELDS, "number")
LIST_FIELDS: Final = fields.named(_FIELDS, "list")
TYPED_FIELDS: Final = frozenset(_FIELDS) - {fields.DOSSIER_ID}
NAME_FIELDS: Final = frozenset({"procedure", "regime", "jurisdiction", "units.handling_agency", "units.one_stop_unit"})
"""Fields that hold the id of something: blanks around it are no part of it."""
MAX_COLUMNS_SHOWN: Final = 40
_INTEGER: Final = re.compile(r"(-?[0-9]{1,18})(?:\.0+)?", re.ASCII)
_DROPPED: Final = object()


def typed(name: str, value: object) -> object:
    """The value in the type of the field; one that has no such reading stays as it is, for the dossier to refuse."""
    if isinstance(value, str):
        if name in BOOLEAN_FIELDS:
            return {"true": True, "false": False}.get(value.lower(), value)
        if name in INTEGER_FIELDS and (number := _INTEGER.fullmatch(value)):
            return int(number[1])  # «5.0» is how pandas writes a 5 beside an empty cell
        if name in LIST_FIELDS:
            return [item.strip() for item in value.split("|") if item.strip()]
        if name in NAME_FIELDS or name == "agency":
            return value.strip()
        if name in TIME_FIELDS:
            return end_of_day(value)
    elif name in TYPED_FIELDS and isinstance(value, int | float) and not isinstance(value, bool):
        return value if name in BOOLEAN_FIELDS | INTEGER_FIELDS | LIST_FIELDS else str(value)
    elif name == "officers" and isinstance(value, list):
        return [item.strip() if isinstance(item, str) else item for item in value]
    return value


def trimmed(fields: Cells[str, object]) -> dict[str, object]:
    """A dossier without the blanks around names of dossiers, units and persons, and 24:00 as the end of its day."""
    data = {name: typed(name, value) if _is_name(name, value) else value for name, value in fields.items()}
    if isinstance(data.get("dossier_id"), str):
        data["dossier_id"] = dossier_id_of(data["dossier_id"])
    if isinstance(units := data.get("units"), dict):
        data["units"] = {name: typed(f"units.{name}", value) for name, value in units.items()}
    if isinstance(events := data.get("events"), list):
        data["events"] = [_trimmed_event(event) if isinstance(event, dict) else event for event in events]
    return data


def _trimmed_event(event: dict[str, object]) -> dict[str, object]:
    return {
        name: typed(name, value) if isinstance(value, str) and (name in TIME_FIELDS or name == "agency") else value
        for name, value in event.items()
    }


def _is_name(name: str, value: object) -> bool:
    return isinstance(value, str) if name in NAME_FIELDS else name == "officers" and isinstance(value, list)


def dossier_id_of(value: object) -> str:
    """The id as text, or nothing if it cannot be one."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    text = str(value).strip()
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character
        return ""
    return normalize("NFC", text)


def same(name: str, one: object, other: object) -> bool:
    """Whether two values of a field are the same, once they are read: «05» and «5», «A | B» and «A|B»."""
    first, second = typed(name, _composed(one)), typed(name, _composed(other))
    if name in TIME_FIELDS:
        with suppress(PydanticCustomError):
            return read_moment(first) == read_moment(second)
    return type(first) is type(second) and first == second


def _composed(value: object) -> object:
    return normalize("NFC", value) if isinstance(value, str) and not value.isascii() else value


def _not_done(cells: Cells[str, object]) -> str:
    """The word of the row's life cycle, unless it is `complete` or not there."""
    for column in fields.LIFECYCLE:
        if (word := cells.get(column)) is not None:
            return "" if fields.is_done(str(word)) else str(word).strip().lower()
    return ""


# -- a log in the library's own column names, or those of process mining -----------------------------------------------

_ROLES: Final = {
    "dossier_id": "id",
    "case:concept:name": "id",
    "kind": "kind",
    "concept:name": "kind",
    "at": "at",
    "time:timestamp": "at",
}
_WANTED: Final = (("dossier_id", "case:concept:name"), ("kind", "concept:name"), ("at", "time:timestamp"))


class _Roles(dict[str, tuple[str, str]]):
    """What a column is (`id`, `kind`, `at`, `dossier`, `event`) and the name of its field, worked out once."""

    def __missing__(self, column: str) -> tuple[str, str]:
        prefix, _, rest = column.partition(":")
        if role := _ROLES.get(column):
            found = role, role
        elif column in fields.LIFECYCLE:
            found = "lifecycle", column
        elif prefix in ("case", "event") and rest:
            found = ("dossier" if prefix == "case" else "event"), rest
        else:
            named = column in DOSSIER_FIELDS or column.partition(".")[0] in GROUPS
            found = ("dossier" if named else "event"), column
        self[column] = found
        return found


class PlainLayout:
    """Columns that say by their names what they are: every one is kept.

    `case:x` and the fields of a dossier describe the dossier, `event:x` and all others the event.
    """

    inherits = False

    def __init__(self, text: bool = True) -> None:
        self.text = text
        self.roles = _Roles()

    def check(self, place: str, columns: Sequence[str], delimiter: str) -> None:
        """See `Plan`."""
        _no_misspelt(place, [column for column in columns if column not in _ROLES and column not in fields.LIFECYCLE])
        missing = [f"{ours} ({theirs})" for ours, theirs in _WANTED if ours not in columns and theirs not in columns]
        if missing:
            raise InputFileError(errors.columns_missing(place, missing, columns, delimiter_hint(columns, delimiter)))

    def wanted(self, columns: Sequence[str]) -> Set[str]:
        """See `Plan`."""
        return set(columns)

    def id_of(self, cells: Cells[str, object]) -> str:
        """See `Plan`."""
        return dossier_id_of(cells["dossier_id"] if "dossier_id" in cells else cells.get("case:concept:name"))

    def attributes(self, cells: Cells[str, object]) -> Iterable[tuple[str, object]]:
        """See `Plan`."""
        roles = self.roles
        return [(column, value) for column, value in cells.items() if roles[column][0] == "dossier"]

    def same(self, column: str, one: object, other: object) -> bool:
        """See `Plan`."""
        return same(self.roles[column][1], one, other)

    def left_out(self, cells: Cells[str, object]) -> str:
        """See `Plan`."""
        return _not_done(cells)

    def gaps(self, cells: Cells[str, object]) -> Iterable[str]:
        """See `Plan`."""
        return ()

    def event(self, cells: Cells[str, object], place: str) -> dict[str, object] | Problem | None:
        """See `Plan`."""
        event: dict[str, object] = {}
        for column, value in cells.items():
            role, name = self.roles[column]
            if role != "event" and (role in ("dossier", "id", "lifecycle") or (column != role and role in cells)):
                continue
            is_typed = (self.text and name in TYPED_FIELDS) or name in TIME_FIELDS or name == "agency"
            if not put(event, name, typed(name, value) if is_typed else value):
                return complaints.attribute_conflict(place, name, event.get(name), value)
        return _complete(event, place) if event else None

    def dossier(self, draft: Draft) -> dict[str, object]:
        """See `Plan`."""
        data: dict[str, object] = {"dossier_id": draft.dossier_id}
        for column, value in draft.attributes.items():
            name = self.roles[column][1]
            read = typed(name, value) if self.text or name in LIST_FIELDS or name in NAME_FIELDS else value
            if name == "events" or not put(data, name, read):
                draft.report(
                    complaints.attribute_conflict(draft.place, name, data.get(name.split(".")[0]), value), name
                )
        return data

    def unseen(self) -> Problem | None:
        """See `Plan`."""
        return None


def _no_misspelt(place: str, columns: Sequence[str]) -> None:
    """Refuse a log with a column that is one of ours but for a slip: it would be read as nothing."""
    if problems := fields.misspelt_columns(of_either=columns, place=place):
        raise InputFileError(problems)


def delimiter_hint(columns: Sequence[str], delimiter: str) -> tuple[str, str]:
    """What to add where a header looks as if it had another delimiter; it is never guessed."""
    for sign in ";,\t|":
        if len(columns) == 1 and sign != delimiter and sign in columns[0]:
            return (
                f"; nếu {sign!r} ngăn các ô, thêm --delimiter {sign!r} (delimiter={sign!r})",
                f"; if {sign!r} separates, add --delimiter {sign!r} (delimiter={sign!r})",
            )
    return "", ""


def _complete(event: dict[str, object], place: str) -> dict[str, object] | Problem:
    for name in ("kind", "at"):
        if event.get(name) is None:
            return complaints.event_incomplete(place, name)
    return event


# -- a log with a mapping file -----------------------------------------------------------------------------------------


class _Value:
    """One source of a mapping, ready to be read from rows."""

    def __init__(self, name: str, source: ValueSource) -> None:
        self.name = name
        self.column = source.column
        self.source = source
        self.constant = typed(name, source.value)
        self.forms = [date_form(written) for written in source.date_format]
        self.table: dict[str, object] | None = None
        if source.values is not None:
            self.table = {
                normalize("NFC", written): _DROPPED if value is None else typed(name, value)
                for written, value in source.values.items()
            }

    def read(self, cells: Cells[str, object], place: str) -> object:
        """The value in the row: `None` if absent, `_DROPPED` if the mapping drops it, or a `Problem`."""
        if self.column is None:
            return self.constant
        value = cells.get(self.column)
        if value is None:
            return None
        if self.table is not None:
            return self._looked_up(value, place)
        if self.forms and isinstance(value, str):
            return self._dated(value, place)
        return typed(self.name, value)

    def same(self, one: object, other: object) -> bool:
        """Whether two cells of the column give the same value."""
        first, second = (self.read({str(self.column): _composed(value)}, "") for value in (one, other))
        if isinstance(first, Problem) or isinstance(second, Problem):
            return False
        return first is second or same(self.name, first, second)

    def _looked_up(self, value: object, place: str) -> object:
        assert self.table is not None
        assert self.column is not None
        written = str(value).lower() if isinstance(value, bool) else str(value)
        if (found := self.table.get(written)) is not None:
            return found
        if (found := self.table.get(normalize("NFC", written.strip()))) is not None:
            return found
        if self.source.other == "keep":
            return typed(self.name, value)
        if self.source.other == "drop":
            return _DROPPED
        return complaints.value_not_mapped(place, self.column, value, sorted(self.table))

    def _dated(self, value: str, place: str) -> object:
        read = (form.read(value) for form in self.forms)
        found = next((moment for moment in read if moment is not None), None)
        if found is None:
            if absent := next((said for form in self.forms if (said := form.absent(value))), None):
                return complaints.day_absent(place, str(self.column), value, absent)
            return complaints.value_not_of_type(place, str(self.column), value, " | ".join(self.source.date_format))
        return found


class MappedLayout:
    """Columns that a mapping file explains; the others are not kept."""

    inherits = True

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.id_column = mapping.dossier.dossier_id.column or ""
        self.fields = list(starmap(_Value, mapping.dossier.__pydantic_extra__.items()))
        self.made = [
            (made.kind, [_Value("at", made.at), *starmap(_Value, made.__pydantic_extra__.items())])
            for made in mapping.events_from_dossier
        ]
        rows = mapping.events_from_rows
        self.row = [_Value("kind", rows.kind), _Value("at", rows.at)] if rows else []
        self.row += starmap(_Value, rows.__pydantic_extra__.items()) if rows else []
        self.of_rows = {each.name for each in self.row if each.column and not each.column.startswith("case:")}
        self.only = [(each.column, frozenset(each.among)) for each in rows.only] if rows else []
        self.constants = [*self.fields, *(value for _, values in self.made for value in values)]
        self.constant_columns = tuple(dict.fromkeys(value.column for value in self.constants if value.column))
        told = {column for column, _ in self.only} | {each.column for each in self.row}
        self.only_done = bool(self.row) and not told & set(fields.LIFECYCLE)
        self.of_rows -= {each.name for each in self.row if each.column in self.constant_columns}
        self.missing = dict.fromkeys(mapping.required_columns)
        self.columns: dict[str, None] = {}

    def check(self, place: str, columns: Sequence[str], delimiter: str) -> None:
        """See `Plan`."""
        missing = [column for column in self.mapping.required_columns if column not in columns]
        if missing:
            raise InputFileError(errors.columns_missing(place, missing, columns, delimiter_hint(columns, delimiter)))
        self.missing.clear()
        _no_misspelt(place, [column for column in columns if column not in self.wanted(()) | set(self.mapping.ignore)])

    def wanted(self, columns: Sequence[str]) -> Set[str]:
        """See `Plan`."""
        mapped = {source.column for _, source, _ in self.mapping.sources() if source.column}
        return mapped | {column for column, _ in self.only} | set(self.mapping.unknown_if) | set(fields.LIFECYCLE)

    def id_of(self, cells: Cells[str, object]) -> str:
        """See `Plan`."""
        return dossier_id_of(cells.get(self.id_column))

    def attributes(self, cells: Cells[str, object]) -> Iterable[tuple[str, object]]:
        """See `Plan`."""
        if self.missing and cells:
            if len(self.columns) < MAX_COLUMNS_SHOWN:
                self.columns.update(dict.fromkeys(cells))
            self.missing = {column: None for column in self.missing if column not in cells}
        return [(column, value) for column in self.constant_columns if (value := cells.get(column)) is not None]

    def same(self, column: str, one: object, other: object) -> bool:
        """See `Plan`."""
        return all(each.same(one, other) for each in self.constants if each.column == column)

    def left_out(self, cells: Cells[str, object]) -> str:
        """See `Plan`."""
        return _not_done(cells) if self.only_done else ""

    def gaps(self, cells: Cells[str, object]) -> Iterable[str]:
        """See `Plan`."""
        for column, words in self.mapping.unknown_if.items():
            value = cells.get(column)
            written = str(value).lower() if isinstance(value, bool) else str(value).strip()
            yield from words.get(written, ())

    def event(self, cells: Cells[str, object], place: str) -> dict[str, object] | Problem | None:
        """See `Plan`."""
        if any(str(cells.get(column)) not in among for column, among in self.only):
            return None
        event: dict[str, object] = {}
        present = False
        for each in self.row:
            value = each.read(cells, place)
            if isinstance(value, Problem) or (value is _DROPPED and each.name == "kind"):
                return value if isinstance(value, Problem) else None
            if value is not None and value is not _DROPPED:
                event[each.name] = value
                present = present or each.name in self.of_rows
        return _complete(event, place) if present else None

    def dossier(self, draft: Draft) -> dict[str, object]:
        """See `Plan`."""
        data: dict[str, object] = {"dossier_id": draft.dossier_id}
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
        """See `Plan`."""
        if not self.missing:
            return None
        return errors.columns_missing("", list(self.missing), list(self.columns))
