"""Excel workbooks through `rescore`: odd cells and merges, parts written wrong, bytes flipped, packages cut."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

import xlsxwriter

from .adapters import HEAD, rows_of
from .by_command import answer, emptied, with_one_rulebook
from .drive import command
from .spoil import spoil_bytes, spoil_text

Files = dict[str, bytes]
MAPPING: Final = """format: 1
mapping: m
label: {vi: m, en: m}
dossier:
  dossier_id: {column: dossier_id}
  time_limit.amount: {column: time_limit.amount}
  time_limit.unit: {value: workday}
events_from_rows:
  kind: {column: kind}
  at: {column: at, date_format: [serial, "%Y-%m-%dT%H:%M", "%Y-%m-%d"]}
"""
ODD: Final = (
    45527,
    45527.354166,
    1e300,
    -1,
    0.5,
    True,
    "#REF!",
    "x" * 40_000,
    datetime(2024, 8, 23, 8, 30),
    date(2024, 8, 23),
)
PARTS: Final = (
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
)
WRONG: Final = (
    ('r="A2"', 'r="XFD1048576"'),
    ('r="A2"', 'r="A0"'),
    ('r="2"', 'r="99999999999999999999"'),
    ('t="s"', 't="e"'),
    ('t="s"', 't="q"'),
    ("<v>0</v>", "<v>99999999</v>"),
    ("<v>", "<v>-"),
    ('s="1"', 's="9999"'),
    ("<sheetData>", "<sheetData><row><c><f/></c></row>"),
    ('ref="', 'ref="A1:A9999999 '),
    ("<worksheet", "<!DOCTYPE a><worksheet"),
    ("</sheetData>", ""),
    ('state="', 'state="hidden" b="'),
    ('name="S"', 'name=""'),
    ('r:id="rId1"', 'r:id="rId9"'),
    ("worksheets/sheet1.xml", "../../etc/passwd"),
    ("<t>", "<t><![CDATA["),
    ("<", "<x:"),
)


def workbook(rng: Random, rows: list[dict[str, Any]]) -> bytes:
    """The rows as a workbook, with a few odd cells and merges."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": rng.random() < 0.2}) as book:
        sheet = book.add_worksheet("S")
        day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for column, name in enumerate(HEAD):
            sheet.write_string(0, column, name)
        for at, row in enumerate(rows, 1):
            for column, name in enumerate(HEAD):
                cell = rng.choice(ODD) if rng.random() < 0.05 else row.get(name)
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, day)
                elif isinstance(cell, bool | int | float):
                    sheet.write(at, column, cell)
                elif rng.random() < 0.05:
                    sheet.write_formula(at, column, "=A1", None, rng.choice(("#N/A", "x", 45527, "")))
                else:
                    sheet.write_string(at, column, str(cell)[:32_767].encode("utf-8", "replace").decode())
        if rng.random() < 0.2:
            top, left = rng.randrange(3), rng.randrange(4)
            sheet.merge_range(top, left, top + rng.randrange(3), left + 1, "gộp")
        if rng.random() < 0.1:
            sheet.set_row(1, None, None, {"hidden": True})
    return out.getvalue()


def rewritten(rng: Random, data: bytes) -> bytes:
    """The workbook with one part of its package spoilt, and packed anew."""
    out, wanted = io.BytesIO(), rng.choice(PARTS)
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in package.namelist():
            part = package.read(name)
            if name == wanted:
                text = part.decode("utf-8")
                text = text.replace(*rng.choice(WRONG)) if rng.random() < 0.6 else spoil_text(rng, text)
                part = text.encode("utf-8", "replace")
                if rng.random() < 0.05:
                    continue
            made.writestr(name, part)
    return out.getvalue()


class Workbooks:
    """A workbook that is nearly right, with a mapping or another workbook of attributes beside it now and then."""

    def prepare(self, folder: Path) -> None:
        """The law, and a place for the files."""
        self.book = with_one_rulebook()
        self.folder = folder / "files"

    def make(self, rng: Random) -> Files:
        """Files by name; the log is the first."""
        data = workbook(rng, rows_of(rng))
        if (pick := rng.random()) < 0.5:
            data = rewritten(rng, data)
        elif pick < 0.75:
            data = spoil_bytes(rng, data, 20)
        files = {"log.xlsx": data}
        if rng.random() < 0.4:
            files["m.yaml"] = MAPPING.encode()
        if rng.random() < 0.1:
            files["a.xlsx"] = spoil_bytes(rng, workbook(rng, []))
        return files

    def give(self, made: Files) -> str:
        """The files to `rescore`."""
        folder = emptied(self.folder)
        for name, data in made.items():
            (folder / name).write_bytes(data)
        beside: list[str | Path] = ["--mapping", folder / "m.yaml"] if "m.yaml" in made else []
        beside += ["--dossiers", folder / "a.xlsx"] if "a.xlsx" in made else []
        log = folder / "log.xlsx"
        said = answer("rescore", log, "-o", folder / "out.xlsx", "--as-of", "2024-10-01", "-q", *beside)
        if log.read_bytes() != made["log.xlsx"]:
            raise AssertionError("the log is no longer what it was")
        return said


TARGET = Workbooks()

if __name__ == "__main__":
    sys.exit(command("tests.fuzz.workbooks"))
