"""A sender that another package brings, behind a guard: where its code fails, one message or dossier is an error row.

What is told of a failure is its kind and the line, never its words: they may be anybody's.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from traceback import extract_tb
from typing import Final, TypeVar

from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law.codes import KINDS
from tthc_rules.logs.diagnostics import Diagnostic
from tthc_rules.logs.limits import LimitSource
from tthc_rules.logs.sightings import BrokenError, Fact, ReadDossier, Sender, SenderBatch, Sighting, Tie

__all__ = ["Brought", "faults_of"]

Answer = TypeVar("Answer")
_FAILED: Final = "TR-message-sender-failed"

_HOW: Final = frozenset({"always", "sometimes"})


class _WrongError(TypeError):
    """The sender gave something else than it promises; the words are ours."""


def faults_of(sender: object) -> Iterator[str]:
    """What keeps a loaded object from being a sender, in a few words."""
    if not isinstance(sender, Sender):
        yield type(sender).__name__
        return
    yield from (f"{name}?" for name in ("label", "id_keys") if not hasattr(sender, name))
    shows = getattr(sender, "shows", None)
    if not isinstance(shows, Mapping):
        yield "shows?"
        return
    yield from (f"shows[{kind}]" for kind, how in shows.items() if kind not in KINDS or how not in _HOW)


class Brought(Sender):
    """The sender of the entry point `name`."""

    def __init__(self, name: str, own: Sender) -> None:
        self.name, self.own = name, own
        self.label, self.id_keys, self.shows = own.label, own.id_keys, own.shows

    def sightings(self, body: object, arrival: str, url: str) -> Iterator[Sighting | Diagnostic]:
        try:
            found = [_checked(one) for one in self.own.sightings(body, arrival, url)]
        except BrokenError:
            raise
        except Exception as error:
            why = _why(error)
            raise BrokenError(_FAILED, "sender", _vi(self.name, why), _en(self.name, why)) from error
        yield from found

    def batch(self, limits: LimitSource, fetched_on: date | None) -> SenderBatch:
        try:
            return _Batch(self.name, self.own.batch(limits, fetched_on))
        except Exception as error:
            raise InputFileError(_failed(self.name, "", error)) from error

    def names_in(self, text: str | bytes) -> Iterator[str]:
        yield from self.own.names_in(text)

    def may_name(self, name: str) -> bool:
        return self.own.may_name(name)


class _Batch(SenderBatch):
    def __init__(self, name: str, own: SenderBatch) -> None:
        self.name, self.own = name, own
        self.enough = own.enough

    @property
    def facts(self) -> Counter[Fact]:
        return self.own.facts

    @facts.setter
    def facts(self, given: Counter[Fact]) -> None:
        self.own.facts = given

    def ties(self, key: str, sightings: Iterable[Sighting]) -> Iterable[Tie]:
        return self._asked(lambda: list(self.own.ties(key, sightings)))

    def prepare(self, groups: Iterable[tuple[str, list[Sighting]]]) -> None:
        self._asked(lambda: self.own.prepare(groups))

    def dossier(self, key: str, sightings: list[Sighting]) -> tuple[ReadDossier | None, list[Diagnostic]]:
        try:
            return _read(self.own.dossier(key, sightings))
        except Exception as error:
            return ReadDossier(key, {"dossier_id": key}).spoiled(_failed(self.name, key, error)), []

    def of_all(self) -> list[Diagnostic]:
        return self._asked(lambda: list(self.own.of_all()))

    def _asked(self, what: Callable[[], Answer]) -> Answer:
        """What concerns every dossier: nothing can be said without it."""
        try:
            return what()
        except Exception as error:
            raise InputFileError(_failed(self.name, "", error)) from error


def _checked(one: object) -> Sighting | Diagnostic:
    """What the border gave, if it can be kept."""
    if isinstance(one, Diagnostic):
        return one
    if not isinstance(one, Sighting):
        raise _WrongError(f"{type(one).__name__}, no Sighting")
    if not isinstance(one.key, str) or not isinstance(one.arrival, str):
        raise _WrongError("Sighting: key, arrival: no text")
    json.dumps(one.data, allow_nan=False)
    return one


def _read(given: object) -> tuple[ReadDossier | None, list[Diagnostic]]:
    """What the reading gave, if it is a dossier, or none, and diagnostics."""
    match given:
        case (ReadDossier(data=dict()) | None as read, [*found]):
            told = [one for one in found if isinstance(one, Diagnostic)]
            if len(told) == len(found):
                return read, told
    raise _WrongError(f"{type(given).__name__}, no (ReadDossier, [Diagnostic])")


def _why(error: Exception) -> str:
    """The kind of a failure and the line of the sender at which it came."""
    if isinstance(error, _WrongError):
        return str(error)
    at = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {Path(at.filename).name}:{at.lineno}"


def _vi(name: str, why: str) -> str:
    return f"chương trình đọc nguồn «{name}» gặp lỗi ở đây ({why}); báo cho người viết nó"


def _en(name: str, why: str) -> str:
    return f"the program that reads the sender “{name}” failed here ({why}); tell its author"


def _failed(name: str, place: str, error: Exception) -> Problem:
    why = _why(error)
    return Problem(_FAILED, place, _vi(name, why), _en(name, why))
