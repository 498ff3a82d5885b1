"""Where a free text speaks of lengths of time, and what stands in the way of reading it: counted, never interpreted."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from tthc_rules.logs.stated import LimitUnit, Refusal

MAX_CHARACTERS = 10_000


# -- the text before it is read ----------------------------------------------------------------------------------------

_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}
_INVISIBLE = dict.fromkeys(map(ord, "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{SOFT HYPHEN}"), " ")
_PILE = re.compile(r"[^\w\s]{32}")


def plain_text(text: str) -> str | None:
    """The text as NFC on one line; nothing if it is no text one would read."""
    # Not NFKC, which turns «5²» into 52; and no pile of marks, which any normalisation sorts in quadratic time.
    if len(text) > MAX_CHARACTERS or _PILE.search(text):
        return None
    return " ".join(unicodedata.normalize("NFC", text.translate(_FULL_WIDTH | _INVISIBLE)).split())


# -- numbers in words: only ever checked against digits ----------------------------------------------------------------

_NUMERALS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_VARIANTS = {"mốt": "một", "tư": "bốn", "lăm": "năm", "nhăm": "năm", "bẩy": "bảy", "lẻ": "linh"}
NUMERAL = "(?:" + "|".join((*_NUMERALS, *_VARIANTS, "mười", "mươi", "trăm", "linh")) + ")"


def _spelled(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if hundreds:
        between = " linh" if 0 < rest < 10 else ""
        return f"{_NUMERALS[hundreds]} trăm{between}" + (f" {_spelled(rest)}" if rest else "")
    tens, units = divmod(rest, 10)
    if not tens:
        return _NUMERALS[units]
    return ("mười" if tens == 1 else f"{_NUMERALS[tens]} mươi") + (f" {_NUMERALS[units]}" if units else "")


def agrees(words: str, number: int | Decimal) -> bool:
    if isinstance(number, Decimal):
        return False
    folded = [_VARIANTS.get(word, word) for word in words.casefold().split()]
    return number < 1000 and " ".join(folded) == _spelled(number)


def number_of(digits: str) -> int | Decimal:
    """The number as it stands; a comma or a point before one or two digits is a decimal sign."""
    return int(digits) if digits.isdecimal() else Decimal(digits.replace(",", "."))


# -- lengths of time in a text -----------------------------------------------------------------------------------------


class Mention(NamedTuple):
    """A number and what it counts, where a text has them; no unit: one that says too little."""

    start: int
    end: int
    amount: int | Decimal
    unit: LimitUnit | None


_UNIT_OF: dict[str, LimitUnit] = {
    "ngày làm việc": "workday", "giờ làm việc": "work_hour", "ngày": "calendar_day", "tháng": "month", "tuần": "week",
    "năm": "year",
}  # fmt: skip
_MENTION = re.compile(
    r"(?<![0-9/])(?P<number>[0-9]{1,4}(?:[.,][0-9]{1,2})?)(?: ?\([^()]{1,40}\))? ?"
    r"(?P<unit>ngày làm việc|giờ làm việc|ngày(?! hợp lệ| làm| công| hành chính)|ngày|tháng|tuần|năm|quý|giờ|phút|buổi"
    r"|làm việc)\b(?! ?[0-9])",
    re.IGNORECASE,
)
_SAME_DAY = re.compile(r"\b(?:ngay )?trong ngày(?: làm việc)?\b(?! [0-9])|\bngay khi\b", re.IGNORECASE)
_IN_WORDS = re.compile(rf"\b{NUMERAL} ?(?:\([0-9]{{1,4}}\) ?)?(?:ngày|tuần|tháng|giờ|buổi)\b(?! ?[0-9])", re.IGNORECASE)
_ODD_DAY = re.compile(r"ngày (?:hợp lệ|làm|công|hành chính)(?! việc)", re.IGNORECASE)


def mentions(text: str) -> list[Mention]:
    """Every length of time that the text names, in order; «trong ngày» is one of 0 days, words are of -1."""
    found = []
    for match in _MENTION.finditer(text):
        unit = _UNIT_OF.get(match["unit"].casefold())
        odd = _ODD_DAY.match(text, match.start("unit"))
        found.append(Mention(match.start(), match.end(), number_of(match["number"]), None if odd else unit))
    found += [Mention(match.start(), match.end(), 0, None) for match in _SAME_DAY.finditer(text)]
    taken = [(mention.start, mention.end) for mention in found]
    for match in _IN_WORDS.finditer(text):
        if not any(start <= match.start() < end or start < match.end() <= end for start, end in taken):
            found.append(Mention(match.start(), match.end(), -1, None))
    return sorted(found)


# -- what stands in the way --------------------------------------------------------------------------------------------

CONDITION = re.compile(
    r"\b(?:trường hợp|nếu|đối với|riêng|trừ|nhưng|không (?:tính|kể)|kéo dài|(?<!từ )(?<!sau )khi)\b"
    r"|(?<!\w)(?:bước [0-9]|\([0-9]\)|[a-eđ]\))",
    re.IGNORECASE,
)
SINCE = re.compile(r"\b(?:kể từ|tính từ|từ (?:ngày|khi|thời điểm)|sau khi)\b", re.IGNORECASE)
PART = re.compile(
    r"\b(?:bước|thẩm định|lấy ý kiến|kiểm tra|thông báo|tiếp nhận|báo cáo|trình|(?<!vận )chuyển|gửi|hoàn thiện)\b",
    re.IGNORECASE,
)


def refusal_of(text: str) -> Refusal:
    """Why a text that could not be read was not, by the first of the words of `REFUSALS` that fits."""
    named = mentions(text)
    match named:
        case []:
            return "words"
        case [_, _, *_]:
            return "several"
        case [one] if one.unit is None:
            return "unit"
    if CONDITION.search(text):
        return "condition"
    if SINCE.search(text):
        return "start"
    return "part" if PART.search(text) else "words"
