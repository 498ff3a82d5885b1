"""Quotes against the texts: every `quote` stands word for word in the article, clause and point that is cited.

A folder of texts holds one instrument a file: six header lines (`number:`, `title:`, `issued on:`, `in force:`,
`source:`, `completeness:`), an empty line, then the text as it was published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from tthc_rules.check.lint import Cited, citations_of
from tthc_rules.errors import Problem, RuleFileError
from tthc_rules.law.civil import day_of
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.evidence import Citation
from tthc_rules.law.rule import FOREVER
from tthc_rules.law.text import nfc

HEADER: Final = ("number", "title", "issued on", "in force", "source", "completeness")
_ARTICLE: Final = re.compile(r"^\W{0,2}Điều (\d+[a-zđ]?)[.:]", re.MULTILINE)
_CLAUSE: Final = re.compile(r"^(\d{1,2}[a-zđ]?)\. ?(?=\D)", re.MULTILINE)
_POINT: Final = re.compile(r"^([a-zđ])\) ", re.MULTILINE)
_SECTION: Final = re.compile(r"^([IVX]+)\.\s", re.MULTILINE)
_NUMBERED: Final = re.compile(r"^(?:#+ )?(\d{1,2}(?:\.\d{1,2})*)(?:[.)-]|$)", re.MULTILINE)
_IN_SECTION: Final = re.compile(r"([IVX]+)\.(.+)")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_PLACE: Final = re.compile(r"\s*\([^()]*\)\s*$")
_ALMOST: Final = 0.85
"""How much of a quote that mends a misprint of an OCR must stand there."""


@dataclass(frozen=True, slots=True)
class HeldText:
    """An instrument that is held: its number, the days on which this wording is law, its text."""

    number: str
    start: int
    until: int
    text: str
    path: str

    def overlaps(self, start: int, until: int) -> bool:
        """Whether this wording is law on some day from `start` to `until`."""
        return self.start <= until and start <= self.until


@dataclass(slots=True)
class Checked:
    """What became of the quotes: those that do not stand where they are cited, and what could not be looked up."""

    wrong: list[Problem] = field(default_factory=list)
    held: int = 0
    """Quotes that were found in their clause."""
    not_held: dict[str, int] = field(default_factory=dict)
    """Instrument -> how many quotes of it could not be looked up."""


def check_quotes(corpus: Corpus, texts: Iterable[HeldText]) -> Checked:
    """Every quote of the rules against the texts that are held; `not_held` names the other instruments."""
    by_number: dict[str, list[HeldText]] = {}
    for text in texts:
        by_number.setdefault(_number(text.number), []).append(text)
    checked = Checked()
    for cited in citations_of(corpus):
        citation = cited.citation
        if citation.status == "design" or not (citation.quote or _names_a_clause(citation)):
            continue
        wordings = by_number.get(_number(citation.document))
        if wordings is None:
            if citation.quote:
                checked.not_held[citation.document] = checked.not_held.get(citation.document, 0) + 1
        elif (problem := _problem_of(cited, wordings)) is not None:
            checked.wrong.append(problem)
        elif citation.quote:
            checked.held += 1
    return checked


def _names_a_clause(citation: Citation) -> bool:
    """A clause that was read is cited without its words: it must at least be there («12–15» names several)."""
    return citation.status == "text" and bool(citation.article or citation.point) and "–" not in citation.article


def read_texts(folder: Path) -> list[HeldText]:
    """The texts of a folder (`*.txt`), by name; raises `RuleFileError` for a file without the six header lines."""
    texts: list[HeldText] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.txt")):
        try:
            texts.append(_read(path))
        except RuleFileError as error:
            problems += error.problems
    if problems:
        raise RuleFileError(problems)
    if not texts:
        raise RuleFileError(_no_texts(folder))
    return texts


def _read(path: Path) -> HeldText:
    try:
        whole = nfc(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise RuleFileError(_no_header(path, HEADER[0])) from None
    head, _, text = whole.replace("\r\n", "\n").partition("\n\n")
    fields: dict[str, str] = {}
    for name, line in zip(HEADER, [*head.split("\n"), *[""] * len(HEADER)], strict=False):
        found, colon, value = line.partition(":")
        if not colon or found.strip() != name:
            raise RuleFileError(_no_header(path, name))
        fields[name] = value.strip()
    start, until = _in_force(fields["in force"], fields["issued on"])
    return HeldText(fields["number"], start, until, text, path.name)


def _in_force(said: str, issued: str) -> tuple[int, int]:
    """`2018-06-21 – 2025-06-30`; an end that is left out, or not said as a day, is open; a year is its first day."""
    first, _, last = said.partition("–")
    begins, ends = _DAY.search(first), _DAY.search(last.partition("(")[0])
    year = re.match(r"\d{4}", first.strip() or issued)
    start = day_of(date.fromisoformat(begins[0])) if begins else day_of(date(int(year[0]), 1, 1)) if year else 0
    return start, day_of(date.fromisoformat(ends[0])) if ends else FOREVER


# -- one quote ---------------------------------------------------------------------------------------------------------


def _problem_of(cited: Cited, wordings: Sequence[HeldText]) -> Problem | None:
    """What is wrong with a quote, or nothing: it must stand in a wording that is law while the version is."""
    citation = cited.citation
    own = [text for text in wordings if text.overlaps(cited.start, cited.until)] or list(wordings)
    # A version that spans two wordings may quote either; one that began under the first quotes that.
    places = [part for text in own for part in parts_of(text.text, citation)]
    if not places:
        return _no_such_place(cited, own[0])
    if any(stands_in(citation, place) for place in places):
        return None
    return _not_there(cited, own, [text for text in own if stands_in(citation, text.text)])


def stands_in(citation: Citation, text: str) -> bool:
    """Whether the quote stands there word for word, white space folded, case kept; «…» leaves words out."""
    at = 0
    folded = _folded(text)
    for piece in filter(None, map(str.strip, re.split(r"…|\[\.\.\.\]|\.\.\.", _folded(citation.quote)))):
        found = folded.find(piece, at)
        if found < 0:
            return citation.quote_source == "ocr" and _almost(_folded(citation.quote), folded)
        at = found + len(piece)
    return True


def _almost(quote: str, text: str) -> bool:
    """Whether the quote stands there but for a misprint: words glued or cut, a letter misread."""
    quote, text = quote.replace(" ", ""), text.replace(" ", "")
    if quote in text:
        return True
    match = SequenceMatcher(None, text, quote, autojunk=False)
    longest = match.find_longest_match(0, len(text), 0, len(quote))
    first = max(0, longest.a - longest.b)
    beside = text[first : first + len(quote)]
    return SequenceMatcher(None, beside, quote, autojunk=False).ratio() >= _ALMOST


def parts_of(text: str, citation: Citation) -> list[str]:
    """The article, clause and point that are cited, as they stand; several where a text counts anew in its parts."""
    parts = [text]
    if _ARTICLE.search(text):
        steps: tuple[tuple[re.Pattern[str], str], ...] = (
            (_ARTICLE, citation.article),
            (_CLAUSE, citation.clause),
            (_POINT, citation.point),
        )
    else:  # a directive or a plan: «1.4», or «II.8» for number 8 of part II
        number = ".".join(filter(None, (citation.article, citation.clause, citation.point)))
        section = _IN_SECTION.fullmatch(number)
        steps = ((_SECTION, section[1]), (_NUMBERED, section[2])) if section else ((_NUMBERED, number),)
    for heading, name in steps:
        if name:
            parts = [found for part in parts for found in _named(part, heading, name)]
    return parts


def _named(text: str, heading: re.Pattern[str], name: str) -> Iterator[str]:
    """What stands under the headings of that name, up to the next heading of the same rank."""
    heads = list(heading.finditer(text))
    for at, head in enumerate(heads):
        if head[1] != name:
            continue
        ends = len(text)
        for later in heads[at + 1 :]:
            if not later[1].startswith(f"{name}."):
                ends = later.start()
                break
        yield text[head.start() : ends]


def _folded(text: str) -> str:
    return " ".join(nfc(text).split())


def _number(document: str) -> str:
    """A number as it is looked up: `012/CT-UBND (Đắk Lắk)` is `012/CT-UBND`."""
    return _folded(_PLACE.sub("", document)).lstrip("0") or document


# -- what is said ------------------------------------------------------------------------------------------------------


def _not_there(cited: Cited, own: Sequence[HeldText], elsewhere: Sequence[HeldText]) -> Problem:
    citation = cited.citation
    where = citation.say("vi"), citation.say("en")
    names = ", ".join(text.path for text in own)
    vi = en = ""
    if elsewhere:
        vi, en = "; câu này nằm ở chỗ khác của văn bản", "; it stands elsewhere in that text"
    return Problem(
        "TR-quote-not-there",
        cited.source,
        f"«{citation.quote}» không có trong {where[0]} ({names}){vi}",
        f"“{citation.quote}” does not stand in {where[1]} ({names}){en}",
    )


def _no_such_place(cited: Cited, text: HeldText) -> Problem:
    citation = cited.citation
    return Problem(
        "TR-quote-no-clause",
        cited.source,
        f"văn bản đang giữ ({text.path}) không có {citation.say('vi')}",
        f"the text that is held ({text.path}) has no {citation.say('en')}",
    )


def _no_header(path: Path, name: str) -> Problem:
    return Problem(
        "TR-text-header",
        str(path),
        f"không đọc được dòng «{name}:»; tệp (UTF-8) mở đầu bằng sáu dòng {', '.join(HEADER)}, rồi một dòng trống",
        f"no line “{name}:”; a text (UTF-8) begins with the six lines {', '.join(HEADER)}, then an empty line",
    )


def _no_texts(folder: Path) -> Problem:
    return Problem(
        "TR-text-none",
        str(folder),
        "thư mục không có tệp văn bản (.txt) nào",
        "there is no text (.txt) in this folder",
    )
