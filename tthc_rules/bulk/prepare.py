"""Flat loops before the clock: a block's events out of Arrow's own memory, as the columns that the clock reads.

`laid` puts the events of a block's dossiers one behind the other, by their codes, days and minutes; `held` finds those
that have a field, which `slips`, `days`, `meanings` or `tags` then read; `ordered` puts in order what is not, and cuts
off what does not exist yet. Like `law/clock.py` they know only integers and arrays and import only names of numbers.

A dossier whose events must not be judged here is marked in `aside`, one with two events of a kind at one instant is
listed in `tied` unless it was looked at (`told`): both come out as if nothing had happened.
"""

# mypy: disable-error-code="no-untyped-def"

from tthc_rules.law.clock import NONE

DAY = 86_400_000_000  # microseconds
MINUTE = 60_000_000
FIRST = 7_305 * DAY  # 1 January 1990
PAST = 47_847 * DAY  # the day after 31 December 2100

WORD = (1 << 32) - 1  # a word of bits

FIELD_UNKNOWN = 1 << 20  # carried with an event's flags while events are moved; the clock does not look at them
FIELD_BAD = 1 << 21

UNKNOWN_KIND = 1  # bits of what is odd about a log
UNKNOWN_FIELD = 2
DUPLICATE = 4

OUT_OF_ORDER = 1  # states of a dossier's log while it is laid
TIED = 2

F_DOSSIERS = 0  # what a block came to: its dossiers, its events, its stretches of events
F_EVENTS = 1
F_RUNS = 2
F_MARKED = 3  # whether some event was marked
F_TIED = 4  # how many are listed as tied, of all blocks
F_UNKNOWN = 5  # whether a name that nobody knows was met, in any block
F_HELD = 6  # how many of its events have a field
F_KINDS = 7  # the kinds of its events, as bits
F_SIZE = 8


def laid(
    n, first, whole, rows, begins, ends, aside, kind_at, kind_of, order, bare, some_bare, as_of, most,
    run_from, run_to, run_into, own, until, state, kind, day, minute, x, y, tag, flags, fit,
):  # fmt: skip
    """The events of as many of n dossiers as there is room for (`most` events): the first `fit[F_DOSSIERS]`.

    Dossier k's lie from `own[k]` up to `until[k]`, those after day `as_of` left out if they are in order. `kind_at`
    are places in `kind_of`, -1 there for what is no kind; `order` is microseconds since 1970, `bare` whether the hour
    was not recorded. Minutes are rounded up, as in law.
    """
    limit = (as_of + 1) * DAY
    count = 0
    runs = 0
    kinds = 0
    fit[F_DOSSIERS] = n
    for k in range(n):
        r = first + k
        if whole == 0:
            r = rows[first + k]
        lo = begins[r]
        hi = ends[r]
        if aside[r] != 0:
            hi = lo
        if count + hi - lo > most:
            fit[F_DOSSIERS] = k
            break
        own[k] = count
        before = FIRST
        odd = 0
        wrong = 0
        stop = count
        seen = 0  # kinds at this instant, as bits
        e = count
        for i in range(lo, hi):
            c = kind_of[kind_at[i]]
            t = order[i]
            if c < 0 or t < FIRST or t >= PAST:
                wrong = 1
                break
            if t < before:
                odd = OUT_OF_ORDER
            if t != before:
                seen = 0
            if seen >> c & 1 != 0:
                odd = odd | TIED
            seen |= 1 << c
            kinds |= 1 << c
            before = t
            d = t // DAY
            kind[e] = c
            day[e] = d
            minute[e] = (t + MINUTE - 1) // MINUTE - d * 1440
            e += 1
            if t < limit:
                stop = e
        if wrong != 0:
            aside[r] = 1
            until[k] = count
            state[k] = 0
        else:
            if some_bare != 0:
                for i in range(lo, hi):
                    if bare[i] != 0:
                        minute[count + i - lo] = -1
            if hi > lo:
                if runs > 0 and run_to[runs - 1] == lo and run_into[runs - 1] + lo - run_from[runs - 1] == count:
                    run_to[runs - 1] = hi
                else:
                    run_from[runs] = lo
                    run_to[runs] = hi
                    run_into[runs] = count
                    runs += 1
            count = e
            until[k] = stop if odd == 0 else e
            state[k] = odd
    fit[F_EVENTS] = count
    fit[F_RUNS] = runs
    fit[F_MARKED] = kinds & 1
    fit[F_KINDS] = kinds
    for i in range(count):
        x[i] = NONE
        y[i] = NONE
        tag[i] = 0
        flags[i] = 0


def cleared(step_outcome, step_done, fit):
    """No step yet."""
    for i in range(fit[F_EVENTS]):
        step_outcome[i] = 0
        step_done[i] = -1


def held(run_from, run_to, run_into, bits, known, kind, flags, found, where, fit):
    """The events that have a field: as they stand in the batch, and in the block. Only those whose kind knows it.

    Bit p of `bits`, in words of 32, says whether the p-th event of the batch has it; the kinds of `known` are bits too.
    """
    count = 0
    for r in range(fit[F_RUNS]):
        start = run_from[r]
        stop = run_to[r]
        into = run_into[r] - start
        for w in range(start >> 5, (stop + 31) >> 5):
            word = bits[w] & WORD
            if word != 0:
                if w == start >> 5:
                    word &= -1 << (start & 31)
                if w == stop >> 5:
                    word &= (1 << (stop & 31)) - 1
                while word != 0:
                    low = word & -word
                    word ^= low
                    p = w * 32 + low.bit_length() - 1
                    if known >> kind[p + into] & 1 != 0:
                        found[count] = p
                        where[count] = p + into
                        count += 1
                    else:
                        flags[p + into] |= FIELD_UNKNOWN
                        fit[F_MARKED] = 1
    fit[F_HELD] = count


def slips(values, bare, some_bare, wanted, flagged, flag, kind, x, y, flags, found, where, fit):
    """A field that is a moment: its day and minute for the kinds `wanted`, `flag` for those `flagged` (as bits)."""
    for j in range(fit[F_HELD]):
        e = where[j]
        t = values[found[j]]
        if t < FIRST or t >= PAST:
            flags[e] |= FIELD_BAD
            fit[F_MARKED] = 1
        elif wanted >> kind[e] & 1 != 0:
            d = t // DAY
            x[e] = d
            y[e] = (t + MINUTE - 1) // MINUTE - d * 1440
            if some_bare != 0 and bare[found[j]] != 0:
                y[e] = -1
        if flagged >> kind[e] & 1 != 0:
            flags[e] |= flag


def days(values, into, flags, found, where, fit):
    """A field that is a day."""
    for j in range(fit[F_HELD]):
        t = values[found[j]]
        if t < FIRST or t >= PAST:
            flags[where[j]] |= FIELD_BAD
            fit[F_MARKED] = 1
        else:
            into[where[j]] = t // DAY


def meanings(codes, meaning, wanted, kind, flags, found, where, fit):
    """A field that is a word or a flag: the flags that `meaning` has for its code, for the kinds `wanted`."""
    for j in range(fit[F_HELD]):
        if wanted >> kind[where[j]] & 1 != 0:
            flags[where[j]] |= meaning[codes[found[j]]]


def tags(codes, tag, found, where, fit):
    """The agency of an event, as a number of its own: its code and one."""
    for j in range(fit[F_HELD]):
        tag[where[j]] = codes[found[j]] + 1


def ordered(
    n, first, whole, rows, begins, order, again, told, as_of, own, until, state, kind, day, minute, x, y, tag, flags,
    aside, given_notes, log_notes, taken_from, moved, tied, fit,
):  # fmt: skip
    """What is out of order is put in order, ties as they stand, without what `again` marks as said before; `log_notes`.

    `taken_from` and `moved` are memory for the longest dossier.
    """
    limit = (as_of + 1) * DAY
    for k in range(n):
        r = first + k
        if whole == 0:
            r = rows[first + k]
        notes = given_notes[r]
        lo = own[k]
        if fit[F_MARKED] != 0:
            hi = fit[F_EVENTS]
            if k + 1 < n:
                hi = own[k + 1]
            for i in range(lo, hi):
                if flags[i] & FIELD_BAD != 0:
                    aside[r] = 1
            if aside[r] != 0:
                until[k] = lo
        if state[k] != 0 and until[k] > lo:
            size = until[k] - lo
            b = begins[r]
            for j in range(size):
                t = order[b + j]
                m = j
                while m > 0 and order[b + taken_from[m - 1]] > t:
                    taken_from[m] = taken_from[m - 1]
                    m -= 1
                taken_from[m] = j
            ties = 0
            seen = 0
            kept = 0
            before = FIRST
            for j in range(size):
                i = taken_from[j]
                t = order[b + i]
                bit = 1 << kind[lo + i]
                if t != before:
                    seen = 0
                if seen & bit != 0:
                    ties = 1
                seen |= bit
                before = t
                if t < limit:
                    if told != 0 and again[b + i] != 0:
                        notes |= DUPLICATE
                    else:
                        taken_from[kept] = i
                        kept += 1
            if ties != 0 and told == 0:
                tied[fit[F_TIED]] = r
                fit[F_TIED] += 1
                kept = 0
            until[k] = lo + kept
            for j in range(kept):
                moved[j] = kind[lo + taken_from[j]]
            for j in range(kept):
                kind[lo + j] = moved[j]
                moved[j] = day[lo + taken_from[j]]
            for j in range(kept):
                day[lo + j] = moved[j]
                moved[j] = minute[lo + taken_from[j]]
            for j in range(kept):
                minute[lo + j] = moved[j]
                moved[j] = x[lo + taken_from[j]]
            for j in range(kept):
                x[lo + j] = moved[j]
                moved[j] = y[lo + taken_from[j]]
            for j in range(kept):
                y[lo + j] = moved[j]
                moved[j] = tag[lo + taken_from[j]]
            for j in range(kept):
                tag[lo + j] = moved[j]
                moved[j] = flags[lo + taken_from[j]]
            for j in range(kept):
                flags[lo + j] = moved[j]
        if fit[F_MARKED] != 0:
            for i in range(lo, until[k]):
                if kind[i] == 0:
                    notes |= UNKNOWN_KIND
                elif flags[i] & FIELD_UNKNOWN != 0:
                    notes |= UNKNOWN_FIELD
        if notes & (UNKNOWN_KIND | UNKNOWN_FIELD) != 0:
            fit[F_UNKNOWN] = 1
        log_notes[k] = notes


def accepted_days(n, begins, ends, aside, kind_at, kind_of, order, as_of, first_kind, other_kind, into):
    """The day on which each of n dossiers was first accepted up to day `as_of`, else received, else `as_of`."""
    limit = (as_of + 1) * DAY
    for k in range(n):
        one = limit
        other = limit
        if aside[k] == 0:
            for i in range(begins[k], ends[k]):
                t = order[i]
                c = kind_of[kind_at[i]]
                if FIRST <= t < one and c == first_kind:
                    one = t
                if FIRST <= t < other and c == other_kind:
                    other = t
        into[k] = as_of
        if one < limit:
            into[k] = one // DAY
        elif other < limit:
            into[k] = other // DAY
