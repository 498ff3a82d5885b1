"""A library with one seeded bug beside the sound one, in one process: changed sources run as private modules.

`World(module, old, new)` changes one text of one module. Every module of the library that imports it, directly or not,
is then loaded again as a private copy; `sys.modules` never sees them, and what is not affected is shared.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from types import CodeType, ModuleType
from typing import Any, Final
from weakref import finalize

PACKAGE: Final = "tthc_rules"
SHARED: Final = frozenset(
    f"{PACKAGE}.{name}"
    for name in ("errors", "library", "law.dossier", "law.rule", "law.complaints", "law.corpus", "result.verdict")
)
"""Never copied: their classes cross the border between the two worlds."""


class SnippetError(AssertionError):
    """The text that a bug changes is not in the source as often as it should be: the list must follow the source."""


@cache
def path_of(module: str) -> Path:
    """The source file of a module."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise SnippetError(f"there is no module {module}")
    return Path(spec.origin)


def changed(module: str, old: str, new: str, nth: int = 1, of: int = 1) -> str:
    """The source with the nth of so many occurrences replaced."""
    source = path_of(module).read_text(encoding="utf-8")
    parts = source.split(old)
    if len(parts) - 1 != of:
        raise SnippetError(f"{module}: “{old}” is there {len(parts) - 1} times, the list of bugs says {of}: update it")
    return old.join(parts[:nth]) + new + old.join(parts[nth:])


@cache
def imports() -> Mapping[str, frozenset[str]]:
    """Which modules of the library each of them imports."""
    root = path_of(PACKAGE).parent
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = path
    return {name: _imported(path, frozenset(found)) for name, path in found.items()}


def _imported(path: Path, known: frozenset[str]) -> frozenset[str]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError:
        return frozenset()  # what does not compile is in no engine
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(names & known)


def affected_by(module: str) -> frozenset[str]:
    """The module and all that import it, but for those that both worlds share."""
    found = {module}
    while True:
        more = {name for name, used in imports().items() if used & found and name not in SHARED} - found
        if not more:
            return frozenset(found)
        found |= more


@cache
def _compiled(module: str) -> CodeType:
    path = path_of(module)
    return compile(path.read_text(encoding="utf-8"), str(path), "exec")


class World:
    """The library with one text changed; modules are loaded when they are asked for."""

    def __init__(self, module: str, old: str, new: str, nth: int = 1, of: int = 1) -> None:
        self.module = module
        self.source = changed(module, old, new, nth, of)
        self.affected = affected_by(module)
        self._loaded: dict[str, ModuleType] = {}

    def load(self, name: str) -> Any:
        """The module of that name in this world."""
        if name not in self.affected:
            return import_module(name)
        module = self._loaded.get(name)
        if module is None:
            import_module(name)  # dataclasses look their module up by its name
            module = self._loaded[name] = ModuleType(name)
            module.__file__ = str(path_of(name) if name != self.module else self._written())
            space = vars(module)
            space["__builtins__"] = {**vars(builtins), "__import__": self._import}
            code = compile(self.source, f"<{name} with a bug>", "exec") if name == self.module else _compiled(name)
            exec(code, space)
        return module

    def _written(self) -> Path:
        """The changed source as a file: what is compiled to machine code is read from there."""
        folder = Path(mkdtemp())
        finalize(self, rmtree, folder, ignore_errors=True)
        path = folder / path_of(self.module).name
        path.write_text(self.source, encoding="utf-8")
        return path

    def _import(
        self,
        name: str,
        space: Mapping[str, object] | None = None,
        local: Mapping[str, object] | None = None,
        wanted: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        if not name.startswith(PACKAGE) or not wanted:
            return builtins.__import__(name, space, local, wanted or (), level)
        module = self.load(name)
        inside = {word: self.load(f"{name}.{word}") for word in wanted if f"{name}.{word}" in self.affected}
        if not inside:
            if name not in self.affected:
                builtins.__import__(name, space, local, wanted, level)  # binds submodules
                module = sys.modules[name]
            return module
        front = ModuleType(name)
        vars(front).update(vars(module), **inside)
        return front
