"""Dossiers by the million: the same from the same seed, most of them on an edge of the calendar or of the law.

A bulk run asks one question of many dossiers, so dossiers come in blocks: a question, and dossiers made around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from tthc_rules import Rulebook
from tthc_rules.law.civil import date_of
from tthc_rules.law.question import Question

from . import edges_ahead, edges_of_reception, edges_of_steps  # noqa: F401 - they enter their edges among the others
from .draft import OWN_TIMES, SIGNS, Draft, Json
from .edges import BREAKS, EDGES, Edge
from .ground import FIRST, LAST, Ground, d, ground_of, iso, near

PLAIN: Final = "plain"
MALFORMED_SHARE: Final = 0.03
PLAIN_SHARE: Final = 0.25
POLICIES: Final = ("by_date",) * 3 + ("by_instant", "promised_by_date", "promised_by_instant", "qd766", "qd766")
CHANNELS: Final = (None, None, "in_person", "in_person", "online", "online", "postal")
FIELDS: Final = ("Đất đai", "đất  đai ", "HỘ TỊCH", "Hộ tịch", "xây dựng", "thuế", "")
Block = tuple[Question, list[tuple[str, Json]]]


def blocks(seed: int, n: int, book: Rulebook, block: int = 500) -> Iterator[Block]:
    """Questions, each with the dossiers it is asked of and the name of the edge that each stands on."""
    ground = ground_of(book)
    for at in range(0, n, block):
        yield block_at(seed, at // block, min(block, n - at), ground)


def dossiers(seed: int, n: int, book: Rulebook) -> Iterator[Json]:
    """The dossiers alone."""
    for _, made in blocks(seed, n, book):
        for _, dossier in made:
            yield dossier


def block_at(seed: int, number: int, size: int, ground: Ground) -> Block:
    """One block, by its number: blocks can be made in any order and in any process."""
    rng = Random(f"{seed}/{number}")
    question, is_open = question_of(rng, ground)
    made = []
    for at in range(size):
        name, function = _edge(rng.random())
        draft = Draft(rng, ground, question, is_open, f"H{seed}-{number}-{at}")
        made.append((name, _dossier(draft, name, function)))
    return question, made


# -- the question ------------------------------------------------------------------------------------------------------


def question_of(rng: Random, ground: Ground) -> tuple[Question, bool]:
    """What is asked of a block, and whether it falls into the middle of what happens."""
    r = rng.random
    is_open = r() < 0.5
    if is_open:
        as_of = _focus(rng, ground)
    else:
        as_of = rng.choice((d("2028-03-31"), d("2028-03-31"), d("2030-12-31"), d("2027-02-12"), d("2026-11-24"), LAST))
    known_on = as_of
    u = r()
    if u < 0.1:
        known_on = near(ground.letters, as_of, r()) + rng.choice(SIGNS)
    elif u < 0.2:
        known_on = as_of - rng.randrange(900)
    elif u < 0.3:
        known_on = rng.choice(ground.letters or (as_of,)) + rng.choice(SIGNS)
    elif u < 0.35:
        known_on = as_of + rng.randrange(2000)
    elif u < 0.37:
        known_on = d(rng.choice(("2006-01-01", "1975-04-30", "2120-01-01")))
    hours = rng.choice(sorted(ground.hours)) if ground.hours and r() < 0.15 else None
    calendar = ground.calendar_name if r() < 0.1 else None
    return Question(date_of(as_of), date_of(known_on), rng.choice(POLICIES), calendar, hours), is_open


def _focus(rng: Random, ground: Ground) -> int:
    u = rng.random()
    rests = tuple(day for rest in ground.long_rests for day in rest)
    if u < 0.25 and ground.turns:
        return _inside(rng.choice(ground.turns) + rng.choice((-1, 0, 1, 2, 10)))
    if u < 0.4 and ground.letters:
        return _inside(rng.choice(ground.letters) + rng.choice((-1, 0, 1, 5)))
    if u < 0.55 and rests:
        return rng.choice(rests) + rng.choice((-2, -1, 0, 1, 2))
    if u < 0.7 and ground.made_up:
        return rng.choice(ground.made_up + ground.swapped) + rng.choice((-2, -1, 0, 1, 2))
    if u < 0.95:
        return d("2013-01-01") + rng.randrange(15 * 365)
    return rng.choice(
        (d("2007-02-01"), d("2007-07-10"), d("2028-01-20"), d("2030-11-26"), d("2050-02-01"), LAST, FIRST)
    )


def _inside(day: int) -> int:
    return max(FIRST, min(day, LAST))


# -- the dossier -------------------------------------------------------------------------------------------------------

_LADDER: Final = tuple(name for name in EDGES for _ in range(EDGES[name][1]))
_BREAKS: Final = tuple(BREAKS)


def _edge(chance: float) -> tuple[str, Edge]:
    if chance < PLAIN_SHARE:
        return PLAIN, plain
    if chance < PLAIN_SHARE + MALFORMED_SHARE:
        name = _BREAKS[int((chance - PLAIN_SHARE) / MALFORMED_SHARE * len(_BREAKS))]
        return name, BREAKS[name]
    share = (chance - PLAIN_SHARE - MALFORMED_SHARE) / (1 - PLAIN_SHARE - MALFORMED_SHARE)
    name = _LADDER[int(share * len(_LADDER))]
    return name, EDGES[name][0]


def plain(draft: Draft) -> None:
    """No edge: a dossier as it comes, accepted and then whatever may happen."""
    draft.begin(draft.some_day())
    length = draft.some(0, 7)
    last = draft.due + 6
    for _ in range(length):
        draft.any_event(draft.start, max(draft.start, last))
    if draft.r() < 0.6:
        draft.finish((-3, -2, -1, 0, 1, 2, 5))


def _dossier(draft: Draft, name: str, function: Edge) -> Json:
    r = draft.r
    doc = draft.doc
    draft.limit()
    if r() < 0.1:
        draft.own_times(*OWN_TIMES[int(r() * 3) :])
    u = r()
    if u < 0.32:
        ground = draft.ground
        places = ground.places if u < 0.2 or not ground.other_places else ground.other_places
        if places:
            doc["jurisdiction"] = draft.pick(places)
    if r() < 0.3:
        doc["field"] = draft.pick(FIELDS)
    channel = draft.pick(CHANNELS)
    if channel is not None:
        doc["channel"] = channel
    if name in BREAKS:
        plain(draft)
        function(draft)
    else:
        function(draft)
        u = r()
        if draft.start and 0.2 < u < 0.5:
            draft.add("dossier_forwarded", draft.start + draft.pick((0, 0, 0, 1, 2)))
        if u < 0.25:
            _sprinkle(draft)
        if u > 0.9:
            _dress(draft)
        if "observes" not in doc and draft.r() < 0.3:
            draft.unseen()
    events = draft.events
    if "events" not in doc:
        u = r()
        if u < 0.12 and len(events) > 1:
            first, second = draft.some(0, len(events) - 1), draft.some(0, len(events) - 1)
            events[first], events[second] = events[second], events[first]
        elif u > 0.99:
            events.sort(key=_as_text, reverse=True)
        doc["events"] = events
    return doc


def _as_text(event: Json) -> str:
    return str(event.get("at"))


def _sprinkle(draft: Draft) -> None:
    """A few things more, between two days before the start and a week after the due date."""
    first = draft.start - 1
    if not draft.start:
        return
    last = max(draft.start, min(draft.due, draft.start + 400)) + 4
    for _ in range(draft.some(1, 3)):
        draft.any_event(first, last)


def _dress(draft: Draft) -> None:
    """Fields that no rule reads."""
    doc = draft.doc
    doc["units"] = {"one_stop_unit": "ttpvhcc", "handling_agency": "so-xay-dung"}
    doc["officers"] = ["a", "b"]
    doc["field"] = draft.pick(FIELDS)
    if draft.r() < 0.3:
        doc["applicant_note"] = iso(draft.start)
