"""Where a reader of messages finds the limit of a procedure: limits that the caller gives, or the law's catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from tthc_rules.law.civil import day_of
from tthc_rules.law.known import entry_among
from tthc_rules.law.limits import limit_of
from tthc_rules.law.rule import CatalogueEntry
from tthc_rules.logs.dossiercodes import join_key

__all__ = ["NO_LIMITS", "CatalogueLimits", "GivenLimits", "KnownLimit", "LimitSource"]


@dataclass(frozen=True, slots=True)
class KnownLimit:
    """What a catalogue says of a procedure.

    `limit` is its time limit in the shape of a dossier's; `procedure` is the code by which the law finds it, where it
    is the law's own, and else nothing: then the dossier must carry the limit itself.
    """

    limit: Mapping[str, Any] | None
    procedure: str = ""
    is_by_channel: bool = False


class LimitSource(Protocol):
    """A catalogue as readers of messages ask it."""

    def of(self, procedure: str, channel: str | None, day: date | None) -> KnownLimit | None:
        """The limit of a procedure, by the code as it was sent, for a way of filing on a day; nothing: not known."""


class GivenLimits:
    """Limits by full code or by `d.dddddd`: `{"amount": 5, "unit": "workday"}`, or a list of them with `channels`."""

    def __init__(self, limits: Mapping[str, Any]) -> None:
        self.limits = limits

    def of(self, procedure: str, channel: str | None, day: date | None) -> KnownLimit | None:
        """The limit of a procedure; a missing channel is in person."""
        found = self.limits.get(procedure, self.limits.get(join_key(procedure)))
        if not found:
            return None
        if isinstance(found, Mapping):
            return KnownLimit(found)
        for entry in found:
            channels = entry.get("channels") or ()
            if not channels or (channel or "in_person") in channels:
                limit = {name: value for name, value in entry.items() if name != "channels"}
                return KnownLimit(limit, is_by_channel=len(found) > 1)
        return None


class CatalogueLimits:
    """The limits of the catalogue among the rule files, as known on a day."""

    def __init__(
        self, catalogue: Mapping[str, Iterable[CatalogueEntry]], known_on: int, jurisdiction: str | None = None
    ) -> None:
        self.catalogue, self.known_on, self.jurisdiction = catalogue, known_on, jurisdiction

    def of(self, procedure: str, channel: str | None, day: date | None) -> KnownLimit | None:
        """The limit of a procedure, and the code by which the law finds it."""
        key = next((code for code in (procedure, join_key(procedure)) if code in self.catalogue), None)
        if key is None:
            return None
        rows = tuple(self.catalogue[key])
        if day is None:
            return KnownLimit(None, key)
        entry = entry_among(rows, channel, self.jurisdiction, day_of(day), self.known_on)
        limit = limit_of(entry)
        by_channel = len({(row.amount, row.unit, row.none) for row in rows if row.channels}) > 1
        return KnownLimit(None if limit is None else limit.model_dump(exclude_defaults=True), key, by_channel)


NO_LIMITS: Final = GivenLimits({})
