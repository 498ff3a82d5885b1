"""XML answers as objects of text: elements with children are objects, repeated ones lists, others their text.

No DOCTYPE, no entities, bounded depth; nothing of the text is told in an error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final
from xml.parsers import expat

from tthc_rules.logs.sightings import BrokenError

__all__ = ["read_xml", "xml_records"]

_MAX_DEPTH: Final = 32
_LONGEST: Final = 4 * 1024 * 1024
"""Of one text, and of one tag with its attributes."""
_MOST_HELD: Final = 64 * 1024 * 1024
"""Characters of what is no part of a record yet, each element counted as so many more."""
_ELEMENT: Final = 64
_PIECE: Final = 1024


class _RefusedXmlError(Exception):
    """Raised inside the parser's handlers: nothing of ours may pass through it with the text."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.about = about


def read_xml(text: str) -> Iterator[object]:
    """The value of an XML text; raises `BrokenError`."""
    builder = XmlBuilder()
    builder.feed(text.encode("utf-8"), True)
    yield builder.root


def xml_records(pieces: Iterable[bytes], id_keys: Collection[str]) -> Iterator[object]:
    """The records of a long XML text, each as soon as it is complete; without any, its value. Raises `BrokenError`."""
    builder, count = XmlBuilder(id_keys), 0
    for piece in pieces:
        builder.feed(piece, False)
        count += len(builder.done)
        yield from builder.take()
    builder.feed(b"", True)
    if not count + len(builder.done):
        yield builder.root
    yield from builder.take()


_SAID: Final = {
    "doctype": ("có DOCTYPE hoặc thực thể, không được nhận", "a DOCTYPE or entity, which is refused"),
    "xml": ("không đúng cú pháp", "not well formed"),
    "nested_too_deep": ("lồng quá sâu", "nested too deep"),
    "too_large": ("quá lớn", "too large"),
    "encoding": ("mã hóa không đọc được", "an encoding that is not read"),
}


class XmlBuilder:
    """Builds the tree as elements open and close."""

    def __init__(self, id_keys: Collection[str] = ()) -> None:
        self.root: Any = None
        self.id_keys = frozenset(id_keys)
        """Elements that hold one of these are records: they are given one by one and are no part of the tree."""
        self.done: list[Any] = []
        self.open: list[tuple[str, dict[str, Any], list[str], int]] = []
        """Of each open element its name, what is in it, its texts, and how much was held before it."""
        self.fed = self.held = 0
        self.parser = expat.ParserCreate(encoding="utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse

    def feed(self, piece: bytes, is_last: bool) -> None:
        """Parse one more piece; what is wrong with it is told without words of the text."""
        about, place = "", ""
        try:
            self.parser.Parse(piece, is_last)
        except _RefusedXmlError as refused:
            about, place = refused.about, f":{self.parser.CurrentLineNumber}"
        except expat.ExpatError as error:
            about, place = "xml", f":{error.lineno}:{error.offset + 1}"
        except (LookupError, ValueError):
            about = "encoding"
        self.fed += len(piece)
        if not about and self.fed - max(self.parser.CurrentByteIndex, 0) > _LONGEST + len(piece):
            about = "too_large"  # a token without an end, which expat reads again with each piece
        if about:
            vi, en = _SAID[about]
            raise BrokenError("TR-message-xml", about, f"XML hỏng ({vi})", f"broken XML ({en})", place)

    def take(self) -> list[Any]:
        """The records completed since the last call."""
        done, self.done = self.done, []
        return done

    def refuse(self, *_: object) -> None:
        """A document type declaration ends the reading."""
        raise _RefusedXmlError("doctype")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens; its attributes are values like those of its children."""
        if len(self.open) >= _MAX_DEPTH:
            raise _RefusedXmlError("nested_too_deep")
        inner: dict[str, Any] = {
            _local(name): value for name, value in attributes.items() if not name.startswith("xmlns")
        }
        self.open.append((_local(tag), inner, [], self.held))
        self.hold(_ELEMENT + sum(map(len, attributes.values())))

    def hold(self, size: int) -> None:
        """So much more is held until its record is complete."""
        self.held += size
        if self.held > _MOST_HELD:
            raise _RefusedXmlError("too_large")

    def text(self, text: str) -> None:
        """Text inside the open element."""
        if self.open:
            texts = self.open[-1][2]
            texts.append(text)
            self.hold(len(text))
            if len(texts) * _PIECE > _LONGEST and sum(map(len, texts)) > _LONGEST:
                raise _RefusedXmlError("too_large")

    def end(self, tag: str) -> None:
        """An element closes, and is a value of the one around it."""
        name, inner, texts, before = self.open.pop()
        value: Any = inner or "".join(texts).strip()
        if not self.open:
            self.root = value
            return
        if self.id_keys and not self.id_keys.isdisjoint(inner):
            self.done.append(value)
            self.held = before
            return
        around = self.open[-1][1]
        if name not in around:
            around[name] = value
        elif isinstance(around[name], list):
            around[name].append(value)
        else:
            around[name] = [around[name], value]


def _local(name: str) -> str:
    return name.rpartition(":")[2]
