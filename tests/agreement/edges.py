"""The edges on which engines differ: one named function each, that places a dossier on its edge.

Every function takes a draft that has a limit, and gives it a start and events. `malformed` edges come last: they break
the dossier, so that the codes of errors are compared too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .draft import AGENCIES, BARE, ENDED, ENDS, KINDS, OFFICE, SIGNS, Draft, Json, appointed, excluded, requested
from .ground import TIMES, iso

Edge = Callable[[Draft], None]
EDGES: Final[dict[str, tuple[Edge, int]]] = {}
BREAKS: Final[dict[str, Edge]] = {}
WORKDAYS: Final = ("workday",)
CALENDAR_TYPES: Final = ("calendar_day", "calendar_day", "week", "month", "year")
AROUND: Final = (-2, -1, 0, 1, 2)


def edge(weight: int = 2) -> Callable[[Edge], Edge]:
    """Enter a function among the edges, under its name."""

    def enter(function: Edge) -> Edge:
        EDGES[function.__name__] = (function, weight)
        return function

    return enter


def breaks(function: Edge) -> Edge:
    """Enter a function among those that break a dossier."""
    BREAKS[function.__name__] = function
    return function


def _open_or_close(draft: Draft) -> None:
    """Begin so that the due date lies around the day asked about, or on any day."""
    draft.begin_due(draft.as_of + draft.some(-4, 4) if draft.is_open else draft.some_day())


# -- the calendar ------------------------------------------------------------------------------------------------------


@edge(3)
def due_around_long_rest(draft: Draft) -> None:
    """Due on the last day before Tết (or another long rest), in it, or on the first day after."""
    first, last = draft.rest()
    draft.begin_due(draft.pick((first - 1, first - 2, first, last, last + 1, last + 2)))
    draft.finish((-1, 0, 1, 1, 2, last - first + 1))


@edge(3)
def due_at_swap(draft: Draft) -> None:
    """Due on a day that a letter took off or made up, or beside it."""
    draft.begin_due(draft.special(draft.pick((draft.ground.made_up, draft.ground.swapped))) + draft.pick(AROUND))
    draft.finish((-1, 0, 0, 1, 2, 3))


@edge(2)
def received_on_made_up_day(draft: Draft) -> None:
    """Received on a made-up Saturday, around the cut-off."""
    draft.begin(draft.special(draft.ground.made_up) + draft.pick((0, 0, 0, -1, 1)), draft.pick((899, 900, 901, 480)))
    draft.add("dossier_forwarded", draft.start + draft.pick((0, 1, 2, 3)), 1000)
    draft.finish()


@edge(2)
def received_on_day_off(draft: Draft) -> None:
    """Received on a day off: an event of that day."""
    if draft.r() < 0.4:
        draft.limit(zero=0.5)
    first, last = draft.rest() if draft.r() < 0.4 else (5, 5)
    start = draft.some(first, last)
    if first == last:
        start = draft.some_day()
        start += (9 - (start + 3) % 7) % 7 + draft.some(0, 1)  # the next Saturday or Sunday
    draft.begin(start, draft.pick((480, 900, 901, BARE, 1200)))
    draft.add("dossier_forwarded", draft.rolled(start) + draft.pick((0, 0, 1)))
    draft.finish()


@edge(2)
def month_end(draft: Draft) -> None:
    """Months and years from the end of a month: clipped, then rolled."""
    draft.limit(("month", "month", "year"), zero=0.0)
    year = 2008 + draft.some(0, 20) if not draft.is_open else 1970 + draft.as_of * 400 // 146097
    month, day = draft.pick(((1, 29), (1, 30), (1, 31), (2, 28), (8, 31), (10, 31), (12, 31), (11, 30), (12, 30)))
    start = draft_day(year, month, day) + draft.pick((0, 0, 1))
    draft.begin(start)
    if draft.r() < 0.3:
        draft.pause(start + 3, start + draft.some(4, 20))
    draft.finish()


def draft_day(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a date that exists."""
    before = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)[month - 1]
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    y = year - 1
    return 365 * y + y // 4 - y // 100 + y // 400 + before + (1 if leap and month > 2 else 0) + day - 719163


@edge(3)
def rolled_end(draft: Draft) -> None:
    """A limit in calendar days, weeks or months that ends on a day off and rolls; pauses around that end."""
    draft.limit(CALENDAR_TYPES, zero=0.0)
    target = draft.rest()[0] + draft.some(0, 3) if draft.r() < 0.5 else draft.some_day()
    if draft.works(target):
        target += (9 - (target + 3) % 7) % 7
    draft.begin_due(target)
    if draft.r() < 0.5:
        first = target + draft.pick((-3, -1, 0, 1))
        draft.pause(first, first + draft.pick((0, 1, 2, 5, 9)))
    draft.finish()


@edge(2)
def letter_came_late(draft: Draft) -> None:
    """Accepted on the day of a letter, or the day before or after, with a due date beyond it."""
    draft.limit(("workday", "workday", "calendar_day"), zero=0.0)
    draft.begin(draft.special(draft.ground.letters) + draft.pick(SIGNS))
    if draft.r() < 0.3:
        draft.events[-1]["appointed_due"] = iso(draft.due)
    draft.finish((-1, 0, 1, 2))


@edge(2)
def provisional(draft: Draft) -> None:
    """Due around the last published year, or after it."""
    if draft.is_open:
        draft.begin_due(draft.as_of + draft.some(0, 20))
    else:
        year = draft.pick((draft.ground.last_published, draft.ground.last_published + 1, 2029, 2040))
        draft.begin_due(draft_day(year, *draft.pick(((12, 31), (1, 1), (1, 4), (2, 10), (11, 24), (11, 26)))))
    if draft.r() < 0.3:
        draft.add("reappointed", draft.due - 1, None, {"new_due": iso(draft.due + draft.some(1, 40))})
    draft.finish()


@edge(1)
def rim_of_calendar(draft: Draft) -> None:
    """Before the first day of the calendar and of the first regime, and at its last; limits that run over it."""
    u = draft.r()
    if u < 0.4:
        draft.begin(draft.pick((13514, 13513, 13515, 13149, 13685, 13686, 13687, 10957)))
    elif u < 0.6:
        draft.begin(draft.pick((47846, 47847, 47481, 47800)) - draft.some(0, 3))
    else:
        draft.begin(draft.some_day())
        draft.set_limit(
            draft.pick((2**31 - 1, 70000, 40000, 9000)), draft.pick(("workday", "calendar_day", "week", "year"))
        )
    draft.finish()


# -- dates of the law --------------------------------------------------------------------------------------------------


@edge(3)
def accepted_at_turn(draft: Draft) -> None:
    """Accepted the day before, on and after the first day of a version."""
    draft.begin(draft.special(draft.ground.turns) + draft.pick(SIGNS), draft.pick((480, 900, 901)))
    asked = draft.start + draft.some(0, 5)
    if draft.r() < 0.6:
        draft.pause(asked, asked + draft.some(0, 6), "supplement")
    if draft.r() < 0.5:
        draft.add("dossier_forwarded", draft.start + draft.pick((0, 0, 1)), 1000)
    draft.finish((-1, 0, 1, 2))


@edge(3)
def due_at_turn(draft: Draft) -> None:
    """Due the day before, on and after the first day of a version: the duties of lateness change."""
    draft.begin_due(draft.special(draft.ground.turns) + draft.pick((-1, 0, 1, 1, 2)))
    if draft.r() < 0.6:
        draft.slip(draft.due - draft.pick((0, 1, 2)))
    if draft.r() < 0.3:
        draft.add("delay_notice_sent", draft.due - draft.pick((0, 1)))
    draft.finish((0, 1, 3))


@edge(2)
def asked_at_turn(draft: Draft) -> None:
    """Requests on both sides of the first day of a version."""
    if draft.r() < 0.5:
        draft.doc["channel"] = "online"
    turn = draft.special(draft.ground.turns)
    draft.begin(turn - draft.some(2, 8))
    for _ in range(draft.some(1, 3)):
        day = turn + draft.pick((-2, -1, 0, 1, 2))
        draft.add("supplement_requested", day, None, requested(draft, day))
        if draft.r() < 0.6:
            draft.add("supplement_received", day + draft.some(0, 2))
    draft.finish()


@edge(2)
def place_at_turn(draft: Draft) -> None:
    """A place that ended, that began, or that has rules of its own, around the day on which that changed."""
    ground = draft.ground
    if places := draft.pick((ground.places, ground.ended_places, ground.other_places)):
        draft.doc["jurisdiction"] = draft.pick(places)
    turn = draft.special(ground.turns)
    if draft.r() < 0.5:
        draft.begin(turn + draft.pick(SIGNS))
    else:
        draft.begin_due(turn + draft.pick((-1, 0, 1, 4)))
    if draft.r() < 0.5:
        draft.slip(draft.due + draft.pick(SIGNS))
    draft.finish((0, 1, 2))


# -- the due date ------------------------------------------------------------------------------------------------------


@edge(4)
def end_at_due(draft: Draft) -> None:
    """Ended the day before, on and after the due date."""
    _open_or_close(draft)
    draft.finish((-1, 0, 1), never=0.3)


@edge(3)
def asked_at_due(draft: Draft) -> None:
    """Open, and due on the day asked about, or a few workdays before or after it."""
    target = draft.as_of if draft.is_open else draft.some_day()
    draft.begin_due(draft.add_workdays(target, draft.pick((-1, 0, 1, 2, 3, 0, 2))) + draft.pick((0, 0, 0, 1)))
    if draft.r() < 0.2:
        draft.finish((-1, 0, 1))


@edge(4)
def slip_at_last_day(draft: Draft) -> None:
    """A slip two days before the due date, one day, on it, after it."""
    _open_or_close(draft)
    for _ in range(draft.pick((1, 1, 2))):
        draft.slip(draft.due - draft.pick((0, 1, 2, 3, -1)), draft.pick((None, None, BARE)))
    if draft.r() < 0.4:
        draft.add("delay_notice_sent", draft.due - draft.pick((0, 1, 2)))
    draft.finish((0, 1, 1, 2, 5))


@edge(2)
def notice_at_last_day(draft: Draft) -> None:
    """A notice to the one-stop unit around the due date."""
    _open_or_close(draft)
    draft.add("delay_notice_sent", draft.due - draft.pick((0, 1, 2, 3, -1)))
    draft.finish((0, 1, 1, 2, 5))


@edge(4)
def pause_at_due(draft: Draft) -> None:
    """A pause that begins the day before, on and after the due date."""
    _open_or_close(draft)
    first = draft.due + draft.pick(SIGNS)
    due = draft.due
    draft.pause(first, None if draft.r() < 0.25 else first + draft.pick((0, 1, 2, 4, 10)))
    draft.finish((-1, 0, 1, 2), around=draft.pick((draft.due, due)))


@edge(3)
def request_at_due(draft: Draft) -> None:
    """A request for a supplement the day before, on and after the due date."""
    _open_or_close(draft)
    first = draft.due + draft.pick(SIGNS)
    draft.add("supplement_requested", first, None, requested(draft, first))
    if draft.r() < 0.75:
        last = first + draft.pick((0, 1, 3, 7))
        draft.add("supplement_received", last, None, appointed(draft, last))
        draft.reckon(last, 480)
    draft.finish((-1, 0, 1, 2))


@edge(3)
def return_on_third_day(draft: Draft) -> None:
    """The file goes back on the second, third, fourth workday after acceptance, and after a restart."""
    draft.begin(draft.some_day())
    start = draft.start
    for _ in range(draft.pick((1, 1, 2))):
        asked = draft.add_workdays(start, draft.pick((2, 3, 3, 4))) + draft.pick((0, 0, 0, 1, -1))
        draft.add("supplement_requested", asked)
        if draft.r() < 0.8:
            start = asked + draft.pick((1, 2, 5))
            draft.add("supplement_received", start)
    draft.reckon(start, 480)
    draft.finish((-1, 0, 1))


@edge(4)
def reception_hour(draft: Draft) -> None:
    """Received around 15:00, forwarded (or ended) around the day to act by."""
    draft.begin(draft.some_day(), draft.pick((899, 900, 900, 901, BARE, 480)))
    event = draft.events[-1]
    if draft.minute == 900 and draft.r() < 0.4:
        event["at"] = f"{iso(draft.start)}T15:00:{draft.pick(('00', '01', '30'))}"
    by = draft.start if draft.minute <= 900 else draft.add_workdays(draft.start, 1)
    if draft.r() < 0.7:
        draft.add("dossier_forwarded", by + draft.pick((-1, 0, 0, 1)), draft.pick((BARE, 1000, 480)))
    for _ in range(draft.pick((0, 0, 1, 1, 2))):
        kind = draft.pick((*ENDS, "dossier_refused", "dossier_withdrawn"))
        draft.add(kind, by + draft.pick((0, 0, 1, -1)), draft.pick((1000, 1010, BARE)))
    if draft.r() < 0.2:
        draft.doc["channel"] = draft.pick(("in_person", "online", "postal"))


@edge(3)
def two_requests(draft: Draft) -> None:
    """Two, three, four requests, some of them not to be counted."""
    draft.doc["channel"] = draft.pick(("online", "online", "in_person"))
    _open_or_close(draft)
    day = draft.start
    for _ in range(draft.some(2, 4)):
        day += draft.some(0, 3)
        draft.add("supplement_requested", day, None, requested(draft, day) if draft.r() < 0.4 else None)
        if draft.r() < 0.7:
            day += draft.some(0, 3)
            draft.add("supplement_received", day)
    draft.reckon(day, 480)
    draft.finish((-1, 0, 1, 2))


@edge(4)
def reappointed_at_due(draft: Draft) -> None:
    """A new date one day before, on and after the lawful one; the result around it; perhaps a second one."""
    _open_or_close(draft)
    due = draft.due
    new = due + draft.pick((-1, 0, 1, 1, 2, 5))
    draft.add("reappointed", due - draft.pick((0, 1, -1)), None, {"new_due": draft.appointment(new)})
    if draft.r() < 0.35:
        draft.add("reappointed", due + draft.pick((0, 1, 2)), None, {"new_due": iso(new + draft.pick((-1, 0, 1, 4)))})
    if draft.r() < 0.3:
        first = due - draft.pick((1, 2, 0))
        draft.pause(first, first + draft.some(0, 3))
    draft.finish((-1, 0, 1, 1), around=max(new, due), never=0.25)


# -- pauses and restarts -----------------------------------------------------------------------------------------------


@edge(4)
def restart_after_pause(draft: Draft) -> None:
    """A supplement while a pause is open, after one, or before one; slips and new dates from before it."""
    _open_or_close(draft)
    day = draft.start + draft.some(0, 3)
    draft.add("clock_paused", day, None, {"ground": "Điều 7"})
    if draft.r() < 0.4:
        draft.add("clock_resumed", day + draft.some(0, 3))
    if draft.r() < 0.4:
        draft.add("reappointed", day, None, {"new_due": iso(draft.due + draft.some(1, 9))})
    if draft.r() < 0.4:
        draft.slip(day + draft.some(-1, 2))
    draft.add("supplement_requested", day + draft.some(0, 2))
    back = day + draft.some(2, 6)
    draft.add("supplement_received", back, BARE)
    if draft.r() < 0.4:
        draft.add("clock_resumed", back + draft.some(0, 3))
    draft.reckon(back, 480)
    if draft.r() < 0.4:
        draft.slip(draft.due - draft.some(0, 2))
    draft.finish((-1, 0, 1, 2))


@edge(4)
def stop_before_rolled_due(draft: Draft) -> None:
    """A stop between the last day and the day it is rolled to: a pause, a request, an interval, two that touch."""
    draft.limit(CALENDAR_TYPES, zero=0.15)
    rest = draft.rest() if draft.r() < 0.5 else None
    draft.begin_due(rest[0] + draft.some(0, rest[1] - rest[0]) if rest else draft.some_day())
    last = draft.due
    first = last - draft.pick((0, 1, 1, 2, 2, 3, 5))
    kind = draft.pick(("clock", "clock", "supplement", "excluded", "two"))
    back = first + draft.pick((0, 1, 2, 3, 4, 7))
    if kind == "excluded":
        draft.add("interval_excluded", last + 9, None, {"from": iso(first), "to": iso(back)})
    else:
        draft.pause(first, back if draft.r() < 0.9 else None, "clock" if kind == "two" else kind)
        if kind == "two":
            draft.doc["time_limit"] = {**draft.doc["time_limit"], "pauses_for": ["payment"]}
            draft.pause(back - draft.pick((0, 1)), back + draft.some(0, 4), "payment")
    if draft.is_open:
        return
    draft.finish((-1, 0, 1, 2), around=draft.pick((draft.due, last)))


@edge(4)
def unseen_end_of_stop(draft: Draft) -> None:
    """A stop that is open, or ends with the dossier, and whose own end the source does not show; beside a seen one."""
    draft.doc["time_limit"] = {**draft.doc["time_limit"], "pauses_for": ["payment", "opinion"]}
    _open_or_close(draft)
    due = draft.due
    first = due - draft.pick((1, 1, 2, 3, 0))
    kinds = ("clock", "payment", "opinion", "supplement")
    for kind in (draft.pick(kinds), draft.pick(kinds))[: draft.pick((1, 1, 2))]:
        draft.pause(first, first + draft.some(0, 2) if draft.r() < 0.2 else None, kind)
        first += draft.pick((0, 1))
    ends = ("clock_resumed", "payment_received", "opinion_received", "supplement_received")
    draft.hide(*(end for end in ends if draft.r() < 0.7), *(("reappointed",) if draft.r() < 0.2 else ()))
    if draft.r() < 0.3:
        draft.add("reappointed", first, None, {"new_due": iso(due + draft.some(1, 4))})
    draft.finish((-1, 0, 1, 2, 4), never=0.35, around=due)


@edge(3)
def unseen_at_due(draft: Draft) -> None:
    """Stops, ends or apologies that the source does not show, around the due date."""
    _open_or_close(draft)
    due = draft.due
    gap = draft.pick(
        (
            ("supplement_requested",), ("clock_paused",), ("payment_awaited",), ("opinion_requested",),
            ("reappointed",), ("result_issued", "result_returned"), ("result_returned",), ("apology_sent",),
            ("dossier_forwarded",),
            ("dossier_accepted",), ("delay_notice_sent", "supplement_requested"),
        )
    )  # fmt: skip
    if draft.r() < 0.6:
        draft.hide(*gap)
    else:
        draft.doc["unknown"] = draft.pick((["pauses"], ["finish"], ["acceptance"], ["pauses", "finish"]))
    if draft.r() < 0.5:
        draft.slip(due - draft.pick((0, 1, 2, -1)))
    if draft.r() < 0.3:
        draft.add("reappointed", due - 1, None, {"new_due": iso(due + draft.some(1, 3))})
    if draft.r() < 0.3:
        draft.add("supplement_requested", draft.add_workdays(draft.start, draft.pick((2, 3, 4))))
    draft.finish((-1, 0, 1, 2), never=0.35, around=due)


@edge(3)
def closed_for_silence(draft: Draft) -> None:
    """A dossier closed with and without an open request, around its due date, with what still counts after it."""
    _open_or_close(draft)
    day = draft.start + draft.some(0, 3)
    if draft.r() < 0.7:
        draft.add("supplement_requested", day, None, requested(draft, day))
        if draft.r() < 0.3:
            draft.add("supplement_received", day + draft.some(0, 2))
    closed = draft.pick((draft.due, day + 15, day + 16)) + draft.pick(SIGNS)
    draft.add("dossier_closed", closed)
    for _ in range(draft.some(0, 3)):
        draft.any_event(closed - 1, closed + 2)


@edge(2)
def error_in_result(draft: Draft) -> None:
    """An error reported before and after a result, and corrected."""
    _open_or_close(draft)
    draft.finish((-1, 0, 1), never=0.1)
    for _ in range(draft.some(1, 3)):
        fault = {"applicant_fault": draft.pick((True, False))} if draft.r() < 0.5 else None
        draft.add("error_reported", draft.due + draft.some(-3, 4), None, fault)
    draft.add(draft.pick(("result_corrected", "slip_sent", "paper_forwarded")), draft.due + draft.some(0, 6))


@edge(3)
def pause_over_long_rest(draft: Draft) -> None:
    """A pause that begins before Tết and ends after it, or begins or ends inside it."""
    first, last = draft.rest()
    draft.begin(first - draft.some(1, 12))
    start = first + draft.pick((-3, -1, 0, 2))
    kind = draft.pick(("clock", "clock", "supplement", "payment", "opinion"))
    draft.pause(start, last + draft.pick((-2, 0, 1, 2, 5)) if draft.r() < 0.85 else None, kind)
    draft.finish((-1, 0, 1, 2))


@edge(3)
def overlapping_pauses(draft: Draft) -> None:
    """Pauses of several grounds that overlap, touch, or lie in one another."""
    draft.doc["time_limit"] = {**draft.doc["time_limit"], "pauses_for": ["payment", "opinion"]}
    _open_or_close(draft)
    for _ in range(draft.some(2, 4)):
        first = draft.start + draft.some(0, 6)
        kind = draft.pick(("clock", "payment", "opinion", "opinion", "supplement"))
        last = first + draft.pick((0, 1, 2, 3, 5)) if draft.r() < 0.85 else None
        draft.pause(first, last, kind, draft.pick(AGENCIES))
    draft.finish((-1, 0, 1, 2))


@edge(2)
def pause_of_no_length(draft: Draft) -> None:
    """Paused and resumed on one day, at one instant, or over a weekend."""
    _open_or_close(draft)
    first = draft.start + draft.some(0, 4)
    minute = draft.pick(OFFICE)
    draft.add("clock_paused", first, minute, {"ground": "Điều 7"})
    draft.add("clock_resumed", first + draft.pick((0, 0, 1, 2)), draft.pick((minute, minute, 1100)))
    draft.finish()


@edge(3)
def open_pause(draft: Draft) -> None:
    """A pause, a payment, an opinion or a supplement that nobody ends, with or without an end of the dossier."""
    _open_or_close(draft)
    kind = draft.pick(("clock", "clock", "payment", "opinion", "supplement"))
    first = draft.due - draft.pick((0, 1, 2, 4))
    draft.pause(first, None, kind, draft.pick(AGENCIES))
    if draft.r() < 0.3:
        draft.pause(first + draft.some(0, 2), None, draft.pick(("clock", "supplement")))
    draft.finish((-1, 0, 1, 3), never=0.5)


@edge(2)
def opinions(draft: Draft) -> None:
    """Opinions of several agencies, paired by their names."""
    draft.doc["time_limit"] = {**draft.doc["time_limit"], "pauses_for": ["opinion"]}
    _open_or_close(draft)
    for _ in range(draft.some(2, 5)):
        day = draft.start + draft.some(0, 7)
        asked: Json = {"agency": draft.pick(AGENCIES)}
        draft.add(draft.pick(("opinion_requested", "opinion_requested", "opinion_received")), day, None, asked)
    draft.finish((0, 1, 2, 4))


@edge(3)
def exclusions(draft: Draft) -> None:
    """Intervals that do not count: whole, touching, over the due date, reversed, recorded late."""
    _open_or_close(draft)
    for _ in range(draft.some(1, 3)):
        day = draft.pick((draft.start, draft.due, draft.some(draft.start, max(draft.start, draft.due)))) + draft.some(
            0, 2
        )
        draft.add("interval_excluded", day + draft.pick((0, 3, 20)), None, excluded(draft, day))
    if draft.r() < 0.3:
        first = draft.start + draft.some(0, 4)
        draft.pause(first, first + draft.some(0, 3))
    draft.finish((-1, 0, 1, 2, 3))


# -- hours and cut-offs ------------------------------------------------------------------------------------------------


@edge(4)
def work_hours(draft: Draft) -> None:
    """Limits in working hours: from and to the edges of shifts, over seasons and nights, with pauses."""
    if draft.r() < 0.4:
        draft.doc["jurisdiction"] = draft.pick(draft.ground.places or (draft.doc.get("jurisdiction"),))
        if draft.doc["jurisdiction"] is None:
            del draft.doc["jurisdiction"]
    draft.limit(("work_hour",), zero=0.05)
    day = draft.as_of - draft.some(0, 4) if draft.is_open else draft.some_day()
    if draft.r() < 0.2 and not draft.is_open:
        day = draft_day(
            2014 + draft.some(0, 12), *draft.pick(((4, 14), (4, 15), (4, 16), (10, 14), (10, 15), (10, 16)))
        )
    opens, closes = draft.pick(draft.shifts(day))
    draft.begin(day, draft.pick((opens - 1, opens, opens + 1, closes - 1, closes, closes + 1, 600, 1439, 0, BARE)))
    if draft.r() < 0.4:
        first = draft.start + draft.some(0, 1)
        kind = draft.pick(("clock", "clock", "supplement", "payment"))
        draft.pause(first, first + draft.some(0, 2) if draft.r() < 0.8 else None, kind)
    if draft.r() < 0.25:
        draft.add("interval_excluded", draft.start, None, excluded(draft, draft.start + 1))
    if draft.r() < 0.2:
        draft.slip(draft.due - draft.some(0, 1))
    draft.finish((0, 0, 0, 1, -1))


@edge(2)
def within_the_day(draft: Draft) -> None:
    """Zero of a unit, around the cut-off."""
    draft.limit(zero=1.0)
    cutoff = draft.cutoff if draft.cutoff >= 0 else 900
    day = draft.as_of - draft.some(0, 3) if draft.is_open else draft.some_day()
    is_off = draft.r() < 0.2
    if is_off:  # on a day off no hour is too late; a stop of that day shows it
        day = next((one for one in range(day, day - 8, -1) if not draft.works(one)), day)
    draft.begin(day, cutoff + draft.pick((0, 0, 1, -1)))
    if draft.r() < 0.15:
        draft.events[-1]["at"] = iso(draft.start)
    elif draft.r() < 0.15:
        draft.events[-1]["at"] = f"{iso(draft.start)}{TIMES[cutoff]}:30"
    if draft.r() < (0.7 if is_off else 0.2):
        draft.pause(draft.start, draft.start + draft.some(0, 2))
    draft.finish((0, 0, 1, 2))


@edge(2)
def instants(draft: Draft) -> None:
    """Seconds, offsets that move the date, midnight: acceptance and end to the minute of the slip."""
    draft.limit(WORKDAYS)
    day = draft.as_of - draft.some(0, 9) if draft.is_open else draft.some_day()
    draft.begin(day, draft.pick((0, 1, 419, 420, 1439, 900)))
    start = draft.events[-1]
    due = draft.due
    minute = draft.pick((600, 1020, 0, 1439))
    if draft.r() < 0.7:
        start["appointed_due"] = iso(due) + TIMES[minute]
    if draft.r() < 0.5:
        start["at"] = draft.pick(
            (
                f"{iso(day - 1)}T17:00:00Z",
                f"{iso(day - 1)}T16:59:59Z",
                f"{iso(day)}T23:59:30",
                f"{iso(day)}T00:00:00+07:00",
            )
        )
    at = f"{iso(due)}{TIMES[minute]}{draft.pick(('', ':00', ':01', ':59', ':00+07:00'))}"
    draft.add(draft.pick(ENDED), due)["at"] = at if draft.r() < 0.8 else f"{iso(due)}T17:00:01Z"


# -- the slip's date ---------------------------------------------------------------------------------------------------


@edge(3)
def promised(draft: Draft) -> None:
    """The date on the slip one day before, on and after the computed one; the end around its hour; a new slip."""
    _open_or_close(draft)
    shown = draft.due + draft.pick((-1, 0, 0, 1, 4))
    minute = draft.pick((600, 1020, 600, BARE))
    draft.events[-1]["appointed_due"] = draft.moment(shown, minute)
    if draft.r() < 0.35:
        asked = draft.start + draft.some(0, 3)
        draft.add("supplement_requested", asked, None, requested(draft, asked) if draft.r() < 0.3 else None)
        shown += draft.some(1, 4)
        fields: Json = {"appointed_due": draft.moment(shown, minute)}
        draft.add("supplement_received", asked + draft.some(0, 4), None, fields)
    if draft.r() < 0.8:
        at = None if minute < 0 else minute + draft.pick((0, 1, -1))
        draft.add(draft.pick(ENDED), shown + draft.pick((0, 0, 0, 1, -1)), at)


@edge(2)
def index_766(draft: Draft) -> None:
    """Waits of minutes and days before a promised instant, for the index that takes them off; a second request."""
    if draft.r() < 0.3:
        draft.begin(draft.some_day(), appointed_due=iso(draft.as_of + draft.some(0, 20)))
        for day in (1, 2, 3)[: draft.some(2, 3)]:
            draft.add(
                "supplement_requested", draft.start + day, 600, requested(draft, day) if draft.r() < 0.2 else None
            )
            if draft.r() < 0.6:
                draft.add("supplement_received", draft.start + day, 1000)
        return
    _open_or_close(draft)
    shown, minute = draft.due, draft.pick((600, 1020))
    draft.events[-1]["appointed_due"] = iso(shown) + TIMES[minute]
    asked = draft.start + draft.some(0, 2)
    hour = draft.pick(OFFICE)
    draft.add("supplement_requested", asked, hour)
    waited = draft.pick((0, 1, 60, 1440, 4320))
    late = draft.pick((-1, 0, 1, 30))
    if draft.r() < 0.7:
        at = asked * 1440 + hour + waited
        draft.add("supplement_received", at // 1440, at % 1440)
        if draft.r() < 0.8:
            at = shown * 1440 + minute + waited + late
            draft.add("result_issued", at // 1440, at % 1440)
    if draft.r() < 0.3:
        draft.add("supplement_requested", shown + draft.pick(SIGNS))


@edge(1)
def back_and_gone_again(draft: Draft) -> None:
    """The file comes back at no known hour and goes again that day; how long it waited decides, to the minute."""
    _open_or_close(draft)
    shown, minute = draft.due, draft.pick((600, 1020))
    draft.events[-1]["appointed_due"] = iso(shown) + TIMES[minute]
    asked, again = draft.start + draft.some(0, 2), draft.pick((BARE, 480, 600))
    back = asked + draft.some(1, 2)
    draft.add("supplement_requested", asked, 540)
    draft.add("supplement_received", back, BARE)
    draft.add("supplement_requested", back, again)
    draft.add("supplement_received", back, 1000)
    longest, shortest = (back - asked) * 1440 + 460, (back - asked) * 1440 - 540 + (0 if again < 0 else 1000 - again)
    at = shown * 1440 + minute + draft.pick((longest, shortest)) + draft.pick((0, 1))
    draft.add("result_issued", at // 1440, at % 1440)


# -- whose it is, and what the limit is --------------------------------------------------------------------------------


@edge(3)
def filed_elsewhere(draft: Draft) -> None:
    """Filed with another authority: the clock starts there, or not, by the regime of the day."""
    draft.doc["filed_elsewhere"] = draft.pick((True, True, True, False))
    start = draft.special(draft.ground.turns[-3:]) + draft.some(-3, 9) if draft.r() < 0.7 else draft.some_day()
    draft.begin(start)
    if draft.r() < 0.15:
        draft.events.pop()
    for _ in range(draft.pick((0, 1, 1, 1, 2))):
        draft.add("received_by_competent_agency", start + draft.pick((-1, 0, 0, 1, 2, 3)))
    if draft.r() < 0.15:
        draft.hide("received_by_competent_agency")
    if draft.r() < 0.4:
        draft.add(draft.pick(("dossier_forwarded", "dossier_refused", "dossier_withdrawn")), start + draft.some(0, 2))
    draft.reckon(start + 1, 480)
    draft.finish((-1, 0, 1, 2))


@edge(2)
def no_limit(draft: Draft) -> None:
    """No limit given, none by the dossier's own word, or one that the catalogue has for its procedure."""
    limit = draft.pick((None, None, {"none": True}))
    draft.doc.pop("time_limit")
    if limit is not None:
        draft.doc["time_limit"] = limit
    if draft.r() < 0.5:
        draft.doc["procedure"] = draft.pick((*draft.ground.procedures, "1.999999"))
    draft.begin(draft.some_day())
    for _ in range(draft.some(0, 3)):
        draft.any_event(draft.start, draft.start + 9)
    draft.finish((-1, 0, 1, 5))


def _in_a_place_with_rules(draft: Draft) -> None:
    """Due in a place, on the first or last day of one of its own acts, around them or between."""
    spans = draft.ground.own_spans
    if not spans:
        return _open_or_close(draft)
    draft.doc["jurisdiction"] = place = draft.pick(tuple(spans))
    first, last = draft.pick(spans[place])
    day = draft.pick((first - 1, first, first + 1, last, last + 1, draft.some(first, last)))
    draft.begin_due(draft.as_of + draft.some(-4, 4) if draft.is_open and draft.r() < 0.7 else day)
    return None


@edge(3)
def own_rules(draft: Draft) -> None:
    """A place with rules of its own: slips around the due date, on the days of its own acts."""
    _in_a_place_with_rules(draft)
    if draft.r() < 0.7:
        draft.slip(draft.due - draft.pick((0, 1, 2, -1)))
    if draft.r() < 0.3:
        draft.add("reappointed", draft.due, None, {"new_due": iso(draft.due + draft.some(0, 3))})
    draft.finish((0, 1, 1, 3))


@edge(2)
def attached_form(draft: Draft) -> None:
    """Slips on the form or not, attached or not, several of them, where a place asks for it."""
    _in_a_place_with_rules(draft)
    for _ in range(draft.some(1, 3)):
        fields: Json = {
            "form": draft.pick(("apology_slip", "apology_slip", "other")),
            "attached": draft.pick((True, False)),
        }
        if draft.r() < 0.3:
            del fields[draft.pick(("form", "attached"))]
        draft.add("apology_sent", draft.due + draft.some(-3, 3), None, fields)
    draft.finish((0, 1, 2, 3))


# -- faulty logs -------------------------------------------------------------------------------------------------------


@edge(2)
def several_ends(draft: Draft) -> None:
    """Several ends of several kinds: by precedence, not by time."""
    _open_or_close(draft)
    for _ in range(draft.some(2, 4)):
        draft.add(draft.pick(ENDS), draft.due + draft.some(-3, 3))
    if draft.r() < 0.4:
        draft.any_event(draft.start, draft.due + 4)


@edge(3)
def before_acceptance(draft: Draft) -> None:
    """Acts before acceptance, refusals and withdrawals that close the matter, acceptances afterwards."""
    day = draft.some_day()
    for _ in range(draft.some(1, 3)):
        before = day - draft.some(0, 3)
        kind = draft.pick(
            (*KINDS, *("dossier_refused", "dossier_withdrawn") * 6, "supplement_requested", "apology_sent")
        )
        draft.add(kind, before, draft.pick((480, BARE)))
    if draft.r() < 0.7:
        draft.begin(day)
        draft.finish()


@edge(2)
def after_the_end(draft: Draft) -> None:
    """What follows an end, and what the law still expects then."""
    _open_or_close(draft)
    end = draft.due + draft.pick(SIGNS)
    draft.add(draft.pick(ENDED), end, 600)
    for _ in range(draft.some(1, 4)):
        draft.any_event(end, end + 4)


@edge(3)
def one_instant(draft: Draft) -> None:
    """Several events at one instant: the order of the list decides."""
    _open_or_close(draft)
    day = draft.pick((draft.start, draft.due, draft.start + 1))
    minute = draft.pick((draft.minute, 600, BARE))
    last = day
    for _ in range(draft.some(2, 4)):
        event = draft.any_event(day, last)
        event["at"] = iso(day) + (TIMES[minute] if minute >= 0 else "")
    if draft.r() < 0.5:
        draft.events.reverse()


@edge(3)
def duplicates(draft: Draft) -> None:
    """Events twice: exactly, after parsing, or but for one field that may be known or not."""
    _open_or_close(draft)
    draft.pause(draft.start + 1, draft.start + draft.some(1, 4), draft.pick(("clock", "supplement", "opinion")))
    for _ in range(draft.some(0, 2)):
        draft.any_event(draft.start, draft.due + 1)
    draft.finish()
    for _ in range(draft.some(1, 2)):
        draft.events.insert(draft.some(0, len(draft.events)), _almost(draft, dict(draft.pick(draft.events))))


def _almost(draft: Draft, event: Json) -> Json:
    u = draft.r()
    if u < 0.5:
        return event
    at = event["at"]
    if u < 0.62 and len(at) == 16:
        event["at"] = at + draft.pick((":00", ":00.0", ":00+07:00"))  # the same instant, written otherwise
    elif u < 0.7 and len(at) == 16:
        event["at"] = at + ":01"
    elif u < 0.78:
        event["reason"] = draft.pick(("khác", ""))  # for some kinds a field that is not known
    elif u < 0.86:
        event["nguoi_nhap"] = draft.pick(("a", "b", 1, 1.0, True, None))
    elif u < 0.92 and event["kind"] == "supplement_requested":
        event["applicant_fault"] = draft.pick((True, False, None))
    else:
        event["agency"] = draft.pick(AGENCIES)
    return event


@edge(2)
def orphans(draft: Draft) -> None:
    """Resumed without a pause, received without a request, paused while paused, asked while asked."""
    draft.doc["time_limit"] = {**draft.doc["time_limit"], "pauses_for": draft.pick((["payment", "opinion"], []))}
    _open_or_close(draft)
    day = draft.start
    for _ in range(draft.some(2, 5)):
        day += draft.some(0, 2)
        kind = draft.pick(KINDS[4:12])
        draft.add(kind, day, None, {"agency": draft.pick(AGENCIES)} if kind.startswith("opinion") else None)
    draft.finish((-1, 0, 1, 2))


@edge(1)
def accepted_twice(draft: Draft) -> None:
    """A second acceptance, before or after the end."""
    _open_or_close(draft)
    day = draft.start + draft.pick((0, 1, 3, 9))
    draft.add("dossier_accepted", day, None, appointed(draft, day))
    draft.finish()


@edge(1)
def unknown_things(draft: Draft) -> None:
    """Kinds and fields that nobody knows, of events and of the dossier."""
    _open_or_close(draft)
    kind = draft.pick(("dossier_scanned", "hồ_sơ_đến", "", "dossier_archived"))
    draft.add(kind, draft.start + draft.some(-1, 3), None, {"by": "x"})
    if draft.r() < 0.5:
        draft.doc[draft.pick(("priority", "fee", "so_bien_nhan"))] = draft.pick(
            (1, "a", None, [1, {"b": 2}], {"c": []})
        )
    if draft.r() < 0.5:
        draft.pick(draft.events)[draft.pick(("note", "by", "ghi_chú"))] = draft.pick((1, "x", None, {"k": [1]}))
    draft.finish()


@edge(1)
def long_log(draft: Draft) -> None:
    """A long log, of small steps or of many pauses."""
    _open_or_close(draft)
    length = draft.some(20, 60) if draft.r() < 0.97 else draft.some(300, 480)
    for step in range(length):
        draft.add(draft.pick(KINDS[4:14]), draft.start + step // 4, (450 + 7 * step) % 1440)
    draft.finish((0, 2, 5, 9))


# -- what cannot be judged ---------------------------------------------------------------------------------------------


@breaks
def bad_date(draft: Draft) -> None:
    """Dates in forms that are not read, and dates that do not exist."""
    bad = ("23/08/2024", "2024-02-30", "20240823083000", "2024-08-23T24:00", "2024-8-23", "", "2024-08-23T08:30:61")
    draft.pick(draft.events)["at"] = draft.pick(bad)


@breaks
def bad_type(draft: Draft) -> None:
    """A value of the wrong type, in an event or in the dossier."""
    event = draft.pick(draft.events)
    if draft.r() < 0.5:
        event["at"] = draft.pick((20240823, None, ["2024-08-23"], 1.5, True))
        return
    name, value = draft.pick(
        (("channel", "fax"), ("channel", 1), ("filed_elsewhere", "yes"), ("procedure", 5), ("officers", "a"),
         ("units", []), ("field", False), ("time_limit", 5), ("events", {"a": 1}), ("events", ["x"]), ("dossier_id", 7))
    )  # fmt: skip
    draft.doc[name] = value


@breaks
def missing(draft: Draft) -> None:
    """No instant, no kind, no name."""
    what = draft.r()
    if what < 0.4:
        del draft.pick(draft.events)["at"]
    elif what < 0.7:
        del draft.pick(draft.events)["kind"]
    else:
        draft.doc["dossier_id"] = draft.pick(("", "x" * 201))
        if draft.r() < 0.5:
            del draft.doc["dossier_id"]


@breaks
def out_of_range(draft: Draft) -> None:
    """Dates outside 1990–2100, of an event or of its payload."""
    bad = draft.pick(("1989-12-31", "2101-01-01", "0001-01-01T00:00", "9999-12-31", "1990-01-01T06:59:00+14:00"))
    draft.pick(draft.events)["at"] = bad
    if draft.r() < 0.3:
        draft.add("reappointed", draft.start, 600, {"new_due": bad})


@breaks
def bad_limit(draft: Draft) -> None:
    """Limits that are no limits."""
    draft.doc["time_limit"] = draft.pick(
        (
            {"amount": -1, "unit": "workday"},
            {"amount": 1.5, "unit": "workday"},
            {"amount": "5", "unit": "workday"},
            {"amount": 5, "unit": "day"},
            {"amount": 5},
            {"unit": "workday"},
            {"none": False},
            {"amount": 5, "unit": "workday", "none": True},
            {"amount": 5, "unit": "workday", "cutoff": "25:00"},
            {"amount": 5, "unit": "workday", "pauses_for": ["fee"]},
            {"amount": 2**31, "unit": "workday"},
            {"amount": True, "unit": "workday"},
            {"amount": 5, "unit": "workday", "return_within": {"unit": "workday"}},
            {"amount": 5, "unit": "workday", "answer_within": {"amount": 8}},
            {"amount": 5, "unit": "workday", "closes_after": {"amount": -1, "unit": "workday"}},
            {"amount": 5, "unit": "workday", "closes_after": {"amount": 1.5, "unit": "workday"}},
            {"amount": 5, "unit": "workday", "return_within": {"amount": 3, "unit": "day"}},
            {"amount": 5, "unit": "workday", "return_within": {"amount": 3, "unit": "week", "cutoff": "15:00"}},
            {"answer_within": {"amount": 8, "unit": "work_hour"}},
            {"amount": 5, "unit": "workday", "answer_within": 8},
        )
    )


@breaks
def bad_payload(draft: Draft) -> None:
    """Fields of events that cannot be read."""
    kind, name, value = draft.pick(
        (
            ("reappointed", "new_due", "mai"),
            ("supplement_requested", "after_appraisal", "false"),
            ("supplement_requested", "applicant_fault", 1),
            ("apology_sent", "attached", "yes"),
            ("apology_sent", "reason", 5),
            ("interval_excluded", "from", 20240823),
            ("clock_paused", "ground", True),
            ("opinion_requested", "agency", 3),
        )
    )
    draft.add(kind, draft.start, 600, {name: value})


@breaks
def unknown_word_of_source(draft: Draft) -> None:
    """A kind or a gap that nobody knows."""
    name, words = draft.pick((("observes", ["dossier_accepted", "apologies"]), ("unknown", ["pause"])))
    draft.doc[name] = words


@breaks
def misspelt(draft: Draft) -> None:
    """A kind or a field that is nearly one that is known."""
    if draft.r() < 0.5:
        draft.add(draft.pick(("apology_send", "Dossier_accepted", "result-issued")), draft.start)
    else:
        draft.doc["jurisdictions"] = "son-la"


@breaks
def unknown_place(draft: Draft) -> None:
    """A place that nobody knows."""
    draft.doc["jurisdiction"] = draft.pick(("sonla", "Sơn La", "", "ha-tay"))


@breaks
def too_many_events(draft: Draft) -> None:
    """One event more than a dossier may have."""
    if draft.r() < 0.9:
        return bad_date(draft)
    step: Json = {"kind": "step_done", "at": iso(draft.start) + "T10:00"}
    draft.events += [step] * (501 - len(draft.events))
    return None


@breaks
def two_faults(draft: Draft) -> None:
    """Two faults in one dossier: its code is that of the first in the order of the fields."""
    bad_date(draft)
    bad_limit(draft)
