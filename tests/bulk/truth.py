"""What the reference engine says of dossiers, row by row, and the same dossiers as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from tthc_rules import Rulebook
from tthc_rules.errors import TthcError
from tthc_rules.result.row import Row, error_row, row_of

Json = dict[str, Any]

AS_OF: Final = date(2024, 9, 20)

DOSSIERS: Final[list[Json]] = [
    {
        "dossier_id": "H56.14-240823-0001",
        "procedure": "1.012756",
        "jurisdiction": "thanh-hoa",
        "channel": "in_person",
        "field": "đất đai",
        "units": {"one_stop_unit": "ttpvhcc", "handling_agency": "so-tnmt"},
        "time_limit": {"amount": 5, "unit": "workday"},
        "officers": ["nv-01", "nv-02"],
        "events": [
            {"kind": "dossier_accepted", "at": "2024-08-23T15:00:01", "appointed_due": "2024-08-30T16:30"},
            {"kind": "dossier_forwarded", "at": "2024-08-26T08:00"},
            {"kind": "apology_sent", "at": "2024-08-29T09:00", "reason": "chờ", "new_due": "2024-09-05"},
            {"kind": "reappointed", "at": "2024-08-29T09:05", "new_due": "2024-09-05"},
            {"kind": "result_issued", "at": "2024-09-06T10:00"},
        ],
    },
    {
        "dossier_id": "H56.14-240823-0002",
        "channel": "online",
        "time_limit": {"amount": 10, "unit": "workday", "pauses_for": ["payment", "opinion"]},
        "events": [
            {"kind": "dossier_accepted", "at": "2024-08-01T00:00"},
            {"kind": "supplement_requested", "at": "2024-08-05T10:00", "after_appraisal": True},
            {"kind": "supplement_received", "at": "2024-08-12T10:00", "appointed_due": "2024-08-28"},
            {"kind": "opinion_requested", "at": "2024-08-13T10:00", "agency": "so-xay-dung"},
            {"kind": "opinion_requested", "at": "2024-08-13T11:00", "agency": "so-tai-chinh"},
            {"kind": "opinion_received", "at": "2024-08-16T10:00", "agency": "so-xay-dung"},
            {"kind": "opinion_received", "at": "2024-08-19T10:00", "agency": "so-tai-chinh"},
            {"kind": "payment_awaited", "at": "2024-08-20T10:00"},
        ],
    },
    {
        "dossier_id": "hồ sơ số 3",
        "time_limit": {"none": True},
        "filed_elsewhere": True,
        "events": [
            {"kind": "dossier_accepted", "at": "2024-07-01T23:59"},
            {"kind": "result_returned", "at": "2024-09-16T07:00"},
        ],
    },
    {
        "dossier_id": "4",
        "jurisdiction": "son-la",
        "channel": "postal",
        "time_limit": {"amount": 0, "unit": "workday", "cutoff": "15:00"},
        "officers": ["nv-03"],
        "events": [
            {"kind": "dossier_accepted", "at": "2024-09-05T15:00:01"},
            {"kind": "clock_paused", "at": "2024-09-05T16:00", "reason": "chờ", "ground": "khoản 2"},
            {"kind": "clock_resumed", "at": "2024-09-06T08:00"},
            {"kind": "interval_excluded", "at": "2024-09-06T09:00", "from": "2024-09-09", "to": "2024-09-10"},
            {"kind": "dossier_withdrawn", "at": "2024-09-18T08:00"},
        ],
    },
    {
        "dossier_id": "5",
        "time_limit": {"amount": 16, "unit": "work_hour"},
        "events": [
            {"kind": "dossier_accepted", "at": "2024-09-03T10:30"},
            {"kind": "clock_paused", "at": "2024-09-04T08:00"},
            {"kind": "clock_resumed", "at": "2024-09-09T13:20"},
        ],
    },
    {
        "dossier_id": "6",
        "events": [{"kind": "dossier_submitted", "at": "2024-09-03T10:30"}],
    },
]
"""Limits, places, channels and payloads of every sort; all well formed, no two with the same verdict."""


def wanted(book: Rulebook, dossier: Mapping[str, Any], as_of: date = AS_OF, **question: Any) -> Row:
    """The row of one dossier, by the reference engine."""
    try:
        return row_of(book.evaluate(dossier, as_of, **question))
    except TthcError as error:
        name = dossier.get("dossier_id")
        return error_row(name if isinstance(name, str) else "", error)


def assert_as_reference(
    book: Rulebook, table: Any, dossiers: Iterable[Mapping[str, Any]], as_of: date = AS_OF, **question: Any
) -> None:
    """One row for each of these dossiers, in their order, and in each what the reference engine says."""
    rows = [wanted(book, dossier, as_of, **question) for dossier in dossiers]
    got = table if isinstance(table, list) else table.to_pylist()
    assert [row["dossier_id"] or "" for row in got] == [row["dossier_id"] for row in rows]
    for row, want in zip(got, rows, strict=True):
        if "error_code" in want:
            assert_error(row, str(want["error_code"]))
        else:
            assert row == {name: want.get(name) for name in row}


def assert_error(row: Mapping[str, Any], *codes: str) -> None:
    """A row with one of these codes, words to it, and nothing else said of its dossier."""
    assert row["error_code"] in codes, row
    assert row["error"]
    said = {name for name, value in row.items() if value is not None}
    assert said <= {"dossier_id", "error_code", "error"}


def log_of(dossiers: Iterable[Mapping[str, Any]], own: bool = False) -> list[Json]:
    """Flat rows, one an event; with `own`, the fields of the dossier in each of them."""
    rows = []
    for dossier in dossiers:
        fields = fields_of([dossier])[0] if own else {"dossier_id": dossier["dossier_id"]}
        rows += [{**fields, **event} for event in dossier["events"]]
    return rows


def fields_of(dossiers: Iterable[Mapping[str, Any]]) -> list[Json]:
    """The fields of dossiers, groups under dotted names."""
    found = []
    for dossier in dossiers:
        row: Json = {}
        for name, value in dossier.items():
            if name in ("units", "time_limit"):
                row |= {f"{name}.{inner}": cell for inner, cell in value.items()}
            elif name != "events":
                row[name] = value
        found.append(row)
    return found


def columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows as columns, in order of appearance."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}
