"""What `.ci/run` promises: environments that hold what was declared and nothing else, lower bounds that were tried."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
CI = ROOT / ".ci"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
OURS = "tthc-rules"


def lower_bounds(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for requirement in map(Requirement, lines):
        for one in requirement.specifier:
            if one.operator == ">=":
                found[canonicalize_name(requirement.name)] = one.version
    return found


def test_the_lower_bounds_that_are_tried_are_those_of_the_project() -> None:
    asked = lower_bounds(
        [
            *PROJECT["dependencies"],
            *EXTRAS["parquet"],
            *EXTRAS["bulk"],
            *EXTRAS["xlsx"],
            *EXTRAS["documents"],
            *EXTRAS["testing"],
            *EXTRAS["test"],
        ]
    )
    asked |= {"pytest-xdist": lower_bounds(EXTRAS["dev"])["pytest-xdist"]}
    lines = (CI / "lowest.txt").read_text(encoding="utf-8").splitlines()
    tried = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert {canonicalize_name(name): version for name, version in tried.items()} == asked


def declared(requirement: Requirement, seen: set[tuple[str, str]]) -> Iterator[str]:
    """The names of all that a requirement brings, here."""
    for extra in {"", *requirement.extras}:
        name = canonicalize_name(requirement.name)
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        yield name
        for line in distribution(name).requires or []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                yield from declared(needed, seen)


def test_nothing_is_installed_beside_what_the_readme_installs() -> None:
    if os.environ.get("TTHC_ENVIRONMENT") != "readme":
        pytest.skip("only asked in the environment of the README's commands")
    brought = set(declared(Requirement(f"{OURS}[dev]"), set())) | {"pip", "setuptools"}
    here = {canonicalize_name(one.metadata["Name"]) for one in distributions(path=[*map(str, _site_packages())])}
    assert sorted(here - brought) == []


def _site_packages() -> Iterator[Path]:
    yield from (Path(path) for path in sys.path if Path(path).name == "site-packages")


def test_what_is_declared_is_found_here() -> None:
    assert {"pydantic", "pydantic-core", "typing-extensions"} <= set(declared(Requirement(OURS), set()))
    assert "numpy" not in set(declared(Requirement(OURS), set()))
    assert {"numpy", "pytest"} <= set(declared(Requirement(f"{OURS}[test]"), set()))


def test_the_first_environment_is_made_by_the_commands_of_the_readme() -> None:
    done = (CI / "run").read_text(encoding="utf-8").replace(" --clear", "")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    test_command = next(line for line in readme.splitlines() if line.endswith("-m pytest"))
    main_job = next(line for line in readme.splitlines() if line.startswith("python3") and "rescore" in line)
    assert main_job.replace("-o results.csv", '-o "$out/results.csv"') in done
    assert test_command.removesuffix(" && .venv/bin/python -m pytest") in done


@pytest.mark.parametrize(("reason", "code"), [("chưa cài polars / polars is not installed", 0), ("it was raining", 1)])
def test_a_skip_for_another_reason_fails(tmp_path: Path, reason: str, code: int) -> None:
    (tmp_path / "first").write_text(json.dumps(["tests/a.py::b", reason]) + "\n", encoding="utf-8")
    command = [sys.executable, str(CI / "skips.py"), "count", str(CI / "skips.txt"), str(tmp_path / "first"), "none"]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}, check=False
    )
    assert done.returncode == code, done.stderr
    assert reason in done.stdout
    assert ("NOT ON THE LIST" in done.stdout) == bool(code)


def test_skips_are_noted_with_their_reasons(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        "import pytest\ndef test_it(): pytest.skip('no reason')\n@pytest.mark.xfail\ndef test_no(): assert 0\n",
        encoding="utf-8",
    )
    (tmp_path / "test_b.py").write_text("import pytest\npytest.importorskip('no_such_module_at_all')\n", "utf-8")
    pytest_here = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "skips", "--skips-to", "noted"]
    subprocess.run(
        [*pytest_here, "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(CI), "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
    )
    noted = [json.loads(line) for line in (tmp_path / "noted").read_text(encoding="utf-8").splitlines()]
    assert sorted(name for name, _ in noted) == ["test_a.py::test_it", "test_b.py"]
    assert dict(noted)["test_a.py::test_it"] == "no reason"


def test_a_wheel_with_something_else_in_it_is_told(tmp_path: Path) -> None:
    look = runpy.run_path(str(CI / "look.py"))
    path = tmp_path / "a.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name in ("tthc_rules/__init__.py", "tests/receipt.csv", "a-1.dist-info/METADATA"):
            wheel.writestr(name, "")
    found = look["wrong_wheel"](path, {"tthc_rules/__init__.py", "rulesets/a.yaml", "tests/receipt.csv"})
    assert "missing: tthc_rules/rulesets/a.yaml" in found
    assert "not of the package: tests/receipt.csv" in found
    assert "not ours to give: tests/receipt.csv" in found
    assert "missing: licenses/LICENSE" in found


def test_only_pythons_on_which_the_suite_was_seen_to_pass_are_named() -> None:
    seen = re.findall(r"^\| (3\.\d+)\.\d+ \|", (ROOT / "docs" / "quality.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = [line.rpartition(" :: ")[2] for line in PROJECT["classifiers"] if ":: Python :: 3." in line]
    assert sorted(named) == sorted(seen) != []
