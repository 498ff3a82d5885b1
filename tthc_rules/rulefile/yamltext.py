"""Text -> a tree of plain immutable nodes with places; the only importer of `yaml`.

Strict and safe: of PyYAML only the event stream is used, never a constructor or a resolver. A file is one document of
text, integers, `true`, `false` and `null`, written out in full: no tags, anchors, aliases, merge keys, directives or
duplicate keys. What is wrong is collected and reported together, each with its place and an excerpt.
"""

from __future__ import annotations

import os
import re
import stat
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias
from unicodedata import combining, east_asian_width, is_normalized

import yaml

from tthc_rules import errors
from tthc_rules.errors import Problem, RuleFileError
from tthc_rules.rulefile import complaints

__all__ = [
    "Document",
    "Fields",
    "Limits",
    "Listing",
    "Mark",
    "Node",
    "Scalar",
    "SourceText",
    "parse",
    "plain",
    "read",
    "read_bytes",
]

PlainValue: TypeAlias = "dict[str, PlainValue] | list[PlainValue] | str | int | bool | None"

# libyaml when it is there, much faster: it reads all that PyYAML alone reads, alike (tested), and `[a?]` and `|#` too
_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

_MOST_READ: Final = 1 << 24
"""Bytes of a file that are looked at: more than any limit, so that the limit is what is told."""
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_LITERALS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_DIRECTIVE: Final = re.compile(r"(?:[ ]*+(?:#.*+)?+\r?\n)*+%")
# controls, halves of surrogate pairs, no characters; and those that cannot be seen (but their escapes can)
_UNREADABLE: Final = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
_HIDDEN: Final = re.compile(
    rf"[{_UNREADABLE}\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
    r"|\r(?!\n)"
)
_FAULTS: Final = {  # words of the parser -> what is not used in rule files, and not merely written wrongly
    "Unicode character escape": complaints.yaml_encoding(escape=True),
    " tag": complaints.yaml_tag("!"),
    "an anchor": complaints.yaml_anchor(""),
    "an alias": complaints.yaml_alias(""),
}
_TOO_DEEP: Final = "exceeded maximum nesting depth"  # libyaml from 0.2.6 on, at a depth far above ours
_HIDDEN_VALUE: Final = re.compile(rf"[{_UNREADABLE}\r]")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may ask of its reader; `problems` is how many are reported before reading stops."""

    bytes: int = 1_048_576
    depth: int = 32
    nodes: int = 100_000
    scalar: int = 20_000
    problems: int = 100

    def __post_init__(self) -> None:
        if not (0 < self.depth <= 200 and self.problems > 0):
            raise ValueError("Limits: depth must be 1 to 200 and problems at least 1")


class Mark(NamedTuple):
    """A place in a text, both numbers counted from 1, columns in characters."""

    line: int
    column: int


class Scalar(NamedTuple):
    """One value; `plain` says that it was written without quotes."""

    value: str | int | bool | None
    mark: Mark
    plain: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of nodes."""

    items: tuple[Node, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping in the order of the file; every key is a `Scalar` of text and stands once."""

    entries: tuple[tuple[Scalar, Node], ...]
    mark: Mark


Node: TypeAlias = Scalar | Listing | Fields
_START: Final = Mark(1, 1)


@dataclass(frozen=True)
class SourceText:
    """A decoded text and its name, for showing places in it."""

    name: str
    text: str  # without byte order mark

    @cached_property
    def lines(self) -> list[str]:
        """The lines as an editor numbers them, without their ends."""
        return [line.removesuffix("\r") for line in self.text.split("\n")]

    def is_end(self, row: int, column: int) -> bool:
        """Whether nothing follows that place, both numbers counted from 0."""
        return not "".join(self.lines[row : row + 1])[column:] and not any(self.lines[row + 1 :])

    def place(self, mark: Mark) -> str:
        """`name:line:column`."""
        return f"{self.name}:{mark.line}:{mark.column}"

    def excerpt(self, mark: Mark, width: int = 100) -> str:
        """The line, cut to about `width` characters, and under it a caret."""
        line = self.lines[mark.line - 1] if mark.line <= len(self.lines) else ""
        index = mark.column - 1
        begin = max(0, index - width // 2)
        before, after = line[begin:index], line[index : begin + width]
        left, right = "…" if begin else "", "…" if begin + width < len(line) else ""
        return f"{left}{_visible(before + after)}{right}\n{' ' * (len(left) + _columns(before))}^"

    def locate(self, problem: Problem, mark: Mark) -> Problem:
        """The problem with its place and excerpt filled in."""
        return problem.at(self.place(mark), self.excerpt(mark))


@dataclass(frozen=True, slots=True)
class Document:
    """The tree of one file with the text it came from, for errors that are found later."""

    root: Node
    source: SourceText

    def find(self, path: Sequence[str | int], key: bool = False) -> Mark:
        """Where `path` stands in the file (its key, if `key`): the nearest node above where it does not exist.

        Steps that name nothing in the file are passed over: pydantic puts the names of union members among them, and
        `[key]` last when it is the key itself that is wrong.
        """
        key = key or "[key]" in path[-1:]
        node, mark = self.root, self.root.mark
        for step in path:
            if isinstance(node, Listing) and type(step) is int and 0 <= step < len(node.items):
                node = node.items[step]
                mark = node.mark
            elif isinstance(node, Fields):
                for named, value in node.entries:
                    if named.value == step:
                        node, mark = value, named.mark if key else value.mark
                        break
        return mark

    def locate(self, problem: Problem, path: Sequence[str | int], key: bool = False) -> Problem:
        """The problem with the place and excerpt of `path` filled in."""
        return self.source.locate(problem, self.find(path, key))


def parse(text: str | bytes, source: str, limits: Limits = Limits()) -> Node:
    """The tree of one file, or a `RuleFileError` with everything that is wrong with its text."""
    return read(text, source, limits).root


def read(text: str | bytes, source: str, limits: Limits = Limits()) -> Document:
    """Like `parse`, keeping the text for showing places in it."""
    decoded = _decode(text, source, limits)
    reader = _YamlReader(decoded, limits)
    try:
        reader.check_characters()
        reader.consume()
    except _StopReadingError:
        pass
    if reader.found or reader.root is None:
        found = sorted(reader.found, key=lambda item: (item[1].code == "TR-yaml-more", item[0].line, item[0].column))
        problems = [decoded.locate(problem, mark) for mark, problem in found]
        raise RuleFileError(problems or [decoded.locate(complaints.yaml_empty(file=True), _START)])
    return Document(reader.root, decoded)


def read_bytes(path: Path) -> bytes:
    """The bytes of a plain file: a device or a FIFO would keep the reader waiting, or never end.

    Raises `OSError` where there is no such file or it cannot be read, `RuleFileError` for a name that is no text.
    """
    if (problem := errors.file_name_not_text(str(path))) is not None:
        raise RuleFileError(problem)
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("không phải tệp thường / not a plain file")
        return file.read(_MOST_READ)


def plain(node: Node) -> PlainValue:
    """The node as JSON-like Python values."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return {str(key.value): plain(value) for key, value in node.entries}


class _StopReadingError(Exception):
    """Nothing after this point can be trusted."""


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been read yet."""

    mark: Mark
    is_mapping: bool
    nodes: list[Node] = field(default_factory=list)
    keys: list[Scalar] = field(default_factory=list)
    seen: dict[str, Mark] = field(default_factory=dict)

    @property
    def awaits_key(self) -> bool:
        return self.is_mapping and len(self.keys) == len(self.nodes)

    def close(self) -> Node:
        if self.is_mapping:
            return Fields(tuple(zip(self.keys, self.nodes, strict=True)), self.mark)
        return Listing(tuple(self.nodes), self.mark)


class _YamlReader:
    """Turns the events of one text into a tree, collecting what is wrong."""

    def __init__(self, source: SourceText, limits: Limits) -> None:
        self.source, self.limits = source, limits
        self.found: list[tuple[Mark, Problem]] = []
        self.root: Node | None = None
        self._open: list[_Open] = []
        self._count = self._documents = 0
        self._not_nfc = False
        self._misread = False  # a fault already found makes what the parser says about syntax worthless

    def report(self, mark: Mark, problem: Problem) -> None:
        """Keep one problem; stop when there are more than anyone would read."""
        self.found.append((mark, problem))
        if len(self.found) >= self.limits.problems:
            self.found.append((mark, complaints.yaml_more(self.limits.problems)))
            raise _StopReadingError

    def check_characters(self) -> None:
        """What can be said about the text before it is read as YAML."""
        for mark in _in_lines(self.source, lambda text: found.start() if (found := _HIDDEN.search(text)) else -1):
            self.report(mark, complaints.yaml_encoding(self.source.lines[mark.line - 1][mark.column - 1]))
        if self.found:
            raise _StopReadingError
        for mark in _in_lines(self.source, lambda text: text.find("\t")):
            self.report(mark, complaints.yaml_tab())
        if head := _DIRECTIVE.match(self.source.text):
            self.report(Mark(head[0].count("\n") + 1, 1), complaints.yaml_directive())
        self._misread = bool(self.found)
        for mark in _in_lines(self.source, _first_decomposed):
            self._not_nfc = True
            self.report(mark, complaints.yaml_nfc())

    def consume(self) -> None:
        """Read all events; a syntax error ends the reading and keeps what was found before."""
        mark, taken = _START, 0
        try:
            for event in yaml.parse(self.source.text, Loader=_LOADER):
                at, taken = event.start_mark, taken + 1
                if at is not None:
                    mark = Mark(at.line + 1, at.column + 1)
                self._take(event, mark)
        except yaml.MarkedYAMLError as error:
            at, begun = error.problem_mark, error.context_mark
            if at is not None and _TOO_DEEP in (error.problem or ""):
                self._find_depth(at, taken)
            if begun is not None and (at is None or self.source.is_end(at.line, at.column)):
                at = begun  # the text ended too early: show where the thing that is open began
            self._syntax(_mark(at, mark), f"{error.context or ''}: {error.problem or ''}")
        except (yaml.YAMLError, ValueError, OverflowError) as error:  # PyYAML in Python lets chr() fail
            self._syntax(mark, f"Unicode character escape: {error}")

    def _find_depth(self, at: yaml.Mark | yaml._yaml.Mark, taken: int) -> None:
        """Go on with the text before `at`, where the parser gave up nesting: our limit was passed in it.

        The parser reads ahead, so it may give up before the events of what it has read are out.
        """
        before = self.source.lines[: at.line + 1]
        text = "\n".join([*before[:-1], before[-1][: at.column]])
        with suppress(yaml.YAMLError):
            for event in islice(yaml.parse(text, Loader=_LOADER), taken, None):
                self._take(event, _mark(event.start_mark, _START))
        self.report(_mark(at, _START), complaints.yaml_depth(self.limits.depth))
        raise _StopReadingError

    def _syntax(self, mark: Mark, said: str) -> None:
        fault = next((problem for words, problem in _FAULTS.items() if words in said), None)
        if fault or not self._misread:
            self.report(mark, fault or complaints.yaml_syntax(said))

    def _take(self, event: yaml.Event, mark: Mark) -> None:
        if isinstance(event, yaml.NodeEvent):
            self._count += 1
            if self._count > self.limits.nodes:
                self.report(mark, complaints.yaml_nodes(self.limits.nodes))
                raise _StopReadingError
            if isinstance(event, yaml.ScalarEvent):
                self._take_scalar(event, mark)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._take_start(event, mark)
            else:
                self.report(mark, complaints.yaml_alias(event.anchor or ""))
                self._place(Scalar("", mark, plain=False), known=False)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._place(self._open.pop().close())
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self.report(mark, complaints.yaml_documents())
                raise _StopReadingError

    def _take_start(self, event: yaml.CollectionStartEvent, mark: Mark) -> None:
        self._take_marks(event, mark)
        if len(self._open) >= self.limits.depth:
            self.report(mark, complaints.yaml_depth(self.limits.depth))
            raise _StopReadingError
        self._open.append(_Open(mark, isinstance(event, yaml.MappingStartEvent)))

    def _take_marks(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, mark: Mark) -> None:
        """An anchor or a tag on a node."""
        if event.anchor is not None:
            self.report(mark, complaints.yaml_anchor(event.anchor))
        if event.tag is not None:
            self.report(mark, complaints.yaml_tag(event.tag.replace("tag:yaml.org,2002:", "!!")))

    def _take_scalar(self, event: yaml.ScalarEvent, mark: Mark) -> None:
        if event.anchor is not None or event.tag is not None:
            self._take_marks(event, mark)
        written, is_plain = event.value, not event.style
        is_empty = is_plain and not written
        if len(written) > self.limits.scalar:
            self.report(mark, complaints.yaml_size(len(written), self.limits.scalar, scalar=True))
        if not written.isprintable() and (bad := _HIDDEN_VALUE.search(written)):
            self.report(mark, complaints.yaml_encoding(bad[0], escape="\ud800" <= bad[0] <= "\udfff"))
        elif not written.isascii() and not self._not_nfc and not is_normalized("NFC", written):
            self.report(mark, complaints.yaml_nfc())
        if is_empty and not self._open:
            self.report(_START, complaints.yaml_empty(file=True))
        elif is_empty and self._open[-1].awaits_key:
            self.report(mark, complaints.yaml_key())
        elif is_empty and event.tag is None:
            self.report(mark, complaints.yaml_empty())
        value: str | int | bool | None = written
        if is_plain:
            value = int(written) if _INTEGER.fullmatch(written) else _LITERALS.get(written, written)
        self._place(Scalar(value, mark, is_plain), known=not is_empty)

    def _place(self, node: Node, known: bool = True) -> None:
        """Put a finished node where it belongs; `known` is false for one that stands in for a fault."""
        if not self._open:
            self.root = node
        elif self._open[-1].awaits_key:
            self._place_key(self._open[-1], node, known)
        else:
            self._open[-1].nodes.append(node)

    def _place_key(self, parent: _Open, node: Node, known: bool) -> None:
        key = node if isinstance(node, Scalar) else Scalar("", node.mark, plain=False)
        parent.keys.append(key)
        if key is not node:
            self.report(node.mark, complaints.yaml_key())
        elif not isinstance(key.value, str):
            written = next((word for word, value in _LITERALS.items() if value is key.value), str(key.value))
            self.report(key.mark, complaints.yaml_key(written))
        elif key.plain and key.value == "<<":
            self.report(key.mark, complaints.yaml_merge())
        elif key.value in parent.seen:
            self.report(key.mark, complaints.yaml_duplicate(key.value, self.source.place(parent.seen[key.value])))
        elif known:
            parent.seen[key.value] = key.mark


def _decode(text: str | bytes, name: str, limits: Limits) -> SourceText:
    size = len(text)
    if isinstance(text, str) and size <= limits.bytes:
        size = len(text.encode("utf-8", "surrogatepass"))
    if size > limits.bytes:
        raise RuleFileError(complaints.yaml_size(size, limits.bytes).at(f"{name}:1:1"))
    if isinstance(text, str):
        return SourceText(name, text.removeprefix("\ufeff"))
    try:
        return SourceText(name, text.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8").removeprefix("\ufeff")
        mark = Mark(before.count("\n") + 1, len(before) - before.rfind("\n"))
        shown = SourceText(name, text.decode("utf-8", "replace").removeprefix("\ufeff"))
        raise RuleFileError(shown.locate(complaints.yaml_encoding(), mark)) from None


def _mark(at: yaml.Mark | yaml._yaml.Mark | None, otherwise: Mark) -> Mark:
    return otherwise if at is None else Mark(at.line + 1, at.column + 1)


def _in_lines(source: SourceText, find: Callable[[str], int]) -> Iterator[Mark]:
    """The first place in each line where `find` finds something."""
    if find(source.text) >= 0:
        for number, line in enumerate(source.lines, 1):
            if (index := find(line)) >= 0:
                yield Mark(number, index + 1)


def _first_decomposed(text: str, step: int = 512, overlap: int = 32) -> int:
    """The index of the first letter that is not NFC, looked for in short pieces so that the time stays linear."""
    if is_normalized("NFC", text):
        return -1
    for begin in range(0, len(text), step):
        start = max(0, begin - overlap)
        piece = text[start : begin + step]
        if not is_normalized("NFC", piece):
            index = bisect_left(range(len(piece) + 1), True, key=lambda end: not is_normalized("NFC", piece[:end])) - 1
            while index > 0 and combining(piece[index]):
                index -= 1
            return start + index
    return 0


def _visible(text: str) -> str:
    return "".join("→" if c == "\t" else c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _columns(text: str) -> int:
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
