"""Whether bytes are compiled code: LLVM ends the whole process over an object file that is none.

ELF (Linux) is looked through: its sections lie within the file, and its symbols name the function. Of the forms of
macOS and Windows only the first bytes are looked at.
"""

from __future__ import annotations

import struct
from typing import Final

_ELF: Final = b"\x7fELF\x02"
_OTHERS: Final = (b"\xcf\xfa\xed\xfe", b"\x64\x86", b"\x64\xaa")
"""Mach-O of 64 bits; COFF of x86-64 and of ARM64."""
_SYMBOLS, _NAMES, _NO_BYTES = 2, 3, 8
_FUNCTION: Final = 2


def holds(code: bytes, name: str) -> bool:
    """Whether it is an object file that defines this function."""
    if not code.startswith(_ELF):
        return code.startswith(_OTHERS)
    try:
        return name.encode() in _functions(code)
    except (struct.error, IndexError, ValueError):
        return False


def _functions(code: bytes) -> set[bytes]:
    """The functions of an ELF file; raises `ValueError` where something lies outside of it."""
    order = "<" if code[5] == 1 else ">"
    (start,) = struct.unpack_from(f"{order}Q", code, 40)
    size, count, named = struct.unpack_from(f"{order}HHH", code, 58)
    if size != 64 or start + size * count > len(code):
        raise ValueError("sections outside the file")
    sections = [struct.unpack_from(f"{order}IIQQQQIIQQ", code, start + size * place) for place in range(count)]
    if sections[named][1] != _NAMES:
        raise ValueError("no names of sections")
    found = set()
    for _, kind, _, _, offset, length, link, *_ in sections:
        if kind != _NO_BYTES and offset + length > len(code):
            raise ValueError("a section outside the file")
        if kind == _SYMBOLS:
            if sections[link][1] != _NAMES:
                raise ValueError("symbols without names")
            first, last = sections[link][4], sections[link][4] + sections[link][5]
            for place in range(offset, offset + length - 23, 24):
                at, about, _, section, _, _ = struct.unpack_from(f"{order}IBBHQQ", code, place)
                if about & 15 == _FUNCTION and 0 < section < count:
                    found.add(code[first + at : last].partition(b"\0")[0])
    return found
