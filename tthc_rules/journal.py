"""What the library tells the log of the program that uses it: counts, and which law; `docs/logging.md` lists it.

One logger, `tthc_rules`, silent until that program asks for it. Each line is a function here whose parameters are whole
numbers, yes or no, words of a closed set, and the digest of the law: an id, a name, a word of data or a path has no way
in.
"""

from __future__ import annotations

import logging
from typing import Final, Literal

_LOG: Final = logging.getLogger("tthc_rules")
_LOG.addHandler(logging.NullHandler())


def law_loaded(digest: str, files: int, folders: int) -> None:
    """Which law answers from now on: the first letters of its digest, how many files, how many folders besides ours."""
    _LOG.info("law loaded: digest=%s files=%d folders=%d", digest[:12], files, folders)


def rows_made(rows: int, errors: int) -> None:
    """Dossiers that were handed over were judged."""
    _LOG.log(_level(errors), "judged: rows=%d errors=%d", rows, errors)


def run_ended(core: Literal["", "fast", "one"], dossiers: int, errors: int, nameless: int) -> None:
    """A log was judged to its end; `nameless` are rows whose dossier cannot be read."""
    _LOG.log(
        _level(errors + nameless),
        "run ended: core=%s dossiers=%d errors=%d nameless=%d",
        core, dossiers, errors, nameless,
    )  # fmt: skip


def night_ended(judged: int, carried: int) -> None:
    """A night was made from a state: how many dossiers were judged anew."""
    _LOG.info("night ended: judged=%d carried=%d", judged, carried)


def account_made(rows: int, errors: int, units: int, problems: int) -> None:
    """An account was made of so many rows."""
    _LOG.info("account made: rows=%d errors=%d units=%d problems=%d", rows, errors, units, problems)


def cache_asked(found: bool) -> None:
    """Something was looked for in the cache folder; what is not there is made anew."""
    _LOG.debug("cache: found=%d", found)


def cache_closed() -> None:
    """There is no cache folder that is ours alone: what could be kept is made anew each time."""
    _LOG.debug("cache: no folder of our own")


def _level(faults: int) -> int:
    return logging.WARNING if faults else logging.INFO
