"""What each way of counting does, in the words of those who ask their system; Vietnamese first, English beside it."""

from __future__ import annotations

from typing import Final

from tthc_rules.law.habits.kinds import Habit
from tthc_rules.result.words import Pair

HABITS: Final[dict[Habit, Pair]] = {
    "holidays_forgotten": (
        "đếm cả ngày nghỉ lễ, nghỉ bù, nghỉ hoán đổi như ngày làm việc",
        "holidays, compensatory days off and days off by swap are counted as workdays",
    ),
    "makeup_missed": (
        "không đếm ngày làm bù",
        "make-up workdays are not counted",
    ),
    "weekends_only": (
        "chỉ biết thứ Bảy, Chủ nhật: không có ngày nghỉ lễ, không có ngày làm bù",
        "only weekends are known: no holidays and no make-up workdays",
    ),
    "past_holidays_forgotten": (
        "tính lại bằng lịch chỉ có ngày nghỉ từ ngày xét trở đi, không có ngày làm bù",
        "counted anew by a calendar that has days off from the day asked about on, and no make-up workdays",
    ),
    "start_year_only": (
        "nghỉ bù, hoán đổi, làm bù chỉ nạp của năm tiếp nhận, thiếu của năm sau",
        "compensatory, swapped and make-up days are loaded for the year of the start, not for the next",
    ),
    "older_calendar": (
        "lịch nghỉ như đã biết ngày tiếp nhận, chưa có thông báo ban hành sau đó",
        "the calendar as known on the day of acceptance, without the letters that came later",
    ),
    "newer_calendar": (
        "tính lại theo thông báo nghỉ ban hành sau ngày cấp phiếu",
        "counted anew by letters that came after the day of the slip",
    ),
    "start_day_counted": (
        "đếm cả ngày tiếp nhận là ngày thứ nhất",
        "the day of the start is counted as the first day",
    ),
    "day_off_start_moved": (
        "nhận vào ngày nghỉ thì coi như nhận ngày làm việc kế tiếp",
        "received on a day off counts as received on the next workday",
    ),
    "after_hours_start_moved": (
        "nhận sau 17:00 thì thêm một ngày làm việc",
        "received after 17:00 costs one workday more",
    ),
    "calendar_days_for_workdays": (
        "đếm ngày lịch thay cho ngày làm việc, ngày cuối là ngày nghỉ thì dời",
        "calendar days are counted for workdays, and the last one is moved off a day off",
    ),
    "workdays_for_days": (
        "đếm ngày làm việc thay cho ngày, tuần, tháng, năm: đơn vị lạ coi như ngày làm việc",
        "workdays are counted for days, weeks, months or years: an unknown unit is taken for workdays",
    ),
    "days_of_24_hours": (
        "đếm liên tục 24 giờ một ngày, kể cả ngày nghỉ, không dời khỏi ngày nghỉ",
        "24 hours a day are counted, days off too, and nothing is moved off a day off",
    ),
    "days_off_added_once": (
        "cộng thêm số ngày nghỉ nằm trong thời hạn, không xét lại những ngày cộng thêm",
        "the days off within the limit are added once, and the added days are not looked at again",
    ),
    "eight_hour_day": (
        "đổi 8 giờ là một ngày, theo giờ cố định 7:00–11:30, 13:30–17:00",
        "8 hours are one day, by fixed hours of 7:00–11:30, 13:30–17:00",
    ),
    "fixed_hours": (
        "giờ làm việc ghi cứng 7:00–11:30, 13:30–17:00 thay cho giờ của địa phương",
        "fixed office hours of 7:00–11:30, 13:30–17:00 in the place of the province's",
    ),
    "default_hours": (
        "giờ hành chính mặc định thay cho giờ của địa phương",
        "the default office hours in the place of the province's",
    ),
    "lunch_ignored": (
        "giờ cố định, phần tràn sang ngày sau không trừ giờ nghỉ trưa",
        "fixed hours, and what runs over into another day ignores the lunch break",
    ),
    "rounded_to_quarter": (
        "làm tròn lên 15 phút",
        "rounded up to 15 minutes",
    ),
    "wrong_at_1130": (
        "nhận đúng 11:30 với hạn 1 giờ thì ra 03:00",
        "received at exactly 11:30 with a limit of one hour it gives 03:00",
    ),
    "other_channel": (
        "lấy thời hạn của cách nộp khác",
        "the limit of another way of filing is taken",
    ),
    "two_hours": (
        "mặc định 2 giờ của thủ tục chưa cấu hình thời hạn, theo giờ cố định 7:00–11:30, 13:30–17:00",
        "the default of 2 hours of a procedure without a configured limit, by fixed hours of 7:00–11:30, 13:30–17:00",
    ),
    "failed": (
        "0001-01-01: phép tính lỗi mà không báo",
        "0001-01-01: the calculation failed and did not say so",
    ),
    "stops_ignored": (
        "không tính lần tạm dừng, bổ sung, loại trừ nào: vẫn là ngày tính từ khi tiếp nhận",
        "no pause, supplement or exclusion is counted: it is still the date from the acceptance",
    ),
    "pause_for_restart": (
        "bổ sung chỉ làm tạm dừng, trong khi luật tính lại từ đầu",
        "a supplement only pauses, where the law starts the limit anew",
    ),
    "restart_for_pause": (
        "bổ sung thì tính lại từ đầu, trong khi luật chỉ tạm dừng",
        "a supplement starts the limit anew, where the law only pauses it",
    ),
    "waited_calendar_days": (
        "cộng số ngày lịch chờ bổ sung trừ 1 vào hạn cũ, rồi thêm 1 ngày làm việc",
        "the calendar days that a supplement was waited for, less one, are added to the old date, and then one workday",
    ),
    "waited_hours": (
        "đổi 8 giờ một ngày, cộng số giờ làm việc đã chờ vào hạn cũ",
        "at 8 hours a day the working hours that were waited are added to the old date",
    ),
    "pause_begins_counted": (
        "trừ cả ngày bắt đầu tạm dừng, không trừ ngày tiếp tục",
        "the day on which a pause begins is taken off, and not the day on which it ends",
    ),
    "last_pause_only": (
        "nhiều lần tạm dừng mà chỉ giữ lần cuối",
        "of several pauses only the last is kept",
    ),
    "pause_when_overdue": (
        "tạm dừng bắt đầu khi đã đến hạn hoặc quá hạn vẫn được trừ",
        "a pause that begins on or after the due date is taken off all the same",
    ),
}
"""By way of counting; the order is that of the set."""

CHANNELS: Final[dict[str, Pair]] = {
    "in_person": ("trực tiếp", "in person"),
    "online": ("trực tuyến", "online"),
    "postal": ("qua bưu chính", "by post"),
}
