"""Counting a table of results by columns: the same tally as row by row, for millions of dossiers.

It and what it is made of (`coded`, `step_columns`) know numpy, and are imported when a table is handed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_rules.account.cells import name_in, names_in
from tthc_rules.account.coded import NONE, Coded, Ints, grouped
from tthc_rules.account.problems import row_not_read, word_not_known
from tthc_rules.account.rows import (
    BREACHES,
    GIVEN_BACK,
    HANDLING,
    LEFT_OUT,
    ONE_STOP,
    doubted_dues,
    hides_stops,
    is_in_doubt,
    roles_of,
    words_of,
)
from tthc_rules.account.step_columns import StandingColumns, StepColumns
from tthc_rules.account.steps import IN_TIME, STATES, UNDETERMINED
from tthc_rules.account.tables import is_word, read_results
from tthc_rules.account.tally import AFTER, EARLY, ENDS, IN_DOUBT, ON_THE_DAY, SAMPLE, SIZE, WIDTH, Tally, sets_of
from tthc_rules.errors import AccountError
from tthc_rules.law.indicator import DUES, LAWFUL
from tthc_rules.result.columns import ACT_BY, STEPS, duties_among

_WIDE = 64
"""Ids longer than this are compared as text."""


class ResultColumns:
    """The columns of a table of results, read once."""

    def __init__(self, source: Any) -> None:
        table = read_results(source)
        self.table, self.rows = table, table.num_rows
        self.ids = table.column("dossier_id")
        errors = self.coded("error_code")
        self.is_error: Ints = errors.codes >= 0
        self.handling, self.one_stop = self.named(HANDLING), self.named(ONE_STOP)
        self.field, self.officers = self.named("field"), self.named("officers", names_in)
        self.accepted = self.days("accepted_on")
        self.dues = [self.days(due) for due in DUES]
        self.finished = self.days("finished_on")
        self.given_back = self.coded("ended_by").mask(GIVEN_BACK)
        self.state = self.coded("punctuality")
        self.in_doubt = self._in_doubt("punctuality", "lawful_due", "days_late")
        current = self._in_doubt("punctuality_current", "current_due", "days_late_current")
        self.doubted = doubted_dues(self._hides_stops(), current)
        self.responsible = self.coded("responsible")
        self.steps = StepColumns.of(self.column(STEPS), self.rows)
        self.duties = [name for name in duties_among(table.column_names) if is_word(table.column(name).type)]
        for name, known in words_of(table.column_names).items():
            self._hold(name, known)

    def _hold(self, name: str, known: tuple[str, ...]) -> None:
        """Refuse the first word of a column that is none of those that it may say."""
        if {word.as_py() for word in pc.unique(self.column(name))} <= {*known, "", None}:
            return
        coded = self.coded(name)
        odd = np.flatnonzero(coded.lookup([word not in known for word in coded.words], False))
        if len(odd):
            row = int(odd[0])
            raise AccountError(word_not_known(f"results[{row}]", name, coded.word(int(coded.codes[row])) or "", known))

    def _in_doubt(self, state: str, due: str, days_late: str) -> Ints:
        """`is_in_doubt` of every row."""
        said, known = self.coded(state), self.dues[DUES.index(due)] != NONE
        silent = self._is_silent(days_late)
        return np.where(
            known & silent,
            said.mask([word for word in said.words if is_in_doubt(word, due, None)]),
            said.mask([word for word in said.words if is_in_doubt(word, None, 0)]),
        )

    def _is_silent(self, name: str) -> Ints:
        """Which rows say no number; none where there is no such column."""
        column = self.column(name)
        if column is None:
            return np.zeros(self.rows, bool)
        return self.coded(name).codes < 0 if is_word(column.type) else np.asarray(pc.is_null(column, nan_is_null=True))

    def _hides_stops(self) -> Ints:
        """`hides_stops` of every row: an empty text says that nothing is observed, and no text that everything is."""
        observes, unknown = self.coded("observes"), self.coded("unknown")
        column = self.column("observes")
        said = np.zeros(self.rows, bool) if column is None else np.asarray(pc.is_valid(column.cast(pa.string())))
        hidden = observes.lookup([hides_stops(word, "") for word in observes.words], True, bool)
        return (said & hidden) | unknown.mask([word for word in unknown.words if hides_stops(None, word)])

    def column(self, name: str) -> Any:
        return self.table.column(name) if name in self.table.column_names else None

    def coded(self, name: str) -> Coded:
        return Coded(self.column(name), self.rows)

    def named(self, name: str, read: Callable[[str, str, str], str] = name_in) -> Coded:
        """A column of units or persons, each by the one form of its name."""
        return Coded(self.column(name), self.rows, lambda word: read(word, "results", name))

    def days(self, name: str) -> Ints:
        """A column of dates as days since 1970; text is read as ISO, to the day."""
        column = self.column(name)
        if column is None or pa.types.is_null(column.type):
            return np.full(self.rows, NONE, dtype=np.int32)
        if pa.types.is_timestamp(column.type):
            column = pc.cast(column, pa.date32(), safe=False)
        if pa.types.is_date64(column.type):
            column = pc.cast(column, pa.date32())
        if not pa.types.is_date32(column.type):
            coded = Coded(column, self.rows)
            try:
                texts = pa.array([word[:10] for word in coded.words], pa.string())
                days = pc.cast(pc.cast(texts, pa.date32()), pa.int32()).to_pylist()
            except pa.ArrowInvalid as error:
                raise AccountError(row_not_read("results", name, str(error))) from None
            return coded.lookup(days, NONE, np.int32)
        values = pc.fill_null(pc.cast(column, pa.int32()), NONE)
        return values.to_numpy()


def tally_table(source: Any, tally: Tally, petitioned: Set[str] = frozenset()) -> Tally:
    """Count a table by columns into a tally; equal to `tally_rows` on the same rows."""
    table = ResultColumns(source)
    if not tally.by_field:
        table.field = Coded(None, table.rows)
    tally.read = table.rows
    first = _first_of_each(table, tally)
    accepted = first & (table.accepted != NONE)
    doubtful = first & table.in_doubt
    not_accepted = int((first & ~accepted & ~doubtful).sum())
    tally.left_out = +Counter({"not_accepted": not_accepted, "undetermined": int(doubtful.sum())})
    rules = table.coded("rules_digest")
    present = np.bincount(rules.codes[first] + 1, minlength=len(rules.words) + 1)
    tally.rules = {word for at, word in enumerate(rules.words) if present[at + 1]}
    _breaches(table, tally, np.flatnonzero(accepted))
    standing = StandingColumns.of(table.steps, table.finished, tally.spans[0][1])
    _steps(table, tally, accepted, standing)
    accepted &= ~doubtful
    for why in LEFT_OUT:
        out = accepted & table.state.mask((why,))
        tally.left_out = tally.left_out + Counter({why: int(out.sum())})
        accepted &= ~out
    counted = np.flatnonzero(accepted)
    for at, (start, end) in enumerate(tally.spans):
        _count(table, tally, counted, at, start, end, petitioned, standing)
        _count_in_doubt(table, tally, np.flatnonzero(doubtful), at, start, end)
    return tally


def _count_in_doubt(table: ResultColumns, tally: Tally, rows: Ints, at: int, start: int, closing: int) -> None:
    """Dossiers of which nothing can be said: counted apart in each period that they may belong to."""
    accepted, finished = table.accepted[rows], table.finished[rows]
    begun = (accepted == NONE) | (accepted <= closing)
    rows = rows[begun & ((finished == NONE) | (finished >= start))]
    for capacity, coded in ((HANDLING, table.handling), (ONE_STOP, table.one_stop)):
        for (code,), count in grouped(coded.codes[rows]):
            if code >= 0 or capacity == HANDLING:
                key = (capacity, coded.word(code))
                counts = tally.counts.setdefault(key, [[0] * WIDTH for _ in tally.spans])[at]
                for by_due in range(len(DUES)):
                    counts[by_due * SIZE + IN_DOUBT] += count


def _first_of_each(table: ResultColumns, tally: Tally) -> Ints:
    """Which rows count: no error rows, and of a dossier's rows the first."""
    tally.errors = int(table.is_error.sum())
    keep = ~table.is_error
    if not _may_repeat(table.ids.filter(pa.array(keep)) if tally.errors else table.ids):
        return keep
    seen: set[str] = set()
    for at, name in enumerate(table.ids.to_pylist()):
        if not keep[at]:
            continue
        if name and name in seen:
            keep[at] = False
            tally.repeated += 1
            tally.repeated_example = tally.repeated_example or name
        seen.add(name)
    return keep


def _may_repeat(ids: Any) -> bool:
    """Whether some id may occur twice: never false where one does. Hashes of the bytes are sorted, as text is slow."""
    if not len(ids):
        return False
    widest = pc.max(pc.binary_length(ids)).as_py() or 0
    if widest > _WIDE or not pc.all(pc.string_is_ascii(ids)).as_py():
        return bool(pc.count_distinct(ids, mode="all").as_py() != len(ids))
    width = -(-max(widest, 1) // 8) * 8
    hashes = np.concatenate([_hashes(chunk, width) for chunk in pc.ascii_rpad(ids, width).chunks])
    hashes.sort()
    return bool((hashes[1:] == hashes[:-1]).any())


def _hashes(padded: Any, width: int) -> Ints:
    """A number for each text of one width: equal texts have equal numbers."""
    filled = pc.fill_null(padded, " " * width)
    offsets = np.frombuffer(filled.buffers()[1], dtype=np.int32)
    start = int(offsets[filled.offset])
    words = np.frombuffer(filled.buffers()[2], dtype=np.uint64, count=len(filled) * width // 8, offset=start)
    mixed = np.zeros(len(filled), dtype=np.uint64)
    for column in words.reshape(len(filled), -1).T:
        mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed


def _count(
    table: ResultColumns,
    tally: Tally,
    rows: Ints,
    at: int,
    start: int,
    closing: int,
    petitioned: Set[str],
    standing: StandingColumns,
) -> None:
    """The sets of one period, as `members` has them, for all rows at once: six bits say in which sets a row is."""
    finished_all, accepted_all = table.finished[rows], table.accepted[rows]
    there = (accepted_all <= closing) & ((finished_all == NONE) | (finished_all >= start))
    rows, finished, accepted = rows[there], finished_all[there], accepted_all[there]
    if not len(rows):
        return
    ended = (finished != NONE) & (finished <= closing)
    until = np.where(ended, finished, np.int32(closing))
    base = (accepted >= start) * _RECEIVED_BIT | ended * _ENDED_BIT | table.given_back[rows] * _BACK_BIT
    bits: list[Ints] = []
    for days, doubted in zip(table.dues, table.doubted, strict=True):
        due = days[rows]
        known = due != NONE
        late = known & (due < until)
        unsure = late & doubted[rows]
        bits.append(base | (late & ~unsure) * _LATE_BIT | (known & (due > until)) * _EARLY_BIT | unsure * _UNSURE_BIT)
    for capacity, coded in ((HANDLING, table.handling), (ONE_STOP, table.one_stop)):
        _add_counts(tally, capacity, coded, coded.codes[rows], bits, at)
    sure = (bits[LAWFUL] & _UNSURE_BIT) == 0
    rows, ended, by_law = rows[sure], ended[sure], bits[LAWFUL][sure]
    is_late = (by_law & _LATE_BIT).astype(bool)
    late_rows = rows[is_late]
    for (unit, officers), count in grouped(table.handling.codes[late_rows], table.officers.codes[late_rows]):
        tally.late_officers[at, table.handling.word(unit), table.officers.word(officers) or ""] += count
    if at == 0:
        early = (by_law & _EARLY_BIT).astype(bool)
        ends = np.where(is_late, AFTER, np.where(early, EARLY, ON_THE_DAY))
        _count_in_period(table, tally, rows, late_rows, ends, ended, is_late, petitioned)
        if table.steps.known:
            _count_steps(table, tally, rows, rows[ended], late_rows, standing)


_RECEIVED_BIT, _ENDED_BIT, _LATE_BIT, _EARLY_BIT, _BACK_BIT, _UNSURE_BIT = (np.uint8(1 << bit) for bit in range(6))
_CODES = 64


def _membership() -> Ints:
    """The sets by one due date of each combination of bits, as a matrix of 0 and 1, of shape (_CODES, SIZE)."""
    found = np.zeros((_CODES, SIZE), dtype=np.int64)
    for code in range(_CODES):
        received, ended, late, early, back, unsure = (bool(code >> bit & 1) for bit in range(6))
        found[code, [IN_DOUBT] if unsure else list(sets_of(received, ended, late, early, back))] = 1
    return found


_MEMBERSHIP = _membership()


def _add_counts(tally: Tally, capacity: str, coded: Coded, codes: Ints, bits: Sequence[Ints], at: int) -> None:
    units = len(coded.words) + 1
    offset = (codes.astype(np.int64) + 1) * _CODES
    matrix = np.zeros((units, WIDTH), dtype=np.int64)
    for number, code in enumerate(bits):
        sizes = np.bincount(offset + code, minlength=units * _CODES).reshape(units, _CODES)
        matrix[:, number * SIZE : (number + 1) * SIZE] = sizes @ _MEMBERSHIP
    for code in np.flatnonzero(matrix.any(axis=1)):
        if code == 0 and capacity == ONE_STOP:
            continue
        key = (capacity, coded.word(int(code) - 1))
        counts = tally.counts.setdefault(key, [[0] * WIDTH for _ in tally.spans])
        counts[at] = matrix[code].tolist()


def _count_in_period(
    table: ResultColumns,
    tally: Tally,
    rows: Ints,
    late_rows: Ints,
    ends: Ints,
    ended: Ints,
    is_late: Ints,
    petitioned: Set[str],
) -> None:
    handling, one_stop, officers, of_field = table.handling, table.one_stop, table.officers, table.field
    tally.without_unit = int((handling.codes[rows] < 0).sum())
    done = rows[ended]
    petition = np.zeros(len(done), dtype=np.int64)
    if petitioned:
        wanted = pa.array(sorted(petitioned), pa.string())
        ids = pc.cast(table.ids.take(pa.array(done)), pa.string())
        petition = np.asarray(pc.is_in(ids, value_set=wanted).combine_chunks()).astype(np.int64)
    end = (ends[ended] - EARLY).astype(np.int64)
    columns = (handling.codes[done], officers.codes[done], end, petition)
    for (unit, names, case, has), count in grouped(*columns):
        tally.officer_ends[handling.word(unit), officers.word(names) or "", ENDS[case], bool(has)] += count
    with_petition = petition.astype(bool)
    due, still = table.dues[LAWFUL][late_rows], ~ended[is_late]
    for capacity, coded in ((HANDLING, handling), (ONE_STOP, one_stop)):
        for (unit, case), count in grouped(coded.codes[done][with_petition], end[with_petition]):
            if unit >= 0 or capacity == HANDLING:
                tally.petitions[capacity, coded.word(unit), ENDS[case]] += count
        keys = (coded.codes[late_rows], of_field.codes[late_rows], due, still)
        for (unit, name, day, is_open), count in grouped(*keys):
            if unit >= 0 or capacity == HANDLING:
                tally.late[capacity, coded.word(unit), of_field.word(name), day, bool(is_open)] += count
    for (unit, day, state), count in grouped(handling.codes[late_rows], due, _apologies(table, tally, late_rows)):
        tally.apologies[handling.word(unit), day, ("yes", "no", "unknown")[state]] += count
    _sample(table, tally, "late", late_rows)


def _steps(table: ResultColumns, tally: Tally, accepted: Ints, standing: StandingColumns) -> None:
    """The steps of dossiers that fell due, or were late, in the period."""
    first, closing = tally.spans[0]
    steps = table.steps
    there = (accepted & (table.accepted <= closing))[steps.row] & (standing.last >= first) & (steps.agency >= 0)
    by_then = (steps.due != NONE) & (steps.due <= closing)
    open_states = [STATES.index(IN_TIME), STATES.index(UNDETERMINED)]
    at = np.flatnonzero(there & (by_then | np.isin(standing.state, open_states)))
    due = np.where(standing.is_late, steps.due, 0)
    for (agency, state, day), count in grouped(steps.agency[at], standing.state[at], due[at]):
        tally.steps[steps.agencies[agency], STATES[state], day] += count


def _count_steps(
    table: ResultColumns, tally: Tally, rows: Ints, ended: Ints, late: Ints, standing: StandingColumns
) -> None:
    """By dossier: whether its steps are known, the worst of them, and whether another agency was late in a late one."""
    steps, handling, officers = table.steps, table.handling, table.officers
    worst = np.full(table.rows, -1)
    np.maximum.at(worst, steps.row, standing.end)
    other = np.zeros(table.rows, bool)
    other[steps.row[standing.is_late & steps.of_another(handling)]] = True
    for (unit,), count in grouped(handling.codes[late[other[late]]]):
        tally.mitigating[handling.word(unit)] += count
    told = ended[worst[ended] >= 0]
    for (unit, names), count in grouped(handling.codes[ended], officers.codes[ended]):
        tally.officer_fine[handling.word(unit), officers.word(names) or "", "steps", ""] += count
    for (unit, names, end), count in grouped(handling.codes[told], officers.codes[told], worst[told]):
        tally.officer_fine[handling.word(unit), officers.word(names) or "", "steps", ENDS[end]] += count
    for capacity, coded in ((HANDLING, handling), (ONE_STOP, table.one_stop)):
        counted = [(unit, "", count) for (unit,), count in grouped(coded.codes[rows])]
        cases = [(unit, ENDS[end], count) for (unit, end), count in grouped(coded.codes[told], worst[told])]
        for unit, case, count in (*counted, *cases):
            if unit >= 0 or capacity == HANDLING:
                tally.fine[capacity, coded.word(unit), "steps", case] += count


def _apologies(table: ResultColumns, tally: Tally, rows: Ints) -> Ints:
    """0 apologised, 1 not, 2 not known."""
    yes, no = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for name in table.duties:
        if name in tally.apology_duties:
            coded = table.coded(name)
            yes |= coded.mask(("met", "met_late"))[rows]
            no |= coded.mask(("missed",))[rows]
    return np.where(yes, 0, np.where(no, 1, 2))


def _breaches(table: ResultColumns, tally: Tally, rows: Ints) -> None:
    first, closing = tally.spans[0]
    handling, one_stop, officers, of_field = table.handling, table.one_stop, table.officers, table.field
    said = [roles_of(word) for word in table.responsible.words]
    for duty in table.duties:
        coded = table.coded(duty)
        broken = rows[coded.mask(BREACHES)[rows]]
        if not len(broken):
            continue
        act_by, lawful = table.days(duty + ACT_BY)[broken], table.dues[LAWFUL][broken]
        day = np.where(act_by != NONE, act_by, np.where(lawful != NONE, lawful, table.accepted[broken]))
        inside = (day >= first) & (day <= closing)
        broken, day = broken[inside], day[inside]
        cuts = np.array(tally.cuts, dtype=np.int64)
        if len(cuts):
            day = np.where(day < cuts[0], first, cuts[np.searchsorted(cuts, day, side="right") - 1])
        else:
            day = np.full(len(day), first)
        answering = [roles.get(duty, ()) for roles in said]
        known = tuple(dict.fromkeys([(), *answering]))
        places = table.responsible.lookup([known.index(one) for one in answering], 0, np.int32)[broken]
        keys = (coded.codes[broken], day, places, handling.codes[broken], one_stop.codes[broken])
        for (outcome, on, roles, unit, desk, name), count in grouped(*keys, of_field.codes[broken]):
            where = (handling.word(unit), one_stop.word(desk), of_field.word(name))
            tally.breaches[(duty, coded.words[outcome], on, known[roles], *where)] += count
        by_officer = np.array(["officer" in roles for roles in known])[places]
        asked = broken[by_officer]
        asked_of = (day[by_officer], handling.codes[asked], one_stop.codes[asked], officers.codes[asked])
        for (on, unit, desk, names), count in grouped(*asked_of):
            of_units = (handling.word(unit), one_stop.word(desk))
            tally.officer_breaches[(duty, on, *of_units, officers.word(names) or "")] += count
        _sample(table, tally, duty, broken)


def _sample(table: ResultColumns, tally: Tally, what: str, rows: Ints) -> None:
    """The first dossiers of each pair of units, in the order of the table."""
    if not len(rows):
        return
    pair = (table.handling.codes[rows] + 1).astype(np.int64) * (len(table.one_stop.words) + 1)
    pair += table.one_stop.codes[rows] + 1
    order = np.argsort(pair, kind="stable")
    _, starts, sizes = np.unique(pair[order], return_index=True, return_counts=True)
    taken = [rows[order[start : start + min(size, SAMPLE)]] for start, size in zip(starts, sizes, strict=True)]
    ids = iter(table.ids.take(pa.array(np.concatenate(taken))).to_pylist())
    for kept in taken:
        unit = table.handling.word(int(table.handling.codes[kept[0]]))
        desk = table.one_stop.word(int(table.one_stop.codes[kept[0]]))
        tally.samples[unit, desk, what] = [(at, next(ids) or "") for at in kept.tolist()]
