"""The lateness policy `qd766`: accountability.md §5, SEMANTICS «Slips and `qd766`»."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from .answers import RESULTS, WITHDRAWALS, Answer, compared
from .counting import DAY, Due, Happening, Moment, OpenError
from .days import Days

Minutes: TypeAlias = dict[tuple[str, int], int]


@dataclass
class Request:
    at: Moment
    place: int
    silent: bool = False
    """Before appraisal: of these §5 does not speak."""
    again: bool = False
    """While another was open: no waiting of its own."""
    received: Moment | None = None
    slip: bool = False
    """The newest slip was given with its receipt."""


def receive(requests: list[Request], event: Happening) -> None:
    """The file came back: what is waited for is here; where nothing was, it answers a request before appraisal."""
    waiting = [one for one in requests if one.received is None and not one.again]
    answered = [real for real in waiting if not real.silent] or waiting
    if "appointed_due" in event.data:
        for one in requests:
            one.slip = one in answered
    for one in answered:
        one.received = event.at


@dataclass(frozen=True)
class Reading:
    """Where the text has two readings; a dossier on which they differ is not compared."""

    silent: bool
    open_is_less: bool
    """Of an open dossier the waiting is taken off the day of the question too."""
    midnight_before: bool
    """00:00 that is reached by subtracting is still the day before."""
    again: bool
    """A request while one is open is one more request."""
    refused_too: bool
    """A refusal or a stop is neither a done nor a returned status, and more than one request makes it late."""


@dataclass(frozen=True)
class Facts:
    requests: list[Request]
    slip_at: Moment | None
    due: Due
    finish: Happening | None
    last: Happening
    as_of: int
    days: Days


def answer(facts: Facts) -> Answer:
    readings = [Reading(*each) for each in itertools.product((False, True), repeat=5)]
    found = {_read(facts, reading) for reading in readings}
    first = found.pop()
    if any((one.name, one.late) != (first.name, first.late) for one in found):
        raise OpenError("qd766 can be read in two ways")
    return replace(first, numbers_unsaid=True) if found else first


def _read(facts: Facts, reading: Reading) -> Answer:
    """«A bare date of a request, a receipt or an end is undetermined» where the hour could change what is concluded."""
    requests = [one for one in facts.requests if reading.silent or not one.silent]
    found = {_at(facts, reading, requests, minutes) for minutes in _supposed(facts, requests)}
    first = found.pop()
    if any((one.name, one.late) != (first.name, first.late) for one in found):
        return Answer("closed" if first.name == "closed" else "undetermined", numbers_unsaid=True)
    return Answer(first.name, late=first.late, numbers_unsaid=True) if found else first


def _supposed(facts: Facts, requests: list[Request]) -> Iterator[Minutes]:
    """Every moment in minutes, a bare one at each minute that could matter.

    Nobody answers before he is asked, and the file goes again only after it came back.
    """
    roles = {("asked", one.place): one.at for one in requests}
    roles |= {("received", one.place): one.received for one in requests if one.received}
    roles |= {("end", 0): facts.finish.at} if facts.finish else {}
    sent_back = [one for one in requests if not one.again and not one.silent]
    choices = []
    for role in roles.values():
        # 23:59:30 is 24:00 of its day: a bare day has its last minute at 23:59, and does not move by it either
        near = {
            other.absolute
            for other in roles.values()
            if other.number == role.number and other.minute is not None and other.minute < DAY
        }
        bare = {role.number * DAY, role.number * DAY + DAY - 1} | near  # 00:00 and 23:59
        choices.append({role.absolute} if role.minute is not None else bare)
    for each in itertools.product(*choices):
        minutes = dict(zip(roles, each, strict=True))
        asked = all(minutes["asked", one.place] <= minutes["received", one.place] for one in requests if one.received)
        asked &= all(
            minutes["received", one.place] <= minutes["asked", later.place]
            for one, later in itertools.pairwise(sent_back)
            if one.received
        )
        if asked and (facts.finish is None or minutes["end", 0] == max(each)):
            yield minutes


def _at(facts: Facts, reading: Reading, requests: list[Request], minutes: Minutes) -> Answer:
    finish = facts.finish
    kind = None if finish is None else finish.kind
    counted = [one for one in requests if reading.again or not one.again]
    if finish is None and len(counted) == 1 and facts.last.place == requests[0].place:
        # «One supplement request and nothing later → that moment is the end.»
        number, asked = facts.last.at.number, minutes["asked", requests[0].place]
        return compared(facts.due, number, asked - number * DAY, "result_issued", facts.days)
    today = facts.as_of if finish is None else finish.at.number
    end = (today + 1) * DAY if finish is None else minutes["end", 0]
    waited = _waited(facts.slip_at, requests, minutes, end)
    if finish is None and not reading.open_is_less:
        waited = 0
    if waited:
        today, minute = divmod(end - waited, DAY)
        if not minute and reading.midnight_before:
            today, minute = today - 1, DAY
    else:
        minute = end - today * DAY
    found = compared(facts.due, today, minute, kind, facts.days)
    many = len(counted) > 1 and (finish is None or (kind not in (*RESULTS, *WITHDRAWALS) and reading.refused_too))
    if not many:
        return replace(found, numbers_unsaid=kind in WITHDRAWALS and waited > 0)  # of these the documents do not speak
    # «More than one supplement request counts as late only for dossiers that have no done or returned status.»
    name = "overdue" if finish is None else "returned_late"
    return replace(found, name=name, late=True)


def _waited(slip_at: Moment | None, requests: list[Request], minutes: Minutes, end: int) -> int:
    """«Only the part of a supplement's waiting that lies after the newest slip was issued», up to the end."""
    issued = next((minutes["received", one.place] for one in requests if one.slip), None)
    if issued is None:
        issued = 0 if slip_at is None else slip_at.absolute
    waits = [
        (max(minutes["asked", one.place], issued), minutes["received", one.place] if one.received else end)
        for one in requests
        if not one.again
    ]
    total, reached = 0, 0
    for since, until in sorted(waits):
        begin = max(since, reached)
        total += max(0, until - begin)
        reached = max(reached, until)
    return total
