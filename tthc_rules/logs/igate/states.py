"""States of iGate by their names: numbers mean something else in each installation."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from tthc_rules.law.text import nfc

__all__ = ["State", "channel_named", "is_known", "state_named", "unit_named"]

State: TypeAlias = Literal[
    "", "new", "handling", "supplement", "supplemented", "payment", "paid", "paused", "finished", "refused", "stopped",
    "withdrawn", "removed",
]  # fmt: skip

_NAMES: Final[dict[str, State]] = {
    **dict.fromkeys(("mới đăng ký", "chờ tiếp nhận", "chưa tiếp nhận", "đã nộp"), "new"),
    **dict.fromkeys(
        ("đang xử lý", "thụ lý hồ sơ", "đã tiếp nhận", "được tiếp nhận", "đang giải quyết", "chờ phê duyệt"), "handling"
    ),
    **dict.fromkeys(
        ("yêu cầu bổ sung giấy tờ", "yêu cầu bổ sung", "chờ bổ sung", "yêu cầu bổ sung hồ sơ"), "supplement"
    ),
    **dict.fromkeys(("đã bổ sung", "đã bổ sung giấy tờ", "đã bổ sung hồ sơ"), "supplemented"),
    **dict.fromkeys(
        ("yêu cầu thanh toán", "chờ thanh toán", "yêu cầu thực hiện nghĩa vụ tài chính", "chờ nộp phí"), "payment"
    ),
    "đã thanh toán": "paid",
    **dict.fromkeys(("tạm dừng", "tạm dừng xử lý", "tạm dừng giải quyết"), "paused"),
    **dict.fromkeys(
        ("đã xử lý xong", "đã có kết quả", "có kết quả", "hoàn thành", "đã trả kết quả", "chờ trả kết quả"),
        "finished",
    ),
    **dict.fromkeys(
        ("không được tiếp nhận", "từ chối tiếp nhận", "từ chối", "từ chối giải quyết", "không tiếp nhận"), "refused"
    ),
    **dict.fromkeys(("dừng xử lý", "đã dừng xử lý"), "stopped"),
    **dict.fromkeys(("rút hồ sơ", "đã rút hồ sơ", "công dân yêu cầu rút hồ sơ", "đã rút"), "withdrawn"),
    **dict.fromkeys(("đã hủy", "đã huỷ", "hủy hồ sơ", "huỷ hồ sơ", "đã xóa", "đã xoá"), "removed"),
}  # fmt: skip
_PARTS: Final[tuple[tuple[str, State], ...]] = (
    (r"đã bổ sung", "supplemented"),
    (r"bổ sung", "supplement"),
    (r"đã (?:thanh toán|nộp)", "paid"),
    (r"thanh toán|nghĩa vụ tài chính|nộp phí|lệ phí", "payment"),
    (r"tạm dừng", "paused"),
    (r"từ chối|không (?:được )?tiếp nhận", "refused"),
    (r"dừng xử lý", "stopped"),
    (r"rút hồ sơ", "withdrawn"),
)
"""What a longer name speaks of, the first that fits."""


def _folded(name: str) -> str:
    return " ".join(nfc(name).casefold().split())


def state_named(name: str) -> State:
    """What a state's name says, or nothing."""
    folded = _folded(name)
    known = _NAMES.get(folded)
    if known is not None:
        return known
    return next((state for part, state in _PARTS if re.search(part, folded)), "")


def is_known(name: str) -> bool:
    """Whether a state bears a known name: another may hold anybody's words."""
    return _folded(name) in _NAMES


def channel_named(name: str) -> str | None:
    """The way of filing by its name."""
    folded = _folded(name)
    for words, channel in (
        (r"trực tuyến|qua mạng|online|internet", "online"),
        (r"bưu (?:chính|điện)", "postal"),
        (r"trực tiếp|tại quầy|một cửa", "in_person"),
    ):
        if re.search(words, folded):
            return channel
    return None


def unit_named(letter: str, timesheet: str) -> str | None:
    """The unit of a limit: the letter d is a day of the timesheet that is named, and without its name of none."""
    if letter.casefold() not in ("d", "day", "ngày"):
        return None
    return {"ngày làm việc": "workday", "ngày lịch": "calendar_day", "ngày": "calendar_day"}.get(_folded(timesheet))
