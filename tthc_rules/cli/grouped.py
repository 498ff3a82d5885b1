"""Options that are typed one by one and meant together: a command takes each group of them as one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from tthc_rules.cli.options import (
    AsOf,
    CalendarOption,
    Delimiter,
    DossierTable,
    FetchedOn,
    FormatOrSender,
    Grouped,
    HoursOption,
    Jurisdiction,
    KnownOn,
    MappingFile,
    Sheet,
    read_date,
)

if TYPE_CHECKING:
    from datetime import date

R = TypeVar("R")


def in_groups(command: Callable[..., R]) -> Callable[..., R]:
    """A command some of whose parameters are dataclasses: each field of one is an option, as it is annotated there."""
    groups: dict[str, tuple[Any, tuple[str, ...]]] = {}
    typed: list[Parameter] = []
    hints = get_type_hints(command, include_extras=True)
    for name, parameter in signature(command).parameters.items():
        kind = hints[name]
        if not is_dataclass(kind):
            typed.append(parameter.replace(kind=Parameter.KEYWORD_ONLY, annotation=kind))
            continue
        own = get_type_hints(kind, include_extras=True)
        groups[name] = kind, tuple(own)
        for field in fields(kind):
            default = Parameter.empty if field.default is MISSING else field.default
            typed.append(Parameter(field.name, Parameter.KEYWORD_ONLY, default=default, annotation=own[field.name]))

    @wraps(command)
    def run(**given: Any) -> R:
        for name, (kind, names) in groups.items():
            given[name] = kind(**{one: given.pop(one) for one in names})
        return command(**given)

    run.__signature__ = Signature(typed)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in typed}
    return run


@dataclass(frozen=True, slots=True)
class HowRead:
    """How a log is read: a file of events with what is said of it, or the messages of a sender."""

    mapping: MappingFile = None
    dossiers: DossierTable = None
    format: FormatOrSender = None
    delimiter: Delimiter = None
    sheet: Sheet = None
    grouped: Grouped = False
    fetched_on: FetchedOn = None
    jurisdiction: Jurisdiction = None

    @property
    def files(self) -> list[Path]:
        """The files that are read beside the log."""
        return [path for path in (self.mapping, self.dossiers) if path is not None]


@dataclass(frozen=True, slots=True)
class AskedOn:
    """The day that is asked about, and what is known on it."""

    as_of: AsOf
    known_on: KnownOn = None

    @property
    def day(self) -> date:
        return read_date(self.as_of, "--as-of")

    @property
    def known(self) -> date | None:
        return read_date(self.known_on, "--known-on") if self.known_on else None


@dataclass(frozen=True, slots=True)
class ByCalendar:
    """By which calendar and office hours days are counted."""

    calendar: CalendarOption = None
    hours: HoursOption = None
