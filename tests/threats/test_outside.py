"""Nothing goes out and nothing comes in but what was named: no network, no other program, no code out of rule files."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tthc_rules import Rulebook
from tthc_rules.law.composed import PARAMETERS
from tthc_rules.reference.engine import ReferenceEngine
from tthc_rules.runs import sorting
from tthc_rules.runs.output import OutputPlace

ROOT = Path(__file__).parents[2]

WATCHED = """
import json, sys
seen = []
REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "urllib.",
           "ftplib.", "smtplib.", "http.", "webbrowser.", "ctypes.dlopen")

def watch(event, given):
    if event.startswith(REFUSED):
        seen.append([event, repr(given)[:200]])

commands = json.loads(sys.argv[1])
from tthc_rules.cli import main
import tthc_rules.cli.dossiers
try:
    import duckdb, llvmlite.binding, pyarrow.parquet, pyarrow.csv
except ImportError:
    pass
sys.addaudithook(watch)
for command in commands:
    sys.argv = ["tthc-rules", *command]
    try:
        main()
    except SystemExit as left:
        if left.code not in (0, 1):
            raise RuntimeError(command) from None
print(json.dumps(seen), file=sys.stderr)
"""


def test_commands_open_no_network_and_start_no_program(bulk: None, tmp_path: Path) -> None:
    """Each command, watched by the interpreter itself; what libraries load while they are imported is before that."""
    import pyarrow as pa
    from pyarrow import parquet

    log = ROOT / "examples" / "one_stop" / "events.csv"
    day = ("--as-of", "2026-11-21")
    scattered = {"dossier_id": ["b", "a", "b"], "kind": ["dossier_accepted"] * 3, "at": ["2026-11-02T08:00"] * 3}
    parquet.write_table(pa.table(scattered), tmp_path / "log.parquet")
    results, beside = str(tmp_path / "results.csv"), log.parent
    commands = [
        ["rescore", str(log), *day, "-o", results, "-q"],
        ["rescore", str(tmp_path / "log.parquet"), *day, "-o", str(tmp_path / "sorted.parquet"), "-q"],
        ["account", results, "--period", "2026-10", "-o", str(tmp_path / "account.html"),
         "--units", str(beside / "units.csv"), "--posts", str(beside / "posts.csv"), "-q"],
        ["due", str(log), *day, "-o", str(tmp_path / "due.ics")],
        ["timeline", str(log), "H56.14-250212-0002", *day, "-o", str(tmp_path / "day.html")],
        ["rescore", str(ROOT / "examples" / "messages" / "dvcqg.ndjson"), "--format", "dvcqg", *day,
         "-o", str(tmp_path / "sent.csv"), "-q"],
        ["calendar", "vn", "2026"],
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, json.dumps(commands)],
        capture_output=True, encoding="utf-8", cwd=tmp_path, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stderr.splitlines()[-1]) == []
    for name in ("results.csv", "sorted.parquet", "account.html", "due.ics", "day.html", "sent.csv"):
        assert (tmp_path / name).exists(), name


def test_the_sort_fetches_nothing(bulk: None, tmp_path: Path) -> None:
    """DuckDB would fetch an extension that a query asks for, below what the interpreter can watch."""
    said: dict[str, Any] = {}

    def started(one: sorting.Sorter) -> None:
        for name in ("autoinstall_known_extensions", "autoload_known_extensions"):
            ((said[name],),) = one.base.execute(f"SELECT current_setting('{name}')").fetchall()

    with sorting.sorter(OutputPlace.of(tmp_path / "x"), tmp_path / "log", "100MB", started):
        pass
    assert said == {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


OURS = re.compile(r"v\d+|[jk]|today|turn|by|what|len|min|max|range")
"""What the function names beside its parameters."""


def test_no_word_of_a_rule_file_is_in_the_function_that_is_run(book: Rulebook) -> None:
    """Rules are run as source: it may hold arithmetic over our own names, and nothing that could reach anything."""
    known = ReferenceEngine(book.corpus).known
    sources = [known.composed_of(family, "", 10**6).source for family in sorted(book.corpus.rules)]
    assert sum(map(len, sources)) > 100_000
    for source in sources:
        tree = ast.parse(source)
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert sorted(name for name in names if name not in PARAMETERS and not OURS.fullmatch(name)) == []
        constants = {type(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        assert constants <= {int, bool, type(None)}
        reaching = (ast.Attribute, ast.Import, ast.ImportFrom, ast.Lambda, ast.JoinedStr, ast.Global, ast.ClassDef)
        assert [node for node in ast.walk(tree) if isinstance(node, reaching)] == []
