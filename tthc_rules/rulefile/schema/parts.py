"""What the files of law have in common: dates, names, citations, instruments, readings, when something is in force."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from tthc_rules.law.civil import no_such_day, written_day
from tthc_rules.law.evidence import Status
from tthc_rules.law.rule import Picker


def _law_date(value: object) -> date:
    if isinstance(value, str):
        if absent := no_such_day(value):
            raise PydanticCustomError("TR-rule-date", "{said}", {"said": " / ".join(absent)})
        with suppress(ValueError):
            return written_day(value)
    raise PydanticCustomError(
        "TR-rule-date", 'ngày phải viết "YYYY-MM-DD" trong ngoặc kép / write a date as "YYYY-MM-DD" in quotes'
    )


LawDate = Annotated[
    date,
    BeforeValidator(_law_date),
    WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]


def _month_day(value: str) -> str:
    try:
        date.fromisoformat(f"2024-{value}")
    except ValueError:
        raise PydanticCustomError("TR-rule-date", "không có ngày MM-DD này / there is no such day MM-DD") from None
    return value


MonthDay = Annotated[StrictStr, Field(pattern=r"^\d{2}-\d{2}$"), AfterValidator(_month_day)]


SnakeName = Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


Id = Annotated[StrictStr, Field(pattern=r"^[a-z0-9][a-z0-9_\-]*$", max_length=60)]


FormatNumber = Literal[1]


Channel = Literal["in_person", "online", "postal"]


class Part(BaseModel):
    """Any part of a rule file: no key that is not known, nothing changed after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


class LabelPart(Part):
    vi: StrictStr
    en: StrictStr


class CitationPart(Part):
    """Căn cứ. `status`: text = read; secondary = reported; unconfirmed = not seen; design = our choice."""

    document: StrictStr
    article: StrictInt | StrictStr | None = None
    clause: StrictInt | StrictStr | None = None
    point: StrictStr | None = None
    quote: StrictStr | None = None
    quote_source: Literal["ocr"] | None = None
    source: StrictStr | None = None
    status: Status


class InterpretationPart(Part):
    """Cách hiểu: what this file reads, what it could have read, and why; `sets` is the place that it decides."""

    id: SnakeName
    about: LabelPart
    reads: StrictStr
    instead_of: StrictStr
    because: LabelPart
    status: Status
    sets: StrictStr


class AmendedUnseenPart(Part):
    """Another instrument amended this one from that day on, and nobody has seen how."""

    document: StrictStr
    from_: LawDate = Field(alias="from")


class Instrument(Part):
    """The act that a version stands on; `amended_unseen` says that its wording since a day was not seen."""

    document: StrictStr
    issued_on: LawDate
    amended_unseen: AmendedUnseenPart | None = None


class Continued(Part):
    """The act that asked the same before, and since when: nothing falls between the two."""

    document: StrictStr
    from_: LawDate = Field(alias="from")


class Effective(Part):
    """From when, to when (last day), and which date of the dossier picks the version."""

    from_: LawDate = Field(alias="from")
    to: LawDate | None = None
    picked_by: Picker


def by_key(*keys: str) -> Discriminator:
    """Which part is meant is said by the first of these keys that is there."""

    def tag(part: object) -> str:
        found = part.keys() if isinstance(part, Mapping) else vars(part).keys() if isinstance(part, Part) else ()
        return next((f"<{key}>" for key in keys if key in found), f"<{keys[0]}>")

    return Discriminator(tag)


class SpanPart(Part):
    """From when to when (last day), on the date that picks the duty it touches."""

    from_: LawDate = Field(alias="from")
    to: LawDate | None = None
