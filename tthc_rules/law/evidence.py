"""What a version of the law stands on: clauses, readings, amendments that nobody saw; how far each carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from unicodedata import normalize

Text = Mapping[str, str]
"""A label in both languages: {"vi": …, "en": …}."""
Status = Literal["text", "secondary", "design", "unconfirmed"]
CLASSES_BY_EVIDENCE: Final[dict[str, frozenset[str]]] = {
    "text": frozenset({"breach", "duty_open", "score", "rating_input", "review_trigger", "info"}),
    "secondary": frozenset({"breach", "duty_open", "score", "rating_input", "review_trigger", "info"}),
    "design": frozenset({"duty_open", "review_trigger", "info"}),
    "unconfirmed": frozenset({"info"}),
}
"""The strongest consequence that a rule may have, by the best evidence it stands on."""
EVIDENCE: Final[tuple[Status, ...]] = ("text", "secondary", "design", "unconfirmed")


_INSTRUMENTS: Final[Mapping[str, tuple[str, str]]] = {
    "NĐ": ("Nghị định", "Decree"),
    "NQ": ("Nghị quyết", "Resolution"),
    "QĐ": ("Quyết định", "Decision"),
    "TT": ("Thông tư", "Circular"),
    "TTLT": ("Thông tư liên tịch", "Joint Circular"),
    "CT": ("Chỉ thị", "Directive"),
    "VBHN": ("Văn bản hợp nhất", "Consolidated text"),
}
"""By the letters of its number; those of the National Assembly do not tell an act from a resolution."""


def instrument(document: str, lang: str = "vi") -> str:
    """The instrument in words: «Nghị định số 118/2025/NĐ-CP»; one whose number does not tell its kind as it stands."""
    number, slash, issuer = document.rpartition("/")
    kind = _INSTRUMENTS.get(issuer.partition("-")[0]) if slash and number[:1].isdigit() else None
    if kind is None:
        return document
    return f"{kind[0]} số {document}" if lang == "vi" else f"{kind[1]} {document}"


def clause_text(document: str, article: str, clause: str, point: str, lang: str = "vi") -> str:
    """A clause as lawyers write it, whoever keeps its parts."""
    name = instrument(document, lang)
    if lang == "vi":
        parts = (("điểm", point), ("khoản", clause), ("Điều", article))
        return " ".join((*(f"{word} {value}" for word, value in parts if value), name))
    if not article:
        return name
    return f"{name}, Article {article}" + "".join(f"({value})" for value in (clause, point) if value)


@dataclass(frozen=True, slots=True)
class Citation:
    """Căn cứ: the clause that a number or a duty stands on, and whether anyone has read it."""

    document: str
    status: Status
    article: str = ""
    clause: str = ""
    point: str = ""
    quote: str = ""
    source: str = ""
    quote_source: str = ""
    """`ocr` where the copy that is held has an evident misprint, which the quote mends."""

    def say(self, lang: str = "vi") -> str:
        """The citation as lawyers write it: «điểm c khoản 2 Điều 11 Nghị định số 61/2018/NĐ-CP»."""
        return clause_text(self.document, self.article, self.clause, self.point, lang)


@dataclass(frozen=True, slots=True)
class Interpretation:
    """Cách hiểu: our recorded choice where the text is open, with the reading that was not taken."""

    id: str
    about: Text
    reads: str
    instead_of: str
    because: Text
    status: Status
    sets: str = ""
    taken: str = ""

    @property
    def is_alternative(self) -> bool:
        """Whether the caller asked for the other reading."""
        return self.taken == self.instead_of


@dataclass(frozen=True, slots=True)
class AmendedUnseen:
    """An instrument that amended a version's text from a day on (`start`), and that nobody has seen."""

    document: str
    start: int

    @property
    def assumption(self) -> str:
        """What a verdict assumes that stands on the version since then: `nd367_not_seen` of 367/2025/NĐ-CP."""
        number, *_, issuer = self.document.split("/")
        plain = normalize("NFD", issuer.partition("-")[0].lower().replace("đ", "d"))
        return f"{''.join(sign for sign in plain if sign.isascii())}{number}_not_seen"

    def bears_on(self, day: int) -> bool:
        """Whether a version picked by that day is one whose wording was not seen."""
        return day >= self.start
