"""Why a dossier is judged anew, and the next day on which its row may be another though nothing is sent of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from tthc_rules.law.civil import day_of
from tthc_rules.result.row import Row

EVERY_NIGHT: Final = 0
"""The next day of a row that is made anew each night."""
_DUES: Final = ("original_due", "lawful_due", "current_due", "promised_due")
_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(T[0-9:.,]{5,20}(?:Z|[+-]\d))?", re.ASCII)


class Reason(StrEnum):
    """Why a dossier is judged anew."""

    new = "new"
    changed = "changed"
    date = "date"
    turned = "turned"
    overdue = "overdue"
    unaccepted = "unaccepted"
    undetermined = "undetermined"
    provisional = "provisional"
    names = "names"
    error = "error"
    rules = "rules"
    calendar = "calendar"
    question = "question"
    code = "code"
    form = "form"
    earlier = "earlier"


WORDS: Final[dict[Reason, tuple[str, str]]] = {
    Reason.new: ("hồ sơ mới", "new dossiers"),
    Reason.changed: ("dữ liệu khác đêm trước", "other data than the night before"),
    Reason.date: ("đến một ngày ghi trong hồ sơ", "a date in the dossier was reached"),
    Reason.turned: ("đến ngày kết luận đổi", "the day of the change was reached"),
    Reason.overdue: ("chưa xong, đã qua hạn", "open and past a due date"),
    Reason.unaccepted: ("chưa tiếp nhận", "open and not yet accepted"),
    Reason.undetermined: ("chưa xong, chưa kết luận được", "open and undetermined"),
    Reason.provisional: ("đi qua ngày chưa có lịch chính thức", "a provisional day on the way"),
    Reason.names: ("có tên không biết", "unknown names"),
    Reason.error: ("dòng lỗi", "error rows"),
    Reason.rules: ("quy tắc khác đêm trước: tất cả", "other rules than the night before: all"),
    Reason.calendar: ("lịch khác đêm trước: tất cả", "another calendar than the night before: all"),
    Reason.question: ("câu hỏi khác đêm trước: tất cả", "another question than the night before: all"),
    Reason.code: ("thư viện khác đêm trước: tất cả", "another version of the library: all"),
    Reason.form: ("dạng kết quả khác đêm trước: tất cả", "another form of the result: all"),
    Reason.earlier: ("ngày xét trước đêm trước: tất cả", "an earlier day than the night before: all"),
}


def next_look(row: Row, text: str, as_of: date) -> tuple[int | None, str]:
    """The next day on which a row must be made anew, and why; nothing where it stands for good.

    `text` is the dossier: a day in it that is still to come is a day on which something in it begins to count.
    """
    if (every := _every_night(row, as_of)) is not None:
        return EVERY_NIGHT, every
    coming = [(day, Reason.date) for day in _days_in(text) if day > as_of]
    coming += [(day, Reason.turned) for day in _turns(row) if day > as_of]
    if not coming:
        return None, ""
    day, why = min(coming)
    return day_of(day), why


def _every_night(row: Row, as_of: date) -> Reason | None:
    if row.get("error_code"):
        return Reason.error
    if row.get("unknown_names"):
        return Reason.names
    if row.get("provisional"):
        return Reason.provisional
    if row.get("finished_on") is not None or row.get("ended_by"):
        return None
    if row.get("accepted_on") is None:
        return Reason.unaccepted
    if row.get("punctuality") == "undetermined":
        return Reason.undetermined
    return Reason.overdue if any(due < as_of for due in _dues(row)) else None


def _turns(row: Row) -> Iterator[date]:
    """The day of the change; and of what is open each due date, with the day after it: counts run from there."""
    if isinstance(change := row.get("changes_on"), date):
        yield change
    if row.get("finished_on") is None and not row.get("ended_by"):
        for due in _dues(row):
            yield due
            yield due + timedelta(1)


def _dues(row: Row) -> Iterator[date]:
    for name in _DUES:
        due = row.get(name)
        if isinstance(due, str):
            yield date.fromisoformat(due[:10])
        elif isinstance(due, date):
            yield due


def _days_in(text: str) -> Iterator[date]:
    """The days written in a dossier; a moment with an offset may be the day before or after in Vietnam."""
    for written, offset in set(_DAY.findall(text)):
        try:
            day = date.fromisoformat(written)
        except ValueError:
            continue
        yield day
        if offset and date.min < day < date.max:
            yield day - timedelta(1)
            yield day + timedelta(1)
