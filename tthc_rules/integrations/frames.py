"""Frames in, the same kind out: pandas, polars (lazy too), DuckDB and pyarrow, by the function of `Rulebook.rescore`.

What a table may hold is asked, and what is wrong with it is said, where every door to many dossiers does it
(`bulk.foreign`, `bulk.grouping`); here only the kind of the answer is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, assert_never

from tthc_rules.errors import EngineError, InputFileError, Problem, reason_of, shown
from tthc_rules.library import Rulebook

if TYPE_CHECKING:
    from polars import DataFrame, LazyFrame
    from pyarrow import Table

    from tthc_rules.bulk.rescore import Rescorer

Frame = TypeVar("Frame")
FrameKind = Literal["pandas", "polars", "lazy", "duckdb", "table", "batch", "reader"]

_KINDS: Final[Mapping[tuple[str, str], FrameKind]] = {
    ("pandas", "DataFrame"): "pandas",
    ("polars", "DataFrame"): "polars",
    ("polars", "LazyFrame"): "lazy",
    ("duckdb", "DuckDBPyRelation"): "duckdb",
    ("pyarrow", "Table"): "table",
    ("pyarrow", "RecordBatch"): "batch",
    ("pyarrow", "RecordBatchReader"): "reader",
}
"""Each class by its package and name: nothing has to be imported to know one."""


def rescore(
    book: Rulebook,
    frame: Frame,
    dossiers: object = None,
    *,
    as_of: date,
    known_on: date | None = None,
    lateness: str = "by_date",
    calendar: str | None = None,
    hours: str | None = None,
    strict: bool = False,
) -> Frame:
    """The verdicts on many dossiers, one row each, as `Rulebook.rescore` gives them, in a frame of the kind of `frame`.

    `frame` is a flat log (dossier_id, kind, at, …), with or without a table `dossiers` of their fields, which may be of
    another kind, or one nested frame with a column `events`. Words are plain text (in pyarrow dictionaries of it),
    dates have no hour, a missing number is null. Columns and options are looked at here; a lazy frame is run when it
    is collected, a nested one in pieces. Needs the extra `frames`.
    """
    kind = _kind_of(frame)
    give = _giver(kind, frame)
    asked: dict[str, Any] = {
        "as_of": as_of,
        "known_on": known_on,
        "lateness": lateness,
        "calendar": calendar,
        "hours": hours,
        "strict": strict,
    }
    if kind == "lazy":
        made: Any = _lazily(book, frame, dossiers, asked)
    else:
        made = give(book.rescore(frame, _run(dossiers) if _known(dossiers) == "lazy" else dossiers, **asked))
    answer: Frame = made
    return answer


def _kind_of(frame: object) -> FrameKind:
    kind = _known(frame)
    if kind is None:
        raise InputFileError(_no_frame(frame))
    return kind


def _known(frame: object) -> FrameKind | None:
    """The kind of a frame by its class, or one that this is derived from; nothing for anything else."""
    for kind in type(frame).__mro__:
        package = str(kind.__module__).partition(".")[0].lstrip("_")
        if found := _KINDS.get((package, kind.__name__)):
            return found
    return None


def _giver(kind: FrameKind, frame: Any) -> Callable[[Table], Any]:
    """What makes of a table of results a frame of that kind; raises `EngineError` where its package is missing."""
    match kind:
        case "pandas":
            _need("pandas")
            return _in_pandas
        case "polars" | "lazy":
            _need("polars")
            return _in_polars
        case "duckdb":
            _need("duckdb", 2)  # before, `query` wrote a view into the user's database
            return lambda made: _in_duckdb(frame, made)
        case "table":
            return lambda made: made
        case "batch":
            return _in_one_batch
        case "reader":
            return lambda made: made.to_reader()
        case _:
            assert_never(kind)


# -- the same kind out -------------------------------------------------------------------------------------------------


def _in_pandas(made: Table) -> Any:
    """A frame in which nothing is nothing, and no not-a-number; a date is a date, and no midnight."""
    import pandas as pd
    import pyarrow as pa

    from tthc_rules.bulk.result import in_plain_words

    own = {pa.string(): pd.StringDtype("pyarrow"), pa.int32(): pd.Int32Dtype(), pa.bool_(): pd.BooleanDtype()}
    return in_plain_words(made).to_pandas(types_mapper=lambda kind: own.get(kind, pd.ArrowDtype(kind)))


def _in_polars(made: Table) -> Any:
    import polars as pl

    from tthc_rules.bulk.result import in_plain_words

    return pl.from_arrow(in_plain_words(made))


def _in_duckdb(relation: Any, made: Table) -> Any:
    """A relation of the same connection: the two can be joined."""
    tthc_rules_verdicts_of_this_call = made  # by this name DuckDB finds it, unless the connection has such a table
    try:
        found = relation.query("tthc_rules_frame", "SELECT * FROM tthc_rules_verdicts_of_this_call")
        columns = list(found.columns)
    except Exception as error:  # foreign code, under somebody's settings
        raise EngineError(_no_way_back(error)) from None
    if columns != tthc_rules_verdicts_of_this_call.column_names:
        raise EngineError(_no_way_back("tthc_rules_verdicts_of_this_call"))
    return found


def _in_one_batch(made: Table) -> Any:
    import pyarrow as pa

    whole = made.unify_dictionaries().combine_chunks().to_batches()
    return whole[0] if whole else pa.RecordBatch.from_pylist([], made.schema)


# -- lazy frames -------------------------------------------------------------------------------------------------------


def _lazily(book: Rulebook, frame: LazyFrame, dossiers: Any, asked: Mapping[str, Any]) -> LazyFrame:
    """The plan of a frame with the judging in it; what is wrong with its columns is raised now."""
    plans = book.plans  # an error of its packages, before any import of theirs
    from tthc_rules.bulk.columns import EVENTS
    from tthc_rules.bulk.foreign import read_table
    from tthc_rules.bulk.grouping import nested
    from tthc_rules.bulk.rescore import Rescorer

    rescorer = Rescorer(plans, book.question(**asked))
    events = read_table(_head(frame, "events"), "events")
    is_lazy = _known(dossiers) == "lazy"
    given = _head(dossiers, "dossiers") if is_lazy else dossiers
    held = None if given is None else read_table(given, "dossiers")
    head = _in_polars(rescorer.judge_all(nested(events, None if held is None else held.slice(0, 0))))
    if EVENTS in events.column_names:
        return _in_pieces(rescorer, frame, head)

    def judge(log: DataFrame) -> Any:
        beside = read_table(_run(dossiers), "dossiers") if is_lazy else held
        return _in_polars(rescorer.judge_all(nested(read_table(log, "events"), beside)))

    return frame.map_batches(judge, schema=head.schema, **_AS_IT_STANDS)


_AS_IT_STANDS: Final[Mapping[str, Any]] = {
    "predicate_pushdown": False,
    "projection_pushdown": False,
    "slice_pushdown": False,
}
"""What is asked of verdicts is not asked of events: polars must not ask it of them."""


def _in_pieces(rescorer: Rescorer, frame: LazyFrame, head: DataFrame) -> LazyFrame:
    """A nested frame, a piece at a time: only its ids are looked at first, for those that have two rows."""
    import polars as pl

    from tthc_rules.bulk.accepted import PROBLEM, our_name
    from tthc_rules.bulk.columns import DOSSIER_ID
    from tthc_rules.bulk.foreign import read_table
    from tthc_rules.bulk.grouping import TWICE, twice_in

    kinds = frame.collect_schema()
    ids = next(name for name in kinds if our_name(name) == DOSSIER_ID)

    def again(rows: DataFrame) -> DataFrame:
        found = rows.filter(pl.Series(twice_in(read_table(rows, "events")))).unique()
        return found.with_columns(pl.lit(TWICE).alias(PROBLEM))

    def judge(rows: DataFrame) -> Any:
        table = read_table(rows.drop(PROBLEM), "events")
        return _in_polars(rescorer.judge_all(table.append_column(PROBLEM, rows[PROBLEM].to_arrow().cast("string"))))

    twice = frame.select(ids).map_batches(again, schema={ids: kinds[ids], PROBLEM: pl.String}, **_AS_IT_STANDS)
    marked = frame.join(twice, on=ids, how="left", maintain_order="left")
    return marked.map_batches(judge, streamable=True, schema=head.schema, **_AS_IT_STANDS)


def _head(frame: LazyFrame, name: str) -> DataFrame:
    """The columns of a lazy frame, without rows."""
    import polars as pl

    try:
        return pl.DataFrame(schema=frame.collect_schema())
    except Exception as error:  # the plan is somebody's
        raise InputFileError(_not_run(name, error)) from None


def _run(frame: LazyFrame) -> DataFrame:
    """The rows of a lazy table of dossiers."""
    try:
        return frame.collect(engine="streaming")
    except Exception as error:  # the plan is somebody's
        raise InputFileError(_not_run("dossiers", error)) from None


# -- what is said ------------------------------------------------------------------------------------------------------


def _need(package: str, release: int = 0) -> None:
    try:
        version = str(import_module(package).__version__)
    except ImportError:
        raise EngineError(_missing(package, package)) from None
    if int(version.partition(".")[0]) < release:
        raise EngineError(_missing(f"{package} {version}", f"{package} >= {release}"))


def _missing(here: str, wanted: str) -> Problem:
    return Problem(
        "TR-engine-frames",
        here,
        f'bảng của gói này cần {wanted}: cài bằng  pip install "tthc-rules[frames]"',
        f'a frame of this package needs {wanted}: install it with  pip install "tthc-rules[frames]"',
    )


def _no_frame(given: object) -> Problem:
    kind = type(given)
    name = shown(f"{kind.__module__}.{kind.__qualname__}", 100)
    return Problem(
        "TR-bulk-frame",
        "frame",
        f"không trả lại được bảng kiểu {name}: đưa một trong các kiểu dưới đây, hoặc gọi Rulebook.rescore (nhận mọi "
        "bảng có Arrow stream, luôn trả pyarrow.Table)",
        f"no frame of the kind {name} can be given back: give one of those below, or call Rulebook.rescore (it takes "
        "whatever has an Arrow stream and always gives a pyarrow.Table)",
        known=tuple(f"{package}.{name}" for package, name in _KINDS),
    )


def _not_run(name: str, error: Exception) -> Problem:
    vi, en = reason_of(error)
    return Problem("TR-bulk-table", name, f"không chạy được bảng lazy: {vi}", f"the lazy frame cannot be run: {en}")


def _no_way_back(why: object) -> Problem:
    vi, en = reason_of(why)
    return Problem(
        "TR-engine-frames",
        "duckdb",
        f"kết nối DuckDB này không nhận bảng của chương trình ({vi}): bật python_enable_replacements, hoặc đưa bảng "
        "pyarrow (relation.arrow())",
        f"this DuckDB connection takes no table of the program ({en}): turn python_enable_replacements on, or give a "
        "table of pyarrow (relation.arrow())",
    )
