"""What a caller hands over beside the dossiers: units, posts, unit events, what is complete, facts, petitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final, Literal, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from tthc_rules.account.cells import is_nothing
from tthc_rules.account.period import read_period
from tthc_rules.errors import AccountError, Problem, shown, unknown_word
from tthc_rules.law import text
from tthc_rules.law.civil import day_of, no_such_day, read_moment
from tthc_rules.law.complaints import problems_of
from tthc_rules.law.unit_duty import PetitionKind, PetitionSubject


def _day(value: object) -> int:
    if isinstance(value, str) and (absent := no_such_day(value)):
        raise PydanticCustomError("TR-account-date", "{said}", {"said": " / ".join(absent)})
    try:
        return day_of(read_moment(value))
    except PydanticCustomError:
        raise PydanticCustomError("TR-account-date", "ngày phải viết YYYY-MM-DD / write a date as YYYY-MM-DD") from None


def _many(value: object) -> object:
    if isinstance(value, str):
        return tuple(text for part in value.split("|") if (text := part.strip()))
    return tuple(value) if isinstance(value, list) else value


def _period_name(value: object) -> object:
    if value is None or read_period(value) is not None:
        return value
    said = "kỳ phải viết 2026-07, 2026-Q3, 2026-H2 hoặc 2026 / a period is 2026-07, 2026-Q3, 2026-H2 or 2026"
    raise PydanticCustomError("TR-account-period", said)


def _as_written(value: object) -> object:
    """`true`, `false` and numbers as the words that they are in CSV."""
    return str(value).lower() if isinstance(value, bool | int) else value


WrittenDay = Annotated[int, BeforeValidator(_day)]
Named = Annotated[str, StringConstraints(strict=True, strip_whitespace=True), AfterValidator(text.name)]
"""A unit, a person or a word, as it is compared: in one form, without blanks around it, nothing hidden in it."""
WordList = Annotated[tuple[Named, ...], BeforeValidator(_many)]
PeriodName = Annotated[StrictStr | None, BeforeValidator(_period_name)]
NamedThing = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(text.name),
]
DossierName = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200), AfterValidator(text.name)]
"""The id of a dossier is compared with the blanks that it has."""
PETITION: Final = "petition"
"""The kind under which the log of petitions is declared complete."""
PostRole = Literal["head_of_unit", "deputy_head", "head_of_one_stop_unit", "chair"]


class InputRecord(BaseModel):
    """A record of the caller's files: no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


class UnitRecord(InputRecord):
    """A unit of the register, as it was from one day to another, and the unit that continues it."""

    unit: NamedThing
    name: Named | None = None
    kind: Named | None = None
    jurisdiction: Named | None = None
    superior: Named | None = None
    from_: WrittenDay | None = Field(default=None, alias="from")
    to: WrittenDay | None = None
    became: NamedThing | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it ends before it begins."""
        return self.from_ is not None and self.to is not None and self.to < self.from_


class Post(InputRecord):
    """Who held a post of a unit, from one day to another; `fields` is what a deputy is in charge of, none is all."""

    unit: NamedThing
    role: PostRole
    person: NamedThing
    from_: WrittenDay = Field(alias="from")
    to: WrittenDay | None = None
    fields_: WordList = Field(default=(), alias="fields")


class UnitEvent(InputRecord):
    """Something that a unit did or that happened to it; `period` is what it is about, `to` whom it went to."""

    unit: NamedThing
    kind: NamedThing
    at: WrittenDay
    to: WordList = ()
    period: PeriodName = None
    person: Named | None = None
    about: StrictStr | None = None


class Complete(InputRecord):
    """The log of that kind of event is declared complete for those days; without a unit, for all units."""

    kind: NamedThing
    unit: NamedThing | None = None
    from_: WrittenDay = Field(alias="from")
    to: WrittenDay

    @property
    def is_empty(self) -> bool:
        """Whether it ends before it begins."""
        return self.to < self.from_


class UnitFact(InputRecord):
    """A number that no dossier tells, as the unit states it; `of` makes it a share."""

    unit: NamedThing
    name: NamedThing
    count: Annotated[StrictInt, Field(ge=0)]
    of: Annotated[StrictInt, Field(ge=0)] | None = None
    at: WrittenDay


class PetitionEvent(InputRecord):
    """What happened to a petition, and when."""

    kind: PetitionKind
    at: WrittenDay


class Petition(InputRecord):
    """A petition (phản ánh, kiến nghị): about what, found true or not, and what the unit did with it and when.

    In a flat file each kind of event is a column with its day; `at` alone is the day of its receipt.
    """

    petition_id: NamedThing | None = None
    dossier_id: DossierName | None = None
    unit: NamedThing | None = None
    about: PetitionSubject
    found: Annotated[Literal["true", "false", "unverified"], BeforeValidator(_as_written)] = "unverified"
    competent: Annotated[Literal["true", "false"] | None, BeforeValidator(_as_written)] = None
    at: WrittenDay | None = None
    events: tuple[PetitionEvent, ...] = ()
    petition_received: WrittenDay | None = None
    petition_forwarded: WrittenDay | None = None
    petition_refused: WrittenDay | None = None
    petition_more_asked: WrittenDay | None = None
    petition_more_received: WrittenDay | None = None
    petition_handled: WrittenDay | None = None
    petition_published: WrittenDay | None = None

    @model_validator(mode="after")
    def _is_of_something(self) -> Self:
        if self.received is None:
            said = "phải có at hoặc ngày petition_received / at or the day of petition_received is wanted"
            raise PydanticCustomError("TR-account-petition", said)
        if self.dossier_id is None and self.unit is None:
            said = "phải nêu dossier_id hoặc unit / dossier_id or unit is wanted"
            raise PydanticCustomError("TR-account-petition", said)
        return self

    @property
    def happened(self) -> tuple[tuple[int, PetitionKind], ...]:
        """(day, kind) of everything that happened to it, by day."""
        found: list[tuple[int, PetitionKind]] = [(event.at, event.kind) for event in self.events]
        for kind in get_args(PetitionKind):
            if (day := getattr(self, kind)) is not None:
                found.append((day, kind))
        if self.at is not None and not any(kind == "petition_received" for _, kind in found):
            found.append((self.at, "petition_received"))
        order: tuple[PetitionKind, ...] = get_args(PetitionKind)
        return tuple(sorted(set(found), key=lambda one: (one[0], order.index(one[1]))))

    @property
    def received(self) -> int | None:
        """The first day on which it was received."""
        return next((day for day, kind in self.happened if kind == "petition_received"), None)


class NoChange(InputRecord):
    """What the text of «không có chuyển biến» leaves open."""

    metric: NamedThing
    every: Literal["month", "quarter", "half_year", "year"] = "month"
    periods: Annotated[StrictInt, Field(ge=1, le=60)]
    margin: Annotated[StrictInt, Field(ge=0, le=100)] = 0


class Settings(InputRecord):
    """Configuration where the law names no number; never law."""

    on_time: NamedThing = "on_time_qd766"
    within_days: dict[NamedThing, Annotated[StrictInt, Field(ge=1, le=3650)]] = {}
    backlog_days: Annotated[StrictInt, Field(ge=0, le=3650)] | None = None
    repeat_no_change: NoChange | None = None
    least_late: Annotated[StrictInt, Field(ge=1)] = 1
    late_without_petition: Annotated[Literal["undefined", "0", "1"], BeforeValidator(_as_written)] = "undefined"


R = TypeVar("R", bound=InputRecord)
MANY: Final = 20
"""How many problems of one input are told."""


SHAPES: Final[dict[str, type[InputRecord]]] = {
    "units": UnitRecord,
    "posts": Post,
    "unit_events": UnitEvent,
    "complete": Complete,
    "unit_facts": UnitFact,
    "petitions": Petition,
}
"""The record of each input."""


class Placed(dict[str, Any]):
    """A row of a file, with the place where it was read."""

    def __init__(self, cells: Mapping[str, Any], place: str) -> None:
        super().__init__(cells)
        self.place = place


def read_records(
    shape: type[R],
    records: Iterable[R | Mapping[str, Any]] | None,
    name: str,
    check: Callable[[R, str], Iterable[Problem]] = lambda record, place: (),
) -> tuple[R, ...]:
    """The records of one input; raises `AccountError` with what is wrong, the same fault of many told once.

    `check` says what else is wrong with a record that has the right shape.
    """
    found: list[R] = []
    problems: dict[tuple[str, str, str], list[Problem]] = {}
    for at, record in enumerate(records or ()):
        place = getattr(record, "place", f"{name}[{at}]")
        try:
            found.append(record if isinstance(record, shape) else shape.model_validate(_said(record)))
            complaints = tuple(check(found[-1], place))
        except ValidationError as error:
            complaints = problems_of(error, place, shape)
        for problem in complaints:
            alike = (problem.code, problem.vi, problem.place.removeprefix(place))
            problems.setdefault(alike, []).append(problem)
    if problems:
        raise AccountError(_gathered(alike) for alike in list(problems.values())[:MANY])
    return tuple(found)


def _said(record: Any) -> Any:
    """A record without its empty cells, as a file has it; an empty text is one that somebody wrote."""
    if not isinstance(record, Mapping):
        return record
    return {name: cell for name, cell in record.items() if isinstance(cell, str) or not is_nothing(cell)}


def _gathered(alike: Sequence[Problem]) -> Problem:
    """The first of the problems, and how many there are besides."""
    first, more = alike[0], len(alike) - 1
    if not more:
        return first
    return replace(first, vi=f"{first.vi} (và {more} chỗ nữa)", en=f"{first.en} (and at {more} more places)")


def read_settings(
    settings: Settings | Mapping[str, Any] | None, indicators: Iterable[str], duties: Iterable[str]
) -> Settings:
    """The settings; the indicators and the duties of units that they name must exist."""
    try:
        read = settings if isinstance(settings, Settings) else Settings.model_validate(dict(settings or {}))
    except ValidationError as error:
        raise AccountError(problems_of(error, "settings", Settings)) from None
    metrics = [("settings.on_time", read.on_time)]
    if read.repeat_no_change is not None:
        metrics.append(("settings.repeat_no_change.metric", read.repeat_no_change.metric))
    dated = [(f"settings.within_days.{shown(name)}", name) for name in read.within_days]
    for named, called, known in (
        (metrics, ("chỉ số", "indicator"), tuple(indicators)),
        (dated, ("nghĩa vụ của đơn vị", "duty of units"), tuple(duties)),
    ):
        for place, name in named:
            if name not in known:
                raise AccountError(unknown_word(place, *called, name, known, "TR-account-setting"))
    return read
