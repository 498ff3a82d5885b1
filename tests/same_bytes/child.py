"""Judges the files of a folder under the setting of this process, and leaves what came of them in another.

What is asked comes as one JSON text: `{"forms": [...], "folder": …, "out": …, "fast": null, "threads": 1,
"small": false, "account": true}`. What was used is said on stdout.
"""

from __future__ import annotations

import json
import locale
import os
import sys
from contextlib import suppress
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from tthc_rules import Rulebook
from tthc_rules.errors import TthcError
from tthc_rules.runs.doors import has_fast_core, rescore_log

from .made import DAY, FORMS, PERIOD

Json = dict[str, Any]
TABLES: Final = ("flat", "grouped", "nested")
SUFFIXES: Final = ("csv", "ndjson", "parquet")
SMALL: Final = {
    "tthc_rules.logs.files": {"_CHUNK": 1500},
    "tthc_rules.logs.csvblocks": {"BLOCK": 4000},
    "tthc_rules.runs.together": {"AT_ONCE": 7},
    "tthc_rules.runs.plaincsv": {"PART": 11},
    "tthc_rules.runs.parts": {"PART": 13, "PIECES": 2},
    "tthc_rules.runs.source": {"PART": 13, "_EVENTS": 40},
    "tthc_rules.bulk.rescore": {"PART": 13},
}
"""Blocks and parts of a few dossiers."""
PACKAGES: Final = ("pyarrow", "numpy", "llvmlite", "duckdb", "pydantic", "holidays", "python-dateutil", "XlsxWriter")


def main() -> int:
    """Do what is asked."""
    asked = json.loads(sys.argv[1])
    try:
        locale.setlocale(locale.LC_ALL, "")
    except locale.Error:
        print(json.dumps({"absent": "no such locale on this machine"}))
        return 0
    if asked["small"]:
        _make_small()
    os.cpu_count = lambda: asked["threads"]  # as many threads as a machine of so many cores is given
    out, folder = Path(asked["out"]), Path(asked["folder"])
    out.mkdir(parents=True)
    book = Rulebook.load()
    is_fast = has_fast_core(book) if asked["fast"] is None else asked["fast"]
    for form in asked["forms"]:
        if form not in TABLES or is_fast:
            for suffix in SUFFIXES if is_fast else SUFFIXES[:2]:
                _rescore(book, folder / FORMS[form], form, out / f"{form}.{suffix}", asked)
    if asked["account"]:
        _account(book, folder, out)
        _tell(book, folder, out)
    print(json.dumps({"python": sys.version.split()[0], **_versions()}))
    return 0


def _make_small() -> None:
    for name, sizes in SMALL.items():
        with suppress(ImportError):
            module = import_module(name)
            for word, size in sizes.items():
                assert isinstance(getattr(module, word), int), f"{name}.{word}"
                setattr(module, word, size)


def _rescore(book: Rulebook, log: Path, form: str, output: Path, asked: Json) -> None:
    question = book.question(DAY)
    if form not in TABLES:
        rescore_log(book, question, log, output, fast=asked["fast"])
    else:
        from tthc_rules.runs.parts import rescore_file

        rescore_file(book, question, log, None, output, grouped=form == "grouped", threads=asked["threads"])
    if output.suffix == ".parquet":
        _written_out(output)


def _written_out(output: Path) -> None:
    """The rows of a Parquet result as text beside it: another pyarrow, or other parts, write them in other bytes."""
    from pyarrow import parquet, types

    table = parquet.read_table(output)
    with Path(f"{output}.rows").open("w", encoding="utf-8", newline="\n") as file:
        for column in table.schema:  # the width of a dictionary is the reader's own choice
            words = column.type.value_type if types.is_dictionary(column.type) else column.type
            file.write(f"{column.name}: {words}\n")
        for row in table.to_pylist():
            file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def _account(book: Rulebook, folder: Path, out: Path) -> None:
    """The account of all units, of the results as CSV."""
    from tthc_rules.logs import records
    from tthc_rules.runs import accounts as files

    units = records.read_records(folder / "units.csv", "units", ",")
    made = book.account(records.read_results(out / "csv.csv", ","), period=PERIOD, as_of=DAY, units=units)
    (out / "account.json").write_bytes(made.to_json(1).encode())
    (out / "account.csv").write_bytes(files.as_csv(made).encode())
    (out / "account.html").write_bytes(made.to_html("vi").encode())
    (out / "figures.json").write_text(json.dumps(_counted(made.data), ensure_ascii=False, indent=1), encoding="utf-8")


def _counted(value: object) -> object:
    """The account without the names of dossiers, of which it gives the first ones in the order of the results."""
    match value:
        case dict():
            return {key: _counted(inner) for key, inner in value.items()}
        case list() if value and all(isinstance(inner, str) for inner in value):
            return len(value)
        case list() | tuple():
            return [_counted(inner) for inner in value]
        case _:
            return value


def _tell(book: Rulebook, folder: Path, out: Path) -> None:
    """Some verdicts in words, as JSON and as the page day by day."""
    lines = (folder / FORMS["dossiers"]).read_text(encoding="utf-8").splitlines()
    said = []
    for line in lines[:12]:
        try:
            verdict = book.evaluate(json.loads(line), DAY)
        except TthcError as error:
            said.append(str(error))
        else:
            said += [verdict.model_dump_json(), verdict.explain("vi"), verdict.explain("en"), verdict.to_html()]
    (out / "verdicts.txt").write_bytes("\n\n".join(said).encode())


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


if __name__ == "__main__":
    sys.exit(main())
