"""A closed list of Arrow types is taken, asked of the schema before a cell is touched; the rest is refused by name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from tthc_rules import Rulebook
from tthc_rules.errors import InputFileError

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow"):
    pytest.importorskip(package, reason=NEEDS)

import pyarrow as pa  # noqa: E402
from truth import Json, assert_as_reference, assert_error  # noqa: E402

REPORTS: Final = Path(__file__).parent.parent / "reports"
AS_OF: Final = date(2026, 1, 1)
LOG: Final = {"dossier_id": ["a"], "kind": ["dossier_accepted"], "at": ["2024-01-02"]}
ACCEPTED: Final = {"kind": "dossier_accepted", "at": "2024-01-02"}
FIVE: Final = {"amount": 5, "unit": "workday"}


def refused(book: Rulebook, *tables: Any) -> list[tuple[str, str]]:
    """What is said of these tables: code and place of each problem."""
    with pytest.raises(InputFileError) as caught:
        book.rescore(*tables, as_of=AS_OF)
    for problem in caught.value.problems:
        assert problem.vi
        assert problem.en
    return [(problem.code, problem.place) for problem in caught.value.problems]


def union(n: int) -> Any:
    return pa.UnionArray.from_sparse(pa.array([0] * n, pa.int8()), [pa.array(["x"] * n)])


# -- types that abort the process, or raise what they like -------------------------------------------------------------


@pytest.mark.parametrize(("which", "path"), [("event", "events.note"), ("limit", "time_limit.unit")])
def test_a_union_with_nulls_is_refused_and_the_process_goes_on(which: str, path: str) -> None:
    """In a process of its own: Arrow aborts in `flatten()` where the schema was not asked first."""
    script = REPORTS / "x04_arrow_union_aborts_process" / "repro.py"
    ran = subprocess.run([sys.executable, str(script), which], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 1  # not killed by a signal
    assert f"TR-bulk-column {path}:" in ran.stderr
    assert "sparse_union" in ran.stderr


ODD: Final[dict[str, Callable[[], Any]]] = {
    "sparse union": lambda: union(1),
    "dense union": lambda: pa.UnionArray.from_dense(
        pa.array([0], pa.int8()), pa.array([0], pa.int32()), [pa.array(["x"])]
    ),
    "run-end encoded": lambda: pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int32()), pa.array(["x"])),
    "interval": lambda: pa.array([(1, 2, 3)], pa.month_day_nano_interval()),
    "list view": lambda: pa.array([["x"]], pa.list_view(pa.string())),
    "list of unions": lambda: pa.ListArray.from_arrays([0, 1], union(1)),
    "struct of unions": lambda: pa.StructArray.from_arrays([union(1)], ["u"]),
    "an extension": lambda: pa.ExtensionArray.from_storage(Box(), pa.array(["x"])),
    "a dictionary of structs": lambda: pa.DictionaryArray.from_arrays([0], pa.array([{"a": 1}])),
    "deeper than anyone nests": lambda: pa.nulls(1, deep(40)),
}


class Box(pa.ExtensionType):  # type: ignore[misc]
    """A type of somebody else."""

    def __init__(self) -> None:
        super().__init__(pa.string(), "test.box")

    def __arrow_ext_serialize__(self) -> bytes:
        return b""

    @classmethod
    def __arrow_ext_deserialize__(cls, storage: Any, data: bytes) -> Any:
        return cls()


def deep(levels: int) -> Any:
    kind = pa.string()
    for _ in range(levels):
        kind = pa.list_(kind)
    return kind


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ["mood", "kind", "at", "agency", "officers", "time_limit.amount", "filed_elsewhere"])
def test_an_odd_type_is_refused_with_its_path_wherever_it_stands(book: Rulebook, name: str, odd: str) -> None:
    cell = ODD[odd]()
    ((code, place),) = refused(book, pa.table({**LOG, name: cell}))
    assert (code, place.split(".u")[0].split("[]")[0]) == ("TR-bulk-column", name)
    group, _, inner = name.partition(".")
    if inner:
        struct = pa.StructArray.from_arrays([cell], [inner])
        table = pa.table({**LOG, group: struct})
    else:
        event = pa.StructArray.from_arrays(
            [cell if one == name else pa.array(["x"]) for one in ("kind", "at", name)][: 2 + (name not in LOG)],
            ["kind", "at", name][: 2 + (name not in LOG)],
        )
        table = pa.table({"dossier_id": ["a"], "events": pa.ListArray.from_arrays([0, 1], event)})
    problems = refused(book, table)
    assert [code for code, _ in problems] == ["TR-bulk-column"]
    assert (name if inner else f"events.{name}") in problems[0][1]


def test_every_column_that_cannot_be_read_is_told_at_once(book: Rulebook) -> None:
    table = pa.table({**LOG, "mood": union(1), "agency": pa.array([7]), "new_due": pa.array([True])})
    assert refused(book, table) == [("TR-bulk-column", name) for name in ("mood", "agency", "new_due")]


def test_the_type_and_what_is_taken_are_told(book: Rulebook) -> None:
    with pytest.raises(InputFileError) as caught:
        book.rescore(pa.table({**LOG, "time_limit.amount": [b"5"]}), as_of=AS_OF)
    (problem,) = caught.value.problems
    assert "binary" in problem.vi
    assert "float, double: 5.0" in problem.known


# -- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("log", "about", "place"),
    [
        (LOG, {"dossier_id": ["a"], "time_limit": ["5 ngày"], "time_limit.amount": [5]}, "time_limit"),
        ({**LOG, "at": ["bad"]}, {"dossier_id": ["a"], "units": ["x"], "units.handling_agency": ["y"]}, "units"),
        (LOG, {"dossier_id": ["a", "a"], "tthc:problem": ["x", "y"]}, "tthc:problem"),
        ({**LOG, "case:tthc:problem": ["x"]}, None, "case:tthc:problem"),
        ({**LOG, "time_limit": [5]}, None, "time_limit"),
        (LOG, {"dossier_id": ["a"], "time_limit": [FIVE], "time_limit.amount": [5]}, "time_limit.amount"),
        (LOG, {"dossier_id": ["a"], "case:dossier_id": ["a"]}, "dossier_id"),
    ],
)
def test_columns_that_get_in_each_others_way_are_named(
    book: Rulebook, log: Json, about: Json | None, place: str
) -> None:
    tables = [pa.table(log)] if about is None else [pa.table(log), pa.table(about)]
    assert refused(book, *tables) == [("TR-bulk-column", place)]


def test_a_column_twice_beside_a_struct_is_named(book: Rulebook) -> None:
    units = pa.StructArray.from_arrays([pa.array(["x"])], ["handling_agency"])
    cells = [pa.array(["a"]), units, pa.array(["dossier_accepted"]), pa.array(["2024-01-02"]), pa.array(["a"])]
    table = pa.table(cells, names=["dossier_id", "units", "kind", "at", "dossier_id"])
    assert refused(book, table) == [("TR-bulk-column", "dossier_id")]


@pytest.mark.parametrize("column", ["mood", "units"])
def test_a_field_of_a_struct_twice_is_named(book: Rulebook, column: str) -> None:
    twice = pa.StructArray.from_arrays([pa.array(["x"]), pa.array(["y"])], ["one_stop_unit"] * 2)
    assert refused(book, pa.table({**LOG, column: twice})) == [("TR-bulk-column", f"{column}.one_stop_unit")]


def test_a_field_of_events_twice_is_named_also_under_two_names(book: Rulebook) -> None:
    event = pa.StructArray.from_arrays([pa.array(["x"])] * 3, ["kind", "at", "concept:name"])
    table = pa.table({"dossier_id": ["a"], "events": pa.ListArray.from_arrays([0, 1], event)})
    assert refused(book, table) == [("TR-bulk-column", "events.kind")]


def test_the_report_of_odd_tables_has_no_foreign_exception() -> None:
    script = REPORTS / "x06_table_foreign_exceptions" / "repro.py"
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=True)
    said = ran.stdout.splitlines()
    assert len(said) == 7
    assert all(line.endswith("-> ours TR-bulk-column") for line in said), ran.stdout


# -- the same words and numbers, however they are stored ---------------------------------------------------------------


def limited(amounts: Any) -> Any:
    n = len(amounts)
    about = {"dossier_id": [f"{k}" for k in range(n)], "time_limit.amount": amounts, "time_limit.unit": ["workday"] * n}
    return pa.table(about).append_column("events", pa.array([[ACCEPTED]] * n))


def test_whole_numbers_may_be_fractions_and_what_is_none_is_an_error_row(book: Rulebook) -> None:
    """5.0 is the amount 5, not-a-number is none; the rest is what `evaluate` says of such an amount."""
    got = book.rescore(limited(pa.array([5.0, 2.5, float("nan"), None, float("inf"), -1.0, 1e300])), as_of=AS_OF)
    rows = got.to_pylist()
    given = [{"amount": amount, "unit": "workday"} for amount in (5, 2.5, None, None, float("inf"), -1, 10**300)]
    for dossier in given[2:4]:
        del dossier["amount"]
    assert_as_reference(
        book, rows, [{"dossier_id": f"{k}", "time_limit": one, "events": [ACCEPTED]} for k, one in enumerate(given)],
        AS_OF,
    )  # fmt: skip
    whole = book.rescore(limited(pa.array([5.0, None, float("nan")])), as_of=AS_OF).to_pylist()
    assert whole[0] == rows[0]
    assert [row["error_code"] for row in whole[1:]] == [rows[2]["error_code"]] * 2


# -- frames as pandas makes them ---------------------------------------------------------------------------------------

HALVES: Final = pa.array([5.0, 5.0, None])
WHOLE: Final = {"dossier_id": ["a", "a", "b"], "kind": ["dossier_accepted", "result_issued", "dossier_accepted"]}
FRAME: Final = {**WHOLE, "at": ["2024-08-23T08:30", "2024-08-28T10:00", "2024-08-23"]}
LIMITS: Final = {"time_limit.amount": HALVES, "time_limit.unit": ["workday", "workday", None]}
NAN: Final = float("nan")

# What `pandas` hands over in each case, as pyarrow 26 and pandas 2.3 were seen to convert it.
FROM_PANDAS: Final[dict[str, Json]] = {
    "a gap in whole numbers": {"time_limit.amount": HALVES},
    "a gap that is not-a-number": {"time_limit.amount": pa.array([5.0, 5.0, NAN])},
    "small fractions": {"time_limit.amount": HALVES.cast(pa.float32())},
    "half fractions": {"time_limit.amount": HALVES.cast(pa.float16())},
    "categories of numbers": {"time_limit.amount": HALVES.dictionary_encode()},
    "categories of words": {name: pa.array(FRAME[name]).dictionary_encode() for name in FRAME},
    "categories of instants": {"at": pa.array(FRAME["at"]).dictionary_encode()},
    "columns without any value": {name: pa.nulls(3) for name in
        ("agency", "new_due", "officers", "channel", "attached", "units", "filed_elsewhere", "time_limit", "mood")},
    "columns of nothing but not-a-number": {name: pa.array([NAN] * 3) for name in
        ("agency", "new_due", "officers", "channel", "attached", "units", "filed_elsewhere", "time_limit", "mood")},
    "categories without any value": {"channel": pa.nulls(3).dictionary_encode(), "reason": pa.nulls(3, pa.dictionary(
        pa.int8(), pa.null()))},
    "a nameless index of a filtered frame": {"__index_level_0__": pa.array([3, 1, 4])},
    "two nameless indexes": {"__index_level_0__": pa.array([3, 1, 4]), "__index_level_1__": pa.array(["x", "y", "z"])},
    "an index that read_csv read": {"Unnamed: 0": pa.array([0, 1, 2])},
    "a column without a name": {"": pa.array([0, 1, 2])},
    "large text": {name: pa.array(FRAME[name], pa.large_string()) for name in FRAME},
}  # fmt: skip


@pytest.mark.parametrize("odd", FROM_PANDAS)
def test_frames_as_pandas_makes_them_say_what_they_mean(book: Rulebook, odd: str) -> None:
    """Five workdays from Friday 23/8/2024: Friday 30/8; nothing is noted of what nobody wrote."""
    table = pa.table({**FRAME, **LIMITS, **FROM_PANDAS[odd]})
    first, second = book.rescore(table, as_of=AS_OF).to_pylist()
    assert (first["lawful_due"], first["punctuality"], first["notes"]) == (date(2024, 8, 30), "early", "")
    assert (second["punctuality"], second["notes"]) == ("undetermined", "no_time_limit_known")


def test_events_and_limits_of_nothing_but_not_a_number_are_none(book: Rulebook) -> None:
    nothing = pa.array([NAN])
    (row,) = book.rescore(
        pa.table({"dossier_id": ["a"], "time_limit": nothing, "events": nothing}), as_of=AS_OF
    ).to_pylist()
    assert (row["error_code"], row["punctuality"]) == (None, "not_started")
    assert refused(book, pa.table({"dossier_id": ["a"], "events": [1.5]})) == [("TR-bulk-column", "events")]
    assert refused(book, pa.table({**LOG, "time_limit": [1.5]})) == [("TR-bulk-column", "time_limit")]
    assert refused(book, pa.table({**LOG, "agency": [1.5]})) == [("TR-bulk-column", "agency")]


class Frame:
    """A frame as Arrow sees one: columns by name, converted when it is asked for its stream."""

    iloc: Final = None

    def __init__(self, columns: Any) -> None:
        self.given = columns
        self.columns = list(columns)

    def __getitem__(self, name: str) -> Any:
        return dict(self.given)[name]

    def __arrow_c_stream__(self, requested: object = None) -> object:
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("Duplicate column names found")
        return pa.table(dict(self.given)).__arrow_c_stream__(requested)


@pytest.mark.parametrize(
    ("columns", "place"),
    [
        ({**LOG, "time_limit.amount": [2**70]}, "time_limit.amount"),
        ({**LOG, "reason": ["\ud800"]}, "reason"),
        ({**LOG, "agency": [{"a": 1, 2: 3}]}, "agency"),
        ({5: ["a"], "kind": ["x"]}, "5"),
        ({**LOG, "\ud800": ["x"]}, "\\u{d800}"),
    ],
    ids=["2**70", "half a character", "keys of two kinds", "a name that is no text", "a name that is half a character"],
)
@pytest.mark.parametrize("make", [dict, Frame])
def test_a_column_that_arrow_cannot_take_is_named(book: Rulebook, make: Any, columns: Json, place: str) -> None:
    assert refused(book, make(columns)) == [("TR-bulk-column", place)]


def test_a_frame_with_a_column_twice_names_it(book: Rulebook) -> None:
    frame = Frame(LOG)
    frame.columns.append("at")
    assert refused(book, frame) == [("TR-bulk-column", "at")]


# -- streams that lie, or end badly ------------------------------------------------------------------------------------


class Stream:
    """Something with the stream interface, which hands over whatever it was given."""

    def __init__(self, made: Callable[[], object]) -> None:
        self.made = made

    def __arrow_c_stream__(self, requested: object = None) -> object:
        return self.made()


def raising(error: Exception) -> Any:
    def batches() -> Any:
        yield from pa.table(LOG).to_batches()
        raise error

    return pa.RecordBatchReader.from_batches(pa.table(LOG).schema, batches())


def raised(error: Exception) -> object:
    raise error


LIES: Final[dict[str, Callable[[], Any]]] = {
    "no capsule": lambda: Stream(lambda: "capsule"),
    "nothing": lambda: Stream(lambda: None),
    "a capsule of a schema": lambda: Stream(pa.table(LOG).schema.__arrow_c_schema__),
    "a stream of numbers": lambda: pa.chunked_array([[1, 2]]),
    "a foreign error": lambda: Stream(lambda: raised(KeyError("boom"))),
    "midway a foreign error": lambda: raising(ZeroDivisionError()),
    "midway a value error": lambda: raising(ValueError("đứt")),
    "midway the end of another": lambda: raising(StopIteration()),
    "midway no UTF-8": lambda: raising(UnicodeDecodeError("utf-8", b"", 0, 1, "x")),
    "midway, through the C interface": lambda: Stream(lambda: raising(RuntimeError("x")).__arrow_c_stream__()),
    "columns of two lengths": lambda: {**LOG, "at": ["2024-01-02"] * 2},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_stream_that_lies_is_our_error(book: Rulebook, lie: str) -> None:
    with pytest.raises(InputFileError) as caught:
        book.rescore(LIES[lie](), as_of=AS_OF)
    assert (caught.value.code, caught.value.place) == ("TR-bulk-table", "events")
    assert "Traceback" not in str(caught.value)


# -- shapes ------------------------------------------------------------------------------------------------------------


def lists(kind: str, logs: list[list[Json] | None]) -> Any:
    """Logs as lists of one kind or another; of a fixed size where they are all as long."""
    event = pa.struct([("kind", pa.string()), ("at", pa.string())])
    if kind == "fixed":
        return pa.array(logs, pa.list_(event, 2))
    return pa.array(logs, pa.large_list(event) if kind == "large" else pa.list_(event))


@pytest.mark.parametrize("kind", ["list", "large", "fixed"])
@pytest.mark.parametrize("cut", [(0, 4), (1, 2), (3, 1), (2, 0)])
def test_events_may_be_lists_of_any_kind_and_a_slice_of_them(book: Rulebook, kind: str, cut: tuple[int, int]) -> None:
    issued = {"kind": "result_issued", "at": "2024-01-05"}
    logs = [[ACCEPTED, issued], None, [ACCEPTED, {"kind": "step_done", "at": "2024-01-03"}], [ACCEPTED, issued]]
    about = {"dossier_id": [f"{k}" for k in range(4)], "time_limit": [FIVE] * 4}
    table = pa.table(about).append_column("events", lists(kind, logs)).slice(*cut)
    given = [
        {"dossier_id": f"{k}", "time_limit": FIVE, "events": log or []}
        for k, log in enumerate(logs)
    ][cut[0] : sum(cut)]  # fmt: skip
    assert_as_reference(book, book.rescore(table, as_of=AS_OF), given, AS_OF)


def test_officers_may_be_lists_of_a_fixed_size(book: Rulebook) -> None:
    officers = pa.array([["a", "b"], None, ["c", "d"]], pa.list_(pa.string(), 2)).slice(1)
    table = pa.table({"dossier_id": ["x", "y"], "officers": officers})
    assert book.rescore(dossiers=table, as_of=AS_OF)["officers"].to_pylist() == [None, "c|d"]


def test_chunks_of_events_may_have_dictionaries_of_their_own(book: Rulebook) -> None:
    event = pa.struct([("kind", pa.dictionary(pa.int8(), pa.string())), ("at", pa.string())])
    chunks = [
        pa.array([[{"kind": kind, "at": "2024-01-02"}]], pa.list_(event))
        for kind in ("dossier_accepted", "tea_was_had", "dossier_accepted")
    ]
    table = pa.table({"dossier_id": ["0", "1", "2"], "events": pa.chunked_array(chunks)})
    given = [
        {"dossier_id": f"{k}", "events": [{"kind": kind, "at": "2024-01-02"}]}
        for k, kind in enumerate(("dossier_accepted", "tea_was_had", "dossier_accepted"))
    ]
    assert_as_reference(book, book.rescore(table, as_of=AS_OF), given, AS_OF)


@pytest.mark.parametrize("place", ["kind", "at", "reason", "mood"])
def test_a_dictionary_may_hold_a_null_and_that_is_nothing(book: Rulebook, place: str) -> None:
    """The word of the second event is a place in the dictionary, and there stands nothing."""
    words = {"kind": "dossier_accepted", "at": "2024-01-02", "reason": "x", "mood": "y"}
    cells = {name: pa.array([word, word]) for name, word in words.items()}
    cells[place] = pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array([words[place], None]))
    (row,) = book.rescore(pa.table({"dossier_id": ["a", "a"], **cells}), as_of=AS_OF).to_pylist()
    events = [dict(words), {name: word for name, word in words.items() if name != place}]
    assert_as_reference(book, [row], [{"dossier_id": "a", "events": events}], AS_OF)


@pytest.mark.parametrize("table", [{}, {"x": [1, 2]}, {"kind": [], "at": []}], ids=["nothing", "another", "no id"])
def test_a_table_without_the_id_is_refused(book: Rulebook, table: Json) -> None:
    assert ("TR-bulk-column", "dossier_id") in refused(book, pa.table(table))


def test_events_without_any_field_are_events_without_a_kind(book: Rulebook) -> None:
    events = pa.ListArray.from_arrays([0, 2], pa.nulls(2, pa.struct([])))
    (row,) = book.rescore(pa.table({"dossier_id": ["a"], "events": events}), as_of=AS_OF).to_pylist()
    assert_error(row, "TR-input-missing", "TR-input-type")


def test_rows_without_columns_are_refused(book: Rulebook) -> None:
    assert refused(book, pa.table({"x": [1, 2]}).select([])) == [("TR-bulk-column", "dossier_id")]


@pytest.mark.parametrize("text", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
@pytest.mark.parametrize("place", ["kind", "mood", "events.kind", "events.mood"])
def test_chunks_of_dictionaries_that_hold_a_null_are_words(book: Rulebook, place: str, text: Any) -> None:
    """Arrow does not unify them; each chunk has a word and a null of its own."""
    where, _, name = place.rpartition(".")
    words = ("dossier_accepted", "result_issued")
    chunks = [pa.DictionaryArray.from_arrays(pa.array([0]), pa.array([word, None], text)) for word in words]
    at = ["2024-01-02", "2024-01-05"]
    if not where:
        log = {"dossier_id": ["0", "1"], "kind": list(words), "at": at, name: pa.chunked_array(chunks)}
        table = pa.table(log)
    else:
        made = []
        for word, day, chunk in zip(words, at, chunks, strict=True):
            fields = {"kind": pa.array([word]), "at": pa.array([day]), name: chunk}
            made.append(pa.ListArray.from_arrays([0, 1], pa.StructArray.from_arrays(fields.values(), list(fields))))
        table = pa.table({"dossier_id": ["0", "1"], "events": pa.chunked_array(made)})
    given = [
        {"dossier_id": f"{k}", "events": [{"kind": word, "at": day, **({"mood": word} if name == "mood" else {})}]}
        for k, (word, day) in enumerate(zip(words, at, strict=True))
    ]
    assert_as_reference(book, book.rescore(table, as_of=AS_OF), given, AS_OF)


def test_a_group_twice_is_named_even_where_its_fields_differ(book: Rulebook) -> None:
    amount, unit = (pa.StructArray.from_arrays([pa.array([one])], [n]) for n, one in FIVE.items())
    cells = [pa.array(["a"]), amount, unit]
    table = pa.table(cells, names=["dossier_id", "time_limit", "case:time_limit"])
    assert refused(book, table) == [("TR-bulk-column", "time_limit")]


# -- names in a schema that are no text --------------------------------------------------------------------------------

MARK: Final = b"QQQQQQ"
NO_TEXT: Final[dict[str, tuple[Json, str]]] = {
    "a column": ({MARK.decode(): [1]}, "#4"),
    "a zone": ({"at": pa.array([0], pa.timestamp("us", MARK.decode()))}, "at"),
    "a zone of an unknown column": ({"mood": pa.array([0], pa.timestamp("us", MARK.decode()))}, "mood"),
    "a zone in a list": ({"mood": pa.array([[0]], pa.list_(pa.timestamp("us", MARK.decode())))}, "mood[]"),
    "a field of a struct": ({"mood": [{MARK.decode(): 1}]}, "mood.#1"),
    "a field of a group": ({"units": [{MARK.decode(): 1}]}, "units.#1"),
    "an item of a wrong list": (
        {"officers": pa.array([[1]], pa.list_(pa.field(MARK.decode(), pa.int8())))},
        "officers",
    ),
}


@pytest.mark.parametrize("way", ["reader", "table", "stream"])
@pytest.mark.parametrize("what", NO_TEXT)
def test_names_in_a_schema_that_are_no_utf8_are_told_by_their_place(book: Rulebook, what: str, way: str) -> None:
    more, place = NO_TEXT[what]
    table = pa.table({**LOG, **more})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    reader = pa.ipc.open_stream(sink.getvalue().to_pybytes().replace(MARK, b"\xff" * len(MARK)))
    source = {"reader": reader, "table": None, "stream": Stream(reader.__arrow_c_stream__)}[way]
    assert refused(book, reader.read_all() if source is None else source) == [("TR-bulk-column", place)]


def test_chunks_of_lists_of_any_kind_with_dictionaries_of_their_own_are_joined() -> None:
    """By hand: two slices behind each other, nulls where they were."""
    from tthc_rules.bulk.cells import in_one

    def words(first: str) -> Any:
        return pa.DictionaryArray.from_arrays(pa.array([0, 1, 0, None]), pa.array([first, None], pa.string_view()))

    fixed = pa.chunked_array([pa.FixedSizeListArray.from_arrays(words(one), 2).slice(1) for one in "ab"])
    assert in_one(fixed).to_pylist() == [["a", None], ["b", None]]
    large = [pa.LargeListArray.from_arrays([0, 1, None, 4], words(one)).slice(1) for one in "ab"]
    want: list[Any] = [[None, "a", None], None, [None, "b", None], None]
    assert in_one(pa.chunked_array(large)).to_pylist() == want
    structs = [pa.StructArray.from_arrays([words(one)], ["w"], mask=pa.array([False, True] * 2)) for one in "ab"]
    want = [{"w": "a"}, None, {"w": "a"}, None, {"w": "b"}, None, {"w": "b"}, None]
    assert in_one(pa.chunked_array(structs)).to_pylist() == want
