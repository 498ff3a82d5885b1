"""Answers of VNPT iGate 2: pages of dossiers, lists, single dossiers.

Invariants: states are read by their names, never by their numbers; nothing of a message but dates, codes, numbers,
names of states and units passes `border`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tthc_rules.logs.diagnostics import Diagnostic
from tthc_rules.logs.dossiercodes import read_dossier_code
from tthc_rules.logs.igate import border
from tthc_rules.logs.igate.reading import IgateBatch
from tthc_rules.logs.limits import LimitSource
from tthc_rules.logs.senders import shows_of
from tthc_rules.logs.sightings import Sender, SenderBatch, Sighting

__all__ = ["Igate"]


class Igate(Sender):
    """The one-stop system VNPT iGate 2, as it answers searches and shows a dossier."""

    name = "igate"
    label = ("VNPT iGate 2 (danh sách và chi tiết hồ sơ)", "VNPT iGate 2 (lists of dossiers and single ones)")
    id_keys = ("code",)
    shows = shows_of("igate")

    def sightings(self, body: object, arrival: str, url: str) -> Iterator[Sighting | Diagnostic]:
        """What is kept of one body."""
        return border.sightings(body, arrival)

    def may_name(self, name: str) -> bool:
        """Procedures and agencies have a `code` too."""
        return read_dossier_code(name) is not None

    def batch(self, limits: LimitSource, fetched_on: date | None) -> SenderBatch:
        """A new reading."""
        return IgateBatch(limits, fetched_on, self.shows)
