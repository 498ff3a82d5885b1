"""The mutants of a module: which texts of its source become which others, by its syntax tree."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from difflib import unified_diff
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final

PACKAGE: Final = "tthc_rules"

COMPARED: Final[dict[type[ast.cmpop], tuple[str, tuple[str, ...]]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
COUNTED: Final[dict[type[ast.operator], tuple[str, str]]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "//"),
    ast.FloorDiv: ("//", "*"),
    ast.Div: ("/", "*"),
    ast.Mod: ("%", "//"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
}
TWICE: Final[dict[type[ast.cmpop], int]] = {ast.Lt: 1, ast.GtE: 1, ast.LtE: -1, ast.Gt: -1}
"""What added to the number on the right of a comparison says what another operator says: of whole numbers, once is
enough. On the left it is the other way round."""
CALLED: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
TAKEN_OUT: Final = (ast.Assign, ast.AugAssign, ast.Expr, ast.Break, ast.Continue, ast.Raise, ast.Delete)


class NoModuleError(LookupError):
    """The library has no module of that name."""


@dataclass(frozen=True)
class Source:
    """The text of one module, named as people say it: `law.clock`."""

    module: str
    path: Path
    text: str

    @classmethod
    def of(cls, module: str) -> Source:
        """The source of a module of the library."""
        name = module.removeprefix(f"{PACKAGE}.")
        try:
            spec = find_spec(f"{PACKAGE}.{name}")
        except ModuleNotFoundError:
            spec = None
        if spec is None or spec.origin is None:
            raise NoModuleError(f"{PACKAGE} has no module {name}")
        path = Path(spec.origin)
        return cls(name, path, path.read_text(encoding="utf-8"))

    @property
    def full_name(self) -> str:
        """The name by which it is imported."""
        return f"{PACKAGE}.{self.module}"

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n"))

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        """Where each line begins."""
        at, found = 0, []
        for line in self.lines:
            found.append(at)
            at += len(line) + 1
        return tuple(found)

    def place(self, line: int, column: int) -> int:
        """The place in the text of a position of the syntax tree, which counts bytes."""
        text = self.lines[line - 1]
        return self._starts[line - 1] + (
            column if text.isascii() else len(text.encode()[:column].decode("utf-8", "ignore"))
        )

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """From where to where a node stands."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.place(node.lineno, node.col_offset), self.place(node.end_lineno, node.end_col_offset)

    def line_at(self, place: int) -> int:
        """The line, from 1, on which a place of the text lies."""
        return self.text.count("\n", 0, place) + 1


@dataclass(frozen=True)
class Mutant:
    """One text of a module and what it becomes."""

    source: Source
    start: int
    end: int
    new: str
    first: int
    """The first line of the statement that it stands in, and the last: who runs one of them reaches it."""
    last: int
    key: str = ""

    @property
    def old(self) -> str:
        """The text that it changes."""
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        """The line, from 1, on which it begins."""
        return self.source.line_at(self.start)

    @property
    def text(self) -> str:
        """The source of the module with it."""
        text = self.source.text
        return f"{text[: self.start]}{self.new}{text[self.end :]}"

    def said(self) -> tuple[str, str]:
        """Its line (or lines), and what becomes of it, without the blanks at both ends."""
        text = self.source.text
        begins = text.rfind("\n", 0, self.start) + 1
        ends = text.find("\n", self.end)
        ends = len(text) if ends < 0 else ends
        line = text[begins:ends].strip()
        return line, f"{text[begins : self.start]}{self.new}{text[self.end : ends]}".strip()

    def diff(self) -> str:
        """The change as people read it."""
        name = f"{self.source.full_name.replace('.', '/')}.py"
        changed = unified_diff(self.source.text.split("\n"), self.text.split("\n"), name, name, n=1, lineterm="")
        return "\n".join(list(changed)[2:])


def mutants_of(source: Source) -> tuple[Mutant, ...]:
    """All mutants of a module, in the order of its text."""
    made = sorted(_Maker(source).made(), key=lambda one: (one.start, one.end, one.new))
    seen: Counter[str] = Counter()
    keyed = []
    for mutant in made:
        said = _context(mutant)
        seen[said] += 1
        key = sha256(f"{said}\0{seen[said]}".encode()).hexdigest()[:12]
        keyed.append(Mutant(mutant.source, mutant.start, mutant.end, mutant.new, mutant.first, mutant.last, key))
    return tuple(keyed)


def _context(mutant: Mutant) -> str:
    """What a key is made of: the module, the line and the two beside it, the place in the line, and the change."""
    source, line = mutant.source, mutant.line
    beside = [source.lines[at - 1].strip() for at in (line - 1, line, line + 1) if 0 < at <= len(source.lines)]
    column = mutant.start - source.place(line, 0) - (len(source.lines[line - 1]) - len(source.lines[line - 1].lstrip()))
    return "\0".join([source.module, *beside, str(column), mutant.old, mutant.new])


class _Maker(ast.NodeVisitor):
    """Walks a syntax tree; what only a checker of types or a reader sees is passed by."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._found: list[Mutant] = []
        self._statement: ast.stmt | None = None
        self._twice: dict[ast.AST, int] = {}
        """Numbers of comparisons, and what is not to be added to them."""

    def made(self) -> list[Mutant]:
        self.visit(ast.parse(self.source.text))
        return self._found

    # -- where it stands -----------------------------------------------------------------------------------------------

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.stmt):
            before, self._statement = self._statement, node
            self._of_statement(node)
            super().visit(node)
            self._statement = before
        else:
            super().visit(node)

    def _add(self, start: int, end: int, new: str) -> None:
        statement = self._statement
        assert statement is not None
        body: list[ast.stmt] = getattr(statement, "body", [])  # of a block the head alone
        first, last = statement.lineno, body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
        last = max(last, self.source.line_at(end))
        self._found.append(Mutant(self.source, start, end, new, first, last))

    def _becomes(self, node: ast.expr | ast.stmt, new: str) -> None:
        self._add(*self.source.span(node), new)

    def _between(self, left: ast.expr, right: ast.expr, old: str, news: tuple[str, ...]) -> None:
        """An operator that stands between two nodes."""
        start, end = self.source.span(left)[1], self.source.span(right)[0]
        word = re.escape(old).replace(r"\ ", r"\s+")
        found = re.search(rf"\b{word}\b" if old[0].isalpha() else word, self.source.text[start:end])
        assert found is not None
        for new in news:
            self._add(start + found.start(), start + found.end(), new)

    # -- statements ----------------------------------------------------------------------------------------------------

    def _of_statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Expr(value=ast.Constant()):
                return  # a docstring
            case ast.Return(value=value) if value is not None:
                if not (isinstance(value, ast.Constant) and value.value is None):
                    self._becomes(node, "return None")
            case ast.Return():
                self._becomes(node, "pass")
            case ast.AnnAssign(value=value) if value is not None:
                return  # without it the name is not there: every test would fail
            case ast.AugAssign(target=target, op=op, value=value):
                self._becomes(node, "pass")
                old, new = COUNTED.get(type(op), ("", ""))
                if old:
                    self._between(target, value, f"{old}=", (f"{new}=",))
            case ast.Assign(targets=[ast.Name()]) if self._is_at_top(node):
                return
            case _ if isinstance(node, TAKEN_OUT):
                self._becomes(node, "pass")

    def _is_at_top(self, node: ast.stmt) -> bool:
        return node.col_offset == 0

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_arg(self, node: ast.arg) -> None:
        return

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        self.visit(node.args)
        for statement in node.body:
            self.visit(statement)

    def visit_If(self, node: ast.If) -> None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        self._asked(node.test)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self._asked(node.test)
        self.generic_visit(node)

    # -- expressions ---------------------------------------------------------------------------------------------------

    def _asked(self, test: ast.expr) -> None:
        """A condition that says nothing that could be turned round by itself."""
        turns = isinstance(test, (ast.Compare, ast.BoolOp, ast.Constant))
        if not turns and not (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)):
            start, end = self.source.span(test)
            self._add(start, end, f"not ({self.source.text[start:end]})")

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._asked(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self._asked(test)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for left, op, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            self._between(left, right, *COMPARED[type(op)])
            if type(op) in TWICE:
                self._twice[right] = TWICE[type(op)]
                self._twice.setdefault(left, -TWICE[type(op)])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """One side is left out, each in its turn."""
        neutral = "True" if isinstance(node.op, ast.And) else "False"
        for value in node.values:
            self._becomes(value, neutral)
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        if len(node.values) == 2:
            start, end = self.source.span(node.values[0])[1], self.source.span(node.values[1])[0]
            at = re.search(rf"\b{old}\b", self.source.text[start:end])
            if at is not None:
                self._add(start + at.start(), start + at.end(), new)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            start, end = self.source.span(node)
            inner = self.source.span(node.operand)
            self._add(start, end, f"({self.source.text[inner[0] : inner[1]]})")
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            self._number(node, -_whole(node.operand))
            return
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self._becomes(node, str(not node.value))
        elif isinstance(node.value, int):
            self._number(node, node.value)

    def _number(self, node: ast.expr, value: int) -> None:
        for more in (1, -1):
            if self._twice.get(node) != more:
                self._becomes(node, str(value + more))

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in COUNTED and not _is_text(node.left) and not _is_text(node.right):
            old, new = COUNTED[type(node.op)]
            self._between(node.left, node.right, old, (new,))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in CALLED:
            self._becomes(node.func, CALLED[node.func.id])
        self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        return  # words for people


def _whole(node: ast.Constant) -> int:
    return node.value if isinstance(node.value, int) else 0


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
