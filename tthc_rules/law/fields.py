"""Each event kind, event field and dossier field once, with what its values mean; read off the models of the border.

Tables, readers, mappings and engines ask here, so that a field added to `law/dossier.py` is known to all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, TypeAlias, get_args, get_origin

from pydantic import BaseModel

from tthc_rules.errors import Problem, misspelt, shown
from tthc_rules.law.dossier import (
    DOSSIER_NAMES,
    EVENT_FIELD_NAMES,
    EVENT_TYPES,
    LIMIT_NAMES,
    OWN_TIME_NAMES,
    UNIT_NAMES,
    Dossier,
    NoTimeLimit,
    OwnTime,
    TimeLimit,
    TimeOfDay,
    Units,
)
from tthc_rules.law.names import Names
from tthc_rules.law.rule import OWN_TIMES

Meaning: TypeAlias = Literal["moment", "text", "flag", "number", "list"]

DOSSIER_ID: Final = "dossier_id"
EVENTS: Final = "events"
GROUPS: Final[Mapping[str, tuple[type[BaseModel], ...]]] = {
    "units": (Units,),
    "time_limit": (TimeLimit, NoTimeLimit),
    **{f"time_limit.{name}": (OwnTime,) for name in OWN_TIMES},
}
"""The groups of fields of a dossier; in a table their fields are written with a dot (`time_limit.amount`), those of a
group within a group with two (`time_limit.return_within.amount`). A group stands before those within it."""


def _meaning(annotation: Any) -> Meaning:
    """What values of that type are in a table or a text."""
    kinds = set(_plain_types(annotation))
    if date in kinds:
        return "moment"
    if bool in kinds:
        return "flag"
    if tuple in kinds:
        return "list"
    return "number" if int in kinds else "text"


def _plain_types(annotation: Any) -> Iterator[type]:
    if annotation is TimeOfDay:
        yield str  # a minute inside, «15:00» outside
    elif get_origin(annotation) is Annotated:
        yield from _plain_types(get_args(annotation)[0])
    elif get_origin(annotation) is Literal:
        yield from map(type, get_args(annotation))
    elif get_origin(annotation) is tuple or isinstance(annotation, type):
        yield tuple if get_origin(annotation) is tuple else annotation
    else:
        for part in get_args(annotation):
            yield from _plain_types(part)


def _of(model: type[BaseModel], prefix: str = "") -> dict[str, Meaning]:
    return {prefix + (field.alias or name): _meaning(field.annotation) for name, field in model.model_fields.items()}


KINDS: Final[tuple[str, ...]] = tuple(EVENT_TYPES)

FIELDS_OF: Final[Mapping[str, Mapping[str, Meaning]]] = {kind: _of(model) for kind, model in EVENT_TYPES.items()}
"""For each kind the fields of its events, `kind` and `at` first."""

EVENT_FIELDS: Final[Mapping[str, Meaning]] = {
    name: meaning for fields in FIELDS_OF.values() for name, meaning in fields.items()
}
"""The fields that an event of any kind may have."""


def _ungrouped(fields: Mapping[str, Meaning]) -> Iterator[tuple[str, Meaning]]:
    for name, meaning in fields.items():
        if name in GROUPS:
            for model in GROUPS[name]:
                yield from _ungrouped(_of(model, f"{name}."))
        elif name != EVENTS:
            yield name, meaning


DOSSIER_FIELDS: Final[Mapping[str, Meaning]] = dict(_ungrouped(_of(Dossier)))
"""The fields of a dossier, those of groups with a dot, without its events."""


LIFECYCLE: Final = ("lifecycle:transition", "event:lifecycle:transition")
"""In logs of process mining: whether an activity was begun or done; no field of ours."""


def is_done(word: str) -> bool:
    """Whether a row of a log says by this word of its life cycle that the activity was done."""
    return word.strip().lower() in ("", "complete")


def named(fields: Mapping[str, Meaning], meaning: Meaning) -> frozenset[str]:
    """The fields of that meaning."""
    return frozenset(name for name, found in fields.items() if found == meaning)


# -- the names of columns ----------------------------------------------------------------------------------------------

_OF_DOSSIERS: Final = Names((*DOSSIER_FIELDS, EVENTS, *GROUPS), (*DOSSIER_FIELDS, EVENTS, *GROUPS))
_OF_LOGS: Final = Names((*EVENT_FIELDS, *DOSSIER_FIELDS), DOSSIER_FIELDS)
_IN_GROUPS: Final = {
    "units": UNIT_NAMES,
    "time_limit": LIMIT_NAMES,
    **{f"time_limit.{name}": OWN_TIME_NAMES for name in OWN_TIMES},
}


def misspelt_columns(
    of_events: Iterable[str] = (), of_dossiers: Iterable[str] = (), of_either: Iterable[str] = (), place: str = ""
) -> list[Problem]:
    """The columns of a table that misspell a known one, which stops a run before any row is read.

    Columns of events, of dossiers (those of groups with a dot), or of a flat log, where a column may be either's and
    `case:` and `event:` say whose it is.
    """
    found = []
    for columns, meant_by in (
        (of_events, EVENT_FIELD_NAMES.meant),
        (of_dossiers, _of_dossier),
        (of_either, _of_either),
    ):
        for column in columns:
            if meant := meant_by(column):
                found.append(misspelt(": ".join(part for part in (place, shown(column)) if part), column, meant))
    return found


def nearest_column(column: str, of_event: bool) -> str:
    """The known name that is nearest to a column of events or of dossiers, or nothing."""
    if of_event:
        return EVENT_FIELD_NAMES.nearest(column)
    group, dot, inner = column.rpartition(".")
    if dot and group in _IN_GROUPS:
        near = _IN_GROUPS[group].nearest(inner)
        return f"{group}.{near}" if near else ""
    return DOSSIER_NAMES.nearest(column)


def _of_dossier(column: str) -> str:
    group, dot, inner = column.rpartition(".")
    if dot and group in _IN_GROUPS:
        meant = _IN_GROUPS[group].meant(inner)
        return f"{group}.{meant}" if meant else ""
    top, dot, rest = group.partition(".")
    if dot and top in _IN_GROUPS and (meant := _IN_GROUPS[top].meant(rest)):
        return f"{top}.{meant}.{inner}"
    return _OF_DOSSIERS.meant(column)


def _of_either(column: str) -> str:
    whose, colon, name = column.partition(":")
    if colon and whose == "event":
        return EVENT_FIELD_NAMES.meant(name)
    if (colon and whose == "case") or column.partition(".")[0] in _IN_GROUPS:
        return _of_dossier(name if colon else column)
    return _OF_LOGS.meant(column)
