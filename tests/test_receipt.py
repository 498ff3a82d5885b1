"""The main job on a real log: a municipality's permits, judged against the log's own deadlines.

The figures are those of ../shared/data/README.md, which says how each one is read; the log itself may not be shipped.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from tthc_rules import Rulebook
from tthc_rules.logs.eventlog import read_dossiers
from tthc_rules.result.row import row_of
from tthc_rules.runs.onebyone import rescore

EXAMPLE = Path(__file__).parents[1] / "examples" / "receipt"
AS_OF = date(2014, 1, 1)


@pytest.fixture(scope="module")
def wabo() -> Rulebook:
    return Rulebook.load(EXAMPLE / "rules")


@pytest.fixture(scope="module")
def log(shared_data: Path) -> dict[str, dict[str, str]]:
    """The attributes of each dossier as the log has them."""
    with (shared_data / "receipt.csv").open(encoding="utf-8", newline="") as file:
        return {row["case:concept:name"]: row for row in csv.DictReader(file)}


def written(moment: str) -> date:
    """The calendar date written in a value, with its own offset."""
    return datetime.fromisoformat(moment).date()


def run(
    book: Rulebook,
    shared_data: Path,
    target: Path,
    lateness: str,
    log: str = "receipt.csv",
    dossiers: Path | None = None,
) -> list[dict[str, str]]:
    found = read_dossiers(shared_data / log, EXAMPLE / "mapping.yaml", dossiers)
    summary = rescore(book, found, target, AS_OF, lateness=lateness)
    assert summary.dossiers == 1434
    assert not summary.errors
    with target.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("lateness", "late"), [("promised_by_date", 309), ("promised_by_instant", 377)])
@pytest.mark.parametrize("name", ["receipt.csv", "08_receipt.xes.gz"])
def test_late_against_the_logs_own_deadline(
    wabo: Rulebook,
    shared_data: Path,
    log: dict[str, dict[str, str]],
    tmp_path: Path,
    lateness: str,
    late: int,
    name: str,
) -> None:
    rows = run(wabo, shared_data, tmp_path / "out.csv", lateness, name)
    judged = Counter(row["punctuality"] for row in rows)
    assert judged["returned_late"] == late
    # Two of the 1,329 end before they start: their end is reported as before acceptance, and so they stay open.
    ended_before = [row for row in rows if log[row["dossier_id"]]["case:enddate"] and not row["finished_on"]]
    assert len(ended_before) == 2
    assert all("before_acceptance" in row["notes"] for row in ended_before)
    assert judged["returned_late"] + judged["on_time"] + judged["early"] + len(ended_before) == 1329


def test_the_statutory_term_reproduces_the_deadlines(
    wabo: Rulebook, shared_data: Path, log: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    rows = run(wabo, shared_data, tmp_path / "out.csv", "by_date")
    same = sum(date.fromisoformat(row["original_due"]) == own_deadline(log, row["dossier_id"]) for row in rows)
    assert same == 1080


def test_the_extended_term_reproduces_the_extended_deadlines(
    wabo: Rulebook, shared_data: Path, log: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    """Which dossiers were extended is not an event of the log: it is given here, as a portal would give it."""
    extended = {
        name
        for name, row in log.items()
        if (written(row["case:deadline"]) - written(row["case:startdate"])).days == 56 + 42
    }
    assert len(extended) == 58
    given = tmp_path / "extended.csv"
    given.write_text("dossier_id,procedure\n" + "".join(f"{name},wabo-receipt-extended\n" for name in sorted(extended)))
    rows = run(wabo, shared_data, tmp_path / "out.csv", "by_date", dossiers=given)
    due = {row["dossier_id"]: date.fromisoformat(row["original_due"]) for row in rows}
    assert all(due[name] == own_deadline(log, name) for name in extended)
    assert sum(due[name] == own_deadline(log, name) for name in log) == 1080 + 58


def own_deadline(log: dict[str, dict[str, str]], name: str) -> date:
    """The log's deadline as a Vietnam date, as the border converts it; the counts are the same in either zone."""
    moment = datetime.fromisoformat(log[name]["case:deadline"])
    from tthc_rules.law.civil import VIETNAM

    return moment.astimezone(VIETNAM).date()


def test_the_log_means_the_same_to_the_fast_core(wabo: Rulebook, shared_data: Path) -> None:
    found = [raw.data for raw in read_dossiers(shared_data / "receipt.csv", EXAMPLE / "mapping.yaml")]
    rows = [row_of(wabo.evaluate(data, AS_OF, lateness="promised_by_date")) for data in found]
    bulk = wabo.rescore_dossiers(found, AS_OF, lateness="promised_by_date")
    assert [{name: row.get(name) for name in other} for row, other in zip(rows, bulk, strict=True)] == bulk


def test_the_log_means_the_same_to_durable_rules(durable: None, wabo: Rulebook, shared_data: Path) -> None:
    for raw in read_dossiers(shared_data / "receipt.csv", EXAMPLE / "mapping.yaml"):
        one, other = (wabo.evaluate(raw.data, AS_OF, engine=engine) for engine in ("reference", "durable"))
        assert one == other
