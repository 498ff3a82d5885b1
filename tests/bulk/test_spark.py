"""Spark says what one machine says: flat and nested, zoned and not, however the rows lie; and what is refused."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any, Final

import pytest

from tthc_rules import EngineError, Rulebook
from tthc_rules.errors import InputFileError, OptionError, TthcError

pa = pytest.importorskip("pyarrow")
for package in ("numpy", "llvmlite"):
    pytest.importorskip(package, reason='chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"')

import pyarrow.compute as pc  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from tthc_rules.bulk.grouping import nested  # noqa: E402
from tthc_rules.integrations import spark as scaled  # noqa: E402

AS_OF: Final = date(2024, 11, 29)
DOSSIERS: Final = 2_500
ZONE: Final = "America/New_York"
"""Of the session: neither Vietnam's nor UTC, and with summer time."""

KINDS: Final = (
    "dossier_submitted",
    "dossier_accepted",
    "dossier_forwarded",
    "supplement_requested",
    "supplement_received",
    "clock_paused",
    "clock_resumed",
    "apology_sent",
    "reappointed",
    "result_issued",
    "result_returned",
    "dossier_withdrawn",
)
WRONG_MOMENTS: Final = (None, datetime(1901, 5, 5), datetime(2150, 1, 1, 8), datetime(9000, 1, 1))

Data = dict[str, Any]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real Spark on this machine, two workers wide."""
    if find_spec("pyspark") is None:
        pytest.skip('chưa cài pyspark / not installed: pip install "tthc-rules[spark]"')
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("máy không có Java (Spark cần từ 17) / there is no Java here (Spark needs 17 or later)")
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    made = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.local.dir", str(folder / "local"))
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.sql.session.timeZone", ZONE)
        .config("spark.sql.shuffle.partitions", "5")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "700")
        .getOrCreate()
    )
    yield made
    made.stop()
    monkeypatch.undo()


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load()


@pytest.fixture
def frame(session: Any, tmp_path: Path) -> Callable[..., Any]:
    """A table as Spark reads it, its rows thrown about."""

    def read(table: Any, seed: int = 0) -> Any:
        from pyspark.sql import functions as f

        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.parquet"
        pq.write_table(table, path)
        return session.read.parquet(str(path)).repartition(7, f.rand(seed))

    return read


# -- what is judged ----------------------------------------------------------------------------------------------------


def _event(random: Random, day: datetime) -> Data:
    kind = random.choice(KINDS)
    row: Data = {"kind": kind, "at": day + timedelta(days=random.randrange(30), minutes=30 * random.randrange(20))}
    if random.random() < 0.3:
        row["appointed_due" if kind == "dossier_accepted" else "new_due"] = f"{(day + timedelta(days=20)).date()}"
    if kind in ("apology_sent", "clock_paused"):
        row["reason"] = random.choice(("chờ ý kiến", "", None))
        row["form"] = random.choice(("apology_slip", "phiếu khác", None))
    if kind == "supplement_requested":
        row["after_appraisal"] = random.choice((True, False, None))
    return row


def _spoilt(random: Random, events: list[Data]) -> None:
    """One event in some of the logs is wrong, odd, said twice, or in the same instant as another."""
    chosen = random.choice(events)
    match random.randrange(8):
        case 0:
            chosen["at"] = random.choice(WRONG_MOMENTS)
        case 1:
            chosen["kind"] = random.choice((None, "hồ_sơ_bay_mất"))
        case 2:
            chosen["dấu riêng"] = "không ai biết cột này"
        case 3:
            events.append(dict(chosen))
        case 4 | 5 | 6:
            random.choice(events)["at"] = chosen["at"]
        case _:
            chosen["new_due"] = "không phải ngày"


def _log(random: Random) -> list[Data]:
    rows = []
    for number in range(DOSSIERS):
        day = datetime(2024, 5, 1, 7, 30) + timedelta(days=random.randrange(150))
        events = [{"kind": "dossier_accepted", "at": day}, *(_event(random, day) for _ in range(random.randrange(7)))]
        if random.random() < 0.4:
            _spoilt(random, events)
        rows += [{"dossier_id": f"H56.14-{number:05d}", **event} for event in events]
    long = {"dossier_id": "H56.14-dài", "kind": "step_done", "at": datetime(2024, 9, 5, 9)}
    rows += [long] * 501
    rows += [{"dossier_id": random.choice((None, "")), **_event(random, datetime(2024, 6, 3))} for _ in range(40)]
    random.shuffle(rows)
    return [{**row, "seq": place} for place, row in enumerate(rows)]


def _fields(random: Random) -> Data:
    return {
        "procedure": random.choice(("1.004227", None)),
        "channel": random.choice(("online", "in_person", "postal", None)),
        "jurisdiction": random.choice((None, None, "son-la", "không đâu cả")),
        "officers": random.choice((None, ["lan", "hùng"], [])),
        "time_limit.amount": random.choice((5, 10, 20, 20, -1)),
        "time_limit.unit": random.choice(("workday", "workday", "calendar_day", "work_hour", "tuần trăng")),
        "units.handling_agency": random.choice(("so-tai-nguyen", None)),
    }


def _dossiers(random: Random) -> list[Data]:
    """Some have no events, some events have no row here, some have two rows, some no id."""
    ids = [f"H56.14-{number:05d}" for number in range(DOSSIERS + 60) if random.random() < 0.9]
    ids += random.sample(ids, 30)
    named = [{"dossier_id": name, **_fields(random)} for name in (*ids, None, None, "")]
    random.shuffle(named)
    return [{**row, "seq": place} for place, row in enumerate(named)]


MOMENT: Final = pa.timestamp("us")
EVENT_TYPES: Final = {
    "dossier_id": pa.string(),
    "kind": pa.string(),
    "at": MOMENT,
    "appointed_due": pa.string(),
    "new_due": pa.string(),
    "reason": pa.string(),
    "form": pa.string(),
    "after_appraisal": pa.bool_(),
    "dấu riêng": pa.string(),
    "seq": pa.int64(),
}
FIELD_TYPES: Final = {
    "dossier_id": pa.string(),
    "procedure": pa.string(),
    "channel": pa.string(),
    "jurisdiction": pa.string(),
    "officers": pa.list_(pa.string()),
    "time_limit.amount": pa.int64(),
    "time_limit.unit": pa.string(),
    "units.handling_agency": pa.string(),
    "seq": pa.int64(),
}


@pytest.fixture(scope="module")
def log() -> Any:
    """A log in order of arrival, and in a column what that order is."""
    return pa.Table.from_pylist(_log(Random(20261121)), pa.schema(list(EVENT_TYPES.items())))


@pytest.fixture(scope="module")
def attributes() -> Any:
    return pa.Table.from_pylist(_dossiers(Random(7)), pa.schema(list(FIELD_TYPES.items())))


def with_at(table: Any, change: Callable[[Any], Any]) -> Any:
    """The table with its moments as another type."""
    return table.set_column(table.column_names.index("at"), "at", change(table["at"]))


def zoned(column: Any) -> Any:
    """The same instants, as a table has them that was written somewhere else."""
    return pc.assume_timezone(column, "Asia/Ho_Chi_Minh").cast(pa.timestamp("us", "UTC"))


def rows(table: Any) -> list[Data]:
    """The rows in an order that depends on nothing but what they say."""
    return sorted(table.to_pylist(), key=lambda row: [(value is not None, str(value)) for value in row.values()])


def same(found: Any, expected: Any) -> None:
    """Row by row, with something in it: verdicts and errors of several kinds."""
    said, wanted = rows(found.toArrow()), rows(expected)
    assert len(said) == len(wanted)
    assert [pair for pair in zip(said, wanted, strict=True) if pair[0] != pair[1]][:2] == []
    codes = {row["error_code"] for row in wanted}
    assert None in codes
    assert len(codes) > 2


# -- the same as one machine -------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_log_and_a_table_of_dossiers(
    frame: Callable[..., Any], book: Rulebook, log: Any, attributes: Any, seed: int
) -> None:
    found = scaled.rescore(frame(log, seed), frame(attributes, seed), book, AS_OF, order_by="seq")
    expected = book.rescore(log.drop_columns("seq"), attributes.drop_columns("seq"), as_of=AS_OF)
    same(found, expected)
    codes = set(expected["error_code"].to_pylist())
    assert {"TR-bulk-twice", "TR-input-length", "TR-moment-range", "TR-dossier-jurisdiction"} <= codes
    dates = [name for name, kind in found.dtypes if kind == "date"]
    assert {"lawful_due", "apology_before_due.act_by"} <= set(dates)
    steps = "array<struct<agency:string,due:string,done_on:date,outcome:string>>"
    assert dict(found.dtypes)["steps"] == steps
    assert {kind for _, kind in found.dtypes} == {"string", "int", "boolean", "date", steps}


@pytest.mark.slow
def test_zoned_moments_whatever_the_zone_of_the_session(
    frame: Callable[..., Any], book: Rulebook, log: Any, attributes: Any
) -> None:
    there = with_at(log, zoned)
    events = frame(there)
    assert dict(events.dtypes)["at"] == "timestamp"
    found = scaled.rescore(events, frame(attributes), book, AS_OF, order_by=["seq"])
    here = (attributes.drop_columns("seq"),)
    same(found, book.rescore(there.drop_columns("seq"), *here, as_of=AS_OF))
    known = log.filter(pc.less(pc.fill_null(log["at"], datetime(2024, 1, 1)), datetime(2100, 1, 1)))
    of_known = scaled.rescore(frame(with_at(known, zoned)), frame(attributes), book, AS_OF, order_by="seq")
    plain = scaled.rescore(frame(known), frame(attributes), book, AS_OF, order_by="seq")
    answers = [c for c in plain.columns if c != "error"]  # an error may quote the moment as it was written
    assert rows(of_known.toArrow().select(answers)) == rows(plain.toArrow().select(answers))


@pytest.mark.slow
@pytest.mark.parametrize("change", [lambda at: pc.fill_null(at, datetime(2024, 6, 1)).cast("date32", safe=False), None])
def test_bare_dates_and_text(
    frame: Callable[..., Any], book: Rulebook, log: Any, attributes: Any, change: Callable[[Any], Any] | None
) -> None:
    changed = with_at(log, change or (lambda at: pc.strftime(at, "%Y-%m-%dT%H:%M")))
    found = scaled.rescore(frame(changed), frame(attributes), book, AS_OF, order_by="seq")
    same(found, book.rescore(changed.drop_columns("seq"), attributes.drop_columns("seq"), as_of=AS_OF))


@pytest.mark.slow
def test_a_log_alone_with_fields_that_may_disagree(
    frame: Callable[..., Any], book: Rulebook, log: Any, attributes: Any
) -> None:
    by_id = {row.pop("dossier_id"): row for row in attributes.drop_columns("seq").to_pylist()}
    random = Random(3)
    wide = []
    for row in log.to_pylist():
        given = {**by_id.get(row["dossier_id"], {}), **({"channel": "online"} if random.random() < 0.1 else {})}
        wide.append({**row, **(given if random.random() < 0.8 else {})})
    table = pa.Table.from_pylist(wide, pa.schema(list({**FIELD_TYPES, **EVENT_TYPES}.items())))
    expected = book.rescore(table.drop_columns("seq"), as_of=AS_OF)
    assert "TR-bulk-conflict" in expected["error_code"].to_pylist()
    same(scaled.rescore(frame(table), book=book, as_of=AS_OF, order_by="seq"), expected)


@pytest.mark.slow
@pytest.mark.parametrize("change", [None, zoned])
def test_nested_tables_need_no_shuffle(
    frame: Callable[..., Any],
    book: Rulebook,
    log: Any,
    attributes: Any,
    change: Callable[[Any], Any] | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    moments = with_at(log, change) if change else log
    table = nested(moments.drop_columns("seq"), attributes.drop_columns("seq"))
    table = table.drop_columns([name for name in table.column_names if name.startswith("tthc:")])
    ids = table["dossier_id"].to_pylist()
    table = table.take([at for at, name in enumerate(ids) if name is None or name not in ids[:at]])
    expected = book.rescore(table, as_of=AS_OF)
    stored = frame(table)
    same(scaled.rescore(stored, None, book, AS_OF), expected)
    same(scaled.rescore(None, stored, book, AS_OF), expected)
    scaled.rescore(stored.sparkSession.read.parquet(*stored.inputFiles()), None, book, AS_OF).explain()
    assert "Exchange" not in capsys.readouterr().out


@pytest.mark.slow
def test_names_of_process_mining_and_groups_of_fields(
    frame: Callable[..., Any], book: Rulebook, log: Any, attributes: Any
) -> None:
    named = {"dossier_id": "case:concept:name", "kind": "concept:name", "at": "time:timestamp"}
    table = log.rename_columns([named.get(name, name) for name in log.column_names])
    limits = pa.StructArray.from_arrays(
        [attributes["time_limit.amount"].combine_chunks(), attributes["time_limit.unit"].combine_chunks()],
        ["amount", "unit"],
    )
    grouped = attributes.drop_columns(["time_limit.amount", "time_limit.unit"]).append_column("time_limit", limits)
    found = scaled.rescore(frame(table), frame(grouped), book, AS_OF, order_by="seq")
    same(found, book.rescore(log.drop_columns("seq"), attributes.drop_columns("seq"), as_of=AS_OF))


@pytest.mark.slow
def test_without_an_order_every_run_says_the_same(
    frame: Callable[..., Any], book: Rulebook, log: Any, attributes: Any
) -> None:
    events, fields = log.drop_columns("seq"), attributes.drop_columns("seq")
    first, again = (scaled.rescore(frame(events, s), frame(fields, s), book, AS_OF).toArrow() for s in (1, 2))
    assert rows(first) == rows(again)
    assert len(first) == len(book.rescore(events, fields, as_of=AS_OF))


@pytest.mark.slow
def test_the_rulebook_and_the_question_travel(
    frame: Callable[..., Any], book: Rulebook, log: Any, attributes: Any
) -> None:
    other = Rulebook.load(interpretations={"r1_supplement_effect": "restart"})
    asked: Data = {"known_on": date(2024, 6, 1), "lateness": "qd766", "hours": "dak-nong"}
    if asked["hours"] not in other.corpus.hours:
        asked["hours"] = sorted(other.corpus.hours)[0]
    here = (log.drop_columns("seq"), attributes.drop_columns("seq"))
    expected = other.rescore(*here, as_of=AS_OF, **asked)
    assert rows(expected) != rows(book.rescore(*here, as_of=AS_OF))
    same(scaled.rescore(frame(log), frame(attributes), other, AS_OF, order_by="seq", **asked), expected)


@pytest.mark.slow
def test_nothing_to_judge(frame: Callable[..., Any], book: Rulebook, log: Any) -> None:
    found = scaled.rescore(frame(log.slice(0, 0)), None, book, AS_OF, order_by="seq")
    assert found.count() == 0
    assert found.columns == book.rescore(log.slice(0, 0), as_of=AS_OF).column_names


# -- what is refused ---------------------------------------------------------------------------------------------------


def _spoilt_law(shipped: scaled.ShippedLaw, wrong: str) -> scaled.ShippedLaw:
    return replace(shipped, rules="0" * 64) if wrong == "rules" else replace(shipped, code="0" * 64)


@pytest.mark.slow
@pytest.mark.parametrize("wrong", ["rules", "code"])
def test_a_worker_with_another_law_or_library_fails_the_job(
    frame: Callable[..., Any], book: Rulebook, log: Any, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    from pyspark.errors import PythonException

    shipped = scaled.ship(book)
    monkeypatch.setattr(scaled, "ship", lambda _: _spoilt_law(shipped, wrong))
    found = scaled.rescore(frame(log), None, book, AS_OF, order_by="seq")
    with pytest.raises(PythonException, match="TR-engine-spark worker"):
        found.count()


@pytest.mark.slow
def test_what_is_wrong_with_columns_is_said_before_anything_runs(
    frame: Callable[..., Any], book: Rulebook, log: Any, attributes: Any
) -> None:
    events, fields = frame(log), frame(attributes)
    whole = frame(nested(log, attributes.drop_columns("seq")).select(["dossier_id", "events"]))
    calls: list[tuple[type[TthcError], str, Callable[[], Any]]] = [
        (OptionError, "TR-option-date", lambda: scaled.rescore(events, fields, book)),
        (OptionError, "TR-option-lateness", lambda: scaled.rescore(events, fields, book, AS_OF, lateness="muộn")),
        (InputFileError, "TR-option-value", lambda: scaled.rescore(whole, None, book, AS_OF, order_by="seq")),
        (InputFileError, "TR-bulk-table", lambda: scaled.rescore(whole, fields, book, AS_OF)),
        (InputFileError, "TR-bulk-table", lambda: scaled.rescore(None, None, book, AS_OF)),
        (InputFileError, "TR-bulk-column", lambda: scaled.rescore(events, None, book, AS_OF, order_by="thứ_tự")),
        (InputFileError, "TR-bulk-column", lambda: scaled.rescore(events.drop("at"), None, book, AS_OF)),
        (
            InputFileError,
            "TR-bulk-column",
            lambda: scaled.rescore(events.withColumn("kind", events["seq"]), fields, book, AS_OF),
        ),
    ]
    for kind, code, call in calls:
        with pytest.raises(kind) as caught:
            call()
        assert caught.value.code == code


@pytest.mark.parametrize("installed", [None, "3.5.1"])
def test_without_a_spark_of_today_it_says_what_to_install(
    book: Rulebook, monkeypatch: pytest.MonkeyPatch, installed: str | None
) -> None:
    module = None if installed is None else ModuleType("pyspark")
    if module is not None:
        module.__version__ = installed  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pyspark", module)
    with pytest.raises(EngineError, match=r'pip install "tthc-rules\[spark\]"') as caught:
        scaled.rescore(None, None, book, AS_OF)
    assert caught.value.code == "TR-engine-spark"


# -- the worker's side, without Spark ----------------------------------------------------------------------------------


def test_calendars_that_were_worked_out_stay_at_home(book: Rulebook) -> None:
    before = scaled.ship(book)
    for year in range(2012, 2025):
        book.calendar(known_on=date(year, 6, 1))
    after = scaled.ship(book)
    assert len(after.corpus) == len(before.corpus) < 1_000_000
    assert scaled.unshipped(after).known.corpus.digest == book.corpus.digest


@pytest.mark.parametrize("wrong", ["rules", "code"])
def test_another_law_or_library_is_not_loaded(book: Rulebook, wrong: str) -> None:
    with pytest.raises(EngineError) as caught:
        scaled.unshipped(_spoilt_law(scaled.ship(book), wrong))
    assert (caught.value.code, "000000000000" in caught.value.problems[0].en) == ("TR-engine-spark", True)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("enough", [1, 400, 1 << 30])
def test_no_dossier_is_cut_in_two(monkeypatch: pytest.MonkeyPatch, size: int, enough: int) -> None:
    monkeypatch.setattr(scaled, "_ENOUGH", enough)
    random = Random(size)
    names = [name for name in ("a", "b", "c", "d", "e", None) for _ in range(random.randrange(1, 12))]
    moments = [datetime(2024, 6, 1) + timedelta(hours=place) for place in range(len(names))]
    table = pa.table({"dossier_id": names, "kind": ["step_done"] * len(names), "at": moments})
    column = pa.StructArray.from_arrays([whole.combine_chunks() for whole in table.columns], table.column_names)
    packed = pa.table({"event": column})
    parts = [row for part in scaled.grouped_parts(iter(packed.to_batches(size))) for row in part.to_pylist()]
    assert parts == nested(table, None).to_pylist()
