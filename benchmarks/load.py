"""What a busy house does to a rulebook: many at once, for long, a thousand rule files, a province's year end to end.

    python -m benchmarks.load at-once [--processes N] [--threads N] [--dossiers N] [--rounds N]
    python -m benchmarks.load long [--evaluations N]
    python -m benchmarks.load rules [--files N] [--dossiers N]
    python -m benchmarks.load year [--dossiers N] [--folder FOLDER]

What is asked besides time and memory is whether the answers stay the same: exit code 1 where they do not, or where
memory grows.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.history import AS_OF as HISTORY_AS_OF
from benchmarks.history import History
from benchmarks.many_rules import versions_of, written
from benchmarks.nightly import LAST, RULES, messages
from benchmarks.rounds import heading
from benchmarks.sample import AS_OF, samples
from benchmarks.timing import peak, resident, timed
from tthc_rules import Dossier, Rulebook

TABLE: Final = 20_000
GROWTH: Final = 2.0
"""Megabytes that a million evaluations may leave behind: what the counting of pages itself wavers by."""


# -- many at once ------------------------------------------------------------------------------------------------------


def digests(book: Rulebook, dossiers: Sequence[bytes], first: int = 0) -> list[str]:
    """The digest of each verdict; those from `first` on are asked first."""
    found = {}
    for place in (*range(first, len(dossiers)), *range(first)):
        verdict = book.evaluate(Dossier.model_validate_json(dossiers[place]), AS_OF)
        found[place] = sha256(verdict.model_dump_json().encode()).hexdigest()
    return [found[place] for place in range(len(dossiers))]


def table_digest(book: Rulebook) -> str:
    """The digest of the results of a table."""
    rows = book.rescore(table_of(book, TABLE), as_of=HISTORY_AS_OF).to_pylist()
    return sha256(json.dumps(rows, default=str, sort_keys=True).encode()).hexdigest()


def table_of(book: Rulebook, dossiers: int) -> Any:
    """A table of so many dossiers."""
    return next(History(book.calendar("vn"), dossiers).nested())


def texts_of(book: Rulebook, count: int) -> list[bytes]:
    """So many dossiers as JSON."""
    return [json.dumps(one.data, ensure_ascii=False).encode() for one in samples(count, book.calendar("vn"))]


def house(dossiers: Sequence[bytes], threads: int, rounds: int) -> tuple[list[str], float]:
    """One process whose threads ask one rulebook at once: every answer that was given, and its peak memory in MB."""
    book = Rulebook.load()

    def work(number: int) -> str:
        made = sha256()
        for turn in range(rounds):
            first = (number * 997 + turn * 131) % len(dossiers)
            made.update("".join(digests(book, dossiers, first)).encode())
            made.update(table_digest(book).encode())
        return made.hexdigest()

    with ThreadPoolExecutor(threads) as pool:
        return sorted(set(pool.map(work, range(threads)))), peak()


def at_once(asked: argparse.Namespace) -> bool:
    """Processes with threads in each, all of which compile the same law into one empty cache."""
    book = Rulebook.load()
    dossiers = texts_of(book, asked.dossiers)
    alone = sha256()
    for _ in range(asked.rounds):
        alone.update("".join(digests(book, dossiers)).encode())
        alone.update(table_digest(book).encode())
    begun = time.perf_counter()
    with TemporaryDirectory() as cache:
        os.environ["TTHC_RULES_CACHE"] = cache
        with multiprocessing.get_context("spawn").Pool(asked.processes) as pool:
            found = pool.starmap(house, [(dossiers, asked.threads, asked.rounds)] * asked.processes, chunksize=1)
    seconds = time.perf_counter() - begun
    answers = {digest for answered, _ in found for digest in answered}
    asked_for = len(dossiers) * asked.rounds * asked.threads * asked.processes
    print(f"{asked.processes} processes of {asked.threads} threads: {asked_for:,} dossiers one by one, "
          f"{asked.rounds * asked.threads * asked.processes} tables of {TABLE:,}, {seconds:.0f} s, "
          f"peak {max(memory for _, memory in found):.0f} MB a process")  # fmt: skip
    is_same = answers == {alone.hexdigest()}
    print("every answer is that of one thread alone" if is_same else f"{len(answers)} different sets of answers")
    return is_same


# -- for long ----------------------------------------------------------------------------------------------------------


def long(asked: argparse.Namespace) -> bool:
    """One dossier after the other, read from JSON and written as JSON; the memory that is held at each tenth."""
    book = Rulebook.load()
    dossiers = texts_of(book, 1_000)
    digests(book, dossiers)  # what a first time costs is not growth
    begun = time.perf_counter()
    held: list[float] = [resident()]
    for _ in range(10):
        for number in range(asked.evaluations // 10):
            verdict = book.evaluate(Dossier.model_validate_json(dossiers[number % len(dossiers)]), AS_OF)
            verdict.model_dump_json()
        held.append(resident())
    seconds = time.perf_counter() - begun
    grown: float = (held[-1] - held[len(held) // 2]) / (asked.evaluations / 2e6)
    print(f"{asked.evaluations:,} evaluations in {seconds:.0f} s; MB held at each tenth: "
          f"{', '.join(f'{megabytes:.1f}' for megabytes in held)}")  # fmt: skip
    print(f"growth in the second half: {grown:.2f} MB a million, at most {GROWTH}")
    return grown <= GROWTH


# -- many rules --------------------------------------------------------------------------------------------------------


def rules(asked: argparse.Namespace) -> bool:
    """A folder of so many rule files: loading, the first dossier, dossiers one by one and in a table."""
    dossiers = texts_of(Rulebook.load(), 200)
    with TemporaryDirectory() as name:
        os.environ["TTHC_RULES_CACHE"] = str(Path(name) / "cache")
        folder = written(Path(name) / "rules", asked.files)
        spent = {}
        made: dict[str, Any] = {}
        spent["read"] = timed(lambda: made.update(book=Rulebook.load(folder, shipped=False)))
        book: Rulebook = made["book"]
        spent["the first dossier"] = timed(lambda: made.update(first=digests(book, dossiers[:1])))
        spent["200 dossiers"] = timed(lambda: made.update(all=digests(book, dossiers)))
        table = table_of(book, asked.dossiers)
        spent["the first table, compiled"] = timed(lambda: book.rescore(table, as_of=HISTORY_AS_OF))
        spent["the table again"] = timed(lambda: made.update(result=book.rescore(table, as_of=HISTORY_AS_OF)))
        print(f"{versions_of(book)} versions of rules, {made['result'].num_columns} columns of results, "
              f"a table of {made['result'].num_rows:,} dossiers; peak {peak():.0f} MB")  # fmt: skip
        for what, seconds in spent.items():
            print(f"{seconds:8.2f} s  {what}")
    return True


# -- a year ------------------------------------------------------------------------------------------------------------


def year(asked: argparse.Namespace) -> bool:
    """Messages of a province's year → diagnostics, report, results → account as JSON, CSV and page, by the commands."""
    with TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        inbox = folder / "inbox.ndjson"
        with inbox.open("w", encoding="utf-8") as file:
            for is_new, line in messages(asked.dossiers, 0.0):
                if not is_new:
                    file.write(line)
        print(f"{asked.dossiers:,} dossiers, {inbox.stat().st_size / 1e6:,.0f} MB of messages")
        as_of = str(LAST + timedelta(days=1))
        results = folder / "results.csv"
        commands = {
            "messages to results": (
                "rescore", str(inbox), "--format", "dvcqg", "--as-of", as_of, "--rules", str(RULES), "-q",
                "-o", str(results), "--diagnostics", str(folder / "faults.csv"), "--report", str(folder / "report.csv"),
            ),
            "results to the account and its page": (
                "account", str(results), "--period", str(LAST.year), "--as-of", as_of, "--rules", str(RULES),
                "-o", str(folder / "account.html"),
            ),
        }  # fmt: skip
        for what, arguments in commands.items():
            said = folder / "said.txt"
            seconds, megabytes, code = command(arguments, said)
            print(f"{seconds:8.1f} s  peak {megabytes:6,.0f} MB  {what}", flush=True)
            if code != 0:
                print(f"exit code {code}: {said.read_text(encoding='utf-8')}")
                return False
            said.unlink()
        for path in sorted(folder.iterdir()):
            print(f"{path.stat().st_size / 1e6:10,.1f} MB  {path.name}")
    return True


def command(arguments: Sequence[str], said: Path) -> tuple[float, float, int]:
    """The seconds, the peak memory in MB and the exit code of a command; what it says goes into a file."""
    begun = time.perf_counter()
    into = (os.POSIX_SPAWN_OPEN, 1, str(said), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    asked = [sys.executable, "-m", "tthc_rules", *arguments]
    pid = os.posix_spawn(sys.executable, asked, os.environ, file_actions=[into, (os.POSIX_SPAWN_DUP2, 1, 2)])
    _, status, used = os.wait4(pid, 0)
    return time.perf_counter() - begun, used.ru_maxrss / 1e3, os.waitstatus_to_exitcode(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.load", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = parser.add_subparsers(required=True)
    for part, numbers in (
        (at_once, {"processes": 4, "threads": 8, "dossiers": 200, "rounds": 3}),
        (long, {"evaluations": 10_000_000}),
        (rules, {"files": 1_000, "dossiers": 20_000}),
        (year, {"dossiers": 3_000_000}),
    ):
        one = parts.add_parser(part.__name__.replace("_", "-"), help=str(part.__doc__))
        one.set_defaults(part=part)
        for name, usual in numbers.items():
            one.add_argument(f"--{name}", type=int, default=usual)
        if part is year:
            one.add_argument("--folder", type=Path, help="where the files are made; a temporary folder by default")
    asked = parser.parse_args(arguments)
    print(heading(("llvmlite", "numpy", "pyarrow")), flush=True)
    return 0 if asked.part(asked) else 1


if __name__ == "__main__":
    sys.exit(main())
