"""The server, the example in it, and databases to be judged."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from .running import Example, Server, binaries

EXAMPLE: Final = Path(__file__).parents[2] / "examples" / "postgres"
MODULES: Final = ("server", "results", "night", "invented")


@pytest.fixture(scope="session")
def driver(bulk: None) -> None:
    """Asked for by every test that goes through ADBC to the fast core."""
    if find_spec("adbc_driver_postgresql") is None:
        pytest.skip("chưa cài adbc-driver-postgresql / not installed: pip install adbc-driver-postgresql")


@pytest.fixture(scope="session")
def server(driver: None) -> Iterator[Server]:
    """The server, for all tests of the process."""
    if os.name == "nt":
        pytest.skip("hệ này không có ổ cắm Unix / no Unix sockets on this system")
    programs = binaries()
    if programs is None:
        pytest.skip("máy không có máy chủ PostgreSQL / no PostgreSQL server here: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="tthc-pg-", dir="/tmp"))  # the path of a socket may not be long
    made = Server(programs, folder)
    try:
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def modules(driver: None) -> dict[str, ModuleType]:
    """The example's modules, imported where their packages are there."""
    rooms = {name: importlib.import_module(f"tthc_postgres.{name}") for name in MODULES}
    return {**rooms, "judge": importlib.import_module("judge")}


@pytest.fixture
def example(
    modules: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Example:
    return Example(modules, monkeypatch, capsys)


FIRST: Final = "2026-11-12"
"""The last day that the filled portal knows."""
FILLED: Final = ("fill", "--dossiers", "400", "--from", "2026-08-03", "-q", "--until")


@pytest.fixture(scope="session")
def filled(server: Server, modules: dict[str, ModuleType]) -> str:
    """The name of a database with the invented portal, filled and not yet judged; to be copied."""
    server.psql(server.uri("postgres"), "CREATE DATABASE filled")
    where = ("--db", server.uri("filled"))
    with pytest.MonkeyPatch.context() as patch:
        for arguments in (("setup", "--demo", *where), (*FILLED, FIRST, *where)):
            patch.setattr(sys, "argv", ["judge.py", *arguments])
            with pytest.raises(SystemExit) as left:
                modules["judge"].main()
            assert left.value.code == 0
    return "filled"


@pytest.fixture
def portal(server: Server, filled: str) -> str:
    """The URI of a fresh copy of the filled portal."""
    return server.database(filled)


@pytest.fixture
def bare(server: Server, example: Example) -> Callable[[str], str]:
    """A database whose portal is one view, of this statement: for types and texts that the invented one has not."""

    def made(dossiers: str) -> str:
        uri = server.database()
        assert example("setup", "--db", uri)[0] == 0
        server.psql(uri, dossiers)
        return uri

    return made
