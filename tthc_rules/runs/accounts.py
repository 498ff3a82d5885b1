"""Files of an account: the account as JSON and CSV; `records.py` reads what it is made of."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tthc_rules.account.flatrows import COLUMNS
from tthc_rules.account.statement import Account
from tthc_rules.errors import InputFileError, output_format_unknown
from tthc_rules.logs.spreadsheet import guarded

FEW: Final = 3
"""How many problems of one kind are told on the terminal; all of them stand in the account."""
TARGETS: Final = (".html", ".json", ".csv")


def targets(path: Path) -> tuple[Path, Path, Path | None]:
    """(JSON, CSV, HTML or nothing): what is written for a target."""
    suffix = path.suffix.lower()
    if suffix not in TARGETS:
        raise InputFileError(output_format_unknown(str(path), suffix, TARGETS))
    return path.with_suffix(".json"), path.with_suffix(".csv"), path if suffix == ".html" else None


def problem_lines(account: Account, lang: str) -> list[str]:
    """What the account says of its own input: of each kind the first few, and how many there are besides."""
    by_code: dict[str, list[Mapping[str, str]]] = {}
    for problem in account.data["problems"]:
        by_code.setdefault(problem["code"], []).append(problem)
    lines = []
    for code, alike in by_code.items():
        lines += [f"{code} {problem['place']}: {problem[lang]}" for problem in alike[:FEW]]
        if (more := len(alike) - FEW) > 0:
            lines.append(f"{code}: " + (f"và {more} chỗ nữa" if lang == "vi" else f"and {more} more"))
    return lines


def as_csv(account: Account, plain: bool = False) -> str:
    """The account as rows: one for each figure, duty and answer; UTF-8 with a mark, so that a spreadsheet reads it.

    Text that a spreadsheet would run gets an apostrophe, unless `plain`.
    """
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\r\n", restval="")
    table.writeheader()
    for row in account.to_rows():
        table.writerow({name: _cell(value, plain) for name, value in row.items()})
    return "\ufeff" + text.getvalue()


def _cell(value: object, plain: bool) -> object:
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) and not plain else value
