"""Machine code for the flat loops, made once and kept on disk under the digest of everything it depends on."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import ModuleType
from typing import Final

from llvmlite import __version__ as compiler_version

from tthc_rules.bulk import loops, machine
from tthc_rules.law import clock
from tthc_rules.law.composed import PARAMETERS

CACHE_VARIABLE: Final = "TTHC_RULES_CACHE"
"""Names the folder of compiled code; without it, the user's own cache folder."""


def cache_folder() -> Path:
    """Where compiled code is kept between runs."""
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named)
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA")
    else:
        home = os.environ.get("XDG_CACHE_HOME")
    base = Path(home) if home else Path.home() / ("AppData/Local" if sys.platform == "win32" else ".cache")
    return base / "tthc-rules"


@cache
def run_clock() -> Callable[..., None]:
    """`law/clock.py`, compiled: the same file that CPython runs, without its marks for the explanation."""
    numbers = ("n", "as_of", "policy", "base", "last", "now", "since_at", "n_out")
    kinds = {"begins": "int64", "ends": "int64", "hidden": "int64"}
    return _of(clock, "run", numbers, kinds, ("mark", "due_then"))


@cache
def split_moments() -> Callable[..., None]:
    """`loops.split_moments`, compiled."""
    kinds = {"order": "int64", "begins": "int64", "ends": "int64", "bare": "int8", "odd": "int8"}
    return _of(loops, "split_moments", ("n", "as_of"), kinds)


@lru_cache(maxsize=64)
def compiled_rules(source: str) -> Callable[..., None]:
    """The rules that `law/compose` wrote, compiled."""
    kinds = {
        "ends": "int64", "hidden": "int64", "outcome": "int8", "act": "int8", "noted": "int8", "readings": "int64",
    }  # fmt: skip
    numbers = ("n", "as_of", "base", "last", "size")
    return _compiled(source, "rules", PARAMETERS, numbers, kinds, ("done", "way"))


def _of(
    module: ModuleType, name: str, numbers: Collection[str], kinds: dict[str, str], nothing: Collection[str] = ()
) -> Callable[..., None]:
    """The function of that module as machine code."""
    source = Path(module.__file__ or "").read_text(encoding="utf-8")
    return _compiled(source, name, inspect.signature(getattr(module, name)).parameters, numbers, kinds, nothing)


def _compiled(
    source: str, name: str, parameters: Iterable[str], numbers: Collection[str], kinds: dict[str, str],
    nothing: Collection[str],
) -> Callable[..., None]:  # fmt: skip
    """The function as machine code; all arrays hold `int32` unless `kinds` says otherwise."""
    shape = {
        parameter: "number" if parameter in numbers else "nothing" if parameter in nothing else "int32"
        for parameter in parameters
    } | kinds
    here = machine.this_machine()
    key = machine.fingerprint(source, name, shape, here, compiler_version, sys.version)
    path = cache_folder() / f"{name}-{key}.o"
    code = _kept(path)
    if code is None:
        code = machine.object_code(source, name, shape, here)
        _keep(path, sha256(code).digest() + code)
    return machine.loaded(code, name, shape, here)


def _kept(path: Path) -> bytes | None:
    """The code of an earlier run, if it is there and whole."""
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    return kept[32:] if sha256(kept[32:]).digest() == kept[:32] else None


def _keep(path: Path, kept: bytes) -> None:
    """Keep the code for the next run; a folder that cannot be written costs half a second there, and nothing else."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            file.write(kept)
        Path(file.name).replace(path)
