"""Reads the free text of a procedure's time limit into what it says, or into the fact that it does not say.

The portals fill this field by hand: «05 ngày làm việc», «Không quy định», «0», two pages about school fees. Nothing is
guessed here: a wording is read only where a row of the tables below declares it; all else is `Unreadable`.

Two tables do the work. `_WHOLE` holds the forms of a complete text, tried in order; `_CLAUSES` holds the forms of one
sentence of a longer text, all of whose sentences must be understood for any of it to count. Every form must cover its
text from end to end, so that a word nobody declared («5-7 ngày», «ít nhất 5 ngày») can never be read past.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from tthc_rules.logs.mentions import agrees, number_of, plain_text, refusal_of
from tthc_rules.logs.stated import (
    Alternative,
    Conditional,
    LimitStep,
    LimitUnit,
    NoTerm,
    NoTermReason,
    SameDay,
    Start,
    Term,
    TimeLimitText,
    UnitUnknown,
    Unreadable,
)
from tthc_rules.logs.wording import (
    ACT,
    AT_MOST,
    BARE,
    BRANCH,
    CONDITION,
    DURATION,
    FROM,
    LENGTH,
    LENGTHENS,
    LIMIT,
    NEGATION,
    NOTHING,
    OF_ANOTHER,
    OPENS,
    PAID_NUMBERS,
    RECEIPT,
    STARTS,
    STATED,
    UNIT_FORMS,
    UNITS,
    WHEN,
    Match,
    hides_limit,
)

__all__ = [
    "Alternative",
    "Conditional",
    "LimitStep",
    "LimitUnit",
    "NoTerm",
    "NoTermReason",
    "SameDay",
    "Start",
    "Term",
    "TimeLimitText",
    "UnitUnknown",
    "Unreadable",
    "as_time_limit",
    "read_term",
]


def read_term(text: object) -> Term:
    """What the text of a time limit says; never raises and never guesses."""
    if text is None:
        return NoTerm("not_filled_in")
    if not isinstance(text, str):
        return Unreadable(f"<{type(text).__name__}>")
    plain = plain_text(text)
    if plain is None:
        return Unreadable(text)
    unwrapped = _unwrapped(plain)
    return _first(_WHOLE, unwrapped) or _read_clauses(unwrapped) or Unreadable(text, refusal_of(plain))


def is_receipt(text: str, start: int) -> bool:
    """Whether what the text counts from, from there on, is the receipt of the file and nothing more."""
    return RECEIPT.match(text, start) is not None


def limit_at(text: str, start: int) -> tuple[TimeLimitText, int] | None:
    """The limit that the text states from there on, with what it is counted from, and where it ends."""
    match = STATED.match(text, start)
    limit = _bare(match) if match else None
    return None if match is None or limit is None else (limit, match.end())


def as_time_limit(term: Term) -> dict[str, int | str] | None:
    """The `time_limit` of a dossier where the text says all of it, else nothing."""
    # «0 ngày làm việc» may be a field nobody filled in; a count from submission is not the dossier's clock.
    match term:
        case SameDay(cutoff=None):
            return {"amount": 0, "unit": "workday"}
        case SameDay(cutoff=str(hour)):
            return {"amount": 0, "unit": "workday", "cutoff": hour}
        case TimeLimitText(int(amount), unit, from_) if amount > 0 and from_ != "complete_submission":
            return None if OF_ANOTHER.search(term.received) else {"amount": amount, "unit": unit}
        case _:
            return None


# -- the text before it is read ----------------------------------------------------------------------------------------

_BRACKETED = re.compile(r",? \(((?:kể từ|tính từ|không (?:tính|kể)) [^()]{1,300})\)", re.IGNORECASE)
_CUT_BY = re.compile(
    r"(?P<left>[0-9]{1,3}) (?P<unit>ngày làm việc|ngày) "
    r"\((?:đã )?cắt giảm (?P<by>[0-9]{1,3})/(?P<of>[0-9]{1,3}) (?P=unit)"
    r"(?:, tỷ lệ [0-9.,]{1,6} ?%)?\)",
    re.IGNORECASE,
)


def _unwrapped(text: str) -> str:
    """Without the brackets around a start or a condition, and without a note «cut by 01 of 03 days» that adds up."""

    def shortened(match: Match) -> str:
        adds_up = int(match["of"]) - int(match["by"]) == int(match["left"])
        return f"{match['left']} {match['unit']}" if adds_up else match[0]

    return _BRACKETED.sub(r", \1", _CUT_BY.sub(shortened, text))


# -- from a match to its meaning ---------------------------------------------------------------------------------------


def _limit(match: Match) -> TimeLimitText | None:
    bare = _bare(match)
    said = match.groupdict()
    kept = tuple(words for words in (said.get("uncounted"), said.get("agreed")) if words)
    if bare is None or any(hides_limit(words) or _DAYS_OFF.search(words) for words in kept):
        return None
    steps = () if said.get("steps") is None else _steps(match["steps"], bare)
    return None if steps is None else replace(bare, conditions=kept, steps=steps)


def _bare(match: Match) -> TimeLimitText | None:
    amount = number_of(match["digits"] or match["figures"])
    words = match["gloss"] or match["words"]
    if words and not agrees(words, amount):
        return None
    unit = next(unit for unit in UNITS if match[unit] is not None)
    start = next((start for start in STARTS if match[start] is not None), None)
    return TimeLimitText(amount, unit, start, receiver=match["receiver"] or "", received=match["received"] or "")


def _steps(text: str, whole: TimeLimitText) -> tuple[LimitStep, ...] | None:
    """The parts of a whole; nothing if they do not add up. «ngày» within working days says too little."""
    steps = []
    for part in text.split(";"):
        agency, _, length = part.rpartition(":")
        limit = read_term(length)
        if not isinstance(limit, TimeLimitText) or not agency.strip():
            return None
        unit = UNIT_FORMS[limit.unit].partition("(")[0]
        steps.append(LimitStep(agency.strip(), limit if limit.unit == whole.unit else UnitUnknown(limit.amount, unit)))
    return tuple(steps) if sum(step.limit.amount for step in steps) == whole.amount else None


def _case(match: Match) -> Alternative | None:
    limit = _limit(match)
    condition = match["condition"]
    if limit is None or hides_limit(condition) or LENGTHENS.search(condition):
        return None
    return Alternative(condition, limit)


def _no_term(reason: NoTermReason) -> Callable[[Match], NoTerm]:
    return lambda match: NoTerm(reason, match[0])


def _elsewhere(match: Match) -> NoTerm | None:
    where = match["where"]
    if hides_limit(where, NOTHING) or DURATION.search(where) or NEGATION.search(where):
        return None
    return NoTerm("refers_elsewhere", match[0])


def _payment(match: Match) -> NoTerm | None:
    rest = PAID_NUMBERS.sub("", match[0])
    return None if hides_limit(rest, NOTHING) or DURATION.search(rest) else NoTerm("not_a_limit", match[0])


def _alternative(is_extension: bool) -> Callable[[Match], Alternative | None]:
    def made(match: Match) -> Alternative | None:
        limit = _limit(match)
        branches = LENGTHENS if match.groupdict().get("colon") == ":" else BRANCH
        if limit is None or hides_limit(match["condition"]) or branches.search(match["condition"]):
            return None
        return Alternative(match["condition"], limit, is_extension)

    return made


_AFTER_HOUR = "sau (?P<hour>1[2-9]|2[0-3]) ?(?:giờ|h|:)(?: ?(?P<minute>[0-5][0-9])(?: phút)?)?"
_REPLY = (
    "trường hợp (?:không|chưa|từ chối) [^.;:()0-9]{1,250}?,? (?:thì )?(?:phải )?(?:có )?"
    "(?:văn bản )?(?:trả lời|thông báo)(?: bằng văn bản)?[^.;:()0-9]{0,80}? nêu rõ lý do"
)


def _same_day(match: Match) -> SameDay:
    return SameDay(f"{match['hour']}:{match['minute'] or '00'}")


@dataclass(frozen=True, slots=True)
class _Reply:
    """A sentence on what the authority writes when it says no, or gives at reception: no limit."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A sentence on what does not count, kept in its own words."""

    wording: str


def _reply(match: Match) -> _Reply | None:
    return None if hides_limit(_NEXT_DAY.sub("", match[0])) else _Reply()


_DAYS_OFF = re.compile(r"\b(?:nghỉ|lễ|tết|thứ bảy|chủ nhật|cuối tuần)\b", re.IGNORECASE)  # they would change the unit
_NEXT_DAY = re.compile("trong ngày làm việc tiếp theo", re.IGNORECASE)


def _kept(match: Match) -> _Kept | None:
    return None if hides_limit(match[0]) or _DAYS_OFF.search(match[0]) else _Kept(match[0].rstrip(" .;"))


@dataclass(frozen=True, slots=True)
class _Shorter:
    """A sentence that lets a locality set a shorter limit."""

    wording: str


def _linked(match: Match) -> TimeLimitText | None:
    subject = match["procedures"]
    return None if hides_limit(subject) or BRANCH.search(subject) or CONDITION.search(subject) else _limit(match)


def _shorter(match: Match) -> _Shorter | None:
    return None if hides_limit(match["what"] or "") else _Shorter(match[0])


# -- the tables --------------------------------------------------------------------------------------------------------

_Meaning: TypeAlias = TimeLimitText | SameDay | Alternative | _Shorter | _Kept | _Reply


def _form(body: str) -> re.Pattern[str]:
    """A form that must cover its text; one closing mark may follow, an ellipsis or a comma (cut off?) may not."""
    return re.compile(f"(?:{body}) ?[.;]?", re.IGNORECASE)


_WHOLE: tuple[tuple[re.Pattern[str], Callable[[Match], Term | None]], ...] = (
    (re.compile(""), _no_term("not_filled_in")),
    (
        _form("(?:pháp luật )?(?:không|chưa)(?: có)? qu[yi] định(?: cụ thể)?(?: (?:về )?thời hạn(?: giải quyết)?)?"),
        _no_term("not_regulated"),
    ),
    (_form("không(?: có(?: thời hạn giải quyết)?)?"), _no_term("none")),
    (_form("(?:không|chưa) (?:xác định|rõ)"), _no_term("unknown")),
    (_form("không có thông tin"), _no_term("not_filled_in")),
    (_form("khác"), _no_term("refers_elsewhere")),
    (_form("(?:(?:thực hiện )?theo|t(?:ùy|uỳ)(?: theo| thuộc)?)(?P<where> [^.,;:()]{1,200}?)"), _elsewhere),
    (_form("do(?P<where> [^.,;:()]{1,200}?) qu[yi] định"), _elsewhere),
    (_form("(?P<digits>[0-9]{1,4})"), lambda match: UnitUnknown(int(match["digits"]))),
    (
        _form("(?P<digits>[0-9]{1,4}(?:[.,][0-9]{1,2})?) giờ"),
        lambda match: UnitUnknown(number_of(match["digits"]), "giờ"),
    ),
    (_form(LIMIT), _limit),
    (
        _form(
            "(?:giải quyết |trả kết quả )?(?:ngay )?trong ngày(?: làm việc)?"
            "(?: (?:tiếp )?nhận (?:được )?(?:đủ )?(?:hồ sơ|yêu cầu)(?: hợp lệ)?)?"
        ),
        lambda _: SameDay(),
    ),
    (
        _form(
            "(?:ngay )?trong ngày(?: làm việc)? (?:tiếp )?nhận (?:được )?(?:đủ )?(?:hồ sơ|yêu cầu)[,;.]"
            " trường hợp (?:tiếp )?nhận (?:hồ sơ|yêu cầu)"
            f" {_AFTER_HOUR}"
            "(?: mà)? không giải quyết được ngay,? thì trả kết quả (?:trong|vào) ngày làm việc tiếp theo"
        ),
        _same_day,
    ),
    (_form("(?:[-–] ?)?phương thức (?:chi trả|thanh toán) .*"), _payment),
)

_CLAUSES: tuple[tuple[re.Pattern[str], Callable[[Match], _Meaning | None]], ...] = (
    (_form(LIMIT), _limit),
    (
        _form(
            "thời hạn thực hiện liên thông (?:các|nhóm) thủ tục(?: hành chính)?"
            f"(?P<procedures> .{{1,300}}?) (?:tối đa|không quá|là) {AT_MOST}{LENGTH}"
        ),
        _linked,
    ),
    (
        _form(
            f"{WHEN},? thì (?:thời hạn {ACT} )?(?:được |có thể |có thể được )?(?:kéo dài|gia hạn) thêm"
            f"(?:,? nhưng)? {AT_MOST}{LENGTH}"
        ),
        _alternative(is_extension=True),
    ),
    (_form(f"{WHEN}(?P<colon>,? thì|:) {LIMIT}"), _alternative(is_extension=False)),
    (_form(rf"{OPENS}{LENGTH},? \(?(?P<condition>đối với [^.;()]{{2,300}}?)\)?"), _case),
    (_form(rf"{OPENS}{BARE},? \(?(?P<condition>đối với [^.;()]{{2,300}}?)\)?{FROM}"), _case),
    (
        _form(
            "(?:thời hạn (?:thực hiện|giải quyết)(?: yêu cầu| việc)?(?: chứng thực)? (?:là )?)?ngay trong ngày"
            "(?: cơ quan, tổ chức)? tiếp nhận (?:yêu cầu|hồ sơ) hoặc trong ngày làm việc tiếp theo,?"
            f" nếu (?:tiếp )?nhận (?:yêu cầu|hồ sơ) {_AFTER_HOUR}"
        ),
        _same_day,
    ),
    (_form(_REPLY), _reply),
    (
        _form(
            "trường hợp trả kết quả trong ngày làm việc tiếp theo hoặc phải kéo dài thời gian theo quy định thì"
            " người tiếp nhận hồ sơ phải có phiếu hẹn ghi rõ thời gian(?: \\(giờ, ngày\\))? trả kết quả"
            " cho người yêu cầu chứng thực"
        ),
        _reply,
    ),
    (
        _form(
            "(?:thời (?:gian|hạn) [^.;:()0-9]{1,120}? )?không tính vào (?:thời gian|thời hạn) giải quyết"
            "[^.;:()0-9]{0,100}"
            "|không (?:tính|kể|bao gồm) (?:cả )?(?:thời gian|thời hạn) [^.;:()0-9]{1,200}?"
            "|thời hạn [^.;:()0-9]{1,60}? có thể kéo dài (?:thêm |hơn )?theo thỏa thuận [^.;:()0-9]{1,150}?"
        ),
        _kept,
    ),
    (_form(f"(?P<condition>nhận hồ sơ từ [^:]{{1,300}}): {LIMIT}"), _alternative(is_extension=False)),
    (
        _form(
            "(?:căn cứ (?:vào )?tình hình thực tế, )?(?:các )?địa phương có thể quy định"
            "(?: cụ thể)? thời hạn(?P<what> .{1,200}?)? ngắn hơn(?: thời hạn(?: tối đa)? (?:nêu|quy định) trên)?"
        ),
        _shorter,
    ),
)

_BETWEEN_CLAUSES = re.compile(
    r"(?<=[.;]) |, (?=(?:trường hợp|nếu(?! (?:tiếp )?nhận (?:yêu cầu|hồ sơ) sau)|đối với|riêng) )"
    r"|(?<=\)), (?=[0-9])| (?=[-–] [0-9]{1,3} (?:ngày|tháng|giờ)\b)",
    re.IGNORECASE,
)
_MARKER = re.compile(r"(?:[-–+•*] ?|[a-zđ]\) )(?=[^\W\d_])|[-–] (?=[0-9]+ .* đối với )", re.IGNORECASE)
_MadeOf = TypeVar("_MadeOf")


def _first(table: Iterable[tuple[re.Pattern[str], Callable[[Match], _MadeOf]]], text: str) -> _MadeOf | None:
    for form, make in table:
        match = form.fullmatch(text)
        made = make(match) if match else None
        if made is not None:
            return made
    return None


def _read_clauses(text: str) -> TimeLimitText | SameDay | Conditional | None:
    """What all sentences say together; nothing as soon as one of them is not understood."""
    parts: list[_Meaning] = []
    for clause in _BETWEEN_CLAUSES.split(text):
        marker = _MARKER.match(clause)
        part = _first(_CLAUSES, clause[marker.end() :] if marker else clause)
        if part is None:
            return None
        if not isinstance(part, _Reply):
            parts.append(part)
    kept = tuple(part.wording for part in parts if isinstance(part, _Kept))
    limits = [part for part in parts if not isinstance(part, _Kept)]
    if not kept:
        return _combined(limits)
    match limits:
        case [TimeLimitText() | SameDay() as base] if not isinstance(parts[0], _Kept):
            return replace(base, conditions=base.conditions + kept)
        case _:
            return None


def _combined(parts: Sequence[_Meaning]) -> TimeLimitText | SameDay | Conditional | None:
    """One base at most, and first; nothing extends or shortens a base that is not there."""
    if not parts:
        return None
    if len(parts) == 1 and isinstance(parts[0], SameDay):
        return parts[0]
    base = parts[0] if isinstance(parts[0], TimeLimitText) else None
    alternatives = tuple(part for part in parts if isinstance(part, Alternative))
    shorter = [part.wording for part in parts if isinstance(part, _Shorter)]
    if (base is not None) + len(alternatives) + len(shorter) != len(parts) or len(shorter) > 1:
        return None
    if base is None and (shorter or any(alternative.is_extension for alternative in alternatives)):
        return None
    if base is not None and len(parts) == 1:
        return base
    return Conditional(base, alternatives, "".join(shorter))
