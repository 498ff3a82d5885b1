"""What a rule reads and what a judge says: situations, findings, and the groups in which they are judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from tthc_rules.law.dossier import OwnTime
from tthc_rules.law.facts import Facts, Seen
from tthc_rules.law.rule import DATE_FACTS, Overlay, Rule
from tthc_rules.law.workdays import Calendar

Versions = tuple[Rule, ...]


class Finding(NamedTuple):
    """What a judge says of one duty or limit."""

    id: str
    outcome: str
    act_by: int | None
    done_on: int | None
    note: str
    roles: tuple[str, ...]


@dataclass(slots=True)
class Situation:
    """What the clock could have found: the facts that rules read, and nothing else."""

    as_of: int
    dates: tuple[int | None, ...]
    """In the order of `DATE_FACTS`; those that are left out are not known."""
    seen: tuple[tuple[tuple[str, str], tuple[Seen, ...]], ...] = ()
    """(event or end, since) -> the events of that name, in order."""
    accepted_minute: int = 480
    lawful_minute: int = 1440
    waiting: bool = False
    channel: str = "in_person"
    requests: int = 0
    request_days: tuple[int | None, int | None, int | None] = (None, None, None)
    slowest_return: int = -1
    reappointments: int = 0
    ended: bool = False
    other_level: bool = False
    field: str = ""
    opinion_bare: bool = False
    own_times: tuple[tuple[str, OwnTime], ...] = ()
    """What sector law says beside the limit."""
    returns: tuple[tuple[Seen, Seen], ...] = ()

    def date(self, name: str) -> int | None:
        """One of the dates that the clock found."""
        return self.by_name()[name]

    def by_name(self) -> dict[str, int | None]:
        """Every date that a rule may name."""
        return dict(zip(DATE_FACTS, self.dates + (None,) * (len(DATE_FACTS) - len(self.dates)), strict=True))

    def facts(self, known_on: int, calendar: Calendar) -> Facts:
        """As the reference engine reads it."""
        seen = dict(self.seen)
        return Facts(
            self.as_of, known_on, calendar, self.by_name(),
            lambda event, since: next(iter(seen.get((event, since), ())), None),
            lambda event, since: seen.get((event, since), ()),
            self.accepted_minute, self.lawful_minute, self.waiting, self.channel, self.requests, self.request_days,
            self.slowest_return, self.reappointments, self.ended, other_level=self.other_level, field=self.field,
            opinion_bare=self.opinion_bare, own_times=dict(self.own_times), returns=self.returns,
        )  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Situations that are judged by the same rules, as known on one day."""

    name: str
    rules: tuple[Versions, ...]
    known_on: int
    calendar: Calendar
    situations: tuple[Situation, ...]
    overlays: tuple[Overlay, ...] = ()


Judge = Callable[[Group], list[list[Finding]]]
