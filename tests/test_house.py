"""The house: what importing costs, what may not be named so, and that the plugin works from outside."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tthc_rules"


def test_importing_brings_nothing_heavy() -> None:
    heavy = ("numpy", "pyarrow", "numba", "duckdb", "yaml", "holidays", "typer", "rich", "dateutil")
    code = f"import sys, tthc_rules; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_no_module_is_called_nothing() -> None:
    shapeless = {"utils", "helpers", "common", "base", "manager", "misc"}
    assert [path for path in PACKAGE.rglob("*.py") if path.stem in shapeless] == []


LONG = {"law/clock.py"}  # one loop, taken by a compiler as it is


def test_no_module_is_two_things() -> None:
    """Above 500 lines a module is asked which two things it is."""
    lines = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
    }
    assert len(lines) > 150
    assert {name for name, count in lines.items() if count > 500} == LONG


def test_a_class_bears_one_name() -> None:
    """No two classes are called alike, wherever they stand: a name means one thing in the whole house."""
    places: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert len(places) > 250
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_every_package_says_what_always_holds_in_it() -> None:
    rooms = [path for path in PACKAGE.rglob("__init__.py") if path.parent.parent == PACKAGE]
    assert len(rooms) > 10
    without = [path.parent.name for path in rooms if "Invariants:" not in (ast.get_docstring(_tree(path)) or "")]
    assert without == []


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_every_way_that_contributors_are_shown_is_there() -> None:
    """What CONTRIBUTING names by its path: a room that moves takes its way with it."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = {name for name in re.findall(r"`([\w./-]+)`", text) if "/" in name and "<" not in name}
    places = [ROOT, PACKAGE, PACKAGE / "rulefile"]
    assert len(named) > 25
    assert sorted(name for name in named if not any((place / name).exists() for place in places)) == []


def test_the_clock_imports_nothing() -> None:
    lines = (PACKAGE / "law" / "clock.py").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.lstrip().startswith(("import ", "from "))] == []


def test_nothing_reads_the_clock_of_the_machine() -> None:
    asked = ("datetime.now", "date.today", "time.time(", "datetime.utcnow", "perf_counter")
    found = [
        f"{path.name}: {word}"
        for path in PACKAGE.rglob("*.py")
        for word in asked
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_the_package_does_not_know_the_data_beside_it() -> None:
    files = [*PACKAGE.rglob("*.py"), *(ROOT / "rulesets").rglob("*.yaml")]
    assert [path for path in files if "../shared" in path.read_text(encoding="utf-8")] == []


def test_no_number_of_the_law_stands_in_code() -> None:
    """The cut-off of 15:00 (900 minutes), the three workdays and the one day live in rule files."""
    for path in ("reference/interpret.py", "reference/engine.py", "law/rule.py", "law/outcome.py"):
        assert "900" not in (PACKAGE / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("expected", ["2024-08-26", "2024-08-27"])
def test_the_plugin_collects_cases_elsewhere(tmp_path: Path, expected: str) -> None:
    (tmp_path / "thử.tthc.yaml").write_text(
        json.dumps(
            [
                {
                    "name": "một ngày làm việc",
                    "dossier": {
                        "dossier_id": "a",
                        "time_limit": {"amount": 1, "unit": "workday"},
                        "events": [{"kind": "dossier_accepted", "at": "2024-08-23T08:30"}],
                    },
                    "as_of": "2024-08-23",
                    "expect": {"original_due": expected},
                }
            ],
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly", str(tmp_path)],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=False,
    )
    right = expected == "2024-08-26"
    assert done.returncode == (0 if right else 1), done.stdout
    assert ("1 passed" if right else "1 failed") in done.stdout
    if not right:
        assert "got 2024-08-26" in done.stdout
        assert "THỜI HẠN" in done.stdout  # the explanation is in the report
