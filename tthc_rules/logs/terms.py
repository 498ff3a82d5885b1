"""Reads the free text of a procedure's time limit into what it says, or into the fact that it does not say.

The portals fill this field by hand: «05 ngày làm việc», «Không quy định», «0», two pages about school fees. Nothing is
guessed here: a wording is read only where a row of the tables below declares it; all else is `Unreadable`.

Two tables do the work. `_WHOLE` holds the forms of a complete text, tried in order; `_CLAUSES` holds the forms of one
sentence of a longer text, all of whose sentences must be understood for any of it to count. Every form must cover its
text from end to end, so that a word nobody declared («5-7 ngày», «ít nhất 5 ngày») can never be read past.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar, get_args

from tthc_rules.errors import visible

__all__ = [
    "Alternative",
    "Conditional",
    "NoTerm",
    "NoTermReason",
    "SameDay",
    "Start",
    "Term",
    "TimeLimitText",
    "Unit",
    "UnitUnknown",
    "Unreadable",
    "as_time_limit",
    "read_term",
]

Unit: TypeAlias = Literal["workday", "calendar_day", "month", "week", "year", "work_hour"]
Start: TypeAlias = Literal["complete_receipt", "valid_receipt", "receipt", "complete_submission"]
NoTermReason: TypeAlias = Literal[
    "not_filled_in", "not_regulated", "none", "unknown", "refers_elsewhere", "not_a_limit"
]

MAX_CHARACTERS = 10_000


# -- what can have been read -------------------------------------------------------------------------------------------

_UNIT_WORDS: dict[str, tuple[str, str]] = {
    "workday": ("ngày làm việc", "working day"),
    "calendar_day": ("ngày (theo lịch)", "calendar day"),
    "month": ("tháng", "month"),
    "week": ("tuần", "week"),
    "year": ("năm", "year"),
    "work_hour": ("giờ làm việc", "working hour"),
}
_START_WORDS: dict[str, tuple[str, str]] = {
    "complete_receipt": ("kể từ khi nhận đủ hồ sơ", "from receipt of the complete dossier"),
    "valid_receipt": ("kể từ khi nhận hồ sơ hợp lệ", "from receipt of a valid dossier"),
    "receipt": ("kể từ khi nhận hồ sơ", "from receipt of the dossier"),
    "complete_submission": ("kể từ khi nộp đủ hồ sơ", "from submission of the complete dossier"),
}
_REASON_WORDS: dict[str, tuple[str, str]] = {
    "not_filled_in": ("không điền thời hạn", "the time limit is not filled in"),
    "not_regulated": ("văn bản nói không quy định thời hạn", "the text says no time limit is regulated"),
    "none": ("văn bản nói không có thời hạn", "the text says there is none"),
    "unknown": ("văn bản nói thời hạn không xác định", "the text says the time limit is not determined"),
    "refers_elsewhere": ("không ghi thời hạn, dẫn sang nơi khác", "no time limit stated, it refers elsewhere"),
    "not_a_limit": ("nội dung không phải thời hạn", "what it says is not a time limit"),
}


@dataclass(frozen=True, slots=True)
class TimeLimitText:
    """An amount and a unit, both written in the text; `from_` is the start of the count where the text names one."""

    amount: int
    unit: Unit
    from_: Start | None = None

    def say(self, lang: str = "vi") -> str:
        """The limit in one line."""
        vi, en = _UNIT_WORDS[self.unit]
        length = f"{self.amount} {vi}" if lang == "vi" else f"{self.amount} {en}{'' if self.amount == 1 else 's'}"
        start = _START_WORDS[self.from_] if self.from_ else None
        return length if start is None else f"{length}, {_in(lang, *start)}"


@dataclass(frozen=True, slots=True)
class UnitUnknown:
    """A number alone: what it counts is not in the text."""

    amount: int

    def say(self, lang: str = "vi") -> str:
        """The number, and that its unit is missing, in one line."""
        if self.amount == 0:
            return _in(
                lang,
                "chỉ ghi số 0: trong ngày, không có, hay chưa điền thì không rõ",
                "only the number 0: same day, none or not filled in, it does not say",
            )
        return _in(lang, f"chỉ ghi số {self.amount}, không ghi đơn vị", f"the number {self.amount} without a unit")


@dataclass(frozen=True, slots=True)
class NoTerm:
    """The text states no time limit; `wording` keeps what it states instead."""

    reason: NoTermReason
    wording: str = ""

    def say(self, lang: str = "vi") -> str:
        """Why there is no limit, with the wording, in one line."""
        said = _in(lang, *_REASON_WORDS[self.reason])
        return f"{said}: {_quoted(self.wording, lang)}" if self.wording else said


@dataclass(frozen=True, slots=True)
class SameDay:
    """On the day of receipt, or on the next workday for what is received after `cutoff` (`HH:MM`)."""

    cutoff: str | None = None

    def say(self, lang: str = "vi") -> str:
        """The same day and its cut-off hour, in one line."""
        said = _in(lang, "trong ngày tiếp nhận", "on the day of receipt")
        if self.cutoff is None:
            return said
        return said + _in(
            lang,
            f"; nhận sau {self.cutoff} thì trong ngày làm việc tiếp theo",
            f"; on the next working day if received after {self.cutoff}",
        )


@dataclass(frozen=True, slots=True)
class Alternative:
    """A limit that holds, or with `is_extension` is added, only under a condition kept in its own words."""

    condition_text: str
    limit: TimeLimitText
    is_extension: bool = False

    def say(self, lang: str = "vi") -> str:
        """The condition and its limit, in one line."""
        verb = _in(lang, "thêm không quá ", "up to another ") if self.is_extension else ""
        return f"{_quoted(self.condition_text, lang)}: {verb}{self.limit.say(lang)}"


@dataclass(frozen=True, slots=True)
class Conditional:
    """Several limits, of which facts outside the text decide; `local_override` keeps a leave to set a shorter one."""

    base: TimeLimitText | None
    alternatives: tuple[Alternative, ...]
    local_override: str = ""

    def say(self, lang: str = "vi") -> str:
        """The base and every alternative, in one line."""
        said = [self.base.say(lang) if self.base else _in(lang, "tùy trường hợp", "depends on the case")]
        said += [alternative.say(lang) for alternative in self.alternatives]
        if self.local_override:
            said.append(_in(lang, "địa phương có thể quy định ngắn hơn", "a locality may set a shorter one"))
        return "; ".join(said)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text whose meaning is not known for certain, kept as it came."""

    text: str

    def say(self, lang: str = "vi") -> str:
        """That a person must read this text, in one line."""
        said = _in(lang, "không đọc được chắc chắn, cần người xem", "not read with certainty, a person must look")
        return f"{said}: {_quoted(self.text, lang)}"


Term: TypeAlias = TimeLimitText | UnitUnknown | NoTerm | SameDay | Conditional | Unreadable


def read_term(text: object) -> Term:
    """What the text of a time limit says; never raises and never guesses."""
    if text is None:
        return NoTerm("not_filled_in")
    if not isinstance(text, str):
        return Unreadable(f"<{type(text).__name__}>")
    plain = _plain(text)
    if plain is None:
        return Unreadable(text)
    return _first(_WHOLE, plain) or _read_clauses(plain) or Unreadable(text)


def as_time_limit(term: Term) -> dict[str, int | str] | None:
    """The `time_limit` of a dossier where the text says all of it, else nothing."""
    # «0 ngày làm việc» may be a field nobody filled in; a count from submission is not the dossier's clock.
    match term:
        case SameDay(cutoff=None):
            return {"amount": 0, "unit": "workday"}
        case SameDay(cutoff=str(hour)):
            return {"amount": 0, "unit": "workday", "cutoff": hour}
        case TimeLimitText(amount, unit, from_) if amount > 0 and from_ != "complete_submission":
            return {"amount": amount, "unit": unit}
        case _:
            return None


# -- wording -----------------------------------------------------------------------------------------------------------


def _in(lang: str, vi: str, en: str) -> str:
    return vi if lang == "vi" else en


def _quoted(text: str, lang: str, limit: int = 80) -> str:
    shown = " ".join(text[: 4 * limit].split())
    shown = visible(shown[:limit]) + ("…" if len(shown) > limit else "")
    return _in(lang, f"«{shown}»", f"“{shown}”")


# -- the text before it is read ----------------------------------------------------------------------------------------

_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}
_INVISIBLE = dict.fromkeys(map(ord, "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{SOFT HYPHEN}"), " ")
_PILE = re.compile(r"[^\w\s]{32}")


def _plain(text: str) -> str | None:
    """The text as NFC on one line; nothing if it is no text one would read."""
    # Not NFKC, which turns «5²» into 52; and no pile of marks, which any normalisation sorts in quadratic time.
    if len(text) > MAX_CHARACTERS or _PILE.search(text):
        return None
    return " ".join(unicodedata.normalize("NFC", text.translate(_FULL_WIDTH | _INVISIBLE)).split())


# -- numbers in words: only ever checked against digits ----------------------------------------------------------------

_NUMERALS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_VARIANTS = {"mốt": "một", "tư": "bốn", "lăm": "năm", "nhăm": "năm", "bẩy": "bảy", "lẻ": "linh"}
_NUMERAL = "(?:" + "|".join((*_NUMERALS, *_VARIANTS, "mười", "mươi", "trăm", "linh")) + ")"


def _spelled(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if hundreds:
        between = " linh" if 0 < rest < 10 else ""
        return f"{_NUMERALS[hundreds]} trăm{between}" + (f" {_spelled(rest)}" if rest else "")
    tens, units = divmod(rest, 10)
    if not tens:
        return _NUMERALS[units]
    return ("mười" if tens == 1 else f"{_NUMERALS[tens]} mươi") + (f" {_NUMERALS[units]}" if units else "")


def _agrees(words: str, number: int) -> bool:
    folded = [_VARIANTS.get(word, word) for word in words.casefold().split()]
    return number < 1000 and " ".join(folded) == _spelled(number)


# -- pieces of the patterns --------------------------------------------------------------------------------------------

_Match: TypeAlias = re.Match[str]


def _either(names: tuple[str, ...], forms: dict[str, str]) -> str:
    """A choice in which each form is a group that bears the name of its meaning."""
    return "(?:" + "|".join(f"(?P<{name}>{forms[name]})" for name in names) + ")"


_UNITS: tuple[Unit, ...] = get_args(Unit)
_STARTS: tuple[Start, ...] = get_args(Start)
_UNIT_FORMS = {
    "workday": "ngày làm việc",
    "calendar_day": "ngày(?: lịch| dương lịch)?",
    "month": "tháng",
    "week": "tuần",
    "year": "năm",
    "work_hour": "giờ làm việc",
}
_UNDER_RULES = "(?: theo (?:đúng )?quy định(?: của pháp luật)?)?"
_RECEIVER = (
    "(?:(?:cơ quan (?:BHXH|bảo hiểm xã hội|tiếp nhận|có thẩm quyền|đăng ký)|trung tâm phục vụ hành chính công"
    "|bộ phận (?:một cửa|tiếp nhận và trả kết quả)) )?(?:tiếp )?nhận (?:được )?"
)
_START_FORMS = {
    "complete_receipt": f"{_RECEIVER}(?:(?:đủ|đầy đủ) hồ sơ(?: hợp lệ)?|hồ sơ đầy đủ(?:(?:,| và)? hợp lệ)?)",
    "valid_receipt": f"{_RECEIVER}hồ sơ hợp lệ",
    "receipt": f"{_RECEIVER}hồ sơ",
    "complete_submission": "nộp (?:đủ|đầy đủ) hồ sơ(?: hợp lệ)?",
}
_FROM = f"(?:,? (?:kể từ|tính từ|từ) (?:ngày|khi) {_either(_STARTS, _START_FORMS)}{_UNDER_RULES})?"
_ACT = "(?:giải quyết|xử lý|trả kết quả)(?: hồ sơ| thủ tục(?: hành chính)?)?"
_AT_MOST = "(?:tối đa(?: là)? |nhiều nhất(?: là)? |chậm nhất(?: là)? )?(?:không quá |không vượt quá )?"
_AMOUNT = (
    rf"(?:(?P<digits>[0-9]{{1,4}})(?: ?\((?P<gloss>{_NUMERAL}(?: {_NUMERAL}){{0,5}})\))?"
    rf"|(?P<words>{_NUMERAL}(?: {_NUMERAL}){{0,5}}) ?\((?P<figures>[0-9]{{1,4}})\))"
)
_LENGTH = rf"{_AMOUNT} ?{_either(_UNITS, _UNIT_FORMS)}{_FROM}"
_LIMIT = f"(?:thời (?:hạn|gian) {_ACT}(?: là)?:? )?(?:trong (?:thời hạn |thời gian |vòng )?)?{_AT_MOST}{_LENGTH}"
_WHEN = "(?P<condition>(?:trường hợp|nếu|đối với|riêng)(?: với| đối với)? [^:]{1,600}?)"

# Words after which a limit could still follow: a free text that holds one of them is not passed over.
_MAY_LIMIT = re.compile(
    rf"\b(?:tối đa|tối thiểu|ít nhất|không quá|không vượt quá|chậm nhất|trong thời hạn|trong vòng|trong ngày|kể từ"
    rf"|{_NUMERAL} (?:ngày|tuần|tháng|năm|giờ|buổi))\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"(?!)")
_BRANCH = re.compile(r"\b(?:thì|trừ|kéo dài|gia hạn)\b", re.IGNORECASE)
_CONDITION = re.compile(r"\b(?:trường hợp|nếu|đối với|khi)\b", re.IGNORECASE)
_DURATION = re.compile(r"\b(?:ngày|tuần|tháng|quý|giờ|phút|buổi|ngay|nửa)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:không|chưa|trừ)\b", re.IGNORECASE)
_CITED_NUMBERS = re.compile(
    r"\b(?:(?:điểm|khoản|điều|mục|phụ lục|mẫu số) [0-9]+[a-zđ]?|[0-9]+ (?:km|m2|ha|tuổi)|[0-9]+/[0-9]{4}/[\w-]+)\b"
    r"(?! ?(?:ngày|tuần|tháng|năm|giờ))",
    re.IGNORECASE,
)
_PAID_NUMBERS = re.compile(
    r"\b(?:[0-9]+ tháng/năm học|đủ [0-9]+ tháng(?: \([^()]*\), [0-9]+ tháng)?|tháng [0-9]+|lần [0-9]+"
    r"|[0-9]+ lần trong năm)\b",
    re.IGNORECASE,
)


def _hides_limit(text: str, harmless: re.Pattern[str] = _CITED_NUMBERS) -> bool:
    """Whether a free text may hold a limit of its own: a number that is not a citation, or a word that opens one."""
    return any(map(str.isnumeric, harmless.sub("", text))) or bool(_MAY_LIMIT.search(text))


# -- from a match to its meaning ---------------------------------------------------------------------------------------


def _limit(match: _Match) -> TimeLimitText | None:
    amount = int(match["digits"] or match["figures"])
    words = match["gloss"] or match["words"]
    if words and not _agrees(words, amount):
        return None
    unit = next(unit for unit in _UNITS if match[unit] is not None)
    return TimeLimitText(amount, unit, next((start for start in _STARTS if match[start] is not None), None))


def _no_term(reason: NoTermReason) -> Callable[[_Match], NoTerm]:
    return lambda match: NoTerm(reason, match[0])


def _elsewhere(match: _Match) -> NoTerm | None:
    where = match["where"]
    if _hides_limit(where, _NOTHING) or _DURATION.search(where) or _NEGATION.search(where):
        return None
    return NoTerm("refers_elsewhere", match[0])


def _payment(match: _Match) -> NoTerm | None:
    rest = _PAID_NUMBERS.sub("", match[0])
    return None if _hides_limit(rest, _NOTHING) or _DURATION.search(rest) else NoTerm("not_a_limit", match[0])


def _alternative(is_extension: bool) -> Callable[[_Match], Alternative | None]:
    def made(match: _Match) -> Alternative | None:
        limit = _limit(match)
        if limit is None or _hides_limit(match["condition"]) or _BRANCH.search(match["condition"]):
            return None
        return Alternative(match["condition"], limit, is_extension)

    return made


@dataclass(frozen=True, slots=True)
class _Shorter:
    """A sentence that lets a locality set a shorter limit."""

    wording: str


def _linked(match: _Match) -> TimeLimitText | None:
    subject = match["procedures"]
    return None if _hides_limit(subject) or _BRANCH.search(subject) or _CONDITION.search(subject) else _limit(match)


def _shorter(match: _Match) -> _Shorter | None:
    return None if _hides_limit(match["what"] or "") else _Shorter(match[0])


# -- the tables --------------------------------------------------------------------------------------------------------

_Part: TypeAlias = TimeLimitText | Alternative | _Shorter


def _form(body: str) -> re.Pattern[str]:
    """A form that must cover its text; one closing mark may follow, an ellipsis or a comma (cut off?) may not."""
    return re.compile(f"(?:{body}) ?[.;]?", re.IGNORECASE)


_WHOLE: tuple[tuple[re.Pattern[str], Callable[[_Match], Term | None]], ...] = (
    (re.compile(""), _no_term("not_filled_in")),
    (
        _form("(?:pháp luật )?(?:không|chưa)(?: có)? qu[yi] định(?: cụ thể)?(?: (?:về )?thời hạn(?: giải quyết)?)?"),
        _no_term("not_regulated"),
    ),
    (_form("không(?: có(?: thời hạn giải quyết)?)?"), _no_term("none")),
    (_form("(?:không|chưa) (?:xác định|rõ)"), _no_term("unknown")),
    (_form("khác"), _no_term("refers_elsewhere")),
    (_form("(?:(?:thực hiện )?theo|t(?:ùy|uỳ)(?: theo| thuộc)?)(?P<where> [^.,;:()]{1,200}?)"), _elsewhere),
    (_form("do(?P<where> [^.,;:()]{1,200}?) qu[yi] định"), _elsewhere),
    (_form("(?P<digits>[0-9]{1,4})"), lambda match: UnitUnknown(int(match["digits"]))),
    (_form(_LIMIT), _limit),
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
            " sau (?P<hour>1[2-9]|2[0-3]) ?(?:giờ|h|:)(?: ?(?P<minute>[0-5][0-9])(?: phút)?)?"
            "(?: mà)? không giải quyết được ngay,? thì trả kết quả (?:trong|vào) ngày làm việc tiếp theo"
        ),
        lambda match: SameDay(f"{match['hour']}:{match['minute'] or '00'}"),
    ),
    (_form("(?:[-–] ?)?phương thức (?:chi trả|thanh toán) .*"), _payment),
)

_CLAUSES: tuple[tuple[re.Pattern[str], Callable[[_Match], _Part | None]], ...] = (
    (_form(_LIMIT), _limit),
    (
        _form(
            "thời hạn thực hiện liên thông (?:các|nhóm) thủ tục(?: hành chính)?"
            f"(?P<procedures> .{{1,300}}?) (?:tối đa|không quá|là) {_AT_MOST}{_LENGTH}"
        ),
        _linked,
    ),
    (
        _form(
            f"{_WHEN},? thì (?:thời hạn {_ACT} )?(?:được |có thể |có thể được )?(?:kéo dài|gia hạn) thêm"
            f"(?:,? nhưng)? {_AT_MOST}{_LENGTH}"
        ),
        _alternative(is_extension=True),
    ),
    (_form(f"{_WHEN}(?:,? thì|:) {_LIMIT}"), _alternative(is_extension=False)),
    (_form(f"(?P<condition>nhận hồ sơ từ [^:]{{1,300}}): {_LIMIT}"), _alternative(is_extension=False)),
    (
        _form(
            "(?:căn cứ (?:vào )?tình hình thực tế, )?(?:các )?địa phương có thể quy định"
            "(?: cụ thể)? thời hạn(?P<what> .{1,200}?)? ngắn hơn(?: thời hạn(?: tối đa)? (?:nêu|quy định) trên)?"
        ),
        _shorter,
    ),
)

_BETWEEN_CLAUSES = re.compile(r"(?<=[.;]) |, (?=(?:trường hợp|nếu|đối với|riêng) )", re.IGNORECASE)
_MARKER = re.compile(r"(?:[-–+•*] ?|[a-zđ]\) )(?=[^\W\d_])", re.IGNORECASE)
_Made = TypeVar("_Made")


def _first(table: Iterable[tuple[re.Pattern[str], Callable[[_Match], _Made]]], text: str) -> _Made | None:
    for form, make in table:
        match = form.fullmatch(text)
        made = make(match) if match else None
        if made is not None:
            return made
    return None


def _read_clauses(text: str) -> TimeLimitText | Conditional | None:
    """What all sentences say together; nothing as soon as one of them is not understood."""
    parts: list[_Part] = []
    for clause in _BETWEEN_CLAUSES.split(text):
        marker = _MARKER.match(clause)
        part = _first(_CLAUSES, clause[marker.end() :] if marker else clause)
        if part is None:
            return None
        parts.append(part)
    return _combined(parts)


def _combined(parts: list[_Part]) -> TimeLimitText | Conditional | None:
    """One base at most, and first; nothing extends or shortens a base that is not there."""
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
