"""The family of rules that a dossier names: taken where nothing contradicts it, by every engine alike."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import DossierError, Rulebook
from tthc_rules.result.row import error_row, row_of

WABO = Path(__file__).parents[2] / "examples" / "receipt" / "rules"
AS_OF = date(2012, 6, 1)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load(WABO)


def dossier(**fields: Any) -> dict[str, Any]:
    events = [{"kind": "dossier_accepted", "at": "2011-11-19"}, {"kind": "result_issued", "at": "2012-01-16"}]
    return {"dossier_id": "D1", "time_limit": {"amount": 56, "unit": "calendar_day"}, "events": events, **fields}


@pytest.mark.parametrize("engine", ["reference", "composed", "bulk"])
def test_a_dossier_that_names_its_regime_is_outside_the_one_stop_law(book: Rulebook, engine: str) -> None:
    # Saturday 19/11/2011 + 56 days = Saturday 14/1/2012, where every day counts; two days later the permit came.
    verdict = book.evaluate(dossier(regime="wabo"), AS_OF, engine=engine)
    assert (verdict.clock.lawful_due, verdict.days_late) == (date(2012, 1, 14), 2)
    assert verdict.obligations == ()
    named = book.evaluate(dossier(procedure="wabo-receipt"), AS_OF, engine=engine)
    assert named.clock == verdict.clock
    both = book.evaluate(dossier(procedure="wabo-receipt", regime="wabo"), AS_OF, engine=engine)
    assert both.clock == verdict.clock
    vietnamese = book.evaluate(dossier(regime="one_stop"), AS_OF, engine=engine)
    assert vietnamese.clock == book.evaluate(dossier(), AS_OF, engine=engine).clock
    assert vietnamese.clock.lawful_due == date(2012, 1, 16)  # Saturday rolls to Monday


def test_durable_rules_say_the_same(durable: None, book: Rulebook) -> None:
    for fields in ({"regime": "wabo"}, {"regime": "one_stop"}):
        one, other = (book.evaluate(dossier(**fields), AS_OF, engine=engine) for engine in ("reference", "durable"))
        assert one == other


@pytest.mark.parametrize(
    ("fields", "nearest"),
    [({"regime": "wabbo"}, "wabo"), ({"regime": "one_stop", "procedure": "wabo-receipt"}, ""), ({"regime": ""}, "")],
)
def test_a_regime_that_nobody_knows_or_the_catalogue_contradicts_is_an_error(
    book: Rulebook, fields: dict[str, str], nearest: str
) -> None:
    with pytest.raises(DossierError) as caught:
        book.evaluate(dossier(**fields), AS_OF)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place, problem.nearest) == ("TR-dossier-regime", "D1: regime", nearest)
    (row,) = book.rescore_dossiers([dossier(**fields)], AS_OF)
    wanted = error_row("D1", caught.value)
    assert {name: row[name] for name in wanted} == wanted


def test_the_fast_core_says_the_same_of_dossiers_of_several_regimes(book: Rulebook) -> None:
    found = [
        dossier(dossier_id=f"{number}", **fields)
        for number, fields in enumerate(
            [
                {},
                {"regime": "wabo"},
                {"regime": "one_stop"},
                {"procedure": "wabo-receipt-extended"},
                {"procedure": "wabo-receipt-extended", "regime": "wabo"},
                {"procedure": "nothing of the kind", "regime": "wabo"},
            ]
        )
    ]
    rows = [row_of(book.evaluate(data, AS_OF)) for data in found]
    bulk = book.rescore_dossiers(found, AS_OF)
    assert [{name: row.get(name) for name in other} for row, other in zip(rows, bulk, strict=True)] == bulk
    assert [row["lawful_due"] for row in rows][1] == rows[5]["lawful_due"] == date(2012, 1, 14)


def test_the_regime_is_a_column_of_a_table(book: Rulebook) -> None:
    pa = pytest.importorskip("pyarrow")
    events = pa.table(
        {
            "dossier_id": ["A", "A", "B", "C"],
            "kind": ["dossier_accepted", "result_issued", "dossier_accepted", "dossier_accepted"],
            "at": ["2011-11-19", "2012-01-16", "2011-11-19", "2011-11-19"],
        }
    )
    limit = {"time_limit.amount": [56, 56, 56], "time_limit.unit": ["calendar_day"] * 3}
    dossiers = pa.table({"dossier_id": ["A", "B", "C"], "regime": ["wabo", None, "wabo!"], **limit})
    made = {row["dossier_id"]: row for row in book.rescore(events, dossiers, as_of=AS_OF).to_pylist()}
    assert (made["A"]["lawful_due"], made["A"]["error_code"]) == (date(2012, 1, 14), None)
    assert made["B"]["lawful_due"] != made["A"]["lawful_due"]
    assert made["C"]["error_code"] == "TR-dossier-regime"
