"""The time limit in an explanation: the clock event by event, the count day by day, what the source can show."""

from __future__ import annotations

from collections.abc import Iterator

from tthc_rules.law import clock
from tthc_rules.law.daycount import STEP, next_workday
from tthc_rules.law.observed import EVERY_KIND, hidden_of
from tthc_rules.law.rule import OWN_TIMES, Starts
from tthc_rules.law.timeline import moment_text
from tthc_rules.reference.course import EFFECTS
from tthc_rules.reference.telling import Telling, dated
from tthc_rules.result import words
from tthc_rules.result.counted import CountedDay, day_lines, limit_text


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
        yield f"  {self.t('Thời hạn', 'Limit')}: {limit_text(trace.limit, self.lang)}"
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
            yield f"  {words.of(words.PROVISIONAL, self.lang)}"
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

    def _event(self, place: int) -> Iterator[str]:
        trace = self.trace
        event = trace.timeline.events[place]
        mark = trace.mark[place]
        name = words.say(words.EVENTS, event.kind, self.lang)
        text = f"  {moment_text(event.at):>16}  {name}"
        effect = self._effect(place, mark)
        if mark & clock.FROM_NEXT_WORKDAY:
            day = dated(next_workday(trace.calendar, trace.timeline.day[place]), self.lang)
            effect += self.t(f"; tính như ngày làm việc kế tiếp, {day}", f"; counted as the next workday, {day}")
        if effect:
            text += f": {effect}"
        if trace.timeline.origin[place] >= len(trace.dossier.events) - trace.question.supposed:
            text += self.t(" (GIẢ ĐỊNH)", " (SUPPOSED)")
        yield text
        for note in self.noted.get(trace.timeline.origin[place], ()):
            yield f"{'':20}! {self.note_text(note)}"

    def _effect(self, place: int, mark: int) -> str:
        trace, lang = self.trace, self.lang
        effect = EFFECTS.get(mark & STEP, "")
        said = words.EFFECTS.get(effect, ("", ""))[lang != "vi"]
        match effect:
            case "wait" | "restart":
                due = dated(trace.due_then[place], lang)
                said += self.t(f" → hạn {due}", f" → due {due}")
            case "reappoint":
                again = dated(trace.timeline.x[place], lang)
                said = self.t(f"hẹn lại {again}", f"new date {again}")
            case "exclude":
                first, last = dated(trace.timeline.x[place], lang), dated(trace.timeline.y[place], lang)
                said = self.t(f"không tính từ {first} đến hết {last}", f"{first} to {last} do not count")
            case _:
                pass
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

    def days(self) -> Iterator[str]:
        """The count, day by day, from the last start to the lawful due date."""
        if days := [CountedDay.of(one) for one in self.trace.days()]:
            yield ""
            yield words.of(words.DAY_BY_DAY, self.lang)
            yield from day_lines(days, self.verdict.clock.lawful_due, self.lang)

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
