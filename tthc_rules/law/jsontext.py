"""JSON texts read strictly: a key stands once in an object, a number is a number, text can be written down again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final, NoReturn

__all__ = ["JsonError", "read_json", "readings"]

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]:,]|-?(?:NaN|Infinity)|-?[A-Za-z]+|[^\s"{}\[\]:,]+', re.DOTALL)
_CONSTANTS: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_NO_SPACE: Final = re.compile(r"[^ \t\r\n]|\Z")
_SAID: Final = re.compile(r'[\w"]')
_LOOSE: Final = re.compile(
    r'(?=[{,]\s{0,9}("[^"\\]{1,200}")\s{0,9}:\s{0,9}("[^"\\]{0,200}"|-?\d{1,30}(?=\s{0,9}[,}])))'
)
"""A name and a plain value, wherever they stand: also where a text before them was cut off inside of its quotes."""


class JsonError(ValueError):
    """The text is not JSON as RFC 8259 has it, or says the same key twice; where, counted from 1, and why."""

    def __init__(self, line: int, column: int, why: str) -> None:
        super().__init__(why)
        self.line, self.column, self.why = line, column, why


class _RefusedError(ValueError):
    """Something that Python's reader would take."""


def read_json(text: str, number: Callable[[str], Any] = float) -> Any:
    """The value of the text, numbers with a fraction as `number` makes them; raises `JsonError`."""
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=number)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except json.JSONDecodeError as error:
        raise _as_ever(text, error) from None
    except RecursionError:
        raise JsonError(1, 1, "nested too deep") from None
    except _RefusedError as error:
        raise _located(text, str(error)) from None
    except UnicodeEncodeError:
        raise _broken_at(text, text.lower().find("\\ud"), "half a character") from None
    except ValueError as error:  # a number of thousands of digits
        raise JsonError(1, 1, str(error).partition(";")[0]) from None
    return value


def _as_ever(text: str, error: json.JSONDecodeError) -> JsonError:
    """The fault as every Python tells it; since 3.13 a comma too many is told at the comma, and not behind it."""
    if error.msg.startswith("Illegal trailing comma"):
        why = "Expecting value" if error.msg.endswith("array") else "Expecting property name enclosed in double quotes"
        return _broken_at(text, _past_space(text, error.pos + 1), why)
    return JsonError(error.lineno, error.colno, error.msg)


def readings(text: str) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """What can still be read of each object in a broken text, with its place: of a key given twice the first, the last.

    Only to tell whose record it is: where the two agree, it was readable. What stands outside of objects is of no
    readable record. Behind a break nobody knows where an object begins: what follows goes into the last reading.
    """
    at = 0
    while at < len(text):
        begin = text.find("{", at)
        if _SAID.search(text, at, len(text) if begin < 0 else begin):
            yield at, {}, {}
        if begin < 0:
            return
        try:
            (first, end), (last, _) = (decoder.raw_decode(text, begin) for decoder in (_OF_FIRST, _OF_LAST))
        except (ValueError, RecursionError):
            pairs, broken = _members(text, begin)
            yield begin, _first(pairs), dict([*pairs, *_loose(text, broken + 1)])
            return
        yield begin, first, last
        at = end


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        raise _RefusedError(f"key repeated: {next(name for name in names if names.count(name) > 1)}")
    return fields


def _first(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return dict(reversed(pairs))


_OF_FIRST: Final = json.JSONDecoder(object_pairs_hook=_first)
_OF_LAST: Final = json.JSONDecoder()


def _refuse(constant: str) -> NoReturn:
    raise _RefusedError(f"{constant} is not JSON")


def _located(text: str, why: str) -> JsonError:
    """Where the text that Python reads says a key twice or a number that is none: the first such place."""
    objects: list[set[str] | None] = []  # the keys of each open object, nothing for a list
    wants_key = False
    for found in _TOKEN.finditer(text):
        token = found[0]
        inside = objects[-1] if objects else None
        if token in ("{", "["):
            objects.append(set() if token == "{" else None)
            wants_key = token == "{"
        elif token in ("}", "]"):
            objects.pop()
            wants_key = False
        elif token == ",":
            wants_key = inside is not None
        elif token in _CONSTANTS:
            return _broken_at(text, found.start(), f"{token} is not JSON")
        elif wants_key and inside is not None and token.startswith('"'):
            key = json.loads(token)
            if key in inside:
                return _broken_at(text, found.start(), f"key repeated: {key}")
            inside.add(key)
            wants_key = False
    return JsonError(1, 1, why)


def _broken_at(text: str, position: int, why: str) -> JsonError:
    return JsonError(text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position), why)


def _members(text: str, at: int) -> tuple[list[tuple[str, Any]], int]:
    """The members of the object that begins there, up to where it breaks; and where the last thing read of it began."""
    decoder = json.JSONDecoder()
    length = len(text.rstrip())
    found: list[tuple[str, Any]] = []
    sign, begin = "{", at
    with suppress(ValueError, RecursionError):
        while text[at : at + 1] == sign:
            begin = at
            at = _past_space(text, at + 1)
            if text[at : at + 1] != '"':
                break
            key, at = decoder.raw_decode(text, at)
            at = _past_space(text, at)
            if text[at : at + 1] != ":":
                break
            value, at = decoder.raw_decode(text, _past_space(text, at + 1))
            if at == length and isinstance(value, int | float):  # the break may have shortened it
                break
            found.append((key, value))
            at = _past_space(text, at)
            sign = ","
    return found, begin


def _loose(text: str, at: int) -> Iterator[tuple[str, Any]]:
    """The last value of each name from there on, at whatever depth."""
    last = {found[1]: found[2] for found in _LOOSE.finditer(text, at)}
    for name, value in last.items():
        with suppress(ValueError):  # a control character in it
            yield json.loads(name), json.loads(value)


def _past_space(text: str, at: int) -> int:
    found = _NO_SPACE.search(text, at)
    return len(text) if found is None else found.start()
