"""What the clock found of one dossier, in the words that rules may use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tthc_rules.law import clock
from tthc_rules.law.dossier import OwnTime
from tthc_rules.law.workdays import Calendar

STATED: Final = {
    "reason": clock.HAS_REASON,
    "new_due": clock.HAS_NEW_DUE,
    "form": clock.HAS_FORM,
    "attached": clock.HAS_ATTACHED,
}
EMPTY: Final = {"reason": clock.EMPTY_REASON}
MUST_BE: Final = {"form": clock.IS_APOLOGY_SLIP, "attached": clock.IS_ATTACHED}


class Seen(NamedTuple):
    """An event that exists: its day, its minute (-1 where the hour is not known), its flags."""

    day: int
    minute: int
    flags: int


@dataclass(slots=True)
class Facts:
    """What the clock found, in the words that rules may use; days since 1970-01-01."""

    as_of: int
    known_on: int
    calendar: Calendar
    dates: dict[str, int | None]
    seen: Callable[[str, str], Seen | None]
    """(event kind or end, since) -> the first one."""
    each: Callable[[str, str], Sequence[Seen]]
    """(event kind, since) -> all of them."""
    accepted_minute: int = -1
    lawful_minute: int = 1440
    waiting: bool = False
    """The clock stands still: the due dates are open, not unknown."""
    channel: str = "in_person"
    requests: int = 0
    request_days: tuple[int | None, int | None, int | None] = (None, None, None)
    """The second request that counts, the third, the last."""
    slowest_return: int = -1
    reappointments: int = 0
    ended: bool = False
    hidden: int = 0
    """What the source cannot show, as the clock is told it."""
    unsure: int = 0
    """What therefore cannot be said, as bits of the clock."""
    other_level: bool = False
    minutes: Mapping[str, int] = field(default_factory=dict)
    """The minute of the dates that are the day of an event; -1, or nothing, where the hour is not known."""
    own_times: Mapping[str, OwnTime] = field(default_factory=dict)
    """What sector law says beside the limit."""
    returns: Sequence[tuple[Seen, Seen]] = ()
    """Each request that sent the file back, after the start that it follows."""
    hours: tuple[Sequence[int], Sequence[int], Sequence[int]] = ((), (), ())
    """The office hours of the place: `law/office_hours`."""
    start: Seen | None = None
    """What last started the clock."""
    field: str = ""
    """The field (lĩnh vực) of the dossier, as `text.alike` has it; nothing where it names none."""
    opinion_bare: bool = False
    """A notice at no known hour on the very day on which an opinion fell due at an hour."""
