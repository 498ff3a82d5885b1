"""The dossier as the border lets it in: pydantic models for hồ sơ, its events and its time limit.

A malformed dossier is an input error (`DossierError`, all its problems at once). What is merely unknown — a kind, a
field — is kept, and noted by `law/timeline.py`. Personal data of applicants has no field here and is not needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    StrictBool,
    StrictInt,
    StrictStr,
    Tag,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from tthc_rules.errors import DossierError, json_broken, misspelt, shown, text_not_utf8
from tthc_rules.law import text
from tthc_rules.law.civil import Moment, clock_time, read_clock, read_moment
from tthc_rules.law.complaints import problems_of
from tthc_rules.law.jsontext import JsonError, read_json
from tthc_rules.law.names import Names

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass as _Metaclass
else:
    _Metaclass = type(BaseModel)

_T = TypeVar("_T")

MAX_EVENTS: Final = 500

When = Annotated[
    Moment,
    BeforeValidator(read_moment),
    WithJsonSchema({"type": "string", "description": "ISO 8601: YYYY-MM-DD hoặc YYYY-MM-DDTHH:MM[:SS][+07:00]"}),
]
TimeOfDay = Annotated[
    int,
    BeforeValidator(read_clock),
    PlainSerializer(clock_time, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
]


Text = Annotated[StrictStr, AfterValidator(text.whole)]
"""Words, in one form of every letter."""
Name = Annotated[StrictStr, AfterValidator(text.name)]
"""The id or name of a dossier, a procedure, a unit, a person: nothing hidden may be in it."""


def _known_by(names: Callable[[], Names]) -> AfterValidator:
    """Refuses a name that misspells a known one; which are known is said when all models are there."""

    def check(written: str) -> str:
        if meant := names().meant(text.whole(written)):
            problem = misspelt("", written, meant)
            raise PydanticCustomError("TR-input-misspelt", "misspelt", {"problem": problem})
        return written

    return AfterValidator(check)


class _Made(_Metaclass):
    """What is wrong with an object that is made by calling its class is said as of any other input."""

    if not TYPE_CHECKING:

        def __call__(cls, *positional: Any, **fields: Any) -> Any:  # noqa: N805
            return _reading(fields, lambda: type.__call__(cls._class_for(fields), *positional, **fields))


class _Border(BaseModel, metaclass=_Made):
    model_config = ConfigDict(frozen=True, populate_by_name=True, defer_build=True)

    @classmethod
    def _class_for(cls, fields: object) -> type[Self]:
        """The class that these fields make."""
        return cls

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """The object in `obj`, a mapping; raises `DossierError`."""
        made = cls._class_for(obj)
        return _reading(obj, lambda: super(_Border, made).model_validate(obj, **options))

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """The object in a JSON text; raises `DossierError`, also for a key that is there twice."""
        written, data = _read_json(json_data)
        if not options:  # it has been read already
            return cls.model_validate(data)
        made = cls._class_for(data)
        return _reading(data, lambda: super(_Border, made).model_validate_json(written, **options))


def _read_json(content: str | bytes | bytearray) -> tuple[str, object]:
    """The text without the mark that some editors put before it, and what it says."""
    try:
        written = content if isinstance(content, str) else bytes(content).decode("utf-8")
        written = written.removeprefix("\ufeff")
        return written, read_json(written)
    except UnicodeDecodeError as error:
        line, before = error.object.count(b"\n", 0, error.start) + 1, error.object.rfind(b"\n", 0, error.start)
        problem = text_not_utf8(str(line), error.start - before)
        raise DossierError(replace(problem, code="TR-input-json")) from None
    except JsonError as error:
        problem = json_broken(f"{error.line}:{error.column}", error.why)
        raise DossierError(replace(problem, code="TR-input-json")) from None


def _reading(given: object, read: Callable[[], _T]) -> _T:
    """What `read` gives; pydantic's complaints become ours."""
    try:
        return read()
    except ValidationError as error:
        raise DossierError(problems_of(error, _place(given), names=LIMIT_NAMES)) from None
    except RecursionError:
        raise DossierError(problems_of(None, _place(given))) from None


class _Model(_Border):
    """A field that nobody knows is kept, and noted."""

    model_config = ConfigDict(extra="allow")


class Event(_Model):
    """Something that happened to a dossier, at a Vietnam civil time; each kind names the fields it needs.

    `Event(kind=…, at=…)` gives the class of that kind.
    """

    __pydantic_extra__: dict[Annotated[str, _known_by(lambda: EVENT_FIELD_NAMES)], Any]
    kind: Annotated[Text, _known_by(lambda: KIND_NAMES)]
    at: When

    @classmethod
    def _class_for(cls, fields: object) -> type[Self]:
        kind = fields.get("kind") if isinstance(fields, Mapping) else None
        found = EVENT_TYPES.get(kind) if isinstance(kind, str) and cls is Event else None
        return cls if found is None else found  # type: ignore[return-value]


class DossierSubmitted(Event):
    kind: Literal["dossier_submitted"]


class DossierAccepted(Event):
    """Tiếp nhận: the complete file is received and the slip, with its appointed date, is given."""

    kind: Literal["dossier_accepted"]
    appointed_due: When | None = None


class DossierRefused(Event):
    kind: Literal["dossier_refused"]


class DossierForwarded(Event):
    """Chuyển hồ sơ: the one-stop unit hands the file to the handling agency."""

    kind: Literal["dossier_forwarded"]


class SupplementRequested(Event):
    kind: Literal["supplement_requested"]
    after_appraisal: StrictBool | None = None
    applicant_fault: StrictBool | None = None


class SupplementReceived(Event):
    kind: Literal["supplement_received"]
    appointed_due: When | None = None


class ClockPaused(Event):
    kind: Literal["clock_paused"]
    reason: Text | None = None
    ground: Text | None = None


class ClockResumed(Event):
    kind: Literal["clock_resumed"]


class PaymentAwaited(Event):
    kind: Literal["payment_awaited"]


class PaymentReceived(Event):
    kind: Literal["payment_received"]


class OpinionRequested(Event):
    kind: Literal["opinion_requested"]
    agency: Name | None = None
    due: When | None = None


class OpinionReceived(Event):
    kind: Literal["opinion_received"]
    agency: Name | None = None


class StepAssigned(Event):
    kind: Literal["step_assigned"]
    agency: Name | None = None
    due: When | None = None


class StepDone(Event):
    kind: Literal["step_done"]
    agency: Name | None = None


class DelayNoticeSent(Event):
    """Thông báo cho Bộ phận Một cửa rằng hồ sơ sẽ quá hạn."""

    kind: Literal["delay_notice_sent"]


class ApologySent(Event):
    """Phiếu xin lỗi và hẹn lại ngày trả kết quả; the form is named, never numbered."""

    kind: Literal["apology_sent"]
    reason: Text | None = None
    new_due: When | None = None
    signer_role: Text | None = None
    form: Text | None = None
    attached: StrictBool | None = None
    channel: Text | None = None


class Reappointed(Event):
    kind: Literal["reappointed"]
    new_due: When | None = None


class IntervalExcluded(Event):
    """Days that do not count for anyone: both ends inclusive."""

    kind: Literal["interval_excluded"]
    from_: When | None = Field(default=None, alias="from")
    to: When | None = None
    reason: Text | None = None
    ground: Text | None = None


class ReceivedByCompetentAgency(Event):
    kind: Literal["received_by_competent_agency"]


class ResultIssued(Event):
    kind: Literal["result_issued"]


class ResultReturned(Event):
    kind: Literal["result_returned"]


class ProcessingStopped(Event):
    kind: Literal["processing_stopped"]


class DossierWithdrawn(Event):
    kind: Literal["dossier_withdrawn"]


class DossierLost(Event):
    kind: Literal["dossier_lost"]


class SyncedNational(Event):
    kind: Literal["synced_national"]


class LateOfficersPublished(Event):
    kind: Literal["late_officers_published"]


class PaperForwarded(Event):
    """Chuyển hồ sơ giấy đến cơ quan có thẩm quyền giải quyết của cấp khác."""

    kind: Literal["paper_forwarded"]


class ErrorReported(Event):
    """Người nộp báo kết quả có sai sót."""

    kind: Literal["error_reported"]
    applicant_fault: StrictBool | None = None


class ResultCorrected(Event):
    kind: Literal["result_corrected"]


class SlipSent(Event):
    """A slip that was given to the applicant; the form is named, never numbered."""

    kind: Literal["slip_sent"]
    form: Text | None = None


class DossierClosed(Event):
    """Kết thúc hồ sơ vì người nộp không bổ sung: closed for the applicant's silence."""

    kind: Literal["dossier_closed"]


EVENT_TYPES: Final[dict[str, type[Event]]] = {
    model.model_fields["kind"].annotation.__args__[0]: model  # type: ignore[union-attr]
    for model in Event.__subclasses__()
}


def _tag(event: object) -> str:
    kind = event.get("kind") if isinstance(event, Mapping) else getattr(event, "kind", None)
    return f"<{kind}>" if isinstance(kind, str) and kind in EVENT_TYPES else "<>"


AnyEvent = Annotated[
    Annotated[DossierSubmitted, Tag("<dossier_submitted>")]
    | Annotated[DossierAccepted, Tag("<dossier_accepted>")]
    | Annotated[DossierRefused, Tag("<dossier_refused>")]
    | Annotated[DossierForwarded, Tag("<dossier_forwarded>")]
    | Annotated[SupplementRequested, Tag("<supplement_requested>")]
    | Annotated[SupplementReceived, Tag("<supplement_received>")]
    | Annotated[ClockPaused, Tag("<clock_paused>")]
    | Annotated[ClockResumed, Tag("<clock_resumed>")]
    | Annotated[PaymentAwaited, Tag("<payment_awaited>")]
    | Annotated[PaymentReceived, Tag("<payment_received>")]
    | Annotated[OpinionRequested, Tag("<opinion_requested>")]
    | Annotated[OpinionReceived, Tag("<opinion_received>")]
    | Annotated[StepAssigned, Tag("<step_assigned>")]
    | Annotated[StepDone, Tag("<step_done>")]
    | Annotated[DelayNoticeSent, Tag("<delay_notice_sent>")]
    | Annotated[ApologySent, Tag("<apology_sent>")]
    | Annotated[Reappointed, Tag("<reappointed>")]
    | Annotated[IntervalExcluded, Tag("<interval_excluded>")]
    | Annotated[ReceivedByCompetentAgency, Tag("<received_by_competent_agency>")]
    | Annotated[ResultIssued, Tag("<result_issued>")]
    | Annotated[ResultReturned, Tag("<result_returned>")]
    | Annotated[ProcessingStopped, Tag("<processing_stopped>")]
    | Annotated[DossierWithdrawn, Tag("<dossier_withdrawn>")]
    | Annotated[DossierLost, Tag("<dossier_lost>")]
    | Annotated[SyncedNational, Tag("<synced_national>")]
    | Annotated[LateOfficersPublished, Tag("<late_officers_published>")]
    | Annotated[PaperForwarded, Tag("<paper_forwarded>")]
    | Annotated[ErrorReported, Tag("<error_reported>")]
    | Annotated[ResultCorrected, Tag("<result_corrected>")]
    | Annotated[SlipSent, Tag("<slip_sent>")]
    | Annotated[DossierClosed, Tag("<dossier_closed>")]
    | Annotated[Event, Tag("<>")],
    Discriminator(_tag),
]

Kind: TypeAlias = Literal[tuple(EVENT_TYPES)]  # type: ignore[valid-type]
"""A kind of event that is known by name."""
Gap = Literal["acceptance", "pauses", "finish"]
"""What the record of one dossier is known to lack."""

Unit = Literal["workday", "calendar_day", "work_hour", "week", "month", "year"]


class OwnTime(_Border):
    """A time that sector law (pháp luật chuyên ngành) has beside the limit, in the place of the decree's own."""

    model_config = ConfigDict(extra="forbid")

    amount: Annotated[StrictInt, Field(ge=0, le=2**31 - 1)]
    unit: Unit


class _OwnTimes(_Border):
    """What sector law says beside the limit."""

    model_config = ConfigDict(extra="forbid")

    return_within: OwnTime | None = None
    """Trả lại hồ sơ chưa đủ điều kiện: within this time of the start."""
    answer_within: OwnTime | None = None
    """Trả lời hồ sơ trực tuyến: within this time of the submission."""
    closes_after: OwnTime | None = None
    """Kết thúc hồ sơ vì người nộp không bổ sung: only after this time since the request."""


class TimeLimit(_OwnTimes):
    """Thời hạn giải quyết: a length, with the hour after which «in the day» means the next workday, if there is one."""

    amount: Annotated[StrictInt, Field(ge=0, le=2**31 - 1)]
    unit: Unit
    cutoff: TimeOfDay | None = None
    pauses_for: Annotated[tuple[Literal["payment", "opinion"], ...], Field(max_length=2)] = ()


class NoTimeLimit(_OwnTimes):
    """The catalogue or the dossier says that this procedure has no time limit."""

    none: Literal[True]


def _limit_tag(limit: object) -> str:
    if isinstance(limit, NoTimeLimit) or (isinstance(limit, Mapping) and "none" in limit):
        return "<none>"
    return "<amount>"


AnyTimeLimit = Annotated[
    Annotated[TimeLimit, Tag("<amount>")] | Annotated[NoTimeLimit, Tag("<none>")], Discriminator(_limit_tag)
]


class Units(_Model):
    """The units that answer for the dossier, by the caller's own ids."""

    __pydantic_extra__: dict[Annotated[str, _known_by(lambda: UNIT_NAMES)], Any]
    one_stop_unit: Name | None = None
    handling_agency: Name | None = None


class Dossier(_Model):
    """Hồ sơ: what the portal knows of one dossier. Malformed input raises `DossierError` with every problem in it."""

    __pydantic_extra__: dict[Annotated[str, _known_by(lambda: DOSSIER_NAMES)], Any]
    dossier_id: Annotated[Name, Field(min_length=1, max_length=200)]
    procedure: Name | None = None
    regime: Name | None = None
    """The family of rules that the dossier falls under; nothing here: that of its procedure, else the one-stop law."""
    jurisdiction: Name | None = None
    channel: Literal["in_person", "online", "postal"] | None = None
    field: Text | None = None
    units: Units | None = None
    time_limit: AnyTimeLimit | None = None
    filed_elsewhere: StrictBool = False
    other_level: StrictBool = False
    observes: tuple[Kind, ...] | None = None
    """The kinds of event that the source can show at all; nothing here: every kind."""
    unknown: Annotated[
        tuple[Gap, ...],
        BeforeValidator(lambda given: () if given is None else given, json_schema_input_type=tuple[Gap, ...] | None),
    ] = ()
    """What the source itself says is not complete in this record."""
    officers: tuple[Name, ...] = ()
    events: Annotated[tuple[AnyEvent, ...], Field(max_length=MAX_EVENTS)] = ()


def unknown_fields(model: Dossier | Units | Event) -> dict[str, Any]:
    """What stands in it under names that nobody knows; a null says nothing, and is no field."""
    return {name: value for name, value in (model.__pydantic_extra__ or {}).items() if value is not None}


def _fields(*models: type[BaseModel]) -> frozenset[str]:
    return frozenset(field.alias or name for model in models for name, field in model.model_fields.items())


KIND_NAMES: Final = Names(EVENT_TYPES)
EVENT_FIELD_NAMES: Final = Names(_fields(*EVENT_TYPES.values()))
DOSSIER_NAMES: Final = Names(_fields(Dossier), _fields(Dossier))
UNIT_NAMES: Final = Names(_fields(Units), _fields(Units))
OWN_TIME_NAMES: Final = Names(_fields(OwnTime), _fields(OwnTime))
LIMIT_NAMES: Final = Names(_fields(TimeLimit, NoTimeLimit), _fields(TimeLimit, NoTimeLimit))


def _place(obj: object) -> str:
    name = obj.get("dossier_id") if isinstance(obj, Mapping) else None
    return shown(name) if isinstance(name, str) else ""
