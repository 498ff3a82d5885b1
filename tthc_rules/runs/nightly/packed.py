"""What a reading is made of, as a state keeps it: JSON, packed; and long lists a piece at a time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from tthc_rules.errors import InputFileError
from tthc_rules.runs.nightly import complaints

_T = TypeVar("_T")
_PIECE: Final = 2_000
"""Dossiers whose sources are held in memory together."""


def packed(value: object) -> bytes:
    """A value of JSON, packed."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


def unpacked(text: bytes, shown: Path) -> Any:
    """The value in such a text; raises where the state (`shown`) does not hold what was written."""
    try:
        return json.loads(zlib.decompress(text).decode("utf-8", "surrogatepass"))
    except (zlib.error, ValueError):
        raise InputFileError(complaints.foreign_state(shown)) from None


def pieces(coming: Iterable[_T]) -> Iterator[list[_T]]:
    """So many at a time."""
    left = iter(coming)
    while piece := list(islice(left, _PIECE)):
        yield piece
