"""A mapping reads Parquet as it reads CSV: the same dossiers, whatever types the columns have."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tthc_rules.cli import main
from tthc_rules.errors import InputFileError
from tthc_rules.law.dossier import Dossier
from tthc_rules.logs.eventlog import read_dossiers
from tthc_rules.logs.mapping import Mapping, read_mapping

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

MAPPING = """format: 1
mapping: m
label: {vi: a, en: b}
dossier:
  dossier_id: {column: MaHS}
  time_limit.amount: {column: SoNgay}
  time_limit.unit: {value: workday}
events_from_dossier:
  - {kind: dossier_accepted, at: {column: NgayNhan}}
  - {kind: result_issued, at: {column: NgayTra, date_format: "%d/%m/%Y %H:%M"}}
observes: [dossier_accepted, result_issued]
"""
COLUMNS: dict[str, Any] = {
    "MaHS": ["HS-1", "HS-2", None],
    "SoNgay": [5.0, 7.0, None],
    "NgayNhan": [datetime(2024, 8, 23, 8, 30), datetime(2024, 8, 26, 9), datetime(2024, 8, 26, 9)],
    "NgayTra": ["28/08/2024 10:00", "", None],
}


@pytest.fixture
def mapping() -> Mapping:
    return read_mapping(MAPPING, "m.yaml")


def written(path: Path, **columns: Any) -> Path:
    parquet.write_table(pa.table({**COLUMNS, **columns}), path)
    return path


def test_rows_become_the_dossiers_that_csv_gives(tmp_path: Path, mapping: Mapping) -> None:
    table = list(read_dossiers(written(tmp_path / "log.parquet"), mapping))
    (tmp_path / "log.csv").write_text(
        "MaHS,SoNgay,NgayNhan,NgayTra\nHS-1,5,2024-08-23T08:30,28/08/2024 10:00\nHS-2,7,2024-08-26T09:00,\n"
        ",,2024-08-26T09:00,\n",
        encoding="utf-8",
    )
    rows = list(read_dossiers(tmp_path / "log.csv", mapping))
    for left, right in zip(table[:2], rows[:2], strict=True):
        assert left.problems == right.problems == ()
        assert Dossier.model_validate(left.data) == Dossier.model_validate(right.data)
    assert [problem.code for problem in table[2].problems] == ["TR-row-dossier-id"]
    assert table[2].place == f"{tmp_path}/log.parquet:3"


@pytest.mark.parametrize(
    "days",
    [
        pa.array([date(2024, 8, 23)] * 3),
        pa.array([date(2024, 8, 23)] * 3, pa.date64()),
        pa.array(["2024-08-23"] * 3).dictionary_encode(),
        pa.array([datetime(2024, 8, 22, 17, 30, tzinfo=UTC)] * 3, pa.timestamp("ms", "UTC")),
        pa.array([datetime(2024, 8, 23, 8)] * 3, pa.timestamp("ns")),
    ],
)
def test_moments_of_every_type_are_that_day(tmp_path: Path, mapping: Mapping, days: Any) -> None:
    raw = next(iter(read_dossiers(written(tmp_path / "log.parquet", NgayNhan=days), mapping)))
    at = Dossier.model_validate(raw.data).events[0].at
    assert (at.year, at.month, at.day) == (2024, 8, 23)


def test_columns_that_nobody_names_are_not_read(tmp_path: Path, mapping: Mapping) -> None:
    odd = pa.UnionArray.from_sparse(pa.array([0, 0, 0], pa.int8()), [pa.array([1, 2, 3])])
    structs = pa.array([{"a": {"b": 1}}] * 3)
    path = tmp_path / "log.parquet"
    with pytest.raises(pa.ArrowNotImplementedError):
        written(path, odd=odd)
    written(path, lạ=structs, khác=pa.array([b"\xff"] * 3))
    assert [raw.dossier_id for raw in read_dossiers(path, mapping)] == ["HS-1", "HS-2", ""]


def test_a_type_that_no_field_can_have_is_refused_before_any_row(tmp_path: Path, mapping: Mapping) -> None:
    path = written(tmp_path / "log.parquet", SoNgay=pa.array([[{"a": 1}]] * 3))
    with pytest.raises(InputFileError) as caught:
        list(read_dossiers(path, mapping))
    assert (caught.value.code, caught.value.place) == ("TR-bulk-column", "SoNgay")


def test_structs_are_named_with_dots_and_a_folder_is_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    for number in (1, 2):
        table = {"hồ sơ": [{"mã": f"HS-{number}", "lúc": "2024-08-23T24:00"}]}
        parquet.write_table(pa.table(table), folder / f"{number}.parquet")
    text = MAPPING.split("dossier:\n", maxsplit=1)[0] + (
        "dossier: {dossier_id: {column: hồ sơ.mã}}\n"
        "events_from_dossier: [{kind: dossier_accepted, at: {column: hồ sơ.lúc}}]\n"
    )
    raws = list(read_dossiers(folder, read_mapping(text, "m.yaml"), format="parquet"))
    assert [raw.dossier_id for raw in raws] == ["HS-1", "HS-2"]
    assert raws[0].data["events"] == [{"kind": "dossier_accepted", "at": "2024-08-23T23:59:59.999999"}]


def test_what_is_no_parquet_is_an_error_of_ours(tmp_path: Path, mapping: Mapping) -> None:
    (tmp_path / "log.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputFileError) as caught:
        list(read_dossiers(tmp_path / "log.parquet", mapping))
    assert caught.value.code == "TR-bulk-file"


def test_the_command_takes_a_mapping_for_parquet_and_remarks_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = written(tmp_path / "log.parquet")
    text = MAPPING.replace("observes: [dossier_accepted, result_issued]\n", "")
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    asked = ("--mapping", tmp_path / "m.yaml", "-o", tmp_path / "out.ndjson", "--as-of", "2024-10-01")
    monkeypatch.setattr(sys, "argv", ["tthc-rules", "rescore", *map(str, (log, *asked))])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1  # the row without an id
    assert capsys.readouterr().err.count("TR-mapping-observes") == 1
    assert (tmp_path / "out.ndjson").read_text(encoding="utf-8").count("\n") == 3
