"""A result in Parquet has the same columns, of the same types, whatever file was read and whoever judged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tthc_rules import Rulebook
from tthc_rules.logs.eventlog import read_dossiers
from tthc_rules.runs import onebyone, parts, together

AS_OF = date(2024, 9, 10)
CSV = """dossier_id,kind,at,time_limit.amount,time_limit.unit
a,dossier_accepted,2024-08-23T08:30,5,workday
a,result_issued,2024-09-06T10:00,,
b,dossier_accepted,2024-08-23T08:30,5,fortnight
"""


def test_a_result_has_one_schema(book: Rulebook, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(CSV, encoding="utf-8")
    names, *rows = (line.split(",") for line in CSV.splitlines())
    cells: dict[str, list[object]] = {name: [row[at] or None for row in rows] for at, name in enumerate(names)}
    cells["time_limit.amount"] = [None if cell is None else int(str(cell)) for cell in cells["time_limit.amount"]]
    pq.write_table(pa.table(cells), tmp_path / "log.parquet")
    question = book.question(AS_OF)

    onebyone.rescore(book, read_dossiers(log), tmp_path / "one.parquet", AS_OF)
    together.rescore(book, question, read_dossiers(log), tmp_path / "together.parquet")
    parts.rescore_file(book, question, tmp_path / "log.parquet", None, tmp_path / "parts.parquet")

    made = [pq.read_table(tmp_path / name) for name in ("one.parquet", "together.parquet", "parts.parquet")]
    table = book.rescore(pq.read_table(tmp_path / "log.parquet"), as_of=AS_OF)
    for other in (*made[1:], table):
        assert other.schema.equals(made[0].schema, check_metadata=True)
    assert [str(made[0].schema.field(name).type) for name in ("dossier_id", "lawful_due", "provisional")] == [
        "string",
        "date32[day]",
        "bool",
    ]
    assert made[0].column("punctuality").to_pylist() == ["returned_late", None]
    assert made[0].column("workdays_late").to_pylist() == [3, None]
    for other in made[1:]:
        assert other.drop_columns(["error"]).to_pylist() == made[0].drop_columns(["error"]).to_pylist()
