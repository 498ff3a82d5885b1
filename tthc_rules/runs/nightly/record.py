"""Dossiers as a night reads them: each is judged, or its row carried, and either is kept in the state."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from tthc_rules.law.civil import day_of
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.logs.diagnostics import Diagnostic
from tthc_rules.logs.sightings import Fact
from tthc_rules.result.row import Row
from tthc_rules.runs.nightly.counted import counted, faults_counted
from tthc_rules.runs.nightly.judging import Judge
from tthc_rules.runs.nightly.reasons import Reason, next_look
from tthc_rules.runs.nightly.state import KeptRow, State
from tthc_rules.runs.writers import RowTexts

AT_ONCE: Final = 5_000
"""Dossiers that are held in memory and judged together."""


@dataclass(frozen=True, slots=True)
class NightItem:
    """One dossier as it was read: its place in the result, what it was read from, and what is wrong with it.

    Without `raw` its copies are none of a dossier: it has no row.
    """

    key: str
    part: int
    seq: int
    raw: RawDossier | None
    source: bytes
    told: tuple[Diagnostic, ...] = ()
    facts: Counter[Fact] = field(default_factory=Counter)


@dataclass(slots=True)
class Recorder:
    """Takes what a night reads, one after the other."""

    state: State
    before: State | None
    """The night before where this night writes a new state; nothing where it goes on with a copy, or is the first."""
    judge: Judge
    texts: RowTexts
    every: Reason | None
    is_later: bool
    """Whether a day has passed since the night before: only then a day can have come."""
    sender: str = ""
    progress: Callable[[int], None] = lambda done: None
    judged: Counter[Reason] = field(default_factory=Counter)
    done: int = 0
    facts: Counter[Fact] = field(default_factory=Counter)
    _waiting: list[NightItem] = field(default_factory=list)
    _next_id: int = 0

    @property
    def _is_copy(self) -> bool:
        return self.before is None

    def take(self, item: NightItem) -> None:
        """Take the next dossier."""
        self._waiting.append(item)
        if len(self._waiting) >= AT_ONCE:
            self.flush()

    def begin(self, keys: Iterable[str], part: int) -> None:
        """Give these a number: they come to have a row when they are read."""
        self.state.put(KeptRow(self._id(None), key, part, 0, None, None, "", None, None, None) for key in keys)

    def flush(self) -> None:
        """Judge those that wait and must be, and keep them all."""
        items, self._waiting = self._waiting, []
        known = (self.before or self.state).find([item.key for item in items])
        digests = [digest_of(item.raw) for item in items]
        reasons = [self._reason(item, digest, known.get(item.key)) for item, digest in zip(items, digests, strict=True)]
        raws = [item.raw for item, why in zip(items, reasons, strict=True) if why is not None and item.raw is not None]
        made = iter(self.judge.rows(raws, self.texts))
        kept = []
        for item, digest, why in zip(items, digests, reasons, strict=True):
            old = known.get(item.key)
            if item.raw is None:
                one = KeptRow(self._id(old), item.key, item.part, item.seq, None, None, "", None, None, None)
            elif why is None:
                assert old is not None
                one = old._replace(id=self._id(old), part=item.part, seq=item.seq, tally=self._tally(old.tally))
            else:
                one = self._made(item, digest, *next(made), self._id(old))
                self.judged[why] += bool(item.raw.dossier_id)
            kept.append(one._replace(faults=self._faults(item)))
        self._keep(items, kept)
        self.done += len(items)
        self.progress(self.done)

    def _reason(self, item: NightItem, digest: bytes, old: KeptRow | None) -> Reason | None:
        """Why a dossier is judged anew, if it is."""
        if self.every is not None:
            return self.every
        if old is None or old.line is None:
            return Reason.new
        if old.digest != digest:
            return Reason.changed
        as_of = day_of(self.judge.question.as_of)
        return Reason(old.why) if self.is_later and old.next_on is not None and old.next_on <= as_of else None

    def _made(self, item: NightItem, digest: bytes, row: Row, line: bytes, number: int) -> KeptRow:
        assert item.raw is not None
        next_on, why = None, ""
        if not item.raw.problems:
            next_on, why = next_look(row, _text_of(item.raw), self.judge.question.as_of)
        tally = self.state.tally(counted(row, item.raw))
        return KeptRow(number, item.key, item.part, item.seq, digest, next_on, why, tally, None, line)

    def _tally(self, number: int | None) -> int | None:
        """The number of a count, where it came from the state of the night before."""
        if number is None or self.before is None:
            return number
        return self.state.tally(self.before.tallied(number))

    def _faults(self, item: NightItem) -> int | None:
        return self.state.tally(faults_counted(self.sender, item.told)) if item.told else None

    def _id(self, old: KeptRow | None) -> int:
        """The number of a dossier: a copy keeps those that it has."""
        if old is not None and self._is_copy:
            return old.id
        self._next_id = (self._next_id or self.state.next_id() - 1) + 1
        return self._next_id

    def _keep(self, items: Iterable[NightItem], kept: list[KeptRow]) -> None:
        state = self.state
        if self._is_copy:
            for text in state.facts_of([one.id for one in kept]):
                self.facts.subtract(facts_in(text))
        for item in items:
            self.facts.update(item.facts)
        state.put(kept)
        state.put_sources((one.id, item.source, facts_text(item.facts)) for item, one in zip(items, kept, strict=True))
        state.tell(
            (one.id, json.dumps([told_cells(each) for each in item.told]) if item.told else "")
            for item, one in zip(items, kept, strict=True)
        )


def digest_of(raw: RawDossier | None) -> bytes:
    """The digest of a dossier as it was read, with what could not be read of it."""
    if raw is None:
        return b""
    made = sha256(_text_of(raw).encode("utf-8", "surrogatepass"))
    for problem in raw.problems:
        made.update(f"\0{problem.code} {problem.place} {problem.vi}".encode("utf-8", "surrogatepass"))
    return made.digest()


def _text_of(raw: RawDossier) -> str:
    left_out = dict(sorted(raw.left_out.items()))
    return json.dumps([raw.dossier_id, raw.data, left_out], ensure_ascii=False, sort_keys=True, default=str)


def facts_text(facts: Counter[Fact]) -> str:
    """Facts as a state keeps them with a dossier."""
    return json.dumps([[*fact, count] for fact, count in facts.items()], ensure_ascii=False) if facts else ""


def facts_in(text: str) -> Counter[Fact]:
    """The facts in such a text."""
    return Counter({(name, value): count for name, value, count in json.loads(text)} if text else {})


def told_cells(one: Diagnostic) -> list[object]:
    """A diagnostic as a state keeps it."""
    return [one.dossier_id, one.code, one.about, one.level, list(one.values)]


def told_of(cells: list[Any]) -> Diagnostic:
    """The diagnostic in such cells."""
    dossier_id, code, about, level, values = cells
    return Diagnostic(dossier_id, code, about, level, tuple(values))
