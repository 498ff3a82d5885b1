"""One dossier and what governs it, found once for every engine; and its run through the clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from tthc_rules.errors import DossierError, Problem, shown
from tthc_rules.law import clock, steps
from tthc_rules.law.civil import date_of, day_of
from tthc_rules.law.codes import POLICIES
from tthc_rules.law.complaints import MOST
from tthc_rules.law.dossier import Dossier, NoTimeLimit, TimeLimit
from tthc_rules.law.known import KnownLaw, Tables
from tthc_rules.law.limits import NO_OWN_TIMES, limit_columns, limit_of, own_time_columns, unpacked
from tthc_rules.law.observed import hidden_from
from tthc_rules.law.office_hours import HoursColumns
from tthc_rules.law.question import Question
from tthc_rules.law.regimes import Regimes
from tthc_rules.law.rule import CatalogueEntry
from tthc_rules.law.timeline import Oddity, Timeline, timeline_of, unknown_names
from tthc_rules.law.workdays import Calendar

_NO_HOURS: HoursColumns = ((), (), ())


@dataclass(slots=True)
class Asked:
    """A dossier with the law that governs it, as known on the day of the question."""

    dossier: Dossier
    question: Question
    as_of: int
    known_on: int
    timeline: Timeline
    entry: CatalogueEntry | None
    family: str
    place: str
    """`local/…` beside the one-stop family and those that stand beside it, else nothing."""
    limit: TimeLimit | NoTimeLimit | None
    regimes: Regimes
    calendar: Calendar
    tables: Tables
    edition: int
    """Which law is known on the day of the question: `KnownLaw.edition`."""
    columns: tuple[int, int, int, int]
    """The limit as the clock takes it: amount, unit, cut-off, what it waits for."""
    hours: HoursColumns
    office: HoursColumns
    """The office hours as known, where an answer is owed within some of them."""
    hidden: int
    own_times: tuple[int, int, int]
    """What sector law says beside the limit, as the rules take it."""
    begun: list[int] = field(default_factory=list)
    """For each request that sent the file back, the event of the start that it follows; the clock fills it."""


def asked_of(
    known: KnownLaw, dossier: Dossier, question: Question, flipped: str = "", line: Timeline | None = None
) -> Asked:
    """What governs this dossier; `flipped` names a reading of the clock to be taken the other way.

    `line` is what has happened, where that is not every event up to the day of the question.
    Raises `OptionError` for a question that names what nobody knows, `DossierError` for a place that nobody knows.
    """
    if dossier.jurisdiction is not None:
        known.check_place(dossier)
    if question.strict and (odd := unknown_names(dossier)):
        raise DossierError(unknown_name_problem(dossier.dossier_id, oddity) for oddity in odd[:MOST])
    as_of, known_on = day_of(question.as_of), day_of(question.known_on)
    if line is None:
        line = timeline_of(dossier, as_of)
    accepted = _acceptance_day(line, as_of)
    entry = None if dossier.procedure is None else known.entry_of(dossier, accepted, known_on)
    family = known.family_of(dossier, entry)
    setting = known.setting_of(question, family, accepted)
    regimes, calendar, then = setting.regimes, setting.calendar, setting.then
    if flipped:
        regimes = regimes.with_other(flipped)
    limit = dossier.time_limit if dossier.time_limit is not None else limit_of(entry)
    columns = limit_columns(limit)
    hours = _NO_HOURS
    if columns[1] == clock.WORK_HOUR or regimes.asks_for_hours:
        table = known.hours_table(dossier.jurisdiction, question.hours)
        hours = known.hours_of(table, calendar)
        if then is not calendar:
            hours = (known.hours_of(table, then)[0] + hours[0], hours[1], hours[2])
    office = _NO_HOURS
    own = own_time_columns(limit)
    by_the_hour = known.counts_hours_of_all
    if own is not NO_OWN_TIMES:
        by_the_hour |= any(time >= 0 and unpacked(time)[1] == clock.WORK_HOUR for time in own)
    if by_the_hour or (dossier.channel == "online" and clock.SUBMITTED in line.kind):
        office = known.hours_of(known.hours_table(dossier.jurisdiction, question.hours), calendar)
    place = f"local/{dossier.jurisdiction}" if dossier.jurisdiction and known.has_places(family) else ""
    return Asked(
        dossier, question, as_of, known_on, line, entry, family, place, limit, regimes, calendar,
        setting.tables, setting.edition, columns, hours, office, hidden_from(dossier), own,
    )  # fmt: skip


def asked_on(known: KnownLaw, asked: Asked, day: int) -> Asked:
    """The same on a later day, if nothing more happens and nothing more becomes known."""
    if is_accepted(asked.timeline):
        return replace(asked, as_of=day)
    return asked_of(known, asked.dossier, replace(asked.question, as_of=date_of(day)), line=asked.timeline)


def catalogue_turns(known: KnownLaw, asked: Asked) -> Iterator[int]:
    """The later days on which the law of a dossier that nobody has accepted yet becomes another.

    Until then the catalogue, and the version of the clock that names the calendar, are asked about the day itself.
    """
    if is_accepted(asked.timeline):
        return
    days: list[int] = []
    if len({version.calendar for version in asked.regimes.versions}) > 1:
        days += asked.regimes.start + [until + 1 for until in asked.regimes.until]
    for entry in known.corpus.catalogue.get(asked.dossier.procedure or "", ()):
        days += [entry.start] if entry.until is None else [entry.start, entry.until + 1]
    yield from (day for day in days if day > asked.as_of)


def is_accepted(line: Timeline) -> bool:
    """Whether there is an event whose day the catalogue is asked about."""
    return clock.ACCEPTED in line.kind or clock.RECEIVED_BY_COMPETENT in line.kind


def _acceptance_day(line: Timeline, as_of: int) -> int:
    """The day that the catalogue and the calendar of the promise are asked about."""
    for code in (clock.ACCEPTED, clock.RECEIVED_BY_COMPETENT):
        if code in line.kind:
            return line.day[line.kind.index(code)]
    return as_of


def clocked(
    asked: Asked, first_in: Sequence[int], since_in: Sequence[int], since_at: int, out: list[int],
    mark: list[int] | None = None, due_then: list[int] | None = None,
) -> list[tuple[int, int]]:  # fmt: skip
    """Run the clock: its answers into `out` (blank), what each event did into `mark` and `due_then` where asked for.

    Gives the intervals that do not count: (after this day, up to and including that).
    """
    line, tables, regimes = asked.timeline, asked.tables, asked.regimes
    amount, unit, cutoff, awaits = asked.columns
    calendar, hours = asked.calendar, asked.hours
    n = len(line.kind)
    stop_from, stop_to = [0] * (n + 1), [0] * (n + 1)
    asked.begun = begun = [-1] * n
    clock.run(
        1, (0,), (n,), line.kind, line.day, line.minute, line.x, line.y, line.tag, line.flags,
        (amount,), (unit,), (cutoff,), (awaits,), (int(asked.dossier.filed_elsewhere),), (asked.hidden,),
        asked.as_of, POLICIES[asked.question.lateness],
        regimes.start, regimes.until, regimes.supplement, regimes.elsewhere, regimes.event, regimes.cutoff,
        regimes.pause, regimes.receipt, regimes.soon,
        calendar.base, calendar.last, tables.edition, tables.now, tables.idx, tables.nth, calendar.provisional,
        hours[0], hours[1], hours[2],
        stop_from, stop_to, [0] * (n + 1), [0] * (n + 1), [0] * (n + 1), [0] * (n + 1), begun,
        first_in, since_in, since_at, len(out), out, mark, due_then,
    )  # fmt: skip
    count = out[clock.O_STOPS]
    return list(zip(stop_from[:count], stop_to[:count], strict=True)) if count else []


class StepFound(NamedTuple):
    """A step: the places in the timeline of what set it and of what did it, or -1; and how it came out, as a code."""

    set_by: int
    done_by: int
    outcome: int


def steps_of(asked: Asked, out: list[int]) -> list[StepFound]:
    """The steps of a dossier whose clock has run; what the source hides of them is noted in `out`."""
    line = asked.timeline
    if clock.STEP_ASSIGNED not in line.kind and clock.OPINION_REQUESTED not in line.kind:
        return []
    n = len(line.kind)
    outcome, done = [0] * n, [-1] * n
    steps.stepped(
        1, (0,), (n,), line.kind, line.day, line.minute, line.x, line.y, line.tag, (asked.hidden,), asked.as_of, out,
        outcome, done,
    )  # fmt: skip
    return [StepFound(i, done[i], code) for i, code in enumerate(outcome) if code]


def unknown_name_problem(dossier_id: str, odd: Oddity) -> Problem:
    """A name that is refused under `strict`."""
    place = dossier_id if odd.event < 0 else f"{dossier_id}: events[{odd.event}]"
    if odd.code == "unknown_kind":
        return Problem(
            "TR-input-unknown-kind",
            f"{place}.kind",
            f"không có loại sự kiện «{shown(odd.name or '')}»",
            f"there is no kind of event “{shown(odd.name or '')}”",
            nearest=odd.nearest or "",
        )
    return Problem(
        "TR-input-unknown-field",
        f"{place}{': ' if odd.event < 0 else '.'}{shown(odd.name or '')}",
        f"không có trường «{shown(odd.name or '')}» ở đây",
        f"there is no field “{shown(odd.name or '')}” here",
        nearest=odd.nearest or "",
    )
