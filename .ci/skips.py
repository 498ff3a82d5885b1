"""Which tests were skipped and why: noted by each run of pytest, counted at the end of `.ci/run`.

python -m pytest -p skips --skips-to FILE        note them (with .ci on PYTHONPATH)
python .ci/skips.py names FILE                   their names, one a line
python .ci/skips.py count LIST FIRST SECOND …    count them by reason; 1 where a reason is not on the list
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any


def pytest_addoption(parser: Any) -> None:
    parser.addoption("--skips-to", metavar="FILE", help="note skipped tests and their reasons in this file")


def pytest_configure(config: Any) -> None:
    if path := config.getoption("--skips-to"):
        config.pluginmanager.register(_Notes(Path(path).absolute(), worker=hasattr(config, "workerinput")))


class _Notes:
    """A test is noted by the process that reports it, a whole module by the one that collects it."""

    def __init__(self, path: Path, worker: bool) -> None:
        self.path, self.worker = path, worker

    def pytest_runtest_logreport(self, report: Any) -> None:
        if not self.worker:
            self._note(report)

    def pytest_collectreport(self, report: Any) -> None:
        self._note(report)

    def _note(self, report: Any) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = str(report.longrepr[2]).removeprefix("Skipped: ").splitlines()[0]
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps([report.nodeid, reason], ensure_ascii=False) + "\n")


def _noted(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    return dict(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def _count(listed: Path, first: Path, second: Path, *others: Path) -> int:
    lines = [line for line in listed.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    allowed = [re.compile(line) for line in lines]
    noted = [_noted(path) for path in (first, second, *others)]
    left = {name: reason for name, reason in noted[0].items() if name in noted[1]}
    print(f"skipped in the first environment: {len(noted[0])}, of them run in the second: {len(noted[0]) - len(left)}")
    print(f"run in no environment: {len(left)}")
    unknown = False
    for title, skipped in (("in no environment", {name: noted[1][name] for name in left}), ("first", noted[0])):
        for reason, times in Counter(skipped.values()).most_common():
            print(f"  {title}: {times:5}  {reason}")
    for reason in sorted({reason for one in noted for reason in one.values()}):
        if not any(pattern.match(reason) for pattern in allowed):
            unknown = True
            print(f"  NOT ON THE LIST {listed}: {reason}")
    return 1 if unknown else 0


def main(arguments: list[str]) -> int:
    match arguments:
        case ["names", path]:
            print("\n".join(_noted(Path(path))))
            return 0
        case ["count", listed, first, second, *others]:
            return _count(Path(listed), Path(first), Path(second), *map(Path, others))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
