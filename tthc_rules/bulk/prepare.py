"""The other flat loops that are compiled: from instants to the days and minutes that the clock reads.

Like `law/clock.py` it knows only integers and arrays and imports nothing.
"""

# mypy: disable-error-code="no-untyped-def"

DAY = 86_400_000_000  # microseconds
MINUTE = 60_000_000

ODD = 1  # the events of a dossier are not in order, or two of one kind share an instant


def split_moments(n, begins, ends, order, bare, kind, as_of, day, minute, odd):  # fmt: skip
    """Days and minutes of events; cuts `ends` after day `as_of`; `odd` where a dossier must be put in order first.

    `order` is microseconds since 1970, `bare` whether the hour was not recorded. Minutes are rounded up, as in law.
    """
    limit = (as_of + 1) * DAY
    for k in range(n):
        lo = begins[k]
        hi = ends[k]
        strange = 0
        before = order[lo] if hi > lo else 0
        stop = lo
        tied = 0  # kinds seen at this instant, as bits
        for i in range(lo, hi):
            t = order[i]
            if t < before:
                strange = ODD
            bit = 1 << kind[i]
            if t != before:
                tied = 0
            if tied & bit != 0:
                strange = ODD
            tied |= bit
            before = t
            d = t // DAY
            day[i] = d
            rest = t - d * DAY
            minute[i] = -1 if bare[i] != 0 else (rest + MINUTE - 1) // MINUTE
            if t < limit:
                stop = i + 1
        odd[k] = strange
        if strange == 0:
            ends[k] = stop


def put_moments(n, at, kind, wanted, order, bare, x, y):  # fmt: skip
    """The days and minutes of n fields, read at the events `at`, for events of the wanted kinds (as bits)."""
    for j in range(n):
        i = at[j]
        if wanted & 1 << kind[i] != 0:
            t = order[j]
            d = t // DAY
            x[i] = d
            y[i] = -1 if bare[j] != 0 else (t - d * DAY + MINUTE - 1) // MINUTE
