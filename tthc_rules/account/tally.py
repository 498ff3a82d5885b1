"""Counting dossiers one by one: the plain definition, which the group-by path must equal.

A tally is counts only. Everything that an account says is computed from it, so two ways of counting that give the same
tally give the same account.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from tthc_rules.account.rows import BREACHES, HANDLING, LEFT_OUT, ONE_STOP, DossierRow, Fine, roles_of
from tthc_rules.account.steps import StepState, is_counted, state_of, worst_of
from tthc_rules.law.indicator import DUE_SETS, DUES, LAWFUL, PLAIN_SETS

CAPACITIES: Final = (HANDLING, ONE_STOP)
_SETS: Final = (*PLAIN_SETS, *DUE_SETS)
SIZE: Final = len(_SETS)
"""How many sets are counted by each due date."""
(RECEIVED, CARRIED_OVER, FINISHED, LATE, IN_DOUBT, EARLY, ON_THE_DAY, AFTER, OPEN_IN_TIME, OPEN_LATE, RECEIVED_IN_TIME,
 RECEIVED_OPEN, RECEIVED_GIVEN_BACK) = range(SIZE)  # fmt: skip
WIDTH: Final = SIZE * len(DUES)
ENDS: Final = ("early", "on_the_day", "late")
SAMPLE: Final = 20
"""How many dossiers are named under a breach."""

UnitId = str | None
Counts = list[int]


def place_of(name: str, due: int = LAWFUL) -> int:
    """Where a set stands among the counts."""
    return _SETS.index(name) + SIZE * (LAWFUL if name == "late" else due)


IS_LATE: Final = place_of("late")
IS_RECEIVED: Final = place_of("received")
IS_IN_DOUBT: Final = place_of("undetermined")
_ENDED_EARLY: Final = place_of("finished_early")


@dataclass(slots=True)
class Tally:
    """What was counted, by unit as it is named in the dossiers; the first period is the account's own."""

    spans: tuple[tuple[int, int], ...]
    """First day and closing day of each period counted."""
    cuts: tuple[int, ...] = ()
    """The days on which who answers can change: breaches between two of them are counted together."""
    by_field: bool = False
    """Whether the field matters: some deputy is in charge of some fields only."""
    apology_duties: frozenset[str] = frozenset()
    """The duties whose rule says that they count as the apology to the applicant."""
    read: int = 0
    errors: int = 0
    repeated: int = 0
    repeated_example: str = ""
    left_out: Counter[str] = field(default_factory=Counter)
    without_unit: int = 0
    rules: set[str] = field(default_factory=set)
    counts: dict[tuple[str, UnitId], list[Counts]] = field(default_factory=dict)
    late: Counter[tuple[str, UnitId, str | None, int, bool]] = field(default_factory=Counter)
    """(capacity, unit, field, due, still open) of dossiers late in the first period."""
    late_officers: Counter[tuple[int, UnitId, str]] = field(default_factory=Counter)
    """(period, handling agency, officers) of late dossiers."""
    apologies: Counter[tuple[UnitId, int, str]] = field(default_factory=Counter)
    """(handling agency, due, yes, no or unknown) of late dossiers."""
    breaches: Counter[tuple[str, str, int, tuple[str, ...], UnitId, UnitId, str | None]] = field(
        default_factory=Counter
    )
    """(duty, outcome, the last cut before the day, roles, handling agency, one-stop unit, field)."""
    officer_breaches: Counter[tuple[str, int, UnitId, UnitId, str]] = field(default_factory=Counter)
    """(duty, the last cut before the day, handling agency, one-stop unit, officers) where the officer answers."""
    officer_ends: Counter[tuple[UnitId, str, str, bool]] = field(default_factory=Counter)
    """(handling agency, officers, end, petition) of finished dossiers."""
    petitions: Counter[tuple[str, UnitId, str]] = field(default_factory=Counter)
    """(capacity, unit, end) of finished dossiers with a petition about behaviour."""
    samples: dict[tuple[UnitId, UnitId, str], list[tuple[int, str]]] = field(default_factory=dict)
    """(handling agency, one-stop unit, duty or `late`) -> the first dossiers, with their place in the input."""
    fine: Counter[tuple[str, UnitId, str, str]] = field(default_factory=Counter)
    """(capacity, unit, what, case): steps and requests of finished dossiers, synchronisation of received ones; without
    a case, of all whose source says so much."""
    officer_fine: Counter[tuple[UnitId, str, str, str]] = field(default_factory=Counter)
    """(handling agency, officers, what, case) of finished dossiers."""
    steps: Counter[tuple[UnitId, str, int]] = field(default_factory=Counter)
    """(agency, one of `steps.STATES`, due where somebody answers for it, else 0)."""
    mitigating: Counter[UnitId] = field(default_factory=Counter)
    """Late dossiers of a handling agency in which another agency's step was late."""


def members(row: DossierRow, accepted: int, first: int, closing: int) -> Iterator[int]:
    """The sets in which a dossier is counted for a period: the places of `place_of`."""
    if accepted > closing or (row.finished is not None and row.finished < first):
        return
    ended = row.finished if row.finished is not None and row.finished <= closing else None
    until = closing if ended is None else ended
    received = accepted >= first
    for at, (due, doubted) in enumerate(zip(row.dues, row.doubted, strict=True)):
        is_late = due is not None and due < until
        if is_late and doubted:
            yield at * SIZE + IN_DOUBT
            continue
        is_early = due is not None and until < due
        for one in sets_of(received, ended is not None, is_late, is_early, row.given_back):
            yield at * SIZE + one


def sets_of(received: bool, ended: bool, is_late: bool, is_early: bool, given_back: bool) -> Iterator[int]:
    """The sets by one due date of a dossier of which it is known whether it was late by it."""
    yield RECEIVED if received else CARRIED_OVER
    if is_late:
        yield LATE
    if ended:
        yield FINISHED
        yield AFTER if is_late else EARLY if is_early else ON_THE_DAY
    else:
        yield OPEN_LATE if is_late else OPEN_IN_TIME
    if received and not is_late:
        yield RECEIVED_IN_TIME if ended else RECEIVED_OPEN
    if received and is_late and ended and given_back:
        yield RECEIVED_GIVEN_BACK


def tally_rows(rows: Iterable[DossierRow], tally: Tally, petitioned: Set[str] = frozenset()) -> Tally:
    """Count rows one by one into a tally; `petitioned` are the dossiers with a petition about behaviour."""
    seen: set[str] = set()
    for number, row in enumerate(rows):
        tally.read += 1
        if row.is_error:
            tally.errors += 1
        elif row.dossier_id and row.dossier_id in seen:
            tally.repeated += 1
            tally.repeated_example = tally.repeated_example or row.dossier_id
        else:
            seen.add(row.dossier_id)
            _count(tally, number, row, petitioned)
    return tally


def _count(tally: Tally, number: int, row: DossierRow, petitioned: Set[str]) -> None:
    if row.rules:
        tally.rules.add(row.rules)
    why = _left_out(row)
    if why:
        tally.left_out[why] += 1
    if row.in_doubt:
        _count_in_doubt(tally, row)
    if row.accepted is None:
        return
    first, closing = tally.spans[0]
    _count_breaches(tally, number, row, first, closing)
    if row.steps and row.accepted <= closing:
        _count_steps(tally, row, first, closing)
    if why:
        return
    _count_periods(tally, number, row, row.accepted, row.dossier_id in petitioned)


def _count_periods(tally: Tally, number: int, row: DossierRow, accepted: int, petition: bool) -> None:
    """The sets of each period in which a dossier is."""
    units = _units(row)
    for at, (start, end) in enumerate(tally.spans):
        places = tuple(members(row, accepted, start, end))
        if not places:
            continue
        for capacity, unit in units.items():
            counts = tally.counts.setdefault((capacity, unit), [[0] * WIDTH for _ in tally.spans])[at]
            for place in places:
                counts[place] += 1
        if IS_LATE in places:
            tally.late_officers[at, row.handling, row.officers] += 1
        if at == 0 and IS_IN_DOUBT not in places:
            _count_in_period(tally, number, row, units, places, petition)


def _left_out(row: DossierRow) -> str:
    """Why a dossier is in no rate, or nothing where it is."""
    if row.in_doubt:
        return "undetermined"
    if row.accepted is None:
        return "not_accepted"
    return row.punctuality if row.punctuality in LEFT_OUT else ""


def _units(row: DossierRow) -> dict[str, UnitId]:
    """In which capacities a dossier counts, and for whom; without a one-stop unit only for the handling agency."""
    units = {HANDLING: row.handling, ONE_STOP: row.one_stop}
    return units if row.one_stop is not None else {HANDLING: row.handling}


def _count_in_doubt(tally: Tally, row: DossierRow) -> None:
    """A dossier of which nothing can be said: counted apart in each period that it may belong to."""
    for at, (start, end) in enumerate(tally.spans):
        begun = row.accepted is None or row.accepted <= end
        if begun and (row.finished is None or row.finished >= start):
            for capacity, unit in _units(row).items():
                counts = tally.counts.setdefault((capacity, unit), [[0] * WIDTH for _ in tally.spans])[at]
                for by_due in range(len(DUES)):
                    counts[by_due * SIZE + IN_DOUBT] += 1


def _count_in_period(
    tally: Tally, number: int, row: DossierRow, units: Mapping[str, UnitId], places: tuple[int, ...], petition: bool
) -> None:
    tally.without_unit += row.handling is None
    end = next((ENDS[place - _ENDED_EARLY] for place in places if 0 <= place - _ENDED_EARLY < len(ENDS)), None)
    if end is not None:
        tally.officer_ends[row.handling, row.officers, end, petition] += 1
        for capacity, unit in units.items():
            if petition:
                tally.petitions[capacity, unit, end] += 1
    due = row.dues[LAWFUL]
    if IS_LATE in places and due is not None:
        for capacity, unit in units.items():
            tally.late[capacity, unit, row.field if tally.by_field else None, due, end is None] += 1
        tally.apologies[row.handling, due, _apology(row, tally.apology_duties)] += 1
        _sample(tally, (row.handling, row.one_stop, "late"), number, row)
    _count_fine(tally, row, units, places, end)


def _count_fine(
    tally: Tally, row: DossierRow, units: Mapping[str, UnitId], places: tuple[int, ...], end: str | None
) -> None:
    """What is told by the steps and the events of a dossier, where its source says so much."""
    _, closing = tally.spans[0]
    judged: list[tuple[str, str]] = []
    if row.steps is not None:
        stands = [(step, state_of(step, row.finished, closing)) for step in row.steps]
        worst = worst_of(one for _, one in stands)
        judged += [("steps", ""), *([("steps", ENDS[worst])] if worst >= 0 else [])]
        if IS_LATE in places and any(_mitigates(step.agency, one, row) for step, one in stands):
            tally.mitigating[row.handling] += 1
    if row.fine is not None and (requests := _requests(row.fine, closing)):
        judged += [("requests", ""), ("requests", requests)]
    if end is not None:
        for what, case in judged:
            tally.officer_fine[row.handling, row.officers, what, case] += 1
    for capacity, unit in units.items():
        for what, case in judged:
            if end is not None or not case:
                tally.fine[capacity, unit, what, case] += 1
        if row.fine is not None and (synced := _synced(row.fine, closing)):
            tally.fine[capacity, unit, "synced", ""] += 1
            if IS_RECEIVED in places:
                tally.fine[capacity, unit, "synced", synced] += 1


def _mitigates(agency: UnitId, stands: StepState, row: DossierRow) -> bool:
    """Whether another agency was late with its step."""
    return agency not in (None, row.handling) and stands.state.endswith("late")


def _synced(fine: Fine, closing: int) -> str:
    """Whether it was synchronised; nothing where the source would not show it."""
    if fine.synced is not None and fine.synced <= closing:
        return "yes"
    return "no" if fine.shows_synced else ""


def _count_breaches(tally: Tally, number: int, row: DossierRow, first: int, closing: int) -> None:
    roles = roles_of(row.responsible)
    for duty, outcome, act_by in row.outcomes:
        if outcome not in BREACHES:
            continue
        day = next((d for d in (act_by, row.dues[LAWFUL], row.accepted) if d is not None), closing)
        if not first <= day <= closing:
            continue
        answering = roles.get(duty, ())
        cut = tally.cuts[bisect_right(tally.cuts, day) - 1] if tally.cuts and tally.cuts[0] <= day else first
        of_field = row.field if tally.by_field else None
        tally.breaches[duty, outcome, cut, answering, row.handling, row.one_stop, of_field] += 1
        if "officer" in answering:
            tally.officer_breaches[duty, cut, row.handling, row.one_stop, row.officers] += 1
        _sample(tally, (row.handling, row.one_stop, duty), number, row)


def _sample(tally: Tally, key: tuple[UnitId, UnitId, str], number: int, row: DossierRow) -> None:
    kept = tally.samples.setdefault(key, [])
    if len(kept) < SAMPLE:
        kept.append((number, row.dossier_id))


def _apology(row: DossierRow, apologies: Set[str]) -> str:
    found = {outcome for duty, outcome, _ in row.outcomes if duty in apologies}
    return "yes" if found & {"met", "met_late"} else "no" if "missed" in found else "unknown"


def _count_steps(tally: Tally, row: DossierRow, first: int, closing: int) -> None:
    """The steps of a dossier that fell due, or were late, in the period."""
    for step in row.steps or ():
        stands = state_of(step, row.finished, closing)
        if step.agency is not None and is_counted(step, stands, first, closing):
            due = step.due if stands.state.endswith("late") else None
            tally.steps[step.agency, stands.state, due or 0] += 1


def _requests(fine: Fine, closing: int) -> str:
    """How many requests there were; nothing where there may be others that are not seen, and it matters."""
    count = sum(day <= closing for day in fine.requests)
    if count > 1:
        return "more"
    return ("one" if count else "none") if fine.shows_requests else ""
