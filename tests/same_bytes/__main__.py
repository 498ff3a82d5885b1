"""One log in nine forms, judged again and again under what must change nothing: hash seeds, time zones, locales, 1 to 4
threads, block sizes, the order of rows, the fast core and one by one, with and without the cache, other Pythons.

    python -m tests.same_bytes --dossiers 400 --seed 1

Another Python is given by its path, as often as wanted: an environment of your own with the library's packages in it
(this checkout is what is run there, so the library itself need not be installed):

    /path/to/python3.12 -m venv /tmp/venv312 && /tmp/venv312/bin/pip install ".[bulk,xlsx]"
    python -m tests.same_bytes --python /tmp/venv312/bin/python

So are other dependencies: an environment with `pip install -c .ci/lowest.txt ".[bulk,xlsx]"` holds the lowest ones.

Exit codes: 0 all the same, 1 something differs or a child failed, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from .compared import BASE, Setting, differences, run, settings
from .made import put, put_units, rows, turned


def main(arguments: list[str] | None = None) -> int:
    """Compare, and say what was found."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.same_bytes", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dossiers", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--axis", action="append", help="this axis only (repeatable); without it all of them")
    parser.add_argument("--python", action="append", default=[], metavar="PATH", help="another Python (repeatable)")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        return compare(asked, Path(folder))


def compare(asked: argparse.Namespace, folder: Path) -> int:
    """Each setting against the base; how many were not the same."""
    given = rows(asked.dossiers, asked.seed)
    logs = {"as it came": folder / "log", "turned": folder / "turned"}
    forms = put(logs["as it came"], given)
    put(logs["turned"], turned(given, asked.seed))
    for log in logs.values():
        put_units(log)
    cache = {"TTHC_RULES_CACHE": str(folder / "cache")}
    base = run(_with(BASE, cache), logs["as it came"], folder / "base", forms)
    print(f"{asked.dossiers} dossiers, {len(given)} rows, as {', '.join(forms)}; {_told(base)}")
    wrong = 0
    for number, one in enumerate(settings(asked.python)):
        if asked.axis and one.axis not in asked.axis:
            continue
        out = folder / f"{number}"
        try:
            used = run(_with(one, cache), logs[one.log], out, forms)
        except RuntimeError as error:
            wrong += 1
            print(f"{one.axis}, {one.name}: the child failed\n{error}")
            continue
        if "absent" in used:
            print(f"{one.axis}, {one.name}: not compared, {used['absent']}")
            continue
        found, names = differences(folder / "base", out, one.how)
        wrong += bool(found) or not names
        same = {"bytes": "the same bytes", "rows": "the same rows", "set": "the same rows in another order"}[one.how]
        more = f" ({_told(used)})" if one.axis == "python" else ""
        print(f"{one.axis}, {one.name}{more}: {len(names) - len(found)} of {len(names)} files {same}", flush=True)
        for line in found:
            print(f"  {line}")
    return 1 if wrong else 0


def _with(one: Setting, cache: dict[str, str]) -> Setting:
    """The setting with a cache of this run, unless it brings one."""
    return Setting(one.axis, one.name, {**cache, **one.environment}, one.asked, one.how, one.log, one.python)


def _told(used: dict[str, str]) -> str:
    return ", ".join(f"{name} {release}" for name, release in used.items())


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
