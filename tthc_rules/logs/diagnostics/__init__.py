"""What a message tells of its own faults: one vocabulary for every sender, with the words for people.

Invariants: a diagnostic names the fault, the dossier and the field; it holds no words of the message but dates, small
numbers and codes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tthc_rules.errors import Problem
from tthc_rules.logs.diagnostics.codes import CODES, LEVELS, Level

__all__ = ["CODES", "COLUMNS", "REPORT_COLUMNS", "Diagnostic", "DiagnosticTally", "Level", "technical"]

_TECHNICAL: Final = re.compile(
    r"-?\d{1,8}(?:\.\d{1,8})?|\d{13,14}"  # a small number; an instant
    r"|\d{1,4}[-/]\d{1,2}[-/]\d{1,4}(?:[T ][0-9:.,]{1,18} ?(?:Z|[+-][0-9:]{2,5})?)?"
    r"|(?:\d{3}\.)?[0-9A-Z.]{1,24}-\d{6,8}-\d{3,8}|\d\.\d{6}(?:\.[0-9A-Z]{2,3}){0,6}",
    re.ASCII,
)


def technical(value: object) -> str:
    """A value as it may stand in a diagnostic: a date, a small number, a code; of any other only its kind."""
    if value is None or value == "":
        return ""
    text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    if _TECHNICAL.fullmatch(text):
        return text
    return f"<{len(value)}>" if isinstance(value, str) else f"<{type(value).__name__}>"


COLUMNS: Final = ("sender", "level", "code", "dossier_id", "field", "values", "vi", "en")
"""The table of diagnostics."""


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One fault of one dossier (or, without a dossier, of the sender), at one field of its message."""

    dossier_id: str
    code: str
    about: str
    level: Level
    values: tuple[str, ...] = ()

    def row(self, sender: str) -> dict[str, str | None]:
        """The fault as a row of the table."""
        words = CODES[self.code]
        cells = self.level, self.code, self.dossier_id or None, self.about, "|".join(self.values) or None
        return dict(zip(COLUMNS, (sender, *cells, words.vi, words.en), strict=True))

    def problem(self, place: str) -> Problem:
        """The same, where it makes an error row."""
        words = CODES[self.code]
        return Problem(
            "TR-message-unread",
            f"{place}: {self.about}" if self.about else place,
            f"{words.vi}: {words.does_vi} [{self.code}]",
            f"{words.en}: {words.does_en} [{self.code}]",
        )


REPORT_COLUMNS: Final = ("sender", "level", "code", "traps", "dossiers", "times", "vi", "en", "does_vi", "does_en")


class DiagnosticTally:
    """How often a sender's messages show each fault: the report in words, and as rows."""

    def __init__(self, sender: str) -> None:
        self.sender = sender
        self.dossiers: Counter[tuple[Level, str]] = Counter()
        self.times: Counter[tuple[Level, str]] = Counter()
        self._last: dict[tuple[Level, str], str] = {}

    def add(self, found: Iterable[Diagnostic]) -> None:
        """Count diagnostics; those of one dossier come one after the other."""
        for one in found:
            key = one.level, one.code
            self.times[key] += 1
            if one.dossier_id and self._last.get(key) != one.dossier_id:
                self._last[key] = one.dossier_id
                self.dossiers[key] += 1

    def lines(self, lang: str = "vi") -> Iterator[str]:
        """The report in words, the gravest and the most frequent first."""
        for level, code in self._ordered():
            words, count = CODES[code], self.dossiers[level, code]
            said, does = (words.vi, words.does_vi) if lang == "vi" else (words.en, words.does_en)
            if count and lang == "vi" and not said.startswith("hồ sơ"):
                said = f"hồ sơ: {said}"
            there = "có" if lang == "vi" else "seen:"  # of no dossier: messages are counted where they are rows
            yield f"  {_number(count, lang) if count else there} {said}: {does} [{code}]"

    def rows(self) -> Iterator[dict[str, str | int]]:
        """The report as rows of a table."""
        for level, code in self._ordered():
            words, key = CODES[code], (level, code)
            cells = self.dossiers[key], self.times[key], words.vi, words.en, words.does_vi, words.does_en
            yield dict(zip(REPORT_COLUMNS, (self.sender, level, code, words.traps, *cells), strict=True))

    def _ordered(self) -> list[tuple[Level, str]]:
        return sorted(self.times, key=lambda key: (LEVELS.index(key[0]), -self.dossiers[key], -self.times[key], key[1]))


def _number(count: int, lang: str) -> str:
    return f"{count:,}".replace(",", ".") if lang == "vi" else f"{count:,}"
