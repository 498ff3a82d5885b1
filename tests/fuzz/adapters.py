"""Logs as CSV, NDJSON, JSON and XES, with mappings and files of attributes, through `rescore`."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from random import Random
from typing import Any, Final

from tthc_rules.law.fields import DOSSIER_FIELDS, EVENT_FIELDS, KINDS

from .by_command import answer, emptied, with_one_rulebook
from .drive import command
from .spoil import MOMENTS, TEXTS, encoded, misspelt, odd, spoil_text, spoil_tree

Files = dict[str, bytes]
HEAD: Final = ("dossier_id", "kind", "at", "time_limit.amount", "time_limit.unit")
MINING: Final = {"dossier_id": "case:concept:name", "kind": "concept:name", "at": "time:timestamp"}
ATS: Final = ("2024-08-23T08:30", "2024-08-26", "2024-08-28T10:00", "2024-09-06T15:01", "2024-09-10")
MAPPING: Final = """format: 1
mapping: m
label: {vi: m, en: m}
dossier:
  dossier_id: {column: dossier_id}
  time_limit.amount: {column: time_limit.amount}
  time_limit.unit: {value: workday}
events_from_rows:
  kind: {column: kind}
  at: {column: at, date_format: ["%Y-%m-%dT%H:%M", "%Y-%m-%d"]}
"""
MAPPING_WIDE: Final = """format: 1
mapping: m
label: {vi: m, en: m}
dossier:
  dossier_id: {column: dossier_id}
  time_limit.amount: {column: time_limit.amount}
  time_limit.unit: {value: workday}
events_from_dossier:
  - {kind: dossier_accepted, at: {column: at, date_format: "%Y-%m-%dT%H:%M"}}
  - {kind: result_issued, at: {column: kind, date_format: "%d/%m/%Y"}}
"""


def rows_of(rng: Random) -> list[dict[str, Any]]:
    """A small log in which most cells are right."""
    made = []
    for number in range(rng.choice((1, 2, 2, 3))):
        limit = {"time_limit.amount": rng.choice((5, 5, 10, 0, "05")), "time_limit.unit": "workday"}
        kinds = ["dossier_accepted", *(rng.choice(KINDS) for _ in range(rng.randrange(4))), "result_issued"]
        for kind, at in zip(kinds, sorted(rng.choice(ATS) for _ in kinds), strict=True):
            made.append({"dossier_id": f"HS-{number}", "kind": kind, "at": at, **limit})
    for name in rng.sample(sorted({*EVENT_FIELDS, *DOSSIER_FIELDS} - set(HEAD)), rng.randrange(3)):
        for row in made:
            row[name] = rng.choice(MOMENTS + TEXTS) if rng.random() < 0.5 else ""
    for row in made:
        if rng.random() < 0.15:
            row[rng.choice(list(row))] = odd(rng)
        if rng.random() < 0.05:
            row["kind"] = misspelt(rng, str(row["kind"]))
    if rng.random() < 0.2:
        rng.shuffle(made)
    return made


def as_csv(rng: Random, rows: list[dict[str, Any]]) -> str:
    """The rows with a header; cells are what Python writes of the values."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    if rng.random() < 0.1:
        names[rng.randrange(len(names))] = rng.choice((*names, "", "lifecycle:transition", misspelt(rng, names[0])))
    is_mining = rng.random() < 0.1
    shown = [MINING.get(name, f"case:{name}") if is_mining else name for name in names]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=rng.choice(",,,,;\t|"), lineterminator=rng.choice(("\n", "\n", "\r\n", "\r")))
    writer.writerow(shown)
    writer.writerows([["" if row.get(name) is None else row.get(name) for name in names] for row in rows])
    return out.getvalue()


def as_ndjson(rng: Random, rows: list[dict[str, Any]]) -> str:
    """One object a line: events, or whole dossiers."""
    if rng.random() < 0.5:
        return "".join(json.dumps(row, ensure_ascii=rng.random() < 0.5) + "\n" for row in rows)
    return "".join(json.dumps(whole, ensure_ascii=False) + "\n" for whole in _nested(rng, rows))


def _nested(rng: Random, rows: list[dict[str, Any]]) -> list[Any]:
    found: dict[str, Any] = {}
    for row in rows:
        limit = {"amount": row.get("time_limit.amount"), "unit": row.get("time_limit.unit")}
        name = str(row.get("dossier_id"))
        dossier = found.setdefault(name, {"dossier_id": name, "time_limit": limit, "events": []})
        dossier["events"].append({key: value for key, value in row.items() if key not in HEAD or key in ("kind", "at")})
    return [spoil_tree(rng, dossier, 2) for dossier in found.values()]


def as_xes(rng: Random, rows: list[dict[str, Any]]) -> str:
    """Traces of events, now and then with an encoding of their own."""
    word = rng.choice(("UTF-8", "UTF-8", "UTF-8", "utf-16", "windows-1258", "koi8-r", "x-none", "utf-7", "big5", ""))
    lines = [f'<?xml version="1.0" encoding="{word}"?>' if word else "", '<log xes.version="1.0">']
    for name in dict.fromkeys(str(row.get("dossier_id")) for row in rows):
        lines.append(f"<trace>{_string('concept:name', name)}{_int('time_limit.amount', 5)}")
        lines.append(_string("time_limit.unit", "workday"))
        for row in rows:
            if str(row.get("dossier_id")) == name:
                at = f'<date key="time:timestamp" value="{_xml(row.get("at"))}"/>'
                step = _string("lifecycle:transition", rng.choice(("complete", "start", "COMPLETE", "")))
                lines.append(f"<event>{_string('concept:name', row.get('kind'))}{at}{step}</event>")
        lines.append("</trace>")
    return "\n".join([*lines, "</log>"])


def _xml(value: Any) -> str:
    return str(value).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _string(key: str, value: Any) -> str:
    return f'<string key="{key}" value="{_xml(value)}"/>'


def _int(key: str, value: int) -> str:
    return f'<int key="{key}" value="{value}"/>'


class Adapters:
    """A log in one of four forms, spoilt, with a mapping or attributes beside it now and then."""

    def prepare(self, folder: Path) -> None:
        """The law, and a place for the files."""
        self.book = with_one_rulebook()
        self.folder = folder / "files"

    def make(self, rng: Random) -> Files:
        """Files by name; the log is the first."""
        rows = rows_of(rng)
        form = rng.choice(("csv", "csv", "ndjson", "json", "xes"))
        if form == "json":
            nested = _nested(rng, rows)
            text = json.dumps(nested if rng.random() < 0.6 else nested[0], ensure_ascii=False)
        else:
            text = {"csv": as_csv, "ndjson": as_ndjson, "xes": as_xes}[form](rng, rows)
        files = {f"log.{form}": encoded(rng, spoil_text(rng, text) if rng.random() < 0.4 else text)}
        if form == "csv" and rng.random() < 0.4:
            mapping = rng.choice((MAPPING, MAPPING_WIDE))
            files["m.yaml"] = encoded(rng, spoil_text(rng, mapping) if rng.random() < 0.6 else mapping)
        if rng.random() < 0.2:
            attributes = "dossier_id,channel,officers\nHS-0,online,A|B\nHS-1,in_person,\n"
            files["a.csv"] = encoded(rng, spoil_text(rng, attributes))
        return files

    def give(self, made: Files) -> str:
        """The files to `rescore`."""
        folder = emptied(self.folder)
        for name, data in made.items():
            (folder / name).write_bytes(data)
        beside: list[str | Path] = []
        if "m.yaml" in made:
            beside += ["--mapping", folder / "m.yaml"]
        if "a.csv" in made:
            beside += ["--dossiers", folder / "a.csv"]
        log = folder / next(iter(made))
        said = answer(
            "rescore", log, "-o", folder / "out.csv", "--as-of", "2024-10-01", "-q", "--explain", "1", *beside
        )
        if log.read_bytes() != made[log.name]:
            raise AssertionError("the log is no longer what it was")
        return f"{log.suffix} {said}"


TARGET = Adapters()

if __name__ == "__main__":
    sys.exit(command("tests.fuzz.adapters"))
