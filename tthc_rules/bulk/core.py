"""One compiled call for all dossiers of a clock: by blocks their events, clock, rules, steps, the result's columns.

A block is small enough for the processor's first caches; what it leaves behind goes straight into the columns of the
result. The function that does this is put together here from the parameters of those that it calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from inspect import signature
from typing import Any, Final

import numpy as np

from tthc_rules.bulk import prepare, telling
from tthc_rules.bulk.fields import FIELDS, FieldReading
from tthc_rules.bulk.loaded import LoadedCode
from tthc_rules.bulk.objects import FlatSource, clock_function, machine_code, rules_function, steps_function
from tthc_rules.law import clock
from tthc_rules.law import next as ahead
from tthc_rules.law.dossier import MAX_EVENTS

BLOCK: Final = 224
"""Dossiers at a time. Not a power of two: columns 4 KB apart push each other out of the first cache."""

MOST_EVENTS: Final = 1_600
"""Events of a block: it has fewer dossiers where they would have more. One dossier has at most `MAX_EVENTS`."""
assert MOST_EVENTS >= MAX_EVENTS

OF_DOSSIERS: Final[Mapping[str, str]] = {
    "amount": "int32", "unit": "int32", "cutoff": "int32", "awaits": "int32",
    "elsewhere": "int32", "hidden": "int64", "channel": "int32",
    "return_within": "int32", "answer_within": "int32", "closes_after": "int32", "place": "int32", "law_of": "int32",
}  # fmt: skip
"""What each dossier gives, one value each."""

CODERS: Final = ("law", "faults", "notes", "promise", "next")
"""The keys of words, as `telling.keyed` and `keyed_next` make them."""

_ASKED_AGAIN: Final = ("outcome", "act_by", "act", "noted", "readings", "turns", "next_by", "next_what")
"""What the rules say of a later day, beside what they said of the day that was asked about."""

_KEYS: Final = dict.fromkeys(CODERS[:-1], "int64")


def _telling(name: str, numbers: tuple[str, ...], kinds: Mapping[str, str], vectors: bool = True) -> FlatSource:
    return FlatSource.from_module(telling, name, numbers, kinds, (), vectors)


def _preparing(name: str, *numbers: str, vectors: bool = False) -> FlatSource:
    kinds = {
        **dict.fromkeys(("begins", "ends", "order", "run_from", "run_to", "run_into", "own", "until"), "int64"),
        **dict.fromkeys(("values", "found", "where", "fit"), "int64"),
        **dict.fromkeys(("aside", "bare", "again", "state", "given_notes", "log_notes", "step_outcome"), "int8"),
    }
    if name == "days":
        kinds["into"] = "int32"
    taken = signature(getattr(prepare, name)).parameters
    mine = {parameter: kind for parameter, kind in kinds.items() if parameter in taken}
    return FlatSource.from_module(prepare, name, numbers, mine, (), vectors)


def _ahead(name: str, *numbers: str) -> FlatSource:
    kinds = {"ends": "int64", "hidden": "int64", "counts": "int64", "outcome": "int8", "new_outcome": "int8"}
    taken = signature(getattr(ahead, name)).parameters
    mine = {parameter: kind for parameter, kind in kinds.items() if parameter in taken}
    return FlatSource.from_module(ahead, name, numbers, mine)


@cache
def _callees() -> dict[str, FlatSource]:
    found = {"outcome": "int8", "act": "int8", "noted": "int8", "readings": "int64"}
    put = ("n", "columns", "whole", "first", "stride")
    functions = (
        _preparing("laid", "n", "first", "whole", "some_bare", "as_of", "most"),
        _preparing("cleared"),
        _preparing("held", "known"),
        _preparing("slips", "some_bare", "wanted", "flagged", "flag"),
        _preparing("days"),
        _preparing("meanings", "wanted"),
        _preparing("tags"),
        _preparing("ordered", "n", "first", "whole", "told", "as_of"),
        clock_function(),
        steps_function(),
        _telling("listed", ("n", "one"), {"counts": "int64"}, vectors=False),
        _telling("blanked", ("n", "n_out", "duties", "as_of"), found),
        _telling(
            "keyed", ("n", "duties", "as_of", "log_at", "noted_at", "place_at"),
            {**found, "log_notes": "int8", "place_bits": "int8", **_KEYS},
        ),
        _telling(
            "found_codes", ("n", "width"), {"key": "int64", "known": "int64", "state": "int64"}, vectors=False
        ),
        _telling("counted", ("n",), {"state": "int64"}, vectors=False),
        _telling("dates_and_words", ("n",), {"small": "int8"}),
        _telling("keyed_next", ("n",), {"next": "int64"}),
        _ahead("begun", "n", "as_of", "result_rank"),
        _ahead("soonest", "n", "as_of"),
        _ahead("of_law", "one"),
        _ahead("emptied", "n", "duties"),
        _ahead("compared", "n", "duties"),
        _telling("put_numbers", put, {}),
        _telling("put_codes", put, {"block": "int8", "into": "int8"}),
        _telling(
            "put_steps", ("n", "first", "whole", "room"),
            {"own": "int64", "until": "int64", "step_outcome": "int8", "told_steps": "int64"}, vectors=False,
        ),
    )  # fmt: skip
    return {function.name: function for function in functions}


@cache
def find_codes() -> Callable[..., None]:
    """`telling.found_codes` alone, compiled."""
    return machine_code(_callees()["found_codes"])


@cache
def judging() -> tuple[LoadedCode, tuple[str, ...]]:
    """The whole call, compiled, and the names of what it takes; the rules are among that."""
    callees, rules = _callees(), rules_function("")
    made = _Judge({**callees, "rules": rules})
    function = FlatSource("judge", made.source(), made.shape)
    return machine_code(function, *callees.values(), apart=[rules]), tuple(made.shape)


@cache
def preparing() -> tuple[LoadedCode, tuple[str, ...]]:
    """What comes before the clock alone, compiled, of one block; and the names of what it takes."""
    callees = _callees()
    made = _Judge(callees)
    function = made.preparing()
    mine = [callees[name] for name in ("laid", "held", "slips", "days", "meanings", "tags", "ordered")]
    return machine_code(function, *mine), tuple(function.shape)


_STEPS: Final = f"if stepping != 0 and (has_due != 0 or fit[{prepare.F_KINDS}] >> {clock.STEP_ASSIGNED} & 1 != 0):"
"""Where an event of the block may set an agency a task: an opinion does where it has a day."""


class _Judge:
    """The calling function being written; its parameters are what its calls ask for."""

    def __init__(self, callees: Mapping[str, FlatSource]) -> None:
        self.callees = callees
        self.shape: dict[str, str] = {}

    def source(self) -> str:
        """A loop over blocks: in one piece, or of the dossiers that `rows` names; from `done[0]` up to `done[1]`."""
        body = [
            "    first = done[0]",
            "    size = done[1]",
            "    while first < size:",
            *(f"        if state_{name}[0] + step > room_{name}:\n            break" for name in CODERS),
            "        n = min(step, size - first)",
            *(f"        {line}" for line in (*self._prepared(), *self._of_a_block())),
            "        first += n",
            "        done[0] = first",
        ]
        for name in ("step", *(f"room_{name}" for name in CODERS)):
            self.shape.setdefault(name, "number")
        self.shape.setdefault("done", "int64")
        return "\n".join([f"def judge({', '.join(self.shape)}):", *body]) + "\n"

    def preparing(self) -> FlatSource:
        """What comes before the clock alone, of one block."""
        body = [f"    {line}" for line in self._prepared()]
        shape = {"n": "number", "first": "number", **self.shape}
        return FlatSource("prepared", "\n".join([f"def prepared({', '.join(shape)}):", *body]) + "\n", shape)

    def _prepared(self) -> list[str]:
        """The lines that lay out a block's events; the block may come out smaller."""
        lines = [self._call("laid", {}), "n = fit[0]"]
        for name, (reading, given) in FIELDS.items():
            own = {part: f"{part}_{name}" for part in ("bits", "values", "codes", "bare", "some_bare", "meaning")}
            numbers = {part: str(number) for part, number in given.items() if isinstance(number, int)}
            into = {part: column for part, column in given.items() if isinstance(column, str)}
            lines += [f"if has_{name} != 0:", f"    {self._call('held', {**own, **numbers})}"]
            if reading is not FieldReading.KNOWN_ONLY:
                lines.append(f"    {self._call(reading.value, {**own, **numbers, **into})}")
            self.shape[f"has_{name}"] = "number"
        return [*lines, self._call("ordered", {})]

    def _of_a_block(self) -> list[str]:
        """The lines of a block."""
        whole = {name: f"{name}[first:]" for name in OF_DOSSIERS}
        picked = {name: f"picked_{name}" for name in OF_DOSSIERS}
        events = {"begins": "own", "ends": "until"}
        clock = {"idx": "all_idx", "nth": "all_nth", "mark": "None", "due_then": "None"}
        nothing = dict.fromkeys(("done", "way", "expects", "expect_by", "expect_minute", "expect_act"), "None")
        rules = {"rows": "governed", "count": "counts[0]", **nothing}
        lines = [self._call("blanked", {})]
        lines += ["if whole != 0:", *(f"    {line}" for line in self._answered(clock, rules, {**whole, **events}))]
        lines += ["else:", "    for k in range(n):", "        r = rows[first + k]"]
        for name, kind in OF_DOSSIERS.items():
            lines.append(f"        picked_{name}[k] = {name}[r]")
            self.shape[f"picked_{name}"] = kind
        lines += [f"    {line}" for line in self._answered(clock, rules, {**picked, **events})]
        for place, name in enumerate(CODERS):
            lines += self._words(place, name)
        lines.append(self._call("dates_and_words", {}))
        rows = {"rows": "rows[first:]"}
        lines += [_STEPS, f"    {self._call('put_steps', {**rows, 'room': 'stepping'})}"]
        for columns, block, into in (
            (str(len(CODERS)), "words", "all_words"),
            ("n_dates", "dates", "all_dates"),
            ("duties", "act_by", "all_dates[n_dates * stride:]"),
        ):
            lines.append(self._call("put_numbers", {**rows, "columns": columns, "block": block, "into": into}))
        for columns, block, into in (
            ("4", "small", "all_codes"),
            ("duties", "outcome", "all_codes[4 * stride:]"),
        ):
            lines.append(self._call("put_codes", {**rows, "columns": columns, "block": block, "into": into}))
        self.shape["n_dates"] = "number"
        return lines

    def _answered(self, clock: Mapping[str, str], rules: Mapping[str, str], of: Mapping[str, str]) -> list[str]:
        """The clock, law by law the rules for those that it governs, the steps if there are any, the keys of words."""
        listed = self._call("listed", {**of, "one": "law", "into": "governed"})
        governing = self._call("rules", {**rules, **of}, "rules[law]")
        self.shape |= {"laws": "number", "rules": "int64", "stepping": "number"}
        return [
            self._call("run", {**clock, **of}),
            "for law in range(laws):",
            f"    {listed}",
            f"    {governing}",
            _STEPS,
            f"    {self._call('cleared', {})}",
            f"    {self._call('stepped', of)}",
            self._call("keyed", {**of, "law": "law_key"}),
            *self._what_lies_ahead(rules, of),
        ]

    def _what_lies_ahead(self, rules: Mapping[str, str], of: Mapping[str, str]) -> list[str]:
        """The first act, and the day of the change: where only the rules can tell they are asked again."""
        new = {name: f"new_{name}" for name in _ASKED_AGAIN}
        again = self._call("rules", {**rules, **of, **new}, "rules[law]")
        return [
            self._call("begun", {}),
            self._call("soonest", of),
            "while counts[1] > 0:",
            f"    {self._call('emptied', {name: f'new_{name}' for name in ('outcome', 'act_by')})}",
            "    for law in range(laws):",
            f"        {self._call('of_law', {**of, 'one': 'law', 'into': 'governed'})}",
            f"        {again}",
            f"    {self._call('compared', {})}",
            f"    {self._call('soonest', of)}",
        ]

    def _words(self, place: int, name: str) -> list[str]:
        """A key's codes; the law's code is the first number of the key of faults."""
        own = {part: f"{part}_{name}" for part in ("width", "room", "slots", "known", "state", "local", "used")}
        lines = [
            self._call("found_codes", {**own, "key": "law_key" if name == "law" else name}),
            self._call("counted", {**own, "into": f"words[{place} * n:]"}),
        ]
        if name == "law":
            lines += ["for k in range(n):", "    faults[k] = codes[k]", self._call("keyed_next", {})]
        return lines

    def _call(self, name: str, given: Mapping[str, str], called: str | None = None) -> str:
        """A call; what is not given goes under the name that the function has for it."""
        texts = []
        for parameter, kind in self.callees[name].shape.items():
            text = given.get(parameter, parameter)
            texts.append(text)
            base = text.partition("[")[0]
            if base.isidentifier() and base not in ("n", "first", "law", "None"):
                self.shape.setdefault(base, kind)
        return f"{called or name}({', '.join(texts)})"


SCRATCH: Final = ("stop_from", "stop_to", "stop_over", "asked_tag", "asked_at", "asked_works", "taken_from", "moved")
"""Memory of the clock and of the sort, as long as the longest dossier."""


def block_memory(duties: int, events: int = MOST_EVENTS) -> dict[str, Any]:
    """Memory for one block, which is all its own: by the names of the parameters."""
    here = {
        **dict(zip(SCRATCH, np.zeros((len(SCRATCH), MAX_EVENTS + 2), np.int32), strict=True)),
        **dict(zip(_OF_EVENTS, np.zeros((len(_OF_EVENTS), events + 16), np.int32), strict=True)),
        **{f"picked_{name}": np.empty(BLOCK, kind) for name, kind in OF_DOSSIERS.items()},
        **{name: np.empty(BLOCK + 1, np.int64) for name in ("run_from", "run_to", "run_into", "own", "until")},
        **{name: np.empty(BLOCK, np.int8) for name in ("state", "log_notes", "noted")},
        **{name: np.empty(events, np.int64) for name in ("found", "where")},
        **{name: np.empty(BLOCK, np.int32) for name in _AHEAD},
        **{f"new_{name}": np.empty(duties * BLOCK, kind) for name, kind in _FOUND_AGAIN.items()},
        "new_noted": np.empty(BLOCK, np.int8),
        "new_readings": np.empty(BLOCK, np.int64),
        "next": np.empty(BLOCK, np.int64),
    }
    return {
        **here, "most": events, "fit": np.zeros(prepare.F_SIZE, np.int64), "step_outcome": np.zeros(events, np.int8),
        "governed": np.empty(BLOCK, np.int32), "counts": np.zeros(2, np.int64),
        "outcome": np.empty(duties * BLOCK, np.int8), "act_by": np.empty(duties * BLOCK, np.int32),
        "act": np.empty(duties * BLOCK, np.int8), "readings": np.empty(BLOCK, np.int64),
        "law_key": np.empty((2 + duties) * BLOCK, np.int64), "faults": np.empty((2 + duties) * BLOCK, np.int64),
        "notes": np.empty(BLOCK, np.int64), "promise": np.empty(BLOCK, np.int64),
        "codes": np.empty(BLOCK, np.int32), "words": np.empty(len(CODERS) * BLOCK, np.int32),
        "dates": np.empty(11 * BLOCK, np.int32), "small": np.empty(4 * BLOCK, np.int8),
    }  # fmt: skip


_AHEAD: Final = (
    "asked_on", "turns", "next_by", "next_what", "change", "left", "new_turns", "new_next_by", "new_next_what",
)  # fmt: skip
"""What lies ahead of a dossier, one number each."""
_FOUND_AGAIN: Final = {"outcome": "int8", "act_by": "int32", "act": "int8"}

_OF_EVENTS: Final = ("kind", "day", "minute", "x", "y", "tag", "flags", "begun", "step_done")


def arguments(names: tuple[str, ...], values: Mapping[str, Any]) -> list[Any]:
    """What the call takes, in its order."""
    return [values[name] for name in names]
