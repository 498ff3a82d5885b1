"""Checks an office's own table of open and closed days, alone or beside a reference calendar.

Alone, the table is held against what can be known without any letter: the fixed holidays, the lunar dates, the
compensatory days, and the rule that a day swapped off is worked on a weekend nearby. A table says nothing about why an
office is closed, so whatever can be read in the office's favour is read so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import holidays

from tthc_rules.errors import InputFileError, Problem, TthcError, nearest_of, reason_of, shown, unknown_word
from tthc_rules.law.civil import written_day

__all__ = ["DoubtfulDay", "Reference", "ReferenceDay", "lint_table", "read_table"]

FIRST_YEAR = 2007
LAST_YEAR = 2100
SWAP_REACH = timedelta(days=14)  # the widest swap on record spans 10 days (29/1 and 8/2/2014)

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TET_DAYS = {
    -2: ("hai ngày trước mùng 1, hoặc mùng 4", "two days before the 1st, or the 4th"),
    -1: ("ngày trước mùng 1", "the day before the 1st"),
    0: ("mùng 1", "the 1st"),
    1: ("mùng 2", "the 2nd"),
    2: ("mùng 3", "the 3rd"),
    3: ("mùng 4, hoặc hai ngày trước mùng 1", "the 4th, or two days before the 1st"),
}
_COLUMNS = ("date", "office_off")
_FLAGS = {"0": False, "1": True}


@dataclass(frozen=True, slots=True)
class DoubtfulDay:
    """One day of the table that is wrong, or that its owner must explain."""

    code: str
    date: date
    vi: str
    en: str


class ReferenceDay(Protocol):
    """What a reference calendar says about one day."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> Mapping[str, str]: ...
    @property
    def instrument(self) -> str: ...


class Reference(Protocol):
    """A calendar that the table can be compared with, such as `book.calendar("vn")`."""

    def is_workday(self, day: date, /) -> bool: ...
    def day(self, day: date, /) -> ReferenceDay: ...


def lint_table(days: Mapping[date, bool], reference: Reference | None = None) -> tuple[DoubtfulDay, ...]:
    """What is wrong with a table that says for each day whether the office is closed, in order of date."""
    found = _against_statute(days) if reference is None else _disagreements(days, reference)
    return tuple(sorted([*_gaps(days), *found], key=lambda finding: (finding.date, finding.code)))


def read_table(path: str | Path) -> Mapping[date, bool]:
    """The table in a CSV file with the columns `date` and `office_off` (1 = closed), or every problem of the file."""
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            table, problems = _read_rows(str(path), csv.reader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise InputFileError(_unreadable(str(path), cause)) from cause
    if problems:
        raise InputFileError(problems)
    return table


# -- reading -----------------------------------------------------------------------------------------------------------


class _Rows(Protocol):
    """The part of a CSV reader that is used: rows, and the number of the line read last."""

    @property
    def line_num(self) -> int: ...
    def __iter__(self) -> Iterator[list[str]]: ...


def _read_rows(path: str, rows: _Rows) -> tuple[dict[date, bool], list[Problem]]:
    table: dict[date, bool] = {}
    seen: dict[date, int] = {}
    filled = (row for row in rows if any(cell.strip() for cell in row))
    header = next(filled, None)
    if header is None:
        return table, [_empty(f"{path}:1")]
    names = [name.strip() for name in header]
    problems = [_missing_column(f"{path}:{rows.line_num}", column, names) for column in _COLUMNS if column not in names]
    if problems:
        return table, problems
    where = [names.index(column) for column in _COLUMNS]
    for row in filled:
        place, excerpt = f"{path}:{rows.line_num}", ",".join(row)
        if len(row) != len(names):
            problems.append(_bad_length(place, len(row), len(names), excerpt))
            continue
        day, flag = (row[index].strip() for index in where)
        parsed = None
        with suppress(ValueError):
            parsed = written_day(day)
        if parsed is None:
            problems.append(_bad_date(place, day, excerpt))
        elif parsed in seen:
            problems.append(_duplicate(place, parsed, seen[parsed], excerpt))
        else:
            seen[parsed] = rows.line_num
        if flag not in _FLAGS:
            problems.append(_bad_flag(place, flag, excerpt))
        elif parsed is not None:
            table[parsed] = _FLAGS[flag]
    if not table and not problems:
        problems.append(_empty(f"{path}:{rows.line_num}"))
    return table, problems


# -- the table itself --------------------------------------------------------------------------------------------------


def _gaps(days: Mapping[date, bool]) -> Iterator[DoubtfulDay]:
    """One finding for each run of days that is missing between the first and the last day of the table."""
    ordered = sorted(days)
    for before, after in pairwise(ordered):
        if after - before > _ONE_DAY:
            yield _missing(before + _ONE_DAY, after - _ONE_DAY)


def _disagreements(days: Mapping[date, bool], reference: Reference) -> Iterator[DoubtfulDay]:
    """Every day on which the table and the reference differ; one finding for each year the reference does not know."""
    unknown: dict[int, date] = {}
    for day, closed in days.items():
        try:
            if closed == reference.is_workday(day):
                yield _differs(day, closed, reference.day(day))
        except TthcError:
            unknown[day.year] = min(day, unknown.get(day.year, day))
    yield from map(_not_covered, unknown.values())


# -- the statute -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _DayOff:
    """A day on which the office must be closed; `instead_of` is set on a compensatory day."""

    on: date
    vi: str
    en: str
    tet: bool = False
    instead_of: date | None = None


_Group = tuple[_DayOff, ...]


def _against_statute(days: Mapping[date, bool]) -> Iterator[DoubtfulDay]:
    years = {day.year for day in days}
    known = {year for year in years if FIRST_YEAR <= year <= LAST_YEAR}
    for year in years - known:
        yield _not_covered(min(day for day in days if day.year == year))
    owed = {day_off.on: day_off for year in known for group in _groups(year) for day_off in _best(group, days)}
    for day, day_off in owed.items():
        if days.get(day) is False:
            yield _open(day_off)
    odd = [day for day, closed in days.items() if closed != _is_weekend(day) and day not in owed and day.year in known]
    yield from _unmatched([day for day in odd if _is_weekend(day)], [day for day in odd if not _is_weekend(day)], days)


def _unmatched(worked: Iterable[date], off: Iterable[date], days: Mapping[date, bool]) -> Iterator[DoubtfulDay]:
    """Working weekend days and closed weekdays that cannot be paired, one with one, within the reach of a swap."""
    lone_worked, lone_off = _without_partner(sorted(worked), sorted(off))
    for day in lone_worked:
        yield _outside(day) if _reaches_outside(day, days) else _weekend_open(day)
    for day in lone_off:
        yield _outside(day) if _reaches_outside(day, days) else _no_ground(day)


def _without_partner(left: Sequence[date], right: Sequence[date]) -> tuple[list[date], list[date]]:
    """What remains when as many as possible are paired; all reaches being equal, earliest with earliest is best."""
    lone_left: list[date] = []
    lone_right: list[date] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if abs(left[i] - right[j]) <= SWAP_REACH:
            i, j = i + 1, j + 1
        elif left[i] < right[j]:
            lone_left.append(left[i])
            i += 1
        else:
            lone_right.append(right[j])
            j += 1
    return lone_left + list(left[i:]), lone_right + list(right[j:])


def _reaches_outside(day: date, days: Mapping[date, bool]) -> bool:
    reach = range(-SWAP_REACH.days, SWAP_REACH.days + 1)
    return any(day + timedelta(days=step) not in days for step in reach)


def _best(readings: Sequence[_Group], days: Mapping[date, bool]) -> _Group:
    """The lawful reading that the table breaks least; of equal ones, that with fewer compensatory days broken."""

    def broken(group: _Group) -> tuple[int, int]:
        opened = [day_off for day_off in group if days.get(day_off.on) is False]
        return len(opened), sum(day_off.instead_of is not None for day_off in opened)

    return min(readings, key=broken)


def _groups(year: int) -> Iterator[tuple[_Group, ...]]:
    """The year's days off in groups that cannot touch each other, each with its lawful readings."""
    new_year, hung_kings = _lunar_dates(year)
    yield (_with_compensation([_DayOff(date(year, 1, 1), "Tết Dương lịch", "New Year's Day")]),)
    yield tuple(_with_compensation(block) for block in _tet_blocks(year, new_year))
    yield (
        _with_compensation(
            [
                _DayOff(hung_kings, "Giỗ Tổ Hùng Vương", "Hùng Kings Commemoration Day"),
                _DayOff(date(year, 4, 30), "Ngày Chiến thắng 30/4", "Victory Day, 30 April"),
                _DayOff(date(year, 5, 1), "Quốc tế Lao động 1/5", "International Labour Day, 1 May"),
            ]
        ),
    )
    yield tuple(_with_compensation(block) for block in _national_days(year))
    if year >= 2026:  # Resolution 28/2026/QH16 gives the day, and no compensatory day
        yield ((_DayOff(date(year, 11, 24), "Ngày Văn hóa Việt Nam", "Vietnam Culture Day"),),)


@cache
def _lunar_dates(year: int) -> tuple[date, date]:
    """The first day of the lunar year and the tenth of the third lunar month."""
    listed = holidays.country_holidays("VN", years=year, observed=False, language="en_US")
    by_name = {name: day for day, names in listed.items() for name in names.split("; ")}
    return by_name["Lunar New Year"], by_name["Hung Kings' Commemoration Day"]


def _tet_blocks(year: int, new_year: date) -> Iterator[list[_DayOff]]:
    """Tết as it may lie: four days up to 2013; then five, with one or two of them before the first."""
    for first, last in ((-1, 2),) if year <= 2013 else ((-1, 3), (-2, 2)):
        yield [_tet_day(new_year, step) for step in range(first, last + 1)]


def _tet_day(new_year: date, step: int) -> _DayOff:
    vi, en = _TET_DAYS[step]
    return _DayOff(new_year + timedelta(days=step), f"Tết Nguyên đán ({vi})", f"Lunar New Year ({en})", tet=True)


def _national_days(year: int) -> Iterator[list[_DayOff]]:
    """2 September, from 2021 with the day before or the day after it."""
    national = _DayOff(date(year, 9, 2), "Quốc khánh", "National Day")
    if year < 2021:
        yield [national]
        return
    for beside in (1, 3):
        vi, en = "Quốc khánh (ngày liền kề: 1/9 hoặc 3/9)", "National Day (adjacent day: 1 or 3 September)"
        adjacent = _DayOff(date(year, 9, beside), vi, en)
        yield sorted([national, adjacent], key=lambda day_off: day_off.on)


def _with_compensation(block: Sequence[_DayOff]) -> _Group:
    """The block and, for each of its days that falls on a weekend, the next weekday that is still free."""
    taken = {day_off.on: day_off for day_off in block}
    for day_off in sorted(block, key=lambda each: each.on):
        if _is_weekend(day_off.on):
            free = day_off.on + _ONE_DAY
            while _is_weekend(free) or free in taken:
                free += _ONE_DAY
            taken[free] = _DayOff(free, day_off.vi, day_off.en, day_off.tet, instead_of=day_off.on)
    return tuple(taken[day] for day in sorted(taken))


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY


# -- wording of the findings -------------------------------------------------------------------------------------------


def _vi(day: date) -> str:
    return f"{_WEEKDAYS_VI[day.weekday()]} {day:%d/%m/%Y}"


def _en(day: date) -> str:
    return f"{_WEEKDAYS_EN[day.weekday()]} {day.isoformat()}"


def _missing(first: date, last: date) -> DoubtfulDay:
    return DoubtfulDay(
        "TR-calendar-missing-days",
        first,
        f"bảng thiếu {(last - first).days + 1} ngày, từ {_vi(first)} đến {_vi(last)}",
        f"the table lacks {(last - first).days + 1} day(s), from {_en(first)} to {_en(last)}",
    )


def _not_covered(first: date) -> DoubtfulDay:
    return DoubtfulDay(
        "TR-calendar-not-covered",
        first,
        f"năm {first.year}, từ {_vi(first)}: chưa kiểm được, không có lịch hoặc ngày nghỉ theo luật của năm này",
        f"{first.year}, from {_en(first)}: not checked, no calendar and no statutory days off are known for that year",
    )


def _open(day_off: _DayOff) -> DoubtfulDay:
    day = day_off.on
    if day_off.instead_of is not None:
        return DoubtfulDay(
            "TR-calendar-no-compensatory-day",
            day,
            f"{day_off.vi} rơi vào {_vi(day_off.instead_of)}: phải nghỉ bù {_vi(day)}, bảng ghi mở cửa",
            f"{day_off.en} falls on {_en(day_off.instead_of)}: {_en(day)} must be off, the table says open",
        )
    return DoubtfulDay(
        "TR-calendar-tet-open" if day_off.tet else "TR-calendar-holiday-open",
        day,
        f"{day_off.vi}, {_vi(day)}: phải nghỉ, bảng ghi mở cửa",
        f"{day_off.en}, {_en(day)}: a day off, the table says open",
    )


def _weekend_open(day: date) -> DoubtfulDay:
    return DoubtfulDay(
        "TR-calendar-weekend-open",
        day,
        f"{_vi(day)} ghi mở cửa mà trong {SWAP_REACH.days} ngày trước và sau không có ngày thường nào nghỉ đối ứng",
        f"{_en(day)} is open, and no weekday within {SWAP_REACH.days} days is off against it",
    )


def _no_ground(day: date) -> DoubtfulDay:
    return DoubtfulDay(
        "TR-calendar-closed-without-ground",
        day,
        f"{_vi(day)} ghi nghỉ mà không phải ngày lễ, ngày nghỉ bù, "
        f"và trong {SWAP_REACH.days} ngày trước và sau không có ngày làm bù",
        f"{_en(day)} is closed, but is no holiday and no compensatory day, "
        f"and no weekend day within {SWAP_REACH.days} days is worked against it",
    )


def _outside(day: date) -> DoubtfulDay:
    return DoubtfulDay(
        "TR-calendar-swap-outside-table",
        day,
        f"{_vi(day)}: không thấy ngày hoán đổi đối ứng; có thể ngày đó nằm ngoài bảng, hãy kiểm tra",
        f"{_en(day)}: no day was found that it is swapped with; that day may lie outside the table, please check",
    )


def _differs(day: date, closed: bool, known: ReferenceDay) -> DoubtfulDay:
    return DoubtfulDay(
        "TR-calendar-differs",
        day,
        f"{_vi(day)}: bảng ghi {'nghỉ' if closed else 'mở cửa'}, theo lịch là {_ground(known, 'vi')}",
        f"{_en(day)}: the table says {'closed' if closed else 'open'}, by the calendar it is {_ground(known, 'en')}",
    )


_KINDS = {
    "workday": ("ngày làm việc", "a workday"),
    "weekend": ("ngày nghỉ cuối tuần", "a weekend day"),
    "public_holiday": ("ngày lễ", "a public holiday"),
    "compensatory_off": ("ngày nghỉ bù", "a compensatory day off"),
    "swapped_off": ("ngày nghỉ hoán đổi", "a day off by swap"),
    "makeup_workday": ("ngày làm bù", "a make-up workday"),
}


def _ground(known: ReferenceDay, lang: str) -> str:
    """The kind of a reference day in words, with its name and instrument where there are any."""
    vi, en = _KINDS.get(known.kind, (known.kind, known.kind))
    more = [part for part in (known.name.get(lang, ""), known.instrument) if part]
    return (vi if lang == "vi" else en) + (f" ({'; '.join(more)})" if more else "")


# -- wording of the problems -------------------------------------------------------------------------------------------


def _unreadable(path: str, cause: Exception) -> Problem:
    vi, en = reason_of(cause)
    return Problem(
        "TR-table-unreadable",
        path,
        f"không đọc được tệp: {vi}; cần tệp CSV mã hóa UTF-8",
        f"the file cannot be read: {en}; a CSV file in UTF-8 is needed",
    )


def _empty(place: str) -> Problem:
    return Problem(
        "TR-table-empty",
        place,
        "bảng không có ngày nào; cần dòng tiêu đề date,office_off và mỗi ngày một dòng",
        "the table has no days; it needs the header date,office_off and one line for each day",
        known=_COLUMNS,
    )


def _missing_column(place: str, column: str, names: Sequence[str]) -> Problem:
    near = nearest_of(column, names)
    return Problem(
        "TR-table-column",
        place,
        f"thiếu cột «{column}»" + (f"; cột «{shown(near)}» có phải là cột này?" if near else ""),
        f"the column “{column}” is missing" + (f"; is it the column “{shown(near)}”?" if near else ""),
        excerpt=shown(",".join(names), 100),
        known=_COLUMNS,
    )


def _bad_length(place: str, cells: int, columns: int, excerpt: str) -> Problem:
    return Problem(
        "TR-table-row",
        place,
        f"dòng có {cells} ô, tiêu đề có {columns} cột",
        f"the line has {cells} cell(s), the header has {columns} column(s)",
        excerpt=shown(excerpt, 100),
    )


def _bad_date(place: str, text: str, excerpt: str) -> Problem:
    return Problem(
        "TR-table-date",
        place,
        f"«{shown(text)}» không phải là ngày; viết năm-tháng-ngày, ví dụ 2026-01-02",
        f"“{shown(text)}” is not a date; write year-month-day, such as 2026-01-02",
        excerpt=shown(excerpt, 100),
    )


def _duplicate(place: str, day: date, first_line: int, excerpt: str) -> Problem:
    return Problem(
        "TR-table-duplicate",
        place,
        f"ngày {day:%d/%m/%Y} đã có ở dòng {first_line}; mỗi ngày chỉ ghi một lần",
        f"{day.isoformat()} is already on line {first_line}; give each day once",
        excerpt=shown(excerpt, 100),
    )


def _bad_flag(place: str, text: str, excerpt: str) -> Problem:
    problem = unknown_word(place, "giá trị office_off", "office_off value", text, tuple(_FLAGS), "TR-table-flag")
    return problem.at(place, shown(excerpt, 100))
