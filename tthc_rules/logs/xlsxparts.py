"""What an Excel workbook says beside its values: sheets, day count, cells in error; and that it is not too large.

The package is looked through before its values are read: a reader of values gives an error cell as an empty one, and
holds as much memory as the corners of a sheet ask for.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final
from xml.parsers import expat

from tthc_rules import errors
from tthc_rules.errors import InputFileError
from tthc_rules.law.text import nfc
from tthc_rules.logs import complaints

__all__ = ["NO_VALUE", "Look", "bytes_of", "look", "refused"]

MAX_PACKED: Final = 256 << 20
"""Bytes of a workbook as it lies on the disk."""
MAX_UNPACKED: Final = 1 << 30
"""Bytes of all its parts, unpacked."""
MAX_CELLS: Final = 10_000_000
"""Cells of a sheet from corner to corner: about half a gigabyte where they are read."""
MAX_PARTS: Final = 10_000
MAX_ATTRIBUTES: Final = 64
"""Of one element, namespaces included; readers of XML have compared each with each."""
_PIECE: Final = 1 << 20
_OLE: Final = b"\xd0\xcf\x11\xe0"
_WORKBOOK: Final = "xl/workbook.xml"
_CELL: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})", re.ASCII)
_ROW: Final = re.compile("[0-9]{1,7}", re.ASCII)
NO_VALUE: Final = ""
"""A formula that was never worked out: what it says is not in the file."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a workbook and of the sheet that is read from it."""

    sheet: str
    is_1904: bool
    """Whether days are counted from 1904, as Excel on a Mac did, and not from 1900."""
    bad: dict[tuple[int, int], str] = field(default_factory=dict)
    """By row and column, from 1: cells that show an error (`#REF!`), or have a formula and no value (`NO_VALUE`)."""


@dataclass(slots=True)
class _Workbook:
    """The list of sheets while it is read: name, whether it is seen, the id of its part."""

    sheets: list[tuple[str, bool, str]] = field(default_factory=list)
    is_1904: bool = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element opens."""
        if tag == "sheet":
            part = next((value for key, value in given.items() if key.rpartition(":")[2] == "id" and ":" in key), "")
            self.sheets.append((given.get("name", ""), given.get("state", "visible") == "visible", part))
        elif tag == "workbookPr":
            self.is_1904 = given.get("date1904", "0").lower() in ("1", "true", "on")


class _Cells:
    """A sheet while it is looked through: how far its cells reach, and which of them have no value of their own."""

    def __init__(self, place: str, parser: expat.XMLParserType) -> None:
        self.place, self.parser = place, parser
        self.bad: dict[tuple[int, int], str] = {}
        self.row = self.column = self.count = 0
        self.top = self.left = 1 << 30
        self.bottom = self.right = 0
        self.has_formula = self.is_open = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element opens."""
        if tag == "c":
            self.close()
            self.cell(given)
        elif tag == "row":
            self.close()
            self.row = int(given["r"]) if _ROW.fullmatch(given.get("r", "")) else self.row + 1
            self.column = 0
        elif tag == "f":
            self.has_formula = True
        elif tag in ("v", "is"):
            self.has_formula = False
        elif tag not in ("t", "r"):
            self.close()  # what stands behind the cells has formulas of its own

    def cell(self, given: dict[str, str]) -> None:
        """A cell opens; those without a name follow the one before."""
        if found := _CELL.fullmatch(given.get("r", "")):
            self.column, self.row = _number_of(found[1]), int(found[2])
        else:
            self.column += 1
        self.is_open = True
        self.count += 1
        self.top, self.bottom = min(self.top, self.row), max(self.bottom, self.row)
        self.left, self.right = min(self.left, self.column), max(self.right, self.column)
        reach = (self.bottom - self.top + 1) * (self.right - self.left + 1)
        if max(self.count, reach) > MAX_CELLS:
            raise InputFileError(complaints.record_too_large(self.place, f"{MAX_CELLS} cells"))
        if given.get("t") == "e":
            self.bad[self.row, self.column] = "#"
            self.parser.CharacterDataHandler = self.said

    def said(self, text: str) -> None:
        """What an error cell shows."""
        if text.strip().startswith("#"):
            self.bad[self.row, self.column] = text.strip()[:20]

    def close(self) -> None:
        """No more of the cell comes."""
        if self.has_formula and self.is_open:
            self.bad.setdefault((self.row, self.column), NO_VALUE)
        self.has_formula = self.is_open = False
        self.parser.CharacterDataHandler = None


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


# -- the package -------------------------------------------------------------------------------------------------------


def bytes_of(path: Path) -> bytes:
    """The bytes of a workbook; raises `InputFileError` for what is none, or is too large."""
    try:
        if not path.is_file():
            path.open("rb").close()  # says why, in the words of the system
            raise InputFileError(refused(path, "không phải tệp thường", "not a plain file"))
        with path.open("rb") as file:
            data = file.read(MAX_PACKED + 1)
    except OSError as error:
        raise InputFileError(errors.file_not_readable(str(path), error)) from error
    if len(data) > MAX_PACKED:
        raise InputFileError(complaints.record_too_large(str(path), f"{MAX_PACKED} bytes"))
    if data.startswith(_OLE):
        said = "là .xls cũ, hoặc có mật khẩu; lưu lại thành .xlsx, không mật khẩu"
        raise InputFileError(refused(path, said, "is an old .xls, or has a password; save it as .xlsx without one"))
    return data


def look(path: Path, data: bytes, sheet: str | None = None) -> Look:
    """What is known of the sheet of that name, or of the first one that is seen; raises `InputFileError`."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = _parts(path, package)
            book = _Workbook()
            _parse(package, parts, _WORKBOOK, path, lambda parser: book.start)
            name, part = _chosen(path, book, _targets(path, package, parts), sheet)
            cells: list[_Cells] = []

            def reader(parser: expat.XMLParserType) -> Callable[[str, dict[str, str]], None]:
                cells.append(_Cells(f"{path}:{name}", parser))
                return cells[0].start

            _parse(package, parts, part, path, reader)
            cells[0].close()
            for other in ("xl/sharedStrings.xml", "xl/styles.xml"):  # what else the reader of values unpacks
                if other.lower() in parts:
                    _parse(package, parts, other, path, lambda parser: _passed_over)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise InputFileError(refused(path, *errors.reason_of(str(error)))) from None
    return Look(name, book.is_1904, cells[0].bad)


def _parts(path: Path, package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The parts by name, in small letters; the sizes that they name are held to when they are unpacked."""
    listed = package.infolist()
    parts = {info.filename.lower().lstrip("/"): info for info in listed}
    if len(listed) > MAX_PARTS or sum(info.file_size for info in listed) > MAX_UNPACKED:
        raise InputFileError(complaints.record_too_large(str(path), f"{MAX_UNPACKED} bytes, {MAX_PARTS} parts"))
    if len(parts) < len(listed):
        raise InputFileError(refused(path, "một phần có hai lần", "a part is there twice"))
    return parts


def _unpacked(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(info) as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _parse(
    package: zipfile.ZipFile,
    parts: dict[str, zipfile.ZipInfo],
    name: str,
    path: Path,
    reader: Callable[[expat.XMLParserType], Callable[[str, dict[str, str]], None]],
) -> None:
    """Hand every element of a part to the reader, under its name without a prefix."""
    if name.lower() not in parts:
        raise InputFileError(refused(path, f"thiếu phần {name}", f"the part {name} is missing"))
    parser = expat.ParserCreate()
    start = reader(parser)

    def refuse(*_: object) -> None:
        raise InputFileError(complaints.xml_forbidden(f"{path}:{name}"))

    def opened(tag: str, given: dict[str, str]) -> None:
        if len(given) > MAX_ATTRIBUTES:
            raise InputFileError(complaints.record_too_large(f"{path}:{name}", f"{MAX_ATTRIBUTES} attributes"))
        start(tag.rpartition(":")[2], given)

    parser.StartElementHandler = opened
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        for piece in _unpacked(package, parts[name.lower()]):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        raise InputFileError(refused(path, f"{name}: {why}", f"{name}: {why}")) from None
    except (LookupError, ValueError) as error:  # of Python, whom expat asks about encodings
        raise InputFileError(complaints.xml_encoding(f"{path}:{name}", str(error))) from None


def _passed_over(tag: str, given: dict[str, str]) -> None:
    """An element of a part of which only the shape is looked at."""


def _targets(path: Path, package: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Where the sheets lie, by the ids that the workbook calls them."""
    found: dict[str, str] = {}

    def start(tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship" and given.get("Type", "").endswith("/worksheet"):
            target = given.get("Target", "")
            found[given.get("Id", "")] = target[1:] if target.startswith("/") else str(PurePosixPath("xl", target))

    _parse(package, parts, "xl/_rels/workbook.xml.rels", path, lambda parser: start)
    return found


def _chosen(path: Path, book: _Workbook, targets: dict[str, str], sheet: str | None) -> tuple[str, str]:
    """The name and the part of the sheet that was asked for, or of the first one that is seen."""
    sheets = [(name, is_seen, targets[part]) for name, is_seen, part in book.sheets if part in targets]
    if sheet is None:
        seen = [(name, part) for name, is_seen, part in sheets if is_seen]
        if not seen:
            raise InputFileError(refused(path, "không có trang tính nào hiện", "no sheet of it is visible"))
        return seen[0]
    wanted = nfc(sheet)
    for name, _, part in sheets:
        if nfc(name) == wanted:
            return name, part
    words = ("trang tính", "sheet", sheet, [name for name, _, _ in sheets], "TR-file-sheet")
    raise InputFileError(errors.unknown_word(str(path), *words))


def refused(path: Path, vi: str, en: str) -> errors.Problem:
    """The file is no Excel workbook, or not one that can be read whole."""
    return errors.Problem(
        "TR-file-xlsx",
        str(path),
        f"không đọc được tệp Excel: {vi}",
        f"cannot read the Excel file: {en}",
    )
