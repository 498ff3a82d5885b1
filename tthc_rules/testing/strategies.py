"""Strategies for hypothesis: dossiers as portals record them, whole logs of them, and calendars.

What they draw is accepted by `Dossier.model_validate`; with `faults=True` it is a log as bad as real ones are (events
out of order, twice, before the acceptance, after the end), which is judged and noted, and refused by nobody.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st

from tthc_rules.law.civil import day_of
from tthc_rules.law.fields import FIELDS_OF, KINDS, Meaning
from tthc_rules.law.workdays import Calendar, CalendarLaw, CalendarRow
from tthc_rules.testing.builder import dossier, event

Json: TypeAlias = dict[str, Any]
FIRST: Final = date(2010, 1, 1)
LAST: Final = date(2026, 12, 31)
_AGENCIES: Final = ("so-xay-dung", "so-tai-chinh", "ubnd-xa")
_WORDS: Final = ("", "thiếu hồ sơ gốc", "chờ ý kiến", "apology_slip")
_PAIRS: Final = (
    ("supplement_requested", "supplement_received"),
    ("clock_paused", "clock_resumed"),
    ("payment_awaited", "payment_received"),
    ("opinion_requested", "opinion_received"),
    ("step_assigned", "step_done"),
)
"""What a source records of a stop or a task: its beginning, and its end if there is one."""
_ON_THE_WAY: Final = ("dossier_forwarded", "apology_sent", "delay_notice_sent", "reappointed", "interval_excluded")
_ENDS: Final = ("result_issued", "dossier_refused", "processing_stopped", "dossier_withdrawn", "dossier_closed")
_AFTER: Final = ("result_returned", "synced_national", "error_reported", "result_corrected")


def time_limits() -> st.SearchStrategy[Json | None]:
    """A limit in every unit, none at all (`{none: true}`), or none given."""
    units = {"workday": 60, "calendar_day": 90, "week": 12, "month": 6, "year": 2, "work_hour": 80}
    counted = st.sampled_from(sorted(units)).flatmap(
        lambda unit: st.fixed_dictionaries(
            {"amount": st.integers(0, units[unit]), "unit": st.just(unit)},
            optional={"pauses_for": st.lists(st.sampled_from(["payment", "opinion"]), unique=True)},
        )
    )
    return st.one_of(counted, counted, counted, st.just({"none": True}), st.none())


def moments(first: date = FIRST, last: date = LAST) -> st.SearchStrategy[datetime]:
    """A minute of some day, by night and on days off too."""
    return st.datetimes(datetime.combine(first, datetime.min.time()), datetime.combine(last, datetime.max.time())).map(
        lambda at: at.replace(second=0, microsecond=0)
    )


@st.composite
def events(draw: st.DrawFn, kind: str, at: datetime, *, hour_known: bool = False) -> Json:
    """An event of that kind at that moment, with fields that such an event may have.

    Sometimes its day alone is known, unless `hour_known`: a bare date stands before all else of its day.
    """
    fields = {
        name: draw(_value(meaning, at), label=name)
        for name, meaning in FIELDS_OF[kind].items()
        if name not in ("kind", "at") and draw(st.booleans())
    }
    known: datetime | date = at if hour_known or draw(st.integers(0, 3)) else at.date()
    return {**event(kind, known), **fields}


def _value(meaning: Meaning, at: datetime) -> st.SearchStrategy[Any]:
    """What a field of that meaning may hold."""
    match meaning:
        case "moment":
            return st.integers(-5, 60).map(lambda days: (at.date() + timedelta(days)).isoformat())
        case "flag":
            return st.booleans()
        case "text":
            return st.sampled_from((*_AGENCIES, *_WORDS[1:]))
        case "number":
            return st.integers(0, 100)
        case "list":
            return st.lists(st.sampled_from(_AGENCIES), max_size=2)


@st.composite
def dossiers(
    draw: st.DrawFn,
    *,
    accepted: tuple[date, date] = (FIRST, LAST),
    limit: st.SearchStrategy[Json | None] | None = None,
    faults: bool = False,
    dossier_id: str = "HS-1",
) -> Json:
    """A dossier accepted between these two days (both included), with what happened on its way and after its end.

    `limit` draws its time limit; `faults` allows what no careful source would record.
    """
    start = draw(moments(*accepted), label="accepted")
    kinds = draw(_life(), label="kinds")
    gaps = draw(st.lists(st.integers(1, 20 * 24 * 60), min_size=len(kinds), max_size=len(kinds)), label="minutes")
    happened, at = [draw(events("dossier_accepted", start))], start
    for kind, gap in zip(kinds, gaps, strict=True):
        before, at = at, at + timedelta(minutes=gap)
        happened.append(draw(events(kind, at, hour_known=at.date() == before.date())))
    if faults:
        odd = draw(st.lists(st.sampled_from(KINDS), max_size=3))
        happened += [draw(events(kind, start + timedelta(hours=draw(st.integers(-900, 2000))))) for kind in odd]
        happened += draw(st.lists(st.sampled_from(happened), max_size=2))
        happened = draw(st.permutations(happened))
    own = draw(time_limits() if limit is None else limit, label="limit")
    return dossier(
        *happened,
        limit=own,
        dossier_id=dossier_id,
        channel=draw(st.sampled_from([None, "in_person", "online", "postal"])),
        units=draw(st.sampled_from([None, {"handling_agency": "so-xay-dung", "one_stop_unit": "ttpvhcc"}])),
    )


@st.composite
def _life(draw: st.DrawFn) -> list[str]:
    """The kinds of events after the acceptance, in an order that can happen."""
    kinds: list[str] = []
    for begins, ends in draw(st.lists(st.sampled_from(_PAIRS), max_size=2)):
        kinds += [begins, ends] if draw(st.integers(0, 3)) else [begins]
    for kind in draw(st.lists(st.sampled_from(_ON_THE_WAY), max_size=3)):
        kinds.insert(draw(st.integers(0, len(kinds))), kind)
    if draw(st.integers(0, 4)):
        kinds += [draw(st.sampled_from(_ENDS[:1] * 4 + _ENDS[1:]))]
        kinds += draw(st.lists(st.sampled_from(_AFTER), max_size=2, unique=True))
    return kinds


@st.composite
def logs(draw: st.DrawFn, /, *, most: int = 8, **asked: Any) -> list[Json]:
    """A log of some dossiers, each with an id of its own; `asked` is what `dossiers` takes."""
    size = draw(st.integers(0, most))
    return [draw(dossiers(dossier_id=f"HS-{number + 1}", **asked)) for number in range(size)]


@st.composite
def calendars(draw: st.DrawFn, *, first_year: int = 2024, years: int = 3) -> Calendar:
    """A calendar with a week of five days, days off and make-up days drawn at random, all of them published."""
    start = date(first_year, 1, 1)
    length = (date(first_year + years, 1, 1) - start).days
    places = draw(st.lists(st.integers(0, length - 1), max_size=12 * years, unique=True), label="days")
    rows = tuple(_row(start + timedelta(days)) for days in sorted(places))
    label = {"vi": "lịch thử", "en": "a trial calendar"}
    last = CalendarRow(day_of(date(first_year + years - 1, 12, 31)), "workday", label, "", "", "OFFICIAL")
    closing = () if any(row.day == last.day for row in rows) else (last,)
    law = CalendarLaw("trial", label, frozenset({5, 6}), first_year, (*rows, *closing), always_published=True)
    return law.known_on(None)


def _row(day: date) -> CalendarRow:
    """A weekday taken out, or a day of the weekend put in."""
    off = day.weekday() < 5
    name = {"vi": "nghỉ lễ" if off else "làm bù", "en": "a day off" if off else "a make-up day"}
    return CalendarRow(day_of(day), "public_holiday" if off else "makeup_workday", name, "", "", "OFFICIAL")
