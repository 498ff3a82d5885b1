"""Single values as senders write them: dates in their many forms, flags, numbers, codes; nothing is guessed.

A date comes back as a civil moment of Vietnam, or as what is wrong with it. Integers never pass through a float.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

from tthc_rules.law.civil import FIRST_DATE, LAST_DATE, VIETNAM
from tthc_rules.law.text import nfc

__all__ = ["EMPTY", "Form", "Stamp", "flag_of", "read_stamp", "sent_date", "text_of", "whole_of"]

Form: TypeAlias = Literal["digits", "iso", "epoch", "day_first"]
"""`yyyyMMddHHmmss`; ISO; milliseconds since 1970; `dd/MM/yyyy HH:mm:ss`."""
Fault: TypeAlias = Literal["", "unset", "unreadable"]

_DIGITS: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})", re.ASCII)
_ISO: Final = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII,
)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_MILLIS: Final = re.compile(r"\d{12,13}", re.ASCII)
_NULLS: Final = frozenset({"null", "undefined", "nan", "none", "invalid date", "n/a", "-"})
_UNSET_DAYS: Final = frozenset({date(1, 1, 1), date(1970, 1, 1), date(1900, 1, 1)})
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - civil time has no zone
_UNSET_MILLIS: Final = frozenset({0, -62135596800000, -62135622000000})


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date as it was sent: the moment, whether its hour was given, how its zone was written, what is wrong."""

    moment: datetime | None = None
    has_hour: bool = True
    zone: str = ""
    fault: Fault = ""
    coerced: bool = False

    @property
    def day(self) -> date | None:
        """The day of the moment."""
        return None if self.moment is None else self.moment.date()

    def iso(self) -> str | None:
        """The moment as an event has it: a bare day where no hour was given."""
        if self.moment is None:
            return None
        return self.moment.isoformat() if self.has_hour else self.moment.date().isoformat()


EMPTY: Final = Stamp()
_UNSET: Final = Stamp(fault="unset")
_UNREADABLE: Final = Stamp(fault="unreadable")


def read_stamp(value: object, forms: Set[Form]) -> Stamp:
    """The date in a value of a message, in one of the forms that its sender uses."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return _UNREADABLE
    if isinstance(value, float | Decimal):
        whole = _whole(value)
        if whole is None:
            return _UNREADABLE
        value = whole
    if isinstance(value, int):
        return _of_millis(value, coerced=False) if "epoch" in forms else _of_text(str(value), forms, coerced=True)
    return _of_text(nfc(value).strip(), forms) if isinstance(value, str) else _UNREADABLE


def _of_text(text: str, forms: Set[Form], coerced: bool = False) -> Stamp:
    if not text:
        return EMPTY
    if text.casefold() in _NULLS:
        return _UNSET
    if "epoch" in forms and _MILLIS.fullmatch(text):
        return _of_millis(int(text), coerced=True)
    if text == "0":
        return EMPTY if "epoch" in forms else _UNSET
    if "digits" in forms and (found := _DIGITS.fullmatch(text)):
        year, month, day, hour, minute, second = map(int, found.groups())
        return _made(year, month, day, hour, minute, second, coerced=coerced)
    if "iso" in forms and (found := _ISO.fullmatch(text)):
        return _of_iso(found)
    if "day_first" in forms and (found := _DAY_FIRST.fullmatch(text)):
        day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
        return _made(year, month, day, hour, minute, second, has_hour=found[4] is not None)
    return _UNREADABLE


def _of_millis(number: int, coerced: bool) -> Stamp:
    if number in _UNSET_MILLIS:
        return EMPTY if number == 0 else _UNSET
    if not 10**11 < number < 10**13:  # ten digits are seconds, or a day in January 1970
        return _UNREADABLE
    moment = _EPOCH + timedelta(milliseconds=number, hours=7)
    return _checked(moment, True, "", coerced)


def _of_iso(found: re.Match[str]) -> Stamp:
    zone = found[8] or ""
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    stamp = _made(year, month, day, hour, minute, second, has_hour=found[4] is not None, zone=zone)
    if stamp.moment is None or not zone:
        return stamp
    try:
        aware = datetime.fromisoformat(f"{stamp.moment.isoformat()}{_offset(zone)}")
        civil = aware.astimezone(VIETNAM).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return _UNREADABLE
    return _checked(civil, True, zone, False)


def _offset(zone: str) -> str:
    digits = "0000" if zone == "Z" else zone[1:].replace(":", "").ljust(4, "0")
    return f"{'+' if zone == 'Z' else zone[0]}{digits[:2]}:{digits[2:]}"


def _made(
    year: int, month: int, day: int, hour: int, minute: int, second: int,
    has_hour: bool = True, zone: str = "", coerced: bool = False,
) -> Stamp:  # fmt: skip
    try:
        moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - civil time has no zone
    except ValueError:
        return _UNREADABLE
    if moment.date() in _UNSET_DAYS:
        return _UNSET
    if zone:  # it is checked once it is Vietnam's
        return Stamp(moment, has_hour, zone)
    return _checked(moment, has_hour, zone, coerced)


def _checked(moment: datetime, has_hour: bool, zone: str, coerced: bool) -> Stamp:
    if moment.date() in _UNSET_DAYS:
        return _UNSET
    if not FIRST_DATE <= moment.date() <= LAST_DATE:
        return _UNREADABLE
    midnight = not (moment.hour or moment.minute or moment.second)
    return Stamp(moment, has_hour and not midnight, zone, "", coerced)


_DATE_LIKE: Final = re.compile(
    r"[0-9TZ:+., /\-]{1,40}|null|undefined|nan|none|invalid date|n/a", re.ASCII | re.IGNORECASE
)


def sent_date(value: object) -> object:
    """A date as it was sent, to be kept until it is read; of what cannot be one, only that it is unreadable."""
    if value is None or value is False:
        return None if value is None else "?"
    if value == 0:
        return 0  # also of `0.0`, which a store of messages could not write down
    if isinstance(value, dict | list | bool):
        return "?"
    text = text_of(value)
    if (digits := text.removeprefix("-")).isdecimal() and len(digits) not in (13, 14):  # an id, a telephone
        return "?"
    if isinstance(value, int):
        return value
    return text if not text or _DATE_LIKE.fullmatch(text) else "?"


def text_of(value: object) -> str:
    """A scalar as text, digit by digit; nothing for null, objects, lists."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return nfc(value).strip()
        case int() | Decimal():
            return str(value)
        case float():
            whole = _whole(value)
            return str(value) if whole is None else str(whole)
    return ""


_DIGITS_OF_A_FLOAT: Final = 16


def _whole(value: Any) -> int | None:
    """The whole number that it is, if it is one and a float can tell it from its neighbours."""
    if isinstance(value, Decimal) and not (value.is_finite() and value.adjusted() < _DIGITS_OF_A_FLOAT):
        return None  # `1e999999999` is nine letters and a billion digits
    if not abs(value) < 2**53:  # also what is no number at all
        return None
    return int(value) if value == int(value) else None


_TRUE: Final = frozenset({"true", "1", "yes", "co", "có"})
_FALSE: Final = frozenset({"false", "0", "no", "khong", "không"})


def flag_of(value: object) -> bool | None:
    """A flag in any of its spellings, or nothing."""
    text = text_of(value).casefold()
    if text.endswith(".0"):
        text = text[:-2]
    return True if text in _TRUE else False if text in _FALSE else None


def whole_of(value: object) -> int | None:
    """A whole number, also of `5.0` and «5»; nothing for a fraction or for what is no number."""
    if isinstance(value, bool):
        return None
    found = re.fullmatch(r"(\d{1,9})(?:\.0+)?", text_of(value), re.ASCII)
    return int(found[1]) if found else None
