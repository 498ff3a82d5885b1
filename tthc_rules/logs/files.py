"""Bytes of the files that adapters read: gzip by its magic number, bounded lines, every failure an `InputFileError`."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from tthc_rules import errors
from tthc_rules.law.text import nfc
from tthc_rules.logs import complaints

__all__ = ["MAX_LINE", "chunks", "decode", "files_in", "numbered_lines"]

MAX_LINE = 16 * 1024 * 1024
_CHUNK = 256 * 1024
_BOM_UTF8 = b"\xef\xbb\xbf"
_BOMS_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def files_in(folder: Path, is_one: Callable[[Path], bool], code: str) -> list[Path]:
    """The files of a log in a folder, by name; raises where some in a folder inside it would be passed over."""
    inside = sorted(folder.iterdir())
    for each in inside:
        if each.is_dir() and (found := next(filter(is_one, each.rglob("*")), None)) is not None:
            raise errors.InputFileError(complaints.folder_in_folder(code, str(each), found.name))
    return [each for each in inside if is_one(each) and not each.is_dir()]


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file for reading, unpacked if it is gzip; a failure to read becomes an `InputFileError`."""
    try:
        with path.open("rb") as raw:
            if raw.peek(2)[:2] == b"\x1f\x8b":
                with gzip.open(raw, "rb") as unpacked:
                    yield cast(BinaryIO, unpacked)
            else:
                yield raw
    except (OSError, EOFError, zlib.error) as error:
        raise errors.InputFileError(errors.file_not_readable(str(path), error)) from error


def chunks(path: Path) -> Iterator[bytes]:
    """The bytes of the file, piece by piece."""
    with _opened(path) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of the file with their numbers, without a UTF-8 mark; what goes beyond `MAX_LINE` bytes is cut off."""
    with _opened(path) as stream:
        number = 0
        while line := stream.readline(MAX_LINE):
            number += 1
            rest = line
            while len(rest) == MAX_LINE and not rest.endswith(b"\n"):
                rest = stream.readline(MAX_LINE)
            if number == 1:
                if line.startswith(_BOMS_UTF16):
                    raise errors.InputFileError(errors.text_not_utf8(f"{path}:1", 1))
                line = line.removeprefix(_BOM_UTF8)
            yield number, line


def decode(line: bytes, place: str) -> tuple[str, errors.Problem | None]:
    """The line as NFC text; what is cut off, or not UTF-8 and replaced in it, is reported."""
    try:
        text, problem = line.decode("utf-8"), None
    except UnicodeDecodeError as error:
        text, problem = line.decode("utf-8", "replace"), errors.text_not_utf8(place, error.start + 1)
    if len(line) >= MAX_LINE:
        problem = complaints.record_too_large(place, f"{MAX_LINE} bytes")
    return nfc(text), problem
