"""A flat function while it is being written: its lines, its variables, and which of them holds which meaning where."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from tthc_rules.errors import EngineError, Problem
from tthc_rules.law import clock

NONE: Final = clock.NONE
MOST_LINES: Final = 200_000


class Lines:
    """Lines of source, indented by the blocks that they stand in."""

    def __init__(self, depth: int) -> None:
        self.lines: list[str] = []
        self.depth = depth

    def add(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)
        if len(self.lines) > MOST_LINES:
            raise EngineError(_too_large())

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        self.add(head)
        self.depth += 1
        yield
        self.depth -= 1


@dataclass(slots=True)
class Scope:
    """The variables that hold a meaning here; an inner scope sees those of the outer one."""

    outer: Scope | None = None
    known: dict[object, str] = field(default_factory=dict)

    def find(self, meaning: object) -> str | None:
        found = self.known.get(meaning)
        return found if found is not None or self.outer is None else self.outer.find(meaning)


class Writing:
    """A function being written: its lines, and which variable holds which meaning where."""

    def __init__(self) -> None:
        self._asked: dict[object, set[Hashable]] = {}
        self._asking: Hashable | None = None
        self._order: dict[object, Callable[[], object]] | None = None
        self._reset()

    def _reset(self) -> None:
        self.lines, self.scope, self._variables = Lines(3), Scope(), 0
        self._asking = None

    def _variable(self) -> str:
        self._variables += 1
        return f"v{self._variables}"

    def _meaning(self, meaning: object, write: Callable[[str], None]) -> str:
        """The variable that holds a meaning, written here if no scope around has it."""
        if self._asking is not None and self._order is not None:
            self._asked.setdefault(meaning, set()).add(self._asking)
        found = self.scope.find(meaning)
        if found is None:
            found = self._variable()
            self.scope.known[meaning] = found
            write(found)
            if self._order is not None:
                self._order.setdefault(meaning, lambda: self._meaning(meaning, write))
        return found

    def _expression(self, meaning: object, text: Callable[[], str]) -> str:
        return self._meaning(meaning, lambda name: self.lines.add(f"{name} = {text()}"))

    @contextmanager
    def _inner(self, head: str) -> Iterator[None]:
        """A block whose variables nobody outside it may use."""
        self.scope = Scope(self.scope)
        with self.lines.block(head):
            before = len(self.lines.lines)
            yield
            if len(self.lines.lines) == before:
                self.lines.add("pass")
        assert self.scope.outer is not None
        self.scope = self.scope.outer


def out_of(column: int) -> str:
    return f"out[{column} * n + k]"


def _too_large() -> Problem:
    return Problem(
        "TR-rule-size",
        "rules",
        "các quy tắc cùng điều chỉnh một hồ sơ quá nhiều để ghép lại",
        "too many rules govern one dossier to be put together",
    )
