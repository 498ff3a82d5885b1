"""Files given to the program itself, in this process: its exit code and the first code of its errors are the answer."""

from __future__ import annotations

import io
import re
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from tthc_rules import Rulebook, cli


def with_one_rulebook() -> Rulebook:
    """The law is loaded once; how it is loaded is not what these inputs try."""
    book = Rulebook.load()
    load = Rulebook.load

    def loaded(*folders: Any, **options: Any) -> Rulebook:
        return load(*folders, **options) if folders or any(options.values()) else book

    Rulebook.load = loaded  # type: ignore[method-assign]
    return book


def emptied(folder: Path) -> Path:
    """The folder with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def answer(*arguments: str | Path) -> str:
    """What the program said; an exit code that it does not have is a finding."""
    said, complained, before = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["tthc-rules", *map(str, arguments)]
    try:
        with redirect_stdout(said), redirect_stderr(complained):
            cli.main()
    except SystemExit as stopped:
        code = stopped.code
    finally:
        sys.argv = before
    if code not in (0, 1, 2):
        raise AssertionError(f"exit code {code}")
    if code == 2 and not complained.getvalue().strip():
        raise AssertionError("exit code 2 and not a word")
    found = re.search(r"TR-[a-z0-9-]+", complained.getvalue()) if code == 2 else None
    return f"exit {code}" + (f" {found[0]}" if found else "")
