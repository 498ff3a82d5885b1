"""`observes` and `unknown` as columns of a table: `a|b`; null is everything observed, empty text nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.errors import TthcError

NEEDS = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow"):
    pytest.importorskip(package, reason=NEEDS)

import pyarrow as pa  # noqa: E402

EVERYTHING = (
    "dossier_accepted|supplement_requested|supplement_received|clock_paused|clock_resumed|reappointed|apology_sent"
    "|delay_notice_sent|dossier_forwarded|result_issued|result_returned"
)
NO_REQUEST = EVERYTHING.replace("|supplement_requested", "")
# Accepted Monday 2024-08-05, 5 workdays, due Monday 2024-08-12; the result one day late; no apology.
ROWS: dict[str, tuple[str | None, str | None, str, str | None, str | None]] = {
    "null": (None, None, "returned_late", "missed", "kept"),
    "all": (EVERYTHING, None, "returned_late", "missed", "kept"),
    "blanks": (EVERYTHING.replace("|", " | "), "", "returned_late", "missed", "kept"),
    "no_apology": (EVERYTHING.replace("|apology_sent", ""), None, "returned_late", "undetermined", "kept"),
    "no_pause": (EVERYTHING.replace("|clock_paused", ""), None, "undetermined", "undetermined", "kept"),
    "no_request": (
        EVERYTHING.replace("|supplement_requested", ""),
        None,
        "undetermined",
        "undetermined",
        "undetermined",
    ),
    "nothing": ("", None, "undetermined", "undetermined", "undetermined"),
    "pauses": (None, "pauses", "undetermined", "undetermined", "undetermined"),
    "finish": (None, "finish", "returned_late", "missed", "kept"),
    "two": (None, "finish|pauses", "undetermined", "undetermined", "undetermined"),
    "acceptance": (None, "acceptance", "undetermined", None, None),
}


def test_columns_say_what_the_fields_say(book: Rulebook) -> None:
    ids = list(ROWS)
    accepted, issued = datetime(2024, 8, 5, 8, 30), datetime(2024, 8, 13, 9, 0)
    events = pa.table(
        {
            "dossier_id": [name for name in ids for _ in range(2)],
            "kind": ["dossier_accepted", "result_issued"] * len(ids),
            "at": pa.array([accepted, issued] * len(ids), pa.timestamp("us")),
        }
    )
    dossiers = pa.table(
        {
            "dossier_id": ids,
            "channel": ["online"] * len(ids),
            "time_limit.amount": pa.array([5] * len(ids), pa.int32()),
            "time_limit.unit": ["workday"] * len(ids),
            "observes": pa.array([ROWS[name][0] for name in ids], pa.string()),
            "unknown": pa.array([ROWS[name][1] for name in ids], pa.string()),
        }
    )
    rows: list[dict[str, Any]] = book.rescore(events, dossiers, as_of=date(2024, 8, 20)).to_pylist()
    got = {
        row["dossier_id"]: (row["punctuality"], row["apology_before_due"], row["supplement_once"], row["error_code"])
        for row in rows
    }
    assert got == {name: (*told[2:], None) for name, told in ROWS.items()}


@pytest.mark.parametrize("said", [{"observes": "dossier_accepted|result_issued"}, {"unknown": "pauses"}])
def test_beside_a_table_of_dossiers_a_log_still_says_what_it_cannot_show(book: Rulebook, said: dict[str, str]) -> None:
    """A CSV with `--dossiers` does: of the same rows nobody is accused there. Or the two tables are refused."""
    event = {"dossier_id": "H1", "kind": "dossier_accepted", "at": "2024-08-23T08:30"}
    about = {"dossier_id": "H1", "time_limit.amount": 5, "time_limit.unit": "workday"}
    try:
        (row,) = book.rescore(
            pa.Table.from_pylist([event | said]), pa.Table.from_pylist([about]), as_of=date(2024, 10, 1)
        ).to_pylist()
    except TthcError:
        return
    assert "apology_before_due" not in (row["responsible"] or "")
    assert row["punctuality"] == "undetermined"
