"""A PostgreSQL server of the tests' own, and the example's command in this process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

DEBIAN: Final = Path("/usr/lib/postgresql")


def binaries() -> Path | None:
    """Where the server's programs are: beside `initdb` on the PATH, else the newest of Debian's folders."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    there = [path.parent for path in DEBIAN.glob("*/bin/initdb")]
    return max(there, key=lambda path: int(path.parent.name)) if there else None


class Server:
    """A server on a socket in a folder, which listens on no port and trusts whoever can reach the socket."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder = programs, folder
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:  # initdb refuses root
            import pwd

            names = {one.pw_name for one in pwd.getpwall()}
            name = "postgres" if "postgres" in names else "nobody"
            owner = pwd.getpwnam(name)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            self._as = {"user": name, "group": owner.pw_gid, "extra_groups": []}
        self._numbers = count(1)

    def start(self) -> None:
        """Make a cluster and start it."""
        self._run("initdb", "-D", "data", "-U", "tthc", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c timezone=America/New_York"
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")

    def stop(self) -> None:
        """Stop it at once."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
            **self._as,
        )
        assert done.returncode == 0, done.stderr

    def uri(self, database: str, user: str = "tthc") -> str:
        """How a database is reached."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def psql(self, uri: str, *statements: str) -> str:
        """What the server's own client says to these statements."""
        told = [word for statement in statements for word in ("-c", statement)]
        done = subprocess.run(
            [str(self.programs / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", uri, *told],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def database(self, template: str = "template1") -> str:
        """A new database, a copy of another: its URI."""
        name = f"db{next(self._numbers)}"
        self.psql(self.uri("postgres"), f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.uri(name)


class Example:
    """The modules of the example, and its command run in this process."""

    def __init__(self, modules: dict[str, Any], patch: pytest.MonkeyPatch, read: pytest.CaptureFixture[str]) -> None:
        self.server, self.results, self.night = modules["server"], modules["results"], modules["night"]
        self.invented, self.judge = modules["invented"], modules["judge"]
        self._patch, self._read = patch, read

    def __call__(self, *arguments: str) -> tuple[int, str]:
        """The exit code of `judge.py` with these arguments, and all that it said."""
        self._patch.setattr(sys, "argv", ["judge.py", *arguments])
        with pytest.raises(SystemExit) as left:
            self.judge.main()
        told = self._read.readouterr()
        return int(left.value.code or 0), told.out + told.err
