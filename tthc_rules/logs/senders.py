"""Who sends messages that are read, and which kinds of event each sender can show: the table, once.

What a sender cannot show is held against nobody: `observes` of each dossier is made from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from tthc_rules.errors import InputFileError, Problem, shown
from tthc_rules.logs.brought import Brought, faults_of
from tthc_rules.logs.sightings import Sender

__all__ = ["GROUP", "SHOWS", "observed", "senders"]

GROUP: Final = "tthc_rules.logs"
"""The entry-point group under which others add senders: a name, and a class made without arguments."""

_ALL: Final = {"dvcqg": "always", "igate": "always", "opencps": "always"}
_WHEN_READ: Final = {"dvcqg": "sometimes", "igate": "sometimes"}

SHOWS: Final[Mapping[str, Mapping[str, str]]] = {
    "dossier_submitted": _ALL,
    "dossier_accepted": _ALL,
    "result_issued": _ALL,
    "result_returned": {"dvcqg": "always", "opencps": "always"},
    "dossier_refused": _ALL,
    "dossier_withdrawn": _ALL,
    "processing_stopped": _ALL,
    "supplement_requested": _ALL,
    "supplement_received": _ALL,
    "payment_awaited": _ALL,
    "payment_received": _ALL,
    "clock_paused": _ALL,
    "clock_resumed": _ALL,
    "reappointed": {"dvcqg": "sometimes", "igate": "sometimes", "opencps": "sometimes"},
    "step_assigned": _WHEN_READ,
    "step_done": _WHEN_READ,
    "dossier_forwarded": {"dvcqg": "sometimes"},
    "synced_national": {"dvcqg": "always"},
}
"""Kind → sender → `always`, or `sometimes`: only of the dossiers in which it, or what stands in one list with it, was
read. Kinds and senders that are not here: never."""

_TOGETHER: Final = (frozenset({"step_assigned", "step_done"}),)
"""Kinds that stand in one list: where one was read, the list was there."""

_OURS: Final[Mapping[str, str]] = {"dvcqg": "Dvcqg", "igate": "Igate", "opencps": "Opencps"}


def shows_of(sender: str) -> dict[str, str]:
    """What one sender can show."""
    return {kind: by[sender] for kind, by in SHOWS.items() if sender in by}


def observed(shows: Mapping[str, str], read: Iterable[str]) -> list[str]:
    """The kinds that a record can show: what its sender always can, and what was read in it."""
    there = set(read)
    for together in _TOGETHER:
        if there & together:
            there |= together
    return [kind for kind, how in shows.items() if how == "always" or kind in there]


def senders() -> dict[str, Callable[[], Sender]]:
    """How each known sender is made, by its name: ours, and those that other packages bring."""
    others = {point.name: _loader(point) for point in entry_points(group=GROUP)}
    return {**others, **{name: _ours(name) for name in _OURS}}


def _ours(name: str) -> Callable[[], Sender]:
    @cache
    def made() -> Sender:
        sender: Sender = getattr(import_module(f"tthc_rules.logs.{name}"), _OURS[name])()
        return sender

    return made


def _loader(point: EntryPoint) -> Callable[[], Sender]:
    def made() -> Sender:
        try:
            sender = point.load()()
        except Exception as error:  # another's code
            raise InputFileError(_cannot_load(point.name, type(error).__name__)) from error
        if faults := list(faults_of(sender)):
            raise InputFileError(_cannot_load(point.name, shown(", ".join(faults))))
        return Brought(point.name, sender)

    return made


def _cannot_load(name: str, why: str) -> Problem:
    return Problem(
        "TR-message-sender",
        f"{GROUP}: {shown(name)}",
        f"không nạp được nguồn này ({why}); điểm nạp phải là một lớp con của Sender, tạo không cần tham số, có label, "
        "id_keys và shows (loại sự kiện → always, sometimes)",
        f"this sender cannot be loaded ({why}); the entry point must name a subclass of Sender, made without arguments "
        "and with label, id_keys and shows (kind of event → always, sometimes)",
    )
