"""The sentences that the page opens with: where it is worst, what has changed, what awaits whom by when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tthc_rules.report.markup import NBSP, day, english, esc, items, number, period_of
from tthc_rules.report.sheet import Entry, Sheet, in_hand, is_handling
from tthc_rules.result.words import Pair

FEW: Final = 3
_WORST: Final[dict[int, Pair]] = {
    1: ("Đơn vị có hồ sơ trễ", "The unit with late dossiers"),
    2: ("Hai đơn vị nhiều hồ sơ trễ nhất", "The two units with most late dossiers"),
    3: ("Ba đơn vị nhiều hồ sơ trễ nhất", "The three units with most late dossiers"),
}


def opening(sheet: Sheet) -> str:
    """The sentences, in both languages; what is not known is said to be so."""
    if sheet.counts is None:
        return ""
    said = [worst(sheet), changed(sheet), *awaited(sheet)]
    return items((f"{esc(one[0])}{english(one[1])}" for one in said), "opening")


def worst(sheet: Sheet) -> Pair:
    """The units with most late dossiers, up to three."""
    late = [unit for unit in sheet.units if is_handling(unit) and (unit.get("counts") or {}).get("late")][:FEW]
    if not late:
        return "Không cơ quan giải quyết nào có hồ sơ trễ.", "No handling agency has a late dossier."
    vietnamese, in_english = _WORST[len(late)]
    named = [_late_of(sheet, unit) for unit in late]
    return (
        f"{vietnamese}: {'; '.join(one[0] for one in named)}.",
        f"{in_english}: {'; '.join(one[1] for one in named)}.",
    )


def _late_of(sheet: Sheet, unit: Entry) -> Pair:
    name, late = sheet.title(unit.get("unit")), number(unit["counts"]["late"])
    of = in_hand(unit["counts"])
    if of is None:
        return f"{name} ({late})", f"{name} ({late})"
    return f"{name} ({late} trong {number(of)} hồ sơ)", f"{name} ({late} of {number(of)} dossiers)"


def changed(sheet: Sheet) -> Pair:
    """The rate and the late dossiers beside those of the period before, of the same results."""
    before = sheet.account.get("before")
    if not isinstance(before, dict):
        return (
            "Không so được với kỳ trước: kết quả đưa vào không có hồ sơ nào của kỳ trước.",
            "There is nothing to compare with: the results hold no dossier of the period before.",
        )
    vietnamese, in_english = period_of(before.get("period"))
    now, then = _rates(sheet, before)
    late = [(sheet.counts or {}).get("late"), (before.get("counts") or {}).get("late")]
    parts = []
    if now is not None and then is not None:
        moved = round(float(now) - float(then), 2)
        how = ("tăng", "up") if moved > 0 else ("giảm", "down") if moved < 0 else ("không đổi", "unchanged")
        by = f" {number(abs(moved), 2)}" if moved else ""
        rates = f"({number(then, 2)}{NBSP}% → {number(now, 2)}{NBSP}%)"
        points = (" điểm phần trăm", " percentage points") if moved else ("", "")
        parts.append(
            (f"tỷ lệ đúng hạn {how[0]}{by}{points[0]} {rates}", f"on-time rate {how[1]}{by}{points[1]} {rates}")
        )
    if None not in late:
        turned = f"{number(late[1])} → {number(late[0])}"
        parts.append((f"hồ sơ trễ {turned}", f"late dossiers {turned}"))
    if not parts:
        parts.append(("chưa rõ", "not known"))
    return (
        f"So với {vietnamese}: {'; '.join(one[0] for one in parts)}.",
        f"Against {in_english}: {'; '.join(one[1] for one in parts)}.",
    )


def _rates(sheet: Sheet, before: Entry) -> tuple[Any, Any]:
    figure = ((sheet.account.get("total") or {}).get("indicators") or {}).get(sheet.rate)
    return (figure or {}).get("value"), (before.get("indicators") or {}).get(sheet.rate)


def awaited(sheet: Sheet) -> Iterator[Pair]:
    """What awaits heads of units, the nearest day first; and how much is past its day or not known."""
    open_duties = sorted(
        (str(duty["act_by"]), sheet.title(unit.get("unit")), str(duty.get("duty")))
        for unit in sheet.units
        for duty in unit.get("duties") or []
        if duty.get("outcome") == "pending" and duty.get("act_by")
    )
    if open_duties:
        named = [_act(sheet, *one) for one in open_duties[:FEW]]
        more = number(len(open_duties) - FEW)
        rest = (f"; và {more} việc nữa", f"; and {more} more") if open_duties[FEW:] else ("", "")
        yield (
            f"Việc chờ người đứng đầu: {'; '.join(one[0] for one in named)}{rest[0]}.",
            f"What awaits the heads: {'; '.join(one[1] for one in named)}{rest[1]}.",
        )
    else:
        yield "Không việc nào có ngày còn chờ người đứng đầu.", "Nothing with a day still awaits a head."
    found = sheet.duty_outcomes
    if found["missed"] or found["unknown"]:
        missed, not_known = number(found["missed"]), number(found["unknown"])
        yield (
            f"Nghĩa vụ của đơn vị: {missed} không thực hiện, {not_known} chưa rõ đã làm hay chưa.",
            f"Duties of units: {missed} missed, {not_known} of which nobody knows whether they were done.",
        )


def _act(sheet: Sheet, by: str, unit: str, duty: str) -> Pair:
    label = (sheet.duties.get(duty) or {}).get("label") or {}
    vietnamese, in_english = label.get("vi", duty), label.get("en", duty)
    return f"{vietnamese} ({unit}), chậm nhất {day(by)}", f"{in_english} ({unit}), by {day(by)}"
