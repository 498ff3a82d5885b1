"""Every duty has cases of dossiers that cross each of the three days on which the law changed."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from tthc_rules import Rulebook

CASES = Path(__file__).parents[1] / "cases" / "law" / "18_moi_nghia_vu_qua_ba_moc.tthc.yaml"
CROSSINGS = {"2025-07": "30/6–1/7/2025", "2026-01": "31/12/2025", "2026-08": "5/8/2026"}
"""The month in which the cases of a crossing are asked about."""


@pytest.mark.parametrize("month", CROSSINGS, ids=CROSSINGS.get)
def test_every_duty_is_asked_about_on_both_sides(month: str, book: Rulebook) -> None:
    said: dict[str, set[str | None]] = defaultdict(set)
    for case in yaml.safe_load(CASES.read_text(encoding="utf-8")):
        if case["as_of"].startswith(month):
            for duty, outcome in (case["expect"].get("obligations", {}) | case["expect"].get("limits", {})).items():
                said[duty].add(outcome)
    rules = [rule for rule in book.corpus.rule_versions() if rule.version.startswith("one_stop/2025-07-01")]
    duties = {duty for rule in rules for duty in rule.duties}
    assert duties - said.keys() == set()
    assert {duty for duty in duties if not said[duty] - {None, "not_owed", "kept"}} == set()
