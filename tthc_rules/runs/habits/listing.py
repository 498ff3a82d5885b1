"""The table of a log as a person reads it: how many dates depart, and which ways of counting give them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tthc_rules.errors import shown
from tthc_rules.result import words
from tthc_rules.result.departure import sender_due_text
from tthc_rules.result.habit_words import HABITS
from tthc_rules.runs.due.listing import Line, refused_lines
from tthc_rules.runs.habits.table import HabitCount, HabitTable, SenderDate

MOST_UNEXPLAINED: Final = 10
"""Dossiers that are named whose date no known way of counting gives."""


def habit_listing(found: HabitTable, lang: str) -> Iterator[Line]:
    """What could not be judged, the dates in all, then each way of counting."""
    return _HabitListing(found, lang).lines()


def habit_totals(found: HabitTable, lang: str) -> Iterator[Line]:
    """What could not be judged, and the dates in all."""
    yield from refused_lines(found, lang)
    yield from _HabitListing(found, lang).totals()


class _HabitListing:
    """One table in one language."""

    def __init__(self, found: HabitTable, lang: str) -> None:
        self.found, self.lang = found, lang

    def t(self, vietnamese: str, english: str) -> str:
        return vietnamese if self.lang == "vi" else english

    def lines(self) -> Iterator[Line]:
        found = self.found
        yield from refused_lines(found, self.lang)
        yield Line(
            self.t("NGÀY HẸN CỦA BÊN GỬI KHÁC LUẬT Ở BƯỚC NÀO", "AT WHICH STEP THE SENDER'S DATES PART FROM THE LAW"),
            "head",
        )
        yield Line(
            self.t(
                f"  xét đến hết ngày {found.as_of:%d/%m/%Y}; mỗi phiếu hẹn theo lịch đã biết ngày cấp phiếu",
                f"  as of the end of {found.as_of:%d/%m/%Y}; each slip by the calendar known on its day",
            )
        )
        yield from self.totals()
        if found.depart:
            yield Line("")
            yield Line(
                self.t(
                    f"{self._number(found.depart)} ngày khác luật", f"{self._number(found.depart)} dates that depart"
                ),
                "head",
            )
            for one in found.habits:
                yield from self._habit(one)
            yield from self._unexplained()
            yield Line("")
            yield from self._caution()

    def totals(self) -> Iterator[Line]:
        """The dates of the sender, in all."""
        found = self.found
        for count, text in (
            (found.dossiers, self.t("hồ sơ", "dossiers")),
            (found.undated, self.t("không ghi ngày hẹn trên phiếu", "without a date on a slip")),
            (found.agree, self.t("ngày hẹn trùng luật", "dates that agree with the law")),
            (found.depart, self.t("ngày hẹn khác luật", "dates that depart")),
            (found.no_lawful_date, self.t("ngày hẹn mà luật chưa có hạn", "dates where the law has none")),
        ):
            yield Line(f"  {self._number(count):>9}  {text}")

    def _habit(self, one: HabitCount) -> Iterator[Line]:
        said = f"{words.of(HABITS[one.habit], self.lang)} [{one.habit}]"
        yield Line(f"  {self._number(one.gives):>9}  {self._share(one.share)}  {said}")
        alone, against = self._number(one.alone), self._number(one.otherwise)
        yield Line(
            self.t(
                f"             chỉ riêng cách này: {alone}; lẽ ra cho ngày khác: {against}",
                f"             by it alone: {alone}; would have given another date: {against}",
            ),
            "faint",
        )

    def _unexplained(self) -> Iterator[Line]:
        count = self.found.unexplained
        if not count:
            return
        said = self.t("không cách tính nào đã biết cho ra", "none of the known ways of counting gives them")
        yield Line(f"  {self._number(count):>9}  {self._share(count / self.found.depart)}  {said}")
        named = [one for one in self.found.dates if one.state == "departs" and not one.habits]
        for one in named[:MOST_UNEXPLAINED]:
            yield Line(f"             {self._date(one)}", "faint")
        if (more := count - MOST_UNEXPLAINED) > 0:
            yield Line(self.t(f"             … còn {more} hồ sơ nữa", f"             … {more} more"), "faint")

    def _date(self, one: SenderDate) -> str:
        due = "" if one.due is None else f"{one.due:%d/%m/%Y}"
        told = sender_due_text(one.sender_due)
        return self.t(f"{shown(one.dossier_id)}: {told}, luật {due}", f"{shown(one.dossier_id)}: {told}, by law {due}")

    def _caution(self) -> Iterator[Line]:
        yield Line(
            self.t(
                "Một ngày có thể do nhiều cách tính cho ra: riêng con số không phân biệt được.",
                "Several ways of counting may give one date: the number alone cannot tell them apart.",
            )
        )
        yield Line(
            self.t(
                "«Lẽ ra cho ngày khác» càng nhiều thì càng ít khả năng là cách tính ấy.",
                "The more dates a way of counting would have given otherwise, the less likely it is.",
            )
        )
        yield Line(
            self.t(
                "Ngày khác nhau là điều cần hỏi bên gửi, không phải kết luận về ai.",
                "A date that departs is a question to the sender, and no finding about anyone.",
            )
        )

    def _share(self, share: float) -> str:
        """A share as it is written, with a comma or a point."""
        written = f"{100 * share:5.1f}"
        return f"{written.replace('.', ',')} %" if self.lang == "vi" else f"{written}%"

    def _number(self, count: int) -> str:
        """A count as it is written, with points or commas between thousands."""
        written = f"{count:,}"
        return written.replace(",", ".") if self.lang == "vi" else written
