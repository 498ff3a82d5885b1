"""A mutant put in the place of the sound code of this process: a forked child that ends with it.

What a function does is exchanged in place: the functions stay the objects they are, wherever they were imported to, and
run other code. What a module does while it is imported (constants, defaults, the bodies of classes) cannot be mended
so: then the whole library is imported anew with the mutant in it.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from inspect import CO_NEWLOCALS
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Final, Literal

from .making import PACKAGE, Mutant, Source

Place = Literal["functions", "import", "nowhere"]

TESTS: Final = Path(__file__).parents[1]


class Exchange:
    """The functions of one module as they live in this process, found once, before any child is forked."""

    def __init__(self, source: Source) -> None:
        self._sound = compile(source.text, str(source.path), "exec", dont_inherit=True)
        self._living: dict[CodeType, list[FunctionType]] = {}
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and one.__code__.co_filename == str(source.path):
                self._living.setdefault(one.__code__, []).append(one)

    def place_of(self, mutant: Mutant) -> Place:
        """Where its change is: in functions, in what is done while the module is imported, or nowhere."""
        changed = list(_changed(self._sound, self._compiled(mutant)))
        if not changed:
            return "nowhere"
        return "functions" if all(self._lives(within) for _, _, within in changed) else "import"

    def put(self, mutant: Mutant) -> None:
        """Let every function that differs run the code of the mutant."""
        for old, new, _ in _changed(self._sound, self._compiled(mutant)):
            for one in self._living.get(old, ()):
                one.__code__ = new

    def _lives(self, within: tuple[CodeType, ...]) -> bool:
        return any(code in self._living for code in within)

    def _compiled(self, mutant: Mutant) -> CodeType:
        return compile(mutant.text, str(mutant.source.path), "exec", dont_inherit=True)


def _changed(
    old: CodeType, new: CodeType, within: tuple[CodeType, ...] = ()
) -> Iterator[tuple[CodeType, CodeType, tuple[CodeType, ...]]]:
    """The pairs of code that differ in what they do, or in a function that they make; and what they stand in."""
    within = (*within, old)
    before, after = _inside(old), _inside(new)
    differ = len(before) != len(after)
    for one, other in zip(before, after, strict=False):
        yield from () if differ else _changed(one, other, within)
    if differ or not _does_the_same(old, new) or (old.co_flags & CO_NEWLOCALS and before != after):
        yield old, new, within


def _does_the_same(old: CodeType, new: CodeType) -> bool:
    def parts(code: CodeType) -> object:
        consts = [(type(one), repr(one)) for one in code.co_consts if not isinstance(one, CodeType)]
        return code.co_code, consts, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars

    return parts(old) == parts(new)


def _inside(code: CodeType) -> list[CodeType]:
    return [one for one in code.co_consts if isinstance(one, CodeType)]


class _Served(MetaPathFinder, Loader):
    """Serves one module with the mutant in it."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        source = self._mutant.source
        if fullname != source.full_name:
            return None
        is_package = source.path.name == "__init__.py"
        spec = spec_from_loader(fullname, self, origin=str(source.path), is_package=is_package)
        if spec is not None:
            spec.has_location = True
            if is_package:
                spec.submodule_search_locations = [str(source.path.parent)]
        return spec

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._mutant.text, str(self._mutant.source.path), "exec", dont_inherit=True), vars(module))


def forget(mutant: Mutant, tests: Iterable[Path]) -> None:
    """Forget the library and its tests; whoever imports them from now on has them with the mutant."""
    sys.meta_path.insert(0, _Served(mutant))
    files = frozenset(map(str, tests))
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        is_test = file in files or TESTS in Path(file).parents
        if name.partition(".")[0] == PACKAGE or (is_test and not name.startswith(f"{__package__}")):
            del sys.modules[name]
