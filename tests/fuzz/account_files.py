"""Results, registers, unit events, facts, petitions and settings of an account, through `account`."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from random import Random
from typing import Any, Final

from tthc_rules.account.inputs import Settings
from tthc_rules.result.columns import FIXED_COLUMNS

from .by_command import answer, emptied, with_one_rulebook
from .drive import command
from .spoil import Json, encoded, misspelt, odd, spoil_text, spoil_tree

DAYS: Final = ("2024-08-23", "2024-08-30", "2024-09-06", "2024-07-01", "2024-12-31", "")
STEPS: Final = '[{"agency":"so-xay-dung","due":"2024-08-30T10:00","done_on":null,"outcome":"overdue"}]'
RECORDS: Final[dict[str, list[dict[str, Any]]]] = {
    "units": [
        {"unit": "so-xay-dung", "kind": "department", "name": "Sở Xây dựng", "parent": "ubnd-tinh"},
        {"unit": "ubnd-tinh", "kind": "province", "name": "UBND tỉnh"},
    ],
    "posts": [
        {"unit": "so-xay-dung", "role": "head_of_unit", "person": "A", "from": "2020-01-01", "to": "2024-08-31"},
        {"unit": "so-xay-dung", "role": "head_of_unit", "person": "B", "from": "2024-09-01"},
    ],
    "unit-events": [
        {"unit": "so-xay-dung", "kind": "petition_received", "at": "2024-07-05", "ref": "p1"},
        {"unit": "so-xay-dung", "kind": "petition_answered", "at": "2024-08-05", "ref": "p1"},
    ],
    "complete": [{"unit": "so-xay-dung", "kinds": ["petition_received"], "from": "2024-01-01", "to": "2024-12-31"}],
    "unit-facts": [{"unit": "so-xay-dung", "period": "2024-Q3", "name": "procedures", "value": 10}],
    "petitions": [{"unit": "so-xay-dung", "dossier_id": "HS-1", "at": "2024-09-20"}],
}


class AccountFiles:
    """Rows of results and what lies beside them, nearly right."""

    def prepare(self, folder: Path) -> None:
        """The law, and a place for the files."""
        self.book = with_one_rulebook()
        self.folder = folder / "files"

    def make(self, rng: Random) -> dict[str, bytes]:
        """Files by name; the results are the first."""
        rows = _results(rng)
        form = rng.choice(("csv", "csv", "ndjson"))
        text = _csv(rng, rows) if form == "csv" else "".join(json.dumps(row) + "\n" for row in rows)
        files = {f"results.{form}": encoded(rng, spoil_text(rng, text) if rng.random() < 0.3 else text)}
        for name in rng.sample(sorted(RECORDS), rng.randrange(4)):
            records: Json = json.loads(json.dumps(RECORDS[name]))
            records = spoil_tree(rng, records, 3)
            kind = rng.choice(("csv", "json", "ndjson"))
            if kind == "csv":
                text = _csv(rng, [row for row in records if isinstance(row, dict)] or [{"unit": "a"}])
            elif kind == "json":
                text = json.dumps(records, ensure_ascii=rng.random() < 0.5)
            else:
                text = "".join(json.dumps(row) + "\n" for row in records)
            if rng.random() < 0.03:
                text = "[" * 200_000
            files[f"{name}.{kind}"] = encoded(rng, spoil_text(rng, text) if rng.random() < 0.3 else text)
        if rng.random() < 0.2:
            names = [misspelt(rng, name) if rng.random() < 0.2 else name for name in Settings.model_fields]
            settings = {name: odd(rng) for name in rng.sample(names, min(2, len(names)))}
            files["settings.json"] = encoded(rng, spoil_text(rng, json.dumps(settings)))
        return files

    def give(self, made: dict[str, bytes]) -> str:
        """The files to `account`."""
        folder = emptied(self.folder)
        for name, data in made.items():
            (folder / name).write_bytes(data)
        results, *others = made
        beside: list[str | Path] = []
        for name in others:
            beside += [f"--{name.rpartition('.')[0]}", folder / name]
        target = folder / "book.html"
        said = answer(
            "account", folder / results, "-o", target, "--period", "2024-Q3", "--as-of", "2024-10-01", *beside
        )
        if changed := [name for name, data in made.items() if (folder / name).read_bytes() != data]:
            raise AssertionError(f"an input is no longer what it was: {changed}")
        return f"{results.rpartition('.')[2]} {said}"


def _results(rng: Random) -> list[dict[str, Any]]:
    made = []
    for number in range(rng.choice((0, 1, 2, 4))):
        row: dict[str, Any] = dict.fromkeys(FIXED_COLUMNS)
        row |= {
            "dossier_id": f"HS-{number}",
            "handling_agency": rng.choice(("so-xay-dung", "ubnd-tinh", "", "Sở")),
            "accepted_on": rng.choice(DAYS),
            "lawful_due": rng.choice(DAYS),
            "finished_on": rng.choice(DAYS),
            "punctuality": rng.choice(("on_time", "early", "returned_late", "overdue", "undetermined", "pending")),
            "workdays_late": rng.choice((0, 3, None)),
            "days_late": rng.choice((0, 5, None)),
            "steps": rng.choice((None, "", "[]", STEPS, STEPS, STEPS[:-3], "{}", "[1]")),
            "responsible": rng.choice(("", "apology_before_due=head_of_unit", "a=b=c", "|")),
            "apology_before_due": rng.choice(("", "missed", "met", "not_owed", "undetermined")),
        }
        if rng.random() < 0.25:
            row[rng.choice(list(row))] = odd(rng)
        made.append(row)
    if made and rng.random() < 0.1:
        name = rng.choice(list(made[0]))
        for row in made:
            row[misspelt(rng, name)] = row.pop(name)
    return made


def _csv(rng: Random, rows: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(str(name) for row in rows for name in row)) or list(FIXED_COLUMNS)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=rng.choice(",,,;\t"), lineterminator=rng.choice(("\n", "\r\n")))
    writer.writerow(names)
    writer.writerows([["" if row.get(name) is None else row.get(name) for name in names] for row in rows])
    return out.getvalue()


TARGET = AccountFiles()

if __name__ == "__main__":
    sys.exit(command("tests.fuzz.account_files"))
