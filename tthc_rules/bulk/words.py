"""Words of the result, said once for each key: what a thread keeps of them between the parts that it judges."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tthc_rules.bulk.core import BLOCK, CODERS, block_memory, find_codes
from tthc_rules.bulk.governing import LawPlan
from tthc_rules.bulk.loaded import located
from tthc_rules.bulk.telling import ACTS_A_WORD, FAULTS_A_WORD

Codes = npt.NDArray[np.int32]
Keys = npt.NDArray[np.int64]

_ROOM: Final = 4_096
_MOST: Final = 1 << 14
"""Keys that are kept from one part to the next; a thread that has met more begins anew."""


class Coder:
    """Codes of keys of `width` numbers, and the words that were said for them, column by column of the result."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._begin(_ROOM)

    def _begin(self, room: int) -> None:
        self.room = room
        self.slots: Codes = np.full(4 * room, -1, np.int32)
        self.known: Keys = np.zeros(self.width * room, np.int64)
        self.state: Keys = np.zeros(2, np.int64)  # codes given; codes that came up in this part
        self.local: Codes = np.full(room, -1, np.int32)
        self.used: Codes = np.zeros(room, np.int32)
        self._place()
        self._said: dict[str, _Column] = {}

    @property
    def is_full(self) -> bool:
        """Whether it has met more keys than are kept."""
        return bool(self.state[0] > _MOST)

    def begin_anew(self) -> None:
        """Forget every key."""
        self._begin(_ROOM)

    def _place(self) -> None:
        """Ask where the memory lies, once it is another."""
        parts = ("width", "room", "slots", "known", "state", "local", "used")
        self.memory = located({part: getattr(self, part) for part in parts})

    def begin_part(self) -> None:
        """Codes come up anew in each part, so that its words do not depend on the parts before it."""
        self.local[self.came_up] = -1
        self.state[1] = 0

    @property
    def came_up(self) -> Codes:
        """The codes of this part, in the order in which they came up."""
        return self.used[: self.state[1]]

    def make_room(self, more: int) -> None:
        """Room for so many more codes."""
        count, room = int(self.state[0]), self.room
        if count + more <= room:
            return
        while count + more > room:
            room *= 2
        keys = np.ascontiguousarray(self._keys()[:count].T)
        known = np.zeros(self.width * room, np.int64)
        slots, state, codes = np.full(4 * room, -1, np.int32), np.zeros(2, np.int64), np.zeros(count, np.int32)
        find_codes()(count, self.width, keys.reshape(-1), slots, known, state, codes)
        state[1] = self.state[1]
        more_places = room - self.room
        self.local = np.append(self.local, np.full(more_places, -1, np.int32))
        self.used = np.append(self.used, np.zeros(more_places, np.int32))
        self.room, self.slots, self.known, self.state = room, slots, known, state
        self._place()

    def key(self, code: int) -> list[int]:
        """The numbers of a key."""
        found: list[int] = self._keys()[code].tolist()
        return found

    def _keys(self) -> Keys:
        """The keys by code, a row each. Shape (room, width)."""
        return self.known.reshape(self.room, self.width)

    def words(self, column: str, say: Callable[[Keys], Iterable[str | None]]) -> tuple[Codes, pa.Array, bool]:
        """For each code that came up the place of its word, or -1; the words; whether some have none.

        `say` gives the words of new keys; the numbers of each are a row of what it takes.
        """
        said, count = self._said.setdefault(column, _Column()), int(self.state[0])
        if len(said) < count:
            said.add(say(self._keys()[len(said) : count]))
        return said.places(self.came_up)


class _Column:
    """The words of one column, by code."""

    def __init__(self) -> None:
        self._places: list[int] = []
        self._words: dict[str, int] = {}
        self._as_arrays: tuple[Codes, pa.Array] = (np.zeros(0, np.int32), pa.array([], pa.string()))

    def __len__(self) -> int:
        return len(self._places)

    def add(self, words: Iterable[str | None]) -> None:
        """The words of the next codes."""
        known = self._words
        self._places += [-1 if word is None else known.setdefault(word, len(known)) for word in words]

    def places(self, codes: Codes) -> tuple[Codes, pa.Array, bool]:
        """The words of these codes without a repeat, in the order of the codes."""
        if len(self._as_arrays[0]) != len(self._places):
            self._as_arrays = np.array(self._places, np.int32), pa.array(list(self._words), pa.string())
        table, words = self._as_arrays
        mine = table[codes]
        first = np.full(len(words) + 1, len(mine), np.int64)  # of each word, the last one none: where it comes first
        first[mine[::-1]] = np.arange(len(mine) - 1, -1, -1)
        found = np.flatnonzero(first[:-1] < len(mine))
        found = found[np.argsort(first[found])]
        rank = np.full(len(words) + 1, -1, np.int32)
        rank[found] = np.arange(len(found), dtype=np.int32)
        return rank[mine], words.take(pa.array(found)), bool(first[-1] < len(mine))


class Kept:
    """What a thread keeps while it judges under one question: coders of keys, and the laws that they name."""

    def __init__(self, duties: int) -> None:
        widths = {"law": 2 + -(-duties // ACTS_A_WORD), "faults": 1 + -(-duties // FAULTS_A_WORD)}
        self.coders = {name: Coder(widths.get(name, 1)) for name in CODERS}
        self.block = block_memory(duties)
        self.located = located(self.block)
        self.plans: dict[int, LawPlan] = {}

    def begin_part(self) -> None:
        """Before a part is judged."""
        self.block["fit"][:] = 0
        if any(coder.is_full for coder in self.coders.values()):  # keys hold codes of others: all begin anew, or none
            for coder in self.coders.values():
                coder.begin_anew()
        for coder in self.coders.values():
            coder.begin_part()

    def make_room(self) -> None:
        """Room for the keys of another block."""
        for coder in self.coders.values():
            coder.make_room(BLOCK)

    def moves(self) -> tuple[int, ...]:
        """Changes when the coders' memory does."""
        return tuple(coder.room for coder in self.coders.values())

    def memory(self) -> dict[str, Any]:
        """What the compiled call takes of the coders."""
        return {f"{part}_{name}": value for name, coder in self.coders.items() for part, value in coder.memory.items()}
