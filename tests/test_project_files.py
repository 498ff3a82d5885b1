"""The files about the project say what is so: one version, licences as packages state them, no address that is not."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distributions, metadata, requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import tthc_rules

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
DEVELOPING = ("test", "dev")
FAMILIES = {
    "MIT": "MIT",
    "BSD": "BSD",
    "ISC": "ISC",
    "Apache": "Apache",
    "MPL": "MPL|Mozilla",
    "PSF": "PSF|Python Software Foundation",
}
"""How a licence of the page stands in what a package says of itself."""


def licences(heading: str) -> dict[str, str]:
    """The packages below a heading of the page, by the name that the index knows, with their licence."""
    text = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    (part,) = [part for part in text.split("\n## ")[1:] if part.startswith(heading)]
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", part, re.MULTILINE)
    assert len({canonicalize_name(name) for name, _ in rows}) == len(rows)
    return {canonicalize_name(name): licence.strip() for name, licence in rows}


RUNNING, COMING, BUILDING = licences("Thư viện"), licences("Đi cùng"), licences("Để phát triển")
ALL = {**RUNNING, **COMING, **BUILDING}


def named(requirements: Iterable[str]) -> set[str]:
    return {str(canonicalize_name(Requirement(one).name)) for one in requirements} - {"tthc-rules"}


def coming_with(names: Iterable[str]) -> Iterator[str]:
    """What the installed ones of these ask for, on any system, and so on."""
    seen, todo = set(names), list(names)
    while todo:
        try:
            asked = [Requirement(one) for one in requires(todo.pop()) or ()]
        except PackageNotFoundError:
            continue
        for one in asked:
            name = canonicalize_name(one.name)
            systems = [{"extra": "", "sys_platform": system} for system in ("linux", "win32")]
            wanted = one.marker is None or any(one.marker.evaluate(system) for system in systems)
            if wanted and name not in seen:
                seen.add(name)
                todo.append(name)
                yield name


def test_every_dependency_is_on_the_page_of_licences_and_no_other() -> None:
    running = named(PROJECT["project"]["dependencies"])
    for extra, asked in EXTRAS.items():
        if extra not in DEVELOPING:
            running |= named(asked)
    site = (ROOT / "docs" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    site = [line for line in site if not line.startswith("#")]
    building = named(
        [*site, *PROJECT["build-system"]["requires"], *(one for extra in DEVELOPING for one in EXTRAS[extra])]
    )
    assert {*RUNNING} == running
    assert {*BUILDING} == building - running


def test_what_comes_with_them_is_on_the_page_too() -> None:
    assert sorted({*coming_with(RUNNING)} - {*ALL}) == []


def installed() -> list[str]:
    """Those that are here; extras that are not the other environment looks at."""
    return sorted({canonicalize_name(one.name) for one in distributions()} & {*ALL})


def test_most_of_them_are_looked_at() -> None:
    assert len(installed()) > 20


@pytest.mark.parametrize("name", installed())
def test_the_licence_is_what_the_package_says_of_itself(name: str) -> None:
    about = metadata(name)
    text = next((about[key] for key in ("License-Expression", "License") if key in about), "")
    expression = text.partition("\n")[0]  # some give the whole text, notices of others included
    said = " ".join([expression, *(about.get_all("Classifier") or [])])
    families = [FAMILIES[re.split(r"[-\d]", word)[0]] for word in re.split(r" (?:OR|AND) ", ALL[name])]
    assert any(re.search(family, said) for family in families), said  # older releases name the first of two only
    assert not re.search(r"\b[AL]?GPL", said)


def test_the_version_is_said_once() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "tthc_rules/__init__.py"
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(citation["version"]) == tthc_rules.__version__
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{citation['version']}] - {citation['date-released']}" in changes
    assert f"tthc-rules=={tthc_rules.__version__}" in (ROOT / "docs" / "stability.md").read_text(encoding="utf-8")


def test_the_citation_has_what_its_format_asks_for() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= {*citation}
    assert (citation["cff-version"], citation["type"]) == ("1.2.0", "software")
    assert citation["license"] == PROJECT["project"]["license"]
    assert all("name" in author for author in citation["authors"])


def test_no_address_of_the_project_is_named_that_does_not_exist() -> None:
    """There is no public address: none may be written until there is one, and then in both places."""
    assert "urls" not in PROJECT["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"url", "repository", "repository-code", "doi"} & {*citation} == set()
    assert re.findall(r"https?://|[\w.]+@[\w.]+", (ROOT / "SECURITY.md").read_text(encoding="utf-8")) == []


def test_what_is_said_of_the_project_goes_into_the_source_package() -> None:
    included = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    top = {path.name for path in ROOT.glob("*.md")} | {"CITATION.cff", "LICENSE"}
    assert sorted(top - {*included}) == []
