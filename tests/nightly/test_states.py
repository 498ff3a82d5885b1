"""A state is believed only beside the result that it was written with; what is not ours is not touched."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.errors import InputFileError
from tthc_rules.runs.nightly.night import NightFiles, rescore_night, state_of
from tthc_rules.runs.nightly.rowlogs import NightLog
from tthc_rules.runs.sent import SentFile

from .province import COLUMNS, FIRST, as_csv, lives, rows_of, write

SECOND = FIRST + timedelta(1)
PROVINCE = [life for life in lives(1, 30, 3) if life.number != 7]  # no row is cut off


@pytest.fixture
def first(book: Rulebook, tmp_path: Path) -> Path:
    """The result of a first night."""
    log = write(tmp_path / "log.csv", as_csv(rows_of(PROVINCE, None, FIRST)))
    rescore_night(book, book.question(FIRST), NightLog(log, "csv"), NightFiles(tmp_path / "first.csv"))
    return tmp_path / "first.csv"


def second(book: Rulebook, first: Path, output: str = "second.csv", **how: Any) -> Any:
    """The next night, with what came."""
    delta = write(first.with_name("delta.csv"), as_csv(rows_of(PROVINCE, FIRST, SECOND)))
    files = NightFiles(first.with_name(output), first, True, **how)
    return rescore_night(book, book.question(SECOND), NightLog(delta, "csv"), files)


def refused(book: Rulebook, first: Path, **how: Any) -> str:
    """The code of the error, after which nothing of the night before is another, and nothing new is there."""
    before = {path.name: path.read_bytes() for path in first.parent.iterdir() if path.name != "delta.csv"}
    with pytest.raises(InputFileError) as caught:
        second(book, first, **how)
    assert {path.name: path.read_bytes() for path in first.parent.iterdir() if path.name != "delta.csv"} == before
    assert all(
        "--keep-state" in problem.vi or caught.value.code != "TR-night-state" for problem in caught.value.problems
    )
    return caught.value.code


def test_the_night_before_is_not_touched(book: Rulebook, first: Path) -> None:
    before = first.read_bytes(), state_of(first).read_bytes()
    second(book, first)
    assert (first.read_bytes(), state_of(first).read_bytes()) == before
    assert {path.name for path in first.parent.iterdir()} == {
        "log.csv", "delta.csv", "first.csv", "first.csv.state", "second.csv", "second.csv.state",
    }  # fmt: skip


def test_a_night_does_not_write_over_the_night_before(book: Rulebook, first: Path) -> None:
    assert refused(book, first, output="first.csv") == "TR-output-input"


def test_without_a_state(book: Rulebook, first: Path) -> None:
    state_of(first).unlink()
    assert refused(book, first) == "TR-night-state"


@pytest.mark.parametrize("what", [b"", b"not a state at all", b"SQLite format 3\0" + bytes(200)])
def test_a_foreign_state(book: Rulebook, first: Path, what: bytes) -> None:
    state_of(first).write_bytes(what)
    assert refused(book, first) == "TR-night-state"


def test_somebody_elses_database_is_neither_read_nor_replaced(book: Rulebook, first: Path) -> None:
    place = state_of(first.with_name("second.csv"))
    with sqlite3.connect(place) as tables:
        tables.execute("CREATE TABLE mine(x)")
    tables.close()
    assert refused(book, first) == "TR-output-foreign"
    shutil.copyfile(place, state_of(first))
    place.unlink()
    assert refused(book, first) == "TR-night-state"


def test_an_older_state(book: Rulebook, first: Path) -> None:
    with sqlite3.connect(state_of(first)) as tables:
        tables.execute("UPDATE meta SET value = '0' WHERE name = 'format'")
    tables.close()
    assert refused(book, first) == "TR-night-state"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE dossiers SET next_on = NULL WHERE next_on = 0",
        "UPDATE dossiers SET line = replace(line, 'on_time', 'overdue')",
        "UPDATE dossiers SET digest = zeroblob(32)",
        "UPDATE sources SET text = x'00'",
        "DROP TABLE tallies",
        "DELETE FROM meta WHERE name = 'basis'",
        "UPDATE meta SET value = replace(value, '2026-11-02', '2026-11-03') WHERE name = 'basis'",
        "UPDATE tallies SET text = replace(text, 'on_time', 'overdue')",
    ],
)
def test_a_state_that_was_changed(book: Rulebook, first: Path, change: str) -> None:
    with sqlite3.connect(state_of(first)) as tables:
        tables.execute(change)
    tables.close()
    assert refused(book, first) == "TR-night-state"


def test_a_state_that_was_cut_off(book: Rulebook, first: Path) -> None:
    whole = state_of(first).read_bytes()
    for size in (100, 4096, len(whole) // 2, len(whole) - 4096):
        state_of(first).write_bytes(whole[:size])
        assert refused(book, first) == "TR-night-state"


def test_a_state_of_another_result(book: Rulebook, first: Path) -> None:
    """A run that was cut off between the two leaves the state of the one beside the result of the other."""
    second(book, first)
    shutil.copyfile(state_of(first.with_name("second.csv")), state_of(first))
    first.with_name("second.csv").unlink()
    state_of(first.with_name("second.csv")).unlink()
    assert refused(book, first) == "TR-night-result"


def test_a_result_that_somebody_changed(book: Rulebook, first: Path) -> None:
    first.write_bytes(first.read_bytes() + b"x")
    assert refused(book, first) == "TR-night-result"


def test_a_result_that_is_gone(book: Rulebook, first: Path) -> None:
    first.unlink()
    assert refused(book, first) == "TR-night-result"


def test_another_kind_of_log(book: Rulebook, first: Path) -> None:
    messages = write(first.with_name("messages.ndjson"), "")
    files = NightFiles(first.with_name("second.csv"), first, True)
    with pytest.raises(InputFileError) as caught:
        rescore_night(book, book.question(SECOND), SentFile(messages, "dvcqg"), files)
    assert caught.value.code == "TR-night-log"


def test_a_run_that_fails_leaves_nothing(book: Rulebook, first: Path) -> None:
    delta = write(first.with_name("delta.csv"), "dossier_id;kind;at\n")
    before = {path.name for path in first.parent.iterdir()}
    files = NightFiles(first.with_name("second.csv"), first, True)
    with pytest.raises(InputFileError):
        rescore_night(book, book.question(SECOND), NightLog(delta, "csv"), files)
    assert {path.name for path in first.parent.iterdir()} == before


# -- the command -------------------------------------------------------------------------------------------------------


def test_two_nights_by_the_command(tmp_path: Path, command: Any) -> None:
    log = write(tmp_path / "log.csv", as_csv(rows_of(PROVINCE, None, FIRST)))
    delta = write(tmp_path / "delta.csv", as_csv(rows_of(PROVINCE, FIRST, SECOND)))
    whole = write(tmp_path / "whole.csv", as_csv(rows_of(PROVINCE, None, SECOND)))
    one, two, full = (tmp_path / f"{name}.csv" for name in ("one", "two", "full"))
    command("rescore", log, "-o", one, "--as-of", str(FIRST), "--keep-state")
    code, said = command("rescore", delta, "--previous", one, "--delta", "-o", two, "--as-of", str(SECOND))
    assert code == 0
    assert "Tính lại " in said
    assert "chưa xong, đã qua hạn [overdue]" in said
    command("rescore", whole, "-o", full, "--as-of", str(SECOND))
    assert two.read_bytes() == full.read_bytes()


def test_a_whole_parquet_log_is_judged_anew(tmp_path: Path, command: Any) -> None:
    """Reading a row of the night before would cost more than judging it; so the earlier result is not even read."""
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows = [dict(zip(COLUMNS[:3], row[:3], strict=True)) for row in rows_of(PROVINCE, None, FIRST)]
    log = tmp_path / "log.parquet"
    parquet.write_table(pa.Table.from_pylist(rows), log)
    asked = ("rescore", log, "--as-of", str(FIRST))
    command(*asked, "-o", tmp_path / "full.csv")
    code, said = command(*asked, "-o", tmp_path / "night.csv", "--previous", tmp_path / "gone.csv", "--lang", "en")
    assert code == 0
    assert f"All {len({row['dossier_id'] for row in rows})} judged anew" in said
    assert (tmp_path / "night.csv").read_bytes() == (tmp_path / "full.csv").read_bytes()
    assert command(*asked, "-o", tmp_path / "x.csv", "--keep-state")[0] == 2


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--delta"], "TR-option-value"),
        (["--keep-state", "--grouped"], "TR-option-value"),
        (["--keep-state", "--explain", "1"], "TR-option-value"),
        (["--keep-state", "-o", "x.parquet"], "TR-night-format"),
    ],
)
def test_what_a_night_does_not_take(
    tmp_path: Path, command: Any, monkeypatch: pytest.MonkeyPatch, options: list[str], code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "log.csv", as_csv(rows_of(PROVINCE, None, FIRST)))
    left, said = command("rescore", "log.csv", "-o", "x.csv", "--as-of", "2026-11-02", *options)
    assert left == 2
    assert code in said
