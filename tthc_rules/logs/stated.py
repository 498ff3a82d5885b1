"""What the text of a time limit can say: closed kinds of answers, each with its one line for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from tthc_rules.errors import visible

LimitUnit: TypeAlias = Literal["workday", "calendar_day", "month", "week", "year", "work_hour"]
Start: TypeAlias = Literal["complete_receipt", "valid_receipt", "receipt", "complete_submission"]
NoTermReason: TypeAlias = Literal[
    "not_filled_in", "not_regulated", "none", "unknown", "refers_elsewhere", "not_a_limit"
]
Refusal: TypeAlias = Literal["unit", "several", "condition", "start", "part", "words"]

REFUSALS: dict[Refusal, tuple[str, str]] = {
    "unit": ("đơn vị thời hạn không rõ", "an amount of an unclear unit"),
    "several": ("nhiều thời hạn", "several limits"),
    "condition": ("có điều kiện chưa hiểu", "a condition that is not understood"),
    "start": ("tính từ lúc khác với lúc nhận hồ sơ", "counted from something other than receipt"),
    "part": ("thời hạn của một bước, một cơ quan hoặc một trường hợp", "the limit of one step, agency or case"),
    "words": ("có từ ngữ chưa biết", "words that are not known"),
}
"""Why a text is refused, by the word that counts it."""

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
    """An amount and a unit, both written in the text; `from_` is the start of the count where the text names one.

    `conditions` keeps in its own words what else the text says of the count («không tính thời gian …»), `steps` the
    parts of the whole that the text gives to agencies; `receiver` and `received` are the words for who receives, and
    for what is received where that is no dossier.
    """

    amount: int | Decimal
    unit: LimitUnit
    from_: Start | None = None
    conditions: tuple[str, ...] = ()
    steps: tuple[LimitStep, ...] = ()
    receiver: str = field(default="", compare=False)
    received: str = field(default="", compare=False)

    def say(self, lang: str = "vi") -> str:
        """The limit in one line."""
        vi, en = _UNIT_WORDS[self.unit]
        said = f"{self.amount} {vi}" if lang == "vi" else f"{self.amount} {en}{'' if self.amount == 1 else 's'}"
        if self.from_ is not None:
            start = _in(lang, *_START_WORDS[self.from_])
            words = " ".join(word for word in (self.receiver, self.received) if word)
            said += f", {start} ({_quoted(words, lang)})" if words else f", {start}"
        if self.steps:
            said += " (" + "; ".join(step.say(lang) for step in self.steps) + ")"
        return "; ".join((said, *(_quoted(condition, lang) for condition in self.conditions)))


@dataclass(frozen=True, slots=True)
class UnitUnknown:
    """A number whose unit is not in the text, or is one (`written`) that says too little: «8 Giờ» of which kind?"""

    amount: int | Decimal
    written: str = ""

    def say(self, lang: str = "vi") -> str:
        """The number, and what is missing of its unit, in one line."""
        if self.written:
            return _in(
                lang,
                f"ghi «{self.amount} {self.written}», không rõ tính theo giờ làm việc hay theo đồng hồ, theo lịch",
                f"“{self.amount} {self.written}”: of working time, of the clock or of the calendar, it does not say",
            )
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
class LimitStep:
    """The part of a limit that the text gives to one agency."""

    agency: str
    limit: TimeLimitText | UnitUnknown

    def say(self, lang: str = "vi") -> str:
        """The agency and its part, in one line."""
        unit = _in(lang, *_UNIT_WORDS[self.limit.unit]) if isinstance(self.limit, TimeLimitText) else self.limit.written
        return f"{visible(self.agency)}: {self.limit.amount} {unit}"


@dataclass(frozen=True, slots=True)
class SameDay:
    """On the day of receipt, or on the next workday for what is received after `cutoff` (`HH:MM`)."""

    cutoff: str | None = None
    conditions: tuple[str, ...] = ()

    def say(self, lang: str = "vi") -> str:
        """The same day and its cut-off hour, in one line."""
        said = _in(lang, "trong ngày tiếp nhận", "on the day of receipt")
        if self.cutoff is not None:
            said += _in(
                lang,
                f"; nhận sau {self.cutoff} thì trong ngày làm việc tiếp theo",
                f"; on the next working day if received after {self.cutoff}",
            )
        return "; ".join((said, *(_quoted(condition, lang) for condition in self.conditions)))


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
    """A text whose meaning is not known for certain, kept as it came; `refusal` says what stands in the way."""

    text: str
    refusal: Refusal = field(default="words", compare=False)

    def say(self, lang: str = "vi") -> str:
        """That a person must read this text, and why, in one line."""
        said = _in(lang, "không đọc được chắc chắn, cần người xem", "not read with certainty, a person must look")
        why = "" if self.refusal == "words" else f" ({_in(lang, *REFUSALS[self.refusal])})"
        return f"{said}{why}: {_quoted(self.text, lang)}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """The cell of a limit and the words beside it name two limits: both texts, and neither is taken."""

    cell: str
    description: str
    about: Literal["unit", "amount"]

    def say(self, lang: str = "vi") -> str:
        """Both texts, in one line."""
        said = {
            "unit": ("hai đơn vị khác nhau", "two different units"),
            "amount": ("hai thời hạn khác nhau", "two different limits"),
        }[self.about]
        return f"{_in(lang, *said)}: {_quoted(self.cell, lang)} · {_quoted(self.description, lang, 200)}"


Term: TypeAlias = TimeLimitText | UnitUnknown | NoTerm | SameDay | Conditional | Unreadable


# -- wording -----------------------------------------------------------------------------------------------------------


def _in(lang: str, vi: str, en: str) -> str:
    return vi if lang == "vi" else en


def _quoted(text: str, lang: str, limit: int = 80) -> str:
    shown = " ".join(text[: 4 * limit].split())
    shown = visible(shown[:limit]) + ("…" if len(shown) > limit else "")
    return _in(lang, f"«{shown}»", f"“{shown}”")
