"""The vocabulary of diagnostics: each fault that a message may have, once for every sender, with its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["CODES", "LEVELS", "DiagnosticCode", "Level"]

Level: TypeAlias = Literal["info", "warning", "error"]
LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class DiagnosticCode:
    """One fault: how grave it may be, the traps of the reference that it names, and its words.

    `vi` and `en` follow a number of dossiers («1.204 hồ sơ …») or stand for the sender («Cả nguồn: …»); `does` is what
    the reading does about it.
    """

    levels: tuple[Level, ...]
    traps: str
    vi: str
    en: str
    does_vi: str
    does_en: str


_INFO: Final[tuple[Level, ...]] = ("info",)
_WARNING: Final[tuple[Level, ...]] = ("warning",)
_ERROR: Final[tuple[Level, ...]] = ("error",)
_EITHER: Final[tuple[Level, ...]] = ("warning", "info")

CODES: Final[Mapping[str, DiagnosticCode]] = {
    # -- the message ---------------------------------------------------------------------------------------------------
    "message_broken": DiagnosticCode(
        _ERROR, "",
        "thông điệp hỏng, không đọc được", "broken messages that cannot be read",
        "không đọc; hồ sơ được nêu tên trong đó là dòng lỗi", "not read; dossiers named in it are error rows",
    ),
    "message_not_understood": DiagnosticCode(
        _ERROR, "X3",
        "thông điệp không phải của nguồn này (bảng trạng thái khác)",
        "messages that are not this sender's (another table of states)",
        "từ chối theo tên, không đoán", "refused by name, nothing is guessed",
    ),
    "message_ignored": DiagnosticCode(
        _INFO, "",
        "thông điệp không chứa hồ sơ (trả lời, dịch vụ khác)",
        "messages without dossiers (answers, other services)",
        "bỏ qua", "left out",
    ),
    "dossier_unnamed": DiagnosticCode(
        _ERROR, "",
        "bản ghi không có mã hồ sơ", "records without a dossier code",
        "không chấm được; hồ sơ nào cũng có thể thiếu nó", "not judged; any dossier may lack it",
    ),
    "arrival_unreadable": DiagnosticCode(
        _WARNING, "",
        "thông điệp có giờ đến không đọc được", "messages whose time of arrival cannot be read",
        "coi như không biết giờ đến", "taken as without a time of arrival",
    ),
    "page_incomplete": DiagnosticCode(
        _INFO, "X13",
        "trang danh sách chưa hết, tập hồ sơ không đầy đủ", "pages that are not the last: the set is not complete",
        "nói ra một lần", "said once",
    ),
    "unknown_field": DiagnosticCode(
        _INFO, "",
        "hồ sơ có trường chưa biết", "dossiers have a field that is not known",
        "giữ lại, không dùng", "kept, not used",
    ),
    "field_dropped": DiagnosticCode(
        _INFO, "",
        "hồ sơ có trường chưa biết giống dữ liệu cá nhân", "dossiers have an unknown field that looks personal",
        "bỏ ngay khi đọc", "dropped at the border",
    ),
    "value_coerced": DiagnosticCode(
        _INFO, "S3",
        "hồ sơ ghi số thay cho chữ, hoặc chữ thay cho số",
        "dossiers have a number for a text, or a text for a number",
        "đổi kiểu, không mất gì", "converted, nothing is lost",
    ),
    "value_unreadable": DiagnosticCode(
        _WARNING, "",
        "hồ sơ có giá trị không dùng được", "dossiers have a value that cannot be used",
        "bỏ trống trường đó", "the field is left empty",
    ),
    # -- dates ---------------------------------------------------------------------------------------------------------
    "date_unreadable": DiagnosticCode(
        _WARNING, "D1 X10",
        "hồ sơ có ngày giờ không đọc được hoặc không có trong lịch",
        "dossiers have a date that cannot be read or does not exist",
        "không lập sự kiện", "no event is made",
    ),
    "date_unset": DiagnosticCode(
        _INFO, "D6 X8",
        "hồ sơ ghi ngày «chưa đặt» (0001-01-01, 1970-01-01, null)",
        "dossiers have a date that is not set (0001-01-01, 1970-01-01, null)",
        "coi như trống", "taken as empty",
    ),
    "time_of_day_missing": DiagnosticCode(
        _INFO, "D2",
        "hồ sơ ghi ngày không có giờ (00:00:00)", "dossiers have a date without an hour (00:00:00)",
        "chỉ dùng ngày, không dùng nửa đêm", "the day is used, midnight is not",
    ),
    "twelve_hour_clock": DiagnosticCode(
        _EITHER, "D3",
        "hồ sơ có giờ 01–06, có thể do đồng hồ 12 giờ",
        "dossiers have an hour of 01–06, perhaps of a 12-hour clock",
        "không cộng 12", "12 is never added",
    ),
    "date_order": DiagnosticCode(
        _WARNING, "D7",
        "hồ sơ có ngày sai thứ tự", "dossiers have dates in an impossible order",
        "giữ nguyên, không dời; kết thúc trước tiếp nhận thì không chấm",
        "kept, not moved; ended before it began, it is not judged",
    ),
    "date_in_future": DiagnosticCode(
        _WARNING, "D7 X10",
        "hồ sơ có ngày sau khi thông điệp đến", "dossiers have a date after the message arrived",
        "giữ nguyên", "kept",
    ),
    "date_is_export_time": DiagnosticCode(
        _WARNING, "Q5",
        "hồ sơ có ngày bị điền bằng lúc xuất dữ liệu", "dossiers have a date that is the moment of the export",
        "coi như không biết, không chấm", "taken as unknown, not judged",
    ),
    "day_month_doubtful": DiagnosticCode(
        _WARNING, "X11",
        "hồ sơ có thể bị đảo ngày và tháng", "dossiers may have day and month exchanged",
        "không đảo lại; nếu là ngày tiếp nhận thì không chấm", "not exchanged; if it is the acceptance, not judged",
    ),
    "zone_doubtful": DiagnosticCode(
        _WARNING, "X9",
        "hồ sơ có giờ ghi «Z» lệch đúng 7 giờ so với trường khác",
        "dossiers have a time with “Z” that is exactly 7 hours from another field",
        "không dời giờ", "no hour is shifted",
    ),
    # -- codes ---------------------------------------------------------------------------------------------------------
    "code_shape_unknown": DiagnosticCode(
        _INFO, "",
        "hồ sơ có mã không theo mẫu TT 01/2018, TT 04/2025", "dossiers have a code of no known shape",
        "giữ làm mã", "kept as an opaque id",
    ),
    "code_date_mismatch": DiagnosticCode(
        _WARNING, "",
        "hồ sơ có ngày trong mã khác ngày tiếp nhận",
        "dossiers have a day in their code that is not the day of acceptance",
        "giữ nguyên cả hai", "both are kept",
    ),
    "code_replaced": DiagnosticCode(
        _INFO, "Q4",
        "hồ sơ có số thứ tự ngẫu nhiên năm chữ số (mã bị thay khi gửi)",
        "dossiers have a random five-digit number (the code was replaced on sending)",
        "nối với dữ liệu tại chỗ phải có bảng của nguồn", "joins with local data need the sender's table",
    ),
    "procedure_code_unknown": DiagnosticCode(
        _WARNING, "",
        "hồ sơ có mã thủ tục không có phần d.dddddd", "dossiers have a procedure code without d.dddddd",
        "không tra được thời hạn", "no limit can be looked up",
    ),
    "channel_unknown": DiagnosticCode(
        _INFO, "",
        "hồ sơ có kênh nộp không có trong bảng", "dossiers have a channel that is not in the table",
        "bỏ trống kênh", "the channel is left empty",
    ),
    "unit_unresolved": DiagnosticCode(
        _INFO, "Q9",
        "một mã đơn vị có nhiều tên", "one unit code bears several names",
        "giữ tên như đã ghi, không đoán", "names are kept as written, nothing is guessed",
    ),
    # -- states --------------------------------------------------------------------------------------------------------
    "status_unknown": DiagnosticCode(
        _EITHER, "S1",
        "hồ sơ có trạng thái ngoài bảng", "dossiers have a state outside the table",
        "giữ lại, không suy ra gì", "kept, nothing follows from it",
    ),
    "status_order": DiagnosticCode(
        _INFO, "S5",
        "hồ sơ có trạng thái đi lùi", "dossiers have states in an odd order",
        "xếp theo giờ, giữ tất cả", "sorted by time, all kept",
    ),
    "state_without_time": DiagnosticCode(
        _EITHER, "X4",
        "hồ sơ đang ở trạng thái không biết từ lúc nào", "dossiers are in a state and nobody knows since when",
        "không lập sự kiện; trạng thái làm dừng thời hạn hoặc kết thúc thì không chấm",
        "no event; if it stops or ends the clock, not judged",
    ),
    "pause_erased": DiagnosticCode(
        _WARNING, "Q1",
        "hồ sơ bị ghi lại trạng thái 9, việc tạm dừng bị xóa",
        "dossiers were rewritten to state 9: their pauses are erased",
        "trạng thái 9 đó không phải kết quả; trễ thì không kết luận",
        "that 9 is no finish; lateness is not concluded",
    ),
    "pauses_incomplete": DiagnosticCode(
        _WARNING, "Q8",
        "hồ sơ chỉ còn lần dừng cuối, các lần trước bị mất",
        "dossiers show only their last pause, earlier ones are lost",
        "số ngày dừng chỉ là mức thấp nhất; trễ thì không kết luận",
        "the days paused are a lower bound; lateness is not concluded",
    ),
    "pause_of_overdue": DiagnosticCode(
        _WARNING, "",
        "hồ sơ bị dừng đồng hồ sau khi quá hạn", "dossiers had their clock stopped when overdue",
        "việc dừng không có tác dụng", "the stop has no effect",
    ),
    "supplement_from_rows": DiagnosticCode(
        _INFO, "S2",
        "hồ sơ có bổ sung chỉ thấy ở các dòng tiến độ", "dossiers show supplements only in progress rows",
        "dựng từ các dòng đó", "built from those rows",
    ),
    "synthetic_row": DiagnosticCode(
        _INFO, "Q3",
        "hồ sơ có dòng tiến độ do máy điền", "dossiers have progress rows made by the system",
        "không phải bằng chứng riêng", "no evidence of their own",
    ),
    "weak_forwarding": DiagnosticCode(
        _INFO, "",
        "hồ sơ có lần chuyển xử lý chỉ suy từ dòng «4» đầu tiên",
        "dossiers have a forwarding told only by the first row 4",
        "bằng chứng yếu", "weak evidence",
    ),
    "weak_step": DiagnosticCode(
        _INFO, "",
        "hồ sơ có bước xong chỉ suy từ bước kế tiếp", "dossiers have a step whose end is told by the next one",
        "bằng chứng yếu", "weak evidence",
    ),
    "acceptance_from_row": DiagnosticCode(
        _INFO, "",
        "hồ sơ có ngày tiếp nhận chỉ thấy ở dòng tiến độ", "dossiers show their acceptance only in a progress row",
        "dùng, bằng chứng yếu", "used, weak evidence",
    ),
    "acceptance_missing": DiagnosticCode(
        _WARNING, "",
        "hồ sơ đang được giải quyết mà không có ngày tiếp nhận",
        "dossiers are being handled without a day of acceptance",
        "không chấm", "not judged",
    ),
    "acceptance_doubtful": DiagnosticCode(
        _WARNING, "",
        "hồ sơ mới đăng ký mà đã ghi ngày tiếp nhận", "dossiers are newly filed and yet bear a day of acceptance",
        "có thể là ngày nộp trực tuyến: không chấm", "it may be the day of the online form: not judged",
    ),
    "withdrawal_asked": DiagnosticCode(
        _INFO, "",
        "hồ sơ được người nộp xin rút, chưa rút", "dossiers whose applicant asks to withdraw",
        "chưa phải kết thúc", "no end yet",
    ),
    "amendment_asked": DiagnosticCode(
        _INFO, "",
        "hồ sơ được người nộp xin sửa", "dossiers whose applicant asks to amend",
        "không phải yêu cầu bổ sung", "no request for a supplement",
    ),
    "copy_ignored": DiagnosticCode(
        _INFO, "X14",
        "bản sao liên thông của hồ sơ", "copies of dossiers between agencies",
        "không phải hồ sơ thứ hai", "no second dossier",
    ),
    "group_file": DiagnosticCode(
        _INFO, "X14",
        "hồ sơ nhóm, chứa các hồ sơ khác", "group files, which hold other dossiers",
        "không chấm", "not judged",
    ),
    # -- the end -------------------------------------------------------------------------------------------------------
    "finish_unknown": DiagnosticCode(
        _WARNING, "",
        "hồ sơ đã xong mà không biết ngày", "dossiers have ended and nobody knows when",
        "không chấm", "not judged",
    ),
    "finish_at_receipt": DiagnosticCode(
        _WARNING, "Q2",
        "hồ sơ có dòng «9» đúng lúc tiếp nhận vì không có ngày hẹn",
        "dossiers have a row 9 at their receipt, for want of a due date",
        "không phải kết quả", "no finish",
    ),
    "finish_equals_due": DiagnosticCode(
        _WARNING, "Q7",
        "hồ sơ kết thúc trùng ngày hẹn đến từng giây", "dossiers ended on their due date to the second",
        "giữ nguyên, nêu ra để xem", "kept, and told",
    ),
    "finish_bulk": DiagnosticCode(
        _WARNING, "X5",
        "nhiều hồ sơ kết thúc trong cùng một giây", "many dossiers ended within one second",
        "giữ nguyên, nêu cả mẻ", "kept; the batch is named",
    ),
    "finish_is_return": DiagnosticCode(
        _INFO, "",
        "hồ sơ chỉ biết ngày trả, không biết ngày có kết quả", "dossiers show the return and not the result",
        "lấy ngày trả làm kết thúc", "the return is the end",
    ),
    # -- due dates and limits ------------------------------------------------------------------------------------------
    "promise_missing": DiagnosticCode(
        _INFO, "",
        "hồ sơ không có ngày hẹn trả, chỉ có hạn nội bộ", "dossiers have no appointment, only an internal due date",
        "hạn nội bộ không phải lời hẹn", "an internal date is no promise",
    ),
    "due_always_empty": DiagnosticCode(
        _WARNING, "Q6",
        "nguồn không bao giờ ghi ngày hẹn trả", "the sender never gives a due date",
        "chấm theo danh mục thời hạn", "the catalogue judges",
    ),
    "due_is_default": DiagnosticCode(
        _WARNING, "X1",
        "hồ sơ có ngày hẹn là 2 giờ mặc định của hệ thống",
        "dossiers have the system's default promise of two hours",
        "không coi là lời hẹn", "no promise is taken from it",
    ),
    "due_moved_unexplained": DiagnosticCode(
        _WARNING, "Q7",
        "hồ sơ bị dời ngày hẹn trả mà không rõ căn cứ", "dossiers had their due date moved on no known ground",
        "hạn theo luật không đổi; biết giờ đến mới ghi là hẹn lại",
        "the lawful date stands; a re-appointment only where the time of arrival is known",
    ),
    "due_differs": DiagnosticCode(
        _INFO, "X16",
        "hồ sơ có ngày hẹn mới sau bổ sung", "dossiers have a new slip after a supplement",
        "là phiếu hẹn của lần tiếp nhận đó", "it is the slip of that receipt",
    ),
    "extend_date_unclear": DiagnosticCode(
        _WARNING, "X7",
        "hồ sơ có ngày gia hạn không rõ nghĩa", "dossiers have an extension date of no clear meaning",
        "không coi là gia hạn", "not taken as an extension",
    ),
    "no_limit_but_promised": DiagnosticCode(
        _WARNING, "",
        "hồ sơ ghi không có thời hạn mà vẫn hẹn ngày", "dossiers have no limit and yet a promise",
        "nêu mâu thuẫn", "the contradiction is told",
    ),
    "limit_differs": DiagnosticCode(
        _WARNING, "",
        "hồ sơ ghi thời hạn khác danh mục", "dossiers state another limit than the catalogue",
        "danh mục là căn cứ", "the catalogue holds",
    ),
    "limit_unreadable": DiagnosticCode(
        _WARNING, "",
        "hồ sơ ghi thời hạn không rõ đơn vị hoặc số", "dossiers state a limit of no clear unit or amount",
        "không đoán: không có thời hạn", "nothing is guessed: no limit",
    ),
    "limit_by_channel": DiagnosticCode(
        _INFO, "X2",
        "hồ sơ của thủ tục có thời hạn khác nhau theo cách nộp",
        "dossiers of a procedure whose limits differ by channel",
        "lấy theo kênh đã ghi", "that of the channel is used",
    ),
    # -- snapshots -----------------------------------------------------------------------------------------------------
    "snapshot_conflict": DiagnosticCode(
        _WARNING, "Q7",
        "hồ sơ có hai bản gửi nói khác nhau", "dossiers were sent twice with different values",
        "bản sau cùng thắng; ngày xong bị xóa thì không chấm",
        "the last one wins; a finish that was emptied is not judged",
    ),
    "field_row_conflict": DiagnosticCode(
        _WARNING, "",
        "hồ sơ có trường và dòng tiến độ lệch nhau hơn một ngày",
        "dossiers have a field and a row more than a day apart",
        "giữ trường", "the field is kept",
    ),
}  # fmt: skip
"""Every code, once; [docs/diagnostics.md](../../docs/diagnostics.md) is compared with it."""
