"""Messages of a sender, night by night: the copies of each dossier are kept, and read again with those that come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law.civil import day_of
from tthc_rules.library import Rulebook
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.logs.diagnostics import Diagnostic
from tthc_rules.logs.messagefiles import messages_in
from tthc_rules.logs.messages import MessageReader
from tthc_rules.logs.sightings import Fact, Held, SenderBatch, SightingStore, sightings_of
from tthc_rules.runs.nightly import complaints
from tthc_rules.runs.nightly.packed import packed, pieces, unpacked
from tthc_rules.runs.nightly.problems import problem_cells, problem_of
from tthc_rules.runs.nightly.record import NightItem, Recorder, told_cells, told_of
from tthc_rules.runs.nightly.state import State
from tthc_rules.runs.sent import SentFile

_OF_NONE, _OF_DOSSIERS = 0, 1
"""The parts of a result: rows that belong to no dossier come first."""
_UNDATED: Final = ""
"""What those share of which no copy came with its time: they are read by the day on which messages were fetched."""


@dataclass(slots=True)
class SentNight:
    """The messages of a night, and what is remembered of those before."""

    reader: MessageReader
    batch: SenderBatch
    spoiled_before: Mapping[str, Problem] = field(default_factory=dict)

    @classmethod
    def read(cls, book: Rulebook, sent: SentFile, known_on: Any, before: State | None) -> SentNight:
        """The messages of a file; of the night before (`before`) what is said of messages, and which were broken."""
        limits = book.limits(known_on=known_on, jurisdiction=sent.jurisdiction)
        reader = MessageReader(sent.sender, limits, fetched_on=sent.fetched_on, jurisdiction=sent.jurisdiction)
        batch = reader.sender.batch(limits, sent.fetched_on)
        if not isinstance(getattr(batch, "facts", None), Counter):
            raise InputFileError(complaints.not_told(sent.sender))
        if before is not None:
            _remember(reader, before)
        night = cls(reader, batch, dict(reader.spoiled))
        for message in messages_in(sent.path, reader.sender.id_keys):
            reader.feed(message)
        return night

    # -- all of them ---------------------------------------------------------------------------------------------------

    def all_into(self, recorder: Recorder) -> None:
        """Read every dossier of the messages."""
        self._nameless(recorder)
        self.batch.prepare(self.reader.store.groups())
        spoiled = ((key, None) for key in sorted(self.reader.spoiled))
        for key, found in groupby(merge(self._copies(), spoiled, key=itemgetter(0)), key=itemgetter(0)):
            held: Held = next((copies for _, copies in found if copies is not None), {})
            recorder.take(self._item(key, held))
        recorder.flush()
        self._tie_all(recorder.state)
        self._close(recorder)

    def _copies(self) -> Iterator[tuple[str, Held | None]]:
        return iter(self.reader.store.copies())

    def _tie_all(self, state: State) -> None:
        for some in pieces(self._copies()):
            ids = {key: kept.id for key, kept in state.find([key for key, _ in some]).items()}
            for key, held in some:
                state.tie(ids[key], self._ties(key, held or {}))

    # -- those of a night ----------------------------------------------------------------------------------------------

    def some_into(self, recorder: Recorder, fetched_anew: bool) -> None:
        """Read the dossiers that have come, those tied to them, and those whose day has come."""
        state = recorder.state
        self._nameless(recorder)
        touched, moved = self._keep_copies(state, recorder)
        asked = touched | self._with(state, touched, moved) | set(self._newly_spoiled())
        if recorder.every is not None:
            asked |= set(state.keys(part=_OF_DOSSIERS))
        elif recorder.is_later:
            asked |= set(state.keys(due=day_of(recorder.judge.question.as_of)))
        if fetched_anew:
            asked |= set(state.tied(_UNDATED))
        for keys in pieces(sorted(asked)):
            self._read(keys, recorder)
        recorder.flush()
        self._close(recorder)

    def _newly_spoiled(self) -> Iterable[str]:
        return (key for key in self.reader.spoiled if key not in self.spoiled_before)

    def _keep_copies(self, state: State, recorder: Recorder) -> tuple[set[str], Counter[str]]:
        """Put the copies that came to those that are there; the keys, and by how much the count of each tie moved."""
        touched: set[str] = set()
        moved: Counter[str] = Counter()
        for some in pieces(self._copies()):
            keys = [key for key, _ in some]
            known, sources = state.find(keys), state.sources(keys)
            recorder.begin([key for key in keys if key not in known], _OF_DOSSIERS)
            known = state.find(keys)
            put = []
            for key, new in some:
                old = held_in(sources[key], state) if key in sources else {}
                held = joined(old, new or {})
                number = known[key].id
                put.append((number, held_text(held)))
                before, now = self._ties(key, old), self._ties(key, held)
                if before != now:
                    state.untie(number, before)
                    state.tie(number, now)
                for tie in before.keys() | now.keys():
                    moved[tie] += now.get(tie, False) - before.get(tie, False)
                touched.add(key)
            state.put_texts(put)
        return touched, moved

    def _with(self, state: State, touched: set[str], moved: Counter[str]) -> set[str]:
        """Those whose reading may be another for what came of others."""
        enough = self.batch.enough
        found: set[str] = set()
        for tie, by in moved.items():
            if tie == _UNDATED or (enough is not None and not by):
                continue
            if enough is not None:
                now = len(state.tied(tie, enough + abs(by), counting=True))
                if (now >= enough) == (now - by >= enough):
                    continue
            found.update(state.tied(tie))
        return found - touched

    def _read(self, keys: list[str], recorder: Recorder) -> None:
        """Read some dossiers again, with as many of those tied to them as their reading asks for."""
        state = recorder.state
        held = {key: held_in(text, state) for key, text in state.sources(keys).items()}
        ties = {tie for key, copies in held.items() for tie in self._ties(key, copies)}
        others = {other for tie in ties for other in state.tied(tie, self.batch.enough, counting=True)} - held.keys()
        around = {key: held_in(text, state) for key, text in state.sources(sorted(others)).items()}
        batch = self.batch = self.reader.sender.batch(self.reader.limits, self.reader.fetched_on)
        batch.prepare((key, sightings_of(key, copies)) for key, copies in sorted((held | around).items()))
        for key in keys:
            recorder.take(self._item(key, held.get(key, {})))

    # -- both ----------------------------------------------------------------------------------------------------------

    def _item(self, key: str, held: Held) -> NightItem:
        batch = self.batch
        batch.facts = Counter()
        read, found = self.reader.one(batch, key, sightings_of(key, held))
        facts: Counter[Fact] = batch.facts
        raw = None if read is None else RawDossier(read.dossier_id, read.data, read.dossier_id, read.problems)
        return NightItem(key, _OF_DOSSIERS, 0, raw, held_text(held), tuple(found), facts)

    def _ties(self, key: str, held: Held) -> dict[str, bool]:
        found: dict[str, bool] = {}
        for tie in self.batch.ties(key, sightings_of(key, held)) if held else ():
            name = f"{tie.name} {tie.value}"
            found[name] = found.get(name, False) or tie.counts
        if held and not any(arrival for arrival, _, _ in held):
            found[_UNDATED] = False
        return found

    def _nameless(self, recorder: Recorder) -> None:
        """The rows that belong to no dossier, all of them anew: they are few, and nothing is to be judged."""
        recorder.state.drop(_OF_NONE)
        for number, problem in enumerate(self.reader.broken.values()):
            raw = RawDossier("", {}, problem.place, (problem,))
            recorder.take(NightItem(f"\0{number}", _OF_NONE, number, raw, b""))

    def _close(self, recorder: Recorder) -> None:
        """What is said of all, and what the next night must remember of the messages."""
        state, reader = recorder.state, self.reader
        state.add_facts(recorder.facts)
        self.batch.facts = state.facts()
        state.say("count", reader.store.count)
        state.say("found", [told_cells(one) for one in sorted(reader.found)])
        state.say("broken", [[key, problem_cells(problem)] for key, problem in reader.broken.items()])
        state.say("spoiled", [[key, problem_cells(problem)] for key, problem in reader.spoiled.items()])

    @property
    def first(self) -> list[Diagnostic]:
        """What is said of the messages themselves."""
        return sorted(self.reader.found)

    @property
    def last(self) -> list[Diagnostic]:
        """What is said of the sender, once all have been read."""
        return sorted(set(self.batch.of_all()))


def _remember(reader: MessageReader, before: State) -> None:
    reader.store = SightingStore(reader.store.memory, before.said("count") or 0)
    reader.found = {told_of(cells) for cells in before.said("found") or ()}
    reader.broken = {key: problem_of(cells) for key, cells in before.said("broken") or ()}
    reader.spoiled = {key: problem_of(cells) for key, cells in before.said("spoiled") or ()}


def held_text(held: Held) -> bytes:
    """The copies of a dossier as a state keeps them."""
    return packed([[*one, *places] for one, places in sorted(held.items())])


def held_in(text: bytes, state: State) -> Held:
    """The copies in such a text; raises where it is not what was written."""
    return {(arrival, rank, copy): (first, last) for arrival, rank, copy, first, last in unpacked(text, state.shown)}


def joined(old: Held, new: Held) -> Held:
    """The copies of a dossier with those that came: what is the same and came at the same time is one."""
    found = dict(old)
    for one, (first, last) in new.items():
        begun, ended = found.get(one, (first, last))
        found[one] = min(begun, first), max(ended, last)
    return found
