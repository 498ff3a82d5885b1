"""The README of the example: its commands run, its codes are those of the sources."""

from __future__ import annotations

import re
import shlex

import pytest

from .conftest import EXAMPLE
from .running import Example, Server

TEXT = (EXAMPLE / "README.md").read_text(encoding="utf-8")
JUDGE = [".venv/bin/python", "examples/postgres/judge.py"]
OF_THE_SHELL = ("createdb tthc", 'export TTHC_DB="postgresql:///tthc"')


def blocks(language: str) -> list[str]:
    """The fenced blocks in that language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_its_commands_run_and_say_what_it_shows(
    server: Server, example: Example, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = server.database()
    monkeypatch.setenv("TTHC_DB", uri)
    said: list[str] = []
    for line in "".join(blocks("bash")).splitlines():
        words = shlex.split(line)
        match words:
            case [".venv/bin/pip", *_]:
                assert "examples/postgres/requirements.txt" in words
            case [_, _, command, *arguments] if words[:2] == JUDGE:
                code, told = example(command, *arguments)
                assert code == (1 if command == "run" else 0), told
                said.append(told)
            case ["psql", "$TTHC_DB", "-c", query]:
                assert server.psql(uri, query), query
            case _:
                assert line in OF_THE_SHELL
    (shown,) = blocks("text")
    assert shown in said
    assert len(said) == 6


def test_its_codes_are_those_of_the_sources() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in EXAMPLE.rglob("*.py"))
    table = re.findall(r"^\| `(PG-[a-z]+)` \|", TEXT, re.MULTILINE)
    assert table == sorted(set(re.findall(r"PG-[a-z]+", sources)))
