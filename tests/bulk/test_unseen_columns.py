"""`observes` and `unknown` as columns of a table: `a|b`; null is everything observed, empty text nothing."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from conftest import Command

from tthc_rules import Rulebook
from tthc_rules.errors import TthcError

NEEDS = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow"):
    pytest.importorskip(package, reason=NEEDS)

import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

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


@pytest.mark.parametrize(("beside", "owed"), [({}, None), ({"channel": "in_person"}, "missed")])
def test_a_channel_in_the_log_is_the_dossiers_unless_the_table_has_one(
    book: Rulebook, beside: dict[str, str], owed: str | None
) -> None:
    event = {"dossier_id": "H1", "kind": "dossier_accepted", "at": "2024-08-23T08:30", "channel": "online"}
    about = {"dossier_id": "H1", "time_limit.amount": 5, "time_limit.unit": "workday"} | beside
    (row,) = book.rescore(
        pa.Table.from_pylist([event]), pa.Table.from_pylist([about]), as_of=date(2024, 10, 1)
    ).to_pylist()
    assert row["transfer_same_day"] == owed


WORDS: Final = pa.dictionary(pa.int8(), pa.string())
LIST: Final = pa.list_(pa.string())
SAID_TWICE: Final[list[tuple[str, Any, Any, Any, Any]]] = [
    ("observes", EVERYTHING, pa.string(), None, pa.string()),
    ("observes", EVERYTHING, pa.string(), NO_REQUEST.split("|"), LIST),
    ("observes", NO_REQUEST.split("|"), LIST, EVERYTHING, WORDS),
    ("observes", NO_REQUEST, WORDS, None, LIST),
    ("observes", NO_REQUEST.replace("|", " | "), pa.string(), None, LIST),
    ("unknown", "pauses", WORDS, None, pa.null()),
    ("unknown", "pauses", WORDS, "finish", pa.string()),
    ("time_limit.amount", 3, pa.int32(), None, pa.float64()),
    ("time_limit.amount", 3, pa.int64(), 12, pa.int16()),
    ("time_limit.unit", "calendar_day", WORDS, None, WORDS),
    ("time_limit.none", True, pa.bool_(), None, pa.bool_()),
    ("time_limit.pauses_for", "payment", pa.string(), None, LIST),
    ("jurisdiction", "son-la", WORDS, "thanh-hoa", WORDS),
    ("units.handling_agency", "A", WORDS, None, pa.string()),
    ("officers", "B|C", pa.string(), ["D"], LIST),
    ("filed_elsewhere", True, pa.bool_(), False, pa.bool_()),
]


@pytest.mark.parametrize(("name", "logged", "logged_type", "said", "said_type"), SAID_TWICE)
def test_a_field_in_the_log_beside_a_table_of_dossiers_is_read_as_from_csv(
    command: Command, tmp_path: Path, name: str, logged: Any, logged_type: Any, said: Any, said_type: Any
) -> None:
    """What the table says of a dossier takes precedence; of H2 it says nothing, and H3 is only in the log."""
    limit = {"time_limit.amount": 5, "time_limit.unit": "workday"}
    ids = ("H1", "H2", "H3")
    log: list[dict[str, Any]] = [
        {"dossier_id": at, "kind": kind, "at": day, **limit, name: logged}
        for at in ids
        for kind, day in (("dossier_accepted", "2024-08-23T08:30"), ("result_issued", "2024-09-04T09:00"))
    ]
    about = [{"dossier_id": "H1", name: said}, {"dossier_id": "H2", name: None}]
    for path, rows, kind in (("log", log, logged_type), ("about", about, said_type)):
        table = pa.Table.from_pylist([{k: v for k, v in row.items() if k != name} for row in rows])
        column = pa.array([row[name] for row in rows], kind.value_type if pa.types.is_dictionary(kind) else kind)
        if pa.types.is_dictionary(kind):
            column = column.dictionary_encode()
        pq.write_table(table.append_column(name, column), tmp_path / f"{path}.parquet")
        cells = [{k: _cell(v) for k, v in row.items()} for row in rows]
        lines = [",".join(row.values()) for row in cells]
        (tmp_path / f"{path}.csv").write_text("\n".join([",".join(cells[0]), *lines]) + "\n", encoding="utf-8")
    got = []
    for kind in ("csv", "parquet"):
        more = ("--dossiers", tmp_path / f"about.{kind}", "--as-of", "2024-10-01", "-o", "-", "--to", "ndjson", "-q")
        code, printed = command("rescore", tmp_path / f"log.{kind}", *more)
        assert code in (0, 1), printed
        rows = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
        got.append(sorted(rows, key=lambda row: row["dossier_id"]))
    assert [row["dossier_id"] for row in got[0]] == list(ids)
    assert got[1] == got[0]


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list():
            return "|".join(value)
        case _:
            return str(value)
