"""Each event kind, event field and dossier field once, with what its values mean; read off the models of the border.

Tables, readers, mappings and engines ask here, so that a field added to `law/dossier.py` is known to all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, TypeAlias, get_args, get_origin

from pydantic import BaseModel

from tthc_rules.law.dossier import EVENT_TYPES, Dossier, NoTimeLimit, TimeLimit, TimeOfDay, Units

Meaning: TypeAlias = Literal["moment", "text", "flag", "number", "list"]

DOSSIER_ID: Final = "dossier_id"
EVENTS: Final = "events"
GROUPS: Final[Mapping[str, tuple[type[BaseModel], ...]]] = {"units": (Units,), "time_limit": (TimeLimit, NoTimeLimit)}
"""The groups of fields of a dossier; in a table their fields are written with a dot (`time_limit.amount`)."""


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

DOSSIER_FIELDS: Final[Mapping[str, Meaning]] = {
    name: meaning
    for field, meanings in _of(Dossier).items()
    if field != EVENTS
    for name, meaning in (
        [pair for model in GROUPS[field] for pair in _of(model, f"{field}.").items()]
        if field in GROUPS
        else [(field, meanings)]
    )
}
"""The fields of a dossier, those of groups with a dot, without its events."""


def named(fields: Mapping[str, Meaning], meaning: Meaning) -> frozenset[str]:
    """The fields of that meaning."""
    return frozenset(name for name, found in fields.items() if found == meaning)
