"""How much a client may send, and how long it may take: read once at the start, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from tthc_rules.errors import OptionError, Problem, shown

PREFIX: Final = "TTHC_WEB_"
"""What the names in the environment begin with: `TTHC_WEB_BODY_BYTES`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one process; a dossier itself has at most 500 events, which the library sees to."""

    body_bytes: int = 1 << 20
    """Of the body with one dossier."""
    seconds: int = 10
    """Until that body is there, and again until it is judged."""
    what_if: int = 50
    """Events that may be supposed in one question."""
    batch_bytes: int = 1 << 29
    """Of the body of a batch; what is not judged yet waits on disk."""
    batch_lines: int = 100_000
    batch_seconds: int = 600
    """Of a whole batch, from its first byte to its last row."""
    line_bytes: int = 1 << 20
    """Of one line of a batch."""
    batches: int = 2
    """At once; one more is sent away."""
    threads: int = os.cpu_count() or 1
    """That judge, for all requests together."""


def limits_in(environment: Mapping[str, str]) -> Limits:
    """The limits that the environment sets, the others as they are; raises `OptionError` with all that is wrong."""
    given: dict[str, int] = {}
    problems = []
    for name in (field.name for field in fields(Limits)):
        written = environment.get(PREFIX + name.upper())
        if written is None:
            continue
        if written.isascii() and written.isdecimal() and 0 < len(written) < 16 and int(written) > 0:
            given[name] = int(written)
        else:
            problems.append(_not_a_limit(PREFIX + name.upper(), written))
    if problems:
        raise OptionError(problems)
    return Limits(**given)


def _not_a_limit(name: str, written: str) -> Problem:
    return Problem(
        "TR-web-setting",
        name,
        f"«{shown(written)}» không phải số nguyên lớn hơn 0",
        f"“{shown(written)}” is not a whole number above 0",
    )
