"""Messages of OpenCPS: files that are published to another server, and results of searches, as JSON or XML.

Invariants: nothing of a message but dates, codes, numbers and words of states passes `border`; the day on which
processing ended is a result only where the state says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tthc_rules.logs.diagnostics import Diagnostic
from tthc_rules.logs.limits import LimitSource
from tthc_rules.logs.opencps import border
from tthc_rules.logs.opencps.reading import OpencpsBatch
from tthc_rules.logs.senders import shows_of
from tthc_rules.logs.sightings import Sender, SenderBatch, Sighting

__all__ = ["Opencps"]


class Opencps(Sender):
    """The open-source portal OpenCPS, version 2."""

    name = "opencps"
    label = ("OpenCPS v2 (đồng bộ, kết quả tìm kiếm; JSON hoặc XML)", "OpenCPS v2 (sync, search results; JSON or XML)")
    id_keys = ("dossierNo", "referenceUid")
    shows = shows_of("opencps")

    def sightings(self, body: object, arrival: str, url: str) -> Iterator[Sighting | Diagnostic]:
        """What is kept of one body."""
        return border.sightings(body, arrival)

    def batch(self, limits: LimitSource, fetched_on: date | None) -> SenderBatch:
        """A new reading."""
        return OpencpsBatch(limits, fetched_on, self.shows)
