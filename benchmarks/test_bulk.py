"""Every row of the fast core's benchmarks runs and agrees; no test judges a time."""

from __future__ import annotations

import pytest

pytest.importorskip("llvmlite")

from benchmarks import additions, bulk_clock, bulk_peers, bulk_rules, bulk_start, many_rules, table


def test_clock() -> None:
    assert bulk_clock.main(["--quick"])


def test_rules() -> None:
    assert len(bulk_rules.main(["--quick"])) == 15


def test_many_rules() -> None:
    few, many = many_rules.main(["--quick"])
    assert few.label.startswith("17 versions, ")
    assert many.label.startswith("200 versions, ")


def test_additions() -> None:
    labels = [runner.label for runner in additions.main(["--quick"])]
    assert labels == ["clock and all rules", "without next_act, changes_on", "without 6 duties"]


@pytest.mark.parametrize("part", ["queries", "durable"])
def test_peers(part: str) -> None:
    bulk_peers.main(["--quick", "--only", part])


def test_start() -> None:
    assert bulk_start.main(["--quick"]).keys() == {"cold", "cached"}


def test_table_of_all_goals() -> None:
    lines = table.main(["--quick", "--only", "one_dossier", "clock"])
    assert [line.unit for line in lines] == ["×", "×", "ms", "ms", "×", "ns"]
