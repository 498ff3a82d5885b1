"""Text for the page: words of users made safe, numbers and days as Vietnam writes them, the small parts of HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from html import escape
from typing import Any, Final
from unicodedata import combining

from tthc_rules.errors import visible
from tthc_rules.law.text import nfc
from tthc_rules.report import words
from tthc_rules.result.words import Pair

NBSP: Final = "\u00a0"
UNKNOWN: Final[Pair] = ("chưa rõ", "not known")
_NUMBER: Final = "\x00"
_PERIOD: Final = re.compile(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])|H([12])))?", re.ASCII)
_ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_HALF: Final = {"1": ("đầu", "first"), "2": ("cuối", "second")}


def esc(value: object) -> str:
    """Text of somebody else, safe inside an element or a quoted attribute."""
    text = visible(nfc(str(value)))
    if text and combining(text[0]):
        text = "\u25cc" + text  # else it would join the «>» before it
    return escape(text, quote=True)


def number(value: object, decimals: int = 0) -> str:
    """1234.5 → 1.234,5."""
    try:
        exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    except InvalidOperation:
        return esc(value)
    return f"{exact:,f}".translate(str.maketrans(",.", ".,")).replace("-", "\u2212")


def whole(value: object, vietnamese: str, english_words: str) -> str:
    """A number with its noun, in both languages."""
    return both((f"{number(value)} {vietnamese}", f"{number(value)} {english_words}"))


def count(value: object) -> str:
    """A number of dossiers or duties; absent is said, never shown as 0."""
    return unknown() if value is None else number(value)


def unknown(why: Pair | None = None) -> str:
    """What is not known, with the reason."""
    said = UNKNOWN if why is None else (f"{UNKNOWN[0]}: {why[0]}", f"{UNKNOWN[1]}: {why[1]}")
    return f'<span class="none">{both(said)}</span>'


def day(value: object) -> str:
    """2026-12-31 → 31/12/2026; what is no date stays as it is."""
    return esc(_written(value))


def _written(value: object) -> str:
    try:
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    except ValueError:
        return str(value)


def period(name: object) -> str:
    """2024-Q4 → quý IV/2024, and Q4/2024 beside."""
    said = period_of(name)
    return esc(said[0]) if said[0] == said[1] else both(said)


def period_of(name: object) -> Pair:
    """A period as both languages write it; plain text."""
    found = _PERIOD.fullmatch(str(name))
    if found is None:
        written = _written(name)
        return written, written
    year, month, quarter, half = found.groups()
    if month:
        return f"tháng {month}/{year}", f"{month}/{year}"
    if quarter:
        return f"quý {_ROMAN[quarter]}/{year}", f"Q{quarter}/{year}"
    if half:
        return f"6 tháng {_HALF[half][0]} năm {year}", f"{_HALF[half][1]} half of {year}"
    return f"năm {year}", f"the year {year}"


def english(text: str) -> str:
    """The English beside; shown where the reader asks for it."""
    return f' <span class="en" lang="en">{esc(text)}</span>'


def both(pair: Pair) -> str:
    """Vietnamese, and English beside."""
    return esc(pair[0]) + english(pair[1])


def label(said: object, code: str = "") -> str:
    """A label that the account brings, in both languages; without one, the code."""
    if not isinstance(said, Mapping):
        return esc(code)
    return esc(said.get("vi", code)) + (english(str(said["en"])) if said.get("en") else "")


def word(pairs: Mapping[str, Pair], code: object) -> str:
    """The word for a code, in both languages; a code without a word as it is."""
    pair = pairs.get(str(code))
    return f"<code>{esc(code)}</code>" if pair is None else both(pair)


def value_of(figure: object, definition: Mapping[str, Any]) -> str:
    """The value of an indicator with its unit; without a value, why there is none."""
    if not isinstance(figure, Mapping):
        return unknown(("sổ không nêu", "not in the account"))
    value = figure.get("value")
    if value is None:
        return absent(figure.get("reason"))
    sign = f"{NBSP}%" if definition.get("unit") == "per_cent" else ""
    return number(value, int(definition.get("decimals") or 0)) + sign


def absent(reason: object) -> str:
    """No value: that it cannot be computed, or that it is not known; and the reason."""
    given = ("không nêu lý do", "no reason is given") if not reason else (str(reason), str(reason))
    why = words.REASONS.get(str(reason), given)
    if reason in words.UNDETERMINABLE:
        said = (f"không tính được: {why[0]}", f"cannot be computed: {why[1]}")
        return f'<span class="none">{both(said)}</span>'
    return unknown(why)


def fraction(figure: object) -> str:
    """6/39, where a figure has a numerator and a denominator."""
    if not isinstance(figure, Mapping) or figure.get("denominator") is None:
        return ""
    return f"{number(figure.get('numerator', 0))}/{number(figure['denominator'])}"


def badge(outcome: str) -> str:
    """An outcome as sign and words."""
    sign, said, in_english = words.OUTCOMES.get(outcome, ("·", outcome, outcome))
    css = outcome if outcome in words.OUTCOMES else "other"
    return f'<span class="badge b-{css}"><span aria-hidden="true">{sign}</span> {esc(said)}</span>{english(in_english)}'


def fold(summary: str, inside: str, css: str = "") -> str:
    """Something to open; it opens by keyboard, without a script."""
    kind = f' class="{css}"' if css else ""
    return f"<details{kind}><summary>{summary}</summary>{inside}</details>"


def items(lines: Iterable[str], css: str = "") -> str:
    """A list of lines that are HTML already."""
    inside = "".join(f"<li>{line}</li>" for line in lines)
    return f'<ul class="{css}">{inside}</ul>' if css else f"<ul>{inside}</ul>"


def num(text: str) -> str:
    """Marks a cell or a column of numbers; no text of a user can hold the mark."""
    return _NUMBER + text


def _cell(tag: str, text: str) -> str:
    name = tag.split(maxsplit=1)[0]
    if text.startswith(_NUMBER):
        return f'<{tag} class="n">{text[1:]}</{name}>'
    return f"<{tag}>{text}</{name}>"


def at_once(pair: Pair) -> str:
    """Both languages in one text, for what a page cannot fold: an attribute, the text of a plot."""
    return esc(f"{pair[0]} / {pair[1]}")


def capital(text: str) -> str:
    """The first letter of a heading as a capital."""
    return text[:1].upper() + text[1:]


def table(
    caption: Pair | str,
    head: Sequence[str],
    bodies: Iterable[str],
    css: str = "",
    *,
    said_above: bool = False,
    name: str = "",
    over: Sequence[tuple[str, int]] = (),
    wide: bool = False,
) -> str:
    """A table in a box that scrolls by itself; a caption in one language is HTML already.

    `said_above`: the caption is for those who listen, a heading says it already; `over`: heads of several columns;
    `wide`: it scrolls on many screens, so the box has a name and a stop for the keyboard.
    """
    spans = "".join(
        f'<th scope="colgroup" colspan="{width}">{said}</th>' if said else f'<td colspan="{width}"></td>'
        for said, width in over
    )
    above = f'<tr class="over">{spans}</tr>' if over else ""
    columns = "".join(_cell('th scope="col"', one) for one in head)
    once, beside = (caption, caption) if isinstance(caption, str) else (at_once(caption), both(caption))
    title = once if said_above else f'<span class="stay">{beside}</span>'
    hidden = ' class="vh"' if said_above else ""
    attributes = (f' id="{name}"' if name else "") + (f' class="{css}"' if css else "")
    box = f' role="group" tabindex="0" aria-label="{once}"' if wide else ""
    return (
        f'<div class="wide"{box}><table{attributes}><caption{hidden}>{title}</caption>'
        f"<thead>{above}<tr>{columns}</tr></thead>{''.join(bodies)}</table></div>"
    )


def body(rows: Iterable[str]) -> str:
    """The rows of a table."""
    return f"<tbody>{''.join(rows)}</tbody>"


def row(first: str, cells: Iterable[str], attributes: str = "") -> str:
    """A row with its head."""
    inside = "".join(_cell("td", one) for one in cells)
    return f'<tr{attributes}><th scope="row">{first}</th>{inside}</tr>'
