"""The pytest plugin as others run it: engines, coverage, the exit code; each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tthc_rules.cli import main

CASE = """\
- name: trả trễ
  dossier:
    dossier_id: HS-1
    time_limit: {amount: 5, unit: workday}
    events:
      - {kind: dossier_accepted, at: "2024-08-23T08:30"}
      - {kind: result_issued, at: "2024-09-06T10:00"}
  as_of: "2024-09-10"
  expect: {workdays_late: 3}
"""


def run(folder: Path, *options: str) -> tuple[int, str]:
    (folder / "a.tthc.yaml").write_text(CASE, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-c", "/dev/null"]
    if sys.platform == "win32":
        command[-1] = "NUL"
    done = subprocess.run(
        [*command, f"--rootdir={folder}", *options, str(folder)],
        capture_output=True, encoding="utf-8", check=False, cwd=folder,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_each_engine_that_is_asked_for_runs_each_case(tmp_path: Path) -> None:
    code, said = run(tmp_path, "--tthc-engine=bulk")
    assert (code, "1 passed" in said) == (0, True), said
    code, said = run(tmp_path, "--tthc-engine=all", "-vv")
    assert code == 0, said
    for engine in ("reference", "composed", "bulk"):
        assert f"trả trễ [{engine}] PASSED" in said, said


def test_an_unknown_engine_is_refused(tmp_path: Path) -> None:
    code, said = run(tmp_path, "--tthc-engine=bulky")
    assert (code, "invalid choice" in said) == (4, True), said


@pytest.mark.parametrize("options", [(), ("-n", "2", "-p", "xdist")])
def test_the_coverage_of_one_case_is_little_and_is_told(tmp_path: Path, options: tuple[str, ...]) -> None:
    code, said = run(tmp_path, "--tthc-coverage=90", *options)
    assert code == 1, said
    assert "1 passed" in said
    assert "chưa có ca / no case: one_stop/2018-06-21 apology_before_due: outcome met_late" in said
    assert "one_stop/2018-06-21 apology_before_due: outcome missed" not in said  # which the case reaches


def test_enough_coverage_is_enough(tmp_path: Path) -> None:
    code, said = run(tmp_path, "--tthc-coverage=0.5")
    assert (code, "needed 0.5 %" in said) == (0, True), said


def test_what_rows_reach_is_not_known_and_not_told_as_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = run(tmp_path, "--tthc-engine=bulk", "--tthc-coverage=1")
    assert (code, "--tthc-coverage" in said) == (4, True), said
    monkeypatch.setattr(sys, "argv", ["tthc-rules", "test", str(tmp_path), "--engine", "bulk", "--coverage"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert (caught.value.code, capsys.readouterr().err[:27]) == (2, "TR-option-value --coverage:")


MISSING = "import sys\nsys.modules['llvmlite'] = sys.modules['durable_rules_engine'] = None\n"


def test_of_all_engines_one_without_its_packages_is_left_out_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(MISSING, encoding="utf-8")
    code, said = run(tmp_path, "--tthc-engine=all", "-rs")
    assert (code, "2 passed, 2 skipped" in said) == (0, True), said
    assert 'pip install "tthc-rules[bulk]"' in said
    assert "TR-engine-durable" in said


@pytest.mark.parametrize("engine", ["bulk", "durable"])
def test_an_engine_that_is_named_and_lacks_its_packages_fails_and_says_what_to_install(
    tmp_path: Path, engine: str
) -> None:
    (tmp_path / "conftest.py").write_text(MISSING, encoding="utf-8")
    code, said = run(tmp_path, f"--tthc-engine={engine}")
    assert (code, "1 failed" in said) == (1, True), said
    assert (f'pip install "tthc-rules[{engine}]"' in said, "Traceback" in said, "library.py" in said) == (
        True, False, False,
    ), said  # fmt: skip
