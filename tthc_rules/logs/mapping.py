"""Mapping files: which column of somebody's event log is which field of a dossier or an event.

A mapping keeps only what it names: personal data in other columns never enters a dossier. Strict: an unknown key, field
or kind is an error at its line, with the nearest known one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from tthc_rules import errors
from tthc_rules.errors import InputFileError, Problem, RuleFileError
from tthc_rules.law import fields
from tthc_rules.law.complaints import problems_of
from tthc_rules.law.dossier import Gap, Unit
from tthc_rules.law.rule import OWN_TIMES
from tthc_rules.logs import complaints
from tthc_rules.logs.dates import date_form, two_readings
from tthc_rules.logs.files import chunks
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
        forms = tuple(date_form(item if isinstance(item, str) else "").written for item in items)
    except ValueError:
        raise PydanticCustomError(
            "TR-mapping-date-format",
            'cần %d, %m, %Y mỗi thứ một lần, và chỉ thêm %H %M %S %f %z, ví dụ "%d/%m/%Y %H:%M" / '
            "%d, %m and %Y are needed once each, and only %H %M %S %f %z may be added",
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

    vi: StrictStr
    en: StrictStr


class ValueSource(_Strict):
    """Where a value comes from: a column, perhaps through a table of values, or a constant."""

    column: StrictStr | None = None
    value: Annotated[Any, BeforeValidator(_scalar)] = None
    values: dict[str, Annotated[Any, BeforeValidator(_target)]] | None = None
    other: Literal["keep", "drop", "error"] = "keep"
    date_format: Annotated[tuple[str, ...], BeforeValidator(_formats)] = ()
    optional: StrictBool = False

    @model_validator(mode="after")
    def _one_origin(self) -> ValueSource:
        if (self.column is None) == (self.value is None):
            raise PydanticCustomError(
                "TR-mapping-source", "cần đúng một trong column, value / exactly one of column and value is needed"
            )
        if self.values is None and "other" in self.model_fields_set:
            raise PydanticCustomError("TR-mapping-source", "other chỉ đi cùng values / other goes with values only")
        if self.column is None and self.model_fields_set - {"value"}:
            raise PydanticCustomError("TR-mapping-source", "value phải đứng một mình / value must stand alone")
        return self


def _bare(value: object) -> object:
    return {"value": value} if isinstance(value, str) else value


class DossierFields(_Strict):
    """The fields of the dossier; nested ones are written with a dot (`time_limit.amount`)."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, ValueSource]
    dossier_id: ValueSource


class DossierEvent(_Strict):
    """An event made once for every dossier whose time is not empty; further keys are fields of the event."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, ValueSource]
    kind: StrictStr
    at: ValueSource


class Only(_Strict):
    """A condition on rows: the others make no event."""

    column: StrictStr
    among: Annotated[list[StrictStr], Field(min_length=1)]


class RowEvents(_Strict):
    """How a row becomes an event; further keys are fields of the event."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, ValueSource]
    kind: Annotated[ValueSource, BeforeValidator(_bare)]
    at: ValueSource
    only: tuple[Only, ...] = ()


class Csv(_Strict):
    """How the CSV file is written."""

    delimiter: Annotated[StrictStr, Field(min_length=1, max_length=1)] = ","


class Mapping(_Strict):
    """A mapping file, read and checked."""

    format: Literal[1]
    mapping: Annotated[StrictStr, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    label: Label
    csv: Csv = Csv()
    dossier: DossierFields
    events_from_dossier: tuple[DossierEvent, ...] = ()
    events_from_rows: RowEvents | None = None
    observes: Annotated[tuple[StrictStr, ...] | None, BeforeValidator(_listed)] = None
    """The kinds of event that this source can show at all."""
    unknown_if: dict[str, Annotated[dict[str, tuple[Gap, ...]], BeforeValidator(_gaps), WithJsonSchema(_GAPS)]] = {}
    """By column and value: what is known to be incomplete in such a record."""
    ignore: Annotated[tuple[StrictStr, ...], BeforeValidator(_listed)] = ()
    """Columns whose names are no misspelt fields of ours."""

    @property
    def required_columns(self) -> tuple[str, ...]:
        """The columns that the log must have, in the order in which the mapping names them."""
        only = self.events_from_rows.only if self.events_from_rows else ()
        named = [source.column for _, source, _ in self.sources() if source.column and not source.optional]
        return tuple(dict.fromkeys([*named, *(condition.column for condition in only), *self.unknown_if]))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of event that the mapping makes, where it lets no others through; otherwise nothing."""
        found = [event.kind for event in self.events_from_dossier]
        if rows := self.events_from_rows:
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
        if rows := self.events_from_rows:
            for name, source in [("kind", rows.kind), ("at", rows.at), *rows.__pydantic_extra__.items()]:
                yield ("events_from_rows", name), source, str(rows.kind.value or "")


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
        if any(column == source.column for _, source, _ in mapping.sources()):
            said = (f"«{column}» đã được dùng ở trên", f"“{column}” is used above")
            yield document.locate(complaints.mapping_meaning("", *said), ("ignore", index))


def _faults(mapping: Mapping, document: Document) -> Iterator[Problem]:
    """What pydantic cannot see: names of fields and kinds, and sources that make no sense where they stand."""
    yield from _source_faults(mapping, document)
    for index, event in enumerate(mapping.events_from_dossier):
        yield from _unknown(document, ("events_from_dossier", index, "kind"), event.kind, _WORDS["kind"])
    for path, source, kind in mapping.sources():
        name = str(path[-1])
        if path[0] == "dossier" and name != "dossier_id":
            yield from _unknown(document, path, name, DOSSIER_FIELDS, key=True)
        elif path[0] != "dossier" and name not in ("kind", "at"):
            yield from _unknown(document, path, name, event_fields(kind), key=True)
        if name == "dossier_id" and (source.column is None or source.values is not None):
            problem = complaints.mapping_meaning(
                "", "dossier_id phải lấy nguyên từ cột", "dossier_id must be a column as it is"
            )
            yield document.locate(problem, path)
        if source.date_format and name not in TIME_FIELDS:
            problem = complaints.mapping_meaning("", f"«{name}» không phải ngày giờ", f"“{name}” is not a date")
            yield document.locate(problem, (*path, "date_format"))
        if name in _WORDS and (path[0] == "dossier" or name == "kind"):
            for step, word in _targets(source):
                for one in word if isinstance(word, list) else [word]:
                    yield from _unknown(document, (*path, *step), str(one), _WORDS[name])


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
