"""The shape of calendars, hours, catalogues, places, registers, and ids used no more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Final, Literal, Self

from pydantic import (
    Field,
    StrictInt,
    StrictStr,
    model_validator,
)
from pydantic_core import PydanticCustomError

from tthc_rules.law.dossier import AnyTimeLimit, TimeOfDay
from tthc_rules.rulefile.schema.parts import (
    Channel,
    CitationPart,
    FormatNumber,
    Id,
    LabelPart,
    LawDate,
    MonthDay,
    Part,
    SnakeName,
)

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class CalendarHead(Part):
    """A calendar by name: its week, its first year, whom it binds. `published: always` needs no yearly notice."""

    format: FormatNumber
    calendar: Id
    label: LabelPart
    weekend: tuple[Weekday, ...]
    first_year: Annotated[StrictInt, Field(ge=1990, le=2100)]
    published: Literal["yearly", "always"] = "yearly"
    citations: tuple[CitationPart, ...] = ()
    scope: LabelPart | None = None


class CalendarDay(Part):
    date: LawDate
    is_: Literal["public_holiday", "compensatory_off", "swapped_off", "makeup_workday"] = Field(alias="is")
    swapped_with: LawDate | None = None
    name: LabelPart
    instrument: StrictStr
    source: StrictStr
    confidence: Literal["FOUND-official", "FOUND-secondary", "LIBRARY-only"]
    published_on: LawDate | None = None
    block: Literal["tet", "national_day"] | None = None


class CalendarYear(Part):
    format: FormatNumber
    calendar: Id
    year: Annotated[StrictInt, Field(ge=1990, le=2100)]
    days: tuple[CalendarDay, ...]


DayList = Annotated[StrictStr, Field(pattern=r"^(\d{2}-\d{2}( \d{2}-\d{2})*)?$")]


class StatuteYearPart(Part):
    year: Annotated[StrictInt, Field(ge=1990, le=2100)]
    tet: DayList
    national_day: DayList
    other: DayList


class CalendarStatute(Part):
    """Days off by statute alone, for years without a notice and blocks that await their letter."""

    format: FormatNumber
    calendar: Id
    statute: Literal[True]
    derived_from: StrictStr
    years: tuple[StatuteYearPart, ...]


class ShiftPart(Part):
    from_: TimeOfDay = Field(alias="from")
    to: TimeOfDay

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.to <= self.from_:
            said = "ca làm việc kết thúc trước khi bắt đầu / a shift ends before it begins"
            raise PydanticCustomError("TR-hours-shift", said)
        return self


class Season(Part):
    from_: MonthDay = Field(alias="from")
    to: MonthDay
    shifts: tuple[ShiftPart, ...] = Field(min_length=1, max_length=2)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if len(self.shifts) == 2 and self.shifts[1].from_ < self.shifts[0].to:
            raise PydanticCustomError("TR-hours-shift", "hai ca làm việc chồng lên nhau / two shifts overlap")
        return self


class HoursFile(Part):
    """Office hours of a place, by season; they only matter where a limit is in working hours."""

    format: FormatNumber
    hours: Id
    label: LabelPart
    jurisdictions: tuple[Id, ...] = ()
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    seasons: tuple[Season, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole_year(self) -> Self:
        """The seasons stand in order and leave no day out, from 01-01 to 12-31."""
        leap = [date(2024, 1, 1) + timedelta(days=at) for at in range(366)]
        days = [f"{day:%m-%d}" for day in leap]
        covered = [day for season in self.seasons for day in days if season.from_ <= day <= season.to]
        if covered != days:
            raise PydanticCustomError(
                "TR-hours-season",
                "các mùa phải nối nhau từ 01-01 đến 12-31, không hở, không chồng / seasons must join, 01-01 to 12-31",
            )
        return self


class CatalogueRow(Part):
    procedure: StrictStr
    from_: LawDate = Field(alias="from")
    to: LawDate | None = None
    channels: tuple[Channel, ...] | None = Field(default=None, min_length=1)
    jurisdictions: tuple[Id, ...] | None = Field(default=None, min_length=1)
    known_from: LawDate | None = None
    time_limit: AnyTimeLimit
    citations: tuple[CitationPart, ...] = Field(min_length=1)


class CatalogueFile(Part):
    """Time limits of published procedures; `regime` is the folder whose clock runs them."""

    format: FormatNumber
    time_limits: Id
    label: LabelPart
    regime: SnakeName
    entries: tuple[CatalogueRow, ...]


class JurisdictionRow(Part):
    id: Id
    name: LabelPart
    from_: LawDate | None = Field(default=None, alias="from")
    to: LawDate | None = None
    merged_into: Id | None = None


class JurisdictionsFile(Part):
    format: FormatNumber
    jurisdictions: Id
    label: LabelPart
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    rows: tuple[JurisdictionRow, ...]


class RegisterRow(Part):
    """A duty of the instrument that is not computed from one dossier, and why."""

    id: SnakeName
    label: LabelPart
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    state: Literal["needs_unit_events", "needs_facts", "not_computable", "to_be_confirmed"]
    because: LabelPart
    seed_rows: tuple[StrictStr, ...] = ()
    law_rows: tuple[SnakeName, ...] = ()


class RegisterFile(Part):
    format: FormatNumber
    register_: SnakeName = Field(alias="register")
    label: LabelPart
    rows: tuple[RegisterRow, ...]


class LevelRow(Part):
    """A kind of unit that no longer exists, and its last day."""

    kind: SnakeName
    label: LabelPart
    until: LawDate


class LevelsFile(Part):
    """Kinds of units that have gone: no duty binds them after their last day."""

    format: FormatNumber
    levels: SnakeName
    label: LabelPart
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    rows: tuple[LevelRow, ...] = Field(min_length=1)


class RetiredRow(Part):
    """An id that is used no more: the id that stands in its place, if one does, and why."""

    id: SnakeName
    successor: SnakeName | None = None
    because: LabelPart


class RetiredFile(Part):
    """Ids of duties, limits and readings that are used no more; whoever names one is told what stands in its place."""

    format: FormatNumber
    retired: SnakeName
    label: LabelPart
    rows: tuple[RetiredRow, ...]
