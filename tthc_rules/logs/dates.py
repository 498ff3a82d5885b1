"""Dates and times as other systems write them, as ISO text for the border; what two readings would fit is refused.

A form is written with the directives of `strptime`, and is stricter: two digits that run into others are two digits.
24:00 is the last moment of its day: the date never moves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from functools import cache
from itertools import permutations, product
from typing import Final, TypeAlias

from tthc_rules.law.civil import FIRST_DATE, LAST_DATE, no_such_day

__all__ = ["DateForm", "date_form", "end_of_day", "two_readings"]

_LAST_MOMENT: Final = "23:59:59.999999"
_ZONE: Final = r"Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?"
_MIDNIGHT: Final = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}})[T ]24:00(?::00(?:[.,]0{{1,9}})?)?({_ZONE})?", re.ASCII)
_PARTS: Final = re.compile(r"%(?P<sign>.)|(?P<text>[^%]+)", re.DOTALL)
_NEEDS: Final = {"M": "H", "S": "M", "f": "S", "z": "H"}
_GROUPS: Final = {
    **dict.fromkeys("dmH", (r"\d{1,2}", r"\d{2}")),  # where nothing runs into it, and where something does
    **dict.fromkeys("MS", (r"\d{2}", r"\d{2}")),
    "Y": (r"\d{4}", r"\d{4}"),
    "f": (r"\d{1,9}", r"\d{3}|\d{6}|\d{9}"),
    "z": (_ZONE, _ZONE),
}


def end_of_day(text: str) -> str:
    """ISO text in which 24:00 is the last moment of its day; any other text as it is."""
    found = _MIDNIGHT.fullmatch(text) if "24:00" in text else None
    return f"{found[1]}T{_LAST_MOMENT}{found[2] or ''}" if found else text


class DateForm:
    """One form of a date; raises `ValueError` for one that does not say day, month and year once each."""

    def __init__(self, written: str) -> None:
        self.written = written
        parts = [(found["sign"], found["text"]) for found in _PARTS.finditer(written)]
        self.parts = [(None, "%") if sign == "%" else (sign, text) for sign, text in parts]
        self.signs = [sign for sign, _ in self.parts if sign]
        once = len(set(self.signs)) == len(self.signs)
        read = sum(2 if sign else len(text) for sign, text in parts)
        is_known = read == len(written) and all(sign in _GROUPS for sign in self.signs)
        whole = {"d", "m", "Y"} <= set(self.signs) and all(
            needed in self.signs for sign, needed in _NEEDS.items() if sign in self.signs
        )
        if not (once and is_known and whole):
            raise ValueError(written)
        self.pattern = re.compile("".join(self._patterns()), re.ASCII | re.IGNORECASE)

    def _patterns(self) -> Iterator[str]:
        for at, (sign, text) in enumerate(self.parts):
            if sign is None:
                yield r"\s+".join(map(re.escape, re.split(r"\s+", text or "")))
            else:
                runs_into = self._is_digit(at - 1, -1) or self._is_digit(at + 1, 0)
                yield f"(?P<{sign}>{_GROUPS[sign][runs_into]})"

    def _is_digit(self, at: int, end: int) -> bool:
        """Whether the part there has a digit at that end."""
        if not 0 <= at < len(self.parts):
            return False
        sign, text = self.parts[at]
        return sign != "z" if sign else (text or " ")[end].isdigit()

    def read(self, text: str) -> str | None:
        """The text in ISO form, or nothing if it is not of this form or no such day or hour exists."""
        found = self.pattern.fullmatch(text.strip())
        if found is None:
            return None
        said = found.groupdict()
        try:
            day = date(int(said["Y"]), int(said["m"]), int(said["d"])).isoformat()
            return day if "H" not in said else f"{day}T{_time(said)}{_zone(said.get('z'))}"
        except ValueError:
            return None

    def absent(self, text: str) -> tuple[str, str] | None:
        """That the text is of this form and no such day exists, in both languages; else nothing."""
        found = self.pattern.fullmatch(text.strip())
        return None if found is None else no_such_day(f"{found['Y']}-{int(found['m']):02d}-{int(found['d']):02d}")

    def write(self, moment: datetime, short: bool) -> str:
        """A moment in this form, with one digit where one is enough if `short`."""
        said = {"z": "+07:00", "f": "123", "Y": f"{moment.year:04d}"}
        for sign, number in zip("dmHMS", moment.timetuple()[2:0:-1] + moment.timetuple()[3:6], strict=True):
            said[sign] = f"{number:02d}"
        text = ""
        for at, (directive, literal) in enumerate(self.parts):
            runs_into = self._is_digit(at - 1, -1) or self._is_digit(at + 1, 0)
            written = literal or "" if directive is None else said[directive]
            text += written.removeprefix("0") if short and directive in ("d", "m", "H") and not runs_into else written
        return text


def _time(said: dict[str, str]) -> str:
    hour, minute, second = (int(said.get(sign) or 0) for sign in "HMS")
    fraction = (said.get("f") or "").rstrip("0")
    if hour == 24 and not (minute or second or fraction):
        return _LAST_MOMENT
    return time(hour, minute, second, int(fraction[:6].ljust(6, "0"))).isoformat()


def _zone(written: str | None) -> str:
    if written is None or written in "Zz":
        return "" if written is None else "+00:00"
    digits = written[1:].replace(":", "").ljust(4, "0")
    return f"{written[0]}{digits[:2]}:{digits[2:]}"


@cache
def date_form(written: str) -> DateForm:
    """The form, worked out once."""
    return DateForm(written)


@cache
def two_readings(forms: tuple[str, ...]) -> tuple[str, str, str] | None:
    """A text that two of the forms read as different moments, and both moments; nothing where every text has one.

    Tried on days and hours whose digits may change places, in every pair of forms.
    """
    for form, other in permutations(map(date_form, dict.fromkeys(forms)), 2):
        if not any(other.pattern.fullmatch(text) for text in _samples(form, _SHAPES, _SHAPES, (2012,), _HOURS[1:3])):
            continue  # what fits a pattern depends on the number of digits alone
        for text in _samples(form, _DAYS, range(1, 13), _YEARS, _HOURS):
            mine, theirs = form.read(text), other.read(text)
            if mine and theirs and mine != theirs and _in_range(mine) and _in_range(theirs):
                return text, mine, theirs
    return None


Hours: TypeAlias = Sequence[tuple[int, int, int]]
Texts: TypeAlias = Iterable[str]

_SHAPES: Final = (1, 12)
_DAYS: Final = (1, 2, 10, 11, 12, 19, 20, 25)
_YEARS: Final = (1990, 2001, 2010, 2011, 2012, 2020, 2024, 2100)
_HOURS: Final = ((0, 0, 0), (1, 2, 3), (10, 11, 12), (12, 10, 11), (19, 12, 1), (20, 10, 24), (20, 24, 1), (23, 59, 58))


def _samples(form: DateForm, days: Sequence[int], months: Sequence[int], years: Sequence[int], hours: Hours) -> Texts:
    """The days, months, years and hours in that form, in both widths."""
    hours = hours if "H" in form.signs else hours[:1]
    return dict.fromkeys(
        form.write(datetime(year, month, day, *hour), short)  # noqa: DTZ001 - a civil time
        for day, month, year, hour, short in product(days, months, years, hours, (False, True))
    )


def _in_range(moment: str) -> bool:
    return FIRST_DATE.isoformat() <= moment[:10] <= LAST_DATE.isoformat()
