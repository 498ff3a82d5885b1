"""Flipped bytes of Arrow and Parquet give rows or our errors; they are read in a child, which a crash would end."""

from __future__ import annotations

from typing import Final

import pytest

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow", "duckdb"):
    pytest.importorskip(package, reason=NEEDS)

from tests.flips.child import AS_OF, FORMS, flat, flipped, nested  # noqa: E402
from tests.flips.parent import Found, run  # noqa: E402
from tthc_rules import Rulebook  # noqa: E402

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
