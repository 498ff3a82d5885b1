"""The SQL of docs/calendar.md, run as it stands there: where it says what the library says, where not, and why."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from conftest import tthc

from tthc_rules import Rulebook

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
duckdb = pytest.importorskip("duckdb", reason=NEEDS)
pytest.importorskip("llvmlite", reason=NEEDS)

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "calendar.md").read_text(encoding="utf-8")
DATA, QUERY = re.findall(r"^```sql\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMMAND: Final = ".venv/bin/tthc-rules calendar vn -o lich.csv"
FIGURES: Final = re.compile(r"^\| `(examples/\w+)`, (\d{4}-\d{2}-\d{2}) \| (.+) \|$", re.MULTILINE)
STOPS: Final = {"clock_paused", "clock_resumed"}
RESTARTS: Final = {"supplement_requested", "supplement_received"}
LATE: Final = ("returned_late", "overdue")

Row = dict[str, Any]


class Log:
    """One example log: what the query says of it, what the library does, and which events each dossier has."""

    def __init__(self, book: Rulebook, example: str, as_of: date, folder: Path) -> None:
        self.as_of = as_of
        source = ROOT / example / "events.csv"
        base = duckdb.connect()
        prepared = DATA.replace("'lich.csv'", f"'{(folder / 'lich.csv').as_posix()}'")
        prepared = prepared.replace("'examples/one_stop/events.csv'", f"'{source.as_posix()}'")
        assert prepared.count(folder.as_posix()) == prepared.count(source.as_posix()) == 1
        base.execute(prepared)
        self.sql: dict[str, date] = dict(base.execute(QUERY).fetchall())
        log = base.sql('SELECT * REPLACE (CAST("time_limit.amount" AS INTEGER) AS "time_limit.amount") FROM events')
        self.rows: dict[str, Row] = {row["dossier_id"]: row for row in book.rescore(log, as_of=as_of).to_pylist()}
        self.kinds: dict[str, set[str]] = defaultdict(set)
        with source.open(encoding="utf-8", newline="") as file:
            for event in csv.DictReader(file):
                self.kinds[event["dossier_id"]].add(event["kind"])

    def others(self, column: str) -> set[str]:
        return {name for name, row in self.rows.items() if row[column] != self.sql[name]}

    def late_by_sql(self) -> set[str]:
        return {name for name, row in self.rows.items() if (row["finished_on"] or self.as_of) > self.sql[name]}

    def late(self) -> set[str]:
        return {name for name, row in self.rows.items() if row["punctuality"] in LATE}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the command of the page has written the calendar."""
    place = tmp_path_factory.mktemp("lich")
    assert COMMAND in PAGE
    done = tthc(*COMMAND.split()[1:-1], place / COMMAND.split()[-1])
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="module")
def logs(book: Rulebook, folder: Path) -> dict[str, Log]:
    return {name: Log(book, name, date.fromisoformat(day), folder) for name, day, _ in FIGURES.findall(PAGE)}


def test_the_query_differs_where_the_clock_stopped_or_began_anew_and_nowhere_else(logs: dict[str, Log]) -> None:
    assert set(logs) == {"examples/one_stop", "examples/province"}
    for log in logs.values():
        assert log.sql.keys() == log.rows.keys()
        assert {row["error_code"] for row in log.rows.values()} == {None}
        moved = {name for name, kinds in log.kinds.items() if kinds & (STOPS | RESTARTS)}
        assert log.others("lawful_due") == moved
        assert all(log.sql[name] < log.rows[name]["lawful_due"] for name in moved)
        assert log.late() <= log.late_by_sql()


def test_the_page_tells_the_figures(logs: dict[str, Log]) -> None:
    for name, _, shown in FIGURES.findall(PAGE):
        log = logs[name]
        others = log.others("lawful_due")
        why = Counter("restart" if log.kinds[one] & RESTARTS else "stop" for one in others)
        said = [int(number) for number in re.findall(r"\d+", shown)]
        wrongly = len(log.late_by_sql() - log.late())
        causes = [why[cause] for cause in ("restart", "stop") if why[cause]]
        assert said == [len(log.rows), len(log.rows) - len(others), len(others), *causes, wrongly, len(log.late())]


def test_a_letter_of_later_is_known_to_the_query_and_was_not_known_on_the_day(logs: dict[str, Log]) -> None:
    """9/12/2025, 20 workdays: 10–12, 15–19, 22–26, 29–31/12, 2/1, 5–7/1; the letter of 25/12/2025 takes 2/1 away."""
    (other,) = logs["examples/one_stop"].others("original_due")
    assert (other, logs["examples/province"].others("original_due")) == ("H56.14-251209-0236", set())
    log = logs["examples/one_stop"]
    assert (log.rows[other]["original_due"], log.sql[other]) == (date(2026, 1, 7), date(2026, 1, 8))
    assert f"`{other}`" in PAGE


def test_a_limit_of_nothing_is_not_for_the_query(folder: Path) -> None:
    """Zero workdays from a Sunday would fall on the Friday before."""
    base = duckdb.connect()
    base.execute(
        "CREATE TABLE events AS SELECT 'a' AS dossier_id, 'dossier_accepted' AS kind, '2026-03-08T09:00' AS \"at\","
        " '0' AS \"time_limit.amount\", 'workday' AS \"time_limit.unit\""
    )
    base.execute(f"CREATE VIEW calendar AS SELECT * FROM read_csv('{(folder / 'lich.csv').as_posix()}')")
    assert base.execute(QUERY).fetchall() == []
    assert base.execute(QUERY.replace(">= 1", ">= 0")).fetchall() == [("a", date(2026, 3, 6))]
