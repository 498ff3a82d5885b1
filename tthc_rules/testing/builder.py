"""A dossier and its events in a line each, as a portal would send them: plain data, nothing checked yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from tthc_rules.law.civil import Moment

Json: TypeAlias = dict[str, Any]
WORKDAYS: Final = "workday"


def event(kind: str, at: str | Moment, **fields: Any) -> Json:
    """An event at a date, or at a date and hour; `from_` is written `from`. `None` leaves a field out."""
    said = {name.removesuffix("_"): _written(value) for name, value in fields.items() if value is not None}
    return {"kind": kind, "at": _written(at), **said}


def dossier(
    *events: Mapping[str, Any],
    accepted: str | Moment | None = None,
    limit: int | Mapping[str, Any] | None = None,
    dossier_id: str = "HS-1",
    **fields: Any,
) -> Json:
    """A dossier with these events, behind its acceptance if `accepted` names its day.

    `limit` is a number of workdays or a whole time limit; `fields` are the other fields of a dossier.
    """
    first = [] if accepted is None else [event("dossier_accepted", accepted)]
    given = {"amount": limit, "unit": WORKDAYS} if isinstance(limit, int) else limit
    said = {name: _written(value) for name, value in fields.items() if value is not None}
    own = {} if given is None else {"time_limit": dict(given)}
    return {"dossier_id": dossier_id, **own, **said, "events": [*first, *map(dict, events)]}


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
