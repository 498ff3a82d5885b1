"""The slip as data: its name and number, why it is made, its fields with what each stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict

from tthc_rules.law.codes import OnlyIf
from tthc_rules.law.evidence import Citation, Status
from tthc_rules.law.rule import UnitThatOwes
from tthc_rules.result.verdict import CitationRecord, Digests, Finding

SlipKind: TypeAlias = Literal["apology", "supplement", "refusal", "stop", "closing", "loss"]
"""Xin lỗi và hẹn lại; yêu cầu bổ sung; từ chối; dừng; đóng hồ sơ; xin lỗi vì hồ sơ bị mất."""
SLIP_KINDS: Final[tuple[SlipKind, ...]] = get_args(SlipKind)

SlipStanding: TypeAlias = Literal["owed", "conditional", "unknown", "recorded"]
"""It is owed now; only if something comes about (`only_if`); the source does not show whether it was given; the log
holds the act already, and the paper of it may be printed."""
SlipOnlyIf: TypeAlias = OnlyIf | Literal["applicant_asks", "applicant_silent"]
SlipRemark: TypeAlias = Literal["no_form", "layout_unconfirmed", "wording_secondary", "wording_own", "signer_open"]
"""What a reader of the paper must know about it: nothing here was taken from the annex of a circular."""
FieldType: TypeAlias = Literal["text", "date", "moment"]
Blank: TypeAlias = Literal["to_say", "not_given", "personal_data"]
"""A person must say it; the dossier does not; it is about an applicant, of whom nothing is kept."""


@dataclass(frozen=True, slots=True)
class SlipClause:
    """Căn cứ, with its words in both languages, so that a page needs to know nothing of clauses."""

    document: str
    article: str
    clause: str
    point: str
    quote: str
    status: Status
    source: str
    vi: str
    en: str

    @classmethod
    def of(cls, one: Citation | CitationRecord) -> SlipClause:
        """A clause of a rule, or of a verdict."""
        said = one.say("vi"), one.say("en")
        return cls(one.document, one.article, one.clause, one.point, one.quote, one.status, one.source, *said)


@dataclass(frozen=True, slots=True)
class SlipForm:
    """Mẫu: what the circular in force on the day calls the paper, and the number that it bears there."""

    name: str
    """What rule files call it; names stay, numbers move."""
    number: str | None
    document: str
    """The circular."""
    called: dict[str, str]
    """«Mẫu số 04, Thông tư số 03/2025/TT-VPCP»."""
    version: str
    citations: tuple[SlipClause, ...]
    note: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class SlipField:
    """One field: what is printed in it and where that comes from, or who has to say it."""

    name: str
    label: dict[str, str]
    type: FieldType
    value: str | None
    """An id or a word as given, a day or a moment in ISO 8601; null where it is left blank."""
    printed: str | None
    """The value as the paper has it: «17 giờ 00 phút, ngày 05 tháng 02 năm 2026»."""
    source: str
    """The place in the dossier (`events[0].at`) or in the verdict (`clock.promised_due`) that it was read from."""
    blank: Blank | None
    """Why it is blank, where it is."""
    origin: dict[str, str]
    """The same for a reader: where the value comes from, or who has to say it."""
    lines: int = 1
    """How many lines are left for it."""


@dataclass(frozen=True, slots=True)
class SlipDuty:
    """A duty that a slip is for."""

    id: str
    label: dict[str, str]


class Slip(BaseModel):
    """Phiếu, bản dự thảo: what a competent person completes, signs and sends; made of what the log and the law say."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    kind: SlipKind
    draft: Literal[True] = True
    """Never a finished paper."""
    title: dict[str, str]
    """As the form in force on `as_of` has it; where no form is known, what the paper is."""
    form: SlipForm | None
    dossier_id: str
    as_of: date
    """The day on which it is drawn up: it picks the form."""
    known_on: date
    standing: SlipStanding
    only_if: SlipOnlyIf | None
    by: date | None
    """The last day by which the law asks for it."""
    by_time: str | None
    not_before: date | None
    """The first day on which it may be given, where the law sets one."""
    overdue: bool
    """Its last day has passed, and it can still be given."""
    past_due: bool
    """The result is late already: the paper speaks of a date that has passed."""
    serves: tuple[SlipDuty, ...]
    """The duties that it discharges once it is completed and sent."""
    issued_by: UnitThatOwes
    fields: tuple[SlipField, ...]
    warnings: tuple[Finding, ...]
    """What giving it on `as_of` would make late, missed or broken."""
    remarks: tuple[SlipRemark, ...]
    citations: tuple[SlipClause, ...]
    assumptions: tuple[str, ...]
    digests: Digests

    def field(self, name: str) -> SlipField | None:
        """The field of that name, where this paper has it."""
        return next((one for one in self.fields if one.name == name), None)
