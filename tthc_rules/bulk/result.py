"""Answers as the documented result table: Arrow columns, words as dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.bulk import prepare
from tthc_rules.bulk.cells import Int32s, Ints, Mask, cells, encode
from tthc_rules.bulk.governing import LawPlan
from tthc_rules.bulk.intake import CARRIED, Batch
from tthc_rules.bulk.score import CODES, DATES, LOG_AT, NOTED_AT, PLACE_AT, Answers
from tthc_rules.bulk.telling import (
    ACT_BITS,
    ACTS_A_WORD,
    FAULTS_A_WORD,
    IN_A_DAY,
    NO_OVERLAY,
    NOT_IN_FORCE,
    WHOLE_DAY,
)
from tthc_rules.bulk.words import Coder, Kept, Keys
from tthc_rules.law import clock, steps
from tthc_rules.law.codes import KINDS, NOTES, PUNCTUALITY, REASONS, RETURN_RESULT, STEP, STEP_OUTCOMES
from tthc_rules.law.composed import CODES as OUTCOME_CODES
from tthc_rules.law.composed import NOTED, OUTCOMES, Act
from tthc_rules.law.rule import ClockVersion, Overlay, Rule
from tthc_rules.result.columns import STEPS, steps_type
from tthc_rules.result.columns import result_schema as schema_of_result
from tthc_rules.result.dress import roles_for
from tthc_rules.result.row import Row

FAULTS: Final = tuple(OUTCOME_CODES[name] for name in ("met_late", "missed", "broken"))


@cache
def result_schema(duties: tuple[str, ...]) -> pa.Schema:
    """The columns of a result and their types, of pyarrow."""
    return schema_of_result(duties, pa)


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """The columns of a result for those who read no dictionaries: words are plain text."""
    kinds = [kind.value_type if pa.types.is_dictionary(kind) else kind for kind in schema.types]
    return pa.schema(list(zip(schema.names, kinds, strict=True)))


def in_plain_words(made: Any) -> Any:
    """The rows, a batch or a table, with words as plain text."""
    return made.cast(plain_schema(made.schema))


def table_of(
    batch: Batch,
    answers: Answers,
    duties: tuple[str, ...],
    rules_digest: str,
    unknown_names: pa.DictionaryArray,
    aside: Mapping[int, Row],
    kept: Kept,
) -> pa.RecordBatch:
    """The rows of a batch; those set aside come as they were judged one by one."""
    schema = result_schema(duties)
    n = len(batch)
    said = KeyWords(kept, duties)
    columns: dict[str, pa.Array] = {
        "dossier_id": batch.ids,
        "error_code": pa.nulls(n, schema.field("error_code").type),
        "error": pa.nulls(n, pa.string()),
        STEPS: steps_of(batch, answers),
        **{name: _carried(batch.carried.get(name), n) for name in CARRIED.values()},
        "rules_digest": _words(np.zeros(n, np.int32), pa.array([rules_digest])),
        "unknown_names": unknown_names,
    }
    for name in ("punctuality", "punctuality_current"):
        columns[name] = _words(answers.column(name), _PUNCTUALITY)
    ended, provisional = answers.column("ended_by"), answers.column("provisional")
    columns["ended_by"] = _words(ended, _ENDED_BY, ended != 0)
    columns["provisional"] = _flags(provisional > 0, provisional >= 0)
    columns |= _outcomes(answers, duties)
    for name, key, say in said.columns():
        columns[name] = _said(kept.coders[key], answers.key(key), name, say)
    columns |= _steps_first(batch, answers, columns)
    columns |= _days(answers, duties, schema)
    arrays = [_fitting(columns[f.name], f.type) for f in schema]
    table = pa.RecordBatch.from_arrays(arrays, schema=schema)
    return with_rows(table, aside) if aside else table


def with_rows(made: pa.RecordBatch, rows: Mapping[int, Row]) -> pa.RecordBatch:
    """The batch with some rows replaced; what that costs is theirs and not their neighbours'."""
    places = sorted(rows)
    mask = np.zeros(len(made), bool)
    mask[places] = True
    at = pa.array(mask)
    arrays = [
        _replaced(column, at, [rows[k].get(f.name) for k in places])
        for column, f in zip(made, made.schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=made.schema)


def rows_between(made: pa.RecordBatch, rows: Mapping[int, Row]) -> pa.RecordBatch:
    """The batch with these rows among its own, each where it says that it stands."""
    if not rows:
        return made
    mine = np.zeros(len(made) + len(rows), bool)
    mine[list(rows)] = True
    at = pa.array(np.cumsum(~mine) - 1, mask=mine)
    return with_rows(made.take(at), rows)


def _replaced(column: pa.Array, at: pa.Array, values: list[Any]) -> pa.Array:
    """The column with these values where the mask is set; new words come behind those that are there."""
    if pa.types.is_list(column.type):
        return _lists_replaced(column, np.flatnonzero(cells(at)), values)
    if not pa.types.is_dictionary(column.type):
        return pc.replace_with_mask(column, at, pa.array(values, column.type))
    words = column.dictionary
    given = pa.array(values, words.type)
    new = given.unique().drop_null()
    new = new.filter(pc.invert(pc.is_in(new, words)))
    if len(new):
        words = pa.concat_arrays([words, new])
    codes = pc.index_in(given, words).cast(column.indices.type)
    return pa.DictionaryArray.from_arrays(pc.replace_with_mask(column.indices, at, codes), words)


def _lists_replaced(column: pa.ListArray, places: Ints, values: list[Any]) -> pa.ListArray:
    """The same for a column of lists."""
    given = pa.array(values, column.type)
    starts, lengths, valid = (np.array(part) for part in (column.offsets[:-1], _lengths(column), _valid(column)))
    starts[places] = np.array(given.offsets)[:-1] + len(column.values)
    lengths[places], valid[places] = _lengths(given), _valid(given)
    offsets = np.append(0, np.cumsum(lengths)).astype(np.int32)
    at = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)
    inner = pa.concat_arrays([column.values, given.values]).take(pa.array(at))
    return pa.ListArray.from_arrays(pa.array(offsets), inner, column.type, mask=pa.array(~valid))


def _lengths(column: pa.ListArray) -> Ints:
    lengths: Ints = np.diff(np.array(column.offsets)) * _valid(column)
    return lengths


def _valid(column: pa.ListArray) -> Ints:
    valid: Ints = cells(column.is_valid())
    return valid


# -- columns -----------------------------------------------------------------------------------------------------------

_PUNCTUALITY: Final = pa.array(PUNCTUALITY, pa.string())
_STEP_OUTCOMES: Final = pa.array(STEP_OUTCOMES, pa.string())
_ENDED_BY: Final = pa.array(("", *KINDS), pa.string())
_OUTCOMES: Final = pa.array(OUTCOMES, pa.string())


def _outcomes(answers: Answers, duties: tuple[str, ...]) -> dict[str, pa.Array]:
    """The outcome of each duty, on the memory that it was written into."""
    codes, n = answers.codes[len(CODES) :], answers.size
    there = codes[:, :n] != 0
    bits, data, stride = np.packbits(there, axis=1, bitorder="little"), pa.py_buffer(codes), codes.shape[1]
    found = {}
    for row, duty in enumerate(duties):
        index = pa.Array.from_buffers(pa.int8(), n, [pa.py_buffer(bits[row]), data.slice(row * stride, n)])
        found[duty] = pa.DictionaryArray.from_arrays(index, _OUTCOMES, safe=False)
    return found


def _days(answers: Answers, duties: tuple[str, ...], schema: pa.Schema) -> dict[str, pa.Array]:
    """Numbers and days, on the memory that they were written into."""
    dates, n, own = answers.dates, answers.size, len(DATES)
    data = pa.py_buffer(dates)
    size, stride = n * 4, dates.shape[1] * 4
    there = np.concatenate([dates[:own, :n] != clock.NONE, dates[own:, :n] > 0])
    bits, whole = np.packbits(there, axis=1, bitorder="little"), np.logical_and.reduce(there, axis=1)
    found = {}
    for row, name in enumerate((*DATES, *(f"{duty}.act_by" for duty in duties))):
        buffers = [None if whole[row] else pa.py_buffer(bits[row]), data.slice(row * stride, size)]
        found[name] = pa.Array.from_buffers(schema.field(name).type, n, buffers)
    return found


def steps_of(batch: Batch, answers: Answers) -> pa.ListArray:
    """The column of steps: those of a dossier in the order in which they were set."""
    kind, n = steps_type(pa), len(batch)
    if not answers.told[0]:
        return pa.ListArray.from_arrays(pa.array(np.zeros(n + 1, np.int32)), pa.array([], kind.value_type), kind)
    told = answers.steps[:, : answers.told[0]]
    if (np.diff(told[0]) < 0).any():  # of several laws
        told = told[:, np.argsort(told[0], kind="stable")]
    rows, tag, x, y, outcome, done, _ = told
    offsets = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(rows, minlength=n), out=offsets[1:])
    minutes = x.astype(np.int64) * IN_A_DAY + np.where((y >= 0) & (y < WHOLE_DAY), y, WHOLE_DAY)
    dues, which = np.unique(minutes, return_inverse=True)
    due = pa.array(promised(dues), pa.string()).take(pa.array(which.reshape(-1), mask=x == clock.NONE))
    done_on = pa.array(done, mask=done == clock.NONE).cast(pa.date32())
    columns = [_agencies(batch, tag), due, done_on, _STEP_OUTCOMES.take(pa.array(outcome))]
    inner = pa.StructArray.from_arrays(columns, fields=list(kind.value_type))
    return pa.ListArray.from_arrays(pa.array(offsets), inner, kind)


def _steps_first(batch: Batch, answers: Answers, columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """The columns of the first act where that is an agency's step; its day goes among the answers."""
    row, tag, due, _, outcome, _, kind = answers.steps[:, : answers.told[0]]
    hidden = batch.hidden[row]
    answer = np.where(kind == clock.STEP_ASSIGNED, clock.STEP_DONE, clock.OPINION_RECEIVED)
    end_is_seen = (hidden & clock.GAP_FINISH == 0) & (hidden & clock.RESULTS != clock.RESULTS)
    expected = (outcome == steps.PENDING) | (outcome == steps.OVERDUE)
    expected &= (answers.column("ended_by")[row] == 0) & end_is_seen & (hidden >> answer & 1 == 0)
    if not expected.any():
        return {}
    by, first = answers.column("next_act_by"), columns["next_act"]
    best: dict[int, tuple[int, str]] = {}
    agencies = _agencies(batch, tag[expected]).to_pylist()
    for k, name, day in zip(row[expected].tolist(), agencies, due[expected].tolist(), strict=True):
        known = best.get(k) or ((int(by[k]), first[k].as_py()) if by[k] != clock.NONE else None)
        if known is None or (day, STEP + (name or "")) < known:
            best[k] = day, STEP + (name or "")
    rows = sorted(best)
    by[rows] = [best[k][0] for k in rows]
    mask = np.zeros(len(batch), bool)
    mask[rows] = True
    told: dict[str, list[Any]] = {"next_act": [best[k][1] for k in rows], "next_act_roles": [None] * len(rows)}
    return {name: _replaced(columns[name], pa.array(mask), values) for name, values in told.items()}


def _agencies(batch: Batch, tags: Ints) -> pa.Array:
    column = batch.payload.get("agency")
    if column is None or not len(tags):
        return pa.nulls(len(tags), pa.string())
    return encode(column).dictionary.take(pa.array(tags - 1, mask=tags == 0))


def _words(codes: Ints, words: pa.Array, there: Mask | None = None) -> pa.DictionaryArray:
    """Codes, `int8` or `int32`, as places in a list of words; none where `there` is false."""
    valid = None if there is None or there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
    kind = pa.int8() if codes.dtype == np.int8 else pa.int32()
    index = pa.Array.from_buffers(kind, len(codes), [valid, pa.py_buffer(codes)])
    return pa.DictionaryArray.from_arrays(index, words, safe=False)


def _flags(true: Mask, there: Mask) -> pa.Array:
    """A column of flags; none where `there` is false."""
    bits = [None if there.all() else np.packbits(there, bitorder="little"), np.packbits(true, bitorder="little")]
    return pa.Array.from_buffers(pa.bool_(), len(true), [None if each is None else pa.py_buffer(each) for each in bits])


def _said(coder: Coder, codes: Int32s, column: str, say: Callable[[Keys], Iterable[str | None]]) -> pa.DictionaryArray:
    """A column of words from the codes of their keys."""
    table, words, some_missing = coder.words(column, say)
    if len(words) == len(table) == len(coder.came_up) and not some_missing:  # each key has its own word
        places = codes
    else:
        places = np.append(table, np.int32(-1)).take(codes, mode="wrap")
    if places.min(initial=0) < 0:
        return _words(np.maximum(places, 0), words, places >= 0)
    return _words(np.ascontiguousarray(places), words)


def _carried(column: pa.Array | None, n: int) -> pa.Array:
    words = pa.dictionary(pa.int32(), pa.string())
    if column is None or pa.types.is_null(column.type):
        return pa.nulls(n, words)
    return column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()


def _fitting(column: pa.Array, kind: pa.DataType) -> pa.Array:
    return column if column.type == kind else column.cast(kind)


# -- words that depend on the law --------------------------------------------------------------------------------------


class KeyWords:
    """What the keys of `telling.keyed` say: each method reads the numbers of a key as that function packs them."""

    def __init__(self, kept: Kept, duties: tuple[str, ...]) -> None:
        self.kept, self.duties = kept, duties
        self._laws: dict[tuple[int, ...], _Law] = {}

    def columns(self) -> Iterator[tuple[str, str, Callable[[Keys], Iterable[str | None]]]]:
        """Each column of words, the key that it depends on, and how it is said."""
        for say in (self.clock_version, self.versions, self.clauses, self.assumptions, self.calendar_digest):
            yield say.__name__, "law", self._by_law(say)
        yield "responsible", "faults", lambda keys: map(self.responsible, keys.tolist())
        yield "notes", "notes", lambda keys: map(notes, keys[:, 0].tolist())
        yield "next_act", "next", lambda keys: map(self.next_act, keys[:, 0].tolist())
        yield "next_act_roles", "next", lambda keys: map(self.next_act_roles, keys[:, 0].tolist())
        yield "promised_due", "promise", lambda keys: promised(keys[:, 0])

    def _by_law(self, say: Callable[[_Law], str | None]) -> Callable[[Keys], Iterable[str | None]]:
        return lambda keys: (say(self._law(tuple(key))) for key in keys.tolist())

    def _law(self, key: tuple[int, ...]) -> _Law:
        law = self._laws.get(key)
        if law is None:
            law = self._laws[key] = self._read(*key)
        return law

    def _read(self, readings: int, second: int, *words: int) -> _Law:
        rest, regime = divmod(second, 1 << 16)
        rest, unseen = divmod(rest, 2)
        rest, used = divmod(rest, 2)
        number, started = divmod(rest, 2)
        acts = _unpacked(words, ACTS_A_WORD, 7, len(self.duties))
        plan = self.kept.plans[number]
        version = plan.regimes.regimes.versions[regime - 1] if regime else None
        found = tuple(zip(self.duties, plan.composed.acts, acts, strict=True))
        return _Law(plan, version, bool(started), bool(used), bool(unseen), readings, found)

    def clock_version(self, law: _Law) -> str | None:
        """The version of the clock, where it was started."""
        return law.version.version if law.version is not None and law.started else None

    def calendar_digest(self, law: _Law) -> str:
        """The digest of the calendar that days were counted in."""
        digest: str = law.plan.calendar.calendar.digest
        return digest

    def versions(self, law: _Law) -> str:
        """The rule version of every finding."""
        return "|".join(f"{duty}={acts[act - 1].rule.version}" for duty, acts, act in law.acts if act)

    def clauses(self, law: _Law) -> str:
        """The first clause behind the clock and behind every finding."""
        said = [] if law.version is None else [f"clock={c.say()}" for c in law.version.citations[:1]]
        for duty, acts, act in law.acts:
            if act:
                said += [f"{duty}={c.say()}" for c in acts[act - 1].rule.citations[:1]]
        return "|".join(said)

    def assumptions(self, law: _Law) -> str:
        """The unconfirmed readings that the findings and the clock stand on."""
        names = {name for place, name in enumerate(law.plan.composed.readings) if law.readings >> place & 1}
        if law.used and law.version is not None and law.version.supplement_reading:
            names.add(law.version.supplement_reading)
        if law.unseen and law.version is not None and law.version.unseen is not None:
            names.add(law.version.unseen.assumption)
        return "|".join(sorted(names))

    def next_act(self, key: int) -> str:
        """The first act that is expected."""
        what = key & (1 << ACT_BITS) - 1
        return self.duties[what >> 1] if what & 1 else RETURN_RESULT

    def next_act_roles(self, key: int) -> str | None:
        """Who answers if it is not done in time."""
        what, law = key & (1 << ACT_BITS) - 1, self._law(tuple(self.kept.coders["law"].key(key >> ACT_BITS)))
        if what & 1:
            duty, acts, act = law.acts[what >> 1]
            found = acts[act - 1]
            return "|".join(sorted(roles_for(duty, (found.rule, *found.overlays)))) or None
        return None if law.version is None else law.version.result.role

    def responsible(self, key: list[int]) -> str:
        """Who answers for what was missed."""
        code, *words = key
        faults = _unpacked(words, FAULTS_A_WORD, 2, len(self.duties))
        if not any(faults):
            return ""
        said = []
        law = self._law(tuple(self.kept.coders["law"].key(code)))
        for (duty, acts, act), fault in zip(law.acts, faults, strict=True):
            roles = "+".join(roles_of(acts[act - 1], duty, FAULTS[fault - 1])) if act and fault else ""
            if roles:
                said.append(f"{duty}={roles}")
        return "|".join(said)


@dataclass(frozen=True, slots=True)
class _Law:
    """The key of a law, read."""

    plan: LawPlan
    version: ClockVersion | None
    """Of the clock, where one governs."""
    started: bool
    used: bool
    """Whether the version's effect of a supplement was applied."""
    unseen: bool
    """Whether an instrument that nobody has seen amended the version before the dossier's day."""
    readings: int
    acts: tuple[tuple[str, tuple[Act, ...], int], ...]
    """For each duty what its findings may come from, and which did."""


def _unpacked(words: Sequence[int], in_a_word: int, bits: int, count: int) -> list[int]:
    """Small numbers out of the words that `telling.keyed` packs them into, the first of a word highest."""
    found: list[int] = []
    for word in words:
        some = min(in_a_word, count - len(found))
        found += [word >> bits * at & (1 << bits) - 1 for at in reversed(range(some))]
    return found


def roles_of(act: Act, duty: str, outcome: int) -> list[str]:
    """Who answers for this outcome of a duty, by rule and local acts together."""
    sources: tuple[Rule | Overlay, ...] = (act.rule, *act.overlays)
    answers = [answer for source in sources for answer in source.responsibilities]
    return sorted({a.role for a in answers if a.duty == duty and OUTCOMES[outcome] in a.outcomes})


_QUIET: Final[frozenset[str]] = frozenset({REASONS[clock.KNOWN], REASONS[clock.LIMIT_IS_NONE]})
_NOTED: Final[tuple[tuple[int, Mapping[int, str]], ...]] = (
    (3, NOTES),
    (
        LOG_AT,
        {
            prepare.UNKNOWN_KIND: "unknown_kind",
            prepare.UNKNOWN_FIELD: "unknown_field",
            prepare.DUPLICATE: "duplicate_event",
        },
    ),
    (NOTED_AT, NOTED),
    (PLACE_AT, {NO_OVERLAY: "no_overlay", NOT_IN_FORCE: "jurisdiction_not_in_force"}),
)


def notes(code: int) -> str:
    """What is noted of a dossier."""
    names: set[str] = {str(REASONS[code & 7])} - _QUIET
    for shift, known in _NOTED:
        names |= {name for bit, name in known.items() if code >> shift & bit}
    return "|".join(sorted(names))


def promised(keys: Keys) -> list[str]:
    """Days, each with its minute where one was promised."""
    day, minute = np.divmod(keys, IN_A_DAY)
    whole = minute == WHOLE_DAY
    texts = np.datetime_as_string((day * WHOLE_DAY + np.where(whole, 0, minute)).astype("datetime64[m]"), unit="m")
    said: list[str] = np.where(whole, texts.astype("U10"), texts).tolist()
    return said
