"""The shape of indicators, and of the numbers that forms bear."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
)

from tthc_rules.law.rule import (
    Consequence,
)
from tthc_rules.rulefile.schema.parts import (
    CitationPart,
    FormatNumber,
    Instrument,
    InterpretationPart,
    LabelPart,
    Part,
    SnakeName,
    SpanPart,
)


class SharePart(Part):
    """Sets of dossiers above and below the line; `complement` is one minus the share."""

    numerator: tuple[StrictStr, ...] = Field(min_length=1)
    denominator: tuple[StrictStr, ...] = Field(min_length=1)
    complement: StrictBool = False
    points: Annotated[StrictInt, Field(ge=0, le=1000)] = 0


class MeanPointsPart(Part):
    """Points of each finished dossier by its case; a case that is not written is undefined."""

    judged: Literal["end", "steps", "requests", "conduct"]
    points: dict[StrictStr, Annotated[StrictInt, Field(ge=0, le=100)]] = Field(min_length=1)


class StatedPointsPart(Part):
    fact: SnakeName


class FactTestPart(Part):
    """A fact's `share` (hundredths) or `count` against exactly one of the signs."""

    share: SnakeName | None = None
    count: SnakeName | None = None
    at_least: Annotated[StrictInt, Field(ge=0)] | None = None
    above: Annotated[StrictInt, Field(ge=0)] | None = None
    below: Annotated[StrictInt, Field(ge=0)] | None = None
    equals: Annotated[StrictInt, Field(ge=0)] | None = None


class PointsRowPart(Part):
    points: Annotated[StrictInt, Field(ge=0, le=100)]
    if_: tuple[FactTestPart, ...] = Field(alias="if", min_length=1)
    kinds: tuple[SnakeName, ...] = ()


class BandPart(Part):
    """A class of a total, from so many points on; the last one has no floor."""

    id: SnakeName
    label: LabelPart
    at_least: Annotated[StrictStr, Field(pattern=r"^\d{1,3}(\.\d{1,2})?$")] | None = None


class TotalPart(Part):
    of: tuple[SnakeName, ...] = Field(min_length=1)
    bands: tuple[BandPart, ...] = Field(min_length=1)
    whose: Literal["unit", "officer"] = "unit"


class CountPart(Part):
    """How many dossiers are in these sets together, which must not overlap."""

    sets: tuple[StrictStr, ...] = Field(min_length=1)


class IndicatorFile(Part):
    """A named definition of a number over many dossiers; exactly one of the six ways says how it is computed."""

    format: FormatNumber
    indicator: SnakeName
    label: LabelPart
    formula: LabelPart
    effective: SpanPart
    instrument: Instrument
    ended_by: Instrument | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    interpretations: tuple[InterpretationPart, ...] = ()
    class_: Consequence = Field(alias="class")
    decimals: Annotated[StrictInt, Field(ge=0, le=6)]
    share: SharePart | None = None
    mean_points: MeanPointsPart | None = None
    stated_points: StatedPointsPart | None = None
    points_table: tuple[PointsRowPart, ...] | None = None
    total: TotalPart | None = None
    count: CountPart | None = None
    law_rows: tuple[SnakeName, ...] = ()
    note: LabelPart | None = None


class FormRow(Part):
    form: SnakeName
    label: LabelPart
    number: StrictStr | None = None
    citations: tuple[CitationPart, ...] = ()
    """The clause that asks for the paper, where it stands in the circular itself."""


class FormsFile(Part):
    """Forms by name: the number that each has in one circular."""

    format: FormatNumber
    forms: SnakeName
    label: LabelPart
    effective: SpanPart
    instrument: Instrument
    ended_by: Instrument | None = None
    citations: tuple[CitationPart, ...] = Field(min_length=1)
    rows: tuple[FormRow, ...]
    note: LabelPart | None = None
