"""The dossier as the border lets it in: pydantic models for hồ sơ, its events and its time limit.

A malformed dossier is an input error (`DossierError`, all its problems at once). What is merely unknown — a kind, a
field — is kept, and noted by `law/timeline.py`. Personal data of applicants has no field here and is not needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

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

from tthc_rules.errors import DossierError, shown
from tthc_rules.law.civil import Moment, read_clock, read_moment
from tthc_rules.law.complaints import problems_of

MAX_EVENTS: Final = 500

When = Annotated[
    Moment,
    BeforeValidator(read_moment),
    WithJsonSchema({"type": "string", "description": "ISO 8601: YYYY-MM-DD hoặc YYYY-MM-DDTHH:MM[:SS][+07:00]"}),
]
TimeOfDay = Annotated[
    int,
    BeforeValidator(read_clock),
    PlainSerializer(lambda minute: f"{minute // 60:02d}:{minute % 60:02d}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
]


def _printable(text: str) -> str:
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError(
            "TR-input-text", "văn bản có ký tự hỏng, không ghi ra được / the text holds half a character"
        ) from None
    return text


Printable = Annotated[StrictStr, AfterValidator(_printable)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True, defer_build=True)


class Event(_Model):
    """Something that happened to a dossier, at a Vietnam civil time; each kind names the fields it needs."""

    kind: Printable
    at: When


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
    reason: StrictStr | None = None
    ground: StrictStr | None = None


class ClockResumed(Event):
    kind: Literal["clock_resumed"]


class PaymentAwaited(Event):
    kind: Literal["payment_awaited"]


class PaymentReceived(Event):
    kind: Literal["payment_received"]


class OpinionRequested(Event):
    kind: Literal["opinion_requested"]
    agency: StrictStr | None = None
    due: When | None = None


class OpinionReceived(Event):
    kind: Literal["opinion_received"]
    agency: StrictStr | None = None


class StepAssigned(Event):
    kind: Literal["step_assigned"]
    agency: StrictStr | None = None
    due: When | None = None


class StepDone(Event):
    kind: Literal["step_done"]
    agency: StrictStr | None = None


class DelayNoticeSent(Event):
    """Thông báo cho Bộ phận Một cửa rằng hồ sơ sẽ quá hạn."""

    kind: Literal["delay_notice_sent"]


class ApologySent(Event):
    """Phiếu xin lỗi và hẹn lại ngày trả kết quả; the form is named, never numbered."""

    kind: Literal["apology_sent"]
    reason: StrictStr | None = None
    new_due: When | None = None
    signer_role: StrictStr | None = None
    form: StrictStr | None = None
    attached: StrictBool | None = None
    channel: StrictStr | None = None


class Reappointed(Event):
    kind: Literal["reappointed"]
    new_due: When | None = None


class IntervalExcluded(Event):
    """Days that do not count for anyone: both ends inclusive."""

    kind: Literal["interval_excluded"]
    from_: When | None = Field(default=None, alias="from")
    to: When | None = None
    reason: StrictStr | None = None
    ground: StrictStr | None = None


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
    form: StrictStr | None = None


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


class TimeLimit(BaseModel):
    """Thời hạn giải quyết: a length, with the hour after which «in the day» means the next workday, if there is one."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    amount: Annotated[StrictInt, Field(ge=0, le=2**31 - 1)]
    unit: Unit
    cutoff: TimeOfDay | None = None
    pauses_for: Annotated[tuple[Literal["payment", "opinion"], ...], Field(max_length=2)] = ()


class NoTimeLimit(BaseModel):
    """The catalogue or the dossier says that this procedure has no time limit."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

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

    one_stop_unit: StrictStr | None = None
    handling_agency: StrictStr | None = None


class Dossier(_Model):
    """Hồ sơ: what the portal knows of one dossier. Malformed input raises `DossierError` with every problem in it."""

    dossier_id: Annotated[Printable, Field(min_length=1, max_length=200)]
    procedure: StrictStr | None = None
    jurisdiction: StrictStr | None = None
    channel: Literal["in_person", "online", "postal"] | None = None
    field: StrictStr | None = None
    units: Units | None = None
    time_limit: AnyTimeLimit | None = None
    filed_elsewhere: StrictBool = False
    other_level: StrictBool = False
    observes: tuple[Kind, ...] | None = None
    """The kinds of event that the source can show at all; nothing here: every kind."""
    unknown: tuple[Gap, ...] = ()
    """What the source itself says is not complete in this record."""
    officers: tuple[StrictStr, ...] = ()
    events: Annotated[tuple[AnyEvent, ...], Field(max_length=MAX_EVENTS)] = ()

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """The dossier in `obj`, a mapping; raises `DossierError`."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise DossierError(problems_of(error, _place(obj))) from None
        except RecursionError:
            raise DossierError(problems_of(None, _place(obj))) from None

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """The dossier in a JSON text; raises `DossierError`."""
        try:
            return super().model_validate_json(json_data, **options)
        except ValidationError as error:
            raise DossierError(problems_of(error, "")) from None


def _place(obj: object) -> str:
    name = obj.get("dossier_id") if isinstance(obj, Mapping) else None
    return shown(name) if isinstance(name, str) else ""
