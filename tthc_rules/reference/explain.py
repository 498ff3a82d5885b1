"""The explanation: from the trace of an evaluation to text that a citizen, an officer and a lawyer can follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, assert_never

from tthc_rules.errors import shown, visible
from tthc_rules.law import clock
from tthc_rules.law.asked import StepFound
from tthc_rules.law.civil import clock_time, date_of
from tthc_rules.law.codes import KINDS
from tthc_rules.law.facts import Facts
from tthc_rules.law.observed import EVERY_KIND, doubt_of, hidden_of
from tthc_rules.law.rule import (
    AmendedUnseen,
    Applicability,
    ChannelIs,
    Citation,
    EventSeen,
    Interpretation,
    OtherLevel,
    ReappointmentStands,
    ReceivedAt,
    Rule,
    Statement,
    StepsLaw,
)
from tthc_rules.law.statute import Statute, picking_day
from tthc_rules.law.timeline import moment_text
from tthc_rules.reference.interpret import Reading, holds, lacking, stated, times
from tthc_rules.result import words
from tthc_rules.result.found import Found

if TYPE_CHECKING:
    from tthc_rules.reference.trace import Trace
    from tthc_rules.result.verdict import AgencyStep, Note, Verdict

MAX_DAYS = 400
"""The longest count that is listed day by day."""


def explain(verdict: Verdict, trace: Trace, lang: str, *, day_by_day: bool) -> str:
    """The whole explanation."""
    teller = _Teller(verdict, trace, lang)
    parts = [
        teller.head(),
        teller.clock(),
        teller.source(),
        teller.duties(),
        teller.steps(),
        teller.not_applied(),
        teller.notes(),
        teller.assumptions(),
    ]
    if day_by_day:
        parts.insert(2, teller.days())
    return "\n".join(visible(line) for part in parts for line in part)


def _either(lang: str, vietnamese: str, english: str) -> str:
    return vietnamese if lang == "vi" else english


def _day(day: date | int | None, lang: str) -> str:
    if day is None or day == clock.NONE:
        return _either(lang, "chưa xác định", "open")
    return f"{date_of(day) if isinstance(day, int) else day:%d/%m/%Y}"


class _Teller:
    """Tells one verdict in one language."""

    def __init__(self, verdict: Verdict, trace: Trace, lang: str) -> None:
        self.verdict, self.trace, self.lang = verdict, trace, lang
        self.noted: dict[int, list[Note]] = {}
        for note in verdict.notes:
            if note.event is not None:
                self.noted.setdefault(note.event, []).append(note)

    def t(self, vietnamese: str, english: str) -> str:
        return _either(self.lang, vietnamese, english)

    # -- head ----------------------------------------------------------------------------------------------------------

    def head(self) -> Iterator[str]:
        verdict, lang = self.verdict, self.lang
        as_of, known = _day(verdict.as_of, lang), _day(verdict.known_on, lang)
        yield self.t(
            f"Hồ sơ {verdict.dossier_id} — xét đến hết ngày {as_of}, theo lịch và văn bản biết đến ngày {known}",
            f"Dossier {verdict.dossier_id} — as of the end of {as_of}, by calendar and law known on {known}",
        )
        late = ""
        if verdict.workdays_late:
            late = self.t(
                f": {verdict.workdays_late} ngày làm việc ({verdict.days_late} ngày)",
                f": {verdict.workdays_late} workdays ({verdict.days_late} days)",
            )
        yield self.t("KẾT LUẬN: ", "CONCLUSION: ") + words.say(words.PUNCTUALITY, verdict.punctuality, lang) + late
        policy = words.say(words.LATENESS, verdict.lateness, lang)
        yield self.t(f"  Cách tính trễ hạn: {policy}", f"  Lateness: {policy}")

    # -- the clock -----------------------------------------------------------------------------------------------------

    def clock(self) -> Iterator[str]:
        record, trace = self.verdict.clock, self.trace
        yield ""
        yield self.t("THỜI HẠN", "TIME LIMIT")
        if trace.clock_version is not None and record.version is not None:
            yield f"  {trace.clock_version.label[self.lang]} [{record.version}]"
            yield from self.citations(trace.clock_version.citations)
            yield from self.readings(trace.clock_version.interpretations)
        yield f"  {self.t('Thời hạn', 'Limit')}: {self._limit()}"
        for place in range(len(trace.timeline.kind)):
            yield from self._event(place)
        if trace.out[clock.O_START] < 0:
            return
        for vietnamese, english, value in (
            ("Hạn ban đầu", "Original due date", record.original_due),
            ("Hạn theo luật", "Lawful due date", record.lawful_due),
        ):
            time = f" {record.due_time}" if record.due_time and value == record.lawful_due else ""
            yield f"  {self.t(vietnamese, english)}: {_day(value, self.lang)}{time}"
        if record.reappointed_due is not None:
            yield f"  {self.t('Hạn sau hẹn lại', 'Current due date')}: {_day(record.current_due, self.lang)}"
        yield from self._slip()
        if record.provisional:
            yield self.t(
                "  TẠM TÍNH: có ngày nghỉ chưa được cơ quan có thẩm quyền công bố.",
                "  PROVISIONAL: some days off on the way are not yet published.",
            )
        if record.reason:
            why = words.say(words.NOTES, record.reason, self.lang)
            yield self.t(f"  Chưa tính được hạn: {why}", f"  No due date: {why}")

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
        effect = self._effect(place, mark >> 20)
        if effect:
            text += f": {effect}"
        yield text
        for note in self.noted.get(trace.timeline.origin[place], ()):
            yield f"{'':20}! {self._note(note)}"

    def _note(self, note: Note) -> str:
        said = words.say(words.NOTES, note.code, self.lang)
        if note.name is not None:
            said += self.t(f": «{shown(note.name)}»", f": “{shown(note.name)}”")
        if note.nearest is not None:
            said += self.t(f", gần nhất là «{note.nearest}»", f", the nearest is “{note.nearest}”")
        return f"{said} [{note.code}]"

    def _effect(self, place: int, step: int) -> str:
        trace, lang = self.trace, self.lang
        due = _day(trace.due_then[place], lang)
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
                f"hẹn lại {_day(trace.timeline.x[place], lang)}", f"new date {_day(trace.timeline.x[place], lang)}"
            ),
        }.get(step, "")
        if step == clock.STEP_EXCLUDE >> 20:
            first, last = _day(trace.timeline.x[place], lang), _day(trace.timeline.y[place], lang)
            said = self.t(f"không tính từ {first} đến hết {last}", f"{first} to {last} do not count")
        if place == trace.out[clock.O_END]:
            said = "; ".join(part for part in (said, self.t("kết thúc", "the end")) if part)
        return said

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
            yield f"  {_day(info.date, lang)} {weekday:<9} {kind}{name}  {counted}".rstrip()

    def _counted(self, day: int, works: bool) -> str:
        """Why a day does not count, or nothing where it does."""
        trace = self.trace
        start = trace.timeline.day[trace.out[clock.O_LAST_START]]
        limit = trace.limit
        if day == start and getattr(limit, "amount", 1) != 0:
            return self.t("ngày bắt đầu, không tính", "start, not counted")
        if any(after < day <= until for after, until in trace.stops):
            return self.t("không tính: thời hạn tạm dừng", "not counted: stopped")
        by_workday = getattr(limit, "unit", "workday") == "workday" or getattr(limit, "amount", 1) == 0
        if by_workday:
            return "" if works else "–"
        if day > trace.out[clock.O_UNROLLED]:
            return self.t("dời vì ngày cuối là ngày nghỉ", "moved, since the last day is a day off")
        return ""

    # -- duties --------------------------------------------------------------------------------------------------------

    def duties(self) -> Iterator[str]:
        if not self.trace.found:
            return
        yield ""
        yield self.t("NGHĨA VỤ VÀ GIỚI HẠN", "DUTIES AND LIMITS")
        for found in self.trace.found:
            yield from self._duty(found)

    def _duty(self, found: Found) -> Iterator[str]:
        lang = self.lang
        outcome = words.say(words.OUTCOMES, found.outcome, lang)
        yield f"  [{outcome}] {found.rule.label[lang]} ({found.id}, {found.rule.version})"
        why = self._why(found)
        if why:
            yield f"      {why}"
        for answer, act in found.answers():
            role = words.say(words.ROLES, answer.role, lang)
            what = words.say(words.CONSEQUENCES, answer.consequence, lang)
            yield self.t(f"      Người trả lời: {role} — {what}", f"      Answers: {role} — {what}")
            if act is not found.rule:
                yield f"        {act.label[lang]} [{act.version}]"
                yield from self.citations(act.citations, "        ")
        yield from self.citations(found.rule.citations, "      ")
        yield from self.readings(found.rule.interpretations, "      ")

    def _why(self, found: Found) -> str:
        if found.limit is not None:
            facts = self.trace.facts
            assert facts is not None
            count = times(found.limit, facts)
            said = self.t(
                f"đã có {count} lần, cho phép {found.limit.at_most}", f"{count} times, {found.limit.at_most} allowed"
            )
            return f"{said}; {self._unseen(found)}" if found.outcome == "undetermined" else said
        parts = []
        if found.act_by is not None:
            parts.append(self.t(f"chậm nhất {_day(found.act_by, self.lang)}", f"by {_day(found.act_by, self.lang)}"))
        if lacks := self._lacks(found):
            parts.append(lacks)
        elif found.done_on is not None:
            parts.append(self.t(f"đã làm {_day(found.done_on, self.lang)}", f"done {_day(found.done_on, self.lang)}"))
        elif found.note and found.outcome != "undetermined":
            parts.append(words.say(words.NOTES, found.note, self.lang))
        elif found.outcome == "missed":
            parts.append(self.t("không thấy sự kiện nào thực hiện", "no event that fulfils it was seen"))
        elif found.outcome == "not_owed":
            parts.append(
                self.t("điều kiện làm phát sinh nghĩa vụ không xảy ra", "what would cause the duty did not happen")
            )
        elif found.outcome == "pending":
            parts.append(self._waiting(found))
        elif found.outcome == "undetermined":
            parts.append(self._unseen(found))
        if without_hour := self._without_hour(found):
            parts.append(without_hour)
        return "; ".join(parts)

    def _without_hour(self, found: Found) -> str:
        """That the hour of reception was not recorded, where the duty turns on it, and what follows."""
        facts, duty = self.trace.facts, found.obligation
        if facts is None or duty is None or duty.hour_unknown is None or found.note == "act_by_before_in_force":
            return ""
        reading = Reading(found.rule, facts)
        if not reading.hour_is_missing:
            return ""
        later = _day(reading.date(duty.hour_unknown), self.lang)
        if found.outcome == "undetermined":
            return self.t(
                f"không ghi giờ tiếp nhận; nếu nhận muộn hơn thì chậm nhất {later}",
                f"the hour of reception was not recorded; had it been later, by {later}",
            )
        return self.t(
            f"không ghi giờ tiếp nhận; nếu nhận muộn hơn thì chậm nhất {later}, kết quả như nhau",
            f"the hour of reception was not recorded; had it been later, by {later}, with the same outcome",
        )

    def _waiting(self, found: Found) -> str:
        duty, facts = found.obligation, self.trace.facts
        if duty is not None and duty.when is not None and facts is not None and found.rule.is_undated(duty):
            raised = Reading(found.rule, facts).deadline(found.rule.deadlines[duty.when.deadline])[0]
            if raised in duty.when.outcomes:
                return self.t(
                    "đã phát sinh, chưa làm; không có hạn riêng, hồ sơ còn mở nên chưa kết luận",
                    "raised and not done; it has no day of its own, and the dossier is still open",
                )
        return self.t("hồ sơ chưa đóng và chưa quá hạn", "the dossier is neither closed nor late")

    def _unseen(self, found: Found) -> str:
        """What an outcome would rest on that the source cannot show."""
        facts, node = self.trace.facts, found.obligation or found.limit
        if facts is not None and node is not None:
            doubt = doubt_of(found.rule, node)
            kinds = self.kinds(facts.hidden & doubt.absences(facts.other_level))
            if found.note == "not_observed":
                return self.t(f"nguồn không ghi được {kinds}", f"the source cannot show {kinds}")
            if found.note:
                return words.say(words.NOTES, found.note, self.lang)
            if facts.unsure & clock.LATENESS_UNSURE and (doubt.by_lateness or doubt.by_date):
                return self.t(
                    "không biết hồ sơ có quá hạn hay không: xem ghi chú",
                    "whether the dossier is late cannot be said: see the notes",
                )
        return self.t("thiếu dữ kiện cần thiết", "a fact that it needs is missing")

    def kinds(self, bits: int) -> str:
        """Kinds of event, from their bits."""
        said = (words.say(words.EVENTS, kind, self.lang) for kind, code in KINDS.items() if bits >> code & 1)
        return ", ".join(f"«{name}»" if self.lang == "vi" else f"“{name}”" for name in said)

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

    def _lacks(self, found: Found) -> str:
        """What the event does not state that the clause asks for: empty, otherwise, or not recorded at all."""
        facts, way = self.trace.facts, None if found.obligation is None else found.obligation.fulfilled
        if facts is None or not isinstance(way, Statement) or found.done_on is None:
            return ""
        for seen in facts.each(way.event, way.since):
            if seen.day == found.done_on and stated(way.fields, seen.flags) == found.outcome:
                said = [words.say(words.LACKS, f"{name}:{how}", self.lang) for name, how in lacking(way, seen.flags)]
                if said:
                    event = words.say(words.EVENTS, way.event, self.lang)
                    return f"{event} {_day(seen.day, self.lang)}: {', '.join(said)}"
        return ""

    def steps(self) -> Iterator[str]:
        """Each agency's step: when it was set, by when, when it was done, how it came out, and by which clause."""
        trace = self.trace
        if not trace.steps:
            return
        yield ""
        yield self.t("CÁC BƯỚC CỦA TỪNG CƠ QUAN", "THE STEPS OF EACH AGENCY")
        for found, step in zip(trace.steps, self.verdict.steps, strict=True):
            event = trace.timeline.events[found.set_by]
            law = trace.regimes.at(trace.timeline.day[found.set_by])
            cited = StepsLaw() if law is None else law.steps
            outcome = words.say(words.STEP_OUTCOMES, step.outcome, self.lang)
            agency = step.agency or self.t("không ghi cơ quan", "agency not recorded")
            name = words.say(words.EVENTS, event.kind, self.lang)
            yield f"  [{outcome}] {agency}: {name} {moment_text(event.at)}"
            yield f"      {self._step(found, step)}"
            yield from self.citations(cited.opinions if event.kind == "opinion_requested" else cited.agencies, "      ")

    def _step(self, found: StepFound, step: AgencyStep) -> str:
        trace = self.trace
        if step.due is None:
            said = self.t("không ghi hạn nên không kết luận được", "no due date is recorded: nothing can be said")
        else:
            said = self.t(f"hạn {moment_text(step.due)}", f"due {moment_text(step.due)}")
        if found.done_by >= 0:
            done = moment_text(trace.timeline.events[found.done_by].at)
            return f"{said}; {self.t('đã xong', 'done')} {done}"
        if step.due is None:
            return said
        if step.outcome == "undetermined":
            answer = "opinion_received" if trace.timeline.kind[found.set_by] == clock.OPINION_REQUESTED else "step_done"
            kind = self.kinds(1 << KINDS[answer])
            return f"{said}; {self.t(f'nguồn không ghi được {kind}', f'the source cannot show {kind}')}"
        end = trace.out[clock.O_END]
        if end < 0:
            return f"{said}; {self.t('chưa xong', 'not done')}"
        ended = moment_text(trace.timeline.events[end].at)
        return f"{said}; {self.t(f'chưa xong khi hồ sơ kết thúc {ended}', f'not done when the dossier ended {ended}')}"

    def not_applied(self) -> Iterator[str]:
        """Every rule that was considered and did not apply, and why."""
        facts = self.trace.facts
        if facts is None:
            return
        lines = []
        seen = {found.rule.id for found in self.trace.found}
        statute = Statute(self.trace.family_rules.values(), facts.known_on)
        governing = {picked.rule.id: picked for picked in statute.governing(facts)}
        for name, versions in self.trace.family_rules.items():
            if name in seen:
                continue
            picked = governing.get(name)
            if picked is None or picked.rule.repealed:
                by = words.say(words.PICKED_BY, versions[-1].picked_by, self.lang)
                none = picking_day(versions[-1], facts) is None
                why = (
                    (f"chọn theo {by}, hồ sơ không có ngày đó", f"picked by {by}, and there is none") if none else None
                )
                lines.append(f"  {name}: {self.t(*(why or (f'không có hiệu lực vào {by}', f'not in force on {by}')))}")
            elif not picked.rule.is_on:
                off = self.t("chưa xác nhận theo văn bản, tắt", "not confirmed against the text, off")
                lines.append(f"  {name} [{picked.rule.version}]: {off}")
            else:
                lines.append(f"  {name}: {self._unfulfilled(picked.rule, facts)}")
        if lines:
            yield ""
            yield self.t("ĐÃ XÉT, KHÔNG ÁP DỤNG", "CONSIDERED, NOT APPLIED")
            yield from lines

    def _unfulfilled(self, rule: Rule, facts: Facts) -> str:
        for condition in rule.applies_if:
            if not holds(condition, facts):
                return self.unfulfilled(condition)
        return self.t("chưa có yêu cầu bổ sung nào để xét", "there is no request to judge")

    def unfulfilled(self, condition: Applicability) -> str:
        """Why a condition does not hold."""
        match condition:
            case EventSeen():
                event = words.say(words.EVENTS, condition.event, self.lang)
                if condition.absent:
                    return self.t(f"đã có sự kiện «{event}»", f"there is a “{event}”")
                return self.t(f"không có sự kiện «{event}»", f"there is no “{event}”")
            case OtherLevel():
                return self.t("cơ quan giải quyết cùng cấp với nơi nhận", "the authority is of the same level")
            case ChannelIs():
                return self.t("hồ sơ nộp theo cách khác", "the dossier was filed in another way")
            case ReceivedAt():
                hour = clock_time(condition.cutoff)
                if condition.late:
                    return self.t(f"nhận trước {hour} của ngày làm việc", f"received before {hour} on a workday")
                return self.t(f"nhận sau {hour} hoặc vào ngày nghỉ", f"received after {hour}, or on a day off")
            case ReappointmentStands():
                return self.t("không có hẹn lại đang có giá trị", "no valid re-appointment stands")
            case _:
                assert_never(condition)

    # -- the rest ------------------------------------------------------------------------------------------------------

    def notes(self) -> Iterator[str]:
        told = set(self.trace.timeline.origin)
        loose = [note for note in self.verdict.notes if note.event is None or note.event not in told]
        if loose:
            yield ""
            yield self.t("GHI CHÚ", "NOTES")
            for note in loose:
                place = "" if note.event is None else f" events[{note.event}]"
                yield f"  {self._note(note)}{place}"
        names = Counter((note.code, note.name) for note in self.verdict.notes if note.name is not None)
        if names:
            kinds = sum(count for (code, _), count in names.items() if code == "unknown_kind")
            fields = sum(names.values()) - kinds
            yield ""
            yield self.t(
                f"TÊN KHÔNG BIẾT: {kinds} sự kiện, {fields} trường; giữ lại, không có tác dụng",
                f"UNKNOWN NAMES: {kinds} events, {fields} fields; kept, without effect",
            )
            for (_, name), count in names.items():
                yield f"  {count:>4}  {shown(str(name))}"

    def assumptions(self) -> Iterator[str]:
        names = self.verdict.assumptions
        if not names:
            return
        yield ""
        yield self.t("CÁCH HIỂU CHƯA XÁC NHẬN MÀ KẾT LUẬN NÀY DỰA VÀO", "UNCONFIRMED READINGS THIS STANDS ON")
        for name in names:
            unseen = self._amendment(name)
            if unseen is not None:
                day = _day(date_of(unseen.start), self.lang)
                effect = self.t(
                    f"từ ngày {day}, phần {unseen.document} sửa đổi chưa đọc được; ở đây theo lời văn trước đó",
                    f"from {day} what {unseen.document} amended was not seen; the wording before it is used",
                )
                yield f"  {name}: {effect}"
                continue
            other = self.trace.other_reading(name) if self.trace.other_reading is not None else None
            if other is None or other.clock.lawful_due == self.verdict.clock.lawful_due:
                effect = self.t("cách hiểu kia không làm đổi hạn", "the other reading would not move the due date")
            else:
                due = _day(other.clock.lawful_due, self.lang)
                state = words.say(words.PUNCTUALITY, other.punctuality, self.lang)
                effect = self.t(f"cách hiểu kia: hạn {due}, {state}", f"the other reading: due {due}, {state}")
            yield f"  {name}: {effect}"

    def _amendment(self, name: str) -> AmendedUnseen | None:
        """The instrument that was not seen, if it is one that an assumption is about."""
        version = self.trace.clock_version
        parts = (None if version is None else version.unseen, *(one.rule.unseen for one in self.trace.found))
        return next((one for one in parts if one is not None and one.assumption == name), None)

    def citations(self, citations: tuple[Citation, ...], indent: str = "  ") -> Iterator[str]:
        for citation in citations:
            quote = f" «{citation.quote}»" if citation.quote else ""
            status = words.say(words.STATUSES, citation.status, self.lang)
            source = f"; {citation.source}" if citation.source else ""
            yield f"{indent}{self.t('Căn cứ', 'Source')}: {citation.say(self.lang)}{quote} ({status}{source})"

    def readings(self, readings: tuple[Interpretation, ...], indent: str = "  ") -> Iterator[str]:
        for reading in readings:
            other = reading.reads if reading.is_alternative else reading.instead_of
            status = words.say(words.STATUSES, reading.status, self.lang)
            yield (
                f"{indent}{self.t('Cách hiểu', 'Reading')} {reading.id}: {reading.about[self.lang]} — "
                f"«{reading.taken}», {self.t('không phải', 'not')} «{other}»: {reading.because[self.lang]} ({status})"
            )
