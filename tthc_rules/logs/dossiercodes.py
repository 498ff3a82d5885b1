"""Codes of dossiers and procedures as portals write them, read tolerantly: what is odd stays an opaque id.

A dossier's code is the unit's code, the day of receipt (TT 04/2025/TT-VPCP, TT 01/2018/TT-VPCP Điều 19) and a number;
of a procedure's code the first `d.dddddd` is what joins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

__all__ = ["DossierCode", "join_key", "read_dossier_code"]

_DOSSIER: Final = re.compile(
    r"(?P<unit>\d{3}(?:\.\d{2}){1,3}\.[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{2,3}){0,3})-(?P<day>\d{6}|\d{8})-(?P<no>\d{3,8})",
    re.ASCII,
)
_PROCEDURE: Final = re.compile(r"(?<![\d.])\d\.\d{6}(?!\d)", re.ASCII)
_REPLACED: Final = 10_000


@dataclass(frozen=True, slots=True)
class DossierCode:
    """A code of a known shape; `day` is nothing where no such day exists."""

    unit: str
    day: date | None
    number: str

    @property
    def is_replaced(self) -> bool:
        """A random number of five digits: the sender put this code in the place of its own."""
        return len(self.number) == 5 and int(self.number) >= _REPLACED


def read_dossier_code(code: str) -> DossierCode | None:
    """The parts of a code, or nothing where it has no known shape."""
    found = _DOSSIER.fullmatch(code)
    if found is None:
        return None
    digits = found["day"]
    year = int(digits[:-4]) + (2000 if len(digits) == 6 else 0)
    try:
        day = date(year, int(digits[-4:-2]), int(digits[-2:]))
    except ValueError:
        day = None
    return DossierCode(found["unit"], day, found["no"])


def join_key(code: str) -> str:
    """What of a procedure's code is the same everywhere: the first `d.dddddd`, or nothing."""
    found = _PROCEDURE.search(code)
    return found[0] if found else ""
