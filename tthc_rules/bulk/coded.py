"""What a dossier says of itself, as the numbers and codes that the clock reads; doubtful words set it aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic_core import PydanticCustomError

from tthc_rules.bulk.cells import Column, Int32s, Int64s, Mask, cells, encode, is_text, truths, valid
from tthc_rules.law import clock
from tthc_rules.law.civil import read_clock
from tthc_rules.law.codes import KINDS, UNITS
from tthc_rules.law.limits import packed
from tthc_rules.law.observed import GAPS, hidden_of
from tthc_rules.law.rule import OWN_TIMES

K = TypeVar("K", bound=np.signedinteger[Any])

_MAX_AMOUNT: Final = 2**31 - 1


def limits(get: Mapping[str, Column], n: int, aside: Mask) -> tuple[Int32s, Int32s, Int32s, Int32s]:
    """The limit that each dossier itself names: amount, unit, cut-off, what it waits for; doubtful ones are set aside.

    Shape (n,) each.
    """
    amount, cutoff, awaits = np.zeros(n, np.int32), np.full(n, -1, np.int32), np.zeros(n, np.int32)
    unit = np.full(n, clock.LIMIT_UNKNOWN, np.int32)
    columns = {name.partition(".")[2]: c for name, c in get.items() if name.startswith("time_limit.")}
    if not columns:
        return amount, unit, cutoff, awaits
    given = {name: valid(column) for name, column in columns.items()}
    missing = np.zeros(n, bool)
    has_amount, has_unit = given.get("amount", missing), given.get("unit", missing)
    if "amount" in columns:
        column = columns["amount"]
        number = cells(pc.fill_null(column, 0))
        aside |= has_amount & ~((number >= 0) & (number <= _MAX_AMOUNT) & (np.floor(number) == number))
        amount = np.clip(number, 0, _MAX_AMOUNT).astype(np.int32)
    if "unit" in columns:
        unit = codes(columns["unit"], UNITS, n, clock.LIMIT_UNKNOWN, aside)
    any_other = has_unit | given.get("cutoff", missing) | given.get("pauses_for", missing)
    own = [has for name, has in given.items() if name.partition(".")[0] in OWN_TIMES]
    says_nothing = ~(has_amount | has_unit | given.get("none", missing))
    for has in own:
        aside |= has & says_nothing
    aside |= (has_amount | any_other) & ~(has_amount & has_unit)
    if "none" in columns:
        says = given["none"]
        none = truths(columns["none"])
        unit = np.where(none, clock.LIMIT_NONE, unit).astype(np.int32)
        aside |= says & (~none | has_amount | any_other)
    if "cutoff" in columns:
        cutoff = _by_word(columns["cutoff"], _cutoff, -1, aside, np.int32)
    if "pauses_for" in columns:
        awaits = _by_list(columns["pauses_for"], None, _awaits, aside, np.int32)
    return amount, unit, cutoff, awaits


def own_times(get: Mapping[str, Column], n: int, aside: Mask) -> Int32s:
    """What sector law says beside each limit, as `law/limits.packed` writes it, or -1; doubtful ones are set aside.

    Shape (3, n), a row for each of `OWN_TIMES`.
    """
    own = np.full((len(OWN_TIMES), n), -1, np.int32)
    for row, name in enumerate(OWN_TIMES):
        amount, unit = get.get(f"time_limit.{name}.amount"), get.get(f"time_limit.{name}.unit")
        has = [np.zeros(n, bool) if column is None else valid(column) for column in (amount, unit)]
        aside |= has[0] != has[1]
        if amount is None or unit is None:
            continue
        number = cells(pc.fill_null(amount, 0))
        aside |= has[0] & ~((number >= 0) & (number <= _MAX_AMOUNT) & (np.floor(number) == number))
        code = codes(unit, UNITS, n, 0, aside)
        longest = packed(_MAX_AMOUNT, 0)
        packed_all = np.minimum(np.clip(number, 0, _MAX_AMOUNT).astype(np.int64) * 8, longest) | code
        own[row] = np.where(has[0] & has[1], packed_all, -1)
    return own


def _cutoff(word: str) -> int | None:
    try:
        return read_clock(word)
    except PydanticCustomError:
        return None


_WAITS: Final = {"payment": clock.WAITS_PAYMENT, "opinion": clock.WAITS_OPINION}


def _awaits(word: str) -> int | None:
    names = word.split("|")
    if len(names) > 2 or any(name not in _WAITS for name in names):
        return None
    bits = 0
    for name in names:
        bits |= _WAITS[name]
    return bits


def hidden_bits(get: Mapping[str, Column], n: int, aside: Mask) -> Int64s:
    """What the source of each dossier cannot show, as the clock is told it. Shape (n,)."""
    hidden = np.zeros(n, np.int64)
    for name, read in (("observes", _unobserved), ("unknown", _gaps)):
        if (column := get.get(name)) is not None:
            hidden |= _by_list(column, "", read, aside, np.int64)
    return hidden


def numbers(column: Column, number: Callable[[str], int]) -> Int32s:
    """The number of each cell's text, 0 for an empty cell. Shape (len(column),)."""
    if pa.types.is_null(column.type):
        return np.zeros(len(column), np.int32)
    return _by_word(column, number, 0, np.zeros(len(column), bool), np.int32)


def _unobserved(word: str) -> int | None:
    names = word.split("|") if word else []
    return hidden_of(names, ()) if KINDS.keys() >= set(names) else None


def _gaps(word: str) -> int | None:
    names = word.split("|") if word else []
    return hidden_of(None, names) if GAPS.keys() >= set(names) else None


def _by_list(
    column: Column, empty: str | None, read: Callable[[str], int | None], aside: Mask, kind: type[K]
) -> npt.NDArray[K]:
    """The number of each cell's words, `a|b`, shape (len(column),); 0 where there are none, unless that is `empty`."""
    if not is_text(column.type):
        return _by_word(joined(column, empty), read, 0, aside, kind)

    def said(text: str) -> int | None:
        words = spelled(text, empty)
        return 0 if words is None else read(words)

    return _by_word(column, said, 0, aside, kind)


def _by_word(
    column: Column, read: Callable[[str], int | None], absent: int, aside: Mask, kind: type[K]
) -> npt.NDArray[K]:
    """The number of each cell's word, shape (len(column),); words that cannot be read set their dossier aside."""
    encoded = encode(column)
    values = [read(word) for word in encoded.dictionary.to_pylist()]
    table = np.array([*(absent if value is None else value for value in values), absent], kind)
    wrong = np.array([*(value is None for value in values), False])
    if not wrong.any() and not encoded.null_count:
        return table.take(_places(encoded), mode="clip")  # they are inside; to ask each is what costs
    at = cells(pc.fill_null(encoded.indices, len(values)))
    if wrong.any():
        aside |= wrong[at]
    found: npt.NDArray[K] = table.take(at)
    return found


def _places(column: pa.DictionaryArray) -> Int32s:
    """Places in the dictionary, where no cell is empty. Shape (len(column),)."""
    places: Int32s = cells(column.indices)
    return places


def codes(column: Column | None, words: Mapping[str, int], n: int, absent: int, aside: Mask) -> Int32s:
    """The code of each cell's word, shape (n,); a word without one sets its dossier aside."""
    if column is None or pa.types.is_null(column.type):
        return np.full(n, absent, np.int32)
    return _by_word(column, words.get, absent, aside, np.int32)


def joined(column: Column, empty: str | None = None) -> Column:
    """A list of words as one text, `a|b`; a list without words is no text, or the one that is given."""
    if not is_text(column.type):
        said = pc.binary_join(column, "|")
        return pc.if_else(pc.equal(pc.list_value_length(column), 0), pa.scalar(empty, pa.string()), said)
    encoded = encode(column)
    return pa.array([spelled(text, empty) for text in encoded.dictionary.to_pylist()], pa.string()).take(
        encoded.indices
    )


def spelled(text: str, empty: str | None) -> str | None:
    """A list of words in one text as `joined` writes it."""
    return "|".join(words_in(text)) or empty


def words_in(text: str) -> list[str]:
    """The words of a list that stands in one text."""
    return [word for item in text.split("|") if (word := item.strip())]


def holds_no_word(column: Column) -> Mask:
    """Whether each list, shape (len(column),), has an item that is not there, or is more than one word."""
    if is_text(column.type):
        return np.zeros(len(column), bool)
    said = pc.binary_join(column, "|")
    bars = cells(pc.fill_null(pc.count_substring(said, "|"), 0))
    sizes = cells(pc.fill_null(pc.list_value_length(column), 0))
    odd: Mask = cells(column.is_valid()) & (~cells(said.is_valid()) | (bars >= np.maximum(sizes, 1)))
    return odd
