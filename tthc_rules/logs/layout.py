"""What the columns of an event log mean by their own names, and what a cell says in each field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from collections.abc import Mapping as Cells
from contextlib import suppress
from datetime import date, time
from typing import Final

from pydantic_core import PydanticCustomError

from tthc_rules import errors
from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law import fields
from tthc_rules.law.civil import read_moment
from tthc_rules.law.text import nfc
from tthc_rules.logs import complaints
from tthc_rules.logs.assemble import GROUPS, Draft, put
from tthc_rules.logs.dates import end_of_day
from tthc_rules.logs.mapping import DOSSIER_FIELDS, TIME_FIELDS

__all__ = [
    "PlainLayout",
    "as_written",
    "complete",
    "composed",
    "delimiter_hint",
    "dossier_id_of",
    "no_misspelt",
    "not_done",
    "same",
    "trimmed",
    "typed",
]

_FIELDS: Final = {**fields.DOSSIER_FIELDS, **fields.EVENT_FIELDS}
BOOLEAN_FIELDS: Final = fields.named(_FIELDS, "flag")
INTEGER_FIELDS: Final = fields.named(_FIELDS, "number")
LIST_FIELDS: Final = fields.named(_FIELDS, "list")
TYPED_FIELDS: Final = frozenset(_FIELDS) - {fields.DOSSIER_ID}
NAME_FIELDS: Final = frozenset(
    {"procedure", "regime", "jurisdiction", "field", "units.handling_agency", "units.one_stop_unit"}
)
"""Fields that hold the id or the name of something: blanks around it are no part of it."""
_INTEGER: Final = re.compile(r"(-?[0-9]{1,18})(?:\.0+)?", re.ASCII)


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
        is_code = name in NAME_FIELDS or name == "agency"
        lost = is_code and isinstance(value, float) and not value.is_integer()  # «1.004880» that became a number
        return value if lost or name in BOOLEAN_FIELDS | INTEGER_FIELDS | LIST_FIELDS else str(value)
    elif name in TYPED_FIELDS and name not in TIME_FIELDS and isinstance(value, date | time):
        return value.isoformat("minutes") if isinstance(value, time) and not value.second else value.isoformat()
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
    return nfc(text)


def same(name: str, one: object, other: object) -> bool:
    """Whether two values of a field are the same, once they are read: «05» and «5», «A | B» and «A|B»."""
    first, second = typed(name, composed(one)), typed(name, composed(other))
    if name in TIME_FIELDS:
        with suppress(PydanticCustomError):
            return read_moment(first) == read_moment(second)
    return type(first) is type(second) and first == second


def composed(value: object) -> object:
    """Text in one form of every letter; anything else as it is."""
    return nfc(value) if isinstance(value, str) else value


def as_written(value: object) -> str:
    """The cell as the text that a CSV has of it."""
    return str(value).lower() if isinstance(value, bool) else nfc(str(value).strip())


def not_done(cells: Cells[str, object]) -> str:
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
    serial: Set[str] = frozenset()

    def __init__(self, text: bool = True) -> None:
        self.text = text
        self.roles = _Roles()

    def check(self, place: str, columns: Sequence[str], delimiter: str) -> None:
        """See `Layout`."""
        no_misspelt(place, [column for column in columns if column not in _ROLES and column not in fields.LIFECYCLE])
        missing = [f"{ours} ({theirs})" for ours, theirs in _WANTED if ours not in columns and theirs not in columns]
        if missing:
            raise InputFileError(errors.columns_missing(place, missing, columns, delimiter_hint(columns, delimiter)))

    def wanted(self, columns: Sequence[str]) -> Set[str]:
        """See `Layout`."""
        return set(columns)

    def id_of(self, cells: Cells[str, object]) -> str:
        """See `Layout`."""
        return dossier_id_of(cells["dossier_id"] if "dossier_id" in cells else cells.get("case:concept:name"))

    def attributes(self, cells: Cells[str, object]) -> Iterable[tuple[str, object]]:
        """See `Layout`."""
        roles = self.roles
        return [(column, value) for column, value in cells.items() if roles[column][0] == "dossier"]

    def same(self, column: str, one: object, other: object) -> bool:
        """See `Layout`."""
        return same(self.roles[column][1], one, other)

    def left_out(self, cells: Cells[str, object]) -> str:
        """See `Layout`."""
        return not_done(cells)

    def gaps(self, cells: Cells[str, object]) -> Iterable[str]:
        """See `Layout`."""
        return ()

    def unnamed(self, cells: Cells[str, object], place: str) -> Problem:
        """See `Layout`."""
        return complaints.dossier_id_missing(place)

    def events(self, cells: Cells[str, object], place: str) -> Iterable[dict[str, object] | Problem]:
        """See `Layout`."""
        event: dict[str, object] = {}
        for column, value in cells.items():
            role, name = self.roles[column]
            if role != "event" and (role in ("dossier", "id", "lifecycle") or (column != role and role in cells)):
                continue
            is_typed = (self.text and name in TYPED_FIELDS) or name in TIME_FIELDS or name == "agency"
            if not put(event, name, typed(name, value) if is_typed else value):
                return (complaints.attribute_conflict(place, name, event.get(name), value),)
        return (complete(event, place),) if event else ()

    def dossier(self, draft: Draft) -> dict[str, object]:
        """See `Layout`."""
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
        """See `Layout`."""
        return None


def no_misspelt(place: str, columns: Sequence[str]) -> None:
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


def complete(event: dict[str, object], place: str) -> dict[str, object] | Problem:
    """The event, or that it has no kind or no time."""
    for name in ("kind", "at"):
        if event.get(name) is None:
            return complaints.event_incomplete(place, name)
    return event
