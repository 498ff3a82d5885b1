"""Frames of each library in, the same kind out, and in each of them what the reference engine says."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from tthc_rules import Rulebook
from tthc_rules.errors import EngineError, InputFileError, OptionError, TthcError
from tthc_rules.integrations import frames

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow", "duckdb"):
    pytest.importorskip(package, reason=NEEDS)

import duckdb  # noqa: E402
import pyarrow as pa  # noqa: E402
from pyarrow import parquet  # noqa: E402
from truth import AS_OF, DOSSIERS, Json, assert_as_reference, columns, fields_of, log_of, wanted  # noqa: E402

KINDS: Final = ("pandas", "polars", "lazy", "duckdb", "table", "batch", "reader")
FIVE: Final = {"time_limit.amount": 5, "time_limit.unit": "workday"}


def pandas() -> Any:
    return pytest.importorskip("pandas", reason="chưa cài pandas / pandas is not installed")


def polars() -> Any:
    return pytest.importorskip("polars", reason="chưa cài polars / polars is not installed")


class Library:
    """One kind of frame: tables made it, and rows read out of it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.base = duckdb.connect()
        self._given = 0
        if kind == "pandas":
            pandas()
        elif kind in ("polars", "lazy"):
            polars()

    def frame(self, table: Any) -> Any:
        match self.kind:
            case "pandas":
                return table.to_pandas()
            case "polars":
                return polars().from_arrow(table)
            case "lazy":
                return polars().from_arrow(table).lazy()
            case "duckdb":
                self._given += 1
                self.base.register(f"given_{self._given}", table)
                return self.base.sql(f"SELECT * FROM given_{self._given}")
            case "table":
                return table
            case "batch":
                whole = table.combine_chunks().to_batches()
                return whole[0] if whole else pa.RecordBatch.from_pylist([], table.schema)
            case _:
                return table.to_reader(max_chunksize=3)

    def table(self, frame: Any) -> Any:
        """What is in a frame, as a table; fails where it is of another kind."""
        match self.kind:
            case "pandas":
                assert type(frame) is pandas().DataFrame
                return pa.Table.from_pandas(frame, preserve_index=False)
            case "polars":
                assert type(frame) is polars().DataFrame
                return frame.to_arrow()
            case "lazy":
                assert type(frame) is polars().LazyFrame
                return frame.collect().to_arrow()
            case "duckdb":
                assert type(frame) is duckdb.DuckDBPyRelation
                return pa.table(frame)
            case "table":
                assert type(frame) is pa.Table
                return frame
            case "batch":
                assert type(frame) is pa.RecordBatch
                return pa.Table.from_batches([frame])
            case _:
                assert type(frame) is pa.RecordBatchReader
                return frame.read_all()


@pytest.fixture(params=KINDS)
def library(request: pytest.FixtureRequest) -> Library:
    return Library(request.param)


LOG: Final = pa.table(columns(log_of(DOSSIERS)))
FIELDS: Final = pa.table(columns(fields_of(DOSSIERS)))
WITHIN: Final = pa.table(columns(log_of(DOSSIERS, own=True)))


def nested(dossiers: Sequence[Json]) -> Any:
    names = dict.fromkeys(name for dossier in dossiers for event in dossier["events"] for name in event)
    logs = [[{name: event.get(name) for name in names} for event in dossier["events"]] for dossier in dossiers]
    return pa.table(columns(fields_of(dossiers))).append_column("events", pa.array(logs))


NESTED: Final = nested(DOSSIERS)

# -- the same kind out -------------------------------------------------------------------------------------------------


def test_a_log_with_a_frame_of_dossiers(book: Rulebook, library: Library) -> None:
    got = frames.rescore(book, library.frame(LOG), library.frame(FIELDS), as_of=AS_OF)
    assert_as_reference(book, library.table(got), DOSSIERS)


def test_a_log_with_the_fields_in_it(book: Rulebook, library: Library) -> None:
    got = frames.rescore(book, library.frame(WITHIN), as_of=AS_OF)
    assert_as_reference(book, library.table(got), DOSSIERS)


def test_a_nested_frame(book: Rulebook, library: Library) -> None:
    got = frames.rescore(book, library.frame(NESTED), as_of=AS_OF)
    assert_as_reference(book, library.table(got), DOSSIERS)


@pytest.mark.parametrize("other", KINDS)
def test_the_dossiers_may_be_of_another_kind(book: Rulebook, library: Library, other: str) -> None:
    got = frames.rescore(book, library.frame(LOG), Library(other).frame(FIELDS), as_of=AS_OF)
    assert_as_reference(book, library.table(got), DOSSIERS)


OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "known_on": {"known_on": date(2018, 1, 1)},
    "lateness": {"lateness": "promised_by_instant"},
    "hours": {"hours": "vinh-phuc"},
    "strict": {"strict": True},
}
ODD: Final[list[Json]] = [
    {"dossier_id": "odd", "mood": "good", "events": [{"kind": "dossier_accepted", "at": "2024-08-23T08:30"}]},
    {
        "dossier_id": "four hours, of which half an hour is lunch there and not here",
        "time_limit": {"amount": 4, "unit": "work_hour"},
        "events": [{"kind": "dossier_accepted", "at": "2024-08-23T13:00"}],
    },
]


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("shape", ["flat", "nested"])
def test_every_option_is_passed_on(book: Rulebook, library: Library, shape: str, option: str) -> None:
    asked, given = OPTIONS[option], [*DOSSIERS, *ODD]
    assert [wanted(book, one, **asked) for one in given] != [wanted(book, one) for one in given]
    table = pa.table(columns(log_of(given, own=True))) if shape == "flat" else nested(given)
    made = frames.rescore(book, library.frame(table), as_of=AS_OF, **asked)
    assert_as_reference(book, library.table(made), given, **asked)


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ({"as_of": "2024-09-20"}, "TR-option-date"),
        ({"lateness": "muộn"}, "TR-option-lateness"),
        ({"calendar": "atlantis"}, "TR-option-calendar"),
        ({"hours": "atlantis"}, "TR-option-hours"),
    ],
    ids=str,
)
def test_a_wrong_option_is_said_at_once(book: Rulebook, library: Library, option: Any, code: str) -> None:
    with pytest.raises(OptionError) as caught:
        frames.rescore(book, library.frame(LOG), library.frame(FIELDS), **{"as_of": AS_OF, **option})
    assert caught.value.code == code


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "lazy"])
def test_the_rulebook_itself_gives_a_table_of_pyarrow_whatever_comes(book: Rulebook, kind: str) -> None:
    library = Library(kind)
    assert type(book.rescore(library.frame(LOG), library.frame(FIELDS), as_of=AS_OF)) is pa.Table


def test_the_rulebook_itself_takes_no_lazy_frame(book: Rulebook) -> None:
    with pytest.raises(InputFileError) as caught:
        book.rescore(Library("lazy").frame(LOG), as_of=AS_OF)
    (problem,) = caught.value.problems
    assert problem.code == "TR-bulk-table"
    assert "polars.LazyFrame: tthc_rules.integrations.frames" in problem.known


def test_a_class_that_is_made_from_a_frame_is_that_kind_of_frame(book: Rulebook) -> None:
    class Portal(pandas().DataFrame):  # type: ignore[misc]
        """Somebody's frame."""

    got = frames.rescore(book, Portal(LOG.to_pandas()), FIELDS, as_of=AS_OF)
    assert_as_reference(book, Library("pandas").table(got), DOSSIERS)


# -- the types of the answer -------------------------------------------------------------------------------------------

TYPES: Final[dict[str, dict[str, str]]] = {
    "pandas": {"text": "string", "date": "date32[day][pyarrow]", "number": "Int32", "flag": "boolean"},
    "polars": {"text": "String", "date": "Date", "number": "Int32", "flag": "Boolean"},
    "lazy": {"text": "String", "date": "Date", "number": "Int32", "flag": "Boolean"},
    "duckdb": {"text": "VARCHAR", "date": "DATE", "number": "INTEGER", "flag": "BOOLEAN"},
}
COLUMNS: Final = {
    "text": ("dossier_id", "error", "punctuality", "responsible", "promised_due", "apology_before_due"),
    "date": ("accepted_on", "lawful_due", "finished_on", "apology_before_due.act_by"),
    "number": ("workdays_late", "days_late"),
    "flag": ("provisional",),
}


def types_of(frame: Any) -> dict[str, str]:
    match type(frame).__name__:
        case "LazyFrame":
            return {name: str(kind) for name, kind in frame.collect_schema().items()}
        case "DuckDBPyRelation":
            return dict(zip(frame.columns, map(str, frame.types), strict=True))
        case _:
            return {name: str(kind) for name, kind in zip(frame.columns, frame.dtypes, strict=True)}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("length", [0, len(LOG)])
def test_dates_are_dates_text_is_text_and_numbers_may_be_missing(book: Rulebook, kind: str, length: int) -> None:
    library = Library(kind)
    made = frames.rescore(
        book, library.frame(LOG.slice(0, length)), library.frame(FIELDS.slice(0, length)), as_of=AS_OF
    )
    types = types_of(made)
    for meaning, names in COLUMNS.items():
        assert {types[name] for name in names} == {TYPES[kind][meaning]}, meaning


@pytest.mark.parametrize("kind", ["table", "batch", "reader"])
def test_in_pyarrow_the_columns_are_those_of_the_rulebook(book: Rulebook, kind: str) -> None:
    library = Library(kind)
    made = frames.rescore(book, library.frame(LOG), library.frame(FIELDS), as_of=AS_OF)
    assert library.table(made).schema.equals(book.rescore(LOG, FIELDS, as_of=AS_OF).schema, check_metadata=True)


def test_a_missing_number_of_pandas_is_no_fraction(book: Rulebook) -> None:
    library = Library("pandas")
    made = frames.rescore(book, library.frame(LOG), library.frame(FIELDS), as_of=AS_OF)
    late = made["workdays_late"]
    assert [None if pandas().isna(one) else one for one in late] == [
        wanted(book, one)["workdays_late"] for one in DOSSIERS
    ]
    assert made["lawful_due"].iloc[0] == date(2024, 8, 30)
    beside = FIELDS.to_pandas().merge(made, on="dossier_id", suffixes=("_given", ""))
    assert beside["lawful_due"].tolist() == made["lawful_due"].tolist()


def test_what_pandas_wrote_as_parquet_it_reads_as_the_page_of_frames_says(book: Rulebook, tmp_path: Path) -> None:
    library = Library("pandas")
    made = frames.rescore(book, library.frame(LOG), library.frame(FIELDS), as_of=AS_OF)
    made.to_parquet(tmp_path / "whole.parquet")
    again = pandas().read_parquet(tmp_path / "whole.parquet", dtype_backend="pyarrow")
    assert again["lawful_due"].tolist() == made["lawful_due"].tolist()
    made.drop(columns="steps").to_parquet(tmp_path / "flat.parquet")
    assert pandas().read_parquet(tmp_path / "flat.parquet")["lawful_due"].tolist() == made["lawful_due"].tolist()


def test_an_account_takes_every_kind(book: Rulebook, library: Library) -> None:
    made = frames.rescore(book, library.frame(WITHIN), as_of=AS_OF)
    results = made.collect() if library.kind == "lazy" else made
    asked: dict[str, Any] = {"period": "2024-Q3", "as_of": AS_OF}
    expected = book.account(book.rescore(WITHIN, as_of=AS_OF), **asked)
    assert book.account(results, **asked).data == expected.data


# -- frames without rows, and frames that are wrong --------------------------------------------------------------------


@pytest.mark.parametrize("given", [LOG, NESTED], ids=["flat", "nested"])
def test_a_frame_without_rows_gives_one(book: Rulebook, library: Library, given: Any) -> None:
    made = library.table(frames.rescore(book, library.frame(given.slice(0, 0)), as_of=AS_OF))
    assert (len(made), made.column_names) == (0, book.rescore(given, as_of=AS_OF).column_names)


HOSTILE: Final[dict[str, tuple[Any, str]]] = {
    "no column kind": (LOG.drop_columns(["kind"]), "TR-bulk-column"),
    "a kind that is a number": (LOG.set_column(1, "kind", pa.array(range(len(LOG)))), "TR-bulk-column"),
    "a misspelt column": (LOG.append_column("new_deu", LOG["at"]), "TR-input-misspelt"),
    "a column twice": (LOG.append_column("case:concept:name", LOG["dossier_id"]), "TR-bulk-column"),
    "a name of the library": (LOG.append_column("tthc:problem", LOG["at"]), "TR-bulk-column"),
    "nested without ids": (NESTED.drop_columns(["dossier_id"]), "TR-bulk-column"),
    "nested with a name of the library": (NESTED.append_column("tthc:problem", NESTED["dossier_id"]), "TR-bulk-column"),
    "events that are text": (FIELDS.append_column("events", FIELDS["dossier_id"]), "TR-bulk-column"),
    "fractions where text should be": (LOG.append_column("signer_role", pa.array([0.5] * len(LOG))), "TR-bulk-column"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_wrong_column_is_said_as_the_rulebook_says_it(book: Rulebook, library: Library, name: str) -> None:
    table, code = HOSTILE[name]
    with pytest.raises(InputFileError) as caught:
        library.table(frames.rescore(book, library.frame(table), as_of=AS_OF))
    assert caught.value.code == code


def test_a_nested_frame_beside_a_frame_of_dossiers_is_refused(book: Rulebook, library: Library) -> None:
    with pytest.raises(InputFileError) as caught:
        frames.rescore(book, library.frame(NESTED), library.frame(FIELDS), as_of=AS_OF)
    assert caught.value.code == "TR-bulk-table"


@pytest.mark.parametrize("shape", ["flat", "nested"])
def test_a_broken_dossier_is_an_error_row_and_stops_nobody(book: Rulebook, library: Library, shape: str) -> None:
    broken = {"dossier_id": "broken", "events": [{"kind": "dossier_accepted", "at": "23/8/2024"}]}
    nameless = {"dossier_id": None, "events": [{"kind": "dossier_accepted", "at": "2024-08-23"}]}
    given = [DOSSIERS[0], broken, nameless, *DOSSIERS[1:]]
    table = pa.table(columns(log_of(given, own=True))) if shape == "flat" else nested(given)
    made = library.table(frames.rescore(book, library.frame(table), as_of=AS_OF)).to_pylist()
    expected = book.rescore(table, as_of=AS_OF).to_pylist()
    assert made == expected
    assert [row["error_code"] is None for row in made].count(False) == 2


def test_a_number_that_is_none_is_nothing_in_every_kind(book: Rulebook, library: Library) -> None:
    """pandas writes a gap so: a frame that came from it through another library says nothing more."""
    first = len(DOSSIERS[0]["events"])
    mood = [float("nan")] * first + [1.5] * (len(LOG) - first)
    made = frames.rescore(book, library.frame(LOG.append_column("mood", pa.array(mood))), FIELDS, as_of=AS_OF)
    names = [row["unknown_names"] for row in library.table(made).to_pylist()]
    assert names == ["", *["field:mood"] * (len(DOSSIERS) - 1)]


NO_FRAMES: Final[dict[str, Callable[[], Any]]] = {
    "nothing": lambda: None,
    "columns": lambda: {"dossier_id": ["a"], "kind": ["dossier_accepted"], "at": ["2024-08-23"]},
    "rows": lambda: [{"dossier_id": "a"}],
    "a path": lambda: Path("log.parquet"),
    "an array": lambda: pa.array([1]),
    "a connection": duckdb.connect,
    "a class of ours by a name of theirs": type("DataFrame", (), {}),
}


@pytest.mark.parametrize("name", NO_FRAMES)
def test_what_is_no_frame_is_refused_with_the_kinds_that_are(book: Rulebook, name: str) -> None:
    with pytest.raises(InputFileError) as caught:
        frames.rescore(book, NO_FRAMES[name](), as_of=AS_OF)
    (problem,) = caught.value.problems
    assert problem.code == "TR-bulk-frame"
    assert {"pandas.DataFrame", "polars.LazyFrame", "duckdb.DuckDBPyRelation", "pyarrow.Table"} <= {*problem.known}


@pytest.mark.parametrize("missing", ["pandas", "polars", "duckdb"])
def test_without_its_library_it_says_what_to_install(
    book: Rulebook, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frame that came from another place of the same program, by the name of its class."""
    name = "DuckDBPyRelation" if missing == "duckdb" else "DataFrame"
    monkeypatch.setitem(sys.modules, missing, None)
    frame = type(name, (), {"__module__": f"{missing}.core"})()
    with pytest.raises(EngineError, match=r'pip install "tthc-rules\[frames\]"') as caught:
        frames.rescore(book, frame, as_of=AS_OF)
    assert (caught.value.code, caught.value.place) == ("TR-engine-frames", missing)


def test_without_the_fast_core_it_says_what_to_install(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = library.frame(LOG)
    monkeypatch.setitem(sys.modules, "tthc_rules.bulk.rescore", None)
    with pytest.raises(EngineError, match="pip install") as caught:
        frames.rescore(Rulebook.load(), frame, as_of=AS_OF)
    assert caught.value.code == "TR-engine-bulk"


# -- lazy frames -------------------------------------------------------------------------------------------------------


class Watched:
    """Lazy frames that say how often they were run."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, table: Any) -> Any:
        frame = polars().from_arrow(table)

        def run(rows: Any) -> Any:
            self.runs += 1
            return rows

        return frame.lazy().map_batches(run, schema=frame.schema, projection_pushdown=False)


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
@pytest.mark.parametrize("shape", ["flat", "nested"])
def test_a_lazy_frame_is_run_when_it_is_collected(book: Rulebook, shape: str, engine: str) -> None:
    events, files = Watched(), Watched()
    given = (events(LOG), files(FIELDS)) if shape == "flat" else (events(NESTED),)
    made = frames.rescore(book, *given, as_of=AS_OF)
    assert (events.runs, files.runs) == (0, 0)
    for _ in range(2):
        assert_as_reference(book, made.collect(engine=engine).to_arrow(), DOSSIERS)
    assert events.runs >= 2
    assert files.runs == (2 if shape == "flat" else 0)


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
@pytest.mark.parametrize("shape", ["flat", "nested"])
def test_what_is_asked_of_verdicts_is_not_asked_of_events(book: Rulebook, shape: str, engine: str) -> None:
    """Columns and conditions that events have too: all events are judged, whatever is wanted of the answer."""
    pl = polars()
    given = (pl.from_arrow(LOG).lazy(), FIELDS) if shape == "flat" else (pl.from_arrow(NESTED).lazy(),)
    made = frames.rescore(book, *given, as_of=AS_OF)
    rows = [wanted(book, one) for one in DOSSIERS]
    some = made.filter(pl.col("channel") == "online").select("dossier_id", "lawful_due").collect(engine=engine)
    asked = [(row["dossier_id"], row["lawful_due"]) for row in rows if row["channel"] == "online"]
    assert some.rows() == asked != []
    last = made.select("dossier_id", "workdays_late").tail(2).head(1).collect(engine=engine)
    assert last.rows() == [(rows[-2]["dossier_id"], rows[-2]["workdays_late"])]


def many(ids: list[str | None]) -> Any:
    """A nested table of a row for each id."""
    events = [{"kind": "dossier_accepted", "at": f"2024-08-{1 + place % 28:02d}T08:30"} for place in range(len(ids))]
    made = pa.table({"dossier_id": pa.array(ids, pa.string()), "events": [[event] for event in events]})
    for name, value in FIVE.items():
        made = made.append_column(name, pa.array([value] * len(ids)))
    return made


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_a_nested_frame_comes_in_pieces_and_a_dossier_in_two_of_them_is_judged_by_neither(
    book: Rulebook, engine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tthc_rules.bulk.rescore import Rescorer

    pl = polars()
    ids: list[str | None] = [f"H{place:04d}" for place in range(600)]
    ids[10], ids[599], ids[300], ids[301] = "hai lần", "hai lần", None, None
    ids[200], ids[450] = (unicodedata.normalize(form, "hồ sơ") for form in ("NFC", "NFD"))
    table = many(ids)
    parquet.write_table(table, tmp_path / "log.parquet", row_group_size=100)
    pieces: list[int] = []
    judge_all = Rescorer.judge_all

    def counted(self: Rescorer, rows: Any) -> Any:
        pieces.append(len(rows))
        return judge_all(self, rows)

    monkeypatch.setattr(Rescorer, "judge_all", counted)
    made = frames.rescore(book, pl.scan_parquet(tmp_path / "log.parquet"), as_of=AS_OF)
    assert pieces == [0]  # the columns were looked at, and nothing else
    got = made.collect(engine=engine).to_arrow().to_pylist()
    assert sum(pieces) == 600
    assert (max(pieces) < 600) == (engine == "streaming")
    monkeypatch.undo()
    assert got == book.rescore(table, as_of=AS_OF).to_pylist()
    twice = [place for place, row in enumerate(got) if row["error_code"] == "TR-bulk-twice"]
    assert twice == [10, 200, 450, 599]


@pytest.mark.parametrize("kind", ["Null", "Categorical"])
def test_ids_of_a_lazy_frame_may_be_stored_in_any_way(book: Rulebook, kind: str) -> None:
    pl = polars()
    table = many([None, None] if kind == "Null" else ["a", "b", "a"])
    frame = pl.from_arrow(table).with_columns(pl.col("dossier_id").cast(getattr(pl, kind)))
    got = frames.rescore(book, frame.lazy(), as_of=AS_OF).collect().to_arrow().to_pylist()
    assert got == book.rescore(table, as_of=AS_OF).to_pylist()


def test_what_a_cell_brings_to_light_is_said_when_the_frame_is_collected(book: Rulebook) -> None:
    """A column of fractions may be one that pandas made of nothing: only its cells tell."""
    made = frames.rescore(book, polars().from_arrow(HOSTILE["fractions where text should be"][0]).lazy(), as_of=AS_OF)
    for engine in ("in-memory", "streaming"):
        with pytest.raises(TthcError) as caught:
            made.collect(engine=engine)
        assert (caught.value.code, caught.value.place) == ("TR-bulk-column", "signer_role")


def test_a_plan_that_cannot_be_resolved_is_said_at_once(book: Rulebook) -> None:
    pl = polars()
    frame = pl.from_arrow(LOG).lazy()
    for given in ((frame.select("no such column"), None), (frame, frame.select("no such column"))):
        with pytest.raises(InputFileError) as caught:
            frames.rescore(book, *given, as_of=AS_OF)
        assert caught.value.code == "TR-bulk-table"
        assert "no such column" in caught.value.problems[0].en


@pytest.mark.parametrize("kind", ["polars", "lazy"])
def test_dossiers_that_cannot_be_run_are_said_in_words(book: Rulebook, kind: str, tmp_path: Path) -> None:
    pl = polars()
    parquet.write_table(FIELDS, tmp_path / "fields.parquet")
    files = pl.scan_parquet(tmp_path / "fields.parquet")
    files.collect_schema()
    broken = files.with_columns(pl.col("dossier_id").cast(pl.Int64).cast(pl.String))
    with pytest.raises(InputFileError) as caught:
        Library(kind).table(frames.rescore(book, Library(kind).frame(LOG), broken, as_of=AS_OF))
    assert (caught.value.code, caught.value.place) == ("TR-bulk-table", "dossiers")


def test_dossiers_that_are_there_are_kept_as_they_were_given(book: Rulebook) -> None:
    """A reader can be read once, and a lazy frame collected twice."""
    made = frames.rescore(book, polars().from_arrow(LOG).lazy(), FIELDS.to_reader(), as_of=AS_OF)
    for _ in range(2):
        assert_as_reference(book, made.collect().to_arrow(), DOSSIERS)


# -- DuckDB ------------------------------------------------------------------------------------------------------------


def test_a_relation_can_be_joined_with_the_tables_of_its_connection(book: Rulebook) -> None:
    library = Library("duckdb")
    log, files = library.frame(LOG), library.frame(FIELDS)
    verdicts = frames.rescore(book, log, files, as_of=AS_OF)
    joined = verdicts.set_alias("v").join(files.set_alias("f"), "v.dossier_id = f.dossier_id")
    assert joined.aggregate("count(*)").fetchall() == [(len(DOSSIERS),)]
    late = library.base.sql("SELECT dossier_id FROM verdicts WHERE workdays_late > 3 ORDER BY 1").fetchall()
    rows = book.rescore(LOG, FIELDS, as_of=AS_OF).to_pylist()
    assert late == sorted((row["dossier_id"],) for row in rows if (row["workdays_late"] or 0) > 3) != []


def test_nothing_is_written_into_the_database_of_a_connection(book: Rulebook, tmp_path: Path) -> None:
    place = tmp_path / "logs.duckdb"
    asked = "SELECT database_name, schema_name, view_name FROM duckdb_views() WHERE NOT internal"
    for read_only in (False, True):
        with duckdb.connect(str(place), read_only=read_only) as base:
            if not read_only:
                base.register("given", WITHIN)
                base.execute("CREATE TABLE log AS SELECT * FROM given")
                base.unregister("given")
            verdicts = frames.rescore(book, base.sql("FROM log"), as_of=AS_OF)
            assert_as_reference(book, pa.table(verdicts), DOSSIERS)
            assert base.execute(asked).fetchall() == []
            assert base.execute("SHOW TABLES").fetchall() == [("log",)]


def test_a_duckdb_that_would_write_into_the_database_is_refused(
    book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duckdb, "__version__", "1.5.6")
    with pytest.raises(EngineError, match=r'pip install "tthc-rules\[frames\]"') as caught:
        frames.rescore(book, Library("duckdb").frame(WITHIN), as_of=AS_OF)
    assert (caught.value.code, caught.value.place) == ("TR-engine-frames", "duckdb 1.5.6")


def test_a_connection_that_takes_no_frames_is_said_in_words(book: Rulebook) -> None:
    library = Library("duckdb")
    log = library.frame(WITHIN)
    library.base.execute("SET python_enable_replacements = false")
    with pytest.raises(EngineError) as caught:
        frames.rescore(book, log, as_of=AS_OF)
    assert (caught.value.code, caught.value.place) == ("TR-engine-frames", "duckdb")
    assert "python_enable_replacements" in caught.value.problems[0].en


def test_a_table_of_the_connection_is_never_taken_for_the_verdicts(book: Rulebook) -> None:
    library = Library("duckdb")
    library.base.execute("CREATE TABLE tthc_rules_verdicts_of_this_call AS SELECT 'x' AS dossier_id")
    with pytest.raises(EngineError) as caught:
        frames.rescore(book, library.frame(WITHIN), as_of=AS_OF)
    assert caught.value.code == "TR-engine-frames"


def test_a_closed_connection_is_said_in_words(book: Rulebook) -> None:
    library = Library("duckdb")
    log = library.frame(WITHIN)
    library.base.close()
    with pytest.raises(InputFileError) as caught:
        frames.rescore(book, log, as_of=AS_OF)
    assert caught.value.code == "TR-bulk-table"
