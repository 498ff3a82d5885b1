"""The steps of the agencies in a dossier, as a flat loop behind the clock: which was done, and whether in time.

Like `law/clock.py` it knows only integers and arrays and imports nothing but names of numbers: CPython runs it for one
dossier, `bulk` compiles the same file. A step is an event that sets another agency a task; each has an answer of its
own, but an opinion answers all that its agency had been asked before.
"""

# mypy: disable-error-code="no-untyped-def"

from tthc_rules.law.clock import (
    NONE,
    NOT_OBSERVED,
    O_END,
    O_NOTES,
    O_START,
    O_TURNS,
    OPINION_RECEIVED,
    OPINION_REQUESTED,
    STEP_ASSIGNED,
    STEP_DONE,
)

EARLY = 1  # outcomes: places in `codes.STEP_OUTCOMES`
ON_TIME = 2
LATE = 3
PENDING = 4
OVERDUE = 5
UNDETERMINED = 6


def stepped(n, begins, ends, kind, day, minute, x, y, tag, hidden, as_of, out, step_outcome, step_done):  # fmt: skip
    """For the event that sets each step its outcome, and the event that did it or -1; for each such event, its step.

    `step_outcome` (0) and `step_done` (-1) hold one number an event. `out` is the clock's, blank where it did not run;
    what came out otherwise because the source cannot show it is noted there.
    """
    for k in range(n):
        start = out[O_START * n + k]
        if start >= 0:
            hi = ends[k]
            end = out[O_END * n + k]
            hides = hidden[k]
            for i in range(start + 1, hi):
                c = kind[i]
                if (c == STEP_ASSIGNED or (c == OPINION_REQUESTED and x[i] != NONE)) and (end < 0 or i < end):
                    answer = STEP_DONE if c == STEP_ASSIGNED else OPINION_RECEIVED
                    # After it; or before it on that day, at no later hour that is known, where that answers nothing.
                    found = -1
                    j = i
                    while j > start + 1 and day[j - 1] == day[i]:
                        j -= 1
                    while j < hi and found < 0:
                        if kind[j] == answer and tag[j] == tag[i]:
                            if j > i:
                                if step_done[j] < 0 or c == OPINION_REQUESTED:
                                    found = j
                            elif step_done[j] < 0 and (minute[j] < 0 or minute[j] == minute[i]):
                                found = j
                        j += 1
                    step_done[i] = found
                    due = x[i]
                    timed = y[i]
                    if due == NONE:
                        o = UNDETERMINED
                    elif found >= 0:
                        o = ON_TIME
                        if day[found] < due:
                            o = EARLY
                        elif day[found] > due or 0 <= timed < minute[found]:
                            o = LATE
                    else:
                        last = as_of
                        last_minute = 1440
                        if end >= 0:
                            last = day[end]
                            last_minute = minute[end]
                        o = PENDING
                        if last > due or (last == due and 0 <= timed < last_minute):
                            o = OVERDUE
                            if hides & 1 << answer != 0:
                                o = UNDETERMINED
                                out[O_NOTES * n + k] |= NOT_OBSERVED
                        elif end < 0:
                            turns = due if 0 <= timed < 1440 else due + 1
                            if out[O_TURNS * n + k] == NONE or turns < out[O_TURNS * n + k]:
                                out[O_TURNS * n + k] = turns
                    step_outcome[i] = o
                    if found >= 0 and step_done[found] < 0:
                        step_done[found] = i
