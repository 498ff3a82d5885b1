"""Many machines: `rescore` on Spark data frames, by the same Arrow function that one machine runs.

The events of a dossier are brought together by one shuffle (none for a nested table: that each dossier has one row is
its promise, which no worker can check of the others), and each batch of whole dossiers
then takes the way of `Rulebook.rescore`: `nested`, then `Rescorer.judge`. The law travels with the job, so a worker
needs the library with its extra `spark`, and no rule files.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from tthc_rules.code import code_digest
from tthc_rules.errors import EngineError, InputFileError, OptionError, Problem
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.question import Question
from tthc_rules.library import Rulebook

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.types import DataType, StructType

    from tthc_rules.bulk.governing import Plans

Batches: TypeAlias = "Iterator[pa.RecordBatch]"

EVENT: Final = "event"
DOSSIER: Final = "dossier"
"""The two columns of the shuffle: a row is an event or a dossier's fields, with nothing in the other column."""
_ORDER: Final = "_order"
_ENOUGH: Final = 32 << 20
"""Bytes that a worker gathers before it judges: some tens of thousands of dossiers."""
_ROWS_OUT: Final = 8_200
"""Rows of the result that go back to Spark at a time."""


def rescore(
    df_events: DataFrame | None = None,
    df_dossiers: DataFrame | None = None,
    book: Rulebook | None = None,
    as_of: date | None = None,
    *,
    known_on: date | None = None,
    lateness: str = "by_date",
    calendar: str | None = None,
    hours: str | None = None,
    strict: bool = False,
    order_by: str | Sequence[str] = (),
) -> DataFrame:
    """The verdicts on many dossiers, one row each, as `Rulebook.rescore` gives them; words are plain strings.

    `df_events` is a flat log (dossier_id, kind, at, …), with or without `df_dossiers`, or a nested table with a column
    `events`, which is judged where it lies, without a shuffle. Without `book` the shipped law judges. The rows come in
    no particular order.

    A shuffle forgets the order of rows, which decides between events of one instant: `order_by` names the columns of
    the log (and of the dossiers, where they have them) that keep it, such as a sequence number; they are used for
    nothing else. Without it such events are taken by `at`, then by their other fields: every run says the same, though
    a log in order of arrival may say otherwise. A zoned timestamp is turned into Vietnam time, one without a zone is
    Vietnam time already, and a date has no hour.

    What is wrong with columns or options is raised here, what is wrong with a dossier is its row; a worker whose
    library or law is not the driver's fails the job with `TR-engine-spark`.
    """
    _need_pyspark()
    if as_of is None:
        raise OptionError(Problem("TR-option-date", "as_of", "thiếu ngày xét", "the day asked about is missing"))
    book = Rulebook.load() if book is None else book
    question = book.question(as_of, known_on, lateness, calendar, hours, strict)
    plans = book.plans  # an error of the packages, before any import of theirs

    from tthc_rules.bulk.rescore import Rescorer

    rescorer = Rescorer(plans, question)
    order = (order_by,) if isinstance(order_by, str) else tuple(order_by)
    is_nested = _checked(df_events, df_dossiers, rescorer.scorer.places, order)
    law = ship(book)
    if is_nested:
        whole: Any = df_dossiers if df_events is None else df_events
        names = tuple(whole.columns)
        frame = whole.toDF(*(f"c{place}" for place in range(len(names))))  # Spark takes a dot in a name for a field
        function = _over_nested(law, question, names)
    else:
        frame = _together(df_events, df_dossiers, order)
        function = _over_grouped(law, question)
    return frame.mapInArrow(function, _spark_schema(rescorer.schema))


# -- the law on its way to the workers ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShippedLaw:
    """The law as bytes, with the digests of the rules in it and of the code that must judge by them."""

    corpus: bytes
    rules: str
    code: str


def ship(book: Rulebook) -> ShippedLaw:
    """The law of a rulebook without the calendars that were worked out on the way, which are ten times its size."""
    calendars = {name: replace(calendar, _known={}) for name, calendar in book.corpus.calendars.items()}
    corpus = replace(book.corpus, calendars=calendars)
    return ShippedLaw(pickle.dumps(corpus, pickle.HIGHEST_PROTOCOL), corpus.digest, code_digest())


@lru_cache(maxsize=4)
def unshipped(law: ShippedLaw) -> Plans:
    """The law laid out for the fast core, once in each worker; raises `EngineError` where it is not the driver's."""
    if law.code != code_digest():
        raise EngineError(_differs("bản thư viện", "library", law.code, code_digest()))
    corpus: Corpus = pickle.loads(law.corpus)
    if corpus.digest != law.rules:
        raise EngineError(_differs("bộ quy tắc", "rules", law.rules, corpus.digest))
    return Rulebook(corpus).plans


# -- on the workers ----------------------------------------------------------------------------------------------------


def _over_nested(law: ShippedLaw, question: Question, names: tuple[str, ...]) -> Callable[[Batches], Batches]:
    """What a worker does with a nested table."""

    def judge(batches: Batches) -> Batches:
        return judged(law, question, nested_parts(batches, names))

    return judge


def _over_grouped(law: ShippedLaw, question: Question) -> Callable[[Batches], Batches]:
    """What a worker does with events and dossiers that lie in order of dossier."""

    def judge(batches: Batches) -> Batches:
        return judged(law, question, grouped_parts(batches))

    return judge


def judged(law: ShippedLaw, question: Question, parts: Iterator[pa.Table]) -> Batches:
    """The rows of nested tables, as Spark takes them: without dictionaries, and not too many at a time."""
    from tthc_rules.bulk.rescore import Rescorer
    from tthc_rules.bulk.result import in_plain_words

    rescorer = Rescorer(unshipped(law), question)
    for part in parts:
        whole = in_plain_words(rescorer.judge(part))
        for start in range(0, len(whole), _ROWS_OUT):
            yield whole.slice(start, _ROWS_OUT)


def nested_parts(batches: Batches, names: Sequence[str]) -> Iterator[pa.Table]:
    """Nested tables under their own names, several batches at a time."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size >= _ENOUGH:
            yield _read(pa.Table.from_batches(held).rename_columns(list(names)), "events")
            held, size = [], 0
    if held:
        yield _read(pa.Table.from_batches(held).rename_columns(list(names)), "events")


def grouped_parts(batches: Batches) -> Iterator[pa.Table]:
    """Nested tables of whole dossiers, from rows in order of dossier: the last one of a batch may go on in the next."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    size, enough = 0, _ENOUGH
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size < enough:
            continue
        rows = pa.Table.from_batches(held)
        cut = _last_dossier(rows)
        if cut:
            yield _nested(rows.slice(0, cut))
        held = rows.slice(cut).to_batches()
        size = sum(piece.nbytes for piece in held)
        enough = max(_ENOUGH, 2 * size)  # a dossier that fills all of it is not looked through again for each batch
    if held:
        yield _nested(pa.Table.from_batches(held))


def _nested(rows: pa.Table) -> pa.Table:
    from tthc_rules.bulk.grouping import nested

    dossiers = _read(_unpacked(rows, DOSSIER), "dossiers") if DOSSIER in rows.column_names else None
    return nested(_read(_unpacked(rows, EVENT), "events"), dossiers)


def _read(table: pa.Table, name: str) -> pa.Table:
    """The table as one machine reads it, instants in UTC: Spark labels them with the zone of the session."""
    import pyarrow as pa

    from tthc_rules.bulk.foreign import read_table

    schema = pa.schema([(field.name, _in_utc(field.type)) for field in table.schema])
    return read_table(table if schema == table.schema else table.cast(schema), name)


def _in_utc(kind: pa.DataType) -> pa.DataType:
    import pyarrow as pa

    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return pa.timestamp(kind.unit, "UTC")
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, _in_utc(field.type)) for field in kind])
    if pa.types.is_list(kind):
        return pa.list_(_in_utc(kind.value_type))
    return kind


def _unpacked(rows: pa.Table, name: str) -> pa.Table:
    """The rows that have something in this column, as the table that they came from."""
    import pyarrow as pa

    from tthc_rules.bulk.cells import whole

    column = whole(rows, name)
    if column.null_count:
        column = column.drop_null()
    return pa.table(column.flatten(), names=[field.name for field in column.type])


def _last_dossier(rows: pa.Table) -> int:
    """Where the last dossier begins; a row without an id is a dossier of its own."""
    import pyarrow.compute as pc

    from tthc_rules.bulk.columns import DOSSIER_ID

    ids = pc.coalesce(*(pc.struct_field(rows[name], DOSSIER_ID) for name in rows.column_names))
    last = ids[-1]
    if not last.is_valid:
        return len(rows)
    return len(rows) - int(pc.sum(pc.equal(ids, last)).as_py())


# -- on the driver -----------------------------------------------------------------------------------------------------


def _checked(
    df_events: DataFrame | None, df_dossiers: DataFrame | None, places: tuple[str, ...], order: tuple[str, ...]
) -> bool:
    """Whether the table is nested; raises for columns as one machine would, by judging no rows at all."""
    from tthc_rules.bulk.columns import EVENTS
    from tthc_rules.bulk.foreign import need_columns, read_table
    from tthc_rules.bulk.grouping import nested
    from tthc_rules.bulk.intake import batch_of

    events = None if df_events is None else read_table(df_events.limit(0).toArrow(), "events")
    dossiers = None if df_dossiers is None else read_table(df_dossiers.limit(0).toArrow(), "dossiers")
    batch_of(nested(events, dossiers), places)
    if events is None or EVENTS in events.column_names:
        if order:
            raise InputFileError(_has_its_order())
        return True
    need_columns(events, *(_our_name(name) for name in order))
    return False


def _together(df_events: Any, df_dossiers: Any, order: tuple[str, ...]) -> DataFrame:
    """Events and fields of dossiers as rows in order of dossier, all of one dossier in one partition."""
    from pyspark.sql import functions as f

    from tthc_rules.bulk.columns import DOSSIER_ID

    frames = {EVENT: df_events} if df_dossiers is None else {EVENT: df_events, DOSSIER: df_dossiers}
    packed = [_packed(frame, name, order) for name, frame in frames.items()]
    rows = packed[0] if len(packed) == 1 else packed[0].unionByName(packed[1], allowMissingColumns=True)
    dossier_id = f.coalesce(*(f.col(name).getField(DOSSIER_ID) for name in frames))
    ranks = [rank for name in frames for rank in _ranks(rows, name)]
    # Rows without an id belong to nobody, and need not all go to one partition.
    apart = f.when(dossier_id.isNull(), f.xxhash64(*ranks))
    # A hash is compared as one number; ids of one office begin with the same letters.
    gathered = rows.repartition(dossier_id, apart).sortWithinPartitions(f.xxhash64(dossier_id), dossier_id, *ranks)
    return gathered.select(*frames)


def _packed(frame: Any, name: str, order: tuple[str, ...]) -> DataFrame:
    """The rows of a frame in one column, the dossier under our name, and what their order hangs on in another."""
    from pyspark.sql import functions as f

    from tthc_rules.bulk.columns import DOSSIER_COLUMNS, DOSSIER_ID, EVENT_COLUMNS

    wanted = {_our_name(column) for column in order}
    known = {DOSSIER_ID, *EVENT_COLUMNS, *DOSSIER_COLUMNS}
    kept, ranks = [], {}
    for column in frame.columns:
        ours, cell = _our_name(column), f.col(f"`{column.replace('`', '``')}`")
        if ours in wanted:
            ranks[ours] = cell.alias(ours)
        if ours not in wanted or ours in known:
            kept.append(cell.alias(DOSSIER_ID if ours == DOSSIER_ID else column))
    columns = [f.struct(*kept).alias(name)]
    if ranks:
        sequence = [ranks[ours] for ours in map(_our_name, order) if ours in ranks]
        columns.append(f.struct(*sequence).alias(name + _ORDER))
    packed: DataFrame = frame.select(*columns)
    return packed


def _ranks(rows: Any, name: str) -> list[Column]:
    """What the rows of one dossier are sorted by: the order given, then the moment, then all that can be sorted."""
    from pyspark.sql import functions as f

    given = [f.col(name + _ORDER)] if name + _ORDER in rows.columns else []
    fields = [field for field in rows.schema[name].dataType.fields if _sortable(field.dataType)]
    fields.sort(key=lambda field: _our_name(field.name) != "at")
    return [*given, *(f.col(name).getField(field.name) for field in fields)]


def _sortable(kind: DataType) -> bool:
    from pyspark.sql import types as t

    plain = (t.StringType, t.BooleanType, t.NumericType, t.BinaryType, t.DateType, t.TimestampType, t.TimestampNTZType)
    return isinstance(kind, plain)


def _our_name(column: str) -> str:
    from tthc_rules.bulk.columns import ALIASES

    return ALIASES.get(column, column.removeprefix("case:"))


def _spark_schema(schema: pa.Schema) -> StructType:
    """The documented columns of the result as Spark has them."""
    from pyspark.sql import types as t

    from tthc_rules.bulk.result import plain_schema

    return t.StructType([t.StructField(field.name, _spark_type(field.type)) for field in plain_schema(schema)])


def _spark_type(kind: pa.DataType) -> DataType:
    import pyarrow as pa
    from pyspark.sql import types as t

    if pa.types.is_list(kind):
        fields = [t.StructField(field.name, _spark_type(field.type)) for field in kind.value_type]
        return t.ArrayType(t.StructType(fields))
    plain = {
        pa.string(): t.StringType(),
        pa.int32(): t.IntegerType(),
        pa.bool_(): t.BooleanType(),
        pa.date32(): t.DateType(),
    }
    return plain[kind]


# -- what is said ------------------------------------------------------------------------------------------------------


def _need_pyspark() -> None:
    try:
        import pyspark
    except ImportError:
        raise EngineError(_missing("pyspark")) from None
    if int(pyspark.__version__.partition(".")[0]) < 4:
        raise EngineError(_missing(f"pyspark {pyspark.__version__}"))


def _missing(package: str) -> Problem:
    return Problem(
        "TR-engine-spark",
        package,
        'chạy trên Spark cần pyspark từ 4.0: cài bằng  pip install "tthc-rules[spark]"',
        'running on Spark needs pyspark 4.0 or later: install it with  pip install "tthc-rules[spark]"',
    )


def _differs(vi: str, en: str, driver: str, worker: str) -> Problem:
    return Problem(
        "TR-engine-spark",
        "worker",
        f"{vi} trên máy con ({worker[:12]}) khác máy điều khiển ({driver[:12]}): cài cùng một bản ở mọi máy",
        f"the {en} on the worker ({worker[:12]}) differ from the driver's ({driver[:12]}): use one version",
    )


def _has_its_order() -> Problem:
    return Problem(
        "TR-option-value",
        "order_by",
        "bảng đã lồng: thứ tự là thứ tự trong cột events; bỏ order_by",
        "the table is nested: the order is that of its column events; leave order_by out",
    )
