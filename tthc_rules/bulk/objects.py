"""Machine code for the flat loops, made once and kept in the cache folder under the digest of all it depends on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from inspect import signature
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, Final

from llvmlite import __version__ as compiler_version

from tthc_rules import cachefolder
from tthc_rules.bulk import objectfile, prepare, translator
from tthc_rules.bulk.loaded import LoadedCode
from tthc_rules.errors import EngineError, not_compiled
from tthc_rules.law import clock, steps
from tthc_rules.law.composed import PARAMETERS

_ONE_AT_A_TIME: Final = Lock()
"""CPython before 3.13 counts the depth of a syntax tree in one place for all threads: two that parse at once fail."""


@dataclass(frozen=True, slots=True)
class FlatSource:
    """A flat function: its source, and what its parameters are."""

    name: str
    source: str
    shape: Mapping[str, str]
    numbers: Mapping[str, int] = field(default_factory=dict)
    """What its module gives a name to or imports, and it may read."""
    vectors: bool = False
    """Whether its loops are worth doing several numbers at a time."""

    @classmethod
    def of(
        cls, name: str, source: str, parameters: Iterable[str], numbers: Collection[str], kinds: Mapping[str, str],
        nothing: Collection[str] = (),
    ) -> FlatSource:  # fmt: skip
        """All arrays hold `int32` unless `kinds` says otherwise."""
        shape = {
            parameter: "number" if parameter in numbers else "nothing" if parameter in nothing else "int32"
            for parameter in parameters
        }
        return cls(name, source, {**shape, **kinds})

    @classmethod
    def from_module(
        cls, module: ModuleType, name: str, numbers: Collection[str], kinds: Mapping[str, str],
        nothing: Collection[str] = (), vectors: bool = False,
    ) -> FlatSource:  # fmt: skip
        """The function of that module: what stands there up to the next two blank lines."""
        whole = "\n" + Path(module.__file__ or "").read_text(encoding="utf-8")
        source = whole[whole.index(f"\ndef {name}(") + 1 :].partition("\n\n\n")[0]
        named = {word: value for word, value in vars(module).items() if type(value) is int}
        alone = cls.of(name, source, signature(getattr(module, name)).parameters, numbers, kinds, nothing)
        return replace(alone, numbers=named, vectors=vectors)


@cache
def clock_function() -> FlatSource:
    """`law/clock.py`: the same file that CPython runs, without its marks for the explanation."""
    numbers = ("n", "as_of", "policy", "base", "last", "now", "since_at", "n_out")
    kinds = {"begins": "int64", "ends": "int64", "hidden": "int64"}
    return FlatSource.from_module(clock, "run", numbers, kinds, ("mark", "due_then"))


@cache
def steps_function() -> FlatSource:
    """`law/steps.py`: the same file that CPython runs."""
    kinds = {"begins": "int64", "ends": "int64", "hidden": "int64", "step_outcome": "int8"}
    return FlatSource.from_module(steps, "stepped", ("n", "as_of"), kinds)


def rules_function(source: str) -> FlatSource:
    """The rules that `law/compose` wrote."""
    kinds = {
        "ends": "int64", "hidden": "int64", "outcome": "int8", "act": "int8", "noted": "int8", "readings": "int64",
    }  # fmt: skip
    return FlatSource.of(
        "rules",
        source,
        PARAMETERS,
        ("n", "base", "last", "count"),
        kinds,
        (
            "done",
            "way",
            "expects",
            "expect_by",
            "expect_minute",
            "expect_act",
        ),
    )


@lru_cache(maxsize=256)
def compiled_rules(source: str) -> LoadedCode:
    """The rules that `law/compose` wrote, compiled."""
    return machine_code(rules_function(source))


@cache
def run_clock() -> LoadedCode:
    """The clock, compiled."""
    return machine_code(clock_function())


@cache
def accepted_days() -> Callable[..., None]:
    """`prepare.accepted_days`, compiled."""
    kinds = {"begins": "int64", "ends": "int64", "aside": "int8", "order": "int64"}
    return _of(prepare, "accepted_days", ("n", "as_of", "first_kind", "other_kind"), kinds)


def _of(
    module: ModuleType, name: str, numbers: Collection[str], kinds: dict[str, str], nothing: Collection[str] = ()
) -> Callable[..., None]:
    """The function of that module as machine code."""
    return machine_code(FlatSource.from_module(module, name, numbers, kinds, nothing))


def machine_code(function: FlatSource, *others: FlatSource, apart: Sequence[FlatSource] = ()) -> LoadedCode:
    """The function as machine code, with the others that it calls; those `apart` it is told of when it is called."""
    with _ONE_AT_A_TIME:
        here = translator.this_machine()
        code = _object_code(function, here, {other.name: other.shape for other in (*others, *apart)})
        return translator.loaded(
            code, function.name, function.shape, here, *(_object_code(other, here, {}) for other in others)
        )


def _object_code(function: FlatSource, here: Any, others: Mapping[str, Mapping[str, str]]) -> bytes:
    """The function compiled: as it was kept, or anew."""
    source, name, shape, numbers = function.source, function.name, function.shape, function.numbers
    more = (repr(others), str(function.vectors), compiler_version, sys.version)
    file = f"{name}-{translator.fingerprint(source, name, shape, here, numbers, *more)}.o"
    code = cachefolder.kept(file)
    if code is None or not objectfile.holds(code, name):
        try:
            code = translator.object_code(source, name, shape, here, numbers, others, function.vectors)
        except (translator.NotFlatError, RuntimeError) as error:  # ours or LLVM's word: no dossier is to blame
            raise EngineError(not_compiled(name, str(error))) from error
        cachefolder.keep(file, code)
    return code
