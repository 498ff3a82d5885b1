"""A tally by unit as it stands on the closing day: what its predecessors left is its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tthc_rules.account.organisation import Organisation
from tthc_rules.account.rows import HANDLING, ONE_STOP
from tthc_rules.account.tally import CAPACITIES, SAMPLE, WIDTH, Counts, Tally, UnitId

BreachKey = tuple[str, int, tuple[str, ...], UnitId, UnitId, str | None]


@dataclass
class UnitTally:
    """What was counted for one unit, by the names that it had in the dossiers."""

    names: set[str] = field(default_factory=set)
    counts: dict[str, list[Counts]] = field(default_factory=dict)
    late: dict[str, Counter[tuple[UnitId, str | None, int, bool]]] = field(default_factory=lambda: defaultdict(Counter))
    late_officers: Counter[tuple[int, str]] = field(default_factory=Counter)
    apologies: Counter[tuple[int, str]] = field(default_factory=Counter)
    """(due, yes, no or unknown) of late dossiers."""
    breaches: dict[str, Counter[BreachKey]] = field(default_factory=lambda: defaultdict(Counter))
    """Duty -> (outcome, day, roles, handling agency, one-stop unit, field)."""
    officer_breaches: dict[str, Counter[tuple[int, str]]] = field(default_factory=lambda: defaultdict(Counter))
    """Duty -> (day, officers)."""
    samples: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    petitions: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    fine: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))
    steps: Counter[tuple[UnitId, str, int]] = field(default_factory=Counter)
    mitigating: int = 0

    @property
    def capacity(self) -> str:
        """As what its rates are: as handling agency, unless it is only a one-stop unit."""
        return HANDLING if HANDLING in self.counts or ONE_STOP not in self.counts else ONE_STOP

    def counted(self, period: int, capacity: str | None = None) -> Counts:
        counts = self.counts.get(capacity or self.capacity)
        return [0] * WIDTH if counts is None else counts[period]

    def first_dossiers(self, what: str) -> list[str]:
        return [dossier for _, dossier in sorted(self.samples[what])[:SAMPLE]]


def gather(tally: Tally, organisation: Organisation, closing: int) -> dict[UnitId, UnitTally]:
    """The tally by unit as it stands on the closing day; `None` is the unit that no dossier names."""
    units: dict[UnitId, UnitTally] = defaultdict(UnitTally)
    cache: dict[UnitId, UnitId] = {}

    def of(name: UnitId) -> UnitTally:
        if name not in cache:
            cache[name] = organisation.current(name, closing)
        unit = units[cache[name]]
        if name is not None:
            unit.names.add(name)
        return unit

    _figures(tally, of)
    _breaches(tally, of)
    return units


def _figures(tally: Tally, of: Callable[[UnitId], UnitTally]) -> None:
    for (capacity, name), periods in tally.counts.items():
        own = of(name).counts.setdefault(capacity, [[0] * WIDTH for _ in tally.spans])
        for at, counts in enumerate(periods):
            own[at] = [a + b for a, b in zip(own[at], counts, strict=True)]
    for (capacity, name, of_field, due, is_open), count in tally.late.items():
        of(name).late[capacity][name, of_field, due, is_open] += count
    for (period, name, officers), count in tally.late_officers.items():
        of(name).late_officers[period, officers] += count
    for (name, due, state), count in tally.apologies.items():
        of(name).apologies[due, state] += count
    for (capacity, name, end), count in tally.petitions.items():
        of(name).petitions[capacity][end] += count
    for (capacity, name, what, case), count in tally.fine.items():
        of(name).fine[capacity][what, case] += count
    for (name, state, due), count in tally.steps.items():
        of(name).steps[name, state, due] += count
    for name, count in tally.mitigating.items():
        of(name).mitigating += count


def _breaches(tally: Tally, of: Callable[[UnitId], UnitTally]) -> None:
    owners: dict[tuple[UnitId, UnitId, str], list[bool]] = {}
    for (duty, outcome, day, roles, handling, one_stop, of_field), count in tally.breaches.items():
        of_one_stop, of_handling = _owners(roles)
        for owner, is_its in ((one_stop, of_one_stop), (handling, of_handling)):
            if is_its:
                of(owner).breaches[duty][outcome, day, roles, handling, one_stop, of_field] += count
        known = owners.setdefault((handling, one_stop, duty), [False, False])
        known[0] |= of_one_stop
        known[1] |= of_handling
    for (duty, day, handling, _, officers), count in tally.officer_breaches.items():
        of(handling).officer_breaches[duty][day, officers] += count
    for (handling, one_stop, what), kept in tally.samples.items():
        of_one_stop, of_handling = owners.get((handling, one_stop, what), [False, True])
        if of_one_stop:
            of(one_stop).samples[what] += kept
        if of_handling:
            of(handling).samples[what] += kept


def _owners(roles: tuple[str, ...]) -> tuple[bool, bool]:
    """Whether a breach is of the one-stop unit, of the handling agency, or of both, by who answers."""
    of_one_stop = "head_of_one_stop_unit" in roles
    return of_one_stop, not of_one_stop or any(role != "head_of_one_stop_unit" for role in roles)


def totals(tally: Tally) -> list[Counts]:
    """All units together: each dossier is counted once, by its handling agency."""
    found = [[0] * WIDTH for _ in tally.spans]
    for (capacity, _), periods in tally.counts.items():
        if capacity == CAPACITIES[0]:
            for at, counts in enumerate(periods):
                found[at] = [a + b for a, b in zip(found[at], counts, strict=True)]
    return found


def each_officer(officers: str) -> Iterator[str]:
    """The officers of a dossier; each answers for all of it."""
    return (officer for officer in officers.split("|") if officer)


def by_officer(counted: Mapping[str, int]) -> Counter[str]:
    """Counts by officers together, as counts by officer."""
    found: Counter[str] = Counter()
    for officers, count in counted.items():
        for officer in each_officer(officers):
            found[officer] += count
    return found
