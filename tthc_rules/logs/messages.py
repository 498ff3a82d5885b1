"""Messages of other systems become dossiers: a pure function of messages, the times at which they came, a catalogue.

The same messages give the same dossiers and diagnostics in one go or one by one, however the stream is cut, and when
they come twice. Of a dossier that was sent several times the last copy holds, and what differs is told. What a sender
cannot show goes into `observes`, what this record lost into `unknown`; no event is made up.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, TypeAlias

from tthc_rules.errors import InputFileError, Problem, unknown_word
from tthc_rules.law.civil import VIETNAM
from tthc_rules.law.jsontext import JsonError, read_json
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.logs.complaints import record_too_large
from tthc_rules.logs.diagnostics import Diagnostic, DiagnosticTally
from tthc_rules.logs.limits import NO_LIMITS, GivenLimits, LimitSource
from tthc_rules.logs.senders import senders
from tthc_rules.logs.sentvalues import Form, read_stamp
from tthc_rules.logs.sightings import BrokenError, ReadDossier, Sender, SenderBatch, Sighting, SightingStore
from tthc_rules.logs.xmlrecords import read_xml

__all__ = ["Message", "MessageReader", "MessageReading", "read_messages"]

Told: TypeAlias = Callable[[list[Diagnostic]], object]
"""Who is handed diagnostics as they are found."""

MAX_COPIES: Final = 5_000
"""Copies and rows of one dossier; no real one was sent so often."""
MAX_DEPTH: Final = 64
MAX_VALUES: Final = 20_000_000
MAX_TEXT: Final = 256 * 1024 * 1024
_AROUND: Final = frozenset({"body", "received_at", "url"})
_ISO: Final[frozenset[Form]] = frozenset({"iso"})


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came: its body (JSON as Python has it, or the text of JSON or XML), and what is known of it.

    `received_at` is the civil time at which it came (ISO text or `datetime`), nothing where nobody wrote that down.
    The body and the address hold what people sent: they are never shown.
    """

    body: object = field(repr=False)
    received_at: str | datetime | None = None
    url: str | None = field(default=None, repr=False)
    place: str = ""


@dataclass(frozen=True, slots=True)
class MessageReading:
    """What some messages say: dossiers in the order of their codes, what is wrong with them, and with the messages."""

    sender: str
    dossiers: tuple[ReadDossier, ...]
    diagnostics: tuple[Diagnostic, ...]
    broken: tuple[Problem, ...] = ()
    """Messages, or records of them, of which nobody can say whose they are."""

    def report(self, lang: str = "vi") -> str:
        """How many dossiers show each fault, in words."""
        tally = DiagnosticTally(self.sender)
        tally.add(self.diagnostics)
        return "\n".join(tally.lines(lang))


def read_messages(
    sender: str | Sender,
    messages: Iterable[Message],
    catalogue: Mapping[str, Any] | LimitSource | None = None,
    *,
    fetched_on: date | None = None,
    jurisdiction: str | None = None,
) -> MessageReading:
    """What the messages of one sender say of each dossier; raises `InputFileError` for a sender that nobody knows.

    `catalogue` gives the time limit of a procedure, by its full code or by its `d.dddddd`: a mapping of limits, or
    `Rulebook.limits()`. `fetched_on` is the day on which messages without a time of arrival were fetched: what is
    dated later is told. `jurisdiction` is the place of the sender, which no message names.
    """
    reader = MessageReader(sender, catalogue, fetched_on=fetched_on, jurisdiction=jurisdiction)
    for message in messages:
        reader.feed(message)
    return reader.reading()


class MessageReader:
    """Takes messages one by one; `reading` says at any time what those so far come to."""

    def __init__(
        self,
        sender: str | Sender,
        catalogue: Mapping[str, Any] | LimitSource | None = None,
        *,
        fetched_on: date | None = None,
        jurisdiction: str | None = None,
        memory: int | None = None,
    ) -> None:
        self.sender = sender_named(sender) if isinstance(sender, str) else sender
        self.limits = _limits(catalogue)
        self.fetched_on = fetched_on
        self.place = {} if jurisdiction is None else {"jurisdiction": jurisdiction}
        self.store = SightingStore(memory)
        self.found: set[Diagnostic] = set()
        """What is said of the messages themselves."""
        self.broken: dict[str, Problem] = {}
        self.spoiled: dict[str, Problem] = {}
        """Dossiers that are named in a message that could not be read."""
        self.seen = 0

    def feed(self, message: Message) -> None:
        """Take one message; what is wrong with it becomes a diagnostic, and stops nothing else."""
        self.seen += 1
        place = message.place or f"message {self.seen}"
        arrival = self._arrival(message.received_at)
        try:
            for body in list(bodies_of(message.body)):
                if is_around(body):
                    raise _still_around()
                for one in self.sender.sightings(body, arrival, message.url or ""):
                    if isinstance(one, Sighting):
                        self.store.add(one)
                    else:
                        self._told(one, place)
        except BrokenError as broken:
            self._broken(message.body, place, broken)

    def reading(self) -> MessageReading:
        """What the messages so far say."""
        found = list(self.found)
        dossiers = list(self.dossiers(found.extend))
        return MessageReading(self.sender.name, tuple(dossiers), tuple(sorted(set(found))), tuple(self.broken.values()))

    def dossiers(self, told: Told) -> Iterator[ReadDossier]:
        """The dossiers one by one, in the order of their codes; `told` is handed the diagnostics of each, then of all.

        Those of the messages themselves are in `found`.
        """
        batch = self.sender.batch(self.limits, self.fetched_on)
        batch.prepare(self.store.groups())
        spoiled = ((key, None) for key in sorted(self.spoiled))
        for key, found in groupby(merge(self.store.groups(), spoiled, key=itemgetter(0)), key=itemgetter(0)):
            sightings = next((copies for _, copies in found if copies is not None), [])
            read, said = self.one(batch, key, sightings)
            told(said)
            if read is not None:
                yield read
        told(sorted(set(batch.of_all())))

    def one(
        self, batch: SenderBatch, key: str, sightings: list[Sighting]
    ) -> tuple[ReadDossier | None, list[Diagnostic]]:
        """A dossier as its copies say, and what is wrong with it; nothing where its copies are none of a dossier."""
        if len(sightings) > MAX_COPIES and key.isprintable():  # pages of lists are no dossier
            return _unread(key, record_too_large(key, f"{MAX_COPIES} copies")), []
        read, found = batch.dossier(key, sightings) if sightings else (None, [])
        if read is not None:
            read.data.update(self.place)
        if key in self.spoiled:
            read = _unread(key, self.spoiled[key]) if read is None else read.spoiled(self.spoiled[key])
        return read, sorted(set(found))

    def raw(self, told: Told) -> Iterator[RawDossier]:
        """The same as error rows and dossiers for a run; rows that belong to no dossier come first."""
        for problem in self.broken.values():
            yield RawDossier("", {}, problem.place, (problem,))
        for read in self.dossiers(told):
            yield RawDossier(read.dossier_id, read.data, read.dossier_id, read.problems)

    def _arrival(self, given: str | datetime | None) -> str:
        """The time of arrival as civil ISO text to the second, or nothing."""
        if isinstance(given, datetime):
            civil = given if given.tzinfo is None else given.astimezone(VIETNAM).replace(tzinfo=None)
            return civil.replace(microsecond=0).isoformat()
        stamp = read_stamp(given, _ISO)
        if stamp.moment is None:
            if given not in (None, ""):
                self.found.add(Diagnostic("", "arrival_unreadable", "received_at", "warning"))
            return ""
        return stamp.moment.isoformat()

    def _told(self, one: Diagnostic, place: str) -> None:
        self.found.add(one)
        if one.level == "error":
            self.broken[f"{place} {one.code} {one.about}"] = one.problem(place)

    def _broken(self, body: object, place: str, broken: BrokenError) -> None:
        """A message that cannot be read: the dossiers that it names are error rows, or it belongs to none."""
        problem = Problem(broken.code, f"{place}{broken.place}", broken.vi, broken.en)
        self.found.add(Diagnostic("", "message_broken", broken.about, "error"))
        named = set(self.sender.names_in(body)) if isinstance(body, str | bytes) else set(self._named_in(body))
        for dossier_id in named:
            self.spoiled.setdefault(dossier_id, problem)
        if not named:  # one text that came twice is one
            self.broken[sha256(_bytes_of(body)).hexdigest() if isinstance(body, str | bytes) else place] = problem

    def _named_in(self, body: object) -> Iterator[str]:
        """The dossiers in a body whose values cannot all be read, told by their own keys."""
        todo, seen = [body], 0
        while todo and seen < 1_000_000:
            value, seen = todo.pop(), seen + 1
            if isinstance(value, dict):
                names = [name for key in self.sender.id_keys if isinstance(name := value.get(key), str) and name]
                yield from filter(self.sender.may_name, names[:1])
                todo += value.values()
            elif isinstance(value, list | tuple):
                todo += value


def _unread(dossier_id: str, problem: Problem) -> ReadDossier:
    """A dossier of which only the name could be read."""
    return ReadDossier(dossier_id, {"dossier_id": dossier_id}).spoiled(problem)


def _bytes_of(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def is_around(value: object) -> bool:
    """Whether a value is no message, but what a file may have around one."""
    return isinstance(value, dict) and "body" in value and value.keys() <= _AROUND


def _still_around() -> BrokenError:
    return BrokenError(
        "TR-message-around",
        "body",
        "đây là {received_at, url, body} của một tệp, chưa phải thông điệp: đưa Message(body, received_at, url), hoặc "
        "đọc cả tệp bằng messages_in(tệp)",
        "this is {received_at, url, body} of a file and no message yet: hand over Message(body, received_at, url), or "
        "read the file by messages_in(file)",
    )


def sender_named(name: str) -> Sender:
    """The sender of that name; raises `InputFileError`, with those that are known."""
    known = senders()
    if name not in known:
        words = ("nguồn", "sender", name, tuple(known), "TR-message-sender")
        raise InputFileError(unknown_word("", *words))
    return known[name]()


def _limits(catalogue: Mapping[str, Any] | LimitSource | None) -> LimitSource:
    if catalogue is None:
        return NO_LIMITS
    return GivenLimits(catalogue) if isinstance(catalogue, Mapping) else catalogue


# -- bodies ------------------------------------------------------------------------------------------------------------

_LEADING: Final = re.compile(r"[\ufeff \t\r\n]*(.)?", re.DOTALL)


def bodies_of(body: object) -> Iterator[object]:
    """The JSON values in a body; of XML each record, as objects of text. Raises `BrokenError`."""
    if isinstance(body, bytes | bytearray):
        try:
            body = bytes(body).decode("utf-8")
        except UnicodeDecodeError:
            body = None
        if body is None:
            raise BrokenError("TR-message-text", "encoding", "không phải UTF-8", "not UTF-8")
    if isinstance(body, str):
        if len(body) > MAX_TEXT:
            raise BrokenError(
                "TR-message-text", "size", f"dài hơn {MAX_TEXT} ký tự", f"longer than {MAX_TEXT} characters"
            )
        first = _LEADING.match(body)
        if first and first[1] == "<":
            yield from read_xml(body.lstrip("\ufeff \t\r\n"))
            return
        body = _json(body.removeprefix("\ufeff"))
    _check(body)
    yield body


def _json(text: str) -> object:
    """The value of a JSON text; what its reader says is told without words of the text."""
    try:
        return read_json(text, Decimal)
    except JsonError as error:
        line, column, why = error.line, error.column, error.why
    about = next((word for start, word in _WHY if why.startswith(start) or start in why), "json")
    raise _bad_json(about, f":{line}:{column}")


_WHY: Final = (
    ("key repeated", "key_repeated"),
    ("nested too deep", "nested_too_deep"),
    (" is not JSON", "no_number"),
    ("half a character", "half_a_character"),
)
_SAID: Final = {
    "key_repeated": ("một khóa ghi hai lần", "a key is there twice"),
    "nested_too_deep": ("lồng quá sâu", "nested too deep"),
    "no_number": ("NaN hoặc vô cực", "NaN or infinity"),
    "half_a_character": ("nửa ký tự", "half a character"),
    "json": ("không đúng cú pháp", "not well formed"),
    "no_json": ("có giá trị không phải của JSON", "a value that is none of JSON"),
    "too_large": ("quá lớn", "too large"),
}


def _check(body: object) -> None:
    """Raise for what JSON cannot hold, and for what is nested deeper or is larger than any message."""
    level, depth, count = [body], 0, 0
    while level:
        count += len(level)
        if depth > MAX_DEPTH or count > MAX_VALUES:
            raise _bad_json("nested_too_deep" if depth > MAX_DEPTH else "too_large")
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                for key in value:
                    _check_one(key if isinstance(key, str) else object())
                below += value.values()
            elif isinstance(value, list | tuple):
                below += value
            else:
                _check_one(value)
        level, depth = below, depth + 1


def _check_one(value: object) -> None:
    match value:
        case None | bool() | int():
            return
        case str():
            if not value.isascii() and _HALF.search(value):
                raise _bad_json("half_a_character")
        case float() | Decimal():
            if not math.isfinite(value):
                raise _bad_json("no_number")
        case _:
            raise _bad_json("no_json")


_HALF: Final = re.compile("[\ud800-\udfff]")


def _bad_json(about: str, place: str = "") -> BrokenError:
    vi, en = _SAID[about]
    return BrokenError("TR-message-json", about, f"JSON hỏng ({vi})", f"broken JSON ({en})", place)
