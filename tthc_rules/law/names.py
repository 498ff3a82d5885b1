"""How near a written name is to a known one: a misspelling, which is an error, or only a hint.

What a source calls by a name of its own is kept; what was meant to be one of ours and is not must not be judged as if
nothing had happened.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from tthc_rules.errors import nearest_of
from tthc_rules.law.text import nfc

SHORTEST: Final = 6
"""Shorter names are near to too much."""
PER_EDIT: Final = 8
"""One edit is allowed for each so many letters of the longer name, at least one."""
KEPT: Final = 4096
_BLANKS: Final = str.maketrans("- \t\u00a0", "____")


class Names:
    """Some known names, to which written ones are compared; those written before are remembered."""

    def __init__(self, known: Iterable[str], numbers_matter: Iterable[str] = ()) -> None:
        """`numbers_matter`: of these a plural or singular is a misspelling too, of the others only a hint."""
        self.known = frozenset(known)
        self._strict = frozenset(numbers_matter)
        self._sorted = tuple(sorted((name, _letters(name)) for name in self.known))
        self._longest = 2 * max(map(len, self.known))
        self._find = lru_cache(KEPT)(self._misspelt)
        self._hint = lru_cache(KEPT)(self._near)

    def meant(self, written: str) -> str:
        """The known name that this one misspells, or nothing."""
        return "" if written in self.known or len(written) > self._longest else self._find(written)

    def nearest(self, written: str) -> str:
        """The nearest known name by the looser measure of hints, or nothing."""
        return "" if len(written) > self._longest else self._hint(written)

    def _near(self, written: str) -> str:
        return self.meant(written) or nearest_of(folded(written), self.known)

    def _misspelt(self, written: str) -> str:
        word = folded(written)
        if word in self.known:
            return word
        if plural := next((name for name, _ in self._sorted if _differ_in_number(word, name)), ""):
            return plural if plural in self._strict else ""
        found = [(edits, name) for name, letters in self._sorted if (edits := _edits(word, name, letters)) is not None]
        return min(found)[1] if found else ""


def folded(written: str) -> str:
    """The name as it would be written here: small letters, `_` between words."""
    return nfc(written).strip().lower().translate(_BLANKS)


def _differ_in_number(one: str, other: str) -> bool:
    """Whether one is the plural of the other."""
    few, many = sorted((one, other), key=len)
    return many in (f"{few}s", f"{few}es") or (few.endswith("y") and many == f"{few[:-1]}ies")


def _letters(name: str) -> int:
    """Which letters a name has, a bit each."""
    bits = 0
    for letter in name:
        bits |= 1 << (ord(letter) % 61)
    return bits


def _edits(written: str, known: str, letters: int) -> int | None:
    """The edits between two names that are near enough to be one, else nothing."""
    shorter, longer = sorted((len(written), len(known)))
    allowed = max(1, longer // PER_EDIT)
    if shorter < SHORTEST or longer - shorter > allowed:
        return None
    if (_letters(written) ^ letters).bit_count() > 2 * allowed:  # an edit changes at most two letters
        return None
    edits = distance(written, known)
    return edits if edits <= allowed else None


def distance(one: str, other: str) -> int:
    """How many inserted, deleted, replaced letters and exchanged neighbours lie between two names."""
    # Damerau and Levenshtein's, unrestricted: other edits may fall between letters that were exchanged.
    far = len(one) + len(other)
    last_row: dict[str, int] = {}
    rows: list[list[int]] = [[far] * (len(other) + 2), [far, *range(len(other) + 1)]]
    for i, a in enumerate(one, 1):
        row = [far, i]
        last_match = 0
        for j, b in enumerate(other, 1):
            k, match = last_row.get(b, 0), last_match
            cost = int(a != b)
            if not cost:
                last_match = j
            row.append(
                min(
                    rows[i][j] + cost,
                    row[j] + 1,
                    rows[i][j + 1] + 1,
                    rows[k][match] + (i - k - 1) + 1 + (j - match - 1),
                )
            )
        rows.append(row)
        last_row[a] = i
    return rows[-1][-1]
