"""Mapping files: which column of somebody's event log is which field of a dossier or an event.

A mapping keeps only what it names: personal data in other columns never enters a dossier. Strict: an unknown key, field
or kind is an error at its line, with the nearest known one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args
from zoneinfo import available_timezones

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from tthc_rules import errors
from tthc_rules.errors import InputFileError, Problem, RuleFileError
from tthc_rules.law import fields
from tthc_rules.law.complaints import problems_of
from tthc_rules.law.dossier import Gap, Unit
from tthc_rules.law.rule import OWN_TIMES
from tthc_rules.logs import complaints
from tthc_rules.logs.dates import SOME_CENTURY, date_form, two_readings
from tthc_rules.logs.files import chunks
from tthc_rules.logs.sourceclock import SourceClock, zone_named
from tthc_rules.rulefile.yamltext import Document, plain, read

__all__ = ["DOSSIER_FIELDS", "Mapping", "ValueSource", "event_fields", "load_mapping", "read_mapping"]

DOSSIER_FIELDS: Final = frozenset(fields.DOSSIER_FIELDS) - {fields.DOSSIER_ID}
TIME_FIELDS: Final = fields.named(fields.EVENT_FIELDS, "moment")

_WORDS: Final = {
    "kind": fields.KINDS,
    "channel": ("in_person", "online", "postal"),
    "observes": fields.KINDS,
    "unknown": get_args(Gap),
    "time_limit.unit": get_args(Unit),
    **{f"time_limit.{name}.unit": get_args(Unit) for name in OWN_TIMES},
}

Path_ = tuple[str | int, ...]


def event_fields(kind: str = "") -> frozenset[str]:
    """The fields that an event of this kind may carry, or those of all kinds, besides `kind` and `at`."""
    return frozenset(fields.FIELDS_OF.get(kind, fields.EVENT_FIELDS)) - {"kind", "at"}


def _scalar(value: object) -> object:
    items = value if isinstance(value, list) else [value]
    if all(isinstance(item, str | int) for item in items):
        return value
    raise PydanticCustomError(
        "TR-mapping-value", "phải là chữ, số nguyên hoặc true/false / must be text, integer, boolean"
    )


def _target(value: object) -> object:
    return None if value is None else _scalar(value)


def _formats(value: object) -> object:
    items = value if isinstance(value, list) and value else [value]
    try:
        forms = tuple(date_form(item if isinstance(item, str) else "", SOME_CENTURY).written for item in items)
    except ValueError:
        raise PydanticCustomError(
            "TR-mapping-date-format",
            "cần %d, %m, %Y (hoặc %y) mỗi thứ một lần, và chỉ thêm %H (hoặc %I cùng %p) %M %S %f %z, "
            'ví dụ "%d/%m/%Y %H:%M" / %d, %m and %Y (or %y) are needed once each, and only %H (or %I with %p) '
            "%M %S %f %z may be added",
        ) from None
    if two := two_readings(forms):
        raise PydanticCustomError(
            "TR-mapping-date-format",
            "một văn bản đọc được thành hai ngày giờ; chỉ giữ khuôn mà nguồn thật sự dùng / "
            "one text can be read as two moments; keep the form that the source really uses",
            {"value": f"{two[0]} = {two[1]} = {two[2]}"},
        )
    return forms


def _listed(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, dict) else value


class _OneOrMore:
    """In the schema: one of them, or a list."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        made = handler(core)
        return {"anyOf": [made["items"], made]}


def _gaps(value: object) -> object:
    """What is unknown, by value: a bare value, or a list of them, says that stops may be missing."""
    if isinstance(value, str | int):
        value = [value]
    if isinstance(value, list):
        value = dict.fromkeys(map(_cell, value), ("pauses",))
    if not isinstance(value, dict):
        return value
    return {_cell(name): (words,) if isinstance(words, str) else _listed(words) for name, words in value.items()}


_WORD: Final = {"enum": list(get_args(Gap)), "type": "string"}
_VALUE: Final = {"type": ["string", "integer", "boolean"]}
_GAPS: Final = {
    "anyOf": [
        _VALUE,
        {"items": _VALUE, "type": "array"},
        {"additionalProperties": {"anyOf": [_WORD, {"items": _WORD, "type": "array"}]}, "type": "object"},
    ]
}


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int) else value


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Label(_Strict):
    """The name of a mapping for people."""

    vi: Annotated[StrictStr, Field(description="Tên tiếng Việt / the name in Vietnamese")]
    en: Annotated[StrictStr, Field(description="Tên tiếng Anh / the name in English")]


class ValueSource(_Strict):
    """Where a value comes from: a column, several joined, perhaps through a table of values, or a constant."""

    column: Annotated[StrictStr | None, Field(description="Cột của nhật ký / a column of the log")] = None
    columns: Annotated[
        tuple[StrictStr, ...] | None,
        BeforeValidator(_listed),
        Field(min_length=2, description="Các cột ghép lại thành một giá trị, theo thứ tự / columns joined, in order"),
    ] = None
    join: Annotated[
        StrictStr | None,
        Field(min_length=1, description="Dấu nối giữa các cột / what stands between the joined columns"),
    ] = None
    value: Annotated[
        Any, BeforeValidator(_scalar), Field(description="Hằng số, như nhau cho mọi hồ sơ / the same for all")
    ] = None
    values: Annotated[
        dict[str, Annotated[Any, BeforeValidator(_target)]] | None,
        Field(description="Giá trị trong cột → giá trị của thư viện; null: bỏ / a cell → our value; null: no value"),
    ] = None
    other: Annotated[
        Literal["keep", "drop", "error"],
        Field(description="Giá trị không có trong values: giữ, bỏ, báo lỗi / a value that is not in values"),
    ] = "keep"
    date_format: Annotated[
        tuple[str, ...],
        BeforeValidator(_formats),
        Field(description="Khuôn ngày giờ, hoặc danh sách khuôn / a form of dates, or several"),
    ] = ()
    years_from: Annotated[
        StrictInt | None,
        Field(
            ge=1900,
            le=2001,
            description="Năm hai chữ số (%y) thuộc 100 năm từ năm này / %y lies in the 100 years from it",
        ),
    ] = None
    optional: Annotated[StrictBool, Field(description="Cột có thể vắng / the log may lack the column")] = False
    may_be_empty: Annotated[
        StrictBool,
        Field(description="Chỉ cho «at» của dòng: ô trống thì không có sự kiện / of «at» in rows: empty, no event"),
    ] = False

    @property
    def named(self) -> tuple[str, ...]:
        """The columns that it is read from."""
        return (self.column,) if self.column is not None else self.columns or ()

    @model_validator(mode="after")
    def _one_origin(self) -> ValueSource:
        if sum(origin is not None for origin in (self.column, self.columns, self.value)) != 1:
            said = "cần đúng một trong column, columns, value / exactly one of column, columns and value is needed"
        elif (self.columns is None) != (self.join is None):
            said = "join đi cùng columns, và ngược lại / join goes with columns, and columns with join"
        elif self.values is None and "other" in self.model_fields_set:
            said = "other chỉ đi cùng values / other goes with values only"
        elif self.value is not None and self.model_fields_set - {"value"}:
            said = "value phải đứng một mình / value must stand alone"
        elif (self.years_from is not None) != any("y" in date_form(f, SOME_CENTURY).signs for f in self.date_format):
            said = (
                "năm hai chữ số (%y) cần years_from, ví dụ years_from: 2000 là 2000–2099; không có %y thì bỏ / "
                "years of two digits (%y) need years_from (2000: 2000–2099); without %y leave it out"
            )
        else:
            return self
        raise PydanticCustomError("TR-mapping-source", "{said}", {"said": said})


def _bare(value: object) -> object:
    return {"value": value} if isinstance(value, str) else value


class DossierFields(_Strict):
    """The fields of the dossier; nested ones are written with a dot (`time_limit.amount`)."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, ValueSource]
    dossier_id: Annotated[
        ValueSource,
        Field(description="Mã hồ sơ: một cột, hoặc nhiều cột ghép lại / the id: a column, or several joined"),
    ]


class DossierEvent(_Strict):
    """An event made once for every dossier whose time is not empty; further keys are fields of the event."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, ValueSource]
    kind: Annotated[StrictStr, Field(description="Loại sự kiện / the kind of event")]
    at: Annotated[ValueSource, Field(description="Lúc xảy ra; trống thì không có sự kiện / when; empty: no event")]


class Only(_Strict):
    """A condition on rows: the others make no event."""

    column: Annotated[StrictStr, Field(description="Cột được xét / the column that is looked at")]
    among: Annotated[
        list[StrictStr], Field(min_length=1, description="Các giá trị được nhận / the values that are taken")
    ]


class RowEvents(_Strict):
    """How a row becomes an event; further keys are fields of the event."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, ValueSource]
    kind: Annotated[
        ValueSource,
        BeforeValidator(_bare),
        Field(description="Loại sự kiện, một chữ cố định hoặc một nguồn / the kind: a word, or a source"),
    ]
    at: Annotated[ValueSource, Field(description="Lúc xảy ra / when it happened")]
    only: Annotated[
        tuple[Only, ...], Field(description="Chỉ các dòng thỏa mọi điều kiện / only rows that meet every condition")
    ] = ()


class Csv(_Strict):
    """How the CSV file is written."""

    delimiter: Annotated[
        StrictStr, Field(min_length=1, max_length=1, description="Dấu ngăn cột / what separates columns")
    ] = ","


class Xlsx(_Strict):
    """Where the rows of an Excel workbook are."""

    sheet: Annotated[
        StrictStr | None,
        Field(
            min_length=1,
            description="Tên trang tính; không ghi: trang đầu tiên hiện / else the first visible",
        ),
    ] = None
    header_row: Annotated[
        StrictInt, Field(ge=1, le=10_000, description="Dòng chứa tên cột, đếm từ 1 / the row of the names, from 1")
    ] = 1


class Mapping(_Strict):
    """A mapping file, read and checked."""

    format: Annotated[Literal[1], Field(description="Phiên bản của định dạng / the version of this format")]
    mapping: Annotated[
        StrictStr, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="Mã của tệp ánh xạ / the id of this mapping")
    ]
    label: Annotated[Label, Field(description="Tên cho người đọc / its name for people")]
    csv: Annotated[Csv, Field(description="Cách viết của tệp CSV / how a CSV is written")] = Csv()
    xlsx: Annotated[Xlsx, Field(description="Chỗ của các dòng trong tệp Excel / where the rows of a workbook are")] = (
        Xlsx()
    )
    timezone: Annotated[
        StrictStr | None,
        Field(
            description="Múi giờ của nguồn (Europe/Amsterdam, +01:00): giờ không có độ lệch được đổi một lần sang giờ "
            "Việt Nam / the zone of the source: moments without an offset are converted to Vietnam time, once"
        ),
    ] = None
    keep_wall_clock: Annotated[
        StrictBool,
        Field(
            description="Giữ nguyên ngày giờ mà đồng hồ của nguồn chỉ, không đổi múi giờ / keep what the clock of the "
            "source showed, converting nothing"
        ),
    ] = False
    regime: Annotated[
        StrictStr | None,
        Field(
            min_length=1,
            description="Dòng quy tắc của mọi hồ sơ trong nhật ký; bắt buộc khi đồng hồ của nguồn không phải của "
            "Việt Nam / the family of rules of every dossier; needed where the clock of the source is not Vietnam's",
        ),
    ] = None
    calendar: Annotated[
        StrictStr | None,
        Field(min_length=1, description="Lịch dùng khi lệnh không nêu lịch / the calendar, where none is asked for"),
    ] = None
    dossier: Annotated[DossierFields, Field(description="Trường của hồ sơ / the fields of a dossier")]
    events_from_dossier: Annotated[
        tuple[DossierEvent, ...], Field(description="Mỗi hồ sơ một sự kiện / one event a dossier")
    ] = ()
    events_from_rows: Annotated[
        tuple[RowEvents, ...],
        BeforeValidator(_one_or_more),
        _OneOrMore(),
        Field(description="Mỗi dòng một sự kiện; danh sách: mỗi dòng nhiều sự kiện / an event a row; a list: several"),
    ] = ()
    observes: Annotated[
        tuple[StrictStr, ...] | None,
        BeforeValidator(_listed),
        Field(description="Các loại sự kiện mà nguồn ghi được / the kinds of event that this source can show at all"),
    ] = None
    unknown_if: Annotated[
        dict[str, Annotated[dict[str, tuple[Gap, ...]], BeforeValidator(_gaps), WithJsonSchema(_GAPS)]],
        Field(
            description="Theo cột và giá trị: hồ sơ thiếu gì / by column and value: what such a record is known to lack"
        ),
    ] = {}
    ignore: Annotated[
        tuple[StrictStr, ...],
        BeforeValidator(_listed),
        Field(description="Cột không phải lỗi gõ của trường nào / columns that are no misspelt fields of ours"),
    ] = ()

    @property
    def clock(self) -> SourceClock:
        """The clock that the source was written by."""
        return SourceClock(self.timezone, self.keep_wall_clock)

    @property
    def required_columns(self) -> tuple[str, ...]:
        """The columns that the log must have, in the order in which the mapping names them."""
        only = [condition.column for rows in self.events_from_rows for condition in rows.only]
        named = [column for _, source, _ in self.sources() if not source.optional for column in source.named]
        return tuple(dict.fromkeys([*named, *only, *self.unknown_if]))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of event that the mapping makes, where it lets no others through; otherwise nothing."""
        found = [event.kind for event in self.events_from_dossier]
        for rows in self.events_from_rows:
            if rows.kind.value is None and (rows.kind.values is None or rows.kind.other == "keep"):
                return ()
            found += [str(word) for _, word in _targets(rows.kind)]
        return tuple(dict.fromkeys(found))

    def remarks(self, place: str) -> tuple[Problem, ...]:
        """What the mapping leaves unsaid though a verdict hangs on it."""
        if self.observes is not None or "observes" in self.dossier.__pydantic_extra__ or not self.kinds:
            return ()
        return (complaints.observes_unsaid(place, self.kinds),)

    def sources(self) -> Iterator[tuple[Path_, ValueSource, str]]:
        """Every source with its path in the file and the kind of event it serves (`""` for none or any)."""
        yield ("dossier", "dossier_id"), self.dossier.dossier_id, ""
        for name, source in self.dossier.__pydantic_extra__.items():
            yield ("dossier", name), source, ""
        for index, event in enumerate(self.events_from_dossier):
            for name, source in [("at", event.at), *event.__pydantic_extra__.items()]:
                yield ("events_from_dossier", index, name), source, event.kind
        for index, rows in enumerate(self.events_from_rows):
            for name, source in [("kind", rows.kind), ("at", rows.at), *rows.__pydantic_extra__.items()]:
                yield ("events_from_rows", index, name), source, str(rows.kind.value or "")


_MOST: Final = 4 << 20
"""Bytes of a mapping that are looked at: more than its reader takes."""


def load_mapping(path: str | Path) -> Mapping:
    """The mapping in a YAML file; raises `InputFileError` with everything that is wrong with it."""
    content = b""
    for chunk in chunks(Path(path)):
        content += chunk
        if len(content) > _MOST:
            break  # a device without an end; what is too long is told by the reader
    return read_mapping(content, str(path))


def read_mapping(text: str | bytes, source: str) -> Mapping:
    """The mapping in a YAML text; `source` names it in errors."""
    try:
        document = read(text, source)
    except RuleFileError as error:
        raise InputFileError(error.problems) from None
    try:
        mapping = Mapping.model_validate(plain(document.root))
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise InputFileError(
            document.locate(problem, detail["loc"], key=detail["type"] == "extra_forbidden")
            for problem, detail in zip(problems_of(error, "", Mapping), details, strict=True)
        ) from None
    if faults := list(_faults(mapping, document)):
        raise InputFileError(faults)
    return mapping


def _source_faults(mapping: Mapping, document: Document) -> Iterator[Problem]:
    """What is wrong with what the mapping says of its source as a whole."""
    for index, kind in enumerate(mapping.observes or ()):
        yield from _unknown(document, ("observes", index), kind, _WORDS["kind"])
    for index, column in enumerate(mapping.ignore):
        if any(column in source.named for _, source, _ in mapping.sources()):
            said = (f"«{column}» đã được dùng ở trên", f"“{column}” is used above")
            yield document.locate(complaints.mapping_meaning("", *said), ("ignore", index))


def _faults(mapping: Mapping, document: Document) -> Iterator[Problem]:
    """What pydantic cannot see: names of fields and kinds, and sources that make no sense where they stand."""
    yield from _source_faults(mapping, document)
    yield from _clock_faults(mapping, document)
    for index, event in enumerate(mapping.events_from_dossier):
        yield from _unknown(document, ("events_from_dossier", index, "kind"), event.kind, _WORDS["kind"])
    for path, source, kind in mapping.sources():
        name = str(path[-1])
        if path[0] == "dossier" and name != "dossier_id":
            yield from _unknown(document, path, name, DOSSIER_FIELDS, key=True)
        elif path[0] != "dossier" and name not in ("kind", "at"):
            yield from _unknown(document, path, name, event_fields(kind), key=True)
        yield from (document.locate(problem, (*path, *step)) for step, problem in _misplaced(path, source))
        if name in _WORDS and (path[0] == "dossier" or name == "kind"):
            for step, word in _targets(source):
                for one in word if isinstance(word, list) else [word]:
                    yield from _unknown(document, (*path, *step), str(one), _WORDS[name])


def _misplaced(path: Path_, source: ValueSource) -> Iterator[tuple[Path_, Problem]]:
    """What a source says that means nothing where it stands, with the path below it."""
    name = str(path[-1])
    if name == "dossier_id" and (not source.named or source.values is not None):
        said = "dossier_id phải lấy nguyên từ cột", "dossier_id must be a column as it is"
        yield (), complaints.mapping_meaning("", *said)
    if path == ("dossier", "regime"):
        said = "ghi regime ở ngoài, một lần cho cả nhật ký", "write regime outside, once for the whole log"
        yield (), complaints.mapping_meaning("", *said)
    if source.date_format and name not in TIME_FIELDS:
        yield (
            ("date_format",),
            complaints.mapping_meaning("", f"«{name}» không phải ngày giờ", f"“{name}” is not a date"),
        )
    if source.may_be_empty and (path[0] != "events_from_rows" or name != "at"):
        said = "may_be_empty chỉ dùng cho at của events_from_rows", "may_be_empty goes with at of events_from_rows only"
        yield ("may_be_empty",), complaints.mapping_meaning("", *said)


def _clock_faults(mapping: Mapping, document: Document) -> Iterator[Problem]:
    """What is wrong with what the mapping says of the clock and the law of its source."""
    if mapping.timezone is not None and zone_named(mapping.timezone) is None:
        words = ("múi giờ", "time zone", mapping.timezone, sorted(available_timezones()), "TR-mapping-timezone")
        yield document.locate(errors.unknown_word("", *words), ("timezone",))
    elif mapping.clock.is_foreign and mapping.regime is None:
        path = "keep_wall_clock" if mapping.keep_wall_clock else "timezone"
        yield document.locate(complaints.regime_unsaid(), (path,))


def _targets(source: ValueSource) -> list[tuple[Path_, object]]:
    """The values that a source can be seen to give, with their paths below it."""
    constants: list[tuple[Path_, object]] = [(("value",), source.value)] if source.value is not None else []
    return constants + [(("values", key), value) for key, value in (source.values or {}).items() if value is not None]


def _unknown(document: Document, path: Path_, word: str, known: Iterable[str], key: bool = False) -> Iterator[Problem]:
    """A complaint if the word is not among those known."""
    if word not in (words := tuple(known)):
        what = ("trường", "field") if key else ("loại sự kiện", "kind of event")
        if path[0] == "dossier" and not key:
            what = ("giá trị", "value")
        yield document.locate(errors.unknown_word("", *what, word, words, "TR-mapping-unknown"), path, key=key)
