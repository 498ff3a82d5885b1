"""Whose clock a log was written by: its moments become Vietnam's once, or the wall clock of the source is kept.

An hour that a zone has twice, or not at all, and a day without an hour that two Vietnam days share are not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError

from tthc_rules.law.civil import VIETNAM, as_written
from tthc_rules.logs import complaints

__all__ = ["SourceClock", "UnknownZone", "zone_named"]

_OFFSET: Final = re.compile(r"([+-])(0\d|1[0-4]):([0-5]\d)", re.ASCII)
_OF_THE_MACHINE: Final = ("localtime", "posixrules", "Factory", "posix/", "right/")
"""What a zone database has beside zones: the setting of this very machine, and doubles."""
_OF_VIETNAM: Final = frozenset({"Asia/Ho_Chi_Minh", "Asia/Saigon", "+07:00"})
_DAY: Final = time(0), time.max


class UnknownZone(tzinfo):
    """A zone whose rules this machine does not have: the instants are known, its wall clock is not."""

    def __init__(self, name: str) -> None:
        self.name = name

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """Instants are held in UTC."""
        return timedelta(0)

    def dst(self, moment: datetime | None) -> timedelta:
        """See `utcoffset`."""
        return timedelta(0)

    def fromutc(self, moment: datetime) -> datetime:
        """See `utcoffset`."""
        return moment

    def tzname(self, moment: datetime | None) -> str:
        """The name that nobody knows."""
        return self.name


def zone_named(name: str) -> tzinfo | None:
    """The zone of an IANA name or an offset `+07:00`; nothing where this machine knows no such zone."""
    if name in ("UTC", "Z"):
        return UTC
    if found := _OFFSET.fullmatch(name):
        length = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return timezone(-length if found[1] == "-" else length)
    if name.startswith(_OF_THE_MACHINE):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # KeyError: not found
        return None


@dataclass(frozen=True, slots=True)
class SourceClock:
    """What a mapping says of the clock of its source."""

    zone: str | None = None
    """Where a moment without an offset was written; nothing: in Vietnam."""
    keeps: bool = False
    """Whether the wall clock of the source is kept as it is, as if it hung in Vietnam."""

    @property
    def is_foreign(self) -> bool:
        """Whether the source is not written by Vietnam's clock."""
        return self.keeps or (self.zone is not None and self.zone not in _OF_VIETNAM)

    def read(self, value: object, place: str, name: str) -> object:
        """The moment as the border takes it: text with its offset, or of Vietnam's clock; or why it cannot be one.

        What is no moment stays as it is, for the border to refuse.
        """
        if not self.is_foreign:
            return value
        try:
            moment = as_written(value) if isinstance(value, str) else value
            if not isinstance(moment, date):
                return value
            return self._kept(moment, place, name) if self.keeps else self._placed(moment, place, name)
        except (PydanticCustomError, OverflowError):
            return value

    def _kept(self, moment: date, place: str, name: str) -> object:
        """The moment as the wall clock of the source showed it."""
        if not isinstance(moment, datetime) or moment.tzinfo is None:
            return moment.isoformat()
        if self.zone is not None:
            moment = moment.astimezone(self._tz())
        elif isinstance(moment.tzinfo, UnknownZone):
            return complaints.zone_unknown_here(place, name, moment.tzinfo.name)
        return moment.replace(tzinfo=None).isoformat()

    def _placed(self, moment: date, place: str, name: str) -> object:
        """The moment with the offset that it had in its zone."""
        zone = self._tz()
        if not isinstance(moment, datetime):
            ends = {datetime.combine(moment, at, zone).astimezone(VIETNAM).date() for at in _DAY}
            return moment.isoformat() if ends == {moment} else complaints.day_of_two(place, name, moment, self.zone)
        if moment.tzinfo is not None:
            return moment.isoformat()
        first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
        if first.utcoffset() != second.utcoffset():
            return complaints.hour_of_two(place, name, moment, self.zone)
        return first.isoformat()

    def _tz(self) -> tzinfo:
        zone = zone_named(self.zone or "")
        assert zone is not None  # the mapping was refused otherwise
        return zone
