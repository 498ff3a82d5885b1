"""The words that time limits are written with: pieces of patterns, each with the name of what it means."""

from __future__ import annotations

import re
from typing import TypeAlias, get_args

from tthc_rules.logs.mentions import NUMERAL
from tthc_rules.logs.stated import LimitUnit, Start

Match: TypeAlias = re.Match[str]


def _either(names: tuple[str, ...], forms: dict[str, str]) -> str:
    """A choice in which each form is a group that bears the name of its meaning."""
    return "(?:" + "|".join(f"(?P<{name}>{forms[name]})" for name in names) + ")"


UNITS: tuple[LimitUnit, ...] = get_args(LimitUnit)
STARTS: tuple[Start, ...] = get_args(Start)
UNIT_FORMS = {
    "workday": "ngày làm việc",
    "calendar_day": "ngày(?: lịch| dương lịch)?",
    "month": "tháng",
    "week": "tuần",
    "year": "năm",
    "work_hour": "giờ làm việc",
}
_UNDER_RULES = "(?: (?:đúng )?(?:theo )?(?:đúng )?quy định(?: của pháp luật)?)?"
_NO_NAME = (
    "(?!(?:hoặc|và|không|chưa|trừ|đủ|hồ|nhận|tiếp|nộp|có|được|gửi|ký|họp|trình|báo|hết|kết|ra|thông qua|thẩm định"
    "|ban hành|tổ chức|hoàn)\\b)"
)
_AGENCY = (
    "(?:cơ quan (?:BHXH|bảo hiểm xã hội|tiếp nhận|có thẩm quyền|đăng ký)|trung tâm phục vụ hành chính công"
    "|bộ phận (?:một cửa|tiếp nhận và trả kết quả)"
    "|(?:cơ quan|trung tâm|bộ phận|sở|bộ|UBND|[uủ][ỷy] ban|(?:chi |tổng )?cục|vụ|phòng|ban|công an"
    "|ngân hàng|NHNN|UBCKNN"
    f"|BHXH|chi nhánh|cảng vụ|kho bạc|đơn vị)(?: {_NO_NAME}[^\\W\\d_]+){{0,8}})"
)
_APPLICANT = (
    "(?:doanh nghiệp|doanh nhân|tổ chức|cá nhân|công dân|hộ gia đình|nhà đầu tư|tập thể"
    "|người [^\\W\\d_]+(?: [^\\W\\d_]+)?)"
)
_OF_APPLICANTS = f"(?: của {_APPLICANT}(?:(?:,| và| hoặc) {_APPLICANT})*+)?+"
_NO_MATTER = (
    "(?!(?:và|hoặc|khi|nếu|không|chưa|trừ|trường|theo|đúng|của|đủ|đầy|kể|tính|từ|thì|có|được|nhưng"
    "|bổ sung|giải trình|thông báo|kết quả|thẩm định|ý kiến|kiểm tra|báo cáo|trả lời|phê duyệt)\\b)"
)
_REQUEST = (
    "(?:(?:đơn|văn bản|giấy|công văn) )?(?:đề nghị|yêu cầu|trình báo)"
    f"(?: {_NO_MATTER}[^\\W\\d_]+){{0,12}}{_OF_APPLICANTS}"
    f"|đơn{_OF_APPLICANTS}|báo cáo của tổ giám sát thanh lý"
)
OF_ANOTHER = re.compile("báo cáo", re.IGNORECASE)  # not the applicant's own: the clock may start on another day
_FILE = "hồ sơ(?:, tài liệu)?(?: (?:đề nghị|yêu cầu) chứng thực)?"
_RECEIVES = "(?:tiếp )?nhận (?:được )?"
_START_FORMS = {
    "complete_receipt": (
        f"{_RECEIVES}(?:(?:đủ|đầy đủ) (?:thành phần )?{_FILE}(?: hợp lệ)?|{_FILE} đầy đủ(?:(?:,| và)? hợp lệ)?)"
    ),
    "valid_receipt": f"{_RECEIVES}{_FILE} hợp lệ",
    "receipt": f"{_RECEIVES}(?:{_FILE}{_OF_APPLICANTS}|(?P<received>{_REQUEST}))",
    "complete_submission": "nộp (?:đủ|đầy đủ) hồ sơ(?: hợp lệ)?",
}
_SINCE = (
    "(?:(?:kể từ|tính từ|từ) (?:ngày|khi|thời điểm)|sau khi) "
    f"(?:(?P<receiver>{_AGENCY}) )?{_either(STARTS, _START_FORMS)}{_UNDER_RULES}"
)
FROM = f"(?:,? {_SINCE})?"
_STEP = "[^():;]{2,80}: ?[0-9]{1,3} [^():;0-9]{3,16}"
_TAIL = (
    "(?:,? (?P<uncounted>không (?:tính|kể|bao gồm) (?:cả )?(?:thời gian|thời hạn) [^.;:()0-9]{1,200}?))?"
    "(?:,? hoặc (?P<agreed>(?:có thể |được )?(?:được )?kéo dài (?:thêm |hơn )?theo thỏa thuận [^.;:()0-9]{1,150}?))?"
    rf"(?: \((?P<steps>{_STEP}(?:; ?{_STEP})+)\))?"
)
ACT = "(?:giải quyết|xử lý|trả kết quả)(?: hồ sơ| thủ tục(?: hành chính)?)?"
AT_MOST = "(?:tối đa(?: là)? |nhiều nhất(?: là)? |chậm nhất(?: là)? )?(?:không quá |không vượt quá )?"
_AMOUNT = (
    rf"(?:(?P<digits>[0-9]{{1,4}}(?:[.,][0-9]{{1,2}})?)(?: ?\((?P<gloss>{NUMERAL}(?: {NUMERAL}){{0,5}})\))?"
    rf"|(?P<words>{NUMERAL}(?: {NUMERAL}){{0,5}}) ?\((?P<figures>[0-9]{{1,4}})\))"
)
BARE = rf"{_AMOUNT} ?{_either(UNITS, UNIT_FORMS)}"
LENGTH = f"{BARE}{FROM}{_TAIL}"
RECEIPT = re.compile(rf"{_SINCE} ?(?=$|[.,;)])", re.IGNORECASE)
STATED = re.compile(f"{BARE}{FROM}", re.IGNORECASE)
OPENS = f"(?:thời (?:hạn|gian) {ACT}(?: là)?:? )?(?:trong (?:thời hạn |thời gian |vòng )?)?{AT_MOST}"
LIMIT = f"{OPENS}{LENGTH}"
WHEN = "(?P<condition>(?:trường hợp|nếu|đối với|riêng)(?: với| đối với)? [^:]{1,600}?)"

# Words after which a limit could still follow: a free text that holds one of them is not passed over.
_MAY_LIMIT = re.compile(
    rf"\b(?:tối đa|tối thiểu|ít nhất|không quá|không vượt quá|chậm nhất|trong thời hạn|trong vòng|trong ngày|kể từ"
    rf"|{NUMERAL} (?:ngày|tuần|tháng|năm|giờ|buổi))\b",
    re.IGNORECASE,
)
NOTHING = re.compile(r"(?!)")
BRANCH = re.compile(r"\b(?:thì|trừ|kéo dài|gia hạn)\b", re.IGNORECASE)
# before a colon «gia hạn» names a kind of procedure, unless the words go on to lengthen something
LENGTHENS = re.compile(
    r"\b(?:thì|trừ|kéo dài|(?:được|có thể) gia hạn|gia hạn (?:thêm|không|tối đa|thời|[0-9]))", re.IGNORECASE
)
CONDITION = re.compile(r"\b(?:trường hợp|nếu|đối với|khi)\b", re.IGNORECASE)
DURATION = re.compile(r"\b(?:ngày|tuần|tháng|quý|giờ|phút|buổi|ngay|nửa)\b", re.IGNORECASE)
NEGATION = re.compile(r"\b(?:không|chưa|trừ)\b", re.IGNORECASE)
_CITED_NUMBERS = re.compile(
    r"\b(?:(?:điểm|khoản|điều|mục|phụ lục|mẫu số) [0-9]+[a-zđ]?|[0-9]+ (?:km|m2|ha|tuổi)|[0-9]+/[0-9]{4}/[\w-]+)\b"
    r"(?! ?(?:ngày|tuần|tháng|năm|giờ))",
    re.IGNORECASE,
)
PAID_NUMBERS = re.compile(
    r"\b(?:[0-9]+ tháng/năm học|đủ [0-9]+ tháng(?: \([^()]*\), [0-9]+ tháng)?|tháng [0-9]+|lần [0-9]+"
    r"|[0-9]+ lần trong năm)\b",
    re.IGNORECASE,
)


def hides_limit(text: str, harmless: re.Pattern[str] = _CITED_NUMBERS) -> bool:
    """Whether a free text may hold a limit of its own: a number that is not a citation, or a word that opens one."""
    return any(map(str.isnumeric, harmless.sub("", text))) or bool(_MAY_LIMIT.search(text))
