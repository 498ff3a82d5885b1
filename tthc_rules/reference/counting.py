"""The time limit in an explanation: the clock event by event, the count day by day, what the source can show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tthc_rules.law import clock
from tthc_rules.law.civil import clock_time, date_of
from tthc_rules.law.observed import EVERY_KIND, hidden_of
from tthc_rules.law.rule import OWN_TIMES, Starts
from tthc_rules.law.timeline import moment_text
from tthc_rules.reference.telling import Telling, dated
from tthc_rules.result import words

if TYPE_CHECKING:
    pass

MAX_DAYS = 400
"""The longest count that is listed day by day."""


class Counting(Telling):
    """Tells how the due dates came about."""

    def clock(self) -> Iterator[str]:
        record, trace = self.verdict.clock, self.trace
        yield ""
        yield self.t("THỜI HẠN", "TIME LIMIT")
        if trace.clock_version is not None and record.version is not None:
            yield f"  {trace.clock_version.label[self.lang]} [{record.version}]"
            yield from self.citations(trace.clock_version.citations)
            yield from self._starts(trace.clock_version.starts)
            yield from self.readings(trace.clock_version.interpretations)
        yield f"  {self.t('Thời hạn', 'Limit')}: {self._limit()}"
        yield from self._own_times()
        for place in range(len(trace.timeline.kind)):
            yield from self._event(place)
        if trace.out[clock.O_START] < 0:
            yield from self._not_started()
            return
        for vietnamese, english, value in (
            ("Hạn ban đầu", "Original due date", record.original_due),
            ("Hạn theo luật", "Lawful due date", record.lawful_due),
        ):
            time = f" {record.due_time}" if record.due_time and value == record.lawful_due else ""
            yield f"  {self.t(vietnamese, english)}: {dated(value, self.lang)}{time}"
        if record.reappointed_due is not None:
            yield f"  {self.t('Hạn sau hẹn lại', 'Current due date')}: {dated(record.current_due, self.lang)}"
        yield from self._slip()
        if record.provisional:
            yield self.t(
                "  TẠM TÍNH: có ngày nghỉ chưa được cơ quan có thẩm quyền công bố.",
                "  PROVISIONAL: some days off on the way are not yet published.",
            )
        if record.reason:
            why = words.say(words.NOTES, record.reason, self.lang)
            yield self.t(f"  Chưa tính được hạn: {why}", f"  No due date: {why}")

    def _starts(self, starts: Starts) -> Iterator[str]:
        """What starts the clock and until when it counts on its own day, where that is not the acceptance alone."""
        if starts.event != "dossier_accepted":
            event = words.say(words.EVENTS, starts.event, self.lang)
            yield self.t(
                f"  Thời hạn tính từ sự kiện «{event}» đầu tiên kể từ khi tiếp nhận",
                f"  The limit runs from the first “{event}” at or after the acceptance",
            )
        if starts.cutoff is not None:
            length = f"{starts.cutoff} phút" if self.lang == "vi" else f"{starts.cutoff} minutes"
            yield self.t(
                f"  Trong {length} trước khi hết giờ hành chính, hoặc muộn hơn: tính như nhận ngày làm việc kế tiếp",
                f"  Within {length} before the office closes, or later: as on the next workday",
            )

    def _slip(self) -> Iterator[str]:
        """The date on the slip, where one was recorded; without one the original due date stands for it."""
        promised, recorded = self.verdict.clock.promised_due, False
        if promised is not None:
            slips = (getattr(event, "appointed_due", None) for event in self.trace.timeline.events)
            recorded = promised in slips or promised != self.verdict.clock.original_due
        if recorded and promised is not None:
            yield f"  {self.t('Ngày trên phiếu hẹn', 'Promised on the slip')}: {moment_text(promised)}"
        elif self.verdict.lateness in words.BY_SLIP:
            yield self.t(
                "  Hồ sơ không ghi ngày hẹn trên phiếu: lấy hạn ban đầu thay vào",
                "  No date on a slip was recorded: the original due date stands for it",
            )

    def _own_times(self) -> Iterator[str]:
        """What sector law says beside the limit, in the place of the decree's own times."""
        for name in OWN_TIMES:
            own = getattr(self.trace.limit, name, None)
            if own is not None:
                length = f"{own.amount} {words.say(words.UNITS, own.unit, self.lang)}"
                yield f"  {words.say(words.OWN_TIMES, name, self.lang)}: {length}"

    def _limit(self) -> str:
        limit = self.trace.limit
        if limit is None:
            return self.t("không biết", "not known")
        amount = getattr(limit, "amount", None)
        if amount is None:
            return self.t("thủ tục không có thời hạn", "none")
        unit = words.say(words.UNITS, getattr(limit, "unit", ""), self.lang)
        cutoff = getattr(limit, "cutoff", None)
        text = self.t("trong ngày", "the same day") if amount == 0 else f"{amount} {unit}"
        if cutoff is not None:
            hour = clock_time(cutoff)
            text += self.t(f"; nhận sau {hour} tính sang ngày làm việc tiếp theo", f"; after {hour}, the next workday")
        return text

    def _event(self, place: int) -> Iterator[str]:
        trace = self.trace
        event = trace.timeline.events[place]
        mark = trace.mark[place]
        name = words.say(words.EVENTS, event.kind, self.lang)
        text = f"  {moment_text(event.at):>16}  {name}"
        effect = self._effect(place, mark >> 20 & 15)
        if mark & clock.FROM_NEXT_WORKDAY:
            day = dated(self._next_workday(trace.timeline.day[place]), self.lang)
            effect += self.t(f"; tính như ngày làm việc kế tiếp, {day}", f"; counted as the next workday, {day}")
        if effect:
            text += f": {effect}"
        yield text
        for note in self.noted.get(trace.timeline.origin[place], ()):
            yield f"{'':20}! {self.note_text(note)}"

    def _effect(self, place: int, step: int) -> str:
        trace, lang = self.trace, self.lang
        due = dated(trace.due_then[place], lang)
        said = {
            clock.STEP_START >> 20: self.t(
                "bắt đầu tính; ngày này không tính vào thời hạn", "the clock starts; this day is not counted"
            ),
            clock.STEP_PAUSE >> 20: self.t(
                f"khoảng chờ không tính → hạn {due}", f"the wait does not count → due {due}"
            ),
            clock.STEP_WITHOUT_EFFECT >> 20: self.t(
                "đã đến hoặc quá hạn, không làm thay đổi thời hạn", "on or after the due date, changes nothing"
            ),
            clock.STEP_RESTART >> 20: self.t(f"tính lại từ đầu → hạn {due}", f"the limit restarts → due {due}"),
            clock.STEP_OPEN >> 20: self.t("thời hạn tạm dừng", "the clock stops"),
            clock.STEP_REAPPOINT >> 20: self.t(
                f"hẹn lại {dated(trace.timeline.x[place], lang)}",
                f"new date {dated(trace.timeline.x[place], lang)}",
            ),
        }.get(step, "")
        if step == clock.STEP_EXCLUDE >> 20:
            first, last = dated(trace.timeline.x[place], lang), dated(trace.timeline.y[place], lang)
            said = self.t(f"không tính từ {first} đến hết {last}", f"{first} to {last} do not count")
        if place == trace.out[clock.O_END]:
            said = "; ".join(part for part in (said, self.t("kết thúc", "the end")) if part)
        return said

    def _not_started(self) -> Iterator[str]:
        """That the clock waits for what starts it, although the dossier was accepted."""
        version = self.trace.clock_version
        waits = version is not None and version.starts.event != "dossier_accepted" and not self.verdict.clock.ended_by
        if version is not None and waits and clock.ACCEPTED in self.trace.timeline.kind:
            event = words.say(words.EVENTS, version.starts.event, self.lang)
            yield self.t(
                f"  Đã tiếp nhận, chưa có sự kiện «{event}»: thời hạn chưa bắt đầu",
                f"  Accepted, and no “{event}” yet: the limit has not begun",
            )
            yield from self.citations(version.citations)

    def _next_workday(self, day: int) -> int:
        """The first workday after that day."""
        calendar = self.trace.calendar
        return calendar.nth[calendar.idx[day - calendar.base] + 1]

    def days(self) -> Iterator[str]:
        """The count, day by day, from the last start to the lawful due date."""
        trace, out, lang = self.trace, self.trace.out, self.lang
        start, due = out[clock.O_LAST_START], out[clock.O_LAWFUL_DAY]
        if start < 0 or due == clock.NONE:
            return
        yield ""
        yield self.t("ĐẾM TỪNG NGÀY", "DAY BY DAY")
        first = trace.timeline.day[start]
        if getattr(trace.limit, "unit", "") == "work_hour" and getattr(trace.limit, "amount", 0):
            yield self.t(
                "  (thời hạn theo giờ làm việc, không đếm theo ngày)", "  (a limit in working hours, not in days)"
            )
            return
        if due - first > MAX_DAYS:
            yield self.t(f"  (dài hơn {MAX_DAYS} ngày, không liệt kê)", f"  (longer than {MAX_DAYS} days, not listed)")
            return
        count = 0
        if due > trace.calendar.until:
            year = trace.calendar.last_year
            yield self.t(
                f"  (lịch chỉ biết đến hết năm {year}; sau đó đếm tạm theo tuần làm việc, không liệt kê)",
                f"  (the calendar is known to the end of {year}; later days are counted by the week and not listed)",
            )
        for number in range(first, min(due, trace.calendar.until) + 1):
            info = trace.calendar.day(date_of(number))
            weekday = words.WEEKDAYS[info.date.weekday()][0 if lang == "vi" else 1]
            kind = words.say(words.DAYS, info.kind, lang)
            name = f" — {info.name[lang]} ({info.instrument})" if info.name else ""
            counted = self._counted(number, info.is_workday)
            if not counted:
                count += 1
                counted = str(count)
            yield f"  {dated(info.date, lang)} {weekday:<9} {kind}{name}  {counted}".rstrip()

    def _counted(self, day: int, works: bool) -> str:
        """Why a day does not count, or nothing where it does."""
        trace = self.trace
        start = trace.timeline.day[trace.out[clock.O_LAST_START]]
        limit = trace.limit
        moved = trace.mark[trace.out[clock.O_LAST_START]] & clock.FROM_NEXT_WORKDAY
        counted_from = self._next_workday(start) if moved else start
        if day < counted_from or (day == counted_from and getattr(limit, "amount", 1) != 0):
            return self.t("ngày bắt đầu, không tính", "start, not counted")
        if any(after < day <= until for after, until in trace.stops):
            return self.t("không tính: thời hạn tạm dừng", "not counted: stopped")
        by_workday = getattr(limit, "unit", "workday") == "workday" or getattr(limit, "amount", 1) == 0
        if by_workday:
            return "" if works else "–"
        if day > trace.out[clock.O_UNROLLED]:
            return self.t("dời vì ngày cuối là ngày nghỉ", "moved, since the last day is a day off")
        return ""

    def source(self) -> Iterator[str]:
        """What the source cannot show, and what the record itself lacks."""
        dossier = self.trace.dossier
        if dossier.observes is None and not dossier.unknown:
            return
        yield ""
        yield self.t("NGUỒN DỮ LIỆU", "THE SOURCE")
        if dossier.observes is not None:
            hidden = hidden_of(dossier.observes, ())
            seen = self.kinds(EVERY_KIND & ~hidden) or self.t("không sự kiện nào", "nothing")
            yield self.t(f"  Nguồn ghi được: {seen}", f"  It can show: {seen}")
            yield self.t(f"  Nguồn không ghi được: {self.kinds(hidden)}", f"  It cannot show: {self.kinds(hidden)}")
        for gap in dossier.unknown:
            yield self.t("  Hồ sơ này ghi thiếu: ", "  This record lacks: ") + words.say(words.GAPS, gap, self.lang)
