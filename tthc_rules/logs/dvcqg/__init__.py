"""Messages of the national portal (Cổng Dịch vụ công quốc gia): dossiers, progress rows, updates of a state.

Invariants: nothing of a message but dates, codes, numbers and names of units passes `border`; `rows` and `reading` see
only that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tthc_rules.logs.diagnostics import Diagnostic
from tthc_rules.logs.dvcqg import border
from tthc_rules.logs.dvcqg.reading import DvcqgBatch
from tthc_rules.logs.limits import LimitSource
from tthc_rules.logs.senders import shows_of
from tthc_rules.logs.sightings import Sender, SenderBatch, Sighting

__all__ = ["Dvcqg"]


class Dvcqg(Sender):
    """The national portal's messages `DongBoHoSoMC` and `CapNhatTienDoHoSoMC`."""

    name = "dvcqg"
    label = ("Cổng Dịch vụ công quốc gia (DongBoHoSoMC, CapNhatTienDoHoSoMC)", "the national public-service portal")
    id_keys = ("MaHoSo",)
    shows = shows_of("dvcqg")

    def sightings(self, body: object, arrival: str, url: str) -> Iterator[Sighting | Diagnostic]:
        """What is kept of one body."""
        return border.sightings(body, arrival, url)

    def batch(self, limits: LimitSource, fetched_on: date | None) -> SenderBatch:
        """A new reading."""
        return DvcqgBatch(limits, fetched_on, self.shows)
