"""The course of a dossier, from the trace of its evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from tthc_rules.law import clock
from tthc_rules.law.civil import date_of, day_of
from tthc_rules.law.daycount import STEP, DayCounted
from tthc_rules.result.counted import CountedDay
from tthc_rules.result.course import Course, Effect, Happened

if TYPE_CHECKING:
    from tthc_rules.reference.trace import Trace
    from tthc_rules.result.verdict import Verdict

EFFECTS: Final[Mapping[int, Effect]] = {
    clock.STEP_START: "start",
    clock.STEP_OPEN: "open",
    clock.STEP_PAUSE: "wait",
    clock.STEP_RESTART: "restart",
    clock.STEP_WITHOUT_EFFECT: "without_effect",
    clock.STEP_EXCLUDE: "exclude",
    clock.STEP_REAPPOINT: "reappoint",
}
"""What the clock marked of an event."""


def course_of(verdict: Verdict, trace: Trace) -> Course:
    """Every event up to the day asked about, and every day from the receipt on as far as the calendar knows."""
    out, line = trace.out, trace.timeline
    started, last_start, due = out[clock.O_START], out[clock.O_LAST_START], out[clock.O_LAWFUL_DAY]
    events = tuple(_happened(trace, at) for at in range(len(line.kind)))
    if started < 0:
        return Course(trace.limit, events, (), (), ())
    before = _plain(trace, range(line.day[started], line.day[last_start]))
    late: Iterable[CountedDay] = ()
    if verdict.days_late and verdict.clock.lawful_due is not None:
        end = out[clock.O_END]
        last = line.day[end] if end >= 0 else day_of(trace.question.as_of)
        late = _plain(trace, range(due + 1, last + 1))
    days = trace.days() or trace.waited()
    return Course(trace.limit, events, tuple(before), tuple(map(CountedDay.of, days)), tuple(late))


def _happened(trace: Trace, at: int) -> Happened:
    """What an event did; a start that counts as one of the next workday too."""
    line, due = trace.timeline, trace.due_then[at]
    event = line.events[at]
    effect = EFFECTS.get(trace.mark[at] & STEP, "")
    excluded = (date_of(line.x[at]), date_of(line.y[at])) if effect == "exclude" else None
    slip = getattr(event, "appointed_due", None) or getattr(event, "new_due", None)
    moved = effect in ("wait", "restart", "exclude") and due != clock.NONE
    return Happened(
        event.kind,
        event.at,
        effect,
        date_of(due) if moved else None,
        excluded,
        slip,
        at == trace.out[clock.O_END],
        line.origin[at] >= len(trace.dossier.events) - trace.question.supposed,
    )


def _plain(trace: Trace, days: range) -> Iterator[CountedDay]:
    """Days that are no part of the count, as the calendar has them."""
    calendar = trace.calendar
    for number in range(days.start, min(days.stop, calendar.until + 1)):
        day = calendar.day(date_of(number))
        yield CountedDay.of(DayCounted(day, "counted" if day.is_workday else "day_off"))
