"""Text as it is compared: one form of every letter (NFC), and nothing in a name that cannot be seen."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import combining, is_normalized, normalize

from pydantic_core import PydanticCustomError

HIDDEN: Final = (
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000110bd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Control, zero-width and bidirectional characters, as a class of a regular expression (also of RE2)."""
_HIDDEN: Final = re.compile(HIDDEN)
_SHORT: Final = 256
_MOST_MARKS: Final = 64
"""Marks on one letter: no writing has a tenth of that, and Python orders them in a time that grows with the square."""
_MARKS_IN_PIECES: Final = frozenset("\u0f73\u0f75\u0f81")
"""Marks that Unicode gives no class of their own, since they are taken apart first."""
_STRANGE: Final = re.compile(rf"[^\x00-\u02ff\u1e00-\u1eff]{{{_MOST_MARKS + 1},}}")
"""Where so many marks could stand: no letter of Vietnamese, and nothing of ASCII."""


def nfc(text: str) -> str:
    """The text with each letter in one piece; a letter under a pile of marks is no writing, and its text is left."""
    if text.isascii() or is_normalized("NFC", text) or (len(text) > _SHORT and _has_pile(text)):
        return text
    return normalize("NFC", text)


def _has_pile(text: str) -> bool:
    for found in _STRANGE.finditer(text):
        marks = 0
        for sign in found[0]:
            marks = marks + 1 if combining(sign) or sign in _MARKS_IN_PIECES else 0
            if marks > _MOST_MARKS:
                return True
    return False


def alike(text: str) -> str:
    """The words of a text as they are compared where neither case nor the blanks between them tell any apart."""
    return " ".join(nfc(text).casefold().split())


def hidden(text: str) -> str:
    """The first character that nobody sees and that makes two equal-looking names differ, or nothing."""
    if text.isascii() and text.isprintable():
        return ""
    found = _HIDDEN.search(text)
    return found[0] if found else ""


def whole(text: str) -> str:
    """The text in one form; raises where it holds half a character, which cannot be written out."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError(
            "TR-input-text", "văn bản có ký tự hỏng, không ghi ra được / the text holds half a character"
        ) from None
    return nfc(text)


def name(text: str) -> str:
    """The name of a dossier, unit or person in one form; raises where something in it cannot be seen."""
    text = whole(text)
    if bad := hidden(text):
        raise PydanticCustomError(
            "TR-input-hidden",
            "có ký tự ẩn hoặc ký tự điều khiển {mark}: hãy xóa nó / "
            "there is an invisible or control character {mark}: delete it",
            {"mark": f"U+{ord(bad):04X}"},
        )
    return text
