"""The decrees that have a clock of their own, and the shipped law with a catalogue that puts procedures under them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from tthc_rules import Rulebook

FAMILIES: Final = {"linked_karaoke": ("297.a", "297.b"), "civil_status_online": ("87.a", "87.b")}
"""Family -> procedures that the catalogue puts under it."""


def with_families(folder: Path) -> Rulebook:
    """The shipped law and such a catalogue, which is written into that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    citations = [{"document": "x", "status": "text"}]
    for family, (of_all, online) in FAMILIES.items():
        three, ten = ({"amount": n, "unit": "workday"} for n in (3, 10))
        entries = [
            {"procedure": of_all, "from": "2018-01-01", "time_limit": three, "citations": citations},
            {
                "procedure": online,
                "from": "2018-01-01",
                "channels": ["online"],
                "time_limit": {**ten, "closes_after": {"amount": 15, "unit": "workday"}},
                "citations": citations,
            },
        ]
        label = {"vi": "t", "en": "t"}
        said = {"format": 1, "time_limits": "t", "label": label, "regime": family, "entries": entries}
        (folder / f"{family}.yaml").write_text(json.dumps(said), encoding="utf-8")
    return Rulebook.load(folder)
