"""Takes each guard of `docs/threats.md` away, in a copy of this checkout, and sees that its test fails.

    python -m tests.threats                    all of them
    python -m tests.threats --only cachefolder those whose file or test has that word

Exit codes: 0 each test failed, 1 one passed or could not be run, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from .guards import GUARDS, Guard

ROOT: Final = Path(__file__).parents[2]
LEFT_OUT: Final = shutil.ignore_patterns(".git", ".venv*", "__pycache__", "dist", "*.egg-info", "node_modules")
LONGEST: Final = 300
"""Seconds; what waits longer without its guard has lost it."""
_FAILED: Final = 1
"""What pytest says where tests failed, and not where there were none or they could not be read."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Break, test, mend; and say what was found."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.threats", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", metavar="WORD", help="guards whose file or test has this word in it")
    asked = parser.parse_args(arguments)
    chosen = [one for one in GUARDS if asked.only in f"{one.path} {one.test}"]
    kept = 0
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        tests = sorted({one.test for one in chosen})
        if not tests or run(copy, tests) != 0:
            print("with every guard in its place the tests do not pass" if tests else "no such guard")
            return 1
        for one in chosen:
            said = without(copy, one)
            kept += not said.startswith("fails")
            print(f"{one.path}: {one.old.strip().splitlines()[0][:60]!r} gone: {one.test} {said}", flush=True)
    print(f"{len(chosen)} guards, {len(chosen) - kept} tests that fail without them")
    return 1 if kept else 0


def without(copy: Path, one: Guard) -> str:
    """What the test does where the guard is gone."""
    path = copy / one.path
    sound = path.read_text(encoding="utf-8")
    if sound.count(one.old) != 1:
        return f"was not tried: the text is there {sound.count(one.old)} times"
    path.write_text(sound.replace(one.old, one.new), encoding="utf-8")
    try:
        code = run(copy, [one.test])
    finally:
        path.write_text(sound, encoding="utf-8")
    if code is None:
        return "fails: it does not end"
    if code < 0:
        return f"fails: signal {-code} ends it"
    return "fails" if code == _FAILED else "PASSES" if code == 0 else f"could not be run ({code})"


def run(copy: Path, tests: Sequence[str]) -> int | None:
    """The exit code of pytest over these tests of the copy; nothing where they did not end."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", *tests]
    given = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        return subprocess.run(
            command, cwd=copy, env=given, capture_output=True, timeout=LONGEST * len(tests), check=False
        ).returncode
    except subprocess.TimeoutExpired:
        return None


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
