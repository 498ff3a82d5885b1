"""A block's events out of Arrow's memory: the same verdicts however they lie there, block by block."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

NEEDS = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow"):
    pytest.importorskip(package, reason=NEEDS)

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
from truth import AS_OF, Json, assert_as_reference, assert_error, wanted  # noqa: E402

from tthc_rules import Rulebook  # noqa: E402
from tthc_rules.bulk import prepare  # noqa: E402
from tthc_rules.bulk.cells import truths, valid  # noqa: E402
from tthc_rules.bulk.core import BLOCK, MOST_EVENTS  # noqa: E402
from tthc_rules.bulk.fields import places_of, valid_bits  # noqa: E402
from tthc_rules.law.civil import DAY, FIRST_DATE, LAST_DATE, day_of  # noqa: E402

MOMENTS = ("at", "appointed_due", "new_due", "due", "from", "to")


def table(dossiers: list[Json], unit: str = "us", zone: str | None = None) -> pa.Table:
    """The dossiers with every moment as a timestamp."""
    kind = pa.timestamp(unit, zone)
    names = dict.fromkeys(name for dossier in dossiers for event in dossier["events"] for name in event)
    types = {name: kind if name in MOMENTS else pa.string() for name in names}
    rows = [[{n: _instant(v) if n in MOMENTS else v for n, v in e.items()} for e in d["events"]] for d in dossiers]
    if zone is not None:
        rows = [[{n: _utc(v) for n, v in event.items()} for event in row] for row in rows]
    return pa.table(
        {
            "dossier_id": [dossier["dossier_id"] for dossier in dossiers],
            "time_limit.amount": pa.array([5] * len(dossiers)),
            "time_limit.unit": ["workday"] * len(dossiers),
            "events": pa.array(rows, pa.list_(pa.struct(list(types.items())))),
        }
    )


def _instant(text: Any) -> Any:
    return datetime.fromisoformat(text) if isinstance(text, str) else text


def _utc(value: Any) -> Any:
    return value - timedelta(hours=7) if isinstance(value, datetime) else value


def dossier(number: int, events: list[Json]) -> Json:
    return {"dossier_id": f"H{number}", "time_limit": {"amount": 5, "unit": "workday"}, "events": events}


def at(moment: str, kind: str = "dossier_accepted", **fields: Any) -> Json:
    return {"kind": kind, "at": moment, **fields}


ODD = [
    dossier(1, [at("2024-08-23T08:00"), at("2024-08-29T10:00:30", "result_issued")]),
    dossier(2, [at("2024-08-29T10:00", "result_issued"), at("2024-08-23T08:00")]),
    dossier(3, []),
    dossier(4, [at("2024-08-23T08:00"), at("2024-08-23T08:00"), at("2024-08-30T23:59:59", "result_issued")]),
    dossier(
        5,
        [
            at("2024-08-26T08:00", "clock_paused", ground="khoản 2"),
            at("2024-08-23T08:00", appointed_due="2024-08-30T17:00"),
            at("2024-08-28T08:00", "clock_resumed"),
            at("2024-08-26T08:00", "clock_paused", ground="khoản 2"),
            at("2024-08-26T08:00", "clock_paused"),
        ],
    ),
    dossier(6, [at("2024-08-23T08:00"), at("2024-08-24T08:00", "phơi nắng"), at("2024-08-24T08:00", "phơi nắng")]),
    dossier(7, [at("2024-08-23T08:00"), at("2024-08-26T08:00", "dossier_forwarded", new_due="2024-08-30T08:00")]),
    dossier(8, [at("2024-09-21T00:00", "result_issued"), at("2024-09-20T23:59:59.999999")]),
    dossier(
        9,
        [
            at("2024-08-23T08:00"),
            {
                "kind": "interval_excluded",
                "at": "2024-08-26T09:00",
                "from": "2024-08-27T00:00",
                "to": "2024-08-28T00:00",
            },
            at("2024-08-27T09:00", "step_assigned", agency="so-a", due="2024-08-29T09:00"),
            at("2024-08-27T09:00", "step_assigned", agency="so-b", due="2024-08-28T09:00"),
            at("2024-08-28T10:00", "step_done", agency="so-b"),
        ],
    ),
]
"""Logs that are in order, out of order, said twice, unknown, or end after the day asked about."""


@pytest.mark.parametrize(("unit", "zone"), [("us", None), ("ns", None), ("ms", None), ("us", "UTC"), ("ns", "+07:00")])
def test_timestamps_of_every_unit_are_the_same_moments(book: Rulebook, unit: str, zone: str | None) -> None:
    made = [
        {**d, "events": [{n: _cut(v, unit) if n == "at" else v for n, v in e.items()} for e in d["events"]]}
        for d in ODD
    ]
    assert_as_reference(book, book.rescore(table(made, unit, zone), as_of=AS_OF), made)


def _cut(text: str, unit: str) -> str:
    return text.replace(".999999", ".999") if unit == "ms" else text


def test_a_part_of_a_table_is_read_from_where_it_begins(book: Rulebook) -> None:
    made = [{**ODD[k % len(ODD)], "dossier_id": f"H{k}"} for k in range(80)]
    whole = table(made)
    for start in (1, 7, 8, 30):
        mine = made[start : start + 40]
        assert_as_reference(book, book.rescore(whole.slice(start, 40), as_of=AS_OF), mine)


def test_blocks_are_as_small_as_their_events_need(book: Rulebook) -> None:
    days = [datetime(2024, 8, 1) + timedelta(minutes=7 * k) for k in range(499)]
    long = [at(day.isoformat(), "synced_national") for day in days]
    made = [dossier(k, [at("2024-07-31T08:00"), *long] if k % 3 else [at("2024-08-23T08:00")]) for k in range(12)]
    made.append(dossier(99, [*reversed(long), at("2024-07-31T08:00")]))
    assert sum(len(d["events"]) for d in made) > 2 * MOST_EVENTS
    assert_as_reference(book, book.rescore(table(made), as_of=AS_OF), made)


def test_rows_of_many_blocks_stand_where_they_stood(book: Rulebook) -> None:
    made = [{**ODD[k % len(ODD)], "dossier_id": f"H{k}"} for k in range(2 * BLOCK + 5)]
    rows = book.rescore(table(made), as_of=AS_OF).to_pylist()
    said = {dossier["dossier_id"]: wanted(book, dossier) for dossier in ODD}
    for k, row in enumerate(rows):
        want = said[ODD[k % len(ODD)]["dossier_id"]]
        assert row == {**{name: want.get(name) for name in row}, "dossier_id": f"H{k}"}


def test_a_list_that_is_null_hides_what_lies_behind_it(book: Rulebook) -> None:
    made = table(ODD)
    column = made["events"].chunk(0)
    mask = pa.array([k in (0, 4) for k in range(len(ODD))])
    events = pa.ListArray.from_arrays(column.offsets, column.values, mask=mask)
    rows = book.rescore(made.set_column(3, "events", events), as_of=AS_OF)
    want = [{**d, "events": []} if k in (0, 4) else d for k, d in enumerate(ODD)]
    assert_as_reference(book, rows, want)


@pytest.mark.parametrize(
    ("moment", "code"),
    [("1989-12-31T23:59:59", "TR-moment-range"), ("2101-01-01T00:00", "TR-moment-range"), (None, "TR-input-missing")],
)
def test_a_moment_that_is_none_is_its_dossiers_own_error(book: Rulebook, moment: str | None, code: str) -> None:
    bad = dossier(50, [at("2024-08-23T08:00"), {"kind": "result_issued", "at": moment}])
    rows = book.rescore(table([ODD[0], bad, ODD[1]]), as_of=AS_OF)
    assert_error(rows.to_pylist()[1], code)
    assert_as_reference(book, rows.take([0, 2]), [ODD[0], ODD[1]])


def test_the_first_and_the_last_day_are_moments(book: Rulebook) -> None:
    made = [dossier(1, [at("1990-01-01T00:00")]), dossier(2, [at("2100-12-31T23:59:59.999999")])]
    assert_as_reference(book, book.rescore(table(made), as_of=AS_OF), made)


def test_a_date_of_a_field_outside_the_range_is_an_error_where_its_kind_knows_it(book: Rulebook) -> None:
    bad = dossier(1, [at("2024-08-23T08:00", appointed_due="2101-01-01T00:00")])
    other = dossier(
        2, [at("2024-08-23T08:00"), at("2024-08-24T08:00", "synced_national", appointed_due="2101-01-01T00:00")]
    )
    rows = book.rescore(table([bad, other]), as_of=AS_OF).to_pylist()
    assert_error(rows[0], "TR-moment-range")
    assert rows[1]["error_code"] is None
    assert "unknown_field" in rows[1]["notes"]


def test_bounds_are_those_of_the_border() -> None:
    assert day_of(FIRST_DATE) * DAY == prepare.FIRST
    assert (day_of(LAST_DATE) + 1) * DAY == prepare.PAST
    assert prepare.DAY == DAY


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 31, 32, 33, 64, 100])
@pytest.mark.parametrize("start", [0, 1, 8, 13])
def test_bits_are_those_of_the_cells(size: int, start: int) -> None:
    rng = np.random.default_rng((size, start))
    cells = [None if gone else bool(value) for gone, value in rng.integers(0, 2, (start + size, 2))]
    column = pa.array(cells, pa.bool_()).slice(start)
    there = [cell is not None for cell in cells[start:]]
    assert valid(column).tolist() == there
    assert truths(column).tolist() == [cell is True for cell in cells[start:]]
    assert places_of(column).tolist() == [k for k, has in enumerate(there) if has]
    bits = valid_bits(column)
    assert [bool(bits[k >> 5] >> (k & 31) & 1) for k in range(size)] == there
    assert not any(bits[k >> 5] >> (k & 31) & 1 for k in range(size, 32 * len(bits)))
