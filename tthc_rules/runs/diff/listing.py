"""A comparison as a person reads it: what is compared, dossier by dossier, then how often each thing changes."""

from __future__ import annotations

from collections.abc import Iterator

from tthc_rules.errors import shown
from tthc_rules.result import words
from tthc_rules.runs.diff.comparison import Comparison, SaidDossier, SaidSide, letter_said


def listing(found: Comparison, lang: str) -> Iterator[tuple[str, str]]:
    """The lines, each with the tone in which it is said."""
    yield from _head(found, lang)
    for one in found.listed:
        yield "", ""
        yield from _dossier(one, lang)
    more = found.changed - len(found.listed)
    if more:
        said = f"… {more} hồ sơ nữa (--show, hoặc -o TỆP)" if lang == "vi" else f"… {more} more (--show, or -o FILE)"
        yield "", ""
        yield said, "faint"
    yield "", ""
    yield from totals(found, lang)


def totals(found: Comparison, lang: str) -> Iterator[tuple[str, str]]:
    """How many change, and in what."""
    if found.open_only:
        said = ("hồ sơ đang giải quyết đổi hạn, trong số", "dossiers in hand are due on another day, of")
    else:
        said = ("hồ sơ thay đổi, trong số", "dossiers change, of")
    yield f"{found.changed} {words.of(said, lang)} {found.dossiers}", "head"
    for one in found.columns:
        yield f"  {one.dossiers:>8}  {one.name[lang]}", ""


def _head(found: Comparison, lang: str) -> Iterator[tuple[str, str]]:
    vi = lang == "vi"
    yield f"{'Trước' if vi else 'Before'}: {side_said(found.before, lang)}", "head"
    yield f"{'Sau' if vi else 'After'}: {side_said(found.after, lang)}", "head"
    yield f"  {'xét đến hết ngày' if vi else 'as of the end of'} {found.as_of:%d/%m/%Y}", ""
    for letter in found.letters:
        yield f"  {letter_said(letter, lang)}", ""


def side_said(side: SaidSide, lang: str) -> str:
    """A side as it was written, and what it knew."""
    if side.known_on is None or f"known_on={side.known_on}" in side.name:
        return side.name
    return f"{side.name}, {'biết đến' if lang == 'vi' else 'known on'} {side.known_on:%d/%m/%Y}"


def _dossier(one: SaidDossier, lang: str) -> Iterator[tuple[str, str]]:
    beside = f" ({shown(one.procedure)})" if one.procedure else ""
    unit = f" — {shown(one.handling_agency)}" if one.handling_agency else ""
    yield f"{shown(one.dossier_id)}{beside}{unit}", "today"
    for change in one.changes:
        yield f"    {change.name[lang]}: {change.before_said[lang]} → {change.after_said[lang]}", ""
