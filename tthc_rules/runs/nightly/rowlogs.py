"""Event logs, night by night: the rows of each dossier are kept, and put together again with those that come.

Where a dossier stands in one piece (XES, a JSON object with its events), the piece that comes takes the place of the
one that is kept. Of the cells of a row those are kept that the mapping names: personal data in others is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tthc_rules.law.civil import day_of
from tthc_rules.logs.assemble import Layout, RawDossier, Record, assembled, owners
from tthc_rules.logs.eventlog import Format, opened, read_dossiers
from tthc_rules.logs.mapped import MappedLayout
from tthc_rules.logs.mapping import Mapping
from tthc_rules.runs.nightly.packed import packed, pieces, unpacked
from tthc_rules.runs.nightly.problems import problem_cells, problem_of
from tthc_rules.runs.nightly.record import NightItem, Recorder
from tthc_rules.runs.nightly.state import State

FORMATS: Final[tuple[Format, ...]] = ("csv", "ndjson", "json", "xes")
"""The logs of which a state is kept."""
_IN_ORDER, _DOUBTFUL, _UNSEEN = 0, 1, 2
"""The parts of a result: dossiers by their first row, rows that may belong to several and do to none, columns."""


@dataclass(frozen=True, slots=True)
class NightLog:
    """A log file and what is said of it."""

    events: Path
    format: Format
    mapping: Mapping | None = None
    delimiter: str = ","


@dataclass(frozen=True, slots=True)
class LooseRow:
    """A bad row that does not say for sure whose it is; the dossiers that it may belong to."""

    seq: int
    names: tuple[str, ...]
    record: Record


@dataclass(slots=True)
class RowNight:
    """The rows of a night, and those before that nobody knows the owner of."""

    log: NightLog
    plan: Layout
    rows: dict[str, list[Record]]
    places: dict[str, int]
    loose: list[LooseRow]
    seq: int
    by_name: dict[str, list[Record]] = field(default_factory=dict)

    @classmethod
    def read(cls, log: NightLog, plan: Layout, records: Iterable[Record], before: State | None) -> RowNight:
        """The rows of a log by dossier, in the order in which they stand."""
        loose = [] if before is None else [_loose_of(cells) for cells in before.said("loose") or ()]
        night = cls(log, plan, {}, {}, loose, 0 if before is None else before.next_seq())
        wanted: dict[tuple[str, ...], Collection[str]] = {}
        for record in records:
            columns = tuple(record.cells)
            if columns not in wanted:
                wanted[columns] = plan.wanted(columns) if isinstance(plan, MappedLayout) else columns
            night._add(record, wanted[columns])
        for one in night.loose:
            for name in one.names:
                night.by_name.setdefault(name, []).append(one.record)
        return night

    def _add(self, record: Record, wanted: Collection[str]) -> None:
        is_sure, names = owners(record, self.plan)
        kept = _kept(record, wanted)
        if is_sure:
            if names[0] not in self.rows:
                self.places[names[0]] = self._next()
            self.rows.setdefault(names[0], []).append(kept)
        else:
            self.loose.append(LooseRow(self._next(), names, kept))

    def _next(self) -> int:
        self.seq += 1
        return self.seq

    def all_into(self, recorder: Recorder) -> None:
        """Read every dossier of the log."""
        known = self.rows.keys()
        for key, records in self.rows.items():
            recorder.take(self._item(key, self.places[key], records))
        self._close(recorder, known)

    def some_into(self, recorder: Recorder) -> None:
        """Read the dossiers that have new rows, and those whose day has come."""
        state = recorder.state
        due = {key for key in _due(recorder, _IN_ORDER) if not key.startswith("\0")}
        asked = due | {name for name in self.by_name if state.find([name])} | self.rows.keys()
        for keys in pieces(sorted(asked, key=lambda key: (self.places.get(key, 0), key))):
            known, sources = state.find(keys), state.sources(keys)
            for key in keys:
                seq = known[key].seq if key in known else self.places[key]
                old = _records_of(sources[key], state) if key in sources else []
                recorder.take(self._item(key, seq, [*old, *self.rows.get(key, ())]))
        recorder.flush()
        self._close(recorder, {name for name in self.by_name if name in self.rows or state.find([name])})

    def _item(self, key: str, seq: int, records: Sequence[Record]) -> NightItem:
        found = assembled([*records, *self.by_name.get(key, ())], self.plan)
        raw = next(raw for raw in found if raw.dossier_id == key)
        return NightItem(key, _IN_ORDER, seq, raw, packed([_cells(record) for record in records]))

    def _close(self, recorder: Recorder, known: Collection[str]) -> None:
        """The rows of no dossier, all of them anew; and what the next night must remember."""
        recorder.flush()
        recorder.state.drop(_DOUBTFUL)
        for one in self.loose:
            if one.names and any(name in known for name in one.names):
                continue
            raw = next(assembled([one.record], self.plan))
            part = _DOUBTFUL if one.names else _IN_ORDER
            recorder.take(NightItem(f"\0{one.seq}", part, one.seq, raw, b""))
        self._close_columns(recorder)
        recorder.flush()
        recorder.state.say("loose", [[one.seq, one.names, _cells(one.record)] for one in self.loose])

    def _close_columns(self, recorder: Recorder) -> None:
        """The columns that the mapping names and no row of any night had."""
        plan, state = self.plan, recorder.state
        if not isinstance(plan, MappedLayout):
            return
        earlier = state.said("unseen")
        plan.missing = {column: None for column in plan.missing if earlier is None or column in earlier}
        state.drop(_UNSEEN)
        place = str(self.log.events)
        if (problem := plan.unseen()) is not None:
            recorder.take(NightItem("\0", _UNSEEN, 0, RawDossier("", {}, place, (problem.at(place),)), b""))
        state.say("unseen", list(plan.missing))


@dataclass(slots=True)
class PieceNight:
    """The dossiers of a night, each in one piece."""

    raws: Iterator[RawDossier]
    seq: int

    def all_into(self, recorder: Recorder) -> None:
        """Take every dossier of the log."""
        for raw in self.raws:
            self.seq += 1
            recorder.take(_piece(raw, self.seq))
        recorder.flush()

    def some_into(self, recorder: Recorder) -> None:
        """Take those that have come, in the place of those that are kept; and those whose day has come."""
        state, came = recorder.state, set()
        for raws in pieces(self.raws):
            known = state.find([raw.dossier_id for raw in raws if raw.dossier_id])
            for raw in raws:
                came.add(raw.dossier_id)
                if raw.dossier_id in known:
                    recorder.take(_piece(raw, known[raw.dossier_id].seq))
                else:
                    self.seq += 1
                    recorder.take(_piece(raw, self.seq))
            recorder.flush()
        for keys in pieces(sorted(_due(recorder, _IN_ORDER) - came)):
            known, sources = state.find(keys), state.sources(keys)
            for key in keys:
                recorder.take(_piece(_piece_of(sources[key], state), known[key].seq))
        recorder.flush()


def opened_night(log: NightLog, before: State | None) -> RowNight | PieceNight:
    """A log that is open, with what is remembered of the nights before (`before`): one of rows, or one of pieces."""
    found = opened(log.events, log.format, log.mapping, log.delimiter)
    if found.rows is not None:
        return RowNight.read(log, found.plan, found.rows, before)
    raws = read_dossiers(log.events, log.mapping, format=log.format, delimiter=log.delimiter)
    return PieceNight(raws, 0 if before is None else before.next_seq())


def _due(recorder: Recorder, part: int) -> set[str]:
    """The dossiers of the night before whose day has come, or all of them."""
    state = recorder.state
    if recorder.every is not None:
        found = state.keys(part=part)
    else:
        found = state.keys(due=day_of(recorder.judge.question.as_of)) if recorder.is_later else []
    return set(found)


# -- what a state keeps ------------------------------------------------------------------------------------------------


def _kept(record: Record, wanted: Collection[str]) -> Record:
    cells = {name: value for name, value in record.cells.items() if name in wanted}
    again = {name: value for name, value in record.again.items() if name in wanted}
    return Record(record.place, cells, record.problem, again)


def _cells(record: Record) -> list[Any]:
    whole = [record.place, dict(record.cells)]
    return whole if record.problem is None else [*whole, problem_cells(record.problem), dict(record.again)]


def _record_of(cells: list[Any]) -> Record:
    place, written, *bad = cells
    return Record(place, written, problem_of(bad[0]), bad[1]) if bad else Record(place, written)


def _loose_of(cells: list[Any]) -> LooseRow:
    seq, names, record = cells
    return LooseRow(seq, tuple(names), _record_of(record))


def _records_of(text: bytes, state: State) -> list[Record]:
    return [_record_of(cells) for cells in unpacked(text, state.shown)]


def _piece(raw: RawDossier, seq: int) -> NightItem:
    cells = [raw.dossier_id, raw.data, raw.place, [problem_cells(one) for one in raw.problems], dict(raw.left_out)]
    return NightItem(raw.dossier_id or f"\0{seq}", _IN_ORDER, seq, raw, packed(cells))


def _piece_of(text: bytes, state: State) -> RawDossier:
    dossier_id, data, place, problems, left_out = unpacked(text, state.shown)
    return RawDossier(dossier_id, data, place, tuple(map(problem_of, problems)), left_out=left_out)
