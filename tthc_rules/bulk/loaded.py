"""Compiled code in memory, and how it is called: with numbers, and with arrays where they lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


class Located:
    """An array where it lies in memory: asked once where it is given to many calls."""

    __slots__ = ("address", "array", "kind", "length")

    def __init__(self, array: npt.NDArray[Any]) -> None:
        if not array.flags.c_contiguous or array.ndim != 1:
            raise TypeError(f"{array.dtype} that is not in one piece")
        self.array, self.kind = array, array.dtype
        self.address, self.length = array.ctypes.data, len(array)


def located(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same with every array located."""
    return {name: Located(value) if isinstance(value, np.ndarray) else value for name, value in values.items()}


@dataclass(slots=True)
class LoadedCode:
    """Compiled code in memory, and the function in it; it lets other threads run while it works."""

    engine: Any
    address: int
    call: Callable[..., None]
    kinds: tuple[np.dtype[Any] | str, ...]

    def __call__(self, *arguments: Any) -> None:
        """Call it with numbers and numpy arrays, in the order of the parameters."""
        self.ready(*arguments)()

    def ready(self, *arguments: Any) -> Callable[[], None]:
        """The call with these numbers and arrays, to be made as often as one likes; it keeps the arrays."""
        given: list[Any] = []
        for kind, value in zip(self.kinds, arguments, strict=True):
            if isinstance(kind, np.dtype):
                located = value if isinstance(value, Located) else Located(value)
                if located.kind != kind:
                    raise TypeError(f"{located.kind} where {kind} is needed")
                given += [located.address, located.length]
            elif kind == "number":
                given.append(int(value))
        call = self.call

        def again(keep: Any = (self.engine, arguments)) -> None:
            call(*given)

        return again
