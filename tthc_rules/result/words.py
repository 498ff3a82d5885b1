"""The civil servant's words for what the engine says: Vietnamese first, English beside."""

from __future__ import annotations

from typing import Final

Pair = tuple[str, str]


def say(pairs: dict[str, Pair], code: str, lang: str) -> str:
    """The word for a code; a code without a word is said as it is."""
    pair = pairs.get(code)
    return code if pair is None else of(pair, lang)


def of(pair: Pair, lang: str) -> str:
    """The one of two that is in that language."""
    return pair[0 if lang == "vi" else 1]


EVENTS: Final[dict[str, Pair]] = {
    "dossier_submitted": ("nộp hồ sơ", "dossier submitted"),
    "dossier_accepted": ("tiếp nhận hồ sơ", "dossier accepted"),
    "dossier_refused": ("từ chối hồ sơ", "dossier refused"),
    "dossier_forwarded": ("chuyển hồ sơ đến cơ quan giải quyết", "dossier forwarded to the handling agency"),
    "supplement_requested": ("yêu cầu bổ sung hồ sơ", "supplement requested"),
    "supplement_received": ("nhận hồ sơ bổ sung", "supplement received"),
    "clock_paused": ("tạm dừng giải quyết", "clock paused"),
    "clock_resumed": ("tiếp tục giải quyết", "clock resumed"),
    "payment_awaited": ("chờ nộp phí, lệ phí", "payment awaited"),
    "payment_received": ("đã nộp phí, lệ phí", "payment received"),
    "opinion_requested": ("lấy ý kiến cơ quan phối hợp", "opinion requested"),
    "opinion_received": ("nhận ý kiến cơ quan phối hợp", "opinion received"),
    "step_assigned": ("giao việc cho một bước", "step assigned"),
    "step_done": ("xong một bước", "step done"),
    "delay_notice_sent": ("thông báo cho Bộ phận Một cửa về việc quá hạn", "notice of delay to the one-stop unit"),
    "apology_sent": ("gửi văn bản xin lỗi", "apology sent"),
    "reappointed": ("hẹn lại ngày trả kết quả", "result re-appointed"),
    "interval_excluded": ("khoảng thời gian không tính vào thời hạn", "interval excluded"),
    "received_by_competent_agency": ("cơ quan có thẩm quyền nhận hồ sơ", "received by the competent agency"),
    "result_issued": ("có kết quả giải quyết", "result issued"),
    "result_returned": ("trả kết quả", "result returned"),
    "processing_stopped": ("dừng giải quyết", "processing stopped"),
    "dossier_withdrawn": ("người nộp rút hồ sơ", "dossier withdrawn"),
    "dossier_lost": ("hồ sơ bị mất, thất lạc", "dossier lost"),
    "synced_national": ("đồng bộ lên Cổng Dịch vụ công quốc gia", "synced to the national portal"),
    "late_officers_published": ("công khai danh sách cán bộ chậm trễ", "late officers published"),
    "paper_forwarded": ("chuyển hồ sơ giấy đến cơ quan của cấp khác", "paper file forwarded to another level"),
    "error_reported": ("người nộp báo kết quả có sai sót", "error in the result reported"),
    "result_corrected": ("đã sửa kết quả", "result corrected"),
    "slip_sent": ("gửi phiếu cho người nộp", "slip given to the applicant"),
    "dossier_closed": ("kết thúc hồ sơ vì người nộp không bổ sung", "closed for the applicant's silence"),
    "finished": ("kết thúc giải quyết", "the end of handling"),
    "handled": ("giải quyết xong", "the end of handling by the authority"),
    "result": ("có kết quả", "a result"),
}

PUNCTUALITY: Final[dict[str, Pair]] = {
    "not_started": ("chưa tiếp nhận, hoặc thời hạn chưa chạy", "not accepted, or the clock has not started"),
    "pending": ("đang giải quyết, còn hạn", "in hand, within the limit"),
    "due_soon": ("đang giải quyết, sắp đến hạn", "in hand, due soon"),
    "paused": ("đang tạm dừng, hạn chưa xác định", "paused, the due date is open"),
    "early": ("trả trước hạn", "returned early"),
    "on_time": ("trả đúng hạn", "returned on time"),
    "returned_late": ("trả trễ hạn", "returned late"),
    "overdue": ("quá hạn, chưa trả", "overdue, not returned"),
    "closed": (
        "đã đóng (người nộp rút, không bổ sung, hoặc từ chối khi tiếp nhận)",
        "closed (withdrawn, for the applicant's silence, or refused at reception)",
    ),
    "no_limit": ("thủ tục không có thời hạn", "the procedure has no time limit"),
    "undetermined": ("chưa kết luận được", "undetermined"),
}

OUTCOMES: Final[dict[str, Pair]] = {
    "pending": ("chưa đến lúc kết luận", "pending"),
    "met": ("đã thực hiện", "met"),
    "met_late": ("thực hiện muộn", "met late"),
    "missed": ("không thực hiện", "missed"),
    "undetermined": ("chưa kết luận được", "undetermined"),
    "not_owed": ("không phải thực hiện", "not owed"),
    "kept": ("trong giới hạn", "kept"),
    "broken": ("vượt giới hạn", "broken"),
}

STEP_OUTCOMES: Final[dict[str, Pair]] = {
    "early": ("xong trước hạn", "done early"),
    "on_time": ("xong đúng hạn", "done on time"),
    "late": ("xong trễ hạn", "done late"),
    "pending": ("chưa xong, chưa quá hạn", "not done, not past its due date"),
    "overdue": ("quá hạn, chưa xong", "past its due date, not done"),
    "undetermined": ("chưa kết luận được", "undetermined"),
}

ROLES: Final[dict[str, Pair]] = {
    "head_of_unit": ("người đứng đầu cơ quan giải quyết", "head of the handling agency"),
    "head_of_one_stop_unit": ("người đứng đầu Bộ phận Một cửa", "head of the one-stop unit"),
    "officer": ("cán bộ, công chức thụ lý", "the officer in charge"),
    "deputy_head": ("cấp phó được phân công", "the deputy in charge"),
    "registration_authority": ("cơ quan đăng ký hộ tịch", "the registration authority"),
    "chair": ("Chủ tịch Ủy ban nhân dân", "the chair of the People's Committee"),
    "handling_agency": ("cơ quan giải quyết", "handling agency"),
    "one_stop_unit": ("Bộ phận Một cửa", "one-stop unit"),
    "consulted_agency": ("cơ quan phối hợp", "consulted agency"),
    "applicant": ("tổ chức, cá nhân", "applicant"),
}

KINDS: Final[dict[str, Pair]] = {
    "provincial_department": ("sở", "provincial department"),
    "district": ("Ủy ban nhân dân cấp huyện", "district"),
    "commune": ("Ủy ban nhân dân cấp xã", "commune"),
    "one_stop_unit": ("Bộ phận Một cửa", "one-stop unit"),
    "provincial_peoples_committee": ("Ủy ban nhân dân tỉnh", "provincial People's Committee"),
    "provincial_office": ("Văn phòng Ủy ban nhân dân tỉnh", "provincial office"),
    "ministry": ("bộ, cơ quan ngang bộ", "ministry"),
    "sector_branch": ("cơ quan ngành dọc", "branch of a sector"),
    "centre": ("trung tâm", "centre"),
    "public_service_unit": ("đơn vị sự nghiệp công lập", "public service unit"),
    "home_affairs_department": ("Sở Nội vụ", "department of home affairs"),
    "information_department": ("Sở Thông tin và Truyền thông", "department of information"),
    "justice_department": ("Sở Tư pháp", "department of justice"),
    "science_department": ("Sở Khoa học và Công nghệ", "department of science"),
    "state_body": ("cơ quan nhà nước", "state body"),
    "party_body": ("cơ quan đảng", "party body"),
    "any": ("mọi đơn vị", "any unit"),
    "provincial_chair": ("Chủ tịch Ủy ban nhân dân tỉnh", "provincial chair"),
    "ministry_unit": ("đơn vị thuộc bộ", "unit of a ministry"),
    "commune_division": ("phòng chuyên môn cấp xã", "division of a commune"),
    "commune_land_agency": ("cơ quan quản lý đất đai cấp xã", "land agency of a commune"),
    "department_with_scheme": ("sở đã có đề án một cửa", "department that has a one-stop scheme"),
    "department_without_scheme": ("sở chưa có đề án một cửa", "department without a one-stop scheme"),
    "ethnic_affairs_board": ("Ban Dân tộc", "board of ethnic affairs"),
    "district_party_committee": ("huyện ủy, thành ủy", "district party committee"),
    "affiliated_party_committee": ("đảng ủy trực thuộc", "affiliated party committee"),
    "peoples_committee_party_committee": (
        "tổ chức đảng của Ủy ban nhân dân tỉnh",
        "party committee of the People's Committee",
    ),
    "fatherland_front": ("Mặt trận Tổ quốc", "Fatherland Front"),
    "mass_organisation": ("đoàn thể", "mass organisation"),
}
"""Kinds of units, in the words of the acts."""

UNIT_EVENTS: Final[dict[str, Pair]] = {
    "corrective_request": ("có yêu cầu chấn chỉnh", "a request to correct"),
    "forbidden_act_angered_public": (
        "người thuộc quyền vi phạm điều không được làm, gây bức xúc",
        "a forbidden act of a subordinate that angered the people",
    ),
    "obstruction_verified": ("xác minh có gây phiền hà", "obstruction was verified"),
    "one_stop_staff_changed": ("thay đổi người làm việc tại Bộ phận Một cửa", "a change of staff"),
    "outage_began": ("bắt đầu tạm ngừng dịch vụ", "the outage"),
    "petition_handled": ("xử lý xong phản ánh, kiến nghị", "the handling of the petition"),
    "petition_received": ("nhận phản ánh, kiến nghị", "receipt of the petition"),
    "procedure_decision_signed": ("ký quyết định công bố thủ tục", "the signing of the decision"),
    "simplified_procedure_decision_signed": (
        "ký quyết định công bố thủ tục theo trình tự rút gọn",
        "the signing of the decision by the simplified route",
    ),
}
"""What raises a duty of units."""

CONSEQUENCES: Final[dict[str, Pair]] = {
    "breach": ("nghĩa vụ kiểm tra được bị bỏ lỡ", "a checkable duty was missed"),
    "duty_open": ("nghĩa vụ đang mở", "an open duty"),
    "score": ("điểm số", "score"),
    "rating_input": ("dữ liệu cho việc đánh giá, xếp loại", "input to a rating"),
    "review_trigger": ("cần người có thẩm quyền xem xét", "for a competent person to review"),
    "info": ("để biết", "information"),
}

COUNTED_AS: Final[dict[str, Pair]] = {
    "apology": (
        "sổ của đơn vị đếm nghĩa vụ này là việc xin lỗi của hồ sơ trễ",
        "accounts count this duty as the apology for a late dossier",
    ),
}

OWN_TIMES: Final[dict[str, Pair]] = {
    "return_within": ("Luật chuyên ngành: trả lại hồ sơ trong", "Sector law: a file goes back within"),
    "answer_within": (
        "Luật chuyên ngành: trả lời hồ sơ trực tuyến trong",
        "Sector law: an online file is answered within",
    ),
    "closes_after": ("Luật chuyên ngành: kết thúc hồ sơ sau", "Sector law: a file is closed after"),
}

UNITS: Final[dict[str, Pair]] = {
    "workday": ("ngày làm việc", "workdays"),
    "calendar_day": ("ngày", "calendar days"),
    "work_hour": ("giờ làm việc", "working hours"),
    "week": ("tuần", "weeks"),
    "month": ("tháng", "months"),
    "year": ("năm", "years"),
}

GAPS: Final[dict[str, Pair]] = {
    "acceptance": ("ngày tiếp nhận", "the acceptance"),
    "pauses": ("tạm dừng, yêu cầu bổ sung, nhận bổ sung", "pauses, requests and receipts"),
    "finish": ("việc kết thúc", "the end"),
}

NOTES: Final[dict[str, Pair]] = {
    "before_acceptance": ("xảy ra trước khi tiếp nhận, không có tác dụng", "happened before acceptance, no effect"),
    "before_start": (
        "xảy ra trước khi gửi phiếu hẹn, lúc thời hạn chưa chạy, không có tác dụng",
        "happened before the slip was sent, while the clock had not started, no effect",
    ),
    "second_acceptance": ("tiếp nhận lần thứ hai, bỏ qua", "a second acceptance, ignored"),
    "duplicate_event": ("sự kiện ghi trùng, bỏ bớt", "an exact duplicate, dropped"),
    "orphan_resume": ("tiếp tục mà trước đó không tạm dừng, bỏ qua", "resumed without a pause, ignored"),
    "already_paused": ("đang tạm dừng rồi, bỏ qua", "paused while paused, ignored"),
    "already_waiting": (
        "đang chờ bổ sung rồi, không có tác dụng với thời hạn",
        "already waiting, no effect on the clock",
    ),
    "orphan_supplement": (
        "nhận bổ sung mà không có yêu cầu nào đang chờ, bỏ qua",
        "a supplement nobody waits for, ignored",
    ),
    "after_end": ("xảy ra sau khi kết thúc, không có tác dụng", "happened after the end, no effect"),
    "reappointment_ignored": ("ngày hẹn lại không hợp lệ, bỏ qua", "the new date is not valid, ignored"),
    "pause_without_ground": ("tạm dừng không nêu căn cứ", "a pause that states no ground"),
    "exclusion_ignored": (
        "khoảng loại trừ thiếu ngày hoặc ngược ngày, bỏ qua",
        "an interval without ends or reversed, ignored",
    ),
    "before_result": ("báo sai sót khi chưa có kết quả, bỏ qua", "an error reported before any result, ignored"),
    "closing_without_request": (
        "kết thúc vì không bổ sung mà không có yêu cầu nào đang chờ",
        "closed for silence without an open request",
    ),
    "acceptance_unknown": (
        "không biết ngày tiếp nhận: nguồn không ghi được, hoặc hồ sơ này ghi thiếu",
        "the acceptance is not known: the source cannot show it, or this record lacks it",
    ),
    "pauses_unknown": (
        "có thể có tạm dừng, yêu cầu bổ sung mà nguồn không ghi được: quá hạn hay chưa thì chưa kết luận được",
        "there may be pauses or requests that the source cannot show: whether it is late cannot be said",
    ),
    "finish_unknown": (
        "không biết đã kết thúc hay chưa: nguồn không ghi được, hoặc hồ sơ này ghi thiếu",
        "whether it has ended is not known: the source cannot show it, or this record lacks it",
    ),
    "not_observed": (
        "nguồn không ghi được sự kiện cần để kết luận",
        "the source cannot show an event that this rests on",
    ),
    "promise_differs": ("ngày trên phiếu hẹn khác ngày tính theo thời hạn", "the slip differs from the computed date"),
    "unknown_kind": ("loại sự kiện không biết, giữ lại", "an unknown kind of event, kept"),
    "unknown_field": ("trường dữ liệu không biết, giữ lại", "an unknown field, kept"),
    "no_time_limit_known": ("không biết thời hạn giải quyết", "no time limit is known"),
    "no_regime_in_force": (
        "ngày tiếp nhận không thuộc văn bản nào đã biết",
        "no regime known on the day of acceptance",
    ),
    "hour_unknown": ("cần giờ mà chỉ có ngày", "an hour is needed where only a date is given"),
    "before_calendar": ("trước ngày đầu của lịch", "before the calendar begins"),
    "beyond_calendar": ("vượt quá ngày cuối của lịch", "beyond the end of the calendar"),
    "act_by_before_in_force": (
        "ngày phải làm đứng trước ngày văn bản có hiệu lực",
        "the day to act lies before the instrument",
    ),
    "excepted": ("có trường hợp ngoại lệ của địa phương", "a local exception applies"),
    "two_exceptions": ("hai ngoại lệ cùng áp dụng, mâu thuẫn nhau", "two exceptions apply at once"),
    "no_overlay": ("địa phương không có quy định riêng trong thư viện", "no local rules for this place in the library"),
    "jurisdiction_not_in_force": ("đơn vị hành chính không tồn tại vào ngày đó", "the place did not exist on that day"),
}

ACTS: Final[dict[str, Pair]] = {
    "return_result": ("Trả kết quả giải quyết, chậm nhất ngày hết hạn", "The result is returned by the due date"),
    "step_assigned": ("Bước được giao cho cơ quan tham gia giải quyết", "The step that an agency was assigned"),
    "opinion_requested": ("Cơ quan được lấy ý kiến trả lời", "The consulted agency answers"),
}
"""Acts that are expected beside the duties of rules; steps by the event that sets them."""

ONLY_IF: Final[dict[str, Pair]] = {
    "result_late": ("chỉ khi kết quả sẽ trả trễ hạn", "only if the result will be late"),
    "not_eligible": ("chỉ khi hồ sơ chưa đủ điều kiện giải quyết", "only if the file is found not eligible"),
    "raised_later": ("chỉ khi phát sinh điều kiện của nghĩa vụ", "only if what raises the duty comes about"),
}

LATENESS: Final[dict[str, Pair]] = {
    "by_date": ("theo ngày, trên hạn theo luật", "by date, on the lawful due date"),
    "by_instant": ("theo thời điểm, trên hạn theo luật", "by instant, on the lawful due date"),
    "promised_by_date": ("theo ngày, trên ngày hẹn của phiếu", "by date, on the promised date"),
    "promised_by_instant": ("theo thời điểm, trên giờ hẹn của phiếu", "by instant, on the promised date"),
    "qd766": ("theo tài liệu của QĐ 766/QĐ-TTg", "as the documents of Decision 766/QĐ-TTg have it"),
}

BY_SLIP: Final = frozenset({"promised_by_date", "promised_by_instant", "qd766"})
"""The policies that ask for the date on the slip."""

LACKS: Final[dict[str, Pair]] = {
    "reason:empty": ("lý do để trống", "the reason is empty"),
    "reason:absent": ("không ghi nhận có nêu lý do hay không", "whether it states a reason is not recorded"),
    "new_due:absent": ("không ghi nhận có hẹn ngày mới hay không", "whether it states a new date is not recorded"),
    "form:absent": ("không ghi nhận dùng mẫu nào", "its form is not recorded"),
    "form:otherwise": ("không theo mẫu phiếu xin lỗi và hẹn lại ngày trả kết quả", "it is not on the apology slip"),
    "attached:absent": ("không ghi nhận có đính kèm hay không", "whether it is attached is not recorded"),
    "attached:otherwise": ("không đính kèm trên hệ thống", "it is not attached on the system"),
}
"""What an event does not state, though the clause asks for it."""

PICKED_BY: Final[dict[str, Pair]] = {
    "dossier_accepted": ("ngày tiếp nhận", "the day of acceptance"),
    "lawful_due": ("hạn theo luật", "the lawful due date"),
    "supplement_requested": ("ngày yêu cầu bổ sung", "the day of the supplement request"),
    "dossier_submitted": ("ngày nộp hồ sơ", "the day of submission"),
    "dossier_lost": ("ngày mất hồ sơ", "the day of the loss"),
    "error_reported": ("ngày báo kết quả sai", "the day the error was reported"),
    "dossier_closed": ("ngày đóng hồ sơ", "the day of the closing"),
    "opinion_due": ("ngày hết hạn lấy ý kiến bị quá", "the day an overdue opinion was due"),
}

DAYS: Final[dict[str, Pair]] = {
    "workday": ("ngày làm việc", "workday"),
    "weekend": ("nghỉ cuối tuần", "weekend"),
    "public_holiday": ("nghỉ lễ, tết", "public holiday"),
    "compensatory_off": ("nghỉ bù", "compensatory day off"),
    "swapped_off": ("nghỉ hoán đổi", "day off by swap"),
    "makeup_workday": ("làm bù", "make-up workday"),
}
WORTH: Final[dict[str, Pair]] = {
    "start": ("ngày bắt đầu, không tính", "start, not counted"),
    "same_day": ("ngày phải trả", "the day itself"),
    "after_cutoff": ("nhận sau giờ, không tính", "received too late, not counted"),
    "day_off": ("–", "–"),
    "stopped": ("không tính: thời hạn tạm dừng", "not counted: stopped"),
    "moved": ("dời vì ngày cuối là ngày nghỉ", "moved, since the last day is a day off"),
}
"""Why a day is not one of the days of the limit."""

EFFECTS: Final[dict[str, Pair]] = {
    "start": ("bắt đầu tính; ngày này không tính vào thời hạn", "the clock starts; this day is not counted"),
    "open": ("thời hạn tạm dừng", "the clock stops"),
    "wait": ("khoảng chờ không tính", "the wait does not count"),
    "restart": ("tính lại từ đầu", "the limit restarts"),
    "without_effect": (
        "đã đến hoặc quá hạn, không làm thay đổi thời hạn",
        "on or after the due date, changes nothing",
    ),
}
"""What an event did to the limit; an exclusion and a new day are said with their days."""

DAY_BY_DAY: Final[Pair] = ("ĐẾM TỪNG NGÀY", "DAY BY DAY")
PROVISIONAL: Final[Pair] = (
    "TẠM TÍNH: có ngày nghỉ chưa được cơ quan có thẩm quyền công bố.",
    "PROVISIONAL: some days off on the way are not yet published.",
)
WEEKDAYS: Final[tuple[Pair, ...]] = (
    ("thứ Hai", "Mon"),
    ("thứ Ba", "Tue"),
    ("thứ Tư", "Wed"),
    ("thứ Năm", "Thu"),
    ("thứ Sáu", "Fri"),
    ("thứ Bảy", "Sat"),
    ("Chủ nhật", "Sun"),
)
STATUSES: Final[dict[str, Pair]] = {
    "text": ("đã đọc văn bản", "read"),
    "secondary": ("theo nguồn thứ cấp", "secondary source"),
    "design": ("lựa chọn của thư viện", "our choice"),
    "unconfirmed": ("CHƯA XÁC NHẬN", "UNCONFIRMED"),
}
