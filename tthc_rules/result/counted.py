"""How a limit and each day of its count are told: for a slip, an explanation, and a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from tthc_rules.law.civil import clock_time
from tthc_rules.law.daycount import DayCounted, Worth
from tthc_rules.law.dossier import NoTimeLimit, TimeLimit
from tthc_rules.result import words

MOST_LISTED: Final = 400
"""The longest count that is told day by day."""


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day between the start and the due date: what kind of day it is by which act, and what it was worth."""

    day: date
    kind: Literal["workday", "weekend", "public_holiday", "compensatory_off", "swapped_off", "makeup_workday"]
    name: dict[str, str]
    """What the act calls it, where it is no ordinary day of the week."""
    instrument: str
    provisional: bool
    """It stands so by statute alone: its letter is not published, as known."""
    worth: Worth
    number: int | None
    """Which day of the limit it is."""
    hours: tuple[tuple[str, str], ...]
    """Of a limit in working hours: from when to when it counts, «HH:MM»."""

    @classmethod
    def of(cls, one: DayCounted) -> CountedDay:
        """The record of a day that was counted."""
        day = one.day
        hours = tuple((clock_time(start), clock_time(end)) for start, end in one.hours)
        return cls(day.date, day.kind, dict(day.name), day.instrument, day.provisional, one.worth, one.number, hours)  # type: ignore[arg-type]


def limit_text(limit: TimeLimit | NoTimeLimit | None, lang: str) -> str:
    """A time limit in words."""
    vi = lang == "vi"
    if limit is None:
        return "không biết" if vi else "not known"
    if isinstance(limit, NoTimeLimit):
        return "thủ tục không có thời hạn" if vi else "none"
    unit = words.say(words.UNITS, limit.unit, lang)
    text = ("trong ngày" if vi else "the same day") if limit.amount == 0 else f"{limit.amount} {unit}"
    if limit.cutoff is not None:
        hour = clock_time(limit.cutoff)
        text += f"; nhận sau {hour} tính sang ngày làm việc tiếp theo" if vi else f"; after {hour}, the next workday"
    return text


def day_lines(days: Iterable[CountedDay], due: date | None, lang: str) -> Iterator[str]:
    """A line for each day that was counted, up to as many as a person reads; what is left out is said."""
    listed = list(days)
    vi = lang == "vi"
    if len(listed) > MOST_LISTED:
        yield (
            f"  (dài hơn {MOST_LISTED} ngày, không liệt kê)"
            if vi
            else f"  (longer than {MOST_LISTED} days, not listed)"
        )
        return
    for one in listed:
        weekday = words.of(words.WEEKDAYS[one.day.weekday()], lang)
        name = f" — {one.name[lang]}" if one.name else ""
        act = f" ({one.instrument})" if one.instrument else ""
        unsure = (" (tạm tính)" if vi else " (provisional)") if one.provisional else ""
        kind = words.say(words.DAYS, one.kind, lang)
        yield f"  {one.day:%d/%m/%Y} {weekday:<9} {kind}{name}{act}{unsure}  {_worth(one, lang)}".rstrip()
    if listed and due is not None and listed[-1].day < due:
        year = listed[-1].day.year
        yield (
            f"  (lịch chỉ biết đến hết năm {year}; sau đó đếm tạm theo tuần làm việc, không liệt kê)"
            if vi
            else f"  (the calendar is known to the end of {year}; later days are counted by the week and not listed)"
        )


def _worth(one: CountedDay, lang: str) -> str:
    """Which day of the limit it is, or which hours count, or why it does not count."""
    if one.hours:
        return ", ".join(f"{start}–{end}" for start, end in one.hours)
    return words.say(words.WORTH, one.worth, lang) if one.number is None else str(one.number)
