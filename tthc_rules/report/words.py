"""The words of the page: Vietnamese first, English beside; codes that the account uses, as a leader would say them."""

from __future__ import annotations

from typing import Final

from tthc_rules.result.words import Pair

OUTCOMES: Final[dict[str, tuple[str, str, str]]] = {
    "missed": ("✕", "không thực hiện", "missed"),
    "review": ("►", "cần người có thẩm quyền xem xét", "for a competent person to review"),
    "unknown": ("?", "chưa rõ", "unknown"),
    "pending": ("◔", "chưa đến lúc kết luận", "pending"),
    "met_late": ("!", "thực hiện muộn", "met late"),
    "met": ("✓", "đã thực hiện", "met"),
    "not_owed": ("–", "không phát sinh", "not owed"),
    "broken": ("✕", "vượt giới hạn", "limit broken"),
}
"""A sign (never a colour alone), the words; in the order in which a reader needs them."""

REASONS: Final[dict[str, Pair]] = {
    "not_recorded": (
        "sổ sự kiện không ghi, và không được khai là đã đầy đủ",
        "not recorded, and the log is not declared complete",
    ),
    "no_facts": ("không có dữ liệu", "no data"),
    "zero_denominator": ("mẫu số bằng 0", "the denominator is 0"),
    "not_configured": ("chưa cấu hình mức để so", "not configured"),
    "recipient_not_stated": ("sự kiện không ghi nơi nhận", "the recipient is not stated"),
    "before_in_force": ("kỳ bắt đầu trước ngày văn bản có hiệu lực", "the window began before the instrument"),
    "not_bound": ("đơn vị không thuộc trường hợp phải làm", "the duty does not bind this unit"),
    "no_indicator": ("không có chỉ số thành phần nào tính được", "no part could be computed"),
    "undefined": ("văn bản không nói về trường hợp này", "the text is silent on this case"),
    "ended": ("văn bản cho điểm hết hiệu lực trước ngày cuối kỳ", "the text that gives points ended before the period"),
}
UNDETERMINABLE: Final = frozenset({"zero_denominator", "undefined", "no_indicator", "ended"})
"""Reasons for which a value cannot exist; for the others it is only not known."""

DUES: Final[dict[str, Pair]] = {
    "original_due": ("Hạn gốc", "original due date"),
    "lawful_due": ("Hạn theo luật", "lawful due date"),
    "current_due": ("Hạn hiện tại", "current due date, after re-appointments"),
    "promised_due": ("Ngày hẹn của phiếu", "date on the slip"),
}

PARTS: Final[dict[str, Pair]] = {
    "finished_early": ("trước hạn", "early"),
    "finished_on_the_day": ("đúng ngày", "on the day"),
    "open_in_time": ("còn hạn", "open, in time"),
    "finished_late": ("trả trễ", "late"),
    "open_late": ("quá hạn", "overdue"),
}
"""The five parts of the dossiers of a period, in the order of a bar."""

APOLOGIES: Final[dict[str, Pair]] = {
    "given": ("đã có văn bản xin lỗi", "given"),
    "missing": ("chưa có", "missing"),
    "unknown": ("chưa rõ", "not known"),
}

RECIPIENTS: Final[dict[str, Pair]] = {
    "public": ("công khai", "the public"),
    "ministry_of_justice": ("Bộ Tư pháp", "Ministry of Justice"),
    "seconding_agency": ("cơ quan cử người", "seconding agency"),
    "head_of_authority": ("người đứng đầu cơ quan có thẩm quyền", "head of the authority"),
    "peoples_committee_office": ("Văn phòng Ủy ban nhân dân", "office of the People's Committee"),
    "provincial_peoples_committee": ("Ủy ban nhân dân tỉnh", "provincial People's Committee"),
    "provincial_chair": ("Chủ tịch Ủy ban nhân dân tỉnh", "provincial chair"),
    "provincial_party_standing_committee": ("Ban Thường vụ Tỉnh ủy", "provincial party standing committee"),
    "peoples_committee_party_committee": (
        "tổ chức đảng của Ủy ban nhân dân tỉnh",
        "party committee of the People's Committee",
    ),
    "superior": ("cấp trên trực tiếp", "the superior"),
    "applicant": ("tổ chức, cá nhân", "applicant"),
}

LATE: Final[Pair] = ("Hồ sơ trễ hạn", "Late dossiers")

WHEN_MISSED: Final[dict[str, Pair]] = {
    "breach": ("bỏ lỡ thì là vi phạm kiểm tra được", "a checkable breach where missed"),
    "duty_open": ("bỏ lỡ thì nghĩa vụ còn mở, không kết luận vi phạm", "stays open where missed, no breach"),
    "review_trigger": ("phát sinh thì người có thẩm quyền xem xét", "for a competent person to review"),
    "rating_input": ("dữ liệu cho việc đánh giá, xếp loại", "input to a rating"),
    "info": ("để biết", "information"),
}
"""What the class of a duty means, said of the duty and not of somebody who missed it."""

PROBLEMS: Final[dict[str, Pair]] = {
    "TR-account-as-of": ("Không nêu ngày xét", "No day was asked about"),
    "TR-account-future": ("Kỳ chưa bắt đầu", "The period has not begun"),
    "TR-account-period-open": ("Kỳ chưa hết", "The period is not over"),
    "TR-account-no-unit": ("Hồ sơ không nêu cơ quan giải quyết", "Dossiers without a unit"),
    "TR-account-unit-kind": ("Chưa rõ loại đơn vị", "The kind of a unit is not known"),
    "TR-account-left-out": ("Hồ sơ không nằm trong tỷ lệ nào", "Dossiers in no rate"),
    "TR-account-error-rows": ("Hồ sơ lỗi, không nằm trong số liệu nào", "Dossiers that could not be judged"),
    "TR-account-no-head": ("Chưa rõ ai giữ chức vụ", "Nobody is known in a post"),
    "TR-account-tenure-overlap": ("Hai người cùng giữ một chức vụ", "Two holders of one post"),
    "TR-account-tenure-dates": ("Ngày cuối trước ngày đầu: bỏ qua", "What ends before it begins: ignored"),
    "TR-account-succession": ("Chưa rõ đơn vị kế tiếp", "The succession of a unit is broken"),
    "TR-account-unknown-event": ("Sự kiện không nghĩa vụ nào dùng", "Events that no duty uses"),
    "TR-account-unknown-fact": ("Số liệu không nghĩa vụ, chỉ số nào dùng", "Facts that nothing uses"),
    "TR-account-event-later": ("Sự kiện sau ngày xét", "Events after the day asked about"),
    "TR-account-zero-denominator": (
        "Mẫu số bằng 0: tỷ lệ để trống, không phải 0 %",
        "Denominator 0: the rate is empty",
    ),
    "TR-account-empty": ("Kỳ không có hồ sơ nào", "No dossier in the period"),
    "TR-account-mixed-rules": ("Kết quả tính bằng nhiều bộ quy tắc", "Rows judged by different rules"),
    "TR-account-twice": ("Hồ sơ lặp lại", "Dossiers that are there twice"),
    "TR-account-petition-twice": ("Phản ánh, kiến nghị lặp lại", "Petitions that are there twice"),
    "TR-account-level-gone": ("Cấp đơn vị không còn", "Units of a level that has gone"),
}
LEVELS: Final[dict[str, tuple[str, str, str]]] = {
    "error": ("✕", "lỗi", "error"),
    "warning": ("!", "cảnh báo", "warning"),
    "notice": ("i", "lưu ý", "notice"),
}

LEFT_OUT: Final[dict[str, Pair]] = {
    "error": ("không chấm được", "could not be judged"),
    "not_accepted": ("chưa tiếp nhận", "not accepted"),
    "undetermined": ("chưa xác định được hạn", "no due date could be determined"),
    "no_limit": ("thủ tục không có thời hạn", "no time limit"),
}

SETTINGS: Final[dict[str, Pair]] = {
    "on_time": ("Cách tính tỷ lệ đúng hạn ở đầu trang và cho chỉ tiêu", "Definition of on-time for the headline"),
    "within_days": ("Số ngày phải làm, nơi văn bản không nêu", "Days to act where no text sets them"),
    "backlog_days": ("Số ngày quá hạn bị coi là tồn đọng", "Overdue days that make a backlog"),
    "repeat_no_change": ("So sánh sau văn bản yêu cầu chấn chỉnh", "Comparison after a corrective request"),
    "least_late": ("Số hồ sơ trễ ít nhất để phát sinh nghĩa vụ", "Least late dossiers that trigger a duty"),
    "late_without_petition": ("Điểm chỉ số 7 khi trễ mà không có phản ánh", "Indicator 7: late, no petition"),
}
