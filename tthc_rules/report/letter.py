"""A slip as a letter: its sentences, with the fields in their places; what a page and a document both draw.

The sentences follow the prints that were seen (BM.02 to BM.04 of a ministry, a provincial centre, a land office); of a
paper that nobody has printed they are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any, Final

from tthc_rules.report.markup import day
from tthc_rules.result import words
from tthc_rules.result.slip import words as slip_words

Entry = Mapping[str, Any]

STATE: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
DRAFT: Final = "DỰ THẢO"
UNSIGNED: Final = "chưa ký, chưa có giá trị; người có thẩm quyền điền chỗ trống, kiểm tra rồi ký"
LAYOUT: Final = "bố cục theo NĐ 30/2020/NĐ-CP: chưa xác nhận"

_OPENING: Final = (
    "Kính gửi: {applicant}",
    (
        "Vào {accepted}, {issuer} tiếp nhận hồ sơ đề nghị giải quyết thủ tục hành chính {procedure} của Ông/Bà/Tổ "
        "chức; số định danh: {applicant_id}."
    ),
    "Mã số hồ sơ: {dossier_id}",
)
_FORECAST: Final = (
    "Dự kiến {issuer} không trả được kết quả giải quyết hồ sơ đúng thời hạn ghi trên Giấy tiếp nhận hồ sơ và hẹn trả "
    "kết quả."
)
_PAST_DUE: Final = (
    "Tuy nhiên đến nay, {issuer} chưa trả kết quả giải quyết hồ sơ của Ông/Bà/Tổ chức đúng thời hạn ghi trên Giấy tiếp "
    "nhận hồ sơ và hẹn trả kết quả."
)


def _apology(late: str) -> tuple[str, ...]:
    return (
        *_OPENING,
        "Thời gian hẹn trả kết quả giải quyết hồ sơ: {promised_due}.",
        "Hạn giải quyết tính theo quy định: {lawful_due}.",
        late,
        "Lý do: {reason}",
        (
            "{issuer} xin trân trọng gửi lời xin lỗi đến Ông/Bà/Tổ chức vì sự chậm trễ này và sẽ trả kết quả "
            "giải quyết hồ sơ vào {new_due}."
        ),
        "Mong nhận được sự thông cảm của Ông/Bà/Tổ chức./.",
    )


_ADDRESS: Final = ("Địa chỉ: {address}", "Số điện thoại: {phone} Email: {email}")

LETTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "apology": _apology(_FORECAST),
    "apology, past due": _apology(_PAST_DUE),
    "supplement": (
        "Hồ sơ của: {applicant}",
        "Nội dung yêu cầu giải quyết: {procedure}",
        "Mã số hồ sơ: {dossier_id}",
        "Tiếp nhận: {accepted}",
        "Nộp: {submitted}",
        *_ADDRESS,
        "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:",
        "{to_supply}",
        "Lý do: {reason}",
        (
            "Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, Ông/Bà liên hệ với {contact}, số điện thoại "
            "{contact_phone} để được hướng dẫn./."
        ),
    ),
    "refusal": (
        "{issuer} nhận hồ sơ của: {applicant}",
        "Số định danh cá nhân/tổ chức: {applicant_id}",
        *_ADDRESS,
        "Mã số hồ sơ: {dossier_id}",
        "Nội dung yêu cầu giải quyết: {procedure}",
        "Tiếp nhận: {accepted}",
        "Nộp: {submitted}",
        "Qua xem xét, {issuer} thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau:",
        "{reason}",
        "Xin thông báo cho Ông/Bà được biết và thực hiện./.",
    ),
    "stop": (
        *_OPENING,
        "Theo yêu cầu của Ông/Bà/Tổ chức vào {stop_asked}, {issuer} thông báo dừng giải quyết hồ sơ nêu trên.",
        "{issuer} thông báo dừng giải quyết hồ sơ nêu trên, kể từ {stopped}.",
        "Lý do: {reason}",
        "Giấy tờ, phí, lệ phí trả lại (nếu có): {returned}",
        "{issuer} thông báo để Ông/Bà/Tổ chức được biết./.",
    ),
    "closing": (
        *_OPENING,
        (
            "Vào {requested}, Ông/Bà/Tổ chức được yêu cầu bổ sung, hoàn thiện hồ sơ. Đến nay hồ sơ chưa được bổ sung, "
            "hoàn thiện."
        ),
        "Căn cứ {ground}, {issuer} đóng hồ sơ trên Hệ thống thông tin giải quyết thủ tục hành chính vào {closed}.",
        "Lý do: {reason}",
        "{issuer} thông báo để Ông/Bà/Tổ chức được biết./.",
    ),
    "loss": (
        *_OPENING,
        "Vào {lost}, hồ sơ nêu trên được ghi nhận là bị mất, thất lạc hoặc hư hỏng trong quá trình giải quyết.",
        "Giấy tờ bị mất, thất lạc, hư hỏng: {lost_papers}",
        "Cách khắc phục, chi phí cấp lại giấy tờ: {remedy}",
        "{issuer} xin lỗi Ông/Bà/Tổ chức về sự cố này./.",
    ),
}
"""A paragraph each; one of whose fields the slip has not is left out."""

SIGNED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "supplement": ("NGƯỜI HƯỚNG DẪN",),
    "refusal": ("NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ"),
}
"""Who signs, where the print says it; of the others it says an office, and practice differs."""
SIGN: Final = "(Ký, ghi rõ họ tên; chữ ký số nếu là bản điện tử)"


@dataclass(frozen=True, slots=True)
class Gap:
    """A field in its place."""

    field: Entry
    ends: bool = False
    """It is the last of its paragraph: a blank runs to the end of the line, and takes the lines that it needs."""

    @property
    def text(self) -> str:
        """What is printed there, or nothing where it is blank."""
        return str(self.field.get("printed") or "")

    @property
    def name(self) -> str:
        """What the field is called, in the middle of a sentence."""
        said = str((self.field.get("label") or {}).get("vi", ""))
        return said[:1].lower() + said[1:]

    @property
    def lines(self) -> int:
        """How many lines are left for it; 0 where a blank stays within a sentence."""
        alone = self.ends and self.field.get("type") == "text" and not self.text
        return int(self.field.get("lines") or 1) if alone else 0

    @property
    def dots(self) -> str:
        """A blank within a sentence."""
        match self.field.get("type"):
            case "date":
                return "ngày …… tháng …… năm ………"
            case "moment":
                return "…… giờ …… phút, ngày …… tháng …… năm ………"
            case _:
                return "…………………………"


Run = str | Gap


@dataclass(frozen=True, slots=True)
class SlipLetter:
    """One slip, ready to be drawn."""

    slip: Entry
    form: str
    title: str
    parent: Gap
    issuer: Gap
    number: Gap
    paragraphs: tuple[tuple[Run, ...], ...]
    signed_by: tuple[str, ...]
    """Nobody: whoever signs writes it."""
    recipients: tuple[tuple[Run, ...], ...]


def letter(slip: Entry) -> SlipLetter:
    """A slip, as its JSON has it, as a letter."""
    fields = {str(one.get("name")): one for one in slip.get("fields") or []}
    kind = str(slip.get("kind"))
    sentences = LETTERS.get(f"{kind}, past due" if slip.get("past_due") else kind) or LETTERS.get(kind, ())
    return SlipLetter(
        slip,
        _form(slip),
        str((slip.get("title") or {}).get("vi", words.say(slip_words.KINDS, kind, "vi"))).upper(),
        _gap(fields, "parent"),
        _gap(fields, "issuer"),
        _gap(fields, "number"),
        tuple(tuple(runs(one, fields)) for one in sentences if _has(one, fields)),
        SIGNED_BY.get(kind, ()),
        tuple(tuple(runs(one, fields)) for one in _recipients(kind)),
    )


def standing(slip: Entry) -> str:
    """Whether it is owed: «Chưa phải lập: chỉ khi kết quả sẽ trả trễ hạn»."""
    said = words.say(slip_words.STANDINGS, str(slip.get("standing")), "vi")
    only_if = f": {words.say(slip_words.ONLY_IF, str(slip['only_if']), 'vi')}" if slip.get("only_if") else ""
    return f"{said[:1].upper()}{said[1:]}{only_if}"


def times(slip: Entry) -> Iterator[str]:
    """From when to when it may be given."""
    if slip.get("not_before"):
        yield f"Sớm nhất {day(slip['not_before'])}"
    if slip.get("by"):
        hour = f"{slip['by_time']} " if slip.get("by_time") else ""
        late = ", đã quá ngày" if slip.get("overdue") else ""
        yield f"Chậm nhất {hour}{day(slip['by'])}{late}"


def runs(pattern: str, fields: Mapping[str, Entry]) -> Iterator[Run]:
    """A sentence as its words and its fields."""
    parts = list(Formatter().parse(pattern))
    for place, (said, name, _, _) in enumerate(parts):
        if said:
            yield said
        if name is not None:
            yield Gap(fields.get(name) or {}, ends=place == len(parts) - 1)


def _has(pattern: str, fields: Mapping[str, Entry]) -> bool:
    """Whether the slip has every field of the sentence."""
    named = [name for _, name, _, _ in Formatter().parse(pattern) if name is not None]
    return all(name in fields for name in named)


def _gap(fields: Mapping[str, Entry], name: str) -> Gap:
    return Gap(fields.get(name) or {})


def _form(slip: Entry) -> str:
    called = (slip.get("form") or {}).get("called") or {}
    return str(called.get("vi") or "Chưa thấy mẫu")


def _recipients(kind: str) -> Sequence[str]:
    above = "- Như trên;"
    if kind == "apology":
        return (above, "- {one_stop_unit} (để điều chỉnh thời gian trả kết quả);", "- Lưu: VT, ……")
    return (above, "- Lưu: VT, ……") if kind in ("stop", "closing", "loss") else ()
