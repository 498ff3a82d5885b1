"""`clock.c`, compiled when it is asked for, callable with the very arguments of the kernel."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable, Sequence
from inspect import signature
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import numpy as np

from tthc_rules.law import clock

SOURCE: Final = Path(__file__).with_name("clock.c")
FLAGS: Final = ("-O3", "-march=native", "-shared", "-fPIC")
PARAMETERS: Final = tuple(signature(clock.run).parameters)
_WIDE: Final = frozenset({"begins", "ends"})
_UNUSED: Final = frozenset({"mark", "due_then"})


class NoCompilerError(Exception):
    """Nothing here can compile C."""


def compiler() -> str:
    """The first line that the compiler says of itself."""
    found = shutil.which("cc")
    if found is None:
        raise NoCompilerError("no `cc` on this machine: the loop in C is left out")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    return said.splitlines()[0]


def compiled() -> Any:
    """The library."""
    compiler()
    path = Path(mkdtemp(prefix="tthc-bench-")) / "clock.so"
    subprocess.run(["cc", *FLAGS, "-o", str(path), str(SOURCE)], check=True)
    library = ctypes.CDLL(str(path))
    library.run.restype = None
    return library


def prepared(library: Any, arguments: Sequence[Any]) -> Callable[[], None]:
    """A call of the C loop with the kernel's arguments, which must be alive as long as it is."""
    given: list[Any] = []
    for name, value in zip(PARAMETERS, arguments, strict=True):  # `clock.c` has them in the same order
        if name in _UNUSED:
            continue
        if isinstance(value, np.ndarray):
            kind = np.int64 if name in _WIDE else np.int32
            assert value.dtype == kind, (name, value.dtype)
            assert value.flags.c_contiguous, name
            if name == "regime_from":
                given.append(ctypes.c_int64(len(value)))
            given.append(ctypes.c_void_p(value.ctypes.data))
        else:
            given.append(ctypes.c_int64(int(value)))
    run = library.run
    return lambda: run(*given)
