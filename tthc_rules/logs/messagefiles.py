"""Files of messages: NDJSON (a message a line), JSON (one, or a list of them), XML, a folder of such files.

A message stands there as it came, or as `{"received_at": …, "url": …, "body": …}`. What is longer than a line may be
is read piece by piece: a list, and the list inside one envelope, page or XML answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final

from tthc_rules import errors
from tthc_rules.errors import InputFileError, Problem
from tthc_rules.law.jsontext import JsonError, read_json
from tthc_rules.logs.files import MAX_LINE, chunks, decode, files_in, numbered_lines
from tthc_rules.logs.jsonstream import JsonItem, envelope, items
from tthc_rules.logs.messages import Message, is_around
from tthc_rules.logs.sightings import BrokenError
from tthc_rules.logs.xmlrecords import xml_records

__all__ = ["SUFFIXES", "messages_in"]

SUFFIXES: Final = (".ndjson", ".jsonl", ".json", ".xml")
LISTS: Final = ("data", "content", "transport")
"""The names of the list in an envelope, in a page, in a file of messages."""
_AT_ONCE: Final = 500
_LEADING: Final = re.compile(rb"[\xef\xbb\xbf \t\r\n]*(.)", re.DOTALL)


def messages_in(path: Path, id_keys: Collection[str] = ()) -> Iterator[Message]:
    """The messages of a file or folder, in the order of names and lines; raises `InputFileError` for no such file.

    `id_keys` are those under which the sender names dossiers: by them a long XML text is read record by record.
    """
    if path.is_dir():
        files = files_in(path, lambda each: each.is_file() and _suffix(each) in SUFFIXES, "TR-file-unreadable")
        if not files:
            raise InputFileError(errors.file_format_unknown(str(path), "", SUFFIXES))
        for file in files:
            yield from messages_in(file, id_keys)
        return
    match _suffix(path):
        case ".ndjson" | ".jsonl":
            yield from _lines(path)
        case ".json":
            yield from _json(path)
        case ".xml":
            yield from _xml(path, id_keys)
        case suffix:
            raise InputFileError(errors.file_format_unknown(str(path), suffix, SUFFIXES))


def _suffix(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return suffixes[-1] if suffixes else ""


def _lines(path: Path) -> Iterator[Message]:
    for number, line in numbered_lines(path):
        place = f"{path}:{number}"
        text, problem = decode(line, place)
        if problem is not None:
            yield Message(line, place=place)  # its reader says what is wrong, and whose it is
        elif text.strip():
            yield from _opened(_message(text, place), place)


def _json(path: Path) -> Iterator[Message]:
    if _is_large(path):
        header, inside = envelope(path, LISTS)
        if inside:
            yield from _in_envelope(path, header, inside)
            return
    for item in items(path):
        place = f"{path}[{item.number}]" if item.number is not None else str(path)
        yield from _opened(_message(item.text, place), place)


def _is_large(path: Path) -> bool:
    """Whether the file is an object longer than may be held as one."""
    size, first = 0, b""
    for chunk in chunks(path):
        first = first or chunk
        size += len(chunk)
        if size > MAX_LINE:
            found = _LEADING.match(first)
            return found is not None and found[1] == b"{"
    return False


def _in_envelope(path: Path, header: Mapping[str, Any], inside: str) -> Iterator[Message]:
    """The list of one large envelope in pieces, each with what stands around the list."""
    found = items(path, inside)
    number = 0
    while part := list(islice(found, _AT_ONCE)):
        yield from _pieces(path, header, inside, part, number)
        number += len(part)


def _pieces(path: Path, header: Mapping[str, Any], inside: str, part: list[JsonItem], number: int) -> Iterator[Message]:
    records = []
    for place, item in enumerate(part, number):
        message = _message(item.text, f"{path}:{inside}[{place}]")
        if inside == "transport" or isinstance(message.body, str):
            yield message
        else:
            records.append(message.body)
    if records:
        yield Message({**header, inside: records}, place=f"{path}:{inside}[{number}]")


def _opened(message: Message, place: str) -> Iterator[Message]:
    """A value may hold several messages, under `transport` or as a list of them."""
    body = message.body
    inner = body.get("transport") if isinstance(body, dict) else body
    if isinstance(inner, list) and (inner is not body or any(is_around(each) for each in inner)):
        for number, each in enumerate(inner):
            yield _around(each, f"{place}[{number}]")
    else:
        yield message


def _message(text: str, place: str) -> Message:
    """The message in a JSON text; one that cannot be read stays text, and its reader says so."""
    try:
        value = read_json(text, Decimal)
    except JsonError:
        return Message(text, place=place)
    return _around(value, place)


def _around(value: object, place: str) -> Message:
    if isinstance(value, dict) and is_around(value):
        received, url = value.get("received_at"), value.get("url")
        return Message(
            value["body"], received if isinstance(received, str) else None, url if isinstance(url, str) else None, place
        )
    return Message(value, place=place)


def _xml(path: Path, id_keys: Collection[str]) -> Iterator[Message]:
    """The records of an XML file, each as soon as it is complete."""
    broken = None
    try:
        for record in xml_records(chunks(path), id_keys):
            yield Message(record, place=str(path))
    except BrokenError as error:
        broken = error
    if broken is not None:  # said outside of the handler: nothing of the text goes with it
        raise InputFileError(Problem(broken.code, f"{path}{broken.place}", broken.vi, broken.en))
