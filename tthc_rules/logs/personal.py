"""What of a message never goes further: names, numbers and words about people, whatever key they stand under."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from tthc_rules.law.text import nfc

__all__ = ["KnownFields", "dropped_texts", "identifier", "kept_fields", "names_nobody", "without"]

_PERSONAL_KEY: Final = re.compile(
    r"ho_?ten|hoten|ten_?(?:nguoi|chu|cha|me|vo|chong|con|khach)|full_?name|first_?name|last_?name|applicant|delegate|"
    r"chu_?ho|nguoi|can_?bo|user|account|tai_?khoan|accepter|assignee|officer|owner|contact|"
    r"cmnd|cccd|can_?cuoc|dinh_?danh|so_?giay_?to|identit|id_?no|passport|ho_?chieu|tax_?code|ma_?so_?thue|bhxh|"
    r"phone|telno|tel_?no|dien_?thoai|sdt|mobile|fax|e_?mail|address|dia_?chi|noi_?(?:o|sinh|cu_?tru)|"
    r"birth|ngay_?sinh|gender|gioi_?tinh|dan_?toc|quoc_?tich|"
    r"password|mat_?khau|secret|token|session|cookie|otp|signature|chu_?ky|"
    r"ghi_?chu|note|comment|noi_?dung|trich_?yeu|description|y_?kien|reason|ly_?do|"
    r"file_?name|ten_?tep|(?<!s)tep|duong_?dan|url|link|form_?data|eform|e_?form",
    re.IGNORECASE,
)
"""Names of keys under which people are spoken of, or free text stands."""
_PERSONAL_TEXT: Final = re.compile(r"@|(?<!\d)(?:0\d{9}|\+84\d{9}|\d{9}|\d{12})(?!\d)")
"""Text that holds an address of mail, a telephone number, an identity number."""
_TECHNICAL: Final = re.compile(r"[!-~]{0,400}|\d[\d\-/]{5,9} [\d:.+Z]{4,20}", re.ASCII)
"""Text that may be kept under a key that nobody knows: a code, a date, JSON; words may be anybody's name."""
_IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}", re.ASCII)
_MOST_WORDS: Final = 400
"""Words about people that are looked for elsewhere: what stands nearest to the record first, papers within it last."""
_SHORTEST: Final = 6
"""Letters of a word about people that is looked for elsewhere: a shorter one stands in codes and units by chance."""
_LONG_NUMBER: Final = 9
_DEEPEST: Final = 8


def identifier(key: str) -> str:
    """The name of a field as it may be told; what is no identifier may be anybody's words."""
    return key if _IDENTIFIER.fullmatch(key) else "?"


class KnownFields:
    """The keys of one kind of record: those that are read, those that are known and not needed, those of people."""

    def __init__(self, read: Iterable[str], unused: Iterable[str] = (), people: Iterable[str] = ()) -> None:
        self.read, self.people = frozenset(read), frozenset(people)
        self.all = self.read | self.people | frozenset(unused)


def dropped_texts(record: Mapping[str, object], known: KnownFields) -> frozenset[str]:
    """The words about people in a record, by which they are found again under other keys."""
    found: set[str] = set()
    todo: deque[tuple[object, bool]] = deque(
        (value, key in known.people or (key not in known.all and bool(_PERSONAL_KEY.search(key))))
        for key, value in record.items()
    )
    while todo and len(found) < _MOST_WORDS:
        value, is_personal = todo.popleft()
        if isinstance(value, Mapping):
            todo += [(inner, is_personal or bool(_PERSONAL_KEY.search(str(key)))) for key, inner in value.items()]
        elif isinstance(value, list | tuple):
            todo += [(inner, is_personal) for inner in value]
        elif is_personal and len(text := _word_of(value)) >= _SHORTEST:
            found.add(text.casefold())
    return frozenset(found)


def _word_of(value: object) -> str:
    """A text, or a number as long as those of people are; a shorter one counts or measures something."""
    if isinstance(value, str):
        return nfc(value).strip()
    number = str(value) if isinstance(value, int | Decimal) else ""
    return number if len(number) >= _LONG_NUMBER else ""


def without(text: str, people: frozenset[str]) -> bool:
    """Whether none of these words is in the text."""
    folded = nfc(text).casefold()
    return not any(word in folded for word in people)


def names_nobody(code: str, people: frozenset[str]) -> bool:
    """Whether a dossier's code is not the name or number of somebody in its own record."""
    folded = nfc(code).casefold()
    return not any(word in folded for word in people if " " in word or (word.isdecimal() and len(word) >= _LONG_NUMBER))


def kept_fields(
    record: Mapping[str, object], known: KnownFields, people: frozenset[str]
) -> tuple[dict[str, object], list[str]]:
    """The unknown fields that may be kept, and the names of those that were dropped."""
    kept: dict[str, object] = {}
    dropped: list[str] = []
    for key, value in record.items():
        if key in known.all:
            continue
        if identifier(key) == "?" or _PERSONAL_KEY.search(key) or not without(key, people):
            dropped.append("?" if not without(key, people) else identifier(key))
        elif _may_stay(value, people, 0):
            kept[key] = _plain(value)
        else:
            dropped.append(identifier(key))
    return kept, dropped


def _may_stay(value: object, people: frozenset[str], depth: int) -> bool:
    match value:
        case None | bool() | float():
            return True
        case int() | Decimal():
            return _may_stay(str(value), people, depth)
        case str():
            return bool(_TECHNICAL.fullmatch(value)) and not _PERSONAL_TEXT.search(value) and without(value, people)
        case list():
            return depth < _DEEPEST and all(_may_stay(inner, people, depth + 1) for inner in value)
        case dict():
            return depth < _DEEPEST and all(
                isinstance(key, str) and not _PERSONAL_KEY.search(key) and identifier(key) != "?"
                and _may_stay(inner, people, depth + 1)
                for key, inner in value.items()
            )  # fmt: skip
    return False


def _plain(value: object) -> object:
    """The value as JSON can hold it again, digit by digit."""
    match value:
        case Decimal():
            return str(value)
        case list():
            return [_plain(inner) for inner in value]
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
    return value
