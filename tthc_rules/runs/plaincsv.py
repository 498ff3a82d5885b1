"""A plain CSV in the library's own columns as pieces for the fast core: the rows are those of the strict reader.

Words are read once each, by the reader's own functions. A dossier with anything doubtful (rows that disagree, an event
that lacks something, a value of another type, no id) is put together from its cells by the strict reader and judged
alone, so that what is said of it is said in one place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.bulk.accepted import PROBLEM
from tthc_rules.bulk.cells import Column, Ints, Mask
from tthc_rules.bulk.columns import ALIASES, DOSSIER_COLUMNS, DOSSIER_ID, EVENT_COLUMNS, UNKNOWN
from tthc_rules.bulk.grouping import left_out, nested
from tthc_rules.bulk.rescore import PART, Rescorer
from tthc_rules.law.codes import KINDS, KNOWN_KIND
from tthc_rules.law.fields import LIFECYCLE
from tthc_rules.logs.assemble import GROUPS, RawDossier, Record, assembled
from tthc_rules.logs.csvblocks import Block, NotPlainError, blocks, header_of
from tthc_rules.logs.layout import PlainLayout, dossier_id_of, typed
from tthc_rules.result.row import Row


class NotGroupedError(Exception):
    """A dossier stands in two places."""


@dataclass(frozen=True, slots=True)
class PlainHeader:
    """What the columns of a file mean: for each its field."""

    path: Path
    delimiter: str
    header: tuple[str, ...]
    fields: dict[str, str]
    id: str
    at: str

    @classmethod
    def of(cls, path: Path, delimiter: str) -> PlainHeader:
        """By the header; raises what the strict reader raises, and `NotPlainError` where names need that reader."""
        header = header_of(path, delimiter)
        names = [name for name in header if name]
        plan = PlainLayout()
        plan.check(f"{path}:1", names, delimiter)
        fields = {name: _field(plan, name) for name in names}
        if len(set(fields.values())) < len(fields) or len(set(LIFECYCLE) & set(fields)) > 1:
            raise NotPlainError
        by_field = {field: name for name, field in fields.items()}
        return cls(path, delimiter, header, fields, by_field[DOSSIER_ID], by_field["at"])

    def blocks(self, whole: bool) -> Iterator[Block]:
        """The rows of the file."""
        return blocks(self.path, self.header, self.delimiter, self.id, self.at, whole)


def _field(plan: PlainLayout, column: str) -> str:
    role, name = plan.roles[column]
    match role:
        case "id" | "kind" | "at" | "lifecycle":
            return ALIASES.get(column, column)
        case "dossier":
            plain = name in DOSSIER_COLUMNS and name != DOSSIER_ID
        case _:
            group = name.partition(".")[0]
            plain = (
                name not in DOSSIER_COLUMNS and name not in ALIASES and group not in (*GROUPS, "events", "kind", "at")
            )
    if not plain or name == PROBLEM or UNKNOWN in name or ":" in name:
        raise NotPlainError
    return name


# -- pieces ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class PlainSource:
    """A plain CSV as pieces of whole dossiers: as it stands, or where its dossiers are scattered, in memory."""

    layout: PlainHeader
    scattered: bool = False
    total: int | None = None
    _seen: list[Ints] = field(default_factory=list)

    def pieces(self) -> Generator[Block, None, None]:
        """The rows, those of a dossier together, dossiers in the order of their first row."""
        if self.scattered:
            yield from self._together()
            return
        for block in self.layout.blocks(whole=True):
            made, codes = _named(block, self.layout)
            if (np.diff(codes) < 0).any():
                raise NotGroupedError
            self._seen.append(_hashes(made.table[self.layout.id]))
            yield made

    def stop(self) -> None:
        """Nothing waits."""

    def check(self) -> None:
        """Raise `NotGroupedError` if a dossier came in two pieces: each half was judged as a whole."""
        seen = np.sort(np.concatenate([np.zeros(0, np.int64), *self._seen]))
        if (seen[1:] == seen[:-1]).any():
            raise NotGroupedError

    def _together(self) -> Iterator[Block]:
        parts = list(self.layout.blocks(whole=False))
        if not parts:
            return
        tables = pa.concat_tables([_as_words(part.table) for part in parts]).unify_dictionaries().combine_chunks()
        whole = Block(tables, np.concatenate([part.lines for part in parts]))
        del parts, tables
        made, codes = _named(whole, self.layout)
        order = np.argsort(codes, kind="stable")
        codes = codes[order]
        firsts = np.flatnonzero(np.diff(codes, prepend=-1))
        cuts = [*firsts[::PART].tolist(), len(codes)]
        for begin, end in pairwise(cuts):
            rows = order[begin:end]
            yield Block(made.table.take(pa.array(rows)), made.lines[rows])


def _as_words(table: pa.Table) -> pa.Table:
    """The table with moments as text where blocks may differ in it."""
    for place, kind in enumerate(table.schema.types):
        if pa.types.is_timestamp(kind):
            words = table.column(place).combine_chunks().cast(pa.string()).dictionary_encode()
            table = table.set_column(place, table.schema.names[place], words)
    return table


def _named(block: Block, layout: PlainHeader) -> tuple[Block, Ints]:
    """The rows with an id in each, and for each its dossier, by order of appearance; a row without one is its own."""
    table, lines = block.table, block.lines
    ids = table[layout.id].combine_chunks()
    ids = ids.chunk(0) if isinstance(ids, pa.ChunkedArray) else ids
    words = ids.dictionary
    if not _is_ascii(words):
        again = pa.array([dossier_id_of(word) for word in words.to_pylist()], pa.string()).dictionary_encode()
        ids = pa.DictionaryArray.from_arrays(again.indices.take(ids.indices), again.dictionary)
    if ids.null_count:
        nameless = np.flatnonzero(np.asarray(ids.is_null()))
        others = [name for name in table.column_names if name != layout.id]
        empty = [row for row in nameless.tolist() if not any(table[name][row].is_valid for name in others)]
        if empty:
            keep = np.ones(len(table), bool)
            keep[empty] = False
            table, lines = table.filter(pa.array(keep)), lines[keep]
            ids = ids.filter(pa.array(keep))
        marks = pa.array([f"\0{line}" for line in lines.tolist()])
        ids = pc.if_else(ids.is_null(), marks, ids.cast(pa.string())).dictionary_encode()
    table = table.set_column(table.column_names.index(layout.id), layout.id, ids)
    codes = np.asarray(ids.indices)
    if len(codes) and (np.diff(np.maximum.accumulate(codes), prepend=-1) > 1).any():  # not in order of appearance
        _, firsts, back = np.unique(codes, return_index=True, return_inverse=True)
        codes = np.argsort(np.argsort(firsts))[back]
    return Block(table, lines), codes


def _is_ascii(words: Column) -> bool:
    return bool(pc.all(pc.string_is_ascii(words), min_count=0).as_py())


def _hashes(column: pa.ChunkedArray) -> Ints:
    """Sixty-four bits of each id that stands there."""
    ids = column.combine_chunks()
    ids = ids.chunk(0) if isinstance(ids, pa.ChunkedArray) else ids
    words = ids.dictionary.to_pylist()
    used = np.unique(np.asarray(ids.indices))
    return np.fromiter((hash(words[code]) for code in used.tolist()), np.int64, len(used))


# -- one piece ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JudgedPiece:
    """The rows of a piece, and what its log says beside."""

    rows: pa.RecordBatch
    left_out: Counter[str]
    kinds: Counter[str]


class Piece:
    """Rows of whole dossiers on their way to be judged."""

    def __init__(self, block: Block, layout: PlainHeader) -> None:
        self.block, self.layout = block, layout
        ids = block.table[layout.id].combine_chunks()
        self.ids = ids.chunk(0) if isinstance(ids, pa.ChunkedArray) else ids
        codes = np.asarray(self.ids.indices)
        self.begins = np.flatnonzero(np.diff(codes, prepend=-1))
        self.ends = np.append(self.begins[1:], len(codes))

    def __len__(self) -> int:
        return len(self.begins)

    def raw(self, row: int) -> RawDossier:
        """A dossier as the strict reader puts it together."""
        begin, end = int(self.begins[row]), int(self.ends[row])
        rows = self.block.table.slice(begin, end - begin).to_pylist()
        plan = PlainLayout()
        (made,) = assembled(
            (
                Record(f"{self.layout.path}:{line}", self._cells(row))
                for line, row in zip(self.block.lines[begin:end].tolist(), rows, strict=True)
            ),
            plan,
        )
        return made

    def _cells(self, row: dict[str, Any]) -> dict[str, object]:
        cells: dict[str, object] = {name: value for name, value in row.items() if value is not None}
        if str(cells.get(self.layout.id, "")).startswith("\0"):
            del cells[self.layout.id]
        if (at := cells.get(self.layout.at)) is not None and not isinstance(at, str):
            cells[self.layout.at] = at.isoformat()  # type: ignore[attr-defined]
        return cells

    def judge(self, rescorer: Rescorer, one: Callable[[RawDossier], Row]) -> JudgedPiece:
        """The rows of the dossiers, in their order."""
        table, doubtful = self._typed()
        counts = left_out(table.filter(self._has_id())) if set(LIFECYCLE) & set(table.column_names) else Counter[str]()
        made = nested(table, None)
        if len(made) != len(self.begins):
            raise AssertionError
        if doubtful.any():
            said = pc.if_else(pa.array(doubtful), _DOUBTFUL, pa.scalar(None, pa.string()))
            if PROBLEM in made.column_names:
                said = pc.coalesce(made[PROBLEM].combine_chunks(), said)
                made = made.drop_columns([PROBLEM])
            made = made.append_column(PROBLEM, said)
        rows = rescorer.judge(made, lambda row: one(self.raw(row)))
        return JudgedPiece(rows.replace_schema_metadata(rescorer.schema.metadata), counts, self._kinds(table))

    def _has_id(self) -> Column:
        marks = pc.starts_with(self.ids.dictionary, "\0")
        return pc.invert(marks.take(self.ids.indices))

    def _kinds(self, table: pa.Table) -> Counter[str]:
        column = table["kind"].combine_chunks()
        column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        words = column.dictionary.to_pylist()
        return Counter(KNOWN_KIND if word in KINDS else word for word in words if word is not None)

    def _typed(self) -> tuple[pa.Table, Ints]:
        """The columns in the types of their fields, under their names; and the dossiers in which one cell has none."""
        columns: dict[str, Column] = {}
        wrong = np.zeros(len(self.block.table), bool)
        for name, field_name in self.layout.fields.items():
            column = self.block.table[name].combine_chunks()
            column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
            columns[field_name], bad = _read(field_name, column)
            if bad is not None:
                wrong |= bad
        doubtful = np.zeros(len(self.begins), bool)
        if wrong.any():
            doubtful[np.searchsorted(self.begins, np.flatnonzero(wrong), side="right") - 1] = True
        columns[DOSSIER_ID] = self.ids.cast(pa.string())
        return pa.table(columns), doubtful


_DOUBTFUL: Final = "doubtful"
_FLAG: Final = (pa.bool_(), bool)
_NUMBER: Final = (pa.int64(), int)


def _read(name: str, column: Column) -> tuple[Column, Mask | None]:
    """A column in the type of its field, each word read once; and the cells that have no such reading."""
    meaning = {**EVENT_COLUMNS, **DOSSIER_COLUMNS}.get(name)
    if meaning is None or name in (DOSSIER_ID, "kind") or not pa.types.is_dictionary(column.type):
        return column, None
    words = column.dictionary.to_pylist()
    match meaning:
        case "flag" | "number":
            kind, wanted = _FLAG if meaning == "flag" else _NUMBER
            read = [typed(name, word) for word in words]
            good = [type(value) is wanted for value in read]
            values = pa.array([value if is_good else None for value, is_good in zip(read, good, strict=True)], kind)
            return values.take(column.indices), _cells_of(column, [not is_good for is_good in good])
        case "moment":
            if any("24:00" in word for word in words if word is not None):
                again = pa.array([typed(name, word) for word in words], pa.string()).dictionary_encode()
                column = pa.DictionaryArray.from_arrays(again.indices.take(column.indices), again.dictionary)
            return column, None
        case "text" if name in DOSSIER_COLUMNS:  # rows may disagree in what a list would not
            return column, _cells_of(column, ["|" in (word or "") for word in words])
        case _:
            return column, None


def _cells_of(column: Column, wanted: Sequence[bool]) -> Mask | None:
    """Which cells of a column have one of these words."""
    if not any(wanted):
        return None
    found: Mask = np.array([*wanted, False])[np.asarray(pc.fill_null(column.indices, len(wanted)))]
    return found
