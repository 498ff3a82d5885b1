"""Dates and times as other systems write them, as ISO text for the border; what two readings would fit is refused.

A form is written with the directives of `strptime`, and is stricter: two digits that run into others are two digits.
24:00 is the last moment of its day: the date never moves. Hours of twelve have their half of the day beside them, and
years of two digits are told which hundred years they lie in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import permutations, product
from typing import Final, TypeAlias

from tthc_rules.law.civil import FIRST_DATE, LAST_DATE, no_such_day

__all__ = ["SERIAL", "SERIAL_TEXT", "SOME_CENTURY", "DateForm", "counted", "date_form", "end_of_day", "two_readings"]

_LAST_MOMENT: Final = "23:59:59.999999"
_ZONE: Final = r"Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?"
_MIDNIGHT: Final = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}})[T ]24:00(?::00(?:[.,]0{{1,9}})?)?({_ZONE})?", re.ASCII)
_PARTS: Final = re.compile(r"%(?P<sign>.)|(?P<text>[^%]+)", re.DOTALL)
_NEEDS: Final = {"M": "HI", "S": "M", "f": "S", "z": "HI", "I": "p", "p": "I"}
"""A directive -> those of which one must be there too."""
_AFTERNOON: Final = {"AM": False, "SA": False, "PM": True, "CH": True}
"""The halves of a day, in English and as Vietnamese settings of Windows write them (sáng, chiều)."""
_GROUPS: Final = {
    **dict.fromkeys("dmHI", (r"\d{1,2}", r"\d{2}")),  # where nothing runs into it, and where something does
    **dict.fromkeys("MS", (r"\d{2}", r"\d{2}")),
    "Y": (r"\d{4}", r"\d{4}"),
    "y": (r"\d{2}", r"\d{2}"),
    "p": ("AM|PM|SA|CH", "AM|PM|SA|CH"),
    "f": (r"\d{1,9}", r"\d{3}|\d{6}|\d{9}"),
    "z": (_ZONE, _ZONE),
}


def end_of_day(text: str) -> str:
    """ISO text in which 24:00 is the last moment of its day; any other text as it is."""
    found = _MIDNIGHT.fullmatch(text) if "24:00" in text else None
    return f"{found[1]}T{_LAST_MOMENT}{found[2] or ''}" if found else text


SERIAL: Final = "serial"
"""The form of a moment that a spreadsheet keeps as a number: days since 30/12/1899, and the hour as a part of one."""
SERIAL_TEXT: Final = re.compile(r"\d{1,5}(?:[.]\d{1,15})?", re.ASCII)
_FIRST_SERIAL: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a civil time
_LAST_SECOND: Final = 86_399


def counted(number: float, first: datetime = _FIRST_SERIAL) -> date:
    """The moment that a number of days counts, to the second of its day; of a whole number the day without an hour."""
    days, part = divmod(number, 1)
    moment = first + timedelta(days=days, seconds=(seconds := min(round(part * 86_400), _LAST_SECOND)))
    return moment if seconds else moment.date()


class _SerialForm:
    """The number of days that a spreadsheet counts; a whole one is a day without an hour."""

    written = SERIAL
    signs: Sequence[str] = ()

    def read(self, text: str) -> str | None:
        """The moment in ISO form, to the second, or nothing if it is no such number."""
        if not SERIAL_TEXT.fullmatch(written := text.strip()):
            return None
        return counted(float(written)).isoformat()

    def absent(self, text: str) -> tuple[str, str] | None:
        """Every number counts a day."""
        return None


class DateForm:
    """One form of a date; raises `ValueError` for one that does not say day, month and year once each.

    Years of two digits are those of the hundred from `years_from` on; they are read with it only.
    """

    def __init__(self, written: str, years_from: int | None = None) -> None:
        self.written, self.years_from = written, years_from
        parts = [(found["sign"], found["text"]) for found in _PARTS.finditer(written)]
        self.parts = [(None, "%") if sign == "%" else (sign, text) for sign, text in parts]
        self.signs = [sign for sign, _ in self.parts if sign]
        once = len(set(self.signs)) == len(self.signs)
        read = sum(2 if sign else len(text) for sign, text in parts)
        is_known = read == len(written) and all(sign in _GROUPS for sign in self.signs)
        whole = {"d", "m"} <= set(self.signs) and all(
            set(needed) & set(self.signs) for sign, needed in _NEEDS.items() if sign in self.signs
        )
        is_short = "y" in self.signs
        one_of = is_short != ("Y" in self.signs) and not {"H", "I"} <= set(self.signs)
        one_of &= not is_short or years_from is not None
        if not (once and is_known and whole and one_of):
            raise ValueError(written)
        self.has_hour = not {"H", "I"}.isdisjoint(self.signs)
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
        return sign not in ("z", "p") if sign else (text or " ")[end].isdigit()

    def read(self, text: str) -> str | None:
        """The text in ISO form, or nothing if it is not of this form or no such day or hour exists."""
        found = self.pattern.fullmatch(text.strip())
        if found is None:
            return None
        said = found.groupdict()
        try:
            day = date(self._year(said), int(said["m"]), int(said["d"])).isoformat()
            return f"{day}T{_time(said)}{_zone(said.get('z'))}" if self.has_hour else day
        except ValueError:
            return None

    def absent(self, text: str) -> tuple[str, str] | None:
        """That the text is of this form and no such day exists, in both languages; else nothing."""
        found = self.pattern.fullmatch(text.strip())
        if found is None:
            return None
        said = found.groupdict()
        return no_such_day(f"{self._year(said):04d}-{int(said['m']):02d}-{int(said['d']):02d}")

    def _year(self, said: dict[str, str]) -> int:
        if "Y" in said:
            return int(said["Y"])
        assert self.years_from is not None
        return self.years_from + (int(said["y"]) - self.years_from) % 100

    def write(self, moment: datetime, short: bool) -> str:
        """A moment in this form, with one digit where one is enough if `short`."""
        said = {"z": "+07:00", "f": "123", "Y": f"{moment.year:04d}", "y": f"{moment.year % 100:02d}"}
        said |= {"I": f"{moment.hour % 12 or 12:02d}", "p": "CH" if moment.hour >= 12 else "SA"}
        for sign, number in zip("dmHMS", moment.timetuple()[2:0:-1] + moment.timetuple()[3:6], strict=True):
            said[sign] = f"{number:02d}"
        text = ""
        for at, (directive, literal) in enumerate(self.parts):
            runs_into = self._is_digit(at - 1, -1) or self._is_digit(at + 1, 0)
            written = literal or "" if directive is None else said[directive]
            text += (
                written.removeprefix("0") if short and directive in ("d", "m", "H", "I") and not runs_into else written
            )
        return text


def _time(said: dict[str, str]) -> str:
    hour, minute, second = _hour(said), int(said.get("M") or 0), int(said.get("S") or 0)
    fraction = (said.get("f") or "").rstrip("0")
    if hour == 24 and not (minute or second or fraction):
        return _LAST_MOMENT
    return time(hour, minute, second, int(fraction[:6].ljust(6, "0"))).isoformat()


def _hour(said: dict[str, str]) -> int:
    """The hour of the day; raises `ValueError` for one of twelve that no clock shows."""
    if "I" not in said:
        return int(said["H"])
    if not 1 <= (shown := int(said["I"])) <= 12:
        raise ValueError(said["I"])
    return shown % 12 + 12 * _AFTERNOON[said["p"].upper()]


def _zone(written: str | None) -> str:
    if written is None or written in "Zz":
        return "" if written is None else "+00:00"
    digits = written[1:].replace(":", "").ljust(4, "0")
    return f"{written[0]}{digits[:2]}:{digits[2:]}"


@cache
def date_form(written: str, years_from: int | None = None) -> DateForm | _SerialForm:
    """The form, worked out once."""
    return _SerialForm() if written == SERIAL else DateForm(written, years_from)


@cache
def two_readings(forms: tuple[str, ...]) -> tuple[str, str, str] | None:
    """A text that two of the forms read as different moments, and both moments; nothing where every text has one.

    Tried on days and hours whose digits may change places, in every pair of forms. Which hundred years a year of two
    digits lies in does not matter here: both would read it there.
    """
    written = (form for form in dict.fromkeys(forms) if form != SERIAL)  # no form reads five digits alone
    for form, other in permutations((DateForm(one, SOME_CENTURY) for one in written), 2):
        if not any(other.pattern.fullmatch(text) for text in _samples(form, _SHAPES, _SHAPES, (2012,), _HOURS[1:3])):
            continue  # what fits a pattern depends on the number of digits alone
        for text in _samples(form, _DAYS, range(1, 13), _YEARS, _HOURS):
            mine, theirs = form.read(text), other.read(text)
            if mine and theirs and mine != theirs and _in_range(mine) and _in_range(theirs):
                return text, mine, theirs
    return None


Hours: TypeAlias = Sequence[tuple[int, int, int]]
Texts: TypeAlias = Iterable[str]

SOME_CENTURY: Final = 2000
"""What stands for the hundred years of a form until it is said."""
_SHAPES: Final = (1, 12)
_DAYS: Final = (1, 2, 10, 11, 12, 19, 20, 25)
_YEARS: Final = (1990, 2001, 2010, 2011, 2012, 2020, 2024, 2100)
_HOURS: Final = ((0, 0, 0), (1, 2, 3), (10, 11, 12), (12, 10, 11), (19, 12, 1), (20, 10, 24), (20, 24, 1), (23, 59, 58))


def _samples(form: DateForm, days: Sequence[int], months: Sequence[int], years: Sequence[int], hours: Hours) -> Texts:
    """The days, months, years and hours in that form, in both widths."""
    hours = hours if form.has_hour else hours[:1]
    return dict.fromkeys(
        form.write(datetime(year, month, day, *hour), short)  # noqa: DTZ001 - a civil time
        for day, month, year, hour, short in product(days, months, years, hours, (False, True))
    )


def _in_range(moment: str) -> bool:
    return FIRST_DATE.isoformat() <= moment[:10] <= LAST_DATE.isoformat()
