"""A process whose free memory lies in two places far apart, as it may in a large portal; there the core is loaded.

`python scattered.py` loads the compiled clock as the library does; with `--plain` as LLVM does when it is left alone.
"""

from __future__ import annotations

import ctypes
import mmap
import sys
from typing import Any, Final

from llvmlite import binding

from tthc_rules.bulk.objects import run_clock

PAGE: Final = mmap.PAGESIZE
WALL: Final = 6 << 30
"""Further than an address of 32 bits reaches; nothing of it is ever touched."""
_HELD: Final = 0x22 | 0x4000  # private, of no file, without room in the swap


def scatter() -> None:
    """Leave free one page here and there, then nothing for 6 GB, then the rest."""
    system = ctypes.CDLL(None, use_errno=True)
    system.mmap.restype = ctypes.c_void_p
    system.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    system.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]

    def hold(size: int) -> int:
        return system.mmap(None, size, 0, _HELD, -1, 0) or 0

    def fill(most: int, times: int) -> None:
        for pages in (256, 64, 16, 12, 8, 6, 4, 2, 1):
            for _ in range(times if pages <= most else 0):
                hold(pages * PAGE)

    fill(256, 4_000)
    holes = [hold(PAGE) for _ in range(900)][::2]
    hold(WALL)
    fill(16, 300)  # what the wall left free above it
    for hole in holes:
        system.munmap(hole, PAGE)


def main() -> None:
    """Scatter just before the code is put into memory, and call it."""
    plain, real = "--plain" in sys.argv, binding.create_mcjit_compiler

    def create(*given: Any, **named: Any) -> Any:
        scatter()
        return real(*given, use_lmm=False) if plain else real(*given, **named)

    binding.create_mcjit_compiler = create
    run_clock()
    print("loaded")


if __name__ == "__main__":
    main()
