"""Flat loops behind the rules: what a block's answers come to as columns of the result, and as keys of its words.

Like `law/clock.py` it knows only integers and arrays, and imports nothing but names of numbers. All arrays of a block
hold a column of n numbers after the other. Words are said in `words.py`, once for each key: here a key gets a code
from a table that is kept between blocks.
"""

# mypy: disable-error-code="no-untyped-def"

from tthc_rules.law.clock import (
    ACCEPTANCE_UNKNOWN,
    NONE,
    O_ACCEPTED,
    O_END,
    O_NOTES,
    O_PROMISED_DAY,
    O_PROMISED_MINUTE,
    O_PROVISIONAL,
    O_PUNCTUALITY,
    O_PUNCTUALITY_CURRENT,
    O_REASON,
    O_REGIME,
    O_RESTARTED,
    O_START,
)
from tthc_rules.law.composed import BROKEN, MET_LATE, MISSED

NO_OVERLAY = 1  # bits of what is noted about the place
NOT_IN_FORCE = 2

WHOLE_DAY = 1440  # a promise without an hour
IN_A_DAY = 1441
NO_KEY = -(1 << 62)
ACTS_A_WORD = 9  # of 7 bits each: a duty has at most 120
FAULTS_A_WORD = 30  # of 2 bits each
ACT_BITS = 16  # of an act, behind the code of the law
MIX = 0x1E3779B97F4A7C15
LOW = (1 << 62) - 1

STEP_COLUMNS = 7  # of a step: its dossier, tag, the day and minute it is due, outcome, the day it was done, the kind


def blanked(n, n_out, duties, as_of, blank, out, outcome, act_by, act, noted, readings, asked_on):
    """A block before it is answered: the clock's answers blank, nothing found."""
    for c in range(n_out):
        empty = blank[c]
        for k in range(n):
            out[c * n + k] = empty
    for k in range(duties * n):
        outcome[k] = 0
        act_by[k] = 0
        act[k] = 0
    for k in range(n):
        noted[k] = 0
        readings[k] = 0
        asked_on[k] = as_of


def listed(n, law_of, one, into, counts):
    """The dossiers of the block that one law governs; `counts[0]` is how many."""
    count = 0
    for k in range(n):
        into[count] = k
        if law_of[k] == one:
            count += 1
    counts[0] = count


def keyed(
    n, duties, law_of, plans, as_of, day, out, outcome, act, noted, readings,
    regime_from, regime_unseen, log_notes, place, place_from, place_until, place_bits, log_at, noted_at, place_at,
    law, faults, notes, promise,
):  # fmt: skip
    """The keys of a block's words: the law that was applied, who failed in what, what is noted, what was promised.

    `place_from`, `place_until`, `place_bits` have the place k in row k + 1, and no place in row 0. The first number of
    `faults` is left free for the code of `law`.
    """
    for k in range(n):
        start = out[O_START * n + k]
        started = 1 if start >= 0 else 0
        used = 1 if started == 1 and out[O_RESTARTED * n + k] > 0 else 0
        law[k] = readings[k]
        # A version whose wording was not seen, by the day that picked it: accepted there, or still on its way.
        regime = out[O_REGIME * n + k]
        unseen = 0
        if regime >= 0:
            accepted = out[O_ACCEPTED * n + k]
            picked = day[accepted] if accepted >= 0 else regime_from[regime]
            unseen = 1 if picked >= regime_unseen[regime] else 0
        law[n + k] = (((plans[law_of[k]] * 2 + started) * 2 + used) * 2 + unseen) * 65536 + regime + 1
        at = place[k] + 1
        since = day[start] if start >= 0 else as_of
        where = place_bits[at]
        if since > place_until[at] or since < place_from[at]:
            where = where | NOT_IN_FORCE
        said = out[O_REASON * n + k] * started | log_notes[k] << log_at
        notes[k] = said | noted[k] << noted_at | where << place_at | out[O_NOTES * n + k] << 3
        minute = out[O_PROMISED_MINUTE * n + k]
        timed = minute if 0 <= minute < WHOLE_DAY else WHOLE_DAY
        promised = out[O_PROMISED_DAY * n + k]
        promise[k] = NO_KEY if promised == NONE else promised * IN_A_DAY + timed
    for d in range(duties):
        w = (2 + d // ACTS_A_WORD) * n
        if d % ACTS_A_WORD == 0:
            for k in range(n):
                law[w + k] = act[d * n + k]
        else:
            for k in range(n):
                law[w + k] = law[w + k] << 7 | act[d * n + k]
        w = (1 + d // FAULTS_A_WORD) * n
        if d % FAULTS_A_WORD == 0:
            for k in range(n):
                faults[w + k] = 0
        for k in range(n):
            o = outcome[d * n + k]
            faults[w + k] = faults[w + k] << 2 | ((o == MET_LATE) + (o == MISSED) * 2 + (o == BROKEN) * 3)


def keyed_next(n, codes, next_what, next):
    """The key of the first act that is expected: the law that was applied, by its code, and which act."""
    for k in range(n):
        next[k] = NO_KEY if next_what[k] < 0 else codes[k] << ACT_BITS | next_what[k]


def found_codes(n, width, key, slots, known, state, codes):
    """The code of each key: that of its like, or the next one; -1 for no key.

    `slots` is a table of codes, twice as long as there is room at least, a power of two long; `known` holds the keys by
    code, the numbers of each together, `state[0]` how many there are. There must be room for n more.
    """
    mask = len(slots) - 1
    for k in range(n):
        code = -1
        if key[k] != NO_KEY:
            mixed = 0
            for w in range(width):
                mixed = ((mixed ^ key[w * n + k]) * MIX) & LOW
                mixed = mixed ^ mixed >> 29
            at = mixed & mask
            while code < 0:
                code = slots[at]
                if code < 0:
                    code = state[0]
                    state[0] = code + 1
                    slots[at] = code
                    for w in range(width):
                        known[code * width + w] = key[w * n + k]
                else:
                    for w in range(width):
                        if known[code * width + w] != key[w * n + k]:
                            code = -1
                            break
                    if code < 0:
                        at = (at + 1) & mask
        codes[k] = code


def counted(n, codes, local, used, state, into):
    """Codes as numbers in the order in which they came up in this part; `state[1]` is how many there are."""
    for k in range(n):
        code = codes[k]
        place = -1
        if code >= 0:
            place = local[code]
            if place < 0:
                place = state[1]
                state[1] = place + 1
                local[code] = place
                used[place] = code
        into[k] = place


def dates_and_words(n, taken, kind, day, out, change, next_by, next_what, dates, small):
    """The clock's columns of the result, as they stand there: `taken` of `out`, days of events, and what lies ahead."""
    for c in range(len(taken)):
        at = taken[c] * n
        for k in range(n):
            dates[c * n + k] = out[at + k]
    first = len(taken) * n
    for k in range(n):
        accepted = out[O_ACCEPTED * n + k]
        end = out[O_END * n + k]
        dates[first + k] = day[accepted] if accepted >= 0 else NONE
        dates[first + n + k] = day[end] if end >= 0 else NONE
        dates[first + 2 * n + k] = change[k]
        dates[first + 3 * n + k] = next_by[k] if next_what[k] >= 0 else NONE
        small[k] = out[O_PUNCTUALITY * n + k]
        small[n + k] = out[O_PUNCTUALITY_CURRENT * n + k]
        small[2 * n + k] = kind[end] if end >= 0 else 0
        unknown = out[O_NOTES * n + k] & ACCEPTANCE_UNKNOWN
        small[3 * n + k] = -1 if unknown != 0 else 1 if out[O_PROVISIONAL * n + k] != 0 else 0


def put_numbers(n, columns, whole, first, stride, rows, block, into):
    """Columns of a block into those of the result: in one piece, or to the rows of its dossiers."""
    for c in range(columns):
        if whole != 0:
            for k in range(n):
                into[c * stride + first + k] = block[c * n + k]
        else:
            for k in range(n):
                into[c * stride + rows[k]] = block[c * n + k]


def put_codes(n, columns, whole, first, stride, rows, block, into):
    """The same for codes of one byte."""
    for c in range(columns):
        if whole != 0:
            for k in range(n):
                into[c * stride + first + k] = block[c * n + k]
        else:
            for k in range(n):
                into[c * stride + rows[k]] = block[c * n + k]


def put_steps(
    n, first, whole, rows, own, until, kind, day, x, y, tag, step_outcome, step_done, room, steps, told_steps
):
    """The steps of a block behind those before it, `told_steps[0]` in all: see `STEP_COLUMNS`."""
    for k in range(n):
        r = first + k
        if whole == 0:
            r = rows[k]
        for i in range(own[k], until[k]):
            if step_outcome[i] != 0:
                at = told_steps[0]
                told_steps[0] = at + 1
                done = step_done[i]
                steps[at] = r
                steps[room + at] = tag[i]
                steps[2 * room + at] = x[i]
                steps[3 * room + at] = y[i]
                steps[4 * room + at] = step_outcome[i]
                steps[5 * room + at] = day[done] if done >= 0 else NONE
                steps[6 * room + at] = kind[i]
