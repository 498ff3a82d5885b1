"""What every file of law has in common: names that must be known, evidence, citations, when something is in force."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from tthc_rules.errors import Problem, unknown_word
from tthc_rules.law.civil import day_of
from tthc_rules.law.codes import KINDS as EVENT_KINDS
from tthc_rules.law.evidence import CLASSES_BY_EVIDENCE, EVIDENCE, AmendedUnseen, Citation, Interpretation, Status
from tthc_rules.law.rule import ENDS, InForce
from tthc_rules.rulefile import complaints, schema

Path = tuple[str | int, ...]


Report = Callable[[Problem, Path], None]


_MARKS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
"""Signs that stand on a letter."""
_BETWEEN_WORDS: Final = re.compile(r"[\s_\-]+")
_DISCIPLINE: Final = re.compile(
    r"khien trach|canh cao|ha bac luong|giang chuc|cach chuc|bai nhiem|buoc thoi viec|ky luat|ki luat|"
    r"\b(?:reprimand\w*|dismiss\w*|demot\w*|disciplin\w*|sack(?:ed|ing)?)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Naming:
    """Looks up the names of one file; `complain` takes each problem with its path in the file."""

    complain: Report
    alternatives: Mapping[str, str]
    unconfirmed: bool = False

    def word(self, word: str, known: Sequence[str], vi: str, en: str, code: str, path: Path) -> None:
        if word not in known:
            self.complain(unknown_word("", vi, en, word, known, code), path)

    def event(self, event: str, path: Path, ends: bool = False) -> None:
        known = (*EVENT_KINDS, *(ENDS if ends else ()))
        self.word(event, known, "sự kiện", "event", "TR-rule-unknown-event", path)

    def interpretations(self, parts: Iterable[schema.InterpretationPart]) -> tuple[Interpretation, ...]:
        found = []
        for part in parts:
            taken = self.alternatives.get(part.id, part.reads)
            found.append(
                Interpretation(
                    part.id,
                    part.about.model_dump(),
                    part.reads,
                    part.instead_of,
                    part.because.model_dump(),
                    part.status,
                    part.sets,
                    taken,
                )
            )
        return tuple(found)

    def no_discipline(self, said: str) -> None:
        """No rule may name a form of discipline, accented or not: severity and fault are a person's finding."""
        found = _DISCIPLINE.search(_BETWEEN_WORDS.sub(" ", _unaccented(said)))
        if found:
            self.complain(complaints.discipline(found[0]), ("label",))

    def allowed(self, best: Status, consequences: Iterable[tuple[str, Path]]) -> None:
        """No class may be stronger than its evidence."""
        may = CLASSES_BY_EVIDENCE[best]
        for consequence, path in consequences:
            if consequence not in may:
                self.complain(complaints.too_strong(consequence, best, sorted(may)), path)


def citations(parts: Iterable[schema.CitationPart]) -> tuple[Citation, ...]:
    """The citations of a file, as law."""
    return tuple(
        Citation(
            part.document,
            part.status,
            _text(part.article),
            _text(part.clause),
            part.point or "",
            part.quote or "",
            part.source or "",
            part.quote_source or "",
        )
        for part in parts
    )


def evidence(parts: Iterable[schema.CitationPart | Citation]) -> Status:
    """The best status among citations: what a rule that bears them may say."""
    return min((part.status for part in parts), key=EVIDENCE.index, default="unconfirmed")


def in_force(
    effective: schema.Effective | schema.SpanPart, instrument: schema.Instrument, ended_by: schema.Instrument | None
) -> InForce:
    """The span of a version, and since when each end of it was known."""
    return InForce(
        day_of(effective.from_),
        None if effective.to is None else day_of(effective.to),
        day_of(instrument.issued_on),
        None if ended_by is None else day_of(ended_by.issued_on),
    )


def unseen(part: schema.Instrument) -> AmendedUnseen | None:
    """What amended an instrument and was not seen."""
    amended = part.amended_unseen
    return None if amended is None else AmendedUnseen(amended.document, day_of(amended.from_))


def _unaccented(text: str) -> str:
    return _MARKS.sub("", normalize("NFD", text.replace("đ", "d").replace("Đ", "D")))


def _text(value: int | str | None) -> str:
    return "" if value is None else str(value)
