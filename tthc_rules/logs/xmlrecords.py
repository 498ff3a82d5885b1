"""XML answers as objects of text: elements with children are objects, repeated ones lists, others their text.

No DOCTYPE, no entities, bounded depth; nothing of the text is told in an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from xml.parsers import expat

from tthc_rules.logs.sightings import BrokenError

__all__ = ["read_xml"]

_MAX_DEPTH: Final = 32
_REFUSED: Final = (
    "TR-message-xml",
    "doctype",
    "XML có DOCTYPE hoặc thực thể, không được nhận",
    "XML with a DOCTYPE or entity is refused",
)


class _RefusedXmlError(Exception):
    """Raised inside the parser's handlers: nothing of ours may pass through it with the text."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.about = about


def read_xml(text: str) -> Iterator[object]:
    """The value of an XML text; raises `BrokenError`."""
    builder = _Builder()
    about, place = "", ""
    try:
        builder.parser.Parse(text.encode("utf-8"), True)
    except _RefusedXmlError as refused:
        about = refused.about
    except expat.ExpatError as error:
        about, place = "xml", f":{error.lineno}:{error.offset + 1}"
    except (LookupError, ValueError):
        about = "encoding"
    if about == "doctype":
        raise BrokenError(*_REFUSED)
    if about:
        vi, en = _SAID[about]
        raise BrokenError("TR-message-xml", about, f"XML hỏng ({vi})", f"broken XML ({en})", place)
    yield builder.root


_SAID: Final = {
    "xml": ("không đúng cú pháp", "not well formed"),
    "nested_too_deep": ("lồng quá sâu", "nested too deep"),
    "encoding": ("mã hóa không đọc được", "an encoding that is not read"),
}


class _Builder:
    """Builds the tree as elements open and close."""

    def __init__(self) -> None:
        self.root: Any = None
        self.open: list[tuple[str, dict[str, Any], list[str]]] = []
        self.parser = expat.ParserCreate(encoding="utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse

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
        self.open.append((_local(tag), inner, []))

    def text(self, text: str) -> None:
        """Text inside the open element."""
        if self.open:
            self.open[-1][2].append(text)

    def end(self, tag: str) -> None:
        """An element closes, and is a value of the one around it."""
        name, inner, texts = self.open.pop()
        value: Any = inner or "".join(texts).strip()
        if not self.open:
            self.root = value
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
