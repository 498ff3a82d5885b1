"""Civil time: Vietnam's dates and hours, as the law counts them.

Above this module there are ISO texts, offsets and `datetime`; below it only days since 1970-01-01 and minutes of a day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from typing import Final

from pydantic_core import PydanticCustomError

from tthc_rules.errors import shown

Moment = date | datetime
"""A civil instant: a `datetime` without zone is Vietnam time, a bare `date` is a day whose hour was not recorded."""

VIETNAM: Final = timezone(timedelta(hours=7))
"""Fixed since 1975: no daylight saving, so no zone database is needed."""

FIRST_DATE: Final = date(1990, 1, 1)
LAST_DATE: Final = date(2100, 12, 31)
"""Dates outside these are typing errors, not history."""

EPOCH: Final = date(1970, 1, 1).toordinal()
_ISO: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}"
    r"(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?)?",
    re.ASCII,
)
_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)", re.ASCII)
_FRACTION: Final = re.compile(r"[.,](\d+)")
_CLOCK: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)


DAY: Final = 86_400_000_000
"""Microseconds of a day."""


def day_of(moment: Moment) -> int:
    """The day of a civil moment, as days since 1970-01-01."""
    return moment.toordinal() - EPOCH


def date_of(day: int) -> date:
    """The date of a day counted from 1970-01-01."""
    return date.fromordinal(day + EPOCH)


def minute_of(moment: Moment) -> int:
    """The minute of the day, rounded up (15:00:30 is after 15:00), or -1 where the hour was not recorded."""
    if not isinstance(moment, datetime):
        return -1
    return moment.hour * 60 + moment.minute + (1 if moment.second or moment.microsecond else 0)


def order_of(moment: Moment) -> int:
    """What events are sorted by: microseconds since 1970; a bare date stands at the start of its day."""
    if not isinstance(moment, datetime):
        return day_of(moment) * DAY
    minutes = day_of(moment) * 1440 + moment.hour * 60 + moment.minute
    return minutes * 60_000_000 + moment.second * 1_000_000 + moment.microsecond


def read_moment(value: object) -> Moment:
    """A moment from ISO text, `date` or `datetime`; aware instants become Vietnam time here, once.

    Raises a pydantic error with one of the codes `TR-moment-type`, `TR-moment-form`, `TR-moment-range`.
    """
    if isinstance(value, str):
        moment = as_written(value)
    elif isinstance(value, date):  # datetime is a date
        moment = value
    else:
        raise PydanticCustomError(
            "TR-moment-type", "một ngày giờ phải là văn bản ISO / an ISO date-time in text, a date or a datetime"
        )
    try:
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            moment = moment.astimezone(VIETNAM).replace(tzinfo=None)
        inside = FIRST_DATE.toordinal() <= moment.toordinal() <= LAST_DATE.toordinal()
    except OverflowError:
        inside = False
    if not inside:
        raise PydanticCustomError(
            "TR-moment-range", "ngày nằm ngoài 1990–2100 / the date lies outside 1990–2100", {"value": str(value)}
        )
    return moment


def read_computed(value: object) -> Moment:
    """A moment that was computed: it may lie a little beyond 2100."""
    if isinstance(value, str):
        return as_written(value)
    assert isinstance(value, date)
    return value


def read_clock(value: object) -> int:
    """A time of day «15:00» as its minute."""
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise PydanticCustomError("TR-moment-form", "giờ phải viết HH:MM / a time of day is written HH:MM")
    return int(value[:2]) * 60 + int(value[3:])


def clock_time(minute: int) -> str:
    """A minute of the day as a clock shows it: «HH:MM»."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def as_written(text: str) -> Moment:
    """The moment in an ISO text, with its offset where it has one; raises as `read_moment`, but for the range."""
    if not _ISO.fullmatch(text):
        raise PydanticCustomError(
            "TR-moment-form",
            "ngày giờ phải viết theo ISO, ví dụ 2024-08-23T08:30 / write it in ISO form, such as 2024-08-23T08:30",
            {"value": shown(text, 40)},
        )
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        # Six digits of a second are all that datetime keeps; more are cut, not rounded: the date never moves.
        return datetime.fromisoformat(_FRACTION.sub(lambda found: "." + found[1][:6].ljust(6, "0"), text))
    except ValueError:
        vi, en = no_such_day(text) or ("không có ngày này trong lịch", "there is no such date")
        raise PydanticCustomError(
            "TR-moment-form", "{said}", {"said": f"{vi} / {en}", "value": shown(text, 40)}
        ) from None


def written_day(text: str) -> date:
    """The day that is written YYYY-MM-DD, and in no other form of ISO; raises `ValueError`."""
    if not _DATE.fullmatch(text):  # Python itself also takes 20240823 and 2024-W34-5
        raise ValueError(text)
    return date.fromisoformat(text)


def no_such_day(text: str) -> tuple[str, str] | None:
    """That a date, though well written, is not in the calendar, in both languages; nothing where it is, or is none."""
    found = _DATE.match(text)
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    if not 1 <= month <= 12:
        return f"không có tháng {month}", f"there is no month {month}"
    length = monthrange(max(year, 1), month)[1]
    if 1 <= day <= length:
        return None
    written = f"{day:02d}/{month:02d}/{year:04d}"
    vi = f"không có ngày {written}: tháng {month:02d}/{year:04d} có {length} ngày"
    return vi, f"there is no day {written}: that month has {length} days"
