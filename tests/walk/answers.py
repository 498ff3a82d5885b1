"""Early, on time or late: what was reached, an end or the day that is asked about, against one due date."""

from __future__ import annotations

from dataclasses import dataclass

from .counting import Due
from .days import Days

RESULTS = ("result_issued", "result_returned")
WITHDRAWALS = ("dossier_closed", "dossier_withdrawn")
ENDS = (
    *((kind,) for kind in RESULTS),
    ("dossier_refused", "processing_stopped"),
    *((kind,) for kind in WITHDRAWALS),
)
"""By precedence and not by time."""


@dataclass(frozen=True)
class Answer:
    name: str
    workdays: int | None = None
    days: int | None = None
    late: bool = False
    numbers_unsaid: bool = False


def compared(due: Due, number: int, minute: int, end: str | None, days: Days) -> Answer:
    """`end` is the kind of the end, or none where the dossier is open at that moment."""
    late = number > due.number or (number == due.number and minute > due.minute)
    workdays = days.count(due.number, number) if late else 0
    if end in WITHDRAWALS:
        name = "closed"
    elif end is not None:
        name = "returned_late" if late else "early" if number < due.number else "on_time"
    elif late:
        name = "overdue"
    else:
        name = "due_soon" if days.count(number, due.number) <= 2 else "pending"
    return Answer(name, workdays, number - due.number if late else 0, late)
