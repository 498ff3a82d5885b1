"""The due date and the lateness of limits in workdays, as one would ask polars, DuckDB or numpy for them.

The closed form of all three: the workdays before the start, plus the limit, plus signed sums of workdays over what
stopped the clock since then. It is right where no two stops overlap and each began before the due date.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from benchmarks.history import CHUNK
from tthc_rules.law import clock
from tthc_rules.law.civil import day_of
from tthc_rules.law.workdays import Calendar

Ints = Any  # arrays of whole numbers

RESTARTS_FROM: Final = day_of(date(2018, 6, 21))
"""Dossiers accepted from then on start again after a supplement; earlier ones pause."""
NONE: Final = clock.NONE
ALWAYS, IF_PAYMENT, IF_OPINION, IF_PAUSES = 0, 1, 2, 3
STOPS: Final = (
    (clock.PAUSED, -1, ALWAYS),
    (clock.RESUMED, 1, ALWAYS),
    (clock.PAYMENT_AWAITED, -1, IF_PAYMENT),
    (clock.PAYMENT_RECEIVED, 1, IF_PAYMENT),
    (clock.OPINION_REQUESTED, -1, IF_OPINION),
    (clock.OPINION_RECEIVED, 1, IF_OPINION),
    (clock.SUPPLEMENT_REQUESTED, -1, IF_PAUSES),
    (clock.SUPPLEMENT_RECEIVED, 1, IF_PAUSES),
)
"""Kind, sign, and when it counts."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What every query is given: events in order, grouped by dossier, and the dossiers' limits."""

    owner: Ints
    kind: Ints
    day: Ints
    amount: Ints
    awaits: Ints
    first: Ints
    """Where the events of each dossier begin, with the end of the last."""
    calendar: Calendar
    as_of: int

    def __len__(self) -> int:
        return len(self.amount)


@dataclass(frozen=True, slots=True)
class Due:
    """What every query must say; `NONE` where there is no due date."""

    due: Ints
    workdays_late: Ints
    days_late: Ints


# -- numpy -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counting:
    """How to count workdays: up to and including a day, and a number of them onward."""

    index: Callable[[Ints], Ints]
    onward: Callable[[Ints, Ints], Ints]


def prefix_table(calendar: Calendar) -> Counting:
    """By the library's own prefix tables."""
    idx, nth, base = np.asarray(calendar.idx, np.int32), np.asarray(calendar.nth, np.int32), calendar.base
    return Counting(lambda day: idx.take(day - base), lambda day, more: nth.take(idx.take(day - base) + more))


def busdays(calendar: Calendar) -> Counting:
    """By `numpy.busday_count` and `busday_offset`.

    A week mask of Monday to Friday cannot express a make-up Saturday, so every day works here that is not listed.
    """
    works = np.frombuffer(calendar.works, np.uint8)
    days = np.arange(calendar.base, calendar.last + 1, dtype=np.int64)
    off = days[works == 0].view("datetime64[D]")
    listed = np.busdaycalendar(weekmask="1111111", holidays=off)
    return _by_busdays(listed, calendar.base)


def plain_weeks(calendar: Calendar) -> Counting:
    """The same by a week mask and the days off on weekdays: wrong wherever a Saturday was made a workday."""
    works = np.frombuffer(calendar.works, np.uint8)
    days = np.arange(calendar.base, calendar.last + 1, dtype=np.int64)
    off = days[(works == 0) & ((days + 3) % 7 < 5)].view("datetime64[D]")
    return _by_busdays(np.busdaycalendar(weekmask="1111100", holidays=off), calendar.base)


def _by_busdays(listed: np.busdaycalendar, base: int) -> Counting:
    start = np.datetime64(base, "D")

    def index(day: Ints) -> Ints:
        return np.busday_count(start, (day.astype(np.int64) + 1).view("datetime64[D]"), busdaycal=listed)

    def onward(day: Ints, more: Ints) -> Ints:
        moved = np.busday_offset(day.astype(np.int64).view("datetime64[D]"), more, roll="backward", busdaycal=listed)
        return moved.view(np.int64)

    return Counting(index, onward)


def by_numpy(columns: Columns, counting: Counting) -> Due:
    """Part by part, so that the arrays stay in the caches."""
    n = len(columns)
    found = Due(np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32))
    for start in range(0, n, CHUNK):
        stop = min(start + CHUNK, n)
        low, high = int(columns.first[start]), int(columns.first[stop])
        events = slice(low, high)
        due, late, days = _part(
            columns.owner[events] - start, columns.kind[events], columns.day[events], columns.amount[start:stop],
            columns.awaits[start:stop], columns.as_of, counting,
        )  # fmt: skip
        found.due[start:stop], found.workdays_late[start:stop], found.days_late[start:stop] = due, late, days
    return found


def _part(
    owner: Ints, kind: Ints, day: Ints, amount: Ints, awaits: Ints, as_of: int, counting: Counting
) -> tuple[Ints, Ints, Ints]:
    n = len(amount)

    def first(code: int) -> Ints:
        at = np.flatnonzero(kind == code)[::-1]
        made = np.full(n, NONE, np.int32)
        made[owner[at]] = day[at]
        return made

    accepted = first(clock.ACCEPTED)
    refused, stopped = first(clock.REFUSED), first(clock.STOPPED)
    end = first(clock.RESULT_ISSUED)
    for other in (first(clock.RESULT_RETURNED), np.maximum(refused, stopped), first(clock.WITHDRAWN)):
        end = np.where(end == NONE, other, end)
    ended = end != NONE
    until = np.where(ended, end, as_of)
    restarts = accepted >= RESTARTS_FROM
    start = accepted.copy()
    at = np.flatnonzero(kind == clock.SUPPLEMENT_RECEIVED)
    at = at[restarts[owner[at]]]
    start[owner[at]] = day[at]  # the last one stays
    sums, open_ = np.zeros(n, np.int64), np.zeros(n, np.int64)
    for code, sign, when in STOPS:
        at = np.flatnonzero(kind == code)
        who, on = owner[at], day[at]
        counts = (on >= start[who]) & (on <= until[who])
        if when in (IF_PAYMENT, IF_OPINION):
            counts &= awaits[who] & when != 0
        elif when == IF_PAUSES:
            counts &= ~restarts[who] | ((sign < 0) & ((on > start[who]) | (start[who] == accepted[who])))
        who, on = who[counts], on[counts]
        np.add.at(sums, who, sign * counting.index(on))
        np.add.at(open_, who, sign)
    waiting = np.flatnonzero(open_ != 0)
    sums[waiting] -= open_[waiting] * counting.index(until[waiting])
    due = counting.onward(start, amount + sums)
    late = np.where(until > due, counting.index(until) - counting.index(due), 0)
    days = np.where(until > due, until - due, 0)
    for made in (due, late, days):
        made[(open_ != 0) & ~ended] = NONE
    return due, late, days


# -- polars ------------------------------------------------------------------------------------------------------------


class Polars:
    """A lazy query over two frames."""

    def __init__(self, columns: Columns) -> None:
        import polars as pl

        self.columns = columns
        owner = pl.Series("d", columns.owner).set_sorted()
        self.events = pl.DataFrame([owner, pl.Series("kind", columns.kind), pl.Series("day", columns.day)])
        dossier = pl.Series("d", np.arange(len(columns), dtype=np.int32)).set_sorted()
        self.dossiers = pl.DataFrame(
            [dossier, pl.Series("amount", columns.amount), pl.Series("awaits", columns.awaits)]
        )
        self.idx = pl.Series(np.asarray(columns.calendar.idx, np.int32))
        self.nth = pl.Series(np.asarray(columns.calendar.nth, np.int32))

    def query(self) -> Any:
        """The query: one group-by over all events, one over those that stop the clock."""
        import polars as pl

        base, as_of = self.columns.calendar.base, self.columns.as_of
        kind, day = pl.col("kind"), pl.col("day")

        def index(of: Any) -> Any:
            return pl.lit(self.idx).gather(of - base)

        def on(name: str, *kinds: int) -> Any:
            mine = kind == kinds[0] if len(kinds) == 1 else kind.is_in(kinds)
            return pl.when(mine).then(day).alias(name)

        facts = (
            self.events.lazy()
            .select(
                "d",
                on("accepted", clock.ACCEPTED),
                on("issued", clock.RESULT_ISSUED),
                on("returned", clock.RESULT_RETURNED),
                on("stopped", clock.REFUSED, clock.STOPPED),
                on("withdrawn", clock.WITHDRAWN),
                on("again", clock.SUPPLEMENT_RECEIVED),
            )
            .group_by("d", maintain_order=True)
            .agg(pl.col("accepted", "issued", "returned", "stopped", "withdrawn").min(), pl.col("again").max())
            .with_columns(
                pl.coalesce("issued", "returned", "stopped", "withdrawn").alias("end"),
                (pl.col("accepted") >= RESTARTS_FROM).alias("restarts"),
            )
            .with_columns(
                pl.coalesce("end", pl.lit(as_of, pl.Int32)).alias("until"),
                pl.when("restarts").then(pl.coalesce("again", "accepted")).otherwise("accepted").alias("start"),
            )
            .select("d", "accepted", "start", "until", "end", "restarts")
        )
        known = facts.join(self.dossiers.lazy(), on="d", maintain_order="left")
        signs = pl.DataFrame(
            {"kind": [k for k, _, _ in STOPS], "sign": [s for _, s, _ in STOPS], "when": [w for _, _, w in STOPS]},
            schema={"kind": pl.Int8, "sign": pl.Int32, "when": pl.Int32},
        )
        awaits = pl.col("awaits")
        unanswered = (day > pl.col("start")) | (pl.col("start") == pl.col("accepted"))
        counts = (
            (pl.col("when") == ALWAYS)
            | ((pl.col("when") == IF_PAYMENT) & (awaits & IF_PAYMENT != 0))
            | ((pl.col("when") == IF_OPINION) & (awaits & IF_OPINION != 0))
            | ((pl.col("when") == IF_PAUSES) & (~pl.col("restarts") | ((pl.col("sign") < 0) & unanswered)))
        )
        stops = (
            self.events.lazy()
            .filter(kind.is_in([k for k, _, _ in STOPS]))
            .join(signs.lazy(), on="kind")
            .join(known, on="d")
            .filter(counts & (day >= pl.col("start")) & (day <= pl.col("until")))
            .with_columns((pl.col("sign") * index(day)).alias("moved"))
            .group_by("d")
            .agg(pl.col("moved").sum(), pl.col("sign").sum().alias("open"))
        )
        moved = pl.col("moved").fill_null(0) - pl.col("open").fill_null(0) * index(pl.col("until"))
        standing = (pl.col("open").fill_null(0) != 0) & pl.col("end").is_null()
        target = index(pl.col("start")) + pl.col("amount") + moved
        late = pl.col("until") > pl.col("due")
        return (
            known.join(stops, on="d", how="left", maintain_order="left")
            .with_columns(pl.when(~standing).then(pl.lit(self.nth).gather(target)).alias("due"))
            .select(
                pl.col("due"),
                pl.when(late).then(index(pl.col("until")) - index(pl.col("due").fill_null(base)))
                .when(pl.col("due").is_not_null()).then(0).alias("workdays_late"),
                pl.when(late).then(pl.col("until") - pl.col("due"))
                .when(pl.col("due").is_not_null()).then(0).alias("days_late"),
            )
        )  # fmt: skip

    def run(self) -> Due:
        """The answers."""
        frame = self.query().collect()
        return Due(*(frame[name].fill_null(NONE).to_numpy() for name in ("due", "workdays_late", "days_late")))


# -- DuckDB ------------------------------------------------------------------------------------------------------------

SQL: Final = """
WITH facts AS (
    SELECT d, min(day) FILTER (kind = {ACCEPTED}) AS accepted,
        coalesce(min(day) FILTER (kind = {RESULT_ISSUED}), min(day) FILTER (kind = {RESULT_RETURNED}),
            min(day) FILTER (kind IN ({REFUSED}, {STOPPED})), min(day) FILTER (kind = {WITHDRAWN})) AS ended,
        max(day) FILTER (kind = {SUPPLEMENT_RECEIVED}) AS again
    FROM events GROUP BY d
), known AS (
    SELECT d, amount, awaits, ended, accepted, coalesce(ended, {as_of}) AS until,
        accepted >= {restarts_from} AS restarts,
        CASE WHEN accepted >= {restarts_from} THEN coalesce(again, accepted) ELSE accepted END AS start
    FROM facts JOIN dossiers USING (d)
), stops AS (
    SELECT events.d, sum(sign * idx) AS moved, sum(sign) AS open
    FROM events JOIN signs USING (kind) JOIN known ON known.d = events.d JOIN calendar ON calendar.day = events.day
    WHERE kind IN ({kinds}) AND events.day BETWEEN start AND until
        AND (happens = 0 OR (happens = 1 AND awaits & 1 <> 0) OR (happens = 2 AND awaits & 2 <> 0)
            OR (happens = 3 AND (NOT restarts OR (sign < 0 AND (events.day > start OR start = accepted)))))
    GROUP BY events.d
), dues AS (
    SELECT known.d, until, ended, ends.idx AS last,
        CASE WHEN ended IS NOT NULL OR coalesce(open, 0) = 0
            THEN starts.idx + amount + coalesce(moved, 0) - coalesce(open, 0) * ends.idx END AS target
    FROM known LEFT JOIN stops ON stops.d = known.d
        JOIN calendar AS starts ON starts.day = start JOIN calendar AS ends ON ends.day = until
)
SELECT d, nth.day AS due, CASE WHEN until > nth.day THEN last - target WHEN nth.day IS NOT NULL THEN 0 END
        AS workdays_late,
    CASE WHEN until > nth.day THEN until - nth.day WHEN nth.day IS NOT NULL THEN 0 END AS days_late
FROM dues LEFT JOIN nth ON nth.k = target
"""


class DuckDB:
    """A query over tables in memory."""

    def __init__(self, columns: Columns, threads: int) -> None:
        import duckdb
        import pyarrow as pa

        calendar = columns.calendar
        idx = np.asarray(calendar.idx, np.int32)
        tables = {
            "events": {"d": columns.owner, "kind": columns.kind, "day": columns.day},
            "dossiers": {
                "d": np.arange(len(columns), dtype=np.int32), "amount": columns.amount, "awaits": columns.awaits
            },
            "calendar": {"day": np.arange(calendar.base, calendar.last + 1, dtype=np.int32), "idx": idx},
            "nth": {"k": np.arange(len(calendar.nth), dtype=np.int32), "day": np.asarray(calendar.nth, np.int32)},
            "signs": _signs(),
        }  # fmt: skip
        self.connection = duckdb.connect(config={"threads": threads})
        for name, made in tables.items():
            self.connection.register("given", pa.table({column: pa.array(values) for column, values in made.items()}))
            self.connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
            self.connection.unregister("given")
        self.connection.execute("SET preserve_insertion_order = false")
        self.sql = SQL.format(
            **{name: getattr(clock, name) for name in _NAMES},
            as_of=columns.as_of,
            restarts_from=RESTARTS_FROM,
            kinds=", ".join(str(kind) for kind, _, _ in STOPS),
        )

    def fetch(self) -> dict[str, Any]:
        """The answers, in whatever order the query gives them."""
        found: dict[str, Any] = self.connection.execute(self.sql).fetchnumpy()
        return found

    def run(self) -> Due:
        """The answers in the order of the dossiers."""
        found = self.fetch()
        place = np.argsort(found["d"])
        return Due(*(np.ma.filled(found[name], NONE)[place] for name in ("due", "workdays_late", "days_late")))


_NAMES: Final = (
    "ACCEPTED", "RESULT_ISSUED", "RESULT_RETURNED", "REFUSED", "STOPPED", "WITHDRAWN", "SUPPLEMENT_RECEIVED"
)  # fmt: skip


def _signs() -> dict[str, Ints]:
    stops = np.array(STOPS, np.int32)
    return {"kind": stops[:, 0].astype(np.int8), "sign": stops[:, 1].copy(), "happens": stops[:, 2].copy()}


def columns_of(parts: Sequence[tuple[Ints, Ints, Ints, Ints, Ints]], calendar: Calendar, as_of: int) -> Columns:
    """The columns of all parts: counts, kinds, days, amounts, awaits."""
    counts, kind, day, amount, awaits = (np.concatenate([part[place] for part in parts]) for place in range(5))
    owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    first = np.concatenate(([0], np.cumsum(counts)))
    return Columns(
        owner, kind.astype(np.int8), day.astype(np.int32), amount.astype(np.int32), awaits.astype(np.int32), first,
        calendar, as_of,
    )  # fmt: skip
