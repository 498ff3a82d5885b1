"""XES event logs, trace by trace: bounded memory, no DOCTYPE, no entities, `<global>` defaults never taken as values.

Attributes of a trace come out under `case:` + key, those of an event under their key, as pm4py names them; a nested
attribute under `parent.child`, a `<list>` as a list of its values. Values of an XES `int`, `float` or `boolean` have
that type, all others are text as written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law.text import nfc
from tthc_rules.logs import complaints
from tthc_rules.logs.files import chunks

__all__ = ["XesTrace", "read_traces"]

MAX_TOKEN = 1024 * 1024
MAX_TRACE = 64 * 1024 * 1024
MAX_DEPTH = 16

_PLAIN = frozenset({"string", "date", "id"})
_TYPED = frozenset({"int", "float", "boolean"})
_NESTS = frozenset({"list", "container"})
_ATTRIBUTES = _PLAIN | _TYPED | _NESTS
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(slots=True)
class XesTrace:
    """One trace as written: its own attributes, its events with their lines, and what is wrong with it."""

    place: str
    attributes: dict[str, object] = field(default_factory=dict)
    events: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_traces(path: Path) -> Iterator[XesTrace]:
    """The traces of an `.xes` or `.xes.gz` file, each as soon as it is complete; broken XML is an `InputFileError`."""
    reader = _XesReader(str(path))
    for chunk in chunks(path):
        reader.feed(chunk)
        yield from reader.take()
    reader.feed(b"", final=True)
    yield from reader.take()


class _XesReader:
    """The state between two pieces of the file; the two handlers are called by expat for every element."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.done: list[XesTrace] = []
        self.trace: XesTrace | None = None
        self.target: dict[str, object] | None = None
        self.prefix = ""
        self.keys: list[str] = []
        self.lists: list[list[object] | None] = []
        self.rooted = self.too_large = False
        self.trace_start = self.last_byte = self.fed = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse

    def place(self) -> str:
        """The file and line that is being read."""
        return f"{self.path}:{self.parser.CurrentLineNumber}"

    def take(self) -> list[XesTrace]:
        """The traces completed since the last call."""
        done, self.done = self.done, []
        return done

    def feed(self, chunk: bytes, final: bool = False) -> None:
        """Parse one more piece, and keep what is held in memory within bounds."""
        try:
            self.parser.Parse(chunk, final)
        except expat.ExpatError as error:
            place = f"{self.path}:{error.lineno}:{error.offset + 1}"
            raise InputFileError(complaints.xml_broken(place, expat.ErrorString(error.code))) from error
        except (LookupError, ValueError) as error:  # of Python, whom expat asks about encodings that it does not know
            raise InputFileError(complaints.xml_encoding(self.place(), str(error))) from None
        self.fed += len(chunk)
        position = self.parser.CurrentByteIndex
        if self.fed - max(position, 0) > MAX_TOKEN + len(chunk):
            raise InputFileError(complaints.record_too_large(self.place(), f"{MAX_TOKEN} bytes"))
        if self.trace is not None and not self.too_large and position - self.trace_start > MAX_TRACE:
            self.too_large, self.target = True, None
            self.trace.problems.append(complaints.record_too_large(self.trace.place, f"{MAX_TRACE} bytes"))
            self.trace.events.clear()

    def refuse(self, *_: object) -> None:
        """A document type declaration ends the reading."""
        raise InputFileError(complaints.xml_forbidden(self.place()))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag in _ATTRIBUTES:
            if self.target is not None:
                self.attribute(tag, attributes)
        elif tag == "event":
            self.start_event()
        elif tag == "trace":
            if self.trace is not None:
                raise InputFileError(complaints.xml_broken(self.place(), "<trace> in <trace>"))
            self.trace = XesTrace(self.place())
            self.target, self.prefix = self.trace.attributes, "case:"
            self.keys, self.lists = [], []
            self.trace_start, self.too_large = self.parser.CurrentByteIndex, False
        elif not self.rooted and tag != "log":
            raise InputFileError(complaints.xml_broken(self.place(), f"<{tag}>, not <log>"))
        self.rooted = True

    def start_event(self) -> None:
        """An event opens; outside a trace it belongs to no dossier."""
        if self.trace is None:
            place = self.place()
            self.done.append(XesTrace(place, problems=[complaints.dossier_id_missing(place)]))
        elif not self.too_large:
            self.target, self.prefix = {}, ""
            self.trace.events.append((self.parser.CurrentLineNumber, self.target))

    def end(self, tag: str) -> None:
        """An element closes."""
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag in _ATTRIBUTES:
            if self.target is not None and self.keys:
                self.keys.pop()
                self.lists.pop()
        elif tag == "event":
            if self.trace is not None and not self.too_large:
                self.target, self.prefix = self.trace.attributes, "case:"
        elif tag == "trace" and self.trace is not None:
            self.done.append(self.trace)
            self.trace = self.target = None

    def attribute(self, tag: str, attributes: dict[str, str]) -> None:
        """One attribute of the open trace or event, perhaps inside another attribute."""
        key = nfc(attributes.get("key", ""))
        around = self.lists[-1] if self.lists else None
        values: list[object] | None = [] if tag == "list" else None
        self.keys.append(key)
        self.lists.append(values)
        if not key or len(self.keys) > MAX_DEPTH:
            self.complain(tag)
            return
        value: object = values if tag in _NESTS else attributes.get("value")
        if value is not None and tag in _TYPED:
            value = self.typed(tag, key, str(value))
        if value is None:
            return
        if around is not None:
            around.append(value)
        else:
            self.keep(self.prefix + (key if len(self.keys) == 1 else ".".join(self.keys)), value)

    def keep(self, name: str, value: object) -> None:
        """Put the value under its name; a second, different value is a conflict."""
        assert self.target is not None
        assert self.trace is not None
        if name in self.target and self.target[name] != value:
            self.trace.problems.append(complaints.attribute_conflict(self.place(), name, self.target[name], value))
        else:
            self.target[name] = value

    def complain(self, tag: str) -> None:
        """An attribute without a key, or nested too deep."""
        assert self.trace is not None
        self.trace.problems.append(
            complaints.record_unsuitable(
                self.place(),
                f"thuộc tính <{tag}> không có key, hoặc lồng sâu hơn {MAX_DEPTH} lớp",
                f"the attribute <{tag}> has no key, or is nested deeper than {MAX_DEPTH} levels",
            )
        )

    def typed(self, tag: str, key: str, text: str) -> object:
        """The text as `int`, `float` or `boolean`; one that is not is a problem of the trace."""
        try:
            if tag == "int":
                return int(text)
            if tag == "boolean":
                return _BOOLEANS[text.strip().lower()]
            number = float(text)
            if math.isfinite(number):
                return number
        except (ValueError, KeyError):
            pass
        assert self.trace is not None
        self.trace.problems.append(complaints.value_not_of_type(self.place(), key, text, tag))
        return None
