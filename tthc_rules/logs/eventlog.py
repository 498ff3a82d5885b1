"""Files of dossiers and event logs become raw dossiers: CSV, NDJSON, JSON, XES, Excel, flat Parquet, mapped or not.

Without a mapping, columns are `dossier_id, kind, at` (or `case:concept:name, concept:name, time:timestamp`); a field of
a dossier (`procedure`, `channel`, `time_limit.amount`, `units.handling_agency`, …) and any `case:` column describes the
dossier and must be constant in it; every other column and any `event:` column belongs to the event. An empty CSV cell
is absent, `true`/`false` and whole numbers are read where the field wants them, and a list is written `a|b`.

Every dossier of the file comes out once, in the order of its first row; what is wrong with a row or a dossier comes out
as `RawDossier.problems` and stops nothing else: one bad row is enough, a dossier is never judged by half of its rows.
`InputFileError` is only for a file that cannot be read as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Final, Literal, TypeAlias

from tthc_rules import errors
from tthc_rules.errors import EngineError, InputFileError, Problem
from tthc_rules.logs import complaints
from tthc_rules.logs.assemble import GROUPS, Draft, Layout, RawDossier, Record, assembled
from tthc_rules.logs.attributes import merged, read_attributes
from tthc_rules.logs.csv import read_rows
from tthc_rules.logs.json import JsonRecord, flattened, read_lines, read_whole
from tthc_rules.logs.layout import PlainLayout, dossier_id_of, trimmed
from tthc_rules.logs.mapped import MappedLayout
from tthc_rules.logs.mapping import Mapping, Xlsx, load_mapping
from tthc_rules.logs.xes import XesTrace, read_traces
from tthc_rules.logs.xlsx import open_sheet

__all__ = ["FORMATS", "Format", "OpenedLog", "RawDossier", "format_of", "opened", "read_dossiers", "sign_of"]

Format: TypeAlias = Literal["csv", "ndjson", "json", "xes", "parquet", "xlsx"]

FORMATS: Final[tuple[Format, ...]] = ("csv", "ndjson", "json", "xes", "parquet", "xlsx")
_OF_ATTRIBUTES: Final[tuple[Format, ...]] = ("csv", "ndjson", "json", "xlsx")
_EXTENSIONS: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "json",
    ".xes": "xes",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}


def read_dossiers(
    path: str | Path,
    mapping: Mapping | str | Path | None = None,
    dossiers: str | Path | None = None,
    *,
    format: Format | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    grouped: bool = False,
) -> Iterator[RawDossier]:
    """The dossiers in a file, one by one.

    `mapping` says what the columns mean (a `Mapping`, or the path of one). `dossiers` is a CSV, NDJSON, JSON or Excel
    file of attributes by `dossier_id`, which win over those of the log. `format` overrides the extension, `delimiter`
    the mapping's (a comma without one) in both files, `sheet` the mapping's (else the first one that is visible). Rows
    of one dossier may be scattered and are held in memory, unless `grouped` promises that they stand together; dossiers
    in one piece (XES, JSON) always come out in a stream. A file that is streamed is read twice, first for what comes
    again in it.
    """
    log = Path(path)
    chosen = format_of(log, format)
    explained = mapping if mapping is None or isinstance(mapping, Mapping) else load_mapping(mapping)
    sign = sign_of(log, explained, delimiter)
    if sheet is not None and chosen != "xlsx":
        raise InputFileError(complaints.sheet_of_no_workbook(str(log), sheet))

    def read() -> Iterator[RawDossier]:
        return _dossiers(log, chosen, explained, sign, sheet, grouped)

    found = read()
    if grouped or chosen not in ("csv", "parquet", "xlsx"):
        found = _in_one_piece(log, read)
    if dossiers is None:
        return found
    attributes = Path(dossiers)
    return merged(found, read_attributes(attributes, format_of(attributes, None, _OF_ATTRIBUTES), sign))


def sign_of(path: Path, mapping: Mapping | None, delimiter: str | None) -> str:
    """What separates the cells: the sign that was named, else the mapping's, else a comma."""
    sign = delimiter if delimiter is not None else mapping.csv.delimiter if mapping else ","
    if len(sign) != 1 or sign in '"\r\n':
        raise InputFileError(complaints.delimiter_unusable(str(path), sign))
    return sign


def format_of(path: Path, format: str | None = None, known: tuple[Format, ...] = FORMATS) -> Format:
    """The format named, or else that of the file's extension (`.gz` aside)."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    written = format if format is not None else suffixes[-1] if suffixes else ""
    for name in known:
        if written == name or (format is None and _EXTENSIONS.get(written) == name):
            return name
    raise InputFileError(errors.file_format_unknown(str(path), written, known))


def _dossiers(
    path: Path, format: Format, mapping: Mapping | None, delimiter: str, sheet: str | None, grouped: bool
) -> Iterator[RawDossier]:
    log = opened(path, format, mapping, delimiter, sheet)
    yield from log.pieces if log.rows is None else assembled(log.rows, log.plan, grouped)
    if (problem := log.plan.unseen()) is not None:
        yield RawDossier("", {}, str(path), (problem.at(str(path)),))


_NONE: Final[Iterator[RawDossier]] = iter(())


@dataclass(frozen=True, slots=True)
class OpenedLog:
    """A log that is open: its rows, or, where each dossier stands in one piece, its dossiers."""

    plan: Layout
    rows: Iterator[Record] | None
    pieces: Iterator[RawDossier]


def opened(
    path: Path, format: Format, mapping: Mapping | None = None, delimiter: str = ",", sheet: str | None = None
) -> OpenedLog:
    """A log, its header checked; raises `InputFileError` for one that cannot be read as a whole."""
    plan: Layout = MappedLayout(mapping) if mapping else PlainLayout(text=format not in ("json", "ndjson"))
    if format == "csv":
        header, rows = read_rows(path, delimiter)
        plan.check(f"{path}:1", header, delimiter)
        return OpenedLog(plan, (Record(row.place, row.cells, row.problem, row.again) for row in rows), _NONE)
    if format == "parquet":
        return OpenedLog(plan, _of_table(path, plan), _NONE)
    if format == "xlsx":
        where = mapping.xlsx if mapping else Xlsx()
        book = open_sheet(path, sheet or where.sheet, where.header_row)
        plan.check(book.place, book.columns, "")
        return OpenedLog(plan, book.rows(plan.wanted(book.columns), plan.serial), _NONE)
    if format == "xes":
        return OpenedLog(plan, None, (_from_trace(trace, plan) for trace in read_traces(path)))
    return _of_records(read_lines(path) if format == "ndjson" else read_whole(path), plan)


def _of_table(path: Path, plan: Layout) -> Iterator[Record]:
    """The flat rows of Parquet."""
    try:
        from tthc_rules.logs.parquetlog import column_names, read_table_rows
    except ImportError as error:
        raise EngineError(errors.bulk_missing(error.name or "")) from None
    columns = column_names(path)
    plan.check(str(path), columns, "")
    return iter(read_table_rows(path, plan.wanted(columns)))


def _from_trace(trace: XesTrace, plan: Layout) -> RawDossier:
    """The dossier in one XES trace."""
    dossier_id = plan.id_of(trace.attributes)
    draft = Draft(dossier_id, trace.place)
    for problem in trace.problems:
        draft.report(problem)
    if not dossier_id:
        draft.report(plan.unnamed(trace.attributes, trace.place))
        return RawDossier("", {}, trace.place, tuple(draft.problems.values()))
    file = trace.place.rpartition(":")[0]
    draft.add_attributes(plan, trace.attributes, trace.place)
    for line, event in trace.events:
        cells = {**trace.attributes, **event} if plan.inherits else event
        place = f"{file}:{line}"
        draft.add_attributes(plan, cells, place)
        draft.add_events(plan, cells, place)
    return draft.finish(plan)


def _of_records(records: Iterator[JsonRecord], plan: Layout) -> OpenedLog:
    """Rows of a mapping, or what the first object is: a file of events, or a file of dossiers."""
    if isinstance(plan, MappedLayout):
        return OpenedLog(plan, map(_row, records), _NONE)
    before: list[JsonRecord] = []
    for record in records:
        before.append(record)
        if record.problem is None:
            break
    rest = chain(before, records)
    if before and before[-1].problem is None and _is_event(before[-1]):
        return OpenedLog(plan, map(_event_row, rest), _NONE)
    return OpenedLog(plan, None, map(_whole_dossier, rest))


def _is_event(record: JsonRecord) -> bool:
    return "events" not in record.fields and ("kind" in record.fields or "concept:name" in record.fields)


def _row(record: JsonRecord) -> Record:
    return _flat(record, None)


def _event_row(record: JsonRecord) -> Record:
    if record.problem is None and "events" in record.fields:
        return Record(record.place, record.fields, _mixed(record.place), record.fields)
    return _flat(record, GROUPS)


def _flat(record: JsonRecord, groups: Collection[str] | None) -> Record:
    fields, twice = flattened(record.fields, groups)
    problem = record.problem or (errors.json_broken(record.place, f"key repeated: {twice}") if twice else None)
    return Record(record.place, fields, problem, flattened(record.again, groups)[0] if record.problem else fields)


def _whole_dossier(record: JsonRecord) -> RawDossier:
    """The dossier in one JSON object, its data as written but for the blanks around names."""
    dossier_id = dossier_id_of(record.fields.get("dossier_id"))
    problem = record.problem
    if problem is not None and (other := dossier_id_of(record.again.get("dossier_id"))) != dossier_id:
        return RawDossier("", {}, record.place, (problem,), tuple(name for name in (dossier_id, other) if name))
    if problem is None and _is_event(record):
        problem = _mixed(record.place)
    elif problem is None and not dossier_id:
        problem = complaints.dossier_id_missing(record.place)
    return RawDossier(dossier_id, trimmed(record.fields), record.place, (problem,) if problem else ())


def _mixed(place: str) -> Problem:
    return complaints.record_unsuitable(
        place,
        "một tệp chỉ chứa hoặc toàn hồ sơ (có «events»), hoặc toàn sự kiện (có «kind»); tách thành hai tệp",
        "a file holds either dossiers (with “events”) or events (with “kind”); make it two files",
    )


def _in_one_piece(path: Path, read: Callable[[], Iterator[RawDossier]]) -> Iterator[RawDossier]:
    """The dossiers of a file that holds each in one piece, read twice: what stands at two places is judged at none.

    The first place of a dossier that comes again is its error row. What comes through a pipe is kept in memory.
    """
    if not (path.is_file() or path.is_dir()):
        kept = list(read())
        read = lambda: iter(kept)  # noqa: E731 - the same reading, from memory
    places, spoiled = _places(read())
    waiting = set(places)
    for raw in read():
        if not raw.dossier_id:
            if not any(name in places for name in raw.maybe):
                yield replace(raw, maybe=())
        elif raw.dossier_id in waiting:
            waiting.discard(raw.dossier_id)
            problems = (*raw.problems, *spoiled.get(raw.dossier_id, ()))
            yield replace(raw, problems=problems) if problems else raw
        elif raw.dossier_id not in spoiled:
            raise InputFileError(errors.file_not_readable(raw.place, "tệp đổi trong lúc đọc / it changed while read"))


def _places(found: Iterator[RawDossier]) -> tuple[dict[str, str], dict[str, list[Problem]]]:
    """Where each dossier stands first, and what spoils it elsewhere in the file."""
    places: dict[str, str] = {}
    spoiled: dict[str, list[Problem]] = {}
    doubtful: list[RawDossier] = []
    for raw in found:
        if not raw.dossier_id:
            doubtful += [raw] if raw.maybe else []
        elif (first := places.setdefault(raw.dossier_id, raw.place)) is not raw.place:
            repeated = complaints.dossier_repeated(raw.place, raw.dossier_id, first)
            spoiled.setdefault(raw.dossier_id, []).extend((*raw.problems, repeated))
    for raw in doubtful:
        for name in raw.maybe:
            if name in places:
                spoiled.setdefault(name, []).extend(raw.problems)
    return places, spoiled
