"""Ids of the law before NĐ 118/2025 was held whole: whoever still names one is told what stands in its place."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from conftest import tthc

ROOT = Path(__file__).parents[2]
CASE = """\
- name: hồ sơ của năm 2025
  OPTIONS
  dossier:
    dossier_id: a
    time_limit: {amount: 5, unit: workday}
    events: [{kind: dossier_accepted, at: "2025-08-06T08:30"}, {kind: result_issued, at: "2025-08-18T09:00"}]
  as_of: "2025-08-28"
  expect: {EXPECT}
"""


def asked(folder: Path, expect: str, options: str = "") -> subprocess.CompletedProcess[str]:
    path = folder / "cũ.tthc.yaml"
    line = f"options: {options}" if options else ""
    path.write_text(CASE.replace("  OPTIONS\n", f"  {line}\n" if line else "").replace("EXPECT", expect), "utf-8")
    return tthc("test", path)


@pytest.mark.parametrize(
    "expect",
    [
        "obligations: {apology_current: missed}",
        "obligations: {apology_current: null}",
        "responsible: {apology_current: [head_of_unit]}",
        "obligations: {apology_lead_time_r3: missed}",
        "obligations: {apology_lead_time_r3: null}",
    ],
)
def test_a_retired_duty_in_a_case_is_an_error_with_its_successor(tmp_path: Path, expect: str) -> None:
    done = asked(tmp_path, expect)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "TR-name-retired" in done.stderr
    assert "apology_before_due" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_retired_reading_among_assumptions_is_an_error(tmp_path: Path) -> None:
    done = asked(tmp_path, "assumptions: [r3_supplement_effect]")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "TR-name-retired" in done.stderr
    assert "r3_supplement_effect" in done.stderr


def test_a_retired_reading_as_an_option_of_a_case_fails_the_case_with_what_binds_now(tmp_path: Path) -> None:
    """An option is read when the case runs, so that its error can be expected like any other."""
    option = "{interpretations: {r3_supplement_effect: pause}}"
    done = asked(tmp_path, "punctuality: returned_late", option)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "TR-name-retired" in done.stdout
    assert "khoản 5 Điều 19 NĐ 118/2025/NĐ-CP" in done.stdout
    assert asked(tmp_path, "error: TR-name-retired", option).returncode == 0


def test_a_retired_reading_on_the_command_line_is_an_error(tmp_path: Path) -> None:
    dossier = {"dossier_id": "a", "events": [{"kind": "dossier_accepted", "at": "2025-08-06T08:30"}]}
    done = tthc(
        "evaluate", "-", "--as-of", "2025-08-28", "--reading", "r3_supplement_effect=pause", stdin=json.dumps(dossier)
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "TR-name-retired" in done.stderr
    assert done.stdout == ""


def test_the_successor_is_what_binds_now(tmp_path: Path) -> None:
    done = asked(tmp_path, "obligations: {apology_before_due: missed, late_notice_to_one_stop: missed}")
    assert done.returncode == 0, done.stdout + done.stderr
