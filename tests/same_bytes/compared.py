"""Children under one setting after the other, and where what they leave first differs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

ROOT: Final = Path(__file__).parents[2]
How = Literal["bytes", "rows", "set"]
"""What must be the same: every byte; of Parquet its rows alone; the rows in whatever order."""
IN_ORDER: Final = ("flat.", "figures.")
"""What is in an order of its own, whatever order came in."""
ACCOUNT: Final = ("account.json", "account.csv", "account.html")
_PLACE: Final = re.compile(rb"[^\s\",;]*\.(?:csv|ndjson|json|xes|xlsx|parquet)(?::[\w:]*|\[\d+\][\w:]*)")
"""Where a broken row stood, which moves with it."""
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Setting:
    """What a child is told that must change nothing: its environment, and how the work is cut up."""

    axis: str
    name: str
    environment: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    how: How = "bytes"
    log: str = "as it came"
    python: str = sys.executable


BASE: Final = Setting("base", "as it is", {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"})


def settings(pythons: Sequence[str] = ()) -> Iterator[Setting]:
    """Each axis, one value after the other; all else as in the base."""
    for seed in ("1", "42", "4294967295", "random"):
        yield Setting("hash seed", seed, {"PYTHONHASHSEED": seed})
    for zone in ("Asia/Ho_Chi_Minh", "America/St_Johns", "Pacific/Kiritimati", "Africa/Casablanca"):
        yield Setting("zone", zone, {"TZ": zone})
    for name in ("C", "POSIX", "vi_VN.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8"):
        plain = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"} if name in ("C", "POSIX") else {}
        yield Setting("locale", name, {"LC_ALL": name, **plain})
    for threads in (2, 3, 4):
        yield Setting("threads", str(threads), asked={"threads": threads})
    yield Setting("blocks", "of a few dossiers", asked={"small": True}, how="rows")
    yield Setting("blocks", "of a few dossiers, 4 threads", asked={"small": True, "threads": 4}, how="rows")
    yield Setting("order", "rows of all dossiers mixed", log="turned", how="set")
    yield Setting("core", "one by one", asked={"fast": False})
    yield Setting("cache", "none", {"TTHC_RULES_CACHE": os.devnull})
    for python in pythons:
        yield Setting("python", python, how="rows", python=python)


def run(one: Setting, folder: Path, out: Path, forms: Sequence[str]) -> dict[str, str]:
    """Judge under a setting; what was used. Raises `RuntimeError` with what the child said where it failed."""
    asked = {"forms": list(forms), "folder": str(folder), "out": str(out), "fast": None, "threads": 1, "small": False}
    asked |= {"account": True, **one.asked}
    given = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    given |= {**BASE.environment, "PYTHONPATH": str(ROOT), **one.environment}
    command = [one.python, "-m", "tests.same_bytes.child", json.dumps(asked)]
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def files_in(folder: Path) -> dict[str, Path]:
    """What a child left, by name."""
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def differences(base: Path, other: Path, how: How) -> tuple[list[str], list[str]]:
    """Where files are not the same, one line each; and the names of those that were compared."""
    one, two = files_in(base), files_in(other)
    left_out = {"bytes": (), "rows": (".parquet",), "set": (".parquet", "verdicts.txt", *ACCOUNT)}[how]
    names = [name for name in one if name in two and not name.partition("/")[0].endswith(left_out)]
    found = []
    for name in names:
        if how == "set" and not name.startswith(IN_ORDER):
            first, second = _as_set(one[name]), _as_set(two[name])
        else:
            first, second = (_PLACE.sub(b"?", path.read_bytes()) if how == "set" else path.read_bytes()
                             for path in (one[name], two[name]))  # fmt: skip
        if first != second:
            found.append(f"{name}: {first_difference(first, second)}")
    return found, names


def _as_set(path: Path) -> bytes:
    head, *lines = _PLACE.sub(b"?", path.read_bytes()).splitlines(keepends=True)
    return head + b"".join(sorted(lines)) if path.suffix == ".csv" else b"".join(sorted([head, *lines]))


def first_difference(first: bytes, second: bytes) -> str:
    """The place of the first byte that is another, and what stands around it."""
    at = next((at for at, (one, two) in enumerate(zip(first, second, strict=False)) if one != two), None)
    if at is None:
        at = min(len(first), len(second))
    line, column = first.count(b"\n", 0, at) + 1, at - first.rfind(b"\n", 0, at)
    shown = [text[max(0, at - _SHOWN) : at + _SHOWN] for text in (first, second)]
    return f"byte {at:,} (line {line}, byte {column} of it): {shown[0]!r} and {shown[1]!r}"
