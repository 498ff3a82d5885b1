"""Answers as the documented result table: Arrow columns, words as dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.bulk import arrange
from tthc_rules.bulk.governing import Plan
from tthc_rules.bulk.intake import CARRIED, Batch
from tthc_rules.bulk.score import NO_OVERLAY, NOT_IN_FORCE, Answers
from tthc_rules.law import clock
from tthc_rules.law.civil import date_of
from tthc_rules.law.codes import KINDS, NOTES, PUNCTUALITY, REASONS
from tthc_rules.law.composed import CODES, NOTED, OUTCOMES, Act
from tthc_rules.law.rule import FOREVER, Overlay, Rule
from tthc_rules.result.columns import NUMBERS
from tthc_rules.result.columns import result_schema as schema_of_result
from tthc_rules.result.row import Row, clause

Ints: TypeAlias = Any  # arrays of whole numbers

FAULTS: Final = tuple(CODES[name] for name in ("met_late", "missed", "broken"))


@cache
def result_schema(duties: tuple[str, ...]) -> pa.Schema:
    """The columns of a result and their types, of pyarrow."""
    return schema_of_result(duties, pa)


def table_of(
    batch: Batch,
    answers: Answers,
    duties: tuple[str, ...],
    rules_digest: str,
    unknown_names: pa.DictionaryArray,
    aside: Mapping[int, Row],
) -> pa.RecordBatch:
    """The rows of a batch; those set aside come as they were judged one by one."""
    schema = result_schema(duties)
    n = len(batch)
    taken = answers.clock
    columns: dict[str, pa.Array] = {
        "dossier_id": batch.ids,
        "error_code": _nothing(n, schema.field("error_code").type),
        "error": pa.nulls(n, pa.string()),
        **{name: _carried(batch.carried.get(name), n) for name in CARRIED.values()},
        "punctuality": _words(taken["punctuality"], PUNCTUALITY),
        "punctuality_current": _words(taken["punctuality_current"], PUNCTUALITY),
        "clock_version": _by_plan(answers, _clock_versions),
        "ended_by": _words(answers.ended_by, ("", *KINDS), absent=0),
        "finished_on": _dates(answers.finished),
        "accepted_on": _dates(answers.accepted),
        "promised_due": _promises(taken["promised_day"], taken["promised_minute"]),
        "provisional": pa.array(taken["provisional"] != 0, mask=taken["notes"] & clock.ACCEPTANCE_UNKNOWN != 0),
        "responsible": _by_plan(answers, _responsible, duties),
        "versions": _by_plan(answers, _versions, duties),
        "clauses": _by_plan(answers, _clauses, duties),
        "notes": _notes(answers),
        "unknown_names": unknown_names,
        "assumptions": _by_plan(answers, _assumptions),
        "rules_digest": _words(np.zeros(n, np.int32), (rules_digest,), wide=True),
        "calendar_digest": _by_plan(answers, _calendar_digest),
    }
    for name in NUMBERS:
        columns[name] = _numbers(taken[name])
    for name in ("original_due", "lawful_due", "current_due"):
        columns[name] = _dates(taken[name])
    found = answers.findings
    for place, duty in enumerate(duties):
        columns[duty] = _words(found.outcome[place], OUTCOMES, absent=0)
        columns[f"{duty}.act_by"] = _with_nulls(found.act_by[place], pa.date32(), found.act_by[place] > 0)
    arrays = [_fitting(columns[f.name], f.type) for f in schema]
    made = pa.RecordBatch.from_arrays(arrays, schema=schema)
    return with_rows(made, aside) if aside else made


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


# -- columns -----------------------------------------------------------------------------------------------------------


def _valid(bits: Ints) -> pa.Buffer:
    return pa.py_buffer(np.packbits(bits, bitorder="little"))


def _numbers(values: Ints) -> pa.Array:
    return _with_nulls(values, pa.int32())


def _dates(days: Ints) -> pa.Array:
    return _with_nulls(days, pa.date32())


def _with_nulls(values: Ints, kind: pa.DataType, valid: Ints | None = None) -> pa.Array:
    valid = values != clock.NONE if valid is None else valid
    data = pa.py_buffer(np.ascontiguousarray(values, np.int32))
    buffers = [None if valid.all() else _valid(valid), data]
    return pa.Array.from_buffers(kind, len(values), buffers)


def _words(codes: Ints, words: Sequence[str], absent: int = -1, wide: bool = False) -> pa.DictionaryArray:
    kind = np.int32 if wide else np.int8
    indices = np.ascontiguousarray(codes, kind)
    valid = None
    if absent >= 0:
        there = codes != absent
        valid = None if there.all() else _valid(there)
    index = pa.Array.from_buffers(pa.int32() if wide else pa.int8(), len(codes), [valid, pa.py_buffer(indices)])
    return pa.DictionaryArray.from_arrays(index, pa.array(words, pa.string()))


def _nothing(n: int, kind: pa.DataType) -> pa.Array:
    return pa.nulls(n, kind)


def _carried(column: pa.Array | None, n: int) -> pa.Array:
    words = pa.dictionary(pa.int32(), pa.string())
    if column is None or pa.types.is_null(column.type):
        return pa.nulls(n, words)
    return column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()


def _fitting(column: pa.Array, kind: pa.DataType) -> pa.Array:
    return column if column.type == kind else column.cast(kind)


def _coded(keys: Ints, say: Callable[[int], str | None]) -> pa.DictionaryArray:
    """One word for each distinct key, said once."""
    encoded = pa.array(keys).dictionary_encode()
    said = pa.array([say(key) for key in encoded.dictionary.to_pylist()], pa.string()).dictionary_encode()
    indices = said.indices.take(encoded.indices) if len(encoded.dictionary) else encoded.indices
    return pa.DictionaryArray.from_arrays(indices, said.dictionary)


def _by_plan(answers: Answers, column: Callable[..., pa.DictionaryArray], *more: Any) -> pa.DictionaryArray:
    """A column whose words depend on the governing law; one law governs most batches whole."""
    if not answers.plans:
        return pa.nulls(len(answers.plan), pa.dictionary(pa.int32(), pa.string()))
    if len(answers.plans) == 1:
        return column(answers.plans[0], answers, slice(None), *more)
    parts, places = [], []
    for number, plan in enumerate(answers.plans):
        rows = np.flatnonzero(answers.plan == number)
        parts.append(column(plan, answers, rows, *more))
        places.append(rows)
    back = np.empty(len(answers.plan), np.int64)
    back[np.concatenate(places)] = np.arange(len(back))
    whole = pa.chunked_array(parts).unify_dictionaries().combine_chunks()
    whole = whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
    return whole.take(pa.array(back))


# -- words that depend on the law --------------------------------------------------------------------------------------


def _clock_versions(plan: Plan, answers: Answers, rows: Any) -> pa.DictionaryArray:
    names = tuple(version.version for version in plan.regimes.regimes.versions)
    started = answers.start[rows] != clock.NONE
    return _words((answers.clock["regime"][rows] + 1) * started, ("", *names), absent=0, wide=True)


def _calendar_digest(plan: Plan, answers: Answers, rows: Any) -> pa.DictionaryArray:
    return _words(np.zeros(len(answers.plan[rows]), np.int32), (plan.calendar.calendar.digest,), wide=True)


def _fields(rows: Sequence[Ints], sizes: Sequence[int]) -> tuple[Ints, Callable[[int], list[int]]]:
    """Several small numbers as one key, and how to read them back; keys that grow too large are counted instead."""
    n = len(rows[0]) if rows else 0
    key = np.zeros(n, np.int64)
    radix = 1
    steps: list[tuple[int, list[int]] | int] = []
    for row, size in zip(rows, sizes, strict=True):
        if radix * size >= 1 << 62:
            encoded = pa.array(key).dictionary_encode()
            key = np.asarray(encoded.indices).astype(np.int64)
            known = encoded.dictionary.to_pylist()
            steps.append((max(len(known), 1), known))
            radix = max(len(known), 1)
        if size > 1:
            key += row.astype(np.int64) * radix
        steps.append(size)
        radix *= size

    def read(code: int) -> list[int]:
        weights, radix = [], 1
        for step in steps:
            weights.append(radix)
            radix = step[0] if isinstance(step, tuple) else radix * step
        found = []
        for step, weight in zip(steps[::-1], weights[::-1], strict=True):
            if isinstance(step, tuple):
                code = step[1][code]
            else:
                digit, code = divmod(code, weight)
                found.append(digit)
        return found[::-1]

    return key, read


def _acts(plan: Plan, answers: Answers, rows: Any) -> tuple[Ints, Callable[[int], list[int]]]:
    sizes = [len(acts) + 1 for acts in plan.composed.acts]
    return _fields([answers.findings.act[d][rows] for d in range(len(sizes))], sizes)


def _versions(plan: Plan, answers: Answers, rows: Any, duties: Sequence[str]) -> pa.DictionaryArray:
    key, read = _acts(plan, answers, rows)

    def say(code: int) -> str:
        found = zip(duties, plan.composed.acts, read(code), strict=True)
        return "|".join(f"{duty}={acts[act - 1].rule.version}" for duty, acts, act in found if act)

    return _coded(key, say)


def _clauses(plan: Plan, answers: Answers, rows: Any, duties: Sequence[str]) -> pa.DictionaryArray:
    sizes = [len(acts) + 1 for acts in plan.composed.acts]
    found = [answers.findings.act[d][rows] for d in range(len(sizes))]
    versions = plan.regimes.regimes.versions
    regime = answers.clock["regime"][rows] + 1
    key, read = _fields([regime, *found], [len(versions) + 1, *sizes])

    def say(code: int) -> str:
        regime, *found = read(code)
        said = [f"clock={clause(c)}" for c in versions[regime - 1].citations[:1]] if regime else []
        for duty, acts, act in zip(duties, plan.composed.acts, found, strict=True):
            if act:
                said += [f"{duty}={clause(c)}" for c in acts[act - 1].rule.citations[:1]]
        return "|".join(said)

    return _coded(key, say)


def roles_of(act: Act, duty: str, outcome: int) -> list[str]:
    """Who answers for this outcome of a duty, by rule and local acts together."""
    sources: tuple[Rule | Overlay, ...] = (act.rule, *act.overlays)
    answers = [answer for source in sources for answer in source.responsibilities]
    return sorted({a.role for a in answers if a.duty == duty and OUTCOMES[outcome] in a.outcomes})


def _responsible(plan: Plan, answers: Answers, rows: Any, duties: Sequence[str]) -> pa.DictionaryArray:
    found = answers.findings
    fields, sizes, words = [], [], []
    for place, duty in enumerate(duties):
        acts = plan.composed.acts[place]
        if not acts:
            continue
        said: dict[str, int] = {"": 0}
        table = np.zeros((len(acts) + 1) * len(OUTCOMES), np.uint8)
        for number, act in enumerate(acts, 1):
            for outcome in FAULTS:
                roles = "+".join(roles_of(act, duty, outcome))
                if roles:
                    text = f"{duty}={roles}"
                    table[number * len(OUTCOMES) + outcome] = said.setdefault(text, len(said))
        if len(said) > 1:
            code = found.act[place][rows].astype(np.int32) * len(OUTCOMES) + found.outcome[place][rows]
            fields.append(table.take(code))
            sizes.append(len(said))
            words.append(tuple(said))
    if not fields:
        return _words(np.zeros(len(answers.plan[rows]), np.int32), ("",), wide=True)
    key, read = _fields(fields, sizes)
    return _coded(key, lambda code: "|".join(w[k] for w, k in zip(words, read(code), strict=True) if k))


def _assumptions(plan: Plan, answers: Answers, rows: Any) -> pa.DictionaryArray:
    versions = plan.regimes.regimes.versions
    used = (answers.clock["restarted"][rows] > 0) & (answers.start[rows] != clock.NONE)
    governed = answers.clock["regime"][rows] + 1
    regime = governed * used
    # A version whose wording was not seen, by the day that picked it: accepted there, or still on its way.
    begins = np.array([0, *(version.in_force.start for version in versions)], np.int64)
    amended = np.array([FOREVER, *(FOREVER if v.unseen is None else v.unseen.start for v in versions)], np.int64)
    accepted = answers.accepted[rows]
    picked = np.where(accepted == clock.NONE, begins[governed], accepted)
    unseen = governed * (picked >= amended[governed])
    several = len(versions) + 1
    key = (answers.findings.readings[rows].astype(np.int64) * several + regime) * several + unseen

    def say(code: int) -> str:
        code, unseen = divmod(code, several)
        bits, regime = divmod(code, several)
        names = {name for place, name in enumerate(plan.composed.readings) if bits >> place & 1}
        if regime and versions[regime - 1].supplement_reading:
            names.add(versions[regime - 1].supplement_reading)
        if unseen and (amendment := versions[unseen - 1].unseen) is not None:
            names.add(amendment.assumption)
        return "|".join(sorted(names))

    return _coded(key, say)


_NOTED_ABOVE: Final = max(NOTES).bit_length()
_QUIET: Final[frozenset[str]] = frozenset({REASONS[clock.KNOWN], REASONS[clock.LIMIT_IS_NONE]})


def _notes(answers: Answers) -> pa.DictionaryArray:
    bits: list[tuple[Ints, Mapping[int, str]]] = [
        (answers.clock["notes"], NOTES),
        (
            answers.log_notes,
            {
                arrange.UNKNOWN_KIND: "unknown_kind",
                arrange.UNKNOWN_FIELD: "unknown_field",
                arrange.DUPLICATE: "duplicate_event",
            },
        ),
        (answers.findings.noted, NOTED),
        (answers.place_notes, {NO_OVERLAY: "no_overlay", NOT_IN_FORCE: "jurisdiction_not_in_force"}),
    ]
    key = answers.clock["reason"].astype(np.int64) * (answers.start != clock.NONE)
    shifts, shift = [], 3
    for column, known in bits:
        shifts.append(shift)
        key |= column.astype(np.int64) << shift
        shift += max(known).bit_length()

    def say(code: int) -> str:
        names: set[str] = {str(REASONS[code & 7])} - _QUIET
        for (_, known), shift in zip(bits, shifts, strict=True):
            names |= {name for bit, name in known.items() if code >> shift & bit}
        return "|".join(sorted(names))

    return _coded(key, say)


@cache
def _days() -> pa.Array:
    first, last = -(1 << 15), 1 << 16
    return pa.array([date_of(day).isoformat() for day in range(first, last)])


def _promises(day: Ints, minute: Ints) -> pa.DictionaryArray:
    timed = (minute >= 0) & (minute < 1440)
    key = day.astype(np.int64) * 1441 + 1440 + (minute - 1440) * timed

    def say(code: int) -> str | None:
        day, minute = divmod(code, 1441)
        if day == clock.NONE:
            return None
        text = date_of(day).isoformat()
        return text if minute == 1440 else f"{text}T{minute // 60:02d}:{minute % 60:02d}"

    return _coded(key, say)
