"""Text that a spreadsheet would run as a formula: marked by an apostrophe in CSV out, taken off again in CSV in."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["guarded", "unguarded"]

_RUNS: Final = re.compile(r"'*[=+\-@\t\r]")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it, or where one stands there already."""
    return "'" + text if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given; an apostrophe before anything else is part of the text."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text
