"""Flipped bytes of Arrow and Parquet give rows or our errors; they are read in a child, which a crash would end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow", "duckdb"):
    pytest.importorskip(package, reason=NEEDS)

import pyarrow as pa  # noqa: E402
from flips.child import AS_OF, FORMS, flat, flipped, nested  # noqa: E402
from flips.parent import Found, run  # noqa: E402
from pyarrow import parquet  # noqa: E402

from tthc_rules import Rulebook  # noqa: E402
from tthc_rules.errors import TthcError  # noqa: E402
from tthc_rules.logs.parquetlog import column_names  # noqa: E402
from tthc_rules.logs.records import read_results  # noqa: E402
from tthc_rules.runs.parts import rescore_file  # noqa: E402

CASES: Final = 50


@pytest.mark.parametrize("form", FORMS)
def test_flipped_bytes_give_rows_or_our_errors(form: str) -> None:
    found = run(form, 0, CASES, Found())
    assert sum(found.came.values()) == CASES, str(found)
    assert (found.foreign, found.crashes) == ([], [])
    assert len(found.came) > 1  # some can be read, some cannot


def test_what_is_flipped_was_readable_before(book: Rulebook) -> None:
    for table in (nested(), flat()):
        rows = book.rescore(table, as_of=AS_OF).to_pylist()
        assert {row["error_code"] for row in rows} == {None, "TR-input-missing"}
    assert sum(flipped(FORMS["stream"](), number) != FORMS["stream"]() for number in range(CASES)) > CASES // 2


def test_names_in_a_parquet_file_that_are_no_utf8_are_our_error(book: Rulebook, tmp_path: Path) -> None:
    """pyarrow raises a UnicodeDecodeError of its own, before it gives a schema."""
    path = tmp_path / "log.parquet"
    table = pa.table({"dossier_id": ["a"], "kind": ["dossier_accepted"], "at": ["2024-08-23"], "QQQQQQ": [1]})
    parquet.write_table(table, path, store_schema=False)
    path.write_bytes(path.read_bytes().replace(b"QQQQQQ", b"\xff" * 6))
    doors: dict[str, Callable[[], Any]] = {
        "log": lambda: rescore_file(book, book.question(AS_OF), path, None, tmp_path / "out.parquet"),
        "results of an account": lambda: book.account(read_results(path), period="2024-08"),
        "mapping": lambda: column_names(path),
    }
    for name, door in doors.items():
        with pytest.raises(TthcError) as caught:
            door()
        assert caught.value.code in ("TR-bulk-file", "TR-bulk-column", "TR-account-columns"), name
