"""A due date as another system has it: how it is read, and what is said where there is none."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from pydantic_core import PydanticCustomError

from tthc_rules.errors import OptionError, Problem, shown
from tthc_rules.law.civil import Moment, read_moment

SLIP: Final = "slip"
"""Asked for in the place of a date: the one on the slip, as the log has it."""
UNSET: Final = date(1, 1, 1)
"""What a calculation that failed leaves behind."""


def read_sender_due(given: object) -> Moment:
    """A date of a sender: a date, a date-time, ISO text. Raises `OptionError`."""
    if given == UNSET or (isinstance(given, datetime) and given.date() == UNSET):
        return UNSET
    if isinstance(given, str) and given[:10] == UNSET.isoformat():
        return UNSET
    try:
        return read_moment(given)
    except PydanticCustomError:
        raise OptionError(_no_date(given)) from None


def _no_date(given: object) -> Problem:
    return Problem(
        "TR-option-sender-due",
        "sender_due",
        f"«{shown(given)}» không phải ngày: viết YYYY-MM-DD hoặc YYYY-MM-DDTHH:MM, hay «{SLIP}» để lấy phiếu hẹn",
        f"“{shown(given)}” is no date: write YYYY-MM-DD or YYYY-MM-DDTHH:MM, or “{SLIP}” for the one on the slip",
    )


def no_slip(dossier_id: str) -> Problem:
    """The date on the slip is asked about, and the log has none."""
    return Problem(
        "TR-option-sender-due",
        "sender_due",
        f"hồ sơ {shown(dossier_id)} không ghi ngày hẹn trên phiếu; nêu ngày của hệ thống",
        f"dossier {shown(dossier_id)} has no date on a slip; give the date of the system",
    )
