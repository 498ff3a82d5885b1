"""One log in each form that is read, and in another order of its rows; `tests/nightly` makes the dossiers."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.nightly.province import (
    COLUMNS,
    FIRST,
    as_csv,
    as_dossiers,
    as_events,
    as_json,
    as_xes,
    lives,
    rows_of,
    write,
)

Row = dict[str, Any]
NIGHTS: Final = 20
DAY: Final = FIRST + timedelta(NIGHTS - 1)
"""The day that is asked about."""
PERIOD: Final = f"{FIRST:%Y-%m}"
HEAD: Final = (*COLUMNS, "units.handling_agency")
UNITS: Final = ("so-xay-dung", "so-tu-phap", "xa-thượng", "=xa+hạ", "xa «İstanbul»")
"""Where dossiers are handled: a name that a spreadsheet would run, one that other locales write otherwise."""
_NOTES: Final = ("", "=1+1", "Đã nhận, «chờ»", 'a "b", c', "ı İ ß ǆ")
FORMS: Final = {
    "csv": "log.csv",
    "events": "events.ndjson",
    "dossiers": "dossiers.ndjson",
    "json": "dossiers.json",
    "xes": "log.xes",
    "xlsx": "log.xlsx",
    "flat": "flat.parquet",
    "grouped": "grouped.parquet",
    "nested": "nested.parquet",
}
"""The forms of the log, and the file of each."""


def rows(dossiers: int, seed: int) -> list[Row]:
    """The rows as they came: some late, some twice, some cut off; several dossiers share a second."""
    everybody = lives(seed, dossiers, NIGHTS)
    made = []
    for number, cells in enumerate(rows_of(everybody, None, DAY)):
        row: Row = {name: cell for name, cell in zip(COLUMNS, cells, strict=False) if cell}
        row["units.handling_agency"] = UNITS[int(row["dossier_id"][-4:]) % len(UNITS)]
        if row["kind"] == "dossier_accepted" and (note := _NOTES[int(row["dossier_id"][-4:]) % len(_NOTES)]):
            row["note"] = note
        if number % 97 == 50:
            row["at"] = "hôm qua"  # it cannot be read: the dossier is an error row
        made.append(row)
    return made


def turned(given: list[Row], seed: int) -> list[Row]:
    """The same rows with dossiers in another order and among each other; those of one dossier keep theirs."""
    of_dossier: dict[str, list[Row]] = {}
    for row in given:
        of_dossier.setdefault(row["dossier_id"], []).append(row)
    places = [row["dossier_id"] for row in given]
    Random(seed).shuffle(places)
    left = {name: iter(mine) for name, mine in of_dossier.items()}
    return [next(left[name]) for name in places]


def put(folder: Path, given: list[Row]) -> tuple[str, ...]:
    """Write the log in each form for which the packages are here; the forms that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    cells = [[row.get(name, "") for name in HEAD] for row in given]
    write(folder / FORMS["csv"], _csv(cells))
    write(folder / FORMS["events"], as_events(iter([row[:-1] for row in cells])))
    dossiers = _dossiers(given)
    write(folder / FORMS["dossiers"], as_dossiers(dossiers))
    write(folder / FORMS["json"], as_json(dossiers))
    write(folder / FORMS["xes"], as_xes(dossiers))
    made = ["csv", "events", "dossiers", "json", "xes"]
    if find_spec("xlsxwriter") and find_spec("python_calamine"):
        _xlsx(folder / FORMS["xlsx"], cells)
        made.append("xlsx")
    if find_spec("pyarrow") and find_spec("llvmlite"):
        _parquet(folder, cells, dossiers)
        made += ["flat", "grouped", "nested"]
    return tuple(made)


def _csv(cells: list[list[str]]) -> str:
    head, _, rest = as_csv(iter(cells)).partition("\n")
    assert head == ",".join(COLUMNS)
    return f"{','.join(HEAD)}\n{rest}"


def _dossiers(given: Iterable[Row]) -> list[Row]:
    """The rows as one object for each dossier."""
    found: dict[str, Row] = {}
    for row in given:
        one = found.setdefault(row["dossier_id"], {"dossier_id": row["dossier_id"], "events": []})
        event = {name: row[name] for name in ("kind", "at", "appointed_due", "new_due", "agency", "due") if name in row}
        one["events"].append(event)
        if "time_limit.amount" in row:
            one["time_limit"] = {"amount": int(row["time_limit.amount"]), "unit": row["time_limit.unit"]}
            one["channel"] = row["channel"]
        one["units"] = {"handling_agency": row["units.handling_agency"]}
        if "note" in row:
            one["note"] = row["note"]
    return list(found.values())


def _xlsx(path: Path, cells: list[list[str]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEAD, *cells)):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, place, cell)


def _parquet(folder: Path, cells: list[list[str]], dossiers: list[Row]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    def table(given: list[list[str]]) -> pa.Table:
        columns = {name: [row[place] or None for row in given] for place, name in enumerate(HEAD)}
        amounts = [cell and int(cell) for cell in columns["time_limit.amount"]]
        return pa.table({**columns, "time_limit.amount": pa.array(amounts, pa.int32())})

    order = {one["dossier_id"]: number for number, one in enumerate(dossiers)}
    parquet.write_table(table(cells), folder / FORMS["flat"], row_group_size=200)
    together = sorted(cells, key=lambda row: order[row[0]])
    parquet.write_table(table(together), folder / FORMS["grouped"], row_group_size=200)
    events = [one["events"] for one in dossiers]
    limits = [one.get("time_limit", {}) for one in dossiers]
    nested = pa.table({
        "dossier_id": [one["dossier_id"] for one in dossiers], "events": events,
        "time_limit.amount": pa.array([limit.get("amount") for limit in limits], pa.int32()),
        "time_limit.unit": pa.array([limit.get("unit") for limit in limits], pa.string()),
        "channel": pa.array([one.get("channel") for one in dossiers], pa.string()),
        "note": pa.array([one.get("note") for one in dossiers], pa.string()),
        "units.handling_agency": [one["units"]["handling_agency"] for one in dossiers],
    })  # fmt: skip
    parquet.write_table(nested, folder / FORMS["nested"], row_group_size=20)


def put_units(folder: Path) -> None:
    """What an account of these units reads beside the results."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "units.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("unit", "name", "kind", "jurisdiction", "superior"))
        table.writerows((name, f"Đơn vị {name}", "provincial_department", "", "") for name in UNITS)
