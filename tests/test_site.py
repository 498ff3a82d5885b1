"""The site is made of the pages as they lie: nothing is left out, nothing leads nowhere, nothing is bent."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import tthc_rules as tr

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
INDEXED = [
    *DOCS.glob("*.md"),
    *DOCS.glob("tutorials/*.md"),
    DOCS / "rules" / "README.md",
    DOCS / "schemas" / "README.md",
]


@pytest.fixture(scope="module")
def site() -> ModuleType:
    spec = spec_from_file_location("site_of_docs", DOCS / "site.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def paths_in(navigation: Any) -> list[str]:
    """The pages that a navigation names."""
    if isinstance(navigation, str):
        return [navigation]
    parts = navigation.values() if isinstance(navigation, dict) else navigation
    return [path for part in parts for path in paths_in(part)]


def test_every_page_is_in_the_index() -> None:
    text = (DOCS / "README.md").read_text(encoding="utf-8")
    linked = {(DOCS / path).resolve() for path in re.findall(r"\]\(([^)#]+)", text)}
    assert sorted(page.name for page in INDEXED if page not in linked and page != DOCS / "README.md") == []


def test_every_page_of_the_law_is_in_the_index_of_the_law() -> None:
    linked = set(re.findall(r"\]\(([^)#/]+\.md)", (DOCS / "rules" / "README.md").read_text(encoding="utf-8")))
    assert sorted(page.name for page in DOCS.glob("rules/*.md") if page.name not in {*linked, "README.md"}) == []


def test_the_navigation_leads_to_pages_that_are_laid_out(site: ModuleType, tmp_path: Path) -> None:
    site.stage(tmp_path)
    named = paths_in(site.navigation())
    assert len(named) > 40
    assert [path for path in named if not (tmp_path / "pages" / path).is_file()] == []
    indexed = {page.relative_to(ROOT).as_posix() for page in INDEXED} - {"docs/README.md"}
    assert sorted(indexed - {*named}) == []


def test_pages_are_laid_out_as_they_are_with_what_they_link_to(site: ModuleType, tmp_path: Path) -> None:
    site.stage(tmp_path)
    assert len(site.pages()) > 150
    for page in site.pages():
        laid = tmp_path / "pages" / page.relative_to(ROOT)
        assert laid.read_bytes() == page.read_bytes()
        assert [
            target for target in site.linked(page) if not (tmp_path / "pages" / target.relative_to(ROOT)).exists()
        ] == []


def test_the_reference_names_what_is_promised_and_all_of_it_has_words(site: ModuleType) -> None:
    listed = [f"{module}:{name}" for module, names in site.API.items() for name in names]
    assert {*tr.__all__} - {one.partition(":")[2] for one in listed} == {
        name for name in tr.__all__ if name.endswith("Error") and name != "TthcError"
    }
    assert [one for one in listed if not (pkgutil.resolve_name(one).__doc__ or "").strip()] == []


def test_what_builds_it_is_pinned() -> None:
    lines = (DOCS / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert {pin.partition("==")[0] for pin in pins} == {"zensical", "mkdocstrings-python", "mkdocstrings"}
    assert [pin for pin in pins if not re.fullmatch(r"[a-z-]+==[\d.]+", pin)] == []


@pytest.mark.slow
@pytest.mark.skipif(
    find_spec("zensical") is None, reason="chưa cài zensical / it is not installed: docs/requirements.txt"
)
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, str(DOCS / "site.py"), str(tmp_path / "site")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout + done.stderr
    reference = (tmp_path / "site" / "api" / "index.html").read_text(encoding="utf-8")
    assert 'id="tthc_rules.Rulebook.evaluate"' in reference
    assert "What is owed on this dossier at the end of" in reference
    again = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=600, check=False)
    assert again.returncode == 2  # nothing is written over
