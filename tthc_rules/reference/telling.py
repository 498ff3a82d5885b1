"""What every part of an explanation is told with: one verdict, one trace, one language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from tthc_rules.errors import shown
from tthc_rules.law import clock
from tthc_rules.law.civil import date_of
from tthc_rules.law.codes import KINDS
from tthc_rules.law.evidence import Citation, Interpretation
from tthc_rules.result import words

if TYPE_CHECKING:
    from tthc_rules.reference.trace import Trace
    from tthc_rules.result.verdict import Note, Verdict


def either(lang: str, vietnamese: str, english: str) -> str:
    return vietnamese if lang == "vi" else english


def dated(day: date | int | None, lang: str) -> str:
    if day is None or day == clock.NONE:
        return either(lang, "chưa xác định", "open")
    return f"{date_of(day) if isinstance(day, int) else day:%d/%m/%Y}"


class Telling:
    """One verdict in one language."""

    def __init__(self, verdict: Verdict, trace: Trace, lang: str) -> None:
        self.verdict, self.trace, self.lang = verdict, trace, lang
        self.read: list[Interpretation] = []
        """The readings that were told already."""
        self.noted: dict[int, list[Note]] = {}
        for note in verdict.notes:
            if note.event is not None:
                self.noted.setdefault(note.event, []).append(note)

    def t(self, vietnamese: str, english: str) -> str:
        return either(self.lang, vietnamese, english)

    def note_text(self, note: Note) -> str:
        said = words.say(words.NOTES, note.code, self.lang)
        if note.name is not None:
            said += self.t(f": «{shown(note.name)}»", f": “{shown(note.name)}”")
        if note.nearest is not None:
            said += self.t(f", gần nhất là «{note.nearest}»", f", the nearest is “{note.nearest}”")
        return f"{said} [{note.code}]"

    def kinds(self, bits: int) -> str:
        """Kinds of event, from their bits."""
        said = (words.say(words.EVENTS, kind, self.lang) for kind, code in KINDS.items() if bits >> code & 1)
        return ", ".join(f"«{name}»" if self.lang == "vi" else f"“{name}”" for name in said)

    def citations(self, citations: tuple[Citation, ...], indent: str = "  ") -> Iterator[str]:
        for citation in citations:
            quote = f" «{citation.quote}»" if citation.quote else ""
            status = words.say(words.STATUSES, citation.status, self.lang)
            source = f"; {citation.source}" if citation.source else ""
            yield f"{indent}{self.t('Căn cứ', 'Source')}: {citation.say(self.lang)}{quote} ({status}{source})"

    def readings(self, readings: tuple[Interpretation, ...], indent: str = "  ") -> Iterator[str]:
        """Each reading once; where it bears on more, it is named there."""
        before = [reading.id for reading in readings if reading in self.read]
        for reading in readings:
            if reading in self.read:
                continue
            self.read.append(reading)
            other = reading.reads if reading.is_alternative else reading.instead_of
            status = words.say(words.STATUSES, reading.status, self.lang)
            yield (
                f"{indent}{self.t('Cách hiểu', 'Reading')} {reading.id}: {reading.about[self.lang]} — "
                f"«{reading.taken}», {self.t('không phải', 'not')} «{other}»: {reading.because[self.lang]} ({status})"
            )
        if before:
            yield f"{indent}{self.t('Cách hiểu như đã nêu', 'Readings as told above')}: {', '.join(before)}"
