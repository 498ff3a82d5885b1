"""The items of a JSON list one by one, so that a file of any size is read in the memory of its largest item."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from tthc_rules import errors
from tthc_rules.errors import InputFileError
from tthc_rules.law.jsontext import JsonError, read_json
from tthc_rules.logs import complaints
from tthc_rules.logs.files import MAX_LINE, chunks

_STRING: Final = r'"(?:[^"\\]++|\\.)*+"'
_BETWEEN: Final = re.compile(rf'(?:[^"\[\]{{}},]++|{_STRING})*+', re.DOTALL)
_WITHIN: Final = re.compile(rf'(?:[^"\[\]{{}}]++|{_STRING})*+', re.DOTALL)
"""What may be passed over between brackets; an item ends at a comma only where none is open."""
_NO_BLANK: Final = re.compile(r"[^ \t\r\n]|\Z")
_TOKEN: Final = re.compile(rf'{_STRING}|["{{}}\[\]:,]|[^\s"{{}}\[\]:,]++', re.DOTALL)
"""A quote alone is a text whose end is still to come."""
_MOST_AROUND: Final = 1024 * 1024
"""Characters that may stand around the list of an envelope."""
_IN_STRING: Final = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class JsonItem:
    """The text of one item, where it begins, and its number in the list; without one it is the whole file."""

    text: str
    line: int
    column: int
    number: int | None


def items(path: Path, inside: str = "") -> Iterator[JsonItem]:
    """The items of the list in a file, or the one value that it holds; each may be broken, none is longer than a line.

    What is around them is checked: a list that does not end, or text behind it, is an `InputFileError`. `inside` names
    a list in the one object of the file, as `envelope` finds it.
    """
    if inside:
        yield from _inside(path, inside)
        return
    reader = _JsonReader(path)
    for text in _texts(path):
        yield from reader.feed(text)
    yield from reader.end()


def envelope(path: Path, names: Collection[str]) -> tuple[dict[str, object], str]:
    """What stands around a list in the one object of a file, and the name of that list, the first of these; or nothing.

    The list itself is passed over, and given by `items(path, name)`.
    """
    found = _at_list(path, names)
    if found is None:
        return {}, ""
    before, name, rest = found
    reader, behind = _reader_of(path, before), ""
    for text in rest:
        if reader.ended:
            behind += text
        else:
            for _ in reader.feed(text):
                pass
            behind = reader.held[reader.begin :] if reader.ended else ""
        if len(behind) > _MOST_AROUND:
            raise InputFileError(complaints.record_too_large(str(path), f"{_MOST_AROUND} bytes"))
    if not reader.ended:
        raise InputFileError(errors.json_broken(str(path), "Expecting ',' delimiter"))
    try:
        around = read_json(f"{before}]{behind}")
    except JsonError as broken:
        raise InputFileError(errors.json_broken(str(path), broken.why.partition(":")[0])) from None
    del around[name]
    return around, name


def _inside(path: Path, name: str) -> Iterator[JsonItem]:
    """The items of the list of that name in the one object of a file."""
    found = _at_list(path, (name,))
    if found is not None:
        reader = _reader_of(path, found[0])
        for text in found[2]:
            if not reader.ended:
                yield from reader.feed(text)


def _at_list(path: Path, names: Collection[str]) -> tuple[str, str, Iterator[str]] | None:
    """The text up to and including the bracket of the first list of these, its name, and the texts behind."""
    held, texts = "", _texts(path)
    for text in texts:
        held += text
        found = _list_in(held, names)
        if found is not None:
            name, end = found
            return held[:end], name, chain((held[end:],), texts)
        if len(held) > _MOST_AROUND:
            break
    return None


def _reader_of(path: Path, before: str) -> _JsonReader:
    """A reader that stands behind the bracket at which a list begins."""
    reader = _JsonReader(path)
    reader.depth = 0
    reader.line += before.count("\n")
    reader.column = len(before) - before.rfind("\n")
    return reader


def _list_in(held: str, names: Collection[str]) -> tuple[str, int] | None:
    """The name of the first list of these in an object, and where it begins."""
    depth, key = 0, ""
    for found in _TOKEN.finditer(held):
        match found[0]:
            case "{":
                depth += 1
            case "[" if depth == 1 and key in names:
                return key, found.end()
            case "[":
                depth += 1
            case "}" | "]":
                depth -= 1
            case ",":
                key = ""
            case '"':
                return None
            case ":":
                pass
            case token if depth == 1 and token.startswith('"') and not key:
                key = token[1:-1]
    return None


def _texts(path: Path) -> Iterator[str]:
    """The file as text, piece by piece; bytes that are not UTF-8 are an `InputFileError` at their line."""
    decoder = getincrementaldecoder("utf-8")()
    line, column = 1, 0
    for chunk in _and_an_end(path):
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            at = error.start - before.rfind(b"\n") if b"\n" in before else column + error.start + 1
            place = f"{path}:{line + before.count(bytes([10]))}"
            raise InputFileError(errors.text_not_utf8(place, at)) from error
        if (breaks := text.count("\n")) > 0:
            line += breaks
            column = len(text.rpartition("\n")[2].encode())
        else:
            column += len(text.encode())
        yield text


def _and_an_end(path: Path) -> Iterator[bytes]:
    """The bytes of the file without a mark, and nothing at the end, for what is cut in two there."""
    first = True
    for chunk in chunks(path):
        yield chunk.removeprefix(b"\xef\xbb\xbf") if first else chunk
        first = False
    yield b""


class _JsonReader:
    """The state between two pieces of the text."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.held = ""
        self.begin = self.at = 0
        """Where the present item begins in what is held, and how far it has been looked through."""
        self.depth = -1
        """How many brackets are open within an item; before a list has begun it is less than none."""
        self.in_string = self.ended = False
        self.number = 0
        self.line = self.column = 1

    def feed(self, text: str) -> Iterator[JsonItem]:
        """The items that are complete now."""
        self.held = self.held[self.begin :] + text
        self.at -= self.begin
        self.begin = 0
        if self.depth < 0 and not self._has_begun():
            return
        while not self.ended and self._next():
            if self.depth < 0:
                self.depth = 0
                yield from self._ended_item()
        if len(self.held) - self.begin > MAX_LINE:
            raise InputFileError(complaints.record_too_large(self._place(), f"{MAX_LINE} bytes"))

    def end(self) -> Iterator[JsonItem]:
        """The one value of a file that is no list; or what is left behind a list."""
        if self.depth < 0:
            yield JsonItem(self.held, 1, 1, None)
            return
        self._skip_blanks()
        left = self.begin < len(self.held)
        if not self.ended:
            if left or self.number:
                yield JsonItem(self.held[self.begin :], self.line, self.column, self.number)
                self._go_on(len(self.held))
            raise InputFileError(errors.json_broken(self._place(), "Expecting ',' delimiter"))
        if left:
            raise InputFileError(errors.json_broken(self._place(), "Extra data"))

    def _has_begun(self) -> bool:
        """Whether a list has begun; a value of another kind is held until the end."""
        start = len(self.held) - len(self.held.lstrip(" \t\r\n"))
        if start < len(self.held) and self.held[start] == "[":
            self._go_on(start + 1)
            self.depth = 0
        elif len(self.held) > MAX_LINE:
            raise InputFileError(complaints.record_too_large(str(self.path), f"{MAX_LINE} bytes"))
        return self.depth == 0

    def _next(self) -> bool:
        """Go on behind the next sign that counts; not where more text is needed. A depth below none: an item ends."""
        if self.in_string:
            end = _IN_STRING.match(self.held, self.at)
            self.at = end.end() if end else self.at
            self.in_string = self.at >= len(self.held) or self.held[self.at] != '"'
            self.at += not self.in_string
            return not self.in_string
        passed = (_WITHIN if self.depth else _BETWEEN).match(self.held, self.at)
        self.at = passed.end() if passed else self.at
        if self.at == len(self.held):
            return False
        self.at += 1
        match self.held[self.at - 1]:
            case '"':
                self.in_string = True
            case "[" | "{":
                self.depth += 1
            case "," if self.depth == 0:
                self.depth = -1
            case "]" | "}" as sign if sign == "]" or self.depth:  # a brace that closes nothing is the item's fault
                self.depth -= 1
        return True

    def _ended_item(self) -> Iterator[JsonItem]:
        """The item before the sign that was just passed; an empty list has none."""
        behind = self.at
        self.ended = self.held[behind - 1] != ","
        self._skip_blanks()
        if not (self.ended and self.number == 0 and self.begin == behind - 1):
            yield JsonItem(self.held[self.begin : behind - 1], self.line, self.column, self.number)
            self.number += 1
        self._go_on(behind)

    def _skip_blanks(self) -> None:
        found = _NO_BLANK.search(self.held, self.begin)
        self._go_on(found.start() if found else self.begin)

    def _go_on(self, to: int) -> None:
        """What is before is done; know in which line and column the rest begins."""
        breaks = self.held.count("\n", self.begin, to)
        if breaks:
            self.line += breaks
            self.column = to - self.held.rindex("\n", self.begin, to)
        else:
            self.column += to - self.begin
        self.begin = to
        self.at = max(self.at, to)

    def _place(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"
