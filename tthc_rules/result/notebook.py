"""What a notebook shows of a thing: a few lines, safe as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from tthc_rules.errors import visible


def html_lines(lines: Iterable[str]) -> str:
    """The lines one below the other, the first as what it is."""
    first, *rest = (escape(visible(line)) for line in lines)
    return "<br>".join((f"<b>{first}</b>", *rest))
