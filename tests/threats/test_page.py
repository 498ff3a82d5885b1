"""The page of threats says what is so: each row names a guard and a test that are there, and was tried without them."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .guards import GUARDS, Guard

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
THREATS, _, REST = PAGE.partition("\n## What no guard here stops\n")
ROWS = [
    tuple(cell.strip() for cell in row.split(" | "))
    for row in re.findall(r"^\| (.+) \|$", THREATS, re.MULTILINE)
    if not row.startswith("what is sent |")
]
"""What is sent, what it could do, the guard, the test."""


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def named_in(row: tuple[str, ...]) -> list[str]:
    return re.findall(r"`(tests/[\w/]+\.py::\w+)`", row[3])


def guards_of(row: tuple[str, ...]) -> list[str]:
    return re.findall(r"`((?:tthc_rules|examples)/[\w/]+\.py)`", row[2])


def test_there_are_rows() -> None:
    assert len(ROWS) > 60
    assert {len(row) for row in ROWS} == {4}
    assert PAGE.count("\n| what is sent | what it could do | guard | test |\n") >= 6


def test_every_row_names_a_test_that_is_there() -> None:
    for row in ROWS:
        named = named_in(row)
        assert len(named) == 1, row
        path, _, name = named[0].partition("::")
        assert name in functions_of(path), named[0]


def test_every_row_names_a_guard_that_is_there() -> None:
    for row in ROWS:
        named = guards_of(row)
        assert named or row[2].startswith("nothing here opens or starts one"), row
        assert [path for path in named if not (ROOT / path).is_file()] == []


def test_every_row_was_tried_without_its_guard_and_nothing_else_was() -> None:
    """By `python -m tests.threats`; here only that its list holds each row, in the file that the row names."""
    tried = {(one.path, one.test) for one in GUARDS}
    for row in ROWS:
        (test,) = named_in(row)
        paths = guards_of(row)
        missing = [path for path in paths if (path, test) not in tried]
        assert missing == [], (test, missing)
    named = {test for row in ROWS for test in named_in(row)}
    assert sorted({one.test for one in GUARDS} - named) == []


@pytest.mark.parametrize("one", GUARDS, ids=lambda one: f"{Path(one.path).stem}-{one.test.partition('::')[2]}")
def test_the_text_of_a_guard_is_there_once(one: Guard) -> None:
    assert (ROOT / one.path).read_text(encoding="utf-8").count(one.old) == 1
    assert one.new != one.old


def test_every_dependency_is_on_the_page_with_its_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked: dict[str, set[str]] = {}
    extras = [lines for name, lines in project["optional-dependencies"].items() if name not in ("test", "dev")]
    for line in (*project["dependencies"], *(line for lines in extras for line in lines)):
        one = Requirement(line)
        if one.name != "tthc-rules":
            bound = ",".join(sorted((str(part) for part in one.specifier), reverse=True))
            asked.setdefault(canonicalize_name(one.name), set()).add(bound)
    table = REST.partition("\n## Dependencies\n")[2]
    rows = re.findall(r"^\| `([\w-]+)` \| [^|]+ \| (?:`([^`]+)`)?", table, re.MULTILINE)
    told = {canonicalize_name(name): bound for name, bound in rows}
    assert told.keys() == asked.keys()
    assert {name: bound for name, bound in told.items() if bound not in asked[name]} == {}
