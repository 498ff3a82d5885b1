"""Petitions (phản ánh, kiến nghị) of a unit: their state on a day, and whether each clock of theirs was kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from tthc_rules.account.inputs import Petition
from tthc_rules.account.workdays import Workdays
from tthc_rules.law.civil import date_of
from tthc_rules.law.unit_duty import OnPetition, PetitionKind

State = Literal["open", "waiting", "forwarded", "refused", "handled", "published"]
_ENDED: Final[tuple[tuple[PetitionKind, State], ...]] = (
    ("petition_published", "published"),
    ("petition_handled", "handled"),
    ("petition_refused", "refused"),
    ("petition_forwarded", "forwarded"),
)
LISTED: Final = 20
"""How many petitions of a unit an account names."""
Happened = Sequence[tuple[int, PetitionKind]]


@dataclass(frozen=True, slots=True)
class PetitionClock:
    """One clock of one petition: its last day, if it has one yet, what was done when, and what that comes to."""

    outcome: str
    reason: str
    start: int
    due: int | None
    done: int | None


def name_of(petition: Petition, at: int) -> str:
    """How a petition is called: by its own id, else by its dossier."""
    return petition.petition_id or petition.dossier_id or f"#{at + 1}"


def state_of(petition: Petition, day: int) -> State | None:
    """The state of a petition at the end of a day; nothing before it was received."""
    happened = [(at, kind) for at, kind in petition.happened if at <= day]
    kinds = {kind for _, kind in happened}
    if "petition_received" not in kinds:
        return None
    for kind, state in _ENDED:
        if kind in kinds:
            return state
    return "waiting" if _is_waiting(happened) else "open"


def _is_waiting(happened: Happened) -> bool:
    """Whether the last asking for more has had no answer."""
    asked = max((at for at, kind in happened if kind == "petition_more_asked"), default=None)
    return asked is not None and not any(kind == "petition_more_received" and at >= asked for at, kind in happened)


def judge(way: OnPetition, petition: Petition, as_of: int, is_known: bool, workdays: Workdays) -> PetitionClock | None:
    """A clock of a petition as of a day; nothing where the petition does not have that clock.

    `is_known`: the log of petitions is declared complete, so that what is not recorded did not happen.
    """
    if way.about and petition.about not in way.about:
        return None
    if way.competent is not None and petition.competent != str(way.competent).lower():
        return None
    happened = [(day, kind) for day, kind in petition.happened if day <= as_of]
    start = next((day for day, kind in happened if kind == way.after), None)
    if start is None:
        return None
    done = next((day for day, kind in happened if kind in way.by and day >= start), None)
    if done is None and way.if_made:
        return None
    due = _due(way, happened, start, done, as_of, workdays)
    released = next((day for day, kind in happened if kind in way.releases and day >= start), None)
    if done is not None:
        return PetitionClock("met" if due is None or done <= due else "met_late", "", start, due, done)
    if released is not None and (due is None or released <= due):
        return PetitionClock("not_owed", "", start, due, None)
    if way.within is None or due is None or as_of <= due:
        return PetitionClock("pending", "", start, due, None)
    return PetitionClock(*(("missed", "") if is_known else ("unknown", "not_recorded")), start, due, None)


def _due(
    way: OnPetition, happened: Happened, start: int, done: int | None, as_of: int, workdays: Workdays
) -> int | None:
    """The last day; none without a number of days, and none while more is awaited."""
    if way.within is None:
        return None
    due = workdays.after(start, way.within.amount)
    waited = 0
    for asked, received in _waits(happened, start):
        if way.waiting == "counts" or due is None or asked >= due:
            continue
        ends = received if received is not None else done
        if ends is None:
            return None
        if way.waiting == "restart":
            due = workdays.after(ends, way.within.amount)
            start, waited = ends, 0
        else:
            waited += workdays.between(asked, ends)
            due = workdays.after(start, way.within.amount + waited)
    return due


def _waits(happened: Happened, start: int) -> list[tuple[int, int | None]]:
    """(asked, received) of each asking for more since the start; a second one while one is open is the same waiting."""
    found: list[tuple[int, int | None]] = []
    for day, kind in happened:
        if day < start:
            continue
        if kind == "petition_more_asked" and not (found and found[-1][1] is None):
            found.append((day, None))
        elif kind == "petition_more_received" and found and found[-1][1] is None:
            found[-1] = (found[-1][0], day)
    return found


def petitions_json(petitions: Sequence[Petition], first: int, closing: int) -> dict[str, Any] | None:
    """The petitions of a unit in a period: how many came, how many are in which state, and the first of them."""
    own = [(at, p, p.received or 0) for at, p in enumerate(petitions) if (p.received or 0) <= closing]
    kept = [(at, p, day) for at, p, day in own if day >= first or _is_open(p, first - 1)]
    if not kept:
        return None
    states = Counter(state_of(petition, closing) or "open" for _, petition, _ in kept)
    return {
        "received": sum(day >= first for _, _, day in kept),
        "carried_over": sum(day < first for _, _, day in kept),
        "states": dict(sorted(states.items())),
        "about": dict(sorted(Counter(petition.about for _, petition, _ in kept).items())),
        "listed": [_one(at, petition, closing) for at, petition, _ in kept[:LISTED]],
        "more": max(0, len(kept) - LISTED),
    }


def _is_open(petition: Petition, day: int) -> bool:
    return state_of(petition, day) in ("open", "waiting")


def _one(at: int, petition: Petition, closing: int) -> dict[str, Any]:
    return {
        "petition": name_of(petition, at),
        "dossier_id": petition.dossier_id,
        "about": petition.about,
        "found": petition.found,
        "state": state_of(petition, closing),
        "events": [{"kind": kind, "at": date_of(day).isoformat()} for day, kind in petition.happened if day <= closing],
    }


def once_each(petitions: Iterable[Petition]) -> tuple[list[Petition], list[str]]:
    """The petitions, each id once (the first counts), and the ids that were there again."""
    seen: set[str] = set()
    kept: list[Petition] = []
    again: list[str] = []
    for petition in petitions:
        if petition.petition_id is not None and petition.petition_id in seen:
            again.append(petition.petition_id)
            continue
        seen.add(petition.petition_id or "")
        kept.append(petition)
    return kept, again
