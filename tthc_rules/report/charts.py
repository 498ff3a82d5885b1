"""Plots as inline SVG that need no scale: widths in per cent, text in pixels, so that a phone and a wall read the same.

Every number of a plot is text in it or beside it; kinds differ by pattern and by word, not by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tthc_rules.report.markup import NBSP, both, esc, number
from tthc_rules.result.words import Pair

NO_DOSSIER: Final[Pair] = ("không có hồ sơ", "no dossier")
BAR: Final = 18
"""The height of a bar."""
MOST_LABELS: Final = 6
"""So many points have a label each; of more only the first, the last, the highest and the lowest."""

PATTERNS: Final = (
    '<svg class="defs" width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="p-late" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="late-a" width="6" height="6"/><rect class="late-b" width="2" height="6"/></pattern>'
    '<pattern id="p-over" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect class="over-a" width="6" height="6"/><path class="over-b" d="M0 0l6 6M6 0l-6 6"/></pattern>'
    '<pattern id="p-dots" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect class="dots-a" width="6" height="6"/><circle class="dots-b" cx="3" cy="3" r="1.2"/></pattern>'
    "</defs></svg>"
)

FILLS: Final[Mapping[str, str]] = {
    "finished_early": "s-early",
    "finished_on_the_day": "s-day",
    "open_in_time": "s-open",
    "finished_late": "s-late",
    "open_late": "s-over",
    "given": "s-day",
    "missing": "s-over",
    "unknown": "s-dots",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: whose it is, its parts by name, and a word at its end."""

    title: str
    parts: Mapping[str, int]
    end: Pair = ("", "")


def legend(names: Mapping[str, Pair]) -> str:
    """What each fill means."""
    swatches = "".join(
        f'<li><svg width="16" height="12" aria-hidden="true"><rect class="{FILLS[name]}" width="16" '
        f'height="12"/></svg> {both(pair)}</li>'
        for name, pair in names.items()
    )
    return f'<ul class="legend">{swatches}</ul>'


def segments(parts: Mapping[str, int], height: int = BAR) -> str:
    """The parts of one bar, side by side, in per cent of its length."""
    total = sum(parts.values())
    drawn, at = [], 0
    for name, size in parts.items():
        if size > 0:
            drawn.append(
                f'<rect class="{FILLS[name]}" x="{100 * at / total:.4g}%" '
                f'width="{100 * size / total:.4g}%" height="{height}"/>'
            )
            at += size
    return "".join(drawn)


def small_bar(parts: Mapping[str, int]) -> str:
    """A bar for the cell of a table whose other cells hold the numbers."""
    return f'<svg class="cell" height="12" aria-hidden="true">{segments(parts, 12)}</svg>'


def stacked(name: str, bars: Sequence[Bar], kinds: Mapping[str, Pair]) -> str:
    """Bars one below the other: the name above, the parts, and every number as text that wraps on a phone."""
    drawn = []
    for at, one in enumerate(bars):
        said = _parts_in_words(one.parts, kinds)
        plot = _svg(f"{name}-{at}", one.title, f"{said[0]} / {said[1]}", BAR, segments(one.parts))
        drawn.append(f"<li><p><b>{esc(one.title)}</b> <b>{both(one.end)}</b></p>{plot}<p>{both(said)}</p></li>")
    return f'<ul class="bars">{"".join(drawn)}</ul>'


def _parts_in_words(parts: Mapping[str, int], kinds: Mapping[str, Pair]) -> Pair:
    """Every number of a bar as text."""
    if not any(parts.values()):
        return NO_DOSSIER
    vietnamese, english = (
        " · ".join(f"{number(size)}{NBSP}{kinds[part][at]}" for part, size in parts.items() if size) for at in (0, 1)
    )
    return vietnamese, english


def line(name: str, title: str, points: Sequence[tuple[str, Any]]) -> str:
    """A rate over months, 0 to 100 %; a month without a value is a gap with a word, never a zero."""
    top, low, left, right = 22, 112, 15.0, 92.0
    step = (right - left) / max(len(points) - 1, 1)
    at = [left + step * place if len(points) > 1 else 50.0 for place in range(len(points))]
    high = [None if value is None else low - (low - top) * float(value) / 100 for _, value in points]
    drawn = [f'<line class="grid" x1="30" x2="100%" y1="{y}" y2="{y}"/>' for y in (top, (top + low) / 2, low)]
    drawn += [f'<text class="v" x="0" y="{y + 4}">{said}</text>' for y, said in ((top, "100"), (low, "0"))]
    for place in range(1, len(points)):
        start, end = high[place - 1], high[place]
        if start is not None and end is not None:
            drawn.append(
                f'<line class="rate" x1="{at[place - 1]:.2f}%" y1="{start:.1f}" x2="{at[place]:.2f}%" y2="{end:.1f}"/>'
            )
    labelled = _labelled([value for _, value in points])
    for place, (month, value) in enumerate(points):
        x, y = f"{at[place]:.2f}%", high[place]
        if y is None:
            drawn.append(f'<text class="v mid" x="{x}" y="{(top + low) / 2 + 4}">–</text>')
        else:
            drawn.append(f'<circle class="dot" cx="{x}" cy="{y:.1f}" r="4"/>')
            if place in labelled:
                drawn.append(f'<text class="t mid" x="{x}" y="{y - 8:.1f}">{short(value)}</text>')
        if len(points) <= MOST_LABELS or place % 2 == 0:
            drawn.append(f'<text class="v mid" x="{x}" y="{low + 18}">{esc(month)}</text>')
    about = "; ".join(f"{month}: {'trống / empty' if v is None else short(v) + ' %'}" for month, v in points)
    return _svg(name, title, about, low + 24, "".join(drawn))


def short(value: Any) -> str:
    """A rate with one decimal, or none where it is whole."""
    return number(value, 0 if float(value) == int(value) else 1)


def _labelled(values: Sequence[Any]) -> set[int]:
    known = [place for place, value in enumerate(values) if value is not None]
    if len(values) <= MOST_LABELS or not known:
        return set(known)
    return {known[0], known[-1], max(known, key=lambda p: values[p]), min(known, key=lambda p: values[p])}


def _svg(name: str, title: str, about: str, height: int, inside: str) -> str:
    return (
        f'<svg class="plot" role="img" width="100%" height="{height}" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{esc(title)}</title><desc id="{name}-d">{esc(about)}</desc>{inside}</svg>'
    )


def figure(caption: str, *inside: str) -> str:
    """A plot with its caption."""
    return f"<figure><figcaption>{caption}</figcaption>{''.join(inside)}</figure>"


def parts_of(counts: Mapping[str, Any], names: Iterable[str]) -> dict[str, int]:
    """The sizes of parts, in the order of the names."""
    return {name: int(counts.get(name) or 0) for name in names}
