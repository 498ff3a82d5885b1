"""The rule layer, exhaustively: one situation for every combination of classes that a rule can tell apart.

A rule compares days with days, an hour with an hour, a count with a number; two situations that fall on the same sides
of all its comparisons are the same to it. So the day before, on and after every due date of the rule (for every event
and for the day asked about), every way an event can state its fields, every channel, hour class and count, crossed, is
a proof and not a sample. Which version governs depends on two days only, and has a grid of its own.

A judge takes a `Group`: rules, overlays, and the situations to be judged by them. The reference is one; an engine that
works on arrays reads `columns(group)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations_with_replacement, product
from math import prod
from random import Random
from typing import Any, Final, NamedTuple

from tthc_rules import Rulebook
from tthc_rules.law import clock
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.dossier import OwnTime
from tthc_rules.law.facts import Seen
from tthc_rules.law.rule import (
    DATE_FACTS,
    OPEN_REQUEST,
    RAISERS,
    ChannelIs,
    EachWithin,
    EventSeen,
    FieldIs,
    OtherLevel,
    ReappointmentStands,
    ReceivedAt,
    Rule,
    Statement,
)
from tthc_rules.law.statute import Statute
from tthc_rules.law.workdays import Calendar
from tthc_rules.reference.interpret import judge

from .ground import iso
from .oracle import counted_by_walking, own_time_by_walking, without_a_day
from .situation import Finding, Group, Judge, Situation, Versions

FAR: Final = 40_000
"""A day on which everything is known."""
MOST: Final = 60_000
"""So many situations of one version are all tried."""
HOUR: Final = 700
"""The minute at which a limit in working hours ends, where one does."""
CHANNELS: Final = ("in_person", "online", "postal")
_FLAGS: Final = {
    "reason": (0, clock.HAS_REASON, clock.HAS_REASON | clock.EMPTY_REASON),
    "new_due": (0, clock.HAS_NEW_DUE),
    "form": (0, clock.HAS_FORM, clock.HAS_FORM | clock.IS_APOLOGY_SLIP),
    "attached": (0, clock.HAS_ATTACHED, clock.HAS_ATTACHED | clock.IS_ATTACHED),
}


def reference_judge(group: Group) -> list[list[Finding]]:
    """The rule layer of the reference engine."""
    statute = Statute(group.rules, group.known_on)
    return [
        [
            Finding(
                one.id, one.outcome, one.act_by, one.done_on, one.note or "",
                tuple(sorted({answer.role for answer, _ in one.answers()})),
            )
            for one in judge(statute, situation.facts(group.known_on, group.calendar), group.overlays)
        ]
        for situation in group.situations
    ]  # fmt: skip


def columns(group: Group) -> dict[str, list[int]]:
    """The situations as columns of numbers (`clock.NONE` for nothing), for a judge that works on arrays."""

    def number(value: int | None) -> int:
        return clock.NONE if value is None else value

    found = {name: [number(s.date(name)) for s in group.situations] for name in DATE_FACTS}
    for name in (
        "as_of",
        "accepted_minute",
        "lawful_minute",
        "waiting",
        "requests",
        "slowest_return",
        "reappointments",
        "ended",
    ):
        found[name] = [int(getattr(s, name)) for s in group.situations]
    found["channel"] = [CHANNELS.index(s.channel) for s in group.situations]
    for at, name in enumerate(("request_2", "request_3", "request_last")):
        found[name] = [number(s.request_days[at]) for s in group.situations]
    for event, since in sorted({key for s in group.situations for key, _ in s.seen}):
        firsts = [next(iter(dict(s.seen).get((event, since), ())), None) for s in group.situations]
        for at, name in enumerate(Seen._fields):
            found[f"{event} {since} {name}"] = [clock.NONE if one is None else one[at] for one in firsts]
    return found


class Disagreement(NamedTuple):
    """One situation on which two judges differ."""

    group: str
    known_on: int
    situation: Situation
    left: list[Finding]
    right: list[Finding]


def disagreements(
    groups: Iterable[Group], left: Judge, right: Judge, but: Sequence[str] = ()
) -> Iterator[Disagreement]:
    """Where two judges differ; `but` names parts of a finding that are not compared."""
    for group in groups:
        for situation, a, b in zip(group.situations, left(group), right(group), strict=True):
            if a != b and _plain(a, but) != _plain(b, but):
                yield Disagreement(group.name, group.known_on, situation, a, b)


def _plain(found: list[Finding], but: Sequence[str]) -> list[Finding]:
    none: dict[str, Any] = {"act_by": None, "done_on": None, "note": "", "roles": ()}
    return sorted((one._replace(**{name: none[name] for name in but}) for one in found), key=_id)


def _id(found: Finding) -> str:
    return found.id


# -- the classes of one rule -------------------------------------------------------------------------------------------


OwnTimes = tuple[tuple[str, OwnTime], ...]
_OWN: Final = (
    OwnTime(amount=2, unit="workday"), OwnTime(amount=0, unit="workday"), OwnTime(amount=4, unit="calendar_day"),
    OwnTime(amount=2, unit="week"), OwnTime(amount=1, unit="month"),
)  # fmt: skip
"""What sector law may say: in every unit that is counted in days."""


def own_times_of(rule: Rule) -> list[OwnTimes]:
    """What sector law may say where the rule asks for it: nothing, and each of these."""
    names = {node.unless_limit for node in rule.dates}
    names |= {duty.fulfilled.unless_limit for duty in rule.obligations if isinstance(duty.fulfilled, EachWithin)}
    asked = sorted(name for name in names if name is not None)
    return [(), *(tuple((name, own) for name in asked) for own in _OWN)] if asked else [()]


@dataclass(frozen=True)
class Setting:
    """The dates that the clock found, and the hour of the lawful one."""

    dates: tuple[int | None, ...]
    waiting: bool = False
    lawful_minute: int = 1440
    own_times: OwnTimes = ()


def days_of(rule: Rule, calendar: Calendar) -> list[int]:
    """Days that pick this version: its first and its last, a day off and the one after, a plain one, a month's end."""
    start = rule.in_force.start
    until = rule.in_force.until if rule.in_force.until is not None else start + 1500
    middle = (start + until) // 2
    off = next((day for day in range(middle, until) if not _works(calendar, day) and _works(calendar, day - 1)), middle)
    after = next((day for day in range(off, until) if _works(calendar, day)), middle)
    long_month = next((day for day in range(middle, until) if iso(day)[5:] in ("07-31", "12-31")), middle)
    days = (start, start + 1, start + 2, until, off, after, after + 1, long_month)
    return sorted({day for day in days if start <= day <= until})


def _works(calendar: Calendar, day: int) -> bool:
    return calendar.base <= day <= calendar.last and bool(calendar.works[day - calendar.base])


def settings_of(rule: Rule, calendar: Calendar, days: Iterable[int] | None = None) -> Iterator[Setting]:
    """Every kind of dates that this rule can tell apart, around the days that pick it, with what sector law may say."""
    for setting in _dates_of(rule, calendar, days):
        for own in own_times_of(rule):
            yield replace(setting, own_times=own)


def _dates_of(rule: Rule, calendar: Calendar, days: Iterable[int] | None) -> Iterator[Setting]:
    if any(node.unit in ("work_hour", "office_day") for node in rule.dates):
        return  # an end by the minute from a moment that is no fact here: judged case by case
    names = _dates_read(rule)
    for day in days if days is not None else days_of(rule, calendar):
        raised = rule.picked_by in RAISERS
        accepted, lawful = (day - 9, day) if rule.picked_by == "lawful_due" or raised else (day, day + 8)
        reads_again = {"current_due", "reappointed_due"} & names or _has(rule, ReappointmentStands)
        again: tuple[int | None, ...] = (None, lawful + 1, lawful + 6) if reads_again else (None,)
        for new in again:
            current = lawful if new is None else new
            original = lawful - 2 if "original_due" in names else lawful
            promised = lawful + 1 if "promised_due" in names else lawful
            if raised:
                for asked in (None, day - 20, day - 15, day - 14):
                    known = {"accepted": accepted, "lawful_due": lawful, rule.picked_by: day, OPEN_REQUEST: asked}
                    yield Setting(tuple(known.get(name) for name in DATE_FACTS))
                continue
            yield Setting((accepted, original, lawful, current, promised, new))
            if names & {"lawful_due", "current_due"}:
                yield Setting((accepted, original, lawful, current, promised, new), lawful_minute=HOUR)
            if names - {"accepted"} or rule.picked_by == "lawful_due":
                yield Setting((accepted, day, None, None, promised, new), waiting=True)
                yield Setting((accepted, None, None, None, None, new))


def _dates_read(rule: Rule) -> set[str]:
    named = {node.name: node.base for node in rule.dates}
    read = {one.due for one in rule.deadlines.values() if one.due is not None}
    read |= {way.by for duty in rule.obligations for way in (duty.or_by, duty.waived) if way is not None}
    found = set()
    for name in read:
        base = name
        while base in named:
            base = named[base]
        found.add(base)
    return found


def _has(rule: Rule, kind: type) -> bool:
    return any(isinstance(condition, kind) for condition in rule.applies_if)


def dues_of(rule: Rule, setting: Setting, calendar: Calendar) -> list[int]:
    """The days that this rule compares events with."""
    dates: dict[str, int | None] = dict.fromkeys(DATE_FACTS)
    dates.update(zip(DATE_FACTS, setting.dates, strict=False))
    for node in rule.dates:
        base, own = dates.get(node.base), dict(setting.own_times).get(node.unless_limit or "")
        dates[node.name] = (
            counted_by_walking(node, base, calendar)
            if own is None or base is None
            else own_time_by_walking(own, node.unless_limit or "", base, calendar)
        )
    read = [one.due for one in rule.deadlines.values() if one.due is not None]
    read += [way.by for duty in rule.obligations for way in (duty.or_by, duty.waived) if way is not None]
    read += [duty.hour_unknown for duty in rule.obligations if duty.hour_unknown is not None]
    return sorted({day for name in read if (day := dates[name]) is not None})


def events_of(rule: Rule) -> dict[tuple[str, str], tuple[str, ...]]:
    """The events that it reads, since when, and the fields that they must state."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for deadline in rule.deadlines.values():
        found.update(dict.fromkeys(((event, deadline.since) for event in deadline.counting(other_level=True)), ()))
    for condition in rule.applies_if:
        if isinstance(condition, EventSeen):
            found[condition.event, condition.since] = ()
    for duty in rule.obligations:
        for way in (duty.or_by, duty.waived):
            if way is not None:
                found.update(dict.fromkeys(((event, "acceptance") for event in way.events), ()))
    for duty in rule.obligations:
        if isinstance(duty.fulfilled, Statement):
            key = (duty.fulfilled.event, duty.fulfilled.since)
            found[key] = tuple(sorted({*found.get(key, ()), *duty.fulfilled.fields}))
    return found


def _looks(day: int, hours: Sequence[int], fields: Sequence[str]) -> Iterator[tuple[Seen, ...]]:
    """Every way in which one event on that day can look."""
    for parts in product(*(_FLAGS[name] for name in fields)):
        flags = sum(parts)
        for minute in hours:
            yield (Seen(day, minute, flags),)


def _choices(rule: Rule, setting: Setting, points: Sequence[int]) -> list[list[tuple[Seen, ...]]]:
    """For each event that the rule reads: absent, or on one of the days, in each of its looks."""
    lawful = setting.dates[DATE_FACTS.index("lawful_due")]
    several = {
        (duty.fulfilled.event, duty.fulfilled.since): duty.fulfilled.fields
        for duty in rule.obligations
        if isinstance(duty.fulfilled, Statement) and duty.fulfilled.any
    }
    found = []
    for key, fields in events_of(rule).items():
        choices: list[tuple[Seen, ...]] = [()]
        for day in points:
            by_hour = setting.lawful_minute < 1440 and day == lawful
            choices += _looks(day, (-1, HOUR - 1, HOUR, HOUR + 1) if by_hour else (600,), fields)
        if key in several:  # two such events: every pair of looks on one day
            looks = list(_looks(points[0], (600,), fields)) if points else []
            choices += [(*first, *second) for first, second in product(looks, looks)]
        found.append(choices)
    return found


@dataclass(frozen=True)
class Classes:
    """The classes of one setting: what there is to choose of each fact, independently."""

    setting: Setting
    keys: tuple[tuple[str, str], ...]
    asked: tuple[int, ...]
    events: tuple[tuple[tuple[Seen, ...], ...], ...]
    hours: tuple[int, ...]
    channels: tuple[str, ...]
    returns: tuple[int, ...]
    times: tuple[int, ...]
    ended: tuple[bool, ...]
    levels: tuple[bool, ...]
    fields: tuple[str, ...]

    def situation(
        self,
        as_of: int,
        events: Sequence[tuple[Seen, ...]],
        minute: int,
        channel: str,
        slowest: int,
        n: int,
        ended: bool,
        other_level: bool,
        field: str,
    ) -> Situation:
        """One choice of each."""
        setting = self.setting
        first = setting.dates[0] or 0
        days = tuple(first + 1 + k for k in range(n))
        return Situation(
            as_of, setting.dates, tuple((key, some) for key, some in zip(self.keys, events, strict=True) if some),
            minute, setting.lawful_minute, setting.waiting, channel, n,
            (days[1] if n > 1 else None, days[2] if n > 2 else None, days[-1] if n else None), slowest, n, ended,
            other_level, field, own_times=setting.own_times, returns=self.sent_back(slowest),
        )  # fmt: skip

    def sent_back(self, slowest: int) -> tuple[tuple[Seen, Seen], ...]:
        """The request that comes with such a rank: so many days after the start, on this side of a time in days."""
        start = self.setting.dates[0]
        if slowest < 0 or start is None:
            return ()
        begun = Seen(start, 480, 0)
        return ((begun, Seen(start, 600, 0)), (begun, Seen(start + slowest, 600, 0)))

    def every(self) -> Iterator[Situation]:
        """All choices, crossed."""
        for as_of in self.asked:
            alive = [[some for some in of_one if _exist(some, as_of)] for of_one in self.events]
            for events in product(*alive):
                for rest in product(
                    self.hours, self.channels, self.returns, self.times, self.ended, self.levels, self.fields
                ):
                    yield self.situation(as_of, events, *rest)

    @property
    def size(self) -> int:
        """How many that are, before those whose events have not happened yet are left out."""
        rest = (self.hours, self.channels, self.returns, self.times, self.ended, self.levels, self.fields)
        return len(self.asked) * prod(map(len, (*self.events, *rest)))

    def one(self, rng: Random) -> Situation:
        """One at random."""
        as_of = rng.choice(self.asked)
        events = [rng.choice([some for some in of_one if _exist(some, as_of)]) for of_one in self.events]
        rest = (rng.choice(self.hours), rng.choice(self.channels), rng.choice(self.returns), rng.choice(self.times))
        last = (rng.choice(self.ended), rng.choice(self.levels), rng.choice(self.fields))
        return self.situation(as_of, events, *rest, *last)


def _exist(events: Sequence[Seen], as_of: int) -> bool:
    return all(seen.day <= as_of for seen in events)


def classes_of(rule: Rule, calendar: Calendar, days: Iterable[int] | None = None) -> Iterator[Classes]:
    """The classes that this version can tell apart, setting by setting."""
    cutoffs = [condition.cutoff for condition in rule.applies_if if isinstance(condition, ReceivedAt)]
    hours = sorted({-1, *(cutoff + by for cutoff in cutoffs for by in (-1, 0, 1))}) if cutoffs else [480]
    channels = CHANNELS if _has(rule, ChannelIs) else CHANNELS[:1]
    within = [duty.fulfilled.amount for duty in rule.obligations if isinstance(duty.fulfilled, EachWithin)]
    returns = sorted({-1, 0, *(n + by for n in within for by in (0, 1))}) if within else [-1]
    if within and len(own_times_of(rule)) > 1:
        returns = [*returns, *range(max(returns) + 1, 20)]
    times = tuple(range(max((limit.at_most for limit in rule.limits), default=-1) + 2))
    ended = (False, True) if any(without_a_day(rule, duty) for duty in rule.obligations) else (False,)
    of_level = _has(rule, OtherLevel) or any(deadline.for_other_level for deadline in rule.deadlines.values())
    levels = (False, True) if of_level else (False,)
    named = sorted({name for one in rule.applies_if if isinstance(one, FieldIs) for name in one.fields})
    fields = ("", *named, "lĩnh vực khác") if named else ("",)
    keys = tuple(events_of(rule))
    for setting in settings_of(rule, calendar, days):
        dues = dues_of(rule, setting, calendar)
        points = sorted({due + by for due in dues for by in (-1, 0, 1)}) or [setting.dates[0] or 0]
        choices = tuple(tuple(some) for some in _choices(rule, setting, points))
        asked = (*points, points[-1] + 30)
        yield Classes(
            setting, keys, asked, choices, tuple(hours), channels, tuple(returns), times, ended, levels, fields
        )


def situations_of(rule: Rule, calendar: Calendar, days: Iterable[int] | None = None) -> Iterator[Situation]:
    """Every combination of the classes that this version can tell apart."""
    for classes in classes_of(rule, calendar, days):
        yield from classes.every()


def some_situations_of(rule: Rule, calendar: Calendar, n: int, rng: Random) -> Iterator[Situation]:
    """A few of them, where a rule of many events has too many to try them all."""
    found = list(classes_of(rule, calendar))
    for _ in range(n if found else 0):
        yield rng.choice(found).one(rng)


# -- groups ------------------------------------------------------------------------------------------------------------


def rule_groups(corpus: Corpus, calendar: Calendar) -> Iterator[Group]:
    """For every version of every rule: all its classes, judged by the whole line of its versions."""
    for family, rules in sorted(corpus.rules.items()):
        for name, versions in sorted(rules.items()):
            for rule in versions:
                if not rule.repealed:
                    found = tuple(_every_or_many(rule, calendar))
                    yield Group(f"{family}/{name} {rule.version}", (versions,), FAR, calendar, found)


def _every_or_many(rule: Rule, calendar: Calendar) -> Iterable[Situation]:
    """All classes of a version; of a rule that reads so many events that nobody can try them all, very many."""
    if sum(classes.size for classes in classes_of(rule, calendar)) <= MOST:
        return situations_of(rule, calendar)
    return some_situations_of(rule, calendar, MOST, Random(rule.version + rule.id))


def picking_groups(corpus: Corpus, calendar: Calendar) -> Iterator[Group]:
    """Which version governs: the day before, on and after each turn, as known before and after each day of issue."""
    for family, rules in sorted(corpus.rules.items()):
        turns = sorted(_turns(rules.values()))
        for name, versions in sorted(rules.items()):
            spans = [rule.in_force for rule in versions]
            issued = {span.issued_on for span in spans} | {s.end_known_on for s in spans if s.end_known_on is not None}
            found = tuple(_picked_on(versions, turns))
            for known_on in sorted({day + by for day in issued for by in (-1, 0)} | {FAR}):
                yield Group(f"{family}/{name} known {known_on}", (versions,), known_on, calendar, found)


def _turns(rules: Iterable[Versions]) -> set[int]:
    spans = [rule.in_force for versions in rules for rule in versions]
    firsts = {span.start for span in spans} | {span.until + 1 for span in spans if span.until is not None}
    return {day + by for day in firsts for by in (-1, 0, 1)}


def _picked_on(versions: Versions, turns: Sequence[int]) -> Iterator[Situation]:
    most = max((limit.at_most for rule in versions for limit in rule.limits), default=0)
    for day in turns:
        for waiting, due in ((False, day), (True, None), (False, None)):
            dates = (day, day, due, due, day, None)
            seen = tuple((key, (Seen(day, 600, 0),)) for rule in versions for key in events_of(rule))
            base = Situation(day + 30, dates, tuple(dict(seen).items()), waiting=waiting, channel="online")
            yield base
            yield replace(base, seen=(), channel="in_person", slowest_return=9)
    if versions[-1].picked_by != "supplement_requested":
        return
    for n in range(1, most + 3):  # one more than exceeds: the last request is then not the one that does
        for asked in combinations_with_replacement(turns[:: 1 if n < 3 else 3], n):
            if n < 4 or asked[0] == asked[1]:
                days = (asked[1] if n > 1 else None, asked[2] if n > 2 else None, asked[-1])
                last = turns[-1]
                before = (turns[0] - 1, last, last, last, None, None)
                yield Situation(FAR - 1, before, channel="online", requests=n, request_days=days)


def place_groups(corpus: Corpus, calendar: Calendar) -> Iterator[Group]:
    """What a place adds or excepts: every outcome of the duties it touches, around its days, by all rules."""
    for place, overlays in sorted(corpus.overlays.items()):
        rules = (*corpus.rules.get("one_stop", {}).values(), *corpus.rules.get(place, {}).values())
        touched = {r.duty for o in overlays for r in o.responsibilities} | {e.duty for o in overlays for e in o.excepts}
        spans = [overlay.in_force for overlay in overlays]
        days = {span.start + by for span in spans for by in (-1, 0, 1)}
        days |= {span.until + by for span in spans if span.until is not None for by in (0, 1)}
        found: list[Situation] = []
        for versions in rules:
            for rule in versions:
                if touched & set(rule.duties):
                    inside = sorted(day for day in days if rule.in_force.covers(day, FAR))
                    every = list(situations_of(rule, calendar, inside or days_of(rule, calendar)[:1]))
                    found += every[:: max(1, len(every) // 1500)]
        for known_on in sorted({span.issued_on + by for span in spans for by in (-1, 0)} | {FAR}):
            some = tuple(found) if known_on == FAR else tuple(found[::7])
            yield Group(f"{place} known {known_on}", rules, known_on, calendar, some, overlays)


def sampled_groups(corpus: Corpus, calendar: Calendar, n: int, rng: Random) -> Iterator[Group]:
    """Groups for rules that nobody wrote: samples of the classes of each version, and of all rules with their place."""
    for family, rules in sorted(corpus.rules.items()):
        for name, versions in sorted(rules.items()):
            for rule in versions:
                if not rule.repealed:
                    found = tuple(some_situations_of(rule, calendar, n, rng))
                    yield Group(f"{family}/{name} {rule.version}", (versions,), FAR, calendar, found)
    for place, overlays in sorted(corpus.overlays.items()):
        whole = (*corpus.rules.get("one_stop", {}).values(), *corpus.rules.get(place, {}).values())
        one_by_one = [rule for versions in whole for rule in versions if not rule.repealed]
        some = tuple(one for rule in one_by_one for one in some_situations_of(rule, calendar, n, rng))
        yield Group(f"{place}", whole, FAR, calendar, some, overlays)


def groups_of(book: Rulebook, name: str = "vn") -> Iterator[Group]:
    """All the grids of a rulebook."""
    calendar = book.calendar(name)
    yield from rule_groups(book.corpus, calendar)
    yield from picking_groups(book.corpus, calendar)
    yield from place_groups(book.corpus, calendar)


@dataclass
class Size:
    """How much was judged."""

    groups: int = 0
    situations: int = 0
    findings: int = 0
    outcomes: set[tuple[str, str]] = field(default_factory=set)


def measured(size: Size, judge_of: Judge = reference_judge) -> Judge:
    """A judge that counts what it says."""

    def counting(group: Group) -> list[list[Finding]]:
        said = judge_of(group)
        size.groups += 1
        size.situations += len(said)
        size.findings += sum(map(len, said))
        size.outcomes |= {(one.id, one.outcome) for found in said for one in found}
        return said

    return counting
