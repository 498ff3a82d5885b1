"""Progress rows of the national portal: what they tell beside the snapshot, and which of them are no evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tthc_rules.logs.sentvalues import EMPTY, Form, Stamp, read_stamp, text_of
from tthc_rules.logs.sightings import Sighting

__all__ = ["FORMS", "STATES", "ProgressRow", "read_rows"]

FORMS: Final[frozenset[Form]] = frozenset({"digits", "iso"})
STATES: Final = {
    "1": "Mới đăng ký",
    "2": "Được tiếp nhận",
    "3": "Không được tiếp nhận",
    "4": "Đang xử lý",
    "5": "Yêu cầu bổ sung giấy tờ",
    "6": "Yêu cầu thực hiện nghĩa vụ tài chính",
    "7": "Công dân yêu cầu rút hồ sơ",
    "8": "Dừng xử lý",
    "9": "Đã xử lý xong",
    "10": "Đã trả kết quả",
}
"""The national table of states."""
ENDED: Final = frozenset({"3", "7", "8", "9", "10"})
_UNDER_WAY: Final = frozenset({"1", "2", "4", "5", "6"})


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One row that has its time: when, which state, what its text speaks of, the step that it sets."""

    at: Stamp
    status: str
    synthetic: bool
    pause: bool
    no_due: bool
    unit: str
    begun: Stamp
    due: Stamp

    @property
    def moment(self) -> datetime:
        """When it was."""
        assert self.at.moment is not None
        return self.at.moment


def state_of(value: object) -> str:
    """The number of a state as text; «4», 4 and 4.0 are one."""
    text = text_of(value)
    return text.removesuffix(".0")


def read_rows(sightings: Iterable[Sighting]) -> tuple[list[ProgressRow], bool]:
    """The rows in the order of their times, each once; and whether a row has no time that can be read."""
    found: dict[tuple[datetime, str, bool, bool, str], ProgressRow] = {}
    unreadable = False
    for one in sightings:
        data = one.data
        at = read_stamp(data["at"], FORMS)
        if at.moment is None:
            unreadable = True
            continue
        begun, due = read_stamp(data["NgayBatDau"], FORMS), read_stamp(data["NgayKetThucTheoQuyDinh"], FORMS)
        status = state_of(data["status"])
        row = ProgressRow(at, status, data["synthetic"], data["pause"], data["no_due"], data["unit"], begun, due)
        name = at.moment, status, row.synthetic, row.pause, row.unit
        found[name] = max(found.get(name, row), row, key=_step)  # the same row, once with its step and once without
    return sorted(found.values(), key=_order), unreadable


def _step(row: ProgressRow) -> tuple[str, str]:
    return row.due.iso() or "", row.begun.iso() or ""


def _order(row: ProgressRow) -> tuple[datetime, int, bool, bool, str]:
    rank = int(row.status) if row.status in STATES else 0
    return row.moment, rank, row.synthetic, row.pause, row.unit


def odd_order(rows: Sequence[ProgressRow]) -> bool:
    """Whether states go back: handled again after an end, refused after it was taken in."""
    seen: set[str] = set()
    for row in rows:
        if (row.status in _UNDER_WAY and seen & ENDED) or (row.status == "3" and "2" in seen):
            return True
        seen.add(row.status)
    return False


def erased(rows: Sequence[ProgressRow], receipt: Stamp, without_due: bool) -> bool:
    """Whether a row 9 stands where a pause was written over: it speaks of one, others follow, or it comes twice."""
    nines = [row for row in rows if row.status == "9" and not (without_due and row.moment == receipt.moment)]
    if any(row.pause for row in nines):
        return True
    if len({row.moment for row in nines}) > 1:
        return True
    return any(
        row.status in _UNDER_WAY and row.moment > nine.moment for nine in nines for row in rows if not row.synthetic
    )


def first(rows: Sequence[ProgressRow], *states: str, after: datetime | None = None) -> ProgressRow | None:
    """The first row of these states, from a moment on."""
    return next((row for row in rows if row.status in states and (after is None or row.moment > after)), None)


def waits(rows: Sequence[ProgressRow]) -> tuple[list[tuple[ProgressRow, ProgressRow | None]], bool]:
    """Each supplement that rows show: its request and its receipt; and whether a receipt between two is missing."""
    found: list[tuple[ProgressRow, ProgressRow | None]] = []
    hole, request = False, None
    for row in rows:
        if row.status == "5":
            hole |= request is not None
            request = request or row
        elif row.status == "6":
            hole |= request is not None
        elif request is not None and row.status in ("2", "4"):
            found.append((request, row))
            request = None
        elif request is not None and row.status in ENDED:
            found.append((request, None))
            request = None
    return [*found, (request, None)] if request is not None else found, hole


def payments(rows: Sequence[ProgressRow]) -> list[tuple[ProgressRow, ProgressRow | None]]:
    """Each wait for a payment: the row 6, and the first later row of another state."""
    found: list[tuple[ProgressRow, ProgressRow | None]] = []
    waiting = None
    for row in rows:
        if row.status == "6":
            waiting = waiting or row
        elif waiting is not None:
            found.append((waiting, row))
            waiting = None
    return [*found, (waiting, None)] if waiting is not None else found


def steps(rows: Sequence[ProgressRow]) -> list[tuple[str, Stamp, Stamp, Stamp, bool]]:
    """Each step that a row sets with its due date: unit, begun, due, done, and whether the end is only the next row.

    A row that says when its step began was written when the step was dealt with; of another, the next row tells.
    """
    found = []
    for place, row in enumerate(rows):
        if row.due.moment is None:
            continue
        if row.begun.moment is not None:
            found.append((row.unit, row.begun, row.due, row.at, False))
        else:
            later = next((other.at for other in rows[place + 1 :] if other.moment > row.moment), EMPTY)
            found.append((row.unit, row.at, row.due, later, later is not EMPTY))
    return found
