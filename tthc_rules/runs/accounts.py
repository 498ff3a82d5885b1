"""Files of an account: the account as JSON and CSV; `records.py` reads what it is made of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tthc_rules.account.statement import Account
from tthc_rules.errors import InputFileError, file_format_unknown
from tthc_rules.law.indicator import DUE_SETS, DUES, PLAIN_SETS
from tthc_rules.logs.spreadsheet import guarded

FEW: Final = 3
"""How many problems of one kind are told on the terminal; all of them stand in the account."""
TARGETS: Final = (".html", ".json", ".csv")
CSV_COLUMNS: Final = (
    *("unit", "kind", "what", "name", "of", "value", "numerator", "denominator", "outcome", "reason", "class"),
    *("role", "person", "days", "dossiers"),
)


def targets(path: Path) -> tuple[Path, Path, Path | None]:
    """(JSON, CSV, HTML or nothing): what is written for a target."""
    suffix = path.suffix.lower()
    if suffix not in TARGETS:
        raise InputFileError(file_format_unknown(str(path), suffix, TARGETS))
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
    table = csv.DictWriter(text, CSV_COLUMNS, lineterminator="\r\n", restval="")
    table.writeheader()
    for unit in account.data["units"]:
        for row in _unit_rows(unit):
            said = {"unit": unit["unit"], "kind": unit["kind"], **row}
            table.writerow({name: _cell(value, plain) for name, value in said.items()})
    return "\ufeff" + text.getvalue()


def _cell(value: object, plain: bool) -> object:
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) and not plain else value


def _unit_rows(unit: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    counts = unit["counts"]
    for name in PLAIN_SETS:
        yield {"what": "count", "name": name, "value": counts[name]}
    for due in DUES:
        for name in DUE_SETS:
            yield {"what": "count", "name": name, "of": due, "value": counts[due][name]}
    for name, figure in unit["indicators"].items():
        for due, one in (figure.get("by_due") or {"": figure}).items():
            said = {key: one.get(key) for key in ("value", "numerator", "denominator", "reason")}
            yield {"what": "indicator", "name": name, "of": due, **said, "outcome": figure.get("band")}
    for duty in unit["duties"]:
        said = {key: duty[key] for key in ("outcome", "reason", "class")}
        yield {"what": "duty", "name": duty["duty"], "of": duty["window"], **said, "person": "|".join(duty["persons"])}
    for one in (*unit["breaches"], {**unit["late"], "duty": "late"}):
        yield {"what": "breach", "name": one["duty"], "value": one["count"], "dossiers": "|".join(one["dossiers"])}
        yield from _answer_rows(one["duty"], one["answers"])


def _answer_rows(duty: str, answers: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for answer in answers:
        said = {key: answer.get(key) for key in ("role", "person", "class", "days")}
        yield {"what": "answers", "name": duty, "of": answer["unit"], "value": answer["count"], **said}
