"""Dossiers by hand, and what the calendar says of them.

Wednesday 6/8/2025 and five workdays: 7, 8, 11, 12, 13/8. The apology is due a day before, on 12/8.
"""

from __future__ import annotations

from typing import Any

from tthc_rules.result.slip.data import SlipKind

ALL: tuple[SlipKind, ...] = ("apology", "supplement", "refusal", "stop", "closing", "loss")
ACCEPTED = {"kind": "dossier_accepted", "at": "2025-08-06T08:30", "appointed_due": "2025-08-13T17:00"}


def event(kind: str, at: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "at": at, **fields}


def dossier(*events: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A dossier of five workdays, accepted on 6/8/2025, to which that happened."""
    return {
        "dossier_id": "H56.14-250806-0001",
        "procedure": "1.004442",
        "time_limit": {"amount": 5, "unit": "workday"},
        "units": {"handling_agency": "so-xay-dung", "one_stop_unit": "trung-tam"},
        "events": [ACCEPTED, *events],
        **fields,
    }


def accepted(at: str, **fields: Any) -> dict[str, Any]:
    """The same, accepted then and nothing more."""
    return {**dossier(**fields), "events": [event("dossier_accepted", at)]}
