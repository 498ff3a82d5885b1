"""The columns of a result in words, and what stands in their cells: for who compares results and reads no code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from tthc_rules.law.codes import STEP
from tthc_rules.result import words
from tthc_rules.result.columns import ACT_BY, NUMBERS
from tthc_rules.result.row import Cell
from tthc_rules.result.words import Pair

COLUMNS: Final[dict[str, Pair]] = {
    "dossier_id": ("Mã hồ sơ", "Dossier"),
    "error_code": ("Mã lỗi", "Error code"),
    "error": ("Lỗi, không xét được", "Error, not judged"),
    "procedure": ("Thủ tục", "Procedure"),
    "jurisdiction": ("Địa phương", "Place"),
    "field": ("Lĩnh vực", "Field"),
    "channel": ("Cách nộp", "Way of filing"),
    "handling_agency": ("Cơ quan giải quyết", "Handling agency"),
    "one_stop_unit": ("Bộ phận Một cửa", "One-stop unit"),
    "officers": ("Người thụ lý", "Officers in charge"),
    "observes": ("Nguồn ghi được", "What the source can show"),
    "unknown": ("Chỗ ghi thiếu", "What this record lacks"),
    "punctuality": ("Tình trạng", "State"),
    "workdays_late": ("Trễ, theo ngày làm việc", "Late, in workdays"),
    "days_late": ("Trễ, theo ngày lịch", "Late, in calendar days"),
    "punctuality_current": ("Tình trạng theo hạn đã hẹn lại", "State by the new appointment"),
    "workdays_late_current": ("Trễ so với hạn đã hẹn lại, theo ngày làm việc", "Late by the new date, in workdays"),
    "days_late_current": ("Trễ so với hạn đã hẹn lại, theo ngày lịch", "Late by the new date, in calendar days"),
    "clock_version": ("Văn bản tính thời hạn", "Law of the clock"),
    "accepted_on": ("Ngày tiếp nhận", "Accepted on"),
    "original_due": ("Hạn ban đầu", "Original due date"),
    "lawful_due": ("Hạn theo luật", "Lawful due date"),
    "current_due": ("Hạn hiện tại", "Current due date"),
    "promised_due": ("Ngày hẹn trên phiếu", "Date on the slip"),
    "finished_on": ("Ngày kết thúc", "Finished on"),
    "ended_by": ("Kết thúc bằng", "Ended by"),
    "provisional": ("Tạm tính", "Provisional"),
    "responsible": ("Trách nhiệm", "Who answers"),
    "steps": ("Các bước của từng cơ quan", "Steps of each agency"),
    "next_act": ("Việc tiếp theo", "Next act"),
    "next_act_by": ("Hạn của việc tiếp theo", "Next act by"),
    "next_act_roles": ("Ai trả lời việc tiếp theo", "Who answers for the next act"),
    "changes_on": ("Ngày kết luận sẽ đổi", "The verdict changes on"),
    "versions": ("Bản quy tắc", "Versions"),
    "clauses": ("Căn cứ", "Clauses"),
    "notes": ("Ghi chú", "Notes"),
    "unknown_names": ("Tên không biết", "Unknown names"),
    "assumptions": ("Cách hiểu chưa xác nhận", "Unconfirmed readings"),
    "rules_digest": ("Dấu của bộ quy tắc", "Digest of the rules"),
    "calendar_digest": ("Dấu của lịch", "Digest of the calendar"),
}
"""Each column of a result that is no duty."""
NOTHING: Final[Pair] = ("không có", "none")
_ACT_BY: Final[Pair] = ("ngày cuối để làm", "to be done by")
_UNIT: Final[Pair] = ("ngày", "days")
_YES: Final[Pair] = ("có", "yes")
_NO: Final[Pair] = ("không", "no")

Labels = Mapping[str, Mapping[str, str]]
"""Duty or limit -> its name in each language."""


def column_said(column: str, labels: Labels, lang: str) -> str:
    """What a column tells, in words; the id of a duty stands behind its name."""
    pair = COLUMNS.get(column)
    if pair is not None:
        return words.of(pair, lang)
    duty = column.removesuffix(ACT_BY)
    said = _duty(duty, labels, lang)
    name = said if said == duty else f"{said} [{duty}]"
    return f"{name}, {words.of(_ACT_BY, lang)}" if column.endswith(ACT_BY) else name


def cell_said(column: str, cell: Cell, labels: Labels, lang: str) -> str:
    """What a cell says, in words; what no word stands for is said as it is."""
    if cell is None or cell in ("", []):
        return words.of(NOTHING, lang)
    if isinstance(cell, bool):
        return words.of(_YES if cell else _NO, lang)
    if isinstance(cell, list):
        return "; ".join(_step(step, lang) for step in cell)
    if isinstance(cell, date):
        return _day(cell)
    if isinstance(cell, int):
        return f"{cell} {words.of(_UNIT, lang)}" if column in NUMBERS else str(cell)
    say = _SAID.get(column, _outcome if column in labels else _as_is)
    return say(cell, labels, lang)


def _day(day: date) -> str:
    return f"{day:%H:%M %d/%m/%Y}" if isinstance(day, datetime) else f"{day:%d/%m/%Y}"


def _duty(duty: str, labels: Labels, lang: str) -> str:
    if duty.startswith(STEP):
        return f"{words.say(words.ACTS, 'step_assigned', lang)}: {duty.removeprefix(STEP)}"
    label = labels.get(duty)
    return words.say(words.ACTS, duty, lang) if label is None else label[lang]


def _step(step: Mapping[str, Cell], lang: str) -> str:
    due = _moment(str(step["due"]), {}, lang) if step.get("due") else words.of(NOTHING, lang)
    outcome = words.say(words.STEP_OUTCOMES, str(step.get("outcome")), lang)
    return f"{step.get('agency')}: {outcome} ({'hạn' if lang == 'vi' else 'due'} {due})"


def _moment(text: str, labels: Labels, lang: str) -> str:
    """A date of a slip, which may have an hour."""
    try:
        return _day(date.fromisoformat(text) if len(text) == len("2026-12-31") else datetime.fromisoformat(text))
    except ValueError:
        return text


def _as_is(text: str, labels: Labels, lang: str) -> str:
    return text


def _outcome(text: str, labels: Labels, lang: str) -> str:
    return words.say(words.OUTCOMES, text, lang)


def _next(text: str, labels: Labels, lang: str) -> str:
    return _duty(text, labels, lang)


def _answers(text: str, labels: Labels, lang: str) -> str:
    """`duty=role+role|…`"""
    said = []
    for part in text.split("|"):
        duty, _, roles = part.partition("=")
        who = ", ".join(words.say(words.ROLES, role, lang) for role in roles.split("+"))
        said.append(f"{_duty(duty, labels, lang)}: {who}")
    return "; ".join(said)


def _each(pairs: dict[str, Pair]) -> Callable[[str, Labels, str], str]:
    def say(text: str, labels: Labels, lang: str) -> str:
        return "; ".join(words.say(pairs, code, lang) for code in text.split("|"))

    return say


_SAID: Final[Mapping[str, Callable[[str, Labels, str], str]]] = {
    "punctuality": _each(words.PUNCTUALITY),
    "punctuality_current": _each(words.PUNCTUALITY),
    "ended_by": _each(words.EVENTS),
    "promised_due": _moment,
    "responsible": _answers,
    "next_act": _next,
    "next_act_roles": _each(words.ROLES),
    "notes": _each(words.NOTES),
    "observes": _each(words.EVENTS),
    "unknown": _each(words.GAPS),
}
