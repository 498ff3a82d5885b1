"""Text as it is compared: one form of every letter (NFC), and nothing in a name that cannot be seen."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import is_normalized, normalize

from pydantic_core import PydanticCustomError

HIDDEN: Final = (
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000110bd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Control, zero-width and bidirectional characters, as a class of a regular expression (also of RE2)."""
_HIDDEN: Final = re.compile(HIDDEN)


def nfc(text: str) -> str:
    """The text with each letter in one piece; what is ASCII is so already."""
    return text if text.isascii() or is_normalized("NFC", text) else normalize("NFC", text)


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
