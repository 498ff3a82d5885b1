"""The cell of a time limit and the words beside it, read together.

A portal has a cell («7 Ngày làm việc») and, for each way of filing, a free text that qualifies it. Where both can be
read they must say the same, else the reading is a `Conflict` of both texts. A free text that is not understood as a
whole is passed over only where it names no length of time, or names one alone, of the whole and not of a step, that is
the very one of the cell; whatever else stands in it is refused.
"""

from __future__ import annotations

import re

from tthc_rules.logs.mentions import CONDITION, PART, SINCE, Mention, mentions, plain_text, refusal_of
from tthc_rules.logs.stated import (
    Conditional,
    Conflict,
    NoTerm,
    Refusal,
    SameDay,
    Term,
    TimeLimitText,
    UnitUnknown,
    Unreadable,
)
from tthc_rules.logs.terms import is_receipt, limit_at, read_term


def read_limit(cell: object, description: object = None) -> Term | Conflict:
    """What a cell and the words beside it say together; never raises and never guesses."""
    told = read_term(cell)
    if isinstance(told, Unreadable) or description is None:
        return told
    plain = plain_text(description) if isinstance(description, str) else None
    if plain is None:
        return Unreadable(description if isinstance(description, str) else f"<{type(description).__name__}>")
    words = without_fee(plain)
    if not words:
        return told
    if isinstance(told, TimeLimitText) and _ONLY_QUALIFIES.match(words):
        joined = read_term(f"{cell}, {words}")
        if isinstance(joined, TimeLimitText):
            return joined
    said = read_term(words)
    if isinstance(said, Unreadable):
        return _beside(told, words, str(cell))
    return _together(told, said, str(cell), words)


# -- the fee before the words ------------------------------------------------------------------------------------------

_ONLY_QUALIFIES = re.compile(r"\(?(?:kể từ|tính từ|không tính|không kể)\b", re.IGNORECASE)
_FEE = re.compile(r"(?:không có thông tin|miễn phí|[0-9][0-9.,]* ?(?:VNĐ|việt nam đồng|USD))", re.IGNORECASE)


def without_fee(text: str) -> str:
    """The text without the fee and the bracket after it, which crawled pages put before the words of the limit.

    A bracket that is never closed is not cut off: nobody knows where the fee ends.
    """
    fee = _FEE.match(text)
    if fee is None:
        return text
    rest = text[fee.end() :]
    if not rest.startswith("("):
        return rest.strip()
    depth = 0
    for at, letter in enumerate(rest):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return rest[at + 1 :].strip()
    return text


# -- both were read ----------------------------------------------------------------------------------------------------


def _together(told: Term, said: Term, cell: str, words: str) -> Term | Conflict:
    match told, said:
        case NoTerm(reason="not_filled_in"), _:
            return said
        case _, NoTerm(reason="not_filled_in" | "refers_elsewhere" | "not_a_limit"):
            return told
        case SameDay(hour), SameDay(same) if hour is None or hour == same:
            return said
        case NoTerm(), NoTerm():
            return said
        case UnitUnknown(amount, written), UnitUnknown(same) if amount == same:
            return told if written else said
        case UnitUnknown(amount, written), _:
            fits = [limit for limit in _limits(said) if limit.amount == amount]
            units = {limit.unit for limit in fits}
            return said if fits and (not written or units == {"work_hour"}) else Conflict(cell, words, "amount")
        case TimeLimitText(amount, unit), TimeLimitText() | Conditional():
            named = {limit.unit for limit in _limits(said) if limit.amount == amount}
            return said if unit in named else Conflict(cell, words, "unit" if named else "amount")
    return told if told == said else Conflict(cell, words, "amount")


def _limits(said: Term) -> list[TimeLimitText]:
    match said:
        case TimeLimitText():
            return [said]
        case Conditional(base, alternatives):
            return [*([base] if base else []), *(alternative.limit for alternative in alternatives)]
    return []


# -- the words were not understood as a whole --------------------------------------------------------------------------

_HARMLESS = re.compile(
    r"\(nếu (?:có|đã triển khai)\)|\(trừ (?:các )?ngày nghỉ[^()]{0,60}\)"
    r"|[,;]? ?trường hợp không [^.;:()0-9]{1,120}?,? (?:phải )?(?:có văn bản )?trả lời"
    r"[^.;:()0-9]{0,40}? nêu rõ lý do\.?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"[-–+*• ]*(?:(?:thời hạn|thời gian) ?giải quyết(?: hồ sơ)?"
    r"|(?:nộp|thông qua|qua|trực tiếp|trực tuyến|dịch vụ bưu chính)\b[^:]{0,160})",
    re.IGNORECASE,
)
_ONE_CASE = re.compile(r"[-–+•* ]*(?:\([0-9a-zđ]\) ?|[0-9a-zđ][.)] )?(?:trường hợp|đối với|riêng|nếu)\b", re.IGNORECASE)
_SINCE = re.compile(SINCE.pattern + r"(?!(?: ngày)? [0-9])", re.IGNORECASE)
_SPEAKS = re.compile(r"\b(?:thời hạn|chậm nhất|trước ngày)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;](?= |$)| (?=[-–+*•] )|(?<=\))(?=[0-9])")
_INEXACT = re.compile(
    r"[^\s.:;,)]$|\b(?:khoảng|ít nhất|tối thiểu|hơn|dưới|trên|từ|đến|tới|hoặc|thêm|sau|trước|mỗi)\s*$|\w\s*[-–]\s*$",
    re.IGNORECASE,
)
_LEADS = re.compile(r"(?:trong (?:thời hạn|thời gian|vòng) )?(?:tối đa )?(?:là )?(?:không quá )?$", re.IGNORECASE)


def _beside(told: Term, words: str, cell: str) -> Term | Conflict:
    named = mentions(words)
    if not named:
        if _ONE_CASE.match(words):
            return Unreadable(words, "condition")
        if any(not is_receipt(words, since.start()) for since in _SINCE.finditer(words)):
            return Unreadable(words, "start")
        return Unreadable(words, "words") if _SPEAKS.search(words) else told
    refused = refusal_of(words)
    if not isinstance(told, TimeLimitText):
        differs = isinstance(told, UnitUnknown) and all(one.amount != told.amount for one in named)
        return Unreadable(words, "several" if differs and refused != "unit" else refused)
    if _other_unit(told, named):
        return Conflict(cell, words, "unit")
    if len(named) > 1:
        return Unreadable(words, "several")
    (one,) = named
    if one.unit is None and one.amount != 0:
        return Unreadable(words, "unit")
    if one.amount != told.amount:
        return Unreadable(words, "several")
    limit = _of_the_whole(_HARMLESS.sub(lambda match: "" if match[0].startswith("(") else ".", words))
    return Unreadable(words, limit) if isinstance(limit, str) else limit


def _other_unit(told: TimeLimitText, named: list[Mention]) -> bool:
    same = [one.unit for one in named if one.amount == told.amount and one.unit is not None]
    return bool(same) and told.unit not in same


def _of_the_whole(words: str) -> TimeLimitText | Refusal:
    """The one limit in a free text, if it is that of the whole procedure."""
    (one,) = mentions(words)
    if CONDITION.search(words):
        return "condition"
    limit = limit_at(words, one.start)
    if limit is None:
        return "words"
    term, end = limit
    begins = max((match.end() for match in _SENTENCE.finditer(words, 0, one.start)), default=0)
    if one.start and words[one.start - 1] == ")":
        begins = one.start
    stop = _SENTENCE.search(words, end)
    before, after, rest = words[begins : one.start], words[end : stop.start() if stop else None], words[end:]
    if SINCE.search(after) or (term.from_ and after and after[0] not in ",.;)"):
        return "start"
    before = _LEADS.sub("", before)
    if _INEXACT.search(before):
        return "words"
    label, colon, _ = before.rpartition(":")
    if (colon and not _LABEL.fullmatch(label)) or PART.search("" if colon else before) or PART.search(rest):
        return "part"
    return term
